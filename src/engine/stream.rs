//! Results as Arrow.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::arrow::compute::{concat_batches, filter_record_batch};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::StreamExt;

use super::blame::Blame;
use super::profile::{Metered, Profile};
use super::report::{
    CopyReport, KindReport, MissingKeys, NoAnswer, PartitionReport, Report, SegmentReport, Skipped, TableReport,
};
use super::written;
use crate::ir::{Ir, NodeId, PartitionForm, PartitionId, SegmentId, SubjectId, Value};
use crate::plan::{Faults, Tally};

/// So many keys that nobody has are shown.
const MISSING_SHOWN: usize = 3;

/// The answer to a query: a stream for each kind of subject that its segments are about.
pub struct Members {
    /// In the order of the catalogue.
    pub kinds: Vec<MembersOfKind>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) copies: Vec<CopyReport>,
}

impl Members {
    /// What was counted so far; whole when the streams have ended.
    pub fn report(&self) -> Report {
        let kinds = self.kinds.iter().map(MembersOfKind::report).collect();
        let tables = self.kinds.iter().flat_map(MembersOfKind::tables).collect();
        Report { kinds, tables, skipped: self.skipped.clone(), copies: self.copies.clone() }
    }

    /// What was spent so far, whole when the streams have ended; none: nobody asked for it ([`crate::Query::profiled`]).
    pub fn profile(&self) -> Option<Profile> {
        let of_kind = |kind: &MembersOfKind| {
            let costs = kind.costs.as_ref()?;
            Some(costs.profile(&kind.blame.project, &kind.ir, &kind.segments))
        };
        self.kinds.iter().filter_map(of_kind).reduce(Profile::and)
    }
}

/// The members of segments of one kind of subject, as a stream of batches: the subject's key columns, then one boolean
/// column without nulls for each segment, in file order. Every subject comes once, in no order.
///
/// A number that does not fit is known for sure only at the end: [`MembersOfKind::report`] then says which segments have
/// no answer, and their columns are to be thrown away.
pub struct MembersOfKind {
    ir: Arc<Ir>,
    blame: Blame,
    subject: SubjectId,
    segments: Vec<SegmentId>,
    counts: Vec<u64>,
    stream: SendableRecordBatchStream,
    tally: Arc<Tally>,
    faults: Arc<Faults>,
    costs: Option<Metered>,
}

impl MembersOfKind {
    pub(super) fn new(
        blame: Blame,
        subject: SubjectId,
        segments: Vec<SegmentId>,
        stream: SendableRecordBatchStream,
        (tally, faults): (Arc<Tally>, Arc<Faults>),
        costs: Option<Metered>,
    ) -> Self {
        let counts = vec![0; segments.len()];
        MembersOfKind { ir: Arc::clone(&blame.ir), blame, subject, segments, counts, stream, tally, faults, costs }
    }

    /// The kind of subject and the segments, in the order of their columns.
    pub(super) fn asked(&self) -> (SubjectId, &[SegmentId]) {
        (self.subject, &self.segments)
    }

    /// What tells an error with its place.
    pub(super) fn blame(&self) -> &Blame {
        &self.blame
    }

    /// The kind of subject.
    pub fn subject(&self) -> &str {
        &self.ir.subject(self.subject).name
    }

    /// The names of the key columns.
    pub fn keys(&self) -> &[String] {
        &self.ir.subject(self.subject).key_names
    }

