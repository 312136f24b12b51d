//! The rule language: text to syntax tree and back.
//!
//! [`parse_expression`] never stops at the first mistake: what can be understood is understood, reported with the right
//! form, and read on as if it had been written so. `spend == 5 dan visits > 2` gives a whole tree, one note and one error,
//! each with its fix. [`print`] is the way back: one canonical spelling for every tree.
//!
//! The way through the folder: [`parse_expression`] (`parse`) looks at limits, comments and characters (`hygiene`), lets
//! pest read (`grammar`), builds the tree (`build`), and where pest stops recognises the mistake (`mistakes`, over the
//! tokens of `scan`), corrects a working copy (`draft`) and reads again.

pub mod ast;

mod build;
mod draft;
mod grammar;
mod hygiene;
mod mistakes;
mod parse;
mod print;
mod scan;
mod symbols;
mod walk;
mod words;

pub use parse::{parse_expression, parse_name, parse_path};
pub use print::{name as print_name, print};
pub use walk::{files_named, parts, walk};

#[cfg(test)]
mod tests;
