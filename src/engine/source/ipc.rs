//! The columns of a file of Arrow IPC, wherever it is.
//!
//! Such a file has one of two forms. The *file* form ends with a directory of its parts, which names the columns; the
//! *stream* form names them at its beginning. DataFusion looks at the end only of files on this machine. Of others it
//! reads the beginning, and takes it that the parts stand at multiples of 8 bytes, while writers may put them at
//! multiples of 64, as Arrow's own does: then it finds nothing. So the columns are found here, in one way for all
//! stores, from few bytes, and a file that breaks off is noticed before it is read.

use std::sync::Arc;

use datafusion::arrow::buffer::Buffer;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::convert::fb_to_schema;
use datafusion::arrow::ipc::reader::{StreamDecoder, read_footer_length};
use datafusion::arrow::ipc::root_as_footer;
use datafusion::common::Result;
use futures::StreamExt;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};

/// What the file form begins and ends with.
const MAGIC: &[u8] = b"ARROW1";
/// The length of the directory, and [`MAGIC`].
const TRAILER: usize = 10;
/// Bytes of the end that are asked for at first: the directories of most files fit.
const END: u64 = 64 << 10;
/// A stream that has named no columns after so many bytes is none.
const LONGEST_SCHEMA: usize = 16 << 20;

/// How the parts of a file are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// By a directory at its end.
    File,
    /// One after the other.
    Stream,
}

/// The columns of a file, and its form.
///
/// # Errors
/// The store does not give it, or it is neither form, or breaks off.
pub(super) async fn look(store: &Arc<dyn ObjectStore>, meta: &ObjectMeta) -> Result<(SchemaRef, Form)> {
    let end = store.get_range(&meta.location, meta.size.saturating_sub(END)..meta.size).await?;
    if end.ends_with(MAGIC) {
        return Ok((in_directory(store, meta, &end).await?, Form::File));
    }
    let start = store.get_range(&meta.location, 0..meta.size.min(MAGIC.len() as u64)).await?;
    if start.starts_with(MAGIC) {
        return Err(breaks_off());
    }
    Ok((in_stream(store, meta).await?, Form::Stream))
}

/// Reads the directory, most likely out of the end that is there already.
async fn in_directory(store: &Arc<dyn ObjectStore>, meta: &ObjectMeta, end: &bytes::Bytes) -> Result<SchemaRef> {
    let trailer: Option<[u8; TRAILER]> = end.last_chunk().copied();
    let length = read_footer_length(trailer.ok_or_else(breaks_off)?)? + TRAILER;
    let directory = match end.len().checked_sub(length) {
        Some(from) => end.slice(from..),
        None => {
            let from = meta.size.checked_sub(length as u64).ok_or_else(breaks_off)?;
            store.get_range(&meta.location, from..meta.size).await?
        }
    };
    let directory = directory.slice(..directory.len().saturating_sub(TRAILER));
    let footer =
        root_as_footer(&directory).map_err(|error| parse_error(format!("its directory is damaged: {error}")))?;
    let schema = footer.schema().ok_or_else(|| parse_error("its directory names no columns".to_owned()))?;
    Ok(Arc::new(fb_to_schema(schema)))
}

/// Reads from the beginning until the columns are known.
async fn in_stream(store: &Arc<dyn ObjectStore>, meta: &ObjectMeta) -> Result<SchemaRef> {
    let mut arriving = store.get(&meta.location).await?.into_stream();
    let mut decoder = StreamDecoder::new();
    let mut read = 0;
    while let Some(bytes) = arriving.next().await {
        let mut bytes = Buffer::from(bytes?);
        read += bytes.len();
        while !bytes.is_empty() && decoder.schema().is_none() {
            decoder.decode(&mut bytes)?;
        }
        if let Some(schema) = decoder.schema() {
            return Ok(schema);
        }
        if read > LONGEST_SCHEMA {
            break;
        }
    }
    Err(breaks_off())
}

fn breaks_off() -> datafusion::common::DataFusionError {
    parse_error("unexpected end of file (EOF)".to_owned())
}

fn parse_error(message: String) -> datafusion::common::DataFusionError {
    ArrowError::ParseError(message).into()
}
