//! The logical node.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::common::{DFSchema, DFSchemaRef, Result, internal_err};
use datafusion::logical_expr::{Expr, Extension, LogicalPlan, UserDefinedLogicalNodeCore};

use super::Passing;

/// Features beside keys. It has no expressions, so that nothing is pushed through it.
#[derive(Clone, Debug)]
pub(crate) struct Pass {
    inputs: Vec<LogicalPlan>,
    passing: Arc<Passing>,
    schema: DFSchemaRef,
}

impl Pass {
    /// The plan that counts rows of children.
    pub fn plan(inputs: Vec<LogicalPlan>, passing: Passing) -> Result<LogicalPlan> {
        let schemas: Vec<_> = inputs.iter().map(|input| Arc::new(input.schema().as_arrow().clone())).collect();
        let schema = DFSchema::try_from(passing.schema(&schemas)?.as_ref().clone())?;
        let node = Pass { inputs, passing: Arc::new(passing), schema: Arc::new(schema) };
        Ok(LogicalPlan::Extension(Extension { node: Arc::new(node) }))
    }

    /// What is made of the children.
    pub fn passing(&self) -> &Arc<Passing> {
        &self.passing
    }
}

// What is counted is said once and never compared by content: it is itself or another one.
impl PartialEq for Pass {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.passing, &other.passing) && self.inputs == other.inputs
    }
}

impl Eq for Pass {}

impl PartialOrd for Pass {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self == other).then_some(Ordering::Equal)
    }
}

impl Hash for Pass {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.passing).hash(state);
        self.inputs.hash(state);
    }
}

impl UserDefinedLogicalNodeCore for Pass {
    fn name(&self) -> &str {
        "Pass"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        self.inputs.iter().collect()
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        Vec::new()
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pass: {}", self.passing.describe())
    }

    fn with_exprs_and_inputs(&self, _exprs: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<Self> {
        if inputs.len() != self.inputs.len() {
            return internal_err!("a pass over {} children is given {}", self.inputs.len(), inputs.len());
        }
        Ok(Pass { inputs, ..self.clone() })
    }

    /// All columns of the inputs, by position: a projection of just these stands below each.
    fn necessary_children_exprs(&self, _output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        Some(self.inputs.iter().map(|input| (0..input.schema().fields().len()).collect()).collect())
    }
}
