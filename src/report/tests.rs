//! What every format relies on: order, repetitions, verdict, fingerprints; and the small formats.

mod github;
mod hostile;
mod junit;
mod markdown;
mod sarif;

use super::*;
use crate::finding::{Confidence, Hop};
use crate::testing::{Folder, finding, place};

const CHECKED: Checked = Checked {
    packages: 1,
    files: 2,
    modules: 3,
    edges: 4,
};

fn report(findings: Vec<Finding>, sources: &Sources) -> Report<'_> {
    Report::new(findings, Vec::new(), CHECKED, Level::Breach, sources)
}

fn written(format: Format, report: &Report<'_>, look: &Look) -> String {
    let mut bytes = Vec::new();
    format
        .write(report, look, &mut bytes)
        .expect("a Vec takes all");
    String::from_utf8(bytes).expect("reports are text")
}

/// The fingerprints of all `needle`s in `text` as the file `name`.
fn fingerprints(name: &str, text: &str, needle: &str) -> Vec<String> {
    let folder = Folder::new(&format!("fingerprints-{name}"));
    let path = folder.file(name, text);
    let mut sources = Sources::new(folder.path().to_owned());
    let found = (0..text.matches(needle).count())
        .map(|nth| Finding {
            target: Some("sqlx::PgPool".to_owned()),
            ..finding(&mut sources, &path, needle, nth)
        })
        .collect();
    let report = report(found, &sources);
    report
        .entries
        .into_iter()
        .map(|entry| entry.fingerprint)
        .collect()
}

#[test]
fn fingerprints_survive_moves_reformatting_and_renamed_files() {
    let before = fingerprints("a.rs", "use sqlx::PgPool;\n", "sqlx::PgPool");
    let moved = fingerprints("b.rs", "\n\n//x\n  use sqlx::PgPool;\n", "sqlx::PgPool");
    let spread = fingerprints("c.rs", "use sqlx ::\n    PgPool;\n", "sqlx ::\n    PgPool");
    assert_eq!(before, moved);
    assert_eq!(before, spread);
    assert_eq!(before[0].len(), 32);
}

#[test]
fn no_two_findings_share_a_fingerprint() {
    let text = "sqlx::PgPool sqlx::PgPool sqlx::PgPool";
    let mut all = fingerprints("equal.rs", text, "sqlx::PgPool");
    all.extend(fingerprints("other.rs", "sqlx::Pool", "sqlx::Pool"));
    let distinct: HashSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), 4);
    assert_eq!(
        all[0],
        fingerprints("one.rs", "sqlx::PgPool", "sqlx::PgPool")[0]
    );
}

#[test]
fn package_target_and_item_make_findings_distinct_but_module_and_level_do_not() {
    let folder = Folder::new("distinct");
    let path = folder.file("a.rs", "fn a() { sqlx::PgPool }\nfn b() { sqlx::PgPool }");
    let mut sources = Sources::new(folder.path().to_owned());
    let base = finding(&mut sources, &path, "sqlx::PgPool", 0);
    let other_item = finding(&mut sources, &path, "sqlx::PgPool", 1);
    let name = |finding: Finding| {
        report(vec![finding], &sources).entries[0]
            .fingerprint
            .clone()
    };
    let package = Some("cell-y".to_owned());
    // A package and no target is not a target and no package.
    let untold = Finding {
        target: None,
        ..base.clone()
    };
    let swapped = Finding {
        package: None,
        target: base.package.clone(),
        ..base.clone()
    };
    let others = [
        other_item,
        untold,
        swapped,
        Finding {
            package,
            ..base.clone()
        },
    ];
    let mut names: HashSet<String> = others.into_iter().map(name).collect();
    names.insert(name(base.clone()));
    assert_eq!(names.len(), 5);
    let elsewhere = Finding {
        module: Some("cell_x::store".to_owned()),
        level: Level::Note,
        ..base.clone()
    };
    assert_eq!(name(base), name(elsewhere));
}

#[test]
fn of_two_that_say_the_same_production_and_the_graver_stay() {
    let folder = Folder::new("repeats");
    let path = folder.file("a.rs", "sqlx::PgPool");
    let mut sources = Sources::new(folder.path().to_owned());
    let production = finding(&mut sources, &path, "sqlx::PgPool", 0);
    let test = Finding {
        test: true,
        level: Level::Warning,
        ..production.clone()
    };
    let lighter = Finding {
        level: Level::Risk,
        ..production.clone()
    };
    let elsewhere = Finding {
        package: Some("cell-y".to_owned()),
        ..production.clone()
    };
    let report = report(vec![test, lighter, elsewhere, production], &sources);
    let kept: Vec<_> = report
        .entries
        .iter()
        .map(|entry| (entry.finding.package.as_deref(), entry.finding.level))
        .collect();
    assert_eq!(
        kept,
        [
            (Some("cell-x"), Level::Breach),
            (Some("cell-y"), Level::Breach)
        ]
    );
}

