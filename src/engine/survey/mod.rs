//! What the data of a project looks like, as the engine sees it: for people who want to know, and to write a catalogue.
//!
//! Each table is read twice: once whole, for its columns ([`profile`]), and once narrow, for when its rows happened and
//! whose they are, which may take lookups (`census`). Memory is bounded whatever the data: distinct values are counted
//! by a sketch ([`distinct`]), lists of values end at 24.

mod census;
mod column;
mod distinct;
mod model;
mod overlap;
mod profile;
mod run;
#[cfg(test)]
mod tests;
mod text;

pub use model::{ColumnSurvey, SubjectSurvey, Survey, TableSurvey, ValueCount};
pub use overlap::Values;
