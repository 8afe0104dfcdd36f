//! Pictures and headers for the person's own screen.

use std::cell::RefCell;
use std::rc::Rc;

use cordon_contribute::{HeldWord, explain};
use cordon_dicom::{File, read, read_inflating};
use cordon_pixels::{
    Photometric, Presentation, Rgba, Window, aspect, describe, frame as decode, render,
};
use cordon_protocol::Tag;
use js_sys::{Array, Float32Array, Uint8Array, Uint8ClampedArray};
use web_sys::{Blob, BlobPropertyBag};

use super::{Pool, Reply, files};
use crate::messages::{Answer, FrameMeta, Input, Picture, Place};

/// Longest side of a small picture.
const THUMBNAIL: u32 = 96;
/// Small pictures of larger files are not worth the memory.
const MOST_THUMBNAIL_BYTES: u64 = 512 << 20;
/// Rescale Type.
const RESCALE_TYPE: Tag = Tag(0x0028_1054);
/// Modality.
const MODALITY: Tag = Tag(0x0008_0060);

/// The object that was looked at last, so that turning its pages does not read it again.
#[derive(Default)]
pub(crate) struct Last {
    held: RefCell<Option<(u32, Rc<Vec<u8>>)>>,
}

async fn object(
    pool: &Pool,
    picture: &Picture,
    attachments: &Array,
) -> Result<Rc<Vec<u8>>, String> {
    const UNREADABLE: &str =
        "the file cannot be read any more; was it moved or the disk taken out?";
    let bytes = match picture {
        Picture::Original(input) => files::all(*input, attachments, &pool.zips)
            .await
            .ok_or_else(|| UNREADABLE.to_owned())?,
        Picture::Staged(staged) => pool
            .stage
            .get(&staged.place, staged.record.bytes, attachments)
            .await
            .map_err(ToOwned::to_owned)?,
    };
    Ok(Rc::new(bytes))
}

