//! How far a training has come, by steps or by the clock, and how fast it learns there.

use std::time::Instant;

/// When a training ends.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct End {
    /// How many steps.
    #[arg(long, default_value_t = 6000)]
    pub(crate) steps: usize,
    /// Stop after as many minutes, with the rate falling by the clock instead of by steps.
    #[arg(long)]
    pub(crate) minutes: Option<f64>,
}

/// A training that runs.
#[derive(Debug)]
pub(crate) struct Pace {
    begin: Instant,
    end: End,
    rate: f64,
}

impl Pace {
    /// Begins now; `rate` is the greatest rate of learning.
    pub(crate) fn new(end: &End, rate: f64) -> Self {
        Self {
            begin: Instant::now(),
            end: end.clone(),
            rate,
        }
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.begin.elapsed().as_secs_f64()
    }

    /// The rate of a step (the first is 0): rising over a hundred steps, then falling along half a
    /// cosine to a hundredth. `None` when the training is at its end.
    pub(crate) fn rate(&self, step: usize) -> Option<f64> {
        let done = match self.end.minutes {
            Some(minutes) => self.seconds() / (60.0 * minutes),
            None => step as f64 / self.end.steps as f64,
        };
        if done >= 1.0 {
            return None;
        }
        let warm = ((step + 1) as f64 / 100.0).min(1.0);
        let fall = (0.5 + 0.5 * (std::f64::consts::PI * done).cos()).max(0.01);
        Some(self.rate * warm * fall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_falls_and_ends() {
        let end = End {
            steps: 1000,
            minutes: None,
        };
        let pace = Pace::new(&end, 1.0);
        let rate = |step| pace.rate(step).unwrap_or(f64::NAN);
        assert!(rate(0) < rate(50) && rate(50) < rate(110));
        assert!(rate(110) > rate(500) && rate(500) > rate(999));
        assert!(pace.rate(1000).is_none());
    }
}
