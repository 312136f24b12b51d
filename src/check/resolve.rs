//! What a name means, in the scope of a row and in the scope of a subject.

use super::names::{Suffix, suffix};
use super::typed::{Typed, Units};
use super::{Checker, Code, Context, Diagnostic, Overlay, Scope, SourceType, listed, nearest};
use crate::ir::{Node, NodeId, SubjectId, TableId, Type};
use crate::source::Span;
use crate::syntax::ast::{Ident, Path};

impl<'a> Checker<'a> {
    /// Resolves a dotted name.
    pub(super) fn path(&mut self, path: &Path, span: Span, context: Context<'_>) -> Option<Typed> {
        let (first, rest) = path.parts.split_first()?;
        match context.scope {
            Scope::Row(table) => self.row_name(table, first, rest),
            Scope::Subject(subject) => self.subject_name(subject, first, rest, span, context.overlay),
        }
    }

    fn row_name(&mut self, table: TableId, first: &Ident, rest: &[Ident]) -> Option<Typed> {
        if rest.is_empty() {
            return self.row_column(table, first);
        }
        let base = self.ir.table(table).base;
        if let Some(def) = self.lookup_defs(base).iter().find(|def| def.name == *first) {
            // Keys are in the scope of the base table's rows, which every table derived from it shares.
            let lookup = self.lookup(self.table_of_base(table), def)?;
            let target = self.ir.lookup(lookup).target;
            let (next, rest) = rest.split_first()?;
            let found = self.row_name(target, next, rest)?;
            let value = self.plain(&found);
            let node = self.ir.add(Node::Lookup(lookup, value));
            return Some(Typed { node, root: false, ..found }.nullable(true));
        }
        if self.catalog.subjects.iter().any(|def| def.name == *first) {
            return self.of_subject(table, first, rest);
        }
        let table = self.ir.table(table);
        let lookups = self.lookup_defs(base).iter().map(|def| def.name.text.as_str());
        let names: Vec<&str> = lookups.chain(self.catalog.subjects.iter().map(|def| def.name.text.as_str())).collect();
        let message = format!("rows of `{}` have no `{}` to follow", table.name, first.text);
        let diagnostic = Diagnostic::new(Code::UnknownName, first.span, message);
        let diagnostic = match nearest(&first.text, names.iter().copied()) {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), near),
            None => diagnostic.help(format!("a dot follows a lookup of the table or its subject: {}", listed(names))),
        };
        self.fail(diagnostic)
    }

    fn table_of_base(&self, table: TableId) -> TableId {
        let base = self.ir.table(table).base;
        let own = self.ir.tables.iter().position(|other| {
            other.base == base && other.filter.is_none() && other.name == self.ir.base_table(base).name
        });
        own.map_or(table, |at| TableId(at as u32))
    }

    fn of_subject(&mut self, table: TableId, kind: &Ident, rest: &[Ident]) -> Option<Typed> {
        let subject = self.subject_named(kind)?;
        if self.ir.subjects.get(subject.index()).is_none() {
            let message = format!("who the `{}`s are would depend on themselves here", kind.text);
            return self.fail(Diagnostic::new(Code::Cycle, kind.span, message).help("use columns of the table only"));
        }
        let base = self.ir.table(table).base;
        let keys = self.ir.base_table(base).subjects.iter().find(|(of, _)| *of == subject).map(|(_, keys)| keys.clone());
        let own_table = self.ir.subject(subject).table.map(|own| self.ir.table(own).base) == Some(base);
        let keys = match keys {
            Some(keys) => keys,
            None if own_table => self.ir.subject(subject).keys.clone(),
            None => {
                let name = self.ir.table(table).name.clone();
                let message = format!("rows of `{name}` do not say which `{}` they belong to", kind.text);
                let help = format!("add its key to the table: `subject: {{ {}: … }}`", kind.text);
                return self.fail(Diagnostic::new(Code::WrongSubject, kind.span, message).help(help));
            }
        };
        let (first, rest) = rest.split_first()?;
        let found = self.subject_name(subject, first, rest, first.span, None)?;
        // A deviation stays squared on its way, so that it is compared exactly here too.
        let node = self.ir.add(Node::OfSubject { subject, keys, value: found.node });
        Some(Typed { node, ..found }.nullable(true))
    }

    fn row_column(&mut self, table: TableId, name: &Ident) -> Option<Typed> {
        let own = self.ir.table(table).columns.iter().any(|(column, _)| *column == name.text);
        if !own {
            match name.text.as_str() {
                "at" => return self.row_time(table, name),
                "number" | "gap" => {
                    let message = format!("row order (`{}`) is not in this version of kohort yet", name.text);
                    return self.fail(Diagnostic::new(Code::NotYet, name.span, message));
                }
                _ => {}
            }
        }
        let node = self.own_column(table, name)?;
        Some(self.column_typed(node))
    }

    fn row_time(&mut self, table: TableId, name: &Ident) -> Option<Typed> {
        let table = self.ir.table(table);
        match self.ir.base_table(table.base).time {
            Some(node) => Some(Typed::new(node, Type::Instant)),
            None => {
                let message = format!("`{}` has no time, so its rows have no `at`", table.name);
                let help = format!("declare `time:` for `{}` in the catalogue", self.ir.base_table(table.base).name);
                self.fail(Diagnostic::new(Code::WindowMisplaced, name.span, message).help(help))
            }
        }
    }

    /// What is known of a column from its node.
    fn column_typed(&self, node: NodeId) -> Typed {
        if let Some(typed) = self.derived_columns.get(&node) {
            return typed.clone();
        }
        let nullable = match self.ir.node(node) {
            Node::Column(base, at) => {
                self.nullable.get(base.index()).and_then(|columns| columns.get(*at as usize)).copied().unwrap_or(true)
            }
            _ => true,
        };
        Typed::new(node, self.ir.ty(node)).nullable(nullable)
    }

    /// A column of a table by name; its type must be one that the language has.
    pub(super) fn own_column(&mut self, table: TableId, name: &Ident) -> Option<NodeId> {
        let made = self.ir.table(table);
        let Some((_, node)) = made.columns.iter().find(|(column, _)| *column == name.text) else {
            return self.unknown_column(table, name);
        };
        let node = *node;
        let Node::Column(base, at) = self.ir.node(node) else { return Some(node) };
        let (base, at) = (*base, *at as usize);
        let column = self.ir.base_table(base).columns.get(at)?;
        if column.kind.is_some() {
            return Some(node);
        }
        let table = self.ir.base_table(base).name.clone();
        let source = column.source_name.clone();
        let found = self.schemas.get(&table).and_then(|schema| schema.columns.iter().find(|c| c.name == source));
        let diagnostic = match found.map(|column| &column.ty) {
            Some(SourceType::Float) => {
                let message = format!("`{}` is binary floating point, which is not exact", name.text);
                let help = format!(
                    "say how many digits after the point it has: `types: {{ {}: decimal(2) }}` in `{table}`",
                    name.text
                );
                Diagnostic::new(Code::NeedsScale, name.span, message).help(help)
            }
            Some(other) => {
                let message = format!("`{}` is of type {other}, which kohort cannot use", name.text);
                Diagnostic::new(Code::UnsupportedType, name.span, message)
                    .help("prepare the column as text, number, date, timestamp, bool or list of text")
            }
            None => {
                let message = format!("the type of `{}` is not known", name.text);
                let help = format!("declare it: `types: {{ {}: text }}` in `{table}`", name.text);
                Diagnostic::new(Code::UnknownType, name.span, message).help(help)
            }
        };
        self.fail(diagnostic)
    }

    fn unknown_column(&mut self, table: TableId, name: &Ident) -> Option<NodeId> {
        let made = self.ir.table(table);
        let base = self.ir.base_table(made.base);
        if base.columns.is_empty() {
            return None; // nothing is known of this table, and that has been said
        }
        let message = format!("rows of `{}` have no column `{}`", made.name, name.text);
        let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
        let subject = self.catalog.subjects.first().map_or("customer", |def| def.name.text.as_str());
        let own = made.columns.iter().map(|(column, _)| column.as_str());
        let lookups = self.lookup_defs(made.base);
        let diagnostic = if lookups.iter().any(|def| def.name == *name) {
            diagnostic.help(format!("`{0}` is a lookup: name what you want of it, `{0}.…`", name.text))
        } else if self.about_subject(&name.text) {
            let text = format!("{subject}.{}", name.text);
            let help = format!("`{}` is about a {subject}: among rows it is `{text}`", name.text);
            diagnostic.fix(help, text)
        } else if let Some(near) = nearest(&name.text, own.clone()) {
            diagnostic.fix(format!("did you mean `{near}`?"), near)
        } else if let Some((lookup, column)) = self.column_of_lookup(lookups, &name.text) {
            diagnostic.fix(format!("did you mean `{lookup}.{column}`?"), format!("{lookup}.{column}"))
        } else {
            diagnostic.help(format!("it has {}", listed(own)))
        };
        self.fail(diagnostic)
    }

    fn about_subject(&self, name: &str) -> bool {
        let stem = match suffix(name) {
            Some(Suffix::Window(stem, _)) => stem,
            _ => name,
        };
        self.attributes.contains_key(name) || self.metrics.contains_key(name) || self.metrics.contains_key(stem)
    }

    fn column_of_lookup<'n>(
        &self,
        lookups: &'a [crate::catalog::model::LookupDef],
        name: &'n str,
    ) -> Option<(&'a str, &'n str)> {
        lookups.iter().find_map(|def| {
            let target = self.ir.tables.iter().find(|table| table.name == def.table.text)?;
            target.columns.iter().any(|(column, _)| column == name).then_some((def.name.text.as_str(), name))
        })
    }

    fn subject_name(
        &mut self,
        subject: SubjectId,
        first: &Ident,
        rest: &[Ident],
        span: Span,
        overlay: Option<&Overlay<'_>>,
    ) -> Option<Typed> {
        let table = self.ir.subject(subject).table;
        if let Some((next, rest)) = rest.split_first() {
            let defs: &'a _ = self.catalog;
            let own = defs.subjects.get(subject.index()).into_iter().flat_map(|def| &def.lookups);
            let inherited = table.map(|table| self.lookup_defs(self.ir.table(table).base)).unwrap_or_default();
            let def = own.chain(inherited).find(|def| def.name == *first);
            let (Some(def), Some(table)) = (def, table) else { return self.unknown_prefix(subject, first, next) };
            let lookup = self.lookup(table, def)?;
            let found = self.row_name(self.ir.lookup(lookup).target, next, rest)?;
            let value = self.plain(&found);
            let value = self.ir.add(Node::Lookup(lookup, value));
            let node = self.ir.add(Node::SubjectValue(subject, value));
            return Some(Typed { node, root: false, ..found }.nullable(true));
        }
        let name = first.text.as_str();
        if let Some(index) = self.attributes.get(name).copied() {
            return self.attribute(index, subject, span);
        }
        if let Some(index) = self.metrics.get(name).copied() {
            return self.metric(index, subject, overlay, span);
        }
        if let Some(table) = table {
            if self.ir.table(table).columns.iter().any(|(column, _)| column == name) {
                let node = self.own_column(table, first)?;
                let key = self.ir.subject(subject).keys.contains(&node);
                let found = self.column_typed(node);
                let value = self.plain(&found);
                let node = self.ir.add(Node::SubjectValue(subject, value));
                let nullable = found.nullable && !key;
                return Some(Typed { node, root: false, ..found }.nullable(nullable));
            }
        } else if let Some(at) = self.ir.subject(subject).key_names.iter().position(|key| key == name) {
            return self.bare_key(subject, at, first);
        }
        match suffix(name) {
            Some(Suffix::Window(stem, window)) if self.metrics.contains_key(stem) => {
                let index = self.metrics[stem];
                if let Some((_, outer)) = overlay.and_then(|overlay| overlay.window.as_ref()) {
                    return self.second_window(first.span, *outer);
                }
                let filters = overlay.map(|overlay| overlay.filters.clone()).unwrap_or_default();
                let overlay = Overlay { window: Some((window, first.span)), filters };
                self.metric(index, subject, Some(&overlay), span)
            }
            Some(Suffix::Ambiguous(stem, count)) if self.metrics.contains_key(stem) => {
                let message = format!("`{name}`: are `{count}m` months or minutes?");
                let help = format!("write `{stem}_{count}mo` for months, `{stem}_{count}min` for minutes");
                self.fail(Diagnostic::new(Code::DurationForm, first.span, message).help(help))
            }
            _ => self.unknown_name(subject, first),
        }
    }

    fn bare_key(&mut self, _subject: SubjectId, _at: usize, name: &Ident) -> Option<Typed> {
        let message = format!("`{}` is the key of subjects that have no table, and cannot be used in a condition", name.text);
        let help = "give the subject a `table:`, or define an attribute such as `last(… of …)`";
        self.fail(Diagnostic::new(Code::WrongKind, name.span, message).help(help))
    }

    fn unknown_prefix(&mut self, subject: SubjectId, first: &Ident, next: &Ident) -> Option<Typed> {
        let kind = self.ir.subject(subject).name.clone();
        if kind == first.text {
            let message = format!("a rule is about a {kind} already");
            let span = first.span.to(next.span);
            let title = format!("write `{}`", next.text);
            return self.fail(Diagnostic::new(Code::WrongKind, span, message).fix(title, next.text.clone()));
        }
        let message = format!("a {kind} has no lookup `{}`", first.text);
        let diagnostic = Diagnostic::new(Code::UnknownName, first.span, message);
        let is_table = self.table_defs.contains_key(first.text.as_str());
        let diagnostic = if is_table {
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

    fn unknown_name(&mut self, subject: SubjectId, name: &Ident) -> Option<Typed> {
        let made = self.ir.subject(subject);
        let kind = made.name.clone();
        let mut names: Vec<String> = self.attributes.keys().chain(self.metrics.keys()).map(|n| (*n).to_owned()).collect();
        if let Some(table) = made.table {
            names.extend(self.ir.table(table).columns.iter().map(|(column, _)| column.clone()));
        }
        names.sort_unstable();
        let span = name.span;
        let message = format!("a {kind} has nothing called `{}`", name.text);
        let diagnostic = Diagnostic::new(Code::UnknownName, span, message);
        // A misspelt metric with a good suffix is nearest by its stem.
        if let Some(Suffix::Window(stem, _)) = suffix(&name.text) {
            if let Some(near) = nearest(stem, self.metrics.keys().copied()) {
                let meant = format!("{near}{}", &name.text[stem.len()..]);
                return self.fail(diagnostic.fix(format!("did you mean `{meant}`?"), meant));
            }
        }
        let diagnostic = if let Some(near) = nearest(&name.text, names.iter().map(String::as_str)) {
            diagnostic.fix(format!("did you mean `{near}`?"), near)
        } else if self.segment_names.contains_key(name.text.as_str()) {
            let help = format!("`{}` is a segment: `in {}` asks whether somebody is in it", name.text, name.text);
            diagnostic.fix(help, format!("in {}", name.text))
        } else if let Some(stem) = name.text.rsplit_once('_').map(|(stem, _)| stem).filter(|s| self.metrics.contains_key(s)) {
            let help = format!(
                "`{stem}` is a metric, but `{}` is no window: windows are `_90d`, `_3mo`, `_prev_90d`, `_mtd`, `_last_month` …",
                &name.text[stem.len()..]
            );
            diagnostic.help(help)
        } else if names.is_empty() {
            diagnostic.help("the catalogue defines no attributes or metrics yet")
        } else {
            let columns = self.row_columns_named(&name.text);
            match columns.first() {
                Some(table) => diagnostic.help(format!(
                    "`{0}` is a column of rows of `{table}`: say what of it, as in `last({0} of {table})` or `any({table} where {0} = …)`",
                    name.text
                )),
                None => diagnostic.help(format!("there are {}", listed(names.iter().map(String::as_str)))),
            }
        };
        self.fail(diagnostic)
    }

    fn row_columns_named(&self, name: &str) -> Vec<String> {
        let tables = self.ir.tables.iter().filter(|table| table.columns.iter().any(|(column, _)| column == name));
        tables.map(|table| table.name.clone()).collect()
    }

    pub(super) fn second_window<T>(&mut self, inner: Span, outer: Span) -> Option<T> {
        let message = "this already has a window, and a second one is put on it";
        let diagnostic = Diagnostic::new(Code::WindowMisplaced, inner, message);
        let diagnostic = if outer == inner { diagnostic } else { diagnostic.also(outer, "the second window") };
        self.fail(diagnostic.help("leave the window out of the definition, and put it where the metric is used"))
    }

    /// The value itself: a standard deviation that is still squared is rooted.
    pub(super) fn plain(&mut self, typed: &Typed) -> NodeId {
        if typed.root { self.ir.add(Node::SquareRoot(typed.node)) } else { typed.node }
    }

    /// A number that nothing is known of but that it is one.
    pub(super) fn number(&self, node: NodeId, nullable: bool, unit: Units) -> Typed {
        Typed::new(node, Type::Number).nullable(nullable).unit(unit)
    }
}
