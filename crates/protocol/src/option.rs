//! The profile and options of PS3.15 Annex E, with their codes of CID 7050.

use serde::{Deserialize, Serialize};

/// The Basic Profile and its options. The order is that of CID 7050.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DeidOption {
    /// Basic Application Confidentiality Profile.
    Basic,
    /// Clean Pixel Data.
    CleanPixelData,
    /// Clean Recognizable Visual Features.
    CleanRecognizableVisualFeatures,
    /// Clean Graphics.
    CleanGraphics,
    /// Clean Structured Content.
    CleanStructuredContent,
    /// Clean Descriptors.
    CleanDescriptors,
    /// Retain Longitudinal Temporal Information, Full Dates.
    RetainFullDates,
    /// Retain Longitudinal Temporal Information, Modified Dates.
    RetainModifiedDates,
    /// Retain Patient Characteristics.
    RetainPatientCharacteristics,
    /// Retain Device Identity.
    RetainDeviceIdentity,
    /// Retain UIDs.
    RetainUids,
    /// Retain Safe Private.
    RetainSafePrivate,
    /// Retain Institution Identity.
    RetainInstitutionIdentity,
}

impl DeidOption {
    /// All, in the order of CID 7050.
    pub const ALL: [Self; 13] = [
        Self::Basic,
        Self::CleanPixelData,
        Self::CleanRecognizableVisualFeatures,
        Self::CleanGraphics,
        Self::CleanStructuredContent,
        Self::CleanDescriptors,
        Self::RetainFullDates,
        Self::RetainModifiedDates,
        Self::RetainPatientCharacteristics,
        Self::RetainDeviceIdentity,
        Self::RetainUids,
        Self::RetainSafePrivate,
        Self::RetainInstitutionIdentity,
    ];

    /// Whether this build can carry the option out. What it cannot do it must not stamp.
    #[must_use]
    pub const fn is_supported(self) -> bool {
        matches!(
            self,
            Self::Basic
                | Self::CleanGraphics
                | Self::CleanStructuredContent
                | Self::CleanDescriptors
                | Self::RetainSafePrivate
                | Self::RetainUids
                | Self::RetainDeviceIdentity
                | Self::RetainInstitutionIdentity
                | Self::RetainPatientCharacteristics
                | Self::RetainFullDates
                | Self::RetainModifiedDates
        )
    }

    /// Code value in coding scheme DCM (PS3.16 CID 7050).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Basic => "113100",
            Self::CleanPixelData => "113101",
            Self::CleanRecognizableVisualFeatures => "113102",
            Self::CleanGraphics => "113103",
            Self::CleanStructuredContent => "113104",
            Self::CleanDescriptors => "113105",
            Self::RetainFullDates => "113106",
            Self::RetainModifiedDates => "113107",
            Self::RetainPatientCharacteristics => "113108",
            Self::RetainDeviceIdentity => "113109",
            Self::RetainUids => "113110",
            Self::RetainSafePrivate => "113111",
            Self::RetainInstitutionIdentity => "113112",
        }
    }

    /// Code meaning, word for word as in CID 7050.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Basic => "Basic Application Confidentiality Profile",
            Self::CleanPixelData => "Clean Pixel Data Option",
            Self::CleanRecognizableVisualFeatures => "Clean Recognizable Visual Features Option",
            Self::CleanGraphics => "Clean Graphics Option",
            Self::CleanStructuredContent => "Clean Structured Content Option",
            Self::CleanDescriptors => "Clean Descriptors Option",
            Self::RetainFullDates => "Retain Longitudinal Temporal Information Full Dates Option",
            Self::RetainModifiedDates => {
                "Retain Longitudinal Temporal Information Modified Dates Option"
            }
            Self::RetainPatientCharacteristics => "Retain Patient Characteristics Option",
            Self::RetainDeviceIdentity => "Retain Device Identity Option",
            Self::RetainUids => "Retain UIDs Option",
            Self::RetainSafePrivate => "Retain Safe Private Option",
            Self::RetainInstitutionIdentity => "Retain Institution Identity Option",
        }
    }
}
