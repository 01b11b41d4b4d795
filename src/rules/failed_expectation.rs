//! `failed-expectation`: the law, tried on code of its own, does not say what the constitution expects.

use std::collections::{BTreeMap, BTreeSet};

use crate::constitution::{Claim, Constitution, Expect, LayerId, Stand, Structure};
use crate::facts::Facts;
use crate::facts::graph::{ExternalId, PackageId};
use crate::facts::invented::{self, Invented};
use crate::finding::{Because, Finding, Level, RuleMeta};
use crate::layering::{Layering, layer_of_module, layer_of_name};
use crate::rules::{Case, Draft, Rule, Sink, check_all};
use crate::text::Place;

pub(crate) struct FailedExpectation;

impl Rule for FailedExpectation {
    const META: &'static RuleMeta = &RuleMeta {
        id: "failed-expectation",
        trigger: None,
        clause: "VIII",
        summary: "the law does not find what its constitution expects it to",
        level: Level::Breach,
        page: include_str!("../../rules/failed-expectation.md"),
        options: &[],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        if case.law.expects.is_empty() {
            return;
        }
        let trial = Trial::new(case);
        for (at, expect) in case.law.expects.iter().enumerate() {
            if let (Some(failure), Some(place)) = (trial.failure(at, expect), expect.place) {
                sink.push(draft(case, expect, place, failure));
            }
        }
    }
}

/// Why an expectation is not met.
struct Failure {
    /// Follows "expected …, and".
    what: String,
    because: Vec<Because>,
}

/// All expectations as packages of one invented workspace, judged at once by the law at hand.
struct Trial {
    /// By expectation: the layer that its code stands in.
    layers: Vec<Option<LayerId>>,
    findings: Vec<Finding>,
    /// By expectation: why its source could not be read.
    unread: Vec<Option<String>>,
}

impl Trial {
    fn new(case: &Case<'_>) -> Self {
        let expects = &case.law.expects;
        let layers: Vec<Option<LayerId>> = expects.iter().map(|it| layer(case, it)).collect();
        let (packages, stand_ins) = packages(case);
        // A file, so that nothing can lie below it.
        let nowhere = case.facts.sources.root().join("constitution.toml");
        let (graph, sources) = invented::graph(&nowhere, &packages);
        let catalogue = &case.law.catalogue;
        let names: Vec<String> = graph.externals.iter().map(|it| it.name.clone()).collect();
        let interest = |package: Option<ExternalId>, path: &[&str]| {
            let package = package.map(|package| names[package.0].as_str());
            catalogue.classify(package, path).is_some()
        };
        let (facts, names) = invented::facts(&packages, graph, sources, &interest);
        let stood = stand_ins.into_iter().map(|id| {
            let assigned = case.layering.package(id);
            assigned.map(|assigned| assigned.layer)
        });
        let claims = layers
            .iter()
            .copied()
            .chain(stood)
            .zip(&facts.graph.packages);
        let claims: Vec<Option<Claim>> = claims
            .map(|(layer, package)| layer.map(|layer| claim(layer, package.place)))
            .collect();
        let law = trial_law(case.law);
        let layering = Layering::new(&law, &claims, &[], &facts);
        let findings = check_all(&Case::new(&law, &facts, &layering, &names), 1);
        let unread = (0..expects.len()).map(|at| unread(&facts, at)).collect();
        Self {
            layers,
            findings,
            unread,
        }
    }

    fn failure(&self, at: usize, expect: &Expect) -> Option<Failure> {
        let fails = |what: String| {
            Some(Failure {
                what,
                because: Vec::new(),
            })
        };
        if let Some(reason) = &self.unread[at] {
            return fails(format!("its source {reason}"));
        }
        if self.layers[at].is_none() {
            let (Stand::Package(name) | Stand::Module(name)) = &expect.stand else {
                return None;
            };
            return fails(format!("no layer claims `{name}`"));
        }
        let name = name(at);
        let mut own = self
            .findings
            .iter()
            .filter(|it| it.package.as_deref() == Some(&name));
        let heard =
            |finding: &&Finding| finding.rule == expect.rule && finding.level >= expect.level;
        match (own.clone().find(heard), expect.found) {
            (None, true) => {
                let others: BTreeSet<&str> = own.clone().map(|it| it.rule.id).collect();
                let quieter = own.find(|it| it.rule == expect.rule);
                fails(match (quieter, others.is_empty()) {
                    (Some(quieter), _) => format!("it is a {} only", quieter.level),
                    (None, true) => "nothing is found".to_owned(),
                    (None, false) => {
                        let others: Vec<&str> = others.into_iter().collect();
                        format!("it is not found, but `{}` is", others.join("`, `"))
                    }
                })
            }
            (Some(finding), false) => Some(Failure {
                what: format!("it is found: {}", finding.message),
                because: finding
                    .because
                    .iter()
                    .map(|it| Because {
                        place: None,
                        ..it.clone()
                    })
                    .collect(),
            }),
            _ => None,
        }
    }
}

/// The layer in which an expectation's code stands, by the law at hand.
fn layer(case: &Case<'_>, expect: &Expect) -> Option<LayerId> {
    match &expect.stand {
        Stand::Layer(layer) => Some(*layer),
        Stand::Module(path) => {
            let root = path.split("::").next().unwrap_or(path);
            let dashed = root.replace('_', "-");
            let own = layer_of_module(case.law, path);
            own.or_else(|| layer_of_package(case, root))
                .or_else(|| layer_of_package(case, &dashed))
        }
        Stand::Package(name) => layer_of_package(case, name),
    }
}

