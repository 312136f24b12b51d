//! Later, within, never: sequences whose steps do not refer to each other.

use super::*;

#[test]
fn each_row_is_later_than_the_one_before() {
    let row = Row::new;
    assert!(holds("a b", &[row(1, 0, "a"), row(2, 1, "b")]));
    assert!(!holds("a b", &[row(2, 0, "a"), row(1, 1, "b")]));
    assert!(!holds("a b", &[row(1, 0, "ab")]), "no row is matched twice");
    assert!(holds("a b", &[row(1, 0, "ab"), row(2, 0, "ab")]));
    assert!(holds("a b c", &[row(1, 0, "b"), row(2, 0, "a"), row(3, 0, "b"), row(4, 0, "c")]));
    assert!(!holds("a b c", &[row(1, 0, "a"), row(2, 0, "b")]));
    assert!(!holds("a b", &[]));
}

#[test]
fn rows_of_one_time_are_in_order_within_a_table_only() {
    let row = Row::new;
    assert!(holds("a b", &[row(1, 0, "a"), row(1, 0, "b")]));
    assert!(!holds("a b", &[row(1, 0, "b"), row(1, 0, "a")]));
    for (first, second) in [(0, 1), (1, 0)] {
        assert!(!holds("a b", &[row(1, first, "a"), row(1, second, "b")]));
    }
    let around = [row(1, 0, "a"), row(1, 1, "c"), row(1, 0, "b")];
    assert!(holds("a b", &around), "rows of other tables are not in the way");
    assert!(!holds("a b c", &[row(1, 0, "a"), row(1, 1, "b"), row(1, 0, "c")]));
}

#[test]
fn a_time_is_counted_from_the_row_before_and_its_end_is_in() {
    let row = Row::new;
    assert!(holds("a b+2", &[row(1, 0, "a"), row(3, 0, "b")]));
    assert!(!holds("a b+2", &[row(1, 0, "a"), row(4, 0, "b")]));
    assert!(holds("a b+0", &[row(1, 0, "a"), row(1, 0, "b")]), "at once");
    let late = [row(1, 0, "a"), row(2, 0, "b"), row(5, 0, "b"), row(6, 0, "c")];
    assert!(holds("a b c+1", &late), "not the first that will do, but one from which it goes on");
    assert!(!holds("a b+2 c+1", &late));
    assert!(holds("a b+2 c+4", &late));
}

#[test]
fn days_step_the_local_calendar() {
    // Noon of 28 March 2026 in UTC is 13:00 in Stockholm, where clocks are set ahead the night after.
    let noon = 492_972;
    let at = |hours: i64| [Row::new(noon, 0, "a"), Row::new(noon + hours, 0, "b")];
    let mut fixture = Fixture::new("a b");
    fixture.now = noon + 100;
    fixture.sequence.steps[1].within = Some(Duration { count: 1, unit: Unit::Day });
    assert!(fixture.holds(&at(23)));
    assert!(!fixture.holds(&at(24)));
    fixture.sequence.steps[1].within = Some(hours(24));
    assert!(fixture.holds(&at(24)), "hours are exact");
}

#[test]
fn the_whole_may_have_a_time() {
    let row = Row::new;
    let rows = [row(1, 0, "a"), row(2, 0, "a"), row(4, 0, "b"), row(6, 0, "b"), row(7, 0, "c")];
    assert!(holds("a b c /5", &rows));
    assert!(!holds("a b c /4", &rows));
    assert!(holds("a b c+3 /5", &rows));
    assert!(!holds("a b+2 c+2 /5", &rows));
}

#[test]
fn nothing_forbidden_lies_between() {
    let row = Row::new;
    assert!(holds("a !b c", &[row(1, 0, "a"), row(2, 0, "c"), row(3, 0, "b")]));
    assert!(!holds("a !b c", &[row(1, 0, "a"), row(2, 0, "b"), row(3, 0, "c")]));
    assert!(holds("a !b c", &[row(1, 0, "a"), row(2, 0, "b"), row(3, 0, "a"), row(4, 0, "c")]), "another start");
    assert!(holds("a !b c", &[row(1, 0, "ab"), row(2, 0, "bc")]), "the ends are not between");
    assert!(!holds("a !b !c d", &[row(1, 0, "a"), row(2, 0, "c"), row(3, 0, "d")]));
}

#[test]
fn forbidden_rows_of_equal_time_count_within_their_table() {
    let row = Row::new;
    assert!(!holds("a !b c", &[row(1, 0, "a"), row(2, 1, "b"), row(2, 1, "c")]));
    assert!(holds("a !b c", &[row(1, 0, "a"), row(2, 1, "c"), row(2, 1, "b")]));
    for (first, second) in [(1, 2), (2, 1)] {
        let apart = [row(1, 0, "a"), row(2, first, "b"), row(2, second, "c")];
        assert!(holds("a !b c", &apart), "neither earlier nor later");
        let hidden = [row(1, 0, "a"), row(2, first, "b"), row(3, second, "c")];
        assert!(!holds("a !b c", &hidden));
        let at_start = [row(1, first, "a"), row(1, second, "b"), row(2, first, "c")];
        assert!(holds("a !b c", &at_start));
    }
    assert!(!holds("a !b c", &[row(1, 0, "a"), row(1, 0, "b"), row(2, 0, "c")]));
}

