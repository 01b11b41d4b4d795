//! `--base` and `--staged`, as those who use them see them.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::fixture::Workspace;
use crate::repository::Repository;
use crate::support::{Run, check, tool};

const BROKEN: &str = "
//- crate:cell deps:sqlx layer:cell
mod store;
//- crates/cell/src/store.rs
pub fn open(_: sqlx::PgPool) {}
";

const LAWFUL: &str = "
//- crate:cell layer:cell
pub struct Pure;
";

/// A committed workspace, in `below` the repository's root.
fn repository(text: &str, below: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join(below);
    Workspace::parse(text)
        .expect("it is a fixture")
        .write(&root);
    Repository::new(folder.path()).commit();
    folder
}

fn put(root: &Path, path: &str, text: &str) {
    fs::write(root.join(path), text).expect("it can be written");
}

/// Target and status of each finding.
fn statuses(run: &Run) -> Vec<(String, String)> {
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    let findings = report["findings"].as_array().expect("a list").iter();
    findings
        .map(|it| {
            let word = |key: &str| it[key].as_str().unwrap_or_default().to_owned();
            (word("target"), word("status"))
        })
        .collect()
}

fn count(all: &[(String, String)], status: &str) -> usize {
    all.iter().filter(|(_, it)| it == status).count()
}

#[test]
fn what_was_there_is_told_from_what_is_new_by_identity() {
    let folder = repository(BROKEN, "backend");
    let root = folder.path().join("backend");
    // Moved, reformatted, in a file of another name: still the same.
    fs::rename(
        root.join("crates/cell/src/store.rs"),
        root.join("crates/cell/src/keep.rs"),
    )
    .expect("it was there");
    put(&root, "crates/cell/src/lib.rs", "// all\n\nmod keep;\n");
    put(
        &root,
        "crates/cell/src/keep.rs",
        "\n\npub fn open(\n    _: sqlx ::\n        PgPool) {}\n",
    );
    let moved = check(&root).args(["--base", "HEAD"]).run();
    let all = statuses(&moved);
    assert_eq!(count(&all, "existing"), all.len(), "{all:?}");
    assert_eq!(moved.code, 1, "what stands freezes, old as it is");
    // One mended and one brought: as many as before, and not the same.
    put(
        &root,
        "crates/cell/src/keep.rs",
        "pub fn open(_: sqlx::MySqlPool) {}\n",
    );
    let changed = check(&root).args(["--base", "HEAD"]).run();
    let new: Vec<_> = statuses(&changed);
    assert_eq!(count(&new, "new"), 1, "{new:?}");
    let human = tool(&root).args(["check", "--base", "HEAD"]).run();
    assert!(
        human.stdout.contains("1 new, 1 existing, 1 mended"),
        "{}",
        human.stdout
    );
    // Nothing of the comparison is left behind, and without a base all is as ever.
    assert_eq!(count(&statuses(&check(&root).run()), "existing"), 0);
}

#[test]
fn a_base_that_is_not_there_is_wrong_usage_with_the_way_to_it() {
    let folder = repository(LAWFUL, "");
    for (name, way) in [
        (
            "origin/main",
            "git fetch --depth=1 origin +main:refs/remotes/origin/main",
        ),
        ("--upload-pack=x", "cannot name a commit"),
        ("HEAD~7", "git fetch --unshallow"),
    ] {
        let base = format!("--base={name}");
        let run = check(folder.path()).args([&base]).run();
        assert_eq!(run.code, 2, "{}", run.stdout);
        let said = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(way), "{}", run.stderr);
    }
    let bare = Workspace::parse(LAWFUL).expect("it is a fixture").unfold();
    let run = check(bare.path()).args(["--base", "HEAD"]).run();
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("no git repository"), "{}", run.stderr);
}

#[test]
fn a_law_that_is_new_weakens_nothing_and_one_that_was_broken_cannot_be_compared() {
    let text = "//- crate:one\n//- crate:two deps:one\n";
    let folder = repository(text, "");
    let root = folder.path();
    let law = "[[layer]]\nname = \"all\"\nplane = \"composition\"\n\
        [[assign]]\nlayer = \"all\"\npackages = [\"*\"]\n";
    put(root, "constitution.toml", law);
    let run = tool(root).args(["check", "--base", "HEAD"]).run();
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("no law spoke"), "{}", run.stdout);
    put(root, "constitution.toml", "layers = 3\n");
    Repository(root).commit();
    put(root, "constitution.toml", law);
    let run = check(root).args(["--base", "HEAD"]).run();
    let report = run.report().expect("a report");
    let found = &report.findings[0];
    assert_eq!((run.code, found.rule.as_str()), (1, "weakened-law"));
    assert!(
        found.message.contains("cannot be told"),
        "{}",
        found.message
    );
}

#[test]
fn what_the_law_at_the_base_forbids_stays_forbidden_and_the_message_says_so() {
    let text =
        format!("{LAWFUL}//- constitution.toml\n[rules.engine-dependency]\nlevel = \"breach\"\n");
    let folder = repository(&text, "");
    let root = folder.path();
    put(
        root,
        "constitution.toml",
        "[rules.engine-dependency]\nlevel = \"off\"\n",
    );
    let manifest = root.join("crates/cell/Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("it is there");
    put(
        root,
        "crates/cell/Cargo.toml",
        &format!("{text}\n[dependencies]\nsqlx = \"*\"\n"),
    );
    let run = tool(root).args(["check", "--base", "HEAD"]).run();
    assert_eq!(run.code, 1);
    let said = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "the level of `engine-dependency` falls from `breach` to `off`",
        "at the base: `[rules.engine-dependency] level = \"breach\"` (constitution.toml of HEAD",
        "in this change: `[rules.engine-dependency] level = \"off\"`",
        "that of the change does not",
        "2 new, 0 existing, 0 mended",
    ] {
        assert!(said.contains(words), "{words}\n{}", run.stdout);
    }
}

