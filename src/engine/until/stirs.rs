//! When something can change that is not followed: the first instant at which anything stirs that a condition rests on, in whatever scope. Up to
//! there all of it is what it is at T, and so whatever it asks for can be taken from a plan for T.
//!
//! ```text
//! fresh: { from: customers, where: joined >= 30d ago }        who there is
//! any(sales over 90d)                                         about them
//! stirs          when a customer has joined for 30 days       conditions of rows, by bisection
//!                when a sale is 90 days old                   windows
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::datatypes::TimestampMicrosecondType;
use datafusion::execution::context::SessionState;
use datafusion::logical_expr::LogicalPlan;
use futures::TryStreamExt;

use super::Error;
use super::clock::{Clockwork, Reading};
use super::dates::of_dates;
use super::drift::{At, without_clock};
use super::follow::still_parts;
use super::owners::Owners;
use super::replay::Replay;
use super::search::{Stretch, turns};
use super::ticks::Ticks;
use crate::engine::kernel::calendar::{Calendar, End};
use crate::engine::kernel::error::Result as KernelResult;
use crate::ir::{BaseTableId, Ir, Node, NodeId, RowSet, RowSetId, SequenceId, SubjectId, TableId, Window};
use crate::plan::{Lowering, compute, run};
use crate::syntax::ast::Duration;

/// Where something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    Subject(SubjectId),
    Rows(RowSetId),
    Group(BaseTableId),
}

/// All that a condition rests on and that moves.
pub(super) struct Stirs {
    /// With what was added to tell when conditions turn.
    pub ir: Arc<Ir>,
    moving: Arc<BTreeSet<NodeId>>,
    scopes: BTreeMap<Scope, (BTreeSet<NodeId>, Clockwork)>,
    windows: Vec<(RowSetId, Window)>,
    /// How long a `never` goes on after a row.
    nevers: Vec<(RowSetId, Duration)>,
    /// Something has no direction in time, or is asked where nothing can be found out: it is looked at when a day begins.
    pub is_daily: bool,
}

impl Stirs {
    /// Of a condition about a kind of subject.
    pub fn of(ir: &Ir, subject: SubjectId, condition: NodeId, at: At) -> Self {
        let mut ir = ir.clone();
        let who = ir.who(subject);
        let moving = ir.moving(who.iter().copied().chain([condition]));
        let mut gathering = Gathering { ir: &mut ir, moving: &moving, at, found: Gathered::default() };
        gathering.gather(subject, condition);
        let Gathered { roots, paired, windows, nevers, .. } = gathering.found;
        let mut is_daily = false;
        let mut scopes = BTreeMap::new();
        for (scope, roots) in roots {
            let of: Vec<NodeId> = roots.iter().copied().collect();
            match Reading::of(&mut ir, &of, &moving) {
                Ok(clockwork) if clockwork == Clockwork::default() => {}
                Ok(clockwork) if !matches!(scope, Scope::Group(_)) => {
                    scopes.insert(scope, (roots, clockwork));
                }
                _ => is_daily = true,
            }
        }
        let of_pairs = Reading::of(&mut ir, &paired, &moving);
        is_daily |= !of_pairs.is_ok_and(|clockwork| clockwork == Clockwork::default());
        let looked_at = |(roots, clockwork): &(BTreeSet<NodeId>, Clockwork)| -> Vec<NodeId> {
            roots.iter().copied().chain(clockwork.looked_at()).collect()
        };
        let moving = ir.moving(scopes.values().flat_map(looked_at));
        Stirs { ir: Arc::new(ir), moving: Arc::new(moving), scopes, windows, nevers, is_daily }
    }

