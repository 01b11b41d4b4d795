//! `[[layer]]`: who may depend on whom.

use std::collections::BTreeMap;

use super::super::mistake::quoted;
use super::super::reader::{Reader, Table, Word};
use super::super::{Constitution, Layer, LayerId, Plane};

pub(super) const KEYS: &[&str] = &["name", "plane", "may-depend-on", "allows", "carries"];

/// Adds the layers of `root`; one that is there already is extended.
pub(super) fn add(law: &mut Constitution, reader: &mut Reader<'_>, root: &Table<'_>) {
    let tables = reader.tables(root, "layer");
    let named = names(law, reader, &tables);
    for (table, id) in named {
        reader.keys(table, KEYS);
        fill(law, reader, table, id);
    }
}

/// Every layer's name first, for a layer may depend on one that is written below it.
fn names<'t, 'a>(
    law: &mut Constitution,
    reader: &mut Reader<'_>,
    tables: &'t [Table<'a>],
) -> Vec<(&'t Table<'a>, LayerId)> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut named = Vec::new();
    for table in tables {
        let Some(word) = name(reader, table) else {
            continue;
        };
        let place = reader.place(word.range.clone());
        let line = place.map_or(0, |place| place.span.start.line());
        if let Some(first) = seen.insert(word.text.clone(), line) {
            let message = format!("the layer {} is written twice", quoted(&word.text));
            let label = format!("first on line {first}");
            reader.mistake(word.range, message, label, None);
            continue;
        }
        let id = law.layer_named(&word.text).unwrap_or_else(|| {
            if !table.has("plane") {
                let planes = Plane::ALL.map(Plane::name).join(", ");
                reader.missing(table, "plane", &format!("is one of: {planes}"));
            }
            law.layers.push(Layer {
                name: word.text,
                plane: Plane::Neutral,
                may_depend_on: Vec::new(),
                allows: Vec::new(),
                carries: true,
                place,
            });
            LayerId(law.layers.len() - 1)
        });
        named.push((table, id));
    }
    named
}

fn name(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Word> {
    if !table.has("name") {
        reader.missing(table, "name", "is what other tables call the layer");
    }
    let word = reader.word(table, "name")?;
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if !word.text.chars().all(plain) {
        let message = format!("{} cannot name a layer", quoted(&word.text));
        let label = "letters, digits, `-` and `_` can";
        reader.mistake(word.range, message, label, None);
        return None;
    }
    Some(word)
}

/// The words of `allows`: one that covers no engine would be a promise of nothing.
fn allowed(law: &Constitution, reader: &mut Reader<'_>, words: Vec<Word>) -> Vec<String> {
    let categories: Vec<&str> = law
        .catalogue
        .categories()
        .map(|known| &*known.name)
        .collect();
    for word in &words {
        if !law.catalogue.is_known_word(&word.text) {
            reader.unknown(
                word.range.clone(),
                "engine or category",
                &word.text,
                &categories,
            );
        }
    }
    words.into_iter().map(|word| word.text).collect()
}

/// Its given keys replace; `may-depend-on` adds.
fn fill(law: &mut Constitution, reader: &mut Reader<'_>, table: &Table<'_>, id: LayerId) {
    let planes = Plane::ALL.map(|plane| (plane.name(), plane));
    let plane = reader.choice(table, "plane", &planes);
    let below: Vec<LayerId> = reader
        .words(table, "may-depend-on")
        .unwrap_or_default()
        .iter()
        .filter_map(|word| reader.layer(law, word))
        .collect();
    let allows = reader
        .words(table, "allows")
        .map(|words| allowed(law, reader, words));
    let carries = reader.flag(table, "carries");
    let place = reader.place(table.range());

    let layer = &mut law.layers[id.0];
    layer.plane = plane.unwrap_or(layer.plane);
    layer.carries = carries.unwrap_or(layer.carries);
    layer.place = place;
    if let Some(allows) = allows {
        layer.allows = allows;
    }
    for other in below {
        if !layer.may_depend_on.contains(&other) {
            layer.may_depend_on.push(other);
        }
    }
    if carries.is_some() && layer.plane != Plane::Neutral {
        let message = format!(
            "`carries` is for neutral layers, not {} ones",
            layer.plane.name()
        );
        let key = table.names().find(|(key, _)| *key == "carries");
        let range = key.map_or(table.range(), |(_, range)| range);
        reader.absence(range, message, "means nothing here", None);
    }
}
