//! The report as one page: no scripts, nothing from elsewhere, made to be printed.

use std::fmt::{Display, Write as _};

use cordon_deid::{Policy, table};
use cordon_protocol::{Action, DecisionKind, DeidOption, Rule, Tag, Verdict, sha256_hex};

use crate::Evidence;

const STYLE: &str = "
body{font:15px/1.45 system-ui,sans-serif;color:#16202a;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .4rem;border-bottom:1px solid #c8d0d8}
table{border-collapse:collapse;width:100%;margin:.4rem 0}
th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;border-bottom:1px solid #e3e8ec}
th{font-weight:600}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}p.small{font-size:13px;color:#46535f}
@media print{body{margin:0;max-width:none;font-size:11px}h2{break-after:avoid}tr{break-inside:avoid}}
";

/// Text that may stand in HTML.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c if c.is_control() && c != '\n' => f.write_char(' ')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// The page while it is written.
struct Page(String);

impl Page {
    fn heading(&mut self, text: &str) {
        self.line(format_args!("<h2>{}</h2>", Escaped(text)));
    }
    fn paragraph(&mut self, text: &str) {
        self.line(format_args!("<p>{}</p>", Escaped(text)));
    }
    fn small(&mut self, text: &str) {
        self.line(format_args!("<p class=small>{}</p>", Escaped(text)));
    }
    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "{text}");
    }
    /// A table; columns whose head starts with `#` hold numbers, with `=` codes.
    fn table(&mut self, heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_none() {
            return self.paragraph("None.");
        }
        self.0.push_str("<table><thead><tr>");
        for head in heads {
            let class = if head.starts_with('#') {
                " class=n"
            } else {
                ""
            };
            let text = head.trim_start_matches(['#', '=']);
            let _ = write!(self.0, "<th{class}>{}</th>", Escaped(text));
        }
        self.0.push_str("</tr></thead><tbody>\n");
        for row in rows {
            self.0.push_str("<tr>");
            for (cell, head) in row.iter().zip(heads) {
                let cell = Escaped(cell);
                let _ = match head.as_bytes().first() {
                    Some(b'#') => write!(self.0, "<td class=n>{cell}</td>"),
                    Some(b'=') => write!(self.0, "<td><code>{cell}</code></td>"),
                    _ => write!(self.0, "<td>{cell}</td>"),
                };
            }
            self.0.push_str("</tr>\n");
        }
        self.0.push_str("</tbody></table>\n");
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "cells are made of what is at hand"
)]
fn s(text: impl ToString) -> String {
    text.to_string()
}

fn path(tags: &[Tag]) -> (String, String) {
    let numbers: Vec<String> = tags.iter().map(s).collect();
    let name = tags.last().map_or_else(String::new, |tag| {
        if tag.is_private() {
            "private".to_owned()
        } else {
            cordon_dicom::name(*tag).unwrap_or_default()
        }
    });
    (numbers.join(" > "), name)
}

impl Evidence {
    /// The report: one HTML page that needs nothing else.
    #[must_use]
    pub fn html(&self) -> String {
        let mut page = Page(String::with_capacity(64 << 10));
        page.line(format_args!(
            "<!doctype html>\n<html lang=en><head><meta charset=utf-8>\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=viewport content=\"width=device-width\">\n\
             <title>De-identification report</title><style>{STYLE}</style></head><body>"
        ));
        page.line(format_args!("<h1>De-identification report</h1>"));
        page.small("This report holds no identifier: pseudonyms and UIDs in it are those that leave, and only the clinic's key leads back from them.");
        self.overview(&mut page);
        self.protocol(&mut page);
        self.found(&mut page);
        self.done(&mut page);
        self.stays(&mut page);
        self.people(&mut page);
        self.digests(&mut page);
        page.line(format_args!("</body></html>"));
        page.0
    }

    fn overview(&self, page: &mut Page) {
        let of = |v| self.verdicts.get(&v).copied().unwrap_or(0);
        let bytes: u64 = self.series.values().map(|s| s.bytes).sum();
        let studies: std::collections::BTreeSet<&String> =
            self.series.keys().map(|(study, _)| study).collect();
        let mut rows = vec![
            vec![
                s("Protocol"),
                format!(
                    "{} ({} v{})",
                    self.protocol.title, self.protocol.id, self.protocol.version
                ),
            ],
            vec![s("Inputs"), s(self.verdicts.values().sum::<u64>())],
            vec![s("Clean"), s(of(Verdict::Clean))],
            vec![s("Held for a person"), s(of(Verdict::Held))],
            vec![s("Refused, stay at the clinic"), s(of(Verdict::Refused))],
            vec![s("Patients, by pseudonym"), s(self.pseudonyms.len())],
            vec![
                s("Studies and series"),
                format!("{} and {}", studies.len(), self.series.len()),
            ],
            vec![s("Bytes"), s(bytes)],
            vec![s("Cleaned by"), self.cleaned_by.clone()],
        ];
        if let Some(at) = &self.made_at {
            rows.push(vec![s("Made"), at.clone()]);
        }
        page.heading("Overview");
        page.table(&["", ""], rows);
    }

