//! Finds a child that can be read range by range, and has its files read so.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef};
use datafusion::arrow::compute::{cast, concat};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::catalog::Session;
use datafusion::common::Result;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::metadata::DFParquetMetadata;
use datafusion::datasource::physical_plan::parquet::{ParquetAccessPlan, RowGroupAccess};
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfig, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::memory_pool::MemoryLimit;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use datafusion::parquet::file::metadata::ParquetMetaData;
use datafusion::physical_expr::expressions::{CastExpr, Column};
use datafusion::physical_expr::{Partitioning, PhysicalExpr};
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::{ExecutionPlan, replace_children_if_necessary};

use super::{Grouped, Ranges, RowGroups, is_ordered};
use crate::plan::compute::ComputeExec;
use crate::plan::pass::Passing;

/// A range may have so many rows: what is kept of its subjects would not be near the processor otherwise.
const MOST_ROWS: usize = 1 << 20;

/// The children, one of which is read range by range if its files are in the order of the key. It is the one with the most rows.
///
/// # Errors
/// What the files say of themselves cannot be read any more.
pub(in crate::plan::pass) async fn in_ranges(
    inputs: &[Arc<dyn ExecutionPlan>],
    passing: &Passing,
    session: &dyn Session,
) -> Result<(Vec<Arc<dyn ExecutionPlan>>, Option<Arc<Ranges>>)> {
    let mut found: Option<(usize, Traced<'_>, Files, Grouped)> = None;
    for (child, input) in inputs.iter().enumerate().skip(usize::from(passing.found.is_some())) {
        let Some(traced) = trace(input, 0) else { continue };
        let Some((files, row_groups)) = traced.files(session).await? else { continue };
        if found.as_ref().is_some_and(|(.., best, _)| best.rows >= files.rows) {
            continue;
        }
        let grouped = row_groups.grouped()?;
        if is_worthwhile(&grouped, files.rows, passing, session) {
            found = Some((child, traced, files, grouped));
        }
    }
    let mut inputs = inputs.to_vec();
    let Some((child, traced, files, grouped)) = found else { return Ok((inputs, None)) };
    let scan = traced.over(&files.groups(&grouped));
    inputs[child] = with_scan(&inputs[child], &scan)?;
    Ok((inputs, Some(grouped.ranges(child))))
}

/// Threads should have enough to share, and what is kept of a range's subjects must have room.
fn is_worthwhile(grouped: &Grouped, rows: usize, passing: &Passing, session: &dyn Session) -> bool {
    let threads = session.config().target_partitions();
    // A subject has one row at least.
    let bytes = grouped.most.saturating_mul(passing.bytes_of_subject()).saturating_mul(threads);
    let fits = match session.runtime_env().memory_pool.memory_limit() {
        MemoryLimit::Finite(limit) => bytes <= limit / 2,
        _ => true,
    };
    let balanced = grouped.ranges.len() >= 2 * threads && grouped.most <= (rows / threads.max(1)).min(MOST_ROWS);
    balanced && fits
}

/// A column of a child, followed down to the files it is read from.
struct Traced<'p> {
    config: &'p FileScanConfig,
    /// What files call it.
    name: String,
    /// The types it is cast to on its way up.
    casts: Vec<DataType>,
}

/// Follows a column through operators that give every row of a partition in its place, or leave it out.
fn trace(plan: &Arc<dyn ExecutionPlan>, column: usize) -> Option<Traced<'_>> {
    if let Some(scan) = plan.downcast_ref::<DataSourceExec>() {
        let (config, _) = scan.downcast_to_file_source::<ParquetSource>()?;
        let name = scan.schema().fields().get(column)?.name().clone();
        return Some(Traced { config, name, casts: Vec::new() });
    }
    if let Some(filter) = plan.downcast_ref::<FilterExec>() {
        let column = match filter.projection() {
            Some(projection) => *projection.get(column)?,
            None => column,
        };
        return trace(filter.input(), column);
    }
    if let Some(compute) = plan.downcast_ref::<ComputeExec>() {
        return trace(compute.input(), compute.passed(column)?);
    }
    let projection = plan.downcast_ref::<ProjectionExec>()?;
    let mut expr: &dyn PhysicalExpr = projection.expr().get(column)?.expr.as_ref();
    let mut casts = Vec::new();
    while let Some(cast) = expr.downcast_ref::<CastExpr>() {
        casts.push(cast.cast_type().clone());
        expr = cast.expr().as_ref();
    }
    let mut traced = trace(projection.input(), expr.downcast_ref::<Column>()?.index())?;
    traced.casts.extend(casts.into_iter().rev());
    Some(traced)
}

/// The same operators over another scan.
fn with_scan(plan: &Arc<dyn ExecutionPlan>, scan: &Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    match plan.children().first() {
        None => Ok(Arc::clone(scan)),
        Some(child) => replace_children_if_necessary(Arc::clone(plan), vec![with_scan(child, scan)?]),
    }
}

/// The row groups of some files.
struct Files {
    files: Vec<(PartitionedFile, usize)>,
    /// The file of each row group, and its place in it.
    places: Vec<(usize, usize)>,
    rows: usize,
}

