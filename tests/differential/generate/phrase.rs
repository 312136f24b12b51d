//! Conditions as the generator builds them: text with parts that can be left out, so that a failing case can be made
//! smaller and stay valid.

use std::fmt;

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Phrase {
    And(Vec<Phrase>),
    Or(Vec<Phrase>),
    Not(Box<Phrase>),
    /// One test.
    Test(Test),
}

/// One test, and the names of the language's forms that decide it.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    pub template: Template,
    pub forms: Vec<&'static str>,
}

/// Text in pieces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template(pub Vec<Piece>);

/// A piece of text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Text(String),
    /// Can be left out.
    Optional(Template),
    /// A condition on rows, or in brackets.
    Condition(Phrase),
}

impl Template {
    pub fn text(text: impl Into<String>) -> Template {
        Template(vec![Piece::Text(text.into())])
    }

    /// Appends text.
    pub fn then(mut self, text: impl Into<String>) -> Template {
        self.0.push(Piece::Text(text.into()));
        self
    }

    /// Appends another template.
    pub fn and(mut self, other: Template) -> Template {
        self.0.extend(other.0);
        self
    }

    /// Appends something that can be left out.
    pub fn perhaps(mut self, other: Template) -> Template {
        self.0.push(Piece::Optional(other));
        self
    }

    /// Appends a condition.
    pub fn condition(mut self, phrase: Phrase) -> Template {
        self.0.push(Piece::Condition(phrase));
        self
    }

    /// Every template that is smaller by one step.
    pub fn smaller(&self) -> Vec<Template> {
        let mut found = Vec::new();
        for (at, piece) in self.0.iter().enumerate() {
            let mut put = |piece: Option<Piece>| {
                let mut pieces = self.0.clone();
                pieces.splice(at..=at, piece);
                found.push(Template(pieces));
            };
            match piece {
                Piece::Text(_) => {}
                Piece::Optional(inner) => {
                    put(None);
                    inner.smaller().into_iter().for_each(|inner| put(Some(Piece::Optional(inner))));
                }
                Piece::Condition(phrase) => {
                    phrase.smaller().into_iter().for_each(|phrase| put(Some(Piece::Condition(phrase))));
                }
            }
        }
        found
    }
}

impl Phrase {
    /// Every condition that is smaller by one step: a part instead of the whole, one part less, a part made smaller.
    pub fn smaller(&self) -> Vec<Phrase> {
        match self {
            Phrase::Test(test) => {
                let with = |template| Phrase::Test(Test { template, forms: test.forms.clone() });
                test.template.smaller().into_iter().map(with).collect()
            }
            Phrase::Not(inner) => {
                let shorter = inner.smaller().into_iter().map(|inner| Phrase::Not(Box::new(inner)));
                std::iter::once((**inner).clone()).chain(shorter).collect()
            }
            Phrase::And(parts) => smaller_chain(parts, Phrase::And),
            Phrase::Or(parts) => smaller_chain(parts, Phrase::Or),
        }
    }

    /// The forms of a condition that is one test; none of a compound one.
    pub fn sole_forms(&self) -> &[&'static str] {
        match self {
            Phrase::Test(test) => &test.forms,
            _ => &[],
        }
    }
}

fn smaller_chain(parts: &[Phrase], join: fn(Vec<Phrase>) -> Phrase) -> Vec<Phrase> {
    let mut found: Vec<Phrase> = parts.to_vec();
    for at in 0..parts.len() {
        if parts.len() > 2 {
            let mut fewer = parts.to_vec();
            fewer.remove(at);
            found.push(join(fewer));
        }
        for part in parts[at].smaller() {
            let mut changed = parts.to_vec();
            changed[at] = part;
            found.push(join(changed));
        }
    }
    found
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, word) = match self {
            Phrase::Test(test) => return write!(f, "{}", test.template),
            Phrase::Not(inner) => return write!(f, "not ({inner})"),
            Phrase::And(parts) => (parts, "and"),
            Phrase::Or(parts) => (parts, "or"),
        };
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                write!(f, " {word} ")?;
            }
            match part {
                Phrase::And(_) | Phrase::Or(_) => write!(f, "({part})")?,
                _ => write!(f, "{part}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => write!(f, "{text}"),
            Piece::Optional(inner) => write!(f, "{inner}"),
            Piece::Condition(phrase) => write!(f, "{phrase}"),
        })
    }
}
