//! Values of subjects by their keys: one plan for all nodes of a draft.

use std::collections::HashMap;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::{LogicalPlanBuilder, col, lit};
use futures::TryStreamExt;

use super::draft::{Draft, RankSketch};
use super::model::Known;
use crate::engine::kernel::calendar::Calendar;
use crate::engine::kernel::column::Column;
use crate::engine::{Engine, Error};
use crate::ir::{Asked, BaseTableId, Node, NodeId, Type, Value};
use crate::plan::{Lowering, Prepared, compute, run};
use crate::syntax::ast::{ExprKind, Quantified, Quantifier, Rows};
use crate::syntax::print;

/// The tables at hand, and T.
pub(super) type AtHand<'a> = (&'a Calendar, &'a HashMap<BaseTableId, Prepared>);

/// What is known of one subject.
pub(super) type Answers = HashMap<NodeId, Known>;

impl Draft<'_> {
    /// Puts the question about some keys.
    pub(super) fn ask(&mut self, keys: &[Vec<Value>]) -> Option<Asked> {
        let subject = self.subject;
        let asked = self.ir_mut().ask(subject, keys)?;
        for at in 0..self.blocks.len() {
            let Some(keys) = self.blocks.get(at).map(|block| block.keys.clone()) else { continue };
            let whose = self.ir_mut().add(Node::InRows(keys, asked.list));
            self.blocks.get_mut(at).into_iter().for_each(|block| block.whose = Some(whose));
        }
        Some(asked)
    }
}

impl Engine {
    /// The values of nodes for the subjects asked about, by key, and what has no value that fits.
    pub(super) async fn values(
        &self,
        draft: &Draft<'_>,
        asked: &Asked,
        nodes: &[NodeId],
        (calendar, tables): AtHand<'_>,
    ) -> Result<(HashMap<Vec<Known>, Answers>, Option<crate::engine::NoAnswer>), Error> {
        let ir = &draft.ir;
        let mut lowering = Lowering::new(ir, calendar.clone(), tables);
        let mut values: Vec<(String, NodeId)> =
            nodes.iter().enumerate().map(|(at, node)| (format!("value_{at}"), *node)).collect();
        values.push(("is_asked".to_owned(), asked.is_asked));
        let (plan, keys) = lowering.subject_values(draft.subject, values)?;
        let plan = LogicalPlanBuilder::from(plan).filter(col("is_asked"))?.build()?;
        let types = ir.subject(draft.subject).key_types.clone();
        let mut stream = run(&self.state, &plan).await?;
        let mut all = HashMap::new();
        while let Some(batch) = stream.try_next().await? {
            let read = types.iter().copied().chain(nodes.iter().map(|node| ir.ty(*node))).enumerate();
            let read = read.map(|(at, ty)| known(ty, batch.column(at))).collect::<Result<Vec<_>, _>>()?;
            for row in 0..batch.num_rows() {
                let mut cells = read.iter().map(|column| column.get(row).cloned().unwrap_or(Known::Unknown));
                let key = cells.by_ref().take(keys.len()).collect();
                all.insert(key, nodes.iter().copied().zip(cells).collect());
            }
        }
        let faults = lowering.faults().found();
        let conditions = draft.segments.keys().map(|segment| ir.segment(*segment).condition);
        let unanswered = conditions.filter_map(|one| crate::engine::stream::unanswered(ir, one, &faults)).next();
        Ok((all, unanswered))
    }

    /// How many subjects are ranked, by what divides them; by nothing if nothing does.
    pub(super) async fn populations(
        &self,
        draft: &Draft<'_>,
        rank: &RankSketch,
        (calendar, tables): AtHand<'_>,
    ) -> Result<HashMap<Option<Known>, u64>, Error> {
        let ir = &draft.ir;
        let made = ir.ranking(rank.ranking);
        let mut lowering = Lowering::new(ir, calendar.clone(), tables);
        let mut values = vec![("is_ranked".to_owned(), rank.is_ranked)];
        values.extend(made.per.map(|per| ("per".to_owned(), per)));
        let (plan, _) = lowering.subject_values(draft.subject, values)?;
        let groups: Vec<_> = made.per.iter().map(|_| col("per")).collect();
        let plan = LogicalPlanBuilder::from(plan)
            .filter(col("is_ranked"))?
            .aggregate(groups, vec![count(lit(1)).alias("population")])?
            .build()?;
        let mut stream = run(&self.state, &plan).await?;
        let mut populations = HashMap::new();
        while let Some(batch) = stream.try_next().await? {
            let per = made.per.map(|per| known(ir.ty(per), batch.column(0))).transpose()?;
            let counts: Option<&Int64Array> = batch
                .columns()
                .last()
                .and_then(|counts| counts.as_primitive_opt::<datafusion::arrow::datatypes::Int64Type>());
            for (row, count) in counts.iter().flat_map(|counts| counts.iter().flatten()).enumerate() {
                let group = per.as_ref().map(|per| per.get(row).cloned().unwrap_or(Known::Unknown));
                populations.insert(group, count.unsigned_abs());
            }
        }
        Ok(populations)
    }
}

/// An array as values of a type.
pub(super) fn known(ty: Type, array: &ArrayRef) -> Result<Vec<Known>, Error> {
    let column = Column::from_array(ty, array).map_err(|error| Error::Engine(compute::external(error)))?;
    Ok((0..column.len()).map(|row| value(&column, row)).collect())
}

fn value(column: &Column, row: usize) -> Known {
    let value = match column {
        Column::Number(values) => values.get(row).map(Value::Number),
        Column::Bool(values) => values.is_valid(row).then(|| Value::Bool(values.value(row))),
        Column::Text(values) => values.is_valid(row).then(|| Value::Text(values.value(row).to_owned())),
        Column::Date(values) => values.is_valid(row).then(|| values.value_as_date(row).map(Value::Date)).flatten(),
        Column::Instant(values) => values.is_valid(row).then(|| Value::Instant(values.value(row))),
        Column::Duration(values) => values.is_valid(row).then(|| Value::Duration(values.value(row))),
        Column::TextList(values) if values.is_valid(row) => {
            let texts = values.value(row);
            let texts = texts.as_string_view_opt().map(|texts| texts.iter().flatten().map(str::to_owned).collect());
            return Known::Texts(texts.unwrap_or_default());
        }
        Column::TextList(_) => None,
    };
    value.map_or(Known::Unknown, Known::Value)
}

/// Rows as a rule writes them.
pub(super) fn text_of_rows(rows: Rows) -> String {
    let any = Quantified { quantifier: Quantifier::Any, rows, have: None };
    let text = print(&super::words::made(ExprKind::Quantified(Box::new(any))));
    let inner = text.strip_prefix("any(").and_then(|text| text.strip_suffix(')'));
    inner.unwrap_or(&text).to_owned()
}
