//! Values as text, quickly: a large file has hundreds of millions of them.

use chrono::Datelike;

use super::super::calendar::{self, DAY};
use super::Cell;

/// Adds a value: numbers in digits, days and times as ISO 8601 writes them, nothing for an unknown.
pub fn push(out: &mut String, cell: &Cell<'_>) {
    match cell {
        Cell::Unknown => {}
        Cell::Text(text) => out.push_str(text),
        Cell::Number(number) => push_number(out, *number),
        Cell::Truth(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Cell::Date(day) => push_date(out, *day),
        Cell::Time(at) => {
            push_date(out, calendar::day_of(*at));
            let second = at.rem_euclid(DAY);
            for (sign, part) in [('T', second / 3_600), (':', second / 60 % 60), (':', second % 60)] {
                out.push(sign);
                push_two(out, part);
            }
        }
        // CSV has no lists: their parts stand beside each other.
        Cell::Texts(texts) => out.push_str(&texts.join("|")),
    }
}

fn push_date(out: &mut String, day: i32) {
    let date = calendar::date(day);
    push_number(out, i64::from(date.year()));
    for part in [date.month(), date.day()] {
        out.push('-');
        push_two(out, i64::from(part));
    }
}

fn push_two(out: &mut String, number: i64) {
    out.push(digit(number / 10 % 10));
    out.push(digit(number % 10));
}

fn push_number(out: &mut String, number: i64) {
    if number < 0 {
        out.push('-');
    }
    let (mut digits, mut count, mut left) = ([0_i64; 20], 0, number.unsigned_abs());
    while count == 0 || left > 0 {
        digits[count] = (left % 10) as i64;
        (count, left) = (count + 1, left / 10);
    }
    digits.iter().take(count).rev().for_each(|number| out.push(digit(*number)));
}

fn digit(number: i64) -> char {
    char::from(b'0' + number as u8)
}
