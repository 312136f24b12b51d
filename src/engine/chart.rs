//! How many subjects are in each cell of a chart.

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::{LogicalPlanBuilder, col, lit};
use futures::TryStreamExt;
use num_traits::ToPrimitive;

use super::Error;
use super::kernel::column::Column;
use super::kernel::number::Numbers;
use super::query::Query;
use super::stream::unanswered;
use crate::check::nearest;
use crate::ir::{Chart, Partition, PartitionForm, Type};
use crate::plan::{Lowering, run};

/// A chart with its counts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChartReport {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: Option<String>,
    /// The kind of subject.
    pub subject: String,
    /// How many subjects there are.
    pub subjects: u64,
    /// The scores in the order of a cell's digits: two or three.
    pub scores: Vec<String>,
    /// Scores go from 1 to this, 9 at most.
    pub scale: u32,
    /// The groups in order.
    pub groups: Vec<ChartGroup>,
    /// Every cell; the last score counts up first: 111, 112 … 555.
    pub cells: Vec<ChartCell>,
}

/// A group of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChartGroup {
    /// Its name, behind the chart's.
    pub name: String,
    /// What people call it.
    pub label: Option<String>,
    /// How many subjects are in its cells.
    pub members: u64,
}

/// A cell of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChartCell {
    /// The scores.
    pub digits: Vec<u32>,
    /// Its group, by position; none: it is nobody's.
    pub group: Option<usize>,
    /// How many subjects have these scores.
    pub members: u64,
}

impl Query<'_> {
    /// Counts the subjects in each cell of a chart. Who lies outside a chart's `within` is in none of them.
    ///
    /// # Errors
    /// The project has no chart of that name, a score has no answer for somebody, or as [`Query::members`].
    pub async fn chart(self, name: &str) -> Result<ChartReport, Error> {
        let ir = Arc::clone(&self.engine().ir);
        let charts = || {
            ir.partitions.iter().filter_map(|partition| match &partition.form {
                PartitionForm::Chart(chart) => Some((partition, chart)),
                _ => None,
            })
        };
        let Some((partition, chart)) = charts().find(|(partition, _)| partition.name == name) else {
            let names: Vec<String> = charts().map(|(partition, _)| partition.name.clone()).collect();
            let near = nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
            return Err(Error::UnknownChart { name: name.to_owned(), near, charts: names });
        };
        let query = self.about(partition.parts.clone());
        let blame = query.blame();
        match query.cells(partition, chart).await {
            Ok(report) => Ok(report),
            Err(error) => Err(blame.told(error).await),
        }
    }

    async fn cells(&self, partition: &Partition, chart: &Chart) -> Result<ChartReport, Error> {
        let engine = self.engine();
        let ir = &engine.ir;
        let (calendar, tables) = self.ready().await?;
        let mut lowering = Lowering::new(ir, calendar, &tables);
        let mut values: Vec<(String, _)> =
            chart.scores.iter().enumerate().map(|(at, (_, node))| (format!("score_{at}"), *node)).collect();
        let within = partition.within.map(|parent| ir.segment(parent).condition);
        values.extend(within.map(|condition| ("inside".to_owned(), condition)));
        let names: Vec<_> = values.iter().map(|(name, _)| col(name)).collect();
        let (plan, _) = lowering.subject_values(partition.subject, values)?;
        let plan = LogicalPlanBuilder::from(plan).aggregate(names, vec![count(lit(1)).alias("members")])?.build()?;
        let batches: Vec<RecordBatch> = run(&engine.state, &plan).await?.try_collect().await?;
        let faults = lowering.faults().found();
        for (score, node) in &chart.scores {
            if let Some(why) = unanswered(ir, *node, &faults) {
                return Err(Error::NoScore { score: score.clone(), why });
            }
        }
        let mut report = empty(ir.subject(partition.subject).name.clone(), partition, chart, ir);
        for batch in &batches {
            add(&mut report, batch, within.is_some())?;
        }
        Ok(report)
    }
}

