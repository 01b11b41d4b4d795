//! How the findings stand: new, or borne by leave. The records decide; a report only shows it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Counts, Entry, Report, Verdict, drop_repeats, fingerprint, order, sort_spots};
use crate::finding::{BlindSpot, Finding};

/// How a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    New,
    /// There when the tool was adopted, and borne since.
    Baseline,
    /// Borne for a time, by the exception of this index.
    Excepted(usize),
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Baseline => "existing",
            Self::Excepted(_) => "excepted",
        }
    }

    /// Whether the finding is borne by leave: it neither counts nor freezes.
    pub(crate) fn is_borne(self) -> bool {
        matches!(self, Self::Baseline | Self::Excepted(_))
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

/// A freeze in force, as reports show it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Freeze {
    pub(crate) id: String,
    /// Its declaration, from the workspace's root.
    pub(crate) record: String,
    /// The moment, in UTC.
    pub(crate) declared: String,
    pub(crate) what: String,
    pub(crate) clauses: Vec<String>,
    /// How many were declared.
    pub(crate) findings: usize,
    /// The five of the Freeze Escalation Protocol.
    pub(crate) steps: Vec<Step>,
    pub(crate) lift: String,
    /// The next command.
    pub(crate) next: String,
}

/// Where one step stands.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) state: String,
    pub(crate) done: bool,
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
    /// Those in force, the oldest id first.
    pub(crate) freezes: Vec<Freeze>,
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
        self.freezes = standing.freezes;
        self.decide();
        self
    }

    /// Whether an entry is one that freezes.
    pub(crate) fn freezes(&self, entry: &Entry) -> bool {
        !entry.status.is_borne() && entry.finding.level >= self.fail_on
    }

    /// How many findings stand like this, by the name of their status.
    pub(crate) fn standing(&self, status: &str) -> usize {
        let entries = self.entries.iter();
        entries
            .filter(|entry| entry.status.is_borne() && entry.status.name() == status)
            .count()
    }

    /// The exception that bears an entry.
    pub(crate) fn exception(&self, entry: &Entry) -> Option<&Exception> {
        match entry.status {
            Status::Excepted(index) => self.exceptions.get(index),
            Status::New | Status::Baseline => None,
        }
    }

    /// Counts and verdict, from how the entries stand.
    pub(super) fn decide(&mut self) {
        let standing = self.entries.iter();
        let standing = standing.filter(|entry| !entry.status.is_borne());
        self.counts = Counts::of(standing.map(|entry| &entry.finding));
        self.verdict =
            if !self.freezes.is_empty() || self.entries.iter().any(|entry| self.freezes(entry)) {
                Verdict::Freeze
            } else if self.blind_spots.is_empty() {
                Verdict::Lawful
            } else {
                Verdict::Blind
            };
    }
}
