//! What CSV and NDJSON have in common: rows of named fields.

use std::borrow::Cow;

use super::super::fault::Problem;

/// One value as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Field<'r> {
    /// Not there, or `null`.
    Unknown,
    /// Text; in CSV everything.
    Text(Cow<'r, str>),
    /// A JSON number.
    Number(&'r str),
    /// A JSON `true` or `false`.
    Bool(bool),
    /// A JSON list of texts, numbers and truth values; `null` among them is unknown.
    List(Vec<Option<Cow<'r, str>>>),
    /// A JSON object, or a list of others.
    Nested(&'r str),
    /// Bytes that are no text, shown as well as they can be.
    NotUtf8(Cow<'r, str>),
}

/// The rows of one file.
pub(super) trait Records {
    /// The names of fields, as far as they are known before the rows are read.
    fn names(&self) -> &[String];

    /// Goes to the next row; none at the end.
    ///
    /// # Errors
    /// The row cannot be read; those after it can, if the problem is local.
    fn advance(&mut self) -> Option<Result<(), Problem>>;

    /// The line on which the row begins, from 1.
    fn line(&self) -> u64;

    /// The field at a place of [`Records::names`].
    fn field(&self, at: usize) -> Field<'_>;
}
