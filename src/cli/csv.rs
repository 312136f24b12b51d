//! Members as CSV: one row for each segment and member.

use std::io::Write;

use kohort::engine::KindReport;

use super::members::Listed;

/// Writes a header and the rows, by segment in file order, then by key. A segment without an answer has no rows.
pub fn write(out: impl Write, kind: &KindReport, keys: &[String], listed: &Listed) -> csv::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_field("segment")?;
    writer.write_record(keys)?;
    let answered = kind.segments.iter().enumerate().filter(|(_, segment)| segment.members.is_ok());
    for (at, segment) in answered {
        for key in listed.members(at) {
            writer.write_field(&segment.name)?;
            for part in &key {
                writer.write_field(part.text().as_bytes())?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
    }
    writer.flush()?;
    Ok(())
}
