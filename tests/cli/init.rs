//! A first project from data files: it checks, it counts, it says why, and it never overwrites.

use std::fs;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::shop::{directory, run, shown, status};

/// A directory of the repository with data.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A directory with copies of data files under `data`.
fn with_data(path: &str) -> TempDir {
    let made = directory(&[]);
    fs::create_dir(made.path().join("data")).unwrap();
    for entry in fs::read_dir(repository(path)).unwrap() {
        let from = entry.unwrap().path();
        if from.extension().is_some_and(|ending| ending != "md") {
            fs::copy(&from, made.path().join("data").join(from.file_name().unwrap())).unwrap();
        }
    }
    made
}

fn read(directory: &TempDir, path: &str) -> String {
    fs::read_to_string(directory.path().join(path)).unwrap()
}

/// Runs `init` on `data`, then what it says to run next, and gives the counts of its segments.
fn made_and_counted(directory: &TempDir) -> Vec<(String, u64)> {
    let made = run(directory, &["init", "shop", "--from", "data"]);
    assert!(made.status.success(), "{}", shown(&made));
    let said = String::from_utf8(made.stdout).unwrap();
    let next: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("  kohort ")).collect();
    let [check, eval] = next.as_slice() else { panic!("two commands are named: {said}") };
    let checked = run(directory, &check.split(' ').collect::<Vec<_>>());
    let words = String::from_utf8(checked.stdout.clone()).unwrap();
    assert!(words.ends_with(", no problems\n"), "{}", shown(&checked));
    let mut eval: Vec<&str> = eval.split(' ').collect();
    eval.extend(["--format", "csv", "--counts"]);
    let counted = run(directory, &eval);
    assert!(counted.status.success(), "{}", shown(&counted));
    let mut rows = csv::Reader::from_reader(counted.stdout.as_slice());
    let (mut segment, mut members) = (0, 0);
    for (place, name) in [(&mut segment, "segment"), (&mut members, "members")] {
        *place = rows.headers().unwrap().iter().position(|header| header == name).unwrap();
    }
    let count = |row: csv::StringRecord| (row[segment].to_owned(), row[members].parse().unwrap());
    rows.records().map(|row| count(row.unwrap())).collect()
}

#[test]
fn what_it_makes_checks_and_counts() {
    for (data, segments) in [
        ("rules-examples/chinook/data", 6),
        ("rules-examples/online-retail/data", 6),
        ("tests/data/indonesia", 6),
        ("tests/data/events", 6),
        ("tests/data/messy", 6),
    ] {
        let counts = made_and_counted(&with_data(data));
        assert_eq!(counts.len(), segments, "{data}: {counts:?}");
        assert!(counts.iter().all(|(_, members)| *members > 0), "{data}: {counts:?}");
    }
}

