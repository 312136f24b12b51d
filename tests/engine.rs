//! Tests that evaluate: real data, documentation, and the engine against a naive interpreter.

mod agreement;
mod conformance;
mod differential;
