//! Programs: expressions made ready to be evaluated over batches of rows.
//!
//! A program holds everything that some roots share. Before the first row is seen, T and the constants are put in and
//! whatever follows from them is computed; then each batch passes through the steps that are left, one after the other,
//! each of them once. So a condition that 500 segments share costs what it costs one.
//!
//! ```text
//! round(value * 1.1, 2) > 2 * 250 and at > 90d ago
//!
//! constants   1.1, 500, 2026-01-01T10:00
//! inputs      0 value, 1 at
//! steps       2 = 0 * 1.1;  3 = round 2;  4 = 3 > 500;  5 = 1 > …;  6 = 4 and 5
//! ```
//!
//! Steps are a list, not a tree: no expression is too deep.

mod choice;
mod comparison;
mod list;
mod logic;
mod operand;
mod operation;
mod set;
mod time;

use std::collections::HashMap;
use std::sync::Arc;

use super::calendar::Calendar;
use super::column::Column;
use super::error::{KernelError, Result};
use super::listed::Listed;
use super::spent::{Spent, timed};
use crate::ir::{Ir, ListId, Node, NodeId};
use operation::Prepared;

pub(super) use comparison::order;

/// Some expressions, ready to be evaluated at one T. See the module.
#[derive(Debug)]
pub struct Program {
    ir: Arc<Ir>,
    calendar: Calendar,
    inputs: Vec<NodeId>,
    constants: Vec<Column>,
    steps: Vec<Step>,
    roots: Vec<Operand>,
}

/// Where a step finds a column.
#[derive(Clone, Copy, Debug)]
enum Operand {
    /// Of a single row.
    Constant(usize),
    /// Inputs first, then the results of the steps.
    Slot(usize),
    /// Nowhere: the node depends on itself.
    Cycle(NodeId),
}

#[derive(Debug)]
struct Step {
    node: NodeId,
    operands: Vec<Operand>,
    prepared: Prepared,
    /// Slots that no later step and no root needs.
    done: Vec<usize>,
}

impl Program {
    /// Prepares expressions of one scope.
    pub fn new(ir: &Arc<Ir>, calendar: Calendar, roots: Vec<NodeId>) -> Program {
        Self::over(ir, calendar, roots, &|_| false)
    }

    /// Prepares expressions of one scope, some parts of which have been evaluated before: these are inputs as leaves are.
    pub fn over(ir: &Arc<Ir>, calendar: Calendar, roots: Vec<NodeId>, given: &dyn Fn(NodeId) -> bool) -> Program {
        let is_input = |id: NodeId| ir.node(id).is_leaf() || given(id);
        let order = evaluation_order(ir, &roots, &is_input);
        let inputs: Vec<NodeId> = order.iter().copied().filter(|id| is_input(*id)).collect();
        let mut places: HashMap<NodeId, Operand> = HashMap::new();
        places.extend(inputs.iter().enumerate().map(|(slot, id)| (*id, Operand::Slot(slot))));
        let mut program =
            Program { ir: ir.clone(), calendar, inputs, constants: Vec::new(), steps: Vec::new(), roots: Vec::new() };
        for id in order {
            if !places.contains_key(&id) {
                let place = program.place(id, &places);
                places.insert(id, place);
            }
        }
        program.roots = roots.iter().map(|id| places.get(id).copied().unwrap_or(Operand::Cycle(*id))).collect();
        program.release();
        program
    }

    /// What must be given: columns, lookups, subjects' values and features, by node.
    pub fn inputs(&self) -> &[NodeId] {
        &self.inputs
    }

    /// What its steps compute, in order.
    pub fn steps(&self) -> impl ExactSizeIterator<Item = NodeId> {
        self.steps.iter().map(|step| step.node)
    }

    /// A list that it looks rows up in, if it does.
    pub fn listed(&self, list: ListId) -> Option<&Arc<Listed>> {
        self.steps.iter().find_map(|step| match (self.ir.node(step.node), &step.prepared) {
            (Node::InRows(_, own), Prepared::Listed(listed)) if *own == list => Some(listed),
            _ => None,
        })
    }

    /// The values of the roots for a batch of rows; `inputs` are columns in the order of [`Program::inputs`].
    ///
    /// # Errors
    ///
    /// [`KernelError::Inputs`], [`KernelError::Rows`], [`KernelError::Operand`] when the inputs are not what they should
    /// be; [`KernelError::NumberTooLarge`] when a number outgrows all bounds; [`KernelError::Cycle`] for an expression
    /// that depends on itself.
    pub fn evaluate(&self, inputs: &[Column], rows: usize) -> Result<Vec<Column>> {
        self.evaluate_and_tell(inputs, rows, None)
    }

