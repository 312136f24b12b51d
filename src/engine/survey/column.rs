//! What is said of one column.

use std::sync::Arc;

use chrono_tz::Tz;
use datafusion::common::Result;

use super::model::ColumnSurvey;
use super::profile::ColumnProfile;
use crate::engine::kernel::form::{Form, NumberForm};
use crate::ir::{ColumnKind, Ir, Node, NodeId};
use crate::plan::form_of;

/// Digits of the widest whole number that is called one.
const INTEGER_DIGITS: u8 = 20;

/// A column of so many rows with what its values are.
pub(super) fn filled(named: ColumnSurvey, profile: &ColumnProfile, rows: u64, zone: Tz) -> Result<ColumnSurvey> {
    Ok(ColumnSurvey {
        unknown: profile.unknown,
        // An estimate may go beyond what can be.
        distinct: profile.distinct().min(rows.saturating_sub(profile.unknown)),
        values: profile.values(),
        range: profile.range(zone)?,
        scale: profile.scale,
        not_finite: profile.not_finite,
        ..named
    })
}

/// A column that a derived table adds, before its values are known.
pub(super) fn made(ir: &Arc<Ir>, name: &str, node: NodeId) -> ColumnSurvey {
    let kind = kind(ir, node);
    let found = match kind {
        _ if is_ratio(ir, node) => "number".to_owned(),
        Some(kind) => kind.to_string(),
        None => "duration".to_owned(),
    };
    ColumnSurvey { name: name.to_owned(), source_name: name.to_owned(), kind, found, ..ColumnSurvey::default() }
}

/// Whether values of a node are numbers without a scale, which travel as bytes.
pub(super) fn is_ratio(ir: &Arc<Ir>, node: NodeId) -> bool {
    form_of(ir, node) == Form::Number(NumberForm::Exact)
}

/// What a computed column holds; none for elapsed times, which no column of data holds.
fn kind(ir: &Arc<Ir>, node: NodeId) -> Option<ColumnKind> {
    if let Node::Column(base, at) = ir.node(node)
        && ir.made_as(*base, *at).is_none()
    {
        return ir.base_table(*base).columns.get(*at as usize).and_then(|column| column.kind);
    }
    Some(match form_of(ir, node) {
        Form::Bool => ColumnKind::Bool,
        Form::Text => ColumnKind::Text,
        Form::Date => ColumnKind::Date,
        Form::Instant => ColumnKind::Timestamp,
        Form::TextList => ColumnKind::TextList,
        Form::Duration => return None,
        Form::Number(NumberForm::Decimal { digits, scale: 0 }) if digits <= INTEGER_DIGITS => {
            ColumnKind::Integer { digits }
        }
        Form::Number(NumberForm::Decimal { digits, scale }) => {
            ColumnKind::Decimal { digits, scale: i8::try_from(scale).unwrap_or(i8::MAX) }
        }
        // Ratios are shown at 12 places.
        Form::Number(NumberForm::Exact) => ColumnKind::Decimal { digits: 76, scale: 12 },
    })
}
