//! What a file's header knows about the people in it, for the cleaning of its texts.
//!
//! [`crate::Identifiers`] are needles for raw bytes and hold only what is long enough to
//! be no chance; the text cleaner reads words in their context and takes all there is.

use cordon_dicom::{CharacterSet, DataSet, Value, Vr, entry};
use cordon_protocol::Tag;
use cordon_words::KnownIdentity;

use crate::identifiers::{Under, names_nobody, taken_out};
use crate::{Policy, SiteKey, dummy};

/// Most values of one sort.
const MOST: usize = 256;

/// Where a value belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Patient,
    Person,
    Id,
    Phone,
    Place,
    Date,
}

const fn sort(tag: Tag, vr: Vr) -> Option<Sort> {
    if matches!(vr, Vr::PN) {
        // The mother and whoever is responsible have names of their own.
        let relative = matches!(tag.0, 0x0010_1060 | 0x0010_2297);
        return Some(if tag.group() == 0x0010 && !relative {
            Sort::Patient
        } else {
            Sort::Person
        });
    }
    Some(match tag.0 {
        0x0008_0050 // Accession Number
        | 0x0010_0020 // Patient ID
        | 0x0010_1000 // Other Patient IDs
        | 0x0010_1050 // Insurance Plan Identification
        | 0x0010_1090 // Medical Record Locator
        | 0x0012_0040 // Clinical Trial Subject ID
        | 0x0012_0042 // Clinical Trial Subject Reading ID
        | 0x0018_1000 // Device Serial Number
        | 0x0020_0010 // Study ID
        | 0x0038_0010 // Admission ID
        | 0x0038_0060 // Service Episode ID
        | 0x0040_0009 // Scheduled Procedure Step ID
        | 0x0040_0253 // Performed Procedure Step ID
        | 0x0040_1001 // Requested Procedure ID
        | 0x0040_2016 // Placer Order Number
        | 0x0040_2017 // Filler Order Number
        => Sort::Id,
        0x0008_0094 // Referring Physician's Telephone Numbers
        | 0x0010_2154 // Patient's Telephone Numbers
        | 0x0010_2155 // Patient's Telecom Information
        | 0x0040_1103 // Person's Telephone Numbers
        | 0x0040_2010 // Order Callback Phone Number
        => Sort::Phone,
        0x0008_0080 // Institution Name
        | 0x0008_0081 // Institution Address
        | 0x0008_0092 // Referring Physician's Address
        | 0x0008_1010 // Station Name
        | 0x0008_1040 // Institutional Department Name
        | 0x0010_0021 // Issuer of Patient ID
        | 0x0010_1040 // Patient's Address
        | 0x0010_2150 // Country of Residence
        | 0x0010_2152 // Region of Residence
        | 0x0010_2299 // Responsible Organization
        | 0x0038_0300 // Current Patient Location
        | 0x0038_0400 // Patient's Institution Residence
        | 0x0040_0011 // Scheduled Procedure Step Location
        | 0x0040_0243 // Performed Location
        | 0x0040_1102 // Person's Address
        | 0x0040_A027 // Verifying Organization
        | 0x0400_0563 // Modifying System
        | 0x0400_0564 // Source of Previous Values
        => Sort::Place,
        0x0008_0020..=0x0008_0023 // Study, Series, Acquisition, Content Date
        | 0x0010_0030 // Patient's Birth Date
        => Sort::Date,
        _ => return None,
    })
}

/// Collects what a data set and its items know. What an option keeps is no identity.
#[must_use]
pub fn known_identity(
    data: &DataSet<'_>,
    key: &SiteKey,
    prefix: &str,
    policy: Policy,
) -> KnownIdentity {
    let under = Under {
        key,
        prefix,
        policy,
    };
    let mut known = KnownIdentity::default();
    collect(data, &CharacterSet::default(), &under, &mut known);
    // A scanner set up as its maker's: that word says nothing about the place.
    let maker = data
        .text(Tag(0x0008_0070))
        .unwrap_or_default()
        .to_lowercase();
    known.places.retain(|p| !maker.contains(&p.to_lowercase()));
    for list in [
        &mut known.patient_name,
        &mut known.person_names,
        &mut known.ids,
        &mut known.dates,
        &mut known.places,
        &mut known.phones,
    ] {
        list.sort_unstable();
        list.dedup();
        list.truncate(MOST);
    }
    known
}

