//! Attributes and metrics: one namespace, each checked once per kind of subject that it is asked about.

use std::rc::Rc;

use super::names::{Suffix, suffix};
use super::typed::{ClosedSet, Typed, Units};
use super::{Checker, Code, Context, Diagnostic, Overlay, Scope, Slot};
use crate::catalog::model::Placed;
use crate::ir::{Node, SubjectId, Type, Value};
use crate::source::Span;
use crate::syntax::ast::Ident;

impl<'a> Checker<'a> {
    /// Registers every attribute and metric, then checks each by itself.
    pub(super) fn definitions(&mut self) {
        let catalog = self.catalog;
        for index in 0..catalog.attributes.len() {
            self.check_attribute(index);
        }
        for index in 0..catalog.metrics.len() {
            self.check_metric(index);
        }
    }

    /// Puts the names into the namespace they share; done before any expression is looked at.
    pub(super) fn register_definitions(&mut self) {
        let catalog = self.catalog;
        for (index, def) in catalog.attributes.iter().enumerate() {
            self.attributes.insert(&def.name.text, index);
        }
        for (index, def) in catalog.metrics.iter().enumerate() {
            if let Some(attribute) = self.attributes.get(def.name.text.as_str()) {
                let other = catalog.attributes[*attribute].name.span;
                let message = format!("`{}` is an attribute already", def.name.text);
                let diagnostic = Diagnostic::new(Code::NameTaken, def.name.span, message);
                self.out.push(diagnostic.also(other, "the attribute").help("give one of them another name"));
            }
            self.metrics.insert(&def.name.text, index);
        }
    }

    /// Reports names that subject columns or lookups have too, and names that suffixes make ambiguous.
    pub(super) fn name_conflicts(&mut self) {
        let catalog = self.catalog;
        let defined: Vec<(&'a Ident, &str, Option<&'a Ident>)> = catalog
            .attributes
            .iter()
            .map(|def| (&def.name, "attribute", def.of.as_ref()))
            .chain(catalog.metrics.iter().map(|def| (&def.name, "metric", None)))
            .collect();
        for (at, kind) in catalog.subjects.iter().enumerate() {
            let Some(table) = self.ir.subjects.get(at).and_then(|subject| subject.table) else { continue };
            let table = self.ir.table(table).clone();
            for (name, what, of) in &defined {
                let elsewhere = of.is_some_and(|of| of.text != kind.name.text);
                let column = table.columns.iter().any(|(column, _)| *column == name.text);
                let lookup = kind.lookups.iter().any(|def| def.name == **name);
                if !elsewhere && (column || lookup) {
                    let other = if column { format!("a column of `{}`", table.name) } else { "a lookup".to_owned() };
                    let message = format!("the {what} `{}` has the name of {other}", name.text);
                    let help = "give it another name; every column of the subject table is an attribute already";
                    self.out.push(Diagnostic::new(Code::NameTaken, name.span, message).help(help));
                }
            }
            for (column, _) in &table.columns {
                self.ambiguous_suffix(column, None, &format!("the column `{column}` of `{}`", table.name));
            }
        }
        for (name, what, _) in defined {
            self.ambiguous_suffix(&name.text, Some(name.span), &format!("the {what} `{}`", name.text));
        }
    }

    fn ambiguous_suffix(&mut self, name: &str, span: Option<Span>, what: &str) {
        let stem = match suffix(name) {
            Some(Suffix::Window(stem, _)) => Some(stem),
            // `spend_prev` beside `spend`: is `spend_prev_90d` the one over 90 days, or the other over the 90 before?
            _ => name.strip_suffix("_prev"),
        };
        let Some(index) = stem.and_then(|stem| self.metrics.get(stem)).copied() else { return };
        let metric = &self.catalog.metrics[index].name;
        let message = format!("{what} could also be read as metric `{}` with a window", metric.text);
        let diagnostic = Diagnostic::new(Code::AmbiguousName, span.unwrap_or(metric.span), message);
        let diagnostic = if span.is_some() { diagnostic.also(metric.span, "the metric") } else { diagnostic };
        self.out.push(diagnostic.help("give one of the two another name"));
    }

    fn kinds(&self) -> impl Iterator<Item = SubjectId> + use<> {
        (0..self.ir.subjects.len() as u32).map(SubjectId)
    }

    fn check_attribute(&mut self, index: usize) {
        let def = &self.catalog.attributes[index];
        if let Some(of) = &def.of {
            if let Some(subject) = self.subject_named(of) {
                if self.attribute_slot(index, subject).is_none() {
                    self.broken.insert(&def.name.text);
                }
            }
            return;
        }
        let fits = self.any_kind(|checker, subject| checker.attribute_slot(index, subject).is_some());
        if !fits {
            self.broken.insert(&def.name.text);
        }
    }

