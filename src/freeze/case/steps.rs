//! The records of a freeze: what each step says, as its file is written.

use serde::{Deserialize, Serialize};
use toml::Spanned;

/// One finding of a declaration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Found {
    pub(crate) fingerprint: String,
    pub(crate) rule: String,
    pub(crate) clause: String,
    /// `file:line:column`
    pub(crate) at: String,
    pub(crate) message: String,
}

/// The first step, which never changes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Declaration {
    pub(crate) freeze: String,
    pub(crate) declared: Spanned<String>,
    pub(crate) what: String,
    /// The sections of the model document that are broken.
    pub(crate) clauses: Vec<String>,
    pub(crate) tool: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) commit: Option<String>,
    /// BLAKE3 over all that was read.
    pub(crate) tree: String,
    /// BLAKE3 of the constitution.
    pub(crate) constitution: String,
    /// SHA-256 of [`super::REPORT`].
    pub(crate) report: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) ledger: Option<Spanned<String>>,
    #[serde(rename = "finding", default)]
    pub(crate) findings: Vec<Found>,
}

/// How one finding is to be remedied.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remedy {
    pub(crate) fingerprint: String,
    pub(crate) how: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    pub(crate) freeze: String,
    /// SHA-256 of the declaration; so for the other steps.
    pub(crate) declaration: String,
    pub(crate) author: Spanned<String>,
    pub(crate) written: Spanned<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) ledger: Option<Spanned<String>>,
    #[serde(rename = "remedy", default)]
    pub(crate) remedies: Vec<Remedy>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Review {
    pub(crate) freeze: String,
    pub(crate) declaration: String,
    pub(crate) plan: String,
    pub(crate) reviewer: Spanned<String>,
    pub(crate) written: Spanned<String>,
    pub(crate) opinion: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) ledger: Option<Spanned<String>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lift {
    pub(crate) freeze: String,
    pub(crate) declaration: String,
    pub(crate) plan: String,
    pub(crate) review: String,
    pub(crate) written: Spanned<String>,
    pub(crate) tool: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) commit: Option<String>,
    /// What was clean, as in the declaration.
    pub(crate) tree: String,
    pub(crate) constitution: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) ledger: Option<Spanned<String>>,
}
