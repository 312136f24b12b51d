//! The settings at the top of the catalogue.

use std::str::FromStr;

use chrono::Weekday;
use chrono_tz::{TZ_VARIANTS, Tz};

use super::bad_setting;
use crate::catalog::model::WindowMode;
use crate::diagnostic::Diagnostic;
use crate::source::yaml::Node;
use crate::source::yaml::fields::{self, Fields, nearest};

/// The version of the language that is read here.
const LANGUAGE_VERSION: &str = "1";

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

/// What people call a zone, and the zone's name.
const COMMON_NAMES: [(&str, &str); 10] = [
    ("wib", "Asia/Jakarta"),
    ("wita", "Asia/Makassar"),
    ("wit", "Asia/Jayapura"),
    ("gmt+7", "Asia/Jakarta"),
    ("utc+7", "Asia/Jakarta"),
    ("bali", "Asia/Makassar"),
    ("ist", "Asia/Kolkata"),
    ("pst", "America/Los_Angeles"),
    ("jst", "Asia/Tokyo"),
    ("sgt", "Asia/Singapore"),
];

/// Checks `kohort: 1`.
pub(crate) fn version(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) {
    let Some(node) = fields.require("kohort", "begin the file with `kohort: 1`, the version of the language") else {
        return;
    };
    let Some(text) = fields::text(node, "`kohort`", out) else { return };
    if text.value() != LANGUAGE_VERSION {
        let message = format!("language version `{}` is not known", text.value());
        out.push(
            bad_setting(node, message).help("this kohort reads version 1: write `kohort: 1`").fix("write `1`", "1"),
        );
    }
}

/// A time zone by its IANA name.
pub(super) fn timezone(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Tz> {
    let written = fields::text(node, "`timezone`", out)?.value().trim();
    if let Ok(zone) = Tz::from_str(written) {
        return Some(zone);
    }
    let finding = bad_setting(node, format!("`{written}` is not a time zone"));
    out.push(match nearest_zone(written) {
        Some(name) => finding.fix(format!("did you mean `{name}`?"), name),
        None => finding.help("write the name of a zone as in the IANA list: `Asia/Jakarta`, `Europe/London`, `UTC`"),
    });
    None
}

fn nearest_zone(written: &str) -> Option<&'static str> {
    let lower = written.to_lowercase().replace(' ', "_");
    let common = COMMON_NAMES.iter().find(|(name, _)| *name == lower).map(|(_, zone)| *zone);
    let city = |name: &&'static str| name.rsplit('/').next().is_some_and(|city| city.to_lowercase() == lower);
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
    common.or_else(|| names().find(city)).or_else(|| nearest(&lower, names()))
}

/// The first day of the week.
pub(super) fn week_starts(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Weekday> {
    choice(node, "week_starts", "a day of the week", &WEEKDAYS, out)
}

/// What rolling windows cover.
pub(super) fn windows(node: &Node, out: &mut Vec<Diagnostic>) -> Option<WindowMode> {
    let modes = [("exact", WindowMode::Exact), ("days", WindowMode::Days)];
    choice(node, "windows", "a way to count windows", &modes, out)
}

/// One word of several.
pub(super) fn choice<T: Copy>(
    node: &Node,
    key: &str,
    kind: &str,
    words: &[(&'static str, T)],
    out: &mut Vec<Diagnostic>,
) -> Option<T> {
    let written = fields::text(node, &format!("`{key}`"), out)?.value();
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == written) {
        return Some(*value);
    }
    let finding = bad_setting(node, format!("`{written}` is not {kind}"));
    let all: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
    out.push(match nearest(written, words.iter().map(|(word, _)| *word)) {
        Some(word) => finding.fix(format!("did you mean `{word}`?"), word),
        None => finding.help(format!("write one of {}", all.join(", "))),
    });
    None
}
