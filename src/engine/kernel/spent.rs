//! Processor time, for whoever asks what costs what.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Time spent on things that have numbers, by any number of threads.
#[derive(Debug)]
pub struct Spent(Vec<AtomicU64>);

impl Spent {
    /// None yet on so many things.
    pub fn on(things: usize) -> Self {
        Spent((0..things).map(|_| AtomicU64::new(0)).collect())
    }

    /// Spent on a thing; nothing of a number that there is not.
    pub fn of(&self, thing: usize) -> Duration {
        Duration::from_nanos(self.0.get(thing).map_or(0, |nanos| nanos.load(Ordering::Relaxed)))
    }

    fn add(&self, thing: usize, time: Duration) {
        if let Some(nanos) = self.0.get(thing) {
            nanos.fetch_add(time.as_nanos() as u64, Ordering::Relaxed);
        }
    }
}

/// Does something, and remembers how long it took if that is asked.
pub(crate) fn timed<T>(spent: Option<&Spent>, thing: usize, work: impl FnOnce() -> T) -> T {
    let Some(spent) = spent else { return work() };
    let began = Instant::now();
    let done = work();
    spent.add(thing, began.elapsed());
    done
}
