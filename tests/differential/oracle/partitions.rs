//! Tiers, bands, partitions by value and charts: which part a subject is in.

use kohort::catalog::model::{BandsDef, ChartDef, PartitionDef, PartitionKind, TierDef};
use kohort::syntax::ast::{Expr, ExprKind, Literal, Unit};

use super::super::mutants::Mutant;
use super::super::value::{Value, literal_number};
use super::eval::Scope;
use super::sample::shortest;
use super::{Oracle, members, number};

impl<'a> Oracle<'a> {
    /// Those of included files and of rule files.
    pub fn partitions(&self) -> impl Iterator<Item = &'a PartitionDef> {
        self.catalog.partitions.iter().chain(self.rules.iter().flat_map(|file| &file.partitions))
    }

    /// The names of the parts of a partition, by its name.
    pub fn part_names(&self, name: &str) -> Vec<String> {
        let partition = self.partitions().find(|partition| partition.name.text == name);
        self.parts_of(partition.unwrap_or_else(|| panic!("no partition {name}")))
    }

    /// The names of the parts.
    pub fn parts_of(&self, partition: &'a PartitionDef) -> Vec<String> {
        match &partition.kind {
            PartitionKind::Tiers(tiers) => tiers.iter().map(|tier| tier.name.text.clone()).collect(),
            PartitionKind::Bands(BandsDef { names: Some(names), .. }) => {
                names.iter().map(|name| name.text.clone()).collect()
            }
            PartitionKind::Bands(bands) => band_names(&bands.bounds),
            PartitionKind::Values(of) => self.closed_values(of),
            PartitionKind::Chart(chart) => chart.groups.iter().map(|group| group.name.text.clone()).collect(),
        }
    }

    /// The partition whose attribute has this name, if one has: bands of what has their name have none of their own.
    pub fn partition_attribute(&self, name: &str) -> Option<&'a PartitionDef> {
        let partition = self.partitions().find(|partition| partition.name.text == name)?;
        let is_it = |of: &Expr| matches!(&of.kind, ExprKind::Name(path) if members::name_of(path) == name);
        match &partition.kind {
            PartitionKind::Bands(bands) if is_it(&bands.is) => None,
            PartitionKind::Values(of) if is_it(of) => None,
            _ => Some(partition),
        }
    }

    /// The name of the part that a subject is in.
    pub fn part(&self, partition: &'a PartitionDef, key: &[Value]) -> Option<String> {
        let kind = &self.kind_of(partition.of.as_ref()).name.text;
        let scope = Scope::Subject { kind, key };
        let names = self.parts_of(partition);
        let part = match &partition.kind {
            PartitionKind::Tiers(tiers) => self.tier(tiers, scope).map(|at| names[at].clone()),
            PartitionKind::Bands(bands) => self.band(bands, scope).map(|at| names[at].clone()),
            PartitionKind::Values(of) => match self.eval(of, scope, self.nothing_pushed()) {
                Value::Text(value) if names.contains(&value) => Some(value),
                _ => None,
            },
            PartitionKind::Chart(chart) => self.cell(chart, scope).map(|at| names[at].clone()),
        };
        let within = partition.within.as_ref().filter(|_| !self.is(Mutant::PartBeyondWithin));
        let inside = within.is_none_or(|within| self.is_member(&members::name_of(within), key));
        part.filter(|_| inside)
    }

    /// The first tier whose condition is true.
    fn tier(&self, tiers: &[TierDef], scope: Scope<'_>) -> Option<usize> {
        let holds = |tier: &TierDef| match &tier.when {
            None => Some(true),
            Some(when) => self.eval(when, scope, self.nothing_pushed()).as_truth(),
        };
        let truths: Vec<Option<bool>> = tiers.iter().map(holds).collect();
        if self.is(Mutant::UnknownTierEnds) {
            return truths.iter().position(|truth| *truth != Some(false)).filter(|at| truths[*at] == Some(true));
        }
        match self.is(Mutant::LastTierWins) {
            true => truths.iter().rposition(|truth| *truth == Some(true)),
            false => truths.iter().position(|truth| *truth == Some(true)),
        }
    }

    /// The band that a value lies in: the lower bound is in it.
    fn band(&self, bands: &BandsDef, scope: Scope<'_>) -> Option<usize> {
        let value = self.eval(&bands.is, scope, self.nothing_pushed());
        if !value.is_known() {
            return self.is(Mutant::UnknownInLowestBand).then_some(0);
        }
        let below = |bound: &&Expr| {
            let bound = self.eval(bound, scope, self.nothing_pushed());
            let order = number::compare(&bound, &value, &self.calendar).expect("both are known");
            order.is_lt() || (order.is_eq() && !self.is(Mutant::UpperBoundOfBandIn))
        };
        Some(bands.bounds.iter().filter(below).count())
    }

    /// The first group that has the cell of the scores.
    fn cell(&self, chart: &ChartDef, scope: Scope<'_>) -> Option<usize> {
        let score = |name: &kohort::syntax::ast::Ident| {
            let path = kohort::syntax::ast::Path { parts: vec![name.clone()] };
            let value = self.name(&path, scope);
            value.is_known().then(|| number::whole(&self.number(&value)))
        };
        let scores: Option<Vec<i64>> = chart.by.iter().map(score).collect::<Vec<_>>().into_iter().collect();
        let mut scores = scores?;
        if self.is(Mutant::ChartTransposed) {
            scores.reverse();
        }
        let fits = |digits: &Option<Vec<u8>>, score: &i64| {
            digits.as_ref().is_none_or(|digits| digits.iter().any(|digit| i64::from(*digit) == *score))
        };
        let has_cell = |group: &kohort::catalog::model::ChartGroup| {
            let mut cells = group.cells.iter().map(|cell| &cell.value.digits);
            cells.any(|digits| digits.iter().zip(&scores).all(|(digits, score)| fits(digits, score)))
        };
        match self.is(Mutant::LastGroupWins) {
            true => chart.groups.iter().rposition(has_cell),
            false => chart.groups.iter().position(has_cell),
        }
    }

    /// The values that a closed attribute can have.
    fn closed_values(&self, of: &Expr) -> Vec<String> {
        let ExprKind::Name(path) = &of.kind else { panic!("{of:?} is not closed") };
        let name = members::name_of(path);
        if let Some(attribute) = self.catalog.attributes.iter().find(|one| one.name.text == name) {
            let values = attribute.values.as_ref().unwrap_or_else(|| panic!("{name} is not closed"));
            return values.iter().map(|value| value.value.clone()).collect();
        }
        let partition = self.partition_attribute(&name).unwrap_or_else(|| panic!("{name} is not closed"));
        self.parts_of(partition)
    }
}

