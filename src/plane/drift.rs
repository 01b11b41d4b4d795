//! What a file of the programme says otherwise than the registry: a finding before its rule is stamped on.

use crate::finding::{Confidence, Finding, Level, RuleMeta};
use crate::text::Place;

/// One difference at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drift {
    pub(crate) place: Place,
    pub(crate) message: String,
    pub(crate) help: String,
    /// The structure's id, where one is concerned.
    pub(crate) structure: Option<String>,
    /// Worth saying, but no difference that anything depends on.
    pub(crate) minor: bool,
}

impl Drift {
    pub(crate) fn at(place: Place, message: String, help: impl Into<String>) -> Self {
        Self {
            place,
            message,
            help: help.into(),
            structure: None,
            minor: false,
        }
    }

    pub(crate) fn of(mut self, structure: &str) -> Self {
        self.structure = Some(structure.to_owned());
        self
    }

    /// As a finding of `rule`, at `level` unless it is minor.
    pub(crate) fn stamped(self, rule: &'static RuleMeta, level: Level) -> Finding {
        Finding {
            rule,
            level: if self.minor { Level::Note } else { level },
            confidence: Confidence::Certain,
            message: self.message,
            help: self.help,
            place: self.place,
            package: None,
            module: None,
            layer: None,
            structure: self.structure,
            target: None,
            category: None,
            cfg: None,
            test: false,
            chain: Vec::new(),
            because: Vec::new(),
        }
    }
}
