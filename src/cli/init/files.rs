//! Which files there are, and which of them are one table: `sales-2025.csv` and `sales-2026.csv` are.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::names::{Names, identifier};
use super::words::words;
use crate::cli::exit::{Failure, reason};

/// Endings of files that can be read.
const ENDINGS: [&str; 9] = ["parquet", "pq", "csv", "tsv", "ndjson", "jsonl", "arrow", "ipc", "feather"];
/// Endings of compressed text.
const COMPRESSED: [&str; 2] = ["gz", "zst"];
/// Fewer columns may be the same in files of different things: `id, name`.
const TELLING_COLUMNS: usize = 3;
/// So many first letters in common make files with the same columns one table.
const COMMON_LETTERS: usize = 3;

/// The files that are named, those of directories among them, each once.
pub fn expand(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in named {
        let unreadable =
            |error: &std::io::Error| Failure::usage(format!("cannot read `{}`: {}", path.display(), reason(error)));
        if fs::metadata(path).map_err(|error| unreadable(&error))?.is_dir() {
            let entries = fs::read_dir(path).map_err(|error| unreadable(&error))?;
            let found = entries.flatten().map(|entry| entry.path()).filter(|path| is_data(path));
            let before = files.len();
            files.extend(found);
            if files.len() == before {
                let message = format!("the directory `{}` holds no file that can be read", path.display());
                return Err(Failure::usage(message).help(format!("files end in {}", listed_endings())));
            }
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    files.dedup_by_key(|path| fs::canonicalize(&*path).unwrap_or_else(|_| path.clone()));
    Ok(files)
}

/// Whether a file of a directory is one to look at; hidden ones and marks that jobs leave behind are not.
fn is_data(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '_']));
    path.is_file() && !hidden && ending(path).is_some()
}

fn listed_endings() -> String {
    ENDINGS.map(|ending| format!("`.{ending}`")).join(", ")
}

/// The ending that tells the format; none: the format is not known.
pub fn ending(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    let name = COMPRESSED.iter().find_map(|more| name.strip_suffix(&format!(".{more}"))).unwrap_or(&name);
    ENDINGS.iter().find(|ending| name.ends_with(&format!(".{ending}"))).map(|ending| (*ending).to_owned())
}

/// Whether a file is CSV, and the sign that its ending promises between values.
pub fn separator_of(path: &Path) -> Option<u8> {
    match ending(path)?.as_str() {
        "csv" => Some(b','),
        "tsv" => Some(b'\t'),
        _ => None,
    }
}

/// A file whose columns are known.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its columns with their types, as text; only compared.
    pub columns: Vec<String>,
}

/// Files that are one table.
#[derive(Clone, Debug)]
pub struct Group {
    /// The table's name.
    pub name: String,
    /// A path or a pattern.
    pub source: PathBuf,
    /// The files.
    pub files: Vec<DataFile>,
}

/// Puts together what is one table, and gives every table a name.
pub fn group(files: Vec<DataFile>) -> Vec<Group> {
    let mut groups: Vec<Vec<DataFile>> = Vec::new();
    for file in files {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| belong_together(first, &file))) {
            Some(group) => group.push(file),
            None => groups.push(vec![file]),
        }
    }
    let mut names = Names::default();
    let mut tables = Vec::new();
    for group in groups {
        match pattern(&group) {
            Some(source) => tables.push(table(group, source, &mut names)),
            None => tables.extend(group.into_iter().map(|file| {
                let source = file.path.clone();
                table(vec![file], source, &mut names)
            })),
        }
    }
    tables
}

fn table(files: Vec<DataFile>, source: PathBuf, names: &mut Names) -> Group {
    let paths: Vec<&PathBuf> = files.iter().map(|file| &file.path).collect();
    let stem = match paths.as_slice() {
        [one] => stem(one),
        several => {
            let all = several.iter().map(|path| undated(&stem(path))).collect::<Vec<_>>();
            all.iter()
                .skip(1)
                .fold(all.first().cloned().unwrap_or_default(), |so_far, next| common_start(&so_far, next))
        }
    };
    let lower = stem.to_lowercase();
    let directory =
        || paths.first().and_then(|path| path.parent()?.file_name()).map(|name| name.to_string_lossy().to_lowercase());
    let wished = match lower.trim_matches(|sign: char| !sign.is_alphanumeric()) {
        "" => directory().unwrap_or_default(),
        stem => stem.to_owned(),
    };
    Group { name: names.give(&identifier(&wished, "data")), source, files }
}

/// The name of a file without its endings.
fn stem(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let lower = name.to_ascii_lowercase();
    let endings = lower.find(&format!(".{}", ending(path).unwrap_or_default()));
    let end = endings.filter(|at| *at > 0).or_else(|| name.rfind('.').filter(|at| *at > 0));
    end.and_then(|end| name.get(..end)).unwrap_or(&name).to_owned()
}

