//! Whole explanations: segments with exceptions, groups that exclude each other, and what the names mean.

use insta::assert_snapshot;

use super::{Language, explained, outline, plain, project, text};
use crate::{Project, Schemas};

/// Rules with everything that a rule file can have. For the test of coverage, too.
pub(super) const RULES: &str = "\
segments:
  regulars:
    label: Regulars
    description: Spent well and came back.
    owner: loyalty@example.com
    when: spend_90d > 500 and visits_30d >= 2 and region = 'Jakarta'
  big_regulars:
    label: … and big
    within: regulars
    when: basket_365d >= 1_000 or loyal
  vips:
    when: in big_regulars
    include: [C7, C12]
    exclude: { file: lists/staff.csv }
  asked:
    when: points > 5
    include: { file: lists/vips.csv }
    exclude: [C1]
  mailing:
    label: Spring mailing
    when: orders_365d > 0
    split: { salt: spring-2026, a: 45%, b: 45%, holdout: 10% }
  winter: any(sales where sku in file 'lists/winter.txt') and not in file 'lists/vips.csv'
  no_winter: any(sales where sku not in file 'lists/winter.txt') and in file 'lists/vips.csv'
  tiered: loyalty = 'gold' and band in ('small', 'middle') and engagement = 'stars' and place = 'Jakarta'
  daily: any(invoices where value > 5 and lines > 1 and shoes = 0 and price > 2) and count(first_of_day) > 1
  queried: sum(items of big_days) > 5
  scored: spend_score = 5 and recency_score = 5 and years > 30
  by_invoice: { of: invoice, when: 'any(transactions where customer.spend > 5)' }
tiers:
  loyalty:
    label: Loyalty
    within: regulars
    parts:
      gold: { when: spend_365d >= 10_000, label: Gold }
      silver: spend_365d >= 5_000 and visits > 3
      bronze: otherwise
bands:
  spend_365d: [0, 1_000]
  joined: [2026-01-01]
  band: { is: points, bounds: [10, 100], names: [small, middle, large] }
partitions: { place: region }
charts:
  engagement:
    by: [recency_score, spend_score]
    scale: 5
    groups:
      stars: 55 54 45 44
      rest: ['[1-3]x', 'x3']
";

/// The project of [`RULES`].
pub(super) fn shop() -> Project {
    Project::from_texts([
        ("catalog.yaml", super::SHOP),
        ("rules.yaml", RULES),
        ("lists/staff.csv", "customer_id\nC3\n"),
        ("lists/vips.csv", "customer_id\nC4\n"),
        ("lists/winter.txt", "00017\n"),
    ])
}

