//! Small objects of each family of SOP Classes: what makes them such an object,
//! without any identity. Identity is planted.

use crate::write::{Element, Length, Value, text};

/// A family of SOP Classes, with one class for it.
#[derive(Debug, Clone, Copy)]
pub struct Family {
    /// A short name for file names.
    pub name: &'static str,
    /// The SOP Class UID.
    pub sop_class: &'static str,
    /// (0008,0060).
    pub modality: &'static str,
    body: fn() -> Vec<Element>,
}

impl Family {
    /// The object's own attributes, without identity.
    #[must_use]
    pub fn body(&self) -> Vec<Element> {
        let mut out = (self.body)();
        out.push(text(0x0008_0016, *b"UI", self.sop_class));
        out.push(text(0x0008_0060, *b"CS", self.modality));
        out.push(text(0x0020_0013, *b"IS", "1"));
        out.push(text(0x0020_0011, *b"IS", "1"));
        out.push(text(0x0008_0070, *b"LO", "Maker"));
        out
    }
}

macro_rules! families {
    ($($name:literal, $class:literal, $modality:literal, $body:ident;)*) => {
        /// All families.
        pub const FAMILIES: &[Family] = &[
            $(Family {
                name: $name,
                sop_class: concat!("1.2.840.10008.5.1.4.1.1.", $class),
                modality: $modality,
                body: $body,
            },)*
        ];
    };
}

families! {
    "ct", "2", "CT", ct;
    "mr", "4", "MR", mr;
    "enhanced-mr", "4.1", "MR", enhanced_mr;
    "us", "6.1", "US", us;
    "dx", "1.1", "DX", dx;
    "mg", "1.2", "MG", mg;
    "pt", "128", "PT", pt;
    "nm", "20", "NM", nm;
    "xa", "12.1", "XA", xa;
    "sr", "88.33", "SR", sr;
    "kos", "88.59", "KO", kos;
    "seg", "66.4", "SEG", seg;
    "rtstruct", "481.3", "RTSTRUCT", rtstruct;
    "rtplan", "481.5", "RTPLAN", rtplan;
    "pr", "11.1", "PR", pr;
    "sm", "77.1.6", "SM", sm;
    "pdf", "104.1", "DOC", pdf;
    "sc", "7", "OT", sc;
}

fn cs(tag: u32, value: &str) -> Element {
    text(tag, *b"CS", value)
}
fn ds(tag: u32, value: &str) -> Element {
    text(tag, *b"DS", value)
}
fn is(tag: u32, value: &str) -> Element {
    text(tag, *b"IS", value)
}
fn lo(tag: u32, value: &str) -> Element {
    text(tag, *b"LO", value)
}
fn ui(tag: u32, value: &str) -> Element {
    text(tag, *b"UI", value)
}
fn us16(tag: u32, words: &[u16]) -> Element {
    Element {
        tag,
        vr: *b"US",
        value: Value::Words(words.to_vec()),
    }
}
fn fd(tag: u32, value: f64) -> Element {
    Element {
        tag,
        vr: *b"FD",
        value: Value::Doubles(vec![value]),
    }
}
fn sq(tag: u32, items: Vec<Vec<Element>>) -> Element {
    Element {
        tag,
        vr: *b"SQ",
        value: Value::Items(items, Length::Undefined),
    }
}
fn code(tag: u32, value: &str, scheme: &str, meaning: &str) -> Element {
    sq(
        tag,
        vec![vec![
            text(0x0008_0100, *b"SH", value),
            text(0x0008_0102, *b"SH", scheme),
            lo(0x0008_0104, meaning),
        ]],
    )
}

/// 4 × 4 pixels a frame.
fn pixels(bits: u16, samples: u16, frames: u16) -> Vec<Element> {
    let count = usize::from(samples) * 16 * usize::from(frames);
    let (vr, value) = if bits == 16 {
        (*b"OW", Value::Words(vec![7; count]))
    } else {
        (*b"OB", Value::Bytes(vec![7; count]))
    };
    let photometric = if samples == 3 { "RGB" } else { "MONOCHROME2" };
    let mut out = vec![
        us16(0x0028_0002, &[samples]),
        cs(0x0028_0004, photometric),
        us16(0x0028_0010, &[4]),
        us16(0x0028_0011, &[4]),
        us16(0x0028_0100, &[bits]),
        us16(0x0028_0101, &[bits.min(12)]),
        us16(0x0028_0102, &[bits.min(12) - 1]),
        us16(0x0028_0103, &[0]),
        Element {
            tag: 0x7FE0_0010,
            vr,
            value,
        },
    ];
    if samples == 3 {
        out.push(us16(0x0028_0006, &[0]));
    }
    if frames > 1 {
        out.push(is(0x0028_0008, &frames.to_string()));
    }
    out
}

