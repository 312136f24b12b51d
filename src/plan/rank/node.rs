//! The logical node.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::common::{DFSchema, DFSchemaRef, Result, internal_err};
use datafusion::logical_expr::{Expr, Extension, LogicalPlan, UserDefinedLogicalNodeCore};

use super::Ranks;

/// Ranks of the rows of a plan beside its columns.
#[derive(Clone, Debug)]
pub(crate) struct Rank {
    input: LogicalPlan,
    ranks: Arc<Ranks>,
    schema: DFSchemaRef,
}

impl Rank {
    /// Ranks the rows of a plan: all its columns, then one for each form in order.
    pub fn plan(input: LogicalPlan, ranks: Ranks) -> Result<LogicalPlan> {
        let columns = input.schema().fields().len();
        if let Some(at) = ranks.columns().find(|at| *at >= columns) {
            return internal_err!("column {at} is to be ranked, of {columns}");
        }
        let own = input.schema().iter().map(|(qualifier, field)| (qualifier.cloned(), Arc::clone(field)));
        let made = ranks.fields().map(|field| (None, Arc::new(field)));
        let schema = DFSchema::new_with_metadata(own.chain(made).collect(), input.schema().metadata().clone())?;
        let node = Rank { input, ranks: Arc::new(ranks), schema: Arc::new(schema) };
        Ok(LogicalPlan::Extension(Extension { node: Arc::new(node) }))
    }

    /// What is ranked.
    pub fn ranks(&self) -> &Arc<Ranks> {
        &self.ranks
    }
}

// What is ranked is said once and never compared by content: it is itself or another one.
impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.ranks, &other.ranks) && self.input == other.input
    }
}

impl Eq for Rank {}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self == other).then_some(Ordering::Equal)
    }
}

impl Hash for Rank {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.ranks).hash(state);
        self.input.hash(state);
    }
}

impl UserDefinedLogicalNodeCore for Rank {
    fn name(&self) -> &str {
        "Rank"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        Vec::new()
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rank: {}", self.ranks.describe(self.input.schema().as_arrow()))
    }

    fn with_exprs_and_inputs(&self, _exprs: Vec<Expr>, mut inputs: Vec<LogicalPlan>) -> Result<Self> {
        match (inputs.pop(), inputs.is_empty()) {
            (Some(input), true) => Ok(Rank { input, ..self.clone() }),
            _ => internal_err!("Rank has one input"),
        }
    }

    /// All columns of the input, by position: a projection of just these stands below.
    fn necessary_children_exprs(&self, _output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        Some(vec![(0..self.input.schema().fields().len()).collect()])
    }
}
