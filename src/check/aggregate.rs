//! Aggregates and quantifiers: from rows of a table to a [`Feature`] of a subject.

use super::expr::window_of;
use super::numbers::rational;
use super::typed::{Typed, Units};
use super::{Checker, Code, Context, Diagnostic, Scope};
use crate::ir::{
    Aggregation, BaseTableId, Feature, Node, NodeId, Owner, RowSetId, SubjectId, TableId, Type, Value, Window,
};
use crate::source::Span;
use crate::syntax::ast::{
    Aggregate, AggregateFunction, CompareOp, Expr, ExprKind, Ident, Quantified, Quantifier, Rows, RowsOf,
};
use crate::syntax::print_name;

/// Which rows are counted.
struct Counted {
    owner: Owner,
    /// Whose rows they are.
    subject: SubjectId,
    table: TableId,
    rows: RowSetId,
    filter: Option<NodeId>,
    window: Option<Window>,
}

impl Checker<'_> {
    pub(super) fn aggregate(&mut self, aggregate: &Aggregate, span: Span, context: Context<'_>) -> Option<Typed> {
        if let Scope::Group { of, rows, subject } = context.scope {
            return self.group_aggregate(aggregate, span, (of, rows, subject));
        }
        let rows = match &aggregate.rows {
            RowsOf::Table(rows) => rows,
            RowsOf::Group { .. } if matches!(context.scope, Scope::Row(..)) => return self.nested(span, None, context),
            RowsOf::Group { filter: None } if self.is_over_subjects(aggregate) => {
                return self.percentile_of_subjects(aggregate, span, context);
            }
            RowsOf::Group { .. } => return self.table_missing(aggregate, span),
        };
        let counted = self.counted(rows, span, context);
        let Some(argument) = &aggregate.argument else {
            return self.count_rows(aggregate, rows, counted?);
        };
        // The argument is looked at even where the rows are wrong, if only the table is known.
        let Scope::Subject(subject) = context.scope else { return None };
        let table = match &counted {
            Some(counted) => Some(counted.table),
            None => self.known_table(rows, subject),
        };
        let typed = self.value(argument, Context::of(Scope::Row(table?, Some(subject))))?;
        self.note_order(rows, Some(argument));
        let counted = counted?;
        self.argument_fits(aggregate, &typed, argument)?;
        self.aggregated(aggregate, &counted, typed)
    }

    fn known_table(&self, rows: &Rows, subject: SubjectId) -> Option<TableId> {
        let name = rows.table.text.as_str();
        match self.tables.get(&(name, Some(subject))).or_else(|| self.tables.get(&(name, None))) {
            Some(super::Slot::Done(table)) => Some(*table),
            _ => None,
        }
    }

    /// An aggregate over the rows of a group.
    fn group_aggregate(
        &mut self,
        aggregate: &Aggregate,
        span: Span,
        (of, table, subject): (BaseTableId, TableId, SubjectId),
    ) -> Option<Typed> {
        let inner = Context::of(Scope::Row(table, Some(subject)));
        // `count(sku)` reads like a table's name, and here it is a column.
        let column = match &aggregate.rows {
            RowsOf::Table(rows) if aggregate.argument.is_some() || rows.window.is_some() => {
                let message = format!("inside a grouping `{}` takes the rows of the group", aggregate.function.word());
                let name = &rows.table.text;
                let help = match rows.window {
                    None => format!("leave `of {name}` out: the group's rows are those of the table behind `from:`"),
                    Some(_) => "a window belongs where the table is used: leave it out here".to_owned(),
                };
                return self.fail(Diagnostic::new(Code::WrongKind, rows.table.span, message).help(help));
            }
            RowsOf::Table(rows) => {
                let path = crate::syntax::ast::Path { parts: vec![rows.table.clone()] };
                Some(Expr { kind: ExprKind::Name(path), span: rows.table.span })
            }
            RowsOf::Group { .. } => None,
        };
        if let Some(Expr { kind: ExprKind::Windowed { .. }, span }) = aggregate.argument {
            let message = "the rows of a group take no window";
            let help = "put the window where the table is used, as in `any(invoices over 90d)`";
            return self.fail(Diagnostic::new(Code::WindowMisplaced, span, message).help(help));
        }
        let filter = match &aggregate.rows {
            RowsOf::Table(rows) => &rows.filter,
            RowsOf::Group { filter } => filter,
        };
        let argument = aggregate.argument.as_ref().or(column.as_ref());
        let filter = filter.as_ref().map(|filter| self.condition(filter, inner));
        let typed = argument.map(|argument| self.value(argument, inner));
        let filter = match filter {
            Some(filter) => Some(filter?.node),
            None => None,
        };
        let made = self.ir.table(table);
        let counted = Counted { owner: Owner::Group(of), subject, table, rows: made.rows, filter, window: None };
        match (argument, typed) {
            (Some(argument), Some(typed)) => {
                let typed = typed?;
                self.argument_fits(aggregate, &typed, argument)?;
                self.aggregated(aggregate, &counted, typed)
            }
            _ if aggregate.function == AggregateFunction::Count && !aggregate.distinct => {
                let node = self.feature(&counted, Aggregation::Count, None);
                Some(self.number(node, false, Units::count()))
            }
            _ => {
                let word = aggregate.function.word();
                let message = format!("`{word}` needs a column of the rows that are grouped");
                let help = format!("name it in the brackets: `{word}(…)`");
                self.fail(Diagnostic::new(Code::BadArgument, span, message).help(help))
            }
        }
    }

    /// An aggregate inside the rows of another.
    fn nested<T>(&mut self, span: Span, table: Option<&Ident>, context: Context<'_>) -> Option<T> {
        let Scope::Row(rows, _) = context.scope else { return None };
        let own = &self.ir.table(rows).name;
        let message = "an aggregate stands inside the rows of another";
        let kind = self.catalog.subjects.first().map_or("customer", |def| def.name.text.as_str());
        let diagnostic = Diagnostic::new(Code::WrongKind, span, message);
        self.fail(match table {
            // `sum(count(lines) of sales)`: about the same rows, so it is groups that are meant.
            Some(table) if table.text == *own => diagnostic.help(grouping_offered(own)),
            Some(_) => diagnostic.help(format!("give the inner one a name as a metric and use it as `{kind}.name`")),
            None => diagnostic.help(grouping_offered(own)),
        })
    }

    /// Outside the columns of a grouping an aggregate names a table.
    fn table_missing(&mut self, aggregate: &Aggregate, span: Span) -> Option<Typed> {
        let word = aggregate.function.word();
        let Some(argument) = &aggregate.argument else {
            let message = format!("`{word}` needs a table whose rows it counts");
            let help = "name it in the brackets, as in `count(sales)`";
            return self.fail(Diagnostic::new(Code::BadArgument, span, message).help(help));
        };
        let written = crate::syntax::print(argument);
        let form = match aggregate.function {
            AggregateFunction::Percentile(percent) => format!("{word}({percent}, "),
            _ => format!("{word}("),
        };
        let message = format!("`{word}` needs a value `of` a table, found only `{written}`");
        let diagnostic = Diagnostic::new(Code::BadArgument, span, message);
        if let Some((table, column)) = self.column_of_table(argument) {
            let ours = format!("{} of {}", print_name(column), print_name(table));
            let title = format!("write `{form}{ours})`");
            return self.fail(diagnostic.fix_at(title, argument.span, ours));
        }
        let help = match &argument.kind {
            ExprKind::Name(_) => {
                format!("name the table behind `of`: `{form}{written} of …)` if `{written}` is a column")
            }
            _ => format!("name the table behind `of`: `{form}… of sales)`"),
        };
        self.fail(diagnostic.help(help))
    }

    /// `sales.value`, as SQL has it, where `sales` is a table.
    pub(super) fn column_of_table<'e>(&self, argument: &'e Expr) -> Option<(&'e str, &'e str)> {
        let ExprKind::Name(path) = &argument.kind else { return None };
        let [table, column] = path.parts.as_slice() else { return None };
        self.table_defs.contains_key(table.text.as_str()).then_some((table.text.as_str(), column.text.as_str()))
    }

    fn count_rows(&mut self, aggregate: &Aggregate, rows: &Rows, counted: Counted) -> Option<Typed> {
        if aggregate.function != AggregateFunction::Count || aggregate.distinct {
            let table = &rows.table.text;
            let message = format!("this needs a column of `{table}`");
            let help = format!("write what of `{table}` is meant: `… of {table}`");
            return self.fail(Diagnostic::new(Code::BadArgument, aggregate.function_span, message).help(help));
        }
        self.note_order(rows, None);
        let node = self.feature(&counted, Aggregation::Count, None);
        Some(self.number(node, false, Units::count()))
    }

    fn argument_fits(&mut self, aggregate: &Aggregate, typed: &Typed, argument: &Expr) -> Option<()> {
        use AggregateFunction::*;
        if aggregate.distinct && aggregate.function != Count {
            let message = "`distinct` goes with `count` only";
            return self.fail(Diagnostic::new(Code::BadArgument, aggregate.function_span, message));
        }
        let numeric = matches!(aggregate.function, Sum | Avg | Median | Stddev | Percentile(_));
        if numeric && !matches!(typed.ty, Type::Number | Type::Duration) {
            let message = format!("a number is expected here, and this is a {}", typed.ty);
            let diagnostic = Diagnostic::new(Code::TypeMismatch, argument.span, message);
            return self.fail(match typed.ty {
                Type::Bool => diagnostic.help("count the rows where it is true: `count(… where …)`"),
                Type::Text => {
                    diagnostic.help("`count(distinct … of …)` counts texts, `mode(… of …)` is the most frequent")
                }
                _ => diagnostic,
            });
        }
        let plain_count = aggregate.function == Count && !aggregate.distinct;
        let unordered = typed.ty == Type::TextList && !plain_count;
        if unordered || (matches!(aggregate.function, Min | Max) && typed.ty == Type::Bool) {
            let message = format!("a {} cannot be aggregated like this", typed.ty);
            let help = match typed.ty {
                Type::Bool => "`any(… where …)` asks whether it is ever true, `every(… have …)` whether always",
                _ => "ask each row what its list holds: `any(… where … contains 'golf')`",
            };
            return self.fail(Diagnostic::new(Code::TypeMismatch, argument.span, message).help(help));
        }
        if let Percentile(percent) = aggregate.function {
            let percent = rational(percent);
            if percent < rational(0.into()) || percent > rational(100.into()) {
                let message = "a percentile is between 0 and 100";
                return self.fail(Diagnostic::new(Code::BadArgument, aggregate.function_span, message));
            }
        }
        Some(())
    }

    fn aggregated(&mut self, aggregate: &Aggregate, counted: &Counted, of: Typed) -> Option<Typed> {
        use AggregateFunction::*;
        // What chooses one of the values leaves a deviation squared; what calculates with them takes the root.
        let of = match aggregate.function {
            Min | Max | First | Last | Mode => of,
            // Durations are added up as numbers of microseconds.
            Sum | Avg | Median | Stddev | Percentile(_) if of.ty == Type::Duration => {
                let micros = self.microseconds(&of);
                Typed { micros: true, ..of.in_node(micros) }
            }
            _ => {
                let node = self.plain(&of);
                of.in_node(node)
            }
        };
        let measured = |typed: Typed| Typed { ty: of.ty, micros: of.micros, ..typed };
        let argument = Some(of.node);
        let plain = match aggregate.function {
            Count => {
                let how = if aggregate.distinct { Aggregation::CountDistinct } else { Aggregation::Count };
                let node = self.feature(counted, how, argument);
                return Some(self.number(node, false, Units::count()));
            }
            Sum => {
                let node = self.feature(counted, Aggregation::Sum, argument);
                return Some(measured(self.number(node, false, of.unit.clone())));
            }
            Avg => {
                let sum = self.feature(counted, Aggregation::Sum, argument);
                let count = self.feature(counted, Aggregation::Count, argument);
                let node = self.ir.add(Node::Divide(sum, count));
                return Some(measured(self.number(node, true, of.unit.clone())));
            }
            Stddev => {
                let deviation = self.deviation(counted, &of);
                return Some(measured(deviation));
            }
            ModeShare => {
                let most = self.feature(counted, Aggregation::ModeCount, argument);
                let count = self.feature(counted, Aggregation::Count, argument);
                let node = self.ir.add(Node::Divide(most, count));
                return Some(self.number(node, true, Units::count()));
            }
            Min => Aggregation::Min,
            Max => Aggregation::Max,
            First => Aggregation::First,
            Last => Aggregation::Last,
            Mode => Aggregation::Mode,
            Median => Aggregation::Percentile(50_000_000),
            Percentile(percent) => Aggregation::Percentile(self.percentile(percent, aggregate.function_span)?),
        };
        let node = self.feature(counted, plain, argument);
        Some(Typed { node, nullable: true, ..of })
    }

    /// The sample variance, to be rooted or compared through squares: (n·Σx² − (Σx)²) / (n·(n − 1)), 0/0 below two.
    fn deviation(&mut self, counted: &Counted, of: &Typed) -> Typed {
        let square = self.ir.add(Node::Multiply(of.node, of.node));
        let n = self.feature(counted, Aggregation::Count, Some(of.node));
        let sum = self.feature(counted, Aggregation::Sum, Some(of.node));
        let squares = self.feature(counted, Aggregation::Sum, Some(square));
        let one = self.ir.add(Node::Constant(Value::Number(rational(1.into()))));
        let spread = self.ir.add(Node::Multiply(n, squares));
        let sum_squared = self.ir.add(Node::Multiply(sum, sum));
        let spread = self.ir.add(Node::Subtract(spread, sum_squared));
        let less = self.ir.add(Node::Subtract(n, one));
        let pairs = self.ir.add(Node::Multiply(n, less));
        let node = self.ir.add(Node::Divide(spread, pairs));
        Typed { root: true, ..self.number(node, true, of.unit.clone()) }
    }

    fn feature(&mut self, counted: &Counted, aggregation: Aggregation, argument: Option<NodeId>) -> NodeId {
        let feature = self.ir.add_feature(Feature {
            owner: counted.owner,
            rows: counted.rows,
            filter: counted.filter,
            window: counted.window.clone(),
            aggregation,
            argument,
        });
        self.ir.add(Node::Feature(feature))
    }

    fn counted(&mut self, rows: &Rows, span: Span, context: Context<'_>) -> Option<Counted> {
        let subject = match context.scope {
            Scope::Subject(subject) => subject,
            Scope::Row(..) => return self.nested(span, Some(&rows.table), context),
            Scope::Group { .. } => {
                let message = "a group has its own rows, and no tables";
                let help = "count its rows, as in `count(where …) > 0`";
                return self.fail(Diagnostic::new(Code::WrongKind, span, message).help(help));
            }
        };
        let table = self.table(&rows.table, Some(subject))?;
        self.keys_of_rows(table, &rows.table, subject)?;
        let window = self.row_window(rows, table, span, context);
        let inner = Context::of(Scope::Row(table, Some(subject)));
        let laid = context.overlay.map(|overlay| overlay.filters.as_slice()).unwrap_or_default();
        let filters: Vec<Option<Typed>> =
            rows.filter.iter().chain(laid.iter().copied()).map(|filter| self.condition(filter, inner)).collect();
        let filters = filters.into_iter().collect::<Option<Vec<_>>>()?;
        let made = self.ir.table(table);
        let (of, own) = (made.rows, made.filter);
        let filter = self.and(own.into_iter().chain(filters.iter().map(|filter| filter.node)));
        let owner = Owner::Subject(subject);
        Some(Counted { owner, subject, table, rows: of, filter, window: window? })
    }

    /// The window of the rows: their own, or the one laid over.
    pub(super) fn row_window(
        &mut self,
        rows: &Rows,
        table: TableId,
        span: Span,
        context: Context<'_>,
    ) -> Option<Option<Window>> {
        let laid = context.overlay.and_then(|overlay| overlay.window.clone());
        let (window, at) = match (&rows.window, laid) {
            (None, None) => return Some(None),
            (Some(_), Some((_, outer))) => return self.second_window(span, outer),
            (Some(window), None) => (window_of(window), span),
            (None, Some((window, at))) => (window, at),
        };
        self.sane_window(&window, at)?;
        let made = self.ir.table(table);
        let base = self.ir.base_table(made.base);
        if base.time.is_some() {
            return Some(Some(window));
        }
        if self.declares_time(made.base) {
            return None; // its `time:` is wrong, and that has been said
        }
        let message = format!("`{}` has no time, so a window means nothing for its rows", rows.table.text);
        let help = format!("declare `time:` for `{}` in the catalogue, or leave the window out", base.name);
        self.fail(Diagnostic::new(Code::WindowMisplaced, at, message).help(help))
    }

    pub(super) fn quantified(&mut self, expr: &Expr, quantified: &Quantified, context: Context<'_>) -> Option<Typed> {
        let span = expr.span;
        let mut counted = self.counted(&quantified.rows, span, context)?;
        self.note_order(&quantified.rows, quantified.have.as_ref());
        match (quantified.quantifier, &quantified.have) {
            (Quantifier::Every, Some(have)) => {
                let inner = Context::of(Scope::Row(counted.table, Some(counted.subject)));
                let have = self.condition(have, inner)?;
                let holds = self.ir.add(Node::IsTrue(have.node));
                let fails = self.ir.add(Node::Not(holds));
                counted.filter = self.and(counted.filter.into_iter().chain([fails]));
                let table = &quantified.rows.table.text;
                if !self.any_beside(table) {
                    let message = format!("`every` is also true of those who have no such rows of `{table}`");
                    let help = format!("add `and any({table} …)` with the same window and `where` to leave them out");
                    self.out.push(Diagnostic::new(Code::EveryOfNothing, span, message).help(help));
                }
            }
            (Quantifier::Every, None) => {
                let message = "`every` needs `have …`: what must be true of every row";
                let help = "as in `every(sales over 90d have channel = 'web')`";
                return self.fail(Diagnostic::new(Code::BadArgument, span, message).help(help));
            }
            (_, Some(have)) => {
                let message = "`have` goes with `every` only";
                return self.fail(Diagnostic::new(Code::BadArgument, have.span, message).help("write `where …`"));
            }
            (_, None) => {}
        }
        let count = self.feature(&counted, Aggregation::Count, None);
        let zero = self.ir.add(Node::Constant(Value::Number(rational(0.into()))));
        let op = match quantified.quantifier {
            Quantifier::Any => CompareOp::Greater,
            Quantifier::None | Quantifier::Every => CompareOp::Equal,
        };
        let node = self.ir.add(Node::Compare(op, count, zero));
        Some(Typed::new(node, Type::Bool))
    }
}

/// How to aggregate aggregates.
fn grouping_offered(table: &str) -> String {
    format!(
        "group first: a table with `from: {table}`, `group_by: …` and the inner one among its `columns:`; then aggregate its rows"
    )
}
