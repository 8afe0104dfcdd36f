//! Says whether a face is left: from pictures of the surface, not from the mask that cut it.

use serde::{Deserialize, Serialize};

use crate::cut::Cut;
use crate::parts::Parts;
use crate::relief::remains;
use crate::view::{PIXEL, PIXELS, View};
use crate::{Face, Label};

/// What the network that judges pictures tells apart, in the order of its output.
const KINDS: usize = 6;
/// A surface that moved less than this stands where it stood, in millimetres.
pub(crate) const MOVED: f32 = 2.0;

/// How much of a face can be seen, in square millimetres of the picture that shows most of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// Eyes with lids.
    pub eyes: f64,
    /// Nose.
    pub nose: f64,
    /// Lips and chin.
    pub mouth: f64,
    /// The ear that shows most.
    pub ears: f64,
    /// Skin of forehead, temples, cheeks, jaw.
    pub face: f64,
}

/// Below these areas, in mm², a part counts as gone: eyes, nose, mouth, ears, other skin of the face.
const GONE: [f64; 5] = [90.0, 150.0, 180.0, 400.0, 1500.0];
/// Above these a part is there, alone. Ears and skin are not: heads have them that lost their face.
const THERE: [f64; 5] = [260.0, 400.0, 500.0, f64::MAX, 4000.0];
/// Above these, both together, as well.
const EARS_AND_SKIN: [f64; 2] = [500.0, 2000.0];
/// Which share of face and of ears has to have moved before they count as off.
const MOVED_ENOUGH: [f64; 2] = [0.98, 0.9];
/// From this share on the shape of eyes, nose and mouth can still be told. Good cuts leave up to 0.15 of
/// it by chance, a face that lost its outer 4 mm half.
const MOST_SHAPE: f64 = 0.25;
/// Of fewer square millimetres in all pictures together nobody can tell.
const LEAST_SHAPE: f64 = 400.0;

impl Seen {
    /// From the network's answer: pictures one after another, kind by kind.
    #[must_use]
    pub fn of(answer: &[f32], views: usize) -> (Self, Vec<Vec<u8>>) {
        let n = PIXELS * PIXELS;
        let mut all = Vec::with_capacity(views);
        for view in 0..views {
            let mut kinds = vec![0u8; n];
            for (i, kind) in kinds.iter_mut().enumerate() {
                let share = |k: usize| {
                    answer
                        .get((view * KINDS + k) * n + i)
                        .copied()
                        .unwrap_or(0.0)
                };
                let mut most = 0;
                for k in 1..KINDS {
                    if share(k) > share(most) {
                        most = k;
                    }
                }
                *kind = most as u8;
            }
            all.push(kinds);
        }
        (Self::counted(&all, |_, _| true), all)
    }

    /// What pictures after a cut still show of what those before showed. What only looks like a part of
    /// a face on the floor of the cut is none: where nothing stands and no shape comes from the face that
    /// was there, where there was no eye, nose or mouth before, and where the scan begins.
    #[must_use]
    pub fn left(
        before: &[View],
        kinds_before: &[Vec<u8>],
        after: &[View],
        kinds_after: &[Vec<u8>],
    ) -> Self {
        let mut stands: Vec<Vec<bool>> = before
            .iter()
            .zip(after)
            .map(|(b, a)| remains(b, a))
            .collect();
        for (stands, kinds) in stands.iter_mut().zip(kinds_before) {
            for (i, stands) in stands.iter_mut().enumerate() {
                *stands &= is_near_a_part(kinds, i);
            }
        }
        let is = |of: Option<&Vec<bool>>, i: usize| of.and_then(|o| o.get(i)).copied();
        Self::counted(kinds_after, |view, i| {
            // Pictures that nobody can compare count as they are.
            let stands = is(stands.get(view), i).unwrap_or(true);
            let ends = is(after.get(view).map(|v| &v.ends), i).unwrap_or(false);
            stands && !ends
        })
    }

