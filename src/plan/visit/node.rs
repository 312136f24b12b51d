//! The logical node.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::common::{DFSchema, DFSchemaRef, Result, internal_err};
use datafusion::logical_expr::{Expr, Extension, LogicalPlan, UserDefinedLogicalNodeCore};

use super::{Order, Visitor};

/// A [`Visitor`] over the rows of a plan.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    input: LogicalPlan,
    order: Arc<Order>,
    visitor: Arc<dyn Visitor>,
    schema: DFSchemaRef,
}

impl Visit {
    /// Visits the rows of a plan in an order of its columns.
    pub fn plan(input: LogicalPlan, order: Order, visitor: impl Visitor + 'static) -> Result<LogicalPlan> {
        let schema = Arc::new(DFSchema::try_from(visitor.schema().as_ref().clone())?);
        let node = Visit { input, order: Arc::new(order), visitor: Arc::new(visitor), schema };
        Ok(LogicalPlan::Extension(Extension { node: Arc::new(node) }))
    }

    /// The order of its rows.
    pub fn order(&self) -> &Arc<Order> {
        &self.order
    }

    /// What is made of them.
    pub fn visitor(&self) -> &Arc<dyn Visitor> {
        &self.visitor
    }
}

// A visitor is made once and never compared by content: it is itself or another one.
impl PartialEq for Visit {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.order, &other.order) && self.input == other.input
    }
}

impl Eq for Visit {}

impl PartialOrd for Visit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self == other).then_some(Ordering::Equal)
    }
}

impl Hash for Visit {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.order).hash(state);
        self.input.hash(state);
    }
}

impl UserDefinedLogicalNodeCore for Visit {
    fn name(&self) -> &str {
        "Visit"
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
        write!(f, "Visit: {}", self.visitor)
    }

    fn with_exprs_and_inputs(&self, _exprs: Vec<Expr>, mut inputs: Vec<LogicalPlan>) -> Result<Self> {
        match (inputs.pop(), inputs.is_empty()) {
            (Some(input), true) => Ok(Visit { input, ..self.clone() }),
            _ => internal_err!("Visit has one input"),
        }
    }

    /// All columns of the input, by position: a projection of just these stands below.
    fn necessary_children_exprs(&self, _output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        Some(vec![(0..self.input.schema().fields().len()).collect()])
    }
}
