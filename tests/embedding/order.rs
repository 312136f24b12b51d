//! A subject with very many rows, in order, in little memory.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int64Array, StringArray, TimestampMicrosecondArray};
use datafusion::catalog::TableProvider;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use kohort::engine::NoAnswer;
use kohort::{Engine, Project};

use super::tables::table;

const ROWS: i64 = 1_000_000;
const MINUTE: i64 = 60_000_000;
/// 2020-01-01T00:00Z, in microseconds.
const START: i64 = 1_577_836_800_000_000;
/// All rows with what it takes to sort them are about 100 MB.
const MEMORY: usize = 48 << 20;
/// Where steps refer to each other, the rows that may be steps are held; here that is all of them.
const MEMORY_HELD: usize = 320 << 20;

const CATALOG: &str = "
kohort: 1
timezone: UTC
subject: { name: machine, key: machine }
tables:
  events: { subject: machine, time: at_, id: no }
  hours: { from: events, group_by: { hour: hour_of_day(at), day: day(at) }, columns: { events: count() } }
";

const RULES: &str = "
segments:
  places:   { when: max(number of events) = 1_000_000 and count(events where number <= 1_000) = 1_000 }
  pause:    { when: max(gap of events) = 90min and min(gap of events) = 0min }
  groups:   { when: max(number of hours) = count(hours) and max(events of hours) = 120 }
  ordered:  { when: \"sequence(events where kind = 'first' then events where kind = 'last')\" }
  reversed: { when: \"sequence(events where kind = 'last' then events where kind = 'first')\" }
  quiet:    { when: \"sequence(events where kind = 'last' then never within 1h events where kind = 'part')\" }
  tied:     { when: \"sequence(events as a where kind = 'first' then events where part = a.part and kind = 'last')\" }
  untied:   { when: \"sequence(events as a then within 1min events where part = a.part)\" }
  dearer:   { when: \"sequence(events as a where part = 7 then within 1d events where part = a.part and no > a.no + 1_500)\" }
  cheaper:  { when: \"sequence(events as a where part = 7 then within 1d events where part = a.part and no > a.no + 3_500)\" }
  endless:  { when: \"sequence(events as a then events where no + a.no = 2_500_000)\" }
";

/// Two rows a minute, a pause of 90 minutes in the middle; parts go round by the thousand. `first` is an early row and
/// `last` the last but one, of one part; nothing is called `part`.
fn events() -> Arc<dyn TableProvider> {
    let minute = |row: i64| row / 2 + if row >= ROWS / 2 { 89 } else { 0 };
    let kind = |row: i64| match row {
        998 => "first",
        _ if row == ROWS - 2 => "last",
        _ => "other",
    };
    // In another order than that of time.
    let row = |at: i64| (at * 7 + 3) % ROWS;
    let numbers =
        |of: &dyn Fn(i64) -> i64| Arc::new(Int64Array::from_iter_values((0..ROWS).map(row).map(of))) as ArrayRef;
    let times = (0..ROWS).map(row).map(|row| START + minute(row) * MINUTE);
    table(vec![
        ("machine", numbers(&|_| 1)),
        ("at_", Arc::new(TimestampMicrosecondArray::from_iter_values(times))),
        ("no", numbers(&|row| row)),
        ("part", numbers(&|row| row % 1_000)),
        ("kind", Arc::new(StringArray::from_iter_values((0..ROWS).map(row).map(kind)))),
    ])
}

async fn engine(project: Project, memory: usize, events: Arc<dyn TableProvider>) -> Engine {
    let limited = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(FairSpillPool::new(memory)));
    let limited = limited.build_arc().expect("a runtime");
    let config = SessionConfig::new().with_sort_spill_reservation_bytes(1 << 20).with_target_partitions(2);
    let context = SessionContext::new_with_config_rt(config, limited);
    Engine::builder(project).context(context).table("events", events).open().await.expect("it opens")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subject_with_a_million_rows() {
    let project = Project::from_texts([("catalog.yaml", CATALOG), ("rules.yaml", RULES)]);
    let (events, names) = (events(), ["tied", "untied", "dearer", "cheaper", "endless"]);
    let sparing = engine(project.clone(), MEMORY, Arc::clone(&events)).await;
    let holding = engine(project, MEMORY_HELD, events).await;
    let expected = ["places", "pause", "groups", "ordered", "quiet", "tied", "dearer"];
    for name in sparing.segments().map(str::to_owned).collect::<Vec<_>>() {
        let engine = if names.contains(&name.as_str()) { &holding } else { &sparing };
        let query = engine.query(engine.as_of("2021-12-31").expect("an instant")).segments([&name]).expect("a segment");
        let report = query.counts().await.unwrap_or_else(|error| panic!("{name}: {error}"));
        let members = match name.as_str() {
            "endless" => Err(NoAnswer::TooMuchWork),
            name => Ok(u64::from(expected.contains(&name))),
        };
        assert_eq!(report.kinds[0].segments[0].members, members, "{name}");
    }
}
