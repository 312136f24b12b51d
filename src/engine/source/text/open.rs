//! A file as bytes of text: decompressed, without the mark of its encoding.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::fault::Problem;
use super::super::refusal::Refusal;

const BUFFER: usize = 1 << 18;
/// A row of more bytes is not read: it is a quote that was never closed.
pub(super) const LONGEST_ROW: u64 = 64 << 20;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const UTF8_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
const UTF16_MARKS: [[u8; 2]; 2] = [[0xff, 0xfe], [0xfe, 0xff]];

/// Bytes of a file, to be read where blocking is allowed.
pub(super) type Bytes = Box<dyn BufRead + Send>;

/// Decompresses what is compressed and takes away the mark of UTF-8. Blocks.
///
/// # Errors
/// The bytes cannot be read, or are text in UTF-16 or none.
pub(super) fn text(raw: Box<dyn Read + Send>) -> Result<Bytes, Problem> {
    let broken = |error: io::Error| problem(&error);
    let mut raw = BufReader::with_capacity(BUFFER, raw);
    let start = raw.fill_buf().map_err(broken)?;
    let mut text: Bytes = if start.starts_with(&GZIP) {
        Box::new(BufReader::with_capacity(BUFFER, flate2::bufread::MultiGzDecoder::new(raw)))
    } else if start.starts_with(&ZSTD) {
        Box::new(BufReader::with_capacity(BUFFER, zstd::stream::read::Decoder::with_buffer(raw).map_err(broken)?))
    } else {
        Box::new(raw)
    };
    let start = text.fill_buf().map_err(broken)?;
    let zeros = start.iter().take(1_000).filter(|byte| **byte == 0).count();
    if UTF16_MARKS.iter().any(|mark| start.starts_with(mark)) || zeros > start.len().min(1_000) / 4 {
        let help = "save it as UTF-8; spreadsheet programs call it `CSV UTF-8`";
        return Err(Problem::Unusable("its text is in UTF-16".to_owned(), help));
    }
    if zeros > 0 {
        let help = "open it in the program that made it, and export it as CSV";
        return Err(Problem::Unusable("it is no text".to_owned(), help));
    }
    if start.starts_with(&UTF8_MARK) {
        text.consume(UTF8_MARK.len());
    }
    Ok(text)
}

/// What an error of reading means: the fault of the store, or of the file.
pub(super) fn problem(error: &io::Error) -> Problem {
    if let Some(refusal) = Refusal::behind(error, "") {
        return Problem::Unusable(refusal.reason, refusal.help);
    }
    Problem::Unreadable(match error.kind() {
        io::ErrorKind::UnexpectedEof => "it breaks off".to_owned(),
        io::ErrorKind::InvalidInput if error.to_string().contains("deflate") => {
            "its compressed bytes are damaged".to_owned()
        }
        _ => error.to_string(),
    })
}

/// Ends reading when no row has ended for [`LONGEST_ROW`] bytes.
pub(super) struct Guarded {
    inner: Bytes,
    since: Arc<AtomicU64>,
}

impl Guarded {
    /// Whoever reads rows sets the counter to 0 after each.
    pub fn new(inner: Bytes) -> (Self, Arc<AtomicU64>) {
        let since = Arc::new(AtomicU64::new(0));
        (Guarded { inner, since: Arc::clone(&since) }, since)
    }
}

impl Read for Guarded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if self.since.fetch_add(read as u64, Ordering::Relaxed) > LONGEST_ROW {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(read)
    }
}
