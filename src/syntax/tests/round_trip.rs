//! `parse(print(tree)) == tree` for every tree that can be read, and printing is idempotent.

use chrono::{FixedOffset, NaiveDate, TimeZone};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::parse;
use crate::source::{FileId, Span};
use crate::syntax::ast::*;
use crate::syntax::print;

fn place() -> Span {
    Span::new(FileId(0), 0, 0)
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: place() }
}

fn boxed(expr: Expr) -> Box<Expr> {
    Box::new(expr)
}

fn ident() -> impl Strategy<Value = Ident> {
    let plain = "[a-z_][a-z0-9_]{0,6}";
    let awkward = prop::sample::select(vec![
        "and",
        "OVER",
        "now",
        "today",
        "true",
        "null",
        "known",
        "unknown",
        "distinct",
        "any",
        "last",
        "top",
        "sum",
        "in",
        "file",
        "segment",
        "anniversary",
        "at",
        "Jumlah Beli",
        "2026",
        "a.b",
        "é",
        "顧客",
        "d",
        "since",
        "this",
        "have",
        "percentile",
        "score",
        "bottom",
        "quintile",
        "sample",
        "per",
        "sequence",
        "then",
        "never",
        "Never",
        "as",
        "least",
        "it's",
        "--",
        "x\"y",
    ]);
    prop_oneof![3 => plain.prop_map(String::from), 1 => awkward.prop_map(String::from)]
        .prop_map(|text| Ident { text, span: place() })
}

fn path() -> impl Strategy<Value = Path> {
    vec(ident(), 1..3).prop_map(|parts| Path { parts })
}

fn unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(vec![Unit::Minute, Unit::Hour, Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year])
}

fn duration() -> impl Strategy<Value = Duration> {
    (any::<u32>(), unit()).prop_map(|(count, unit)| Duration { count, unit })
}

fn period() -> impl Strategy<Value = Period> {
    prop::sample::select(vec![Period::Day, Period::Week, Period::Month, Period::Quarter, Period::Year])
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (0..i64::MAX, 0..12u32).prop_map(|(digits, scale)| Decimal::new(digits, scale))
}

fn moment() -> impl Strategy<Value = Literal> {
    let day = (1000..9999i32, 1..366u32).prop_map(|(year, day)| NaiveDate::from_yo_opt(year, day).unwrap());
    let local = (day.clone(), 0..86_400u32, prop_oneof![Just(0), Just(250_000), 0..1_000_000u32]).prop_map(
        |(day, second, micro)| day.and_hms_micro_opt(second / 3600, second / 60 % 60, second % 60, micro).unwrap(),
    );
    let instant = (local.clone(), -14 * 60..14 * 60i32).prop_map(|(local, minutes)| {
        Literal::Instant(FixedOffset::east_opt(minutes * 60).unwrap().from_local_datetime(&local).unwrap())
    });
    prop_oneof![day.prop_map(Literal::Date), local.prop_map(Literal::Local), instant]
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<bool>().prop_map(Literal::Bool),
        decimal().prop_map(Literal::Number),
        decimal().prop_map(Literal::Percent),
        "[a-zA-Z '\"`%\\\\()é-]{0,8}".prop_map(Literal::Text),
        moment(),
        duration().prop_map(Literal::Duration),
    ]
}

fn window() -> impl Strategy<Value = Window> {
    let point = || moment().prop_map(|literal| TimePoint { literal, span: place() });
    prop_oneof![
        duration().prop_map(Window::Rolling),
        duration().prop_map(Window::Previous),
        (duration(), duration()).prop_map(|(length, ago)| Window::Ending { length, ago }),
        period().prop_map(Window::ToDate),
        period().prop_map(Window::Last),
        period().prop_map(Window::PreviousToDate),
        (option::of(point()), option::of(point()))
            .prop_filter("one end at least", |(from, to)| from.is_some() || to.is_some())
            .prop_map(|(from, to)| Window::Absolute { from, to }),
    ]
}

