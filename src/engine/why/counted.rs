//! The rows that values are counted from: which, what is shown of them, and how many are left out.
//!
//! Features of the same rows share a block: `spend / orders` is counted from one set of rows, shown once.

use std::collections::HashMap;

use datafusion::arrow::array::{AsArray, RecordBatch};
use futures::TryStreamExt;

use super::draft::Draft;
use super::model::{ColumnWhy, Figure, Known, RowsWhy};
use super::values::{AtHand, known, text_of_rows};
use super::words::{column_name, is_micros};
use crate::engine::kernel::calendar::{Bounds, Calendar};
use crate::engine::{Engine, Error};
use crate::ir::{Aggregation, FeatureId, Node, NodeId, RowSetId, SequenceId, TableId, Window};
use crate::plan::{EvidenceOf, Lowering, run};

/// So many rows are shown.
const ROWS_SHOWN: usize = 5;
/// So many of their columns are shown.
const COLUMNS_SHOWN: usize = 6;

/// Rows that something is counted from.
pub(super) struct Block {
    pub table: TableId,
    pub rows: RowSetId,
    pub filter: Option<NodeId>,
    /// What happened in all of these counts.
    pub windows: Vec<Window>,
    /// What is made of them, as it is written and as a node in the subject's scope.
    pub figures: Vec<(String, NodeId)>,
    /// What the figures are made of.
    arguments: Vec<NodeId>,
    /// Those of them that are amounts.
    amounts: Vec<NodeId>,
    /// Those that are shown as something else: numbers of microseconds, as durations.
    durations: Vec<(NodeId, NodeId)>,
    /// Which rows stand first.
    standing: Option<Standing>,
    /// In row scope: the subject's key.
    pub keys: Vec<NodeId>,
    /// In row scope: whether a row is somebody's who is asked about; none: nobody is yet.
    pub whose: Option<NodeId>,
    text: String,
}

/// Which rows are shown first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The latest.
    Last,
    /// The earliest.
    First,
    /// Those with the smallest value.
    Smallest(NodeId),
    /// Those with the greatest value.
    Greatest(NodeId),
}

