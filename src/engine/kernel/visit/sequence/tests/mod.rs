//! Sequences by example, and against a naive search.

mod agreement;
mod joins;
mod order;
mod size;

use std::sync::Arc;

use chrono::Weekday;
use chrono_tz::Tz;
use datafusion::arrow::array::BooleanArray;
use num_rational::BigRational;

use super::*;
use crate::catalog::model::WindowMode;
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::KernelError;
use crate::engine::kernel::number::Numbers;
use crate::ir::{
    BaseColumn, BaseTable, BaseTableId, ColumnKind, Moment, Node, NonFinite, RowSet, Sequence, SequenceStep, SubjectId,
    Value, Window,
};
use crate::syntax::ast::{CompareOp, Duration, Unit};

/// The column `key`; the other is `value`.
const KEY: NodeId = NodeId(0);

const HOUR: i64 = 3_600_000_000;

/// A row of a test. Rows are told apart by where they stand in a list, which is their row order.
#[derive(Clone, Debug, Default)]
struct Row {
    /// In hours.
    time: i64,
    table: u32,
    /// Which steps it may be a row of; unknown is no.
    steps: Vec<Option<bool>>,
    key: Option<i64>,
    value: Option<i64>,
}

impl Row {
    /// Of the steps that have these letters: `a` is the first.
    fn new(time: i64, table: u32, steps: &str) -> Row {
        let steps = ('a'..='h').map(|step| Some(steps.contains(step))).collect();
        Row { time, table, steps, key: None, value: None }
    }

    fn with(self, key: Option<i64>, value: Option<i64>) -> Row {
        Row { key, value, ..self }
    }

    fn is_of(&self, step: usize) -> bool {
        self.steps.get(step) == Some(&Some(true))
    }
}

/// A sequence under construction.
struct Fixture {
    ir: Ir,
    sequence: Sequence,
    /// T, in hours.
    now: i64,
}

impl Fixture {
    /// A sequence written short: steps in order and with the letters of that order, separated by spaces, `!` for `never`,
    /// `+3` for `within 3h`; `/5` at the end for `within 5h` behind the brackets. T is hour 100.
    fn new(steps: &str) -> Fixture {
        let mut ir = Ir::new(Tz::Europe__Stockholm, Weekday::Mon, WindowMode::Exact);
        let kind = Some(ColumnKind::Decimal { digits: 20, scale: 2 });
        let column = |name: &str| BaseColumn { source_name: name.into(), name: name.into(), kind };
        ir.base_tables.push(BaseTable {
            grouping: None,
            name: "rows".into(),
            columns: vec![column("key"), column("value")],
            time: None,
            subjects: Vec::new(),
            id: Vec::new(),
            version: None,
            timezone: Tz::UTC,
            nulls: None,
            times: Vec::new(),
            not_a_number: NonFinite::default(),
            skips_bad_rows: false,
        });
        assert_eq!(ir.add(Node::Column(BaseTableId(0), 0)), KEY);
        let sequence = Sequence { subject: SubjectId(0), steps: Vec::new(), window: None, within: None };
        let mut fixture = Fixture { ir, sequence, now: 100 };
        for word in steps.split_whitespace() {
            if let Some(whole) = word.strip_prefix('/') {
                fixture.sequence.within = Some(hours(whole.parse().unwrap()));
                continue;
            }
            let (name, within) = word.split_once('+').map_or((word, None), |(name, within)| (name, Some(within)));
            let letter = ('a'..).nth(fixture.sequence.steps.len()).map(String::from);
            assert_eq!(Some(name.trim_start_matches('!')), letter.as_deref(), "{steps}");
            let never = name.starts_with('!');
            fixture.step(never, within.map(|within| within.parse().unwrap()));
        }
        fixture
    }

    /// Adds a step; `within` in hours.
    fn step(&mut self, never: bool, within: Option<u32>) {
        let rows = self.ir.add_row_set(RowSet::Base(BaseTableId(0)));
        let within = within.map(hours);
        let step = SequenceStep { never, within, rows, filter: None, window: None, joined: None };
        self.sequence.steps.push(step);
    }

    fn add(&mut self, node: Node) -> NodeId {
        self.ir.add(node)
    }

    fn key(&mut self) -> NodeId {
        KEY
    }

    fn value(&mut self) -> NodeId {
        self.add(Node::Column(BaseTableId(0), 1))
    }

    fn number(&mut self, value: i64) -> NodeId {
        self.add(Node::Constant(Value::Number(BigRational::from_integer(value.into()))))
    }

