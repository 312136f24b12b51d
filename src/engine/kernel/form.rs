//! The Arrow type of every expression, known before there is data.
//!
//! Columns that cross a plan need one type for the whole run. For numbers it follows from sound bounds: a sum of two
//! numbers of 5 digits has at most 6. What has no such bound, a ratio above all, travels as bytes that hold it exactly
//! (see [`super::number::encoding`]).

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, TimeUnit};
use num_rational::BigRational;

use super::number::{big_power_of_ten, decimal_scale};
use crate::ir::{ColumnKind, Ir, Node, NodeId, Type, Value};

/// How a column of a type stands in Arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Boolean.
    Bool,
    /// See [`NumberForm`].
    Number(NumberForm),
    /// Utf8View.
    Text,
    /// Date32.
    Date,
    /// Timestamp in microseconds without a zone: UTC.
    Instant,
    /// Duration in microseconds.
    Duration,
    /// List of Utf8View.
    TextList,
}

/// How a column of numbers stands in Arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberForm {
    /// No number has more digits.
    Decimal {
        /// Before and after the point, at most 76.
        digits: u8,
        /// After the point, at most `digits`.
        scale: u8,
    },
    /// Anything.
    Exact,
}

/// The digits of the widest decimal.
const MAX_DIGITS: u8 = 76;

impl Form {
    /// The form of a type; numbers are exact.
    pub fn of(ty: Type) -> Form {
        match ty {
            Type::Bool => Form::Bool,
            Type::Number => Form::Number(NumberForm::Exact),
            Type::Text => Form::Text,
            Type::Date => Form::Date,
            Type::Instant => Form::Instant,
            Type::Duration => Form::Duration,
            Type::TextList => Form::TextList,
        }
    }

    /// The form of whole numbers of at most so many digits.
    pub fn integer(digits: u8) -> Form {
        Form::Number(NumberForm::of(u32::from(digits), 0))
    }

    /// The form of a column of a base table.
    pub fn of_column(kind: ColumnKind) -> Form {
        match kind {
            ColumnKind::Integer { digits } => Form::integer(digits),
            ColumnKind::Decimal { digits, scale } => {
                let integer = (i32::from(digits) - i32::from(scale)).max(0).unsigned_abs();
                Form::Number(NumberForm::of(integer, scale.max(0).unsigned_abs().into()))
            }
            kind => Form::of(kind.ty()),
        }
    }

    /// The type.
    pub fn ty(self) -> Type {
        match self {
            Form::Bool => Type::Bool,
            Form::Number(_) => Type::Number,
            Form::Text => Type::Text,
            Form::Date => Type::Date,
            Form::Instant => Type::Instant,
            Form::Duration => Type::Duration,
            Form::TextList => Type::TextList,
        }
    }

    /// The Arrow type.
    pub fn data_type(self) -> DataType {
        match self {
            Form::Bool => DataType::Boolean,
            Form::Number(form) => form.data_type(),
            Form::Text => DataType::Utf8View,
            Form::Date => DataType::Date32,
            Form::Instant => DataType::Timestamp(TimeUnit::Microsecond, None),
            Form::Duration => DataType::Duration(TimeUnit::Microsecond),
            Form::TextList => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8View, true))),
        }
    }

    fn number(self) -> NumberForm {
        match self {
            Form::Number(form) => form,
            _ => NumberForm::Exact,
        }
    }
}

impl NumberForm {
    /// Of numbers with so many digits before and after the point.
    fn of(integer: u32, scale: u32) -> NumberForm {
        match (u8::try_from(integer + scale), u8::try_from(scale)) {
            (Ok(digits), Ok(scale)) if digits <= MAX_DIGITS => NumberForm::Decimal { digits, scale },
            _ => NumberForm::Exact,
        }
    }

    /// Of one number.
    fn constant(value: &BigRational) -> NumberForm {
        let Some(scale) = decimal_scale(value.denom()) else { return NumberForm::Exact };
        if scale > u32::from(MAX_DIGITS) || value.numer().bits() > 1 << 10 {
            return NumberForm::Exact;
        }
        let unscaled = value.numer() * (big_power_of_ten(scale) / value.denom());
        let digits = if unscaled.bits() == 0 { 0 } else { unscaled.magnitude().to_string().len() as u32 };
        NumberForm::of(digits.saturating_sub(scale), scale)
    }

