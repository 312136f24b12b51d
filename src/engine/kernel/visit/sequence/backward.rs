//! Sequences whose steps do not refer to each other: one pass over a subject's rows, the latest first, and no row is kept.
//!
//! Read backward, a row's future is known when the row comes. For every link (step that matches a row) the pass knows
//! which rows of it can be carried on to the end of the pattern, and how late that end is at the earliest:
//!
//! ```text
//! end(row, last link) = the row's time
//! end(row, link)      = the least end(next, link + 1) over the rows `next` that are later than the row, come in time,
//!                       and are separated from it by no forbidden row; none where there is no such row
//! ```
//!
//! The pattern holds if some row of the first link has an end (early enough, if the whole has a time).
//!
//! **What has to be remembered.** Whether `next` may follow a row depends on three things that are the same for all rows
//! yet to come, or get worse evenly. It must be later; it must come in time; and no forbidden row may lie between. If one
//! row may follow and another, of no later end, is earlier than it, then that one may follow as well: it is in time
//! because the other is, and what lies before it lies before the other. So of two rows of a link the later one is
//! forgotten unless its end is earlier, and all are forgotten at the first forbidden row. What is left is a list in which
//! later rows have earlier ends. Where the whole has no time, all ends are as good and the list has one row, the earliest.
//!
//! **Rows of equal time** are later or earlier than each other only within one table, by row order. So the pass keeps
//! three levels: what it has seen *here*, in this table at this time, all of which is later than the row at hand; what
//! it has seen at this *moment* in other tables, which is not; and what lies *beyond*, at later times, which is. A
//! forbidden row here hides all of the same link that was here, and everything beyond. At the end of a table's rows
//! *here* is put to the *moment*, where a forbidden row hides nothing of other tables; at the end of the moment all of
//! it goes *beyond*, after a forbidden row of whatever table has hidden what was there.
//!
//! **The list is short**, whatever the data. Let `s1, s2, …` be rows of a link, each later than the one before and with an
//! earlier end, and `u1, u2, …` the rows that follow them to those ends. Of two, `u2` may not follow `s1`, or `s1` would
//! end as early. Either it comes too late for `s1`, which `u1` does not: then it is later than `u1`. Or a forbidden row
//! lies between `s1` and `u2`, but neither between `s1` and `u1` nor between `s2` and `u2`: then it is later than `u1`, too,
//! unless forbidden row, `s2` and `u2` are all of one table and time, and `u1` of another table and that time. For each
//! time this happens once at most, as all that are later than `s2` at that time are of its table. So at least half of
//! the `u`s are later than each other in turn and have ever earlier ends; and of the last link's rows none that is later
//! has an earlier end. A list has at most two to the number of links behind its own. In practice it is one row: it takes
//! a time for the whole, a `never` between, and rows of equal time in two tables to have a second.

use super::pattern::Pattern;

/// The pass over one subject's rows.
#[derive(Clone, Debug)]
pub struct Backward {
    pattern: Pattern,
    /// For each link but the first, its rows that can be carried on, as earlier rows see them.
    ahead: Vec<Ahead>,
    /// For each link the forbidden rows that hang on it for some time, in the order of [`super::pattern::Link::after`].
    forbidden: Vec<Vec<Seen>>,
    /// Time and table of the row before.
    at: Option<(i64, u32)>,
    found: bool,
}

/// Rows of a link that can be carried on to the end.
#[derive(Clone, Debug, Default)]
struct Ahead {
    here: Level,
    moment: Level,
    /// Time and end, latest time and earliest end first.
    beyond: Vec<(i64, i64)>,
}

/// Rows of one time.
#[derive(Clone, Copy, Debug, Default)]
struct Level {
    /// The earliest end of those that no forbidden row hides.
    end: Option<i64>,
    /// There is a forbidden row.
    barred: bool,
}

/// The earliest forbidden row.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    here: bool,
    moment: bool,
    beyond: Option<i64>,
}

impl Backward {
    /// Before a subject's first row.
    pub fn new(pattern: Pattern) -> Backward {
        let links = pattern.links();
        Backward {
            ahead: vec![Ahead::default(); links.len().saturating_sub(1)],
            forbidden: links.iter().map(|link| vec![Seen::default(); link.after.len()]).collect(),
            at: None,
            found: false,
            pattern,
        }
    }

    /// Whether the rows seen hold the pattern; then no more are needed.
    pub fn is_found(&self) -> bool {
        self.found
    }

