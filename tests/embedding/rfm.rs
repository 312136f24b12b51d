//! The example of RFM, recomputed: everybody sorted by hand, from the Parquet file alone.

mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use datafusion::arrow::array::AsArray;
use datafusion::arrow::util::display::array_value_to_string;
use kohort::{Engine, Project, Query};
use rows::{Customer, customers, end_of_day};

const LAST_DAY: &str = "2011-12-09";

/// The chart of three scores as its source prints it.
const GROUPS: &[(&str, &str)] = &[
    ("champions", "555 554 544 545 454 455 445"),
    ("loyal", "543 444 435 355 354 345 344 335"),
    (
        "potential_loyalist",
        "553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323",
    ),
    ("new", "512 511 422 421 412 411 311"),
    ("promising", "525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313"),
    ("need_attention", "535 534 443 434 343 334 325 324"),
    ("about_to_sleep", "331 321 312 221 213 231 241 251"),
    ("at_risk", "255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124"),
    ("cannot_lose", "155 154 144 214 215 115 114 113"),
    ("hibernating", "332 322 233 232 223 222 132 123 122 212 211"),
    ("lost", "111 112 121 131 141 151"),
];

/// Members by segment.
type Groups = BTreeMap<String, BTreeSet<i64>>;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules-examples/rfm")
}

/// The example with another library of scores.
fn scored_by(library: &str) -> Project {
    let text = |name: &str| std::fs::read_to_string(directory().join(name)).expect("the file is there");
    let catalog = text("catalog.yaml").replace("rfm_ranks", library);
    let texts = [("catalog.yaml", catalog), ("groups.yaml", text("groups.yaml")), ("frozen.yaml", text("frozen.yaml"))];
    Project::from_texts(texts).in_directory(directory())
}

async fn opened(project: Project) -> Engine {
    Engine::open(project).await.unwrap_or_else(|error| panic!("{error:?}"))
}

/// The members of some segments or partitions, and of all without names.
async fn members(query: Query<'_>, names: &[&str]) -> Groups {
    let query = if names.is_empty() { query } else { query.segments(names).expect("they are there") };
    let batches = query.members().await.expect("it plans").collect_rows().await.expect("it runs");
    let mut members = Groups::new();
    for batch in &batches {
        for (row, segment) in batch.column(0).as_string::<i32>().iter().enumerate() {
            let key = array_value_to_string(batch.column(1), row).expect("a text").parse().expect("a whole number");
            members.entry(segment.expect("a name").to_owned()).or_default().insert(key);
        }
    }
    members
}

/// Whoever bought, in the order of a value and then of the key.
fn sorted<V: Ord>(customers: &BTreeMap<i64, Customer>, value: impl Fn(&Customer) -> V) -> Vec<(V, i64)> {
    let mut all: Vec<(V, i64)> = customers.iter().map(|(key, customer)| (value(customer), *key)).collect();
    all.sort();
    all
}

/// Fifths as even as can be, the larger ones first.
fn fifths<V: Ord>(sorted: &[(V, i64)]) -> BTreeMap<i64, u32> {
    let (each, more) = (sorted.len() / 5, sorted.len() % 5);
    let ends: Vec<usize> = (1..=5).map(|tile| tile * each + tile.min(more)).collect();
    let tile = |place: usize| ends.iter().filter(|end| place >= **end).count() as u32 + 1;
    sorted.iter().enumerate().map(|(place, (_, key))| (*key, tile(place))).collect()
}

/// Five times the share of those with at most the same value, rounded up.
fn shares<V: Ord>(sorted: &[(V, i64)]) -> BTreeMap<i64, u32> {
    let score = |value: &V| (5 * sorted.partition_point(|(other, _)| other <= value)).div_ceil(sorted.len()) as u32;
    sorted.iter().map(|(value, key)| (*key, score(value))).collect()
}