fn plane() -> Vec<Element> {
    vec![
        ds(0x0020_0032, "-1\\-1\\0"),
        ds(0x0020_0037, "1\\0\\0\\0\\1\\0"),
        ds(0x0028_0030, "0.5\\0.5"),
        ds(0x0018_0050, "1"),
    ]
}

fn with(mut parts: Vec<Vec<Element>>, own: Vec<Element>) -> Vec<Element> {
    parts.push(own);
    parts.concat()
}

fn ct() -> Vec<Element> {
    with(
        vec![pixels(16, 1, 1), plane()],
        vec![
            cs(0x0008_0008, "ORIGINAL\\PRIMARY\\AXIAL"),
            ds(0x0018_0060, "120"),
            is(0x0020_0012, "1"),
            ds(0x0028_1052, "-1024"),
            ds(0x0028_1053, "1"),
            text(0x0028_1054, *b"LO", "HU"),
            cs(0x0018_0015, "ABDOMEN"),
        ],
    )
}

fn mr() -> Vec<Element> {
    with(
        vec![pixels(16, 1, 1), plane()],
        vec![
            cs(0x0008_0008, "ORIGINAL\\PRIMARY\\OTHER"),
            cs(0x0018_0020, "SE"),
            cs(0x0018_0021, "NONE"),
            cs(0x0018_0022, ""),
            cs(0x0018_0023, "2D"),
            ds(0x0018_0080, "500"),
            ds(0x0018_0081, "20"),
            is(0x0018_0091, "1"),
            cs(0x0018_0015, "KNEE"),
        ],
    )
}

fn enhanced_mr() -> Vec<Element> {
    let frame = |n: u16| {
        vec![
            sq(
                0x0020_9111,
                vec![vec![
                    fd(0x0018_9220, 10.0),
                    Element {
                        tag: 0x0020_9157,
                        vr: *b"UL",
                        value: Value::Longs(vec![1, u32::from(n)]),
                    },
                    text(0x0020_9056, *b"SH", "1"),
                    Element {
                        tag: 0x0020_9057,
                        vr: *b"UL",
                        value: Value::Longs(vec![u32::from(n)]),
                    },
                ]],
            ),
            sq(
                0x0020_9113,
                vec![vec![ds(0x0020_0032, &format!("0\\0\\{n}"))]],
            ),
        ]
    };
    let shared = vec![
        sq(
            0x0028_9110,
            vec![vec![ds(0x0018_0050, "1"), ds(0x0028_0030, "1\\1")]],
        ),
        sq(0x0020_9116, vec![vec![ds(0x0020_0037, "1\\0\\0\\0\\1\\0")]]),
        sq(
            0x0028_9145,
            vec![vec![
                ds(0x0028_1052, "0"),
                ds(0x0028_1053, "1"),
                lo(0x0028_1054, "US"),
            ]],
        ),
    ];
    with(
        vec![pixels(16, 1, 2)],
        vec![
            cs(0x0008_0008, "ORIGINAL\\PRIMARY\\T1\\NONE"),
            cs(0x0008_9205, "MONOCHROME"),
            cs(0x0008_9206, "VOLUME"),
            cs(0x0008_9207, "NONE"),
            cs(0x0008_9208, "MAGNITUDE"),
            cs(0x0008_9209, "T1"),
            text(0x0018_0087, *b"DS", "3"),
            cs(0x0028_0301, "NO"),
            cs(0x0028_2110, "00"),
            cs(0x2050_0020, "IDENTITY"),
            sq(0x5200_9229, vec![shared]),
            sq(0x5200_9230, vec![frame(1), frame(2)]),
        ],
    )
}

fn us() -> Vec<Element> {
    with(
        vec![pixels(8, 3, 1)],
        vec![
            cs(0x0008_0008, "ORIGINAL\\PRIMARY\\ABDOMINAL"),
            cs(0x0028_0301, "YES"),
            sq(
                0x0018_6011,
                vec![vec![
                    us16(0x0018_6012, &[1]),
                    us16(0x0018_6014, &[1]),
                    us16(0x0018_6024, &[3]),
                    us16(0x0018_6026, &[3]),
                    fd(0x0018_602C, 0.1),
                    fd(0x0018_602E, 0.1),
                ]],
            ),
        ],
    )
}

