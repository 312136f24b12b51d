//! The arena: everything interned, and what it takes to walk it.

use std::collections::{BTreeMap, HashMap};

use chrono::Weekday;
use chrono_tz::Tz;

use crate::catalog::model::WindowMode;
use crate::source::Span;

use super::{
    BaseTable, BaseTableId, Feature, FeatureId, Frozen, List, ListId, Lookup, LookupId, Node, NodeId, Ordering,
    OrderingId, Part, Partition, PartitionId, RankForm, Ranking, RankingId, RowSet, RowSetId, Segment, SegmentId,
    Sequence, SequenceId, SequenceStep, SqlTable, Subject, SubjectId, Table, TableId, Test, Type, Written, WrittenAs,
};

/// A checked project.
#[derive(Clone, Debug)]
pub struct Ir {
    /// The project's time zone.
    pub timezone: Tz,
    /// First day of a week.
    pub week_starts: Weekday,
    /// What rolling windows of whole days cover.
    pub windows: WindowMode,
    /// Base tables.
    pub base_tables: Vec<BaseTable>,
    /// Tables, base and derived, in catalogue order.
    pub tables: Vec<Table>,
    /// Base tables by SQL, with their queries.
    pub sql: Vec<SqlTable>,
    /// Kinds of subject; the first is the default.
    pub subjects: Vec<Subject>,
    /// Segments in file order.
    pub segments: Vec<Segment>,
    /// Metrics that are one lifetime sum, with their name: by these anonymous and orphan rows are measured.
    pub sums: Vec<(String, NodeId)>,
    /// Attributes with a closed set: the name, the value, and the condition that the value is known and outside the set.
    pub closed_sets: Vec<(String, NodeId, NodeId)>,
    /// Tiers, bands, partitions, charts and splits, in file order.
    pub partitions: Vec<Partition>,
    /// Lists of values.
    pub lists: Vec<List>,
    /// Attributes with cut points, in an order in which each comes after those it rests on.
    pub frozen: Vec<Frozen>,
    /// What expressions about subjects became, by where they are written. An expression under a window or filter that is laid over
    /// it from outside is not among them.
    pub written: BTreeMap<Span, Written>,
    /// Where expressions about rows are written, by what they became: the first place of each, and how the node stands for its value.
    pub written_of_rows: BTreeMap<NodeId, (Span, WrittenAs)>,
    /// Tests of rule files, in the order of files and places.
    pub tests: Vec<Test>,
    nodes: Interner<Node>,
    types: Vec<Type>,
    features: Interner<Feature>,
    lookups: Interner<Lookup>,
    row_sets: Interner<RowSet>,
    orderings: Interner<Ordering>,
    sequences: Interner<Sequence>,
    rankings: Interner<Ranking>,
}

#[derive(Clone, Debug)]
struct Interner<T> {
    items: Vec<T>,
    ids: HashMap<T, u32>,
}

impl<T: Clone + Eq + std::hash::Hash> Interner<T> {
    fn new() -> Self {
        Interner { items: Vec::new(), ids: HashMap::new() }
    }

    fn intern(&mut self, item: T) -> u32 {
        if let Some(id) = self.ids.get(&item) {
            return *id;
        }
        let id = self.items.len() as u32;
        self.items.push(item.clone());
        self.ids.insert(item, id);
        id
    }
}

/// The leaves below some nodes, each once, in ascending order: what must be there before these can be evaluated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaves {
    /// Nodes for which [`Node::is_leaf`] holds.
    pub inputs: Vec<NodeId>,
    /// Every node to evaluate in order, inputs included.
    pub order: Vec<NodeId>,
}

impl Ir {
    /// An empty project with these settings.
    pub fn new(timezone: Tz, week_starts: Weekday, windows: WindowMode) -> Self {
        Ir {
            timezone,
            week_starts,
            windows,
            base_tables: Vec::new(),
            tables: Vec::new(),
            sql: Vec::new(),
            subjects: Vec::new(),
            segments: Vec::new(),
            sums: Vec::new(),
            closed_sets: Vec::new(),
            partitions: Vec::new(),
            lists: Vec::new(),
            frozen: Vec::new(),
            written: BTreeMap::new(),
            written_of_rows: BTreeMap::new(),
            tests: Vec::new(),
            nodes: Interner::new(),
            types: Vec::new(),
            features: Interner::new(),
            lookups: Interner::new(),
            row_sets: Interner::new(),
            orderings: Interner::new(),
            sequences: Interner::new(),
            rankings: Interner::new(),
        }
    }

