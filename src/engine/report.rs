//! What an evaluation says beside the members.

use std::collections::BTreeMap;

use num_rational::BigRational;

/// Counts of an evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// One for each kind of subject that was asked about.
    pub kinds: Vec<KindReport>,
    /// One for each event table that was read, and each kind of subject it was read for.
    pub tables: Vec<TableReport>,
    /// One for each table read that has rows left out because they cannot be read (`on_error: skip`).
    pub skipped: Vec<Skipped>,
    /// One for each table read that has an optimized copy.
    pub copies: Vec<CopyReport>,
}

/// An optimized copy ([`crate::Engine::optimize`]) of a table that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyReport {
    /// The table's name.
    pub table: String,
    /// Whether the copy was read in the place of the table's files; else these are not what it was made of.
    pub is_fresh: bool,
}

/// Rows left out of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// Its name.
    pub table: String,
    /// How many.
    pub rows: u64,
    /// What is wrong with them, with the first few places: a sentence for each column and sort of fault.
    pub reasons: Vec<String>,
}

/// Counts for one kind of subject.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KindReport {
    /// Its name.
    pub subject: String,
    /// How many there are.
    pub subjects: u64,
    /// The segments asked for, in file order.
    pub segments: Vec<SegmentReport>,
    /// Tiers, bands, partitions and charts with a group among these segments, in file order.
    pub partitions: Vec<PartitionReport>,
    /// Lists of keys with some that no subject has.
    pub missing_keys: Vec<MissingKeys>,
    /// Of the attributes used that have a closed set: how many subjects have a value that the set does not have.
    pub strays: BTreeMap<String, u64>,
}

/// Counts for one segment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SegmentReport {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: Option<String>,
    /// The broader segment it lies within.
    pub within: Option<String>,
    /// The partition, or the segment that is split, whose group it is; its name is then this and a dot before its own.
    pub part_of: Option<String>,
    /// Its members, or why they are not known.
    pub members: Result<u64, NoAnswer>,
}

/// Groups of subjects of which nobody is in two.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartitionReport {
    /// Its name, that of its groups before the dot.
    pub name: String,
    /// What people call it.
    pub label: Option<String>,
    /// The broader segment its groups lie within.
    pub within: Option<String>,
}

/// Keys of a list that no subject has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MissingKeys {
    /// The file; none: the keys are written in the rule.
    pub file: Option<String>,
    /// How many keys the list has, each counted once.
    pub keys: u64,
    /// How many of them no subject has.
    pub missing: u64,
    /// The first few of these in the order of the list, the parts of a key joined by commas.
    pub examples: Vec<String>,
}

/// Why a segment has no answer, while others have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoAnswer {
    /// A number that some subject has does not fit.
    #[error("a number that it counts with needs more than 76 digits for some subject")]
    NumberTooLarge,
    /// To say whether some subject's rows hold a sequence, too many combinations of them would have to be tried.
    #[error(
        "some subject has too many rows that could be steps of its sequence: narrow the steps by `where`, `over` or `within`"
    )]
    TooMuchWork,
}

/// Rows of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableReport {
    /// Its name.
    pub table: String,
    /// The kind of subject that rows are somebody of.
    pub subject: String,
    /// Rows read that exist at the instant asked for.
    pub rows: u64,
    /// Rows without a subject key.
    pub anonymous: u64,
    /// Rows whose key the subject table lacks.
    pub orphans: u64,
    /// Rows whose time is not known at that instant: they do not exist.
    pub timeless: u64,
    /// Per metric what the anonymous and the orphan rows come to.
    pub amounts: BTreeMap<String, (BigRational, BigRational)>,
}