    /// Digits before and after the point.
    fn parts(self) -> Option<(u32, u32)> {
        match self {
            NumberForm::Decimal { digits, scale } => Some((u32::from(digits.saturating_sub(scale)), scale.into())),
            NumberForm::Exact => None,
        }
    }

    /// The form that holds what either holds.
    pub fn union(self, other: NumberForm) -> NumberForm {
        combine(self, other, |(a, s), (b, t)| (a.max(b), s.max(t)))
    }

    fn round(self, places: i32) -> NumberForm {
        match self.parts() {
            Some((_, scale)) if i64::from(places) >= i64::from(scale) => self,
            Some((integer, _)) => NumberForm::of(integer + 1, places.max(0).unsigned_abs()),
            None => NumberForm::Exact,
        }
    }

    /// The Arrow type.
    pub fn data_type(self) -> DataType {
        match self {
            NumberForm::Decimal { digits: 0..=18, scale: 0 } => DataType::Int64,
            NumberForm::Decimal { digits: 0..=38, scale } => DataType::Decimal128(38, scale as i8),
            NumberForm::Decimal { scale, .. } => DataType::Decimal256(MAX_DIGITS, scale as i8),
            NumberForm::Exact => DataType::Binary,
        }
    }
}

/// Applies a rule to digits before and after the point.
fn combine(a: NumberForm, b: NumberForm, rule: impl Fn((u32, u32), (u32, u32)) -> (u32, u32)) -> NumberForm {
    match (a.parts(), b.parts()) {
        (Some(a), Some(b)) => {
            let (integer, scale) = rule(a, b);
            NumberForm::of(integer, scale)
        }
        _ => NumberForm::Exact,
    }
}

/// The form of a node, given those of the leaves that are inputs.
pub fn form(ir: &Ir, node: NodeId, leaf: &dyn Fn(NodeId) -> Form) -> Form {
    forms(ir, &[node], leaf).first().copied().unwrap_or_else(|| Form::of(ir.ty(node)))
}

/// The forms of many nodes at once.
pub fn forms(ir: &Ir, nodes: &[NodeId], leaf: &dyn Fn(NodeId) -> Form) -> Vec<Form> {
    let mut known: HashMap<NodeId, Form> = HashMap::new();
    for id in ir.leaves(nodes.iter().copied()).order {
        let form = match ir.ty(id) {
            Type::Number => Form::Number(number_form(ir, id, leaf, &|operand| {
                known.get(&operand).map_or(NumberForm::Exact, |form| form.number())
            })),
            ty => Form::of(ty),
        };
        known.insert(id, form);
    }
    nodes.iter().map(|id| known.get(id).copied().unwrap_or_else(|| Form::of(ir.ty(*id)))).collect()
}

