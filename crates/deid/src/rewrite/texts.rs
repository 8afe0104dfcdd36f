//! Texts that stay: cleaned, and back in their own character set.

use std::borrow::Cow;

use cordon_dicom::{CharacterSet, Element, Vr};
use cordon_protocol::{Action, Rule, Tag, TagPath};
use cordon_words::Kind;

use super::Rewriter;
use crate::iod::Node;
use crate::rules::{Decision, taken_out};
use crate::text::Done;
use crate::{HeldWord, dummy};

impl Rewriter<'_> {
    /// The cleaned text, when something was taken out of it, and what is doubted in it. What
    /// cannot be read, made clean or written goes.
    pub(super) fn text(
        &self,
        element: &Element<'_>,
        vr: Vr,
        kind: Kind,
        decision: &mut Decision,
        node: Node,
    ) -> (Option<Vec<u8>>, Vec<String>) {
        let bytes = element.bytes().unwrap_or_default();
        if dummy::is_nothing(vr, bytes) {
            return (None, Vec::new());
        }
        let set = self.sets.last().cloned().unwrap_or_default();
        let mut done = self.job.texts.clean(bytes, vr, &set, kind);
        let mut written = write(&done, bytes, &set, vr);
        if written.as_deref().is_some_and(|w| self.echoes(Some(w), vr)) {
            done = self.job.texts.strict(bytes, vr, &set, kind);
            written = write(&done, bytes, &set, vr);
        }
        match written {
            Some(same) if same == bytes => (None, done.doubts.clone()),
            Some(new) => {
                if decision.action == Action::Keep {
                    decision.action = Action::Clean;
                    decision.rule = Rule::FreeText;
                }
                (Some(new.into_owned()), done.doubts.clone())
            }
            None => {
                *decision = taken_out(element.tag, node, Rule::BadValue);
                (None, Vec::new())
            }
        }
    }

    /// Notes the doubtful words of an attribute.
    pub(super) fn doubt(&mut self, tag: Tag, words: Vec<String>) {
        for word in words {
            let path = TagPath {
                steps: self.steps.clone(),
                tag,
            };
            self.uncertain.push(HeldWord { path, word });
        }
    }

    /// Whether a text repeats one of the person's identifiers.
    pub(super) fn echoes(&self, value: Option<&[u8]>, vr: Vr) -> bool {
        value.is_some_and(|b| {
            vr.is_text() && vr != Vr::UI && self.job.searcher.is_repeated_in(b, vr)
        })
    }
}

/// What cleaning a text gave, as a value field; `None` when there is none.
fn write<'b>(done: &Done, before: &'b [u8], set: &CharacterSet, vr: Vr) -> Option<Cow<'b, [u8]>> {
    match &done.text {
        _ if done.lost => None,
        None => Some(Cow::Borrowed(before)),
        Some(text) => encode(set, text, vr).map(Cow::Owned),
    }
}

/// A text as a value field; `None` when its character set cannot hold it.
fn encode(set: &CharacterSet, text: &str, vr: Vr) -> Option<Vec<u8>> {
    if !vr.uses_character_set() || matches!(vr, Vr::ST | Vr::LT | Vr::UT) {
        return set
            .encode(text)
            .filter(|b| vr.uses_character_set() || b.is_ascii());
    }
    // Each value by itself: a delimiter ends what an escape began (PS3.5 section 6.1.2.5.3).
    let values: Option<Vec<Vec<u8>>> = text.split('\\').map(|v| set.encode(v)).collect();
    Some(values?.join(&b'\\'))
}
