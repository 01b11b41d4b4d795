//! What must stay true of the project's own files.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::support;

#[test]
fn a_rule_is_a_page_and_a_file_of_the_same_name() {
    let stems = |folder: &str, extension: &str| -> BTreeSet<String> {
        let files = support::files(&support::root().join(folder), extension);
        let rules = files.iter().filter(|path| {
            let text = std::fs::read_to_string(path).expect("a source can be read");
            extension == "md" || text.contains("const META:")
        });
        rules
            .map(|path| path.file_stem().unwrap_or_default().to_string_lossy())
            .map(|stem| stem.replace('_', "-"))
            .collect()
    };
    let pages = stems("rules", "md");
    let files = stems("src/rules", "rs");
    let alone: Vec<_> = pages.symmetric_difference(&files).cloned().collect();
    support::none(&alone);
}

#[test]
fn every_source_file_says_what_it_is() {
    let silent: Vec<String> = files()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|it| it == "rs"))
        .filter(|path| !path.starts_with(support::root().join("fixtures")))
        .filter(|path| {
            let text = std::fs::read_to_string(path).expect("a source can be read");
            !text.starts_with("//! ")
        })
        .map(|path| path.display().to_string())
        .collect();
    support::none(&silent);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let folders = ["root", "home", "Users", "work", "private"].map(|it| format!("/{it}/"));
    let mut problems = Vec::new();
    for path in files() {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        for (at, line) in text.lines().enumerate() {
            let absolute = folders.iter().any(|folder| {
                line.match_indices(folder.as_str()).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    before.is_none_or(|it| " \t\"'`(=:".contains(it))
                })
            });
            if absolute {
                problems.push(format!("{}:{}: {line}", path.display(), at + 1));
            }
        }
    }
    support::none(&problems);
}

/// Every file of the project that is not built or git's own.
fn files() -> Vec<PathBuf> {
    walkdir::WalkDir::new(support::root())
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| !matches!(entry.file_name().to_str(), Some(".git" | "target")))
        .map(|entry| entry.expect("a folder can be listed"))
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}
