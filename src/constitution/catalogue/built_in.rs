//! The compiled-in text of the catalogue, read into it.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Catalogue, Category, Entry};

/// `rules/engines.toml`, where each key is explained.
const TEXT: &str = include_str!("../../../rules/engines.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    category: Vec<Table>,
    #[serde(borrow)]
    crate_names: BTreeMap<&'static str, &'static str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    name: &'static str,
    what: &'static str,
    port: &'static str,
    #[serde(default)]
    packages: Vec<&'static str>,
    #[serde(default)]
    facades: Vec<&'static str>,
    #[serde(default)]
    paths: Vec<&'static str>,
    #[serde(default)]
    values: Vec<&'static str>,
    #[serde(default)]
    literals: Vec<&'static str>,
}

fn parse() -> File {
    toml::from_str(TEXT).expect("a test reads the same compiled-in text")
}

pub(super) fn read() -> Catalogue {
    let file = parse();
    let mut catalogue = Catalogue {
        crate_names: file.crate_names.into_iter().collect(),
        ..Catalogue::default()
    };
    for (category, table) in file.category.into_iter().enumerate() {
        catalogue.categories.push(Category {
            name: Cow::Borrowed(table.name),
            what: Cow::Borrowed(table.what),
            port: Cow::Borrowed(table.port),
        });
        for (names, facade) in [(table.packages, false), (table.facades, true)] {
            for name in names {
                let entry = Entry {
                    category,
                    facade,
                    own: false,
                };
                catalogue.add_package(Cow::Borrowed(name), entry);
            }
        }
        for (paths, mark) in [(table.paths, Some(category)), (table.values, None)] {
            for path in paths {
                catalogue.items.insert(Cow::Borrowed(path), mark, false);
            }
        }
        for literal in table.literals {
            catalogue.add_literal(Cow::Borrowed(literal), category);
        }
    }
    catalogue
}
