//! Surveying: which tables are read, in which order, and what is put together from it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono_tz::Tz;
use datafusion::common::DataFusionError;
use datafusion::logical_expr::LogicalPlan;
use futures::StreamExt;
use tokio::task::JoinSet;

use super::census::{self, Census};
use super::column;
use super::model::{ColumnSurvey, SubjectSurvey, Survey, TableSurvey};
use super::profile::Profile;
use crate::catalog::model::TableKind;
use crate::check::nearest;
use crate::engine::kernel::calendar::Calendar;
use crate::engine::{Engine, Error};
use crate::ir::{BaseTableId, Ir, Node, NodeId, SubjectId, TableId};
use crate::plan::{CensusOf, Identity, Lowering, Prepared, identify, needed_by, needed_tables, run_in_parts};

impl Engine {
    /// Looks at the data of every table.
    ///
    /// Every row is read, whatever its time. Derived tables may depend on the instant of evaluation (`at > 90d ago`):
    /// they are looked at as of the last known time of all rows. Data that is not there, or contradicts the catalogue, is
    /// told in the answer.
    ///
    /// # Errors
    /// A value cannot be read as what its column is, or DataFusion fails.
    pub async fn survey(&self) -> Result<Survey, Error> {
        let all = (0..self.ir.tables.len() as u32).map(TableId).collect();
        self.survey_of(all).await
    }

    /// Looks at the data of some tables.
    ///
    /// # Errors
    /// As [`Engine::survey`], and [`Error::UnknownTable`] for a name that the catalogue does not have.
    pub async fn survey_tables<N: AsRef<str>>(&self, names: impl IntoIterator<Item = N>) -> Result<Survey, Error> {
        let mut chosen = BTreeSet::new();
        for name in names {
            let name = name.as_ref();
            let tables = || self.ir.tables.iter().map(|table| table.name.as_str());
            match tables().position(|table| table == name) {
                Some(at) => chosen.insert(TableId(at as u32)),
                None => {
                    let near = nearest(name, tables()).map(str::to_owned);
                    return Err(Error::UnknownTable { name: name.to_owned(), near });
                }
            };
        }
        self.survey_of(chosen.into_iter().collect()).await
    }

    async fn survey_of(&self, chosen: Vec<TableId>) -> Result<Survey, Error> {
        let mut surveyor = Surveyor::new(self);
        let blame = self.blame(surveyor.all_needed(&chosen));
        let surveyed = match surveyor.survey(chosen).await {
            Ok(()) => blame.skipped().await,
            Err(error) => Err(error),
        };
        match surveyed {
            Ok(skipped) => {
                for table in &mut surveyor.found.tables {
                    let own = skipped.iter().find(|one| one.table == table.name);
                    table.skipped = own.map_or(0, |skipped| skipped.rows);
                }
                Ok(surveyor.found)
            }
            Err(error) => Err(blame.told(error).await),
        }
    }
}

/// A survey under way.
struct Surveyor<'e> {
    engine: &'e Engine,
    ir: &'e Arc<Ir>,
    /// Tables with data.
    tables: HashMap<BaseTableId, Prepared>,
    /// Tables with unequal rows of one id.
    conflicting: BTreeSet<BaseTableId>,
    found: Survey,
}

impl<'e> Surveyor<'e> {
    fn new(engine: &'e Engine) -> Self {
        let (tables, conflicting) = (HashMap::new(), BTreeSet::new());
        Surveyor { engine, ir: &engine.ir, tables, conflicting, found: Survey::default() }
    }

    async fn survey(&mut self, chosen: Vec<TableId>) -> Result<(), Error> {
        self.prepare(&chosen).await?;
        let (base, derived): (Vec<TableId>, Vec<TableId>) = chosen.into_iter().partition(|id| self.ir.is_base(*id));
        let mut spans = BTreeMap::new();
        for id in base {
            if let Some(table) = self.base_table(id).await? {
                spans.insert(id, table.span);
                self.found.tables.push(table);
            }
        }
        if !derived.is_empty() {
            self.found.last_time = self.last_time(spans).await?;
        }
        for id in derived {
            if let Some(table) = self.derived_table(id).await? {
                self.found.tables.push(table);
            }
        }
        let order: Vec<&str> = self.definitions().map(|def| def.name.text.as_str()).collect();
        self.found.tables.sort_by_key(|table| order.iter().position(|name| *name == table.name));
        Ok(())
    }

