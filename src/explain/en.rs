//! English.

use chrono::{Datelike, NaiveDate, Weekday};

use super::say::{Marks, Say, Wording};
use crate::syntax::ast::Duration;

/// English words.
pub(super) struct English;

impl Wording for English {
    fn template(&self, say: Say) -> &'static str {
        match say {
            Say::Members => "Every {1} belongs to {0} if",
            Say::AllOf => "all of these hold:",
            Say::AnyOf => "at least one of these holds:",
            Say::NotThis => "this does not hold:",
            Say::NotSo => "it is not so that {0}",
            Say::NoteHolds => "condition {0} holds",
            Say::And => " and ",
            Say::Or => " or ",
            Say::UnknownIsOut => " (unknown does not count)",
            Say::UnknownIsIn => " (unknown counts as well)",
            Say::IgnoringCase => " (capital and small letters alike)",
            Say::Everybody => "always",
            Say::Nobody => "never",
            Say::True => "true",
            Say::False => "false",
            Say::Holds => "{0} is true",
            Say::HoldsNot => "{0} is false",
            Say::InUnit => "{0} (in {1})",
            Say::Equal => "{0} is {1}",
            Say::NotEqual => "{0} is not {1}",
            Say::Less => "{0} is less than {1}",
            Say::AtMost => "{0} is at most {1}",
            Say::More => "{0} is more than {1}",
            Say::AtLeast => "{0} is at least {1}",
            Say::Before => "{0} is earlier than {1}",
            Say::NotAfter => "{0} is not later than {1}",
            Say::After => "{0} is later than {1}",
            Say::NotBefore => "{0} is not earlier than {1}",
            Say::Shorter => "{0} is shorter than {1}",
            Say::NotLonger => "{0} is not longer than {1}",
            Say::Longer => "{0} is longer than {1}",
            Say::NotShorter => "{0} is not shorter than {1}",
            Say::Between => "{0} is from {1} to {2} (both included)",
            Say::NotBetween => "{0} is neither {1} nor {2} nor between them",
            Say::OneOf => "{0} is one of: {1}",
            Say::NoneOf => "{0} is none of: {1}",
            Say::Known => "{0} is known",
            Say::Unknown => "{0} is unknown",
            Say::Contains => "{0} contains {1}",
            Say::ContainsNot => "{0} does not contain {1}",
            Say::StartsWith => "{0} begins with {1}",
            Say::StartsNotWith => "{0} does not begin with {1}",
            Say::EndsWith => "{0} ends with {1}",
            Say::EndsNotWith => "{0} does not end with {1}",
            Say::Like => "{0} fits the pattern {1} (% is any text, _ any one character)",
            Say::LikeNot => "{0} does not fit the pattern {1} (% is any text, _ any one character)",
            Say::Matches => "{0} matches the regular expression {1} somewhere",
            Say::MatchesNot => "{0} matches the regular expression {1} nowhere",
            Say::ContainsAny => "{0} contains at least one of: {1}",
            Say::ContainsAll => "{0} contains all of: {1}",
            Say::ContainsNone => "{0} contains none of: {1}",
            Say::ContainsAtLeast => "{0} contains at least {2} of: {1}",
            Say::ContainsNotAny => "{0} contains none of: {1}",
            Say::ContainsNotAll => "{0} lacks at least one of: {1}",
            Say::ContainsNotNone => "{0} contains at least one of: {1}",
            Say::ContainsLessThan => "{0} contains fewer than {2} of: {1}",
            Say::WithinNext => "{0} is today or in the {1} after today",
            Say::WithinLast => "{0} is today or in the {1} before today",
            Say::NotWithinNext => "{0} is neither today nor in the {1} after today",
            Say::NotWithinLast => "{0} is neither today nor in the {1} before today",
            Say::Anniversary => "an anniversary of {0}",
            Say::InSegment => "the {1} is in the segment {0}",
            Say::NotInSegment => "the {1} is not in the segment {0}",
            Say::InFile => "{0} is listed in the file {1}",
            Say::NotInFile => "{0} is not listed in the file {1}",
            Say::KeyInFile => "the key of the {1} is listed in the file {0}",
            Say::KeyNotInFile => "the key of the {1} is not listed in the file {0}",
            Say::KeyOneOf => "the key of the {1} is one of: {0}",
            Say::KeyNoneOf => "the key of the {1} is none of: {0}",
            Say::Sample => "the {2} is in the fixed sample of {0} that is drawn by {1}",
            Say::InSplit => "the {3} falls into the first {0} when all are divided by chance, drawn by {1}",
            Say::InSplitFrom => {
                "the {3} falls into the {0} behind the first {2} when all are divided by chance, drawn by {1}"
            }
            Say::Now => "the instant of evaluation",
            Say::Today => "today",
            Say::Instant => "{0}, {1}",
            Say::EndOfDay => "the end of {0}",
            Say::TimeBetween => "the time from [1] to [0]",
            Say::Fraction => "{0} of [1]",
            Say::Absolute => "[0] without its sign",
            Say::AgeOf => "the age in completed years since {0}",
            Say::Bucket => {
                "the number of the step that [0] has reached, the steps beginning at: {1} (1 is below the first)"
            }
            Say::Coalesce => "the first of these that is known: ({0})",
            Say::DayOf => "the calendar day of [0]",
            Say::WeekOf => "the first day of the calendar week of [0]",
            Say::MonthOf => "the first day of the calendar month of [0]",
            Say::QuarterOf => "the first day of the calendar quarter of [0]",
            Say::YearOf => "the first day of the calendar year of [0]",
            Say::HourOf => "the hour of the day (0 to 23) of [0]",
            Say::WeekdayOf => "the day of the week of [0]",
            Say::DayOfMonth => "the day of the month (1 to 31) of [0]",
            Say::MonthOfYear => "the month of the year (1 to 12) of [0]",
            Say::Greatest => "the greatest of ({0})",
            Say::Least => "the smallest of ({0})",
            Say::Length => "the number of characters of [0]",
            Say::Lower => "[0] in small letters",
            Say::Upper => "[0] in capital letters",
            Say::Round => "[0] rounded to whole numbers",
            Say::RoundTo => "[0] rounded to {1} digits after the point",
            Say::RowTime => "the time of the row",
            Say::RowNumber => "the row's place among all rows of {0} of the same {1} (1 is the first)",
            Say::RowGap => "the time since the row of {0} of the same {1} before it",
            Say::OfPath => "{0} of the {1}",
            Say::OfRow => "{0} of the row {1}",
            Say::ColumnOf => "{0} in {1}",
            Say::Over => "{0} {1}",
            Say::Since => "since {0} (included)",
            Say::Until => "until {0} (included)",
            Say::FromTo => "from {0} to {1} (both included)",
            Say::ThisDay => "today, up to the instant of evaluation",
            Say::ThisWeek => "this calendar week so far",
            Say::ThisMonth => "this calendar month so far",
            Say::ThisQuarter => "this calendar quarter so far",
            Say::ThisYear => "this calendar year so far",
            Say::LastDay => "yesterday",
            Say::LastWeek => "in the whole calendar week before this one",
            Say::LastMonth => "in the whole calendar month before this one",
            Say::LastQuarter => "in the whole calendar quarter before this one",
            Say::LastYear => "in the whole calendar year before this one",
            Say::ToDateDay => "yesterday up to the same time of day",
            Say::ToDateWeek => "in the calendar week before this one, up to the same point of the week",
            Say::ToDateMonth => "in the calendar month before this one, up to the same point of the month",
            Say::ToDateQuarter => "in the calendar quarter before this one, up to the same point of the quarter",
            Say::ToDateYear => "in the calendar year before this one, up to the same point of the year",
            Say::Filtered => "{0} (only rows where {1})",
            Say::RowsWhere => "{0} where {1}",
            Say::AnyRow => "there is at least one row of {0}",
            Say::NoRow => "there is no row of {0}",
            Say::EveryRow => "in every row of {0} it is so that {1}",
            Say::CountRows => "the number of rows of {0}",
            Say::CountKnown => "the number of rows of {1} for which [0] is known",
            Say::CountDistinct => "the number of different values of [0] in rows of {1}",
            Say::Sum => "the sum of [0] in rows of {1}",
            Say::Avg => "the average of [0] in rows of {1}",
            Say::Min => "the smallest value of [0] in rows of {1}",
            Say::Max => "the greatest value of [0] in rows of {1}",
            Say::Earliest => "the earliest value of [0] in rows of {1}",
            Say::Latest => "the latest value of [0] in rows of {1}",
            Say::Median => "the median of [0] in rows of {1}",
            Say::Stddev => "the standard deviation of [0] in rows of {1}",
            Say::First => "the first known value of [0] in rows of {1}",
            Say::Last => "the last known value of [0] in rows of {1}",
            Say::Mode => "the most frequent value of [0] in rows of {1}",
            Say::ModeShare => "the share of the most frequent value of [0] in rows of {1}",
            Say::ModeCount => "how often the most frequent value of [0] occurs in rows of {1}",
            Say::Percentile => "the percentile {2} of [0] in rows of {1}",
            Say::OfGroup => "the group",
            Say::Calculation => "a calculated value",
            Say::SomeRows => "{0} (only some of them)",
            Say::InOrder => "these rows come one after the other:",
            Say::InOrderDuring => "these rows come one after the other, all of them {0}:",
            Say::InOrderWithin => "these rows come one after the other, from the first to the last {0}:",
            Say::InOrderDuringWithin => {
                "these rows come one after the other, all of them {0}, from the first to the last {1}:"
            }
            Say::FirstStep => "first a row of {0}",
            Say::NextStep => "later a row of {0}",
            Say::NextStepWithin => "then, {1} of the row before, a row of {0}",
            Say::NeverStep => "after that, until the next of these rows or the instant of evaluation, no row of {0}",
            Say::NeverStepWithin => "after that, {1}, which must have passed, no row of {0}",
            Say::CalledRow => "{0} (called {1} here)",
            Say::Tile => {
                "the part from 1 (lowest) to {1} (highest), when subjects are ordered by [0] and divided into {1} parts of one size, {2}"
            }
            Say::Score => "the score from 1 (lowest) to {1} (highest) of [0], equal values sharing one, {2}",
            Say::PercentRank => "the share of the others whose value of [0] is smaller (from 0 to 1), {2}",
            Say::PercentileOfAll => "the number below which {1}% of all values of [0] lie, {2}",
            Say::Highest => "the {3} is among the {1} highest by [0], {2}",
            Say::Lowest => "the {3} is among the {1} lowest by [0], {2}",
            Say::HighestShare => "the {3} is among the highest {1} by [0], {2}",
            Say::LowestShare => "the {3} is among the lowest {1} by [0], {2}",
            Say::AmongKnown => "among all whose value is known",
            Say::AmongThose => "among those for whom {0} and whose value is known",
            Say::PerGroup => "{0}, for each value of [1] apart",
            Say::Frozen => "{0}; the cut points are kept, and move only when they are computed anew",
            Say::TierFirst => "the name of the first of these groups that fits:",
            Say::TierNotBefore => "none of the groups before it fits:",
            Say::Named => "{0}: {1}",
            Say::TierRest => "everybody else",
            Say::FrozenOf => "{0}; the cut points are those of {1}, kept until they are computed anew",
            Say::FrozenAt => "{0}; the cut points are those of {1}, kept until they are computed anew: {2}",
            Say::OnlyWithin => "only for those in the segment {0}",
            Say::Cells => "the scores {0} are one of these, a digit for each score in this order: {1}",
            Say::TableWhere => "the rows of {0} for which {1}",
            Say::TableOf => "the rows of {0}",
            Say::TableDistinct => "{0}; of rows alike in {1} only the first",
            Say::TableGrouped => "one row for each {0} and {1}, made of {2}",
            Say::GroupFirst => "that of the first of its rows",
            Say::GroupTime => "{0}; its time is {1}",
            Say::TableSql => "the rows of a query (SQL) over {0}",
            Say::SubjectOf => "a row of {0}",
            Say::SubjectsIn => "whoever is named by a row of {0}",
            Say::DivisionOf => "the name of the one of these groups that fits:",
            Say::FineUnknown => {
                "Unknown: a comparison with a value that is not known is neither true nor false. Members are only those for whom the condition is true."
            }
            Say::FineRows => "A row counts only if its condition is true; a condition that is unknown is not enough.",
            Say::FineEmpty => "A number or a sum of no rows is 0; other figures of no rows are unknown.",
            Say::FineFirst => "The first and the last row go by time; rows of one time by the order of the table.",
            Say::FineMode => "Of several values that are equally frequent the smallest counts.",
            Say::FineDeviation => "A standard deviation is that of a sample, and unknown for fewer than two values.",
            Say::FineRound => "What lies halfway is rounded to the even neighbour.",
            Say::FineLeast => "The smallest or the greatest of several values is unknown if one of them is.",
            Say::FineText => "Text is ordered letter by letter, by code point: capital letters come before small ones.",
            Say::FineRolling => {
                "A window of so many days ends at the instant of evaluation or that long before it. What happened exactly at its end is in, what happened exactly at its beginning is not."
            }
            Say::FineRollingDays => {
                "A window of so many days covers whole days of {0}, today included. A window in hours or minutes is exact: its end is in, its beginning is not."
            }
            Say::FineCalendar => {
                "Calendar days begin at midnight in {0}, weeks on {1}. What happens at the instant of evaluation is in, nothing later is."
            }
            Say::FineAbsolute => "Days that are named are whole days in {0} and are in.",
            Say::FineAgo => {
                "“So long ago” is counted from the instant of evaluation; days and longer units step the calendar of {0}."
            }
            Say::FineDateAndTime => "A date compared with a time is compared with the day of that time in {0}.",
            Say::FineElapsed => "Lengths of time are compared as what elapsed: a day is 24 hours.",
            Say::FineAge => "An age is in completed years, counted to today in {0}.",
            Say::FineNear => "Nearness to today counts whole days in {0}; today is in.",
            Say::FineAnniversary => {
                "An anniversary ignores the year; 29 February counts as 28 February in other years."
            }
            Say::FineDivision => "What is divided by zero is unknown.",
            Say::FineEvery => {
                "“In every row” is also true where there is no row; one row for which it is unknown makes it false."
            }
            Say::FineSequence => {
                "A later row has a greater time. Rows of the same instant follow each other only if they are of one table of the data, in its order. Other rows may lie between."
            }
            Say::FineTies => "Of equal values at a border, the smaller keys come first.",
            Say::FinePer => "Those for whom the group is unknown are a group of their own.",
            Say::FineShare => "A share of the highest or lowest is rounded up to whole numbers.",
            Say::FineTiles => "Where parts cannot be of one size, the lower ones are larger by one.",
            Say::FinePercentile => {
                "A percentile or median that falls between two values lies between them in proportion."
            }
            Say::FineScore => {
                "A score is the number of scores times the share of those whose value is at most the same, rounded up."
            }
            Say::FinePercentRank => "Among one alone the share is 0.",
            Say::FineRanks => {
                "Who is not among those who are ranked has no rank, and is not among the highest or lowest."
            }
            Say::FineForAll => {
                "A percentile among subjects is one number, known for everybody, also for those who are not among them."
            }
            Say::FineSample => "Chance is fixed: the same text draws the same subjects every time.",
            Say::FineSegments => "Being in a segment is never unknown: who is not a member for certain is not in it.",
            Say::FineCurrency => "Money is in {2} where nothing else is said.",
            Say::HeadWhere => "What the names mean",
            Say::HeadRestsOn => "Segments that it asks about",
            Say::HeadFine => "To the letter",
            Say::HeadReads => "What it reads",
            Say::HeadLives => "How it changes",
            Say::DescribedAs => "Description: {0}",
            Say::Owner => "Responsible: {0}",
            Say::ReadsTable => "table {0}: {1}",
            Say::ReadsNoColumns => "table {0}",
            Say::ReadsFeature => "counted: {0}",
            Say::SharedWith => "{0}; also counted for {1}",
            Say::LivesRows => "when rows arrive or are corrected in {0}",
            Say::LivesClock => "as time goes by, though no row arrives: {0}",
            Say::LivesOthers => "when others change: {0}",
            Say::LivesStill => "not by time alone",
            Say::LivesAlone => "not because of others",
            Say::ClockWindow => "the window of {0}",
            Say::ClockSequence => "the time that a sequence has",
            Say::ClockToday => "what is counted from today",
            Say::ClockNow => "what is compared with the instant of evaluation",
            Say::ClockNear => "nearness to today",
            Say::ClockAge => "{0}, counted to today",
            Say::OtherRank => "the place among others by [0]",
            Say::OtherKind => "values of the {0}",
            Say::OtherQuery => "the query of the table {0}",
            Say::OtherRows => "rows of {0} that count once among everybody's",
        }
    }

    fn duration(&self, length: Duration) -> String {
        let plural = if length.count == 1 { "" } else { "s" };
        format!("{} {}{plural}", length.count, length.unit.word())
    }

    fn within(&self, length: Duration) -> String {
        format!("within {}", self.duration(length))
    }

    fn ago(&self, length: Duration) -> String {
        format!("{} ago", self.duration(length))
    }

    fn rolling(&self, length: Duration) -> String {
        format!("over the last {}", self.duration(length))
    }

    fn previous(&self, length: Duration) -> String {
        format!("over the {0} before the last {0}", self.duration(length))
    }

    fn ending(&self, length: Duration, ago: Duration) -> String {
        format!("over the {} that ended {}", self.duration(length), self.ago(ago))
    }

    fn day(&self, day: NaiveDate) -> String {
        format!("{} {} {}", day.day(), month(day.month0()), day.year())
    }

    fn weekday(&self, day: Weekday) -> &'static str {
        match day {
            Weekday::Mon => "Monday",
            Weekday::Tue => "Tuesday",
            Weekday::Wed => "Wednesday",
            Weekday::Thu => "Thursday",
            Weekday::Fri => "Friday",
            Weekday::Sat => "Saturday",
            Weekday::Sun => "Sunday",
        }
    }

    fn marks(&self) -> Marks {
        Marks { thousands: ",", decimal: ".", percent: "", grouped_from: 4, quotes: ("“", "”") }
    }
}

fn month(from_zero: u32) -> &'static str {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    MONTHS.get(from_zero as usize).copied().unwrap_or_default()
}
