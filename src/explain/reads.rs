//! What a rule reads: tables, columns, what is counted, and which other rules count the same.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::model::{NameKind, Phrase, ReadFeature, ReadTable, Reads};
use super::say::Say;
use super::speaker::Speaker;
use crate::ir::{
    Aggregation, BaseTableId, Feature, FeatureId, Ir, Node, NodeId, Owner, RowSetId, SegmentId, SubjectId, Type,
};

/// Everything behind a condition.
#[derive(Clone, Debug, Default)]
pub(super) struct Behind {
    /// What is counted about subjects.
    pub features: BTreeSet<FeatureId>,
    /// Columns of tables of data, by position.
    pub columns: BTreeSet<(BaseTableId, u32)>,
}

/// Follows a condition down to the columns of the data.
pub(super) fn behind(ir: &Ir, subject: SubjectId, root: NodeId) -> Behind {
    let mut found = Behind::default();
    let mut seen = BTreeSet::new();
    let mut tables = BTreeSet::new();
    let mut pending = vec![root];
    // Who there is: the keys of the subject's table and what decides which rows it has, or the keys of every table that names the kind.
    pending.extend(&ir.subject(subject).keys);
    if let Some(table) = ir.subject(subject).table {
        pending.extend(ir.chosen(table));
    } else {
        for table in ir.base_tables.iter().filter(|table| table.grouping.is_none()) {
            let own = table.subjects.iter().filter(|(kind, _)| *kind == subject);
            let keys: Vec<NodeId> = own.flat_map(|(_, keys)| keys).copied().collect();
            pending.extend(table.time.filter(|_| !keys.is_empty()));
            pending.extend(keys);
        }
    }
    while let Some(id) = pending.pop() {
        if !seen.insert(id) {
            continue;
        }
        pending.extend(ir.operands(id));
        pending.extend(ir.behind(id));
        match ir.node(id) {
            Node::Column(base, at) if ir.base_table(*base).grouping.is_none() => {
                found.columns.insert((*base, *at));
            }
            Node::Feature(feature) => {
                let Feature { owner, rows, .. } = ir.feature(*feature);
                if let Owner::Subject(_) = owner {
                    found.features.insert(*feature);
                }
                rows_of(ir, *rows, &mut tables, &mut pending);
            }
            Node::Number(ordering) | Node::Gap(ordering) => {
                rows_of(ir, ir.ordering(*ordering).rows, &mut tables, &mut pending);
            }
            Node::Sequence(sequence) => {
                for step in &ir.sequence(*sequence).steps {
                    rows_of(ir, step.rows, &mut tables, &mut pending);
                }
            }
            Node::Lookup(lookup, _) => {
                let lookup = ir.lookup(*lookup);
                pending.extend(lookup.keys.iter().chain(&lookup.target_keys));
                pending.extend(ir.table(lookup.target).filter);
            }
            Node::OfSubject { keys, .. } => pending.extend(keys),
            _ => {}
        }
    }
    found
}

/// What says of a row when it happened and whose it is.
fn rows_of(ir: &Ir, rows: RowSetId, tables: &mut BTreeSet<BaseTableId>, pending: &mut Vec<NodeId>) {
    let mut base = ir.base_of(rows);
    while tables.insert(base) {
        let table = ir.base_table(base);
        pending.extend(table.time);
        pending.extend(table.subjects.iter().flat_map(|(_, keys)| keys));
        let Some(grouping) = &table.grouping else { break };
        pending.extend(ir.row_set_nodes(grouping.rows));
        base = ir.base_of(grouping.rows);
    }
}

/// Which segments rest on which features, of a whole project.
#[derive(Debug, Default)]
pub(super) struct Sharing {
    pub by_feature: BTreeMap<FeatureId, Vec<SegmentId>>,
}

impl Sharing {
    /// Looks at every segment once.
    pub fn of(ir: &Ir) -> Self {
        let mut by_feature: BTreeMap<FeatureId, Vec<SegmentId>> = BTreeMap::new();
        for (at, segment) in ir.segments.iter().enumerate() {
            for feature in behind(ir, segment.subject, segment.condition).features {
                by_feature.entry(feature).or_default().push(SegmentId(at as u32));
            }
        }
        Sharing { by_feature }
    }
}

impl<'a> Speaker<'a> {
    /// What a segment reads.
    pub fn reads(&mut self, segment: SegmentId, tables: &BTreeSet<BaseTableId>, sharing: &Sharing) -> Reads {
        let ir = self.names.ir;
        let behind = behind(ir, ir.segment(segment).subject, ir.segment(segment).condition);
        let tables = tables.iter().map(|base| {
            let columns = behind.columns.iter().filter(|(of, _)| of == base);
            let name = |(_, at): &(BaseTableId, u32)| {
                let column = ir.base_table(*base).columns.get(*at as usize);
                column.map(|column| Phrase::name(NameKind::Column, &column.name, None))
            };
            let table = Phrase::name(NameKind::Table, &ir.base_table(*base).name, None);
            ReadTable { table, columns: columns.filter_map(name).collect() }
        });
        let tables = tables.collect();
        let features = behind.features.iter().map(|feature| {
            let mut seen = HashSet::from([self.rule_of(segment)]);
            let others = sharing.by_feature.get(feature).into_iter().flatten().map(|other| self.rule_of(*other));
            let shared_with = others.filter(|rule| seen.insert(rule.clone())).collect();
            ReadFeature { feature: self.feature(*feature), shared_with }
        });
        let features = features.collect();
        Reads { tables, features }
    }

