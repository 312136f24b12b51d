//! Keys as people type them, and what is said of one that no subject has.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::logical_expr::LogicalPlanBuilder;
use futures::TryStreamExt;

use super::draft::Draft;
use super::model::Known;
use super::values::known;
use crate::check::nearest;
use crate::check::written::written_value;
use crate::engine::query::Query;
use crate::engine::{Engine, Error, written};
use crate::ir::{Asked, BaseTableId, Ir, Node, RowSet, RowSetId, Subject, Value, needed_by};
use crate::plan::{EvidenceOf, Lowering, run};

/// The values of the parts of a key.
///
/// # Errors
/// There are more or fewer parts than the key has, or one is of another type.
pub(super) fn read(subject: &Subject, texts: &[String]) -> Result<Vec<Value>, Error> {
    let names = subject.key_names.clone();
    if texts.len() != names.len() {
        return Err(Error::KeyParts { subject: subject.name.clone(), names, found: texts.len() });
    }
    let parts = names.iter().zip(&subject.key_types).zip(texts);
    let parts = parts.map(|((name, ty), text)| {
        written_value(*ty, text).ok_or_else(|| Error::KeyType {
            subject: subject.name.clone(),
            name: name.clone(),
            text: text.clone(),
            expected: *ty,
        })
    });
    parts.collect()
}

/// A key as people type it.
pub(super) fn text(key: &[Value]) -> String {
    key.iter().map(written::value).collect::<Vec<_>>().join(",")
}

/// The values as those that are found are.
pub(super) fn as_known(key: &[Value]) -> Vec<Known> {
    key.iter().cloned().map(Known::Value).collect()
}

impl Engine {
    /// What is said of a key that no subject has: which rows have it, and which other key may be meant.
    pub(super) async fn unknown_key(&self, query: &Query<'_>, draft: &mut Draft<'_>, key: &[Value]) -> Error {
        let name = draft.ir.subject(draft.subject).name.clone();
        let asked = draft.ask(&[key.to_vec()]);
        // What cannot be found out is not said.
        let rows = match &asked {
            Some(asked) => self.rows_with(query, draft, asked).await.unwrap_or_default(),
            None => Vec::new(),
        };
        let keys = self.every_key(query, draft).await.unwrap_or_default();
        let text = text(key);
        let near = nearest(&text, keys.iter().map(String::as_str)).map(str::to_owned);
        Error::UnknownKey { subject: name, key: text, rows, near, subjects: keys.len() as u64 }
    }

    /// The tables with rows of a key, and how many.
    async fn rows_with(
        &self,
        query: &Query<'_>,
        draft: &Draft<'_>,
        asked: &Asked,
    ) -> Result<Vec<(String, u64)>, Error> {
        let mut found = Vec::new();
        for base in (0..draft.ir.base_tables.len() as u32).map(BaseTableId) {
            let mut ir = Ir::clone(&draft.ir);
            let table = ir.base_table(base).clone();
            let keys = table.subjects.iter().find(|(kind, _)| *kind == draft.subject).map(|(_, keys)| keys.clone());
            let Some(keys) = keys.filter(|_| table.grouping.is_none()) else { continue };
            let whose = ir.add(Node::InRows(keys, asked.list));
            let rows: RowSetId = ir.add_row_set(RowSet::Base(base));
            let needed: BTreeSet<BaseTableId> = needed_by(&ir, rows, &[whose]).into_iter().chain([base]).collect();
            let Ok((calendar, tables)) = query.ready_with(&needed).await else { continue };
            let ir = Arc::new(ir);
            let mut lowering = Lowering::new(&ir, calendar, &tables);
            let of = EvidenceOf { rows, whose, values: &[], masks: &[], first_by: None };
            let plan = lowering.evidence(&of)?;
            let batches: Vec<_> = run(&self.state, &plan).await?.try_collect().await?;
            let count: usize = batches.iter().map(|batch| batch.num_rows()).sum();
            if count > 0 {
                found.push((table.name, count as u64));
            }
        }
        Ok(found)
    }

    /// The keys of all subjects, as people type them.
    async fn every_key(&self, query: &Query<'_>, draft: &mut Draft<'_>) -> Result<Vec<String>, Error> {
        let nodes = draft.key_nodes();
        let subject = draft.subject;
        let (calendar, tables) = query.ready_with(&crate::ir::needed_tables(&draft.ir, subject, &nodes)).await?;
        let ir = &draft.ir;
        let mut lowering = Lowering::new(ir, calendar, &tables);
        let values = nodes.iter().enumerate().map(|(at, node)| (format!("part_{at}"), *node)).collect();
        let (plan, keys) = lowering.subject_values(subject, values)?;
        let plan =
            LogicalPlanBuilder::from(plan).project(keys.into_iter().map(datafusion::logical_expr::Expr::Column))?;
        let mut stream = run(&self.state, &plan.build()?).await?;
        let types = ir.subject(subject).key_types.clone();
        let mut all = Vec::new();
        while let Some(batch) = stream.try_next().await? {
            let parts = types.iter().enumerate().map(|(at, ty)| known(*ty, batch.column(at)));
            let parts = parts.collect::<Result<Vec<_>, _>>()?;
            for row in 0..batch.num_rows() {
                let part = |column: &Vec<Known>| match column.get(row) {
                    Some(Known::Value(value)) => written::value(value),
                    _ => String::new(),
                };
                all.push(parts.iter().map(part).collect::<Vec<_>>().join(","));
            }
        }
        Ok(all)
    }
}
