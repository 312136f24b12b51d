//! Conditions: what holds, with bullets wherever `and` and `or` could be taken for each other.

use super::model::{Clause, Link, Phrase};
use super::names::Scope;
use super::rows::Aside;
use super::say::Say;
use super::speaker::Speaker;
use crate::ir::Type;
use crate::syntax::ast::{
    CompareOp, Direction, Expr, ExprKind, IsTest, ListQuantity, Literal, Path, Quantifier, TextOp,
};

/// So many conditions stand in one sentence; more become a list below it.
const IN_A_SENTENCE: usize = 4;

impl<'a> Speaker<'a> {
    /// A condition as a clause of its own.
    pub fn clause(&mut self, expr: &'a Expr, scope: Scope<'a>) -> Clause {
        match &expr.kind {
            ExprKind::And(of) => self.group(Link::All, Say::AllOf, of, scope),
            ExprKind::Or(of) => self.group(Link::Any, Say::AnyOf, of, scope),
            ExprKind::Not(inner) if is_group(inner) => {
                let phrase = self.say(Say::NotThis, &[]);
                let phrase = if self.may_be_unknown(expr, scope) { self.before_colon(phrase) } else { phrase };
                Clause { link: Link::Not, phrase, parts: vec![self.clause(inner, scope)] }
            }
            ExprKind::Sequence(sequence) => self.sequence(sequence),
            _ => self.line(|speaker| speaker.condition(expr, scope)),
        }
    }

    fn group(&mut self, link: Link, head: Say, of: &'a [Expr], scope: Scope<'a>) -> Clause {
        let phrase = self.say(head, &[]);
        Clause { link, phrase, parts: of.iter().map(|part| self.clause(part, scope)).collect() }
    }

    /// That unknown does not count, put before the colon of a head.
    fn before_colon(&mut self, head: Phrase) -> Phrase {
        self.fine.insert(Say::FineUnknown);
        let out = self.say(Say::UnknownIsOut, &[]);
        match head.0.as_slice() {
            [super::model::Token::Words { text }] => {
                let text = text.trim_end_matches(':').to_owned();
                Phrase::words(text).then(out).then(Phrase::words(":"))
            }
            _ => head.then(out),
        }
    }

    /// A condition inside a sentence. What would be ambiguous there stands below it under a number.
    pub fn inside(&mut self, expr: &'a Expr, scope: Scope<'a>) -> Phrase {
        let chain = match &expr.kind {
            ExprKind::And(of) => Some((of, Say::And)),
            ExprKind::Or(of) => Some((of, Say::Or)),
            _ => None,
        };
        match chain {
            Some((of, word)) if of.len() <= IN_A_SENTENCE && of.iter().all(is_short) => {
                let mut phrase = Phrase::default();
                for (at, part) in of.iter().enumerate() {
                    if at > 0 {
                        phrase.push(self.say(word, &[]));
                    }
                    phrase.push(self.condition(part, scope));
                }
                // An `and` of the sentence around it may follow.
                match word {
                    Say::Or => Phrase::words("(").then(phrase).then(Phrase::words(")")),
                    _ => phrase,
                }
            }
            None if !is_group(expr) => self.condition(expr, scope),
            _ => self.note(|speaker| speaker.clause(expr, scope)),
        }
    }

