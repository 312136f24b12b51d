//! Over all examples: nobody is in a narrower group and not in the broader one, nobody is in two groups of a partition, and the
//! groups of those that leave nobody out come to all.

use std::collections::HashMap;
use std::path::Path;

use datafusion::arrow::array::{AsArray, BooleanArray};
use kohort::{Engine, Project};

/// Every example, and a day to look from.
const EXAMPLES: &[(&str, &str)] = &[
    ("chinook", "2025-12-31"),
    ("jakarta", "2026-10-31"),
    ("online-retail", "2011-12-09"),
    ("rfm", "2011-12-09"),
    ("rfm", "2011-08-31"),
];

/// Partitions and splits of the examples in which everybody has a group, or everybody of the segment that is split.
const WHOLE: &[(&str, &str)] = &[("rfm", "loyalty"), ("rfm", "spend_365d"), ("rfm", "win_back")];

#[test]
fn no_example_is_forgotten() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules-examples");
    for entry in std::fs::read_dir(examples).expect("a directory") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        // One has no data: all that there is to it are the tests in its rule files.
        let known = name == "meanings" || EXAMPLES.iter().any(|(example, _)| *example == name);
        assert!(known, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_lie_in_each_other_or_apart() {
    for (example, day) in EXAMPLES {
        let directory = format!("{}/rules-examples/{example}", env!("CARGO_MANIFEST_DIR"));
        let engine = Engine::open(Project::open(directory).expect("the project is there")).await.expect("it checks");
        let mut members = engine.query(engine.as_of(day).expect("an instant")).members().await.expect("it plans");
        for kind in &mut members.kinds {
            let names: Vec<String> = kind.segments().map(str::to_owned).collect();
            let keys = kind.keys().len();
            // Which segments lie within which, and which are groups of what, is known before anything is read.
            let report = kind.report();
            let at: HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
            let mut parts: HashMap<&str, Vec<usize>> = HashMap::new();
            for (position, segment) in report.segments.iter().enumerate() {
                parts.entry(segment.part_of.as_deref().unwrap_or_default()).or_default().push(position);
            }
            parts.remove("");
            while let Some(batch) = kind.next().await {
                let batch = batch.expect("it runs");
                let column = |at: usize| -> &BooleanArray { batch.column(keys + at).as_boolean() };
                for (child, segment) in report.segments.iter().enumerate() {
                    let Some(parent) = segment.within.as_deref() else { continue };
                    let outside = (0..batch.num_rows())
                        .filter(|row| column(child).value(*row) && !column(at[parent]).value(*row))
                        .count();
                    assert_eq!(outside, 0, "{example}: {} of {parent}", segment.name);
                }
                for (partition, parts) in &parts {
                    let most = (0..batch.num_rows())
                        .map(|row| parts.iter().filter(|part| column(**part).value(row)).count())
                        .max();
                    assert!(most.unwrap_or_default() <= 1, "{example}: somebody is in {most:?} groups of {partition}");
                }
            }
            let report = kind.report();
            let count = |at: usize| report.segments[at].members.expect("it has an answer");
            for (_, whole) in WHOLE.iter().filter(|(of, _)| of == example) {
                let all = at.get(whole).map_or(report.subjects, |split| count(*split));
                let groups: u64 = parts[whole].iter().map(|part| count(*part)).sum();
                assert_eq!(groups, all, "{example}: the groups of {whole}");
            }
        }
    }
}