fn parsed<R>(bytes: &[u8], f: impl FnOnce(&File<'_>) -> Result<R, String>) -> Result<R, String> {
    let bytes = read_inflating(bytes).map_err(|e| e.finding().sentence())?;
    let file = read(&bytes).map_err(|e| e.finding().sentence())?;
    f(&file)
}

fn sentence(text: String) -> Reply {
    Answer::Sentence(text).into()
}

/// A small picture as a blob.
pub(crate) async fn thumbnail(pool: &Pool, picture: &Picture, attachments: &Array) -> Reply {
    let size = match picture {
        Picture::Original(input) => files::size(*input, attachments),
        Picture::Staged(staged) => staged.record.bytes,
    };
    if size > MOST_THUMBNAIL_BYTES {
        return sentence("too large for a small picture".to_owned());
    }
    let small = match object(pool, picture, attachments).await {
        Ok(bytes) => parsed(&bytes, |file| {
            cordon_pixels::thumbnail(file, THUMBNAIL).map_err(|e| e.to_string())
        }),
        Err(e) => Err(e),
    };
    match small.map(|rgba| bitmap(&rgba)) {
        Ok(Some(blob)) => Reply::with(Answer::Done, Array::of1(&blob)),
        Ok(None) => sentence("the picture cannot be shown".to_owned()),
        Err(e) => sentence(e),
    }
}

/// A BMP: every browser shows it, and making one takes no encoder.
fn bitmap(rgba: &Rgba) -> Option<Blob> {
    const HEAD: u32 = 54;
    let body = rgba.width.checked_mul(rgba.height)?.checked_mul(4)?;
    let mut out = Vec::with_capacity((HEAD + body) as usize);
    out.extend_from_slice(b"BM");
    for word in [HEAD + body, 0, HEAD, 40, rgba.width] {
        out.extend_from_slice(&word.to_le_bytes());
    }
    // A negative height: the first row is the top one.
    out.extend_from_slice(&rgba.height.wrapping_neg().to_le_bytes());
    out.extend_from_slice(&1_u16.to_le_bytes());
    out.extend_from_slice(&32_u16.to_le_bytes());
    for word in [0, body, 0, 0, 0, 0] {
        out.extend_from_slice(&u32::to_le_bytes(word));
    }
    for [r, g, b, _] in rgba.data.as_chunks::<4>().0 {
        out.extend_from_slice(&[*b, *g, *r, 0xFF]);
    }
    let options = BlobPropertyBag::new();
    options.set_type("image/bmp");
    let parts = Array::of1(&Uint8Array::from(&*out));
    Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()
}

/// One frame, with its pixels in a buffer.
pub(crate) async fn frame(pool: &Pool, picture: &Picture, n: u32, attachments: &Array) -> Reply {
    let name = number(picture, attachments);
    let held = pool.last.held.borrow().clone();
    let bytes = match held.filter(|(of, _)| Some(*of) == name) {
        Some((_, bytes)) => Ok(bytes),
        None => object(pool, picture, attachments).await,
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(e) => return sentence(e),
    };
    if let Some(name) = name {
        pool.last.held.replace(Some((name, bytes.clone())));
    }
    match parsed(&bytes, |file| one_frame(file, n)) {
        Ok(reply) => reply,
        Err(e) => sentence(e),
    }
}

/// A number that the main thread puts last among the attachments of multi-frame objects.
fn number(picture: &Picture, attachments: &Array) -> Option<u32> {
    let staged = matches!(picture, Picture::Staged(s) if matches!(s.place, Place::Segment { .. }));
    let at = u32::from(!staged);
    let number = attachments.get(at).as_f64()?;
    u32::try_from(super::opfs::whole(number)).ok()
}

fn one_frame(file: &File<'_>, n: u32) -> Result<Reply, String> {
    let info = describe(&file.data).map_err(|e| e.to_string())?;
    let frame = decode(file, n).map_err(|e| e.to_string())?;
    let presentation = Presentation::of(&file.data, &info, n);
    let mut meta = FrameMeta {
        width: frame.columns,
        height: frame.rows,
        frames: info.frames,
        aspect: aspect(&file.data, n),
        gray: None,
    };
    if frame.photometric.is_gray() && frame.samples_per_pixel == 1 {
        let values: Vec<f32> = (0..frame.samples.len())
            .map(|i| presentation.modality(frame.samples.value(i)) as f32)
            .collect();
        let window = presentation
            .windows
            .first()
            .copied()
            .unwrap_or_else(|| Window::of_data(&frame, &presentation));
        let invert = (frame.photometric == Photometric::Monochrome1) != presentation.inverse;
        meta.gray = Some((window.center, window.width, invert, unit(file)));
        let buffer = Float32Array::from(&*values).buffer();
        return Ok(Reply::buffer(Answer::Frame(meta), &buffer));
    }
    let rgba = render(&frame, &presentation, None).map_err(|e| e.to_string())?;
    let buffer = Uint8ClampedArray::from(&*rgba.data).buffer();
    Ok(Reply::buffer(Answer::Frame(meta), &buffer))
}

fn unit(file: &File<'_>) -> String {
    match file.data.text(RESCALE_TYPE).as_deref() {
        Some("US") | None => match file.data.ascii(MODALITY) {
            Some("CT") => "HU".to_owned(),
            _ => String::new(),
        },
        Some(unit) => unit.to_owned(),
    }
}

/// All attributes, before and after.
pub(crate) async fn header(pool: &Pool, input: Input, attachments: &Array) -> Reply {
    let Some(cleaner) = pool.cleaner.borrow().clone() else {
        return sentence("the worker has no rules yet".to_owned());
    };
    match object(pool, &Picture::Original(input), attachments).await {
        Ok(bytes) => match explain(&cleaner.cleaner, &bytes) {
            Ok(rows) => Answer::Header(rows).into(),
            Err(finding) => sentence(finding.sentence()),
        },
        Err(e) => sentence(e),
    }
}

/// Doubtful words in their texts.
pub(crate) async fn excerpts(
    pool: &Pool,
    input: Input,
    words: &[HeldWord],
    attachments: &Array,
) -> Reply {
    let Some(rules) = pool.cleaner.borrow().clone() else {
        return sentence("the worker has no rules yet".to_owned());
    };
    match object(pool, &Picture::Original(input), attachments).await {
        Ok(bytes) => match cordon_contribute::excerpts(&rules.cleaner, &bytes, words) {
            Ok(found) => Answer::Excerpts(found).into(),
            Err(finding) => sentence(finding.sentence()),
        },
        Err(e) => sentence(e),
    }
}
