//! Who gets which layer, and on whose word.

use std::path::{Path, PathBuf};

use super::*;
use crate::constitution::{Draft, State};
use crate::facts::graph::{External, Graph, Package};
use crate::facts::reference::Module;
use crate::text::{Place, Sources, Text};

/// A workspace of packages (`name folder`, with `!` before those outside of it) and modules
/// (`package path`, with `!` before those without code).
struct World {
    law: Constitution,
    claims: Vec<Option<Claim>>,
    facts: Facts,
    layering: Layering,
}

impl World {
    fn new(law: &str, packages: &[(&str, &str)], modules: &[(&str, &str)]) -> Self {
        Self::with_claims(law, packages, modules, &[])
    }

    fn with_claims(
        law: &str,
        packages: &[(&str, &str)],
        modules: &[(&str, &str)],
        claims: &[(&str, &str)],
    ) -> Self {
        let mut sources = Sources::new(PathBuf::from("/w"));
        let file = sources.add(Path::new("/w/constitution.toml"));
        let draft = Draft::parse(&Text::new(law.to_owned()), file, "law", &[]);
        assert_eq!(draft.mistakes, Vec::new());
        let law = draft.law;
        let packages: Vec<Package> = packages
            .iter()
            .map(|(name, folder)| Package {
                name: (*name).to_owned(),
                version: "0.1.0".to_owned(),
                member: !folder.starts_with(".."),
                folder: match folder.strip_prefix("../") {
                    Some(outside) => Path::new("/").join(outside),
                    None => Path::new("/w").join(folder),
                },
                manifest: file,
                place: Place::top(file),
                claim: None,
                features: Vec::new(),
                enables: std::collections::BTreeMap::new(),
                targets: Vec::new(),
            })
            .collect();
        let id = |name: &str| {
            let at = packages.iter().position(|package| package.name == name);
            PackageId(at.expect("a package of this name"))
        };
        let modules = modules.iter().map(|(package, path)| Module {
            package: id(package),
            target: 0,
            path: path.trim_start_matches('!').to_owned(),
            parent: None,
            place: Place::top(file),
            test: false,
            has_code: !path.starts_with('!'),
        });
        let modules = modules.collect();
        let mut read = vec![None; packages.len()];
        for (name, keys) in claims {
            let manifest = format!("[package.metadata.constitution]\n{keys}\n");
            let claim = Claim::read(&law, &Text::new(manifest), file);
            read[id(name).0] = claim.expect("no mistake");
        }
        let facts = Facts {
            sources,
            graph: Graph {
                packages,
                externals: vec![External {
                    name: "reqwest".to_owned(),
                    version: None,
                    dependencies: Vec::new(),
                    foreign: None,
                }],
                edges: Vec::new(),
            },
            modules,
            referents: Vec::new(),
            references: Vec::new(),
            surface: crate::facts::surface::Surface::default(),
            literals: Vec::new(),
            branches: Vec::new(),
            routines: Vec::new(),
            blind_spots: Vec::new(),
            generated: Vec::new(),
            strays: Vec::new(),
            files: 0,
        };
        let layering = Layering::new(&law, &read, &[], &facts);
        Self {
            law,
            claims: read,
            facts,
            layering,
        }
    }

    fn shown(&self, assigned: Option<&Assigned>) -> String {
        let Some(assigned) = assigned else {
            return "none".to_owned();
        };
        let layer = &self.law.layer(assigned.layer).name;
        let structure = assigned.structure.as_deref().unwrap_or("-");
        format!("{layer} {structure}: {}", assigned.because)
    }

    /// `layer structure: because`
    fn package(&self, name: &str) -> String {
        let mut packages = self.facts.graph.packages.iter();
        let at = packages.position(|package| package.name == name);
        let id = PackageId(at.expect("a package"));
        self.shown(self.layering.package(id))
    }

    fn module(&self, path: &str) -> String {
        let mut modules = self.facts.modules.iter();
        let at = modules.position(|module| module.path == path);
        let at = u32::try_from(at.expect("a module")).expect("few modules");
        self.shown(self.layering.module(ModuleId(at)))
    }
}

const NONE: &str = r#"
extends = "none"
[[layer]]
name = "domain"
plane = "capability"
[[layer]]
name = "infra"
plane = "runtime"
"#;

