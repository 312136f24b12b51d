//! Optimized copies: the rows of a table once more, in the layout that is read fastest.
//!
//! A copy stands beside the project, in `.kohort/optimized`, and says of what it was made: of which files, how long they were and when they
//! were last changed, and how they were read. As long as that is what a project finds, the copy is read in their place; else it is as if there
//! were none.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::datatypes::Schema;
use datafusion::datasource::physical_plan::parquet::metadata::DFParquetMetadata;
use datafusion::execution::context::SessionContext;
use sha2::{Digest, Sha256};

use super::columnar::ColumnarTable;
use super::location::{self, Located};
use super::{Bound, Problem};

/// Below the catalogue's directory.
const DIRECTORY: &str = ".kohort/optimized";
/// What a copy calls that of which it was made.
pub(in crate::engine) const MADE_OF: &str = "kohort.made_of";
/// Another one when copies are made otherwise.
const LAYOUT: u32 = 1;

/// A table's optimized copy, as it was found.
pub(super) enum Copy {
    /// It has the rows of the table.
    Fresh(Arc<ColumnarTable>),
    /// The table is not what it was, or the copy cannot be read.
    Stale,
}

/// Where the copy of a table stands, from the catalogue's directory.
pub(in crate::engine) fn place(table: &str) -> PathBuf {
    Path::new(DIRECTORY).join(format!("{table}.parquet"))
}

/// Looks for the copy of a table.
pub(super) async fn look(directory: &Path, context: &SessionContext, table: &str, of: &Bound) -> Option<Copy> {
    let place = place(table);
    if !directory.join(&place).exists() {
        return None;
    }
    let made_of = made_of(of)?;
    match open(directory, context, &place.to_string_lossy()).await {
        Ok((copy, said)) if said.as_deref() == Some(&made_of) => Some(Copy::Fresh(Arc::new(copy))),
        _ => Some(Copy::Stale),
    }
}

async fn open(
    directory: &Path,
    context: &SessionContext,
    place: &str,
) -> Result<(ColumnarTable, Option<String>), Problem> {
    let located = location::locate(Some(directory), context, place).await?;
    let state = context.state();
    let mut said = None;
    if let Some(file) = located.files.first() {
        let cache = context.runtime_env().cache_manager.get_file_metadata_cache();
        let metadata = DFParquetMetadata::new(located.store.as_ref(), &file.meta)
            .with_file_metadata_cache(Some(cache))
            .fetch_metadata()
            .await
            .map_err(|error| Problem::unreadable(&file.shown, &error.to_string()))?;
        let pairs = metadata.file_metadata().key_value_metadata().into_iter().flatten();
        said = pairs.filter(|pair| pair.key == MADE_OF).find_map(|pair| pair.value.clone());
    }
    Ok((ColumnarTable::look(&state, located, true).await?, said))
}

/// Of what a copy would be made now; none: of rows that no files hold.
pub(super) fn made_of(table: &Bound) -> Option<String> {
    let mut text = format!("layout {LAYOUT}\n");
    match table {
        Bound::Given(_) => return None,
        Bound::Columnar(table) => {
            describe(&mut text, &table.located, &datafusion::catalog::TableProvider::schema(&**table))
        }
        Bound::Text(table) => {
            let _ = writeln!(text, "{}", table.conventions());
            describe(&mut text, table.located(), &datafusion::catalog::TableProvider::schema(&**table));
        }
    }
    Some(Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

/// The columns, then each file as the catalogue names it: a project may be moved with its files.
fn describe(text: &mut String, located: &Located, schema: &Schema) {
    for field in schema.fields() {
        let _ = writeln!(text, "column {} {}", field.name(), field.data_type());
    }
    for file in &located.files {
        let meta = &file.meta;
        let changed = meta.last_modified.timestamp_nanos_opt().unwrap_or_else(|| meta.last_modified.timestamp());
        let tag = meta.e_tag.as_deref().unwrap_or_default();
        let _ = writeln!(text, "file {:?} {} {changed} {tag}", file.shown, meta.size);
    }
}
