//! What follows from features without a plan: Arrow forms, types of keys, and the tables that must be read.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, i256};
use datafusion::common::ScalarValue;

use super::Lowering;
use crate::engine::aggregate::output_type;
use crate::engine::kernel::form::{Form, NumberForm, form};
use crate::engine::kernel::number::encode_exact;
use crate::ir::{Aggregation, BaseTableId, ColumnKind, Feature, Ir, Node, NodeId, RowSet, RowSetId, SubjectId, Type};

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

/// The base tables that must be read to evaluate conditions about a kind of subject.
pub(crate) fn needed_tables(ir: &Arc<Ir>, subject: SubjectId, conditions: &[NodeId]) -> BTreeSet<BaseTableId> {
    let mut needed = Needed { ir, tables: BTreeSet::new(), nodes: BTreeSet::new(), rows: BTreeSet::new() };
    needed.subject(subject);
    needed.follow(conditions.to_vec());
    needed.tables
}

/// The base tables that must be read to evaluate expressions over the rows of a set.
pub(crate) fn needed_by(ir: &Arc<Ir>, rows: RowSetId, expressions: &[NodeId]) -> BTreeSet<BaseTableId> {
    let mut needed = Needed { ir, tables: BTreeSet::new(), nodes: BTreeSet::new(), rows: BTreeSet::new() };
    let mut pending = expressions.to_vec();
    match ir.row_set(rows) {
        // Its own time and subjects are needed only where they are asked for.
        RowSet::Base(base) if ir.base_table(*base).grouping.is_none() => {
            needed.tables.insert(*base);
        }
        _ => needed.row_set(rows, &mut pending),
    }
    needed.follow(pending);
    needed.tables
}

struct Needed<'a> {
    ir: &'a Arc<Ir>,
    tables: BTreeSet<BaseTableId>,
    nodes: BTreeSet<NodeId>,
    rows: BTreeSet<RowSetId>,
}

impl Needed<'_> {
    fn follow(&mut self, mut pending: Vec<NodeId>) {
        while !pending.is_empty() {
            for leaf in self.ir.leaves(std::mem::take(&mut pending)).inputs {
                if self.nodes.insert(leaf) {
                    self.leaf(leaf, &mut pending);
                }
            }
        }
    }

    fn leaf(&mut self, leaf: NodeId, pending: &mut Vec<NodeId>) {
        let ir = self.ir;
        match ir.node(leaf) {
            Node::Column(base, _) if ir.base_table(*base).grouping.is_none() => {
                self.tables.insert(*base);
            }
            Node::Column(base, _) => self.base(*base, pending),
            Node::Lookup(lookup, _) => {
                let lookup = ir.lookup(*lookup);
                pending.extend(lookup.keys.iter().chain(&lookup.target_keys));
                let target = ir.table(lookup.target);
                pending.extend(target.filter);
                self.row_set(target.rows, pending);
            }
            Node::OfSubject { subject, keys, .. } => {
                pending.extend(keys);
                self.subject(*subject);
            }
            Node::Feature(feature) => self.row_set(ir.feature(*feature).rows, pending),
            Node::Number(ordering) | Node::Gap(ordering) => self.row_set(ir.ordering(*ordering).rows, pending),
            Node::Sequence(sequence) => {
                for step in &ir.sequence(*sequence).steps {
                    self.row_set(step.rows, pending);
                }
            }
            _ => {}
        }
        pending.extend(ir.behind(leaf));
    }

    /// A table of data, or what a table by grouping is made of.
    fn base(&mut self, base: BaseTableId, pending: &mut Vec<NodeId>) {
        let table = self.ir.base_table(base);
        pending.extend(table.time);
        pending.extend(table.subjects.iter().flat_map(|(_, keys)| keys));
        match &table.grouping {
            None => {
                self.tables.insert(base);
            }
            Some(grouping) => {
                pending.extend(grouping.filter.iter().chain(&grouping.keys));
                self.row_set(grouping.rows, pending);
            }
        }
    }

    fn row_set(&mut self, rows: RowSetId, pending: &mut Vec<NodeId>) {
        if !self.rows.insert(rows) {
            return;
        }
        match self.ir.row_set(rows) {
            RowSet::Base(base) => self.base(*base, pending),
            RowSet::Distinct { of, filter, keys } => {
                pending.extend(filter.iter().chain(keys));
                self.row_set(*of, pending);
            }
        }
    }

    fn subject(&mut self, subject: SubjectId) {
        let mut pending = Vec::new();
        let made = self.ir.subject(subject);
        match made.table {
            Some(table) => {
                let table = self.ir.table(table);
                pending.extend(table.filter);
                pending.extend(&made.keys);
                self.row_set(table.rows, &mut pending);
            }
            None => {
                for (at, table) in self.ir.base_tables.iter().enumerate() {
                    if table.grouping.is_none() && table.subjects.iter().any(|(kind, _)| *kind == subject) {
                        let base = BaseTableId(at as u32);
                        self.tables.insert(base);
                        pending.extend(table.time);
                        pending.extend(table.subjects.iter().flat_map(|(_, keys)| keys));
                    }
                }
            }
        }
        self.follow(pending);
    }
}
