//! The cache: it changes nothing but the time, whatever is done to it.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::fixture::Workspace;
use crate::support::{Run, tool};

const WORKSPACE: &str = "
//- crate:cell deps:common,dev:sqlx layer:cell
mod store;
mod plain;
//- crates/cell/src/store.rs
pub fn a() {}
//- crates/cell/src/plain/mod.rs
pub fn b() {}
//- crate:common layer:neutral
pub struct Pure;
";

fn unfold() -> TempDir {
    Workspace::parse(WORKSPACE)
        .expect("it is a fixture")
        .unfold()
}

fn check(folder: &Path, arguments: &[&str]) -> Run {
    tool(folder)
        .args(["check", "--format", "json"])
        .args(arguments)
        .run()
}

/// What a run with the cache says, after making sure that one without it says the same.
fn agreed(folder: &Path) -> Run {
    let cached = check(folder, &[]);
    let plain = check(folder, &["--no-cache"]);
    assert_eq!((cached.code, &cached.stdout), (plain.code, &plain.stdout));
    cached
}

fn write(folder: &Path, file: &str, text: &str) {
    fs::write(folder.join(file), text).expect("a file can be written");
}

#[test]
fn every_change_is_seen_past_the_cache() {
    let folder = unfold();
    let path = folder.path();
    assert_eq!(agreed(path).code, 0);
    assert_eq!(agreed(path).code, 0, "from the cache");
    write(
        path,
        "crates/cell/src/store.rs",
        "pub fn a(it: std::fs::File) {}\n",
    );
    assert_eq!(agreed(path).code, 1, "a changed file");
    write(path, "crates/cell/src/store.rs", "pub fn a() {}\n");
    assert_eq!(agreed(path).code, 0, "changed back");
    write(path, "crates/cell/src/plain.rs", "use std::fs::File;\n");
    assert_eq!(
        agreed(path).code,
        1,
        "a new file that is preferred to one that was read"
    );
    fs::remove_file(path.join("crates/cell/src/plain.rs")).expect("it can be removed");
    assert_eq!(agreed(path).code, 0);
    fs::create_dir(path.join("crates/cell/src/bin")).expect("a folder can be made");
    write(
        path,
        "crates/cell/src/bin/tool.rs",
        "fn main() { std::fs::read(\"x\").ok(); }\n",
    );
    assert_eq!(agreed(path).code, 1, "a new target");
    fs::remove_dir_all(path.join("crates/cell/src/bin")).expect("it can be removed");
    write(
        path,
        "constitution.toml",
        "[rules.engine-dependency]\ntests = \"breach\"\n",
    );
    assert_eq!(agreed(path).code, 1, "another law");
    fs::remove_file(path.join("constitution.toml")).expect("it can be removed");
    fs::remove_file(path.join("crates/cell/src/store.rs")).expect("it can be removed");
    assert_eq!(agreed(path).code, 3, "a file that is gone");
}

#[test]
fn a_cache_that_was_tampered_with_is_not_believed() {
    let lawful = unfold();
    assert_eq!(check(lawful.path(), &[]).code, 0);
    let kept = lawful.path().join("target/constitution");
    for file in ["facts", "outcome"] {
        let good = fs::read(kept.join(file)).expect("it was kept");
        for at in [0, 40, good.len() / 2, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 0x55;
            fs::write(kept.join(file), &bad).expect("it can be written");
            assert_eq!(agreed(lawful.path()).code, 0, "{file} at {at}");
            fs::write(kept.join(file), &bad[..at]).expect("it can be written");
            assert_eq!(agreed(lawful.path()).code, 0, "{file} cut at {at}");
        }
        fs::remove_file(kept.join(file)).expect("it is there");
        fs::create_dir(kept.join(file)).expect("a folder can be made");
        assert_eq!(agreed(lawful.path()).code, 0, "{file} is a folder");
        fs::remove_dir(kept.join(file)).expect("it is there");
    }
}

#[test]
fn a_cache_that_a_change_brings_along_is_not_believed() {
    let lawful = unfold();
    let user = tempfile::tempdir().expect("a folder");
    let other = tempfile::tempdir().expect("a folder");
    let as_user = |home: &TempDir, folder: &Path| {
        let home = home.path().display().to_string();
        tool(folder)
            .env("HOME", &home)
            .env("CARGO_HOME", &format!("{home}/none"))
            .args(["check"])
            .run()
            .code
    };
    assert_eq!(as_user(&other, lawful.path()), 0, "somebody else's machine");
    write(
        lawful.path(),
        "crates/cell/src/store.rs",
        "pub fn a(it: std::fs::File) {}\n",
    );
    assert_eq!(as_user(&user, lawful.path()), 1);
}

#[test]
fn many_checks_at_once_share_one_cache() {
    let folder = unfold();
    let runs = crate::support::in_parallel(&[0; 8], |_| check(folder.path(), &[]));
    assert!(runs.iter().all(|run| run.code == 0));
    assert!(runs.windows(2).all(|pair| pair[0].stdout == pair[1].stdout));
}
