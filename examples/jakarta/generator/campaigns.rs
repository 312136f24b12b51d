//! Campaigns: what is sent to customers, and to whom.

use chrono::Datelike;

use super::calendar::{self, Calendar, DAY};
use super::draw::{Draw, Purpose};
use super::products::{CATEGORIES, LEBARAN_TREATS};

/// Campaigns are kept for so many days.
const KEPT: i32 = 365;
/// Of a thousand who agreed to be written to, so many receive a campaign.
const AUDIENCE: u32 = 220;

/// A campaign.
pub struct Campaign {
    /// `2026-10-payday`
    pub id: String,
    /// For people.
    pub name: String,
    /// The category it is about.
    pub category: &'static str,
    /// `whatsapp`, `email` or `sms`.
    pub channel: &'static str,
    /// The day it is sent.
    pub day: i32,
}

/// Two campaigns a month over the last year of the data, a third in the month before Lebaran.
pub fn plan(calendar: &Calendar) -> Vec<Campaign> {
    let mut campaigns = Vec::new();
    let mut fasting_before = false;
    for day in calendar.between(calendar.last() - KEPT + 1, calendar.last()) {
        let date = calendar::date(day.number);
        let month = format!("{}-{:02}", date.year(), date.month());
        let theme = CATEGORIES[(date.month0() as usize * 5 + 3) % CATEGORIES.len()].name;
        if date.day() == 10 {
            let (id, name) = (format!("{month}-news"), format!("News: {theme}"));
            campaigns.push(Campaign { id, name, category: theme, channel: "email", day: day.number });
        }
        if date.day() == 26 {
            let (id, name) = (format!("{month}-payday"), "Payday voucher".to_owned());
            campaigns.push(Campaign { id, name, category: "Fashion", channel: "whatsapp", day: day.number });
        }
        if day.fasting > 0 && !fasting_before {
            let (id, name) = (format!("{month}-ramadan"), "Ramadan hampers".to_owned());
            let category = CATEGORIES[LEBARAN_TREATS].name;
            campaigns.push(Campaign { id, name, category, channel: "sms", day: day.number });
        }
        fasting_before = day.fasting > 0;
    }
    campaigns
}

/// A campaign as it reached one customer.
pub struct Message<'w> {
    /// What was sent.
    pub campaign: &'w Campaign,
    /// When.
    pub sent: i64,
    /// When it was opened, if it was.
    pub opened: Option<i64>,
    /// When its voucher or link was used, if it was.
    pub answered: Option<i64>,
}

/// What one customer was sent. `eager`: how many of a thousand opened messages are answered.
pub fn messages<'w>(
    campaigns: &'w [Campaign],
    end: i64,
    seed: u64,
    customer: u64,
    joined: i32,
    eager: u32,
) -> Vec<Message<'w>> {
    let mut draw = Draw::new(seed, Purpose::Messages, customer);
    let mut messages = Vec::new();
    for campaign in campaigns {
        if campaign.day <= joined || !draw.in_thousand(AUDIENCE) {
            continue;
        }
        let sent = i64::from(campaign.day) * DAY + draw.between(9 * 3_600, 11 * 3_600);
        let (opens, within) = match campaign.channel {
            "whatsapp" => (720, 8 * 3_600),
            "sms" => (550, 12 * 3_600),
            _ => (330, 3 * DAY),
        };
        let opened = draw.in_thousand(opens).then(|| sent + draw.between(60, within)).filter(|at| *at < end);
        let answered = opened.filter(|_| draw.in_thousand(eager)).map(|at| at + draw.between(20, 2 * DAY));
        messages.push(Message { campaign, sent, opened, answered: answered.filter(|at| *at < end) });
    }
    messages
}
