//! The freeze report and the pictures, as a Founder gets them.

use std::path::Path;
use std::process::Command;

use crate::support::{Run, root, tool};

const FILES: [&str; 4] = [
    "freeze-report.html",
    "freeze-report.md",
    "report.json",
    "report.sarif",
];

fn fixture(name: &str) -> String {
    let manifest = root().join("fixtures").join(name).join("Cargo.toml");
    manifest
        .to_str()
        .expect("a path of plain letters")
        .to_owned()
}

/// Draws up the report of a workspace into `out`.
pub(crate) fn report(manifest: &str, out: &Path) -> Run {
    let out = out.to_str().expect("a path of plain letters");
    tool(root())
        .args([
            "report",
            "--no-cache",
            "--manifest-path",
            manifest,
            "--out",
            out,
        ])
        .run()
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("the report was written")
}

#[test]
fn a_broken_constitution_gets_a_freeze_report_the_same_each_time() {
    let (first, second) = (tempfile::tempdir(), tempfile::tempdir());
    let (first, second) = (first.expect("a folder"), second.expect("a folder"));
    let run = report(&fixture("frozen"), first.path());
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stdout.is_empty(), "{}", run.stdout);
    report(&fixture("frozen"), second.path());
    for name in FILES {
        assert_eq!(
            read(first.path(), name),
            read(second.path(), name),
            "{name}"
        );
    }
    let page = read(first.path(), "freeze-report.html");
    for said in [
        "Triggers 1, 2, 3, 4 and 5 of Section VIII have fired",
        "RUNTIME-TENANT-MANAGER",
    ] {
        assert!(page.contains(said), "{said}");
    }
}

#[test]
fn a_kept_constitution_gets_a_certificate() {
    let out = tempfile::tempdir().expect("a folder");
    let run = report(&fixture("lawful"), &out.path().join("new/folder"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let text = read(&out.path().join("new/folder"), "freeze-report.md");
    assert!(text.contains("Certificate of compliance"), "{text}");
}

#[test]
fn where_one_file_cannot_be_written_none_is() {
    let out = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(out.path().join("report.sarif")).expect("the folder is ours");
    let run = report(&fixture("frozen"), out.path());
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("report.sarif"), "{}", run.stderr);
    let left = std::fs::read_dir(out.path()).expect("it is there").count();
    assert_eq!(left, 1);
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args([
            "-c",
            "user.name=Ada <b>@all</b>",
            "-c",
            "user.email=ada@example.org",
        ])
        .args(["-c", "commit.gpgsign=false"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_DATE", "2026-02-19T12:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-02-19T12:00:00Z")
        .output()
        .expect("git is installed");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// A copy of the broken shop in a repository that runs a program wherever git lets it.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let from = root().join("fixtures/frozen");
    for entry in walkdir::WalkDir::new(&from)
        .into_iter()
        .filter_entry(|it| it.file_name() != "target")
    {
        let entry = entry.expect("the fixture can be listed");
        let to = folder
            .path()
            .join(entry.path().strip_prefix(&from).expect("it lies below"));
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(to).expect("the folder is ours");
        } else {
            std::fs::copy(entry.path(), to).expect("the folder is ours");
        }
    }
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "-A"]);
    git(
        folder.path(),
        &["commit", "-q", "-m", "First <script>x</script> @team"],
    );
    let trap = format!("touch {}/trapped; cat", folder.path().display());
    for key in [
        "core.fsmonitor",
        "diff.trap.textconv",
        "diff.external",
        "filter.trap.clean",
        "filter.trap.smudge",
        "core.pager",
        "core.sshCommand",
        "core.alternateRefsCommand",
        "gpg.program",
        "alias.blame",
    ] {
        git(folder.path(), &["config", key, &trap]);
    }
    let hooks = folder.path().join(".git/hooks");
    std::fs::create_dir_all(&hooks).expect("the folder is ours");
    std::fs::write(
        folder.path().join(".gitattributes"),
        "* diff=trap filter=trap\n",
    )
    .expect("the folder is ours");
    folder
}

#[test]
fn who_changed_a_line_is_told_and_nothing_of_the_repository_runs() {
    let repository = repository();
    let changed = repository.path().join("crates/organ-sales/src/lib.rs");
    let text = std::fs::read_to_string(&changed).expect("it was copied");
    let text = text.replace(
        "use runtime_adapter_message_broker::Publisher;",
        "use runtime_adapter_message_broker::{Publisher};",
    );
    std::fs::write(&changed, text).expect("the folder is ours");
    let out = tempfile::tempdir().expect("a folder");
    let manifest = repository.path().join("Cargo.toml");
    report(
        manifest.to_str().expect("a path of plain letters"),
        out.path(),
    );
    assert!(!repository.path().join("trapped").exists());
    let text = read(out.path(), "freeze-report.md");
    assert!(
        text.contains("last changed by `Ada b@all/b` on 2026-02-19 in"),
        "{text}"
    );
    assert!(text.contains("changed since the last commit"), "{text}");
    let page = read(out.path(), "freeze-report.html");
    assert_eq!(page.matches("<script>").count(), 1, "our own");
}

#[test]
fn why_tells_every_hop_or_that_there_is_none() {
    let frozen = fixture("frozen");
    let why = |from: &str, to: &str| {
        let arguments = ["why", "--no-cache", "--manifest-path", &frozen, from, to];
        tool(root()).args(arguments).run()
    };
    let run = why("organism-shop", "sqlx");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let expected = "package `organism-shop` reaches package `sqlx` in 2 steps:\n  \
        1. crates/organism-shop/Cargo.toml:8:1: `organism-shop` depends on `runtime-adapter-database`\n  \
        2. crates/runtime-adapter-database/Cargo.toml:9:1: `runtime-adapter-database` depends on `sqlx`\n     \
        through Cargo.toml:13:1: the workspace declares `sqlx` here\n";
    assert_eq!(run.stdout, expected);
    let none = why("organelle-money", "cell-orders");
    assert_eq!(none.code, 0);
    assert!(none.stdout.starts_with("no way from"), "{}", none.stdout);
    let unknown = why("cell-order", "sqlx");
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.stderr.contains("did you mean `cell-orders`?"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn graph_draws_whatever_the_verdict_is() {
    for format in ["dot", "mermaid", "svg", "json", "html"] {
        let arguments = [
            "graph",
            "--no-cache",
            "--format",
            format,
            "--collapse",
            "structure",
        ];
        let frozen = fixture("frozen");
        let draw = || {
            tool(root())
                .args(arguments)
                .args(["--manifest-path", &frozen])
                .run()
        };
        let run = draw();
        assert_eq!(run.code, 0, "{format}: {}", run.stderr);
        assert!(run.stdout.contains("RUNTIME-TENANT-MANAGER"), "{format}");
        assert_eq!(run.stdout, draw().stdout, "{format}");
    }
}
