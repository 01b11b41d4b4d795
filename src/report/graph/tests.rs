//! Every format with names that want to be more than text.

use super::*;
use crate::draw;
use crate::finding::Level;
use crate::report::Checked;
use crate::rules::testing::World;

const HOSTILE: &str = "cell-\"]<script>x</script>&|`#\u{202e}\\";

/// The picture, with what the report shows marked.
fn pictured(world: &World, report: &Report<'_>) -> Picture {
    world.tried(|case| draw::picture(case, &report.findings(), Level::Breach))
}

/// What is found in a world.
fn reported(world: &World) -> Report<'_> {
    let checked = Checked::default();
    let findings = world.findings();
    Report::new(
        findings,
        Vec::new(),
        checked,
        Level::Breach,
        world.sources(),
    )
}

fn written(format: GraphFormat) -> String {
    let text = format!("package {HOSTILE}\npackage runtime-a\n{HOSTILE} > runtime-a");
    let world = World::new(&text);
    let report = reported(&world);
    let picture = pictured(&world, &report);
    let mut bytes = Vec::new();
    format
        .write(&picture, &report, &mut bytes)
        .expect("a Vec takes all");
    String::from_utf8(bytes).expect("formats are text")
}

#[test]
fn names_stay_text_in_every_format() {
    for format in GraphFormat::ALL {
        let text = written(format);
        assert!(text.contains("runtime-a"), "{text}");
        assert!(!text.contains('\u{202e}'), "{text}");
        let plain = [GraphFormat::Json, GraphFormat::Dot, GraphFormat::Text];
        if !plain.contains(&format) {
            assert!(!text.contains("<script>x"), "{text}");
        }
    }
}

#[test]
fn dot_quotes_and_mermaid_spells_out() {
    let dot = written(GraphFormat::Dot);
    assert!(
        dot.contains("\"cell-\\\"]<script>x</script>&|`#\\\\u{202e}\\\\\""),
        "{dot}"
    );
    let mermaid = written(GraphFormat::Mermaid);
    assert!(
        mermaid.contains("[\"cell-#34;#93;#60;script#62;x"),
        "{mermaid}"
    );
    assert!(mermaid.contains("-. breaks .->"), "{mermaid}");
}

#[test]
fn json_names_exactly_what_breaks() {
    let value: serde_json::Value =
        serde_json::from_str(&written(GraphFormat::Json)).expect("it is JSON");
    assert_eq!(value["nodes"][1]["name"], HOSTILE);
    let edge = &value["edges"][0];
    assert_eq!((&edge["from"], &edge["to"]), (&1.into(), &0.into()));
    assert_eq!(edge["breaks"], true);
    assert_eq!(edge["line"], 3);
    assert_eq!(edge["findings"][0].as_str().map(str::len), Some(32));
}

#[test]
fn mermaid_stays_within_what_is_still_drawn() {
    let mut text = String::from("package runtime-a\n");
    for at in 0..600 {
        text += &format!("package organism-{at}\norganism-{at} > runtime-a\n");
    }
    text += "package cell-b\ncell-b > runtime-a\n";
    let world = World::new(&text);
    let report = reported(&world);
    let text = mermaid(&pictured(&world, &report));
    assert!(
        text.contains("%% 101 arrows beyond 500 are left out"),
        "{text}"
    );
    assert_eq!(text.matches("->").count(), 500);
    assert!(
        text.contains("-. breaks .->"),
        "what breaks the law is kept"
    );
}
