//! Ways of getting a breach past the gate in one change, each tried on a repository and each refused.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fixture::Workspace;
use crate::records::Office;
use crate::repository::Repository;
use crate::support::{self, Run, check};

/// A lawful workspace with a law that has something of everything.
const BASE: &str = r#"
//- crate:organelle-money
pub struct Cents(pub u64);
//- crate:cell-orders deps:organelle-money
mod archive;
pub use archive::{Archive, Order};
//- crates/cell-orders/src/archive.rs
pub struct Order { pub number: u64 }
pub trait Archive { fn keep(&self, order: Order); }
pub fn last(orders: &[Order]) -> Option<&Order> { orders.last() }
//- crate:ledger layer:cell
pub struct Entry;
//- crate:helpers layer:neutral
pub struct Anything;
//- crate:shop-stock at:crates/domain/stock
pub struct Item { pub count: u64 }
pub fn empty(item: &Item) -> bool { item.count == 0 }
//- crate:till
pub mod core;
pub mod sales;
//- crates/till/src/core.rs
pub struct Sale { pub number: u64 }
pub fn first(sales: &[Sale]) -> Option<&Sale> { sales.first() }
pub fn number(sale: &Sale) -> std::num::NonZeroU64 { sale.number.try_into().expect("no zero") }
//- crates/till/src/sales.rs
pub struct Shown;
//- crate:runtime-tenant-context structure:RUNTIME-TENANT-CONTEXT-v0.1.0
pub struct Context;
//- crate:app deps:cell-orders,ledger kind:bin layer:composition
fn main() {}
//- constitution.toml
[[layer]]
name = "domain"
plane = "capability"

[[assign]]
layer = "domain"
packages = ["shop-*"]
paths = ["crates/domain/**"]
modules = ["till::core::**"]

[[assign]]
layer = "composition"
modules = ["till::**"]

[[confine]]
packages = ["regex"]
to = ["domain"]

[[structure]]
id = "RUNTIME-TENANT-CONTEXT-v0.1.0"
state = "dormant"

[engines.database]
packages = ["house-db"]

[rules.engine-reference]
tests = "breach"
"#;

const ENGINE: &str = "//- crate:cell-orders deps:organelle-money,sqlx\nmod archive;\n\
    pub use archive::{Archive, Order};\npub fn connect(_: sqlx::PgPool) {}\n";

/// One way: what the change does, and what must be found.
struct Way {
    name: &'static str,
    /// In the fixture language: what these files say after the change; the members stay those of the base.
    files: String,
    /// What is taken away or made beside, in the folder.
    further: fn(&Path),
    /// Whether the gate would be passed without a base.
    alone: bool,
    rule: &'static str,
}

impl Way {
    fn new(name: &'static str, files: impl Into<String>) -> Self {
        Self {
            name,
            files: files.into(),
            further: |_| {},
            alone: true,
            rule: "weakened-law",
        }
    }

    fn and(self, further: fn(&Path)) -> Self {
        Self { further, ..self }
    }

    /// Found by this rule whether or not there is a base.
    fn found_by(self, rule: &'static str) -> Self {
        Self {
            alone: false,
            rule,
            ..self
        }
    }

    fn attempt(&self, base: &Path) -> Result<(), String> {
        let folder = copy(base);
        let root = folder.path();
        if !self.files.is_empty() {
            let change = Workspace::parse(&self.files)?;
            for (path, text) in change.files {
                if path != "Cargo.toml" || self.files.contains("//- Cargo.toml") {
                    put(root, &path, &text);
                }
            }
        }
        (self.further)(root);
        Repository(root).commit();
        if self.alone {
            let run = check(root).args(["--no-cache"]).run();
            if run.code != 0 {
                return Err(format!("alone it is refused already:\n{}", said(&run)));
            }
        }
        let run = check(root).args(["--no-cache", "--base", "HEAD~1"]).run();
        let report = run.report()?;
        let found = report.all().any(|it| it.rule == self.rule);
        let refused = matches!(run.code, 1 | 3);
        (refused && found)
            .then_some(())
            .ok_or_else(|| format!("exit {}, no {}:\n{}", run.code, self.rule, said(&run)))
    }
}