    /// Interns a node; its operands are interned already.
    pub fn add(&mut self, node: Node) -> NodeId {
        let ty = self.type_of(&node);
        let id = self.nodes.intern(node);
        if id as usize == self.types.len() {
            self.types.push(ty);
        }
        NodeId(id)
    }

    /// The query of a base table by SQL; none for every other table.
    pub fn sql_of(&self, base: BaseTableId) -> Option<&SqlTable> {
        self.sql.iter().find(|sql| sql.base == base)
    }

    /// Interns a feature.
    pub fn add_feature(&mut self, feature: Feature) -> FeatureId {
        FeatureId(self.features.intern(feature))
    }

    /// Interns a lookup.
    pub fn add_lookup(&mut self, lookup: Lookup) -> LookupId {
        LookupId(self.lookups.intern(lookup))
    }

    /// Interns a row set.
    pub fn add_row_set(&mut self, rows: RowSet) -> RowSetId {
        RowSetId(self.row_sets.intern(rows))
    }

    /// Interns an order of rows.
    pub fn add_ordering(&mut self, ordering: Ordering) -> OrderingId {
        OrderingId(self.orderings.intern(ordering))
    }

    /// Interns a sequence.
    pub fn add_sequence(&mut self, sequence: Sequence) -> SequenceId {
        SequenceId(self.sequences.intern(sequence))
    }

    /// Interns an order of subjects.
    pub fn add_ranking(&mut self, ranking: Ranking) -> RankingId {
        RankingId(self.rankings.intern(ranking))
    }

    /// An order of subjects.
    pub fn ranking(&self, id: RankingId) -> &Ranking {
        &self.rankings.items[id.index()]
    }

    /// A list of values.
    pub fn list(&self, id: ListId) -> &List {
        &self.lists[id.index()]
    }

    /// A partition.
    pub fn partition(&self, id: PartitionId) -> &Partition {
        &self.partitions[id.index()]
    }

    /// An order of rows.
    pub fn ordering(&self, id: OrderingId) -> &Ordering {
        &self.orderings.items[id.index()]
    }

    /// A sequence.
    pub fn sequence(&self, id: SequenceId) -> &Sequence {
        &self.sequences.items[id.index()]
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes.items[id.0 as usize]
    }

    /// A node's type.
    pub fn ty(&self, id: NodeId) -> Type {
        self.types[id.0 as usize]
    }

    /// A feature.
    pub fn feature(&self, id: FeatureId) -> &Feature {
        &self.features.items[id.0 as usize]
    }

    /// The node that stands for a feature, if something uses it.
    pub fn feature_node(&self, id: FeatureId) -> Option<NodeId> {
        self.find(&Node::Feature(id))
    }

    /// A lookup.
    pub fn lookup(&self, id: LookupId) -> &Lookup {
        &self.lookups.items[id.index()]
    }

    /// A row set.
    pub fn row_set(&self, id: RowSetId) -> &RowSet {
        &self.row_sets.items[id.index()]
    }

    /// A base table.
    pub fn base_table(&self, id: BaseTableId) -> &BaseTable {
        &self.base_tables[id.index()]
    }

    /// A table.
    pub fn table(&self, id: TableId) -> &Table {
        &self.tables[id.index()]
    }

    /// A kind of subject.
    pub fn subject(&self, id: SubjectId) -> &Subject {
        &self.subjects[id.index()]
    }

    /// A segment.
    pub fn segment(&self, id: SegmentId) -> &Segment {
        &self.segments[id.index()]
    }

    /// A node that was interned.
    pub fn find(&self, node: &Node) -> Option<NodeId> {
        self.nodes.ids.get(node).map(|id| NodeId(*id))
    }

    /// A row set that was interned.
    pub fn find_rows(&self, rows: &RowSet) -> Option<RowSetId> {
        self.row_sets.ids.get(rows).map(|id| RowSetId(*id))
    }

    /// A column of a base table, if something names it.
    pub fn column_node(&self, base: BaseTableId, column: u32) -> Option<NodeId> {
        self.find(&Node::Column(base, column))
    }

