//! The differential test: random projects, judged by a naive interpreter.
//!
//! [`oracle`] says what every segment must contain, [`generate`] makes projects and data, [`coverage`] counts which forms
//! of the language were seen true, false and unknown, [`mutants`] proves that wrong meanings would be noticed.

pub mod coverage;
pub mod generate;
mod mutants;
pub mod oracle;
mod oracle_tests;
pub mod value;