#[test]
fn names_alone_give_layers_under_the_built_in_law() {
    let world = World::new(
        "extends = \"webwaka\"",
        &[
            ("webwaka-cell-x", "a"),
            ("organ-y", "b"),
            ("webwaka-runtime-adapter-database", "c"),
            ("runtime-odd", "../d"),
            ("tool", "e"),
        ],
        &[("organ-y", "organ_y")],
    );
    assert_eq!(world.package("webwaka-cell-x"), "cell -: its name");
    assert_eq!(
        world.package("webwaka-runtime-adapter-database"),
        "runtime RUNTIME-ADAPTER-DATABASE: its name"
    );
    assert_eq!(
        world.package("runtime-odd"),
        "runtime runtime-odd: its name"
    );
    assert_eq!(world.package("tool"), "none");
    assert_eq!(world.module("organ_y"), "organ -: its name");
    assert!(world.layering.anything_claimed());
    assert!(world.layering.dead_selectors().is_empty());
    let state = world.layering.standing().state("RUNTIME-ADAPTER-DATABASE");
    assert_eq!(state, Some(State::Dormant));
}

#[test]
fn a_manifest_beats_the_file_and_the_file_beats_the_name() {
    let law = r#"
[[assign]]
layer = "tissue"
structure = "WEAVE"
packages = ["cell-*"]
"#;
    let packages = [("cell-a", "a"), ("cell-b", "b"), ("cell-c", "c")];
    let claims = [
        ("cell-b", "layer = \"runtime\""),
        ("cell-c", "structure = \"KNOT\""),
    ];
    let world = World::with_claims(law, &packages, &[], &claims);
    assert_eq!(
        world.package("cell-a"),
        "tissue WEAVE: `packages = [\"cell-*\"]`"
    );
    assert_eq!(
        world.package("cell-b"),
        "runtime cell-b: its manifest says so"
    );
    assert_eq!(
        world.package("cell-c"),
        "tissue KNOT: `packages = [\"cell-*\"]`"
    );
    let place = |name| {
        let at = packages.iter().position(|(own, _)| *own == name);
        let assigned = world.layering.package(PackageId(at.expect("there")));
        assigned.and_then(|a| a.place).expect("a place").span.start
    };
    assert_eq!(place("cell-a").to_string(), "5:13");
    assert_eq!(place("cell-b").to_string(), "2:9");
}

#[test]
fn the_first_assignment_wins_by_name_or_folder() {
    let law = format!(
        "{NONE}{}",
        r#"
[[assign]]
layer = "infra"
paths = ["crates/*/pg", "../shared"]
[[assign]]
layer = "domain"
packages = ["x"]
paths = ["crates/**"]
"#
    );
    let packages = [
        ("orders-pg", "crates/orders/pg"),
        ("orders", "crates/orders"),
        ("x", "."),
        ("shared", "../shared"),
        ("other", "tools/other"),
    ];
    let world = World::new(&law, &packages, &[]);
    assert_eq!(
        world.package("orders-pg"),
        "infra orders-pg: `paths = [\"crates/*/pg\"]`"
    );
    assert_eq!(
        world.package("orders"),
        "domain -: `paths = [\"crates/**\"]`"
    );
    assert_eq!(world.package("x"), "domain -: `packages = [\"x\"]`");
    assert_eq!(
        world.package("shared"),
        "infra shared: `paths = [\"../shared\"]`"
    );
    assert_eq!(world.package("other"), "none");
}

#[test]
fn modules_have_layers_of_their_own_and_the_rest_the_packages() {
    let law = format!(
        "{NONE}{}",
        r#"
[[assign]]
layer = "infra"
modules = ["shop::*::domain::pg::**"]
[[assign]]
layer = "domain"
structure = "ORDERS"
modules = ["shop::*::domain::**"]
[[assign]]
layer = "domain"
packages = ["plain"]
"#
    );
    let modules = [
        ("shop", "!shop"),
        ("shop", "shop::orders"),
        ("shop", "shop::orders::domain"),
        ("shop", "shop::orders::domain::pg"),
        ("plain", "plain"),
    ];
    let world = World::new(&law, &[("plain", "plain"), ("shop", "shop")], &modules);
    assert_eq!(world.package("shop"), "none");
    assert_eq!(
        world.module("shop::orders::domain"),
        "domain ORDERS: `modules = [\"shop::*::domain::**\"]`"
    );
    assert_eq!(
        world.module("shop::orders::domain::pg"),
        "infra shop: `modules = [\"shop::*::domain::pg::**\"]`"
    );
    assert_eq!(world.module("plain"), "domain -: `packages = [\"plain\"]`");
    assert!(world.layering.has_module_layers(PackageId(1)));
    assert!(!world.layering.has_module_layers(PackageId(0)));
    let unclaimed = world.layering.unclaimed_modules(&world.facts);
    assert_eq!(unclaimed, [ModuleId(1)]);
}

