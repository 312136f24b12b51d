//! Row order: `number` and `gap`, and the tables that rest on them.

use super::chains::{Definition, operands};
use super::typed::{Typed, Units};
use super::{Checker, Code, Diagnostic};
use crate::catalog::model::{DerivedTable, TableKind};
use crate::ir::{Node, Ordering, SubjectId, TableId, Type};
use crate::syntax::ast::{Expr, ExprKind, Ident, Rows, RowsOf};
use crate::syntax::print;

impl Checker<'_> {
    /// Finds the tables whose rows depend on whose they are; those that they are made from come first in `order`.
    pub(super) fn find_tables_of_subjects(&mut self, order: &[Definition]) {
        let catalog = self.catalog;
        for definition in order {
            let Definition::Table(at) = definition else { continue };
            let Some(def) = catalog.tables.get(*at) else { continue };
            let TableKind::Derived(derived) = &def.kind else { continue };
            let inherited = self.of_subjects.contains(derived.from.text.as_str());
            if inherited || derived.grouping.is_some() || rests_on_order(derived) {
                self.of_subjects.insert(&def.name.text);
            }
        }
    }

    /// `number` or `gap` of a row.
    pub(super) fn row_order(&mut self, table: TableId, name: &Ident, subject: Option<SubjectId>) -> Option<Typed> {
        let made = self.ir.table(table).clone();
        let Some(subject) = subject else {
            let message = format!("`{}` counts the rows of one subject, and these rows are nobody's here", name.text);
            let help = "it can be asked of rows that are counted for somebody, not of looked-up ones";
            return self.fail(Diagnostic::new(Code::WrongKind, name.span, message).help(help));
        };
        let base = self.ir.base_table(made.base);
        if base.time.is_none() {
            if self.declares_time(made.base) {
                return None; // its `time:` is wrong, and that has been said
            }
            let message = format!("`{}` has no time, so its rows have no order and no `{}`", made.name, name.text);
            let help = format!("declare `time:` for `{}` in the catalogue", base.name);
            return self.fail(Diagnostic::new(Code::WindowMisplaced, name.span, message).help(help));
        }
        if !base.subjects.iter().any(|(of, _)| *of == subject) {
            let kind = &self.ir.subject(subject).name;
            let message = format!("rows of `{}` do not say which `{kind}` they belong to", made.name);
            return self.fail(Diagnostic::new(Code::WrongSubject, name.span, message));
        }
        let ordering = self.ir.add_ordering(Ordering { subject, rows: made.rows, filter: made.filter });
        Some(match name.text.as_str() {
            "gap" => Typed::new(self.ir.add(Node::Gap(ordering)), Type::Duration).nullable(true),
            _ => Typed::new(self.ir.add(Node::Number(ordering)), Type::Number).unit(Units::count()),
        })
    }

    /// Notes that a place among all rows is asked for, where a place among those that a `where` leaves may be meant.
    pub(super) fn note_order(&mut self, rows: &Rows, argument: Option<&Expr>) {
        let Some(filter) = &rows.filter else { return };
        let parts: Vec<&Expr> = match &filter.kind {
            ExprKind::And(parts) => parts.iter().collect(),
            _ => vec![filter],
        };
        let (ordered, plain): (Vec<&Expr>, Vec<&Expr>) =
            parts.into_iter().partition(|part| self.asks_place(part, rows));
        let place = ordered.first().copied().or(argument.filter(|argument| self.asks_place(argument, rows)));
        let (Some(place), false) = (place, plain.is_empty()) else { return };
        let name = &rows.table.text;
        let only: Vec<String> = plain.iter().map(|part| print(part)).collect();
        let only = only.join(" and ");
        let message = format!("`{}` looks at all rows of `{name}`, not only at those with `{only}`", print(place));
        let help = format!(
            "to put only these in order, make them a table, `{{ from: {name}, where: \"{only}\" }}`, and ask for the place in it"
        );
        self.out.push(Diagnostic::new(Code::OrderOfAllRows, place.span, message).help(help));
    }

    /// Whether an expression over rows of a table asks for `number` or `gap`, and no column of it has that name.
    fn asks_place(&self, expr: &Expr, rows: &Rows) -> bool {
        let columns = self.ir.tables.iter().filter(|table| table.name == rows.table.text);
        let own = columns.flat_map(|table| &table.columns).any(|(name, _)| matches!(name.as_str(), "number" | "gap"));
        !own && mentions_order(expr)
    }
}

fn rests_on_order(derived: &DerivedTable) -> bool {
    let columns = derived.columns.iter().map(|(_, is)| is);
    derived.filter.iter().chain(columns).any(mentions_order)
}

/// Whether `number` or `gap` stands in an expression over rows. A column may have that name: then nothing is lost.
pub(super) fn mentions_order(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Name(path) => {
            matches!(path.parts.as_slice(), [name] if matches!(name.text.as_str(), "number" | "gap"))
        }
        ExprKind::Aggregate(aggregate) => {
            let filter = match &aggregate.rows {
                RowsOf::Group { filter } => filter,
                RowsOf::Table(rows) => &rows.filter,
            };
            aggregate.argument.iter().chain(filter).any(mentions_order)
        }
        _ => operands(expr).into_iter().any(mentions_order),
    }
}
