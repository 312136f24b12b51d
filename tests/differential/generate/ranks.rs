//! Ranks of subjects, what they are ranked among, and attributes that are ranks.

use super::conditions::COMPARISONS;
use super::constants::quoted;
use super::cut_points;
use super::family::Family;
use super::phrase::{Phrase, Template, Test};
use super::project::Attribute;
use super::random::Random;
use super::schema::{Named, Sort};
use super::stage;
use super::world::World;
use super::writer::{Site, Target, Typed, Writer, joined};

/// Tiles and steps of scores: few, and more than there are subjects.
const TILES: [u32; 7] = [1, 2, 3, 4, 5, 7, 40];
const PERCENTILES: [&str; 6] = ["0", "10", "25", "50", "90", "100"];
const SHARES: [&str; 8] = ["1%", "10%", "20%", "33.3%", "50%", "75%", "99.5%", "100%"];
const COUNTS: [&str; 5] = ["1", "2", "3", "5", "100"];

impl Writer<'_> {
    /// A test of what this family has; rows know lists and buckets only.
    pub fn rank_test(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let for_subject = matches!(site.target, Target::Subject(_));
        match self.random.below(if for_subject { 18 } else { 5 }) {
            0 => self.in_bucket(site, depth),
            1 | 2 => self.in_file(site),
            3 | 4 => self.closed(site),
            5..=8 => self.beside_rank(site, depth),
            9..=12 => self.top(site, depth),
            13 | 14 => self.sample(site),
            15 => self.named_rank(site),
            _ => self.in_segment(site),
        }
    }

    /// `quintile(x) >= 4`, `x > percentile(50, x)`
    fn beside_rank(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let (rank, most) = self.rank(site, depth.min(1))?;
        let (word, operator) = *self.random.pick(&COMPARISONS);
        let right = match most {
            Some(most) if self.random.chance(70) => self.random.between(1, i64::from(most.min(6))).to_string(),
            _ => self.constant(site, &rank.template, Sort::Number),
        };
        let forms = joined(rank.forms.clone(), operator);
        Some(Typed::new(rank.operand().then(format!(" {word} {right}")), forms))
    }

    /// A rank that has a name, beside a constant.
    fn named_rank(&mut self, site: &Site) -> Option<Typed> {
        let some: Vec<Named> = site.view.iter().filter(|named| named.form.contains("rank")).cloned().collect();
        let some: Vec<Named> = some.into_iter().chain(site.view.iter().filter(|one| is_frozen(one)).cloned()).collect();
        let named = self.random.any(&some)?.clone();
        let template = Template::text(&named.name);
        if named.sort == Sort::Bool {
            let not = if self.random.chance(30) { "not " } else { "" };
            return Some(Typed::new(Template::text(format!("{not}{}", named.name)), vec![named.form]));
        }
        let (word, operator) = *self.random.pick(&COMPARISONS);
        let right = self.constant(site, &template, named.sort);
        Some(Typed::new(template.then(format!(" {word} {right}")), vec![named.form, operator]))
    }

    /// `quintile(spend among (vip) per city)`; with the highest number it can give, of those that give whole ones.
    pub fn rank(&mut self, site: &Site, depth: usize) -> Option<(Typed, Option<u32>)> {
        let Target::Subject(_) = &site.target else { return None };
        let (head, most, form) = match self.random.below(12) {
            0 | 1 => ("quintile(".to_owned(), Some(5), "quintile"),
            2 => ("decile(".to_owned(), Some(10), "decile"),
            3..=5 => {
                let tiles = *self.random.pick(&TILES);
                (format!("ntile({tiles}, "), Some(tiles), "ntile")
            }
            6 | 7 => {
                let steps = *self.random.pick(&TILES);
                (format!("score({steps}, "), Some(steps), "score")
            }
            8 | 9 => ("percent_rank(".to_owned(), None, "percent_rank"),
            _ => (format!("percentile({}, ", self.random.pick(&PERCENTILES)), None, "percentile of subjects"),
        };
        let numbers_only = form == "percentile of subjects";
        let by = self.ranked_by(site, depth, numbers_only)?;
        let (population, more) = self.population(site, depth);
        let forms = [by.forms, more, vec![form]].concat();
        Some((Typed::new(Template::text(head).and(by.template).and(population).then(")"), forms), most))
    }

    /// `top 10% by spend among (vip) per city`
    fn top(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let Target::Subject(_) = &site.target else { return None };
        let share = self.random.chance(50);
        let (word, form) = match (self.random.chance(60), share) {
            (true, true) => ("top", "top n%"),
            (true, false) => ("top", "top n"),
            (false, true) => ("bottom", "bottom n%"),
            (false, false) => ("bottom", "bottom n"),
        };
        let count = if share { *self.random.pick(&SHARES) } else { *self.random.pick(&COUNTS) };
        let by = self.ranked_by(site, depth.min(1), false)?;
        let (population, more) = self.population(site, depth.min(1));
        let not = if self.random.chance(25) { "not " } else { "" };
        let forms = [by.forms, more, vec![form]].concat();
        let template = Template::text(format!("{not}{word} {count} by ")).and(by.template).and(population);
        Some(Typed::new(template, forms))
    }

    /// What subjects are ranked by: often something that many share.
    fn ranked_by(&mut self, site: &Site, depth: usize, numbers_only: bool) -> Option<Typed> {
        let was = std::mem::replace(&mut self.only_settled, true);
        let by = self.something_to_rank_by(site, depth, numbers_only);
        self.only_settled = was;
        by
    }

    fn something_to_rank_by(&mut self, site: &Site, depth: usize, numbers_only: bool) -> Option<Typed> {
        if self.random.chance(35) {
            let (sort, function, more) = *self.random.pick(&[
                (Sort::Text, "length", ""),
                (Sort::Instant, "hour_of_day", ""),
                (Sort::Date, "month_of_year", ""),
                (Sort::Number, "round", ", -1"),
                (Sort::Number, "round", ""),
            ]);
            return Some(self.value(site, sort, 0)?.call(function, more, "rank of something shared"));
        }
        let (sort, form) = *self.random.pick(match numbers_only {
            true => &[(Sort::Number, "rank of numbers")],
            false => &[
                (Sort::Number, "rank of numbers"),
                (Sort::Number, "rank of numbers"),
                (Sort::Date, "rank of dates"),
                (Sort::Instant, "rank of instants"),
                (Sort::Duration, "rank of durations"),
            ][..],
        });
        if sort == Sort::Duration && !self.writes(Family::Order) {
            return None;
        }
        if sort == Sort::Number && self.random.chance(20) {
            let (a, b) = (self.value(site, sort, 0)?, self.value(site, sort, 0)?);
            let forms = [a.forms.clone(), b.forms.clone(), vec!["rank of ratios"]].concat();
            if self.random.chance(30) {
                // Ratios that differ by less than what is shown of them.
                return Some(Typed::new(a.operand().then(" / 10_000_000_000_000"), forms));
            }
            return Some(Typed::new(a.operand().then(" / ").and(b.operand()), forms));
        }
        let value = self.value(site, sort, depth)?;
        Some(Typed { forms: joined(value.forms.clone(), form), ..value })
    }

    /// ` among (vip) per city`
    fn population(&mut self, site: &Site, depth: usize) -> (Template, Vec<&'static str>) {
        let was = std::mem::replace(&mut self.only_settled, true);
        let (mut template, mut forms) = (Template::default(), vec![]);
        if self.random.chance(42) {
            let members = if self.random.chance(25) { self.in_segment(site) } else { None };
            let among = match members {
                Some(Typed { template, forms, .. }) => Phrase::Test(Test { template, forms }),
                None => self.phrase(site, depth.min(1)),
            };
            forms.push("among");
            if among.sole_forms().iter().any(|form| form.ends_with("in segment")) {
                forms.push("among members");
            }
            template = template.perhaps(Template::text(" among (").condition(among).then(")"));
        }
        if self.random.chance(35)
            && let Some(per) = self.per(site)
        {
            forms.push("per");
            template = template.perhaps(Template::text(" per ").and(per));
        }
        self.only_settled = was;
        (template, forms)
    }

    fn per(&mut self, site: &Site) -> Option<Template> {
        match self.random.below(6) {
            0 => Some(self.value(site, Sort::Text, 0)?.call("length", "", "length").template),
            1 => Some(self.value(site, Sort::Date, 0)?.call("year", "", "year").template),
            _ => {
                let sorts = [Sort::Text, Sort::Text, Sort::Bool, Sort::Number, Sort::Closed];
                let sort = *self.random.pick(&sorts);
                Some(self.named(site, sort)?.template)
            }
        }
    }

    /// `bucket(x, 10, 20) = 2`
    fn in_bucket(&mut self, site: &Site, depth: usize) -> Option<Typed> {
        let sort = *self.random.pick(&[Sort::Number, Sort::Number, Sort::Date, Sort::Duration]);
        let value = self.value(site, sort, depth.min(1))?;
        let bounds = self.bounds(site, &value.template, sort);
        let (word, operator) = *self.random.pick(&COMPARISONS);
        let right = self.random.between(1, bounds.len() as i64 + 1);
        let forms = [value.forms.clone(), vec!["bucket", operator]].concat();
        let template =
            Template::text("bucket(").and(value.template).then(format!(", {}) {word} {right}", bounds.join(", ")));
        Some(Typed::new(template, forms))
    }

    /// Ascending constants among the values of an expression.
    pub fn bounds(&mut self, site: &Site, of: &Template, sort: Sort) -> Vec<String> {
        let mut values = self.values(site, of);
        values.retain(|_| self.random.chance(50));
        let mut written: Vec<String> = values.iter().filter_map(|value| bound(value, sort)).collect();
        written.dedup();
        written.truncate(4);
        if written.is_empty() {
            let usual: &[&str] = match sort {
                Sort::Date => &["2026-01-01"],
                Sort::Duration => &["1d", "7d"],
                _ => &["-5", "0", "1.5", "10"],
            };
            written = usual.iter().map(|one| (*one).to_owned()).collect();
        }
        written
    }

    /// `loyalty = 'gold'`
    fn closed(&mut self, site: &Site) -> Option<Typed> {
        let some: Vec<Named> = site.view.iter().filter(|named| named.sort == Sort::Closed).cloned().collect();
        let named = self.random.any(&some)?.clone();
        let own = named.name.rsplit('.').next().unwrap_or(&named.name);
        let (_, values) = self.schema.closed.iter().find(|(name, _)| name == own)?.clone();
        let (a, b) = (self.random.pick::<String>(&values).clone(), self.random.pick::<String>(&values).clone());
        let (a, b) = (quoted(&a), quoted(&b));
        let (test, form) = match self.random.below(6) {
            0 => (format!(" != {a}"), "!="),
            1 => (" is known".to_owned(), "is known"),
            2 => (format!(" in ({a}, {b})"), "in (…)"),
            3 => (format!(" is not {a}"), "is not x"),
            _ => (format!(" = {a}"), "="),
        };
        Some(Typed::new(Template::text(named.name).then(test), vec![named.form, form]))
    }
}

