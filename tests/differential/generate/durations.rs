//! Durations, and conditions on a row's place among those of its subject.

use super::conditions::COMPARISONS;
use super::family::Family;
use super::phrase::Template;
use super::schema::Sort;
use super::windows;
use super::writer::{Site, Target, Typed, Writer, joined};

/// Aggregates of durations, by the word that is written.
pub const OF_DURATIONS: [(&str, &str); 11] = [
    ("avg(", "avg"),
    ("avg(", "avg"),
    ("stddev(", "stddev"),
    ("median(", "median"),
    ("sum(", "sum"),
    ("min(", "min"),
    ("max(", "max"),
    ("first(", "first"),
    ("last(", "last"),
    ("mode(", "mode"),
    ("percentile(75, ", "percentile"),
];

impl Writer<'_> {
    /// Arithmetic that gives a duration.
    pub fn duration_of(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        match self.random.below(6) {
            0 | 1 => {
                let (word, form) = *self.random.pick(&[(" * ", "duration * number"), (" / ", "duration / number")]);
                let inner = self.value(site, Sort::Duration, depth)?;
                let factor = *self.random.pick(&["2", "3", "0.5", "1.5"]);
                let forms = joined(inner.forms.clone(), form);
                Some(Typed::new(inner.operand().then(word).then(factor), forms).loose())
            }
            2 => {
                let (a, b) = (self.value(site, Sort::Instant, depth)?, self.value(site, Sort::Instant, depth)?);
                let forms = [a.forms.clone(), b.forms.clone(), vec!["instant - instant"]].concat();
                Some(Typed::new(a.operand().then(" - ").and(b.operand()), forms).loose())
            }
            _ => {
                let (word, form) =
                    *self.random.pick(&[(" + ", "duration +- duration"), (" - ", "duration +- duration")]);
                let a = self.value(site, Sort::Duration, depth)?;
                let b = self.value(site, Sort::Duration, depth)?;
                let forms = [a.forms.clone(), b.forms.clone(), vec![form]].concat();
                Some(Typed::new(a.operand().then(word).and(b.operand()), forms).loose())
            }
        }
    }

    /// `gap / 1d`
    pub fn ratio_of_durations(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let inner = self.value(site, Sort::Duration, depth)?;
        let (_, unit, _) = windows::duration(self.random, &windows::FIXED_UNITS);
        let forms = joined(inner.forms.clone(), "duration / duration");
        Some(Typed::new(inner.operand().then(format!(" / {unit}")), forms).loose())
    }

    /// `last(at of visits) + avg(gap of visits)`
    pub fn moved_by_duration(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let (instant, span) = (self.value(site, Sort::Instant, depth)?, self.value(site, Sort::Duration, depth)?);
        let sign = if self.random.chance(60) { " + " } else { " - " };
        let forms = [instant.forms.clone(), span.forms.clone(), vec!["instant +- elapsed"]].concat();
        Some(Typed::new(instant.operand().then(sign).and(span.operand()), forms).loose())
    }

    /// `stddev(gap of visits) > avg(gap of visits)`: how regular something is.
    pub fn regularity(&mut self, site: &Site) -> Option<Typed> {
        let Target::Subject(kind) = &site.target else { return None };
        let table = self.timed_table(kind)?;
        let (rows, mut forms) = self.rows(&table, kind, 1);
        let ((a, a_form), (b, b_form)) = (*self.random.pick(&OF_DURATIONS), *self.random.pick(&OF_DURATIONS));
        let (word, operator) = *self.random.pick(&COMPARISONS);
        let side = |head: &str| Template::text(format!("{head}gap of ")).and(rows.clone()).then(")");
        if self.random.chance(25) {
            // A mean so many times is the sum, exactly.
            let many = side("avg(").then(" * ").and(side("count("));
            forms.extend(["gap", "two durations", "duration * number", "avg", "sum", "count(x of t)", operator]);
            return Some(Typed::new(many.then(format!(" {word} ")).and(side("sum(")), forms));
        }
        forms.extend(["gap", "two durations", a_form, b_form, operator]);
        Some(Typed::new(side(a).then(format!(" {word} ")).and(side(b)), forms))
    }

    /// `first(at of invoices where number = 3)`, `max(number of visits over 30d)` and the like.
    pub fn numbered(&mut self, site: &Site) -> Option<Typed> {
        let Target::Subject(kind) = &site.target else { return None };
        let table = self.timed_table(kind)?;
        let (word, form) = *self.random.pick(&[("=", "="), ("=", "="), ("<=", "<="), (">", ">")]);
        let which = Template::text(format!(" where number {word} {}", self.random.between(1, 4)));
        if self.random.chance(25) {
            let (rows, mut forms) = self.rows(&table, kind, 0);
            let (word, quantifier) = *self.random.pick(&[("any", "any"), ("none", "none")]);
            forms.extend(["number", "where", quantifier, form]);
            return Some(Typed::new(Template::text(format!("{word}(")).and(rows).and(which).then(")"), forms));
        }
        let (head, argument, sort, more) = *self.random.pick(&[
            ("first(", "at", Sort::Instant, "first"),
            ("last(", "at", Sort::Instant, "last"),
            ("max(", "gap", Sort::Duration, "max"),
            ("sum(", "gap", Sort::Duration, "sum"),
            ("max(", "number", Sort::Number, "max"),
            ("min(", "number", Sort::Number, "min"),
            ("sum(", "number", Sort::Number, "sum"),
            ("count(", "", Sort::Number, "count(t)"),
        ]);
        let filtered = argument != "number" && self.random.chance(70);
        let (rows, mut forms) = self.rows(&table, kind, usize::from(!filtered));
        let rows = if filtered { rows.and(which) } else { rows };
        forms.extend([more, if argument == "gap" { "gap" } else { "number" }]);
        let head = if argument.is_empty() { head.to_owned() } else { format!("{head}{argument} of ") };
        let template = Template::text(head).and(rows).then(")");
        let (word, operator) = *self.random.pick(&COMPARISONS);
        let right = self.constant(site, &template, sort);
        Some(Typed::new(template.then(format!(" {word} {right}")), joined(forms, operator)))
    }

    /// A table with time that a kind of subject has rows in.
    pub fn timed_table(&mut self, kind: &str) -> Option<String> {
        let tables = self.schema.tables_of(kind).into_iter().filter(|row| row.timed);
        let tables: Vec<String> = tables.map(|row| row.table.clone()).collect();
        self.random.any(&tables).cloned()
    }

    /// Whether forms of a family are written.
    pub fn writes(&self, family: Family) -> bool {
        self.schema.families.contains(&family)
    }
}
