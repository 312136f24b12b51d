//! What a step's rows must have to do with rows matched before, taken apart so that little is left to try.
//!
//! ```text
//! then sales where sku = b.sku and value > 2 * b.value and length(note + b.note) > 5 and year(at) = 2026
//!
//! filters        year(at) = 2026                of the row alone: part of the step's mask
//! comparisons    sku = b.sku                    both sides worked out once a row; those that ask for equality are an index
//!                value > 2 * b.value
//! rest           length(note + b.note) > 5      worked out for each pair of rows
//! ```
//!
//! The parts are operands of `and`: all must be true.

use std::collections::HashMap;
use std::sync::Arc;

use crate::engine::kernel::calendar::Calendar;
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::{KernelError, Result};
use crate::engine::kernel::number::compare::flip;
use crate::engine::kernel::program::Program;
use crate::ir::{Ir, Node, NodeId, Sequence, Type};
use crate::syntax::ast::CompareOp;

/// The joins of a sequence's steps.
#[derive(Debug)]
pub struct Joins {
    steps: Vec<StepJoin>,
}

/// What one step needs of its own rows, and how they are joined to earlier ones.
#[derive(Debug, Default)]
pub struct StepJoin {
    /// What must be given for its rows, in their scope.
    pub inputs: Vec<NodeId>,
    /// Conditions of the row alone, then its sides of the comparisons.
    own: Option<Worked>,
    filters: usize,
    /// The sides of later steps' comparisons that this step's row gives.
    given: Option<Worked>,
    /// What this step's row is compared with.
    pub comparisons: Vec<Comparison>,
    /// Conditions of pairs.
    pub rest: Option<Rest>,
    /// For each input whether later steps take it: the last of them, and none if no other does.
    pub taken_by: Vec<Option<usize>>,
}

/// A comparison of a row with an earlier one.
#[derive(Clone, Copy, Debug)]
pub struct Comparison {
    /// How, the later row's side first.
    pub op: CompareOp,
    /// The later row's side, among what [`StepJoin::work_out`] gives first.
    pub own: usize,
    /// The earlier row's step.
    pub step: usize,
    /// The earlier row's side, among what [`StepJoin::work_out`] of that step gives second.
    pub given: usize,
}

/// Conditions of several rows together.
#[derive(Debug)]
pub struct Rest {
    /// Bools, all of which must be true.
    pub program: Program,
    /// Where the program's inputs are found: the step whose row, and which of its inputs.
    pub inputs: Vec<(usize, usize)>,
}

/// Columns worked out of a step's inputs.
#[derive(Debug)]
struct Worked {
    program: Program,
    /// Which of the step's inputs the program's are.
    inputs: Vec<usize>,
}

/// What is worked out of a step's rows, whatever rows they are tried with.
#[derive(Debug, Default)]
pub struct WorkedOut {
    /// Bools that must be true.
    pub filters: Vec<Column>,
    /// Its sides of its own comparisons.
    pub own: Vec<Column>,
    /// Its sides of later steps' comparisons.
    pub given: Vec<Column>,
}

impl Joins {
    /// Takes a sequence's joins apart.
    ///
    /// # Errors
    ///
    /// [`KernelError::Leaf`] for a value of a step that has not matched a row before.
    pub fn new(ir: &Arc<Ir>, calendar: &Calendar, sequence: &Sequence) -> Result<Joins> {
        let mut parts = Vec::with_capacity(sequence.steps.len());
        let mut given: Vec<Vec<NodeId>> = vec![Vec::new(); sequence.steps.len()];
        for (at, step) in sequence.steps.iter().enumerate() {
            let part = Parts::new(ir, step.joined, &mut given)?;
            let known = |earlier: &usize| *earlier < at && sequence.steps.get(*earlier).is_some_and(|step| !step.never);
            if let Some((leaf, _)) = part.earlier.iter().find(|(_, (earlier, _))| !known(earlier)) {
                return Err(KernelError::Leaf(*leaf));
            }
            parts.push(part);
        }
        let mut inputs = Inputs::new(ir, &parts);
        let steps = parts
            .into_iter()
            .zip(given)
            .enumerate()
            .map(|(at, (parts, given))| StepJoin::new(ir, calendar, at, parts, given, &mut inputs))
            .collect();
        Ok(Joins { steps })
    }

