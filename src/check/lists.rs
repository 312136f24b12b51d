//! Lists of values: in files, and keys of subjects written out.

use std::sync::Arc;

use unicode_casefold::UnicodeCaseFold;

use super::typed::Typed;
use super::written::written_value;
use super::{Checker, Code, Context, Diagnostic, Scope, listed, nearest, with_article};
use crate::catalog::model::{KeyList, Placed};
use crate::ir::{List, ListId, Node, NodeId, SubjectId, Type, Value, ValuePart, ValueRows};
use crate::lists::ListFile;
use crate::source::{FileId, Span};
use crate::syntax::ast::{Expr, ExprKind, FileName};

/// What the values of a list are held against.
struct Held<'h> {
    /// One name for each column that is looked for; empty: none is known, and a file must have one column.
    names: Vec<&'h str>,
    types: Vec<Type>,
    ignoring_case: bool,
    keys_of: Option<SubjectId>,
}

/// What makes a list of a file: used twice in one way it is one list.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct ListKey {
    file: FileId,
    columns: Vec<usize>,
    types: Vec<Type>,
    ignoring_case: bool,
    keys_of: Option<SubjectId>,
}

/// A column of a file that holds values of other types.
struct Misfits {
    /// The row of the first.
    first: usize,
    column: usize,
    ty: Type,
    count: usize,
}

impl<'a> Checker<'a> {
    /// `sku in file 'skus.txt'`, `in file 'vips.csv'`
    pub(super) fn in_file(
        &mut self,
        (negated, ignoring_case): (bool, bool),
        value: Option<&Expr>,
        file: &FileName,
        expr: &Expr,
        context: Context<'_>,
    ) -> Option<Typed> {
        let Some(written) = value else {
            let node = self.key_in_file(file, expr.span, context)?;
            let node = if negated { self.ir.add(Node::Not(node)) } else { node };
            return Some(Typed::new(node, Type::Bool));
        };
        let typed = self.value(written, context)?;
        if ignoring_case && typed.ty != Type::Text {
            let message = format!("only text is compared ignoring case, and this is a {}", typed.ty);
            return self
                .fail(Diagnostic::new(Code::TypeMismatch, expr.span, message).help("leave `ignoring case` out"));
        }
        if typed.ty == Type::TextList {
            let message = "one value is looked up in a file, and this is a list";
            let help = "ask each row for one value, or write the values out: `contains any of ('golf', 'tennis')`";
            return self.fail(Diagnostic::new(Code::TypeMismatch, written.span, message).help(help));
        }
        if typed.ty == Type::Duration {
            let message = "a duration is not looked up in a file";
            let help = "compare it with one, as in `… > 30d`";
            return self.fail(Diagnostic::new(Code::TypeMismatch, written.span, message).help(help));
        }
        let names = match &written.kind {
            ExprKind::Name(path) => path.parts.last().map(|name| name.text.as_str()).into_iter().collect(),
            _ => Vec::new(),
        };
        let held = Held { names, types: vec![typed.ty], ignoring_case, keys_of: None };
        let list = self.list_of_file(file, &held)?;
        let plain = self.plain(&typed);
        let node = if ignoring_case { self.ir.add(Node::FoldCase(plain)) } else { plain };
        let node = self.ir.add(Node::InRows(vec![node], list));
        let test = Typed::new(node, Type::Bool).nullable(typed.nullable);
        Some(self.negated(negated, test, expr, context))
    }

    fn key_in_file(&mut self, file: &FileName, span: Span, context: Context<'_>) -> Option<NodeId> {
        let Scope::Subject(subject) = context.scope else {
            let message = "which value of a row is looked up in the file is not said";
            let help = "name it before: `sku in file '…'`";
            return self.fail(Diagnostic::new(Code::BadArgument, span, message).help(help));
        };
        let list = self.keys_of_file(file, subject)?;
        Some(self.key_among(subject, list))
    }

    fn key_among(&mut self, subject: SubjectId, list: ListId) -> NodeId {
        let keys = self.key_nodes(subject);
        self.ir.add(Node::InRows(keys, list))
    }

