//! Cut points of frozen attributes, as the interpreter computes them for another instant.

use std::fmt::Write;

use super::super::oracle::{Oracle, shortest, time::DAY};
use super::super::value::{Value, shown_instant};
use super::project::{Case, quoted};
use super::random::Random;
use super::world::World;
use super::{expression, read};

/// Computes the cut points of an attribute for T or for some days before, and keeps them, if they can be written.
pub fn compute(random: &mut Random, world: &mut World, name: &str, kind: &str) -> bool {
    let (catalog, rules) = read(&world.case).unwrap_or_else(|problems| panic!("{}\n{problems:#?}", world.case));
    let then = world.case.now - if random.chance(60) { random.between(1, 60) * DAY } else { 0 };
    let attribute = world.case.attributes.iter().find(|one| one.name == name).expect("an attribute");
    let is = expression(&attribute.is.to_string());
    let oracle = Oracle::new(&catalog, &rules, &world.case.data, &world.case.beside, then);
    let mut cut_points = oracle.cut_points(kind, &is);
    // Groups that were not there then.
    if cut_points.groups.len() > 1 {
        cut_points.groups.retain(|_, _| random.chance(85));
    }
    cut_points.as_of = then;
    let is_written = |value: &Value| match value {
        Value::Root(_) | Value::ElapsedRoot(_) => false,
        Value::Elapsed(micros) => micros.is_integer(),
        _ => true,
    };
    if !cut_points.groups.values().flat_map(|cuts| &cuts.bounds).all(is_written) {
        return false;
    }
    world.case.beside.cut_points.insert(name.to_owned(), cut_points);
    true
}

impl Case {
    /// `frozen.yaml`, if an attribute is frozen.
    pub fn cut_points_yaml(&self) -> Option<String> {
        let mut out = String::from("kohort: 1\ncut_points:\n");
        let empty = out.len();
        for attribute in self.attributes.iter().filter(|attribute| attribute.frozen) {
            let Some(cut_points) = self.beside.cut_points.get(&attribute.name) else { continue };
            let is = expression(&attribute.is.to_string());
            let definition = kohort::syntax::print(&is);
            let _ = writeln!(out, "  {}:", attribute.name);
            let _ = writeln!(out, "    definition: {}", quoted(definition));
            let _ = writeln!(out, "    as_of: {}", quoted(shown_instant(cut_points.as_of)));
            let bounds =
                |bounds: &[Value]| bounds.iter().map(|one| quoted(text_of(one))).collect::<Vec<_>>().join(", ");
            if !cut_points.by_group {
                for cuts in cut_points.groups.values() {
                    let _ = writeln!(out, "    population: {}", cuts.population);
                    let _ = writeln!(out, "    bounds: [{}]", bounds(&cuts.bounds));
                }
                continue;
            }
            let _ = writeln!(out, "    groups:{}", if cut_points.groups.is_empty() { " []" } else { "" });
            for (per, cuts) in &cut_points.groups {
                let per = if per.is_known() { format!("per: {}, ", quoted(text_of(per))) } else { String::new() };
                let (population, bounds) = (cuts.population, bounds(&cuts.bounds));
                let _ = writeln!(out, "      - {{ {per}population: {population}, bounds: [{bounds}] }}");
            }
        }
        (out.len() > empty).then_some(out)
    }
}

/// A bound or a value of `per` as it is written.
fn text_of(value: &Value) -> String {
    match value {
        Value::Number(number) if has_end(number) => shortest(number),
        Value::Elapsed(micros) => micros.to_string(),
        Value::Instant(at) => shown_instant(*at),
        other => other.to_string(),
    }
}

/// Whether a number has an end in decimal digits.
fn has_end(number: &num_rational::BigRational) -> bool {
    let mut rest = number.denom().clone();
    for prime in [2, 5] {
        while (&rest % prime) == num_bigint::BigInt::from(0) {
            rest /= prime;
        }
    }
    rest == num_bigint::BigInt::from(1)
}
