//! A chart as one JSON object.

use std::io::{self, Write};

use serde_json::json;

use super::Drawing;

/// The version of this form.
const VERSION: u32 = 1;

/// Writes it.
pub fn write(out: &mut impl Write, drawing: &Drawing) -> io::Result<()> {
    let report = &drawing.report;
    let groups: Vec<_> = report
        .groups
        .iter()
        .map(|group| json!({ "name": group.name, "label": group.label, "members": group.members }))
        .collect();
    let cells: Vec<_> = report
        .cells
        .iter()
        .map(|cell| {
            let digits: String = cell.digits.iter().map(u32::to_string).collect();
            let group = cell.group.and_then(|group| report.groups.get(group)).map(|group| &group.name);
            json!({ "cell": digits, "group": group, "members": cell.members })
        })
        .collect();
    let object = json!({
        "kohort": VERSION,
        "chart": report.name,
        "label": report.label,
        "as_of": drawing.as_of,
        "subject": report.subject,
        "subjects": report.subjects,
        "scores": report.scores,
        "scale": report.scale,
        "groups": groups,
        "cells": cells,
    });
    serde_json::to_writer_pretty(&mut *out, &object)?;
    writeln!(out)
}
