//! What a name on the command line means: a package, a structure, a module, or something outside.

use std::collections::HashSet;

use miette::Diagnostic;
use thiserror::Error;

use super::Stop;
use crate::facts::graph::{ExternalId, PackageId};
use crate::facts::reference::{ModuleId, ReferentId};
use crate::rules::{Case, source};

/// One end of a way.
#[derive(Debug, Default)]
pub(crate) struct End {
    /// "package", "structure", "module" or "item".
    pub(crate) kind: &'static str,
    pub(super) packages: Vec<PackageId>,
    pub(super) modules: Vec<ModuleId>,
    pub(super) externals: Vec<ExternalId>,
    /// Items by their path; only something to arrive at.
    pub(super) items: HashSet<ReferentId>,
}

/// A name that nothing in the workspace has.
#[derive(Debug, Error, Diagnostic)]
#[error("nothing here is called `{name}`")]
pub(crate) struct UnknownName {
    name: String,
    #[help]
    help: String,
}

impl UnknownName {
    /// With the nearest of `known`, if one is near.
    pub(crate) fn new<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Self {
        let near = known
            .map(|known| (strsim::jaro_winkler(known, name), known))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
        Self {
            name: name.to_owned(),
            help: match near {
                Some((_, known)) => format!("did you mean `{known}`?"),
                None => "name a package, a module (`shop::domain`) or a structure; \
                         `cargo constitution graph --format json` lists them"
                    .to_owned(),
            },
        }
    }
}

impl End {
    pub(super) fn stops(&self) -> impl Iterator<Item = Stop> {
        let packages = self.packages.iter().copied().map(Stop::Package);
        let modules = self.modules.iter().copied().map(Stop::Module);
        let externals = self.externals.iter().copied().map(Stop::External);
        packages.chain(modules).chain(externals)
    }

    fn is_empty(&self) -> bool {
        self.stops().next().is_none() && self.items.is_empty()
    }

    /// Whether the two are, or hold, the same code.
    pub(crate) fn meets(&self, other: &Self, case: &Case<'_>) -> bool {
        let within = |a: &Self, b: &Self| {
            let mut packages = b.modules.iter().map(|id| case.module(*id).package);
            packages.any(|package| a.packages.contains(&package))
        };
        self.stops().any(|stop| other.stops().any(|it| it == stop))
            || within(self, other)
            || within(other, self)
    }
}

/// What `name` means. A package comes before a structure, a structure before a module, and what is read
/// before what lies outside.
///
/// # Errors
/// If it means nothing here.
pub(crate) fn find(case: &Case<'_>, name: &str) -> Result<End, UnknownName> {
    let found = [package, structure, module, outside, item]
        .into_iter()
        .map(|kind| kind(case, name))
        .find(|end| !end.is_empty());
    found.ok_or_else(|| UnknownName::new(name, known(case)))
}

fn package(case: &Case<'_>, name: &str) -> End {
    let graph = &case.facts.graph;
    let ids = graph.package_ids();
    End {
        kind: "package",
        packages: ids.filter(|id| graph.package(*id).name == name).collect(),
        ..End::default()
    }
}

/// By code or by id. Where a package has layers in it, those of its modules that are of the structure.
fn structure(case: &Case<'_>, name: &str) -> End {
    let code = match case.law.structure_named(name) {
        Some(structure) => structure.code(),
        None => name,
    };
    let (layering, graph) = (case.layering, &case.facts.graph);
    let whole = |id: &PackageId| {
        let own = layering
            .package(*id)
            .and_then(|own| own.structure.as_deref());
        own == Some(code) && !layering.has_module_layers(*id)
    };
    let modules = (0..).map(ModuleId).zip(&case.facts.modules);
    let split = modules.filter(|(id, module)| {
        let own = layering
            .module(*id)
            .and_then(|own| own.structure.as_deref());
        own == Some(code) && layering.has_module_layers(module.package)
    });
    End {
        kind: "structure",
        packages: graph.package_ids().filter(whole).collect(),
        modules: split.map(|(id, _)| id).collect(),
        ..End::default()
    }
}

/// With the modules below it.
fn module(case: &Case<'_>, name: &str) -> End {
    let below = format!("{name}::");
    let modules = (0..).map(ModuleId).zip(&case.facts.modules);
    let modules: Vec<_> = modules
        .filter(|(_, module)| module.path == name || module.path.starts_with(&below))
        .collect();
    let exact = modules.iter().any(|(_, module)| module.path == name);
    End {
        kind: "module",
        modules: modules
            .into_iter()
            .filter(|_| exact)
            .map(|(id, _)| id)
            .collect(),
        ..End::default()
    }
}

fn outside(case: &Case<'_>, name: &str) -> End {
    let externals = (0..).map(ExternalId).zip(&case.facts.graph.externals);
    End {
        kind: "package",
        externals: externals
            .filter(|(_, external)| external.name == name)
            .map(|(id, _)| id)
            .collect(),
        ..End::default()
    }
}

/// An item by its full path, or all below a path: `std::fs`, `sqlx::postgres`.
fn item(case: &Case<'_>, name: &str) -> End {
    let below = format!("{name}::");
    let referents = (0..).map(ReferentId).take(case.facts.referents.len());
    End {
        kind: "item",
        items: referents
            .filter(|id| {
                let path = source::path(case, *id);
                path == name || path.starts_with(&below)
            })
            .collect(),
        ..End::default()
    }
}

/// Every name that may be given, but items.
fn known<'c>(case: &'c Case<'_>) -> impl Iterator<Item = &'c str> {
    let graph = &case.facts.graph;
    let packages = graph.packages.iter().map(|package| package.name.as_str());
    let structures = graph
        .package_ids()
        .filter_map(|id| case.layering.package(id)?.structure.as_deref());
    let modules = case.facts.modules.iter().map(|module| module.path.as_str());
    let externals = graph
        .externals
        .iter()
        .map(|external| external.name.as_str());
    packages.chain(structures).chain(modules).chain(externals)
}
