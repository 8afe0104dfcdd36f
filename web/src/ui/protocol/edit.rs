//! What a person changes in a protocol, one thing at a time.

use cordon_protocol::{Attribute, DeidOption, Limit, Protocol, PseudonymForm, Required};

/// One change. What it would make is checked before it is taken.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Edit {
    Title(String),
    Id(String),
    Version(u32),
    Purpose(String),
    Option(DeidOption, bool),
    Prefix(String),
    Form(PseudonymForm),
    /// Puts an attribute in the place of another, or behind all of them.
    Attribute(Option<usize>, Box<Attribute>),
    DropAttribute(usize),
    Accept(Vec<String>),
    Modalities(Vec<String>),
    BodyParts(Vec<String>),
    MinSlices(u32),
    Required(Box<Required>),
    DropRequired(usize),
    Limit(Box<Limit>),
    DropLimit(usize),
    HeldMay(bool),
    /// Another protocol to go on from.
    Start(Box<Protocol>),
}

/// Where a refused change is spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spot {
    Name,
    Option(DeidOption),
    Pseudonym,
    Attributes,
    Require,
    File,
}

impl Edit {
    /// The protocol after the change.
    pub(crate) fn apply(&self, protocol: &Protocol) -> Protocol {
        let mut out = protocol.clone();
        match self.clone() {
            Self::Title(text) => out.title = text,
            Self::Id(text) => out.id = text,
            Self::Version(n) => out.version = n,
            Self::Purpose(text) => out.purpose = text,
            Self::Option(option, on) => {
                out.deid.options.retain(|o| *o != option);
                if on {
                    out.deid.options.push(option);
                    out.deid.options.sort_unstable();
                }
            }
            Self::Prefix(text) => out.deid.pseudonym_prefix = text,
            Self::Form(form) => out.deid.pseudonym_form = form,
            Self::Attribute(at, attribute) => {
                let old = at.and_then(|at| out.deid.attributes.get_mut(at));
                match old {
                    Some(old) => *old = *attribute,
                    None => out.deid.attributes.push(*attribute),
                }
            }
            Self::DropAttribute(at) => drop_at(&mut out.deid.attributes, at),
            Self::Accept(list) => out.accept.modalities = list,
            Self::Modalities(list) => out.require.modalities = list,
            Self::BodyParts(list) => out.require.body_parts = list,
            Self::MinSlices(n) => out.require.min_slices = n,
            Self::Required(one) => {
                out.require.attributes.retain(|r| r.tag != one.tag);
                out.require.attributes.push(*one);
            }
            Self::DropRequired(at) => drop_at(&mut out.require.attributes, at),
            Self::Limit(one) => {
                out.require.checks.retain(|l| l.code != one.code);
                out.require.checks.push(*one);
            }
            Self::DropLimit(at) => drop_at(&mut out.require.checks, at),
            Self::HeldMay(may) => {
                out.approval.held_may_be_approved = may;
                if !may {
                    out.approval.held.clear();
                }
            }
            Self::Start(other) => out = *other,
        }
        out
    }

    /// Where it stands on the screen.
    pub(crate) const fn spot(&self) -> Spot {
        match self {
            Self::Title(_) | Self::Id(_) | Self::Version(_) | Self::Purpose(_) => Spot::Name,
            Self::Option(option, _) => Spot::Option(*option),
            Self::Prefix(_) | Self::Form(_) => Spot::Pseudonym,
            Self::Attribute(..) | Self::DropAttribute(_) => Spot::Attributes,
            Self::Accept(_)
            | Self::Modalities(_)
            | Self::BodyParts(_)
            | Self::MinSlices(_)
            | Self::Required(_)
            | Self::DropRequired(_)
            | Self::Limit(_)
            | Self::DropLimit(_)
            | Self::HeldMay(_) => Spot::Require,
            Self::Start(_) => Spot::File,
        }
    }
}

fn drop_at<T>(list: &mut Vec<T>, at: usize) {
    if at < list.len() {
        list.remove(at);
    }
}

/// The project's protocol as something to change: under a name of its own.
pub(crate) fn variant(of: &Protocol) -> Protocol {
    let mut out = of.clone();
    let id: String = of.id.chars().take(56).collect();
    out.id = format!("{id}-variant");
    out.title = format!("{}, variant", of.title);
    out.version = 1;
    out
}

/// A list that was typed: parted by commas, in capitals, each once. Codes may hold a space.
pub(crate) fn list(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split([',', ';']).map(str::trim) {
        let word = word.to_uppercase();
        if !word.is_empty() && !out.contains(&word) {
            out.push(word);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_change_one_thing() {
        let basic = Protocol::basic();
        let on = Edit::Option(DeidOption::RetainUids, true).apply(&basic);
        assert_eq!(on.deid.options, [DeidOption::RetainUids]);
        let twice = Edit::Option(DeidOption::RetainUids, true).apply(&on);
        assert_eq!(twice, on);
        assert_eq!(
            Edit::Option(DeidOption::RetainUids, false).apply(&on),
            basic
        );
        assert_eq!(Edit::DropAttribute(3).apply(&basic), basic);
        assert!(variant(&basic).validate().is_ok());
        assert_eq!(list("ct, MR,ct;pt, "), ["CT", "MR", "PT"]);
    }
}
