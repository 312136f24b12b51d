//! Tables by SQL, held against the rest of the catalogue.

use insta::assert_snapshot;

use super::{compiled, project, rule, said};
use crate::Schemas;
use crate::ir::{SubjectId, needed_tables};

const SHOP: &str = "\
kohort: 1
subject: { name: customer, key: customer_id }
tables:
  sales:
    subject: customer_id
    time: bought_at
    types: { customer_id: text, bought_at: timestamp, amount: decimal(2) }
  large_sales: { from: sales, where: amount >= 100 }
metrics:
  spend: sum(amount of sales)
";

/// The shop with more tables.
fn with(tables: &str) -> String {
    SHOP.replace("metrics:", &format!("{tables}metrics:"))
}

fn told(tables: &str, when: &str) -> String {
    said(&project(&with(tables), &rule(when)), &Schemas::new())
}

const BIG_DAYS: &str = "  big_days:
    sql: |
      select customer_id, date_trunc('day', bought_at) as day, sum(amount) as value
      from large_sales group by 1, 2
    types: { customer_id: text, day: timestamp, value: decimal(2) }
    subject: customer_id
    time: day
";

#[test]
fn a_table_by_sql_is_a_table_like_others() {
    let ir = compiled(&project(&with(BIG_DAYS), &rule("sum(value of big_days over 90d) > 5 and count(big_days) < 3")));
    let base = ir.base_tables.iter().position(|table| table.name == "big_days").expect("it is there");
    let sql = ir.sql.first().expect("its query");
    assert_eq!(sql.base.index(), base);
    let reads: Vec<(&str, &str)> =
        sql.reads.iter().map(|(name, table)| (name.as_str(), ir.table(*table).name.as_str())).collect();
    assert_eq!(reads, [("large_sales", "large_sales")]);
    let needed = needed_tables(&ir, SubjectId(0), &[]);
    let needed: Vec<&str> = needed.into_iter().map(|base| ir.base_table(base).name.as_str()).collect();
    assert_eq!(needed, ["sales", "big_days"]);
    let derived =
        format!("{BIG_DAYS}  months: {{ from: big_days, group_by: month(at), columns: {{ best: max(value) }} }}\n");
    compiled(&project(&with(&derived), &rule("max(best of months) > 5")));
}

#[test]
fn a_query_needs_types_and_nothing_of_a_source() {
    let table = "  t:
    sql: select customer_id from sales
    source: data.csv
    where: a > 1
    rename: { a: b }
    version: v
    subject: customer_id
";
    assert_snapshot!(told(table, "count(t) > 1"), @"
    K106 [t] table `t` lacks the key `types` | declare every column of the query that is used: `types: { customer_id: text, value: decimal(2) }`
    K104 [source] unknown key `source` in table `t` | a table by SQL has the rows of its query; keep one of the two
    K104 [where] unknown key `where` in table `t` | the query says it; or make another table, `from:` this one
    K104 [rename] unknown key `rename` in table `t` | give the column its name in the query: `select total as value`
    K104 [version] unknown key `version` in table `t` | choose the row of each id in the query
    ");
    assert_snapshot!(told("  t: { sql: [a], types: { a: text } }\n", "spend > 1"), @"K107 [a] `sql` must be text, found a list | remove the `[ ]` or `-`; put text that begins with `[` in quotes");
    assert_snapshot!(told("  t: { sql: '', types: { a: text } }\n", "spend > 1"), @"K201 [''] there is no query | write `select … from …`");
}

#[test]
fn a_query_reads_tables_of_the_catalogue() {
    let of = |sql: &str| {
        told(
            &format!("  Stores: {{ types: {{ a: text }} }}\n  t: {{ sql: '{sql}', types: {{ a: text }} }}\n"),
            "spend > 1",
        )
    };
    let queries = [
        "select a from Stores",
        "select a from \"Stores\"",
        "select a from salse",
        "select a from weather",
        "with sales as (select 1) select * from sales",
        "select a from sales limit 3",
        "select a form sales",
    ];
    assert_snapshot!(queries.map(of).join("\n--\n"), @r#"
    K301 [Stores] there is no table `stores` | SQL reads names without quotes in small letters | write `"Stores"` | => t: { sql: 'select a from "Stores"', types: { a: text } }
    --

    --
    K301 [salse] there is no table `salse` | did you mean `sales`? | => t: { sql: 'select a from sales', types: { a: text } }
    --
    K301 [weather] there is no table `weather` | the catalogue has `Stores`, `large_sales`, `sales` and `t`
    --
    K302 [sales] `sales` is a table of the catalogue, and a part of the query is called `sales` too | give the part another name, so that everybody knows which one is meant
    --
    K402 [3] `limit` without `order by` takes whichever rows come first | say by what they are ordered, down to a column that tells any two rows apart
    --
    K201 [sales] expected end of statement in the query, found `sales` | a query is SQL as DataFusion reads it: `select … from … where …`
    "#);
}

#[test]
fn a_query_cannot_lead_back_to_its_table() {
    let own = "  t: { sql: select a from t, types: { a: text } }\n";
    assert_snapshot!(told(own, "spend > 1"), @"K305 [select a from t] table `t` is made from itself | a table that the query reads, or a metric or subject that such a table asks, leads back to it: break the circle");
    let two = "  t: { sql: select a from u, types: { a: text } }\n  u: { from: v }\n  v: { sql: select a from t, types: { a: text } }\n";
    assert_snapshot!(told(two, "spend > 1"), @"K305 [select a from u] table `t` is made from itself | a table that the query reads, or a metric or subject that such a table asks, leads back to it: break the circle");
    let by_metric = "  t: { sql: select * from u, types: { customer_id: text }, subject: customer_id }\n  u: { from: sales, where: customer.days > 3 }\n";
    let catalog = format!("{}  days: count(t)\n", with(by_metric));
    assert_snapshot!(said(&project(&catalog, &rule("spend > 1")), &Schemas::new()), @"K305 [select * from u] table `t` is made from itself | a table that the query reads, or a metric or subject that such a table asks, leads back to it: break the circle");
    // Who the customers are is known from the rows of `t` too.
    let by_subjects = by_metric.replace("days", "spend");
    assert_snapshot!(told(&by_subjects, "spend > 1"), @"K305 [select * from u] table `t` is made from itself | a table that the query reads, or a metric or subject that such a table asks, leads back to it: break the circle");
    let beside = "  t: { sql: select * from u, types: { customer_id: text }, id: customer_id }\n  u: { from: sales, where: customer.spend > 3 }\n";
    assert_snapshot!(told(beside, "spend > 1"), @"");
}

#[test]
fn a_table_for_each_kind_of_subject_is_not_queried() {
    let catalog = "\
kohort: 1
subjects: { customer: { key: customer_id }, store: { key: store_id } }
tables:
  sales:
    subject: { customer: customer_id, store: store_id }
    time: bought_at
    types: { customer_id: text, store_id: text, bought_at: timestamp }
  days: { from: sales, group_by: day(at) }
  t: { sql: select * from days, types: { day: date } }
";
    assert_snapshot!(said(&project(catalog, &rule("any(sales)")), &Schemas::new()), @"K306 [days] `days` has rows for a customer and others for a store, and a query cannot say which are meant | let the query read the table that it is made from, and group there");
    let one = catalog.replace(", store: store_id }\n    time", " }\n    time");
    let one = one.replace(", store: { key: store_id }", "");
    assert_snapshot!(said(&project(&one, &rule("any(sales)")), &Schemas::new()), @"");
}
