//! The query of a search (PS3.18 section 8.3.4) and its conditions as SQL.

use cordon_dicom::{Vr, entry, keyword, tag, tags};
use cordon_protocol::Tag;
use percent_encoding::percent_decode_str;
use sqlx::{QueryBuilder, Sqlite};

use crate::error::ApiFailure;
use crate::index::{INSTANCE, SERIES, STUDY};
use crate::json::key;

/// Most results in one answer; the answer says when there are more.
const MOST: usize = 5000;
/// Most attributes that a query may ask about: each is looked for in every row.
const MOST_CONDITIONS: usize = 32;

/// A search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) conditions: Vec<Condition>,
    pub(super) include: Vec<Tag>,
    pub(super) include_all: bool,
    pub(super) limit: usize,
    pub(super) offset: usize,
}

/// One attribute and what it must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    field: Field,
    matching: Matching,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    /// A column of its own.
    Column(&'static str),
    /// Any series of the study.
    ModalitiesInStudy,
    /// In the stored attributes.
    Attribute(Tag),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Matching {
    /// One of these values.
    OneOf(Vec<String>),
    /// `*` and `?`, as a GLOB pattern.
    Pattern(String),
    /// From, to; either may be open.
    Range(String, String),
}

impl Query {
    pub(super) fn parse(text: &str) -> Result<Self, ApiFailure> {
        let mut query = Self {
            limit: MOST,
            ..Self::default()
        };
        for pair in text.split('&').filter(|p| !p.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            match name.as_str() {
                "limit" => {
                    let limit: usize = value.parse().map_err(|_| ApiFailure::BadQuery)?;
                    query.limit = limit.min(MOST);
                }
                "offset" => query.offset = value.parse().map_err(|_| ApiFailure::BadQuery)?,
                "includefield" => query.include(&value),
                // Names are pseudonyms or empty here: there is nothing fuzzy to match.
                "fuzzymatching" | "emptyvaluematching" | "multiplevaluematching" => {}
                _ => query.conditions.extend(condition(&name, &value)?),
            }
            if query.conditions.len() > MOST_CONDITIONS {
                return Err(ApiFailure::BadQuery);
            }
        }
        Ok(query)
    }

    fn include(&mut self, value: &str) {
        for name in value.split(',') {
            if name.eq_ignore_ascii_case("all") {
                self.include_all = true;
            } else if let Some(tag) = stored(name) {
                self.include.push(tag);
            }
        }
    }
}

fn decode(text: &str) -> Result<String, ApiFailure> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| ApiFailure::BadQuery)
}

/// The stored attribute with this keyword or tag.
fn stored(name: &str) -> Option<Tag> {
    STUDY
        .iter()
        .chain(&SERIES)
        .chain(&INSTANCE)
        .copied()
        .find(|t| keyword(*t) == Some(name) || key(*t).eq_ignore_ascii_case(name))
}

fn condition(name: &str, value: &str) -> Result<Option<Condition>, ApiFailure> {
    let is = |t| keyword(tag(t)) == Some(name) || key(tag(t)).eq_ignore_ascii_case(name);
    let columns = [
        (tags::STUDY_INSTANCE_UID, "study"),
        (tags::SERIES_INSTANCE_UID, "series"),
        (tags::SOP_INSTANCE_UID, "instance"),
        (tags::SOP_CLASS_UID, "sop_class"),
        (tags::PATIENT_ID, "patient"),
        (tags::MODALITY, "modality"),
    ];
    let column = columns.into_iter().find(|(t, _)| is(*t)).map(|(_, c)| c);
    let field = if is(tags::MODALITIES_IN_STUDY) {
        Field::ModalitiesInStudy
    } else if let Some(column) = column {
        Field::Column(column)
    } else {
        Field::Attribute(stored(name).ok_or(ApiFailure::UnknownAttribute)?)
    };
    // PS3.4 section C.2.2.2.3: an empty value, or a lone star, matches everything.
    if value.is_empty() || value == "*" {
        return Ok(None);
    }
    let vr = match field {
        Field::Attribute(t) => entry(t).map(|e| e.vr),
        Field::Column("study" | "series" | "instance" | "sop_class") => Some(Vr::UI),
        _ => None,
    };
    let matching = match vr {
        Some(Vr::UI) => Matching::OneOf(
            value
                .split([',', '\\'])
                .map(|v| v.trim().to_owned())
                .collect(),
        ),
        Some(Vr::DA | Vr::TM | Vr::DT) if value.contains('-') => {
            let (from, to) = value.split_once('-').unwrap_or((value, ""));
            Matching::Range(from.to_owned(), to.to_owned())
        }
        _ if value.contains(['*', '?']) => Matching::Pattern(value.replace('[', "[[]")),
        _ => Matching::OneOf(value.split('\\').map(str::to_owned).collect()),
    };
    Ok(Some(Condition { field, matching }))
}

