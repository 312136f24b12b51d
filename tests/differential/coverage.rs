//! Which forms of the language a run has exercised, and how they came out.
//!
//! Only segments that are one single test count towards true, false and unknown: in a compound condition a form may not
//! decide anything.

use std::collections::BTreeMap;
use std::fmt;

use super::generate::Case;
use super::oracle::Outcome;

/// How often a form decided alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Subjects for whom the test was true.
    pub truths: usize,
    /// Subjects for whom it was false.
    pub falses: usize,
    /// Subjects for whom it was unknown.
    pub unknowns: usize,
    /// Segments with at least one member.
    pub non_empty: usize,
    /// Segments that failed because a number does not fit.
    pub failed: usize,
}

/// Counts by form.
#[derive(Clone, Debug)]
pub struct Coverage {
    counts: BTreeMap<&'static str, Counts>,
    /// Cases seen.
    pub cases: usize,
    /// Segments seen, of any shape.
    pub segments: usize,
    /// Segments with members, of any shape.
    pub non_empty: usize,
}

/// Every form that the generator can write. A form inside a test (an aggregate, a window, the only test of a row filter)
/// counts as the test does.
#[rustfmt::skip]
pub const FORMS: &[&str] = &[
    // comparisons
    "=", "!=", "<", "<=", ">", ">=", "= ignoring case", "between", "not between", "in (…)", "not in (…)",
    "in ignoring case", "two numbers", "two texts", "two dates", "two instants", "date beside instant", "bool column",
    // null tests
    "is x", "is not x", "is in (…)", "is not in (…)", "is ignoring case", "is known", "is unknown",
    // text and lists
    "contains", "starts with", "ends with", "like", "matches", "not contains and so on", "text test ignoring case",
    "list contains x", "contains any of", "contains all of", "contains none of", "contains at least n of",
    // arithmetic and scalars
    "+", "-", "*", "/", "negation", "abs", "least", "greatest", "round", "coalesce", "length", "lower", "upper", "age",
    // time
    "now", "today", "ago", "day", "week", "month", "quarter", "year", "hour_of_day", "weekday", "day_of_month",
    "month_of_year", "date +- duration", "instant +- duration", "date - date", "instant - instant", "within next",
    "within last", "anniversary within next", "anniversary within last",
    // names
    "key column", "subject column", "column", "derived column", "lookup", "chained lookup", "composite lookup", "attribute", "at",
    "row: subject's column", "row: subject's attribute", "row: subject's metric",
    // metrics, aggregates, quantifiers
    "metric", "metric with a suffix", "metric over a window", "metric[…]", "where", "table with time", "timeless table",
    "count(t)", "count(x of t)", "count(distinct x of t)", "sum", "avg", "min", "max", "median", "stddev", "first",
    "last", "mode", "mode_share", "percentile", "any", "none", "every", "in segment", "not in segment",
    // windows
    "window rolling", "window previous", "window ending", "window to date", "window last period",
    "window previous to date", "window absolute",
    // order
    "number", "gap", "two durations", "duration * number", "duration / number", "duration +- duration",
    "duration / duration", "instant +- elapsed",
    // tables by grouping
    "table by grouping", "group key", "group column", "grouped by a column", "grouped by a lookup", "grouped by a period",
    "grouped by an expression", "grouped by several keys", "time: of groups", "groups of groups", "table from groups",
    "group: count()", "group: count(x)", "group: count(distinct x)", "group: of numbers", "group: of durations",
    "group: picking", "group: where",
    // sequences
    "sequence", "steps of one table", "steps of several tables", "four steps", "then within", "then never within",
    "then never, between", "then never, at the end", "step where", "step over a window", "sequence over a window",
    "sequence within", "joined by =", "joined by !=", "joined by < or >=", "joined by time",
    // ranks
    "quintile", "decile", "ntile", "score", "percent_rank", "percentile of subjects", "top n%", "top n", "bottom n%",
    "bottom n", "among", "among members", "per", "rank of numbers", "rank of ratios", "rank of dates", "rank of instants",
    "rank of durations", "rank of something shared", "rank attribute", "frozen attribute", "row: subject's rank",
    "row: subject's frozen rank", "bucket", "sample",
    // partitions
    "closed attribute", "row: subject's part", "in a tier", "in a band", "in a band of its own", "in a part by value",
    "in a group of a chart", "in a part of a split",
    // lists
    "in file", "not in file", "in file ignoring case", "key in file", "key not in file", "list of lines",
    "list of one column", "list of columns", "list of numbers", "list of dates",
    // numbers of more than 38 digits
    "large numbers",
];

/// Those of them that must be seen unknown too.
#[rustfmt::skip]
const UNKNOWN_TOO: &[&str] = &[
    "quintile", "decile", "ntile", "score", "percent_rank", "percentile of subjects", "rank attribute", "frozen attribute",
    "bucket", "closed attribute", "in file", "not in file",
];

impl Default for Coverage {
    fn default() -> Self {
        let counts = FORMS.iter().map(|form| (*form, Counts::default())).collect();
        Coverage { counts, cases: 0, segments: 0, non_empty: 0 }
    }
}

impl Coverage {
    /// Adds what a case has shown.
    pub fn record(&mut self, case: &Case, outcome: &Outcome) {
        self.cases += 1;
        for segment in &case.segments {
            let members = &outcome.segments[&segment.name];
            let has_members = members.as_ref().is_ok_and(|members| !members.is_empty());
            self.segments += 1;
            self.non_empty += usize::from(has_members);
            let truths = &outcome.truths[&segment.name];
            let times = |truth: Option<bool>| truths.iter().filter(|(_, one)| *one == truth).count();
            for form in segment.when.sole_forms() {
                let counts =
                    self.counts.get_mut(form).unwrap_or_else(|| panic!("`{form}` is not in the list of forms"));
                counts.truths += times(Some(true));
                counts.falses += times(Some(false));
                counts.unknowns += times(None);
                counts.non_empty += usize::from(has_members);
                counts.failed += usize::from(members.is_err());
            }
        }
    }

    /// The counts of every form, by name.
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, Counts)> + '_ {
        self.counts.iter().map(|(form, counts)| (*form, *counts))
    }

    /// Forms that were not seen at least so often both true and false, or unknown where they must be.
    pub fn weak(&self, least: usize) -> Vec<&'static str> {
        let weak = self.counts().filter(|(form, counts)| {
            let unknown = UNKNOWN_TOO.contains(form) && counts.unknowns < least;
            counts.truths < least || counts.falses < least || unknown
        });
        weak.map(|(form, _)| form).collect()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} cases, {} segments, {} with members", self.cases, self.segments, self.non_empty)?;
        writeln!(f, "{:26} {:>8} {:>8} {:>8} {:>9} {:>7}", "form", "true", "false", "unknown", "non-empty", "failed")?;
        for (form, counts) in self.counts() {
            let Counts { truths, falses, unknowns, non_empty, failed } = counts;
            writeln!(f, "{form:26} {truths:8} {falses:8} {unknowns:8} {non_empty:9} {failed:7}")?;
        }
        Ok(())
    }
}
