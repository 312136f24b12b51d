//! A rule file as read: shapes decoded, expressions parsed, nothing looked up yet.

use rust_decimal::Decimal;

use crate::catalog::model::{KeyList, PartitionDef, Placed};
use crate::source::{FileId, Span};
use crate::syntax::ast::{Expr, Ident, Path};

/// One rule file.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Its file.
    pub file: FileId,
    /// Segments in file order.
    pub segments: Vec<SegmentDef>,
    /// Tiers, bands, partitions and charts, in file order.
    pub partitions: Vec<PartitionDef>,
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
    /// `include:` keys of subjects that are members whatever the condition says; of the broader segment they must be members.
    pub include: Option<KeyList>,
    /// `exclude:` keys of subjects that are no members whatever else is said.
    pub exclude: Option<KeyList>,
    /// `split:` parts of the members by chance.
    pub split: Option<SplitDef>,
}

impl SegmentDef {
    /// A segment of a condition and nothing else.
    pub fn plain(name: Ident, when: Expr) -> Self {
        let (label, description, owner, of, within) = (None, None, None, None, None);
        let (include, exclude, split) = (None, None, None);
        SegmentDef { name, label, description, owner, tags: Vec::new(), of, within, when, include, exclude, split }
    }
}

/// `split: { salt: launch, a: 45%, b: 45%, holdout: 10% }`: disjoint samples of a segment's members, `in campaign.a`.
#[derive(Clone, Debug)]
pub struct SplitDef {
    /// Where it stands.
    pub span: Span,
    /// `salt:`
    pub salt: Placed<String>,
    /// The parts in order, with the number before the percent sign; together at most 100.
    pub parts: Vec<(Ident, Placed<Decimal>)>,
}
