//! Workspaces on disk, and what is read of them.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::facts::graph::{Edge, Node};
use crate::facts::workspace::scratch::Scratch;

const LIB: &str = "pub struct Unit;\n";

/// A manifest of one package with `rest` after its `[package]` table, which takes four lines.
fn package(name: &str, rest: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{rest}")
}

fn workspace(files: &[(&str, &str)]) -> (Scratch, Workspace) {
    let scratch = Scratch::new(files);
    let workspace = read(Some(&scratch.path("Cargo.toml"))).unwrap();
    (scratch, workspace)
}

fn refused(scratch: &Scratch) -> WorkspaceError {
    read(Some(&scratch.path("Cargo.toml"))).unwrap_err()
}

/// One line an edge of `from`.
fn edges(workspace: &Workspace, from: &str) -> Vec<String> {
    let graph = &workspace.graph;
    let at = |place: Place| {
        let shown = workspace.sources.shown(place.file);
        format!("{shown}:{}", place.span.start)
    };
    let line = |edge: &Edge| {
        let node = match edge.to {
            Node::Package(id) => {
                let outside = if graph.package(id).member { "" } else { "!" };
                format!("{}{outside}", graph.name(edge.to))
            }
            Node::External(id) => {
                let version = graph.externals[id.0].version.as_deref().unwrap_or("?");
                format!("{}@{version}", graph.name(edge.to))
            }
        };
        let optional = if edge.optional { " optional" } else { "" };
        let cfg = edge.cfg.as_deref().map(|cfg| format!(" {cfg}"));
        let inherited = edge.inherited.map(|place| format!(" from {}", at(place)));
        format!(
            "{} {:?} {}={} {node}{optional}{}{}",
            at(edge.place),
            edge.kind,
            edge.key,
            edge.crate_name,
            cfg.unwrap_or_default(),
            inherited.unwrap_or_default(),
        )
    };
    let id = graph.package_ids().find(|&id| {
        let package = graph.package(id);
        package.name == from && package.member
    });
    let id = id.or_else(|| {
        graph
            .package_ids()
            .find(|&id| graph.package(id).name == from)
    });
    graph.edges_from(id.unwrap()).map(line).collect()
}

fn spots(workspace: &Workspace) -> Vec<String> {
    let shown = |spot: &BlindSpot| {
        let file = workspace.sources.shown(spot.place.file);
        format!("{file}:{} {}", spot.place.span.start, spot.reason)
    };
    workspace.blind_spots.iter().map(shown).collect()
}

#[test]
fn every_spelling_of_a_dependency_has_its_kind_guard_and_place() {
    let root = "[workspace]\nmembers = [\"a\", \"b-lib\"]\n\n[workspace.dependencies]\nserde = \"1\"\n\
                db = { package = \"sqlx\", version = \"0.8\" }\n";
    let a = package(
        "a",
        r#"
[dependencies]
plain = "1"
"quoted" = "1"
inline = { version = "1", optional = true }
dotted.version = "1"
serde.workspace = true
db = { workspace = true, optional = true }
renamed = { package = "tokio-postgres", version = "0.7" }
b-lib = { path = "../b-lib" }
b2 = { package = "b-lib", path = "../b-lib" }

[dependencies.table]
version = "1"

[dev-dependencies]
plain = "1"

[build-dependencies]
cc = "1"

[target.'cfg( any(unix,target_os="wasi") )'.dependencies]
plain = "1"

[target.x86_64-pc-windows-msvc.dev-dependencies.winreg]
version = "1"
"#,
    );
    let b = package("b-lib", "[lib]\nname = \"bee\"\n");
    let (_scratch, workspace) = workspace(&[
        ("Cargo.toml", root),
        ("a/Cargo.toml", &a),
        ("a/src/lib.rs", LIB),
        ("b-lib/Cargo.toml", &b),
        ("b-lib/src/lib.rs", LIB),
    ]);
    assert_eq!(
        edges(&workspace, "a"),
        [
            "a/Cargo.toml:7:1 Normal plain=plain plain@?",
            "a/Cargo.toml:8:1 Normal quoted=quoted quoted@?",
            "a/Cargo.toml:9:1 Normal inline=inline inline@? optional",
            "a/Cargo.toml:10:1 Normal dotted=dotted dotted@?",
            "a/Cargo.toml:11:1 Normal serde=serde serde@? from Cargo.toml:5:1",
            "a/Cargo.toml:12:1 Normal db=db sqlx@? optional from Cargo.toml:6:1",
            "a/Cargo.toml:13:1 Normal renamed=renamed tokio-postgres@?",
            "a/Cargo.toml:14:1 Normal b-lib=bee b-lib",
            "a/Cargo.toml:15:1 Normal b2=b2 b-lib",
            "a/Cargo.toml:17:15 Normal table=table table@?",
            "a/Cargo.toml:21:1 Dev plain=plain plain@?",
            "a/Cargo.toml:24:1 Build cc=cc cc@?",
            "a/Cargo.toml:27:1 Normal plain=plain plain@? cfg(any(unix, target_os = \"wasi\"))",
            "a/Cargo.toml:29:49 Dev winreg=winreg winreg@? \
             cfg(target = \"x86_64-pc-windows-msvc\")",
        ]
    );
    assert_eq!(spots(&workspace), [""; 0]);
    assert!(!_scratch.path("Cargo.lock").exists() && !_scratch.path("target").exists());
}

