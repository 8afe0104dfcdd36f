//! What a protocol asks for single attributes, beside profile and options.
//!
//! The rules are strict because a protocol travels to every clinic: what names a
//! person can be taken out or replaced, and no protocol, however it is written, can
//! make it stay. Dates and UIDs stay by their options only, so that the stamps in
//! the object say what was done.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::error::Bad;
use super::values;
use crate::{DeidOption, Tag};

/// An action asked for one attribute, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// A standard attribute, `(gggg,eeee)`. Either this or `private`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<Tag>,
    /// A private attribute, known by its creator. Either this or `tag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private: Option<PrivateTag>,
    /// What to do with it, where it is present.
    pub action: AttributeAction,
    /// For `constant`: the value, ASCII, several parted by a backslash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// For `map`: what becomes of each value. A value that is not listed takes the attribute out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub table: BTreeMap<String, String>,
    /// For `clean-regex`: what is taken out of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// For `clean-regex`: what is put in its place; nothing when it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<String>,
    /// Why, for the person who reads the protocol or a report.
    pub reason: String,
}

/// What may be asked for an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AttributeAction {
    /// The value stays; the items of a sequence still meet the profile.
    Keep,
    /// It goes; where the object would become invalid it is emptied or filled with a dummy.
    Remove,
    /// It stays without a value; a dummy where a value must be.
    Empty,
    /// Every value is replaced by the same one.
    Constant,
    /// The value is replaced by a code derived from it under the site key.
    Hash,
    /// A date moves by the patient's days.
    Shift,
    /// The value is looked up in a table.
    Map,
    /// What a pattern finds is taken out of the text.
    CleanRegex,
}

impl AttributeAction {
    /// The word in the protocol file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Remove => "remove",
            Self::Empty => "empty",
            Self::Constant => "constant",
            Self::Hash => "hash",
            Self::Shift => "shift",
            Self::Map => "map",
            Self::CleanRegex => "clean-regex",
        }
    }

    /// Whether something of the value can stay.
    #[must_use]
    pub const fn lets_stay(self) -> bool {
        matches!(
            self,
            Self::Keep | Self::Shift | Self::Map | Self::CleanRegex
        )
    }
}

/// A private attribute by its creator, whatever the block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PrivateTag {
    /// The value of the Private Creator.
    pub creator: String,
    /// The group, four hexadecimal digits, odd.
    pub group: String,
    /// The low byte of the element, two hexadecimal digits.
    pub element: String,
}

impl PrivateTag {
    /// Group and low byte, when they are well-formed.
    #[must_use]
    pub fn numbers(&self) -> Option<(u16, u8)> {
        let hex = |s: &str, n| s.len() == n && s.bytes().all(|b| b.is_ascii_hexdigit());
        if !hex(&self.group, 4) || !hex(&self.element, 2) {
            return None;
        }
        let group = u16::from_str_radix(&self.group, 16).ok()?;
        let element = u8::from_str_radix(&self.element, 16).ok()?;
        (group & 1 == 1 && group > 8).then_some((group, element))
    }
}

impl std::fmt::Display for PrivateTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({},xx{}) {}", self.group, self.element, self.creator)
    }
}

/// Most attributes that a protocol speaks of.
const MAX_ATTRIBUTES: usize = 2_000;
/// Most rows of one table.
const MAX_ROWS: usize = 10_000;

/// Checks all of them.
pub(super) fn validate(list: &[Attribute], options: &[DeidOption]) -> Result<(), Bad> {
    if list.len() > MAX_ATTRIBUTES {
        return Err(Bad::new("deid.attribute", "at most 2000 attributes"));
    }
    let mut seen = BTreeSet::new();
    for (i, attribute) in list.iter().enumerate() {
        let parent = format!("deid.attribute[{}]", i + 1);
        attribute.validate(options).map_err(|b| b.under(&parent))?;
        let place = match (attribute.tag, &attribute.private) {
            (Some(tag), _) => tag.to_string(),
            (None, Some(p)) => p.to_string().to_ascii_lowercase(),
            (None, None) => String::new(),
        };
        if !seen.insert(place) {
            return Err(Bad::new(parent, "the same attribute stands there twice"));
        }
    }
    Ok(())
}

impl Attribute {
    /// What the attribute is called in the protocol.
    #[must_use]
    pub fn place(&self) -> String {
        match (self.tag, &self.private) {
            (Some(tag), _) => tag.to_string(),
            (None, Some(private)) => private.to_string(),
            (None, None) => String::new(),
        }
    }

    /// Whether a protocol with these options may ask this; the reason in words when not.
    ///
    /// # Errors
    /// With the field that is wrong and why.
    pub fn check(&self, options: &[DeidOption]) -> Result<(), (String, String)> {
        self.validate(options).map_err(|b| (b.field, b.why))
    }

