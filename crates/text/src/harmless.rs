//! Which lines say nothing about a person and may stay where a protocol lets them: a side marker
//! alone in its place, the figures of a ruler, a window's centre and width.
//!
//! What a network reads is not trusted by the letter. A line stays only when every letter of it is
//! sure, the whole of it is one of a few forms, and what is around it agrees: a letter beside a
//! word is part of the word, three figures in steps are a ruler and one is an age.

use cordon_protocol::HarmlessText;

use crate::TextBox;

/// From which probability on a letter is sure.
const SURE: f32 = 0.9;
/// What stands for a letter of another kind.
const OTHER: char = '\u{FFFD}';
/// Markers of a side or a view, in the forms of lead and of screens. Not `Li` and `Re`: the one is
/// a name.
const MARKERS: [&str; 24] = [
    "L", "R", "LT", "RT", "LL", "RL", "AP", "PA", "A", "P", "H", "F", "S", "I", "LA", "RA", "LP",
    "RP", "CC", "MLO", "LMLO", "RMLO", "LCC", "RCC",
];

/// One line as the network read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Its letters.
    text: String,
    /// Whether each of them is sure.
    sure: bool,
}

impl Reading {
    /// Reads the answer for one line: a column after the other, in each the probabilities of a
    /// gap, of each of `letters`, and of another letter.
    #[must_use]
    pub fn of(columns: &[f32], letters: &str) -> Self {
        let classes = letters.chars().count() + 2;
        let (mut text, mut sure) = (String::new(), true);
        let mut before = 0;
        let mut strength = 0.0_f32;
        for column in columns.chunks_exact(classes) {
            let best = column
                .iter()
                .copied()
                .enumerate()
                .max_by(|a, b| a.1.total_cmp(&b.1));
            let Some((class, likely)) = best else {
                continue;
            };
            sure &= column.last().is_some_and(|&other| other < 1.0 - SURE);
            if class != before {
                // A letter is as sure as the surest of its columns.
                sure &= before == 0 || strength >= SURE;
                strength = 0.0;
                if class > 0 {
                    text.push(letters.chars().nth(class - 1).unwrap_or(OTHER));
                }
            }
            strength = strength.max(likely);
            before = class;
        }
        sure &= before == 0 || strength >= SURE;
        Self { text, sure }
    }

    /// What cannot be read.
    #[must_use]
    pub fn none() -> Self {
        Self {
            text: String::new(),
            sure: false,
        }
    }

    /// The letters, for measuring how well the network reads.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether every letter is sure, for measuring.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        self.sure
    }

    fn is_marker(&self) -> bool {
        self.sure && MARKERS.contains(&self.text.trim())
    }

    /// The number beside a mark of a ruler, whose line the box may have caught.
    fn figure(&self) -> Option<i64> {
        let text = self.text.trim().trim_matches(['-', ' ']);
        let text = text
            .strip_suffix("cm")
            .or(text.strip_suffix("mm"))
            .unwrap_or(text)
            .trim();
        let digits = (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        (self.sure && digits).then(|| text.parse().ok()).flatten()
    }

    /// A window: a width and a centre, each by its letter. One alone might be a number of anything.
    fn is_window(&self) -> bool {
        let mut rest = self.text.trim();
        let (mut widths, mut centres) = (0, 0);
        while !rest.is_empty() {
            let word = ["WW", "WL", "WC", "W", "C", "L"]
                .into_iter()
                .find_map(|word| rest.strip_prefix(word).map(|after| (word, after)));
            let Some((word, after)) = word else {
                return false;
            };
            let after = after.trim_start_matches([':', '=', ' ']);
            let after = after.strip_prefix('-').unwrap_or(after);
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            if !(1..=5).contains(&digits) {
                return false;
            }
            match word {
                "W" | "WW" => widths += 1,
                _ => centres += 1,
            }
            let next = after.get(digits..).unwrap_or_default();
            rest = next.trim_start_matches([' ', '/', ',']);
            if !rest.is_empty() && rest.len() == next.len() {
                return false;
            }
        }
        self.sure && widths == 1 && centres == 1
    }
}

