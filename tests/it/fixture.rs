//! The fixture language: a whole workspace in one text, with the expectation on the offending line.
//!
//! ```text
//! Anything before the first header is prose.
//! //- crate:cell deps:sqlx~engine-dependency,common layer:cell
//! use sqlx::PgPool; //~ engine-reference
//! //- crates/cell/src/store.rs
//! …
//! //- constitution.toml
//! …
//! ```
//!
//! **Headers.** `//- PATH` opens a file, `PATH` being relative to the workspace's root. `//- crate:NAME …`
//! opens a package; the text that follows is its root file (`src/lib.rs`, or `src/main.rs` for `kind:bin`).
//! Its further keys, each optional:
//!
//! | key | meaning |
//! |---|---|
//! | `deps:A,B` | dependencies, in this order: `sqlx` from a registry, whatever version, or by path if the fixture has a package of that name; `db=sqlx` renamed; `sqlx?` optional; `dev:sqlx`, `build:sqlx` |
//! | `features:pg=dep:sqlx+x,y=` | the `[features]` table |
//! | `layer:L`, `structure:S` | `[package.metadata.constitution]` |
//! | `edition:2015` | 2021 unless told |
//! | `kind:proc-macro`, `kind:bin` | a library unless told |
//! | `lib:NAME` | the library's own name |
//! | `at:FOLDER` | `crates/NAME` unless told |
//!
//! **Manifests.** A package's `Cargo.toml` is generated, always laid out as `[package]` (name, version,
//! edition), `[package.metadata.constitution]`, `[lib]`, `[features]`, `[dependencies]`,
//! `[dev-dependencies]`, `[build-dependencies]`, a line an entry, a blank line between tables, empty tables
//! left out. The root's is `[workspace]` with one member a line. Where the fixture has a file of that
//! path, the file stands and nothing is generated.
//!
//! **Runs.** Each `//- run:ARGUMENTS` is a command of the program, in the order of the text. All but the last
//! run before the fixture's files are written, and must succeed; the last is held against the marks in the
//! place of `check`.
//!
//! **Changes.** `//- base:PATH` opens a file as it was at the base, where the rest of the fixture is the change:
//! the base is committed, and `check` runs with `--base`. A file without such a twin was the same at the base.
//!
//! **Marks** stay in the file as comments: `//~ rule-id` in Rust, `#~ rule-id` in TOML and lock files,
//! `<!--~ rule-id -->` in Markdown. Several are split by commas. `//~^` speaks of the line above, `//~^^` of
//! the one above that. In headers, `crate:NAME~rule` marks the generated `name = …` line, and `deps:sqlx~rule`
//! the dependency's line.
//!
//! A mark is `rule-id` (a risk or a breach), `warning rule-id` (exactly this level; in headers
//! `warning:rule-id`), or `?rule-id` (allowed at any level, not demanded). Of blind spots the rule is
//! `blind-spot`.
//!
//! **What must hold.** Above a note, findings and marks are the same by file, line and rule. A finding
//! without a mark and a mark without a finding are both errors. Notes are free, unless marked `note rule-id`.
//! `KEEP_FIXTURES=1` leaves the written workspaces behind and says where.

mod mark;
mod package;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use self::mark::{Demand, Mark};
use self::package::Package;
use crate::repository::Repository;
use crate::support::{self, Found, Report};

/// Laws about a runtime structure as a whole. Where a fixture's runtime packages are stumps that only exist
/// to be named, what they lack as structures is not the question.
pub(crate) const STUMP_RULES: [&str; 5] = [
    "structure-without-port",
    "single-mode-structure",
    "federation-contract",
    "missing-structure",
    "unknown-structure",
];

/// A whole workspace as text.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    /// By path from the root, with `/`.
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) marks: Vec<Mark>,
    /// Files as they were at the base, likewise.
    base: BTreeMap<String, String>,
    /// The arguments of each `run:`, without blanks within.
    runs: Vec<Vec<String>>,
}

