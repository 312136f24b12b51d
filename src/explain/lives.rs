//! How membership changes: with rows, with the clock, with other subjects, and which part is responsible.

use super::model::{Lives, NameKind, Phrase};
use super::names::Scope;
use super::say::Say;
use super::speaker::Speaker;
use super::value::subject_name;
use crate::ir::{Moves, Node, NodeId};

impl<'a> Speaker<'a> {
    /// What a segment moves with, in words.
    pub fn lives(&mut self, moves: &Moves) -> Lives {
        let ir = self.names.ir;
        let rows = moves.tables.iter().map(|base| Phrase::name(NameKind::Table, &ir.base_table(*base).name, None));
        let rows = rows.collect();
        let clock = distinct(moves.clock.iter().map(|node| self.by_clock(*node)));
        let others = distinct(moves.others.iter().map(|node| self.by_others(*node)));
        Lives { rows, clock, others }
    }

    fn by_clock(&mut self, node: NodeId) -> Phrase {
        match self.names.ir.node(node) {
            Node::Feature(feature) => {
                let feature = self.feature(*feature);
                self.say(Say::ClockWindow, &[feature])
            }
            Node::Sequence(_) => self.say(Say::ClockSequence, &[]),
            Node::Ago(length) => Phrase::words(self.wording.ago(*length)),
            Node::Today => self.say(Say::ClockToday, &[]),
            Node::Age(_) => self.say(Say::ClockAge, &[]),
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
            Node::Feature(feature) => {
                let rows = ir.base_of(ir.feature(*feature).rows);
                let table = Phrase::name(NameKind::Table, &ir.base_table(rows).name, None);
                self.say(Say::OtherRows, &[table])
            }
            Node::Sequence(sequence) => {
                let step = ir.sequence(*sequence).steps.first();
                let table = step.map(|step| ir.base_table(ir.base_of(step.rows)).name.clone()).unwrap_or_default();
                self.say(Say::OtherRows, &[Phrase::name(NameKind::Table, &table, None)])
            }
            _ => self.say(Say::Calculation, &[]),
        }
    }

    /// A node as it is written somewhere.
    fn mentioned(&mut self, node: NodeId) -> Option<Phrase> {
        let (expr, subject) = self.names.mention(node)?;
        Some(self.aside(|speaker| speaker.value(expr, Scope::Subject(subject))))
    }
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
