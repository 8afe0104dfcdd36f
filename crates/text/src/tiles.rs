//! A view cut into the tiles that the network takes, and their answers put together.
//!
//! Neighbouring tiles share one half: what stands at the rim of one stands in the middle of another,
//! and their mean holds. Every second tile along each edge is enough to see every pixel once; the
//! others are asked only where those have seen something.

use crate::prepare::View;

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
    places: Vec<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    x: usize,
    y: usize,
    /// One of those that see every pixel.
    first: bool,
}

/// Offsets of tiles along an edge: on cells, half a tile apart, the last one up to the end; and
/// whether it is one of those that cover the edge alone.
fn offsets(size: usize, tile: usize, cell: usize) -> Vec<(usize, bool)> {
    let mut out = vec![0];
    let step = (tile / 2 / cell * cell).max(cell);
    let mut at = 0;
    while at + tile < size {
        at += step;
        if at + tile >= size {
            at = (size - tile).div_ceil(cell) * cell;
        }
        out.push(at);
    }
    let last = out.len() - 1;
    let first = |(i, at)| (at, i % 2 == 0 || i == last);
    out.into_iter().enumerate().map(first).collect()
}

impl<'v> Tiles<'v> {
    /// The tiles of a view in which there may be something; `tile` and `cell` in pixels.
    #[must_use]
    pub fn new(view: &'v View, tile: usize, cell: usize) -> Self {
        let (tile, cell) = (tile.max(1), cell.max(1));
        let mut places = Vec::new();
        for (y, row) in offsets(view.height, tile, cell) {
            for (x, column) in offsets(view.width, tile, cell) {
                let first = row && column;
                places.push(Place { x, y, first });
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

    fn is_flat(&self, Place { x, y, .. }: Place) -> bool {
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

    /// The tiles that see every pixel of the view between them: they are looked at first.
    #[must_use]
    pub fn first(&self) -> Vec<usize> {
        (0..self.len())
            .filter(|&i| self.places.get(i).is_some_and(|p| p.first))
            .collect()
    }

    /// All tiles, the first ones among them, that share a cell in which one of these answers is at
    /// least `doubt`. Answers are by tile, empty where the network was not asked.
    #[must_use]
    pub fn near(&self, answers: &[&[f32]], doubt: f32) -> Vec<usize> {
        let (width, height) = self.cells();
        let edge = self.tile / self.cell;
        let mut hot = vec![false; width * height];
        for (place, answer) in self.places.iter().zip(answers) {
            let (left, top) = (place.x / self.cell, place.y / self.cell);
            for (at, _) in answer.iter().enumerate().filter(|(_, p)| **p >= doubt) {
                let (x, y) = (left + at % edge, top + at / edge);
                if x < width
                    && let Some(cell) = hot.get_mut(y * width + x)
                {
                    *cell = true;
                }
            }
        }
        let sees = |place: &Place| {
            let (left, top) = (place.x / self.cell, place.y / self.cell);
            (top..(top + edge).min(height)).any(|y| {
                let row = y * width + left..y * width + (left + edge).min(width);
                hot.get(row).unwrap_or_default().contains(&true)
            })
        };
        (0..self.len())
            .filter(|&i| self.places.get(i).is_some_and(sees))
            .collect()
    }

    /// How many cells the view has in a row, and how many rows of them.
    fn cells(&self) -> (usize, usize) {
        (
            self.view.width.div_ceil(self.cell),
            self.view.height.div_ceil(self.cell),
        )
    }

    /// The shades of tile `i`; what lies outside of the view repeats its edge.
    #[must_use]
    pub fn shades(&self, i: usize) -> Vec<f32> {
        let Some(&Place {
            x: left, y: top, ..
        }) = self.places.get(i)
        else {
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

    /// The answers as one map: where tiles share cells their mean, in which the middle of a tile counts
    /// more than its rim. They are by tile, empty where the network was not asked. What it says of
    /// cells outside of the view is left out; cells that nobody asked about are nothing.
    #[must_use]
    pub fn join(&self, answers: &[&[f32]]) -> Map {
        let (width, height) = self.cells();
        let mut sums = vec![(0.0_f32, 0.0_f32); width * height];
        let edge = self.tile / self.cell;
        let worth = |i: usize| i.min(edge - 1 - i) as f32 + 0.5;
        for (place, answer) in self.places.iter().zip(answers) {
            let (left, top) = (place.x / self.cell, place.y / self.cell);
            for (j, row) in answer.chunks(edge).enumerate() {
                for (i, &p) in row.iter().enumerate() {
                    if left + i < width
                        && top + j < height
                        && let Some(sum) = sums.get_mut((top + j) * width + left + i)
                    {
                        let weight = worth(i).min(worth(j));
                        sum.0 += weight * p;
                        sum.1 += weight;
                    }
                }
            }
        }
        let mean = |(sum, weight): (f32, f32)| if weight > 0.0 { sum / weight } else { 0.0 };
        Map {
            width,
            height,
            cells: sums.into_iter().map(mean).collect(),
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
            let (seen, first) = (vec![1.0; 64 * 64], tiles.first());
            let asked = |i| if first.contains(&i) { seen.as_slice() } else { &[] };
            let answers: Vec<&[f32]> = (0..tiles.len()).map(asked).collect();
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
            let answer = vec![0.9; 64 * 64];
            let map = tiles.join(&vec![answer.as_slice(); tiles.len()]);
            assert_eq!(map.cells.len(), w.div_ceil(4) * h.div_ceil(4));
        }
    }

    #[test]
    fn only_what_is_near_something_is_asked_again() {
        let view = view(1024, 256);
        let tiles = Tiles::new(&view, 256, 4);
        assert_eq!(tiles.len(), 7);
        assert_eq!(tiles.first(), [0, 2, 4, 6]);
        let none = vec![0.1; 64 * 64];
        let mut something = none.clone();
        // In the left half of the third tile, which the second sees too.
        something[64 * 10 + 3] = 0.4;
        let answers = [&none, &none, &something, &none, &none].map(Vec::as_slice);
        assert_eq!(tiles.near(&answers, 0.2), [1, 2]);
        assert_eq!(tiles.near(&answers, 0.5), Vec::<usize>::new());
    }

    #[test]
    fn the_middle_of_a_tile_counts_more_than_the_rim_of_another() {
        let view = view(384, 256);
        let tiles = Tiles::new(&view, 256, 4);
        assert_eq!(tiles.len(), 2);
        let (yes, no) = (vec![1.0; 64 * 64], vec![0.0; 64 * 64]);
        let map = tiles.join(&[&yes, &no]);
        let row = |x: usize| map.cells[32 * map.width + x];
        assert!(row(0) > 0.99 && row(95) < 0.01);
        assert!(row(34) > 0.9 && row(61) < 0.1, "{} {}", row(34), row(61));
        assert!((0..95).all(|x| row(x) >= row(x + 1)));
    }
}
