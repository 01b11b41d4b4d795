//! A plane of 14 structures from end to end, and every way to break it, one at a time: each is found, and nothing else is.

mod table;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::fixture::Workspace;
use crate::support;
use table::FAULTS;

/// The structures that are at rest, each with the capability package whose port it is to bind, and the port.
const AT_REST: [(&str, &str, &str); 13] = [
    ("adapter-database", "cell-orders", "Orders"),
    ("adapter-message-broker", "organ-sales", "Notices"),
    ("adapter-http-transport", "system-platform", "Requests"),
    ("adapter-external-service", "tissue-checkout", "Payments"),
    ("adapter-observability", "organelle-clock", "Journal"),
    ("adapter-storage", "cell-orders", "Receipts"),
    ("tenant-manager", "system-platform", "Context"),
    ("provisioning-engine", "system-platform", "Instances"),
    ("scaling-controller", "system-platform", "Load"),
    ("configuration-injector", "organelle-clock", "Settings"),
    ("secrets-manager", "tissue-checkout", "Keys"),
    ("security-binder", "system-platform", "Certificates"),
    ("environment-registry", "organ-sales", "Places"),
];

const CAPABILITIES: [&str; 5] = [
    "organelle-clock",
    "cell-orders",
    "tissue-checkout",
    "organ-sales",
    "system-platform",
];

const AWAKE: &str = include_str!("../../fixtures/plane/orchestrator.rs");

const TRACKER: &str = "MASTER_IMPLEMENTATION_TRACKER.md";
const LAW: &str = "constitution.toml";
const ISSUES: &str = "issues.json";
/// A lawful plane: all at rest, or with the deployment orchestrator at work.
fn plane(awake: bool) -> Workspace {
    let mut text = String::new();
    for name in CAPABILITIES {
        let _ = writeln!(text, "//- crate:{name}");
        for (_, _, port) in AT_REST.iter().filter(|(_, home, _)| *home == name) {
            let _ = writeln!(
                text,
                "pub trait {port} {{\n    fn is_there(&self) -> bool;\n}}"
            );
        }
    }
    text.push_str(
        "pub trait Topology {\n    fn place(&mut self, count: u32);\n}\n\
         //- crate:platform-contracts layer:neutral\n\
         pub trait InstanceMetadata {\n    fn instance_id(&self) -> String;\n}\n\
         pub trait SignedUpdateIngestion {\n    fn pending(&self) -> u32;\n}\n\
         pub trait RemoteComplianceVerification {\n    fn is_compliant(&self) -> bool;\n}\n\
         pub trait Rollback {\n    fn undo(&mut self);\n}\n",
    );
    for (name, home, port) in AT_REST {
        let path = format!("{}::{port}", home.replace('-', "_"));
        let _ = writeln!(text, "//- crate:runtime-{name} deps:{home}");
        let _ = writeln!(
            text,
            "/// To be bound.\npub const PORTS: [&str; 1] = [\"{path}\"];"
        );
    }
    let source = if awake { AWAKE } else { "" };
    let _ = writeln!(
        text,
        "//- crate:runtime-deployment-orchestrator deps:platform-contracts,system-platform\n{source}"
    );
    let (state, phase) = if awake {
        ("activated", 3)
    } else {
        ("dormant", 0)
    };
    let _ = writeln!(
        text,
        "//- {LAW}\nextends = \"webwaka\"\n\n[[structure]]\nid = \"RUNTIME-DEPLOYMENT-ORCHESTRATOR-v0.1.0\"\n\
         state = \"{state}\"\nphase = {phase}\nmodes = [\"multi-tenant-saas\", \"dedicated-enterprise\"]\n"
    );
    for (name, ..) in AT_REST {
        let code = name.to_uppercase();
        let _ = writeln!(
            text,
            "[[structure]]\nid = \"RUNTIME-{code}-v0.1.0\"\nstate = \"dormant\"\n"
        );
    }
    text.push_str("[rules.missing-structure]\nwhole-plane = true\n");
    Workspace::parse(&text).expect("it is a fixture")
}

fn run(folder: &Path, arguments: &str) -> support::Run {
    support::tool(folder).args(arguments.split(' ')).run()
}

/// The plane with its tracker and its issues.
fn unfolded(awake: bool) -> tempfile::TempDir {
    let folder = plane(awake).unfold();
    for generate in [
        format!("tracker generate --manifest-path Cargo.toml --date 2026-02-19 --out {TRACKER}"),
        format!("issues generate --manifest-path Cargo.toml --out {ISSUES}"),
    ] {
        let made = run(folder.path(), &generate);
        assert_eq!(made.code, 0, "{}", made.stderr);
    }
    folder
}

