//! All expressions inside an expression.
//!
//! Every form names its parts here, with nothing left to a default, so that a new form cannot be passed over.

use super::ast::{Expr, ExprKind, FileName, IsTest, Population, RowsOf};

/// Visits an expression and everything in it, each before its parts, these in the order in which they are written.
pub fn walk<'e>(expr: &'e Expr, visit: &mut impl FnMut(&'e Expr)) {
    let mut waiting = vec![expr];
    let mut inside = Vec::new();
    while let Some(next) = waiting.pop() {
        visit(next);
        parts(next, &mut inside);
        waiting.extend(inside.drain(..).rev());
    }
}

/// The files of values that an expression names.
pub fn files_named<'e>(expr: &'e Expr, found: &mut Vec<&'e FileName>) {
    walk(expr, &mut |inner| {
        if let ExprKind::InFile { file, .. } = &inner.kind {
            found.push(file);
        }
    });
}

/// The expressions of which one is made, in the order in which they are written.
pub fn parts<'e>(expr: &'e Expr, found: &mut Vec<&'e Expr>) {
    match &expr.kind {
        ExprKind::Literal(_)
        | ExprKind::Name(_)
        | ExprKind::Now
        | ExprKind::Today
        | ExprKind::Ago(_)
        | ExprKind::InSegment { .. }
        | ExprKind::Sample { .. }
        | ExprKind::Error => {}
        ExprKind::And(of) | ExprKind::Or(of) | ExprKind::Call { arguments: of, .. } => found.extend(of),
        ExprKind::Not(of)
        | ExprKind::Negate(of)
        | ExprKind::Within { value: of, .. }
        | ExprKind::Windowed { metric: of, .. } => found.push(of),
        ExprKind::Arithmetic { first, rest } => {
            found.push(first);
            found.extend(rest.iter().map(|(_, operand)| operand));
        }
        ExprKind::Compare { left, right, .. } => found.extend([&**left, &**right]),
        ExprKind::Between { value, low, high, .. } => found.extend([&**value, &**low, &**high]),
        ExprKind::InList { value, list, .. } | ExprKind::ListTest { value, candidates: list, .. } => {
            found.push(value);
            found.extend(list);
        }
        ExprKind::Is { value, test, .. } => {
            found.push(value);
            match test {
                IsTest::Known => {}
                IsTest::Value(other) => found.push(other),
                IsTest::In(list) => found.extend(list),
            }
        }
        ExprKind::TextTest { value, pattern, .. } => found.extend([&**value, &**pattern]),
        ExprKind::Filtered { metric, filter } => found.extend([&**metric, &**filter]),
        ExprKind::Aggregate(aggregate) => {
            let (RowsOf::Table(super::ast::Rows { filter, .. }) | RowsOf::Group { filter }) = &aggregate.rows;
            found.extend(aggregate.argument.iter().chain(filter));
        }
        ExprKind::Quantified(quantified) => found.extend(quantified.rows.filter.iter().chain(&quantified.have)),
        ExprKind::Sequence(sequence) => {
            found.extend(sequence.steps.iter().filter_map(|step| step.rows.filter.as_ref()))
        }
        ExprKind::InFile { value, .. } => found.extend(value.as_deref()),
        ExprKind::Ranked(ranked) => {
            found.push(&ranked.by);
            of_population(&ranked.population, found);
        }
        ExprKind::Top(top) => {
            found.push(&top.by);
            of_population(&top.population, found);
        }
    }
}

fn of_population<'e>(population: &'e Population, found: &mut Vec<&'e Expr>) {
    found.extend(population.among.iter().chain(&population.per));
}

#[cfg(test)]
mod tests {
    use super::walk;
    use crate::source::{FileId, Text};
    use crate::syntax::ast::{Expr, ExprKind};
    use crate::syntax::parse_expression;

    fn names(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        let expr = parse_expression(&Text::verbatim(FileId(0), 0, text), &mut out);
        assert_eq!(out, [], "{text}");
        let mut found = Vec::new();
        walk(&expr, &mut |inner: &Expr| {
            if let ExprKind::Name(path) = &inner.kind {
                found.extend(path.parts.iter().map(|part| part.text.clone()));
            }
        });
        found
    }

    #[test]
    fn everything_inside_is_visited_in_the_order_it_is_written() {
        let all = |letters: &str| letters.chars().map(String::from).collect::<Vec<_>>();
        assert_eq!(names("a + b > 1 and not (c between d and e or -f = 2)"), all("abcdef"));
        assert_eq!(names("a in (b, c) and d contains any of (e, f) and a is b and c is in (d, e)"), all("abcdefabcde"));
        assert_eq!(names("sum(a of t where b = 1) > 0 and any(t where c) and every(t where d have e)"), all("abcde"));
        assert_eq!(names("sequence(t where a then t where b) and c[d = 1] > 0 and round(e) = f"), all("abcdef"));
        assert_eq!(names("a like b and c within next 7 days and (d over 90d) > 1"), all("abcd"));
        assert_eq!(names("in s and true and today > 3d ago"), Vec::<String>::new());
    }

    #[test]
    fn a_deep_expression_needs_no_stack() {
        let mut expr = Expr { kind: ExprKind::Now, span: crate::source::Span::new(FileId(0), 0, 0) };
        for _ in 0..20_000 {
            expr = Expr { span: expr.span, kind: ExprKind::Not(Box::new(expr)) };
        }
        let mut count = 0;
        walk(&expr, &mut |_| count += 1);
        assert_eq!(count, 20_001);
        // Taking it apart is the test's business: dropping it whole would recurse.
        while let ExprKind::Not(inner) = expr.kind {
            expr = *inner;
        }
    }
}
