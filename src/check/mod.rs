//! Names, types, units and unknowns: syntax trees to the typed [`Ir`].
//!
//! Checking never stops at the first mistake. What could not be understood is `None`, has been reported once, and makes
//! nothing around it be reported again. It is pure: the data's columns come in as [`Schemas`], and a catalogue that
//! declares its types is checked without data.
//!
//! ```text
//! spend_90d > 500        metric `spend`, suffix `_90d`
//!   → Feature { rows: transactions, filter: status = 'paid', window: 90d, Sum(quantity * unit_price) }
//!   → Compare(Greater, Feature, 500)
//! ```

mod advice;
mod aggregate;
mod chains;
mod closed_sets;
mod columns;
mod compare;
mod definitions;
mod expr;
mod frozen;
mod functions;
mod grouping;
mod lists;
mod logic;
mod members;
pub(crate) mod names;
mod numbers;
mod order;
mod partitions;
mod ranks;
mod resolve;
mod samples;
mod schema;
mod segments;
mod sequence;
mod sql;
mod subjects;
mod tables;
#[cfg(test)]
mod tests;
mod tests_of_rules;
mod time;
mod typed;
mod unknown;
pub(crate) mod written;

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap, HashSet};

pub(crate) use expr::window_of;
#[cfg(test)]
pub(crate) use functions::FUNCTIONS;
pub(crate) use names::{Suffix, nearest, suffix};
pub use schema::{Schemas, SourceColumn, SourceType, TableSchema};

use crate::catalog::model::{Catalog, LookupDef, TableDef};
use crate::diagnostic::{Code, Diagnostic};
use crate::frozen::model::CutPoints;
use crate::ir::{BaseTableId, Ir, ListId, LookupId, Node, NodeId, SegmentId, SubjectId, TableId, Window};
use crate::lists::Lists;
use crate::rules::model::RuleFile;
use crate::source::Span;
use crate::syntax::ast::{Expr, Ident};
use typed::Typed;

/// Definitions may rest on definitions, and expressions nest, so deep in all.
const MAX_DEPTH: u32 = 250;

/// So many misspelt names are held against all others; a file in which every name is wrong gets its errors all the same.
const MAX_SUGGESTIONS: u32 = 300;

/// What checking found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The project's meaning; none if there is an error.
    pub ir: Option<Ir>,
    /// Errors, warnings and notes, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
}

/// What stands beside the catalogue and the rules.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Files of values that definitions name.
    pub lists: Lists,
    /// Cut points of frozen attributes.
    pub cut_points: Option<CutPoints>,
    /// Frozen attributes that are computed anew.
    pub thawed: BTreeSet<String>,
}

/// Checks a catalogue and its rule files against what is known of the data.
pub fn check(catalog: &Catalog, rules: &[RuleFile], schemas: &Schemas, beside: &Beside) -> Checked {
    let mut checker = Checker::new(catalog, rules, schemas, beside);
    checker.register_definitions();
    // Attributes among rows may rest on segments, so these have names before tables are made.
    checker.register_segments();
    let order = checker.order_definitions();
    checker.tables(&order);
    checker.name_conflicts();
    checker.definitions(&order);
    checker.partitions();
    checker.segments();
    checker.tests_of_rules();
    let whole = checker.segment_slots.iter().all(|slot| matches!(slot, Some(Slot::Done(_))));
    let Checker { ir, out, settled, .. } = checker;
    let diagnostics = in_order(settled.into_iter().chain(out));
    let failed = !whole || diagnostics.iter().any(Diagnostic::is_error);
    Checked { ir: (!failed).then_some(ir), diagnostics }
}

/// By place, each once.
fn in_order(found: impl Iterator<Item = Diagnostic>) -> Vec<Diagnostic> {
    let mut sorted: Vec<Diagnostic> = found.collect();
    sorted.sort_by_key(|diagnostic| diagnostic.primary.span);
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(sorted.len());
    for diagnostic in sorted {
        let beside = kept.iter().rev().take_while(|other| other.primary.span == diagnostic.primary.span);
        if !beside.into_iter().any(|other| *other == diagnostic) {
            kept.push(diagnostic);
        }
    }
    kept
}

