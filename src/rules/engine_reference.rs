//! `engine-reference`: capability source that names an item of an engine.

use crate::finding::{Level, RuleMeta};
use crate::rules::environment_in_capability::CONFIGURATION;
use crate::rules::{Case, Rule, Sink, TESTS, source};

pub(crate) struct EngineReference;

impl Rule for EngineReference {
    const META: &'static RuleMeta = &RuleMeta {
        id: "engine-reference",
        trigger: Some(1),
        clause: "VIII.1",
        summary: "capability source names an item of an infrastructure engine",
        level: Level::Breach,
        page: include_str!("../../rules/engine-reference.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        source::judge_engines(
            case,
            |category| category != CONFIGURATION,
            |engine| engine.what.to_owned(),
            sink,
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::World;

    #[test]
    fn one_place_is_told_once_and_configuration_has_a_law_of_its_own() {
        let world = World::new(
            "package cell-a
             package runtime-db
             cell_a uses sqlx::PgPool
             cell_a uses std::env::var
             cell_a uses std::net::IpAddr
             runtime_db uses sqlx::PgPool
             cell_a tests std::fs::read",
        );
        assert_eq!(
            world.lines(),
            [
                "3 engine-reference breach",
                "4 environment-in-capability breach",
                "7 engine-reference warning",
            ]
        );
    }

    #[test]
    fn of_two_laws_at_one_place_the_more_special_speaks() {
        let world = World::new(
            "package cell-a
             cell_a uses std::fs::read; cell_a uses std::env::var
             cell_a uses sqlx::Row; cell_a uses sqlx::PgPool",
        );
        assert_eq!(
            world.lines(),
            [
                "2 environment-in-capability breach",
                "3 engine-reference breach"
            ]
        );
    }

    #[test]
    fn what_a_layer_is_allowed_it_may_name() {
        let world = World::new(
            "package cell-a
             cell-a > sqlx
             cell_a uses sqlx::PgPool
             cell_a uses redis::Client",
        );
        let law = r#"
            extends = "none"
            [[layer]]
            name = "cell"
            plane = "capability"
            allows = ["sqlx"]
            [[assign]]
            layer = "cell"
            packages = ["cell-*"]
            [rules.engine-reference]
            level = "risk"
        "#;
        assert_eq!(world.under(law).lines(), ["4 engine-reference risk"]);
    }

    #[test]
    fn an_engine_of_the_workspaces_own_is_named_by_others_only() {
        let world = World::new(
            "package cell-a
             package house-db
             module house_db::pool
             package config
             cell-a > house-db
             cell-a > config
             cell_a uses house_db::pool::Pool
             house_db uses house_db::pool::Pool
             cell_a uses config::Config",
        );
        let law = r#"
            [[assign]]
            layer = "neutral"
            packages = ["house-db", "config"]
            [engines.database]
            packages = ["house-db"]
        "#;
        let lines = world.under(law).lines();
        assert_eq!(
            lines,
            ["5 engine-dependency breach", "7 engine-reference breach"]
        );
    }
}
