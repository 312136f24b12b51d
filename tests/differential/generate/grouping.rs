//! Tables by grouping: keys of every kind, columns of aggregates, and when a group happened.

use super::phrase::Template;
use super::project::{Derived, Grouped, Shape, Table};
use super::random::Random;
use super::schema::{Named, RowInfo, Sort};
use super::stage;
use super::world::World;
use super::writer::{Site, Typed, Writer};

/// A key under way: how it is written, the name it has if none is given, and what it exercises.
struct Key {
    template: Template,
    own_name: Option<String>,
    sort: Sort,
    form: &'static str,
}

/// Groups the rows of a table.
pub fn group(random: &mut Random, world: &mut World, name: &str, from: &str) {
    let prefix = name.to_owned();
    let parent = world.schema.row(from).clone();
    let made = stage(random, world, |writer| {
        let site = writer.parent_site(from);
        let filter = writer.random.chance(35).then(|| writer.phrase(&site, 1));
        let keys = writer.keys(&site)?;
        let mut forms: Vec<&'static str> = keys.iter().map(|key| key.form).collect();
        if keys.len() > 1 {
            forms.push("grouped by several keys");
        }
        let periods = keys.iter().any(|key| key.form == "grouped by a period");
        let named = keys.iter().any(|key| key.own_name.is_none()) || writer.random.chance(30);
        let mut view: Vec<Named> = Vec::new();
        let mut written: Vec<(Option<String>, Template)> = Vec::new();
        for (at, key) in keys.into_iter().enumerate() {
            let given = named.then(|| format!("{prefix}_key{at}"));
            let name = given.clone().or(key.own_name).unwrap_or_default();
            view.push(Named { name, sort: key.sort, form: "group key" });
            written.push((given, key.template));
        }
        let time = if writer.random.chance(30) { writer.time_of_group(&site) } else { None };
        if time.is_some() {
            forms.push("time: of groups");
        }
        let timed = time.is_some() || periods || parent.timed;
        let mut columns = Vec::new();
        for (column, sort) in SORTS {
            if !writer.random.chance(50) {
                continue;
            }
            let made = match column {
                "count" => writer.count_of_group(&site),
                _ => writer.of_group(&site, sort),
            };
            if let Some(typed) = made {
                let column = format!("{prefix}_{column}");
                forms.extend(typed.forms.into_iter().filter(|form| form.starts_with("group:")));
                view.push(Named { name: column.clone(), sort, form: "group column" });
                columns.push((column, typed.template));
            }
        }
        let grouping = Some(Grouped { keys: written, time, needs_time: !parent.timed && !periods });
        Some((Derived { from: from.into(), filter, grouping, columns, ..Derived::default() }, view, forms, timed))
    });
    let Some((derived, mut view, mut forms, timed)) = made else { return };
    if timed {
        view.push(Named { name: "at".into(), sort: Sort::Instant, form: "at" });
    }
    forms.push("table by grouping");
    if parent.grouped {
        forms.push("groups of groups");
    }
    let info = RowInfo { table: name.into(), timed, kinds: parent.kinds, view, grouped: true, forms };
    world.schema.rows.push(info);
    world.order_of(name);
    world.case.tables.push(Table { name: name.into(), shape: Shape::Derived(derived) });
}

const SORTS: [(&str, Sort); 6] = [
    ("total", Sort::Number),
    ("count", Sort::Number),
    ("word", Sort::Text),
    ("date_of", Sort::Date),
    ("moment", Sort::Instant),
    ("span", Sort::Duration),
];

