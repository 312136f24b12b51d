//! Families of forms that can be written or left out together.

/// Forms that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `number`, `gap`, and calculating with durations.
    Order,
    /// Tables by grouping.
    Grouping,
    /// Sequences.
    Sequences,
    /// Ranks, samples, partitions, files of values.
    Ranks,
}

/// All of them.
pub const ALL: &[Family] = &[Family::Order, Family::Grouping, Family::Sequences, Family::Ranks];

/// Those that the engine has.
pub const OF_THE_ENGINE: &[Family] = ALL;
