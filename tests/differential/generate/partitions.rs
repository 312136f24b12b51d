//! Tiers, bands, partitions by value and charts.

use std::fmt::{self, Write};

use super::phrase::{Phrase, Template};
use super::project::{Case, Segment, quoted};
use super::random::Random;
use super::schema::{Named, Schema, Sort};
use super::stage;
use super::world::World;
use super::writer::Writer;

/// Groups of subjects of which nobody is in two.
#[derive(Clone, Debug)]
pub struct Partition {
    pub name: String,
    pub kind: String,
    pub within: Option<String>,
    pub parts: Parts,
}

/// How the groups are told.
#[derive(Clone, Debug)]
pub enum Parts {
    /// In order; without a condition: `otherwise`.
    Tiers(Vec<(String, Option<Phrase>)>),
    /// What is divided, none in the short form; the bounds; names, or those of the bounds.
    Bands { is: Option<Template>, bounds: Vec<String>, names: Vec<String> },
    /// A closed attribute; it may have the partition's name.
    Values { is: String },
    /// Scores, what is said of their scale, groups of cells.
    Chart { by: Vec<String>, scale: Option<u32>, groups: Vec<(String, Vec<String>)> },
}

impl Partition {
    /// Where it stands in a rule file.
    pub fn section(&self) -> &'static str {
        match self.parts {
            Parts::Tiers(_) => "tiers",
            Parts::Bands { .. } => "bands",
            Parts::Values { .. } => "partitions",
            Parts::Chart { .. } => "charts",
        }
    }

    /// Its entry, in the short form where that can say everything.
    pub fn write(&self, out: &mut String, default_kind: &str) -> fmt::Result {
        let mut more = String::new();
        if self.kind != default_kind {
            writeln!(more, "    of: {}", self.kind)?;
        }
        if let Some(within) = &self.within {
            writeln!(more, "    within: {}", quoted(within))?;
        }
        let name = &self.name;
        match &self.parts {
            Parts::Tiers(tiers) => {
                writeln!(out, "  {name}:")?;
                let long = !more.is_empty();
                out.push_str(&more);
                if long {
                    writeln!(out, "    parts:")?;
                }
                let indent = if long { "      " } else { "    " };
                for (at, (tier, when)) in tiers.iter().enumerate() {
                    match when {
                        None => writeln!(out, "{indent}{tier}: otherwise")?,
                        Some(when) if long && at % 2 == 1 => {
                            writeln!(out, "{indent}{tier}: {{ when: {}, label: A tier }}", quoted(when))?;
                        }
                        Some(when) => writeln!(out, "{indent}{tier}: {}", quoted(when))?,
                    }
                }
            }
            Parts::Bands { is: None, bounds, .. } if more.is_empty() => {
                writeln!(out, "  {name}: [{}]", bounds.join(", "))?;
            }
            Parts::Bands { is, bounds, names } => {
                writeln!(out, "  {name}:\n{more}    bounds: [{}]", bounds.join(", "))?;
                let is = is.as_ref().map_or_else(|| name.clone(), ToString::to_string);
                writeln!(out, "    is: {}", quoted(is))?;
                if !names.is_empty() {
                    writeln!(out, "    names: [{}]", names.join(", "))?;
                }
            }
            Parts::Values { is } if more.is_empty() => writeln!(out, "  {name}: {is}")?,
            Parts::Values { is } => writeln!(out, "  {name}:\n{more}    is: {is}")?,
            Parts::Chart { by, scale, groups } => {
                writeln!(out, "  {name}:\n{more}    by: [{}]", by.join(", "))?;
                if let Some(scale) = scale {
                    writeln!(out, "    scale: {scale}")?;
                }
                writeln!(out, "    groups:")?;
                for (at, (group, cells)) in groups.iter().enumerate() {
                    let cells = format!("[{}]", cells.iter().map(quoted).collect::<Vec<_>>().join(", "));
                    match at % 2 {
                        0 => writeln!(out, "      {group}: {cells}")?,
                        _ => writeln!(out, "      {group}: {{ label: A group, cells: {cells} }}")?,
                    }
                }
            }
        }
        Ok(())
    }
}

