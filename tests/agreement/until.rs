//! Until when: what is said of the instants to come, against evaluations at these instants.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use datafusion::arrow::array::Array;
use kohort::engine::Untils;
use kohort::ir::{ColumnKind, Node, NodeId, Type};
use kohort::{AsOf, Engine, Schemas};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::super::differential::generate::phrase::{Phrase, Template, Test};
use super::super::differential::generate::project::Segment;
use super::{Case, Property, arrow, collect, holds, in_memory, seeds};

const DAY: i64 = 86_400_000_000;

/// By segment and key: a member now, and the instant of the next change.
type Foreseen = BTreeMap<String, BTreeMap<String, (bool, Option<i64>)>>;

/// What was seen in some cases: subjects, those that change, segments that are followed and that are not; of segments with a rank of values
/// that move those that are not followed, those that are, and those of them in which somebody changes.
#[derive(Debug, Default)]
struct Seen {
    cases: u64,
    subjects: u64,
    changes: u64,
    not_followed: u64,
    followed: u64,
    ranks_not_followed: u64,
    ranks_followed: u64,
    ranks_that_change: u64,
    /// Of the segments that are added to each project those that are not followed.
    added_not_followed: u64,
    /// Segments in which somebody changes, with a sequence of whose steps some read the clock.
    steps_that_change: u64,
    why_not: BTreeMap<String, u64>,
}

impl AddAssign for Seen {
    fn add_assign(&mut self, other: Self) {
        self.cases += other.cases;
        self.subjects += other.subjects;
        self.changes += other.changes;
        self.not_followed += other.not_followed;
        self.followed += other.followed;
        self.ranks_not_followed += other.ranks_not_followed;
        self.ranks_followed += other.ranks_followed;
        self.ranks_that_change += other.ranks_that_change;
        self.added_not_followed += other.added_not_followed;
        self.steps_that_change += other.steps_that_change;
        for (why, times) in other.why_not {
            *self.why_not.entry(why).or_default() += times;
        }
    }
}

/// What is in the condition of a segment, or below ranks in it.
#[derive(Clone, Copy, Default)]
struct Within {
    /// A rank of values that move.
    rank: bool,
    /// A sequence of whose steps some read the clock.
    steps: bool,
}

/// What is within the segments of a case.
fn within(case: &Case) -> Option<BTreeMap<String, Within>> {
    let ir = kohort::Project::from_texts(case.texts()).check(&Schemas::new()).ir?;
    let of_segment = |segment: &kohort::ir::Segment| {
        let moving = ir.moving([segment.condition]);
        let mut ranks = ir.ranks_below(&[segment.condition]).into_keys();
        let rank = ranks.any(|ranking| ir.behind_ranking(ranking).iter().any(|node| moving.contains(node)));
        let mut leaves = ir.leaves([segment.condition]).inputs.into_iter();
        let moves = |leaf: NodeId| ir.behind(leaf).iter().any(|node| moving.contains(node));
        let steps = leaves.any(|leaf| matches!(ir.node(leaf), Node::Sequence(_)) && moves(leaf));
        (segment.name.clone(), Within { rank, steps })
    };
    Some(ir.segments.iter().map(of_segment).collect())
}

