//! The examples of a page: its fenced blocks, and what each says about itself behind the fence.

use std::collections::BTreeMap;

/// A fenced block.
#[derive(Clone, Debug)]
pub struct Block {
    /// The line of the opening fence, from 1.
    pub line: usize,
    /// The words behind the fence: ```` ```kohort error=K301 ````.
    words: Vec<String>,
    /// What stands inside.
    pub text: String,
}

impl Block {
    /// Whether a word stands behind the fence, alone or with a value.
    pub fn is(&self, word: &str) -> bool {
        self.words.iter().any(|other| other == word || other.starts_with(&format!("{word}=")))
    }

    /// `K301` of `error=K301`.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }

    /// The expressions of the block: one begins on every line that is not indented.
    pub fn expressions(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for line in self.text.lines().filter(|line| !line.trim().is_empty()) {
            match found.last_mut() {
                Some(last) if line.starts_with(' ') => {
                    last.push('\n');
                    last.push_str(line);
                }
                _ => found.push(line.to_owned()),
            }
        }
        found
    }
}

/// Every fenced block of a page, in order.
pub fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (at, line) in page.lines().enumerate() {
        let Some(info) = line.strip_prefix("```") else {
            if let Some(block) = &mut open {
                block.text.push_str(line);
                block.text.push('\n');
            }
            continue;
        };
        match open.take() {
            Some(block) => found.push(block),
            None => {
                let words = info.split_whitespace().map(str::to_owned).collect();
                open = Some(Block { line: at + 1, words, text: String::new() });
            }
        }
    }
    assert!(open.is_none(), "a block is opened and not closed");
    found
}

/// What the examples of a page stand on: its catalogues by name, and the segments that others refer to.
pub struct Ground {
    catalogs: BTreeMap<String, String>,
    segments: String,
}

impl Ground {
    /// The catalogues (```` ```yaml catalog=name ````, the main one without a name) and segments (```` ```yaml rules shared ````).
    pub fn of(blocks: &[Block]) -> Ground {
        let sound = |block: &&Block| block.is("catalog") && block.value("error").is_none();
        let other = |block: &&Block| ["example", "kohort", "rules"].iter().any(|word| block.is(word));
        let catalogs = blocks.iter().filter(sound).filter(|block| !other(block));
        let named = catalogs.map(|block| (block.value("catalog").unwrap_or_default().to_owned(), block.text.clone()));
        let segments = blocks.iter().find(|block| block.is("shared")).map(|block| block.text.clone());
        Ground { catalogs: named.collect(), segments: segments.unwrap_or_default() }
    }

    /// The catalogue that a block is about.
    pub fn catalog(&self, block: &Block) -> &str {
        let name = block.value("catalog").unwrap_or_default();
        self.catalogs.get(name).unwrap_or_else(|| panic!("line {}: no catalogue {name:?}", block.line))
    }

    /// The segments that every example may refer to; none beside another catalogue than the main one.
    pub fn segments(&self, block: &Block) -> Option<&str> {
        let main = block.value("catalog").is_none() && !self.segments.is_empty();
        main.then_some(self.segments.as_str())
    }
}

/// A rule file of expressions: segments `example_0`, `example_1` and so on.
pub fn rule_file(expressions: &[String], kind: Option<&str>) -> String {
    let mut text = String::from("segments:\n");
    for (at, expression) in expressions.iter().enumerate() {
        text.push_str(&format!("  example_{at}:\n"));
        if let Some(kind) = kind {
            text.push_str(&format!("    of: {kind}\n"));
        }
        text.push_str("    when: |\n");
        for line in expression.lines() {
            text.push_str(&format!("      {line}\n"));
        }
    }
    text
}
