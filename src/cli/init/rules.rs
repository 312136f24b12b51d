//! First segments, with thresholds that the data itself suggests.
//!
//! Every segment is a family of conditions that differ in one round number: spent at least 100, 150, 200, …. The engine
//! counts all of them in one evaluation, and the one that comes nearest to the size a segment of its kind should have is
//! written down. So thresholds are round, right to the row, and none of the segments is empty.

use super::draft::Part;
use super::measures::Activity;
use super::text::Written;
use crate::cli::amounts::{grouped, percentage};

/// Windows in days, short ones first.
const WINDOWS: [u32; 8] = [7, 14, 30, 60, 90, 180, 365, 730];
/// First digits of thresholds.
const DIGITS: [u32; 8] = [100, 150, 200, 250, 300, 400, 500, 750];
/// Numbers of visits.
const TIMES: [u32; 14] = [2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 50, 100, 200];

/// A condition that could be written, under the name by which it is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The condition.
    pub when: String,
    /// The number in it that a reader may want to change.
    pub number: String,
}

/// A segment, and the conditions from which its own is chosen.
#[derive(Clone, Debug)]
pub struct Family {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What it is about, for the comment.
    pub about: String,
    /// How many members it should have, as a share of `of`.
    pub share: f64,
    /// It lies within the active ones: whoever is in it has a row in the same window.
    pub of_active: bool,
    /// The conditions, in the order of their numbers.
    pub candidates: Vec<Candidate>,
}

/// A segment that has been settled.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What it is about.
    pub about: String,
    /// Its condition.
    pub when: String,
    /// The number in it.
    pub number: String,
    /// The broader segment.
    pub within: Option<String>,
    /// How many are in it.
    pub members: u64,
}

fn family(name: &str, label: &str, about: &str, share: f64, candidates: Vec<(String, String)>) -> Family {
    let candidates = candidates.into_iter().map(|(when, number)| Candidate { when, number }).collect();
    Family {
        name: name.to_owned(),
        label: label.to_owned(),
        about: about.to_owned(),
        share,
        of_active: false,
        candidates,
    }
}

/// Who was there in the last so many days.
pub fn active(activity: &Activity) -> Family {
    let rows = &activity.rows;
    let when = |days: &u32| (format!("any({rows} over {days}d)"), format!("{days}d"));
    family(
        "active",
        "Active",
        &format!("Has a row of `{rows}` in the last days"),
        0.35,
        WINDOWS.iter().map(when).collect(),
    )
}

/// The segments beside it. `days` is the window of the active ones.
pub fn others(activity: &Activity, days: Option<u32>) -> Vec<Family> {
    let mut families = Vec::new();
    let window = |metric: &str| days.map_or(metric.to_owned(), |days| format!("{metric}_{days}d"));
    if let Some(spend) = &activity.spend {
        let when = |number: String| (format!("{} >= {number}", window(spend)), number);
        let about = "Spent most: about the upper quarter of those who spent anything";
        // Of thresholds that the same ones reach the greatest says most.
        let mut numbers: Vec<String> = thresholds().collect();
        numbers.reverse();
        let most = family("big_spenders", "Big spenders", about, 0.25, numbers.into_iter().map(when).collect());
        families.push(Family { of_active: days.is_some(), ..most });
    }
    if let Some(often) = activity.visits.as_ref().or(activity.orders.as_ref()) {
        let when = |times: &u32| (format!("{} >= {times}", window(often)), times.to_string());
        let about = "Came most often";
        let most = family("frequent", "Frequent", about, 0.25, TIMES.iter().map(when).collect());
        families.push(Family { of_active: days.is_some(), ..most });
        let once = vec![(format!("{often} = 1"), "1".to_owned())];
        families.push(family("once", "Came once", "Was there one time only, ever", 0.3, once));
        if days.is_some() {
            let when =
                |days: &u32| (format!("{often} >= 2 and none({} over {days}d)", activity.rows), format!("{days}d"));
            let about = "Came more than once, and not of late";
            families.push(family("lapsed", "Lapsed", about, 0.25, WINDOWS.iter().map(when).collect()));
        }
    }
    if let (Some(first), Some(_)) = (&activity.first, days) {
        let when = |days: &u32| (format!("{first} > {days}d ago"), format!("{days}d"));
        families.push(family(
            "newcomers",
            "Newcomers",
            "Was there for the first time",
            0.15,
            WINDOWS.iter().map(when).collect(),
        ));
    }
    families
}

/// Segments by an attribute with few values.
pub fn by_group(activity: &Activity, most: usize) -> Vec<Family> {
    let mut families = Vec::new();
    let each = if activity.groups.len() > 1 && most > 1 { 1 } else { most };
    for (attribute, values) in &activity.groups {
        for (value, _) in values.iter().take(each) {
            let name = super::names::identifier(&format!("{attribute} {value}"), &format!("{attribute}_group"));
            let when = format!("{attribute} = {}", super::reading::quoted(value));
            families.push(family(
                &name,
                value,
                &format!("One value of `{attribute}`"),
                0.5,
                vec![(when, String::new())],
            ));
        }
    }
    families.truncate(most);
    families
}

