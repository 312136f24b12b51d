//! Several kinds of subject, and several files.

use insta::assert_snapshot;

use super::{assert_fixes_work, compiled, condition, said};
use crate::check::Schemas;
use crate::ir::{Node, SubjectId};
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
            Node::Feature(feature) => Some(ir.feature(*feature).subject),
            _ => None,
        });
        let features: Vec<SubjectId> = features.collect();
        assert!(features.len() >= 2 && features.iter().all(|of| *of == kind), "{name}: {features:?}");
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
    assert_snapshot!(said(&project, &Schemas::new()), @"");
    assert_fixes_work(&project, &Schemas::new());
}

#[test]
fn a_mistake_in_a_definition_is_told_where_it_is_defined_whatever_the_kinds() {
    let broken = KINDS.replace("  calls_made: count(calls)", "  first_use: calls_made + 1\n  calls_made: count(cals)");
    assert_ne!(broken, KINDS);
    let project = files(&broken, &["segments:\n  a: { when: calls_made > 3 or first_use > 3 or talker }\n"]);
    assert_snapshot!(said(&project, &Schemas::new()), @"");
    let circle = KINDS.replace("  calls_made: count(calls)", "  calls_made: returned\n  returned: calls_made");
    let project = files(&circle, &["segments:\n  a: { when: calls_made > 3 or talker }\n"]);
    assert_snapshot!(said(&project, &Schemas::new()), @"");
}

#[test]
fn all_mistakes_of_all_files_are_told_at_once() {
    let first = "segments:\n  a: { when: cty = 'x' }\n  b: { when: valu_90d > 1 and in d }\n";
    let second = "segments:\n  c: { when: city > 5 }\n  a: { when: city = 'y' }\n  d: { within: e, when: in zz }\n  e: { within: e2, when: size > 1 }\n  e2: { when: in e }\n";
    let project = files(KINDS, &[first, second]);
    assert_snapshot!(said(&project, &Schemas::new()), @"");
    assert_fixes_work(&project, &Schemas::new());
}
