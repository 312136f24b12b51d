//! When something can change that is not followed: at the earliest when some row, anybody's, crosses an end of a window that a segment rests
//! on through whatever, or when a day begins; or, where all that it rests on is followed and only would be too much work, when the first of
//! that changes.

use std::collections::BTreeSet;

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::TimestampMicrosecondType;
use datafusion::execution::context::SessionState;
use futures::TryStreamExt;

use super::clock::Clockwork;
use super::follow::Followed;
use super::replay::Replay;
use super::search::{Stretch, turns};
use super::ticks::Ticks;
use super::{Error, crossings};
use crate::engine::kernel::calendar::{Calendar, End};
use crate::engine::kernel::error::Result as KernelResult;
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

/// The first instant at which anything may change of anybody that some values, each time together with how they are followed, rest on; none:
/// not before the horizon. Ranks that are not made are passed over: what they rest on is to be among the values.
pub(super) fn first_stir(
    replay: &Replay,
    ways: &[(&[NodeId], &Followed)],
    subjects: usize,
    horizon: i64,
) -> KernelResult<Option<i64>> {
    let now = replay.calendar.now();
    let mut first: Option<i64> = None;
    for (nodes, followed) in ways {
        let below = replay.ir.leaves(nodes.iter().copied()).inputs;
        let crossings = crossings::of(replay, &below, followed, subjects, horizon)?;
        let crossed = crossings.iter().filter_map(|own| own.first().copied()).min();
        first = first
            .into_iter()
            .chain(crossed)
            .chain(Ticks::of(&followed.clockwork, &replay.calendar, horizon).after(now))
            .min();
    }
    // Up to there features stand still.
    let last = first.map_or(horizon, |first| first - 1);
    let stretches: Vec<Stretch> = (0..subjects as u32).map(|subject| Stretch { subject, first: now, last }).collect();
    for (_, followed) in ways {
        let turned = turns(replay, &followed.clockwork, stretches.clone())?;
        first = first.into_iter().chain(turned.into_iter().map(|(_, instant)| instant)).min();
    }
    Ok(first)
}
