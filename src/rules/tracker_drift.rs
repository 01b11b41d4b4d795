//! `tracker-drift`: a tracker or a manifest that disagrees with the registry.

use crate::constitution::State;
use crate::finding::{Because, Level, OptionKind, RuleMeta, RuleOption};
use crate::layering::{By, Said};
use crate::rules::{Case, Draft, Rule, Sink};
use crate::text::Place;

pub(crate) struct TrackerDrift;

impl Rule for TrackerDrift {
    const META: &'static RuleMeta = &RuleMeta {
        id: "tracker-drift",
        trigger: None,
        clause: "VII",
        summary: "a tracker or a manifest that disagrees with the registry, or a tracker with the issues",
        level: Level::Risk,
        page: include_str!("../../rules/tracker-drift.md"),
        options: &[RuleOption {
            key: "tracker",
            kind: OptionKind::Text,
            summary: "the tracker's path from the workspace's root (default: MASTER_IMPLEMENTATION_TRACKER.md, if it is there)",
        }],
    };

    /// States and phases only: the rest of a tracker is for `tracker verify`, which is given the issues too.
    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        for said in case.layering.standing().all() {
            let places = [said.place, said.phase_at];
            if let ([Some(place), _], Some((state, due))) = (places, state_drift(case, said)) {
                let message = says(case, said, state.name(), due.name());
                sink.push(draft(case, said, place, message));
            } else if let ([_, Some(place)], Some((phase, due))) = (places, phase_drift(case, said))
            {
                let message = says(
                    case,
                    said,
                    &format!("phase {phase}"),
                    &format!("phase {due}"),
                );
                sink.push(draft(case, said, place, message));
            }
        }
    }
}

/// The state that is said, and the one that is due by those who rank above.
fn state_drift(case: &Case<'_>, said: &Said) -> Option<(State, State)> {
    let above = above(case, said).filter_map(|other| other.state);
    let (state, due) = (said.state?, above.min()?);
    (state != due).then_some((state, due))
}

fn phase_drift(case: &Case<'_>, said: &Said) -> Option<(u8, u8)> {
    let above = above(case, said).filter(|other| other.by != By::BuiltIn);
    let (phase, due) = (said.phase?, above.filter_map(|other| other.phase).min()?);
    (phase != due).then_some((phase, due))
}

/// What law and, for a tracker, manifests say of the same structure.
fn above<'c>(case: &'c Case<'_>, said: &'c Said) -> impl Iterator<Item = &'c Said> {
    let rank = |by: By| match by {
        By::BuiltIn | By::Constitution => 0,
        By::Manifest(_) => 1,
        By::Tracker => 2,
    };
    let all = case.layering.standing().of(&said.structure);
    all.filter(move |other| rank(other.by) < rank(said.by))
}

fn says(case: &Case<'_>, said: &Said, is: &str, due: &str) -> String {
    let who = who(case, said);
    format!("{who} has `{}` as `{is}`; `{due}` is due", said.structure)
}

fn who(case: &Case<'_>, said: &Said) -> String {
    match said.by {
        By::Manifest(id) => format!("the manifest of `{}`", case.facts.graph.package(id).name),
        By::Tracker => "the tracker".to_owned(),
        By::Constitution => case.law.name.clone(),
        By::BuiltIn => "the built-in registry".to_owned(),
    }
}

fn words(said: &Said) -> String {
    let state = said.state.map(|state| format!("`{}`", state.name()));
    let phase = said.phase.map(|phase| format!("phase {phase}"));
    let words: Vec<String> = state.into_iter().chain(phase).collect();
    words.join(", ")
}

fn draft(case: &Case<'_>, said: &Said, place: Place, message: String) -> Draft {
    let help = "bring it in line with the registry: the strictest word holds until then, and only the Founder \
                changes the registry's";
    let draft = Draft::at(place, message, help.to_owned());
    let because = above(case, said).map(|other| Because {
        text: format!("{} says {}", who(case, other), words(other)),
        place: other.place,
    });
    let draft = Draft {
        target: Some(said.structure.clone()),
        because: because.collect(),
        ..draft
    };
    match said.by {
        By::Manifest(id) => draft.of_package(case, id),
        _ => Draft {
            structure: Some(said.structure.clone()),
            ..draft
        },
    }
}
