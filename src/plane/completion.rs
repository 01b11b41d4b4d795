//! The completion state of Section IX: five criteria, each with its evidence.

use serde::Serialize;

use super::drift::Drift;
use super::issues::Listed;
use super::registry::Registry;
use super::tracker::Section;
use crate::constitution::{MODES, State};

/// What the plane has come to when all criteria hold.
pub(crate) const STATE: &str = "Full Runtime Structural Dormant State";

/// The four conditions for leaving it, and what each demands.
pub(crate) const TRANSITION: [(&str, &str); 4] = [
    (
        "Port Binding Validation",
        "all capability layer ports identified and validated",
    ),
    (
        "Multi-Mode Verification",
        "multi-tenant and dedicated mode support verified",
    ),
    (
        "Constitutional Compliance",
        "all constitutional checks passed",
    ),
    (
        "Founder Authorization",
        "explicit authorization from the Founder",
    ),
];

/// The five criteria, in the order of Section IX.
#[derive(Debug, Serialize)]
pub(crate) struct Completion {
    pub(crate) criteria: Vec<Criterion>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Criterion {
    pub(crate) title: String,
    pub(crate) met: bool,
    pub(crate) evidence: Vec<String>,
    /// Empty if it is met.
    pub(crate) missing: Vec<String>,
}

/// What was given to prove it.
pub(crate) struct Given<'a> {
    pub(crate) registry: &'a Registry,
    /// The list of issues, and what is wrong with it.
    pub(crate) issues: Option<(&'a [Listed], &'a [Drift])>,
    /// The tracker, and what is wrong with it.
    pub(crate) tracker: Option<(&'a str, &'a [Drift])>,
}

impl Completion {
    pub(crate) fn of(given: &Given<'_>) -> Self {
        let section = given
            .tracker
            .and_then(|(text, _)| Some((text, Section::find(text)?)));
        let tracked = section
            .as_ref()
            .map(|(text, section)| Tracked { text, section });
        Self {
            criteria: vec![
                structures(given),
                issues(given),
                dormant(given),
                unbound(given, tracked.as_ref()),
                undeployed(given, tracked.as_ref()),
            ],
        }
    }

    pub(crate) fn complete(&self) -> bool {
        self.criteria.iter().all(|criterion| criterion.met)
    }
}

struct Tracked<'a> {
    text: &'a str,
    section: &'a Section,
}