/// Chains never hold chains of their own kind, as in everything that is read.
fn chain(parts: Vec<Expr>, wrap: fn(Vec<Expr>) -> ExprKind) -> Expr {
    let mut flat = Vec::new();
    let empty = std::mem::discriminant(&wrap(Vec::new()));
    for part in parts {
        match part.kind {
            ExprKind::And(inner) | ExprKind::Or(inner) if std::mem::discriminant(&wrap(inner.clone())) == empty => {
                // A chain of the other word stays a part; one of the same word is taken apart.
                flat.push((inner, part.span));
            }
            kind => flat.push((vec![expr(kind)], part.span)),
        }
    }
    expr(wrap(flat.into_iter().flat_map(|(inner, _)| inner).collect()))
}

fn condition() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        literal().prop_map(|literal| expr(ExprKind::Literal(literal))),
        path().prop_map(|path| expr(ExprKind::Name(path))),
        Just(expr(ExprKind::Now)),
        Just(expr(ExprKind::Today)),
        duration().prop_map(|duration| expr(ExprKind::Ago(duration))),
        (any::<bool>(), path()).prop_map(|(negated, segment)| expr(ExprKind::InSegment { negated, segment })),
        (share(), "[a-z '\"`-]{1,6}").prop_map(|(share, salt)| expr(ExprKind::Sample { share, salt })),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![3 => logic(inner.clone()), 3 => tests(inner.clone()), 3 => values(inner.clone()), 2 => ranks(inner)]
    })
}

type Inner = BoxedStrategy<Expr>;

fn logic(inner: Inner) -> impl Strategy<Value = Expr> {
    prop_oneof![
        vec(inner.clone(), 2..4).prop_map(|parts| chain(parts, ExprKind::And)),
        vec(inner.clone(), 2..4).prop_map(|parts| chain(parts, ExprKind::Or)),
        inner.clone().prop_map(|part| expr(ExprKind::Not(boxed(part)))),
        inner.clone().prop_map(|part| expr(ExprKind::Negate(boxed(part)))),
        (inner.clone(), any::<bool>(), vec((any::<bool>(), inner), 1..3)).prop_map(|(first, additive, rest)| {
            let op = |second: bool| match (additive, second) {
                (true, false) => ArithmeticOp::Add,
                (true, true) => ArithmeticOp::Subtract,
                (false, false) => ArithmeticOp::Multiply,
                (false, true) => ArithmeticOp::Divide,
            };
            let mut chain: Vec<_> = rest.into_iter().map(|(second, operand)| (op(second), operand)).collect();
            let same = |op: ArithmeticOp| matches!(op, ArithmeticOp::Add | ArithmeticOp::Subtract) == additive;
            match first.kind {
                ExprKind::Arithmetic { first, rest } if same(rest[0].0) => {
                    let rest = rest.into_iter().chain(chain.drain(..)).collect();
                    expr(ExprKind::Arithmetic { first, rest })
                }
                kind => expr(ExprKind::Arithmetic { first: boxed(expr(kind)), rest: chain }),
            }
        }),
    ]
}

fn tests(inner: Inner) -> impl Strategy<Value = Expr> {
    let op = prop::sample::select(vec![
        CompareOp::Equal,
        CompareOp::NotEqual,
        CompareOp::Less,
        CompareOp::LessOrEqual,
        CompareOp::Greater,
        CompareOp::GreaterOrEqual,
    ]);
    let text_op = prop::sample::select(vec![
        TextOp::Contains,
        TextOp::StartsWith,
        TextOp::EndsWith,
        TextOp::Like,
        TextOp::Matches,
    ]);
    let quantity = prop_oneof![
        Just(ListQuantity::Any),
        Just(ListQuantity::All),
        Just(ListQuantity::None),
        any::<u32>().prop_map(ListQuantity::AtLeast),
    ];
    let is_test = prop_oneof![
        Just((IsTest::Known, false)),
        (inner.clone(), any::<bool>()).prop_map(|(value, case)| (IsTest::Value(boxed(value)), case)),
        (vec(inner.clone(), 1..3), any::<bool>()).prop_map(|(list, case)| (IsTest::In(list), case)),
    ];
    let direction = prop::sample::select(vec![Direction::Next, Direction::Last]);
    let (yes, one) = (any::<bool>(), inner.clone());
    let list = vec(inner.clone(), 1..3);
    prop_oneof![
        (op, one.clone(), inner.clone(), yes).prop_map(|(op, left, right, case)| {
            let ignoring_case = case && matches!(op, CompareOp::Equal | CompareOp::NotEqual);
            expr(ExprKind::Compare { op, left: boxed(left), right: boxed(right), ignoring_case })
        }),
        (yes, one.clone(), one.clone(), one.clone()).prop_map(|(negated, value, low, high)| {
            expr(ExprKind::Between { negated, value: boxed(value), low: boxed(low), high: boxed(high) })
        }),
        (yes, one.clone(), list.clone(), yes).prop_map(|(negated, value, list, ignoring_case)| {
            expr(ExprKind::InList { negated, value: boxed(value), list, ignoring_case })
        }),
        (yes, one.clone(), is_test).prop_map(|(negated, value, (test, ignoring_case))| {
            expr(ExprKind::Is { negated, value: boxed(value), test, ignoring_case })
        }),
        (yes, text_op, one.clone(), inner.clone(), yes).prop_map(|(negated, op, value, pattern, ignoring_case)| {
            let (value, pattern) = (boxed(value), boxed(pattern));
            expr(ExprKind::TextTest { negated, op, value, pattern, ignoring_case })
        }),
        (yes, quantity, one.clone(), list, yes).prop_map(|(negated, quantity, value, candidates, ignoring_case)| {
            expr(ExprKind::ListTest { negated, quantity, value: boxed(value), candidates, ignoring_case })
        }),
        (yes, yes, one, direction, duration()).prop_map(|(negated, anniversary, value, direction, span)| {
            // `within` behind a sequence is the sequence's, never a test of a date.
            let sequence = matches!(value.kind, ExprKind::Sequence(_));
            let value = if sequence { expr(ExprKind::Today) } else { value };
            expr(ExprKind::Within { negated, anniversary, value: boxed(value), direction, span })
        }),
    ]
}

