//! What is counted beside the members: rows of nobody, rows without a time, and values that do not fit.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use num_rational::BigRational;

use crate::engine::NoAnswer;
use crate::engine::kernel::listed::Met;
use crate::ir::{BaseTableId, ListId, NodeId};

/// Counts that a run leaves behind, by table.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    tables: Mutex<BTreeMap<BaseTableId, Amounts>>,
    subjects: Mutex<u64>,
    strays: Mutex<BTreeMap<String, u64>>,
    lists: Mutex<BTreeMap<ListId, Arc<Met>>>,
}

/// Rows of one table that belong to nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Amounts {
    /// Rows read that exist.
    pub rows: u64,
    /// Rows without a subject key.
    pub anonymous: u64,
    /// Rows whose key the subject table lacks.
    pub orphans: u64,
    /// Rows of unknown time, which do not exist.
    pub timeless: u64,
    /// Per metric how much the anonymous and the orphan rows come to.
    pub sums: BTreeMap<String, (BigRational, BigRational)>,
}

impl Amounts {
    /// Adds other rows of the table.
    pub fn add(&mut self, other: Amounts) {
        self.rows += other.rows;
        self.anonymous += other.anonymous;
        self.orphans += other.orphans;
        self.timeless += other.timeless;
        for (metric, (anonymous, orphans)) in other.sums {
            let (a, o) = self.sums.entry(metric).or_default();
            *a += anonymous;
            *o += orphans;
        }
    }
}

impl Tally {
    /// Changes the counts of a table.
    pub fn update(&self, table: BaseTableId, change: impl FnOnce(&mut Amounts)) {
        let mut tables = self.tables.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        change(tables.entry(table).or_default());
    }

    /// Counts subjects.
    pub fn add_subjects(&self, count: u64) {
        *self.subjects.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) += count;
    }

    /// Subjects counted so far.
    pub fn subjects(&self) -> u64 {
        *self.subjects.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Counts subjects whose value of an attribute is outside its closed set.
    pub fn add_strays(&self, attribute: &str, count: u64) {
        let mut strays = self.strays.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        *strays.entry(attribute.to_owned()).or_default() += count;
    }

    /// Subjects with a value outside its closed set so far, by attribute.
    pub fn strays(&self) -> BTreeMap<String, u64> {
        self.strays.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    /// Adds a list of keys, of which is noted who is there.
    pub fn add_list(&self, list: ListId, met: Arc<Met>) {
        self.lists.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(list, met);
    }

    /// Lists of keys, and which of them some subject has.
    pub fn lists(&self) -> BTreeMap<ListId, Arc<Met>> {
        self.lists.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    /// The counts so far.
    pub fn tables(&self) -> BTreeMap<BaseTableId, Amounts> {
        self.tables.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }
}

/// Features and sequences that have no value for some subject.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    leaves: Mutex<BTreeMap<NodeId, NoAnswer>>,
}

impl Faults {
    /// Remembers one.
    pub fn add(&self, leaf: NodeId, fault: NoAnswer) {
        self.leaves.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(leaf, fault);
    }

    /// All so far.
    pub fn found(&self) -> BTreeMap<NodeId, NoAnswer> {
        self.leaves.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }
}
