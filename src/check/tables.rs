//! Tables: base tables with their time and subjects, lookups between them, and tables derived row by row.

use super::chains::Definition;
use super::{Checker, Code, Context, Diagnostic, Scope, Slot, listed};
use crate::catalog::model::{DerivedTable, LookupDef, OnError, SourceTable, TableDef, TableKind};
use crate::ir::{
    BaseTable, BaseTableId, ColumnKind, Lookup, LookupId, Node, NodeId, NonFinite, RowSet, SubjectId, Table, TableId,
    Type,
};
use crate::source::Span;
use crate::syntax::ast::{Expr, Ident, Path};

/// What kind of key a value can be; keys of different kinds are never equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    Whole,
    Decimal,
    Other(Type),
}

impl std::fmt::Display for KeyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            KeyKind::Whole => f.write_str("whole number"),
            KeyKind::Decimal => f.write_str("decimal"),
            KeyKind::Other(ty) => ty.fmt(f),
        }
    }
}

impl<'a> Checker<'a> {
    /// Makes every table of the catalogue and the subjects.
    pub(super) fn tables(&mut self, order: &[Definition]) {
        let catalog = self.catalog;
        self.find_tables_of_subjects(order);
        for def in &catalog.tables {
            self.table_defs.insert(&def.name.text, def);
            if let TableKind::Source(table) = &def.kind {
                self.source_table(def, table);
            }
        }
        // Times that are columns come first: a lookup may lead to a table whose making asks for them.
        for through_lookup in [false, true] {
            for def in &catalog.tables {
                if let TableKind::Source(table) = &def.kind {
                    self.table_time(def, table, through_lookup);
                }
            }
        }
        self.subjects();
        for def in &catalog.tables {
            if let TableKind::Source(table) = &def.kind {
                self.table_subjects(def, table);
            }
        }
        self.subject_key_types();
        for def in &catalog.tables {
            if let TableKind::Source(table) = &def.kind {
                for lookup in &table.lookups {
                    self.table_lookup(def, lookup);
                }
            }
        }
        self.subject_lookups();
        for definition in order {
            if let Definition::Table(at) = definition {
                self.derived(&catalog.tables[*at].name);
            }
        }
    }

    fn source_table(&mut self, def: &'a TableDef, table: &'a SourceTable) {
        let (columns, nullable) = self.base_columns(def, table);
        let base = BaseTableId(self.ir.base_tables.len() as u32);
        let timezone = table.timezone.unwrap_or(self.catalog.timezone);
        let named: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let name = def.name.text.clone();
        let made = BaseTable {
            name,
            grouping: None,
            columns,
            time: None,
            subjects: vec![],
            id: vec![],
            version: None,
            timezone,
            not_a_number: NonFinite::of(table.reading.nulls.as_deref().unwrap_or_default()),
            nulls: table.reading.nulls.clone(),
            times: table.reading.times.clone(),
            skips_bad_rows: table.on_error == OnError::Skip,
        };
        self.ir.base_tables.push(made);
        self.nullable.push(nullable);
        self.ir.add(Node::Ordinal(base));
        let columns =
            named.into_iter().enumerate().map(|(at, name)| (name, self.ir.add(Node::Column(base, at as u32))));
        let columns = columns.collect();
        let rows = self.ir.add_row_set(RowSet::Base(base));
        let id = TableId(self.ir.tables.len() as u32);
        self.ir.tables.push(Table { name: def.name.text.clone(), base, rows, filter: None, columns, lookups: vec![] });
        self.tables.insert((&def.name.text, None), Slot::Done(id));
        let positions: Vec<Option<u32>> = table.id.iter().map(|name| self.base_column(id, name)).collect();
        let version = table.version.as_ref().and_then(|name| self.base_column(id, name));
        let base_table = &mut self.ir.base_tables[base.index()];
        base_table.id = positions.into_iter().flatten().collect();
        base_table.version = version;
        if let (Some(version), true) = (&table.version, table.id.is_empty()) {
            let message = format!("`{}` has a `version:` but no `id:`", def.name.text);
            let help = "a version tells which of several rows with one id is the row: name the id column";
            self.out.push(Diagnostic::new(Code::MissingKey, version.span, message).help(help));
        }
    }

