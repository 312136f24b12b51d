//! Files of Parquet and Arrow IPC: formats with types and columns.
//!
//! DataFusion reads them; here the files are looked at one by one, so that what is wrong with one is told by its name,
//! and brought under one schema: by name, whatever the order; a column that a file lacks is unknown there.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DataFusionError, Result, ScalarValue, Statistics};
use datafusion::datasource::file_format::FileFormat;
use datafusion::datasource::file_format::arrow::ArrowFormat;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder};
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::context::SessionState;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::union::UnionExec;
use futures::{FutureExt, StreamExt};

use super::Problem;
use super::fault::Problem as RowProblem;
use super::ipc::{self, Form};
use super::location::{DataFile, Located};
use super::refusal::Refusal;

/// Files looked at at the same time.
const AT_ONCE: usize = 16;
/// How many files are complained about at once.
const MOST_COMPLAINTS: usize = 10;

/// Files of one format with types, as a table.
#[derive(Debug)]
pub(super) struct ColumnarTable {
    format: Arc<dyn FileFormat>,
    pub located: Located,
    file_schema: SchemaRef,
    partitions: Vec<Arc<Field>>,
    schema: SchemaRef,
    files: Vec<PartitionedFile>,
    forms: Vec<Form>,
}

impl ColumnarTable {
    /// Looks at every file: its schema, and what it says of its values.
    ///
    /// # Errors
    /// Files that cannot be read, or columns of different types in different files.
    pub async fn look(state: &SessionState, located: Located, parquet: bool) -> std::result::Result<Self, Problem> {
        let format: Arc<dyn FileFormat> =
            if parquet { Arc::new(ParquetFormat::default()) } else { Arc::new(ArrowFormat) };
        let looks: Vec<_> = located.files.iter().map(|file| look_at(state, &format, &located, file).boxed()).collect();
        let looked: Vec<_> = futures::stream::iter(looks).buffered(AT_ONCE).collect().await;
        let mut schemas = Vec::new();
        let mut forms = Vec::new();
        let mut broken = Vec::new();
        for (file, found) in located.files.iter().zip(looked) {
            match found {
                Ok((schema, form)) => {
                    schemas.push((file, schema));
                    forms.push(form);
                }
                Err(problem) => broken.push(problem),
            }
        }
        let file_schema = match together(&schemas) {
            Ok(schema) => Arc::new(schema),
            Err(differing) => {
                broken.extend(differing);
                Arc::new(Schema::empty())
            }
        };
        if !broken.is_empty() {
            broken.truncate(MOST_COMPLAINTS);
            return Err(Problem::Broken(broken));
        }
        let missing = |name: &&String| file_schema.field_with_name(name).is_err();
        let partition = |name: &String| Arc::new(Field::new(name, DataType::Utf8, true));
        let partitions: Vec<Arc<Field>> = located.partitions.iter().filter(missing).map(partition).collect();
        let fields: Vec<Arc<Field>> = file_schema.fields().iter().chain(&partitions).cloned().collect();
        let mut table = ColumnarTable {
            format,
            file_schema,
            schema: Arc::new(Schema::new(fields)),
            partitions,
            files: Vec::new(),
            forms,
            located: located.clone(),
        };
        let as_written: Vec<bool> = schemas.iter().map(|(_, schema)| is_within(schema, &table.file_schema)).collect();
        table.files = table.with_statistics(state, &as_written).await;
        Ok(table)
    }

    /// The columns that directories make, and that no file has.
    pub fn partitions(&self) -> impl Iterator<Item = (&str, Vec<Option<&str>>)> {
        self.partitions.iter().map(|field| {
            let at = self.located.partitions.iter().position(|name| name == field.name());
            let value = |file: &'_ DataFile| -> Option<usize> { at.filter(|at| *at < file.parts.len()) };
            let values = self.located.files.iter();
            let values = values.map(|file| value(file).and_then(|at| file.parts.get(at)?.as_deref())).collect();
            (field.name().as_str(), values)
        })
    }

    /// The same table, of one of its files.
    pub fn only(&self, file: usize) -> Option<Self> {
        Some(ColumnarTable {
            format: Arc::clone(&self.format),
            located: Located { files: vec![self.located.files.get(file)?.clone()], ..self.located.clone() },
            file_schema: Arc::clone(&self.file_schema),
            partitions: self.partitions.clone(),
            schema: Arc::clone(&self.schema),
            files: vec![self.files.get(file)?.clone()],
            forms: vec![*self.forms.get(file)?],
        })
    }

    /// The files with what they say of their values; nothing where a type was widened, for a file's least and greatest
    /// values are in its own units.
    async fn with_statistics(&self, state: &SessionState, as_written: &[bool]) -> Vec<PartitionedFile> {
        let collect = state.config().collect_statistics();
        let files = self.located.files.iter().zip(as_written);
        let described: Vec<_> =
            files.map(|(file, as_written)| self.describe(state, collect && *as_written, file).boxed()).collect();
        futures::stream::iter(described).buffered(AT_ONCE).collect().await
    }

