//! Which conditions the tests saw true for somebody and false for somebody.
//!
//! A condition is a part of a definition that is not itself made of conditions by `and`, `or` and `not`. It is looked at in
//! every test that expects something of its segment, or of one that rests on it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use datafusion::arrow::array::AsArray;
use futures::TryStreamExt;

use super::report::{OneSided, Uncovered};
use crate::catalog::model::PartitionKind;
use crate::engine::{AsOf, Engine, Error};
use crate::ir::{Ir, NodeId, SegmentId, Type, WrittenAs};
use crate::plan::{Lowering, run};
use crate::project::Project;
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Path};
use crate::syntax::walk;

/// The conditions of a project, by segment.
pub(super) struct Conditions {
    of: BTreeMap<SegmentId, Definition>,
}

/// What a segment is made of.
#[derive(Default)]
struct Definition {
    /// Its own conditions, by place.
    conditions: Vec<(Span, NodeId)>,
    /// The segments that it names, or lies within.
    rests_on: Vec<SegmentId>,
}

/// What was seen of conditions, and of which segments something was expected.
#[derive(Default)]
pub(super) struct Seen {
    conditions: BTreeMap<Span, (bool, bool)>,
    segments: BTreeSet<SegmentId>,
}

impl Seen {
    /// Adds what another test saw.
    pub fn add(&mut self, other: &Seen) {
        for (span, (seen_true, seen_false)) in &other.conditions {
            let seen = self.conditions.entry(*span).or_default();
            *seen = (seen.0 | seen_true, seen.1 | seen_false);
        }
        self.segments.extend(&other.segments);
    }
}

impl Conditions {
    /// The conditions of all segments and tiers.
    pub fn of(project: &Project, ir: &Ir) -> Self {
        let ids: HashMap<&str, SegmentId> =
            ir.segments.iter().enumerate().map(|(at, segment)| (segment.name.as_str(), SegmentId(at as u32))).collect();
        let mut of = BTreeMap::new();
        let mut add = |name: String, when: &[&Expr], within: Option<&Path>| {
            if let Some(id) = ids.get(name.as_str()) {
                of.insert(*id, Definition::of(ir, &ids, when, within));
            }
        };
        for file in project.rules() {
            for def in &file.segments {
                add(def.name.text.clone(), &[&def.when], def.within.as_ref());
                for (part, _) in def.split.iter().flat_map(|split| &split.parts) {
                    add(format!("{}.{}", def.name.text, part.text), &[&def.when], def.within.as_ref());
                }
            }
        }
        let of_catalog = project.catalog().map_or(&[][..], |catalog| &catalog.partitions);
        for def in of_catalog.iter().chain(project.rules().iter().flat_map(|file| &file.partitions)) {
            let PartitionKind::Tiers(tiers) = &def.kind else { continue };
            for (at, tier) in tiers.iter().enumerate() {
                // A tier is what those before it leave.
                let when: Vec<&Expr> = tiers.iter().take(at + 1).filter_map(|tier| tier.when.as_ref()).collect();
                add(format!("{}.{}", def.name.text, tier.name.text), &when, def.within.as_ref());
            }
        }
        Conditions { of }
    }

    /// Looks at the conditions that some segments rest on.
    ///
    /// # Errors
    /// As a query.
    pub async fn look(
        &self,
        engine: &Engine,
        as_of: AsOf,
        expected: impl Iterator<Item = SegmentId>,
        seen: &mut Seen,
    ) -> Result<(), Error> {
        let ir = &engine.ir;
        let mut pending: Vec<SegmentId> = expected.collect();
        seen.segments.extend(&pending);
        let mut reached = BTreeSet::new();
        let mut asked: BTreeMap<_, BTreeMap<NodeId, Vec<Span>>> = BTreeMap::new();
        while let Some(segment) = pending.pop() {
            if !reached.insert(segment) {
                continue;
            }
            let Some(definition) = self.of.get(&segment) else { continue };
            pending.extend(&definition.rests_on);
            let nodes = asked.entry(ir.segment(segment).subject).or_default();
            definition.conditions.iter().for_each(|(span, node)| nodes.entry(*node).or_default().push(*span));
        }
        for (subject, nodes) in asked {
            let all: Vec<NodeId> = nodes.keys().copied().collect();
            let (calendar, tables) = engine.query(as_of).ready_for(subject, &all).await?;
            let mut lowering = Lowering::new(ir, calendar, &tables);
            let values = all.iter().enumerate().map(|(at, node)| (format!("condition_{at}"), *node)).collect();
            let (plan, _) = lowering.subject_values(subject, values)?;
            let mut stream = run(&engine.state, &plan).await?;
            while let Some(batch) = stream.try_next().await? {
                for (at, spans) in nodes.values().enumerate() {
                    let column = batch.column_by_name(&format!("condition_{at}"));
                    let Some(column) = column.and_then(|column| column.as_boolean_opt()) else { continue };
                    let (seen_true, seen_false) = (column.true_count() > 0, column.false_count() > 0);
                    for span in spans {
                        let seen = seen.conditions.entry(*span).or_default();
                        *seen = (seen.0 | seen_true, seen.1 | seen_false);
                    }
                }
            }
        }
        Ok(())
    }

    /// What was not seen.
    pub fn uncovered(&self, ir: &Ir, seen: &Seen) -> Uncovered {
        let mut all: BTreeMap<Span, SegmentId> = BTreeMap::new();
        for (segment, definition) in &self.of {
            for (span, _) in &definition.conditions {
                all.entry(*span).or_insert(*segment);
            }
        }
        let one_sided = all.iter().filter_map(|(span, segment)| {
            let (seen_true, seen_false) = seen.conditions.get(span).copied().unwrap_or_default();
            let segment = ir.segment(*segment).name.clone();
            (!seen_true || !seen_false).then_some(OneSided { segment, place: *span, seen_true, seen_false })
        });
        let one_sided = one_sided.collect();
        let untested = (0..ir.segments.len() as u32).map(SegmentId).filter(|id| !seen.segments.contains(id));
        let segments = untested.map(|id| ir.segment(id).name.clone()).collect();
        Uncovered { conditions: all.len(), one_sided, segments }
    }
}

impl Definition {
    fn of(ir: &Ir, ids: &HashMap<&str, SegmentId>, when: &[&Expr], within: Option<&Path>) -> Self {
        let named = |path: &Path| ids.get(full(path).as_str()).copied();
        let mut definition = Definition { rests_on: within.and_then(named).into_iter().collect(), ..Self::default() };
        for expr in when {
            leaves(expr, &mut |leaf| {
                if let Some(written) = ir.written.get(&leaf.span)
                    && written.form == WrittenAs::Itself
                    && ir.ty(written.node) == Type::Bool
                {
                    definition.conditions.push((leaf.span, written.node));
                }
            });
            walk(expr, &mut |inner| {
                if let ExprKind::InSegment { segment, .. } = &inner.kind {
                    definition.rests_on.extend(named(segment));
                }
            });
        }
        definition
    }
}

fn full(path: &Path) -> String {
    path.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".")
}

/// The conditions of which one is made by `and`, `or` and `not`.
fn leaves<'e>(expr: &'e Expr, found: &mut impl FnMut(&'e Expr)) {
    let mut pending = vec![expr];
    while let Some(next) = pending.pop() {
        match &next.kind {
            ExprKind::And(of) | ExprKind::Or(of) => pending.extend(of),
            ExprKind::Not(of) => pending.push(of),
            _ => found(next),
        }
    }
}