#[test]
fn a_module_shares_its_packages_structure_only_on_the_same_plane() {
    let law = format!("{NONE}[[assign]]\nlayer = \"infra\"\nmodules = [\"a::pg\", \"b::pg\"]\n");
    let claims = [
        ("a", "layer = \"infra\"\nstructure = \"STORE\""),
        ("b", "layer = \"domain\"\nstructure = \"ORDERS\""),
    ];
    let world = World::with_claims(
        &law,
        &[("a", "a"), ("b", "b")],
        &[("a", "a::pg"), ("b", "b::pg"), ("b", "b::model")],
        &claims,
    );
    assert!(world.module("a::pg").starts_with("infra STORE:"));
    assert!(world.module("b::pg").starts_with("infra b:"));
    assert!(world.module("b::model").starts_with("domain ORDERS:"));
}

#[test]
fn a_manifest_cannot_lift_the_stop_of_its_structure() {
    let database = "RUNTIME-ADAPTER-DATABASE";
    let law = "[[structure]]\nid = \"RUNTIME-ADAPTER-STORAGE-v0.1.0\"\nstate = \"activated\"\n";
    let claims = [
        (
            "pg",
            "layer = \"runtime\"\nstructure = \"RUNTIME-ADAPTER-DATABASE-v0.1.0\"\nstate = \"activated\"",
        ),
        ("runtime-adapter-storage", "state = \"frozen\""),
        ("runtime-own", "state = \"ratified\""),
    ];
    let packages = [
        ("pg", "a"),
        ("runtime-adapter-storage", "b"),
        ("runtime-own", "c"),
    ];
    let world = World::with_claims(law, &packages, &[], &claims);
    assert!(
        world
            .package("pg")
            .starts_with("runtime RUNTIME-ADAPTER-DATABASE:")
    );
    let state = |name| world.layering.standing().state(name);
    assert_eq!(state(database), Some(State::Dormant));
    assert_eq!(state("RUNTIME-ADAPTER-STORAGE"), Some(State::Frozen));
    assert_eq!(state("runtime-own"), Some(State::Ratified));
    assert_eq!(state("unheard-of"), None);
    assert_eq!(world.claims.len(), 3);
}

#[test]
fn selectors_that_match_nothing_are_dead_and_overruled_ones_are_not() {
    let law = format!(
        "{NONE}{}",
        r#"
[[assign]]
layer = "domain"
packages = ["shop", "gone-*"]
[[assign]]
layer = "infra"
packages = ["shop"]
paths = ["lib/**"]
modules = ["shop::pg"]
[[confine]]
packages = ["reqwest", "hyper"]
to = ["infra", "shop", "domian"]
[generated]
packages = ["proto"]
"#
    );
    let world = World::new(&law, &[("shop", "shop")], &[("shop", "shop")]);
    let dead: Vec<String> = world
        .layering
        .dead_selectors()
        .iter()
        .map(|(selector, key)| {
            let place = selector.place.expect("a place");
            format!("{} {} {key}", place.span.start, selector.glob)
        })
        .collect();
    assert_eq!(
        dead,
        [
            "12:21 gone-* `packages` of `[[assign]]`",
            "16:10 lib/** `paths` of `[[assign]]`",
            "17:12 shop::pg `modules` of `[[assign]]`",
            "19:24 hyper `packages` of `[[confine]]`",
            "20:24 domian `to` of `[[confine]]`",
            "22:13 proto `packages` of `[generated]`",
        ]
    );
}

#[test]
fn a_workspace_that_no_selector_names_is_claimed_by_nobody() {
    let world = World::new("extends = \"webwaka\"", &[("x", ".")], &[("x", "x")]);
    assert!(!world.layering.anything_claimed());
}