/// The project with some ranks more, of what windows count, and some sequences with the clock in their steps: both seldom move by themselves.
pub(super) fn with_more(case: &Case, random: &mut ChaCha8Rng) -> Option<Case> {
    let ir = kohort::Project::from_texts(case.texts()).check(&Schemas::new()).ir?;
    let mut case = case.clone();
    let mut counted = Vec::new();
    for table in &ir.tables {
        let base = ir.base_table(table.base);
        if base.time.is_some() && base.grouping.is_none() && ir.is_data(table.rows) {
            counted.extend(base.subjects.iter().map(|(kind, _)| (ir.subject(*kind).name.clone(), base)));
        }
    }
    for at in 0..if counted.is_empty() { 0 } else { 3 } {
        let (kind, base) = &counted[random.random_range(0..counted.len())];
        let [long, short] = [&["200d", "400d", "1y", "30mo"], &["7d", "30d", "2mo", "100d"]]
            .map(|windows| windows[random.random_range(0..windows.len())]);
        let table = &base.name;
        let last = base.columns.iter().find(|column| {
            let named = case.source(table).and_then(|source| source.time.clone());
            column.kind.map(ColumnKind::ty) == Some(Type::Instant) && named.as_ref() == Some(&column.name)
        });
        let (often, seldom) = (format!("count({table} over {long})"), format!("count({table} over {short})"));
        let when = match (random.random_range(0..15), last) {
            (0, _) => format!("top 1 by {often} among (true)"),
            (1, _) => format!("ntile(3, {often} among (any({table} over {long}))) >= 2"),
            (2, _) => format!("percent_rank({seldom} among (true)) > 40%"),
            (3, _) => format!("{often} > percentile(50, {often} among (true))"),
            (4, _) => format!("top 1 by {seldom} among (ntile(2, {often} among (true)) = 2)"),
            (5, _) => format!("score(3, count({table}) among (true) per ({often} > 1)) = 3"),
            (6, Some(last)) => format!("sequence({table} then {table} where {} <= {short} ago)", last.name),
            (7, Some(last)) => format!("sequence({table} where {} > {long} ago then {table})", last.name),
            (8, Some(last)) => format!("sequence({table} then never {table} where {} > {short} ago)", last.name),
            (9, Some(last)) => format!("any({table} where anniversary of day({}) within next {short})", last.name),
            (10, Some(last)) => format!("count({table} where age(day({})) >= 1) >= 2", last.name),
            (11, Some(last)) => format!("sum(age(day({})) of {table} over {long}) >= 2", last.name),
            (_, Some(last)) => {
                let last = format!("now - last({} of {table})", last.name);
                format!("ntile(2, {last} among (any({table} over {long}))) = 2")
            }
            (_, None) => format!("bottom 40% by {often} among (any({table}))"),
        };
        let when = Phrase::Test(Test { template: Template::text(when), forms: vec![] });
        case.segments.push(Segment::plain(format!("more_{at}"), kind.clone(), when));
    }
    Some(case)
}

fn foreseen(untils: &Untils, within: &BTreeMap<String, Within>, seen: &mut Seen) -> Foreseen {
    let mut all = Foreseen::new();
    for kind in &untils.kinds {
        for segment in &kind.segments {
            let within = within.get(&segment.name).copied().unwrap_or_default();
            let is_ranked = u64::from(within.rank);
            let next = match &segment.next {
                Ok(next) => next,
                Err(why) => {
                    seen.not_followed += 1;
                    seen.ranks_not_followed += is_ranked;
                    seen.added_not_followed += u64::from(segment.name.starts_with("more_"));
                    *seen.why_not.entry(why.to_string()).or_default() += 1;
                    continue;
                }
            };
            seen.followed += 1;
            seen.ranks_followed += is_ranked;
            let changes = u64::from(next.null_count() < next.len());
            seen.ranks_that_change += is_ranked * changes;
            seen.steps_that_change += u64::from(within.steps) * changes;
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
        let case = &with_more(case, &mut random).ok_or("the project has errors")?;
        let engine = in_memory(case)?.open().await.map_err(|error| format!("{error:?}"))?;
        if members(&engine, now, now).await.is_err() {
            return Ok(None);
        }
        seen.cases += 1;
        let untils = engine.query(AsOf::from_micros(now)).until().await.map_err(|error| format!("{error:?}"))?;
        let within = within(case).ok_or("the project has errors")?;
        let foreseen = foreseen(&untils, &within, seen);
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
    let seeds = seeds("KOHORT_UNTIL_CASES", 40);
    let cases = seeds.end - seeds.start;
    let seen = holds::<Until>(seeds);
    println!("{seen:?}");
    if cases >= 40 {
        assert!(seen.changes > 50 && seen.followed > seen.not_followed && seen.cases * 4 > cases * 3, "{seen:?}");
        assert!(seen.steps_that_change * 20 > cases && seen.added_not_followed == 0, "{seen:?}");
        assert!(seen.ranks_that_change * 2 > cases && seen.ranks_followed > 2 * seen.ranks_not_followed, "{seen:?}");
    }
}