    fn protocol(&self, page: &mut Page) {
        let policy = Policy::of(&self.protocol);
        page.heading("Which rules ran");
        if policy.loosens() {
            page.paragraph("The protocol lets attributes stay that the Basic Profile takes out. The objects therefore do not claim the Basic Profile; what the protocol asks for is listed below.");
        }
        page.table(
            &["=Code", "Profile and options (PS3.15 Annex E)"],
            policy
                .options()
                .iter()
                .map(|o| vec![s(o.code()), s(o.meaning())]),
        );
        if !policy.has(DeidOption::RetainUids) {
            page.small("UIDs are replaced under the clinic's key, the same way in every file.");
        }
        page.line(format_args!(
            "<p>Longitudinal temporal information: <b>{}</b>.</p>",
            policy.temporal()
        ));
        if !self.protocol.deid.attributes.is_empty() {
            page.paragraph("What the protocol asks for single attributes:");
            page.table(
                &["=Attribute", "Action", "Why"],
                self.protocol
                    .deid
                    .attributes
                    .iter()
                    .map(|a| vec![a.place(), s(a.action.word()), a.reason.clone()]),
            );
        }
    }

    fn found(&self, page: &mut Page) {
        page.heading("What was found");
        page.table(
            &["#Objects", "=Code", "Meaning"],
            self.findings
                .iter()
                .map(|(code, n)| vec![s(n), s(code.as_str()), s(code.sentence())]),
        );
    }

    fn done(&self, page: &mut Page) {
        page.heading("What was done");
        page.table(
            &["#Attributes", "Action"],
            Action::ALL
                .iter()
                .filter(|a| self.counts.of(**a) > 0)
                .map(|a| vec![s(self.counts.of(*a)), s(a.sentence())]),
        );
        page.paragraph("By rule:");
        page.table(
            &["#Attributes", "Action", "Rule"],
            self.rules
                .iter()
                .map(|((rule, action), n)| vec![s(n), s(action.sentence()), s(rule.sentence())]),
        );
    }

    fn stays(&self, page: &mut Page) {
        page.heading("What stays, and on what ground");
        page.table(
            &["=Attribute", "Name", "Ground", "#Times"],
            self.kept
                .iter()
                .filter(|((rule, _), _)| *rule != Rule::NotListed)
                .map(|((rule, tags), n)| {
                    let (numbers, name) = path(tags);
                    vec![numbers, name, s(rule.sentence()), s(n)]
                }),
        );
        let plain: Vec<String> = self
            .kept
            .keys()
            .filter(|(rule, _)| *rule == Rule::NotListed)
            .map(|(_, tags)| {
                let (numbers, name) = path(tags);
                format!("{numbers} {name}")
            })
            .collect();
        page.paragraph("Standard attributes that no rule of the standard takes out, and in which none of the person's identifiers was found:");
        page.small(&plain.join("; "));
    }

    fn people(&self, page: &mut Page) {
        page.heading("Who approved");
        match &self.approval {
            None => page.paragraph(
                "Nobody yet. What is held must not leave before a person has looked at it.",
            ),
            Some(approval) => {
                page.table(
                    &["", ""],
                    [
                        vec![
                            s("By"),
                            match &approval.role {
                                Some(role) => format!("{} ({role})", approval.by),
                                None => approval.by.clone(),
                            },
                        ],
                        vec![s("At"), approval.at.clone()],
                    ],
                );
                page.table(
                    &["=Object", "Decision", "=What was on the screen"],
                    self.decisions.iter().map(|d| {
                        let kind = match d.kind {
                            DecisionKind::Accept => "looked at and released",
                            DecisionKind::Exclude => "left out",
                        };
                        vec![d.sop_instance_uid.clone(), s(kind), d.findings.join(", ")]
                    }),
                );
            }
        }
        if let Some(signed) = &self.receipt {
            let receipt = &signed.receipt;
            page.paragraph("The server's receipt:");
            page.table(
                &["", "="],
                [
                    vec![s("Server"), receipt.server.clone()],
                    vec![s("Project"), receipt.project.clone()],
                    vec![s("Contribution"), receipt.contribution.clone()],
                    vec![s("Received"), receipt.received_at.clone()],
                    vec![s("Instances"), s(receipt.instances.len())],
                    vec![s("Signature"), signed.signature.clone()],
                ],
            );
        }
    }

    fn digests(&self, page: &mut Page) {
        page.heading("Digests (SHA-256)");
        let mut instances: Vec<&crate::evidence::Instance> = self.instances.iter().collect();
        instances.sort();
        let list: String = instances
            .iter()
            .map(|i| format!("{} {}\n", i.uid, i.sha256))
            .collect();
        page.table(
            &["", "="],
            [
                vec![s("Protocol"), self.protocol.digest()],
                vec![
                    format!("PS3.15 Table E.1-1, {}", table::EDITION),
                    s(table::SHA256),
                ],
                vec![s("The list of objects below"), sha256_hex(list.as_bytes())],
            ],
        );
        page.table(
            &["=Series", "Modality", "#Objects", "#Bytes"],
            self.series.iter().map(|((_, uid), series)| {
                vec![
                    uid.clone(),
                    series.modality.clone(),
                    s(series.instances),
                    s(series.bytes),
                ]
            }),
        );
        page.table(
            &["=Object that leaves", "Verdict", "=Digest when checked"],
            instances
                .iter()
                .map(|i| vec![i.uid.clone(), s(i.verdict), i.sha256.clone()]),
        );
    }
}
