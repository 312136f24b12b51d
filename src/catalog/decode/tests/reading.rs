//! `reading:` and `on_error:`: what they mean, and every message about them.

use insta::assert_snapshot;

use super::{read, sound};
use crate::catalog::model::{FileFormat, OnError, Reading, SourceTable, TableKind, TimeForm};
use crate::diagnostic::Diagnostic;
use crate::source::Sources;
use crate::source::yaml::{self, tests::render};

/// A catalogue of one table, `t`, whose keys are given.
fn catalogue(keys: &[&str]) -> String {
    let head = "kohort: 1\nsubject: { name: customer, key: id }\ntables:\n  t:\n";
    keys.iter().fold(head.to_owned(), |text, key| format!("{text}    {}\n", key.replace('\n', "\n    ")))
}

pub(super) fn csv(reading: &str) -> String {
    catalogue(&["source: a.csv", &format!("reading: {reading}")])
}

#[track_caller]
fn table(text: &str) -> SourceTable {
    match sound(text).tables.into_iter().next().map(|table| table.kind) {
        Some(TableKind::Source(table)) => table,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
pub(super) fn reading(text: &str) -> Reading {
    table(&csv(text)).reading
}

/// What is said of a catalogue, after seeing that each fix removes what it is offered for.
pub(super) fn said(text: &str) -> String {
    let found = |text: &str| {
        let mut out: Vec<Diagnostic> = Vec::new();
        let mut sources = Sources::new();
        let file = sources.add("catalog.yaml", text);
        yaml::parse(file, text, &mut out).and_then(|node| super::decode(&node, &mut out));
        (sources, out)
    };
    let (sources, out) = found(text);
    for finding in out.iter().filter(|finding| finding.fix.is_some()) {
        let mut fixed = text.to_owned();
        for (span, new) in &finding.fix.as_ref().unwrap().edits {
            fixed.replace_range(span.range(), new);
        }
        let after = found(&fixed).1;
        assert!(after.len() < out.len(), "{}\n{fixed}\n{after:?}", render(&sources, finding));
    }
    read(text).1
}

/// What is said of each text by itself, under it.
pub(super) fn survey(texts: &[&str], catalogue: impl Fn(&str) -> String) -> String {
    let one = |text: &&str| {
        let said = said(&catalogue(text));
        assert!(!said.is_empty(), "nothing is said of {text}");
        let said: Vec<&str> = said.lines().map(|line| line.split_once(' ').map_or(line, |(_, rest)| rest)).collect();
        format!("{text}\n    {}", said.join("\n    "))
    };
    texts.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_whole_of_it() {
    let table = table(&catalogue(&[
        "source: data/sales-*.csv.gz",
        "reading:",
        "  separator: ';'",
        "  quote: \"'\"",
        "  escape: '\\'",
        "  header: false",
        "  columns: [a, Der Name, no, '3']",
        "  decimal: ','",
        "  thousands: '.'",
        "  nulls: ['', NULL, ~, n/a, 00, no]",
        "  times: ['%d.%m.%Y %H:%M', unix_ms]",
        "on_error: skip",
    ]));
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    let expected = Reading {
        separator: Some(b';'),
        quote: Some(b'\''),
        escape: Some(b'\\'),
        columns: words(&["a", "Der Name", "no", "3"]),
        decimal: ',',
        thousands: Some('.'),
        nulls: words(&["", "NULL", "~", "n/a", "00", "no"]),
        times: vec![TimeForm::Pattern("%d.%m.%Y %H:%M".to_owned()), TimeForm::UnixMillis],
    };
    assert_eq!(table.reading, expected);
    assert_eq!(table.on_error, OnError::Skip);
}

#[test]
fn what_is_not_said_is_the_usual() {
    let plain = table(&catalogue(&["source: a.csv"]));
    assert_eq!((plain.reading, plain.on_error), (Reading::default(), OnError::Stop));
    let stop = table(&catalogue(&["source: a.csv", "reading: {}", "on_error: stop"]));
    assert_eq!((stop.reading, stop.on_error), (Reading::default(), OnError::Stop));
    assert_eq!(reading("{ header: true, thousands: none, escape: none, decimal: '.' }"), Reading::default());
}

#[test]
fn signs_by_name_and_signs_that_are_hard_to_see() {
    assert_eq!(reading("{ separator: tab }").separator, Some(b'\t'));
    assert_eq!(reading("{ separator: \"\\t\" }").separator, Some(b'\t'));
    assert_eq!(reading("{ separator: \"\\x01\" }").separator, Some(1));
    assert_eq!(reading("{ separator: space }").separator, Some(b' '));
    assert_eq!(reading("{ separator: '|', quote: none }").quote, None);
    assert_eq!(reading("{ separator: ';', decimal: comma, thousands: point }").thousands, Some('.'));
    assert_eq!(reading("{ thousands: space }").thousands, Some(' '));
    assert_eq!(reading("{ thousands: \"\\u00a0\" }").thousands, Some('\u{a0}'));
    assert_eq!(reading("{ thousands: \u{202f} }").thousands, Some('\u{202f}'));
    assert_eq!(reading("{ thousands: \"'\" }").thousands, Some('\''));
}

#[test]
fn quoted_numbers_may_hold_the_separator() {
    assert_eq!(reading("{ thousands: ',' }").thousands, Some(','));
    assert_eq!(reading("{ decimal: ',' }").decimal, ',');
    let lines = table(&catalogue(&["source: a.ndjson", "reading: { decimal: ',', thousands: '.' }"]));
    assert_eq!((lines.reading.decimal, lines.reading.thousands), (',', Some('.')));
}

#[test]
fn texts_for_unknown_are_what_is_written() {
    let words = |text: &str| reading(text).nulls.unwrap();
    assert_eq!(words("{ nulls: NULL }"), ["NULL"]);
    assert_eq!(words("{ nulls: '' }"), [""]);
    assert_eq!(words("{ nulls: [] }"), [""; 0]);
    assert_eq!(words("{ nulls: [NaN, nan, NaN, -inf] }"), ["NaN", "nan", "-inf"]);
    let parquet = table(&catalogue(&["source: a.parquet", "reading: { nulls: [NaN], times: unix }"]));
    assert_eq!(parquet.reading.nulls, Some(vec!["NaN".to_owned()]));
    assert_eq!(parquet.reading.times, [TimeForm::UnixSeconds]);
}

#[test]
fn separators_quotes_and_escapes_of_another_kind() {
    let found = survey(
        &[
            "{ separator: '||' }",
            "{ separator: '\\t' }",
            "{ separator: comma }",
            "{ separator: semicolon }",
            "{ separator: x }",
            "{ separator: '1' }",
            "{ separator: '.' }",
            "{ separator: '\"' }",
            "{ separator: '§' }",
            "{ separator: '' }",
            "{ separator: '\\' }",
            "{ separator: }",
            "{ separator: [';'] }",
            "\n  separator: |",
            "{ quote: double }",
            "{ quote: '' }",
            "{ quote: \"''\" }",
            "{ quote: false }",
            "{ quote: q }",
            "{ quote: ',' }",
            "{ separator: '|', quote: '|' }",
            "{ escape: '\\\\' }",
            "{ escape: '\"' }",
            "{ escape: ',' }",
            "{ escape: '\\', quote: none }",
            "{ escape: backslash }",
        ],
        csv,
    );
    assert_snapshot!(found, @r#"
    { separator: '||' }
        6:27 `||` is 2 signs, and a separator is one | write one ASCII sign that numbers and words are not made of, in quotes (`','`, `';'`, `'|'`), or the word `tab`
    { separator: '\t' }
        6:27 `\t` is 2 signs, and a separator is one | fix: '\t' => tab
    { separator: comma }
        6:27 `comma` is not a separator | fix: comma => ','
    { separator: semicolon }
        6:27 `semicolon` is not a separator | fix: semicolon => ';'
    { separator: x }
        6:27 `x` cannot be a separator | write one ASCII sign that numbers and words are not made of, in quotes (`','`, `';'`, `'|'`), or the word `tab`
    { separator: '1' }
        6:27 `1` cannot be a separator | write one ASCII sign that numbers and words are not made of, in quotes (`','`, `';'`, `'|'`), or the word `tab`
    { separator: '.' }
        6:27 `.` cannot be a separator | write one ASCII sign that numbers and words are not made of, in quotes (`','`, `';'`, `'|'`), or the word `tab`
    { separator: '"' }
        6:27 `"` cannot be a separator | write one ASCII sign that numbers and words are not made of, in quotes (`','`, `';'`, `'|'`), or the word `tab`
    { separator: '§' }
        6:27 `§` cannot be a separator | write one ASCII sign that numbers and words are not made of, in quotes (`','`, `';'`, `'|'`), or the word `tab`
    { separator: '' }
        6:27 `separator` is empty | write one ASCII sign that numbers and words are not made of, in quotes (`','`, `';'`, `'|'`), or the word `tab`
    { separator: '\' }
        6:27 `\` cannot be a separator | write one ASCII sign that numbers and words are not made of, in quotes (`','`, `';'`, `'|'`), or the word `tab`
    { separator: }
        6:16 `separator` has no value | write one, or remove the key; put it in quotes if the word itself is meant
    { separator: [';'] }
        6:28 `separator` must be text, found a list | remove the `[ ]` or `-`; put text that begins with `[` in quotes

      separator: |
        7:18 `|` without quotes begins a block of text in YAML | write `separator: '|'`
    { quote: double }
        6:23 `double` is not a quote | fix: double => '"'
    { quote: '' }
        6:23 `quote` is empty | fix: '' => none
    { quote: "''" }
        6:23 `''` is 2 signs, and a quote is one | write one sign in quotes (`'"'`, `"'"`), or `none`
    { quote: false }
        6:23 `false` is not a quote | fix: false => none
    { quote: q }
        6:23 `q` cannot be a quote | write one sign in quotes (`'"'`, `"'"`), or `none`
    { quote: ',' }
        6:23 `,` cannot both separate values and stand around them | say another `separator:` or `quote:`
    { separator: '|', quote: '|' }
        6:39 `|` cannot both separate values and stand around them | say another `separator:` or `quote:`
    { escape: '\\' }
        6:24 `\\` is 2 signs, and an escape sign is one | fix: '\\' => '\'
    { escape: '"' }
        6:24 a quote inside a value is doubled without being told so | fix: '"' => none
    { escape: ',' }
        6:24 `,` cannot both separate values and stand before quotes | say another `separator:`, or remove `escape:`
    { escape: '\', quote: none }
        6:24 `escape` means nothing where there are no quotes | remove `escape:`, or say the `quote:` sign
    { escape: backslash }
        6:24 `backslash` is not an escape sign | fix: backslash => '\'
    "#);
}

#[test]
fn signs_in_numbers_of_another_kind() {
    let found = survey(
        &[
            "{ decimal: ';' }",
            "{ decimal: dot }",
            "{ decimal: 2 }",
            "{ decimal: ',.' }",
            "{ thousands: '.' }",
            "{ decimal: ',', thousands: comma }",
            "{ thousands: '-' }",
            "{ thousands: true }",
            "{ thousands: ',', quote: none }",
            "{ decimal: ',', quote: none }",
        ],
        csv,
    );
    assert_snapshot!(found, @r#"
    { decimal: ';' }
        6:25 `;` cannot be a decimal sign | it is `'.'` or `','` (in words `point` or `comma`)
    { decimal: dot }
        6:25 `dot` is not a decimal sign | fix: dot => point
    { decimal: 2 }
        6:25 `2` cannot be a decimal sign | it is `'.'` or `','` (in words `point` or `comma`) | how many digits follow it is said by the type: `types: { amount: decimal(2) }`
    { decimal: ',.' }
        6:25 `,.` is 2 signs, and a decimal sign is one | it is `'.'` or `','` (in words `point` or `comma`)
    { thousands: '.' }
        6:27 `.` cannot be the thousands sign: it is the decimal point | if numbers are written as in `1.234,50`, say `decimal: ','` as well
    { decimal: ',', thousands: comma }
        6:41 `,` cannot be the thousands sign: it is the decimal point | remove `thousands:` if nothing stands between the thousands
    { thousands: '-' }
        6:27 `-` cannot be a thousands sign | it is one of `'.'`, `','`, `"'"`, `_`, `space`, a no-break space, or `none`
    { thousands: true }
        6:27 `true` is not a thousands sign | it is one of `'.'`, `','`, `"'"`, `_`, `space`, a no-break space, or `none`
    { thousands: ',', quote: none }
        6:27 `,` cannot stand in numbers: it separates values, and nothing quotes them | say another `separator:`, or the `quote:` sign
    { decimal: ',', quote: none }
        6:25 `,` cannot stand in numbers: it separates values, and nothing quotes them | say another `separator:`, or the `quote:` sign
    "#);
}

#[test]
fn names_of_columns_from_two_places_or_none() {
    let found = survey(
        &[
            "{ header: false }",
            "{ columns: [a, b] }",
            "{ header: true, columns: [a, b] }",
            "{ header: no, columns: [a, b] }",
            "{ header: 2 }",
            "{ header: false, columns: a }",
            "{ header: false, columns: [] }",
            "{ header: false, columns: [a, b, a] }",
            "{ header: false, columns: [a, ''] }",
            "{ header: false, columns: [a, ~] }",
            "{ header: false, columns: }",
            "{ header: false, column_names: [a] }",
        ],
        csv,
    );
    assert_snapshot!(found, @"
    { header: false }
        6:16 `reading` lacks the key `columns` | say the names in their order: `columns: [customer_id, city]`
    { columns: [a, b] }
        6:25 `columns` names the columns, and so does the first line of the files | if the first line is data already, say `header: false` | if columns are to have other names, say so in the table: `rename: { city: 'Their Name' }`
    { header: true, columns: [a, b] }
        6:39 `columns` names the columns, and so does the first line of the files [said here: `true`] | if the first line is data already, say `header: false` | if columns are to have other names, say so in the table: `rename: { city: 'Their Name' }`
    { header: no, columns: [a, b] }
        6:24 `no` is not `true` or `false` | fix: no => false
    { header: 2 }
        6:24 `2` is not `true` or `false` | write one of `true`, `false`
    { header: false, columns: a }
        6:40 `columns` must be a list, found text | write `[a, b]`, or one item a line after `- `
    { header: false, columns: [] }
        6:40 `columns` is an empty list | say the names in their order: `columns: [customer_id, city]`
    { header: false, columns: [a, b, a] }
        6:47 two columns are named `a` | give one of them another name
    { header: false, columns: [a, ''] }
        6:44 a column has no name | name every column of the files
    { header: false, columns: [a, ~] }
        6:44 an item of `columns` has no value | write one, or remove the key; put it in quotes if the word itself is meant
    { header: false, columns: }
        6:31 `columns` has no value | write one, or remove the key; put it in quotes if the word itself is meant
    { header: false, column_names: [a] }
        6:31 unknown key `column_names` in `reading` | fix: column_names => columns
    ");
}

#[test]
fn texts_for_unknown_of_another_shape() {
    let found = survey(
        &["\n  nulls:", "\n  nulls:\n  - NULL\n  -", "{ nulls: { a: b } }", "{ nulls: [[a], b] }", "{ nulls: }"],
        csv,
    );
    assert_snapshot!(found, @"

      nulls:
        7:7 `nulls` has no value | write one, or remove the key; put it in quotes if the word itself is meant | for the empty text write `''`

      nulls:
      - NULL
      -
        9:8 an item of `nulls` has no value | write one, or remove the key; put it in quotes if the word itself is meant | for the empty text write `''`
    { nulls: { a: b } }
        6:25 `nulls` must be a list, found keys with values | write `[a, b]`, or one item a line after `- `
    { nulls: [[a], b] }
        6:25 an item of `nulls` must be text, found a list | remove the `[ ]` or `-`; put text that begins with `[` in quotes
    { nulls: }
        6:16 `nulls` has no value | write one, or remove the key; put it in quotes if the word itself is meant | for the empty text write `''`
    ");
}

#[test]
fn words_without_a_use_for_the_files() {
    let words = "reading: { separator: ';', decimal: 'x', nulls: [NaN] }";
    let found = survey(
        &["source: a.parquet", "source: a/*.feather", "source: a.JSONL.gz", "format: arrow", "subject: id"],
        |key| catalogue(&[key, words]),
    );
    assert_snapshot!(found, @"
    source: a.parquet
        6:16 `separator`, `decimal` mean nothing here: `a.parquet` is Parquet | remove them: such words are for CSV and NDJSON | if the files are written otherwise, say it: `format: csv`
    source: a/*.feather
        6:16 `separator`, `decimal` mean nothing here: `a/*.feather` is Arrow | remove them: such words are for CSV and NDJSON | if the files are written otherwise, say it: `format: csv`
    source: a.JSONL.gz
        6:16 `separator` means nothing here: `a.JSONL.gz` is NDJSON | remove it: such words are for CSV | if the files are written otherwise, say it: `format: csv`
    format: arrow
        6:16 `separator`, `decimal` mean nothing here: `format:` says Arrow | remove them: such words are for CSV and NDJSON | if the files are written otherwise, say it: `format: csv`
    subject: id
        6:16 `separator`, `decimal` mean nothing here: the table has no `source:` | remove them: such words are for CSV and NDJSON
    ");
    assert_snapshot!(said(&catalogue(&["source: a.parquet", "reading: { header: true }"])), @"K104 6:16 `header` means nothing here: `a.parquet` is Parquet | remove it: such words are for CSV | if the files are written otherwise, say it: `format: csv`");
    assert_snapshot!(said(&catalogue(&["source: a.pq", "reading: { thousands: ',' }"])), @"K104 6:16 `thousands` means nothing here: `a.pq` is Parquet | remove it: such words are for CSV and NDJSON | if the files are written otherwise, say it: `format: csv`");
    assert_eq!(said(&catalogue(&["source: a.parquet", "format: csv", "reading: { header: true }"])), "");
    assert_eq!(said(&catalogue(&["source: data/", "reading: { header: true }"])), "");
}

#[test]
fn words_in_the_wrong_place() {
    let found = survey(
        &[
            "separator: ';'",
            "delimiter: ';'",
            "sep: ';'",
            "date_format: '%d.%m.%Y'",
            "na_values: [NA]",
            "nulls: [NA]",
            "header: false",
            "columns: [a, b]",
            "encoding: latin1",
            "reading: { delimiter: ';' }",
            "reading: { date_format: '%d.%m.%Y' }",
            "reading: { separatr: ';' }",
            "reading: { on_error: skip }",
            "reading: { encoding: latin1 }",
            "reading: { colour: red }",
            "reading: csv",
            "reading: [a]",
            "raeding: {}",
        ],
        |key| catalogue(&["source: a.csv", key]),
    );
    assert_snapshot!(found, @"
    separator: ';'
        6:5 unknown key `separator` in table `t` | it stands under `reading:`: `reading: { separator: … }`
    delimiter: ';'
        6:5 unknown key `delimiter` in table `t` | it stands under `reading:`: `reading: { separator: … }`
    sep: ';'
        6:5 unknown key `sep` in table `t` | it stands under `reading:`: `reading: { separator: … }`
    date_format: '%d.%m.%Y'
        6:5 unknown key `date_format` in table `t` | it stands under `reading:`: `reading: { times: … }`
    na_values: [NA]
        6:5 unknown key `na_values` in table `t` | it stands under `reading:`: `reading: { nulls: … }`
    nulls: [NA]
        6:5 unknown key `nulls` in table `t` | it stands under `reading:`: `reading: { nulls: … }`
    header: false
        6:5 unknown key `header` in table `t` | it stands under `reading:`: `reading: { header: … }`
    columns: [a, b]
        6:5 unknown key `columns` in table `t` | only a table made from another (`from:`) has it; the names for a file without a line of names stand under `reading:`, beside `header: false`
    encoding: latin1
        6:5 unknown key `encoding` in table `t` | files are read as UTF-8: convert them first, for example by `iconv`; remove the key
    reading: { delimiter: ';' }
        6:16 unknown key `delimiter` in `reading` | fix: delimiter => separator
    reading: { date_format: '%d.%m.%Y' }
        6:16 unknown key `date_format` in `reading` | fix: date_format => times
    reading: { separatr: ';' }
        6:16 unknown key `separatr` in `reading` | fix: separatr => separator
    reading: { on_error: skip }
        6:16 unknown key `on_error` in `reading` | it stands beside `reading:`, not in it: indent it less
    reading: { encoding: latin1 }
        6:16 unknown key `encoding` in `reading` | files are read as UTF-8: convert them first, for example by `iconv`; remove the key
    reading: { colour: red }
        6:16 unknown key `colour` in `reading` | the keys here are `separator`, `quote`, `escape`, `header`, `columns`, `decimal`, `thousands`, `nulls`, `times`
    reading: csv
        6:14 `reading` must be keys with values, found text | write `key: value` pairs, one a line and indented
    reading: [a]
        6:15 `reading` must be keys with values, found a list | write `key: value` pairs, one a line and indented
    raeding: {}
        6:5 unknown key `raeding` in table `t` | fix: raeding => reading
    ");
    let derived = |key: &str| catalogue(&["from: b", key]);
    assert_snapshot!(survey(&["reading: { nulls: NA }", "on_error: skip"], derived), @"
    reading: { nulls: NA }
        6:5 unknown key `reading` in table `t` | a table made from another (`from:`) has no rows of its own; keep one of the two
    on_error: skip
        6:5 unknown key `on_error` in table `t` | a table made from another (`from:`) has no rows of its own; keep one of the two
    ");
}

#[test]
fn rows_that_cannot_be_read() {
    let found = survey(&["ignore", "fail", "skp", "true", "", "[skip]"], |word| {
        catalogue(&["source: a.csv", &format!("on_error: {word}")])
    });
    assert_snapshot!(found, @"
    ignore
        6:15 `ignore` is not a way to treat rows that cannot be read | fix: ignore => skip
    fail
        6:15 `fail` is not a way to treat rows that cannot be read | fix: fail => stop
    skp
        6:15 `skp` is not a way to treat rows that cannot be read | fix: skp => skip
    true
        6:15 `true` is not a way to treat rows that cannot be read | write one of `stop`, `skip`

        6:5 `on_error` has no value | write one, or remove the key; put it in quotes if the word itself is meant
    [skip]
        6:16 `on_error` must be text, found a list | remove the `[ ]` or `-`; put text that begins with `[` in quotes
    ");
}

#[test]
fn endings() {
    let formats = |paths: &[&str]| paths.iter().map(|path| FileFormat::of_path(path)).collect::<Vec<_>>();
    assert_eq!(formats(&["a.parquet", "b/*.PQ", "https://x/a.pq"]), [Some(FileFormat::Parquet); 3]);
    assert_eq!(formats(&["a.csv", "a.tsv", "**/*.csv.gz", "a.b.tsv.zst"]), [Some(FileFormat::Csv); 4]);
    assert_eq!(formats(&["a.ndjson", "a.jsonl.gz", "A.JSON.ZSTD"]), [Some(FileFormat::Ndjson); 3]);
    assert_eq!(formats(&["a.arrow", "a.ipc", "a.feather"]), [Some(FileFormat::Arrow); 3]);
    let tabs = ["a.tsv", "b/*.TSV.gz", "a.tsv.csv", "tsv"].map(FileFormat::is_tsv);
    assert_eq!(tabs, [true, true, false, false]);
    assert_eq!(formats(&["a", "dir/", "a.csv/", "a.parquet.gz", "a.gz", "a.txt", "csv", "v1.csv/data"]), [None; 8]);
}

#[test]
fn tabs_separate_the_values_of_tsv() {
    let tsv = |reading: &str| said(&catalogue(&["source: a.tsv.gz", &format!("reading: {reading}")]));
    assert_eq!(tsv("{ quote: none, decimal: ',' }"), "");
    assert_snapshot!(tsv("{ separator: ',', quote: none, decimal: ',' }"), @"K111 6:54 `,` cannot stand in numbers: it separates values, and nothing quotes them | say another `separator:`, or the `quote:` sign");
}
