//! A segment as its definition has it: `within:`, `when:`, `include:` and `exclude:`; a tier and those above it; a band, a value, a
//! cell; a part of a split.

use super::draft::{ChangeSketch, Draft, NeededSketch, OperandSketch, Sketch, SketchForm, TestSketch};
use super::words::{Origin, conjuncts, ident, made};
use crate::catalog::model::{BandsDef, ChartDef, KeyList, PartitionDef, PartitionKind, TierDef};
use crate::ir::{ListId, Node, NodeId, PartitionForm, SegmentId, Type};
use crate::rules::model::SegmentDef;
use crate::syntax::ast::{CompareOp, Expr, ExprKind, Path};
use crate::syntax::print;

impl Draft<'_> {
    /// The condition of a segment, whole.
    pub(super) fn segment(&mut self, id: SegmentId) -> Sketch {
        let parts = match self.words.origin(&self.ir, id) {
            Some(Origin::Rule(def)) => self.rule(id, def),
            Some(Origin::Group(def, at)) => self.group(id, def, at),
            Some(Origin::Split(def, at)) => self.part(id, def, at),
            None => None,
        };
        let node = self.ir.segment(id).condition;
        match parts.map(<[Sketch; 1]>::try_from) {
            Some(Ok([only])) => Sketch { node, ..only },
            Some(Err(parts)) => {
                let texts: Vec<String> = parts.iter().map(|part| self.conjunct(part)).collect();
                Sketch { text: texts.join(" and "), node, form: SketchForm::All(parts) }
            }
            // What it is made of is not at hand: it is told as one.
            None => {
                let behind = self.behind(node);
                let test = TestSketch { behind, ..TestSketch::default() };
                Sketch { text: self.ir.segment(id).name.clone(), node, form: SketchForm::Test(test) }
            }
        }
    }

    /// The text of a part beside others.
    fn conjunct(&self, part: &Sketch) -> String {
        match (&part.form, self.ir.node(part.node)) {
            (SketchForm::Any(_), _) | (SketchForm::Test(_), Node::Or(_)) => format!("({})", part.text),
            _ => part.text.clone(),
        }
    }

    fn rule(&mut self, id: SegmentId, def: &SegmentDef) -> Option<Vec<Sketch>> {
        let mut parts: Vec<Sketch> = self.within(id).into_iter().collect();
        let when = self.condition(&def.when)?;
        match &def.include {
            None => parts.extend(flattened(when)),
            Some(keys) => {
                let listed = self.listed(keys, "include", false)?;
                let node = self.or(vec![when.node, listed.node]);
                let text = format!("{} or {}", when.text, listed.text);
                let any = match when.form {
                    SketchForm::Any(of) => of.into_iter().chain([listed]).collect(),
                    _ => vec![when, listed],
                };
                parts.push(Sketch { text, node, form: SketchForm::Any(any) });
            }
        }
        if let Some(keys) = &def.exclude {
            parts.push(self.listed(keys, "exclude", true)?);
        }
        Some(parts)
    }

    /// The broader segment.
    fn within(&mut self, id: SegmentId) -> Option<Sketch> {
        let parent = self.ir.segment(id).within?;
        Some(self.member(parent))
    }

    fn member(&mut self, segment: SegmentId) -> Sketch {
        let node = self.ir_mut().add(Node::Member(segment));
        Sketch { text: self.membership(segment, false), node, form: self.mention(segment, false, false) }
    }

    /// `in loyalty.gold`
    fn membership(&self, segment: SegmentId, negated: bool) -> String {
        let name = &self.ir.segment(segment).name;
        // The name of a group may have a dot of its own behind the first.
        let parts = match self.ir.segment(segment).part_of {
            Some(_) => name.splitn(2, '.').map(ident).collect(),
            None => vec![ident(name)],
        };
        print(&made(ExprKind::InSegment { negated, segment: Path { parts } }))
    }

    /// Keys that a segment names.
    fn listed(&mut self, keys: &KeyList, word: &str, outside: bool) -> Option<Sketch> {
        let place = match keys {
            KeyList::Values(_) => format!("`{word}`"),
            KeyList::File(file) => format!("'{}' (`{word}`)", file.path),
        };
        let list = self.list_of(keys)?;
        let keys = self.key_nodes();
        let node = self.ir_mut().add(Node::InRows(keys, list));
        let (node, text) = match outside {
            true => (self.ir_mut().add(Node::Not(node)), format!("not listed under {place}")),
            false => (node, format!("listed under {place}")),
        };
        Some(Sketch { text, node, form: SketchForm::Test(TestSketch::default()) })
    }

    fn list_of(&self, keys: &KeyList) -> Option<ListId> {
        let mut lists = self.ir.lists.iter();
        let at = match keys {
            KeyList::Values(values) => {
                let span = values.first()?.span;
                lists.position(|list| list.keys_of == Some(self.subject) && list.span == span)?
            }
            KeyList::File(file) => {
                let found = self.words.project().lists().get(file.span.file, &file.path)?;
                lists.position(|list| list.keys_of == Some(self.subject) && list.file.as_ref() == Some(&found.name))?
            }
        };
        Some(ListId(at as u32))
    }

    fn group(&mut self, id: SegmentId, def: &PartitionDef, at: usize) -> Option<Vec<Sketch>> {
        let mut parts: Vec<Sketch> = self.within(id).into_iter().collect();
        // What the group asks besides.
        let outer = parts.first().map(|within| within.node);
        let own = conjuncts(&self.ir, Some(self.ir.segment(id).condition));
        let own: Vec<NodeId> = own.into_iter().filter(|part| Some(*part) != outer).collect();
        match &def.kind {
            PartitionKind::Tiers(tiers) => parts.extend(self.tier(id, tiers, at)?),
            PartitionKind::Bands(bands) => parts.extend(self.band(bands, at, &own)?),
            PartitionKind::Values(is) => parts.push(self.value(is, &own)?),
            PartitionKind::Chart(chart) => parts.push(self.cell(id, chart, at, own)?),
        }
        Some(parts)
    }

    /// A tier: none of those above it, then its own condition.
    fn tier(&mut self, id: SegmentId, tiers: &[TierDef], at: usize) -> Option<Vec<Sketch>> {
        let groups = self.ir.partition(self.ir.segment(id).part_of?).parts.clone();
        let mut parts = Vec::new();
        for (above, group) in tiers.iter().zip(groups).take(at) {
            if above.when.is_none() {
                continue;
            }
            // Of those above it a subject is in one, though several may hold.
            let member = self.ir_mut().add(Node::Member(group));
            let node = self.ir_mut().add(Node::Not(member));
            parts.push(Sketch { text: self.membership(group, true), node, form: self.mention(group, true, true) });
        }
        match &tiers.get(at)?.when {
            Some(when) => {
                let when = self.condition(when)?;
                parts.extend(flattened(when));
            }
            None if parts.is_empty() => {
                let node = self.and(Vec::new());
                parts.push(Sketch {
                    text: "otherwise".to_owned(),
                    node,
                    form: SketchForm::Test(TestSketch::default()),
                });
            }
            None => {}
        }
        Some(parts)
    }

    /// From a bound on, up to the next one.
    fn band(&mut self, bands: &BandsDef, at: usize, own: &[NodeId]) -> Option<Vec<Sketch>> {
        let upper = bands.bounds.get(at).map(|bound| (CompareOp::Less, bound));
        let lower = at.checked_sub(1).and_then(|below| bands.bounds.get(below));
        let lower = lower.map(|bound| (CompareOp::GreaterOrEqual, bound));
        let ends = lower.into_iter().chain(upper).map(|(op, bound)| {
            let compares = |node: &NodeId| match self.ir.node(*node) {
                Node::Compare(found, ..) | Node::CompareRoots(found, ..) => *found == op,
                _ => false,
            };
            let node = *own.iter().find(|node| compares(node))?;
            self.compared(op, &bands.is, bound, node)
        });
        ends.collect()
    }

    fn compared(&mut self, op: CompareOp, value: &Expr, bound: &Expr, node: NodeId) -> Option<Sketch> {
        let (left, right) = (Box::new(value.clone()), Box::new(bound.clone()));
        let expr = made(ExprKind::Compare { op, left, right, ignoring_case: false });
        Some(Sketch { text: print(&expr), node, form: SketchForm::Test(self.test(&expr, node)) })
    }

    /// A value of a closed set.
    fn value(&mut self, is: &Expr, own: &[NodeId]) -> Option<Sketch> {
        let node = self.and(own.to_vec());
        let Node::Compare(CompareOp::Equal, _, constant) = *self.ir.node(node) else { return None };
        let Node::Constant(value) = self.ir.node(constant).clone() else { return None };
        let operand = self.operand(is)?;
        let written = crate::engine::written::value(&value);
        let shown = match value.ty() {
            Type::Text => format!("'{}'", written.replace('\'', "''")),
            _ => written,
        };
        let test = TestSketch {
            needed: vec![NeededSketch { op: CompareOp::Equal, values: vec![constant], text: None }],
            change: match operand.behind.ranks.is_empty() {
                true => ChangeSketch::Become(vec![value]),
                false => ChangeSketch::Untold,
            },
            operands: vec![operand],
            ..TestSketch::default()
        };
        Some(Sketch { text: format!("{} = {shown}", print(is)), node, form: SketchForm::Test(test) })
    }

    /// Cells of scores.
    fn cell(&mut self, id: SegmentId, chart: &ChartDef, at: usize, own: Vec<NodeId>) -> Option<Sketch> {
        let partition = self.ir.partition(self.ir.segment(id).part_of?);
        let PartitionForm::Chart(made) = &partition.form else { return None };
        let scores = made.scores.clone();
        let mut operands = Vec::new();
        for (name, value) in scores {
            let (behind, named) = (self.behind(value), self.words.defined(&name));
            let (label, unit, meaning) = (named.label, named.unit, named.meaning);
            operands.push(OperandSketch { text: name, label, unit, meaning, value, behind });
        }
        let cells: Vec<&str> = chart.groups.get(at)?.cells.iter().map(|cell| cell.value.text.as_str()).collect();
        let scores: Vec<&str> = chart.by.iter().map(|score| score.text.as_str()).collect();
        let text = format!("{} in {}", scores.join(", "), cells.join(", "));
        let test = TestSketch { operands, ..TestSketch::default() };
        Some(Sketch { text, node: self.and(own), form: SketchForm::Test(test) })
    }

    /// A part of a split.
    fn part(&mut self, id: SegmentId, def: &SegmentDef, at: usize) -> Option<Vec<Sketch>> {
        let parent = self.within(id)?;
        let own = conjuncts(&self.ir, Some(self.ir.segment(id).condition));
        let node = self.and(own.into_iter().filter(|part| *part != parent.node).collect());
        let (name, share) = def.split.as_ref()?.parts.get(at)?;
        let text = format!("drawn into `{}`: {}% of all, by the key", name.text, share.value.normalize());
        let drawn = Sketch { text, node, form: SketchForm::Test(TestSketch::default()) };
        Some(vec![parent, drawn])
    }
}

/// The parts of a conjunction, or the one condition.
fn flattened(sketch: Sketch) -> Vec<Sketch> {
    match sketch.form {
        // One alone has a name of its own.
        SketchForm::All(parts) if parts.len() > 1 => parts,
        _ => vec![sketch],
    }
}
