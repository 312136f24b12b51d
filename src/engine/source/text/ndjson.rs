//! Rows of NDJSON: one object a line.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::{BufRead, Read};
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::super::fault::Problem;
use super::open::{Bytes, LONGEST_ROW, problem};
use super::records::{Field, Records};

/// Objects whose names are data have no end of them.
const MOST_COLUMNS: usize = 10_000;

/// The rows of one NDJSON file.
pub(super) struct JsonRecords {
    bytes: Bytes,
    names: Vec<String>,
    places: HashMap<String, usize>,
    /// Names that are met for the first time are taken in.
    learns: bool,
    buffer: Vec<u8>,
    line: u64,
    /// Where in the line the values stand.
    values: Vec<Option<Range<usize>>>,
    text: String,
}

impl JsonRecords {
    /// Reads the fields of these names; without names, all that are met.
    pub fn open(bytes: Bytes, names: Option<Vec<String>>) -> Self {
        let learns = names.is_none();
        let names = names.unwrap_or_default();
        let places = names.iter().enumerate().map(|(at, name)| (name.clone(), at)).collect();
        let values = vec![None; names.len()];
        JsonRecords { bytes, names, places, learns, buffer: Vec::new(), line: 0, values, text: String::new() }
    }

    /// The next line that is not blank, without its end.
    fn next_line(&mut self) -> Option<Result<(), Problem>> {
        loop {
            self.buffer.clear();
            let mut limited = self.bytes.by_ref().take(LONGEST_ROW + 1);
            match limited.read_until(b'\n', &mut self.buffer) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => return Some(Err(problem(&error))),
            }
            self.line += 1;
            if self.buffer.len() as u64 > LONGEST_ROW {
                return Some(Err(Problem::TooLong));
            }
            if !self.buffer.trim_ascii().is_empty() {
                return Some(Ok(()));
            }
        }
    }

    fn parse(&mut self) -> Result<(), Problem> {
        let Ok(text) = std::str::from_utf8(&self.buffer) else { return Err(Problem::NotUtf8) };
        self.text.clear();
        self.text.push_str(text);
        let trimmed = self.text.trim_start();
        if trimmed.starts_with('[') {
            let reason = "the line is a list; each object stands on a line of its own, without `[`, `]` and commas";
            return Err(Problem::NotJson(reason.to_owned()));
        }
        self.values.iter_mut().for_each(|value| *value = None);
        let mut reader = serde_json::Deserializer::from_str(&self.text);
        let row = Row {
            start: self.text.as_ptr() as usize,
            names: &mut self.names,
            places: &mut self.places,
            learns: self.learns,
            values: &mut self.values,
        };
        let parsed = row.deserialize(&mut reader).and_then(|()| reader.end());
        parsed.map_err(|error| Problem::NotJson(told(&error)))
    }
}

/// Without the line, which is that of the text and always 1.
fn told(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "it breaks off".to_owned();
    }
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default().to_owned();
    match error.column() {
        0 => text,
        column => format!("{text} at character {column}"),
    }
}

/// Takes the values of one object to their places.
struct Row<'r> {
    start: usize,
    names: &'r mut Vec<String>,
    places: &'r mut HashMap<String, usize>,
    learns: bool,
    values: &'r mut Vec<Option<Range<usize>>>,
}

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, as in `{\"id\": 1}`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Key<'de>>()? {
            let place = match self.places.get(key.0.as_ref()) {
                Some(place) => Some(*place),
                None if self.learns && self.names.len() < MOST_COLUMNS => {
                    let place = self.names.len();
                    self.names.push(key.0.to_string());
                    self.places.insert(key.0.into_owned(), place);
                    self.values.push(None);
                    Some(place)
                }
                None => None,
            };
            match place.and_then(|place| self.values.get_mut(place)) {
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some(value) => {
                    let raw: &RawValue = map.next_value()?;
                    let start = (raw.get().as_ptr() as usize).saturating_sub(self.start);
                    *value = Some(start..start + raw.get().len());
                }
            }
        }
        Ok(())
    }
}

/// A name, borrowed where it has no escapes.
struct Key<'de>(Cow<'de, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(text.into()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(text.to_owned().into()))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl Records for JsonRecords {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn advance(&mut self) -> Option<Result<(), Problem>> {
        match self.next_line()? {
            Ok(()) => Some(self.parse()),
            Err(problem) => Some(Err(problem)),
        }
    }

    fn line(&self) -> u64 {
        self.line
    }

    fn field(&self, at: usize) -> Field<'_> {
        let range = self.values.get(at).cloned().flatten();
        match range.and_then(|range| self.text.get(range)) {
            Some(raw) => field(raw),
            None => Field::Unknown,
        }
    }
}

fn field(raw: &str) -> Field<'_> {
    match raw.as_bytes().first() {
        Some(b'"') => match string(raw) {
            Some(text) => Field::Text(text),
            None => Field::Nested(raw),
        },
        Some(b'n') | None => Field::Unknown,
        Some(b't') => Field::Bool(true),
        Some(b'f') => Field::Bool(false),
        Some(b'{') => Field::Nested(raw),
        Some(b'[') => match list(raw) {
            Some(items) => Field::List(items),
            None => Field::Nested(raw),
        },
        Some(_) => Field::Number(raw),
    }
}

fn string(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.get(1..raw.len().checked_sub(1)?)?;
    if inner.contains('\\') { serde_json::from_str(raw).ok().map(Cow::Owned) } else { Some(inner.into()) }
}

fn list(raw: &str) -> Option<Vec<Option<Cow<'_, str>>>> {
    let items: Vec<&RawValue> = serde_json::from_str(raw).ok()?;
    items
        .into_iter()
        .map(|raw| match field(raw.get()) {
            Field::Unknown => Some(None),
            Field::Text(text) => Some(Some(text)),
            Field::Number(text) => Some(Some(text.into())),
            Field::Bool(value) => Some(Some(if value { "true" } else { "false" }.into())),
            _ => None,
        })
        .collect()
}
