//! An answer as one JSON object a line.
//!
//! ```text
//! {"segment":"vip","subject":"customer","customer_id":17}
//! ```

use std::io::{self, Write};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::Entry;
use super::counts::Count;
use super::members::KeyPart;

/// One member of one segment.
struct Line<'a> {
    segment: &'a str,
    subject: &'a str,
    key: &'a [(&'a str, KeyPart<'a>)],
    /// Until when, if that was asked; null: not in a hundred years, or unknown.
    until: Option<Option<String>>,
}

/// Writes one line for each segment and member. A segment without an answer has no lines.
pub fn members(mut out: impl Write, entries: &[Entry<'_>]) -> io::Result<()> {
    for (entry, members) in entries.iter().filter_map(|entry| Some((entry, entry.listed()?))) {
        let mut untils = members.untils();
        for key in members.keys() {
            let key: Vec<_> = members.key_names().zip(key).collect();
            let until = untils.as_mut().map(|untils| untils.next().flatten());
            line(&mut out, &Line { segment: &entry.segment.name, subject: &entry.kind.subject, key: &key, until })?;
        }
    }
    Ok(())
}

/// Writes one line for each segment.
pub fn counts(mut out: impl Write, counts: &[Count<'_>]) -> io::Result<()> {
    counts.iter().try_for_each(|count| line(&mut out, count))
}

fn line(mut out: impl Write, object: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut out, object)?;
    out.write_all(b"\n")
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("segment", self.segment)?;
        map.serialize_entry("subject", self.subject)?;
        for (name, part) in self.key {
            map.serialize_entry(name, part)?;
        }
        if let Some(until) = &self.until {
            map.serialize_entry("until", until)?;
        }
        map.end()
    }
}
