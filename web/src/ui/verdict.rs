//! Verdicts and findings as marks: always an icon and a word, the colour last.

use cordon_protocol::{Code, Severity, Verdict};
use yew::prelude::*;

use super::icons::{Draw, Icon};
use super::words;

/// The class of a verdict: its colour.
pub(crate) const fn class(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Clean) => "clean",
        Some(Verdict::Held) => "held",
        Some(Verdict::Refused) => "refused",
        None => "pending",
    }
}

const fn icon(verdict: Option<Verdict>) -> Icon {
    match verdict {
        Some(Verdict::Clean) => Icon::Clean,
        Some(Verdict::Held) => Icon::Held,
        Some(Verdict::Refused) => Icon::Refused,
        None => Icon::Pending,
    }
}

/// Properties of [`Badge`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct BadgeProps {
    /// The verdict; `None` while there is none.
    pub(crate) verdict: Option<Verdict>,
}

/// A verdict with its icon and its word.
#[component]
pub(crate) fn Badge(props: &BadgeProps) -> Html {
    let word = props.verdict.map_or(words::WORKING, Verdict::word);
    html! {
        <span class={classes!("verdict", class(props.verdict))} data-test="verdict">
            <Draw icon={icon(props.verdict)} />
            <span>{word}</span>
        </span>
    }
}

/// What a finding is about, for its mark in the tree.
pub(crate) fn mark(code: Code) -> (Icon, &'static str) {
    match code {
        Code::Head
        | Code::HeadUnknown
        | Code::VisualFeaturesYes
        | Code::Rendering
        | Code::FaceUnsure
        | Code::FacePresent
        | Code::FaceNotPlaced
        | Code::FaceNone
        | Code::FaceRemoved
        | Code::FaceEarlier
        | Code::FaceJudged
        | Code::BrainChanged
        | Code::TracesFace
        | Code::ContoursCut
        | Code::Surface => (Icon::Head, "Face"),
        Code::SecondaryCapture
        | Code::Ultrasound
        | Code::BurnedInYes
        | Code::BurnedInUnstated
        | Code::Scanned
        | Code::TextLeft
        | Code::TextNotLooked
        | Code::TextKept
        | Code::TextNone
        | Code::TextRemoved
        | Code::SlideLabel => (Icon::Letters, "Text in picture"),
        Code::Overlay => (Icon::Layers, "Overlay"),
        Code::Photograph => (Icon::Person, "Photograph"),
        Code::Sound => (Icon::Person, "Voice"),
        Code::EncapsulatedDocument | Code::FreeText => (Icon::Document, "Document"),
        Code::Duplicate | Code::Copy | Code::Repeated => (Icon::Twice, "Double"),
        Code::NotDicom | Code::Directory | Code::EmptyFile => (Icon::File, "Not an image"),
        Code::PixelsUndecodable
        | Code::PixelsShort
        | Code::PixelsAbsurd
        | Code::PixelsMore
        | Code::PixelsTrimmed
        | Code::UnjudgedPixels => (Icon::Picture, "Pixels"),
        Code::Truncated
        | Code::BadStructure
        | Code::BadDeflate
        | Code::SyntaxMismatch
        | Code::UnknownSyntax
        | Code::TooDeep
        | Code::TooMany
        | Code::TooLarge
        | Code::UnreadableFile => (Icon::Broken, "Damaged"),
        Code::ResidueIdentifier | Code::ResidueName | Code::ResidueInPixels | Code::ResidueWord => {
            (Icon::Person, "Identifier left")
        }
        Code::UncertainWords => (Icon::Letters, "Words"),
        Code::SeriesTooShort | Code::StudyLacksModality => (Icon::Layers, "Incomplete"),
        Code::NoPatientId => (Icon::Person, "No Patient ID"),
        code if code.is_quality() => (Icon::Gauge, "Quality"),
        _ => (Icon::Question, "Other"),
    }
}

/// The colour of a severity.
pub(crate) const fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Held => "held",
        Severity::Refused => "refused",
    }
}

/// A severity as the verdict that it leads to.
pub(crate) const fn leads_to(severity: Severity) -> Option<Verdict> {
    match severity {
        Severity::Note => None,
        Severity::Held => Some(Verdict::Held),
        Severity::Refused => Some(Verdict::Refused),
    }
}

/// Properties of [`Marks`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct MarksProps {
    /// What was noticed.
    pub(crate) codes: Vec<Code>,
}

/// At most this many marks fit in a row.
const MARKS: usize = 3;

/// Findings as small marks; hovering or a screen reader gives the sentences.
#[component]
pub(crate) fn Marks(props: &MarksProps) -> Html {
    let mut shown: Vec<(Icon, &'static str, Severity)> = Vec::new();
    for code in &props.codes {
        let (icon, word) = mark(*code);
        match shown.iter_mut().find(|(i, ..)| *i == icon) {
            Some(entry) => entry.2 = entry.2.max(code.severity()),
            None => shown.push((icon, word, code.severity())),
        }
    }
    if shown.is_empty() {
        return html! {};
    }
    let all: Vec<&str> = props.codes.iter().map(|c| c.sentence()).collect();
    let spoken: Vec<&str> = shown.iter().map(|(_, word, _)| *word).collect();
    html! {
        <span class="marks" title={all.join("\n")}>
            { for shown.iter().take(MARKS).map(|(icon, _, severity)| html! {
                <span class={severity_class(*severity)}><Draw icon={*icon} /></span>
            }) }
            <span class="sr">{spoken.join(", ")}</span>
        </span>
    }
}
