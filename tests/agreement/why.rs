//! What is told of a membership, against evaluations and against the naive interpreter: the membership itself, conditions and what they
//! are made of, values, rows, places among others, until when, and what would change it.
//!
//! A condition, a value, a set of rows is told as a text that a rule could have. So the interpreter reads that text, and what it makes of
//! it is what must have been told.

mod change;
mod judge;

use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;

use datafusion::arrow::array::Array;
use kohort::engine::why::{
    Answer, Change, Condition, Form, Known, Operand, RankWhy, RowsWhy, SegmentWhy, Test, Truth, Why,
};
use kohort::ir::Value;
use kohort::syntax::ast::Population;
use kohort::{AsOf, Engine};
use num_rational::BigRational;
use num_traits::Zero;
use rand::SeedableRng;
use rand::seq::IteratorRandom;
use rand_chacha::ChaCha8Rng;

use super::super::differential::oracle::Oracle;
use super::super::differential::value;
use super::standing::{Key, Standing};
use super::{Case, Property, holds, in_memory, read, seeds};
use judge::{Judge, Judged, is_as_true, is_same};

/// So many segments of a case are asked about.
const SEGMENTS: usize = 4;
/// So many subjects of each.
const SUBJECTS: usize = 3;

/// What 60 cases see at least so often.
const LOOKED_AT: [(&str, u64); 22] = [
    ("member", 50),
    ("no member", 100),
    ("in a group", 5),
    ("in no group", 5),
    ("test true", 100),
    ("test false", 100),
    ("test unknown", 50),
    ("whole true", 20),
    ("whole unknown", 10),
    ("membership", 50),
    ("condition judged", 500),
    ("known value judged", 300),
    ("comparison", 100),
    ("counted change", 10),
    ("change by an amount", 1),
    ("change to a value", 10),
    ("figure judged", 200),
    ("figure from rows", 30),
    ("outside filter", 5),
    ("outside window", 5),
    ("ranked", 10),
    ("until", 3),
];

#[derive(Debug, Default)]
struct Seen {
    counts: BTreeMap<&'static str, u64>,
}

impl AddAssign for Seen {
    fn add_assign(&mut self, other: Self) {
        other.counts.into_iter().for_each(|(what, count)| self.add(what, count));
    }
}

impl Seen {
    fn add(&mut self, what: &'static str, count: u64) {
        *self.counts.entry(what).or_default() += count;
    }

    fn saw(&mut self, what: &'static str) {
        self.add(what, 1);
    }

    fn of(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or(0)
    }
}

/// Whether a condition is told in words that no rule could have: of keys that are listed, of parts that are drawn, of cells of a chart.
fn is_told_apart(condition: &Condition) -> bool {
    let is_apart = |words: &str| condition.text.contains(words);
    match &condition.form {
        Form::All(parts) | Form::Any(parts) => parts.iter().any(is_told_apart),
        Form::Not(inner) => is_told_apart(inner),
        Form::Test(test) if test.operands.len() > 1 => is_apart(" in "),
        Form::Test(_) => is_apart("listed under ") || is_apart("drawn into `") || condition.text == "otherwise",
        Form::Segment { .. } => false,
    }
}

/// What is told of a subject, with all that it is held against.
struct Told<'t> {
    why: &'t Why,
    key: &'t Key,
    standing: &'t Standing,
    judge: &'t Judge<'t>,
    case: &'t Case,
}

type Wrong = Result<(), String>;

