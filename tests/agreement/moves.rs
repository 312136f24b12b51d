//! What is claimed of how segments move, against evaluations: who does not move with the clock stays as it is while the clock goes on, and
//! who does not move with the rows of a table stays as it is without them.

use std::collections::BTreeMap;

use kohort::{AsOf, Engine, Schemas};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Case, evaluated, generate, in_memory, is_valid, number_from, shrink};

const DAY: i64 = 86_400_000_000;

#[derive(Debug, Default)]
struct Seen {
    still: u64,
    without_table: u64,
}

/// How many members each segment has, or what is wrong.
async fn counts(engine: &Engine, now: i64, clock: i64) -> Result<BTreeMap<String, u64>, String> {
    let query = engine.query(AsOf::from_micros(now)).if_nothing_comes_until(AsOf::from_micros(clock));
    let report = query.counts().await.map_err(|error| format!("{error:?}"))?;
    let segments = report.kinds.into_iter().flat_map(|kind| kind.segments);
    Ok(segments.filter_map(|segment| Some((segment.name, segment.members.ok()?))).collect())
}

async fn wrong(case: &Case, seen: &mut Seen) -> Result<Option<String>, String> {
    let mut random = ChaCha8Rng::seed_from_u64(case.seed);
    let checked = kohort::Project::from_texts(case.texts()).check(&Schemas::new());
    let ir = checked.ir.ok_or("the project has errors")?;
    let moves: BTreeMap<&str, _> = ir
        .segments
        .iter()
        .map(|segment| (segment.name.as_str(), ir.moves(segment.subject, segment.condition)))
        .collect();
    let engine = in_memory(case)?.open().await.map_err(|error| format!("{error:?}"))?;
    let now = case.now - random.random_range(0..200 * DAY);
    let before = counts(&engine, now, now).await?;
    for _ in 0..3 {
        let clock = now + random.random_range(0..700 * DAY);
        let later = counts(&engine, now, clock).await?;
        for (name, _) in moves.iter().filter(|(_, moves)| moves.clock.is_empty()) {
            seen.still += 1;
            if before.get(*name) != later.get(*name) {
                let at = AsOf::from_micros(clock).display(engine.timezone());
                return Ok(Some(format!("{name} moves with the clock: at {at}")));
            }
        }
    }
    let (whole, _) = evaluated(case).await?;
    for (at, table) in ir.base_tables.iter().enumerate() {
        let Some(data) = case.data.get(&table.name).filter(|data| data.rows.len() > 1) else { continue };
        let mut fewer = case.clone();
        let mut data = data.clone();
        data.rows.truncate(data.rows.len() / 2);
        fewer.data.insert(table.name.clone(), data);
        let (without, _) = evaluated(&fewer).await?;
        let unread = |moves: &kohort::ir::Moves| moves.tables.iter().all(|read| read.index() != at);
        for (name, _) in moves.iter().filter(|(_, moves)| unread(moves)) {
            seen.without_table += 1;
            if whole.get(*name) != without.get(*name) {
                return Ok(Some(format!("{name} moves with the rows of {}", table.name)));
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
fn what_stands_still_stands_still() {
    let cases = number_from("KOHORT_MOVES_CASES", 30);
    let first = number_from("KOHORT_SEED", 0);
    let mut seen = Seen::default();
    for seed in first..first + cases {
        if difference(&generate(seed), &mut seen).is_some() {
            let small =
                shrink(&generate(seed), |case| is_valid(case) && difference(case, &mut Seen::default()).is_some());
            panic!("seed {seed}: {}\n{small}", difference(&small, &mut seen).unwrap_or_default());
        }
    }
    if cases >= 30 {
        assert!(seen.still > 150 && seen.without_table > 150, "{seen:?}");
    }
}
