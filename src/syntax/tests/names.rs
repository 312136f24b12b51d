//! Names and paths on their own, as in the keys of a catalogue.

use insta::assert_snapshot;

use super::{describe, text};
use crate::syntax::{parse_name, parse_path};

fn names(sources: &[&str]) -> String {
    let mut lines = Vec::new();
    for source in sources {
        let mut found = Vec::new();
        let name = parse_name(&text(source), &mut found);
        lines.push(format!("{source} => {}", name.map_or("none".to_owned(), |name| name.text)));
        lines.extend(found.iter().map(|one| format!("  {}", describe(source, one))));
    }
    lines.join("\n")
}

#[test]
fn names_are_identifiers_or_stand_in_backticks() {
    assert_snapshot!(names(&[
        "big_spenders", " padded ", "größe", "`Jumlah Beli`", "`over`", "InvoiceNo", "last", "Big Spenders 2026", "over",
        "Today", "2nd", "a.b", "a-b", "", "`", "`a",
    ]), @r#"
    big_spenders => big_spenders
     padded  => padded
    größe => größe
    `Jumlah Beli` => Jumlah Beli
    `over` => over
    InvoiceNo => InvoiceNo
    last => last
    Big Spenders 2026 => none
      K304 0..17 a name such as `big_spenders` is expected, found `Big Spenders 2026` | a name is made of letters, digits and `_` and starts with no digit; anything else stands in backticks | write `big_spenders_2026`, say
    over => none
      K212 0..4 `over` is a word of the language and cannot be a name by itself | choose another name, or put it in backticks here and wherever it is used
    Today => none
      K212 0..5 `Today` is a word of the language and cannot be a name by itself | choose another name, or put it in backticks here and wherever it is used
    2nd => none
      K304 0..3 a name such as `big_spenders` is expected, found `2nd` | a name is made of letters, digits and `_` and starts with no digit; anything else stands in backticks
    a.b => none
      K304 0..3 a name such as `big_spenders` is expected, found `a.b` | a name is made of letters, digits and `_` and starts with no digit; anything else stands in backticks | write `a_b`, say
    a-b => none
      K304 0..3 a name such as `big_spenders` is expected, found `a-b` | a name is made of letters, digits and `_` and starts with no digit; anything else stands in backticks | write `a_b`, say
     => none
      K304 0..0 a name such as `big_spenders` is expected, found nothing
    ` => none
      K304 0..1 a name such as `big_spenders` is expected, found `` | a name is made of letters, digits and `_` and starts with no digit; anything else stands in backticks
    `a => none
      K304 0..2 a name such as `big_spenders` is expected, found `a` | a name is made of letters, digits and `_` and starts with no digit; anything else stands in backticks
    "#);
}

#[test]
fn paths_are_names_and_dots() {
    let read = |source: &str| {
        let mut found = Vec::new();
        let path = parse_path(&text(source), &mut found);
        let parts = path.map(|path| path.parts.iter().map(|part| part.text.clone()).collect::<Vec<_>>());
        (parts, found.iter().map(|one| one.code.id()).collect::<Vec<_>>())
    };
    assert_eq!(read("store.city"), (Some(vec!["store".to_owned(), "city".to_owned()]), vec![]));
    assert_eq!(read("`a.b`.c").0, Some(vec!["a.b".to_owned(), "c".to_owned()]));
    assert_eq!(read("a..b"), (None, vec!["K304"]));
    assert_eq!(read("a.per"), (None, vec!["K212"]));
}
