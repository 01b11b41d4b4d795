//! Packages and modules that the later law puts into a freer layer than the law at the base.

use super::layers::is_freer;
use super::{Amendment, Weakening};
use crate::constitution::{Constitution, Layer, LayerId, Plane};
use crate::facts::reference::ModuleId;
use crate::layering::{Assigned, Layering};
use crate::rules::Case;
use crate::text::Place;

pub(super) fn weakenings(case: &Case<'_>, amendment: &Amendment<'_>) -> Vec<Weakening> {
    let change = Change {
        before: (case.law, case.layering),
        after: (amendment.after, amendment.layering),
    };
    let mut all = Vec::new();
    for id in case.facts.graph.package_ids() {
        let package = case.facts.graph.package(id);
        let was = case.layering.package(id);
        let is = amendment.layering.package(id);
        all.extend(change.of(&package.name, was, is, package.place));
    }
    for (id, module) in (0..).map(ModuleId).zip(&case.facts.modules) {
        let own = |layering: &Layering| layering.has_module_layers(module.package);
        if module.has_code && (own(case.layering) || own(amendment.layering)) {
            let was = case.assigned(id);
            let after = amendment.layering;
            let is = after.module(id).or_else(|| after.package(module.package));
            all.extend(change.of(&module.path, was, is, module.place));
        }
    }
    for weakening in &mut all {
        let name = weakening.subject.split("::").next();
        weakening.package = name.map(str::to_owned);
    }
    all
}

struct Change<'a> {
    before: (&'a Constitution, &'a Layering),
    after: (&'a Constitution, &'a Layering),
}

impl Change<'_> {
    /// `place` is that of the name, where nothing better says so.
    fn of(
        &self,
        name: &str,
        was: Option<&Assigned>,
        is: Option<&Assigned>,
        place: Place,
    ) -> Option<Weakening> {
        let was = was?;
        let old = self.before.0.layer(was.layer);
        let Some(is) = is else {
            let message = format!("`{name}` was in layer `{}` and is in none now", old.name);
            let before = format!("{name}: layer {} ({})", old.name, was.because);
            let weakening = Weakening::new(name, message).before(before, was.place);
            return Some(weakening.after("no layer", Some(place)));
        };
        let new = self.after.0.layer(is.layer);
        let moved = old.name != new.name && self.is_freer(was.layer, is.layer);
        let (message, before, after) = if moved {
            (
                format!(
                    "`{name}` moves from layer `{}` to the freer `{}`",
                    old.name, new.name
                ),
                format!("layer {} ({})", old.name, was.because),
                format!("layer {} ({})", new.name, is.because),
            )
        } else {
            let (from, to) = (was.structure.as_deref()?, is.structure.as_deref());
            if to == Some(from) || !self.is_released(from, to) {
                return None;
            }
            let to = to.unwrap_or("none");
            (
                format!("`{name}` moves from structure `{from}` to the freer `{to}`"),
                format!("structure {from}"),
                format!("structure {to}"),
            )
        };
        let weakening = Weakening::new(name, message);
        Some(
            weakening
                .before(format!("{name}: {before}"), was.place)
                .after(format!("{name}: {after}"), is.place.or(Some(place))),
        )
    }

    fn is_freer(&self, was: LayerId, is: LayerId) -> bool {
        let (old, new) = (self.before.0.layer(was), self.after.0.layer(is));
        if old.plane != new.plane {
            return is_freer(old.plane, new.plane);
        }
        let reach = |law: &Constitution, layer: &Layer| -> Vec<String> {
            let below = layer
                .may_depend_on
                .iter()
                .map(|id| law.layer(*id).name.clone());
            below.chain([layer.name.clone()]).collect()
        };
        let had = reach(self.before.0, old);
        // What composes may depend on all anyway.
        let bound = old.plane != Plane::Composition;
        let more = bound
            && reach(self.after.0, new)
                .into_iter()
                .any(|it| !had.contains(&it));
        let engines = new.allows.iter().any(|it| !old.allows.contains(it));
        more || engines || (old.carries && !new.carries)
    }

    /// Whether what was bound by the state of one structure is now by that of a freer one, or of none.
    fn is_released(&self, was: &str, is: Option<&str>) -> bool {
        let old = self.before.1.state(was);
        let new = is.and_then(|is| self.after.1.state(is));
        match (old, new) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(old), Some(new)) => new > old,
        }
    }
}
