//! Protocols that are tried out: checked, read from files, and tried on an image.

use std::cell::OnceCell;

use cordon_contribute::{Cleaner, SiteKey, compare};
use cordon_protocol::{
    Attribute, AttributeAction, DeidOption, Protocol, ProtocolError, Ready, Tag,
};
use js_sys::Array;

use crate::desk::{Fault, Known, Opened, Script, Sound, Told};
use crate::messages::Input;
use crate::worker::{Pool, files};

/// Attributes that are offered at a time.
const MOST_FOUND: usize = 12;
/// No protocol and no script is larger.
const MAX_BYTES: usize = 8 << 20;

fn fault(error: &ProtocolError) -> Fault {
    let field = match error {
        ProtocolError::Field { field, .. } => field.clone(),
        ProtocolError::OptionNotSupported(_) => "deid.options".to_owned(),
        ProtocolError::Edition(_) => "edition".to_owned(),
        ProtocolError::Syntax { .. } => String::new(),
    };
    Fault {
        field,
        sentence: error.to_string(),
    }
}

fn said(sentence: &str) -> Fault {
    Fault {
        field: String::new(),
        sentence: sentence.to_owned(),
    }
}

/// The protocol as a file that reads back as the same.
pub(super) fn sound(protocol: &Protocol) -> Result<Sound, Fault> {
    protocol.validate().map_err(|e| fault(&e))?;
    let toml = protocol.to_toml().map_err(|e| fault(&e))?;
    match Protocol::from_toml(&toml) {
        Ok(again) if again == *protocol => Ok(Sound {
            toml,
            sha256: protocol.digest(),
            names: names(protocol),
        }),
        Ok(_) => Err(said("the protocol cannot be written as a file")),
        Err(e) => Err(fault(&e)),
    }
}

/// The names of the attributes that a protocol speaks of.
fn names(protocol: &Protocol) -> Vec<(Tag, String)> {
    let asked = protocol.deid.attributes.iter().filter_map(|a| a.tag);
    let required = protocol.require.attributes.iter().map(|r| r.tag);
    asked
        .chain(required)
        .map(|tag| (tag, cordon_contribute::attribute_name(tag)))
        .collect()
}

/// One of those that come with Cordon.
pub(super) fn ready(id: &str) -> Result<Opened, Fault> {
    let ready = Ready::find(id).ok_or_else(|| said("there is no protocol of that name"))?;
    let protocol = ready.protocol().map_err(|e| fault(&e))?;
    Ok(Opened {
        protocol,
        script: None,
    })
}

/// The file among the attachments: a protocol, or a script of RSNA CTP.
pub(super) async fn opened(attachments: &Array) -> Result<Opened, Fault> {
    let bytes = files::bytes(&attachments.get(0))
        .await
        .ok_or_else(|| said("the file cannot be read"))?;
    if bytes.len() > MAX_BYTES {
        return Err(said("the file is larger than any protocol"));
    }
    let text = String::from_utf8(bytes).map_err(|_| said("the file is no text in UTF-8"))?;
    let text = text.trim_start_matches('\u{FEFF}');
    if text.trim_start().starts_with('<') {
        return script(text);
    }
    Ok(Opened {
        protocol: Protocol::from_toml(text).map_err(|e| fault(&e))?,
        script: None,
    })
}

fn script(text: &str) -> Result<Opened, Fault> {
    let made = cordon_ctp::convert(text, "from-ctp", "From an RSNA CTP script")
        .map_err(|e| said(&e.to_string()))?;
    let not_carried = made.not_carried.into_iter();
    Ok(Opened {
        protocol: made.protocol,
        script: Some(Script {
            carried: made.carried,
            disabled: made.disabled,
            not_carried: not_carried.map(|n| (n.line, n.element, n.reason)).collect(),
        }),
    })
}

/// What becomes of an image under the project's protocol and under another.
pub(super) async fn compared(
    pool: &Pool,
    project: Protocol,
    trial: Protocol,
    key: [u8; 32],
    input: Input,
    attachments: &Array,
) -> Told {
    let Some(bytes) = files::all(input, attachments, &pool.zips).await else {
        return Told::Sentence(
            "the file cannot be read any more; was it moved or the disk taken out?".to_owned(),
        );
    };
    let key = SiteKey::from_bytes(key);
    let project = Cleaner::new(project, key.clone());
    let trial = Cleaner::new(trial, key);
    match compare(&project, &trial, &bytes) {
        Ok(comparison) => Told::Compared(Box::new(comparison)),
        Err(finding) => Told::Sentence(finding.sentence()),
    }
}

/// Every attribute, once it was asked for.
#[derive(Default)]
pub(super) struct Attributes {
    all: OnceCell<Vec<(Tag, String)>>,
}

