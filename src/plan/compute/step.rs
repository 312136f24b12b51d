//! What a compute operator does to one batch.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, Int64Array, RecordBatch, RecordBatchOptions};
use datafusion::arrow::buffer::{BooleanBuffer, NullBuffer};
use datafusion::arrow::compute::{and, filter_record_batch};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::{DFSchema, DataFusionError, Result, internal_err};

use super::super::tally::Amounts;
use super::super::{Faults, Meter, Tally};
use crate::engine::NoAnswer;
use crate::engine::kernel::calendar::{Bounds, Calendar};
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::KernelError;
use crate::engine::kernel::flags::flags;
use crate::engine::kernel::form::Form;
use crate::engine::kernel::listed::{Listed, Met};
use crate::engine::kernel::number::{Numbers, fits};
use crate::engine::kernel::program::Program;
use crate::engine::kernel::spent::Spent;
use crate::ir::{BaseTableId, Ir, Node, NodeId, RankForm, Type};

/// A column that a step makes.
#[derive(Clone, Debug)]
pub(crate) enum Output {
    /// The value of an expression, in this form.
    Value(NodeId, Form),
    /// Whether a row passes a filter and lies in a window; never unknown.
    Mask {
        /// A condition that must be true.
        filter: Option<NodeId>,
        /// When the row happened, and when it must have.
        window: Option<(NodeId, Bounds)>,
    },
    /// Bytes that compare as the rows stand in row order.
    Order(Vec<(NodeId, Form)>),
    /// A number that no other row has.
    Ordinal,
}

/// Numbers for the rows of one partition, none given twice in a plan.
#[derive(Debug)]
pub(crate) struct Ordinals {
    next: i64,
}

impl Ordinals {
    /// Those of a partition: a partition has at most 2^40 rows.
    pub fn of(partition: usize) -> Self {
        Ordinals { next: (partition as i64) << 40 }
    }

    fn take(&mut self, rows: usize) -> ArrayRef {
        let first = self.next;
        self.next += rows as i64;
        Arc::new(Int64Array::from_iter_values(first..self.next))
    }
}

/// Which rows stay.
#[derive(Clone, Debug)]
pub(crate) enum Keep {
    /// All.
    All,
    /// Rows that exist at T and pass a filter.
    Rows {
        /// The table whose rows of unknown time are counted.
        report: Option<BaseTableId>,
        /// When a row happened; none: the table is timeless.
        time: Option<NodeId>,
        /// A condition that must be true.
        filter: Option<NodeId>,
    },
    /// Rows of subjects; the others are counted.
    Subjects(Present),
}

/// How a subject's row is told from rows of nobody.
#[derive(Clone, Debug)]
pub(crate) struct Present {
    /// Key columns.
    pub keys: Vec<usize>,
    /// A column that is null where the subject table lacks the key; none: every known key is a subject.
    pub found: Option<usize>,
    /// What rows of nobody come to; empty where nobody asks.
    pub counted: Vec<Counted>,
    /// Whether to count the subjects.
    pub count_subjects: bool,
    /// Lists of keys, of which is noted who is there.
    pub listed: Vec<ListedKeys>,
}

/// A list of keys, and which of them some subject has.
#[derive(Clone, Debug)]
pub(crate) struct ListedKeys {
    /// Types of the parts of a key.
    pub types: Vec<Type>,
    /// The list.
    pub listed: Arc<Listed>,
    /// Those that were met.
    pub met: Arc<Met>,
}

/// Columns that count a table's rows.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    /// The table.
    pub table: BaseTableId,
    /// The number of rows, null where there are none.
    pub rows: usize,
    /// Sums by the metric's name, null where there are no rows.
    pub sums: Vec<(String, usize)>,
}

/// What is done to every batch.
pub(crate) struct Step {
    label: String,
    table: Option<BaseTableId>,
    program: Program,
    spent: Option<Arc<Spent>>,
    inputs: Vec<Input>,
    pass: Vec<usize>,
    outputs: Vec<Made>,
    keep: Kept,
    strays: Vec<(String, usize)>,
    calendar: Calendar,
    schema: SchemaRef,
    tally: Arc<Tally>,
    faults: Arc<Faults>,
}

/// An input of a program.
struct Input {
    at: usize,
    ty: Type,
    leaf: NodeId,
    /// What it means where there is no value although there should be.
    may_lack: Option<NoAnswer>,
}

impl Input {
    /// The column, and whether a value is missing that should be there.
    fn read(&self, values: &ArrayRef) -> Result<(Column, bool)> {
        let (column, misfit) = Column::from_array_checked(self.ty, values).map_err(external)?;
        let lacks = match self.may_lack {
            None => false,
            Some(NoAnswer::TooMuchWork) => values.null_count() > 0,
            Some(_) => misfit || outgrown(&column),
        };
        Ok((column, lacks))
    }
}

