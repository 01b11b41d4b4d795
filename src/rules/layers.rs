//! Which layer may depend on which: the one table for manifests and for modules.

use crate::constitution::{Constitution, LayerId, Plane};
use crate::rules::case::is_runtime;
use crate::rules::words;

/// Whether `upward-dependency` has nothing to say about an edge between two layers. What a capability
/// reaches of the runtime plane is lawful here, since other laws speak of it.
pub(crate) fn may(law: &Constitution, from: LayerId, to: LayerId) -> bool {
    let (source, target) = (law.layer(from), law.layer(to));
    if source.plane == Plane::Composition || target.plane == Plane::Neutral {
        return true;
    }
    if source.plane == Plane::Capability && is_runtime(target.plane) {
        return true;
    }
    if from == to {
        return !law.strict_layering;
    }
    let strict = law.strict_layering
        && source.plane == Plane::Capability
        && target.plane == Plane::Capability;
    if strict {
        below(law, from) == Some(to)
    } else {
        source.may_depend_on.contains(&to)
    }
}

/// The capability layer directly below: the highest that `layer` may depend on.
pub(crate) fn below(law: &Constitution, layer: LayerId) -> Option<LayerId> {
    let may = law.layer(layer).may_depend_on.iter().copied();
    may.filter(|id| *id != layer && law.layer(*id).plane == Plane::Capability)
        .max()
}

/// What `layer` may depend on, in words.
pub(crate) fn allowed(law: &Constitution, layer: LayerId) -> String {
    let own = law.layer(layer);
    let strict = law.strict_layering && own.plane == Plane::Capability;
    let ids = if strict {
        below(law, layer).into_iter().collect()
    } else {
        own.may_depend_on.clone()
    };
    let others = ids.iter().filter(|id| **id != layer);
    let Some(which) = words::listed(others.map(|id| &law.layer(*id).name)) else {
        return format!("layer `{}` may depend on no other layer", own.name);
    };
    let only = if strict {
        ", the layer directly below"
    } else {
        ""
    };
    format!("layer `{}` may depend on {which}{only}", own.name)
}