/// Something that is made on first use.
#[derive(Clone, Debug)]
enum Slot<T> {
    /// It is being made: meeting it again is a cycle.
    Busy,
    /// It could not be made, and that has been reported.
    Failed,
    /// Here it is.
    Done(T),
}

/// In what scope an expression stands, what is laid over the metrics in it, and which rows were matched before.
#[derive(Clone, Copy)]
struct Context<'c> {
    scope: Scope,
    overlay: Option<&'c Overlay<'c>>,
    /// In a step of a sequence: the steps before it that have a name.
    earlier: &'c [Matched<'c>],
}

impl Context<'_> {
    /// A scope, and nothing else.
    fn of(scope: Scope) -> Self {
        Context { scope, overlay: None, earlier: &[] }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// A row of a table, and whose it is where somebody's rows are looked at.
    Row(TableId, Option<SubjectId>),
    /// A group of rows of a table, which becomes a row of another.
    Group {
        /// The table being made.
        of: BaseTableId,
        /// The table whose rows are grouped.
        rows: TableId,
        /// Whose they are.
        subject: SubjectId,
    },
    /// A subject.
    Subject(SubjectId),
}

/// A named step of a sequence.
#[derive(Clone, Copy)]
struct Matched<'c> {
    name: &'c Ident,
    step: u32,
    rows: TableId,
    subject: SubjectId,
}

/// A window and filters put on a metric where it is used; they go to every aggregate inside.
struct Overlay<'c> {
    window: Option<(Window, Span)>,
    filters: Vec<&'c Expr>,
}

/// A table, and for whom it is made if that matters.
type TableKey<'a> = (&'a str, Option<SubjectId>);

type MetricKey = (usize, SubjectId, Option<Window>);

struct Checker<'a> {
    catalog: &'a Catalog,
    rules: &'a [RuleFile],
    schemas: &'a Schemas,
    attached: &'a Beside,
    ir: Ir,
    out: Vec<Diagnostic>,
    /// What was said about attributes and metrics, which are checked where they are first used.
    settled: Vec<Diagnostic>,
    /// Attributes and metrics that are checked, or being checked.
    visited: HashSet<&'a str>,
    depth: u32,
    /// How many more misspelt names are looked at.
    suggestions: Cell<u32>,
    table_defs: HashMap<&'a str, &'a TableDef>,
    tables: HashMap<TableKey<'a>, Slot<TableId>>,
    /// Tables whose rows depend on whose they are: by grouping, or with `number` or `gap` in them.
    of_subjects: HashSet<&'a str>,
    lookup_slots: HashMap<(TableId, *const LookupDef), Slot<LookupId>>,
    /// Per base table: which of its columns may be unknown.
    nullable: Vec<Vec<bool>>,
    /// What is known of the columns of derived tables.
    derived_columns: HashMap<NodeId, Typed>,
    attributes: HashMap<&'a str, usize>,
    metrics: HashMap<&'a str, usize>,
    attribute_slots: HashMap<(usize, SubjectId), Slot<Typed>>,
    metric_slots: HashMap<MetricKey, Slot<Typed>>,
    /// Metrics under the filters being laid over them: a metric may use another many times.
    filtered_slots: HashMap<MetricKey, Option<Typed>>,
    /// Segments of rules, groups of partitions and parts of splits, as in [`Ir::segments`].
    segment_defs: Vec<segments::Registered<'a>>,
    segment_names: HashMap<String, SegmentId>,
    segment_slots: Vec<Option<Slot<NodeId>>>,
    partition_defs: Vec<partitions::Registered<'a>>,
    partition_names: HashMap<&'a str, usize>,
    partition_slots: Vec<Option<Slot<partitions::Groups>>>,
    /// The highest value of frozen scores.
    frozen_scales: HashMap<NodeId, u32>,
    /// Lists of files by how they are used; none: a value of the file is wrong, and that has been said.
    list_slots: HashMap<lists::ListKey, Option<ListId>>,
    /// Attributes and metrics that no kind of subject has; that has been reported.
    broken: HashSet<&'a str>,
    /// Tables that were counted for a kind of subject they do not name; that is said once.
    unowned: HashSet<(BaseTableId, SubjectId)>,
    /// Conditions that stand beside the one being checked, joined to it by `and`.
    beside: Vec<Expr>,
}

