//! Assignments and confinements that were taken out or narrowed, and code that need no longer be read.

use super::Weakening;
use crate::constitution::{Assign, Confine, Constitution, Selector};
use crate::rules::Case;
use crate::text::relative;

pub(super) fn weakenings(
    case: &Case<'_>,
    before: &Constitution,
    after: &Constitution,
) -> Vec<Weakening> {
    let mut all = Vec::new();
    for assign in &before.assigns {
        unassigned(case, before, after, assign, &mut all);
    }
    for confine in &before.confines {
        for selector in &confine.packages {
            all.extend(unconfined(confine, selector, after));
        }
    }
    for new in &after.generated {
        if !is_covered(new, &before.generated) {
            let glob = &new.glob;
            let message = format!("code that the build script of `{glob}` writes need not be read");
            all.push(
                Weakening::new(format!("generated.{glob}"), message)
                    .before("not listed", None)
                    .after(format!("[generated] packages = [\"{glob}\"]"), new.place),
            );
        }
    }
    all
}

fn is_covered(selector: &Selector, by: &[Selector]) -> bool {
    by.iter().any(|other| other.glob.covers(&selector.glob))
}

/// Selectors of an assignment that the later law no longer has for that layer, though they still match.
fn unassigned(
    case: &Case<'_>,
    before: &Constitution,
    after: &Constitution,
    assign: &Assign,
    all: &mut Vec<Weakening>,
) {
    let layer = &before.layer(assign.layer).name;
    let graph = &case.facts.graph;
    let names: Vec<&str> = graph.packages.iter().map(|it| &*it.name).collect();
    let root = case.facts.sources.root();
    let folders: Vec<String> = (graph.packages.iter())
        .map(|package| relative(root, &package.folder))
        .collect();
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    let modules: Vec<&str> = case.facts.modules.iter().map(|it| &*it.path).collect();
    type Of = fn(&Assign) -> &Vec<Selector>;
    let kinds: [(&str, Of, &[&str]); 3] = [
        ("packages", |assign| &assign.packages, &names),
        ("paths", |assign| &assign.paths, &folders),
        ("modules", |assign| &assign.modules, &modules),
    ];
    for (key, selectors, texts) in kinds {
        for selector in selectors(assign) {
            // The built-in law's go with the built-in law, which is told once.
            let Some(place) = selector.place else {
                continue;
            };
            let glob = &selector.glob;
            let mut same = after.assigns.iter();
            let kept = same.any(|it| {
                after.layer(it.layer).name == *layer && is_covered(selector, selectors(it))
            });
            if kept || !texts.iter().any(|text| glob.matches(text)) {
                continue;
            }
            let message = format!("`{glob}` no longer puts what it matches into layer `{layer}`");
            let says = format!("[[assign]] layer = \"{layer}\", {key} = [\"{glob}\"]");
            let weakening = Weakening::new(format!("assign.{layer}.{key}.{glob}"), message);
            all.push(weakening.before(says, Some(place)));
        }
    }
}

/// Whether nobody else than before may use what `selector` of `confine` names.
fn unconfined(confine: &Confine, selector: &Selector, after: &Constitution) -> Option<Weakening> {
    let glob = &selector.glob;
    let list = |to: &[Selector]| {
        let globs = to.iter().map(|it| format!("\"{}\"", it.glob));
        globs.collect::<Vec<_>>().join(", ")
    };
    let still: Vec<&Confine> = (after.confines.iter())
        .filter(|it| is_covered(selector, &it.packages))
        .collect();
    let as_strict = |it: &&&Confine| it.to.iter().all(|to| is_covered(to, &confine.to));
    if still.iter().any(|it| as_strict(&it)) {
        return None;
    }
    let before = format!("packages = [\"{glob}\"], to = [{}]", list(&confine.to));
    let subject = format!("confine.{glob}");
    Some(match still.first() {
        None => Weakening::new(subject, format!("`{glob}` is no longer confined"))
            .before(before, confine.place),
        Some(wider) => Weakening::new(subject, format!("`{glob}` may be used in more places"))
            .before(before, confine.place)
            .after(
                format!("packages = [\"{glob}\"], to = [{}]", list(&wider.to)),
                wider.place,
            ),
    })
}
