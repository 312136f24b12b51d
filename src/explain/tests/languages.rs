//! What each language does with numbers, nouns and days; and that all of them say the same.

use std::collections::BTreeSet;

use crate::explain::say::{Say, fill, number};
use crate::explain::{Language, Phrase};
use crate::syntax::ast::{Duration, Unit};

fn places(template: &str) -> BTreeSet<char> {
    let signs: Vec<char> = template.chars().collect();
    signs.windows(2).filter(|pair| matches!(pair[0], '{' | '[')).map(|pair| pair[1]).collect()
}

/// A language that forgets a place would leave out a part of the rule.
#[test]
fn every_language_fills_the_same_places() {
    for say in Say::ALL {
        let english = places(Language::English.wording().template(*say));
        for language in Language::ALL {
            let own = places(language.wording().template(*say));
            assert_eq!(own, english, "{say:?} in {}", language.code());
        }
    }
}

/// Two meanings in one wording would be one meaning too few. These say the same on purpose.
#[test]
fn no_language_says_two_things_in_one_way() {
    const ALIKE: [(Say, Say); 8] = [
        (Say::ContainsAny, Say::ContainsNotNone),
        (Say::ContainsNone, Say::ContainsNotAny),
        (Say::NotSo, Say::HoldsNot),
        (Say::OfPath, Say::OfRow),
        (Say::AllOf, Say::AllOf),
        (Say::Over, Say::Over),
        (Say::Highest, Say::HighestShare),
        (Say::Lowest, Say::LowestShare),
    ];
    for language in Language::ALL {
        let wording = language.wording();
        for (at, one) in Say::ALL.iter().enumerate() {
            for other in &Say::ALL[at + 1..] {
                let alike = ALIKE.contains(&(*one, *other)) || ALIKE.contains(&(*other, *one));
                let same = wording.template(*one) == wording.template(*other);
                assert!(!same || alike, "{one:?} and {other:?} in {}", language.code());
            }
        }
    }
}

fn lengths(language: Language, count: u32) -> String {
    let units = [Unit::Minute, Unit::Hour, Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year];
    let wording = language.wording();
    let said = units.map(|unit| {
        let length = Duration { count, unit };
        [wording.duration(length), wording.within(length), wording.ago(length), wording.rolling(length)].join(" | ")
    });
    said.join("\n")
}

