//! Subjects: who they are, what was counted about each, and the conditions over it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::common::{Column, Result};
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, lit, when};

use super::compute::{Counted, ListedKeys, Output, Present};
use super::counts::Counts;
use super::features::of_nothing;
use super::rows::{Request, Wanted, column};
use super::{Lowering, Way};
use crate::engine::kernel::listed::{Listed, Met};
use crate::ir::{BaseTableId, FeatureId, ListId, Node, NodeId, Owner, RowSetId, SegmentId, SequenceId, SubjectId};

/// Subjects beside what was counted, before conditions: also keys that are nobody's.
pub(super) struct Frame {
    pub plan: LogicalPlanBuilder,
    pub keys: Vec<String>,
    /// Null where the subject table lacks the key; none without a subject table.
    pub found: Option<String>,
    pub columns: BTreeMap<NodeId, String>,
    pub counted: Vec<CountedRows>,
}

/// Features by their rows, those that need these in order apart: they should not make the others wait for a sort.
pub(super) type Groups = BTreeMap<(RowSetId, bool), Vec<FeatureId>>;

/// A table, the column with the number of its rows, and the columns of features of it.
pub(super) type CountedRows = (BaseTableId, String, Vec<(FeatureId, String)>);

/// What is asked of a frame in the end.
pub(super) struct Asked<'s> {
    pub outputs: Vec<(String, Output)>,
    /// Names for the key columns.
    pub key_names: Vec<String>,
    /// Sums by which rows of nobody are measured; none where nobody counts them.
    pub sums: Option<&'s BTreeMap<FeatureId, String>>,
    /// Conditions that only count, by name.
    pub strays: Vec<(String, NodeId)>,
    /// Lists of keys, of which is noted who is there.
    pub lists: Vec<ListId>,
}

