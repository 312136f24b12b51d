//! The operator for ranks: a citizen of DataFusion's plans.
//!
//! It has one child, whose rows are subjects, each once. It reads all partitions of it at once, keeps their rows, and finds with the
//! kernel ([`crate::engine::kernel::rank`]) what decides a rank; then each partition gives its rows again with a column for each
//! form. Rows that memory has no room for wait on disk. The values that are ranked must have room.

mod exec;
mod gather;
mod held;
mod node;
#[cfg(test)]
mod tests;

use std::fmt;

use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::{DataFusionError, Result, internal_datafusion_err};

use crate::engine::kernel::rank::{KeyReader, Population, Rows, is_nullable, output_type, population};
use crate::ir::{RankCount, RankForm};

pub(crate) use exec::RankPlanner;
pub(crate) use node::Rank;

/// What is ranked.
#[derive(Clone, Debug)]
pub(crate) struct Ranks {
    /// Columns of the subject's key: equal values stand by ascending key.
    pub keys: Vec<usize>,
    /// Each gives its columns, in order.
    pub rankings: Vec<RankingColumns>,
}

/// One order of subjects.
#[derive(Clone, Debug)]
pub(crate) struct RankingColumns {
    /// By what: a number, date, time or duration.
    pub value: usize,
    /// A Boolean that is true of whom is ranked; none: everybody.
    pub member: Option<usize>,
    /// Each value a population of its own.
    pub per: Option<usize>,
    /// What is made of it, and the names of these columns.
    pub outputs: Vec<(RankForm, String)>,
}

impl Ranks {
    /// The columns that are made.
    fn fields(&self) -> impl Iterator<Item = Field> {
        let outputs = self.rankings.iter().flat_map(|ranking| &ranking.outputs);
        outputs.map(|(form, name)| Field::new(name, output_type(*form), is_nullable(*form)))
    }

    /// All columns by position.
    fn columns(&self) -> impl Iterator<Item = usize> {
        let of_rankings = self.rankings.iter().flat_map(|of| [Some(of.value), of.member, of.per]);
        self.keys.iter().copied().chain(of_rankings.flatten())
    }

    fn reader(&self, schema: &Schema) -> Result<KeyReader> {
        let types = self.keys.iter().map(|at| type_of(schema, *at).cloned()).collect::<Result<Vec<_>>>()?;
        KeyReader::new(&types).map_err(external)
    }

    fn populations(&self, schema: &Schema) -> Result<Vec<Box<dyn Population>>> {
        let of = |ranking: &RankingColumns| {
            let per = ranking.per.map(|per| type_of(schema, per)).transpose()?;
            population(type_of(schema, ranking.value)?, per).map_err(external)
        };
        self.rankings.iter().map(of).collect()
    }

    fn key_columns(&self, batch: &RecordBatch) -> Vec<ArrayRef> {
        self.keys.iter().map(|at| batch.column(*at).clone()).collect()
    }

    /// One line about it, with the names of columns.
    fn describe(&self, schema: &Schema) -> String {
        let name = |at: usize| schema.fields().get(at).map_or("?", |field| field.name().as_str());
        let ranking = |of: &RankingColumns| {
            let mut text = format!("by {}", name(of.value));
            for (word, at) in [("among", of.member), ("per", of.per)] {
                if let Some(at) = at {
                    text.push_str(&format!(" {word} {}", name(at)));
                }
            }
            let made = of.outputs.iter().map(|(form, name)| format!("{} as {name}", Form(*form)));
            format!("{text} [{}]", made.collect::<Vec<_>>().join(", "))
        };
        let keys: Vec<&str> = self.keys.iter().map(|at| name(*at)).collect();
        let rankings: Vec<String> = self.rankings.iter().map(ranking).collect();
        format!("{}, equal values by [{}]", rankings.join(", "), keys.join(", "))
    }
}

impl RankingColumns {
    fn rows<'a>(&self, batch: &'a RecordBatch) -> Rows<'a> {
        Rows {
            value: batch.column(self.value),
            member: self.member.map(|at| batch.column(at)),
            per: self.per.map(|at| batch.column(at)),
        }
    }

    fn forms(&self) -> Vec<RankForm> {
        self.outputs.iter().map(|(form, _)| *form).collect()
    }
}

fn type_of(schema: &Schema, at: usize) -> Result<&DataType> {
    let field = schema.fields().get(at).ok_or_else(|| internal_datafusion_err!("no column {at} to be ranked"))?;
    Ok(field.data_type())
}

fn external(error: crate::engine::kernel::error::KernelError) -> DataFusionError {
    super::compute::external(error)
}

/// A form as plans show it.
struct Form(RankForm);

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |millionths: u32| f64::from(millionths) / 1e6;
        let count = |count: RankCount| match count {
            RankCount::Number(number) => number.to_string(),
            RankCount::Share(millionths) => format!("{}%", percent(millionths)),
        };
        match self.0 {
            RankForm::Tile(tiles) => write!(f, "ntile({tiles})"),
            RankForm::Score(scores) => write!(f, "score({scores})"),
            RankForm::PercentRank => f.write_str("percent_rank"),
            RankForm::Percentile(millionths) => write!(f, "percentile({})", percent(millionths)),
            RankForm::Highest(of) => write!(f, "top {}", count(of)),
            RankForm::Lowest(of) => write!(f, "bottom {}", count(of)),
        }
    }
}
