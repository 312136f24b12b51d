//! What is told of a membership, held against the membership: on real data, for members and others of every few segments.

use std::collections::BTreeMap;

use datafusion::arrow::array::AsArray;
use datafusion::arrow::util::display::array_value_to_string;
use kohort::engine::why::{Answer, Condition, Form, Truth};
use kohort::{AsOf, Engine, Project};

/// So many members of a segment are asked about, and so many others.
const ASKED: usize = 2;

async fn opened(project: &str) -> Engine {
    let directory = format!("{}/rules-examples/{project}", env!("CARGO_MANIFEST_DIR"));
    Engine::open(Project::open(directory).expect("a project")).await.expect("it opens")
}

/// For each segment some members and some others, by their keys; of each whether it is a member of every segment.
async fn sampled(engine: &Engine, as_of: AsOf) -> (BTreeMap<String, Vec<String>>, BTreeMap<(String, String), bool>) {
    let mut members = engine.query(as_of).members().await.expect("it plans");
    let mut asked: BTreeMap<(String, bool), Vec<String>> = BTreeMap::new();
    let mut truths = BTreeMap::new();
    for kind in &mut members.kinds {
        let names: Vec<String> = kind.segments().map(str::to_owned).collect();
        assert_eq!(kind.keys().len(), 1);
        while let Some(batch) = kind.next().await {
            let batch = batch.expect("it runs");
            for row in 0..batch.num_rows() {
                let key = array_value_to_string(batch.column(0), row).expect("a text");
                for (at, name) in names.iter().enumerate() {
                    let member = batch.column(at + 1).as_boolean().value(row);
                    let some = asked.entry((name.clone(), member)).or_default();
                    // Not only those who come first.
                    if some.len() < ASKED && (row % 7 == 3 || member) {
                        some.push(key.clone());
                    }
                    truths.insert((name.clone(), key.clone()), member);
                }
            }
        }
    }
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for ((name, _), some) in asked {
        keys.entry(name).or_default().extend(some);
    }
    (keys, truths)
}

/// Whether what parts are makes the whole what it is said to be; counts conditions by truth.
fn agrees(condition: &Condition, seen: &mut BTreeMap<Truth, usize>) -> bool {
    *seen.entry(condition.truth).or_default() += 1;
    match &condition.form {
        Form::All(parts) => {
            parts.iter().map(|part| part.truth).min() == Some(condition.truth)
                && parts.iter().all(|part| agrees(part, seen))
        }
        Form::Any(parts) => {
            parts.iter().map(|part| part.truth).max() == Some(condition.truth)
                && parts.iter().all(|part| agrees(part, seen))
        }
        Form::Not(inner) => {
            let opposite = match inner.truth {
                Truth::True => Truth::False,
                Truth::False => Truth::True,
                Truth::Unknown => Truth::Unknown,
            };
            opposite == condition.truth && agrees(inner, seen)
        }
        Form::Segment { .. } | Form::Test(_) => true,
    }
}

async fn held(project: &str, as_of: &str, every: usize) -> BTreeMap<Truth, usize> {
    let engine = opened(project).await;
    let as_of = engine.as_of(as_of).expect("a day");
    let (asked, truths) = sampled(&engine, as_of).await;
    let mut seen = BTreeMap::new();
    for (name, keys) in asked.iter().step_by(every) {
        let texts: Vec<Vec<String>> = keys.iter().map(|key| vec![key.clone()]).collect();
        let whys = engine.why_each(name, &texts, as_of).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(whys.len(), keys.len());
        for (why, key) in whys.iter().zip(keys) {
            let truth = |segment: &str| truths.get(&(segment.to_owned(), key.clone())).copied();
            assert_eq!(Some(&why.answer), truth(name).map(Answer::Member).as_ref(), "{name} {key}");
            for segment in &why.segments {
                assert_eq!(Some(segment.member), truth(&segment.name), "{name} {key} {}", segment.name);
                assert_eq!(segment.member, segment.condition.truth == Truth::True);
                assert_eq!(segment.member, segment.lacks.is_none());
                assert!(agrees(&segment.condition, &mut seen), "{name} {key}: {:#?}", segment.condition);
            }
            for rows in &why.rows {
                assert!(rows.first.len() as u64 <= rows.count, "{name} {key}: {rows:#?}");
                assert!(rows.first.iter().all(|row| row.len() == rows.columns.len()));
                assert!(!rows.text.contains('…'), "{name}: {}", rows.text);
            }
            for rank in &why.ranks {
                assert!(rank.below.is_none_or(|below| below < rank.population), "{name} {key}: {rank:#?}");
            }
        }
    }
    seen
}

#[tokio::test]
async fn on_the_online_shop() {
    let seen = held("online-retail", "2011-12-09", 2).await;
    assert!(seen[&Truth::True] > 30 && seen[&Truth::False] > 30, "{seen:?}");
}

#[tokio::test]
async fn on_groups_of_the_online_shop() {
    let seen = held("rfm", "2011-12-09", 5).await;
    assert!(seen[&Truth::True] > 20 && seen[&Truth::False] > 20, "{seen:?}");
}

#[tokio::test]
async fn on_the_chain_in_jakarta() {
    let seen = held("jakarta", "2026-03-31", 6).await;
    assert!(seen[&Truth::True] > 50 && seen[&Truth::False] > 50 && seen[&Truth::Unknown] > 1, "{seen:?}");
}