impl Told<'_> {
    /// Everything that a `why` tells, untils aside.
    fn hold(&self, seen: &mut Seen) -> Wrong {
        self.answer(seen)?;
        for segment in &self.why.segments {
            self.segment(segment, seen).map_err(|wrong| format!("{}: {wrong}", segment.name))?;
        }
        for rows in &self.why.rows {
            self.rows(rows, seen).map_err(|wrong| format!("{wrong}: {rows:#?}"))?;
        }
        for rank in &self.why.ranks {
            self.rank(rank, seen).map_err(|wrong| format!("{wrong}: {rank:#?}"))?;
        }
        Ok(())
    }

    fn is_member(&self, segment: &str) -> Option<bool> {
        Some(self.standing.members_of(segment)?.contains(self.key))
    }

    fn answer(&self, seen: &mut Seen) -> Wrong {
        let asked = &self.why.asked;
        let expected = match self.is_member(asked) {
            Some(member) => {
                seen.saw(if member { "member" } else { "no member" });
                Answer::Member(member)
            }
            None => {
                let is_group = |name: &&String| name.starts_with(&format!("{asked}."));
                let mut groups = self.standing.members.keys().filter(is_group);
                let held = groups.find(|group| self.is_member(group) == Some(true));
                seen.saw(if held.is_some() { "in a group" } else { "in no group" });
                Answer::Group(held.cloned())
            }
        };
        is_so(self.why.answer == expected, || format!("the answer is {:?}", self.why.answer))
    }

    fn segment(&self, segment: &SegmentWhy, seen: &mut Seen) -> Wrong {
        let member = segment.member;
        is_so(self.is_member(&segment.name) == Some(member), || format!("told is a member: {member}"))?;
        is_so(member == (segment.condition.truth == Truth::True), || "its condition is not its membership".into())?;
        is_so(member == segment.lacks.is_none(), || format!("{:?} is lacking", segment.lacks))?;
        if segment.condition.text == segment.name {
            // It stands in several kinds of subject, and is told for another one.
            seen.saw("told as one");
            return Ok(());
        }
        self.condition(&segment.condition, seen)
    }

    fn condition(&self, condition: &Condition, seen: &mut Seen) -> Wrong {
        let Condition { text, truth, form, .. } = condition;
        let wrong = |what: &str| format!("`{text}` {what}: {condition:#?}");
        let parts: &[Condition] = match form {
            Form::All(parts) | Form::Any(parts) => parts,
            Form::Not(inner) => std::slice::from_ref(inner),
            Form::Segment { .. } | Form::Test(_) => &[],
        };
        for part in parts {
            self.condition(part, seen)?;
        }
        let of_parts = match form {
            Form::All(_) => parts.iter().map(|part| part.truth).min(),
            Form::Any(_) => parts.iter().map(|part| part.truth).max(),
            Form::Not(inner) => Some(match inner.truth {
                Truth::True => Truth::False,
                Truth::False => Truth::True,
                Truth::Unknown => Truth::Unknown,
            }),
            Form::Segment { name, negated } => {
                let member = self.is_member(name).ok_or_else(|| wrong("names a segment without an answer"))?;
                Some(if member != *negated { Truth::True } else { Truth::False })
            }
            Form::Test(_) => Some(*truth),
        };
        is_so(of_parts == Some(*truth), || wrong("is not what it is made of"))?;
        seen.saw(match (form, truth) {
            (Form::Test(_), Truth::True) => "test true",
            (Form::Test(_), Truth::False) => "test false",
            (Form::Test(_), Truth::Unknown) => "test unknown",
            (Form::Segment { .. }, _) => "membership",
            (_, Truth::True) => "whole true",
            (_, Truth::False) => "whole false",
            (_, Truth::Unknown) => "whole unknown",
        });
        match self.judge.value(text, self.key)? {
            Judged::Value(value) => {
                seen.saw("condition judged");
                is_so(is_as_true(*truth, &value), || wrong(&format!("is {value}")))?;
            }
            Judged::Unfit => seen.saw("unfit"),
            Judged::NoExpression => {
                seen.saw("told apart");
                is_so(is_told_apart(condition), || wrong("is no condition"))?;
            }
        }
        match form {
            Form::Test(test) => self.test(condition, test, seen).map_err(|what| wrong(&what)),
            _ => Ok(()),
        }
    }

    fn test(&self, condition: &Condition, test: &Test, seen: &mut Seen) -> Wrong {
        for operand in &test.operands {
            self.operand(operand, seen)?;
        }
        self.places(&test.rows, &test.ranks)?;
        for needed in &test.needed {
            if let (Some(text), [value]) = (&needed.text, needed.values.as_slice()) {
                self.is_told(text, value, "needed judged", seen)?;
            }
        }
        self.comparison(condition, test, seen)?;
        let Some(told) = &test.change else { return Ok(()) };
        is_so(condition.truth != Truth::True, || "holds, and is to change".into())?;
        seen.saw(match told {
            Change::Rise(step) | Change::Fall(step) if step.counted => "counted change",
            Change::Rise(_) | Change::Fall(_) => "change by an amount",
            Change::Become(_) => "change to a value",
        });
        match change::misleads(self.why, test, told) {
            Some(wrong) => Err(wrong),
            None => Ok(()),
        }
    }

    /// What a value is held against makes the test what it is said to be. Texts may be compared ignoring case, roots are rounded where
    /// they are told: these are not looked at.
    fn comparison(&self, condition: &Condition, test: &Test, seen: &mut Seen) -> Wrong {
        let [operand] = test.operands.as_slice() else { return Ok(()) };
        let exact = match self.judge.value(&operand.text, self.key)? {
            Judged::Value(value::Value::Root(_) | value::Value::ElapsedRoot(_) | value::Value::Elapsed(_)) => false,
            Judged::Value(_) => !condition.text.contains("ignoring case"),
            _ => false,
        };
        match change::fulfils(&operand.value, &test.needed) {
            Some(holds) if exact && !test.needed.is_empty() => {
                seen.saw("comparison");
                let told = if holds { Truth::True } else { Truth::False };
                is_so(condition.truth == told, || format!("is {holds} by what is needed"))
            }
            _ => Ok(()),
        }
    }

    fn operand(&self, operand: &Operand, seen: &mut Seen) -> Wrong {
        self.places(&operand.rows, &operand.ranks)?;
        self.is_told(&operand.text, &operand.value, "value judged", seen)
    }

    fn places(&self, rows: &[usize], ranks: &[usize]) -> Wrong {
        let there =
            rows.iter().all(|at| *at < self.why.rows.len()) && ranks.iter().all(|at| *at < self.why.ranks.len());
        is_so(there, || "rests on rows or ranks that are not told".into())
    }

    /// A value that is told is what the interpreter makes of its text.
    fn is_told(&self, text: &str, told: &Known, what: &'static str, seen: &mut Seen) -> Wrong {
        match self.judge.value(text, self.key)? {
            Judged::Value(value) => {
                seen.saw(what);
                seen.add("known value judged", u64::from(value.is_known()));
                is_so(is_same(told, &value), || format!("`{text}` is {value}, and told is {told:?}"))
            }
            Judged::Unfit => {
                seen.saw("unfit");
                Ok(())
            }
            Judged::NoExpression => Err(format!("`{text}` is no expression")),
        }
    }

    /// How many rows of a kind the subject has; none: that is not told in words.
    fn count(&self, rows: &str) -> Result<Option<u64>, String> {
        Ok(match self.judge.value(&format!("count({rows})"), self.key)? {
            Judged::Value(value::Value::Number(count)) => count.to_integer().try_into().ok(),
            _ => None,
        })
    }

    fn rows(&self, rows: &RowsWhy, seen: &mut Seen) -> Wrong {
        let count = self.count(&rows.text)?;
        // Of the steps of a sequence only the rows themselves are told: those in the step's window, which the text has, and in that of the
        // sequence, which it has not.
        let of_a_step = rows.figures.is_empty();
        match count {
            None => seen.saw("rows not judged"),
            Some(count) if of_a_step && rows.count < count => seen.saw("rows of a step in two windows"),
            Some(count) => {
                seen.saw("rows judged");
                is_so(count == rows.count, || format!("there are {count} of these rows"))?;
                self.outside(rows, seen)?;
            }
        }
        for figure in &rows.figures {
            self.is_told(&figure.text, &figure.value, "figure judged", seen)?;
            if figure.text == format!("count({})", rows.text) {
                seen.saw("count told");
                is_so(number(&figure.value) == Some(BigRational::from_integer(rows.count.into())), || {
                    "the count is not that of the rows".into()
                })?;
            }
        }
        is_so(rows.first.len() as u64 == rows.count.min(5), || "too few or too many rows are shown".into())?;
        is_so(rows.first.iter().all(|row| row.len() == rows.columns.len()), || "a row lacks a column".into())?;
        if rows.first.len() as u64 == rows.count {
            self.sums(rows, seen)?;
        }
        Ok(())
    }

    /// The rows that are left out: by the filter, by the window, by the table itself.
    fn outside(&self, rows: &RowsWhy, seen: &mut Seen) -> Wrong {
        let Some((in_window, in_table)) = judge::wider(&rows.text) else {
            return Err(format!("`{}` are no rows", rows.text));
        };
        let within = rows.count + rows.outside_filter;
        let of_table = within + rows.outside_window;
        let (found, of) = (self.count(&in_window)?, format!("the filter leaves out others of {in_window}"));
        // Those of a step may lie in a second window.
        let of_a_step = rows.figures.is_empty();
        is_so(found.is_none_or(|found| found == within || (of_a_step && found > within)), || {
            format!("{of}: {found:?}")
        })?;
        let (found, of) = (self.count(&in_table)?, format!("the window leaves out others of {in_table}"));
        is_so(found.is_none_or(|found| found == of_table), || format!("{of}: {found:?}"))?;
        seen.add("outside filter", u64::from(rows.outside_filter > 0));
        seen.add("outside window", u64::from(rows.outside_window > 0));
        seen.add("outside table", u64::from(rows.outside_table > 0));
        is_so(in_table == rows.table, || "the table is another one".into())?;
        match &rows.made_from {
            None => is_so(rows.outside_table == 0, || "it leaves out rows of nothing".into()),
            Some(base) => {
                let (found, of_base) = (self.count(base)?, of_table + rows.outside_table);
                // Rows that are alike and count once are one row from the beginning: the others are not among those that are left out.
                let once = self.case.counts_rows_once(&rows.table);
                is_so(found.is_none_or(|found| found == of_base || (once && found > of_base)), || {
                    format!("{} leaves out others of {base}: {found:?}", rows.table)
                })
            }
        }
    }

    /// Sums and extremes of rows that are all shown come from what is shown.
    fn sums(&self, rows: &RowsWhy, seen: &mut Seen) -> Wrong {
        for (at, column) in rows.columns.iter().enumerate() {
            let cells: Vec<BigRational> = rows.first.iter().filter_map(|row| number(&row[at])).collect();
            for figure in &rows.figures {
                let is_of = |function: &str| figure.text == format!("{function}({} of {})", column.name, rows.text);
                let made = match () {
                    () if is_of("sum") => Some(cells.iter().sum()),
                    () if is_of("min") => cells.iter().min().cloned(),
                    () if is_of("max") => cells.iter().max().cloned(),
                    () => continue,
                };
                // Dates and texts are no numbers.
                if made.is_some() && (!rows.first.is_empty() || is_of("sum")) {
                    seen.saw("figure from rows");
                    let told = number(&figure.value).or_else(|| Some(BigRational::zero()).filter(|_| cells.is_empty()));
                    is_so(told == made, || format!("{} of the rows shown is {made:?}", figure.text))?;
                }
            }
        }
        Ok(())
    }

    /// A place among others: who is ranked, and how many of them are below.
    fn rank(&self, rank: &RankWhy, seen: &mut Seen) -> Wrong {
        self.operand(&rank.by, seen)?;
        rank.per.iter().try_for_each(|per| self.operand(per, seen))?;
        rank.among.iter().try_for_each(|among| self.condition(among, seen))?;
        let tree = |text: &str| judge::expression(text).ok_or_else(|| format!("`{text}` is no expression"));
        let population = Population {
            among: rank.among.as_ref().map(|among| tree(&among.text)).transpose()?,
            per: rank.per.as_ref().map(|per| tree(&per.text)).transpose()?,
        };
        let oracle = &self.judge.oracle;
        let (ranking, unfit) =
            oracle.noting(|| oracle.ranking(&self.judge.kind, &tree(&rank.by.text).expect("it was read"), &population));
        if unfit {
            seen.saw("unfit");
            return Ok(());
        }
        let own = ranking.group_of.iter().find(|(key, _)| judge::parts(key) == *self.key);
        let group = own.and_then(|(_, group)| ranking.ordered.get(group)).map(Vec::as_slice).unwrap_or_default();
        let place = group.iter().find(|(_, key)| judge::parts(key) == *self.key);
        let below = place.map(|(value, _)| group.iter().filter(|(other, _)| other < value).count() as u64);
        seen.saw(if below.is_some() { "ranked" } else { "not ranked" });
        is_so(rank.population == group.len() as u64 && rank.below == below, || {
            format!("{} are ranked, and {below:?} of them are below", group.len())
        })
    }
}

