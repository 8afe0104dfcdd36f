//! From probabilities by cell to rectangles around lines of text.

use crate::TextBox;
use crate::tiles::Map;

/// From which probabilities on a cell is text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// A frame has text only when one of its boxes has a cell this likely: who writes on a picture
    /// writes something that can be read. What is less sure counts beside it.
    pub sure: f32,
    /// A box has at least one cell this likely.
    pub seed: f32,
    /// It reaches as far as cells are this likely.
    pub reach: f32,
    /// The likelihoods of its cells add up to at least this.
    pub mass: f32,
}

impl Default for Limits {
    /// Those that the weights in this build were measured with (`docs/models/text.md`).
    fn default() -> Self {
        Self {
            sure: 0.985,
            seed: 0.4,
            reach: 0.15,
            mass: 2.0,
        }
    }
}

/// A rectangle of cells or pixels; ends are not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    x0: usize,
    y0: usize,
    x1: usize,
    y1: usize,
}

impl Span {
    fn width(self) -> usize {
        self.x1 - self.x0
    }

    fn height(self) -> usize {
        self.y1 - self.y0
    }

    fn with(self, o: Self) -> Self {
        Self {
            x0: self.x0.min(o.x0),
            y0: self.y0.min(o.y0),
            x1: self.x1.max(o.x1),
            y1: self.y1.max(o.y1),
        }
    }
}

/// Whether some box of one of these maps is sure enough for the frame to have text at all.
#[must_use]
pub fn has_text(maps: &[Map], limits: Limits) -> bool {
    let sure = Limits {
        seed: limits.seed.max(limits.sure),
        ..limits
    };
    maps.iter().any(|map| !components(map, sure).is_empty())
}

/// The boxes of a map whose cells are `cell` pixels wide, on a frame of this size.
#[must_use]
pub fn boxes(map: &Map, limits: Limits, cell: usize, frame: u32, size: (u32, u32)) -> Vec<TextBox> {
    let mut spans = Vec::new();
    for cells in components(map, limits) {
        split(&cells, &mut spans);
    }
    let spans: Vec<Span> = spans
        .into_iter()
        .filter_map(|s| grown(s, cell, (size.0 as usize, size.1 as usize)))
        .collect();
    let number = |v: usize| u32::try_from(v).unwrap_or(u32::MAX);
    lines(spans)
        .into_iter()
        .map(|s| TextBox {
            frame,
            x: number(s.x0),
            y: number(s.y0),
            width: number(s.width()),
            height: number(s.height()),
        })
        .collect()
}

/// Cells that hang together, corners included.
fn components(map: &Map, limits: Limits) -> Vec<Vec<(usize, usize)>> {
    let mut seen = vec![false; map.cells.len()];
    let likely = |i: usize| map.cells.get(i).copied().unwrap_or(0.0);
    let mut out = Vec::new();
    let mut open = Vec::new();
    for start in 0..map.cells.len() {
        if seen.get(start).copied().unwrap_or(true) || likely(start) < limits.seed {
            continue;
        }
        let (mut cells, mut mass) = (Vec::new(), 0.0);
        open.push(start);
        if let Some(s) = seen.get_mut(start) {
            *s = true;
        }
        while let Some(at) = open.pop() {
            let (x, y) = (at % map.width, at / map.width);
            cells.push((x, y));
            mass += likely(at);
            for v in y.saturating_sub(1)..=(y + 1).min(map.height - 1) {
                for u in x.saturating_sub(1)..=(x + 1).min(map.width - 1) {
                    let next = v * map.width + u;
                    if likely(next) >= limits.reach
                        && let Some(s) = seen.get_mut(next)
                        && !*s
                    {
                        *s = true;
                        open.push(next);
                    }
                }
            }
        }
        if mass >= limits.mass {
            out.push(cells);
        }
    }
    out
}

/// Rectangles around cells: one where they fill it, several where they do not, so that a
/// component bent around an organ does not take the organ with it.
fn split(cells: &[(usize, usize)], out: &mut Vec<Span>) {
    let around = cells
        .iter()
        .map(|&(x, y)| Span {
            x0: x,
            y0: y,
            x1: x + 1,
            y1: y + 1,
        })
        .reduce(Span::with);
    let Some(s) = around else {
        return;
    };
    if cells.len() * 2 >= s.width() * s.height() || s.width().max(s.height()) <= 3 {
        out.push(s);
        return;
    }
    let (a, b): (Vec<_>, Vec<_>) = if s.height() > 2 && s.height() * 2 > s.width() {
        let middle = s.y0 + s.height() / 2;
        cells.iter().partition(|c| c.1 < middle)
    } else {
        let middle = s.x0 + s.width() / 2;
        cells.iter().partition(|c| c.0 < middle)
    };
    split(&a, out);
    split(&b, out);
}

/// In pixels, with a margin, within the frame.
fn grown(s: Span, cell: usize, size: (usize, usize)) -> Option<Span> {
    let margin = (s.width().min(s.height()) * cell / 6).max(cell / 2 + 1);
    let out = Span {
        x0: (s.x0 * cell).saturating_sub(margin),
        y0: (s.y0 * cell).saturating_sub(margin),
        x1: (s.x1 * cell + margin).min(size.0),
        y1: (s.y1 * cell + margin).min(size.1),
    };
    (out.x0 < out.x1 && out.y0 < out.y1).then_some(out)
}

