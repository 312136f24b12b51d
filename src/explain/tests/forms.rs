//! Every form of the language, worded in all four. Read them as a marketer would: each line must say what the rule says, no less.

use insta::assert_snapshot;

use super::survey;

/// All conditions that are shown here, for the test of coverage.
pub(super) const ALL: &[&[&str]] = &[
    COMPARISONS,
    TIMES,
    LISTS,
    LOGIC,
    TEXT,
    NEARNESS,
    OTHERS,
    NUMBERS,
    PARTS,
    WINDOWS,
    CALENDAR,
    ROWS,
    AGGREGATES,
    SEQUENCES,
    RANKS,
];

const COMPARISONS: &[&str] = &[
    "spend_90d > 500",
    "points = 5",
    "city != 'Jakarta'",
    "visits != 3",
    "points < 20_000_000.50",
    "points <= -5",
    "spend >= 1_500",
    "points between 1 and 10",
    "points not between 1 and 10",
    "active",
    "active = true and not loyal",
    "active is not true",
    "active != true",
    "city = 'JAKARTA' ignoring case",
    "city > 'K'",
];

#[test]
fn comparisons() {
    assert_snapshot!(survey(COMPARISONS), @r#"
    spend_90d > 500
      en “Net spend” (in IDR) over the last 90 days is more than 500
      id “Net spend” (dalam IDR) selama 90 hari terakhir lebih dari 500
      ru “Net spend” (в единицах: IDR) за последние 90 дней больше, чем 500
      sv “Net spend” (i IDR) under de senaste 90 dagarna är mer än 500
    points = 5
      en “points” is 5
      id “points” sama dengan 5
      ru “points” — это 5
      sv “points” är 5
    city != 'Jakarta'
      en “city” is not 'Jakarta' (unknown does not count)
      id “city” tidak sama dengan 'Jakarta' (yang tidak diketahui tidak dihitung)
      ru “city” — не 'Jakarta' (неизвестное не считается)
      sv “city” är inte 'Jakarta' (okänt räknas inte)
    visits != 3
      en “visits” is not 3
      id “visits” tidak sama dengan 3
      ru “visits” — не 3
      sv “visits” är inte 3
    points < 20_000_000.50
      en “points” is less than 20,000,000.50
      id “points” kurang dari 20.000.000,50
      ru “points” меньше, чем 20 000 000,50
      sv “points” är mindre än 20 000 000,50
    points <= -5
      en “points” is at most −5
      id “points” paling banyak −5
      ru “points” не больше, чем −5
      sv “points” är högst −5
    spend >= 1_500
      en “Net spend” (in IDR) is at least 1,500
      id “Net spend” (dalam IDR) paling sedikit 1.500
      ru “Net spend” (в единицах: IDR) не меньше, чем 1500
      sv “Net spend” (i IDR) är minst 1500
    points between 1 and 10
      en “points” is from 1 to 10 (both included)
      id “points” dari 1 sampai 10 (kedua batas termasuk)
      ru “points” в пределах от 1 до 10 (обе границы включены)
      sv “points” är från 1 till 10 (båda ingår)
    points not between 1 and 10
      en “points” is neither 1 nor 10 nor between them (unknown does not count)
      id “points” bukan 1, bukan 10, dan tidak di antaranya (yang tidak diketahui tidak dihitung)
      ru “points” — не 1, не 10 и не между ними (неизвестное не считается)
      sv “points” är varken 1 eller 10 eller däremellan (okänt räknas inte)
    active
      en “active” is true
      id “active” bernilai benar
      ru верно: “active”
      sv “active” är sant
    active = true and not loyal
      en Every “customer” belongs to “s10” if all of these hold:
        “active” is true
        “loyal” is false
      id “s10” memuat setiap “customer” bila semua hal ini berlaku:
        “active” bernilai benar
        “loyal” bernilai salah
      ru В “s10” входит каждый “customer”, для которого выполнено всё перечисленное:
        верно: “active”
        неверно: “loyal”
      sv Varje “customer” hör till “s10” om allt detta gäller:
        “active” är sant
        “loyal” är falskt
    active is not true
      en “active” is false (unknown counts as well)
      id “active” bernilai salah (yang tidak diketahui ikut dihitung)
      ru неверно: “active” (неизвестное тоже считается)
      sv “active” är falskt (okänt räknas också)
    active != true
      en “active” is false (unknown does not count)
      id “active” bernilai salah (yang tidak diketahui tidak dihitung)
      ru неверно: “active” (неизвестное не считается)
      sv “active” är falskt (okänt räknas inte)
    city = 'JAKARTA' ignoring case
      en “city” is 'JAKARTA' (capital and small letters alike)
      id “city” sama dengan 'JAKARTA' (huruf besar dan kecil dianggap sama)
      ru “city” — это 'JAKARTA' (без различия прописных и строчных букв)
      sv “city” är 'JAKARTA' (stora och små bokstäver är lika)
    city > 'K'
      en “city” is more than 'K'
      id “city” lebih dari 'K'
      ru “city” больше, чем 'K'
      sv “city” är mer än 'K'
    "#);
}

const TIMES: &[&str] = &[
    "joined = today",
    "joined < 2026-03-31",
    "joined <= 2026-03-31T10:00",
    "joined > 90d ago",
    "joined >= 2026-03-31T10:00+07:00",
    "joined <= now",
    "now - joined > 30d",
    "now - joined >= 36h",
    "now - joined < 1w",
    "now - joined <= 1d",
    "birthday + 18y <= today",
];

#[test]
fn times() {
    assert_snapshot!(survey(TIMES), @r#"
    joined = today
      en “joined” is today
      id “joined” sama dengan hari ini
      ru “joined” — это сегодня
      sv “joined” är i dag
    joined < 2026-03-31
      en “joined” is earlier than 31 March 2026
      id “joined” sebelum 31 Maret 2026
      ru “joined” раньше, чем 31 марта 2026 г.
      sv “joined” är tidigare än 31 mars 2026
    joined <= 2026-03-31T10:00
      en “joined” is not later than 31 March 2026, 10:00
      id “joined” tidak setelah 31 Maret 2026, 10:00
      ru “joined” не позже, чем 31 марта 2026 г., 10:00
      sv “joined” är inte senare än 31 mars 2026, 10:00
    joined > 90d ago
      en “joined” is later than 90 days ago
      id “joined” setelah 90 hari yang lalu
      ru “joined” позже, чем 90 дней назад
      sv “joined” är senare än för 90 dagar sedan
    joined >= 2026-03-31T10:00+07:00
      en “joined” is not earlier than 31 March 2026, 10:00 (UTC+07:00)
      id “joined” tidak sebelum 31 Maret 2026, 10:00 (UTC+07:00)
      ru “joined” не раньше, чем 31 марта 2026 г., 10:00 (UTC+07:00)
      sv “joined” är inte tidigare än 31 mars 2026, 10:00 (UTC+07:00)
    joined <= now
      en “joined” is not later than the instant of evaluation
      id “joined” tidak setelah saat evaluasi
      ru “joined” не позже, чем момент расчёта
      sv “joined” är inte senare än utvärderingens ögonblick
    now - joined > 30d
      en the time from “joined” to the instant of evaluation is longer than 30 days
      id waktu dari “joined” sampai saat evaluasi lebih lama dari 30 hari
      ru прошедшее время (“joined” → момент расчёта) дольше, чем 30 дней
      sv tiden från “joined” till utvärderingens ögonblick är längre än 30 dagar
    now - joined >= 36h
      en the time from “joined” to the instant of evaluation is not shorter than 36 hours
      id waktu dari “joined” sampai saat evaluasi tidak lebih singkat dari 36 jam
      ru прошедшее время (“joined” → момент расчёта) не короче, чем 36 часов
      sv tiden från “joined” till utvärderingens ögonblick är inte kortare än 36 timmar
    now - joined < 1w
      en the time from “joined” to the instant of evaluation is shorter than 1 week
      id waktu dari “joined” sampai saat evaluasi lebih singkat dari 1 minggu
      ru прошедшее время (“joined” → момент расчёта) короче, чем 1 неделя
      sv tiden från “joined” till utvärderingens ögonblick är kortare än 1 vecka
    now - joined <= 1d
      en the time from “joined” to the instant of evaluation is not longer than 1 day
      id waktu dari “joined” sampai saat evaluasi tidak lebih lama dari 1 hari
      ru прошедшее время (“joined” → момент расчёта) не дольше, чем 1 день
      sv tiden från “joined” till utvärderingens ögonblick är inte längre än 1 dag
    birthday + 18y <= today
      en “birthday” + 18 years is not later than today
      id “birthday” + 18 tahun tidak setelah hari ini
      ru “birthday” + 18 лет не позже, чем сегодня
      sv “birthday” + 18 år är inte senare än i dag
    "#);
}

const LISTS: &[&str] = &[
    "city in ('Jakarta', 'Bandung')",
    "city not in ('Jakarta', 'Bandung')",
    "city is in ('Jakarta', 'Bandung')",
    "city is not in ('Jakarta', 'Bandung')",
    "city is 'Jakarta'",
    "city is not 'Jakarta'",
    "city is known",
    "city is unknown",
    "tags contains 'golf'",
    "tags not contains 'golf'",
    "tags contains any of ('golf', 'tennis')",
    "tags contains all of ('golf', 'tennis')",
    "tags contains none of ('golf', 'tennis')",
    "tags contains at least 2 of ('golf', 'tennis', 'chess')",
    "tags not contains any of ('golf', 'tennis')",
    "tags not contains all of ('golf', 'tennis')",
    "tags not contains none of ('golf', 'tennis')",
    "tags not contains at least 2 of ('golf', 'tennis', 'chess')",
];

#[test]
fn lists() {
    assert_snapshot!(survey(LISTS), @r#"
    city in ('Jakarta', 'Bandung')
      en “city” is one of: 'Jakarta'; 'Bandung'
      id “city” adalah salah satu dari: 'Jakarta'; 'Bandung'
      ru “city” — одно из значений: 'Jakarta'; 'Bandung'
      sv “city” är något av: 'Jakarta'; 'Bandung'
    city not in ('Jakarta', 'Bandung')
      en “city” is none of: 'Jakarta'; 'Bandung' (unknown does not count)
      id “city” bukan salah satu dari: 'Jakarta'; 'Bandung' (yang tidak diketahui tidak dihitung)
      ru “city” — ни одно из значений: 'Jakarta'; 'Bandung' (неизвестное не считается)
      sv “city” är inget av: 'Jakarta'; 'Bandung' (okänt räknas inte)
    city is in ('Jakarta', 'Bandung')
      en “city” is one of: 'Jakarta'; 'Bandung'
      id “city” adalah salah satu dari: 'Jakarta'; 'Bandung'
      ru “city” — одно из значений: 'Jakarta'; 'Bandung'
      sv “city” är något av: 'Jakarta'; 'Bandung'
    city is not in ('Jakarta', 'Bandung')
      en “city” is none of: 'Jakarta'; 'Bandung' (unknown counts as well)
      id “city” bukan salah satu dari: 'Jakarta'; 'Bandung' (yang tidak diketahui ikut dihitung)
      ru “city” — ни одно из значений: 'Jakarta'; 'Bandung' (неизвестное тоже считается)
      sv “city” är inget av: 'Jakarta'; 'Bandung' (okänt räknas också)
    city is 'Jakarta'
      en “city” is 'Jakarta'
      id “city” sama dengan 'Jakarta'
      ru “city” — это 'Jakarta'
      sv “city” är 'Jakarta'
    city is not 'Jakarta'
      en “city” is not 'Jakarta' (unknown counts as well)
      id “city” tidak sama dengan 'Jakarta' (yang tidak diketahui ikut dihitung)
      ru “city” — не 'Jakarta' (неизвестное тоже считается)
      sv “city” är inte 'Jakarta' (okänt räknas också)
    city is known
      en “city” is known
      id “city” diketahui
      ru “city”: значение известно
      sv “city” är känt
    city is unknown
      en “city” is unknown
      id “city” tidak diketahui
      ru “city”: значение неизвестно
      sv “city” är okänt
    tags contains 'golf'
      en “tags” contains 'golf'
      id “tags” memuat 'golf'
      ru “tags” содержит 'golf'
      sv “tags” innehåller 'golf'
    tags not contains 'golf'
      en “tags” does not contain 'golf' (unknown does not count)
      id “tags” tidak memuat 'golf' (yang tidak diketahui tidak dihitung)
      ru “tags” не содержит 'golf' (неизвестное не считается)
      sv “tags” innehåller inte 'golf' (okänt räknas inte)
    tags contains any of ('golf', 'tennis')
      en “tags” contains at least one of: 'golf'; 'tennis'
      id “tags” memuat setidaknya satu dari: 'golf'; 'tennis'
      ru “tags” содержит хотя бы одно из: 'golf'; 'tennis'
      sv “tags” innehåller minst ett av: 'golf'; 'tennis'
    tags contains all of ('golf', 'tennis')
      en “tags” contains all of: 'golf'; 'tennis'
      id “tags” memuat semua dari: 'golf'; 'tennis'
      ru “tags” содержит всё из: 'golf'; 'tennis'
      sv “tags” innehåller alla av: 'golf'; 'tennis'
    tags contains none of ('golf', 'tennis')
      en “tags” contains none of: 'golf'; 'tennis' (unknown does not count)
      id “tags” tidak memuat satu pun dari: 'golf'; 'tennis' (yang tidak diketahui tidak dihitung)
      ru “tags” не содержит ничего из: 'golf'; 'tennis' (неизвестное не считается)
      sv “tags” innehåller inget av: 'golf'; 'tennis' (okänt räknas inte)
    tags contains at least 2 of ('golf', 'tennis', 'chess')
      en “tags” contains at least 2 of: 'golf'; 'tennis'; 'chess'
      id “tags” memuat paling sedikit 2 dari: 'golf'; 'tennis'; 'chess'
      ru “tags” содержит из перечисленного не меньше чем 2: 'golf'; 'tennis'; 'chess'
      sv “tags” innehåller minst 2 av: 'golf'; 'tennis'; 'chess'
    tags not contains any of ('golf', 'tennis')
      en “tags” contains none of: 'golf'; 'tennis' (unknown does not count)
      id “tags” tidak memuat satu pun dari: 'golf'; 'tennis' (yang tidak diketahui tidak dihitung)
      ru “tags” не содержит ничего из: 'golf'; 'tennis' (неизвестное не считается)
      sv “tags” innehåller inget av: 'golf'; 'tennis' (okänt räknas inte)
    tags not contains all of ('golf', 'tennis')
      en “tags” lacks at least one of: 'golf'; 'tennis' (unknown does not count)
      id “tags” tidak memuat setidaknya satu dari: 'golf'; 'tennis' (yang tidak diketahui tidak dihitung)
      ru в “tags” нет хотя бы одного из: 'golf'; 'tennis' (неизвестное не считается)
      sv “tags” saknar minst ett av: 'golf'; 'tennis' (okänt räknas inte)
    tags not contains none of ('golf', 'tennis')
      en “tags” contains at least one of: 'golf'; 'tennis' (unknown does not count)
      id “tags” memuat setidaknya satu dari: 'golf'; 'tennis' (yang tidak diketahui tidak dihitung)
      ru “tags” содержит хотя бы одно из: 'golf'; 'tennis' (неизвестное не считается)
      sv “tags” innehåller minst ett av: 'golf'; 'tennis' (okänt räknas inte)
    tags not contains at least 2 of ('golf', 'tennis', 'chess')
      en “tags” contains fewer than 2 of: 'golf'; 'tennis'; 'chess' (unknown does not count)
      id “tags” memuat kurang dari 2 dari: 'golf'; 'tennis'; 'chess' (yang tidak diketahui tidak dihitung)
      ru “tags” содержит из перечисленного меньше чем 2: 'golf'; 'tennis'; 'chess' (неизвестное не считается)
      sv “tags” innehåller färre än 2 av: 'golf'; 'tennis'; 'chess' (okänt räknas inte)
    "#);
}

const LOGIC: &[&str] = &[
    "points > 5 and visits > 3 or city = 'Jakarta'",
    "not city = 'Jakarta'",
    "not (city = 'Jakarta' and visits > 3)",
    "visits > 3 and not (visits > 10 or visits = 7)",
    "true",
    "false or visits > 3",
    "any(sales where channel = 'web' and (quantity > 3 or quantity = 1))",
    "spend[channel = 'web' or quantity > 5 and gift = true] > 500",
];

#[test]
fn logic() {
    assert_snapshot!(survey(LOGIC), @r#"
    points > 5 and visits > 3 or city = 'Jakarta'
      en Every “customer” belongs to “s0” if at least one of these holds:
        all of these hold:
          “points” is more than 5
          “visits” is more than 3
        “city” is 'Jakarta'
      id “s0” memuat setiap “customer” bila setidaknya satu dari hal ini berlaku:
        semua hal ini berlaku:
          “points” lebih dari 5
          “visits” lebih dari 3
        “city” sama dengan 'Jakarta'
      ru В “s0” входит каждый “customer”, для которого выполнено хотя бы одно из перечисленного:
        выполнено всё перечисленное:
          “points” больше, чем 5
          “visits” больше, чем 3
        “city” — это 'Jakarta'
      sv Varje “customer” hör till “s0” om minst ett av detta gäller:
        allt detta gäller:
          “points” är mer än 5
          “visits” är mer än 3
        “city” är 'Jakarta'
    not city = 'Jakarta'
      en it is not so that “city” is 'Jakarta' (unknown does not count)
      id tidak benar bahwa “city” sama dengan 'Jakarta' (yang tidak diketahui tidak dihitung)
      ru неверно, что “city” — это 'Jakarta' (неизвестное не считается)
      sv följande stämmer inte: “city” är 'Jakarta' (okänt räknas inte)
    not (city = 'Jakarta' and visits > 3)
      en Every “customer” belongs to “s2” if this does not hold (unknown does not count):
        all of these hold:
          “city” is 'Jakarta'
          “visits” is more than 3
      id “s2” memuat setiap “customer” bila hal ini tidak berlaku (yang tidak diketahui tidak dihitung):
        semua hal ini berlaku:
          “city” sama dengan 'Jakarta'
          “visits” lebih dari 3
      ru В “s2” входит каждый “customer”, для которого не выполнено следующее (неизвестное не считается):
        выполнено всё перечисленное:
          “city” — это 'Jakarta'
          “visits” больше, чем 3
      sv Varje “customer” hör till “s2” om följande är falskt (okänt räknas inte):
        allt detta gäller:
          “city” är 'Jakarta'
          “visits” är mer än 3
    visits > 3 and not (visits > 10 or visits = 7)
      en Every “customer” belongs to “s3” if all of these hold:
        “visits” is more than 3
        this does not hold:
          at least one of these holds:
            “visits” is more than 10
            “visits” is 7
      id “s3” memuat setiap “customer” bila semua hal ini berlaku:
        “visits” lebih dari 3
        hal ini tidak berlaku:
          setidaknya satu dari hal ini berlaku:
            “visits” lebih dari 10
            “visits” sama dengan 7
      ru В “s3” входит каждый “customer”, для которого выполнено всё перечисленное:
        “visits” больше, чем 3
        не выполнено следующее:
          выполнено хотя бы одно из перечисленного:
            “visits” больше, чем 10
            “visits” — это 7
      sv Varje “customer” hör till “s3” om allt detta gäller:
        “visits” är mer än 3
        följande är falskt:
          minst ett av detta gäller:
            “visits” är mer än 10
            “visits” är 7
    true
      en always
      id selalu
      ru всегда
      sv alltid
    false or visits > 3
      en Every “customer” belongs to “s5” if at least one of these holds:
        never
        “visits” is more than 3
      id “s5” memuat setiap “customer” bila setidaknya satu dari hal ini berlaku:
        tidak pernah
        “visits” lebih dari 3
      ru В “s5” входит каждый “customer”, для которого выполнено хотя бы одно из перечисленного:
        никогда
        “visits” больше, чем 3
      sv Varje “customer” hör till “s5” om minst ett av detta gäller:
        aldrig
        “visits” är mer än 3
    any(sales where channel = 'web' and (quantity > 3 or quantity = 1))
      en there is at least one row of “sales” where condition (1) holds
        (1): all of these hold:
          “channel” is 'web'
          at least one of these holds:
            “quantity” is more than 3
            “quantity” is 1
      id ada setidaknya satu baris “sales” dengan syarat (1) berlaku
        (1): semua hal ini berlaku:
          “channel” sama dengan 'web'
          setidaknya satu dari hal ini berlaku:
            “quantity” lebih dari 3
            “quantity” sama dengan 1
      ru есть хотя бы одна строка “sales”, где выполнено условие (1)
        (1): выполнено всё перечисленное:
          “channel” — это 'web'
          выполнено хотя бы одно из перечисленного:
            “quantity” больше, чем 3
            “quantity” — это 1
      sv det finns minst en rad i “sales” där följande gäller: villkor (1) gäller
        (1): allt detta gäller:
          “channel” är 'web'
          minst ett av detta gäller:
            “quantity” är mer än 3
            “quantity” är 1
    spend[channel = 'web' or quantity > 5 and gift = true] > 500
      en “Net spend” (in IDR) (only rows where condition (1) holds) is more than 500
        (1): at least one of these holds:
          “channel” is 'web'
          all of these hold:
            “quantity” is more than 5
            “gift” is true
      id “Net spend” (dalam IDR) (hanya baris dengan syarat (1) berlaku) lebih dari 500
        (1): setidaknya satu dari hal ini berlaku:
          “channel” sama dengan 'web'
          semua hal ini berlaku:
            “quantity” lebih dari 5
            “gift” bernilai benar
      ru “Net spend” (в единицах: IDR) (только строки, где выполнено условие (1)) больше, чем 500
        (1): выполнено хотя бы одно из перечисленного:
          “channel” — это 'web'
          выполнено всё перечисленное:
            “quantity” больше, чем 5
            верно: “gift”
      sv “Net spend” (i IDR) (bara rader där följande gäller: villkor (1) gäller) är mer än 500
        (1): minst ett av detta gäller:
          “channel” är 'web'
          allt detta gäller:
            “quantity” är mer än 5
            “gift” är sant
    "#);
}

const TEXT: &[&str] = &[
    "city contains 'karta'",
    "city not contains 'karta'",
    "city starts with 'J'",
    "city not starts with 'J'",
    "city ends with 'a'",
    "city not ends with 'a'",
    "city like 'Jak%'",
    "city not like 'Jak%'",
    "city matches '^J.*a$'",
    "city not matches '^J.*a$'",
    "length(city) > 5",
    "lower(city) = upper(city)",
];

#[test]
fn text() {
    assert_snapshot!(survey(TEXT), @r#"
    city contains 'karta'
      en “city” contains 'karta'
      id “city” memuat 'karta'
      ru “city” содержит 'karta'
      sv “city” innehåller 'karta'
    city not contains 'karta'
      en “city” does not contain 'karta' (unknown does not count)
      id “city” tidak memuat 'karta' (yang tidak diketahui tidak dihitung)
      ru “city” не содержит 'karta' (неизвестное не считается)
      sv “city” innehåller inte 'karta' (okänt räknas inte)
    city starts with 'J'
      en “city” begins with 'J'
      id “city” diawali 'J'
      ru “city” начинается на 'J'
      sv “city” börjar med 'J'
    city not starts with 'J'
      en “city” does not begin with 'J' (unknown does not count)
      id “city” tidak diawali 'J' (yang tidak diketahui tidak dihitung)
      ru “city” не начинается на 'J' (неизвестное не считается)
      sv “city” börjar inte med 'J' (okänt räknas inte)
    city ends with 'a'
      en “city” ends with 'a'
      id “city” diakhiri 'a'
      ru “city” заканчивается на 'a'
      sv “city” slutar med 'a'
    city not ends with 'a'
      en “city” does not end with 'a' (unknown does not count)
      id “city” tidak diakhiri 'a' (yang tidak diketahui tidak dihitung)
      ru “city” не заканчивается на 'a' (неизвестное не считается)
      sv “city” slutar inte med 'a' (okänt räknas inte)
    city like 'Jak%'
      en “city” fits the pattern 'Jak%' (% is any text, _ any one character)
      id “city” cocok dengan pola 'Jak%' (% adalah teks apa pun, _ satu huruf apa pun)
      ru “city” подходит под образец 'Jak%' (% — любой текст, _ — любой один знак)
      sv “city” passar mönstret 'Jak%' (% är valfri text, _ ett valfritt tecken)
    city not like 'Jak%'
      en “city” does not fit the pattern 'Jak%' (% is any text, _ any one character) (unknown does not count)
      id “city” tidak cocok dengan pola 'Jak%' (% adalah teks apa pun, _ satu huruf apa pun) (yang tidak diketahui tidak dihitung)
      ru “city” не подходит под образец 'Jak%' (% — любой текст, _ — любой один знак) (неизвестное не считается)
      sv “city” passar inte mönstret 'Jak%' (% är valfri text, _ ett valfritt tecken) (okänt räknas inte)
    city matches '^J.*a$'
      en “city” matches the regular expression '^J.*a$' somewhere
      id di dalam “city” ada yang cocok dengan ekspresi reguler '^J.*a$'
      ru в “city” есть совпадение с регулярным выражением '^J.*a$'
      sv “city” matchar någonstans det reguljära uttrycket '^J.*a$'
    city not matches '^J.*a$'
      en “city” matches the regular expression '^J.*a$' nowhere (unknown does not count)
      id di dalam “city” tidak ada yang cocok dengan ekspresi reguler '^J.*a$' (yang tidak diketahui tidak dihitung)
      ru в “city” нет совпадения с регулярным выражением '^J.*a$' (неизвестное не считается)
      sv “city” matchar ingenstans det reguljära uttrycket '^J.*a$' (okänt räknas inte)
    length(city) > 5
      en the number of characters of “city” is more than 5
      id banyaknya huruf dalam “city” lebih dari 5
      ru число знаков в “city” больше, чем 5
      sv antalet tecken i “city” är mer än 5
    lower(city) = upper(city)
      en “city” in small letters is “city” in capital letters
      id “city” dalam huruf kecil sama dengan “city” dalam huruf besar
      ru “city” строчными буквами — это “city” прописными буквами
      sv “city” med små bokstäver är “city” med stora bokstäver
    "#);
}

const NEARNESS: &[&str] = &[
    "birthday within next 7 days",
    "birthday within last 1 day",
    "birthday not within next 2 weeks",
    "birthday not within last 3 months",
    "anniversary of birthday within next 14 days",
];

#[test]
fn nearness() {
    assert_snapshot!(survey(NEARNESS), @r#"
    birthday within next 7 days
      en “birthday” is today or in the 7 days after today
      id “birthday” adalah hari ini atau dalam 7 hari setelah hari ini
      ru “birthday” приходится на сегодня или на следующий за ним срок: 7 дней
      sv “birthday” är i dag eller inom 7 dagar efter i dag
    birthday within last 1 day
      en “birthday” is today or in the 1 day before today
      id “birthday” adalah hari ini atau dalam 1 hari sebelum hari ini
      ru “birthday” приходится на сегодня или на предшествующий ему срок: 1 день
      sv “birthday” är i dag eller inom 1 dag före i dag
    birthday not within next 2 weeks
      en “birthday” is neither today nor in the 2 weeks after today (unknown does not count)
      id “birthday” bukan hari ini dan bukan dalam 2 minggu setelah hari ini (yang tidak diketahui tidak dihitung)
      ru “birthday” не приходится ни на сегодня, ни на следующий за ним срок: 2 недели (неизвестное не считается)
      sv “birthday” är varken i dag eller inom 2 veckor efter i dag (okänt räknas inte)
    birthday not within last 3 months
      en “birthday” is neither today nor in the 3 months before today (unknown does not count)
      id “birthday” bukan hari ini dan bukan dalam 3 bulan sebelum hari ini (yang tidak diketahui tidak dihitung)
      ru “birthday” не приходится ни на сегодня, ни на предшествующий ему срок: 3 месяца (неизвестное не считается)
      sv “birthday” är varken i dag eller inom 3 månader före i dag (okänt räknas inte)
    anniversary of birthday within next 14 days
      en an anniversary of “birthday” is today or in the 14 days after today
      id hari ulang tahun dari “birthday” adalah hari ini atau dalam 14 hari setelah hari ini
      ru годовщина “birthday” приходится на сегодня или на следующий за ним срок: 14 дней
      sv en årsdag av “birthday” är i dag eller inom 14 dagar efter i dag
    "#);
}

const OTHERS: &[&str] = &["in regulars", "not in regulars", "sample(10%, 'holdout-2026')", "household.income > 5_000"];

#[test]
fn others() {
    assert_snapshot!(survey(OTHERS), @r#"
    in regulars
      en the “customer” is in the segment “regulars”
      id “customer” termasuk dalam segmen “regulars”
      ru “customer” входит в сегмент “regulars”
      sv “customer” ingår i segmentet “regulars”
    not in regulars
      en the “customer” is not in the segment “regulars”
      id “customer” tidak termasuk dalam segmen “regulars”
      ru “customer” не входит в сегмент “regulars”
      sv “customer” ingår inte i segmentet “regulars”
    sample(10%, 'holdout-2026')
      en the “customer” is in the fixed sample of 10% that is drawn by 'holdout-2026'
      id “customer” termasuk dalam sampel tetap 10% yang diundi dengan teks 'holdout-2026'
      ru “customer” входит в постоянную выборку 10 %, взятую по тексту 'holdout-2026'
      sv “customer” ingår i det fasta urvalet om 10 % som dras med texten 'holdout-2026'
    household.income > 5_000
      en “income” of the “household” is more than 5,000
      id “income” dari “household” lebih dari 5.000
      ru “income” (“household”) больше, чем 5000
      sv “income” hos “household” är mer än 5000
    "#);
}

const NUMBERS: &[&str] = &[
    "spend_90d >= 1.5 * spend_prev_90d",
    "spend_90d > 50% * spend_365d",
    "spend / visits - 2 * (points + 1) > 100",
    "-points < 5",
    "abs(points - 10) <= 2",
    "round(basket) = 10",
    "round(basket, 2) = 10.25",
    "least(points, 100) = 100",
    "greatest(points, visits) > 10",
    "coalesce(points, 0) = 0",
    "bucket(points, 10, 50, 100) = 3",
    "coalesce(active, true) and not coalesce(active, false)",
];

#[test]
fn numbers() {
    assert_snapshot!(survey(NUMBERS), @r#"
    spend_90d >= 1.5 * spend_prev_90d
      en “Net spend” (in IDR) over the last 90 days is at least 1.5 × (“Net spend” over the 90 days before the last 90 days)
      id “Net spend” (dalam IDR) selama 90 hari terakhir paling sedikit 1,5 × (“Net spend” selama 90 hari sebelum 90 hari terakhir)
      ru “Net spend” (в единицах: IDR) за последние 90 дней не меньше, чем 1,5 × (“Net spend” за 90 дней до последних 90 дней)
      sv “Net spend” (i IDR) under de senaste 90 dagarna är minst 1,5 × (“Net spend” under 90 dagar före de senaste 90 dagarna)
    spend_90d > 50% * spend_365d
      en “Net spend” (in IDR) over the last 90 days is more than 50% of (“Net spend” over the last 365 days)
      id “Net spend” (dalam IDR) selama 90 hari terakhir lebih dari 50% dari (“Net spend” selama 365 hari terakhir)
      ru “Net spend” (в единицах: IDR) за последние 90 дней больше, чем 50 % от (“Net spend” за последние 365 дней)
      sv “Net spend” (i IDR) under de senaste 90 dagarna är mer än 50 % av (“Net spend” under de senaste 365 dagarna)
    spend / visits - 2 * (points + 1) > 100
      en (“Net spend” ÷ “visits”) − (2 × (“points” + 1)) is more than 100
      id (“Net spend” ÷ “visits”) − (2 × (“points” + 1)) lebih dari 100
      ru (“Net spend” ÷ “visits”) − (2 × (“points” + 1)) больше, чем 100
      sv (“Net spend” ÷ “visits”) − (2 × (“points” + 1)) är mer än 100
    -points < 5
      en −“points” is less than 5
      id −“points” kurang dari 5
      ru −“points” меньше, чем 5
      sv −“points” är mindre än 5
    abs(points - 10) <= 2
      en (“points” − 10) without its sign is at most 2
      id (“points” − 10) tanpa tanda paling banyak 2
      ru (“points” − 10) без знака не больше, чем 2
      sv (“points” − 10) utan tecken är högst 2
    round(basket) = 10
      en “Average basket” rounded to whole numbers is 10
      id “Average basket” dibulatkan ke bilangan bulat sama dengan 10
      ru округлённое до целых (“Average basket”) — это 10
      sv “Average basket” avrundat till heltal är 10
    round(basket, 2) = 10.25
      en “Average basket” rounded to 2 digits after the point is 10.25
      id “Average basket” dibulatkan ke 2 angka di belakang koma sama dengan 10,25
      ru округлённое (“Average basket”; знаков после запятой: 2) — это 10,25
      sv “Average basket” avrundat till 2 siffror efter decimaltecknet är 10,25
    least(points, 100) = 100
      en the smallest of (“points”; 100) is 100
      id yang terkecil dari (“points”; 100) sama dengan 100
      ru наименьшее из (“points”; 100) — это 100
      sv det minsta av (“points”; 100) är 100
    greatest(points, visits) > 10
      en the greatest of (“points”; “visits”) is more than 10
      id yang terbesar dari (“points”; “visits”) lebih dari 10
      ru наибольшее из (“points”; “visits”) больше, чем 10
      sv det största av (“points”; “visits”) är mer än 10
    coalesce(points, 0) = 0
      en the first of these that is known: (“points”; 0) is 0
      id yang pertama diketahui dari (“points”; 0) sama dengan 0
      ru первое известное из (“points”; 0) — это 0
      sv det första kända av (“points”; 0) är 0
    bucket(points, 10, 50, 100) = 3
      en (the number of the step that “points” has reached, the steps beginning at: 10; 50; 100 (1 is below the first)) is 3
      id (nomor tingkat yang dicapai “points”, dengan tingkat yang dimulai pada: 10; 50; 100 (1 di bawah yang pertama)) sama dengan 3
      ru (номер ступени, которой достигло “points”, если ступени начинаются с: 10; 50; 100 (1 — ниже первой)) — это 3
      sv (numret på det steg som “points” har nått, där stegen börjar vid: 10; 50; 100 (1 är under det första)) är 3
    coalesce(active, true) and not coalesce(active, false)
      en Every “customer” belongs to “s11” if all of these hold:
        the first of these that is known: (“active”; true) is true
        the first of these that is known: (“active”; false) is false
      id “s11” memuat setiap “customer” bila semua hal ini berlaku:
        yang pertama diketahui dari (“active”; benar) bernilai benar
        yang pertama diketahui dari (“active”; salah) bernilai salah
      ru В “s11” входит каждый “customer”, для которого выполнено всё перечисленное:
        верно: первое известное из (“active”; да)
        неверно: первое известное из (“active”; нет)
      sv Varje “customer” hör till “s11” om allt detta gäller:
        det första kända av (“active”; sant) är sant
        det första kända av (“active”; falskt) är falskt
    "#);
}

const PARTS: &[&str] = &[
    "age(birthday) >= 18",
    "day(joined) = 2026-03-31",
    "week(joined) = 2026-03-30",
    "month(joined) = 2026-03-01",
    "quarter(joined) = 2026-01-01",
    "year(joined) = 2026-01-01",
    "hour_of_day(joined) >= 18",
    "weekday(joined) = 'sunday'",
    "day_of_month(joined) = 1",
    "month_of_year(joined) = 12",
];

#[test]
fn parts() {
    assert_snapshot!(survey(PARTS), @r#"
    age(birthday) >= 18
      en the age in completed years since “birthday” is at least 18
      id usia dalam tahun penuh sejak “birthday” paling sedikit 18
      ru возраст в полных годах (“birthday”) не меньше, чем 18
      sv åldern i fyllda år sedan “birthday” är minst 18
    day(joined) = 2026-03-31
      en the calendar day of “joined” is 31 March 2026
      id hari kalender dari “joined” sama dengan 31 Maret 2026
      ru календарный день (“joined”) — это 31 марта 2026 г.
      sv kalenderdagen för “joined” är 31 mars 2026
    week(joined) = 2026-03-30
      en the first day of the calendar week of “joined” is 30 March 2026
      id hari pertama minggu kalender dari “joined” sama dengan 30 Maret 2026
      ru первый день календарной недели (“joined”) — это 30 марта 2026 г.
      sv första dagen i kalenderveckan för “joined” är 30 mars 2026
    month(joined) = 2026-03-01
      en the first day of the calendar month of “joined” is 1 March 2026
      id hari pertama bulan kalender dari “joined” sama dengan 1 Maret 2026
      ru первый день календарного месяца (“joined”) — это 1 марта 2026 г.
      sv första dagen i kalendermånaden för “joined” är 1 mars 2026
    quarter(joined) = 2026-01-01
      en the first day of the calendar quarter of “joined” is 1 January 2026
      id hari pertama triwulan kalender dari “joined” sama dengan 1 Januari 2026
      ru первый день календарного квартала (“joined”) — это 1 января 2026 г.
      sv första dagen i kalenderkvartalet för “joined” är 1 januari 2026
    year(joined) = 2026-01-01
      en the first day of the calendar year of “joined” is 1 January 2026
      id hari pertama tahun kalender dari “joined” sama dengan 1 Januari 2026
      ru первый день календарного года (“joined”) — это 1 января 2026 г.
      sv första dagen i kalenderåret för “joined” är 1 januari 2026
    hour_of_day(joined) >= 18
      en the hour of the day (0 to 23) of “joined” is at least 18
      id jam (0 sampai 23) dari “joined” paling sedikit 18
      ru час суток от 0 до 23 (“joined”) не меньше, чем 18
      sv timmen på dygnet (0 till 23) för “joined” är minst 18
    weekday(joined) = 'sunday'
      en the day of the week of “joined” is 'sunday'
      id hari dalam minggu dari “joined” sama dengan 'sunday'
      ru день недели (“joined”) — это 'sunday'
      sv veckodagen för “joined” är 'sunday'
    day_of_month(joined) = 1
      en the day of the month (1 to 31) of “joined” is 1
      id tanggal dalam bulan (1 sampai 31) dari “joined” sama dengan 1
      ru число месяца от 1 до 31 (“joined”) — это 1
      sv dagen i månaden (1 till 31) för “joined” är 1
    month_of_year(joined) = 12
      en the month of the year (1 to 12) of “joined” is 12
      id nomor bulan (1 sampai 12) dari “joined” sama dengan 12
      ru номер месяца от 1 до 12 (“joined”) — это 12
      sv månaden på året (1 till 12) för “joined” är 12
    "#);
}

const WINDOWS: &[&str] = &[
    "visits > 3",
    "visits_1d > 3",
    "visits_2d > 3",
    "visits_21d > 3",
    "visits over 1 week > 3",
    "visits over 3 weeks > 3",
    "visits over 36h > 3",
    "visits over 5min > 3",
    "visits_1mo > 3",
    "visits over 2q > 3",
    "visits over 1 year > 3",
    "visits over 5 years > 3",
    "visits_prev_90d > 3",
    "visits over previous 1 month > 3",
    "visits over 60d ending 30d ago > 3",
    "visits since 2026-01-01 > 3",
    "visits until 2026-03-31T10:00 > 3",
    "visits over 2026-01-01 to 2026-03-31 > 3",
];

#[test]
fn windows() {
    assert_snapshot!(survey(WINDOWS), @r#"
    visits > 3
      en “visits” is more than 3
      id “visits” lebih dari 3
      ru “visits” больше, чем 3
      sv “visits” är mer än 3
    visits_1d > 3
      en “visits” over the last 1 day is more than 3
      id “visits” selama 1 hari terakhir lebih dari 3
      ru “visits” за последний день больше, чем 3
      sv “visits” under den senaste dagen är mer än 3
    visits_2d > 3
      en “visits” over the last 2 days is more than 3
      id “visits” selama 2 hari terakhir lebih dari 3
      ru “visits” за последние 2 дня больше, чем 3
      sv “visits” under de senaste 2 dagarna är mer än 3
    visits_21d > 3
      en “visits” over the last 21 days is more than 3
      id “visits” selama 21 hari terakhir lebih dari 3
      ru “visits” за последние 21 день больше, чем 3
      sv “visits” under de senaste 21 dagarna är mer än 3
    visits over 1 week > 3
      en “visits” over the last 1 week is more than 3
      id “visits” selama 1 minggu terakhir lebih dari 3
      ru “visits” за последнюю неделю больше, чем 3
      sv “visits” under den senaste veckan är mer än 3
    visits over 3 weeks > 3
      en “visits” over the last 3 weeks is more than 3
      id “visits” selama 3 minggu terakhir lebih dari 3
      ru “visits” за последние 3 недели больше, чем 3
      sv “visits” under de senaste 3 veckorna är mer än 3
    visits over 36h > 3
      en “visits” over the last 36 hours is more than 3
      id “visits” selama 36 jam terakhir lebih dari 3
      ru “visits” за последние 36 часов больше, чем 3
      sv “visits” under de senaste 36 timmarna är mer än 3
    visits over 5min > 3
      en “visits” over the last 5 minutes is more than 3
      id “visits” selama 5 menit terakhir lebih dari 3
      ru “visits” за последние 5 минут больше, чем 3
      sv “visits” under de senaste 5 minuterna är mer än 3
    visits_1mo > 3
      en “visits” over the last 1 month is more than 3
      id “visits” selama 1 bulan terakhir lebih dari 3
      ru “visits” за последний месяц больше, чем 3
      sv “visits” under den senaste månaden är mer än 3
    visits over 2q > 3
      en “visits” over the last 2 quarters is more than 3
      id “visits” selama 2 triwulan terakhir lebih dari 3
      ru “visits” за последние 2 квартала больше, чем 3
      sv “visits” under de senaste 2 kvartalen är mer än 3
    visits over 1 year > 3
      en “visits” over the last 1 year is more than 3
      id “visits” selama 1 tahun terakhir lebih dari 3
      ru “visits” за последний год больше, чем 3
      sv “visits” under det senaste året är mer än 3
    visits over 5 years > 3
      en “visits” over the last 5 years is more than 3
      id “visits” selama 5 tahun terakhir lebih dari 3
      ru “visits” за последние 5 лет больше, чем 3
      sv “visits” under de senaste 5 åren är mer än 3
    visits_prev_90d > 3
      en “visits” over the 90 days before the last 90 days is more than 3
      id “visits” selama 90 hari sebelum 90 hari terakhir lebih dari 3
      ru “visits” за 90 дней до последних 90 дней больше, чем 3
      sv “visits” under 90 dagar före de senaste 90 dagarna är mer än 3
    visits over previous 1 month > 3
      en “visits” over the 1 month before the last 1 month is more than 3
      id “visits” selama 1 bulan sebelum 1 bulan terakhir lebih dari 3
      ru “visits” за 1 месяц до последнего месяца больше, чем 3
      sv “visits” under 1 månad före den senaste månaden är mer än 3
    visits over 60d ending 30d ago > 3
      en “visits” over the 60 days that ended 30 days ago is more than 3
      id “visits” selama 60 hari yang berakhir 30 hari yang lalu lebih dari 3
      ru “visits” за 60 дней с окончанием 30 дней назад больше, чем 3
      sv “visits” under 60 dagar som slutade för 30 dagar sedan är mer än 3
    visits since 2026-01-01 > 3
      en “visits” since 1 January 2026 (included) is more than 3
      id “visits” sejak 1 Januari 2026 (termasuk) lebih dari 3
      ru “visits” начиная с 1 января 2026 г. (включительно) больше, чем 3
      sv “visits” sedan 1 januari 2026 (ingår) är mer än 3
    visits until 2026-03-31T10:00 > 3
      en “visits” until 31 March 2026, 10:00 (included) is more than 3
      id “visits” sampai 31 Maret 2026, 10:00 (termasuk) lebih dari 3
      ru “visits” по 31 марта 2026 г., 10:00 (включительно) больше, чем 3
      sv “visits” till och med 31 mars 2026, 10:00 är mer än 3
    visits over 2026-01-01 to 2026-03-31 > 3
      en “visits” from 1 January 2026 to 31 March 2026 (both included) is more than 3
      id “visits” dari 1 Januari 2026 sampai 31 Maret 2026 (keduanya termasuk) lebih dari 3
      ru “visits” с 1 января 2026 г. по 31 марта 2026 г. (оба включительно) больше, чем 3
      sv “visits” från 1 januari 2026 till 31 mars 2026 (båda ingår) är mer än 3
    "#);
}

const CALENDAR: &[&str] = &[
    "visits_today > 3",
    "visits_wtd > 3",
    "visits_mtd > 3",
    "visits_qtd > 3",
    "visits over this year > 3",
    "visits_yesterday > 3",
    "visits_last_week > 3",
    "visits_last_month > 3",
    "visits_last_quarter > 3",
    "visits over last year > 3",
    "visits over previous today > 3",
    "visits_prev_wtd > 3",
    "visits_prev_mtd > 3",
    "visits_prev_qtd > 3",
    "visits_prev_ytd > 3",
];

#[test]
fn calendar() {
    assert_snapshot!(survey(CALENDAR), @r#"
    visits_today > 3
      en “visits” today, up to the instant of evaluation is more than 3
      id “visits” hari ini sampai saat evaluasi lebih dari 3
      ru “visits” за сегодня до момента расчёта больше, чем 3
      sv “visits” i dag fram till utvärderingens ögonblick är mer än 3
    visits_wtd > 3
      en “visits” this calendar week so far is more than 3
      id “visits” minggu kalender ini sampai saat evaluasi lebih dari 3
      ru “visits” за текущую календарную неделю до момента расчёта больше, чем 3
      sv “visits” hittills under denna kalendervecka är mer än 3
    visits_mtd > 3
      en “visits” this calendar month so far is more than 3
      id “visits” bulan kalender ini sampai saat evaluasi lebih dari 3
      ru “visits” за текущий календарный месяц до момента расчёта больше, чем 3
      sv “visits” hittills under denna kalendermånad är mer än 3
    visits_qtd > 3
      en “visits” this calendar quarter so far is more than 3
      id “visits” triwulan kalender ini sampai saat evaluasi lebih dari 3
      ru “visits” за текущий календарный квартал до момента расчёта больше, чем 3
      sv “visits” hittills under detta kalenderkvartal är mer än 3
    visits over this year > 3
      en “visits” this calendar year so far is more than 3
      id “visits” tahun kalender ini sampai saat evaluasi lebih dari 3
      ru “visits” за текущий календарный год до момента расчёта больше, чем 3
      sv “visits” hittills under detta kalenderår är mer än 3
    visits_yesterday > 3
      en “visits” yesterday is more than 3
      id “visits” kemarin lebih dari 3
      ru “visits” за вчера больше, чем 3
      sv “visits” i går är mer än 3
    visits_last_week > 3
      en “visits” in the whole calendar week before this one is more than 3
      id “visits” selama seluruh minggu kalender sebelum minggu ini lebih dari 3
      ru “visits” за всю прошлую календарную неделю больше, чем 3
      sv “visits” under hela kalenderveckan före denna är mer än 3
    visits_last_month > 3
      en “visits” in the whole calendar month before this one is more than 3
      id “visits” selama seluruh bulan kalender sebelum bulan ini lebih dari 3
      ru “visits” за весь прошлый календарный месяц больше, чем 3
      sv “visits” under hela kalendermånaden före denna är mer än 3
    visits_last_quarter > 3
      en “visits” in the whole calendar quarter before this one is more than 3
      id “visits” selama seluruh triwulan kalender sebelum triwulan ini lebih dari 3
      ru “visits” за весь прошлый календарный квартал больше, чем 3
      sv “visits” under hela kalenderkvartalet före detta är mer än 3
    visits over last year > 3
      en “visits” in the whole calendar year before this one is more than 3
      id “visits” selama seluruh tahun kalender sebelum tahun ini lebih dari 3
      ru “visits” за весь прошлый календарный год больше, чем 3
      sv “visits” under hela kalenderåret före detta är mer än 3
    visits over previous today > 3
      en “visits” yesterday up to the same time of day is more than 3
      id “visits” kemarin sampai jam yang sama lebih dari 3
      ru “visits” за вчера до того же времени суток больше, чем 3
      sv “visits” i går fram till samma tid på dygnet är mer än 3
    visits_prev_wtd > 3
      en “visits” in the calendar week before this one, up to the same point of the week is more than 3
      id “visits” minggu kalender sebelum minggu ini, sampai titik yang sama dalam minggu lebih dari 3
      ru “visits” за прошлую календарную неделю до того же её момента больше, чем 3
      sv “visits” under kalenderveckan före denna, fram till samma punkt i veckan är mer än 3
    visits_prev_mtd > 3
      en “visits” in the calendar month before this one, up to the same point of the month is more than 3
      id “visits” bulan kalender sebelum bulan ini, sampai titik yang sama dalam bulan lebih dari 3
      ru “visits” за прошлый календарный месяц до того же его момента больше, чем 3
      sv “visits” under kalendermånaden före denna, fram till samma punkt i månaden är mer än 3
    visits_prev_qtd > 3
      en “visits” in the calendar quarter before this one, up to the same point of the quarter is more than 3
      id “visits” triwulan kalender sebelum triwulan ini, sampai titik yang sama dalam triwulan lebih dari 3
      ru “visits” за прошлый календарный квартал до того же его момента больше, чем 3
      sv “visits” under kalenderkvartalet före detta, fram till samma punkt i kvartalet är mer än 3
    visits_prev_ytd > 3
      en “visits” in the calendar year before this one, up to the same point of the year is more than 3
      id “visits” tahun kalender sebelum tahun ini, sampai titik yang sama dalam tahun lebih dari 3
      ru “visits” за прошлый календарный год до того же его момента больше, чем 3
      sv “visits” under kalenderåret före detta, fram till samma punkt på året är mer än 3
    "#);
}

const ROWS: &[&str] = &[
    "any(sales over 90d where channel = 'web')",
    "none(sales)",
    "every(sales over 90d have channel = 'web') and any(sales over 90d)",
    "spend_90d[channel = 'web'] > 500",
    "any(sales where product.category = 'Shoes' and at > 3d ago)",
    "any(sales where value > 2 * customer.basket and customer.region = 'Jakarta')",
    "any(sales where number = 3 and gap < 7d)",
    "any(sales where channel is not 'web')",
    "any(sales where channel = 'web' or quantity = 1)",
    "any(sales where customer.active = true and weekday(at) in ('saturday', 'sunday'))",
];

#[test]
fn rows() {
    assert_snapshot!(survey(ROWS), @r#"
    any(sales over 90d where channel = 'web')
      en there is at least one row of “sales” over the last 90 days where “channel” is 'web'
      id ada setidaknya satu baris “sales” selama 90 hari terakhir dengan “channel” sama dengan 'web'
      ru есть хотя бы одна строка “sales” за последние 90 дней, где “channel” — это 'web'
      sv det finns minst en rad i “sales” under de senaste 90 dagarna där följande gäller: “channel” är 'web'
    none(sales)
      en there is no row of “sales”
      id tidak ada satu pun baris “sales”
      ru нет ни одной строки “sales”
      sv det finns ingen rad i “sales”
    every(sales over 90d have channel = 'web') and any(sales over 90d)
      en Every “customer” belongs to “s2” if all of these hold:
        in every row of “sales” over the last 90 days it is so that “channel” is 'web'
        there is at least one row of “sales” over the last 90 days
      id “s2” memuat setiap “customer” bila semua hal ini berlaku:
        untuk setiap baris “sales” selama 90 hari terakhir berlaku bahwa “channel” sama dengan 'web'
        ada setidaknya satu baris “sales” selama 90 hari terakhir
      ru В “s2” входит каждый “customer”, для которого выполнено всё перечисленное:
        для каждой строки “sales” за последние 90 дней верно, что “channel” — это 'web'
        есть хотя бы одна строка “sales” за последние 90 дней
      sv Varje “customer” hör till “s2” om allt detta gäller:
        för varje rad i “sales” under de senaste 90 dagarna gäller: “channel” är 'web'
        det finns minst en rad i “sales” under de senaste 90 dagarna
    spend_90d[channel = 'web'] > 500
      en “Net spend” (in IDR) over the last 90 days (only rows where “channel” is 'web') is more than 500
      id “Net spend” (dalam IDR) selama 90 hari terakhir (hanya baris dengan “channel” sama dengan 'web') lebih dari 500
      ru “Net spend” (в единицах: IDR) за последние 90 дней (только строки, где “channel” — это 'web') больше, чем 500
      sv “Net spend” (i IDR) under de senaste 90 dagarna (bara rader där följande gäller: “channel” är 'web') är mer än 500
    any(sales where product.category = 'Shoes' and at > 3d ago)
      en there is at least one row of “sales” where “category” of the “product” is 'Shoes' and the time of the row is later than 3 days ago
      id ada setidaknya satu baris “sales” dengan “category” dari “product” sama dengan 'Shoes' dan waktu baris setelah 3 hari yang lalu
      ru есть хотя бы одна строка “sales”, где “category” (“product”) — это 'Shoes' и время строки позже, чем 3 дня назад
      sv det finns minst en rad i “sales” där följande gäller: “category” hos “product” är 'Shoes' och radens tid är senare än för 3 dagar sedan
    any(sales where value > 2 * customer.basket and customer.region = 'Jakarta')
      en there is at least one row of “sales” where “value” is more than 2 × (“Average basket” of the “customer”) and “Home region” of the “customer” is 'Jakarta'
      id ada setidaknya satu baris “sales” dengan “value” lebih dari 2 × (“Average basket” dari “customer”) dan “Home region” dari “customer” sama dengan 'Jakarta'
      ru есть хотя бы одна строка “sales”, где “value” больше, чем 2 × (“Average basket” (“customer”)) и “Home region” (“customer”) — это 'Jakarta'
      sv det finns minst en rad i “sales” där följande gäller: “value” är mer än 2 × (“Average basket” hos “customer”) och “Home region” hos “customer” är 'Jakarta'
    any(sales where number = 3 and gap < 7d)
      en there is at least one row of “sales” where the row's place among all rows of “sales” of the same “customer” (1 is the first) is 3 and the time since the row of “sales” of the same “customer” before it is shorter than 7 days
      id ada setidaknya satu baris “sales” dengan urutan baris di antara semua baris “sales” milik “customer” yang sama (1 yang pertama) sama dengan 3 dan waktu sejak baris “sales” sebelumnya milik “customer” yang sama lebih singkat dari 7 hari
      ru есть хотя бы одна строка “sales”, где порядковый номер среди всех строк “sales” с тем же ключом (“customer”; 1 — первая) — это 3 и время с предыдущей строки “sales” с тем же ключом (“customer”) короче, чем 7 дней
      sv det finns minst en rad i “sales” där följande gäller: radens plats bland alla rader i “sales” hos samma “customer” (1 är den första) är 3 och tiden sedan föregående rad i “sales” hos samma “customer” är kortare än 7 dagar
    any(sales where channel is not 'web')
      en there is at least one row of “sales” where “channel” is not 'web' (unknown counts as well)
      id ada setidaknya satu baris “sales” dengan “channel” tidak sama dengan 'web' (yang tidak diketahui ikut dihitung)
      ru есть хотя бы одна строка “sales”, где “channel” — не 'web' (неизвестное тоже считается)
      sv det finns minst en rad i “sales” där följande gäller: “channel” är inte 'web' (okänt räknas också)
    any(sales where channel = 'web' or quantity = 1)
      en there is at least one row of “sales” where (“channel” is 'web' or “quantity” is 1)
      id ada setidaknya satu baris “sales” dengan (“channel” sama dengan 'web' atau “quantity” sama dengan 1)
      ru есть хотя бы одна строка “sales”, где (“channel” — это 'web' или “quantity” — это 1)
      sv det finns minst en rad i “sales” där följande gäller: (“channel” är 'web' eller “quantity” är 1)
    any(sales where customer.active = true and weekday(at) in ('saturday', 'sunday'))
      en there is at least one row of “sales” where “active” of the “customer” is true and the day of the week of the time of the row is one of: 'saturday'; 'sunday'
      id ada setidaknya satu baris “sales” dengan “active” dari “customer” bernilai benar dan hari dalam minggu dari waktu baris adalah salah satu dari: 'saturday'; 'sunday'
      ru есть хотя бы одна строка “sales”, где верно: “active” (“customer”) и день недели (время строки) — одно из значений: 'saturday'; 'sunday'
      sv det finns minst en rad i “sales” där följande gäller: “active” hos “customer” är sant och veckodagen för radens tid är något av: 'saturday'; 'sunday'
    "#);
}

const AGGREGATES: &[&str] = &[
    "count(sales over 90d) > 3",
    "count(sku of sales) > 3",
    "count(distinct sku of sales where channel = 'web') > 3",
    "sum(value of sales) > 500",
    "avg(value of sales) > 500",
    "min(value of sales) > 500",
    "max(value of sales) > 500",
    "min(at of sales) > 90d ago",
    "max(at of sales) > 90d ago",
    "median(value of sales) > 500",
    "stddev(value of sales) < 10",
    "percentile(90, value of sales) > 500",
    "first(at of sales) > 90d ago",
    "last(channel of sales) = 'web'",
    "mode(channel of sales) = 'web'",
    "mode_share(channel of sales) > 50%",
];

#[test]
fn aggregates() {
    assert_snapshot!(survey(AGGREGATES), @r#"
    count(sales over 90d) > 3
      en the number of rows of “sales” over the last 90 days is more than 3
      id banyaknya baris “sales” selama 90 hari terakhir lebih dari 3
      ru число строк “sales” за последние 90 дней больше, чем 3
      sv antalet rader i “sales” under de senaste 90 dagarna är mer än 3
    count(sku of sales) > 3
      en the number of rows of “sales” for which “sku” is known is more than 3
      id banyaknya baris “sales” (dengan “sku” yang diketahui) lebih dari 3
      ru число строк “sales” (где известно “sku”) больше, чем 3
      sv antalet rader i “sales” (där “sku” är känt) är mer än 3
    count(distinct sku of sales where channel = 'web') > 3
      en the number of different values of “sku” in rows of “sales” (only rows where “channel” is 'web') is more than 3
      id banyaknya “sku” yang berbeda pada baris “sales” (hanya baris dengan “channel” sama dengan 'web') lebih dari 3
      ru число разных значений “sku” по строкам “sales” (только строки, где “channel” — это 'web') больше, чем 3
      sv antalet olika värden på “sku” i raderna i “sales” (bara rader där följande gäller: “channel” är 'web') är mer än 3
    sum(value of sales) > 500
      en the sum of “value” in rows of “sales” is more than 500
      id jumlah “value” pada baris “sales” lebih dari 500
      ru сумма “value” по строкам “sales” больше, чем 500
      sv summan av “value” i raderna i “sales” är mer än 500
    avg(value of sales) > 500
      en the average of “value” in rows of “sales” is more than 500
      id rata-rata “value” pada baris “sales” lebih dari 500
      ru среднее “value” по строкам “sales” больше, чем 500
      sv medelvärdet av “value” i raderna i “sales” är mer än 500
    min(value of sales) > 500
      en the smallest value of “value” in rows of “sales” is more than 500
      id “value” terkecil pada baris “sales” lebih dari 500
      ru наименьшее “value” по строкам “sales” больше, чем 500
      sv det minsta värdet på “value” i raderna i “sales” är mer än 500
    max(value of sales) > 500
      en the greatest value of “value” in rows of “sales” is more than 500
      id “value” terbesar pada baris “sales” lebih dari 500
      ru наибольшее “value” по строкам “sales” больше, чем 500
      sv det största värdet på “value” i raderna i “sales” är mer än 500
    min(at of sales) > 90d ago
      en the earliest value of the time of the row in rows of “sales” is later than 90 days ago
      id waktu baris paling awal pada baris “sales” setelah 90 hari yang lalu
      ru самое раннее время строки по строкам “sales” позже, чем 90 дней назад
      sv det tidigaste värdet på radens tid i raderna i “sales” är senare än för 90 dagar sedan
    max(at of sales) > 90d ago
      en the latest value of the time of the row in rows of “sales” is later than 90 days ago
      id waktu baris paling akhir pada baris “sales” setelah 90 hari yang lalu
      ru самое позднее время строки по строкам “sales” позже, чем 90 дней назад
      sv det senaste värdet på radens tid i raderna i “sales” är senare än för 90 dagar sedan
    median(value of sales) > 500
      en the median of “value” in rows of “sales” is more than 500
      id median “value” pada baris “sales” lebih dari 500
      ru медиана “value” по строкам “sales” больше, чем 500
      sv medianen av “value” i raderna i “sales” är mer än 500
    stddev(value of sales) < 10
      en the standard deviation of “value” in rows of “sales” is less than 10
      id simpangan baku “value” pada baris “sales” kurang dari 10
      ru стандартное отклонение “value” по строкам “sales” меньше, чем 10
      sv standardavvikelsen för “value” i raderna i “sales” är mindre än 10
    percentile(90, value of sales) > 500
      en the percentile 90 of “value” in rows of “sales” is more than 500
      id persentil ke-90 dari “value” pada baris “sales” lebih dari 500
      ru процентиль 90 для “value” по строкам “sales” больше, чем 500
      sv percentilen 90 av “value” i raderna i “sales” är mer än 500
    first(at of sales) > 90d ago
      en the first known value of the time of the row in rows of “sales” is later than 90 days ago
      id waktu baris pertama yang diketahui pada baris “sales” setelah 90 hari yang lalu
      ru первое известное время строки по строкам “sales” позже, чем 90 дней назад
      sv det första kända värdet på radens tid i raderna i “sales” är senare än för 90 dagar sedan
    last(channel of sales) = 'web'
      en the last known value of “channel” in rows of “sales” is 'web'
      id “channel” terakhir yang diketahui pada baris “sales” sama dengan 'web'
      ru последнее известное “channel” по строкам “sales” — это 'web'
      sv det sista kända värdet på “channel” i raderna i “sales” är 'web'
    mode(channel of sales) = 'web'
      en the most frequent value of “channel” in rows of “sales” is 'web'
      id “channel” yang paling sering pada baris “sales” sama dengan 'web'
      ru самое частое “channel” по строкам “sales” — это 'web'
      sv det vanligaste värdet på “channel” i raderna i “sales” är 'web'
    mode_share(channel of sales) > 50%
      en the share of the most frequent value of “channel” in rows of “sales” is more than 50%
      id bagian dari “channel” yang paling sering pada baris “sales” lebih dari 50%
      ru доля самого частого “channel” по строкам “sales” больше, чем 50 %
      sv andelen för det vanligaste värdet på “channel” i raderna i “sales” är mer än 50 %
    "#);
}

const SEQUENCES: &[&str] = &[
    "sequence(sales where category = 'Shoes' then sales where category = 'Socks')",
    "sequence(sales as bought then within 30d returns where sku = bought.sku) over 90d",
    "sequence(sales then never within 7d returns then sales) within 14d",
    "sequence(sales then never returns) over this year within 2mo",
    "visits > 3 and not sequence(sales then sales)",
];

#[test]
fn sequences() {
    assert_snapshot!(survey(SEQUENCES), @r#"
    sequence(sales where category = 'Shoes' then sales where category = 'Socks')
      en Every “customer” belongs to “s0” if these rows come one after the other:
        first a row of “sales” where “category” is 'Shoes'
        later a row of “sales” where “category” is 'Socks'
      id “s0” memuat setiap “customer” bila baris-baris ini datang satu demi satu:
        mula-mula satu baris “sales” dengan “category” sama dengan 'Shoes'
        kemudian satu baris “sales” dengan “category” sama dengan 'Socks'
      ru В “s0” входит каждый “customer”, для которого эти строки идут одна за другой:
        сначала строка “sales”, где “category” — это 'Shoes'
        позже строка “sales”, где “category” — это 'Socks'
      sv Varje “customer” hör till “s0” om dessa rader kommer en efter en:
        först en rad i “sales” där följande gäller: “category” är 'Shoes'
        senare en rad i “sales” där följande gäller: “category” är 'Socks'
    sequence(sales as bought then within 30d returns where sku = bought.sku) over 90d
      en Every “customer” belongs to “s1” if these rows come one after the other, all of them over the last 90 days:
        first a row of “sales” (called “bought” here)
        then, within 30 days of the row before, a row of “returns” where “sku” is “sku” of the row “bought”
      id “s1” memuat setiap “customer” bila baris-baris ini datang satu demi satu, semuanya selama 90 hari terakhir:
        mula-mula satu baris “sales” (di sini disebut “bought”)
        lalu, dalam 30 hari setelah baris sebelumnya, satu baris “returns” dengan “sku” sama dengan “sku” dari baris “bought”
      ru В “s1” входит каждый “customer”, для которого эти строки идут одна за другой, и все они за последние 90 дней:
        сначала строка “sales” (здесь она зовётся “bought”)
        затем, в течение 30 дней после предыдущей строки, строка “returns”, где “sku” — это “sku” (строка “bought”)
      sv Varje “customer” hör till “s1” om dessa rader kommer en efter en, alla under de senaste 90 dagarna:
        först en rad i “sales” (här kallad “bought”)
        sedan, inom 30 dagar efter raden före, en rad i “returns” där följande gäller: “sku” är “sku” hos raden “bought”
    sequence(sales then never within 7d returns then sales) within 14d
      en Every “customer” belongs to “s2” if these rows come one after the other, from the first to the last within 14 days:
        first a row of “sales”
        after that, within 7 days, which must have passed, no row of “returns”
        later a row of “sales”
      id “s2” memuat setiap “customer” bila baris-baris ini datang satu demi satu, dari yang pertama sampai yang terakhir dalam 14 hari:
        mula-mula satu baris “sales”
        setelah itu, dalam 7 hari, yang harus sudah berlalu, tidak ada baris “returns”
        kemudian satu baris “sales”
      ru В “s2” входит каждый “customer”, для которого эти строки идут одна за другой, от первой до последней в течение 14 дней:
        сначала строка “sales”
        после этого в течение 7 дней, и этот срок уже прошёл, ни одной строки “returns”
        позже строка “sales”
      sv Varje “customer” hör till “s2” om dessa rader kommer en efter en, från den första till den sista inom 14 dagar:
        först en rad i “sales”
        därefter inom 7 dagar, en tid som måste ha gått, ingen rad i “returns”
        senare en rad i “sales”
    sequence(sales then never returns) over this year within 2mo
      en Every “customer” belongs to “s3” if these rows come one after the other, all of them this calendar year so far, from the first to the last within 2 months:
        first a row of “sales”
        after that, until the next of these rows or the instant of evaluation, no row of “returns”
      id “s3” memuat setiap “customer” bila baris-baris ini datang satu demi satu, semuanya tahun kalender ini sampai saat evaluasi, dari yang pertama sampai yang terakhir dalam 2 bulan:
        mula-mula satu baris “sales”
        setelah itu, sampai baris berikutnya di sini atau saat evaluasi, tidak ada baris “returns”
      ru В “s3” входит каждый “customer”, для которого эти строки идут одна за другой, и все они за текущий календарный год до момента расчёта, а от первой до последней в течение 2 месяцев:
        сначала строка “sales”
        после этого, до следующей из этих строк или до момента расчёта, ни одной строки “returns”
      sv Varje “customer” hör till “s3” om dessa rader kommer en efter en, alla hittills under detta kalenderår, från den första till den sista inom 2 månader:
        först en rad i “sales”
        därefter, fram till nästa av dessa rader eller utvärderingens ögonblick, ingen rad i “returns”
    visits > 3 and not sequence(sales then sales)
      en Every “customer” belongs to “s4” if all of these hold:
        “visits” is more than 3
        this does not hold:
          these rows come one after the other:
            first a row of “sales”
            later a row of “sales”
      id “s4” memuat setiap “customer” bila semua hal ini berlaku:
        “visits” lebih dari 3
        hal ini tidak berlaku:
          baris-baris ini datang satu demi satu:
            mula-mula satu baris “sales”
            kemudian satu baris “sales”
      ru В “s4” входит каждый “customer”, для которого выполнено всё перечисленное:
        “visits” больше, чем 3
        не выполнено следующее:
          эти строки идут одна за другой:
            сначала строка “sales”
            позже строка “sales”
      sv Varje “customer” hör till “s4” om allt detta gäller:
        “visits” är mer än 3
        följande är falskt:
          dessa rader kommer en efter en:
            först en rad i “sales”
            senare en rad i “sales”
    "#);
}

const RANKS: &[&str] = &[
    "quintile(spend_365d among (orders > 0)) = 5",
    "decile(last_sale) >= 9",
    "ntile(4, basket) = 4",
    "score(4, basket per region) = 4",
    "percent_rank(spend among (orders > 0)) > 90%",
    "spend > percentile(90, spend among (orders > 0))",
    "basket > percentile(90, basket)",
    "top 10% by spend_365d among (orders > 0) per region",
    "top 100 by last_sale among (in regulars)",
    "bottom 5 by basket",
    "bottom 2.5% by basket",
];

#[test]
fn ranks() {
    assert_snapshot!(survey(RANKS), @r#"
    quintile(spend_365d among (orders > 0)) = 5
      en (the part from 1 (lowest) to 5 (highest), when subjects are ordered by (“Net spend” over the last 365 days) and divided into 5 parts of one size, among those for whom “orders” is more than 0 and whose value is known) is 5
      id (bagian dari 1 (terendah) sampai 5 (tertinggi), bila semua diurutkan menurut (“Net spend” selama 365 hari terakhir) dan dibagi menjadi 5 bagian sama besar, di antara mereka yang memenuhi bahwa “orders” lebih dari 0 dan nilainya diketahui) sama dengan 5
      ru (номер части от 1 (низшая) до 5 (высшая), если упорядочить по (“Net spend” за последние 365 дней) и разделить на равные части, среди тех, для кого “orders” больше, чем 0, причём значение известно) — это 5
      sv (delen från 1 (lägst) till 5 (högst), när alla ordnas efter (“Net spend” under de senaste 365 dagarna) och delas i 5 lika stora delar, bland dem för vilka följande gäller: “orders” är mer än 0, och vars värde är känt) är 5
    decile(last_sale) >= 9
      en (the part from 1 (lowest) to 10 (highest), when subjects are ordered by “last sale” and divided into 10 parts of one size, among all whose value is known) is at least 9
      id (bagian dari 1 (terendah) sampai 10 (tertinggi), bila semua diurutkan menurut “last sale” dan dibagi menjadi 10 bagian sama besar, di antara semua yang nilainya diketahui) paling sedikit 9
      ru (номер части от 1 (низшая) до 10 (высшая), если упорядочить по “last sale” и разделить на равные части, среди всех с известным значением) не меньше, чем 9
      sv (delen från 1 (lägst) till 10 (högst), när alla ordnas efter “last sale” och delas i 10 lika stora delar, bland alla vars värde är känt) är minst 9
    ntile(4, basket) = 4
      en (the part from 1 (lowest) to 4 (highest), when subjects are ordered by “Average basket” and divided into 4 parts of one size, among all whose value is known) is 4
      id (bagian dari 1 (terendah) sampai 4 (tertinggi), bila semua diurutkan menurut “Average basket” dan dibagi menjadi 4 bagian sama besar, di antara semua yang nilainya diketahui) sama dengan 4
      ru (номер части от 1 (низшая) до 4 (высшая), если упорядочить по “Average basket” и разделить на равные части, среди всех с известным значением) — это 4
      sv (delen från 1 (lägst) till 4 (högst), när alla ordnas efter “Average basket” och delas i 4 lika stora delar, bland alla vars värde är känt) är 4
    score(4, basket per region) = 4
      en (the score from 1 (lowest) to 4 (highest) of “Average basket”, equal values sharing one, among all whose value is known, for each value of “Home region” apart) is 4
      id (skor dari 1 (terendah) sampai 4 (tertinggi) menurut “Average basket”, dengan nilai sama mendapat skor sama, di antara semua yang nilainya diketahui, terpisah untuk setiap nilai “Home region”) sama dengan 4
      ru (балл от 1 (низший) до 4 (высший) по “Average basket”, одинаковый для равных значений, среди всех с известным значением, отдельно для каждого значения “Home region”) — это 4
      sv (poängen från 1 (lägst) till 4 (högst) för “Average basket”, där lika värden delar en poäng, bland alla vars värde är känt, för varje värde på “Home region” för sig) är 4
    percent_rank(spend among (orders > 0)) > 90%
      en (the share of the others whose value of “Net spend” is smaller (from 0 to 1), among those for whom “orders” is more than 0 and whose value is known) is more than 90%
      id (bagian dari yang lain dengan “Net spend” lebih kecil (dari 0 sampai 1), di antara mereka yang memenuhi bahwa “orders” lebih dari 0 dan nilainya diketahui) lebih dari 90%
      ru (доля остальных с меньшим значением “Net spend” (от 0 до 1), среди тех, для кого “orders” больше, чем 0, причём значение известно) больше, чем 90 %
      sv (andelen av de andra vars värde på “Net spend” är mindre (från 0 till 1), bland dem för vilka följande gäller: “orders” är mer än 0, och vars värde är känt) är mer än 90 %
    spend > percentile(90, spend among (orders > 0))
      en “Net spend” (in IDR) is more than (the number below which 90% of all values of “Net spend” lie, among those for whom “orders” is more than 0 and whose value is known)
      id “Net spend” (dalam IDR) lebih dari (angka yang di bawahnya terletak 90% dari semua nilai “Net spend”, di antara mereka yang memenuhi bahwa “orders” lebih dari 0 dan nilainya diketahui)
      ru “Net spend” (в единицах: IDR) больше, чем (число, ниже которого лежат 90 % всех значений “Net spend”, среди тех, для кого “orders” больше, чем 0, причём значение известно)
      sv “Net spend” (i IDR) är mer än (talet som 90 % av alla värden på “Net spend” ligger under, bland dem för vilka följande gäller: “orders” är mer än 0, och vars värde är känt)
    basket > percentile(90, basket)
      en “Average basket” is more than (the number below which 90% of all values of “Average basket” lie, among all whose value is known)
      id “Average basket” lebih dari (angka yang di bawahnya terletak 90% dari semua nilai “Average basket”, di antara semua yang nilainya diketahui)
      ru “Average basket” больше, чем (число, ниже которого лежат 90 % всех значений “Average basket”, среди всех с известным значением)
      sv “Average basket” är mer än (talet som 90 % av alla värden på “Average basket” ligger under, bland alla vars värde är känt)
    top 10% by spend_365d among (orders > 0) per region
      en the “customer” is among the highest 10% by (“Net spend” over the last 365 days), among those for whom “orders” is more than 0 and whose value is known, for each value of “Home region” apart
      id “customer” termasuk 10% tertinggi menurut (“Net spend” selama 365 hari terakhir), di antara mereka yang memenuhi bahwa “orders” lebih dari 0 dan nilainya diketahui, terpisah untuk setiap nilai “Home region”
      ru “customer” — в числе наивысших 10 % по (“Net spend” за последние 365 дней), среди тех, для кого “orders” больше, чем 0, причём значение известно, отдельно для каждого значения “Home region”
      sv “customer” är bland de högsta 10 % efter (“Net spend” under de senaste 365 dagarna), bland dem för vilka följande gäller: “orders” är mer än 0, och vars värde är känt, för varje värde på “Home region” för sig
    top 100 by last_sale among (in regulars)
      en the “customer” is among the 100 highest by “last sale”, among those for whom the “customer” is in the segment “regulars” and whose value is known
      id “customer” termasuk 100 tertinggi menurut “last sale”, di antara mereka yang memenuhi bahwa “customer” termasuk dalam segmen “regulars” dan nilainya diketahui
      ru “customer” — в числе наивысших по “last sale” (сколько: 100), среди тех, для кого “customer” входит в сегмент “regulars”, причём значение известно
      sv “customer” är bland de 100 högsta efter “last sale”, bland dem för vilka följande gäller: “customer” ingår i segmentet “regulars”, och vars värde är känt
    bottom 5 by basket
      en the “customer” is among the 5 lowest by “Average basket”, among all whose value is known
      id “customer” termasuk 5 terendah menurut “Average basket”, di antara semua yang nilainya diketahui
      ru “customer” — в числе низших по “Average basket” (сколько: 5), среди всех с известным значением
      sv “customer” är bland de 5 lägsta efter “Average basket”, bland alla vars värde är känt
    bottom 2.5% by basket
      en the “customer” is among the lowest 2.5% by “Average basket”, among all whose value is known
      id “customer” termasuk 2,5% terendah menurut “Average basket”, di antara semua yang nilainya diketahui
      ru “customer” — в числе низших 2,5 % по “Average basket”, среди всех с известным значением
      sv “customer” är bland de lägsta 2,5 % efter “Average basket”, bland alla vars värde är känt
    "#);
}
