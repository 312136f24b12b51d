mod aligned;
mod messages;
mod robust;
mod shapes;

use super::{Node, NodeKind, parse};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources};

/// A file read, and what was said about it, one finding a line: `code line:column message | help | fixed text`.
pub(crate) fn read(text: &str) -> (Option<Node>, String) {
    let mut sources = Sources::new();
    let file = sources.add("rules.yaml", text);
    let mut out = Vec::new();
    let node = parse(file, text, &mut out);
    let said = out.iter().map(|finding| render(&sources, finding)).collect::<Vec<_>>().join("\n");
    (node, said)
}

/// One finding on one line.
pub(crate) fn render(sources: &Sources, finding: &Diagnostic) -> String {
    let at = sources.get(finding.primary.span.file).unwrap().line_column(finding.primary.span.start as usize);
    let mut line = format!("{} {}:{} {}", finding.code.id(), at.line, at.column, finding.message);
    if !finding.primary.message.is_empty() {
        line += &format!(" ({})", finding.primary.message);
    }
    for label in &finding.secondary {
        line += &format!(" [{}: `{}`]", label.message, sources.slice(label.span));
    }
    for help in &finding.helps {
        line += &format!(" | {help}");
    }
    if let Some(fix) = &finding.fix {
        let edits: Vec<_> = fix.edits.iter().map(|(span, new)| format!("{} => {new}", sources.slice(*span))).collect();
        line += &format!(" | fix: {}", edits.join("; "));
    }
    line
}

/// The file after the fix of its only finding.
fn fixed(text: &str) -> String {
    let mut out = Vec::new();
    parse(FileId(0), text, &mut out);
    let edits = &out[0].fix.as_ref().expect("a fix").edits;
    let mut fixed = text.to_owned();
    for (span, new) in edits.iter().rev() {
        fixed.replace_range(span.range(), new);
    }
    fixed
}

/// The tree in one line: `{key: value}`, `[item]`, text in angle brackets, `!` for what is broken.
fn tree(node: &Node) -> String {
    match &node.kind {
        NodeKind::Scalar(text) => format!("<{}>", text.value().replace('\n', "\\n")),
        NodeKind::Sequence(items) => format!("[{}]", items.iter().map(tree).collect::<Vec<_>>().join(", ")),
        NodeKind::Mapping(entries) => {
            let entry = |(key, value): &(Node, Node)| format!("{}: {}", tree(key), tree(value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        NodeKind::Broken => "!".to_owned(),
    }
}
