//! `layer-cycle`: capability structures, or layers, that depend on each other.

use std::collections::BTreeSet;

use crate::constitution::{LayerId, Plane};
use crate::finding::{Level, RuleMeta};
use crate::rules::structures::{Grain, Structures};
use crate::rules::{Case, Rule, Sink, TESTS};

pub(crate) struct LayerCycle;

impl Rule for LayerCycle {
    const META: &'static RuleMeta = &RuleMeta {
        id: "layer-cycle",
        trigger: Some(4),
        clause: "VIII.4",
        summary: "capability structures or layers depend on each other",
        level: Level::Risk,
        page: include_str!("../../rules/layer-cycle.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let capability = |plane| plane == Plane::Capability;
        let structures = Structures::new(case, Grain::Structures, capability);
        let mut told: Vec<(bool, BTreeSet<LayerId>)> = Vec::new();
        for cycle in structures.web.cycles() {
            let what = "circular dependency of capability structures";
            if let Some(draft) = structures.draft(case, &cycle, what) {
                told.push((cycle.test, structures.layers(case, &cycle)));
                sink.push(draft);
            }
        }
        let layers = Structures::new(case, Grain::Layers, capability);
        for cycle in layers.web.cycles() {
            // Where structures of those layers go round, theirs is the cycle, and the layers' its echo.
            let own = layers.layers(case, &cycle);
            let echo = told
                .iter()
                .any(|(test, told)| *test == cycle.test && told.is_superset(&own));
            if echo {
                continue;
            }
            if let Some(draft) = layers.draft(case, &cycle, "circular dependency of layers") {
                sink.push(draft);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::World;

    #[test]
    fn layers_go_round_where_no_package_does() {
        let world = World::new(
            "package cell-a
             package cell-b
             package organ-c
             package organ-d
             cell-a > organ-c
             organ-d > cell-b",
        );
        assert_eq!(
            world.said("layer-cycle"),
            ["5 risk: circular dependency of layers: `cell` → `organ` → `cell`"]
        );
    }

    #[test]
    fn the_cycle_of_structures_is_not_told_again_for_their_layers() {
        let world = World::new(
            "package cell-a
             package organ-b
             organ-b > cell-a
             cell-a ~ organ-b",
        );
        assert_eq!(
            world.said("layer-cycle"),
            [
                "4 warning: circular dependency of capability structures: `cell-a` → `organ-b` → `cell-a`"
            ]
        );
    }
}