    /// No condition changes before this instant by the clock alone; none: not before the horizon.
    pub async fn not_before(
        &self,
        state: &SessionState,
        lowering: &mut Lowering<'_>,
        calendar: &Calendar,
        horizon: i64,
    ) -> Result<Option<i64>, Error> {
        let mut ticking = Clockwork { days: self.is_daily, ..Clockwork::default() };
        for (_, clockwork) in self.scopes.values() {
            ticking.days |= clockwork.days;
            ticking.hours |= clockwork.hours;
            ticking.offsets |= clockwork.offsets;
        }
        let mut earliest = Ticks::of(&ticking, calendar, horizon).after(calendar.now());
        let up_to = |earliest: Option<i64>| earliest.unwrap_or(horizon);
        let of_windows = self.windows.iter().map(|(rows, _)| *rows);
        for set in of_windows.chain(self.nevers.iter().map(|(rows, _)| *rows)).collect::<BTreeSet<_>>() {
            let Some((plan, _)) = lowering.times(set)? else { continue };
            let mut stream = run(state, &plan).await?;
            let mut times: BTreeSet<i64> = BTreeSet::new();
            while let Some(batch) = stream.try_next().await? {
                times.extend(batch.column(0).as_primitive::<TimestampMicrosecondType>().iter().flatten());
            }
            for time in times {
                let crossed = self.crossed(set, calendar, time, up_to(earliest));
                earliest = earliest.into_iter().chain(crossed).min();
            }
        }
        for (scope, (roots, clockwork)) in &self.scopes {
            if clockwork.looked_at().next().is_none() {
                continue;
            }
            let (still, moved) =
                still_parts(&self.ir, roots.iter().copied().chain(clockwork.looked_at()), &self.moving);
            let nodes: Vec<NodeId> = still.into_iter().chain(moved).collect();
            let named = |node: &NodeId| (format!("value {}", node.0), *node);
            let plan: LogicalPlan = match scope {
                Scope::Subject(subject) => lowering.subject_values(*subject, nodes.iter().map(named).collect())?.0,
                Scope::Rows(rows) => lowering.values_of_rows(*rows, nodes.iter().map(named).collect())?,
                Scope::Group(_) => continue,
            };
            let mut stream = run(state, &plan).await?;
            while let Some(batch) = stream.try_next().await? {
                let turned = self.turned(&batch, &nodes, clockwork, (calendar, up_to(earliest)));
                earliest = earliest.into_iter().chain(turned.map_err(compute::external)?).min();
            }
        }
        Ok(earliest)
    }

    /// The first instant up to another at which a row of a time crosses an end of a window, or its `never` is over.
    fn crossed(&self, set: RowSetId, calendar: &Calendar, time: i64, last: i64) -> Option<i64> {
        let own = self.windows.iter().filter(|(rows, _)| *rows == set);
        let crossed =
            own.flat_map(|(_, window)| [End::After, End::Until].map(|end| calendar.reaches((window, end), time, last)));
        let over = self.nevers.iter().filter(|(rows, _)| *rows == set);
        let over = over.filter_map(|(_, d)| calendar.shift_instant(time, d.count.into(), d.unit));
        crossed.flatten().chain(over.filter(|at| calendar.now() < *at && *at <= last)).min()
    }

    /// The first instant up to another at which something turns of what is asked of some rows, which are what they are at T.
    fn turned(
        &self,
        rows: &RecordBatch,
        nodes: &[NodeId],
        clockwork: &Clockwork,
        (calendar, last): (&Calendar, i64),
    ) -> KernelResult<Option<i64>> {
        let column = |node: &NodeId| rows.column_by_name(&format!("value {}", node.0)).cloned();
        let still: BTreeMap<NodeId, ArrayRef> = nodes.iter().filter_map(|node| Some((*node, column(node)?))).collect();
        let replay = Replay {
            ir: Arc::clone(&self.ir),
            calendar: calendar.clone(),
            moving: Arc::clone(&self.moving),
            still,
            rows: Vec::new(),
            sequences: None,
            standings: BTreeMap::new(),
            owners: Arc::new(Owners::new()),
        };
        let first = calendar.now();
        let stretches = (0..rows.num_rows() as u32).map(|subject| Stretch { subject, first, last });
        let turned = turns(&replay, clockwork, stretches.collect())?.into_iter().map(|(_, instant)| instant).min();
        let mut found = vec![Vec::new(); rows.num_rows()];
        of_dates(&replay, &|row| row..row + 1, clockwork, last, &mut found)?;
        let of_dates = found.into_iter().flatten().filter(|at| first < *at && *at <= last).min();
        Ok(turned.into_iter().chain(of_dates).min())
    }
}

#[derive(Default)]
struct Gathered {
    /// What moves and is asked in a scope.
    roots: BTreeMap<Scope, BTreeSet<NodeId>>,
    /// Conditions over two rows.
    paired: Vec<NodeId>,
    windows: Vec<(RowSetId, Window)>,
    nevers: Vec<(RowSetId, Duration)>,
    pending: Vec<(Scope, NodeId)>,
}

/// Goes from scope to scope.
struct Gathering<'a> {
    ir: &'a mut Ir,
    moving: &'a BTreeSet<NodeId>,
    at: At,
    found: Gathered,
}

