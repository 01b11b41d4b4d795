//! The JSON Schema of a constitution file, for editors: made from the tables of keys that the parser reads by.

use serde_json::{Map, Value, json};

use super::parse::keys;
use super::{MODES, Plane, State};
use crate::finding::{Level, OptionKind, RuleMeta};

/// What a key takes.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Flag,
    Word,
    Words,
    OneOf(fn() -> Vec<&'static str>),
    SomeOf(fn() -> Vec<&'static str>),
    Phase,
    Rule,
    /// `[[key]]`, the keys of which are under that name.
    Tables,
    /// `[key]`, likewise.
    Table,
    /// `[key.name]` for any name, likewise.
    Named,
    /// `[rules.id]`
    Rules,
    Anything,
}

use Kind::{Anything, Flag, Named, OneOf, Phase, Rule, Rules, SomeOf, Table, Tables, Word, Words};

fn planes() -> Vec<&'static str> {
    Plane::ALL.map(Plane::name).to_vec()
}

fn states() -> Vec<&'static str> {
    State::ALL.map(State::name).to_vec()
}

fn modes() -> Vec<&'static str> {
    MODES.to_vec()
}

fn levels() -> Vec<&'static str> {
    Level::ALL.map(Level::name).to_vec()
}

fn bases() -> Vec<&'static str> {
    vec!["webwaka", "none"]
}

/// Keys by the table that they stand in (empty: the file itself), and what they mean.
const KEYS: &[(&str, &str, Kind, &str)] = &[
    (
        "",
        "extends",
        OneOf(bases),
        "The law to start from: the built-in one, or none.",
    ),
    (
        "",
        "strict-layering",
        Flag,
        "Whether a capability layer may depend on the layer directly below only.",
    ),
    (
        "",
        "layer",
        Tables,
        "A layer; the order is from the lowest to the highest.",
    ),
    (
        "",
        "confine",
        Tables,
        "Packages that only certain layers or packages may use.",
    ),
    (
        "",
        "assign",
        Tables,
        "Who belongs to a layer; the first that matches counts.",
    ),
    ("", "structure", Tables, "A structure of the runtime plane."),
    (
        "",
        "engines",
        Named,
        "Engines that the built-in catalogue lacks, by category.",
    ),
    ("", "rules", Rules, "Levels and options of the laws."),
    (
        "",
        "generated",
        Table,
        "Code that build scripts write and that is not there to read.",
    ),
    (
        "",
        "exception",
        Anything,
        "Not here: an exception is a signed record of its own, which `exception request` writes.",
    ),
    (
        "",
        "expect",
        Tables,
        "Code on which a law is tried in every check.",
    ),
    ("layer", "name", Word, "What other tables call it."),
    ("layer", "plane", OneOf(planes), "What the layer may touch."),
    (
        "layer",
        "may-depend-on",
        Words,
        "Layers that it may depend on beside itself.",
    ),
    (
        "layer",
        "allows",
        Words,
        "Engine packages or categories that it may use after all.",
    ),
    (
        "layer",
        "carries",
        Flag,
        "Neutral layers only: whether users answer for what the layer holds.",
    ),
    (
        "confine",
        "packages",
        Words,
        "Globs of the confined packages' names.",
    ),
    (
        "confine",
        "to",
        Words,
        "Layers, or globs of packages' names, that may use them; `[]` is nobody.",
    ),
    (
        "assign",
        "layer",
        Word,
        "The layer that the selected belong to.",
    ),
    (
        "assign",
        "structure",
        Word,
        "The structure that they are part of.",
    ),
    ("assign", "packages", Words, "Globs of packages' names."),
    (
        "assign",
        "paths",
        Words,
        "Globs of packages' folders, from the workspace's root.",
    ),
    (
        "assign",
        "modules",
        Words,
        "Globs of modules; `shop::domain::**` takes `shop::domain` along.",
    ),
    (
        "structure",
        "id",
        Word,
        "Such as `RUNTIME-ADAPTER-DATABASE-v0.1.0`.",
    ),
    ("structure", "name", Word, "What people call it."),
    ("structure", "role", Word, "What it is for."),
    (
        "structure",
        "state",
        OneOf(states),
        "How far it is allowed to be.",
    ),
    (
        "structure",
        "phase",
        Phase,
        "The phase of its industrialization.",
    ),
    (
        "structure",
        "modes",
        SomeOf(modes),
        "The runtime modes that it serves.",
    ),
    (
        "engines",
        "packages",
        Words,
        "Names of packages that are engines; `*` stands for any text.",
    ),
    (
        "engines",
        "paths",
        Words,
        "Items that are engines, with all below them.",
    ),
    (
        "engines",
        "literals",
        Words,
        "How a string begins that names such an engine.",
    ),
    (
        "generated",
        "packages",
        Words,
        "Globs of packages whose build scripts write code.",
    ),
    ("expect", "rule", Rule, "The law that is tried."),
    (
        "expect",
        "layer",
        Word,
        "The layer that the code stands in.",
    ),
    (
        "expect",
        "package",
        Word,
        "The package that the code stands in: it has the layer of that name.",
    ),
    (
        "expect",
        "module",
        Word,
        "The module that the code stands in: it has the layer of that path.",
    ),
    ("expect", "source", Word, "The text of a file."),
    (
        "expect",
        "dependencies",
        Words,
        "Packages that the manifest names beside those of the source.",
    ),
    (
        "expect",
        "found",
        Flag,
        "Whether the law must find something, or must not.",
    ),
    (
        "expect",
        "level",
        OneOf(levels),
        "Findings below this level do not count.",
    ),
];

