//! How numbers are written: the decimal point and what stands between groups of three digits.

/// A way to write numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberForm {
    /// Before the fraction.
    pub decimal: char,
    /// Between groups of three digits, if anything.
    pub thousands: Option<char>,
}

/// The ways that are known, the plain one first: of equals the first is taken.
const FORMS: [NumberForm; 8] = [
    NumberForm { decimal: '.', thousands: None },
    NumberForm { decimal: ',', thousands: None },
    NumberForm { decimal: ',', thousands: Some('.') },
    NumberForm { decimal: '.', thousands: Some(',') },
    NumberForm { decimal: ',', thousands: Some(' ') },
    NumberForm { decimal: ',', thousands: Some('\u{a0}') },
    NumberForm { decimal: '.', thousands: Some(' ') },
    NumberForm { decimal: '.', thousands: Some('\'') },
];
/// So many values like `150.000` with nothing else tell that the point stands between thousands.
const ENOUGH: usize = 5;

impl Default for NumberForm {
    fn default() -> Self {
        NumberForm { decimal: '.', thousands: None }
    }
}

impl NumberForm {
    fn reads(self, value: &str) -> bool {
        let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
        let (whole, fraction) = digits.split_once(self.decimal).map_or((digits, None), |(w, f)| (w, Some(f)));
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let grouped = |sign: char| {
            let mut groups = whole.split(sign);
            let first = groups.next().is_some_and(|first| all_digits(first) && first.len() <= 3);
            first && groups.all(|group| all_digits(group) && group.len() == 3)
        };
        let whole_reads = all_digits(whole) || self.thousands.is_some_and(grouped);
        whole_reads && fraction.is_none_or(all_digits)
    }
}

/// Whether a value is a number in any of the known ways.
pub fn is_number(value: &str) -> bool {
    FORMS.iter().any(|form| form.reads(value))
}

/// The way in which most columns are columns of numbers. `european` files (cut by semicolons, since the comma is taken)
/// write 150.000 for a hundred and fifty thousand where every such value has three digits behind the point.
pub fn form(columns: &[Vec<String>], european: bool) -> NumberForm {
    let numeric =
        |form: &NumberForm| columns.iter().filter(|c| !c.is_empty() && c.iter().all(|v| form.reads(v))).count();
    let most = FORMS.iter().map(numeric).max().unwrap_or(0);
    let best = FORMS.iter().find(|form| numeric(form) == most).copied().unwrap_or_default();
    let grouped = NumberForm { decimal: ',', thousands: Some('.') };
    let plain = best.decimal == '.' && best.thousands.is_none();
    if european && plain && numeric(&grouped) == most && columns.iter().any(|column| only_thousands(column)) {
        return grouped;
    }
    best
}

/// `150.000`, `7.500`: every point has three digits behind it.
fn only_thousands(column: &[String]) -> bool {
    let pointed: Vec<&str> = column.iter().filter_map(|value| value.split_once('.')).map(|(_, rest)| rest).collect();
    pointed.len() >= ENOUGH && pointed.iter().all(|rest| rest.len() == 3)
}