    /// A condition as a sentence. It is not a chain.
    fn condition(&mut self, expr: &'a Expr, scope: Scope<'a>) -> Phrase {
        match &expr.kind {
            ExprKind::Not(inner) => {
                let phrase = if is_value(inner) {
                    let value = self.value(inner, scope);
                    self.say(Say::HoldsNot, &[value])
                } else {
                    let inner = self.inside(inner, scope);
                    self.say(Say::NotSo, &[inner])
                };
                self.unknown_is_out(phrase, true, expr, scope)
            }
            ExprKind::Compare { op, left, right, ignoring_case } => {
                let phrase = self.compare(*op, left, right, scope);
                let phrase = self.case(phrase, *ignoring_case);
                self.unknown_is_out(phrase, *op == CompareOp::NotEqual, expr, scope)
            }
            ExprKind::Between { negated, value, low, high } => {
                let with = [self.operand(value, scope), self.operand(low, scope), self.operand(high, scope)];
                let phrase = self.say(if *negated { Say::NotBetween } else { Say::Between }, &with);
                self.unknown_is_out(phrase, *negated, expr, scope)
            }
            ExprKind::InList { negated, value, list, ignoring_case } => {
                let with = [self.operand(value, scope), self.listed(list, scope)];
                let phrase = self.say(if *negated { Say::NoneOf } else { Say::OneOf }, &with);
                let phrase = self.case(phrase, *ignoring_case);
                self.unknown_is_out(phrase, *negated, expr, scope)
            }
            ExprKind::Is { negated, value, test, ignoring_case } => {
                let phrase = self.is(*negated, value, test, scope);
                self.case(phrase, *ignoring_case)
            }
            ExprKind::TextTest { negated, op, value, pattern, ignoring_case } => {
                let with = [self.operand(value, scope), self.operand(pattern, scope)];
                let phrase = self.say(text_test(*op, *negated), &with);
                let phrase = self.case(phrase, *ignoring_case);
                self.unknown_is_out(phrase, *negated, expr, scope)
            }
            ExprKind::ListTest { negated, quantity, value, candidates, ignoring_case } => {
                let count = match quantity {
                    ListQuantity::AtLeast(count) => self.number(count),
                    _ => Phrase::default(),
                };
                let with = [self.operand(value, scope), self.listed(candidates, scope), count];
                let phrase = self.say(list_test(*quantity, *negated), &with);
                let phrase = self.case(phrase, *ignoring_case);
                let negative = *negated || *quantity == ListQuantity::None;
                self.unknown_is_out(phrase, negative, expr, scope)
            }
            ExprKind::Within { negated, anniversary, value, direction, span } => {
                self.fine.insert(Say::FineNear);
                let value = self.operand(value, scope);
                let value = match anniversary {
                    true => self.exactly(Say::FineAnniversary, Say::Anniversary, &[value]),
                    false => value,
                };
                let say = match (direction, negated) {
                    (Direction::Next, false) => Say::WithinNext,
                    (Direction::Last, false) => Say::WithinLast,
                    (Direction::Next, true) => Say::NotWithinNext,
                    (Direction::Last, true) => Say::NotWithinLast,
                };
                let length = Phrase::constant(self.wording.duration(*span));
                let phrase = self.say(say, &[value, length]);
                self.unknown_is_out(phrase, *negated, expr, scope)
            }
            ExprKind::InSegment { negated, segment } => {
                let segment = self.segment(&dotted(segment));
                self.say(if *negated { Say::NotInSegment } else { Say::InSegment }, &[segment, self.whoever()])
            }
            ExprKind::InFile { negated, value, file, ignoring_case } => {
                let file = self.file(&file.path);
                let phrase = match value {
                    Some(value) => {
                        let with = [self.operand(value, scope), file];
                        self.say(if *negated { Say::NotInFile } else { Say::InFile }, &with)
                    }
                    None => {
                        self.say(if *negated { Say::KeyNotInFile } else { Say::KeyInFile }, &[file, self.whoever()])
                    }
                };
                let phrase = self.case(phrase, *ignoring_case);
                self.unknown_is_out(phrase, *negated && value.is_some(), expr, scope)
            }
            ExprKind::Quantified(quantified) => {
                let every = quantified.quantifier == Quantifier::Every;
                let rows = self.rows(&quantified.rows, if every { Aside::Brackets } else { Aside::Behind }, None);
                match (quantified.quantifier, &quantified.have) {
                    (Quantifier::Any, _) => self.say(Say::AnyRow, &[rows]),
                    (Quantifier::None, _) => self.say(Say::NoRow, &[rows]),
                    (Quantifier::Every, have) => {
                        let row = Scope::Row(&quantified.rows.table.text);
                        let have = have.as_ref().map(|have| self.inside(have, row)).unwrap_or_default();
                        self.exactly(Say::FineEvery, Say::EveryRow, &[rows, have])
                    }
                }
            }
            ExprKind::Top(top) => self.top(top, scope),
            ExprKind::Sample { share, salt } => {
                let with = [self.percent(share), Phrase::constant(quoted(salt)), self.whoever()];
                self.exactly(Say::FineSample, Say::Sample, &with)
            }
            ExprKind::Literal(Literal::Bool(value)) => self.say(if *value { Say::Everybody } else { Say::Nobody }, &[]),
            ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Sequence(_) => self.inside(expr, scope),
            // A value that is true or false by itself.
            ExprKind::Literal(_)
            | ExprKind::Name(_)
            | ExprKind::Now
            | ExprKind::Today
            | ExprKind::Ago(_)
            | ExprKind::Negate(_)
            | ExprKind::Arithmetic { .. }
            | ExprKind::Call { .. }
            | ExprKind::Windowed { .. }
            | ExprKind::Filtered { .. }
            | ExprKind::Aggregate(_)
            | ExprKind::Ranked(_)
            | ExprKind::Error => {
                let value = self.value(expr, scope);
                self.say(Say::Holds, &[value])
            }
        }
    }

