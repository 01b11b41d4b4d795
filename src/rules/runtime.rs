//! The runtime structures of a workspace, each with what it is made of: what the laws on structures share.

use std::collections::BTreeMap;

use crate::constitution::Plane;
use crate::facts::graph::PackageId;
use crate::facts::reference::ModuleId;
use crate::layering::Assigned;
use crate::rules::{Case, Draft};
use crate::text::Place;

/// A runtime structure, at the first of the packages or modules that it is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Body<'a> {
    pub(crate) structure: &'a str,
    first: Part,
}

#[derive(Debug, Clone, Copy)]
enum Part {
    Package(PackageId),
    Module(ModuleId),
}

/// The structure of whoever was given this, if it is of the runtime plane.
pub(crate) fn of<'a>(case: &Case<'a>, own: Option<&'a Assigned>) -> Option<&'a str> {
    let own = own.filter(|own| case.law.layer(own.layer).plane == Plane::Runtime)?;
    own.structure.as_deref()
}

/// The runtime structure that a module is part of.
pub(crate) fn of_module<'a>(case: &Case<'a>, module: ModuleId) -> Option<&'a str> {
    of(case, case.assigned(module))
}

/// All runtime structures, by their names.
pub(crate) fn bodies<'a>(case: &Case<'a>) -> Vec<Body<'a>> {
    let mut bodies: BTreeMap<&str, Body<'_>> = BTreeMap::new();
    for id in case.facts.graph.package_ids() {
        if let Some(structure) = of(case, case.layering.package(id)) {
            let first = Part::Package(id);
            bodies.entry(structure).or_insert(Body { structure, first });
        }
    }
    for (id, module) in (0..).map(ModuleId).zip(&case.facts.modules) {
        if !module.test
            && case.own_module_layer(id)
            && let Some(structure) = of_module(case, id)
        {
            let first = Part::Module(id);
            bodies.entry(structure).or_insert(Body { structure, first });
        }
    }
    bodies.into_values().collect()
}

impl Body<'_> {
    /// Whether a record says that nothing of it may be implemented.
    pub(crate) fn is_stopped(&self, case: &Case<'_>) -> bool {
        case.layering.standing().stop(self.structure).is_some()
    }

    /// Whether a record says that it may be worked on.
    pub(crate) fn is_at_work(&self, case: &Case<'_>) -> bool {
        case.layering.standing().is_recorded(self.structure) && !self.is_stopped(case)
    }

    /// Its package's name, or its module.
    pub(crate) fn place(&self, case: &Case<'_>) -> Place {
        match self.first {
            Part::Package(id) => case.facts.graph.package(id).place,
            Part::Module(id) => case.module(id).place,
        }
    }

    /// A finding about it as a whole.
    pub(crate) fn draft(&self, case: &Case<'_>, message: String, help: String) -> Draft {
        let draft = Draft::at(self.place(case), message, help);
        match self.first {
            Part::Package(id) => Draft {
                because: vec![case.why_package(id)],
                ..draft.of_package(case, id)
            },
            Part::Module(id) => Draft {
                because: vec![case.why_module(id)],
                ..draft.of_module(case, id)
            },
        }
    }
}
