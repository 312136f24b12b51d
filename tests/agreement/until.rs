//! Until when: what is said of the instants to come, against evaluations at these instants.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use datafusion::arrow::array::Array;
use kohort::engine::Untils;
use kohort::{AsOf, Engine};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Case, Property, arrow, collect, holds, in_memory, seeds};

const DAY: i64 = 86_400_000_000;

/// By segment and key: a member now, and the instant of the next change.
type Foreseen = BTreeMap<String, BTreeMap<String, (bool, Option<i64>)>>;

/// What was seen in some cases: subjects, those that change, segments that are not followed.
#[derive(Debug, Default)]
struct Seen {
    cases: u64,
    subjects: u64,
    changes: u64,
    not_followed: u64,
    followed: u64,
}

impl AddAssign for Seen {
    fn add_assign(&mut self, other: Self) {
        self.cases += other.cases;
        self.subjects += other.subjects;
        self.changes += other.changes;
        self.not_followed += other.not_followed;
        self.followed += other.followed;
    }
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

struct Until;

impl Property for Until {
    type Seen = Seen;

    async fn wrong(case: &Case, seen: &mut Seen) -> Result<Option<String>, String> {
        let mut random = ChaCha8Rng::seed_from_u64(case.seed);
        let now = instant_of(case, &mut random);
        let engine = in_memory(case)?.open().await.map_err(|error| format!("{error:?}"))?;
        if members(&engine, now, now).await.is_err() {
            return Ok(None);
        }
        seen.cases += 1;
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
}

#[test]
fn nothing_changes_before_and_all_of_it_then() {
    let seeds = seeds("KOHORT_UNTIL_CASES", 80);
    let cases = seeds.end - seeds.start;
    let seen = holds::<Until>(seeds);
    println!("{seen:?}");
    if cases >= 80 {
        assert!(seen.changes > 100 && seen.followed > seen.not_followed && seen.cases * 4 > cases * 3, "{seen:?}");
    }
}