/// The three scores of everybody.
fn scores(customers: &BTreeMap<i64, Customer>, by_rank: bool) -> BTreeMap<i64, [u32; 3]> {
    fn scored<V: Ord>(sorted: Vec<(V, i64)>, by_rank: bool) -> BTreeMap<i64, u32> {
        if by_rank { fifths(&sorted) } else { shares(&sorted) }
    }
    let recency = scored(sorted(customers, Customer::last_order), by_rank);
    let frequency = scored(sorted(customers, Customer::orders), by_rank);
    let monetary = scored(sorted(customers, Customer::spend), by_rank);
    customers.keys().map(|key| (*key, [recency[key], frequency[key], monetary[key]])).collect()
}

/// The group of three scores.
fn group_of(scores: &[u32; 3]) -> &'static str {
    let cell: String = scores.iter().map(u32::to_string).collect();
    let found: Vec<&str> =
        GROUPS.iter().filter(|(_, cells)| cells.split(' ').any(|one| one == cell)).map(|(name, _)| *name).collect();
    assert_eq!(found.len(), 1, "{cell} is in {found:?}");
    found[0]
}

/// The group of recency and frequency, as conditions in order.
fn short_group_of([recency, frequency, _]: &[u32; 3]) -> &'static str {
    match (recency, frequency) {
        (5, 4..) => "champions",
        (3..=4, 4..) => "loyal",
        (4.., 2..=3) => "potential_loyalist",
        (5, _) => "new",
        (4, _) => "promising",
        (3, 3) => "need_attention",
        (3, _) => "about_to_sleep",
        (_, 5) => "cannot_lose",
        (_, 3..) => "at_risk",
        _ => "hibernating",
    }
}

fn grouped(scores: &BTreeMap<i64, [u32; 3]>, chart: &str, group: fn(&[u32; 3]) -> &'static str) -> Groups {
    let mut groups = Groups::new();
    for (key, scores) in scores {
        groups.entry(format!("{chart}.{}", group(scores))).or_default().insert(*key);
    }
    groups
}

#[tokio::test(flavor = "multi_thread")]
async fn both_charts_by_ranks_and_by_shares() {
    let customers = customers(end_of_day(LAST_DAY));
    for (library, by_rank) in [("rfm_ranks", true), ("rfm_shares", false)] {
        let engine = opened(scored_by(library)).await;
        let query = engine.query(engine.as_of(LAST_DAY).expect("an instant"));
        let scores = scores(&customers, by_rank);
        let mut expected = grouped(&scores, "rfm", group_of);
        assert_eq!(expected.len(), 11, "every group has somebody");
        expected.extend(grouped(&scores, "rfm_short", short_group_of));
        assert_eq!(expected.len(), 21, "every group has somebody");
        let found = members(query.clone(), &["rfm", "rfm_short"]).await;
        for (name, members) in &expected {
            let found = found.get(name).cloned().unwrap_or_default();
            assert!(found == *members, "{library}, {name}: {} and not {}", found.len(), members.len());
        }
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());

        let report = query.clone().chart("rfm").await.expect("it counts");
        assert_eq!((report.scale, report.cells.len(), report.groups.len()), (5, 125, 11));
        for cell in &report.cells {
            let members = scores.values().filter(|scores| scores[..] == cell.digits[..]).count();
            assert_eq!(cell.members, members as u64, "{library}, {:?}", cell.digits);
            let group = &report.groups[cell.group.expect("every cell has a group")].name;
            assert_eq!(group, group_of(&[cell.digits[0], cell.digits[1], cell.digits[2]]));
        }
        let report = query.chart("rfm_short").await.expect("it counts");
        assert_eq!(report.subjects, 4_372);
        assert_eq!(report.cells.iter().map(|cell| cell.members).sum::<u64>(), customers.len() as u64);
        for group in &report.groups {
            assert_eq!(group.members, expected[&format!("rfm_short.{}", group.name)].len() as u64);
        }
    }
}

