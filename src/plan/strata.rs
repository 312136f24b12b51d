//! The last steps over subjects: rows of nobody leave, ranks are made stratum by stratum, conditions or values at the end.
//!
//! ```text
//! Compute: members             what rests on the last ranks
//!   Rank                       quintile(y among (top 10% by x))
//!     Compute: to be ranked    y, whether x is at the top; what is decided of the rest
//!       Rank                   top 10% by x
//!         Compute: to be ranked   x, y, and what can be decided of each condition; who is nobody is gone
//! ```
//!
//! A rank is over everybody, so it ends a pass: what comes after it waits for all. Only what is ranked and what is still undecided
//! passes through: of `spend > 500 and visits > 3 and quintile(x) = 5` one column for both comparisons. A condition without
//! ranks is a column of true and false.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};

use super::Lowering;
use super::compute::{Compute, Keep, Output, StepBuilder};
use super::frame::{Asked, Frame};
use super::ordered::position;
use super::rank::{Rank, RankingColumns, Ranks};
use super::rows::column;
use crate::ir::{Node, NodeId, RankForms, RankingId, SubjectId};

/// Conditions that only count, by name.
type Strays = Vec<(String, NodeId)>;

/// Subjects under way: their keys, and what is known of them.
struct Known {
    plan: LogicalPlan,
    keys: Vec<String>,
    columns: HashMap<NodeId, String>,
}

