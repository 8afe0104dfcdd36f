//! What the standard asks of an attribute under a set of options.
//!
//! Read from the published tables themselves, not from the de-identifier's own
//! compiled form: the yardstick must not inherit the mistakes of what it measures.

use std::collections::{BTreeMap, BTreeSet};

use cordon_protocol::DeidOption;

const E1_1: &str = include_str!("../../deid/tables/e1-1.csv");
const SAFE_PRIVATE: &str = include_str!("../tables/e3-10-1-safe-private.csv");
const STRUCTURED_CONTENT: &str = include_str!("../tables/e3-4-1-structured-content.csv");

/// The columns of Table E.1-1 and Table E.3.4-1 by option.
const COLUMNS: [(&str, DeidOption); 9] = [
    ("rtn_uids", DeidOption::RetainUids),
    ("rtn_dev_id", DeidOption::RetainDeviceIdentity),
    ("rtn_inst_id", DeidOption::RetainInstitutionIdentity),
    ("rtn_pat_chars", DeidOption::RetainPatientCharacteristics),
    ("rtn_long_full_dates", DeidOption::RetainFullDates),
    ("rtn_long_modif_dates", DeidOption::RetainModifiedDates),
    ("clean_desc", DeidOption::CleanDescriptors),
    ("clean_struct_cont", DeidOption::CleanStructuredContent),
    ("clean_graph", DeidOption::CleanGraphics),
];

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The value goes; the letters are those of the table.
    Gone(&'static str),
    /// The UID is replaced.
    Uid,
    /// The value stays.
    Kept,
    /// Dates move, times may.
    Shifted,
    /// Identity goes out of the text, the rest stays.
    Cleaned,
    /// Each item or graphic is looked at by itself.
    Entered,
    /// The table does not say.
    Unlisted,
}

#[derive(Debug, Default)]
struct Row {
    basic: &'static str,
    options: Vec<(DeidOption, char)>,
}

impl Row {
    fn asked(&self, active: &BTreeSet<DeidOption>) -> Asked {
        let said = |letter: char| {
            self.options
                .iter()
                .find(|(option, cell)| *cell == letter && active.contains(option))
                .map(|(option, _)| *option)
        };
        match (said('C'), said('K'), self.basic) {
            (Some(DeidOption::RetainModifiedDates), _, _) => Asked::Shifted,
            (Some(DeidOption::CleanStructuredContent | DeidOption::CleanGraphics), _, _) => {
                Asked::Entered
            }
            (Some(_), _, _) => Asked::Cleaned,
            (None, Some(_), _) => Asked::Kept,
            (None, None, "U") => Asked::Uid,
            (None, None, basic) => Asked::Gone(basic),
        }
    }
}

/// The tables under a set of options.
#[derive(Debug)]
pub struct Rules {
    active: BTreeSet<DeidOption>,
    attributes: BTreeMap<u32, Row>,
    safe: BTreeSet<(String, u32, u32)>,
    concepts: BTreeMap<(&'static str, &'static str, &'static str), Row>,
}

/// The fields of a line of CSV.
fn fields(line: &'static str) -> Vec<&'static str> {
    let mut out = Vec::new();
    let mut rest = line;
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            // A doubled quote inside a field is never a field that is read here.
            let mut end = 0;
            let bytes = quoted.as_bytes();
            while let Some(at) = quoted.get(end..).and_then(|s| s.find('"')) {
                end += at;
                if bytes.get(end + 1) == Some(&b'"') {
                    end += 2;
                } else {
                    break;
                }
            }
            out.push(quoted.get(..end).unwrap_or_default());
            match quoted.get(end + 1..).and_then(|s| s.strip_prefix(',')) {
                Some(next) => rest = next,
                None => return out,
            }
        } else {
            match rest.split_once(',') {
                Some((field, next)) => {
                    out.push(field);
                    rest = next;
                }
                None => {
                    out.push(rest);
                    return out;
                }
            }
        }
    }
}

/// The rows of a CSV file by the names of their columns.
fn rows(text: &'static str) -> impl Iterator<Item = BTreeMap<&'static str, &'static str>> {
    let mut lines = text.lines();
    let names = lines.next().map(fields).unwrap_or_default();
    lines.map(move |line| names.iter().copied().zip(fields(line)).collect())
}