impl Writer<'_> {
    /// One to three keys, of different names.
    fn keys(&mut self, site: &Site) -> Option<Vec<Key>> {
        let mut keys: Vec<Key> = Vec::new();
        for _ in 0..*self.random.pick(&[1, 1, 1, 2, 2, 3]) {
            let Some(key) = self.key(site) else { continue };
            if !keys.iter().any(|one| one.own_name == key.own_name || one.template == key.template) {
                keys.push(key);
            }
        }
        (!keys.is_empty()).then_some(keys)
    }

    fn key(&mut self, site: &Site) -> Option<Key> {
        const PERIODS: [&str; 6] = ["day", "day", "week", "month", "quarter", "year"];
        match self.random.below(10) {
            0..=3 => {
                let function = *self.random.pick(&PERIODS);
                let sort = if self.random.chance(80) { Sort::Instant } else { Sort::Date };
                let at = site.view.iter().any(|named| named.name == "at") && self.random.chance(70);
                let of = if at { "at".to_owned() } else { self.named(site, sort)?.template.to_string() };
                let template = Template::text(format!("{function}({of})"));
                Some(Key { template, own_name: Some(function.into()), sort: Sort::Date, form: "grouped by a period" })
            }
            4 => {
                let sort = *self.random.pick(&[Sort::Number, Sort::Text, Sort::Date]);
                let template = self.value(site, sort, 1)?.template;
                Some(Key { template, own_name: None, sort, form: "grouped by an expression" })
            }
            _ => {
                let sort = *self.random.pick(&[Sort::Text, Sort::Text, Sort::Number, Sort::Date, Sort::Bool]);
                let named = self.named(site, sort)?;
                let name = named.template.to_string();
                let pseudo = ["at", "number", "gap"].contains(&name.as_str());
                let own = name.rsplit('.').next().filter(|_| !pseudo).map(str::to_owned);
                let form = if name.contains('.') { "grouped by a lookup" } else { "grouped by a column" };
                Some(Key { template: named.template, own_name: own, sort, form })
            }
        }
    }

    /// `max(at)`, `first(due_on)`
    fn time_of_group(&mut self, site: &Site) -> Option<Template> {
        let sort = *self.random.pick(&[Sort::Instant, Sort::Instant, Sort::Date]);
        let value = self.named(site, sort)?;
        let head = *self.random.pick(&["max(", "max(", "min(", "first(", "last("]);
        Some(Template::text(head).and(value.template).then(")"))
    }

    /// A column of a group.
    fn of_group(&mut self, site: &Site, sort: Sort) -> Option<Typed> {
        let one = self.aggregate_of_group(site, sort)?;
        if sort != Sort::Number || self.random.chance(75) {
            return Some(one);
        }
        let other = self.aggregate_of_group(site, sort)?;
        let word = *self.random.pick(&[" + ", " - ", " * ", " / "]);
        let forms = [one.forms.clone(), other.forms.clone()].concat();
        Some(Typed::new(one.operand().then(word).and(other.operand()), forms))
    }

    fn aggregate_of_group(&mut self, site: &Site, sort: Sort) -> Option<Typed> {
        const PICKING: [&str; 5] = ["first(", "last(", "mode(", "min(", "max("];
        const NUMERIC: [&str; 9] =
            ["sum(", "sum(", "avg(", "median(", "stddev(", "max(", "min(", "first(", "percentile(90, "];
        let picks = self.random.below(100);
        let (head, argument, form) = match sort {
            Sort::Number if picks < 25 => return self.count_of_group(site),
            Sort::Number => (*self.random.pick(&NUMERIC), Some(self.value(site, sort, 1)?), "group: of numbers"),
            Sort::Duration => (*self.random.pick(&NUMERIC), Some(self.named(site, sort)?), "group: of durations"),
            _ => (*self.random.pick(&PICKING), Some(self.value(site, sort, 1)?), "group: picking"),
        };
        Some(self.over_group(site, head, argument, form))
    }

    /// `count()`, `count(x)`, `count(distinct x)`
    fn count_of_group(&mut self, site: &Site) -> Option<Typed> {
        let some = *self.random.pick(&[Sort::Text, Sort::Number, Sort::Date]);
        let (head, argument, form) = match self.random.below(5) {
            0 | 1 => ("count(", None, "group: count()"),
            2 | 3 => ("count(", Some(self.named(site, some)?), "group: count(x)"),
            _ => ("count(distinct ", Some(self.named(site, some)?), "group: count(distinct x)"),
        };
        Some(self.over_group(site, head, argument, form))
    }

    fn over_group(&mut self, site: &Site, head: &str, argument: Option<Typed>, form: &'static str) -> Typed {
        let mut forms = vec![form];
        let mut template = Template::text(head);
        let bare = argument.is_none();
        if let Some(argument) = argument {
            template = template.and(argument.template);
        }
        if self.random.chance(35) {
            let filter = self.phrase(site, 1);
            let words = if bare { "where " } else { " where " };
            template = template.perhaps(Template::text(words).condition(filter));
            forms.push("group: where");
        }
        Typed::new(template.then(")"), forms)
    }
}