/// Above 0 and at most 100.
fn share() -> impl Strategy<Value = Decimal> {
    (1..=1_000_000_000i64).prop_map(|digits| Decimal::new(digits, 7))
}

fn ranks(inner: Inner) -> impl Strategy<Value = Expr> {
    let population = (option::of(inner.clone()), option::of(inner.clone()))
        .prop_map(|(among, per)| Population { among, per })
        .boxed();
    let function = prop_oneof![
        prop::sample::select(vec![1, 4, 5, 6, 10, 1000]).prop_map(RankFunction::Tile),
        (1..=1000u32).prop_map(RankFunction::Score),
        Just(RankFunction::PercentRank),
        share().prop_map(RankFunction::Percentile),
    ];
    let count = prop_oneof![(1..=u64::MAX).prop_map(TopCount::Number), share().prop_map(TopCount::Percent)];
    let (yes, file) = (any::<bool>(), "[a-z/' ]{0,6}[a-z]".prop_map(|path| FileName { path, span: place() }));
    prop_oneof![
        (function, inner.clone(), population.clone()).prop_map(|(function, by, population)| {
            // Over everybody it is read as one over the rows of a group.
            let alone = matches!(function, RankFunction::Percentile(_)) && population == Population::default();
            let function = if alone { RankFunction::PercentRank } else { function };
            expr(ExprKind::Ranked(Box::new(Ranked { function, function_span: place(), by, population })))
        }),
        (yes, count, inner.clone(), population).prop_map(|(bottom, count, by, population)| {
            expr(ExprKind::Top(Box::new(Top { bottom, count, by, population })))
        }),
        (yes, option::of(inner), file, yes).prop_map(|(negated, value, file, ignoring_case)| {
            expr(ExprKind::InFile { negated, value: value.map(boxed), file, ignoring_case })
        }),
    ]
}

