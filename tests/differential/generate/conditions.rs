//! Tests: every form of condition that the language has.

use chrono::Datelike;

use super::cells::LIST_WORDS;
use super::constants::quoted;
use super::family::Family;
use super::phrase::Template;
use super::schema::Sort;
use super::windows;
use super::writer::{Site, Target, Typed, Writer, joined};

/// Operators with their form's names on numbers, text, and times.
pub const COMPARISONS: [(&str, &str); 6] =
    [("=", "="), ("!=", "!="), ("<", "<"), ("<=", "<="), (">", ">"), (">=", ">=")];
const TEXT_TESTS: [(&str, &str); 5] = [
    ("contains", "contains"),
    ("starts with", "starts with"),
    ("ends with", "ends with"),
    ("like", "like"),
    ("matches", "matches"),
];

impl Writer<'_> {
    /// A random test; `None` where the scope has nothing for the form that came up.
    pub fn condition(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        if self.is_beside_leap_day() && self.random.chance(8) {
            return self.within(site, depth, true);
        }
        let for_subject = matches!(site.target, Target::Subject(_));
        if self.writes(Family::Sequences) && for_subject && self.random.chance(12) {
            return self.sequence(site);
        }
        if self.writes(Family::Ranks) && self.random.chance(if for_subject { 18 } else { 6 }) {
            return self.rank_test(site, depth);
        }
        if self.writes(Family::Order) && self.random.chance(11) {
            return match self.random.below(5) {
                0 if for_subject => self.regularity(site),
                1 | 2 if for_subject => self.numbered(site),
                3 => self.beside_duration(site, depth),
                _ => self.comparison(site, Sort::Duration, depth),
            };
        }
        match self.random.below(if for_subject { 34 } else { 21 }) {
            0..=3 => self.comparison(site, Sort::Number, depth),
            4 => self.comparison(site, Sort::Text, depth),
            5 => self.comparison(site, Sort::Date, depth),
            6 => self.comparison(site, Sort::Instant, depth),
            7 => self.two_values(site, depth),
            8 => self.between(site, depth),
            9 => self.in_list(site, depth),
            10 => self.is(site, depth),
            11 => self.is_known(site, depth),
            12 | 13 => self.text_test(site, depth),
            14 => self.list_test(site),
            15 => {
                let anniversary = self.random.chance(50);
                self.within(site, depth, anniversary)
            }
            16 => self.flag(site),
            17 => self.difference(site, depth),
            18 if self.random.chance(50) => self.weekday(site, depth),
            18 => self.part(site, depth),
            19 => self.against_now(site, depth),
            20 if self.random.chance(60) => self.period(site, depth),
            20 => self.rounding(site),
            21..=24 => self.quantified(site, depth),
            25 => self.in_segment(site),
            26..=29 => self.measured(site),
            30 => self.aged(site),
            _ => {
                let sort = *self.random.pick(&[Sort::Number, Sort::Number, Sort::Text]);
                self.comparison(site, sort, depth)
            }
        }
    }

    fn comparison(&mut self, site: &Site, sort: Sort, depth: usize) -> Option<Typed> {
        let left = self.value(site, sort, depth)?;
        let equality = sort == Sort::Text && self.random.chance(30);
        let (word, form) = *self.random.pick(if equality { &COMPARISONS[..2] } else { &COMPARISONS });
        let mut right = self.constant(site, &left.template, sort);
        let mut forms = joined(left.forms.clone(), form);
        let ignoring_case = sort == Sort::Text && matches!(word, "=" | "!=") && self.random.chance(60);
        if ignoring_case && self.random.chance(60) {
            // Full folding shows where upper case is longer: `ß`, `SS`.
            right = right.to_uppercase();
        }
        let mut template = left.operand().then(format!(" {word} {right}"));
        if ignoring_case {
            template = template.perhaps(Template::text(" ignoring case"));
            forms.push("= ignoring case");
        }
        Some(Typed::new(template, forms))
    }

    /// Two durations.
    fn beside_duration(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let (left, right) = (self.value(site, Sort::Duration, depth)?, self.value(site, Sort::Duration, depth)?);
        let (word, operator) = *self.random.pick(&COMPARISONS);
        let forms = [left.forms.clone(), right.forms.clone(), vec!["two durations", operator]].concat();
        Some(Typed::new(left.operand().then(format!(" {word} ")).and(right.operand()), forms))
    }

    /// `count(sales over 90d) = 3`: a plain aggregate over a plain window beside a value that it has, where one row more
    /// or less, or another formula, shows at once.
    fn measured(&mut self, site: &Site) -> Option<Typed> {
        const MEASURES: [(&str, &str); 9] = [
            ("avg", "avg"),
            ("avg", "avg"),
            ("stddev", "stddev"),
            ("median", "median"),
            ("sum", "sum"),
            ("first", "first"),
            ("last", "last"),
            ("mode", "mode"),
            ("count", "count(x of t)"),
        ];
        let Target::Subject(kind) = &site.target else { return None };
        let tables: Vec<String> = self.schema.tables_of(kind).iter().map(|row| row.table.clone()).collect();
        let table = self.random.any(&tables)?.clone();
        let (rows, mut forms) = self.rows(&table, kind, 0);
        let template = if self.random.chance(40) {
            forms.push("count(t)");
            Template::text("count(").and(rows)
        } else {
            let row = self.own_site(&table);
            let argument = self.named(&row, Sort::Number)?;
            let (word, form) = *self.random.pick(&MEASURES);
            forms.extend(argument.forms);
            forms.push(form);
            Template::text(format!("{word}(")).and(argument.template).then(" of ").and(rows)
        };
        let template = template.then(")");
        let (word, operator) = *self.random.pick(&COMPARISONS);
        let right = self.constant(site, &template, Sort::Number);
        Some(Typed::new(template.then(format!(" {word} {right}")), joined(forms, operator)))
    }

    /// `round(x) = 2`: halves are where roundings differ.
    fn rounding(&mut self, site: &Site) -> Option<Typed> {
        let value = self.named(site, Sort::Number)?.call("round", "", "round");
        let (word, operator) = *self.random.pick(&COMPARISONS);
        let values = self.values(site, &value.template);
        let right = self.random.any(&values).map_or_else(|| "2".to_owned(), ToString::to_string);
        let forms = joined(value.forms.clone(), operator);
        Some(Typed::new(value.operand().then(format!(" {word} {right}")), forms))
    }

    /// Two expressions of one sort, or a date beside an instant.
    fn two_values(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let (a, b, form) = *self.random.pick(&[
            (Sort::Number, Sort::Number, "two numbers"),
            (Sort::Text, Sort::Text, "two texts"),
            (Sort::Date, Sort::Date, "two dates"),
            (Sort::Instant, Sort::Instant, "two instants"),
            (Sort::Date, Sort::Instant, "date beside instant"),
            (Sort::Instant, Sort::Date, "date beside instant"),
        ]);
        let (left, right) = (self.value(site, a, depth)?, self.value(site, b, depth)?);
        let (word, operator) = *self.random.pick(&COMPARISONS);
        let forms = [left.forms.clone(), right.forms.clone(), vec![form, operator]].concat();
        Some(Typed::new(left.operand().then(format!(" {word} ")).and(right.operand()), forms))
    }

    fn between(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let sort = *self.random.pick(&[Sort::Number, Sort::Number, Sort::Date, Sort::Instant]);
        let value = self.value(site, sort, depth)?;
        let values = self.values(site, &value.template);
        let (low, high) = (self.constant_among(&values, sort), self.constant_among(&values, sort));
        let (word, form) = self.maybe_not("between", "between", "not between");
        let forms = joined(value.forms.clone(), form);
        Some(Typed::new(value.operand().then(format!(" {word} {low} and {high}")), forms))
    }

    pub fn maybe_not(&mut self, word: &str, plain: &'static str, negated: &'static str) -> (String, &'static str) {
        if self.random.chance(40) { (format!("not {word}"), negated) } else { (word.to_owned(), plain) }
    }

    fn list_of(&mut self, site: &Site, value: &Typed, sort: Sort) -> String {
        let values = self.values(site, &value.template);
        let count = 1 + self.random.below(3);
        let list: Vec<String> = (0..count).map(|_| self.constant_among(&values, sort)).collect();
        format!("({})", list.join(", "))
    }

    fn in_list(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let sort = *self.random.pick(&[Sort::Text, Sort::Text, Sort::Number, Sort::Date]);
        let value = self.value(site, sort, depth)?;
        let mut list = self.list_of(site, &value, sort);
        let (word, form) = self.maybe_not("in", "in (…)", "not in (…)");
        let mut forms = joined(value.forms.clone(), form);
        let ignoring_case = sort == Sort::Text && self.random.chance(35);
        if ignoring_case && self.random.chance(60) {
            list = list.to_uppercase();
        }
        let mut template = value.operand().then(format!(" {word} {list}"));
        if ignoring_case {
            template = template.perhaps(Template::text(" ignoring case"));
            forms.push("in ignoring case");
        }
        Some(Typed::new(template, forms))
    }

    fn is(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let sort = *self.random.pick(&[Sort::Text, Sort::Number, Sort::Date, Sort::Bool]);
        let value = self.value(site, sort, depth)?;
        let not = if self.random.chance(50) { " not" } else { "" };
        let many = sort != Sort::Bool && self.random.chance(40);
        let test = match many {
            true => format!("in {}", self.list_of(site, &value, sort)),
            false => self.constant(site, &value.template, sort),
        };
        let form = match (not.is_empty(), many) {
            (true, false) => "is x",
            (false, false) => "is not x",
            (true, true) => "is in (…)",
            (false, true) => "is not in (…)",
        };
        let mut forms = joined(value.forms.clone(), form);
        let mut template = value.operand().then(format!(" is{not} {test}"));
        if sort == Sort::Text && self.random.chance(30) {
            template = template.perhaps(Template::text(" ignoring case"));
            forms.push("is ignoring case");
        }
        Some(Typed::new(template, forms))
    }

    fn is_known(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let sort = *self.random.pick(&[
            Sort::Text,
            Sort::Number,
            Sort::Date,
            Sort::Instant,
            Sort::Bool,
            Sort::List,
            Sort::Duration,
        ]);
        let value = self.value(site, sort, depth)?;
        let (word, form) = *self.random.pick(&[("known", "is known"), ("unknown", "is unknown")]);
        let forms = joined(value.forms.clone(), form);
        Some(Typed::new(value.operand().then(format!(" is {word}")), forms))
    }

    fn text_test(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let value = self.value(site, Sort::Text, depth)?;
        let values = self.values(site, &value.template);
        let example = match self.random.any(&values) {
            Some(super::super::value::Value::Text(text)) => text.clone(),
            _ => "web".to_owned(),
        };
        let (word, form) = *self.random.pick(&TEXT_TESTS);
        let pattern = self.pattern(word, &example);
        let not = if self.random.chance(25) { "not " } else { "" };
        let mut forms = joined(value.forms.clone(), form);
        let mut template = value.operand().then(format!(" {not}{word} {}", quoted(&pattern)));
        if !not.is_empty() {
            forms.push("not contains and so on");
        }
        if self.random.chance(30) {
            template = template.perhaps(Template::text(" ignoring case"));
            forms.push("text test ignoring case");
        }
        Some(Typed::new(template, forms))
    }

    /// A pattern made of a text that occurs.
    fn pattern(&mut self, word: &str, example: &str) -> String {
        let chars: Vec<char> = example.chars().collect();
        let cut = self.random.below(chars.len() + 1);
        let (head, tail): (String, String) = (chars[..cut].iter().collect(), chars[cut..].iter().collect());
        let plain = |text: &str| text.chars().filter(|sign| sign.is_alphanumeric()).collect::<String>();
        match (word, self.random.below(3)) {
            ("starts with", _) | ("contains", 0) => head,
            ("ends with", _) | ("contains", _) => tail,
            ("like", 0) => format!("{head}%"),
            ("like", 1) => format!("%{tail}"),
            ("like", _) => chars.iter().enumerate().map(|(at, sign)| if at == cut { '_' } else { *sign }).collect(),
            (_, 0) => format!("^{}", plain(&head)),
            (_, 1) => format!("{}$", plain(&tail)),
            _ => format!("{}.*[a-z0-9]", plain(&head)),
        }
    }

    fn list_test(&mut self, site: &Site) -> Option<Typed> {
        let value = self.named(site, Sort::List)?;
        let count = 1 + self.random.below(3);
        let words: Vec<String> = (0..count).map(|_| quoted(LIST_WORDS[self.random.below(LIST_WORDS.len())])).collect();
        let list = words.join(", ");
        let (test, form) = match self.random.below(5) {
            0 => (words[0].clone(), "list contains x"),
            1 => (format!("any of ({list})"), "contains any of"),
            2 => (format!("all of ({list})"), "contains all of"),
            3 => (format!("none of ({list})"), "contains none of"),
            _ => (format!("at least 2 of ({list})"), "contains at least n of"),
        };
        let not = if self.random.chance(25) { "not " } else { "" };
        let forms = joined(value.forms.clone(), form);
        let template = value.operand().then(format!(" {not}contains {test}"));
        let template =
            if self.random.chance(30) { template.perhaps(Template::text(" ignoring case")) } else { template };
        Some(Typed::new(template, forms))
    }

    /// In common years the days where an anniversary of 29 February matters.
    fn is_beside_leap_day(&self) -> bool {
        matches!((self.today.month(), self.today.day()), (2, 26..) | (3, 1..=2))
    }

    fn within(&mut self, site: &Site, depth: usize, anniversary: bool) -> Option<Typed> {
        let sort = if anniversary || self.random.chance(60) { Sort::Date } else { Sort::Instant };
        let birthday = if anniversary && self.random.chance(60) { self.birthday(site) } else { None };
        let value = birthday.or_else(|| self.value(site, sort, depth.min(1)))?;
        let (_, _, span) = windows::duration(self.random, &windows::CALENDAR_UNITS);
        let span = if self.random.chance(40) { format!("{} days", self.random.between(1, 3)) } else { span };
        let (direction, form) = match (self.random.chance(50), anniversary) {
            (true, false) => ("next", "within next"),
            (false, false) => ("last", "within last"),
            (true, true) => ("next", "anniversary within next"),
            (false, true) => ("last", "anniversary within last"),
        };
        let not = if self.random.chance(20) { "not " } else { "" };
        let head = if anniversary { "anniversary of " } else { "" };
        let forms = joined(value.forms.clone(), form);
        let template = Template::text(head).and(value.operand()).then(format!(" {not}within {direction} {span}"));
        Some(Typed::new(template, forms))
    }

    fn flag(&mut self, site: &Site) -> Option<Typed> {
        let value = self.named(site, Sort::Bool)?;
        let forms = joined(value.forms.clone(), "bool column");
        let test = *self.random.pick(&["", " = true", " = false", " != true"]);
        Some(Typed::new(value.template.then(test), forms))
    }

    /// `a - b < 30d` of dates or instants.
    fn difference(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let sort = *self.random.pick(&[Sort::Date, Sort::Instant]);
        let value = self.value(site, sort, depth)?;
        let units = if sort == Sort::Date { &windows::FIXED_UNITS[2..] } else { &windows::FIXED_UNITS[..] };
        let (_, span, _) = windows::duration(self.random, units);
        let (word, operator) = *self.random.pick(&COMPARISONS);
        let (other, form) = match sort {
            Sort::Date => ("today", "date - date"),
            _ => ("now", "instant - instant"),
        };
        let forms = [value.forms.clone(), vec![form, operator]].concat();
        let template = Template::text(format!("{other} - ")).and(value.operand()).then(format!(" {word} {span}"));
        Some(Typed::new(template, forms))
    }

    fn weekday(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let sort = *self.random.pick(&[Sort::Date, Sort::Instant, Sort::Instant]);
        let value = self.value(site, sort, depth)?.call("weekday", "", "weekday");
        let test = match self.random.below(3) {
            0 => format!(" in {}", self.list_of_exact(site, &value)),
            1 => " in ('saturday', 'sunday')".to_owned(),
            _ => " != 'monday'".to_owned(),
        };
        let forms = value.forms.clone();
        Some(Typed::new(value.operand().then(test), forms))
    }

    /// `hour_of_day(at) < 9`
    fn part(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let value = self.part_of(site, depth)?;
        let (word, operator) = *self.random.pick(&COMPARISONS);
        let right = self.constant(site, &value.template, Sort::Number);
        let forms = joined(value.forms.clone(), operator);
        Some(Typed::new(value.operand().then(format!(" {word} {right}")), forms))
    }

    /// `age(birth_date) >= 18`: on a birthday it shows how years are counted.
    fn aged(&mut self, site: &Site) -> Option<Typed> {
        let value = self.birthday(site)?.call("age", "", "age");
        let (word, operator) = *self.random.pick(&COMPARISONS);
        let right = self.constant(site, &value.template, Sort::Number);
        let forms = joined(value.forms.clone(), operator);
        Some(Typed::new(value.operand().then(format!(" {word} {right}")), forms))
    }

    /// Weekdays that occur, never changed: the set of their names is closed.
    fn list_of_exact(&mut self, site: &Site, value: &Typed) -> String {
        let mut values = self.values(site, &value.template);
        values.truncate(2);
        let names: Vec<String> = values.iter().map(|value| quoted(&value.to_string())).collect();
        if names.is_empty() { "('friday')".to_owned() } else { format!("({})", names.join(", ")) }
    }

    /// Beside `now`, `today`, `90d ago`.
    fn against_now(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let (_, span, _) = windows::duration(self.random, &windows::CALENDAR_UNITS);
        let (sort, other, form) = match self.random.below(7) {
            0 => (Sort::Instant, "now".to_owned(), "now"),
            1 => (Sort::Instant, "today".to_owned(), "today"),
            2 => (Sort::Date, "today".to_owned(), "today"),
            3 => (Sort::Date, format!("today - {span}"), "today"),
            4 => (Sort::Instant, "36h ago".to_owned(), "ago"),
            5 => (Sort::Instant, format!("now - {span}"), "now"),
            _ => (Sort::Instant, format!("{span} ago"), "ago"),
        };
        let value = self.value(site, sort, depth)?;
        let (word, operator) = *self.random.pick(&COMPARISONS);
        let forms = [value.forms.clone(), vec![form, operator]].concat();
        Some(Typed::new(value.operand().then(format!(" {word} {other}")), forms))
    }

    /// `month(at) = month(today)`
    fn period(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let function = *self.random.pick(&["day", "week", "month", "quarter", "year"]);
        let sort = *self.random.pick(&[Sort::Date, Sort::Instant]);
        let value = self.value(site, sort, depth)?.call(function, "", function);
        let (word, operator) = *self.random.pick(&COMPARISONS);
        let right = match self.random.chance(50) {
            true => format!("{function}(now)"),
            false => self.constant(site, &value.template, Sort::Date),
        };
        let forms = joined(value.forms.clone(), operator);
        Some(Typed::new(value.operand().then(format!(" {word} {right}")), forms))
    }

    fn quantified(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let Target::Subject(kind) = &site.target else { return None };
        let tables: Vec<String> = self.schema.tables_of(kind).iter().map(|row| row.table.clone()).collect();
        let table = self.random.any(&tables)?.clone();
        let (rows, mut forms) = self.rows(&table, kind, depth + 1);
        let (word, form) = *self.random.pick(&[("any", "any"), ("none", "none"), ("every", "every")]);
        forms.push(form);
        let mut template = Template::text(format!("{word}(")).and(rows);
        if word == "every" {
            let have = self.row_site(&table, kind);
            let have = self.phrase(&have, 1);
            forms.extend(have.sole_forms());
            template = template.then(" have ").condition(have);
        }
        Some(Typed::new(template.then(")"), forms))
    }

    pub fn in_segment(&mut self, site: &Site) -> Option<Typed> {
        let Target::Subject(kind) = &site.target else { return None };
        let known = if self.only_settled { self.settled } else { self.segments.len() };
        let same: Vec<String> =
            self.segments[..known].iter().filter(|(_, of)| of == kind).map(|(name, _)| name.clone()).collect();
        let segment = self.random.any(&same)?.clone();
        let (word, form) = self.maybe_not("in", "in segment", "not in segment");
        let mut forms = vec![form];
        if let Some((partition, _)) = segment.split_once('.') {
            forms.push(self.schema.part_form(partition));
        }
        Some(Typed::new(Template::text(format!("{word} {segment}")), forms))
    }
}
