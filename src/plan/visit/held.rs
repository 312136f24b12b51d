//! Subjects beside the sequences that their rows hold.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanBuilder, RecordBatch, UInt32Array};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::compute::{concat, take};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimestampMicrosecondType, UInt32Type};
use datafusion::common::Result;

use super::{Visiting, Visitor};
use crate::engine::kernel::calendar::Calendar;
use crate::engine::kernel::column::Column;
use crate::engine::kernel::visit::{Outcome, Rows, Sequences, StepRows};
use crate::ir::{Ir, NodeId, SequenceId, Type};
use crate::plan::compute::external;

/// Where rows have what a step needs.
#[derive(Clone, Debug)]
pub(crate) struct StepColumns {
    /// Which rows are the step's.
    pub mask: usize,
    /// What [`Sequences::inputs`] asks for.
    pub inputs: Vec<(usize, Type)>,
    /// Of a filter that is not in the mask, what was asked for.
    pub parts: Vec<(usize, NodeId)>,
}

/// Where rows have everything.
#[derive(Clone, Debug)]
pub(crate) struct RowColumns {
    /// The subject's key.
    pub keys: Vec<usize>,
    /// When a row happened.
    pub time: usize,
    /// A number that stands for its table.
    pub table: usize,
    /// Row order within a table.
    pub order: usize,
    /// For each sequence, for each of its steps.
    pub steps: Vec<Vec<StepColumns>>,
}

/// Gives each subject's key, and for each sequence whether its rows hold it: null where that took too much work. Rows come
/// latest first.
#[derive(Clone)]
pub(crate) struct Held {
    ir: Arc<Ir>,
    calendar: Calendar,
    sequences: Vec<SequenceId>,
    columns: RowColumns,
    schema: SchemaRef,
}

impl Held {
    /// Looks for sequences in rows of these columns. What it gives has these names: the keys', then the sequences'.
    pub fn new(
        (ir, calendar): (&Arc<Ir>, &Calendar),
        input: &Schema,
        columns: RowColumns,
        (keys, sequences): (&[String], &[(SequenceId, String)]),
    ) -> Self {
        let own = columns.keys.iter().zip(keys);
        let mut fields: Vec<Field> =
            own.map(|(at, name)| Field::new(name, input.field(*at).data_type().clone(), true)).collect();
        fields.extend(sequences.iter().map(|(_, name)| Field::new(name, DataType::Boolean, true)));
        Held {
            ir: Arc::clone(ir),
            calendar: calendar.clone(),
            sequences: sequences.iter().map(|(id, _)| *id).collect(),
            columns,
            schema: Arc::new(Schema::new(fields)),
        }
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Held({self})")
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} sequences", self.sequences.len())
    }
}

impl Visitor for Held {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn begin(&self) -> Result<Box<dyn Visiting>> {
        let sequences = Sequences::new(&self.ir, &self.calendar, &self.sequences).map_err(external)?;
        Ok(Box::new(Holding { held: self.clone(), sequences, subject: None, batches: 0 }))
    }
}

struct Holding {
    held: Held,
    sequences: Sequences,
    /// The key of the subject at hand.
    subject: Option<Vec<ArrayRef>>,
    /// Bytes of the batches that have rows of the subject at hand.
    batches: usize,
}

