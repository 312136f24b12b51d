//! Opening a project: its sources are found, it is checked against their columns.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::execution::context::{SessionContext, SessionState};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::SessionConfig;

use super::blame::Blame;
use super::source::{Found, RowFault, look};
use super::{AsOf, Error, Query};
use crate::diagnostic::Diagnostic;
use crate::ir::{BaseTableId, Ir, SegmentId};
use crate::plan::Prepared;
use crate::project::Project;

/// Files from this size on are read by several threads at once.
const SPLIT_FILES_FROM: usize = 1 << 20;

/// What an engine is opened with.
pub struct EngineBuilder {
    project: Project,
    context: Option<SessionContext>,
    tables: HashMap<String, Arc<dyn TableProvider>>,
    without_data: bool,
    memory: Option<usize>,
}

impl EngineBuilder {
    /// Keeps to so many bytes for rows that wait and for what is counted of subjects; what has no room goes to disk. Reading files
    /// takes some more beside it. A session that is given ([`EngineBuilder::context`]) has a limit of its own, and this does nothing.
    pub fn memory_limit(mut self, bytes: usize) -> Self {
        self.memory = Some(bytes);
        self
    }

    /// Runs in an existing session: its tables stand for catalogue tables of the same name that have no `source:`, and
    /// its memory limit, threads and object stores are used.
    pub fn context(mut self, context: SessionContext) -> Self {
        self.context = Some(context);
        self
    }

    /// Hands over the data of a catalogue table; its `source:`, if it has one, is not looked at.
    pub fn table(mut self, name: impl Into<String>, provider: Arc<dyn TableProvider>) -> Self {
        self.tables.insert(name.into(), provider);
        self
    }

    /// Looks for no data: what a catalogue declares is all that is known of its columns. That is enough for tests
    /// ([`Engine::run_tests`]), wherever the data is; every other question will miss its rows.
    pub fn without_data(mut self) -> Self {
        self.without_data = true;
        self
    }

    /// Finds the sources and checks the project against them.
    ///
    /// # Errors
    /// [`Error::Check`] with every diagnostic if the project has an error. Data that is missing is an error only when a
    /// query needs it.
    pub async fn open(self) -> Result<Engine, Error> {
        let context = match self.context {
            Some(context) => context,
            None => session(self.memory)?,
        };
        let mut found = match self.without_data {
            true => Found::default(),
            false => look(&self.project, &context, &self.tables).await,
        };
        let checked = found.check(&self.project, &context).await;
        let mut diagnostics = found.behind(&self.project, checked.diagnostics);
        diagnostics.sort_by_key(|diagnostic| diagnostic.primary.span);
        let Some(ir) = checked.ir.filter(|_| found.broken.is_empty()) else {
            return Err(Error::Check { diagnostics });
        };
        found.bind(&ir);
        found.look_for_copies(&self.project, &context).await;
        let (project, ir, found) = (Arc::new(self.project), Arc::new(ir), Arc::new(found));
        Ok(Engine { project, ir, state: context.state(), found, diagnostics })
    }
}

/// A session of Kohort's own.
fn session(memory: Option<usize>) -> Result<SessionContext, Error> {
    let mut config = SessionConfig::new();
    config.options_mut().optimizer.repartition_file_min_size = SPLIT_FILES_FROM;
    let environment = match memory {
        Some(bytes) => {
            // What each sort sets aside to merge what it has written to disk: four or so at a time should leave room.
            let aside = &mut config.options_mut().execution.sort_spill_reservation_bytes;
            *aside = (*aside).min(bytes / 16);
            RuntimeEnvBuilder::new().with_memory_limit(bytes, 1.0)
        }
        None => RuntimeEnvBuilder::new(),
    };
    Ok(SessionContext::new_with_config_rt(config, environment.build_arc()?))
}

/// A checked project with its data at hand.
pub struct Engine {
    pub(super) project: Arc<Project>,
    pub(super) ir: Arc<Ir>,
    pub(super) state: SessionState,
    pub(super) found: Arc<Found>,
    diagnostics: Vec<Diagnostic>,
}

impl Engine {
    /// Starts to open a project.
    pub fn builder(project: Project) -> EngineBuilder {
        EngineBuilder { project, context: None, tables: HashMap::new(), without_data: false, memory: None }
    }

    /// Opens a project with the sources that its catalogue names.
    ///
    /// # Errors
    /// As [`EngineBuilder::open`].
    pub async fn open(project: Project) -> Result<Self, Error> {
        Engine::builder(project).open().await
    }

    /// The project.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// Warnings and notes of the check.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The names of all segments, in file order.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.ir.segments.iter().map(|segment| segment.name.as_str())
    }

    /// Asks as of an instant about all segments; [`Query::segments`] chooses some.
    pub fn query(&self, as_of: AsOf) -> Query<'_> {
        let all = (0..self.ir.segments.len() as u32).map(SegmentId).collect();
        Query::new(self, as_of, all)
    }

    /// Reads an instant as the project's catalogue understands it: see [`AsOf::parse`].
    ///
    /// # Errors
    /// The text is no instant.
    pub fn as_of(&self, text: &str) -> Result<AsOf, Error> {
        Ok(AsOf::parse(text, self.ir.timezone)?)
    }

    /// The project's time zone.
    pub fn timezone(&self) -> chrono_tz::Tz {
        self.ir.timezone
    }

    /// Reads a whole table and hands over what is wrong with its rows, in the order of files and rows: for each row all
    /// that is wrong with it. Every column that the language can use is tried.
    ///
    /// # Errors
    /// There is no such table, or it has no data.
    pub async fn inspect(&self, table: &str, found: impl FnMut(&[RowFault]) + Send + 'static) -> Result<(), Error> {
        let base = self.ir.base_tables.iter().find(|base| base.name == table);
        match base.filter(|base| self.found.provider(base).is_some()) {
            Some(base) => {
                self.found.inspect(&self.state, base, true, found).await;
                Ok(())
            }
            None => Err(Error::NoData { table: table.to_owned() }),
        }
    }

    /// The checked project over other data: these tables alone, each with the columns of its source in the types that the
    /// catalogue has for them. Nothing is checked or looked for again.
    pub(super) fn over(&self, state: SessionState, tables: HashMap<String, Arc<dyn TableProvider>>) -> Engine {
        let found = Arc::new(Found::given(tables));
        let (project, ir) = (Arc::clone(&self.project), Arc::clone(&self.ir));
        Engine { project, ir, state, found, diagnostics: Vec::new() }
    }

    pub(super) fn prepared(&self, base: BaseTableId) -> Option<Prepared> {
        let provider = self.found.provider(self.ir.base_table(base))?;
        Some(Prepared { provider, identity: crate::plan::Identity::Unique, unknown_ids: true })
    }

    /// An engine of the same parts.
    pub(super) fn of_blame(blame: &Blame) -> Engine {
        let Blame { project, ir, state, found, .. } = blame.clone();
        Engine { project, ir, state, found, diagnostics: Vec::new() }
    }

    /// Who finds out what is wrong with the data of these tables when reading them fails.
    pub(super) fn blame(&self, tables: impl IntoIterator<Item = BaseTableId>) -> Blame {
        Blame {
            asked: None,
            project: Arc::clone(&self.project),
            ir: Arc::clone(&self.ir),
            state: self.state.clone(),
            found: Arc::clone(&self.found),
            tables: tables.into_iter().collect(),
        }
    }
}