    /// The position of a column that the catalogue names and that must have a type.
    fn base_column(&mut self, table: TableId, name: &Ident) -> Option<u32> {
        let node = self.own_column(table, name)?;
        match self.ir.node(node) {
            Node::Column(_, at) => Some(*at),
            _ => None,
        }
    }

    fn table_time(&mut self, def: &'a TableDef, table: &'a SourceTable, through_lookup: bool) {
        let Some(Slot::Done(id)) = self.tables.get(&(def.name.text.as_str(), None)).cloned() else { return };
        let base = self.ir.table(id).base;
        if let Some(path) = table.time.as_ref().filter(|path| (path.parts.len() > 1) == through_lookup) {
            self.ir.base_tables[base.index()].time = self.time_node(id, path);
        }
    }

    fn table_subjects(&mut self, def: &'a TableDef, table: &'a SourceTable) {
        let Some(Slot::Done(id)) = self.tables.get(&(def.name.text.as_str(), None)).cloned() else { return };
        let base = self.ir.table(id).base;
        for (kind, paths) in &table.subject {
            let subject = match kind {
                None => Some(SubjectId(0)),
                Some(kind) => self.subject_named(kind),
            };
            let keys: Option<Vec<NodeId>> = paths.iter().map(|path| self.row_path(id, path)).collect();
            let (Some(subject), Some(keys)) = (subject, keys) else { continue };
            let expected = self.catalog.subjects.get(subject.index()).map_or(1, |def| def.key.len());
            if keys.len() != expected {
                let name = &self.ir.subject(subject).name;
                let message =
                    format!("the key of `{name}` is {}, and {} are named here", columns(expected), keys.len());
                let span = paths.first().map_or(def.name.span, path_span);
                let help = "name one column for each of them, in their order: `subject: [shop_no, customer_no]`";
                self.out.push(Diagnostic::new(Code::KeyMismatch, span, message).help(help));
                continue;
            }
            self.ir.base_tables[base.index()].subjects.push((subject, keys));
        }
    }

    fn time_node(&mut self, table: TableId, path: &Path) -> Option<NodeId> {
        let node = self.row_path(table, path)?;
        match self.ir.ty(node) {
            Type::Instant => Some(node),
            Type::Date => Some(self.ir.add(Node::DayStart(node))),
            other => {
                let name = path_text(path);
                let message = format!("`{name}` says when a row happened, and it holds {other}s, not dates or times");
                let help = match path.parts.len() {
                    1 => format!("declare its type: `types: {{ {name}: timestamp }}`"),
                    _ => "name a column that holds dates or times".to_owned(),
                };
                self.fail(Diagnostic::new(Code::TypeMismatch, path_span(path), message).help(help))
            }
        }
    }

    /// A path in the scope of a table's rows, as the catalogue writes keys and times.
    pub(super) fn row_path(&mut self, table: TableId, path: &Path) -> Option<NodeId> {
        self.path(path, path_span(path), Context::of(Scope::Row(table, None))).map(|typed| typed.node)
    }

    /// Checks a derived table by itself: for the first kind of subject that it can be made for, if that matters.
    fn derived(&mut self, name: &'a Ident) {
        if !self.of_subjects.contains(name.text.as_str()) {
            self.table(name, None);
            return;
        }
        self.any_kind(|checker, subject| checker.table(name, Some(subject)).is_some());
    }

    /// A table by name, made if need be; for a kind of subject if its rows depend on whose they are.
    pub(super) fn table(&mut self, name: &Ident, subject: Option<SubjectId>) -> Option<TableId> {
        let subject = subject.filter(|_| self.of_subjects.contains(name.text.as_str()));
        match self.tables.get(&(name.text.as_str(), subject)) {
            Some(Slot::Done(id)) => return Some(*id),
            Some(Slot::Failed) => return None,
            Some(Slot::Busy) => {
                let message = format!("table `{}` is made from itself", name.text);
                let help = "a derived table, or a metric it uses, leads back to it: break the circle";
                return self.fail(Diagnostic::new(Code::Cycle, name.span, message).help(help));
            }
            None => {}
        }
        let Some(def) = self.table_defs.get(name.text.as_str()).copied() else { return self.unknown_table(name) };
        let TableKind::Derived(derived) = &def.kind else { return None };
        self.tables.insert((&def.name.text, subject), Slot::Busy);
        let made = self.deeper(name.span, |checker| checker.derived_table(def, derived, subject));
        self.tables.insert((&def.name.text, subject), made.map_or(Slot::Failed, Slot::Done));
        made
    }

