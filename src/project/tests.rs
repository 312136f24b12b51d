//! What a catalogue includes: whose definitions they become, and every way in which it can fail.

use insta::assert_snapshot;

use crate::source::yaml::tests::render;
use crate::{Project, Schemas};

const SHOP: &str = "\
kohort: 1
subject: { name: customer, key: customer_id }
tables:
  sales:
    subject: customer_id
    time: bought_at
    types: { customer_id: text, bought_at: timestamp, amount: decimal(2) }
";

/// Money that customers spend, over whatever table has it.
const MONEY: &str = "\
description: What customers spend
needs:
  payments: one row for each payment, with its amount
tables:
  large_payments: { from: payments, where: amount >= 100 }
metrics:
  spend: { is: sum(amount of payments), unit: IDR }
  large: count(large_payments)
attributes:
  last_amount: last(amount of payments)
";

fn project(included: &str, catalog: &str, condition: &str) -> Project {
    let rules = format!("segments:\n  s: {{ when: '{condition}' }}\n");
    Project::from_texts([
        ("shop/catalog.yaml", format!("{SHOP}{catalog}")),
        ("shop/rules.yaml", rules),
        ("shop/shared/money.yaml", included.to_owned()),
    ])
}

/// Everything that is said of a project.
fn said(project: &Project) -> String {
    let checked = project.check(&Schemas::new());
    checked.diagnostics.iter().map(|one| render(project.sources(), one)).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn sound(project: &Project) {
    assert_eq!(said(project), "");
    assert!(project.check(&Schemas::new()).ir.is_some());
}

const WITH_SALES: &str = "include: [{ file: shared/money.yaml, with: { payments: sales } }]\n";

#[test]
fn included_definitions_are_the_catalogues_own() {
    let project = project(MONEY, WITH_SALES, "spend_90d > 5 and large >= 1 and last_amount > 3");
    sound(&project);
    let catalog = project.catalog().expect("it is read");
    let tables: Vec<&str> = catalog.tables.iter().map(|def| def.name.text.as_str()).collect();
    assert_eq!(tables, ["sales", "payments", "large_payments"]);
    assert_eq!(project.rules().len(), 1, "an included file is no rule file");
}

#[test]
fn a_need_is_met_by_a_table_of_that_name() {
    let catalog = "  payments: { from: sales, where: amount > 0 }\ninclude: shared/money.yaml\n";
    sound(&project(MONEY, catalog, "spend > 5"));
    let same = "  payments: { from: sales }\ninclude: [{ file: ./shared/../shared/money.yaml, with: { payments: payments } }]\n";
    sound(&project(MONEY, same, "spend > 5"));
}

#[test]
fn what_is_left_out_is_the_catalogues_to_define() {
    let catalog = "\
include: [{ file: shared/money.yaml, with: { payments: sales }, except: [spend, large_payments] }]
metrics: { spend: avg(amount of sales) }
";
    let with_table = catalog.replace("include", "  large_payments: { from: payments, where: amount >= 5 }\ninclude");
    sound(&project(MONEY, &with_table, "spend > 5 and large > 2"));
    assert_snapshot!(said(&project(MONEY, catalog, "spend > 5")), @"K301 8:16 there is no table `large_payments` [included here: `shared/money.yaml`] | the catalogue has `payments` and `sales`");
}

#[test]
fn libraries_are_included_by_name() {
    let catalog = "include: [{ library: rhythm, with: { purchases: sales } }]\n";
    let rule = "overdue and buys_regularly and expected_next_purchase < 90d ago and shopping_days_90d = 0";
    let late = project(MONEY, catalog, rule);
    // The other file is no part of this catalogue, and is read as rules.
    let said_of_rhythm = said(&late).lines().filter(|line| !line.contains("in the rule file")).collect::<String>();
    assert_eq!(said_of_rhythm, "");
    let names: Vec<&str> = late.sources().iter().map(|(_, file)| file.name()).collect();
    assert_eq!(names.last(), Some(&"library/rhythm.yaml"));
    let timeless = SHOP.replace("    time: bought_at\n", "");
    let texts = [("catalog.yaml", format!("{timeless}{catalog}"))];
    assert_snapshot!(said(&Project::from_texts(texts)), @"K406 46:19 `purchases` has no time, so its rows have no `at` [included here: `rhythm`] | declare `time:` for `sales` in the catalogue");
}

#[test]
fn what_is_needed_is_said_in_the_files_words() {
    assert_snapshot!(said(&project(MONEY, "include: shared/money.yaml\n", "spend > 5 and larg > 3")), @"K106 8:10 file `shared/money.yaml` needs a table `payments`: one row for each payment, with its amount | say which of your tables that is, as in `with: { payments: sales }`");
    let wrong = "include: [{ file: shared/money.yaml, with: { payment: sales } }]\n";
    assert_snapshot!(said(&project(MONEY, wrong, "spend > 5")), @"K301 8:46 file `shared/money.yaml` needs no table `payment` | fix: payment => payments");
    let strange =
        "include: [{ file: shared/money.yaml, with: { payments: sales, weather: sales }, except: [larg, rain] }]\n";
    assert_snapshot!(said(&project(MONEY, strange, "spend > 5")), @"
    K301 8:63 file `shared/money.yaml` needs no table `weather` | it needs `payments`
    K301 8:90 file `shared/money.yaml` defines nothing called `larg` | fix: larg => large
    K301 8:96 file `shared/money.yaml` defines nothing called `rain` | it defines `large_payments`, `last_amount`, `spend`, `large`
    ");
    let no_table = "include: [{ file: shared/money.yaml, with: { payments: saels } }]\n";
    assert_snapshot!(said(&project(MONEY, no_table, "spend > 5")), @"K301 8:56 there is no table `saels` | fix: saels => sales");
}

#[test]
fn two_definitions_of_one_name_are_shown_both() {
    let metric = format!("{WITH_SALES}metrics: {{ spend: count(sales) }}\n");
    assert_snapshot!(said(&project(MONEY, &metric, "spend > 5")), @"K302 8:19 file `shared/money.yaml` defines a metric `spend`, and the catalogue has that name too [here: `spend`] [and here: `spend`] | leave one of the two out: `except: [spend]` for that of file `shared/money.yaml`, or give yours another name");
    let attribute = format!("{WITH_SALES}attributes: {{ large: last(amount of sales) }}\n");
    assert_snapshot!(said(&project(MONEY, &attribute, "large > 5")), @"K302 8:19 file `shared/money.yaml` defines a metric `large`, and the catalogue has that name too [here: `large`] [and here: `large`] | leave one of the two out: `except: [large]` for that of file `shared/money.yaml`, or give yours another name");
    let table = format!("  large_payments: {{ from: sales }}\n{WITH_SALES}");
    assert_snapshot!(said(&project(MONEY, &table, "large > 5")), @"K302 9:19 file `shared/money.yaml` defines a table `large_payments`, and the catalogue has that name too [here: `large_payments`] [and here: `large_payments`] | leave one of the two out: `except: [large_payments]` for that of file `shared/money.yaml`, or give yours another name");
    let given = format!("  payments: {{ from: sales }}\n{WITH_SALES}");
    assert_snapshot!(said(&project(MONEY, &given, "large > 5")), @"K302 9:46 the catalogue has a table `payments`, and `with:` says that `payments` is `sales` [the other one: `payments`] | leave `payments` out of `with:` if the catalogue's own is meant, or give that another name");
}

#[test]
fn names_that_clash_with_columns_are_told_with_the_way_out() {
    let catalog = SHOP.replace("key: customer_id }", "table: people, key: customer_id }");
    let catalog = format!(
        "{catalog}  people: {{ types: {{ customer_id: text, spend: integer, large_90d: integer }} }}\n{WITH_SALES}"
    );
    let texts = [("catalog.yaml", catalog), ("shared/money.yaml", MONEY.to_owned())];
    assert_snapshot!(said(&Project::from_texts(texts)), @"
    K302 7:3 the metric `spend` has the name of a column of `people` [included here: `shared/money.yaml`] | give it another name; every column of the subject table is an attribute already | or leave it out where it is included: `except: [spend]`
    K303 8:3 the column `large_90d` of `people` could also be read as metric `large` with a window [included here: `shared/money.yaml`] | give one of the two another name | or leave it out where it is included: `except: [large]`
    ");
}

#[test]
fn mistakes_in_an_included_file_are_told_there() {
    let broken =
        MONEY.replace("amount >= 100", "amont >= 100").replace("count(large_payments)", "count(large_payment)");
    assert_snapshot!(said(&project(&broken, WITH_SALES, "spend > 5 and large > 5")), @"
    K301 5:44 rows of `payments` have no column `amont` [included here: `shared/money.yaml`] | fix: amont => amount
    K301 8:16 there is no table `large_payment` [included here: `shared/money.yaml`] | fix: large_payment => large_payments
    ");
}

#[test]
fn what_cannot_be_included_hides_no_more_than_names() {
    let origins =
        ["shared/mony.yaml", "rythm", "weather", "shared/sub", "catalog.yaml", "{ with: { a: b } }", "[rhythm]"];
    let others = "and customer_id = 3";
    let one = |origin: &str| {
        let rules = format!("segments:\n  s: {{ when: 'spend_90d > 5 {others}' }}\n");
        let texts = [("catalog.yaml", format!("{SHOP}include: [{origin}]\n")), ("rules.yaml", rules)];
        said(&Project::from_texts(texts))
    };
    assert_snapshot!(origins.map(one).join("\n\n"), @r#"
    K101 8:11 there is no file `shared/mony.yaml` | paths are relative to the directory of the catalogue
    K401 2:33 a text is compared with a number | fix: 3 => '3'

    K301 8:11 there is no library `rythm` | fix: rythm => rhythm
    K401 2:33 a text is compared with a number | fix: 3 => '3'

    K301 8:11 there is no library `weather` | there is `rfm_bounds`, `rfm_frozen`, `rfm_groups`, `rfm_ranks`, `rfm_shares`, `rfm_short`, `rhythm`; a file of your own is named with its ending, `.yaml`
    K401 2:33 a text is compared with a number | fix: 3 => '3'

    K301 8:11 there is no library `shared/sub` | there is `rfm_bounds`, `rfm_frozen`, `rfm_groups`, `rfm_ranks`, `rfm_shares`, `rfm_short`, `rhythm`; a file of your own is named with its ending, `.yaml`
    K401 2:33 a text is compared with a number | fix: 3 => '3'

    K305 8:11 the catalogue includes itself | remove it from `include:`
    K301 2:15 a customer has nothing called `spend_90d` | the catalogue defines no attributes or metrics yet
    K401 2:33 a text is compared with a number | fix: 3 => '3'

    K106 8:13 an item of `include` names neither a library nor a file | write `library: rhythm` for one that ships with kohort, or `file: shared/metrics.yaml`
    K401 2:33 a text is compared with a number | fix: 3 => '3'

    K107 8:12 an item of `include` must be text, found a list | write each under a `-` of its own: `- rhythm`, or `- { library: rhythm, with: … }`
    K401 2:33 a text is compared with a number | fix: 3 => '3'
    "#);
    let twice =
        "include: [shared/money.yaml, { file: ./shared/money.yaml }, { file: shared/money.yaml, library: rhythm }]\n";
    let catalog = format!("  payments: {{ from: sales }}\n{twice}");
    assert_snapshot!(said(&project(MONEY, &catalog, "spend > 5")), @"
    K302 9:38 file `./shared/money.yaml` is included twice [first here: `shared/money.yaml`] | remove one of the two; for a second set of tables, copy it to a file with names of its own
    K107 9:63 an item of `include` is a library or a file, not both [a library: `rhythm`] | write two items, one for each
    ");
}

#[test]
fn an_included_file_has_its_own_keys() {
    let file = "\
timezone: UTC
segments: { s: { when: spend > 1 } }
include: rhythm
tables:
  rows: { source: data.csv }
  more: { types: { a: text } }
metrics: { spend: count(sales) }
needs: [sales]
";
    assert_snapshot!(said(&project(file, "include: shared/money.yaml\n", "spend > 5")), @"
    K104 1:1 unknown key `timezone` in the included file [included here: `shared/money.yaml`] | the catalogue that includes the file says it
    K104 2:1 unknown key `segments` in the included file [included here: `shared/money.yaml`] | segments stand in rule files, which are not included: remove the file from `include:`
    K104 3:1 unknown key `include` in the included file [included here: `shared/money.yaml`] | only `catalog.yaml` includes: name both files there
    K107 5:3 table `rows` is not made from another, and an included file only has such tables [included here: `shared/money.yaml`] | ask for it instead, in words: `needs: { rows: one row for each … }` | or name the table that it is made from: `from: …`
    K107 6:3 table `more` is not made from another, and an included file only has such tables [included here: `shared/money.yaml`] | ask for it instead, in words: `needs: { more: one row for each … }` | or name the table that it is made from: `from: …`
    K107 8:9 `needs` must be keys with values, found a list [included here: `shared/money.yaml`] | write `key: value` pairs, one a line and indented
    ");
    assert_snapshot!(said(&project("metrics: [\n", "include: shared/money.yaml\n", "spend > 5")), @"K102 1:10 `[` is opened and never closed [included here: `shared/money.yaml`] | close it with `]`, or put the text in quotes");
    assert_snapshot!(said(&project("", "include: shared/money.yaml\n", "spend > 5")), @"K301 2:15 a customer has nothing called `spend` | the catalogue defines no attributes or metrics yet");
}

#[test]
fn two_includes_may_share_a_table_and_must_agree() {
    let other = "needs: { payments: rows }\nmetrics: { payment_count: count(payments) }\n";
    let both = |second: &str| {
        let catalog = format!(
            "{SHOP}  refunds: {{ from: sales, where: amount < 0 }}\ninclude:\n- {{ file: money.yaml, with: {{ payments: sales }} }}\n- {second}\n"
        );
        let rules = "segments: { s: { when: spend > 1 and payment_count > 2 } }\n".to_owned();
        Project::from_texts([
            ("catalog.yaml", catalog),
            ("money.yaml", MONEY.to_owned()),
            ("other.yaml", other.to_owned()),
            ("rules.yaml", rules),
        ])
    };
    sound(&both("other.yaml"));
    sound(&both("{ file: other.yaml, with: { payments: sales } }"));
    assert_snapshot!(said(&both("{ file: other.yaml, with: { payments: refunds } }")), @"K302 11:31 `payments` is `sales` for file `money.yaml` and `refunds` for file `other.yaml` [the other one: `payments`] | what is included shares its names: copy one of the two, and call its table otherwise there");
}

#[test]
fn a_file_that_nobody_includes_is_told_so() {
    assert_snapshot!(said(&project(MONEY, "", "amount > 5")), @"
    K301 2:15 a customer has nothing called `amount` | `amount` is a column of rows of `sales`: say what of it, as in `last(amount of sales)` or `any(sales where amount = …)`
    K104 1:1 unknown key `description` in the rule file | the keys here are `segments`, `tiers`, `bands`, `partitions`, `charts`, `tests`, `test_defaults`
    K104 2:1 unknown key `needs` in the rule file | it belongs in `catalog.yaml`, or in a file that the catalogue names in `include:`
    K104 4:1 unknown key `tables` in the rule file | it belongs in `catalog.yaml`, or in a file that the catalogue names in `include:`
    K104 6:1 unknown key `metrics` in the rule file | it belongs in `catalog.yaml`, or in a file that the catalogue names in `include:`
    K104 9:1 unknown key `attributes` in the rule file | it belongs in `catalog.yaml`, or in a file that the catalogue names in `include:`
    ");
}

#[test]
fn included_tiers_are_the_catalogues_own() {
    let money = format!(
        "{MONEY}tiers:\n  loyalty: {{ gold: spend >= 10, bronze: otherwise }}\nbands:\n  spend: [0, 10]\n  size: {{ is: spend, bounds: [5] }}\n"
    );
    let names = |project: &Project| {
        let catalog = project.catalog().expect("it is read");
        catalog.partitions.iter().map(|def| def.name.text.clone()).collect::<Vec<_>>()
    };
    let whole = project(&money, WITH_SALES, "spend > 5");
    assert_eq!(names(&whole), ["loyalty", "spend", "size"]);
    assert!(names(&whole.without_definitions()).is_empty());
    let include = "include: [{ file: shared/money.yaml, with: { payments: sales }, except: [loyalty, sice] }]\n";
    let without = project(&money, include, "spend > 5");
    assert_eq!(names(&without), ["spend", "size"]);
    assert_snapshot!(read(&without), @"K301 8:83 file `shared/money.yaml` defines nothing called `sice` | fix: sice => size");
    let clash = project(&money, &format!("{WITH_SALES}attributes: {{ size: 'true', loyalty: 'true' }}\n"), "spend > 5");
    assert_eq!(names(&clash), ["spend"]);
    assert_snapshot!(read(&clash), @"
    K302 8:19 file `shared/money.yaml` defines tiers `loyalty`, and the catalogue has that name too [here: `loyalty`] [and here: `loyalty`] | leave one of the two out: `except: [loyalty]` for that of file `shared/money.yaml`, or give yours another name
    K302 8:19 file `shared/money.yaml` defines bands `size`, and the catalogue has that name too [here: `size`] [and here: `size`] | leave one of the two out: `except: [size]` for that of file `shared/money.yaml`, or give yours another name
    ");
}

/// What was said when a project was read.
fn read(project: &Project) -> String {
    project.diagnostics.iter().map(|one| render(project.sources(), one)).collect::<Vec<_>>().join("\n")
}

/// A project of a catalogue alone.
fn alone(catalog: &str) -> Project {
    Project::from_texts([("catalog.yaml", format!("{SHOP}{catalog}"))])
}

#[test]
fn tiers_in_the_catalogue_itself() {
    let catalog = "tiers: { a: { b: otherwise } }\nbands: { a: [1] }\npartitions: [a]\ncharts: {}\nsplit: {}\n";
    assert_snapshot!(read(&alone(catalog)), @"
    K104 8:1 unknown key `tiers` in the catalogue | `tiers:` stand in rule files, and in files that the catalogue includes
    K104 9:1 unknown key `bands` in the catalogue | `bands:` stand in rule files, and in files that the catalogue includes
    K104 10:1 unknown key `partitions` in the catalogue | `partitions:` stand in rule files, and in files that the catalogue includes
    K104 11:1 unknown key `charts` in the catalogue | `charts:` stand in rule files, and in files that the catalogue includes
    K104 12:1 unknown key `split` in the catalogue | a split divides one segment: write it below that, in a rule file
    ");
}

/// A project with a frozen attribute, its file of cut points in the place `name`.
fn frozen(name: &str, text: &str) -> Project {
    let catalog =
        format!("{SHOP}attributes:\n  score: {{ is: 'quintile(sum(amount of sales) among (true))', frozen: true }}\n");
    let rules = "segments:\n  s: { when: score > 1 }\n";
    Project::from_texts([("shop/catalog.yaml", catalog.as_str()), ("shop/r.yaml", rules), (name, text)])
}

const CUTS: &str = "kohort: 1\ncut_points: { score: { definition: 'quintile(sum(amount of sales) among (true))', as_of: '2026-01-01', population: 3, bounds: ['1'] } }\n";

#[test]
fn cut_points_stand_beside_the_catalogue() {
    let names = |project: &Project| {
        let cuts = project.cut_points().into_iter().flat_map(|cuts| &cuts.attributes);
        cuts.map(|cuts| cuts.name.text.clone()).collect::<Vec<_>>()
    };
    let project = frozen("shop/frozen.yaml", CUTS);
    assert_eq!((read(&project).as_str(), names(&project), project.rules().len()), ("", vec!["score".to_owned()], 1));
    assert!(project.without_cut_points().cut_points().is_none());
    let elsewhere = frozen("shop/rules/frozen.yaml", CUTS);
    assert!(names(&elsewhere).is_empty());
    assert_snapshot!(read(&elsewhere), @"
    K104 1:1 unknown key `kohort` in the rule file | it belongs in `catalog.yaml`
    K104 2:1 unknown key `cut_points` in the rule file | the keys here are `segments`, `tiers`, `bands`, `partitions`, `charts`, `tests`, `test_defaults`
    ");
    assert_eq!(frozen("shop/frozen.yaml", CUTS).thaw(["score"]).thawed().len(), 1);
}

#[test]
fn broken_cut_points_are_told_once_and_can_be_left_out() {
    let broken = frozen("shop/frozen.yaml", "kohort: 1\ncut_points: {\n");
    assert_snapshot!(said(&broken), @"K102 2:13 `{` is opened and never closed | run `kohort freeze`, which computes all cut points and writes the file anew");
    assert_eq!(read(&broken.clone().without_cut_points()), "");
    assert_eq!(read(&broken.without_rules()), "");
}

#[test]
fn frozen_is_true_or_false() {
    let said = |written: &str| read(&alone(&format!("attributes:\n  a: {{ is: 1 + 1, {written} }}\n")));
    assert_snapshot!(said("frozen: yes"), @"K111 9:27 `yes` is not `true` or `false` | fix: yes => true");
    assert_snapshot!(said("frozen: soon"), @"K111 9:27 `soon` is not `true` or `false` | write one of `true`, `false`");
    assert_snapshot!(said("frozn: true, bands: [1]"), @"
    K104 9:19 unknown key `frozn` in attribute `a` | fix: frozn => frozen
    K104 9:32 unknown key `bands` in attribute `a` | bands stand in a rule file, under the name of what they divide: `bands: { spend_365d: [0, 1_000] }`
    ");
    assert_snapshot!(read(&alone("metrics:\n  a: { is: 1 + 1, frozen: true, bands: [1] }\n")), @"
    K104 9:19 unknown key `frozen` in metric `a` | an attribute that ranks subjects can be frozen; a metric has no cut points
    K104 9:33 unknown key `bands` in metric `a` | bands stand in a rule file, under the name of what they divide: `bands: { spend_365d: [0, 1_000] }`
    ");
}
