//! Whatever comes: no panic, no hang, and nothing unreadable without a word.

use proptest::prelude::*;

use super::{parse, text};
use crate::source::{FileId, ScalarStyle, Span, Text};
use crate::syntax::ast::ExprKind;
use crate::syntax::{parse_expression, parse_name, parse_path, print};

const SOUP: &[&str] = &[
    "and",
    "or",
    "not",
    "in",
    "is",
    "over",
    "where",
    "of",
    "between",
    "(",
    ")",
    "[",
    "]",
    ",",
    "=",
    "<",
    ">=",
    "!",
    "==",
    "&&",
    "+",
    "-",
    "*",
    "/",
    "'",
    "\"",
    "`",
    "‘",
    "’",
    "a",
    "spend_90d",
    "x.y",
    "1",
    "1.000.000",
    "1,5",
    "90d",
    "90",
    "12m",
    "2026-3-1",
    "2026-01-01",
    "sum(",
    "count(",
    "any(",
    "every(",
    "have",
    "percentile(90,",
    "quintile(",
    "sequence(",
    "then",
    "never",
    "as",
    "within 30d",
    "->",
    "top",
    "top 10%",
    "bottom 5 by",
    "top 1 by a",
    "by",
    "among (",
    "per x",
    "ntile(5,",
    "score(",
    "sample(10%",
    "percentile(",
    "percentile(90, a among (",
    "quartile(",
    "row_number() over (",
    "partition by",
    "order",
    "limit",
    "desc",
    "the",
    "highest",
    "customers",
    "each",
    "10%",
    "percent",
    "per",
    "among",
    "dan",
    "tidak",
    "Rp",
    "hari",
    "last",
    "previous",
    "month",
    "ago",
    "to",
    "since",
    "ending",
    "null",
    "known",
    "within",
    "next",
    "contains",
    "any of (",
    "ignoring",
    "case",
    "starts",
    "with",
    "anniversary of",
    "%",
    ";",
    "#",
    "--",
    "\n",
    "\u{200b}",
    "\u{ffff}",
    "\u{202e}",
    "é",
    "😀",
    ".",
    "..",
    ":",
    "$",
    "segment",
    "file",
    "in file 'x'",
];

/// Every tree is whole or something has been said, and every place lies in the text.
fn check(source: &str) {
    let (expr, found) = parse(source);
    let printed = print(&expr);
    assert!(
        !format!("{expr:?}").contains("Error") || found.iter().any(|one| one.is_error()),
        "{source:?} gives {printed}"
    );
    for diagnostic in &found {
        let edits = diagnostic.fix.iter().flat_map(|fix| fix.edits.iter().map(|(span, _)| *span));
        for span in edits.chain([diagnostic.primary.span]) {
            assert!(source.get(span.range()).is_some(), "{source:?}: {span:?} in {}", diagnostic.message);
        }
        let offers = diagnostic.fix.iter().flat_map(|fix| &fix.edits);
        assert!(
            offers.clone().all(|(_, text)| !text.contains('\u{ffff}') || source.contains('\u{ffff}')),
            "{source:?}"
        );
        let letters: String = source.chars().filter(|next| next.is_alphanumeric() || *next == '_').collect();
        let hidden = ["\u{ffff}", "kw_", "EOI", "plain_name"];
        let leaked = hidden.iter().any(|word| diagnostic.message.contains(word) && !letters.contains(word));
        assert!(!leaked, "{}", diagnostic.message);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_survived(source in "\\PC{0,60}") {
        check(&source);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_tokens_are_survived(tokens in prop::collection::vec(prop::sample::select(SOUP), 0..24), spaced in any::<bool>()) {
        check(&tokens.join(if spaced { " " } else { "" }));
    }

    #[test]
    fn names_of_any_text_are_survived(source in "\\PC{0,20}") {
        let mut found = Vec::new();
        let name = parse_name(&text(&source), &mut found);
        prop_assert!(name.is_some() == found.is_empty(), "{:?} {:?}", name, found);
        let mut found = Vec::new();
        let path = parse_path(&text(&source), &mut found);
        prop_assert!(path.is_some() == found.is_empty(), "{:?} {:?}", path, found);
    }
}

#[test]
fn brackets_nest_128_deep_and_no_deeper() {
    const OPENINGS: &[&str] = &[
        "(",
        "f(",
        "x[",
        "sum(",
        "any(t where ",
        "percentile(9, ",
        "anniversary of (",
        "x in (",
        "x contains any of (",
        "x is in (",
        "quintile(",
        "top 10% by (",
        "top 10% by a among (",
        "quintile(a among (",
        "quintile(a per (",
        "quintile(a among ",
        "ntile(5, (",
        "percentile(9, a among (",
        "sample(",
        "not in file 'x' or (",
        "count(distinct ",
        "not (",
        "- (",
        "every(t where a have (",
        "sum(a where (",
        "count(a where (",
        "count(where (",
        "percentile(9, a where (",
        "sequence(a then b where (",
        "sequence(a where (",
    ];
    for opening in OPENINGS {
        for depth in [100, 128, 129, 3_000] {
            let open = format!("{}a = 1", opening.repeat(depth));
            check(&open);
            check(&format!("{open}{}", if *opening == "x[" { "]" } else { ")" }.repeat(depth)));
        }
    }
    let deep = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&deep(128)).1.is_empty());
    let (expr, found) = parse(&deep(129));
    assert_eq!(expr.kind, ExprKind::Error);
    assert_eq!(found.iter().map(|one| one.code.id()).collect::<Vec<_>>(), ["K112"]);
}

