//! Counts and members as one JSON object.

use std::collections::BTreeMap;
use std::io::Write;

use kohort::Report;
use kohort::engine::{KindReport, SegmentReport, TableReport};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::amounts::written;
use super::members::Listed;

/// The version of this form.
const VERSION: u32 = 1;

/// Everything that an evaluation says.
pub struct Answer<'a> {
    /// The instant, with its offset.
    pub as_of: String,
    /// The project's time zone.
    pub timezone: &'a str,
    /// Counts.
    pub report: &'a Report,
    /// Members, for each kind of the report.
    pub listed: &'a [&'a Listed],
    /// The names of all segments in file order.
    pub order: Vec<&'a str>,
}

/// Writes an answer; members are written one by one.
pub fn write(mut out: impl Write, answer: &Answer<'_>) -> std::io::Result<()> {
    let document = Document {
        kohort: VERSION,
        as_of: &answer.as_of,
        timezone: answer.timezone,
        subjects: Subjects(&answer.report.kinds),
        segments: segments(answer),
        outside_closed_sets: strays(&answer.report.kinds),
        tables: answer.report.tables.iter().map(Table::new).collect(),
    };
    serde_json::to_writer(&mut out, &document)?;
    out.write_all(b"\n")
}

fn strays(kinds: &[KindReport]) -> BTreeMap<&str, &BTreeMap<String, u64>> {
    kinds.iter().filter(|kind| !kind.strays.is_empty()).map(|kind| (kind.subject.as_str(), &kind.strays)).collect()
}

#[derive(Serialize)]
struct Document<'a> {
    kohort: u32,
    as_of: &'a str,
    timezone: &'a str,
    subjects: Subjects<'a>,
    segments: Vec<Segment<'a>>,
    /// By kind of subject and attribute: how many have a value that the closed set does not have.
    outside_closed_sets: BTreeMap<&'a str, &'a BTreeMap<String, u64>>,
    tables: Vec<Table<'a>>,
}

/// How many subjects there are, by kind.
struct Subjects<'a>(&'a [KindReport]);

#[derive(Serialize)]
struct Segment<'a> {
    name: &'a str,
    label: Option<&'a str>,
    subject: &'a str,
    within: Option<&'a str>,
    count: Option<u64>,
    share: Option<f64>,
    members: Option<Members<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// The members of one segment, by its place among those of its kind.
struct Members<'a>(&'a Listed, usize);

#[derive(Serialize)]
struct Table<'a> {
    table: &'a str,
    subject: &'a str,
    rows: u64,
    anonymous: u64,
    orphans: u64,
    unknown_time: u64,
    amounts: BTreeMap<&'a str, Amounts>,
}

#[derive(Serialize)]
struct Amounts {
    anonymous: String,
    orphans: String,
}

/// All segments in file order, whatever their kind.
fn segments<'a>(answer: &'a Answer<'a>) -> Vec<Segment<'a>> {
    let kinds = answer.report.kinds.iter().zip(answer.listed.iter().copied());
    let mut segments: Vec<Segment<'a>> = kinds
        .flat_map(|(kind, listed)| {
            let each = kind.segments.iter().enumerate();
            each.map(move |(at, segment)| Segment::new(kind, segment, Members(listed, at)))
        })
        .collect();
    let order: BTreeMap<&str, usize> = answer.order.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    segments.sort_by_key(|segment| order.get(segment.name).copied());
    segments
}

impl<'a> Segment<'a> {
    fn new(kind: &'a KindReport, segment: &'a SegmentReport, members: Members<'a>) -> Self {
        let count = segment.members.as_ref().ok().copied();
        let share = count.filter(|_| kind.subjects > 0).map(|count| count as f64 / kind.subjects as f64);
        Segment {
            name: &segment.name,
            label: segment.label.as_deref(),
            subject: &kind.subject,
            within: segment.within.as_deref(),
            count,
            share,
            members: count.map(|_| members),
            error: segment.members.as_ref().err().map(ToString::to_string),
        }
    }
}

impl<'a> Table<'a> {
    fn new(report: &'a TableReport) -> Self {
        let amounts = report.amounts.iter().map(|(metric, (anonymous, orphans))| {
            (metric.as_str(), Amounts { anonymous: written(anonymous), orphans: written(orphans) })
        });
        Table {
            table: &report.table,
            subject: &report.subject,
            rows: report.rows,
            anonymous: report.anonymous,
            orphans: report.orphans,
            unknown_time: report.timeless,
            amounts: amounts.collect(),
        }
    }
}

impl Serialize for Subjects<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for kind in self.0 {
            map.serialize_entry(&kind.subject, &kind.subjects)?;
        }
        map.end()
    }
}

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Members(listed, at) = self;
        let mut list = serializer.serialize_seq(None)?;
        for key in listed.members(*at) {
            match key.as_slice() {
                [single] => list.serialize_element(single)?,
                several => list.serialize_element(several)?,
            }
        }
        list.end()
    }
}