/// An [`Output`] by positions among the program's roots.
enum Made {
    Value(usize, Form),
    Mask { filter: Option<usize>, window: Option<(usize, Bounds)> },
    Order(Vec<(usize, Form)>),
    Ordinal,
}

enum Kept {
    All,
    Rows { report: Option<BaseTableId>, time: Option<usize>, filter: Option<usize> },
    Subjects(Present),
}

/// The parts of a [`Step`].
pub(crate) struct StepBuilder<'a> {
    /// What it is called in a plan.
    pub label: String,
    /// The table whose rows it is about; none: it is about subjects, or values beside rows.
    pub table: Option<BaseTableId>,
    /// The project.
    pub ir: &'a Arc<Ir>,
    /// T.
    pub calendar: &'a Calendar,
    /// Columns passed through.
    pub pass: Vec<usize>,
    /// Columns made, with their names.
    pub outputs: Vec<(String, Output)>,
    /// Which rows stay.
    pub keep: Keep,
    /// Of those that stay, how many fulfil these conditions, by name.
    pub strays: Vec<(String, NodeId)>,
    /// Where counts go.
    pub tally: Arc<Tally>,
    /// Where values that do not fit go.
    pub faults: Arc<Faults>,
    /// Where time is noted, if that is asked.
    pub meter: Option<Arc<Meter>>,
}

impl StepBuilder<'_> {
    /// Builds the step over an input; `column` says where each leaf is in it, and where what has been evaluated before is.
    pub fn build(self, input: &DFSchema, column: &dyn Fn(NodeId) -> Option<usize>) -> Result<Step> {
        let mut roots = Vec::new();
        let mut root = |node: NodeId| {
            roots.push(node);
            roots.len() - 1
        };
        let mut fields: Vec<Field> = self.pass.iter().map(|at| input.field(*at).as_ref().clone()).collect();
        let mut outputs = Vec::new();
        for (name, output) in self.outputs {
            let (made, data_type, nullable) = match output {
                Output::Value(node, form) => (Made::Value(root(node), form), form.data_type(), true),
                Output::Mask { filter, window } => {
                    let filter = filter.map(&mut root);
                    let window = window.map(|(time, bounds)| (root(time), bounds));
                    (Made::Mask { filter, window }, DataType::Boolean, false)
                }
                Output::Order(nodes) => {
                    let roots = nodes.into_iter().map(|(node, form)| (root(node), form)).collect();
                    (Made::Order(roots), DataType::Binary, false)
                }
                Output::Ordinal => (Made::Ordinal, DataType::Int64, false),
            };
            fields.push(Field::new(name, data_type, nullable));
            outputs.push(made);
        }
        let keep = match self.keep {
            Keep::All => Kept::All,
            Keep::Rows { report, time, filter } => {
                Kept::Rows { report, time: time.map(&mut root), filter: filter.map(&mut root) }
            }
            Keep::Subjects(present) => Kept::Subjects(present),
        };
        let strays = self.strays.into_iter().map(|(name, condition)| (name, root(condition))).collect();
        let program = Program::over(self.ir, self.calendar.clone(), roots, &|node| column(node).is_some());
        let mut inputs = Vec::new();
        for id in program.inputs() {
            let Some(at) = column(*id) else { return internal_err!("no column for {:?}", self.ir.node(*id)) };
            let may_lack = match self.ir.node(*id) {
                Node::Feature(_) | Node::Rank(_, RankForm::Percentile(_)) => Some(NoAnswer::NumberTooLarge),
                Node::Sequence(_) => Some(NoAnswer::TooMuchWork),
                _ => None,
            };
            inputs.push(Input { at, ty: self.ir.ty(*id), leaf: *id, may_lack });
        }
        Ok(Step {
            label: self.label,
            table: self.table,
            spent: self.meter.map(|meter| meter.program(&program)),
            program,
            inputs,
            pass: self.pass,
            outputs,
            keep,
            strays,
            calendar: self.calendar.clone(),
            schema: Arc::new(Schema::new(fields)),
            tally: self.tally,
            faults: self.faults,
        })
    }
}

impl Step {
    /// The columns it gives.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// The table whose rows it is about; none: it is about subjects.
    pub fn table(&self) -> Option<BaseTableId> {
        self.table
    }

    /// Which column of the input goes through as this one: those that go through stand before those that are made.
    pub fn passed(&self, column: usize) -> Option<usize> {
        self.pass.get(column).copied()
    }

