//! Rule files: the segments.

mod decode;
pub mod model;

pub use decode::decode;
