//! Sequences: steps over rows of several tables, each perhaps tied to rows matched before.

use super::expr::window_of;
use super::typed::Typed;
use super::{Checker, Code, Context, Diagnostic, Matched, Scope};
use crate::ir::{Node, NodeId, Sequence, SequenceStep, SubjectId, TableId, Type};
use crate::source::Span;
use crate::syntax::ast;
use crate::syntax::ast::{Duration, Ident, Step};
use crate::syntax::print_name;

impl Checker<'_> {
    pub(super) fn sequence(&mut self, sequence: &ast::Sequence, span: Span, context: Context<'_>) -> Option<Typed> {
        let Scope::Subject(subject) = context.scope else {
            let message = "a sequence is about a subject, not about its rows";
            let help = "ask for it outside the brackets of the rows";
            return self.fail(Diagnostic::new(Code::WrongKind, span, message).help(help));
        };
        let window = sequence.window.as_ref().map(window_of);
        let sane = window.as_ref().map_or(Some(()), |window| self.sane_window(window, span));
        let lasting = self.lasting(sequence.within, span);
        let tables: Vec<Option<TableId>> =
            sequence.steps.iter().map(|step| self.step_table(step, subject, context)).collect();
        let free: Vec<Option<()>> = sequence
            .steps
            .iter()
            .filter_map(|step| step.name.as_ref())
            .map(|name| self.free_name(name, &tables))
            .collect();
        let mut steps = Vec::new();
        for (at, step) in sequence.steps.iter().enumerate() {
            let before = sequence.steps.iter().zip(&tables).enumerate().take(at);
            let earlier: Vec<Matched<'_>> = before
                .filter_map(|(step, (before, table))| {
                    Some(Matched { name: before.name.as_ref()?, step: step as u32, rows: (*table)?, subject })
                })
                .collect();
            let table = tables.get(at).copied().flatten();
            steps.push(table.and_then(|table| self.step(step, table, subject, &earlier, span)));
        }
        let steps = steps.into_iter().collect::<Option<Vec<_>>>()?;
        free.into_iter().collect::<Option<Vec<_>>>()?;
        sane?;
        lasting?;
        let made = self.ir.add_sequence(Sequence { subject, steps, window, within: sequence.within });
        Some(Typed::new(self.ir.add(Node::Sequence(made)), Type::Bool))
    }

    /// Whether a span of time has a length.
    fn lasting(&mut self, within: Option<Duration>, span: Span) -> Option<()> {
        if within.is_none_or(|within| within.count > 0) {
            return Some(());
        }
        let message = "nothing happens within no time";
        let help = "give `within` a length of at least 1";
        self.fail(Diagnostic::new(Code::BadArgument, span, message).help(help))
    }

    fn step_table(&mut self, step: &Step, subject: SubjectId, context: Context<'_>) -> Option<TableId> {
        let name = &step.rows.table;
        let table = self.table(name, Some(subject))?;
        self.keys_of_rows(table, name, subject)?;
        self.row_window(&step.rows, table, name.span, Context { overlay: None, ..context })?;
        let base = self.ir.table(table).base;
        if self.ir.base_table(base).time.is_some() {
            return Some(table);
        }
        if self.declares_time(base) {
            return None; // its `time:` is wrong, and that has been said
        }
        let message = format!("`{}` has no time, so its rows come neither before nor after others", name.text);
        let help = format!("declare `time:` for `{}` in the catalogue", self.ir.base_table(base).name);
        self.fail(Diagnostic::new(Code::WindowMisplaced, name.span, message).help(help))
    }

    /// A step's own name must not hide what rows have.
    fn free_name(&mut self, alias: &Ident, tables: &[Option<TableId>]) -> Option<()> {
        let mut bases = tables.iter().flatten().map(|table| self.ir.table(*table).base);
        let lookup = bases.any(|base| self.lookup_defs(base).iter().any(|def| def.name == *alias));
        let kind = self.catalog.subjects.iter().any(|def| def.name == *alias);
        if !lookup && !kind {
            return Some(());
        }
        let what = if kind { "a kind of subject" } else { "a lookup" };
        let message = format!("the step is called `{}`, which is {what}", alias.text);
        self.fail(Diagnostic::new(Code::NameTaken, alias.span, message).help("give the step another name"))
    }

    fn step(
        &mut self,
        step: &Step,
        table: TableId,
        subject: SubjectId,
        earlier: &[Matched<'_>],
        span: Span,
    ) -> Option<SequenceStep> {
        let context = Context { earlier, ..Context::of(Scope::Row(table, Some(subject))) };
        let lasting = self.lasting(step.within, span);
        let condition = match &step.rows.filter {
            Some(filter) => self.condition(filter, context).map(|typed| Some(typed.node)),
            None => Some(None),
        };
        lasting?;
        let (own, joined) = self.parted(condition?);
        let made = self.ir.table(table);
        let (rows, of_table) = (made.rows, made.filter);
        let filter = self.and(of_table.into_iter().chain(own));
        let joined = self.and(joined);
        let window = step.rows.window.as_ref().map(window_of);
        Some(SequenceStep { never: step.never, within: step.within, rows, filter, window, joined })
    }

    /// The parts of a condition about a row alone, and those that ask about rows matched before.
    fn parted(&self, condition: Option<NodeId>) -> (Vec<NodeId>, Vec<NodeId>) {
        let Some(condition) = condition else { return (Vec::new(), Vec::new()) };
        let parts = match self.ir.node(condition) {
            Node::And(parts) => parts.clone(),
            _ => vec![condition],
        };
        let alone = |part: &NodeId| {
            let leaves = self.ir.leaves([*part]).inputs;
            !leaves.iter().any(|leaf| matches!(self.ir.node(*leaf), Node::Earlier { .. }))
        };
        parts.into_iter().partition(alone)
    }

    /// `bought.sku`: a value of a row that an earlier step has matched.
    pub(super) fn matched_name(&mut self, matched: Matched<'_>, rest: &[Ident]) -> Option<Typed> {
        let name = matched.name;
        let Some((first, rest)) = rest.split_first() else {
            let message = format!("`{}` is a whole row", name.text);
            let help = format!("name what of it is meant: `{}.…`", print_name(&name.text));
            return self.fail(Diagnostic::new(Code::WrongKind, name.span, message).help(help));
        };
        let found = self.row_name((matched.rows, Some(matched.subject)), first, rest, None)?;
        let value = self.plain(&found);
        let node = self.ir.add(Node::Earlier { step: matched.step, value });
        Some(found.in_node(node))
    }
}
