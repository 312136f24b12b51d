//! A segment's condition as it is written, each part with the nodes whose values will tell what it is.
//!
//! Nothing is evaluated here. What a marketer asks of a subject is often not what the rule needs: `avg` is a ratio, a deviation is
//! compared through its square. So a draft has an [`Ir`] of its own, a copy with more nodes in it; the same programs evaluate them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::counted::Block;
use super::words::Words;
use crate::ir::{Ir, Node, NodeId, Owner, RankingId, SegmentId, SubjectId, Type, Value, Written, WrittenAs};
use crate::syntax::ast::{CompareOp, Expr, ExprKind, IsTest, Literal, Quantifier};
use crate::syntax::print;

/// A condition without values.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    pub text: String,
    /// Whose value is its truth.
    pub node: NodeId,
    pub form: SketchForm,
}

#[derive(Clone, Debug)]
pub(super) enum SketchForm {
    All(Vec<Sketch>),
    Any(Vec<Sketch>),
    Not(Box<Sketch>),
    Segment(Mention),
    Test(TestSketch),
}

/// A segment that a condition speaks of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention {
    pub segment: SegmentId,
    pub negated: bool,
    /// It is unfolded only where the subject is a member: a group that comes before.
    pub if_member: bool,
}

/// A test without values.
#[derive(Clone, Debug, Default)]
pub(super) struct TestSketch {
    pub quantifier: Option<Quantifier>,
    pub operands: Vec<OperandSketch>,
    pub needed: Vec<NeededSketch>,
    pub change: ChangeSketch,
    pub behind: Behind,
}

/// A value to come.
#[derive(Clone, Debug)]
pub(super) struct OperandSketch {
    pub text: String,
    pub label: Option<String>,
    pub unit: Option<String>,
    pub meaning: Option<String>,
    pub value: NodeId,
    pub behind: Behind,
}

/// What a value rests on.
#[derive(Clone, Debug, Default)]
pub(super) struct Behind {
    /// Positions among the draft's blocks.
    pub blocks: Vec<usize>,
    /// Positions among the draft's ranks.
    pub ranks: Vec<usize>,
    /// Segments of whose membership it is made.
    pub segments: Vec<SegmentId>,
}

/// What a value is held against.
#[derive(Clone, Debug)]
pub(super) struct NeededSketch {
    pub op: CompareOp,
    pub values: Vec<NodeId>,
    pub text: Option<String>,
}

/// How it may be told what would make a test hold.
#[derive(Clone, Debug, Default)]
pub(super) enum ChangeSketch {
    /// Not exactly.
    #[default]
    Untold,
    /// By numbers: each comparison, whether it holds, its sides, and whether the left one is counted in whole things.
    Numbers(Vec<NumberSketch>),
    /// By being one of these.
    Become(Vec<Value>),
}

/// A comparison of a count or sum with a constant.
#[derive(Clone, Copy, Debug)]
pub(super) struct NumberSketch {
    pub holds: NodeId,
    pub op: CompareOp,
    pub value: NodeId,
    pub bound: NodeId,
    pub counted: bool,
}

/// An order of subjects without values.
#[derive(Clone, Debug)]
pub(super) struct RankSketch {
    pub ranking: RankingId,
    pub by: OperandSketch,
    pub among: Option<Sketch>,
    pub per: Option<OperandSketch>,
    /// Whether the subject is ranked.
    pub is_ranked: NodeId,
    /// The share of the others with a smaller value.
    pub below: NodeId,
}

/// Everything that is to be told of a segment, before any subject is looked at.
pub(super) struct Draft<'e> {
    /// The project's, with more nodes.
    pub ir: Arc<Ir>,
    pub words: Words<'e>,
    pub subject: SubjectId,
    pub blocks: Vec<Block>,
    pub ranks: Vec<RankSketch>,
    pub segments: BTreeMap<SegmentId, Sketch>,
    pub(super) pending: VecDeque<SegmentId>,
}

impl<'e> Draft<'e> {
    /// The draft of some segments of one kind of subject, and of all that they rest on.
    pub fn of(ir: &Arc<Ir>, words: Words<'e>, subject: SubjectId, segments: &[SegmentId]) -> Self {
        let mut draft = Draft {
            ir: Arc::clone(ir),
            words,
            subject,
            blocks: Vec::new(),
            ranks: Vec::new(),
            segments: BTreeMap::new(),
            pending: segments.iter().copied().collect(),
        };
        while let Some(segment) = draft.pending.pop_front() {
            if !draft.segments.contains_key(&segment) {
                let sketch = draft.segment(segment);
                draft.segments.insert(segment, sketch);
            }
        }
        draft
    }

