//! A tracker, held against the registry and, where they were given, the issues.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::drift::Drift;
use super::super::markdown::{Row, plain};
use super::super::programme::PROGRAMME;
use super::super::registry::Entry;
use super::Truth;
use super::section::{Metric, Section, Tracking, number};
use crate::constitution::MODES;
use crate::text::{FileId, Place, Text};

const UPDATE: &str = "`cargo constitution tracker update` writes what follows from the registry";

/// Everything in the tracker that is not as `truth` has it.
pub(crate) fn verify(text: &Text, file: FileId, truth: &Truth<'_>) -> Vec<Drift> {
    let Some(section) = Section::find(text.as_str()) else {
        let message = "the tracker has no section `Runtime Layer Tracking`".to_owned();
        return vec![Drift::at(Place::top(file), message, UPDATE)];
    };
    let mut verifier = Verifier {
        text,
        file,
        truth,
        drifts: Vec::new(),
    };
    verifier.columns(&section);
    for tracking in &section.tables {
        verifier.table(tracking);
    }
    verifier.metrics(&section);
    verifier.drifts
}

struct Verifier<'a> {
    text: &'a Text,
    file: FileId,
    truth: &'a Truth<'a>,
    drifts: Vec<Drift>,
}

impl Verifier<'_> {
    fn say(&mut self, range: &Range<usize>, message: String, help: &str) -> &mut Drift {
        let span = self.text.span(range.clone());
        let place = Place {
            file: self.file,
            span,
        };
        self.drifts.push(Drift::at(place, message, help));
        self.drifts.last_mut().expect("it was pushed")
    }

    fn plain(&self, range: &Range<usize>) -> String {
        plain(&self.text.as_str()[range.clone()])
    }

    fn columns(&mut self, section: &Section) {
        let Some(first) = section.tables.first() else {
            let message =
                "the section has no table with a row for each runtime structure".to_owned();
            let help = "`cargo constitution tracker generate` writes the section with its table";
            self.say(&section.heading, message, help);
            return;
        };
        for column in &PROGRAMME.column {
            let modes = ["multi-tenant", "dedicated"];
            let key = column.key.as_str();
            // One column for both modes says as much as one for each.
            let said = section.has(key)
                || (modes.contains(&key) && section.has("modes"))
                || (key == "modes" && modes.iter().all(|mode| section.has(mode)));
            if !said {
                let message = format!("the table has no column `{}`", column.name);
                let help = "add the column that Section VII requires; a close synonym will do";
                self.say(&first.table.line, message, help).minor = column.beside;
            }
        }
    }

    fn table(&mut self, tracking: &Tracking) {
        let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
        for row in &tracking.table.rows {
            let Some(cell) = tracking.cell(row, "code") else {
                continue;
            };
            let named = self.plain(cell);
            let line = self.text.span(row.line.clone()).start.line();
            let Some(entry) = entry(self.truth, &named) else {
                let message = format!("the row of `{named}` is of no structure of the registry");
                self.say(cell, message, "delete the row, or register the structure");
                continue;
            };
            if let Some(first) = seen.insert(&entry.id, line) {
                let message = format!("`{named}` has a second row; the first is in line {first}");
                self.say(cell, message, "keep one row for each structure")
                    .structure = Some(entry.id.clone());
                seen.insert(&entry.id, first);
                continue;
            }
            self.row(tracking, row, entry, &named);
        }
        for entry in &self.truth.registry.entries {
            if !seen.contains_key(entry.id.as_str()) {
                let message = format!("the table has no row of `{}`", entry.id);
                self.say(&tracking.table.line, message, UPDATE).structure = Some(entry.id.clone());
            }
        }
    }

    fn row(&mut self, tracking: &Tracking, row: &Row, entry: &Entry, named: &str) {
        if let Some(version) = named.strip_prefix(&entry.code)
            && !version.is_empty()
            && version.trim_start_matches('-') != entry.version
        {
            let cell = tracking.cell(row, "code").expect("it named the structure");
            let message = format!("`{named}` is `{}` in the registry", entry.id);
            self.say(cell, message, UPDATE).structure = Some(entry.id.clone());
        }
        for (at, key) in tracking.columns.iter().enumerate() {
            let Some(key) = key else { continue };
            let Some(due) = self.truth.cell(entry, key) else {
                continue;
            };
            let Some(cell) = row.cells.get(at) else {
                let message = format!("the row of `{named}` ends before its column `{key}`");
                self.say(
                    &row.line,
                    message,
                    "give the row as many cells as the header has",
                );
                return;
            };
            let says = self.plain(cell);
            if !agrees(key, &says, &due, entry) {
                let message = format!(
                    "`{named}` has `{says}` as its {}; `{due}` is due",
                    word(key)
                );
                self.say(cell, message, UPDATE).structure = Some(entry.id.clone());
            }
        }
    }

    fn metrics(&mut self, section: &Section) {
        for metric in &PROGRAMME.metric {
            let mut found = false;
            for said in section.metrics.iter().filter(|it| it.key == metric.key) {
                found = true;
                self.metric(said, &metric.name);
            }
            if !found {
                let message = format!("the section has no metric `{}`", metric.name);
                self.say(&section.heading, message, UPDATE);
            }
        }
    }

    fn metric(&mut self, said: &Metric, name: &str) {
        let Some(due) = self.truth.metric(said.key) else {
            return;
        };
        let number = number(self.text.as_str(), &said.value);
        let says = number
            .clone()
            .map(|range| self.text.as_str()[range].replace(',', ""));
        if says.as_deref() != Some(&due.to_string()) {
            let at = number.unwrap_or(said.value.clone());
            let says = says.unwrap_or_else(|| "no number".to_owned());
            let message = format!("`{name}` is {says}; {due} is due");
            self.say(&at, message, UPDATE);
        }
    }
}