impl Draft<'_> {
    /// The block of a feature's rows; none: they are no table's.
    pub(super) fn block_of(&mut self, id: FeatureId) -> Option<usize> {
        let feature = self.ir.feature(id).clone();
        let windows = feature.window.iter().cloned().collect();
        let at = self.block(feature.rows, feature.filter, windows, feature.argument)?;
        let table = self.blocks.get(at)?.table;
        let text = self.words.feature(&self.ir, table, &feature);
        let node = self.ir.feature_node(id)?;
        // Durations are added up as numbers of microseconds.
        let micros = feature.argument.filter(|argument| is_micros(&self.ir, *argument));
        let duration = micros.map(|argument| match self.ir.node(argument) {
            Node::Microseconds(duration) => (argument, *duration),
            _ => (argument, self.ir_mut().add(Node::Elapsed(argument))),
        });
        let plain_count = matches!(feature.aggregation, Aggregation::Count | Aggregation::CountDistinct);
        let node = if micros.is_some() && !plain_count { self.ir_mut().add(Node::Elapsed(node)) } else { node };
        let standing = match (feature.aggregation, feature.argument) {
            (Aggregation::Min, Some(argument)) => Standing::Smallest(argument),
            (Aggregation::Max, Some(argument)) => Standing::Greatest(argument),
            (Aggregation::First, _) => Standing::First,
            _ => Standing::Last,
        };
        let block = self.blocks.get_mut(at)?;
        if let Some(text) = text.filter(|text| block.figures.iter().all(|(known, _)| known != text)) {
            block.figures.push((text, node));
            block.arguments.extend(feature.argument);
            block.durations.extend(duration);
            let named =
                matches!(feature.aggregation, Aggregation::Count | Aggregation::CountDistinct | Aggregation::Mode);
            block.amounts.extend(feature.argument.filter(|_| !named));
            // Several figures that want other rows first: the latest are shown.
            block.standing = match block.standing {
                None => Some(standing),
                Some(before) if before == standing => Some(standing),
                Some(_) => Some(Standing::Last),
            };
        }
        Some(at)
    }

    /// The blocks of the rows that may be steps of a sequence.
    pub(super) fn blocks_of_steps(&mut self, id: SequenceId) -> Vec<usize> {
        let sequence = self.ir.sequence(id).clone();
        let mut found = Vec::new();
        for step in sequence.steps {
            // What must not come may not come outside of the window of the sequence either.
            let whole = sequence.window.clone().filter(|_| !step.never);
            let windows = step.window.into_iter().chain(whole).collect();
            found.extend(self.block(step.rows, step.filter, windows, None));
        }
        found
    }

    fn block(
        &mut self,
        rows: RowSetId,
        filter: Option<NodeId>,
        windows: Vec<Window>,
        argument: Option<NodeId>,
    ) -> Option<usize> {
        let table = self.words.table_of(&self.ir, rows, filter, argument)?;
        let same = |block: &Block| {
            block.rows == rows && block.filter == filter && block.windows == windows && block.table == table
        };
        if let Some(at) = self.blocks.iter().position(same) {
            return Some(at);
        }
        let text = text_of_rows(self.words.rows(&self.ir, table, filter, windows.first()));
        let base = self.ir.base_table(self.ir.base_of(rows));
        let keys = base.subjects.iter().find(|(kind, _)| *kind == self.subject).map(|(_, keys)| keys.clone())?;
        let (figures, arguments, amounts, durations, standing) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), None);
        self.blocks.push(Block {
            table,
            rows,
            filter,
            windows,
            figures,
            arguments,
            amounts,
            durations,
            standing,
            keys,
            whose: None,
            text,
        });
        Some(self.blocks.len() - 1)
    }

    /// The columns that are shown of a block's rows: when they happened, what was made into figures, what the filter asks; the id
    /// where that is nothing.
    fn columns(&self, block: &Block) -> Vec<(ColumnWhy, NodeId)> {
        let base = self.ir.base_table(self.ir.table(block.table).base);
        let mut nodes: Vec<NodeId> = base.time.into_iter().chain(block.arguments.iter().copied()).collect();
        let mut waiting = self.words.beyond_table(&self.ir, block.table, block.filter);
        waiting.reverse();
        while let Some(node) = waiting.pop() {
            match column_name(&self.ir, block.table, node) {
                Some(_) => nodes.push(node),
                None if self.ir.node(node).is_leaf() => {}
                None => waiting.extend(self.ir.operands(node).into_iter().rev()),
            }
        }
        if nodes.len() <= base.time.iter().count() {
            let base = self.ir.table(block.table).base;
            nodes.extend(self.ir.base_table(base).id.iter().filter_map(|at| self.ir.column_node(base, *at)));
        }
        let mut columns: Vec<(ColumnWhy, NodeId)> = Vec::new();
        for node in nodes {
            let Some(expr) = self.words.of_row(&self.ir, block.table, node) else { continue };
            let name = match column_name(&self.ir, block.table, node) {
                Some(name) => name,
                None => crate::syntax::print(&expr),
            };
            let duration = block.durations.iter().find(|(number, _)| *number == node);
            let shown = match self.ir.node(node) {
                Node::Microseconds(inner) => *inner,
                _ => duration.map_or(node, |(_, duration)| *duration),
            };
            if columns.iter().all(|(known, _)| known.name != name) && columns.len() < COLUMNS_SHOWN {
                columns.push((ColumnWhy { name, is_amount: block.amounts.contains(&node) }, shown));
            }
        }
        columns
    }
}

/// What is known of the rows of each subject.
pub(super) type Evidence = HashMap<Vec<Known>, Found>;

/// Rows of one subject under way.
#[derive(Clone, Default)]
pub(super) struct Found {
    count: u64,
    outside_window: u64,
    outside_filter: u64,
    outside_table: u64,
    /// By their standing.
    first: Vec<(Vec<u8>, Vec<Known>)>,
}

