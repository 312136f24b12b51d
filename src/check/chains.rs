//! What rests on what: definitions in an order in which each comes after those it uses, and chains that are too long.
//!
//! A definition is checked where it is first used, inside the one that uses it. In this order that hardly ever happens,
//! so how long chains may be does not depend on the order in which they are written.
//!
//! ```text
//! segments: { a: in b, b: in c, c: spend > 5 }    →    c, b, a
//! ```

use std::collections::HashMap;

use super::names::{Suffix, suffix};
use super::segments::{Origin, Registered};
use super::{Checker, Code, Diagnostic, Slot};
use crate::catalog::model::{PartitionDef, PartitionKind, TableKind};
use crate::ir::{SegmentId, SubjectId};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Ident, IsTest, Path, Population, RowsOf};

/// Tables, attributes and metrics that rest on each other, the longest chain of them.
const MAX_DEFINITIONS: u32 = 64;
/// Segments that rest on each other through `in` and `within`.
const MAX_SEGMENTS: u32 = 250;

/// Something that others can rest on, by its position in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Definition {
    Table(usize),
    Attribute(usize),
    Metric(usize),
}

impl<'a> Checker<'a> {
    /// Tables, attributes and metrics in order; those at the far end of too long a chain have failed already.
    pub(super) fn order_definitions(&mut self) -> Vec<Definition> {
        let catalog = self.catalog;
        let all: Vec<Definition> = (0..catalog.tables.len())
            .map(Definition::Table)
            .chain((0..catalog.attributes.len()).map(Definition::Attribute))
            .chain((0..catalog.metrics.len()).map(Definition::Metric))
            .collect();
        let mut names: HashMap<Used<'a>, u32> = HashMap::new();
        for (at, definition) in all.iter().enumerate() {
            names.insert(self.used(*definition), at as u32);
        }
        let edges: Vec<Vec<u32>> = all.iter().map(|definition| self.uses(*definition, &names)).collect();
        let walked = walk(&edges, MAX_DEFINITIONS);
        for at in walked.too_long {
            let name = self.name_of(all[at as usize]);
            self.chain_too_long(&name.text, name.span, MAX_DEFINITIONS);
        }
        for at in walked.blocked {
            self.give_up(all[at as usize]);
        }
        walked.order.into_iter().map(|at| all[at as usize]).collect()
    }

    /// Segments in order; those at the far end of too long a chain have failed already.
    pub(super) fn order_segments(&mut self) -> Vec<SegmentId> {
        let edges: Vec<Vec<u32>> = self.segment_defs.iter().map(|def| self.segments_used(def)).collect();
        let walked = walk(&edges, MAX_SEGMENTS);
        for at in walked.too_long {
            let segment = &self.ir.segments[at as usize];
            let (name, span) = (segment.name.clone(), segment.span);
            self.chain_too_long(&name, span, MAX_SEGMENTS);
        }
        for at in walked.blocked {
            self.segment_slots[at as usize] = Some(Slot::Failed);
        }
        walked.order.into_iter().map(SegmentId).collect()
    }

    fn chain_too_long(&mut self, name: &str, span: Span, limit: u32) {
        let message = format!("`{name}` ends a chain of more than {limit} definitions, each resting on the one before");
        let help = "let some of them rest on something nearer the start of the chain";
        self.out.push(Diagnostic::new(Code::TooLarge, span, message).help(help));
    }

    fn give_up(&mut self, definition: Definition) {
        let catalog = self.catalog;
        let kinds = (0..catalog.subjects.len() as u32).map(SubjectId);
        let name = self.name_of(definition).text.as_str();
        match definition {
            Definition::Table(_) => {
                self.tables.insert((name, None), Slot::Failed);
                self.tables.extend(kinds.map(|kind| ((name, Some(kind)), Slot::Failed)));
                return;
            }
            Definition::Attribute(at) => self.attribute_slots.extend(kinds.map(|kind| ((at, kind), Slot::Failed))),
            Definition::Metric(at) => self.metric_slots.extend(kinds.map(|kind| ((at, kind, None), Slot::Failed))),
        }
        self.visited.insert(name);
        self.broken.insert(name);
    }