/// The structure that a cell names, by its code or its id, of whatever version.
pub(super) fn entry<'t>(truth: &'t Truth<'_>, named: &str) -> Option<&'t Entry> {
    let registry = truth.registry;
    registry.find(named).or_else(|| {
        let (code, version) = named.rsplit_once("-v")?;
        let digits = version.starts_with(|c: char| c.is_ascii_digit());
        digits.then(|| registry.find(code)).flatten()
    })
}

fn word(key: &str) -> &str {
    match key {
        "multi-tenant" => "multi-tenant support",
        "dedicated" => "dedicated support",
        "modes" => "runtime modes",
        "link" => "master issue",
        other => other,
    }
}

/// Whether a cell says what is due, in its own words.
pub(super) fn agrees(key: &str, says: &str, due: &str, entry: &Entry) -> bool {
    let lower = says.to_lowercase();
    match key {
        "version" => says.trim_start_matches('v') == due.trim_start_matches('v'),
        "phase" => first_number(&lower) == Some(due),
        "state" => lower.strip_prefix("state:").unwrap_or(&lower).trim() == due,
        "multi-tenant" | "dedicated" => {
            let yes = ["yes", "✓", "✅", "true", "supported", "full"];
            yes.iter().any(|word| lower.starts_with(word)) == (due == "Yes")
        }
        "modes" => {
            let both = lower.contains("dual") || lower.contains("both");
            let tenants = both || lower.contains("tenant") || lower.contains("saas");
            let dedicated = both || lower.contains("dedicated") || lower.contains("enterprise");
            (tenants, dedicated) == (entry.supports(MODES[0]), entry.supports(MODES[1]))
        }
        "layer" => lower.strip_prefix("layer:").unwrap_or(&lower) == due,
        "link" => {
            let number = |text: &str| {
                text.rsplit_once('#')
                    .and_then(|(_, n)| first_number(n).map(str::to_owned))
            };
            number(says) == number(due)
        }
        _ => true,
    }
}

pub(super) fn first_number(text: &str) -> Option<&str> {
    let text = &text[text.find(|c: char| c.is_ascii_digit())?..];
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    Some(&text[..end])
}
