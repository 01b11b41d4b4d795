//! `single-mode-structure`: a runtime structure that declares, or handles, one of the two modes only.

use std::collections::BTreeSet;

use crate::constitution::MODES;
use crate::facts::literal::{Arm, Branch};
use crate::finding::{Confidence, Level, RuleMeta};
use crate::rules::mode_branching::{self, Mode};
use crate::rules::{Case, Draft, Rule, Sink, runtime, words};
use crate::text::Place;

pub(crate) struct SingleModeStructure;

impl Rule for SingleModeStructure {
    const META: &'static RuleMeta = &RuleMeta {
        id: "single-mode-structure",
        trigger: None,
        clause: "VI",
        summary: "a runtime structure declares or handles only one of the two runtime modes",
        level: Level::Risk,
        page: include_str!("../../rules/single-mode-structure.md"),
        options: &[],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        for body in runtime::bodies(case) {
            declared(case, body.structure, sink);
        }
        let mut told = BTreeSet::new();
        for branch in &case.facts.branches {
            if let Some((arm, mode)) = unhandled(branch)
                && let Some(structure) = runtime::of_module(case, branch.at.module)
                && !branch.at.test
            {
                let place = arm.map_or(branch.at.place, |arm| arm.place);
                if told.insert((place, mode)) {
                    sink.push(missing(case, branch, structure, place, mode));
                }
            }
        }
    }
}

/// The modes that the registry and the structure's own manifests declare: where any are, both are due.
fn declared(case: &Case<'_>, structure: &str, sink: &mut Sink<'_>) {
    let entry = case.law.structure_named(structure);
    for own in entry.into_iter().chain(case.layering.described(structure)) {
        let (Some(all), Some(place)) = (&own.modes, own.modes_at) else {
            continue;
        };
        let lacks = MODES
            .iter()
            .filter(|mode| !all.iter().any(|it| it == *mode));
        if let Some(lacks) = words::listed(lacks) {
            let message = format!("structure `{structure}` does not declare {lacks}");
            let help = format!(
                "support both modes and say so: `modes = [\"{}\", \"{}\"]`",
                MODES[0], MODES[1]
            );
            sink.push(Draft {
                structure: Some(structure.to_owned()),
                target: Some(structure.to_owned()),
                ..Draft::at(place, message, help)
            });
        }
    }
}

/// The mode that a `match` on modes leaves out or refuses, with the arm that does so, if there is one.
fn unhandled(branch: &Branch) -> Option<(Option<&Arm>, Mode)> {
    if !mode_branching::is_on_modes(branch) {
        return None;
    }
    for mode in [Mode::MultiTenant, Mode::Dedicated] {
        let named = |mode: Mode| {
            let arms = branch.arms.iter();
            arms.filter(move |arm| modes(arm).any(|it| it == mode))
        };
        let mut own = named(mode).peekable();
        if own.peek().is_some() {
            let first = own.peek().copied();
            if own.all(|arm| arm.refuses) {
                return Some((first, mode));
            }
            continue;
        }
        // What names neither mode may be about something else.
        if named(mode.other()).next().is_none() {
            continue;
        }
        match branch.arms.iter().find(|arm| arm.rest) {
            Some(rest) if rest.refuses => return Some((Some(rest), mode)),
            Some(_) => {}
            None if named(mode.other()).count() == branch.arms.len() => return Some((None, mode)),
            None => {}
        }
    }
    None
}

/// The modes that an arm's pattern names.
fn modes(arm: &Arm) -> impl Iterator<Item = Mode> {
    let variants = arm.paths.iter().filter_map(|path| path.last());
    variants
        .chain(&arm.texts)
        .filter_map(|name| mode_branching::mode(name))
}

fn missing(case: &Case<'_>, branch: &Branch, structure: &str, place: Place, mode: Mode) -> Draft {
    let message = format!(
        "structure `{structure}` does not handle the mode `{}` here",
        mode.name()
    );
    let help = format!(
        "bind for `{}` too: which mode there is, is decided when an instance is provisioned",
        mode.name()
    );
    let module = branch.at.module;
    Draft {
        confidence: Confidence::Likely,
        target: Some(mode.name().to_owned()),
        cfg: branch.at.cfg.clone(),
        because: vec![case.why_module(module)],
        ..Draft::at(place, message, help).of_module(case, module)
    }
}