    /// The tables of data whose rows a set is made of, through groupings.
    pub fn data_of(&self, rows: RowSetId) -> BaseTableId {
        let mut base = self.base_of(rows);
        while let Some(grouping) = &self.base_table(base).grouping {
            base = self.base_of(grouping.rows);
        }
        base
    }

    /// Whether a set is all rows of a table of data.
    pub fn is_data(&self, rows: RowSetId) -> bool {
        matches!(self.row_set(rows), RowSet::Base(base) if self.base_table(*base).grouping.is_none())
    }

    /// In a group's scope, what a column of a table by grouping is.
    pub fn made_as(&self, base: BaseTableId, column: u32) -> Option<NodeId> {
        self.base_table(base).grouping.as_ref()?.columns.get(column as usize).copied()
    }

    /// Whether a table is one with rows of its own, not one derived from it.
    pub fn is_base(&self, id: TableId) -> bool {
        let table = self.table(id);
        let base = self.base_table(table.base);
        base.name == table.name && base.grouping.is_none()
    }

    /// The base table that the rows of a set come from.
    pub fn base_of(&self, rows: RowSetId) -> BaseTableId {
        match self.row_set(rows) {
            RowSet::Base(base) => *base,
            RowSet::Distinct { of, .. } => self.base_of(*of),
        }
    }

    /// The nodes of other scopes that a leaf's value rests on.
    pub fn behind(&self, leaf: NodeId) -> Vec<NodeId> {
        match self.node(leaf) {
            Node::Column(base, at) => self.made_as(*base, *at).into_iter().collect(),
            Node::Lookup(lookup, value) => {
                std::iter::once(*value).chain(self.chosen(self.lookup(*lookup).target)).collect()
            }
            Node::OfSubject { subject, value, .. } | Node::SubjectValue(subject, value) => {
                let table = self.subject(*subject).table.into_iter();
                std::iter::once(*value).chain(table.flat_map(|table| self.chosen(table))).collect()
            }
            Node::Earlier { value, .. } => vec![*value],
            Node::Feature(feature) => {
                let feature = self.feature(*feature);
                let mut nodes: Vec<NodeId> = feature.filter.into_iter().chain(feature.argument).collect();
                nodes.extend(self.row_set_nodes(feature.rows));
                nodes
            }
            Node::GroupKey(base, at) => {
                let grouping = self.base_table(*base).grouping.as_ref();
                grouping.and_then(|made| made.keys.get(*at as usize)).copied().into_iter().collect()
            }
            Node::Number(ordering) | Node::Gap(ordering) => {
                let ordering = self.ordering(*ordering);
                ordering.filter.into_iter().chain(self.row_set_nodes(ordering.rows)).collect()
            }
            Node::Sequence(sequence) => {
                let steps = self.sequence(*sequence).steps.iter();
                let nodes = |step: &SequenceStep| {
                    let own = step.filter.into_iter().chain(step.joined);
                    own.chain(self.row_set_nodes(step.rows)).collect::<Vec<_>>()
                };
                steps.flat_map(nodes).collect()
            }
            Node::Rank(ranking, _) => self.behind_ranking(*ranking),
            _ => Vec::new(),
        }
    }

    /// What a ranking rests on, in the subject's scope.
    pub fn behind_ranking(&self, ranking: RankingId) -> Vec<NodeId> {
        let ranking = self.ranking(ranking);
        std::iter::once(ranking.by).chain(ranking.among).chain(ranking.per).collect()
    }

    /// Conditions that decide who is a subject of a kind: which rows its own table has.
    pub fn who(&self, subject: SubjectId) -> Vec<NodeId> {
        let Some(table) = self.subject(subject).table else { return Vec::new() };
        let mut nodes = self.chosen(table);
        nodes.extend(self.queried(self.table(table).rows));
        nodes
    }

    /// Conditions and keys that decide which rows a table has.
    pub fn chosen(&self, table: TableId) -> Vec<NodeId> {
        let table = self.table(table);
        table.filter.into_iter().chain(self.row_set_nodes(table.rows)).collect()
    }

    /// What a query may read for the rows of a set; nothing, if they are of no table by SQL.
    pub fn queried(&self, rows: RowSetId) -> Vec<NodeId> {
        let mut nodes = Vec::new();
        for (_, table) in self.sql_of(self.data_of(rows)).into_iter().flat_map(|sql| &sql.reads) {
            nodes.extend(self.table(*table).columns.iter().map(|(_, node)| *node));
            nodes.extend(self.chosen(*table));
        }
        nodes
    }