    /// What a segment belongs to, as a rule: all groups of a division are one, and so are a segment and the parts of its split.
    fn rule_of(&self, segment: SegmentId) -> Phrase {
        let ir = self.names.ir;
        let made = ir.segment(segment);
        match made.part_of.map(|part_of| ir.partition(part_of)) {
            Some(whole) => Phrase::name(NameKind::Segment, &whole.name, whole.label.as_deref()),
            None => self.name_of(made),
        }
    }

    /// A feature in words: as it is named somewhere, or else what is counted of which rows.
    pub fn feature(&mut self, id: FeatureId) -> Phrase {
        let ir = self.names.ir;
        let named = self.names.figure(id).and_then(|(expr, subject)| self.in_passing(expr, subject));
        if let Some(named) = named {
            return named;
        }
        let feature = ir.feature(id).clone();
        let argument = feature.argument.map(|argument| self.calculated(feature.rows, argument));
        let rows = self.counted_rows(&feature);
        let is_time = feature.argument.is_some_and(|argument| matches!(ir.ty(argument), Type::Date | Type::Instant));
        let say = match feature.aggregation {
            Aggregation::Count => Say::CountKnown,
            Aggregation::CountDistinct => Say::CountDistinct,
            Aggregation::Sum => Say::Sum,
            Aggregation::Min if is_time => Say::Earliest,
            Aggregation::Max if is_time => Say::Latest,
            Aggregation::Min => Say::Min,
            Aggregation::Max => Say::Max,
            Aggregation::First => Say::First,
            Aggregation::Last => Say::Last,
            Aggregation::Mode => Say::Mode,
            Aggregation::ModeCount => Say::ModeCount,
            Aggregation::Percentile(_) => Say::Percentile,
        };
        let percent = match feature.aggregation {
            Aggregation::Percentile(millionths) => {
                self.number(rust_decimal::Decimal::new(i64::from(millionths), 6).normalize())
            }
            _ => Phrase::default(),
        };
        match argument {
            Some(argument) => self.say(say, &[argument, rows, percent]),
            None => self.say(Say::CountRows, &[rows]),
        }
    }

    /// The column that a calculation over rows is called by, if any table calls it so.
    fn calculated(&self, rows: RowSetId, node: NodeId) -> Phrase {
        let ir = self.names.ir;
        let column = ir.tables.iter().filter(|table| table.rows == rows).find_map(|table| {
            let named = table.columns.iter().find(|(_, column)| *column == node);
            named.map(|(name, _)| Phrase::name(NameKind::Column, name, None))
        });
        let time = ir.base_table(ir.base_of(rows)).time == Some(node);
        match column {
            Some(column) => column,
            None if time => self.say(Say::RowTime, &[]),
            None => self.say(Say::Calculation, &[]),
        }
    }

    /// The table whose rows are counted, with the window.
    fn counted_rows(&mut self, feature: &Feature) -> Phrase {
        let ir = self.names.ir;
        let filters: Vec<NodeId> = match feature.filter {
            Some(filter) => match ir.node(filter) {
                Node::And(of) => of.clone(),
                _ => vec![filter],
            },
            None => Vec::new(),
        };
        let conditions = |filter: Option<NodeId>| match filter.map(|filter| (filter, ir.node(filter))) {
            Some((_, Node::And(of))) => of.clone(),
            Some((filter, _)) => vec![filter],
            None => Vec::new(),
        };
        // The table that leaves the least to be said: all of its conditions are among those of the feature.
        let tables = ir.tables.iter().filter(|table| table.rows == feature.rows);
        let fits = tables.map(|table| (conditions(table.filter), table));
        let fits = fits.filter(|(own, _)| own.iter().all(|one| filters.contains(one)));
        let best = fits.min_by_key(|(own, table)| (std::cmp::Reverse(own.len()), self.names.table_order(&table.name)));
        let (name, rest) = match best {
            Some((own, table)) => (table.name.as_str(), filters.len() > own.len()),
            None => (ir.base_table(ir.base_of(feature.rows)).name.as_str(), true),
        };
        let table = Phrase::name(NameKind::Table, name, None);
        let rows = match &feature.window {
            Some(window) => {
                let window = self.aside(|speaker| speaker.window(window));
                self.say(Say::Over, &[table, window])
            }
            None => table,
        };
        if rest { self.say(Say::SomeRows, &[rows]) } else { rows }
    }
}