/// The names behind `in` that a segment gives, with its kind.
pub fn names_of(segment: &Segment) -> Vec<(String, String)> {
    let parts = segment.split.iter().flat_map(|split| &split.parts);
    let parts = parts.map(|(part, _)| format!("{}.{part}", segment.name));
    std::iter::once(segment.name.clone()).chain(parts).map(|name| (name, segment.kind.clone())).collect()
}

/// Everything that a case has behind `in`, as it is written there, with the kind of subject.
pub fn segments_of(case: &Case, schema: &Schema) -> Vec<(String, String)> {
    let mut names: Vec<(String, String)> = case.segments.iter().flat_map(names_of).collect();
    for partition in &case.partitions {
        let parts = schema.parts.iter().filter(|(name, _)| *name == partition.name);
        names.extend(parts.map(|(name, part)| (format!("{name}.{}", in_ticks(part)), partition.kind.clone())));
    }
    names
}

/// A name as it is written in a path.
fn in_ticks(name: &str) -> String {
    let plain = name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
        && name.starts_with(|sign: char| sign.is_ascii_alphabetic());
    if plain { name.to_owned() } else { format!("`{name}`") }
}

/// Some partitions of each kind of subject.
pub fn write(random: &mut Random, world: &mut World) {
    for kind in world.case.kinds.iter().map(|kind| kind.name.clone()).collect::<Vec<_>>() {
        let letter = kind[..1].to_owned();
        for (what, likely) in [("tier", 45), ("band", 35), ("own_band", 25), ("value", 35), ("chart", 45)] {
            if !random.chance(likely) {
                continue;
            }
            let made = stage(random, world, |writer| writer.partition(&kind, what, &letter));
            let Some((partition, form)) = made else { continue };
            add(world, partition, form);
        }
    }
}

fn add(world: &mut World, partition: Partition, form: &'static str) {
    let name = partition.name.clone();
    let has_attribute = !matches!(&partition.parts, Parts::Bands { is: None, .. })
        && !matches!(&partition.parts, Parts::Values { is } if *is == name);
    let kind = partition.kind.clone();
    world.case.partitions.push(partition);
    // The interpreter says what the parts are called.
    let parts = super::parts_of(&world.case, &name);
    world.schema.parts.extend(parts.iter().map(|part| (name.clone(), part.clone())));
    world.schema.partitions.push((name.clone(), form));
    if has_attribute {
        world.schema.closed.push((name.clone(), parts));
        let view = world.schema.subjects.iter_mut().find(|(one, _)| *one == kind);
        view.expect("a kind of subject").1.push(Named { name, sort: Sort::Closed, form: "closed attribute" });
    }
}