    /// All that decides which rows there are in a set, and of a table by SQL what they are.
    pub fn rows_rest_on(&self, rows: RowSetId) -> Vec<NodeId> {
        let mut nodes = self.row_set_nodes(rows);
        nodes.extend(self.queried(rows));
        nodes
    }

    /// Conditions and keys that decide which rows are in a set.
    pub fn row_set_nodes(&self, rows: RowSetId) -> Vec<NodeId> {
        match self.row_set(rows) {
            RowSet::Base(base) => match &self.base_table(*base).grouping {
                None => Vec::new(),
                Some(grouping) => {
                    let time = self.base_table(*base).time;
                    let own = grouping.filter.into_iter().chain(time).chain(grouping.keys.iter().copied());
                    own.chain(self.row_set_nodes(grouping.rows)).collect()
                }
            },
            RowSet::Distinct { of, filter, keys } => {
                let mut nodes = self.row_set_nodes(*of);
                nodes.extend(filter.iter().chain(keys));
                nodes
            }
        }
    }

    /// Whether these are the id columns of a base table, so that no two of its rows have them in common.
    pub fn identified_by(&self, base: BaseTableId, keys: &[NodeId]) -> bool {
        let id = &self.base_table(base).id;
        let is_id = |key: &NodeId| matches!(self.node(*key), Node::Column(of, at) if *of == base && id.contains(at));
        !id.is_empty() && id.len() == keys.len() && keys.iter().all(is_id)
    }

    /// The operands of a node that are in its own scope. A membership's operand is the segment's condition.
    pub fn operands(&self, id: NodeId) -> Vec<NodeId> {
        match self.node(id) {
            Node::Constant(_)
            | Node::Unknown(_)
            | Node::Now
            | Node::Today
            | Node::Ago(_)
            | Node::LocalTime(_)
            | Node::Column(..)
            | Node::Lookup(..)
            | Node::OfSubject { .. }
            | Node::SubjectValue(..)
            | Node::Key(..)
            | Node::Feature(_)
            | Node::GroupKey(..)
            | Node::Ordinal(_)
            | Node::Number(_)
            | Node::Gap(_)
            | Node::Sequence(_)
            | Node::Rank(..)
            | Node::Earlier { .. } => Vec::new(),
            Node::Member(segment) => vec![self.segment(*segment).condition],
            Node::And(of) | Node::Or(of) | Node::Least(of) | Node::Greatest(of) | Node::Coalesce(of) => of.clone(),
            Node::InRows(of, _) | Node::KeyHash { keys: of, .. } => of.clone(),
            Node::Choose(cases) => cases.iter().flat_map(|(condition, value)| [*condition, *value]).collect(),
            Node::Bucket { value, bounds } => std::iter::once(*value).chain(bounds.iter().copied()).collect(),
            Node::Not(a)
            | Node::IsKnown(a)
            | Node::IsTrue(a)
            | Node::InSet(a, _)
            | Node::FoldCase(a)
            | Node::Lower(a)
            | Node::Upper(a)
            | Node::Length(a)
            | Node::FoldCaseList(a)
            | Node::Negate(a)
            | Node::Absolute(a)
            | Node::Round(a, _)
            | Node::SquareRoot(a)
            | Node::LocalDate(a)
            | Node::DayStart(a)
            | Node::PeriodStart(_, a)
            | Node::Part(_, a)
            | Node::Age(a)
            | Node::Microseconds(a)
            | Node::Elapsed(a)
            | Node::ShiftDate(a, ..)
            | Node::ShiftInstant(a, ..)
            | Node::Within { value: a, .. } => vec![*a],
            Node::Compare(_, a, b)
            | Node::TextTest(_, a, b)
            | Node::Add(a, b)
            | Node::Subtract(a, b)
            | Node::Multiply(a, b)
            | Node::Divide(a, b)
            | Node::DateDifference(a, b)
            | Node::InstantDifference(a, b)
            | Node::AddDuration(a, b)
            | Node::SubtractDuration(a, b)
            | Node::AddElapsed(a, b)
            | Node::DivideDuration(a, b) => vec![*a, *b],
            Node::CompareRoots(_, a, b) => vec![a.value, b.value],
            Node::ListContains { list, candidates, .. } => {
                std::iter::once(*list).chain(candidates.iter().copied()).collect()
            }
        }
    }