/// Everybody, where nothing else is known of them.
pub fn everybody(key: &str) -> Family {
    family("everybody", "Everybody", "All there are", 1.0, vec![(format!("{key} is known"), String::new())])
}

/// Round numbers from a hundredth to a million millions.
fn thresholds() -> impl Iterator<Item = String> {
    (0..14_u32).flat_map(|zeros| DIGITS.map(|digits| hundredths(u64::from(digits) * 10_u64.pow(zeros) / 100)))
}

/// A number of hundredths as it is written in rules: `0.50`, `1.5`, `20_000`.
fn hundredths(number: u64) -> String {
    let (whole, rest) = (number / 100, number % 100);
    let whole = grouped(whole).replace(',', "_");
    match (rest, rest % 10) {
        (0, _) => whole,
        (_, 0) => format!("{whole}.{}", rest / 10),
        _ => format!("{whole}.{rest:02}"),
    }
}

impl Family {
    /// The condition with the number of members nearest to what it should be; never of nobody.
    pub fn choose(&self, counts: &[Option<u64>], of: u64) -> Option<Segment> {
        let wanted = self.share * of as f64;
        let counted = self.candidates.iter().zip(counts).filter_map(|(candidate, count)| Some((candidate, (*count)?)));
        let some = counted.filter(|(_, count)| *count > 0);
        let (candidate, members) = some.min_by(|(_, one), (_, other)| {
            let off = |count: &u64| (*count as f64 - wanted).abs();
            off(one).total_cmp(&off(other))
        })?;
        Some(Segment {
            name: self.name.clone(),
            label: self.label.clone(),
            about: self.about.clone(),
            when: candidate.when.clone(),
            number: candidate.number.clone(),
            within: self.of_active.then(|| "active".to_owned()),
            members,
        })
    }
}

/// The rule file as text. `day` is the day of the counts, `subjects` how many there are of `kind` in all.
pub fn text(segments: &[Segment], day: &str, kind: &str, subjects: u64) -> Written {
    let mut out = Written::default();
    out.comment(
        0,
        "First groups, written by `kohort init`. A rule is a condition with a name: change its numbers, or copy it.",
    );
    out.comment(0, &format!("The numbers of members are those of {day}, of {} in all ({kind}).", grouped(subjects)));
    out.line(0, "segments:", "");
    for segment in segments {
        let share = percentage(segment.members, subjects);
        let change = match segment.number.as_str() {
            "" => String::new(),
            number => format!(" Change `{number}` to make the group larger or smaller."),
        };
        let plural = if segment.members == 1 { "" } else { "s" };
        let about = format!("{}: {} member{plural}, {share}.{change}", segment.about, grouped(segment.members));
        out.begin(Part::Segment(segment.name.clone()));
        out.comment(2, &about);
        out.line(2, &format!("{}:", segment.name), "");
        if !segment.label.is_empty() {
            let simple = segment.label.chars().all(|sign| sign.is_alphabetic() || sign == ' ');
            let label = if simple { segment.label.clone() } else { super::reading::quoted(&segment.label) };
            out.line(4, &format!("label: {label}"), "");
        }
        if let Some(within) = &segment.within {
            out.line(4, &format!("within: {within}"), "");
        }
        condition(&mut out, &segment.when);
    }
    out
}

/// The condition of a segment, in a form that YAML does not change.
pub fn condition(out: &mut Written, when: &str) {
    // In a literal block nothing means something to YAML.
    match when.contains(" #") || when.contains(": ") {
        true => {
            out.line(4, "when: |", "");
            out.line(6, when, "");
        }
        false => out.line(4, &format!("when: {when}"), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_round() {
        let all: Vec<String> = thresholds().collect();
        assert_eq!(all.first().map(String::as_str), Some("0.01"));
        for number in ["0.5", "0.75", "1.5", "2", "75", "250", "1_000", "20_000_000"] {
            assert!(all.iter().any(|one| one == number), "{number}");
        }
    }

    #[test]
    fn the_nearest_number_of_members_is_chosen() {
        let family = family(
            "active",
            "",
            "",
            0.25,
            vec![("a".into(), "1".into()), ("b".into(), "2".into()), ("c".into(), "3".into())],
        );
        let chosen = |counts: &[Option<u64>]| family.choose(counts, 100).map(|segment| segment.when);
        assert_eq!(chosen(&[Some(90), Some(30), Some(5)]).as_deref(), Some("b"));
        assert_eq!(chosen(&[Some(90), None, Some(0)]).as_deref(), Some("a"));
        assert_eq!(chosen(&[Some(0), None, Some(0)]), None);
    }
}