    fn validate(&self, options: &[DeidOption]) -> Result<(), Bad> {
        if self.reason.trim().is_empty() || self.reason.chars().count() > 400 {
            return Err(Bad::new("reason", "a sentence of at most 400 characters"));
        }
        self.parameters()?;
        match (self.tag, &self.private) {
            (Some(tag), None) => self.standard(tag, options),
            (None, Some(private)) => self.private(private),
            _ => Err(Bad::new("", "give either tag or private")),
        }
    }

    /// Each action has its own fields, and no other.
    fn parameters(&self) -> Result<(), Bad> {
        use AttributeAction::{CleanRegex, Constant, Map};
        let asks = |field: &str, given: bool, action: AttributeAction| match (
            given,
            self.action == action,
        ) {
            (true, false) => Err(Bad::new(
                field,
                format!("it belongs to the action {}", action.word()),
            )),
            (false, true) => Err(Bad::new(
                field,
                format!("the action {} needs it", action.word()),
            )),
            _ => Ok(()),
        };
        asks("value", self.value.is_some(), Constant)?;
        asks("table", !self.table.is_empty(), Map)?;
        asks("pattern", self.pattern.is_some(), CleanRegex)?;
        if self.replacement.is_some() {
            asks("replacement", true, CleanRegex)?;
        }
        if self.table.len() > MAX_ROWS {
            return Err(Bad::new("table", "at most 10000 rows"));
        }
        let texts = self.value.iter().chain(&self.replacement);
        for text in texts.chain(self.table.values()) {
            if text.len() > 1024 || !text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
                return Err(Bad::new(
                    "",
                    "replacing values are printable ASCII, at most 1024 characters",
                ));
            }
        }
        if let Some(pattern) = &self.pattern {
            let regex = regex_lite::Regex::new(pattern)
                .map_err(|_| Bad::new("pattern", "it is no regular expression"))?;
            if regex.is_match("") {
                return Err(Bad::new("pattern", "it finds the empty text"));
            }
            if regex.is_match(self.replacement.as_deref().unwrap_or_default()) {
                return Err(Bad::new("replacement", "the pattern finds it again"));
            }
        }
        Ok(())
    }

    fn standard(&self, tag: Tag, options: &[DeidOption]) -> Result<(), Bad> {
        use AttributeAction::{CleanRegex, Constant, Empty, Hash, Keep, Map, Remove, Shift};
        let refuse = |why: &str| Err(Bad::new("tag", why));
        let action = |why: &str| Err(Bad::new("action", why));
        if tag.is_private() {
            return refuse("a private attribute is named by private = { creator, group, element }");
        }
        if let Some(why) = values::is_structure(tag) {
            return refuse(why);
        }
        let Some(vr) = values::vr(tag) else {
            return refuse(
                "the data dictionary of PS3.6 does not know it; such attributes are removed",
            );
        };
        if values::is_direct_identifier(tag, vr) && self.action.lets_stay() {
            return action(
                "the attribute names a person directly: only remove, empty, constant and hash are taken",
            );
        }
        let has = |o| options.contains(&o);
        match (self.action, vr) {
            (Remove | Empty, _) => Ok(()),
            (Keep, "DA" | "DT" | "TM")
                if !(has(DeidOption::RetainFullDates)
                    || vr == "TM" && has(DeidOption::RetainModifiedDates)) =>
            {
                action(
                    "dates and times stay by the options retain-full-dates and retain-modified-dates only",
                )
            }
            (Keep, "UI") if !has(DeidOption::RetainUids) => {
                action("UIDs stay by the option retain-uids only")
            }
            (Keep, _) => Ok(()),
            (_, "SQ") => action("a sequence can be kept, removed or emptied"),
            (Constant, _) => match &self.value {
                Some(value) if values::fits(vr, value) => Ok(()),
                _ => Err(Bad::new("value", format!("it is no value of VR {vr}"))),
            },
            (Hash, "AE" | "CS" | "LO" | "LT" | "PN" | "SH" | "ST" | "UC" | "UI" | "UT") => Ok(()),
            (Hash, _) => action("only texts and UIDs can be hashed"),
            (Shift, "DA" | "DT") => Ok(()),
            (Shift, _) => action("only dates and date-times can be shifted"),
            (Map, _) => {
                if !values::is_text(vr) {
                    return action("only texts, codes and numbers in text can be mapped");
                }
                match self.table.values().find(|v| !values::fits(vr, v)) {
                    Some(_) => Err(Bad::new(
                        "table",
                        format!("it holds what is no value of VR {vr}"),
                    )),
                    None => Ok(()),
                }
            }
            (CleanRegex, "LO" | "LT" | "SH" | "ST" | "UC" | "UT") => Ok(()),
            (CleanRegex, _) => action("only free text can be cleaned by a pattern"),
        }
    }

    fn private(&self, private: &PrivateTag) -> Result<(), Bad> {
        if private.numbers().is_none() {
            return Err(Bad::new(
                "private",
                "group is four hexadecimal digits and odd, element two",
            ));
        }
        let creator = private.creator.trim();
        if creator.is_empty() || creator.len() > 64 || creator != private.creator {
            return Err(Bad::new(
                "private",
                "creator is 1 to 64 characters without spaces around it",
            ));
        }
        Ok(())
    }
}
