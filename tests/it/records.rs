//! Records and their signatures, made by `ssh-keygen` as its users make them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::fixture::Workspace;
use crate::support::{Run, tool};

const TODAY: &str = "2026-11-23";

/// A cell that leans on an organ, under a law that lets that be borne.
const SHOP: &str = "
//- crate:cell deps:organ layer:cell
//- crate:organ layer:organ
//- constitution.toml
[rules.upward-dependency]
level = \"breach\"
exceptable = true
";

/// A workspace with people who have keys.
pub(crate) struct Office {
    folder: tempfile::TempDir,
    keys: tempfile::TempDir,
}

impl Office {
    /// Each of `people` is a name and what else stands in their line, and gets a key of their own.
    pub(crate) fn new(fixture: &str, people: &[(&str, &str)]) -> Self {
        let folder = Workspace::parse(fixture).expect("it is a fixture").unfold();
        let office = Self {
            folder,
            keys: tempfile::tempdir().expect("a folder"),
        };
        let mut lines = String::new();
        for (who, options) in people {
            office.keygen(&["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", who]);
            let public = fs::read_to_string(office.keys.path().join(format!("{who}.pub")));
            let public = public.expect("ssh-keygen wrote it");
            lines.push_str(&format!("{who}@example.org {options} {}\n", public.trim()));
        }
        office.write(".constitution/allowed_signers", &lines);
        office
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it lies below")).expect("the folder is ours");
        fs::write(path, text).expect("the folder is ours");
    }

    pub(crate) fn keygen(&self, arguments: &[&str]) {
        let done = Command::new("ssh-keygen")
            .args(arguments)
            .current_dir(self.keys.path())
            .stdin(Stdio::null())
            .output()
            .expect("ssh-keygen is installed");
        let told = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{arguments:?}: {told}");
    }

    /// `who` signs the file `name` in a namespace of ours.
    pub(crate) fn sign(&self, who: &str, act: &str, name: &str) {
        let file = self.path(name);
        let beside = self.path(&format!("{name}.sig"));
        if beside.exists() {
            fs::remove_file(&beside).expect("it is ours");
        }
        let file = file.to_str().expect("a path of plain letters");
        let namespace = format!("{act}@cargo-constitution");
        self.keygen(&["-q", "-Y", "sign", "-f", who, "-n", &namespace, file]);
    }

    /// Runs the program on `day`; the arguments are divided by blanks, `_` stands for one.
    pub(crate) fn run(&self, day: &str, arguments: &str) -> Run {
        let words = arguments.split(' ').map(|word| word.replace('_', " "));
        let run = tool(self.root()).args(words);
        run.args(["--now", day]).run()
    }

    pub(crate) fn check(&self, day: &str) -> Value {
        let run = self.run(day, "check --format json");
        serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr))
    }

    /// Which rules find something new on `day`.
    pub(crate) fn found(&self, day: &str) -> Vec<String> {
        let report = self.check(day);
        let findings = report["findings"].as_array().expect("a list");
        let new = findings.iter().filter(|it| it["status"] == "new");
        new.map(|it| it["rule"].as_str().expect("a rule").to_owned())
            .collect()
    }
}

/// The only `.toml` file below `folder`, from the workspace's root.
fn only(office: &Office, folder: &str) -> String {
    let entries = fs::read_dir(office.path(folder)).expect("it is there");
    let names = entries.map(|entry| entry.expect("it can be listed").file_name());
    let names: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let mut records = names.iter().filter(|name| name.ends_with(".toml"));
    let name = records.next().expect("a record");
    format!("{folder}/{name}")
}

