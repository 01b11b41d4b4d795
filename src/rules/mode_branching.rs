//! `mode-branching`: capability code that goes one way in one runtime mode and another way in another.

use crate::constitution::MODES;
use crate::facts::literal::{Branch, Choice};
use crate::finding::{Level, RuleMeta};
use crate::rules::branches::{self, Said};
use crate::rules::{Case, Rule, Sink, TESTS, words};

pub(crate) struct ModeBranching;

impl Rule for ModeBranching {
    const META: &'static RuleMeta = &RuleMeta {
        id: "mode-branching",
        trigger: Some(5),
        clause: "VI",
        summary: "capability source branches on the runtime mode or the kind of deployment",
        level: Level::Breach,
        page: include_str!("../../rules/mode-branching.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        branches::judge(
            case,
            |_| true,
            |branch| says(branch, |feature| is_alone(case, branch, feature)),
            "do the same in every mode; what differs is for the runtime structure that binds the port, or a value \
             that comes in as an argument",
            sink,
        );
    }
}

/// Whether a branch is on modes.
pub(crate) fn is_on_modes(branch: &Branch) -> bool {
    says(branch, |_| false).is_some()
}

/// A product's edition goes by the same words as a mode, `enterprise`; where a package has a feature for
/// another mode, too, there are modes to choose from.
fn is_alone(case: &Case<'_>, branch: &Branch, feature: &str) -> bool {
    let package = case.module(branch.at.module).package;
    let features = &case.facts.graph.package(package).features;
    is_edition(feature)
        && !features
            .iter()
            .any(|(other, _)| other != feature && is_mode_feature(other))
}

fn says(branch: &Branch, alone: impl Fn(&str) -> bool) -> Option<Said> {
    match &branch.choice {
        Choice::Cfg(predicate) => {
            let feature = features(predicate).find(|feature| is_mode_feature(feature))?;
            Some(Said {
                what: format!("is compiled differently by the mode `{feature}`"),
                target: feature.to_owned(),
                doubtful: alone(feature),
            })
        }
        Choice::Value {
            on, against, texts, ..
        } => {
            let by = by_type(on)
                .or_else(|| against.iter().find_map(|path| by_type(path)))
                .or_else(|| by_name(on, against, texts))?;
            Some(Said {
                what: format!("branches on the runtime mode: `{by}`"),
                target: by,
                doubtful: false,
            })
        }
    }
}

/// The features that a predicate names.
fn features(predicate: &str) -> impl Iterator<Item = &str> {
    let mut pieces = predicate.split('"');
    std::iter::from_fn(move || {
        loop {
            let before = pieces.next()?;
            let value = pieces.next()?;
            if before
                .trim_end()
                .trim_end_matches('=')
                .trim_end()
                .ends_with("feature")
            {
                return Some(value);
            }
        }
    })
}

/// Names of modes that mean nothing else, as runs of words.
const STRONG: &[&[&str]] = &[
    &["multi", "tenant"],
    &["multitenant"],
    &["single", "tenant"],
    &["multi", "tenancy"],
    &["multitenancy"],
    &["saas"],
    &["dedicated", "enterprise"],
    &["dedicated", "instance"],
    &["on", "prem"],
    &["on", "premise"],
    &["on", "premises"],
    &["onprem"],
    &["self", "hosted"],
];

/// Names of modes where it is a mode that is spoken of.
const WEAK: &[&[&str]] = &[
    &["dedicated"],
    &["shared"],
    &["enterprise"],
    &["cloud"],
    &["hosted"],
    &["standalone"],
    &["serverless"],
    &["clustered"],
];

/// Words that stand beside a mode's name in a feature's.
const AROUND: &[&str] = &[
    "mode",
    "runtime",
    "deployment",
    "deploy",
    "build",
    "only",
    "edition",
    "support",
    "hosting",
];

/// Words that say what kind of mode a name speaks of.
const KINDS: &[&str] = &[
    "runtime",
    "deployment",
    "deploy",
    "tenancy",
    "hosting",
    "tenant",
    "isolation",
];

/// The two modes of Section VI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    MultiTenant,
    Dedicated,
}

impl Mode {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::MultiTenant => Self::Dedicated,
            Self::Dedicated => Self::MultiTenant,
        }
    }

    /// As a constitution writes it.
    pub(crate) fn name(self) -> &'static str {
        MODES[self as usize]
    }
}

/// The mode that a name stands for, where it is modes that are spoken of.
pub(crate) fn mode(name: &str) -> Option<Mode> {
    const TENANTS: &[&[&str]] = &[
        &["multi", "tenant"],
        &["multitenant"],
        &["multi", "tenancy"],
        &["multitenancy"],
        &["saas"],
        &["shared"],
    ];
    const DEDICATED: &[&[&str]] = &[
        &["dedicated"],
        &["enterprise"],
        &["single", "tenant"],
        &["on", "prem"],
        &["on", "premise"],
        &["on", "premises"],
        &["onprem"],
        &["self", "hosted"],
    ];
    let words = words::split(name);
    if runs(&words, TENANTS) {
        Some(Mode::MultiTenant)
    } else {
        runs(&words, DEDICATED).then_some(Mode::Dedicated)
    }
}

fn runs(words: &[String], names: &[&[&str]]) -> bool {
    names
        .iter()
        .any(|name| words.windows(name.len()).any(|window| window == *name))
}

fn is_mode_feature(feature: &str) -> bool {
    let words = words::split(feature);
    if MODES.contains(&feature) || runs(&words, STRONG) {
        return true;
    }
    let rest: Vec<String> = words
        .into_iter()
        .filter(|word| !AROUND.contains(&word.as_str()))
        .collect();
    WEAK.iter()
        .any(|name| rest == *name && !matches!(*name, ["shared" | "hosted"]))
}

