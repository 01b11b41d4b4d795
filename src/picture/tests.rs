//! Pictures of workspaces written by hand.

use super::*;
use crate::draw;
use crate::rules::testing::World;

const SHOP: &str = "package organelle-a\npackage cell-b\npackage cell-c\npackage runtime-d\n\
    package organism-e\ncell-b > organelle-a\ncell-c > cell-b\ncell-c > runtime-d\nruntime-d > cell-b\n\
    runtime-d > sqlx\norganism-e > runtime-d\norganism-e > cell-c\ncell-b uses sqlx::PgPool";

fn picture(world: &World) -> Picture {
    let findings = world.findings();
    let findings: Vec<_> = findings.iter().collect();
    world.tried(|case| draw::picture(case, &findings, Level::Breach))
}

fn shop() -> Picture {
    picture(&World::new(
        &SHOP.replace("cell-b uses", "module cell_b::x\ncell_b::x uses"),
    ))
}

/// Each arrow as `from to`, with `!` where it breaks the law.
fn told(picture: &Picture) -> Vec<String> {
    let name = |node: usize| &picture.nodes[node].name;
    let arrows = picture.arrows.iter();
    let told = arrows.map(|arrow| {
        let mark = if arrow.breaks { "!" } else { "" };
        format!("{} {}{mark}", name(arrow.from), name(arrow.to))
    });
    told.collect()
}

#[test]
fn what_is_used_stands_below_its_users_and_engines_above_all() {
    let layers: Vec<String> = shop().bands.into_iter().map(|band| band.layer).collect();
    assert_eq!(
        layers,
        ["engines", "organism", "runtime", "cell", "organelle"]
    );
}

#[test]
fn arrows_that_break_the_law_are_told_from_those_that_do_not() {
    let expected = [
        "organism-e runtime-d",
        "organism-e cell-c",
        "runtime-d sqlx",
        "runtime-d cell-b",
        "cell-b sqlx!",
        "cell-b organelle-a",
        "cell-c runtime-d!",
        "cell-c cell-b",
    ];
    assert_eq!(told(&shop()), expected);
}

#[test]
fn a_package_with_layers_in_it_is_a_box_for_each() {
    let law = "[[assign]]\nlayer = \"cell\"\nmodules = [\"shop::domain::**\"]\n\
        [[assign]]\nlayer = \"runtime\"\nmodules = [\"shop::infra::**\"]\n";
    let world = World::new(
        "package shop\nmodule shop::domain\nmodule shop::infra\nshop::domain uses shop::infra::Db",
    );
    assert_eq!(
        told(&picture(&world.under(law))),
        ["shop / cell shop / runtime!"]
    );
}

#[test]
fn one_box_a_layer_keeps_what_breaks_the_law() {
    let picture = shop().collapsed(By::Layer);
    let expected = [
        "organism runtime",
        "organism cell",
        "runtime sqlx",
        "runtime cell",
        "cell sqlx!",
        "cell runtime!",
        "cell organelle",
    ];
    assert_eq!(told(&picture), expected);
    assert_eq!(
        picture.nodes.iter().map(|node| node.folded).sum::<usize>(),
        6
    );
}

#[test]
fn around_a_box_are_those_it_is_tied_to() {
    let picture = shop().around("organelle-a").expect("it is there");
    assert_eq!(told(&picture), ["cell-b organelle-a"]);
    assert_eq!(picture.bands.len(), 2);
    assert!(shop().around("organelle-b").is_none());
}

#[test]
fn of_many_boxes_those_without_a_finding_are_counted() {
    let picture = shop().of_breaches();
    let names: Vec<&str> = picture.nodes.iter().map(|node| &*node.name).collect();
    assert_eq!(
        names,
        ["sqlx", "1 more", "runtime-d", "cell-b", "cell-c", "1 more"]
    );
}

#[test]
fn in_the_matrix_what_is_lawful_lies_above_the_diagonal() {
    let picture = shop();
    let matrix = Matrix::new(&picture);
    let row = |node: usize| matrix.rows.iter().position(|it| *it == node);
    for arrow in &picture.arrows {
        if let (Some(from), Some(to)) = (row(arrow.from), row(arrow.to)) {
            assert_eq!(from > to, arrow.breaks, "{arrow:?}");
        }
    }
    assert_eq!(matrix.outside.len(), 1);
}

/// Five hundred packages, of which every tenth breaks the law.
fn large() -> Picture {
    let mut text = String::new();
    let layers = ["organelle", "cell", "tissue", "organ", "runtime"];
    for at in 0..500 {
        text += &format!("package {}-{at}\n", layers[at / 100]);
    }
    for at in 100..500 {
        for step in 1..4 {
            let to = (at * 7 + step * 31) % (at / 100 * 100);
            text += &format!("{}-{at} > {}-{to}\n", layers[at / 100], layers[to / 100]);
        }
        if at < 400 && at % 10 == 0 {
            text += &format!("{}-{at} > runtime-{}\n", layers[at / 100], 400 + at / 5);
        }
    }
    picture(&World::new(&text))
}

#[test]
fn five_hundred_packages_are_placed_alike_every_time() {
    let picture = large();
    let drawing = Drawing::new(&picture);
    let route = Route::new(&picture, &drawing);
    let again = Drawing::new(&picture);
    assert_eq!(drawing, again);
    assert_eq!(route, Route::new(&picture, &again));
    assert_eq!(route.breaking.len(), 30);
    assert!(drawing.width + route.margin <= 2400, "{}", drawing.width);
}

#[test]
fn no_two_boxes_share_a_place_and_all_lie_within_the_picture() {
    let drawing = Drawing::new(&large());
    let mut places = std::collections::BTreeSet::new();
    for frame in &drawing.frames {
        assert!(places.insert((frame.x, frame.y)), "{frame:?}");
        assert!(frame.x + frame.width <= drawing.width && frame.bottom() <= drawing.height);
    }
}
