//! `dead-selector`: a selector of the constitution that matches nothing.

use crate::finding::{Level, RuleMeta};
use crate::rules::{Case, Draft, Rule, Sink};

pub(crate) struct DeadSelector;

impl Rule for DeadSelector {
    const META: &'static RuleMeta = &RuleMeta {
        id: "dead-selector",
        trigger: None,
        clause: "V",
        summary: "a selector of the constitution matches nothing",
        level: Level::Risk,
        page: include_str!("../../rules/dead-selector.md"),
        options: &[],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        for (selector, key) in case.layering.dead_selectors() {
            let Some(place) = selector.place else {
                continue;
            };
            let glob = selector.glob.to_string();
            let draft = Draft::at(
                place,
                format!("`{glob}` under `{key}` matches nothing in this workspace"),
                format!(
                    "correct `{glob}` so that it names what it is to protect, or delete it if that is gone"
                ),
            );
            sink.push(Draft {
                target: Some(glob),
                ..draft
            });
        }
    }
}
