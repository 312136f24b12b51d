//! Names about a subject that nothing has, and what may be meant by them.

use super::names::{Suffix, suffix};
use super::typed::Typed;
use super::{Checker, Code, Diagnostic, listed, with_article};
use crate::ir::SubjectId;
use crate::source::Span;
use crate::syntax::ast::Ident;
use crate::syntax::print_name;

impl Checker<'_> {
    /// `span` is that of the whole name about a subject, and of its first part among rows.
    pub(super) fn unknown_prefix(
        &mut self,
        subject: SubjectId,
        first: &Ident,
        next: &Ident,
        span: Span,
    ) -> Option<Typed> {
        let kind = self.ir.subject(subject).name.clone();
        if kind == first.text {
            let message = format!("a rule is about {} already", with_article(&kind));
            let span = first.span.to(next.span);
            let title = format!("write `{}`", next.text);
            return self.fail(Diagnostic::new(Code::WrongKind, span, message).fix(title, print_name(&next.text)));
        }
        if !self.parts_of(&first.text).is_empty() {
            let message = format!("`{}` is divided into groups, and a group is asked about with `in`", first.text);
            let place = first.span.to(next.span);
            let text = format!("in {}.{}", print_name(&first.text), print_name(&next.text));
            let diagnostic = Diagnostic::new(Code::WrongKind, place, message);
            return self.fail(if span.end > first.span.end {
                diagnostic.fix(format!("write `{text}`"), text)
            } else {
                diagnostic
                    .help(format!("give `{text}` a name under `attributes:`, and use it among rows as `{kind}.name`"))
            });
        }
        let message = format!("{} has no lookup `{}`", with_article(&kind), first.text);
        let diagnostic = Diagnostic::new(Code::UnknownName, first.span, message);
        let is_table = self.table_defs.contains_key(first.text.as_str());
        let def = self.catalog.subjects.get(subject.index());
        let lookups: Vec<&str> =
            def.into_iter().flat_map(|def| &def.lookups).map(|def| def.name.text.as_str()).collect();
        if lookups.contains(&first.text.as_str()) {
            return None; // it leads nowhere, and that has been said
        }
        let diagnostic = if let Some(near) = self.near(&first.text, lookups.iter().copied()) {
            diagnostic.fix(format!("did you mean `{near}`?"), print_name(near))
        } else if is_table {
            let help = format!(
                "`{}` is a table: say which of its rows, as in `last({} of {})` or `any({} where …)`",
                first.text, next.text, first.text, first.text
            );
            diagnostic.help(help)
        } else {
            diagnostic.help(format!("only what a lookup of the {kind} finds is written with a dot"))
        };
        self.fail(diagnostic)
    }

    /// Nothing about a subject has this name.
    pub(super) fn unknown_name(&mut self, subject: SubjectId, name: &Ident) -> Option<Typed> {
        if self.has_broken_table(subject) {
            return None;
        }
        let made = self.ir.subject(subject);
        let kind = made.name.clone();
        let message = format!("{} has nothing called `{}`", with_article(&kind), name.text);
        let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
        if self.out_of_patience() {
            return self.fail(diagnostic);
        }
        if matches!(name.text.as_str(), "at" | "number" | "gap") {
            let help = format!("a row has it: ask for it among rows, as in `last({} of …)`", name.text);
            return self.fail(diagnostic.help(help));
        }
        let divided = self.partition_names.iter().filter(|(_, at)| self.makes_attribute(**at)).map(|(name, _)| name);
        let defined = self.attributes.keys().chain(self.metrics.keys()).chain(divided);
        let mut names: Vec<String> = defined.map(|name| (*name).to_owned()).collect();
        if let Some(table) = made.table {
            names.extend(self.ir.table(table).columns.iter().map(|(column, _)| column.clone()));
        }
        names.sort_unstable();
        if let Some(diagnostic) = self.of_another_kind(diagnostic.clone(), subject, &name.text) {
            return self.fail(diagnostic);
        }
        // A misspelt metric with a good suffix is nearest by its stem.
        if let Some(Suffix::Window(stem, _)) = suffix(&name.text)
            && let Some(near) = self.near(stem, self.metrics.keys().copied())
        {
            let meant = format!("{near}{}", &name.text[stem.len()..]);
            let fix = print_name(&meant);
            return self.fail(diagnostic.fix(format!("did you mean `{meant}`?"), fix));
        }
        let stem = name.text.rsplit_once('_').map(|(stem, _)| stem).filter(|stem| self.metrics.contains_key(stem));
        self.fail(if let Some(near) = self.near(&name.text, names.iter().map(String::as_str)) {
            diagnostic.fix(format!("did you mean `{near}`?"), print_name(near))
        } else if let Some(stem) = stem {
            diagnostic.help(format!(
                "`{stem}` is a metric, but `{}` is no window: windows are `_90d`, `_3mo`, `_prev_90d`, `_mtd`, `_last_month` …",
                &name.text[stem.len()..]
            ))
        } else if names.is_empty() {
            diagnostic.help("the catalogue defines no attributes or metrics yet")
        } else {
            diagnostic.help(format!("there are {}", listed(names.iter().map(String::as_str))))
        })
    }

    /// What to write where the name is that of a segment, a table, a lookup or a column of rows.
    fn of_another_kind(&self, diagnostic: Diagnostic, subject: SubjectId, name: &str) -> Option<Diagnostic> {
        let shown = print_name(name);
        if self.segment_names.contains_key(name) {
            let help = format!("`{name}` is a segment: `in {shown}` asks whether somebody is in it");
            if let Some(part) = self.parts_of(name).first() {
                return Some(
                    diagnostic.help(format!("{help}, `in {shown}.{}` whether in that part", print_name(part))),
                );
            }
            return Some(diagnostic.fix(help, format!("in {shown}")));
        }
        if self.catalog.subjects.get(subject.index())?.lookups.iter().any(|def| def.name.text == name) {
            return Some(diagnostic.help(format!("`{name}` is a lookup: name what you want of it, `{shown}.…`")));
        }
        if self.table_defs.contains_key(name) {
            let help =
                format!("`{name}` is a table: `count({shown})` counts its rows, `any({shown} where …)` asks for one");
            return Some(diagnostic.help(help));
        }
        let table = print_name(self.table_with(subject, name)?);
        Some(diagnostic.help(format!(
            "`{name}` is a column of rows of `{table}`: say what of it, as in `last({shown} of {table})` or `any({table} where {shown} = …)`"
        )))
    }

    /// A table with rows of this kind of subject that has such a column.
    fn table_with(&self, subject: SubjectId, column: &str) -> Option<&str> {
        let has = |table: &&crate::ir::Table| {
            let base = self.ir.base_table(table.base);
            base.subjects.iter().any(|(of, _)| *of == subject) && table.columns.iter().any(|(name, _)| name == column)
        };
        self.ir.tables.iter().find(has).map(|table| table.name.as_str())
    }
}
