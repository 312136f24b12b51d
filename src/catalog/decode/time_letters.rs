//! Forms of dates as spreadsheets and other languages write them (`DD.MM.YYYY HH:mm`), in the notation with `%`.
//!
//! The same letter is the month here and minutes there, in capitals or not. What follows the hours is minutes, any other
//! `m` is the month; whatever else could be read in two ways is not translated at all.

/// A part of a date or time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    Day,
    Weekday,
    Hour,
    Minute,
    Second,
    Fraction,
    HalfDay,
}

/// The form with `%`; none when it cannot be told for certain.
pub(super) fn translated(form: &str) -> Option<String> {
    let halves = runs(form).any(|run| half_of_day(run).is_some());
    let mut parts: Vec<Part> = Vec::new();
    let mut pattern = String::new();
    let mut quoted = false;
    for run in runs(form) {
        let sign = run.chars().next()?;
        if sign == '%' {
            return None;
        }
        if sign == '\'' {
            quoted ^= run.len() % 2 == 1;
        } else if quoted || !sign.is_alphabetic() || run == "T" {
            pattern.push_str(run);
        } else {
            let (part, text) = part(run, parts.last().copied(), halves)?;
            if parts.contains(&part) {
                return None;
            }
            if part == Part::Fraction {
                // `%.f` reads the point as well, or its absence.
                pattern.truncate(pattern.strip_suffix('.')?.len());
            }
            parts.push(part);
            pattern.push_str(text);
        }
    }
    let whole = [Part::Year, Part::Month, Part::Day].iter().all(|part| parts.contains(part));
    (whole && !quoted).then_some(pattern)
}

/// What letters stand for behind a part.
fn part(run: &str, before: Option<Part>, halves: bool) -> Option<(Part, &'static str)> {
    let count = run.chars().count();
    if let Some(text) = half_of_day(run) {
        return Some((Part::HalfDay, text));
    }
    Some(match (run.chars().next()?, count) {
        ('y' | 'Y', 4) => (Part::Year, "%Y"),
        ('y' | 'Y', 2) => (Part::Year, "%y"),
        ('m' | 'M', 1 | 2) if before == Some(Part::Hour) => (Part::Minute, "%M"),
        ('m' | 'M', 1 | 2) => (Part::Month, "%m"),
        ('m' | 'M', 3) => (Part::Month, "%b"),
        ('m' | 'M', 4) => (Part::Month, "%B"),
        ('d' | 'D', 1 | 2) => (Part::Day, "%d"),
        ('d' | 'D' | 'E', 3) => (Part::Weekday, "%a"),
        ('d' | 'D' | 'E', 4) => (Part::Weekday, "%A"),
        ('h' | 'H', 1 | 2) => (Part::Hour, if halves { "%I" } else { "%H" }),
        ('s' | 'S', 1 | 2) if before == Some(Part::Minute) => (Part::Second, "%S"),
        ('s' | 'S' | 'f', _) if before == Some(Part::Second) => (Part::Fraction, "%.f"),
        _ => return None,
    })
}

fn half_of_day(run: &str) -> Option<&'static str> {
    matches!(run, "a" | "A" | "tt").then_some("%p")
}

/// The runs of one letter each; any other sign stands alone, but for quotes.
fn runs(form: &str) -> impl Iterator<Item = &str> {
    let mut rest = form;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let joins = first.is_alphabetic() || first == '\'';
        let end = rest.find(|sign| !joins || sign != first).filter(|end| *end > 0).unwrap_or(match joins {
            true => rest.len(),
            false => first.len_utf8(),
        });
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}
