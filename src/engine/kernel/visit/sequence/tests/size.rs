//! Subjects with a million rows. What they cost is bounded by the work that is counted, not by a clock.

use super::*;

const ROWS: i64 = 1_000_000;

/// A million rows in batches of 8192, all of one table, 4 in a minute.
fn look_at_many(
    sequences: &mut Sequences,
    steps: &[fn(i64) -> bool],
    key: fn(i64) -> i64,
    mut after_batch: impl FnMut(&Sequences),
) -> Result<Outcome> {
    let mut end = ROWS;
    while end > 0 {
        let rows: Vec<i64> = (end.saturating_sub(8192).max(0)..end).rev().collect();
        end -= rows.len() as i64;
        let keys = || {
            Column::Number(Numbers::Small { values: rows.iter().map(|row| key(*row)).collect(), scale: 0, nulls: None })
        };
        let step_rows = |(at, passes): (usize, &fn(i64) -> bool)| StepRows {
            mask: rows.iter().map(|row| Some(passes(*row))).collect(),
            inputs: sequences.inputs(0, at).iter().map(|_| keys()).collect(),
        };
        let batch = sequences.batch(Rows {
            times: rows.iter().map(|row| row * 15_000_000).collect(),
            tables: vec![0; rows.len()].into(),
            sequences: vec![steps.iter().enumerate().map(step_rows).collect()],
        })?;
        sequences.push(&batch, 0..batch.len());
        after_batch(sequences);
    }
    Ok(sequences.finish()?[0])
}

#[test]
fn the_pass_keeps_nothing() -> Result<()> {
    let fixture = Fixture { now: 10_000, ..Fixture::new("a b+1 !c d !e+1 /5") };
    let mut sequences = fixture.sequences(0)?;
    let longest = |sequences: &Sequences| match &sequences.plans[0].way {
        Way::Backward(backward) => backward.longest_list(),
        Way::Search(_) => panic!("no step refers to another"),
    };
    let mut most = 0;
    let steps: [fn(i64) -> bool; 5] =
        [|row| row == 0, |row| row % 3 == 0, |row| row % 7 == 0, |row| row % 2 == 0, |row| row % 500 == 1];
    let outcome = look_at_many(
        &mut sequences,
        &steps,
        |_| 0,
        |sequences| {
            most = most.max(longest(sequences));
            assert_eq!(sequences.heap(), 0);
        },
    )?;
    assert_eq!((outcome, most), (Outcome::Found, 1));
    Ok(())
}

#[test]
fn an_equality_is_found_without_going_through_the_rows() -> Result<()> {
    let mut fixture = Fixture { now: 10_000, ..Fixture::new("a b") };
    let condition = fixture.same_key(0);
    fixture.join(1, condition);
    // A row and at most one other are looked at for each first row.
    let mut sequences = fixture.sequences(2 * ROWS as u64)?;
    let steps: [fn(i64) -> bool; 2] = [|row| row % 2 == 1, |row| row % 2 == 0];
    assert_eq!(look_at_many(&mut sequences, &steps, |row| row, |_| {})?, Outcome::Absent);
    let found = look_at_many(&mut sequences, &steps, |row| if row == ROWS - 2 { ROWS - 101 } else { row }, |_| {})?;
    assert_eq!(found, Outcome::Found);
    assert!(sequences.heap() < 2 << 20, "what a large subject took is given back");
    Ok(())
}