impl<'a> Checker<'a> {
    fn new(catalog: &'a Catalog, rules: &'a [RuleFile], schemas: &'a Schemas, attached: &'a Beside) -> Self {
        Checker {
            catalog,
            rules,
            schemas,
            attached,
            ir: Ir::new(catalog.timezone, catalog.week_starts, catalog.windows),
            out: Vec::new(),
            settled: Vec::new(),
            visited: HashSet::new(),
            depth: 0,
            suggestions: Cell::new(MAX_SUGGESTIONS),
            table_defs: HashMap::new(),
            tables: HashMap::new(),
            of_subjects: HashSet::new(),
            lookup_slots: HashMap::new(),
            nullable: Vec::new(),
            derived_columns: HashMap::new(),
            attributes: HashMap::new(),
            metrics: HashMap::new(),
            attribute_slots: HashMap::new(),
            metric_slots: HashMap::new(),
            filtered_slots: HashMap::new(),
            segment_defs: Vec::new(),
            segment_names: HashMap::new(),
            segment_slots: Vec::new(),
            partition_defs: Vec::new(),
            partition_names: HashMap::new(),
            partition_slots: Vec::new(),
            frozen_scales: HashMap::new(),
            list_slots: HashMap::new(),
            broken: HashSet::new(),
            unowned: HashSet::new(),
            beside: Vec::new(),
        }
    }

    /// Reports and gives up on what is being made.
    fn fail<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.out.push(diagnostic);
        None
    }

    /// Whether so many names were wrong that no more advice is given: the errors themselves go on.
    fn out_of_patience(&self) -> bool {
        self.suggestions.get() == 0
    }

    /// The nearest of `names` to `name`, while there is patience for looking.
    fn near<'n>(&self, name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
        let left = self.suggestions.get().checked_sub(1)?;
        self.suggestions.set(left);
        nearest(name, names)
    }

    /// Runs one level deeper, or reports that definitions are nested beyond reason.
    fn deeper<T>(&mut self, span: Span, run: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            let message = format!("definitions and brackets are nested more than {MAX_DEPTH} deep here");
            let help = "name a part as an attribute, a metric or a segment, and do not chain so many of them";
            return self.fail(Diagnostic::new(Code::TooLarge, span, message).help(help));
        }
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        result
    }

    /// A conjunction in its one form: flat, sorted, without repetition, so that equal filters are equal nodes.
    fn and(&mut self, of: impl IntoIterator<Item = NodeId>) -> Option<NodeId> {
        let mut flat = Vec::new();
        for node in of {
            match self.ir.node(node) {
                Node::And(inner) => flat.extend(inner.iter().copied()),
                _ => flat.push(node),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        match flat.len() {
            0 => None,
            1 => flat.first().copied(),
            _ => Some(self.ir.add(Node::And(flat))),
        }
    }
}

/// `a customer`, `an invoice`
fn with_article(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {kind}")
}

/// `a`, `b` and `c`: words in backticks for a message.
fn listed<'s>(words: impl IntoIterator<Item = &'s str>) -> String {
    const SHOWN: usize = 8;
    let words: Vec<&str> = words.into_iter().collect();
    let mut text = String::new();
    for (at, word) in words.iter().take(SHOWN).enumerate() {
        match at {
            0 => {}
            _ if at + 1 == words.len() => text.push_str(" and "),
            _ => text.push_str(", "),
        }
        text.push('`');
        text.push_str(word);
        text.push('`');
    }
    if words.len() > SHOWN {
        text.push_str(&format!(" and {} more", words.len() - SHOWN));
    }
    text
}