impl Workspace {
    /// Reads the fixture language; the error names the line.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut workspace = Self::default();
        let mut packages: Vec<Package> = Vec::new();
        let mut open: Option<(bool, String)> = None;
        for (at, line) in text.lines().enumerate() {
            if let Some(run) = line.strip_prefix("//- run:") {
                let arguments = run.split_whitespace().map(str::to_owned);
                workspace.runs.push(arguments.collect());
                open = None;
            } else if let Some(header) = line.strip_prefix("//- ") {
                let path = if header.starts_with("crate:") {
                    let package = Package::parse(header)
                        .map_err(|error| format!("line {}: {error}", at + 1))?;
                    let root = package.root_file();
                    packages.push(package);
                    root
                } else {
                    header.trim().to_owned()
                };
                let at_base = path.strip_prefix("base:").map(str::to_owned);
                let (past, path) = (at_base.is_some(), at_base.unwrap_or(path));
                workspace.state(past).entry(path.clone()).or_default();
                open = Some((past, path));
            } else if let Some((past, path)) = &open {
                let file = workspace.state(*past).entry(path.clone()).or_default();
                file.push_str(line);
                file.push('\n');
            }
        }
        if open.is_none() {
            return Err("no header: a workspace opens with `//- `".to_owned());
        }
        workspace.generate(&packages);
        for (path, text) in &workspace.files {
            let marks = mark::marks(path, text).map_err(|error| format!("{path}:{error}"))?;
            workspace.marks.extend(marks);
        }
        Ok(workspace)
    }

    /// The files at the base, or those of the change.
    fn state(&mut self, past: bool) -> &mut BTreeMap<String, String> {
        if past {
            &mut self.base
        } else {
            &mut self.files
        }
    }

    fn generate(&mut self, packages: &[Package]) {
        let mut root = "[workspace]\nresolver = \"2\"\nmembers = [\n".to_owned();
        for package in packages {
            let _ = writeln!(root, "    \"{}\",", package.folder);
            let manifest = format!("{}/Cargo.toml", package.folder);
            let generated = || package.manifest(packages);
            self.files.entry(manifest).or_insert_with(generated);
        }
        root.push_str("]\n");
        self.files.entry("Cargo.toml".to_owned()).or_insert(root);
    }

    /// Writes every file below `folder`; where there is a base, that is committed before.
    pub(crate) fn write(&self, folder: &Path) {
        if !self.base.is_empty() {
            let was = |path: &String| self.base.contains_key(path);
            write(folder, self.files.iter().filter(|(path, _)| !was(path)));
            write(folder, self.base.iter());
            let repository = Repository::new(folder);
            repository.commit();
            for path in self.base.keys() {
                std::fs::remove_file(folder.join(path)).expect("it was written");
            }
        }
        write(folder, self.files.iter());
    }

    /// Writes the workspace to a folder of its own.
    pub(crate) fn unfold(&self) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder for the workspace");
        self.write(folder.path());
        folder
    }

    /// Rust files that do not parse, unless one is marked as a blind spot.
    pub(crate) fn broken(&self) -> Vec<String> {
        let blind = |path: &str| {
            let mut marks = self.marks.iter();
            marks.any(|it| it.file == path && it.rule == "blind-spot")
        };
        let rust = |path: &str| Path::new(path).extension().is_some_and(|it| it == "rs");
        let sources = self.files.iter();
        sources
            .filter(|(path, _)| rust(path) && !blind(path))
            .filter_map(|(path, text)| {
                let error = syn::parse_file(text).err()?;
                let line = error.span().start().line;
                Some(format!("{path}:{line}: {error}"))
            })
            .collect()
    }

    /// Checks the workspace and compares with the marks, leaving out the rules in `ignoring`.
    pub(crate) fn verify(&self, ignoring: &[&str]) -> Result<(), String> {
        let mut folder = tempfile::tempdir().expect("a folder for the workspace");
        let (judged, before) = match self.runs.split_last() {
            Some((last, before)) => (Some(last), before),
            None => (None, &[][..]),
        };
        for arguments in before {
            let run = support::tool(folder.path()).args(arguments).try_run()?;
            if run.code != 0 {
                return Err(format!(
                    "{arguments:?}: exit code {}\n{}",
                    run.code, run.stderr
                ));
            }
        }
        self.write(folder.path());
        if std::env::var_os("KEEP_FIXTURES").is_some() {
            folder.disable_cleanup(true);
            println!("{}", folder.path().display());
        }
        let run = match judged {
            Some(arguments) => support::tool(folder.path())
                .args(arguments)
                .args(["--format", "json"])
                .try_run()?,
            None if !self.base.is_empty() => support::check(folder.path())
                .args(["--base", "HEAD"])
                .try_run()?,
            None => support::check(folder.path()).try_run()?,
        };
        let report = run.report()?;
        let mut problems = self.compare(&report, ignoring);
        let code = match report.verdict.as_str() {
            "lawful" => 0,
            "freeze" => 1,
            "blind" => 3,
            other => return Err(format!("unknown verdict `{other}`")),
        };
        if code != run.code {
            let _ = writeln!(
                problems,
                "  `{}` with exit code {}",
                report.verdict, run.code
            );
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    /// What differs, in the order of files and lines, with the lines; empty if nothing does.
    pub(crate) fn compare(&self, report: &Report, ignoring: &[&str]) -> String {
        let mut problems = BTreeSet::new();
        for mark in &self.marks {
            if mark.demand != Demand::Allowed && !report.all().any(|it| mark.covers(it)) {
                let level = match &mark.demand {
                    Demand::Level(level) => format!("{level} "),
                    _ => String::new(),
                };
                let what = format!("missing     {level}{}", mark.rule);
                problems.insert((mark.file.clone(), mark.line, what));
            }
        }
        for found in report.all() {
            let free = found.level == "note" || ignoring.contains(&found.rule.as_str());
            if !free && !self.marks.iter().any(|it| it.covers(found)) {
                let Found {
                    level,
                    rule,
                    message,
                    ..
                } = found;
                let what = format!("unexpected  {level} {rule}: {message}");
                problems.insert((found.file.clone(), found.line, what));
            }
        }
        let mut shown = String::new();
        for (file, line, what) in problems {
            let index = usize::try_from(line).map_or(usize::MAX, |it| it - 1);
            let text = self.files.get(&file).and_then(|it| it.lines().nth(index));
            let _ = writeln!(
                shown,
                "  {what}\n    {file}:{line} | {}",
                text.unwrap_or("")
            );
        }
        shown
    }
}

fn write<'f>(folder: &Path, files: impl Iterator<Item = (&'f String, &'f String)>) {
    for (path, text) in files {
        let path = folder.join(path);
        let parent = path.parent().expect("a file lies in a folder");
        std::fs::create_dir_all(parent).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
    }
}

