//! Nothing that the language can say is without an explanation that somebody has read: a form that no snapshot shows fails here.

use std::collections::BTreeSet;

use super::{Language, compiled, forms, rules, whole};
use crate::check::FUNCTIONS;
use crate::explain::say::{Say, said_so_far};
use crate::explain::{Explainer, text};
use crate::syntax::ast::{
    AggregateFunction, Expr, ExprKind, IsTest, ListQuantity, Literal, Period, RankFunction, RowsOf, TextOp, Window,
};
use crate::syntax::walk;
use crate::{Project, Schemas};

/// The names of the forms that an expression is, without those inside it. Every form is named, with nothing left to a default.
fn forms_of(expr: &Expr) -> Vec<String> {
    let one = |name: &str| vec![name.to_owned()];
    match &expr.kind {
        ExprKind::Literal(literal) => one(match literal {
            Literal::Bool(_) => "bool",
            Literal::Number(_) => "number",
            Literal::Percent(_) => "percent",
            Literal::Text(_) => "text",
            Literal::Date(_) => "date",
            Literal::Local(_) => "local",
            Literal::Instant(_) => "instant",
            Literal::Duration(_) => "duration",
        }),
        ExprKind::Name(path) => one(if path.parts.len() > 1 { "path" } else { "name" }),
        ExprKind::Now => one("now"),
        ExprKind::Today => one("today"),
        ExprKind::Ago(_) => one("ago"),
        ExprKind::And(_) => one("and"),
        ExprKind::Or(_) => one("or"),
        ExprKind::Not(_) => one("not"),
        ExprKind::Negate(_) => one("negate"),
        ExprKind::Arithmetic { rest, .. } => rest.iter().map(|(op, _)| op.symbol().to_owned()).collect(),
        ExprKind::Compare { op, .. } => one(op.symbol()),
        ExprKind::Between { negated, .. } => vec![format!("between {negated}")],
        ExprKind::InList { negated, .. } => vec![format!("in {negated}")],
        ExprKind::Is { negated, test, .. } => {
            let test = match test {
                IsTest::Known => "known",
                IsTest::Value(_) => "value",
                IsTest::In(_) => "in",
            };
            vec![format!("is {test} {negated}")]
        }
        ExprKind::TextTest { negated, op, .. } => {
            let op = match op {
                TextOp::Contains => "contains",
                TextOp::StartsWith => "starts",
                TextOp::EndsWith => "ends",
                TextOp::Like => "like",
                TextOp::Matches => "matches",
            };
            vec![format!("{op} {negated}")]
        }
        ExprKind::ListTest { negated, quantity, .. } => {
            let quantity = match quantity {
                ListQuantity::Any => "any of",
                ListQuantity::All => "all of",
                ListQuantity::None => "none of",
                ListQuantity::AtLeast(_) => "at least",
            };
            vec![format!("{quantity} {negated}")]
        }
        ExprKind::Within { negated, anniversary, direction, .. } => {
            let mut forms = vec![format!("within {direction:?} {negated}")];
            forms.extend(anniversary.then(|| "anniversary".to_owned()));
            forms
        }
        ExprKind::Call { function, .. } => vec![format!("call {}", function.text)],
        ExprKind::Windowed { window, .. } => window_form(window),
        ExprKind::Filtered { .. } => one("filtered"),
        ExprKind::Aggregate(aggregate) => {
            let mut forms = vec![match aggregate.function {
                AggregateFunction::Count if aggregate.distinct => "count distinct".to_owned(),
                AggregateFunction::Count if aggregate.argument.is_none() => "count rows".to_owned(),
                AggregateFunction::Percentile(_) => "percentile of rows".to_owned(),
                function => format!("{} of rows", function.word()),
            }];
            match &aggregate.rows {
                RowsOf::Table(rows) => forms.extend(rows.window.iter().flat_map(window_form)),
                RowsOf::Group { .. } => forms.push("group".to_owned()),
            }
            forms
        }
        ExprKind::Quantified(quantified) => one(quantified.quantifier.word()),
        ExprKind::Sequence(sequence) => {
            let step = |step: &crate::syntax::ast::Step| {
                format!("step never {} within {} named {}", step.never, step.within.is_some(), step.name.is_some())
            };
            let whole = format!("sequence over {} within {}", sequence.window.is_some(), sequence.within.is_some());
            std::iter::once(whole).chain(sequence.steps.iter().map(step)).collect()
        }
        ExprKind::InSegment { negated, .. } => vec![format!("in segment {negated}")],
        ExprKind::InFile { negated, value, .. } => vec![format!("in file {negated} of value {}", value.is_some())],
        ExprKind::Ranked(ranked) => one(match ranked.function {
            RankFunction::Tile(_) => "tile",
            RankFunction::Score(_) => "score",
            RankFunction::PercentRank => "percent_rank",
            RankFunction::Percentile(_) => "percentile of subjects",
        }),
        ExprKind::Top(top) => {
            let mut forms = vec![format!(
                "top bottom {} {}",
                top.bottom,
                matches!(top.count, crate::syntax::ast::TopCount::Percent(_))
            )];
            forms.extend(top.population.per.is_some().then(|| "per".to_owned()));
            forms
        }
        ExprKind::Sample { .. } => one("sample"),
        // Has been reported, and is not explained.
        ExprKind::Error => Vec::new(),
    }
}