fn is_frozen(named: &Named) -> bool {
    named.form.contains("frozen")
}

/// A value as a bound, exactly, if it can be written as one.
fn bound(value: &super::super::value::Value, sort: Sort) -> Option<String> {
    use super::super::oracle::{shortest, time::DAY};
    use super::super::value::Value;
    use num_bigint::BigInt;
    match (value, sort) {
        (Value::Number(number), Sort::Number) => {
            let short = *number.denom() <= BigInt::from(100) && (number * BigInt::from(100)).is_integer();
            short.then(|| shortest(number))
        }
        (Value::Date(date), Sort::Date) => Some(date.to_string()),
        (Value::Elapsed(micros), Sort::Duration) => {
            let days = (micros / BigInt::from(DAY)).floor().to_integer();
            (days > BigInt::from(0) && days < BigInt::from(100_000)).then(|| format!("{days}d"))
        }
        _ => None,
    }
}

/// Attributes that are ranks: scores, percentiles, the best; some of them frozen. And a closed set.
pub fn attributes(random: &mut Random, world: &mut World) {
    for kind in world.case.kinds.iter().map(|kind| kind.name.clone()).collect::<Vec<_>>() {
        let letter = kind[..1].to_owned();
        closed_set(random, world, &kind, format!("place_{letter}"));
        let steps = 2 + random.below(4) as u32;
        for (name, likely) in [("recency", 55), ("frequency", 50), ("monetary", 30), ("level", 25), ("best", 30)] {
            if random.chance(likely) {
                rank_attribute(random, world, &kind, format!("{name}_{letter}"), steps);
            }
        }
    }
}

