//! Tests beside the rules, against evaluations: what `eval` gives passes in every form of expecting it, and of a test with one wrong
//! expectation exactly that one is told, with exactly who is missing or too many.

mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

use kohort::engine::why::Answer;
use kohort::engine::{Miss, TestChoice, TestOutcome, Who, Wrong, written_value};
use kohort::{Engine, Project};
use rand::seq::IteratorRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::super::differential::oracle::time;
use super::super::differential::value::{CellType, Data};
use super::standing::{Key, Standing};
use super::{Case, Property, arrow, holds, in_memory, seeds};
use written::{Expected, Form, Rows};

const DAY: i64 = 86_400_000_000;
/// So many wrong tests are told of each case.
const WRONG: usize = 4;

#[derive(Debug, Default)]
struct Seen {
    cases: u64,
    /// Cases of which there is no evaluation at some step, or no segment with an answer.
    untold: u64,
    /// Expectations that were met, by form.
    met: BTreeMap<Form, u64>,
    /// Those of them that name somebody, or count somebody.
    met_by_somebody: BTreeMap<Form, u64>,
    /// Expectations that were not met, by form; whether somebody was missing.
    missed: BTreeMap<(Form, bool), u64>,
    later_steps: u64,
    files: u64,
    defaults: u64,
    nobodies: u64,
    no_answers: u64,
}

impl AddAssign for Seen {
    fn add_assign(&mut self, other: Self) {
        self.cases += other.cases;
        self.untold += other.untold;
        other.met.into_iter().for_each(|(form, count)| *self.met.entry(form).or_default() += count);
        let somebody = other.met_by_somebody.into_iter();
        somebody.for_each(|(form, count)| *self.met_by_somebody.entry(form).or_default() += count);
        other.missed.into_iter().for_each(|(form, count)| *self.missed.entry(form).or_default() += count);
        self.later_steps += other.later_steps;
        self.files += other.files;
        self.defaults += other.defaults;
        self.nobodies += other.nobodies;
        self.no_answers += other.no_answers;
    }
}

/// An instant as a test writes it, and what it is. A day is its end, a local time that comes twice the first of the two.
fn moment(random: &mut ChaCha8Rng, case: &Case, at: i64) -> (String, i64) {
    let local = time::local(case.zone, at);
    match random.random_range(0..3) {
        0 => {
            let next = local.date().succ_opt().expect("a day within the calendar");
            (local.date().to_string(), time::start_of_day(case.zone, next) - 1)
        }
        1 => (written::local(local), time::instant(case.zone, local)),
        _ => (written::instant(random, at), at),
    }
}

/// One to three instants, each later than the one before.
fn moments(random: &mut ChaCha8Rng, case: &Case) -> Vec<(String, i64)> {
    let mut found: Vec<(String, i64)> = Vec::new();
    let mut at = case.now - random.random_range(0..90 * DAY);
    for _ in 0..random.random_range(1..=3) {
        let next = moment(random, case, at);
        if found.last().is_none_or(|(_, last)| *last < next.1) {
            found.push(next);
        }
        at += random.random_range(1..60 * DAY);
    }
    found
}

/// Each row at one of the steps, most at the first.
fn dealt(random: &mut ChaCha8Rng, data: &Data, steps: usize) -> Vec<Data> {
    let mut empty = data.clone();
    empty.values_mut().for_each(|table| table.rows.clear());
    let mut dealt = vec![empty; steps];
    for (name, table) in data {
        for row in &table.rows {
            let step = if random.random_bool(0.6) { 0 } else { random.random_range(0..steps) };
            dealt[step].get_mut(name).expect("a table").rows.push(row.clone());
        }
    }
    dealt
}

/// What is evaluated at each step, of all rows that have come by then.
async fn standings(case: &Case, dealt: &[Data], moments: &[(String, i64)]) -> Result<Vec<Standing>, String> {
    let mut so_far = Case { data: dealt[0].clone(), ..case.clone() };
    let mut standings = Vec::new();
    for (at, (_, now)) in moments.iter().enumerate() {
        if at > 0 {
            for (name, table) in &mut so_far.data {
                table.rows.extend(dealt[at][name].rows.iter().cloned());
            }
        }
        let engine = in_memory(&so_far)?.open().await.map_err(|error| format!("{error:?}"))?;
        standings.push(Standing::of(&engine, *now).await?);
    }
    Ok(standings)
}