    fn definitions(&self) -> impl Iterator<Item = &'e crate::catalog::model::TableDef> + use<'e> {
        self.engine.project.catalog().into_iter().flat_map(|catalog| &catalog.tables)
    }

    /// These tables and those that they lead to.
    fn all_needed(&self, chosen: &[TableId]) -> BTreeSet<BaseTableId> {
        let mut needed: BTreeSet<BaseTableId> = chosen.iter().flat_map(|id| self.needed(*id)).collect();
        if chosen.iter().any(|id| !self.ir.is_base(*id)) {
            // What derived tables are seen as of depends on all times.
            let timed = (0..self.ir.tables.len() as u32).map(TableId).filter(|id| self.ir.is_base(*id));
            needed.extend(timed.flat_map(|id| self.time_of(id).map(|time| self.needed_for(id, &[time]))).flatten());
        }
        needed
    }

    /// Looks for the data of these tables and of those that they lead to, and at their ids.
    async fn prepare(&mut self, chosen: &[TableId]) -> Result<(), Error> {
        for base in self.all_needed(chosen) {
            let table = self.ir.base_table(base);
            let Some(mut ready) = self.engine.prepared(base) else {
                if self.ir.sql_of(base).is_some() {
                    continue; // which rows it has depends on the instant
                }
                self.found.missing.push(self.engine.missing(&table.name));
                continue;
            };
            match identify(&self.engine.state, &ready.provider, table).await? {
                Ok((identity, unknown_ids)) => (ready.identity, ready.unknown_ids) = (identity, unknown_ids),
                Err(conflict) => {
                    // A lookup finds one of the rows; the table itself is read as it stands.
                    ready.identity = Identity::Repeated;
                    self.conflicting.insert(base);
                    let versioned = table.version.is_some();
                    let said = self.engine.conflicting(&table.name, versioned, &conflict.examples);
                    self.found.conflicts.push(said);
                }
            }
            self.tables.insert(base, ready);
        }
        Ok(())
    }

    fn time_of(&self, id: TableId) -> Option<NodeId> {
        self.ir.base_table(self.ir.table(id).base).time
    }