/// Asks for the exception of the only finding; the record.
fn request(office: &Office) -> String {
    let run = office.run(
        TODAY,
        "exception request crates/cell/Cargo.toml:10 --reason on_its_way --owner ada --expires 2026-12-31",
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    let record = only(office, ".constitution/exceptions");
    let command = format!("ssh-keygen -Y sign -f KEY -n exception@cargo-constitution {record}");
    assert!(run.stdout.contains(&command), "{}", run.stdout);
    record
}

const FOUNDER: (&str, &str) = ("founder", "namespaces=\"*@cargo-constitution\"");
const STRANGER: (&str, &str) = ("reviewer", "namespaces=\"review@cargo-constitution\"");

#[test]
fn a_signed_exception_bears_its_finding_until_its_last_day() {
    let office = Office::new(SHOP, &[FOUNDER, STRANGER]);
    assert_eq!(office.found(TODAY), ["upward-dependency"]);
    let record = request(&office);
    assert_eq!(
        office.found(TODAY),
        ["unapproved-exception", "upward-dependency"]
    );
    office.sign("founder", "exception", &record);
    for day in [TODAY, "2026-12-31"] {
        let report = office.check(day);
        assert_eq!(report["verdict"], "lawful");
        assert_eq!(report["counts"]["breach"], 0);
        assert_eq!(report["findings"][0]["status"], "excepted");
        assert_eq!(report["exceptions"][0]["record"], record.as_str());
        assert_eq!(
            report["exceptions"][0]["findings"][0],
            report["findings"][0]["fingerprint"]
        );
    }
    let warm = office.run("2027-01-01", "check --format json");
    assert_eq!(warm.code, 1, "what is kept of earlier runs does not excuse");
    assert_eq!(
        office.found("2027-01-01"),
        ["expired-exception", "upward-dependency"]
    );

    let shown = office.run(TODAY, "check");
    assert!(
        shown.stdout.contains("excepted until 2026-12-31"),
        "{}",
        shown.stdout
    );
    let sarif = office.run(TODAY, "check --format sarif").stdout;
    let sarif: Value = serde_json::from_str(&sarif).expect("it is JSON");
    let suppressed = &sarif["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!(suppressed["kind"], "external");
    assert_eq!(suppressed["justification"], "on its way");

    // What was mended leaves the record behind.
    let manifest = office.read("crates/cell/Cargo.toml");
    let mended = manifest.lines().filter(|line| !line.starts_with("organ ="));
    let mended: Vec<&str> = mended.collect();
    office.write("crates/cell/Cargo.toml", &mended.join("\n"));
    assert_eq!(office.found(TODAY), ["stale-exception"]);
}

#[test]
fn no_other_signature_is_taken() {
    let old = "namespaces=\"*@cargo-constitution\",valid-before=\"20261101\"";
    let office = Office::new(SHOP, &[FOUNDER, STRANGER, ("left", old)]);
    office.keygen(&["-q", "-t", "ed25519", "-N", "", "-f", "nobody"]);
    let record = request(&office);
    let refused = |why: &str| {
        let report = office.check(TODAY);
        assert_eq!(report["verdict"], "freeze", "{why}");
        let finding = &report["findings"][0];
        assert_eq!(finding["rule"], "unapproved-exception", "{why}");
        let said = finding["message"].as_str().expect("a message");
        assert!(said.contains(why), "{why}: {said}");
        let help = finding["help"].as_str().expect("a help");
        let command = format!("ssh-keygen -Y sign -f KEY -n exception@cargo-constitution {record}");
        assert!(help.contains(&command), "{why}: {help}");
    };
    refused("nobody has signed it");
    for (who, act, why) in [
        ("nobody", "exception", "does not know"),
        ("founder", "review", "namespace `review@cargo-constitution`"),
        ("reviewer", "exception", "who may not"),
        ("left", "exception", "not valid on 2026-11-23"),
    ] {
        office.sign(who, act, &record);
        refused(why);
    }
    // The Founder's own signature, of the record as it was before it was made to last longer.
    office.sign("founder", "exception", &record);
    let text = office.read(&record);
    office.write(&record, &text.replace("2026-12-31", "2036-12-31"));
    refused("of other bytes");
    office.write(&record, &text.replace('\n', "\r\n"));
    refused("-text");
    office.write(&format!("{record}.sig"), "-----BEGIN SSH SIGNATURE-----\n");
    refused("cannot be read");
}

#[test]
fn what_the_law_does_not_let_be_borne_cannot_be_asked_for() {
    let office = Office::new("//- crate:cell deps:sqlx layer:cell\n", &[FOUNDER]);
    let asked = "--reason none --owner ada --expires 2026-12-31";
    let run = office.run(
        TODAY,
        &format!("exception request crates/cell/Cargo.toml:10 {asked}"),
    );
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("grants no exception"), "{}", run.stderr);
    let run = office.run(TODAY, &format!("exception request ffffffff {asked}"));
    assert_eq!(run.code, 2);
    assert!(!office.path(".constitution/exceptions").exists());
}

#[test]
fn wrong_signers_are_a_wrong_law() {
    let office = Office::new(SHOP, &[FOUNDER, ("bob", "cert-authority")]);
    let run = office.run(TODAY, "check");
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(run.stderr.contains("allowed_signers:2:1"), "{}", run.stderr);
    assert!(run.stderr.contains("cert-authority"), "{}", run.stderr);
}
