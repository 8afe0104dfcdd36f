//! Text: every frame of an object, through views and tiles and the network, to boxes.

use std::collections::HashMap;

use cordon_dicom::File;
use cordon_nets::line::{LETTERS, LineNet, TALL, WIDE};
use cordon_nets::text::{CELL, MAP, TILE, TextNet};
use cordon_nets::{Device, NetError};
use cordon_pixels::{Frame, PixelError, Presentation, describe, frame};
use cordon_protocol::HarmlessText;
use cordon_text::{
    Limits, Map, Reading, TextBox, Tiles, Triage, View, boxes, harmless, has_text, line_of, merged,
    rules, views,
};
use serde::Serialize;
use thiserror::Error;

/// How many tiles the network gets at once.
const BATCH: usize = 8;
/// Where no cell is this likely nothing is looked at again.
const DOUBT: f32 = 0.15;

/// What finds text, and what reads it where a protocol keeps some.
#[derive(Debug, Clone, Copy)]
pub struct TextNets<'n> {
    /// Finds text.
    pub find: &'n TextNet,
    /// Reads a line; where there is none, no text stays.
    pub read: Option<&'n LineNet>,
    /// What they run on.
    pub device: &'n Device,
}

/// Text that may stay, because the protocol keeps its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Where it stands.
    pub place: TextBox,
    /// What it is.
    pub kind: HarmlessText,
}

/// What was found in one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextReport {
    /// What the header asked for.
    pub triage: Triage,
    /// Frames looked at: all of them, or none where there is no picture.
    pub frames: u32,
    /// What the network found and must not stay.
    pub boxes: Vec<TextBox>,
    /// What it found and the protocol keeps.
    pub kept: Vec<Kept>,
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

/// Looks for text on every frame, and leaves out of it what is of a kind in `keep` and read as
/// such without doubt, unless this device is known to write there. `progress` is told how many frames of how many are done, and
/// stops the search by saying `false`.
///
/// In clips most tiles are those of the frame before: their answers are used again, where every
/// shade is the same.
///
/// # Errors
/// When a frame cannot be decoded, the network fails, or it was stopped.
pub async fn find_text(
    file: &File<'_>,
    nets: TextNets<'_>,
    keep: &[HarmlessText],
    progress: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<TextReport, TextError> {
    let triage = Triage::of(&file.data);
    let mut report = TextReport {
        triage,
        frames: 0,
        boxes: Vec::new(),
        kept: Vec::new(),
        places: Vec::new(),
    };
    if triage == Triage::Nothing {
        return Ok(report);
    }
    let undecoded = |n| move |error| TextError::Pixels { frame: n, error };
    let info = describe(&file.data).map_err(undecoded(0))?;
    let mut eye = Eye {
        net: nets.find,
        device: nets.device,
        limits: Limits::default(),
        before: Known::new(),
    };
    for n in 0..info.frames {
        if !progress(n as usize, info.frames as usize) {
            return Err(TextError::Stopped);
        }
        let frame = frame(file, n).map_err(undecoded(n))?;
        let presentation = Presentation::of(&file.data, &info, n);
        let views = views(&frame, &presentation);
        let found = eye.look(&frame, &views, n).await?;
        let places = rules::places(&file.data, &frame, n);
        let kinds = kinds(&views, &found, nets, keep).await?;
        for (place, kind) in found.into_iter().zip(kinds) {
            match kind {
                Some(kind) if !places.iter().any(|p| p.meets(&place)) => {
                    report.kept.push(Kept { place, kind });
                }
                _ => report.boxes.push(place),
            }
        }
        report.places.extend(places);
        report.frames += 1;
    }
    progress(info.frames as usize, info.frames as usize);
    Ok(report)
}

/// What each box of a frame holds, of what may stay: read where it is shown as the device shows it.
async fn kinds(
    views: &[View],
    found: &[TextBox],
    nets: TextNets<'_>,
    keep: &[HarmlessText],
) -> Result<Vec<Option<HarmlessText>>, TextError> {
    let (Some(net), Some(view), false) = (nets.read, views.first(), keep.is_empty()) else {
        return Ok(vec![None; found.len()]);
    };
    let mut readings = Vec::with_capacity(found.len());
    for place in found {
        readings.push(match line_of(view, place, TALL, WIDE) {
            Some(line) => Reading::of(&net.read(line, nets.device).await?, LETTERS),
            None => Reading::none(),
        });
    }
    Ok(harmless(found, &readings, keep))
}

/// Looks for text on one decoded frame, such as one that was blacked out, with these limits.
///
/// # Errors
/// When the network fails.
pub async fn find_within(
    frame: &Frame,
    presentation: &Presentation,
    n: u32,
    net: &TextNet,
    device: &Device,
    limits: Limits,
) -> Result<Vec<TextBox>, TextError> {
    let mut eye = Eye {
        net,
        device,
        limits,
        before: Known::new(),
    };
    eye.look(frame, &views(frame, presentation), n).await
}

/// How a tile is shown to the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Plain,
    Inverse,
}

