//! Text as values: how the words of CSV, NDJSON and text columns are read as numbers, days and instants.
//!
//! Exact or not at all: a decimal with more digits than its column holds, a day that does not exist or a number with
//! letters is no value. Nothing passes through binary floating point.

use chrono::format::{Item, Parsed, StrftimeItems, parse};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

use crate::catalog::model::{Reading, TimeForm};
use crate::engine::kernel::calendar::LocalConverter;
use crate::ir::BaseTable;

const MICROS: i64 = 1_000_000;
const MICROS_A_DAY: i64 = 86_400 * MICROS;

/// How the values of one table are written.
#[derive(Clone, Debug)]
pub(crate) struct Conventions {
    decimal: char,
    thousands: Option<char>,
    nulls: Option<Vec<String>>,
    /// The empty text is unknown where nothing else is said: so in CSV, where it is all that an absent value can be.
    empty_is_unknown: bool,
    times: Vec<Form>,
    zone: Tz,
}

/// A [`TimeForm`] made ready.
#[derive(Clone, Debug)]
enum Form {
    Pattern(Vec<Item<'static>>),
    /// So many microseconds a unit since 1970.
    Unix(i64),
}

/// A date, or a date and a time, as it is written.
enum Moment {
    Day(NaiveDate),
    /// At the place of the zone.
    Local(NaiveDateTime),
    /// Microseconds of UTC.
    Instant(i64),
}

impl Conventions {
    /// As a catalogue says; zoneless times are of `zone`.
    pub fn new(reading: &Reading, zone: Tz, empty_is_unknown: bool) -> Self {
        let times = reading.times.iter().filter_map(|form| match form {
            // Patterns were checked when the catalogue was read.
            TimeForm::Pattern(pattern) => StrftimeItems::new(pattern).parse_to_owned().ok().map(Form::Pattern),
            TimeForm::UnixSeconds => Some(Form::Unix(MICROS)),
            TimeForm::UnixMillis => Some(Form::Unix(1_000)),
            TimeForm::UnixMicros => Some(Form::Unix(1)),
        });
        Conventions {
            decimal: reading.decimal,
            thousands: reading.thousands,
            nulls: reading.nulls.clone(),
            empty_is_unknown,
            times: times.collect(),
            zone,
        }
    }

    /// For columns of text in formats that have types.
    pub fn of_columns(table: &BaseTable) -> Self {
        let reading = Reading { nulls: table.nulls.clone(), times: table.times.clone(), ..Reading::default() };
        Conventions::new(&reading, table.timezone, false)
    }

    /// The zone of zoneless times.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// A text that stands for unknown.
    pub fn is_unknown(&self, text: &str) -> bool {
        match &self.nulls {
            Some(nulls) => nulls.iter().any(|null| null == text),
            None => self.empty_is_unknown && text.is_empty(),
        }
    }

    /// An empty value of a column that is not text: what is not there is unknown, whatever words there are for it.
    pub fn is_blank(&self, text: &str) -> bool {
        self.empty_is_unknown && text.trim().is_empty()
    }

    /// A whole number.
    pub fn integer(&self, text: &str) -> Option<i64> {
        let text = text.trim();
        match text.parse() {
            Ok(value) => Some(value),
            Err(_) if self.thousands.is_some() => self.plain_number(text)?.parse().ok(),
            Err(_) => None,
        }
    }

    /// A decimal as an unscaled number; more digits after the point than the scale do not fit.
    pub fn decimal(&self, text: &str, scale: i8) -> Option<i128> {
        let text = text.trim();
        match self.writes_plainly() {
            true => decimal(text, scale),
            false => decimal(&self.plain_number(text)?, scale),
        }
    }

    /// Numbers are written with a point, and nothing between their thousands.
    pub fn writes_plainly(&self) -> bool {
        self.decimal == '.' && self.thousands.is_none()
    }

