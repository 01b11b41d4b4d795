//! From what a rule says to a finding: the sink stamps the rule's name and level.

use crate::constitution::{Constitution, OptionValue};
use crate::facts::graph::PackageId;
use crate::facts::reference::{ModuleId, Reference};
use crate::facts::surface::Guarded;
use crate::finding::{Because, Confidence, Finding, Hop, Level, RuleMeta};
use crate::rules::Case;
use crate::text::Place;

/// A finding without rule and level, which are not its rule's to choose.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) place: Place,
    pub(crate) message: String,
    pub(crate) help: String,
    pub(crate) confidence: Confidence,
    /// Whether the rule is in doubt at this place: a risk at most, whatever the law's level.
    pub(crate) doubtful: bool,
    pub(crate) package: Option<String>,
    pub(crate) module: Option<String>,
    pub(crate) layer: Option<String>,
    pub(crate) structure: Option<String>,
    pub(crate) target: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) cfg: Option<String>,
    pub(crate) test: bool,
    pub(crate) chain: Vec<Hop>,
    pub(crate) because: Vec<Because>,
}

impl Draft {
    /// The least that a finding says; the rest is filled in by struct update.
    pub(crate) fn at(place: Place, message: String, help: String) -> Self {
        Self {
            place,
            message,
            help,
            confidence: Confidence::Certain,
            doubtful: false,
            package: None,
            module: None,
            layer: None,
            structure: None,
            target: None,
            category: None,
            cfg: None,
            test: false,
            chain: Vec::new(),
            because: Vec::new(),
        }
    }

    /// Of a package's manifest.
    pub(crate) fn of_package(mut self, case: &Case<'_>, package: PackageId) -> Self {
        self.package = Some(case.facts.graph.package(package).name.clone());
        if let Some(assigned) = case.layering.package(package) {
            self.layer = Some(case.law.layer(assigned.layer).name.clone());
            self.structure = assigned.structure.clone();
        }
        self
    }

    /// Of a module's source.
    pub(crate) fn of_module(mut self, case: &Case<'_>, module: ModuleId) -> Self {
        let facts = &case.facts.modules[module.0 as usize];
        self.package = Some(case.facts.graph.package(facts.package).name.clone());
        self.module = Some(facts.path.clone());
        if let Some(assigned) = case.assigned(module) {
            self.layer = Some(case.law.layer(assigned.layer).name.clone());
            self.structure = assigned.structure.clone();
        }
        self
    }

    /// Under a guard.
    pub(crate) fn guarded(self, guard: &Guarded) -> Self {
        Self {
            cfg: guard.cfg.as_deref().map(str::to_owned),
            test: guard.test,
            ..self
        }
    }

    /// Of one reference in source: its module, guard, hops and certainty.
    pub(crate) fn of_reference(self, case: &Case<'_>, reference: &Reference) -> Self {
        let draft = self.of_module(case, reference.from);
        Self {
            confidence: reference.confidence,
            cfg: case.names.guard(reference),
            test: reference.test,
            chain: case.names.hops(reference),
            ..draft
        }
    }
}

/// Takes what one rule says.
pub(crate) struct Sink<'a> {
    rule: &'static RuleMeta,
    level: Level,
    tests: Level,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Sink<'a> {
    /// `None` where the constitution switches the rule off.
    pub(crate) fn new(
        rule: &'static RuleMeta,
        default: fn(&Constitution) -> Level,
        law: &Constitution,
        findings: &'a mut Vec<Finding>,
    ) -> Option<Self> {
        let setting = law.rules.get(rule.id);
        let level = match setting.and_then(|setting| setting.level) {
            Some(level) => level?,
            None => default(law),
        };
        let tests = match setting.and_then(|setting| setting.options.get("tests")) {
            Some(OptionValue::Word(word)) => Level::ALL.into_iter().find(|l| l.name() == word),
            _ => None,
        };
        Some(Self {
            rule,
            level,
            tests: tests.unwrap_or(Level::Warning),
            findings,
        })
    }

    /// Adds a finding. What only tests use is at most a warning, or what the rule's `tests` says; what the rule
    /// doubts is at most a risk.
    pub(crate) fn push(&mut self, draft: Draft) {
        let mut level = self.level;
        if draft.test {
            level = level.min(self.tests);
        }
        if draft.doubtful {
            level = level.min(Level::Risk);
        }
        self.add(draft, level);
    }

    /// Adds what is worth saying and no more than a note.
    pub(crate) fn note(&mut self, draft: Draft) {
        self.add(draft, Level::Note);
    }

    fn add(&mut self, draft: Draft, level: Level) {
        self.findings.push(Finding {
            rule: self.rule,
            level,
            confidence: draft.confidence,
            message: draft.message,
            help: draft.help,
            place: draft.place,
            package: draft.package,
            module: draft.module,
            layer: draft.layer,
            structure: draft.structure,
            target: draft.target,
            category: draft.category,
            cfg: draft.cfg,
            test: draft.test,
            chain: draft.chain,
            because: draft.because,
        });
    }
}
