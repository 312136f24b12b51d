//! Included definitions become the catalogue's own.
//!
//! ```text
//! catalog.yaml        include: [{ library: rhythm, with: { purchases: sales } }]
//! library/rhythm.yaml needs: { purchases: … }    tables: { shopping_days: { from: purchases, … } }
//!
//! merged              purchases:     { from: sales }            what `with:` says
//!                     shopping_days: { from: purchases, … }     what the library defines
//! ```
//!
//! Nothing wins over anything: two definitions of one name are an error that shows both, and `except:` is the way out. So
//! whoever reads a catalogue knows that what it says holds, and that what it does not say is as the library has it.

use std::collections::HashMap;

use super::model::{Catalog, DerivedTable, Fragment, Include, TableDef, TableKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::source::yaml::fields::nearest;
use crate::syntax::ast::Ident;
use crate::syntax::print_name;

/// An included file, read.
pub(crate) struct Included {
    /// What the catalogue says of it.
    pub include: Include,
    /// What it defines.
    pub fragment: Fragment,
}

/// Merges included files into a catalogue, in file order. What is wrong goes to `out`. False if a definition is missing
/// because something that it needs is.
pub(crate) fn merge(catalog: &mut Catalog, mut included: Vec<Included>, out: &mut Vec<Diagnostic>) -> bool {
    for one in &included {
        unknown_names(one, out);
    }
    let mut names = Names::of(catalog);
    for one in &included {
        given_tables(catalog, one, &mut names, out);
    }
    let makes = |name: &str| included.iter().any(|one| one.fragment.tables.iter().any(|def| def.name.text == name));
    let unmet = |one: &Included| {
        let met = |name: &str| names.tables.contains_key(name) || makes(name) || given(one, name).is_some();
        one.fragment.needs.iter().filter(|(name, _)| !met(&name.text)).map(|(name, _)| name.text.clone()).collect()
    };
    let unmet: Vec<Vec<String>> = included.iter().map(unmet).collect();
    for (one, missing) in included.iter().zip(&unmet) {
        // A misspelt name in `with:` has been told, and is probably the one.
        if one.include.with.iter().any(|(theirs, _)| !is_needed(&one.fragment, theirs)) {
            continue;
        }
        missing.iter().for_each(|need| out.push(unmet_need(catalog, one, need)));
    }
    for one in &mut included {
        definitions(catalog, one, &mut names, out);
    }
    unmet.iter().all(Vec::is_empty)
}

/// The table that `with:` names for a table that is needed.
fn given<'i>(included: &'i Included, need: &str) -> Option<&'i (Ident, Ident)> {
    included.include.with.iter().find(|(theirs, _)| theirs.text == need)
}

fn is_needed(fragment: &Fragment, name: &Ident) -> bool {
    fragment.needs.iter().any(|(need, _)| need == name)
}

/// Names of `except:` and `with:` that the included file does not have.
fn unknown_names(included: &Included, out: &mut Vec<Diagnostic>) {
    let Included { include, fragment } = included;
    for (theirs, _) in include.with.iter().filter(|(theirs, _)| !is_needed(fragment, theirs)) {
        let message = format!("{} needs no table `{}`", include.origin.value, theirs.text);
        let needs = fragment.needs.iter().map(|(name, _)| name.text.as_str());
        out.push(unknown(theirs, message, "needs", needs.collect()));
    }
    let defined = || {
        let tables = fragment.tables.iter().map(|def| &def.name);
        let attributes = fragment.attributes.iter().map(|def| &def.name);
        let metrics = fragment.metrics.iter().map(|def| &def.name);
        let partitions = fragment.partitions.iter().map(|def| &def.name);
        tables.chain(attributes).chain(metrics).chain(partitions).map(|name| name.text.as_str())
    };
    for name in include.except.iter().filter(|name| !defined().any(|defined| defined == name.text)) {
        let message = format!("{} defines nothing called `{}`", include.origin.value, name.text);
        out.push(unknown(name, message, "defines", defined().collect()));
    }
}

fn unknown(name: &Ident, message: String, verb: &str, known: Vec<&str>) -> Diagnostic {
    let finding = Diagnostic::new(Code::UnknownName, name.span, message);
    if let Some(near) = nearest(&name.text, known.iter().copied()) {
        return finding.fix(format!("did you mean `{near}`?"), print_name(near));
    }
    let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    finding.help(match known.is_empty() {
        true => format!("it {verb} nothing"),
        false => format!("it {verb} {}", known.join(", ")),
    })
}

/// Who has a name already.
struct Owner {
    place: Span,
    /// As a message names it: the catalogue, library `rhythm`.
    what: String,
    /// What it stands for where `with:` gave it.
    given: Option<String>,
}

/// The names that are taken: tables have theirs, attributes, metrics and the partitions that make an attribute share theirs.
struct Names {
    tables: HashMap<String, Owner>,
    definitions: HashMap<String, Owner>,
    partitions: HashMap<String, Owner>,
}

