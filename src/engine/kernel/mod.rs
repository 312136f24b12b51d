//! What rows and numbers mean, on Arrow arrays, with no plan in sight: window bounds, expressions, feature states.
//!
//! Everything that evaluates drives these: a batch over files, a pass over many features, live state.

mod broadcast;
pub mod calendar;
pub mod column;
pub mod error;
pub mod flags;
pub mod form;
pub mod listed;
pub mod number;
pub mod pass;
pub mod program;
pub mod rank;
pub mod sample;
pub mod spent;
pub mod state;
pub mod text;
pub mod visit;
