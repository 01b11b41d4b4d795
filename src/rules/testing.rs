//! Workspaces written by hand, for the tests of the laws.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::constitution::{Constitution, Draft};
use crate::facts::Facts;
use crate::facts::graph::{
    DependencySource, Edge, EdgeKind, External, ExternalId, Graph, Node, Package, PackageId,
    Target, TargetKind,
};
use crate::facts::reference::{
    Module, ModuleId, Names, Origin, Reference, ReferenceKind, Referent, ReferentId,
};
use crate::finding::{Confidence, Finding, Hop, Level};
use crate::layering::Layering;
use crate::rules::{self, Case};
use crate::text::{FileId, Place, Position, Sources, Span, Text};

/// A workspace in the making. Every place is at the line where the test wrote it, counted from one.
pub(crate) struct World {
    facts: Facts,
    law: Constitution,
    constitution: FileId,
}

impl World {
    /// `text` is one statement a line (or several, with `;`), modules and references after what they name:
    /// - `package cell-a`: a member; `module shop::domain`: a module with code
    /// - `cell-a > sqlx`: a dependency; `~` for tests, `!` for the build script, `>(windows)` under a guard
    /// - `@foo > bar`: what `Cargo.lock` says of `foo`
    /// - `shop::domain uses shop::infra::Db`: a reference; `tests` for one of tests
    pub(crate) fn new(text: &str) -> Self {
        let mut sources = Sources::new(PathBuf::from("/w"));
        let constitution = sources.add(Path::new("/w/constitution.toml"));
        let mut world = Self {
            facts: Facts {
                sources,
                graph: Graph::default(),
                modules: Vec::new(),
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
            },
            law: Constitution::built_in(rules::all()),
            constitution,
        };
        for (line, text) in (1..).zip(text.lines()) {
            for statement in text.split(';') {
                world.statement(statement.trim(), line);
            }
        }
        world
    }

    /// Makes `count` outside packages `e0`, `e1`… depend on `each` others, the last of them on an engine.
    pub(crate) fn lock_at_random(&mut self, count: usize, each: usize) {
        let name = |at: usize| format!("e{at}");
        let known: std::collections::HashMap<String, usize> = {
            let externals = self.facts.graph.externals.iter();
            externals
                .map(|external| external.name.clone())
                .zip(0..)
                .collect()
        };
        let mut ids = Vec::new();
        for at in 0..count {
            ids.push(known.get(&name(at)).copied().unwrap_or_else(|| {
                self.facts.graph.externals.push(External {
                    name: name(at),
                    version: None,
                    dependencies: Vec::new(),
                    foreign: None,
                });
                self.facts.graph.externals.len() - 1
            }));
        }
        for at in 0..count {
            for other in 1..=each {
                let to = ids[(at * 31 + other * 977) % count];
                let to = (Node::External(ExternalId(to)), None);
                self.facts.graph.externals[ids[at]].dependencies.push(to);
            }
        }
        let engine = self.node("sqlx");
        let last = &mut self.facts.graph.externals[ids[count - 1]];
        last.dependencies.push((engine, None));
    }

