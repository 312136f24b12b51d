//! What can change a value from one evaluation to the next: rows, the clock, other subjects.

use std::collections::{BTreeSet, HashMap};

use super::{BaseTableId, Feature, Ir, Node, NodeId, RowSet, RowSetId, Sequence, SubjectId, Window, needed_tables};

/// What a value moves with, each with the nodes that are responsible.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Tables of data whose rows count.
    pub tables: BTreeSet<BaseTableId>,
    /// What changes by time alone: T itself, windows that move with it, and what is counted from today.
    pub clock: BTreeSet<NodeId>,
    /// What depends on more subjects than the one: ranks, values of another kind of subject, tables by SQL, rows that count once
    /// among everybody's.
    pub others: BTreeSet<NodeId>,
}

impl Window {
    /// Whether it covers other instants when T is another one later than its ends.
    pub fn moves(&self) -> bool {
        !matches!(self, Window::Absolute { .. })
    }
}

impl Sequence {
    /// Whether it can begin or cease to be there by time alone.
    pub fn moves(&self) -> bool {
        let moves = |window: &Option<Window>| window.as_ref().is_some_and(Window::moves);
        moves(&self.window) || self.steps.iter().any(|step| moves(&step.window) || step.never)
    }
}

impl Ir {
    /// What a value about a kind of subject moves with.
    pub fn moves(&self, subject: SubjectId, root: NodeId) -> Moves {
        let mut found = Moves { tables: needed_tables(self, subject, &[root]), ..Moves::default() };
        let mut seen = BTreeSet::new();
        let mut pending = self.who(subject);
        pending.push(root);
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            let (clock, others) = self.moves_by_itself(subject, id);
            if clock {
                found.clock.insert(id);
            }
            if others {
                found.others.insert(id);
            }
            pending.extend(self.operands(id));
            pending.extend(self.behind(id));
        }
        found
    }

    /// Of all that some values rest on, the nodes that can be another with the clock alone, through whatever they rest on.
    pub fn moving(&self, roots: impl IntoIterator<Item = NodeId>) -> BTreeSet<NodeId> {
        let mut known: HashMap<NodeId, bool> = HashMap::new();
        let mut stack: Vec<(NodeId, bool)> = roots.into_iter().map(|root| (root, false)).collect();
        while let Some((id, below_known)) = stack.pop() {
            if known.contains_key(&id) {
                continue;
            }
            let mut below = self.operands(id);
            below.extend(self.behind(id));
            below.extend(self.sets_behind(id).into_iter().flat_map(|rows| self.queried(rows)));
            if below_known {
                let moves = self.moves_by_itself(SubjectId(0), id).0;
                known.insert(id, moves || below.iter().any(|node| known.get(node).copied().unwrap_or(false)));
            } else {
                stack.push((id, true));
                stack.extend(below.into_iter().map(|node| (node, false)));
            }
        }
        known.into_iter().filter(|(_, moves)| *moves).map(|(id, _)| id).collect()
    }

    /// The rows that a leaf's value comes from.
    fn sets_behind(&self, id: NodeId) -> Vec<RowSetId> {
        let of_subject = |subject: &SubjectId| {
            self.subject(*subject).table.map(|table| self.table(table).rows).into_iter().collect::<Vec<_>>()
        };
        match self.node(id) {
            Node::Feature(feature) => vec![self.feature(*feature).rows],
            Node::Sequence(sequence) => self.sequence(*sequence).steps.iter().map(|step| step.rows).collect(),
            Node::Number(ordering) | Node::Gap(ordering) => vec![self.ordering(*ordering).rows],
            Node::Lookup(lookup, _) => vec![self.table(self.lookup(*lookup).target).rows],
            Node::OfSubject { subject, .. } | Node::SubjectValue(subject, _) => of_subject(subject),
            _ => Vec::new(),
        }
    }

    /// Whether a node moves with the clock, and with other subjects, whatever is below and behind it.
    fn moves_by_itself(&self, subject: SubjectId, id: NodeId) -> (bool, bool) {
        match self.node(id) {
            Node::Now | Node::Today | Node::Ago(_) | Node::Age(_) | Node::Within { .. } => (true, false),
            Node::Feature(feature) => {
                let Feature { rows, window, .. } = self.feature(*feature);
                (window.as_ref().is_some_and(Window::moves), self.shares_rows(*rows, subject))
            }
            Node::Sequence(sequence) => {
                let sequence = self.sequence(*sequence);
                let shared = sequence.steps.iter().any(|step| self.shares_rows(step.rows, subject));
                (sequence.moves(), shared)
            }
            Node::Rank(..) => (false, true),
            Node::OfSubject { subject: other, .. } => (false, *other != subject),
            Node::Column(base, _) => (false, self.sql_of(*base).is_some()),
            _ => (false, false),
        }
    }

    /// Whether rows of other subjects decide which rows are in a set.
    fn shares_rows(&self, rows: RowSetId, subject: SubjectId) -> bool {
        match self.row_set(rows) {
            RowSet::Base(base) => {
                let grouping = self.base_table(*base).grouping.as_ref();
                self.sql_of(*base).is_some() || grouping.is_some_and(|made| self.shares_rows(made.rows, subject))
            }
            RowSet::Distinct { of, keys, .. } => {
                let table = self.base_table(self.base_of(rows));
                let own = table.subjects.iter().find(|(kind, _)| *kind == subject);
                let apart = own.is_some_and(|(_, own)| own.iter().all(|key| keys.contains(key)));
                !apart || self.shares_rows(*of, subject)
            }
        }
    }
}
