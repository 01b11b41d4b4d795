//! Whole reports as people see them.

use super::*;
use crate::finding::Confidence;
use crate::finding::{Because, BlindSpot, Hop};
use crate::report::Checked;
use crate::testing::{Folder, SECRET as SECRET_RULE, finding, place};
use crate::text::Sources;

const CHECKED: Checked = Checked {
    packages: 2,
    files: 2,
    modules: 3,
    edges: 1,
};

fn shown(findings: Vec<Finding>, sources: &Sources, look: &Look) -> String {
    let report = Report::new(findings, Vec::new(), CHECKED, Level::Breach, sources);
    show(&report, look)
}

fn show(report: &Report<'_>, look: &Look) -> String {
    let mut bytes = Vec::new();
    write(report, look, &mut bytes).expect("a Vec takes all");
    String::from_utf8(bytes).expect("reports are text")
}

/// One finding at `needle` in a file of its own.
fn alone(name: &str, text: &str, needle: &str, look: &Look) -> String {
    let folder = Folder::new(&format!("human-{name}"));
    let path = folder.file("src/lib.rs", text);
    let mut sources = Sources::new(folder.path().to_owned());
    let found = finding(&mut sources, &path, needle, 0);
    shown(vec![found], &sources, look)
}

fn widest(text: &str) -> usize {
    use unicode_width::UnicodeWidthStr;
    text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

#[test]
fn a_report_tells_place_chain_clause_reasons_and_the_way_out() {
    let folder = Folder::new("human-whole");
    let cell = folder.file(
        "crates/cell/src/lib.rs",
        "//! A cell.\n\nfn save(pool: &common::Pool) {}\n",
    );
    let common = folder.file(
        "crates/common/src/lib.rs",
        "pub type Pool = sqlx::PgPool;\n",
    );
    let law = folder.file("constitution.toml", "extends = \"webwaka\"\n\n[[assign]]\n");
    let mut sources = Sources::new(folder.path().to_owned());
    let breach = Finding {
        message: "the cell `cell-x` names `sqlx::PgPool` of the engine `sqlx`".to_owned(),
        target: Some("sqlx::PgPool".to_owned()),
        confidence: Confidence::Likely,
        cfg: Some("cfg(windows)".to_owned()),
        chain: vec![Hop {
            place: place(&mut sources, &common, "sqlx::PgPool", 0),
            label: "`common::Pool` names `sqlx::PgPool`".to_owned(),
        }],
        because: vec![Because {
            text: "`cell-x` is in the layer `cell`".to_owned(),
            place: Some(place(&mut sources, &law, "[[assign]]", 0)),
        }],
        ..finding(&mut sources, &cell, "common::Pool", 0)
    };
    let note = Finding {
        level: Level::Note,
        target: None,
        message: "said in passing".to_owned(),
        test: true,
        ..finding(&mut sources, &cell, "save", 0)
    };
    let spot = BlindSpot::new(breach.place.file, Span::START, "not UTF-8");
    let report = Report::new(
        vec![breach, note],
        vec![spot],
        CHECKED,
        Level::Breach,
        &sources,
    );
    assert_eq!(
        show(&report, &Look::PLAIN),
        include_str!("tests/report.txt")
    );
}

#[test]
fn a_minified_line_is_cut_around_the_place() {
    let text = format!(
        "{}sqlx::PgPool{}",
        "let a=1;".repeat(50_000),
        "let b=2;".repeat(50_000)
    );
    let report = alone("minified", &text, "sqlx::PgPool", &Look::PLAIN);
    assert!(report.contains("src/lib.rs:1:400001]"), "{report}");
    assert!(report.contains("…"), "{report}");
    assert!(report.contains("let a=1;sqlx::PgPoollet b=2;"), "{report}");
    assert!(widest(&report) <= 100, "{report}");
}

#[test]
fn the_mark_stands_under_the_place_after_tabs_and_wide_characters() {
    let report = alone("tabs", "\t世界\tsqlx::Pg;\n", "sqlx::Pg", &Look::PLAIN);
    let lines: Vec<_> = report.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.contains(" 1 │"))
        .expect("line 1");
    // Four columns of tab, four of characters, four of tab.
    assert_eq!(lines[at], " 1 │     世界    sqlx::Pg;");
    assert!(lines[at + 1].starts_with("   ·             ─"), "{report}");
}

#[test]
fn forty_columns_are_enough() {
    let look = Look {
        width: 40,
        ..Look::PLAIN
    };
    let text =
        "fn f(first: u8, second: u8, third: u8, pool: sqlx::PgPool, fourth: u8, fifth: u8) {}\n";
    let report = alone("narrow", text, "sqlx::PgPool", &look);
    assert!(report.contains("sqlx::PgPool"), "{report}");
    // A command is copied, so it is not broken.
    let (commands, prose): (Vec<_>, Vec<_>) = report
        .lines()
        .partition(|line| line.trim().starts_with("cargo constitution"));
    assert_eq!(commands.len(), 2, "{report}");
    assert!(widest(&prose.join("\n")) <= 40, "{report}");
}

#[test]
fn a_file_that_vanished_leaves_its_place() {
    let folder = Folder::new("human-vanished");
    let path = folder.file("src/lib.rs", "\n\nsqlx");
    let mut sources = Sources::new(folder.path().to_owned());
    let found = finding(&mut sources, &path, "sqlx", 0);
    folder.remove("src/lib.rs");
    let report = shown(vec![found], &sources, &Look::PLAIN);
    assert!(report.contains("    at src/lib.rs:3:1\n"), "{report}");
}