fn projection() -> Vec<Element> {
    vec![
        cs(0x0008_0008, "ORIGINAL\\PRIMARY\\"),
        cs(0x0008_0068, "FOR PRESENTATION"),
        ds(0x0018_1164, "0.1\\0.1"),
        cs(0x0018_0015, "CHEST"),
        cs(0x0020_0020, "L\\F"),
        cs(0x0020_0062, "U"),
        cs(0x0028_0301, "NO"),
        us16(0x0028_1041, &[0]),
        ds(0x0028_1050, "40"),
        ds(0x0028_1051, "80"),
        ds(0x0028_1052, "0"),
        ds(0x0028_1053, "1"),
        text(0x0028_1054, *b"LO", "US"),
        cs(0x0028_2110, "00"),
        cs(0x2050_0020, "IDENTITY"),
        cs(0x0018_7004, "SCINTILLATOR"),
    ]
}

fn dx() -> Vec<Element> {
    with(vec![pixels(16, 1, 1), projection()], vec![])
}

fn mg() -> Vec<Element> {
    with(
        vec![pixels(16, 1, 1), projection()],
        vec![
            cs(0x0018_1508, "MAMMOGRAPHIC"),
            cs(0x0018_5101, "CC"),
            cs(0x0028_1300, "NO"),
            ds(0x0018_1405, "10"),
        ],
    )
}

fn pt() -> Vec<Element> {
    let tracer = vec![vec![
        ds(0x0018_1074, "370000000"),
        ds(0x0018_1075, "6586.2"),
        code(0x0054_0300, "C-111A1", "SRT", "^18^Fluorine"),
    ]];
    with(
        vec![pixels(16, 1, 1), plane()],
        vec![
            cs(0x0008_0008, "ORIGINAL\\PRIMARY"),
            cs(0x0028_0051, "DECY\\ATTN"),
            sq(0x0054_0016, tracer),
            cs(0x0054_1000, "STATIC\\IMAGE"),
            cs(0x0054_1001, "BQML"),
            cs(0x0054_1002, "EMISSION"),
            cs(0x0054_1102, "START"),
            us16(0x0054_0081, &[1]),
            us16(0x0054_1330, &[1]),
            ds(0x0028_1052, "0"),
            ds(0x0028_1053, "1"),
        ],
    )
}

fn nm() -> Vec<Element> {
    with(
        vec![pixels(16, 1, 1)],
        vec![
            cs(0x0008_0008, "ORIGINAL\\PRIMARY\\STATIC\\EMISSION"),
            us16(0x0054_0011, &[1]),
            us16(0x0054_0021, &[1]),
            is(0x0028_0008, "1"),
            text(0x0054_0400, *b"SH", "L"),
        ],
    )
}

fn xa() -> Vec<Element> {
    with(
        vec![pixels(8, 1, 2)],
        vec![
            cs(0x0008_0008, "ORIGINAL\\PRIMARY\\SINGLE PLANE"),
            cs(0x0018_1155, "SC"),
            ds(0x0018_0060, "70"),
            cs(0x0028_1040, "LIN"),
            ds(0x0018_1063, "33"),
        ],
    )
}

fn document(kind: &str) -> Vec<Element> {
    vec![
        cs(0x0040_A040, "CONTAINER"),
        cs(0x0040_A050, "SEPARATE"),
        code(0x0040_A043, "126000", "DCM", "Imaging Measurement Report"),
        cs(0x0040_A491, "COMPLETE"),
        cs(0x0040_A493, "UNVERIFIED"),
        sq(
            0x0040_A504,
            vec![vec![cs(0x0008_0105, "DCMR"), cs(0x0040_DB00, kind)]],
        ),
    ]
}

fn sr() -> Vec<Element> {
    document("1500")
}

fn kos() -> Vec<Element> {
    document("2010")
}

