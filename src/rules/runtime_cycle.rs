//! `runtime-cycle`: runtime structures that depend on each other.

use crate::finding::{Level, RuleMeta};
use crate::rules::case::is_runtime;
use crate::rules::structures::{Grain, Structures};
use crate::rules::{Case, Rule, Sink, TESTS};

pub(crate) struct RuntimeCycle;

impl Rule for RuntimeCycle {
    const META: &'static RuleMeta = &RuleMeta {
        id: "runtime-cycle",
        trigger: Some(4),
        clause: "VIII.4",
        summary: "runtime structures depend on each other",
        level: Level::Breach,
        page: include_str!("../../rules/runtime-cycle.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let structures = Structures::new(case, Grain::Structures, is_runtime);
        for cycle in structures.web.cycles() {
            if let Some(draft) = structures.draft(case, &cycle, "circular runtime dependency") {
                sink.push(draft);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::World;

    const LAW: &str = r#"
        [[assign]]
        layer = "runtime"
        structure = "A"
        packages = ["runtime-a*"]
        modules = ["shop::a::**"]
        [[assign]]
        layer = "runtime"
        structure = "B"
        packages = ["runtime-b*"]
        modules = ["shop::b::**"]
        [[assign]]
        layer = "neutral"
        packages = ["shared"]
    "#;

    #[test]
    fn structures_go_round_where_no_package_does() {
        let world = World::new(
            "package runtime-a1
             package runtime-a2
             package runtime-b1
             package runtime-b2
             package shared
             runtime-a1 > shared
             shared > runtime-b1
             runtime-b2 > runtime-a2
             runtime-a1 > runtime-b1",
        )
        .under(LAW);
        assert_eq!(
            world.said("runtime-cycle"),
            ["9 breach: circular runtime dependency: `A` → `B` → `A`"]
        );
        let findings = world.findings();
        let found = findings
            .iter()
            .find(|found| found.rule.id == "runtime-cycle");
        let found = found.expect("A and B go round");
        let lines: Vec<u32> = found
            .chain
            .iter()
            .map(|hop| hop.place.span.start.line())
            .collect();
        assert_eq!(lines, [9, 8]);
        assert_eq!(
            found.help,
            "cut one dependency: `runtime-b2` depends on `runtime-a2` (runtime-b2/Cargo.toml:8); what is needed \
             there belongs behind a port below both"
        );
    }

    #[test]
    fn what_only_tests_close_is_a_warning() {
        let world = "package runtime-a
             package runtime-b
             runtime-a > runtime-b
             runtime-b ~ runtime-a";
        assert_eq!(
            World::new(world).under(LAW).said("runtime-cycle"),
            ["3 warning: circular runtime dependency: `A` → `B` → `A`"]
        );
    }

    #[test]
    fn modules_of_one_package_go_round() {
        let world = World::new(
            "package shop
             module shop::a
             module shop::b
             module shop::misc
             shop::a uses shop::b::X
             shop::b uses shop::misc::Y
             shop::misc uses shop::a::Z",
        );
        assert_eq!(
            world.under(LAW).said("runtime-cycle"),
            ["5 breach: circular runtime dependency: `A` → `B` → `shop::misc` → `A`"]
        );
    }

    #[test]
    fn a_structure_may_be_a_package_here_and_a_module_there() {
        let world = World::new(
            "package shop
             package runtime-a1
             package runtime-b1
             module shop::a
             module shop::b
             shop > runtime-b1
             shop::a uses runtime_b1::X
             runtime-b1 > runtime-a1
             shop::b uses shop::b::Y",
        );
        assert_eq!(
            world.under(LAW).said("runtime-cycle"),
            ["7 breach: circular runtime dependency: `A` → `B` → `A`"]
        );
    }
}
