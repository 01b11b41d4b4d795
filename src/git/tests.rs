//! Commits and the index, read from real repositories.

use std::fs;

use super::*;
use crate::testing::Folder;

/// A repository with one commit, which a change to the folder follows.
fn repository(name: &str) -> (Folder, Repository) {
    let folder = Folder::new(name);
    folder.git(&["init", "--quiet"]);
    folder.file("a/src/lib.rs", "committed");
    folder.file("a/src/kept.rs", "kept");
    folder.file("a/picture.png", "no source");
    folder.commit();
    folder.file("a/src/lib.rs", "changed");
    folder.file("a/src/untracked.rs", "untracked");
    let repository = Repository::around(&folder.path().join("a")).expect("it is one");
    (folder, repository)
}

fn checkout(repository: &Repository, reference: &str) -> Checkout {
    let commit = repository.commit(reference).expect("it is there");
    let files = repository.files_of(&commit).expect("they are there");
    Checkout::new(repository, &commit, &files).expect("it is written")
}

fn read(checkout: &Checkout, path: &str) -> Option<String> {
    fs::read_to_string(checkout.root().join(path)).ok()
}

#[test]
fn a_commit_is_read_as_it_was_whatever_lies_in_the_folder() {
    let (folder, repository) = repository("git-commit");
    let written = checkout(&repository, "HEAD");
    assert_eq!(read(&written, "a/src/lib.rs").as_deref(), Some("committed"));
    assert_eq!(read(&written, "a/src/kept.rs").as_deref(), Some("kept"));
    assert_eq!(read(&written, "a/src/untracked.rs"), None);
    assert_eq!(read(&written, "a/picture.png"), None);
    let root = written.root().to_owned();
    drop(written);
    assert!(!root.exists());
    let kept = fs::read_to_string(folder.path().join("a/src/kept.rs"));
    assert_eq!(kept.expect("it still is there"), "kept");
}

#[test]
fn the_index_is_read_as_it_will_be_committed() {
    let (folder, repository) = repository("git-index");
    folder.git(&["add", "a/src/lib.rs"]);
    folder.file("a/src/lib.rs", "changed again");
    let files = repository.staged_files().expect("it can be listed");
    let written = Checkout::new(&repository, "HEAD", &files).expect("it is written");
    assert_eq!(read(&written, "a/src/lib.rs").as_deref(), Some("changed"));
    assert_eq!(read(&written, "a/src/untracked.rs"), None);
}

#[test]
fn the_folder_shows_what_is_staged_unless_a_file_or_the_frame_is_missing() {
    let (folder, repository) = repository("git-held");
    folder.file("Cargo.toml", "[workspace]");
    folder.git(&["add", "Cargo.toml"]);
    let held = || repository.held(&repository.staged_files().expect("they can be listed"));
    let path = |path: &str| repository.top().join(path);
    let seen = held().expect("the folder has all of it");
    let digest = |content: &str| Some(*blake3::hash(content.as_bytes()).as_bytes());
    let of = |name: &str| seen.files.get(&path(name)).copied();
    assert_eq!(of("a/src/kept.rs"), digest("kept"));
    assert_eq!(of("a/src/lib.rs"), digest("committed"));
    assert_eq!(of("a/src/untracked.rs"), None);
    let other: Vec<_> = seen.other.into_iter().collect();
    assert_eq!(other, [(path("a/src/lib.rs"), b"committed".to_vec())]);
    folder.file("Cargo.toml", "[workspace]\nmembers = []");
    assert!(held().is_none(), "cargo would read another manifest");
    folder.file("Cargo.toml", "[workspace]");
    assert!(held().is_some());
    fs::remove_file(path("a/src/kept.rs")).expect("it was there");
    assert!(held().is_none(), "cargo would not find it");
}

#[test]
fn an_unmerged_index_is_refused_by_the_file_s_name() {
    let listed = b"100644 0123456789012345678901234567890123456789 2\ta.rs\0";
    let refused = entry::of_index(listed).expect_err("it is unmerged");
    assert!(refused.to_string().contains("a.rs"), "{refused}");
}

