//! Asking an engine.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use futures::TryStreamExt;

use super::blame::Blame;
use super::kernel::calendar::Calendar;
use super::profile::Metered;
use super::report::CopyReport;
use super::stream::{Members, MembersOfKind};
use super::{AsOf, Engine, Error, Report};
use crate::check::nearest;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{BaseTableId, Node, NodeId, SegmentId, SubjectId};
use crate::plan::{Lowering, Meter, Prepared, Way, identify, needed_tables, physical, repeated_keys, run_and_keep};

/// A question to an [`Engine`]: some segments, as of an instant.
#[derive(Clone)]
pub struct Query<'e> {
    engine: &'e Engine,
    as_of: AsOf,
    clock: AsOf,
    segments: Vec<SegmentId>,
    way: Way,
    profiled: bool,
}

impl<'e> Query<'e> {
    pub(super) fn new(engine: &'e Engine, as_of: AsOf, segments: Vec<SegmentId>) -> Self {
        Query { engine, as_of, clock: as_of, segments, way: Way::default(), profiled: false }
    }

    /// Asks about these segments only. The name of a partition stands for all its groups. The answer is in file order.
    ///
    /// # Errors
    /// The project has no segment and no partition of such a name.
    pub fn segments<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Result<Self, Error> {
        let mut chosen = BTreeSet::new();
        for name in names {
            chosen.extend(self.named(name.as_ref())?);
        }
        self.segments = chosen.into_iter().collect();
        Ok(self)
    }

    /// Asks what will be at a later instant if no row comes: rows later than the query's own instant do not exist, and the clock
    /// has moved on. An earlier instant is none.
    pub fn if_nothing_comes_until(mut self, clock: AsOf) -> Self {
        self.clock = clock.max(self.as_of);
        self
    }

    /// Counts by DataFusion's own aggregations and joins instead of the shared pass. The answer is the same, and comes later: this is for
    /// whoever wants to hold one against the other.
    pub fn plainly(mut self) -> Self {
        self.way = Way::Plain;
        self
    }

    /// Notes while it evaluates what things cost: [`Members::profile`]. Noting costs a little itself.
    pub fn profiled(mut self) -> Self {
        self.profiled = true;
        self
    }

    /// The segment of this name, or the groups of the partition of this name.
    pub(super) fn named(&self, name: &str) -> Result<Vec<SegmentId>, Error> {
        let ir = &self.engine.ir;
        if let Some(at) = ir.segments.iter().position(|segment| segment.name == name) {
            return Ok(vec![SegmentId(at as u32)]);
        }
        if let Some(partition) = ir.partitions.iter().find(|partition| partition.name == name) {
            return Ok(partition.parts.clone());
        }
        let above = name.split_once('.').map(|(above, _)| above);
        let above = ir.partitions.iter().find(|partition| Some(partition.name.as_str()) == above);
        let parts = above.map(|partition| partition.parts.as_slice()).unwrap_or_default();
        let groups: Vec<String> = parts.iter().map(|part| ir.segment(*part).name.clone()).collect();
        let near = nearest(name, groups.iter().map(String::as_str)).or_else(|| {
            nearest(name, self.engine.segments().chain(ir.partitions.iter().map(|partition| partition.name.as_str())))
        });
        Err(Error::UnknownSegment { name: name.to_owned(), near: near.map(str::to_owned), groups })
    }