    /// Whether a subject's key is in the `include:` or `exclude:` of a segment, if there is one.
    pub(super) fn key_list(&mut self, keys: &Option<KeyList>, subject: SubjectId) -> Option<Option<NodeId>> {
        let list = match keys {
            None => return Some(None),
            Some(KeyList::File(file)) => self.keys_of_file(file, subject)?,
            Some(KeyList::Values(values)) => self.keys_written(values, subject)?,
        };
        Some(Some(self.key_among(subject, list)))
    }

    fn keys_of_file(&mut self, file: &FileName, subject: SubjectId) -> Option<ListId> {
        let made = self.ir.subject(subject).clone();
        let names = made.key_names.iter().map(String::as_str).collect();
        let held = Held { names, types: made.key_types, ignoring_case: false, keys_of: Some(subject) };
        self.list_of_file(file, &held)
    }

    fn keys_written(&mut self, values: &[Placed<String>], subject: SubjectId) -> Option<ListId> {
        let made = self.ir.subject(subject).clone();
        let (Some(first), [ty]) = (values.first(), made.key_types.as_slice()) else {
            let span = values.first()?.span;
            let message = format!("the key of {} has several parts, so keys stand in a file", with_article(&made.name));
            let help = format!(
                "write `{{ file: keys.csv }}`, with the columns {}",
                listed(made.key_names.iter().map(String::as_str))
            );
            return self.fail(Diagnostic::new(Code::BadArgument, span, message).help(help));
        };
        let mut keys = ValuePart::new(*ty, values.len())?;
        let mut wrong = false;
        for value in values {
            let key = written_value(*ty, &value.value);
            if key.is_some_and(|key| keys.push(&key)) {
                continue;
            }
            let message =
                format!("the key of {} is a {ty}, and `{}` is not one", with_article(&made.name), value.value);
            self.out.push(Diagnostic::new(Code::TypeMismatch, value.span, message).help(form_of(*ty)));
            wrong = true;
        }
        if wrong {
            return None;
        }
        let rows = Arc::new(ValueRows::distinct(vec![keys]));
        Some(self.add_list(List { file: None, span: first.span, rows, keys_of: Some(subject) }))
    }

    fn list_of_file(&mut self, name: &FileName, held: &Held<'_>) -> Option<ListId> {
        // A file that could not be read has been reported.
        let file: &'a ListFile = self.attached.lists.get(name.span.file, &name.path)?;
        let columns = self.columns_of(file, name, held)?;
        let Held { types, ignoring_case, keys_of, .. } = held;
        let key = ListKey {
            file: file.file,
            columns: columns.clone(),
            types: types.clone(),
            ignoring_case: *ignoring_case,
            keys_of: *keys_of,
        };
        if let Some(known) = self.list_slots.get(&key) {
            return *known;
        }
        let made = self.rows_of_file(file, name, &columns, held).map(|rows| {
            let (shown, span) = (Some(file.name.clone()), name.span);
            self.add_list(List { file: shown, span, rows: Arc::new(rows), keys_of: *keys_of })
        });
        self.list_slots.insert(key, made);
        made
    }

