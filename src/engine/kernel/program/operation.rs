//! What each node does to columns.

use std::sync::Arc;

use datafusion::arrow::array::{Array, TimestampMicrosecondArray};
use datafusion::arrow::compute::not;

use super::set::Set;
use super::{choice, comparison, list, logic, time};
use crate::engine::kernel::calendar::{Calendar, local_to_instant};
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::Result;
use crate::engine::kernel::listed::Listed;
use crate::engine::kernel::number::rounding::{round, square_root};
use crate::engine::kernel::number::{Numbers, arithmetic};
use crate::engine::kernel::sample;
use crate::engine::kernel::text::{self, Pattern};
use crate::ir::{Ir, Node, Value};
use crate::syntax::ast::CompareOp;

/// What a step makes of its constants once.
#[derive(Debug)]
pub(super) enum Prepared {
    /// Nothing.
    Nothing,
    /// The constants of `in`, or the text that others are to be, or not to be.
    Set(Box<Set>),
    /// A constant pattern.
    Pattern(Pattern),
    /// The rows of a list.
    Listed(Arc<Listed>),
}

impl Prepared {
    /// For a node, given those of its operands that are constant.
    pub(super) fn new(ir: &Ir, node: &Node, constants: &[Option<&Column>]) -> Prepared {
        match (node, constants) {
            (Node::InRows(_, list), _) => match ir.lists.get(list.index()) {
                Some(list) => Prepared::Listed(Arc::new(Listed::new(list))),
                None => Prepared::Nothing,
            },
            (Node::InSet(_, values), _) => Prepared::Set(Box::new(Set::new(values))),
            (Node::Compare(CompareOp::Equal | CompareOp::NotEqual, ..), [_, Some(Column::Text(text))])
                if text.len() == 1 && text.is_valid(0) =>
            {
                Prepared::Set(Box::new(Set::new(&[Value::Text(text.value(0).to_owned())])))
            }
            (Node::TextTest(op, ..), [_, Some(Column::Text(pattern))]) if pattern.len() == 1 && pattern.is_valid(0) => {
                Pattern::new(*op, pattern.value(0)).map_or(Prepared::Nothing, Prepared::Pattern)
            }
            _ => Prepared::Nothing,
        }
    }
}

/// The one row of a leaf that is known once T is.
pub(super) fn leaf(node: &Node, calendar: &Calendar) -> Option<Column> {
    let instant = |value| Column::Instant(TimestampMicrosecondArray::from(vec![value]));
    match node {
        Node::Constant(value) => Some(Column::from_value(value)),
        Node::Unknown(ty) => Some(Column::unknown(*ty, 1)),
        Node::Now => Some(instant(calendar.now())),
        Node::Today => Some(Column::from_value(&Value::Date(calendar.today()))),
        Node::Ago(duration) => Some(instant(calendar.ago(*duration))),
        Node::LocalTime(local) => Some(instant(local_to_instant(calendar.timezone(), *local))),
        _ => None,
    }
}

