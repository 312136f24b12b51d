//! What a query reads, and what it is refused for.

use insta::assert_snapshot;

use super::read;
use crate::source::yaml::tests::render;
use crate::source::{Sources, Text};

/// The tables and the parts of a query, then what is said of it.
fn told(sql: &str) -> String {
    let mut sources = Sources::new();
    let file = sources.add("catalog.yaml", sql);
    let mut out = Vec::new();
    let query = read(&Text::verbatim(file, 0, sql), &mut out);
    let names = query.map(|query| {
        let words = |names: &[crate::syntax::ast::Ident]| {
            names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(" ")
        };
        format!("reads [{}] parts [{}]", words(&query.tables), words(&query.parts))
    });
    let said = out.iter().map(|finding| render(&sources, finding));
    names.into_iter().chain(said).collect::<Vec<_>>().join("\n")
}

fn all(queries: &[&str]) -> String {
    queries.iter().map(|sql| told(sql)).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_tables_of_a_query_are_found_wherever_they_stand() {
    assert_snapshot!(all(&[
        "select a from sales",
        "SELECT a FROM Sales s JOIN \"Big Days\" d ON s.a = d.a, Stores",
        "with b as (select * from sales), c as (select * from b) select * from c where exists (select 1 from returns)",
        "select (select max(x) from a), x in (select x from b) from (select * from c) union all select * from d",
        "with recursive n as (select 1 as i union all select i + 1 from n where i < 5) select * from n cross join sales",
        "values (1, 2)",
        "select a, row_number() over (partition by b order by a, c) from sales order by a limit 5",
        "select array_agg(a order by b), first_value(a order by b), sum(a) over () from sales",
        "select x from sales;",
    ]), @"
    reads [sales] parts []
    reads [sales Big Days stores] parts []
    reads [sales returns] parts [b c]
    reads [a b c d] parts []
    reads [sales] parts [n]
    reads [] parts []
    reads [sales] parts []
    reads [sales] parts []
    reads [sales] parts []
    ");
}

#[test]
fn what_is_no_query_is_told_at_its_place() {
    assert_snapshot!(all(&[
        "",
        "-- nothing",
        "delete from sales",
        "create table a as select 1",
        "insert into a select 1",
        "select 1; select 2",
        "select a form sales",
        "select from where",
        "select (a from sales",
        "select 'a from sales",
        "select a,\n  b b b\nfrom sales",
        "select a into b from sales",
        "with d as (delete from sales returning a) select * from d",
    ]), @"
    K201 1:1 there is no query | write `select … from …`
    K201 1:1 there is no query | write `select … from …`
    K201 1:1 `delete` is no query | a table by SQL only reads: write `select … from …`
    K201 1:14 `create` is no query | a table by SQL only reads: write `select … from …`
    K201 1:1 `insert` is no query | a table by SQL only reads: write `select … from …`
    K201 1:11 a second statement begins here | a table is one query; make two tables of two
    K201 1:15 expected end of statement in the query, found `sales` | a query is SQL as DataFusion reads it: `select … from … where …`
    reads [where] parts []
    K201 1:11 expected ) in the query, found `from` | a query is SQL as DataFusion reads it: `select … from … where …`
    K201 1:8 unterminated string literal | a query is SQL as DataFusion reads it: `select … from … where …`
    K201 2:7 expected end of statement in the query, found `b` | a query is SQL as DataFusion reads it: `select … from … where …`
    reads [sales] parts []
    K201 1:15 a table by SQL writes nothing | remove `into`
    reads [sales] parts [d]
    K201 1:12 a table by SQL only reads | write `select … from …`
    ");
}

#[test]
fn an_answer_must_depend_on_the_rows_alone() {
    assert_snapshot!(all(&[
        "select * from sales where at > now() - interval '30' day",
        "select * from sales where at > current_date",
        "select current_timestamp, TODAY() from sales",
        "select random() from sales where uuid() = 'a'",
        "select * from sales limit 10",
        "select * from (select * from sales offset 3) order by a",
        "select * from sales fetch first 5 rows only",
        "select distinct on (a) a, b from sales",
        "select top 5 * from sales",
        "select row_number() over (partition by a) from sales",
        "select first_value(a), array_agg(b) from sales",
        "select * from sales tablesample bernoulli (10)",
        "select a from sales where b = $1",
    ]), @"
    reads [sales] parts []
    K402 1:32 `now` reads a clock, and a query is asked as of an instant | it sees no row that is later: leave the condition out, or put the window where the table is used
    reads [sales] parts []
    K402 1:32 `current_date` reads a clock, and a query is asked as of an instant | it sees no row that is later: leave the condition out, or put the window where the table is used
    reads [sales] parts []
    K402 1:8 `current_timestamp` reads a clock, and a query is asked as of an instant | it sees no row that is later: leave the condition out, or put the window where the table is used
    K402 1:27 `today` reads a clock, and a query is asked as of an instant | it sees no row that is later: leave the condition out, or put the window where the table is used
    reads [sales] parts []
    K402 1:8 `random` gives another answer every time | a table must hold the same rows whenever it is read
    K402 1:34 `uuid` gives another answer every time | a table must hold the same rows whenever it is read
    reads [sales] parts []
    K402 1:27 `limit` without `order by` takes whichever rows come first | say by what they are ordered, down to a column that tells any two rows apart
    reads [sales] parts []
    K402 1:43 `offset` without `order by` takes whichever rows come first | say by what they are ordered, down to a column that tells any two rows apart
    reads [sales] parts []
    K402 1:1 `fetch` without `order by` takes whichever rows come first | say by what they are ordered, down to a column that tells any two rows apart
    reads [sales] parts []
    K402 1:1 `distinct on` without `order by` takes whichever rows come first | say by what they are ordered, down to a column that tells any two rows apart
    reads [sales] parts []
    K402 1:1 `top` without `order by` takes whichever rows come first | say by what they are ordered, down to a column that tells any two rows apart
    reads [sales] parts []
    K402 1:8 the answer of `row_number` depends on the order of rows, and none is said | write `row_number(…) over (… order by …)`
    reads [sales] parts []
    K402 1:8 the answer of `first_value` depends on the order of rows, and none is said | write `first_value(… order by …)`
    K402 1:24 the answer of `array_agg` depends on the order of rows, and none is said | write `array_agg(… order by …)`
    reads [sales] parts []
    K402 1:15 `tablesample` gives other rows every time | a table must hold the same rows whenever it is read
    reads [sales] parts []
    K201 1:31 `$1` stands for a value that nobody gives | write the value itself
    ");
}

#[test]
fn tables_are_those_of_the_catalogue() {
    assert_snapshot!(all(&[
        "select * from shop.sales",
        "select * from generate_series(1, 10)",
        "select * from sales, lateral flatten(a)",
        "select * from 'data/sales.csv'",
    ]), @"
    reads [] parts []
    K301 1:15 `shop.sales` has a name of several parts | tables of the catalogue have one: write that alone
    reads [] parts []
    K307 1:15 `generate_series` is not a table of the catalogue, but a function that makes one | a query reads the tables of the catalogue, by their names
    reads [sales] parts []
    K307 1:30 `flatten` is not a table of the catalogue, but a function that makes one | a query reads the tables of the catalogue, by their names
    reads [data/sales.csv] parts []
    ");
}

#[test]
fn places_are_those_of_the_file() {
    let yaml = "tables:\n  t:\n    sql: |\n      -- Umsätze\n      select \"größe\", now()\n      from sales\n";
    let mut out = Vec::new();
    let mut sources = Sources::new();
    let file = sources.add("catalog.yaml", yaml);
    let node = crate::source::yaml::parse(file, yaml, &mut out).expect("it is YAML");
    let crate::source::yaml::NodeKind::Mapping(entries) = &node.kind else { panic!("a mapping") };
    let crate::source::yaml::NodeKind::Mapping(tables) = &entries[0].1.kind else { panic!("a mapping") };
    let crate::source::yaml::NodeKind::Mapping(table) = &tables[0].1.kind else { panic!("a mapping") };
    let crate::source::yaml::NodeKind::Scalar(text) = &table[0].1.kind else { panic!("a text") };
    let query = read(text, &mut out).expect("a query");
    assert_eq!(sources.slice(query.tables[0].span), "sales");
    assert_eq!(out.iter().map(|found| sources.slice(found.primary.span)).collect::<Vec<_>>(), ["now"]);
}

/// Whatever comes, there is no panic, and what is deep or long is refused.
#[test]
fn odd_queries_end() {
    let deep = |open: &str, close: &str, times: usize| format!("select {}1{}", open.repeat(times), close.repeat(times));
    for sql in [
        deep("(", ")", 1_900),
        deep("- ", "", 3_900),
        deep("not ", "", 3_900),
        deep("case when ", " then 1 end", 600),
        deep("1 + ", "", 1_900),
        deep("(select ", ")", 1_000),
        format!("select {}", "a,".repeat(40_000)),
        "\u{0}\u{feff}select".to_owned(),
        "select \"".to_owned(),
        "/* ".repeat(3_000),
        "🦀".repeat(2_000),
        "select a from sales as s(".to_owned(),
    ] {
        told(&sql);
    }
    let sql = "with b as (select a, now() from sales where x in (1, 'ü') limit 3) select * from b join c using (a)";
    for (at, _) in sql.char_indices() {
        told(&sql[..at]);
        told(&sql[at..]);
        told(&format!("{}){}", &sql[..at], &sql[at..]));
    }
}
