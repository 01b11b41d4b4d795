//! For who does not read code: what happened in plain words, and the ways out with what each costs.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::finding::Finding;
use crate::provenance::{Blame, blame::Change};
use crate::report::safe::safe;

/// One way out.
#[derive(Debug, Serialize)]
pub(super) struct Way {
    name: &'static str,
    how: String,
    cost: String,
}

/// How much a group touches.
pub(super) struct Extent<'b> {
    pub(super) places: usize,
    pub(super) files: usize,
    pub(super) blame: Vec<Option<&'b Blame>>,
    pub(super) fingerprint: &'b str,
}

/// What happened, and what follows from it, without a word of code but the names.
pub(super) fn in_plain_words(finding: &Finding) -> String {
    let what = |text: &Option<String>| text.as_deref().map(|text| format!("`{}`", safe(text)));
    let who = what(&finding.package).unwrap_or_else(|| "This code".to_owned());
    let whole = what(&finding.structure).unwrap_or_else(|| who.clone());
    let target = what(&finding.target).unwrap_or_else(|| "something it must not know".to_owned());
    let kind = finding
        .category
        .as_deref()
        .map_or(String::new(), |category| {
            format!(" ({})", safe(category).replace('-', " "))
        });
    match (finding.rule.trigger, finding.rule.id) {
        (Some(1), "runtime-reference" | "reverse-dependency") => format!(
            "{who} is capability code: it may say what it needs, but not who provides it. It now leans \
             on {target}, a provider of the runtime plane, and can no longer be used, tested or moved \
             without it."
        ),
        (Some(1), _) => format!(
            "{who} is capability code, which must work with any infrastructure. It now knows \
             {target}{kind}, and that can no longer be exchanged without changing {who}."
        ),
        (Some(2), _) => format!(
            "Infrastructure is fixed in the text of {whole}{kind} instead of being chosen when it is \
             deployed. It cannot be exchanged, moved or run in the other mode without changing code."
        ),
        (Some(3), _) => format!(
            "{whole} is there to connect, not to decide. It now decides, or restates, what belongs to \
             the capability layers ({target}), so that the same question can get two answers."
        ),
        (Some(4), _) => format!(
            "{whole} and {target} need each other. Neither can be built, activated, replaced or frozen \
             without the other, and no order of doing so is right."
        ),
        (Some(5), _) => format!(
            "{who} is capability code, which must run wherever it is put. It now assumes something about \
             where or how it is deployed ({target}), and would have to be changed for another place or \
             mode."
        ),
        _ => format!("{}.", upper(finding.rule.summary)),
    }
}

/// With its first letter in upper case.
pub(super) fn upper(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().collect::<String>());
    first.unwrap_or_default() + chars.as_str()
}

/// Every way out, the best first.
pub(super) fn out(finding: &Finding, extent: &Extent<'_>) -> Vec<Way> {
    let mut ways = vec![mend(finding, extent), take_back(extent)];
    if finding.rule.is_of_code() {
        ways.push(exception(extent));
    }
    ways
}

fn mend(finding: &Finding, extent: &Extent<'_>) -> Way {
    let own = match finding.rule.trigger {
        Some(1) => "a port and its adapter are written; what the code does stays as it is",
        Some(2) => {
            "the value moves into configuration that is injected; each deployment must provide it"
        }
        Some(3) => "the decision moves down into capability code, where it is tested once",
        Some(4) => "what is needed on both sides moves behind a port below them",
        Some(5) => "the value is handed in through a port; every caller must provide it",
        _ => "what the rule asks for is done",
    };
    Way {
        name: "Mend it",
        how: safe(&finding.help).into_owned(),
        cost: format!(
            "{} in {} change; {own}.",
            count(extent.places, "place"),
            count(extent.files, "file")
        ),
    }
}

fn take_back(extent: &Extent<'_>) -> Way {
    let known = extent.blame.iter().copied().map(|blame| match blame {
        Some(Ok(change)) => Ok(change),
        Some(Err(reason)) => Err(reason.as_str()),
        None => Err("git was not asked"),
    });
    let known: Result<Vec<&Change>, &str> = known.collect();
    let how = match known {
        Ok(changes) => {
            let commits: BTreeSet<String> = changes
                .iter()
                .map(|change| format!("`{}`", short(&change.commit)))
                .collect();
            let commits: Vec<String> = commits.into_iter().collect();
            match &commits[..] {
                [one] => format!("undo commit {one}, which changed these lines last"),
                [first, .., last] => format!(
                    "undo the {} commits that changed these lines last, among them {first} and {last}",
                    commits.len()
                ),
                [] => "undo what changed these lines last".to_owned(),
            }
        }
        Err(reason) => {
            format!("undo what brought these lines; which change that was is not known ({reason})")
        }
    };
    Way {
        name: "Take it back",
        how,
        cost: "All else that came with the change goes as well, and what was built on it since must be \
               looked at. It does not repair lines that were wrong before."
            .to_owned(),
    }
}

fn exception(extent: &Extent<'_>) -> Way {
    Way {
        name: "Bear it for a time, by a recorded exception",
        how: format!(
            "`cargo constitution exception request {}` and the Founder's signature",
            extent.fingerprint
        ),
        cost: "The law stays broken by leave: it takes a reason, someone who answers for it and a last \
               day, every report shows it until then, and after that day it freezes again."
            .to_owned(),
    }
}

/// Enough of a commit's name to find it.
pub(super) fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}

/// `1 place`, `2 places`.
pub(super) fn count(number: usize, what: &str) -> String {
    match (number, what) {
        (1, _) => format!("1 {what}"),
        (_, "breach") => format!("{number} breaches"),
        _ => format!("{number} {what}s"),
    }
}
