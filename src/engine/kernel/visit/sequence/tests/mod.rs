//! Sequences by example, and against a naive search.
