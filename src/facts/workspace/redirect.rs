//! `[patch]` and `[replace]`: where a dependency without a path is sent to a folder after all.

use std::path::{Path, PathBuf};

use cargo_metadata::semver::Version;
use toml::de::DeTable;

use crate::facts::workspace::manifest::{Specification, read_text, table};
use crate::text::{Place, Sources, Text};

/// The address cargo gives to packages of the public registry.
const PUBLIC_REGISTRY: &str = "https://github.com/rust-lang/crates.io-index";

/// One entry that sends a package to a folder.
#[derive(Debug)]
pub(crate) struct Redirect {
    /// The package that is sent elsewhere.
    pub(crate) package: String,
    /// Absolute.
    pub(crate) folder: PathBuf,
    /// The entry's key.
    pub(crate) place: Place,
    scope: Scope,
}

#[derive(Debug)]
enum Scope {
    /// The key under `[patch]`: a registry's name, or the address of a registry or repository.
    Patch(String),
    /// The version that `[replace]` names.
    Replace(Option<Version>),
}

impl Redirect {
    /// Whether it is about dependencies from `source`, in the form that cargo metadata and `Cargo.lock`
    /// give; the version must still satisfy the requirement.
    pub(crate) fn applies(&self, source: &str, version: &Version) -> bool {
        match &self.scope {
            Scope::Replace(wanted) => wanted.as_ref().is_none_or(|wanted| wanted == version),
            Scope::Patch(key) if key == "crates-io" => is_public(source),
            Scope::Patch(key) if key.contains(':') => address(key) == address(source),
            // A registry's name; which one it is stands in a configuration that we do not obey.
            Scope::Patch(_) => !source.starts_with("git+") && !is_public(source),
        }
    }
}

fn is_public(source: &str) -> bool {
    address(source) == PUBLIC_REGISTRY || address(source) == "https://index.crates.io"
}

/// An address without the spellings that cargo holds for equal.
fn address(source: &str) -> String {
    let source = source.split(['?', '#']).next().unwrap_or(source);
    let source = ["registry+", "sparse+", "git+"]
        .iter()
        .find_map(|prefix| source.strip_prefix(prefix))
        .unwrap_or(source)
        .trim_end_matches('/')
        .to_lowercase();
    match source.strip_suffix(".git") {
        Some(bare) => bare.to_owned(),
        None => source,
    }
}

/// Those of the root manifest, then those of the configuration files that cargo would find from there,
/// nearest first. A file that cannot be read has none: cargo says so at every build.
pub(crate) fn read(sources: &mut Sources, root: &Path) -> Vec<Redirect> {
    let mut all = Vec::new();
    collect(sources, &root.join("Cargo.toml"), root, &mut all);
    for folder in root.ancestors() {
        // Of the two spellings cargo takes the older one where both are there.
        let found = ["config", "config.toml"]
            .map(|name| folder.join(".cargo").join(name))
            .into_iter()
            .find(|path| path.exists());
        if let Some(path) = found {
            collect(sources, &path, folder, &mut all);
        }
    }
    all
}

fn collect(sources: &mut Sources, path: &Path, folder: &Path, all: &mut Vec<Redirect>) {
    let Ok(text) = read_text(path) else {
        return;
    };
    let text = Text::new(text);
    let (document, _) = DeTable::parse_recoverable(text.as_str());
    let document = document.get_ref();
    let mut found = Vec::new();
    let patches = table(document, "patch").into_iter().flatten();
    for (key, entries) in patches {
        for (name, value) in entries.get_ref().as_table().into_iter().flatten() {
            let scope = Scope::Patch(key.get_ref().to_string());
            found.push((name, value, name.get_ref().to_string(), scope));
        }
    }
    for (key, value) in table(document, "replace").into_iter().flatten() {
        let (name, version) = replaced(key.get_ref());
        found.push((key, value, name, Scope::Replace(version)));
    }
    found.sort_by_key(|(key, ..)| key.span().start);
    for (key, value, name, scope) in found {
        let specification = Specification::of(value.get_ref());
        let Some(path_written) = specification.path else {
            continue;
        };
        all.push(Redirect {
            package: specification.package.unwrap_or(name),
            folder: folder.join(path_written),
            place: Place {
                file: sources.add(path),
                span: text.span(key.span()),
            },
            scope,
        });
    }
}

/// Name and version of a package-id specification: `foo:1.2.3`, `foo@1.2.3`, `https://…#foo@1.2.3`.
fn replaced(key: &str) -> (String, Option<Version>) {
    let last = key.rsplit(['#', '/']).next().unwrap_or(key);
    match last.split_once([':', '@']) {
        Some((name, version)) => (name.to_owned(), Version::parse(version).ok()),
        None => (last.to_owned(), None),
    }
}