    fn check_metric(&mut self, index: usize) {
        let def = &self.catalog.metrics[index];
        let fits = self.any_kind(|checker, subject| checker.metric_slot(index, subject).is_some());
        if !fits {
            self.broken.insert(&def.name.text);
            return;
        }
        for subject in self.kinds() {
            if let Some(Slot::Done(typed)) = self.metric_slots.get(&(index, subject, None)) {
                self.note_sum(&def.name.text, typed.node);
            }
        }
    }

    /// Remembers a metric that is one lifetime sum: rows of nobody are measured by it.
    fn note_sum(&mut self, name: &str, node: crate::ir::NodeId) {
        let Node::Feature(feature) = self.ir.node(node) else { return };
        let feature = self.ir.feature(*feature);
        if feature.aggregation == crate::ir::Aggregation::Sum && feature.window.is_none() {
            self.ir.sums.push((name.to_owned(), node));
        }
    }

    /// Tries each kind of subject; if none fits, the messages for the first one stand.
    fn any_kind(&mut self, mut fits: impl FnMut(&mut Self, SubjectId) -> bool) -> bool {
        let start = self.out.len();
        let mut first: Option<Vec<Diagnostic>> = None;
        for subject in self.kinds() {
            if fits(self, subject) {
                let kept = self.out.split_off(start);
                self.out.extend(kept.into_iter().filter(|diagnostic| !diagnostic.is_error()));
                return true;
            }
            let said = self.out.split_off(start);
            first.get_or_insert(said);
        }
        self.out.extend(first.unwrap_or_default());
        false
    }

    /// An attribute of a kind of subject, where it is used at `span`.
    pub(super) fn attribute(&mut self, index: usize, subject: SubjectId, span: Span) -> Option<Typed> {
        let def = &self.catalog.attributes[index];
        let wrong = def.of.as_ref().is_some_and(|of| of.text != self.ir.subject(subject).name);
        let start = self.out.len();
        let found = if wrong { None } else { self.attribute_slot(index, subject) };
        found.or_else(|| self.not_of_kind(&def.name, subject, span, start))
    }

    /// A metric of a kind of subject, with what is laid over it, where it is used at `span`.
    pub(super) fn metric(
        &mut self,
        index: usize,
        subject: SubjectId,
        overlay: Option<&Overlay<'_>>,
        span: Span,
    ) -> Option<Typed> {
        let def = &self.catalog.metrics[index];
        let start = self.out.len();
        let Some(plain) = self.metric_slot(index, subject) else {
            return self.not_of_kind(&def.name, subject, span, start);
        };
        let Some(overlay) = overlay else { return Some(plain) };
        let window = overlay.window.as_ref().map(|(window, _)| window.clone());
        let key = (index, subject, window);
        if overlay.filters.is_empty() {
            match self.metric_slots.get(&key) {
                Some(Slot::Done(typed)) => return Some(typed.clone()),
                Some(_) => return None,
                None => {}
            }
        }
        let context = Context { scope: Scope::Subject(subject), overlay: Some(overlay) };
        let typed = self.deeper(span, |checker| checker.value(&def.is, context))?;
        let typed = Typed { unit: plain.unit, ..typed };
        if typed.node == plain.node {
            if let Some((_, at)) = &overlay.window {
                let message = format!("`{}` counts no rows, so there is nothing to put a window on", def.name.text);
                return self.fail(Diagnostic::new(Code::WindowMisplaced, *at, message));
            }
        }
        if overlay.filters.is_empty() {
            self.metric_slots.insert(key, Slot::Done(typed.clone()));
        }
        Some(typed)
    }

    fn not_of_kind(&mut self, name: &Ident, subject: SubjectId, span: Span, start: usize) -> Option<Typed> {
        let said = self.out.split_off(start);
        if said.iter().any(|diagnostic| diagnostic.code == Code::Cycle || diagnostic.code == Code::TooLarge) {
            self.out.extend(said);
            return None;
        }
        if self.broken.contains(name.text.as_str()) || self.catalog.subjects.len() < 2 {
            // Reported where it is defined; a definition that is still being checked reports itself.
            self.out.extend(said);
            return None;
        }
        let kind = self.ir.subject(subject).name.clone();
        let message = format!("`{}` cannot be said of a `{kind}`", name.text);
        let diagnostic = Diagnostic::new(Code::WrongSubject, span, message).also(name.span, "defined here");
        let reason = said.into_iter().find(Diagnostic::is_error).map(|diagnostic| diagnostic.message);
        self.fail(match reason {
            Some(reason) => diagnostic.help(reason),
            None => diagnostic,
        })
    }

    fn attribute_slot(&mut self, index: usize, subject: SubjectId) -> Option<Typed> {
        let key = (index, subject);
        let def = &self.catalog.attributes[index];
        match self.attribute_slots.get(&key) {
            Some(Slot::Done(typed)) => return Some(typed.clone()),
            Some(Slot::Failed) => return None,
            Some(Slot::Busy) => return self.defined_by_itself("attribute", &def.name),
            None => {}
        }
        self.attribute_slots.insert(key, Slot::Busy);
        let context = Context { scope: Scope::Subject(subject), overlay: None };
        let made = self.deeper(def.name.span, |checker| {
            let typed = checker.value_or_condition(&def.is, context)?;
            let typed = checker.with_unit(typed, def.unit.as_ref(), &def.name)?;
            checker.with_set(typed, def.values.as_deref(), &def.name)
        });
        self.attribute_slots.insert(key, made.clone().map_or(Slot::Failed, Slot::Done));
        made
    }

