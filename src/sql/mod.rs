//! Queries of tables by SQL, as far as they can be judged without data.
//!
//! ```yaml
//! big_days:
//!   sql: select customer_id, cast(at as date) as day, sum(value) as value from sales group by 1, 2
//! ```
//!
//! What the words of the query mean is for whoever runs it. Here is looked at what must hold of any query, and can be told
//! at its place in the catalogue: that it is one query, which tables it reads, and that its answer depends on the rows of
//! these alone, not on a clock, on chance or on the order in which rows happen to arrive.

mod place;
mod refuse;
#[cfg(test)]
mod tests;

use sqlparser::ast::{Ident as SqlIdent, ObjectNamePart, Query as SqlQuery, Spanned, Statement, Visit};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer};

use self::place::Places;
use self::refuse::Reader;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Text;
use crate::syntax::ast::Ident;

/// The longest query that is read.
const MAX_BYTES: usize = 64 * 1024;
/// The most words and signs of a query: trees of `a + b + …` are as deep as they are long.
const MAX_TOKENS: usize = 4_000;

/// A query that could be read.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    /// The tables it names, each once, where it is first named.
    pub tables: Vec<Ident>,
    /// Its own parts, named by `with`.
    pub parts: Vec<Ident>,
}

/// Reads a query. What is wrong with it goes to `out`; none if there is no telling what it reads.
pub(crate) fn read(text: &Text, out: &mut Vec<Diagnostic>) -> Option<Query> {
    let places = Places::new(text);
    let query = match parse(text, &places) {
        Ok(query) => query,
        Err(finding) => {
            out.push(*finding);
            return None;
        }
    };
    let mut reader = Reader::new(&places);
    let _ = query.visit(&mut reader);
    let (tables, parts, found) = reader.finish();
    out.extend(found);
    Some(Query { tables, parts })
}

fn parse(text: &Text, places: &Places<'_>) -> Result<Box<SqlQuery>, Box<Diagnostic>> {
    let value = text.value();
    let finding = |code: Code, message: &str| Diagnostic::new(code, text.span(), message);
    if value.len() > MAX_BYTES {
        let message =
            format!("the query has {} KiB, more than the {} that are read", value.len() / 1024, MAX_BYTES / 1024);
        return Err(Box::new(finding(Code::TooLarge, &message).help("make it of several tables")));
    }
    let dialect = GenericDialect {};
    let tokens = Tokenizer::new(&dialect, value).tokenize_with_location();
    let tokens = tokens.map_err(|error| Box::new(places.error(&error.message, Some(error.location))))?;
    let words = tokens.iter().filter(|token| !matches!(token.token, Token::Whitespace(_))).count();
    if words > MAX_TOKENS {
        let message = format!("the query has {words} words and signs, more than the {MAX_TOKENS} that are read");
        return Err(Box::new(finding(Code::TooLarge, &message).help("make it of several tables")));
    }
    let statements = Parser::new(&dialect).with_tokens_with_locations(tokens).parse_statements();
    let mut statements = statements.map_err(|error| Box::new(places.parser_error(&error)))?.into_iter();
    Err(Box::new(match (statements.next(), statements.next()) {
        (Some(Statement::Query(query)), None) => return Ok(query),
        (None, _) => finding(Code::Syntax, "there is no query").help("write `select … from …`"),
        (Some(_), Some(second)) => {
            Diagnostic::new(Code::Syntax, places.of(second.span()), "a second statement begins here")
                .help("a table is one query; make two tables of two")
        }
        (Some(other), None) => {
            let word = other.to_string().split_whitespace().next().unwrap_or_default().to_lowercase();
            Diagnostic::new(Code::Syntax, places.of(other.span()), format!("`{word}` is no query"))
                .help("a table by SQL only reads: write `select … from …`")
        }
    }))
}

/// The name that a part of a query means: as written in quotes, in lower case without.
fn meant(name: &SqlIdent) -> String {
    match name.quote_style {
        Some(_) => name.value.clone(),
        None => name.value.to_ascii_lowercase(),
    }
}

/// A name of one part.
fn single(parts: &[ObjectNamePart]) -> Option<&SqlIdent> {
    match parts {
        [ObjectNamePart::Identifier(name)] => Some(name),
        _ => None,
    }
}
