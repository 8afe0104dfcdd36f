//! What must hold for any input: no panic, no leak past the gate, the same result everywhere.

#![allow(clippy::cast_sign_loss, reason = "places are positive")]

use cordon_contribute::{Cleaner, SiteKey, gate, inventory};
use cordon_protocol::{Protocol, Verdict};
use proptest::prelude::*;

fn cleaner(key: u8) -> Cleaner {
    Cleaner::new(Protocol::basic(), SiteKey::from_bytes([key; 32]))
}

fn samples() -> Vec<Vec<u8>> {
    cordon_synth::one_of_each(7).map(|f| f.bytes).collect()
}

/// A change to a file, as damage or malice would make it.
#[derive(Debug, Clone)]
enum Damage {
    Cut(f64),
    Flip(f64, u8),
    Insert(f64, Vec<u8>),
    Remove(f64, usize),
    /// Overwrite four bytes: lengths are where parsers break.
    Word(f64, u32),
}

fn damage() -> impl Strategy<Value = Damage> {
    // Headers are small beside pixels: aim at the first part most of the time.
    let place = prop_oneof![4 => 0.0..0.02_f64, 1 => 0.0..1.0_f64];
    prop_oneof![
        place.clone().prop_map(Damage::Cut),
        (place.clone(), any::<u8>()).prop_map(|(p, b)| Damage::Flip(p, b)),
        (place.clone(), prop::collection::vec(any::<u8>(), 1..9))
            .prop_map(|(p, b)| Damage::Insert(p, b)),
        (place.clone(), 1_usize..40).prop_map(|(p, n)| Damage::Remove(p, n)),
        (
            place,
            prop_oneof![Just(u32::MAX), Just(0), Just(0x7FFF_FFFF), any::<u32>()]
        )
            .prop_map(|(p, w)| Damage::Word(p, w)),
    ]
}

fn apply(bytes: &mut Vec<u8>, damage: &Damage) {
    let at = |p: f64, n: usize| ((p * n as f64) as usize).min(n.saturating_sub(1));
    let n = bytes.len();
    if n == 0 {
        return;
    }
    match damage {
        Damage::Cut(p) => bytes.truncate(at(*p, n)),
        Damage::Flip(p, b) => bytes[at(*p, n)] = *b,
        Damage::Insert(p, b) => {
            let i = at(*p, n);
            bytes.splice(i..i, b.iter().copied());
        }
        Damage::Remove(p, count) => {
            let i = at(*p, n);
            bytes.drain(i..(i + count).min(n));
        }
        Damage::Word(p, w) => {
            let i = at(*p, n);
            let end = (i + 4).min(n);
            bytes[i..end].copy_from_slice(&w.to_le_bytes()[..end - i]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_get_a_verdict_and_nothing_unclean_comes_out(
        which in any::<prop::sample::Index>(),
        damages in prop::collection::vec(damage(), 1..4),
    ) {
        let all = samples();
        let mut bytes = all[which.index(all.len())].clone();
        for d in &damages {
            apply(&mut bytes, d);
        }
        let _ = inventory(&bytes, bytes.len() as u64);
        let _ = inventory(&bytes[..bytes.len() / 2], bytes.len() as u64);
        let cleaned = cleaner(1).clean(&bytes);
        match cleaned.output {
            None => prop_assert_eq!(cleaned.verdict, Verdict::Refused),
            Some(out) => {
                let judged = gate(out.bytes());
                prop_assert_ne!(judged.verdict, Verdict::Refused, "{:?}", judged.findings);
            }
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let cleaned = cleaner(1).clean(&bytes);
        prop_assert_eq!(cleaned.verdict, Verdict::Refused);
        let _ = gate(&bytes);
        let mut dicom = vec![0; 128];
        dicom.extend_from_slice(b"DICM");
        dicom.extend_from_slice(&bytes);
        let _ = cleaner(1).clean(&dicom);
        let _ = gate(&dicom);
    }
}

#[test]
fn the_same_key_gives_the_same_bytes_in_every_worker() {
    let first: Vec<_> = samples().iter().map(|f| cleaner(1).clean(f)).collect();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let own = cleaner(1);
                for (sample, expected) in samples().iter().zip(&first) {
                    let again = own.clean(sample);
                    assert_eq!(again.output, expected.output);
                    assert_eq!(again.findings, expected.findings);
                }
            });
        }
    });
}

#[test]
fn two_keys_share_nothing() {
    for sample in samples() {
        let (a, b) = (cleaner(1).clean(&sample), cleaner(2).clean(&sample));
        let (Some(a), Some(b)) = (a.placement, b.placement) else {
            continue;
        };
        assert_ne!(a.pseudonym, b.pseudonym);
        assert_ne!(a.study, b.study);
        assert_ne!(a.series, b.series);
        assert_ne!(a.instance, b.instance);
    }
}

#[test]
fn one_patient_is_one_pseudonym() {
    let cleaner = cleaner(1);
    let mut seen = std::collections::BTreeMap::new();
    for file in cordon_synth::demo(3) {
        let Ok(read) = cordon_dicom::read(&file.bytes) else {
            continue; // something beside the images that is not DICOM
        };
        let id = read
            .data
            .text(cordon_protocol::Tag(0x0010_0020))
            .unwrap_or_default();
        if let Some(placement) = cleaner.clean(&file.bytes).placement {
            let before = seen.insert(id, placement.pseudonym.clone());
            assert!(before.is_none_or(|b| b == placement.pseudonym));
        }
    }
    assert!(seen.len() > 2, "several patients");
    let distinct: std::collections::BTreeSet<_> = seen.values().collect();
    assert_eq!(distinct.len(), seen.len());
}