#[test]
fn findings_without_a_target_are_told_apart_by_what_they_say() {
    let folder = Folder::new("untargeted");
    let path = folder.file("constitution.toml", "x");
    let mut sources = Sources::new(folder.path().to_owned());
    let base = finding(&mut sources, &path, "x", 0);
    let say = |message: &str| Finding {
        target: None,
        message: message.to_owned(),
        ..base.clone()
    };
    let report = report(vec![say("one"), say("two"), say("one")], &sources);
    assert_eq!(report.entries.len(), 2);
    assert_ne!(report.entries[0].fingerprint, report.entries[1].fingerprint);
}

#[test]
fn a_finding_at_the_failing_level_freezes_and_outranks_blindness() {
    let folder = Folder::new("verdict");
    let path = folder.file("a.rs", "sqlx");
    let mut sources = Sources::new(folder.path().to_owned());
    let risk = Finding {
        level: Level::Risk,
        ..finding(&mut sources, &path, "sqlx", 0)
    };
    let spot = BlindSpot::new(risk.place.file, Span::START, "not UTF-8");
    let verdict = |findings: &[&Finding], spots: &[&BlindSpot], fail_on| {
        let findings = findings.iter().map(|&finding| finding.clone()).collect();
        let spots = spots.iter().map(|&spot| spot.clone()).collect();
        Report::new(findings, spots, CHECKED, fail_on, &sources).verdict
    };
    assert_eq!(verdict(&[&risk], &[], Level::Breach), Verdict::Lawful);
    assert_eq!(verdict(&[&risk], &[], Level::Risk), Verdict::Freeze);
    assert_eq!(verdict(&[&risk], &[&spot], Level::Breach), Verdict::Blind);
    assert_eq!(verdict(&[&risk], &[&spot], Level::Note), Verdict::Freeze);
}

#[test]
fn findings_come_by_file_bytes_then_line_and_column_as_numbers() {
    let folder = Folder::new("order");
    let text = format!("{}x y", "\n".repeat(9));
    let upper = folder.file("B.rs", &text);
    let lower = folder.file("a.rs", &format!("x\n{text}"));
    let mut sources = Sources::new(folder.path().to_owned());
    let found = vec![
        finding(&mut sources, &lower, "x", 1),
        finding(&mut sources, &lower, "x", 0),
        finding(&mut sources, &upper, "y", 0),
        finding(&mut sources, &upper, "x", 0),
    ];
    let report = report(found, &sources);
    let places: Vec<_> = report
        .entries
        .iter()
        .map(|entry| report.at(entry.finding.place))
        .collect();
    assert_eq!(places, ["B.rs:10:1", "B.rs:10:3", "a.rs:1:1", "a.rs:11:1"]);
}

#[test]
fn short_is_one_line_a_finding_whatever_the_names_are() {
    let folder = Folder::new("short");
    let path = folder.file("crates/a\n::error::b/lib.rs", "\n  sqlx::PgPool");
    let mut sources = Sources::new(folder.path().to_owned());
    let found = Finding {
        message: "names `\u{1b}[2Jsqlx`".to_owned(),
        ..finding(&mut sources, &path, "sqlx::PgPool", 0)
    };
    let report = report(vec![found], &sources);
    assert_eq!(
        written(Format::Short, &report, &Look::PLAIN),
        "crates/a\\n::error::b/lib.rs:2:3: breach[engine-reference] names `\\u{1b}[2Jsqlx` \
         (target sqlx::PgPool)\n"
    );
}

#[test]
fn json_holds_everything_in_a_fixed_shape() {
    let folder = Folder::new("json");
    let path = folder.file("crates/cell/src/lib.rs", "\nuse sqlx::PgPool;\n");
    let mut sources = Sources::new(folder.path().to_owned());
    let hop = Hop {
        place: place(&mut sources, &path, "use", 0),
        label: "`cell_x` imports it \u{202e} ##[group]".to_owned(),
    };
    let found = Finding {
        confidence: Confidence::Likely,
        cfg: Some("cfg(windows)".to_owned()),
        chain: vec![hop],
        ..finding(&mut sources, &path, "sqlx::PgPool", 0)
    };
    let spot = BlindSpot::new(found.place.file, Span::START, "not UTF-8");
    let report = Report::new(vec![found], vec![spot], CHECKED, Level::Breach, &sources);
    let json = written(Format::Json, &report, &Look::PLAIN);
    let read: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(
        read["findings"][0]["chain"][0]["label"],
        "`cell_x` imports it \u{202e} ##[group]"
    );
    assert_eq!(json, include_str!("tests/report.json"));
}