fn said(run: &Run) -> String {
    match run.report() {
        Ok(report) => report
            .all()
            .map(|it| format!("{}:{} {} {}\n", it.file, it.line, it.rule, it.message))
            .collect(),
        Err(error) => error,
    }
}

fn copy(from: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for entry in walkdir::WalkDir::new(from).min_depth(1) {
        let entry = entry.expect("a folder can be listed");
        let inside = entry.path().strip_prefix(from).expect("it lies below");
        let to = folder.path().join(inside);
        if entry.file_type().is_dir() {
            fs::create_dir_all(to).expect("a folder can be made");
        } else {
            fs::copy(entry.path(), to).expect("a file can be copied");
        }
    }
    folder
}

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("it can be made");
    fs::write(path, text).expect("it can be written");
}

fn law() -> &'static str {
    BASE.split_once("//- constitution.toml\n")
        .expect("it has one")
        .1
}

/// The law after `from` was replaced, and further files.
fn amended(from: &str, to: &str, files: &str) -> String {
    assert!(law().contains(from), "{from}");
    format!("//- constitution.toml\n{}{files}", law().replace(from, to))
}

/// The law with more of it, the engine in the cell, and further files.
fn with(more: &str) -> String {
    format!("//- constitution.toml\n{}\n{more}\n{ENGINE}", law())
}

fn edit(root: &Path, path: &str, from: &str, to: &str) {
    let text = fs::read_to_string(root.join(path)).expect("it is there");
    assert!(text.contains(from), "{path}: {from}");
    put(root, path, &text.replace(from, to));
}

fn rename(root: &Path, from: &str, to: &str) {
    let to = root.join(to);
    fs::create_dir_all(to.parent().expect("it lies in a folder")).expect("it can be made");
    fs::rename(root.join(from), to).expect("it can be renamed");
}

fn base() -> tempfile::TempDir {
    let folder = Workspace::parse(BASE).expect("it is a fixture").unfold();
    let repository = Repository::new(folder.path());
    repository.commit();
    folder
}

fn attempt(ways: &[Way]) {
    let base = base();
    let results = support::in_parallel(ways, |way| way.attempt(base.path()));
    let problems: Vec<String> = (ways.iter().zip(results))
        .filter_map(|(way, result)| Some(format!("{}: {}", way.name, result.err()?)))
        .collect();
    support::none(&problems);
}

const ENGINE_RULES: [&str; 2] = ["engine-dependency", "engine-reference"];

fn levels(level: &str) -> String {
    let rules = ENGINE_RULES.map(|rule| format!("[rules.{rule}]\nlevel = \"{level}\"\n"));
    let tests = "[rules.engine-reference]\ntests = \"breach\"\n";
    let law = law().replace(tests, "");
    format!("//- constitution.toml\n{law}\n{}{ENGINE}", rules.concat())
}

#[test]
fn levels_options_and_the_law_as_a_whole() {
    let test_code = "//- crate:cell-orders deps:organelle-money,dev:sqlx\nmod archive;\n\
        pub use archive::{Archive, Order};\n#[cfg(test)]\nmod tests { fn a(_: sqlx::PgPool) {} }\n";
    attempt(&[
        Way::new("a level is lowered", levels("note")),
        Way::new("a rule is switched off", levels("off")),
        Way::new(
            "an option is loosened",
            amended("tests = \"breach\"", "tests = \"note\"", test_code),
        ),
        Way::new(
            "the law starts from nothing",
            format!(
                "//- constitution.toml\nextends = \"none\"\n[[layer]]\nname = \"all\"\nplane = \"composition\"\n\
                 [[layer]]\nname = \"cell\"\nplane = \"composition\"\n[[layer]]\nname = \"neutral\"\nplane = \"neutral\"\n\
                 [[layer]]\nname = \"composition\"\nplane = \"composition\"\n\
                 [[assign]]\nlayer = \"all\"\npackages = [\"*\"]\n{ENGINE}"
            ),
        ),
        Way::new(
            "the weakening is not to be found either",
            format!(
                "{}\n[rules.weakened-law]\nlevel = \"off\"\n",
                levels("note").replace(ENGINE, "")
            ) + ENGINE,
        ),
        Way::new(
            "an exception is written into the law",
            with("[[exception]]\nrule = \"engine-dependency\"\n"),
        )
        .found_by("weakened-law"),
    ]);
}

