//! `[[structure]]`: the registry, and what a manifest may say of its own structure.

use super::super::reader::{Reader, Table};
use super::super::{Constitution, MODES, State, Structure};

const KEYS: &[&str] = &["id", "name", "role", "state", "phase", "modes"];

/// Section III numbers its phases 0 to 6.
const LAST_PHASE: u8 = 6;

/// Adds the structures of `root`; one that is there already is described anew where keys are given.
pub(super) fn add(law: &mut Constitution, reader: &mut Reader<'_>, root: &Table<'_>) {
    let mut own: Vec<String> = Vec::new();
    for table in reader.tables(root, "structure") {
        reader.keys(&table, KEYS);
        if !table.has("id") {
            let what = "is its name, such as `RUNTIME-ADAPTER-DATABASE-v0.1.0`";
            reader.missing(&table, "id", what);
        }
        let mut structure = description(reader, &table);
        let Some(id) = reader.word(&table, "id") else {
            continue;
        };
        structure.id = id.text;
        // A law of its own says so: `duplicate-structure`.
        if own.contains(&structure.id) {
            law.structures.push(structure);
            continue;
        }
        own.push(structure.id.clone());
        match law.structures.iter_mut().find(|s| s.id == structure.id) {
            Some(known) => amend(known, structure),
            None => law.structures.push(structure),
        }
    }
}

fn amend(known: &mut Structure, new: Structure) {
    known.name = new.name.or(known.name.take());
    known.role = new.role.or(known.role.take());
    // What was said of a structure at rest is no longer so of one that has been woken.
    if new.state.is_some_and(State::lets_work) {
        known.phase = None;
    }
    known.state = new.state.or(known.state);
    known.phase = new.phase.or(known.phase);
    known.standing_at = new.standing_at.or(known.standing_at);
    known.modes = new.modes.or(known.modes.take());
    known.modes_at = new.modes_at.or(known.modes_at);
    known.place = new.place;
}

/// `name`, `role`, `state`, `phase` and `modes` of `table`; the id is left empty.
pub(in super::super) fn description(reader: &mut Reader<'_>, table: &Table<'_>) -> Structure {
    let states = State::ALL.map(|state| (state.name(), state));
    Structure {
        id: String::new(),
        name: reader.word(table, "name").map(|word| word.text),
        role: reader.word(table, "role").map(|word| word.text),
        state: reader.choice(table, "state", &states),
        phase: reader.number(table, "phase", LAST_PHASE),
        modes: modes(reader, table),
        place: reader.place(table.range()),
        standing_at: ["state", "phase"]
            .into_iter()
            .find_map(|key| reader.place(table.value(key)?)),
        modes_at: table.value("modes").and_then(|modes| reader.place(modes)),
    }
}

fn modes(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Vec<String>> {
    let words = reader.words(table, "modes")?;
    let mut modes = Vec::new();
    for word in words {
        if MODES.contains(&word.text.as_str()) {
            modes.push(word.text);
        } else {
            reader.unknown(word.range, "mode", &word.text, &MODES);
        }
    }
    Some(modes)
}
