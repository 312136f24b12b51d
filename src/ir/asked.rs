//! Questions about some subjects only.

use std::sync::Arc;

use super::{Ir, List, ListId, Node, NodeId, SubjectId, Value, ValueRows};
use crate::source::{FileId, Span};

/// Some subjects.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Their keys, each once.
    pub list: ListId,
    /// In the subject's scope: whether it is one of them.
    pub is_asked: NodeId,
}

impl Ir {
    /// Adds the question whether a subject is one of some, by their keys; none: a key is not of the kind's types.
    pub fn ask(&mut self, subject: SubjectId, keys: &[Vec<Value>]) -> Option<Asked> {
        let types = self.subject(subject).key_types.clone();
        let rows = Arc::new(ValueRows::of(&types, keys.iter().cloned())?);
        let list = ListId(self.lists.len() as u32);
        // It is not a list of the project's, of which it is told which keys nobody has.
        self.lists.push(List { file: None, span: Span::new(FileId(0), 0, 0), rows, keys_of: None });
        let parts = self.key_nodes(subject);
        Some(Asked { list, is_asked: self.add(Node::InRows(parts, list)) })
    }

    /// The parts of a subject's key, in its scope.
    pub fn key_nodes(&mut self, subject: SubjectId) -> Vec<NodeId> {
        let made = self.subject(subject).clone();
        match made.table {
            Some(_) => made.keys.iter().map(|key| self.add(Node::SubjectValue(subject, *key))).collect(),
            None => (0..made.key_types.len() as u32).map(|part| self.add(Node::Key(subject, part))).collect(),
        }
    }
}
