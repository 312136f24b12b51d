//! What the data of a project looks like, as the engine sees it: for people who want to know, and to write a catalogue.

mod model;

pub use model::{ColumnSurvey, SubjectSurvey, Survey, TableSurvey, ValueCount};