#[test]
fn layers_and_what_they_may_do() {
    let engine_in_domain = "//- crate:shop-stock deps:sqlx at:crates/domain/stock\n\
        pub struct Item { pub count: u64 }\npub fn store(_: sqlx::PgPool) {}\n";
    let up = "//- crate:shop-stock deps:cell-orders at:crates/domain/stock\npub struct Item;\n";
    let through = "//- crate:helpers deps:sqlx layer:neutral\npub struct Anything;\n\
        //- crate:cell-orders deps:organelle-money,helpers\nmod archive;\npub use archive::{Archive, Order};\n";
    let domain = "plane = \"capability\"";
    attempt(&[
        Way::new(
            "a layer leaves its plane",
            amended(domain, "plane = \"composition\"", engine_in_domain),
        ),
        Way::new(
            "a layer is allowed an engine",
            amended(
                domain,
                &format!("{domain}\nallows = [\"database\"]"),
                engine_in_domain,
            ),
        ),
        Way::new(
            "a layer may look up",
            amended(domain, &format!("{domain}\nmay-depend-on = [\"cell\"]"), up),
        ),
        Way::new(
            "a neutral layer no longer carries",
            amended(
                "[[confine]]",
                "[[layer]]\nname = \"neutral\"\ncarries = false\n\n[[confine]]",
                through,
            ),
        ),
        Way::new(
            "a new layer does not carry",
            amended(
                "[[assign]]\nlayer = \"domain\"",
                "[[layer]]\nname = \"vendor\"\nplane = \"neutral\"\ncarries = false\n\n\
                 [[assign]]\nlayer = \"domain\"",
                &through
                    .replace("helpers", "vendor")
                    .replace("layer:neutral", "layer:vendor"),
            ),
        )
        .and(|root| {
            edit(
                root,
                "Cargo.toml",
                "members = [",
                "members = [\n    \"crates/vendor\",",
            )
        }),
        Way::new(
            "the state of a structure is loosened",
            amended("state = \"dormant\"", "state = \"activated\"", ""),
        ),
        Way::new(
            "an engine is none any more",
            amended(
                "packages = [\"house-db\"]",
                "packages = [\"other-db\"]",
                &ENGINE
                    .replace("sqlx", "house-db")
                    .replace("house-db::", "house_db::"),
            ),
        ),
        Way::new(
            "an engine is of a harmless kind",
            amended(
                "plane = \"capability\"",
                "plane = \"capability\"\nallows = [\"harmless\"]",
                engine_in_domain,
            )
            .replace(
                "[engines.database]",
                "[engines.harmless]\npackages = [\"sqlx\"]\n\n[engines.database]",
            ),
        ),
    ]);
}

