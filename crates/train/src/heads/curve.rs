//! What a training keeps while it runs: examples to show again, and how well it goes.

use std::collections::VecDeque;
use std::sync::mpsc::Receiver;

use super::worth::Worth;
use crate::random::Random;

/// So many steps make a line of the curve.
const STEPS: usize = 50;
/// So many examples before the first step.
const FIRST: usize = 20;

/// Examples that are kept and shown again: making one takes as long as learning from it, or longer.
pub(super) struct Kept<T> {
    all: VecDeque<T>,
    most: usize,
}

impl<T> Kept<T> {
    pub(super) fn new(most: usize) -> Self {
        Self {
            all: VecDeque::new(),
            most,
        }
    }

    /// Takes what was made meanwhile: the first few at any price, then one lot if `more`.
    pub(super) fn refill(&mut self, made: &Receiver<Vec<T>>, more: bool) {
        while self.all.len() < FIRST {
            let Ok(lot) = made.recv() else { break };
            self.all.extend(lot);
        }
        if more {
            self.all.extend(made.try_iter().take(1).flatten());
        }
        while self.all.len() > self.most {
            self.all.pop_front();
        }
    }

    /// Any of them.
    pub(super) fn any(&self, random: &mut Random) -> Option<&T> {
        self.all.get(random.below(self.all.len().max(1)))
    }
}

/// The loss and the overlap of the labels over the last steps, line by line.
pub(super) struct Curve {
    /// All lines so far, as CSV.
    pub(super) text: String,
    labels: &'static [(usize, &'static str)],
    loss: f64,
    overlap: Vec<(f64, f64)>,
}

impl Curve {
    /// A curve that shows the overlap of these labels, each with its number and name.
    pub(super) fn new(labels: &'static [(usize, &'static str)]) -> Self {
        let mut text = String::from("step,seconds,loss");
        for (_, name) in labels {
            text.push_str(",dice_");
            text.push_str(name);
        }
        text.push('\n');
        Self {
            text,
            labels,
            loss: 0.0,
            overlap: Vec::new(),
        }
    }

    /// Takes what step `step` was worth; now and then that makes a line, which is printed too.
    pub(super) fn add(&mut self, step: usize, seconds: f64, worth: &Worth) {
        self.loss += worth.loss;
        self.overlap.resize(worth.overlap.len(), (0.0, 0.0));
        for (sum, (both, either)) in self.overlap.iter_mut().zip(&worth.overlap) {
            sum.0 += both;
            sum.1 += either;
        }
        if !step.is_multiple_of(STEPS) {
            return;
        }
        let mut line = format!("{step},{seconds:.0},{:.4}", self.loss / STEPS as f64);
        for (label, _) in self.labels {
            let (both, either) = self.overlap.get(*label).copied().unwrap_or_default();
            let dice = if either > 0.0 {
                2.0 * both / either
            } else {
                0.0
            };
            line.push_str(&format!(",{dice:.3}"));
        }
        line.push('\n');
        print!("{line}");
        self.text.push_str(&line);
        self.loss = 0.0;
        self.overlap.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_has_a_line_for_fifty_steps_with_their_mean() {
        let mut curve = Curve::new(&[(1, "eyes")]);
        for step in 1..=STEPS {
            let worth = Worth {
                loss: if step == 1 { 50.0 } else { 0.0 },
                slope: Vec::new(),
                overlap: vec![(9.0, 9.0), (1.0, 4.0)],
            };
            curve.add(step, 7.0, &worth);
        }
        assert_eq!(
            curve.text,
            "step,seconds,loss,dice_eyes\n50,7,1.0000,0.500\n"
        );
    }

    #[test]
    fn the_oldest_examples_go_first() {
        let (send, made) = std::sync::mpsc::sync_channel(40);
        for i in 0..30 {
            send.send(vec![i]).expect("room");
        }
        let mut kept = Kept::new(20);
        kept.refill(&made, true);
        assert_eq!(kept.all, (1..21).collect::<Vec<_>>());
        assert!(kept.any(&mut Random::new(1)).is_some());
    }
}
