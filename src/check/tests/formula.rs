//! Nodes in words, as far as the tests of partitions and cut points read them.

use crate::ir::{Ir, Node, NodeId, Value};

/// A node in words. The operands of `and` and `or` stand in the order of their words.
pub(super) fn formula(ir: &Ir, node: NodeId) -> String {
    let one = |node: &NodeId| formula(ir, *node);
    let list = |nodes: &[NodeId]| nodes.iter().map(one).collect::<Vec<_>>().join(", ");
    let all = |nodes: &[NodeId], between: &str| {
        let mut parts: Vec<String> = nodes.iter().map(one).collect();
        parts.sort_unstable();
        parts.join(between)
    };
    match ir.node(node) {
        Node::Constant(value) => constant(value),
        Node::Choose(cases) => {
            let case = |(when, value): &(NodeId, NodeId)| format!("{} → {}", one(when), one(value));
            cases.iter().map(case).collect::<Vec<_>>().join("; ")
        }
        Node::Bucket { value, bounds } => format!("bucket({}, {})", one(value), list(bounds)),
        Node::Compare(op, a, b) => format!("{} {op:?} {}", one(a), one(b)),
        Node::And(of) => all(of, " and "),
        Node::Or(of) => format!("({})", all(of, " or ")),
        Node::Not(of) => format!("not {}", one(of)),
        Node::IsKnown(of) => format!("{} known", one(of)),
        Node::IsTrue(of) => format!("({}) true", one(of)),
        Node::Unknown(_) => "unknown".to_owned(),
        Node::SubjectValue(_, of) => one(of),
        Node::Column(base, at) => ir.base_table(*base).columns[*at as usize].name.clone(),
        Node::Member(segment) => format!("in {}", ir.segment(*segment).name),
        Node::Add(a, b) => format!("({} + {})", one(a), one(b)),
        Node::Multiply(a, b) => format!("{} * {}", one(a), one(b)),
        Node::InSet(of, values) => {
            format!("{} in [{}]", one(of), values.iter().map(constant).collect::<Vec<_>>().join(" "))
        }
        Node::InRows(of, rows) => {
            let rows = &ir.list(*rows).rows;
            let row = |at| rows.row(at).unwrap_or_default().iter().map(constant).collect::<Vec<_>>().join(" ");
            format!("{} among [{}]", list(of), (0..rows.len()).map(row).collect::<Vec<_>>().join(", "))
        }
        Node::KeyHash { keys, salt } => format!("hash({}, '{salt}')", list(keys)),
        other => format!("{other:?}"),
    }
}

fn constant(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("'{text}'"),
        Value::Date(day) => day.to_string(),
        Value::Bool(value) => value.to_string(),
        other => format!("{other:?}"),
    }
}