fn values(inner: Inner) -> impl Strategy<Value = Expr> {
    let function = prop::sample::select(vec!["abs", "round", "day", "coalesce", "least", "anything", "weekday"]);
    let aggregate = prop_oneof![
        prop::sample::select(vec![
            AggregateFunction::Sum,
            AggregateFunction::Avg,
            AggregateFunction::Min,
            AggregateFunction::Max,
            AggregateFunction::Median,
            AggregateFunction::Stddev,
            AggregateFunction::First,
            AggregateFunction::Last,
            AggregateFunction::Mode,
            AggregateFunction::ModeShare,
        ]),
        decimal().prop_map(AggregateFunction::Percentile),
    ];
    // A window at the end of a filter is taken for the rows' own when they have none: that is reported, so it is left out.
    let windowed = |filter: &Expr| [" over ", " since ", " until "].iter().any(|word| print(filter).contains(word));
    let rows = (ident(), option::of(window()), option::of(inner.clone()))
        .prop_map(move |(table, window, filter)| {
            let filter = filter.filter(|filter| window.is_some() || !windowed(filter));
            Rows { table, window, filter }
        })
        .boxed();
    let group = option::of(inner.clone()).prop_map(|filter| RowsOf::Group { filter });
    let rows_of = prop_oneof![2 => rows.clone().prop_map(RowsOf::Table), 1 => group].boxed();
    let metric = path().prop_map(|path| boxed(expr(ExprKind::Name(path)))).boxed();
    prop_oneof![
        (function, vec(inner.clone(), 0..3)).prop_map(|(function, arguments)| {
            expr(ExprKind::Call { function: Ident { text: function.to_owned(), span: place() }, arguments })
        }),
        (metric.clone(), window()).prop_map(|(metric, window)| expr(ExprKind::Windowed { metric, window })),
        (metric.clone(), inner.clone())
            .prop_map(|(metric, filter)| expr(ExprKind::Filtered { metric, filter: boxed(filter) })),
        (metric, inner.clone(), window(), any::<bool>()).prop_map(|(metric, filter, window, filter_last)| {
            let filter = boxed(filter);
            if filter_last {
                let metric = boxed(expr(ExprKind::Windowed { metric, window }));
                expr(ExprKind::Filtered { metric, filter })
            } else {
                let metric = boxed(expr(ExprKind::Filtered { metric, filter }));
                expr(ExprKind::Windowed { metric, window })
            }
        }),
        (aggregate, inner.clone(), rows_of.clone()).prop_map(|(function, argument, rows)| aggregated(
            function,
            false,
            Some(argument),
            rows
        )),
        (option::of(inner.clone()), any::<bool>(), rows_of).prop_map(|(argument, distinct, rows)| {
            let distinct = distinct && argument.is_some();
            // `count(x)` counts the rows of a table `x` until the columns of a group are known.
            let table = matches!(rows, RowsOf::Group { .. }) && !distinct && argument.as_ref().is_some_and(is_name);
            let argument = if table { None } else { argument };
            aggregated(AggregateFunction::Count, distinct, argument, rows)
        }),
        sequence(rows.clone()),
        (0..3, inner, rows).prop_map(|(which, have, rows)| {
            let (quantifier, have) = match which {
                0 => (Quantifier::Any, None),
                1 => (Quantifier::None, None),
                _ => (Quantifier::Every, Some(have)),
            };
            expr(ExprKind::Quantified(Box::new(Quantified { quantifier, rows, have })))
        }),
    ]
}

/// Whether it is written as a table's name could be, perhaps with a window.
fn is_name(argument: &Expr) -> bool {
    match &argument.kind {
        ExprKind::Name(path) => path.parts.len() == 1,
        ExprKind::Windowed { metric, .. } => is_name(metric),
        ExprKind::Now | ExprKind::Today | ExprKind::Literal(Literal::Bool(_)) => true,
        _ => false,
    }
}

fn sequence(rows: BoxedStrategy<Rows>) -> impl Strategy<Value = Expr> {
    let step = (any::<bool>(), option::of(duration()), option::of(ident()), rows);
    (vec(step, 2..5), option::of(window()), option::of(duration())).prop_map(|(parts, window, within)| {
        let mut names: Vec<String> = Vec::new();
        let mut steps = Vec::new();
        for (never, within, name, rows) in parts {
            let first = steps.is_empty();
            let (never, within) = (never && !first, within.filter(|_| !first));
            let name = name.filter(|name| !never && !names.contains(&name.text));
            names.extend(name.iter().map(|name| name.text.clone()));
            steps.push(Step { never, within, name, rows });
        }
        expr(ExprKind::Sequence(Box::new(Sequence { steps, window, within })))
    })
}

fn aggregated(function: AggregateFunction, distinct: bool, argument: Option<Expr>, rows: RowsOf) -> Expr {
    expr(ExprKind::Aggregate(Box::new(Aggregate { function, function_span: place(), distinct, argument, rows })))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_is_read_as_the_same_tree(tree in condition()) {
        let printed = print(&tree);
        let (again, found) = parse(&printed);
        prop_assert_eq!(&found, &[], "{}", printed);
        prop_assert_eq!(&again, &tree, "{}", printed);
        prop_assert_eq!(print(&again), printed);
    }
}
