//! `[[assign]]`, `[[confine]]` and `[generated]`: tables that select packages, folders and modules.

use super::super::glob::GlobKind;
use super::super::reader::{Reader, Table};
use super::super::{Assign, Confine, Constitution, Selector};

pub(super) const ASSIGN_KEYS: &[&str] = &["layer", "structure", "packages", "paths", "modules"];
pub(super) const CONFINE_KEYS: &[&str] = &["packages", "to"];
pub(super) const GENERATED_KEYS: &[&str] = &["packages"];
const SELECTORS: &[&str] = &["packages", "paths", "modules"];

/// The file's assignments are tried before those of the law that it extends.
pub(super) fn add_assigns(law: &mut Constitution, reader: &mut Reader<'_>, root: &Table<'_>) {
    let mut assigns = Vec::new();
    for table in reader.tables(root, "assign") {
        reader.keys(&table, ASSIGN_KEYS);
        let packages = globs(reader, &table, "packages", GlobKind::Package);
        let paths = globs(reader, &table, "paths", GlobKind::Path);
        let modules = globs(reader, &table, "modules", GlobKind::Module);
        if !SELECTORS.iter().any(|key| table.has(key)) {
            let message = "this `[[assign]]` selects nothing";
            let help = "write `packages`, `paths` or `modules`".to_owned();
            reader.absence(table.range(), message, "here", Some(help));
        }
        if !table.has("layer") {
            reader.missing(&table, "layer", "is what the selected belong to");
        }
        let layer = reader.word(&table, "layer");
        let structure = reader.word(&table, "structure");
        let Some(layer) = layer.and_then(|word| reader.layer(law, &word)) else {
            continue;
        };
        assigns.push(Assign {
            layer,
            structure_at: (structure.as_ref()).and_then(|word| reader.place(word.range.clone())),
            structure: structure.map(|word| word.text),
            packages,
            paths,
            modules,
        });
    }
    assigns.append(&mut law.assigns);
    law.assigns = assigns;
}

pub(super) fn add_confines(law: &mut Constitution, reader: &mut Reader<'_>, root: &Table<'_>) {
    for table in reader.tables(root, "confine") {
        reader.keys(&table, CONFINE_KEYS);
        if !table.has("packages") {
            reader.missing(&table, "packages", "are those to confine");
        }
        if !table.has("to") {
            let what = "names the layers or packages that may use them; `[]` is nobody";
            reader.missing(&table, "to", what);
        }
        let packages = globs(reader, &table, "packages", GlobKind::Package);
        // Empty is lawful here: it confines to nowhere.
        let to = reader.globs(&table, "to", GlobKind::Package);
        law.confines.push(Confine {
            packages,
            to: to.unwrap_or_default(),
            place: reader.place(table.range()),
        });
    }
}

pub(super) fn add_generated(law: &mut Constitution, reader: &mut Reader<'_>, root: &Table<'_>) {
    let Some(table) = reader.table(root, "generated") else {
        return;
    };
    reader.keys(&table, GENERATED_KEYS);
    if !table.has("packages") {
        reader.missing(
            &table,
            "packages",
            "are those whose build scripts write code",
        );
    }
    let packages = globs(reader, &table, "packages", GlobKind::Package);
    law.generated.extend(packages);
}

/// Globs of `key`, which must not be empty where it stands.
fn globs(reader: &mut Reader<'_>, table: &Table<'_>, key: &str, kind: GlobKind) -> Vec<Selector> {
    if let Some(range) = table.empty_array(key) {
        let message = format!("`{key}` of {} selects nothing", table.name);
        reader.absence(range, message, "empty", None);
    }
    reader.globs(table, key, kind).unwrap_or_default()
}
