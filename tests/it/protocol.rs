//! The protocol from a breach to its lift, as `docs/protocol.md` tells it, and what breaks its ledger.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::records::Office;
use crate::support;

const SHOP: &str = "
//- crate:cell deps:sqlx layer:cell
pub fn keep(_: sqlx::PgPool) {}
";

/// A folder in which `cargo constitution` runs the program under test.
fn programs() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let cargo = folder.path().join("cargo");
    let (program, real) = (env!("CARGO_BIN_EXE_cargo-constitution"), env!("CARGO"));
    let text = format!(
        "#!/bin/sh\nif [ \"$1\" = constitution ]; then exec {program} \"$@\"; fi\nexec {real} \"$@\"\n"
    );
    fs::write(&cargo, text).expect("the folder is ours");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("it is ours");
    folder
}

/// What a command of the page printed, both streams; it must exit as the page says.
fn follow(command: &str, root: &Path, programs: &Path) -> String {
    let (command, code) = command.split_once(" # exit ").unwrap_or((command, "0"));
    let path = std::env::var("PATH").expect("there is a path");
    let done = Command::new("sh")
        .args(["-c", command])
        .current_dir(root)
        .env("PATH", format!("{}:{path}", programs.display()))
        .stdin(Stdio::null())
        .output()
        .expect("there is a shell");
    let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
    assert_eq!(
        done.status.code().map(|code| code.to_string()).as_deref(),
        Some(code),
        "{command}\n{said}"
    );
    said.into_owned()
}

#[test]
fn the_page_on_the_protocol_can_be_followed_word_by_word() {
    let office = Office::new(SHOP, &[]);
    fs::remove_dir_all(office.path(".constitution")).expect("it is ours");
    let page = fs::read_to_string(support::root().join("docs/protocol.md"));
    let page = page.expect("the page is there");
    let programs = programs();
    let (mut within, mut said, mut commands) = (false, String::new(), 0);
    for line in page.lines() {
        match line.strip_prefix("$ ") {
            _ if line.starts_with("```") => within = line == "```console",
            Some(command) if within => {
                said = follow(command, office.root(), programs.path());
                commands += 1;
            }
            None if within => assert!(unwrapped(&said).contains(line), "{line}\n{said}"),
            _ => {}
        }
    }
    assert!(commands > 25, "{commands}");
    let certificate = office.read(".constitution/certificates/first.json");
    is_signed_by(&certificate, &office.read("founder.pub"));
}

/// `text` with the lines joined that were broken for a terminal.
fn unwrapped(text: &str) -> String {
    let words: Vec<&str> = text.split('\n').map(str::trim).collect();
    words.join(" ").replace("│ ", "")
}

/// Verifies a DSSE envelope as the specification says, with OpenSSL.
fn is_signed_by(envelope: &str, public: &str) {
    let envelope: Value = serde_json::from_str(envelope).expect("it is JSON");
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let openssl = |arguments: &[&str]| {
        let done = Command::new("openssl")
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .expect("openssl is installed");
        assert!(
            done.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
    };
    let decode = |coded: &str, name: &str| {
        fs::write(at("coded"), coded).expect("the folder is ours");
        openssl(&["base64", "-d", "-A", "-in", "coded", "-out", name]);
        fs::read(at(name)).expect("openssl wrote it")
    };
    let payload = decode(&text(&envelope["payload"]), "payload");
    let kind = text(&envelope["payloadType"]);
    let mut signed = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
    signed.extend(&payload);
    fs::write(at("signed"), signed).expect("the folder is ours");
    decode(&text(&envelope["signatures"][0]["sig"]), "signature");
    // An Ed25519 key as OpenSSL reads it: the algorithm, then the last 32 bytes of what SSH writes.
    let key = decode(public.split(' ').nth(1).expect("a key"), "key");
    let mut spki = vec![0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];
    spki.extend(&key[key.len() - 32..]);
    fs::write(at("spki"), spki).expect("the folder is ours");
    openssl(&[
        "pkeyutl",
        "-verify",
        "-pubin",
        "-keyform",
        "DER",
        "-inkey",
        "spki",
        "-rawin",
        "-in",
        "signed",
        "-sigfile",
        "signature",
    ]);
    let statement: Value = serde_json::from_slice(&payload).expect("it is JSON");
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(statement["predicate"]["verificationResult"], "PASSED");
}

const FOUNDER: (&str, &str) = ("founder", "namespaces=\"*@cargo-constitution\"");
const DAY: &str = "2026-11-23";

/// A workspace under a freeze that nothing is wrong with any more.
fn frozen() -> Office {
    let office = Office::new(SHOP, &[FOUNDER]);
    let declared = office.run(DAY, "freeze declare");
    assert_eq!(declared.code, 0, "{}", declared.stderr);
    office.write("crates/cell/src/lib.rs", "pub trait Store {}\n");
    let manifest = office.read("crates/cell/Cargo.toml");
    let mended = manifest.lines().filter(|line| !line.starts_with("sqlx"));
    office.write(
        "crates/cell/Cargo.toml",
        &mended.collect::<Vec<_>>().join("\n"),
    );
    office
}

#[test]
fn a_declared_freeze_outlives_its_breach_and_every_way_around_it_is_found() {
    let office = frozen();
    let report = office.check(DAY);
    assert_eq!(report["verdict"], "freeze");
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(0));
    let freeze = &report["freeze"]["in_force"][0];
    assert_eq!(freeze["findings"], 2);
    assert_eq!(freeze["steps"][0]["done"], true);
    assert_eq!(freeze["steps"][3]["state"], "open");

    let ledger = office.read(".constitution/ledger.jsonl");
    let folder = office.path(".constitution/freezes");
    let aside = office.path("aside");
    let broken = |what: &str| {
        let found = office.found(DAY);
        assert!(
            found.iter().any(|rule| rule == "broken-ledger"),
            "{what}: {found:?}"
        );
    };
    // The record is taken away.
    fs::rename(&folder, &aside).expect("they are ours");
    broken("no record");
    assert_eq!(office.run(DAY, "ledger verify").code, 1);
    fs::rename(&aside, &folder).expect("they are ours");
    // The record is made milder.
    let id = freeze["id"].as_str().expect("an id");
    let name = format!(".constitution/freezes/{id}/declaration.toml");
    let declaration = office.read(&name);
    office.write(&name, &declaration.replace("VIII.1", "V"));
    broken("another record");
    office.write(&name, &declaration);
    // The ledger is taken away, or rewritten.
    fs::remove_file(office.path(".constitution/ledger.jsonl")).expect("it is ours");
    broken("no ledger");
    office.write(
        ".constitution/ledger.jsonl",
        &ledger.replace("declare", "plan"),
    );
    broken("another ledger");
    // Both are taken away: only an older copy tells.
    office.write("older.jsonl", &ledger);
    office.write(".constitution/ledger.jsonl", "");
    let run = office.run(DAY, "ledger verify --since older.jsonl");
    assert_eq!(run.code, 1, "{}", run.stdout);
    office.write(".constitution/ledger.jsonl", &ledger);
    assert_eq!(office.run(DAY, "ledger verify --since older.jsonl").code, 0);
    assert_eq!(office.found(DAY), [""; 0]);
    assert_eq!(
        office.run(DAY, "check").code,
        1,
        "the freeze is still in force"
    );
}

