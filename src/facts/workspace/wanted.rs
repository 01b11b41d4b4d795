//! A declared dependency before it is known where it leads, from cargo's account or a manifest's own.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use cargo_metadata::DependencyKind;
use cargo_metadata::semver::{Version, VersionReq};

use crate::facts::graph::EdgeKind;
use crate::facts::workspace::manifest::{Declared, Manifest, Specification};
use crate::text::Place;

/// What a package wants.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) key: String,
    /// The package's own name.
    pub(crate) name: String,
    pub(crate) renamed: bool,
    pub(crate) requirement: VersionReq,
    pub(crate) kind: EdgeKind,
    pub(crate) optional: bool,
    pub(crate) features: Vec<String>,
    pub(crate) cfg: Option<String>,
    /// Absolute.
    pub(crate) path: Option<PathBuf>,
    /// In cargo's form: `registry+…`, `git+…`.
    pub(crate) source: String,
    pub(crate) place: Place,
    pub(crate) inherited: Option<Place>,
}

impl Wanted {
    /// Whether `version` will do. From git any version will, also a pre-release, which `*` does not take.
    pub(crate) fn takes(&self, version: &Version) -> bool {
        let any = self.path.is_some() || self.source.starts_with("git+");
        (any && self.requirement == VersionReq::STAR) || self.requirement.matches(version)
    }
}

/// What cargo says of a dependency, with its places in the manifests.
pub(crate) fn of(
    dependency: &cargo_metadata::Dependency,
    manifest: Option<&Manifest>,
    shared: &HashMap<String, Declared>,
    unknown: Place,
) -> Wanted {
    let key = dependency.rename.as_ref().unwrap_or(&dependency.name);
    let kind = match dependency.kind {
        DependencyKind::Development => EdgeKind::Dev,
        DependencyKind::Build => EdgeKind::Build,
        _ => EdgeKind::Normal,
    };
    let platform = dependency.target.as_ref().map(ToString::to_string);
    let declared = manifest.and_then(|m| m.declaration(kind, key, platform.as_deref()));
    let inherited = declared
        .filter(|declared| declared.specification.inherited)
        .and_then(|declared| shared.get(&declared.key));
    let path = dependency.path.as_ref();
    Wanted {
        key: key.clone(),
        name: dependency.name.clone(),
        renamed: dependency.rename.is_some(),
        requirement: dependency.req.clone(),
        kind,
        optional: dependency.optional,
        features: dependency.features.clone(),
        cfg: platform.as_deref().map(guard),
        path: path.map(|path| path.as_std_path().to_owned()),
        source: dependency
            .source
            .as_ref()
            .map(|source| source.repr.clone())
            .unwrap_or_default(),
        place: declared.map_or(unknown, |declared| declared.place),
        inherited: inherited.map(|shared| shared.place),
    }
}

/// A dependency as a manifest alone declares it; `above` is what it inherits, written at `root`.
pub(crate) fn declared(
    declared: &Declared,
    above: Option<&Declared>,
    folder: &Path,
    root: Option<&Path>,
) -> Wanted {
    let Specification {
        package,
        version,
        path,
        git,
        registry,
        ..
    } = above.map_or(&declared.specification, |above| &above.specification);
    let base = above.and(root).unwrap_or(folder);
    let requirement = version.as_deref().and_then(|text| text.parse().ok());
    let source = match (git, registry) {
        (Some(address), _) => format!("git+{address}"),
        (None, Some(registry)) => format!("registry+{registry}"),
        (None, None) => "registry+https://github.com/rust-lang/crates.io-index".to_owned(),
    };
    Wanted {
        key: declared.key.clone(),
        name: package.clone().unwrap_or_else(|| declared.key.clone()),
        renamed: package.as_ref().is_some_and(|name| *name != declared.key),
        requirement: requirement.unwrap_or(VersionReq::STAR),
        kind: declared.kind,
        optional: declared.specification.optional,
        // No law judges how a package outside of the workspace is configured.
        features: Vec::new(),
        cfg: declared.platform.as_deref().map(guard),
        path: path.as_ref().map(|path| base.join(path)),
        source,
        place: declared.place,
        inherited: above.map(|above| above.place),
    }
}

/// A platform as a guard: a triple is one too.
fn guard(platform: &str) -> String {
    if platform.starts_with("cfg(") {
        platform.to_owned()
    } else {
        format!("cfg(target = \"{platform}\")")
    }
}
