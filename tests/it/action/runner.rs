//! GitHub's runner, as far as an action sees it: its files, its variables, its folders, its shell.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use yaml_rust2::{Yaml, YamlLoader};

use super::expression::{filled, value};
use crate::support;

/// `action.yml`.
pub(super) fn action() -> Yaml {
    let text = fs::read_to_string(support::root().join("action.yml")).expect("there is an action");
    let documents = YamlLoader::load_from_str(&text).expect("the action is YAML");
    documents.into_iter().next().expect("it is one document")
}

/// A job with the action in it, in the making.
pub(super) struct Runner {
    place: tempfile::TempDir,
    inputs: BTreeMap<String, String>,
    /// The `github` context.
    event: BTreeMap<String, String>,
    /// Folders before those of the outer `PATH`.
    before: Vec<PathBuf>,
}

/// What a job left behind.
pub(super) struct Outcome {
    /// Of the step that failed; 0 if none did.
    pub(super) code: i32,
    /// Standard output and error of all steps.
    pub(super) log: String,
    pub(super) summary: String,
    /// The actions that would have been used, in their order.
    pub(super) used: Vec<String>,
    outputs: BTreeMap<String, String>,
    _place: tempfile::TempDir,
}

impl Outcome {
    /// An output of the action.
    pub(super) fn output(&self, name: &str) -> String {
        let expression = &action()["outputs"][name]["value"];
        let expression = expression.as_str().expect("the action has this output");
        filled(expression, &|name| {
            self.outputs.get(name).cloned().unwrap_or_default()
        })
    }
}

impl Runner {
    /// A checkout that is still empty, and a server with a release of this program.
    pub(super) fn new() -> Self {
        let place = tempfile::tempdir().expect("a folder");
        for folder in ["checkout", "temp"] {
            fs::create_dir(place.path().join(folder)).expect("a folder can be made");
        }
        let runner = Self {
            place,
            inputs: BTreeMap::new(),
            event: BTreeMap::new(),
            before: Vec::new(),
        };
        runner.release();
        runner
            .event("action_repository", "house/cargo-constitution")
            .event("event_name", "push")
            .event("repository", "house/shop")
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.place.path().join("checkout")
    }

    pub(super) fn with(mut self, input: &str, value: &str) -> Self {
        self.inputs.insert(input.to_owned(), value.to_owned());
        self
    }

    pub(super) fn event(mut self, name: &str, value: &str) -> Self {
        self.event.insert(name.to_owned(), value.to_owned());
        self
    }

    /// A script in the place of the program, so that no archive of a hundred megabytes is packed.
    fn program() -> String {
        let program = env!("CARGO_BIN_EXE_cargo-constitution");
        format!("#!/bin/sh\nexec '{program}' \"$@\"\n")
    }

    fn release(&self) {
        let version = env!("CARGO_PKG_VERSION");
        let folder = format!("server/house/cargo-constitution/releases/download/v{version}");
        let folder = self.place.path().join(folder);
        fs::create_dir_all(&folder).expect("a folder can be made");
        let archive = format!(
            "cargo-constitution-{version}-{}-unknown-linux-gnu.tar.gz",
            std::env::consts::ARCH
        );
        fs::write(folder.join("cargo-constitution"), Self::program()).expect("it is ours");
        let script = "chmod +x cargo-constitution && tar -czf \"$1\" cargo-constitution && \
                      sha256sum \"$1\" > \"$1.sha256\"";
        let packed = Command::new("sh")
            .args(["-c", script, "sh", &archive])
            .current_dir(&folder)
            .status()
            .expect("there is a shell");
        assert!(packed.success());
    }

    /// A cargo that installs the program without building it, and says where it ran.
    pub(super) fn fake_cargo(&mut self) {
        let folder = self.place.path().join("tools");
        fs::create_dir_all(&folder).expect("a folder can be made");
        let real = std::env::var("CARGO").expect("cargo runs the tests");
        let script = format!(
            "#!/bin/bash\n[ \"$1\" = install ] || exec '{real}' \"$@\"\n\
             echo \"cargo runs in $PWD\"\n\
             while [ $# -gt 0 ]; do [ \"$1\" != --root ] || root=$2; shift; done\n\
             mkdir -p \"$root/bin\"\n\
             cat > \"$root/bin/cargo-constitution\" <<'END'\n{}END\n\
             chmod +x \"$root/bin/cargo-constitution\"\n",
            Self::program()
        );
        fs::write(folder.join("cargo"), script).expect("it is ours");
        let made = Command::new("chmod")
            .arg("+x")
            .arg(folder.join("cargo"))
            .status();
        assert!(made.expect("there is chmod").success());
        self.before.push(folder);
    }