impl Condition {
    /// Appends the condition. Only fixed names go into the text; values are bound.
    pub(super) fn push(&self, sql: &mut QueryBuilder<Sqlite>, project: &str) {
        match self.field {
            Field::Column(column) => {
                sql.push(" AND ");
                self.matching.push(sql, column);
            }
            Field::ModalitiesInStudy => {
                sql.push(
                    " AND study IN (SELECT study FROM instances WHERE visible = 1 AND project = ",
                )
                .push_bind(project.to_owned())
                .push(" AND ");
                self.matching.push(sql, "modality");
                sql.push(")");
            }
            Field::Attribute(tag) => {
                let inner = match entry(tag).map(|e| e.vr) {
                    Some(Vr::PN) => "json_extract(v.value, '$.Alphabetic')",
                    _ => "CAST(v.value AS TEXT)",
                };
                sql.push(format!(
                    " AND EXISTS (SELECT 1 FROM json_each(attributes, '$.\"{}\".Value') v WHERE ",
                    key(tag)
                ));
                self.matching.push(sql, inner);
                sql.push(")");
            }
        }
    }
}

impl Matching {
    fn push(&self, sql: &mut QueryBuilder<Sqlite>, subject: &str) {
        match self {
            Self::OneOf(values) => {
                sql.push(format!("{subject} IN ("));
                let mut list = sql.separated(", ");
                for value in values {
                    list.push_bind(value.clone());
                }
                sql.push(")");
            }
            Self::Pattern(pattern) => {
                sql.push(format!("{subject} GLOB "))
                    .push_bind(pattern.clone());
            }
            Self::Range(from, to) => {
                sql.push(format!("({subject} >= ")).push_bind(from.clone());
                if !to.is_empty() {
                    sql.push(format!(" AND {subject} <= "))
                        .push_bind(to.clone());
                }
                sql.push(")");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read() {
        let query = Query::parse(
            "PatientID=A%2A%3F%5B&0020000D=1.2,1.3&limit=7&offset=2&includefield=Rows,all&StudyDate=20200101-&Modality=&SeriesDescription=a+b",
        )
        .expect("query");
        assert_eq!((query.limit, query.offset, query.include_all), (7, 2, true));
        assert_eq!(query.include, [tag(tags::ROWS)]);
        let matchings: Vec<&Matching> = query.conditions.iter().map(|c| &c.matching).collect();
        assert_eq!(
            matchings,
            [
                &Matching::Pattern("A*?[[]".to_owned()),
                &Matching::OneOf(vec!["1.2".to_owned(), "1.3".to_owned()]),
                &Matching::Range("20200101".to_owned(), String::new()),
                &Matching::OneOf(vec!["a b".to_owned()]),
            ]
        );
    }

    #[test]
    fn what_cannot_be_matched_is_refused() {
        assert_eq!(
            Query::parse("OtherPatientIDs=1"),
            Err(ApiFailure::UnknownAttribute)
        );
        assert_eq!(
            Query::parse("x'; DROP TABLE instances=1"),
            Err(ApiFailure::UnknownAttribute)
        );
        assert_eq!(Query::parse("limit=-1"), Err(ApiFailure::BadQuery));
        assert_eq!(Query::parse("PatientID=%FF"), Err(ApiFailure::BadQuery));
        assert!(Query::parse("").is_ok());
    }
}
