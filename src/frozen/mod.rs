//! Cut points of frozen attributes: computed on request, kept in a file with their date and population, used until they are
//! computed again, so that nobody moves because others moved.

mod decode;
pub mod model;
#[cfg(test)]
mod tests;
mod write;

pub use decode::decode;
pub use write::write;

/// What helps whenever something is wrong with the file.
pub(crate) const WAY_OUT: &str = "run `kohort freeze`, which computes all cut points and writes the file anew";
