//! Tables by grouping: one row for each subject and key.
//!
//! Inside a grouping an expression stands in the scope of a group: it sees the keys, and the group's rows through aggregates.

use super::typed::Typed;
use super::{Checker, Code, Context, Diagnostic, Scope, listed};
use crate::catalog::model::{DerivedTable, Grouping as GroupingDef, TableDef};
use crate::ir::{
    Aggregation, BaseColumn, BaseTable, BaseTableId, Feature, Grouping, Node, NodeId, NonFinite, Owner, RowSet,
    SubjectId, Table, TableId, Type,
};
use crate::syntax::ast::{Expr, ExprKind, Ident, Period};

/// A column under way: its name unless it is hidden, what it is in the group's scope, and what is known of it.
struct Column {
    name: Option<String>,
    is: NodeId,
    typed: Option<Typed>,
}

impl<'a> Checker<'a> {
    /// Makes a table by grouping for a kind of subject.
    pub(super) fn grouped_table(
        &mut self,
        def: &'a TableDef,
        derived: &'a DerivedTable,
        grouping: &'a GroupingDef,
        parent: TableId,
        subject: Option<SubjectId>,
    ) -> Option<TableId> {
        let Some(subject) = subject else { return self.grouped_without_subject(&def.name) };
        let own_keys = self.keys_of_rows(parent, &derived.from, subject)?;
        let context = Context::of(Scope::Row(parent, Some(subject)));
        let filter = derived.filter.as_ref().map(|filter| self.condition(filter, context));
        let keys: Vec<Option<Typed>> = grouping.keys.iter().map(|(_, is)| self.group_key(is, context)).collect();
        let (filter, keys) =
            (filter.map_or(Some(None), |filter| filter.map(Some)), keys.into_iter().collect::<Option<Vec<_>>>());
        let (filter, keys) = (filter?, keys?);
        let made = self.ir.table(parent).clone();
        let filter = self.and(made.filter.into_iter().chain(filter.map(|filter| filter.node)));
        let key_nodes: Vec<NodeId> = own_keys.iter().copied().chain(keys.iter().map(|key| key.node)).collect();
        let base = BaseTableId(self.ir.base_tables.len() as u32);
        let of = Grouping { subject, rows: made.rows, filter, keys: key_nodes, columns: Vec::new() };
        self.ir.base_tables.push(self.made_by(def, made.base, of));
        self.nullable.push(Vec::new());

        let scope = Scope::Group { of: base, rows: parent, subject };
        let mut columns: Vec<Column> = Vec::new();
        for at in 0..own_keys.len() as u32 {
            columns.push(Column { name: None, is: self.ir.add(Node::GroupKey(base, at)), typed: None });
        }
        for (at, ((name, _), key)) in grouping.keys.iter().zip(keys).enumerate() {
            let is = self.ir.add(Node::GroupKey(base, (own_keys.len() + at) as u32));
            columns.push(Column { name: Some(name.text.clone()), is, typed: Some(key.in_node(is)) });
        }
        let added: Vec<Option<Typed>> =
            derived.columns.iter().map(|(_, is)| self.value(is, Context::of(scope))).collect();
        let time = self.group_time(grouping, &columns, own_keys.len(), scope);
        let (added, time) = (added.into_iter().collect::<Option<Vec<_>>>()?, time?);
        for ((name, _), typed) in derived.columns.iter().zip(added) {
            let is = self.plain(&typed);
            columns.push(Column { name: Some(name.text.clone()), is, typed: Some(typed) });
        }
        let timed = time.map(|is| {
            columns.push(Column { name: None, is, typed: None });
            columns.len() - 1
        });
        Some(self.register_grouped(def, base, columns, (own_keys.len(), grouping.keys.len()), timed))
    }