#[test]
fn reports_show_where_the_freeze_stands() {
    let office = frozen();
    let page = office.run(DAY, "check --format html").stdout;
    assert!(page.contains("A freeze is in force"), "{page}");
    assert!(
        page.contains("in force since 2026-11-23T00:00:00Z"),
        "{page}"
    );
    let text = office.run(DAY, "check --format markdown").stdout;
    assert!(text.contains("is in force"), "{text}");
    let status = office.run(DAY, "freeze status --format json");
    let status: Value = serde_json::from_str(&status.stdout).expect("it is JSON");
    assert_eq!(status[0]["in_force"], true);
    let next = status[0]["next"].as_str().expect("a command");
    assert!(next.starts_with("cargo constitution freeze plan"), "{next}");
}

#[test]
fn debt_that_was_there_is_borne_once_signed_and_can_only_shrink() {
    let office = Office::new(SHOP, &[FOUNDER]);
    let run = office.run(DAY, "baseline");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(office.found(DAY).len(), 3, "nobody has signed it");
    office.sign("founder", "baseline", ".constitution/baseline.toml");
    let report = office.check(DAY);
    assert_eq!(report["verdict"], "lawful", "{report:#}");
    assert_eq!(report["findings"][0]["status"], "existing");
    // What is new freezes.
    let source = office.read("crates/cell/src/lib.rs");
    office.write(
        "crates/cell/src/lib.rs",
        &format!("{source}pub fn lose(_: sqlx::MySqlPool) {{}}\n"),
    );
    assert_eq!(office.found(DAY), ["engine-reference"]);
    let larger = office.run(DAY, "baseline");
    assert_eq!(larger.code, 2, "{}", larger.stdout);
    // What is gone is told, and the baseline made smaller.
    office.write("crates/cell/src/lib.rs", "pub trait Store {}\n");
    assert_eq!(office.found(DAY), ["stale-exception"]);
    let smaller = office.run(DAY, "baseline");
    assert!(
        smaller.stdout.contains("1 fewer"),
        "{}{}",
        smaller.stdout,
        smaller.stderr
    );
    office.sign("founder", "baseline", ".constitution/baseline.toml");
    assert_eq!(office.found(DAY), [""; 0]);
}

#[test]
fn two_branches_that_each_add_to_the_ledger_merge_with_both_histories() {
    let office = frozen();
    let base = office.read(".constitution/ledger.jsonl");
    let plan = "freeze plan --author founder@example.org --remedy all=port";
    assert_eq!(office.run(DAY, plan).code, 0);
    let ours = office.read(".constitution/ledger.jsonl");
    let report = office.check(DAY);
    let id = report["freeze"]["in_force"][0]["id"]
        .as_str()
        .expect("an id");
    let written = office.path(&format!(".constitution/freezes/{id}/plan.toml"));
    fs::remove_file(written).expect("it was written");
    office.write(".constitution/ledger.jsonl", &base);
    assert_eq!(office.run("2026-11-24", plan).code, 0);
    let theirs = office.read(".constitution/ledger.jsonl");
    let union = format!("{ours}{}", &theirs[base.len()..]);
    office.write(".constitution/ledger.jsonl", &union);
    assert_eq!(office.run(DAY, "ledger verify").code, 1);
    assert_eq!(office.run(DAY, "ledger merge").code, 0);
    let verified = office.run(DAY, "ledger verify");
    assert_eq!(verified.code, 0, "{}", verified.stdout);
    assert!(verified.stdout.contains("4 entries"), "{}", verified.stdout);
}
