//! `duplicate-structure`: one structure listed twice, or under two ids.

use std::collections::BTreeMap;

use crate::constitution::Structure;
use crate::finding::{Hop, Level, RuleMeta};
use crate::rules::{Case, Draft, Rule, Sink};
use crate::text::Place;

pub(crate) struct DuplicateStructure;

/// The first id that was seen of a code, and where.
struct First {
    id: String,
    place: Option<Place>,
}

impl Rule for DuplicateStructure {
    const META: &'static RuleMeta = &RuleMeta {
        id: "duplicate-structure",
        trigger: None,
        clause: "II",
        summary: "one structure is listed twice, or is there in two versions",
        level: Level::Risk,
        page: include_str!("../../rules/duplicate-structure.md"),
        options: &[],
    };

    /// What the registry does not know is another law's, so names in manifests count only without one.
    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let mut seen: BTreeMap<String, First> = BTreeMap::new();
        let mut ids: BTreeMap<&str, Option<Place>> = BTreeMap::new();
        for entry in &case.law.structures {
            if let Some(first) = ids.insert(&entry.id, entry.place)
                && let Some(place) = entry.place
            {
                sink.push(again(&entry.id, place, first));
            } else if let Some(draft) = second(&mut seen, &entry.id, entry.place) {
                sink.push(draft);
            }
        }
        if !case.law.structures.is_empty() {
            return;
        }
        for named in case.layering.named_structures() {
            if let Some(draft) = second(&mut seen, &named.name, Some(named.place)) {
                sink.push(match named.package {
                    Some(package) => draft.of_package(case, package),
                    None => draft,
                });
            }
        }
    }
}

/// A finding of an id that the registry had `first` somewhere else.
fn again(id: &str, place: Place, first: Option<Place>) -> Draft {
    let draft = Draft::at(
        place,
        format!("the registry lists `{id}` a second time"),
        "keep one entry of each structure, with all that is said of it".to_owned(),
    );
    let hop = |place| Hop {
        place,
        label: format!("`{id}` is listed here"),
    };
    Draft {
        target: Some(id.to_owned()),
        chain: first.map(hop).into_iter().collect(),
        ..draft
    }
}

/// A finding if `id` is another version of a structure that was seen before.
fn second(seen: &mut BTreeMap<String, First>, id: &str, place: Option<Place>) -> Option<Draft> {
    let structure = Structure {
        id: id.to_owned(),
        ..Structure::default()
    };
    let code = structure.code();
    let Some(first) = seen.get(code) else {
        let id = id.to_owned();
        seen.insert(code.to_owned(), First { id, place });
        return None;
    };
    // Without its version, a structure is whichever there is.
    if first.id == id || id == code || first.id == code {
        return None;
    }
    let place = place?;
    let other = &first.id;
    let draft = Draft::at(
        place,
        format!("`{id}` is `{other}` in another version"),
        format!("a structure has one version at a time: keep `{other}` or `{id}`"),
    );
    let hop = |at: Place| Hop {
        place: at,
        label: format!("`{other}` is named here"),
    };
    Some(Draft {
        target: Some(id.to_owned()),
        chain: first.place.map(hop).into_iter().collect(),
        ..draft
    })
}
