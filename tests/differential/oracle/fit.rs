//! Whether a feature's final value fits: an unscaled decimal of at most 76 digits.
//!
//! The scale of an expression is that of its type: products add scales, sums take the larger. Only what columns, whole
//! numbers and `+ - *` make is looked at; nothing else can grow that large in data of 38 digits.

use kohort::catalog::model::TableKind;
use kohort::syntax::ast::{Aggregate, AggregateFunction, ArithmeticOp, Expr, ExprKind, Ident, Literal};
use num_rational::BigRational;
use num_traits::Signed;

use super::super::value::{CellType, Value, ten_to};
use super::Oracle;

/// The most digits a value may have.
const DIGITS: u32 = 76;

impl Oracle<'_> {
    /// Raises the flag if the final value of a feature has too many digits.
    pub fn note_fit(&self, aggregate: &Aggregate, value: &Value) {
        use AggregateFunction::{First, Last, Max, Min, Mode, Sum};
        if !matches!(aggregate.function, Sum | Min | Max | First | Last | Mode) {
            return;
        }
        let (Value::Number(number), Some(argument)) = (value, &aggregate.argument) else { return };
        let Some(scale) = self.scale(&aggregate.rows.table.text, argument) else { return };
        let unscaled = number * BigRational::from_integer(ten_to(scale));
        if unscaled.abs() >= BigRational::from_integer(ten_to(DIGITS)) {
            self.unfit.set(true);
        }
    }

    /// Digits after the point that an expression over a table's rows has by its type.
    fn scale(&self, table: &str, expr: &Expr) -> Option<u32> {
        match &expr.kind {
            ExprKind::Literal(Literal::Number(number)) => Some(number.scale()),
            ExprKind::Name(path) => match path.parts.as_slice() {
                [column] => self.column_scale(table, column),
                _ => None,
            },
            ExprKind::Negate(one) => self.scale(table, one),
            ExprKind::Arithmetic { first, rest } => {
                rest.iter().try_fold(self.scale(table, first)?, |scale, (op, right)| {
                    let other = self.scale(table, right)?;
                    match op {
                        ArithmeticOp::Add | ArithmeticOp::Subtract => Some(scale.max(other)),
                        ArithmeticOp::Multiply => Some(scale + other),
                        ArithmeticOp::Divide => None,
                    }
                })
            }
            _ => None,
        }
    }

    fn column_scale(&self, table: &str, column: &Ident) -> Option<u32> {
        if let TableKind::Derived(derived) = &self.table_def(table).kind {
            let parent = &derived.from.text;
            let own = derived.columns.iter().find(|(name, _)| name.text == column.text);
            return own.map_or_else(|| self.column_scale(parent, column), |(_, expr)| self.scale(parent, expr));
        }
        let (_, kind) = self.data.get(table)?.columns.iter().find(|(name, _)| *name == column.text)?;
        match kind {
            CellType::Int => Some(0),
            CellType::Decimal(scale) => Some(u32::from(*scale)),
            _ => None,
        }
    }
}
