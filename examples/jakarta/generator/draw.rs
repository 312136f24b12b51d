//! Random draws, the same on every machine.
//!
//! Every household, customer and walk-in draws from streams of its own, so that what happens to one never depends on how
//! many others there are. Only whole numbers and exactly rounded operations (`/`, `sqrt`) are used: a logarithm may differ
//! in its last bit between systems, and one bit would make different data.

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a stream is drawn for; each kind of thing has its own, so that a change to one leaves the others as they are.
#[derive(Clone, Copy)]
pub enum Purpose {
    /// The homes of a neighbourhood.
    Household,
    /// Who a customer is.
    Profile,
    /// A customer's cards.
    Cards,
    /// What a customer is sent.
    Messages,
    /// A customer's purchases.
    Shopping,
    /// What the tills make of a shopper's purchases.
    Ledger,
    /// Visits to stores.
    Footfall,
    /// Carts and page views.
    Online,
    /// Purchases of people without a card.
    WalkIn,
}

/// A stream of draws.
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream of one thing: the same for the same seed, purpose and number.
    pub fn new(seed: u64, purpose: Purpose, number: u64) -> Self {
        let mut stream = ChaCha8Rng::seed_from_u64(seed);
        stream.set_stream(number * 16 + purpose as u64);
        Draw(stream)
    }

    /// A whole number below `end`, all equally likely.
    pub fn below(&mut self, end: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(end)) >> 32) as u32
    }

    /// A whole number from `low` to `high`, both in.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::from(self.below((high - low + 1).clamp(1, i64::from(u32::MAX)) as u32))
    }

    /// True so many times in a thousand.
    pub fn in_thousand(&mut self, times: u32) -> bool {
        self.below(1_000) < times
    }

    /// True so many times in a million; everything above a million is always true.
    pub fn in_million(&mut self, times: u64) -> bool {
        (u64::from(self.0.next_u32()) * 1_000_000) >> 32 < times
    }

    /// One of some, all equally likely.
    pub fn pick<'t, T>(&mut self, some: &'t [T]) -> &'t T {
        &some[self.below(some.len() as u32) as usize]
    }

    /// One of some, each as likely as its weight says.
    pub fn weighted<T: Copy>(&mut self, some: &[(u32, T)]) -> T {
        let at = self.position(some.iter().map(|(weight, _)| *weight));
        some[at].1
    }

    /// The position of one of some weights, each as likely as it is heavy.
    pub fn position(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let mut left = self.below(weights.clone().sum());
        for (at, weight) in weights.enumerate() {
            match left.checked_sub(weight) {
                None => return at,
                Some(rest) => left = rest,
            }
        }
        0
    }

    /// How much more than usual, in thousandths: from 500, on average 1,000, with the heavy tail of a Pareto distribution
    /// of shape 2, and at most `cap`.
    pub fn tail(&mut self, cap: u64) -> u64 {
        let share = (f64::from(self.0.next_u32()) + 1.0) / 4_294_967_296.0;
        ((500.0 / share.sqrt()) as u64).min(cap)
    }
}