    /// As [`Program::evaluate`]; the time that each step takes is added to what was spent on it, if that is asked.
    ///
    /// # Errors
    ///
    /// As [`Program::evaluate`].
    pub fn evaluate_and_tell(&self, inputs: &[Column], rows: usize, spent: Option<&Spent>) -> Result<Vec<Column>> {
        self.admit(inputs, rows)?;
        let mut slots: Vec<Option<Column>> = inputs.iter().cloned().map(Some).collect();
        slots.reserve(self.steps.len());
        for (at, step) in self.steps.iter().enumerate() {
            let constant = step.operands.iter().all(|operand| matches!(operand, Operand::Constant(_)));
            let rows_of_step = if constant { 1 } else { rows };
            let mut column = timed(spent, at, || self.run(step, &slots, rows_of_step))?;
            if column.len() != rows_of_step {
                return Err(KernelError::Rows { expected: rows_of_step, found: column.len() });
            }
            if constant && rows != 1 {
                column = column.broadcast(rows)?;
            }
            slots.push(Some(column));
            for slot in &step.done {
                if let Some(slot) = slots.get_mut(*slot) {
                    *slot = None;
                }
            }
        }
        self.roots
            .iter()
            .map(|root| match root {
                Operand::Constant(_) => self.find(*root, &slots)?.broadcast(rows),
                _ => self.find(*root, &slots).cloned(),
            })
            .collect()
    }

    /// Where a node's column will be: among the constants if it can be computed now, else a new step's.
    fn place(&mut self, id: NodeId, places: &HashMap<NodeId, Operand>) -> Operand {
        if let Some(constant) = operation::leaf(self.ir.node(id), &self.calendar) {
            self.constants.push(constant);
            return Operand::Constant(self.constants.len() - 1);
        }
        let operands: Vec<Operand> = self
            .ir
            .operands(id)
            .iter()
            .map(|operand| places.get(operand).copied().unwrap_or(Operand::Cycle(*operand)))
            .collect();
        let constants: Vec<Option<&Column>> = operands
            .iter()
            .map(|operand| match operand {
                Operand::Constant(at) => self.constants.get(*at),
                _ => None,
            })
            .collect();
        let prepared = Prepared::new(&self.ir, self.ir.node(id), &constants);
        let foldable = constants.iter().all(Option::is_some);
        let step = Step { node: id, operands, prepared, done: Vec::new() };
        // What fails now fails again when it is evaluated, where there is somebody to tell.
        if foldable && let Ok(constant) = self.run(&step, &[], 1) {
            self.constants.push(constant);
            return Operand::Constant(self.constants.len() - 1);
        }
        self.steps.push(step);
        Operand::Slot(self.inputs.len() + self.steps.len() - 1)
    }

    /// Notes at each step which columns nobody needs after it.
    fn release(&mut self) {
        let mut needed = vec![false; self.inputs.len() + self.steps.len()];
        let mut need = |operand: &Operand| match operand {
            Operand::Slot(slot) => needed.get_mut(*slot).is_some_and(|needed| !std::mem::replace(needed, true)),
            _ => false,
        };
        for root in &self.roots {
            need(root);
        }
        for step in self.steps.iter_mut().rev() {
            for operand in &step.operands {
                if let Operand::Slot(slot) = operand
                    && need(operand)
                {
                    step.done.push(*slot);
                }
            }
        }
    }

    fn admit(&self, inputs: &[Column], rows: usize) -> Result<()> {
        if inputs.len() != self.inputs.len() {
            return Err(KernelError::Inputs { expected: self.inputs.len(), found: inputs.len() });
        }
        for (id, column) in self.inputs.iter().zip(inputs) {
            if column.len() != rows {
                return Err(KernelError::Rows { expected: rows, found: column.len() });
            }
            let expected = self.ir.ty(*id);
            if column.ty() != expected {
                return Err(KernelError::Operand { expected, found: column.ty() });
            }
        }
        Ok(())
    }

    fn run(&self, step: &Step, slots: &[Option<Column>], rows: usize) -> Result<Column> {
        let operands: Vec<&Column> =
            step.operands.iter().map(|operand| self.find(*operand, slots)).collect::<Result<_>>()?;
        operation::apply(self.ir.node(step.node), &step.prepared, &operands, rows, &self.calendar)?
            .ok_or(KernelError::Leaf(step.node))
    }

    fn find<'a>(&'a self, operand: Operand, slots: &'a [Option<Column>]) -> Result<&'a Column> {
        let found = match operand {
            Operand::Constant(at) => self.constants.get(at),
            Operand::Slot(at) => slots.get(at).and_then(Option::as_ref),
            Operand::Cycle(id) => return Err(KernelError::Cycle(id)),
        };
        found.ok_or(KernelError::Inputs { expected: self.inputs.len() + self.steps.len(), found: slots.len() })
    }
}

/// Everything below the roots, operands first. (Ids alone will not do: a segment's condition may have been added after
/// the membership that means it.)
fn evaluation_order(ir: &Ir, roots: &[NodeId], is_input: &dyn Fn(NodeId) -> bool) -> Vec<NodeId> {
    let mut seen = std::collections::HashSet::new();
    let mut order = Vec::new();
    let mut stack: Vec<(NodeId, bool)> = roots.iter().rev().map(|id| (*id, false)).collect();
    while let Some((id, operands_done)) = stack.pop() {
        if operands_done {
            order.push(id);
        } else if seen.insert(id) {
            stack.push((id, true));
            if is_input(id) {
                continue;
            }
            stack.extend(ir.operands(id).into_iter().rev().map(|operand| (operand, false)));
        }
    }
    order
}

#[cfg(test)]
mod tests;