impl Visiting for Holding {
    fn rows(&mut self, batch: &RecordBatch, starts: &BooleanBuffer) -> Result<Option<RecordBatch>> {
        let rows = self.sequences.batch(self.held.columns.read(batch)?).map_err(external)?;
        let keys: Vec<ArrayRef> = self.held.columns.keys.iter().map(|at| Arc::clone(batch.column(*at))).collect();
        let mut answers = Answers::new(self.held.sequences.len());
        let starts: Vec<usize> = starts.set_indices().collect();
        self.batches = if starts.is_empty() { self.batches } else { 0 } + batch.get_array_memory_size();
        // Who was at hand before goes on up to the first start.
        let first = starts.first().copied().unwrap_or(batch.num_rows());
        self.sequences.push(&rows, 0..first);
        let before = match (&self.subject, starts.is_empty()) {
            (Some(_), false) => {
                answers.add(self.sequences.finish().map_err(external)?);
                self.subject.take()
            }
            _ => None,
        };
        for (at, start) in starts.iter().enumerate() {
            let next = starts.get(at + 1).copied();
            self.sequences.push(&rows, *start..next.unwrap_or(batch.num_rows()));
            if next.is_some() {
                answers.add(self.sequences.finish().map_err(external)?);
            }
        }
        let Some((last, done)) = starts.split_last() else { return Ok(None) };
        self.subject = Some(keys.iter().map(|key| key.slice(*last, 1)).collect());
        let done: UInt32Array = done.iter().map(|row| *row as u32).collect();
        let mut columns = Vec::with_capacity(keys.len());
        for (at, key) in keys.iter().enumerate() {
            let others = take(key, &done, None)?;
            columns.push(match before.as_ref().and_then(|before| before.get(at)) {
                Some(before) => concat(&[before.as_ref(), others.as_ref()])?,
                None => others,
            });
        }
        self.answer(columns, answers)
    }

    /// Candidates stay in their batches.
    fn size(&self) -> usize {
        match self.sequences.heap() {
            0 => 0,
            heap => heap + self.batches,
        }
    }

    fn end(&mut self) -> Result<Option<RecordBatch>> {
        let Some(subject) = self.subject.take() else { return Ok(None) };
        let mut answers = Answers::new(self.held.sequences.len());
        answers.add(self.sequences.finish().map_err(external)?);
        self.answer(subject, answers)
    }
}

impl Holding {
    fn answer(&self, keys: Vec<ArrayRef>, answers: Answers) -> Result<Option<RecordBatch>> {
        if keys.iter().all(|key| key.is_empty()) {
            return Ok(None);
        }
        let columns = keys.into_iter().chain(answers.finish()).collect();
        Ok(Some(RecordBatch::try_new(self.held.schema(), columns)?))
    }
}

impl RowColumns {
    /// The columns by which a subject's rows come in the order that sequences ask for, each descending.
    pub fn latest_first(&self) -> [(usize, bool); 3] {
        [(self.time, true), (self.table, true), (self.order, true)]
    }

    /// A batch as sequences see it.
    pub fn read(&self, batch: &RecordBatch) -> Result<Rows> {
        let step = |step: &StepColumns| {
            let inputs =
                step.inputs.iter().map(|(at, ty)| Column::from_array(*ty, batch.column(*at)).map_err(external));
            Ok(StepRows { mask: batch.column(step.mask).as_boolean().clone(), inputs: inputs.collect::<Result<_>>()? })
        };
        let steps = self.steps.iter().map(|steps| steps.iter().map(step).collect::<Result<_>>());
        Ok(Rows {
            times: batch.column(self.time).as_primitive::<TimestampMicrosecondType>().values().clone(),
            tables: batch.column(self.table).as_primitive::<UInt32Type>().values().clone(),
            sequences: steps.collect::<Result<_>>()?,
        })
    }
}

/// What was found of subject after subject, a column for each sequence.
struct Answers {
    columns: Vec<BooleanBuilder>,
}

impl Answers {
    fn new(sequences: usize) -> Self {
        Answers { columns: (0..sequences).map(|_| BooleanBuilder::new()).collect() }
    }

    fn add(&mut self, outcomes: &[Outcome]) {
        for (column, outcome) in self.columns.iter_mut().zip(outcomes) {
            column.append_option(match outcome {
                Outcome::Found => Some(true),
                Outcome::Absent => Some(false),
                Outcome::TooMuchWork => None,
            });
        }
    }

    fn finish(self) -> impl Iterator<Item = ArrayRef> {
        self.columns.into_iter().map(|mut column| Arc::new(column.finish()) as ArrayRef)
    }
}
