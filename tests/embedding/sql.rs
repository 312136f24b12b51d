//! Tables by SQL: what their queries see, and what they give.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, TimestampMicrosecondArray};
use datafusion::catalog::TableProvider;
use kohort::{Engine, Error, Project};

use super::tables::{members, numbers, table, texts};

/// 2026-03-01T00:00Z in microseconds, and an hour.
const MARCH: i64 = 1_772_323_200_000_000;
const HOUR: i64 = 3_600_000_000;

const CATALOG: &str = "
kohort: 1
timezone: Asia/Jakarta
subject: { name: customer, key: customer }
tables:
  lines: { subject: customer, time: sold_at }
  sales: { from: lines, where: amount > 0, columns: { twice: amount * 2, share: amount / 3 } }
  days: { from: sales, group_by: day(at), columns: { amount: sum(amount) } }
  big_days:
    sql: |
      select customer, date_trunc('day', at) as day, sum(twice) as twice from sales group by 1, 2 having sum(amount) >= 10
    types: { customer: text, day: timestamp, twice: decimal(0) }
    subject: customer
    time: day
  best_days:                    # of another table by SQL, and of one by grouping
    sql: |
      select d.customer, d.day, 0.1 + d.twice as value
      from big_days d join days g on d.day = g.at and g.amount * 2 = d.twice
    types: { customer: text, day: timestamp, value: decimal(1) }
    subject: customer
    time: day
";

/// a buys at 01:00 and 23:00 of 1 March in Jakarta, b at 23:00 of 1 March and 01:00 of 2 March.
fn lines() -> Arc<dyn TableProvider> {
    let hours = [-6, 16, 16, 18, 40];
    let times = hours.map(|hour| MARCH + hour * HOUR);
    table(vec![
        ("customer", texts(&[Some("a"), Some("a"), Some("b"), Some("b"), Some("a")])),
        ("sold_at", Arc::new(TimestampMicrosecondArray::from(times.to_vec()).with_timezone("UTC")) as ArrayRef),
        ("amount", numbers(&[5, 6, 5, 6, 50])),
    ])
}

async fn open(catalog: &str, when: &str) -> Result<Engine, Error> {
    let rules = format!("segments:\n  s: {{ when: {when:?} }}\n");
    let project = Project::from_texts([("catalog.yaml", catalog.to_owned()), ("rules.yaml", rules)]);
    Engine::builder(project).table("lines", lines()).open().await
}

async fn found(when: &str, as_of: &str) -> Vec<String> {
    let engine = open(CATALOG, when).await.unwrap_or_else(|error| panic!("{when}: {error:?}"));
    members(&engine, as_of, "s").await
}

#[tokio::test]
async fn a_query_sees_rows_up_to_the_instant_in_the_zone_of_the_project() {
    // a's 11 are of one day in Jakarta, b's of two; the 50 come on 2 March at 23:00.
    assert_eq!(found("any(big_days)", "2026-03-01").await, ["a"]);
    assert_eq!(found("sum(twice of big_days) = 22", "2026-03-01").await, ["a"]);
    assert_eq!(found("any(big_days)", "2026-03-01T22:59").await, [] as [&str; 0]);
    assert_eq!(found("sum(twice of big_days) = 122", "2026-03-02").await, ["a"]);
    assert_eq!(found("any(big_days since 2026-03-02)", "2026-03-01").await, [] as [&str; 0]);
    assert_eq!(found("any(big_days where at = 2026-03-01T00:00)", "2026-03-31").await, ["a"]);
}

#[tokio::test]
async fn a_query_reads_tables_that_are_made() {
    assert_eq!(found("sum(value of best_days) = 122.2 and count(best_days) = 2", "2026-03-31").await, ["a"]);
    assert_eq!(found("first(at of best_days where number = 2) = 2026-03-02T00:00", "2026-03-31").await, ["a"]);
}

/// What is wrong with a catalogue in which the query of `big_days` is another.
async fn wrong(query: &str) -> String {
    let old = "select customer, date_trunc('day', at) as day, sum(twice) as twice from sales group by 1, 2 having sum(amount) >= 10";
    assert!(CATALOG.contains(old));
    let catalog = CATALOG.replace(old, query);
    match open(&catalog, "any(big_days)").await {
        Err(Error::Check { diagnostics }) => {
            let told = diagnostics.iter().filter(|one| one.is_error());
            told.map(|one| format!("{} {} | {}", one.code.id(), one.message, one.helps.join("; ")))
                .collect::<Vec<_>>()
                .join("\n")
        }
        Err(error) => error.to_string(),
        Ok(_) => "fine".to_owned(),
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_query() {
    let day = "select customer, date_trunc('day', at) as day";
    let found = [
        wrong(&format!("{day}, 1 as twice from sales")).await,
        wrong(&format!("{day}, 1 as thrice from sales")).await,
        wrong(&format!("{day}, customer as twice from sales")).await,
        wrong(&format!("{day}, share as twice from sales")).await,
        wrong(&format!("{day}, amout as twice from sales")).await,
        wrong(&format!("{day}, frobnicate(amount) as twice from sales")).await,
        wrong(&format!("{day}, sum(amount) as twice from sales")).await,
    ];
    insta::assert_snapshot!(found.join("\n---\n"), @r#"
    fine
    ---
    K602 the data of `big_days` has no column `twice` | it has `customer` and `day`
    ---
    fine
    ---
    K201 the query of `big_days` cannot be planned: No field named share. | `share` is a ratio, which SQL has no exact numbers for: round it where it is made, as in `round(…, 4)`
    ---
    K201 the query of `big_days` cannot be planned: No field named amout. Did you mean 'sales.amount'? | it sees the tables of the catalogue, their columns by name, and `at`, the time of a row
    ---
    K201 the query of `big_days` cannot be planned: Invalid function 'frobnicate'. | it sees the tables of the catalogue, their columns by name, and `at`, the time of a row
    ---
    K201 the query of `big_days` cannot be planned: Column in SELECT must be in GROUP BY or an aggregate function: While expanding wildcard, column "sales.customer" must appear in the GROUP BY clause or must be part of an aggregate function, currently only "sum(sales.amount)" appears in the SELECT clause satisfies this requirement | it sees the tables of the catalogue, their columns by name, and `at`, the time of a row
    "#);
}