    /// The values of some columns of a file, as values of their types.
    fn rows_of_file(
        &mut self,
        file: &ListFile,
        name: &FileName,
        columns: &[usize],
        held: &Held<'_>,
    ) -> Option<ValueRows> {
        let mut parts = Vec::with_capacity(columns.len());
        let mut misfits: Vec<Misfits> = Vec::new();
        for (column, ty) in columns.iter().zip(&held.types) {
            let mut part = ValuePart::new(*ty, file.rows.len())?;
            for (row, text) in file.rows.column(*column).enumerate() {
                let fits = match &mut part {
                    ValuePart::Text(texts) if held.ignoring_case => texts.push(&text.case_fold().collect::<String>()),
                    ValuePart::Text(texts) => texts.push(text),
                    _ => written_value(*ty, text).is_some_and(|value: Value| part.push(&value)),
                };
                match misfits.last_mut().filter(|misfits| misfits.column == *column) {
                    _ if fits => {}
                    Some(misfits) => misfits.count += 1,
                    None => misfits.push(Misfits { first: row, column: *column, ty: *ty, count: 1 }),
                }
            }
            parts.push(part);
        }
        let Some(worst) = misfits.iter().min_by_key(|misfits| misfits.first) else {
            return Some(ValueRows::distinct(parts));
        };
        let Misfits { first, column, ty, .. } = *worst;
        let others = match misfits.iter().map(|misfits| misfits.count).sum::<usize>() {
            1 => String::new(),
            2 => ", nor is one more value".to_owned(),
            count => format!(", nor are {} more values", count - 1),
        };
        let text = file.rows.value(first, column);
        let message = match ty {
            Type::Bool => format!("`{text}` is neither `true` nor `false`{others}"),
            _ => format!("`{text}` is not a {ty}{others}"),
        };
        let diagnostic = Diagnostic::new(Code::TypeMismatch, file.span(first), message);
        self.fail(diagnostic.also(name.span, "the file is used here").help(form_of(ty)))
    }

    /// Which columns of a file hold what is looked for.
    fn columns_of(&mut self, file: &ListFile, name: &FileName, held: &Held<'_>) -> Option<Vec<usize>> {
        let parts = held.types.len();
        let Some(header) = &file.header else {
            if parts == 1 {
                return Some(vec![0]);
            }
            let message = format!("a key of {parts} parts stands in a file with columns, and `{}` has none", file.name);
            let names = held.names.join(",");
            let help = format!("make it a `.csv` file whose first line is `{names}`");
            return self.fail(Diagnostic::new(Code::BadArgument, name.span, message).help(help));
        };
        let found: Vec<Option<usize>> =
            held.names.iter().map(|wanted| header.iter().position(|column| column.value == *wanted)).collect();
        if let Some(found) = found.into_iter().collect::<Option<Vec<usize>>>()
            && found.len() == parts
        {
            return Some(found);
        }
        if parts == 1 && header.len() == 1 {
            return Some(vec![0]);
        }
        let columns = header.iter().map(|column| column.value.as_str());
        let span = header.first().map_or(name.span, |column| column.span);
        if held.names.is_empty() {
            let message = format!("which column of `{}` is meant is not said: it has {}", file.name, listed(columns));
            let help = "give the value a name, as an attribute or a column of the table: it is looked up in the column \
                        of that name";
            return self.fail(Diagnostic::new(Code::MissingColumn, name.span, message).help(help));
        }
        let is_there = |wanted: &&str| columns.clone().any(|column| column == *wanted);
        let missing: Vec<&str> = held.names.iter().copied().filter(|name| !is_there(name)).collect();
        let word = if missing.len() == 1 { "column" } else { "columns" };
        let (wanted, found) = (listed(missing.iter().copied()), listed(columns.clone()));
        let message = format!("`{}` has no {word} {wanted}: it has {found}", file.name);
        let diagnostic = Diagnostic::new(Code::MissingColumn, span, message).also(name.span, "the file is used here");
        let near = missing.iter().find_map(|wanted| nearest(wanted, columns.clone()).map(|near| (wanted, near)));
        self.fail(match near {
            Some((wanted, near)) => diagnostic.help(format!("rename `{near}` to `{wanted}` in the file's first line")),
            None if parts > 1 => diagnostic.help(format!("name the {word} in the file's first line")),
            None => diagnostic.help("name the column in the file's first line, or leave only that one"),
        })
    }

    fn add_list(&mut self, list: List) -> ListId {
        self.ir.lists.push(list);
        ListId(self.ir.lists.len() as u32 - 1)
    }
}

fn form_of(ty: Type) -> &'static str {
    match ty {
        Type::Number => "write it in digits, as in `1500` or `-0.5`",
        Type::Date => "write it as `2026-03-31`",
        Type::Instant => "write it with its offset, as in `2026-03-31T10:00:00+07:00`",
        Type::Bool => "write `true` or `false`",
        _ => "write a value of that kind, or look up another one",
    }
}