/// The best three of each area, the smaller key where they spent the same; elsewhere is an area too.
#[tokio::test(flavor = "multi_thread")]
async fn the_best_of_each_area() {
    let until = end_of_day(LAST_DAY);
    let mut areas: BTreeMap<Option<String>, Vec<(i128, i64)>> = BTreeMap::new();
    for (key, customer) in customers(until) {
        let spend = customer.spend_since(until - 365 * rows::DAY);
        if spend > 0 {
            areas.entry(customer.area()).or_default().push((-spend, key));
        }
    }
    assert_eq!(areas.len(), 7);
    let mut expected = BTreeSet::new();
    for mut area in areas.into_values() {
        area.sort_unstable();
        expected.extend(area.into_iter().take(3).map(|(_, key)| key));
    }
    let engine = opened(Project::open(directory()).expect("the project is there")).await;
    let query = engine.query(engine.as_of(LAST_DAY).expect("an instant"));
    assert_eq!(members(query, &["best_of_each_area"]).await["best_of_each_area"], expected);
}

/// Cut points are the least values of the fifths, and stay when the population moves.
#[tokio::test(flavor = "multi_thread")]
async fn cut_points_of_last_summer() {
    let summer = end_of_day("2011-08-31");
    let since = |instant: i64| instant - 180 * rows::DAY;
    let then = customers(summer);
    let mut spend: Vec<i128> = then
        .values()
        .filter(|customer| customer.ordered_since(since(summer)))
        .map(|customer| customer.spend_since(since(summer)))
        .collect();
    spend.sort_unstable();
    let score = |value: &i128| (5 * spend.partition_point(|other| other <= value)).div_ceil(spend.len());
    let bounds: Vec<i128> =
        (2..=5).map(|part| *spend.iter().find(|value| score(value) >= part).expect("it has somebody")).collect();

    let project = Project::open(directory()).expect("the project is there");
    let thawed = opened(project.clone().thaw(["spend_score"])).await;
    let query = thawed.query(thawed.as_of("2011-08-31").expect("an instant"));
    let computed = query.cut_points(&["spend_score".to_owned()]).await.expect("it computes");
    let [cuts] = computed.as_slice() else { panic!("one attribute") };
    let [group] = cuts.groups.as_slice() else { panic!("one group") };
    let found: Vec<i128> = group.bounds.iter().map(|bound| rows::thousandths(&bound.value)).collect();
    assert_eq!((group.population, found), (spend.len() as u64, bounds.clone()));
    let kept = project.cut_points().expect("they are kept");
    let text = |cuts: &kohort::frozen::model::AttributeCuts| {
        cuts.groups[0].bounds.iter().map(|bound| bound.value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(text(&kept.attributes[0]), text(cuts), "`frozen.yaml` is what `kohort freeze` writes");

    let today = end_of_day(LAST_DAY);
    let mut recent: Vec<(i64, i128, i128)> = Vec::new();
    for (key, customer) in customers(today) {
        if customer.ordered_since(since(today)) {
            let (half_a_year, quarter) = (since(today), today - 90 * rows::DAY);
            recent.push((key, customer.spend_since(half_a_year), customer.spend_since(quarter)));
        }
    }
    let mut expected = Groups::new();
    for (key, half_a_year, _) in &recent {
        let score = 1 + bounds.iter().filter(|bound| *bound <= half_a_year).count();
        expected.entry(format!("s{score}")).or_default().insert(*key);
    }
    let rules: String = (1..=5).map(|score| format!("  s{score}: spend_score = {score}\n")).collect();
    let file = |name: &str| (name.to_owned(), std::fs::read_to_string(directory().join(name)).expect("it is there"));
    let texts = [file("catalog.yaml"), file("frozen.yaml"), ("rules.yaml".to_owned(), format!("segments:\n{rules}"))];
    let engine = opened(Project::from_texts(texts).in_directory(directory())).await;
    let query = engine.query(engine.as_of(LAST_DAY).expect("an instant"));
    let names: Vec<&str> = expected.keys().map(String::as_str).collect();
    assert_eq!(members(query, &names).await, expected);
}