    /// The kinds of subject that rows of a table name, with their keys.
    fn kinds_of(&self, id: TableId) -> &'e [(SubjectId, Vec<NodeId>)] {
        &self.ir.base_table(self.ir.table(id).base).subjects
    }

    fn needed_for(&self, id: TableId, nodes: &[NodeId]) -> BTreeSet<BaseTableId> {
        needed_by(self.ir, self.ir.table(id).rows, nodes)
    }

    /// What it takes to know whose rows are.
    fn needed_for_kind(&self, id: TableId, kind: SubjectId, keys: &[NodeId]) -> BTreeSet<BaseTableId> {
        let mut needed = self.needed_for(id, keys);
        if self.ir.subject(kind).table.is_some() {
            needed.extend(needed_tables(self.ir, kind, &[]));
        }
        needed
    }

    /// What decides which rows a derived table has, and what is in them.
    fn nodes_of(&self, id: TableId) -> Vec<NodeId> {
        let table = self.ir.table(id);
        let columns = table.columns.iter().map(|(_, node)| *node);
        match self.ir.is_base(id) {
            true => Vec::new(),
            false => columns.chain(table.filter).chain(self.time_of(id)).collect(),
        }
    }

    fn needed(&self, id: TableId) -> BTreeSet<BaseTableId> {
        let mut needed = self.needed_for(id, &self.nodes_of(id));
        needed.extend(self.time_of(id).map(|time| self.needed_for(id, &[time])).into_iter().flatten());
        for (kind, keys) in self.kinds_of(id) {
            needed.extend(self.needed_for_kind(id, *kind, keys));
        }
        needed
    }

    fn at_hand(&self, needed: &BTreeSet<BaseTableId>) -> bool {
        needed.iter().all(|base| self.tables.contains_key(base))
    }

    async fn base_table(&self, id: TableId) -> Result<Option<TableSurvey>, Error> {
        let base = self.ir.table(id).base;
        if !self.at_hand(&self.needed_for(id, &[])) {
            return Ok(None);
        }
        let tables = self.as_it_stands(base);
        let plan = Lowering::new(self.ir, self.calendar(i64::MAX), &tables).whole_rows(base)?;
        let table = self.ir.base_table(base);
        let profile = self.profile(plan, vec![false; table.columns.len()]).await?;
        let asked = self.census_of(id);
        let mut survey = TableSurvey { name: table.name.clone(), rows: profile.rows, ..TableSurvey::default() };
        if asked.time.is_some() || !asked.kinds.is_empty() {
            let census = self.census(&asked, &tables, i64::MAX).await?;
            self.fill(&mut survey, census, &asked);
        }
        survey.columns = self.base_columns(base, &profile)?;
        Ok(Some(survey))
    }

    /// The tables, this one with all its rows even where they contradict each other.
    fn as_it_stands(&self, base: BaseTableId) -> HashMap<BaseTableId, Prepared> {
        let mut tables = self.tables.clone();
        if let Some(own) = tables.get_mut(&base).filter(|_| self.conflicting.contains(&base)) {
            own.identity = Identity::Unique;
        }
        tables
    }

    /// What a census can ask with the data that is there.
    fn census_of(&self, id: TableId) -> CensusOf {
        let kinds = self.kinds_of(id).iter();
        let kinds = kinds.filter(|(kind, keys)| self.at_hand(&self.needed_for_kind(id, *kind, keys)));
        let time = self.time_of(id).filter(|time| self.at_hand(&self.needed_for(id, &[*time])));
        CensusOf { table: id, time, kinds: kinds.cloned().collect() }
    }

    fn fill(&self, survey: &mut TableSurvey, census: Census, asked: &CensusOf) {
        (survey.rows, survey.timeless, survey.span) = (census.rows, census.timeless, census.span);
        let kinds = asked.kinds.iter().zip(census.kinds).map(|((kind, _), (anonymous, orphans))| SubjectSurvey {
            kind: self.ir.subject(*kind).name.clone(),
            anonymous,
            orphans,
        });
        survey.subjects = kinds.collect();
    }

    fn base_columns(&self, base: BaseTableId, profile: &Profile) -> Result<Vec<ColumnSurvey>, Error> {
        let table = self.ir.base_table(base);
        let source = self.engine.definition(&table.name).and_then(|def| match &def.kind {
            TableKind::Source(source) => Some(source),
            TableKind::Derived(_) => None,
        });
        let schema = self.engine.found.schemas.get(&table.name);
        let mut columns = Vec::new();
        let rows = profile.rows;
        for (declared, profile) in table.columns.iter().zip(&profile.columns) {
            let found = schema.and_then(|schema| schema.columns.iter().find(|one| one.name == declared.source_name));
            let types = source.map(|source| source.types.as_slice()).unwrap_or_default();
            let named = ColumnSurvey {
                name: declared.name.clone(),
                source_name: declared.source_name.clone(),
                kind: declared.kind,
                found: found.map(|found| found.ty.to_string()).unwrap_or_default(),
                declared: types.iter().any(|(name, _)| name.text == declared.name),
                ..ColumnSurvey::default()
            };
            columns.push(column::filled(named, profile, rows, self.zone())?);
        }
        Ok(columns)
    }

    /// The last known time of all rows; `spans` are those that are known already.
    async fn last_time(&self, spans: BTreeMap<TableId, Option<(i64, i64)>>) -> Result<Option<i64>, Error> {
        let mut last = spans.values().flatten().map(|(_, last)| *last).max();
        let all = (0..self.ir.tables.len() as u32).map(TableId);
        for id in all.filter(|id| self.ir.is_base(*id) && !spans.contains_key(id)) {
            let asked = CensusOf { kinds: Vec::new(), ..self.census_of(id) };
            if asked.time.is_some() {
                let tables = self.as_it_stands(self.ir.table(id).base);
                let census = self.census(&asked, &tables, i64::MAX).await?;
                last = last.max(census.span.map(|(_, last)| last));
            }
        }
        Ok(last)
    }

    async fn derived_table(&self, id: TableId) -> Result<Option<TableSurvey>, Error> {
        let nodes = self.nodes_of(id);
        let timed = self.ir.leaves(nodes.iter().copied()).order.iter().any(|node| depends_on_now(self.ir.node(*node)));
        if !self.at_hand(&self.needed_for(id, &nodes)) || (timed && self.found.last_time.is_none()) {
            return Ok(None);
        }
        let now = self.found.last_time.unwrap_or(i64::MAX);
        let table = self.ir.table(id);
        let Some(TableKind::Derived(def)) = self.engine.definition(&table.name).map(|def| &def.kind) else {
            return Ok(None);
        };
        let asked = self.census_of(id);
        let census = self.census(&asked, &self.tables, now).await?;
        let mut survey = TableSurvey { name: table.name.clone(), ..TableSurvey::default() };
        survey.from = Some(def.from.text.clone());
        self.fill(&mut survey, census, &asked);
        survey.timeless = 0;
        let keys = def.grouping.iter().flat_map(|grouping| &grouping.keys);
        let own: Vec<&str> = keys.chain(&def.columns).map(|(name, _)| name.text.as_str()).collect();
        let added = table.columns.iter().filter(|(name, _)| own.contains(&name.as_str()));
        let added: Vec<(&str, NodeId)> = added.map(|(name, node)| (name.as_str(), *node)).collect();
        if !added.is_empty() {
            let nodes: Vec<NodeId> = added.iter().map(|(_, node)| *node).collect();
            let plan = Lowering::new(self.ir, self.calendar(now), &self.tables).table_rows(id, &nodes)?;
            let ratios = nodes.iter().map(|node| column::is_ratio(self.ir, *node)).collect();
            let profile = self.profile(plan, ratios).await?;
            for ((name, node), seen) in added.into_iter().zip(&profile.columns) {
                let made = column::made(self.ir, name, node);
                survey.columns.push(column::filled(made, seen, profile.rows, self.zone())?);
            }
        }
        Ok(Some(survey))
    }

    async fn census(
        &self,
        asked: &CensusOf,
        tables: &HashMap<BaseTableId, Prepared>,
        now: i64,
    ) -> Result<Census, Error> {
        let plan = Lowering::new(self.ir, self.calendar(now), tables).census(asked)?;
        Ok(census::take(&self.engine.state, &plan, asked).await?)
    }

    /// Reads a plan's rows on all threads.
    async fn profile(&self, plan: LogicalPlan, ratios: Vec<bool>) -> Result<Profile, Error> {
        // The set stops its readers when it is dropped.
        let mut readers = JoinSet::new();
        for mut stream in run_in_parts(&self.engine.state, &plan).await? {
            let mut profile = Profile::new(ratios.iter().copied());
            readers.spawn(async move {
                while let Some(batch) = stream.next().await {
                    profile.see(&batch?)?;
                }
                Ok::<_, DataFusionError>(profile)
            });
        }
        let mut whole = Profile::new(ratios.iter().copied());
        while let Some(read) = readers.join_next().await {
            whole.merge(read.map_err(|error| DataFusionError::External(Box::new(error)))??);
        }
        Ok(whole)
    }

    fn calendar(&self, now: i64) -> Calendar {
        Calendar::new(self.ir.timezone, self.ir.week_starts, self.ir.windows, now)
    }

    fn zone(&self) -> Tz {
        self.ir.timezone
    }
}

fn depends_on_now(node: &Node) -> bool {
    matches!(node, Node::Now | Node::Today | Node::Ago(_) | Node::Age(_) | Node::Within { .. })
}