    fn earlier(&mut self, step: usize, value: NodeId) -> NodeId {
        self.add(Node::Earlier { step: step as u32, value })
    }

    /// The condition `key = earlier.key`.
    fn same_key(&mut self, earlier: usize) -> NodeId {
        let key = self.key();
        let other = self.earlier(earlier, key);
        self.add(Node::Compare(CompareOp::Equal, key, other))
    }

    /// The condition `value > earlier.value`.
    fn greater_value(&mut self, earlier: usize) -> NodeId {
        let value = self.value();
        let other = self.earlier(earlier, value);
        self.add(Node::Compare(CompareOp::Greater, value, other))
    }

    /// Adds a condition to a step.
    fn join(&mut self, step: usize, condition: NodeId) {
        let joined = match self.sequence.steps[step].joined {
            Some(before) => self.add(Node::And(vec![before, condition])),
            None => condition,
        };
        self.sequence.steps[step].joined = Some(joined);
    }

    fn sequences(&self, max_work: u64) -> Result<Sequences> {
        let mut ir = self.ir.clone();
        let id = ir.add_sequence(self.sequence.clone());
        let calendar = Calendar::new(ir.timezone, ir.week_starts, ir.windows, self.now * HOUR);
        Sequences::with_max_work(&Arc::new(ir), &calendar, &[id], max_work)
    }

    /// Looks for the sequence in one subject's rows, in one batch.
    fn look(&self, rows: &[Row]) -> Outcome {
        let mut sequences = self.sequences(MAX_WORK).unwrap();
        look(&mut sequences, rows, rows.len().max(1)).unwrap()
    }

    fn holds(&self, rows: &[Row]) -> bool {
        self.look(rows) == Outcome::Found
    }
}

/// Whether rows hold a sequence written as in [`Fixture::new`].
fn holds(steps: &str, rows: &[Row]) -> bool {
    Fixture::new(steps).holds(rows)
}

fn hours(count: u32) -> Duration {
    Duration { count, unit: Unit::Hour }
}

/// From the latest to the earliest, as rows are to come.
fn latest_first(rows: &[Row]) -> Vec<Row> {
    let mut order: Vec<(usize, Row)> = rows.iter().cloned().enumerate().collect();
    order.sort_by_key(|(at, row)| (std::cmp::Reverse(row.time), row.table, std::cmp::Reverse(*at)));
    order.into_iter().map(|(_, row)| row).collect()
}

/// Rows of one subject, cut into batches of so many, each of which holds rows of another subject before them.
fn look(sequences: &mut Sequences, rows: &[Row], cut: usize) -> Result<Outcome> {
    for (at, chunk) in latest_first(rows).chunks(cut).enumerate() {
        let mut chunk = chunk.to_vec();
        chunk.insert(0, Row::new(50, 0, "abcdefgh").with(Some(1), Some(1)));
        let batch = batch(sequences, &chunk, at)?;
        sequences.push(&batch, 1..chunk.len());
    }
    Ok(sequences.finish()?[0])
}

/// A batch of rows; `form` chooses in which form its numbers are.
fn batch(sequences: &Sequences, rows: &[Row], form: usize) -> Result<Batch> {
    let column = |values: Vec<Option<i64>>| {
        let nulls = Some(values.iter().map(Option::is_some).collect::<Vec<bool>>().into());
        let value = |value: &Option<i64>| value.unwrap_or(7);
        Column::Number(match form % 3 {
            0 => Numbers::Small { values: values.iter().map(value).collect(), scale: 0, nulls },
            1 => Numbers::Decimal {
                values: values.iter().map(|v| 100 * i128::from(value(v))).collect(),
                scale: 2,
                nulls,
            },
            _ => Numbers::exact(values.iter().map(|v| BigRational::from_integer(value(v).into())).collect(), nulls),
        })
    };
    let step_rows = |step: usize| StepRows {
        mask: rows.iter().map(|row| row.steps.get(step).copied().flatten()).collect::<BooleanArray>(),
        inputs: sequences
            .inputs(0, step)
            .iter()
            .map(|input| column(rows.iter().map(|row| if *input == KEY { row.key } else { row.value }).collect()))
            .collect(),
    };
    sequences.batch(Rows {
        times: rows.iter().map(|row| row.time * HOUR).collect(),
        tables: rows.iter().map(|row| row.table).collect(),
        sequences: vec![(0..sequences.plans[0].joins.steps().len()).map(step_rows).collect()],
    })
}
