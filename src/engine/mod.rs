//! Evaluation: sessions, sources, and results.
//!
//! An [`Engine`] is a checked project with its data at hand. A [`Query`] asks it as of an instant for the members of
//! some segments: as counts, as a stream of keys with one boolean for each segment, or as rows of segment and key.

pub(crate) mod aggregate;
mod as_of;
mod blame;
mod chart;
mod complaints;
mod error;
mod freeze;
pub mod kernel;
mod open;
mod optimize;
mod profile;
mod queries;
mod query;
pub(crate) mod read;
mod report;
mod source;
mod stream;
pub mod survey;
mod test;
mod until;
mod watch;
pub mod why;
mod written;

pub use as_of::{AsOf, AsOfError};
pub use chart::{ChartCell, ChartGroup, ChartReport};
pub use error::Error;
pub use open::{Engine, EngineBuilder};
pub use optimize::{Optimized, Optimizing};
pub use profile::{FeatureCost, Profile, SegmentCost, Work, WorkOn};
pub use query::Query;
pub use report::{
    CopyReport, KindReport, MissingKeys, NoAnswer, PartitionReport, Report, SegmentReport, Skipped, TableReport,
};
pub use source::{Found, RowFault, RowProblem, Stamp, look};
pub use stream::{Members, MembersOfKind};
pub use test::{Miss, OneSided, TestChoice, TestOutcome, TestReport, TestResult, Uncovered, Who, Wrong};
pub use until::{NoUntil, Untils, UntilsOfKind, UntilsOfSegment};
pub use watch::{Cause, Change, Direction, Key, KeyPart, Watch, Watched};
pub use written::value as written_value;
