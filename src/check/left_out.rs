//! Packages that lie in the repository but that no workspace's check takes along.

use std::path::{Path, PathBuf};

use super::heirs::{Lines, sources_of};
use crate::facts::Facts;
use crate::facts::graph::{PackageId, package_name};
use crate::rules::weakened_law::LeftOut;
use crate::text::{Place, relative};

/// A manifest of the repository that no package of the check has.
#[derive(Debug)]
pub(super) struct Outsider {
    pub(super) name: String,
    /// Absolute.
    pub(super) folder: PathBuf,
    /// Its Rust sources.
    sources: Vec<PathBuf>,
}

impl Outsider {
    /// Those below the workspace's root, among the repository's `files` (absolute).
    pub(super) fn all(facts: &Facts, files: &[PathBuf]) -> Vec<Self> {
        let root = facts.sources.root();
        let known = |folder: &Path| {
            let mut packages = facts.graph.packages.iter();
            packages.any(|package| package.folder == folder)
        };
        let manifests = files.iter().filter(|path| path.ends_with("Cargo.toml"));
        let folders = manifests.filter_map(|path| path.parent());
        folders
            .filter(|folder| folder.starts_with(root) && *folder != root && !known(folder))
            .filter_map(|folder| {
                let sources = files.iter().filter(|path| {
                    path.starts_with(folder) && path.extension().is_some_and(|it| it == "rs")
                });
                Some(Self {
                    name: package_name(folder)?,
                    folder: folder.to_owned(),
                    sources: sources.cloned().collect(),
                })
            })
            .collect()
    }

    /// The manifest as people see it.
    fn manifest(&self, facts: &Facts) -> String {
        relative(facts.sources.root(), &self.folder.join("Cargo.toml"))
    }

    fn left_out(&self, facts: &mut Facts, name: &str, layer: &str, how: String) -> LeftOut {
        let file = facts.sources.add(&self.folder.join("Cargo.toml"));
        LeftOut {
            name: name.to_owned(),
            layer: layer.to_owned(),
            how,
            place: Place::top(file),
        }
    }
}

/// What the change took out of the check: `gone` are the packages of `then` that `now` has none for, each
/// with its layer; `elsewhere` are links and submodules.
pub(super) fn taken_out(
    then: &Facts,
    now: &mut Facts,
    gone: &[(PackageId, String)],
    outsiders: &[Outsider],
    elsewhere: &[PathBuf],
) -> Vec<LeftOut> {
    if gone.is_empty() {
        return Vec::new();
    }
    let files = sources_of(then);
    let mut all = Vec::new();
    for (id, layer) in gone {
        let name = &then.graph.package(*id).name;
        let files = files.get(id).map_or(&[][..], Vec::as_slice);
        let lines = Lines::of(&then.sources, files);
        let found = outsiders.iter().find(|outsider| {
            outsider.name == *name || lines.mostly_in(&Lines::of_paths(&outsider.sources))
        });
        if let Some(outsider) = found {
            let how = format!("`{}` is no member any more", outsider.manifest(now));
            all.push(outsider.left_out(now, name, layer, how));
            continue;
        }
        let (root_then, root) = (then.sources.root(), now.sources.root());
        let folder = then.graph.package(*id).folder.strip_prefix(root_then);
        let folder = folder.map(|below| root.join(below));
        let away = |path: &&PathBuf| folder.as_ref().is_ok_and(|it| it.starts_with(path));
        if let Some(path) = elsewhere.iter().find(away) {
            let how = format!("`{}` leads elsewhere now", relative(root, path));
            let place = Place::top(now.sources.add(&root.join("Cargo.toml")));
            all.push(LeftOut {
                name: name.clone(),
                layer: layer.clone(),
                how,
                place,
            });
        }
    }
    all
}

/// A new package that the law puts into `layer`, but that is no member.
pub(super) fn kept_out(now: &mut Facts, outsider: &Outsider, layer: &str) -> LeftOut {
    let how = format!("`{}` is new, and no member", outsider.manifest(now));
    outsider.left_out(now, &outsider.name, layer, how)
}
