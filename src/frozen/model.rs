//! The file of cut points as read: nothing is typed yet.

use crate::catalog::model::Placed;
use crate::source::{FileId, Span};
use crate::syntax::ast::Ident;

/// The cut points of a project.
#[derive(Clone, Debug)]
pub struct CutPoints {
    /// The file.
    pub file: FileId,
    /// In file order.
    pub attributes: Vec<AttributeCuts>,
}

/// The cut points of an attribute.
#[derive(Clone, Debug)]
pub struct AttributeCuts {
    /// The attribute.
    pub name: Ident,
    /// Its definition when they were computed, as it is printed.
    pub definition: Placed<String>,
    /// The instant that they were computed for, as it is written.
    pub as_of: Placed<String>,
    /// One, or one for each value of `per`.
    pub groups: Vec<CutGroup>,
}

/// The cut points of a group.
#[derive(Clone, Debug)]
pub struct CutGroup {
    /// Where it stands.
    pub span: Span,
    /// The value of `per`, as it is written; none: there is no `per`, or it is unknown for the group.
    pub per: Option<Placed<String>>,
    /// How many subjects they were computed from.
    pub population: u64,
    /// The least values of the second tile, the third and so on, as they are written, ascending; for a percentile the percentile.
    /// Fewer than tiles where the population was too small for all of them.
    pub bounds: Vec<Placed<String>>,
}