#[test]
fn assignments_confinements_and_what_is_read() {
    let confined = "//- crate:ledger deps:regex layer:cell\npub struct Entry;\n";
    let confine = "[[confine]]\npackages = [\"regex\"]\nto = [\"domain\"]\n";
    let evil = "//- crate:shop-evil deps:sqlx\npub fn a(_: sqlx::PgPool) {}\n";
    let member = |root: &Path| {
        edit(
            root,
            "Cargo.toml",
            "members = [",
            "members = [\n    \"crates/shop-evil\",",
        );
    };
    attempt(&[
        Way::new("a package is assigned elsewhere", with("[[assign]]\nlayer = \"composition\"\npackages = [\"cell-orders\"]\n")),
        Way::new(
            "a package claims another layer",
            ENGINE.replace("//- crate:cell-orders", "//- crate:cell-orders layer:composition"),
        ),
        Way::new(
            "a claim is dropped for an assignment",
            format!(
                "//- constitution.toml\n{}\n[[assign]]\nlayer = \"composition\"\npackages = [\"ledger\"]\n\
                 //- crate:ledger deps:sqlx\npub fn a(_: sqlx::PgPool) {{}}\n",
                law()
            ),
        ),
        Way::new(
            "a selector is narrowed before it bites",
            amended("packages = [\"shop-*\"]", "packages = [\"shop-stock\"]", evil)
                .replace("layer = \"composition\"\n", "layer = \"composition\"\npackages = [\"shop-evil\"]\n"),
        )
        .and(member),
        Way::new(
            "a module is assigned elsewhere",
            amended("\nmodules = [\"till::core::**\"]", "", "//- crates/till/src/core.rs\npub fn a() { let _ = std::fs::read(\"a\"); }\n"),
        ),
        Way::new(
            "a module gets a new name",
            format!("//- constitution.toml\n{}//- crates/till/src/lib.rs\npub mod heart;\npub mod sales;\n", law()),
        )
        .and(|root| {
            rename(root, "crates/till/src/core.rs", "crates/till/src/heart.rs");
            let heart = "crates/till/src/heart.rs";
            edit(root, heart, "pub struct Sale", "use std::fs::File;\npub struct Sale");
            edit(root, "constitution.toml", "modules = [\"till::core::**\"]\n", "");
        }),
        Way::new("a confinement is taken out", amended(confine, "", confined)),
        Way::new("a confinement is widened", amended("to = [\"domain\"]", "to = [\"domain\", \"ledger\"]", confined)),
        Way::new(
            "written code need not be read",
            with("[generated]\npackages = [\"cell-orders\"]\n").replace(ENGINE, "")
                + "//- crate:cell-orders deps:organelle-money\nmod archive;\npub use archive::{Archive, Order};\n\
                   include!(concat!(env!(\"OUT_DIR\"), \"/a.rs\"));\n//- crates/cell-orders/build.rs\nfn main() {}\n",
        ),
    ]);
}

#[test]
fn names_and_folders() {
    fn into(root: &Path, name: &str, law: &str) {
        rename(root, "crates/cell-orders", &format!("crates/{name}"));
        let manifest = format!("crates/{name}/Cargo.toml");
        edit(
            root,
            &manifest,
            "name = \"cell-orders\"",
            &format!("name = \"{name}\""),
        );
        edit(
            root,
            "Cargo.toml",
            "crates/cell-orders",
            &format!("crates/{name}"),
        );
        edit(root, "crates/app/Cargo.toml", "cell-orders", name);
        let text = fs::read_to_string(root.join("constitution.toml")).expect("it is there");
        put(root, "constitution.toml", &format!("{text}\n{law}"));
    }
    attempt(&[
        Way::new("a package gets a new name and another layer", ENGINE).and(|root| {
            into(root, "orders", "[[assign]]\nlayer = \"composition\"\npackages = [\"orders\"]\n");
        }),
        Way::new("a package gets a name of another layer", ENGINE).and(|root| {
            into(root, "organism-orders", "");
        }),
        Way::new("only a shell is left of a package", "//- crate:orders deps:sqlx layer:composition\n\
            mod archive;\npub fn connect(_: sqlx::PgPool) {}\n").and(|root| {
            rename(root, "crates/cell-orders/src/archive.rs", "crates/orders/src/archive.rs");
            put(root, "crates/cell-orders/src/lib.rs", "");
            edit(root, "Cargo.toml", "members = [", "members = [\n    \"crates/orders\",");
        }),
        Way::new("a package moves to another folder", "//- crate:shop-stock deps:sqlx at:apps/stock\n\
            pub struct Item { pub count: u64 }\npub fn store(_: sqlx::PgPool) {}\n").and(|root| {
            fs::remove_dir_all(root.join("crates/domain")).expect("it was there");
            edit(root, "Cargo.toml", "crates/domain/stock", "apps/stock");
            let law = "[[assign]]\nlayer = \"composition\"\npaths = [\"apps/**\"]\n\n[[assign]]\nlayer = \"domain\"";
            edit(root, "constitution.toml", "[[assign]]\nlayer = \"domain\"", law);
            edit(root, "constitution.toml", "paths = [\"crates/domain/**\"]\n", "");
            edit(root, "constitution.toml", "packages = [\"shop-*\"]\n", "");
        }),
    ]);
}

