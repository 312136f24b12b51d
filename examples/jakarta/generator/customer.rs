//! Customers: who they are, and what kind of shopper each is.

use chrono::{Datelike, NaiveDate};

use super::calendar::{self, Calendar};
use super::draw::{Draw, Purpose};
use super::household::Household;
use super::names;
use super::products::{BABY, BEAUTY, CATEGORIES, MODEST_WEAR, TOYS};
use super::stores::CITIES;

/// Kinds of shoppers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Comes often, all year.
    Loyal,
    /// Comes now and then, all year.
    Regular,
    /// Comes before Lebaran, seldom otherwise.
    Seasonal,
    /// Bought on the day of joining, and never again.
    OneTime,
    /// Was a regular until a day.
    Lapsed,
    /// Joined within the last two months.
    New,
    /// Brings much of it back.
    Returner,
    /// Never in a store.
    OnlineOnly,
}

/// What a kind of shopper does.
#[derive(Clone, Copy)]
struct Nature {
    kind: Kind,
    /// Chance of a purchase on an ordinary day, in a million.
    rate: u64,
    /// By how many times the month of fasting multiplies it, on its last days.
    fasting: u64,
    /// Of a thousand purchases, so many online.
    online: u32,
    /// Of a thousand lines, so many come back.
    returns: u32,
    /// Of a thousand opened messages, so many are answered.
    eager: u32,
}

/// All kinds, each with its share of the customers.
const NATURES: &[(u32, Nature)] = &[
    (14, Nature { kind: Kind::Loyal, rate: 42_000, fasting: 1, online: 200, returns: 25, eager: 380 }),
    (26, Nature { kind: Kind::Regular, rate: 16_500, fasting: 2, online: 180, returns: 30, eager: 220 }),
    (14, Nature { kind: Kind::Seasonal, rate: 1_500, fasting: 38, online: 150, returns: 25, eager: 120 }),
    (14, Nature { kind: Kind::OneTime, rate: 0, fasting: 0, online: 250, returns: 40, eager: 40 }),
    (10, Nature { kind: Kind::Lapsed, rate: 19_000, fasting: 1, online: 180, returns: 60, eager: 60 }),
    (8, Nature { kind: Kind::New, rate: 40_000, fasting: 1, online: 300, returns: 30, eager: 300 }),
    (4, Nature { kind: Kind::Returner, rate: 20_000, fasting: 1, online: 350, returns: 380, eager: 250 }),
    (10, Nature { kind: Kind::OnlineOnly, rate: 18_000, fasting: 1, online: 1_000, returns: 60, eager: 300 }),
];

/// What customers like, and the category it draws them to.
const INTERESTS: &[(&str, usize)] = &[
    ("badminton", 13),
    ("beauty", 5),
    ("coffee", 3),
    ("cooking", 0),
    ("fashion", 7),
    ("football", 13),
    ("gadgets", 10),
    ("gardening", 6),
    ("parenting", 4),
    ("travel", 9),
];

/// How likely each category is, by position.
pub type Tastes = [u32; CATEGORIES.len()];

/// How a customer shops.
pub struct Habit {
    /// The kind of shopper.
    pub kind: Kind,
    /// Chance of a purchase on an ordinary day, in a million.
    pub rate: u64,
    /// By how many times the month of fasting multiplies it, on its last days.
    pub fasting: u64,
    /// The last day on which the customer shops.
    pub until: i32,
    /// Of a thousand purchases, so many online.
    pub online: u32,
    /// Of a thousand lines, so many come back.
    pub returns: u32,
    /// Of a thousand opened messages, so many are answered.
    pub eager: u32,
    /// How likely each category is.
    pub tastes: Tastes,
    /// Position of the city where the customer shops.
    pub city: usize,
    /// Position of the favourite among the city's stores.
    pub favourite: usize,
    /// What the customer shops online with.
    pub device: &'static str,
}

/// A customer.
pub struct Customer {
    /// From 1.
    pub number: u64,
    /// `C0000123`
    pub id: String,
    /// Invented.
    pub name: String,
    /// `female` or `male`.
    pub gender: Option<&'static str>,
    /// The day of birth.
    pub birth_date: Option<i32>,
    /// The day of the first card.
    pub joined: i32,
    /// `single`, `married`, `divorced` or `widowed`.
    pub marital_status: Option<&'static str>,
    /// `low`, `lower middle`, `upper middle` or `high`: the household's, as the customer ticked it.
    pub income_band: Option<&'static str>,
    /// The highest school.
    pub education: Option<&'static str>,
    /// As the customer wrote it: sometimes not at all, sometimes not as the chain writes it.
    pub city: Option<&'static str>,
    /// In alphabetical order.
    pub interests: Option<Vec<&'static str>>,
    /// Whether the customer agreed to be written to.
    pub consent: bool,
    /// Whether the customer uses the chain's app in its stores, which tells of visits.
    pub checks_in: bool,
    /// Asked to be forgotten: the cards remain, the customer does not.
    pub forgotten: bool,
    /// How the customer shops.
    pub habit: Habit,
}

