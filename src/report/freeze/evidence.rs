//! Evidence: each place with its lines, from the breach to what it reaches.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::report::excerpt::Excerpt;
use crate::report::{Report, safe::safe};
use crate::text::{FileId, Place, Span, Text};

/// Columns of an excerpt.
const WIDTH: usize = 104;

/// A place with what happens there.
#[derive(Debug, Serialize)]
pub(super) struct Exhibit {
    /// `file:line:column`.
    pub(super) at: String,
    pub(super) label: String,
    pub(super) lines: Vec<Line>,
}

/// A line of source, the marked part of it apart.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    number: u32,
    before: String,
    marked: String,
    after: String,
    here: bool,
}

impl Exhibit {
    /// The excerpt as plain text, for formats without marks.
    pub(super) fn plain(&self) -> String {
        let width = self.lines.iter().map(|line| line.number.to_string().len());
        let width = width.max().unwrap_or(1);
        let line = |line: &Line| {
            let sign = if line.here { '>' } else { ' ' };
            let text = format!("{}{}{}", line.before, line.marked, line.after);
            let text = format!("{sign} {:width$} | {text}", line.number);
            text.trim_end().to_owned()
        };
        self.lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// Reads excerpts; each file once.
pub(super) struct Evidence<'r> {
    report: &'r Report<'r>,
    texts: RefCell<BTreeMap<FileId, Text>>,
    secrets: BTreeMap<FileId, Vec<Span>>,
}

impl<'r> Evidence<'r> {
    pub(super) fn new(report: &'r Report<'r>) -> Self {
        Self {
            report,
            texts: RefCell::default(),
            secrets: report.secrets(),
        }
    }

    pub(super) fn exhibit(&self, place: Place, label: &str) -> Exhibit {
        Exhibit {
            at: self.report.at(place),
            label: safe(label).into_owned(),
            lines: self.lines(place),
        }
    }

    fn lines(&self, place: Place) -> Vec<Line> {
        let mut texts = self.texts.borrow_mut();
        let text = texts
            .entry(place.file)
            .or_insert_with(|| self.report.sources.read(place.file));
        let masks = self.secrets.get(&place.file).map_or(&[][..], Vec::as_slice);
        let name = self.report.file(place);
        let Some(excerpt) = Excerpt::new(name, text, place.span, masks, WIDTH) else {
            return Vec::new();
        };
        let rows = excerpt.rows().map(|(number, text, mark)| {
            let range = mark.clone().unwrap_or(text.len()..text.len());
            Line {
                number,
                before: text[..range.start].to_owned(),
                marked: text[range.clone()].to_owned(),
                after: text[range.end..].to_owned(),
                here: mark.is_some(),
            }
        });
        rows.collect()
    }
}
