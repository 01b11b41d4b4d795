//! `cargo metadata --no-deps`, run so that nothing the workspace chooses runs along with it.

use std::env;
use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use cargo_metadata::Metadata;
use miette::Diagnostic;
use thiserror::Error;

use crate::facts::workspace::manifest::{self, Unreadable};

/// How long cargo may take before we look for what it hangs on.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// How long it may take in all.
const LAST_WAIT: Duration = Duration::from_secs(30);
/// Deeper than any real `cfg`, shallow enough for a recursive parser.
const DEEPEST: usize = 200;
/// Enough for any real workspace to find the manifest that is no file.
const MOST_ENTRIES: usize = 200_000;

/// Why there is no workspace to judge.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum WorkspaceError {
    #[error("there is no Cargo.toml in `{}` or in any folder above it", .0.display())]
    #[diagnostic(help(
        "run it inside of a cargo workspace, or name one: --manifest-path <PATH>/Cargo.toml"
    ))]
    NoManifest(PathBuf),
    #[error("`{}` cannot be read: {reason}", .manifest.display())]
    #[diagnostic(help("--manifest-path takes the path of a Cargo.toml"))]
    Manifest { manifest: PathBuf, reason: String },
    #[error("there is no `cargo` to ask about `{}`", .0.display())]
    #[diagnostic(help(
        "install cargo and put it on PATH; one that lies inside of the workspace is not run"
    ))]
    NoCargo(PathBuf),
    #[error("`{}` cannot be run: {reason}", .cargo.display())]
    #[diagnostic(help("put a working cargo on PATH"))]
    CannotRun { cargo: PathBuf, reason: String },
    #[error("cargo refuses the workspace of `{}`:\n{said}", .manifest.display())]
    #[diagnostic(help("mend what cargo names; `cargo metadata --no-deps` must succeed"))]
    Refused { manifest: PathBuf, said: String },
    #[error("cargo does not come to an end on `{}`: {hindrance}", .manifest.display())]
    #[diagnostic(help("every Cargo.toml must be an ordinary file"))]
    Hangs {
        manifest: PathBuf,
        hindrance: String,
    },
    #[error("what cargo says of `{}` makes no sense: {reason}", .manifest.display())]
    #[diagnostic(help("this needs cargo 1.71 or newer; `cargo --version` names yours"))]
    Output { manifest: PathBuf, reason: String },
}

/// The absolute path of the manifest to start from: `given`, or the nearest above the current folder.
pub(crate) fn manifest(given: Option<&Path>) -> Result<PathBuf, WorkspaceError> {
    if let Some(given) = given {
        return std::path::absolute(given).map_err(|error| WorkspaceError::Manifest {
            manifest: given.to_owned(),
            reason: error.to_string(),
        });
    }
    let folder = env::current_dir().map_err(|_| WorkspaceError::NoManifest(".".into()))?;
    folder
        .ancestors()
        .map(|folder| folder.join("Cargo.toml"))
        .find(|manifest| manifest.exists())
        .ok_or(WorkspaceError::NoManifest(folder))
}

/// Where cargo will probably say that the workspace around a manifest has its root.
pub(crate) fn root_around(given: Option<&Path>) -> Option<PathBuf> {
    let manifest = manifest(given).ok()?;
    let text = manifest::read_text(&manifest).ok()?;
    fence(&manifest, &text).ok()
}

/// Where cargo will probably say that it builds the workspace at `root`.
pub(crate) fn target_of(root: &Path) -> PathBuf {
    let set = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"].map(env::var_os);
    let set = set.into_iter().flatten().find(|path| !path.is_empty());
    let path = set.unwrap_or_else(|| root.join("target").into());
    std::path::absolute(&path).unwrap_or(path.into())
}

