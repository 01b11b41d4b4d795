//! What the law starts from, and layers that may do more than before.

use super::Weakening;
use crate::constitution::{Constitution, Layer, Plane};

pub(super) fn weakenings(before: &Constitution, after: &Constitution) -> Vec<Weakening> {
    let mut all = Vec::new();
    let restarted = before.extends && !after.extends;
    if restarted {
        all.push(
            Weakening::new("extends", "the law no longer starts from the built-in one")
                .before("extends = \"webwaka\"", None)
                .after("extends = \"none\"", None),
        );
    }
    if before.strict_layering && !after.strict_layering {
        all.push(
            Weakening::new("strict-layering", "`strict-layering` is switched off")
                .before("strict-layering = true", None)
                .after("strict-layering = false", None),
        );
    }
    for old in &before.layers {
        match after.layer_named(&old.name) {
            Some(id) => freed(&mut all, (before, old), (after, after.layer(id))),
            // With the built-in law go all its layers.
            None if restarted && old.place.is_none() => {}
            None => all.push(
                Weakening::new(
                    format!("layer.{}", old.name),
                    format!("the layer `{}` is gone", old.name),
                )
                .before(format!("[[layer]] name = \"{}\"", old.name), old.place),
            ),
        }
    }
    for new in &after.layers {
        if before.layer_named(&new.name).is_none() {
            brought(&mut all, new);
        }
    }
    all
}

type Of<'a> = (&'a Constitution, &'a Layer);

fn below<'a>((law, layer): Of<'a>) -> Vec<&'a str> {
    let ids = layer.may_depend_on.iter();
    ids.map(|id| law.layer(*id).name.as_str()).collect()
}

fn freed(all: &mut Vec<Weakening>, old: Of<'_>, new: Of<'_>) {
    let (was, is) = (old.1, new.1);
    let name = &is.name;
    let mut say = |key: &str, message: String, before: String, after: String| {
        let weakening = Weakening::new(format!("layer.{name}.{key}"), message);
        all.push(weakening.before(before, was.place).after(after, is.place));
    };
    if is_freer(was.plane, is.plane) {
        let (from, to) = (was.plane.name(), is.plane.name());
        say(
            "plane",
            format!("the layer `{name}` leaves the {from} plane for the {to} one"),
            format!("plane = \"{from}\""),
            format!("plane = \"{to}\""),
        );
    }
    let (had, has) = (below(old), below(new));
    if let Some(more) = more(&had, &has) {
        say(
            "may-depend-on",
            format!("the layer `{name}` may now depend on {more}"),
            format!("may-depend-on = {had:?}"),
            format!("may-depend-on = {has:?}"),
        );
    }
    if let Some(more) = more(&was.allows, &is.allows) {
        say(
            "allows",
            format!("the layer `{name}` may now use {more}"),
            format!("allows = {:?}", was.allows),
            format!("allows = {:?}", is.allows),
        );
    }
    if was.carries && !is.carries {
        say(
            "carries",
            format!("whoever uses the layer `{name}` no longer answers for what it holds"),
            "carries = true".to_owned(),
            "carries = false".to_owned(),
        );
    }
}

/// A layer that was not there before frees what may reach through it.
fn brought(all: &mut Vec<Weakening>, new: &Layer) {
    let name = &new.name;
    let mut say = |key: &str, message: String, after: String| {
        let weakening = Weakening::new(format!("layer.{name}.{key}"), message);
        all.push(
            weakening
                .before("no such layer", None)
                .after(after, new.place),
        );
    };
    if !new.carries {
        say(
            "carries",
            format!("whoever uses the new layer `{name}` does not answer for what it holds"),
            "carries = false".to_owned(),
        );
    }
    if new.plane == Plane::Capability && !new.allows.is_empty() {
        say(
            "allows",
            format!("the new layer `{name}` brings engines into the capability plane"),
            format!("allows = {:?}", new.allows),
        );
    }
}

/// Whether what leaves one plane for another is bound by less. To come from shared or wiring code under the
/// duties of the capability plane is no relief.
pub(super) fn is_freer(was: Plane, is: Plane) -> bool {
    let stricter = is == Plane::Capability && matches!(was, Plane::Composition | Plane::Neutral);
    was != is && !stricter
}

/// The words of `new` that `old` lacks, quoted; `None` if there are none.
fn more<T: AsRef<str>>(old: &[T], new: &[T]) -> Option<String> {
    let lacks = |word: &&T| !old.iter().any(|known| known.as_ref() == word.as_ref());
    let words: Vec<String> = new
        .iter()
        .filter(lacks)
        .map(|word| format!("`{}`", word.as_ref()))
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}