/// The layer of the workspace's package of this name, else the one that such a package would have.
fn layer_of_package(case: &Case<'_>, name: &str) -> Option<LayerId> {
    let graph = &case.facts.graph;
    let mut ids = graph.package_ids();
    match ids.find(|id| graph.package(*id).name == *name) {
        Some(id) => case.layering.package(id).map(|assigned| assigned.layer),
        None => layer_of_name(case.law, name, ""),
    }
}

/// The law without what speaks of the workspace's own packages, and of itself.
fn trial_law(law: &Constitution) -> Constitution {
    Constitution {
        assigns: Vec::new(),
        expects: Vec::new(),
        ..law.clone()
    }
}

fn claim(layer: LayerId, place: Place) -> Claim {
    Claim {
        layer: Some((layer, place)),
        structure: Structure::default(),
        place,
    }
}

/// The name of the package that stands for an expectation; no package of a workspace is called so.
fn name(at: usize) -> String {
    format!("expectation {at}")
}

fn unread(facts: &Facts, at: usize) -> Option<String> {
    let folder = &facts.graph.packages[at].folder;
    let of_it =
        |spot: &&crate::finding::BlindSpot| facts.sources.path(spot.place.file).starts_with(folder);
    let spot = facts.blind_spots.iter().find(of_it)?;
    Some(format!(
        "cannot be read (line {}): {}",
        spot.place.span.start.line(),
        spot.reason
    ))
}

/// A package for each expectation, then those of the workspace that they name, without their code.
fn packages(case: &Case<'_>) -> (Vec<Invented>, Vec<PackageId>) {
    let graph = &case.facts.graph;
    let crate_name = |id: PackageId| {
        let package = graph.package(id);
        let library = package.targets.first();
        library.map_or_else(
            || package.name.replace('-', "_"),
            |it| it.crate_name.clone(),
        )
    };
    let members: BTreeMap<String, PackageId> =
        graph.package_ids().map(|id| (crate_name(id), id)).collect();
    let mut stand_ins: BTreeSet<PackageId> = BTreeSet::new();
    let mut packages = Vec::new();
    for (at, expect) in case.law.expects.iter().enumerate() {
        let mut dependencies: BTreeMap<String, String> = BTreeMap::new();
        for name in &expect.dependencies {
            let member = graph
                .package_ids()
                .find(|id| graph.package(*id).name == *name);
            stand_ins.extend(member);
            let called = member.map_or_else(|| case.law.catalogue.crate_name_of(name), crate_name);
            dependencies.insert(name.clone(), called);
        }
        for called in crates_in(&expect.source) {
            if let Some(&id) = members.get(called) {
                stand_ins.insert(id);
                dependencies.insert(graph.package(id).name.clone(), called.to_owned());
            } else if let Some(package) = outside(case, called) {
                dependencies.insert(package, called.to_owned());
            }
        }
        packages.push(Invented {
            name: name(at),
            crate_name: format!("expectation_{at}"),
            source: expect.source.clone(),
            dependencies,
        });
    }
    packages.extend(stand_ins.iter().map(|id| Invented {
        name: graph.package(*id).name.clone(),
        crate_name: crate_name(*id),
        ..Invented::default()
    }));
    (packages, stand_ins.into_iter().collect())
}

/// The package outside of the workspace that source calls so: one that it depends on, or an engine.
fn outside(case: &Case<'_>, called: &str) -> Option<String> {
    let catalogue = &case.law.catalogue;
    let externals = case
        .facts
        .graph
        .externals
        .iter()
        .map(|external| external.name.clone());
    let known = externals.filter(|name| name.len() == called.len());
    let dashed = [called.to_owned(), called.replace('_', "-")];
    let engines = dashed
        .into_iter()
        .filter(|name| catalogue.engine_package(name).is_some());
    known
        .chain(engines)
        .find(|name| catalogue.crate_name_of(name) == called)
}

/// The names before a `::` that begin a path and may be a crate's.
fn crates_in(source: &str) -> BTreeSet<&str> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = BTreeSet::new();
    for (at, _) in source.match_indices("::") {
        let before = &source[..at];
        let start = before.rfind(|c| !word(c)).map_or(0, |at| {
            at + before[at..].chars().next().map_or(1, char::len_utf8)
        });
        let name = &before[start..];
        if name.starts_with(|c: char| c.is_lowercase() || c == '_')
            && !before[..start].ends_with("::")
        {
            found.insert(name);
        }
    }
    found
}

fn draft(case: &Case<'_>, expect: &Expect, place: Place, failure: Failure) -> Draft {
    let rule = expect.rule.id;
    let stand = match &expect.stand {
        Stand::Layer(layer) => format!("layer `{}`", case.law.layer(*layer).name),
        Stand::Package(name) => format!("package `{name}`"),
        Stand::Module(path) => format!("module `{path}`"),
    };
    let not = if expect.found { "" } else { "no " };
    let message = format!("expected {not}`{rule}` in {stand}, and {}", failure.what);
    let setting = case.law.rules.get(rule);
    let off = setting.is_some_and(|setting| setting.level == Some(None));
    let help = match (off, expect.found) {
        (true, true) => format!("`{rule}` is off: give it its level back in `[rules.{rule}]`"),
        (false, true) => format!(
            "a law has become weaker: see what changed in `[rules.{rule}]`, in the layer's `plane` and `allows`, in \
             the assignments or in `[engines]`, and undo it"
        ),
        (_, false) => format!(
            "a law has become stricter than was meant: see what changed in the layer, in `[rules.{rule}]` or in \
             `[engines]`"
        ),
    };
    let mut because = failure.because;
    because.extend(
        setting
            .and_then(|setting| setting.place)
            .map(|place| Because {
                text: format!("`[rules.{rule}]` is set here"),
                place: Some(place),
            }),
    );
    Draft {
        target: Some(rule.to_owned()),
        because,
        ..Draft::at(place, message, help)
    }
}
