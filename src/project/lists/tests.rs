//! Files of values: which are found, what they hold, and every way in which they can fail.

use std::fs;

use insta::assert_snapshot;

use crate::lists::ListFile;
use crate::source::yaml::tests::render;
use crate::{Project, Schemas};

const CATALOG: &str = "kohort: 1\nsubject: { name: customer, table: customers, key: customer_id }\n\
                       tables:\n  customers: { types: { customer_id: text, city: text } }\n";

/// A project whose segment includes the file `path`, with files beside it.
fn project(path: &str, files: &[(&str, &str)]) -> Project {
    let rules = format!("segments:\n  s: {{ when: city = 'x', include: {{ file: {path} }} }}\n");
    let own = [("shop/catalog.yaml", CATALOG.to_owned()), ("shop/rules/vip.yaml", rules)];
    let files = files.iter().map(|(name, text)| (*name, (*text).to_owned()));
    Project::from_texts(own.into_iter().chain(files))
}

/// Everything that is said of a project, with the file that it is said of.
fn said(project: &Project) -> String {
    let line = |one: &crate::diagnostic::Diagnostic| {
        let file = project.sources().get(one.primary.span.file).map_or("", |file| file.name());
        let warning = if one.is_error() { "" } else { "(warning) " };
        format!("{file}: {warning}{}", render(project.sources(), one))
    };
    project.diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn list<'p>(project: &'p Project, path: &str) -> Option<&'p ListFile> {
    project.rules().iter().find_map(|rules| project.lists().get(rules.file, path))
}

/// What a file holds: its header, then each row as read and as it stands in the file.
fn held(name: &str, text: &str) -> String {
    let project = project(&format!("../{name}"), &[(&format!("shop/{name}"), text)]);
    assert_eq!(said(&project), "", "{text:?}");
    let list = list(&project, &format!("../{name}")).expect("it is read");
    let header = list.header.iter().map(|names| {
        let names: Vec<String> =
            names.iter().map(|name| format!("{} {:?}", name.value, project.sources().slice(name.span))).collect();
        format!("header {names:?}")
    });
    let columns = list.header.as_ref().map_or(1, Vec::len);
    let values = |row| (0..columns).map(|column| list.rows.value(row, column)).collect::<Vec<_>>();
    let rows =
        (0..list.rows.len()).map(|row| format!("{:?} {:?}", values(row), project.sources().slice(list.span(row))));
    header.chain(rows).collect::<Vec<_>>().join("\n")
}

