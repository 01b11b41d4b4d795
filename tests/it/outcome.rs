//! What a run ends with: exit codes and their precedence, the same bytes every time, and no traces left.

use std::collections::BTreeMap;
use std::path::Path;

use tempfile::TempDir;

use crate::fixture::Workspace;
use crate::support::{check, tool};

const LAWFUL: &str = "
//- crate:cell layer:cell
pub trait Port {}
";

const BREACH: &str = "
//- crate:cell deps:sqlx layer:cell
mod store;
//- crates/cell/src/store.rs
fn a(it: sqlx::PgPool) {}
#[cfg(windows)]
fn b(it: sqlx::PgPool) {}
//- crate:common layer:neutral
pub struct Pure;
//- crate:other deps:redis,common layer:tissue
use redis::Client;
";

const BLIND: &str = "
//- crate:cell layer:cell
mod gone;
";

const BREACH_AND_BLIND: &str = "
//- crate:cell deps:sqlx layer:cell
mod gone;
";

const RISK: &str = "
//- crate:cell layer:cell
//- crate:nobody
";

fn unfold(text: &str) -> TempDir {
    Workspace::parse(text).expect("it is a fixture").unfold()
}

/// The exit code of `check` on `text` with further arguments.
fn code(text: &str, arguments: &[&str]) -> i32 {
    let folder = unfold(text);
    tool(folder.path())
        .args(["check"])
        .args(arguments)
        .run()
        .code
}

#[test]
fn the_exit_code_is_the_verdict() {
    assert_eq!(code(LAWFUL, &[]), 0);
    assert_eq!(code(BREACH, &[]), 1);
    assert_eq!(code(BLIND, &[]), 3);
    assert_eq!(code(RISK, &[]), 0, "a risk does not freeze");
}

#[test]
fn fail_on_moves_what_freezes() {
    assert_eq!(code(RISK, &["--fail-on", "risk"]), 1);
    assert_eq!(code(RISK, &["--fail-on", "warning"]), 1);
    assert_eq!(code(LAWFUL, &["--fail-on", "note"]), 0);
}

#[test]
fn a_freeze_outranks_blindness() {
    assert_eq!(code(BREACH_AND_BLIND, &[]), 1);
}

#[test]
fn wrong_usage_outranks_a_freeze() {
    assert_eq!(code(BREACH, &["--no-such-flag"]), 2);
    assert_eq!(code(BREACH, &["--format", "no-such-format"]), 2);
    assert_eq!(code(BREACH, &["--fail-on", "catastrophe"]), 2);
    assert_eq!(code(BREACH, &["--constitution", "no-such-file.toml"]), 2);
    assert_eq!(code(BREACH, &["--manifest-path", "no/Cargo.toml"]), 2);
    let wrong_law = format!("{BREACH}//- constitution.toml\nlayers = 3\n");
    assert_eq!(code(&wrong_law, &[]), 2);
}

#[test]
fn without_a_claim_there_is_no_law_and_the_way_to_one_is_shown() {
    let folder = unfold("//- crate:one\n//- crate:two deps:one\n");
    let run = tool(folder.path()).args(["check"]).run();
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(run.stderr.contains("init"), "{}", run.stderr);
}

#[test]
fn a_workspace_that_cargo_refuses_is_no_verdict() {
    let broken = "//- crate:cell layer:cell\n//- Cargo.toml\n[workspace]\nmembers = [\n";
    assert_eq!(code(broken, &[]), 2);
    let no_member =
        "//- crate:cell layer:cell\n//- Cargo.toml\n[workspace]\nmembers = [\"gone\"]\n";
    assert_eq!(code(no_member, &[]), 2);
    let empty = tempfile::tempdir().expect("a folder");
    let run = tool(empty.path()).args(["check"]).run();
    assert_eq!(run.code, 2);
    assert!(run.stdout.is_empty(), "{}", run.stdout);
}

