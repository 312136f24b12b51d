//! Draws workloads by a seed: the same features and segments in every run, none like another.

use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::model::{Aggregate, Condition, Feature, Filter, Is, Segment, Window, Workload};
use super::shop::Shop;

/// How many days windows have; with the previous one of the widest, about two years are looked at.
const DAYS: &[u32] = &[30, 60, 90, 180, 365];

/// How large a workload is, and whether some of its features look at all rows there are.
#[derive(Clone, Copy)]
pub struct Size {
    pub segments: usize,
    pub features: usize,
    pub lifetime: bool,
}

/// A workload of that size over a shop.
pub fn draw(shop: &Shop, size: Size) -> Workload {
    let mut random = ChaCha8Rng::seed_from_u64(47);
    let mut features: Vec<Feature> = Vec::new();
    while features.len() < size.features {
        let feature = draw_feature(shop, size.lifetime, features.len(), &mut random);
        if !features.contains(&feature) {
            features.push(feature);
        }
    }
    // One segment asks about all features. Of many, each asks about that of its number, so that every one is used, and about others
    // by chance.
    let segment = |at: usize| {
        let when = match size.segments {
            1 => {
                let parts = (0..features.len()).map(|feature| draw_condition(shop, &features, feature, &mut random));
                Condition::All(parts.collect())
            }
            _ => draw_segment(shop, &features, at % features.len(), &mut random),
        };
        Segment { name: format!("s{at:03}"), when }
    };
    let segments = (0..size.segments).map(segment).collect();
    Workload { features, segments }
}

/// The first features are those that rules begin with: the spend of 90 days, the purchases of this year and of the one before,
/// which makes the workloads equally wide.
fn draw_feature(shop: &Shop, lifetime: bool, at: usize, random: &mut ChaCha8Rng) -> Feature {
    let (aggregate, window, filter) = match at {
        0 => (Aggregate::Sum, Window::last(90), Vec::new()),
        1 => (Aggregate::Count, Window::last(365), Vec::new()),
        2 => (Aggregate::Count, Window::previous(365), Vec::new()),
        _ => {
            let aggregate = match random.random_range(0..100) {
                0..35 => Aggregate::Count,
                35..70 => Aggregate::Sum,
                70..80 => Aggregate::Max,
                80..90 => Aggregate::Min,
                _ => Aggregate::Last,
            };
            let days = *DAYS.choose(random).unwrap_or(&90);
            let window = match random.random_range(0..100) {
                0..25 if lifetime => Window::LIFETIME,
                0..70 => Window::last(days),
                _ => Window::previous(days),
            };
            let filter = draw_filter(shop, window == Window::LIFETIME, random);
            (aggregate, window, filter)
        }
    };
    Feature { aggregate, filter, window }
}

fn draw_filter(shop: &Shop, lifetime: bool, random: &mut ChaCha8Rng) -> Vec<Filter> {
    let mut filters = Vec::new();
    let (column, values) = match shop.events.texts.choose(random) {
        _ if lifetime && random.random_bool(0.3) => shop.events.old,
        Some(text) => *text,
        None => shop.events.old,
    };
    match random.random_range(0..100) {
        0..35 => {}
        35..65 => filters.push(Filter::OneOf(column, draw_values(values, 1, random))),
        65..80 if values.len() > 2 => filters.push(Filter::OneOf(column, draw_values(values, 2, random))),
        _ => {
            let amount = shop.events.typical * random.random_range(5..16) / 10;
            filters.push(if random.random_bool(0.6) { Filter::AtLeast(amount) } else { Filter::Below(amount) });
            if random.random_bool(0.3) {
                filters.push(Filter::OneOf(column, draw_values(values, 1, random)));
            }
        }
    }
    filters
}

/// So many of the values, in their order.
fn draw_values(values: &[&'static str], amount: usize, random: &mut ChaCha8Rng) -> Vec<&'static str> {
    let mut drawn: Vec<&str> = values.choose_multiple(random, amount).copied().collect();
    drawn.sort_unstable();
    drawn
}

/// One to three conditions about features, now and then with the attribute, in one of the shapes that rules have.
fn draw_segment(shop: &Shop, features: &[Feature], first: usize, random: &mut ChaCha8Rng) -> Condition {
    let about = |feature: usize, random: &mut ChaCha8Rng| draw_condition(shop, features, feature, random);
    // Any two of the others.
    let step = random.random_range(1..features.len() - 1);
    let (second, third) = ((first + step) % features.len(), (first + step + 1) % features.len());
    let first = about(first, random);
    match random.random_range(0..100) {
        0..15 => first,
        15..45 => Condition::All(vec![first, about(second, random)]),
        45..60 => Condition::All(vec![first, about(second, random), about(third, random)]),
        60..75 => Condition::Any(vec![first, about(second, random)]),
        75..85 => Condition::All(vec![first, Condition::Not(Box::new(about(second, random)))]),
        _ => {
            let value = shop.subjects.attribute.1.choose(random).copied().unwrap_or_default();
            let either = Condition::Any(vec![first, about(second, random)]);
            Condition::All(vec![Condition::Attribute(value), either])
        }
    }
}

fn draw_condition(shop: &Shop, features: &[Feature], at: usize, random: &mut ChaCha8Rng) -> Condition {
    let feature = &features[at];
    if feature.aggregate == Aggregate::Last {
        let start = feature.window.start.unwrap_or(2_000);
        let days = random.random_range(feature.window.end + 1..start);
        return Condition::Since { feature: at, days };
    }
    // More than of another number of the same kind: growth, or a share.
    let alike = |other: &Feature| other.aggregate == feature.aggregate && other != feature;
    let others: Vec<usize> = (0..features.len()).filter(|other| alike(&features[*other])).collect();
    if let Some(of) = others.choose(random)
        && random.random_bool(0.15)
    {
        return Condition::Beyond { feature: at, percent: random.random_range(4..31) * 10, of: *of };
    }
    let (is, value) = draw_threshold(shop, feature, random);
    Condition::Number { feature: at, is, value }
}

/// A threshold near what an ordinary subject has, so that segments are neither empty nor everybody.
fn draw_threshold(shop: &Shop, feature: &Feature, random: &mut ChaCha8Rng) -> (Is, i64) {
    let days = i64::from(feature.window.start.unwrap_or(2_400) - feature.window.end);
    let factor = random.random_range(5..26);
    let expected = shop.events.a_century * days * factor / 36_500;
    match feature.aggregate {
        Aggregate::Count if random.random_bool(0.1) => (Is::Equal, expected / 10),
        Aggregate::Count if random.random_bool(0.1) => (Is::Below, expected / 10 + 1),
        Aggregate::Count => (Is::AtLeast, expected / 10 + 1),
        Aggregate::Sum => (Is::Above, shop.events.typical * (expected + 5) / 10),
        Aggregate::Max | Aggregate::Last => (Is::Above, shop.events.typical * factor / 12),
        Aggregate::Min => (Is::Below, shop.events.typical * factor / 20),
    }
}