/// Whom a form names if all is well; none: it has nothing to say here.
fn named(form: Form, segment: &str, now: &Standing, before: Option<&Standing>) -> Option<BTreeSet<Key>> {
    let members = now.members_of(segment)?;
    Some(match form {
        Form::Exactly | Form::Has | Form::Count => members.clone(),
        Form::Lacks => now.subjects_of(segment).difference(members).cloned().collect(),
        Form::Entered => members.difference(before?.members_of(segment)?).cloned().collect(),
        Form::Left => before?.members_of(segment)?.difference(members).cloned().collect(),
    })
}

/// True expectations of some segments at every step, in all forms.
fn expectations(random: &mut ChaCha8Rng, standings: &[Standing]) -> Vec<Expected> {
    let mut all = Vec::new();
    for (step, now) in standings.iter().enumerate() {
        let before = step.checked_sub(1).map(|before| &standings[before]);
        for segment in now.members.keys() {
            for form in [Form::Exactly, Form::Has, Form::Lacks, Form::Count, Form::Entered, Form::Left] {
                let Some(named) = named(form, segment, now, before) else { continue };
                // Changes are rare.
                let changes = matches!(form, Form::Entered | Form::Left) && !named.is_empty();
                if !random.random_bool(if changes { 0.8 } else { 0.3 }) {
                    continue;
                }
                let count = named.len() as u64;
                let keys: Vec<Key> = match form {
                    Form::Count => Vec::new(),
                    Form::Has | Form::Lacks => named.into_iter().filter(|_| random.random_bool(0.6)).collect(),
                    _ => named.into_iter().collect(),
                };
                all.push(Expected { step, segment: segment.clone(), form, keys, count });
            }
        }
    }
    all
}

/// What is to be told of an expectation that is not met: the step, the segment, who is missing, who is too many; of a count what was
/// expected and what is found.
#[derive(Debug, PartialEq)]
struct Told {
    /// From 1.
    step: usize,
    segment: String,
    what: What,
}

#[derive(Debug, PartialEq)]
enum What {
    Keys { form: Form, missing: Vec<Key>, surplus: Vec<Key> },
    Count { expected: u64, found: u64 },
    NoAnswer,
}

/// A key that no subject has.
fn nobody(case: &Case, kind: &str) -> Key {
    let names = &case.kinds.iter().find(|one| one.name == kind).expect("a kind of subject").key;
    let is_text = |name: &String| {
        let mut columns = case.data.values().flat_map(|data| &data.columns);
        columns.any(|(column, ty)| column == name && *ty == CellType::Text)
    };
    names.iter().map(|name| if is_text(name) { "nobody’s" } else { "-424242" }.to_owned()).collect()
}

/// Makes one of the expectations wrong. None: there is nothing to be wrong about.
fn spoiled(random: &mut ChaCha8Rng, case: &Case, standings: &[Standing], all: &mut Vec<Expected>) -> Option<Told> {
    // Changes are rare.
    let changes = |one: &Expected| matches!(one.form, Form::Entered | Form::Left) && !one.keys.is_empty();
    let change = (0..all.len()).filter(|at| changes(&all[*at])).choose(random).filter(|_| random.random_bool(0.4));
    let at = change.unwrap_or_else(|| random.random_range(0..all.len()));
    let Expected { step, segment, form, .. } = all[at].clone();
    let now = &standings[step];
    let before = step.checked_sub(1).map(|before| &standings[before]);
    let truly = named(form, &segment, now, before)?;
    let told = |what: What| Told { step: step + 1, segment: segment.clone(), what };
    if form == Form::Count {
        let found = all[at].count;
        let expected = if found > 0 && random.random_bool(0.5) { found - 1 } else { found + 1 };
        all[at].count = expected;
        return Some(told(What::Count { expected, found }));
    }
    let gone = all[at].keys.iter().cloned().choose(random);
    if let Some(key) = gone.filter(|_| !matches!(form, Form::Has | Form::Lacks) && random.random_bool(0.5)) {
        all[at].keys.retain(|other| *other != key);
        return Some(told(What::Keys { form, missing: vec![], surplus: vec![key] }));
    }
    let others = now.subjects_of(&segment).iter().filter(|key| !truly.contains(*key)).cloned().choose(random);
    let key = match form {
        Form::Lacks => others?,
        _ => others.filter(|_| random.random_bool(0.8)).unwrap_or_else(|| nobody(case, &now.kind_of[&segment])),
    };
    let place = random.random_range(0..=all[at].keys.len());
    all[at].keys.insert(place, key.clone());
    // Nobody can be expected and not expected at once.
    let same = |one: &Expected| one.step == step && one.segment == segment;
    all.retain(|one| !same(one) || one.form == form || !one.keys.contains(&key));
    Some(told(match form {
        Form::Lacks => What::Keys { form, missing: vec![], surplus: vec![key] },
        _ => What::Keys { form, missing: vec![key], surplus: vec![] },
    }))
}

