//! Why, as one JSON object.
//!
//! ```json
//! {
//!   "kohort": 1, "as_of": "…", "subject": "customer", "key": { "id": { "type": "number", "value": "10" } },
//!   "asked": "big_regulars", "label": null, "member": false, "group": null,
//!   "segments": [{
//!     "name": "big_regulars", "label": null, "description": null, "member": false, "until": null,
//!     "condition": { "text": "…", "truth": false, "all": [
//!       { "text": "in regulars", "truth": true, "segment": "regulars", "negated": false },
//!       { "text": "spend > 1_000", "truth": false, "test": {
//!           "operands": [{ "text": "spend", "value": { "type": "number", "value": "15" }, "unit": "IDR", "rows": [0], … }],
//!           "needed": [{ "op": ">", "values": [{ "type": "number", "value": "1000" }], "text": null }],
//!           "change": { "rise": "985", "reach": "more_than" }, "rows": [], "ranks": [] } }] },
//!     "lacks": { "test": "spend > 1_000", "holds": true, "change": … }
//!   }],
//!   "rows": [{ "text": "sales", "table": "sales", "made_from": null, "count": 2, "not_counted": { "window": 0, "filter": 0, "table": 0 },
//!              "window": null, "figures": […], "columns": ["at", "amount"], "first": [[…]] }],
//!   "ranks": []
//! }
//! ```
//!
//! Of a partition `member` is null and `group` the name of the group, if there is one. A truth is true, false or null. A condition
//! has one of `all`, `any`, `not`, `segment` and `test`, a lack one of `all`, `any`, `segment` and `test`. A value is null where it
//! is not known; numbers are text, exact: `15`, `0.5`, `1/3`. Instants have the offset of the project's zone.

use std::io::{self, Write};

use chrono_tz::Tz;
use kohort::AsOf;
use kohort::engine::why::{
    Answer, Change, Condition, Form, Known, Lack, Operand, RankWhy, Reach, RowsWhy, SegmentWhy, Step, Test, Truth,
};
use kohort::ir::Value;
use serde_json::{Value as Json, json};

use super::Told;

/// The version of this form.
const VERSION: u32 = 1;

/// Writes it.
pub(crate) fn write(out: &mut impl Write, told: &Told) -> io::Result<()> {
    let (why, zone) = (&told.why, told.zone);
    let key: serde_json::Map<String, Json> =
        why.key.iter().map(|(name, part)| (name.clone(), known(part, zone))).collect();
    let (member, group) = match &why.answer {
        Answer::Member(member) => (Some(*member), None),
        Answer::Group(group) => (None, group.as_ref()),
    };
    let object = json!({
        "kohort": VERSION,
        "as_of": told.as_of,
        "subject": why.subject,
        "key": key,
        "asked": why.asked,
        "label": why.label,
        "member": member,
        "group": group,
        "segments": all(&why.segments, |one| segment(one, zone)),
        "rows": all(&why.rows, |one| rows(one, zone)),
        "ranks": all(&why.ranks, |one| rank(one, zone)),
    });
    serde_json::to_writer_pretty(&mut *out, &object)?;
    writeln!(out)
}

fn all<T>(of: &[T], one: impl Fn(&T) -> Json) -> Vec<Json> {
    of.iter().map(one).collect()
}

fn segment(of: &SegmentWhy, zone: Tz) -> Json {
    let until = of.until.map(|until| json!({ "instant": until.instant.display(zone), "member": until.member }));
    json!({
        "name": of.name,
        "label": of.label,
        "description": of.description,
        "member": of.member,
        "condition": condition(&of.condition, zone),
        "lacks": of.lacks.as_ref().map(|one| lack(one, zone)),
        "until": until,
    })
}

fn condition(of: &Condition, zone: Tz) -> Json {
    let truth = match of.truth {
        Truth::True => Some(true),
        Truth::False => Some(false),
        Truth::Unknown => None,
    };
    let each = |parts: &[Condition]| all(parts, |part| condition(part, zone));
    match &of.form {
        Form::All(parts) => json!({ "text": of.text, "truth": truth, "all": each(parts) }),
        Form::Any(parts) => json!({ "text": of.text, "truth": truth, "any": each(parts) }),
        Form::Not(inner) => json!({ "text": of.text, "truth": truth, "not": condition(inner, zone) }),
        Form::Segment { name, negated } => {
            json!({ "text": of.text, "truth": truth, "segment": name, "negated": negated })
        }
        Form::Test(one) => json!({ "text": of.text, "truth": truth, "test": test(one, zone) }),
    }
}

