//! The naive interpreter: the judge of the engine.
//!
//! It follows the language's reference sentence by sentence, row by row, in exact rationals, and shares nothing with the
//! engine but the syntax tree and the models. Nothing is shared between features, nothing is pruned, nothing stops early:
//! every operand of every condition is evaluated for every subject, so that a number that does not fit fails its segment
//! whatever the order of evaluation. It expects valid projects and panics on others.

mod aggregate;
pub mod digest;
mod eval;
mod fit;
pub mod frozen;
mod grouping;
pub mod lists;
mod members;
mod names;
mod number;
mod order;
mod partitions;
mod rank;
mod sample;
mod scalar;
mod sequence;
mod source;
mod tables;
mod text;
pub mod time;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use kohort::catalog::model::{Catalog, LookupDef, SourceTable, SubjectDef, TableDef, TableKind};
use kohort::rules::model::RuleFile;
use kohort::syntax::ast::{Expr, Ident};

use super::mutants::Mutant;
use super::value::{Data, Value};
use eval::{Earlier, Pushed, Scope};
use frozen::CutPoints;
use members::Group;
use rank::Ranking;
use tables::{Subjects, Table};
use time::Calendar;

/// The parts of a subject's key.
pub type Key = Vec<Value>;

/// The truth of a condition for every subject, by ascending key.
pub type Truths = Vec<(Key, Option<bool>)>;

/// A feature that the segment uses has a final value of more than 76 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoesNotFit;

/// What an evaluation gives.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The members of each segment, and of each part of a split or partition (`loyalty.gold`), ascending.
    pub segments: BTreeMap<String, Result<Vec<Key>, DoesNotFit>>,
    /// The truth of each segment's own `when` for every subject, its `within` left aside.
    pub truths: BTreeMap<String, Truths>,
    /// For each source table and kind of subject that its rows name.
    pub rows: BTreeMap<(String, String), RowCounts>,
}

/// Rows of a table that exist at T and belong to nobody, and rows of unknown time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// No subject key.
    pub anonymous: usize,
    /// A key that the subject table lacks.
    pub orphans: usize,
    /// Rows that do not exist because their time is unknown.
    pub unknown_time: usize,
}

/// What stands beside the rules of a project: files of values, and cut points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// The texts of files of values, by the path that they are named by.
    pub lists: BTreeMap<String, String>,
    /// The cut points of frozen attributes, by name.
    pub cut_points: BTreeMap<String, CutPoints>,
}

/// Evaluates every segment at the instant `now`, in microseconds since 1970.
pub fn evaluate(catalog: &Catalog, rules: &[RuleFile], data: &Data, beside: &Beside, now: i64) -> Outcome {
    evaluate_as(None, catalog, rules, data, beside, now)
}

/// The same, with one meaning wrong.
pub fn evaluate_as(
    mutant: Option<Mutant>,
    catalog: &Catalog,
    rules: &[RuleFile],
    data: &Data,
    beside: &Beside,
    now: i64,
) -> Outcome {
    let mut oracle = Oracle::new(catalog, rules, data, beside, now);
    oracle.calendar = Calendar::as_mutant(mutant, catalog.timezone, catalog.week_starts, catalog.windows, now);
    let names: Vec<String> = oracle.known_groups().keys().cloned().collect();
    let segments = names.iter().map(|name| (name.clone(), oracle.members(name))).collect();
    let conditions = names.iter().filter(|name| matches!(oracle.group(name), Group::Segment(_)));
    let truths = conditions.map(|name| (name.clone(), oracle.truths(name).to_vec())).collect();
    Outcome { segments, truths, rows: oracle.row_counts() }
}

/// A project, its data, and one instant.
pub struct Oracle<'a> {
    catalog: &'a Catalog,
    rules: &'a [RuleFile],
    data: &'a Data,
    beside: &'a Beside,
    calendar: Calendar,
    /// By name and kind of subject.
    tables: RefCell<BTreeMap<(String, String), Rc<Table>>>,
    subjects: RefCell<BTreeMap<String, Rc<Subjects>>>,
    truths: RefCell<BTreeMap<String, Rc<Truths>>>,
    failed: RefCell<BTreeSet<String>>,
    /// By kind of subject and what is written.
    rankings: RefCell<BTreeMap<(String, String), Rc<Ranking>>>,
    groups: OnceCell<BTreeMap<String, Group<'a>>>,
    /// Raised when a feature's final value does not fit.
    unfit: Cell<bool>,
    nothing_pushed: OnceCell<Pushed>,
    nothing_earlier: Earlier,
}

impl<'a> Oracle<'a> {
    pub fn new(catalog: &'a Catalog, rules: &'a [RuleFile], data: &'a Data, beside: &'a Beside, now: i64) -> Self {
        Oracle {
            catalog,
            rules,
            data,
            beside,
            calendar: Calendar::new(catalog.timezone, catalog.week_starts, catalog.windows, now),
            tables: RefCell::default(),
            subjects: RefCell::default(),
            truths: RefCell::default(),
            failed: RefCell::default(),
            rankings: RefCell::default(),
            groups: OnceCell::new(),
            unfit: Cell::new(false),
            nothing_pushed: OnceCell::new(),
            nothing_earlier: Earlier::new(),
        }
    }