/// `under_0`, `from_0_to_1000`, `from_1000`.
fn band_names(bounds: &[Expr]) -> Vec<String> {
    let bounds: Vec<String> = bounds.iter().map(bound_name).collect();
    let (first, last) = (bounds.first().expect("at least one bound"), bounds.last().expect("at least one bound"));
    let between = bounds.windows(2).map(|pair| format!("from_{}_to_{}", pair[0], pair[1]));
    std::iter::once(format!("under_{first}")).chain(between).chain([format!("from_{last}")]).collect()
}

/// A bound as a part of a name.
fn bound_name(bound: &Expr) -> String {
    match &bound.kind {
        ExprKind::Negate(inner) => format!("minus_{}", bound_name(inner)),
        ExprKind::Literal(Literal::Number(number)) => shortest(&literal_number(number)).replace('.', "_"),
        ExprKind::Literal(Literal::Date(date)) => date.format("%Y_%m_%d").to_string(),
        ExprKind::Literal(Literal::Duration(span)) => {
            let unit = match span.unit {
                Unit::Minute => "min",
                Unit::Hour => "h",
                Unit::Day => "d",
                Unit::Week => "w",
                Unit::Month => "mo",
                Unit::Quarter => "q",
                Unit::Year => "y",
            };
            format!("{}{unit}", span.count)
        }
        other => panic!("{other:?} is no bound"),
    }
}