    fn name_of(&self, definition: Definition) -> &'a Ident {
        let catalog = self.catalog;
        match definition {
            Definition::Table(at) => &catalog.tables[at].name,
            Definition::Attribute(at) => &catalog.attributes[at].name,
            Definition::Metric(at) => &catalog.metrics[at].name,
        }
    }

    fn used(&self, definition: Definition) -> Used<'a> {
        let name = self.name_of(definition).text.as_str();
        match definition {
            Definition::Table(_) => Used::Table(name),
            Definition::Attribute(_) | Definition::Metric(_) => Used::Name(name),
        }
    }

    fn uses(&self, definition: Definition, names: &HashMap<Used<'a>, u32>) -> Vec<u32> {
        let catalog = self.catalog;
        let mut found = Vec::new();
        match definition {
            Definition::Table(at) => {
                if let TableKind::Derived(derived) = &catalog.tables[at].kind {
                    found.push(Used::Table(&derived.from.text));
                    let grouping = derived.grouping.iter();
                    let keys = grouping.flat_map(|made| made.keys.iter().map(|(_, is)| is).chain(&made.time));
                    let columns = derived.columns.iter().map(|(_, is)| is);
                    for expr in derived.filter.iter().chain(columns).chain(keys) {
                        collect(expr, true, &mut found);
                    }
                }
            }
            Definition::Attribute(at) => collect(&catalog.attributes[at].is, false, &mut found),
            Definition::Metric(at) => collect(&catalog.metrics[at].is, false, &mut found),
        }
        let position = |used: Used<'a>| match used {
            Used::Name(name) => names.get(&used).or_else(|| match suffix(name) {
                Some(Suffix::Window(stem, _)) => names.get(&Used::Name(stem)),
                _ => None,
            }),
            _ => names.get(&used),
        };
        found.into_iter().filter_map(position).copied().collect()
    }

    fn segments_used(&self, registered: &Registered<'a>) -> Vec<u32> {
        let mut found = Vec::new();
        match registered.origin {
            Origin::Rule(def) => {
                collect(&def.when, false, &mut found);
                found.extend(def.within.as_ref().and_then(segment_name));
            }
            Origin::Group(at) => {
                let def = self.partition_defs[at].def;
                conditions_of(def).into_iter().for_each(|expr| collect(expr, false, &mut found));
                found.extend(def.within.as_ref().and_then(segment_name));
            }
            Origin::Split(of, ..) => return vec![of.0],
        }
        let segments = found.into_iter().filter_map(|used| match used {
            Used::Segment(name) => self.segment_names.get(name).map(|id| id.0).or_else(|| self.first_part(name)),
            _ => None,
        });
        segments.collect()
    }

    /// The first group of a partition: the others rest on the same.
    fn first_part(&self, name: &str) -> Option<u32> {
        let at = self.partition_names.get(name)?;
        self.ir.partition(self.partition_defs[*at].id).parts.first().map(|part| part.0)
    }
}

/// A name that something uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Used<'a> {
    Table(&'a str),
    Name(&'a str),
    Segment(&'a str),
}

fn segment_name(path: &Path) -> Option<Used<'_>> {
    path.parts.first().map(|name| Used::Segment(&name.text))
}

/// The expressions that tell the groups of a partition.
fn conditions_of(def: &PartitionDef) -> Vec<&Expr> {
    match &def.kind {
        PartitionKind::Tiers(tiers) => tiers.iter().filter_map(|tier| tier.when.as_ref()).collect(),
        PartitionKind::Bands(bands) => vec![&bands.is],
        PartitionKind::Values(is) => vec![is],
        PartitionKind::Chart(_) => Vec::new(),
    }
}

/// What an expression uses, about a subject or in the scope of rows.
fn collect<'a>(expr: &'a Expr, rows: bool, found: &mut Vec<Used<'a>>) {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Now | ExprKind::Today | ExprKind::Ago(_) | ExprKind::Error => {}
        ExprKind::Name(path) => match (rows, path.parts.as_slice()) {
            (false, [name]) | (true, [_, name]) => found.push(Used::Name(&name.text)),
            _ => {}
        },
        ExprKind::InSegment { segment, .. } => found.extend(segment_name(segment)),
        ExprKind::Aggregate(aggregate) => {
            // Without a table the rows are those of the scope around, and about a subject it is a percentile over subjects.
            let (filter, rows) = match &aggregate.rows {
                RowsOf::Table(of) => {
                    found.push(Used::Table(&of.table.text));
                    (&of.filter, true)
                }
                RowsOf::Group { filter } => (filter, rows),
            };
            for inner in aggregate.argument.iter().chain(filter) {
                collect(inner, rows, found);
            }
        }
        ExprKind::Quantified(quantified) => {
            found.push(Used::Table(&quantified.rows.table.text));
            for inner in quantified.rows.filter.iter().chain(&quantified.have) {
                collect(inner, true, found);
            }
        }
        ExprKind::Sequence(sequence) => {
            for step in &sequence.steps {
                found.push(Used::Table(&step.rows.table.text));
                if let Some(filter) = &step.rows.filter {
                    collect(filter, true, found);
                }
            }
        }
        ExprKind::Filtered { metric, filter } => {
            collect(metric, rows, found);
            collect(filter, true, found);
        }
        _ => operands(expr).into_iter().for_each(|inner| collect(inner, rows, found)),
    }
}

