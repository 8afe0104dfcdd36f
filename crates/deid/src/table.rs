//! PS3.15 Table E.1-1, compiled in: which attribute meets which action.
//!
//! The rows are a pinned copy of one edition (`tables/e1-1.csv`), turned into
//! Rust by `tools/tables/generate.py`, so that no table is parsed or fetched
//! when a file is cleaned, and a report can name the exact table that ran.
//! [`row`] is asked for every attribute of every data set and is a few
//! nanoseconds.

mod data;

use cordon_protocol::{DeidOption, Tag};

/// The edition of the standard that the table was taken from.
pub const EDITION: &str = "2026d";
/// The SHA-256 of `tables/e1-1.csv`, from which the rows were generated.
pub const SHA256: &str = "d6a1aadf8d77f0eb12aa520a68f4eed58a6db11c9116b684f6734a3f1ebbe1df";

/// What a row is about: one tag, or the attributes of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// One attribute.
    Tag(Tag),
    /// `50XXXXXX`: every attribute of the (retired) curve groups.
    Curve,
    /// `60XX3000`: the data of every overlay.
    OverlayData,
    /// `60XX4000`: the comments of every overlay.
    OverlayComments,
    /// Every attribute of an odd group.
    Private,
}

/// The Basic Profile column: an action, or several from which the object chooses.
///
/// The choice is made by the type of the attribute in the information object
/// definition of the object: see [`crate::iod`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basic {
    /// X: remove.
    X,
    /// Z: zero length, or a dummy.
    Z,
    /// D: a dummy of the VR.
    D,
    /// U: a consistent new UID.
    U,
    /// Z/D: Z unless the attribute is Type 1 there.
    Zd,
    /// X/Z: X unless it is Type 2.
    Xz,
    /// X/D: X unless it is Type 1.
    Xd,
    /// X/Z/D: X unless it is Type 2 (Z) or Type 1 (D).
    Xzd,
    /// X/Z/U*: X unless it is Type 2 (Z) or Type 1 (U, inside the sequence).
    Xzu,
}

/// What an option says about an attribute in place of the Basic Profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OptionAction {
    /// Nothing: the Basic Profile's action holds.
    None,
    /// K: keep the value; the items of a sequence still meet the table.
    Keep,
    /// C: take out of the value what identifies.
    Clean,
}

/// One row of Table E.1-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The attributes that the row is about.
    pub pattern: Pattern,
    /// The attribute's name, as the cell reads.
    pub name: &'static str,
    /// Whether the attribute is retired.
    pub retired: bool,
    /// Whether it is in a standard composite information object definition.
    pub in_standard_iod: bool,
    /// The Basic Profile's action.
    pub basic: Basic,
    /// The options' actions in the order of the table's columns: [`OPTION_COLUMNS`].
    pub options: [OptionAction; 10],
}

/// The options that have a column, in the order of [`Row::options`].
pub const OPTION_COLUMNS: [DeidOption; 10] = [
    DeidOption::RetainSafePrivate,
    DeidOption::RetainUids,
    DeidOption::RetainDeviceIdentity,
    DeidOption::RetainInstitutionIdentity,
    DeidOption::RetainPatientCharacteristics,
    DeidOption::RetainFullDates,
    DeidOption::RetainModifiedDates,
    DeidOption::CleanDescriptors,
    DeidOption::CleanStructuredContent,
    DeidOption::CleanGraphics,
];

impl Row {
    /// What `option` says about this row; `None` for the options that have no column.
    #[must_use]
    pub const fn option(&self, option: DeidOption) -> OptionAction {
        let column = match option {
            DeidOption::RetainSafePrivate => 0,
            DeidOption::RetainUids => 1,
            DeidOption::RetainDeviceIdentity => 2,
            DeidOption::RetainInstitutionIdentity => 3,
            DeidOption::RetainPatientCharacteristics => 4,
            DeidOption::RetainFullDates => 5,
            DeidOption::RetainModifiedDates => 6,
            DeidOption::CleanDescriptors => 7,
            DeidOption::CleanStructuredContent => 8,
            DeidOption::CleanGraphics => 9,
            DeidOption::Basic
            | DeidOption::CleanPixelData
            | DeidOption::CleanRecognizableVisualFeatures => return OptionAction::None,
        };
        self.options[column]
    }
}

/// A row of the generated table. The codes of the patterns are those of the generator.
const fn r(
    code: u32,
    name: &'static str,
    retired: bool,
    in_standard_iod: bool,
    basic: Basic,
    columns: &[u8; 10],
) -> Row {
    let pattern = match code {
        0x5000_0000 => Pattern::Curve,
        0x6000_3000 => Pattern::OverlayData,
        0x6000_4000 => Pattern::OverlayComments,
        0x0001_0000 => Pattern::Private,
        _ => Pattern::Tag(Tag(code)),
    };
    let mut options = [OptionAction::None; 10];
    let mut i = 0;
    while i < 10 {
        options[i] = match columns[i] {
            b'K' => OptionAction::Keep,
            b'C' => OptionAction::Clean,
            _ => OptionAction::None,
        };
        i += 1;
    }
    Row {
        pattern,
        name,
        retired,
        in_standard_iod,
        basic,
        options,
    }
}