#[test]
fn nothing_of_the_workspace_steers_the_terminal() {
    let text = "/*\u{1b}]0;owned\u{7}*/ sqlx /*\u{202e} ##[error]x */\n::error::y\n";
    let look = Look {
        actions: true,
        ..Look::PLAIN
    };
    let report = alone("hostile", text, "sqlx", &look);
    assert!(
        !report.contains(['\u{1b}', '\u{7}', '\u{202e}']),
        "{report}"
    );
    assert!(report.contains("\\u{1b}]0;owned\\u{7}"), "{report}");
    assert!(!report.contains("##["), "{report}");
    assert!(
        report
            .lines()
            .all(|line| !line.trim_start().starts_with("::")),
        "{report}"
    );
}

#[test]
fn what_cannot_be_counted_by_eye_is_counted_by_rule() {
    let folder = Folder::new("human-totals");
    let path = folder.file("src/lib.rs", &"sqlx\n".repeat(9));
    let mut sources = Sources::new(folder.path().to_owned());
    let mut found: Vec<_> = (0..8)
        .map(|nth| finding(&mut sources, &path, "sqlx", nth))
        .collect();
    assert!(!shown(found.clone(), &sources, &Look::PLAIN).contains("8 breaches  "));
    found.push(Finding {
        rule: &SECRET_RULE,
        level: Level::Warning,
        ..finding(&mut sources, &path, "sqlx", 8)
    });
    let report = shown(found, &sources, &Look::PLAIN);
    let totals = format!(
        "  8 breaches  engine-reference\n   1 warning  {}\n",
        SECRET_RULE.id
    );
    assert!(report.contains(&totals), "{report}");
}

#[test]
fn a_secret_is_repeated_nowhere() {
    let folder = Folder::new("human-secret");
    let path = folder.file("src/lib.rs", "let a = \"hunter2\";\nsqlx(\"hunter2\");\n");
    let mut sources = Sources::new(folder.path().to_owned());
    let secret = |sources: &mut Sources, nth| Finding {
        rule: &SECRET_RULE,
        message: "a credential stands in a literal".to_owned(),
        target: None,
        ..finding(sources, &path, "\"hunter2\"", nth)
    };
    let found = vec![
        secret(&mut sources, 0),
        secret(&mut sources, 1),
        finding(&mut sources, &path, "sqlx", 0),
    ];
    let report = shown(found, &sources, &Look::PLAIN);
    assert!(!report.contains("hunter2"), "{report}");
    assert!(report.contains("let a = *********;"), "{report}");
}

#[test]
fn many_alike_are_counted_and_named_without_being_repeated() {
    let folder = Folder::new("human-many");
    let path = folder.file("src/lib.rs", &"sqlx\n".repeat(30));
    let mut sources = Sources::new(folder.path().to_owned());
    let found = (0..30)
        .map(|nth| finding(&mut sources, &path, "sqlx", nth))
        .collect();
    let report = shown(found, &sources, &Look::PLAIN);
    assert!(
        report.contains("breach[engine-reference]: 28 more places of `sqlx`\n"),
        "{report}"
    );
    assert!(report.contains("  src/lib.rs:10:1 ("), "{report}");
    assert!(report.contains("and 20 more; `--format short`"), "{report}");
    assert!(
        report.ends_with("freeze: 30 breaches; checked 2 packages, 2 files, 3 modules, 1 edge\n")
    );
}

#[test]
fn a_check_of_nothing_says_so() {
    let sources = Sources::default();
    let nothing = Checked::default();
    let report = Report::new(Vec::new(), Vec::new(), nothing, Level::Breach, &sources);
    assert_eq!(
        show(&report, &Look::PLAIN),
        "lawful: no findings; checked nothing: no package and no file was read\n"
    );
}

#[test]
fn quiet_says_nothing_of_a_lawful_workspace() {
    let sources = Sources::default();
    let look = Look {
        quiet: true,
        ..Look::PLAIN
    };
    assert_eq!(shown(Vec::new(), &sources, &look), "");
}

#[test]
fn colour_changes_nothing_but_colour() {
    let look = Look {
        colour: true,
        ..Look::PLAIN
    };
    let text = "fn f(pool: sqlx::PgPool) {}\n";
    let coloured = alone("colour", text, "sqlx::PgPool", &look);
    assert!(coloured.contains("\u{1b}[1;31mbreach"), "{coloured}");
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').expect("a style ends in m").1;
    }
    plain.push_str(rest);
    assert_eq!(
        plain,
        alone("colourless", text, "sqlx::PgPool", &Look::PLAIN)
    );
}

#[test]
fn every_place_can_be_drawn() {
    let folder = Folder::new("human-drawn");
    let path = folder.file("src/lib.rs", "\t世界\u{301}\r\n\n👩\u{200d}👩\u{202e} end");
    let mut sources = Sources::new(folder.path().to_owned());
    let mut found = finding(&mut sources, &path, "end", 0);
    for (line, column) in (1..5).flat_map(|line| (0..12).map(move |column| (line, column))) {
        let start = crate::text::Position::from_lexer(line, column);
        for end in [
            start,
            crate::text::Position::from_lexer(line + 1, column / 2),
        ] {
            found.place.span = Span { start, end };
            let look = Look {
                width: 20,
                ..Look::PLAIN
            };
            let report = shown(vec![found.clone()], &sources, &look);
            assert!(report.contains(&format!("src/lib.rs:{start}")), "{report}");
        }
    }
}
