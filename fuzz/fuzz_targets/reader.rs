//! The parser: any bytes end in a data set or a finding.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = cordon_contribute::inventory(bytes, bytes.len() as u64);
    let _ = cordon_contribute::inventory(&bytes[..bytes.len() / 2], bytes.len() as u64);
    if let Ok(unpacked) = cordon_dicom::read_inflating(bytes) {
        let _ = cordon_dicom::read(&unpacked);
    }
});