impl Traced<'_> {
    /// The files and what their row groups say of the column; none: they do not say it, or files are elsewhere, where each range would
    /// be waited for.
    async fn files(&self, session: &dyn Session) -> Result<Option<(Files, RowGroups)>> {
        if self.config.object_store_url != ObjectStoreUrl::local_filesystem() {
            return Ok(None);
        }
        let store = session.runtime_env().object_store(&self.config.object_store_url)?;
        let cache = session.runtime_env().cache_manager.get_file_metadata_cache();
        let schema = self.config.file_schema();
        let mut files = Files { files: Vec::new(), places: Vec::new(), rows: 0 };
        let (mut least, mut greatest, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        for file in self.config.file_groups.iter().flat_map(FileGroup::iter) {
            if file.range.is_some() || file.extension::<ParquetAccessPlan>().is_some() {
                return Ok(None);
            }
            let metadata = DFParquetMetadata::new(store.as_ref(), &file.object_meta)
                .with_file_metadata_cache(Some(Arc::clone(&cache)))
                .fetch_metadata()
                .await?;
            let Some((from, to)) = self.said(&metadata, schema)? else { return Ok(None) };
            least.push(from);
            greatest.push(to);
            files.places.extend((0..metadata.num_row_groups()).map(|group| (files.files.len(), group)));
            rows.extend(metadata.row_groups().iter().map(|group| group.num_rows() as usize));
            files.files.push((file.clone(), metadata.num_row_groups()));
        }
        files.rows = rows.iter().sum();
        let together = |parts: &[ArrayRef]| concat(&parts.iter().map(|part| part.as_ref()).collect::<Vec<_>>());
        if least.is_empty() {
            return Ok(None);
        }
        let row_groups = RowGroups { least: together(&least)?, greatest: together(&greatest)?, rows };
        Ok(Some((files, row_groups)))
    }

    /// The least and the greatest value of every row group, in the type that the column has in the end.
    fn said(&self, metadata: &ParquetMetaData, schema: &SchemaRef) -> Result<Option<(ArrayRef, ArrayRef)>> {
        let Ok(field) = schema.field_with_name(&self.name) else { return Ok(None) };
        let types: Vec<&DataType> = std::iter::once(field.data_type()).chain(&self.casts).collect();
        let texts = types.iter().filter(|of| matches!(of, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View));
        let dates = types.iter().filter(|of| matches!(of, DataType::Date32));
        // A number does not stand where its text does.
        let alike = [0, types.len()].contains(&texts.count()) && [0, types.len()].contains(&dates.count());
        if !alike || !types.iter().all(|of| is_ordered(of)) {
            return Ok(None);
        }
        let of_file = metadata.file_metadata().schema_descr();
        let Ok(converter) = StatisticsConverter::try_new(&self.name, schema, of_file) else { return Ok(None) };
        let in_the_end = |mut values: ArrayRef| {
            for data_type in &self.casts {
                values = cast(&values, data_type)?;
            }
            Ok::<_, datafusion::error::DataFusionError>(values)
        };
        let least = in_the_end(converter.row_group_mins(metadata.row_groups())?)?;
        let greatest = in_the_end(converter.row_group_maxes(metadata.row_groups())?)?;
        let unknown = converter.row_group_null_counts(metadata.row_groups())?;
        let of_nobody = |group: usize| {
            let rows = metadata.row_group(group).num_rows() as u64;
            unknown.is_valid(group) && unknown.value(group) == rows
        };
        let is_said = |group: usize| (least.is_valid(group) && greatest.is_valid(group)) || of_nobody(group);
        Ok((0..metadata.num_row_groups()).all(is_said).then_some((least, greatest)))
    }

    /// The scan with a partition for each group of files.
    fn over(&self, groups: &[FileGroup]) -> Arc<dyn ExecutionPlan> {
        let config = FileScanConfigBuilder::from(self.config.clone())
            .with_file_groups(groups.to_vec())
            // Said aloud, so that nobody splits files otherwise or lends them to another partition.
            .with_output_partitioning(Some(Partitioning::UnknownPartitioning(groups.len())))
            .build();
        DataSourceExec::from_data_source(config)
    }
}

impl Files {
    /// The files of each range, with the row groups that are read of them.
    fn groups(&self, grouped: &Grouped) -> Vec<FileGroup> {
        let of_range = |row_groups: &Vec<usize>| {
            let mut chosen: Vec<Option<ParquetAccessPlan>> = vec![None; self.files.len()];
            for (file, group) in row_groups.iter().filter_map(|at| self.places.get(*at)) {
                let count = self.files[*file].1;
                let plan = chosen[*file].get_or_insert_with(|| ParquetAccessPlan::new_none(count));
                plan.set(*group, RowGroupAccess::Scan);
            }
            let files = self.files.iter().zip(chosen);
            FileGroup::new(files.filter_map(|((file, _), plan)| Some(file.clone().with_extension(plan?))).collect())
        };
        grouped.ranges.iter().map(of_range).collect()
    }
}
