//! The registry of codes. A code is public: stable, documented, never reused.
//!
//! `K1xx` files and YAML, `K2xx` the words of an expression, `K3xx` names, `K4xx` types and units, `K5xx` meaning,
//! `K6xx` data, `K7xx` tests beside the rules.

use super::Severity;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $severity:ident;)+) => {
        /// A stable code of a diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Code] = &[$(Code::$name,)+];

            /// The code as shown: `K204`.
            pub fn id(self) -> &'static str {
                match self { $(Code::$name => $id,)+ }
            }

            /// The severity it has unless something raises or lowers it.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)+ }
            }

            /// What it means, in Markdown: the documentation of the code.
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$name => concat!($($doc, "\n",)+),)+ }
            }
        }
    };
}

codes! {
    // Files and YAML.
    /// A file could not be read, is not UTF-8, or is larger than 16 MiB (a file of values: 256 MiB).
    Unreadable = "K101", Error;
    /// The YAML itself is broken.
    YamlSyntax = "K102", Error;
    /// A key is written twice in one mapping; YAML readers would silently keep one of the two.
    DuplicateKey = "K103", Error;
    /// A key that means nothing here, often a misspelling.
    UnknownKey = "K104", Error;
    /// Anchors, aliases, tags, merge keys and further documents change a rule behind its reader's back and are not allowed.
    YamlFeature = "K105", Error;
    /// A key that must be there is missing.
    MissingKey = "K106", Error;
    /// A value has another shape than expected: a list where text was expected, say.
    WrongShape = "K107", Error;
    /// YAML cut or split an expression: at ` #` in plain text, or at `,` `[` `]` `{` `}` in a flow mapping. Quote it.
    YamlChangesRule = "K108", Error;
    /// Two YAML readers do not agree on what a value is; write it in another way.
    YamlAmbiguous = "K109", Error;
    /// The project has no catalogue, or two.
    NoCatalog = "K110", Error;
    /// A value of a setting is not one of those it can have: a time zone, a weekday, a separator, a form of times.
    BadSetting = "K111", Error;
    /// Nested too deeply, or more than a rule file may hold.
    TooLarge = "K112", Error;

    // The words of an expression.
    /// The expression breaks off or goes on where it should not.
    Syntax = "K201", Error;
    /// A quote is opened and never closed.
    OpenQuote = "K202", Error;
    /// A bracket is opened and never closed, or closed and never opened.
    OpenBracket = "K203", Error;
    /// Another language's spelling of an operator; it is understood, and the form of this language is offered.
    ForeignOperator = "K204", Note;
    /// A word or sign of another language that has no meaning here.
    ForeignWord = "K205", Error;
    /// A number written the local way (`1.000.000`, `1,5`, `Rp 500`).
    NumberForm = "K206", Error;
    /// A date or time that is not of the form `2026-03-31` or `2026-03-31T10:00`, or does not exist.
    DateForm = "K207", Error;
    /// A duration whose unit is missing, unknown or ambiguous (`12m`).
    DurationForm = "K208", Error;
    /// The parts of an aggregate or phrase stand in another order than the language wants.
    ClauseOrder = "K209", Error;
    /// A comment where comments are not allowed: outside a literal block (`|`).
    Comment = "K210", Error;
    /// A chain of comparisons (`1 < a < 2`).
    ChainedComparison = "K211", Error;
    /// A reserved word where a name should stand.
    ReservedWord = "K212", Error;
    /// A part of the language that this version does not have yet.
    NotYet = "K213", Error;
    /// A pattern of `matches` is not a regular expression.
    BadPattern = "K214", Error;
    /// A character that does not belong in an expression, such as an invisible one.
    StrayCharacter = "K215", Error;

    // Names.
    /// A name that nothing has.
    UnknownName = "K301", Error;
    /// A name that something else has already.
    NameTaken = "K302", Error;
    /// A name that could also be read as a metric with a window suffix.
    AmbiguousName = "K303", Error;
    /// A name that is not a `snake_case` identifier, or is a reserved word.
    BadName = "K304", Error;
    /// Definitions that need each other.
    Cycle = "K305", Error;
    /// Something of one kind of subject where another kind is meant.
    WrongSubject = "K306", Error;
    /// A name of the right spelling and the wrong kind: a table where a metric is meant, a row's column outside its rows.
    WrongKind = "K307", Error;
    /// A function that does not exist.
    UnknownFunction = "K308", Error;

    // Types and units.
    /// Two things are compared or combined that cannot be.
    TypeMismatch = "K401", Error;
    /// A function or phrase has another number of arguments, or other ones, than it takes.
    BadArgument = "K402", Error;
    /// Two units are mixed: rupiah and a count of visits, say.
    UnitMismatch = "K403", Error;
    /// A value that the closed set does not have.
    NotInSet = "K404", Error;
    /// A floating-point column used as a number without a scale.
    NeedsScale = "K405", Error;
    /// A window where there is none to put, or a second one.
    WindowMisplaced = "K406", Error;
    /// A condition is expected and a value found, or the other way round.
    NotACondition = "K407", Error;
    /// The kinds of two keys differ (whole number and text, say), so they could never be equal.
    KeyMismatch = "K408", Error;
    /// A column's declared type is not the type its data has, and cannot be read as it.
    DeclaredType = "K409", Error;
    /// A column's type is known neither from the catalogue nor from data.
    UnknownType = "K410", Error;
    /// A column has a type that the language does not have.
    UnsupportedType = "K411", Error;
    /// A column's data is of another type than declared; every value is read as declared.
    TypeDiffers = "K412", Note;

    // Meaning.
    /// People whose value is unknown are silently dropped.
    DropsUnknown = "K501", Warning;
    /// `every` is true of no rows; an `any` beside it says that there must be some.
    EveryOfNothing = "K502", Warning;
    /// A definition that nothing uses, a tier that nobody reaches, or a file that defines or holds nothing.
    Unused = "K504", Warning;
    /// Characters that look like others, or change the direction of text.
    ConfusingText = "K505", Warning;
    /// `number` and `gap` look at all rows of the table, also at those that the `where` beside them leaves out.
    OrderOfAllRows = "K506", Note;

    /// Counts and sums are 0 for those who have no rows, and a rank without `among` ranks them too.
    RanksZeros = "K507", Warning;
    /// Cells of a chart that belong to several groups, or to none.
    ChartCells = "K508", Warning;
    /// A frozen attribute without cut points, or with those of another definition.
    NotFrozen = "K509", Error;

    // Data.
    /// A source does not exist, or cannot be read.
    SourceUnreadable = "K601", Error;
    /// A column that the catalogue names is not in the data.
    MissingColumn = "K602", Error;
    /// Two subjects or two rows of a looked-up table have one key.
    DuplicateRowKey = "K603", Error;
    /// Unequal rows have one id, and no version says which of them is the row.
    ConflictingRows = "K604", Error;
    /// A value of the data is not what its column holds.
    UnreadableValue = "K605", Error;
    /// A row of a text file that cannot be read: too many or too few values, text that is not UTF-8, no JSON.
    UnreadableRow = "K606", Error;

    // Tests beside the rules.
    /// The instant of a test or of one of its steps is no instant, or the steps go back in time.
    TestClock = "K701", Error;
    /// A value in the rows of a test is not what its column holds.
    TestValue = "K702", Error;
    /// A test, a step or an expectation that says nothing: whatever was found, it would pass.
    ExpectsNothing = "K703", Error;
}
