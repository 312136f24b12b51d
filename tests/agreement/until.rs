//! Until when: what is said of the instants to come, against evaluations at these instants.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use datafusion::arrow::array::Array;
use kohort::engine::Untils;
use kohort::{AsOf, Engine};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Case, arrow, collect, generate, in_memory, is_valid, number_from, shrink};

const DAY: i64 = 86_400_000_000;

/// By segment and key: a member now, and the instant of the next change.
type Foreseen = BTreeMap<String, BTreeMap<String, (bool, Option<i64>)>>;

/// What was seen in some cases: subjects, those that change, segments that are not followed.
#[derive(Debug, Default)]
struct Seen {
    subjects: u64,
    changes: u64,
    not_followed: u64,
    followed: u64,
}

fn foreseen(untils: &Untils, seen: &mut Seen) -> Foreseen {
    let mut all = Foreseen::new();
    for kind in &untils.kinds {
        for segment in &kind.segments {
            let Ok(next) = &segment.next else {
                seen.not_followed += 1;
                continue;
            };
            seen.followed += 1;
            let of_row = |row: usize| {
                let key = arrow::key_of(&kind.keys, kind.keys.num_columns(), row);
                (key, (segment.member.value(row), next.is_valid(row).then(|| next.value(row))))
            };
            let subjects: BTreeMap<_, _> = (0..kind.keys.num_rows()).map(of_row).collect();
            seen.subjects += subjects.len() as u64;
            seen.changes += subjects.values().filter(|(_, next)| next.is_some()).count() as u64;
            all.insert(segment.name.clone(), subjects);
        }
    }
    all
}

async fn members(engine: &Engine, now: i64, clock: i64) -> Result<BTreeMap<String, Vec<String>>, String> {
    let query = engine.query(AsOf::from_micros(now)).if_nothing_comes_until(AsOf::from_micros(clock));
    let answer = query.members().await.map_err(|error| format!("{error:?}"))?;
    let mut all = BTreeMap::new();
    for mut kind in answer.kinds {
        let keys = kind.keys().len();
        let names: Vec<String> = kind.segments().map(str::to_owned).collect();
        let mut found: BTreeMap<String, Vec<String>> = names.iter().map(|name| (name.clone(), vec![])).collect();
        while let Some(batch) = kind.next().await {
            collect(&batch.map_err(|error| format!("{error:?}"))?, keys, &names, &mut found);
        }
        all.extend(found);
    }
    Ok(all)
}

/// Some instant within the rows of a case, so that some of them do not exist yet.
fn instant_of(case: &Case, random: &mut ChaCha8Rng) -> i64 {
    match random.random_range(0..3) {
        0 => case.now,
        1 => case.now - random.random_range(0..60) * DAY,
        _ => case.now - random.random_range(0..400 * DAY),
    }
}

async fn wrong(case: &Case, seen: &mut Seen) -> Result<Option<String>, String> {
    let mut random = ChaCha8Rng::seed_from_u64(case.seed);
    let now = instant_of(case, &mut random);
    let engine = in_memory(case)?.open().await.map_err(|error| format!("{error:?}"))?;
    let untils = engine.query(AsOf::from_micros(now)).until().await.map_err(|error| format!("{error:?}"))?;
    let foreseen = foreseen(&untils, seen);
    let mut nexts: Vec<i64> = foreseen.values().flat_map(BTreeMap::values).filter_map(|(_, next)| *next).collect();
    nexts.sort_unstable();
    nexts.dedup();
    let mut instants = vec![now];
    for _ in 0..nexts.len().min(4) {
        let next = nexts[random.random_range(0..nexts.len())];
        instants.extend([next - 1, next]);
    }
    instants.extend((0..3).map(|_| now + random.random_range(0..40 * DAY)));
    instants.push(now + random.random_range(0..3_000 * DAY));
    for clock in instants {
        let members = members(&engine, now, clock).await?;
        for (segment, subjects) in &foreseen {
            let found = members.get(segment).ok_or("a segment is gone")?;
            for (key, (member, next)) in subjects {
                let is_member = found.contains(key);
                let told = match next {
                    Some(next) if *next == clock => !member,
                    Some(next) if *next < clock => continue,
                    _ => *member,
                };
                if is_member != told {
                    let shown = |at: i64| AsOf::from_micros(at).display(engine.timezone());
                    return Ok(Some(format!(
                        "{segment}, {key}: member {member} at {}, next {:?}, and at {} member {is_member}",
                        shown(now),
                        next.map(shown),
                        shown(clock)
                    )));
                }
            }
        }
    }
    Ok(None)
}

fn difference(case: &Case, seen: &mut Seen) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    // Numbers that do not fit and the like are not this test's business.
    runtime.block_on(wrong(case, seen)).unwrap_or_default()
}

#[test]
fn nothing_changes_before_and_all_of_it_then() {
    let cases = number_from("KOHORT_UNTIL_CASES", 80);
    let first = number_from("KOHORT_SEED", 0);
    let next = AtomicU64::new(first);
    let failed: Mutex<Option<u64>> = Mutex::new(None);
    let seen = Mutex::new(Seen::default());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + cases || failed.lock().expect("no panic").is_some() {
                        return;
                    }
                    let mut own = Seen::default();
                    if difference(&generate(seed), &mut own).is_some() {
                        failed.lock().expect("no panic").get_or_insert(seed);
                    }
                    let mut all = seen.lock().expect("no panic");
                    all.subjects += own.subjects;
                    all.changes += own.changes;
                    all.followed += own.followed;
                    all.not_followed += own.not_followed;
                }
            });
        }
    });
    let mut seen = seen.into_inner().expect("no panic");
    if let Some(seed) = failed.into_inner().expect("no panic") {
        let small = shrink(&generate(seed), |case| is_valid(case) && difference(case, &mut Seen::default()).is_some());
        panic!("seed {seed}: {}\n{small}", difference(&small, &mut seen).unwrap_or_default());
    }
    println!("{seen:?}");
    if cases >= 80 {
        assert!(seen.changes > 100 && seen.followed > seen.not_followed, "{seen:?}");
    }
}
