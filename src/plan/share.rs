//! What the partitions of an operator do once for all of them.
//!
//! Whoever asks for the first partition begins it, all that ask for others wait for the same. It ends when nobody waits any more:
//! it lives in the streams, and beside them only as long as one of them lives or none was broken off.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use datafusion::common::{DataFusionError, Result};
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};

type Outcome<T> = Result<Arc<T>, Arc<DataFusionError>>;

/// Where the partitions of one operator find what they share.
pub(super) struct Sharing<T> {
    slot: Arc<Mutex<Slot<T>>>,
}

impl<T> Clone for Sharing<T> {
    fn clone(&self) -> Self {
        Sharing { slot: Arc::clone(&self.slot) }
    }
}

impl<T> Default for Sharing<T> {
    fn default() -> Self {
        Sharing { slot: Arc::new(Mutex::new(Slot { running: None, begun: 0 })) }
    }
}

struct Slot<T> {
    running: Option<Running<T>>,
    /// How many have been begun.
    begun: u64,
}

struct Running<T> {
    number: u64,
    outcome: Shared<BoxFuture<'static, Outcome<T>>>,
    /// Which partitions have been asked for.
    asked: Vec<bool>,
    /// How many streams are alive.
    alive: usize,
    /// Whether a stream was dropped before its end.
    broken_off: bool,
}

/// A partition's part in it.
pub(super) struct Part<T> {
    sharing: Sharing<T>,
    number: u64,
    outcome: Shared<BoxFuture<'static, Outcome<T>>>,
    ended: bool,
}

impl<T: Send + Sync + 'static> Sharing<T> {
    /// Takes part for one of so many partitions. A partition that is asked for again begins anew.
    pub fn join(
        &self,
        partition: usize,
        partitions: usize,
        begin: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Part<T> {
        let mut slot = self.lock();
        if slot.running.as_ref().is_some_and(|running| running.asked.get(partition).is_none_or(|asked| *asked)) {
            slot.running = None;
        }
        slot.begun += 1;
        let number = slot.begun;
        let running = slot.running.get_or_insert_with(|| Running {
            number,
            outcome: async move { begin.await.map(Arc::new).map_err(Arc::new) }.boxed().shared(),
            asked: vec![false; partitions.max(partition + 1)],
            alive: 0,
            broken_off: false,
        });
        if let Some(asked) = running.asked.get_mut(partition) {
            *asked = true;
        }
        running.alive += 1;
        Part { sharing: self.clone(), number: running.number, outcome: running.outcome.clone(), ended: false }
    }
}

impl<T> Sharing<T> {
    fn lock(&self) -> MutexGuard<'_, Slot<T>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Part<T> {
    /// Waits until everything has been read.
    pub async fn ready(&self) -> Result<Arc<T>> {
        self.outcome.clone().await.map_err(DataFusionError::Shared)
    }

    /// Its stream has come to its end.
    pub fn end(&mut self) {
        self.ended = true;
    }
}

impl<T> Drop for Part<T> {
    fn drop(&mut self) {
        let mut slot = self.sharing.lock();
        let Some(running) = slot.running.as_mut().filter(|running| running.number == self.number) else { return };
        running.alive -= 1;
        running.broken_off |= !self.ended;
        if running.alive == 0 && (running.broken_off || running.asked.iter().all(|asked| *asked)) {
            let ended = slot.running.take();
            // Whatever its tasks drop must not find the lock taken.
            drop(slot);
            drop(ended);
        }
    }
}
