//! Which base tables must be read for something.

use std::collections::BTreeSet;

use super::{BaseTableId, Ir, Node, NodeId, RowSet, RowSetId, SqlTable, SubjectId};

/// The base tables that must be read to evaluate conditions about a kind of subject.
pub fn needed_tables(ir: &Ir, subject: SubjectId, conditions: &[NodeId]) -> BTreeSet<BaseTableId> {
    let mut needed = Needed::new(ir, true);
    needed.subject(subject);
    needed.follow(conditions.to_vec());
    needed.tables
}

/// The base tables that the query of a table by SQL rests on; those by SQL among them are not looked into.
pub fn read_by_sql(ir: &Ir, sql: &SqlTable) -> BTreeSet<BaseTableId> {
    let mut needed = Needed::new(ir, false);
    let mut pending = Vec::new();
    needed.queried(sql, &mut pending);
    needed.follow(pending);
    needed.tables
}

/// The base tables that must be read to evaluate expressions over the rows of a set.
pub fn needed_by(ir: &Ir, rows: RowSetId, expressions: &[NodeId]) -> BTreeSet<BaseTableId> {
    let mut needed = Needed::new(ir, true);
    let mut pending = expressions.to_vec();
    match ir.row_set(rows) {
        // Its own time and subjects are needed only where they are asked for.
        RowSet::Base(base) if ir.base_table(*base).grouping.is_none() => needed.data(*base, &mut pending),
        _ => needed.row_set(rows, &mut pending),
    }
    needed.follow(pending);
    needed.tables
}

struct Needed<'a> {
    ir: &'a Ir,
    tables: BTreeSet<BaseTableId>,
    nodes: BTreeSet<NodeId>,
    rows: BTreeSet<RowSetId>,
    /// Whether what queries read is needed for their tables.
    through_sql: bool,
}

impl<'a> Needed<'a> {
    fn new(ir: &'a Ir, through_sql: bool) -> Self {
        let (tables, nodes, rows) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        Needed { ir, tables, nodes, rows, through_sql }
    }

    fn follow(&mut self, mut pending: Vec<NodeId>) {
        while !pending.is_empty() {
            for leaf in self.ir.leaves(std::mem::take(&mut pending)).inputs {
                if self.nodes.insert(leaf) {
                    self.leaf(leaf, &mut pending);
                }
            }
        }
    }

    fn leaf(&mut self, leaf: NodeId, pending: &mut Vec<NodeId>) {
        let ir = self.ir;
        match ir.node(leaf) {
            Node::Column(base, _) if ir.base_table(*base).grouping.is_none() => self.data(*base, pending),
            Node::Column(base, _) => self.base(*base, pending),
            Node::Lookup(lookup, _) => {
                let lookup = ir.lookup(*lookup);
                pending.extend(lookup.keys.iter().chain(&lookup.target_keys));
                let target = ir.table(lookup.target);
                pending.extend(target.filter);
                self.row_set(target.rows, pending);
            }
            Node::OfSubject { subject, keys, .. } => {
                pending.extend(keys);
                self.subject(*subject);
            }
            Node::Feature(feature) => self.row_set(ir.feature(*feature).rows, pending),
            Node::Number(ordering) | Node::Gap(ordering) => self.row_set(ir.ordering(*ordering).rows, pending),
            Node::Sequence(sequence) => {
                for step in &ir.sequence(*sequence).steps {
                    self.row_set(step.rows, pending);
                }
            }
            _ => {}
        }
        pending.extend(ir.behind(leaf));
    }

    /// A table of data, or what a table by grouping is made of.
    fn base(&mut self, base: BaseTableId, pending: &mut Vec<NodeId>) {
        let table = self.ir.base_table(base);
        pending.extend(table.time);
        pending.extend(table.subjects.iter().flat_map(|(_, keys)| keys));
        match &table.grouping {
            None => self.data(base, pending),
            Some(grouping) => {
                pending.extend(grouping.filter.iter().chain(&grouping.keys));
                self.row_set(grouping.rows, pending);
            }
        }
    }

    /// A table with rows of its own, or those of a query.
    fn data(&mut self, base: BaseTableId, pending: &mut Vec<NodeId>) {
        if self.tables.insert(base)
            && self.through_sql
            && let Some(sql) = self.ir.sql_of(base)
        {
            self.queried(sql, pending);
        }
    }

    /// All that a query may ask of the tables that it reads.
    fn queried(&mut self, sql: &SqlTable, pending: &mut Vec<NodeId>) {
        for (_, table) in &sql.reads {
            let table = self.ir.table(*table);
            pending.extend(table.filter);
            pending.extend(table.columns.iter().map(|(_, node)| *node));
            self.row_set(table.rows, pending);
        }
    }

    fn row_set(&mut self, rows: RowSetId, pending: &mut Vec<NodeId>) {
        if !self.rows.insert(rows) {
            return;
        }
        match self.ir.row_set(rows) {
            RowSet::Base(base) => self.base(*base, pending),
            RowSet::Distinct { of, filter, keys } => {
                pending.extend(filter.iter().chain(keys));
                self.row_set(*of, pending);
            }
        }
    }

    fn subject(&mut self, subject: SubjectId) {
        let mut pending = Vec::new();
        let made = self.ir.subject(subject);
        match made.table {
            Some(table) => {
                let table = self.ir.table(table);
                pending.extend(table.filter);
                pending.extend(&made.keys);
                self.row_set(table.rows, &mut pending);
            }
            None => {
                for (at, table) in self.ir.base_tables.iter().enumerate() {
                    if table.grouping.is_none() && table.subjects.iter().any(|(kind, _)| *kind == subject) {
                        self.data(BaseTableId(at as u32), &mut pending);
                        pending.extend(table.time);
                        pending.extend(table.subjects.iter().flat_map(|(_, keys)| keys));
                    }
                }
            }
        }
        self.follow(pending);
    }
}
