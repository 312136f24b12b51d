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

/// What the examples of a page stand on: its catalogues by name, the rule files that others refer to, and files of values.
pub struct Ground {
    catalogs: BTreeMap<String, String>,
    shared: Vec<Block>,
    files: Vec<(String, String)>,
}

impl Ground {
    /// The catalogues (```` ```yaml catalog=name ````, the main one without a name), rule files (```` ```yaml rules shared ````)
    /// and files of values (```` ```csv file=lists/vips.csv ````).
    pub fn of(blocks: &[Block]) -> Ground {
        let sound = |block: &&Block| block.is("catalog") && block.value("error").is_none();
        let other = |block: &&Block| ["example", "kohort", "rules"].iter().any(|word| block.is(word));
        let catalogs = blocks.iter().filter(sound).filter(|block| !other(block));
        let mut named = BTreeMap::new();
        for block in catalogs {
            let name = block.value("catalog").unwrap_or_default().to_owned();
            assert!(named.insert(name, block.text.clone()).is_none(), "line {}: a second catalogue", block.line);
        }
        let shared = blocks.iter().filter(|block| block.is("shared")).cloned().collect();
        let files = blocks.iter().filter_map(|block| Some((block.value("file")?.to_owned(), block.text.clone())));
        Ground { catalogs: named, shared, files: files.collect() }
    }

    /// The catalogue that a block is about.
    pub fn catalog(&self, block: &Block) -> &str {
        let name = block.value("catalog").unwrap_or_default();
        self.catalogs.get(name).unwrap_or_else(|| panic!("line {}: no catalogue {name:?}", block.line))
    }

    /// The rule files that every example may refer to, by name, and the files of values that it names; none beside another catalogue than the main one.
    pub fn beside(&self, block: &Block) -> Vec<(String, String)> {
        if block.value("catalog").is_some() {
            return Vec::new();
        }
        let others = self.shared.iter().filter(|other| other.line != block.line);
        let others = others.map(|other| (format!("shared_{}.yaml", other.line), other.text.clone()));
        let named = self.files.iter().filter(|(name, _)| block.text.contains(name.as_str()));
        others.chain(named.cloned()).collect()
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
