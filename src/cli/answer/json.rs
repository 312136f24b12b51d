//! Counts and members as one JSON object.

use std::collections::BTreeMap;
use std::io::Write;

use kohort::engine::{KindReport, MissingKeys, PartitionReport, TableReport};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::counts::{Count, Share};
use super::members::MembersOf;
use super::{Answer, Entry};
use crate::cli::amounts::written;

/// The version of this form.
const VERSION: u32 = 1;

/// Writes an answer; members are written one by one.
pub fn write(mut out: impl Write, answer: &Answer) -> std::io::Result<()> {
    let document = Document {
        kohort: VERSION,
        as_of: &answer.as_of,
        timezone: answer.zone.name(),
        subjects: Subjects(&answer.report.kinds),
        segments: answer.entries().iter().map(Segment::new).collect(),
        partitions: partitions(&answer.report.kinds),
        missing_keys: missing_keys(&answer.report.kinds),
        outside_closed_sets: strays(&answer.report.kinds),
        tables: answer.report.tables.iter().map(Table::new).collect(),
    };
    serde_json::to_writer(&mut out, &document)?;
    out.write_all(b"\n")
}

fn partitions(kinds: &[KindReport]) -> Vec<Partition<'_>> {
    kinds.iter().flat_map(|kind| kind.partitions.iter().map(|partition| Partition::new(kind, partition))).collect()
}

fn missing_keys(kinds: &[KindReport]) -> Vec<Missing<'_>> {
    kinds.iter().flat_map(|kind| kind.missing_keys.iter().map(|missing| Missing::new(kind, missing))).collect()
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
    /// Tiers, bands, partitions and charts with a group among the segments.
    partitions: Vec<Partition<'a>>,
    /// Lists of keys with some that no subject has.
    missing_keys: Vec<Missing<'a>>,
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
    /// The partition, or the segment that is split, whose group it is.
    part_of: Option<&'a str>,
    count: Option<u64>,
    #[serde(serialize_with = "Share::as_number")]
    share: Option<Share>,
    /// Left out where members were only counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Members<'a>>,
    /// For each member until when, in their order; null: not in a hundred years, or unknown. Left out where nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Vec<Option<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Groups of which nobody is in two.
#[derive(Serialize)]
struct Partition<'a> {
    name: &'a str,
    label: Option<&'a str>,
    subject: &'a str,
    within: Option<&'a str>,
    /// Those of its groups that were asked for.
    groups: Vec<&'a str>,
}

/// Keys of a list that no subject has.
#[derive(Serialize)]
struct Missing<'a> {
    /// None: the keys are written in the rule.
    file: Option<&'a str>,
    subject: &'a str,
    keys: u64,
    missing: u64,
    /// The first few of them.
    examples: &'a [String],
}

/// The members of one segment; none where it has no answer.
struct Members<'a>(Option<MembersOf<'a>>);

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

impl<'a> Segment<'a> {
    fn new(entry: &Entry<'a>) -> Self {
        let Count { segment, label, within, subject, members, share, .. } = Count::new(entry);
        Segment {
            name: segment,
            label,
            subject,
            within,
            part_of: entry.segment.part_of.as_deref(),
            count: members,
            share,
            members: entry.members.map(|_| Members(entry.listed())),
            until: entry.listed().and_then(MembersOf::untils).map(Iterator::collect),
            error: entry.segment.members.as_ref().err().map(ToString::to_string),
        }
    }
}

impl<'a> Partition<'a> {
    fn new(kind: &'a KindReport, report: &'a PartitionReport) -> Self {
        let groups = kind.segments.iter().filter(|segment| segment.part_of.as_deref() == Some(report.name.as_str()));
        Partition {
            name: &report.name,
            label: report.label.as_deref(),
            subject: &kind.subject,
            within: report.within.as_deref(),
            groups: groups.map(|segment| segment.name.as_str()).collect(),
        }
    }
}

impl<'a> Missing<'a> {
    fn new(kind: &'a KindReport, report: &'a MissingKeys) -> Self {
        Missing {
            file: report.file.as_deref(),
            subject: &kind.subject,
            keys: report.keys,
            missing: report.missing,
            examples: &report.examples,
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
        let Some(members) = self.0 else { return serializer.serialize_none() };
        let mut list = serializer.serialize_seq(None)?;
        for key in members.keys() {
            match key.as_slice() {
                [single] => list.serialize_element(single)?,
                several => list.serialize_element(several)?,
            }
        }
        list.end()
    }
}
