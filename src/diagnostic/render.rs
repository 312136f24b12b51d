//! Drawing diagnostics.
