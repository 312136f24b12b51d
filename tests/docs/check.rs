//! Examples that are checked and not evaluated: they are sound, or give exactly the code that the page says.

use kohort::{Diagnostic, Project, Schemas, Severity};

use super::page::{Block, Ground, rule_file};

/// Runs a block that needs no data; how many examples it holds.
pub fn run(block: &Block, ground: &Ground) -> usize {
    if ["file", "text", "sh"].iter().any(|word| block.is(word)) {
        return 0; // others name it, or it is for people
    }
    if block.is("data") {
        return 0; // its types come from the data: it is checked where it is evaluated
    }
    if block.is("kohort") {
        let expressions = block.expressions();
        assert!(!expressions.is_empty(), "line {}: an empty block", block.line);
        if block.is("same") {
            same(block, ground, &expressions);
        } else {
            expressions.iter().for_each(|one| expression(block, ground, one));
        }
        return expressions.len();
    }
    let project = match (block.is("catalog"), block.is("rules")) {
        (_, true) => project(block, ground, &block.text),
        (true, false) => Project::from_texts([("catalog.yaml", block.text.as_str())]),
        (false, false) => panic!("line {}: nobody knows what to do with this block", block.line),
    };
    says(block, &block.text, &project.check(&Schemas::new()).diagnostics);
    1
}

/// The block's catalogue with these rules, and what stands beside.
pub fn project(block: &Block, ground: &Ground, rules: &str) -> Project {
    let texts = [("catalog.yaml", ground.catalog(block)), ("example.yaml", rules)];
    let texts = texts.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned()));
    Project::from_texts(texts.chain(ground.beside(block)))
}

fn expression(block: &Block, ground: &Ground, text: &str) {
    let rules = rule_file(&[text.to_owned()], block.value("of"));
    says(block, text, &project(block, ground, &rules).check(&Schemas::new()).diagnostics);
}

/// Every expression of the block means what the first one means.
fn same(block: &Block, ground: &Ground, expressions: &[String]) {
    let project = project(block, ground, &rule_file(expressions, block.value("of")));
    let checked = project.check(&Schemas::new());
    says(block, &block.text, &checked.diagnostics);
    let ir = checked.ir.unwrap_or_else(|| panic!("line {}: not sound", block.line));
    let condition = |at: usize| {
        let name = format!("example_{at}");
        ir.segments.iter().find(|segment| segment.name == name).map(|segment| segment.condition)
    };
    for (at, expression) in expressions.iter().enumerate() {
        assert_eq!(condition(at), condition(0), "line {}: `{expression}` is not the same", block.line);
    }
    assert!(expressions.len() > 1, "line {}: nothing to be the same as", block.line);
}

/// The diagnostics are those that the block announces (`error=`, `warning=`, `note=`), and none without.
fn says(block: &Block, example: &str, found: &[Diagnostic]) {
    let expected = [("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)]
        .into_iter()
        .find_map(|(word, severity)| Some((block.value(word)?, severity)));
    let shown: Vec<String> = found.iter().map(|one| format!("{} {}", one.code.id(), one.message)).collect();
    match expected {
        None => assert!(found.is_empty(), "line {}: `{example}` says {shown:#?}", block.line),
        Some((code, severity)) => {
            let exactly =
                !found.is_empty() && found.iter().all(|one| one.code.id() == code && one.severity == severity);
            assert!(exactly, "line {}: `{example}` says {shown:#?}, not {code}", block.line);
        }
    }
}
