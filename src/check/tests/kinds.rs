//! Several kinds of subject, and several files.

use insta::assert_snapshot;

use super::{assert_fixes_work, compiled, condition, said};
use crate::check::Schemas;
use crate::ir::{Node, Owner, SubjectId};
use crate::project::Project;

const KINDS: &str = "\
kohort: 1
subjects:
  customer: { table: customers, key: customer_id }
  invoice: { table: invoices, key: invoice_no, lookups: { buyer: customer_id -> customers } }
tables:
  customers: { types: { customer_id: text, city: text } }
  invoices: { time: issued, types: { invoice_no: integer, customer_id: text, issued: date } }
  lines:
    subject: { customer: bill.customer_id, invoice: invoice_no }
    time: bill.issued
    types: { invoice_no: integer, sku: text, price: decimal(2) }
    lookups: { bill: invoice_no -> invoices }
  calls: { subject: { customer: customer_id }, time: called, types: { customer_id: text, called: timestamp } }
attributes:
  size: count(lines)
  days_open: { is: today - issued, of: invoice }
  talker: calls_made > 5
metrics:
  value: sum(price of lines)
  calls_made: count(calls)
";

fn files(catalog: &str, rules: &[&str]) -> Project {
    let named = rules.iter().enumerate().map(|(at, text)| (format!("{at}.yaml"), (*text).to_owned()));
    Project::from_texts([("catalog.yaml".to_owned(), catalog.to_owned())].into_iter().chain(named))
}

#[test]
fn a_definition_is_made_for_each_kind_that_has_what_it_names() {
    let rules = "\
segments:
  spenders: { when: value_90d > 500 and size > 3 and talker }
  large: { of: invoice, when: value > 500 and size > 3 and days_open > 3d and buyer.city = 'Jakarta' }
  small: { of: invoice, when: not in large }
";
    let ir = compiled(&files(KINDS, &[rules]));
    let kinds: Vec<SubjectId> = ir.segments.iter().map(|segment| segment.subject).collect();
    assert_eq!(kinds, [SubjectId(0), SubjectId(1), SubjectId(1)]);
    for (name, kind) in [("spenders", SubjectId(0)), ("large", SubjectId(1))] {
        let inputs = ir.leaves([condition(&ir, name)]).inputs;
        let features = inputs.iter().filter_map(|input| match ir.node(*input) {
            Node::Feature(feature) => Some(ir.feature(*feature).owner),
            _ => None,
        });
        let features: Vec<Owner> = features.collect();
        assert!(features.len() >= 2 && features.iter().all(|of| *of == Owner::Subject(kind)), "{name}: {features:?}");
    }
}

#[test]
fn what_is_said_of_the_wrong_kind() {
    let rules = "\
segments:
  a: { when: days_open > 3d }
  b: { of: invoice, when: calls_made > 3 }
  c: { of: invoice, when: in a2 }
  a2: { when: size > 3 }
  d: { of: invoyce, when: size > 3 }
  e: { of: household, when: size > 3 }
  f: { of: invoice, when: talker }
  g: { when: any(lines where invoice.days_open > 3d and customer.days_open > 3d) }
  h: { when: any(calls where invoice.size > 3) }
  i: { within: b, when: size > 1 }
";
    let project = files(KINDS, &[rules]);
    assert_snapshot!(said(&project, &Schemas::new()), @r#"
    K306 [days_open] `days_open` cannot be said of a customer | +[days_open] defined here | it is of `invoice` only
    K306 [calls_made] `calls_made` cannot be said of an invoice | +[calls_made] defined here | rows of `calls` do not say which `invoice` they belong to
    K306 [a2] `a2` is a group of `customer`s, and this one is of `invoice`s | a segment is made of one kind of subject: `of:` says which, and the first kind is meant without it
    K301 [invoyce] there is no kind of subject `invoyce` | did you mean `invoice`? | => d: { of: invoice, when: size > 3 }
    K301 [household] there is no kind of subject `household` | the catalogue has `customer` and `invoice`
    K306 [talker] `talker` cannot be said of an invoice | +[talker] defined here | `calls_made` cannot be said of an invoice
    K306 [days_open] `days_open` cannot be said of a customer | +[days_open] defined here | it is of `invoice` only
    K306 [invoice] rows of `calls` do not say which `invoice` they belong to | add its key to the table: `subject: { invoice: … }`
    K306 [b] `b` is a group of `invoice`s, and this one is of `customer`s | a segment is made of one kind of subject: `of:` says which, and the first kind is meant without it
    "#);
    assert_fixes_work(&project, &Schemas::new());
}

#[test]
fn a_mistake_in_a_definition_is_told_where_it_is_defined_whatever_the_kinds() {
    let broken = KINDS.replace("  calls_made: count(calls)", "  first_use: calls_made + 1\n  calls_made: count(cals)");
    assert_ne!(broken, KINDS);
    let project = files(&broken, &["segments:\n  a: { when: calls_made > 3 or first_use > 3 or talker }\n"]);
    assert_snapshot!(said(&project, &Schemas::new()), @r#"
    K301 [cals] there is no table `cals` | did you mean `calls`? | => calls_made: count(calls)
    "#);
    let circle = KINDS.replace("  calls_made: count(calls)", "  calls_made: returned\n  returned: calls_made");
    let project = files(&circle, &["segments:\n  a: { when: calls_made > 3 or talker }\n"]);
    assert_snapshot!(said(&project, &Schemas::new()), @"K305 [returned] metric `returned` is defined by itself | its definition leads back to it: break the circle");
}

#[test]
fn all_mistakes_of_all_files_are_told_at_once() {
    let first = "segments:\n  a: { when: cty = 'x' }\n  b: { when: valu_90d > 1 and in d }\n";
    let second = "segments:\n  c: { when: city > 5 }\n  a: { when: city = 'y' }\n  d: { within: e, when: in zz }\n  e: { within: e2, when: size > 1 }\n  e2: { when: in e }\n";
    let project = files(KINDS, &[first, second]);
    assert_snapshot!(said(&project, &Schemas::new()), @r#"
    K301 [cty] a customer has nothing called `cty` | did you mean `city`? | => a: { when: city = 'x' }
    K301 [valu_90d] a customer has nothing called `valu_90d` | did you mean `value_90d`? | => b: { when: value_90d > 1 and in d }
    K401 [city > 5] a text is compared with a number | `city` is text: write '5' | => c: { when: city > '5' }
    K302 [a] there are two segments called `a` | +[a] the other one | segment names are unique in the whole project: rename one
    K301 [zz] there is no segment `zz` | the project has `a`, `b`, `c`, `d`, `e` and `e2`
    K305 [e2] segment `e2` is defined by itself | its condition leads back to it through `in` or `within`: break the circle
    "#);
    assert_fixes_work(&project, &Schemas::new());
}