    /// The kinds of subject that its segments are about, in the order of the catalogue.
    pub fn kinds(&self) -> Vec<&'e str> {
        let ir = &self.engine.ir;
        let kinds: BTreeSet<SubjectId> = self.segments.iter().map(|segment| ir.segment(*segment).subject).collect();
        kinds.into_iter().map(|kind| ir.subject(kind).name.as_str()).collect()
    }

    /// The engine asked.
    pub(super) fn engine(&self) -> &'e Engine {
        self.engine
    }

    /// The same question about these segments.
    pub(super) fn about(self, segments: Vec<SegmentId>) -> Self {
        Query { segments, ..self }
    }

    /// What tells an error of the data with its place.
    pub(super) fn blame(&self) -> Blame {
        Blame { asked: Some((self.as_of, self.clock)), ..self.engine.blame(self.needed(&self.by_kind())) }
    }

    /// T, and the tables that its segments need, looked at.
    pub(super) async fn ready(&self) -> Result<(Calendar, HashMap<BaseTableId, Prepared>), Error> {
        self.ready_with(&self.needed(&self.by_kind())).await
    }

    /// T, and the tables that some nodes about a kind of subject need, looked at.
    pub(super) async fn ready_for(
        &self,
        subject: SubjectId,
        nodes: &[NodeId],
    ) -> Result<(Calendar, HashMap<BaseTableId, Prepared>), Error> {
        self.ready_with(&needed_tables(&self.engine.ir, subject, nodes)).await
    }

    /// T, and these tables, looked at.
    pub(super) async fn ready_with(
        &self,
        needed: &BTreeSet<BaseTableId>,
    ) -> Result<(Calendar, HashMap<BaseTableId, Prepared>), Error> {
        let tables = self.prepare(needed).await?;
        let calendar = self.calendar();
        self.refuse_repeated_subjects((&calendar, &tables), &BTreeSet::new()).await?;
        Ok((calendar, tables))
    }

    /// The instant asked about.
    pub(super) fn instant(&self) -> AsOf {
        self.as_of
    }

    pub(super) fn by_kind(&self) -> BTreeMap<SubjectId, Vec<SegmentId>> {
        let mut kinds: BTreeMap<SubjectId, Vec<SegmentId>> = BTreeMap::new();
        for segment in &self.segments {
            kinds.entry(self.engine.ir.segment(*segment).subject).or_default().push(*segment);
        }
        kinds
    }

    fn calendar(&self) -> Calendar {
        let ir = &self.engine.ir;
        Calendar::new(ir.timezone, ir.week_starts, ir.windows, self.as_of.micros()).moved_to(self.clock.micros())
    }

    /// Counts the members; nobody is listed.
    ///
    /// # Errors
    /// The data is not what the catalogue says, or DataFusion fails.
    pub async fn counts(self) -> Result<Report, Error> {
        let mut members = self.members().await?;
        for kind in &mut members.kinds {
            kind.drain().await?;
        }
        Ok(members.report())
    }

    /// Starts to evaluate. The ids of rows are looked at now, the segments when the streams are read; dropping the future or a stream
    /// cancels. That two rows have the key of one subject is found now or by a stream.
    ///
    /// # Errors
    /// The data is not what the catalogue says, or DataFusion cannot plan.
    pub async fn members(self) -> Result<Members, Error> {
        let kinds = self.by_kind();
        let blame = self.blame();
        match self.start(kinds, &blame).await {
            Ok(members) => Ok(members),
            Err(error) => Err(blame.told(error).await),
        }
    }

    async fn start(self, kinds: BTreeMap<SubjectId, Vec<SegmentId>>, blame: &Blame) -> Result<Members, Error> {
        let ir = &self.engine.ir;
        let (calendar, tables) = (self.calendar(), self.prepare(&self.needed(&kinds)).await?);
        let skipped = blame.skipped().await?;
        let mut lowered = Vec::new();
        let (mut told_apart, mut not_told_apart) = (BTreeSet::new(), BTreeSet::new());
        for (subject, segments) in kinds {
            let meter = self.profiled.then(Arc::<Meter>::default);
            let mut lowering = Lowering::new(ir, calendar.clone(), &tables).by(self.way).metered(meter.clone());
            let plan = lowering.members(subject, &segments)?;
            told_apart.extend(lowering.told_apart().iter().copied());
            not_told_apart.extend(lowering.not_told_apart().iter().copied());
            lowered.push((subject, segments, plan, (lowering.tally(), lowering.faults()), meter));
        }
        // What every plan notices itself need not be looked for.
        told_apart.retain(|kind| !not_told_apart.contains(kind));
        self.refuse_repeated_subjects((&calendar, &tables), &told_apart).await?;
        let mut started = Vec::new();
        for (subject, segments, plan, (tally, faults), meter) in lowered {
            let (stream, plan) = run_and_keep(&self.engine.state, &plan).await?;
            let blame = blame.clone();
            let costs = meter.map(|meter| Metered { plan, meter });
            started.push(MembersOfKind::new(blame, subject, segments, stream, (tally, faults), costs));
        }
        Ok(Members { kinds: started, skipped, copies: self.copies(tables.keys()) })
    }

    /// The plans that would run, as DataFusion shows them: logical, then physical.
    ///
    /// # Errors
    /// As [`Query::members`].
    pub async fn plans(self) -> Result<String, Error> {
        use datafusion::physical_plan::displayable;
        let ir = &self.engine.ir;
        let kinds = self.by_kind();
        let tables = self.prepare(&self.needed(&kinds)).await?;
        let calendar = self.calendar();
        let mut text = String::new();
        for (subject, segments) in kinds {
            let mut lowering = Lowering::new(ir, calendar.clone(), &tables).by(self.way);
            let plan = lowering.members(subject, &segments)?;
            let optimized = self.engine.state.optimize(&plan)?;
            let executed = physical(&self.engine.state, &plan).await?;
            text.push_str(&format!(
                "{}\n\n{}\n",
                optimized.display_indent(),
                displayable(executed.as_ref()).indent(false)
            ));
        }
        Ok(text)
    }

    /// The tables that segments need.
    fn needed(&self, kinds: &BTreeMap<SubjectId, Vec<SegmentId>>) -> BTreeSet<BaseTableId> {
        let ir = &self.engine.ir;
        let mut needed = BTreeSet::new();
        for (subject, segments) in kinds {
            let conditions: Vec<_> = segments.iter().map(|segment| ir.segment(*segment).condition).collect();
            needed.extend(needed_tables(ir, *subject, &conditions));
        }
        needed
    }

    /// Looks at the ids of every table that is needed.
    async fn prepare(&self, needed: &BTreeSet<BaseTableId>) -> Result<HashMap<BaseTableId, Prepared>, Error> {
        let ir = &self.engine.ir;
        let mut prepared = HashMap::new();
        let mut diagnostics = Vec::new();
        for base in needed.iter().copied() {
            let table = ir.base_table(base);
            let Some(mut ready) = self.engine.prepared(base) else {
                if ir.sql_of(base).is_some() {
                    continue;
                }
                diagnostics.push(self.engine.missing(&table.name));
                continue;
            };
            match identify(&self.engine.state, &ready.provider, table).await? {
                Ok((identity, unknown_ids)) => {
                    ready.identity = identity;
                    ready.unknown_ids = unknown_ids;
                    prepared.insert(base, ready);
                }
                Err(conflict) => {
                    let examples = self.engine.with_places(table, &table.id, &conflict.examples).await;
                    diagnostics.push(self.engine.conflicting(&table.name, table.version.is_some(), &examples))
                }
            }
        }
        if diagnostics.is_empty() {
            diagnostics = self.engine.prepare_queries(needed, &self.calendar(), &mut prepared).await?;
        }
        if diagnostics.is_empty() { Ok(prepared) } else { Err(Error::Data { diagnostics }) }
    }

    /// The optimized copies of tables, in the order of the catalogue.
    fn copies<'t>(&self, tables: impl Iterator<Item = &'t BaseTableId>) -> Vec<CopyReport> {
        let tables: BTreeSet<BaseTableId> = tables.copied().collect();
        let copy = |base: BaseTableId| {
            let table = self.engine.ir.base_table(base).name.clone();
            Some(CopyReport { is_fresh: self.engine.found.copy_of(&table)?, table })
        };
        tables.into_iter().filter_map(copy).collect()
    }

    /// The columns of a table that are its keys; none where one is computed.
    fn key_columns(&self, base: BaseTableId, keys: &[NodeId]) -> Option<Vec<u32>> {
        let column = |key: &NodeId| match self.engine.ir.node(*key) {
            Node::Column(of, at) if *of == base => Some(*at),
            _ => None,
        };
        keys.iter().map(column).collect()
    }

    async fn refuse_repeated_subjects(
        &self,
        (calendar, tables): (&Calendar, &HashMap<BaseTableId, Prepared>),
        told_apart: &BTreeSet<SubjectId>,
    ) -> Result<(), Error> {
        let ir = &self.engine.ir;
        let mut diagnostics = Vec::new();
        for (at, subject) in ir.subjects.iter().enumerate() {
            let id = SubjectId(at as u32);
            let Some(table) = subject.table.map(|table| ir.table(table)) else { continue };
            // A kind that this query does not ask about may need tables that are not at hand.
            let at_hand = needed_tables(ir, id, &[]).iter().all(|base| tables.contains_key(base));
            if !at_hand || told_apart.contains(&id) || ir.identified_by(table.base, &subject.keys) {
                continue;
            }
            let mut lowering = Lowering::new(ir, calendar.clone(), tables);
            let Some(rows) = lowering.subject_rows(id, &[])? else { continue };
            let repeated = repeated_keys(&self.engine.state, rows.plan, &rows.keys).await?;
            if !repeated.is_empty() {
                let repeated = match self.key_columns(table.base, &subject.keys) {
                    Some(columns) => self.engine.with_places(ir.base_table(table.base), &columns, &repeated).await,
                    None => repeated,
                };
                let message =
                    format!("`{}` has several rows for one {}: {}", table.name, subject.name, repeated.join("; "));
                let help =
                    "a subject has one row: remove the others, or declare `id:` and `version:` if the last is meant";
                let span = self.engine.place(&table.name);
                diagnostics.push(Diagnostic::new(Code::DuplicateRowKey, span, message).help(help));
            }
        }
        if diagnostics.is_empty() { Ok(()) } else { Err(Error::Data { diagnostics }) }
    }
}

impl Members {
    /// The members as rows of segment and key, one kind of subject after the other.
    ///
    /// # Errors
    /// As the streams themselves.
    pub async fn collect_rows(self) -> Result<Vec<datafusion::arrow::array::RecordBatch>, Error> {
        let mut all = Vec::new();
        for kind in self.kinds {
            let blame = kind.blame().clone();
            match kind.into_rows().try_collect::<Vec<_>>().await {
                Ok(rows) => all.extend(rows),
                Err(error) => return Err(blame.told(error.into()).await),
            }
        }
        Ok(all)
    }
}
