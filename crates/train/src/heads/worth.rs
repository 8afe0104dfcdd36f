//! What an answer of a network that labels voxels or pixels is worth, and which way is better.

/// What an answer is worth.
#[derive(Debug)]
pub(crate) struct Worth {
    pub(crate) loss: f64,
    /// The derivative of the loss by each score.
    pub(crate) slope: Vec<f32>,
    /// Overlap, and sum of sizes, of each label.
    pub(crate) overlap: Vec<(f64, f64)>,
}

/// Weighted cross entropy plus one minus the mean soft Dice of the labels that are there, and its
/// derivative by the scores. By hand: on a CPU the same in tensor operations takes longer than the
/// network's own forward pass.
///
/// `scores` is laid out as pictures, labels, places, each picture with `area` places; `truth` as
/// pictures, places; `weights` holds one weight of each label. All pictures count together.
pub(crate) fn worth(scores: &[f32], truth: &[u8], weights: &[f32], area: usize) -> Worth {
    let labels = weights.len();
    let label = |place: usize| usize::from(truth[place]).min(labels - 1);
    let at = |place: usize, l: usize| (place / area * labels + l) * area + place % area;
    let mut shares = vec![0f32; scores.len()];
    let mut both = vec![0f64; labels];
    let mut sizes = vec![0f64; labels];
    let mut there = vec![0f64; labels];
    let (mut entropy, mut total) = (0f64, 0f64);
    for i in 0..truth.len() {
        let most = (0..labels).fold(f32::MIN, |m, l| m.max(scores[at(i, l)]));
        let mut sum = 0f32;
        for l in 0..labels {
            let e = (scores[at(i, l)] - most).exp();
            shares[at(i, l)] = e;
            sum += e;
        }
        for l in 0..labels {
            let share = shares[at(i, l)] / sum;
            shares[at(i, l)] = share;
            sizes[l] += f64::from(share);
        }
        let hit = label(i);
        let share = f64::from(shares[at(i, hit)]);
        both[hit] += share;
        there[hit] += 1.0;
        let weight = f64::from(weights[hit]);
        entropy -= weight * share.max(1e-7).ln();
        total += weight;
    }
    let kinds = there.iter().filter(|c| **c > 0.0).count() as f64;
    let mut missing = 0.0;
    // The derivative of the Dice part by a share: of its own label's truth, and of any.
    let mut by_truth = vec![0f64; labels];
    let mut by_size = vec![0f64; labels];
    for l in 0..labels {
        if there[l] > 0.0 {
            let under = sizes[l] + there[l] + 1.0;
            let over = 2.0 * both[l] + 1.0;
            missing += (1.0 - over / under) / kinds;
            by_truth[l] = -2.0 / under / kinds;
            by_size[l] = over / (under * under) / kinds;
        }
    }
    let mut slope = vec![0f32; scores.len()];
    let mut by = vec![0f64; labels];
    for i in 0..truth.len() {
        let hit = label(i);
        let mut mean = 0f64;
        for l in 0..labels {
            by[l] = by_size[l] + if l == hit { by_truth[l] } else { 0.0 };
            mean += by[l] * f64::from(shares[at(i, l)]);
        }
        let weight = f64::from(weights[hit]) / total;
        for l in 0..labels {
            let share = f64::from(shares[at(i, l)]);
            let own = if l == hit { 1.0 } else { 0.0 };
            slope[at(i, l)] = (weight * (share - own) + share * (by[l] - mean)) as f32;
        }
    }
    Worth {
        loss: entropy / total + missing,
        slope,
        overlap: (0..labels)
            .map(|l| (both[l], sizes[l] + there[l]))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_is_the_derivative_of_the_loss() {
        let mut random = crate::random::Random::new(5);
        let weights = [0.4, 0.8, 1.2, 4.0, 3.0];
        let (pictures, area) = (2, 6);
        let scores: Vec<f32> = (0..pictures * area * weights.len())
            .map(|_| random.normal() as f32)
            .collect();
        let truth: Vec<u8> = (0..pictures * area)
            .map(|_| random.below(4) as u8)
            .collect();
        let here = worth(&scores, &truth, &weights, area);
        for at in 0..scores.len() {
            let step = 1e-2;
            let moved = |by: f32| {
                let mut scores = scores.clone();
                scores[at] += by;
                worth(&scores, &truth, &weights, area).loss
            };
            let slope = (moved(step) - moved(-step)) / f64::from(2.0 * step);
            assert!((slope - f64::from(here.slope[at])).abs() < 1e-4, "{at}");
        }
    }
}