impl Writer<'_> {
    fn partition(&mut self, kind: &str, what: &str, letter: &str) -> Option<(Partition, &'static str)> {
        let site = self.subject_site(kind);
        let before: Vec<String> =
            self.segments.iter().filter(|(_, of)| of == kind).map(|(name, _)| name.clone()).collect();
        let within = if self.random.chance(30) { self.random.any(&before).cloned() } else { None };
        let (name, parts, form) = match what {
            "tier" => {
                let names = ["gold", "silver", "bronze", "none"];
                let mut tiers: Vec<(String, Option<Phrase>)> = Vec::new();
                for tier in &names[..1 + self.random.below(3)] {
                    let when = self.phrase(&site, 1);
                    tiers.push(((*tier).to_owned(), Some(when)));
                }
                if self.random.chance(50) {
                    tiers.push(("rest".to_owned(), None));
                }
                (format!("loyalty_{letter}"), Parts::Tiers(tiers), "in a tier")
            }
            "band" => {
                let sort = *self.random.pick(&[Sort::Number, Sort::Number, Sort::Date, Sort::Duration]);
                let value = self.value(&site, sort, 1)?;
                let bounds = self.bounds(&site, &value.template, sort);
                let names = ["lowest", "low", "middle", "high", "highest"];
                let named = self.random.chance(40);
                let names = names.iter().take(if named { bounds.len() + 1 } else { 0 });
                let names = names.map(|name| (*name).to_owned()).collect();
                (format!("band_{letter}"), Parts::Bands { is: Some(value.template), bounds, names }, "in a band")
            }
            "own_band" => {
                let value = self.metric_or_attribute(kind)?;
                if self.schema.partitions.iter().any(|(name, _)| *name == value) {
                    return None;
                }
                let bounds = self.bounds(&site, &Template::text(&value), Sort::Number);
                (value, Parts::Bands { is: None, bounds, names: vec![] }, "in a band of its own")
            }
            "value" => {
                let of = format!("place_{letter}");
                self.schema.closed.iter().find(|(name, _)| *name == of)?;
                let name = if self.random.chance(50) { of.clone() } else { format!("where_{letter}") };
                (name, Parts::Values { is: of }, "in a part by value")
            }
            _ => {
                let (by, most) = self.scores(kind)?;
                let groups = self.chart_groups(by.len(), most);
                let scale = self.random.chance(40).then_some(most);
                (format!("rfm_{letter}"), Parts::Chart { by, scale, groups }, "in a group of a chart")
            }
        };
        Some((Partition { name, kind: kind.to_owned(), within, parts }, form))
    }

    /// A number of a subject by one name: a metric, perhaps with a suffix, or an attribute.
    fn metric_or_attribute(&mut self, kind: &str) -> Option<String> {
        let site = self.subject_site(kind);
        let metrics: Vec<_> = self.schema.metrics_of(kind).into_iter().cloned().collect();
        let suffixes: Vec<String> = self.windows.iter().filter_map(|written| written.suffix.clone()).collect();
        match self.random.any(&metrics).cloned() {
            Some(metric) if self.random.chance(60) => {
                let suffix = self.random.any(&suffixes).filter(|_| metric.timed).cloned().unwrap_or_default();
                Some(format!("{}{suffix}", metric.name))
            }
            _ => {
                let named = self.named(&site, Sort::Number)?.template.to_string();
                (!named.contains('.')).then_some(named)
            }
        }
    }

    /// Two or three scores of a kind with one scale.
    fn scores(&mut self, kind: &str) -> Option<(Vec<String>, u32)> {
        let mut scores: Vec<(String, u32)> = self
            .schema
            .scores
            .iter()
            .filter(|(of, _, most)| of == kind && *most > 1)
            .map(|(_, name, most)| (name.clone(), *most))
            .collect();
        if scores.len() < 2 {
            return None;
        }
        if self.random.chance(50) {
            scores.reverse();
        }
        scores.truncate(3);
        let most = scores[0].1;
        Some((scores.into_iter().map(|(name, _)| name).collect(), most))
    }

    /// Groups of cells: some cells in several, some in none.
    fn chart_groups(&mut self, width: usize, most: u32) -> Vec<(String, Vec<String>)> {
        let names = ["champions", "loyal", "sleeping", "lost"];
        let mut groups = Vec::new();
        for name in &names[..2 + self.random.below(3)] {
            let count = 1 + self.random.below(3);
            let cells = (0..count).map(|_| (0..width).map(|_| self.digit(most)).collect::<String>());
            groups.push(((*name).to_owned(), cells.collect()));
        }
        groups
    }

    fn digit(&mut self, most: u32) -> String {
        let (a, b) = (self.random.between(1, i64::from(most)), self.random.between(1, i64::from(most)));
        match self.random.below(5) {
            0 | 1 => a.to_string(),
            2 if a < b => format!("[{a}-{b}]"),
            _ => "x".to_owned(),
        }
    }
}