#[test]
fn no_entry_leads_out_of_the_repository() {
    let hash = "0123456789012345678901234567890123456789";
    for path in ["../a.rs", "/a.rs", "a/../../b.rs"] {
        let listed = format!("100644 blob {hash}\t{path}\0");
        assert_eq!(entry::of_tree(listed.as_bytes()), None, "{path}");
    }
}

#[cfg(unix)]
#[test]
fn links_are_kept_inside_of_the_repository_only() {
    let (folder, repository) = repository("git-links");
    let link = |to: &str, name: &str| {
        std::os::unix::fs::symlink(to, folder.path().join(name)).expect("a link can be made");
    };
    link("src/kept.rs", "a/inside.rs");
    link("../../secret.rs", "a/outside.rs");
    link("/etc/hostname", "a/absolute.rs");
    folder.commit();
    let written = checkout(&repository, "HEAD");
    assert_eq!(read(&written, "a/inside.rs").as_deref(), Some("kept"));
    for name in ["a/outside.rs", "a/absolute.rs"] {
        let path = written.root().join(name);
        assert!(fs::symlink_metadata(path).is_err(), "{name}");
    }
}

#[test]
fn a_name_that_git_does_not_know_comes_with_the_command_that_fetches_it() {
    let (_folder, repository) = repository("git-unknown");
    let help = |reference: &str| match repository.commit(reference) {
        Err(GitError::Unknown { help, .. }) => help,
        other => panic!("{reference}: {other:?}"),
    };
    assert!(help("origin/main").contains("git fetch --depth=1 origin +main:"));
    assert!(help(&"0".repeat(40)).contains("git fetch --depth=1 origin 0000"));
    assert!(!help("a`b`").contains("a`b`"));
    for refused in ["--output=x", "-x", "", "a\nb"] {
        let answer = repository.commit(refused);
        assert!(
            matches!(answer, Err(GitError::BadReference(_))),
            "{refused}"
        );
    }
}

#[test]
fn what_a_clone_lacks_is_told_with_the_command_that_fetches_it() {
    let (folder, repository) = repository("git-lacking");
    let commit = repository.commit("HEAD").expect("it is there");
    let files = repository.files_of(&commit).expect("they are there");
    let lost = files.iter().find(|entry| entry.path.ends_with("lib.rs"));
    let hash = &lost.expect("it is listed").hash;
    let object = format!(".git/objects/{}/{}", &hash[..2], &hash[2..]);
    fs::remove_file(folder.path().join(object)).expect("it was loose");
    let refused = Checkout::new(&repository, &commit, &files).expect_err("it is not there");
    assert!(
        matches!(refused, GitError::Incomplete { .. }),
        "{refused:?}"
    );
    assert!(refused.to_string().contains("a/src/lib.rs"), "{refused}");
}

#[test]
fn nothing_that_the_repository_configures_is_run() {
    let (folder, repository) = repository("git-hostile");
    let trap = folder.file(
        "trap",
        "#!/bin/sh\ntouch \"$(dirname \"$0\")/sprung\"\ncat\n",
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&trap, fs::Permissions::from_mode(0o755)).expect("it is ours");
    }
    let trap = trap.to_str().expect("a path of plain letters");
    for key in [
        "core.fsmonitor",
        "core.pager",
        "filter.x.smudge",
        "filter.x.clean",
        "diff.x.textconv",
    ] {
        folder.git(&["config", key, trap]);
    }
    folder.git(&["config", "core.worktree", "/"]);
    folder.file(".gitattributes", "*.rs filter=x diff=x ident\n");
    let written = checkout(&repository, "HEAD");
    assert_eq!(read(&written, "a/src/lib.rs").as_deref(), Some("committed"));
    let files = repository.staged_files().expect("it can be listed");
    assert!(repository.held(&files).is_some());
    assert!(!folder.path().join("sprung").exists());
}
