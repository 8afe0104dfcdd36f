//! Time, and how far it is.

use cordon_web::looks::{Busy, Progress, Stage};
use cordon_web::worker::tell;
use js_sys::Reflect;
use wasm_bindgen::JsCast as _;

/// Milliseconds on a clock that never goes back.
pub(crate) fn millis() -> f64 {
    Reflect::get(&js_sys::global(), &"performance".into())
        .ok()
        .and_then(|p| p.dyn_into::<web_sys::Performance>().ok())
        .map_or_else(js_sys::Date::now, |p| p.now())
}

/// The times of stages that follow each other.
pub(crate) struct Laps {
    since: f64,
    stages: Vec<Stage>,
}

impl Laps {
    /// Begins now.
    pub(crate) fn new() -> Self {
        Self {
            since: millis(),
            stages: Vec::new(),
        }
    }

    /// A stage is done.
    pub(crate) fn lap(&mut self, name: &str) {
        let now = millis();
        self.stages.push(Stage {
            name: name.to_owned(),
            millis: now - self.since,
        });
        self.since = now;
    }

    /// A time that was taken elsewhere.
    pub(crate) fn add(&mut self, name: &str, millis: f64) {
        self.stages.push(Stage {
            name: name.to_owned(),
            millis,
        });
    }

    /// The stages.
    pub(crate) fn stages(self) -> Vec<Stage> {
        self.stages
    }
}

/// Tells the page how far a stage is, a few times a second at most.
pub(crate) struct Teller {
    busy: Busy,
    of: u32,
    told: f64,
}

/// Between two messages, in milliseconds.
const QUIET: f64 = 150.0;

impl Teller {
    /// A stage with so many steps begins.
    pub(crate) fn new(busy: Busy, of: usize) -> Self {
        let mut this = Self {
            busy,
            of: u32::try_from(of).unwrap_or(u32::MAX),
            told: f64::NEG_INFINITY,
        };
        this.done(0);
        this
    }

    /// There are so many steps.
    pub(crate) fn of(&mut self, n: usize) {
        self.of = u32::try_from(n).unwrap_or(u32::MAX);
    }

    /// So many steps are done.
    pub(crate) fn done(&mut self, n: usize) {
        let now = millis();
        if now - self.told < QUIET {
            return;
        }
        self.told = now;
        tell(&Progress {
            busy: self.busy,
            done: u32::try_from(n).unwrap_or(u32::MAX).min(self.of),
            of: self.of,
        });
    }
}
