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
}

/// All of them.
pub const ALL: &[Family] = &[Family::Order, Family::Grouping, Family::Sequences];

/// Those that the engine has.
pub const OF_THE_ENGINE: &[Family] = ALL;