/// Whether a feature is named by a word that products go by, too: `enterprise`, and not `dedicated`.
fn is_edition(feature: &str) -> bool {
    let words = words::split(feature);
    !MODES.contains(&feature)
        && !runs(&words, STRONG)
        && !words.iter().any(|word| {
            matches!(
                word.as_str(),
                "dedicated" | "mode" | "deployment" | "runtime"
            )
        })
}

/// The first segment of a path that is a type of modes: `RuntimeMode`, `DeploymentKind`.
fn by_type(path: &[String]) -> Option<String> {
    const AROUND: &[&str] = &["get", "current", "app", "platform", "system", "the"];
    let is_type = |name: &String| {
        let words = words::split(name);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let [around @ .., of, kind] = words.as_slice() else {
            return false;
        };
        let kind = matches!(*kind, "mode" | "kind" | "type" | "model" | "profile");
        // A tenant's type is the tenant's business, and another law's.
        let of = KINDS.contains(of) && (*of != "tenant" || words.ends_with(&["mode"]));
        // `TokioRuntimeMode` is a mode of something else.
        kind && of && around.iter().all(|word| AROUND.contains(word))
    };
    let at = path.iter().position(is_type)?;
    Some(path[at..].join("::"))
}

/// Whether a type's name is one that modes may go by.
fn speaks_of_modes(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "mode",
        "kind",
        "type",
        "model",
        "profile",
        "plan",
        "tier",
        "edition",
        "tenancy",
        "deployment",
        "hosting",
        "isolation",
        "environment",
        "self",
    ];
    let words = words::split(name);
    words.iter().any(|word| WORDS.contains(&word.as_str()))
}

fn by_name(on: &[String], against: &[Vec<String>], texts: &[String]) -> Option<String> {
    let last = on.last()?;
    let subject = words::split(last);
    if runs(&subject, STRONG) && !texts.iter().any(|text| text.contains('/')) {
        return Some(on.join("."));
    }
    let spoken = on.iter().any(|name| {
        let words = words::split(name);
        words
            .iter()
            .any(|word| matches!(word.as_str(), "mode" | "tenancy" | "deployment" | "hosting"))
    });
    for path in against {
        let Some((variant, types)) = path.split_last() else {
            continue;
        };
        // `Mutability::Shared` within a `RefMode::Reference(…)` is of another kind, whatever is matched on.
        let other = types.last().is_some_and(|name| !speaks_of_modes(name));
        let type_ = against.iter().flatten().any(|name| {
            words::split(name)
                .iter()
                .any(|word| matches!(word.as_str(), "mode" | "tenancy" | "deployment" | "hosting"))
        });
        let words = words::split(variant);
        if runs(&words, STRONG)
            || (spoken || type_) && !other && WEAK.iter().any(|name| words == *name)
        {
            return Some(path.join("::"));
        }
    }
    texts.iter().find_map(|text| {
        let words = words::split(text);
        let mode = MODES.contains(&text.as_str())
            || STRONG.iter().any(|name| words == *name)
            || spoken && WEAK.iter().any(|name| words == *name);
        mode.then(|| text.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(on: &str, against: &[&str], texts: &[&str]) -> bool {
        let path = |text: &str, by: &str| text.split(by).map(str::to_owned).collect::<Vec<_>>();
        let on = path(on, ".");
        let against: Vec<_> = against.iter().map(|it| path(it, "::")).collect();
        let texts: Vec<_> = texts.iter().map(|it| (*it).to_owned()).collect();
        by_type(&on)
            .or_else(|| against.iter().find_map(|path| by_type(path)))
            .or_else(|| by_name(&on, &against, &texts))
            .is_some()
    }

    #[test]
    fn features_are_read_out_of_any_predicate() {
        let all: Vec<_> = features("all(unix, not(feature = \"saas\"), feature = \"x\")").collect();
        assert_eq!(all, ["saas", "x"]);
        assert_eq!(features("target_os = \"linux\"").count(), 0);
        for mode in [
            "multi-tenant-saas",
            "dedicated-enterprise",
            "saas",
            "dedicated",
            "multi_tenant",
            "on-prem",
            "dedicated-mode",
        ] {
            assert!(is_mode_feature(mode), "{mode}");
        }
        for other in [
            "std",
            "serde",
            "tenants",
            "cloud-events",
            "mode",
            "test-mode",
            "shared",
            "dark-mode",
        ] {
            assert!(!is_mode_feature(other), "{other}");
        }
    }

    #[test]
    fn modes_are_known_by_type_variant_text_and_name() {
        assert!(value("self.mode", &["RuntimeMode::Dedicated"], &[]));
        assert!(value("mode", &["Mode::MultiTenant"], &[]));
        assert!(value("config.mode", &["Mode::Dedicated"], &[]));
        assert!(value("config.is_multi_tenant", &[], &[]));
        assert!(value("deployment", &[], &["dedicated"]));
        assert!(value("runtime_mode", &["Some"], &[]));
        for (on, against, texts) in [
            ("self.mode", &["Mode::Read", "Mode::Write"][..], &[][..]),
            ("plan", &["Plan::Enterprise"], &[]),
            ("lock", &["Lock::Shared"], &[]),
            ("mode", &["RefMode::Reference", "Mutability::Shared"], &[]),
            ("mode", &["Mode::Fast"], &["fast"]),
            ("model", &["Model::Large"], &[]),
            ("kind", &["Kind::Cloud"], &[]),
            ("mode", &["TokioRuntimeMode::Single"], &[]),
            ("start_mode", &["TenantStartupMode::Attached"], &[]),
        ] {
            assert!(!value(on, against, texts), "{on} {against:?}");
        }
    }
}
