//! A small shop, and the program run on it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// What the shop's tables are.
pub const CATALOG: &str = "\
kohort: 1
timezone: Asia/Jakarta
currency: IDR
subject: { name: customer, table: customers, key: customer_id }
tables:
  customers:
    source: data/customers.csv
    types: { customer_id: integer, city: text }
  sales:
    source: data/sales.csv
    subject: customer_id
    time: bought_at
    types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
metrics:
  spend: { is: sum(amount of sales), unit: IDR }
  visits: count(sales)
";

/// Five groups, three of them inside others, one of nobody.
pub const RULES: &str = "\
segments:
  buyers:
    label: Bought once
    when: visits > 0
  regulars:
    label: Came twice
    within: buyers
    when: visits >= 2
  big_regulars:
    within: regulars
    when: spend > 1_000
  locals_who_buy:
    label: Buyers of Jakarta
    within: buyers
    when: city = 'Jakarta'
  nobody:
    when: spend > 1_000_000
";

/// Four customers, one of an unknown city.
pub const CUSTOMERS: &str = "customer_id,city\n1,Jakarta\n2,Bandung\n10,Jakarta\n9,\n";

/// Two rows of nobody, one of a customer who is not in the table, one without a time, one after the day asked for.
pub const SALES: &str = "\
customer_id,bought_at,amount
1,2026-03-01T10:00:00,600.00
1,2026-03-02T10:00:00,600.25
2,2026-03-03T10:00:00,5.00
10,2026-03-04T10:00:00,7.50
10,2026-03-05T10:00:00,7.50
,2026-03-05T11:00:00,1234.50
,2026-03-05T12:00:00,0.05
77,2026-03-05T13:00:00,3.00
9,,1.00
9,2026-04-05T10:00:00,1.00
";

/// A directory with files.
pub fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().unwrap();
    for (name, text) in files {
        write(directory.path(), name, text);
    }
    directory
}

/// Writes a file, with the directories that it needs.
pub fn write(directory: &Path, name: &str, text: &str) {
    let path = directory.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The shop in the directory `shop`.
pub fn shop() -> TempDir {
    directory(&[
        ("shop/catalog.yaml", CATALOG),
        ("shop/rules.yaml", RULES),
        ("shop/data/customers.csv", CUSTOMERS),
        ("shop/data/sales.csv", SALES),
    ])
}

/// The program, to be run in a directory.
pub fn command(directory: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kohort"));
    command.args(arguments).current_dir(directory.path()).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

/// Runs the program in a directory.
pub fn run(directory: &TempDir, arguments: &[&str]) -> Output {
    command(directory, arguments).output().unwrap()
}

/// Status, standard output and standard error, for a snapshot. Times are replaced.
pub fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let mut said = format!("status {}\n", output.status.code().unwrap());
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if !bytes.is_empty() {
            said.push_str(&format!("--- {name}\n{}", text(bytes)));
        }
    }
    let lines = said.lines().map(|line| match line.strip_prefix("took ") {
        Some(_) => "took … s",
        None => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// How a run ends.
pub fn status(directory: &TempDir, arguments: &[&str]) -> i32 {
    run(directory, arguments).status.code().unwrap()
}

/// The end of March in the shop.
pub const EVAL: [&str; 4] = ["eval", "shop", "--as-of", "2026-03-31"];

/// Evaluates the shop at the end of March.
pub fn eval(directory: &TempDir, more: &[&str]) -> Output {
    run(directory, &[&EVAL[..], more].concat())
}

/// What a run that ended well wrote.
pub fn bytes(output: &Output) -> Vec<u8> {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout.clone()
}

/// What a run that ended well wrote, as text.
pub fn text(output: &Output) -> String {
    String::from_utf8(bytes(output)).unwrap()
}

/// A shop of 50,000 customers who are all in `all`, every second of them in `even`.
pub fn large_shop() -> TempDir {
    let shop = shop();
    let rows: String = (0..50_000).map(|id| format!("{id},{}\n", ["Jakarta", "Bandung"][id % 2])).collect();
    write(shop.path(), "shop/data/customers.csv", &format!("customer_id,city\n{rows}"));
    let rules = "segments:\n  all: { when: visits >= 0 }\n  even: { when: city = 'Jakarta' }\n";
    write(shop.path(), "shop/rules.yaml", rules);
    shop
}

/// A shop with a segment `huge` that has no answer, for a number does not fit, and a segment `all` that has one.
pub fn failing_shop() -> TempDir {
    let shop = shop();
    let digits = "9".repeat(38);
    let catalog = CATALOG.replace("amount: decimal(2)", "amount: decimal(0)");
    let cubes = "  cubes: { from: sales, columns: { cube: amount * amount * amount } }\nmetrics:\n  volume: sum(cube of cubes)\n";
    write(shop.path(), "shop/catalog.yaml", &catalog.replace("metrics:\n", cubes));
    let rules = "segments:\n  huge: { label: Huge volume, when: volume > 5 }\n  all: { when: visits > 0 }\n";
    write(shop.path(), "shop/rules.yaml", rules);
    let sales = format!("customer_id,bought_at,amount\n1,2026-03-01T10:00:00,{digits}\n");
    write(shop.path(), "shop/data/sales.csv", &sales);
    shop
}

/// Segments about customers and about stores.
pub fn two_kinds() -> TempDir {
    let catalog = "\
kohort: 1
timezone: UTC
subjects:
  customer: { key: customer_id }
  store: { key: store_id }
tables:
  visits:
    source: visits.csv
    subject: { customer: customer_id, store: store_id }
    time: at_door
    types: { customer_id: integer, store_id: text, at_door: timestamp }
";
    let visits =
        "customer_id,store_id,at_door\n1,a,2026-01-01T00:00:00\n2,a,2026-01-02T00:00:00\n2,b,2026-01-03T00:00:00\n";
    let rules = "segments:\n  busy: { of: store, when: count(visits) > 1 }\n  back: { when: count(visits) > 1 }\n";
    directory(&[("shop/catalog.yaml", catalog), ("shop/visits.csv", visits), ("shop/rules.yaml", rules)])
}
