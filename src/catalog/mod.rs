//! The data model a project declares: subjects, tables, lookups, attributes, metrics.

pub(crate) mod decode;
pub mod edit;
mod merge;
pub mod model;

pub use decode::{decode, decode_fragment};
pub(crate) use merge::{Included, merge};