/// Which of the boxes of one frame hold harmless text of a kind in `keep`, and of which kind.
/// `readings` are those of `boxes`.
#[must_use]
pub fn harmless(
    boxes: &[TextBox],
    readings: &[Reading],
    keep: &[HarmlessText],
) -> Vec<Option<HarmlessText>> {
    let rulers = rulers(boxes, readings);
    boxes
        .iter()
        .zip(readings)
        .zip(rulers)
        .map(|((b, reading), ruler)| {
            let kind = if ruler {
                HarmlessText::Ruler
            } else if reading.is_window() {
                HarmlessText::WindowValue
            } else if reading.is_marker() && alone(b, boxes) {
                HarmlessText::SideMarker
            } else {
                return None;
            };
            keep.contains(&kind).then_some(kind)
        })
        .collect()
}

/// Whether no other box stands within three letters' width on any side.
fn alone(b: &TextBox, all: &[TextBox]) -> bool {
    let far = 3 * u64::from(b.width.min(b.height));
    let apart = |a0: u32, al: u32, b0: u32, bl: u32| {
        let (a1, b1) = (u64::from(a0) + u64::from(al), u64::from(b0) + u64::from(bl));
        u64::from(a0)
            .saturating_sub(b1)
            .max(u64::from(b0).saturating_sub(a1))
    };
    all.iter()
        .filter(|o| o.frame == b.frame && *o != b)
        .all(|o| {
            apart(b.x, b.width, o.x, o.width) > far || apart(b.y, b.height, o.y, o.height) > far
        })
}

