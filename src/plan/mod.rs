//! From the typed [`Ir`] to a logical plan of DataFusion.
//!
//! ```text
//! Compute: members            conditions over features and the subject's columns
//!   Pass                      every feature of every table, and the subject table beside it        see [`pass`], made in [`shared`]
//!     Compute: customers      the subject table's columns that conditions name
//!     Compute: transactions   filters as masks, arguments and the time as columns; rows that do not exist are gone
//!       Join (left)           lookups
//!         Projection          columns in their canonical types
//!           TableScan         pruned by time where that is honest
//! ```
//!
//! The plain lowering ([`Way::Plain`]) has an aggregation by key for each set of rows in the place of the pass, each feature with its
//! FILTER, and joins these to the subject table.
//!
//! What needs rows in order, places and sequences, is made by [`visit`] over sorted rows; a table by grouping is an aggregation
//! in the place of a scan.
//!
//! All expressions of rules are evaluated by the kernel inside [`compute`], each distinct one once per batch; DataFusion
//! scans, prunes, joins, aggregates, spills and parallelises. Every column has a name of its own within a plan, so that
//! joins never clash.

pub(crate) mod compute;
mod counts;
mod evidence;
mod features;
mod frame;
mod groups;
mod identity;
mod meter;
mod order;
mod ordered;
mod pass;
mod prune;
mod queried;
mod rank;
mod rows;
mod sequences;
mod sets;
mod share;
mod shared;
mod spill;
mod still;
mod strata;
mod tally;
mod visit;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::error::Result;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::{ExecutionPlan, execute_stream, execute_stream_partitioned};
use datafusion::physical_planner::{DefaultPhysicalPlanner, PhysicalPlanner};

pub(crate) use crate::ir::{needed_by, needed_tables};
pub(crate) use compute::ComputeExec;
pub(crate) use evidence::EvidenceOf;
pub(crate) use features::form_of;
pub(crate) use identity::{Identity, identify, keys_as_text, repeated_keys};
pub(crate) use meter::Meter;
pub(crate) use pass::RepeatedSubject;
pub(crate) use queried::{queried_columns, ratios};
pub(crate) use rows::survey::CensusOf;
pub(crate) use sequences::{RowsAsked, RowsOfSteps};
pub(crate) use still::StillRows;
pub(crate) use tally::{Faults, Tally};
pub(crate) use visit::RowColumns;

use crate::engine::kernel::calendar::Calendar;
use crate::ir::{BaseTableId, Ir, SegmentId, SubjectId};

/// Optimises, plans and runs a logical plan that may hold [`compute::Compute`] nodes, in any session.
pub(crate) async fn run(state: &SessionState, plan: &LogicalPlan) -> Result<SendableRecordBatchStream> {
    let plan = physical(state, plan).await?;
    execute_stream(plan, state.task_ctx())
}

/// As [`run`], with the plan that runs: its operators count what they do.
pub(crate) async fn run_and_keep(
    state: &SessionState,
    plan: &LogicalPlan,
) -> Result<(SendableRecordBatchStream, Arc<dyn ExecutionPlan>)> {
    let plan = physical(state, plan).await?;
    Ok((execute_stream(Arc::clone(&plan), state.task_ctx())?, plan))
}

/// As [`run`], with a stream for each thread that reads.
pub(crate) async fn run_in_parts(state: &SessionState, plan: &LogicalPlan) -> Result<Vec<SendableRecordBatchStream>> {
    let plan = physical(state, plan).await?;
    execute_stream_partitioned(plan, state.task_ctx())
}

/// The physical plan of a logical plan that may hold [`compute::Compute`] nodes.
pub(crate) async fn physical(state: &SessionState, plan: &LogicalPlan) -> Result<Arc<dyn ExecutionPlan>> {
    let optimized = state.optimize(plan)?;
    let planner = DefaultPhysicalPlanner::with_extension_planners(vec![
        Arc::new(compute::ComputePlanner),
        Arc::new(visit::VisitPlanner),
        Arc::new(rank::RankPlanner),
        Arc::new(pass::PassPlanner),
    ]);
    planner.create_physical_plan(&optimized, state).await
}

/// A base table ready to be read.
#[derive(Clone)]
pub(crate) struct Prepared {
    /// The data.
    pub provider: Arc<dyn TableProvider>,
    /// What is known of its row ids.
    pub identity: Identity,
    /// Some row's id is unknown.
    pub unknown_ids: bool,
}

/// How features are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Way {
    /// By one operator that visits every table once.
    #[default]
    Shared,
    /// By DataFusion's aggregations and joins: slower, and as different as can be.
    Plain,
}

/// What one evaluation asks of a plan.
pub(crate) struct Lowering<'a> {
    way: Way,
    ir: &'a Arc<Ir>,
    calendar: Calendar,
    tables: &'a HashMap<BaseTableId, Prepared>,
    tally: Arc<Tally>,
    faults: Arc<Faults>,
    meter: Option<Arc<Meter>>,
    told_apart: BTreeSet<SubjectId>,
    not_told_apart: BTreeSet<SubjectId>,
    fresh: u32,
}

impl<'a> Lowering<'a> {
    /// Prepares to lower a project as of the calendar's instant.
    pub fn new(ir: &'a Arc<Ir>, calendar: Calendar, tables: &'a HashMap<BaseTableId, Prepared>) -> Self {
        let (tally, faults) = (Arc::default(), Arc::default());
        let (way, meter) = (Way::default(), None);
        let (told_apart, not_told_apart) = (BTreeSet::new(), BTreeSet::new());
        Lowering { way, ir, calendar, tables, tally, faults, meter, told_apart, not_told_apart, fresh: 0 }
    }

    /// Notes what things cost while the plan runs.
    pub fn metered(mut self, meter: Option<Arc<Meter>>) -> Self {
        self.meter = meter;
        self
    }

    /// Lowers in another way.
    pub fn by(mut self, way: Way) -> Self {
        self.way = way;
        self
    }

    /// The kinds of subject of which a plan itself notices somewhere if two rows have one key ([`RepeatedSubject`]).
    pub fn told_apart(&self) -> &BTreeSet<SubjectId> {
        &self.told_apart
    }

    /// The kinds of subject whose rows are read somewhere without that being noticed.
    pub fn not_told_apart(&self) -> &BTreeSet<SubjectId> {
        &self.not_told_apart
    }

    /// What is counted beside the members while the plan runs.
    pub fn tally(&self) -> Arc<Tally> {
        Arc::clone(&self.tally)
    }

    /// The features with a value that does not fit, known when the plan has run.
    pub fn faults(&self) -> Arc<Faults> {
        Arc::clone(&self.faults)
    }

    /// The plan for segments of one kind of subject: its key columns, then one non-null boolean per segment, in order.
    pub fn members(&mut self, subject: SubjectId, segments: &[SegmentId]) -> Result<LogicalPlan> {
        self.member_frame(subject, segments)
    }

    /// A column name that nothing else in the plan has.
    fn name(&mut self, hint: &str) -> String {
        self.fresh += 1;
        format!("{hint}_{}", self.fresh)
    }
}
