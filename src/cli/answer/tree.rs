//! The order of segments as a tree: narrower groups stand beneath the broader one.

use std::collections::HashMap;

use kohort::engine::SegmentReport;

/// A line of the tree: a segment's position, and its name with the branches before it.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// Position among the segments given.
    pub at: usize,
    /// `├─ vip`
    pub text: String,
}

/// Lays out segments, those of one parent in the given order. A segment whose broader one is not among them stands at
/// the root.
pub fn lines(segments: &[SegmentReport]) -> Vec<Line> {
    let positions: HashMap<&str, usize> =
        segments.iter().enumerate().map(|(at, one)| (one.name.as_str(), at)).collect();
    let mut children: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
    for (at, segment) in segments.iter().enumerate() {
        let parent = segment.within.as_deref().and_then(|within| positions.get(within).copied());
        children.entry(parent).or_default().push(at);
    }
    // What is still to be laid out, the next last: position, the branches of its children, its own branch.
    let mut pending: Vec<(usize, String, &str)> = Vec::new();
    let roots = children.remove(&None).unwrap_or_default();
    pending.extend(roots.into_iter().rev().map(|at| (at, String::new(), "")));
    let mut lines = Vec::new();
    while let Some((at, before, branch)) = pending.pop() {
        let Some(segment) = segments.get(at) else { continue };
        lines.push(Line { at, text: format!("{before}{branch}{}", segment.name) });
        let before = match branch {
            "" => before,
            "└─ " => before + "   ",
            _ => before + "│  ",
        };
        let inner = children.remove(&Some(at)).unwrap_or_default();
        let branches = (0..inner.len()).map(|from_last| if from_last == 0 { "└─ " } else { "├─ " });
        pending.extend(inner.into_iter().rev().zip(branches).map(|(at, branch)| (at, before.clone(), branch)));
    }
    lines
}