#[test]
fn russian_nouns_follow_their_numbers() {
    insta::assert_snapshot!([1, 3, 5, 11, 21, 112].map(|count| lengths(Language::Russian, count)).join("\n\n"), @r#"
    1 минута | в течение 1 минуты | 1 минуту назад | за последнюю минуту
    1 час | в течение 1 часа | 1 час назад | за последний час
    1 день | в течение 1 дня | 1 день назад | за последний день
    1 неделя | в течение 1 недели | 1 неделю назад | за последнюю неделю
    1 месяц | в течение 1 месяца | 1 месяц назад | за последний месяц
    1 квартал | в течение 1 квартала | 1 квартал назад | за последний квартал
    1 год | в течение 1 года | 1 год назад | за последний год

    3 минуты | в течение 3 минут | 3 минуты назад | за последние 3 минуты
    3 часа | в течение 3 часов | 3 часа назад | за последние 3 часа
    3 дня | в течение 3 дней | 3 дня назад | за последние 3 дня
    3 недели | в течение 3 недель | 3 недели назад | за последние 3 недели
    3 месяца | в течение 3 месяцев | 3 месяца назад | за последние 3 месяца
    3 квартала | в течение 3 кварталов | 3 квартала назад | за последние 3 квартала
    3 года | в течение 3 лет | 3 года назад | за последние 3 года

    5 минут | в течение 5 минут | 5 минут назад | за последние 5 минут
    5 часов | в течение 5 часов | 5 часов назад | за последние 5 часов
    5 дней | в течение 5 дней | 5 дней назад | за последние 5 дней
    5 недель | в течение 5 недель | 5 недель назад | за последние 5 недель
    5 месяцев | в течение 5 месяцев | 5 месяцев назад | за последние 5 месяцев
    5 кварталов | в течение 5 кварталов | 5 кварталов назад | за последние 5 кварталов
    5 лет | в течение 5 лет | 5 лет назад | за последние 5 лет

    11 минут | в течение 11 минут | 11 минут назад | за последние 11 минут
    11 часов | в течение 11 часов | 11 часов назад | за последние 11 часов
    11 дней | в течение 11 дней | 11 дней назад | за последние 11 дней
    11 недель | в течение 11 недель | 11 недель назад | за последние 11 недель
    11 месяцев | в течение 11 месяцев | 11 месяцев назад | за последние 11 месяцев
    11 кварталов | в течение 11 кварталов | 11 кварталов назад | за последние 11 кварталов
    11 лет | в течение 11 лет | 11 лет назад | за последние 11 лет

    21 минута | в течение 21 минуты | 21 минуту назад | за последние 21 минуту
    21 час | в течение 21 часа | 21 час назад | за последние 21 час
    21 день | в течение 21 дня | 21 день назад | за последние 21 день
    21 неделя | в течение 21 недели | 21 неделю назад | за последние 21 неделю
    21 месяц | в течение 21 месяца | 21 месяц назад | за последние 21 месяц
    21 квартал | в течение 21 квартала | 21 квартал назад | за последние 21 квартал
    21 год | в течение 21 года | 21 год назад | за последние 21 год

    112 минут | в течение 112 минут | 112 минут назад | за последние 112 минут
    112 часов | в течение 112 часов | 112 часов назад | за последние 112 часов
    112 дней | в течение 112 дней | 112 дней назад | за последние 112 дней
    112 недель | в течение 112 недель | 112 недель назад | за последние 112 недель
    112 месяцев | в течение 112 месяцев | 112 месяцев назад | за последние 112 месяцев
    112 кварталов | в течение 112 кварталов | 112 кварталов назад | за последние 112 кварталов
    112 лет | в течение 112 лет | 112 лет назад | за последние 112 лет
    "#);
}

#[test]
fn swedish_windows_are_definite() {
    insta::assert_snapshot!([1, 2].map(|count| lengths(Language::Swedish, count)).join("\n\n"), @r#"
    1 minut | inom 1 minut | för 1 minut sedan | under den senaste minuten
    1 timme | inom 1 timme | för 1 timme sedan | under den senaste timmen
    1 dag | inom 1 dag | för 1 dag sedan | under den senaste dagen
    1 vecka | inom 1 vecka | för 1 vecka sedan | under den senaste veckan
    1 månad | inom 1 månad | för 1 månad sedan | under den senaste månaden
    1 kvartal | inom 1 kvartal | för 1 kvartal sedan | under det senaste kvartalet
    1 år | inom 1 år | för 1 år sedan | under det senaste året

    2 minuter | inom 2 minuter | för 2 minuter sedan | under de senaste 2 minuterna
    2 timmar | inom 2 timmar | för 2 timmar sedan | under de senaste 2 timmarna
    2 dagar | inom 2 dagar | för 2 dagar sedan | under de senaste 2 dagarna
    2 veckor | inom 2 veckor | för 2 veckor sedan | under de senaste 2 veckorna
    2 månader | inom 2 månader | för 2 månader sedan | under de senaste 2 månaderna
    2 kvartal | inom 2 kvartal | för 2 kvartal sedan | under de senaste 2 kvartalen
    2 år | inom 2 år | för 2 år sedan | under de senaste 2 åren
    "#);
}

#[test]
fn english_and_indonesian_nouns() {
    insta::assert_snapshot!([1, 2].map(|count| lengths(Language::English, count)).join("\n\n"), @r#"
    1 minute | within 1 minute | 1 minute ago | over the last 1 minute
    1 hour | within 1 hour | 1 hour ago | over the last 1 hour
    1 day | within 1 day | 1 day ago | over the last 1 day
    1 week | within 1 week | 1 week ago | over the last 1 week
    1 month | within 1 month | 1 month ago | over the last 1 month
    1 quarter | within 1 quarter | 1 quarter ago | over the last 1 quarter
    1 year | within 1 year | 1 year ago | over the last 1 year

    2 minutes | within 2 minutes | 2 minutes ago | over the last 2 minutes
    2 hours | within 2 hours | 2 hours ago | over the last 2 hours
    2 days | within 2 days | 2 days ago | over the last 2 days
    2 weeks | within 2 weeks | 2 weeks ago | over the last 2 weeks
    2 months | within 2 months | 2 months ago | over the last 2 months
    2 quarters | within 2 quarters | 2 quarters ago | over the last 2 quarters
    2 years | within 2 years | 2 years ago | over the last 2 years
    "#);
    insta::assert_snapshot!(lengths(Language::Indonesian, 2), @r#"
    2 menit | dalam 2 menit | 2 menit yang lalu | selama 2 menit terakhir
    2 jam | dalam 2 jam | 2 jam yang lalu | selama 2 jam terakhir
    2 hari | dalam 2 hari | 2 hari yang lalu | selama 2 hari terakhir
    2 minggu | dalam 2 minggu | 2 minggu yang lalu | selama 2 minggu terakhir
    2 bulan | dalam 2 bulan | 2 bulan yang lalu | selama 2 bulan terakhir
    2 triwulan | dalam 2 triwulan | 2 triwulan yang lalu | selama 2 triwulan terakhir
    2 tahun | dalam 2 tahun | 2 tahun yang lalu | selama 2 tahun terakhir
    "#);
}

/// The fine print of a language, with the words of a project in it.
fn fine_print(language: Language) -> String {
    let wording = language.wording();
    let weekday = Phrase::words(wording.weekday(chrono::Weekday::Mon));
    let with = [Phrase::constant("Asia/Jakarta"), weekday, Phrase::constant("IDR")];
    let fine = Say::ALL.iter().filter(|say| format!("{say:?}").starts_with("Fine"));
    fine.map(|say| super::plain(&fill(wording, *say, &with))).collect::<Vec<_>>().join("\n")
}

#[test]
fn fine_print_in_english() {
    insta::assert_snapshot!(fine_print(Language::English), @r#"
    Unknown: a comparison with a value that is not known is neither true nor false. Members are only those for whom the condition is true.
    A row counts only if its condition is true; a condition that is unknown is not enough.
    A number or a sum of no rows is 0; other figures of no rows are unknown.
    The first and the last row go by time; rows of one time by the order of the table.
    Of several values that are equally frequent the smallest counts.
    A standard deviation is that of a sample, and unknown for fewer than two values.
    What lies halfway is rounded to the even neighbour.
    The smallest or the greatest of several values is unknown if one of them is.
    Text is ordered letter by letter, by code point: capital letters come before small ones.
    A window of so many days ends at the instant of evaluation or that long before it. What happened exactly at its end is in, what happened exactly at its beginning is not.
    A window of so many days covers whole days of Asia/Jakarta, today included. A window in hours or minutes is exact: its end is in, its beginning is not.
    Calendar days begin at midnight in Asia/Jakarta, weeks on Monday. What happens at the instant of evaluation is in, nothing later is.
    Days that are named are whole days in Asia/Jakarta and are in.
    “So long ago” is counted from the instant of evaluation; days and longer units step the calendar of Asia/Jakarta.
    A date compared with a time is compared with the day of that time in Asia/Jakarta.
    Lengths of time are compared as what elapsed: a day is 24 hours.
    An age is in completed years, counted to today in Asia/Jakarta.
    Nearness to today counts whole days in Asia/Jakarta; today is in.
    An anniversary ignores the year; 29 February counts as 28 February in other years.
    What is divided by zero is unknown.
    “In every row” is also true where there is no row; one row for which it is unknown makes it false.
    A later row has a greater time. Rows of the same instant follow each other only if they are of one table of the data, in its order. Other rows may lie between.
    Of equal values at a border, the smaller keys come first.
    Where parts cannot be of one size, the lower ones are larger by one.
    A share of the highest or lowest is rounded up to whole numbers.
    Those for whom the group is unknown are a group of their own.
    A percentile or median that falls between two values lies between them in proportion.
    A score is the number of scores times the share of those whose value is at most the same, rounded up.
    Among one alone the share is 0.
    Who is not among those who are ranked has no rank, and is not among the highest or lowest.
    A percentile among subjects is one number, known for everybody, also for those who are not among them.
    Chance is fixed: the same text draws the same subjects every time.
    Being in a segment is never unknown: who is not a member for certain is not in it.
    Money is in IDR where nothing else is said.
    "#);
}

#[test]
fn fine_print_in_indonesian() {
    insta::assert_snapshot!(fine_print(Language::Indonesian), @r#"
    Tidak diketahui: perbandingan dengan nilai yang tidak diketahui tidak benar dan tidak salah. Anggota hanyalah mereka yang syaratnya benar.
    Sebuah baris dihitung hanya bila syaratnya benar; syarat yang tidak diketahui tidak cukup.
    Tanpa baris, banyaknya dan jumlahnya 0; angka yang lain tidak diketahui.
    Baris pertama dan terakhir menurut waktu; baris dengan waktu sama menurut urutan tabel.
    Dari beberapa nilai yang sama seringnya, yang terkecil dihitung.
    Simpangan baku adalah untuk sampel, dan tidak diketahui bila kurang dari dua nilai.
    Yang tepat di tengah dibulatkan ke tetangga genap.
    Yang terkecil atau terbesar dari beberapa nilai tidak diketahui bila salah satunya tidak diketahui.
    Teks diurutkan huruf demi huruf menurut titik kode: huruf besar sebelum huruf kecil.
    Jendela sekian hari berakhir pada saat evaluasi atau sekian lama sebelumnya. Yang terjadi tepat pada akhirnya termasuk, yang terjadi tepat pada awalnya tidak.
    Jendela sekian hari meliputi hari-hari penuh di Asia/Jakarta, termasuk hari ini. Jendela dalam jam atau menit tepat: akhirnya termasuk, awalnya tidak.
    Hari kalender mulai tengah malam di Asia/Jakarta, minggu mulai hari Senin. Yang terjadi pada saat evaluasi termasuk, yang lebih lambat tidak.
    Hari yang disebut adalah hari penuh di Asia/Jakarta dan termasuk.
    “Sekian lama yang lalu” dihitung dari saat evaluasi; hari dan satuan yang lebih panjang mengikuti kalender Asia/Jakarta.
    Tanggal yang dibandingkan dengan waktu dibandingkan dengan hari dari waktu itu di Asia/Jakarta.
    Lama waktu dibandingkan sebagai waktu yang berlalu: satu hari adalah 24 jam.
    Usia adalah tahun penuh sampai hari ini di Asia/Jakarta.
    Kedekatan dengan hari ini dihitung dalam hari penuh di Asia/Jakarta; hari ini termasuk.
    Hari ulang tahun tidak melihat tahunnya; 29 Februari di tahun lain dianggap 28 Februari.
    Hasil pembagian dengan nol tidak diketahui.
    “Untuk setiap baris” juga benar bila tidak ada baris; satu baris yang tidak diketahui membuatnya salah.
    Baris yang kemudian mempunyai waktu lebih besar. Baris pada saat yang sama hanya berurutan bila dari satu tabel data, menurut urutannya. Baris lain boleh ada di antaranya.
    Dari nilai yang sama di batas, kunci yang lebih kecil didahulukan.
    Bila bagian tidak bisa sama besar, bagian yang rendah lebih besar satu.
    Bagian dari yang tertinggi atau terendah dibulatkan ke atas.
    Mereka yang kelompoknya tidak diketahui menjadi satu kelompok sendiri.
    Persentil atau median yang jatuh di antara dua nilai terletak di antaranya secara proporsional.
    Skor adalah banyaknya skor kali bagian mereka yang nilainya paling banyak sama, dibulatkan ke atas.
    Bagi satu-satunya dalam lingkungannya, bagiannya 0.
    Yang tidak termasuk yang diperingkat tidak punya peringkat, dan tidak termasuk yang tertinggi atau terendah.
    Persentil di antara subjek adalah satu angka yang diketahui untuk semua, juga bagi yang tidak termasuk di antaranya.
    Undian tetap: teks yang sama selalu memilih orang yang sama.
    Keanggotaan segmen tidak pernah tidak diketahui: yang tidak pasti anggota bukan anggota.
    Uang dalam IDR bila tidak disebut lain.
    "#);
}

#[test]
fn fine_print_in_russian() {
    insta::assert_snapshot!(fine_print(Language::Russian), @r#"
    Неизвестное: сравнение с неизвестным значением ни верно, ни неверно. Входят только те, для кого условие верно.
    Строка считается, только если её условие верно; неизвестного недостаточно.
    Если строк нет, число строк и сумма равны 0, а прочие показатели неизвестны.
    Первая и последняя строка — по времени; строки одного времени — по порядку таблицы.
    Из нескольких одинаково частых значений берётся наименьшее.
    Стандартное отклонение — выборочное; если значений меньше двух, оно неизвестно.
    Ровно половина округляется к чётному соседу.
    Наименьшее или наибольшее из нескольких значений неизвестно, если неизвестно одно из них.
    Тексты упорядочены по буквам, по кодовым точкам: прописные раньше строчных.
    Окно в столько-то дней кончается моментом расчёта или за указанный срок до него. Случившееся ровно в его конце входит, ровно в его начале — нет.
    Окно в столько-то дней — это целые дни (Asia/Jakarta), включая сегодняшний. Окно в часах или минутах точное: его конец входит, начало — нет.
    Календарные дни начинаются в полночь (Asia/Jakarta), первый день недели — понедельник. Момент расчёта входит, более позднее — нет.
    Названные дни — целые дни (Asia/Jakarta) и входят.
    «Столько-то назад» отсчитывается от момента расчёта; дни и более крупные единицы — по календарю (Asia/Jakarta).
    Дата сравнивается со временем по дню этого времени (Asia/Jakarta).
    Промежутки времени сравниваются как прошедшее время: день — это 24 часа.
    Возраст — в полных годах, до сегодняшнего дня (Asia/Jakarta).
    Близость к сегодняшнему дню считается целыми днями (Asia/Jakarta); сегодня входит.
    Для годовщины год не важен; 29 февраля в другие годы считается как 28 февраля.
    Результат деления на ноль неизвестен.
    «Для каждой строки» верно и тогда, когда строк нет; одна строка, для которой это неизвестно, делает его неверным.
    У более поздней строки время больше. Строки одного мгновения идут одна за другой, только если они из одной таблицы данных, в её порядке. Между ними могут быть другие строки.
    Из равных значений на границе раньше идут меньшие ключи.
    Если поровну разделить нельзя, низшие части больше на одного.
    Доля наивысших или низших округляется вверх до целого.
    Те, для кого группа неизвестна, составляют отдельную группу.
    Процентиль или медиана между двумя значениями лежит между ними пропорционально.
    Балл — это число баллов, умноженное на долю тех, чьё значение не больше, с округлением вверх.
    Для единственного в своём кругу доля равна 0.
    У того, кто не в числе упорядоченных, нет места; он не среди наивысших и не среди низших.
    Процентиль среди субъектов — одно число, известное для всех, и для тех, кто в их число не входит.
    Случай постоянен: один и тот же текст всегда выбирает одних и тех же.
    Принадлежность сегменту всегда известна: кто не входит в него наверняка, тот в него не входит.
    Деньги — в IDR, если не сказано иное.
    "#);
}

#[test]
fn fine_print_in_swedish() {
    insta::assert_snapshot!(fine_print(Language::Swedish), @r#"
    Okänt: en jämförelse med ett okänt värde är varken sann eller falsk. Medlemmar är bara de för vilka villkoret är sant.
    En rad räknas bara om dess villkor är sant; att det är okänt räcker inte.
    Utan rader är antal och summor 0; övriga mått är då okända.
    Den första och den sista raden följer tiden; rader med samma tid följer tabellens ordning.
    Av flera lika vanliga värden räknas det minsta.
    En standardavvikelse är den för ett urval, och okänd för färre än två värden.
    Det som ligger mitt emellan avrundas till den jämna grannen.
    Det minsta eller största av flera värden är okänt om ett av dem är det.
    Text ordnas bokstav för bokstav, efter kodpunkt: stora bokstäver kommer före små.
    Ett fönster på så många dagar slutar vid utvärderingens ögonblick eller så lång tid före. Det som hände exakt vid dess slut ingår, det som hände exakt vid dess början gör det inte.
    Ett fönster på så många dagar omfattar hela dagar i Asia/Jakarta, i dag inräknad. Ett fönster i timmar eller minuter är exakt: dess slut ingår, dess början gör det inte.
    Kalenderdagar börjar vid midnatt i Asia/Jakarta, veckor på en måndag. Det som händer i utvärderingens ögonblick ingår, inget senare.
    Dagar som nämns är hela dagar i Asia/Jakarta och ingår.
    ”För så länge sedan” räknas från utvärderingens ögonblick; dagar och längre enheter följer kalendern i Asia/Jakarta.
    Ett datum som jämförs med en tid jämförs med den tidens dag i Asia/Jakarta.
    Tidslängder jämförs som förfluten tid: en dag är 24 timmar.
    En ålder är i fyllda år, räknad till i dag i Asia/Jakarta.
    Närhet till i dag räknas i hela dagar i Asia/Jakarta; i dag ingår.
    En årsdag bortser från året; 29 februari räknas som 28 februari andra år.
    Det som delas med noll är okänt.
    ”För varje rad” är sant även när det inte finns någon rad; en enda rad där det är okänt gör det falskt.
    En senare rad har en större tid. Rader från samma ögonblick följer på varandra bara om de är från en och samma tabell i data, i dess ordning. Andra rader kan ligga emellan.
    Av lika värden vid en gräns kommer mindre nycklar först.
    Där delar inte kan bli lika stora är de lägre en större.
    En andel av de högsta eller lägsta avrundas uppåt till heltal.
    De för vilka gruppen är okänd är en egen grupp.
    En percentil eller median som faller mellan två värden ligger proportionellt mellan dem.
    En poäng är antalet poäng gånger andelen av dem vars värde är högst lika stort, avrundat uppåt.
    För den som är ensam är andelen 0.
    Den som inte hör till de rangordnade har ingen rang, och är varken bland de högsta eller de lägsta.
    En percentil bland subjekt är ett enda tal, känt för alla, även för dem som inte är bland dem.
    Slumpen är fast: samma text drar samma personer varje gång.
    Medlemskap i ett segment är aldrig okänt: den som inte säkert är medlem är det inte.
    Pengar är i IDR där inget annat sägs.
    "#);
}

#[test]
fn numbers_keep_every_digit() {
    let said = |written: &str| Language::ALL.map(|language| number(language.wording(), written)).join(" | ");
    assert_eq!(
        said("20000000.50"),
        "20,000,000.50 | 20.000.000,50 | 20\u{a0}000\u{a0}000,50 | 20\u{a0}000\u{a0}000,50"
    );
    assert_eq!(said("-1500"), "−1,500 | −1.500 | −1500 | −1500");
    assert_eq!(said("0.001"), "0.001 | 0,001 | 0,001 | 0,001");
}

#[test]
fn codes_lead_back() {
    for language in Language::ALL {
        assert_eq!(Language::of_code(language.code()), Some(language));
        assert_eq!(Language::of_code(&language.code().to_uppercase()), Some(language));
    }
    assert_eq!(Language::of_code("xx"), None);
}

#[test]
fn days_of_every_month_are_named() {
    for language in Language::ALL {
        let days = (1..=12).filter_map(|month| chrono::NaiveDate::from_ymd_opt(2026, month, 2));
        let said: BTreeSet<String> = days.map(|day| language.wording().day(day)).collect();
        assert_eq!(said.len(), 12, "{}", language.code());
        assert!(said.iter().all(|day| day.contains("2026")));
    }
}
