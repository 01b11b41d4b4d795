//! Ways over manifests, lock and names, in workspaces written by hand.

use super::*;
use crate::rules::testing::World;

const SHOP: &str = "package cell-a\npackage common\npackage organ-b\npackage runtime-c\n\
    module cell_a::store\nmodule common::pool\nmodule common::plain\n\
    organ-b > cell-a\ncell-a > common\ncommon > sqlx\n@sqlx > tokio\ncell-a ~ runtime-c\n\
    cell_a::store uses common::pool::Pool\ncommon::pool uses sqlx::PgPool\ncommon::plain uses std::fs::File";

/// The way as `line label` for each leg, or why there is none.
fn told(from: &str, to: &str) -> Vec<String> {
    World::new(SHOP).tried(|case| {
        let (from, to) = (
            find(case, from).expect("known"),
            find(case, to).expect("known"),
        );
        let Some(way) = way(case, &from, &to) else {
            return Vec::new();
        };
        let line = |leg: &Leg| leg.place.map_or(0, |place| place.span.start.line());
        let legs = way.legs.iter();
        let told = legs.map(|leg| format!("{} {}", line(leg), leg.label));
        told.chain(way.test.then(|| "tests".to_owned())).collect()
    })
}

#[test]
fn the_shortest_way_goes_through_manifests_and_lock() {
    let expected = [
        "8 `organ-b` depends on `cell-a`",
        "9 `cell-a` depends on `common`",
        "10 `common` depends on `sqlx`",
        "11 `sqlx` depends on `tokio`, by Cargo.lock",
    ];
    assert_eq!(told("organ-b", "tokio"), expected);
    assert!(told("common", "cell-a").is_empty());
}

#[test]
fn a_module_goes_by_the_names_in_it_alone() {
    let expected = [
        "13 `cell_a::store` names `it`, which is `common::pool::Pool`",
        "14 `common::pool` names `it`, which is `sqlx::PgPool`",
    ];
    assert_eq!(told("cell_a::store", "sqlx"), expected);
    assert!(told("cell_a::store", "std::fs").is_empty());
    assert_eq!(told("cell-a", "std::fs").len(), 2);
}

#[test]
fn tests_are_a_way_only_where_production_has_none() {
    let expected = ["12 `cell-a` depends on `runtime-c`, for its tests", "tests"];
    assert_eq!(told("cell-a", "runtime-c"), expected);
    assert!(told("organ-b", "runtime-c").is_empty(), "not its own tests");
}

#[test]
fn a_structure_is_named_by_its_code_and_by_its_id() {
    let text =
        "package runtime-adapter-database\npackage cell-a\nruntime-adapter-database > cell-a";
    World::new(text).tried(|case| {
        let to = find(case, "cell-a").expect("known");
        for name in [
            "RUNTIME-ADAPTER-DATABASE",
            "RUNTIME-ADAPTER-DATABASE-v0.1.0",
        ] {
            let from = find(case, name).expect("it is in the registry");
            assert_eq!(from.kind, "structure");
            assert!(way(case, &from, &to).is_some(), "{name}");
        }
    });
}

#[test]
fn an_unknown_name_is_told_with_the_nearest() {
    World::new(SHOP).tried(|case| {
        let error = find(case, "cel-a").expect_err("it is misspelt");
        let help = miette::Diagnostic::help(&error)
            .expect("a way out")
            .to_string();
        assert_eq!(help, "did you mean `cell-a`?");
    });
}
