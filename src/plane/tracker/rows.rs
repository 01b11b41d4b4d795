//! What a tracker's rows say of the structures' states and phases.

use std::ops::Range;

use super::super::markdown::plain;
use super::section::Section;
use super::verify::first_number;
use crate::constitution::{State, Tracked};
use crate::text::{FileId, Place, Text};

/// The rows of the runtime layer's tables, in their order; none where there is no such section. What is no
/// state or phase by the law's own words is left out: `tracker verify` says so.
pub(crate) fn rows(text: &Text, file: FileId) -> Vec<Tracked> {
    let Some(section) = Section::find(text.as_str()) else {
        return Vec::new();
    };
    let place = |range: &Range<usize>| Place {
        file,
        span: text.span(range.clone()),
    };
    let plain = |range: &Range<usize>| plain(&text.as_str()[range.clone()]);
    let mut rows = Vec::new();
    for tracking in &section.tables {
        for row in &tracking.table.rows {
            let Some(code) = tracking.cell(row, "code") else {
                continue;
            };
            let state = tracking.cell(row, "state").and_then(|cell| {
                let words = plain(cell).to_lowercase();
                let word = words.strip_prefix("state:").unwrap_or(&words).trim();
                let state = State::ALL.into_iter().find(|it| it.name() == word)?;
                Some((state, place(cell)))
            });
            let phase = tracking.cell(row, "phase").and_then(|cell| {
                let number = first_number(&plain(cell))?.parse().ok()?;
                Some((number, place(cell)))
            });
            let name = plain(code);
            rows.push(Tracked { name, state, phase });
        }
    }
    rows
}
