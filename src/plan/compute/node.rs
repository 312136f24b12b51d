//! The logical node.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::common::{DFSchema, DFSchemaRef, Result, internal_err};
use datafusion::logical_expr::{Expr, Extension, LogicalPlan, UserDefinedLogicalNodeCore};

use super::Step;

/// A [`Step`] over the rows of a plan.
#[derive(Clone, Debug)]
pub(crate) struct Compute {
    input: LogicalPlan,
    step: Arc<Step>,
    schema: DFSchemaRef,
}

impl Compute {
    /// Puts a step over a plan whose columns the step was built for.
    pub fn plan(input: LogicalPlan, step: Step) -> Result<LogicalPlan> {
        let schema = Arc::new(DFSchema::try_from(step.schema().as_ref().clone())?);
        let node = Compute { input, step: Arc::new(step), schema };
        Ok(LogicalPlan::Extension(Extension { node: Arc::new(node) }))
    }

    /// The step.
    pub fn step(&self) -> &Arc<Step> {
        &self.step
    }
}

// A step is made once and never compared by content: it is itself or another one.
impl PartialEq for Compute {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.step, &other.step) && self.input == other.input
    }
}

impl Eq for Compute {}

impl PartialOrd for Compute {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self == other).then_some(Ordering::Equal)
    }
}

impl Hash for Compute {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.step).hash(state);
        self.input.hash(state);
    }
}

impl UserDefinedLogicalNodeCore for Compute {
    fn name(&self) -> &str {
        "Compute"
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
        write!(f, "Compute: {}", self.step)
    }

    fn with_exprs_and_inputs(&self, _exprs: Vec<Expr>, mut inputs: Vec<LogicalPlan>) -> Result<Self> {
        match (inputs.pop(), inputs.is_empty()) {
            (Some(input), true) => {
                Ok(Compute { input, step: Arc::clone(&self.step), schema: Arc::clone(&self.schema) })
            }
            _ => internal_err!("Compute has one input"),
        }
    }

    /// All columns of the input, by position: a projection of just these stands below.
    fn necessary_children_exprs(&self, _output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        Some(vec![(0..self.input.schema().fields().len()).collect()])
    }
}