#[test]
fn the_older_spellings_with_underscores_count_too() {
    let text = "[package]\nname = \"old\"\nversion = \"0.1.0\"\nedition = \"2018\"\n\
                [dev_dependencies]\nproptest = \"1\"\n[build_dependencies]\ncc = \"1\"\n";
    let (_scratch, workspace) = workspace(&[("Cargo.toml", text), ("src/lib.rs", LIB)]);
    assert_eq!(
        edges(&workspace, "old"),
        [
            "Cargo.toml:6:1 Dev proptest=proptest proptest@?",
            "Cargo.toml:8:1 Build cc=cc cc@?",
        ]
    );
}

#[test]
fn a_package_has_its_name_claim_features_and_targets_in_place() {
    let text = package(
        "shop-cell",
        "build = \"make.rs\"\n\n[package.metadata.constitution]\nlayer = \"cell\"\nstate = \"dormant\"\n\n\
         [features]\nzeta = []\ndefault = [\"zeta\"]\n\n[lib]\ncrate-type = [\"cdylib\"]\n",
    );
    let (_scratch, workspace) = workspace(&[
        ("Cargo.toml", &text),
        ("src/lib.rs", LIB),
        ("src/bin/shop-tool.rs", "fn main() {}"),
        ("tests/all.rs", ""),
        ("benches/speed.rs", ""),
        ("examples/show.rs", "fn main() {}"),
        ("make.rs", "fn main() {}"),
    ]);
    let [package] = &workspace.graph.packages[..] else {
        panic!("one package");
    };
    assert_eq!(package.place.span.start.to_string(), "2:8");
    let claim = package.claim.unwrap();
    assert_eq!(
        (claim.start.to_string(), claim.end.to_string()),
        ("7:1".to_owned(), "9:18".to_owned())
    );
    let features = package.features.iter();
    let features: Vec<_> = features
        .map(|(name, place)| format!("{name} {}", place.span.start))
        .collect();
    assert_eq!(features, ["zeta 12:1", "default 13:1"]);
    let targets = package.targets.iter();
    let targets: Vec<_> = targets
        .map(|target| format!("{:?} {}", target.kind, target.crate_name))
        .collect();
    assert_eq!(
        targets,
        [
            "Lib shop_cell",
            "Bin shop_tool",
            "Example show",
            "Test all",
            "Bench speed",
            "BuildScript build_script_make",
        ]
    );
    assert!(
        package
            .targets
            .iter()
            .all(|target| target.root.is_file() && target.edition == 2021)
    );
}

const LOCK: &str = r#"version = 4

[[package]]
name = "config"
version = "0.14.1"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = [
 "log 0.4.1",
 "patched",
]

[[package]]
name = "log"
version = "0.3.9"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "log"
version = "0.4.1"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "patched"
version = "0.0.0"

[[package]]
name = "user"
version = "0.1.0"
dependencies = [
 "config",
 "log 0.3.9",
 "patched",
]
"#;

