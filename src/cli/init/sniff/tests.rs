use super::*;

fn seen(text: &str) -> Sniffed {
    sniff(text.as_bytes())
}

fn numbers(values: &str) -> (char, Option<char>) {
    let rows: Vec<String> = values.split(' ').map(|value| format!("x;\"{}\"", value.replace('_', " "))).collect();
    let form = seen(&format!("name;amount\n{}\n", rows.join("\n"))).numbers;
    (form.decimal, form.thousands)
}

fn dates(values: &str) -> Vec<(String, bool, bool)> {
    let rows: Vec<String> = values.split(',').map(|value| format!("x|{value}")).collect();
    let found = seen(&format!("name|tanggal\n{}\n", rows.join("\n"))).dates;
    found.into_iter().map(|date| (date.form, date.timed, date.ambiguous)).collect()
}

#[test]
fn the_separator_cuts_every_line_alike() {
    for (text, separator) in [
        ("a,b\n1,2\n", b','),
        ("a;b;c\n1,5;2;3\n2,5;2;3\n", b';'),
        ("a\tb\n1\t2\n", b'\t'),
        ("a|b\n1,2|2\n", b'|'),
        ("name\nJakarta\n", b','),
        ("a,b\n\"x;y;z\",2\n\"x;y;z\",2\n", b','),
        ("", b','),
    ] {
        assert_eq!(seen(text).separator, separator, "{text}");
    }
}

#[test]
fn numbers_are_read_as_most_columns_want_it() {
    assert_eq!(numbers("1.5 20 -3"), ('.', None));
    assert_eq!(numbers("1,5 20"), (',', None));
    assert_eq!(numbers("1.250.000,50 7,5"), (',', Some('.')));
    assert_eq!(numbers("1,250,000.50 7.5"), ('.', Some(',')));
    assert_eq!(numbers("1_250,50 7,5"), (',', Some(' ')));
    assert_eq!(numbers("Jakarta Bandung"), ('.', None));
    // A semicolon between values, and never anything but three digits behind the point.
    assert_eq!(numbers("150.000 7.500 20.000 1.000 2.000"), (',', Some('.')));
    assert_eq!(numbers("150.000 7.5 20.000 1.000 2.000"), ('.', None));
}

#[test]
fn dates_that_are_not_iso_are_found() {
    assert_eq!(dates("31/12/2025,01/02/2026"), [("%d/%m/%Y".to_owned(), false, false)]);
    assert_eq!(dates("12/31/2025,01/02/2026"), [("%m/%d/%Y".to_owned(), false, false)]);
    assert_eq!(dates("31.12.2025 10:15"), [("%d.%m.%Y %H:%M".to_owned(), true, false)]);
    assert_eq!(dates("05 Mar 2026"), [("%d %b %Y".to_owned(), false, false)]);
    assert_eq!(dates("1767225600,1767229200"), [("unix".to_owned(), true, false)]);
    assert_eq!(dates("1767225600000"), [("unix_ms".to_owned(), true, false)]);
    assert_eq!(dates("2026-03-31,2026-04-01"), []);
    assert_eq!(dates("Jakarta"), []);
    assert_eq!(dates("31/02/2026"), []);
}

#[test]
fn one_column_settles_the_order_of_day_and_month() {
    let found = seen("name|ordered|shipped\nx|03/04/2026|12/31/2026\n").dates;
    let forms: Vec<&str> = found.iter().map(|date| date.form.as_str()).collect();
    assert_eq!(forms, ["%m/%d/%Y", "%m/%d/%Y"]);
    assert!(found[0].ambiguous && !found[1].ambiguous);
    let european = seen("name;ordered\nx;03/04/2026\n").dates;
    assert_eq!(european[0].form, "%d/%m/%Y");
}

#[test]
fn words_for_unknown_are_found_where_they_can_be_nothing_else() {
    let found = seen("city,amount,note\nJakarta,5,-\nNA,NA,NULL\nBandung,-,x\n");
    assert_eq!(found.nulls, ["NA", "-", "NULL"]);
    assert_eq!(seen("city,note\nNA,-\nBandung,x\n").nulls, Vec::<String>::new());
}

#[test]
fn a_file_without_a_line_of_names_gets_names() {
    assert_eq!(
        seen("17,31/12/2025,5\n18,31/12/2025,6\n").columns.map(|names| names.join(" ")).as_deref(),
        Some("column_1 column_2 column_3")
    );
    assert_eq!(seen("id,2024,city\n17,5,Jakarta\n").columns, None);
}

#[test]
fn a_value_that_spoils_a_column_of_numbers_is_told() {
    let numbers: String = (1..20).map(|number| format!("x,{number}.50\n")).collect();
    let found = seen(&format!("name,price\n{numbers}x,abc\n")).mixed;
    assert_eq!(found, [("price".to_owned(), "abc".to_owned())]);
    assert_eq!(seen("name,price\nx,1\ny,abc\n").mixed, []);
}
