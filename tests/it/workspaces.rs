//! Several workspaces before the law together: what one contributes, and what that makes of the others.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::fixture::Workspace;
use crate::support::{check, tool};

/// A platform of three workspaces: a shop, its runtime, and what both share.
const SHOP: &str = r#"
//- crate:cell-orders deps:shared-store,organ-sales~layer-cycle
pub trait Orders {}
//- crate:cell-prices deps:runtime-rates
pub struct Price(pub u64);
//- crate:runtime-orders deps:runtime-hub
pub struct Adapter;
"#;
const RUNTIME: &str = r#"
//- crate:runtime-rates
pub struct Rates;
//- crate:runtime-hub deps:runtime-orders
pub struct Hub;
"#;
const SHARED: &str = r#"
//- crate:shared-store deps:sqlx,runtime-rates layer:neutral
pub struct Store;
//- crate:organ-sales deps:cell-orders
pub trait Sales {}
"#;

struct Platform {
    place: tempfile::TempDir,
}

impl Platform {
    fn new() -> Self {
        let platform = Self {
            place: tempfile::tempdir().expect("a folder"),
        };
        for (name, text) in [("shop", SHOP), ("runtime", RUNTIME), ("shared", SHARED)] {
            platform.write(name, text);
        }
        platform
    }

