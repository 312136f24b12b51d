//! Loyalty cards: issued, lost, replaced.

use super::calendar::{self, Calendar};
use super::draw::{Draw, Purpose};

/// A card.
pub struct Card {
    /// Ten digits, the last of them a check digit.
    pub id: String,
    /// The day it was given out.
    pub issued: i32,
    /// The day it was reported lost.
    pub lost: Option<i32>,
    /// The card it stands for.
    pub replaces: Option<String>,
}

/// All cards of a customer, the oldest first: one in eight is lost and replaced some days later.
pub fn of(seed: u64, customer: u64, joined: i32, calendar: &Calendar) -> Vec<Card> {
    let mut draw = Draw::new(seed, Purpose::Cards, customer);
    let mut cards = vec![Card { id: id(customer, 0), issued: joined, lost: None, replaces: None }];
    while cards.len() < 4 && draw.in_thousand(125) {
        let Some(card) = cards.last_mut() else { break };
        let from = i64::from(card.issued.max(calendar.first()) + 20);
        let lost = draw.between(from, from + 500) as i32;
        let issued = lost + draw.between(1, 12) as i32;
        if issued > calendar.last() {
            break;
        }
        card.lost = Some(lost);
        let replaces = Some(card.id.clone());
        cards.push(Card { id: id(customer, cards.len() as u64), issued, lost: None, replaces });
    }
    cards
}

/// The card that a customer has on a day; between two cards there is none.
pub fn on(cards: &[Card], at: i64) -> Option<&str> {
    let day = calendar::day_of(at);
    let valid = |card: &&Card| card.issued <= day && card.lost.is_none_or(|lost| day < lost);
    cards.iter().find(valid).map(|card| card.id.as_str())
}

/// Numbers are scattered, as those of cards are, and no two are equal: the factor has no divisor in common with the range.
fn id(customer: u64, card: u64) -> String {
    const RANGE: u64 = 1_000_000_000;
    const FACTOR: u64 = 387_420_489;
    let body = (customer * 4 + card) % RANGE * FACTOR % RANGE;
    format!("{body:09}{}", check_digit(body))
}

/// The digit that Luhn's formula (ISO/IEC 7812-1, annex B) puts behind a number.
fn check_digit(mut number: u64) -> u64 {
    let (mut sum, mut doubled) = (0, true);
    while number > 0 {
        let digit = number % 10 * if doubled { 2 } else { 1 };
        sum += digit / 10 + digit % 10;
        doubled = !doubled;
        number /= 10;
    }
    (10 - sum % 10) % 10
}