    /// The names of the segments, in the order of their columns.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().map(|segment| self.ir.segment(*segment).name.as_str())
    }

    /// The columns of a batch.
    pub fn schema(&self) -> SchemaRef {
        self.stream.schema()
    }

    /// The next batch, and none at the end.
    ///
    /// # Errors
    /// The data cannot be read, or memory ran out.
    pub async fn next(&mut self) -> Option<Result<RecordBatch, super::Error>> {
        let batch = match self.stream.next().await? {
            Ok(batch) => batch,
            Err(error) => return Some(Err(self.blame.told(error.into()).await)),
        };
        let keys = self.keys().len();
        for (at, count) in self.counts.iter_mut().enumerate() {
            *count += batch.column(keys + at).as_boolean().true_count() as u64;
        }
        Some(Ok(batch))
    }

    /// Reads to the end and keeps nothing but counts.
    ///
    /// # Errors
    /// As [`MembersOfKind::next`].
    pub async fn drain(&mut self) -> Result<(), super::Error> {
        while let Some(batch) = self.next().await {
            batch?;
        }
        Ok(())
    }

    /// The members as rows: a text column `segment`, then the key columns; one row for each segment a subject is in.
    /// Within a batch, rows stand by segment in file order.
    pub fn into_rows(self) -> SendableRecordBatchStream {
        let names: Vec<String> = self.segments().map(str::to_owned).collect();
        let keys = self.keys().len();
        let fields = self.schema().fields().iter().take(keys).cloned().collect::<Vec<_>>();
        let segment = Arc::new(Field::new("segment", DataType::Utf8, false));
        let schema = Arc::new(Schema::new(std::iter::once(segment).chain(fields).collect::<Vec<_>>()));
        let out = Arc::clone(&schema);
        let rows = self.stream.map(move |batch| unpivot(&batch?, &names, keys, &schema));
        Box::pin(RecordBatchStreamAdapter::new(out, rows))
    }

    /// Counts so far: whole when the stream has ended.
    pub fn report(&self) -> KindReport {
        let faults = self.faults.found();
        let segments = self.segments.iter().zip(&self.counts).map(|(id, count)| {
            let segment = self.ir.segment(*id);
            let without = if faults.is_empty() { None } else { unanswered(&self.ir, segment.condition, &faults) };
            SegmentReport {
                name: segment.name.clone(),
                label: segment.label.clone(),
                within: segment.within.map(|parent| self.ir.segment(parent).name.clone()),
                part_of: segment.part_of.map(|partition| self.ir.partition(partition).name.clone()),
                members: without.map_or(Ok(*count), Err),
            }
        });
        let segments = segments.collect();
        let asked: BTreeSet<PartitionId> = self.segments.iter().filter_map(|id| self.ir.segment(*id).part_of).collect();
        let divides = |id: &PartitionId| !matches!(self.ir.partition(*id).form, PartitionForm::Split);
        let partitions = asked.into_iter().filter(divides).map(|id| {
            let partition = self.ir.partition(id);
            PartitionReport {
                name: partition.name.clone(),
                label: partition.label.clone(),
                within: partition.within.map(|parent| self.ir.segment(parent).name.clone()),
            }
        });
        let partitions = partitions.collect();
        let mut strays = self.tally.strays();
        strays.retain(|_, count| *count > 0);
        KindReport {
            subject: self.subject().to_owned(),
            subjects: self.tally.subjects(),
            segments,
            partitions,
            missing_keys: self.missing_keys(),
            strays,
        }
    }

    /// Keys of lists that no subject has.
    fn missing_keys(&self) -> Vec<MissingKeys> {
        let missing = self.tally.lists().into_iter().map(|(id, met)| {
            let list = self.ir.list(id);
            let examples = met.missed().take(MISSING_SHOWN).filter_map(|at| list.rows.row(at));
            let key = |row: Vec<Value>| row.iter().map(written::value).collect::<Vec<_>>().join(", ");
            MissingKeys {
                file: list.file.clone(),
                keys: list.rows.len() as u64,
                missing: met.missed().count() as u64,
                examples: examples.map(key).collect(),
            }
        });
        missing.filter(|missing| missing.missing > 0).collect()
    }

    /// Rows of the tables read that belong to nobody, so far.
    pub fn tables(&self) -> Vec<TableReport> {
        let tables = self.tally.tables().into_iter().map(|(base, amounts)| TableReport {
            table: self.ir.base_table(base).name.clone(),
            subject: self.subject().to_owned(),
            rows: amounts.rows,
            anonymous: amounts.anonymous,
            orphans: amounts.orphans,
            timeless: amounts.timeless,
            amounts: amounts.sums,
        });
        tables.collect()
    }
}

fn unpivot(
    batch: &RecordBatch,
    names: &[String],
    keys: usize,
    schema: &SchemaRef,
) -> Result<RecordBatch, DataFusionError> {
    let mut parts = Vec::new();
    let key_columns: Vec<usize> = (0..keys).collect();
    let narrow = batch.project(&key_columns)?;
    for (at, name) in names.iter().enumerate() {
        let members = filter_record_batch(&narrow, batch.column(keys + at).as_boolean())?;
        let segment: ArrayRef = Arc::new(StringArray::from(vec![name.as_str(); members.num_rows()]));
        let columns = std::iter::once(segment).chain(members.columns().iter().cloned()).collect();
        parts.push(RecordBatch::try_new(Arc::clone(schema), columns)?);
    }
    Ok(concat_batches(schema, &parts)?)
}

/// Why a condition has no answer: it rests on a value that there is none of, directly or through what its rows ask of
/// subjects.
pub(super) fn unanswered(ir: &Ir, condition: NodeId, faults: &BTreeMap<NodeId, NoAnswer>) -> Option<NoAnswer> {
    let mut seen: BTreeSet<NodeId> = BTreeSet::new();
    let mut pending = vec![condition];
    while !pending.is_empty() {
        for leaf in ir.leaves(std::mem::take(&mut pending)).inputs {
            if !seen.insert(leaf) {
                continue;
            }
            if let Some(fault) = faults.get(&leaf) {
                return Some(*fault);
            }
            pending.extend(ir.behind(leaf));
        }
    }
    None
}
