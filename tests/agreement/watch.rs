//! Following members through a period, against evaluations at instants of it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

use kohort::AsOf;
use kohort::engine::{Cause, Change, Direction, Key, KeyPart, Watched};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::standing::Standing;
use super::{Case, Property, holds, in_memory, seeds};

const DAY: i64 = 86_400_000_000;

type Members = BTreeMap<String, BTreeSet<Key>>;

#[derive(Debug, Default)]
struct Seen {
    cases: u64,
    changes: usize,
    by_clock: usize,
    causes: usize,
}

impl AddAssign for Seen {
    fn add_assign(&mut self, other: Self) {
        self.cases += other.cases;
        self.changes += other.changes;
        self.by_clock += other.by_clock;
        self.causes += other.causes;
    }
}

/// The members after changes.
fn changed(members: &mut Members, changes: &[Change]) -> Result<(), String> {
    for change in changes {
        let of = members.entry(change.segment.clone()).or_default();
        let fits = match change.direction {
            Direction::Entered => of.insert(change.key.clone()),
            Direction::Left => of.remove(&change.key),
        };
        if !fits {
            return Err(format!("told twice, or of nobody: {change:?}"));
        }
    }
    Ok(())
}

fn text(part: &KeyPart) -> String {
    match part {
        KeyPart::Number(number) => number.to_string(),
        KeyPart::Text(text) => text.clone(),
    }
}

struct Followed;

impl Property for Followed {
    type Seen = Seen;

    async fn wrong(case: &Case, seen: &mut Seen) -> Result<Option<String>, String> {
        let failed = |error: kohort::Error| format!("{error:?}");
        let mut random = ChaCha8Rng::seed_from_u64(case.seed);
        let engine = in_memory(case)?.open().await.map_err(failed)?;
        let daily: BTreeSet<String> = engine.looked_at_daily().into_iter().map(str::to_owned).collect();
        let last = case.now + random.random_range(0..40 * DAY);
        let first = last - random.random_range(0..12 * DAY);
        if engine.query(AsOf::from_micros(last)).counts().await.is_err() {
            return Ok(None);
        }
        seen.cases += 1;
        let watch = engine.watch(Vec::<String>::new()).map_err(failed)?;
        let begin = watch.members(AsOf::from_micros(first)).await.map_err(failed)?;
        let mut told: Vec<(i64, Vec<Change>)> = Vec::new();
        let mut kept: Option<Watched> = None;
        let followed = watch.follow(&begin, AsOf::from_micros(last), |changes, now| {
            told.extend(changes.first().map(|change| (change.effective_at.micros(), changes.to_vec())));
            kept = Some(now.clone());
            Ok::<_, kohort::Error>(())
        });
        followed.await.map_err(failed)?;
        seen.changes += told.iter().map(|(_, changes)| changes.len()).sum::<usize>();
        let clock = |change: &&Change| change.cause == Cause::Clock;
        seen.by_clock += told.iter().flat_map(|(_, changes)| changes).filter(clock).count();
        let mut instants = vec![first, last];
        for _ in 0..4.min(told.len()) {
            let at = told[random.random_range(0..told.len())].0;
            instants.extend([at - 1, at]);
        }
        for (at, changes) in told.iter().filter(|(at, _)| *at > first).take(6) {
            // As if the rows of this instant had not come.
            let query = engine.query(AsOf::from_micros(at - 1)).if_nothing_comes_until(AsOf::from_micros(*at));
            let without_rows = Standing::told(query).await?;
            for change in changes.iter().filter(|change| !daily.contains(&change.segment)) {
                let key: Vec<String> = change.key.iter().map(text).collect();
                // A key of another form cannot be compared.
                let Some(members) = without_rows.members_of(&change.segment) else { continue };
                if !without_rows.subjects_of(&change.segment).contains(&key) && !members.is_empty() {
                    continue;
                }
                let by_clock = members.contains(&key) == (change.direction == Direction::Entered);
                if by_clock != (change.cause == Cause::Clock) {
                    return Ok(Some(format!("not its cause: {change:?}")));
                }
                seen.causes += 1;
            }
        }
        instants.extend((0..4).map(|_| random.random_range(first..=last)));
        for at in instants.into_iter().filter(|at| (first..=last).contains(at)) {
            let mut members = begin.members.clone();
            for (_, changes) in told.iter().filter(|(of, _)| *of <= at) {
                if let Err(wrong) = changed(&mut members, changes) {
                    return Ok(Some(wrong));
                }
            }
            let evaluated = watch.members(AsOf::from_micros(at)).await.map_err(failed)?;
            for (segment, keys) in evaluated.members.iter().filter(|(segment, _)| !daily.contains(*segment)) {
                let told = members.get(segment).cloned().unwrap_or_default();
                if told != *keys {
                    let shown = |at: i64| AsOf::from_micros(at).display(engine.timezone());
                    let difference: Vec<&Key> = told.symmetric_difference(keys).collect();
                    return Ok(Some(format!("{segment} at {}: {difference:?}", shown(at))));
                }
            }
            if at == last && kept.as_ref().is_none_or(|kept| kept.members != evaluated.members && daily.is_empty()) {
                return Ok(Some("what was handed over last is not what holds at the end".to_owned()));
            }
        }
        Ok(None)
    }
}

#[test]
fn what_is_told_is_what_happens() {
    let seeds = seeds("KOHORT_WATCH_CASES", 12);
    let cases = seeds.end - seeds.start;
    let seen = holds::<Followed>(seeds);
    println!("{seen:?}");
    if cases >= 12 {
        assert!(seen.changes > 15 && seen.by_clock > 3 && seen.causes > 10 && seen.cases * 4 > cases * 3, "{seen:?}");
    }
}

#[test]
fn a_key_reads_as_it_was_written() {
    let key: Key = vec![KeyPart::Number(17), KeyPart::Text("00017".to_owned())];
    let json = serde_json::to_string(&key).expect("keys are JSON");
    assert_eq!(json, r#"[17,"00017"]"#);
    assert_eq!(serde_json::from_str::<Key>(&json).expect("and come back"), key);
}
