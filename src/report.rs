//! The report: findings sorted, counted and named, and the verdict. It filters nothing.

mod excerpt;
mod fingerprint;
pub(crate) mod freeze;
pub(crate) mod github;
pub(crate) mod graph;
pub(crate) mod human;
mod json;
mod junit;
pub(crate) mod look;
mod markdown;
pub(crate) mod safe;
mod sarif;
mod short;
mod since;
pub(crate) mod standing;
mod template;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::finding::{BlindSpot, Finding, Level, RuleMeta};
use crate::text::{FileId, Place, Sources, Span};
use freeze::{Dossier, Form};
use look::Look;
pub(crate) use since::Since;
use standing::{Exception, Status};

/// The rule for literals that no report may repeat.
const SECRET: &str = "hardcoded-secret";

/// How much was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checked {
    pub(crate) packages: usize,
    pub(crate) files: usize,
    pub(crate) modules: usize,
    pub(crate) edges: usize,
}

/// Findings by level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    note: usize,
    warning: usize,
    risk: usize,
    breach: usize,
}

impl Counts {
    fn of<'f>(findings: impl Iterator<Item = &'f Finding>) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            match finding.level {
                Level::Note => counts.note += 1,
                Level::Warning => counts.warning += 1,
                Level::Risk => counts.risk += 1,
                Level::Breach => counts.breach += 1,
            }
        }
        counts
    }

    pub(crate) fn at(self, level: Level) -> usize {
        match level {
            Level::Note => self.note,
            Level::Warning => self.warning,
            Level::Risk => self.risk,
            Level::Breach => self.breach,
        }
    }
}

/// What follows from all findings together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    Lawful,
    Freeze,
    /// Something that had to be read could not be, so nothing is proved.
    Blind,
}

impl Verdict {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lawful => "lawful",
            Self::Freeze => "freeze",
            Self::Blind => "blind",
        }
    }
}

/// A finding with its name, and how it stands.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) finding: Finding,
    /// Hexadecimal, 32 digits.
    pub(crate) fingerprint: String,
    pub(crate) status: Status,
    /// Whether it was found at the base already.
    pub(crate) known: bool,
}

impl Entry {
    fn new(finding: Finding, fingerprint: String) -> Self {
        Self {
            finding,
            fingerprint,
            status: Status::New,
            known: false,
        }
    }
}

/// Everything that a format shows.
pub(crate) struct Report<'a> {
    pub(crate) sources: &'a Sources,
    pub(crate) verdict: Verdict,
    /// The level from which on a finding freezes.
    pub(crate) fail_on: Level,
    pub(crate) checked: Checked,
    /// Of the new findings.
    pub(crate) counts: Counts,
    /// The rules with a finding, by their ids; with [`Report::with_rules`], all of them.
    pub(crate) rules: Vec<&'static RuleMeta>,
    /// By file, line, column and rule.
    pub(crate) entries: Vec<Entry>,
    /// The exceptions that bear some of them.
    pub(crate) exceptions: Vec<Exception>,
    /// By file, line and column.
    pub(crate) blind_spots: Vec<BlindSpot>,
    /// The path from the repository's root to the workspace's, with a slash at its end, for formats that
    /// GitHub reads; empty where they are the same.
    pub(crate) checkout: String,
    /// A Mermaid picture of what the change touches.
    pub(crate) picture: Option<String>,
    /// What the page for people says beside the findings.
    pub(crate) dossier: Option<Dossier>,
    /// What the change is compared with.
    pub(crate) since: Option<Since>,
    /// Where credentials are written, whether or not a finding says so.
    masks: Vec<Place>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(
        mut findings: Vec<Finding>,
        mut blind_spots: Vec<BlindSpot>,
        checked: Checked,
        fail_on: Level,
        sources: &'a Sources,
    ) -> Self {
        findings.sort_by(|a, b| order(sources, a).cmp(&order(sources, b)));
        drop_repeats(&mut findings);
        sort_spots(&mut blind_spots, sources);
        let fingerprints = fingerprint::stamp(&findings, sources);
        let rules: BTreeMap<&str, &'static RuleMeta> = findings
            .iter()
            .map(|finding| (finding.rule.id, finding.rule))
            .collect();
        let named = findings.into_iter().zip(fingerprints);
        let mut report = Self {
            sources,
            verdict: Verdict::Blind,
            fail_on,
            checked,
            counts: Counts::default(),
            rules: rules.into_values().collect(),
            entries: named
                .map(|(finding, fingerprint)| Entry::new(finding, fingerprint))
                .collect(),
            exceptions: Vec::new(),
            blind_spots,
            checkout: String::new(),
            picture: None,
            dossier: None,
            since: None,
            masks: Vec::new(),
        };
        report.decide();
        report
    }

    /// Also hides what is written at `places`, of which there need be no finding.
    pub(crate) fn masking(mut self, places: Vec<Place>) -> Self {
        self.masks = places;
        self
    }

    /// The findings, in the order of the entries.
    pub(crate) fn findings(&self) -> Vec<&Finding> {
        self.entries.iter().map(|entry| &entry.finding).collect()
    }

    /// The entries, the gravest first, what is borne last: what a format with a limit shows of them.
    pub(crate) fn gravest_first(&self) -> Vec<&Entry> {
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by_key(|entry| Reverse((entry.status == Status::New, entry.finding.level)));
        entries
    }

    /// Names the rules of `book` in its order, those without a finding too.
    #[must_use]
    pub(crate) fn with_rules(mut self, book: &[&'static RuleMeta]) -> Self {
        self.rules.retain(|rule| !book.contains(rule));
        self.rules.splice(..0, book.iter().copied());
        self
    }

    /// Where secrets are written, by file: no excerpt may repeat them.
    pub(crate) fn secrets(&self) -> BTreeMap<FileId, Vec<Span>> {
        let mut secrets: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
        for place in &self.masks {
            secrets.entry(place.file).or_default().push(place.span);
        }
        let findings = self.entries.iter().map(|entry| &entry.finding);
        for finding in findings.filter(|finding| finding.rule.id == SECRET) {
            let hops = finding.chain.iter().map(|hop| hop.place);
            for place in std::iter::once(finding.place).chain(hops) {
                secrets.entry(place.file).or_default().push(place.span);
            }
        }
        secrets
    }

    /// The file of `place` as people see it, exactly.
    pub(crate) fn file(&self, place: Place) -> &'a str {
        self.sources.shown(place.file)
    }

    /// The file of `place` as the repository knows it, exactly.
    pub(crate) fn file_in_checkout(&self, place: Place) -> String {
        let mut parts: Vec<&str> = self.checkout.split('/').filter(|p| !p.is_empty()).collect();
        for part in self.file(place).split('/') {
            match (part, parts.last()) {
                ("..", Some(&last)) if last != ".." => drop(parts.pop()),
                _ => parts.push(part),
            }
        }
        parts.join("/")
    }

    /// `file:line:column`, harmless.
    pub(crate) fn at(&self, place: Place) -> String {
        format!("{}:{}", safe::safe(self.file(place)), place.span.start)
    }
}

