//! What the law calls the interfaces and the steps of Section X: names as data, built in and of one's own.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::constitution::OptionValue;
use crate::facts::flow::Call;
use crate::finding::{OptionKind, RuleMeta, RuleOption};
use crate::rules::Case;

static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/federation.toml")).expect("the tests read it")
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BuiltIn {
    contract: BTreeMap<String, Vec<String>>,
    update: BTreeMap<String, Vec<String>>,
    step: BTreeMap<String, Vec<String>>,
}

/// An option of names that are added to those built in.
pub(crate) const fn names(key: &'static str, summary: &'static str) -> RuleOption {
    RuleOption {
        key,
        kind: OptionKind::Words,
        summary,
    }
}

/// A step of Section X, in its order; 7 is taken only where 5 fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Verify,
    Compatibility,
    Checkpoint,
    Bind,
    Integrity,
    Report,
    Rollback,
}

impl Step {
    /// In the order in which a name is looked for: the more telling word first.
    const TELLING: [Self; 7] = [
        Self::Integrity,
        Self::Compatibility,
        Self::Rollback,
        Self::Checkpoint,
        Self::Verify,
        Self::Report,
        Self::Bind,
    ];

    /// The key of its names.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Compatibility => "compatibility",
            Self::Checkpoint => "checkpoint",
            Self::Bind => "bind",
            Self::Integrity => "integrity",
            Self::Report => "report",
            Self::Rollback => "rollback",
        }
    }

    /// What it does, as a noun.
    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Verify => "the verification of its signature",
            Self::Compatibility => "the check of its compatibility",
            Self::Checkpoint => "the rollback checkpoint",
            Self::Bind => "the binding",
            Self::Integrity => "the verification of integrity",
            Self::Report => "the report to the federation",
            Self::Rollback => "the rollback",
        }
    }
}

/// The interfaces that every runtime structure exposes, with what each is.
pub(crate) const CONTRACT: [(&str, &str); 4] = [
    ("instance-metadata", "instance metadata"),
    ("signed-update", "signed-update ingestion"),
    ("compliance", "remote compliance verification"),
    ("rollback", "rollback"),
];

/// Names by key: those built in, and those that the constitution adds.
#[derive(Debug)]
pub(crate) struct Names {
    lists: BTreeMap<&'static str, Vec<String>>,
}

impl Names {
    /// Of the interfaces; `rule` has their keys as options.
    pub(crate) fn contract(case: &Case<'_>, rule: &RuleMeta) -> Self {
        Self::read(case, rule, [&BUILT_IN.contract])
    }

    /// Of updates and their steps.
    pub(crate) fn updates(case: &Case<'_>, rule: &RuleMeta) -> Self {
        Self::read(case, rule, [&BUILT_IN.update, &BUILT_IN.step])
    }

    fn read<const N: usize>(
        case: &Case<'_>,
        rule: &RuleMeta,
        built_in: [&'static BTreeMap<String, Vec<String>>; N],
    ) -> Self {
        let mut lists = BTreeMap::new();
        for (key, names) in built_in.into_iter().flatten() {
            let mut names = names.clone();
            if let Some(OptionValue::Words(own)) = case.option(rule, key) {
                names.extend(own.iter().cloned());
            }
            lists.insert(key.as_str(), names);
        }
        Self { lists }
    }

    /// Whether `name` is one of `key`'s.
    pub(crate) fn has(&self, key: &str, name: &str) -> bool {
        let mut names = self.lists.get(key).into_iter().flatten();
        names.any(|pattern| is_like(pattern, name))
    }

    /// The names of `key`, as a reader may use them.
    pub(crate) fn of(&self, key: &str) -> &[String] {
        self.lists.get(key).map_or(&[], Vec::as_slice)
    }

    /// The step that a call takes.
    pub(crate) fn step(&self, call: &Call<String>) -> Option<Step> {
        let mut steps = Step::TELLING.into_iter();
        let step = steps.find(|step| self.has(step.key(), &call.name))?;
        // A query's parameters are bound too.
        let query = |on: &String| on.starts_with("query") || on == "bind";
        (step != Step::Bind || !call.on.as_ref().is_some_and(query)).then_some(step)
    }
}

/// Whether `name` is of the pattern, in which `*` stands for any part.
fn is_like(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut left) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_part_of_a_name() {
        for (pattern, name) in [
            ("verify", "verify"),
            ("ingest_*", "ingest_update"),
            ("*integrity*", "verify_integrity"),
            ("*a*b", "xaxb"),
            ("*", ""),
        ] {
            assert!(is_like(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("verify", "verify_all"),
            ("ab*ba", "aba"),
            ("*_backup", "backup"),
            ("bind_*", "rebind_x"),
        ] {
            assert!(!is_like(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn steps_are_told_by_their_most_telling_word() {
        let step = |name: &str| {
            let mut steps = Step::TELLING.into_iter();
            steps.find(|step| {
                let names = &BUILT_IN.step[step.key()];
                names.iter().any(|pattern| is_like(pattern, name))
            })
        };
        for (name, due) in [
            ("verify_signature", Some(Step::Verify)),
            ("verify_integrity", Some(Step::Integrity)),
            ("verify_update_compatibility", Some(Step::Compatibility)),
            ("create_rollback_checkpoint", Some(Step::Checkpoint)),
            ("rollback_to_checkpoint", Some(Step::Rollback)),
            ("restore_snapshot", Some(Step::Rollback)),
            ("bind_update", Some(Step::Bind)),
            ("report_status", Some(Step::Report)),
            ("verify_schema", None),
            ("update", None),
        ] {
            assert_eq!(step(name), due, "{name}");
        }
        assert_eq!(BUILT_IN.contract.len(), CONTRACT.len());
    }
}
