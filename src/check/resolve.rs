//! What a name means, in the scope of a row and in the scope of a subject.

use super::names::{Suffix, suffix};
use super::typed::{Typed, Units};
use super::{Checker, Code, Context, Diagnostic, Matched, Overlay, Scope, SourceType, listed, with_article};
use crate::ir::{Node, NodeId, SubjectId, TableId, Type};
use crate::source::Span;
use crate::syntax::ast::{Ident, Path};
use crate::syntax::print_name;

impl<'a> Checker<'a> {
    /// Resolves a dotted name.
    pub(super) fn path(&mut self, path: &Path, span: Span, context: Context<'_>) -> Option<Typed> {
        let (first, rest) = path.parts.split_first()?;
        match context.scope {
            Scope::Row(table, subject) => match context.earlier.iter().find(|matched| matched.name == first) {
                Some(matched) => self.matched_name(*matched, rest),
                None if !rest.is_empty() && self.nearly_matched(table, first, context.earlier) => None,
                None => self.row_name((table, subject), first, rest, context.overlay),
            },
            Scope::Group { of, rows, .. } => self.group_name(of, rows, first, rest),
            Scope::Subject(subject) => self.subject_name(subject, first, rest, span, context.overlay),
        }
    }

    /// Reports a misspelt name of an earlier step, if it is one.
    fn nearly_matched(&mut self, table: TableId, first: &Ident, earlier: &[Matched<'_>]) -> bool {
        let lookups = self.lookup_defs(self.ir.table(table).base);
        let known =
            lookups.iter().any(|def| def.name == *first) || self.catalog.subjects.iter().any(|def| def.name == *first);
        if known || earlier.is_empty() {
            return false;
        }
        let Some(near) = self.near(&first.text, earlier.iter().map(|matched| matched.name.text.as_str())) else {
            return false;
        };
        let message = format!("no step before this one is called `{}`", first.text);
        let diagnostic = Diagnostic::new(Code::UnknownName, first.span, message);
        self.out.push(diagnostic.fix(format!("did you mean `{near}`?"), print_name(near)));
        true
    }

    pub(super) fn row_name(
        &mut self,
        (table, owner): (TableId, Option<SubjectId>),
        first: &Ident,
        rest: &[Ident],
        overlay: Option<&Overlay<'_>>,
    ) -> Option<Typed> {
        if rest.is_empty() {
            return self.row_column(table, owner, first);
        }
        let base = self.ir.table(table).base;
        if self.catalog.subjects.iter().any(|def| def.name == *first) {
            return self.of_subject(table, first, rest, overlay);
        }
        if let Some(def) = self.lookup_defs(base).iter().find(|def| def.name == *first) {
            // Keys are in the scope of the base table's rows, which every table derived from it shares.
            let lookup = self.lookup(self.table_of_base(table), def)?;
            let target = self.ir.lookup(lookup).target;
            let (next, rest) = rest.split_first()?;
            let found = self.deeper(next.span, |checker| checker.row_name((target, None), next, rest, None))?;
            let value = self.plain(&found);
            let node = self.ir.add(Node::Lookup(lookup, value));
            return Some(found.in_node(node).nullable(true));
        }
        let table = self.ir.table(table);
        let lookups = self.lookup_defs(base).iter().map(|def| def.name.text.as_str());
        let names: Vec<&str> = lookups.chain(self.catalog.subjects.iter().map(|def| def.name.text.as_str())).collect();
        let message = format!("rows of `{}` have no `{}` to follow", table.name, first.text);
        let diagnostic = Diagnostic::new(Code::UnknownName, first.span, message);
        let diagnostic = match self.near(&first.text, names.iter().copied()) {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), print_name(near)),
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

    fn of_subject(
        &mut self,
        table: TableId,
        kind: &Ident,
        rest: &[Ident],
        overlay: Option<&Overlay<'_>>,
    ) -> Option<Typed> {
        let subject = self.subject_named(kind)?;
        if self.ir.subjects.get(subject.index()).is_none() {
            let message = format!("who the `{}`s are would depend on themselves here", kind.text);
            return self.fail(Diagnostic::new(Code::Cycle, kind.span, message).help("use columns of the table only"));
        }
        let base = self.ir.table(table).base;
        let keys =
            self.ir.base_table(base).subjects.iter().find(|(of, _)| *of == subject).map(|(_, keys)| keys.clone());
        let own_table = self.ir.subject(subject).table.map(|own| self.ir.table(own).base) == Some(base);
        let keys = match keys {
            Some(keys) => keys,
            None if own_table => self.ir.subject(subject).keys.clone(),
            None if self.declares_subject(base, subject) => return None, // it is wrong, and that has been said
            None => {
                let name = self.ir.table(table).name.clone();
                let message = format!("rows of `{name}` do not say which `{}` they belong to", kind.text);
                let help = format!("add its key to the table: `subject: {{ {}: … }}`", kind.text);
                return self.fail(Diagnostic::new(Code::WrongSubject, kind.span, message).help(help));
            }
        };
        let (first, rest) = rest.split_first()?;
        let found = self.subject_name(subject, first, rest, first.span, overlay)?;
        // A deviation stays squared on its way, so that it is compared exactly here too.
        let node = self.ir.add(Node::OfSubject { subject, keys, value: found.node });
        Some(Typed { node, ..found }.nullable(true))
    }

    fn row_column(&mut self, table: TableId, owner: Option<SubjectId>, name: &Ident) -> Option<Typed> {
        let own = self.ir.table(table).columns.iter().any(|(column, _)| *column == name.text);
        if !own {
            match name.text.as_str() {
                "at" => return self.row_time(table, name),
                "number" | "gap" => return self.row_order(table, name, owner),
                _ => {}
            }
        }
        let node = self.own_column(table, name)?;
        Some(self.column_typed(node))
    }

    fn row_time(&mut self, table: TableId, name: &Ident) -> Option<Typed> {
        let base = self.ir.table(table).base;
        if self.ir.base_table(base).time.is_none() && self.declares_time(base) {
            return None; // its `time:` is wrong, and that has been said
        }
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
    pub(super) fn column_typed(&self, node: NodeId) -> Typed {
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
        if self.ir.made_as(*base, *at).is_some() {
            return Some(node);
        }
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
        let shown = print_name(&name.text);
        let diagnostic = if lookups.iter().any(|def| def.name == *name) {
            diagnostic.help(format!("`{0}` is a lookup: name what you want of it, `{shown}.…`", name.text))
        } else if self.about_subject(&name.text) {
            let text = format!("{}.{shown}", print_name(subject));
            let help = format!("`{}` is about {}: among rows it is `{text}`", name.text, with_article(subject));
            diagnostic.fix(help, text)
        } else if let Some(lookup) = self.lookup_with(lookups, &name.text) {
            let text = format!("{}.{shown}", print_name(lookup));
            diagnostic.fix(format!("did you mean `{text}`?"), text)
        } else if let Some(near) = self.near(&name.text, own.clone()) {
            diagnostic.fix(format!("did you mean `{near}`?"), print_name(near))
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
        let divided = self.partition_names.get(name).is_some_and(|at| self.makes_attribute(*at));
        divided
            || self.attributes.contains_key(name)
            || self.metrics.contains_key(name)
            || self.metrics.contains_key(stem)
    }

    fn lookup_with(&self, lookups: &'a [crate::catalog::model::LookupDef], column: &str) -> Option<&'a str> {
        let has = |def: &&crate::catalog::model::LookupDef| {
            let target = self.ir.tables.iter().find(|table| table.name == def.table.text);
            target.is_some_and(|target| target.columns.iter().any(|(name, _)| name == column))
        };
        lookups.iter().find(has).map(|def| def.name.text.as_str())
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
            if self.has_broken_table(subject) {
                return None;
            }
            let defs: &'a _ = self.catalog;
            let own = defs.subjects.get(subject.index()).into_iter().flat_map(|def| &def.lookups);
            let inherited = table.map(|table| self.lookup_defs(self.ir.table(table).base)).unwrap_or_default();
            let def = own.chain(inherited).find(|def| def.name == *first);
            let (Some(def), Some(table)) = (def, table) else { return self.unknown_prefix(subject, first, next, span) };
            let lookup = self.lookup(table, def)?;
            let found = self.row_name((self.ir.lookup(lookup).target, None), next, rest, None)?;
            let value = self.plain(&found);
            let value = self.ir.add(Node::Lookup(lookup, value));
            let node = self.ir.add(Node::SubjectValue(subject, value));
            return Some(found.in_node(node).nullable(true));
        }
        let name = first.text.as_str();
        // A name that is given twice has been reported; the column is meant.
        if let Some(table) = table
            && self.ir.table(table).columns.iter().any(|(column, _)| column == name)
        {
            let node = self.own_column(table, first)?;
            let key = self.ir.subject(subject).keys.contains(&node);
            let found = self.column_typed(node);
            let value = self.plain(&found);
            let node = self.ir.add(Node::SubjectValue(subject, value));
            let nullable = found.nullable && !key;
            return Some(found.in_node(node).nullable(nullable));
        }
        if let Some(index) = self.attributes.get(name).copied() {
            return self.attribute(index, subject, span);
        }
        if let Some(index) = self.metrics.get(name).copied() {
            return self.metric(index, subject, overlay, span);
        }
        if let Some(index) = self.partition_names.get(name).copied().filter(|at| self.makes_attribute(*at)) {
            return self.partition_attribute(index, subject, span);
        }
        if let Some(at) = self.ir.subject(subject).key_names.iter().position(|key| key == name) {
            // Without a type nothing names the subject, and that has been said.
            self.ir.subject(subject).key_types.get(at)?;
            let node = self.ir.add(Node::Key(subject, at as u32));
            return Some(Typed::new(node, self.ir.ty(node)));
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

    /// Whether a subject's table could not be made; that has been said, and what is missing from it is not said again.
    fn has_broken_table(&self, subject: SubjectId) -> bool {
        let declared = self.catalog.subjects.get(subject.index()).is_some_and(|def| def.table.is_some());
        let columns = |table: TableId| self.ir.base_table(self.ir.table(table).base).columns.len();
        declared && self.ir.subject(subject).table.is_none_or(|table| columns(table) == 0)
    }

    /// `span` is that of the whole name about a subject, and of its first part among rows.
    fn unknown_prefix(&mut self, subject: SubjectId, first: &Ident, next: &Ident, span: Span) -> Option<Typed> {
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

    fn unknown_name(&mut self, subject: SubjectId, name: &Ident) -> Option<Typed> {
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

    /// Refuses the window at `outer`: what it is put on has one, at `inner`.
    pub(super) fn second_window<T>(&mut self, inner: Span, outer: Span) -> Option<T> {
        let message = "a second window is put on what already has one";
        let diagnostic = Diagnostic::new(Code::WindowMisplaced, outer, message);
        let diagnostic = if outer == inner { diagnostic } else { diagnostic.also(inner, "the first window is here") };
        self.fail(diagnostic.help("leave one of the two out; a metric without a window takes one wherever it is used"))
    }

    /// The value itself: a standard deviation that is still squared is rooted, a number of microseconds is a duration.
    pub(super) fn plain(&mut self, typed: &Typed) -> NodeId {
        let node = if typed.root { self.ir.add(Node::SquareRoot(typed.node)) } else { typed.node };
        if typed.micros { self.ir.add(Node::Elapsed(node)) } else { node }
    }

    /// A number that nothing is known of but that it is one.
    pub(super) fn number(&self, node: NodeId, nullable: bool, unit: Units) -> Typed {
        Typed::new(node, Type::Number).nullable(nullable).unit(unit)
    }
}
