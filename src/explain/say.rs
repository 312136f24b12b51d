//! Everything that an explanation can say, by meaning. A language gives each of these its words.
//!
//! A template has places: `{0}` is filled as it is, `[0]` is put in brackets if it is more than one name or number. What a
//! language can not say by a template, since its words change with a number, it says by a function of [`Wording`].

use chrono::{NaiveDate, Weekday};

use super::model::{Phrase, Token};
use crate::syntax::ast::Duration;

macro_rules! sayings {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// What can be said. The order is that of the fine print, too.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Say { $($(#[$doc])* $name,)+ }

        impl Say {
            /// All of them.
            #[cfg(test)]
            pub(crate) const ALL: &'static [Say] = &[$(Say::$name,)+];
        }
    };
}

sayings! {
    // Rules.
    Members, AllOf, AnyOf, NotThis, NotSo, NoteHolds, And, Or, UnknownIsOut, UnknownIsIn, IgnoringCase, Everybody, Nobody,
    True, False, Holds, HoldsNot, InUnit,
    // Comparison.
    Equal, NotEqual, Less, AtMost, More, AtLeast, Before, NotAfter, After, NotBefore, Shorter, NotLonger, Longer, NotShorter,
    Between, NotBetween, OneOf, NoneOf, Known, Unknown,
    // Text and lists.
    Contains, ContainsNot, StartsWith, StartsNotWith, EndsWith, EndsNotWith, Like, LikeNot, Matches, MatchesNot,
    ContainsAny, ContainsAll, ContainsNone, ContainsAtLeast, ContainsNotAny, ContainsNotAll, ContainsNotNone,
    ContainsLessThan,
    // Nearness to today.
    WithinNext, WithinLast, NotWithinNext, NotWithinLast, Anniversary,
    // Segments, lists, chance.
    InSegment, NotInSegment, InFile, NotInFile, KeyInFile, KeyNotInFile, KeyOneOf, KeyNoneOf, Sample, InSplit, InSplitFrom,
    // Values.
    Now, Today, Instant, EndOfDay, TimeBetween, Fraction, Absolute, AgeOf, Bucket, Coalesce, DayOf, WeekOf, MonthOf, QuarterOf, YearOf, HourOf, WeekdayOf,
    DayOfMonth, MonthOfYear, Greatest, Least, Length, Lower, Upper, Round, RoundTo, RowTime,
    RowNumber, RowGap, OfPath, OfRow, ColumnOf,
    // Windows.
    Over, Since, Until, FromTo, ThisDay, ThisWeek, ThisMonth, ThisQuarter, ThisYear, LastDay, LastWeek, LastMonth,
    LastQuarter, LastYear, ToDateDay, ToDateWeek, ToDateMonth, ToDateQuarter, ToDateYear,
    // Rows.
    Filtered, RowsWhere, AnyRow, NoRow, EveryRow, CountRows, CountKnown, CountDistinct, Sum, Avg, Min, Max, Earliest, Latest,
    Median, Stddev, First, Last, Mode, ModeShare, ModeCount, Percentile, OfGroup, Calculation, SomeRows,
    // Sequences.
    InOrder, InOrderDuring, InOrderWithin, InOrderDuringWithin, FirstStep, NextStep, NextStepWithin, NeverStep, NeverStepWithin, CalledRow,
    // Ranks.
    Tile, Score, PercentRank, PercentileOfAll, Highest, Lowest, HighestShare, LowestShare, AmongKnown, AmongThose, PerGroup, Frozen, FrozenOf, FrozenAt,
    // Groups that exclude each other.
    OnlyWithin, TierFirst, TierNotBefore, Named, TierRest, Cells,
    // Definitions.
    TableWhere, TableOf, TableDistinct, TableGrouped, GroupTime, GroupFirst, TableSql, SubjectOf, SubjectsIn, DivisionOf,
    // Fine print.
    FineUnknown, FineRows, FineEmpty, FineFirst, FineMode, FineDeviation, FineRound, FineLeast, FineText, FineRolling, FineRollingDays, FineCalendar, FineAbsolute, FineAgo, FineDateAndTime, FineElapsed,
    FineAge, FineNear, FineAnniversary, FineDivision, FineEvery, FineSequence, FineTies, FineTiles, FineShare, FinePer, FinePercentile, FineScore, FinePercentRank, FineRanks, FineForAll,
    FineSample, FineSegments, FineCurrency,
    // Headings.
    HeadWhere, HeadRestsOn, HeadFine, HeadReads, HeadLives, DescribedAs, Owner, ReadsTable, ReadsNoColumns, ReadsFeature,
    SharedWith,
    // How it lives.
    LivesRows, LivesClock, LivesOthers, LivesStill, LivesAlone, ClockWindow, ClockSequence, ClockToday, ClockNow,
    ClockNear, ClockAge, OtherRank, OtherKind, OtherQuery, OtherRows,
}

