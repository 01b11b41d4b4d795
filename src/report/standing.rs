//! How the findings stand: new, or borne by leave. The records decide; a report only shows it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Counts, Entry, Report, Verdict, drop_repeats, fingerprint, order, sort_spots};
use crate::finding::{BlindSpot, Finding};

/// How a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    New,
    /// Borne for a time, by the exception of this index.
    Excepted(usize),
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Excepted(_) => "excepted",
        }
    }
}

/// A valid exception, as reports show it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Exception {
    /// Its file, from the workspace's root.
    pub(crate) record: String,
    pub(crate) rule: String,
    pub(crate) clause: String,
    pub(crate) reason: String,
    pub(crate) owner: String,
    pub(crate) approver: String,
    /// Days, such as `2026-11-23`; the last one counts.
    pub(crate) opened: String,
    pub(crate) expires: String,
    /// The fingerprints of what it bears.
    pub(crate) findings: Vec<String>,
}

/// What the records make of a report.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    /// About the records themselves.
    pub(crate) findings: Vec<Finding>,
    pub(crate) blind_spots: Vec<BlindSpot>,
    /// Of the findings that are not new, by fingerprint.
    pub(crate) status: BTreeMap<String, Status>,
    pub(crate) exceptions: Vec<Exception>,
}

impl Report<'_> {
    /// The same findings as they stand under the records, with those about the records.
    pub(crate) fn under(mut self, standing: Standing) -> Self {
        for entry in &mut self.entries {
            if let Some(status) = standing.status.get(&entry.fingerprint) {
                entry.status = *status;
            }
        }
        let mut findings = standing.findings;
        findings.sort_by(|a, b| order(self.sources, a).cmp(&order(self.sources, b)));
        drop_repeats(&mut findings);
        let fingerprints = fingerprint::stamp(&findings, self.sources);
        for (finding, fingerprint) in findings.into_iter().zip(fingerprints) {
            if !self.rules.contains(&finding.rule) {
                self.rules.push(finding.rule);
            }
            self.entries.push(Entry::new(finding, fingerprint));
        }
        self.rules.sort_by_key(|rule| rule.id);
        let sources = self.sources;
        self.entries
            .sort_by(|a, b| order(sources, &a.finding).cmp(&order(sources, &b.finding)));
        self.blind_spots.extend(standing.blind_spots);
        sort_spots(&mut self.blind_spots, sources);
        self.exceptions = standing.exceptions;
        self.decide();
        self
    }

    /// Whether an entry is one that freezes.
    pub(crate) fn freezes(&self, entry: &Entry) -> bool {
        entry.status == Status::New && entry.finding.level >= self.fail_on
    }

    /// How many findings are borne by an exception.
    pub(crate) fn excepted(&self) -> usize {
        let entries = self.entries.iter();
        entries
            .filter(|entry| matches!(entry.status, Status::Excepted(_)))
            .count()
    }

    /// The exception that bears an entry.
    pub(crate) fn exception(&self, entry: &Entry) -> Option<&Exception> {
        match entry.status {
            Status::Excepted(index) => self.exceptions.get(index),
            Status::New => None,
        }
    }

    /// Counts and verdict, from how the entries stand.
    pub(super) fn decide(&mut self) {
        let new = self.entries.iter();
        let new = new.filter(|entry| entry.status == Status::New);
        self.counts = Counts::of(new.map(|entry| &entry.finding));
        self.verdict = if self.entries.iter().any(|entry| self.freezes(entry)) {
            Verdict::Freeze
        } else if self.blind_spots.is_empty() {
            Verdict::Lawful
        } else {
            Verdict::Blind
        };
    }
}
