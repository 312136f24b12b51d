//! How much work is done to follow ranks.

/// What is done at most to follow one ranking. Ranks rest on everybody, at every instant at which anybody's value changes, and for a hundred
/// years: where that is more than some seconds of work, it is not followed.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    /// Subjects times instants at which their values are made.
    pub moments: u64,
    /// Rows counted for these.
    pub rows: u64,
    /// Subjects ranked, each time that somebody's value changes.
    pub ranked: u64,
    /// Ranks that change.
    pub changes: u64,
}

impl Limits {
    /// For somebody who asks about one subject and waits: a fraction of a second.
    pub const BRIEF: Limits = Limits { moments: 1 << 19, rows: 1 << 24, ranked: 1 << 23, changes: 1 << 19 };
}

impl Default for Limits {
    fn default() -> Self {
        Limits { moments: 1 << 23, rows: 1 << 28, ranked: 1 << 27, changes: 1 << 23 }
    }
}