/// The keys without which a table says nothing.
const REQUIRED: &[(&str, &[&str])] = &[
    ("layer", &["name"]),
    ("confine", &["packages", "to"]),
    ("assign", &["layer"]),
    ("structure", &["id"]),
    ("generated", &["packages"]),
    ("expect", &["rule"]),
];

/// The schema as pretty JSON.
pub(crate) fn schema(rules: &[&RuleMeta]) -> String {
    let mut root = table("", rules);
    let head = [
        ("$schema", "http://json-schema.org/draft-07/schema#"),
        ("title", "Constitution of a Cargo workspace"),
        (
            "description",
            "What `cargo constitution` judges a workspace by.",
        ),
    ];
    for (key, value) in head {
        root.insert(key.to_owned(), value.into());
    }
    let text = serde_json::to_string_pretty(&root).expect("texts can be written as JSON");
    text + "\n"
}

/// The schema of one table, by the parser's own list of its keys.
fn table(name: &str, rules: &[&RuleMeta]) -> Map<String, Value> {
    let properties: Map<String, Value> = keys(name)
        .iter()
        .map(|key| ((*key).to_owned(), property(name, key, rules)))
        .collect();
    let required = REQUIRED.iter().find(|(table, _)| *table == name);
    object(properties, required.map_or(&[], |(_, keys)| *keys))
}

fn object(properties: Map<String, Value>, required: &[&str]) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("type".to_owned(), "object".into());
    object.insert("properties".to_owned(), properties.into());
    object.insert("additionalProperties".to_owned(), false.into());
    if !required.is_empty() {
        object.insert("required".to_owned(), required.into());
    }
    object
}

fn property(name: &str, key: &str, rules: &[&RuleMeta]) -> Value {
    let known = KEYS
        .iter()
        .find(|(table, known, ..)| *table == name && *known == key);
    let (kind, about) = known.map_or((Anything, ""), |(_, _, kind, about)| (*kind, *about));
    let mut value = match kind {
        Flag => json!({"type": "boolean"}),
        Word => json!({"type": "string", "minLength": 1}),
        Words => json!({"type": "array", "items": {"type": "string", "minLength": 1}}),
        OneOf(words) => json!({"enum": words()}),
        SomeOf(words) => json!({"type": "array", "items": {"enum": words()}}),
        Phase => json!({"type": "integer", "minimum": 0, "maximum": super::parse::LAST_PHASE}),
        Rule => json!({"enum": rules.iter().map(|rule| rule.id).collect::<Vec<_>>()}),
        Tables => json!({"type": "array", "items": table(key, rules)}),
        Table => table(key, rules).into(),
        Named => json!({"type": "object", "additionalProperties": table(key, rules)}),
        Rules => object(
            rules
                .iter()
                .map(|it| (it.id.to_owned(), setting(it)))
                .collect(),
            &[],
        )
        .into(),
        Anything => json!({}),
    };
    if !about.is_empty() {
        value["description"] = about.into();
    }
    value
}

/// `[rules.id]` of one rule.
fn setting(rule: &RuleMeta) -> Value {
    let mut properties: Map<String, Value> = keys("rules")
        .iter()
        .map(|key| {
            let value = match *key {
                "level" => {
                    let mut words = vec!["off"];
                    words.extend(levels());
                    json!({"enum": words, "default": rule.level.name()})
                }
                _ => json!({
                    "type": "boolean",
                    "description": "Whether what it finds may be borne by a signed exception.",
                }),
            };
            ((*key).to_owned(), value)
        })
        .collect();
    for option in rule.options {
        let mut value = match option.kind {
            OptionKind::Flag => json!({"type": "boolean"}),
            OptionKind::Word(words) => json!({"enum": words}),
            OptionKind::Text => json!({"type": "string", "minLength": 1}),
            OptionKind::Words => json!({"type": "array", "items": {"type": "string"}}),
        };
        value["description"] = option.summary.into();
        properties.insert(option.key.to_owned(), value);
    }
    let mut setting = object(properties, &[]);
    setting.insert("description".to_owned(), rule.summary.into());
    setting.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_the_parser_takes_is_described_and_no_other() {
        let tables = [
            "",
            "layer",
            "confine",
            "assign",
            "structure",
            "engines",
            "generated",
            "expect",
        ];
        let taken: Vec<(&str, &str)> = tables
            .into_iter()
            .flat_map(|table| keys(table).iter().map(move |key| (table, *key)))
            .collect();
        let mut described: Vec<(&str, &str)> =
            KEYS.iter().map(|(table, key, ..)| (*table, *key)).collect();
        for key in &taken {
            assert!(described.contains(key), "{key:?} is not described");
        }
        described.retain(|key| !taken.contains(key));
        assert!(
            described.is_empty(),
            "the parser does not take {described:?}"
        );
    }
}