    fn metric_slot(&mut self, index: usize, subject: SubjectId) -> Option<Typed> {
        let key = (index, subject, None);
        let def = &self.catalog.metrics[index];
        match self.metric_slots.get(&key) {
            Some(Slot::Done(typed)) => return Some(typed.clone()),
            Some(Slot::Failed) => return None,
            Some(Slot::Busy) => return self.defined_by_itself("metric", &def.name),
            None => {}
        }
        self.metric_slots.insert(key.clone(), Slot::Busy);
        let context = Context { scope: Scope::Subject(subject), overlay: None };
        let made = self.deeper(def.name.span, |checker| {
            let typed = checker.value(&def.is, context)?;
            checker.with_unit(typed, def.unit.as_ref(), &def.name)
        });
        self.metric_slots.insert(key, made.clone().map_or(Slot::Failed, Slot::Done));
        made
    }

    fn defined_by_itself<T>(&mut self, what: &str, name: &Ident) -> Option<T> {
        let message = format!("{what} `{}` is defined by itself", name.text);
        let help = "its definition leads back to it: break the circle";
        self.fail(Diagnostic::new(Code::Cycle, name.span, message).help(help))
    }

    fn with_unit(&mut self, typed: Typed, unit: Option<&Placed<String>>, name: &Ident) -> Option<Typed> {
        let Some(unit) = unit else { return Some(typed) };
        if typed.ty != Type::Number {
            let message = format!("`{}` is a {}, and only numbers have units", name.text, typed.ty);
            return self.fail(Diagnostic::new(Code::UnitMismatch, unit.span, message));
        }
        let declared = Units::named(&unit.value);
        if let Units::Known(found) = &typed.unit {
            if !found.is_empty() && typed.unit != declared {
                let message = format!("`{}` is declared in {}, but it is made of {}", name.text, unit.value, typed.unit);
                return self.fail(Diagnostic::new(Code::UnitMismatch, unit.span, message));
            }
        }
        Some(typed.unit(declared))
    }

    fn with_set(&mut self, typed: Typed, values: Option<&[Placed<String>]>, name: &Ident) -> Option<Typed> {
        let Some(values) = values else { return Some(typed) };
        for value in values {
            let reads = match typed.ty {
                Type::Text => true,
                Type::Number => value.value.parse::<rust_decimal::Decimal>().is_ok(),
                _ => false,
            };
            if !reads {
                let message = format!("`{}` is a {}, and `{}` is not one", name.text, typed.ty, value.value);
                return self.fail(Diagnostic::new(Code::TypeMismatch, value.span, message));
            }
        }
        let values: Vec<String> = values.iter().map(|value| value.value.clone()).collect();
        self.note_closed_set(&name.text, &typed, &values);
        Some(Typed { set: Some(Rc::new(ClosedSet { of: name.text.clone(), values })), ..typed })
    }

    /// Remembers how to tell a value that the set does not have: data is reported against it.
    fn note_closed_set(&mut self, name: &str, typed: &Typed, values: &[String]) {
        let constant = |text: &String| match typed.ty {
            Type::Number => text.parse().ok().map(|number| Value::Number(super::numbers::rational(number))),
            _ => Some(Value::Text(text.clone())),
        };
        let set = values.iter().filter_map(constant).collect();
        let value = self.plain(typed);
        let inside = self.ir.add(Node::InSet(value, set));
        let outside = self.ir.add(Node::Not(inside));
        self.ir.closed_sets.push((name.to_owned(), value, outside));
    }

    /// Holds a constant to a closed set.
    pub(super) fn in_set(&mut self, set: &ClosedSet, value: &Value, ignoring_case: bool, span: Span) -> Option<()> {
        let found = match value {
            Value::Text(text) if ignoring_case => {
                let folded = text.to_lowercase();
                set.values.iter().any(|value| value.to_lowercase() == folded)
            }
            Value::Text(text) => set.values.iter().any(|value| value == text),
            Value::Number(number) => set.values.iter().any(|value| {
                value.parse().is_ok_and(|value: rust_decimal::Decimal| super::numbers::rational(value) == *number)
            }),
            _ => true,
        };
        if found {
            return Some(());
        }
        let shown = match value {
            Value::Text(text) => text.clone(),
            _ => "this number".to_owned(),
        };
        let message = format!("`{}` is never `{shown}`", set.of);
        let diagnostic = Diagnostic::new(Code::NotInSet, span, message);
        let values = set.values.iter().map(String::as_str);
        let diagnostic = match super::nearest(&shown, values.clone()) {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), format!("'{}'", near.replace('\'', "''"))),
            None => diagnostic.help(format!("its values are {}", super::listed(values))),
        };
        self.fail(diagnostic)
    }
}
