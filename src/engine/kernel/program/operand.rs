//! Operands of a step, by type.

use datafusion::arrow::array::{
    BooleanArray, Date32Array, DurationMicrosecondArray, ListArray, StringViewArray, TimestampMicrosecondArray,
};

use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::{KernelError, Result};
use crate::engine::kernel::number::Numbers;
use crate::ir::Type;

macro_rules! accessors {
    ($($name:ident $variant:ident $array:ty;)+) => {
        impl Column {
            $(pub(super) fn $name(&self) -> Result<&$array> {
                match self {
                    Column::$variant(array) => Ok(array),
                    _ => Err(KernelError::Operand { expected: Type::$variant, found: self.ty() }),
                }
            })+
        }
    };
}

accessors! {
    bools Bool BooleanArray;
    numbers Number Numbers;
    texts Text StringViewArray;
    dates Date Date32Array;
    instants Instant TimestampMicrosecondArray;
    durations Duration DurationMicrosecondArray;
    lists TextList ListArray;
}
