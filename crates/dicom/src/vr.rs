//! Value representations (PS3.5 section 6.2).

/// A value representation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are the standard's own two-letter codes")]
#[rustfmt::skip]
pub enum Vr {
    AE, AS, AT, CS, DA, DS, DT, FD, FL, IS, LO, LT, OB, OD, OF, OL, OV, OW, PN,
    SH, SL, SQ, SS, ST, SV, TM, UC, UI, UL, UN, UR, US, UT, UV,
}

impl Vr {
    /// The VR with these two letters.
    #[must_use]
    #[rustfmt::skip]
    pub const fn from_bytes(b: [u8; 2]) -> Option<Self> {
        Some(match &b {
            b"AE" => Self::AE, b"AS" => Self::AS, b"AT" => Self::AT, b"CS" => Self::CS,
            b"DA" => Self::DA, b"DS" => Self::DS, b"DT" => Self::DT, b"FD" => Self::FD,
            b"FL" => Self::FL, b"IS" => Self::IS, b"LO" => Self::LO, b"LT" => Self::LT,
            b"OB" => Self::OB, b"OD" => Self::OD, b"OF" => Self::OF, b"OL" => Self::OL,
            b"OV" => Self::OV, b"OW" => Self::OW, b"PN" => Self::PN, b"SH" => Self::SH,
            b"SL" => Self::SL, b"SQ" => Self::SQ, b"SS" => Self::SS, b"ST" => Self::ST,
            b"SV" => Self::SV, b"TM" => Self::TM, b"UC" => Self::UC, b"UI" => Self::UI,
            b"UL" => Self::UL, b"UN" => Self::UN, b"UR" => Self::UR, b"US" => Self::US,
            b"UT" => Self::UT, b"UV" => Self::UV,
            _ => return None,
        })
    }

    /// The two letters.
    #[must_use]
    #[rustfmt::skip]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AE => "AE", Self::AS => "AS", Self::AT => "AT", Self::CS => "CS",
            Self::DA => "DA", Self::DS => "DS", Self::DT => "DT", Self::FD => "FD",
            Self::FL => "FL", Self::IS => "IS", Self::LO => "LO", Self::LT => "LT",
            Self::OB => "OB", Self::OD => "OD", Self::OF => "OF", Self::OL => "OL",
            Self::OV => "OV", Self::OW => "OW", Self::PN => "PN", Self::SH => "SH",
            Self::SL => "SL", Self::SQ => "SQ", Self::SS => "SS", Self::ST => "ST",
            Self::SV => "SV", Self::TM => "TM", Self::UC => "UC", Self::UI => "UI",
            Self::UL => "UL", Self::UN => "UN", Self::UR => "UR", Self::US => "US",
            Self::UT => "UT", Self::UV => "UV",
        }
    }

    /// Whether explicit VR encodings give it a 32-bit length (PS3.5 section 7.1.2).
    #[must_use]
    pub const fn has_long_length(self) -> bool {
        matches!(
            self,
            Self::OB
                | Self::OD
                | Self::OF
                | Self::OL
                | Self::OV
                | Self::OW
                | Self::SQ
                | Self::SV
                | Self::UC
                | Self::UN
                | Self::UR
                | Self::UT
                | Self::UV
        )
    }

    /// Whether its values are text in the data set's character set (PS3.5 section 6.1.2.2).
    #[must_use]
    pub const fn uses_character_set(self) -> bool {
        matches!(
            self,
            Self::LO | Self::LT | Self::PN | Self::SH | Self::ST | Self::UC | Self::UT
        )
    }

    /// Whether its values are characters at all, whatever the character set.
    #[must_use]
    pub const fn is_text(self) -> bool {
        self.uses_character_set()
            || matches!(
                self,
                Self::AE
                    | Self::AS
                    | Self::CS
                    | Self::DA
                    | Self::DS
                    | Self::DT
                    | Self::IS
                    | Self::TM
                    | Self::UI
                    | Self::UR
            )
    }

    /// Bytes of one number, for the binary VRs whose byte order matters; 1 for the others.
    #[must_use]
    pub const fn word_size(self) -> usize {
        match self {
            Self::AT | Self::OW | Self::SS | Self::US => 2,
            Self::FL | Self::OF | Self::OL | Self::SL | Self::UL => 4,
            Self::FD | Self::OD | Self::OV | Self::SV | Self::UV => 8,
            _ => 1,
        }
    }
}

impl std::fmt::Display for Vr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
