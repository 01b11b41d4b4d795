//! The action, step by step as GitHub's runner runs it: on workspaces of every verdict, and on what could trick it.

mod expression;
mod runner;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use self::runner::{Outcome, Runner};
use crate::support::{self, copy};

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
        .args([
            "-c",
            "commit.gpgsign=false",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("git runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {told}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn judged(workspace: &str, constitution: Option<&str>) -> Outcome {
    let runner = Runner::new();
    fs::create_dir(runner.folder().join(".git")).expect("a folder can be made");
    copy(workspace, &runner.folder().join("backend"));
    if let Some(text) = constitution {
        fs::write(runner.folder().join("backend/constitution.toml"), text).expect("it is ours");
    }
    runner.with("path", "backend").run()
}

#[test]
fn a_lawful_workspace_passes_with_a_certificate() {
    let outcome = judged("lawful", None);
    assert_eq!(outcome.code, 0, "{}", outcome.log);
    assert_eq!(outcome.output("verdict"), "lawful");
    assert_eq!(outcome.output("breaches"), "0");
    assert!(outcome.summary.starts_with("## Constitution: lawful"));
    assert!(!outcome.log.contains("::error"), "{}", outcome.log);
    for report in ["html", "markdown", "json", "sarif"] {
        assert!(Path::new(&outcome.output(report)).is_file(), "{report}");
    }
    assert_eq!(outcome.used, ["actions/upload-artifact"]);
}

#[test]
fn a_frozen_workspace_stops_the_job_after_its_reports_were_kept() {
    let outcome = judged("frozen", None);
    assert_eq!(outcome.code, 1, "{}", outcome.log);
    assert_eq!(outcome.output("verdict"), "freeze");
    let json = fs::read_to_string(outcome.output("json")).expect("a report");
    let json: serde_json::Value = serde_json::from_str(&json).expect("a JSON report");
    for (output, level) in [
        ("breaches", "breach"),
        ("risks", "risk"),
        ("warnings", "warning"),
        ("notes", "note"),
    ] {
        assert_eq!(outcome.output(output), json["counts"][level].to_string());
    }
    assert_ne!(outcome.output("breaches"), "0");
    assert!(
        outcome.summary.contains("```mermaid"),
        "{}",
        outcome.summary
    );
    let first = json["findings"][0]["file"].as_str().expect("a file");
    let annotated = format!("file=backend/{first}");
    assert!(outcome.log.contains(&annotated), "{}", outcome.log);
    assert_eq!(outcome.used, ["actions/upload-artifact"]);
}

#[test]
fn where_nothing_can_be_judged_the_job_fails_and_keeps_nothing() {
    let outcome = judged("lawful", Some("extends = \"nobody\"\n"));
    assert_eq!(outcome.code, 2, "{}", outcome.log);
    assert_eq!(outcome.output("verdict"), "error");
    assert_eq!(outcome.output("breaches"), "");
    assert!(outcome.log.contains("::error title=Not judged::"));
    assert!(outcome.used.is_empty(), "{:?}", outcome.used);
}

#[test]
fn reports_are_written_as_asked_and_annotations_can_be_left_out() {
    let runner = Runner::new();
    copy("frozen", &runner.folder());
    let outcome = runner
        .with("formats", "junit, short")
        .with("annotations", "false")
        .with("summary", "false")
        .with("sarif", "true")
        .with("artifact", "")
        .run();
    assert_eq!(outcome.code, 1, "{}", outcome.log);
    let folder = PathBuf::from(outcome.output("reports"));
    assert!(folder.join("junit.xml").is_file() && folder.join("report-short.txt").is_file());
    assert_eq!(
        outcome.log.matches("::error").count(),
        1,
        "the verdict's own"
    );
    assert_eq!(outcome.summary, "");
    assert_eq!(outcome.used, ["github/codeql-action/upload-sarif"]);
}

#[test]
fn a_change_from_a_fork_sends_nothing_to_code_scanning() {
    let runner = Runner::new();
    copy("lawful", &runner.folder());
    let outcome = runner
        .with("sarif", "true")
        .with("base", "none")
        .event("event_name", "pull_request")
        .event("event.pull_request.head.repo.full_name", "stranger/shop")
        .run();
    assert_eq!(outcome.code, 0, "{}", outcome.log);
    assert_eq!(outcome.used, ["actions/upload-artifact"]);
}

#[test]
fn no_input_is_a_command_and_none_is_written_into_a_script() {
    let action = runner::action();
    for step in action["runs"]["steps"].as_vec().expect("there are steps") {
        let script = step["run"].as_str().unwrap_or_default();
        assert!(!script.contains("${{"), "{script}");
    }
    let names = [
        "path",
        "constitution",
        "fail-on",
        "base",
        "formats",
        "version",
        "sha256",
    ];
    let results = support::in_parallel(&names, |name| {
        let runner = Runner::new();
        copy("lawful", &runner.folder());
        let folder = runner.folder();
        let outcome = runner
            .with(
                name,
                "`touch taken`$(touch taken)\"; touch taken; '\ntouch taken",
            )
            .run();
        let problem = format!("{name}: exit {}\n{}", outcome.code, outcome.log);
        (outcome.code == 2 && !folder.join("taken").exists())
            .then_some(())
            .ok_or(problem)
    });
    let problems: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    support::none(&problems);
}

#[test]
fn an_archive_of_another_digest_is_not_run() {
    let runner = Runner::new();
    copy("lawful", &runner.folder());
    let outcome = runner.with("sha256", &"0".repeat(64)).run();
    assert_eq!(outcome.code, 2);
    assert!(outcome.log.contains("it is not run"), "{}", outcome.log);
    assert!(!outcome.log.contains("lawful"), "{}", outcome.log);
}

#[test]
fn without_a_binary_the_source_is_built_out_of_the_workspaces_reach() {
    let mut runner = Runner::new();
    copy("lawful", &runner.folder());
    fs::write(
        runner.folder().join("rust-toolchain.toml"),
        "[toolchain]\nchannel = \"no-such\"\n",
    )
    .expect("it is ours");
    runner.fake_cargo();
    let outcome = runner.with("version", "source").run();
    assert_eq!(outcome.code, 0, "{}", outcome.log);
    assert_eq!(outcome.used, ["actions/cache", "actions/upload-artifact"]);
    let place = outcome
        .log
        .lines()
        .find_map(|line| line.strip_prefix("cargo runs in "));
    let place = place.expect("the source was built");
    assert!(place.contains("neutral"), "{place}");
}

#[test]
fn another_version_is_neither_guessed_nor_built() {
    let runner = Runner::new();
    copy("lawful", &runner.folder());
    let outcome = runner.with("version", "9.9.9").run();
    assert_eq!(outcome.code, 2, "{}", outcome.log);
    assert!(outcome.log.contains("there is no binary of version 9.9.9"));
}

/// A repository with a change on a branch, and GitHub's merge of it; commits by name.
struct Change {
    origin: PathBuf,
    fork: String,
    base: String,
    head: String,
    merge: String,
}

impl Change {
    fn new(folder: &Path) -> Self {
        let origin = folder.join("origin");
        fs::create_dir_all(&origin).expect("a folder can be made");
        copy("frozen", &origin);
        fs::write(origin.join(".gitignore"), "target\n").expect("it is ours");
        git(&origin, &["init", "-q"]);
        let commit = |text: &str| {
            fs::write(origin.join(text), text).expect("it is ours");
            git(&origin, &["add", "."]);
            git(&origin, &["commit", "-q", "-m", text]);
            git(&origin, &["rev-parse", "HEAD"])
        };
        commit("old");
        let fork = commit("fork");
        git(&origin, &["checkout", "-q", "-b", "change"]);
        commit("work");
        let manifest = origin.join("crates/organ-sales/Cargo.toml");
        let text = fs::read_to_string(&manifest).expect("it is there");
        fs::write(
            &manifest,
            text + "\n[dependencies.redis]\nversion = \"1\"\n",
        )
        .expect("it is ours");
        let head = commit("more");
        git(&origin, &["checkout", "-q", "main"]);
        let base = commit("base");
        git(&origin, &["checkout", "-q", "--detach"]);
        git(
            &origin,
            &["merge", "-q", "--no-ff", "-m", "merge", "change"],
        );
        let merge = git(&origin, &["rev-parse", "HEAD"]);
        git(&origin, &["update-ref", "refs/pull/1/merge", "HEAD"]);
        git(&origin, &["checkout", "-q", "main"]);
        git(
            &origin,
            &["config", "uploadpack.allowAnySHA1InWant", "true"],
        );
        Self {
            origin,
            fork,
            base,
            head,
            merge,
        }
    }

    /// A checkout as shallow as GitHub's, of one commit.
    fn checkout(&self, folder: &Path, commit: &str) {
        git(folder, &["init", "-q"]);
        let url = format!("file://{}", self.origin.display());
        git(folder, &["remote", "add", "origin", &url]);
        git(folder, &["fetch", "-q", "--depth=1", "origin", commit]);
        git(folder, &["checkout", "-q", "--detach", "FETCH_HEAD"]);
    }

    fn of_pull_request(&self, runner: Runner) -> Runner {
        runner
            .event("event_name", "pull_request")
            .event("event.pull_request.base.sha", &self.base)
            .event("event.pull_request.head.sha", &self.head)
    }
}

#[test]
fn the_base_of_a_pull_request_is_found_and_fetched_without_its_history() {
    let place = tempfile::tempdir().expect("a folder");
    let change = Change::new(place.path());
    let cases = [(&change.merge, &change.base), (&change.head, &change.fork)];
    for (checked_out, wanted) in cases {
        let runner = Runner::new();
        change.checkout(&runner.folder(), checked_out);
        let folder = runner.folder();
        let outcome = change.of_pull_request(runner).until("base");
        assert_eq!(outcome.code, 0, "{}", outcome.log);
        assert_eq!(outcome.output("base"), *wanted);
        git(&folder, &["cat-file", "-e", &format!("{wanted}^{{tree}}")]);
    }
    let runner = Runner::new();
    change.checkout(&runner.folder(), &change.merge);
    let folder = runner.folder();
    let _kept = change.of_pull_request(runner).until("base");
    let known = git(&folder, &["rev-list", "--all", "--count", &change.base]);
    assert_eq!(known, "2", "the merge and the base, and nothing before");
}

#[test]
fn a_base_is_what_was_named_or_nothing_and_never_guessed() {
    let place = tempfile::tempdir().expect("a folder");
    let change = Change::new(place.path());
    let runner = || {
        let runner = Runner::new();
        change.checkout(&runner.folder(), &change.head);
        runner
    };
    let named = runner().with("base", "main").until("base");
    assert_eq!(named.output("base"), change.base, "{}", named.log);
    let pushed = runner().until("base");
    assert_eq!((pushed.code, pushed.output("base").as_str()), (0, ""));
    let none = change
        .of_pull_request(runner())
        .with("base", "none")
        .until("base");
    assert_eq!((none.code, none.output("base").as_str()), (0, ""));
    let unknown = runner().with("base", "no-such-branch").until("base");
    assert_eq!(unknown.code, 2, "{}", unknown.log);
    let gone = change
        .of_pull_request(runner())
        .event("event.pull_request.base.sha", &"1".repeat(40))
        .until("base");
    assert_eq!(gone.code, 2, "{}", gone.log);
    assert!(gone.log.contains("fetch-depth: 0"), "{}", gone.log);
}

#[test]
fn what_a_pull_request_adds_is_told_from_what_was_there() {
    let place = tempfile::tempdir().expect("a folder");
    let change = Change::new(place.path());
    let runner = Runner::new();
    change.checkout(&runner.folder(), &change.merge);
    let outcome = change.of_pull_request(runner).run();
    assert_eq!(outcome.code, 1, "{}", outcome.log);
    assert_eq!(outcome.output("base"), change.base);
    let json = fs::read_to_string(outcome.output("json")).expect("a report");
    let json: serde_json::Value = serde_json::from_str(&json).expect("a JSON report");
    let findings = json["findings"].as_array().expect("a list");
    let new: Vec<&str> = findings
        .iter()
        .filter(|it| it["status"] == "new")
        .map(|it| it["target"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(new, ["redis"]);
    assert!(findings.iter().any(|it| it["status"] == "existing"));
}