/// The first `b` leads on to the `c` of another table only, since its own table's is behind an `x`; the second `b`, which
/// is later, is past the `x` and ends earlier.
#[test]
fn of_equal_times_a_later_row_may_end_earlier() {
    let row = Row::new;
    let rows = [
        row(1, 0, "a"),
        row(2, 0, "b"),
        row(3, 1, "d"),
        row(3, 0, "c"),
        row(3, 0, "b"),
        row(3, 0, "d"),
        row(3, 0, "e"),
        row(5, 0, "e"),
    ];
    assert!(holds("a b !c d e /2", &rows));
    assert!(!holds("a b !c d e /1", &rows));
    let without_second = [&rows[..4], &rows[5..]].concat();
    assert!(!holds("a b !c d e /2", &without_second));
    assert!(holds("a b !c d e /4", &without_second));
}

#[test]
fn for_a_time_nothing_forbidden_follows() {
    let row = Row::new;
    let rows = [row(1, 0, "a"), row(2, 0, "b"), row(10, 0, "c")];
    assert!(holds("a b !c+7", &rows));
    assert!(!holds("a b !c+8", &rows), "the end is in");
    let passed = [row(1, 0, "a"), row(2, 0, "c"), row(10, 0, "b")];
    assert!(holds("a !b+8 c", &passed));
    assert!(!holds("a !b+9 c", &passed), "wherever the next row stands");
    assert!(holds("a !b+2 !c+2", &[row(1, 0, "a"), row(4, 0, "b"), row(4, 0, "c")]));
    assert!(!holds("a !b+2 !c+2", &[row(1, 0, "a"), row(4, 0, "b"), row(3, 0, "c")]), "all hang on the same row");
    for (now, expected) in [(8, false), (9, true)] {
        let fixture = Fixture { now, ..Fixture::new("a b !c+7") };
        assert_eq!(fixture.holds(&rows[..2]), expected, "the time must be over");
    }
}

#[test]
fn up_to_the_end_nothing_forbidden_follows() {
    let row = Row::new;
    assert!(holds("a !b", &[row(1, 0, "b"), row(1, 1, "b"), row(2, 0, "ab")]));
    assert!(!holds("a !b", &[row(1, 0, "a"), row(2, 0, "b")]));
    assert!(holds("a !b", &[row(1, 0, "a"), row(1, 1, "b")]), "a row of equal time in another table does not follow");
    assert!(!holds("a !b", &[row(1, 0, "a"), row(1, 0, "b")]));
    assert!(!holds("a b !c !d", &[row(1, 0, "a"), row(2, 0, "b"), row(3, 0, "d")]));
}

#[test]
fn windows_hold_matched_rows() {
    let window = |from: i64, to: i64| Window::Absolute {
        from: Some(Moment::Instant(from * HOUR)),
        to: Some(Moment::Instant(to * HOUR)),
    };
    let row = Row::new;
    let rows = [row(1, 0, "a"), row(2, 0, "b"), row(3, 0, "c")];
    let mut fixture = Fixture::new("a b !c");
    fixture.sequence.window = Some(window(1, 2));
    assert!(!fixture.holds(&rows), "the window behind the brackets does not bind forbidden rows");
    fixture.sequence.steps[2].window = Some(window(1, 2));
    assert!(fixture.holds(&rows), "their own does");
    fixture.sequence.window = Some(window(2, 2));
    assert!(!fixture.holds(&rows));
    fixture.sequence.window = None;
    fixture.sequence.steps[1].window = Some(window(3, 9));
    assert!(!fixture.holds(&rows));
    fixture.sequence.steps[1].window = Some(window(2, 9));
    assert!(fixture.holds(&rows));
}

#[test]
fn subjects_do_not_touch_each_other() -> Result<()> {
    for joined in [false, true] {
        let mut fixture = Fixture::new("a !b c");
        if joined {
            let condition = fixture.same_key(0);
            fixture.join(2, condition);
        }
        let mut sequences = fixture.sequences(MAX_WORK)?;
        let row = |time, steps| Row::new(time, 0, steps).with(Some(1), None);
        for cut in [1, 2, 5] {
            for (rows, expected) in [
                (vec![row(2, "c")], Outcome::Absent),
                (vec![row(1, "a")], Outcome::Absent),
                (vec![row(1, "a"), row(2, "c")], Outcome::Found),
                (vec![], Outcome::Absent),
                (vec![row(1, "a"), row(2, "b"), row(3, "c")], Outcome::Absent),
                (vec![row(1, "a"), row(2, "c"), row(3, "b")], Outcome::Found),
                (vec![row(1, "b"), row(1, "a")], Outcome::Absent),
            ] {
                assert_eq!(
                    look(&mut sequences, &rows, cut)?,
                    expected,
                    "joined {joined}, in batches of {cut}: {rows:?}"
                );
            }
        }
    }
    Ok(())
}

#[test]
fn rows_must_be_as_long_as_their_times() -> Result<()> {
    let sequences = Fixture::new("a b").sequences(MAX_WORK)?;
    let step = |mask: Vec<bool>| StepRows { mask: mask.into(), inputs: Vec::new() };
    let rows = |tables: Vec<u32>, steps: Vec<StepRows>| {
        sequences.batch(Rows { times: vec![1, 2].into(), tables: tables.into(), sequences: vec![steps] })
    };
    let short = rows(vec![0], vec![step(vec![true, true]), step(vec![true, true])]);
    assert!(matches!(short, Err(KernelError::Rows { expected: 2, found: 1 })));
    let short = rows(vec![0, 0], vec![step(vec![true, true]), step(vec![true])]);
    assert!(matches!(short, Err(KernelError::Rows { expected: 2, found: 1 })));
    let missing = rows(vec![0, 0], vec![step(vec![true, true])]);
    assert!(matches!(missing, Err(KernelError::Inputs { expected: 2, found: 1 })));
    assert_eq!(rows(vec![0, 0], vec![step(vec![true, true]), step(vec![true, true])])?.len(), 2);
    Ok(())
}
