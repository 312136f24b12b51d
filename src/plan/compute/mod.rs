//! The operator that evaluates expressions of rules over batches: a citizen of DataFusion's plans.
//!
//! It has one child. It reads some of the child's columns as inputs of a kernel program, evaluates every distinct
//! expression once per batch, and gives columns made of them beside columns passed through. Rows that do not exist, do
//! not pass, or are nobody's leave here. DataFusion's own expressions could not say the language's numbers, and a
//! projection could evaluate a shared part twice.

mod exec;
mod node;
mod step;

pub(crate) use exec::{ComputeExec, ComputePlanner};
pub(crate) use node::Compute;
pub(crate) use step::{Counted, Keep, ListedKeys, Ordinals, Output, Present, Step, StepBuilder, external};