fn path(sources: &Sources, place: Place) -> &[u8] {
    sources.shown(place.file).as_bytes()
}

/// The order of the report. What comes after the rule only makes it total, the better of two
/// repetitions first.
fn order<'a>(sources: &'a Sources, finding: &'a Finding) -> impl Ord + use<'a> {
    (
        path(sources, finding.place),
        finding.place.span.start,
        finding.rule.id,
        &finding.target,
        &finding.package,
        finding.place.span.end,
        (finding.test, Reverse(finding.level)),
        (&finding.message, &finding.module, &finding.cfg),
    )
}

/// By file, line and column, each once.
fn sort_spots(spots: &mut Vec<BlindSpot>, sources: &Sources) {
    spots.sort_by(|a, b| {
        let key = |spot: &BlindSpot| (path(sources, spot.place).to_owned(), spot.place.span);
        (key(a), &a.reason).cmp(&(key(b), &b.reason))
    });
    spots.dedup();
}

/// Keeps the first of several findings that say the same: one rule, place, target and package.
fn drop_repeats(findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    findings.retain(|finding| {
        // Without a target only the message tells what it is about.
        let about = finding
            .target
            .clone()
            .ok_or_else(|| finding.message.clone());
        seen.insert((
            finding.rule.id,
            finding.place,
            about,
            finding.package.clone(),
        ))
    });
}

/// A way to write a report down. A format is one file here and its lines in this enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Human,
    Short,
    Json,
    Sarif,
    Github,
    Junit,
    Markdown,
    Html,
}

impl Format {
    pub(crate) const ALL: [Self; 8] = [
        Self::Human,
        Self::Short,
        Self::Json,
        Self::Sarif,
        Self::Github,
        Self::Junit,
        Self::Markdown,
        Self::Html,
    ];

    /// The word for it on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Short => "short",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Whether its output names the verdict and the blind spots, not the findings alone.
    pub(crate) fn tells_verdict(self) -> bool {
        match self {
            Self::Human | Self::Json | Self::Sarif | Self::Junit | Self::Markdown | Self::Html => {
                true
            }
            Self::Short | Self::Github => false,
        }
    }

    /// Writes `report` whole; `look` bears on formats for people only.
    pub(crate) fn write(
        self,
        report: &Report<'_>,
        look: &Look,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Human => human::write(report, look, out),
            Self::Short => short::write(report, look, out),
            Self::Json => json::write(report, out),
            Self::Sarif => sarif::write(report, out),
            Self::Github => github::write(report, out),
            Self::Junit => junit::write(report, out),
            Self::Markdown => markdown::write(report, look, out),
            Self::Html => match &report.dossier {
                Some(dossier) => dossier.write(report, Form::Html, out),
                None => Err(io::Error::other(
                    "a page needs the picture of its workspace",
                )),
            },
        }
    }
}

#[cfg(test)]
mod tests;
