//! The rewriter: whatever comes out passes the gate, and cleaning it again changes nothing.
#![no_main]

use std::sync::LazyLock;

use cordon_contribute::{Cleaner, Policy, SiteKey, gate_under};
use cordon_protocol::{DeidOption, Protocol, Verdict};
use libfuzzer_sys::fuzz_target;

/// The profile alone, and with options that keep as much as options can.
static CLEANERS: LazyLock<Vec<(Cleaner, Policy)>> = LazyLock::new(|| {
    let sets: [&[DeidOption]; 3] = [
        &[],
        &[
            DeidOption::CleanDescriptors,
            DeidOption::CleanStructuredContent,
            DeidOption::CleanGraphics,
            DeidOption::RetainModifiedDates,
            DeidOption::RetainPatientCharacteristics,
        ],
        &[
            DeidOption::RetainSafePrivate,
            DeidOption::RetainModifiedDates,
            DeidOption::RetainPatientCharacteristics,
            DeidOption::RetainDeviceIdentity,
        ],
    ];
    sets.iter()
        .map(|options| {
            let mut protocol = Protocol::basic();
            protocol.deid.options = options.to_vec();
            let policy = Policy::new(options).expect("supported");
            (Cleaner::new(protocol, SiteKey::from_bytes([1; 32])), policy)
        })
        .collect()
});

fuzz_target!(|bytes: &[u8]| {
    for (cleaner, policy) in CLEANERS.iter() {
        let Some(output) = cleaner.clean(bytes).output else {
            continue;
        };
        let judged = gate_under(output.bytes(), *policy);
        assert_ne!(judged.verdict, Verdict::Refused, "{:?}", judged.findings);
        if let Some(again) = cleaner.clean(output.bytes()).output {
            assert_eq!(again.record().instance, output.record().instance);
            assert_eq!(again.record().pseudonym, output.record().pseudonym);
        }
    }
});