/// What cargo says of the workspace around `manifest`, an absolute path. Writes nothing.
pub(crate) fn metadata(manifest: &Path) -> Result<Metadata, WorkspaceError> {
    let unreadable = |path: &Path, reason: Unreadable| WorkspaceError::Manifest {
        manifest: path.to_owned(),
        reason: reason.to_string(),
    };
    let text = manifest::read_text(manifest).map_err(|reason| unreadable(manifest, reason))?;
    let fence = fence(manifest, &text).map_err(|(path, reason)| unreadable(&path, reason))?;
    let cargo = program(&fence).ok_or_else(|| WorkspaceError::NoCargo(manifest.to_owned()))?;
    let child =
        command(&cargo, manifest, &fence)
            .spawn()
            .map_err(|error| WorkspaceError::CannotRun {
                cargo,
                reason: error.to_string(),
            })?;
    let json = finish(child, manifest, &fence)?;
    let senseless = |reason: String| WorkspaceError::Output {
        manifest: manifest.to_owned(),
        reason,
    };
    if parentheses(&json) > DEEPEST {
        return Err(senseless(format!(
            "a `cfg` in it is more than {DEEPEST} levels deep"
        )));
    }
    serde_json::from_slice(&json).map_err(|error| senseless(error.to_string()))
}

/// The folder whose programs are not run: the nearest one above whose manifest opens a workspace, or else
/// the manifest's own. Cargo reads every manifest above too, so none of them may be a pipe.
fn fence(manifest: &Path, text: &str) -> Result<PathBuf, (PathBuf, Unreadable)> {
    let own = manifest.parent().unwrap_or(manifest);
    if text.contains("[workspace") {
        return Ok(own.to_owned());
    }
    for folder in own.ancestors().skip(1) {
        let above = folder.join("Cargo.toml");
        if !above.exists() {
            continue;
        }
        match manifest::read_text(&above) {
            Ok(text) if text.contains("[workspace") => return Ok(folder.to_owned()),
            Ok(_) => {}
            Err(reason) => return Err((above, reason)),
        }
    }
    Ok(own.to_owned())
}

/// Whether `path` lies inside of the workspace. A workspace at the root of the file system, as in a
/// container, holds everything: there the question has no answer.
fn fenced(path: &Path, fence: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    fence.parent().is_some() && real(path).starts_with(real(fence))
}

/// The cargo that calls us, or the first on `PATH`; never one that the workspace brings along.
fn program(fence: &Path) -> Option<PathBuf> {
    let lawful = |path: &PathBuf| path.is_absolute() && path.is_file() && !fenced(path, fence);
    let caller = env::var_os("CARGO").map(PathBuf::from).filter(lawful);
    caller.or_else(|| {
        let name = format!("cargo{}", env::consts::EXE_SUFFIX);
        let path = env::var_os("PATH")?;
        env::split_paths(&path)
            .map(|folder| folder.join(&name))
            .find(lawful)
    })
}

