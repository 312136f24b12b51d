//! What a query must not do, and which tables it reads, in one walk over its tree.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Distinct, Expr, Function, FunctionArgumentClause, FunctionArguments, LimitClause, ObjectName, Query, Select,
    SetExpr, Spanned, TableFactor, Value, Visitor, WindowType,
};

use super::place::Places;
use super::{meant, single};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::Ident;

/// Functions that read a clock, here or in systems that people come from.
const CLOCKS: [&str; 20] = [
    "clock_timestamp",
    "curdate",
    "current_date",
    "current_time",
    "current_timestamp",
    "curtime",
    "getdate",
    "getutcdate",
    "localtime",
    "localtimestamp",
    "now",
    "statement_timestamp",
    "sysdate",
    "systimestamp",
    "timeofday",
    "today",
    "transaction_timestamp",
    "unix_timestamp",
    "utc_timestamp",
    "utc_date",
];
/// Functions of chance.
const CHANCE: [&str; 9] =
    ["gen_random_uuid", "newid", "rand", "random", "random_uuid", "uuid", "uuidv4", "uuidv7", "generate_uuid"];
/// Functions whose answer depends on the order of rows.
const ORDERED: [&str; 13] = [
    "row_number",
    "rank",
    "dense_rank",
    "percent_rank",
    "cume_dist",
    "ntile",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
    "array_agg",
    "string_agg",
];
/// Those of them that are aggregates too.
const ORDERED_AGGREGATES: [&str; 5] = ["first_value", "last_value", "nth_value", "array_agg", "string_agg"];

/// Walks over a query.
pub(super) struct Reader<'p> {
    places: &'p Places<'p>,
    tables: Vec<Ident>,
    parts: Vec<Ident>,
    /// Names in the place of a table that are functions.
    functions: Vec<Span>,
    found: Vec<Diagnostic>,
}

impl<'p> Reader<'p> {
    pub fn new(places: &'p Places<'p>) -> Self {
        Reader { places, tables: Vec::new(), parts: Vec::new(), functions: Vec::new(), found: Vec::new() }
    }

    /// The tables read, the query's own parts, and what is wrong.
    pub fn finish(self) -> (Vec<Ident>, Vec<Ident>, Vec<Diagnostic>) {
        let Reader { mut tables, parts, found, .. } = self;
        tables.retain(|table| !parts.contains(table));
        (tables, parts, found)
    }

    fn refuse(&mut self, code: Code, place: Span, message: impl Into<String>, help: &str) {
        self.found.push(Diagnostic::new(code, place, message).help(help));
    }

    /// What takes some rows and leaves others, without saying by which order.
    fn some_rows(&mut self, place: Span, word: &str) {
        let message = format!("`{word}` without `order by` takes whichever rows come first");
        let help = "say by what they are ordered, down to a column that tells any two rows apart";
        self.refuse(Code::BadArgument, place, message, help);
    }

    fn function(&mut self, function: &Function) {
        let Some(name) = single(&function.name.0).map(meant) else { return };
        let place = self.places.of(function.name.span());
        if CLOCKS.contains(&name.as_str()) {
            let message = format!("`{name}` reads a clock, and a query is asked as of an instant");
            let help =
                "it sees no row that is later: leave the condition out, or put the window where the table is used";
            return self.refuse(Code::BadArgument, place, message, help);
        }
        if CHANCE.contains(&name.as_str()) {
            let message = format!("`{name}` gives another answer every time");
            return self.refuse(
                Code::BadArgument,
                place,
                message,
                "a table must hold the same rows whenever it is read",
            );
        }
        if ORDERED.contains(&name.as_str()) && !is_ordered(function, &name) {
            let message = format!("the answer of `{name}` depends on the order of rows, and none is said");
            let help = match function.over {
                Some(_) => format!("write `{name}(…) over (… order by …)`"),
                None => format!("write `{name}(… order by …)`"),
            };
            self.refuse(Code::BadArgument, place, message, &help);
        }
    }
}