/// Nobody depends on the cell any more.
fn unneeded(root: &Path) {
    let manifest = fs::read_to_string(root.join("crates/app/Cargo.toml")).expect("it is there");
    let others = manifest
        .lines()
        .filter(|line| !line.starts_with("cell-orders ="));
    let others: Vec<&str> = others.collect();
    put(
        root,
        "crates/app/Cargo.toml",
        &format!("{}\n", others.join("\n")),
    );
}

/// Takes the cell out of the workspace, which excludes it.
fn exclude(root: &Path) {
    edit(root, "Cargo.toml", "    \"crates/cell-orders\",\n", "");
    let text = fs::read_to_string(root.join("Cargo.toml")).expect("it is there");
    put(
        root,
        "Cargo.toml",
        &format!("{text}exclude = [\"crates/cell-orders\"]\n"),
    );
    unneeded(root);
}

#[test]
fn packages_that_are_hidden() {
    attempt(&[
        Way::new("an exclude is widened", ENGINE).and(exclude),
        Way::new("a package is no member", ENGINE).and(|root| {
            edit(root, "Cargo.toml", "    \"crates/cell-orders\",\n", "");
            unneeded(root);
        }),
        Way::new("a package is a workspace of its own", ENGINE).and(|root| {
            exclude(root);
            let manifest = "crates/cell-orders/Cargo.toml";
            let text = fs::read_to_string(root.join(manifest)).expect("it is there");
            put(root, manifest, &format!("{text}\n[workspace]\n"));
        }),
        Way::new("a package is hidden under a new name", ENGINE).and(|root| {
            exclude(root);
            edit(
                root,
                "crates/cell-orders/Cargo.toml",
                "name = \"cell-orders\"",
                "name = \"orders\"",
            );
            rename(root, "crates/cell-orders", "tools/orders");
        }),
        Way::new(
            "a new package is kept out",
            "//- crate:cell-evil deps:sqlx\npub fn a(_: sqlx::PgPool) {}\n",
        )
        .and(|root| {
            put(root, "crates/cell-evil/src/main.rs", "[workspace]");
            edit(
                root,
                "crates/cell-evil/Cargo.toml",
                "[dependencies]",
                "[workspace]\n[dependencies]",
            );
        }),
        Way::new("a package is a submodule", "").and(|root| {
            exclude(root);
            let other = root.join("crates/cell-orders");
            fs::remove_dir_all(&other).expect("it was there");
            fs::create_dir_all(&other).expect("it can be made");
            Repository(root).git(&["rm", "-r", "--cached", "--quiet", "crates/cell-orders"]);
            let repository = Repository::new(&other);
            put(&other, "file", "content");
            repository.commit();
        }),
        #[cfg(unix)]
        Way::new("a package is a link", "").and(|root| {
            exclude(root);
            rename(root, "crates/cell-orders", "away/orders");
            fs::remove_dir_all(root.join("away")).expect("it was there");
            let to = root.join("crates/cell-orders");
            std::os::unix::fs::symlink("../../elsewhere", to).expect("a link can be made");
        }),
    ]);
}