    fn unknown_table(&mut self, name: &Ident) -> Option<TableId> {
        let names: Vec<&str> = self.table_defs.keys().copied().collect();
        let mut diagnostic =
            Diagnostic::new(Code::UnknownName, name.span, format!("there is no table `{}`", name.text));
        if let Some(near) = self.near(&name.text, names.iter().copied()) {
            diagnostic = diagnostic.fix(format!("did you mean `{near}`?"), crate::syntax::print_name(near));
        } else if self.metrics.contains_key(name.text.as_str()) {
            let help = format!("`{}` is a metric: it is used by its name alone, without `of`", name.text);
            diagnostic = diagnostic.help(help);
        } else {
            let mut names = names;
            names.sort_unstable();
            diagnostic = diagnostic.help(format!("the catalogue has {}", listed(names)));
        }
        self.fail(diagnostic)
    }

    fn derived_table(
        &mut self,
        def: &'a TableDef,
        derived: &'a DerivedTable,
        subject: Option<SubjectId>,
    ) -> Option<TableId> {
        let parent = self.table(&derived.from, subject)?;
        if let Some(grouping) = &derived.grouping {
            return self.grouped_table(def, derived, grouping, parent, subject);
        }
        let scope = Scope::Row(parent, subject);
        let filter = derived.filter.as_ref().map(|filter| self.condition(filter, Context::of(scope)));
        let added = derived.columns.iter();
        let added: Vec<Option<(String, NodeId)>> =
            added.map(|(name, is)| self.derived_column(scope, parent, name, is, &derived.columns)).collect();
        let filter = match filter {
            Some(condition) => Some(condition?.node),
            None => None,
        };
        let added: Option<Vec<_>> = added.into_iter().collect();
        let table = self.ir.table(parent).clone();
        let mut columns = table.columns;
        columns.extend(added?);
        let filter = self.and(table.filter.into_iter().chain(filter));
        let id = TableId(self.ir.tables.len() as u32);
        let name = def.name.text.clone();
        let made = Table { name, base: table.base, rows: table.rows, filter, columns, lookups: table.lookups };
        self.ir.tables.push(made);
        if !derived.distinct.is_empty() {
            let keys: Vec<Option<NodeId>> = derived.distinct.iter().map(|path| self.row_path(id, path)).collect();
            let keys = keys.into_iter().collect::<Option<Vec<_>>>()?;
            let rows = self.ir.add_row_set(RowSet::Distinct { of: table.rows, filter, keys });
            let made = &mut self.ir.tables[id.index()];
            made.rows = rows;
            made.filter = None;
        }
        Some(id)
    }

    fn derived_column(
        &mut self,
        scope: Scope,
        parent: TableId,
        name: &'a Ident,
        is: &'a Expr,
        siblings: &'a [(Ident, Expr)],
    ) -> Option<(String, NodeId)> {
        let before = self.out.len();
        let Some(typed) = self.value(is, Context::of(scope)) else {
            self.made_beside(before, name, siblings);
            return None;
        };
        let table = self.ir.table(parent);
        if table.columns.iter().any(|(column, _)| *column == name.text) {
            let message = format!("`{}` already has a column `{}`", table.name, name.text);
            let help = "give the new column another name, so that everybody knows which one is meant";
            return self.fail(Diagnostic::new(Code::NameTaken, name.span, message).help(help));
        }
        let node = self.plain(&typed);
        self.derived_columns.insert(node, typed.in_node(node));
        Some((name.text.clone(), node))
    }

