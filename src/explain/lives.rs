//! How membership changes: with rows, with the clock, with other subjects, and which part is responsible.

use std::collections::BTreeSet;

use super::model::{Lives, NameKind, Phrase};
use super::say::Say;
use super::speaker::Speaker;
use super::value::subject_name;
use crate::ir::{Ir, Moves, Node, NodeId, RowSetId};

impl<'a> Speaker<'a> {
    /// What a segment moves with, in words.
    pub fn lives(&mut self, root: NodeId, moves: &Moves) -> Lives {
        let ir = self.names.ir;
        let all = reached(ir, root);
        let rows = moves.tables.iter().map(|base| Phrase::name(NameKind::Table, &ir.base_table(*base).name, None));
        let rows = rows.collect();
        let clock = distinct(moves.clock.iter().map(|node| self.by_clock(*node, &all)));
        let others = distinct(moves.others.iter().map(|node| self.by_others(*node)));
        Lives { rows, clock, others }
    }

    fn by_clock(&mut self, node: NodeId, all: &BTreeSet<NodeId>) -> Phrase {
        let ir = self.names.ir;
        // What T itself, today or a moment before it is put into says more than the moment.
        if matches!(ir.node(node), Node::Now | Node::Today | Node::Ago(_)) {
            let into = all.iter().filter(|other| ir.operands(**other).contains(&node));
            for other in into {
                if let Some(words) = self.mentioned(*other) {
                    return words;
                }
            }
        }
        match ir.node(node) {
            Node::Feature(feature) => {
                let feature = self.feature(*feature);
                self.say(Say::ClockWindow, &[feature])
            }
            Node::Sequence(_) => self.say(Say::ClockSequence, &[]),
            Node::Ago(length) => Phrase::words(self.wording.ago(*length)),
            Node::Today => self.say(Say::ClockToday, &[]),
            Node::Age(_) => {
                let age = self.mentioned(node).unwrap_or_else(|| self.say(Say::Calculation, &[]));
                self.say(Say::ClockAge, &[age])
            }
            Node::Within { .. } => match self.mentioned(node) {
                Some(words) => words,
                None => self.say(Say::ClockNear, &[]),
            },
            _ => self.say(Say::ClockNow, &[]),
        }
    }

    fn by_others(&mut self, node: NodeId) -> Phrase {
        let ir = self.names.ir;
        match ir.node(node) {
            Node::Rank(ranking, _) => {
                let by = ir.ranking(*ranking).by;
                let by = match (self.mentioned(by), ir.node(by)) {
                    (Some(words), _) => words,
                    (None, Node::Feature(feature)) => self.feature(*feature),
                    (None, _) => self.say(Say::Calculation, &[]),
                };
                self.say(Say::OtherRank, &[by])
            }
            Node::OfSubject { subject, .. } => {
                let subject = subject_name(&ir.subject(*subject).name);
                self.say(Say::OtherKind, &[subject])
            }
            Node::Column(base, _) => {
                let table = Phrase::name(NameKind::Table, &ir.base_table(*base).name, None);
                self.say(Say::OtherQuery, &[table])
            }
            Node::Feature(feature) => self.shared_rows(ir.feature(*feature).rows),
            Node::Sequence(sequence) => match ir.sequence(*sequence).steps.first() {
                Some(step) => self.shared_rows(step.rows),
                None => self.say(Say::Calculation, &[]),
            },
            _ => self.say(Say::Calculation, &[]),
        }
    }

    /// Rows of which those of others decide which count.
    fn shared_rows(&mut self, rows: RowSetId) -> Phrase {
        let ir = self.names.ir;
        let base = ir.data_of(rows);
        let say = if ir.sql_of(base).is_some() { Say::OtherQuery } else { Say::OtherRows };
        let named = ir.tables.iter().find(|table| table.rows == rows).map(|table| table.name.as_str());
        let name = named.unwrap_or(&ir.base_table(base).name);
        self.say(say, &[Phrase::name(NameKind::Table, name, None)])
    }

    /// A node as it is written somewhere.
    fn mentioned(&mut self, node: NodeId) -> Option<Phrase> {
        let (expr, subject) = self.names.mention(node)?;
        self.in_passing(expr, subject)
    }
}

/// Everything that a condition rests on, itself included.
fn reached(ir: &Ir, root: NodeId) -> BTreeSet<NodeId> {
    let mut seen = BTreeSet::new();
    let mut pending = vec![root];
    while let Some(id) = pending.pop() {
        if seen.insert(id) {
            pending.extend(ir.operands(id));
            pending.extend(ir.behind(id));
        }
    }
    seen
}

/// Each once, in order.
fn distinct(phrases: impl Iterator<Item = Phrase>) -> Vec<Phrase> {
    let mut kept = Vec::new();
    for phrase in phrases {
        if !kept.contains(&phrase) {
            kept.push(phrase);
        }
    }
    kept
}
