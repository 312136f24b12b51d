//! From the YAML reader's events to a tree with places.
//!
//! What changes a rule behind its reader's back is refused here: a key written twice, anchors, aliases, tags, merge keys,
//! further documents, keys that are not text.

use std::collections::{BTreeMap, HashMap};

use granit_parser::{ErrorKind, Event, Parser, StructureStyle};

use super::mask::WorkingCopy;
use super::repair::{self, Repair};
use super::{MAX_DEPTH, Node, NodeKind, align, keys, syntax_error};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, ScalarStyle, Span, Text};

/// What one reading of a file gave.
pub(super) struct Pass {
    /// The tree; none when the YAML is broken.
    pub root: Option<Node>,
    /// What is wrong with it.
    pub found: Vec<Diagnostic>,
    /// What YAML cut; if there are any, the tree and the findings are not those of the file as it was meant.
    pub repairs: Vec<Repair>,
}

/// A collection that is being read.
pub(super) struct Frame {
    /// Its first byte.
    pub start: usize,
    /// In `{ … }` or `[ … ]`.
    pub flow: bool,
    /// What it is.
    pub content: Content,
}

/// What a collection holds so far.
pub(super) enum Content {
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping.
    Mapping {
        entries: Vec<(Node, Node)>,
        /// The key whose value comes next.
        key: Option<Node>,
        /// Where each key was seen first.
        seen: HashMap<String, Span>,
    },
}

impl Frame {
    /// The key whose value comes next.
    pub fn key(&self) -> Option<&Node> {
        match &self.content {
            Content::Mapping { key, .. } => key.as_ref(),
            Content::Sequence(_) => None,
        }
    }

    /// Whether what comes next is a key.
    pub fn expects_key(&self) -> bool {
        matches!(&self.content, Content::Mapping { key: None, .. })
    }
}

/// The scalar read last.
#[derive(Clone, Copy)]
pub(super) struct LastScalar {
    pub start: usize,
    pub end: usize,
    pub plain: bool,
    pub is_key: bool,
}

/// An anchor, and whether an alias used it.
struct Anchor {
    span: Span,
    used: bool,
}

/// The state of a reading.
pub(super) struct Builder<'a> {
    pub file: FileId,
    pub copy: &'a WorkingCopy<'a>,
    pub stack: Vec<Frame>,
    pub last: Option<LastScalar>,
    pub repairs: Vec<Repair>,
    root: Option<Node>,
    found: Vec<Diagnostic>,
    anchors: BTreeMap<usize, Anchor>,
    documents: usize,
}

/// Reads the working copy once.
pub(super) fn read(file: FileId, copy: &WorkingCopy<'_>) -> Pass {
    let mut builder = Builder {
        file,
        copy,
        stack: Vec::new(),
        last: None,
        repairs: Vec::new(),
        root: None,
        found: Vec::new(),
        anchors: BTreeMap::new(),
        documents: 0,
    };
    let complete = builder.run();
    builder.report_unused_anchors();
    let Builder { root, found, repairs, .. } = builder;
    let empty = || Node { span: Span::new(file, 0, 0), kind: NodeKind::Mapping(Vec::new()) };
    Pass { root: complete.then(|| root.unwrap_or_else(empty)), found, repairs }
}

