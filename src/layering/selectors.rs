//! Tries the selectors of a law, in their order, on packages and modules.

use crate::constitution::{Assign, Constitution, LayerId, Selector};
use crate::facts::Facts;
use crate::facts::graph::PackageId;
use crate::text::{Place, relative};

/// The assignment that won, and the selector that did it.
pub(super) struct Found<'l> {
    pub(super) layer: LayerId,
    pub(super) structure: Option<&'l str>,
    pub(super) because: String,
    pub(super) place: Option<Place>,
}

/// The package's folder from the workspace's root, with `/`.
pub(super) fn folder(facts: &Facts, id: PackageId) -> String {
    relative(facts.sources.root(), &facts.graph.package(id).folder)
}

pub(super) fn of_package<'l>(law: &'l Constitution, name: &str, folder: &str) -> Option<Found<'l>> {
    law.assigns.iter().find_map(|assign| {
        let by_name = first(&assign.packages, name).map(|selector| (selector, "packages"));
        let by_path = || first(&assign.paths, folder).map(|selector| (selector, "paths"));
        let (selector, key) = by_name.or_else(by_path)?;
        Some(found(assign, selector, key))
    })
}

pub(super) fn of_module<'l>(assigns: &'l [Assign], path: &str) -> Option<Found<'l>> {
    assigns.iter().find_map(|assign| {
        let selector = first(&assign.modules, path)?;
        Some(found(assign, selector, "modules"))
    })
}

fn first<'l>(selectors: &'l [Selector], text: &str) -> Option<&'l Selector> {
    selectors
        .iter()
        .find(|selector| selector.glob.matches(text))
}

fn found<'l>(assign: &'l Assign, selector: &Selector, key: &str) -> Found<'l> {
    Found {
        layer: assign.layer,
        structure: assign.structure.as_deref(),
        because: match selector.place {
            Some(_) => format!("`{key} = [\"{}\"]`", selector.glob),
            None => "its name".to_owned(),
        },
        place: selector.place,
    }
}

/// Selectors with a place that match nothing, in the order of their places. Those that an earlier
/// assignment leaves nothing to are not dead: the order is the author's.
pub(super) fn dead(law: &Constitution, facts: &Facts) -> Vec<(Selector, &'static str)> {
    let names = facts.graph.packages.iter().map(|package| &*package.name);
    let names: Vec<&str> = names.collect();
    let folders = facts.graph.package_ids().map(|id| folder(facts, id));
    let folders: Vec<String> = folders.collect();
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    let modules = facts.modules.iter().map(|module| &*module.path);
    let modules: Vec<&str> = modules.collect();
    let externals = facts.graph.externals.iter().map(|external| &*external.name);
    let all_names: Vec<&str> = names.iter().copied().chain(externals).collect();
    let layers = law.layers.iter().map(|layer| &*layer.name);
    let users: Vec<&str> = names.iter().copied().chain(layers).collect();

    let mut dead = Vec::new();
    let mut sift = |selectors: &[Selector], texts: &[&str], key: &'static str| {
        for selector in selectors {
            if selector.place.is_some() && !texts.iter().any(|text| selector.glob.matches(text)) {
                dead.push((selector.clone(), key));
            }
        }
    };
    for assign in &law.assigns {
        sift(&assign.packages, &names, "`packages` of `[[assign]]`");
        sift(&assign.paths, &folders, "`paths` of `[[assign]]`");
        sift(&assign.modules, &modules, "`modules` of `[[assign]]`");
    }
    for confine in &law.confines {
        sift(&confine.packages, &all_names, "`packages` of `[[confine]]`");
        sift(&confine.to, &users, "`to` of `[[confine]]`");
    }
    sift(&law.generated, &names, "`packages` of `[generated]`");
    dead.sort_by_key(|(selector, _)| selector.place);
    dead
}