/// A tile and what the network said of it; empty where it was not asked.
#[derive(Debug, Default)]
struct Looked {
    shades: Vec<f32>,
    plain: Vec<f32>,
    inverse: Vec<f32>,
}

impl Looked {
    fn input(&self, way: Way) -> impl Iterator<Item = f32> {
        self.shades.iter().map(move |&shade| match way {
            Way::Plain => shade,
            Way::Inverse => 1.0 - shade,
        })
    }

    fn knows(&self, way: Way) -> bool {
        match way {
            Way::Plain => !self.plain.is_empty(),
            Way::Inverse => !self.inverse.is_empty(),
        }
    }

    fn answer(&mut self, way: Way) -> &mut Vec<f32> {
        match way {
            Way::Plain => &mut self.plain,
            Way::Inverse => &mut self.inverse,
        }
    }

    fn mean(&self) -> Vec<f32> {
        let both = self.plain.iter().zip(&self.inverse);
        both.map(|(&p, &q)| f32::midpoint(p, q)).collect()
    }
}

/// Tiles of the frame before, by view, with the network's answers.
type Known = HashMap<usize, Vec<Looked>>;

/// What looks at one frame after another.
struct Eye<'n> {
    net: &'n TextNet,
    device: &'n Device,
    limits: Limits,
    before: Known,
}

