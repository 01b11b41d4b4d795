//! The runtime plane as a programme, from end to end.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{self, Run};

fn run(folder: &Path, arguments: &str) -> Run {
    support::tool(folder).args(arguments.split(' ')).run()
}

/// Runs what must succeed.
fn done(folder: &Path, arguments: &str) -> String {
    let run = run(folder, arguments);
    assert_eq!(run.code, 0, "{arguments}\n{}{}", run.stdout, run.stderr);
    run.stdout
}

#[test]
fn a_generated_plane_is_complete_and_one_fault_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    done(at, "issues generate --out issues.json");
    done(at, "issues generate --format markdown --out issues");
    assert_eq!(
        fs::read_dir(at.join("issues"))
            .expect("it is there")
            .count(),
        406
    );
    done(at, "tracker generate --date 2026-02-19 --out TRACKER.md");
    for command in [
        "issues verify issues.json",
        "issues verify issues",
        "issues verify issues --structure RUNTIME-TENANT-MANAGER",
        "tracker verify TRACKER.md --issues issues.json",
        "completion --issues issues --tracker TRACKER.md",
    ] {
        done(at, command);
    }
    let said = done(
        at,
        "completion --issues issues.json --tracker TRACKER.md --format json",
    );
    let said: serde_json::Value = serde_json::from_str(&said).expect("it is JSON");
    assert_eq!(said["state"], "Full Runtime Structural Dormant State");
    assert_eq!(said["criteria"].as_array().map(Vec::len), Some(5));
    assert_eq!(said["transition"].as_array().map(Vec::len), Some(4));

    let tracker = fs::read_to_string(at.join("TRACKER.md")).expect("it was written");
    fs::write(
        at.join("TRACKER.md"),
        tracker.replacen("| 0% |", "| 40% |", 1),
    )
    .expect("it is ours");
    let unmet = run(at, "completion --issues issues.json --tracker TRACKER.md");
    assert_eq!(unmet.code, 1);
    assert!(
        unmet
            .stdout
            .contains("4. No adapter binding executed: does not hold"),
        "{}",
        unmet.stdout
    );
    assert_eq!(run(at, "completion").code, 1);
}

#[test]
fn drift_is_reported_as_a_check_reports_findings() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    done(at, "issues generate --out issues.json");
    let text = fs::read_to_string(at.join("issues.json")).expect("it was written");
    fs::write(
        at.join("issues.json"),
        text.replacen("state:dormant", "state:activated", 1),
    )
    .expect("it is ours");
    let short = run(at, "issues verify issues.json --format short");
    assert_eq!(short.code, 1);
    assert!(
        short.stdout.starts_with("issues.json:2:"),
        "{}",
        short.stdout
    );
    assert!(
        short.stdout.contains("issue-tree-drift"),
        "{}",
        short.stdout
    );
    assert_eq!(
        run(at, "issues verify issues.json --fail-on breach").code,
        0
    );
    assert_eq!(run(at, "issues verify nowhere.json").code, 2);
    fs::write(at.join("issues.json"), "[{\"title\": 1").expect("it is ours");
    let refused = run(at, "issues verify issues.json");
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("line 1, column"),
        "{}",
        refused.stderr
    );
}

#[test]
fn another_registry_has_its_own_tree_and_a_wrong_one_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let registry = "[[structure]]\nid = \"RUNTIME-CACHE-v1.0.0\"\nname = \"Cache's \\\"own\\\"\"\nrole = \"x\\nEND_OF_BODY\"\n";
    fs::write(at.join("r.toml"), registry).expect("it is ours");
    let tree = done(at, "issues generate --registry r.toml");
    assert_eq!(tree.lines().count(), 29 + 2);
    assert!(done(at, "registry list").lines().count() == 14);
    assert!(done(at, "registry show RUNTIME-CACHE --registry r.toml").contains("Cache's"));
    fs::write(at.join("r.toml"), "[[structure]]\nid = \"Cache\"\n").expect("it is ours");
    assert_eq!(run(at, "issues generate --registry r.toml").code, 2);
    assert_eq!(run(at, "registry show RUNTIME-NOTHING").code, 2);
}

#[test]
fn a_manifest_makes_its_structure_stricter_and_the_tracker_has_to_say_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let manifest = "[package]\nname = \"runtime-tenant-manager\"\nversion = \"0.1.0\"\n\n\
                    [package.metadata.constitution]\nstate = \"frozen\"\n";
    fs::write(at.join("Cargo.toml"), manifest).expect("it is ours");
    fs::create_dir(at.join("src")).expect("it is ours");
    fs::write(at.join("src/lib.rs"), "").expect("it is ours");
    done(at, "tracker generate --out T.md");
    let drifted = run(
        at,
        "tracker verify T.md --manifest-path Cargo.toml --format short",
    );
    assert_eq!(drifted.code, 1, "{}", drifted.stderr);
    assert!(
        drifted.stdout.contains("`frozen` is due"),
        "{}",
        drifted.stdout
    );
    done(at, "tracker update T.md --manifest-path Cargo.toml");
    done(at, "tracker verify T.md --manifest-path Cargo.toml");
}