impl Engine {
    /// Reads the rows of a block, of all subjects asked about.
    pub(super) async fn evidence(
        &self,
        draft: &Draft<'_>,
        block: &Block,
        (calendar, tables): AtHand<'_>,
    ) -> Result<Evidence, Error> {
        let ir = &draft.ir;
        let Some(whose) = block.whose else { return Ok(Evidence::new()) };
        let keys = &block.keys;
        let columns = draft.columns(block);
        let values: Vec<NodeId> = keys.iter().copied().chain(columns.iter().map(|(_, node)| *node)).collect();
        let bounds = block.bounds(calendar);
        let own = ir.table(block.table).filter;
        let masks = [(own, None), (own, bounds), (block.filter, bounds)];
        let first_by = match block.standing {
            Some(Standing::Smallest(node) | Standing::Greatest(node)) => Some(node),
            _ => None,
        };
        let mut lowering = Lowering::new(ir, calendar.clone(), tables);
        let of = EvidenceOf { rows: block.rows, whose, values: &values, masks: &masks, first_by };
        let plan = lowering.evidence(&of)?;
        let mut stream = run(&self.state, &plan).await?;
        let mut evidence = Evidence::new();
        while let Some(batch) = stream.try_next().await? {
            let mut read = Vec::new();
            for (at, node) in values.iter().enumerate() {
                read.push(known(ir.ty(*node), batch.column(at))?);
            }
            add(&mut evidence, &batch, (&read, keys.len()), block.ascending());
        }
        Ok(evidence)
    }

    /// What is told of a block.
    pub(super) fn rows_why(
        draft: &Draft<'_>,
        block: &Block,
        found: Option<&Found>,
        calendar: &Calendar,
        value: &dyn Fn(NodeId) -> Known,
    ) -> RowsWhy {
        let found = found.cloned().unwrap_or_default();
        let table = draft.ir.table(block.table);
        let bounds = block.bounds(calendar);
        let figure = |(text, node): &(String, NodeId)| Figure { text: text.clone(), value: value(*node) };
        RowsWhy {
            text: block.text.clone(),
            table: table.name.clone(),
            made_from: table.filter.map(|_| draft.ir.base_table(table.base).name.clone()),
            window: bounds.map(|bounds| (bounds.after, bounds.until)),
            count: found.count,
            outside_window: found.outside_window,
            outside_filter: found.outside_filter,
            outside_table: found.outside_table,
            figures: block.figures.iter().map(figure).collect(),
            columns: draft.columns(block).into_iter().map(|(column, _)| column).collect(),
            first: found.first.into_iter().map(|(_, row)| row).collect(),
        }
    }
}

impl Block {
    fn bounds(&self, calendar: &Calendar) -> Option<Bounds> {
        let all = self.windows.iter().map(|window| calendar.bounds(window));
        all.reduce(|a, b| Bounds { after: a.after.max(b.after), until: a.until.min(b.until) })
    }

    fn ascending(&self) -> bool {
        matches!(self.standing, Some(Standing::First | Standing::Smallest(_)))
    }
}

/// Adds rows: their keys and values, then three masks and their standing.
fn add(evidence: &mut Evidence, batch: &RecordBatch, (read, keys): (&[Vec<Known>], usize), ascending: bool) {
    let mask = |at: usize| batch.column(read.len() + at).as_boolean();
    let (of_table, in_window, counts) = (mask(0), mask(1), mask(2));
    let standing = batch.column(read.len() + 3).as_binary::<i32>();
    for row in 0..batch.num_rows() {
        let cell = |column: &Vec<Known>| column.get(row).cloned().unwrap_or(Known::Unknown);
        let key = read.iter().take(keys).map(cell).collect::<Vec<_>>();
        let found = evidence.entry(key).or_default();
        if counts.value(row) {
            found.count += 1;
            let place = standing.value(row).to_vec();
            let before = |other: &(Vec<u8>, Vec<Known>)| if ascending { other.0 <= place } else { other.0 >= place };
            let at = found.first.partition_point(before);
            if at < ROWS_SHOWN {
                found.first.insert(at, (place, read.iter().skip(keys).map(cell).collect()));
                found.first.truncate(ROWS_SHOWN);
            }
        } else if in_window.value(row) {
            found.outside_filter += 1;
        } else if of_table.value(row) {
            found.outside_window += 1;
        } else {
            found.outside_table += 1;
        }
    }
}
