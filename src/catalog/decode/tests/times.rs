//! `times:` of `reading:`: forms that are read, and every message about others.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::reading::{csv, reading, said, survey};
use crate::catalog::model::TimeForm;

fn patterns(patterns: &[&str]) -> Vec<TimeForm> {
    patterns.iter().map(|pattern| TimeForm::Pattern((*pattern).to_owned())).collect()
}

#[test]
fn forms_of_times() {
    let forms = [
        "%Y-%m-%d",
        "%d/%m/%y",
        "%d %B %Y",
        "%e.%-m.%Y %k:%M",
        "%Y%m%d%H%M%S",
        "%Y-%m-%dT%H:%M:%S%.f%:z",
        "%Y-%m-%d %H:%M:%S,%3f",
        "%m/%d/%Y %I:%M:%S %p",
        "%I:%M %p, %a %d %b %Y",
        "%Y-%j",
        "%G-W%V-%u",
        "%D %T",
        "%c",
        "%+",
        "100%% on %F",
        "%M past %H on %d.%m.%Y",
        "%d de %m de %Y %Hh%M",
    ];
    for form in forms {
        assert_eq!(reading(&format!("{{ times: '{form}' }}")).times, patterns(&[form]), "{form}");
    }
    assert_eq!(
        reading("{ times: [unix, unix_ms, unix_us] }").times,
        [TimeForm::UnixSeconds, TimeForm::UnixMillis, TimeForm::UnixMicros]
    );
}

