//! What a law says: the rule, the place, the chain that leads there, and the way out.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::{Place, Span};

/// How grave a finding is; the order is the gravity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Note,
    Warning,
    Risk,
    /// A constitutional breach: freeze and escalation.
    Breach,
}

impl Level {
    pub const ALL: [Self; 4] = [Self::Note, Self::Warning, Self::Risk, Self::Breach];

    /// The constitution's word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Risk => "risk",
            Self::Breach => "breach",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Whether a finding is a fact or a judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    Certain,
    /// The rule is a heuristic at this place.
    Likely,
}

/// An option that a rule takes in its table of the constitution.
#[derive(Debug)]
pub struct RuleOption {
    pub key: &'static str,
    pub kind: OptionKind,
    pub summary: &'static str,
}

/// What values a rule's option may have.
#[derive(Debug, Clone, Copy)]
pub enum OptionKind {
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of strings.
    Words,
    /// Any string.
    Text,
}

/// A rule's identity: one static a rule, from its own file to every report.
#[derive(Debug)]
pub struct RuleMeta {
    /// Kebab-case; reads after "allow".
    pub id: &'static str,
    /// The freeze trigger of Section VIII, 1 to 5.
    pub trigger: Option<u8>,
    /// The section of the model document, such as `VIII.1`.
    pub clause: &'static str,
    /// One line without a full stop.
    pub summary: &'static str,
    /// The level of the built-in law.
    pub level: Level,
    /// The page of the book, in Markdown.
    pub page: &'static str,
    /// Options beside `level`, which every rule has.
    pub options: &'static [RuleOption],
}

/// Rules about the law and its records: no record lifts what they find.
const ABOVE_RECORDS: [&str; 6] = [
    "unapproved-exception",
    "expired-exception",
    "stale-exception",
    "broken-ledger",
    "failed-expectation",
    "blind-spot",
];

/// The rule about a change of the law: the Founder may sign for what it finds, but it is no debt.
const OF_A_CHANGE: &str = "weakened-law";

impl RuleMeta {
    /// Whether what it finds lies in the code as it stands: neither in the records nor in a change of the law.
    #[must_use]
    pub fn is_of_code(&self) -> bool {
        !self.is_above_records() && self.id != OF_A_CHANGE
    }

    /// Whether no exception and no baseline can ever bear what it finds.
    #[must_use]
    pub fn is_above_records(&self) -> bool {
        ABOVE_RECORDS.contains(&self.id)
    }
}

impl PartialEq for RuleMeta {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for RuleMeta {}

/// One hop of the chain from a place to what it reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    pub place: Place,
    /// What happens here, such as "`common::Pool` names `sqlx::PgPool`".
    pub label: String,
}

/// A reason that is not a hop: how an end got its layer, which line of the law applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    pub text: String,
    pub place: Option<Place>,
}

/// One breach of one rule at one place.
#[derive(Debug, Clone)]
pub struct Finding {
    pub rule: &'static RuleMeta,
    pub level: Level,
    pub confidence: Confidence,
    /// What is wrong, in one line.
    pub message: String,
    /// One concrete way out; never to loosen the law.
    pub help: String,
    pub place: Place,
    pub package: Option<String>,
    pub module: Option<String>,
    pub layer: Option<String>,
    pub structure: Option<String>,
    /// What is reached, such as `sqlx::PgPool` or a package's name.
    pub target: Option<String>,
    /// The catalogue's category of the target.
    pub category: Option<String>,
    /// The guard of the place, such as `cfg(windows)`.
    pub cfg: Option<String>,
    /// Whether only tests use the place.
    pub test: bool,
    pub chain: Vec<Hop>,
    pub because: Vec<Because>,
}

/// Something that had to be read and could not be: it makes the verdict blind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlindSpot {
    pub place: Place,
    /// What stood in the way, in plain words.
    pub reason: String,
}

impl BlindSpot {
    pub(crate) fn new(file: crate::text::FileId, span: Span, reason: impl Into<String>) -> Self {
        Self {
            place: Place { file, span },
            reason: reason.into(),
        }
    }
}
