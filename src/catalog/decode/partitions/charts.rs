//! `charts:` groups of cells over two or three scores.

use super::about::About;
use super::cells::{self, Grid};
use super::nothing;
use crate::catalog::decode::values;
use crate::catalog::model::{ChartDef, ChartGroup, PartitionDef, PartitionKind, Placed};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::source::yaml::fields::{self, Fields, wrong_shape};
use crate::source::yaml::{Node, NodeKind};
use crate::syntax::ast::Ident;

/// The highest score that has a digit.
const MAX_SCALE: u32 = 9;

const GROUPS: &str = "name groups of cells: `groups: { champions: [55, 54], lost: [11, '1x'] }`";

/// Reads the chart of one name; none if it has no scores or no groups.
pub(super) fn decode(name: Ident, node: &Node, out: &mut Vec<Diagnostic>) -> Option<PartitionDef> {
    let what = format!("chart `{}`", name.text);
    let mut fields = Fields::open(node, what, out)?.named_at(name.span);
    let by = fields.require("by", "name two or three scores: `by: [recency_score, frequency_score, monetary_score]`");
    let by = by.and_then(|node| scores(node, out));
    let written = fields.take("scale");
    let scale = written.and_then(|node| scale(node, out));
    let grid = Grid {
        scores: by.as_ref().map(Vec::len),
        scale: scale.as_ref().map_or(MAX_SCALE, |scale| scale.value),
        said: scale.is_some(),
    };
    let place = fields.place("groups").unwrap_or(name.span);
    let groups = fields.require("groups", GROUPS).and_then(|node| groups(node, place, grid, out));
    let about = About::take(&mut fields, out);
    fields.synonym("scores", "by");
    fields.synonym("cells", "groups");
    fields.synonym("parts", "groups");
    fields.finish(out);
    let (by, groups) = (by?, groups?);
    Some(about.of(name, PartitionKind::Chart(ChartDef { by, scale, groups })))
}

fn scores(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Vec<Ident>> {
    let before = out.len();
    let by = values::names(node, "`by`", out);
    if out.len() > before || matches!(&node.kind, NodeKind::Broken) {
        return None;
    }
    if !(2..=3).contains(&by.len()) {
        let place = by.first().map_or(node.span, |name| name.span);
        let message = format!("a chart is over two or three scores, and `by` names {}", by.len());
        let help = "name two or three; the groups of one score are `bands:`";
        out.push(Diagnostic::new(Code::BadArgument, place, message).help(help));
        return None;
    }
    Some(by)
}

fn scale(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Placed<u32>> {
    let text = fields::text(node, "`scale`", out)?;
    let value = text.value().trim().parse().ok().filter(|scale| (2..=MAX_SCALE).contains(scale));
    if value.is_none() {
        let message =
            format!("`scale` is the highest score, a whole number from 2 to {MAX_SCALE}, found `{}`", text.value());
        out.push(Diagnostic::new(Code::BadArgument, node.span, message).help("quintiles have `scale: 5`"));
    }
    Some(Placed { value: value?, span: node.span })
}

fn groups(node: &Node, place: Span, grid: Grid, out: &mut Vec<Diagnostic>) -> Option<Vec<ChartGroup>> {
    if matches!(&node.kind, NodeKind::Broken) {
        return None;
    }
    if nothing(node) {
        out.push(Diagnostic::new(Code::MissingKey, place, "`groups` has no group").help(GROUPS));
        return None;
    }
    if !matches!(&node.kind, NodeKind::Mapping(_)) {
        let finding = wrong_shape(node, "`groups`", "names with cells");
        out.push(Diagnostic { helps: vec![GROUPS.to_owned()], ..finding });
        return None;
    }
    let entries = values::named(node, "`groups`", out);
    Some(entries.into_iter().filter_map(|(name, node)| group(name, node, grid, out)).collect())
}

fn group(name: Ident, node: &Node, grid: Grid, out: &mut Vec<Diagnostic>) -> Option<ChartGroup> {
    let what = format!("group `{}`", name.text);
    let empty = |place: Span| {
        let help = "name the digits of its scores, as in `[555, 554, '5[4-5]x']`, or remove the group";
        Diagnostic::new(Code::MissingKey, place, format!("group `{}` has no cell", name.text)).help(help)
    };
    if nothing(node) {
        out.push(empty(name.span));
        return None;
    }
    if !matches!(&node.kind, NodeKind::Mapping(_)) {
        let cells = cells::decode(node, &what, grid, out);
        return Some(ChartGroup { name, label: None, cells });
    }
    let mut fields = Fields::open(node, what, out)?.named_at(name.span);
    let label = fields.take("label").and_then(|node| values::plain_string(node, "`label`", out));
    let place = fields.place("cells").unwrap_or(name.span);
    let cells = match fields.require("cells", "name the digits of its scores: `cells: [555, 554, '5[4-5]x']`") {
        Some(node) if nothing(node) => {
            out.push(empty(place));
            Vec::new()
        }
        Some(node) => cells::decode(node, "`cells`", grid, out),
        None => Vec::new(),
    };
    for key in ["description", "owner", "tags", "of", "within"] {
        fields.elsewhere(key, "it is said once of the chart, beside `groups:`");
    }
    fields.finish(out);
    Some(ChartGroup { name, label, cells })
}
