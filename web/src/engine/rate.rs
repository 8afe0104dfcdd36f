//! How fast it goes, over the last seconds.

use std::collections::VecDeque;

use cordon_contribute::Progress;

use super::clock;
use super::types::Rate;

/// Seconds that are averaged over.
const WINDOW: usize = 6;

#[derive(Clone, Copy, PartialEq)]
struct Sample {
    at: f64,
    files: u64,
    bytes: u64,
    sent: u64,
    left: u64,
    sending: bool,
}

/// Samples of the progress, one a second.
#[derive(Default)]
pub(crate) struct Meter {
    samples: VecDeque<Sample>,
    /// Requests that were repeated.
    pub(crate) retries: u64,
}

impl Meter {
    /// Takes a sample; says whether anything moves.
    pub(crate) fn sample(&mut self, progress: &Progress) -> bool {
        let sending = progress.judged == progress.found && progress.sent > 0;
        let left = if sending {
            progress.leaving_bytes.saturating_sub(progress.sent_bytes)
        } else {
            let measured = progress.found.saturating_sub(progress.unmeasured).max(1);
            let unmeasured = progress.found_bytes / measured * progress.unmeasured;
            (progress.found_bytes + unmeasured).saturating_sub(progress.judged_bytes)
        };
        let was = self.rate();
        self.samples.push_back(Sample {
            at: clock::millis(),
            files: progress.judged,
            bytes: progress.judged_bytes,
            sent: progress.sent_bytes,
            left,
            sending,
        });
        while self.samples.len() > WINDOW {
            self.samples.pop_front();
        }
        was != self.rate()
    }

    /// Forgets what was, for a new contribution.
    pub(crate) fn clear(&mut self) {
        self.samples.clear();
        self.retries = 0;
    }

    /// The rate over the window.
    pub(crate) fn rate(&self) -> Rate {
        let mut rate = Rate {
            retries: self.retries,
            ..Rate::default()
        };
        let (Some(first), Some(last)) = (self.samples.front(), self.samples.back()) else {
            return rate;
        };
        let seconds = (last.at - first.at) / 1000.0;
        if seconds < 0.5 {
            return rate;
        }
        let per_second = |a: u64, b: u64| b.saturating_sub(a) as f64 / seconds;
        rate.files_per_s = per_second(first.files, last.files);
        rate.bytes_per_s = per_second(first.bytes, last.bytes);
        rate.send_bytes_per_s = per_second(first.sent, last.sent);
        let speed = if last.sending {
            rate.send_bytes_per_s
        } else {
            rate.bytes_per_s
        };
        if last.left > 0 && speed > 0.0 {
            rate.seconds_left = Some(last.left as f64 / speed);
        }
        rate
    }
}