/// The operands of a form that stand in its own scope.
pub(super) fn operands(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::And(of) | ExprKind::Or(of) | ExprKind::Call { arguments: of, .. } => of.iter().collect(),
        ExprKind::Not(a) | ExprKind::Negate(a) => vec![a],
        ExprKind::Within { value: a, .. } | ExprKind::Windowed { metric: a, .. } => vec![a],
        ExprKind::Arithmetic { first, rest } => {
            std::iter::once(&**first).chain(rest.iter().map(|(_, operand)| operand)).collect()
        }
        ExprKind::Compare { left, right, .. } => vec![left, right],
        ExprKind::Between { value, low, high, .. } => vec![value, low, high],
        ExprKind::TextTest { value, pattern, .. } => vec![value, pattern],
        ExprKind::InList { value, list, .. } | ExprKind::ListTest { value, candidates: list, .. } => {
            std::iter::once(&**value).chain(list).collect()
        }
        ExprKind::Is { value, test, .. } => match test {
            IsTest::Known => vec![value],
            IsTest::Value(other) => vec![value, other],
            IsTest::In(list) => std::iter::once(&**value).chain(list).collect(),
        },
        ExprKind::InFile { value, .. } => value.iter().map(|value| &**value).collect(),
        ExprKind::Ranked(ranked) => ranked_operands(&ranked.by, &ranked.population),
        ExprKind::Top(top) => ranked_operands(&top.by, &top.population),
        _ => Vec::new(),
    }
}

fn ranked_operands<'a>(by: &'a Expr, population: &'a Population) -> Vec<&'a Expr> {
    std::iter::once(by).chain(&population.among).chain(&population.per).collect()
}

#[derive(Default)]
struct Walked {
    /// Every node, after those it uses (circles aside).
    order: Vec<u32>,
    /// Nodes at which a chain passes the limit.
    too_long: Vec<u32>,
    /// Those, and all that rest on them.
    blocked: Vec<u32>,
}

/// Walks a graph depth first without recursion.
fn walk(edges: &[Vec<u32>], limit: u32) -> Walked {
    const NEW: u32 = 0;
    const OPEN: u32 = u32::MAX;
    // The length of the longest chain that a node ends, once it is known.
    let mut length = vec![NEW; edges.len()];
    let mut blocked = vec![false; edges.len()];
    let mut walked = Walked::default();
    let mut stack: Vec<(u32, usize)> = Vec::new();
    for start in 0..edges.len() as u32 {
        if length[start as usize] == NEW {
            length[start as usize] = OPEN;
            stack.push((start, 0));
        }
        while let Some((node, next)) = stack.last_mut() {
            let (at, uses) = (*node as usize, &edges[*node as usize]);
            if let Some(used) = uses.get(*next) {
                *next += 1;
                if length[*used as usize] == NEW {
                    length[*used as usize] = OPEN;
                    stack.push((*used, 0));
                }
                continue;
            }
            let known = uses.iter().map(|used| length[*used as usize]).filter(|length| *length != OPEN);
            length[at] = 1 + known.max().unwrap_or(0);
            blocked[at] = uses.iter().any(|used| blocked[*used as usize]);
            if !blocked[at] && length[at] > limit {
                walked.too_long.push(at as u32);
                blocked[at] = true;
            }
            if blocked[at] {
                walked.blocked.push(at as u32);
            }
            walked.order.push(at as u32);
            stack.pop();
        }
    }
    walked
}
