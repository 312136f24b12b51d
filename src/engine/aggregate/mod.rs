//! Features as aggregate functions of a plan: [`kernel::state`](super::kernel::state) in the clothes of DataFusion.
//!
//! DataFusion's own aggregates would mean something else: its sum wraps around silently, its average of decimals cuts
//! digits off, its `first_value` follows the order in which rows arrive. These drive the same states as everything else.

mod function;
mod grouped;
#[cfg(test)]
mod tests;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::{AggregateUDF, Expr, ExprFunctionExt, lit};

use self::function::FeatureFunction;
use super::kernel::state;
use crate::ir::Aggregation;

/// An aggregate over those rows of a group whose filter is true.
///
/// A count of rows takes no argument; the first and last take the argument and the row's order, bytes (Binary) whose
/// order is the order of rows; all others take the argument. Arguments are of the kernel's canonical types.
///
/// # Errors
///
/// Planning errors of DataFusion: none for expressions that are well formed.
pub fn aggregate_expr(aggregation: Aggregation, arguments: Vec<Expr>, filter: Option<Expr>) -> Result<Expr> {
    // An aggregate of no argument would not learn how many rows there are.
    let arguments = if arguments.is_empty() { vec![lit(1_i64)] } else { arguments };
    let call = AggregateUDF::from(FeatureFunction::new(aggregation)).call(arguments);
    match filter {
        Some(filter) => call.filter(filter).build(),
        None => Ok(call),
    }
}

/// The type of an aggregate over an argument of a type; of rows, when there is no argument.
pub fn output_type(aggregation: Aggregation, input: Option<&DataType>) -> DataType {
    state::output_type(aggregation, input)
}