#[test]
fn lines_are_values() {
    assert_snapshot!(held("a.txt", "\u{feff}C1\r\n  C 2 \t\r\n\r\n   \n00017\n'é, x'"), @r#"
    ["C1"] "C1"
    ["C 2"] "C 2"
    ["00017"] "00017"
    ["'é, x'"] "'é, x'"
    "#);
    assert_snapshot!(held("keys", "C1"), @r#"["C1"] "C1""#);
}

#[test]
fn columns_have_names() {
    assert_snapshot!(held("a.csv", "\u{feff}customer_id, city\r\nC1,\"Jakarta, Pusat\"\r\n\r\nC2, x \r\n,\r\n\"say \"\"x\"\"\",\r\n"), @r#"
    header ["customer_id \"customer_id, city\"", "city \"customer_id, city\""]
    ["C1", "Jakarta, Pusat"] "C1,\"Jakarta, Pusat\""
    ["C2", " x "] "C2, x "
    ["say \"x\"", ""] "\"say \"\"x\"\"\","
    "#);
    assert_snapshot!(held("a.tsv", "id\tcity\nC1\tx, y\n"), @r#"
    header ["id \"id\\tcity\"", "city \"id\\tcity\""]
    ["C1", "x, y"] "C1\tx, y"
    "#);
    assert_snapshot!(held("A.CSV", "id\n00017\n   \n1.50"), @r#"
    header ["id \"id\""]
    ["00017"] "00017"
    ["1.50"] "1.50"
    "#);
}

#[test]
fn a_list_is_read_once_and_is_no_rule_file() {
    let catalog = CATALOG;
    let rules = "segments:\n  a: { when: city = 'x', include: { file: vips.yaml }, exclude: { file: ./vips.yaml } }\n  \
                 b: { when: city = 'y', include: { file: ../rules/vips.yaml } }\n";
    let project =
        Project::from_texts([("catalog.yaml", catalog), ("rules/r.yaml", rules), ("rules/vips.yaml", "- a: {\nC2\n")]);
    assert_eq!(said(&project), "");
    let [one] = project.rules() else { panic!("{:?}", project.rules()) };
    let found = ["vips.yaml", "./vips.yaml", "../rules/vips.yaml"].map(|path| project.lists().get(one.file, path));
    assert!(found.iter().all(|list| list.is_some_and(|list| list.rows.len() == 2)));
    assert!(found.iter().all(|list| std::ptr::eq(found[0].unwrap(), list.unwrap())));
    assert!(project.lists().get(one.file, "other").is_none());
}

#[test]
fn files_that_are_not_there() {
    let said = |path: &str, files: &[(&str, &str)]| said(&project(path, files));
    assert_snapshot!(said("vips.txt", &[("shop/vips.txt", "C1")]), @"shop/rules/vip.yaml: K101 2:43 there is no file `vips.txt` | paths are relative to the directory of the file that names them");
    assert_snapshot!(said("lists/vip.txt", &[("shop/rules/lists/vips.txt", "C1"), ("shop/rules/lists/other.txt", "C1")]), @"shop/rules/vip.yaml: K101 2:43 there is no file `lists/vip.txt` | fix: lists/vip.txt => lists/vips.txt");
    assert_snapshot!(said("'vip.txt'", &[("shop/rules/vips.txt", "C1")]), @"shop/rules/vip.yaml: K101 2:43 there is no file `vip.txt` | fix: 'vip.txt' => 'vips.txt'");
    assert_snapshot!(said("vip.txt", &[("shop/rules/vip's.txt", "C1")]), @"shop/rules/vip.yaml: K101 2:43 there is no file `vip.txt` | did you mean `vip's.txt`?");
    assert_snapshot!(said("''", &[]), @"shop/rules/vip.yaml: K101 2:43 no file is named here | write its path, as in 'lists/vips.txt'");
    let rules = "segments:\n  a: { when: x > 1, include: { file: vip.txt } }\n  b: { when: x > 2, exclude: { file: vip.txt } }\n";
    let project = Project::from_texts([("catalog.yaml", CATALOG), ("r.yaml", rules), ("vips.txt", "C1")]);
    assert_snapshot!(self::said(&project), @"r.yaml: K101 2:38 there is no file `vip.txt` [named here too: `vip.txt`] | fix: vip.txt => vips.txt; vip.txt => vips.txt");
}

#[test]
fn files_that_hold_no_values() {
    let said = |name: &str, text: &str| said(&project(name, &[(&format!("shop/rules/{name}"), text)]));
    assert_snapshot!(said("a.txt", " \n\r\n"), @"shop/rules/vip.yaml: (warning) K504 2:43 `a.txt` holds no values, so nothing is in it | write values into it, one a line");
    assert_snapshot!(said("a.csv", ""), @"shop/rules/vip.yaml: (warning) K504 2:43 `a.csv` holds no values, so nothing is in it | write the name of the column in its first line, and the values below it");
    assert_snapshot!(said("a.csv", "id\n\n"), @"shop/rules/vip.yaml: (warning) K504 2:43 `a.csv` holds no values, so nothing is in it | write the name of the column in its first line, and the values below it");
}

#[test]
fn tables_that_cannot_be_read() {
    let said = |name: &str, text: &str| said(&project(name, &[(&format!("shop/rules/{name}"), text)]));
    assert_snapshot!(said("a.csv", "id,city\nC1\nC2,x\n\nC3,x,y\n"), @"
    shop/rules/a.csv: K606 2:1 this row has 1 value, and the file has 2 columns | a value that contains the separator stands in double quotes
    shop/rules/a.csv: K606 5:1 this row has 3 values, and the file has 2 columns | a value that contains the separator stands in double quotes
    ");
    assert_snapshot!(said("a.csv", "id\nC1\n\"C2\nC3\n"), @"shop/rules/a.csv: K606 3:1 a value of this row goes on over several lines | close the quote that is open, or take the line break out");
    assert_snapshot!(said("a.csv", "id;city\nC1;x\n"), @"shop/rules/a.csv: K606 1:1 the columns of this file are separated by `;`, those of a .csv file by commas | save it with commas between the columns, or only the column of the values");
    assert_snapshot!(said("a.tsv", "id,city\nC1,x\n"), @"shop/rules/a.tsv: K606 1:1 the columns of this file are separated by a comma, those of a .tsv file by tabs | save it with tabs between the columns, or only the column of the values");
    assert_snapshot!(said("a.csv", "id,city,id\nC1,x,y\n"), @"shop/rules/a.csv: K606 1:1 two columns are called `id` | give each column a name of its own");
    assert_snapshot!(said("a.csv", &format!("id\n{}", "a,b\n".repeat(8))), @"
    shop/rules/a.csv: K606 2:1 this row has 2 values, and the file has 1 column | a value that contains the separator stands in double quotes
    shop/rules/a.csv: K606 3:1 this row has 2 values, and the file has 1 column | a value that contains the separator stands in double quotes
    shop/rules/a.csv: K606 4:1 this row has 2 values, and the file has 1 column | a value that contains the separator stands in double quotes
    shop/rules/a.csv: K606 5:1 this row has 2 values, and the file has 1 column | a value that contains the separator stands in double quotes
    shop/rules/a.csv: K606 6:1 this row has 2 values, and the file has 1 column | a value that contains the separator stands in double quotes | 3 more rows of this file cannot be read
    ");
}

#[test]
fn without_rules_their_lists_are_not_missed() {
    let broken = project("a.csv", &[("shop/rules/a.csv", "id\na,b\n")]);
    assert_eq!(said(&broken).lines().count(), 1);
    assert_eq!(said(&broken.without_rules()), "");
    assert_eq!(said(&project("a.csv", &[]).without_rules()), "");
}

#[test]
fn a_list_of_rules_that_cannot_be_read_is_not_missed_again() {
    let checked = project("nowhere.txt", &[]).check(&Schemas::new());
    assert_eq!(checked.diagnostics.len(), 1, "{:?}", checked.diagnostics);
}

#[test]
fn files_on_disk() {
    let directory = std::env::temp_dir().join(format!("kohort-lists-{}", std::process::id()));
    let write = |name: &str, bytes: &[u8]| {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().unwrap())
            .and_then(|()| fs::write(path, bytes))
            .expect("a file can be written");
    };
    write("catalog.yaml", CATALOG.as_bytes());
    write("rules/lists/vips.txt", b"C1\nC2\n");
    write("rules/latin.txt", b"C1\nC\xe9\n");
    write("outside.csv", b"customer_id\nC1\n");
    let files = ["lists/vips.txt", "lists/vip.txt", "lists", "latin.txt", "../outside.csv", "lists/vips.txt/x"];
    let segments = files
        .iter()
        .enumerate()
        .map(|(at, file)| format!("  s{at}: {{ when: city = 'x', include: {{ file: {file} }} }}\n"));
    write("rules/r.yaml", format!("segments:\n{}", segments.collect::<String>()).as_bytes());
    let project = Project::open(&directory).expect("a project");
    let read: Vec<&str> = files.into_iter().filter(|file| list(&project, file).is_some()).collect();
    let said = said(&project).replace(&directory.display().to_string(), "…");
    fs::remove_dir_all(&directory).expect("it can be removed");
    assert_eq!(read, ["lists/vips.txt", "../outside.csv"]);
    assert_snapshot!(said, @"
    …/rules/r.yaml: K101 3:44 there is no file `lists/vip.txt` | fix: lists/vip.txt => lists/vips.txt
    …/rules/r.yaml: K101 4:44 `lists` is a directory | name the file in it that holds the values
    …/rules/r.yaml: K101 5:44 `latin.txt` is not UTF-8 text (byte 4 is where it stops being so) | save it as UTF-8 text; a spreadsheet calls that `CSV UTF-8`
    …/rules/r.yaml: K101 7:44 there is no file `lists/vips.txt/x` | paths are relative to the directory of the file that names them
    ");
}
