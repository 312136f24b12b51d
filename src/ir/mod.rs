//! The typed intermediate representation: what a project means, with every name resolved.
//!
//! `check` makes it, everything downstream reads it. It has two vocabularies. A [`Feature`] is what is counted: rows of a
//! table, a filter, a window, an aggregate. Everything else is a [`Node`]: a three-valued expression, over a row's columns
//! below a feature and over features and the subject's columns above it. Nodes and features are interned, so what is
//! written twice is one.

mod arena;
mod asked;
mod model;
mod moves;
mod needs;
mod node;
mod ranks;
mod rows;
mod test;
mod unknown;
mod value;
mod window;
mod written;

pub use arena::{Ir, Leaves};
pub use asked::Asked;
pub use model::{
    BaseColumn, BaseTable, BaseTableId, Chart, ColumnKind, Frozen, Grouping, List, ListId, Lookup, LookupId, NonFinite,
    Ordering, OrderingId, Partition, PartitionForm, PartitionId, RankCount, RankForm, Ranking, RankingId, RowSet,
    RowSetId, Segment, SegmentId, Sequence, SequenceId, SequenceStep, SqlTable, Subject, SubjectId, Table, TableId,
};
pub use moves::Moves;
pub use needs::{needed_by, needed_tables, read_by_sql};
pub use node::{Aggregation, Feature, FeatureId, Node, NodeId, Owner, Part, Root};
pub use ranks::RankForms;
pub use rows::{Texts, ValuePart, ValueRows};
pub use test::{Cell, Expected, Expecting, Test, TestKey, TestRows, TestStep};
pub use value::{Type, Value};
pub use window::{Moment, Window};
pub use written::{Written, WrittenAs};