    /// Says of a name that is not found that it is a column made in the same place.
    fn made_beside(&mut self, before: usize, name: &Ident, siblings: &[(Ident, Expr)]) {
        for diagnostic in self.out.iter_mut().skip(before).filter(|diagnostic| diagnostic.code == Code::UnknownName) {
            let missing =
                |(sibling, _): &&(Ident, Expr)| diagnostic.message.ends_with(&format!("no column `{}`", sibling.text));
            if let Some((sibling, _)) = siblings.iter().find(missing) {
                diagnostic.helps = vec![format!(
                    "`{}` is made here too, and new columns cannot use each other: make `{}` in a table of its own, `from:` this one",
                    sibling.text, name.text
                )];
                diagnostic.fix = None;
            }
        }
    }

    fn source_of(&self, base: BaseTableId) -> Option<&'a SourceTable> {
        match self.table_defs.get(self.ir.base_table(base).name.as_str()).map(|def| &def.kind) {
            Some(TableKind::Source(table)) => Some(table),
            _ => None,
        }
    }

    /// Whether the catalogue says when rows happened, rightly or wrongly.
    pub(super) fn declares_time(&self, base: BaseTableId) -> bool {
        self.source_of(base).is_some_and(|table| table.time.is_some())
    }

    /// Whether the catalogue says which subject of a kind rows belong to, rightly or wrongly.
    pub(super) fn declares_subject(&self, base: BaseTableId, subject: SubjectId) -> bool {
        let kind = self.catalog.subjects.get(subject.index());
        let names = |of: &Option<Ident>| match of {
            None => subject.index() == 0,
            // A kind that does not exist may be meant to be this one.
            Some(of) => {
                kind.is_some_and(|kind| kind.name == *of) || self.catalog.subjects.iter().all(|kind| kind.name != *of)
            }
        };
        self.source_of(base).is_some_and(|table| table.subject.iter().any(|(of, _)| names(of)))
    }

    /// The lookups that rows of a base table have.
    pub(super) fn lookup_defs(&self, base: BaseTableId) -> &'a [LookupDef] {
        let name = self.ir.base_table(base).name.as_str();
        match self.table_defs.get(name).map(|def| &def.kind) {
            Some(TableKind::Source(table)) => &table.lookups,
            _ => &[],
        }
    }

    fn table_lookup(&mut self, def: &'a TableDef, lookup: &'a LookupDef) {
        let Some(Slot::Done(id)) = self.tables.get(&(def.name.text.as_str(), None)).cloned() else { return };
        let taken = self.ir.table(id).columns.iter().any(|(name, _)| *name == lookup.name.text);
        let kind = self.catalog.subjects.iter().any(|subject| subject.name == lookup.name);
        if taken || kind {
            let what = if taken { format!("a column of `{}`", def.name.text) } else { "a kind of subject".to_owned() };
            let message = format!("the lookup `{}` has the name of {what}", lookup.name.text);
            let help = "give the lookup another name";
            self.out.push(Diagnostic::new(Code::NameTaken, lookup.name.span, message).help(help));
        }
        self.lookup(id, lookup);
    }

    /// Resolves a lookup from rows of `table`, once.
    pub(super) fn lookup(&mut self, table: TableId, def: &'a LookupDef) -> Option<LookupId> {
        let key = (table, std::ptr::from_ref(def));
        match self.lookup_slots.get(&key) {
            Some(Slot::Done(lookup)) => return Some(*lookup),
            Some(Slot::Failed) => return None,
            Some(Slot::Busy) => {
                let message = format!("the lookup `{}` is found by itself", def.name.text);
                let help = "its key, or the table it leads to, leads back to it: break the circle";
                return self.fail(Diagnostic::new(Code::Cycle, def.name.span, message).help(help));
            }
            None => {}
        }
        self.lookup_slots.insert(key, Slot::Busy);
        let made = self.deeper(def.name.span, |checker| checker.make_lookup(table, def));
        self.lookup_slots.insert(key, made.map_or(Slot::Failed, Slot::Done));
        made
    }

    fn make_lookup(&mut self, table: TableId, def: &'a LookupDef) -> Option<LookupId> {
        let keys: Vec<Option<NodeId>> = def.keys.iter().map(|path| self.row_path(table, path)).collect();
        let target = self.table(&def.table, None)?;
        let keys = keys.into_iter().collect::<Option<Vec<_>>>()?;
        let target_keys = self.id_of(target, &def.table)?;
        let span = def.keys.first().map_or(def.name.span, path_span);
        if keys.len() != target_keys.len() {
            let (theirs, own) = (columns(target_keys.len()), keys.len());
            let message = format!("`{}` is identified by {theirs}, and {own} are named here", def.table.text);
            let help = "name one column for each of them, in their order: `line: invoice_no, line_no -> lines`";
            return self.fail(Diagnostic::new(Code::KeyMismatch, span, message).help(help));
        }
        for (own, theirs) in keys.iter().zip(&target_keys) {
            self.same_kind(*own, *theirs, span, &def.table.text)?;
        }
        Some(self.ir.add_lookup(Lookup { name: def.name.text.clone(), keys, target, target_keys }))
    }

    fn id_of(&mut self, target: TableId, name: &Ident) -> Option<Vec<NodeId>> {
        let base = self.ir.table(target).base;
        let id = self.ir.base_table(base).id.clone();
        if !id.is_empty() {
            return Some(id.into_iter().map(|at| self.ir.add(Node::Column(base, at))).collect());
        }
        // The key of a subject table identifies its rows; the kinds of subject may not be made yet.
        let catalog = self.catalog;
        let kind = catalog.subjects.iter().find(|def| {
            let table = def.table.as_ref().and_then(|table| self.tables.get(&(table.text.as_str(), None)));
            matches!(table, Some(Slot::Done(table)) if self.ir.table(*table).base == base)
        });
        if let Some(kind) = kind {
            return kind.key.iter().map(|key| self.own_column(target, key)).collect();
        }
        if matches!(self.table_defs.get(self.ir.base_table(base).name.as_str()).map(|def| &def.kind),
            Some(TableKind::Source(table)) if !table.id.is_empty())
        {
            return None; // its `id:` names a column that is not there, and that has been said
        }
        let message = format!("table `{}` is looked up, but nothing says what identifies its rows", name.text);
        let help = format!("add `id:` with its key column to `{}`", self.ir.base_table(base).name);
        self.fail(Diagnostic::new(Code::MissingKey, name.span, message).help(help))
    }

    /// Reports keys of different kinds.
    pub(super) fn same_kind(&mut self, own: NodeId, theirs: NodeId, span: Span, table: &str) -> Option<()> {
        let (own, theirs) = (self.key_kind(own), self.key_kind(theirs));
        if own == theirs {
            return Some(());
        }
        let message = format!("this key is a {own}, and the key of `{table}` is a {theirs}: they are never equal");
        let help = format!("declare the type of one of them in `types:`, so that both are {theirs}s");
        self.fail(Diagnostic::new(Code::KeyMismatch, span, message).help(help))
    }

    pub(super) fn key_kind(&self, node: NodeId) -> KeyKind {
        match self.ir.node(node) {
            Node::Column(base, at) => match self.ir.base_table(*base).columns.get(*at as usize).and_then(|c| c.kind) {
                Some(ColumnKind::Integer { .. } | ColumnKind::Decimal { scale: 0, .. }) => KeyKind::Whole,
                Some(ColumnKind::Decimal { .. }) => KeyKind::Decimal,
                _ => KeyKind::Other(self.ir.ty(node)),
            },
            Node::Lookup(_, value) | Node::SubjectValue(_, value) => self.key_kind(*value),
            _ => match self.ir.ty(node) {
                Type::Number => KeyKind::Decimal,
                other => KeyKind::Other(other),
            },
        }
    }
}

/// The place of a whole path.
pub(super) fn path_span(path: &Path) -> Span {
    let first = path.parts.first().map(|part| part.span);
    let last = path.parts.last().map(|part| part.span);
    match (first, last) {
        (Some(first), Some(last)) => first.to(last),
        _ => Span::new(crate::source::FileId(0), 0, 0),
    }
}

/// A path as written.
pub(super) fn path_text(path: &Path) -> String {
    path.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".")
}

fn columns(count: usize) -> String {
    if count == 1 { "1 column".to_owned() } else { format!("{count} columns") }
}
