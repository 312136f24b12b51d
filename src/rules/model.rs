//! A rule file as read: shapes decoded, expressions parsed, nothing looked up yet.

use crate::catalog::model::Placed;
use crate::source::FileId;
use crate::syntax::ast::{Expr, Ident, Path};

/// One rule file.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Its file.
    pub file: FileId,
    /// Segments in file order.
    pub segments: Vec<SegmentDef>,
}

/// A segment.
#[derive(Clone, Debug)]
pub struct SegmentDef {
    /// Its name, unique in the project.
    pub name: Ident,
    /// `label:` what people call it.
    pub label: Option<String>,
    /// `description:`
    pub description: Option<String>,
    /// `owner:`
    pub owner: Option<String>,
    /// `tags:`
    pub tags: Vec<Placed<String>>,
    /// `of:` the kind of subject; the default kind when not said.
    pub of: Option<Ident>,
    /// `within:` the broader segment: a member must be a member of it too.
    pub within: Option<Path>,
    /// `when:` the condition; [`crate::syntax::ast::ExprKind::Error`] if it could not be read.
    pub when: Expr,
}
