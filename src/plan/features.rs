//! What follows from features without a plan: Arrow forms, and types of keys.

use datafusion::arrow::datatypes::{DataType, i256};
use datafusion::common::ScalarValue;

use super::Lowering;
use crate::engine::aggregate::output_type;
use crate::engine::kernel::form::{Form, NumberForm, form};
use crate::engine::kernel::number::encode_exact;
use crate::ir::{Aggregation, ColumnKind, Feature, Ir, Node, NodeId, RankForm, SubjectId, Type};

/// The Arrow form of a node's column.
pub(crate) fn form_of(ir: &Ir, node: NodeId) -> Form {
    form(ir, node, &|leaf| leaf_form(ir, leaf))
}

fn leaf_form(ir: &Ir, leaf: NodeId) -> Form {
    match ir.node(leaf) {
        Node::Column(base, at) => match ir.made_as(*base, *at) {
            Some(made) => form_of(ir, made),
            None => {
                let column = ir.base_table(*base).columns.get(*at as usize);
                column.and_then(|column| column.kind).map_or_else(|| Form::of(ir.ty(leaf)), column_form)
            }
        },
        Node::GroupKey(base, at) => {
            let grouping = ir.base_table(*base).grouping.as_ref();
            let key = grouping.and_then(|grouping| grouping.keys.get(*at as usize));
            key.map_or_else(|| Form::of(ir.ty(leaf)), |key| form_of(ir, *key))
        }
        Node::Lookup(_, value)
        | Node::SubjectValue(_, value)
        | Node::OfSubject { value, .. }
        | Node::Earlier { value, .. } => form_of(ir, *value),
        Node::Number(_) | Node::Ordinal(_) => Form::integer(18),
        Node::Feature(feature) => feature_form(ir, ir.feature(*feature)),
        // Ten digits hold the highest tile and score; a share and a percentile are exact, as a percentile of rows is.
        Node::Rank(_, RankForm::Tile(_) | RankForm::Score(_)) => Form::integer(10),
        Node::Key(..) if ir.ty(leaf) == Type::Number => Form::integer(38),
        _ => Form::of(ir.ty(leaf)),
    }
}

fn column_form(kind: ColumnKind) -> Form {
    match kind {
        ColumnKind::Integer { digits } => Form::integer(digits),
        ColumnKind::Decimal { digits, scale } => match u8::try_from(scale) {
            Ok(scale) => Form::Number(NumberForm::Decimal { digits: digits.max(scale), scale }),
            // A negative scale stands for zeros before the point.
            Err(_) => Form::integer(digits.saturating_add(scale.unsigned_abs())),
        },
        _ => Form::of(kind.ty()),
    }
}

/// The form in which a feature's values come out of aggregation.
pub(super) fn feature_form(ir: &Ir, feature: &Feature) -> Form {
    let argument = feature.argument.map(|argument| form_of(ir, argument));
    let input = argument.map(|form| form.data_type());
    match feature.aggregation {
        Aggregation::Min | Aggregation::Max | Aggregation::First | Aggregation::Last | Aggregation::Mode => {
            argument.unwrap_or(Form::integer(18))
        }
        _ => match output_type(feature.aggregation, input.as_ref()) {
            DataType::Int64 => Form::integer(18),
            DataType::Decimal128(digits, scale) | DataType::Decimal256(digits, scale) => {
                Form::Number(NumberForm::Decimal { digits, scale: scale.unsigned_abs() })
            }
            _ => Form::Number(NumberForm::Exact),
        },
    }
}

/// What a feature is where there are no rows: zero for counts and sums.
pub(super) fn of_nothing(feature: &Feature, ty: &DataType) -> Option<ScalarValue> {
    match feature.aggregation {
        Aggregation::Count | Aggregation::CountDistinct | Aggregation::Sum | Aggregation::ModeCount => match ty {
            DataType::Int64 => Some(ScalarValue::Int64(Some(0))),
            DataType::Decimal128(digits, scale) => Some(ScalarValue::Decimal128(Some(0), *digits, *scale)),
            DataType::Decimal256(digits, scale) => Some(ScalarValue::Decimal256(Some(i256::ZERO), *digits, *scale)),
            _ => Some(ScalarValue::Binary(Some(encode_exact(&num_rational::BigRational::default())))),
        },
        _ => None,
    }
}

/// The Arrow type that a key of this kind has in a plan.
fn key_type(ir: &Ir, key: NodeId) -> DataType {
    match ir.node(key) {
        Node::Column(base, at) if ir.made_as(*base, *at).is_some() => {
            let behind = ir.behind(key);
            behind.first().map_or_else(|| form_of(ir, key).data_type(), |made| key_type(ir, *made))
        }
        Node::GroupKey(..) => {
            let behind = ir.behind(key);
            behind.first().map_or_else(|| form_of(ir, key).data_type(), |made| key_type(ir, *made))
        }
        Node::Column(base, at) => {
            let column = ir.base_table(*base).columns.get(*at as usize);
            match column.and_then(|column| column.kind) {
                Some(ColumnKind::Integer { digits: 0..=19 }) => DataType::Int64,
                Some(ColumnKind::Integer { .. } | ColumnKind::Decimal { scale: 0, .. }) => DataType::Decimal128(38, 0),
                _ => form_of(ir, key).data_type(),
            }
        }
        Node::Lookup(_, value) | Node::SubjectValue(_, value) => key_type(ir, *value),
        _ => form_of(ir, key).data_type(),
    }
}

/// The one type in which keys of both sides are compared.
fn common(types: impl IntoIterator<Item = DataType>) -> DataType {
    let mut types = types.into_iter();
    let first = types.next().unwrap_or(DataType::Utf8View);
    types.fold(first, |common, ty| match (&common, &ty) {
        (a, b) if a == b => common,
        (DataType::Int64 | DataType::Decimal128(_, 0), DataType::Int64 | DataType::Decimal128(_, 0)) => {
            DataType::Decimal128(38, 0)
        }
        (DataType::Decimal128(_, a), DataType::Decimal128(_, b)) => DataType::Decimal128(38, *a.max(b)),
        _ => common,
    })
}

impl Lowering<'_> {
    pub(super) fn common_key_type(&self, keys: &[NodeId]) -> DataType {
        common(keys.iter().map(|key| key_type(self.ir, *key)))
    }

    /// The types of a subject's key columns, whatever table names it.
    pub(super) fn subject_key_types(&self, subject: SubjectId) -> Vec<DataType> {
        let made = self.ir.subject(subject);
        (0..made.key_names.len())
            .map(|at| {
                let own = made.keys.get(at).copied();
                let named = self.ir.base_tables.iter().flat_map(|table| &table.subjects);
                let named = named.filter(|(kind, _)| *kind == subject).filter_map(|(_, keys)| keys.get(at).copied());
                common(own.into_iter().chain(named).map(|key| key_type(self.ir, key)))
            })
            .collect()
    }
}
