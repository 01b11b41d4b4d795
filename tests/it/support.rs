//! Runs the program with a scrubbed environment and reads what it says.

use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

/// What a run may see of the outer environment; colours, CI and toolchain overrides stay out.
const PASSED_ON: [&str; 4] = ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME"];

/// One run of the program, in the making.
pub(crate) struct Tool {
    folder: PathBuf,
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    limit: Duration,
    one_core: bool,
}

/// `cargo-constitution` in `folder`.
pub(crate) fn tool(folder: &Path) -> Tool {
    Tool {
        folder: folder.to_owned(),
        arguments: Vec::new(),
        variables: Vec::new(),
        limit: Duration::from_secs(60),
        one_core: false,
    }
}

/// `cargo-constitution check --format json` in `folder`.
pub(crate) fn check(folder: &Path) -> Tool {
    tool(folder).args(["check", "--format", "json"])
}

impl Tool {
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments
            .extend(arguments.into_iter().map(|it| it.as_ref().to_owned()));
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// How long the run may take before it counts as hung; a minute unless told.
    pub(crate) fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Pinned to one core, so that the program sees no parallelism.
    pub(crate) fn on_one_core(mut self) -> Self {
        self.one_core = true;
        self
    }

    /// Runs to the end. Panics where the program hangs or dies: no input may do that.
    pub(crate) fn run(self) -> Run {
        self.try_run().unwrap_or_else(|error| panic!("{error}"))
    }

    /// Runs to the end; an error where the program hangs, panics or dies by a signal.
    pub(crate) fn try_run(self) -> Result<Run, String> {
        let mut child = self.command().spawn().expect("the program starts");
        let start = Instant::now();
        let stdout = drain(child.stdout.take().expect("stdout is piped"));
        let stderr = drain(child.stderr.take().expect("stderr is piped"));
        let status = loop {
            if let Some(status) = child.try_wait().expect("the program can be waited for") {
                break status;
            }
            if start.elapsed() > self.limit {
                child.kill().expect("the program can be ended");
                child.wait().expect("the program ends");
                return Err(format!("{:?} took over {:?}", self.arguments, self.limit));
            }
            std::thread::sleep(Duration::from_millis(4));
        };
        let stdout = stdout.join().expect("stdout is read");
        let stderr = stderr.join().expect("stderr is read");
        match status.code() {
            Some(code) if code != 101 => Ok(Run {
                code,
                stdout,
                stderr,
            }),
            _ => Err(format!("{:?} died, {status}\n{stderr}", self.arguments)),
        }
    }

    fn command(&self) -> Command {
        let program = env!("CARGO_BIN_EXE_cargo-constitution");
        let mut command = if self.one_core {
            let mut pinned = Command::new("taskset");
            pinned.args(["-c", "0", program]);
            pinned
        } else {
            Command::new(program)
        };
        command
            .args(&self.arguments)
            .current_dir(&self.folder)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in PASSED_ON {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

fn drain(mut pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        String::from_utf8(bytes).expect("the program writes UTF-8")
    })
}

/// What a run left behind.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Standard output as the JSON report.
    pub(crate) fn report(&self) -> Result<Report, String> {
        let value: Value = serde_json::from_str(&self.stdout).map_err(|error| {
            format!(
                "exit code {}, and no JSON report ({error})\n{}{}",
                self.code, self.stdout, self.stderr
            )
        })?;
        Report::read(&value).ok_or_else(|| format!("not a report: {value:#}"))
    }
}

/// The parts of the JSON report that the tests compare; of the findings, those that nothing bears.
pub(crate) struct Report {
    pub(crate) verdict: String,
    pub(crate) findings: Vec<Found>,
    pub(crate) blind_spots: Vec<Found>,
}

/// A finding; or a blind spot, whose rule is `blind-spot`, whose level is empty and whose message is
/// the reason.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) file: String,
    pub(crate) line: u64,
    pub(crate) column: u64,
    pub(crate) rule: String,
    pub(crate) level: String,
    pub(crate) message: String,
}

impl Report {
    fn read(value: &Value) -> Option<Self> {
        let all = |key: &str, rule: &str, level: &str, message: &str| {
            let found = value.get(key)?.as_array()?.iter();
            let is_new = |it: &&Value| it.get("status").is_none_or(|status| status != "excepted");
            found
                .filter(is_new)
                .map(|it| Found::read(it, rule, level, message))
                .collect::<Option<Vec<_>>>()
        };
        Some(Self {
            verdict: value.get("verdict")?.as_str()?.to_owned(),
            findings: all("findings", "/rule", "/level", "/message")?,
            blind_spots: all("blind_spots", "", "", "/reason")?,
        })
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Found> {
        self.findings.iter().chain(&self.blind_spots)
    }
}

impl Found {
    fn read(value: &Value, rule: &str, level: &str, message: &str) -> Option<Self> {
        let text = |pointer: &str, otherwise: &str| match pointer {
            "" => Some(otherwise.to_owned()),
            _ => Some(value.pointer(pointer)?.as_str()?.to_owned()),
        };
        Some(Self {
            file: value.get("file")?.as_str()?.to_owned(),
            line: value.get("line")?.as_u64()?,
            column: value.get("column")?.as_u64()?,
            rule: text(rule, "blind-spot")?,
            level: text(level, "")?,
            message: text(message, "")?,
        })
    }
}

/// Does `work` for every item, on as many threads as there are cores; the results keep the order.
pub(crate) fn in_parallel<I: Sync, R: Send>(items: &[I], work: impl Fn(&I) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((at, item)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    items.get(at).map(|item| (at, item))
                } {
                    let result = work(item);
                    done.lock().expect("no worker panicked").push((at, result));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("no worker panicked");
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The package's own root folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Puts a workspace of `fixtures/` into a folder of its own.
pub(crate) fn copy(fixture: &str, to: &Path) {
    let from = root().join("fixtures").join(fixture);
    for entry in walkdir::WalkDir::new(&from) {
        let entry = entry.unwrap_or_else(|error| panic!("{}: {error}", from.display()));
        let inside = entry.path().strip_prefix(&from).expect("it is in there");
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(to.join(inside)).expect("a folder can be made");
        } else {
            std::fs::copy(entry.path(), to.join(inside)).expect("a file can be copied");
        }
    }
}

/// The files of `folder` with this extension, in the order of their names.
pub(crate) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries =
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|it| it == extension))
        .collect();
    files.sort();
    files
}

/// Fails the test with all problems at once.
pub(crate) fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}