#[test]
fn forms_of_times_written_otherwise() {
    let found = survey(
        &[
            "DD.MM.YYYY",
            "dd/MM/yyyy HH:mm:ss",
            "yyyy-MM-dd''T''HH:mm:ss.SSS",
            "MM/DD/YY hh:mm a",
            "mm/dd/yyyy",
            "D MMMM YYYY",
            "YYYYMMDD",
            "yyyy-MM-dd HH:mm:ssZ",
            "DD.MM",
            "day.month.year",
            "2026-03-31",
            "iso8601",
            "epoch",
            "%s",
            "Unix_MS",
            "unix_ns",
            "timestmp",
            "",
        ],
        |form| csv(&format!("{{ times: '{form}' }}")),
    );
    assert_snapshot!(found, @"
    DD.MM.YYYY
        6:23 `DD.MM.YYYY` is not a form of dates or times | fix: 'DD.MM.YYYY' => '%d.%m.%Y'
    dd/MM/yyyy HH:mm:ss
        6:23 `dd/MM/yyyy HH:mm:ss` is not a form of dates or times | fix: 'dd/MM/yyyy HH:mm:ss' => '%d/%m/%Y %H:%M:%S'
    yyyy-MM-dd''T''HH:mm:ss.SSS
        6:23 `yyyy-MM-dd'T'HH:mm:ss.SSS` is not a form of dates or times | fix: 'yyyy-MM-dd''T''HH:mm:ss.SSS' => '%Y-%m-%dT%H:%M:%S%.f'
    MM/DD/YY hh:mm a
        6:23 `MM/DD/YY hh:mm a` is not a form of dates or times | fix: 'MM/DD/YY hh:mm a' => '%m/%d/%y %I:%M %p'
    mm/dd/yyyy
        6:23 `mm/dd/yyyy` is not a form of dates or times | fix: 'mm/dd/yyyy' => '%m/%d/%Y'
    D MMMM YYYY
        6:23 `D MMMM YYYY` is not a form of dates or times | fix: 'D MMMM YYYY' => '%d %B %Y'
    YYYYMMDD
        6:23 `YYYYMMDD` is not a form of dates or times | fix: 'YYYYMMDD' => '%Y%m%d'
    yyyy-MM-dd HH:mm:ssZ
        6:23 `yyyy-MM-dd HH:mm:ssZ` is not a form of dates or times | write `%` and a letter for each part, in quotes: `'%d.%m.%Y %H:%M'` (`%Y` year, `%m` month, `%d` day, `%H` hours, `%M` minutes, `%S` seconds)
    DD.MM
        6:23 `DD.MM` is not a form of dates or times | write `%` and a letter for each part, in quotes: `'%d.%m.%Y %H:%M'` (`%Y` year, `%m` month, `%d` day, `%H` hours, `%M` minutes, `%S` seconds)
    day.month.year
        6:23 `day.month.year` is not a form of dates or times | write `%` and a letter for each part, in quotes: `'%d.%m.%Y %H:%M'` (`%Y` year, `%m` month, `%d` day, `%H` hours, `%M` minutes, `%S` seconds)
    2026-03-31
        6:23 `2026-03-31` is not a form of dates or times | write `%` and a letter for each part, in quotes: `'%d.%m.%Y %H:%M'` (`%Y` year, `%m` month, `%d` day, `%H` hours, `%M` minutes, `%S` seconds)
    iso8601
        6:23 `iso8601` is not a form of dates or times | dates and times such as `2026-03-31T10:00` are always understood: remove it
    epoch
        6:23 `epoch` is not a form of dates or times | fix: 'epoch' => unix
    %s
        6:23 `%s` is not a form of dates or times | fix: '%s' => unix
    Unix_MS
        6:23 `Unix_MS` is not a form of dates or times | fix: 'Unix_MS' => unix_ms
    unix_ns
        6:23 `unix_ns` is not a form of dates or times | times are kept in microseconds: write the data so, and `unix_us` here
    timestmp
        6:23 `timestmp` is not a form of dates or times | write `%` and a letter for each part, in quotes: `'%d.%m.%Y %H:%M'` (`%Y` year, `%m` month, `%d` day, `%H` hours, `%M` minutes, `%S` seconds)

        6:23 a form of dates or times is empty | write `%` and a letter for each part, in quotes: `'%d.%m.%Y %H:%M'` (`%Y` year, `%m` month, `%d` day, `%H` hours, `%M` minutes, `%S` seconds)
    ");
}

#[test]
fn patterns_that_cannot_be_read() {
    let found = survey(
        &[
            "%d.%m",
            "%m/%Y",
            "%d %Y",
            "%H:%M",
            "%A",
            "%d.%m.%Y %H:%m",
            "%d.%M.%Y",
            "%M/%d/%Y %H:%M",
            "%d.%m.%Y %h:%M",
            "%d.%m.%Y %I:%M",
            "%d.%m.%Y %H",
            "%d.%m.%Y %M:%S",
            "%d.%m.%Y %z",
            "%d.%m.%Y %H:%M:%s",
            "%s.%3f",
            "%Y-%m-%D",
            "%Y-%m-%d %H:%M:%S.%f",
            "%Y-%m-%d %H:%M:%S,%f",
            "%Y-%m-%d %H:%i",
            "%Y-%m-%d %H:%M:%S.%L",
            "%Y-%m-%E",
            "%Y-%m-%d %H:%M %Z",
            "%Y-%m-%d %",
            "%-d%-m%Y",
            "%d.%m.%Y, %m/%Y/%d and %-d%y",
        ],
        |form| csv(&format!("{{ times: '{form}' }}")),
    );
    assert_snapshot!(found, @"
    %d.%m
        6:23 `%d.%m` does not say the year | a form gives a whole date: the year (`%Y`), the month (`%m`) and the day (`%d`)
    %m/%Y
        6:23 `%m/%Y` does not say the day | a form gives a whole date: the year (`%Y`), the month (`%m`) and the day (`%d`)
    %d %Y
        6:23 `%d %Y` does not say the month | a form gives a whole date: the year (`%Y`), the month (`%m`) and the day (`%d`)
    %H:%M
        6:23 `%H:%M` does not say the year, month and day | a form gives a whole date: the year (`%Y`), the month (`%m`) and the day (`%d`)
    %A
        6:23 `%A` does not say the year, month and day | a form gives a whole date: the year (`%Y`), the month (`%m`) and the day (`%d`)
    %d.%m.%Y %H:%m
        6:23 `%m` is the month, and stands where minutes are expected | fix: '%d.%m.%Y %H:%m' => '%d.%m.%Y %H:%M'
    %d.%M.%Y
        6:23 `%M` is minutes, and stands where the month is expected | fix: '%d.%M.%Y' => '%d.%m.%Y'
    %M/%d/%Y %H:%M
        6:23 `%M` is minutes, and stands where the month is expected | fix: '%M/%d/%Y %H:%M' => '%m/%d/%Y %H:%M'
    %d.%m.%Y %h:%M
        6:23 `%h` is the name of a month, and stands where hours are expected | fix: '%d.%m.%Y %h:%M' => '%d.%m.%Y %H:%M'
    %d.%m.%Y %I:%M
        6:23 `%d.%m.%Y %I:%M` has hours up to 12 and does not say `am` or `pm` | write `%H` for hours up to 24, or add `%p` | fix: '%d.%m.%Y %I:%M' => '%d.%m.%Y %H:%M'
    %d.%m.%Y %H
        6:23 `%d.%m.%Y %H` does not say the minutes | a time has at least hours (`%H`) and minutes (`%M`)
    %d.%m.%Y %M:%S
        6:23 `%d.%m.%Y %M:%S` does not say the hours | a time has at least hours (`%H`) and minutes (`%M`)
    %d.%m.%Y %z
        6:23 `%d.%m.%Y %z` does not say the hours and minutes | a time has at least hours (`%H`) and minutes (`%M`)
    %d.%m.%Y %H:%M:%s
        6:23 `%s` counts all seconds since 1970 | fix: '%d.%m.%Y %H:%M:%s' => '%d.%m.%Y %H:%M:%S'
    %s.%3f
        6:23 `%s` counts all seconds since 1970 | write the word `unix` alone
    %Y-%m-%D
        6:23 `%D` is a whole date (`%m/%d/%y`) | fix: '%Y-%m-%D' => '%Y-%m-%d'
    %Y-%m-%d %H:%M:%S.%f
        6:23 `%f` counts billionths of a second, whatever the number of digits | fix: '%Y-%m-%d %H:%M:%S.%f' => '%Y-%m-%d %H:%M:%S%.f'
    %Y-%m-%d %H:%M:%S,%f
        6:23 `%f` counts billionths of a second, whatever the number of digits | write `%3f` for three digits of a second, `%6f` for six
    %Y-%m-%d %H:%i
        6:23 `%i` is no part of a date or time | fix: '%Y-%m-%d %H:%i' => '%Y-%m-%d %H:%M'
    %Y-%m-%d %H:%M:%S.%L
        6:23 `%L` is no part of a date or time | fix: '%Y-%m-%d %H:%M:%S.%L' => '%Y-%m-%d %H:%M:%S.%3f'
    %Y-%m-%E
        6:23 `%E` is no part of a date or time | write `%` and a letter for each part, in quotes: `'%d.%m.%Y %H:%M'` (`%Y` year, `%m` month, `%d` day, `%H` hours, `%M` minutes, `%S` seconds)
    %Y-%m-%d %H:%M %Z
        6:23 `%Z`, the name of a zone, is not read | where all rows have one zone, write its name as it is (`'%Y-%m-%d %H:%M WIB'`) and say `timezone:`; where they have offsets such as `+07:00`, write `%z`
    %Y-%m-%d %
        6:23 `%Y-%m-%d %` breaks off after `%` | write `%` and a letter for each part, in quotes: `'%d.%m.%Y %H:%M'` (`%Y` year, `%m` month, `%d` day, `%H` hours, `%M` minutes, `%S` seconds)
    %-d%-m%Y
        6:23 `%-d%-m%Y` cannot read what it writes: `322031` | say each part once, and put a sign between parts that have no fixed number of digits
    %d.%m.%Y, %m/%Y/%d and %-d%y
        6:23 `%d.%m.%Y, %m/%Y/%d and %-d%y` cannot read what it writes: `03.02.2031, 02/2031/03 and 331` | say each part once, and put a sign between parts that have no fixed number of digits
    ");
    assert_snapshot!(said(&csv("{ times: [] }")), @"K107 6:23 `times` is an empty list | list the forms in which times are written, or remove the key");
    assert_snapshot!(said(&csv("\n  times: %d.%m.%Y")), @"K102 7:14 YAML does not let text without quotes begin with `%` | fix: %d.%m.%Y => '%d.%m.%Y'");
    assert_snapshot!(said(&csv("\n  times: ['%d.%m.%Y', 'DD.MM.YYYY', ~]")), @"
    K111 7:27 `DD.MM.YYYY` is not a form of dates or times | fix: 'DD.MM.YYYY' => '%d.%m.%Y'
    K106 7:41 an item of `times` has no value | write one, or remove the key; put it in quotes if the word itself is meant
    ");
}

#[test]
fn a_fix_is_offered_only_where_it_settles_all() {
    let found = survey(&["%d.%M.%y %h:%m", "%s %f", "%H:%m"], |form| csv(&format!("{{ times: '{form}' }}")));
    assert_snapshot!(found, @"
    %d.%M.%y %h:%m
        6:23 `%d.%M.%y %h:%m` does not say the hours | a time has at least hours (`%H`) and minutes (`%M`)
    %s %f
        6:23 `%s` counts all seconds since 1970 | write the word `unix` alone
    %H:%m
        6:23 `%m` is the month, and stands where minutes are expected | write `%` and a letter for each part, in quotes: `'%d.%m.%Y %H:%M'` (`%Y` year, `%m` month, `%d` day, `%H` hours, `%M` minutes, `%S` seconds)
    ");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// Accepted, or refused with a finding whose fix removes it (`said` sees to that); never a panic.
    #[test]
    fn any_pattern_is_read_or_refused(form in "(%[-_0.:#369]{0,2}[A-Za-z%é]?|[ .:/T,é-]|%[YmdHMS]){1,9}") {
        let text = csv(&format!("{{ times: '{form}' }}"));
        let found = said(&text);
        prop_assert!(found.lines().count() <= 1, "{}", found);
        if found.is_empty() {
            prop_assert_eq!(reading(&format!("{{ times: '{form}' }}")).times, patterns(&[&form]));
        }
    }

    /// The same for the letters of spreadsheets.
    #[test]
    fn any_letters_are_translated_or_refused(form in "(y{2}|y{4}|M{1,4}|d{1,3}|H{1,2}|m{1,2}|s{1,3}|a|'|[ .:/T-]|[A-Z]){1,10}") {
        let text = csv(&format!("{{ times: '{}' }}", form.replace('\'', "''")));
        prop_assert_eq!(said(&text).lines().count(), 1);
    }
}