/// What judges a file of the plane.
fn judges(file: &str) -> Vec<String> {
    let issues = format!("issues verify {ISSUES} --manifest-path Cargo.toml");
    let tracker = format!("tracker verify {TRACKER} --issues {ISSUES} --manifest-path Cargo.toml");
    match file {
        ISSUES => vec![issues],
        TRACKER => vec![tracker, "check".to_owned()],
        _ => vec!["check".to_owned()],
    }
}

#[test]
fn a_plane_at_rest_is_lawful_and_complete() {
    let folder = unfolded(false);
    let at = folder.path();
    let completion =
        format!("completion --manifest-path Cargo.toml --issues {ISSUES} --tracker {TRACKER}");
    let all = [ISSUES, TRACKER].into_iter().flat_map(judges);
    for judge in all {
        let judged = run(at, &format!("{judge} --format short --fail-on warning"));
        assert_eq!((judged.code, judged.stdout.as_str()), (0, ""), "{judge}");
    }
    let complete = run(at, &completion);
    assert_eq!(complete.code, 0, "{}", complete.stdout);
    assert!(
        complete
            .stdout
            .contains("Full Runtime Structural Dormant State"),
        "{}",
        complete.stdout
    );
}

/// What is done to a file.
enum Edit {
    /// The first becomes the second, once.
    Swap(&'static str, &'static str),
    /// The first line that holds it goes.
    Drop(&'static str),
    /// The first line that holds it is written twice.
    Twice(&'static str),
}

/// One fault, and the rules that are found in the lines that hold a text.
struct Fault {
    what: &'static str,
    file: &'static str,
    edit: Edit,
    found: &'static [(&'static str, &'static str)],
}

impl Edit {
    fn of(&self, text: &str) -> String {
        let line = |needle: &str, times: usize| {
            let mut left = Some(times);
            let lines = text.split_inclusive('\n').map(|line| {
                let times = if line.contains(needle) {
                    left.take()
                } else {
                    None
                };
                line.repeat(times.unwrap_or(1))
            });
            lines.collect()
        };
        match self {
            Self::Swap(from, to) => text.replacen(from, to, 1),
            Self::Drop(needle) => line(needle, 0),
            Self::Twice(needle) => line(needle, 2),
        }
    }
}

#[test]
fn each_fault_is_found_and_nothing_else_is() {
    let base = unfolded(true);
    let read = |file: &str| fs::read_to_string(base.path().join(file)).expect("it is there");
    let lawful = run(base.path(), "check --format short --fail-on warning");
    assert_eq!((lawful.code, lawful.stdout.as_str()), (0, ""));
    assert!(FAULTS.len() >= 40);
    let (tracker, issues) = (read(TRACKER), read(ISSUES));
    let results = support::in_parallel(FAULTS, |fault| {
        let folder = plane(true).unfold();
        fs::write(folder.path().join(TRACKER), &tracker).expect("it is ours");
        fs::write(folder.path().join(ISSUES), &issues).expect("it is ours");
        tried(fault, folder.path())
    });
    let problems = FAULTS.iter().zip(results).filter_map(|(fault, result)| {
        let said = result.err()?;
        Some(format!("{}: {said}", fault.what))
    });
    support::none(&problems.collect::<Vec<_>>());
}

fn tried(fault: &Fault, folder: &Path) -> Result<(), String> {
    let path = folder.join(fault.file);
    let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let broken = fault.edit.of(&text);
    if broken == text {
        return Err(format!("nothing of it is in {}", fault.file));
    }
    fs::write(&path, &broken).map_err(|error| error.to_string())?;
    let due: BTreeSet<(String, String)> = fault
        .found
        .iter()
        .map(|(rule, at)| ((*rule).to_owned(), (*at).to_owned()))
        .collect();
    let mut met = BTreeSet::new();
    for judge in judges(fault.file) {
        let report = run(folder, &format!("{judge} --format json")).report()?;
        for found in report.all().filter(|found| found.level != "note") {
            let text = fs::read_to_string(folder.join(&found.file)).unwrap_or_default();
            let line = text
                .lines()
                .nth(found.line as usize - 1)
                .unwrap_or_default();
            let due = due
                .iter()
                .find(|(rule, at)| *rule == found.rule && line.contains(at));
            let Some(due) = due else {
                return Err(format!(
                    "{}:{}: {}: {}\n    {line}",
                    found.file, found.line, found.rule, found.message
                ));
            };
            met.insert(due.clone());
        }
    }
    match due.difference(&met).next() {
        Some((rule, at)) => Err(format!("no {rule} at `{at}`")),
        None => Ok(()),
    }
}
