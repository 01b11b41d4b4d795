//! The table of contents of the law: every rule, in the order of the book, and how all are applied.

mod adapter_in_capability;
mod behaviour_overridden;
mod blind_spot;
mod branches;
mod broken_ledger;
mod business_logic_in_runtime;
mod case;
mod confined_package;
mod cut;
mod cycle;
mod dead_selector;
mod draft;
mod duplicate_structure;
mod engine_dependency;
mod engine_reference;
mod environment_in_capability;
mod expired_exception;
mod failed_expectation;
mod federation;
mod federation_contract;
mod fixed;
mod hardcoded_binding;
mod hardcoded_broker;
mod hardcoded_engine;
mod hardcoded_secret;
mod hardcoded_topology;
mod issue_tree_drift;
mod layer_cycle;
mod layers;
pub(crate) mod links;
mod literals;
pub(crate) mod manifest;
mod missing_structure;
mod mode_branching;
mod port_bypassed;
mod port_redefined;
mod ports;
mod premature_implementation;
mod reach;
mod remedy;
mod reverse_dependency;
mod runtime;
mod runtime_cycle;
mod runtime_reference;
mod signatures;
mod single_mode_structure;
pub(crate) mod source;
mod stale_exception;
mod structure_without_port;
mod structures;
mod tenancy_in_capability;
#[cfg(test)]
pub(crate) mod testing;
mod topology_in_capability;
mod tracker_drift;
mod unapproved_exception;
mod unassigned_module;
mod unassigned_package;
mod unknown_structure;
mod unsigned_update;
mod update_walk;
mod upward_dependency;
pub(crate) mod weakened_law;
pub(crate) mod words;

pub(crate) use blind_spot::unread;
pub(crate) use case::Case;
pub(crate) use draft::{Draft, Sink};
pub(crate) use literals::judge::secrets;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::constitution::Constitution;
use crate::facts::source::load::STACK;
use crate::finding::{Finding, Level, OptionKind, RuleMeta, RuleOption};

/// One law: what it is, and how it judges a case.
pub(crate) trait Rule {
    const META: &'static RuleMeta;

    /// The level where the constitution sets none.
    fn level(_law: &Constitution) -> Level {
        Self::META.level
    }

    /// Says every breach to `sink`, which stamps rule and level.
    fn check(case: &Case<'_>, sink: &mut Sink<'_>);
}

/// The option of every rule that tests can break: how grave that may become at most.
pub(crate) const TESTS: RuleOption = RuleOption {
    key: "tests",
    kind: OptionKind::Word(&["note", "warning", "risk", "breach"]),
    summary: "the gravest level for what only tests use (default: warning)",
};

struct Entry {
    meta: &'static RuleMeta,
    level: fn(&Constitution) -> Level,
    check: fn(&Case<'_>, &mut Sink<'_>),
}

const fn entry<R: Rule>() -> Entry {
    Entry {
        meta: R::META,
        level: R::level,
        check: R::check,
    }
}

const TABLE: &[Entry] = &[
    entry::<reverse_dependency::ReverseDependency>(),
    entry::<upward_dependency::UpwardDependency>(),
    entry::<confined_package::ConfinedPackage>(),
    entry::<engine_dependency::EngineDependency>(),
    entry::<engine_reference::EngineReference>(),
    entry::<runtime_reference::RuntimeReference>(),
    entry::<adapter_in_capability::AdapterInCapability>(),
    entry::<port_redefined::PortRedefined>(),
    entry::<behaviour_overridden::BehaviourOverridden>(),
    entry::<port_bypassed::PortBypassed>(),
    entry::<business_logic_in_runtime::BusinessLogicInRuntime>(),
    entry::<hardcoded_engine::HardcodedEngine>(),
    entry::<hardcoded_broker::HardcodedBroker>(),
    entry::<hardcoded_topology::HardcodedTopology>(),
    entry::<hardcoded_secret::HardcodedSecret>(),
    entry::<hardcoded_binding::HardcodedBinding>(),
    entry::<runtime_cycle::RuntimeCycle>(),
    entry::<layer_cycle::LayerCycle>(),
    entry::<topology_in_capability::TopologyInCapability>(),
    entry::<environment_in_capability::EnvironmentInCapability>(),
    entry::<mode_branching::ModeBranching>(),
    entry::<tenancy_in_capability::TenancyInCapability>(),
    entry::<premature_implementation::PrematureImplementation>(),
    entry::<unknown_structure::UnknownStructure>(),
    entry::<missing_structure::MissingStructure>(),
    entry::<duplicate_structure::DuplicateStructure>(),
    entry::<structure_without_port::StructureWithoutPort>(),
    entry::<single_mode_structure::SingleModeStructure>(),
    entry::<federation_contract::FederationContract>(),
    entry::<unsigned_update::UnsignedUpdate>(),
    entry::<issue_tree_drift::IssueTreeDrift>(),
    entry::<tracker_drift::TrackerDrift>(),
    entry::<weakened_law::WeakenedLaw>(),
    entry::<unapproved_exception::UnapprovedException>(),
    entry::<expired_exception::ExpiredException>(),
    entry::<stale_exception::StaleException>(),
    entry::<broken_ledger::BrokenLedger>(),
    entry::<unassigned_package::UnassignedPackage>(),
    entry::<unassigned_module::UnassignedModule>(),
    entry::<dead_selector::DeadSelector>(),
    entry::<failed_expectation::FailedExpectation>(),
    entry::<blind_spot::BlindSpot>(),
];

