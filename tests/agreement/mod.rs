//! The engine against the naive interpreter, on random projects.
//!
//! A case that differs is shrunk and shown whole: catalogue, rules, rows, instant. `KOHORT_CASES` says how many cases a
//! run tries, `KOHORT_SEED` from which seed on.

mod arrow;
mod files;
mod moves;
mod others;
mod standing;
mod tests;
mod until;
mod watch;
mod why;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::ops::{AddAssign, Range};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use datafusion::arrow::array::RecordBatch;
use kohort::{AsOf, Engine, EngineBuilder, Project, Query};

use super::differential::coverage::Coverage;
use super::differential::generate::family::{self, OF_THE_ENGINE};
use super::differential::generate::{Case, generate_with, read, shrink};
use super::differential::oracle::{self, Outcome};

/// Members of every segment as text, sorted, or that a number does not fit.
type Members = BTreeMap<String, Result<Vec<String>, String>>;
/// Anonymous rows, orphans and rows of unknown time, by table and kind of subject.
type Nobody = BTreeMap<(String, String), (u64, u64, u64)>;

fn number_from(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Whether a case that was made smaller is still a project: what it refers to may be gone.
fn is_valid(case: &Case) -> bool {
    let project = Project::from_texts(case.texts());
    project.check(&kohort::Schemas::new()).ir.is_some()
}

fn judged(case: &Case) -> Option<Outcome> {
    let (catalog, rules) = read(case).ok()?;
    Some(oracle::evaluate(&catalog, &rules, &case.data, &case.beside, case.now))
}

fn expected(outcome: &Outcome) -> Members {
    let keys = |keys: &Vec<oracle::Key>| {
        let mut keys: Vec<String> = keys.iter().map(arrow::key_text).collect();
        keys.sort_unstable();
        keys
    };
    let segments = outcome.segments.iter();
    segments
        .map(|(name, members)| (name.clone(), members.as_ref().map(keys).map_err(|_| "does not fit".into())))
        .collect()
}

/// What the engine says, each subject kind by itself.
async fn evaluated(case: &Case) -> Result<(Members, Nobody), String> {
    answer(case, in_memory(case)?).await
}

/// The same by the plain lowering.
async fn evaluated_plainly(case: &Case) -> Result<(Members, Nobody), String> {
    let engine = in_memory(case)?.open().await.map_err(|error| format!("{error:?}"))?;
    told(engine.query(AsOf::from_micros(case.now)).plainly()).await
}

fn in_memory(case: &Case) -> Result<EngineBuilder, String> {
    let project = Project::from_texts(case.texts());
    let mut builder = Engine::builder(project);
    for (name, data) in &case.data {
        builder = builder.table(name, arrow::table(data, case.seed)?);
    }
    Ok(builder)
}

async fn answer(case: &Case, builder: EngineBuilder) -> Result<(Members, Nobody), String> {
    let engine = builder.open().await.map_err(|error| format!("{error:?}"))?;
    told(engine.query(AsOf::from_micros(case.now))).await
}

async fn told(query: Query<'_>) -> Result<(Members, Nobody), String> {
    let answer = query.members().await.map_err(|error| format!("{error:?}"))?;
    let mut members = Members::new();
    let mut nobody = Nobody::new();
    for mut kind in answer.kinds {
        let keys = kind.keys().len();
        let names: Vec<String> = kind.segments().map(str::to_owned).collect();
        let mut found: BTreeMap<String, Vec<String>> = names.iter().map(|name| (name.clone(), vec![])).collect();
        while let Some(batch) = kind.next().await {
            let batch = batch.map_err(|error| format!("{error:?}"))?;
            collect(&batch, keys, &names, &mut found);
        }
        for segment in kind.report().segments {
            let mut keys = found.remove(&segment.name).unwrap_or_default();
            keys.sort_unstable();
            let keys = match segment.members {
                Ok(count) if count == keys.len() as u64 => Ok(keys),
                Ok(count) => return Err(format!("{} counts {count} and lists {}", segment.name, keys.len())),
                Err(_) => Err("does not fit".to_owned()),
            };
            members.insert(segment.name, keys);
        }
        for table in kind.tables() {
            let counts = (table.anonymous, table.orphans, table.timeless);
            nobody.insert((table.table, kind.subject().to_owned()), counts);
        }
    }
    Ok((members, nobody))
}

fn collect(batch: &RecordBatch, keys: usize, names: &[String], found: &mut BTreeMap<String, Vec<String>>) {
    use datafusion::arrow::array::AsArray;
    for row in 0..batch.num_rows() {
        let key = arrow::key_of(batch, keys, row);
        for (at, name) in names.iter().enumerate() {
            let column = batch.column(keys + at);
            assert_eq!(column.null_count(), 0, "membership is never unknown");
            if column.as_boolean().value(row) {
                found.get_mut(name).expect("a segment of this kind").push(key.clone());
            }
        }
    }
}

/// Without a subject table the subjects are found in the rows, so all of them are read.
fn reads_all_rows(case: &Case, kind: &str) -> bool {
    case.kinds.iter().any(|made| made.name == kind && made.table.is_none())
}

/// The case of a seed, of what the engine has.
fn generate(seed: u64) -> Case {
    generate_with(seed, OF_THE_ENGINE)
}

/// What differs, if something does. Some cases are counted plainly too.
fn difference(case: &Case) -> Option<String> {
    difference_from(&judged(case)?, case)
}

fn difference_from(outcome: &Outcome, case: &Case) -> Option<String> {
    let plainly = || differs(case, outcome, evaluated_plainly(case)).map(|wrong| format!("plainly: {wrong}"));
    differs(case, outcome, evaluated(case)).or_else(|| if case.seed.is_multiple_of(5) { plainly() } else { None })
}

fn differs(
    case: &Case,
    outcome: &Outcome,
    answer: impl Future<Output = Result<(Members, Nobody), String>>,
) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| runtime.block_on(answer)));
    let (members, nobody) = match found {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => return Some(error),
        Err(_) => return Some("the engine panicked".to_owned()),
    };
    let expected = expected(outcome);
    for (name, keys) in &expected {
        if members.get(name) != Some(keys) {
            return Some(format!("{name}: expected {keys:?}, found {:?}", members.get(name)));
        }
    }
    for (place, found) in nobody {
        let counts = outcome.rows.get(&place)?;
        let most = (counts.anonymous as u64, counts.orphans as u64, counts.unknown_time as u64);
        // A run that is pruned by time sees a part of the rows of nobody.
        let within = found.0 <= most.0 && found.1 <= most.1 && found.2 <= most.2;
        if !within || (reads_all_rows(case, &place.1) && found != most) {
            return Some(format!("rows of nobody in {place:?}: expected {most:?}, found {found:?}"));
        }
    }
    None
}