#[test]
fn members_are_known_by_name_and_version_and_by_patches() {
    let user = package(
        "user",
        "[dependencies]\nconfig = \"0.14\"\nlog = \"0.3\"\npatched = \"=0.0.0\"\nown = \"0.1\"\n",
    );
    let patched = package("patched", "").replace("0.1.0", "0.0.0");
    let (scratch, workspace) = workspace(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"[a-z]*\"]\n[patch.crates-io]\npatched = { path = \"patched\" }\n",
        ),
        ("user/Cargo.toml", &user),
        ("user/src/lib.rs", LIB),
        ("config/Cargo.toml", &package("config", "")),
        ("config/src/lib.rs", LIB),
        ("own/Cargo.toml", &package("own", "")),
        ("own/src/lib.rs", LIB),
        ("patched/Cargo.toml", &patched),
        ("patched/src/lib.rs", LIB),
        ("Cargo.lock", LOCK),
    ]);
    let expected = [
        "user/Cargo.toml:6:1 Normal config=config config@0.14.1",
        "user/Cargo.toml:7:1 Normal log=log log@0.3.9",
        "user/Cargo.toml:8:1 Normal patched=patched patched",
        "user/Cargo.toml:9:1 Normal own=own own",
    ];
    assert_eq!(edges(&workspace, "user"), expected);
    // What lies outside reaches the patched member too, at its line of the lock file.
    let [config, ..] = &workspace.graph.externals[..] else {
        panic!("there are externals");
    };
    let reached: Vec<_> = config
        .dependencies
        .iter()
        .map(|(node, place)| {
            let member = matches!(node, Node::Package(_));
            let start = place.unwrap().span.start;
            format!("{} {member} {start}", workspace.graph.name(*node))
        })
        .collect();
    assert_eq!(reached, ["log false 8:2", "patched true 9:2"]);

    // Without a lock file, and with the patch in cargo's configuration.
    std::fs::remove_file(scratch.path("Cargo.lock")).unwrap();
    scratch.write("Cargo.toml", "[workspace]\nmembers = [\"[a-z]*\"]\n");
    scratch.write(
        ".cargo/config.toml",
        "[patch.crates-io]\nalias = { package = \"patched\", path = \"patched\" }\n",
    );
    let workspace = read(Some(&scratch.path("Cargo.toml"))).unwrap();
    assert_eq!(
        edges(&workspace, "user"),
        [
            "user/Cargo.toml:6:1 Normal config=config config@?",
            "user/Cargo.toml:7:1 Normal log=log log@?",
            expected[2],
            expected[3],
        ]
    );
}

#[test]
fn a_patch_that_does_not_fit_redirects_nothing() {
    let user = package(
        "user",
        "[dependencies]\nengine = \"2\"\nother = { git = \"https://example.org/other.git\" }\n",
    );
    let (_scratch, workspace) = workspace(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"user\"]\nexclude = [\"engine\", \"other\"]\n\
             [patch.crates-io]\nengine = { path = \"engine\" }\n\
             [patch.\"https://Example.org/other\"]\nother = { path = \"other\" }\n",
        ),
        ("user/Cargo.toml", &user),
        ("user/src/lib.rs", LIB),
        ("engine/Cargo.toml", &package("engine", "")),
        ("engine/src/lib.rs", LIB),
        ("other/Cargo.toml", &package("other", "")),
        ("other/src/lib.rs", LIB),
    ]);
    assert_eq!(
        edges(&workspace, "user"),
        [
            "user/Cargo.toml:6:1 Normal engine=engine engine@?",
            "user/Cargo.toml:7:1 Normal other=other other!",
        ]
    );
}

#[test]
fn folders_outside_the_workspace_are_read_and_what_cannot_be_is_a_blind_spot() {
    let scratch = Scratch::new(&[
        (
            "ws/Cargo.toml",
            &package(
                "app",
                "[workspace]\n[dependencies]\nshared = { path = \"../nested/shared\" }\n\
                 lonely = { path = \"../torn/lonely\" }\n",
            ),
        ),
        ("ws/src/lib.rs", LIB),
        // A workspace of its own, with a package of the same name as ours.
        (
            "nested/Cargo.toml",
            "[workspace]\nmembers = [\"shared\", \"app\"]\n\
             [workspace.dependencies]\nsqlx = \"0.8\"\n",
        ),
        (
            "nested/shared/Cargo.toml",
            &package(
                "shared",
                "[dependencies]\napp = { path = \"../app\" }\nsqlx.workspace = true\n",
            ),
        ),
        ("nested/shared/src/lib.rs", LIB),
        ("nested/app/Cargo.toml", &package("app", "")),
        ("nested/app/src/lib.rs", LIB),
        // Cargo refuses it: the workspace around it does not list it.
        (
            "torn/Cargo.toml",
            "[workspace]\n[workspace.package]\nversion = \"3.0.0\"\n\
             [workspace.dependencies]\nredis = \"0.25\"\n",
        ),
        (
            "torn/lonely/Cargo.toml",
            "[package]\nname = \"lonely\"\nversion.workspace = true\nedition = \"2024\"\n\
             [lib]\nname = \"solo\"\n[dependencies]\nredis = { workspace = true }\n\
             gone = { path = \"gone\" }\n",
        ),
        ("torn/lonely/src/lib.rs", LIB),
    ]);
    let workspace = read(Some(&scratch.path("ws/Cargo.toml"))).unwrap();
    assert_eq!(
        edges(&workspace, "app"),
        [
            "Cargo.toml:7:1 Normal shared=shared shared!",
            "Cargo.toml:8:1 Normal lonely=solo lonely!",
        ]
    );
    assert_eq!(
        edges(&workspace, "shared"),
        [
            "../nested/shared/Cargo.toml:6:1 Normal app=app app!",
            "../nested/shared/Cargo.toml:7:1 Normal sqlx=sqlx sqlx@? from ../nested/Cargo.toml:4:1",
        ]
    );
    assert_eq!(
        edges(&workspace, "lonely"),
        [
            "../torn/lonely/Cargo.toml:8:1 Normal redis=redis redis@? from ../torn/Cargo.toml:5:1",
            "../torn/lonely/Cargo.toml:9:1 Normal gone=gone gone@?",
        ]
    );
    let packages = workspace.graph.packages.iter();
    let packages: Vec<_> = packages
        .map(|package| (&*package.name, &*package.version, package.member))
        .collect();
    assert_eq!(
        packages,
        [
            ("app", "0.1.0", false),
            ("app", "0.1.0", true),
            ("lonely", "3.0.0", false),
            ("shared", "0.1.0", false),
        ]
    );
    let [spot] = &spots(&workspace)[..] else {
        panic!("one blind spot: {:?}", spots(&workspace));
    };
    assert!(spot.starts_with("../torn/lonely/Cargo.toml:9:1 `gone` is not read"));
}