impl Gathering<'_> {
    fn gather(&mut self, subject: SubjectId, condition: NodeId) {
        self.of_subject(subject, condition);
        while let Some((scope, root)) = self.found.pending.pop() {
            if self.moving.contains(&root) && self.found.roots.entry(scope).or_default().insert(root) {
                self.beyond(scope, root);
            }
        }
    }

    fn ask(&mut self, scope: Scope, nodes: impl IntoIterator<Item = NodeId>) {
        self.found.pending.extend(nodes.into_iter().map(|node| (scope, node)));
    }

    /// What the leaves of a value ask elsewhere.
    fn beyond(&mut self, scope: Scope, root: NodeId) {
        for leaf in self.ir.leaves([root]).inputs {
            match self.ir.node(leaf).clone() {
                Node::Feature(id) => {
                    let feature = self.ir.feature(id).clone();
                    let moves = feature.window.filter(Window::moves);
                    self.found.windows.extend(moves.map(|window| (feature.rows, window)));
                    self.ask(Scope::Rows(feature.rows), feature.filter.into_iter().chain(feature.argument));
                    self.of_rows(feature.rows);
                }
                Node::Sequence(id) => self.of_sequence(id),
                Node::Rank(ranking, _) => {
                    let ranked = self.ir.ranking(ranking).clone();
                    // Of values that drift as everybody's do only what is counted matters.
                    match without_clock(self.ir, ranked.by, self.at) {
                        Some(by) => self.beyond(Scope::Subject(ranked.subject), by),
                        None => self.of_subject(ranked.subject, ranked.by),
                    }
                    for node in ranked.among.into_iter().chain(ranked.per) {
                        self.of_subject(ranked.subject, node);
                    }
                }
                Node::OfSubject { subject, keys, value } => {
                    self.ask(scope, keys);
                    self.of_subject(subject, value);
                }
                Node::SubjectValue(subject, value) => {
                    if let Some(table) = self.ir.subject(subject).table {
                        self.of_table(table, Some(value));
                    }
                }
                Node::Lookup(id, value) => {
                    let lookup = self.ir.lookup(id).clone();
                    self.ask(scope, lookup.keys);
                    self.of_table(lookup.target, Some(value));
                }
                Node::Column(base, at) => self.ask(Scope::Group(base), self.ir.made_as(base, at)),
                Node::GroupKey(base, at) => {
                    if let Some(made) = self.ir.base_table(base).grouping.clone() {
                        self.ask(Scope::Rows(made.rows), made.keys.get(at as usize).copied());
                    }
                }
                Node::Number(id) | Node::Gap(id) => {
                    let ordering = self.ir.ordering(id).clone();
                    self.ask(Scope::Rows(ordering.rows), ordering.filter);
                    self.of_rows(ordering.rows);
                }
                _ => {}
            }
        }
    }

    /// A value about a subject, and who is one.
    fn of_subject(&mut self, subject: SubjectId, value: NodeId) {
        self.ask(Scope::Subject(subject), [value]);
        if let Some(table) = self.ir.subject(subject).table {
            self.of_table(table, None);
        }
    }

    fn of_table(&mut self, table: TableId, value: Option<NodeId>) {
        let table = self.ir.table(table).clone();
        self.ask(Scope::Rows(table.rows), table.filter.into_iter().chain(value));
        self.of_rows(table.rows);
    }

    /// Which rows are in a set.
    fn of_rows(&mut self, rows: RowSetId) {
        match self.ir.row_set(rows).clone() {
            RowSet::Distinct { of, filter, keys } => {
                self.ask(Scope::Rows(of), filter.into_iter().chain(keys));
                self.of_rows(of);
            }
            RowSet::Base(base) => {
                let table = self.ir.base_table(base).clone();
                if let Some(made) = table.grouping {
                    self.ask(Scope::Rows(made.rows), made.filter.into_iter().chain(made.keys));
                    self.ask(Scope::Group(base), table.time);
                    self.of_rows(made.rows);
                }
                let reads = self.ir.sql_of(base).map(|sql| sql.reads.clone()).unwrap_or_default();
                for (_, read) in reads {
                    let columns = self.ir.table(read).columns.clone();
                    self.of_table(read, None);
                    self.ask(Scope::Rows(self.ir.table(read).rows), columns.into_iter().map(|(_, node)| node));
                }
            }
        }
    }

    fn of_sequence(&mut self, id: SequenceId) {
        let sequence = self.ir.sequence(id).clone();
        for step in &sequence.steps {
            let own = [&step.window, &sequence.window].into_iter().flatten().filter(|window| window.moves());
            self.found.windows.extend(own.map(|window| (step.rows, window.clone())));
            let over = sequence.steps.iter().filter(|other| other.never).filter_map(|other| other.within);
            self.found.nevers.extend(over.map(|within| (step.rows, within)));
            self.ask(Scope::Rows(step.rows), step.filter);
            self.of_rows(step.rows);
            let Some(joined) = step.joined.filter(|joined| self.moving.contains(joined)) else { continue };
            self.found.paired.push(joined);
            self.beyond(Scope::Rows(step.rows), joined);
            for leaf in self.ir.leaves([joined]).inputs {
                let Node::Earlier { step, value } = *self.ir.node(leaf) else { continue };
                let rows = sequence.steps.get(step as usize).map(|step| step.rows);
                rows.into_iter().for_each(|rows| self.ask(Scope::Rows(rows), [value]));
            }
        }
    }
}
