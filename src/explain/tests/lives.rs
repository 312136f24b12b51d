//! What is read, who reads the same, and what moves.

use insta::assert_snapshot;

use super::{Language, explained, plain, rules};
use crate::Project;
use crate::explain::{Explanation, Phrase};

fn listed(phrases: &[Phrase]) -> String {
    phrases.iter().map(plain).collect::<Vec<_>>().join("; ")
}

fn lives(explanation: &Explanation) -> String {
    let lives = &explanation.lives;
    format!("rows: {}\nclock: {}\nothers: {}", listed(&lives.rows), listed(&lives.clock), listed(&lives.others))
}

/// A segment a test, and one that the others share with.
const RULES: &[(&str, &str)] = &[
    (
        "clock",
        "visits_30d > 3 and years > 30 and joined > 90d ago and birthday within next 7 days and orders since 2026-01-01 > 1",
    ),
    (
        "others",
        "recency_score = 5 and any(sales over 7d where value > customer.basket) and count(once_each) > 1 and \
         sum(items of big_days) > 1 and now - joined > 1d and today > 2026-01-01 and \
         sequence(sales then never within 7d returns) and any(sales where customer.years > 5 and birthday_of within last 3 days)",
    ),
    ("moments", "any(sales where at < now and birthday_of < today and at > 3d ago)"),
    ("noted", "spend_30d[channel = 'web' or quantity > 5 and gift = true] > 500"),
    ("still", "points > 3 and city = 'Jakarta'"),
    (
        "s",
        "spend_90d > 5 and none(sales over 30d) and region = 'Jakarta' and any(sales where gap < 7d and product.category = 'Shoes')",
    ),
    ("t", "basket_90d > 5 and none(sales over 30d)"),
    ("u", "in s"),
    (
        "v",
        "mode_share(channel of sales) > 50% and percentile(90, 2 * value of sales over 7d) > 5 and avg(3 * value of sales) > 1 \
         and stddev(value of sales where gift = true) > 3",
    ),
];

/// The project of [`RULES`], with a kind of subject that looks at another.
pub(super) fn all() -> Project {
    let mut text = rules(RULES);
    text.push_str("  invoices: { of: invoice, when: 'any(transactions where customer.spend_30d > 5)' }\n");
    let catalog = super::SHOP.replace("unit_price: decimal(2)", "unit_price: decimal(2)\n      birthday_of: date");
    Project::from_texts([("catalog.yaml", catalog), ("rules.yaml", text)])
}

fn lives_of(segment: &str) -> String {
    let project = all();
    Language::ALL.map(|language| lives(&explained(&project, segment, language))).join("\n\n")
}