    /// The number with a point, and nothing between its thousands; none: groups that are not of three digits, or a
    /// second decimal sign.
    pub fn plain_number(&self, text: &str) -> Option<String> {
        let (whole, fraction) = match text.split_once(self.decimal) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        let mut plain = match self.thousands {
            Some(sign) if whole.contains(sign) => {
                let mut groups = whole.split(sign);
                let first = groups.next().unwrap_or_default();
                let digits = first.trim_start_matches(['-', '+']);
                let sound = (1..=3).contains(&digits.len()) && groups.all(|group| group.len() == 3);
                sound.then(|| whole.replace(sign, ""))?
            }
            _ => whole.to_owned(),
        };
        if plain.contains('.') {
            return None;
        }
        if let Some(fraction) = fraction {
            plain.push('.');
            plain.push_str(fraction);
        }
        Some(plain)
    }

    /// `true` or `false`, in any case.
    pub fn boolean(&self, text: &str) -> Option<bool> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("true") {
            return Some(true);
        }
        text.eq_ignore_ascii_case("false").then_some(false)
    }

    /// Days since 1970.
    pub fn date(&self, text: &str) -> Option<i32> {
        let text = text.trim();
        for form in &self.times {
            if let Form::Pattern(items) = form
                && let Some(Moment::Day(day)) = by_pattern(text, items)
            {
                return days(day);
            }
        }
        match iso(text)? {
            Moment::Day(day) => days(day),
            // Some programs write every date as its midnight.
            Moment::Local(at) if at.time() == NaiveTime::MIN => days(at.date()),
            Moment::Local(_) | Moment::Instant(_) => None,
        }
    }

    /// Microseconds of UTC; finer parts of a second are floored.
    pub fn instant(&self, text: &str, local: &mut LocalConverter) -> Option<i64> {
        let text = text.trim();
        let declared = self.times.iter().find_map(|form| match form {
            Form::Pattern(items) => by_pattern(text, items),
            Form::Unix(unit) => unix(text, *unit).map(Moment::Instant),
        });
        match declared.or_else(|| iso(text))? {
            Moment::Day(day) => Some(local.instant(i64::from(days(day)?) * MICROS_A_DAY)),
            Moment::Local(at) => Some(local.instant(at.and_utc().timestamp_micros())),
            Moment::Instant(micros) => Some(micros),
        }
    }

    /// Whether a text is a date, or a date and a time, in one of the forms; numbers since 1970 tell nothing by
    /// themselves.
    pub fn looks_like_time(&self, text: &str) -> Option<TimeLook> {
        let text = text.trim();
        let declared = self.times.iter().find_map(|form| match form {
            Form::Pattern(items) => by_pattern(text, items),
            Form::Unix(_) => None,
        });
        match declared.or_else(|| iso(text))? {
            Moment::Day(_) => Some(TimeLook::Day),
            Moment::Local(_) | Moment::Instant(_) => Some(TimeLook::Instant),
        }
    }
}

/// What a text that is a time looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeLook {
    /// A day.
    Day,
    /// A day with a time.
    Instant,
}

fn days(day: NaiveDate) -> Option<i32> {
    i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).ok()
}

fn by_pattern(text: &str, items: &[Item<'static>]) -> Option<Moment> {
    let mut parsed = Parsed::new();
    parse(&mut parsed, text, items.iter()).ok()?;
    if parsed.offset().is_some() || parsed.timestamp().is_some() {
        let parsed = match parsed.offset() {
            Some(_) => parsed,
            None => {
                parsed.set_offset(0).ok()?;
                parsed
            }
        };
        return Some(Moment::Instant(parsed.to_datetime().ok()?.timestamp_micros()));
    }
    let day = parsed.to_naive_date().ok()?;
    let timed = parsed.hour_div_12().is_some() || parsed.hour_mod_12().is_some();
    if !timed {
        return Some(Moment::Day(day));
    }
    Some(Moment::Local(day.and_time(parsed.to_naive_time().ok()?)))
}

/// `1774951200`, `1774951200.25`: exact, finer than a microsecond is floored.
fn unix(text: &str, unit: i64) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: i64 = whole.parse().ok()?;
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut part = 0;
    let mut place = unit;
    for digit in fraction.bytes() {
        place /= 10;
        part += i64::from(digit - b'0') * place;
    }
    let micros = whole.checked_mul(unit)?;
    let negative = text.starts_with('-');
    if negative { micros.checked_sub(part) } else { micros.checked_add(part) }
}

