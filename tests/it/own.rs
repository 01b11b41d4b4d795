//! The project before its own law: it passes, and a file that breaks the law is found.

use std::fs;
use std::path::Path;

use crate::support::{self, check};

/// The project's manifest, law and sources in a folder that a test may break.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["Cargo.toml", "Cargo.lock", "constitution.toml"] {
        fs::copy(support::root().join(name), folder.path().join(name))
            .expect("a file can be copied");
    }
    for part in ["src", "benches"] {
        for entry in walkdir::WalkDir::new(support::root().join(part)) {
            let entry = entry.expect("a folder can be listed");
            let inside = entry.path().strip_prefix(support::root());
            let to = folder.path().join(inside.expect("it is ours"));
            if entry.file_type().is_dir() {
                fs::create_dir_all(to).expect("a folder can be made");
            } else {
                fs::copy(entry.path(), to).expect("a file can be copied");
            }
        }
    }
    folder
}

fn append(folder: &Path, file: &str, text: &str) -> u64 {
    let path = folder.join(file);
    let mut source = fs::read_to_string(&path).expect("a source can be read");
    source.push_str(text);
    fs::write(&path, &source).expect("a source can be written");
    source.lines().count() as u64
}

#[test]
fn our_own_law_holds() {
    let run = check(support::root())
        .args(["--no-cache", "--fail-on", "risk"])
        .run();
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}

#[test]
fn each_direction_of_the_pipeline_is_guarded() {
    let cases = [
        (
            "src/facts/graph.rs",
            "use crate::rules::all;",
            "upward-dependency",
        ),
        (
            "src/rules/reach.rs",
            "use crate::report::Report;",
            "upward-dependency",
        ),
        (
            "src/report/short.rs",
            "use crate::facts::Facts;",
            "upward-dependency",
        ),
        (
            "src/constitution/glob.rs",
            "use crate::cli::parse;",
            "upward-dependency",
        ),
        (
            "src/rules/reach.rs",
            "use std::fs::read;",
            "engine-reference",
        ),
        (
            "src/report/short.rs",
            "use std::env::var;",
            "environment-in-capability",
        ),
    ];
    let results = support::in_parallel(&cases, |&(file, line, rule)| {
        let folder = copy();
        let last = append(folder.path(), file, &format!("\n{line}\n"));
        let run = check(folder.path()).args(["--no-cache"]).run();
        let report = run.report()?;
        let found = report
            .findings
            .iter()
            .any(|it| it.rule == rule && it.file == file && it.line == last);
        if run.code == 1 && found {
            Ok(())
        } else {
            Err(format!(
                "{line} in {file}: exit {}, {rule} found: {found}",
                run.code
            ))
        }
    });
    let problems: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    support::none(&problems);
}