fn number(known: &Known) -> Option<BigRational> {
    match known {
        Known::Value(Value::Number(number)) => Some(number.clone()),
        Known::Value(Value::Duration(micros)) => Some(BigRational::from_integer((*micros).into())),
        _ => None,
    }
}

fn is_so(so: bool, otherwise: impl FnOnce() -> String) -> Wrong {
    if so { Ok(()) } else { Err(otherwise()) }
}

/// By segment and key the instant of the next change, where it is followed.
async fn untils(engine: &Engine, now: i64) -> Result<HashMap<String, HashMap<Key, Option<i64>>>, String> {
    let untils = engine.query(AsOf::from_micros(now)).until().await.map_err(|error| format!("{error:?}"))?;
    let mut all = HashMap::new();
    for kind in &untils.kinds {
        for segment in &kind.segments {
            let Ok(next) = &segment.next else { continue };
            let of_row = |row: usize| {
                let text = |column| datafusion::arrow::util::display::array_value_to_string(column, row);
                let key: Key = kind.keys.columns().iter().map(|column| text(column).expect("a text")).collect();
                (key, next.is_valid(row).then(|| next.value(row)))
            };
            all.insert(segment.name.clone(), (0..kind.keys.num_rows()).map(of_row).collect());
        }
    }
    Ok(all)
}