    /// With a constitution of its own.
    pub(crate) fn under(mut self, law: &str) -> Self {
        let text = Text::new(law.to_owned());
        let draft = Draft::parse(&text, self.constitution, "constitution.toml", rules::all());
        assert!(draft.mistakes.is_empty(), "{:?}", draft.mistakes);
        self.law = draft.law;
        self
    }

    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.tried(|case| rules::check_all(case, 1))
    }

    /// What `look` sees in the case.
    pub(crate) fn tried<T>(&self, look: impl FnOnce(&Case<'_>) -> T) -> T {
        let layering = Layering::new(&self.law, &[], &[], &self.facts);
        look(&Case::new(&self.law, &self.facts, &layering, &Plain))
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.facts.sources
    }

    /// The findings of one rule: line, level, message.
    pub(crate) fn said(&self, rule: &str) -> Vec<String> {
        let mut said: Vec<(u32, Level, String)> = self
            .findings()
            .into_iter()
            .filter(|finding| finding.rule.id == rule)
            .map(|finding| {
                (
                    finding.place.span.start.line(),
                    finding.level,
                    finding.message,
                )
            })
            .collect();
        said.sort();
        said.iter()
            .map(|(line, level, message)| format!("{line} {level}: {message}"))
            .collect()
    }

    /// The lines of every finding, with the rule.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines: Vec<_> = self
            .findings()
            .iter()
            .map(|finding| {
                (
                    finding.place.span.start.line(),
                    finding.rule.id,
                    finding.level,
                )
            })
            .collect();
        lines.sort_unstable();
        lines
            .iter()
            .map(|(line, rule, level)| format!("{line} {rule} {level}"))
            .collect()
    }

    fn statement(&mut self, text: &str, line: usize) {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            [] => {}
            ["package", name] => self.package(name, line),
            ["module", path] => self.module(path, line),
            [from, verb @ ("uses" | "tests"), to] => self.reference(from, verb, to, line),
            [from, mark, to] => match from.strip_prefix('@') {
                Some(from) => self.locked(from, to, line),
                None => self.edge(from, mark, to, line),
            },
            _ => panic!("no such statement: {text}"),
        }
    }

    fn package(&mut self, name: &str, line: usize) {
        let folder = PathBuf::from("/w").join(name);
        let manifest = self.facts.sources.add(&folder.join("Cargo.toml"));
        let crate_name = name.replace('-', "_");
        self.facts.graph.packages.push(Package {
            name: name.to_owned(),
            version: "0.1.0".to_owned(),
            member: true,
            manifest,
            place: at(manifest, line),
            claim: None,
            features: Vec::new(),
            enables: BTreeMap::new(),
            targets: vec![Target {
                kind: TargetKind::Lib,
                crate_name: crate_name.clone(),
                root: folder.join("src/lib.rs"),
                edition: 2024,
            }],
            folder,
        });
        self.module(&crate_name, line);
        let root = self.facts.modules.last_mut().expect("just pushed");
        root.has_code = false;
    }

    fn module(&mut self, path: &str, line: usize) {
        let root = path.split("::").next().expect("a first segment");
        let mut packages = self.facts.graph.packages.iter();
        let package = packages
            .position(|package| package.targets[0].crate_name == root)
            .expect("the module's package stands before it");
        let file = self.facts.graph.packages[package].folder.join("src/lib.rs");
        let file = self.facts.sources.add(&file);
        let parent = path
            .rsplit_once("::")
            .map(|(parent, _)| self.named_module(parent));
        self.facts.modules.push(Module {
            package: PackageId(package),
            target: 0,
            path: path.to_owned(),
            parent,
            place: at(file, line),
            test: false,
            has_code: true,
        });
    }

    fn named_module(&self, path: &str) -> ModuleId {
        let found = self
            .facts
            .modules
            .iter()
            .position(|module| module.path == path);
        let found = found.expect("the module stands before it");
        ModuleId(u32::try_from(found).expect("few modules"))
    }

    fn edge(&mut self, from: &str, mark: &str, to: &str, line: usize) {
        let Node::Package(from) = self.node(from) else {
            panic!("`{from}` is no package")
        };
        let kind = match mark.chars().next() {
            Some('~') => EdgeKind::Dev,
            Some('!') => EdgeKind::Build,
            _ => EdgeKind::Normal,
        };
        let cfg = mark
            .split_once('(')
            .map(|(_, guard)| format!("cfg({guard}"));
        let place = at(self.facts.graph.package(from).manifest, line);
        let node = self.node(to);
        self.facts.graph.edges.push(Edge {
            from,
            to: node,
            key: to.to_owned(),
            crate_name: to.replace('-', "_"),
            kind,
            optional: false,
            requirement: "*".to_owned(),
            source: DependencySource::Registry,
            features: Vec::new(),
            cfg,
            place,
            inherited: None,
        });
    }

    fn locked(&mut self, from: &str, to: &str, line: usize) {
        let lock = self.facts.sources.add(Path::new("/w/Cargo.lock"));
        let to = self.node(to);
        let Node::External(from) = self.node(from) else {
            panic!("`{from}` is a member")
        };
        let external = &mut self.facts.graph.externals[from.0];
        external.dependencies.push((to, Some(at(lock, line))));
    }

    fn node(&mut self, name: &str) -> Node {
        let graph = &mut self.facts.graph;
        if let Some(at) = graph
            .packages
            .iter()
            .position(|package| package.name == name)
        {
            return Node::Package(PackageId(at));
        }
        let found = graph
            .externals
            .iter()
            .position(|external| external.name == name);
        Node::External(ExternalId(found.unwrap_or_else(|| {
            graph.externals.push(External {
                name: name.to_owned(),
                version: None,
                dependencies: Vec::new(),
                foreign: None,
            });
            graph.externals.len() - 1
        })))
    }

    fn reference(&mut self, from: &str, verb: &str, to: &str, line: usize) {
        let from = self.named_module(from);
        let file = self.facts.modules[from.0 as usize].place.file;
        let referent = self.referent(to);
        self.facts.referents.push(referent);
        let to = u32::try_from(self.facts.referents.len() - 1).expect("few referents");
        self.facts.references.push(Reference {
            from,
            place: at(file, line),
            to: ReferentId(to),
            kind: ReferenceKind::Path,
            test: verb == "tests",
            confidence: Confidence::Certain,
            via: None,
            origin: Origin { instance: 0, at: 0 },
        });
    }

    fn referent(&mut self, path: &str) -> Referent {
        let root = path.split("::").next().expect("a first segment");
        let mut packages = self.facts.graph.packages.iter();
        if packages.any(|package| package.targets[0].crate_name == root) {
            let (module, item) = path.rsplit_once("::").expect("an item of a module");
            return Referent::Item {
                module: self.named_module(module),
                item: Some(item.to_owned()),
            };
        }
        let package = match self.node(root) {
            Node::External(id) if root != "std" => Some(id),
            _ => None,
        };
        Referent::External {
            package,
            path: path.split("::").map(str::to_owned).collect(),
        }
    }
}

fn at(file: FileId, line: usize) -> Place {
    let start = Position::from_lexer(line, 0);
    Place {
        file,
        span: Span { start, end: start },
    }
}

/// Names what was written as what it is.
struct Plain;

impl Names for Plain {
    fn written(&self, _reference: &Reference) -> String {
        "it".to_owned()
    }

    fn guard(&self, _reference: &Reference) -> Option<String> {
        None
    }

    fn hops(&self, _reference: &Reference) -> Vec<Hop> {
        Vec::new()
    }
}