    async fn describe(&self, state: &SessionState, collect: bool, file: &DataFile) -> PartitionedFile {
        let mut described = PartitionedFile::new_from_meta(file.meta.clone());
        described.partition_values = self.values(file);
        let known = described.partition_values.iter().all(|value| !value.is_null());
        if !collect || !known {
            return described;
        }
        let schema = Arc::clone(&self.file_schema);
        match self.format.infer_stats(state, &self.located.store, schema, &file.meta).await {
            Ok(statistics) => described.with_statistics(Arc::new(statistics)),
            Err(_) => described,
        }
    }

    fn values(&self, file: &DataFile) -> Vec<ScalarValue> {
        let value = |field: &Arc<Field>| {
            let at = self.located.partitions.iter().position(|name| name == field.name());
            ScalarValue::Utf8(at.and_then(|at| file.parts.get(at).cloned().flatten()))
        };
        self.partitions.iter().map(value).collect()
    }
}

/// What files say of their values together.
fn merged(files: &[PartitionedFile], schema: &SchemaRef) -> Statistics {
    let known: Option<Vec<&Statistics>> = files.iter().map(|file| file.statistics.as_deref()).collect();
    match known {
        Some(known) => Statistics::try_merge_iter(known, schema).unwrap_or_else(|_| Statistics::new_unknown(schema)),
        None => Statistics::new_unknown(schema),
    }
}

type Complaint = (String, String);

async fn look_at(
    state: &SessionState,
    format: &Arc<dyn FileFormat>,
    located: &Located,
    file: &DataFile,
) -> std::result::Result<(SchemaRef, Form), Complaint> {
    if file.meta.size == 0 {
        return Err((format!("`{}` is empty", file.shown), "export it again, or take it away".to_owned()));
    }
    let found = match format.is::<ArrowFormat>() {
        true => ipc::look(&located.store, &file.meta).await,
        false => {
            let schema = format.infer_schema(state, &located.store, std::slice::from_ref(&file.meta)).await;
            schema.map(|schema| (schema, Form::File))
        }
    };
    found.map_err(|error| {
        let problem = Problem::refused_behind(&file.shown, &error);
        problem.unwrap_or_else(|| Problem::unreadable(&file.shown, &reason(&error))).into_pair()
    })
}

/// What an error of a file's reader means to somebody who has the file.
pub(super) fn problem(error: &DataFusionError, file: &str) -> RowProblem {
    match Refusal::behind(error, file) {
        Some(refusal) => RowProblem::Unusable(refusal.reason, refusal.help),
        None => RowProblem::Unreadable(reason(error)),
    }
}

fn reason(error: &DataFusionError) -> String {
    let text = error.find_root().strip_backtrace();
    let text = text.lines().next().unwrap_or_default();
    let lower = text.to_lowercase();
    let telling =
        ["corrupt footer", "invalid parquet file", "eof", "range", "out of bound", "failed to parse arrow file"];
    if telling.iter().any(|word| lower.contains(word)) {
        return "it breaks off, or is of another format than its ending says".to_owned();
    }
    let short = text.rsplit(": ").next().unwrap_or(text);
    if lower.contains("parquet") { format!("its bytes are damaged ({short})") } else { short.to_owned() }
}

/// One schema for all files.
fn together(schemas: &[(&DataFile, SchemaRef)]) -> std::result::Result<Schema, Vec<Complaint>> {
    let mut fields: Vec<(Field, &DataFile)> = Vec::new();
    let mut differing = Vec::new();
    for (file, schema) in schemas {
        for field in schema.fields() {
            match fields.iter_mut().find(|(known, _)| known.name() == field.name()) {
                None => fields.push((field.as_ref().clone(), file)),
                Some((known, first)) => match common_type(known.data_type(), field.data_type()) {
                    Some(ty) => {
                        let nullable = known.is_nullable() || field.is_nullable();
                        *known = known.clone().with_data_type(ty).with_nullable(nullable);
                    }
                    None => differing.push((
                        format!(
                            "`{}` is {} in `{}` and {} in `{}`",
                            field.name(),
                            known.data_type(),
                            first.shown,
                            field.data_type(),
                            file.shown
                        ),
                        "write the files of a table with the same types".to_owned(),
                    )),
                },
            }
        }
    }
    if !differing.is_empty() {
        return Err(differing);
    }
    let everywhere = |name: &str| schemas.iter().all(|(_, schema)| schema.field_with_name(name).is_ok());
    let lenient = |(field, _): (Field, &DataFile)| {
        let nullable = field.is_nullable() || !everywhere(field.name());
        field.with_nullable(nullable)
    };
    Ok(Schema::new(fields.into_iter().map(lenient).collect::<Vec<_>>()))
}