struct Explained;

impl Property for Explained {
    type Seen = Seen;

    async fn wrong(case: &Case, seen: &mut Seen) -> Result<Option<String>, String> {
        let random = &mut ChaCha8Rng::seed_from_u64(case.seed);
        let engine = in_memory(case)?.open().await.map_err(|error| format!("{error:?}"))?;
        let Ok(standing) = Standing::of(&engine, case.now).await else { return Ok(None) };
        let (catalog, rules) = read(case).map_err(|problems| format!("{problems:?}"))?;
        let untils = untils(&engine, case.now).await?;
        seen.saw("case");
        let partitions = case.partitions.iter().map(|partition| &partition.name);
        let names: Vec<&String> = standing.members.keys().chain(partitions).choose_multiple(random, SEGMENTS);
        for name in names {
            let group = format!("{name}.");
            let one = standing.kind_of.keys().find(|segment| *segment == name || segment.starts_with(&group));
            let Some(one) = one else { continue };
            let kind = &standing.kind_of[one];
            let keys = standing.subjects_of(one).iter().cloned().choose_multiple(random, SUBJECTS);
            let whys = match engine.why_each(name, &keys, AsOf::from_micros(case.now)).await {
                Ok(whys) => whys,
                Err(kohort::Error::NoMembership { .. }) => {
                    seen.saw("no answer");
                    let of = |segment: &&String| *segment == name || segment.starts_with(&group);
                    let unanswered = standing.members.keys().filter(of).any(|one| standing.members_of(one).is_none());
                    if !unanswered {
                        return Ok(Some(format!("{name} has an answer, and none is told")));
                    }
                    continue;
                }
                Err(error) => return Ok(Some(format!("{name}: {error:?}"))),
            };
            let judge = Judge::new(Oracle::new(&catalog, &rules, &case.data, &case.beside, case.now), kind);
            for (why, key) in whys.iter().zip(&keys) {
                let told = Told { why, key, standing: &standing, judge: &judge, case };
                if let Err(wrong) = told.hold(seen) {
                    return Ok(Some(format!("{name} {key:?}: {wrong}")));
                }
            }
            let Some((why, key)) = whys.iter().zip(&keys).choose(random) else { continue };
            let key: Vec<&str> = key.iter().map(String::as_str).collect();
            let alone = engine.why(name, &key, AsOf::from_micros(case.now)).await;
            let alone = alone.map_err(|error| format!("{name} {key:?}: {error:?}"))?;
            if let Err(wrong) = foreseen(&alone, why, &untils, seen) {
                return Ok(Some(format!("{name} {key:?}: {wrong}")));
            }
        }
        Ok(None)
    }
}

