//! What the checker knows of an expression beside its node: unknowns, units, closed sets.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::ir::{NodeId, Type};

/// A checked expression.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    /// The node; with `root`, the square of the value; with `micros`, a number of microseconds.
    pub node: NodeId,
    /// Its type.
    pub ty: Type,
    /// It can be unknown.
    pub nullable: bool,
    /// What a number counts.
    pub unit: Units,
    /// The only values it can have.
    pub set: Option<Rc<ClosedSet>>,
    /// The value is the square root of `node`: a standard deviation, kept so that comparisons can be exact.
    pub root: bool,
    /// The value is a duration, and `node` a Number of microseconds: an average is seldom a whole one.
    pub micros: bool,
}

impl Typed {
    /// A value that is never unknown and has no unit.
    pub fn new(node: NodeId, ty: Type) -> Self {
        Typed { node, ty, nullable: false, unit: Units::Unknown, set: None, root: false, micros: false }
    }

    /// The same in another node, which is of its type as it stands.
    pub fn in_node(self, node: NodeId) -> Self {
        Typed { node, root: false, micros: false, ..self }
    }

    /// The same, perhaps unknown.
    pub fn nullable(mut self, nullable: bool) -> Self {
        self.nullable = nullable;
        self
    }

    /// The same in a unit.
    pub fn unit(mut self, unit: Units) -> Self {
        self.unit = unit;
        self
    }
}

/// A closed set of values.
#[derive(Clone, Debug)]
pub(super) struct ClosedSet {
    /// The name it belongs to, for messages.
    pub of: String,
    /// Its values.
    pub values: Vec<String>,
}

/// The unit of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Units {
    /// A number written out: it takes the unit of what it meets.
    Literal,
    /// No unit is declared: nothing is said.
    Unknown,
    /// A product of named units with exponents; empty: a plain count.
    Known(BTreeMap<String, i32>),
}

impl Units {
    /// A count.
    pub fn count() -> Self {
        Units::Known(BTreeMap::new())
    }

    /// One named unit.
    pub fn named(name: &str) -> Self {
        Units::Known(BTreeMap::from([(name.to_owned(), 1)]))
    }

    /// The unit of a sum, difference, comparison or choice; `None`: they cannot be mixed.
    pub fn meet(&self, other: &Units) -> Option<Units> {
        match (self, other) {
            (Units::Known(a), Units::Known(b)) => (a == b).then(|| self.clone()),
            (Units::Known(_), Units::Literal) => Some(self.clone()),
            (Units::Literal, Units::Known(_)) => Some(other.clone()),
            (Units::Literal, Units::Literal) => Some(Units::Literal),
            _ => Some(Units::Unknown),
        }
    }

    /// The unit of a product (`sign` 1) or a ratio (`sign` -1). A bare count times a number written out may be anything.
    pub fn combine(&self, other: &Units, sign: i32) -> Units {
        match (self, other) {
            (Units::Known(a), Units::Known(b)) => {
                let mut product = a.clone();
                for (name, exponent) in b {
                    *product.entry(name.clone()).or_insert(0) += sign * exponent;
                }
                product.retain(|_, exponent| *exponent != 0);
                Units::Known(product)
            }
            (Units::Known(a), Units::Literal) if !a.is_empty() => self.clone(),
            (Units::Literal, Units::Known(b)) if !b.is_empty() && sign > 0 => other.clone(),
            (Units::Literal, Units::Literal) => Units::Literal,
            _ => Units::Unknown,
        }
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Units::Known(units) = self else { return f.write_str("a plain number") };
        if units.is_empty() {
            return f.write_str("a count");
        }
        let (above, below): (Vec<_>, Vec<_>) = units.iter().partition(|(_, exponent)| **exponent > 0);
        let written = |units: &[(&String, &i32)]| {
            let unit = |(name, exponent): &(&String, &i32)| match exponent.abs() {
                1 => (*name).clone(),
                exponent => format!("{name}^{exponent}"),
            };
            units.iter().map(unit).collect::<Vec<_>>().join(" ")
        };
        if !above.is_empty() {
            f.write_str(&written(&above))?;
        }
        if !below.is_empty() {
            write!(f, "{}per {}", if above.is_empty() { "a number " } else { " " }, written(&below))?;
        }
        Ok(())
    }
}
