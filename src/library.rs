//! Libraries that ship with Kohort: definitions over tables that a catalogue names when it includes one.
//!
//! ```yaml
//! include: [{ library: rhythm, with: { purchases: sales } }]
//! ```
//!
//! A library is a file as anybody could write it. It says in its comments what its definitions mean and what they rest on,
//! so `kohort library rhythm` prints it to be read, or to be copied and changed.

use crate::catalog::decode_fragment;
use crate::catalog::model::Fragment;
use crate::check::nearest;
use crate::source::{FileId, yaml};

/// A library.
#[derive(Clone, Copy, Debug)]
pub struct Library {
    /// Its name, as `include:` has it.
    pub name: &'static str,
    /// The whole file.
    pub text: &'static str,
}

/// All of them, by name.
pub const ALL: &[Library] = &[
    Library { name: "rfm_bounds", text: include_str!("../library/rfm_bounds.yaml") },
    Library { name: "rfm_frozen", text: include_str!("../library/rfm_frozen.yaml") },
    Library { name: "rfm_groups", text: include_str!("../library/rfm_groups.yaml") },
    Library { name: "rfm_ranks", text: include_str!("../library/rfm_ranks.yaml") },
    Library { name: "rfm_shares", text: include_str!("../library/rfm_shares.yaml") },
    Library { name: "rfm_short", text: include_str!("../library/rfm_short.yaml") },
    Library { name: "rhythm", text: include_str!("../library/rhythm.yaml") },
];

/// The library of a name.
pub fn find(name: &str) -> Option<&'static Library> {
    ALL.iter().find(|library| library.name == name)
}

/// The library that a misspelt name may mean.
pub fn near(name: &str) -> Option<&'static Library> {
    nearest(name, ALL.iter().map(|library| library.name)).and_then(find)
}

impl Library {
    /// The name that its file is shown under: `library/rhythm.yaml`.
    pub fn path(&self) -> String {
        format!("library/{}.yaml", self.name)
    }

    /// What it needs and defines.
    pub fn read(&self) -> Fragment {
        let node = yaml::parse(FileId(0), self.text, &mut Vec::new());
        node.and_then(|node| decode_fragment(&node, &mut Vec::new())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::model::{PartitionKind, TableKind};
    use crate::ir::PartitionForm;
    use crate::{Checked, Project, Schemas};

    #[test]
    fn libraries_are_sound_and_say_what_they_are_for() {
        for library in ALL {
            let mut said = Vec::new();
            let node = yaml::parse(FileId(0), library.text, &mut said).expect("it is YAML");
            let fragment = decode_fragment(&node, &mut said).expect("it is a mapping");
            assert_eq!(said, [], "{}", library.name);
            assert!(fragment.description.is_some(), "{}", library.name);
            let defines = fragment.metrics.len() + fragment.attributes.len() + fragment.partitions.len();
            assert!(defines > 0, "{}", library.name);
            assert!(!fragment.needs.is_empty() || !fragment.partitions.is_empty(), "{}", library.name);
            assert!(fragment.tables.iter().all(|def| matches!(def.kind, TableKind::Derived(_))), "{}", library.name);
        }
    }

    /// A catalogue with orders that includes these.
    fn including(libraries: &str) -> Checked {
        let catalog = format!(
            "kohort: 1\nsubject: {{ name: customer, key: id }}\n\
             tables:\n  orders: {{ subject: id, time: at_day, types: {{ id: text, at_day: date, value: decimal(2) }} }}\n\
             include: [{libraries}]\n"
        );
        let project = Project::from_texts([("catalog.yaml", catalog)]);
        project.thaw(["recency_score", "frequency_score", "monetary_score"]).check(&Schemas::new())
    }

    #[test]
    fn the_charts_of_rfm_are_partitions() {
        for (scores, charts, cells, groups) in [
            ("rfm_ranks", "rfm_groups", 125, 11),
            ("rfm_shares", "rfm_groups", 125, 11),
            ("rfm_frozen", "rfm_groups", 125, 11),
            ("rfm_ranks", "rfm_short", 25, 10),
            ("rfm_bounds", "rfm_short", 25, 10),
        ] {
            let checked = including(&format!("{scores}, {charts}"));
            // Cells of two groups and of none would be told.
            assert_eq!(checked.diagnostics, [], "{scores}, {charts}");
            let ir = checked.ir.expect("it is sound");
            let PartitionForm::Chart(chart) = &ir.partitions[0].form else { panic!("{charts} is a chart") };
            assert_eq!((chart.cells.len(), ir.partitions[0].parts.len()), (cells, groups));
            let mut owned: Vec<u32> = chart.cells.iter().map(|group| group.expect("the cell has a group")).collect();
            owned.sort_unstable();
            owned.dedup();
            assert_eq!(owned.len(), groups, "every group has a cell");
        }
    }

    /// A cell written twice in the library's text would not be told where both are of one group.
    #[test]
    fn each_cell_of_rfm_is_written_once() {
        let fragment = find("rfm_groups").expect("it ships").read();
        let PartitionKind::Chart(chart) = &fragment.partitions[0].kind else { panic!("it is a chart") };
        let mut cells: Vec<&str> =
            chart.groups.iter().flat_map(|group| &group.cells).map(|cell| cell.value.text.as_str()).collect();
        assert_eq!(cells.len(), 125);
        cells.sort_unstable();
        cells.dedup();
        assert_eq!(cells.len(), 125);
    }

    #[test]
    fn libraries_are_found_by_name() {
        assert_eq!(find("rhythm").map(Library::path).as_deref(), Some("library/rhythm.yaml"));
        assert!(find("rythm").is_none());
        assert_eq!(near("rythm").map(|library| library.name), Some("rhythm"));
        assert!(near("weather").is_none());
    }
}