#[test]
fn prefixes_count_as_depth() {
    assert!(parse(&format!("{}a", "not ".repeat(128))).1.is_empty());
    assert_eq!(parse(&format!("{}a", "not ".repeat(129))).1.len(), 1);
    assert_eq!(parse(&format!("{}a", "- ".repeat(20_000))).1.len(), 1);
    assert_eq!(parse(&"(- - - - ".repeat(5_000)).1.len(), 1);
}

#[test]
fn a_top_inside_a_top_counts_as_depth() {
    assert_eq!(parse(&format!("{}a", "top 1 by ".repeat(128))).1, []);
    assert_eq!(parse(&format!("{}a", "top 1 by ".repeat(129))).1.len(), 1);
    assert_eq!(parse(&format!("{}a", "top 1 by ".repeat(7_000))).1.len(), 1);
    assert_eq!(parse(&format!("{}a", "top 1 by a per ".repeat(4_000))).1.len(), 1);
    assert_eq!(parse(&format!("{}a", "top 1 by (a) + ".repeat(4_000))).1.len(), 1);
    assert_eq!(parse(&vec!["top 1 by a among (b) per c"; 300].join(" and ")).1, []);
    assert_eq!(parse(&format!("x in ({})", vec!["top 1 by a"; 300].join(", "))).1, []);
}

#[test]
fn long_texts_are_wide_and_not_deep() {
    let (expr, found) = parse(&vec!["a = 1"; 6_000].join(" and "));
    assert!(found.is_empty());
    assert!(matches!(expr.kind, ExprKind::And(parts) if parts.len() == 6_000));
    let (_, found) = parse(&"a".repeat(70_000));
    assert_eq!(found.iter().map(|one| one.code.id()).collect::<Vec<_>>(), ["K112"]);
}

#[test]
fn comments_stand_in_literal_blocks() {
    let value = "a = 1 -- the 'first\n  and b = '--' -- last";
    let read = |style| {
        let span = Span::new(FileId(0), 0, value.len());
        let mut found = Vec::new();
        let expr = parse_expression(&Text::mapped(value.to_owned(), span, style, vec![(0, 0)]), &mut found);
        (print(&expr), found.iter().map(|one| one.code.id()).collect::<Vec<_>>())
    };
    assert_eq!(read(ScalarStyle::Literal), ("a = 1 and b = '--'".to_owned(), vec![]));
    assert_eq!(read(ScalarStyle::Folded), ("a = 1 and b = '--'".to_owned(), vec!["K210", "K210"]));
}

#[test]
fn a_fix_is_escaped_for_the_quotes_around_it() {
    let fix = |style| {
        let value = "a = ‘x’";
        let span = Span::new(FileId(0), 0, value.len());
        let mut found = Vec::new();
        parse_expression(&Text::mapped(value.to_owned(), span, style, vec![(0, 0)]), &mut found);
        found[0].fix.as_ref().map(|fix| fix.edits[0].1.clone())
    };
    assert_eq!(fix(ScalarStyle::SingleQuoted).as_deref(), Some("''x''"));
    assert_eq!(fix(ScalarStyle::DoubleQuoted).as_deref(), Some("'x'"));
}
