//! The generated workspace in the hands of git, for checks of what is staged.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Whether all of the workspace at `root` is staged in a repository of its own, which is made if need be.
pub(crate) fn holds(root: &Path) -> bool {
    let made = root.join(".git").exists() || run(root, &["init", "--quiet"]).is_ok();
    let staged = made && stage(root).is_ok();
    if !staged {
        eprintln!("git is not there or refuses: what is staged is left out");
    }
    staged
}

/// Stages all that lies there now.
pub(crate) fn stage(root: &Path) -> io::Result<()> {
    run(root, &["add", "--all"])
}

fn run(root: &Path, arguments: &[&str]) -> io::Result<()> {
    let status = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["-c", "core.autocrlf=false", "-c", "core.fsmonitor=false"])
        .args(["-c", "core.excludesFile=", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .env("GIT_DIR", root.join(".git"))
        .env_remove("GIT_INDEX_FILE")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()?;
    if status.success() {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "`git {}`: {status}",
        arguments.join(" ")
    )))
}
