//! `tests:` and `test_defaults:` of rule files: rows, an instant, and who is found then.
//!
//! ```yaml
//! tests:
//!   - name: a regular is found
//!     as_of: 2026-03-31
//!     given:  { transactions: [{ customer_id: C1, purchased_at: 2026-03-30T10:00 }] }
//!     expect: { regulars: [C1] }
//! ```
//!
//! Values stay as they are written: what they are is known when their columns are.

mod expect;
mod given;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::catalog::decode::values;
use crate::catalog::model::Placed;
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::model::{StepDef, TestDef, TestsDef};
use crate::source::Span;
use crate::source::yaml::fields::{Fields, wrong_shape};
use crate::source::yaml::{Node, NodeKind};

const FORM: &str = "write `- name: …`, and below it `as_of:`, `given:` and `expect:`";

/// What a file has of them.
pub(super) fn decode(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> TestsDef {
    let tests = fields.take("tests").map(|node| tests(node, out)).unwrap_or_default();
    let defaults = fields.take("test_defaults");
    let defaults = defaults.map(|node| given::defaults(node, "`test_defaults`", out)).unwrap_or_default();
    fields.synonym("defaults", "test_defaults");
    TestsDef { defaults, tests }
}

fn tests(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<TestDef> {
    let items = match &node.kind {
        NodeKind::Sequence(items) if !items.is_empty() => items,
        NodeKind::Broken => return Vec::new(),
        NodeKind::Mapping(_) => {
            let finding = wrong_shape(node, "`tests`", "a list");
            out.push(Diagnostic { helps: vec![FORM.to_owned()], ..finding });
            return Vec::new();
        }
        _ => {
            let finding = Diagnostic::new(Code::Unused, node.span, "`tests` holds no tests");
            out.push(finding.help(format!("{FORM}, or remove the key")));
            return Vec::new();
        }
    };
    let tests: Vec<TestDef> = items.iter().filter_map(|item| test(item, out)).collect();
    let mut names: HashMap<&str, Span> = HashMap::new();
    for TestDef { name, .. } in &tests {
        match names.get(name.value.as_str()) {
            Some(first) => out.push(
                Diagnostic::new(Code::NameTaken, name.span, format!("there are two tests called `{}`", name.value))
                    .also(*first, "the other one")
                    .help("a test is found by its name: say what is different about this one"),
            ),
            None => {
                names.insert(&name.value, name.span);
            }
        }
    }
    tests
}

fn test(node: &Node, out: &mut Vec<Diagnostic>) -> Option<TestDef> {
    if !matches!(&node.kind, NodeKind::Mapping(_) | NodeKind::Broken) {
        let finding = wrong_shape(node, "a test", "keys with values");
        out.push(Diagnostic { helps: vec![FORM.to_owned()], ..finding });
        return None;
    }
    let mut fields = Fields::open(node, "a test", out)?;
    let name = fields.require("name", "say in words what it shows: `name: a regular is found`");
    let name = name.and_then(|node| values::string(node, "`name`", out));
    let what = name.as_ref().map_or("a test".to_owned(), |name| format!("test `{}`", name.value));
    let at = fields.require("as_of", "say when it is: `as_of: 2026-03-31`, the end of that day");
    let at = at.and_then(|node| values::string(node, "`as_of`", out));
    let span = fields.place("as_of").or(name.as_ref().map(|name| name.span)).unwrap_or(node.span);
    let given = fields.take("given").map(|node| given::decode(node, out)).unwrap_or_default();
    let defaults = fields.take("defaults").map(|node| given::defaults(node, "`defaults`", out)).unwrap_or_default();
    let expect = fields.take("expect");
    let expected = expect.map(|node| expect::decode(node, false, out)).unwrap_or_default();
    let then = fields.take("then");
    for (word, key) in
        [("at", "as_of"), ("when", "given"), ("rows", "given"), ("expected", "expect"), ("steps", "then")]
    {
        fields.synonym(word, key);
    }
    let before = out.len();
    fields.finish(out);
    // A misspelt key may be the one that is missed.
    let misspelt = |out: &[Diagnostic], from: usize| {
        out.get(from..).is_some_and(|said| said.iter().any(|one| one.code == Code::UnknownKey))
    };
    let mut steps = vec![StepDef { span, at, given, expect: expected }];
    let mut last = (expect.is_some() || misspelt(out, before), span);
    for node in then.map(|node| later_steps(node, out)).unwrap_or_default() {
        let before = out.len();
        let Some((step, expects)) = step(node, out) else { continue };
        last = (expects || misspelt(out, before), step.span);
        steps.push(step);
    }
    if !last.0 {
        let words = if steps.len() > 1 { "the last step of " } else { "" };
        let message = format!("{words}{what} expects nothing, so it shows nothing");
        let help = "say who is found: `expect: { regulars: [C1], vip: [] }`";
        out.push(Diagnostic::new(Code::ExpectsNothing, last.1, message).help(help));
    }
    Some(TestDef { name: name?, defaults, steps })
}

fn later_steps<'n>(node: &'n Node, out: &mut Vec<Diagnostic>) -> &'n [Node] {
    match &node.kind {
        NodeKind::Sequence(items) => items,
        NodeKind::Broken => &[],
        _ if node.is_missing() => &[],
        _ => {
            let finding = wrong_shape(node, "`then`", "a list");
            let help = "write each step as an item: `- at: 2026-05-01`, and below it `given:` and `expect:`";
            out.push(Diagnostic { helps: vec![help.to_owned()], ..finding });
            &[]
        }
    }
}

/// A step of `then:`, and whether it says what it expects.
fn step(node: &Node, out: &mut Vec<Diagnostic>) -> Option<(StepDef, bool)> {
    let mut fields = Fields::open(node, "a step", out)?;
    let at: Option<Placed<String>> = fields
        .require("at", "say when it is: `at: 2026-05-01`, the end of that day")
        .and_then(|node| values::string(node, "`at`", out));
    let span = fields.place("at").unwrap_or(node.span);
    let given = fields.take("given").map(|node| given::decode(node, out)).unwrap_or_default();
    let expect = fields.take("expect");
    let expected = expect.map(|node| expect::decode(node, true, out)).unwrap_or_default();
    fields.synonym("as_of", "at");
    fields.synonym("expected", "expect");
    fields.elsewhere("defaults", "defaults are those of the whole test: write them beside its `given:`");
    fields.elsewhere("then", "steps follow each other: write it as the next item of the list");
    fields.finish(out);
    Some((StepDef { span, at, given, expect: expected }, expect.is_some()))
}