impl Attributes {
    /// By tag, keyword or a part of the name: those that begin so come first.
    pub(super) fn find(&self, text: &str, options: &[DeidOption]) -> Vec<Known> {
        let text = text.trim();
        if let Ok(tag) = text.parse::<Tag>() {
            return vec![known(tag, options)];
        }
        if let Some(tag) = cordon_dicom::tag_of(text) {
            return vec![known(tag, options)];
        }
        let needle: String = squeezed(text);
        if needle.len() < 2 {
            return Vec::new();
        }
        let all = self.all.get_or_init(|| {
            let tags = cordon_dicom::every().into_iter();
            tags.filter_map(|tag| Some((tag, squeezed(cordon_dicom::keyword(tag)?))))
                .collect()
        });
        let mut found: Vec<(bool, usize, Tag)> = all
            .iter()
            .filter(|(_, word)| word.contains(&needle))
            .map(|(tag, word)| (!word.starts_with(&needle), word.len(), *tag))
            .collect();
        found.sort_unstable();
        found.truncate(MOST_FOUND);
        let tags = found.into_iter().map(|(_, _, tag)| tag);
        tags.map(|tag| known(tag, options)).collect()
    }
}

fn squeezed(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn known(tag: Tag, options: &[DeidOption]) -> Known {
    const ALL: [AttributeAction; 8] = [
        AttributeAction::Keep,
        AttributeAction::Remove,
        AttributeAction::Empty,
        AttributeAction::Constant,
        AttributeAction::Hash,
        AttributeAction::Shift,
        AttributeAction::Map,
        AttributeAction::CleanRegex,
    ];
    let vr = cordon_dicom::entry(tag).map_or_else(String::new, |e| e.vr.to_string());
    Known {
        tag,
        name: cordon_contribute::attribute_name(tag),
        vr,
        actions: ALL
            .map(|action| (action, refusal(tag, action, options)))
            .into(),
    }
}

/// Why a protocol may not ask this of the attribute, whatever is filled in beside it.
fn refusal(tag: Tag, action: AttributeAction, options: &[DeidOption]) -> Option<String> {
    let asked = Attribute {
        tag: Some(tag),
        private: None,
        action,
        value: (action == AttributeAction::Constant).then(|| "1".to_owned()),
        table: (action == AttributeAction::Map)
            .then(|| ("1".to_owned(), "1".to_owned()))
            .into_iter()
            .collect(),
        pattern: (action == AttributeAction::CleanRegex).then(|| "[0-9]".to_owned()),
        replacement: None,
        reason: "asked".to_owned(),
    };
    let (field, why) = asked.check(options).err()?;
    (!matches!(field.as_str(), "value" | "table" | "pattern")).then_some(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_by_tag_keyword_and_part_of_the_name() {
        let all = Attributes::default();
        let first = |text: &str| all.find(text, &[]).first().map(|k| k.name.clone());
        assert_eq!(first("(0010,0040)").as_deref(), Some("Patient Sex"));
        assert_eq!(first("00100040").as_deref(), Some("Patient Sex"));
        assert_eq!(
            first("StudyDescription").as_deref(),
            Some("Study Description")
        );
        assert_eq!(first("study desc").as_deref(), Some("Study Description"));
        assert_eq!(first("q"), None);
    }

    #[test]
    fn what_names_a_person_cannot_be_kept_and_dates_stay_by_their_option() {
        let birth = known(Tag(0x0010_0030), &[]);
        let may = |k: &Known, a| k.actions.iter().any(|(b, why)| *b == a && why.is_none());
        assert!(!may(&birth, AttributeAction::Keep));
        assert!(may(&birth, AttributeAction::Remove));
        let date = known(Tag(0x0008_0020), &[]);
        assert!(!may(&date, AttributeAction::Keep) && may(&date, AttributeAction::Shift));
        let date = known(Tag(0x0008_0020), &[DeidOption::RetainFullDates]);
        assert!(may(&date, AttributeAction::Keep));
    }

    #[test]
    fn a_contradiction_comes_back_with_its_field_and_sentence() {
        let mut protocol = Protocol::basic();
        protocol.deid.options = vec![DeidOption::RetainFullDates, DeidOption::RetainModifiedDates];
        let fault = sound(&protocol).expect_err("a contradiction");
        assert_eq!(fault.field, "deid.options");
        assert!(fault.sentence.contains("exclude each other"));
        let sound = sound(&Protocol::basic()).expect("good");
        assert_eq!(Protocol::from_toml(&sound.toml), Ok(Protocol::basic()));
    }

    #[test]
    fn a_script_of_ctp_becomes_a_protocol_with_a_list_of_what_did_not() {
        let opened = script(
            "<script><e en=\"T\" t=\"00080020\" n=\"StudyDate\">@incrementdate(this,7)</e>\
             <e en=\"T\" t=\"00081030\" n=\"StudyDescription\">@remove()</e></script>",
        )
        .expect("a script");
        assert!(opened.script.is_some());
        assert!(script("<html></html>").is_err());
    }
}
