//! Text: every frame of an object, through views and tiles and the network, to boxes.

use std::collections::HashMap;

use cordon_dicom::File;
use cordon_nets::text::{CELL, MAP, TILE, TextNet};
use cordon_nets::{Device, NetError};
use cordon_pixels::{Frame, PixelError, Presentation, describe, frame};
use cordon_text::{Limits, TextBox, Tiles, Triage, View, boxes, merged, rules, views};
use serde::Serialize;
use thiserror::Error;

/// How many tiles the network gets at once.
const BATCH: usize = 8;

/// What was found in one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextReport {
    /// What the header asked for.
    pub triage: Triage,
    /// Frames looked at: all of them, or none where there is no picture.
    pub frames: u32,
    /// What the network found.
    pub boxes: Vec<TextBox>,
    /// Where this device is known to write, or writes outside of its image, and the frame is not
    /// all of one value.
    pub places: Vec<TextBox>,
}

/// Why nobody knows whether there is text. Nobody may take that for none.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TextError {
    /// A frame cannot be decoded.
    #[error("frame {frame} cannot be decoded: {error}")]
    Pixels {
        /// Zero-based.
        frame: u32,
        /// Why.
        error: PixelError,
    },
    /// The network failed.
    #[error(transparent)]
    Net(#[from] NetError),
    /// The person stopped it.
    #[error("stopped")]
    Stopped,
}

/// Looks for text on every frame. `progress` is told how many frames of how many are done, and
/// stops the search by saying `false`.
///
/// In clips most tiles are those of the frame before: their answers are used again, where every
/// shade is the same.
///
/// # Errors
/// When a frame cannot be decoded, the network fails, or it was stopped.
pub async fn find_text(
    file: &File<'_>,
    net: &TextNet,
    device: &Device,
    progress: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<TextReport, TextError> {
    let triage = Triage::of(&file.data);
    let mut report = TextReport {
        triage,
        frames: 0,
        boxes: Vec::new(),
        places: Vec::new(),
    };
    if triage == Triage::Nothing {
        return Ok(report);
    }
    let undecoded = |n| move |error| TextError::Pixels { frame: n, error };
    let info = describe(&file.data).map_err(undecoded(0))?;
    let mut before = Known::default();
    for n in 0..info.frames {
        if !progress(n as usize, info.frames as usize) {
            return Err(TextError::Stopped);
        }
        let frame = frame(file, n).map_err(undecoded(n))?;
        let presentation = Presentation::of(&file.data, &info, n);
        report
            .boxes
            .extend(look(&frame, &presentation, n, net, device, &mut before).await?);
        report.places.extend(rules::places(&file.data, &frame, n));
        report.frames += 1;
    }
    progress(info.frames as usize, info.frames as usize);
    Ok(report)
}

/// Looks for text on one decoded frame, such as one that was blacked out.
///
/// # Errors
/// When the network fails.
pub async fn find_on_frame(
    frame: &Frame,
    presentation: &Presentation,
    n: u32,
    net: &TextNet,
    device: &Device,
) -> Result<Vec<TextBox>, TextError> {
    look(frame, presentation, n, net, device, &mut Known::default()).await
}

/// Tiles of the frame before, with the network's answers: by view and place.
type Known = HashMap<(usize, usize), (Vec<f32>, Vec<f32>)>;

async fn look(
    frame: &Frame,
    presentation: &Presentation,
    n: u32,
    net: &TextNet,
    device: &Device,
    before: &mut Known,
) -> Result<Vec<TextBox>, TextError> {
    let mut found = Vec::new();
    for (v, view) in views(frame, presentation).iter().enumerate() {
        found.extend(look_at(view, v, n, net, device, before).await?);
    }
    let mut found = merged(&found);
    for b in &mut found {
        b.width = b.width.min(frame.columns.saturating_sub(b.x));
        b.height = b.height.min(frame.rows.saturating_sub(b.y));
    }
    found.retain(|b| b.width > 0 && b.height > 0);
    Ok(found)
}

async fn look_at(
    view: &View,
    v: usize,
    n: u32,
    net: &TextNet,
    device: &Device,
    before: &mut Known,
) -> Result<Vec<TextBox>, TextError> {
    let tiles = Tiles::new(view, TILE, CELL);
    let mut answers: Vec<Vec<f32>> = Vec::with_capacity(tiles.len());
    let mut open: Vec<(usize, Vec<f32>)> = Vec::new();
    for i in 0..tiles.len() {
        let shades = tiles.shades(i);
        match before.get(&(v, i)) {
            Some((same, answer)) if *same == shades => answers.push(answer.clone()),
            _ => {
                answers.push(Vec::new());
                open.push((i, shades));
            }
        }
        if open.len() == BATCH || (i + 1 == tiles.len() && !open.is_empty()) {
            let input = open.iter().flat_map(|(_, s)| s.iter().copied()).collect();
            let maps = net.find(input, device).await?;
            for ((i, shades), map) in open.drain(..).zip(maps.chunks(MAP * MAP)) {
                if let Some(answer) = answers.get_mut(i) {
                    answer.extend_from_slice(map);
                }
                before.insert((v, i), (shades, map.to_vec()));
            }
        }
    }
    let map = tiles.join(&answers.concat());
    let size = (view.width as u32, view.height as u32);
    let factor = view.factor as u32;
    let mut found = boxes(&map, Limits::default(), CELL, n, size);
    for b in &mut found {
        b.x *= factor;
        b.y *= factor;
        // What an odd edge lost in halving belongs to the last box.
        b.width = (b.width + 1) * factor;
        b.height = (b.height + 1) * factor;
    }
    if factor == 1 {
        for b in &mut found {
            b.width -= 1;
            b.height -= 1;
        }
    }
    Ok(found)
}
