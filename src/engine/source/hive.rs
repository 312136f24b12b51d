//! Columns that directories make: `year=2026/month=03/rows.parquet`.

use super::{Problem, remote};

/// What Hive writes for a value that is unknown.
const UNKNOWN: &str = "__HIVE_DEFAULT_PARTITION__";

/// The partition columns of the files of a table, from the first file on.
#[derive(Debug, Default)]
pub(super) struct Partitions {
    names: Option<Vec<String>>,
    first: String,
}

impl Partitions {
    /// What the directories of a path say.
    ///
    /// # Errors
    /// The files before it lie in directories of other columns.
    pub fn of(&mut self, shown: &str, path: &str) -> Result<Vec<Option<String>>, Problem> {
        let mut names = Vec::new();
        let mut values = Vec::new();
        let mut directories: Vec<&str> = path.split(['/', std::path::MAIN_SEPARATOR]).collect();
        directories.pop();
        for directory in directories {
            if let Some((name, value)) = directory.split_once('=').filter(|(name, _)| !name.is_empty()) {
                names.push(remote::decoded(name));
                values.push((value != UNKNOWN).then(|| remote::decoded(value)));
            }
        }
        match &self.names {
            None => {
                self.first = shown.to_owned();
                self.names = Some(names);
            }
            Some(before) if *before == names => {}
            Some(before) => {
                let told = |names: &[String]| match names {
                    [] => "no directory of the form `name=value`".to_owned(),
                    _ => format!("directories of {}", names.join(", ")),
                };
                let message = format!("`{}` lies in {}, and `{shown}` in {}", self.first, told(before), told(&names));
                return Err(Problem::broken(message, "put the files of a table into directories of the same kind"));
            }
        }
        Ok(values)
    }

    /// The columns.
    pub fn names(self) -> Vec<String> {
        self.names.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_make_columns() {
        let mut partitions = Partitions::default();
        let parts = partitions.of("a", "tx/year=2026/city=Kota%20Baru/x=1.parquet").ok();
        assert_eq!(parts, Some(vec![Some("2026".into()), Some("Kota Baru".into())]));
        let parts = partitions.of("b", "tx/year=2027/city=__HIVE_DEFAULT_PARTITION__/b.parquet").ok();
        assert_eq!(parts, Some(vec![Some("2027".into()), None]));
        assert!(partitions.of("c", "tx/year=2027/c.parquet").is_err());
        assert_eq!(partitions.names(), ["year", "city"]);
    }
}
