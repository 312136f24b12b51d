//! Kohort: a rule engine for customer segments.

pub mod catalog;
pub mod check;
pub mod diagnostic;
pub mod ir;
mod project;
pub mod rules;
pub mod source;
pub mod syntax;

#[cfg(feature = "engine")]
pub mod engine;
#[cfg(feature = "engine")]
mod plan;

pub use check::{Checked, Schemas};
pub use diagnostic::{Diagnostic, Severity};
#[cfg(feature = "engine")]
pub use engine::{AsOf, Engine, EngineBuilder, Error, Members, Query, Report};
pub use project::{Project, ProjectError};
