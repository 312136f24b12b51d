//! The example of a retail chain: its data is what the generator makes, and its groups are what a few loops over the rows
//! find without Kohort.

mod by_hand;
#[path = "../../examples/jakarta/generator/mod.rs"]
mod generator;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use datafusion::arrow::array::AsArray;
use generator::{Format, Options, generate};
use kohort::{Engine, Project};
use rows::Shop;

const LAST_DAY: &str = "2026-10-31";

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules-examples/jakarta")
}

/// The files of a directory, by name.
fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path());
    let named = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
    entries.map(|path| (named(&path), fs::read(&path).expect("it reads"))).collect()
}

#[test]
fn the_data_is_what_the_generator_makes() {
    let made = tempfile::tempdir().expect("a directory");
    generate(made.path(), &Options::default()).expect("it is made");
    let shipped = project().join("data");
    let mut expected = files(&shipped);
    assert!(expected.remove("ORIGIN.md").is_some(), "its origin is told");
    let found = files(made.path());
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, bytes) in &expected {
        if name.ends_with(".parquet") {
            assert_eq!(rows::parquet(&made.path().join(name)), rows::parquet(&shipped.join(name)), "{name}");
        } else {
            assert!(found.get(name) == Some(bytes), "{name} is another");
        }
    }
}

/// The files of a few customers are the beginnings of the files of more.
#[test]
fn customers_do_not_depend_on_each_other() {
    let made = |customers, seed| {
        let directory = tempfile::tempdir().expect("a directory");
        let options = Options { customers, seed, format: Format::Csv, ..Options::default() };
        generate(directory.path(), &options).expect("it is made");
        files(directory.path())
    };
    let (few, many, others) = (made(10, 7), made(41, 7), made(10, 8));
    for (name, bytes) in &few {
        assert!(many[name].starts_with(bytes), "{name}");
        let shared = matches!(name.as_str(), "stores.csv" | "products.csv" | "campaigns.csv");
        assert_eq!(shared, many[name] == *bytes, "{name}");
        assert_eq!(shared, others[name] == *bytes, "{name} follows from the seed");
    }
}

/// Members of all segments as of the last day of the data.
async fn members() -> BTreeMap<String, BTreeSet<String>> {
    let engine = Engine::open(Project::open(project()).expect("the project is there")).await.expect("it checks");
    assert!(engine.diagnostics().is_empty(), "{:?}", engine.diagnostics());
    let query = engine.query(engine.as_of(LAST_DAY).expect("an instant"));
    let batches = query.members().await.expect("it plans").collect_rows().await.expect("it runs");
    let mut members: BTreeMap<String, BTreeSet<String>> =
        engine.segments().map(|segment| (segment.to_owned(), BTreeSet::new())).collect();
    for batch in &batches {
        let segments = batch.column(0).as_string::<i32>().iter().flatten();
        let customers = batch.column(1).as_string_view().iter().flatten();
        for (segment, customer) in segments.zip(customers) {
            members.entry(segment.to_owned()).or_default().insert(customer.to_owned());
        }
    }
    members
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_what_loops_over_the_rows_find() {
    let members = members().await;
    let shop = Shop::read(&project().join("data"));
    assert_eq!(members.keys().next().is_some(), !shop.customers.is_empty());
    for (segment, by_hand) in by_hand::SEGMENTS {
        assert_eq!(members[*segment], by_hand(&shop), "{segment}");
    }
    for (segment, members) in &members {
        assert!((3..1_500).contains(&members.len()), "{segment} has {} members", members.len());
    }
}

/// The question that the page offers, added to the rules, has an answer; the segments it names are there.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_offers_works() {
    let page = fs::read_to_string(project().join("README.md")).expect("it reads");
    let block = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a question");
    let name = block.trim_start().split(':').next().expect("its name");
    let rules = fs::read_to_string(project().join("rules.yaml")).expect("it reads");
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("rules.yaml");
    fs::write(&file, rules + block).expect("it writes");
    let asked = Project::open_with_catalog(&file, project().join("catalog.yaml")).expect("the project is there");
    let engine = Engine::open(asked).await.expect("it checks");
    let shown = page.split("--segment ").skip(1).filter_map(|rest| rest.split_whitespace().next());
    let names: Vec<&str> = shown.chain([name]).collect();
    assert!(names.len() > 1, "{names:?}");
    let query = engine.query(engine.as_of(LAST_DAY).expect("an instant"));
    let report = query.segments(&names).expect("they are there").counts().await.expect("it runs");
    for segment in &report.kinds[0].segments {
        assert!(segment.members.as_ref().is_ok_and(|members| *members > 0), "{segment:?}");
    }
}
