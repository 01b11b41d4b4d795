//! Which layer and structure each package and module has, and why.

mod pins;
mod selectors;
mod structures;

use std::collections::{BTreeMap, BTreeSet};

use crate::constitution::{Claim, Constitution, LayerId, Selector, State};
use crate::facts::Facts;
use crate::facts::graph::PackageId;
use crate::facts::reference::ModuleId;
use crate::text::Place;
pub(crate) use pins::Pins;

/// A layer that was given to a package or module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assigned {
    pub(crate) layer: LayerId,
    /// The code of the registry's entry, or a name of one's own.
    pub(crate) structure: Option<String>,
    /// What gave it, in words that follow "because": `` `packages = ["shop-domain-*"]` ``.
    pub(crate) because: String,
    /// Where that is written; `None` in the built-in law.
    pub(crate) place: Option<Place>,
}

/// The layers of a whole workspace.
#[derive(Debug)]
pub(crate) struct Layering {
    packages: Vec<Option<Assigned>>,
    modules: Vec<Option<Assigned>>,
    with_module_layers: BTreeSet<PackageId>,
    states: BTreeMap<String, State>,
    dead: Vec<(Selector, &'static str)>,
    named: Vec<Named>,
}

/// A runtime structure that a manifest or an assignment names in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) place: Place,
    /// The package whose manifest it is.
    pub(crate) package: Option<PackageId>,
}

impl Layering {
    /// `claims` are the manifests' own, by [`PackageId`].
    pub(crate) fn new(law: &Constitution, claims: &[Option<Claim>], facts: &Facts) -> Self {
        Self::pinned(law, claims, facts, &Pins::default())
    }

    /// The same where `pins` have decided some of it already.
    pub(crate) fn pinned(
        law: &Constitution,
        claims: &[Option<Claim>],
        facts: &Facts,
        pins: &Pins,
    ) -> Self {
        let mut layering = Self {
            packages: Vec::new(),
            modules: Vec::new(),
            with_module_layers: pins.with_module_layers.clone(),
            states: BTreeMap::new(),
            dead: selectors::dead(law, facts),
            named: Vec::new(),
        };
        for id in facts.graph.package_ids() {
            let claim = claims.get(id.0).and_then(Option::as_ref);
            let pinned = pins.packages.get(&id).cloned();
            let assigned = pinned.or_else(|| package(law, claim, facts, id));
            layering.packages.push(assigned);
        }
        for (id, module) in (0..).map(ModuleId).zip(&facts.modules) {
            if let Some(pinned) = pins.modules.get(&id) {
                layering.modules.push(Some(pinned.clone()));
                continue;
            }
            let package = facts.graph.package(module.package);
            let whole = layering.packages[module.package.0].as_ref();
            let assigns = pins.assigns(law, module.package);
            let own = selectors::of_module(assigns, &module.path).map(|found| Assigned {
                structure: structures::of_module(law, &found, whole, &package.name),
                layer: found.layer,
                because: found.because,
                place: found.place,
            });
            if own.is_some() {
                layering.with_module_layers.insert(module.package);
            }
            layering.modules.push(own.or_else(|| whole.cloned()));
        }
        layering.states = structures::states(law, claims, &layering.packages);
        layering.named = structures::named(law, claims, &layering.packages);
        layering
    }

    /// The package's own layer: its manifest's, and its modules' where they have none of their own.
    pub(crate) fn package(&self, id: PackageId) -> Option<&Assigned> {
        self.packages.get(id.0)?.as_ref()
    }

    /// The layer that source of this module is judged by.
    pub(crate) fn module(&self, id: ModuleId) -> Option<&Assigned> {
        self.modules.get(id.0 as usize)?.as_ref()
    }

    /// Whether any module of the package has a layer of its own.
    pub(crate) fn has_module_layers(&self, id: PackageId) -> bool {
        self.with_module_layers.contains(&id)
    }

    /// Modules with code but without a layer, in packages whose other modules have one. Those that only
    /// tests compile are among them.
    pub(crate) fn unclaimed_modules(&self, facts: &Facts) -> Vec<ModuleId> {
        let ids = (0..).map(ModuleId);
        ids.zip(&facts.modules)
            .filter(|(id, module)| {
                module.has_code
                    && self.has_module_layers(module.package)
                    && self.module(*id).is_none()
            })
            .map(|(id, _)| id)
            .collect()
    }

    /// Whether the law says anything at all about this workspace.
    pub(crate) fn anything_claimed(&self) -> bool {
        let mut all = self.packages.iter().chain(&self.modules);
        all.any(Option::is_some)
    }

    /// How far a structure is allowed to be: what the registry says, or stricter where a manifest of
    /// the structure says so. `None` where neither says anything.
    pub(crate) fn state(&self, structure: &str) -> Option<State> {
        self.states.get(structure).copied()
    }

    /// Every place where a runtime structure is named, those of the constitution first.
    pub(crate) fn named_structures(&self) -> &[Named] {
        &self.named
    }

    /// Whether any package or module is part of the structure of this code.
    pub(crate) fn is_present(&self, structure: &str) -> bool {
        let mut all = self.packages.iter().chain(&self.modules).flatten();
        all.any(|assigned| assigned.structure.as_deref() == Some(structure))
    }

    /// Whether everything has the same layer, structure and state in `other`, of a law with the same layers.
    pub(crate) fn gives_the_same_as(&self, other: &Self) -> bool {
        let same = |ours: &[Option<Assigned>], theirs: &[Option<Assigned>]| {
            let key = |it: &Option<Assigned>| {
                let it = it.as_ref()?;
                Some((it.layer, it.structure.clone()))
            };
            ours.iter().map(key).eq(theirs.iter().map(key))
        };
        same(&self.packages, &other.packages)
            && same(&self.modules, &other.modules)
            && self.with_module_layers == other.with_module_layers
            && self.states == other.states
    }

    /// Selectors of the constitution file that match nothing, each with the key it stands under.
    pub(crate) fn dead_selectors(&self) -> &[(Selector, &'static str)] {
        &self.dead
    }
}

/// The layer that the law gives to whatever has this name, in this folder from the workspace's root.
pub(crate) fn layer_of_name(law: &Constitution, name: &str, folder: &str) -> Option<LayerId> {
    Some(selectors::of_package(law, name, folder)?.layer)
}

fn package(
    law: &Constitution,
    claim: Option<&Claim>,
    facts: &Facts,
    id: PackageId,
) -> Option<Assigned> {
    let package = facts.graph.package(id);
    let folder = selectors::folder(facts, id);
    let found = selectors::of_package(law, &package.name, &folder);
    let claimed = claim.and_then(|claim| claim.layer);
    let (layer, because, place) = match (claimed, &found) {
        (Some((layer, place)), _) => (layer, "its manifest says so".to_owned(), Some(place)),
        (None, Some(found)) => (found.layer, found.because.clone(), found.place),
        (None, None) => return None,
    };
    // A layer that the manifest overrules takes its structure along.
    let found = found.filter(|found| found.layer == layer);
    let structure = structures::of_package(law, claim, found.as_ref(), layer, &package.name);
    Some(Assigned {
        layer,
        structure,
        because,
        place,
    })
}

#[cfg(test)]
mod tests;