impl Criterion {
    fn new(title: String) -> Self {
        Self {
            title,
            met: true,
            evidence: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Evidence if there is nothing against it, else what there is.
    fn weigh(&mut self, evidence: String, against: Vec<String>) {
        if against.is_empty() {
            self.evidence.push(evidence);
        } else {
            self.met = false;
            self.missing.extend(against);
        }
    }

    fn lacks(&mut self, what: &str) {
        self.weigh(String::new(), vec![what.to_owned()]);
    }
}

const NO_ISSUES: &str = "no list of issues was given: `--issues FILE`";
const NO_TRACKER: &str = "no tracker was given: `--tracker FILE`";
const NO_SECTION: &str = "the tracker has no section of the runtime layer";

fn structures(given: &Given<'_>) -> Criterion {
    let registry = given.registry;
    let count = registry.entries.len();
    let mut criterion = Criterion::new("All 14 structures exist".to_owned());
    let missing = registry.missing_canonical().into_iter();
    let missing: Vec<String> = missing
        .map(|code| format!("`{code}` is not in the registry"))
        .collect();
    criterion.weigh(
        format!("the registry has {count} structures, all 14 canonical ones among them"),
        missing,
    );
    let mut unspecified = Vec::new();
    for entry in &registry.entries {
        if entry.role.is_empty() {
            unspecified.push(format!("`{}` has no execution role", entry.id));
        }
        if !MODES.iter().all(|mode| entry.supports(mode)) {
            unspecified.push(format!("`{}` does not support both modes", entry.id));
        }
    }
    criterion.weigh(
        "each has an execution role and both modes".to_owned(),
        unspecified,
    );
    criterion
}

fn issues(given: &Given<'_>) -> Criterion {
    let due = given.registry.issues();
    let mut criterion = Criterion::new(format!("All {due} issues generated"));
    match given.issues {
        Some((list, drifts)) => {
            let against = drifts.iter().map(|drift| drift.message.clone()).collect();
            let count = list.len();
            criterion.weigh(
                format!("{count} issues, in complete trees of three levels"),
                against,
            );
        }
        None => criterion.lacks(NO_ISSUES),
    }
    criterion
}

fn dormant(given: &Given<'_>) -> Criterion {
    let mut criterion = Criterion::new("All labeled state:dormant".to_owned());
    let Some((list, _)) = given.issues else {
        criterion.lacks(NO_ISSUES);
        return criterion;
    };
    let awake = |listed: &&Listed| {
        let mut states = listed
            .labels
            .iter()
            .filter(|label| label.starts_with("state:"));
        listed.closed
            || states.next().is_none_or(|label| label != "state:dormant")
            || states.next().is_some()
    };
    let awake: Vec<String> = list
        .iter()
        .filter(awake)
        .map(|listed| format!("{} is not dormant", listed.shown()))
        .collect();
    let mut awake = awake;
    if list.is_empty() {
        awake.push("the list has no issue".to_owned());
    }
    criterion.weigh(
        format!("{} issues, each `state:dormant` and open", list.len()),
        awake,
    );
    criterion
}

fn unbound(given: &Given<'_>, tracked: Option<&Tracked<'_>>) -> Criterion {
    let mut criterion = Criterion::new("No adapter binding executed".to_owned());
    let Some(Tracked { text, section }) = tracked else {
        criterion.lacks(if given.tracker.is_some() {
            NO_SECTION
        } else {
            NO_TRACKER
        });
        return criterion;
    };
    for (key, name) in [
        ("ports", "Port Binding Status"),
        ("adapters", "Adapter Binding Completeness"),
    ] {
        let cells = section.column(text, key);
        if cells.is_empty() {
            criterion.lacks(&format!("the tracker has no column `{name}`"));
            continue;
        }
        let bound = cells.iter().filter(|cell| is_bound(cell));
        let bound = bound
            .map(|cell| format!("the tracker says `{cell}` under `{name}`"))
            .collect();
        criterion.weigh(
            format!("nothing is bound by the {} rows' `{name}`", cells.len()),
            bound,
        );
    }
    criterion
}

/// Whether a cell tells of a binding that was made.
fn is_bound(cell: &str) -> bool {
    let cell = cell.to_lowercase();
    if cell.contains("not ") || cell.contains("unbound") || cell.contains("none") {
        return false;
    }
    let digits: String = cell
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let percent = digits.parse::<f64>().is_ok_and(|number| number > 0.0);
    percent || cell.contains("bound") || cell.contains("verified")
}

fn undeployed(given: &Given<'_>, tracked: Option<&Tracked<'_>>) -> Criterion {
    let mut criterion = Criterion::new("No deployment executed".to_owned());
    let entries = given.registry.entries.iter();
    let awake = entries.filter(|entry| entry.state != State::Dormant);
    let awake =
        awake.map(|entry| format!("`{}` is {} in the registry", entry.id, entry.state.name()));
    criterion.weigh(
        "every structure is dormant in the registry".to_owned(),
        awake.collect(),
    );
    let (Some(Tracked { text, section }), Some((_, drifts))) = (tracked, given.tracker) else {
        criterion.lacks(if given.tracker.is_some() {
            NO_SECTION
        } else {
            NO_TRACKER
        });
        return criterion;
    };
    let metric = section
        .numbers(text, "activated")
        .into_iter()
        .filter(|number| *number > 0);
    let mut against: Vec<String> = metric
        .map(|number| format!("the tracker counts {number} activated structures"))
        .collect();
    let drifts = drifts.iter().filter(|drift| !drift.minor);
    against.extend(drifts.map(|drift| format!("the tracker has drifted: {}", drift.message)));
    criterion.weigh(
        "the tracker agrees, and counts none that is activated".to_owned(),
        against,
    );
    criterion
}