impl Builder<'_> {
    /// False when the YAML is broken.
    fn run(&mut self) -> bool {
        let base = self.copy.base();
        let body = self.copy.text().get(base..).unwrap_or_default();
        let options = granit_parser::options! {
            emit_comments: false,
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            disallow_directives: true,
        };
        for event in Parser::new_from_str_with_options(body, options) {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    let at = error.marker().byte_offset().unwrap_or(0) + base;
                    self.broken(error.kind(), at);
                    return false;
                }
            };
            let range = span.byte_range().unwrap_or(0..0);
            let place = Span::new(self.file, range.start + base, range.end + base);
            let tag = span.tag_span().and_then(|tag| tag.byte_range());
            let tag = tag.map(|tag| Span::new(self.file, tag.start + base, tag.end + base));
            if !self.event(event, place, tag) {
                return self.documents > 1;
            }
        }
        true
    }

    /// The reader gave up: by something that can be repaired, perhaps by what is being repaired already.
    fn broken(&mut self, error: &ErrorKind, at: usize) {
        if !self.repairs.is_empty() {
            return;
        }
        match repair::after_error(self, error, at) {
            Some(repair) => self.repairs.push(repair),
            None => self.found = vec![syntax_error::describe(self, error, at)],
        }
    }

    /// False to stop reading.
    fn event(&mut self, event: Event<'_>, span: Span, tag: Option<Span>) -> bool {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.found.push(
                        Diagnostic::new(Code::YamlFeature, span, "a second document starts here").help(
                            "keep one document per file; remove `---`, or move what follows to a file of its own",
                        ),
                    );
                    return false;
                }
            }
            Event::Alias(id) => {
                let anchor = self.anchors.get_mut(&id).map(|anchor| {
                    anchor.used = true;
                    anchor.span
                });
                self.alias(span, anchor);
            }
            Event::UnresolvedAlias(_) => self.alias(span, None),
            Event::Anchor(id, _) => {
                self.anchors.insert(id, Anchor { span, used: false });
            }
            Event::Scalar(value, style, _, tagged) => {
                self.scalar(&value, scalar_style(style), span, tagged.is_some().then_some(tag.unwrap_or(span)));
            }
            Event::SequenceStart(style, _, tagged) => {
                self.tag(tagged.is_some().then_some(tag.unwrap_or(span)));
                return self.open(span, style, Content::Sequence(Vec::new()));
            }
            Event::MappingStart(style, _, tagged) => {
                self.tag(tagged.is_some().then_some(tag.unwrap_or(span)));
                let content = Content::Mapping { entries: Vec::new(), key: None, seen: HashMap::new() };
                return self.open(span, style, content);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            _ => {}
        }
        true
    }

    fn open(&mut self, span: Span, style: StructureStyle, content: Content) -> bool {
        if self.stack.len() >= MAX_DEPTH {
            self.found = vec![too_deep(span)];
            return false;
        }
        self.stack.push(Frame { start: span.start as usize, flow: style == StructureStyle::Flow, content });
        true
    }

    fn close(&mut self, span: Span) {
        let Some(frame) = self.stack.pop() else { return };
        // A block ends where the next thing begins: its own end is that of the last thing in it.
        let kind_end = |last: Option<&Node>| match last {
            Some(node) if !frame.flow => node.span.end as usize,
            _ => span.end as usize,
        };
        let (end, kind) = match frame.content {
            Content::Sequence(items) => (kind_end(items.last()), NodeKind::Sequence(items)),
            Content::Mapping { entries, .. } => {
                (kind_end(entries.last().map(|(_, value)| value)), NodeKind::Mapping(entries))
            }
        };
        self.node(Node { span: Span::new(self.file, frame.start, end), kind });
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, span: Span, tag: Option<Span>) {
        let is_key = self.stack.last().is_some_and(Frame::expects_key);
        let plain = style == ScalarStyle::Plain;
        let last = LastScalar { start: span.start as usize, end: span.end as usize, plain, is_key };
        if plain && !is_key && tag.is_none() {
            self.repairs.extend(repair::cut_scalar(self, last));
        }
        self.last = Some(last);
        self.tag(tag);
        let text = if span.start == span.end { "" } else { value };
        let raw = self.copy.text().get(span.range()).unwrap_or_default();
        let span = Span { end: span.start + raw.trim_end_matches(['\r', '\n', ' ', '\t']).len() as u32, ..span };
        let kind = match tag {
            Some(_) => NodeKind::Broken,
            None if self.copy.is_broken(last.start) => NodeKind::Broken,
            None => NodeKind::Scalar(self.text(text, style, span, last.end)),
        };
        self.node(Node { span, kind });
    }

    /// The scalar's text with its map; a masked one stands for the expression in the file.
    fn text(&self, value: &str, style: ScalarStyle, span: Span, end: usize) -> Text {
        let text = self.copy.text();
        let mut range = span.start as usize..end;
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            range.start = block_start(text, range.start);
        }
        let raw = text.get(range.clone()).unwrap_or_default();
        let pieces = align::align(raw, range.start, value, style);
        let aligned = Text::aligned(value.to_owned(), span, style, pieces);
        if !self.copy.is_masked(range.start) {
            return aligned;
        }
        let value = self.copy.unmask(value, |at| aligned.place(at, at).start as usize);
        let pieces =
            align::align(self.copy.original().get(range.clone()).unwrap_or_default(), range.start, &value, style);
        Text::aligned(value, span, style, pieces)
    }

    fn tag(&mut self, tag: Option<Span>) {
        let Some(span) = tag else { return };
        let written = self.copy.text().get(span.range()).unwrap_or_default();
        let help = match written.strip_prefix('!') {
            Some(name) if !name.is_empty() && !name.starts_with('!') => {
                format!("write `not {name}` if `!` is meant as `not`; otherwise put the text in quotes")
            }
            _ => "remove it, or put the text in quotes".to_owned(),
        };
        let message = format!("`{written}` is a YAML tag, and tags are not allowed");
        self.found.push(Diagnostic::new(Code::YamlFeature, span, message).help(help));
    }

    fn alias(&mut self, span: Span, anchor: Option<Span>) {
        let is_merge = self.stack.last().and_then(Frame::key).is_some_and(keys::is_merge);
        if !is_merge {
            let written = self.copy.text().get(span.range()).unwrap_or_default();
            let message = format!("`{written}` is a YAML alias, and aliases are not allowed");
            let mut diagnostic = Diagnostic::new(Code::YamlFeature, span, message)
                .help("write the value out; a rule says all it means in its own place");
            if let Some(anchor) = anchor {
                diagnostic = diagnostic.also(anchor, "the anchor");
            }
            self.found.push(diagnostic);
        }
        self.node(Node { span, kind: NodeKind::Broken });
    }

    fn report_unused_anchors(&mut self) {
        for anchor in self.anchors.values().filter(|anchor| !anchor.used) {
            let written = self.copy.text().get(anchor.span.range()).unwrap_or_default();
            let message = format!("`{written}` is a YAML anchor, and anchors are not allowed");
            let help = "remove it, or put the text in quotes if `&` belongs to it";
            self.found.push(Diagnostic::new(Code::YamlFeature, anchor.span, message).help(help));
        }
    }

    /// A node is complete: it becomes an item, a key, a value, or the root.
    fn node(&mut self, node: Node) {
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(node);
            return;
        };
        let (entries, key, seen) = match &mut frame.content {
            Content::Sequence(items) => {
                items.push(node);
                return;
            }
            Content::Mapping { entries, key, seen } => (entries, key, seen),
        };
        match key.take() {
            None => *key = Some(node),
            Some(name) => match keys::refuse(&name, node.span, seen) {
                Some(said) => self.found.extend(said),
                // What is not there is missing at its key.
                None if node.span.range().is_empty() => {
                    let span = name.span;
                    entries.push((name, Node { span, ..node }));
                }
                None => entries.push((name, node)),
            },
        }
    }
}

/// What is said of a file that nests too deeply.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("lists and mappings nest more than {MAX_DEPTH} deep here");
    Diagnostic::new(Code::TooLarge, span, message)
        .help("a catalogue or rule file needs a handful of levels; look for a stray bracket")
}

/// The start of a block scalar's first line, blank lines above its text included.
fn block_start(text: &str, content: usize) -> usize {
    let mut start = text.get(..content).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    while let Some(above) = start.checked_sub(1) {
        let line = text.get(..above).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
        if !text.get(line..above).is_some_and(|line| line.trim().is_empty()) {
            break;
        }
        start = line;
    }
    start
}

fn scalar_style(style: granit_parser::ScalarStyle) -> ScalarStyle {
    match style {
        granit_parser::ScalarStyle::Plain => ScalarStyle::Plain,
        granit_parser::ScalarStyle::SingleQuoted => ScalarStyle::SingleQuoted,
        granit_parser::ScalarStyle::DoubleQuoted => ScalarStyle::DoubleQuoted,
        granit_parser::ScalarStyle::Literal => ScalarStyle::Literal,
        granit_parser::ScalarStyle::Folded => ScalarStyle::Folded,
    }
}