#[test]
fn files_that_pretend() {
    attempt(&[
        Way::new("attributes hide a source", format!(
            "{ENGINE}//- .gitattributes\n*.rs -diff -text filter=x linguist-generated export-ignore\nCargo.toml merge=ours\n"
        ))
        .found_by("engine-reference"),
        #[cfg(unix)]
        Way::new("a source is a link that leads out", "").and(|root| {
            let archive = root.join("crates/cell-orders/src/archive.rs");
            fs::remove_file(&archive).expect("it was there");
            std::os::unix::fs::symlink("../../../../archive.rs", archive).expect("a link can be made");
        })
        .found_by("blind-spot"),
        #[cfg(unix)]
        Way::new("the law is a link to a laxer one", ENGINE).and(|root| {
            rename(root, "constitution.toml", "lax.toml");
            let text = fs::read_to_string(root.join("lax.toml")).expect("it is there");
            put(root, "lax.toml", &format!("{text}\n[[assign]]\nlayer = \"composition\"\npackages = [\"cell-orders\"]\n"));
            std::os::unix::fs::symlink("lax.toml", root.join("constitution.toml")).expect("a link can be made");
        }),
        Way::new("the law is gone, and with it its engine", ENGINE.replace("sqlx", "house-db").replace("house-db::", "house_db::")).and(|root| {
            fs::remove_file(root.join("constitution.toml")).expect("it was there");
        }),
        Way::new("files are named like the cache", ENGINE).and(|root| {
            for name in ["facts", "outcome", "key"] {
                put(root, &format!("target/constitution/{name}"), "lawful");
            }
            Repository(root).git(&["add", "--force", "target/constitution"]);
        })
        .found_by("engine-reference"),
    ]);
}

#[test]
fn a_cache_that_comes_along_is_not_believed() {
    let base = base();
    let poison = |root: &Path| -> PathBuf { root.join("target/constitution") };
    let lawful = copy(base.path());
    // Whoever makes the poison has the program, but not the key of who checks.
    let home = tempfile::tempdir().expect("a folder");
    let elsewhere = home.path().to_str().expect("a path of plain letters");
    let run = check(lawful.path()).env("XDG_CACHE_HOME", elsewhere).run();
    assert_eq!(run.code, 0, "{}", said(&run));
    let change = copy(base.path());
    put(
        change.path(),
        "crates/cell-orders/src/archive.rs",
        "pub struct Order;\npub trait Archive { fn a(&self, _: sqlx::PgPool); }\n",
    );
    edit(
        change.path(),
        "crates/cell-orders/Cargo.toml",
        "[dependencies]",
        "[dependencies]\nsqlx = \"*\"",
    );
    fs::create_dir_all(poison(change.path())).expect("it can be made");
    for name in ["facts", "outcome"] {
        let from = poison(lawful.path()).join(name);
        fs::copy(from, poison(change.path()).join(name)).expect("it can be copied");
    }
    let run = check(change.path()).args(["--base", "HEAD"]).run();
    let report = run.report().expect("a report");
    assert!(
        report
            .findings
            .iter()
            .any(|it| it.rule == "engine-reference"),
        "{}",
        said(&run)
    );
    assert_eq!(run.code, 1);
}

