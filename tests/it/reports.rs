//! Reports for other programs, several at once, of one run.

use std::collections::BTreeSet;

use tempfile::TempDir;

use crate::fixture::Workspace;
use crate::support::{files, root, tool};

const BREACHES: &str = "
//- crate:cell deps:sqlx layer:cell
mod store;
//- crates/cell/src/store.rs
fn a(it: sqlx::PgPool) {}
//- crate:other deps:redis layer:tissue
use redis::Client;
//- crate:nobody
";

fn unfold(text: &str) -> TempDir {
    Workspace::parse(text).expect("it is a fixture").unfold()
}

#[test]
fn every_format_tells_of_the_same_findings() {
    let folder = unfold(BREACHES);
    let out = tempfile::tempdir().expect("a folder");
    let file = |name: &str| out.path().join(name);
    let formats = [
        "human", "short", "json", "sarif", "github", "junit", "markdown",
    ];
    let outputs = formats.map(|it| format!("--output={it}={}", file(it).display()));
    let run = tool(folder.path()).args(["check"]).args(outputs).run();
    assert_eq!(run.code, 1, "{}", run.stderr);
    let read = |name: &str| std::fs::read_to_string(file(name)).expect("it was written");
    let json: serde_json::Value = serde_json::from_str(&read("json")).expect("it is JSON");
    let sarif: serde_json::Value = serde_json::from_str(&read("sarif")).expect("it is JSON");
    let findings = json["findings"].as_array().expect("a list");
    let results = sarif["runs"][0]["results"].as_array().expect("a list");
    assert_eq!(results.len(), findings.len());
    let junit = read("junit");
    let cases = junit.matches("<failure").count() + junit.matches("<skipped").count();
    assert_eq!(cases, findings.len());
    assert_eq!(read("short").lines().count(), findings.len());
    assert_eq!(read("github").lines().count(), findings.len());
    for finding in findings {
        let fingerprint = finding["fingerprint"].as_str().expect("a fingerprint");
        assert!(read("markdown").contains(fingerprint));
        assert!(read("sarif").contains(fingerprint));
    }
}

#[test]
fn annotations_come_alone_and_the_verdict_beside_them() {
    let folder = unfold(BREACHES);
    let run = tool(folder.path())
        .args(["check", "--format", "github"])
        .run();
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.starts_with("::error file=crates/"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.lines().all(|line| line.starts_with("::")));
    assert!(run.stderr.contains("freeze: "), "{}", run.stderr);
}

#[test]
fn on_a_runner_paths_begin_at_the_repository() {
    let repository = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(repository.path().join(".git")).expect("the folder is ours");
    let folder = unfold(BREACHES);
    let inside = repository.path().join("backend");
    std::fs::rename(folder.path(), &inside).expect("both are temporary folders");
    std::fs::create_dir(folder.path()).expect("it was there before");
    let check = || tool(&inside).args(["check", "--format", "github"]);
    let run = check().env("GITHUB_ACTIONS", "true").run();
    assert!(
        run.stdout.starts_with("::error file=backend/crates/"),
        "{}",
        run.stdout
    );
    let run = check().run();
    assert!(
        run.stdout.starts_with("::error file=crates/"),
        "{}",
        run.stdout
    );
}

#[test]
fn every_rule_of_the_book_is_described_as_github_demands() {
    let folder = unfold("//- crate:cell layer:cell\n");
    let run = tool(folder.path())
        .args(["check", "--format", "sarif"])
        .run();
    let sarif: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array();
    let rules = rules.expect("a list");
    let ids: BTreeSet<_> = rules.iter().filter_map(|it| it["id"].as_str()).collect();
    let pages = files(&root().join("rules"), "md");
    assert_eq!(ids.len(), pages.len());
    for page in pages {
        let id = page.file_stem().and_then(|it| it.to_str()).expect("a name");
        let rule = rules.iter().find(|it| it["id"] == id);
        let rule = rule.unwrap_or_else(|| panic!("{id} is not described"));
        for text in ["shortDescription", "fullDescription"] {
            let length = rule[text]["text"]
                .as_str()
                .map_or(0, |it| it.chars().count());
            assert!((1..=1024).contains(&length), "{id}: {text}");
        }
        let text = std::fs::read_to_string(&page).expect("a page can be read");
        assert_eq!(rule["help"]["markdown"], text);
        let tags = rule["properties"]["tags"].as_array().map_or(0, Vec::len);
        assert!(tags <= 10, "{id}");
        assert!(rule["properties"].get("security-severity").is_none());
    }
}