fn collect(
    data: &DataSet<'_>,
    inherited: &CharacterSet,
    under: &Under<'_>,
    known: &mut KnownIdentity,
) {
    let set = data.character_set(inherited);
    for element in &data.elements {
        match &element.value {
            Value::Items(items) => {
                for item in items {
                    collect(item, &set, under, known);
                }
            }
            Value::Fragments { .. } => {}
            Value::Bytes(bytes) => {
                let vr = entry(element.tag).map_or(element.vr, |e| e.vr);
                let vr = if element.vr == Vr::PN { Vr::PN } else { vr };
                let Some(sort) = sort(element.tag, vr) else {
                    continue;
                };
                let goes = sort == Sort::Date || taken_out(element.tag, vr, under.policy);
                if goes && bytes.len() <= 1024 && !dummy::is_nothing(vr, bytes) {
                    add(sort, &set.decode(bytes), under, known);
                }
            }
        }
    }
}

fn add(sort: Sort, text: &str, under: &Under<'_>, known: &mut KnownIdentity) {
    let list = match sort {
        Sort::Patient => &mut known.patient_name,
        Sort::Person => &mut known.person_names,
        Sort::Id => &mut known.ids,
        Sort::Phone => &mut known.phones,
        Sort::Place => &mut known.places,
        Sort::Date => &mut known.dates,
    };
    if list.len() >= 2 * MOST {
        return;
    }
    list.extend(
        text.split('\\')
            .map(|v| v.trim_matches(['\0', ' ']))
            .filter(|v| {
                !v.is_empty() && !names_nobody(v) && !under.key.made_pseudonym(under.prefix, v)
            })
            .map(str::to_owned),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_dicom::Element;

    fn text(tag: u32, vr: Vr, value: &'static str) -> Element<'static> {
        Element {
            tag: Tag(tag),
            vr,
            value: Value::Bytes(value.as_bytes()),
            offset: 0,
        }
    }

    #[test]
    fn names_at_any_depth_and_nothing_of_our_own() {
        let key = SiteKey::from_bytes([1; 32]);
        let own = key.pseudonym("P", "somebody");
        let own: &'static str = Box::leak(own.into_boxed_str());
        let item = DataSet {
            elements: vec![text(0x0040_A123, Vr::PN, "Reader^Ruth")],
            big_endian: false,
        };
        let data = DataSet {
            elements: vec![
                text(0x0008_0050, Vr::SH, "ACC4711 "),
                text(0x0008_0080, Vr::LO, "Seaview Clinic"),
                text(0x0010_0010, Vr::PN, "Doe^Jane"),
                text(0x0010_0020, Vr::LO, own),
                text(0x0010_0030, Vr::DA, "19500102"),
                text(0x0010_1060, Vr::PN, "Mother^Mary"),
                Element {
                    tag: Tag(0x0040_A730),
                    vr: Vr::SQ,
                    value: Value::Items(vec![item]),
                    offset: 0,
                },
            ],
            big_endian: false,
        };
        let known = known_identity(&data, &key, "P", Policy::basic());
        assert_eq!(known.patient_name, ["Doe^Jane"]);
        assert_eq!(known.person_names, ["Mother^Mary", "Reader^Ruth"]);
        assert_eq!(known.ids, ["ACC4711"]);
        assert_eq!(known.places, ["Seaview Clinic"]);
        assert_eq!(known.dates, ["19500102"]);
        let keeps = Policy::new(&[cordon_protocol::DeidOption::RetainInstitutionIdentity]);
        let known = known_identity(&data, &key, "P", keeps.expect("policy"));
        assert!(known.places.is_empty(), "what stays is no identity");
    }
}
