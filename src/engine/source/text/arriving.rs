//! The bytes of a file as they come from its store.
//!
//! A file elsewhere is asked for part by part, and the next part is on its way while one is read. A long file is then
//! many short requests: what fails is asked for again without beginning anew, a limit of time means the part and not the
//! file, and looking at the first rows fetches little more than these.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::{GetOptions, GetRange, GetResult, GetResultPayload, ObjectMeta, ObjectStore, ObjectStoreExt};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::super::location::DataFile;
use super::super::refusal::Refusal;

/// The first part is small, for often it is enough; each is twice the one before, up to the largest.
const FIRST: u64 = 1 << 20;
const LARGEST: u64 = 8 << 20;

/// Opens a file. What is returned must be read where blocking is allowed.
///
/// # Errors
/// The store does not give it; the error is a [`Refusal`].
pub(super) async fn open(store: &Arc<dyn ObjectStore>, file: &DataFile) -> io::Result<Box<dyn Read + Send>> {
    let refused = |error: object_store::Error| refusal(&error, &file.shown);
    let begun = match part(store, &file.meta, 0..FIRST.min(file.meta.size)).await {
        // Some servers of files know no parts: then the whole has to come in one piece.
        Err(object_store::Error::NotSupported { .. }) => store.get(&file.meta.location).await.map_err(refused)?,
        begun => begun.map_err(refused)?,
    };
    let given = begun.range.end;
    Ok(match begun.payload {
        GetResultPayload::File(file, _) => Box::new(file),
        GetResultPayload::Stream(first) => Box::new(Arriving {
            store: Arc::clone(store),
            file: file.clone(),
            handle: Handle::current(),
            now: first.fuse().boxed(),
            at_hand: Bytes::new(),
            next: None,
            asked: given,
            size: FIRST,
        }),
    })
}

fn refusal(error: &object_store::Error, address: &str) -> io::Error {
    io::Error::other(Refusal::of(error, address))
}

/// Asks for a part of a file as it was when it was found.
async fn part(store: &Arc<dyn ObjectStore>, meta: &ObjectMeta, range: Range<u64>) -> object_store::Result<GetResult> {
    // Weak tags say that two files mean the same, not that their bytes are the same.
    let tag = meta.e_tag.clone().filter(|tag| !tag.starts_with("W/"));
    let options = GetOptions { range: Some(GetRange::Bounded(range)), if_match: tag, ..GetOptions::default() };
    store.get_opts(&meta.location, options).await
}

/// A file elsewhere.
struct Arriving {
    store: Arc<dyn ObjectStore>,
    file: DataFile,
    handle: Handle,
    /// The part that is read.
    now: BoxStream<'static, object_store::Result<Bytes>>,
    at_hand: Bytes,
    /// The part after it.
    next: Option<Coming>,
    /// The end of the last part that was asked for.
    asked: u64,
    /// The length of that part.
    size: u64,
}

impl Arriving {
    /// Asks for the part after those that were asked for; none: the file ends there.
    fn ask(&mut self) {
        if self.asked >= self.file.meta.size {
            return;
        }
        self.size = (self.size * 2).min(LARGEST);
        let range = self.asked..(self.asked + self.size).min(self.file.meta.size);
        self.asked = range.end;
        let (store, meta) = (Arc::clone(&self.store), self.file.meta.clone());
        self.next = Some(Coming(self.handle.spawn(async move { part(&store, &meta, range).await?.bytes().await })));
    }

    /// The next bytes; none: the file ends.
    fn bytes(&mut self) -> io::Result<Option<Bytes>> {
        if self.next.is_none() {
            self.ask();
        }
        let refused = |error: object_store::Error| refusal(&error, &self.file.shown);
        if let Some(bytes) = self.handle.block_on(self.now.next()) {
            return bytes.map(Some).map_err(refused);
        }
        let Some(mut next) = self.next.take() else { return Ok(None) };
        let bytes = self.handle.block_on(&mut next.0).map_err(io::Error::other)?.map_err(refused)?;
        self.ask();
        Ok(Some(bytes))
    }
}

impl Read for Arriving {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at_hand.is_empty() {
            match self.bytes()? {
                None => return Ok(0),
                Some(bytes) => self.at_hand = bytes,
            }
        }
        let length = buffer.len().min(self.at_hand.len());
        let taken = self.at_hand.split_to(length);
        if let Some(place) = buffer.get_mut(..length) {
            place.copy_from_slice(&taken);
        }
        Ok(length)
    }
}

/// Bytes on their way. Whoever lets go of them does not want them any more.
struct Coming(JoinHandle<object_store::Result<Bytes>>);

impl Drop for Coming {
    fn drop(&mut self) {
        self.0.abort();
    }
}