fn empty(subject: String, partition: &Partition, chart: &Chart, ir: &crate::ir::Ir) -> ChartReport {
    let groups = partition.parts.iter().map(|part| {
        let segment = ir.segment(*part);
        let name = segment.name.get(partition.name.len() + 1..).unwrap_or_default().to_owned();
        ChartGroup { name, label: segment.label.clone(), members: 0 }
    });
    let cells = chart.cells.iter().enumerate().map(|(at, group)| ChartCell {
        digits: digits_of(at, chart.scores.len(), chart.scale),
        group: group.map(|group| group as usize),
        members: 0,
    });
    ChartReport {
        name: partition.name.clone(),
        label: partition.label.clone(),
        subject,
        subjects: 0,
        scores: chart.scores.iter().map(|(name, _)| name.clone()).collect(),
        scale: chart.scale,
        groups: groups.collect(),
        cells: cells.collect(),
    }
}

/// Adds rows of scores and their counts.
fn add(report: &mut ChartReport, batch: &RecordBatch, limited: bool) -> Result<(), Error> {
    let scores = report.scores.len();
    let number = |at: usize| Column::from_array(Type::Number, batch.column(at)).map_err(read_error);
    let columns = (0..scores).map(number).collect::<Result<Vec<_>, _>>()?;
    let members = number(scores + usize::from(limited))?;
    let inside = limited.then(|| Column::from_array(Type::Bool, batch.column(scores)).map_err(read_error));
    let inside = inside.transpose()?;
    for row in 0..batch.num_rows() {
        let count = whole(&members, row).unwrap_or(0);
        report.subjects += count;
        let is_inside = match &inside {
            Some(Column::Bool(inside)) => inside.iter().nth(row).flatten().unwrap_or(false),
            _ => true,
        };
        let digits: Option<Vec<u64>> = columns.iter().map(|column| whole(column, row)).collect();
        let Some(digits) = digits.filter(|_| is_inside) else { continue };
        let Some(cell) = cell_of(&digits, report.scale).and_then(|at| report.cells.get_mut(at)) else { continue };
        cell.members += count;
        if let Some(group) = cell.group.and_then(|group| report.groups.get_mut(group)) {
            group.members += count;
        }
    }
    Ok(())
}

fn read_error(error: super::kernel::error::KernelError) -> Error {
    Error::Engine(crate::plan::compute::external(error))
}

fn whole(column: &Column, row: usize) -> Option<u64> {
    match column {
        Column::Number(numbers) => value(numbers, row),
        _ => None,
    }
}

fn value(numbers: &Numbers, row: usize) -> Option<u64> {
    numbers.get(row).filter(|number| number.is_integer())?.to_integer().to_u64()
}

/// The digits of a cell by its position; the last score counts up first.
fn digits_of(cell: usize, scores: usize, scale: u32) -> Vec<u32> {
    let scale = scale as usize;
    let place = |score: usize| (cell / scale.pow((scores - 1 - score) as u32) % scale) as u32 + 1;
    (0..scores).map(place).collect()
}

fn cell_of(digits: &[u64], scale: u32) -> Option<usize> {
    let scale = u64::from(scale);
    let add = |cell: u64, digit: &u64| (1..=scale).contains(digit).then(|| cell * scale + digit - 1);
    digits.iter().try_fold(0, add).and_then(|cell| usize::try_from(cell).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_and_its_digits() {
        assert_eq!(digits_of(0, 3, 5), [1, 1, 1]);
        assert_eq!(digits_of(1, 3, 5), [1, 1, 2]);
        assert_eq!(digits_of(124, 3, 5), [5, 5, 5]);
        for cell in 0..125 {
            let digits: Vec<u64> = digits_of(cell, 3, 5).into_iter().map(u64::from).collect();
            assert_eq!(cell_of(&digits, 5), Some(cell));
        }
        assert_eq!(cell_of(&[0, 1], 5), None);
        assert_eq!(cell_of(&[1, 6], 5), None);
    }
}
