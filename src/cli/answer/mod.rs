//! What an evaluation gave, and the formats that it is written in.
//!
//! | format | for | members | `--counts` |
//! |---|---|---|---|
//! | table | people | – | segments as a tree |
//! | csv | spreadsheets | a row for each segment and member | a row for each segment |
//! | json | programs | one document | the document without members |
//! | ndjson | streams | a line for each segment and member | a line for each segment |
//! | parquet, arrow | data tools | `segment`, key columns | the columns of the CSV |
//!
//! Rows stand by segment in file order, then by key. A subject is kept once in memory ([`Listed`]); every format is
//! written from there in one pass, so an answer is never there twice.

mod columns;
mod counts;
mod csv;
mod format;
mod json;
mod members;
mod ndjson;
mod parquet;
mod table;
mod threads;
mod tree;

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::Duration;

use chrono_tz::Tz;
use kohort::Report;
use kohort::engine::{KindReport, SegmentReport};

pub use format::Format;
pub use members::Listed;

use counts::Count;
use members::MembersOf;

/// Everything that an evaluation says.
pub struct Answer {
    /// The instant, with its offset.
    pub as_of: String,
    /// The instant in words.
    pub when: String,
    /// The project's time zone.
    pub zone: Tz,
    /// Counts.
    pub report: Report,
    /// The members, for each kind of the report; none where they were only counted.
    pub listed: Option<Vec<Listed>>,
    /// The names of all segments of the project, in file order.
    pub order: Vec<String>,
    /// How long it took.
    pub taken: Duration,
}

/// A segment, and what was found of it.
struct Entry<'a> {
    kind: &'a KindReport,
    segment: &'a SegmentReport,
    /// None where members were only counted.
    members: Option<MembersOf<'a>>,
}

impl Answer {
    /// Writes it.
    ///
    /// # Errors
    /// The output takes no more.
    pub fn write(&self, format: Format, out: impl Write + Send) -> io::Result<()> {
        match (format, &self.listed) {
            (Format::Table, _) => table::write(out, &self.report, &self.when, self.taken),
            (Format::Json, _) => json::write(out, self),
            (Format::Csv, None) => csv::counts(out, &self.counts()),
            (Format::Csv, Some(_)) => csv::members(out, &self.entries()),
            (Format::Ndjson, None) => ndjson::counts(out, &self.counts()),
            (Format::Ndjson, Some(_)) => ndjson::members(out, &self.entries()),
            (Format::Parquet | Format::Arrow, _) => columns::write(format, out, self),
        }
    }

    /// The segments asked for in file order, whatever their kind.
    fn entries(&self) -> Vec<Entry<'_>> {
        let mut entries = Vec::new();
        for (at, kind) in self.report.kinds.iter().enumerate() {
            let listed = self.listed.as_ref().and_then(|listed| listed.get(at));
            entries.extend(kind.segments.iter().enumerate().map(|(column, segment)| {
                let members = listed.map(|listed| listed.members_of(column));
                Entry { kind, segment, members }
            }));
        }
        let order: HashMap<&str, usize> = self.order.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        entries.sort_by_key(|entry| order.get(entry.segment.name.as_str()).copied());
        entries
    }

    /// The counts of the segments asked for, in file order.
    fn counts(&self) -> Vec<Count<'_>> {
        self.entries().iter().map(Count::new).collect()
    }
}

impl<'a> Entry<'a> {
    /// The members, unless they were only counted or are not known.
    fn listed(&self) -> Option<MembersOf<'a>> {
        self.members.filter(|_| self.segment.members.is_ok())
    }
}
