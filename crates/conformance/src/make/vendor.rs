//! Private blocks as Siemens, GE and Philips write them: what the safe list keeps beside
//! what it does not, and identity in between.

use super::common::Study;
use crate::object::{Category, Object};

/// Who made the scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vendor {
    /// SIEMENS MR HEADER, CSA headers.
    Siemens,
    /// GEMS blocks.
    Ge,
    /// Philips Imaging DD blocks.
    Philips,
}

impl Vendor {
    /// As it stands in Manufacturer.
    #[must_use]
    pub const fn manufacturer(self) -> &'static str {
        match self {
            Self::Siemens => "SIEMENS",
            Self::Ge => "GE MEDICAL SYSTEMS",
            Self::Philips => "Philips Medical Systems",
        }
    }

    /// Writes the blocks of an MR image; `b` is the diffusion weighting.
    pub(super) fn mr(self, o: &mut Object, study: &Study, instance: u32) {
        let b = if instance == 0 { 0 } else { 1000 };
        // The block is where the writer puts it, not a fixed place.
        let block = 0x10 + study.person.index % 3;
        declared(o, study);
        match self {
            Self::Siemens => siemens(o, study, b, block),
            Self::Ge => ge(o, study, b, block),
            Self::Philips => philips(o, study, b, block),
        }
    }
}

/// A tag in a private block.
const fn at(group: u32, block: u32, element: u32) -> u32 {
    group << 16 | block << 8 | element
}

const fn creator(group: u32, block: u32) -> u32 {
    group << 16 | block
}

/// A research block of which the object itself says what is harmless.
fn declared(o: &mut Object, study: &Study) {
    let mut says = Object::new();
    says.us(0x0008_0301, &[0x0071])
        .text(0x0008_0302, "LO", "CONFORMANCE RESEARCH 1.0")
        .text(0x0008_0303, "CS", "MIXED")
        .us(0x0008_0304, &[0x01]);
    o.items(0x0008_0300, vec![says])
        .text(creator(0x0071, 0x10), "LO", "CONFORMANCE RESEARCH 1.0")
        .text(0x0071_1001, "LO", "Gradient mode fast")
        .parts(0x0071_1002, "LO", study.note("{name}, {phone}"));
}

fn siemens(o: &mut Object, study: &Study, b: u32, block: u32) {
    let p = &study.person;
    o.text(creator(0x0019, block), "LO", "SIEMENS MR HEADER")
        .text(at(0x0019, block, 0x08), "CS", "IMAGE NUM 4")
        .text(at(0x0019, block, 0x0C), "IS", b.to_string());
    if b > 0 {
        o.text(at(0x0019, block, 0x0D), "CS", "DIRECTIONAL")
            .fd(at(0x0019, block, 0x0E), &[0.707, -0.5, 0.5])
            .fd(
                at(0x0019, block, 0x27),
                &[500.25, -353.5, 353.5, 250.0, -250.0, 250.0],
            );
    } else {
        o.text(at(0x0019, block, 0x0D), "CS", "NONE");
    }
    // CSA header: a vendor's own structure with names in it.
    let mut csa = b"SV10\x04\x03\x02\x01".to_vec();
    csa.extend_from_slice(format!("tPatientName\0{}\0\0", p.name.plain()).as_bytes());
    csa.resize(csa.len() + csa.len() % 2, 0);
    o.text(creator(0x0029, 0x10), "LO", "SIEMENS CSA HEADER")
        .text(0x0029_1008, "CS", "IMAGE NUM 4")
        .secret(0x0029_1009, "LO", Category::Id, &p.id)
        .bytes(0x0029_1010, "OB", csa);
    o.text(creator(0x0051, 0x10), "LO", "SIEMENS MR HEADER")
        .text(0x0051_1008, "CS", "IMAGE NUM 4")
        .parts(0x0051_1019, "LO", study.note("P2 {family}"));
}

fn ge(o: &mut Object, study: &Study, b: u32, block: u32) {
    let p = &study.person;
    let weighting = format!("{b}\\8\\0\\0");
    o.text(creator(0x0009, 0x10), "LO", "GEMS_IDEN_01")
        .text(0x0009_1001, "LO", "GE_GENESIS_FF")
        .secret(0x0009_1002, "SH", Category::Device, &p.station)
        .text(creator(0x0019, block), "LO", "GEMS_ACQU_01")
        .text(at(0x0019, block, 0x23), "DS", "0.0")
        .text(at(0x0019, block, 0x24), "DS", "12.5")
        .text(at(0x0019, block, 0x9C), "LO", format!("epi_{}", p.serial))
        .parts(
            at(0x0019, block, 0x9E),
            "LO",
            // Known to be safe, and yet a name was typed where the sequence's belongs.
            if b > 0 && study.person.index.is_multiple_of(2) {
                study.note("EPI2 {family}")
            } else {
                study.note("EPI2")
            },
        )
        .text(creator(0x0025, 0x10), "LO", "GEMS_SERS_01")
        .words(0x0025_1006, "SS", vec![3])
        .longs(0x0025_1007, "SL", &[24])
        .parts(0x0025_101A, "SH", study.note("for {physician}"))
        .text(creator(0x0043, block), "LO", "GEMS_PARM_01")
        .text(at(0x0043, block, 0x27), "SH", "/1.25:1")
        .text(at(0x0043, block, 0x39), "IS", weighting)
        .text(at(0x0043, block, 0x6F), "DS", "1.5\\2.0\\0.0");
}

fn philips(o: &mut Object, study: &Study, b: u32, block: u32) {
    let weighting = if b == 0 { 0.0 } else { 1000.0 };
    o.text(creator(0x2001, block), "LO", "Philips Imaging DD 001")
        .fl(at(0x2001, block, 0x03), &[weighting])
        .text(
            at(0x2001, block, 0x04),
            "CS",
            if b == 0 { "N" } else { "O" },
        )
        .text(at(0x2001, block, 0x0A), "IS", "3")
        .longs(at(0x2001, block, 0x18), "SL", &[24])
        .secret(
            at(0x2001, block, 0xC8),
            "LO",
            Category::Name,
            study.person.name.pn(),
        )
        .text(creator(0x2005, block), "LO", "Philips MR Imaging DD 001")
        .fl(at(0x2005, block, 0x0D), &[0.5])
        .fl(at(0x2005, block, 0x0E), &[2.25])
        // What a person typed stands beside what the scanner measured.
        .parts(at(0x2005, block, 0xFE), "LO", study.note("{family} {id}"));
}
