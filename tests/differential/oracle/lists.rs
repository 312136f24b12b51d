//! Files of values: what is in them, and whether a value or a key is.

use kohort::catalog::model::KeyList;
use kohort::syntax::ast::{Expr, ExprKind, FileName};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Signed;

use super::super::mutants::Mutant;
use super::super::value::{Value, decimal};
use super::eval::Scope;
use super::{Oracle, text};

impl Oracle<'_> {
    /// `sku in file 'skus.txt'`: unknown where the value is.
    pub fn is_listed(&self, file: &FileName, tested: &Expr, value: &Value, ignoring_case: bool) -> Option<bool> {
        let column = match &tested.kind {
            ExprKind::Name(path) => path.parts.last().map(|part| part.text.clone()),
            _ => None,
        };
        if !value.is_known() {
            return self.is(Mutant::UnknownInFileIsFalse).then_some(false);
        }
        let rows = self.rows_of_file(&file.path, &Vec::from_iter(column));
        Some(rows.iter().any(|row| is_written(value, &row[0], ignoring_case)))
    }

    /// `in file 'vips.csv'`: of the subject's key.
    pub fn is_key_listed(&self, file: &FileName, scope: Scope<'_>) -> bool {
        let Scope::Subject { kind, key } = scope else { panic!("only subjects have keys") };
        self.is_key_in(&file.path, kind, key)
    }

    fn is_key_in(&self, path: &str, kind: &str, key: &[Value]) -> bool {
        let columns = self.kind(kind).expect("a kind of subject").key.iter().map(|column| column.text.clone());
        let rows = self.rows_of_file(path, &columns.collect::<Vec<_>>());
        rows.iter().any(|row| key.iter().zip(row).all(|(part, written)| is_written(part, written, false)))
    }

    /// Whether a subject's key is among those of `include:` or `exclude:`.
    pub fn is_in_keys(&self, list: &KeyList, kind: &str, key: &[Value]) -> bool {
        match (list, key) {
            (KeyList::Values(keys), [part]) => keys.iter().any(|written| is_written(part, &written.value, false)),
            (KeyList::Values(_), _) => panic!("keys of several parts stand in files"),
            (KeyList::File(file), _) => self.is_key_in(&file.path, kind, key),
        }
    }

    /// The values of these columns, or of the only column, of each row of a file.
    fn rows_of_file(&self, path: &str, columns: &[String]) -> Vec<Vec<String>> {
        let text = self.beside.lists.get(path).unwrap_or_else(|| panic!("no file {path}"));
        let separator = match path.rsplit('.').next() {
            Some("csv") => ',',
            Some("tsv") => '\t',
            _ => return self.lines(text).into_iter().map(|line| vec![line]).collect(),
        };
        let mut rows = self.records(text, separator).into_iter();
        let header = rows.next().expect("a header");
        let place = |column: &String| match header.as_slice() {
            [_] => 0,
            several => several
                .iter()
                .position(|one| one.trim_matches('"') == column)
                .unwrap_or_else(|| panic!("no {column} in {path}")),
        };
        let places: Vec<usize> = if header.len() == 1 { vec![0] } else { columns.iter().map(place).collect() };
        if header.len() == 1 && self.is(Mutant::HeaderIsAValue) {
            return std::iter::once(header.clone()).chain(rows).collect();
        }
        rows.map(|row| places.iter().map(|place| row[*place].clone()).collect()).collect()
    }

    /// Each line a value, without the blanks around it; blank lines are none.
    fn lines(&self, text: &str) -> Vec<String> {
        let text = if self.is(Mutant::MarkIsText) { text } else { text.strip_prefix('\u{feff}').unwrap_or(text) };
        let trimmed = |line: &str| {
            if self.is(Mutant::BlanksAreText) { line.trim_end_matches('\r').to_owned() } else { line.trim().to_owned() }
        };
        text.split('\n').map(trimmed).filter(|line| !line.is_empty()).collect()
    }

    /// Comma-separated values: quotes around a value hold separators, line breaks and doubled quotes.
    fn records(&self, text: &str, separator: char) -> Vec<Vec<String>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut records = Vec::new();
        let mut record = vec![String::new()];
        let mut quoted = false;
        let mut signs = text.chars().peekable();
        while let Some(sign) = signs.next() {
            let value = record.last_mut().expect("a value has begun");
            match sign {
                '"' if quoted && signs.peek() == Some(&'"') => {
                    signs.next();
                    value.push('"');
                }
                '"' if self.is(Mutant::QuotesAreText) => value.push('"'),
                '"' => quoted = !quoted,
                '\r' if !quoted && signs.peek() == Some(&'\n') => {}
                '\n' if !quoted => records.push(std::mem::replace(&mut record, vec![String::new()])),
                sign if sign == separator && !quoted => record.push(String::new()),
                sign => value.push(sign),
            }
        }
        records.push(record);
        records.retain(|record| record.iter().any(|value| !value.is_empty()));
        records
    }
}

/// Whether a value is what is written, read as what the value is.
fn is_written(value: &Value, written: &str, ignoring_case: bool) -> bool {
    match value {
        Value::Text(value) if ignoring_case => text::fold(value) == text::fold(written),
        Value::Text(value) => value == written,
        Value::Number(value) => number_of(written).is_some_and(|number| number == *value),
        // A deviation is compared by its square.
        Value::Root(square) => {
            number_of(written).is_some_and(|number| !number.is_negative() && &number * &number == *square)
        }
        Value::Date(value) => value.to_string() == written,
        other => panic!("{other:?} is in no file"),
    }
}

fn number_of(written: &str) -> Option<BigRational> {
    let (whole, places) = written.split_once('.').unwrap_or((written, ""));
    let digits: BigInt = format!("{whole}{places}").parse().ok()?;
    Some(decimal(digits, places.len() as u32))
}