/// `2026-03-31`.
fn iso_day(text: &str) -> Option<NaiveDate> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = number(&bytes[..4])?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(&bytes[5..7])?, number(&bytes[8..])?)
}

/// `2026-03-31T10:00`, with seconds and parts of them, with an offset, or with a space for the `T`; or a day.
fn iso(text: &str) -> Option<Moment> {
    let (day, rest) = text.split_at_checked(10)?;
    let day = iso_day(day)?;
    if rest.is_empty() {
        return Some(Moment::Day(day));
    }
    let time = rest.strip_prefix(['T', ' ', 't'])?;
    if let Some(time) = clock(time.as_bytes()) {
        return Some(Moment::Local(day.and_time(time)));
    }
    const OFFSET_FORMS: [&str; 4] =
        ["%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%d %H:%M%z"];
    let numeric = text.strip_suffix(['Z', 'z']).map(|local| format!("{local}+00:00"));
    let numeric = numeric.as_deref().unwrap_or(text);
    let offset = OFFSET_FORMS.iter().find_map(|form| DateTime::parse_from_str(numeric, form).ok());
    if let Some(instant) = DateTime::parse_from_rfc3339(text).ok().or(offset) {
        return Some(Moment::Instant(instant.timestamp_micros()));
    }
    const FORMS: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];
    FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok()).map(Moment::Local)
}

/// `10:00`, `10:00:30` or `10:00:30.25`.
fn clock(text: &[u8]) -> Option<NaiveTime> {
    let (hour, minute) = match text {
        [a, b, b':', c, d, ..] => (number(&[*a, *b])?, number(&[*c, *d])?),
        _ => return None,
    };
    let (second, fraction) = match text.get(5..)? {
        [] => (0, &[][..]),
        [b':', a, b] => (number(&[*a, *b])?, &[][..]),
        [b':', a, b, b'.', fraction @ ..] if (1..=9).contains(&fraction.len()) => (number(&[*a, *b])?, fraction),
        _ => return None,
    };
    let mut nanos = number(fraction)?;
    for _ in fraction.len()..9 {
        nanos *= 10;
    }
    NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)
}

/// At most nine digits as a number.
fn number(digits: &[u8]) -> Option<u32> {
    let mut value = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u32::from(digit - b'0');
    }
    Some(value)
}

/// A plain decimal text as an unscaled number; more digits after the point than the scale do not fit.
pub(crate) fn decimal(text: &str, scale: i8) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let scale = usize::try_from(scale).ok()?;
    let spare = fraction.get(scale..).unwrap_or("");
    let valid = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty())
        || !valid(whole)
        || !valid(fraction)
        || spare.bytes().any(|b| b != b'0')
    {
        return None;
    }
    let kept = fraction.get(..scale.min(fraction.len())).unwrap_or_default();
    if whole.len() + scale <= 18 {
        let mut unscaled: i64 = 0;
        for digit in whole.bytes().chain(kept.bytes()) {
            unscaled = unscaled * 10 + i64::from(digit - b'0');
        }
        for _ in kept.len()..scale {
            unscaled *= 10;
        }
        return Some(i128::from(if negative { -unscaled } else { unscaled }));
    }
    let mut unscaled: i128 = 0;
    let places = fraction.bytes().chain(std::iter::repeat(b'0')).take(scale);
    for digit in whole.bytes().chain(places) {
        unscaled = unscaled.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    // 38 digits is what a column holds.
    (unscaled < 10_i128.pow(38)).then_some(if negative { -unscaled } else { unscaled })
}

