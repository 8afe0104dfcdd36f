//! A view cut into the tiles that the network takes, and their answers put together.

use crate::prepare::View;

/// How many pixels neighbouring tiles share.
const SHARED: usize = 32;
/// A tile in which all shades lie within this has nothing to be read.
const FLAT: f32 = 0.02;

/// The probability of text by cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// Cells in a row.
    pub width: usize,
    /// Rows of cells.
    pub height: usize,
    /// Row by row, from 0 to 1.
    pub cells: Vec<f32>,
}

/// Where the tiles of a view lie. The network's own sizes are given by the caller, so that this
/// crate needs no network.
#[derive(Debug, Clone)]
pub struct Tiles<'v> {
    view: &'v View,
    tile: usize,
    cell: usize,
    places: Vec<(usize, usize)>,
}

/// Offsets of tiles along an edge: on cells, the last one up to the end.
fn offsets(size: usize, tile: usize, cell: usize) -> Vec<usize> {
    let mut out = vec![0];
    let step = (tile - SHARED.min(tile / 2)).max(1);
    let mut at = 0;
    while at + tile < size {
        at += step;
        if at + tile >= size {
            at = (size - tile).div_ceil(cell) * cell;
        }
        out.push(at);
    }
    out
}

impl<'v> Tiles<'v> {
    /// The tiles of a view in which there may be something; `tile` and `cell` in pixels.
    #[must_use]
    pub fn new(view: &'v View, tile: usize, cell: usize) -> Self {
        let (tile, cell) = (tile.max(1), cell.max(1));
        let mut places = Vec::new();
        for y in offsets(view.height, tile, cell) {
            for x in offsets(view.width, tile, cell) {
                places.push((x, y));
            }
        }
        let mut tiles = Self {
            view,
            tile,
            cell,
            places,
        };
        tiles.places = tiles
            .places
            .iter()
            .copied()
            .filter(|&place| !tiles.is_flat(place))
            .collect();
        tiles
    }

    fn is_flat(&self, (x, y): (usize, usize)) -> bool {
        let (mut low, mut high) = (f32::INFINITY, f32::NEG_INFINITY);
        for row in y..(y + self.tile).min(self.view.height) {
            let start = row * self.view.width;
            let end = start + (x + self.tile).min(self.view.width);
            for &shade in self.view.shades.get(start + x..end).unwrap_or_default() {
                low = low.min(shade);
                high = high.max(shade);
            }
        }
        high - low <= FLAT || low > high
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether the whole view is flat.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The shades of tile `i`; what lies outside of the view repeats its edge.
    #[must_use]
    pub fn shades(&self, i: usize) -> Vec<f32> {
        let Some(&(left, top)) = self.places.get(i) else {
            return vec![0.0; self.tile * self.tile];
        };
        let mut out = Vec::with_capacity(self.tile * self.tile);
        let (last_x, last_y) = (
            self.view.width.saturating_sub(1),
            self.view.height.saturating_sub(1),
        );
        for y in top..top + self.tile {
            let start = y.min(last_y) * self.view.width;
            for x in left..left + self.tile {
                let at = start + x.min(last_x);
                out.push(self.view.shades.get(at).copied().unwrap_or(0.0));
            }
        }
        out
    }

    /// The answers of all tiles as one map; where tiles share cells the greater one holds. What
    /// the network says of cells outside of the view is left out.
    #[must_use]
    pub fn join(&self, answers: &[f32]) -> Map {
        let (width, height) = (
            self.view.width.div_ceil(self.cell),
            self.view.height.div_ceil(self.cell),
        );
        let mut cells = vec![0.0_f32; width * height];
        let edge = self.tile / self.cell;
        for (&(x, y), answer) in self.places.iter().zip(answers.chunks(edge * edge)) {
            let (left, top) = (x / self.cell, y / self.cell);
            for (j, row) in answer.chunks(edge).enumerate() {
                for (i, &p) in row.iter().enumerate() {
                    if left + i < width
                        && top + j < height
                        && let Some(at) = cells.get_mut((top + j) * width + left + i)
                    {
                        *at = at.max(p);
                    }
                }
            }
        }
        Map {
            width,
            height,
            cells,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn view(width: usize, height: usize) -> View {
        View {
            width,
            height,
            shades: (0..width * height).map(|i| (i % 2) as f32).collect(),
            factor: 1,
        }
    }

    proptest! {
        #[test]
        fn every_pixel_is_in_a_tile(width in 1_usize..700, height in 1_usize..700) {
            let view = view(width, height);
            let tiles = Tiles::new(&view, 256, 4);
            // A row of one pixel is the only flat view here.
            prop_assume!(width > 1);
            let answers = vec![1.0; tiles.len() * 64 * 64];
            let map = tiles.join(&answers);
            prop_assert_eq!(map.width, width.div_ceil(4));
            prop_assert_eq!(map.height, height.div_ceil(4));
            prop_assert!(map.cells.iter().all(|&p| p > 0.5));
        }
    }

    #[test]
    fn flat_tiles_need_no_network() {
        let flat = View {
            width: 600,
            height: 600,
            shades: vec![0.3; 360_000],
            factor: 1,
        };
        assert!(Tiles::new(&flat, 256, 4).is_empty());
    }

    #[test]
    fn a_view_of_one_pixel_is_one_tile_at_most() {
        for (w, h) in [(1, 1), (1, 9000), (9000, 1), (2, 2)] {
            let view = view(w, h);
            let tiles = Tiles::new(&view, 256, 4);
            for i in 0..tiles.len() {
                assert_eq!(tiles.shades(i).len(), 256 * 256);
            }
            let map = tiles.join(&vec![0.9; tiles.len() * 64 * 64]);
            assert_eq!(map.cells.len(), w.div_ceil(4) * h.div_ceil(4));
        }
    }
}