#[test]
fn cargo_may_say_the_subcommand_first() {
    let folder = unfold(BREACH);
    let as_cargo_does = tool(folder.path()).args(["constitution", "check"]).run();
    let directly = tool(folder.path()).args(["check"]).run();
    assert_eq!(as_cargo_does.code, 1);
    assert_eq!(as_cargo_does.stdout, directly.stdout);
}

#[test]
fn findings_go_to_standard_output_and_nothing_else_does() {
    let folder = unfold(BREACH);
    let short = tool(folder.path())
        .args(["check", "--format", "short"])
        .run();
    assert_eq!(short.stdout.lines().count(), 5, "{}", short.stdout);
    assert!(short.stdout.lines().all(|line| line.contains("engine-")));
    let lawful = unfold(LAWFUL);
    let short = tool(lawful.path())
        .args(["check", "--format", "short"])
        .run();
    assert_eq!(short.stdout, "");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = unfold(BREACH);
    let root = folder.path();
    let manifest = root.join("Cargo.toml");
    let manifest = manifest.to_str().expect("a path of plain letters");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let first = check(root).run();
    let runs = [
        ("again, with a warm cache", check(root)),
        ("on one core", check(root).on_one_core()),
        ("from a member", check(&root.join("crates/cell/src"))),
        (
            "from outside",
            check(elsewhere.path()).args(["--manifest-path", manifest]),
        ),
        (
            "by a relative path",
            check(&root.join("crates")).args(["--manifest-path", "../Cargo.toml"]),
        ),
        (
            "in another language",
            check(root).env("LANG", "tr_TR.UTF-8"),
        ),
        ("with colours", check(root).args(["--color", "always"])),
    ];
    for (how, run) in runs {
        let run = run.run();
        assert_eq!(run.code, first.code, "{how}: {}", run.stderr);
        assert_eq!(run.stdout, first.stdout, "{how}");
    }
    let copy = unfold(BREACH);
    assert_eq!(check(copy.path()).run().stdout, first.stdout, "elsewhere");
}

#[test]
fn human_output_does_not_depend_on_the_number_of_cores() {
    let folder = unfold(BREACH);
    let many = tool(folder.path()).args(["check"]).run();
    let one = tool(folder.path()).args(["check"]).on_one_core().run();
    assert_eq!(many.stdout, one.stdout);
}

#[test]
fn nothing_is_written_but_the_cache() {
    let folder = unfold(BREACH);
    let before = listing(folder.path());
    for format in ["human", "json", "sarif", "html"] {
        tool(folder.path())
            .args(["check", "--format", format])
            .run();
    }
    assert_eq!(listing(folder.path()), before);
    assert!(!folder.path().join("Cargo.lock").exists());
}

#[test]
fn places_are_exact_and_guards_are_told() {
    let folder = unfold(BREACH);
    let run = check(folder.path()).run();
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    let findings = report["findings"].as_array().expect("a list");
    let at = |line: u64| {
        let mut here = findings.iter().filter(|it| {
            it["file"] == "crates/cell/src/store.rs" && it["line"].as_u64() == Some(line)
        });
        let only = here.next().expect("a finding on the line").clone();
        assert!(here.next().is_none(), "one finding on the line");
        only
    };
    let plain = at(1);
    assert_eq!(plain["column"], 10);
    assert_eq!(plain["end_line"], 1);
    assert_eq!(plain["end_column"], 22);
    assert_eq!(plain["cfg"], serde_json::Value::Null);
    assert_eq!(plain["package"], "cell");
    assert_eq!(plain["module"], "cell::store");
    assert_eq!(plain["layer"], "cell");
    assert_eq!(plain["target"], "sqlx::PgPool");
    assert_eq!(plain["category"], "database");
    assert_eq!(plain["trigger"], 1);
    assert_eq!(plain["test"], false);
    assert_eq!(at(3)["cfg"], "cfg(windows)");
}

/// Every file below `folder` with its text, without cargo's target folder.
fn listing(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_entry(|entry| entry.path() != folder.join("target"))
        .map(|entry| entry.expect("a folder can be listed"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let text = std::fs::read(entry.path()).expect("a file can be read");
            (entry.path().display().to_string(), text)
        })
        .collect()
}
