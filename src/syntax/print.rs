//! Tree to text: one canonical spelling for every tree.
//!
//! Keywords in lower case, text in single quotes, brackets only where the tree needs them, short units, digits grouped by
//! `_`. Reading the text gives the tree again; printing that gives the text again.

use super::ast::{
    Aggregate, AggregateFunction, Direction, Expr, ExprKind, Ident, IsTest, ListQuantity, Literal, Path, Period,
    Quantified, Rows, RowsOf, Sequence, TimePoint, Window,
};
use super::words::{CONSTANTS, is_reserved};

mod literal;
mod ranks;

pub(super) use literal::group_digits;
use literal::{literal_text, number, quoted};

/// The canonical text of an expression. [`ExprKind::Error`] has none and is shown as `…`.
pub fn print(expr: &Expr) -> String {
    let mut printer = Printer { out: String::new() };
    printer.expr(expr, Level::Or);
    printer.out
}

/// How tightly a form binds; a form inside a tighter one needs brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Test,
    Sum,
    Product,
    Sign,
    Primary,
}

struct Printer {
    out: String,
}

impl Printer {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn expr(&mut self, expr: &Expr, around: Level) {
        let brackets = level(&expr.kind) < around;
        if brackets {
            self.put("(");
        }
        self.bare(&expr.kind);
        if brackets {
            self.put(")");
        }
    }

