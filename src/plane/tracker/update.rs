//! Writes what follows from the registry into a tracker, and leaves every other word as it was.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::markdown::{escaped, plain};
use super::super::programme::PROGRAMME;
use super::Truth;
use super::generate::{generate, row};
use super::section::{Section, Tracking, number};
use super::verify::{agrees, entry};

/// The tracker with every derivable cell, row and number as `truth` has it; without the section, with it at
/// its end. Rows of unknown structures and columns of unknown names are the author's.
pub(crate) fn update(text: &str, truth: &Truth<'_>, date: &str) -> String {
    let Some(section) = Section::find(text) else {
        let gap = match text {
            "" => "",
            text if text.ends_with("\n\n") => "",
            text if text.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        return format!("{text}{gap}{}", generate(truth, date));
    };
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for tracking in &section.tables {
        table(text, tracking, truth, date, &mut edits);
    }
    for metric in &PROGRAMME.metric {
        let due = truth.metric(&metric.key).unwrap_or_default().to_string();
        for said in section.metrics.iter().filter(|it| it.key == metric.key) {
            match number(text, &said.value) {
                Some(range) if text[range.clone()].replace(',', "") == due => {}
                Some(range) => edits.push((range, due.clone())),
                None => edits.push((said.value.end..said.value.end, format!(" {due}"))),
            }
        }
    }
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut updated = text.to_owned();
    for (range, words) in edits.into_iter().rev() {
        updated.replace_range(range, &words);
    }
    updated
}

fn table(
    text: &str,
    tracking: &Tracking,
    truth: &Truth<'_>,
    date: &str,
    edits: &mut Vec<(Range<usize>, String)>,
) {
    let mut seen = BTreeSet::new();
    for row in &tracking.table.rows {
        let Some(code) = tracking.cell(row, "code") else {
            continue;
        };
        let named = plain(&text[code.clone()]);
        let Some(entry) = entry(truth, &named).filter(|entry| seen.insert(entry.id.as_str()))
        else {
            continue;
        };
        if named != entry.code && named != entry.id {
            edits.push((code.clone(), entry.id.clone()));
        }
        for (key, cell) in tracking.columns.iter().zip(&row.cells) {
            if let Some(key) = key
                && let Some(due) = truth.cell(entry, key)
                && !agrees(key, &plain(&text[cell.clone()]), &due, entry)
            {
                let (range, words) = exchanged(text, key, cell, due);
                edits.push((range, words));
            }
        }
    }
    // The break that this file's lines end in.
    let broken = if text[..tracking.table.end].contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let end = tracking.table.end;
    let missing = truth
        .registry
        .entries
        .iter()
        .filter(|entry| !seen.contains(entry.id.as_str()));
    let rows = missing.map(|entry| broken.to_owned() + &row(truth, entry, &tracking.columns, date));
    let rows: String = rows.collect();
    if !rows.is_empty() {
        edits.push((end..end, rows));
    }
}

/// Of a phase with its name only the number is exchanged; a cell's blanks stay.
fn exchanged(text: &str, key: &str, cell: &Range<usize>, due: String) -> (Range<usize>, String) {
    let number = (key == "phase").then(|| number(text, cell)).flatten();
    let blank = cell.is_empty();
    match number {
        Some(range) => (range, due),
        None if blank => (cell.clone(), format!("{} ", escaped(&due))),
        None => (cell.clone(), escaped(&due)),
    }
}
