//! One `Cargo.toml` as text: the place of everything that cargo's own account of it leaves out.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use thiserror::Error;
use toml::de::{DeString, DeTable, DeValue};

use crate::facts::graph::EdgeKind;
use crate::text::{FileId, Place, Sources, Span, Text};

/// Larger than any real manifest or lock file.
const LARGEST: u64 = 16 << 20;

/// Why a text could not be read.
#[derive(Debug, Error)]
pub(crate) enum Unreadable {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("it is not a file")]
    NotAFile,
    #[error("it is larger than {} MiB", LARGEST >> 20)]
    TooLarge,
    #[error("it is not UTF-8")]
    NotUtf8,
}

/// The text of a manifest, a lock file or a configuration file; never waits on a pipe.
pub(crate) fn read_text(path: &Path) -> Result<String, Unreadable> {
    let found = std::fs::metadata(path)?;
    if !found.is_file() {
        return Err(Unreadable::NotAFile);
    }
    if found.len() > LARGEST {
        return Err(Unreadable::TooLarge);
    }
    String::from_utf8(std::fs::read(path)?).map_err(|_| Unreadable::NotUtf8)
}

type Key<'a, 'i> = &'a toml::Spanned<DeString<'i>>;
type Value<'a, 'i> = &'a toml::Spanned<DeValue<'i>>;

/// What a dependency's table says, as far as it bears on where the dependency leads.
#[derive(Debug, Clone, Default)]
pub(crate) struct Specification {
    pub(crate) package: Option<String>,
    pub(crate) version: Option<String>,
    /// As written, from the folder of the manifest.
    pub(crate) path: Option<String>,
    pub(crate) git: Option<String>,
    pub(crate) registry: Option<String>,
    pub(crate) optional: bool,
    /// `workspace = true`.
    pub(crate) inherited: bool,
}

impl Specification {
    pub(crate) fn of(value: &DeValue<'_>) -> Self {
        let text = |key: &str| Some(value.as_table()?.get(key)?.get_ref().as_str()?.to_owned());
        let flag = |key: &str| {
            let value = value.as_table().and_then(|table| table.get(key));
            value.and_then(|value| value.get_ref().as_bool()) == Some(true)
        };
        Self {
            package: text("package"),
            version: value
                .as_str()
                .map(str::to_owned)
                .or_else(|| text("version")),
            path: text("path"),
            git: text("git"),
            registry: text("registry").or_else(|| text("registry-index")),
            optional: flag("optional"),
            inherited: flag("workspace"),
        }
    }
}

/// One dependency as a manifest declares it.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub(crate) key: String,
    pub(crate) place: Place,
    pub(crate) kind: EdgeKind,
    /// The key under `[target]`, as written.
    pub(crate) platform: Option<String>,
    pub(crate) specification: Specification,
}

/// The places of one manifest.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// The place of the package's name.
    pub(crate) name: Option<Place>,
    /// `[package.metadata.constitution]`.
    pub(crate) claim: Option<Span>,
    /// In the order of their lines.
    pub(crate) features: Vec<(String, Place)>,
    /// In the order of their lines.
    pub(crate) dependencies: Vec<Declared>,
    /// `[workspace.dependencies]`.
    pub(crate) shared: HashMap<String, Declared>,
    index: HashMap<(EdgeKind, String), Vec<usize>>,
}

impl Manifest {
    /// Reads what can be read: of a text that is not TOML, what surrounds the mistake.
    pub(crate) fn read(sources: &mut Sources, path: &Path) -> Result<Self, Unreadable> {
        let file = sources.add(path);
        let text = Text::new(read_text(path)?);
        let (document, _) = DeTable::parse_recoverable(text.as_str());
        Ok(Self::of(file, &text, document.get_ref()))
    }

