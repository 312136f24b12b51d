//! The ordered visit: what can only be said of rows that come one after the other.
//!
//! Features count rows in any order. The place of a row among a subject's rows, the gap before it, and sequences of rows
//! need them in order, subject by subject. Whoever has rows so, a plan over files, a pass over many features or live
//! state, drives these; they know nothing of where rows come from.
//!
//! - `numbering`: the place of a row and the gap before it, earliest row first
//! - `sequence`: whether rows follow on each other as a pattern says, latest row first

pub mod numbering;
pub mod sequence;

pub use numbering::Numbering;
pub use sequence::{Batch, Outcome, Rows, Sequences, StepRows};
