//! What is inside one object: metadata, frames, bulk data (PS3.18 section 10.4).

use std::collections::HashSet;

use axum::extract::{Path, State as Shared};
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;
use cordon_dicom::{DataSet, Element, File, Value, tag, tags};
use cordon_protocol::Tag;

use crate::accept;
use crate::auth::{self, Wants};
use crate::error::{ApiFailure, IngestError};
use crate::json;
use crate::state::State;
use crate::wado::{Found, Which, multipart_of};

const OCTETS: &str = "multipart/related; type=application/octet-stream";
const EXPLICIT_LE: &str = "1.2.840.10008.1.2.1";

/// Reads an object and does something with it, away from the threads that serve. As many at once as
/// fit into memory.
async fn open<T: Send + 'static>(
    state: &State,
    one: &Found,
    work: impl FnOnce(&File<'_>) -> T + Send + 'static,
) -> Result<T, IngestError> {
    let memory = state.memory(&state.read_memory, one.bytes).await?;
    let bytes = state.store.bytes(&one.sha256).await?;
    let task = tokio::task::spawn_blocking(move || {
        let _memory = memory;
        let file = cordon_dicom::read(&bytes).ok()?;
        Some(work(&file))
    });
    task.await.ok().flatten().ok_or(IngestError::Record)
}

/// The metadata of an instance as DICOM JSON.
pub(crate) async fn metadata(
    state: &State,
    base: &str,
    one: &Found,
) -> Result<Vec<u8>, IngestError> {
    let bulk = format!(
        "{base}/studies/{}/series/{}/instances/{}/bulkdata",
        one.study, one.series, one.instance
    );
    open(state, one, move |file| {
        serde_json::to_vec(&json::file(file, &bulk))
    })
    .await?
    .map_err(|_| IngestError::Record)
}

type InstancePath = Path<(String, String, String, String, String)>;

async fn one_instance(
    state: &State,
    headers: &HeaderMap,
    path: InstancePath,
) -> Result<(Found, String), ApiFailure> {
    let Path((project, study, series, instance, rest)) = path;
    let caller = auth::admit(state, headers, &project, Wants::Read).await?;
    let which = Which {
        study,
        series: Some(series),
        instance: Some(instance),
    };
    let mut found = which.find(state, &project).await?;
    which.note(state, &caller, 1).await?;
    Ok((found.pop().ok_or(ApiFailure::NotFound)?, rest))
}

/// `GET .../instances/{instance}/frames/{list}`
pub(crate) async fn frames(
    Shared(state): Shared<State>,
    path: InstancePath,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    let (one, list) = one_instance(&state, &headers, path).await?;
    let wanted = list
        .split(',')
        .map(|n| n.trim().parse::<usize>().ok()?.checked_sub(1))
        .collect::<Option<Vec<_>>>()
        // Each frame once: an answer is no larger than the object.
        .filter(|w| w.len() <= 10_000 && w.iter().collect::<HashSet<_>>().len() == w.len())
        .ok_or(ApiFailure::BadFrame)?;
    let kind = frame_type(&one.syntax);
    let multipart = format!("multipart/related; type={kind}");
    let chosen = accept::choose(&headers, &[&multipart, OCTETS])?;
    let kind = if chosen == OCTETS {
        "application/octet-stream"
    } else {
        kind
    };
    let (cut, encapsulated) = open(&state, &one, move |file| {
        let frames: Option<Vec<Bytes>> = wanted
            .iter()
            .map(|n| frame(file, *n).map(Bytes::from))
            .collect();
        (frames, file.syntax.encapsulated)
    })
    .await?;
    let cut = cut.ok_or(ApiFailure::NoFrame)?;
    let syntax = if encapsulated {
        one.syntax.as_str()
    } else {
        EXPLICIT_LE
    };
    multipart_of(kind, &format!("{kind}; transfer-syntax={syntax}"), &cut)
}

/// The media type of frames in a transfer syntax (PS3.18 table 8.7.3-5).
fn frame_type(syntax: &str) -> &'static str {
    match syntax
        .strip_prefix("1.2.840.10008.1.2.")
        .unwrap_or_default()
    {
        "4.50" | "4.51" | "4.57" | "4.70" => "image/jpeg",
        "4.80" | "4.81" => "image/jls",
        "4.90" | "4.91" => "image/jp2",
        "4.92" | "4.93" => "image/jpx",
        "4.201" | "4.202" | "4.203" => "image/jphc",
        "4.110" | "4.111" | "4.112" => "image/jxl",
        "5" => "image/dicom-rle",
        _ => "application/octet-stream",
    }
}

/// One frame, as it is encoded; `None` when there is no such frame or it cannot be told apart.
fn frame(file: &File<'_>, n: usize) -> Option<Vec<u8>> {
    let data = &file.data;
    let count = data
        .i32(tag(tags::NUMBER_OF_FRAMES))
        .map_or(Some(1), |n| usize::try_from(n).ok())?;
    if n >= count {
        return None;
    }
    let pixels = data
        .get(tag(tags::PIXEL_DATA))
        .or_else(|| data.get(Tag(0x7FE0_0008)))
        .or_else(|| data.get(Tag(0x7FE0_0009)))?;
    match &pixels.value {
        Value::Bytes(bytes) => plain_frame(data, pixels, bytes, n, count),
        Value::Fragments { items, .. } => {
            let (table, fragments) = items.split_first()?;
            encapsulated_frame(table, fragments, n, count)
        }
        Value::Items(_) => None,
    }
}

