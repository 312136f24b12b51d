//! Writes expressions over what a schema offers, with constants near the values that occur.
//!
//! The interpreter itself is asked what an expression gives for every subject (or row); a constant is one of those
//! values or lies just beside one. So conditions are true for some and false for others, and edges are met exactly.

use chrono::NaiveDate;
use chrono_tz::Tz;
use kohort::source::{FileId, Text};
use kohort::syntax::ast::Expr;
use kohort::syntax::parse_expression;

use super::super::oracle::Oracle;
use super::super::value::Value;
use super::phrase::{Phrase, Template, Test};
use super::random::Random;
use super::schema::{Named, Schema, Sort, View};
use super::windows::Written;

/// What an expression is about.
#[derive(Clone, Debug)]
pub enum Target {
    Subject(String),
    /// A row of a table, as a kind of subject sees it.
    Row {
        table: String,
        kind: String,
    },
}

/// Where an expression will stand.
#[derive(Clone, Debug)]
pub struct Site {
    pub target: Target,
    pub view: View,
}

/// An expression, and the forms in it.
#[derive(Clone, Debug)]
pub struct Typed {
    pub template: Template,
    pub forms: Vec<&'static str>,
    /// It needs brackets as an operand.
    pub loose: bool,
}

impl Typed {
    pub fn new(template: Template, forms: Vec<&'static str>) -> Typed {
        Typed { template, forms, loose: false }
    }

    /// As an operand.
    pub fn operand(self) -> Template {
        if self.loose { Template::text("(").and(self.template).then(")") } else { self.template }
    }

    /// A function's call with this as its first argument.
    pub fn call(self, function: &str, more: &str, form: &'static str) -> Typed {
        let template = Template::text(format!("{function}(")).and(self.template).then(format!("{more})"));
        Typed::new(template, joined(self.forms, form))
    }

    pub fn loose(mut self) -> Typed {
        self.loose = true;
        self
    }
}

/// The forms and one more.
pub fn joined(mut forms: Vec<&'static str>, form: &'static str) -> Vec<&'static str> {
    forms.push(form);
    forms
}

/// The writer of one case.
pub struct Writer<'a> {
    pub random: &'a mut Random,
    pub schema: &'a Schema,
    pub windows: &'a [Written],
    pub probe: Oracle<'a>,
    pub zone: Tz,
    pub today: NaiveDate,
    /// Segments that may be asked for, with their kinds, as they are written behind `in`.
    pub segments: Vec<(String, String)>,
    /// How many of them the interpreter that is asked for values knows.
    pub settled: usize,
    /// No others may be named.
    pub only_settled: bool,
}

impl Writer<'_> {
    /// The scope of a kind of subject.
    pub fn subject_site(&self, kind: &str) -> Site {
        Site { target: Target::Subject(kind.to_owned()), view: self.schema.subject(kind).clone() }
    }

    /// The scope of a table's rows, as a kind of subject sees them, with what is known of their subjects.
    pub fn row_site(&self, table: &str, kind: &str) -> Site {
        let view = self.schema.row_view(table, kind);
        Site { target: Target::Row { table: table.to_owned(), kind: kind.to_owned() }, view }
    }

    /// The scope of a table's rows, whoever asks.
    pub fn own_site(&self, table: &str) -> Site {
        let row = self.schema.row(table);
        let kind = row.kinds[0].clone();
        Site { target: Target::Row { table: table.to_owned(), kind }, view: row.view.clone() }
    }

    /// The scope in which a table is made from another, sometimes with what is known of the subjects.
    pub fn parent_site(&mut self, table: &str) -> Site {
        let row = self.schema.row(table);
        let safe = !row.grouped || row.kinds.len() == 1;
        if safe && self.random.chance(50) { self.row_site(table, &row.kinds[0]) } else { self.own_site(table) }
    }

    /// The distinct known values of an expression here.
    pub fn values(&self, site: &Site, template: &Template) -> Vec<Value> {
        let expr = parsed(&template.to_string());
        let mut values: Vec<Value> = match &site.target {
            Target::Subject(kind) => self.probe.values(kind, &expr).into_iter().map(|(_, value)| value).collect(),
            Target::Row { table, kind } => self.probe.row_values(table, kind, &expr),
        };
        values.retain(Value::is_known);
        values.sort();
        values.dedup();
        values
    }

    /// A condition: mostly one test, sometimes several.
    pub fn phrase(&mut self, site: &Site, depth: usize) -> Phrase {
        if depth == 0 || self.random.chance(60) {
            return Phrase::Test(self.test(site, depth.min(1)));
        }
        let count = 2 + self.random.below(2);
        match self.random.below(3) {
            0 => Phrase::Not(Box::new(self.phrase(site, depth - 1))),
            1 => Phrase::And((0..count).map(|_| self.phrase(site, depth - 1)).collect()),
            _ => Phrase::Or((0..count).map(|_| self.phrase(site, depth - 1)).collect()),
        }
    }

    /// One test.
    pub fn test(&mut self, site: &Site, depth: usize) -> Test {
        for _ in 0..60 {
            if let Some(typed) = self.condition(site, depth) {
                let mut forms = typed.forms;
                forms.sort_unstable();
                forms.dedup();
                return Test { template: typed.template, forms };
            }
        }
        let name = site.view.first().map_or("now", |named| named.name.as_str());
        Test { template: Template::text(format!("{name} is known")), forms: vec!["is known"] }
    }

    /// A name of a sort.
    pub fn named(&mut self, site: &Site, sort: Sort) -> Option<Typed> {
        let some: Vec<&Named> = site.view.iter().filter(|named| named.sort == sort).collect();
        let named = *self.random.any(&some)?;
        let (suffix, form) = match named.form {
            "row: subject's metric" if self.random.chance(60) => self.suffix_for(&named.name),
            _ => (String::new(), named.form),
        };
        Some(Typed::new(Template::text(format!("{}{suffix}", named.name)), vec![named.form, form]))
    }

    /// A date of birth: some of them are leap days.
    pub fn birthday(&mut self, site: &Site) -> Option<Typed> {
        let some: Vec<&Named> = site.view.iter().filter(|named| named.name.ends_with("birth_date")).collect();
        let named = *self.random.any(&some)?;
        Some(Typed::new(Template::text(&named.name), vec![named.form]))
    }

    /// A window for `customer.spend`, if the metric's tables have time.
    fn suffix_for(&mut self, name: &str) -> (String, &'static str) {
        let timed =
            self.schema.metrics.iter().any(|metric| metric.timed && name.ends_with(&format!(".{}", metric.name)));
        let written: Vec<&Written> = self.windows.iter().filter(|one| one.suffix.is_some()).collect();
        match self.random.any(&written) {
            Some(one) if timed => (one.suffix.clone().unwrap_or_default(), one.form),
            _ => (String::new(), "row: subject's metric"),
        }
    }
}

/// The tree of an expression that the generator wrote; it must be readable.
pub fn parsed(text: &str) -> Expr {
    let mut problems = Vec::new();
    let expr = parse_expression(&Text::verbatim(FileId(0), 0, text), &mut problems);
    assert!(problems.is_empty(), "generated `{text}`: {problems:?}");
    expr
}