/// An expectation of a segment that has no answer, whatever it is.
fn unanswerable(random: &mut ChaCha8Rng, standings: &[Standing]) -> Option<(Expected, Told)> {
    let step = random.random_range(0..standings.len());
    let (segment, _) = standings[step].members.iter().filter(|(_, members)| members.is_none()).choose(random)?;
    let (form, count) = if random.random_bool(0.5) { (Form::Count, 0) } else { (Form::Exactly, 0) };
    let expected = Expected { step, segment: segment.clone(), form, keys: vec![], count };
    Some((expected, Told { step: step + 1, segment: segment.clone(), what: What::NoAnswer }))
}

/// What a miss says. Of `has` and `lacks` it says the same as of all members.
fn told(miss: &Miss, form: Form) -> Told {
    let keys = |who: &[Who]| who.iter().map(|who| who.parts.iter().map(written_value).collect()).collect();
    let what = match &miss.wrong {
        Wrong::Count { expected, found } => What::Count { expected: *expected, found: *found },
        Wrong::Members { missing, surplus } => What::Keys { form, missing: keys(missing), surplus: keys(surplus) },
        Wrong::Entered { missing, surplus } => {
            What::Keys { form: Form::Entered, missing: keys(missing), surplus: keys(surplus) }
        }
        Wrong::Left { missing, surplus } => {
            What::Keys { form: Form::Left, missing: keys(missing), surplus: keys(surplus) }
        }
        _ => What::NoAnswer,
    };
    Told { step: miss.step, segment: miss.segment.clone(), what }
}

/// What is wrong with how a miss is told, if something is: whom it names, and why they are where they are.
fn mistold(miss: &Miss, expected: &Told, standings: &[Standing]) -> Option<String> {
    let form = match &expected.what {
        What::Keys { form, .. } => *form,
        _ => Form::Count,
    };
    let found = told(miss, form);
    if found != *expected {
        return Some(format!("told is {found:?}, and it is {expected:?}"));
    }
    let (Wrong::Members { missing, surplus } | Wrong::Entered { missing, surplus } | Wrong::Left { missing, surplus }) =
        &miss.wrong
    else {
        return None;
    };
    let now = &standings[miss.step - 1];
    for who in missing.iter().chain(surplus) {
        let key: Key = who.parts.iter().map(written_value).collect();
        let is_subject = now.subjects_of(&miss.segment).contains(&key);
        let member = now.members_of(&miss.segment).is_some_and(|members| members.contains(&key));
        let fits = match &who.why {
            Some(why) => is_subject && who.remarks.is_empty() && why.answer == Answer::Member(member),
            None => !is_subject && who.remarks.len() == 1,
        };
        if !fits || who.key != key.join(", ") {
            return Some(format!("{key:?}, a subject: {is_subject}, a member: {member}, is told as {who:#?}"));
        }
    }
    None
}

/// The project with tests beside its rules.
fn with_tests(case: &Case, tests: &str, steps: &[Rows]) -> Project {
    let mut texts = case.texts();
    texts.push(("tests.yaml".to_owned(), tests.to_owned()));
    texts.extend(steps.iter().flat_map(|step| step.files.iter().cloned()));
    Project::from_texts(texts)
}

struct Tested;

impl Property for Tested {
    type Seen = Seen;