/// Tries seeds on all threads until one fails, or all have been tried: the one that was found to fail.
fn first_failure(seeds: Range<u64>, fails: impl Fn(u64) -> bool + Sync) -> Option<u64> {
    let next = AtomicU64::new(seeds.start);
    let failed: Mutex<Option<u64>> = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end || failed.lock().expect("no panic").is_some() {
                        return;
                    }
                    if fails(seed) {
                        failed.lock().expect("no panic").get_or_insert(seed);
                    }
                }
            });
        }
    });
    failed.into_inner().expect("no panic")
}

/// The seeds that a run tries: so many from `KOHORT_SEED` on.
fn seeds(variable: &str, default: u64) -> Range<u64> {
    let first = number_from("KOHORT_SEED", 0);
    first..first + number_from(variable, default)
}

/// A property of cases: what is wrong with one, if something is, and what was seen on the way.
trait Property {
    /// What is counted, to be sure that something was looked at.
    type Seen: Default + AddAssign + Debug + Send;

    /// Looks at a case. What the engine cannot answer at all, before the property comes in, is nothing wrong.
    async fn wrong(case: &Case, seen: &mut Self::Seen) -> Result<Option<String>, String>;
}

fn wrong_in<P: Property>(case: &Case, seen: &mut P::Seen) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(P::wrong(case, seen)).unwrap_or_else(Some)
}

/// Holds a property against random cases. One that fails is shrunk and shown whole.
fn holds<P: Property>(seeds: Range<u64>) -> P::Seen {
    let all = Mutex::new(P::Seen::default());
    let failed = first_failure(seeds, |seed| {
        let mut seen = P::Seen::default();
        let wrong = wrong_in::<P>(&generate(seed), &mut seen);
        *all.lock().expect("no panic") += seen;
        wrong.is_some()
    });
    if let Some(seed) = failed {
        let fails = |case: &Case| is_valid(case) && wrong_in::<P>(case, &mut P::Seen::default()).is_some();
        let small = shrink(&generate(seed), fails);
        panic!("seed {seed}: {}\n{small}", wrong_in::<P>(&small, &mut P::Seen::default()).unwrap_or_default());
    }
    all.into_inner().expect("no panic")
}

#[test]
fn engine_and_interpreter_agree() {
    let seeds = seeds("KOHORT_CASES", 2_000);
    let cases = seeds.end - seeds.start;
    let coverage = Mutex::new(Coverage::default());
    let failed = first_failure(seeds, |seed| {
        let case = generate(seed);
        let Some(outcome) = judged(&case) else { return false };
        coverage.lock().expect("no panic").record(&case, &outcome);
        difference_from(&outcome, &case).is_some()
    });
    if let Some(seed) = failed {
        let small = shrink(&generate(seed), |case| is_valid(case) && difference(case).is_some());
        panic!("seed {seed}: {}\n{small}", difference(&small).unwrap_or_default());
    }
    let coverage = coverage.into_inner().expect("no panic");
    if cases >= 400 {
        let whole = OF_THE_ENGINE.len() == family::ALL.len();
        assert!(
            !whole || coverage.weak(1).is_empty(),
            "forms that were not seen both ways: {:?}\n{coverage}",
            coverage.weak(1)
        );
    }
}