#[test]
fn a_whole_explanation() {
    assert_snapshot!(text(&explained(&shop(), "big_regulars", Language::English)), @r#"
    Every customer belongs to “… and big” if all of these hold:
      - the customer is in the segment “Regulars”
      - at least one of these holds:
        - “Average basket” over the last 365 days is at least 1,000
        - “loyal” is true

    What the names mean
      - “Average basket”: “Net spend” ÷ “orders”
      - “loyal”: all of these hold:
        - “orders” is more than 10
        - “Net spend” (in IDR) is more than 100
      - “Net spend” (in IDR): the sum of “value” in rows of “sales”
      - “orders”: the number of rows of “sales”
      - “value” in “sales”: “quantity” × “unit price”
      - “sales”: the rows of “transactions” for which “quantity” is more than 0

    Segments that it asks about
      - “Regulars”

    To the letter
      - Unknown: a comparison with a value that is not known is neither true nor false. Members are only those for whom the condition is true.
      - A row counts only if its condition is true; a condition that is unknown is not enough.
      - A number or a sum of no rows is 0; other figures of no rows are unknown.
      - A window of so many days ends at the instant of evaluation or that long before it. What happened exactly at its end is in, what happened exactly at its beginning is not.
      - What is divided by zero is unknown.
      - Being in a segment is never unknown: who is not a member for certain is not in it.
      - Money is in IDR where nothing else is said.

    What it reads
      - table “customers”: “customer id”; “city”
      - table “transactions”: “customer id”; “invoice no”; “purchased at”; “quantity”; “unit price”
      - counted: “orders”; also counted for “vips”; “tiered”; “scored”; “engagement”
      - counted: “Net spend”; also counted for “vips”; “by invoice”
      - counted: “Net spend” over the last 365 days; also counted for “vips”; “tiered”; “scored”; “Loyalty”; “spend 365d”; “engagement”
      - counted: “Net spend” over the last 90 days; also counted for “Regulars”; “vips”; “tiered”; “Loyalty”
      - counted: “visits” over the last 30 days; also counted for “Regulars”; “vips”; “tiered”; “Loyalty”
      - counted: “orders” over the last 365 days; also counted for “vips”; “Spring mailing”

    How it changes
      - when rows arrive or are corrected in “customers”; “transactions”
      - as time goes by, though no row arrives: the window of “Net spend” over the last 365 days; the window of “Net spend” over the last 90 days; the window of “visits” over the last 30 days; the window of “orders” over the last 365 days
      - not because of others
    "#);
}

#[test]
fn a_whole_explanation_in_indonesian() {
    assert_snapshot!(text(&explained(&shop(), "big_regulars", Language::Indonesian)), @r#"
    “… and big” memuat setiap customer bila semua hal ini berlaku:
      - customer termasuk dalam segmen “Regulars”
      - setidaknya satu dari hal ini berlaku:
        - “Average basket” selama 365 hari terakhir paling sedikit 1.000
        - “loyal” bernilai benar

    Arti nama-nama
      - “Average basket”: “Net spend” ÷ “orders”
      - “loyal”: semua hal ini berlaku:
        - “orders” lebih dari 10
        - “Net spend” (dalam IDR) lebih dari 100
      - “Net spend” (dalam IDR): jumlah “value” pada baris “sales”
      - “orders”: banyaknya baris “sales”
      - “value” pada “sales”: “quantity” × “unit price”
      - “sales”: baris “transactions” yang memenuhi bahwa “quantity” lebih dari 0

    Segmen yang ditanyakan
      - “Regulars”

    Tepatnya
      - Tidak diketahui: perbandingan dengan nilai yang tidak diketahui tidak benar dan tidak salah. Anggota hanyalah mereka yang syaratnya benar.
      - Sebuah baris dihitung hanya bila syaratnya benar; syarat yang tidak diketahui tidak cukup.
      - Tanpa baris, banyaknya dan jumlahnya 0; angka yang lain tidak diketahui.
      - Jendela sekian hari berakhir pada saat evaluasi atau sekian lama sebelumnya. Yang terjadi tepat pada akhirnya termasuk, yang terjadi tepat pada awalnya tidak.
      - Hasil pembagian dengan nol tidak diketahui.
      - Keanggotaan segmen tidak pernah tidak diketahui: yang tidak pasti anggota bukan anggota.
      - Uang dalam IDR bila tidak disebut lain.

    Apa yang dibaca
      - tabel “customers”: “customer id”; “city”
      - tabel “transactions”: “customer id”; “invoice no”; “purchased at”; “quantity”; “unit price”
      - dihitung: “orders”; dihitung juga untuk “vips”; “tiered”; “scored”; “engagement”
      - dihitung: “Net spend”; dihitung juga untuk “vips”; “by invoice”
      - dihitung: “Net spend” selama 365 hari terakhir; dihitung juga untuk “vips”; “tiered”; “scored”; “Loyalty”; “spend 365d”; “engagement”
      - dihitung: “Net spend” selama 90 hari terakhir; dihitung juga untuk “Regulars”; “vips”; “tiered”; “Loyalty”
      - dihitung: “visits” selama 30 hari terakhir; dihitung juga untuk “Regulars”; “vips”; “tiered”; “Loyalty”
      - dihitung: “orders” selama 365 hari terakhir; dihitung juga untuk “vips”; “Spring mailing”

    Bagaimana anggotanya berubah
      - bila ada baris baru atau perbaikan di “customers”; “transactions”
      - seiring waktu, walaupun tidak ada baris baru: jendela dari (“Net spend” selama 365 hari terakhir); jendela dari (“Net spend” selama 90 hari terakhir); jendela dari (“visits” selama 30 hari terakhir); jendela dari (“orders” selama 365 hari terakhir)
      - tidak karena yang lain
    "#);
}

#[test]
fn a_whole_explanation_in_russian() {
    assert_snapshot!(text(&explained(&shop(), "big_regulars", Language::Russian)), @r#"
    В «… and big» входит каждый customer, для которого выполнено всё перечисленное:
      - customer входит в сегмент «Regulars»
      - выполнено хотя бы одно из перечисленного:
        - «Average basket» за последние 365 дней не меньше, чем 1000
        - верно: «loyal»

    Что значат имена
      - «Average basket»: «Net spend» ÷ «orders»
      - «loyal»: выполнено всё перечисленное:
        - «orders» больше, чем 10
        - «Net spend» (в единицах: IDR) больше, чем 100
      - «Net spend» (в единицах: IDR): сумма «value» по строкам «sales»
      - «orders»: число строк «sales»
      - «value» в «sales»: «quantity» × «unit price»
      - «sales»: строки «transactions», для которых «quantity» больше, чем 0

    О каких сегментах спрашивает правило
      - «Regulars»

    Дословно
      - Неизвестное: сравнение с неизвестным значением ни верно, ни неверно. Входят только те, для кого условие верно.
      - Строка считается, только если её условие верно; неизвестного недостаточно.
      - Если строк нет, число строк и сумма равны 0, а прочие показатели неизвестны.
      - Окно в столько-то дней кончается моментом расчёта или за указанный срок до него. Случившееся ровно в его конце входит, ровно в его начале — нет.
      - Результат деления на ноль неизвестен.
      - Принадлежность сегменту всегда известна: кто не входит в него наверняка, тот в него не входит.
      - Деньги — в IDR, если не сказано иное.

    Что читается
      - таблица «customers»: «customer id»; «city»
      - таблица «transactions»: «customer id»; «invoice no»; «purchased at»; «quantity»; «unit price»
      - считается: «orders»; считается также для «vips»; «tiered»; «scored»; «engagement»
      - считается: «Net spend»; считается также для «vips»; «by invoice»
      - считается: «Net spend» за последние 365 дней; считается также для «vips»; «tiered»; «scored»; «Loyalty»; «spend 365d»; «engagement»
      - считается: «Net spend» за последние 90 дней; считается также для «Regulars»; «vips»; «tiered»; «Loyalty»
      - считается: «visits» за последние 30 дней; считается также для «Regulars»; «vips»; «tiered»; «Loyalty»
      - считается: «orders» за последние 365 дней; считается также для «vips»; «Spring mailing»

    Как меняется состав
      - когда поступают или исправляются строки в «customers»; «transactions»
      - с ходом времени, даже без новых строк: окно для («Net spend» за последние 365 дней); окно для («Net spend» за последние 90 дней); окно для («visits» за последние 30 дней); окно для («orders» за последние 365 дней)
      - не из-за других
    "#);
}

#[test]
fn a_whole_explanation_in_swedish() {
    assert_snapshot!(text(&explained(&shop(), "big_regulars", Language::Swedish)), @r#"
    Varje customer hör till ”… and big” om allt detta gäller:
      - customer ingår i segmentet ”Regulars”
      - minst ett av detta gäller:
        - ”Average basket” under de senaste 365 dagarna är minst 1000
        - ”loyal” är sant

    Vad namnen betyder
      - ”Average basket”: ”Net spend” ÷ ”orders”
      - ”loyal”: allt detta gäller:
        - ”orders” är mer än 10
        - ”Net spend” (i IDR) är mer än 100
      - ”Net spend” (i IDR): summan av ”value” i raderna i ”sales”
      - ”orders”: antalet rader i ”sales”
      - ”value” i ”sales”: ”quantity” × ”unit price”
      - ”sales”: raderna i ”transactions” där följande gäller: ”quantity” är mer än 0

    Segment som regeln frågar om
      - ”Regulars”

    Ordagrant
      - Okänt: en jämförelse med ett okänt värde är varken sann eller falsk. Medlemmar är bara de för vilka villkoret är sant.
      - En rad räknas bara om dess villkor är sant; att det är okänt räcker inte.
      - Utan rader är antal och summor 0; övriga mått är då okända.
      - Ett fönster på så många dagar slutar vid utvärderingens ögonblick eller så lång tid före. Det som hände exakt vid dess slut ingår, det som hände exakt vid dess början gör det inte.
      - Det som delas med noll är okänt.
      - Medlemskap i ett segment är aldrig okänt: den som inte säkert är medlem är det inte.
      - Pengar är i IDR där inget annat sägs.

    Vad som läses
      - tabellen ”customers”: ”customer id”; ”city”
      - tabellen ”transactions”: ”customer id”; ”invoice no”; ”purchased at”; ”quantity”; ”unit price”
      - räknas: ”orders”; räknas även för ”vips”; ”tiered”; ”scored”; ”engagement”
      - räknas: ”Net spend”; räknas även för ”vips”; ”by invoice”
      - räknas: ”Net spend” under de senaste 365 dagarna; räknas även för ”vips”; ”tiered”; ”scored”; ”Loyalty”; ”spend 365d”; ”engagement”
      - räknas: ”Net spend” under de senaste 90 dagarna; räknas även för ”Regulars”; ”vips”; ”tiered”; ”Loyalty”
      - räknas: ”visits” under de senaste 30 dagarna; räknas även för ”Regulars”; ”vips”; ”tiered”; ”Loyalty”
      - räknas: ”orders” under de senaste 365 dagarna; räknas även för ”vips”; ”Spring mailing”

    Hur medlemmarna ändras
      - när rader kommer till eller rättas i ”customers”; ”transactions”
      - med tiden, även om ingen rad kommer: fönstret för (”Net spend” under de senaste 365 dagarna); fönstret för (”Net spend” under de senaste 90 dagarna); fönstret för (”visits” under de senaste 30 dagarna); fönstret för (”orders” under de senaste 365 dagarna)
      - inte på grund av andra
    "#);
}

/// The rules of segments in all languages.
fn rules_of(segments: &[&str]) -> String {
    let project = shop();
    let mut out = String::new();
    for segment in segments {
        out.push_str(&format!("{segment}\n"));
        for language in Language::ALL {
            outline(&explained(&project, segment, language).rule, 1, &mut out);
        }
    }
    out
}

#[test]
fn exceptions_and_samples() {
    assert_snapshot!(rules_of(&["vips", "asked", "mailing", "mailing.a", "mailing.b", "winter", "no_winter"]), @r#"
    vips
      Every “customer” belongs to “vips” if all of these hold:
        at least one of these holds:
          the “customer” is in the segment “… and big”
          the key of the “customer” is one of: C7; C12
        the key of the “customer” is not listed in the file “lists/staff.csv”
      “vips” memuat setiap “customer” bila semua hal ini berlaku:
        setidaknya satu dari hal ini berlaku:
          “customer” termasuk dalam segmen “… and big”
          kunci “customer” adalah salah satu dari: C7; C12
        kunci “customer” tidak tercantum dalam berkas “lists/staff.csv”
      В “vips” входит каждый “customer”, для которого выполнено всё перечисленное:
        выполнено хотя бы одно из перечисленного:
          “customer” входит в сегмент “… and big”
          ключ (“customer”) — один из: C7; C12
        ключ (“customer”) отсутствует в файле “lists/staff.csv”
      Varje “customer” hör till “vips” om allt detta gäller:
        minst ett av detta gäller:
          “customer” ingår i segmentet “… and big”
          nyckeln (“customer”) är någon av: C7; C12
        nyckeln (“customer”) finns inte i filen “lists/staff.csv”
    asked
      Every “customer” belongs to “asked” if all of these hold:
        at least one of these holds:
          “points” is more than 5
          the key of the “customer” is listed in the file “lists/vips.csv”
        the key of the “customer” is none of: C1
      “asked” memuat setiap “customer” bila semua hal ini berlaku:
        setidaknya satu dari hal ini berlaku:
          “points” lebih dari 5
          kunci “customer” tercantum dalam berkas “lists/vips.csv”
        kunci “customer” bukan salah satu dari: C1
      В “asked” входит каждый “customer”, для которого выполнено всё перечисленное:
        выполнено хотя бы одно из перечисленного:
          “points” больше, чем 5
          ключ (“customer”) есть в файле “lists/vips.csv”
        ключ (“customer”) — ни один из: C1
      Varje “customer” hör till “asked” om allt detta gäller:
        minst ett av detta gäller:
          “points” är mer än 5
          nyckeln (“customer”) finns i filen “lists/vips.csv”
        nyckeln (“customer”) är ingen av: C1
    mailing
      Every “customer” belongs to “Spring mailing” if:
        “orders” over the last 365 days is more than 0
      “Spring mailing” memuat setiap “customer” bila:
        “orders” selama 365 hari terakhir lebih dari 0
      В “Spring mailing” входит каждый “customer”, для которого:
        “orders” за последние 365 дней больше, чем 0
      Varje “customer” hör till “Spring mailing” om:
        “orders” under de senaste 365 dagarna är mer än 0
    mailing.a
      Every “customer” belongs to “Spring mailing: a” if all of these hold:
        the “customer” is in the segment “Spring mailing”
        the “customer” falls into the first 45% when all are divided by chance, drawn by 'spring-2026'
      “Spring mailing: a” memuat setiap “customer” bila semua hal ini berlaku:
        “customer” termasuk dalam segmen “Spring mailing”
        “customer” jatuh dalam 45% pertama bila semua dibagi secara acak dengan teks 'spring-2026'
      В “Spring mailing: a” входит каждый “customer”, для которого выполнено всё перечисленное:
        “customer” входит в сегмент “Spring mailing”
        “customer” попадает в первые 45 % при случайном делении всех по тексту 'spring-2026'
      Varje “customer” hör till “Spring mailing: a” om allt detta gäller:
        “customer” ingår i segmentet “Spring mailing”
        “customer” hamnar i de första 45 % när alla delas upp slumpvis med texten 'spring-2026'
    mailing.b
      Every “customer” belongs to “Spring mailing: b” if all of these hold:
        the “customer” is in the segment “Spring mailing”
        the “customer” falls into the 45% behind the first 45% when all are divided by chance, drawn by 'spring-2026'
      “Spring mailing: b” memuat setiap “customer” bila semua hal ini berlaku:
        “customer” termasuk dalam segmen “Spring mailing”
        “customer” jatuh dalam 45% setelah 45% pertama bila semua dibagi secara acak dengan teks 'spring-2026'
      В “Spring mailing: b” входит каждый “customer”, для которого выполнено всё перечисленное:
        “customer” входит в сегмент “Spring mailing”
        “customer” попадает в 45 % после первых 45 % при случайном делении всех по тексту 'spring-2026'
      Varje “customer” hör till “Spring mailing: b” om allt detta gäller:
        “customer” ingår i segmentet “Spring mailing”
        “customer” hamnar i de 45 % som följer efter de första 45 % när alla delas upp slumpvis med texten 'spring-2026'
    winter
      Every “customer” belongs to “winter” if all of these hold:
        there is at least one row of “sales” where “sku” is listed in the file “lists/winter.txt”
        the key of the “customer” is not listed in the file “lists/vips.csv”
      “winter” memuat setiap “customer” bila semua hal ini berlaku:
        ada setidaknya satu baris “sales” dengan “sku” tercantum dalam berkas “lists/winter.txt”
        kunci “customer” tidak tercantum dalam berkas “lists/vips.csv”
      В “winter” входит каждый “customer”, для которого выполнено всё перечисленное:
        есть хотя бы одна строка “sales”, где “sku” есть в файле “lists/winter.txt”
        ключ (“customer”) отсутствует в файле “lists/vips.csv”
      Varje “customer” hör till “winter” om allt detta gäller:
        det finns minst en rad i “sales” där följande gäller: “sku” finns i filen “lists/winter.txt”
        nyckeln (“customer”) finns inte i filen “lists/vips.csv”
    no_winter
      Every “customer” belongs to “no winter” if all of these hold:
        there is at least one row of “sales” where “sku” is not listed in the file “lists/winter.txt” (unknown does not count)
        the key of the “customer” is listed in the file “lists/vips.csv”
      “no winter” memuat setiap “customer” bila semua hal ini berlaku:
        ada setidaknya satu baris “sales” dengan “sku” tidak tercantum dalam berkas “lists/winter.txt” (yang tidak diketahui tidak dihitung)
        kunci “customer” tercantum dalam berkas “lists/vips.csv”
      В “no winter” входит каждый “customer”, для которого выполнено всё перечисленное:
        есть хотя бы одна строка “sales”, где “sku” отсутствует в файле “lists/winter.txt” (неизвестное не считается)
        ключ (“customer”) есть в файле “lists/vips.csv”
      Varje “customer” hör till “no winter” om allt detta gäller:
        det finns minst en rad i “sales” där följande gäller: “sku” finns inte i filen “lists/winter.txt” (okänt räknas inte)
        nyckeln (“customer”) finns i filen “lists/vips.csv”
    "#);
}

#[test]
fn groups_that_exclude_each_other() {
    let groups = [
        "loyalty.gold",
        "loyalty.silver",
        "loyalty.bronze",
        "spend_365d.under_0",
        "spend_365d.from_0_to_1000",
        "joined.from_2026_01_01",
        "band.large",
        "place.Jakarta",
        "engagement.stars",
        "engagement.rest",
    ];
    assert_snapshot!(rules_of(&groups), @r#"
    loyalty.gold
      Every “customer” belongs to “Loyalty: Gold” if all of these hold:
        the “customer” is in the segment “Regulars”
        “Net spend” (in IDR) over the last 365 days is at least 10,000
      “Loyalty: Gold” memuat setiap “customer” bila semua hal ini berlaku:
        “customer” termasuk dalam segmen “Regulars”
        “Net spend” (dalam IDR) selama 365 hari terakhir paling sedikit 10.000
      В “Loyalty: Gold” входит каждый “customer”, для которого выполнено всё перечисленное:
        “customer” входит в сегмент “Regulars”
        “Net spend” (в единицах: IDR) за последние 365 дней не меньше, чем 10 000
      Varje “customer” hör till “Loyalty: Gold” om allt detta gäller:
        “customer” ingår i segmentet “Regulars”
        “Net spend” (i IDR) under de senaste 365 dagarna är minst 10 000
    loyalty.silver
      Every “customer” belongs to “Loyalty: silver” if all of these hold:
        the “customer” is in the segment “Regulars”
        all of these hold:
          “Net spend” (in IDR) over the last 365 days is at least 5,000
          “visits” is more than 3
        none of the groups before it fits:
          “Loyalty: Gold”: “Net spend” (in IDR) over the last 365 days is at least 10,000
      “Loyalty: silver” memuat setiap “customer” bila semua hal ini berlaku:
        “customer” termasuk dalam segmen “Regulars”
        semua hal ini berlaku:
          “Net spend” (dalam IDR) selama 365 hari terakhir paling sedikit 5.000
          “visits” lebih dari 3
        tidak ada kelompok sebelumnya yang cocok:
          “Loyalty: Gold”: “Net spend” (dalam IDR) selama 365 hari terakhir paling sedikit 10.000
      В “Loyalty: silver” входит каждый “customer”, для которого выполнено всё перечисленное:
        “customer” входит в сегмент “Regulars”
        выполнено всё перечисленное:
          “Net spend” (в единицах: IDR) за последние 365 дней не меньше, чем 5000
          “visits” больше, чем 3
        ни одна из предыдущих групп не подходит:
          “Loyalty: Gold”: “Net spend” (в единицах: IDR) за последние 365 дней не меньше, чем 10 000
      Varje “customer” hör till “Loyalty: silver” om allt detta gäller:
        “customer” ingår i segmentet “Regulars”
        allt detta gäller:
          “Net spend” (i IDR) under de senaste 365 dagarna är minst 5000
          “visits” är mer än 3
        ingen av grupperna före passar:
          “Loyalty: Gold”: “Net spend” (i IDR) under de senaste 365 dagarna är minst 10 000
    loyalty.bronze
      Every “customer” belongs to “Loyalty: bronze” if all of these hold:
        the “customer” is in the segment “Regulars”
        none of the groups before it fits:
          “Loyalty: Gold”: “Net spend” (in IDR) over the last 365 days is at least 10,000
          “Loyalty: silver”: all of these hold:
            “Net spend” (in IDR) over the last 365 days is at least 5,000
            “visits” is more than 3
      “Loyalty: bronze” memuat setiap “customer” bila semua hal ini berlaku:
        “customer” termasuk dalam segmen “Regulars”
        tidak ada kelompok sebelumnya yang cocok:
          “Loyalty: Gold”: “Net spend” (dalam IDR) selama 365 hari terakhir paling sedikit 10.000
          “Loyalty: silver”: semua hal ini berlaku:
            “Net spend” (dalam IDR) selama 365 hari terakhir paling sedikit 5.000
            “visits” lebih dari 3
      В “Loyalty: bronze” входит каждый “customer”, для которого выполнено всё перечисленное:
        “customer” входит в сегмент “Regulars”
        ни одна из предыдущих групп не подходит:
          “Loyalty: Gold”: “Net spend” (в единицах: IDR) за последние 365 дней не меньше, чем 10 000
          “Loyalty: silver”: выполнено всё перечисленное:
            “Net spend” (в единицах: IDR) за последние 365 дней не меньше, чем 5000
            “visits” больше, чем 3
      Varje “customer” hör till “Loyalty: bronze” om allt detta gäller:
        “customer” ingår i segmentet “Regulars”
        ingen av grupperna före passar:
          “Loyalty: Gold”: “Net spend” (i IDR) under de senaste 365 dagarna är minst 10 000
          “Loyalty: silver”: allt detta gäller:
            “Net spend” (i IDR) under de senaste 365 dagarna är minst 5000
            “visits” är mer än 3
    spend_365d.under_0
      Every “customer” belongs to “spend 365d: under 0” if:
        “Net spend” (in IDR) over the last 365 days is less than 0
      “spend 365d: under 0” memuat setiap “customer” bila:
        “Net spend” (dalam IDR) selama 365 hari terakhir kurang dari 0
      В “spend 365d: under 0” входит каждый “customer”, для которого:
        “Net spend” (в единицах: IDR) за последние 365 дней меньше, чем 0
      Varje “customer” hör till “spend 365d: under 0” om:
        “Net spend” (i IDR) under de senaste 365 dagarna är mindre än 0
    spend_365d.from_0_to_1000
      Every “customer” belongs to “spend 365d: from 0 to 1000” if all of these hold:
        “Net spend” (in IDR) over the last 365 days is at least 0
        “Net spend” (in IDR) over the last 365 days is less than 1,000
      “spend 365d: from 0 to 1000” memuat setiap “customer” bila semua hal ini berlaku:
        “Net spend” (dalam IDR) selama 365 hari terakhir paling sedikit 0
        “Net spend” (dalam IDR) selama 365 hari terakhir kurang dari 1.000
      В “spend 365d: from 0 to 1000” входит каждый “customer”, для которого выполнено всё перечисленное:
        “Net spend” (в единицах: IDR) за последние 365 дней не меньше, чем 0
        “Net spend” (в единицах: IDR) за последние 365 дней меньше, чем 1000
      Varje “customer” hör till “spend 365d: from 0 to 1000” om allt detta gäller:
        “Net spend” (i IDR) under de senaste 365 dagarna är minst 0
        “Net spend” (i IDR) under de senaste 365 dagarna är mindre än 1000
    joined.from_2026_01_01
      Every “customer” belongs to “joined: from 2026 01 01” if:
        “joined” is not earlier than 1 January 2026
      “joined: from 2026 01 01” memuat setiap “customer” bila:
        “joined” tidak sebelum 1 Januari 2026
      В “joined: from 2026 01 01” входит каждый “customer”, для которого:
        “joined” не раньше, чем 1 января 2026 г.
      Varje “customer” hör till “joined: from 2026 01 01” om:
        “joined” är inte tidigare än 1 januari 2026
    band.large
      Every “customer” belongs to “band: large” if:
        “points” is at least 100
      “band: large” memuat setiap “customer” bila:
        “points” paling sedikit 100
      В “band: large” входит каждый “customer”, для которого:
        “points” не меньше, чем 100
      Varje “customer” hör till “band: large” om:
        “points” är minst 100
    place.Jakarta
      Every “customer” belongs to “place: Jakarta” if:
        “Home region” is 'Jakarta'
      “place: Jakarta” memuat setiap “customer” bila:
        “Home region” sama dengan 'Jakarta'
      В “place: Jakarta” входит каждый “customer”, для которого:
        “Home region” — это 'Jakarta'
      Varje “customer” hör till “place: Jakarta” om:
        “Home region” är 'Jakarta'
    engagement.stars
      Every “customer” belongs to “engagement: stars” if:
        the scores “Recency”, “spend score” are one of these, a digit for each score in this order: 44, 45, 54, 55
      “engagement: stars” memuat setiap “customer” bila:
        skor “Recency”, “spend score” adalah salah satu dari ini, satu angka untuk setiap skor menurut urutan itu: 44, 45, 54, 55
      В “engagement: stars” входит каждый “customer”, для которого:
        баллы “Recency”, “spend score” образуют одно из сочетаний (по цифре на балл, в этом порядке): 44, 45, 54, 55
      Varje “customer” hör till “engagement: stars” om:
        poängen “Recency”, “spend score” är någon av dessa, en siffra för varje poäng i den ordningen: 44, 45, 54, 55
    engagement.rest
      Every “customer” belongs to “engagement: rest” if:
        the scores “Recency”, “spend score” are one of these, a digit for each score in this order: 11, 12, 13, 14, 15, 21, 22, 23, 24, 25, 31, 32, 33, 34, 35, 43, 53
      “engagement: rest” memuat setiap “customer” bila:
        skor “Recency”, “spend score” adalah salah satu dari ini, satu angka untuk setiap skor menurut urutan itu: 11, 12, 13, 14, 15, 21, 22, 23, 24, 25, 31, 32, 33, 34, 35, 43, 53
      В “engagement: rest” входит каждый “customer”, для которого:
        баллы “Recency”, “spend score” образуют одно из сочетаний (по цифре на балл, в этом порядке): 11, 12, 13, 14, 15, 21, 22, 23, 24, 25, 31, 32, 33, 34, 35, 43, 53
      Varje “customer” hör till “engagement: rest” om:
        poängen “Recency”, “spend score” är någon av dessa, en siffra för varje poäng i den ordningen: 11, 12, 13, 14, 15, 21, 22, 23, 24, 25, 31, 32, 33, 34, 35, 43, 53
    "#);
}

/// What the names of a segment mean, in a language.
fn names_of(segment: &str, language: Language) -> String {
    let explanation = explained(&shop(), segment, language);
    let mut out = String::new();
    for definition in &explanation.definitions {
        out.push_str(&format!("{}: ", plain(&definition.name)));
        let mut means = String::new();
        outline(&definition.means, 0, &mut means);
        out.push_str(&means.trim_end().replace('\n', "\n  "));
        out.push('\n');
    }
    out
}

#[test]
fn names_are_explained_once_and_all_the_way_down() {
    assert_snapshot!(names_of("tiered", Language::English), @r#"
    “Loyalty”: the name of the first of these groups that fits:
        only for those in the segment “Regulars”
        “Loyalty: Gold”: “Net spend” (in IDR) over the last 365 days is at least 10,000
        “Loyalty: silver”: all of these hold:
          “Net spend” (in IDR) over the last 365 days is at least 5,000
          “visits” is more than 3
        “Loyalty: bronze”: everybody else
    “band”: the name of the one of these groups that fits:
        “band: small”: “points” is less than 10
        “band: middle”: all of these hold:
          “points” is at least 10
          “points” is less than 100
        “band: large”: “points” is at least 100
    “engagement”: the name of the one of these groups that fits:
        “engagement: stars”: the scores “Recency”, “spend score” are one of these, a digit for each score in this order: 44, 45, 54, 55
        “engagement: rest”: the scores “Recency”, “spend score” are one of these, a digit for each score in this order: 11, 12, 13, 14, 15, 21, 22, 23, 24, 25, 31, 32, 33, 34, 35, 43, 53
    “place”: the name of the one of these groups that fits:
        “place: Jakarta”: “Home region” is 'Jakarta'
        “place: Bandung”: “Home region” is 'Bandung'
        “place: Surabaya”: “Home region” is 'Surabaya'
    “Net spend” (in IDR): the sum of “value” in rows of “sales”
    “visits”: the number of different values of the calendar day of the time of the row in rows of “sales”
    “Recency”: the part from 1 (lowest) to 5 (highest), when subjects are ordered by “last sale” and divided into 5 parts of one size, among those for whom “orders” is more than 0 and whose value is known
    “spend score”: the number of the step that (“Net spend” over the last 365 days) has reached, the steps beginning at: 100; 500; 1,000; 5,000 (1 is below the first)
    “Home region”: “city”
    “value” in “sales”: “quantity” × “unit price”
    “sales”: the rows of “transactions” for which “quantity” is more than 0
    “last sale”: the last known value of the time of the row in rows of “sales”
    “orders”: the number of rows of “sales”
    "#);
}

#[test]
fn tables_are_explained_too() {
    for (segment, language) in
        [("daily", Language::English), ("queried", Language::English), ("scored", Language::English)]
    {
        assert!(!names_of(segment, language).is_empty());
    }
    let all: Vec<String> = Language::ALL.into_iter().map(|language| names_of("daily", language)).collect();
    assert_snapshot!(all.join("\n"), @r#"
    “invoices”: one row for each “customer” and “invoice no”, made of the rows of “sales”; its time is that of the first of its rows
    “value” in “invoices”: the sum of “value” in rows of the group
    “lines” in “invoices”: the number of rows of the group
    “shoes” in “invoices”: the number of rows of the group (only rows where “category” is 'Shoes')
    “price” in “invoices”: the greatest value of “unit price” in rows of the group
    “first of day”: the rows of “sales”; of rows alike in “customer id”, “purchased at” only the first
    “sales”: the rows of “transactions” for which “quantity” is more than 0
    “value” in “sales”: “quantity” × “unit price”
    “category” in “sales”: “category” of the “product”

    “invoices”: satu baris untuk setiap “customer” dan “invoice no”, dibuat dari baris “sales”; waktunya adalah waktu baris pertamanya
    “value” pada “invoices”: jumlah “value” pada baris kelompok itu
    “lines” pada “invoices”: banyaknya baris kelompok itu
    “shoes” pada “invoices”: banyaknya baris kelompok itu (hanya baris dengan “category” sama dengan 'Shoes')
    “price” pada “invoices”: “unit price” terbesar pada baris kelompok itu
    “first of day”: baris “sales”; dari baris dengan “customer id”, “purchased at” yang sama hanya yang pertama
    “sales”: baris “transactions” yang memenuhi bahwa “quantity” lebih dari 0
    “value” pada “sales”: “quantity” × “unit price”
    “category” pada “sales”: “category” dari “product”

    “invoices”: по одной строке на каждое сочетание (“customer”; “invoice no”); из чего: строки “sales”; её время: время первой из её строк
    “value” в “invoices”: сумма “value” по строкам группы
    “lines” в “invoices”: число строк группы
    “shoes” в “invoices”: число строк группы (только строки, где “category” — это 'Shoes')
    “price” в “invoices”: наибольшее “unit price” по строкам группы
    “first of day”: строки “sales”; из строк с одинаковыми “customer id”, “purchased at” только первая
    “sales”: строки “transactions”, для которых “quantity” больше, чем 0
    “value” в “sales”: “quantity” × “unit price”
    “category” в “sales”: “category” (“product”)

    “invoices”: en rad för varje “customer” och “invoice no”, gjord av raderna i “sales”; dess tid är tiden för den första av dess rader
    “value” i “invoices”: summan av “value” i raderna i gruppen
    “lines” i “invoices”: antalet rader i gruppen
    “shoes” i “invoices”: antalet rader i gruppen (bara rader där följande gäller: “category” är 'Shoes')
    “price” i “invoices”: det största värdet på “unit price” i raderna i gruppen
    “first of day”: raderna i “sales”; av rader med samma “customer id”, “purchased at” bara den första
    “sales”: raderna i “transactions” där följande gäller: “quantity” är mer än 0
    “value” i “sales”: “quantity” × “unit price”
    “category” i “sales”: “category” hos “product”
    "#);
    let all: Vec<String> = Language::ALL.into_iter().map(|language| names_of("queried", language)).collect();
    assert_snapshot!(all.join("\n"), @r#"
    “big days”: the rows of a query (SQL) over “sales”
    “sales”: the rows of “transactions” for which “quantity” is more than 0

    “big days”: baris dari kueri (SQL) atas “sales”
    “sales”: baris “transactions” yang memenuhi bahwa “quantity” lebih dari 0

    “big days”: строки запроса (SQL) к “sales”
    “sales”: строки “transactions”, для которых “quantity” больше, чем 0

    “big days”: raderna från en fråga (SQL) över “sales”
    “sales”: raderna i “transactions” där följande gäller: “quantity” är mer än 0
    "#);
    let all: Vec<String> = Language::ALL.into_iter().map(|language| names_of("scored", language)).collect();
    assert_snapshot!(all.join("\n"), @r#"
    “spend score”: the number of the step that (“Net spend” over the last 365 days) has reached, the steps beginning at: 100; 500; 1,000; 5,000 (1 is below the first)
    “Recency”: the part from 1 (lowest) to 5 (highest), when subjects are ordered by “last sale” and divided into 5 parts of one size, among those for whom “orders” is more than 0 and whose value is known
    “Age”: the age in completed years since “birthday”
    “Net spend” (in IDR): the sum of “value” in rows of “sales”
    “last sale”: the last known value of the time of the row in rows of “sales”
    “orders”: the number of rows of “sales”
    “value” in “sales”: “quantity” × “unit price”
    “sales”: the rows of “transactions” for which “quantity” is more than 0

    “spend score”: nomor tingkat yang dicapai (“Net spend” selama 365 hari terakhir), dengan tingkat yang dimulai pada: 100; 500; 1.000; 5.000 (1 di bawah yang pertama)
    “Recency”: bagian dari 1 (terendah) sampai 5 (tertinggi), bila semua diurutkan menurut “last sale” dan dibagi menjadi 5 bagian sama besar, di antara mereka yang memenuhi bahwa “orders” lebih dari 0 dan nilainya diketahui
    “Age”: usia dalam tahun penuh sejak “birthday”
    “Net spend” (dalam IDR): jumlah “value” pada baris “sales”
    “last sale”: waktu baris terakhir yang diketahui pada baris “sales”
    “orders”: banyaknya baris “sales”
    “value” pada “sales”: “quantity” × “unit price”
    “sales”: baris “transactions” yang memenuhi bahwa “quantity” lebih dari 0

    “spend score”: номер ступени, которой достигло (“Net spend” за последние 365 дней), если ступени начинаются с: 100; 500; 1000; 5000 (1 — ниже первой)
    “Recency”: номер части от 1 (низшая) до 5 (высшая), если упорядочить по “last sale” и разделить на равные части, среди тех, для кого “orders” больше, чем 0, причём значение известно
    “Age”: возраст в полных годах (“birthday”)
    “Net spend” (в единицах: IDR): сумма “value” по строкам “sales”
    “last sale”: последнее известное время строки по строкам “sales”
    “orders”: число строк “sales”
    “value” в “sales”: “quantity” × “unit price”
    “sales”: строки “transactions”, для которых “quantity” больше, чем 0

    “spend score”: numret på det steg som (“Net spend” under de senaste 365 dagarna) har nått, där stegen börjar vid: 100; 500; 1000; 5000 (1 är under det första)
    “Recency”: delen från 1 (lägst) till 5 (högst), när alla ordnas efter “last sale” och delas i 5 lika stora delar, bland dem för vilka följande gäller: “orders” är mer än 0, och vars värde är känt
    “Age”: åldern i fyllda år sedan “birthday”
    “Net spend” (i IDR): summan av “value” i raderna i “sales”
    “last sale”: det sista kända värdet på radens tid i raderna i “sales”
    “orders”: antalet rader i “sales”
    “value” i “sales”: “quantity” × “unit price”
    “sales”: raderna i “transactions” där följande gäller: “quantity” är mer än 0
    "#);
}

#[test]
fn other_kinds_of_subject() {
    assert_snapshot!(text(&explained(&shop(), "by_invoice", Language::English)), @r#"
    Every invoice belongs to “by invoice” if:
      - there is at least one row of “transactions” where “Net spend” (in IDR) of the customer is more than 5

    What the names mean
      - invoice: whoever is named by a row of “transactions”
      - “Net spend” (in IDR): the sum of “value” in rows of “sales”
      - “value” in “sales”: “quantity” × “unit price”
      - “sales”: the rows of “transactions” for which “quantity” is more than 0

    To the letter
      - A row counts only if its condition is true; a condition that is unknown is not enough.
      - A number or a sum of no rows is 0; other figures of no rows are unknown.
      - Money is in IDR where nothing else is said.

    What it reads
      - table “customers”
      - table “transactions”: “customer id”; “invoice no”; “purchased at”; “quantity”; “unit price”
      - counted: “Net spend”; also counted for “… and big”; “vips”
      - counted: the number of rows of “transactions” (only some of them)

    How it changes
      - when rows arrive or are corrected in “customers”; “transactions”
      - not by time alone
      - when others change: values of the customer
    "#);
}

#[test]
fn what_decides_who_there_is_is_read_and_moves() {
    let catalog = "\
kohort: 1
timezone: UTC
subject: { name: customer, table: fresh, key: id }
tables:
  customers: { types: { id: integer, joined: timestamp } }
  fresh: { from: customers, where: joined >= 30d ago }
  sales: { subject: id, time: at, types: { id: integer, at: timestamp } }
";
    let project = Project::from_texts([("catalog.yaml", catalog), ("rules.yaml", "segments: { s: any(sales) }\n")]);
    let told = text(&explained(&project, "s", Language::English));
    assert!(told.contains("table “customers”: “id”; “joined”\n"), "{told}");
    assert!(told.contains("as time goes by, though no row arrives: 30 days ago\n"), "{told}");
}

/// A shop whose windows cover whole days.
pub(super) fn days() -> Project {
    let catalog = super::SHOP.replace("currency: IDR\n", "windows: days\n");
    let rules = "segments: { s: visits_7d > 1 }\n".to_owned();
    Project::from_texts([("catalog.yaml", catalog), ("rules.yaml", rules)])
}

#[test]
fn windows_of_whole_days_are_told_apart() {
    let fine = |language| explained(&days(), "s", language).fine_print.iter().map(plain).collect::<Vec<_>>().join("\n");
    assert_snapshot!(Language::ALL.map(fine).join("\n"), @r#"
    A row counts only if its condition is true; a condition that is unknown is not enough.
    A number or a sum of no rows is 0; other figures of no rows are unknown.
    A window of so many days covers whole days of Asia/Jakarta, today included. A window in hours or minutes is exact: its end is in, its beginning is not.
    Sebuah baris dihitung hanya bila syaratnya benar; syarat yang tidak diketahui tidak cukup.
    Tanpa baris, banyaknya dan jumlahnya 0; angka yang lain tidak diketahui.
    Jendela sekian hari meliputi hari-hari penuh di Asia/Jakarta, termasuk hari ini. Jendela dalam jam atau menit tepat: akhirnya termasuk, awalnya tidak.
    Строка считается, только если её условие верно; неизвестного недостаточно.
    Если строк нет, число строк и сумма равны 0, а прочие показатели неизвестны.
    Окно в столько-то дней — это целые дни (Asia/Jakarta), включая сегодняшний. Окно в часах или минутах точное: его конец входит, начало — нет.
    En rad räknas bara om dess villkor är sant; att det är okänt räcker inte.
    Utan rader är antal och summor 0; övriga mått är då okända.
    Ett fönster på så många dagar omfattar hela dagar i Asia/Jakarta, i dag inräknad. Ett fönster i timmar eller minuter är exakt: dess slut ingår, dess början gör det inte.
    "#);
}

/// A shop with a rank whose cut points are kept.
pub(super) fn frozen() -> Project {
    let kept = "attributes:\n  kept: { is: 'score(5, spend among (true))', frozen: true, of: customer }\n";
    let catalog = super::SHOP.replace("attributes:\n", kept);
    let rules = "segments: { s: kept = 5 }\n".to_owned();
    Project::from_texts([("catalog.yaml", catalog), ("rules.yaml", rules)]).thaw(["kept"])
}

/// The same with cut points, of everybody and of each region.
pub(super) fn kept() -> Project {
    let kept = "attributes:\n  kept: { is: 'score(5, spend among (true))', frozen: true, of: customer }\n  \
                local: { is: 'score(2, spend among (true) per city)', frozen: true, of: customer }\n";
    let catalog = super::SHOP.replace("attributes:\n", kept);
    let rules = "segments: { s: kept = 5 and local = 1 }\n".to_owned();
    let cuts = "kohort: 1\ncut_points:\n  kept:\n    definition: 'score(5, spend among (true))'\n    \
                as_of: '2026-03-31T23:59:59.999999+07:00'\n    population: 9\n    bounds: ['1000.5', '20000', '30000', '1/3']\n  \
                local:\n    definition: 'score(2, spend among (true) per city)'\n    as_of: '2026-03-31T10:00:00+07:00'\n    \
                groups:\n      - { per: Jakarta, population: 3, bounds: ['5'] }\n";
    Project::from_texts([("catalog.yaml", catalog), ("rules.yaml", rules), ("frozen.yaml", cuts.to_owned())])
}

#[test]
fn kept_cut_points_are_shown() {
    let project = kept();
    let ir = super::compiled(&project, &Schemas::new());
    let explainer = crate::explain::Explainer::of_project(&project, &ir).expect("there is a catalogue");
    let said = |language| {
        let definitions = explainer.explain("s", language).expect("it is there").definitions;
        definitions.iter().take(2).map(|one| plain(&one.means.phrase)).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(Language::ALL.map(said).join("\n"), @r#"
    the score from 1 (lowest) to 5 (highest) of “Net spend”, equal values sharing one, among all whose value is known; the cut points are those of the end of 31 March 2026, kept until they are computed anew: 1,000.5; 20,000; 30,000; 1/3
    the score from 1 (lowest) to 2 (highest) of “Net spend”, equal values sharing one, among all whose value is known, for each value of “city” apart; the cut points are those of 31 March 2026, 10:00, kept until they are computed anew
    skor dari 1 (terendah) sampai 5 (tertinggi) menurut “Net spend”, dengan nilai sama mendapat skor sama, di antara semua yang nilainya diketahui; titik potongnya adalah dari akhir 31 Maret 2026, disimpan sampai dihitung ulang: 1.000,5; 20.000; 30.000; 1/3
    skor dari 1 (terendah) sampai 2 (tertinggi) menurut “Net spend”, dengan nilai sama mendapat skor sama, di antara semua yang nilainya diketahui, terpisah untuk setiap nilai “city”; titik potongnya adalah dari 31 Maret 2026, 10:00, disimpan sampai dihitung ulang
    балл от 1 (низший) до 5 (высший) по “Net spend”, одинаковый для равных значений, среди всех с известным значением; пороги сохранены на конец 31 марта 2026 г. и действуют до нового расчёта: 1000,5; 20 000; 30 000; 1/3
    балл от 1 (низший) до 2 (высший) по “Net spend”, одинаковый для равных значений, среди всех с известным значением, отдельно для каждого значения “city”; пороги сохранены на 31 марта 2026 г., 10:00 и действуют до нового расчёта
    poängen från 1 (lägst) till 5 (högst) för “Net spend”, där lika värden delar en poäng, bland alla vars värde är känt; gränserna är de från slutet av 31 mars 2026, sparade tills de räknas om: 1000,5; 20 000; 30 000; 1/3
    poängen från 1 (lägst) till 2 (högst) för “Net spend”, där lika värden delar en poäng, bland alla vars värde är känt, för varje värde på “city” för sig; gränserna är de från 31 mars 2026, 10:00, sparade tills de räknas om
    "#);
}

#[test]
fn frozen_ranks_say_so() {
    let said = |language| {
        let definitions = explained(&frozen(), "s", language).definitions;
        definitions.first().map(|one| plain(&one.means.phrase)).unwrap_or_default()
    };
    assert_snapshot!(Language::ALL.map(said).join("\n"), @r#"
    the score from 1 (lowest) to 5 (highest) of “Net spend”, equal values sharing one, among all whose value is known; the cut points are kept, and move only when they are computed anew
    skor dari 1 (terendah) sampai 5 (tertinggi) menurut “Net spend”, dengan nilai sama mendapat skor sama, di antara semua yang nilainya diketahui; titik potongnya disimpan, dan hanya berubah bila dihitung ulang
    балл от 1 (низший) до 5 (высший) по “Net spend”, одинаковый для равных значений, среди всех с известным значением; пороги сохранены и меняются только при новом расчёте
    poängen från 1 (lägst) till 5 (högst) för “Net spend”, där lika värden delar en poäng, bland alla vars värde är känt; gränserna är sparade och ändras bara när de räknas om
    "#);
}

/// A shop whose customers are the rows of a table made from another.
pub(super) fn active() -> Project {
    let catalog = super::SHOP.replace("customer: { table: customers,", "customer: { table: active_customers,");
    let catalog = catalog
        .replace("  households: { id", "  active_customers: { from: customers, where: active }\n  households: { id");
    let rules = "segments: { s: visits > 1, t: { of: invoice, when: any(sales) } }\n".to_owned();
    Project::from_texts([("catalog.yaml", catalog), ("rules.yaml", rules)])
}

#[test]
fn who_the_subjects_are_is_told_where_it_is_not_plain() {
    let who = |segment, language| {
        let explanation = explained(&active(), segment, language);
        let first = explanation.definitions.first();
        first.map(|one| format!("{}: {}", plain(&one.name), plain(&one.means.phrase))).unwrap_or_default()
    };
    let said: Vec<String> =
        ["s", "t"].iter().flat_map(|segment| Language::ALL.map(|language| who(segment, language))).collect();
    assert_snapshot!(said.join("\n"), @r#"
    “customer”: a row of “active customers”
    “customer”: satu baris “active customers”
    “customer”: строка “active customers”
    “customer”: en rad i “active customers”
    “invoice”: whoever is named by a row of “transactions”
    “invoice”: siapa pun yang disebut oleh baris “transactions”
    “invoice”: всякий, кто назван в строке “transactions”
    “invoice”: var och en som nämns av en rad i “transactions”
    "#);
}

#[test]
fn a_name_means_a_segment_or_all_groups() {
    let project = shop();
    let ir = super::compiled(&project, &Schemas::new());
    let explainer = crate::explain::Explainer::new(project.catalog().expect("there is one"), project.rules(), &ir);
    assert_eq!(explainer.meant_by("regulars"), ["regulars"]);
    assert_eq!(explainer.meant_by("mailing"), ["mailing"]);
    assert_eq!(explainer.meant_by("loyalty"), ["loyalty.gold", "loyalty.silver", "loyalty.bronze"]);
    assert_eq!(explainer.meant_by("regular"), Vec::<&str>::new());
    assert_eq!(explainer.nearest("regular"), Some("regulars"));
}

#[test]
fn nobody_is_explained_who_is_not_there() {
    let project = project("segments: { s: visits > 1 }\n");
    let ir = super::compiled(&project, &Schemas::new());
    let catalog = project.catalog().expect("there is one");
    assert!(crate::explain::explain(catalog, project.rules(), &ir, "t", Language::English).is_none());
    assert!(crate::explain::explain(catalog, project.rules(), &ir, "s", Language::Swedish).is_some());
}