fn plain_frame(
    data: &DataSet<'_>,
    pixels: &Element<'_>,
    bytes: &[u8],
    n: usize,
    count: usize,
) -> Option<Vec<u8>> {
    let number = |t| data.u16(tag(t)).map(usize::from);
    let samples = number(tags::SAMPLES_PER_PIXEL).unwrap_or(1);
    let bits = number(tags::BITS_ALLOCATED)?;
    let mut frame_bits = number(tags::ROWS)?
        .checked_mul(number(tags::COLUMNS)?)?
        .checked_mul(samples)?
        .checked_mul(bits)?;
    // PS3.3 section C.7.6.3.1.2: half of the chroma samples are not there.
    if data.ascii(tag(tags::PHOTOMETRIC_INTERPRETATION)) == Some("YBR_FULL_422") {
        frame_bits = frame_bits / 3 * 2;
    }
    if frame_bits % 8 != 0 && count > 1 {
        return None;
    }
    let length = frame_bits.div_ceil(8);
    let start = length.checked_mul(n)?;
    let frame = bytes.get(start..start.checked_add(length)?)?;
    Some(json::little_endian(frame, pixels.vr, data.big_endian))
}

fn encapsulated_frame(
    table: &[u8],
    fragments: &[&[u8]],
    n: usize,
    count: usize,
) -> Option<Vec<u8>> {
    if fragments.len() == count {
        return fragments.get(n).map(|f| f.to_vec());
    }
    if count == 1 {
        return Some(fragments.concat());
    }
    let offsets: Vec<u64> = table
        .as_chunks::<4>()
        .0
        .iter()
        .map(|b| u64::from(u32::from_le_bytes(*b)))
        .collect();
    if offsets.len() != count {
        return None;
    }
    let (from, to) = (*offsets.get(n)?, offsets.get(n + 1).copied());
    let mut at = 0;
    let mut frame = Vec::new();
    let mut begun = false;
    for fragment in fragments {
        begun |= at == from;
        if to.is_some_and(|to| at >= to) {
            break;
        }
        if begun {
            frame.extend_from_slice(fragment);
        }
        // Item tag and length, then the fragment.
        at += 8 + fragment.len() as u64;
    }
    begun.then_some(frame)
}

/// `GET .../instances/{instance}/bulkdata/{path}`, the address that metadata give.
pub(crate) async fn bulk_data(
    Shared(state): Shared<State>,
    path: InstancePath,
    headers: HeaderMap,
) -> Result<Response, ApiFailure> {
    let (one, place) = one_instance(&state, &headers, path).await?;
    accept::require(&headers, &[OCTETS, "application/octet-stream"])?;
    let value = open(&state, &one, move |file| bulk_value(&file.data, &place)).await?;
    let value = value.ok_or(ApiFailure::NotFound)?;
    let kind = "application/octet-stream";
    multipart_of(kind, kind, &[Bytes::from(value)])
}

/// The value at `ggggeeee` or `ggggeeee.item.ggggeeee`.
fn bulk_value(data: &DataSet<'_>, place: &str) -> Option<Vec<u8>> {
    let (first, rest) = match place.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (place, None),
    };
    let element = data.get(first.parse().ok()?)?;
    match (&element.value, rest) {
        (Value::Items(items), Some(rest)) => {
            let (item, rest) = rest.split_once('.')?;
            bulk_value(items.get(item.parse::<usize>().ok()?)?, rest)
        }
        (Value::Bytes(bytes), None) => {
            Some(json::little_endian(bytes, element.vr, data.big_endian))
        }
        (Value::Fragments { raw, .. }, None) => Some(raw.to_vec()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_become_frames() {
        let parts: [&[u8]; 4] = [b"aa", b"bbbb", b"cc", b"dd"];
        assert_eq!(
            encapsulated_frame(b"", &parts, 2, 4).as_deref(),
            Some(&b"cc"[..])
        );
        assert_eq!(
            encapsulated_frame(b"", &parts[..2], 0, 1).as_deref(),
            Some(&b"aabbbb"[..])
        );
        assert_eq!(encapsulated_frame(b"", &parts, 1, 2), None);
        // Frame 0 is "aa" and "bbbb", frame 1 starts at 10 + 12.
        let table = [0u32.to_le_bytes(), 22u32.to_le_bytes()].concat();
        assert_eq!(
            encapsulated_frame(&table, &parts, 0, 2).as_deref(),
            Some(&b"aabbbb"[..])
        );
        assert_eq!(
            encapsulated_frame(&table, &parts, 1, 2).as_deref(),
            Some(&b"ccdd"[..])
        );
        let wrong = [0u32.to_le_bytes(), 21u32.to_le_bytes()].concat();
        assert_eq!(encapsulated_frame(&wrong, &parts, 1, 2), None);
    }
}
