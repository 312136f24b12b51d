//! What an evaluation has cost, for people.

use std::time::Duration;

use anstream::eprintln;
use kohort::engine::{FeatureCost, Profile, SegmentCost, WorkOn};

use super::amounts::grouped;

/// So many features and segments are shown.
const SHOWN: usize = 20;
/// So many segments are named that rest on a feature.
const NAMED: usize = 3;

/// Says it on the standard error.
pub fn say(profile: &Profile, taken: Duration) {
    eprintln!();
    eprintln!("{} of processor time in {}", seconds(profile.total()), seconds(taken));
    for work in profile.work.iter().filter(|work| !work.time.is_zero()) {
        let rows = work.rows.map(|rows| format!(": {} rows", grouped(rows))).unwrap_or_default();
        eprintln!("  {:>9}  {}{rows}", seconds(work.time), words(&work.on));
    }
    if !profile.features.is_empty() {
        eprintln!("\nWhat is counted, {} features", grouped(profile.features.len() as u64));
        let rest = profile.features.iter().skip(SHOWN).map(|feature| feature.time);
        profile.features.iter().take(SHOWN).for_each(say_feature);
        say_rest(rest, "more");
    }
    eprintln!(
        "\nWhat is decided, {} segments: deciding, and their part of counting",
        grouped(profile.segments.len() as u64)
    );
    profile.segments.iter().take(SHOWN).for_each(say_segment);
    say_rest(profile.segments.iter().skip(SHOWN).map(|segment| segment.deciding + segment.counting), "more");
    eprintln!(
        "\nOne more segment over these features would cost about {}, one more feature of these rows about {}",
        seconds(profile.one_more_segment()),
        seconds(profile.one_more_feature())
    );
}

fn say_feature(cost: &FeatureCost) {
    let named: Vec<&str> = cost.segments.iter().take(NAMED).map(String::as_str).collect();
    let more = match cost.segments.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let by = if named.is_empty() { String::new() } else { format!("  ({}{more})", named.join(", ")) };
    eprintln!("  {:>9}  {}{by}", seconds(cost.time), cost.feature);
}

fn say_segment(cost: &SegmentCost) {
    eprintln!("  {:>9}  {:>9}  {}", seconds(cost.deciding), seconds(cost.counting), cost.segment);
}

fn say_rest(rest: impl ExactSizeIterator<Item = Duration>, more: &str) {
    if rest.len() > 0 {
        let count = grouped(rest.len() as u64);
        eprintln!("  {:>9}  {count} {more}", seconds(rest.sum()));
    }
}

fn words(on: &WorkOn) -> String {
    match on {
        WorkOn::Reading(table) => format!("reading `{table}`"),
        WorkOn::Rows(table) => format!("conditions and calculations about rows of `{table}`"),
        WorkOn::Gathering => "bringing the rows of a subject together".to_owned(),
        WorkOn::Counting => "counting".to_owned(),
        WorkOn::Deciding => "deciding who is in".to_owned(),
        _ => "everything else".to_owned(),
    }
}

/// `1.20 s`, `13 ms`, `0.4 ms`
fn seconds(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1_000.0;
    match millis {
        1_000.0.. => format!("{:.2} s", millis / 1_000.0),
        10.0.. => format!("{millis:.0} ms"),
        _ => format!("{millis:.1} ms"),
    }
}
