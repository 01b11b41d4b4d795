//! Engines that are no longer in the catalogue, structures that may do more, self-tests and exceptions.

use toml::{Table, Value};

use super::Weakening;
use crate::constitution::{Constitution, State, Structure};

pub(super) fn weakenings(before: &Constitution, after: &Constitution) -> Vec<Weakening> {
    let mut all = engines(before, after);
    let gone = before.extends && !after.extends;
    for old in &before.structures {
        match after.structure_named(old.code()) {
            Some(new) => all.extend(released(old, new)),
            // With the built-in law goes its registry.
            None if gone && old.place.is_none() => {}
            None => all.push(
                Weakening::new(
                    format!("structure.{}", old.code()),
                    format!("the registry no longer has `{}`", old.id),
                )
                .before(format!("[[structure]] id = \"{}\"", old.id), old.place),
            ),
        }
    }
    all.extend(tables(before, after));
    all
}

fn engines(before: &Constitution, after: &Constitution) -> Vec<Weakening> {
    let lost = before.catalogue.lost_in(&after.catalogue).into_iter();
    lost.map(|lost| {
        let entry = lost.entry;
        let subject = format!("engines.{}.{entry}", lost.category);
        let before = format!("[engines.{}]: {entry}", lost.category);
        match lost.now {
            None => Weakening::new(subject, format!("`{entry}` is no longer an engine"))
                .before(before, None),
            Some(now) => {
                let category = lost.category;
                let message =
                    format!("the engine `{entry}` goes from category `{category}` to `{now}`");
                Weakening::new(subject, message)
                    .before(before, None)
                    .after(format!("[engines.{now}]: {entry}"), None)
            }
        }
    })
    .collect()
}

/// A structure that is allowed to be further than before.
fn released(old: &Structure, new: &Structure) -> Option<Weakening> {
    let was = old.state?;
    if new.state.is_some_and(|is| is <= was) {
        return None;
    }
    let is = new.state.map_or("not set", State::name);
    let message = format!(
        "the state of `{}` is loosened, from `{}` to `{is}`",
        new.id,
        was.name()
    );
    let weakening = Weakening::new(format!("structure.{}.state", old.code()), message);
    Some(
        weakening
            .before(format!("state = \"{}\"", was.name()), old.place)
            .after(format!("state = \"{is}\""), new.place),
    )
}

/// `[[expect]]` tables that are gone, and `[[exception]]` tables that were not there.
fn tables(before: &Constitution, after: &Constitution) -> Vec<Weakening> {
    let list = |law: &Constitution, key: &str| -> Vec<Value> {
        let table: Table = law.text.parse().unwrap_or_default();
        let list = table.get(key).and_then(Value::as_array);
        list.cloned().unwrap_or_default()
    };
    let missing = |key: &str, from: &Constitution, of: &Constitution| -> Vec<String> {
        let known = list(from, key);
        let all = list(of, key).into_iter();
        let others = all.filter(|table| !known.contains(table));
        // On one line, for it is quoted in one.
        others
            .map(|table| table.to_string().replace('\n', " "))
            .collect()
    };
    let expected = missing("expect", after, before).into_iter().map(|table| {
        Weakening::new(format!("expect.{table}"), "a self-test of the law is gone")
            .before(format!("[[expect]] {table}"), None)
    });
    let excepted = missing("exception", before, after)
        .into_iter()
        .map(|table| {
            Weakening::new(format!("exception.{table}"), "the law makes an exception")
                .before("no such exception", None)
                .after(format!("[[exception]] {table}"), None)
        });
    expected.chain(excepted).collect()
}
