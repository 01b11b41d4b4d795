//! `premature-implementation`: the hard stop. A structure at rest implements an adapter, or holds an engine.

use std::collections::BTreeSet;

use crate::facts::graph::{Node, PackageId};
use crate::facts::reference::{ModuleId, Referent, ReferentId};
use crate::facts::surface::Implementation;
use crate::finding::{Because, Level, RuleMeta};
use crate::layering::{By, Said, Why};
use crate::rules::ports::short;
use crate::rules::reach::{Chain, Reach};
use crate::rules::{Case, Draft, Rule, Sink, TESTS, engine_dependency, manifest, runtime, source};

pub(crate) struct PrematureImplementation;

impl Rule for PrematureImplementation {
    const META: &'static RuleMeta = &RuleMeta {
        id: "premature-implementation",
        trigger: None,
        clause: "XI",
        summary: "a structure that may not be worked on yet implements an adapter, or holds an engine",
        level: Level::Breach,
        page: include_str!("../../rules/premature-implementation.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let mut deeds = Deeds {
            case,
            all: Vec::new(),
        };
        deeds.dependencies();
        deeds.references();
        let bound: BTreeSet<String> = deeds.all.iter().map(|it| it.structure.clone()).collect();
        deeds.implementations(&bound);
        deeds.all.sort_by_key(|deed| deed.draft.place);
        let mut noted = BTreeSet::new();
        for deed in deeds.all {
            deed.judge(case, &mut noted, sink);
        }
    }
}

/// Something that only a structure does that is worked on.
struct Deed {
    structure: String,
    /// "implements port `Orders`"
    what: String,
    /// Whether it is lawful once work may begin.
    in_time: bool,
    draft: Draft,
}

struct Deeds<'c, 'a> {
    case: &'c Case<'a>,
    all: Vec<Deed>,
}

impl Deeds<'_, '_> {
    fn add(&mut self, structure: &str, what: String, draft: Draft) {
        self.all.push(Deed {
            structure: structure.to_owned(),
            what,
            in_time: true,
            draft,
        });
    }

    /// Engines in the manifests of runtime structures.
    fn dependencies(&mut self) {
        let case = self.case;
        let reach = Reach::new(case.links(), |link| engine_dependency::step(case, link));
        for package in case.facts.graph.package_ids() {
            let own = case.layering.package(package);
            let Some(structure) = runtime::of(case, own) else {
                continue;
            };
            for chain in reach.from(package) {
                if let Some((what, draft)) = dependency(case, package, &chain) {
                    self.add(structure, what, draft);
                }
            }
        }
    }

    /// The standard library's ways out, and the workspace's own engines: no manifest tells of them.
    fn references(&mut self) {
        /// To write a line of log, or to read a setting, binds to nothing.
        const HARMLESS: [&str; 2] = ["observability", "configuration"];
        let case = self.case;
        let engines = case.engines();
        let mut told = BTreeSet::new();
        for reference in &case.facts.references {
            let Some(engine) = engines[reference.to.0 as usize] else {
                continue;
            };
            let told_by_manifest = source::package(case, reference.to).is_some();
            if told_by_manifest || HARMLESS.contains(&engine.category) {
                continue;
            }
            let Some(structure) = runtime::of_module(case, reference.from) else {
                continue;
            };
            let package = case.module(reference.from).package;
            if told.insert((package, engine.matched.to_owned(), reference.test)) {
                let target = source::path(case, reference.to);
                let what = format!("{}, {}", source::names(case, reference), engine.what);
                let draft = Draft::at(reference.place, String::new(), String::new());
                let draft = Draft {
                    target: Some(target),
                    category: Some(engine.category.to_owned()),
                    ..draft.of_reference(case, reference)
                };
                self.add(structure, what, draft);
            }
        }
    }

    /// `bound` are the structures that hold an engine.
    fn implementations(&mut self, bound: &BTreeSet<String>) {
        let case = self.case;
        for one in &case.facts.surface.implementations {
            let Some(port) = one.port else { continue };
            let Some(structure) = runtime::of_module(case, one.module) else {
                continue;
            };
            let path = source::path(case, port);
            let name = one.of.map(|of| source::path(case, of));
            let who = name.as_deref().map_or("a type", short);
            if case.ports().port(port).is_some() {
                let what = format!("implements port `{}` with `{who}`", short(&path));
                self.add(structure, what, implementation(case, one, path));
            } else if bound.contains(structure) && claimed_by_none(case, port) {
                let what = format!("binds `{who}` to `{path}`, which is in no capability layer");
                let draft = implementation(case, one, path);
                self.add(structure, what, draft);
                self.all.last_mut().expect("it was added").in_time = false;
            }
        }
    }
}