    fn write(&self, name: &str, text: &str) {
        let workspace = Workspace::parse(text).expect("a fixture");
        for (path, text) in workspace.files {
            let path = self.folder(name).join(path);
            fs::create_dir_all(path.parent().expect("a file has a folder")).expect("it is ours");
            fs::write(path, text).expect("it is ours");
        }
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn export(&self, name: &str) -> PathBuf {
        let file = self.place.path().join(format!("{name}.json"));
        let out = file.to_str().expect("a plain path");
        let run = tool(&self.folder(name))
            .args([
                "facts",
                "export",
                "--no-cache",
                "--name",
                &format!("house/{name}"),
            ])
            .args(["--out", out])
            .run();
        assert_eq!(run.code, 0, "{}", run.stderr);
        file
    }
}

fn findings(folder: &Path, with: &[&Path]) -> (i32, Vec<Value>, String) {
    let mut tool = check(folder).args(["--no-cache"]);
    if !with.is_empty() {
        tool = tool.args(["--with"]).args(with);
    }
    let run = tool.run();
    let report: Value = serde_json::from_str(&run.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", run.stdout, run.stderr));
    let findings = report["findings"].as_array().expect("a list").clone();
    (run.code, findings, run.stderr)
}

fn said(findings: &[Value]) -> Vec<String> {
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or("-").to_owned();
    let lines = findings.iter().map(|it| {
        format!(
            "{} {} {} → {}",
            text(it, "level"),
            text(it, "rule"),
            text(it, "package"),
            text(it, "target")
        )
    });
    lines.filter(|line| !line.contains("structure")).collect()
}

#[test]
fn what_breaks_the_law_across_repositories_is_found_in_each_of_them() {
    let platform = Platform::new();
    let (runtime, shared) = (platform.export("runtime"), platform.export("shared"));
    let shop = platform.folder("shop");
    let (code, alone, _) = findings(&shop, &[]);
    assert_eq!((code, said(&alone).len()), (0, 0), "{:?}", said(&alone));
    let (code, found, stderr) = findings(&shop, &[&runtime, &shared]);
    assert_eq!(code, 1, "{stderr}");
    assert_eq!(
        said(&found),
        [
            "breach engine-dependency cell-orders → sqlx",
            "breach reverse-dependency cell-orders → runtime-rates",
            "risk layer-cycle cell-orders → organ-sales",
            "risk upward-dependency cell-orders → organ-sales",
            "breach reverse-dependency cell-prices → runtime-rates",
            "breach runtime-cycle runtime-orders → runtime-hub",
        ]
    );
    let through = &found[1];
    let hop = &through["chain"][0];
    assert_eq!(
        hop["file"],
        "../house/shared/crates/shared-store/Cargo.toml"
    );
    let label = hop["label"].as_str().expect("a text");
    assert_eq!(
        label,
        "`shared-store` of workspace `house/shared` depends on `runtime-rates`"
    );
    let (code, found, _) = findings(&platform.folder("runtime"), &[&platform.export("shop")]);
    assert_eq!(code, 1);
    assert_eq!(
        said(&found),
        ["breach runtime-cycle runtime-hub → runtime-orders"]
    );
}

#[test]
fn merged_facts_are_the_same_as_single_ones_and_ones_own_are_left_out() {
    let platform = Platform::new();
    let files = ["shop", "runtime", "shared"].map(|name| platform.export(name));
    let merged = platform.place.path().join("all.json");
    let run = tool(platform.place.path())
        .args(["facts", "merge"])
        .args(&files)
        .args(["--out", merged.to_str().expect("a plain path")])
        .run();
    assert_eq!(run.code, 0, "{}", run.stderr);
    let shop = platform.folder("shop");
    let (_, single, _) = findings(&shop, &[&files[1], &files[2]]);
    let (_, joint, stderr) = findings(&shop, &[&merged]);
    assert_eq!(single, joint);
    assert!(
        stderr.contains("`house/shop` are this workspace's own"),
        "{stderr}"
    );
}

#[test]
fn an_export_holds_what_is_needed_and_neither_source_nor_machine() {
    let platform = Platform::new();
    let text = fs::read_to_string(platform.export("shared")).expect("it was written");
    let place = platform.place.path().to_str().expect("a plain path");
    assert!(
        !text.contains(place) && !text.contains("pub trait"),
        "{text}"
    );
    let export: Value = serde_json::from_str(&text).expect("JSON");
    let package = &export["workspaces"][0]["packages"][1];
    assert_eq!(package["name"], "shared-store");
    assert_eq!(package["layer"]["plane"], "neutral");
    assert_eq!(package["dependencies"][0]["package"], "sqlx");
    let ports = &export["workspaces"][0]["packages"][0]["ports"];
    assert_eq!(ports[0]["path"], "organ_sales::Sales");
    let again = Platform::new();
    let other = fs::read_to_string(again.export("shared")).expect("it was written");
    assert_eq!(text, other, "the same workspace elsewhere");
}

#[test]
fn a_package_that_merely_shares_a_name_is_another_one() {
    let platform = Platform::new();
    let manifest = platform
        .folder("runtime")
        .join("crates/runtime-rates/Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("it is there");
    fs::write(
        &manifest,
        text.replace("version = \"0.0.0\"", "version = \"7.0.0\""),
    )
    .expect("ours");
    let user = platform
        .folder("shop")
        .join("crates/cell-prices/Cargo.toml");
    let text = fs::read_to_string(&user).expect("it is there");
    fs::write(&user, text.replace("version = \"*\"", "version = \"0.1\"")).expect("ours");
    let (_, found, stderr) = findings(&platform.folder("shop"), &[&platform.export("runtime")]);
    assert!(
        !said(&found).iter().any(|it| it.contains("cell-prices")),
        "{:?}",
        said(&found)
    );
    assert!(stderr.contains("taken for another package"), "{stderr}");
}

#[test]
fn facts_that_cannot_be_relied_on_are_refused() {
    let platform = Platform::new();
    let good = platform.export("runtime");
    let text = fs::read_to_string(&good).expect("it was written");
    let bad = platform.place.path().join("bad.json");
    let cases = [
        ("{", "wrong"),
        ("{\"schema\": 1}", "wrong"),
        (
            &*text.replace("\"runtime\"", "\"neutral\""),
            "cut or changed",
        ),
        (
            &*text.replace("house/runtime", "house/../../x"),
            "no name of a workspace",
        ),
        (&*"[".repeat(100_000), "wrong"),
    ];
    for (content, wanted) in cases {
        fs::write(&bad, content).expect("it is ours");
        let run = check(&platform.folder("shop"))
            .args(["--no-cache", "--with"])
            .args([&bad])
            .run();
        assert_eq!(run.code, 2, "{}", run.stderr);
        let told = unwrapped(&run.stderr);
        assert!(
            told.contains(wanted) && run.stdout.is_empty(),
            "{wanted}: {told}"
        );
    }
    platform.write("rival", "//- crate:runtime-rates\npub struct Rates;\n");
    let rival = platform.export("rival");
    let run = check(&platform.folder("shop"))
        .args(["--no-cache", "--with"])
        .args([&good, &rival])
        .run();
    assert_eq!(run.code, 2, "{}", run.stderr);
    let told = unwrapped(&run.stderr);
    assert!(told.contains("both have a package"), "{told}");
}

/// An error's text, without what draws it.
fn unwrapped(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| *word != "│");
    words.collect::<Vec<_>>().join(" ")
}