/// The row that covers `tag`, if the table has one.
#[must_use]
pub fn row(tag: Tag) -> Option<&'static Row> {
    let [curve, overlay_data, overlay_comments, private] = &data::PATTERNS;
    if tag.is_private() {
        return Some(private);
    }
    match (tag.group() >> 8, tag.element()) {
        (0x50, _) => Some(curve),
        (0x60, 0x3000) => Some(overlay_data),
        (0x60, 0x4000) => Some(overlay_comments),
        _ => {
            let i = data::TAGS.binary_search(&tag.0).ok()?;
            data::ROWS.get(i)
        }
    }
}

/// Every row: those for one tag in the order of their tags, then the four patterns.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    data::ROWS.iter().chain(&data::PATTERNS)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table row as the CSV writes it, without its last column (which is not the table's).
    fn written(row: &Row) -> String {
        let tag = match row.pattern {
            Pattern::Tag(tag) => format!("{:08X}", tag.0),
            Pattern::Curve => "50XXXXXX".to_owned(),
            Pattern::OverlayData => "60XX3000".to_owned(),
            Pattern::OverlayComments => "60XX4000".to_owned(),
            Pattern::Private => "ODDGROUP".to_owned(),
        };
        let name = if row.name.contains([',', '"']) {
            format!("\"{}\"", row.name.replace('"', "\"\""))
        } else {
            row.name.to_owned()
        };
        let yes = |b: bool| if b { "Y" } else { "N" };
        let basic = match row.basic {
            Basic::X => "X",
            Basic::Z => "Z",
            Basic::D => "D",
            Basic::U => "U",
            Basic::Zd => "Z/D",
            Basic::Xz => "X/Z",
            Basic::Xd => "X/D",
            Basic::Xzd => "X/Z/D",
            Basic::Xzu => "X/Z/U*",
        };
        let options = OPTION_COLUMNS.map(|o| match row.option(o) {
            OptionAction::None => "",
            OptionAction::Keep => "K",
            OptionAction::Clean => "C",
        });
        format!(
            "{tag},{name},{},{},{basic},{}",
            yes(row.retired),
            yes(row.in_standard_iod),
            options.join(",")
        )
    }

    fn same_as(csv: &str) {
        assert_eq!(cordon_protocol::sha256_hex(csv.as_bytes()), SHA256);
        let mut lines: Vec<&str> = csv
            .lines()
            .skip(1)
            .map(|l| l.rsplit_once(',').unwrap().0)
            .collect();
        lines.sort_unstable();
        let mut ours: Vec<String> = rows().map(written).collect();
        ours.sort_unstable();
        assert_eq!(ours.len(), 657);
        assert_eq!(lines, ours);
    }

    #[test]
    fn equals_the_pinned_table_cell_by_cell() {
        same_as(include_str!("../tables/e1-1.csv"));
    }

    #[test]
    fn equals_the_shared_table_where_there_is_one() {
        let shared =
            std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
                .join("../../../shared/standard/e1-1.csv");
        if let Ok(csv) = std::fs::read_to_string(shared) {
            same_as(&csv);
        }
    }

    #[test]
    fn every_tag_finds_its_own_row() {
        for r in &data::ROWS {
            let Pattern::Tag(tag) = r.pattern else {
                panic!("a pattern among the tags")
            };
            assert_eq!(row(tag), Some(r));
        }
        assert!(data::TAGS.is_sorted());
    }

    #[test]
    fn patterns_cover_their_groups_and_nothing_else() {
        let pattern = |g, e| row(Tag::new(g, e)).map(|r| r.pattern);
        assert_eq!(pattern(0x5000, 0x0005), Some(Pattern::Curve));
        assert_eq!(pattern(0x50FE, 0x3000), Some(Pattern::Curve));
        assert_eq!(pattern(0x6000, 0x3000), Some(Pattern::OverlayData));
        assert_eq!(pattern(0x601E, 0x4000), Some(Pattern::OverlayComments));
        assert_eq!(pattern(0x6000, 0x0010), None);
        assert_eq!(pattern(0x6001, 0x3000), Some(Pattern::Private));
        assert_eq!(pattern(0x0009, 0x0010), Some(Pattern::Private));
        assert_eq!(pattern(0x7FE0, 0x0010), None);
        assert_eq!(pattern(0x0028, 0x0010), None);
    }

    #[test]
    fn known_rows_read_as_printed() {
        let name = row(Tag::new(0x0010, 0x0010)).unwrap();
        assert_eq!((name.name, name.basic), ("Patient's Name", Basic::Z));
        let date = row(Tag::new(0x0008, 0x002A)).unwrap();
        assert_eq!(date.basic, Basic::Xzd);
        assert_eq!(date.option(DeidOption::RetainFullDates), OptionAction::Keep);
        assert_eq!(
            date.option(DeidOption::RetainModifiedDates),
            OptionAction::Clean
        );
        assert_eq!(date.option(DeidOption::CleanPixelData), OptionAction::None);
    }
}