    async fn wrong(case: &Case, seen: &mut Seen) -> Result<Option<String>, String> {
        let random = &mut ChaCha8Rng::seed_from_u64(case.seed);
        seen.cases += 1;
        let moments = moments(random, case);
        let dealt = dealt(random, &case.data, moments.len());
        let Ok(standings) = standings(case, &dealt, &moments).await else {
            seen.untold += 1;
            return Ok(None);
        };
        let expected = expectations(random, &standings);
        if expected.last().is_none_or(|last| last.step + 1 < standings.len()) {
            seen.untold += 1;
            return Ok(None);
        }
        let mut wrongs: Vec<(Vec<Expected>, Told)> = Vec::new();
        for _ in 0..WRONG {
            let mut all = expected.clone();
            wrongs.extend(spoiled(random, case, &standings, &mut all).map(|told| (all, told)));
        }
        if let Some((unanswered, told)) = unanswerable(random, &standings) {
            wrongs.push((expected.iter().cloned().chain([unanswered]).collect(), told));
        }

        // Defaults of the test win over those of the file.
        let (of_file, of_test) = (written::defaults(random, &case.data), written::defaults(random, &case.data));
        let mut defaults = of_file.clone();
        for (table, columns) in &of_test {
            defaults.entry(table.clone()).or_default().extend(columns.clone());
        }
        let mut steps = Vec::new();
        for (at, (moment, _)) in moments.iter().enumerate() {
            steps.push(written::rows(random, at, moment.clone(), &dealt[at], &defaults));
        }
        let of_test = (!of_test.is_empty()).then(|| written::defaults_text(random, &case.data, &of_test));
        let mut text = String::new();
        if !of_file.is_empty() {
            text += &format!("test_defaults: {}\n", written::defaults_text(random, &case.data, &of_file));
        }
        text += "tests:\n";
        let kind_of = &standings[0].kind_of;
        let all = std::iter::once(&expected).chain(wrongs.iter().map(|(all, _)| all));
        for (at, expected) in all.enumerate() {
            let name = format!("test {at}");
            text += &written::test(random, (&name, of_test.as_deref()), (case, kind_of), &steps, expected);
        }

        let mut builder = Engine::builder(with_tests(case, &text, &steps));
        for (name, data) in &case.data {
            builder = builder.table(name, arrow::table(data, case.seed)?);
        }
        let engine = builder.open().await.map_err(|error| format!("{error:?}\n{text}"))?;
        let report = engine.run_tests(&TestChoice::all()).await;
        if report.tests.len() != wrongs.len() + 1 {
            return Ok(Some(format!("{} tests of {} were run\n{text}", report.tests.len(), wrongs.len() + 1)));
        }
        if !matches!(report.tests[0].outcome, TestOutcome::Passed) {
            return Ok(Some(format!("{:#?}\n{text}", report.tests[0].outcome)));
        }
        for (test, (_, told)) in report.tests[1..].iter().zip(&wrongs) {
            let TestOutcome::Failed(misses) = &test.outcome else {
                return Ok(Some(format!("{}: {told:?}, and it is {:#?}\n{text}", test.name, test.outcome)));
            };
            let wrong = match misses.as_slice() {
                [miss] => mistold(miss, told, &standings),
                _ => Some(format!("{} misses instead of {told:?}: {misses:#?}", misses.len())),
            };
            if let Some(wrong) = wrong {
                return Ok(Some(format!("{}: {wrong}\n{text}", test.name)));
            }
        }
        seen.look(&expected, &wrongs, &steps, (case, &standings));
        seen.defaults += defaults.len() as u64;
        Ok(None)
    }
}

impl Seen {
    fn look(
        &mut self,
        expected: &[Expected],
        wrongs: &[(Vec<Expected>, Told)],
        steps: &[Rows],
        (case, standings): (&Case, &[Standing]),
    ) {
        for one in expected {
            *self.met.entry(one.form).or_default() += 1;
            let somebody = !one.keys.is_empty() || (one.form == Form::Count && one.count > 0);
            *self.met_by_somebody.entry(one.form).or_default() += u64::from(somebody);
        }
        for (_, told) in wrongs {
            match &told.what {
                What::Keys { form, missing, .. } => {
                    *self.missed.entry((*form, !missing.is_empty())).or_default() += 1;
                    let kind = &standings[0].kind_of[&told.segment];
                    self.nobodies += u64::from(missing.contains(&nobody(case, kind)));
                }
                What::Count { expected, found } => {
                    *self.missed.entry((Form::Count, expected > found)).or_default() += 1;
                }
                What::NoAnswer => self.no_answers += 1,
            }
        }
        self.later_steps += steps.len() as u64 - 1;
        self.files += steps.iter().map(|step| step.files.len() as u64).sum::<u64>();
    }
}

#[test]
fn a_test_says_what_eval_says() {
    let seeds = seeds("KOHORT_TEST_CASES", 40);
    let cases = seeds.end - seeds.start;
    let seen = holds::<Tested>(seeds);
    println!("{seen:#?}");
    if cases >= 40 {
        // Somebody of whom it is said, in every form; and every form wrong in both ways, where it has two.
        assert!(seen.met_by_somebody.len() == 6 && seen.met_by_somebody.values().all(|met| *met > 5), "{seen:#?}");
        assert!(seen.missed.len() == 10 && seen.missed.values().all(|missed| *missed > 1), "{seen:#?}");
        assert!(seen.later_steps > 30 && seen.files > 30 && seen.defaults > 30 && seen.nobodies > 2, "{seen:#?}");
        assert!(seen.untold * 10 < cases, "{seen:#?}");
    }
}
