//! Values for the cells: few different ones, so that rows meet, and awkward ones among them.

use chrono::{Datelike, Duration as Elapsed, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use super::super::oracle::time;
use super::super::value::{Cell, CellType};
use super::random::Random;
use super::windows::Instants;

/// Makes cells by the column's name and type.
pub struct Cells {
    pub zone: Tz,
    pub now: i64,
    pub instants: Instants,
    /// Keys of customers that exist, then some that do not.
    pub customers: Vec<Vec<Cell>>,
}

/// Text that is compared, folded, cut and matched. By code point the emoji comes last, by the units of UTF-16 before the
/// ligature, which folds to two letters.
const CITIES: [&str; 12] =
    ["😀", "ﬁn", "Jakarta", "jakarta", "Bandung", "Straße", "STRASSE", "İzmir", "São Paulo", "", "Jak%", "O'Hare"];
const CHANNELS: [&str; 7] = ["web", "Web", "store", "app", "wEB", "ﬁn", "😀"];
const SKUS: [&str; 7] = ["A-1", "A-2", "a-1", "00017", "17", "B_3", "Ω9"];
const CATEGORIES: [&str; 4] = ["Shoes", "shoes", "Hats", "Bags"];
const TAGS: [&str; 5] = ["vip", "VIP", "new", "web", "ß"];
const NAMES: [&str; 6] = ["north", "South", "east", "North", "ﬁn", "😀"];

impl Cells {
    /// A cell for a column; some are unknown.
    pub fn cell(&self, random: &mut Random, column: &str, kind: CellType, zone: Tz) -> Cell {
        if random.chance(10) {
            return Cell::Unknown;
        }
        match kind {
            CellType::Bool => Cell::Bool(random.chance(50)),
            CellType::Int => Cell::Int(integer(random, column)),
            CellType::Decimal(scale) => Cell::Decimal(digits(random), scale),
            CellType::Text => Cell::Text((*random.pick(words(column))).to_owned()),
            CellType::Date => Cell::Date(self.date(random, column)),
            CellType::LocalTime => Cell::LocalTime(self.local(random, zone)),
            CellType::Instant => Cell::Instant(self.instants.draw(random)),
            CellType::TextList => Cell::List(tags(random)),
        }
    }

    /// A local time; now and then one that the zone skips.
    fn local(&self, random: &mut Random, zone: Tz) -> NaiveDateTime {
        let local = time::local(zone, self.instants.draw(random));
        if random.chance(15) { local + Elapsed::minutes(random.between(-90, 90)) } else { local }
    }

    fn date(&self, random: &mut Random, column: &str) -> NaiveDate {
        let today = time::local(self.zone, self.now).date();
        match (column, random.below(10)) {
            ("birth_date", 0..=2) => NaiveDate::from_ymd_opt(1996, 2, 29).expect("a leap day"),
            ("birth_date", 3..=6) => {
                let reach = if random.chance(50) { 1 } else { 9 };
                let near = today + Elapsed::days(random.between(-reach, reach));
                near.with_year(near.year() - random.between(1, 60) as i32).unwrap_or(near)
            }
            ("birth_date", _) => today - Elapsed::days(random.between(0, 30_000)),
            (_, 0..=5) => time::local(self.zone, self.instants.draw(random)).date(),
            _ => today + Elapsed::days(random.between(-40, 10)),
        }
    }

    /// The key of a customer, or of nobody.
    pub fn customer(&self, random: &mut Random, width: usize) -> Vec<Cell> {
        match random.any(&self.customers) {
            Some(key) if !random.chance(8) => key.clone(),
            _ => vec![Cell::Unknown; width],
        }
    }
}

fn integer(random: &mut Random, column: &str) -> i64 {
    match column {
        "district_id" | "store_size" => random.between(1, 4),
        "seconds" => random.between(0, 400),
        _ => random.between(-2, 9),
    }
}

fn digits(random: &mut Random) -> i128 {
    const USUAL: [i128; 10] = [0, 1, -1, 50, 250, 999, 1000, 1250, -1150, 50_000];
    if random.chance(50) { *random.pick(&USUAL) } else { i128::from(random.between(-5_000, 60_000)) }
}

fn words(column: &str) -> &'static [&'static str] {
    match column {
        "city" => &CITIES,
        "channel" => &CHANNELS,
        "sku" => &SKUS,
        "category" | "brand_id" => &CATEGORIES,
        _ => &NAMES,
    }
}

fn tags(random: &mut Random) -> Vec<String> {
    (0..random.below(4)).map(|_| (*random.pick(&TAGS)).to_owned()).collect()
}

/// Every value that a looked-up key column may hold.
pub fn key_pool(column: &str) -> Vec<Cell> {
    match column {
        "district_id" => (1..=4).map(Cell::Int).collect(),
        _ => words(column).iter().map(|word| Cell::Text((*word).to_owned())).collect(),
    }
}

/// The elements lists are made of, and one that none has.
pub const LIST_WORDS: [&str; 6] = ["vip", "VIP", "new", "web", "ß", "nobody"];