/// Applies a node to its operands, of which those of a single row stand for as many rows as there are. None for an input.
pub(super) fn apply(
    node: &Node,
    prepared: &Prepared,
    operands: &[&Column],
    rows: usize,
    calendar: &Calendar,
) -> Result<Option<Column>> {
    let column = match (node, operands) {
        (Node::And(_), _) => Column::Bool(logic::and(operands, rows)?),
        (Node::Or(_), _) => Column::Bool(logic::or(operands, rows)?),
        (Node::Not(_), [a]) => Column::Bool(logic::not(a)?),
        (Node::IsKnown(_), [a]) => Column::Bool(logic::is_known(a)),
        (Node::IsTrue(_) | Node::Member(_), [a]) => Column::Bool(logic::is_true(a.bools()?)),
        (Node::Compare(op, ..), [a, b]) => Column::Bool(match (prepared, a) {
            (Prepared::Set(set), Column::Text(_)) if *op == CompareOp::Equal => set.contains(a)?,
            (Prepared::Set(set), Column::Text(_)) => not(&set.contains(a)?)?,
            _ => comparison::compare(*op, a, b, rows)?,
        }),
        (Node::CompareRoots(op, left, right), [a, b]) => {
            Column::Bool(comparison::compare_roots(*op, (a, *left), (b, *right), rows)?)
        }
        (Node::InSet(_, values), [a]) => Column::Bool(match prepared {
            Prepared::Set(set) => set.contains(a)?,
            _ => Set::new(values).contains(a)?,
        }),
        (Node::InRows(..), _) => match prepared {
            Prepared::Listed(listed) => Column::Bool(listed.contains(operands, rows)?),
            _ => return Ok(None),
        },
        (Node::Choose(_), _) => choice::choose(operands, rows)?,
        (Node::Least(_), _) => choice::least(operands, rows)?,
        (Node::Greatest(_), _) => choice::greatest(operands, rows)?,
        (Node::Coalesce(_), _) => choice::coalesce(operands, rows)?,
        _ => match apply_to_text(node, prepared, operands, rows)? {
            Some(column) => column,
            None => match apply_to_numbers(node, operands, rows)? {
                Some(numbers) => Column::Number(numbers),
                None => return time::apply(node, operands, rows, calendar),
            },
        },
    };
    Ok(Some(column))
}

fn apply_to_text(node: &Node, prepared: &Prepared, operands: &[&Column], rows: usize) -> Result<Option<Column>> {
    Ok(Some(match (node, operands) {
        (Node::FoldCase(_), [a]) => Column::Text(text::map(a.texts()?, text::fold_case)),
        (Node::Lower(_), [a]) => Column::Text(text::map(a.texts()?, text::lower)),
        (Node::Upper(_), [a]) => Column::Text(text::map(a.texts()?, text::upper)),
        (Node::Length(_), [a]) => {
            let texts = a.texts()?;
            let lengths = texts.iter().map(|text| text.map_or(0, |text| text.chars().count() as i128));
            Column::Number(Numbers::integers(lengths, texts.nulls().cloned()))
        }
        (Node::TextTest(op, ..), [a, b]) => {
            let pattern = match prepared {
                Prepared::Pattern(pattern) => Some(pattern),
                _ => None,
            };
            Column::Bool(text::test(*op, a.texts()?, b.texts()?, pattern, rows)?)
        }
        (Node::FoldCaseList(_), [a]) => Column::TextList(text::map_elements(a.lists()?, text::fold_case)?),
        (Node::ListContains { at_least, .. }, [of, candidates @ ..]) => {
            Column::Bool(list::contains(of.lists()?, candidates, *at_least, rows)?)
        }
        _ => return Ok(None),
    }))
}

fn apply_to_numbers(node: &Node, operands: &[&Column], rows: usize) -> Result<Option<Numbers>> {
    Ok(Some(match (node, operands) {
        (Node::Negate(_), [a]) => arithmetic::negate(a.numbers()?),
        (Node::Absolute(_), [a]) => arithmetic::absolute(a.numbers()?),
        (Node::Add(..), [a, b]) => arithmetic::add(a.numbers()?, b.numbers()?, rows)?,
        (Node::Subtract(..), [a, b]) => arithmetic::subtract(a.numbers()?, b.numbers()?, rows)?,
        (Node::Multiply(..), [a, b]) => arithmetic::multiply(a.numbers()?, b.numbers()?, rows)?,
        (Node::Divide(..), [a, b]) => arithmetic::divide(a.numbers()?, b.numbers()?, rows)?,
        (Node::Round(_, places), [a]) => round(a.numbers()?, *places)?,
        (Node::SquareRoot(_), [a]) => square_root(a.numbers()?),
        (Node::Bucket { .. }, [value, bounds @ ..]) => choice::bucket(value, bounds, rows)?,
        (Node::KeyHash { salt, .. }, keys) => sample::key_hash(salt, keys, rows)?,
        _ => return Ok(None),
    }))
}