impl Names {
    fn of(catalog: &Catalog) -> Self {
        let own = |name: &Ident| {
            let owner = Owner { place: name.span, what: "the catalogue".to_owned(), given: None };
            (name.text.clone(), owner)
        };
        let attributes = catalog.attributes.iter().map(|def| &def.name);
        let metrics = catalog.metrics.iter().map(|def| &def.name);
        Names {
            tables: catalog.tables.iter().map(|def| own(&def.name)).collect(),
            definitions: attributes.chain(metrics).map(own).collect(),
            partitions: catalog.partitions.iter().map(|def| own(&def.name)).collect(),
        }
    }
}

/// Adds the tables that `with:` makes of the catalogue's.
fn given_tables(catalog: &mut Catalog, included: &Included, names: &mut Names, out: &mut Vec<Diagnostic>) {
    let Included { include, fragment } = included;
    for (theirs, ours) in &include.with {
        if !is_needed(fragment, theirs) || theirs.text == ours.text {
            continue;
        }
        match names.tables.get(&theirs.text) {
            Some(owner) if owner.given.as_deref() == Some(ours.text.as_str()) => {}
            Some(owner) => out.push(given_twice(include, theirs, ours, owner)),
            None => {
                let owner = Owner {
                    place: theirs.span,
                    what: include.origin.value.to_string(),
                    given: Some(ours.text.clone()),
                };
                names.tables.insert(theirs.text.clone(), owner);
                let table = DerivedTable {
                    from: ours.clone(),
                    filter: None,
                    grouping: None,
                    columns: Vec::new(),
                    distinct: Vec::new(),
                };
                catalog.tables.push(TableDef { name: theirs.clone(), kind: TableKind::Derived(table) });
            }
        }
    }
}

fn given_twice(include: &Include, theirs: &Ident, ours: &Ident, owner: &Owner) -> Diagnostic {
    let name = &theirs.text;
    let finding = match &owner.given {
        Some(other) => {
            let message =
                format!("`{name}` is `{other}` for {} and `{}` for {}", owner.what, ours.text, include.origin.value);
            Diagnostic::new(Code::NameTaken, theirs.span, message)
                .help("what is included shares its names: copy one of the two, and call its table otherwise there")
        }
        None => {
            let message =
                format!("the catalogue has a table `{name}`, and `with:` says that `{name}` is `{}`", ours.text);
            Diagnostic::new(Code::NameTaken, theirs.span, message).help(format!(
                "leave `{name}` out of `with:` if the catalogue's own is meant, or give that another name"
            ))
        }
    };
    finding.also(owner.place, "the other one")
}

fn unmet_need(catalog: &Catalog, included: &Included, need: &str) -> Diagnostic {
    let Included { include, fragment } = included;
    let words = fragment.needs.iter().find(|(name, _)| name.text == need).map_or("", |(_, words)| words.value.trim());
    let message = format!("{} needs a table `{need}`: {words}", include.origin.value);
    let finding = Diagnostic::new(Code::MissingKey, include.origin.span, message);
    let of_subjects = |def: &&TableDef| match &def.kind {
        TableKind::Source(source) => !source.subject.is_empty(),
        TableKind::Derived(_) => true,
    };
    match catalog.tables.iter().find(of_subjects) {
        Some(def) => finding.help(format!(
            "say which of your tables that is, as in `with: {{ {}: {} }}`",
            print_name(need),
            print_name(&def.name.text)
        )),
        None => finding.help(format!("add such a table to the catalogue, and call it `{need}`")),
    }
}

/// Adds what an included file defines, but for what is left out and what has been defined already.
fn definitions(catalog: &mut Catalog, included: &mut Included, names: &mut Names, out: &mut Vec<Diagnostic>) {
    let Included { include, fragment } = included;
    let mut keep = |name: &Ident, what: &str, taken: &mut HashMap<String, Owner>| {
        if include.except.contains(name) {
            return false;
        }
        if let Some(owner) = taken.get(&name.text) {
            out.push(clash(include, name, what, owner));
            return false;
        }
        let owner = Owner { place: name.span, what: include.origin.value.to_string(), given: None };
        taken.insert(name.text.clone(), owner);
        true
    };
    fragment.tables.retain(|def| keep(&def.name, "a table", &mut names.tables));
    fragment.attributes.retain(|def| keep(&def.name, "an attribute", &mut names.definitions));
    fragment.metrics.retain(|def| keep(&def.name, "a metric", &mut names.definitions));
    fragment.partitions.retain(|def| {
        let (what, _) = def.kind_word();
        let own = !def.makes_attribute() || keep(&def.name, what, &mut names.definitions);
        own && keep(&def.name, what, &mut names.partitions)
    });
    catalog.tables.append(&mut fragment.tables);
    catalog.attributes.append(&mut fragment.attributes);
    catalog.metrics.append(&mut fragment.metrics);
    catalog.partitions.append(&mut fragment.partitions);
}

fn clash(include: &Include, name: &Ident, what: &str, owner: &Owner) -> Diagnostic {
    let origin = &include.origin.value;
    let message = format!("{origin} defines {what} `{}`, and {} has that name too", name.text, owner.what);
    Diagnostic::new(Code::NameTaken, include.origin.span, message)
        .also(owner.place, "here")
        .also(name.span, "and here")
        .help(format!(
            "leave one of the two out: `except: [{}]` for that of {origin}, or give yours another name",
            print_name(&name.text)
        ))
}
