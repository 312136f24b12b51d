//! Sequences: two to four steps over the same and other tables, with everything that can be said of them.

use super::conditions::COMPARISONS;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

use super::super::oracle::elapsed;
use super::super::oracle::time::{DAY, HOUR};
use super::super::value::Value;
use super::family::Family;
use super::phrase::{Phrase, Template, Test};
use super::schema::Sort;
use super::values::over;
use super::windows;
use super::writer::{Site, Target, Typed, Writer};

/// What later steps call the row of a step.
const NAMES: [&str; 4] = ["bought", "again", "then_this", "at_last"];
/// Periods that rows are often apart by, exactly.
const SHORT: [&str; 8] = ["1h", "1d", "1d", "24h", "2d", "1w", "30min", "1mo"];

/// A step under way.
struct Step {
    table: String,
    never: bool,
    name: Option<&'static str>,
}

impl Writer<'_> {
    /// `sequence(sales as bought then within 30d sales where sku = bought.sku then never within 7d returns)`; one that
    /// nobody has is mostly thrown away.
    pub fn sequence(&mut self, site: &Site) -> Option<Typed> {
        let Target::Subject(kind) = &site.target else { return None };
        for _ in 0..5 {
            let written = self.any_sequence(kind)?;
            if self.random.chance(12) || self.values(site, &written.template).contains(&Value::Bool(true)) {
                return Some(written);
            }
        }
        self.any_sequence(kind)
    }

    fn any_sequence(&mut self, kind: &str) -> Option<Typed> {
        let steps = self.steps(kind)?;
        let mut forms = vec!["sequence"];
        forms.push(match steps.iter().map(|step| &step.table).collect::<std::collections::BTreeSet<_>>().len() {
            1 => "steps of one table",
            _ => "steps of several tables",
        });
        if steps.len() > 3 {
            forms.push("four steps");
        }
        // Rows that are told by their numbers leave no choice: the smallest difference decides.
        let pinned = self.writes(Family::Order) && self.random.chance(30);
        let mut template = Template::text("sequence(");
        for (at, step) in steps.iter().enumerate() {
            let written = self.step(kind, &steps, at, pinned, &mut forms);
            let written = if at > 0 { Template::text(" then ").and(written) } else { written };
            // A step that others refer to cannot be left out.
            template = if at > 0 && step.name.is_none() { template.perhaps(written) } else { template.and(written) };
        }
        template = template.then(")");
        if self.random.chance(25) {
            let written = self.random.pick(self.windows).clone();
            template = template.perhaps(Template::text(over(&written.phrase)));
            forms.extend(["sequence over a window", written.form]);
        }
        if self.random.chance(25) {
            let span = self.span_between(kind, &steps[0].table);
            template = template.perhaps(Template::text(format!(" within {span}")));
            forms.push("sequence within");
        }
        Some(Typed::new(template, forms))
    }

    /// Tables and shapes: one step at least besides the first, two that are not `never` or one with a `never`.
    fn steps(&mut self, kind: &str) -> Option<Vec<Step>> {
        let count = *self.random.pick(&[2, 2, 3, 3, 3, 4]);
        let first = self.timed_table(kind)?;
        let mut steps: Vec<Step> = Vec::new();
        for (at, name) in NAMES.into_iter().enumerate().take(count) {
            let table = if self.random.chance(55) { first.clone() } else { self.timed_table(kind)? };
            let never = at > 0 && self.random.chance(35);
            let named = !never && at + 1 < count && self.random.chance(40);
            steps.push(Step { table, never, name: named.then_some(name) });
        }
        Some(steps)
    }

    fn step(&mut self, kind: &str, steps: &[Step], at: usize, pinned: bool, forms: &mut Vec<&'static str>) -> Template {
        let step = &steps[at];
        let mut template = Template::text(if step.never { "never " } else { "" });
        let within = at > 0 && self.random.chance(if step.never { 55 } else { 40 });
        if within {
            let span = self.span_between(kind, &step.table);
            template = template.perhaps(Template::text(format!("within {span} ")));
        }
        template = template.then(&step.table);
        if let Some(name) = step.name {
            template = template.then(format!(" as {name}"));
        }
        forms.extend(match (step.never, within) {
            (true, true) => Some("then never within"),
            (true, false) if steps[at..].iter().all(|step| step.never) => Some("then never, at the end"),
            (true, false) => Some("then never, between"),
            (false, true) => Some("then within"),
            (false, false) => None,
        });
        let info = self.schema.row(&step.table);
        forms.extend(info.forms.clone());
        if self.random.chance(15) {
            let written = self.random.pick(self.windows).clone();
            template = template.perhaps(Template::text(over(&written.phrase)));
            forms.extend(["step over a window", written.form]);
        }
        let filter = match pinned && !step.never {
            true => {
                let before = steps[..at].iter().filter(|one| !one.never && one.table == step.table).count();
                let template = Template::text(format!("number = {}", before + 1 + self.random.below(2)));
                Some(Phrase::Test(Test { template, forms: vec![] }))
            }
            false => self.step_filter(kind, steps, at, forms),
        };
        match filter {
            Some(filter) => template.perhaps(Template::text(" where ").condition(filter)),
            None => template,
        }
    }

    /// What a step's rows must be, by themselves and beside the rows of earlier steps.
    fn step_filter(&mut self, kind: &str, steps: &[Step], at: usize, forms: &mut Vec<&'static str>) -> Option<Phrase> {
        let site = self.row_site(&steps[at].table, kind);
        let named: Vec<(&'static str, String)> =
            steps[..at].iter().filter_map(|step| Some((step.name?, step.table.clone()))).collect();
        let beside = match self.random.any(&named).cloned() {
            Some((name, table)) if self.random.chance(85) => self.beside_earlier(&site, kind, name, &table),
            _ => None,
        };
        let own = self.random.chance(if beside.is_some() { 20 } else { 40 }).then(|| self.phrase(&site, 1));
        if let Some(own) = &own {
            forms.push("step where");
            forms.extend(own.sole_forms());
        }
        let beside = beside.map(|test| {
            forms.extend(&test.forms);
            Phrase::Test(test)
        });
        match (own, beside) {
            (Some(own), Some(beside)) => Some(Phrase::And(vec![own, beside])),
            (own, beside) => own.or(beside),
        }
    }

    /// `sku = bought.sku`, `at - bought.at > 1d`, `number = bought.number + 1`
    fn beside_earlier(&mut self, site: &Site, kind: &str, name: &'static str, table: &str) -> Option<Test> {
        const TIMES: [&str; 4] = ["at - {b}.at > 1d", "day(at) = day({b}.at)", "at > {b}.at", "at < {b}.at + 7d"];
        if self.random.chance(20) {
            let template = Template::text(self.random.pick(&TIMES).replace("{b}", name));
            return Some(Test { template, forms: vec!["joined by time"] });
        }
        let sort = *self.random.pick(&[Sort::Text, Sort::Text, Sort::Number, Sort::Number, Sort::Date]);
        let mine = self.named(site, sort)?;
        let theirs = self.row_site(table, kind);
        let alike = theirs.view.iter().any(|named| named.sort == sort && named.name == mine.template.to_string());
        let other = match alike && self.random.chance(70) {
            true => mine.clone(),
            false => self.named(&theirs, sort)?,
        };
        let (word, _) =
            *self.random.pick(&[COMPARISONS[0], COMPARISONS[0], COMPARISONS[1], COMPARISONS[2], COMPARISONS[5]]);
        let form = match word {
            "=" => "joined by =",
            "!=" => "joined by !=",
            _ => "joined by < or >=",
        };
        let template = mine.template.then(format!(" {word} {name}.")).and(other.template);
        let more = if sort == Sort::Number && self.random.chance(20) { " + 1" } else { "" };
        Some(Test { template: template.then(more), forms: vec![form] })
    }

    /// A period: as long as rows of a table are apart, about, or a plain one, or any.
    fn span_between(&mut self, kind: &str, table: &str) -> String {
        if self.writes(Family::Order) && self.random.chance(50) {
            let gaps = self.values(&self.row_site(table, kind), &Template::text("gap"));
            let gap = self.random.any(&gaps).map(elapsed).filter(|gap| !gap.is_zero());
            let (unit, word) = *self.random.pick(&[(HOUR, "h"), (DAY, "d"), (DAY, "d"), (7 * DAY, "w")]);
            let count = gap.map(|gap| gap / BigRational::from_integer(unit.into()));
            let count = count.map(|count| if self.random.chance(50) { count.ceil() } else { count.round() });
            if let Some(count) = count.and_then(|count| count.to_integer().to_u32()).filter(|count| *count < 20_000) {
                return format!("{}{word}", count.max(1));
            }
        }
        match self.random.chance(55) {
            true => (*self.random.pick(&SHORT)).to_owned(),
            false => windows::duration(self.random, &windows::ALL_UNITS).1,
        }
    }
}