    fn bare(&mut self, kind: &ExprKind) {
        match kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Name(path) => self.path(path),
            ExprKind::Now => self.put("now"),
            ExprKind::Today => self.put("today"),
            ExprKind::Ago(duration) => self.put(&format!("{duration} ago")),
            ExprKind::And(parts) => self.joined(parts, " and ", Level::Not),
            ExprKind::Or(parts) => self.joined(parts, " or ", Level::And),
            ExprKind::Not(inner) => {
                self.put("not ");
                let membership =
                    matches!(inner.kind, ExprKind::InSegment { .. } | ExprKind::InFile { value: None, .. });
                self.expr(inner, if membership { Level::Sum } else { Level::Not });
            }
            ExprKind::Negate(inner) => {
                self.put("-");
                self.expr(inner, Level::Primary);
            }
            ExprKind::Arithmetic { first, rest } => {
                let own = level(kind);
                self.expr(first, own);
                for (op, operand) in rest {
                    self.put(&format!(" {} ", op.symbol()));
                    self.expr(operand, if own == Level::Sum { Level::Product } else { Level::Sign });
                }
            }
            ExprKind::Call { function, arguments } => {
                self.put(&function.text);
                self.list(arguments);
            }
            ExprKind::Windowed { metric, window } => {
                self.expr(metric, Level::Primary);
                self.window(window);
            }
            ExprKind::Filtered { metric, filter } => {
                self.expr(metric, Level::Primary);
                self.put("[");
                self.expr(filter, Level::Or);
                self.put("]");
            }
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
            ExprKind::Quantified(quantified) => self.quantified(quantified),
            ExprKind::Sequence(sequence) => self.sequence(sequence),
            ExprKind::InSegment { negated, segment } => {
                self.put(if *negated { "not in " } else { "in " });
                self.path(segment);
            }
            ExprKind::InFile { negated, value, file, ignoring_case } => {
                match value {
                    Some(value) => self.subject(value, *negated, "in file "),
                    None => self.put(if *negated { "not in file " } else { "in file " }),
                }
                self.text(&file.path);
                self.case(*ignoring_case);
            }
            ExprKind::Ranked(ranked) => self.ranked(ranked),
            ExprKind::Top(top) => self.top(top),
            ExprKind::Sample { share, salt } => {
                self.put(&format!("sample({}%, ", number(*share)));
                self.text(salt);
                self.put(")");
            }
            ExprKind::Error => self.put("…"),
            _ => self.test(kind),
        }
    }

    /// A value with a test behind it.
    fn test(&mut self, kind: &ExprKind) {
        match kind {
            ExprKind::Compare { op, left, right, ignoring_case } => {
                self.expr(left, Level::Sum);
                self.put(&format!(" {} ", op.symbol()));
                self.expr(right, Level::Sum);
                self.case(*ignoring_case);
            }
            ExprKind::Between { negated, value, low, high } => {
                self.subject(value, *negated, "between ");
                self.expr(low, Level::Sum);
                self.put(" and ");
                self.expr(high, Level::Sum);
            }
            ExprKind::InList { negated, value, list, ignoring_case } => {
                self.subject(value, *negated, "in ");
                self.list(list);
                self.case(*ignoring_case);
            }
            ExprKind::Is { negated, value, test, ignoring_case } => {
                self.expr(value, Level::Sum);
                match test {
                    IsTest::Known => self.put(if *negated { " is unknown" } else { " is known" }),
                    IsTest::Value(other) => {
                        self.put(if *negated { " is not " } else { " is " });
                        self.expr(other, Level::Sum);
                    }
                    IsTest::In(list) => {
                        self.put(if *negated { " is not in " } else { " is in " });
                        self.list(list);
                    }
                }
                self.case(*ignoring_case);
            }
            ExprKind::TextTest { negated, op, value, pattern, ignoring_case } => {
                self.subject(value, *negated, op.words());
                self.put(" ");
                self.expr(pattern, Level::Sum);
                self.case(*ignoring_case);
            }
            ExprKind::ListTest { negated, quantity, value, candidates, ignoring_case } => {
                self.subject(value, *negated, "contains ");
                match quantity {
                    ListQuantity::Any => self.put("any of "),
                    ListQuantity::All => self.put("all of "),
                    ListQuantity::None => self.put("none of "),
                    ListQuantity::AtLeast(count) => self.put(&format!("at least {count} of ")),
                }
                self.list(candidates);
                self.case(*ignoring_case);
            }
            ExprKind::Within { negated, anniversary, value, direction, span } => {
                self.put(if *anniversary { "anniversary of " } else { "" });
                self.subject(value, *negated, "within ");
                let direction = if *direction == Direction::Next { "next" } else { "last" };
                self.put(&format!("{direction} {span}"));
            }
            _ => self.put("…"),
        }
    }

    fn subject(&mut self, value: &Expr, negated: bool, words: &str) {
        self.expr(value, Level::Sum);
        self.put(if negated { " not " } else { " " });
        self.put(words);
    }

    fn case(&mut self, ignoring_case: bool) {
        self.put(if ignoring_case { " ignoring case" } else { "" });
    }

    fn joined(&mut self, parts: &[Expr], between: &str, around: Level) {
        for (at, part) in parts.iter().enumerate() {
            self.put(if at > 0 { between } else { "" });
            // A chain inside a chain of the same word is one chain when it is read.
            match (&part.kind, around) {
                (ExprKind::And(inner), Level::Not) | (ExprKind::Or(inner), Level::And) => {
                    self.joined(inner, between, around)
                }
                _ => self.expr(part, around),
            }
        }
    }

    fn list(&mut self, items: &[Expr]) {
        self.put("(");
        self.joined(items, ", ", Level::Or);
        self.put(")");
    }

    fn aggregate(&mut self, aggregate: &Aggregate) {
        self.put(aggregate.function.word());
        self.put("(");
        if let AggregateFunction::Percentile(percent) = aggregate.function {
            self.put(&format!("{}, ", number(percent)));
        }
        self.put(if aggregate.distinct { "distinct " } else { "" });
        if let Some(argument) = &aggregate.argument {
            self.expr(argument, Level::Or);
        }
        match &aggregate.rows {
            RowsOf::Table(rows) => {
                self.put(if aggregate.argument.is_some() { " of " } else { "" });
                self.rows(rows);
            }
            RowsOf::Group { filter: Some(filter) } => {
                self.put(if aggregate.argument.is_some() { " " } else { "" });
                self.put("where ");
                self.expr(filter, Level::Or);
            }
            RowsOf::Group { filter: None } => {}
        }
        self.put(")");
    }

    fn sequence(&mut self, sequence: &Sequence) {
        self.put("sequence(");
        for (at, step) in sequence.steps.iter().enumerate() {
            self.put(if at > 0 { " then " } else { "" });
            self.put(if step.never { "never " } else { "" });
            if let Some(within) = step.within {
                self.put(&format!("within {within} "));
            }
            let table = &step.rows.table;
            // Before a name or `within` the word would be read as that of the phrase.
            let taken = table.text.eq_ignore_ascii_case("never");
            self.put(&if taken { format!("`{}`", table.text) } else { name(&table.text) });
            if let Some(name) = &step.name {
                self.put(" as ");
                self.ident(name);
            }
            self.clauses(&step.rows);
        }
        self.put(")");
        if let Some(window) = &sequence.window {
            self.window(window);
        }
        if let Some(within) = sequence.within {
            self.put(&format!(" within {within}"));
        }
    }

    fn quantified(&mut self, quantified: &Quantified) {
        self.put(quantified.quantifier.word());
        self.put("(");
        self.rows(&quantified.rows);
        if let Some(have) = &quantified.have {
            self.put(" have ");
            self.expr(have, Level::Or);
        }
        self.put(")");
    }

    fn rows(&mut self, rows: &Rows) {
        self.ident(&rows.table);
        self.clauses(rows);
    }

    fn clauses(&mut self, rows: &Rows) {
        if let Some(window) = &rows.window {
            self.window(window);
        }
        if let Some(filter) = &rows.filter {
            self.put(" where ");
            self.expr(filter, Level::Or);
        }
    }

    fn window(&mut self, window: &Window) {
        let text = match window {
            Window::Rolling(length) => format!(" over {length}"),
            Window::Previous(length) => format!(" over previous {length}"),
            Window::Ending { length, ago } => format!(" over {length} ending {ago} ago"),
            Window::ToDate(Period::Day) => " over today".to_owned(),
            Window::ToDate(period) => format!(" over this {}", period.word()),
            Window::Last(Period::Day) => " over yesterday".to_owned(),
            Window::Last(period) => format!(" over last {}", period.word()),
            Window::PreviousToDate(period) => format!(" over previous {}", to_date(*period)),
            Window::Absolute { from: Some(from), to: Some(to) } => format!(" over {} to {}", point(from), point(to)),
            Window::Absolute { from: Some(from), to: None } => format!(" since {}", point(from)),
            Window::Absolute { from: None, to: Some(to) } => format!(" until {}", point(to)),
            Window::Absolute { from: None, to: None } => String::new(),
        };
        self.put(&text);
    }

    fn literal(&mut self, literal: &Literal) {
        let text = literal_text(literal);
        self.put(&text);
    }

    fn text(&mut self, text: &str) {
        self.put(&quoted(text));
    }

    fn path(&mut self, path: &Path) {
        for (at, part) in path.parts.iter().enumerate() {
            self.put(if at > 0 { "." } else { "" });
            self.ident(part);
        }
    }

    fn ident(&mut self, ident: &Ident) {
        let text = name(&ident.text);
        self.put(&text);
    }
}