#[test]
fn a_header_makes_a_manifest_of_the_documented_layout() {
    let text = "//- crate:cell~unassigned-package deps:db=sqlx?~engine-dependency,common,dev:x~warning:a~b \
                features:pg=dep:db layer:cell kind:proc-macro\n//- crate:common at:shared/common\n";
    let workspace = Workspace::parse(text).expect("it is a fixture");
    assert_eq!(
        workspace.files["crates/cell/Cargo.toml"],
        r#"[package]
name = "cell" #~ unassigned-package
version = "0.0.0"
edition = "2021"

[package.metadata.constitution]
layer = "cell"

[lib]
proc-macro = true

[features]
pg = ["dep:db"]

[dependencies]
db = { version = "*", package = "sqlx", optional = true } #~ engine-dependency
common = { path = "../../shared/common" }

[dev-dependencies]
x = { version = "*" } #~ warning a, b
"#
    );
    assert!(workspace.files["Cargo.toml"].contains("\n    \"shared/common\",\n"));
    assert_eq!(workspace.files["crates/cell/src/lib.rs"], "");
}

#[test]
fn marks_are_held_against_findings_both_ways() {
    let text = "//- crate:cell layer:cell\nlet a; //~ engine-reference\nlet b;\n//~^ warning x, ?y\nlet c; //~ gone\n";
    let workspace = Workspace::parse(text).expect("it is a fixture");
    let found = |line, rule: &str, level: &str| Found {
        file: "crates/cell/src/lib.rs".to_owned(),
        line,
        column: 1,
        rule: rule.to_owned(),
        level: level.to_owned(),
        message: "said".to_owned(),
    };
    let report = Report {
        verdict: "freeze".to_owned(),
        findings: vec![
            found(1, "engine-reference", "breach"),
            found(2, "x", "breach"),
            found(2, "y", "risk"),
            found(3, "quiet", "note"),
            found(3, "ignored", "breach"),
        ],
        blind_spots: Vec::new(),
    };
    let lines: Vec<String> = workspace
        .compare(&report, &["ignored"])
        .lines()
        .map(|line| line.trim().to_owned())
        .collect();
    assert_eq!(
        lines,
        [
            "missing     warning x",
            "crates/cell/src/lib.rs:2 | let b;",
            "unexpected  breach x: said",
            "crates/cell/src/lib.rs:2 | let b;",
            "missing     gone",
            "crates/cell/src/lib.rs:4 | let c; //~ gone",
        ]
    );
}

#[test]
fn mistakes_in_a_fixture_are_told() {
    for (text, error) in [
        ("no header", "no header"),
        ("//- crate:a deps", "line 1: `deps` is no"),
        ("//- crate:a kind:dll", "line 1: unknown key"),
        ("//- a.rs\nx //~ Not a rule", "a.rs:1: no mark"),
    ] {
        let said = Workspace::parse(text).expect_err("a mistake");
        assert!(said.contains(error), "{said}");
    }
}