    /// Puts the columns of a group into the scope of rows.
    fn register_grouped(
        &mut self,
        def: &'a TableDef,
        base: BaseTableId,
        columns: Vec<Column>,
        (own, keys): (usize, usize),
        timed: Option<usize>,
    ) -> TableId {
        let made = &mut self.ir.base_tables[base.index()];
        if let Some(grouping) = &mut made.grouping {
            grouping.columns = columns.iter().map(|column| column.is).collect();
        }
        let named = |(at, column): (usize, &Column)| {
            let name = column.name.clone().unwrap_or_else(|| format!("{}.{at}", def.name.text));
            BaseColumn { source_name: name.clone(), name, kind: None }
        };
        made.columns = columns.iter().enumerate().map(named).collect();
        made.id = (own as u32..(own + keys) as u32).collect();
        let nodes: Vec<NodeId> = (0..columns.len() as u32).map(|at| self.ir.add(Node::Column(base, at))).collect();
        let made = &mut self.ir.base_tables[base.index()];
        made.time = timed.and_then(|at| nodes.get(at)).copied();
        let subject = made.grouping.as_ref().map_or(SubjectId(0), |grouping| grouping.subject);
        made.subjects = vec![(subject, nodes.iter().take(own).copied().collect())];
        let mut seen = Vec::new();
        for (column, node) in columns.into_iter().zip(nodes) {
            if let Some(name) = column.name {
                seen.push((name, node));
            }
            if let Some(typed) = column.typed {
                self.derived_columns.insert(node, typed.in_node(node));
            }
        }
        let rows = self.ir.add_row_set(RowSet::Base(base));
        let id = TableId(self.ir.tables.len() as u32);
        let name = def.name.text.clone();
        self.ir.tables.push(Table { name, base, rows, filter: None, columns: seen, lookups: Vec::new() });
        id
    }

    fn made_by(&self, def: &TableDef, parent: BaseTableId, grouping: Grouping) -> BaseTable {
        BaseTable {
            name: def.name.text.clone(),
            grouping: Some(grouping),
            columns: Vec::new(),
            time: None,
            subjects: Vec::new(),
            id: Vec::new(),
            version: None,
            timezone: self.ir.base_table(parent).timezone,
            nulls: None,
            times: Vec::new(),
            not_a_number: NonFinite::default(),
            skips_bad_rows: false,
        }
    }

    fn group_key(&mut self, is: &Expr, context: Context<'_>) -> Option<Typed> {
        let typed = self.value(is, context)?;
        if typed.ty == Type::TextList {
            let message = "rows cannot be grouped by a list";
            let help = "group by a text, a number, a date or a condition's column";
            return self.fail(Diagnostic::new(Code::TypeMismatch, is.span, message).help(help));
        }
        let node = self.plain(&typed);
        Some(typed.in_node(node))
    }

    /// When a group happened; none where its rows have no time and the catalogue names none.
    fn group_time(
        &mut self,
        grouping: &GroupingDef,
        columns: &[Column],
        own: usize,
        scope: Scope,
    ) -> Option<Option<NodeId>> {
        if let Some(written) = &grouping.time {
            let typed = self.value(written, Context::of(scope))?;
            let node = self.plain(&typed);
            return match typed.ty {
                Type::Instant => Some(Some(node)),
                Type::Date => Some(Some(self.ir.add(Node::DayStart(node)))),
                other => {
                    let message = format!("`time:` says when a row of the table happened, and this is a {other}");
                    let help = "name a date or a time of the group, as in `time: max(at)`";
                    self.fail(Diagnostic::new(Code::TypeMismatch, written.span, message).help(help))
                }
            };
        }
        let periods = grouping.keys.iter().enumerate().filter_map(|(at, (_, is))| Some((period_of(is)?, at)));
        if let Some((_, at)) = periods.min() {
            let key = columns.get(own + at)?.is;
            return Some(Some(self.ir.add(Node::DayStart(key))));
        }
        let Scope::Group { of, rows, .. } = scope else { return None };
        let (base, rows) = (self.ir.table(rows).base, self.ir.table(rows).rows);
        let Some(time) = self.ir.base_table(base).time else {
            // A time that is wrong has been told, and there is no telling what hangs on it.
            return if self.declares_time(base) { None } else { Some(None) };
        };
        let first = Feature {
            owner: Owner::Group(of),
            rows,
            filter: None,
            window: None,
            aggregation: Aggregation::Min,
            argument: Some(time),
        };
        let first = self.ir.add_feature(first);
        Some(Some(self.ir.add(Node::Feature(first))))
    }

