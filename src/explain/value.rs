//! Values: numbers, names, times and what is made of them.

use chrono::Timelike;

use super::condition::quoted;
use super::model::{NameKind, Phrase, Token};
use super::names::{Meaning, Scope};
use super::say::Say;
use super::speaker::{Defined, Speaker};
use crate::check::window_of;
use crate::ir::Type;
use crate::syntax::ast::{ArithmeticOp, Expr, ExprKind, Ident, Literal, RowsOf};

impl<'a> Speaker<'a> {
    /// A value that is compared: in brackets if its own words could go on into those of the comparison.
    pub fn operand(&mut self, expr: &'a Expr, scope: Scope<'a>) -> Phrase {
        let value = self.value(expr, scope);
        let open = match &expr.kind {
            ExprKind::Ranked(_) => true,
            ExprKind::Call { function, .. } => function.text == "bucket",
            ExprKind::Aggregate(aggregate) => {
                matches!(&aggregate.rows, RowsOf::Group { .. }) && matches!(scope, Scope::Subject(_))
            }
            _ => false,
        };
        if open { Phrase::words("(").then(value).then(Phrase::words(")")) } else { value }
    }

    /// A value in words.
    pub fn value(&mut self, expr: &'a Expr, scope: Scope<'a>) -> Phrase {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Name(path) => self.path(&path.parts, scope),
            ExprKind::Now => self.say(Say::Now, &[]),
            ExprKind::Today => self.say(Say::Today, &[]),
            ExprKind::Ago(length) => {
                self.fine.insert(Say::FineAgo);
                Phrase::words(self.wording.ago(*length))
            }
            ExprKind::Negate(inner) => {
                let inner = self.value(inner, scope);
                Phrase::words("−").then(bracketed(inner))
            }
            ExprKind::Arithmetic { first, rest } => self.arithmetic(first, rest, scope),
            ExprKind::Call { function, arguments } => self.call(function, arguments, scope),
            ExprKind::Windowed { metric, window } => {
                let metric = self.value(metric, scope);
                let window = self.window(&window_of(window));
                self.say(Say::Over, &[metric, window])
            }
            ExprKind::Filtered { metric, filter } => {
                let rows = self.rows_of(metric).map_or(scope, Scope::Row);
                let with = [self.value(metric, scope), self.inside(filter, rows)];
                self.fine.insert(Say::FineRows);
                self.say(Say::Filtered, &with)
            }
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, scope),
            ExprKind::Ranked(ranked) => self.ranked(ranked, scope),
            // Conditions as values: compared with `true`, or among the arguments of a function.
            ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare { .. }
            | ExprKind::Between { .. }
            | ExprKind::InList { .. }
            | ExprKind::Is { .. }
            | ExprKind::TextTest { .. }
            | ExprKind::ListTest { .. }
            | ExprKind::Within { .. }
            | ExprKind::Quantified(_)
            | ExprKind::Sequence(_)
            | ExprKind::InSegment { .. }
            | ExprKind::InFile { .. }
            | ExprKind::Top(_)
            | ExprKind::Sample { .. } => self.inside(expr, scope),
            ExprKind::Error => Phrase::words("…"),
        }
    }

    /// The table whose rows a metric with a filter counts.
    fn rows_of(&self, metric: &'a Expr) -> Option<&'a str> {
        match &metric.kind {
            ExprKind::Windowed { metric, .. } => self.rows_of(metric),
            ExprKind::Name(path) => {
                let name = path.parts.last()?;
                match self.names.about_subject(self.subject, &name.text) {
                    Meaning::Metric(def, _) => self.names.counted_by(def),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn literal(&mut self, literal: &Literal) -> Phrase {
        match literal {
            Literal::Bool(true) => self.say(Say::True, &[]),
            Literal::Bool(false) => self.say(Say::False, &[]),
            Literal::Number(value) => self.number(value),
            Literal::Percent(value) => self.percent(value),
            Literal::Text(text) => Phrase::constant(quoted(text)),
            Literal::Date(day) => Phrase::constant(self.wording.day(*day)),
            Literal::Local(local) => self.instant(local),
            Literal::Instant(instant) => {
                let offset = instant.format("%:z").to_string();
                self.instant(&instant.naive_local()).then(Phrase::constant(format!(" (UTC{offset})")))
            }
            Literal::Duration(length) => Phrase::constant(self.wording.duration(*length)),
        }
    }

    /// A day and a time of it, seconds only where there are some.
    pub fn instant(&self, local: &chrono::NaiveDateTime) -> Phrase {
        let mut clock = local.format("%H:%M").to_string();
        if local.second() != 0 || local.nanosecond() != 0 {
            clock = local.format("%H:%M:%S%.f").to_string();
        }
        let day = Phrase::constant(self.wording.day(local.date()));
        // A bare date as the instant of an evaluation is the last microsecond of that day.
        if clock == "23:59:59.999999" {
            return self.say(Say::EndOfDay, &[day]);
        }
        self.say(Say::Instant, &[day, Phrase::constant(clock)])
    }

    /// An instant, as clocks of the project's zone show it.
    pub fn instant_in_zone(&self, instant: chrono::DateTime<chrono::Utc>) -> Phrase {
        let local = instant.with_timezone(&self.names.ir.timezone).naive_local();
        self.instant(&local)
    }

    fn arithmetic(&mut self, first: &'a Expr, rest: &'a [(ArithmeticOp, Expr)], scope: Scope<'a>) -> Phrase {
        // `50% * x` is read as half of x.
        if let (ExprKind::Literal(Literal::Percent(_)), [(ArithmeticOp::Multiply, of)]) = (&first.kind, rest) {
            let units = std::mem::replace(&mut self.with_units, false);
            let with = [self.value(first, scope), self.value(of, scope)];
            self.with_units = units;
            return self.say(Say::Fraction, &with);
        }
        if let [(ArithmeticOp::Subtract, from)] = rest
            && [first, from].into_iter().all(|end| matches!(self.type_of(end, scope), Some(Type::Date | Type::Instant)))
        {
            let with = [self.value(first, scope), self.value(from, scope)];
            return self.say(Say::TimeBetween, &with);
        }
        // Units are told where a value is compared; inside of a calculation they would stand between the signs.
        let units = std::mem::replace(&mut self.with_units, false);
        let mut phrase = bracketed(self.value(first, scope));
        for (op, operand) in rest {
            let sign = match op {
                ArithmeticOp::Add => " + ",
                ArithmeticOp::Subtract => " − ",
                ArithmeticOp::Multiply => " × ",
                ArithmeticOp::Divide => {
                    if !matches!(operand.kind, ExprKind::Literal(_)) {
                        self.fine.insert(Say::FineDivision);
                    }
                    " ÷ "
                }
            };
            phrase.push(Phrase::words(sign));
            phrase.push(bracketed(self.value(operand, scope)));
        }
        self.with_units = units;
        phrase
    }

    fn call(&mut self, function: &Ident, arguments: &'a [Expr], scope: Scope<'a>) -> Phrase {
        let name = function.text.as_str();
        let (first, others) = match arguments.split_first() {
            Some((first, others)) => (self.value(first, scope), others),
            None => (Phrase::default(), arguments),
        };
        let say = match name {
            "abs" => Say::Absolute,
            "age" => {
                self.fine.insert(Say::FineAge);
                Say::AgeOf
            }
            "bucket" => {
                let bounds = self.listed(others, scope);
                return self.say(Say::Bucket, &[first, bounds]);
            }
            "round" if !others.is_empty() => {
                self.fine.insert(Say::FineRound);
                let places = self.listed(others, scope);
                return self.say(Say::RoundTo, &[first, places]);
            }
            "coalesce" | "greatest" | "least" => {
                let say = match name {
                    "coalesce" => Say::Coalesce,
                    "greatest" => Say::Greatest,
                    _ => Say::Least,
                };
                self.fine.extend((name != "coalesce").then_some(Say::FineLeast));
                let all = self.listed(arguments, scope);
                return self.say(say, &[all]);
            }
            "round" => {
                self.fine.insert(Say::FineRound);
                Say::Round
            }
            "day" => Say::DayOf,
            "week" => Say::WeekOf,
            "month" => Say::MonthOf,
            "quarter" => Say::QuarterOf,
            "year" => Say::YearOf,
            "hour_of_day" => Say::HourOf,
            "weekday" => Say::WeekdayOf,
            "day_of_month" => Say::DayOfMonth,
            "month_of_year" => Say::MonthOfYear,
            "length" => Say::Length,
            "lower" => Say::Lower,
            "upper" => Say::Upper,
            _ => {
                // The check knows no other.
                let all = self.listed(arguments, scope);
                return Phrase::constant(name).then(Phrase::words("(")).then(all).then(Phrase::words(")"));
            }
        };
        self.say(say, &[first])
    }

    /// A name: what it means, said once apart.
    fn path(&mut self, parts: &'a [Ident], scope: Scope<'a>) -> Phrase {
        let Some((first, rest)) = parts.split_first() else { return Phrase::default() };
        match scope {
            Scope::Subject(subject) => match rest {
                [] => self.about_subject(subject, &first.text),
                _ => self.looked_up(first, rest, self.names.lookup_of(subject, &first.text)),
            },
            Scope::Row(table) => self.in_row(table, first, rest),
            Scope::Group(derived) => {
                let key = derived.grouping.iter().flat_map(|made| &made.keys).find(|(key, _)| key == first);
                match (key, rest) {
                    (Some(_), []) => Phrase::name(NameKind::Column, &first.text, None),
                    _ => self.in_row(&derived.from.text, first, rest),
                }
            }
        }
    }

    fn in_row(&mut self, table: &'a str, first: &'a Ident, rest: &'a [Ident]) -> Phrase {
        if let Some((_, earlier)) = self.steps.iter().find(|(step, _)| *step == first.text).copied()
            && let Some((next, rest)) = rest.split_first()
        {
            let with = [self.in_row(earlier, next, rest), Phrase::name(NameKind::Row, &first.text, None)];
            return self.say(Say::OfRow, &with);
        }
        if let [name] = rest
            && let Some(subject) = self.names.subject_def(Some(first))
        {
            let with = [self.about_subject(subject, &name.text), subject_name(&first.text)];
            return self.say(Say::OfPath, &with);
        }
        if !rest.is_empty() {
            if let Some(subject) = self.names.subject_def(Some(first)) {
                let with = [self.path(rest, Scope::Subject(subject)), subject_name(&first.text)];
                return self.say(Say::OfPath, &with);
            }
            return self.looked_up(first, rest, self.names.lookup_from(table, &first.text));
        }
        match self.names.among_rows(table, &first.text) {
            Meaning::RowTime => self.say(Say::RowTime, &[]),
            Meaning::RowNumber => {
                let with = [self.table(table), self.whoever()];
                self.say(Say::RowNumber, &with)
            }
            Meaning::RowGap => {
                let with = [self.table(table), self.whoever()];
                self.say(Say::RowGap, &with)
            }
            Meaning::Made(made_by, derived, is) => {
                self.define(Defined::Column(made_by, derived, &first.text, is));
                Phrase::name(NameKind::Column, &first.text, None)
            }
            _ => Phrase::name(NameKind::Column, &first.text, None),
        }
    }

    /// `product.category`: a column of the row that is found.
    fn looked_up(&mut self, first: &'a Ident, rest: &'a [Ident], target: Option<&'a str>) -> Phrase {
        let value = match (rest.split_first(), target) {
            (Some((next, rest)), Some(target)) => {
                // What is found is one of its rows, so it matters which those are.
                self.table(target);
                self.in_row(target, next, rest)
            }
            (Some((next, _)), None) => Phrase::name(NameKind::Column, &next.text, None),
            (None, _) => Phrase::default(),
        };
        self.say(Say::OfPath, &[value, Phrase::name(NameKind::Lookup, &first.text, None)])
    }

    /// An attribute, a metric or a column of the subject.
    pub fn about_subject(&mut self, subject: &'a crate::catalog::model::SubjectDef, name: &'a str) -> Phrase {
        match self.names.about_subject(subject, name) {
            Meaning::Attribute(def) => {
                self.define(Defined::Attribute(def, subject));
                let phrase = Phrase::name(NameKind::Attribute, name, def.label.as_deref());
                self.in_unit(phrase, def.unit.as_ref().map(|unit| unit.value.as_str()))
            }
            Meaning::Metric(def, window) => {
                self.define(Defined::Metric(def, subject));
                let metric = Phrase::name(NameKind::Metric, &def.name.text, def.label.as_deref());
                let metric = self.in_unit(metric, def.unit.as_ref().map(|unit| unit.value.as_str()));
                match window {
                    Some(window) => {
                        let window = self.window(&window);
                        self.say(Say::Over, &[metric, window])
                    }
                    None => metric,
                }
            }
            Meaning::Division(def) => {
                self.define(Defined::Division(def, subject));
                Phrase::name(NameKind::Attribute, name, def.label.as_deref())
            }
            Meaning::Made(made_by, derived, is) => {
                self.define(Defined::Column(made_by, derived, name, is));
                Phrase::name(NameKind::Column, name, None)
            }
            _ => Phrase::name(NameKind::Column, name, None),
        }
    }

    /// A name with the unit that it counts in.
    pub fn in_unit(&mut self, name: Phrase, unit: Option<&str>) -> Phrase {
        match unit {
            Some(unit) if self.with_units => {
                self.fine.extend(self.names.catalog.currency.as_ref().map(|_| Say::FineCurrency));
                self.say(Say::InUnit, &[name, Phrase::words(unit)])
            }
            _ => name,
        }
    }
}

/// A kind of subject, as the catalogue calls it.
pub(super) fn subject_name(name: &str) -> Phrase {
    Phrase::name(NameKind::Subject, name, None)
}

/// An operand of a calculation: in brackets, where something of its words could go with the sign.
fn bracketed(value: Phrase) -> Phrase {
    let idiom = matches!(value.0.as_slice(), [Token::Words { text }] if text.contains(' '));
    if idiom || value.is_compound() { Phrase::words("(").then(value).then(Phrase::words(")")) } else { value }
}
