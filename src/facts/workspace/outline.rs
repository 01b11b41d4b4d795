//! A package as its manifest alone describes it, for one outside the workspace that cargo cannot describe.

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use crate::facts::graph::{Target, TargetKind};
use crate::facts::workspace::manifest::{Unreadable, read_text, table};

/// What others can use of a package, and what is built to that end.
#[derive(Debug)]
pub(crate) struct Outline {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Library and build script.
    pub(crate) targets: Vec<Target>,
    /// The folder of the manifest that holds `[workspace.dependencies]`, if one is found.
    pub(crate) root: Option<PathBuf>,
}

/// Reads the manifest in `folder`; `Ok(None)` where it names no package.
pub(crate) fn read(folder: &Path) -> Result<Option<Outline>, Unreadable> {
    let text = read_text(&folder.join("Cargo.toml"))?;
    let (document, _) = DeTable::parse_recoverable(&text);
    let document = document.get_ref();
    let Some(package) = table(document, "package") else {
        return Ok(None);
    };
    let Some(name) = package.get("name").and_then(|name| name.get_ref().as_str()) else {
        return Ok(None);
    };
    let root = folder.ancestors().find(|above| opens_workspace(above));
    Ok(Some(Outline {
        name: name.to_owned(),
        version: own_or_shared(package, "version", root).unwrap_or_else(|| "0.0.0".to_owned()),
        targets: targets(document, package, name, folder, root),
        root: root.map(Path::to_owned),
    }))
}

fn opens_workspace(folder: &Path) -> bool {
    let text = read_text(&folder.join("Cargo.toml")).unwrap_or_default();
    let (document, _) = DeTable::parse_recoverable(&text);
    document.get_ref().contains_key("workspace")
}

/// A key of `[package]`, or of `[workspace.package]` where it says `workspace = true`.
fn own_or_shared(package: &DeTable<'_>, key: &str, root: Option<&Path>) -> Option<String> {
    let value = package.get(key)?.get_ref();
    if let Some(own) = value.as_str() {
        return Some(own.to_owned());
    }
    let text = read_text(&root?.join("Cargo.toml")).ok()?;
    let (document, _) = DeTable::parse_recoverable(&text);
    let shared = table(table(document.get_ref(), "workspace")?, "package")?;
    Some(shared.get(key)?.get_ref().as_str()?.to_owned())
}

fn targets(
    document: &DeTable<'_>,
    package: &DeTable<'_>,
    name: &str,
    folder: &Path,
    root: Option<&Path>,
) -> Vec<Target> {
    let edition = own_or_shared(package, "edition", root).and_then(|text| text.parse().ok());
    let edition = edition.unwrap_or(2015);
    let library = table(document, "lib");
    let word = |key: &str| library?.get(key)?.get_ref().as_str();
    let flag = |key: &str| library.and_then(|lib| lib.get(key)?.get_ref().as_bool()) == Some(true);
    let mut targets = Vec::new();
    let path = folder.join(word("path").unwrap_or("src/lib.rs"));
    if library.is_some() || path.is_file() {
        targets.push(Target {
            kind: if flag("proc-macro") || flag("proc_macro") {
                TargetKind::ProcMacro
            } else {
                TargetKind::Lib
            },
            crate_name: word("name").unwrap_or(name).replace('-', "_"),
            root: path,
            edition,
        });
    }
    let script = match package.get("build").map(|value| value.get_ref()) {
        Some(DeValue::String(path)) => Some(folder.join(&**path)),
        Some(DeValue::Boolean(false)) => None,
        _ => Some(folder.join("build.rs")).filter(|path| path.is_file()),
    };
    targets.extend(script.map(|root| Target {
        kind: TargetKind::BuildScript,
        crate_name: "build_script_build".to_owned(),
        root,
        edition,
    }));
    targets
}