/// How a language writes numbers and sets off names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marks {
    /// Between groups of three digits.
    pub thousands: &'static str,
    /// Between whole numbers and decimals.
    pub decimal: &'static str,
    /// Before a percent sign.
    pub percent: &'static str,
    /// Whole numbers of so many digits are grouped.
    pub grouped_from: usize,
    /// Around names in plain text.
    pub quotes: (&'static str, &'static str),
}

/// A language.
pub(crate) trait Wording: Sync {
    /// The words for a meaning, with places.
    fn template(&self, say: Say) -> &'static str;
    /// So long, by itself: “30 days”.
    fn duration(&self, length: Duration) -> String;
    /// Not longer than that: “within 30 days”.
    fn within(&self, length: Duration) -> String;
    /// That long before the instant of evaluation.
    fn ago(&self, length: Duration) -> String;
    /// The window that ends at the instant of evaluation.
    fn rolling(&self, length: Duration) -> String;
    /// The window of that length which ends where the one up to the instant of evaluation begins.
    fn previous(&self, length: Duration) -> String;
    /// The window of that length which ended so long ago.
    fn ending(&self, length: Duration, ago: Duration) -> String;
    /// A day.
    fn day(&self, day: NaiveDate) -> String;
    /// A day of the week, as a week's first one is named in the fine print.
    fn weekday(&self, day: Weekday) -> &'static str;
    /// Numbers and quotes.
    fn marks(&self) -> Marks;
}

/// A meaning in words, its places filled. A place that is not given stays empty.
pub(crate) fn fill(wording: &dyn Wording, say: Say, with: &[Phrase]) -> Phrase {
    #[cfg(test)]
    SAID.with_borrow_mut(|said| said.insert(say));
    let mut out = Phrase::default();
    let mut rest = wording.template(say);
    while let Some(open) = rest.find(['{', '[']) {
        let (before, place) = rest.split_at(open);
        out.push(text(before));
        let mut signs = place.chars();
        let (bracket, digit) = (signs.next(), signs.next());
        let filled = digit.and_then(|digit| digit.to_digit(10)).and_then(|at| with.get(at as usize));
        if let Some(filled) = filled {
            let brackets = bracket == Some('[') && filled.is_compound();
            out.push(if brackets { text("(").then(filled.clone()).then(text(")")) } else { filled.clone() });
        }
        rest = place.get(3..).unwrap_or_default();
    }
    out.push(text(rest));
    out
}

#[cfg(test)]
thread_local! {
    static SAID: std::cell::RefCell<std::collections::BTreeSet<Say>> = const { std::cell::RefCell::new(std::collections::BTreeSet::new()) };
}

/// What this thread has said, for the test of coverage.
#[cfg(test)]
pub(crate) fn said_so_far() -> std::collections::BTreeSet<Say> {
    SAID.with_borrow(Clone::clone)
}

fn text(words: &str) -> Phrase {
    if words.is_empty() { Phrase::default() } else { Phrase(vec![Token::Words { text: words.to_owned() }]) }
}

/// A number as it is written, in the language's marks: every digit stays.
pub(crate) fn number(wording: &dyn Wording, written: &str) -> String {
    let marks = wording.marks();
    let (sign, digits) = written.strip_prefix('-').map_or(("", written), |digits| ("−", digits));
    let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        let left = whole.len().saturating_sub(at);
        if at > 0 && left % 3 == 0 && whole.len() >= marks.grouped_from {
            out.push_str(marks.thousands);
        }
        out.push(digit);
    }
    if let Some(decimals) = decimals {
        out.push_str(marks.decimal);
        out.push_str(decimals);
    }
    out
}