#[test]
fn staged_is_what_the_index_holds_and_nothing_else() {
    let folder = repository(LAWFUL, "backend");
    let (top, root) = (folder.path(), folder.path().join("backend"));
    let repository = Repository(top);
    let source = "crates/cell/src/lib.rs";
    let staged = |arguments: &[&str]| {
        tool(&root)
            .args(["check", "--staged"])
            .args(arguments)
            .run()
    };
    let lawful = staged(&[]);
    assert_eq!((lawful.code, &*lawful.stdout, &*lawful.stderr), (0, "", ""));
    put(
        &root,
        source,
        "pub fn read() { let _ = std::fs::read(\"a\"); }\n",
    );
    assert_eq!(staged(&[]).code, 0, "it is not staged");
    assert_eq!(check(&root).run().code, 1);
    repository.git(&["add", "--all"]);
    put(&root, source, "pub struct Pure;\n");
    let broken = staged(&["--format", "short"]);
    assert_eq!(broken.code, 1, "it is staged");
    assert!(
        broken.stdout.starts_with("crates/cell/src/lib.rs:1:"),
        "{}",
        broken.stdout
    );
    assert_eq!(check(&root).run().code, 0);
    // A file that is there, but not for git.
    put(&root, source, "mod later;\n");
    repository.git(&["add", "--all"]);
    put(&root, "crates/cell/src/later.rs", "");
    assert_eq!(staged(&[]).code, 3);
    assert_eq!(check(&root).run().code, 0);
    // A target that cargo would find.
    repository.git(&["add", "--all"]);
    fs::create_dir_all(root.join("crates/cell/src/bin")).expect("it can be made");
    put(
        &root,
        "crates/cell/src/bin/a.rs",
        "fn main() { let _ = std::fs::read(\"a\"); }",
    );
    assert_eq!(staged(&[]).code, 0);
    assert_eq!(check(&root).run().code, 1);
    // With a base, by the law there.
    repository.git(&["add", "--all"]);
    let compared = staged(&["--base", "HEAD", "--format", "json"]);
    assert_eq!(compared.code, 1);
    let all = statuses(&compared);
    assert_eq!(count(&all, "new"), all.len(), "{all:?}");
}

#[test]
fn a_partial_commit_s_own_index_is_judged() {
    let folder = repository(LAWFUL, "");
    let root = folder.path();
    put(
        root,
        "crates/cell/src/lib.rs",
        "pub fn read() { let _ = std::fs::read(\"a\"); }\n",
    );
    fs::copy(root.join(".git/index"), root.join(".git/other")).expect("it is there");
    Repository(root).git(&["add", "--all"]);
    let run = tool(root)
        .args(["check", "--staged"])
        .env("GIT_INDEX_FILE", ".git/other")
        .run();
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[test]
fn a_graph_shows_what_the_change_adds_and_removes() {
    let text = "//- crate:cell-a\n//- crate:cell-b deps:cell-a\n//- crate:cell-c deps:cell-a\n";
    let folder = repository(text, "");
    let root = folder.path();
    Workspace::parse(
        "//- crate:cell-a\n//- crate:cell-b\n//- crate:cell-d deps:cell-a,sqlx\nuse sqlx::PgPool;\n",
    )
    .expect("it is a fixture")
    .write(root);
    let graph = |format: &str| {
        let run = tool(root)
            .args(["graph", "--base", "HEAD", "--format", format])
            .run();
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let json: serde_json::Value = serde_json::from_str(&graph("json")).expect("it is JSON");
    let list = |key: &str| json[key].as_array().expect("a list").clone();
    let nodes = list("nodes");
    let changes = |change: Option<&str>| -> Vec<String> {
        let of = |it: &&serde_json::Value| it["change"].as_str() == change;
        let name = |it: &serde_json::Value| it["name"].as_str().expect("a name").to_owned();
        nodes.iter().filter(of).map(name).collect()
    };
    assert_eq!(changes(None), ["cell-a", "cell-b"]);
    assert_eq!(changes(Some("added")), ["sqlx", "cell-d"]);
    assert_eq!(changes(Some("removed")), ["cell-c"]);
    let mut edges: Vec<String> = (list("edges").iter())
        .map(|it| {
            let end = |key: &str| {
                let at = it[key].as_u64().and_then(|at| usize::try_from(at).ok());
                nodes[at.expect("an index")]["name"]
                    .as_str()
                    .expect("a name")
                    .to_owned()
            };
            let change = it["change"].as_str().unwrap_or("kept");
            format!("{change} {} {}", end("from"), end("to"))
        })
        .collect();
    edges.sort();
    assert_eq!(
        edges,
        [
            "added cell-d cell-a",
            "added cell-d sqlx",
            "removed cell-b cell-a",
            "removed cell-c cell-a"
        ]
    );
    assert!(graph("dot").contains("\"− cell-c\", style=dashed"));
    assert!(graph("mermaid").contains("-. removed .->"));
    assert!(graph("svg").contains("class=\"removed\""));
    assert!(graph("html").contains("struck through"));
}
