//! Which structure a package or module is part of.

use super::selectors::Found;
use super::{Assigned, Named};
use crate::constitution::{Claim, Constitution, LayerId, Plane, Structure};
use crate::facts::graph::PackageId;

/// `found` is the assignment that gave the package its layer, if one did.
pub(super) fn of_package(
    law: &Constitution,
    claim: Option<&Claim>,
    found: Option<&Found<'_>>,
    layer: LayerId,
    name: &str,
) -> Option<String> {
    let claimed = claim.map(|claim| claim.structure.id.as_str());
    let claimed = claimed.filter(|id| !id.is_empty());
    let given = claimed.or(found.and_then(|found| found.structure));
    if let Some(given) = given {
        return Some(canonical(law, given));
    }
    let runtime = law.layer(layer).plane == Plane::Runtime;
    runtime.then(|| by_name(law, name))
}

/// `whole` is what the module's package has.
pub(super) fn of_module(
    law: &Constitution,
    found: &Found<'_>,
    whole: Option<&Assigned>,
    package: &str,
) -> Option<String> {
    if let Some(given) = found.structure {
        return Some(canonical(law, given));
    }
    let plane = law.layer(found.layer).plane;
    // Of another plane, the package's structure is not the module's.
    match whole.filter(|whole| law.layer(whole.layer).plane == plane) {
        Some(whole) => whole.structure.clone(),
        None => (plane == Plane::Runtime).then(|| by_name(law, package)),
    }
}

/// A registered structure goes by its code, whether it was named by code or by id.
fn canonical(law: &Constitution, name: &str) -> String {
    let known = law.structure_named(name);
    known.map_or(name, |structure| structure.code()).to_owned()
}

/// The registry's entry whose code is the package's name in capitals, else the package by itself.
fn by_name(law: &Constitution, name: &str) -> String {
    let short = name.strip_prefix("webwaka-").unwrap_or(name);
    let code = short.to_uppercase();
    let known = law.structures.iter().any(|entry| entry.code() == code);
    if known { code } else { name.to_owned() }
}

/// What manifests say of the structures that their packages are part of.
pub(super) fn described(
    claims: &[Option<Claim>],
    packages: &[Option<Assigned>],
) -> Vec<(String, Structure)> {
    let pairs = claims.iter().zip(packages);
    let described = pairs.filter_map(|(claim, assigned)| {
        let structure = assigned.as_ref()?.structure.clone()?;
        Some((structure, claim.as_ref()?.structure.clone()))
    });
    described.collect()
}

/// The names that assignments and manifests give to runtime structures, with their places.
pub(super) fn named(
    law: &Constitution,
    claims: &[Option<Claim>],
    packages: &[Option<Assigned>],
) -> Vec<Named> {
    let runtime = |layer: LayerId| law.layer(layer).plane == Plane::Runtime;
    let assigns = law.assigns.iter().filter(|assign| runtime(assign.layer));
    let mut named: Vec<Named> = assigns
        .filter_map(|assign| {
            Some(Named {
                name: assign.structure.clone()?,
                place: assign.structure_at?,
                package: None,
            })
        })
        .collect();
    for (id, (claim, assigned)) in (0..).map(PackageId).zip(claims.iter().zip(packages)) {
        if let (Some(claim), Some(assigned)) = (claim, assigned)
            && runtime(assigned.layer)
            && !claim.structure.id.is_empty()
        {
            named.push(Named {
                name: claim.structure.id.clone(),
                place: claim.structure.place.unwrap_or(claim.place),
                package: Some(id),
            });
        }
    }
    named
}
