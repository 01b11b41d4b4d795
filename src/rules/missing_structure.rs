//! `missing-structure`: a structure of the registry that no package is part of.

use crate::constitution::OptionValue;
use crate::finding::{Level, OptionKind, RuleMeta, RuleOption};
use crate::rules::{Case, Draft, Rule, Sink};

pub(crate) struct MissingStructure;

const WHOLE: &str = "whole-plane";

impl Rule for MissingStructure {
    const META: &'static RuleMeta = &RuleMeta {
        id: "missing-structure",
        trigger: None,
        clause: "II",
        summary: "a structure of the registry that no package is part of",
        level: Level::Risk,
        page: include_str!("../../rules/missing-structure.md"),
        options: &[RuleOption {
            key: WHOLE,
            kind: OptionKind::Flag,
            summary: "this workspace is the whole runtime plane (default: false)",
        }],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        if case.option(Self::META, WHOLE) != Some(&OptionValue::Flag(true)) {
            return;
        }
        let claimed = case
            .law
            .rules
            .get(Self::META.id)
            .and_then(|rule| rule.place);
        for entry in &case.law.structures {
            let code = entry.code();
            let Some(place) = entry.place.or(claimed) else {
                continue;
            };
            if case.layering.is_present(code) {
                continue;
            }
            let draft = Draft::at(
                place,
                format!("no package of this workspace is part of `{}`", entry.id),
                format!(
                    "name the package that is: `structure = \"{code}\"` in its \
                     `[package.metadata.constitution]`; or add one"
                ),
            );
            sink.push(Draft {
                structure: Some(code.to_owned()),
                target: Some(entry.id.clone()),
                ..draft
            });
        }
    }
}