fn level(kind: &ExprKind) -> Level {
    match kind {
        ExprKind::Or(_) => Level::Or,
        ExprKind::And(_) => Level::And,
        ExprKind::Not(_) => Level::Not,
        ExprKind::Compare { .. }
        | ExprKind::Between { .. }
        | ExprKind::InList { .. }
        | ExprKind::Is { .. }
        | ExprKind::TextTest { .. }
        | ExprKind::ListTest { .. }
        | ExprKind::Within { .. }
        | ExprKind::InSegment { .. }
        | ExprKind::InFile { .. }
        // What is behind its `by` or `per` goes on as long as it can.
        | ExprKind::Top(_) => Level::Test,
        ExprKind::Arithmetic { rest, .. } => match rest.first() {
            Some((super::ast::ArithmeticOp::Multiply | super::ast::ArithmeticOp::Divide, _)) => Level::Product,
            _ => Level::Sum,
        },
        ExprKind::Negate(_) => Level::Sign,
        _ => Level::Primary,
    }
}

/// A name as it is written: in backticks if it is no plain identifier or means something else when it stands alone.
pub fn name(name: &str) -> String {
    let mut letters = name.chars();
    let plain = letters.next().is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first))
        && letters.all(unicode_ident::is_xid_continue);
    let phrase = ["known", "unknown", "distinct"].iter().chain(CONSTANTS).any(|word| word.eq_ignore_ascii_case(name));
    if plain && !phrase && !is_reserved(name) { name.to_owned() } else { format!("`{name}`") }
}

fn to_date(period: Period) -> &'static str {
    match period {
        Period::Day => "today",
        Period::Week => "wtd",
        Period::Month => "mtd",
        Period::Quarter => "qtd",
        Period::Year => "ytd",
    }
}

fn point(point: &TimePoint) -> String {
    literal_text(&point.literal)
}