    fn compare(&mut self, op: CompareOp, left: &'a Expr, right: &'a Expr, scope: Scope<'a>) -> Phrase {
        if let (CompareOp::Equal | CompareOp::NotEqual, ExprKind::Literal(Literal::Bool(value))) = (op, &right.kind) {
            let with = self.operand(left, scope);
            let say = if *value == (op == CompareOp::Equal) { Say::Holds } else { Say::HoldsNot };
            return self.say(say, &[with]);
        }
        let types = [self.type_of(left, scope), self.type_of(right, scope)];
        let has = |ty: Type| types.contains(&Some(ty));
        if has(Type::Date) && has(Type::Instant) {
            self.fine.insert(Say::FineDateAndTime);
        }
        if has(Type::Duration) {
            self.fine.insert(Say::FineElapsed);
        }
        if has(Type::Text) && !matches!(op, CompareOp::Equal | CompareOp::NotEqual) {
            self.fine.insert(Say::FineText);
        }
        let is_time = has(Type::Date) || has(Type::Instant);
        let say = match op {
            CompareOp::Equal => Say::Equal,
            CompareOp::NotEqual => Say::NotEqual,
            CompareOp::Less if is_time => Say::Before,
            CompareOp::LessOrEqual if is_time => Say::NotAfter,
            CompareOp::Greater if is_time => Say::After,
            CompareOp::GreaterOrEqual if is_time => Say::NotBefore,
            CompareOp::Less if has(Type::Duration) => Say::Shorter,
            CompareOp::LessOrEqual if has(Type::Duration) => Say::NotLonger,
            CompareOp::Greater if has(Type::Duration) => Say::Longer,
            CompareOp::GreaterOrEqual if has(Type::Duration) => Say::NotShorter,
            CompareOp::Less => Say::Less,
            CompareOp::LessOrEqual => Say::AtMost,
            CompareOp::Greater => Say::More,
            CompareOp::GreaterOrEqual => Say::AtLeast,
        };
        let with = [self.operand(left, scope), self.operand(right, scope)];
        self.say(say, &with)
    }

    fn is(&mut self, negated: bool, value: &'a Expr, test: &'a IsTest, scope: Scope<'a>) -> Phrase {
        let operand = self.operand(value, scope);
        let other = match test {
            IsTest::Known => return self.say(if negated { Say::Unknown } else { Say::Known }, &[operand]),
            IsTest::Value(other) => match &other.kind {
                ExprKind::Literal(Literal::Bool(truth)) => {
                    let phrase = self.say(if *truth != negated { Say::Holds } else { Say::HoldsNot }, &[operand]);
                    return self.unknown_is_in(phrase, negated, &[value], scope);
                }
                _ => vec![&**other],
            },
            IsTest::In(list) => list.iter().collect(),
        };
        let say = match (test, negated) {
            (IsTest::In(_), true) => Say::NoneOf,
            (IsTest::In(_), false) => Say::OneOf,
            (_, true) => Say::NotEqual,
            (_, false) => Say::Equal,
        };
        let against = match test {
            IsTest::In(list) => self.listed(list, scope),
            _ => other.first().map(|other| self.operand(other, scope)).unwrap_or_default(),
        };
        let phrase = self.say(say, &[operand, against]);
        let tested: Vec<&'a Expr> = std::iter::once(value).chain(other).collect();
        self.unknown_is_in(phrase, negated, &tested, scope)
    }

