//! When something can change that is not followed subject by subject: at the earliest when some row, anybody's, crosses an end of a
//! window that a segment rests on through whatever, or when a day begins.

use std::collections::BTreeSet;

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::TimestampMicrosecondType;
use datafusion::execution::context::SessionState;
use futures::TryStreamExt;

use super::Error;
use super::clock::Clockwork;
use super::ticks::Ticks;
use crate::engine::kernel::calendar::{Calendar, End};
use crate::ir::{Ir, Node, NodeId, RowSetId, Window};
use crate::plan::{Lowering, run};
use crate::syntax::ast::Duration;

/// No condition changes before this instant by the clock alone; none: not before the horizon.
pub(super) async fn not_before(
    (ir, state): (&Ir, &SessionState),
    lowering: &mut Lowering<'_>,
    calendar: &Calendar,
    moving: &[NodeId],
    horizon: i64,
) -> Result<Option<i64>, Error> {
    let mut clockwork = Clockwork::default();
    let mut windows: Vec<(RowSetId, Window)> = Vec::new();
    let mut nevers: Vec<(RowSetId, Duration)> = Vec::new();
    for id in moving {
        match ir.node(*id) {
            Node::Feature(feature) => {
                let feature = ir.feature(*feature);
                windows.extend(feature.window.clone().map(|window| (feature.rows, window)));
            }
            Node::Sequence(sequence) => {
                let sequence = ir.sequence(*sequence);
                for step in &sequence.steps {
                    let own = [&step.window, &sequence.window].into_iter().flatten();
                    windows.extend(own.map(|window| (step.rows, window.clone())));
                    let over = sequence.steps.iter().filter(|other| other.never).filter_map(|other| other.within);
                    nevers.extend(over.map(|within| (step.rows, within)));
                }
            }
            Node::Now | Node::Ago(_) | Node::Today | Node::Age(_) | Node::Within { .. } => clockwork.days = true,
            _ => {}
        }
    }
    let mut earliest = Ticks::of(&clockwork, calendar, horizon).after(calendar.now());
    let sets: BTreeSet<RowSetId> =
        windows.iter().map(|(rows, _)| *rows).chain(nevers.iter().map(|(rows, _)| *rows)).collect();
    for set in sets {
        let Some((plan, _)) = lowering.times(set)? else { continue };
        let mut stream = run(state, &plan).await?;
        let mut times: BTreeSet<i64> = BTreeSet::new();
        while let Some(batch) = stream.try_next().await? {
            times.extend(batch.column(0).as_primitive::<TimestampMicrosecondType>().iter().flatten());
        }
        for time in times {
            let own = windows.iter().filter(|(rows, window)| *rows == set && window.moves());
            let crossed = own.flat_map(|(_, window)| {
                [End::After, End::Until].map(|end| calendar.reaches((window, end), time, earliest.unwrap_or(horizon)))
            });
            let over = nevers.iter().filter(|(rows, _)| *rows == set);
            let over = over.filter_map(|(_, d)| calendar.shift_instant(time, d.count.into(), d.unit));
            let over = over.filter(|at| calendar.now() < *at && *at <= horizon);
            let first = crossed.flatten().chain(over).min();
            earliest = earliest.into_iter().chain(first).min();
        }
    }
    Ok(earliest)
}