fn test(of: &Test, zone: Tz) -> Json {
    let needed = all(&of.needed, |needed| {
        let values = all(&needed.values, |value| known(value, zone));
        json!({ "op": needed.op.symbol(), "values": values, "text": needed.text })
    });
    json!({
        "operands": all(&of.operands, |one| operand(one, zone)),
        "needed": needed,
        "change": of.change.as_ref().map(|one| change(one, zone)),
        "rows": of.rows,
        "ranks": of.ranks,
    })
}

fn operand(of: &Operand, zone: Tz) -> Json {
    json!({
        "text": of.text,
        "label": of.label,
        "unit": of.unit,
        "meaning": of.meaning,
        "value": known(&of.value, zone),
        "rows": of.rows,
        "ranks": of.ranks,
    })
}

fn change(of: &Change, zone: Tz) -> Json {
    let reach = |step: &Step| match step.reach {
        Reach::AtLeast => "at_least",
        Reach::MoreThan => "more_than",
        Reach::Exactly => "exactly",
    };
    match of {
        Change::Rise(step) => json!({ "rise": number(step.by.clone(), zone), "reach": reach(step) }),
        Change::Fall(step) => json!({ "fall": number(step.by.clone(), zone), "reach": reach(step) }),
        Change::Become(values) => json!({ "become": all(values, |one| value(one, zone)) }),
    }
}

fn lack(of: &Lack, zone: Tz) -> Json {
    let each = |parts: &[Lack]| all(parts, |part| lack(part, zone));
    match of {
        Lack::All(parts) => json!({ "all": each(parts) }),
        Lack::Any(parts) => json!({ "any": each(parts) }),
        Lack::Segment { name, join } => json!({ "segment": name, "join": join }),
        Lack::Test { text, holds, change: by, .. } => {
            json!({ "test": text, "holds": holds, "change": by.as_ref().map(|one| change(one, zone)) })
        }
    }
}

fn rows(of: &RowsWhy, zone: Tz) -> Json {
    let instant =
        |micros: i64| Some(micros).filter(|micros| *micros > i64::MIN).map(|at| AsOf::from_micros(at).display(zone));
    let window = of.window.map(|(after, until)| json!({ "after": instant(after), "until": instant(until) }));
    json!({
        "text": of.text,
        "table": of.table,
        "made_from": of.made_from,
        "window": window,
        "count": of.count,
        "not_counted": { "window": of.outside_window, "filter": of.outside_filter, "table": of.outside_table },
        "figures": all(&of.figures, |one| json!({ "text": one.text, "value": known(&one.value, zone) })),
        "columns": all(&of.columns, |one| json!(one.name)),
        "first": all(&of.first, |row| Json::Array(all(row, |cell| known(cell, zone)))),
    })
}

fn rank(of: &RankWhy, zone: Tz) -> Json {
    json!({
        "by": operand(&of.by, zone),
        "among": of.among.as_ref().map(|one| condition(one, zone)),
        "per": of.per.as_ref().map(|one| operand(one, zone)),
        "population": of.population,
        "below": of.below,
    })
}

fn known(of: &Known, zone: Tz) -> Json {
    match of {
        Known::Unknown => Json::Null,
        Known::Texts(texts) => json!({ "type": "list of text", "value": texts }),
        Known::Value(one) => value(one, zone),
    }
}

fn number(of: num_rational::BigRational, zone: Tz) -> Json {
    value(&Value::Number(of), zone).get("value").cloned().unwrap_or(Json::Null)
}

fn value(of: &Value, zone: Tz) -> Json {
    let text = match of {
        Value::Bool(value) => return json!({ "type": of.ty().to_string(), "value": value }),
        Value::Instant(micros) => AsOf::from_micros(*micros).display(zone),
        other => kohort::engine::written_value(other),
    };
    json!({ "type": of.ty().to_string(), "value": text })
}