    /// What is said of those whose value is not known, where somebody could think that they are meant.
    fn unknown_is_out(&mut self, phrase: Phrase, is_negative: bool, expr: &Expr, scope: Scope<'a>) -> Phrase {
        if !self.may_be_unknown(expr, scope) {
            return phrase;
        }
        self.fine.insert(if matches!(scope, Scope::Subject(_)) { Say::FineUnknown } else { Say::FineRows });
        if is_negative { phrase.then(self.say(Say::UnknownIsOut, &[])) } else { phrase }
    }

    fn unknown_is_in(&mut self, phrase: Phrase, negated: bool, tested: &[&'a Expr], scope: Scope<'a>) -> Phrase {
        let unknown = tested.iter().any(|one| self.may_be_unknown(one, scope));
        if negated && unknown { phrase.then(self.say(Say::UnknownIsIn, &[])) } else { phrase }
    }

    fn case(&mut self, phrase: Phrase, ignoring_case: bool) -> Phrase {
        if ignoring_case { phrase.then(self.say(Say::IgnoringCase, &[])) } else { phrase }
    }

    /// `'a', 'b', 'c'`
    pub fn listed(&mut self, list: &'a [Expr], scope: Scope<'a>) -> Phrase {
        let mut phrase = Phrase::default();
        for (at, item) in list.iter().enumerate() {
            if at > 0 {
                phrase.push(Phrase::words("; "));
            }
            phrase.push(self.value(item, scope));
        }
        phrase
    }
}

/// A text as rules write it.
pub(super) fn quoted(text: &str) -> String {
    format!("'{text}'")
}

/// A path as it is written, without backticks.
pub(super) fn dotted(path: &Path) -> String {
    path.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".")
}

/// Whether it needs a list below a sentence.
fn is_group(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Sequence(_) => true,
        ExprKind::Not(inner) => is_group(inner),
        _ => false,
    }
}

/// Whether it is true or false by itself, as a column is.
pub(super) fn is_value(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Literal(_)
            | ExprKind::Name(_)
            | ExprKind::Now
            | ExprKind::Today
            | ExprKind::Ago(_)
            | ExprKind::Negate(_)
            | ExprKind::Arithmetic { .. }
            | ExprKind::Call { .. }
            | ExprKind::Windowed { .. }
            | ExprKind::Filtered { .. }
            | ExprKind::Aggregate(_)
            | ExprKind::Ranked(_)
    )
}

/// Whether it ends where the next `and` begins, so that chains of such conditions can be read in a sentence.
fn is_short(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Compare { .. }
            | ExprKind::Between { .. }
            | ExprKind::InList { .. }
            | ExprKind::Is { .. }
            | ExprKind::TextTest { .. }
            | ExprKind::ListTest { .. }
            | ExprKind::Within { .. }
            | ExprKind::InSegment { .. }
            | ExprKind::InFile { .. }
            | ExprKind::Name(_)
    )
}

fn text_test(op: TextOp, negated: bool) -> Say {
    match (op, negated) {
        (TextOp::Contains, false) => Say::Contains,
        (TextOp::Contains, true) => Say::ContainsNot,
        (TextOp::StartsWith, false) => Say::StartsWith,
        (TextOp::StartsWith, true) => Say::StartsNotWith,
        (TextOp::EndsWith, false) => Say::EndsWith,
        (TextOp::EndsWith, true) => Say::EndsNotWith,
        (TextOp::Like, false) => Say::Like,
        (TextOp::Like, true) => Say::LikeNot,
        (TextOp::Matches, false) => Say::Matches,
        (TextOp::Matches, true) => Say::MatchesNot,
    }
}

fn list_test(quantity: ListQuantity, negated: bool) -> Say {
    match (quantity, negated) {
        (ListQuantity::Any, false) => Say::ContainsAny,
        (ListQuantity::Any, true) => Say::ContainsNotAny,
        (ListQuantity::All, false) => Say::ContainsAll,
        (ListQuantity::All, true) => Say::ContainsNotAll,
        (ListQuantity::None, false) => Say::ContainsNone,
        (ListQuantity::None, true) => Say::ContainsNotNone,
        (ListQuantity::AtLeast(_), false) => Say::ContainsAtLeast,
        (ListQuantity::AtLeast(_), true) => Say::ContainsLessThan,
    }
}
