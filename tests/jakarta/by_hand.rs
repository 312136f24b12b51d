//! Segments of the example once more, from their words, without Kohort.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};

use super::rows::{Paid, Shop};

type Members = BTreeSet<String>;

/// A segment, and its members by loops over the rows.
pub type Counted = (&'static str, fn(&Shop) -> Members);

/// Segments and the loops that find their members.
pub const SEGMENTS: &[Counted] = &[
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
    ("quick_third", |shop| {
        customers(shop, |id| {
            let receipts = receipts(shop.rows(id, false, 10_000));
            receipts.len() >= 3 && receipts[2].0 <= receipts[0].0 + chrono::Duration::days(60)
        })
    }),
    ("second_is_bigger", |shop| {
        customers(shop, |id| {
            let receipts = receipts(shop.rows(id, false, 10_000));
            receipts.len() >= 2 && receipts[1].2 >= 2 * receipts[0].2
        })
    }),
    ("shoes_then_sports", |shop| {
        customers(shop, |id| {
            let of = |category: &'static str| {
                shop.rows(id, false, 10_000).filter(move |row| shop.categories[&row.sku] == category)
            };
            of("Shoes").any(|shoes| {
                let last = shoes.at + chrono::Duration::days(30);
                of("Sports").any(|sports| sports.place() > shoes.place() && sports.at <= last)
            })
        })
    }),
    ("quick_to_return", |shop| {
        customers(shop, |id| {
            shop.rows(id, false, 365).any(|bought| {
                let last = bought.at + chrono::Duration::days(14);
                let back = |row: &Paid| row.sku == bought.sku && row.place() > bought.place() && row.at <= last;
                shop.rows(id, true, 10_000).any(back)
            })
        })
    }),
    ("kept_the_gadget", |shop| {
        let end: NaiveDateTime = "2026-11-01T00:00:00".parse().expect("a time");
        customers(shop, |id| {
            let dear = |row: &&Paid| shop.categories[&row.sku] == "Electronics" && row.amount > 300_000;
            shop.rows(id, false, 10_000).filter(dear).any(|bought| {
                let last = bought.at + chrono::Duration::days(30);
                let back = |row: &Paid| row.place() > bought.place() && row.at <= last;
                last < end && !shop.rows(id, true, 10_000).any(back)
            })
        })
    }),
    ("expected_this_week", |shop| {
        customers(shop, |id| {
            let gaps = gaps(shop.rows(id, false, 10_000));
            let Some((mean, variation)) = rhythm(&gaps) else { return false };
            let last = days(shop.rows(id, false, 10_000)).pop_last().expect("a day");
            // To the second: no mean of whole days lies that near to a midnight by chance.
            let expected = last.and_time(Default::default()) + chrono::Duration::seconds((mean * 86_400.0) as i64);
            let today = NaiveDate::from_ymd_opt(2026, 10, 31).expect("a day");
            variation <= 0.7072 && (0..=7).contains(&(expected.date() - today).num_days())
        })
    }),
    ("overdue_regulars", |shop| {
        customers(shop, |id| {
            let gaps = gaps(shop.rows(id, false, 10_000));
            let Some((mean, variation)) = rhythm(&gaps) else { return false };
            let last = days(shop.rows(id, false, 10_000)).pop_last().expect("a day");
            let today = NaiveDate::from_ymd_opt(2026, 10, 31).expect("a day");
            variation <= 0.7072 && (today - last).num_days() as f64 > 2.372 * mean
        })
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

/// Receipts in order: when they began, their number, and what they came to.
fn receipts<'r>(rows: impl Iterator<Item = &'r Paid>) -> Vec<(NaiveDateTime, i64, i64)> {
    let mut receipts: BTreeMap<i64, (NaiveDateTime, i64)> = BTreeMap::new();
    for row in rows {
        let (at, amount) = receipts.entry(row.receipt).or_insert((row.at, 0));
        (*at, *amount) = ((*at).min(row.at), *amount + row.amount);
    }
    let mut receipts: Vec<_> = receipts.into_iter().map(|(no, (at, amount))| (at, no, amount)).collect();
    receipts.sort_unstable();
    receipts
}

/// Days between one shopping day and the next.
fn gaps<'r>(rows: impl Iterator<Item = &'r Paid>) -> Vec<f64> {
    let days: Vec<NaiveDate> = days(rows).into_iter().collect();
    days.windows(2).map(|two| (two[1] - two[0]).num_days() as f64).collect()
}

/// Their mean and coefficient of variation, of two or more.
fn rhythm(gaps: &[f64]) -> Option<(f64, f64)> {
    let count = gaps.len() as f64;
    let mean = gaps.iter().sum::<f64>() / count;
    let variance = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (gaps.len() >= 2).then(|| (mean, variance.sqrt() / mean))
}

fn days<'r>(rows: impl Iterator<Item = &'r Paid>) -> BTreeSet<NaiveDate> {
    rows.map(|row| row.at.date()).collect()
}
