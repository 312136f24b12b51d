//! The data model a project declares: subjects, tables, lookups, attributes, metrics.

pub(crate) mod decode;
pub mod edit;
pub mod model;

pub use decode::decode;