    /// Everything below `roots` within their scope, in an order in which operands come first.
    pub fn leaves(&self, roots: impl IntoIterator<Item = NodeId>) -> Leaves {
        let mut seen = vec![false; self.types.len()];
        let mut stack: Vec<NodeId> = roots.into_iter().collect();
        let mut leaves = Leaves::default();
        while let Some(id) = stack.pop() {
            if std::mem::replace(&mut seen[id.0 as usize], true) {
                continue;
            }
            leaves.order.push(id);
            if self.node(id).is_leaf() {
                leaves.inputs.push(id);
            } else {
                stack.extend(self.operands(id));
            }
        }
        leaves.order.sort_unstable();
        leaves.inputs.sort_unstable();
        leaves
    }

    fn type_of(&self, node: &Node) -> Type {
        match node {
            Node::Constant(value) => value.ty(),
            Node::Unknown(ty) => *ty,
            Node::Now
            | Node::Ago(_)
            | Node::LocalTime(_)
            | Node::DayStart(_)
            | Node::ShiftInstant(..)
            | Node::AddElapsed(..) => Type::Instant,
            Node::Today | Node::LocalDate(_) | Node::PeriodStart(..) | Node::ShiftDate(..) => Type::Date,
            Node::Column(base, at) => match self.made_as(*base, *at) {
                Some(made) => self.ty(made),
                None => {
                    let column = self.base_table(*base).columns.get(*at as usize);
                    column.and_then(|column| column.kind).map_or(Type::Text, |kind| kind.ty())
                }
            },
            Node::GroupKey(base, at) => {
                let grouping = self.base_table(*base).grouping.as_ref();
                grouping.and_then(|made| made.keys.get(*at as usize)).map_or(Type::Text, |key| self.ty(*key))
            }
            Node::Lookup(_, value)
            | Node::SubjectValue(_, value)
            | Node::OfSubject { value, .. }
            | Node::Earlier { value, .. } => self.ty(*value),
            Node::Number(_) | Node::Ordinal(_) => Type::Number,
            Node::Gap(_) | Node::Elapsed(_) => Type::Duration,
            Node::Key(subject, at) => self.subject(*subject).key_types.get(*at as usize).copied().unwrap_or(Type::Text),
            Node::Feature(feature) => self.feature_type(*feature),
            Node::Rank(_, form) => match form {
                RankForm::Highest(_) | RankForm::Lowest(_) => Type::Bool,
                _ => Type::Number,
            },
            Node::Choose(cases) => cases.first().map_or(Type::Bool, |(_, value)| self.ty(*value)),
            Node::Member(_)
            | Node::Sequence(_)
            | Node::InRows(..)
            | Node::And(_)
            | Node::Or(_)
            | Node::Not(_)
            | Node::IsKnown(_)
            | Node::IsTrue(_)
            | Node::Compare(..)
            | Node::InSet(..)
            | Node::CompareRoots(..)
            | Node::TextTest(..)
            | Node::ListContains { .. }
            | Node::Within { .. } => Type::Bool,
            Node::FoldCase(_) | Node::Lower(_) | Node::Upper(_) | Node::Part(Part::Weekday, _) => Type::Text,
            Node::FoldCaseList(_) => Type::TextList,
            Node::Bucket { .. }
            | Node::KeyHash { .. }
            | Node::Length(_)
            | Node::Negate(_)
            | Node::Add(..)
            | Node::Subtract(..)
            | Node::Multiply(..)
            | Node::Divide(..)
            | Node::Absolute(_)
            | Node::Round(..)
            | Node::SquareRoot(_)
            | Node::Part(..)
            | Node::Age(_)
            | Node::Microseconds(_)
            | Node::DivideDuration(..) => Type::Number,
            Node::Least(of) | Node::Greatest(of) | Node::Coalesce(of) => of.first().map_or(Type::Bool, |a| self.ty(*a)),
            Node::DateDifference(..) | Node::InstantDifference(..) => Type::Duration,
            Node::AddDuration(..) | Node::SubtractDuration(..) => Type::Duration,
        }
    }

    fn feature_type(&self, id: FeatureId) -> Type {
        use super::Aggregation::*;
        let feature = self.feature(id);
        match (feature.aggregation, feature.argument) {
            (Min | Max | First | Last | Mode, Some(argument)) => self.ty(argument),
            _ => Type::Number,
        }
    }
}