    pub(crate) fn of(file: FileId, text: &Text, document: &DeTable<'_>) -> Self {
        let reader = Reader { file, text };
        let package = table(document, "package").or_else(|| table(document, "project"));
        let name = package.and_then(|package| package.get("name"));
        let claim = package
            .and_then(|package| table(package, "metadata"))
            .and_then(|metadata| metadata.get_key_value("constitution"));
        let features = table(document, "features").map(|features| reader.keys(features));
        let dependencies = reader.dependencies(document);
        let shared =
            table(document, "workspace").and_then(|workspace| table(workspace, "dependencies"));
        let mut all = Vec::new();
        if let Some(shared) = shared {
            reader.declared(shared, EdgeKind::Normal, None, &mut all);
        }
        let mut index: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, declared) in dependencies.iter().enumerate() {
            let key = (declared.kind, declared.key.clone());
            index.entry(key).or_default().push(at);
        }
        Self {
            name: name.map(|name| reader.place(name.span())),
            claim: claim.map(|(key, value)| text.span(extent(key, value))),
            features: features.unwrap_or_default(),
            dependencies,
            shared: all.into_iter().map(|one| (one.key.clone(), one)).collect(),
            index,
        }
    }

    /// The declaration that cargo reports as this kind, key and platform.
    pub(crate) fn declaration(
        &self,
        kind: EdgeKind,
        key: &str,
        platform: Option<&str>,
    ) -> Option<&Declared> {
        let candidates = self.index.get(&(kind, key.to_owned()))?;
        let platform = platform.map(squeezed);
        candidates
            .iter()
            .map(|&at| &self.dependencies[at])
            .find(|one| one.platform.as_deref().map(squeezed) == platform)
    }
}

/// A platform without what cargo writes its own way: spaces and a comma at the end of a list.
fn squeezed(platform: &str) -> String {
    let platform: String = platform.split_whitespace().collect();
    platform.replace(",)", ")")
}

pub(crate) fn table<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> Option<&'a DeTable<'i>> {
    table.get(key)?.get_ref().as_table()
}

struct Reader<'a> {
    file: FileId,
    text: &'a Text,
}

impl Reader<'_> {
    fn place(&self, range: Range<usize>) -> Place {
        Place {
            file: self.file,
            span: self.text.span(range),
        }
    }

    fn keys(&self, table: &DeTable<'_>) -> Vec<(String, Place)> {
        let mut keys: Vec<_> = table
            .keys()
            .map(|key| (key.get_ref().to_string(), self.place(key.span())))
            .collect();
        keys.sort_by_key(|(_, place)| place.span);
        keys
    }

    fn dependencies(&self, document: &DeTable<'_>) -> Vec<Declared> {
        let mut all = Vec::new();
        self.tables(document, None, &mut all);
        if let Some(platforms) = table(document, "target") {
            for (platform, value) in platforms {
                if let Some(tables) = value.get_ref().as_table() {
                    self.tables(tables, Some(platform.get_ref()), &mut all);
                }
            }
        }
        all.sort_by_key(|declared| declared.place.span);
        all
    }

    fn tables(&self, parent: &DeTable<'_>, platform: Option<&str>, all: &mut Vec<Declared>) {
        for (name, kind) in [
            ("dependencies", EdgeKind::Normal),
            ("dev-dependencies", EdgeKind::Dev),
            ("dev_dependencies", EdgeKind::Dev),
            ("build-dependencies", EdgeKind::Build),
            ("build_dependencies", EdgeKind::Build),
        ] {
            if let Some(table) = table(parent, name) {
                self.declared(table, kind, platform, all);
            }
        }
    }

    fn declared(
        &self,
        table: &DeTable<'_>,
        kind: EdgeKind,
        platform: Option<&str>,
        all: &mut Vec<Declared>,
    ) {
        all.extend(table.iter().map(|(key, value)| Declared {
            key: key.get_ref().to_string(),
            place: self.place(key.span()),
            kind,
            platform: platform.map(str::to_owned),
            specification: Specification::of(value.get_ref()),
        }));
    }
}

/// From the first to the last byte of all that belongs to a table, wherever its parts are written.
fn extent(key: Key<'_, '_>, value: Value<'_, '_>) -> Range<usize> {
    let mut extent = key.span();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        let span = value.span();
        // A table that only dotted keys make up has the span of one of them, or none.
        if !span.is_empty() {
            extent = extent.start.min(span.start)..extent.end.max(span.end);
        }
        for (key, value) in value.get_ref().as_table().into_iter().flatten() {
            extent = extent.start.min(key.span().start)..extent.end.max(key.span().end);
            open.push(value);
        }
    }
    extent
}