fn seg() -> Vec<Element> {
    let segment = vec![
        us16(0x0062_0004, &[1]),
        lo(0x0062_0005, "Liver"),
        cs(0x0062_0008, "AUTOMATIC"),
        lo(0x0062_0009, "Method"),
        code(0x0062_0003, "123037004", "SCT", "Anatomical Structure"),
        code(0x0062_000F, "10200004", "SCT", "Liver"),
    ];
    let mut out = enhanced_mr();
    out.retain(|e| !matches!(e.tag, 0x0008_0008 | 0x0008_9205..=0x0008_9209 | 0x0018_0087));
    out.push(cs(0x0008_0008, "DERIVED\\PRIMARY"));
    out.push(sq(0x0062_0002, vec![segment]));
    out.push(cs(0x0062_0001, "FRACTIONAL"));
    out.push(cs(0x0062_0010, "PROBABILITY"));
    out.push(us16(0x0062_000E, &[255]));
    out.push(cs(0x0070_0080, "SEGMENTATION"));
    out
}

fn rtstruct() -> Vec<Element> {
    vec![
        sq(
            0x3006_0020,
            vec![vec![is(0x3006_0022, "1"), cs(0x3006_0036, "MANUAL")]],
        ),
        sq(
            0x3006_0039,
            vec![vec![
                is(0x3006_0084, "1"),
                sq(
                    0x3006_0040,
                    vec![vec![
                        cs(0x3006_0042, "CLOSED_PLANAR"),
                        is(0x3006_0046, "3"),
                        ds(0x3006_0050, "0\\0\\0\\1\\0\\0\\1\\1\\0"),
                    ]],
                ),
            ]],
        ),
        sq(
            0x3006_0080,
            vec![vec![
                is(0x3006_0082, "1"),
                is(0x3006_0084, "1"),
                cs(0x3006_00A4, "ORGAN"),
            ]],
        ),
    ]
}

fn rtplan() -> Vec<Element> {
    vec![
        cs(0x300A_000C, "PATIENT"),
        sq(
            0x300A_0070,
            vec![vec![
                is(0x300A_0071, "1"),
                is(0x300A_0078, "1"),
                is(0x300A_0080, "1"),
                is(0x300A_00A0, "0"),
            ]],
        ),
        sq(
            0x300A_00B0,
            vec![vec![
                is(0x300A_00C0, "1"),
                cs(0x300A_00C4, "STATIC"),
                cs(0x300A_00C6, "PHOTON"),
                ds(0x300A_010E, "1"),
            ]],
        ),
    ]
}

fn pr() -> Vec<Element> {
    vec![
        cs(0x0070_0080, "STATE"),
        cs(0x2050_0020, "IDENTITY"),
        sq(
            0x0070_005A,
            vec![vec![
                Element {
                    tag: 0x0070_0052,
                    vr: *b"SL",
                    value: Value::Longs(vec![1, 1]),
                },
                Element {
                    tag: 0x0070_0053,
                    vr: *b"SL",
                    value: Value::Longs(vec![4, 4]),
                },
                cs(0x0070_0100, "SCALE TO FIT"),
            ]],
        ),
    ]
}

fn sm() -> Vec<Element> {
    with(
        vec![pixels(8, 3, 2)],
        vec![
            cs(0x0008_0008, "ORIGINAL\\PRIMARY\\VOLUME\\NONE"),
            Element {
                tag: 0x0048_0302,
                vr: *b"UL",
                value: Value::Longs(vec![1]),
            },
            cs(0x0028_0301, "NO"),
            cs(0x0028_2110, "00"),
            Element {
                tag: 0x0048_0006,
                vr: *b"UL",
                value: Value::Longs(vec![4]),
            },
            Element {
                tag: 0x0048_0007,
                vr: *b"UL",
                value: Value::Longs(vec![8]),
            },
            cs(0x0020_9311, "TILED_FULL"),
        ],
    )
}

fn pdf() -> Vec<Element> {
    vec![
        lo(0x0042_0012, "application/pdf"),
        Element {
            tag: 0x0042_0011,
            vr: *b"OB",
            value: Value::Bytes(b"%PDF-1.4\n%%EOF\n".to_vec()),
        },
        cs(0x0028_0301, "YES"),
    ]
}

fn sc() -> Vec<Element> {
    with(
        vec![pixels(8, 3, 1)],
        vec![
            cs(0x0008_0064, "WSD"),
            cs(0x0008_0008, "DERIVED\\SECONDARY"),
            ui(0x0008_001A, "1.2.840.10008.5.1.4.1.1.7"),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_body_has_each_attribute_once() {
        for family in FAMILIES {
            let tags: Vec<u32> = family.body().iter().map(|e| e.tag).collect();
            let once: BTreeSet<u32> = tags.iter().copied().collect();
            assert_eq!(tags.len(), once.len(), "{}", family.name);
        }
    }
}
