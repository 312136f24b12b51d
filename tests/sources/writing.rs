//! Values written in other ways, as `reading:` says.

use super::*;

#[tokio::test]
async fn an_export_of_a_spreadsheet_in_another_country() {
    let shop = Shop::new(
        "source: sales.csv\n    reading: { separator: ';', decimal: ',', thousands: '.', times: '%d.%m.%Y %H:%M', nulls: ['', '-'] }",
    );
    let rows = "customer;at_;amount\n007;01.03.2026 09:00;12,50\n007;01.03.2026 10:00;\"7,55\"\n012;01.03.2026 11:00;-\n013;01.03.2026 12:00;-3\n013;01.03.2026 13:00;100,00\n";
    shop.write("sales.csv", format!("\u{feff}{}", rows.replace('\n', "\r\n")).as_bytes());
    shop.holds_the_rows().await;
    shop.write("sales.csv", rows.replace("100,00", "1.100,00").as_bytes());
    assert_eq!(shop.members("sum(amount of sales) = 1097").await.expect("it runs"), ["013"]);
}

#[tokio::test]
async fn files_without_a_header() {
    let shop = Shop::new("source: sales.csv\n    reading: { header: false, columns: [customer, at_, amount] }");
    let text = csv_text(&ROWS);
    shop.write("sales.csv", text.split_once('\n').expect("lines").1.as_bytes());
    shop.holds_the_rows().await;
}

#[tokio::test]
async fn quotes_and_escapes() {
    let rows = "customer,at_,amount,note\n'007',2026-03-01T09:00,12.50,'it\\'s, a\nnote'\n";
    let shop = Shop::new("source: sales.csv\n    reading: { quote: \"'\", escape: '\\' }");
    shop.write("sales.csv", rows.as_bytes());
    let when = "any(sales where note contains \"it's, a\") and sum(amount of sales) = 12.5";
    assert_eq!(shop.members(when).await.expect("it runs"), ["007"]);
    let shop = Shop::new("source: sales.csv\n    reading: { quote: none }");
    shop.write("sales.csv", b"customer,at_,amount,note\n007,2026-03-01T09:00,12.50,27\" screen\n");
    assert_eq!(shop.members("any(sales where note = '27\" screen')").await.expect("it runs"), ["007"]);
}

#[tokio::test]
async fn times_can_be_numbers() {
    let shop = Shop::new("source: sales.ndjson\n    types: { at_: timestamp }\n    reading: { times: unix_ms }");
    let row = |row: &Row| {
        let amount = row.2.map_or("null".to_owned(), |cents| format!("{}e-2", cents));
        format!("{{\"customer\": \"{}\", \"at_\": {}, \"amount\": {amount}}}\n", row.0, micros(row.1) / 1000)
    };
    shop.write("sales.ndjson", ROWS.iter().map(row).collect::<String>().as_bytes());
    shop.holds_the_rows().await;
}

#[tokio::test]
async fn zoneless_times_are_of_the_tables_zone() {
    let shop = Shop::new("source: sales.csv\n    timezone: Asia/Jakarta");
    shop.write("sales.csv", b"customer,at_,amount\n007,2026-03-01T16:00,1\n012,2026-03-01T16:00Z,1\n");
    assert_eq!(shop.members("any(sales where at_ = 2026-03-01T09:00+00:00)").await.expect("it runs"), ["007"]);
    assert_eq!(shop.members("any(sales where at_ = 2026-03-01T16:00+00:00)").await.expect("it runs"), ["012"]);
}

#[tokio::test]
async fn keys_keep_what_they_are() {
    let shop = Shop::new("source: sales.csv");
    shop.write("sales.csv", b"customer,at_,sku\n00017,2026-03-01T09:00,1e3\n17,2026-03-01T09:00,5\n");
    assert_eq!(shop.members("count(sales) = 1").await.expect("it runs"), ["00017", "17"]);
    assert_eq!(shop.members("any(sales where sku = '1e3')").await.expect("it runs"), ["00017"]);
}

#[tokio::test]
async fn text_in_columns_of_parquet_is_read_in_the_same_ways() {
    let shop = Shop::new(
        "source: sales.parquet\n    types: { at_: timestamp, amount: decimal(2) }\n    reading: { times: '%d.%m.%Y %H:%M', nulls: [NULL] }",
    );
    let text = |values: &[&str]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
    let columns = [
        ("customer", text(&["007", "012"])),
        ("at_", text(&["01.03.2026 09:00", "2026-03-01T10:00"])),
        ("amount", text(&["12.50", "NULL"])),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let file = File::create(shop.path("sales.parquet")).expect("a file");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("it writes");
    writer.close().expect("it closes");
    assert_eq!(shop.members("sum(amount of sales) = 12.5").await.expect("it runs"), ["007"]);
    assert_eq!(shop.members("any(sales where amount is unknown)").await.expect("it runs"), ["012"]);
}

#[tokio::test]
async fn a_long_file_is_read_in_batches() {
    let shop = Shop::new("source: sales.csv");
    let rows: String = (0..100_000).map(|at| format!("{},2026-03-01T09:00,{}.5,\"a\nb\"\n", at % 7, at)).collect();
    shop.write("sales.csv", format!("customer,at_,amount,note\n{rows}").as_bytes());
    let sum = (0..100_000_u64).filter(|at| at % 7 == 3).map(|at| at * 10 + 5).sum::<u64>();
    let when = format!("sum(amount of sales) = {}.{}", sum / 10, sum % 10);
    assert_eq!(shop.members(&when).await.expect("it runs"), ["3"]);
}
