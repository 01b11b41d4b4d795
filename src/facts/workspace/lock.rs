//! `Cargo.lock` as data, with the place of every dependency line.

use std::collections::HashMap;
use std::path::Path;

use cargo_metadata::semver::Version;
use toml::de::{DeTable, DeValue};

use crate::facts::workspace::manifest::read_text;
use crate::finding::BlindSpot;
use crate::text::{FileId, Place, Sources, Span, Text};

/// One `[[package]]`.
#[derive(Debug)]
pub(crate) struct Locked {
    pub(crate) name: String,
    pub(crate) version: Version,
    /// `registry+…` or `git+…`; none for a package of a folder.
    pub(crate) source: Option<String>,
    pub(crate) dependencies: Vec<LockedDependency>,
}

/// One line of a package's `dependencies`.
#[derive(Debug)]
pub(crate) struct LockedDependency {
    pub(crate) place: Place,
    /// Index into [`Lock::packages`].
    pub(crate) to: usize,
}

/// A whole lock file, of any version of the format.
#[derive(Debug, Default)]
pub(crate) struct Lock {
    pub(crate) packages: Vec<Locked>,
    by_name: HashMap<String, Vec<usize>>,
    by_line: HashMap<String, usize>,
}

impl Lock {
    /// Reads the lock file in the folder `root`. Empty, with what stands in the way, if there is one that
    /// cannot be read.
    pub(crate) fn read(sources: &mut Sources, root: &Path, blind: &mut Vec<BlindSpot>) -> Self {
        let path = root.join("Cargo.lock");
        if !path.exists() && !path.is_symlink() {
            return Self::default();
        }
        let file = sources.add(&path);
        let text = match read_text(&path) {
            Ok(text) => Text::new(text),
            Err(reason) => {
                blind.push(unread(file, Span::START, &reason.to_string()));
                return Self::default();
            }
        };
        let lock = DeTable::parse(text.as_str())
            .map_err(|error| {
                let span = error.span().map_or(Span::START, |range| text.span(range));
                unread(file, span, error.message())
            })
            .and_then(|document| Self::of(file, &text, document.get_ref()));
        lock.unwrap_or_else(|spot| {
            blind.push(spot);
            Self::default()
        })
    }

    fn of(file: FileId, text: &Text, document: &DeTable<'_>) -> Result<Self, BlindSpot> {
        let mut lock = Self::default();
        let mut lines = Vec::new();
        // The first version of the format kept a lone package in a table of its own.
        let root = document.get("root").into_iter();
        let listed = document
            .get("package")
            .and_then(|value| value.get_ref().as_array());
        for entry in root.chain(listed.into_iter().flatten()) {
            let (locked, dependencies) = package(entry.get_ref())
                .map_err(|reason| unread(file, text.span(entry.span()), &reason))?;
            let at = lock.packages.len();
            lock.enter(&locked, at);
            lock.packages.push(locked);
            lines.push(dependencies);
        }
        for (at, dependencies) in lines.into_iter().enumerate() {
            for line in dependencies {
                let span = text.span(line.span());
                let written = line.get_ref().as_str().unwrap_or_default();
                let to = lock
                    .find(written)
                    .ok_or_else(|| unread(file, span, &format!("it has no package `{written}`")))?;
                let place = Place { file, span };
                lock.packages[at]
                    .dependencies
                    .push(LockedDependency { place, to });
            }
        }
        Ok(lock)
    }

    fn enter(&mut self, locked: &Locked, at: usize) {
        let Locked { name, version, .. } = locked;
        let source = locked.source.as_deref().unwrap_or_default();
        let named = self.by_name.entry(name.clone()).or_default();
        named.push(at);
        for line in [
            name.clone(),
            format!("{name} {version}"),
            format!("{name} {version} ({source})"),
        ] {
            self.by_line.entry(line).or_insert(at);
        }
    }

    /// `name`, `name version` or `name version (source)`: as much as it takes to be unambiguous.
    fn find(&self, line: &str) -> Option<usize> {
        self.by_line.get(line).copied()
    }

    /// All entries of one name, in the order of the file.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = usize> + use<'_> {
        self.by_name.get(name).into_iter().flatten().copied()
    }
}

type Line<'a, 'i> = &'a toml::Spanned<DeValue<'i>>;

/// A package, with its dependency lines still to be looked up.
fn package<'a, 'i>(entry: &'a DeValue<'i>) -> Result<(Locked, Vec<Line<'a, 'i>>), String> {
    let text = |key: &str| entry.as_table()?.get(key)?.get_ref().as_str();
    let name = text("name").ok_or("a package has no name")?.to_owned();
    let version = text("version").unwrap_or_default();
    let version = Version::parse(version)
        .map_err(|error| format!("`{name}` has the version `{version}`: {error}"))?;
    let dependencies = entry.as_table().and_then(|table| table.get("dependencies"));
    let dependencies = dependencies.and_then(|value| value.get_ref().as_array());
    let locked = Locked {
        name,
        version,
        source: text("source").map(str::to_owned),
        dependencies: Vec::new(),
    };
    Ok((locked, dependencies.into_iter().flatten().collect()))
}

fn unread(file: FileId, span: Span, reason: &str) -> BlindSpot {
    let reason = format!(
        "the lock file cannot be read, so what packages outside of the workspace reach is not known: {reason}"
    );
    BlindSpot::new(file, span, reason)
}
