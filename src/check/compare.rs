//! Comparisons, lists of candidates, `is`, and tests on text and lists.

use super::typed::{Typed, Units};
use super::{Checker, Code, Context, Diagnostic};
use crate::ir::{Node, NodeId, Root, Type, Value};
use crate::source::Span;
use crate::syntax::ast::{CompareOp, Duration, Expr, ExprKind, IsTest, ListQuantity, Literal, TextOp, Unit};

impl Checker<'_> {
    pub(super) fn comparison(
        &mut self,
        expr: &Expr,
        op: CompareOp,
        left: &Expr,
        right: &Expr,
        ignoring_case: bool,
        context: Context<'_>,
    ) -> Option<Typed> {
        let (a, b) = (self.compared(left, context), self.compared(right, context));
        let (a, b) = (a?, b?);
        let test = self.compare(op, (&a, left), (&b, right), ignoring_case, expr.span)?;
        if op == CompareOp::NotEqual && test.nullable {
            self.warn_not_equal(expr, context);
        }
        Some(test)
    }

    /// A side of a comparison. A duration of months has no exact length, but beside a time that is not its mistake.
    fn compared(&mut self, expr: &Expr, context: Context<'_>) -> Option<Typed> {
        match &expr.kind {
            ExprKind::Literal(Literal::Duration(duration)) if !has_length(*duration) => {
                let nothing = self.ir.add(Node::Unknown(Type::Duration));
                Some(Typed::new(nothing, Type::Duration).unit(Units::Literal))
            }
            _ => self.value(expr, context),
        }
    }

    /// Compares two values: of one type, or a date with an instant's local day.
    pub(super) fn compare(
        &mut self,
        op: CompareOp,
        (a, left): (&Typed, &Expr),
        (b, right): (&Typed, &Expr),
        ignoring_case: bool,
        span: Span,
    ) -> Option<Typed> {
        let ordered = !matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        if !ordered {
            self.held_to_set(a, (b, right), ignoring_case)?;
            self.held_to_set(b, (a, left), ignoring_case)?;
        }
        let nullable = a.nullable || b.nullable;
        let (x, y) = self.aligned((a, left), (b, right), span)?;
        if x.ty == Type::TextList {
            let help = "ask what it holds: `contains 'golf'`, `contains any of ('golf', 'tennis')`";
            return self.fail(Diagnostic::new(Code::TypeMismatch, span, "lists are not compared").help(help));
        }
        if ordered && x.ty == Type::Bool {
            let message = "true and false have no order";
            let help = "write the value alone, or `not` before it";
            return self.fail(Diagnostic::new(Code::TypeMismatch, span, message).help(help));
        }
        if ignoring_case && x.ty != Type::Text {
            let message = format!("only text is compared ignoring case, and this is a {}", x.ty);
            return self.fail(Diagnostic::new(Code::TypeMismatch, span, message).help("leave `ignoring case` out"));
        }
        if x.ty == Type::Number && x.unit.meet(&y.unit).is_none() {
            let message = format!("{} is compared with {}", x.unit, y.unit);
            let help = "compare amounts of one unit: divide by a count for an average, or declare the `unit:` of what has none";
            return self.fail(Diagnostic::new(Code::UnitMismatch, span, message).help(help));
        }
        let (x, y) = if x.micros || y.micros { (self.micros(&x), self.micros(&y)) } else { (x, y) };
        let node = if x.root || y.root {
            let root = |typed: &Typed| Root { value: typed.node, is_root: typed.root };
            self.ir.add(Node::CompareRoots(op, root(&x), root(&y)))
        } else {
            let (x, y) = match ignoring_case {
                true => (self.folded(x.node), self.folded(y.node)),
                false => (x.node, y.node),
            };
            self.ir.add(Node::Compare(op, x, y))
        };
        Some(Typed::new(node, Type::Bool).nullable(nullable))
    }

    fn folded(&mut self, text: NodeId) -> NodeId {
        self.ir.add(Node::FoldCase(text))
    }

    fn held_to_set(&mut self, typed: &Typed, (other, written): (&Typed, &Expr), ignoring_case: bool) -> Option<()> {
        let (Some(set), Node::Constant(value)) = (typed.set.clone(), self.ir.node(other.node).clone()) else {
            return Some(());
        };
        if value.ty() != typed.ty {
            return Some(());
        }
        self.in_set(&set, &value, ignoring_case, written)
    }

    /// Two values made comparable, or an error that says what to write.
    pub(super) fn aligned(
        &mut self,
        (a, left): (&Typed, &Expr),
        (b, right): (&Typed, &Expr),
        span: Span,
    ) -> Option<(Typed, Typed)> {
        match (a.ty, b.ty) {
            (Type::Duration, Type::Duration) => {
                for written in [left, right] {
                    if let ExprKind::Literal(Literal::Duration(duration)) = &written.kind {
                        self.exact_duration(*duration, written.span)?;
                    }
                }
                Some((a.clone(), b.clone()))
            }
            (x, y) if x == y => Some((a.clone(), b.clone())),
            (Type::Date, Type::Instant) => Some((a.clone(), self.local_date(b))),
            (Type::Instant, Type::Date) => Some((self.local_date(a), b.clone())),
            (x, y) => {
                let message = format!("a {x} is compared with a {y}");
                let diagnostic = Diagnostic::new(Code::TypeMismatch, span, message);
                let diagnostic = super::advice::advise(diagnostic, (a, left), (b, right));
                self.fail(diagnostic)
            }
        }
    }

    fn local_date(&mut self, typed: &Typed) -> Typed {
        let node = self.ir.add(Node::LocalDate(typed.node));
        Typed { node, ty: Type::Date, ..typed.clone() }
    }

    pub(super) fn between(
        &mut self,
        expr: &Expr,
        negated: bool,
        value: &Expr,
        low: &Expr,
        high: &Expr,
        context: Context<'_>,
    ) -> Option<Typed> {
        let parts = (self.value(value, context), self.value(low, context), self.value(high, context));
        let (typed, from, to) = (parts.0?, parts.1?, parts.2?);
        let above = self.compare(CompareOp::GreaterOrEqual, (&typed, value), (&from, low), false, low.span);
        let below = self.compare(CompareOp::LessOrEqual, (&typed, value), (&to, high), false, high.span);
        let (above, below) = (above?, below?);
        let node = self.and([above.node, below.node])?;
        let both = Typed::new(node, Type::Bool).nullable(above.nullable || below.nullable);
        Some(self.negated(negated, both, expr, context))
    }

    pub(super) fn in_list(
        &mut self,
        expr: &Expr,
        negated: bool,
        value: &Expr,
        list: &[Expr],
        ignoring_case: bool,
        context: Context<'_>,
    ) -> Option<Typed> {
        let any = self.any_of(expr.span, value, list, ignoring_case, context)?;
        Some(self.negated(negated, any, expr, context))
    }

    /// Whether a value equals one of several: one node where all are constants.
    fn any_of(
        &mut self,
        span: Span,
        value: &Expr,
        list: &[Expr],
        ignoring_case: bool,
        context: Context<'_>,
    ) -> Option<Typed> {
        let typed = self.value(value, context);
        let items: Vec<Option<Typed>> = list.iter().map(|item| self.value(item, context)).collect();
        let typed = typed?;
        let items = items.into_iter().collect::<Option<Vec<_>>>()?;
        let mut equal = Vec::new();
        for (item, written) in items.iter().zip(list) {
            let span = if list.len() > 1 { written.span } else { span };
            equal.push(self.compare(CompareOp::Equal, (&typed, value), (item, written), ignoring_case, span));
        }
        let equal = equal.into_iter().collect::<Option<Vec<_>>>()?;
        let nullable = equal.iter().any(|part| part.nullable);
        let node = match self.constants(&typed, &items) {
            Some(set) if !ignoring_case && !typed.root && !typed.micros && set.len() > 1 => {
                self.ir.add(Node::InSet(typed.node, set))
            }
            _ => self.or(equal.iter().map(|part| part.node).collect()),
        };
        Some(Typed::new(node, Type::Bool).nullable(nullable))
    }

    /// The constants of a list in one order, each once, so that equal lists are equal nodes.
    fn constants(&self, typed: &Typed, items: &[Typed]) -> Option<Vec<Value>> {
        let mut nodes: Vec<NodeId> = items.iter().map(|item| item.node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let constant = |node: NodeId| match self.ir.node(node) {
            Node::Constant(value) if value.ty() == typed.ty => Some(value.clone()),
            _ => None,
        };
        nodes.into_iter().map(constant).collect()
    }

    pub(super) fn is(
        &mut self,
        expr: &Expr,
        negated: bool,
        value: &Expr,
        test: &IsTest,
        ignoring_case: bool,
        context: Context<'_>,
    ) -> Option<Typed> {
        let node = match test {
            IsTest::Known => {
                let typed = self.value_or_condition(value, context)?;
                self.ir.add(Node::IsKnown(typed.node))
            }
            IsTest::Value(other) => {
                let (a, b) = (self.value(value, context), self.value(other, context));
                let equal = self.compare(CompareOp::Equal, (&a?, value), (&b?, other), ignoring_case, expr.span)?;
                self.ir.add(Node::IsTrue(equal.node))
            }
            IsTest::In(list) => {
                let any = self.any_of(expr.span, value, list, ignoring_case, context)?;
                self.ir.add(Node::IsTrue(any.node))
            }
        };
        let node = if negated { self.ir.add(Node::Not(node)) } else { node };
        Some(Typed::new(node, Type::Bool))
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one form")]
    pub(super) fn text_test(
        &mut self,
        expr: &Expr,
        negated: bool,
        op: TextOp,
        value: &Expr,
        pattern: &Expr,
        ignoring_case: bool,
        context: Context<'_>,
    ) -> Option<Typed> {
        let (typed, sought) = (self.value(value, context), self.value(pattern, context));
        let (typed, sought) = (typed?, sought?);
        if typed.ty == Type::TextList && op == TextOp::Contains {
            let any = self.contains(&typed, &[(sought, pattern)], 1, ignoring_case)?;
            return Some(self.negated(negated, any, expr, context));
        }
        for (typed, written) in [(&typed, value), (&sought, pattern)] {
            if typed.ty != Type::Text {
                let message = format!("this tests text, and here is a {}", typed.ty);
                let diagnostic = Diagnostic::new(Code::TypeMismatch, written.span, message);
                return self.fail(super::advice::in_quotes(diagnostic, written));
            }
        }
        let nullable = typed.nullable || sought.nullable;
        let (text, sought) = match (op, ignoring_case) {
            (TextOp::Matches, true) => (typed.node, self.case_insensitive(sought.node, pattern)?),
            (_, true) => (self.folded(typed.node), self.folded(sought.node)),
            (_, false) => (typed.node, sought.node),
        };
        if op == TextOp::Matches {
            self.valid_pattern(sought, pattern)?;
        }
        let node = self.ir.add(Node::TextTest(op, text, sought));
        let test = Typed::new(node, Type::Bool).nullable(nullable);
        Some(self.negated(negated, test, expr, context))
    }

    /// A regular expression ignores case by its own flag: folding it would change its classes (`\S` and `\s`).
    fn case_insensitive(&mut self, pattern: NodeId, written: &Expr) -> Option<NodeId> {
        let Node::Constant(Value::Text(text)) = self.ir.node(pattern) else {
            let message = "a pattern that ignores case must be written out";
            let help = "write it in quotes, or use `contains … ignoring case`";
            return self.fail(Diagnostic::new(Code::BadArgument, written.span, message).help(help));
        };
        let text = format!("(?i){text}");
        Some(self.ir.add(Node::Constant(Value::Text(text))))
    }

    fn valid_pattern(&mut self, pattern: NodeId, written: &Expr) -> Option<()> {
        let Node::Constant(Value::Text(text)) = self.ir.node(pattern) else { return Some(()) };
        let Err(error) = regex::Regex::new(text) else { return Some(()) };
        let (message, reason) = match &error {
            regex::Error::CompiledTooBig(_) => ("this pattern is too large", "it repeats too much".to_owned()),
            error => {
                let reason = error.to_string().lines().last().unwrap_or_default().trim().to_owned();
                ("this is not a regular expression", reason.strip_prefix("error: ").unwrap_or(&reason).to_owned())
            }
        };
        let help = "`contains`, `starts with` and `like` need no regular expression";
        self.fail(Diagnostic::new(Code::BadPattern, written.span, message).label(reason).help(help))
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one form")]
    pub(super) fn list_test(
        &mut self,
        expr: &Expr,
        negated: bool,
        quantity: ListQuantity,
        value: &Expr,
        candidates: &[Expr],
        ignoring_case: bool,
        context: Context<'_>,
    ) -> Option<Typed> {
        let list = self.value(value, context);
        let sought: Vec<Option<Typed>> = candidates.iter().map(|item| self.value(item, context)).collect();
        let list = list?;
        let sought = sought.into_iter().collect::<Option<Vec<_>>>()?;
        if list.ty != Type::TextList {
            let message = format!("a list is expected here, and this is a {}", list.ty);
            let diagnostic = Diagnostic::new(Code::TypeMismatch, value.span, message);
            let help = "one value is tested by `in (…)`, a text by `contains '…'`";
            return self.fail(diagnostic.help(help));
        }
        let written: Vec<(Typed, &Expr)> = sought.into_iter().zip(candidates).collect();
        let test = match quantity {
            ListQuantity::Any => self.contains(&list, &written, 1, ignoring_case)?,
            ListQuantity::All => self.contains_each(&list, &written, ignoring_case)?,
            ListQuantity::None => {
                let any = self.contains(&list, &written, 1, ignoring_case)?;
                self.negated(true, any, expr, context)
            }
            ListQuantity::AtLeast(count) => self.contains(&list, &written, count, ignoring_case)?,
        };
        Some(self.negated(negated, test, expr, context))
    }

    /// One test for each candidate: how many distinct ones there are is not always known before.
    fn contains_each(&mut self, list: &Typed, sought: &[(Typed, &Expr)], ignoring_case: bool) -> Option<Typed> {
        let tests: Vec<Option<Typed>> =
            sought.iter().map(|one| self.contains(list, std::slice::from_ref(one), 1, ignoring_case)).collect();
        let tests = tests.into_iter().collect::<Option<Vec<_>>>()?;
        let nullable = tests.iter().any(|test| test.nullable);
        let node = self.and(tests.iter().map(|test| test.node))?;
        Some(Typed::new(node, Type::Bool).nullable(nullable))
    }

    fn contains(
        &mut self,
        list: &Typed,
        sought: &[(Typed, &Expr)],
        at_least: u32,
        ignoring_case: bool,
    ) -> Option<Typed> {
        let mut nullable = list.nullable;
        let mut candidates = Vec::new();
        for (typed, written) in sought {
            if typed.ty != Type::Text {
                let message = format!("the list holds text, and this is a {}", typed.ty);
                let diagnostic = Diagnostic::new(Code::TypeMismatch, written.span, message);
                return self.fail(super::advice::in_quotes(diagnostic, written));
            }
            nullable |= typed.nullable;
            candidates.push(if ignoring_case { self.folded(typed.node) } else { typed.node });
        }
        candidates.sort_unstable();
        candidates.dedup();
        let list = if ignoring_case { self.ir.add(Node::FoldCaseList(list.node)) } else { list.node };
        let node = self.ir.add(Node::ListContains { list, candidates, at_least });
        Some(Typed::new(node, Type::Bool).nullable(nullable))
    }

    /// The unit of several alternatives, or an error.
    pub(super) fn one_unit(&mut self, of: &[(Typed, Span)]) -> Option<Units> {
        let mut unit = Units::Literal;
        for (typed, span) in of {
            unit = match unit.meet(&typed.unit) {
                Some(unit) => unit,
                None => {
                    let message = format!("{} is mixed with {unit}", typed.unit);
                    let help = "choose among amounts of one unit";
                    return self.fail(Diagnostic::new(Code::UnitMismatch, *span, message).help(help));
                }
            };
        }
        Some(unit)
    }
}

fn has_length(duration: Duration) -> bool {
    !matches!(duration.unit, Unit::Month | Unit::Quarter | Unit::Year)
}