    /// Whether one meaning is wrong on purpose, and it is this one.
    fn is(&self, mutant: Mutant) -> bool {
        self.calendar.is(mutant)
    }

    /// The keys of the subjects of a kind, ascending.
    pub fn keys(&self, kind: &str) -> Vec<Key> {
        self.subjects(kind).keys()
    }

    /// The value of an expression for every subject of a kind, by ascending key.
    pub fn values(&self, kind: &str, expr: &Expr) -> Vec<(Key, Value)> {
        let keys = self.subjects(kind).keys();
        keys.into_iter().map(|key| (key.clone(), self.of_subject(kind, &key, expr))).collect()
    }

    /// The value of an expression for every row of a table that exists at T, in row order, as a kind of subject sees it.
    pub fn row_values(&self, table: &str, kind: &str, expr: &Expr) -> Vec<Value> {
        let table = self.table(table, kind);
        table.rows.iter().map(|row| self.of_row(&table, row, expr)).collect()
    }

    /// The kind of subject that `of:` names: the default one when it does not.
    fn kind_of(&self, of: Option<&Ident>) -> &'a SubjectDef {
        match of {
            Some(kind) => self.kind(&kind.text).unwrap_or_else(|| panic!("no subject {}", kind.text)),
            None => &self.catalog.subjects[0],
        }
    }

    fn kind(&self, name: &str) -> Option<&'a SubjectDef> {
        self.catalog.subjects.iter().find(|kind| kind.name.text == name)
    }

    fn table_def(&self, name: &str) -> &'a TableDef {
        let found = self.catalog.tables.iter().find(|table| table.name.text == name);
        found.unwrap_or_else(|| panic!("no table {name}"))
    }

    /// The table whose rows a table has: of one made row by row its parent's.
    fn base_of(&self, name: &str) -> &'a TableDef {
        let def = self.table_def(name);
        match &def.kind {
            TableKind::Derived(derived) if derived.grouping.is_none() => self.base_of(&derived.from.text),
            _ => def,
        }
    }

    fn source_def(&self, name: &str) -> &'a SourceTable {
        match &self.base_of(name).kind {
            TableKind::Source(source) => source,
            TableKind::Derived(_) => panic!("{name} is made by grouping"),
        }
    }

    /// The lookups of a table with rows of its own; groups have none.
    fn lookups_of(&self, base: &str) -> &'a [LookupDef] {
        match &self.base_of(base).kind {
            TableKind::Source(source) => &source.lookups,
            TableKind::Derived(_) => &[],
        }
    }

    fn of_subject(&self, kind: &str, key: &[Value], expr: &Expr) -> Value {
        self.eval(expr, Scope::Subject { kind, key }, self.nothing_pushed())
    }

    fn of_row(&self, table: &Table, row: &tables::Row, expr: &Expr) -> Value {
        self.eval(expr, Scope::Row { table, row, earlier: &self.nothing_earlier }, self.nothing_pushed())
    }

    fn nothing_pushed(&self) -> &Pushed {
        self.nothing_pushed.get_or_init(Pushed::default)
    }

    fn row_counts(&self) -> BTreeMap<(String, String), RowCounts> {
        let mut counts = BTreeMap::new();
        for def in &self.catalog.tables {
            let TableKind::Source(source) = &def.kind else { continue };
            let table = self.table(&def.name.text, tables::NOBODY);
            for (kind, _) in &source.subject {
                let kind = kind.as_ref().unwrap_or(&self.catalog.subjects[0].name).text.clone();
                let known = self.subjects(&kind);
                let keys = || table.rows.iter().map(|row| row.keys[&kind].as_ref());
                let anonymous = keys().filter(|key| key.is_none()).count();
                let orphans = keys().flatten().filter(|key| !known.contains(key)).count();
                let unknown_time = table.unknown_time;
                counts.insert((def.name.text.clone(), kind), RowCounts { anonymous, orphans, unknown_time });
            }
        }
        counts
    }
}

/// A number in as few decimal digits as it needs; it must have an end.
pub fn shortest(number: &num_rational::BigRational) -> String {
    sample::shortest(number)
}

/// The microseconds of a duration, a deviation rounded to 12 places.
pub fn elapsed(value: &Value) -> num_rational::BigRational {
    number::elapsed(value)
}

/// A value as a plain number, a standard deviation rounded to 12 places; `None` of anything else.
pub fn rounded(value: &Value) -> Option<num_rational::BigRational> {
    number::plain(value)
}

/// The microseconds of a duration as a column or a text has them: whole ones, half to even.
pub fn whole_micros(value: &Value) -> num_rational::BigRational {
    number::whole_micros(value)
}