impl Eye<'_> {
    async fn look(
        &mut self,
        frame: &Frame,
        views: &[View],
        n: u32,
    ) -> Result<Vec<TextBox>, TextError> {
        let mut maps = Vec::with_capacity(views.len());
        for (v, view) in views.iter().enumerate() {
            maps.push(self.map(view, v).await?);
        }
        if !has_text(&maps, self.limits) {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for (map, view) in maps.iter().zip(views) {
            found.extend(self.boxes(map, view, n));
        }
        let mut found = merged(&found);
        for b in &mut found {
            b.width = b.width.min(frame.columns.saturating_sub(b.x));
            b.height = b.height.min(frame.rows.saturating_sub(b.y));
        }
        found.retain(|b| b.width > 0 && b.height > 0);
        Ok(found)
    }

    /// The network's answers for a view, put together. Where it may have seen something it is asked
    /// again, about the tiles between, and with black and white exchanged, and the mean holds: letters
    /// are letters either way and wherever the tile ends, edges and combs are often not.
    async fn map(&mut self, view: &View, v: usize) -> Result<Map, TextError> {
        let tiles = Tiles::new(view, TILE, CELL);
        let mut known = self.before.remove(&v).unwrap_or_default();
        known.resize_with(tiles.len(), Looked::default);
        for (i, looked) in known.iter_mut().enumerate() {
            let shades = tiles.shades(i);
            if looked.shades != shades {
                *looked = Looked {
                    shades,
                    ..Looked::default()
                };
            }
        }
        let first = tiles.first();
        self.ask(&mut known, &first, Way::Plain).await?;
        let answers: Vec<&[f32]> = (0..tiles.len())
            .map(|i| known.get(i).filter(|_| first.binary_search(&i).is_ok()))
            .map(|looked| looked.map_or(&[][..], |l| &l.plain))
            .collect();
        let near = tiles.near(&answers, DOUBT);
        self.ask(&mut known, &near, Way::Plain).await?;
        let doubtful = |i: &usize| {
            let looked = known.get(*i);
            looked.is_some_and(|l| l.plain.iter().any(|p| *p >= DOUBT))
        };
        let again: Vec<usize> = near.iter().copied().filter(doubtful).collect();
        self.ask(&mut known, &again, Way::Inverse).await?;
        let asked = |i: &usize| first.binary_search(i).is_ok() || near.binary_search(i).is_ok();
        let mut answers: Vec<Vec<f32>> = Vec::with_capacity(known.len());
        for (i, looked) in known.iter().enumerate() {
            answers.push(if again.binary_search(&i).is_ok() {
                looked.mean()
            } else if asked(&i) {
                looked.plain.clone()
            } else {
                Vec::new()
            });
        }
        self.before.insert(v, known);
        let answers: Vec<&[f32]> = answers.iter().map(Vec::as_slice).collect();
        Ok(tiles.join(&answers))
    }

    /// Asks the network about those of these tiles that it has not answered yet.
    async fn ask(&self, known: &mut [Looked], tiles: &[usize], way: Way) -> Result<(), TextError> {
        let mut open: Vec<&mut Looked> = known
            .iter_mut()
            .enumerate()
            .filter(|(i, looked)| tiles.binary_search(i).is_ok() && !looked.knows(way))
            .map(|(_, looked)| looked)
            .collect();
        for batch in open.chunks_mut(BATCH) {
            let input = batch.iter().flat_map(|l| l.input(way)).collect();
            let maps = self.net.find(input, self.device).await?;
            for (looked, map) in batch.iter_mut().zip(maps.chunks(MAP * MAP)) {
                looked.answer(way).extend_from_slice(map);
            }
        }
        Ok(())
    }

    /// Boxes in pixels of the frame.
    fn boxes(&self, map: &Map, view: &View, n: u32) -> Vec<TextBox> {
        let size = (view.width as u32, view.height as u32);
        let factor = view.factor as u32;
        let mut found = boxes(map, self.limits, CELL, n, size);
        if factor > 1 {
            for b in &mut found {
                b.x *= factor;
                b.y *= factor;
                // A pixel more, for what an odd edge lost in halving; the frame cuts it off.
                b.width = (b.width + 1) * factor;
                b.height = (b.height + 1) * factor;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_nets::device::wait;
    use cordon_pixels::{Modality, Photometric, Samples};

    fn plain() -> Presentation {
        Presentation {
            modality: Modality::Rescale {
                slope: 1.0,
                intercept: 0.0,
            },
            windows: Vec::new(),
            tables: Vec::new(),
            padding: None,
            inverse: false,
            palette: None,
        }
    }

    #[test]
    fn boxes_lie_on_the_frame_whatever_its_size_and_the_network() {
        let device = Device::flex();
        let net = TextNet::new(&device);
        let any = Limits {
            sure: 0.0,
            seed: 0.0,
            reach: 0.0,
            mass: 0.0,
        };
        for (columns, rows) in [(1, 1), (1, 300), (300, 1), (257, 3), (1003, 1001)] {
            let n = (columns * rows) as usize;
            let frame = Frame {
                rows,
                columns,
                samples_per_pixel: 1,
                bits_stored: 8,
                photometric: Photometric::Monochrome2,
                samples: Samples::U8((0..n).map(|i| (i * 7 % 256) as u8).collect()),
            };
            let found = wait(find_within(&frame, &plain(), 2, &net, &device, any)).expect("boxes");
            for b in &found {
                assert!(b.frame == 2 && b.width > 0 && b.height > 0);
                assert!(b.x + b.width <= columns && b.y + b.height <= rows);
            }
        }
    }

    #[test]
    fn a_tile_that_is_the_same_on_the_next_frame_is_not_looked_at_again() {
        let device = Device::flex();
        let net = TextNet::new(&device);
        let mut eye = Eye {
            net: &net,
            device: &device,
            limits: Limits::default(),
            before: Known::new(),
        };
        let view = View {
            width: 256,
            height: 256,
            shades: (0..65_536).map(|i| (i % 5) as f32 / 4.0).collect(),
            factor: 1,
        };
        let first = wait(eye.map(&view, 0)).expect("a map");
        // A network of other weights shows whether it was asked.
        let other = TextNet::new(&device);
        eye.net = &other;
        assert_eq!(wait(eye.map(&view, 0)).expect("a map"), first);
        let mut moved = view.clone();
        moved.shades[7] += 0.01;
        assert_ne!(wait(eye.map(&moved, 0)).expect("a map"), first);
    }
}