/// Which boxes hold figures that rise or fall by one step along a row or a column, as far apart
/// as the step says: three at least.
fn rulers(boxes: &[TextBox], readings: &[Reading]) -> Vec<bool> {
    let mut out = vec![false; boxes.len()];
    let figures: Vec<(usize, i64, [f64; 2], f64)> = boxes
        .iter()
        .zip(readings)
        .enumerate()
        .filter_map(|(i, (b, reading))| {
            let middle = |at: u32, long: u32| f64::from(at) + f64::from(long) / 2.0;
            let place = [middle(b.x, b.width), middle(b.y, b.height)];
            Some((i, reading.figure()?, place, f64::from(b.height)))
        })
        .collect();
    for along in [0, 1] {
        let across = 1 - along;
        for first in &figures {
            for second in &figures {
                let step = second.1 - first.1;
                let way = second.2[along] - first.2[along];
                // Figures of a column may be as wide as they like; those of a row stand on it.
                let beside = |a: &(usize, i64, [f64; 2], f64)| {
                    let off = (a.2[across] - first.2[across]).abs();
                    off <= if along == 0 {
                        0.5 * first.3
                    } else {
                        1.2 * first.3
                    }
                };
                if step == 0 || way <= first.3 || !beside(second) {
                    continue;
                }
                let line: Vec<usize> = figures
                    .iter()
                    .filter(|f| {
                        let n = (f.2[along] - first.2[along]) / way;
                        let whole = n.round();
                        beside(f)
                            && (n - whole).abs() * way <= 0.5 * first.3
                            && (f.1 - first.1) == step * whole as i64
                    })
                    .map(|f| f.0)
                    .collect();
                if line.len() >= 3 {
                    for i in line {
                        if let Some(at) = out.get_mut(i) {
                            *at = true;
                        }
                    }
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTERS: &str = "0123456789LRWC :-cm";

    fn read(text: &str) -> Reading {
        Reading {
            text: text.to_owned(),
            sure: true,
        }
    }

    fn place(x: u32, y: u32, width: u32, height: u32) -> TextBox {
        TextBox {
            frame: 0,
            x,
            y,
            width,
            height,
        }
    }

    const ALL: [HarmlessText; 3] = [
        HarmlessText::SideMarker,
        HarmlessText::Ruler,
        HarmlessText::WindowValue,
    ];

    /// Columns that say these classes, each with this probability.
    fn columns(said: &[(usize, f32)]) -> Vec<f32> {
        let classes = LETTERS.chars().count() + 2;
        let mut out = Vec::new();
        for &(class, likely) in said {
            let rest = (1.0 - likely) / (classes - 1) as f32;
            out.extend((0..classes).map(|c| if c == class { likely } else { rest }));
        }
        out
    }

    #[test]
    fn letters_are_apart_by_a_gap_and_one_that_is_not_sure_makes_the_line_unsure() {
        let one = (2, 0.95);
        let gap = (0, 0.99);
        assert_eq!(
            Reading::of(&columns(&[gap, one, one, gap]), LETTERS),
            read("1")
        );
        let two = Reading::of(&columns(&[one, gap, one]), LETTERS);
        assert_eq!(two, read("11"));
        // The surest column of a letter counts.
        assert!(Reading::of(&columns(&[(2, 0.5), one]), LETTERS).sure);
        assert!(!Reading::of(&columns(&[(2, 0.5), (2, 0.8), gap]), LETTERS).sure);
        assert!(!Reading::of(&columns(&[one, gap, (3, 0.7)]), LETTERS).sure);
        let other = LETTERS.chars().count() + 1;
        assert!(!Reading::of(&columns(&[one, gap, (other, 0.4)]), LETTERS).sure);
        assert!(
            Reading::of(&columns(&[one, gap, (other, 0.97)]), LETTERS)
                .text
                .contains(OTHER)
        );
    }

    #[test]
    fn a_marker_stays_alone_and_goes_beside_other_text() {
        let kept = |boxes: &[TextBox], readings: &[Reading]| harmless(boxes, readings, &ALL);
        let l = place(10, 10, 12, 16);
        assert_eq!(kept(&[l], &[read("L")]), [Some(HarmlessText::SideMarker)]);
        assert_eq!(
            kept(&[l], &[read(" RT ")]),
            [Some(HarmlessText::SideMarker)]
        );
        for other in ["Li", "LEE", "X", "", "1"] {
            assert_eq!(kept(&[l], &[read(other)]), [None], "{other}");
        }
        let unsure = Reading {
            sure: false,
            ..read("L")
        };
        assert_eq!(kept(&[l], &[unsure]), [None]);
        let near = place(30, 10, 60, 16);
        assert_eq!(kept(&[l, near], &[read("L"), read("ARSSON")]), [None, None]);
        let far = place(300, 200, 60, 16);
        assert_eq!(
            kept(&[l, far], &[read("L"), read("ARSSON")]),
            [Some(HarmlessText::SideMarker), None]
        );
    }

    #[test]
    fn a_window_names_its_width_and_its_centre() {
        for yes in [
            "W 400 L 40",
            "WW:400 WL:40",
            "C40 W400",
            "W:2000/L:-600",
            "W=80,C=35",
        ] {
            assert!(read(yes).is_window(), "{yes}");
        }
        for no in [
            "W400",
            "C12345",
            "L 40",
            "W 400 L 40 DOE",
            "W 400 W 40",
            "W 123456 L 1",
            "",
            "W L",
            "W400L40",
        ] {
            assert!(!read(no).is_window(), "{no}");
        }
    }

    #[test]
    fn figures_in_steps_are_a_ruler_and_others_are_not() {
        let column = |figures: &[&str], step: u32| {
            let boxes: Vec<TextBox> = (0..figures.len() as u32)
                .map(|i| place(400, 20 + i * step, 14, 12))
                .collect();
            let readings: Vec<Reading> = figures.iter().map(|f| read(f)).collect();
            harmless(&boxes, &readings, &ALL)
        };
        let ruler = Some(HarmlessText::Ruler);
        assert_eq!(column(&["5", "10", "15"], 60), [ruler; 3]);
        assert_eq!(column(&["0", "-5", "10 cm", "15"], 60), [ruler; 4]);
        // One that was not read leaves the others where they are.
        assert_eq!(
            column(&["5", "x", "15", "20"], 60),
            [ruler, None, ruler, ruler]
        );
        assert_eq!(column(&["5", "10"], 60), [None; 2]);
        assert_eq!(column(&["5", "10", "16"], 60), [None; 3]);
        assert_eq!(column(&["12", "03", "1971"], 60), [None; 3]);
        let crooked = [
            place(0, 0, 14, 12),
            place(40, 60, 14, 12),
            place(0, 120, 14, 12),
        ];
        let readings = ["1", "2", "3"].map(read);
        assert_eq!(harmless(&crooked, &readings, &ALL), [None; 3]);
    }

    #[test]
    fn nothing_stays_that_the_protocol_does_not_name() {
        let l = place(10, 10, 12, 16);
        assert_eq!(harmless(&[l], &[read("L")], &[]), [None]);
        assert_eq!(harmless(&[l], &[read("L")], &[HarmlessText::Ruler]), [None]);
    }
}
