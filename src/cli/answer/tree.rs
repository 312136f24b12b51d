//! The order of segments as a tree: narrower groups stand beneath the broader one, groups of a partition beneath its name.
//!
//! ```text
//! regulars            1,204
//! ├─ vip                310
//! └─ care               600     a partition within regulars: whoever is in one of its groups
//!    ├─ soon            200
//!    └─ later           400
//! ```

use std::collections::HashMap;

use kohort::engine::KindReport;

/// A line of the tree.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is about.
    pub of: Of,
    /// `├─ vip`
    pub text: String,
}

/// What a line is about, by its position in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Of {
    /// A segment.
    Segment(usize),
    /// All groups of a partition.
    Partition(usize),
}

/// Lays out segments and partitions, those of one parent in the given order. What lies within a segment that is not among
/// them stands at the root.
pub fn lines(report: &KindReport) -> Vec<Line> {
    let segments: HashMap<&str, Of> =
        report.segments.iter().enumerate().map(|(at, one)| (one.name.as_str(), Of::Segment(at))).collect();
    let partitions: HashMap<&str, Of> =
        report.partitions.iter().enumerate().map(|(at, one)| (one.name.as_str(), Of::Partition(at))).collect();
    let segment_of = |within: &Option<String>| within.as_deref().and_then(|within| segments.get(within).copied());
    let mut children: HashMap<Option<Of>, Vec<Of>> = HashMap::new();
    let mut placed: Vec<bool> = vec![false; report.partitions.len()];
    for (at, segment) in report.segments.iter().enumerate() {
        let partition = segment.part_of.as_deref().and_then(|name| partitions.get(name).copied());
        if let Some(Of::Partition(of)) = partition
            && !std::mem::replace(&mut placed[of], true)
        {
            let parent = segment_of(&report.partitions[of].within);
            children.entry(parent).or_default().push(Of::Partition(of));
        }
        children.entry(partition.or_else(|| segment_of(&segment.within))).or_default().push(Of::Segment(at));
    }
    // What is still to be laid out, the next last: position, the branches of its children, its own branch.
    let mut pending: Vec<(Of, String, &str)> = Vec::new();
    let roots = children.remove(&None).unwrap_or_default();
    pending.extend(roots.into_iter().rev().map(|of| (of, String::new(), "")));
    let mut lines = Vec::new();
    while let Some((of, before, branch)) = pending.pop() {
        lines.push(Line { of, text: format!("{before}{branch}{}", name(report, of, &partitions)) });
        let before = match branch {
            "" => before,
            "└─ " => before + "   ",
            _ => before + "│  ",
        };
        let inner = children.remove(&Some(of)).unwrap_or_default();
        let branches = (0..inner.len()).map(|from_last| if from_last == 0 { "└─ " } else { "├─ " });
        pending.extend(inner.into_iter().rev().zip(branches).map(|(of, branch)| (of, before.clone(), branch)));
    }
    lines
}

/// A group beneath its partition's name, or beneath the segment that is split, needs only its own.
fn name<'r>(report: &'r KindReport, of: Of, partitions: &HashMap<&str, Of>) -> &'r str {
    match of {
        Of::Partition(at) => report.partitions.get(at).map_or("", |partition| &partition.name),
        Of::Segment(at) => {
            let Some(segment) = report.segments.get(at) else { return "" };
            let above = segment.part_of.as_deref().filter(|part_of| {
                partitions.contains_key(part_of) || report.segments.iter().any(|other| other.name == **part_of)
            });
            above.and_then(|above| segment.name.get(above.len() + 1..)).unwrap_or(&segment.name)
        }
    }
}