    /// The areas of each part in the picture that shows most of it, of the pixels that count.
    fn counted(all: &[Vec<u8>], counts: impl Fn(usize, usize) -> bool) -> Self {
        let mut best = [0.0f64; KINDS];
        for (view, kinds) in all.iter().enumerate() {
            let mut areas = [0.0; KINDS];
            for (_, kind) in kinds.iter().enumerate().filter(|(i, _)| counts(view, *i)) {
                if let Some(area) = areas.get_mut(usize::from(*kind)) {
                    *area += PIXEL * PIXEL;
                }
            }
            for (b, a) in best.iter_mut().zip(areas) {
                *b = b.max(a);
            }
        }
        let [_, eyes, nose, mouth, ears, face] = best;
        Self {
            eyes,
            nose,
            mouth,
            ears,
            face,
        }
    }

    fn parts(&self) -> [f64; 5] {
        [self.eyes, self.nose, self.mouth, self.ears, self.face]
    }

    /// What that means for a scan as it came.
    #[must_use]
    pub fn verdict(&self) -> Face {
        let parts = self.parts();
        let over = |limits: [f64; 5]| parts.iter().zip(limits).any(|(p, l)| *p > l);
        let [ears, skin] = EARS_AND_SKIN;
        if over(THERE) || self.ears > ears && self.face > skin {
            Face::Present
        } else if over(GONE) {
            Face::Unsure
        } else {
            Face::Absent
        }
    }

    /// What that means for a scan whose face was cut, of what is [`Seen::left`]. The floor of a cut
    /// looks like the skin of a face, so that for skin and ears it counts what moved, and for the
    /// rest what can be seen.
    #[must_use]
    pub fn verdict_after(&self, altered: &Altered) -> Face {
        let middle = [self.eyes, self.nose, self.mouth];
        let over = |limits: [f64; 5]| middle.iter().zip(limits).any(|(p, l)| *p > l);
        let [face, ears] = MOVED_ENOUGH;
        if over(THERE) || altered.face < 0.5 {
            Face::Present
        } else if over(GONE)
            || altered.face < face
            || altered.ears < ears
            || altered.shape > MOST_SHAPE
        {
            Face::Unsure
        } else {
            Face::Absent
        }
    }
}

/// Which share of what was face in the pictures before has moved or is gone after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Altered {
    /// Eyes, nose, mouth and facial skin, from 0 to 1; 1 where there was nothing.
    pub face: f64,
    /// Ears, likewise.
    pub ears: f64,
    /// How much face there was to alter, in square millimetres over all pictures.
    pub before: f64,
    /// Which share of eyes, nose and mouth still stands, or has its relief on what is under it; from 0
    /// to 1, and 0 where too little of them was seen to tell.
    #[serde(default)]
    pub shape: f64,
}

impl Altered {
    /// Compares pictures from the same places. `kinds` says what the pictures before showed. Where the
    /// scan begins in the middle of a head its pictures show a section: that is no skin that could move.
    #[must_use]
    pub fn between(before: &[View], kinds: &[Vec<u8>], after: &[View]) -> Self {
        let mut counts = [[0.0f64; 2]; 2];
        let mut shapes = [0.0f64; 2];
        for ((before, kinds), after) in before.iter().zip(kinds).zip(after) {
            let remains = remains(before, after);
            for i in 0..PIXELS * PIXELS {
                let kind = kinds.get(i).copied().unwrap_or(0);
                let section = before.ends.get(i).copied().unwrap_or(false);
                if kind == 0 || section {
                    continue;
                }
                if kind < 4 {
                    shapes[0] += 1.0;
                    shapes[1] += f64::from(u8::from(remains.get(i).copied().unwrap_or(true)));
                }
                let ear = usize::from(kind == 4);
                let moved = match (before.depth.get(i), after.depth.get(i)) {
                    (Some(Some(a)), Some(Some(b))) => (a - b).abs() > MOVED,
                    (Some(None), _) => continue,
                    _ => true,
                };
                counts[ear][0] += 1.0;
                counts[ear][1] += f64::from(u8::from(moved));
            }
        }
        let share = |[all, moved]: [f64; 2]| if all > 0.0 { moved / all } else { 1.0 };
        Self {
            face: share(counts[0]),
            ears: share(counts[1]),
            before: counts[0][0] * PIXEL * PIXEL,
            shape: if shapes[0] * PIXEL * PIXEL >= LEAST_SHAPE {
                shapes[1] / shapes[0]
            } else {
                0.0
            },
        }
    }
}