#[test]
fn an_indonesian_export_is_read_as_it_is_written() {
    let directory = with_data("tests/data/indonesia");
    made_and_counted(&directory);
    assert_snapshot!(read(&directory, "shop/catalog.yaml"), @r#"
    # What the data means: a first guess from its names and values, written by `kohort init`.
    # A comment says why something was guessed; correct what is wrong, and `kohort check` tells what that breaks.
    kohort: 1                         # the version of the language
    timezone: UTC                     # set your shop's zone, such as Asia/Jakarta: days and months begin by its clock

    # What the groups are made of: one pelanggan after the other.
    subject:
      name: pelanggan
      table: pelanggan                # one row for each
      key: id_pelanggan               # found in it: 100% of transaksi.id_pelanggan

    tables:
      # 12 rows.
      pelanggan:
        source: ../data/Pelanggan.csv
        reading:
          separator: ';'              # between values
          times: '%d/%m/%Y'           # how dates are written
        rename:
          id_pelanggan: 'ID Pelanggan'
          tanggal_lahir: 'Tanggal Lahir'
        types:
          tanggal_lahir: date

      # 54 rows in 2 files.
      transaksi:
        source: '../data/Transaksi *.csv'
        reading:
          separator: ';'              # between values
          decimal: ','                # before the fraction of a number
          thousands: '.'              # between groups of three digits
          times: '%d/%m/%Y'           # how dates are written
        rename:
          no_nota: 'No Nota'
          id_pelanggan: 'ID Pelanggan'
          tgl_transaksi: 'Tgl Transaksi'
          total_rp: 'Total (Rp)'
          cara_bayar: 'Cara Bayar'
        types:
          tgl_transaksi: date
        subject: id_pelanggan         # unknown in 9.3% of the rows: they belong to nobody
        time: tgl_transaksi
        id: no_nota                   # no two rows have the same

    # What can be said about one of them. Columns of the subject's table are attributes already.
    attributes:
      first_seen: first(at of transaksi)
      last_seen: last(at of transaksi)
      pelanggan_kota:                 # a closed set: a rule that asks for anything else is an error
        is: Kota
        values: ['Bandung', 'Jakarta', 'Surabaya']

    # Numbers that take a window where they are used: `spend_90d` is that of the last 90 days.
    metrics:
      spend: { is: sum(total_rp of transaksi), label: Spend }
      orders: { is: count(transaksi), label: Orders }  # every row counts once
      visits: { is: count(distinct day(at) of transaksi), label: Visits }  # different days with a row
      basket: { is: spend / orders, label: Spend per order }  # of nothing it is unknown, never 0
    "#);
}

#[test]
fn a_messy_export_keeps_what_can_be_kept() {
    let directory = with_data("tests/data/messy");
    made_and_counted(&directory);
    assert_snapshot!(read(&directory, "shop/catalog.yaml"), @r#"
    # What the data means: a first guess from its names and values, written by `kohort init`.
    # A comment says why something was guessed; correct what is wrong, and `kohort check` tells what that breaks.
    kohort: 1                         # the version of the language
    timezone: UTC                     # set your shop's zone, such as Asia/Jakarta: days and months begin by its clock

    # What the groups are made of: one customer after the other.
    subject:
      name: customer
      table: customers_1              # one row for each
      key: cust_no                    # found in it: 88% of orders_export.customer

    tables:
      # 22 rows.
      customers_1:
        source: '../data/Customers (1).csv'
        reading:
          nulls: ['', 'N/A']          # what stands for unknown
        rename:
          cust_no: 'Cust No'
          full_name: 'Full Name'
          state_region: 'State / Region'
          last_updated: 'Last Updated'
          segment_data: 'Segment'
        id: cust_no                   # 2 rows repeat one
        version: last_updated         # of rows with one id the newest counts

      # 51 rows.
      # `unit_price` is text because of values such as `abc`. To count with it, correct those, or declare a type for it
      # (`types:`) and leave such rows out (`on_error: skip`).
      orders_export:
        source: '../data/orders export.csv'
        rename:
          order_date: 'Order Date'
          ship_date: 'ship date'
          unit_price: 'Unit Price'
          to_data: 'to'
        subject: customer             # 88% of its values are in the subject's table; rows with others are orphans
        # taken as when a row happened; `ship_date` would be another choice; unknown in 5 rows: they do not exist for
        # rules
        time: order_date

    # What can be said about one of them. Columns of the subject's table are attributes already.
    attributes:
      first_seen: first(at of orders_export)
      last_seen: last(at of orders_export)
      customer_state_region:          # a closed set: a rule that asks for anything else is an error
        is: state_region
        values: ['South', 'North']
      customer_segment_data:          # a closed set: a rule that asks for anything else is an error
        is: segment_data
        values: ['A', 'B']

    # Numbers that take a window where they are used: `orders_90d` is that of the last 90 days.
    metrics:
      orders: { is: count(distinct order of orders_export), label: Orders }  # rows with one `order` are one purchase
      visits: { is: count(distinct day(at) of orders_export), label: Visits }  # different days with a row
    "#);
}

#[test]
fn rules_say_how_large_they_are() {
    let directory = with_data("tests/data/indonesia");
    made_and_counted(&directory);
    assert_snapshot!(read(&directory, "shop/rules.yaml"), @r#"
    # First groups, written by `kohort init`. A rule is a condition with a name: change its numbers, or copy it.
    # The numbers of members are those of 2026-03-28, of 12 in all (pelanggan).
    segments:
      # Has a row of `transaksi` in the last days: 5 members, 41.7%. Change `30d` to make the group larger or smaller.
      active:
        label: Active
        when: any(transaksi over 30d)
      # Spent most: about the upper quarter of those who spent anything: 1 member, 8.3%. Change `500_000` to make the
      # group larger or smaller.
      big_spenders:
        label: Big spenders
        within: active
        when: spend_30d >= 500_000
      # Came most often: 1 member, 8.3%. Change `2` to make the group larger or smaller.
      frequent:
        label: Frequent
        within: active
        when: visits_30d >= 2
      # Came more than once, and not of late: 1 member, 8.3%. Change `180d` to make the group larger or smaller.
      lapsed:
        label: Lapsed
        when: visits >= 2 and none(transaksi over 180d)
      # Was there for the first time: 1 member, 8.3%. Change `90d` to make the group larger or smaller.
      newcomers:
        label: Newcomers
        when: first_seen > 90d ago
      # One value of `pelanggan_kota`: 4 members, 33.3%.
      pelanggan_kota_bandung:
        label: Bandung
        when: pelanggan_kota = 'Bandung'
    "#);
}

#[test]
fn tables_find_their_customer_through_others() {
    let directory = with_data("rules-examples/chinook/data");
    made_and_counted(&directory);
    let catalog = read(&directory, "shop/catalog.yaml");
    for line in [
        "  table: customer",
        "    subject: invoice.customer_id",
        "    time: invoice.invoice_date",
        "      invoice: invoice_id -> invoice",
        "      genre: genre_id -> genre",
        "  spend: { is: sum(total of invoice), label: Spend }",
    ] {
        assert!(
            catalog.lines().any(|found| found.split(" #").next().is_some_and(|found| found.trim_end() == line)),
            "{line}\n{catalog}"
        );
    }
}

#[test]
fn what_is_there_is_not_overwritten() {
    let directory = with_data("tests/data/messy");
    fs::create_dir(directory.path().join("shop")).unwrap();
    fs::write(directory.path().join("shop/rules.yaml"), "mine").unwrap();
    assert_snapshot!(shown(&run(&directory, &["init", "shop", "--from", "data"])), @r"
    status 2
    --- stderr
    error: `shop/rules.yaml` is there already, and is not overwritten
      help: name another directory, or move the file away
    ");
    assert_eq!(read(&directory, "shop/rules.yaml"), "mine");
    assert!(!directory.path().join("shop/catalog.yaml").exists());
}

#[test]
fn a_file_that_cannot_be_read_keeps_no_other_back() {
    let sales = "sale_id,customer_id,sold_at,amount\n1,A,2026-03-01,5.00\n2,B,2026-03-02,7.50\n3,A,2026-03-02\n4,A,2026-03-03,1.00\n";
    let directory = directory(&[("broken.parquet", "nothing of the kind"), ("sales.csv", sales)]);
    let made = run(&directory, &["init", "shop", "--from", "broken.parquet", "sales.csv"]);
    assert!(made.status.success(), "{}", shown(&made));
    assert_snapshot!(String::from_utf8(made.stderr).unwrap(), @r"
    left out: `broken.parquet` cannot be read: it breaks off, or is of another format than its ending says
    left out: 1 row of `sales` (`sales.csv`, line 4: 3 values instead of 4)
    ");
    assert!(read(&directory, "shop/catalog.yaml").contains("on_error: skip"));
    assert_eq!(status(&directory, &["eval", "shop", "--as-of", "2026-03-03"]), 0);
}

#[test]
fn nothing_is_left_behind_where_nothing_can_be_made() {
    let directory = directory(&[("broken.parquet", "nothing of the kind"), ("plain.csv", "a,b\n1,5\n1,6\n2,7\n")]);
    assert_snapshot!(shown(&run(&directory, &["init", "new/shop", "--from", "broken.parquet"])), @r"
    status 2
    --- stderr
    left out: `broken.parquet` cannot be read: it breaks off, or is of another format than its ending says
    error: none of the files can be read
      help: name files of Parquet, CSV, NDJSON or Arrow; what is wrong with each stands above
    ");
    assert_snapshot!(shown(&run(&directory, &["init", "new/shop", "--from", "plain.csv"])), @r"
    status 2
    --- stderr
    error: nothing in the data tells who the groups could be made of
      help: name the column with `--subject COLUMN`; it could be `plain.a`, `plain.b`
    ");
    assert!(!directory.path().join("new").exists());
    assert_eq!(status(&directory, &["init", "new/shop", "--from", "plain.csv", "--subject", "a"]), 0);
    assert!(read(&directory, "new/shop/catalog.yaml").contains("key: a"));
}

#[test]
fn repeated_customers_are_no_subject_table() {
    let customers = "customer_id,city\n1,Jakarta\n2,Bandung\n3,Jakarta\n3,Bandung\n4,Jakarta\n";
    let sales = "sale_id,customer_id,sold_at,amount\n1,1,2026-03-01,5.00\n2,2,2026-03-02,7.50\n3,1,2026-03-03,1.00\n";
    let directory = directory(&[("data/customers.csv", customers), ("data/sales.csv", sales)]);
    made_and_counted(&directory);
    let catalog = read(&directory, "shop/catalog.yaml");
    assert!(!catalog.contains("table: customers"), "{catalog}");
    assert!(catalog.contains("1 of them repeat a `customer_id`"), "{catalog}");
    assert!(catalog.contains("is: last(city of customers)"), "{catalog}");
}

#[test]
fn a_zone_and_a_subject_can_be_said() {
    let directory = with_data("tests/data/messy");
    let arguments = ["init", "shop", "--from", "data", "--timezone", "Asia/Jakarta", "--subject", "order"];
    assert_eq!(status(&directory, &arguments), 0);
    let catalog = read(&directory, "shop/catalog.yaml");
    assert!(catalog.contains("timezone: Asia/Jakarta") && catalog.contains("  key: order"), "{catalog}");
    assert_eq!(status(&directory, &["check", "shop"]), 0);
    assert_eq!(status(&directory, &["init", "other", "--from", "data", "--timezone", "Jakarta"]), 2);
}
