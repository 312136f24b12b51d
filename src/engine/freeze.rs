//! Cut points of frozen attributes, computed anew.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, RecordBatch};
use futures::TryStreamExt;

use super::Error;
use super::kernel::column::Column;
use super::kernel::error::KernelError;
use super::kernel::rank::{Rows, population};
use super::query::Query;
use super::stream::unanswered;
use super::written;
use crate::catalog::model::Placed;
use crate::check::nearest;
use crate::frozen::model::{AttributeCuts, CutGroup};
use crate::ir::{Frozen, Node, NodeId, Type};
use crate::plan::{Lowering, compute, run};
use crate::syntax::ast::Ident;

impl Query<'_> {
    /// Computes cut points of frozen attributes as of the instant; of all without names. The project's own cut points are used
    /// for those that are not thawed ([`crate::Project::thaw`]), also beneath these.
    ///
    /// # Errors
    /// There is no frozen attribute of such a name, its population is empty, or as [`Query::members`].
    pub async fn cut_points(self, names: &[String]) -> Result<Vec<AttributeCuts>, Error> {
        let ir = Arc::clone(&self.engine().ir);
        let known: Vec<&str> = ir.frozen.iter().map(|frozen| frozen.name.as_str()).collect();
        if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
            let near = nearest(name, known.iter().copied()).map(str::to_owned);
            let frozen = known.iter().map(|name| (*name).to_owned()).collect();
            return Err(Error::UnknownFrozen { name: name.clone(), near, frozen });
        }
        let mut all = Vec::new();
        for frozen in ir.frozen.iter().filter(|frozen| names.is_empty() || names.contains(&frozen.name)) {
            all.push(self.freeze(frozen).await?);
        }
        Ok(all)
    }

    /// Those frozen attributes among some that rest on no other of them: their cut points can be computed together.
    pub fn first_to_freeze(&self, names: &[String]) -> Vec<String> {
        let ir = &self.engine().ir;
        let asked = || ir.frozen.iter().filter(|frozen| names.contains(&frozen.name));
        let rankings: BTreeSet<_> = asked().map(|frozen| frozen.ranking).collect();
        let rests_on_others = |frozen: &&Frozen| {
            let mut pending = ir.behind_ranking(frozen.ranking);
            let mut seen = BTreeSet::new();
            while let Some(node) = pending.pop() {
                for leaf in ir.leaves([node]).inputs {
                    if !seen.insert(leaf) {
                        continue;
                    }
                    if matches!(ir.node(leaf), Node::Rank(on, _) if *on != frozen.ranking && rankings.contains(on)) {
                        return true;
                    }
                    pending.extend(ir.behind(leaf));
                }
            }
            false
        };
        asked().filter(|frozen| !rests_on_others(frozen)).map(|frozen| frozen.name.clone()).collect()
    }

    async fn freeze(&self, frozen: &Frozen) -> Result<AttributeCuts, Error> {
        let engine = self.engine();
        let ir = Arc::clone(&engine.ir);
        let ranking = ir.ranking(frozen.ranking).clone();
        let nodes: Vec<NodeId> = ir.behind_ranking(frozen.ranking);
        let blame = engine.blame(crate::plan::needed_tables(&ir, ranking.subject, &nodes));
        let made = async {
            let (calendar, tables) = self.ready_for(ranking.subject, &nodes).await?;
            let mut lowering = Lowering::new(&ir, calendar, &tables);
            let mut values = vec![("value".to_owned(), ranking.by)];
            values.extend(ranking.among.map(|among| ("among".to_owned(), among)));
            values.extend(ranking.per.map(|per| ("per".to_owned(), per)));
            let (plan, keys) = lowering.subject_values(ranking.subject, values)?;
            let mut stream = run(&engine.state, &plan).await?;
            let at = |name: &str| stream.schema().index_of(name).ok();
            let (value, member, per) = (at("value").unwrap_or(keys.len()), at("among"), at("per"));
            let type_of = |at: usize| stream.schema().field(at).data_type().clone();
            let mut all = population(&type_of(value), per.map(type_of).as_ref()).map_err(failed)?;
            while let Some(batch) = stream.try_next().await? {
                all.add(&rows(&batch, (value, member, per))).map_err(failed)?;
            }
            let faults = lowering.faults().found();
            if let Some(why) = nodes.iter().find_map(|node| unanswered(&ir, *node, &faults)) {
                return Err(Error::NoScore { score: frozen.name.clone(), why });
            }
            all.cut_points(frozen.form).map_err(failed)
        };
        let cuts = match made.await {
            Ok(cuts) => cuts,
            Err(error) => return Err(blame.told(error).await),
        };
        let placed = |value: String| Placed { value, span: frozen.span };
        let per = cuts.per.as_ref().map(|per| texts(ranking.per.map_or(Type::Text, |per| ir.ty(per)), per));
        let per = per.transpose()?;
        let by = ir.ty(ranking.by);
        let mut groups = Vec::new();
        for (at, group) in cuts.groups.iter().enumerate() {
            if group.population == 0 {
                return Err(Error::NobodyToRank { attribute: frozen.name.clone() });
            }
            let bounds = texts(by, &group.bounds)?.into_iter().flatten().map(placed).collect();
            let per = per.as_ref().and_then(|per| per.get(at).cloned().flatten()).map(placed);
            groups.push(CutGroup { span: frozen.span, per, population: group.population, bounds });
        }
        if groups.is_empty() {
            return Err(Error::NobodyToRank { attribute: frozen.name.clone() });
        }
        Ok(AttributeCuts {
            name: Ident { text: frozen.name.clone(), span: frozen.span },
            definition: placed(frozen.definition.clone()),
            as_of: placed(self.instant().display(ir.timezone)),
            groups,
        })
    }
}

fn rows(batch: &RecordBatch, (value, member, per): (usize, Option<usize>, Option<usize>)) -> Rows<'_> {
    Rows { value: batch.column(value), member: member.map(|at| batch.column(at)), per: per.map(|at| batch.column(at)) }
}

fn failed(error: KernelError) -> Error {
    Error::Engine(compute::external(error))
}

/// Values as the file of cut points has them; unknowns are none.
fn texts(ty: Type, values: &ArrayRef) -> Result<Vec<Option<String>>, Error> {
    let column = Column::from_array(ty, values).map_err(failed)?;
    let text = |row: usize| match &column {
        Column::Bool(values) => values.is_valid(row).then(|| values.value(row).to_string()),
        Column::Number(values) => values.get(row).map(|number| written::number(&number)),
        Column::Text(values) => values.is_valid(row).then(|| values.value(row).to_owned()),
        Column::Date(values) => values.is_valid(row).then(|| values.value_as_date(row).map(|day| day.to_string()))?,
        Column::Instant(values) => values.is_valid(row).then(|| written::instant(values.value(row)))?,
        Column::Duration(values) => values.is_valid(row).then(|| written::duration(values.value(row))),
        _ => None,
    };
    Ok((0..values.len()).map(text).collect())
}