static METAS: [&RuleMeta; TABLE.len()] = {
    let mut metas = [TABLE[0].meta; TABLE.len()];
    let mut at = 0;
    while at < TABLE.len() {
        metas[at] = TABLE[at].meta;
        at += 1;
    }
    metas
};

/// Where both speak of one place, the first is the more special law, and the second is silent.
const MORE_SPECIAL: &[(&str, &str)] = &[
    ("topology-in-capability", "hardcoded-binding"),
    ("hardcoded-secret", "hardcoded-binding"),
    ("hardcoded-secret", "topology-in-capability"),
    ("hardcoded-secret", "hardcoded-engine"),
    ("hardcoded-secret", "hardcoded-broker"),
    ("hardcoded-secret", "hardcoded-topology"),
    ("mode-branching", "tenancy-in-capability"),
    ("environment-in-capability", "engine-reference"),
    ("adapter-in-capability", "engine-reference"),
];

/// How grave the rule's findings are by `law`; `None`: it is off.
fn level_of(rule: &RuleMeta, law: &Constitution) -> Option<Level> {
    let set = law.rules.get(rule.id).and_then(|setting| setting.level);
    set.unwrap_or_else(|| {
        let entry = TABLE.iter().find(|entry| entry.meta == rule);
        Some(entry.map_or(rule.level, |entry| (entry.level)(law)))
    })
}

/// Every rule, in the order of the book.
pub(crate) fn all() -> &'static [&'static RuleMeta] {
    &METAS
}

/// The rule of that id.
pub(crate) fn find(id: &str) -> Option<&'static RuleMeta> {
    METAS.into_iter().find(|meta| meta.id == id)
}

/// What several laws look up, told first lest they wait for one another.
const TABLES: &[fn(&Case<'_>)] = &[
    |case| {
        case.meanings();
    },
    |case| {
        case.engines();
        case.ports();
    },
];

/// Applies every law that is not off, on so many threads. The order is that of the book, not yet of the report.
pub(crate) fn check_all(case: &Case<'_>, threads: usize) -> Vec<Finding> {
    let next = AtomicUsize::new(0);
    // From the end of the book: there the one is that takes longest, for which nobody should wait in the end.
    let work = || {
        let mut said: Vec<(usize, Vec<Finding>)> = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if let Some(table) = TABLES.get(at) {
                table(case);
            } else if let Some(rule) = TABLE.iter().rev().nth(at - TABLES.len()) {
                let mut findings = Vec::new();
                if let Some(mut sink) = Sink::new(rule.meta, rule.level, case.law, &mut findings) {
                    (rule.check)(case, &mut sink);
                }
                said.push((at, findings));
            } else {
                return said;
            }
        }
    };
    let mut said: Vec<(usize, Vec<Finding>)> = std::thread::scope(|scope| {
        let others = (1..threads).map(|_| {
            let thread = std::thread::Builder::new().stack_size(STACK);
            let thread = thread.spawn_scoped(scope, work);
            thread.expect("a thread can be started")
        });
        let others: Vec<_> = others.collect();
        let mut said = work();
        for other in others {
            let more = other.join();
            said.extend(more.unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        said
    });
    said.sort_by_key(|(at, _)| Reverse(*at));
    let mut findings = said
        .into_iter()
        .flat_map(|(_, findings)| findings)
        .collect();
    most_special(&mut findings);
    findings
}

/// One place, one finding: drops what a more special law has said already.
fn most_special(findings: &mut Vec<Finding>) {
    for (special, general) in MORE_SPECIAL {
        let said: BTreeSet<_> = findings
            .iter()
            .filter(|finding| finding.rule.id == *special)
            .map(|finding| finding.place)
            .collect();
        if !said.is_empty() {
            findings
                .retain(|finding| finding.rule.id != *general || !said.contains(&finding.place));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_found_by_its_own_id_and_no_two_share_one() {
        for meta in all() {
            let found = find(meta.id).expect("a rule of the table is found");
            assert!(std::ptr::eq(found.summary, meta.summary), "{}", meta.id);
            assert!(!meta.summary.ends_with('.'), "{}", meta.id);
        }
        assert!(find("no-such-rule").is_none());
    }
}
