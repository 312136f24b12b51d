//! Expressions that give numbers, text, dates and instants.

use super::durations::OF_DURATIONS;
use super::family::Family;
use super::phrase::{Phrase, Template};
use super::schema::Sort;
use super::windows;
use super::writer::{Site, Target, Typed, Writer, joined};

/// Aggregates of numbers, by the word that is written.
const NUMERIC: [(&str, &str); 12] = [
    ("sum(", "sum"),
    ("avg(", "avg"),
    ("min(", "min"),
    ("max(", "max"),
    ("median(", "median"),
    ("stddev(", "stddev"),
    ("first(", "first"),
    ("last(", "last"),
    ("mode(", "mode"),
    ("sum(", "sum"),
    ("stddev(", "stddev"),
    ("median(", "median"),
];
const PERCENTILES: [&str; 7] = ["0", "10", "25", "50", "90", "99.5", "100"];
const PICKING: [(&str, &str); 5] =
    [("first(", "first"), ("last(", "last"), ("mode(", "mode"), ("min(", "min"), ("max(", "max")];
const SORTS: [Sort; 5] = [Sort::Number, Sort::Text, Sort::Date, Sort::Instant, Sort::Duration];

impl Writer<'_> {
    /// An expression of a sort; with `depth`, perhaps a compound one.
    pub fn value(&mut self, site: &Site, sort: Sort, depth: usize) -> Option<Typed> {
        if depth > 0 && self.random.chance(35) {
            let compound = match sort {
                Sort::Number => self.calculated(site, depth - 1),
                Sort::Text => self.text_of(site, depth - 1),
                Sort::Date => self.date_of(site, depth - 1),
                Sort::Instant => self.instant_of(site, depth - 1),
                Sort::Duration if self.writes(Family::Order) => self.duration_of(site, depth - 1),
                Sort::Bool | Sort::List | Sort::Duration | Sort::Closed => None,
            };
            if compound.is_some() {
                return compound;
            }
        }
        if let Target::Subject(kind) = &site.target {
            let kind = kind.clone();
            if sort == Sort::Number
                && depth > 0
                && self.writes(Family::Ranks)
                && self.random.chance(7)
                && let Some((rank, _)) = self.rank(site, depth - 1)
            {
                return Some(rank);
            }
            let aggregated = match self.random.below(100) {
                0..=44 => self.aggregate(&kind, sort, depth),
                45..=79 if sort == Sort::Number => self.metric(&kind, depth),
                _ => None,
            };
            if aggregated.is_some() {
                return aggregated;
            }
        }
        self.named(site, sort)
    }

    fn calculated(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        const OPERATORS: [(&str, &str); 4] = [(" + ", "+"), (" - ", "-"), (" * ", "*"), (" / ", "/")];
        if self.writes(Family::Order) && self.random.chance(7) {
            return self.ratio_of_durations(site, depth);
        }
        match self.random.below(14) {
            0..=3 => {
                let (word, form) = *self.random.pick(&OPERATORS);
                let left = self.value(site, Sort::Number, depth)?;
                if self.random.chance(30) {
                    let constant = *self.random.pick(&["2", "0", "0.5", "1.10", "50%", "-3"]);
                    let forms = joined(left.forms.clone(), form);
                    return Some(Typed::new(left.operand().then(word).then(constant), forms).loose());
                }
                let right = self.value(site, Sort::Number, depth)?;
                let forms = [left.forms.clone(), right.forms.clone(), vec![form]].concat();
                Some(Typed::new(left.operand().then(word).and(right.operand()), forms).loose())
            }
            4 => Some(self.value(site, Sort::Number, depth)?.call("abs", "", "abs")),
            5 | 12 => {
                let more = *self.random.pick(&["", "", ", 1", ", 2", ", 0", ", 1"]);
                Some(self.value(site, Sort::Number, depth)?.call("round", more, "round"))
            }
            6 => self.pair(site, Sort::Number, "least", depth),
            7 => self.pair(site, Sort::Number, "greatest", depth),
            8 => Some(self.value(site, Sort::Number, depth)?.call("coalesce", ", 0", "coalesce")),
            9 => Some(self.value(site, Sort::Text, depth)?.call("length", "", "length")),
            10 | 13 => self.part_of(site, depth),
            _ => {
                let inner = self.value(site, Sort::Number, depth)?;
                let forms = joined(inner.forms.clone(), "negation");
                Some(Typed::new(Template::text("-").and(inner.operand()), forms).loose())
            }
        }
    }

    /// A part of a date or an instant, or the age of who was born on it.
    pub fn part_of(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let (sort, function) = *self.random.pick(&[
            (Sort::Date, "age"),
            (Sort::Instant, "hour_of_day"),
            (Sort::Instant, "hour_of_day"),
            (Sort::Instant, "day_of_month"),
            (Sort::Date, "day_of_month"),
            (Sort::Instant, "month_of_year"),
            (Sort::Date, "month_of_year"),
            (Sort::Date, "age"),
        ]);
        let birthday = if function == "age" && self.random.chance(60) { self.birthday(site) } else { None };
        Some(birthday.or_else(|| self.value(site, sort, depth))?.call(function, "", function))
    }

    fn pair(&mut self, site: &Site, sort: Sort, function: &'static str, depth: usize) -> Option<Typed> {
        let (a, b) = (self.value(site, sort, depth)?, self.value(site, sort, depth)?);
        let template = Template::text(format!("{function}(")).and(a.template).then(", ").and(b.template).then(")");
        Some(Typed::new(template, [a.forms, b.forms, vec![function]].concat()))
    }

    fn text_of(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let inner = self.value(site, Sort::Text, depth)?;
        Some(match self.random.below(3) {
            0 => inner.call("lower", "", "lower"),
            1 => inner.call("upper", "", "upper"),
            _ => inner.call("coalesce", ", 'none'", "coalesce"),
        })
    }

    fn date_of(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        const PERIODS: [&str; 5] = ["day", "week", "month", "quarter", "year"];
        if self.random.chance(50) {
            let function = *self.random.pick(&PERIODS);
            let sort = if self.random.chance(75) { Sort::Instant } else { Sort::Date };
            return Some(self.value(site, sort, depth)?.call(function, "", function));
        }
        self.stepped(site, Sort::Date, depth)
    }

    fn instant_of(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        if self.writes(Family::Order) && self.random.chance(30) {
            return self.moved_by_duration(site, depth);
        }
        self.stepped(site, Sort::Instant, depth)
    }

    /// `x + 3mo`
    fn stepped(&mut self, site: &Site, sort: Sort, depth: usize) -> Option<Typed> {
        let exact = sort == Sort::Instant && self.random.chance(30);
        let units = if exact { &windows::FIXED_UNITS[..] } else { &windows::CALENDAR_UNITS[..] };
        let (_, span, _) = windows::duration(self.random, units);
        let sign = if self.random.chance(50) { '+' } else { '-' };
        let inner = self.value(site, sort, depth)?;
        let form = if sort == Sort::Date { "date +- duration" } else { "instant +- duration" };
        let forms = joined(inner.forms.clone(), form);
        Some(Typed::new(inner.operand().then(format!(" {sign} {span}")), forms).loose())
    }

    /// An aggregate written out, of the wanted sort.
    fn aggregate(&mut self, kind: &str, sort: Sort, depth: usize) -> Option<Typed> {
        let tables: Vec<String> = self.schema.tables_of(kind).iter().map(|row| row.table.clone()).collect();
        let table = self.random.any(&tables)?.clone();
        let site = self.row_site(&table, kind);
        let picks = self.random.below(100);
        let (head, argument, forms) = match sort {
            Sort::Number if picks < 15 => ("count(".to_owned(), None, vec!["count(t)"]),
            Sort::Number if picks < 40 => {
                let sort = *self.random.pick(&SORTS);
                let argument = self.value(&site, sort, depth)?;
                let (head, form) = *self.random.pick(&[
                    ("count(", "count(x of t)"),
                    ("count(distinct ", "count(distinct x of t)"),
                    ("mode_share(", "mode_share"),
                ]);
                (head.to_owned(), Some(argument), vec![form])
            }
            Sort::Number if picks < 52 => {
                let argument = self.value(&site, Sort::Number, depth)?;
                (format!("percentile({}, ", self.random.pick(&PERCENTILES)), Some(argument), vec!["percentile"])
            }
            Sort::Number => {
                let (head, form) = *self.random.pick(&NUMERIC);
                (head.to_owned(), Some(self.value(&site, Sort::Number, depth)?), vec![form])
            }
            Sort::List | Sort::Closed => return None,
            Sort::Duration => {
                let (head, form) = *self.random.pick(&OF_DURATIONS);
                (head.to_owned(), Some(self.value(&site, sort, depth)?), vec![form])
            }
            _ => {
                let some = if sort == Sort::Bool { &PICKING[..3] } else { &PICKING[..] };
                let (head, form) = *self.random.pick(some);
                (head.to_owned(), Some(self.value(&site, sort, depth)?), vec![form])
            }
        };
        let mut forms = forms;
        let mut template = Template::text(head);
        if let Some(argument) = argument {
            forms.extend(argument.forms);
            template = template.and(argument.template).then(" of ");
        }
        let (rows, more) = self.rows(&table, kind, depth);
        forms.extend(more);
        Some(Typed::new(template.and(rows).then(")"), forms))
    }

    /// `sales over 90d where …`, with what it exercises.
    pub fn rows(&mut self, table: &str, kind: &str, depth: usize) -> (Template, Vec<&'static str>) {
        let info = self.schema.row(table);
        let mut forms = vec![if info.timed { "table with time" } else { "timeless table" }];
        forms.extend(info.forms.clone());
        let mut template = Template::text(table);
        if info.timed && self.random.chance(55) {
            let written = self.random.pick(self.windows).clone();
            template = template.perhaps(Template::text(over(&written.phrase)));
            forms.push(written.form);
        }
        if depth > 0 && self.random.chance(45) {
            let site = self.row_site(table, kind);
            let filter = self.phrase(&site, 1);
            forms.extend(filter.sole_forms());
            template = template.perhaps(Template::text(" where ").condition(filter));
            forms.push("where");
        }
        (template, forms)
    }

    /// A metric with a window and a filter, or without.
    fn metric(&mut self, kind: &str, depth: usize) -> Option<Typed> {
        let metrics: Vec<_> = self.schema.metrics_of(kind).into_iter().cloned().collect();
        let metric = self.random.any(&metrics)?.clone();
        let mut forms = vec!["metric"];
        let mut template = Template::text(&metric.name);
        let mut late = None;
        if metric.timed && self.random.chance(75) {
            let written = self.random.pick(self.windows).clone();
            forms.push(written.form);
            match written.suffix {
                Some(suffix) if self.random.chance(60) => {
                    template = template.perhaps(Template::text(suffix));
                    forms.push("metric with a suffix");
                }
                _ => late = Some(written.phrase),
            }
        }
        if let Some(table) = metric.table.filter(|_| depth > 0 && self.random.chance(40)) {
            let site = self.row_site(&table, kind);
            let filter: Phrase = self.phrase(&site, 1);
            forms.extend(filter.sole_forms());
            forms.push("metric[…]");
            template = template.perhaps(Template::text("[").condition(filter).then("]"));
        }
        // `spend over 90d > 5` needs no brackets and takes them.
        let loose = late.is_some() && self.random.chance(40);
        if let Some(phrase) = late {
            template = template.perhaps(Template::text(phrase));
            forms.push("metric over a window");
        }
        Some(Typed { template, forms, loose })
    }
}

/// A table's window always says `over`.
pub fn over(phrase: &str) -> String {
    if phrase.starts_with(" over") { phrase.to_owned() } else { format!(" over{phrase}") }
}
