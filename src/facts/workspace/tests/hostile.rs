//! What a workspace may try: programs of its own, and pipes to wait on.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::*;

/// Set for the half of a test that runs inside of the hostile workspace.
const INSIDE: &str = "CONSTITUTION_TEST_INSIDE";

fn pipe(scratch: &Scratch, path: &str) {
    let path = scratch.path(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn nothing_that_the_workspace_chooses_is_run() {
    if std::env::var_os(INSIDE).is_some() {
        let workspace = read(None).unwrap();
        assert_eq!(workspace.graph.packages[0].name, "victim");
        return;
    }
    let scratch = Scratch::new(&[
        ("Cargo.toml", &package("victim", "")),
        ("src/lib.rs", LIB),
        ("build.rs", "fn main() {}"),
    ]);
    let mark = scratch.path("mark");
    let program = format!(
        "#!/bin/sh\necho \"$0 $@\" >> '{}'\nexit 1\n",
        mark.display()
    );
    for path in ["evil", "tools/bin/cargo", "tools/bin/rustc"] {
        scratch.write(path, &program);
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(scratch.path(path), mode).unwrap();
    }
    let evil = scratch.path("evil").display().to_string();
    scratch.write(
        ".cargo/config.toml",
        &format!(
            "[build]\nrustc = '{evil}'\nrustc-wrapper = '{evil}'\n\
             rustc-workspace-wrapper = '{evil}'\nrustdoc = '{evil}'\n\
             [alias]\nmetadata = 'run'\n[env]\nRUSTC = {{ value = '{evil}', force = true }}\n"
        ),
    );
    let tools = scratch.path("tools").display().to_string();
    scratch.write(
        "rust-toolchain.toml",
        &format!("[toolchain]\npath = '{tools}'\n"),
    );
    // Once as rustup starts it, by the workspace's own toolchain, once as a user does.
    let path = std::env::var("PATH").unwrap();
    let mut by_rustup = inside(&scratch);
    by_rustup
        .env("CARGO", scratch.path("tools/bin/cargo"))
        .env("RUSTUP_TOOLCHAIN", &tools)
        .env("PATH", format!("{tools}/bin:{path}"))
        .env("RUSTC", &evil)
        .env("CARGO_BUILD_RUSTC_WRAPPER", &evil);
    let mut by_hand = inside(&scratch);
    by_hand.env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
    for mut command in [by_rustup, by_hand] {
        assert!(command.status().unwrap().success());
        assert!(!mark.exists(), "{}", std::fs::read_to_string(mark).unwrap());
    }
    assert!(!scratch.path("Cargo.lock").exists() && !scratch.path("target").exists());
}

/// The test above again, in a process of its own that stands inside of the workspace.
fn inside(scratch: &Scratch) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "--nocapture"])
        .arg("facts::workspace::tests::hostile::nothing_that_the_workspace_chooses_is_run")
        .current_dir(scratch.path("src"))
        .env(INSIDE, "1");
    command
}

#[test]
fn a_pipe_for_a_file_never_hangs() {
    let scratch = Scratch::new(&[("src/lib.rs", LIB)]);
    pipe(&scratch, "Cargo.toml");
    let said = refused(&scratch).to_string();
    assert!(said.contains("it is not a file"), "{said}");

    let scratch = Scratch::new(&[("Cargo.toml", "[workspace]\nmembers = [\"a\"]\n")]);
    pipe(&scratch, "a/Cargo.toml");
    let said = refused(&scratch).to_string();
    assert!(said.contains("a/Cargo.toml` is not a file"), "{said}");

    let scratch = Scratch::new(&[("Cargo.toml", &package("a", "")), ("src/lib.rs", LIB)]);
    pipe(&scratch, "Cargo.lock");
    let workspace = read(Some(&scratch.path("Cargo.toml"))).unwrap();
    assert_eq!(workspace.blind_spots.len(), 1);
}
