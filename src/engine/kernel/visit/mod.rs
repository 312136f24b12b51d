//! What needs a subject's rows in order.

mod numbering;

pub use numbering::Numbering;
