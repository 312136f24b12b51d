//! An answer as CSV.

use std::io::{self, Write};

use super::Entry;
use super::counts::Count;

/// Writes one row for each segment and member. A segment without an answer has no rows.
pub fn members(out: impl Write, entries: &[Entry<'_>]) -> io::Result<()> {
    // A project without segments has nothing to list.
    let Some(first) = entries.iter().find_map(|entry| entry.members) else { return Ok(()) };
    let mut writer = csv::Writer::from_writer(out);
    let write = |writer: &mut csv::Writer<_>| -> csv::Result<()> {
        let asked = first.untils().is_some();
        writer.write_field("segment")?;
        writer.write_record(first.key_names().chain(asked.then_some("until")))?;
        for (entry, members) in entries.iter().filter_map(|entry| Some((entry, entry.listed()?))) {
            let mut untils = members.untils();
            for key in members.keys() {
                writer.write_field(&entry.segment.name)?;
                for part in &key {
                    writer.write_field(part.text().as_bytes())?;
                }
                if let Some(untils) = &mut untils {
                    writer.write_field(untils.next().flatten().unwrap_or_default())?;
                }
                writer.write_record(None::<&[u8]>)?;
            }
        }
        Ok(())
    };
    write(&mut writer).map_err(io_error)?;
    writer.flush()
}

/// Writes one row for each segment.
pub fn counts(out: impl Write, counts: &[Count<'_>]) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(Count::FIELDS).map_err(io_error)?;
    for count in counts {
        writer.write_record(count.record()).map_err(io_error)?;
    }
    writer.flush()
}

fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
