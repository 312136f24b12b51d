//! A draft with the values of one subject in it: what is told, and only that.
//!
//! A draft holds whatever a segment may rest on. Told are the segments that the answer does rest on: broader ones, those that are
//! spoken of, and of groups that come before only the one that the subject is in.

use super::change::change;
use super::draft::{Behind, Draft, NeededSketch, OperandSketch, RankSketch, Sketch, SketchForm, TestSketch};
use super::model::{Condition, Form, Known, Needed, Operand, RankWhy, SegmentWhy, Test, Truth};
use super::values::Answers;
use super::words::Origin;
use crate::ir::{NodeId, SegmentId};

/// What is told of one subject, rows and populations aside.
pub(super) struct Told {
    pub segments: Vec<SegmentWhy>,
    /// Positions among the draft's blocks, in the order in which they are told.
    pub blocks: Vec<usize>,
    /// Positions among the draft's ranks, each with what is told of it; who else is ranked is not known yet.
    pub ranks: Vec<(usize, RankWhy)>,
}

/// A draft being filled.
struct Filler<'d> {
    draft: &'d Draft<'d>,
    answers: &'d Answers,
    visited: Vec<SegmentId>,
    blocks: Vec<usize>,
    ranks: Vec<usize>,
}

/// Fills the conditions of some segments, and of those that they rest on.
pub(super) fn fill(draft: &Draft<'_>, answers: &Answers, segments: &[SegmentId]) -> Told {
    let mut filler = Filler { draft, answers, visited: segments.to_vec(), blocks: Vec::new(), ranks: Vec::new() };
    let mut told = Vec::new();
    while let Some(segment) = filler.visited.get(told.len()).copied() {
        told.push(filler.segment(segment));
    }
    let mut ranks = Vec::new();
    while let Some(at) = filler.ranks.get(ranks.len()).copied() {
        let Some(rank) = draft.ranks.get(at) else { break };
        ranks.push((at, filler.rank(rank)));
        // What a rank rests on may be told too.
        while let Some(segment) = filler.visited.get(told.len()).copied() {
            told.push(filler.segment(segment));
        }
    }
    Told { segments: told, blocks: filler.blocks, ranks }
}

/// Whether a subject is in a segment.
pub(super) fn is_member(draft: &Draft<'_>, answers: &Answers, segment: SegmentId) -> bool {
    answers.get(&draft.ir.segment(segment).condition).map(Known::truth) == Some(Truth::True)
}

impl Filler<'_> {
    fn value(&self, node: NodeId) -> Known {
        self.answers.get(&node).cloned().unwrap_or(Known::Unknown)
    }

    fn segment(&mut self, id: SegmentId) -> SegmentWhy {
        let segment = self.draft.ir.segment(id);
        let condition = match self.draft.segments.get(&id) {
            Some(sketch) => self.condition(sketch),
            None => Condition {
                text: segment.name.clone(),
                truth: self.value(segment.condition).truth(),
                form: Form::Test(Test::default()),
            },
        };
        let description = match self.draft.words.origin(&self.draft.ir, id) {
            Some(Origin::Rule(def)) => def.description.clone(),
            Some(Origin::Group(def, _)) => def.description.clone(),
            _ => None,
        };
        SegmentWhy {
            name: segment.name.clone(),
            label: segment.label.clone(),
            description,
            member: is_member(self.draft, self.answers, id),
            lacks: condition.lacks(true),
            condition,
            until: None,
        }
    }

    fn condition(&mut self, sketch: &Sketch) -> Condition {
        let truth = self.value(sketch.node).truth();
        let form = match &sketch.form {
            SketchForm::All(parts) => Form::All(parts.iter().map(|part| self.condition(part)).collect()),
            SketchForm::Any(parts) => Form::Any(parts.iter().map(|part| self.condition(part)).collect()),
            SketchForm::Not(inner) => Form::Not(Box::new(self.condition(inner))),
            SketchForm::Segment(mention) => {
                if !mention.if_member || is_member(self.draft, self.answers, mention.segment) {
                    self.visit(mention.segment);
                }
                let name = self.draft.ir.segment(mention.segment).name.clone();
                Form::Segment { name, negated: mention.negated }
            }
            SketchForm::Test(test) => Form::Test(self.test(test, truth)),
        };
        Condition { text: sketch.text.clone(), truth, form }
    }

    fn visit(&mut self, segment: SegmentId) {
        if !self.visited.contains(&segment) {
            self.visited.push(segment);
        }
    }

    fn test(&mut self, sketch: &TestSketch, truth: Truth) -> Test {
        let operands = sketch.operands.iter().map(|operand| self.operand(operand)).collect();
        let needed = |needed: &NeededSketch| Needed {
            op: needed.op,
            values: needed.values.iter().map(|value| self.value(*value)).collect(),
            text: needed.text.clone(),
        };
        let needed = sketch.needed.iter().map(needed).collect();
        let change = match truth {
            Truth::True => None,
            _ => change(&sketch.change, &|node| self.value(node)),
        };
        let (rows, ranks) = self.behind(&sketch.behind);
        Test { quantifier: sketch.quantifier, operands, needed, change, rows, ranks }
    }

    fn operand(&mut self, sketch: &OperandSketch) -> Operand {
        let (rows, ranks) = self.behind(&sketch.behind);
        Operand {
            text: sketch.text.clone(),
            label: sketch.label.clone(),
            unit: sketch.unit.clone(),
            meaning: sketch.meaning.clone(),
            value: self.value(sketch.value),
            rows,
            ranks,
        }
    }

    fn behind(&mut self, behind: &Behind) -> (Vec<usize>, Vec<usize>) {
        for segment in &behind.segments {
            // Of groups the one that the value names.
            if is_member(self.draft, self.answers, *segment) {
                self.visit(*segment);
            }
        }
        let rows = behind.blocks.iter().map(|at| place(&mut self.blocks, *at)).collect();
        (rows, behind.ranks.iter().map(|at| place(&mut self.ranks, *at)).collect())
    }

    fn rank(&mut self, sketch: &RankSketch) -> RankWhy {
        RankWhy {
            by: self.operand(&sketch.by),
            among: sketch.among.as_ref().map(|among| self.condition(among)),
            per: sketch.per.as_ref().map(|per| self.operand(per)),
            population: 0,
            below: None,
        }
    }
}

/// The place of something in the order in which it is told.
fn place(told: &mut Vec<usize>, at: usize) -> usize {
    told.iter().position(|known| *known == at).unwrap_or_else(|| {
        told.push(at);
        told.len() - 1
    })
}
