//! `[[expect]]`: small sources that the law must find, or must not.

use super::super::reader::{Reader, Table};
use super::super::{Constitution, Expect, Stand};
use crate::finding::{Level, RuleMeta};

pub(super) const KEYS: &[&str] = &[
    "rule",
    "layer",
    "package",
    "module",
    "source",
    "dependencies",
    "found",
    "level",
];

/// Where the tried code stands; one of them.
const STANDS: &[&str] = &["layer", "package", "module"];

/// What is tried; one at least.
const TRIED: &[&str] = &["source", "dependencies"];

/// Adds the expectations of `root`, once layers are known.
pub(super) fn add(
    law: &mut Constitution,
    reader: &mut Reader<'_>,
    root: &Table<'_>,
    rules: &[&'static RuleMeta],
) {
    for table in reader.tables(root, "expect") {
        reader.keys(&table, KEYS);
        if let Some(expect) = expect(law, reader, &table, rules) {
            law.expects.push(expect);
        }
    }
}

fn expect(
    law: &Constitution,
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    rules: &[&'static RuleMeta],
) -> Option<Expect> {
    if !table.has("rule") {
        reader.missing(table, "rule", "is the law that is tried");
    }
    if !TRIED.iter().any(|key| table.has(key)) {
        let message = "this `[[expect]]` tries nothing";
        let help =
            "write `source`, the text of a file, or `dependencies`, packages that a manifest names";
        reader.absence(table.range(), message, "here", Some(help.to_owned()));
    }
    let stand = stand(law, reader, table);
    let rule = reader.word(table, "rule").and_then(|word| {
        let found = rules.iter().find(|rule| rule.id == word.text);
        if found.is_none() {
            let ids: Vec<&str> = rules.iter().map(|rule| rule.id).collect();
            reader.unknown(word.range, "rule", &word.text, &ids);
        }
        found.copied()
    });
    let source = reader.word(table, "source").map(|word| word.text);
    let dependencies = reader.texts(table, "dependencies").unwrap_or_default();
    let found = reader.flag(table, "found").unwrap_or(true);
    let levels = Level::ALL.map(|level| (level.name(), level));
    let level = reader.choice(table, "level", &levels);
    Some(Expect {
        rule: rule?,
        stand: stand?,
        source: source.unwrap_or_default(),
        dependencies,
        found,
        level: level.unwrap_or(Level::Note),
        place: reader.place(table.range()),
    })
}

fn stand(law: &Constitution, reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Stand> {
    let written: Vec<&str> = STANDS
        .iter()
        .copied()
        .filter(|key| table.has(key))
        .collect();
    if written.len() != 1 {
        let message = match written.len() {
            0 => "this `[[expect]]` stands nowhere",
            _ => "this `[[expect]]` stands in more than one place",
        };
        let help = "write one of `layer`; `package` or `module`, which have the layer that the assignments give them";
        reader.absence(table.range(), message, "here", Some(help.to_owned()));
        return None;
    }
    let word = reader.word(table, written[0])?;
    match written[0] {
        "layer" => reader.layer(law, &word).map(Stand::Layer),
        "package" => Some(Stand::Package(word.text)),
        _ => Some(Stand::Module(word.text)),
    }
}