fn window_form(window: &Window) -> Vec<String> {
    let period = |name: &str, period: &Period| format!("{name} {period:?}");
    vec![match window {
        Window::Rolling(_) => "rolling".to_owned(),
        Window::Previous(_) => "previous".to_owned(),
        Window::Ending { .. } => "ending".to_owned(),
        Window::ToDate(of) => period("this", of),
        Window::Last(of) => period("last", of),
        Window::PreviousToDate(of) => period("previous to date", of),
        Window::Absolute { from, to } => format!("absolute {} {}", from.is_some(), to.is_some()),
    }]
}

/// Every name that the functions above can give.
fn expected() -> Vec<String> {
    let words = "bool number percent text date local instant duration name path now today ago and or not negate + - * / = != < <= \
                 > >= anniversary filtered group any none every tile score percent_rank sample per";
    let mut all: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    for form in [
        "between",
        "in",
        "is known",
        "is value",
        "is in",
        "contains",
        "starts",
        "ends",
        "like",
        "matches",
        "any of",
        "all of",
        "none of",
        "at least",
        "within Next",
        "within Last",
        "in segment",
    ] {
        all.extend([true, false].map(|negated| format!("{form} {negated}")));
    }
    all.extend(["top bottom", "in file"].iter().flat_map(|form| {
        let of = if *form == "in file" { " of value" } else { "" };
        [(true, true), (true, false), (false, true), (false, false)]
            .map(|(one, other)| format!("{form} {one}{of} {other}"))
    }));
    all.extend(FUNCTIONS.iter().map(|function| format!("call {function}")));
    all.extend(["count distinct", "count rows", "percentile of rows", "percentile of subjects"].map(str::to_owned));
    for function in ["count", "sum", "avg", "min", "max", "median", "stddev", "first", "last", "mode", "mode_share"] {
        all.push(format!("{function} of rows"));
    }
    all.extend(
        ["rolling", "previous", "ending", "absolute true true", "absolute true false", "absolute false true"]
            .map(str::to_owned),
    );
    all.extend(["this Year", "last Year"].map(str::to_owned));
    for (over, within) in [(true, true), (true, false), (false, true), (false, false)] {
        all.push(format!("sequence over {over} within {within}"));
        all.push(format!("step never {over} within {within} named false"));
    }
    all.push("step never false within false named true".to_owned());
    all
}

/// Everything that is shown: the conditions of `forms`, and the project of `whole`.
fn shown() -> (Project, Project) {
    let conditions: Vec<&str> = forms::ALL.iter().flat_map(|group| group.iter().copied()).collect();
    let names: Vec<String> = (0..conditions.len()).map(|at| format!("s{at}")).collect();
    let mut segments: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(conditions).collect();
    segments.push(("regulars", "visits_90d > 3"));
    (super::project(&rules(&segments)), whole::shop())
}

#[test]
fn every_form_is_shown() {
    let (forms, whole) = shown();
    let mut found = BTreeSet::new();
    for project in [&forms, &whole] {
        let mut see = |expr: &Expr| walk(expr, &mut |inner: &Expr| found.extend(forms_of(inner)));
        let catalog = project.catalog().expect("there is one");
        catalog.attributes.iter().for_each(|def| see(&def.is));
        catalog.metrics.iter().for_each(|def| see(&def.is));
        for def in &catalog.tables {
            if let crate::catalog::model::TableKind::Derived(derived) = &def.kind {
                derived.columns.iter().for_each(|(_, is)| see(is));
            }
        }
        project.rules().iter().flat_map(|file| &file.segments).for_each(|def| see(&def.when));
    }
    let missing: Vec<String> = expected().into_iter().filter(|form| !found.contains(form)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

/// Words that no explanation says have not been read by anybody.
#[test]
fn everything_that_can_be_said_is_said() {
    let (forms, whole) = shown();
    let lives = super::lives::all();
    let frozen = super::whole::frozen();
    let days = super::whole::days();
    let active = super::whole::active();
    let kept = super::whole::kept();
    for project in [&forms, &whole, &lives, &frozen, &days, &active, &kept] {
        let ir = compiled(project, &Schemas::new());
        let explainer = Explainer::new(project.catalog().expect("there is one"), project.rules(), &ir);
        let explainer = explainer.with_cut_points(project.cut_points());
        for segment in explainer.segments() {
            for language in Language::ALL {
                let explanation = explainer.explain(segment, language).expect("it is there");
                assert!(!text(&explanation).is_empty());
            }
        }
    }
    let said = said_so_far();
    let missing: Vec<&Say> = Say::ALL.iter().filter(|say| !said.contains(say)).collect();
    assert_eq!(missing, Vec::<&Say>::new());
}