#[test]
fn leave_is_given_by_who_could_give_it_at_the_base() {
    let everything = "namespaces=\"*@cargo-constitution\"";
    let office = Office::new(
        "//- crate:cell layer:cell\n//- crate:organ layer:organ\n//- constitution.toml\n\
         [rules.upward-dependency]\nlevel = \"breach\"\nexceptable = true\n",
        &[("founder", everything), ("stranger", everything)],
    );
    const SIGNERS: &str = ".constitution/allowed_signers";
    let all = office.read(SIGNERS);
    let line = |who: &str| {
        let mut lines = all.lines().filter(|line| line.starts_with(who));
        format!("{}\n", lines.next().expect("everybody has a line"))
    };
    office.write(SIGNERS, &line("founder"));
    Repository::new(office.root()).commit();
    let manifest = office.read("crates/cell/Cargo.toml");
    let dependency = "\n[dependencies]\norgan = { path = \"../organ\" }\n";
    office.write("crates/cell/Cargo.toml", &format!("{manifest}{dependency}"));
    // Who signs, whose key the change brings, and the exit code without a base and with it.
    for (who, signers, alone, code) in [
        ("founder", line("founder"), 0, 0),
        ("stranger", line("stranger"), 0, 1),
        ("founder", all.clone(), 0, 1),
    ] {
        office.write(SIGNERS, &line(who));
        let report = office.check("2026-11-23");
        let found = report["findings"][0]["fingerprint"].as_str();
        let found = found.expect("it has one").to_owned();
        let wanted = "--reason on_its_way --owner ada --expires 2026-12-31";
        let run = office.run("2026-11-23", &format!("exception request {found} {wanted}"));
        assert_eq!(run.code, 0, "{}", run.stderr);
        let folder = office.path(".constitution/exceptions");
        let record = support::files(&folder, "toml").remove(0);
        let name = record.strip_prefix(office.root()).expect("it lies below");
        let name = name.to_str().expect("a path of plain letters");
        office.sign(who, "exception", name);
        office.write(SIGNERS, &signers);
        let run = office.run("2026-11-23", "check --format json");
        assert_eq!(run.code, alone, "{who}: {}", said(&run));
        let run = office.run("2026-11-23", "check --format json --base HEAD");
        assert_eq!(run.code, code, "{who}: {}", said(&run));
        fs::remove_dir_all(folder).expect("it is there");
    }
}

#[test]
fn the_founder_signs_for_a_weaker_law_and_nobody_else() {
    let everything = "namespaces=\"*@cargo-constitution\"";
    let office = Office::new(
        "//- crate:cell layer:cell\n//- constitution.toml\n[rules.engine-reference]\nlevel = \"breach\"\n",
        &[("founder", everything), ("stranger", everything)],
    );
    const SIGNERS: &str = ".constitution/allowed_signers";
    let all = office.read(SIGNERS);
    let founder = all.lines().find(|line| line.starts_with("founder"));
    office.write(SIGNERS, &format!("{}\n", founder.expect("a line")));
    Repository::new(office.root()).commit();
    let law = |level: &str| {
        let text =
            format!("extends = \"webwaka\"\n[rules.engine-reference]\nlevel = \"{level}\"\n");
        office.write("constitution.toml", &text);
    };
    let check = || office.run("2026-11-23", "check --format json --base HEAD");
    // The level that is asked for, who signs, the level that comes, and the exit code.
    for (asked, who, brought, code) in [
        ("warning", "founder", "warning", 0),
        ("warning", "stranger", "warning", 1),
        ("warning", "founder", "off", 1),
    ] {
        law(asked);
        let run = check();
        let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("a report");
        let found = &report["findings"][0];
        assert_eq!((run.code, &found["rule"]), (1, &"weakened-law".into()));
        let found = found["fingerprint"].as_str().expect("it has one");
        let wanted = "--reason agreed --owner ada --expires 2026-12-31 --base HEAD";
        let request = format!("exception request {found} {wanted}");
        let run = office.run("2026-11-23", &request);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let folder = office.path(".constitution/exceptions");
        let record = support::files(&folder, "toml").remove(0);
        let name = record.strip_prefix(office.root()).expect("it lies below");
        office.sign(who, "exception", name.to_str().expect("plain letters"));
        law(brought);
        let run = check();
        assert_eq!(run.code, code, "{asked} {who} {brought}: {}", said(&run));
        fs::remove_dir_all(folder).expect("it is there");
        fs::remove_file(office.path(".constitution/ledger.jsonl")).expect("it is there");
    }
}
