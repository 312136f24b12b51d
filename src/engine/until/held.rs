//! Rows of subjects in memory, each subject's together and in order of time.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, UInt32Array};
use datafusion::arrow::compute::{concat_batches, take};
use datafusion::arrow::datatypes::TimestampMicrosecondType;
use datafusion::arrow::row::{OwnedRow, RowConverter, SortField};
use datafusion::error::DataFusionError;
use futures::TryStreamExt;

use super::Error;
use super::owners::Asks;
use crate::engine::kernel::calendar::Bounds;
use crate::ir::{FeatureId, NodeId};
use crate::plan::{StillRows, run};

/// Who the subjects are, by key.
pub(super) struct Subjects {
    converter: RowConverter,
    positions: HashMap<OwnedRow, u32>,
}

impl Subjects {
    /// Subjects with these keys, a row for each.
    pub fn new(keys: &[ArrayRef]) -> Result<Self, Error> {
        let fields = keys.iter().map(|key| SortField::new(key.data_type().clone())).collect();
        let converter = RowConverter::new(fields).map_err(DataFusionError::from)?;
        let rows = converter.convert_columns(keys).map_err(DataFusionError::from)?;
        let positions = rows.iter().enumerate().map(|(at, row)| (row.owned(), at as u32)).collect();
        Ok(Subjects { converter, positions })
    }

    /// For each row of key columns whose it is; none: nobody's.
    pub fn of(&self, keys: &[ArrayRef]) -> Result<Vec<Option<u32>>, Error> {
        let rows = self.converter.convert_columns(keys).map_err(DataFusionError::from)?;
        Ok(rows.iter().map(|row| self.positions.get(&row.owned()).copied()).collect())
    }

    pub fn len(&self) -> usize {
        self.positions.len()
    }
}

/// Rows of one set.
pub(super) struct HeldRows {
    /// Where each subject's rows begin, and where the last one's end.
    starts: Vec<usize>,
    /// When each happened; of a timeless table at no time.
    times: Vec<i64>,
    pub features: Vec<HeldFeature>,
}

/// What a feature takes of rows.
pub(super) struct HeldFeature {
    pub feature: FeatureId,
    mask: Option<BooleanArray>,
    /// Of what moves, what stands still of it, and whose a row is of whom something is asked.
    pub parts: BTreeMap<NodeId, ArrayRef>,
    /// What its state takes: the argument, unless it moves, and row order, if that matters.
    pub arguments: Vec<ArrayRef>,
}

impl HeldFeature {
    /// Whether a row passes the feature's filter, if that stands still.
    pub fn passes(&self, row: usize) -> bool {
        self.mask.as_ref().is_none_or(|mask| mask.is_valid(row) && mask.value(row))
    }
}

impl HeldRows {
    /// Reads rows, and keeps those of subjects.
    pub async fn read(
        state: &datafusion::execution::context::SessionState,
        rows: StillRows,
        subjects: &Subjects,
        asks: Asks<'_>,
    ) -> Result<Self, Error> {
        let stream = run(state, &rows.plan).await?;
        let schema = stream.schema();
        let batches: Vec<RecordBatch> = stream.try_collect().await?;
        let all = concat_batches(&schema, &batches).map_err(DataFusionError::from)?;
        let column = |name: &String| {
            let missing = || DataFusionError::Internal(format!("the rows have no column `{name}`"));
            Ok::<_, Error>(Arc::clone(all.column_by_name(name).ok_or_else(missing)?))
        };
        let keys = rows.keys.iter().map(column).collect::<Result<Vec<_>, _>>()?;
        let owners = subjects.of(&keys)?;
        let times = rows.time.as_ref().map(column).transpose()?;
        let times = times.as_ref().map(|times| times.as_primitive::<TimestampMicrosecondType>());
        let time = |row: usize| times.map_or(i64::MIN, |times| times.value(row));
        let mut order: Vec<(u32, i64, u32)> = owners
            .iter()
            .enumerate()
            .filter_map(|(row, owner)| owner.map(|owner| (owner, time(row), row as u32)))
            .collect();
        order.sort_unstable();
        let mut starts = vec![0; subjects.len() + 1];
        for (owner, ..) in &order {
            starts[*owner as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let places = UInt32Array::from_iter_values(order.iter().map(|(.., row)| *row));
        let sorted =
            |name: &String| Ok::<_, Error>(take(&column(name)?, &places, None).map_err(DataFusionError::from)?);
        let features = rows.features.iter().map(|feature| {
            let mask = feature.mask.as_ref().map(sorted).transpose()?;
            let parts = feature.parts.iter().map(|(node, name)| Ok((*node, sorted(name)?)));
            let mut parts = parts.collect::<Result<BTreeMap<_, _>, Error>>()?;
            asks.add_whose(&mut parts)?;
            Ok(HeldFeature {
                feature: feature.feature,
                mask: mask.map(|mask| mask.as_boolean().clone()),
                parts,
                arguments: feature.arguments.iter().map(sorted).collect::<Result<_, Error>>()?,
            })
        });
        let features = features.collect::<Result<_, Error>>()?;
        Ok(HeldRows { starts, times: order.into_iter().map(|(_, time, _)| time).collect(), features })
    }

    /// A feature that is made of these rows.
    pub fn feature(&self, id: FeatureId) -> Option<&HeldFeature> {
        self.features.iter().find(|held| held.feature == id)
    }

    /// The rows of a subject.
    pub fn of(&self, subject: usize) -> Range<usize> {
        let at = |at: usize| self.starts.get(at).copied().unwrap_or(self.times.len());
        at(subject)..at(subject + 1)
    }

    /// The rows of a subject within bounds; all without.
    pub fn within(&self, subject: usize, bounds: Option<Bounds>) -> Range<usize> {
        let all = self.of(subject);
        let Some(bounds) = bounds else { return all };
        let times = self.times.get(all.clone()).unwrap_or_default();
        let first = times.partition_point(|time| *time <= bounds.after);
        let last = times.partition_point(|time| *time <= bounds.until);
        all.start + first..all.start + last.max(first)
    }

    /// When a row happened.
    pub fn time(&self, row: usize) -> i64 {
        self.times.get(row).copied().unwrap_or(i64::MIN)
    }
}
