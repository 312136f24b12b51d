//! What can go wrong inside the kernel.
//!
//! Nothing here is a user's mistake: rules are checked and data is converted before the kernel sees them. These errors
//! say that a caller broke the kernel's contract, or that a limit was hit.

use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::error::ArrowError;

use crate::ir::{NodeId, Type};

/// A broken contract or limit.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KernelError {
    /// An array is of a type that does not stand for the language's type.
    #[error("a column of type {ty} cannot be read from an array of type {found}")]
    Array {
        /// The type of the language.
        ty: Type,
        /// The array's.
        found: DataType,
    },
    /// An operand is of another type than its operation takes.
    #[error("expected a column of type {expected}, found {found}")]
    Operand {
        /// The operation's.
        expected: Type,
        /// The operand's.
        found: Type,
    },
    /// A value does not fit the form that was promised for it.
    #[error("a value does not fit the form {0}")]
    Form(DataType),
    /// Bytes are not an exact number.
    #[error("these bytes are not the encoding of an exact number")]
    Encoding,
    /// An exact number grew beyond the limit of intermediate results.
    #[error("a number grew beyond {limit} bits")]
    NumberTooLarge {
        /// The limit.
        limit: u64,
    },
    /// Not as many inputs as the program has leaves.
    #[error("the program has {expected} inputs, found {found}")]
    Inputs {
        /// The program's leaves.
        expected: usize,
        /// What was given.
        found: usize,
    },
    /// A column is not as long as the batch.
    #[error("expected a column of {expected} rows, found {found}")]
    Rows {
        /// The batch's.
        expected: usize,
        /// The column's.
        found: usize,
    },
    /// A node was needed before it was evaluated: the expression is a cycle.
    #[error("node {} depends on itself", .0.0)]
    Cycle(NodeId),
    /// A leaf that is no input stands where only inputs may.
    #[error("node {} has no value of its own", .0.0)]
    Leaf(NodeId),
    /// Arrow refused.
    #[error(transparent)]
    Arrow(#[from] ArrowError),
}

/// A result of the kernel.
pub type Result<T, E = KernelError> = std::result::Result<T, E>;
