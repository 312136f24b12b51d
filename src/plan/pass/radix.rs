//! Rows put together by parts of the keys.

use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, BooleanArray, RecordBatch, UInt32Array};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::compute::{concat_batches, take};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::Result;
use datafusion::common::hash_utils::{RandomState, create_hashes};

use super::ranges::Ranges;

/// Into so many parts keys are scattered at a time.
pub(super) const PARTS: usize = 1 << BITS;
const BITS: u32 = 8;

/// So many rows are scattered together: many to a part, and few enough to stay near the processor.
pub(super) const TOGETHER: usize = 1 << 16;

/// Another seed than those of DataFusion's own hash tables and repartitioning.
const SEED: u64 = 0x6b6f_686f_7274_2e70;

/// Rows in order of their part.
pub(super) struct Chunk {
    rows: RecordBatch,
    /// Where each part begins, and the end.
    starts: Vec<u32>,
}

impl Chunk {
    /// Scatters rows by their keys, which are their first columns.
    pub fn new(schema: &SchemaRef, batches: &[RecordBatch], placing: &Placing) -> Result<Self> {
        let rows = compact(concat_batches(schema, batches)?)?;
        let parts = placing.parts(&rows)?;
        let mut starts = vec![0_u32; PARTS + 1];
        for part in &parts {
            starts[usize::from(*part) + 1] += 1;
        }
        for at in 0..PARTS {
            starts[at + 1] += starts[at];
        }
        let mut next: Vec<u32> = starts.clone();
        let mut order = vec![0_u32; parts.len()];
        for (row, part) in parts.iter().enumerate() {
            let place = &mut next[usize::from(*part)];
            order[*place as usize] = row as u32;
            *place += 1;
        }
        let order = UInt32Array::from(order);
        let columns = rows.columns().iter().map(|column| take(column, &order, None)).collect::<Result<Vec<_>, _>>()?;
        Ok(Chunk { rows: RecordBatch::try_new(rows.schema(), columns)?, starts })
    }

    /// The rows of some parts.
    pub fn rows(&self, parts: Range<usize>) -> RecordBatch {
        let (from, to) = (self.starts[parts.start] as usize, self.starts[parts.end] as usize);
        self.rows.slice(from, to - from)
    }

    /// How many rows some parts have.
    pub fn count(&self, parts: Range<usize>) -> usize {
        (self.starts[parts.end] - self.starts[parts.start]) as usize
    }

    /// Bytes held.
    pub fn size(&self) -> usize {
        self.rows.get_array_memory_size() + self.starts.capacity() * size_of::<u32>()
    }

    /// The rows that some chunks have in some parts, many at a time.
    pub fn pieces<'a>(
        chunks: Vec<&'a Chunk>,
        schema: SchemaRef,
        parts: Range<usize>,
    ) -> impl Iterator<Item = Result<RecordBatch>> + Send + 'a {
        let mut chunks =
            chunks.into_iter().map(move |chunk| chunk.rows(parts.clone())).filter(|rows| rows.num_rows() > 0);
        std::iter::from_fn(move || {
            let mut together = Vec::new();
            let mut count = 0;
            while count < TOGETHER {
                let Some(rows) = chunks.next() else { break };
                count += rows.num_rows();
                together.push(rows);
            }
            match together.as_slice() {
                [] => None,
                [only] => Some(Ok(only.clone())),
                several => Some(concat_batches(&schema, several).map_err(Into::into)),
            }
        })
    }
}

/// Which part a key belongs to. Every part is a number of a byte.
pub(super) enum Placing {
    /// By a hash of so many key columns.
    Hash(usize),
    /// By the first of them, which lies in a range.
    Ranges(Arc<Ranges>),
}

impl Placing {
    /// The part of each row.
    pub fn parts(&self, rows: &RecordBatch) -> Result<Vec<u8>> {
        match self {
            Placing::Hash(keys) => {
                let mut hashes = vec![0; rows.num_rows()];
                create_hashes(rows.columns().iter().take(*keys), &RandomState::with_seed(SEED), &mut hashes)?;
                // By the highest bits, so that parts that stand together are a larger part.
                Ok(hashes.iter().map(|hash| (hash >> (u64::BITS - BITS)) as u8).collect())
            }
            Placing::Ranges(ranges) => ranges.parts(rows.column(0)),
        }
    }

    /// Which rows are in some parts.
    pub fn are_in(&self, parts: &Range<usize>, rows: &RecordBatch) -> Result<BooleanArray> {
        let of_rows = self.parts(rows)?;
        Ok(BooleanBuffer::collect_bool(of_rows.len(), |row| parts.contains(&usize::from(of_rows[row]))).into())
    }
}

/// Texts in buffers of their own: those of a scan would keep whole pages alive.
pub(super) fn compact(rows: RecordBatch) -> Result<RecordBatch> {
    if !rows.schema().fields().iter().any(|field| *field.data_type() == DataType::Utf8View) {
        return Ok(rows);
    }
    let schema = rows.schema();
    let columns = rows.columns().iter().map(|column| match column.as_string_view_opt() {
        Some(texts) => Arc::new(texts.gc()) as ArrayRef,
        None => ArrayRef::clone(column),
    });
    Ok(RecordBatch::try_new(schema, columns.collect())?)
}