#[test]
fn windows_move_and_say_whose_they_are() {
    assert_snapshot!(lives_of("clock"), @r#"
    rows: “customers”; “transactions”
    clock: “Age”, counted to today; the window of “visits” over the last 30 days; “joined” is later than 90 days ago; “birthday” is today or in the 7 days after today
    others: 

    rows: “customers”; “transactions”
    clock: “Age”, dihitung sampai hari ini; jendela dari (“visits” selama 30 hari terakhir); “joined” setelah 90 hari yang lalu; “birthday” adalah hari ini atau dalam 7 hari setelah hari ini
    others: 

    rows: “customers”; “transactions”
    clock: “Age”, считая до сегодняшнего дня; окно для (“visits” за последние 30 дней); “joined” позже, чем 90 дней назад; “birthday” приходится на сегодня или на следующий за ним срок: 7 дней
    others: 

    rows: “customers”; “transactions”
    clock: “Age”, räknad till i dag; fönstret för (“visits” under de senaste 30 dagarna); “joined” är senare än för 90 dagar sedan; “birthday” är i dag eller inom 7 dagar efter i dag
    others:
    "#);
}

#[test]
fn what_rests_on_others_says_so() {
    assert_snapshot!(lives_of("others"), @r#"
    rows: “customers”; “products”; “transactions”; “big days”
    clock: “Age”, counted to today; the window of the number of rows of “sales” over the last 7 days (only some of them); the time from “joined” to the instant of evaluation; today is later than 1 January 2026; the time that a sequence has; nearness to today
    others: the query of the table “big days”; the place among others by “last sale”; rows of “once each” that count once among everybody's

    rows: “customers”; “products”; “transactions”; “big days”
    clock: “Age”, dihitung sampai hari ini; jendela dari (banyaknya baris “sales” selama 7 hari terakhir (hanya sebagian)); waktu dari “joined” sampai saat evaluasi; hari ini setelah 1 Januari 2026; waktu yang dimiliki suatu urutan; kedekatan dengan hari ini
    others: kueri dari tabel “big days”; tempat di antara yang lain menurut “last sale”; baris “once each” yang dihitung sekali di antara milik semua

    rows: “customers”; “products”; “transactions”; “big days”
    clock: “Age”, считая до сегодняшнего дня; окно для (число строк “sales” за последние 7 дней (лишь часть из них)); прошедшее время (“joined” → момент расчёта); сегодня позже, чем 1 января 2026 г.; срок последовательности; близость к сегодняшнему дню
    others: запрос таблицы “big days”; место среди других по “last sale”; строки “once each”, которые считаются один раз среди всех

    rows: “customers”; “products”; “transactions”; “big days”
    clock: “Age”, räknad till i dag; fönstret för (antalet rader i “sales” under de senaste 7 dagarna (bara en del av dem)); tiden från “joined” till utvärderingens ögonblick; i dag är senare än 1 januari 2026; den tid som en följd har; närheten till i dag
    others: frågan för tabellen “big days”; platsen bland andra efter “last sale”; rader i “once each” som räknas en gång bland allas
    "#);
}

#[test]
fn moments_among_rows_have_words_of_their_own() {
    assert_snapshot!(lives_of("moments"), @r#"
    rows: “customers”; “transactions”
    clock: what is compared with the instant of evaluation; what is counted from today; 3 days ago
    others: 

    rows: “customers”; “transactions”
    clock: yang dibandingkan dengan saat evaluasi; yang dihitung dari hari ini; 3 hari yang lalu
    others: 

    rows: “customers”; “transactions”
    clock: то, что сравнивается с моментом расчёта; то, что считается от сегодняшнего дня; 3 дня назад
    others: 

    rows: “customers”; “transactions”
    clock: det som jämförs med utvärderingens ögonblick; det som räknas från i dag; för 3 dagar sedan
    others:
    "#);
}

/// What stands below a sentence of the rule does not stand below others.
#[test]
fn conditions_with_a_number_are_not_told_in_passing() {
    let explanation = explained(&all(), "noted", Language::English);
    let features: Vec<String> = explanation.reads.features.iter().map(|read| plain(&read.feature)).collect();
    assert_snapshot!(format!("{}\n{}", features.join("\n"), lives(&explanation)), @r#"
    the sum of “value” in rows of “sales” over the last 30 days (only some of them)
    rows: “customers”; “transactions”
    clock: the window of the sum of “value” in rows of “sales” over the last 30 days (only some of them)
    others:
    "#);
}

#[test]
fn other_kinds_of_subject_move_it() {
    assert_snapshot!(lives_of("invoices"), @r#"
    rows: “customers”; “transactions”
    clock: the window of the sum of “value” in rows of “sales” over the last 30 days
    others: values of the “customer”

    rows: “customers”; “transactions”
    clock: jendela dari (jumlah “value” pada baris “sales” selama 30 hari terakhir)
    others: nilai dari “customer”

    rows: “customers”; “transactions”
    clock: окно для (сумма “value” по строкам “sales” за последние 30 дней)
    others: значения другого вида (“customer”)

    rows: “customers”; “transactions”
    clock: fönstret för (summan av “value” i raderna i “sales” under de senaste 30 dagarna)
    others: värden hos “customer”
    "#);
}

#[test]
fn what_stands_still_says_so() {
    assert_snapshot!(lives(&explained(&all(), "still", Language::English)), @r#"
    rows: “customers”
    clock: 
    others:
    "#);
}

#[test]
fn columns_and_features_are_told_with_who_shares_them() {
    let project = all();
    let read = |segment: &str| {
        let explanation = explained(&project, segment, Language::English);
        let tables =
            explanation.reads.tables.iter().map(|read| format!("{}: {}", plain(&read.table), listed(&read.columns)));
        let features = explanation.reads.features.iter();
        let features = features.map(|read| format!("{} [{}]", plain(&read.feature), listed(&read.shared_with)));
        tables.chain(features).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(["s", "t", "v"].map(read).join("\n\n"), @r#"
    “customers”: “customer id”; “city”
    “products”: “sku”; “category”
    “transactions”: “customer id”; “invoice no”; “purchased at”; “sku”; “quantity”; “unit price”
    “Net spend” over the last 90 days [“t”; “u”]
    the number of rows of “sales” over the last 30 days [“t”; “u”]
    the number of rows of “sales” (only some of them) [“u”]

    “customers”: “customer id”
    “transactions”: “customer id”; “invoice no”; “purchased at”; “quantity”; “unit price”
    “Net spend” over the last 90 days [“s”; “u”]
    the number of rows of “sales” over the last 30 days [“s”; “u”]
    the number of rows of “sales” over the last 90 days []

    “customers”: “customer id”
    “transactions”: “customer id”; “invoice no”; “purchased at”; “channel”; “quantity”; “unit price”; “gift”
    how often the most frequent value of “channel” occurs in rows of “sales” []
    the number of rows of “sales” for which “channel” is known []
    the percentile 90 of (2 × “value”) in rows of “sales” over the last 7 days []
    the sum of a calculated value in rows of “sales” []
    the number of rows of “sales” for which a calculated value is known []
    the number of rows of “sales” (only some of them) for which “value” is known []
    the sum of “value” in rows of “sales” (only some of them) []
    the sum of a calculated value in rows of “sales” (only some of them) []
    "#);
}
