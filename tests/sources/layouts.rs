//! Files alone, by pattern, in directories and in directories that are columns; of every format.

use std::path::Path;

use datafusion::arrow::array::TimestampMillisecondArray;

use super::*;

#[tokio::test]
async fn every_format_gives_the_same_rows() {
    for (name, write) in [
        ("sales.parquet", parquet as fn(&[Row], &Path)),
        ("sales.arrow", arrow),
        ("sales.arrows", arrow_stream),
        ("sales.feather", arrow),
        ("sales.csv", |rows, path| fs::write(path, csv_text(rows)).expect("it writes")),
        ("sales.csv.gz", |rows, path| fs::write(path, gzip(&csv_text(rows))).expect("it writes")),
        ("sales.csv.zst", |rows, path| fs::write(path, zstd(&csv_text(rows))).expect("it writes")),
        ("sales.tsv", |rows, path| fs::write(path, csv_text(rows).replace(',', "\t")).expect("it writes")),
        ("sales.ndjson", |rows, path| fs::write(path, json_text(rows)).expect("it writes")),
        ("sales.jsonl.gz", |rows, path| fs::write(path, gzip(&json_text(rows))).expect("it writes")),
        ("sales.ndjson.zst", |rows, path| fs::write(path, zstd(&json_text(rows))).expect("it writes")),
    ] {
        println!("{name}");
        let shop = Shop::new(&format!("source: data/{name}"));
        write(&ROWS, &shop.path(&format!("data/{name}")));
        shop.holds_the_rows().await;
    }
}

#[tokio::test]
async fn lists_come_from_formats_that_have_them() {
    for (name, write) in [
        ("sales.parquet", parquet as fn(&[Row], &Path)),
        ("sales.arrow", arrow),
        ("sales.ndjson", |rows, path| fs::write(path, json_text(rows)).expect("it writes")),
    ] {
        let shop = Shop::new(&format!("source: {name}"));
        write(&ROWS, &shop.path(name));
        let found = shop.members("any(sales where tags contains 'gift')").await.expect("it runs");
        assert_eq!(found, ["012", "013"], "{name}");
    }
}

#[tokio::test]
async fn a_format_can_be_said() {
    let shop = Shop::new("source: export.txt\n    format: csv");
    shop.write("export.txt", csv_text(&ROWS).as_bytes());
    shop.holds_the_rows().await;
}

#[tokio::test]
async fn patterns_and_directories_hold_many_files() {
    for source in ["source: 'data/*.parquet'", "source: data", "source: 'data/**/*.parquet'", "source: 'dat?'"] {
        let shop = Shop::new(source);
        for (at, rows) in ROWS.chunks(2).enumerate() {
            parquet(rows, &shop.path(&format!("data/{at}.parquet")));
        }
        // What is hidden, or of no format, is no data.
        shop.write("data/.part.parquet", b"half").write("data/_SUCCESS", b"");
        if !source.contains("dat?") {
            shop.write("data/README", b"about");
            shop.holds_the_rows().await;
        }
    }
    let shop = Shop::new("source: data");
    shop.write("data/b/1.csv", csv_text(&ROWS[..3]).as_bytes());
    shop.write("data/a/2.csv.gz", &gzip(&csv_text(&ROWS[3..])));
    shop.holds_the_rows().await;
}

#[tokio::test]
async fn columns_may_stand_in_another_order_or_lack() {
    let shop = Shop::new("source: 'data/*.csv'");
    shop.write("data/1.csv", b"customer,at_,amount\n007,2026-03-01T09:00,12.50\n007,2026-03-01T10:00,7.55\n");
    shop.write("data/2.csv", b"at_,customer\n2026-03-01T11:00,012\n");
    shop.write("data/3.csv", b"note,amount,at_,customer\n,-3,2026-03-01T12:00,013\nx,100.00,2026-03-01T13:00,013\n");
    shop.holds_the_rows().await;
    assert_eq!(shop.members("any(sales where note = 'x')").await.expect("it runs"), ["013"]);
    let shop = Shop::new("source: 'data/*.parquet'");
    let lacking = batch(&ROWS[2..3]).project(&[1, 0]).expect("columns");
    let file = File::create(shop.path("data/1.parquet")).expect("a file");
    let mut writer = ArrowWriter::try_new(file, lacking.schema(), None).expect("a writer");
    writer.write(&lacking).expect("it writes");
    writer.close().expect("it closes");
    parquet(&ROWS[..2], &shop.path("data/2.parquet"));
    parquet(&ROWS[3..], &shop.path("data/3.parquet"));
    shop.holds_the_rows().await;
    let shop = Shop::new("source: 'data/*.ndjson'");
    shop.write("data/1.ndjson", json_text(&ROWS[..2]).as_bytes());
    shop.write("data/2.ndjson", b"{\"at_\": \"2026-03-01T11:00\", \"customer\": \"012\", \"late\": 7}\n\n");
    shop.write("data/3.ndjson", json_text(&ROWS[3..]).as_bytes());
    shop.holds_the_rows().await;
    assert_eq!(shop.members("sum(late of sales) = 7").await.expect("it runs"), ["012"]);
}