#[test]
fn a_lock_file_that_cannot_be_read_is_a_blind_spot() {
    let user = package("user", "[dependencies]\nlog = \"0.4\"\n");
    let scratch = Scratch::new(&[("Cargo.toml", &user), ("src/lib.rs", LIB)]);
    for (text, place) in [
        ("version = 4\n<<<<<<< ours\n", "Cargo.lock:2:9"),
        (
            "[[package]]\nname = \"log\"\nversion = \"four\"\n",
            "Cargo.lock:1:1",
        ),
        (
            "[[package]]\nname = \"log\"\nversion = \"0.4.0\"\ndependencies = [\"absent\"]\n",
            "Cargo.lock:4:17",
        ),
    ] {
        scratch.write("Cargo.lock", text);
        let workspace = read(Some(&scratch.path("Cargo.toml"))).unwrap();
        let [spot] = &spots(&workspace)[..] else {
            panic!("one blind spot for {text}");
        };
        assert!(spot.starts_with(place), "{spot}");
        assert_eq!(
            edges(&workspace, "user"),
            ["Cargo.toml:6:1 Normal log=log log@?"]
        );
    }
}

#[test]
fn errors_say_which_file_and_the_way_out() {
    let scratch = Scratch::new(&[("Cargo.toml", "[package\n")]);
    let said = refused(&scratch).to_string();
    assert!(
        said.contains("Cargo.toml") && said.contains("[package"),
        "{said}"
    );

    let folder = read(Some(&scratch.path("."))).unwrap_err();
    assert!(folder.to_string().contains("it is not a file"), "{folder}");
    let absent = read(Some(&scratch.path("no/Cargo.toml"))).unwrap_err();
    assert!(absent.to_string().contains("no/Cargo.toml"), "{absent}");
    let help = miette::Diagnostic::help(&absent).map(|help| help.to_string());
    assert!(help.is_some_and(|help| help.contains("--manifest-path")));
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    let deep = format!("a = {}1{}\n", "[".repeat(50_000), "]".repeat(50_000));
    let scratch = Scratch::new(&[("Cargo.toml", &package("a", &deep)), ("src/lib.rs", LIB)]);
    assert!(matches!(refused(&scratch), WorkspaceError::Refused { .. }));

    let cfg = format!("cfg({}unix{})", "not(".repeat(2_000), ")".repeat(2_000));
    let deep = package(
        "a",
        &format!("[target.'{cfg}'.dependencies]\nlog = \"1\"\n"),
    );
    scratch.write("Cargo.toml", &deep);
    assert!(matches!(refused(&scratch), WorkspaceError::Output { .. }));

    scratch.write("Cargo.toml", &package("a", ""));
    let key = vec!["a"; 79].join(".");
    let lock = format!("{}1{}", format!("{{ {key} = ").repeat(79), " }".repeat(79));
    scratch.write("Cargo.lock", &format!("{key} = {lock}\n"));
    read(Some(&scratch.path("Cargo.toml"))).unwrap();
}

#[cfg(unix)]
mod hostile;