    /// The joins, by step.
    pub fn steps(&self) -> &[StepJoin] {
        &self.steps
    }

    /// Whether some step's rows must have to do with rows matched before.
    pub fn refer(&self) -> bool {
        self.steps.iter().any(|step| !step.comparisons.is_empty() || step.rest.is_some())
    }
}

impl StepJoin {
    fn new(
        ir: &Arc<Ir>,
        calendar: &Calendar,
        at: usize,
        parts: Parts,
        given: Vec<NodeId>,
        inputs: &mut Inputs,
    ) -> Self {
        let filters = parts.filters.len();
        let roots: Vec<NodeId> = parts.filters.into_iter().chain(parts.own).collect();
        let mut worked = |roots: Vec<NodeId>| {
            let program = (!roots.is_empty()).then(|| Program::new(ir, calendar.clone(), roots))?;
            let inputs = program.inputs().iter().map(|leaf| inputs.find(ir, at, *leaf).1).collect();
            Some(Worked { program, inputs })
        };
        let (own, given) = (worked(roots), worked(given));
        let rest = (!parts.rest.is_empty()).then(|| {
            let program = Program::new(ir, calendar.clone(), parts.rest);
            let inputs = program.inputs().iter().map(|leaf| inputs.find(ir, at, *leaf)).collect();
            Rest { program, inputs }
        });
        let (nodes, taken_by) = inputs.of_step(at);
        StepJoin { inputs: nodes, own, filters, given, comparisons: parts.comparisons, rest, taken_by }
    }

    /// Works out whatever follows from a batch of rows alone.
    ///
    /// # Errors
    ///
    /// [`KernelError::Inputs`] and others of [`Program::evaluate`].
    pub fn work_out(&self, inputs: &[Column], rows: usize) -> Result<WorkedOut> {
        if inputs.len() != self.inputs.len() {
            return Err(KernelError::Inputs { expected: self.inputs.len(), found: inputs.len() });
        }
        let evaluate = |worked: &Option<Worked>| match worked {
            Some(worked) => {
                let inputs: Vec<Column> = worked.inputs.iter().filter_map(|at| inputs.get(*at)).cloned().collect();
                worked.program.evaluate(&inputs, rows)
            }
            None => Ok(Vec::new()),
        };
        let mut filters = evaluate(&self.own)?;
        let own = filters.split_off(self.filters.min(filters.len()));
        Ok(WorkedOut { filters, own, given: evaluate(&self.given)? })
    }

    /// The comparisons that ask for equality.
    pub fn equalities(&self) -> impl Iterator<Item = &Comparison> {
        self.comparisons.iter().filter(|comparison| comparison.op == CompareOp::Equal)
    }
}

/// The parts of a step's condition.
#[derive(Default)]
struct Parts {
    filters: Vec<NodeId>,
    /// The row's sides of the comparisons.
    own: Vec<NodeId>,
    comparisons: Vec<Comparison>,
    rest: Vec<NodeId>,
    /// Leaves of the row itself.
    leaves: Vec<NodeId>,
    /// Leaves that are values of earlier rows, with the step and the value.
    earlier: HashMap<NodeId, (usize, NodeId)>,
}

impl Parts {
    /// `given` collects for each step the sides of comparisons that its rows give.
    fn new(ir: &Ir, joined: Option<NodeId>, given: &mut [Vec<NodeId>]) -> Result<Parts> {
        let mut parts = Parts::default();
        for leaf in ir.leaves(joined).inputs {
            if let Node::Earlier { step, value } = ir.node(leaf) {
                parts.earlier.insert(leaf, (*step as usize, *value));
            } else {
                parts.leaves.push(leaf);
            }
        }
        let mut stack: Vec<NodeId> = joined.into_iter().collect();
        while let Some(id) = stack.pop() {
            match ir.node(id) {
                Node::And(operands) => stack.extend(operands.iter().rev()),
                _ => parts.add(ir, id, given)?,
            }
        }
        Ok(parts)
    }

