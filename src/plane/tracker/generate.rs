//! The section, the table and the metrics as Section VII gives them.

use super::super::markdown::escaped;
use super::super::programme::{ISSUES, PROGRAMME};
use super::super::registry::Entry;
use super::Truth;
use crate::constitution::State;

/// The whole section. `date` is what "Last Updated" says.
pub(crate) fn generate(truth: &Truth<'_>, date: &str) -> String {
    let (beside, table): (Vec<_>, Vec<_>) =
        PROGRAMME.column.iter().partition(|column| column.beside);
    let columns = |columns: &[&super::super::programme::Titled]| -> Vec<(String, String)> {
        let pairs = columns.iter();
        pairs
            .map(|column| (column.key.clone(), column.name.clone()))
            .collect()
    };
    let mut text =
        "## Runtime Layer Tracking\n\n### Runtime Layer Master Tracking Table\n\n".to_owned();
    text.push_str(&rows(truth, &columns(&table), date));
    text.push_str("\n### Runtime Layer Modes and Environments\n\n");
    let mut second = columns(&table[..1]);
    second.extend(columns(&beside));
    text.push_str(&rows(truth, &second, date));
    text.push_str("\n### Runtime Layer Global Progress Metrics\n\n| Metric | Value |\n|---|---|\n");
    for metric in &PROGRAMME.metric {
        let value = metric_value(truth, &metric.key);
        text.push_str(&format!("| **{}** | {value} |\n", metric.name));
    }
    text
}

fn metric_value(truth: &Truth<'_>, key: &str) -> String {
    let number = truth.metric(key).unwrap_or_default();
    let total = truth.registry.entries.len();
    match key {
        "issues" if number == total * ISSUES => {
            format!("{number} ({total} structures × {ISSUES} issues each)")
        }
        "completion" if truth.registry.in_state(State::Dormant) == total => {
            format!("{number}% (dormant state)")
        }
        "completion" => format!("{number}%"),
        _ => number.to_string(),
    }
}

fn rows(truth: &Truth<'_>, columns: &[(String, String)], date: &str) -> String {
    let names: Vec<&str> = columns.iter().map(|(_, name)| name.as_str()).collect();
    let mut text = format!(
        "| {} |\n|{}\n",
        names.join(" | "),
        "---|".repeat(names.len())
    );
    for entry in &truth.registry.entries {
        let keys: Vec<Option<&str>> = columns.iter().map(|(key, _)| Some(key.as_str())).collect();
        text.push_str(&row(truth, entry, &keys, date));
        text.push('\n');
    }
    text
}

/// A row whose cells have these meanings; one of unknown meaning is left empty.
pub(super) fn row(
    truth: &Truth<'_>,
    entry: &Entry,
    columns: &[Option<&str>],
    date: &str,
) -> String {
    let cells = columns.iter().map(|key| match key {
        Some(key) => escaped(&cell(truth, entry, key, date)),
        None => String::new(),
    });
    let cells: Vec<String> = cells.collect();
    format!("| {} |", cells.join(" | "))
}

fn cell(truth: &Truth<'_>, entry: &Entry, key: &str, date: &str) -> String {
    if let Some(known) = truth.cell(entry, key) {
        return known;
    }
    match key {
        "code" => entry.code.clone(),
        "name" => entry.name.clone(),
        "role" => entry.role.clone(),
        "agent" => "(none)".to_owned(),
        "ports" => "Ports not identified".to_owned(),
        "adapters" => "0%".to_owned(),
        "blocked" => "No".to_owned(),
        "updated" => date.to_owned(),
        "link" => "[#XXX]".to_owned(),
        "environments" => "(none)".to_owned(),
        _ => String::new(),
    }
}