/// A stem without numbers and names of months.
fn undated(stem: &str) -> String {
    const MONTHS: [&str; 16] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mei", "agu", "okt", "des",
    ];
    let kept = words(stem).into_iter().filter(|word| {
        let number = word.chars().all(char::is_numeric);
        !number && !MONTHS.contains(&word.as_str()) && word != "part" && word != "q"
    });
    kept.collect::<Vec<_>>().join("_")
}

fn common_start(one: &str, other: &str) -> String {
    one.chars().zip(other.chars()).take_while(|(one, other)| one == other).map(|(letter, _)| letter).collect()
}

fn belong_together(one: &DataFile, other: &DataFile) -> bool {
    let same_place = one.path.parent() == other.path.parent() && ending(&one.path) == ending(&other.path);
    if !same_place || one.columns != other.columns {
        return false;
    }
    let (one_stem, other_stem) = (undated(&stem(&one.path)), undated(&stem(&other.path)));
    let alike = common_start(&one_stem, &other_stem).chars().count() >= COMMON_LETTERS;
    one_stem == other_stem || (alike && one.columns.len() > TELLING_COLUMNS)
}

/// A pattern for exactly these files: what their names begin and end with. None: it would take in others too.
fn pattern(files: &[DataFile]) -> Option<PathBuf> {
    if let [one] = files {
        return Some(one.path.clone());
    }
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let names: Vec<String> = files.iter().filter_map(|file| name(&file.path)).collect();
    let reversed = |text: &str| text.chars().rev().collect::<String>();
    let start = names.iter().skip(1).fold(names.first()?.clone(), |so_far, next| common_start(&so_far, next));
    let end =
        names.iter().skip(1).fold(reversed(names.first()?), |so_far, next| common_start(&so_far, &reversed(next)));
    let end = reversed(&end);
    let directory = files.first()?.path.parent()?.to_owned();
    let place = if directory.as_os_str().is_empty() { Path::new(".") } else { &directory };
    let present = fs::read_dir(place).ok()?.flatten().filter_map(|entry| name(&entry.path()));
    let present: Vec<String> = present.collect();
    // A number that is cut in the middle is left to the pattern: next year's file is meant too.
    let digit = |sign: char| sign.is_ascii_digit();
    let open = (start.trim_end_matches(digit), end.trim_start_matches(digit));
    let only_these = |(start, end): &(&str, &str)| {
        let fits = |name: &&String| name.starts_with(start) && name.ends_with(end);
        present.iter().filter(fits).count() == names.len()
    };
    let (start, end) = [open, (start.as_str(), end.as_str())].into_iter().find(only_these)?;
    Some(directory.join(format!("{start}*{end}")))
}

/// A path as seen from a directory, with `..` where that takes less than the way from the root. Both are absolute.
pub fn seen_from(directory: &Path, path: &Path) -> PathBuf {
    let common = directory.components().zip(path.components()).take_while(|(one, other)| one == other).count();
    let named = directory.components().take(common).any(|part| matches!(part, Component::Normal(_)));
    if !named {
        return path.to_owned();
    }
    let up = directory.components().skip(common).map(|_| Component::ParentDir);
    up.chain(path.components().skip(common)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, columns: &[&str]) -> DataFile {
        DataFile { path: PathBuf::from(path), columns: columns.iter().map(|name| (*name).to_owned()).collect() }
    }

    #[test]
    fn files_of_one_kind_belong_together() {
        let wide = ["id", "customer", "at", "amount"];
        let together =
            |one: &str, other: &str, columns: &[&str]| belong_together(&file(one, columns), &file(other, columns));
        assert!(together("d/sales-2025.csv", "d/sales-2026.csv", &["id", "name"]));
        assert!(together("d/sales_jan.csv", "d/sales_feb.csv", &["id", "name"]));
        assert!(together("d/sales_jakarta.csv", "d/sales_bandung.csv", &wide));
        assert!(!together("d/artist.csv", "d/genre.csv", &["id", "name"]));
        assert!(!together("d/sales.csv", "d/returns.csv", &wide));
        assert!(!together("a/sales-1.csv", "b/sales-2.csv", &wide));
        assert!(!belong_together(&file("sales-1.csv", &wide), &file("sales-2.csv", &["id"])));
    }

    #[test]
    fn names_of_tables_come_from_files() {
        let name = |path: &str| group(vec![file(path, &["id"])]).remove(0).name;
        assert_eq!(name("data/Customers (1).csv"), "customers_1");
        assert_eq!(name("data/invoice_line.parquet"), "invoice_line");
        assert_eq!(name("Penjualan Jan.csv.gz"), "penjualan_jan");
        assert_eq!(name("data/2026-01.csv"), "_2026_01");
        assert_eq!(name("order.csv"), "order");
    }

    #[test]
    fn paths_are_seen_from_the_project() {
        let seen = |directory: &str, path: &str| seen_from(Path::new(directory), Path::new(path)).display().to_string();
        assert_eq!(seen("/home/a/shop", "/home/a/shop/data/x.csv"), "data/x.csv");
        assert_eq!(seen("/home/a/shop", "/home/a/data/x.csv"), "../data/x.csv");
        assert_eq!(seen("/home/a/shop", "/data/x.csv"), "/data/x.csv");
    }
}
