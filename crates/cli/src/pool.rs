//! All cores at work on a list, with bounded memory and a fixed order of decisions.
//!
//! Cleaning is independent from file to file, but some decisions are not: which of
//! two objects with one SOP Instance UID came first must not depend on which core
//! was quicker. So each job goes through four steps: `work` on any core, `decide`
//! in the order of the list, `finish` on any core, `emit` in the order again.
//! What waits for its turn is bounded in bytes, so a hundred thousand files need
//! no more memory than a hundred.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard};

/// What a list of jobs does at each step.
pub(crate) trait Jobs: Sync {
    /// What `work` makes.
    type Made: Send;
    /// What `finish` makes of it.
    type Result: Send;

    /// How many bytes job `index` will hold, about.
    fn weight(&self, index: usize) -> u64;
    /// On any core, in any order.
    fn work(&self, index: usize) -> Self::Made;
    /// One at a time, in the order of the list.
    fn decide(&self, index: usize, made: &mut Self::Made);
    /// On any core, in any order.
    fn finish(&self, index: usize, made: Self::Made) -> Self::Result;
    /// One at a time, in the order of the list.
    fn emit(&self, index: usize, result: Self::Result);
}

struct State<M, R> {
    /// The next job that nobody took.
    next: usize,
    /// Bytes of jobs that were taken and are not finished.
    weight: u64,
    /// Worked, waiting for those before them.
    made: BTreeMap<usize, M>,
    /// The next job to decide.
    decide_next: usize,
    /// Decided, waiting for a core.
    ready: VecDeque<(usize, M)>,
    /// Finished, waiting for those before them.
    results: BTreeMap<usize, R>,
    /// The next job to emit.
    emit_next: usize,
}

/// How wide and how deep.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) threads: usize,
    /// Bytes that jobs in progress may hold together; a single job may hold more.
    pub(crate) bytes: u64,
}

enum Next<M> {
    Work(usize),
    Finish(usize, M),
    Done,
}

/// Runs `count` jobs to the end.
pub(crate) fn run<J: Jobs>(jobs: &J, count: usize, limits: Limits) {
    let state = Mutex::new(State {
        next: 0,
        weight: 0,
        made: BTreeMap::new(),
        decide_next: 0,
        ready: VecDeque::new(),
        results: BTreeMap::new(),
        emit_next: 0,
    });
    let changed = Condvar::new();
    let threads = limits.threads.clamp(1, count.max(1));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| worker(jobs, count, limits.bytes, &state, &changed));
        }
    });
}

/// A panic inside a job is caught by the job; a poisoned lock would only repeat it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn worker<J: Jobs>(
    jobs: &J,
    count: usize,
    bytes: u64,
    state: &Mutex<State<J::Made, J::Result>>,
    changed: &Condvar,
) {
    loop {
        match take(jobs, count, bytes, state, changed) {
            Next::Done => return,
            Next::Work(index) => {
                let made = jobs.work(index);
                let mut guard = lock(state);
                guard.made.insert(index, made);
                // Whoever closes a gap decides for all that waited behind it.
                while let Some(mut made) = {
                    let next = guard.decide_next;
                    guard.made.remove(&next)
                } {
                    let index = guard.decide_next;
                    jobs.decide(index, &mut made);
                    guard.ready.push_back((index, made));
                    guard.decide_next += 1;
                }
                changed.notify_all();
            }
            Next::Finish(index, made) => {
                let result = jobs.finish(index, made);
                let mut guard = lock(state);
                guard.weight = guard.weight.saturating_sub(jobs.weight(index));
                guard.results.insert(index, result);
                while let Some(result) = {
                    let next = guard.emit_next;
                    guard.results.remove(&next)
                } {
                    jobs.emit(guard.emit_next, result);
                    guard.emit_next += 1;
                }
                changed.notify_all();
            }
        }
    }
}

fn take<J: Jobs>(
    jobs: &J,
    count: usize,
    bytes: u64,
    state: &Mutex<State<J::Made, J::Result>>,
    changed: &Condvar,
) -> Next<J::Made> {
    let mut guard = lock(state);
    loop {
        // Finishing frees memory, so it comes first.
        if let Some((index, made)) = guard.ready.pop_front() {
            return Next::Finish(index, made);
        }
        if guard.next < count {
            let weight = jobs.weight(guard.next);
            // The job that all wait for is already running when weight is not 0.
            if guard.weight == 0 || guard.weight.saturating_add(weight) <= bytes {
                let index = guard.next;
                guard.next += 1;
                guard.weight += weight;
                return Next::Work(index);
            }
        } else if guard.decide_next == count {
            return Next::Done;
        }
        guard = changed
            .wait(guard)
            .unwrap_or_else(std::sync::PoisonError::into_inner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
    use std::time::Duration;

    /// Jobs whose time to work is the more the earlier they are, to provoke disorder.
    struct Slow {
        held: AtomicU64,
        most: AtomicU64,
        decided: Mutex<Vec<usize>>,
        emitted: Mutex<Vec<usize>>,
        worked: AtomicUsize,
    }

    impl Jobs for Slow {
        type Made = usize;
        type Result = usize;
        fn weight(&self, index: usize) -> u64 {
            if index == 5 { 1_000 } else { 10 }
        }
        fn work(&self, index: usize) -> usize {
            let now =
                self.held.fetch_add(self.weight(index), Ordering::SeqCst) + self.weight(index);
            self.most.fetch_max(now, Ordering::SeqCst);
            std::thread::sleep(Duration::from_micros(if index.is_multiple_of(7) {
                900
            } else {
                10
            }));
            self.worked.fetch_add(1, Ordering::SeqCst);
            index * 2
        }
        fn decide(&self, index: usize, made: &mut usize) {
            assert_eq!(*made, index * 2);
            self.decided.lock().expect("lock").push(index);
        }
        fn finish(&self, index: usize, made: usize) -> usize {
            self.held.fetch_sub(self.weight(index), Ordering::SeqCst);
            made + 1
        }
        fn emit(&self, index: usize, result: usize) {
            assert_eq!(result, index * 2 + 1);
            self.emitted.lock().expect("lock").push(index);
        }
    }

    #[test]
    fn order_is_kept_and_memory_is_bounded() {
        let jobs = Slow {
            held: AtomicU64::new(0),
            most: AtomicU64::new(0),
            decided: Mutex::default(),
            emitted: Mutex::default(),
            worked: AtomicUsize::new(0),
        };
        let limits = Limits {
            threads: 8,
            bytes: 60,
        };
        run(&jobs, 300, limits);
        let order: Vec<usize> = (0..300).collect();
        assert_eq!(*jobs.decided.lock().expect("lock"), order);
        assert_eq!(*jobs.emitted.lock().expect("lock"), order);
        assert_eq!(jobs.worked.load(Ordering::SeqCst), 300);
        // The one job above the limit runs alone.
        assert_eq!(jobs.most.load(Ordering::SeqCst), 1_000);
    }

    #[test]
    fn nothing_to_do_ends_at_once() {
        let jobs = Slow {
            held: AtomicU64::new(0),
            most: AtomicU64::new(0),
            decided: Mutex::default(),
            emitted: Mutex::default(),
            worked: AtomicUsize::new(0),
        };
        run(
            &jobs,
            0,
            Limits {
                threads: 4,
                bytes: 1,
            },
        );
        assert_eq!(jobs.worked.load(Ordering::SeqCst), 0);
    }
}
