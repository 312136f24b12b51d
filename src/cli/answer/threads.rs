//! Work done by all processors at once, while nothing else is to do.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

/// How many pieces of work are done at a time.
pub fn at_once() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Does every piece of work on a thread of its own, and gives what they came to in their order.
pub fn side_by_side<T: Send, R: Send>(pieces: impl Iterator<Item = T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> = pieces.map(|piece| scope.spawn(move || work(piece))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}
