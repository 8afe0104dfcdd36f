//! Real files: the same image in many transfer syntaxes must be the same image.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{files, first_frame, folder, syntax_file};
use cordon_pixels::{Frame, Photometric, frame, sanity, thumbnail};
use cordon_protocol::Code;

fn same(a: &str, b: &str) {
    let (Some(a_frame), Some(b_frame)) = (first_frame(a), first_frame(b)) else {
        return;
    };
    assert!(!a_frame.samples.is_empty());
    assert!(a_frame.samples == b_frame.samples, "{a} and {b} differ");
}

/// The peak signal to noise ratio in dB, over the range that the first image uses.
fn psnr(a: &Frame, b: &Frame) -> f64 {
    assert_eq!(a.samples.len(), b.samples.len());
    let (mut low, mut high, mut error) = (f64::MAX, f64::MIN, 0.0);
    for i in 0..a.samples.len() {
        let (x, y) = (a.samples.value(i), b.samples.value(i));
        low = low.min(x);
        high = high.max(x);
        error += (x - y) * (x - y);
    }
    10.0 * ((high - low).powi(2) * a.samples.len() as f64 / error).log10()
}

fn close(a: &str, b: &str, at_least: f64) {
    let (Some(a_frame), Some(b_frame)) = (first_frame(a), first_frame(b)) else {
        return;
    };
    let psnr = psnr(&a_frame, &b_frame);
    assert!(psnr >= at_least, "{a} against {b}: {psnr:.1} dB");
}

#[test]
fn lossless_jpeg() {
    same("CT1_UNC.dcm", "CT1_JPLL.dcm");
    same("MR1_UNC.dcm", "MR1_JPLL.dcm");
    same("NM1_UNC.dcm", "NM1_JPLL.dcm");
}

#[test]
fn lossless_jpeg_ls() {
    same("CT1_UNC.dcm", "CT1_JLSL.dcm");
    same("MR1_UNC.dcm", "MR1_JLSL.dcm");
}

#[test]
#[cfg(feature = "jpeg2000")]
fn lossless_jpeg_2000() {
    same("CT1_UNC.dcm", "CT1_J2KR.dcm");
    same("MR1_UNC.dcm", "MR1_J2KR.dcm");
    same("RG3_JPLL.dcm", "RG3_J2KR.dcm");
}

#[test]
#[cfg(feature = "htj2k")]
fn lossless_high_throughput_jpeg_2000() {
    same("CT1_UNC.dcm", "CT1_HTJ2K_lossless.dcm");
}

#[test]
#[cfg(feature = "jpeg-xl")]
fn lossless_jpeg_xl() {
    same("MR1_UNC.dcm", "MR1_JPEGXL_lossless.dcm");
}

#[test]
fn run_lengths() {
    same("CT2_UNC.dcm", "CT2_RLE.dcm");
    same("XA1_UNC.dcm", "XA1_RLE.dcm");
}

#[test]
fn lossy_images_are_close_to_what_they_were_made_from() {
    close("CT1_UNC.dcm", "CT1_JLSN.dcm", 40.0);
    close("MR1_UNC.dcm", "MR1_JPLY.dcm", 40.0);
    close("XA1_UNC.dcm", "XA1_JPLY.dcm", 40.0);
    #[cfg(feature = "jpeg2000")]
    {
        // What OpenJPEG makes of the same files is within one value of what this crate makes.
        close("CT1_UNC.dcm", "CT1_J2KI.dcm", 40.0);
        close("MG1_JPLY.dcm", "MG1_J2KI.dcm", 45.0);
        close("RG1_JLSN.dcm", "RG1_J2KI.dcm", 40.0);
    }
}

#[test]
fn colour_comes_out_of_baseline_jpeg() {
    let Some(frame) = first_frame("US1_JPEGbaseline.dcm") else {
        return;
    };
    assert_eq!(frame.photometric, Photometric::YbrFull);
    assert_eq!(frame.samples.len(), 640 * 480 * 3);
}

#[test]
fn every_frame_of_a_tiled_slide_is_another_picture() {
    let Some(bytes) = syntax_file("WSI_VOLUME_L1.dcm") else {
        return;
    };
    let file = cordon_dicom::read(&bytes).unwrap();
    let frames: Vec<Frame> = (0..6).map(|n| frame(&file, n).unwrap()).collect();
    for pair in frames.windows(2) {
        assert!(pair[0].samples != pair[1].samples);
    }
    assert!(frame(&file, 6).is_err());
}

#[test]
fn every_syntax_has_a_thumbnail_in_proportion() {
    let Some(root) = folder("syntaxes") else {
        return;
    };
    for path in files(root) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if cfg!(not(feature = "jpeg2000")) && (name.contains("J2K")) {
            continue;
        }
        if cfg!(not(feature = "jpeg-xl")) && name.contains("JPEGXL") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let file = cordon_dicom::read(&bytes).unwrap();
        let small = thumbnail(&file, 96).unwrap();
        assert_eq!(small.width.max(small.height), 96, "{name}");
        assert_eq!(small.data.len() as u32, small.width * small.height * 4);
        let (least, most) = small
            .data
            .iter()
            .step_by(4)
            .fold((255, 0), |(l, m), &v| (v.min(l), v.max(m)));
        assert!(
            most - least > 60,
            "{name}: {least} to {most}, nothing to see"
        );
    }
}

#[test]
fn valid_files_are_sane() {
    for name in ["syntaxes", "series"] {
        let Some(root) = folder(name) else { continue };
        let mut seen = 0;
        for path in files(root) {
            let bytes = std::fs::read(&path).unwrap();
            let Ok(file) = cordon_dicom::read(&bytes) else {
                continue;
            };
            seen += 1;
            assert_eq!(sanity(&file), [], "{}", path.display());
        }
        assert!(seen > 20);
    }
}

#[test]
fn lies_are_caught() {
    let check = |name: &str| -> Option<Vec<Code>> {
        let bytes = std::fs::read(folder("malformed")?.join(name)).unwrap();
        Some(match cordon_dicom::read(&bytes) {
            Ok(file) => sanity(&file).iter().map(|f| f.code).collect(),
            Err(error) => vec![error.finding().code],
        })
    };
    let Some(rows) = check("gen_rows_60000.dcm") else {
        return;
    };
    assert_eq!(rows, [Code::PixelsShort]);
    for name in ["gen_trunc_pixels.dcm", "gen_ts_lies_jpeg.dcm"] {
        let codes = check(name).unwrap();
        assert_eq!(codes.len(), 1, "{name}");
        assert!(
            matches!(
                codes[0],
                Code::Truncated | Code::PixelsShort | Code::SyntaxMismatch
            ),
            "{name}: {codes:?}"
        );
    }
    assert_eq!(
        check("J2K_pixelrep_mismatch.dcm").unwrap(),
        [Code::CodestreamDiffers]
    );
}