    /// Runs it over one batch.
    pub fn run(&self, batch: &RecordBatch, ordinals: &mut Ordinals) -> Result<RecordBatch> {
        let mut inputs = Vec::with_capacity(self.inputs.len());
        let mut suspects = Vec::new();
        for input in &self.inputs {
            let (column, lacks) = input.read(batch.column(input.at))?;
            if lacks {
                suspects.push(input);
            }
            inputs.push(column);
        }
        let values = self.program.evaluate_and_tell(&inputs, batch.num_rows(), self.spent.as_deref());
        let values = values.map_err(external)?;
        let mut columns: Vec<ArrayRef> = self.pass.iter().map(|at| Arc::clone(batch.column(*at))).collect();
        for made in &self.outputs {
            columns.push(self.make(made, &values, batch.num_rows(), ordinals)?);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let out = RecordBatch::try_new_with_options(self.schema(), columns, &options)?;
        let kept = self.kept(batch, &values)?;
        for (name, root) in &self.strays {
            let stray = truth(value(&values, *root)?)?;
            let stray = match &kept {
                Some(kept) => and(&stray, kept)?,
                None => stray,
            };
            self.tally.add_strays(name, stray.true_count() as u64);
        }
        for input in suspects {
            self.suspect(input, batch.column(input.at), kept.as_ref())?;
        }
        match kept {
            Some(kept) if kept.true_count() < kept.len() => Ok(filter_record_batch(&out, &kept)?),
            _ => Ok(out),
        }
    }

    /// Remembers that some subject has no value of a feature or sequence; what is nobody's harms nobody.
    fn suspect(&self, input: &Input, values: &ArrayRef, kept: Option<&BooleanArray>) -> Result<()> {
        let values = match kept {
            Some(kept) => datafusion::arrow::compute::filter(values, kept)?,
            None => Arc::clone(values),
        };
        if let Some(lack) = input.may_lack {
            let (_, lacks) = input.read(&values)?;
            if lacks {
                self.faults.add(input.leaf, lack);
            }
        }
        Ok(())
    }

    fn make(&self, made: &Made, values: &[Column], rows: usize, ordinals: &mut Ordinals) -> Result<ArrayRef> {
        match made {
            Made::Ordinal => Ok(ordinals.take(rows)),
            Made::Value(root, form) => value(values, *root)?.to_array(form).map_err(external),
            Made::Mask { filter, window } => {
                let filter = filter.map(|root| truth(value(values, root)?)).transpose()?;
                let window = window.map(|(time, bounds)| in_window(value(values, time)?, &bounds)).transpose()?;
                Ok(Arc::new(match (filter, window) {
                    (Some(filter), Some(window)) => and(&filter, &window)?,
                    (Some(one), None) | (None, Some(one)) => one,
                    (None, None) => BooleanArray::from(vec![true; rows]),
                }))
            }
            Made::Order(roots) => {
                let columns =
                    roots.iter().map(|(root, form)| Ok((value(values, *root)?, *form))).collect::<Result<Vec<_>>>()?;
                super::super::order::order_bytes(&columns, rows)
            }
        }
    }

    fn kept(&self, batch: &RecordBatch, values: &[Column]) -> Result<Option<BooleanArray>> {
        match &self.keep {
            Kept::All => Ok(None),
            Kept::Rows { report, time, filter } => {
                let exists = match time {
                    None => None,
                    Some(time) => {
                        let time = value(values, *time)?;
                        let unknown = time.nulls().map_or(0, |nulls| nulls.null_count());
                        if let Some(table) = report.filter(|_| unknown > 0) {
                            self.tally.update(table, |amounts| amounts.timeless += unknown as u64);
                        }
                        let until = Bounds { after: i64::MIN, until: self.calendar.rows_until() };
                        Some(in_window(time, &until)?)
                    }
                };
                let passes = filter.map(|filter| truth(value(values, filter)?)).transpose()?;
                Ok(match (exists, passes) {
                    (Some(exists), Some(passes)) => Some(and(&exists, &passes)?),
                    (one, other) => one.or(other),
                })
            }
            Kept::Subjects(present) => Ok(Some(self.subjects(present, batch)?)),
        }
    }

    fn subjects(&self, present: &Present, batch: &RecordBatch) -> Result<BooleanArray> {
        let keys: Vec<&ArrayRef> = present.keys.iter().map(|at| batch.column(*at)).collect();
        let found = present.found.map(|at| batch.column(at));
        let known = valid_in_all(keys.iter().copied(), batch.num_rows());
        let kept = BooleanArray::from(valid_in_all(keys.iter().copied().chain(found), batch.num_rows()));
        for counted in &present.counted {
            self.count(counted, batch, &kept, &known)?;
        }
        for keys_listed in &present.listed {
            self.meet(keys_listed, &keys, &kept)?;
        }
        if present.count_subjects {
            self.tally.add_subjects(kept.true_count() as u64);
        }
        Ok(kept)
    }

    /// Notes which keys of a list subjects have.
    fn meet(&self, of: &ListedKeys, keys: &[&ArrayRef], kept: &BooleanArray) -> Result<()> {
        let columns = of.types.iter().zip(keys).map(|(ty, key)| Column::from_array(*ty, key).map_err(external));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let parts: Vec<&Column> = columns.iter().collect();
        let found = of.listed.lookup(&parts, kept.len()).map_err(external)?;
        let met = found.into_iter().enumerate().filter(|(row, _)| kept.value(*row)).filter_map(|(_, at)| at);
        met.for_each(|at| of.met.mark(at));
        Ok(())
    }

    /// Adds what rows of nobody come to: of subjects that are not kept, whose key is known or not.
    fn count(&self, counted: &Counted, batch: &RecordBatch, kept: &BooleanArray, known: &BooleanBuffer) -> Result<()> {
        let rows = Column::from_array(Type::Number, batch.column(counted.rows)).map_err(external)?;
        let mut sums = Vec::new();
        for (name, at) in &counted.sums {
            sums.push((name, Column::from_array(Type::Number, batch.column(*at)).map_err(external)?));
        }
        let mut amounts = Amounts::default();
        for row in 0..batch.num_rows() {
            let Some(count) = whole(&rows, row) else { continue };
            amounts.rows += count;
            if kept.value(row) {
                continue;
            }
            let nameless = !known.value(row);
            *if nameless { &mut amounts.anonymous } else { &mut amounts.orphans } += count;
            for (name, sum) in &sums {
                let Some(value) = number(sum, row) else { continue };
                let (a, o) = amounts.sums.entry((*name).clone()).or_default();
                *if nameless { a } else { o } += value;
            }
        }
        self.tally.update(counted.table, |all| all.add(amounts));
        Ok(())
    }
}

/// Whether some value has more digits than a final value may have.
fn outgrown(column: &Column) -> bool {
    match column {
        Column::Number(numbers @ Numbers::Exact { .. }) => {
            (0..numbers.len()).filter_map(|row| numbers.get(row)).any(|value| !fits(&value))
        }
        _ => false,
    }
}

/// The rows that have a value in each of some columns.
fn valid_in_all<'a>(columns: impl Iterator<Item = &'a ArrayRef>, rows: usize) -> BooleanBuffer {
    let nulls = columns.fold(None, |all, column| NullBuffer::union(all.as_ref(), column.nulls()));
    nulls.map_or_else(|| BooleanBuffer::new_set(rows), NullBuffer::into_inner)
}

