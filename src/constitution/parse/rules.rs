//! `[rules.…]` and `[engines.…]`: levels, options, and engines that the catalogue lacks.

use std::collections::BTreeMap;

use super::super::reader::{Reader, Table};
use super::super::{Constitution, OptionValue, RuleSetting};
use crate::finding::{Level, OptionKind, RuleMeta, RuleOption};

const ENGINE_KEYS: &[&str] = &["packages", "paths", "literals"];

/// Adds what each table of `[rules]` says of one of `rules`.
pub(super) fn add(
    law: &mut Constitution,
    reader: &mut Reader<'_>,
    root: &Table<'_>,
    rules: &[&'static RuleMeta],
) {
    let Some(tables) = reader.table(root, "rules") else {
        return;
    };
    let ids: Vec<&str> = rules.iter().map(|rule| rule.id).collect();
    for (id, range) in tables.names() {
        let Some(rule) = rules.iter().find(|rule| rule.id == id) else {
            reader.unknown(range, "rule", id, &ids);
            continue;
        };
        if let Some(table) = reader.table(&tables, id) {
            let setting = setting(reader, &table, rule);
            law.rules.insert(id.to_owned(), setting);
        }
    }
}

fn setting(reader: &mut Reader<'_>, table: &Table<'_>, rule: &RuleMeta) -> RuleSetting {
    let mut keys = vec!["level", "exceptable"];
    keys.extend(rule.options.iter().map(|option| option.key));
    reader.keys(table, &keys);

    let mut levels = vec![("off", None)];
    levels.extend(Level::ALL.map(|level| (level.name(), Some(level))));
    let mut options = BTreeMap::new();
    for option in rule.options {
        if let Some(value) = value(reader, table, option) {
            options.insert(option.key.to_owned(), value);
        }
    }
    RuleSetting {
        level: reader.choice(table, "level", &levels),
        exceptable: reader.flag(table, "exceptable"),
        options,
        place: reader.place(table.range()),
    }
}

fn value(reader: &mut Reader<'_>, table: &Table<'_>, option: &RuleOption) -> Option<OptionValue> {
    match option.kind {
        OptionKind::Flag => reader.flag(table, option.key).map(OptionValue::Flag),
        OptionKind::Word(known) => {
            let known: Vec<(&str, &str)> = known.iter().map(|&word| (word, word)).collect();
            let word = reader.choice(table, option.key, &known)?;
            Some(OptionValue::Word(word.to_owned()))
        }
        OptionKind::Text => Some(OptionValue::Word(reader.word(table, option.key)?.text)),
        OptionKind::Words => reader.texts(table, option.key).map(OptionValue::Words),
    }
}

/// Adds each table of `[engines]` to the catalogue; a category of one's own is one too.
pub(super) fn add_engines(law: &mut Constitution, reader: &mut Reader<'_>, root: &Table<'_>) {
    let Some(tables) = reader.table(root, "engines") else {
        return;
    };
    for (category, _) in tables.names() {
        let Some(table) = reader.table(&tables, category) else {
            continue;
        };
        reader.keys(&table, ENGINE_KEYS);
        let mut lists = ENGINE_KEYS
            .iter()
            .map(|key| reader.texts(&table, key).unwrap_or_default());
        let [packages, paths, literals] = std::array::from_fn(|_| lists.next().unwrap_or_default());
        drop(lists);
        if !ENGINE_KEYS.iter().any(|key| table.has(key)) {
            let message = format!("{} names no engine", table.name);
            let help = "write `packages`, `paths` or `literals`".to_owned();
            reader.absence(table.range(), message, "here", Some(help));
        }
        law.catalogue.extend(category, &packages, &paths, &literals);
    }
}