impl Lowering<'_> {
    pub(super) fn member_frame(&mut self, subject: SubjectId, segments: &[SegmentId]) -> Result<LogicalPlan> {
        let ir = Arc::clone(self.ir);
        let conditions: Vec<NodeId> = segments.iter().map(|segment| ir.segment(*segment).condition).collect();
        let sums = self.measured(subject, &conditions);
        let frame = self.frame(subject, &conditions, Some(&sums))?;
        let outputs = segments.iter().zip(&conditions).map(|(segment, condition)| {
            (ir.segment(*segment).name.clone(), Output::Mask { filter: Some(*condition), window: None })
        });
        let outputs = outputs.collect();
        let key_names = ir.subject(subject).key_names.clone();
        let strays = self.closed_sets(&conditions);
        let lists = self.key_lists(subject, &conditions);
        self.conclude(subject, frame, Asked { outputs, key_names, sums: Some(&sums), strays, lists })
    }

    /// Attributes with a closed set that conditions use.
    fn closed_sets(&self, conditions: &[NodeId]) -> Vec<(String, NodeId)> {
        let used = self.ir.leaves(self.with_ranked(conditions)).order;
        let sets = self.ir.closed_sets.iter().filter(|(_, value, _)| used.binary_search(value).is_ok());
        sets.map(|(name, _, outside)| (name.clone(), *outside)).collect()
    }

    /// Values of a kind of subject by its key, for rows that ask: the plan and its key columns.
    pub(crate) fn subject_values(
        &mut self,
        subject: SubjectId,
        values: Vec<(String, NodeId)>,
    ) -> Result<(LogicalPlan, Vec<Column>)> {
        let nodes: Vec<NodeId> = values.iter().map(|(_, node)| *node).collect();
        let frame = self.frame(subject, &nodes, None)?;
        let outputs: Vec<(String, Output)> =
            values.into_iter().map(|(name, node)| (name, Output::Value(node, self.form(node)))).collect();
        let names: Vec<String> = frame.keys.iter().map(|_| self.name("key")).collect();
        let keys = names.iter().map(Column::new_unqualified).collect();
        let asked = Asked { outputs, key_names: names, sums: None, strays: Vec::new(), lists: Vec::new() };
        Ok((self.conclude(subject, frame, asked)?, keys))
    }

    /// The rows of the subject table: its keys and the values asked for, by node.
    pub(crate) fn subject_rows(&mut self, subject: SubjectId, values: &[NodeId]) -> Result<Option<SubjectRows>> {
        let ir = Arc::clone(self.ir);
        let made = ir.subject(subject);
        let Some(table) = made.table else { return Ok(None) };
        let table = ir.table(table);
        let mut outputs = Vec::new();
        let mut keys = Vec::new();
        for (key, ty) in made.keys.iter().zip(self.subject_key_types(subject)) {
            let name = self.name("key");
            outputs.push((name.clone(), Wanted::Key(*key, ty)));
            keys.push(name);
        }
        let mut columns = BTreeMap::new();
        for node in values {
            let Node::SubjectValue(_, value) = ir.node(*node) else { continue };
            let name = self.name("own");
            outputs.push((name.clone(), Wanted::Value(*value)));
            columns.insert(*node, name);
        }
        let plan = self.rows(table.rows, Request { outputs, filter: table.filter, bounds: None, report: false })?;
        Ok(Some(SubjectRows { plan, keys, columns }))
    }

    /// Metrics that are one sum, and are used here, by which rows of nobody are measured.
    fn measured(&self, subject: SubjectId, conditions: &[NodeId]) -> BTreeMap<FeatureId, String> {
        let used = self.ir.leaves(self.with_ranked(conditions)).inputs;
        let mut measured = BTreeMap::new();
        for (name, node) in &self.ir.sums {
            let Node::Feature(id) = self.ir.node(*node) else { continue };
            let sum = self.ir.feature(*id);
            let related = used.iter().any(|leaf| match self.ir.node(*leaf) {
                Node::Feature(other) => {
                    let other = self.ir.feature(*other);
                    let same = other.rows == sum.rows && other.argument == sum.argument;
                    same && other.aggregation == sum.aggregation && self.narrows(other.filter, sum.filter)
                }
                _ => false,
            });
            if related && sum.owner == Owner::Subject(subject) {
                measured.entry(*id).or_insert_with(|| name.clone());
            }
        }
        measured
    }

    /// Whether a filter has every part of another, so that it passes no row that the other does not.
    fn narrows(&self, filter: Option<NodeId>, broader: Option<NodeId>) -> bool {
        let parts = |filter: Option<NodeId>| match filter.map(|node| (node, self.ir.node(node))) {
            None => Vec::new(),
            Some((_, Node::And(parts))) => parts.clone(),
            Some((node, _)) => vec![node],
        };
        let own = parts(filter);
        parts(broader).iter().all(|part| own.contains(part))
    }

    fn frame(
        &mut self,
        subject: SubjectId,
        nodes: &[NodeId],
        sums: Option<&BTreeMap<FeatureId, String>>,
    ) -> Result<Frame> {
        let ir = Arc::clone(self.ir);
        let leaves = ir.leaves(self.with_ranked(nodes)).inputs;
        let own: Vec<NodeId> =
            leaves.iter().copied().filter(|leaf| matches!(ir.node(*leaf), Node::SubjectValue(..))).collect();
        let mut groups = Groups::new();
        let features = leaves.iter().filter_map(|leaf| match ir.node(*leaf) {
            Node::Feature(feature) => Some(*feature),
            _ => None,
        });
        for feature in features {
            groups.entry((ir.feature(feature).rows, self.is_ordered(feature))).or_default().push(feature);
        }
        let sequences: Vec<SequenceId> = leaves
            .iter()
            .filter_map(|leaf| match ir.node(*leaf) {
                Node::Sequence(sequence) => Some(*sequence),
                _ => None,
            })
            .collect();
        let mut measure = BTreeSet::new();
        for feature in sums.into_iter().flat_map(|sums| sums.keys().copied()) {
            let group = groups.entry((ir.feature(feature).rows, false)).or_default();
            if !group.contains(&feature) {
                group.push(feature);
                measure.insert(feature);
            }
        }
        if sums.is_some() {
            // Rows of nobody are counted among all rows, not among those that a `distinct` leaves.
            let steps = sequences.iter().flat_map(|sequence| &ir.sequence(*sequence).steps);
            let rows = groups.keys().map(|(rows, _)| *rows).chain(steps.map(|step| step.rows));
            let bases: Vec<BaseTableId> = rows.map(|rows| ir.data_of(rows)).collect();
            for table in ir.tables.iter().filter(|table| bases.contains(&table.base)) {
                if ir.is_data(table.rows) {
                    groups.entry((table.rows, false)).or_default();
                }
            }
        }
        let subjects = self.subject_rows(subject, &own)?;
        if subjects.is_none() {
            self.every_key(subject, &mut groups);
        }
        let asked = (sums.is_some(), &measure);
        let children = match self.way {
            Way::Shared => self.children(subject, &groups, subjects.is_none(), asked)?,
            Way::Plain => None,
        };
        let mut frame = match children {
            Some(children) => Some(self.passed(subject, subjects, children)?),
            None => self.joined_counts(subject, subjects, groups, asked)?,
        };
        if let (Some(under), false) = (frame.as_mut(), sequences.is_empty()) {
            self.beside_sequences(under, subject, &sequences)?;
        }
        frame.ok_or_else(|| {
            let name = &ir.subject(subject).name;
            datafusion::error::DataFusionError::Plan(format!("no table says who the `{name}`s are"))
        })
    }

    /// The frame by joins of aggregations.
    fn joined_counts(
        &mut self,
        subject: SubjectId,
        subjects: Option<SubjectRows>,
        groups: Groups,
        (reported, measure): (bool, &BTreeSet<FeatureId>),
    ) -> Result<Option<Frame>> {
        let ir = Arc::clone(self.ir);
        let bare = subjects.is_none();
        let mut frame = match subjects {
            Some(rows) => self.with_table(subject, rows)?,
            None => None,
        };
        for ((rows, ordered), features) in groups {
            let whole = bare && !ordered && ir.is_data(rows);
            let counts = self.counts(rows, subject, &features, (whole, reported && !ordered), measure)?;
            frame = Some(match frame {
                None => self.first(counts),
                Some(frame) => self.joined(frame, counts)?,
            });
        }
        if let Some(frame) = &mut frame {
            self.zeros(frame)?;
        }
        Ok(frame)
    }

    /// Whether each subject's rows hold sequences, beside what is there.
    fn beside_sequences(&mut self, frame: &mut Frame, subject: SubjectId, sequences: &[SequenceId]) -> Result<()> {
        let found = self.sequences(subject, sequences)?;
        let left: Vec<Column> = frame.keys.iter().map(Column::new_unqualified).collect();
        let right: Vec<Column> = found.keys.iter().map(Column::new_unqualified).collect();
        let mut kept: Vec<Expr> = frame.plan.schema().columns().into_iter().map(Expr::Column).collect();
        let rowless =
            found.keys.iter().map(|key| column(key).is_null()).reduce(Expr::and).unwrap_or_else(|| lit(false));
        for (sequence, name) in found.sequences {
            let held = self.name("sequence");
            // Who has no rows has no sequence; who has some and no answer took too much work.
            kept.push(when(rowless.clone(), lit(false)).otherwise(column(name))?.alias(&held));
            frame.columns.extend(self.ir.find(&Node::Sequence(sequence)).map(|node| (node, held)));
        }
        let plan = std::mem::replace(&mut frame.plan, LogicalPlanBuilder::empty(false));
        frame.plan = plan.join(found.plan, JoinType::Left, (left, right), None)?.project(kept)?;
        Ok(())
    }

    fn with_table(&mut self, subject: SubjectId, rows: SubjectRows) -> Result<Option<Frame>> {
        self.not_told_apart.insert(subject);
        let found = self.name("found");
        let mut columns: Vec<Expr> = rows.plan.schema().columns().into_iter().map(Expr::Column).collect();
        columns.push(lit(true).alias(&found));
        let plan = LogicalPlanBuilder::from(rows.plan).project(columns)?;
        Ok(Some(Frame { plan, keys: rows.keys, found: Some(found), columns: rows.columns, counted: Vec::new() }))
    }

    /// Without a subject table the subjects are the keys of every table that names them.
    fn every_key(&self, subject: SubjectId, groups: &mut Groups) {
        for table in &self.ir.tables {
            let base = self.ir.base_table(table.base);
            if self.ir.is_data(table.rows) && base.subjects.iter().any(|(kind, _)| *kind == subject) {
                groups.entry((table.rows, false)).or_default();
            }
        }
    }

    /// Whether a feature asks for its rows' places.
    fn is_ordered(&self, feature: FeatureId) -> bool {
        let feature = self.ir.feature(feature);
        let leaves = self.all_leaves(feature.filter.into_iter().chain(feature.argument));
        leaves.iter().any(|leaf| matches!(self.ir.node(*leaf), Node::Number(_) | Node::Gap(_)))
    }

    fn first(&mut self, counts: Counts) -> Frame {
        let columns = self.feature_columns(&counts);
        let counted = vec![(counts.table, counts.rows, counts.features)];
        Frame { plan: LogicalPlanBuilder::from(counts.plan), keys: counts.keys, found: None, columns, counted }
    }

    fn feature_columns(&self, counts: &Counts) -> BTreeMap<NodeId, String> {
        let node = |feature: &FeatureId| self.ir.feature_node(*feature);
        counts.features.iter().filter_map(|(feature, name)| Some((node(feature)?, name.clone()))).collect()
    }

    fn joined(&mut self, frame: Frame, counts: Counts) -> Result<Frame> {
        let left: Vec<Column> = frame.keys.iter().map(Column::new_unqualified).collect();
        let right: Vec<Column> = counts.keys.iter().map(Column::new_unqualified).collect();
        let mut columns = frame.columns;
        columns.extend(self.feature_columns(&counts));
        let plan = frame.plan.join(counts.plan, JoinType::Full, (left, right), None)?;
        // One key column of two: where one side has no row, the other has the key.
        let gone: Vec<&String> = frame.keys.iter().chain(&counts.keys).collect();
        let mut kept: Vec<Expr> =
            plan.schema().columns().into_iter().filter(|c| !gone.contains(&&c.name)).map(Expr::Column).collect();
        let mut keys = Vec::new();
        for (own, theirs) in frame.keys.iter().zip(&counts.keys) {
            let name = self.name("key");
            kept.push(when(column(own).is_not_null(), column(own)).otherwise(column(theirs))?.alias(&name));
            keys.push(name);
        }
        let mut counted = frame.counted;
        counted.push((counts.table, counts.rows, counts.features));
        Ok(Frame { plan: plan.project(kept)?, keys, found: frame.found, columns, counted })
    }

    /// Counts and sums over no rows are zero; the join left them null.
    fn zeros(&mut self, frame: &mut Frame) -> Result<()> {
        let ir = Arc::clone(self.ir);
        let schema = frame.plan.schema().clone();
        let features: BTreeMap<&str, FeatureId> = frame
            .columns
            .iter()
            .filter_map(|(node, name)| match ir.node(*node) {
                Node::Feature(feature) => Some((name.as_str(), *feature)),
                _ => None,
            })
            .collect();
        let mut columns = Vec::new();
        for field in schema.fields() {
            let name = field.name();
            let zero = features.get(name.as_str()).and_then(|id| of_nothing(ir.feature(*id), field.data_type()));
            columns.push(match zero {
                None => column(name),
                Some(zero) => when(column(name).is_null(), lit(zero)).otherwise(column(name))?.alias(name),
            });
        }
        let plan = std::mem::replace(&mut frame.plan, LogicalPlanBuilder::empty(false));
        frame.plan = plan.project(columns)?;
        Ok(())
    }

    /// How subjects are told from rows of nobody, which are counted.
    pub(super) fn present(
        &self,
        frame: &Frame,
        sums: Option<&BTreeMap<FeatureId, String>>,
        lists: &[ListId],
    ) -> Result<Present> {
        let schema = frame.plan.schema().clone();
        let at = |name: &String| schema.index_of_column_by_name(None, name);
        Ok(Present {
            keys: frame.keys.iter().filter_map(at).collect(),
            found: frame.found.as_ref().and_then(at),
            counted: sums.map(|sums| self.counted(&frame.counted, sums, &at)).unwrap_or_default(),
            count_subjects: sums.is_some(),
            listed: lists.iter().map(|list| self.listed(*list)).collect(),
        })
    }

    /// A list of keys, ready to be met.
    fn listed(&self, id: ListId) -> ListedKeys {
        let list = self.ir.list(id);
        let types = list.keys_of.map(|subject| self.ir.subject(subject).key_types.clone()).unwrap_or_default();
        let met = Arc::new(Met::new(list.rows.len()));
        self.tally.add_list(id, Arc::clone(&met));
        ListedKeys { types, listed: Arc::new(Listed::new(list)), met }
    }

    /// Lists of keys that conditions use.
    fn key_lists(&self, subject: SubjectId, conditions: &[NodeId]) -> Vec<ListId> {
        let used = self.ir.leaves(self.with_ranked(conditions)).order;
        let lists = used.into_iter().filter_map(|node| match self.ir.node(node) {
            Node::InRows(_, list) if self.ir.list(*list).keys_of == Some(subject) => Some(*list),
            _ => None,
        });
        lists.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn counted(
        &self,
        counted: &[CountedRows],
        sums: &BTreeMap<FeatureId, String>,
        at: &dyn Fn(&String) -> Option<usize>,
    ) -> Vec<Counted> {
        let mut seen: Vec<BaseTableId> = Vec::new();
        let mut all = Vec::new();
        for (table, rows, features) in counted {
            // Row sets come before what is derived from them: a table is counted by all its rows.
            if seen.contains(table) || self.ir.base_table(*table).grouping.is_some() {
                continue;
            }
            seen.push(*table);
            let Some(rows) = at(rows) else { continue };
            let sums = features.iter().filter_map(|(id, name)| Some((sums.get(id)?.clone(), at(name)?))).collect();
            all.push(Counted { table: *table, rows, sums });
        }
        all
    }
}

/// The subject table's rows.
pub(crate) struct SubjectRows {
    /// The plan.
    pub plan: LogicalPlan,
    /// Key columns.
    pub keys: Vec<String>,
    /// The column of each value asked for.
    pub columns: BTreeMap<NodeId, String>,
}
