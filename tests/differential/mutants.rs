//! Mutants: the interpreter with one meaning wrong. Each must be told from the right one by some generated case, or the
//! differential test would not notice an engine with that defect.
//!
//! A mutant is one small deviation at one place of the interpreter (`self.is(Mutant::…)`), as an engine that rests on
//! SQL, on floating point or on a date library would have it. One that survives is a hole in the generator.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::generate::{generate, read};
use super::oracle::{DoesNotFit, Key, Outcome, RowCounts, evaluate, evaluate_as};

/// A table of mutants, each with the seed of a case that is known to tell it from the right meaning.
macro_rules! mutants {
    ($($(#[doc = $meaning:literal])* $name:ident = $seed:literal,)*) => {
        /// One meaning that is wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Mutant {
            $($(#[doc = $meaning])* $name,)*
        }

        /// Every mutant with the seed of a case that tells it; where the generator has changed since, any other will do.
        const MUTANTS: &[(Mutant, u64)] = &[$((Mutant::$name, $seed),)*];
    };
}

mutants! {
    // windows and bounds
    /// A row exactly at a window's lower bound is in it.
    LowerBoundIn = 11,
    /// A row exactly at a window's upper bound is not.
    UpperBoundOut = 2,
    /// The lower bound of the window before is counted from its upper bound, not from T.
    PreviousChained = 221,
    /// A day that the month lacks is the month's last day, not the first instant after it.
    MonthClamped = 113,
    /// A day across a clock change has 24 hours.
    DayIs24Hours = 11,
    /// In a repeated hour a bound steps back.
    BoundStepsBack = 8,
    /// Calendar weeks start on Monday whatever the catalogue says.
    WeekStartsMonday = 0,
    /// The last day of `over D to E` is out.
    LastDayOut = 41,
    /// `prev_mtd` reaches into this month where the month before is shorter.
    ElapsedPartNotCut = 6,
    /// `windows: days` changes nothing.
    WholeDaysIgnored = 46,
    // dates and times
    /// Of a local time that exists twice the later is meant.
    AmbiguousTimeIsLater = 44,
    /// A table's own time zone is not looked at.
    TableZoneIgnored = 10,
    /// The day of an instant is its day in UTC.
    DayInUtc = 6,
    /// A date beside an instant is the start of its day.
    DateIsItsMidnight = 174,
    /// A year of life completes the day after the birthday.
    AgeADayLate = 159,
    /// The anniversary of 29 February is 1 March in common years.
    LeapDayOnFirstOfMarch = 4,
    // unknowns
    /// `not` of something unknown is true.
    NotOfUnknownTrue = 4,
    /// `!=` beside something unknown is true.
    NotEqualOfUnknownTrue = 0,
    /// In a list, something unknown equals nothing.
    InLosesUnknown = 70,
    /// `every` of nothing is false.
    EveryOfNothingFalse = 0,
    // numbers
    /// The sum of nothing is unknown.
    SumOfNothingUnknown = 13,
    /// A sum keeps 64 bits.
    SumWraps = 18,
    /// A number may have any number of digits.
    NothingTooLarge = 75,
    /// A mean is cut to six places.
    MeanTruncated = 141,
    /// Division by zero gives zero.
    DivisionByZeroIsZero = 4,
    /// A median or percentile between two values is the lower of them.
    MedianIsLowerMiddle = 47,
    /// The deviation is that of the population, over n.
    DeviationOfPopulation = 37,
    /// A deviation is rounded before it is compared.
    DeviationRounded = 93,
    /// Halves round away from zero.
    RoundHalfUp = 135,
    // aggregates
    /// `count(x of t)` counts unknown x.
    CountTakesUnknown = 88,
    /// `last(x of t)` is unknown where the last row's x is.
    LastTakesUnknown = 214,
    /// Of the most frequent values the greatest is the mode.
    ModeTiesToGreatest = 5,
    // rows
    /// Rows are in the order of the file.
    RowsByArrival = 2,
    /// Rows of one time are in the order of the file.
    TiesByArrival = 474,
    /// Equal rows with one id count each.
    EqualRowsCountTwice = 8,
    /// Of unequal rows with one id the smallest version is the row.
    SmallestVersionWins = 2,
    /// Rows after T are left out before the greatest version is looked for.
    TimeBeforeVersion = 2,
    /// Rows after T exist.
    LaterRowsExist = 1,
    /// Of rows that count once the last is kept.
    DistinctKeepsLast = 4,
    /// Rows that count once differ where both are unknown.
    DistinctUnknownsDiffer = 31,
    /// A row whose lookup has no match does not exist.
    NoMatchDropsRow = 0,
    // order
    /// `number` counts the rows of the window that it is used over.
    NumberedInWindow = 11,
    /// `number` counts the rows that the `where` leaves.
    NumberedAfterWhere = 11,
    /// A table made from another has its numbers and gaps.
    NumberedAsParent = 6,
    /// `gap` is the time since the row before in the window that it is used over.
    GapInWindow = 8,
    /// The gap of the first row is nothing, not unknown.
    FirstGapZero = 6,
    /// An average of durations is whole microseconds.
    DurationsRounded = 319,
    // tables by grouping
    /// Rows of an unknown key are in no group.
    UnknownKeysDropped = 0,
    /// Rows of an unknown key are a group each.
    UnknownKeysDiffer = 3,
    /// `count(x)` of a group counts unknown x.
    GroupCountTakesUnknown = 3386,
    /// A `where` inside the aggregate of a group is not looked at.
    GroupWhereIgnored = 43,
    /// A group happens when its last row does.
    GroupAtItsLastRow = 0,
    /// A group by day happens when its first row does.
    PeriodIsNoTime = 4,
    /// Of several periods grouped by the longest says when a group happened.
    LongestPeriodIsTime = 88,
    /// A group whose time is after T exists.
    LaterGroupsExist = 10,
    // sequences
    /// Only the earliest row that can be taken for a step is tried.
    EarliestRowOnly = 0,
    /// A row of one time with the row before is never later.
    EqualTimesNeverFollow = 45,
    /// A row of one time with the row before is always later.
    EqualTimesFollow = 14,
    /// Rows of one time have an order only within one table, not among all that have the rows of one.
    FollowsWithinOneTableOnly = 134,
    /// One row can be taken for two steps.
    OneRowTwice = 25,
    /// `within` is counted from the first row.
    WithinFromFirst = 286,
    /// A row exactly at the end of `within` is too late.
    WithinIsOpen = 354,
    /// A day of `within` has 24 hours across a clock change.
    StepsOf24Hours = 1103,
    /// A `never` holds before its period has passed.
    NeverBeforeItsEnd = 0,
    /// A `never` between two rows reaches to T.
    NeverReachesT = 80,
    /// A `never` with a period of its own ends where the next row stands.
    NeverEndsAtNextRow = 52,
    /// The window behind the brackets is not looked at.
    TotalWindowIgnored = 78,
    /// The window behind the brackets holds for forbidden rows too.
    TotalWindowHoldsForbidden = 1360,
    /// The `within` behind the brackets is not looked at.
    TotalWithinIgnored = 264,
    // subjects
    /// A key that the subject table lacks is a subject all the same.
    OrphansAreSubjects = 0,
    /// Rows without a subject belong to every subject.
    AnonymousRowsToEverybody = 2,
    /// A segment reaches beyond the one it lies within.
    WithinIgnored = 2,
    // ranks
    /// Of equal values the one with the greater key is ranked lower.
    TiesByDescendingKey = 2,
    /// Of equal values the keys are compared as text.
    KeysOrderAsText = 135,
    /// The smaller tiles come first.
    SmallerTilesFirst = 6,
    /// Ratios are ranked as they are shown, at 12 places.
    RankedByRounded = 1250,
    /// A subject whose value is unknown is ranked lowest.
    UnknownRankedLowest = 2,
    /// A subject for whom `among` is unknown is ranked.
    UnknownAmongCounts = 2,
    /// `among` is not looked at.
    AmongIgnored = 6,
    /// `per` is not looked at.
    PerIgnored = 41,
    /// Subjects whose `per` is unknown are not ranked.
    UnknownPerLeftOut = 6,
    /// A score counts the smaller values only.
    ScoreOfSmaller = 26,
    /// The percent rank counts equal values.
    PercentRankCountsEqual = 135,
    /// The percent rank is a share of the whole population.
    PercentRankOverAll = 135,
    /// A percentile is known for those only who are ranked.
    PercentileOfRankedOnly = 0,
    /// A share of the population is rounded down.
    TopRoundsDown = 4,
    /// Whoever equals the last of the top is in it.
    TopTakesAllEqual = 2,
    /// At the top the greater of equal keys comes first.
    TopTiesByDescendingKey = 2,
    /// At the bottom the greater of equal keys comes first.
    BottomTiesByDescendingKey = 226,
    /// A value at a bound of a bucket is below it.
    BucketBoundIsBelow = 75,
    // frozen attributes
    /// Cut points are not looked at.
    CutPointsIgnored = 5,
    /// A value at a cut point is below it.
    CutPointIsBelow = 135,
    // samples
    /// All salts are one.
    SaltIgnored = 0,
    /// The parts of a key are hashed without what separates them.
    HashWithoutSeparator = 0,
    /// The first byte of the hash counts least.
    HashLittleEndian = 0,
    /// The last part of a split has the smallest hashes.
    SplitFromTheEnd = 0,
    /// Each part of a split has the smallest hashes.
    SplitPartsOverlap = 0,
    /// A split is one of all subjects.
    SplitOfAll = 2,
    // partitions
    /// The last tier that holds wins.
    LastTierWins = 0,
    /// An unknown tier ends the search.
    UnknownTierEnds = 0,
    /// A part reaches beyond what its partition lies within.
    PartBeyondWithin = 0,
    /// The upper bound of a band is in it.
    UpperBoundOfBandIn = 6,
    /// An unknown value is in the lowest band.
    UnknownInLowestBand = 10,
    /// A cell of several groups is the last one's.
    LastGroupWins = 5,
    /// The digits of cells stand in the opposite order.
    ChartTransposed = 5,
    // lists
    /// `include` adds nobody.
    IncludeIgnored = 0,
    /// Who is included and excluded is a member.
    IncludeBeatsExclude = 10,
    /// Who is included need not be in the broader segment.
    IncludeBeyondWithin = 3,
    /// Something unknown is not in a file, and that is known.
    UnknownInFileIsFalse = 28,
    /// The name of the only column is a value.
    HeaderIsAValue = 61,
    /// Quotes belong to the values.
    QuotesAreText = 3,
    /// Blanks around a line belong to the value.
    BlanksAreText = 0,
    /// The byte order mark belongs to the first value.
    MarkIsText = 78,
    // text
    /// `ignoring case` compares lower case.
    FoldingLowers = 39,
    /// Text is ordered by the 16-bit units of UTF-16.
    TextByUtf16 = 470,
}

/// How many seeds are searched for a case that tells a mutant whose known one no longer does: those that the engine is
/// compared on.
const SEEDS: u64 = 3_000;

/// What the engine is compared with: members, failures, and rows of nobody.
type Compared = (BTreeMap<String, Result<Vec<Key>, DoesNotFit>>, BTreeMap<(String, String), RowCounts>);

fn compared(outcome: Outcome) -> Compared {
    (outcome.segments, outcome.rows)
}

/// Those of these mutants that the case of a seed tells from the right meaning.
fn told(mutants: &[Mutant], seed: u64) -> Vec<Mutant> {
    let case = generate(seed);
    let (catalog, rules) = read(&case).unwrap_or_else(|problems| panic!("{case}\n{problems:#?}"));
    let right = compared(evaluate(&catalog, &rules, &case.data, &case.beside, case.now));
    let wrong = |mutant| compared(evaluate_as(Some(mutant), &catalog, &rules, &case.data, &case.beside, case.now));
    mutants.iter().copied().filter(|mutant| wrong(*mutant) != right).collect()
}

/// Runs `work` on these numbers, on every processor.
fn in_parallel(numbers: std::ops::Range<u64>, work: impl Fn(u64) + Sync) {
    let next = AtomicU64::new(numbers.start);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= numbers.end {
                        return;
                    }
                    work(number);
                }
            });
        }
    });
}

#[test]
fn every_mutant_is_told_from_the_right_meaning() {
    let alive: Mutex<Vec<Mutant>> = Mutex::new(vec![]);
    in_parallel(0..MUTANTS.len() as u64, |at| {
        let (mutant, seed) = MUTANTS[at as usize];
        if told(&[mutant], seed).is_empty() {
            alive.lock().expect("no panic").push(mutant);
        }
    });
    let stale = alive.lock().expect("no panic").clone();
    let found: Mutex<Vec<(Mutant, u64)>> = Mutex::new(vec![]);
    in_parallel(0..SEEDS, |seed| {
        let left = alive.lock().expect("no panic").clone();
        if left.is_empty() {
            return;
        }
        let told = told(&left, seed);
        alive.lock().expect("no panic").retain(|mutant| !told.contains(mutant));
        found.lock().expect("no panic").extend(told.into_iter().map(|mutant| (mutant, seed)));
    });
    let (alive, found) = (alive.into_inner().expect("no panic"), found.into_inner().expect("no panic"));
    println!("of {} mutants {} needed another seed: {found:?}", MUTANTS.len(), stale.len());
    assert!(alive.is_empty(), "no case of {SEEDS} tells these from the right meaning: {alive:?}");
}