/// Alone the same is told as among others, and until when besides.
fn foreseen(alone: &Why, among: &Why, untils: &HashMap<String, HashMap<Key, Option<i64>>>, seen: &mut Seen) -> Wrong {
    let key: Key = alone
        .key
        .iter()
        .map(|(_, part)| match part {
            Known::Value(part) => kohort::engine::written_value(part),
            _ => String::new(),
        })
        .collect();
    for segment in &alone.segments {
        let told = segment.until.map(|until| (until.instant.micros(), until.member));
        let next = untils.get(&segment.name).and_then(|next| next[&key]);
        seen.saw(if next.is_some() { "until" } else { "no until" });
        is_so(told == next.map(|next| (next, !segment.member)), || {
            format!("{}: told is {told:?}, and it changes at {next:?}", segment.name)
        })?;
    }
    let mut same = alone.clone();
    same.segments.iter_mut().for_each(|segment| segment.until = None);
    is_so(same == *among, || format!("alone {same:#?}\namong others {among:#?}"))
}

#[test]
fn what_is_told_is_what_is() {
    let seeds = seeds("KOHORT_WHY_CASES", 40);
    let cases = seeds.end - seeds.start;
    let seen = holds::<Explained>(seeds);
    println!("{seen:#?}");
    if cases >= 40 {
        let weak: Vec<_> = LOOKED_AT.iter().filter(|(what, least)| seen.of(what) < *least).collect();
        assert!(weak.is_empty(), "{weak:?} of {seen:#?}");
        // What is not held against anything is a small part.
        let part = |of: &str, all: &str| seen.of(of) * 20 < seen.of(all);
        assert!(part("told as one", "condition judged") && part("rows not judged", "rows judged"), "{seen:#?}");
        assert!(part("rows of a step in two windows", "rows judged") && part("unfit", "value judged"), "{seen:#?}");
    }
}
