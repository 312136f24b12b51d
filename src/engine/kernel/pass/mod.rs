//! Hundreds of features of a table's rows in one go.
//!
//! Features differ in their windows more than in anything else. So what they share is done once: a row's time becomes the *slice*
//! between two neighbouring ends of windows ([`slices`]), the filters that it passes become bits of a word, and each combination of
//! filter, argument and aggregation is a *measure* that adds a row to one [cell](cells) of its subject. When all rows of some
//! subjects have been seen, a window's feature is the sum over a run of cells. What cannot be put together from parts (distinct
//! counts, percentiles, first and last) drives its own [state](super::state).
//!
//! ```text
//! rows      key  time    paid  amount                    cells of subject 7       features
//!           7    12 Mar  yes   10         slice 1        count   1  1             count over 30d           1
//!           7    20 Mar  yes   5    -->   slice 2   -->  sum    10  5       -->   sum(amount) over 90d    15
//!           7    21 Mar  no    99         slice 2
//! ```
//!
//! Subjects are told apart by whoever drives this, and numbered from 0 without gaps. Rows come narrow, see [`Recipe::narrow`].

mod cells;
mod features;
mod ledger;
mod narrow;
mod recipe;
mod slices;
#[cfg(test)]
mod tests;

pub use features::Features;
pub use narrow::WideRows;
pub use recipe::{Argument, Recipe, Sought};
