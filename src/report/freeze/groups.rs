//! Findings that are one matter: the same rule, target and package, with all their places.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::report::{Entry, Report};

/// Indices into the report's entries, never empty; what freezes comes first, by trigger.
pub(super) fn of(report: &Report<'_>) -> Vec<Vec<usize>> {
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, entry) in report.entries.iter().enumerate() {
        let finding = &entry.finding;
        // Without a target the message says what it is about.
        let about = finding.target.as_ref().unwrap_or(&finding.message);
        let about = (about, entry.status.name(), record(report, entry));
        let key = (finding.rule.id, finding.level, about, &finding.package);
        let group = *known.entry(key).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(at);
    }
    groups.sort_by_key(|group| order(report, &report.entries[group[0]]));
    groups
}

/// The exception that bears an entry, by its file.
fn record<'r>(report: &'r Report<'_>, entry: &Entry) -> Option<&'r str> {
    Some(report.exception(entry)?.record.as_str())
}

fn order(report: &Report<'_>, entry: &Entry) -> impl Ord + use<> {
    let finding = &entry.finding;
    let trigger = finding.rule.trigger.unwrap_or(u8::MAX);
    let freezes = report.freezes(entry);
    (
        Reverse(freezes),
        Reverse(finding.level),
        trigger,
        finding.rule.id,
    )
}
