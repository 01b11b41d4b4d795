//! The baseline: what was there when the tool was adopted, as one signed record that can only shrink.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::record::{self, Fault};
use crate::provenance::Moment;

/// The name of the file below `.constitution/`.
pub(crate) const FILE: &str = "baseline.toml";

/// One finding that was there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Known {
    pub(crate) fingerprint: Spanned<String>,
    pub(crate) rule: String,
    /// Where it was then: for people, nothing is compared with it.
    pub(crate) file: String,
}

/// The whole record.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Baseline {
    /// The moment it was taken.
    pub(crate) taken: Spanned<String>,
    /// The end of the ledger at that moment.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) ledger: Option<Spanned<String>>,
    #[serde(rename = "finding", default)]
    pub(crate) findings: Vec<Known>,
}

impl Baseline {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let baseline: Self = record::read(bytes)?;
        baseline.moment()?;
        Ok(baseline)
    }

    pub(crate) fn moment(&self) -> Result<Moment, Fault> {
        record::moment(&self.taken)
    }

    pub(crate) fn fingerprints(&self) -> BTreeSet<&str> {
        let findings = self.findings.iter();
        findings
            .map(|known| known.fingerprint.as_ref().as_str())
            .collect()
    }

    /// What it bears that `base` does not: a baseline may only shrink.
    pub(crate) fn beyond<'s>(&'s self, base: &Self) -> Vec<&'s Known> {
        let there = base.fingerprints();
        let findings = self.findings.iter();
        findings
            .filter(|known| !there.contains(known.fingerprint.as_ref().as_str()))
            .collect()
    }
}