    /// Takes the next row: not later than those before it, the rows of one time together by table, within a table the
    /// later in row order first. `passes` says which steps it may be a row of.
    pub fn push(&mut self, time: i64, table: u32, passes: impl Fn(usize) -> bool) {
        self.go_to(time, table);
        for at in 0..self.pattern.links().len() {
            // The row before it was taken in itself: a row does not follow itself.
            let end = self.end_of(at, time, &passes);
            if at == 0 {
                self.found |= end.is_some_and(|end| end <= self.pattern.last_end(time));
            } else {
                self.take_in(at, end, &passes);
            }
        }
        for (link, seen) in self.pattern.links().iter().zip(&mut self.forbidden) {
            for (forbidden, seen) in link.after.iter().zip(seen) {
                seen.here |= passes(forbidden.step);
            }
        }
    }

    /// Whether the subject's rows held the pattern; ready for the next subject.
    pub fn finish(&mut self) -> bool {
        for ahead in &mut self.ahead {
            (ahead.here, ahead.moment) = Default::default();
            ahead.beyond.clear();
        }
        self.forbidden.iter_mut().flatten().for_each(|seen| *seen = Seen::default());
        self.at = None;
        std::mem::take(&mut self.found)
    }

    /// How many rows the longest list has.
    #[cfg(test)]
    pub fn longest_list(&self) -> usize {
        self.ahead.iter().map(|ahead| ahead.beyond.len()).max().unwrap_or(0)
    }

    /// How early the pattern can end with this row at a link; none if it cannot.
    fn end_of(&self, at: usize, time: i64, passes: impl Fn(usize) -> bool) -> Option<i64> {
        let link = self.pattern.links().get(at)?;
        if !passes(link.step) {
            return None;
        }
        let allowed = link.after.iter().zip(self.forbidden.get(at)?).all(|(forbidden, seen)| {
            let until = self.pattern.forbidden_until(forbidden, time);
            until.is_some_and(|until| seen.after(time).is_none_or(|seen| seen > until))
        });
        if !allowed {
            return None;
        }
        match (self.pattern.links().get(at + 1), self.ahead.get(at)) {
            (Some(next), Some(ahead)) if !ahead.is_empty() => ahead.best(time, self.pattern.last_time(next, time)),
            (Some(_), _) => None,
            // Where the whole has no time, all ends are one.
            (None, _) => Some(if self.pattern.is_limited() { time } else { i64::MIN }),
        }
    }

    /// Takes a row in among those of a link that is not the first, and as a row forbidden before that.
    fn take_in(&mut self, at: usize, end: Option<i64>, passes: impl Fn(usize) -> bool) {
        let before = self.pattern.links().get(at - 1);
        let barred = before.is_some_and(|link| link.between.iter().any(|step| passes(*step)));
        let Some(ahead) = self.ahead.get_mut(at - 1) else { return };
        if barred {
            ahead.here = Level { end: None, barred: true };
        }
        // A row that is forbidden itself is not between itself and others.
        ahead.here.end = earliest(ahead.here.end, end);
    }

    /// Puts aside what is of another table or time than the next row.
    fn go_to(&mut self, time: i64, table: u32) {
        let Some((last_time, last_table)) = self.at.replace((time, table)) else { return };
        if (last_time, last_table) == (time, table) {
            return;
        }
        for ahead in &mut self.ahead {
            ahead.leave_table();
            if last_time != time {
                ahead.leave_moment(last_time);
            }
        }
        for seen in self.forbidden.iter_mut().flatten() {
            seen.moment |= std::mem::take(&mut seen.here);
            if last_time != time && std::mem::take(&mut seen.moment) {
                seen.beyond = Some(last_time);
            }
        }
    }
}

impl Ahead {
    fn is_empty(&self) -> bool {
        self.here.end.is_none() && self.beyond.is_empty()
    }

    /// The earliest end of those that may follow a row of this time and table, up to a time.
    fn best(&self, time: i64, until: i64) -> Option<i64> {
        let here = self.here.end.filter(|_| time <= until);
        let beyond = self.beyond.iter().find(|(at, _)| *at <= until && !self.here.barred).map(|(_, end)| *end);
        earliest(here, beyond)
    }

    fn leave_table(&mut self) {
        let here = std::mem::take(&mut self.here);
        self.moment.end = earliest(self.moment.end, here.end);
        self.moment.barred |= here.barred;
    }

    fn leave_moment(&mut self, time: i64) {
        let moment = std::mem::take(&mut self.moment);
        if moment.barred {
            self.beyond.clear();
        }
        if let Some(end) = moment.end {
            while self.beyond.pop_if(|(_, later)| end <= *later).is_some() {}
            self.beyond.push((time, end));
        }
    }
}

impl Seen {
    /// When the earliest is that is later than a row of this time and table.
    fn after(&self, time: i64) -> Option<i64> {
        if self.here { Some(time) } else { self.beyond }
    }
}

fn earliest(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    a.into_iter().chain(b).min()
}
