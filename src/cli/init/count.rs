//! Counting the members of conditions that could become segments.

use std::path::Path;

use kohort::{AsOf, Engine, Error, Project};

use super::draft::Part;
use super::rules::{self, Family, Segment};
use super::text::Written;

/// A catalogue that holds, and the instant at which its data is counted.
pub struct Counter<'a> {
    /// The catalogue.
    pub catalog: &'a str,
    /// Where its sources are seen from.
    pub directory: &'a Path,
    /// When.
    pub as_of: AsOf,
}

impl Counter<'_> {
    /// The segments that become of these families, and how many subjects there are. Each is to be a share of `of`, or of
    /// all where that is not said.
    pub async fn choose(&self, families: &[Family], of: Option<u64>) -> Result<(Vec<Segment>, u64), Error> {
        let conditions: Vec<&str> =
            families.iter().flat_map(|family| &family.candidates).map(|candidate| candidate.when.as_str()).collect();
        let (counts, subjects) = self.count(&conditions).await?;
        let mut rest = counts.as_slice();
        let mut chosen = Vec::new();
        for family in families {
            let (own, after) = rest.split_at_checked(family.candidates.len()).unwrap_or((rest, &[]));
            chosen.extend(family.choose(own, of.unwrap_or(subjects)));
            rest = after;
        }
        Ok((chosen, subjects))
    }

    /// The members of each condition, and all subjects. None: it is no condition about this data, or a number in it does
    /// not fit.
    async fn count(&self, conditions: &[&str]) -> Result<(Vec<Option<u64>>, u64), Error> {
        let mut wrong = vec![false; conditions.len()];
        loop {
            let written = probe(conditions, &wrong);
            let engine = match self.open(&written.text).await {
                Ok(engine) => engine,
                Err(error) => match refused(&error, &written) {
                    refused if refused.is_empty() => return Err(error),
                    refused => {
                        wrong.iter_mut().enumerate().for_each(|(at, wrong)| *wrong |= refused.contains(&at));
                        continue;
                    }
                },
            };
            let report = engine.query(self.as_of).counts().await?;
            let mut counts = vec![None; conditions.len()];
            for segment in report.kinds.iter().flat_map(|kind| &kind.segments) {
                if let Some(count) = number(&segment.name).and_then(|at| counts.get_mut(at)) {
                    *count = segment.members.as_ref().ok().copied();
                }
            }
            return Ok((counts, report.kinds.first().map_or(0, |kind| kind.subjects)));
        }
    }

    /// Opens the project with these rules.
    pub async fn open(&self, rules: &str) -> Result<Engine, Error> {
        let texts = [("catalog.yaml", self.catalog), ("rules.yaml", rules)];
        Engine::open(Project::from_texts(texts).in_directory(self.directory)).await
    }
}

/// A rule file of conditions, each named after its place.
fn probe(conditions: &[&str], wrong: &[bool]) -> Written {
    let mut out = Written::default();
    out.line(0, "segments:", "");
    for (at, condition) in conditions.iter().enumerate() {
        if wrong.get(at) == Some(&false) {
            out.begin(Part::Segment(format!("probe_{at}")));
            out.line(2, &format!("probe_{at}:"), "");
            rules::condition(&mut out, condition);
        }
    }
    out
}

/// The conditions that are not held for any.
fn refused(error: &Error, written: &Written) -> Vec<usize> {
    let Error::Check { diagnostics } = error else { return Vec::new() };
    let of_rules = diagnostics.iter().filter(|one| one.is_error() && one.primary.span.file.0 != 0);
    let mut found: Vec<usize> = of_rules
        .filter_map(|one| match written.part_at(one.primary.span.start) {
            Some(Part::Segment(name)) => number(name),
            _ => None,
        })
        .collect();
    found.dedup();
    found
}

fn number(name: &str) -> Option<usize> {
    name.strip_prefix("probe_")?.parse().ok()
}
