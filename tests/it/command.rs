//! What the command line says of itself: completions and manual pages.

use crate::support::{root, tool};

#[test]
fn shells_are_told_every_command() {
    for (shell, said) in [
        ("bash", "complete "),
        ("fish", "complete -c cargo-constitution"),
        ("zsh", "#compdef cargo-constitution"),
    ] {
        let run = tool(root()).args(["completions", shell]).run();
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(
            run.stdout.contains(said) && run.stdout.contains("explain"),
            "{shell}"
        );
    }
}

#[test]
fn the_manual_has_a_page_a_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("a path of plain letters");
    assert_eq!(tool(root()).args(["man", "--out", out]).run().code, 0);
    for page in [
        "cargo-constitution.1",
        "cargo-constitution-check.1",
        "cargo-constitution-init.1",
    ] {
        let text = std::fs::read_to_string(folder.path().join(page)).expect("the page is there");
        assert!(
            text.contains(".SH NAME") && !text.contains("cargo constitution-"),
            "{page}"
        );
    }
    let gone = folder.path().join("gone");
    let run = tool(root())
        .args(["man".as_ref(), "--out".as_ref(), gone.as_os_str()])
        .run();
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("gone"), "{}", run.stderr);
}