    fn add(&mut self, ir: &Ir, part: NodeId, given: &mut [Vec<NodeId>]) -> Result<()> {
        if let Node::Compare(op, a, b) = ir.node(part)
            && ir.ty(*a) != Type::TextList
        {
            let sides = match (self.scope(ir, *a), self.scope(ir, *b)) {
                (Scope::Own, Scope::Earlier(step, leaf)) => Some((*op, *a, *b, step, leaf)),
                (Scope::Earlier(step, leaf), Scope::Own) => Some((flip(*op), *b, *a, step, leaf)),
                _ => None,
            };
            if let Some((op, own, other, step, leaf)) = sides {
                let given = given.get_mut(step).ok_or(KernelError::Leaf(leaf))?;
                let comparison = Comparison { op, own: place(&mut self.own, own), step, given: place(given, other) };
                self.comparisons.push(comparison);
                return Ok(());
            }
        }
        match self.scope(ir, part) {
            Scope::Own => self.filters.push(part),
            Scope::Earlier(..) | Scope::Mixed => self.rest.push(part),
        }
        Ok(())
    }

    /// Whose rows an expression is about.
    fn scope(&self, ir: &Ir, id: NodeId) -> Scope {
        let leaves = ir.leaves([id]).inputs;
        let mut steps = leaves.iter().map(|leaf| self.earlier.get(leaf).map(|(step, _)| (*step, *leaf)));
        match steps.next() {
            None => Scope::Own,
            Some(None) if steps.all(|step| step.is_none()) => Scope::Own,
            Some(Some((first, leaf))) if steps.all(|step| step.is_some_and(|(step, _)| step == first)) => {
                Scope::Earlier(first, leaf)
            }
            Some(_) => Scope::Mixed,
        }
    }
}

enum Scope {
    /// The row itself, or no row at all.
    Own,
    /// A row of one earlier step, of which this is a leaf.
    Earlier(usize, NodeId),
    /// Several.
    Mixed,
}

/// What must be given for the rows of each step.
struct Inputs {
    /// For each step the nodes, and the last step that takes each from an earlier row.
    steps: Vec<(Vec<NodeId>, Vec<Option<usize>>)>,
}

impl Inputs {
    fn new(ir: &Ir, parts: &[Parts]) -> Inputs {
        let mut inputs = Inputs { steps: vec![Default::default(); parts.len()] };
        for (at, parts) in parts.iter().enumerate() {
            let mut earlier: Vec<NodeId> = parts.earlier.keys().copied().collect();
            earlier.sort_unstable();
            for leaf in parts.leaves.iter().chain(&earlier) {
                let (step, input) = inputs.find(ir, at, *leaf);
                if step != at
                    && let Some(taken_by) = inputs.steps.get_mut(step).and_then(|(_, taken)| taken.get_mut(input))
                {
                    *taken_by = Some(at);
                }
            }
        }
        inputs
    }

    /// Where a leaf of a step's condition is found: the step whose row, and which of its inputs.
    fn find(&mut self, ir: &Ir, at: usize, leaf: NodeId) -> (usize, usize) {
        let (step, node) = match ir.node(leaf) {
            Node::Earlier { step, value } => (*step as usize, *value),
            _ => (at, leaf),
        };
        let Some((nodes, taken)) = self.steps.get_mut(step) else { return (step, 0) };
        let input = place(nodes, node);
        taken.resize(nodes.len(), None);
        (step, input)
    }

    fn of_step(&self, at: usize) -> (Vec<NodeId>, Vec<Option<usize>>) {
        self.steps.get(at).cloned().unwrap_or_default()
    }
}

/// Where a node stands in a list, at the end if it is new.
fn place(nodes: &mut Vec<NodeId>, node: NodeId) -> usize {
    nodes.iter().position(|known| *known == node).unwrap_or_else(|| {
        nodes.push(node);
        nodes.len() - 1
    })
}