impl Customer {
    /// The customer of a number, who lives in a household.
    pub fn new(seed: u64, number: u64, home: &Household, calendar: &Calendar) -> Self {
        let mut draw = Draw::new(seed, Purpose::Profile, number);
        let draw = &mut draw;
        let nature = draw.weighted(NATURES);
        let joined = joined(draw, nature.kind, calendar);
        let woman = draw.in_thousand(560);
        let given = draw.pick(if woman { names::WOMEN } else { names::MEN });
        let name =
            if draw.in_thousand(880) { format!("{given} {}", draw.pick(names::SECOND)) } else { (*given).into() };
        let birth = birth_date(draw, calendar);
        let age = (calendar.last() - birth) / 365;
        let interests: Vec<_> = INTERESTS.iter().filter(|_| draw.in_thousand(190)).copied().collect();
        let tastes = tastes(woman, home, &interests);
        let city = CITIES[home.city].name;
        let kept = |draw: &mut Draw, per_thousand: u32| draw.in_thousand(per_thousand);
        Customer {
            number,
            id: format!("C{number:07}"),
            name,
            gender: kept(draw, 970).then_some(if woman { "female" } else { "male" }),
            birth_date: kept(draw, 950).then_some(birth),
            joined,
            marital_status: kept(draw, 930).then(|| marital_status(draw, age)),
            income_band: kept(draw, 880).then(|| income_band(home.income)),
            education: kept(draw, 900).then(|| education(draw, home.income)),
            city: match draw.below(1_000) {
                0..=11 => None,
                12..=16 if city == "Jakarta" => Some("Jkt"),
                _ => Some(city),
            },
            interests: kept(draw, 920).then(|| interests.iter().map(|(name, _)| *name).collect()),
            consent: kept(draw, 720),
            checks_in: kept(draw, 550),
            forgotten: kept(draw, 4),
            habit: habit(draw, &nature, joined, tastes, home.city, calendar),
        }
    }
}

fn habit(draw: &mut Draw, nature: &Nature, joined: i32, tastes: Tastes, city: usize, calendar: &Calendar) -> Habit {
    let last = calendar.last();
    let until = match nature.kind {
        Kind::Lapsed => draw.between(i64::from(joined + 90), i64::from((last - 110).max(joined + 90))) as i32,
        _ => last,
    };
    let online = match nature.online {
        1_000 => 1_000,
        // Most people shop online now and then, some never.
        share => share * draw.weighted(&[(45, 0), (35, 1), (20, 3)]),
    };
    // The first store of a city is the oldest and the best known.
    let favourite = draw.below(8).min(draw.below(8)) as usize;
    Habit {
        kind: nature.kind,
        rate: nature.rate * draw.tail(6_000) / 1_000,
        fasting: nature.fasting,
        until,
        online: online.min(1_000),
        returns: nature.returns,
        eager: nature.eager,
        tastes,
        city,
        favourite,
        device: draw.weighted(&[(66, "android"), (22, "ios"), (12, "desktop")]),
    }
}

/// A little under half joined before the data starts.
fn joined(draw: &mut Draw, kind: Kind, calendar: &Calendar) -> i32 {
    let (first, last) = (i64::from(calendar.first()), i64::from(calendar.last()));
    let day = match kind {
        Kind::New => draw.between((last - 59).max(first), last),
        Kind::OneTime => draw.between(first, last),
        Kind::Lapsed => draw.between(first - 900, (last - 240).max(first)),
        _ if draw.in_thousand(520) => draw.between(first - 1_500, first - 1),
        _ => draw.between(first, (last - 20).max(first)),
    };
    day as i32
}

/// From 17 years to 75; a few more on 29 February than there would be, for they are easily got wrong.
fn birth_date(draw: &mut Draw, calendar: &Calendar) -> i32 {
    let year = calendar::date(calendar.last()).year() - 17 - (draw.below(58) + draw.below(58)) as i32 / 2;
    let leap = NaiveDate::from_ymd_opt(year, 2, 29);
    match leap {
        Some(day) if draw.in_thousand(15) => calendar::number(day),
        _ => NaiveDate::from_yo_opt(year, 1 + draw.below(365)).map_or(0, calendar::number),
    }
}

fn marital_status(draw: &mut Draw, age: i32) -> &'static str {
    let married = match age {
        ..=23 => 120,
        24..=29 => 480,
        30..=64 => 830,
        _ => 620,
    };
    match draw.in_thousand(married) {
        true => "married",
        false if age < 30 => "single",
        false if age >= 65 => "widowed",
        false => draw.weighted(&[(55, "single"), (30, "divorced"), (15, "widowed")]),
    }
}

fn income_band(income: i64) -> &'static str {
    match income {
        ..4_500_000 => "low",
        4_500_000..9_000_000 => "lower middle",
        9_000_000..20_000_000 => "upper middle",
        _ => "high",
    }
}

/// Schools as they are called: primary, lower and upper secondary, diploma, bachelor, master.
fn education(draw: &mut Draw, income: i64) -> &'static str {
    let well_off = income >= 9_000_000;
    let shares: &[(u32, &str)] = if well_off {
        &[(2, "SMP"), (28, "SMA"), (15, "D3"), (43, "S1"), (12, "S2")]
    } else {
        &[(8, "SD"), (14, "SMP"), (46, "SMA"), (12, "D3"), (19, "S1"), (1, "S2")]
    };
    draw.weighted(shares)
}

fn tastes(woman: bool, home: &Household, interests: &[(&str, usize)]) -> Tastes {
    let mut tastes = Tastes::default();
    for (taste, category) in tastes.iter_mut().zip(CATEGORIES) {
        *taste = category.weight * 10;
    }
    let mut times = |category: usize, tenths: u32| tastes[category] = tastes[category] * tenths / 10;
    times(BEAUTY, if woman { 18 } else { 5 });
    times(BABY, if home.has_children { 22 } else { 2 });
    times(TOYS, if home.has_children { 25 } else { 4 });
    times(MODEST_WEAR, if woman { 13 } else { 7 });
    for (_, category) in interests {
        times(*category, 35);
    }
    tastes
}
