//! The conformance statement, generated from the tables that run.

use std::fmt::Write as _;

use cordon_deid::table::{self, Basic, OPTION_COLUMNS, OptionAction, Pattern, Row};
use cordon_protocol::{Code, DeidOption, Severity};

use crate::statement_text as text;

/// The conformance statement for de-identification, in Markdown.
#[must_use]
pub fn conformance_statement() -> String {
    let mut out = String::with_capacity(96 << 10);
    out.push_str(text::HEAD);
    out.push('\n');
    out.push_str(text::ROLE);
    line(&mut out, "");
    line(
        &mut out,
        &format!(
            "Edition of PS3.15: {}. SHA-256 of the table: `{}`.",
            table::EDITION,
            table::SHA256
        ),
    );
    line(&mut out, "");
    options(&mut out);
    for part in [
        text::RESOLVE,
        text::SWEEP,
        text::TEXTS,
        text::PRIVATE,
        text::DATES,
        text::OVERRIDES,
        text::STAMPS,
        text::CHECK,
    ] {
        out.push('\n');
        out.push_str(part);
    }
    findings(&mut out);
    attributes(&mut out);
    out
}

fn line(out: &mut String, text: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "{text}");
}

fn options(out: &mut String) {
    line(
        out,
        "| code | profile or option | supported | keeps (K) | cleans (C) |",
    );
    line(out, "|---|---|---|---|---|");
    for option in DeidOption::ALL {
        let count = |action| table::rows().filter(|r| r.option(option) == action).count();
        let (keeps, cleans) = if OPTION_COLUMNS.contains(&option) {
            let keeps = count(OptionAction::Keep);
            (keeps.to_string(), count(OptionAction::Clean).to_string())
        } else {
            (String::new(), String::new())
        };
        let supported = match option {
            DeidOption::CleanPixelData | DeidOption::CleanRecognizableVisualFeatures => {
                "where proven"
            }
            _ if option.is_supported() => "yes",
            _ => "no",
        };
        line(
            out,
            &format!(
                "| {} | {} | {supported} | {keeps} | {cleans} |",
                option.code(),
                option.meaning()
            ),
        );
    }
}

fn findings(out: &mut String) {
    line(out, "\n| code | weight | meaning |\n|---|---|---|");
    for code in Code::ALL {
        let weight = match code.severity() {
            Severity::Note => "note",
            Severity::Held => "held",
            Severity::Refused => "refused",
        };
        line(
            out,
            &format!("| `{}` | {weight} | {} |", code.as_str(), code.sentence()),
        );
    }
}

const fn basic(basic: Basic) -> &'static str {
    match basic {
        Basic::X => "X",
        Basic::Z => "Z",
        Basic::D => "D",
        Basic::U => "U",
        Basic::Zd => "Z/D",
        Basic::Xz => "X/Z",
        Basic::Xd => "X/D",
        Basic::Xzd => "X/Z/D",
        Basic::Xzu => "X/Z/U*",
    }
}

/// The short heads of the columns, in the order of [`OPTION_COLUMNS`].
const fn short(option: DeidOption) -> &'static str {
    match option {
        DeidOption::Basic => "Basic",
        DeidOption::CleanPixelData => "Pixels",
        DeidOption::CleanRecognizableVisualFeatures => "Features",
        DeidOption::CleanGraphics => "Graph.",
        DeidOption::CleanStructuredContent => "Struct.",
        DeidOption::CleanDescriptors => "Descr.",
        DeidOption::RetainFullDates => "Full",
        DeidOption::RetainModifiedDates => "Mod.",
        DeidOption::RetainPatientCharacteristics => "Pat.",
        DeidOption::RetainDeviceIdentity => "Dev.",
        DeidOption::RetainUids => "UIDs",
        DeidOption::RetainSafePrivate => "Priv.",
        DeidOption::RetainInstitutionIdentity => "Inst.",
    }
}

fn attributes(out: &mut String) {
    line(out, "\n## Every attribute of the table\n");
    line(
        out,
        "Columns of options that this version does not support are left out.\n",
    );
    let columns: Vec<DeidOption> = OPTION_COLUMNS
        .into_iter()
        .filter(|o| o.is_supported())
        .collect();
    let heads: Vec<&str> = columns.iter().map(|o| short(*o)).collect();
    line(
        out,
        &format!("| tag | attribute | Basic | {} |", heads.join(" | ")),
    );
    line(
        out,
        &format!("|---|---|---|{}", "---|".repeat(columns.len())),
    );
    for row in table::rows() {
        line(out, &attribute(row, &columns));
    }
}

fn attribute(row: &Row, columns: &[DeidOption]) -> String {
    let tag = match row.pattern {
        Pattern::Tag(tag) => tag.to_string(),
        Pattern::Curve => "(50xx,xxxx)".to_owned(),
        Pattern::OverlayData => "(60xx,3000)".to_owned(),
        Pattern::OverlayComments => "(60xx,4000)".to_owned(),
        Pattern::Private => "(gggg,eeee), gggg odd".to_owned(),
    };
    let cells: Vec<&str> = columns
        .iter()
        .map(|o| match row.option(*o) {
            OptionAction::None => "",
            OptionAction::Keep => "K",
            OptionAction::Clean => "C",
        })
        .collect();
    format!(
        "| {tag} | {} | {} | {} |",
        row.name,
        basic(row.basic),
        cells.join(" | ")
    )
}
