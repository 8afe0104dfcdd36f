//! One line on the screen that says how far it is, where there is a screen.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// A line that is rewritten a few times a second.
#[derive(Debug)]
pub(crate) struct Progress {
    start: Instant,
    shown: Option<Instant>,
    total: usize,
    on: bool,
}

impl Progress {
    /// For `total` files; silent where standard error is not a terminal.
    pub(crate) fn new(total: usize) -> Self {
        Self {
            start: Instant::now(),
            shown: None,
            total,
            on: std::io::stderr().is_terminal(),
        }
    }

    /// Says that `done` files are done.
    pub(crate) fn tell(&mut self, done: usize) {
        let now = Instant::now();
        let due = self
            .shown
            .is_none_or(|last| now - last > Duration::from_millis(200));
        if !self.on || !due {
            return;
        }
        self.shown = Some(now);
        let seconds = self.seconds();
        let rate = done as f64 / seconds.max(0.001);
        let left = (self.total - done) as f64 / rate.max(0.001);
        eprint!(
            "\r{done} of {} files, {rate:.0} a second, {left:.0} s left \x1B[K",
            self.total
        );
        let _ = std::io::stderr().flush();
    }

    /// Clears the line.
    pub(crate) fn end(&self) {
        if self.on && self.shown.is_some() {
            eprint!("\r\x1B[K");
        }
    }

    /// Seconds since the start.
    pub(crate) fn seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
}