/// A `gh` that keeps its issues as files and says what it was asked to do in a log.
const GH: &str = r##"#!/bin/sh
set -eu
cd "$STORE"
echo "$*" >>log
case "$1 $2" in
"issue list")
    for number in $(ls issues | sort -n); do
        key=$(sed -n 's/^<!-- constitution:issue \(.*\) -->$/\1/p' "issues/$number")
        echo "$key $number old"
    done ;;
"label list") cat labels ;;
"label create") echo "$3" >>labels ;;
"issue create")
    number=$(($(ls issues | wc -l) + 1))
    if [ "$number" -gt "${STOP:-1000}" ]; then echo "gone away" >&2; exit 1; fi
    while [ "$#" -gt 1 ]; do
        if [ "$1" = --label ]; then
            echo "$2" | tr , '\n' | while read -r label; do grep -Fxq -e "$label" labels; done
        fi
        if [ "$1" = --body-file ]; then cat "$2" >"issues/$number"; fi
        shift
    done
    echo "https://github.com/o/r/issues/$number" ;;
"api --paginate") parent=${3#*issues/}; cat "children-${parent%%/*}" 2>/dev/null || true ;;
"api --method") parent=${4#*issues/}; echo "${6#*=}" >>"children-${parent%%/*}" ;;
"api repos"*) echo "${2##*/}" ;;
*) echo "unknown: $*" >&2; exit 9 ;;
esac
"##;

#[cfg(unix)]
#[test]
fn the_script_can_be_stopped_and_run_again_and_makes_nothing_twice() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let script = done(
        at,
        "issues generate --structure RUNTIME-ADAPTER-STORAGE --format gh",
    );
    fs::write(at.join("make.sh"), script).expect("it is ours");
    fs::create_dir_all(at.join("bin")).expect("it is ours");
    fs::create_dir_all(at.join("issues")).expect("it is ours");
    fs::write(at.join("labels"), "").expect("it is ours");
    for (name, text) in [
        ("gh", GH),
        ("sleep", "#!/bin/sh\necho \"sleep $1\" >>\"$STORE/log\"\n"),
    ] {
        let path = at.join("bin").join(name);
        fs::write(&path, text).expect("it is ours");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    }
    let outer = std::env::var("PATH").expect("there is a PATH");
    let go = |stop: &str| {
        fs::write(at.join("log"), "").expect("it is ours");
        let out = Command::new("sh")
            .args(["make.sh", "o/r"])
            .current_dir(at)
            .env("PATH", format!("{}:{outer}", at.join("bin").display()))
            .env("STORE", at)
            .env("STOP", stop)
            .output()
            .expect("there is a shell");
        let log = fs::read_to_string(at.join("log")).expect("it was written");
        (out, log)
    };
    let count = |log: &str, what: &str| log.lines().filter(|line| line.starts_with(what)).count();

    let (stopped, log) = go("10");
    assert!(!stopped.status.success());
    assert_eq!(count(&log, "issue create"), 11);
    let (out, log) = go("1000");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    assert_eq!(count(&log, "issue create"), 19);
    assert_eq!(
        fs::read_dir(at.join("issues"))
            .expect("it is there")
            .count(),
        29
    );
    // A pause for each write.
    let writes = ["issue create", "label create", "api --method"];
    let writes: usize = writes.iter().map(|what| count(&log, what)).sum();
    assert_eq!(count(&log, "sleep 1"), writes);
    let children = |number: u8| fs::read_to_string(at.join(format!("children-{number}")));
    assert_eq!(
        children(1).expect("the master has phases").lines().count(),
        7
    );
    assert_eq!(children(2).expect("phase 0 has tasks"), "3\n4\n5\n");

    let (out, log) = go("1000");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let writes = ["issue create", "label create", "api --method"];
    assert_eq!(writes.map(|what| count(&log, what)), [0, 0, 0], "{log}");
}

#[test]
fn a_line_of_many_issues_is_read_in_no_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let mut registry = String::new();
    for number in 0..200 {
        registry.push_str(&format!(
            "[[structure]]\nid = \"RUNTIME-S{number}-v0.1.0\"\n"
        ));
    }
    fs::write(at.join("r.toml"), registry).expect("it is ours");
    done(at, "issues generate --registry r.toml --out all.json");
    let text = fs::read_to_string(at.join("all.json")).expect("it was written");
    let text = text.replace('\n', "").replacen("phase:3", "phase:4", 400);
    fs::write(at.join("all.json"), text).expect("it is ours");
    let start = Instant::now();
    let run = run(
        at,
        "issues verify all.json --registry r.toml --format short",
    );
    assert_eq!(run.stdout.lines().count(), 400);
    // Nine megabytes without optimisation; were each finding to count from the line's start, it would take
    // minutes.
    let took = start.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
}
