//! The script as it is written: parameters, elements, groups that are kept, kinds that are removed.

use std::collections::BTreeMap;

use cordon_protocol::Tag;
use roxmltree::{Document, Node};

use crate::CtpError;

/// A script, read.
#[derive(Debug, Default)]
pub(crate) struct Script {
    /// `<p t="NAME">value</p>`.
    pub(crate) parameters: BTreeMap<String, String>,
    /// `<e>`, in the order of the script.
    pub(crate) elements: Vec<Entry<Target>>,
    /// `<k>`: groups whose attributes are kept.
    pub(crate) kept_groups: Vec<Entry<Option<u16>>>,
    /// `<r>`: kinds of attributes that are removed.
    pub(crate) removed: Vec<Entry<String>>,
    /// What stands there and is none of these: line and name.
    pub(crate) strange: Vec<(u32, String)>,
}

/// One rule.
#[derive(Debug)]
pub(crate) struct Entry<T> {
    pub(crate) line: u32,
    pub(crate) enabled: bool,
    pub(crate) target: T,
    /// What to do, as written.
    pub(crate) text: String,
}

/// What a rule is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// One standard or private attribute by number.
    Tag(Tag),
    /// A private attribute by group, creator and low byte.
    Private {
        group: String,
        creator: String,
        element: String,
    },
    /// Something that is no attribute.
    Unknown(String),
}

/// Reads the XML.
pub(crate) fn read(text: &str) -> Result<Script, CtpError> {
    let document = Document::parse(text).map_err(|e| CtpError::Xml { line: e.pos().row })?;
    let root = document.root_element();
    if root.tag_name().name() != "script" {
        return Err(CtpError::NotAScript);
    }
    let mut script = Script::default();
    for node in root.children().filter(Node::is_element) {
        let line = document.text_pos_at(node.range().start).row;
        let target = node.attribute("t").unwrap_or_default().trim();
        let text: String = node
            .descendants()
            .filter(Node::is_text)
            .filter_map(|n| n.text())
            .collect();
        let text = text.trim().to_owned();
        let enabled = node
            .attribute("en")
            .is_some_and(|v| v.trim().eq_ignore_ascii_case("T"));
        match node.tag_name().name() {
            "p" => {
                script.parameters.insert(target.to_owned(), text);
            }
            "e" => script.elements.push(Entry {
                line,
                enabled,
                target: parse_target(target),
                text,
            }),
            "k" => script.kept_groups.push(Entry {
                line,
                enabled,
                target: u16::from_str_radix(target.trim_start_matches("0x"), 16).ok(),
                text,
            }),
            "r" => script.removed.push(Entry {
                line,
                enabled,
                target: target.to_ascii_lowercase(),
                text,
            }),
            other => script.strange.push((line, format!("<{other}>"))),
        }
    }
    Ok(script)
}

/// `00100010`, `(0010,0010)`, `[0010,0010]`, or `0029[CREATOR]10` with a private creator.
fn parse_target(text: &str) -> Target {
    if let Some((group, rest)) = text.trim_matches(['(', ')']).split_once('[')
        && let Some((creator, element)) = rest.rsplit_once(']')
        && !creator.trim().is_empty()
        && group.trim_matches(',').len() == 4
    {
        return Target::Private {
            group: group.trim_matches(',').to_ascii_uppercase(),
            creator: creator.trim().to_owned(),
            element: element.trim_matches(',').to_ascii_uppercase(),
        };
    }
    let digits = text.replace(['[', ']'], "");
    match digits.parse() {
        Ok(tag) => Target::Tag(tag),
        Err(_) => Target::Unknown(text.chars().take(80).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_named_in_several_ways() {
        let name = Target::Tag(Tag(0x0010_0010));
        assert_eq!(parse_target("00100010"), name);
        assert_eq!(parse_target("(0010,0010)"), name);
        assert_eq!(parse_target("[0010,0010]"), name);
        assert_eq!(
            parse_target("0029[SIEMENS CSA HEADER]10"),
            Target::Private {
                group: "0029".to_owned(),
                creator: "SIEMENS CSA HEADER".to_owned(),
                element: "10".to_owned(),
            }
        );
        assert_eq!(
            parse_target("patient"),
            Target::Unknown("patient".to_owned())
        );
    }
}
