//! `--staged` where the folder, the index and what was kept of earlier runs say different things.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::fixture::Workspace;
use crate::repository::Repository;
use crate::support::{Run, check, tool};

const LAWFUL: &str = "
//- crate:cell layer:cell
mod store;
//- crates/cell/src/store.rs
pub struct Pure;
";

const SOURCE: &str = "crates/cell/src/store.rs";
const PURE: &str = "pub struct Pure;\n";
const BREACH: &str = "pub fn read() { let _ = std::fs::read(\"a\"); }\n";

/// A committed workspace.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    Workspace::parse(LAWFUL)
        .expect("it is a fixture")
        .write(folder.path());
    Repository::new(folder.path()).commit();
    folder
}

fn put(root: &Path, path: &str, text: &str) {
    fs::write(root.join(path), text).expect("it can be written");
}

fn staged(root: &Path, arguments: &[&str]) -> Run {
    tool(root).args(["check", "--staged"]).args(arguments).run()
}

#[track_caller]
fn lawful_and_silent(run: &Run) {
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""));
}

#[test]
fn what_is_kept_of_the_folder_is_not_taken_for_what_is_staged() {
    let folder = repository();
    let root = folder.path();
    assert_eq!(check(root).run().code, 0);
    lawful_and_silent(&staged(root, &[]));
    // Only in the index.
    put(root, SOURCE, BREACH);
    Repository(root).git(&["add", "--all"]);
    put(root, SOURCE, PURE);
    for _ in 0..2 {
        assert_eq!(check(root).run().code, 0);
        let run = staged(root, &["--format", "short"]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(run.stdout.starts_with("crates/cell/src/store.rs:1:"));
        let shown = staged(root, &[]).stdout;
        assert!(shown.contains(BREACH.trim_end()), "{shown}");
    }
    // Only in the folder.
    Repository(root).git(&["add", "--all"]);
    put(root, SOURCE, BREACH);
    for _ in 0..2 {
        assert_eq!(check(root).run().code, 1);
        lawful_and_silent(&staged(root, &[]));
    }
    // In both.
    Repository(root).git(&["add", "--all"]);
    assert_eq!(staged(root, &[]).code, 1);
    assert_eq!(check(root).run().code, 1);
}

#[test]
fn outcomes_of_the_index_are_kept_too() {
    let folder = repository();
    let root = folder.path();
    let kept = |name: &str| root.join("target/constitution").join(name).exists();
    lawful_and_silent(&staged(root, &[]));
    assert!(kept("outcome"), "the folder holds what is staged");
    assert!(!kept("staged"));
    put(root, SOURCE, BREACH);
    lawful_and_silent(&staged(root, &[]));
    lawful_and_silent(&staged(root, &[]));
    put(root, SOURCE, "pub struct Other;\n");
    Repository(root).git(&["add", "--all"]);
    put(root, SOURCE, PURE);
    lawful_and_silent(&staged(root, &[]));
    assert!(kept("staged"), "the folder holds something else");
}

#[test]
fn nothing_counts_that_git_does_not_hold() {
    let folder = repository();
    let root = folder.path();
    let [strict, weaker] =
        ["breach", "off"].map(|level| format!("[rules.engine-reference]\nlevel = \"{level}\"\n"));
    put(root, SOURCE, BREACH);
    Repository(root).git(&["add", "--all"]);
    assert_eq!(staged(root, &[]).code, 1);
    // A law that is not staged, neither as a file nor as a change of one.
    put(root, "constitution.toml", &weaker);
    assert_eq!(check(root).run().code, 0);
    assert_eq!(staged(root, &[]).code, 1);
    put(root, "constitution.toml", &strict);
    Repository(root).git(&["add", "--all"]);
    put(root, "constitution.toml", &weaker);
    assert_eq!(check(root).run().code, 0);
    assert_eq!(staged(root, &[]).code, 1);
    put(root, "constitution.toml", &strict);
    // A record, which might bear it.
    fs::create_dir_all(root.join(".constitution/exceptions")).expect("it can be made");
    put(root, ".constitution/exceptions/a.json", "{}");
    assert_eq!(staged(root, &[]).code, 1);
    fs::remove_dir_all(root.join(".constitution")).expect("it is there");
    // A manifest that would keep a folder's files from being looked at.
    put(root, SOURCE, PURE);
    fs::create_dir_all(root.join("crates/cell/src/lost")).expect("it can be made");
    put(root, "crates/cell/src/lost/stray.rs", BREACH);
    Repository(root).git(&["add", "--all"]);
    let told = staged(root, &["--format", "json"]).stdout;
    assert!(told.contains("lost/stray.rs"), "{told}");
    put(
        root,
        "crates/cell/src/lost/Cargo.toml",
        "[package]\nname = \"x\"\n",
    );
    assert_eq!(staged(root, &["--format", "json"]).stdout, told);
}

#[cfg(unix)]
#[test]
fn links_are_followed_as_they_are_staged() {
    let folder = repository();
    let root = folder.path();
    let shared = root.join("shared");
    fs::create_dir_all(&shared).expect("it can be made");
    put(root, "shared/store.rs", PURE);
    fs::remove_file(root.join(SOURCE)).expect("it was there");
    put(
        root,
        "crates/cell/src/lib.rs",
        "mod kept { pub mod store; }\n",
    );
    let link = root.join("crates/cell/src/kept");
    std::os::unix::fs::symlink("../../../shared", &link).expect("a link can be made");
    // Git knows nothing of the link yet.
    Repository(root).git(&["add", "shared", "crates/cell/src/lib.rs", SOURCE]);
    assert_eq!(staged(root, &[]).code, 3);
    Repository(root).git(&["add", "--all"]);
    lawful_and_silent(&staged(root, &[]));
    put(root, "shared/store.rs", BREACH);
    lawful_and_silent(&staged(root, &[]));
    Repository(root).git(&["add", "--all"]);
    put(root, "shared/store.rs", PURE);
    // Nobody follows one that leads out.
    std::os::unix::fs::symlink("/nowhere", root.join("result")).expect("a link can be made");
    Repository(root).git(&["add", "result"]);
    assert_eq!(staged(root, &[]).code, 1);
    assert!(root.join("target/constitution/staged").exists());
}

#[test]
fn what_stops_no_commit_is_not_told_unless_it_comes_with_it() {
    let folder = repository();
    let root = folder.path();
    put(
        root,
        SOURCE,
        "#[cfg(test)]\nconst PASSWORD: &str = \"hunter2hunter2\";\n",
    );
    Repository(root).git(&["add", "--all"]);
    let run = check(root).run();
    assert!(run.stdout.contains("hardcoded-secret"), "{}", run.stdout);
    assert_eq!(run.code, 0);
    lawful_and_silent(&staged(root, &[]));
    let brought = staged(root, &["--base", "HEAD"]);
    assert_eq!(brought.code, 0);
    assert!(brought.stdout.contains("hardcoded-secret"));
    Repository(root).commit();
    lawful_and_silent(&staged(root, &["--base", "HEAD"]));
    // Whoever names a format is answered in it.
    assert!(staged(root, &["--format", "json"]).stdout.starts_with('{'));
}