    /// Runs the whole action.
    pub(super) fn run(self) -> Outcome {
        self.steps(None)
    }

    /// Runs the action up to the step of this id.
    pub(super) fn until(self, id: &str) -> Outcome {
        self.steps(Some(id))
    }

    fn steps(self, last: Option<&str>) -> Outcome {
        let action = action();
        let mut outcome = Outcome {
            code: 0,
            log: String::new(),
            summary: String::new(),
            used: Vec::new(),
            outputs: BTreeMap::new(),
            _place: tempfile::tempdir().expect("a folder"),
        };
        for step in action["runs"]["steps"].as_vec().expect("there are steps") {
            let look_up = |name: &str| self.look_up(&action, &outcome.outputs, name);
            let wanted = step["if"]
                .as_str()
                .is_none_or(|it| value(it, &look_up) == "true");
            if !wanted {
                continue;
            }
            if let Some(used) = step["uses"].as_str() {
                let name = used.split('@').next().expect("a split has a first part");
                outcome.used.push(name.to_owned());
                continue;
            }
            let ran = self.step(step, &look_up);
            let id = step["id"].as_str().unwrap_or_default();
            for (name, value) in self
                .take("GITHUB_OUTPUT")
                .lines()
                .filter_map(|it| it.split_once('='))
            {
                let name = format!("steps.{id}.outputs.{name}");
                outcome.outputs.insert(name, value.to_owned());
            }
            outcome.summary += &self.take("GITHUB_STEP_SUMMARY");
            outcome.log += &String::from_utf8_lossy(&ran.stdout);
            outcome.log += &String::from_utf8_lossy(&ran.stderr);
            outcome.code = ran.status.code().expect("no step dies by a signal");
            if outcome.code != 0 || last == Some(id) {
                break;
            }
        }
        outcome._place = self.place;
        outcome
    }

    fn look_up(&self, action: &Yaml, outputs: &BTreeMap<String, String>, name: &str) -> String {
        if let Some(input) = name.strip_prefix("inputs.") {
            let declared = &action["inputs"][input];
            assert!(!declared.is_badvalue(), "there is no input `{input}`");
            let given = self.inputs.get(input).cloned();
            let default = || declared["default"].as_str().unwrap_or_default().to_owned();
            // Of the defaults, only the token is an expression.
            return given
                .unwrap_or_else(default)
                .replace("${{ github.token }}", "secret");
        }
        if let Some(github) = name.strip_prefix("github.") {
            return self.event.get(github).cloned().unwrap_or_default();
        }
        assert!(name.starts_with("steps."), "what is `{name}`?");
        outputs.get(name).cloned().unwrap_or_default()
    }

    /// What a step wrote into one of the runner's files, which is empty again after it.
    fn take(&self, file: &str) -> String {
        let path = self.place.path().join(file);
        let text = fs::read_to_string(&path).unwrap_or_default();
        fs::write(path, "").expect("it is ours");
        text
    }

    fn step(&self, step: &Yaml, look_up: &dyn Fn(&str) -> String) -> Output {
        assert_eq!(step["shell"].as_str(), Some("bash"));
        let script = self.place.path().join("temp/step.sh");
        fs::write(&script, step["run"].as_str().expect("it runs something")).expect("it is ours");
        let mut command = Command::new("bash");
        command
            .args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(script)
            .current_dir(self.folder())
            .env_clear();
        for name in ["HOME", "CARGO_HOME", "RUSTUP_HOME"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = self
            .before
            .iter()
            .cloned()
            .chain(std::env::split_paths(&path));
        command.env(
            "PATH",
            std::env::join_paths(path).expect("folders without colons"),
        );
        let arch = match std::env::consts::ARCH {
            "x86_64" => "X64",
            _ => "ARM64",
        };
        let server = format!("file://{}/server", self.place.path().display());
        command
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTION_PATH", support::root())
            .env("GITHUB_WORKSPACE", self.folder())
            .env("GITHUB_SERVER_URL", server)
            .env("RUNNER_TEMP", self.place.path().join("temp"))
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", arch);
        for file in [
            "GITHUB_OUTPUT",
            "GITHUB_STEP_SUMMARY",
            "GITHUB_ENV",
            "GITHUB_PATH",
        ] {
            command.env(file, self.place.path().join(file));
        }
        let variables = step["env"].as_hash().into_iter().flatten();
        for (name, value) in variables {
            let (name, value) = (name.as_str(), value.as_str());
            command.env(
                name.expect("a name"),
                filled(value.expect("a text"), look_up),
            );
        }
        command.output().expect("bash runs")
    }
}
