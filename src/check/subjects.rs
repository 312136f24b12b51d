//! The kinds of subject: their tables, keys and lookups.

use super::tables::{KeyKind, path_span};
use super::{Checker, Code, Diagnostic};
use crate::catalog::model::TableKind;
use crate::ir::{BaseTable, Subject, SubjectId, Type};
use crate::syntax::ast::{Ident, Path};

impl<'a> Checker<'a> {
    /// Makes every kind of subject; those without a table learn their key types from the tables that name them.
    pub(super) fn subjects(&mut self) {
        let catalog = self.catalog;
        for def in &catalog.subjects {
            let table = def.table.as_ref().and_then(|name| self.table(name, None));
            let mut keys = Vec::new();
            if let Some(table) = table {
                keys = def.key.iter().filter_map(|name| self.own_column(table, name)).collect();
            }
            let key_types = keys.iter().map(|key| self.ir.ty(*key)).collect();
            let key_names = def.key.iter().map(|name| name.text.clone()).collect();
            self.ir.subjects.push(Subject { name: def.name.text.clone(), table, key_names, key_types, keys });
        }
    }

    /// A kind of subject by name.
    pub(super) fn subject_named(&mut self, name: &Ident) -> Option<SubjectId> {
        let position = self.catalog.subjects.iter().position(|def| def.name == *name);
        if let Some(position) = position {
            return Some(SubjectId(position as u32));
        }
        let names: Vec<&str> = self.catalog.subjects.iter().map(|def| def.name.text.as_str()).collect();
        let message = format!("there is no kind of subject `{}`", name.text);
        let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
        let diagnostic = match self.near(&name.text, names.iter().copied()) {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), near),
            None => diagnostic.help(format!("the catalogue has {}", super::listed(names))),
        };
        self.fail(diagnostic)
    }

    /// Some table whose columns are not known names this kind of subject.
    fn may_be_named(&self, kind: usize, name: &str) -> bool {
        self.catalog.tables.iter().any(|def| {
            let TableKind::Source(table) = &def.kind else { return false };
            let names = |(of, _): &(Option<Ident>, Vec<Path>)| match of {
                Some(of) => of.text == name,
                None => kind == 0,
            };
            let unknown = |base: &BaseTable| base.name == def.name.text && base.columns.is_empty();
            table.subject.iter().any(names) && self.ir.base_tables.iter().any(unknown)
        })
    }

    /// Every table must name a kind of subject by keys of the same kind.
    pub(super) fn subject_key_types(&mut self) {
        let catalog = self.catalog;
        for (at, def) in catalog.subjects.iter().enumerate() {
            let subject = SubjectId(at as u32);
            let mut kinds: Option<(Vec<KeyKind>, String)> = None;
            let made = self.ir.subject(subject);
            if def.table.is_some() {
                let kinds_of_keys = made.keys.iter().map(|key| self.key_kind(*key)).collect();
                if made.keys.len() != def.key.len() {
                    continue; // a key column is not there, and that has been said
                }
                kinds = Some((kinds_of_keys, def.name.text.clone()));
            }
            for base in 0..self.ir.base_tables.len() {
                let table = &self.ir.base_tables[base];
                let Some((_, keys)) = table.subjects.iter().find(|(kind, _)| *kind == subject) else { continue };
                let found: Vec<KeyKind> = keys.iter().map(|key| self.key_kind(*key)).collect();
                let types: Vec<Type> = keys.iter().map(|key| self.ir.ty(*key)).collect();
                let name = table.name.clone();
                match &kinds {
                    None => {
                        self.ir.subjects[at].key_types = types;
                        kinds = Some((found, name));
                    }
                    Some((kinds, of)) if *kinds != found => self.key_mismatch(&def.name.text, &name, kinds, &found, of),
                    Some(_) => {}
                }
            }
            if kinds.is_none() && !self.may_be_named(at, &def.name.text) {
                let message = format!("nothing says who the `{}`s are", def.name.text);
                let help = format!(
                    "give it a `table:`, or name its key in an event table: `subject: {}`",
                    def.key.first().map_or("customer_id", |key| key.text.as_str())
                );
                self.out.push(Diagnostic::new(Code::MissingKey, def.name.span, message).help(help));
            }
        }
    }

    fn key_mismatch(&mut self, subject: &str, table: &str, kinds: &[KeyKind], found: &[KeyKind], of: &str) {
        let Some(def) = self.table_defs.get(table).copied() else { return };
        let pair = found.iter().zip(kinds).find(|(found, kind)| found != kind);
        let Some((found, kind)) = pair else { return };
        let message = format!("`{table}` names its subject by a {found}, and the key of `{of}` is a {kind}");
        let help = "keys of different kinds are never equal: declare the type of one of them in `types:`";
        let written = match &def.kind {
            TableKind::Source(source) => {
                let of_kind = |(kind, _): &&(Option<Ident>, _)| kind.as_ref().is_none_or(|kind| kind.text == subject);
                source.subject.iter().find(of_kind).and_then(|(_, paths)| paths.first()).map(path_span)
            }
            TableKind::Derived(_) => None,
        };
        let span = written.unwrap_or(def.name.span);
        self.out.push(Diagnostic::new(Code::KeyMismatch, span, message).help(help));
    }

    /// Resolves the subjects' own lookups, so that mistakes in them are told even where nothing uses them.
    pub(super) fn subject_lookups(&mut self) {
        let catalog = self.catalog;
        for (at, def) in catalog.subjects.iter().enumerate() {
            match self.ir.subjects[at].table {
                Some(table) => {
                    for lookup in &def.lookups {
                        if self.ir.table(table).columns.iter().any(|(name, _)| *name == lookup.name.text) {
                            let of = &self.ir.table(table).name;
                            let message =
                                format!("the lookup `{}` has the name of a column of `{of}`", lookup.name.text);
                            let diagnostic = Diagnostic::new(Code::NameTaken, lookup.name.span, message);
                            self.out.push(diagnostic.help("give the lookup another name"));
                        }
                        self.lookup(table, lookup);
                    }
                }
                None if def.table.is_none() => {
                    if let Some(lookup) = def.lookups.first() {
                        let message = format!("`{}` has no table, so it has nothing to look up by", def.name.text);
                        let help = "give it a `table:`, or put the lookup on an event table";
                        self.out.push(Diagnostic::new(Code::MissingKey, lookup.name.span, message).help(help));
                    }
                }
                None => {}
            }
        }
    }
}
