//! What a point of a synthetic scan is made of, and what the network is to call it.

use cordon_deface::Label;

/// The anatomy of a synthetic head, as far as scanners tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(crate) enum Tissue {
    /// Air around the patient.
    Outside,
    /// Tables, holders, coils, blankets.
    Holder,
    Skin,
    Fat,
    Muscle,
    Bone,
    Marrow,
    Grey,
    White,
    Fluid,
    /// Air inside: sinuses, airway, mastoid cells.
    Airway,
    Mucosa,
    Vitreous,
    Lens,
    Nerve,
    Tooth,
    Cartilage,
    Gland,
    Vessel,
    Tumour,
    Bleed,
    Metal,
    /// Things that are no patient: plastic, fruit, water.
    Stuff,
    StuffInner,
}

/// How many tissues there are.
pub(crate) const TISSUES: usize = Tissue::StuffInner as usize + 1;

/// A point of a synthetic scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) tissue: Tissue,
    pub(crate) label: Label,
}

impl Spot {
    pub(crate) const OUTSIDE: Self = Self {
        tissue: Tissue::Outside,
        label: Label::Outside,
    };
}