fn command(cargo: &Path, manifest: &Path, fence: &Path) -> Command {
    let mut command = Command::new(cargo);
    for (key, _) in env::vars_os() {
        if configures_cargo(&key) {
            command.env_remove(key);
        }
    }
    // Relative ones are meant from the folder we were called in, and cargo runs elsewhere.
    for key in ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"] {
        if let Some(path) = env::var_os(key).filter(|path| !path.is_empty()) {
            command.env(key, std::path::absolute(&path).unwrap_or(path.into()));
        }
    }
    if let Some(toolchain) = toolchain(fence) {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    command
        .args(["metadata", "--no-deps", "--offline"])
        .args(["--format-version", "1", "--manifest-path"])
        .arg(manifest)
        // Configuration and toolchain files are looked up from the folder cargo runs in.
        .current_dir(manifest.ancestors().last().unwrap_or(manifest))
        .env("RUSTC_WRAPPER", "")
        .env("RUSTC_WORKSPACE_WRAPPER", "")
        // A manifest with `cargo-features` or artifact dependencies is read like any other.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BINDEPS", "true")
        .env("CARGO_TERM_COLOR", "never")
        .env("RUSTUP_AUTO_INSTALL", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn configures_cargo(key: &OsStr) -> bool {
    let key = key.to_string_lossy();
    key.starts_with("CARGO_")
        || key.starts_with("__CARGO_")
        || ["CARGO", "RUSTC", "RUSTDOC", "RUSTFLAGS", "RUSTDOCFLAGS"].contains(&&*key)
}

/// The toolchain to ask rustup for, so that it does not go by a `rust-toolchain.toml`: the one that was
/// asked for already, unless that is a folder of the workspace, or else the user's default one.
fn toolchain(fence: &Path) -> Option<String> {
    let asked = env::var("RUSTUP_TOOLCHAIN").ok().filter(|asked| {
        let of_workspace = asked.contains(['/', '\\']) && fenced(Path::new(asked), fence);
        !asked.is_empty() && !of_workspace
    });
    asked.or_else(|| {
        let home = env::var_os("RUSTUP_HOME").map(PathBuf::from);
        let home = home.or_else(|| Some(env::home_dir()?.join(".rustup")))?;
        let settings = manifest::read_text(&home.join("settings.toml")).ok()?;
        let settings = toml::de::DeTable::parse(&settings).ok()?;
        let default = settings.get_ref().get("default_toolchain")?.get_ref();
        default.as_str().map(str::to_owned)
    })
}

/// Standard output of a cargo that succeeds in time.
fn finish(mut child: Child, manifest: &Path, fence: &Path) -> Result<Vec<u8>, WorkspaceError> {
    let output = drain(child.stdout.take());
    let errors = drain(child.stderr.take());
    let hangs = |hindrance: String| WorkspaceError::Hangs {
        manifest: manifest.to_owned(),
        hindrance,
    };
    let mut json = output.recv_timeout(FIRST_WAIT);
    if json == Err(RecvTimeoutError::Timeout) {
        if let Some(path) = irregular_manifest(fence) {
            stop(&mut child);
            return Err(hangs(format!("`{}` is not a file", path.display())));
        }
        json = output.recv_timeout(LAST_WAIT);
    }
    let Ok(json) = json else {
        stop(&mut child);
        let seconds = LAST_WAIT.as_secs();
        return Err(hangs(format!("it was stopped after {seconds} seconds")));
    };
    let said = errors.recv_timeout(FIRST_WAIT).unwrap_or_default();
    let refused = |said: String| WorkspaceError::Refused {
        manifest: manifest.to_owned(),
        said,
    };
    match child.wait() {
        Ok(status) if status.success() => Ok(json),
        Ok(status) if said.is_empty() => Err(refused(format!("it stopped with {status}"))),
        Ok(_) => Err(refused(printable(&said))),
        Err(error) => Err(refused(error.to_string())),
    }
}

/// Reads a pipe to its end on a thread of its own, so that neither pipe can fill up.
fn drain(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read before an error still says more than nothing.
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    receiver
}

fn stop(child: &mut Child) {
    // Fails only for a child that has ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}

/// A `Cargo.toml` under `folder` that is a pipe, a device or the like, which cargo waits for in vain.
fn irregular_manifest(folder: &Path) -> Option<PathBuf> {
    let is_bulk = |name: &OsStr| name == "target" || name == ".git";
    walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| !is_bulk(entry.file_name()))
        .take(MOST_ENTRIES)
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name() == "Cargo.toml")
        .map(walkdir::DirEntry::into_path)
        .find(|path| path.metadata().is_ok_and(|found| !found.is_file()))
}

/// The deepest nesting of parentheses within one string of `json`.
fn parentheses(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut escaped) = (0_usize, 0, false);
    for &byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => depth = 0,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Cargo's words without what could steer a terminal: they quote the manifest.
fn printable(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    said.trim()
        .chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            _ if c.is_control() => '\u{fffd}',
            _ => c,
        })
        .collect()
}
