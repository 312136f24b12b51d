//! What is claimed of how segments move, against evaluations: who does not move with the clock stays as it is while the clock goes on, and
//! who does not move with the rows of a table stays as it is without them.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use kohort::{AsOf, Engine, Schemas};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Case, Property, evaluated, holds, in_memory, seeds};

const DAY: i64 = 86_400_000_000;

#[derive(Debug, Default)]
struct Seen {
    cases: u64,
    still: u64,
    without_table: u64,
}

impl AddAssign for Seen {
    fn add_assign(&mut self, other: Self) {
        self.cases += other.cases;
        self.still += other.still;
        self.without_table += other.without_table;
    }
}

/// How many members each segment has, or what is wrong.
async fn counts(engine: &Engine, now: i64, clock: i64) -> Result<BTreeMap<String, u64>, String> {
    let query = engine.query(AsOf::from_micros(now)).if_nothing_comes_until(AsOf::from_micros(clock));
    let report = query.counts().await.map_err(|error| format!("{error:?}"))?;
    let segments = report.kinds.into_iter().flat_map(|kind| kind.segments);
    Ok(segments.filter_map(|segment| Some((segment.name, segment.members.ok()?))).collect())
}

struct Moves;

impl Property for Moves {
    type Seen = Seen;

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
        let Ok(before) = counts(&engine, now, now).await else { return Ok(None) };
        seen.cases += 1;
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
}

#[test]
fn what_stands_still_stands_still() {
    let seeds = seeds("KOHORT_MOVES_CASES", 20);
    let cases = seeds.end - seeds.start;
    let seen = holds::<Moves>(seeds);
    if cases >= 20 {
        assert!(seen.still > 100 && seen.without_table > 100 && seen.cases * 4 > cases * 3, "{seen:?}");
    }
}
