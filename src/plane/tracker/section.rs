//! The runtime layer's part of a tracker: its tables by their headers, its metrics by their names.

use std::ops::Range;

use super::super::markdown::{Block, Row, Table, blocks, plain};
use super::super::programme::{PROGRAMME, Titled};

/// What a tracker says of the runtime layer.
#[derive(Debug)]
pub(crate) struct Section {
    /// The heading that opens it.
    pub(super) heading: Range<usize>,
    pub(super) tables: Vec<Tracking>,
    pub(super) metrics: Vec<Metric>,
}

/// A table with a row for each structure.
#[derive(Debug)]
pub(super) struct Tracking {
    pub(super) table: Table,
    /// The meaning of each column, where it has one.
    pub(super) columns: Vec<Option<&'static str>>,
}

#[derive(Debug)]
pub(super) struct Metric {
    pub(super) key: &'static str,
    pub(super) value: Range<usize>,
}

impl Section {
    /// Finds it in a Markdown text; `None` if no heading speaks of the runtime layer.
    pub(crate) fn find(text: &str) -> Option<Self> {
        let mut section: Option<Self> = None;
        let mut inside: Option<usize> = None;
        for block in blocks(text) {
            match block {
                Block::Heading { level, text: range } => {
                    let title = plain(&text[range.clone()]).to_lowercase();
                    if opens(&title) {
                        inside = Some(inside.map_or(level, |open| open.min(level)));
                        section.get_or_insert_with(|| Self::at(range));
                    } else if inside.is_some_and(|open| level <= open) {
                        inside = None;
                    }
                }
                Block::Table(table) if inside.is_some() => {
                    let section = section.as_mut().expect("a heading opened it");
                    section.add(text, table);
                }
                Block::Item(range) if inside.is_some() => {
                    let section = section.as_mut().expect("a heading opened it");
                    section.metrics.extend(item(text, &range));
                }
                _ => {}
            }
        }
        section
    }

    fn at(heading: Range<usize>) -> Self {
        Self {
            heading,
            tables: Vec::new(),
            metrics: Vec::new(),
        }
    }

    fn add(&mut self, text: &str, table: Table) {
        let columns: Vec<_> = table.header.iter().map(|cell| key(text, cell)).collect();
        if columns.contains(&Some("code")) {
            self.tables.push(Tracking { table, columns });
            return;
        }
        for row in &table.rows {
            if let [name, value, ..] = row.cells.as_slice()
                && let Some(key) = metric(&plain(&text[name.clone()]))
            {
                let value = value.clone();
                self.metrics.push(Metric { key, value });
            }
        }
    }

    /// Whether any table has this column.
    pub(super) fn has(&self, key: &str) -> bool {
        let mut columns = self.tables.iter().flat_map(|table| &table.columns);
        columns.any(|column| *column == Some(key))
    }

    /// The plain words of every cell of one column.
    pub(crate) fn column(&self, text: &str, key: &str) -> Vec<String> {
        let mut words = Vec::new();
        for tracking in &self.tables {
            for row in &tracking.table.rows {
                let cell = tracking.cell(row, key);
                words.extend(cell.map(|cell| plain(&text[cell.clone()])));
            }
        }
        words
    }

    /// The number of every metric of this name.
    pub(crate) fn numbers(&self, text: &str, key: &str) -> Vec<usize> {
        let metrics = self.metrics.iter().filter(|metric| metric.key == key);
        let numbers = metrics.filter_map(|metric| {
            let range = number(text, &metric.value)?;
            text[range].replace(',', "").parse().ok()
        });
        numbers.collect()
    }
}

impl Tracking {
    /// The cell of `row` in the column of that meaning.
    pub(super) fn cell<'r>(&self, row: &'r Row, key: &str) -> Option<&'r Range<usize>> {
        let at = self
            .columns
            .iter()
            .position(|column| *column == Some(key))?;
        row.cells.get(at)
    }
}

/// The headings of the section and of its parts.
fn opens(title: &str) -> bool {
    title.contains("runtime layer") || title.contains("runtime plane")
}

fn key(text: &str, cell: &Range<usize>) -> Option<&'static str> {
    let name = plain(&text[cell.clone()]).to_lowercase();
    Titled::key_of(&PROGRAMME.column, &name)
}

fn metric(name: &str) -> Option<&'static str> {
    let name = name.trim_end_matches(':').trim().to_lowercase();
    Titled::key_of(&PROGRAMME.metric, &name)
}

/// `Total Runtime Structures: 14`.
fn item(text: &str, range: &Range<usize>) -> Option<Metric> {
    let colon = range.start + text[range.clone()].find(':')?;
    let key = metric(&plain(&text[range.start..colon]))?;
    let value = colon + 1..range.end;
    Some(Metric { key, value })
}

/// The first whole number within `range`, `1,682` among them.
pub(super) fn number(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let inner = &text[range.clone()];
    let first = inner.find(|c: char| c.is_ascii_digit())?;
    let rest = &inner[first..];
    let length = rest
        .find(|c: char| !c.is_ascii_digit() && c != ',')
        .unwrap_or(rest.len());
    let length = rest[..length].trim_end_matches(',').len();
    let start = range.start + first;
    Some(start..start + length)
}
