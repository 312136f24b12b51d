//! Segments of the example once more, from their words, without Kohort.

use std::collections::{BTreeSet, HashSet};

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};

use super::rows::{Paid, Shop};

type Members = BTreeSet<String>;

/// Segments and the loops that find their members.
pub const SEGMENTS: &[(&str, fn(&Shop) -> Members)] = &[
    ("jakarta_regulars", |shop| {
        customers(shop, |id| {
            shop.customers[id].city.as_deref() == Some("Jakarta")
                && amount(shop.rows(id, false, 90)) > 500_000
                && days(shop.rows(id, false, 30)).len() >= 2
        })
    }),
    ("online_only", |shop| {
        customers(shop, |id| {
            let channels: HashSet<&str> = shop.rows(id, false, 365).map(|row| row.channel.as_str()).collect();
            !channels.is_empty() && !channels.contains("store")
        })
    }),
    ("bring_back_a_third", |shop| {
        customers(shop, |id| {
            let (sold, back) = (amount(shop.rows(id, false, 365)), -amount(shop.rows(id, true, 365)));
            sold > 0 && 3 * back > sold
        })
    }),
    ("young_families", |shop| {
        customers(shop, |id| {
            shop.customers[id].has_children && shop.rows(id, false, 180).any(|row| shop.categories[&row.sku] == "Baby")
        })
    }),
    ("weekend_shoppers", |shop| {
        customers(shop, |id| {
            let visits = days(shop.rows(id, false, 365));
            let weekend = |day: &&NaiveDate| matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            visits.len() >= 5 && 4 * visits.iter().filter(weekend).count() >= 3 * visits.len()
        })
    }),
    ("small_frequent", |shop| {
        customers(shop, |id| {
            let receipts: HashSet<i64> = shop.rows(id, false, 90).map(|row| row.receipt).collect();
            let few = amount(shop.rows(id, false, 90)) < 200_000 * receipts.len() as i64;
            days(shop.rows(id, false, 90)).len() >= 5 && few
        })
    }),
    ("birthday_soon", |shop| {
        // From 31 October to 14 November.
        let soon = |day: NaiveDate| (day.month(), day.day()) == (10, 31) || day.month() == 11 && day.day() <= 14;
        customers(shop, |id| shop.customers[id].birth_date.is_some_and(soon))
    }),
    ("deaf_to_email", |shop| {
        let end: NaiveDateTime = "2026-11-01T00:00:00".parse().expect("a time");
        let year = |at: &str| at.parse::<NaiveDateTime>().is_ok_and(|at| at >= end - chrono::Duration::days(365));
        customers(shop, |id| {
            let emails: Vec<_> = shop
                .messages
                .iter()
                .filter(|message| {
                    message["customer_id"] == id && message["channel"] == "email" && year(&message["sent_at"])
                })
                .collect();
            emails.len() >= 2 && emails.iter().all(|message| message["opened_at"].is_empty())
        })
    }),
];

fn customers(shop: &Shop, is_member: impl Fn(&str) -> bool) -> Members {
    shop.customers.keys().filter(|id| is_member(id)).cloned().collect()
}

fn amount<'r>(rows: impl Iterator<Item = &'r Paid>) -> i64 {
    rows.map(|row| row.amount).sum()
}

fn days<'r>(rows: impl Iterator<Item = &'r Paid>) -> BTreeSet<NaiveDate> {
    rows.map(|row| row.at.date()).collect()
}