#[tokio::test]
async fn directories_can_be_columns() {
    let day = "any(sales where city = 'Kota Baru' and month = 3 and day = 2026-03-01)";
    let unknown = "any(sales where city is unknown)";
    for ending in ["parquet", "csv", "arrow", "ndjson.gz"] {
        for source in ["source: data", "source: 'data/*/*/*/*'", "source: 'data/city=*/**'"] {
            let shop = Shop::new(source);
            let here = shop.path(&format!("data/city=Kota%20Baru/month=3/day=2026-03-01/a.{ending}"));
            let there = shop.path(&format!("data/city=__HIVE_DEFAULT_PARTITION__/month=4/day=2026-03-02/b.{ending}"));
            for (rows, path) in [(&ROWS[..2], here), (&ROWS[2..], there)] {
                match ending {
                    "parquet" => parquet(rows, &path),
                    "arrow" => arrow(rows, &path),
                    "csv" => fs::write(path, csv_text(rows)).expect("it writes"),
                    _ => fs::write(path, gzip(&json_text(rows))).expect("it writes"),
                }
            }
            shop.holds_the_rows().await;
            assert_eq!(shop.members(day).await.expect("it runs"), ["007"], "{ending} {source}");
            assert_eq!(shop.members(unknown).await.expect("it runs"), ["012", "013"], "{ending} {source}");
        }
    }
}

#[tokio::test]
async fn paths_may_hold_any_sign() {
    let shop = Shop::new("source: 'Data 100% [März] & #1/a b.parquet'");
    parquet(&ROWS, &shop.path("Data 100% [März] & #1/a b.parquet"));
    shop.holds_the_rows().await;
    let shop = Shop::new("source: 'Data 100% & #1/*.csv'");
    shop.write("Data 100% & #1/ü?.csv", csv_text(&ROWS).as_bytes());
    shop.holds_the_rows().await;
}

#[tokio::test]
async fn an_address_of_this_machine_is_a_path() {
    let shop = Shop::new("source: data");
    parquet(&ROWS, &shop.path("data dir/sales.parquet"));
    let address = format!("file://{}", shop.path("data dir").display()).replace(' ', "%20");
    shop.write("catalog.yaml", catalog(&format!("source: '{address}'")).as_bytes());
    shop.holds_the_rows().await;
    shop.write("catalog.yaml", catalog(&format!("source: '{address}/*.parquet'")).as_bytes());
    shop.holds_the_rows().await;
}

/// Milliseconds beside microseconds, few digits beside many: what a file says of its least and greatest values is in
/// units of its own, and windows must not be misled by it.
#[tokio::test]
async fn files_may_differ_in_the_width_of_their_types() {
    let shop = Shop::new("source: 'data/*.parquet'");
    parquet(&ROWS[2..], &shop.path("data/1.parquet"));
    let narrow = batch(&ROWS[..2]);
    let times: TimestampMillisecondArray = ROWS[..2].iter().map(|row| Some(micros(row.1) / 1_000)).collect();
    let amounts: Decimal128Array = ROWS[..2].iter().map(|row| row.2.map(|cents| i128::from(cents) * 100)).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("customer", Arc::clone(narrow.column(0))),
        ("at_", Arc::new(times)),
        ("amount", Arc::new(amounts.with_precision_and_scale(12, 4).expect("it fits"))),
    ];
    let narrow = RecordBatch::try_from_iter(columns).expect("a batch");
    let file = File::create(shop.path("data/2.parquet")).expect("a file");
    let mut writer = ArrowWriter::try_new(file, narrow.schema(), None).expect("a writer");
    writer.write(&narrow).expect("it writes");
    writer.close().expect("it closes");
    shop.holds_the_rows().await;
    for (when, expected) in [
        ("sum(amount of sales over 31d) = 20.05", &["007"][..]),
        ("count(sales over 31d) = 2", &["007", "013"]),
        ("count(sales over 40d where amount > 10) = 1", &["007", "013"]),
    ] {
        assert_eq!(shop.members(when).await.expect("it runs"), expected, "{when}");
    }
}
