//! What is read, and that nothing is reinterpreted.

use super::{read, tree};

#[track_caller]
fn reads_as(text: &str, expected: &str) {
    let (node, said) = read(text);
    assert_eq!(said, "", "{text:?}");
    assert_eq!(node.map(|node| tree(&node)).as_deref(), Some(expected), "{text:?}");
}

#[test]
fn scalars_stay_what_was_written() {
    reads_as(
        "a: 00017\nb: 1e3\nc: no\nd: 0x1F\ne: 2026-03-31\nf: .5\ng: 1_000\nh: 12:30:45\ni: true\n",
        "{<a>: <00017>, <b>: <1e3>, <c>: <no>, <d>: <0x1F>, <e>: <2026-03-31>, <f>: <.5>, <g>: <1_000>, \
         <h>: <12:30:45>, <i>: <true>}",
    );
}

#[test]
fn nothing_tilde_and_null_are_missing() {
    let (node, _) = read("- \n- ~\n- null\n- 'null'\n- \"\"\n- nil\n");
    let Some(super::Node { kind: super::NodeKind::Sequence(items), .. }) = node else { panic!("no list") };
    let missing: Vec<_> = items.iter().map(super::Node::is_missing).collect();
    assert_eq!(missing, [true, true, true, false, false, false]);
}

#[test]
fn empty_files_are_empty_mappings() {
    reads_as("", "{}");
    reads_as("# a comment\n\n", "{}");
    reads_as("\u{feff}", "{}");
}

#[test]
fn a_byte_order_mark_moves_no_place() {
    let source = "\u{feff}when: a > 1\n";
    let (node, said) = read(source);
    assert_eq!(said, "");
    let Some(super::Node { kind: super::NodeKind::Mapping(entries), .. }) = node else { panic!("no mapping") };
    assert_eq!(&source[entries[0].0.span.range()], "when");
    assert_eq!(&source[entries[0].1.span.range()], "a > 1");
}

#[test]
fn flow_block_and_quotes_mix() {
    reads_as(
        "a: { b: [x, 'y, z'], c: { d: \"}\" } }\ne:\n- f: g\n  h: i\n- [j, [k]]\n",
        "{<a>: {<b>: [<x>, <y, z>], <c>: {<d>: <}>}}, <e>: [{<f>: <g>, <h>: <i>}, [<j>, [<k>]]]}",
    );
}

#[test]
fn harmless_hashes_and_apostrophes_pass() {
    reads_as("when: a > 1 # more than one\n", "{<when>: <a > 1>}");
    reads_as("when: (a > 1) # (more) 'than' one\n", "{<when>: <(a > 1)>}");
    reads_as("label: Mom's # what's new\n", "{<label>: <Mom's>}");
    reads_as("{ label: Mom's, owner: Dad's }\n", "{<label>: <Mom's>, <owner>: <Dad's>}");
    reads_as("when: a = 'b#c'\n", "{<when>: <a = 'b#c'>}");
    reads_as("when: 'a = ''b # c'''\n", "{<when>: <a = 'b # c'>}");
    reads_as("when: |\n  a = 'b # c' -- about it\n", "{<when>: <a = 'b # c' -- about it\\n>}");
    reads_as("values: [5\" pipe, 6\" pipe]\n", "{<values>: [<5\" pipe>, <6\" pipe>]}");
    reads_as(
        "{ is: count(distinct day(at) of sales), unit: x }\n",
        "{<is>: <count(distinct day(at) of sales)>, <unit>: <x>}",
    );
}

#[test]
fn a_block_may_end_the_file_without_a_line_break() {
    reads_as("when: |\n  a > 1", "{<when>: <a > 1\\n>}");
    reads_as("when: >\n\n  a > 1", "{<when>: <\\na > 1\\n>}");
}

#[test]
fn cut_expressions_are_read_whole() {
    let cases = [
        ("when: sku = 'A #1'\nb: 2\n", "{<when>: <sku = 'A #1'>, <b>: <2>}"),
        ("when: a in ('x #1',\n   'é') and\n   b\nc: d\n", "{<when>: <a in ('x #1', 'é') and b>, <c>: <d>}"),
        ("columns: { v: round(a, 2), w: f('é', c) }\n", "{<columns>: {<v>: <round(a, 2)>, <w>: <f('é', c)>}}"),
        ("m: { is: spend_90d[c = 'web'], unit: IDR }\n", "{<m>: {<is>: <spend_90d[c = 'web']>, <unit>: <IDR>}}"),
        ("m: [a[1], b (c, d), e]\n", "{<m>: [<a[1]>, <b (c, d)>, <e>]}"),
        ("when: a\n  # why\n  and b\nc: d\n", "{<when>: <a\\nand b>, <c>: <d>}"),
    ];
    for (text, expected) in cases {
        let (node, said) = read(text);
        assert!(said.contains("K108"), "{text:?} gave {said:?}");
        assert_eq!(node.map(|node| tree(&node)).as_deref(), Some(expected), "{text:?}");
    }
}
