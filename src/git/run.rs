//! Runs git with settings that win over the repository's own: no hook, monitor, filter, transport or pager.

use std::env;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// The longest answer that is read.
const LONGEST: u64 = 1 << 28;

/// Hooks, the file system monitor, filters of text and transports are what git runs for a repository; the
/// plumbing asked for here uses no other.
const SETTINGS: [&str; 7] = [
    "core.fsmonitor=",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "protocol.allow=never",
    "blame.ignoreRevsFile=",
    // Whoever owns it: nothing of it is run.
    "safe.directory=*",
    "safe.bareRepository=explicit",
];

const ENVIRONMENT: [(&str, &str); 9] = [
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_LITERAL_PATHSPECS", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("LC_ALL", "C"),
];

/// The first git on `PATH` that the repository does not bring along.
pub(super) fn program(top: &Path) -> Option<PathBuf> {
    let name = format!("git{}", env::consts::EXE_SUFFIX);
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let fence = real(top);
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&name))
        .find(|path| path.is_absolute() && path.is_file() && !real(path).starts_with(&fence))
}

/// A git that knows nothing of our environment, run in `from`. The work tree is the one that was found,
/// whatever the repository's configuration says.
pub(super) fn command(git: &Path, top: &Path, from: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(git);
    command.args(["--no-pager", "--no-replace-objects"]);
    command.arg("-C").arg(from);
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command
        .args(arguments)
        .env_clear()
        .envs(ENVIRONMENT)
        .env("GIT_DIR", top.join(".git"))
        .env("GIT_WORK_TREE", top)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Standard output, if git succeeds in time. `input` is written to it meanwhile.
pub(super) fn answer(
    mut command: Command,
    input: Option<Vec<u8>>,
    patience: Duration,
) -> Option<Vec<u8>> {
    read(&mut command, input, patience, |pipe| {
        let mut bytes = Vec::new();
        pipe.take(LONGEST).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    })
}

/// What `reader` makes of git's standard output, if git succeeds in time.
pub(super) fn read<T: Send>(
    command: &mut Command,
    input: Option<Vec<u8>>,
    patience: Duration,
    reader: impl FnOnce(&mut dyn Read) -> Option<T> + Send,
) -> Option<T> {
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let mut child = command.spawn().ok()?;
    let mut pipe = child.stdout.take()?;
    let stdin = child.stdin.take();
    std::thread::scope(|scope| {
        if let (Some(mut stdin), Some(input)) = (stdin, input) {
            // A git that ends before it has read all says so by its status.
            scope.spawn(move || drop(stdin.write_all(&input)));
        }
        let (sender, receiver) = channel();
        scope.spawn(move || {
            // Nobody waits any more where time is up.
            let _ = sender.send(reader(&mut pipe));
        });
        let answer = receiver.recv_timeout(patience);
        if !matches!(answer, Ok(Some(_))) {
            // Fails only for a child that has ended by itself.
            let _ = child.kill();
        }
        let status = child.wait().ok()?;
        answer.ok()?.filter(|_| status.success())
    })
}

/// A hash, as git prints it.
pub(super) fn hexadecimal(answer: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(answer).ok()?.trim();
    is_hash(text).then(|| text.to_owned())
}

/// Whether `text` is a whole hash, of either kind.
pub(super) fn is_hash(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