fn whole(column: &Column, row: usize) -> Option<u64> {
    use num_traits::ToPrimitive;
    match column {
        Column::Number(Numbers::Small { values, scale: 0, nulls }) => {
            let known = nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
            known.then(|| values.get(row)).flatten().and_then(ToPrimitive::to_u64)
        }
        _ => number(column, row)?.to_integer().to_u64(),
    }
}

fn number(column: &Column, row: usize) -> Option<num_rational::BigRational> {
    match column {
        Column::Number(numbers) => numbers.get(row),
        _ => None,
    }
}

fn value(values: &[Column], root: usize) -> Result<&Column> {
    match values.get(root) {
        Some(value) => Ok(value),
        None => internal_err!("a program gave fewer columns than it has roots"),
    }
}

/// A condition with unknown as false.
fn truth(column: &Column) -> Result<BooleanArray> {
    match column {
        Column::Bool(values) if values.null_count() == 0 => Ok(values.clone()),
        Column::Bool(values) => {
            let known = BooleanArray::from(
                values
                    .nulls()
                    .map(|nulls| nulls.inner().clone())
                    .unwrap_or_else(|| BooleanBuffer::new_set(values.len())),
            );
            Ok(and(&BooleanArray::from(values.values().clone()), &known)?)
        }
        other => internal_err!("a condition is expected, found a {}", other.ty()),
    }
}

fn in_window(column: &Column, bounds: &Bounds) -> Result<BooleanArray> {
    match column {
        Column::Instant(times) => {
            let inside = flags(times.values(), |time| bounds.contains(time));
            Ok(times.nulls().map_or_else(|| inside.clone(), |known| &inside & known.inner()).into())
        }
        other => internal_err!("a time is expected, found a {}", other.ty()),
    }
}

pub(crate) fn external(error: KernelError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let made = self.outputs.len();
        write!(f, "{}, {made} made, {} passed", self.label, self.pass.len())
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Step({self})")
    }
}
