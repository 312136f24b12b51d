//! The lines of a watch: one for each change.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use kohort::engine::{Cause, Change, Direction};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use super::kept::{Last, names_last};
use crate::cli::exit::{Failure, reason};

/// How far lines have been written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The number of the last line.
    pub seq: u64,
    /// Bytes of the output file; none: lines went to the standard output.
    pub bytes: Option<u64>,
}

/// Where lines go.
pub struct Lines {
    file: Option<(PathBuf, File)>,
    zone: Tz,
    place: Place,
}

/// One line.
struct Line<'a> {
    seq: u64,
    change: &'a Change,
    zone: Tz,
}

impl Lines {
    /// Opens the output. What stands in the file beyond what was kept was told by a run that ended before it could keep it: it is
    /// taken away, for it is going to be told again.
    pub fn open(path: Option<&Path>, zone: Tz, last: Option<&Last>) -> Result<Self, Failure> {
        let seq = last.map_or(0, |last| last.place.seq);
        let Some(path) = path else { return Ok(Lines { file: None, zone, place: Place { seq, bytes: None } }) };
        let failed = |error: io::Error| Failure::writing(&format!("`{}`", path.display()), &error);
        let options = OpenOptions::new().create(true).truncate(false).write(true).read(true).clone();
        let mut file = options.open(path).map_err(failed)?;
        names_last(path);
        let mut bytes = file.seek(SeekFrom::End(0)).map_err(failed)?;
        if let Some(kept) = last.and_then(|last| last.place.bytes) {
            if bytes < kept {
                let message = format!("`{}` is shorter than it was when its state was kept", path.display());
                return Err(Failure::usage(message)
                    .help("put the file back, or begin anew: another `--output`, and no `--state` file"));
            }
            file.set_len(kept).map_err(failed)?;
            bytes = file.seek(SeekFrom::Start(kept)).map_err(failed)?;
        }
        Ok(Lines { file: Some((path.to_owned(), file)), zone, place: Place { seq, bytes: Some(bytes) } })
    }

    /// How far lines have been written.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Writes changes. When this returns they are where they should be, even if the machine stops.
    pub fn write(&mut self, changes: &[Change]) -> Result<(), Failure> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut text = Vec::new();
        for (seq, change) in (self.place.seq + 1..).zip(changes) {
            let line = serde_json::to_writer(&mut text, &Line { seq, change, zone: self.zone });
            line.map_err(|error| Failure::usage(format!("a change cannot be written: {}", reason(&error.into()))))?;
            text.push(b'\n');
        }
        match &mut self.file {
            None => {
                let mut out = io::stdout().lock();
                let written = out.write_all(&text).and_then(|()| out.flush());
                written.map_err(|error| Failure::writing("the standard output", &error))?;
            }
            Some((path, file)) => {
                let written = file.write_all(&text).and_then(|()| file.sync_data());
                written.map_err(|error| Failure::writing(&format!("`{}`", path.display()), &error))?;
            }
        }
        self.place.seq += changes.len() as u64;
        self.place.bytes = self.place.bytes.map(|bytes| bytes + text.len() as u64);
        Ok(())
    }
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let change = self.change;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("seq", &self.seq)?;
        map.serialize_entry("segment", &change.segment)?;
        map.serialize_entry("subject", &change.subject)?;
        for (name, part) in change.key_names.iter().zip(&change.key) {
            map.serialize_entry(name, part)?;
        }
        map.serialize_entry(
            "change",
            match change.direction {
                Direction::Entered => "entered",
                Direction::Left => "left",
            },
        )?;
        map.serialize_entry("effective_at", &change.effective_at.display(self.zone))?;
        map.serialize_entry(
            "cause",
            match change.cause {
                Cause::Rows => "rows",
                Cause::Clock => "clock",
            },
        )?;
        map.end()
    }
}
