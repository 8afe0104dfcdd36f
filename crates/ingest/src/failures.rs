//! Why single instances were not taken in: the one catalogue of STOW failures.
//!
//! PS3.18 (table 10.5.3-1 and the Store Instances Response Module, annex I) takes the
//! failure reasons from PS3.4 table B.2-1 and PS3.7 annex C. A number alone helps
//! nobody, so every item also has a sentence in Error Comment (0000,0902), as
//! Microsoft's server does; it is made from findings and never holds a value.
//!
//! | reason | PS3.7 and PS3.4 | here |
//! |---|---|---|
//! | 0110H | processing failure | the server failed on it; try again |
//! | 0111H | duplicate SOP instance | the UID is here with other content |
//! | 0117H | invalid object instance | a UID in it breaks PS3.5 |
//! | 0124H | not authorized | no person may release it, or did |
//! | A700H | out of resources | larger than the server takes |
//! | A900H | data set does not match SOP class | the check found that it is not clean |
//! | A901H | (the same range) | it belongs to another study than the address |
//! | C000H | cannot understand | it cannot be read |
//! | C001H | (the same range) | the part is not `application/dicom` |
//!
//! Identical bytes that are here already are a success, so that a broken line
//! costs nothing but time. The same UID with other bytes is refused, never
//! overwritten: nobody could say which of the two a receipt means.

use cordon_protocol::{Code, Finding, Severity, Tag};

/// Why one instance was not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The server failed on it.
    Internal,
    /// The UID is here with other content.
    Duplicate,
    /// A UID breaks PS3.5 section 9.1.
    BadUid,
    /// It was never sealed: no person at the clinic released it.
    NotReleased,
    /// It is held, and the request belongs to no contribution.
    HeldAlone,
    /// It is held, and the contribution is closed.
    HeldClosed,
    /// It is held, and the protocol lets nobody release it.
    HeldForbidden,
    /// It is larger than the server takes.
    TooLarge,
    /// The check refused it.
    NotClean(Vec<Finding>),
    /// The project's protocol does not take the modality.
    Modality,
    /// It belongs to another study than the address names.
    OtherStudy,
    /// It cannot be read.
    Unreadable(Vec<Finding>),
    /// The part is not `application/dicom`.
    MediaType,
    /// The request ended in the middle of the part.
    Cut,
}

impl Failure {
    /// The failure that a refused check means.
    pub(crate) fn refused(findings: Vec<Finding>) -> Self {
        let unreadable = |f: &Finding| {
            matches!(
                f.code,
                Code::NotDicom
                    | Code::EmptyFile
                    | Code::NoTransferSyntax
                    | Code::SyntaxMismatch
                    | Code::UnknownSyntax
                    | Code::Truncated
                    | Code::BadStructure
                    | Code::TooDeep
                    | Code::TooMany
                    | Code::BadDeflate
                    | Code::UnreadableFile
                    | Code::ResidueParse
            )
        };
        if findings.iter().any(unreadable) {
            Self::Unreadable(findings)
        } else {
            Self::NotClean(findings)
        }
    }

    /// Failure Reason (0008,1197).
    pub(crate) const fn reason(&self) -> u16 {
        match self {
            Self::Internal => 0x0110,
            Self::Duplicate => 0x0111,
            Self::BadUid => 0x0117,
            Self::NotReleased | Self::HeldAlone | Self::HeldClosed | Self::HeldForbidden => 0x0124,
            Self::TooLarge => 0xA700,
            Self::NotClean(_) | Self::Modality => 0xA900,
            Self::OtherStudy => 0xA901,
            Self::Unreadable(_) | Self::Cut => 0xC000,
            Self::MediaType => 0xC001,
        }
    }

    /// A stable word for the audit log.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Duplicate => "duplicate",
            Self::BadUid => "bad-uid",
            Self::NotReleased => Code::NotReleased.as_str(),
            Self::HeldAlone => "held-without-contribution",
            Self::HeldClosed => "held-contribution-closed",
            Self::HeldForbidden => "held-not-allowed",
            Self::TooLarge => "too-large",
            Self::NotClean(findings) | Self::Unreadable(findings) => {
                worst(findings).map_or("refused", |f| f.code.as_str())
            }
            Self::Modality => Code::ModalityNotAccepted.as_str(),
            Self::OtherStudy => "other-study",
            Self::MediaType => "media-type",
            Self::Cut => "cut",
        }
    }

    /// A sentence for people.
    pub(crate) fn comment(&self) -> String {
        match self {
            Self::Internal => "the server failed on this instance; nothing of it was kept, send it again".to_owned(),
            Self::Duplicate => "this SOP Instance UID is here already with other content, and is not overwritten".to_owned(),
            Self::BadUid => "a study, series, class or instance UID breaks the rules of PS3.5 section 9.1".to_owned(),
            Self::NotReleased => Finding::at(Code::NotReleased, Tag(0x0012_0062)).sentence(),
            Self::HeldAlone => "a person must look at this instance and approve it: send it within a contribution".to_owned(),
            Self::HeldClosed => "a person must look at this instance, and its contribution is closed already".to_owned(),
            Self::HeldForbidden => "a person would have to look at this instance, and the project's protocol does not let a person release it".to_owned(),
            Self::TooLarge => "the instance is larger than the server takes".to_owned(),
            Self::Modality => Code::ModalityNotAccepted.sentence().to_owned(),
            Self::OtherStudy => "(0020,000D): the instance belongs to another study than the address of the request".to_owned(),
            Self::MediaType => "the part's Content-Type is not application/dicom".to_owned(),
            Self::Cut => "the request ended in the middle of this part; send it again".to_owned(),
            Self::NotClean(findings) | Self::Unreadable(findings) => sentences(findings),
        }
    }
}

fn worst(findings: &[Finding]) -> Option<&Finding> {
    findings.iter().find(|f| f.severity() == Severity::Refused)
}

/// The sentences of what was refused, at most three.
fn sentences(findings: &[Finding]) -> String {
    let refused: Vec<&Finding> = findings
        .iter()
        .filter(|f| f.severity() == Severity::Refused)
        .collect();
    let mut text = refused
        .iter()
        .take(3)
        .map(|f| f.sentence())
        .collect::<Vec<_>>()
        .join("; ");
    if refused.len() > 3 {
        text.push_str(&format!("; and {} more", refused.len() - 3));
    }
    if text.is_empty() {
        "the check refused this instance".clone_into(&mut text);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_become_reasons_and_sentences() {
        let parse = Failure::refused(vec![
            Finding::new(Code::NoPreamble),
            Finding::at(Code::Truncated, Tag(0x7FE0_0010)).with_offset(9),
        ]);
        assert_eq!(parse.reason(), 0xC000);
        assert_eq!(parse.word(), "truncated");
        assert!(parse.comment().starts_with("(7FE0,0010): the file ends"));
        let dirty = Failure::refused(vec![Finding::at(Code::ResidueTable, Tag(0x0010_0030)); 5]);
        assert_eq!(dirty.reason(), 0xA900);
        assert!(dirty.comment().ends_with("and 2 more"));
    }
}