/// Whether the columns of a file have the types that the table has for them.
fn is_within(file: &Schema, table: &Schema) -> bool {
    let same = |field: &Arc<Field>| {
        table.field_with_name(field.name()).is_ok_and(|of_table| of_table.data_type() == field.data_type())
    };
    file.fields().iter().all(same)
}

/// The type that holds the values of two without loss.
fn common_type(a: &DataType, b: &DataType) -> Option<DataType> {
    use DataType::{Date32, Date64, Decimal128, Float64, Int64, Null, Timestamp, UInt64, Utf8View};
    let text = |ty: &DataType| match ty {
        DataType::Utf8 | DataType::LargeUtf8 | Utf8View => true,
        DataType::Dictionary(_, values) => matches!(**values, DataType::Utf8 | DataType::LargeUtf8 | Utf8View),
        _ => false,
    };
    let digits = |ty: &DataType| match ty {
        DataType::Decimal32(digits, scale) | DataType::Decimal64(digits, scale) | Decimal128(digits, scale) => {
            Some((i16::from(*digits) - i16::from(*scale), *scale))
        }
        UInt64 => Some((20, 0)),
        ty if ty.is_integer() => Some((19, 0)),
        _ => None,
    };
    match (a, b) {
        _ if a == b => Some(a.clone()),
        (Null, other) | (other, Null) => Some(other.clone()),
        _ if text(a) && text(b) => Some(Utf8View),
        (Date32 | Date64, Date32 | Date64) => Some(Date32),
        (Timestamp(one, zone), Timestamp(other, other_zone)) if zone.is_some() == other_zone.is_some() => {
            Some(Timestamp(finer(*one, *other), zone.clone()))
        }
        _ if a.is_integer() && b.is_integer() && *a != UInt64 && *b != UInt64 => Some(Int64),
        _ if a.is_floating() && b.is_floating() => Some(Float64),
        _ => {
            let ((whole, scale), (other_whole, other_scale)) = (digits(a)?, digits(b)?);
            let scale = scale.max(other_scale);
            let precision = u8::try_from(whole.max(other_whole) + i16::from(scale)).ok()?;
            (precision <= 38).then_some(Decimal128(precision, scale))
        }
    }
}

fn finer(a: TimeUnit, b: TimeUnit) -> TimeUnit {
    let order = [TimeUnit::Nanosecond, TimeUnit::Microsecond, TimeUnit::Millisecond];
    order.into_iter().find(|unit| a == *unit || b == *unit).unwrap_or(TimeUnit::Second)
}

#[async_trait]
impl TableProvider for ColumnarTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    /// Files and row groups are left out by what they say of their values; rows are looked at by the plan.
    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    fn statistics(&self) -> Option<Statistics> {
        Some(merged(&self.files, &self.schema))
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let schema = TableSchema::builder(Arc::clone(&self.file_schema));
        let schema = schema.with_table_partition_cols(self.partitions.clone()).build();
        let mut scans = Vec::new();
        // DataFusion takes it that files of Arrow have one form: that of the first.
        for form in [Form::File, Form::Stream] {
            let files = self.files.iter().zip(&self.forms).filter(|(_, its)| **its == form);
            let files: Vec<PartitionedFile> = files.map(|(file, _)| file.clone()).collect();
            if files.is_empty() {
                continue;
            }
            let statistics = merged(&files, &self.schema);
            let groups = FileGroup::new(files).split_files(state.config().target_partitions().max(1));
            let scan = FileScanConfigBuilder::new(self.located.url.clone(), self.format.file_source(schema.clone()))
                .with_file_groups(groups)
                .with_statistics(statistics)
                .with_projection_indices(projection.cloned())?
                .with_limit(limit)
                .build();
            scans.push(self.format.create_physical_plan(state, scan).await?);
        }
        UnionExec::try_new(scans)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_meet_without_loss() {
        use DataType::*;
        assert_eq!(common_type(&Int32, &Int64), Some(Int64));
        assert_eq!(common_type(&Int32, &UInt64), Some(Decimal128(20, 0)));
        assert_eq!(common_type(&Decimal128(10, 2), &Int32), Some(Decimal128(21, 2)));
        assert_eq!(common_type(&Utf8, &Utf8View), Some(Utf8View));
        assert_eq!(common_type(&Null, &Date32), Some(Date32));
        let timestamp = |unit| Timestamp(unit, None);
        let millis = timestamp(TimeUnit::Millisecond);
        assert_eq!(common_type(&millis, &timestamp(TimeUnit::Microsecond)), Some(timestamp(TimeUnit::Microsecond)));
        assert_eq!(common_type(&millis, &Timestamp(TimeUnit::Millisecond, Some("UTC".into()))), None);
        assert_eq!(common_type(&Utf8, &Int32), None);
        assert_eq!(common_type(&Float64, &Int32), None);
    }
}