impl Lowering<'_> {
    /// Nodes about a subject, and all that is ranked on the way to them.
    pub(super) fn with_ranked(&self, nodes: &[NodeId]) -> Vec<NodeId> {
        let mut all: Vec<NodeId> = nodes.to_vec();
        let rankings = self.ir.ranks_below(nodes);
        all.extend(rankings.keys().flat_map(|ranking| self.ir.behind_ranking(*ranking)));
        all
    }

    /// Conditions or values made of a frame, rows of nobody counted and gone.
    pub(super) fn conclude(&mut self, subject: SubjectId, frame: Frame, asked: Asked<'_>) -> Result<LogicalPlan> {
        let Asked { outputs, key_names, sums, strays, lists } = asked;
        let present = self.present(&frame, sums, &lists)?;
        let of_output = |output: &Output| match output {
            Output::Value(node, _) => Some(*node),
            Output::Mask { filter, .. } => *filter,
            _ => None,
        };
        let roots = outputs.iter().filter_map(|(_, output)| of_output(output));
        let roots: Vec<NodeId> = roots.chain(strays.iter().map(|(_, node)| *node)).collect();
        let forms = self.ir.ranks_below(&roots);
        let circle = || DataFusionError::Internal("ranks rest on each other".to_owned());
        let strata = self.ir.strata(forms.keys().copied()).ok_or_else(circle)?;
        let mut keep = Keep::Subjects(present);
        let columns = frame.columns.into_iter().collect();
        let mut known = Known { plan: frame.plan.build()?, keys: frame.keys, columns };
        for (at, stratum) in strata.iter().enumerate() {
            let later = strata.iter().skip(at + 1).flatten().flat_map(|ranking| self.ir.behind_ranking(*ranking));
            let wanted: Vec<NodeId> = roots.iter().copied().chain(later).collect();
            let undecided: BTreeSet<RankingId> = strata.iter().skip(at).flatten().copied().collect();
            known = self.ranked(subject, known, (stratum, &forms), (&wanted, &undecided), keep)?;
            keep = Keep::All;
        }
        let made: Vec<Expr> = outputs.iter().map(|(name, _)| column(name)).collect();
        let keys = known.keys.clone();
        let label = format!("every {}", self.ir.subject(subject).name);
        let plan = self.evaluated(label, known, (outputs, strays), keep)?;
        let keys = keys.iter().zip(&key_names).map(|(key, name)| column(key).alias(name));
        LogicalPlanBuilder::from(plan).project(keys.chain(made).collect::<Vec<_>>())?.build()
    }

    /// One stratum: what it ranks is evaluated, and what is decided by now of the rest; then its ranks are made.
    fn ranked(
        &mut self,
        subject: SubjectId,
        known: Known,
        (stratum, forms): (&[RankingId], &RankForms),
        (wanted, undecided): (&[NodeId], &BTreeSet<RankingId>),
        keep: Keep,
    ) -> Result<Known> {
        let ir = Arc::clone(self.ir);
        let inputs = stratum.iter().flat_map(|ranking| {
            let ranking = ir.ranking(*ranking);
            std::iter::once(ranking.by).chain(ranking.per)
        });
        let carried = self.decided(wanted, undecided);
        let values: BTreeSet<NodeId> = inputs.chain(carried).collect();
        let mut columns = HashMap::new();
        let mut outputs = Vec::new();
        for node in values {
            let name = self.name("decided");
            outputs.push((name.clone(), Output::Value(node, self.form(node))));
            columns.insert(node, name);
        }
        let mut members = HashMap::new();
        let populations: BTreeSet<NodeId> = stratum.iter().filter_map(|ranking| ir.ranking(*ranking).among).collect();
        for among in populations {
            let name = self.name("among");
            outputs.push((name.clone(), Output::Mask { filter: Some(among), window: None }));
            members.insert(among, name);
        }
        let keys = known.keys.clone();
        let label = format!("every {} to be ranked", ir.subject(subject).name);
        let plan = self.evaluated(label, known, (outputs, Vec::new()), keep)?;
        let schema = Arc::clone(plan.schema());
        let place = |name: &String| position(&schema, name);
        let mut rankings = Vec::new();
        for id in stratum {
            let ranking = ir.ranking(*id);
            let value = |node: NodeId| {
                columns.get(&node).ok_or_else(|| DataFusionError::Internal("a ranked value is missing".to_owned()))
            };
            let by = place(value(ranking.by)?)?;
            let per = ranking.per.map(|per| place(value(per)?)).transpose()?;
            let member = ranking.among.and_then(|among| members.get(&among)).map(place).transpose()?;
            let mut outputs = Vec::new();
            for form in forms.get(id).into_iter().flatten() {
                let name = self.name("rank");
                outputs.push((*form, name));
            }
            rankings.push((*id, RankingColumns { value: by, member, per, outputs }));
        }
        for (id, made) in &rankings {
            for (form, name) in &made.outputs {
                columns.extend(ir.find(&Node::Rank(*id, *form)).map(|node| (node, name.clone())));
            }
        }
        let key_columns = keys.iter().map(place).collect::<Result<_>>()?;
        let rankings = rankings.into_iter().map(|(_, made)| made).collect();
        let plan = Rank::plan(plan, Ranks { keys: key_columns, rankings })?;
        Ok(Known { plan, keys, columns })
    }

    /// Evaluates expressions over what is known of subjects, beside their keys.
    fn evaluated(
        &mut self,
        label: String,
        known: Known,
        (outputs, strays): (Vec<(String, Output)>, Strays),
        keep: Keep,
    ) -> Result<LogicalPlan> {
        let Known { plan, keys, columns } = known;
        let schema = Arc::clone(plan.schema());
        let at = |name: &String| schema.index_of_column_by_name(None, name);
        let pass: Vec<usize> = keys.iter().filter_map(at).collect();
        let step = StepBuilder {
            label,
            table: None,
            ir: self.ir,
            calendar: &self.calendar,
            pass,
            outputs,
            keep,
            strays,
            tally: self.tally(),
            faults: self.faults(),
            meter: self.meter.clone(),
        };
        let input = |node: NodeId| match self.ir.node(node) {
            Node::Key(_, part) => keys.get(*part as usize).and_then(at),
            _ => columns.get(&node).and_then(at),
        };
        let step = step.build(&schema, &input)?;
        Compute::plan(plan, step)
    }

    /// The largest parts of some expressions that no undecided ranking is below: constants aside, all that they rest on.
    fn decided(&self, nodes: &[NodeId], undecided: &BTreeSet<RankingId>) -> BTreeSet<NodeId> {
        let mut waits: HashMap<NodeId, bool> = HashMap::new();
        let mut stack: Vec<(NodeId, bool)> = nodes.iter().map(|node| (*node, false)).collect();
        while let Some((node, below_known)) = stack.pop() {
            if waits.contains_key(&node) {
                continue;
            }
            if let Node::Rank(ranking, _) = self.ir.node(node) {
                waits.insert(node, undecided.contains(ranking));
                continue;
            }
            let operands = if self.ir.node(node).is_leaf() { Vec::new() } else { self.ir.operands(node) };
            if below_known || operands.is_empty() {
                waits.insert(node, operands.iter().any(|operand| waits.get(operand).copied().unwrap_or(false)));
            } else {
                stack.push((node, true));
                stack.extend(operands.into_iter().map(|operand| (operand, false)));
            }
        }
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut pending: Vec<NodeId> = nodes.to_vec();
        while let Some(node) = pending.pop() {
            if !seen.insert(node) {
                continue;
            }
            if waits.get(&node).copied().unwrap_or(false) {
                pending.extend(self.ir.operands(node));
            } else if self.is_found(node) {
                found.insert(node);
            }
        }
        found
    }

    /// Whether a value comes from a subject, not from constants, T and keys alone.
    fn is_found(&self, node: NodeId) -> bool {
        let inputs = self.ir.leaves([node]).inputs;
        // A key passes by itself.
        !matches!(self.ir.node(node), Node::Key(..)) && !inputs.is_empty()
    }
}
