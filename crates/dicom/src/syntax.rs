//! Transfer syntaxes (PS3.5 annex A, PS3.6 table A-1).

/// How pixel data are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// Not compressed.
    Native,
    /// Native frames, each in a fragment (1.2.840.10008.1.2.1.98).
    EncapsulatedNative,
    /// Each frame deflated (1.2.840.10008.1.2.8.1).
    DeflatedFrame,
    /// RLE Lossless.
    Rle,
    /// JPEG baseline and extended, processes 1, 2 and 4.
    Jpeg,
    /// JPEG lossless, processes 14 and 14 SV1.
    JpegLossless,
    /// JPEG-LS.
    JpegLs,
    /// JPEG 2000, parts 1 and 2.
    Jpeg2000,
    /// High-Throughput JPEG 2000.
    Htj2k,
    /// JPEG XL.
    JpegXl,
    /// MPEG-2, H.264, H.265: video.
    Video,
    /// A retired or exotic encoding that nothing here decodes.
    Other,
}

/// A transfer syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syntax {
    /// Its UID.
    pub uid: String,
    /// Explicit VR.
    pub explicit_vr: bool,
    /// Big endian.
    pub big_endian: bool,
    /// Pixel data are a sequence of fragments.
    pub encapsulated: bool,
    /// The whole data set is deflated (RFC 1951).
    pub deflated: bool,
    /// How pixel data are encoded.
    pub codec: Codec,
}

/// Implicit VR Little Endian.
pub(crate) const IMPLICIT_LE: &str = "1.2.840.10008.1.2";
/// Explicit VR Little Endian.
pub(crate) const EXPLICIT_LE: &str = "1.2.840.10008.1.2.1";
/// Explicit VR Big Endian (retired).
pub(crate) const EXPLICIT_BE: &str = "1.2.840.10008.1.2.2";
/// Deflated Explicit VR Little Endian.
pub(crate) const DEFLATED_LE: &str = "1.2.840.10008.1.2.1.99";
/// JPEG 2000 and JPIP with a deflated data set.
const JPIP_DEFLATED: &str = "1.2.840.10008.1.2.4.95";

impl Syntax {
    /// The syntax with this UID, or `None` when PS3.6 does not know it.
    #[must_use]
    pub fn from_uid(uid: &str) -> Option<Self> {
        let codec = match uid {
            IMPLICIT_LE | EXPLICIT_LE | EXPLICIT_BE | DEFLATED_LE => Codec::Native,
            "1.2.840.10008.1.2.1.98" => Codec::EncapsulatedNative,
            "1.2.840.10008.1.2.8.1" => Codec::DeflatedFrame,
            "1.2.840.10008.1.2.5" => Codec::Rle,
            "1.2.840.10008.1.2.4.50" | "1.2.840.10008.1.2.4.51" => Codec::Jpeg,
            "1.2.840.10008.1.2.4.57" | "1.2.840.10008.1.2.4.70" => Codec::JpegLossless,
            "1.2.840.10008.1.2.4.80" | "1.2.840.10008.1.2.4.81" => Codec::JpegLs,
            "1.2.840.10008.1.2.4.90"
            | "1.2.840.10008.1.2.4.91"
            | "1.2.840.10008.1.2.4.92"
            | "1.2.840.10008.1.2.4.93" => Codec::Jpeg2000,
            "1.2.840.10008.1.2.4.201" | "1.2.840.10008.1.2.4.202" | "1.2.840.10008.1.2.4.203" => {
                Codec::Htj2k
            }
            "1.2.840.10008.1.2.4.110" | "1.2.840.10008.1.2.4.111" | "1.2.840.10008.1.2.4.112" => {
                Codec::JpegXl
            }
            "1.2.840.10008.1.2.4.100"
            | "1.2.840.10008.1.2.4.100.1"
            | "1.2.840.10008.1.2.4.101"
            | "1.2.840.10008.1.2.4.101.1"
            | "1.2.840.10008.1.2.4.102"
            | "1.2.840.10008.1.2.4.102.1"
            | "1.2.840.10008.1.2.4.103"
            | "1.2.840.10008.1.2.4.103.1"
            | "1.2.840.10008.1.2.4.104"
            | "1.2.840.10008.1.2.4.104.1"
            | "1.2.840.10008.1.2.4.105"
            | "1.2.840.10008.1.2.4.105.1"
            | "1.2.840.10008.1.2.4.106"
            | "1.2.840.10008.1.2.4.106.1"
            | "1.2.840.10008.1.2.4.107"
            | "1.2.840.10008.1.2.4.108" => Codec::Video,
            // Retired JPEG processes: still encapsulated, nothing decodes them.
            "1.2.840.10008.1.2.4.52"
            | "1.2.840.10008.1.2.4.53"
            | "1.2.840.10008.1.2.4.54"
            | "1.2.840.10008.1.2.4.55"
            | "1.2.840.10008.1.2.4.56"
            | "1.2.840.10008.1.2.4.58"
            | "1.2.840.10008.1.2.4.59"
            | "1.2.840.10008.1.2.4.60"
            | "1.2.840.10008.1.2.4.61"
            | "1.2.840.10008.1.2.4.62"
            | "1.2.840.10008.1.2.4.63"
            | "1.2.840.10008.1.2.4.64"
            | "1.2.840.10008.1.2.4.65"
            | "1.2.840.10008.1.2.4.66" => Codec::Other,
            // JPIP: the pixels are elsewhere, behind a URL.
            "1.2.840.10008.1.2.4.94"
            | JPIP_DEFLATED
            | "1.2.840.10008.1.2.4.204"
            | "1.2.840.10008.1.2.4.205" => Codec::Other,
            _ => return None,
        };
        let deflated = matches!(uid, DEFLATED_LE | JPIP_DEFLATED | "1.2.840.10008.1.2.4.205");
        Some(Self {
            uid: uid.to_owned(),
            explicit_vr: uid != IMPLICIT_LE,
            big_endian: uid == EXPLICIT_BE,
            encapsulated: codec != Codec::Native,
            deflated,
            codec,
        })
    }

    /// Implicit VR Little Endian, DICOM's default.
    #[must_use]
    pub fn implicit_le() -> Self {
        Self::native(IMPLICIT_LE)
    }
    /// Explicit VR Little Endian.
    #[must_use]
    pub fn explicit_le() -> Self {
        Self::native(EXPLICIT_LE)
    }
    /// Explicit VR Big Endian.
    #[must_use]
    pub fn explicit_be() -> Self {
        Self::native(EXPLICIT_BE)
    }

    fn native(uid: &str) -> Self {
        Self {
            uid: uid.to_owned(),
            explicit_vr: uid != IMPLICIT_LE,
            big_endian: uid == EXPLICIT_BE,
            encapsulated: false,
            deflated: false,
            codec: Codec::Native,
        }
    }
}