/// `1.005e2` as an unscaled number, half to even.
pub(crate) fn scientific(text: &str, scale: i8) -> Option<i128> {
    let (digits, exponent) = mantissa(text)?;
    let shift = exponent.checked_add(i32::from(scale))?;
    let (negative, digits) = (digits < 0, digits.unsigned_abs());
    let digits = i128::try_from(digits).ok()?;
    let unscaled = match u32::try_from(shift) {
        Ok(up) => digits.checked_mul(10_i128.checked_pow(up).or((digits == 0).then_some(0))?)?,
        Err(_) => match 10_i128.checked_pow(shift.unsigned_abs()) {
            None => 0,
            Some(divisor) => {
                let (quotient, rest) = (digits / divisor, digits % divisor);
                let up = rest > divisor - rest || (rest == divisor - rest && quotient % 2 == 1);
                quotient + i128::from(up)
            }
        },
    };
    (unscaled < 10_i128.pow(38)).then_some(if negative { -unscaled } else { unscaled })
}

/// `-1.005e2` as digits and a power of ten: -1005 and -1.
fn mantissa(text: &str) -> Option<(i128, i32)> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    Some((digits, exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?))
}

/// A JSON number with an exponent, written without one; the text itself where it has none.
pub(crate) fn without_exponent(text: &str) -> Option<std::borrow::Cow<'_, str>> {
    if !text.contains(['e', 'E']) {
        return Some(text.into());
    }
    let (digits, exponent) = mantissa(text)?;
    // More places than any column has.
    const WIDEST: i32 = 80;
    if digits == 0 {
        return Some("0".into());
    }
    if exponent.abs() > WIDEST {
        return None;
    }
    let sign = if digits < 0 { "-" } else { "" };
    let plain = digits.unsigned_abs().to_string();
    let places = exponent.unsigned_abs() as usize;
    Some(match exponent {
        0.. => format!("{sign}{plain}{}", "0".repeat(places)).into(),
        _ => {
            let padded = format!("{plain:0>width$}", width = places + 1);
            let (whole, fraction) = padded.split_at_checked(padded.len() - places)?;
            let fraction = fraction.trim_end_matches('0');
            let point = if fraction.is_empty() { "" } else { "." };
            format!("{sign}{whole}{point}{fraction}").into()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conventions(change: impl FnOnce(&mut Reading)) -> Conventions {
        let mut reading = Reading::default();
        change(&mut reading);
        Conventions::new(&reading, Tz::UTC, true)
    }

    fn instant(conventions: &Conventions, text: &str) -> Option<i64> {
        conventions.instant(text, &mut LocalConverter::new(conventions.zone()))
    }

    #[test]
    fn floats_are_their_shortest_text() {
        for (value, scale, expected) in [
            (1.005, 2, 100),
            (1.015, 2, 102),
            (0.125, 2, 12),
            (-2.5, 0, -2),
            (-3.5, 0, -4),
            (0.1 + 0.2, 2, 30),
            (1e22, 2, 1_000_000_000_000_000_000_000_000),
            (5e-324, 2, 0),
            (0.0, 2, 0),
        ] {
            assert_eq!(scientific(&format!("{value:e}"), scale), Some(expected), "{value}");
        }
        assert_eq!(scientific(&format!("{:e}", f64::MAX), 2), None);
        assert_eq!(scientific(&format!("{:e}", f64::NAN), 2), None);
    }

    #[test]
    fn decimals_are_read_from_their_text() {
        assert_eq!(decimal("12.50", 2), Some(1250));
        assert_eq!(decimal("-.5", 2), Some(-50));
        assert_eq!(decimal("7", 2), Some(700));
        assert_eq!(decimal("1.500", 2), Some(150));
        assert_eq!(decimal("-1234567890123456789012.5", 2), Some(-123_456_789_012_345_678_901_250));
        for bad in ["1.505", "", ".", "1e3", "1,5", "0x1", "--1", "1 000"] {
            assert_eq!(decimal(bad, 2), None, "{bad}");
        }
        assert_eq!(decimal(&"9".repeat(38), 0), Some(10_i128.pow(38) - 1));
        assert_eq!(decimal(&format!("1{}", "0".repeat(38)), 0), None);
    }

    #[test]
    fn numbers_can_be_written_as_elsewhere() {
        let german = conventions(|reading| (reading.decimal, reading.thousands) = (',', Some('.')));
        assert_eq!(german.decimal("1.234.567,50", 2), Some(123_456_750));
        assert_eq!(german.decimal("-1234,5", 2), Some(-123_450));
        assert_eq!(german.integer("1.234"), Some(1234));
        for bad in ["12.34", "1.2345", ".123", "1,234.5", "1,2,3"] {
            assert_eq!(german.decimal(bad, 2), None, "{bad}");
        }
        let comma = conventions(|reading| reading.decimal = ',');
        assert_eq!(comma.decimal("0,25", 2), Some(25));
        assert_eq!(comma.decimal("0.25", 2), None);
    }

    #[test]
    fn times_have_many_forms() {
        let plain = conventions(|_| ());
        for text in [
            "2026-03-31T10:00",
            "2026-03-31 10:00:00",
            "2026-03-31T10:00:00Z",
            "2026-03-31T10:00Z",
            "2026-03-31T17:00:00+07:00",
            "2026-03-31 17:00+07:00",
            "2026-03-31 17:00:00.0+0700",
        ] {
            assert_eq!(instant(&plain, text), Some(1_774_951_200_000_000), "{text}");
        }
        assert_eq!(instant(&plain, "2026-03-31T10:00:00.1234567"), Some(1_774_951_200_123_456));
        for bad in ["2026-02-30T10:00", "2026-03-31T24:00", "2026-03-31T10", "2026-03-31x10:00", "31.03.2026", ""] {
            assert_eq!(instant(&plain, bad), None, "{bad}");
        }
    }

    #[test]
    fn times_can_be_declared() {
        let declared = conventions(|reading| {
            reading.times = vec![TimeForm::Pattern("%d.%m.%Y %H:%M".into()), TimeForm::Pattern("%d.%m.%Y".into())];
        });
        assert_eq!(instant(&declared, "31.03.2026 10:00"), Some(1_774_951_200_000_000));
        assert_eq!(instant(&declared, "2026-03-31T10:00"), Some(1_774_951_200_000_000));
        assert_eq!(declared.date("31.03.2026"), Some(20543));
        assert_eq!(declared.date("2026-03-31T00:00:00"), Some(20543));
        assert_eq!(declared.date("2026-03-31T00:00:01"), None);
        assert_eq!(declared.date("31.03.2026 10:00"), None);
        assert_eq!(instant(&declared, "31.02.2026"), None);
        let zoned = conventions(|reading| reading.times = vec![TimeForm::Pattern("%d/%b/%Y:%H:%M:%S %z".into())]);
        assert_eq!(instant(&zoned, "31/Mar/2026:17:00:00 +0700"), Some(1_774_951_200_000_000));
        let unix = conventions(|reading| reading.times = vec![TimeForm::UnixSeconds]);
        assert_eq!(instant(&unix, "1774951200.25"), Some(1_774_951_200_250_000));
        assert_eq!(instant(&unix, "-0.5"), Some(-500_000));
        let millis = conventions(|reading| reading.times = vec![TimeForm::UnixMillis]);
        assert_eq!(instant(&millis, "1774951200250"), Some(1_774_951_200_250_000));
    }

    #[test]
    fn exponents_are_written_out() {
        let plain = |text| without_exponent(text).map(|text| text.into_owned());
        assert_eq!(plain("1e3").as_deref(), Some("1000"));
        assert_eq!(plain("-1.50E-3").as_deref(), Some("-0.0015"));
        assert_eq!(plain("12.5e1").as_deref(), Some("125"));
        assert_eq!(plain("0e999").as_deref(), Some("0"));
        assert_eq!(plain("1e999"), None);
        assert_eq!(plain("12").as_deref(), Some("12"));
    }
}
