//! Whoever puts a rule into words: the language, what was named on the way, and what must be explained once for it.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::mem::{Discriminant, discriminant};

use super::model::{Clause, Link, NameKind, Phrase, Token, readable};
use super::names::{Meaning, Names, Scope};
use super::say::{Say, Wording, fill, number};
use crate::catalog::model::{AttributeDef, DerivedTable, MetricDef, PartitionDef, SubjectDef};
use crate::ir::{Segment, Type};
use crate::syntax::ast::{Expr, ExprKind, Literal};

/// Something that is explained once, apart.
#[derive(Clone, Copy)]
pub(super) enum Defined<'a> {
    /// A metric, and about whom it is asked.
    Metric(&'a MetricDef, &'a SubjectDef),
    /// An attribute, and whose it is.
    Attribute(&'a AttributeDef, &'a SubjectDef),
    /// Tiers, bands, a partition or a chart.
    Division(&'a PartitionDef, &'a SubjectDef),
    /// A kind of subject whose members are not simply the rows of a table of data.
    Subject(&'a SubjectDef),
    /// A table made from another, by name.
    Table(&'a str, &'a DerivedTable),
    /// A table by SQL, by name.
    Query(&'a str),
    /// A column that a table makes: the table's name, the table, the column's name, what it is.
    Column(&'a str, &'a DerivedTable, &'a str, &'a Expr),
}

impl<'a> Defined<'a> {
    /// By what it is told from everything else.
    fn key(&self) -> (Discriminant<Defined<'a>>, String) {
        let name = match self {
            Defined::Metric(def, _) => def.name.text.clone(),
            Defined::Attribute(def, _) => def.name.text.clone(),
            Defined::Division(def, _) => def.name.text.clone(),
            Defined::Subject(def) => def.name.text.clone(),
            Defined::Table(name, _) | Defined::Query(name) => (*name).to_owned(),
            Defined::Column(table, _, name, _) => format!("{table}.{name}"),
        };
        (discriminant(self), name)
    }
}

/// Words a rule, and remembers.
pub(super) struct Speaker<'a> {
    /// The project.
    pub names: &'a Names<'a>,
    /// The language.
    pub wording: &'static dyn Wording,
    /// What was named and is not explained yet, in the order of naming.
    pub waiting: VecDeque<Defined<'a>>,
    /// What was named.
    named: HashSet<(Discriminant<Defined<'a>>, String)>,
    /// Other segments that were asked about, in the order of naming.
    pub segments: Vec<Phrase>,
    /// What must be read to the letter.
    pub fine: BTreeSet<Say>,
    /// Conditions that did not fit into the sentence under way.
    notes: Vec<Clause>,
    next_note: u32,
    /// Named steps of sequences under way, and the tables of their rows.
    pub steps: Vec<(&'a str, &'a str)>,
    /// Whether names are said with their units.
    pub with_units: bool,
    /// Who is spoken about.
    pub subject: &'a SubjectDef,
}

impl<'a> Speaker<'a> {
    /// Nothing is said yet.
    pub fn new(names: &'a Names<'a>, wording: &'static dyn Wording, subject: &'a SubjectDef) -> Self {
        Speaker {
            names,
            wording,
            waiting: VecDeque::new(),
            named: HashSet::new(),
            segments: Vec::new(),
            fine: BTreeSet::new(),
            notes: Vec::new(),
            next_note: 1,
            steps: Vec::new(),
            with_units: true,
            subject,
        }
    }

    /// A meaning in words.
    pub fn say(&self, say: Say, with: &[Phrase]) -> Phrase {
        fill(self.wording, say, with)
    }

    /// A meaning in words, with what must be known to read it to the letter.
    pub fn exactly(&mut self, fine: Say, say: Say, with: &[Phrase]) -> Phrase {
        self.fine.insert(fine);
        self.say(say, with)
    }

    /// A number, every digit as written.
    pub fn number(&self, written: impl ToString) -> Phrase {
        Phrase::constant(number(self.wording, &written.to_string()))
    }

    /// A share: `50%`.
    pub fn percent(&self, written: impl ToString) -> Phrase {
        let number = number(self.wording, &written.to_string());
        Phrase::constant(format!("{number}{}%", self.wording.marks().percent))
    }

    /// A sentence, with the conditions that did not fit into it below.
    pub fn line(&mut self, words: impl FnOnce(&mut Self) -> Phrase) -> Clause {
        let outer = std::mem::take(&mut self.notes);
        let phrase = words(self);
        let parts = std::mem::replace(&mut self.notes, outer);
        Clause { link: Link::One, phrase, parts }
    }

    /// Puts a clause below the sentence under way, and gives what refers to it.
    pub fn note(&mut self, words: impl FnOnce(&mut Self) -> Clause) -> Phrase {
        let number = self.next_note;
        self.next_note += 1;
        // Its own notes stand below itself.
        let outer = std::mem::take(&mut self.notes);
        let clause = words(self);
        self.notes = outer;
        let token = Phrase(vec![Token::Note { number }]);
        let phrase = token.clone().then(Phrase::words(": ")).then(clause.phrase);
        self.notes.push(Clause { phrase, ..clause });
        self.say(Say::NoteHolds, &[token])
    }

    /// Says something without remembering what it names: names in it are explained elsewhere, or nowhere.
    pub fn aside<T>(&mut self, words: impl FnOnce(&mut Self) -> T) -> T {
        let kept = (self.waiting.clone(), self.named.clone(), self.segments.clone(), self.fine.clone());
        let (notes, next) = (std::mem::take(&mut self.notes), self.next_note);
        let units = self.with_units;
        let said = words(self);
        self.with_units = units;
        (self.waiting, self.named, self.segments, self.fine) = kept;
        (self.notes, self.next_note) = (notes, next);
        said
    }

    /// An expression as it is written, for a place where nothing can stand below: none if a part of it would have to.
    pub fn in_passing(&mut self, expr: &'a Expr, subject: &'a SubjectDef) -> Option<Phrase> {
        let said = self.aside(|speaker| {
            speaker.with_units = false;
            speaker.value(expr, Scope::Subject(subject))
        });
        let whole = !said.0.iter().any(|token| matches!(token, Token::Note { .. }));
        whole.then_some(said)
    }

    /// Remembers what is to be explained.
    pub fn define(&mut self, what: Defined<'a>) {
        if self.named.insert(what.key()) {
            self.waiting.push_back(what);
        }
    }

    /// Remembers that nothing is to be explained: it is the very thing that is explained.
    pub fn skip(&mut self, what: Defined<'a>) {
        self.named.insert(what.key());
    }

    /// Remembers to explain who the subjects are, where that is not plain: they are rows of a table made from another, or they are
    /// found in rows.
    pub fn define_subject(&mut self, subject: &'a SubjectDef) {
        let made = match &subject.table {
            Some(table) => self.names.derived(&table.text),
            None => true,
        };
        if made {
            self.define(Defined::Subject(subject));
        }
    }

    /// Who is spoken about: the kind of subject, as the catalogue calls it.
    pub fn whoever(&self) -> Phrase {
        super::value::subject_name(&self.subject.name.text)
    }

    /// A table's name, explained if it is made from others.
    pub fn table(&mut self, name: &str) -> Phrase {
        if let Some(def) = self.names.table(name) {
            let own = def.name.text.as_str();
            match &def.kind {
                crate::catalog::model::TableKind::Derived(derived) => self.define(Defined::Table(own, derived)),
                crate::catalog::model::TableKind::Source(source) if source.sql.is_some() => {
                    self.define(Defined::Query(own));
                }
                crate::catalog::model::TableKind::Source(_) => {}
            }
        }
        Phrase::name(NameKind::Table, name, None)
    }

    /// Another segment, by its full name.
    pub fn segment(&mut self, name: &str) -> Phrase {
        let phrase = self.segment_name(name);
        self.fine.insert(Say::FineSegments);
        if !self.segments.contains(&phrase) {
            self.segments.push(phrase.clone());
        }
        phrase
    }

    /// What people call a segment, by its full name.
    pub fn segment_name(&self, name: &str) -> Phrase {
        match self.names.ir.segments.iter().find(|segment| segment.name == name) {
            Some(segment) => self.name_of(segment),
            None => Phrase::name(NameKind::Segment, name, None),
        }
    }

    /// What people call a segment. A group is called after what it is a group of: “Loyalty: Gold”.
    pub fn name_of(&self, segment: &Segment) -> Phrase {
        let own = segment.label.as_deref();
        let Some((part_of, (whole, part))) = segment.part_of.zip(segment.name.rsplit_once('.')) else {
            return Phrase::name(NameKind::Segment, &segment.name, own);
        };
        let partition = self.names.ir.partition(part_of);
        let whole = partition.label.clone().unwrap_or_else(|| readable(whole));
        let part = own.map_or_else(|| readable(part), str::to_owned);
        Phrase::name(NameKind::Segment, &segment.name, Some(&format!("{whole}: {part}")))
    }

    /// A file of values, by the path that is written.
    pub fn file(&self, path: &str) -> Phrase {
        Phrase::name(NameKind::File, path, Some(path))
    }

    /// Whether an expression may be unknown. Among rows it always may.
    pub fn may_be_unknown(&self, expr: &Expr, scope: Scope<'a>) -> bool {
        match (scope, self.names.ir.written.get(&expr.span)) {
            (Scope::Subject(_), Some(written)) => self.names.ir.may_be_unknown(written.node),
            _ => !matches!(
                expr.kind,
                ExprKind::Literal(_) | ExprKind::Now | ExprKind::Today | ExprKind::Ago(_) | ExprKind::Quantified(_)
            ),
        }
    }

    /// The type of an expression, as far as it is known and matters for words.
    pub fn type_of(&self, expr: &Expr, scope: Scope<'a>) -> Option<Type> {
        use crate::ir::WrittenAs;
        if let (Scope::Subject(_), Some(written)) = (scope, self.names.ir.written.get(&expr.span)) {
            return Some(match written.form {
                WrittenAs::Itself | WrittenAs::SquareRoot => self.names.ir.ty(written.node),
                WrittenAs::Microseconds | WrittenAs::MicrosecondsSquared => Type::Duration,
            });
        }
        match &expr.kind {
            ExprKind::Literal(literal) => Some(match literal {
                Literal::Bool(_) => Type::Bool,
                Literal::Number(_) | Literal::Percent(_) => Type::Number,
                Literal::Text(_) => Type::Text,
                Literal::Date(_) => Type::Date,
                Literal::Local(_) | Literal::Instant(_) => Type::Instant,
                Literal::Duration(_) => Type::Duration,
            }),
            ExprKind::Now | ExprKind::Ago(_) => Some(Type::Instant),
            ExprKind::Today => Some(Type::Date),
            ExprKind::Name(path) => match (scope, path.parts.as_slice()) {
                (Scope::Row(table), [name]) => self.row_type(table, &name.text),
                (Scope::Row(table), [lookup, name]) => match self.steps.iter().find(|(step, _)| *step == lookup.text) {
                    Some((_, table)) => self.row_type(table, &name.text),
                    None => self.names.column_type(self.names.lookup_from(table, &lookup.text)?, &name.text),
                },
                _ => None,
            },
            ExprKind::Call { function, arguments } => match function.text.as_str() {
                "day" | "week" | "month" | "quarter" | "year" => Some(Type::Date),
                "weekday" | "lower" | "upper" => Some(Type::Text),
                "least" | "greatest" | "coalesce" => self.type_of(arguments.first()?, scope),
                _ => Some(Type::Number),
            },
            ExprKind::Arithmetic { first, .. } => self.type_of(first, scope),
            _ => None,
        }
    }

    fn row_type(&self, table: &str, name: &str) -> Option<Type> {
        match self.names.among_rows(table, name) {
            Meaning::RowTime => Some(Type::Instant),
            Meaning::RowNumber => Some(Type::Number),
            Meaning::RowGap => Some(Type::Duration),
            _ => self.names.column_type(table, name),
        }
    }
}