fn rank_attribute(random: &mut Random, world: &mut World, kind: &str, name: String, steps: u32) {
    let frozen = random.chance(45);
    let made = stage(random, world, |writer| {
        let site = writer.subject_site(kind);
        match &name[..4] {
            "leve" if frozen => writer.percentile_of_subjects(&site).map(|typed| (typed, Sort::Number, None)),
            "leve" => writer.rank(&site, 1).map(|(typed, _)| (typed, Sort::Number, None)),
            "best" => writer.top(&site, 1).map(|typed| (typed, Sort::Bool, None)),
            _ => writer.scored(&site, steps).map(|typed| (typed, Sort::Number, Some(steps))),
        }
    });
    let Some((typed, sort, most)) = made else { return };
    let frozen = frozen && !typed.template.to_string().starts_with("not ");
    let attribute = Attribute { name: name.clone(), kind: kind.to_owned(), is: typed.template, values: vec![], frozen };
    world.case.attributes.push(attribute);
    let frozen = frozen && cut_points::compute(random, world, &name, kind);
    world.case.attributes.last_mut().expect("just added").frozen = frozen;
    let form = if frozen { "frozen attribute" } else { "rank attribute" };
    world.schema.scores.extend(most.map(|most| (kind.to_owned(), name.clone(), most)));
    let view = world.schema.subjects.iter_mut().find(|(one, _)| *one == kind);
    view.expect("a kind of subject").1.push(Named { name, sort, form });
}

