//! What is asked, in no engine's language: features of subjects, and segments that are conditions over them.

/// Segments over features that they share.
pub struct Workload {
    pub features: Vec<Feature>,
    pub segments: Vec<Segment>,
}

/// A condition with a name, the same in every language.
pub struct Segment {
    pub name: String,
    pub when: Condition,
}

/// A number or a time about a subject: an aggregate of its rows in a window.
#[derive(Clone, PartialEq, Eq)]
pub struct Feature {
    pub aggregate: Aggregate,
    /// All of these hold of the rows that count.
    pub filter: Vec<Filter>,
    pub window: Window,
}

/// How rows become one value. Counts and sums of nothing are 0, the others unknown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    Count,
    /// Of the amount.
    Sum,
    /// The smallest amount.
    Min,
    /// The largest amount.
    Max,
    /// The time of the last row.
    Last,
}

/// What is asked of a row.
#[derive(Clone, PartialEq, Eq)]
pub enum Filter {
    /// A column of text is one of these.
    OneOf(&'static str, Vec<&'static str>),
    /// The amount is at least this.
    AtLeast(i64),
    /// The amount is less than this.
    Below(i64),
}

/// Days back from the end of the day that is looked from: a row counts from `start`, if there is one, to `end`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Rows as old or older do not count.
    pub start: Option<u32>,
    /// Younger rows do not count: 0, or the start of the window that this is the previous one of.
    pub end: u32,
}

impl Window {
    pub const LIFETIME: Window = Window { start: None, end: 0 };

    pub fn last(days: u32) -> Window {
        Window { start: Some(days), end: 0 }
    }

    pub fn previous(days: u32) -> Window {
        Window { start: Some(2 * days), end: days }
    }
}

/// Who belongs to a segment. Features are meant by their place in the workload.
pub enum Condition {
    /// A number against a threshold; the threshold of an amount is in whole units.
    Number {
        feature: usize,
        is: Is,
        value: i64,
    },
    /// A time is later than so many days ago.
    Since {
        feature: usize,
        days: u32,
    },
    /// One number is more than `percent` of another.
    Beyond {
        feature: usize,
        percent: i64,
        of: usize,
    },
    /// The attribute of the subject.
    Attribute(&'static str),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
}

/// A comparison.
#[derive(Clone, Copy)]
pub enum Is {
    AtLeast,
    Above,
    Below,
    Equal,
}

impl Is {
    /// Its sign, the same in every language here but for equality.
    pub fn sign(self, equal: &'static str) -> &'static str {
        match self {
            Is::AtLeast => ">=",
            Is::Above => ">",
            Is::Below => "<",
            Is::Equal => equal,
        }
    }
}

impl Feature {
    /// Whether it is an amount of money rather than a count or a time.
    pub fn is_amount(&self) -> bool {
        matches!(self.aggregate, Aggregate::Sum | Aggregate::Min | Aggregate::Max)
    }
}

impl Workload {
    /// How many days back rows are looked at; none if some feature has no start.
    pub fn widest(&self) -> Option<u32> {
        self.features.iter().try_fold(0, |widest, feature| feature.window.start.map(|start| widest.max(start)))
    }

    /// Whether some segment asks about the attribute.
    pub fn asks_attribute(&self) -> bool {
        self.segments.iter().any(|segment| segment.when.asks_attribute())
    }

    /// Whether some feature aggregates or filters by the amount.
    pub fn asks_amount(&self) -> bool {
        self.features.iter().any(|feature| {
            feature.is_amount() || feature.filter.iter().any(|filter| !matches!(filter, Filter::OneOf(..)))
        })
    }

    /// The columns of text that features filter by.
    pub fn texts(&self) -> Vec<&'static str> {
        let filters = self.features.iter().flat_map(|feature| &feature.filter);
        let mut columns: Vec<&str> = filters
            .filter_map(|filter| match filter {
                Filter::OneOf(column, _) => Some(*column),
                Filter::AtLeast(_) | Filter::Below(_) => None,
            })
            .collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Only one of the segments, with the features that it needs.
    pub fn only(&self, segment: usize) -> Workload {
        let mut features = Vec::new();
        let segment = &self.segments[segment];
        let when = segment.when.renumbered(&mut |old| {
            let feature = &self.features[old];
            features.iter().position(|known| known == feature).unwrap_or_else(|| {
                features.push(feature.clone());
                features.len() - 1
            })
        });
        Workload { features, segments: vec![Segment { name: segment.name.clone(), when }] }
    }
}

impl Condition {
    fn asks_attribute(&self) -> bool {
        match self {
            Condition::Attribute(_) => true,
            Condition::All(parts) | Condition::Any(parts) => parts.iter().any(Condition::asks_attribute),
            Condition::Not(part) => part.asks_attribute(),
            Condition::Number { .. } | Condition::Since { .. } | Condition::Beyond { .. } => false,
        }
    }

    fn renumbered(&self, new: &mut dyn FnMut(usize) -> usize) -> Condition {
        let mut all = |parts: &[Condition]| parts.iter().map(|part| part.renumbered(new)).collect();
        match self {
            Condition::All(parts) => Condition::All(all(parts)),
            Condition::Any(parts) => Condition::Any(all(parts)),
            Condition::Not(part) => Condition::Not(Box::new(part.renumbered(new))),
            Condition::Attribute(value) => Condition::Attribute(value),
            Condition::Number { feature, is, value } => {
                Condition::Number { feature: new(*feature), is: *is, value: *value }
            }
            Condition::Since { feature, days } => Condition::Since { feature: new(*feature), days: *days },
            Condition::Beyond { feature, percent, of } => {
                Condition::Beyond { feature: new(*feature), percent: *percent, of: new(*of) }
            }
        }
    }
}