fn number_form(ir: &Ir, id: NodeId, leaf: &dyn Fn(NodeId) -> Form, of: &dyn Fn(NodeId) -> NumberForm) -> NumberForm {
    match ir.node(id) {
        Node::Constant(Value::Number(value)) => NumberForm::constant(value),
        Node::Unknown(_) => NumberForm::of(1, 0),
        found if found.is_leaf() => leaf(id).number(),
        Node::Add(a, b) | Node::Subtract(a, b) => combine(of(*a), of(*b), |(a, s), (b, t)| (a.max(b) + 1, s.max(t))),
        Node::Multiply(a, b) => combine(of(*a), of(*b), |(a, s), (b, t)| (a + b, s + t)),
        Node::Negate(a) | Node::Absolute(a) => of(*a),
        Node::Round(a, places) => of(*a).round(*places),
        Node::Least(operands) | Node::Greatest(operands) | Node::Coalesce(operands) => {
            operands.iter().map(|id| of(*id)).reduce(NumberForm::union).unwrap_or(NumberForm::Exact)
        }
        Node::Choose(cases) => {
            cases.iter().map(|(_, value)| of(*value)).reduce(NumberForm::union).unwrap_or(NumberForm::Exact)
        }
        Node::Length(_) | Node::Bucket { .. } => NumberForm::of(10, 0),
        // 2^64 - 1
        Node::KeyHash { .. } => NumberForm::of(20, 0),
        Node::Part(..) => NumberForm::of(2, 0),
        Node::Microseconds(_) => NumberForm::of(19, 0),
        // The calendar spans less than a million years.
        Node::Age(_) => NumberForm::of(7, 0),
        _ => NumberForm::Exact,
    }
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;
    use num_rational::BigRational;

    use super::*;
    use crate::catalog::model::WindowMode;
    use crate::ir::{Aggregation, Feature, Owner, RowSetId, SubjectId};

    fn ir() -> Ir {
        Ir::new(chrono_tz::UTC, Weekday::Mon, WindowMode::Exact)
    }

    fn number(ir: &mut Ir, numerator: i64, denominator: i64) -> NodeId {
        ir.add(Node::Constant(Value::Number(BigRational::new(numerator.into(), denominator.into()))))
    }

    /// A leaf of which the form is given.
    fn leaf(ir: &mut Ir) -> NodeId {
        let (owner, rows, aggregation) = (Owner::Subject(SubjectId(0)), RowSetId(0), Aggregation::Count);
        let feature = ir.add_feature(Feature { owner, rows, filter: None, window: None, aggregation, argument: None });
        ir.add(Node::Feature(feature))
    }

    fn decimal(digits: u8, scale: u8) -> Form {
        Form::Number(NumberForm::Decimal { digits, scale })
    }

    #[test]
    fn literals_have_their_own_digits() {
        let mut ir = ir();
        for (numerator, denominator, expected) in
            [(0, 1, decimal(0, 0)), (-500, 1, decimal(3, 0)), (5, 100, decimal(2, 2)), (12345, 100, decimal(5, 2))]
        {
            let id = number(&mut ir, numerator, denominator);
            assert_eq!(form(&ir, id, &|_| Form::Bool), expected, "{numerator}/{denominator}");
        }
        let third = number(&mut ir, 1, 3);
        assert_eq!(form(&ir, third, &|_| Form::Bool), Form::Number(NumberForm::Exact));
    }

    #[test]
    fn bounds_follow_from_operands() {
        let mut ir = ir();
        let leaf = leaf(&mut ir);
        let rate = number(&mut ir, 125, 100);
        let product = ir.add(Node::Multiply(leaf, rate));
        let sum = ir.add(Node::Add(product, leaf));
        let rounded = ir.add(Node::Round(sum, 1));
        let least = ir.add(Node::Least(vec![leaf, rate]));
        let quotient = ir.add(Node::Divide(leaf, rate));
        let of = |id| form(&ir, id, &|_| decimal(10, 2));
        assert_eq!(of(product), decimal(13, 4));
        assert_eq!(of(sum), decimal(14, 4));
        assert_eq!(of(rounded), decimal(12, 1));
        assert_eq!(of(least), decimal(10, 2));
        assert_eq!(of(quotient), Form::Number(NumberForm::Exact));
        assert_eq!(form(&ir, product, &|_| decimal(75, 2)), Form::Number(NumberForm::Exact));
        assert_eq!(forms(&ir, &[leaf, sum], &|_| decimal(10, 2)), [decimal(10, 2), decimal(14, 4)]);
    }

    #[test]
    fn columns_have_declared_digits() {
        for (kind, expected) in [
            (ColumnKind::Integer { digits: 10 }, decimal(10, 0)),
            (ColumnKind::Decimal { digits: 10, scale: 2 }, decimal(10, 2)),
            (ColumnKind::Decimal { digits: 2, scale: 4 }, decimal(4, 4)),
            (ColumnKind::Decimal { digits: 5, scale: -3 }, decimal(8, 0)),
            (ColumnKind::Decimal { digits: 76, scale: -1 }, Form::Number(NumberForm::Exact)),
            (ColumnKind::Timestamp, Form::Instant),
        ] {
            assert_eq!(Form::of_column(kind), expected);
        }
    }

    #[test]
    fn arrow_types_widen() {
        let types = [
            (decimal(18, 0), DataType::Int64),
            (decimal(19, 0), DataType::Decimal128(38, 0)),
            (decimal(4, 2), DataType::Decimal128(38, 2)),
            (decimal(39, 2), DataType::Decimal256(76, 2)),
            (Form::Number(NumberForm::Exact), DataType::Binary),
        ];
        for (form, expected) in types {
            assert_eq!(form.data_type(), expected);
        }
    }

    #[test]
    fn a_long_chain_is_no_recursion() {
        let mut ir = ir();
        let mut id = leaf(&mut ir);
        for _ in 0..100_000 {
            id = ir.add(Node::Negate(id));
        }
        assert_eq!(form(&ir, id, &|_| decimal(3, 1)), decimal(3, 1));
    }
}
