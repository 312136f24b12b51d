//! The parser that pest makes of `grammar/kohort.pest`. Its rules and errors stay inside this folder.

/// Generated from the grammar; see there.
#[derive(pest_derive::Parser)]
#[grammar = "../grammar/kohort.pest"]
pub(super) struct Grammar;

/// A node of the raw parse.
pub(super) type Pair<'t> = pest::iterators::Pair<'t, Rule>;
