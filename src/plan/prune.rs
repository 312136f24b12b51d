//! Which rows a scan may leave out.
//!
//! A scan is pruned by time only where rows outside the bounds cannot change an answer: beneath an id that occurs twice
//! or a `distinct` all rows up to T are read. Pruning is a hint: masks decide. It is said in the data's own type, so that
//! statistics of files can use it, and leaves a margin where a zone lies between the data and instants.

use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, lit};

use crate::engine::kernel::calendar::Bounds;

const MICROS_OF_DAY: i64 = 86_400_000_000;
/// No zone is further than a day from UTC; two leave room for days that a zone skips.
const MARGIN: i64 = 2 * MICROS_OF_DAY;

/// A condition on a raw column of times that every row within the bounds passes, and every row of unknown time: these
/// are counted. None where the type has no cheap one.
pub(crate) fn within(column: Expr, raw: &DataType, local: bool, bounds: &Bounds) -> Option<Expr> {
    let margin = if local { MARGIN } else { 0 };
    let mut condition =
        literal(raw, bounds.until.checked_add(margin)?, true).map(|until| column.clone().lt_eq(until))?;
    let after = bounds.after.checked_sub(margin).and_then(|after| literal(raw, after, false));
    if let (Some(after), true) = (after, bounds.after > i64::MIN) {
        condition = condition.and(column.clone().gt_eq(after));
    }
    Some(condition.or(column.is_null()))
}

/// An instant in a raw type: rounded up as an upper end, down as a lower.
fn literal(raw: &DataType, micros: i64, up: bool) -> Option<Expr> {
    let coarse = |unit: i64| {
        let floor = micros.div_euclid(unit);
        floor.checked_add(i64::from(up))
    };
    let value = match raw {
        DataType::Timestamp(TimeUnit::Second, zone) => {
            ScalarValue::TimestampSecond(Some(coarse(1_000_000)?), zone.clone())
        }
        DataType::Timestamp(TimeUnit::Millisecond, zone) => {
            ScalarValue::TimestampMillisecond(Some(coarse(1_000)?), zone.clone())
        }
        DataType::Timestamp(TimeUnit::Microsecond, zone) => {
            ScalarValue::TimestampMicrosecond(Some(micros.checked_add(i64::from(up))?), zone.clone())
        }
        DataType::Timestamp(TimeUnit::Nanosecond, zone) => {
            ScalarValue::TimestampNanosecond(Some(micros.checked_add(i64::from(up))?.checked_mul(1_000)?), zone.clone())
        }
        DataType::Date32 => ScalarValue::Date32(Some(i32::try_from(coarse(MICROS_OF_DAY)?).ok()?)),
        _ => return None,
    };
    Some(lit(value))
}

/// The bounds that hold all of several windows; none of several is everything up to `now`.
pub(crate) fn widest(windows: impl IntoIterator<Item = Option<Bounds>>, now: i64) -> Bounds {
    let mut widest: Option<Bounds> = None;
    for bounds in windows {
        let bounds = bounds.unwrap_or(Bounds { after: i64::MIN, until: now });
        widest = Some(match widest {
            None => bounds,
            Some(so_far) => Bounds { after: so_far.after.min(bounds.after), until: so_far.until.max(bounds.until) },
        });
    }
    widest.unwrap_or(Bounds { after: i64::MIN, until: now })
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::logical_expr::col;

    #[test]
    fn widest_holds_all() {
        let a = Bounds { after: 10, until: 20 };
        let b = Bounds { after: 5, until: 15 };
        assert_eq!(widest([Some(a), Some(b)], 100), Bounds { after: 5, until: 20 });
        assert_eq!(widest([Some(a), None], 100), Bounds { after: i64::MIN, until: 100 });
    }

    #[test]
    fn bounds_are_rounded_outwards() {
        let bounds = Bounds { after: 1_500_000, until: 2_500_000 };
        let shown = |raw: &DataType, local| within(col("t"), raw, local, &bounds).map(|expr| expr.to_string());
        assert_eq!(
            shown(&DataType::Timestamp(TimeUnit::Second, None), false).as_deref(),
            Some("t <= TimestampSecond(3, None) AND t >= TimestampSecond(1, None) OR t IS NULL")
        );
        assert_eq!(
            shown(&DataType::Date32, true).as_deref(),
            Some("t <= Date32(\"1970-01-04\") AND t >= Date32(\"1969-12-30\") OR t IS NULL")
        );
        assert_eq!(shown(&DataType::Utf8, false), None);
    }
}
