//! Tests that evaluate: real data, embedding, documentation, and the engine against a naive interpreter.

mod agreement;
mod conformance;
mod differential;
mod docs;
mod embedding;
mod jakarta;
mod sources;
