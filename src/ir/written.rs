//! What expressions became: from places in files to nodes, and back.

use super::{Ir, NodeId};
use crate::source::Span;

/// What an expression became.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The node.
    pub node: NodeId,
    /// How the node stands for the expression's value.
    pub form: WrittenAs,
}

/// How a node stands for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrittenAs {
    /// It is the value.
    Itself,
    /// The value is its square root: a standard deviation.
    SquareRoot,
    /// The value is a duration of so many microseconds, not always a whole number: an average of durations.
    Microseconds,
    /// The value is a duration whose square it is, in microseconds: a deviation of durations.
    MicrosecondsSquared,
}

impl Ir {
    /// The first place where a node is written; none: it is made, not written.
    pub fn place_of(&self, node: NodeId) -> Option<Span> {
        self.written.iter().find(|(_, written)| written.node == node).map(|(span, _)| *span)
    }
}
