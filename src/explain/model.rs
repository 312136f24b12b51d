//! What an explanation is: phrases of typed tokens, and clauses that nest as the rule does.
//!
//! Nothing in here is text with markup. A renderer decides what a name or a constant looks like; the tree already says which is
//! which, so that a page can link names and a document can be read by a program.

use serde::Serialize;

use super::Language;

/// A piece of a phrase.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Token {
    /// Words of the language that is explained in.
    Words {
        /// As they are read, with their blanks.
        text: String,
    },
    /// Something of the project that has a name.
    Name {
        /// What it is.
        of: NameKind,
        /// As the project's files call it.
        name: String,
        /// As people call it: its label, or the name made readable.
        label: String,
    },
    /// A constant of the rule: `'Jakarta'`, `20,000`.
    Constant {
        /// Every digit and letter as written; numbers are grouped by the language's custom.
        text: String,
    },
    /// A condition that does not fit into its sentence and stands below it under this number.
    Note {
        /// From 1 on, in the order of reading.
        number: u32,
    },
}

/// What a name is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// A metric of the catalogue.
    Metric,
    /// An attribute, or tiers, bands or a chart that are one.
    Attribute,
    /// A column of a table.
    Column,
    /// A lookup, or the way from a row to its subject.
    Lookup,
    /// A table.
    Table,
    /// A segment or a group.
    Segment,
    /// A kind of subject.
    Subject,
    /// The row that a step of a sequence found.
    Row,
    /// A file of values.
    File,
}

/// Words, names and constants in the order in which they are read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Phrase(pub Vec<Token>);

impl Phrase {
    /// Words alone.
    pub(super) fn words(text: impl Into<String>) -> Self {
        Phrase(vec![Token::Words { text: text.into() }])
    }

    /// A constant alone.
    pub(super) fn constant(text: impl Into<String>) -> Self {
        Phrase(vec![Token::Constant { text: text.into() }])
    }

    /// A name alone.
    pub(super) fn name(of: NameKind, name: &str, label: Option<&str>) -> Self {
        let label = label.map_or_else(|| readable(name), str::to_owned);
        Phrase(vec![Token::Name { of, name: name.to_owned(), label }])
    }

    /// Whether it is more than one name, number or idiom, so that it needs brackets where it could be taken apart.
    pub(super) fn is_compound(&self) -> bool {
        self.0.len() > 1
    }

    /// Adds the other behind, joining words to words.
    pub(super) fn push(&mut self, other: Phrase) {
        for token in other.0 {
            match (self.0.last_mut(), token) {
                (Some(Token::Words { text }), Token::Words { text: more }) => text.push_str(&more),
                (_, token) => self.0.push(token),
            }
        }
    }

    /// This and then the other.
    pub(super) fn then(mut self, other: Phrase) -> Self {
        self.push(other);
        self
    }
}

/// A name as it is read where nobody gave a label: `unit_price` is “unit price”.
pub(super) fn readable(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let trimmed = spaced.trim();
    if trimmed.is_empty() { name.to_owned() } else { trimmed.to_owned() }
}

/// How a clause holds together what is below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// A sentence by itself; what is below it are the conditions that it refers to by number.
    One,
    /// Everything below holds.
    All,
    /// At least one below holds.
    Any,
    /// What is below must be false.
    Not,
    /// What is below comes in this order.
    Steps,
    /// What is below are alternatives; of those that fit the first counts.
    Choice,
}

/// A sentence and what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// How the parts belong together.
    pub link: Link,
    /// What is said; above parts it ends in a colon.
    pub phrase: Phrase,
    /// What is below.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Clause>,
}

/// A name that is used, and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// The name, with its unit.
    pub name: Phrase,
    /// The description that the catalogue gives, in its own language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it is.
    pub means: Clause,
}

/// A table of data, and what of it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadTable {
    /// The table.
    pub table: Phrase,
    /// Its columns that count, in the order of the table.
    pub columns: Vec<Phrase>,
}

/// Something that is counted about a subject, and who else counts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadFeature {
    /// In words.
    pub feature: Phrase,
    /// Segments of other rules that rest on the very same.
    pub shared_with: Vec<Phrase>,
}

/// What a rule reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reads {
    /// Tables of data.
    pub tables: Vec<ReadTable>,
    /// What is counted.
    pub features: Vec<ReadFeature>,
}

/// How membership changes from one evaluation to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lives {
    /// Tables whose rows move it.
    pub rows: Vec<Phrase>,
    /// What moves by time alone, though no row arrives.
    pub clock: Vec<Phrase>,
    /// What moves because of other subjects.
    pub others: Vec<Phrase>,
}

/// A rule in plain language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The language.
    pub language: Language,
    /// The segment.
    pub segment: Token,
    /// The description that the rule file gives, in its own language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Who belongs to it: a head, and the condition as its one part.
    pub rule: Clause,
    /// What the names in it mean, each once.
    pub definitions: Vec<Definition>,
    /// Other segments that it asks about.
    pub rests_on: Vec<Phrase>,
    /// How to read the forms that it uses, exactly.
    pub fine_print: Vec<Phrase>,
    /// What it reads.
    pub reads: Reads,
    /// How it changes.
    pub lives: Lives,
}