    fn grouped_without_subject<T>(&mut self, name: &Ident) -> Option<T> {
        let message = format!("the rows of `{}` are made for one subject at a time, by grouping", name.text);
        let help = "so it cannot be looked up, and no subjects can be found in it: use a table with rows of its own";
        self.fail(Diagnostic::new(Code::WrongKind, name.span, message).help(help))
    }

    /// The keys of a kind of subject in the rows of a table, which stands at `name`.
    pub(super) fn keys_of_rows(&mut self, table: TableId, name: &Ident, subject: SubjectId) -> Option<Vec<NodeId>> {
        let base = self.ir.table(table).base;
        let keys = self.ir.base_table(base).subjects.iter().find(|(of, _)| *of == subject);
        if let Some((_, keys)) = keys {
            return Some(keys.clone());
        }
        if self.declares_subject(base, subject) {
            return None; // its `subject:` is wrong, and that has been said
        }
        if self.catalog.subjects.len() == 1 && !self.unowned.insert((base, subject)) {
            return None;
        }
        let kind = self.ir.subject(subject).name.clone();
        let message = format!("rows of `{}` do not say which `{kind}` they belong to", name.text);
        let base = &self.ir.base_table(base).name;
        let help = format!("add `subject:` to `{base}`, with the column that holds the {kind}'s key");
        self.fail(Diagnostic::new(Code::WrongSubject, name.span, message).help(help))
    }

    /// A name in the scope of a group: a key.
    pub(super) fn group_name(
        &mut self,
        of: BaseTableId,
        rows: TableId,
        first: &Ident,
        rest: &[Ident],
    ) -> Option<Typed> {
        let def = self.table_defs.get(self.ir.base_table(of).name.as_str()).copied();
        let grouping = match def.map(|def| &def.kind) {
            Some(crate::catalog::model::TableKind::Derived(derived)) => derived.grouping.as_ref(),
            _ => None,
        }?;
        let written: Vec<&str> = std::iter::once(first).chain(rest).map(|part| part.text.as_str()).collect();
        let written = written.join(".");
        let at = match rest {
            [] => grouping.keys.iter().position(|(name, _)| name == first),
            _ => None,
        };
        if let Some(at) = at {
            let made = self.ir.base_table(of).grouping.as_ref()?;
            let own = made.keys.len().checked_sub(grouping.keys.len())?;
            let key = *made.keys.get(own + at)?;
            let node = self.ir.add(Node::GroupKey(of, (own + at) as u32));
            return Some(self.column_typed(key).in_node(node));
        }
        let span = rest.last().map_or(first.span, |last| first.span.to(last.span));
        let column = self.ir.table(rows).columns.iter().any(|(name, _)| *name == first.text);
        let pseudo = ["at", "number", "gap"].contains(&first.text.as_str());
        let names = grouping.keys.iter().map(|(name, _)| name.text.as_str()).filter(|name| !name.is_empty());
        let diagnostic = if column || pseudo || !rest.is_empty() {
            let message = format!("a group has many rows: which `{written}` is meant?");
            let help = format!("aggregate it, as in `max({written})` or `first({written})`, or group by it too");
            Diagnostic::new(Code::WrongKind, span, message).help(help)
        } else {
            let message = format!("`{written}` is neither a key of this grouping nor a column of its rows");
            let diagnostic = Diagnostic::new(Code::UnknownName, span, message);
            let columns = self.ir.table(rows).columns.iter().map(|(name, _)| name.as_str());
            match self.near(&first.text, names.clone().chain(columns)) {
                Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), crate::syntax::print_name(near)),
                None => diagnostic.help(format!("its keys are {}", listed(names))),
            }
        };
        self.fail(diagnostic)
    }
}

/// The period that a key is, shortest first.
fn period_of(key: &Expr) -> Option<Period> {
    let ExprKind::Call { function, .. } = &key.kind else { return None };
    Some(match function.text.as_str() {
        "day" => Period::Day,
        "week" => Period::Week,
        "month" => Period::Month,
        "quarter" => Period::Quarter,
        "year" => Period::Year,
        _ => return None,
    })
}