    /// The nodes, to be added to; the project's own stay as they are.
    pub(super) fn ir_mut(&mut self) -> &mut Ir {
        Arc::make_mut(&mut self.ir)
    }

    /// Every node whose value is needed, for each subject.
    pub fn nodes(&self) -> Vec<NodeId> {
        let mut nodes = Vec::new();
        self.segments.values().for_each(|sketch| nodes_of(sketch, &mut nodes));
        self.segments.keys().for_each(|segment| nodes.push(self.ir.segment(*segment).condition));
        for rank in &self.ranks {
            rank.among.iter().for_each(|among| nodes_of(among, &mut nodes));
            nodes.extend([rank.by.value, rank.below]);
            nodes.extend(rank.per.iter().map(|per| per.value));
        }
        nodes.extend(self.blocks.iter().flat_map(|block| block.figures.iter().map(|(_, node)| *node)));
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }

    /// A condition as it is written; none: its parts are not at hand.
    pub(super) fn condition(&mut self, expr: &Expr) -> Option<Sketch> {
        let node = self.written(expr)?.node;
        let text = print(expr);
        let form = match &expr.kind {
            ExprKind::And(parts) => self.conditions(parts).map(SketchForm::All),
            ExprKind::Or(parts) => self.conditions(parts).map(SketchForm::Any),
            ExprKind::Not(inner) => self.condition(inner).map(|inner| SketchForm::Not(Box::new(inner))),
            ExprKind::InSegment { negated, segment } => {
                let name = segment.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".");
                self.segment_named(&name).map(|segment| self.mention(segment, *negated, false))
            }
            // A condition with a name.
            ExprKind::Name(_) => match self.words.attribute(expr).filter(|def| def.frozen.is_none()) {
                Some(def) if !matches!(def.is.kind, ExprKind::Name(_)) => {
                    self.condition(&def.is).map(|inner| SketchForm::All(vec![inner]))
                }
                _ => None,
            },
            _ => None,
        };
        let form = form.unwrap_or_else(|| SketchForm::Test(self.test(expr, node)));
        Some(Sketch { text, node, form })
    }

    /// What an expression became; none: it is not at hand, or it was last checked for another kind of subject, as an attribute is that
    /// several kinds have.
    fn written(&self, expr: &Expr) -> Option<Written> {
        let written = *self.ir.written.get(&expr.span)?;
        let about = |leaf: &NodeId| match self.ir.node(*leaf) {
            Node::Feature(feature) => self.ir.feature(*feature).owner == Owner::Subject(self.subject),
            Node::SubjectValue(subject, _) | Node::Key(subject, _) => *subject == self.subject,
            Node::Sequence(sequence) => self.ir.sequence(*sequence).subject == self.subject,
            Node::Rank(ranking, _) => self.ir.ranking(*ranking).subject == self.subject,
            _ => true,
        };
        self.ir.leaves([written.node]).inputs.iter().all(about).then_some(written)
    }

    fn conditions(&mut self, parts: &[Expr]) -> Option<Vec<Sketch>> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    /// A segment is spoken of, and so is to be drafted too.
    pub(super) fn mention(&mut self, segment: SegmentId, negated: bool, if_member: bool) -> SketchForm {
        self.pending.push_back(segment);
        SketchForm::Segment(Mention { segment, negated, if_member })
    }

    fn segment_named(&self, name: &str) -> Option<SegmentId> {
        let at = self.ir.segments.iter().position(|segment| segment.name == name)?;
        Some(SegmentId(at as u32))
    }

    /// A value as it is written; none: it is a constant that is written out, or not at hand.
    pub(super) fn operand(&mut self, expr: &Expr) -> Option<OperandSketch> {
        if matches!(expr.kind, ExprKind::Literal(_)) {
            return None;
        }
        let written = self.written(expr)?;
        let (value, behind) = (self.shown(written), self.behind(written.node));
        let named = self.words.named(expr);
        let (label, unit, meaning) = (named.label, named.unit, named.meaning);
        Some(OperandSketch { text: print(expr), label, unit, meaning, value, behind })
    }

    /// A value as people see it, not as it is compared.
    pub(super) fn shown(&mut self, written: Written) -> NodeId {
        match written.form {
            WrittenAs::Itself => written.node,
            WrittenAs::SquareRoot => self.ir_mut().add(Node::SquareRoot(written.node)),
            WrittenAs::Microseconds => self.ir_mut().add(Node::Elapsed(written.node)),
            WrittenAs::MicrosecondsSquared => {
                let root = self.ir_mut().add(Node::SquareRoot(written.node));
                self.ir_mut().add(Node::Elapsed(root))
            }
        }
    }

    /// What a value is counted from, placed by, and made of.
    pub(super) fn behind(&mut self, node: NodeId) -> Behind {
        let mut behind = Behind::default();
        let mut seen = std::collections::BTreeSet::new();
        let mut waiting = vec![node];
        while let Some(next) = waiting.pop() {
            if !seen.insert(next) {
                continue;
            }
            let once = |found: &mut Vec<usize>, at: usize| {
                if !found.contains(&at) {
                    found.push(at);
                }
            };
            match self.ir.node(next).clone() {
                Node::Member(segment) => {
                    behind.segments.push(segment);
                    self.pending.push_back(segment);
                }
                Node::Feature(feature) => {
                    self.block_of(feature).into_iter().for_each(|at| once(&mut behind.blocks, at));
                }
                Node::Sequence(sequence) => {
                    self.blocks_of_steps(sequence).into_iter().for_each(|at| once(&mut behind.blocks, at));
                }
                Node::Rank(ranking, _) => {
                    self.rank(ranking).into_iter().for_each(|at| once(&mut behind.ranks, at));
                }
                // Operands are visited in the order in which they stand.
                node if !node.is_leaf() => waiting.extend(self.ir.operands(next).into_iter().rev()),
                _ => {}
            }
        }
        behind
    }

    /// An order of subjects; none: what it ranks is not written anywhere.
    fn rank(&mut self, ranking: RankingId) -> Option<usize> {
        if let Some(at) = self.ranks.iter().position(|rank| rank.ranking == ranking) {
            return Some(at);
        }
        let made = self.ir.ranking(ranking).clone();
        let by = self.ranked_value(made.by)?;
        let among = match made.among {
            Some(among) => {
                let expr = self.ir.place_of(among).and_then(|span| self.words.at(span));
                expr.and_then(|expr| self.condition(expr))
            }
            None => None,
        };
        let per = made.per.and_then(|per| self.ranked_value(per));
        let below = self.ir_mut().add(Node::Rank(ranking, crate::ir::RankForm::PercentRank));
        let known = self.ir_mut().add(Node::IsKnown(made.by));
        let among_true = made.among.map(|among| self.ir_mut().add(Node::IsTrue(among)));
        let is_ranked = self.and(among_true.into_iter().chain([known]).collect());
        self.ranks.push(RankSketch { ranking, by, among, per, is_ranked, below });
        Some(self.ranks.len() - 1)
    }

    /// What is ranked, or divides the ranked: durations are ranked by their microseconds.
    fn ranked_value(&mut self, node: NodeId) -> Option<OperandSketch> {
        let mut node = node;
        loop {
            let written = self.ir.written.iter().filter(|(_, written)| written.node == node);
            let mut written = written.filter_map(|(span, _)| self.words.at(*span)).peekable();
            let first = written.peek().copied();
            // A name says more than a definition.
            if let Some(expr) = written.find(|expr| matches!(expr.kind, ExprKind::Name(_))).or(first) {
                return self.operand(expr);
            }
            node = match self.ir.node(node) {
                Node::Microseconds(inner) | Node::SquareRoot(inner) | Node::Elapsed(inner) => *inner,
                _ => return None,
            };
        }
    }

    /// A condition that is not made of conditions.
    pub(super) fn test(&mut self, expr: &Expr, node: NodeId) -> TestSketch {
        let (operands, needed): (Vec<&Expr>, Vec<NeededSketch>) = match &expr.kind {
            ExprKind::Compare { op, left, right, .. } => match self.is_constant(left) && !self.is_constant(right) {
                true => (vec![right], vec![self.needed(turned(*op), &[left])]),
                false => (vec![left], vec![self.needed(*op, &[right])]),
            },
            ExprKind::Between { negated: false, value, low, high } => {
                let from = self.needed(CompareOp::GreaterOrEqual, &[low]);
                (vec![value], vec![from, self.needed(CompareOp::LessOrEqual, &[high])])
            }
            ExprKind::InList { negated, value, list, .. } => {
                (vec![value], vec![self.needed(equality(*negated), &list.iter().collect::<Vec<_>>())])
            }
            ExprKind::Is { negated, value, test, .. } => match test {
                IsTest::Known => (vec![value], Vec::new()),
                IsTest::Value(other) => (vec![value], vec![self.needed(equality(*negated), &[other])]),
                IsTest::In(list) => {
                    (vec![value], vec![self.needed(equality(*negated), &list.iter().collect::<Vec<_>>())])
                }
            },
            ExprKind::Between { value, .. }
            | ExprKind::TextTest { value, .. }
            | ExprKind::ListTest { value, .. }
            | ExprKind::Within { value, .. } => (vec![value], Vec::new()),
            ExprKind::InFile { value, .. } => (value.as_deref().into_iter().collect(), Vec::new()),
            ExprKind::Call { arguments, .. } => (arguments.iter().collect(), Vec::new()),
            _ => (Vec::new(), Vec::new()),
        };
        // What a value is held against may be counted too: `gross_90d >= 1.5 * gross_prev_90d`.
        let others: Vec<&Expr> = match &expr.kind {
            ExprKind::Compare { left, right, .. } if !self.is_constant(left) && !self.is_constant(right) => vec![right],
            ExprKind::Between { low, high, .. } => vec![low, high],
            ExprKind::InList { list, .. } | ExprKind::ListTest { candidates: list, .. } => list.iter().collect(),
            ExprKind::TextTest { pattern, .. } => vec![pattern],
            _ => Vec::new(),
        };
        let others: Vec<&Expr> = others.into_iter().filter(|other| !self.is_constant(other)).collect();
        let operands: Vec<_> = operands.into_iter().chain(others).filter_map(|one| self.operand(one)).collect();
        let quantifier = match &expr.kind {
            ExprKind::Quantified(quantified) => Some(quantified.quantifier),
            _ => None,
        };
        // Without a value of its own the test is what rests on rows: `any(…)`, a sequence, `top 10% by …`.
        let behind = if operands.is_empty() { self.behind(node) } else { Behind::default() };
        let change = self.change(expr, node, &operands);
        TestSketch { quantifier, operands, needed, change, behind }
    }

    fn needed(&mut self, op: CompareOp, against: &[&Expr]) -> NeededSketch {
        let text = match against {
            [only] if !matches!(only.kind, ExprKind::Literal(_)) => Some(print(only)),
            _ => None,
        };
        let written: Vec<Written> = against.iter().filter_map(|one| self.ir.written.get(&one.span).copied()).collect();
        NeededSketch { op, values: written.into_iter().map(|one| self.shown(one)).collect(), text }
    }

    /// Whether an expression is the same for every subject.
    fn is_constant(&self, expr: &Expr) -> bool {
        let written = self.ir.written.get(&expr.span);
        matches!(expr.kind, ExprKind::Literal(_))
            || written.is_some_and(|written| self.ir.leaves([written.node]).inputs.is_empty())
    }

    /// How it may be told what would make a test hold: only where that is exact.
    fn change(&self, expr: &Expr, node: NodeId, operands: &[OperandSketch]) -> ChangeSketch {
        let literals = match &expr.kind {
            ExprKind::Compare { op: CompareOp::Equal, left, right, .. } => match &left.kind {
                ExprKind::Literal(_) => vec![&**left],
                _ => vec![&**right],
            },
            ExprKind::InList { negated: false, list, .. } => list.iter().collect(),
            ExprKind::Is { negated: false, test: IsTest::Value(other), .. } => vec![&**other],
            ExprKind::Is { negated: false, test: IsTest::In(list), .. } => list.iter().collect(),
            _ => Vec::new(),
        };
        let ranked = operands.iter().any(|operand| !operand.behind.ranks.is_empty());
        let named = |literal: &&Expr| matches!(literal.kind, ExprKind::Literal(Literal::Text(_) | Literal::Bool(_)));
        if !literals.is_empty() && !ranked && literals.iter().all(named) {
            let constant = |literal: &&Expr| match self.ir.node(self.ir.written.get(&literal.span)?.node) {
                Node::Constant(value) => Some(value.clone()),
                _ => None,
            };
            return literals
                .iter()
                .map(constant)
                .collect::<Option<_>>()
                .map_or(ChangeSketch::Untold, ChangeSketch::Become);
        }
        match &expr.kind {
            // Durations are compared by their microseconds.
            _ if operands.iter().any(|operand| self.ir.ty(operand.value) != Type::Number) => ChangeSketch::Untold,
            ExprKind::Compare { .. } | ExprKind::Quantified(_) | ExprKind::Between { negated: false, .. } => {
                self.numbers(node)
            }
            _ => ChangeSketch::Untold,
        }
    }

    /// The comparisons that a node is, if all are of counts and sums with constants.
    pub(super) fn numbers(&self, node: NodeId) -> ChangeSketch {
        let comparisons = match self.ir.node(node) {
            Node::And(parts) => parts.clone(),
            _ => vec![node],
        };
        let numbers = comparisons.into_iter().map(|comparison| {
            let Node::Compare(op, a, b) = self.ir.node(comparison) else { return None };
            let constant = |side: NodeId| self.ir.leaves([side]).inputs.is_empty();
            let (op, value, bound) = if constant(*b) { (*op, *a, *b) } else { (turned(*op), *b, *a) };
            let counted = self.counted(value)?;
            constant(bound).then_some(NumberSketch { holds: comparison, op, value, bound, counted })
        });
        numbers.collect::<Option<_>>().map_or(ChangeSketch::Untold, ChangeSketch::Numbers)
    }

    /// Of what is counted or added up, whether it is counted in whole things; none: it is something else, or may be unknown.
    fn counted(&self, node: NodeId) -> Option<bool> {
        use crate::ir::Aggregation::{Count, CountDistinct, Sum};
        match self.ir.node(node) {
            Node::Feature(feature) => match self.ir.feature(*feature).aggregation {
                Count | CountDistinct => Some(true),
                Sum => Some(false),
                _ => None,
            },
            Node::Negate(a) => self.counted(*a),
            Node::Add(a, b) | Node::Subtract(a, b) => Some(self.counted(*a)? && self.counted(*b)?),
            Node::Multiply(a, b) => match (self.is_number(*a), self.is_number(*b)) {
                (true, _) => self.counted(*b).map(|_| false),
                (_, true) => self.counted(*a).map(|_| false),
                _ => None,
            },
            Node::Divide(a, b) if self.is_number(*b) => self.counted(*a).map(|_| false),
            _ => None,
        }
    }

    fn is_number(&self, node: NodeId) -> bool {
        use num_traits::Zero;
        matches!(self.ir.node(node), Node::Constant(Value::Number(number)) if !number.is_zero())
    }

    /// A conjunction in its one form.
    pub(super) fn and(&mut self, of: Vec<NodeId>) -> NodeId {
        let flat = self.flat(of, |node| match node {
            Node::And(parts) => Some(parts),
            _ => None,
        });
        match flat.as_slice() {
            [] => self.ir_mut().add(Node::Constant(Value::Bool(true))),
            [only] => *only,
            _ => self.ir_mut().add(Node::And(flat)),
        }
    }

    /// A disjunction in its one form.
    pub(super) fn or(&mut self, of: Vec<NodeId>) -> NodeId {
        let flat = self.flat(of, |node| match node {
            Node::Or(parts) => Some(parts),
            _ => None,
        });
        match flat.as_slice() {
            [only] => *only,
            _ => self.ir_mut().add(Node::Or(flat)),
        }
    }

    fn flat(&self, of: Vec<NodeId>, inner: impl Fn(&Node) -> Option<&Vec<NodeId>>) -> Vec<NodeId> {
        let mut flat: Vec<NodeId> = Vec::new();
        for node in of {
            match inner(self.ir.node(node)) {
                Some(parts) => flat.extend(parts.iter().copied()),
                None => flat.push(node),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        flat
    }

    /// The parts of a subject's key, in its scope.
    pub(super) fn key_nodes(&mut self) -> Vec<NodeId> {
        let subject = self.subject;
        self.ir_mut().key_nodes(subject)
    }
}

fn nodes_of(sketch: &Sketch, nodes: &mut Vec<NodeId>) {
    nodes.push(sketch.node);
    match &sketch.form {
        SketchForm::All(parts) | SketchForm::Any(parts) => parts.iter().for_each(|part| nodes_of(part, nodes)),
        SketchForm::Not(inner) => nodes_of(inner, nodes),
        SketchForm::Segment(_) => {}
        SketchForm::Test(test) => {
            nodes.extend(test.operands.iter().map(|operand| operand.value));
            nodes.extend(test.needed.iter().flat_map(|needed| needed.values.iter().copied()));
            if let ChangeSketch::Numbers(numbers) = &test.change {
                nodes.extend(numbers.iter().flat_map(|number| [number.holds, number.value, number.bound]));
            }
        }
    }
}

/// The comparison with its sides exchanged.
fn turned(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        same => same,
    }
}

fn equality(negated: bool) -> CompareOp {
    if negated { CompareOp::NotEqual } else { CompareOp::Equal }
}