impl Writer<'_> {
    /// `score(3, x)`, `ntile(3, x)`
    fn scored(&mut self, site: &Site, steps: u32) -> Option<Typed> {
        let by = self.ranked_by(site, 1, false)?;
        let (population, more) = self.population(site, 1);
        let (word, form) = *self.random.pick(&[("score", "score"), ("ntile", "ntile")]);
        let template = Template::text(format!("{word}({steps}, ")).and(by.template).and(population).then(")");
        Some(Typed::new(template, [by.forms, more, vec![form]].concat()))
    }

    fn percentile_of_subjects(&mut self, site: &Site) -> Option<Typed> {
        let by = self.ranked_by(site, 1, true)?;
        let (population, _) = self.population(site, 1);
        let head = format!("percentile({}, ", self.random.pick(&PERCENTILES));
        Some(Typed::new(Template::text(head).and(by.template).and(population).then(")"), by.forms))
    }
}

/// An attribute whose values are a closed set: most of those that occur, and one that does not.
fn closed_set(random: &mut Random, world: &mut World, kind: &str, name: String) {
    if !random.chance(60) {
        return;
    }
    let made = stage(random, world, |writer| {
        let site = writer.subject_site(kind);
        let typed = writer.named(&site, Sort::Text)?;
        let mut values: Vec<String> = writer.values(&site, &typed.template).iter().map(ToString::to_string).collect();
        values.retain(|value| !value.is_empty() && writer.random.chance(85));
        values.push("Central Java".to_owned());
        Some((typed.template, values))
    });
    let Some((is, values)) = made else { return };
    world.schema.closed.push((name.clone(), values.clone()));
    world.case.attributes.push(Attribute { name: name.clone(), kind: kind.to_owned(), is, values, frozen: false });
    let view = world.schema.subjects.iter_mut().find(|(one, _)| *one == kind);
    view.expect("a kind of subject").1.push(Named { name, sort: Sort::Closed, form: "closed attribute" });
}