fn row(line: &BTreeMap<&'static str, &'static str>) -> Row {
    Row {
        basic: line.get("basic").copied().unwrap_or_default(),
        options: COLUMNS
            .iter()
            .filter_map(|(name, option)| Some((*option, line.get(name)?.chars().next()?)))
            .collect(),
    }
}

fn hex(line: &BTreeMap<&'static str, &'static str>, name: &str) -> Option<u32> {
    u32::from_str_radix(line.get(name)?, 16).ok()
}

impl Rules {
    /// The rules under these options beside the Basic Profile.
    #[must_use]
    pub fn new(options: &[DeidOption]) -> Self {
        let attributes = rows(E1_1)
            .filter_map(|line| Some((hex(&line, "tag")?, row(&line))))
            .collect();
        let safe = rows(SAFE_PRIVATE)
            .filter_map(|line| {
                let creator = line.get("creator")?.to_uppercase();
                Some((creator, hex(&line, "group")?, hex(&line, "element")?))
            })
            .collect();
        let concepts = rows(STRUCTURED_CONTENT)
            .filter_map(|line| {
                let key = (
                    *line.get("code_value")?,
                    *line.get("coding_scheme")?,
                    *line.get("value_type")?,
                );
                Some((key, row(&line)))
            })
            .collect();
        Self {
            active: options.iter().copied().collect(),
            attributes,
            safe,
            concepts,
        }
    }

    /// Whether an option applies.
    #[must_use]
    pub fn has(&self, option: DeidOption) -> bool {
        self.active.contains(&option)
    }

    /// What is asked of a standard attribute.
    #[must_use]
    pub fn attribute(&self, tag: u32) -> Asked {
        self.attributes
            .get(&tag)
            .map_or(Asked::Unlisted, |row| row.asked(&self.active))
    }

    /// Whether a private attribute stays.
    #[must_use]
    pub fn is_safe(&self, creator: &str, group: u32, element: u32) -> bool {
        self.has(DeidOption::RetainSafePrivate)
            && self
                .safe
                .contains(&(creator.to_uppercase(), group, element))
    }

    /// What is asked of a content item of this concept and value type.
    #[must_use]
    pub fn concept(&self, code: &str, scheme: &str, value_type: &str) -> Asked {
        self.concepts
            .iter()
            .find(|((c, s, v), _)| *c == code && *s == scheme && *v == value_type)
            .map_or(Asked::Unlisted, |(_, row)| row.asked(&self.active))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole() {
        let rules = Rules::new(&[]);
        // 657 rows, four of them patterns.
        assert_eq!(rules.attributes.len(), 653);
        assert_eq!(rules.safe.len(), 479);
        assert_eq!(rows(STRUCTURED_CONTENT).count(), 214);
    }

    #[test]
    fn options_change_what_is_asked() {
        use DeidOption::{CleanDescriptors, RetainModifiedDates, RetainSafePrivate};
        let basic = Rules::new(&[]);
        assert_eq!(basic.attribute(0x0008_0020), Asked::Gone("Z"));
        assert_eq!(basic.attribute(0x0020_000D), Asked::Uid);
        assert_eq!(basic.attribute(0x0018_0060), Asked::Unlisted);
        assert!(!basic.is_safe("SIEMENS MR HEADER", 0x0019, 0x0C));
        let more = Rules::new(&[CleanDescriptors, RetainModifiedDates, RetainSafePrivate]);
        assert_eq!(more.attribute(0x0008_0020), Asked::Shifted);
        assert_eq!(more.attribute(0x0008_1030), Asked::Cleaned);
        assert!(more.is_safe("Siemens MR Header", 0x0019, 0x0C));
        assert!(!more.is_safe("SIEMENS MR HEADER", 0x0019, 0x08));
        assert_eq!(basic.concept("121071", "DCM", "TEXT"), Asked::Gone("X/D"));
        assert_eq!(more.concept("121071", "DCM", "TEXT"), Asked::Cleaned);
    }
}