fn is_ordered(function: &Function, name: &str) -> bool {
    match &function.over {
        Some(WindowType::WindowSpec(window)) => !window.order_by.is_empty() || window.window_name.is_some(),
        // What a named window says is looked at where it is defined, by whoever plans the query.
        Some(WindowType::NamedWindow(_)) => true,
        None => {
            let within = !function.within_group.is_empty();
            let inside = match &function.args {
                FunctionArguments::List(list) => {
                    list.clauses.iter().any(|clause| matches!(clause, FunctionArgumentClause::OrderBy(_)))
                }
                _ => false,
            };
            within || inside || !ORDERED_AGGREGATES.contains(&name)
        }
    }
}

impl Visitor for Reader<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        for part in query.with.iter().flat_map(|with| &with.cte_tables) {
            let name = &part.alias.name;
            self.parts.push(Ident { text: meant(name), span: self.places.of(name.span) });
        }
        if query.order_by.is_none() {
            match (&query.limit_clause, &query.fetch) {
                (Some(LimitClause::LimitOffset { limit: Some(limit), .. }), _)
                | (Some(LimitClause::OffsetCommaLimit { limit, .. }), _) => {
                    self.some_rows(self.places.of(limit.span()), "limit");
                }
                (Some(LimitClause::LimitOffset { offset: Some(offset), .. }), _) => {
                    self.some_rows(self.places.of(offset.value.span()), "offset");
                }
                (_, Some(_)) => self.some_rows(self.places.of(query.body.span()), "fetch"),
                _ => {}
            }
        }
        match query.body.as_ref() {
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                let place = self.places.of(query.body.span());
                self.refuse(Code::Syntax, place, "a table by SQL only reads", "write `select … from …`");
            }
            SetExpr::Select(select) if query.order_by.is_none() => {
                let place = self.places.of(select.select_token.0.span);
                if matches!(select.distinct, Some(Distinct::On(_))) {
                    self.some_rows(place, "distinct on");
                }
                if select.top.is_some() {
                    self.some_rows(place, "top");
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        if let Some(into) = &select.into {
            let place = self.places.of(into.name.span());
            self.refuse(Code::Syntax, place, "a table by SQL writes nothing", "remove `into`");
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        let sampled = match factor {
            TableFactor::Table { sample, .. } | TableFactor::Derived { sample, .. } => sample.is_some(),
            _ => false,
        };
        if sampled {
            let place = self.places.of(factor.span());
            let help = "a table must hold the same rows whenever it is read";
            self.refuse(Code::BadArgument, place, "`tablesample` gives other rows every time", help);
        }
        if let TableFactor::Table { name, args: Some(_), .. } = factor {
            self.functions.push(self.places.of(name.span()));
        }
        let function = match factor {
            TableFactor::Table { name, args: Some(_), .. } | TableFactor::Function { name, .. } => {
                Some(name.to_string())
            }
            TableFactor::TableFunction { expr, .. } => Some(expr.to_string()),
            _ => None,
        };
        if let Some(name) = function {
            let place = self.places.of(factor.span());
            let message = format!("`{name}` is not a table of the catalogue, but a function that makes one");
            self.refuse(Code::WrongKind, place, message, "a query reads the tables of the catalogue, by their names");
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<()> {
        let span = self.places.of(relation.span());
        match single(&relation.0) {
            Some(name) => {
                let table = Ident { text: meant(name), span };
                if !self.tables.contains(&table) && !self.functions.contains(&span) {
                    self.tables.push(table);
                }
            }
            None => {
                let message = format!("`{relation}` has a name of several parts");
                self.refuse(Code::UnknownName, span, message, "tables of the catalogue have one: write that alone");
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Function(function) => self.function(function),
            Expr::Value(value) if matches!(value.value, Value::Placeholder(_)) => {
                let place = self.places.of(value.span);
                let message = format!("`{}` stands for a value that nobody gives", value.value);
                self.refuse(Code::Syntax, place, message, "write the value itself");
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}