/// Whether a picture shows eyes, nose, mouth or ears at a pixel or within two of it.
fn is_near_a_part(kinds: &[u8], at: usize) -> bool {
    const NEAR: usize = 2;
    let (x, y) = (at % PIXELS, at / PIXELS);
    let span = |v: usize| v.saturating_sub(NEAR)..(v + NEAR + 1).min(PIXELS);
    span(y).any(|y| {
        let row = kinds.get(y * PIXELS..(y + 1) * PIXELS).unwrap_or(&[]);
        span(x).any(|x| row.get(x).is_some_and(|kind| matches!(kind, 1..=4)))
    })
}

/// How many of the voxels that are brain a cut changes. The brain is where the network is surer of
/// brain than of anything else; the cut's own field of what to keep is not asked.
#[must_use]
pub fn brain_voxels_changed(parts: &Parts, cut: &Cut) -> u64 {
    let grid = &parts.grid;
    let mut count = 0;
    for (i, label) in parts.labels().iter().enumerate() {
        if *label != Label::Brain {
            continue;
        }
        // Those of 2 mm.
        count += grid.eighths(i).filter(|p| cut.inside(*p)).count() as u64;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: usize = PIXELS * PIXELS;
    const NOSE: u8 = 2;
    const SKIN: u8 = 5;

    /// A slope from the left with a bump in the middle, and what each pixel shows.
    fn face() -> (View, Vec<u8>) {
        let bump = |i: usize| {
            let (x, y) = ((i % PIXELS) as f32 - 40.0, (i / PIXELS) as f32 - 40.0);
            20.0 * (-(x * x + y * y) / 40.0).exp()
        };
        let depth = (0..N)
            .map(|i| Some((i % PIXELS) as f32 - bump(i)))
            .collect();
        let kinds = (0..N)
            .map(|i| if bump(i) > 2.0 { NOSE } else { SKIN })
            .collect();
        let view = View {
            angle: 0.0,
            depth,
            ends: vec![false; N],
        };
        (view, kinds)
    }

    fn deeper(view: &View, by: impl Fn(usize) -> f32) -> View {
        let depth = view.depth.iter().enumerate();
        View {
            depth: depth.map(|(i, d)| d.map(|d| d + by(i))).collect(),
            ..view.clone()
        }
    }

    /// A rough floor that knows nothing of what was above it.
    fn floor(view: &View) -> View {
        let rough = |i: usize| 30.0 + 2.0 * ((i % PIXELS) as f32 / 5.0).sin();
        View {
            depth: (0..N).map(|i| Some(rough(i) + 80.0)).collect(),
            ..view.clone()
        }
    }

    #[test]
    fn a_section_is_no_skin_that_could_move() {
        let (before, kinds) = face();
        let left = |i: usize| i % PIXELS < PIXELS / 2;
        let after = deeper(&before, |i| if left(i) { 0.0 } else { 20.0 });
        let between = |before: &View| {
            let kinds = std::slice::from_ref(&kinds);
            let (before, after) = (std::slice::from_ref(before), std::slice::from_ref(&after));
            Altered::between(before, kinds, after).face
        };
        assert!((between(&before) - 0.5).abs() < 0.01);
        let sections = View {
            ends: (0..N).map(left).collect(),
            ..before.clone()
        };
        assert!((between(&sections) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_face_that_was_only_shaved_is_not_off() {
        let (before, kinds) = face();
        let judge = |after: View| {
            let (b, k, a) = ([before.clone()], [kinds.clone()], [after]);
            let altered = Altered::between(&b, &k, &a);
            // The network sees what it saw.
            let left = Seen::left(&b, &k, &a, &k);
            (altered, left.verdict_after(&altered))
        };
        let (shaved, verdict) = judge(deeper(&before, |_| 5.0));
        assert!(shaved.face > 0.99 && shaved.shape > 0.8, "{shaved:?}");
        assert_ne!(verdict, Face::Absent);
        // The same word of the network on a floor that nothing of the face is left in.
        let (off, verdict) = judge(floor(&before));
        assert!(off.face > 0.99 && off.shape < 0.1, "{off:?}");
        assert_eq!(verdict, Face::Absent);
    }

    #[test]
    fn what_nobody_can_compare_counts_as_it_is() {
        let (before, kinds) = face();
        let seen = Seen::left(&[], &[], std::slice::from_ref(&before), &[kinds]);
        assert!(seen.nose > 500.0);
    }
}