/// Whether the law puts nobody in charge of what declares it.
fn claimed_by_none(case: &Case<'_>, referent: ReferentId) -> bool {
    let home = |module: ModuleId| case.assigned(module).is_none();
    matches!(case.referent(referent), Referent::Item { module, .. } if home(*module))
}

fn dependency(case: &Case<'_>, package: PackageId, chain: &Chain<'_>) -> Option<(String, Draft)> {
    let engine = engine_dependency::engine(case, *chain.links.last()?)?;
    let what = format!(
        "{}, {}{}",
        manifest::reaches(case, chain),
        engine.what,
        manifest::through(case, chain)
    );
    let draft = manifest::draft(case, package, chain, String::new(), String::new());
    let draft = Draft {
        category: Some(engine.category.to_owned()),
        ..draft
    };
    Some((what, draft))
}

fn implementation(case: &Case<'_>, one: &Implementation<ReferentId>, port: String) -> Draft {
    let draft = Draft::at(one.place, String::new(), String::new());
    Draft {
        target: Some(port),
        ..draft.of_module(case, one.module).guarded(&one.guard)
    }
}

impl Deed {
    /// A breach where the structure is stopped; a note, once, where the workspace has nothing on record.
    fn judge(self, case: &Case<'_>, noted: &mut BTreeSet<String>, sink: &mut Sink<'_>) {
        let standing = case.layering.standing();
        let structure = self.structure.clone();
        if let Some((said, why)) = standing.stop(&structure) {
            let message = format!("`{structure}` {}, {}", self.what, stopped(why));
            let help = way_out(case, &structure);
            let because = Because {
                text: on_whose_word(case, said, why),
                place: said.place,
            };
            return sink.push(self.said(message, help, vec![because]));
        }
        if !standing.is_recorded(&structure) {
            let registered = case.law.structure_named(&structure).is_some();
            if self.in_time && registered && noted.insert(structure.clone()) {
                let message = format!(
                    "`{structure}` {}, and nothing on record says that work on it may have begun",
                    self.what
                );
                let help = format!(
                    "the registry begins with every structure dormant: record the `state` of `{structure}` in \
                     a `[[structure]]` of the constitution"
                );
                sink.note(self.said(message, help, Vec::new()));
            }
            return;
        }
        if !self.in_time {
            let message = format!("`{structure}` {}", self.what);
            let help = "nothing is bound to an engine before the package whose port it is has its layer: assign \
                        that one first";
            sink.push(self.said(message, help.to_owned(), Vec::new()));
        }
    }

    fn said(self, message: String, help: String, because: Vec<Because>) -> Draft {
        Draft {
            message,
            help,
            because,
            ..self.draft
        }
    }
}

fn stopped(why: Why) -> String {
    match why {
        Why::State(state) => format!("while it is {}", state.name()),
        Why::Phase(phase) => format!("in phase {phase}, before Implementation"),
        Why::Unauthorised => "and the Founder's authorisation is not on record".to_owned(),
    }
}

fn on_whose_word(case: &Case<'_>, said: &Said, why: Why) -> String {
    let who = match said.by {
        By::BuiltIn => "the built-in registry".to_owned(),
        By::Constitution => case.law.name.clone(),
        By::Manifest(id) => format!("the manifest of `{}`", case.facts.graph.package(id).name),
        By::Tracker => "the tracker".to_owned(),
    };
    match why {
        Why::Unauthorised => format!("only {who} gives it a state, which lifts no stop"),
        _ => format!("{who} says so, and the strictest word holds"),
    }
}

fn way_out(case: &Case<'_>, structure: &str) -> String {
    let known = case.law.structure_named(structure);
    let id = known.map_or(structure, |known| known.id.as_str());
    let holds = |id: &PackageId| {
        let own = case.layering.package(*id);
        own.is_some_and(|own| own.structure.as_deref() == Some(structure))
    };
    let package = case.facts.graph.package_ids().find(holds);
    let name = package.map_or(structure, |id| case.facts.graph.name(Node::Package(id)));
    format!(
        "take it out of `{name}` until then: specifications and issues may be written at any time, but only the \
         Founder ends the stop, by recording `{id}` as ratified or activated"
    )
}