/// Joins what overlaps or follows on the same line.
fn lines(mut spans: Vec<Span>) -> Vec<Span> {
    loop {
        let before = spans.len();
        spans.sort_by_key(|s| (s.y0, s.x0));
        let mut out: Vec<Span> = Vec::with_capacity(before);
        for span in spans {
            match out.iter_mut().rev().take(400).find(|o| belong(**o, span)) {
                Some(other) => *other = other.with(span),
                None => out.push(span),
            }
        }
        if out.len() == before {
            return out;
        }
        spans = out;
    }
}

fn belong(a: Span, b: Span) -> bool {
    let over = |a0: usize, a1: usize, b0: usize, b1: usize| a1.min(b1).saturating_sub(a0.max(b0));
    let (dx, dy) = (over(a.x0, a.x1, b.x0, b.x1), over(a.y0, a.y1, b.y0, b.y1));
    let area = |s: Span| s.width() * s.height();
    if dx * dy * 2 >= area(a).min(area(b)) {
        return true;
    }
    let gap = a.x0.max(b.x0).saturating_sub(a.x1.min(b.x1));
    let (low, tall) = (a.height().min(b.height()), a.height().max(b.height()));
    dy * 10 >= tall * 7 && gap <= low
}

/// The boxes of several views of the same frame as one set.
#[must_use]
pub fn merged(all: &[TextBox]) -> Vec<TextBox> {
    let mut frames: Vec<u32> = all.iter().map(|b| b.frame).collect();
    frames.sort_unstable();
    frames.dedup();
    let mut out = Vec::new();
    for frame in frames {
        let spans = all
            .iter()
            .filter(|b| b.frame == frame)
            .map(|b| Span {
                x0: b.x as usize,
                y0: b.y as usize,
                x1: b.x.saturating_add(b.width) as usize,
                y1: b.y.saturating_add(b.height) as usize,
            })
            .collect();
        let number = |v: usize| u32::try_from(v).unwrap_or(u32::MAX);
        out.extend(lines(spans).into_iter().map(|s| TextBox {
            frame,
            x: number(s.x0),
            y: number(s.y0),
            width: number(s.width()),
            height: number(s.height()),
        }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn map(rows: &[&str]) -> Map {
        Map {
            width: rows[0].len(),
            height: rows.len(),
            cells: rows
                .iter()
                .flat_map(|r| r.bytes())
                .map(|b| match b {
                    b'#' => 0.9,
                    b'+' => 0.4,
                    _ => 0.05,
                })
                .collect(),
        }
    }

    #[test]
    fn words_on_a_line_become_one_box_and_lines_stay_apart() {
        let map = map(&[
            "..............",
            ".####.#####...",
            "..............",
            "..............",
            "..............",
            ".#########....",
            "..............",
        ]);
        let found = boxes(&map, Limits::default(), 4, 3, (56, 28));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().all(|b| b.frame == 3));
        let first = found[0];
        assert!(first.x <= 4 && first.x + first.width >= 44 && first.y <= 4);
    }

    #[test]
    fn weak_cells_only_widen_what_is_strong() {
        let weak = map(&["......", ".++++.", "......"]);
        assert!(boxes(&weak, Limits::default(), 4, 0, (24, 12)).is_empty());
        let strong = map(&["......", ".+##+.", "......"]);
        let found = boxes(&strong, Limits::default(), 4, 0, (24, 12));
        assert!(found[0].x <= 4 && found[0].x + found[0].width >= 20);
    }

    #[test]
    fn text_along_two_edges_does_not_take_the_picture_between() {
        let mut rows = vec![vec![b'.'; 40]; 40];
        rows[0] = vec![b'#'; 40];
        for row in &mut rows {
            row[0] = b'#';
        }
        let rows: Vec<String> = rows
            .into_iter()
            .map(|r| String::from_utf8(r).unwrap())
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let found = boxes(&map(&rows), Limits::default(), 4, 0, (160, 160));
        let inside = |x: u32, y: u32| {
            found
                .iter()
                .any(|b| (b.x..b.x + b.width).contains(&x) && (b.y..b.y + b.height).contains(&y))
        };
        assert!(
            inside(80, 1) && inside(1, 80) && !inside(80, 80),
            "{found:?}"
        );
    }

    proptest! {
        #[test]
        fn every_strong_group_is_inside_a_box(
            width in 1_usize..40,
            height in 1_usize..40,
            marks in prop::collection::vec((0_usize..40, 0_usize..40), 0..60),
        ) {
            let mut map = Map { width, height, cells: vec![0.0; width * height] };
            for (x, y) in marks {
                if x < width && y < height {
                    map.cells[y * width + x] = 0.95;
                }
            }
            let limits = Limits { mass: 0.5, ..Limits::default() };
            let size = (width as u32 * 4 - 1, height as u32 * 4 - 2);
            let found = boxes(&map, limits, 4, 0, size);
            for b in &found {
                prop_assert!(b.x + b.width <= size.0 && b.y + b.height <= size.1);
                prop_assert!(b.width > 0 && b.height > 0);
            }
            for y in 0..height {
                for x in 0..width {
                    if map.cells[y * width + x] > 0.5 {
                        let (u, v) = ((x * 4) as u32, (y * 4) as u32);
                        let covered = found.iter().any(|b| {
                            (b.x..b.x + b.width).contains(&u) && (b.y..b.y + b.height).contains(&v)
                        });
                        prop_assert!(covered);
                    }
                }
            }
        }
    }
}
