//! From a manifest's path to everything the graph is made of: members, folders they lead to, the lock.

pub(crate) mod cargo;
mod link;
mod lock;
mod manifest;
mod outline;
mod redirect;
#[cfg(test)]
mod scratch;
mod wanted;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use self::cargo::WorkspaceError;
use self::outline::Outline;
use self::redirect::Redirect;
use self::wanted::Wanted;
use crate::facts::graph::{EdgeKind, Graph, Package, Target, TargetKind};
use crate::facts::workspace::lock::Lock;
use crate::facts::workspace::manifest::{Declared, Manifest};
use crate::finding::BlindSpot;
use crate::text::{Place, Sources};

/// How many packages outside the workspace are read, so that no chain of folders is endless.
const MOST_OUTSIDE: usize = 512;
/// TOML of 80 brackets with keys of 80 parts each is as deep as its parser goes, and it is recursive.
const STACK: usize = 64 << 20;

/// A workspace as its manifests and its lock file describe it.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) graph: Graph,
    pub(crate) sources: Sources,
    /// Cargo's target directory, for the cache.
    pub(crate) target_directory: PathBuf,
    /// Sorted; manifests and lock files that could not be read.
    pub(crate) blind_spots: Vec<BlindSpot>,
}

/// A package with what it wants, before the graph has an order.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) package: Package,
    pub(crate) wants: Vec<Wanted>,
}

/// Everything that was read, indexed by folder.
pub(crate) struct Survey {
    pub(crate) found: Vec<Found>,
    /// By folder, both as cargo writes it and by its real name.
    by_folder: HashMap<PathBuf, usize>,
    pub(crate) redirects: Vec<Redirect>,
    pub(crate) lock: Lock,
    sources: Sources,
    blind_spots: Vec<BlindSpot>,
    /// Places of `[workspace.dependencies]`, by workspace root.
    shared: HashMap<PathBuf, HashMap<String, Declared>>,
    /// What cargo said of packages outside, by real folder, with their workspace's root.
    described: BTreeMap<PathBuf, (cargo_metadata::Package, PathBuf)>,
    outside: usize,
    /// Set once cargo did not come to an end on something outside: it is not asked again.
    weary: bool,
}

/// Reads the workspace of `manifest_path`, or the one around the current folder.
///
/// # Errors
/// Where there is no workspace to judge: no manifest, no cargo, or one that cargo refuses.
pub(crate) fn read(manifest_path: Option<&Path>) -> Result<Workspace, WorkspaceError> {
    let manifest = cargo::manifest(manifest_path)?;
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || survey(&manifest))
            .expect("a thread can be started");
        reader
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn survey(manifest: &Path) -> Result<Workspace, WorkspaceError> {
    let metadata = cargo::metadata(manifest)?;
    let root = metadata.workspace_root.into_std_path_buf();
    let mut survey = Survey::new(&root);
    for package in &metadata.packages {
        survey.admit(package, &root, true);
    }
    survey.follow();
    Ok(survey.finish(metadata.target_directory.into_std_path_buf()))
}

/// The name of the package in `folder`, which need not belong to any workspace.
pub(crate) fn package_name(folder: &Path) -> Option<String> {
    outline::read(folder).ok()?.map(|outline| outline.name)
}

/// The folder's one name, whatever way leads there.
fn real(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}

impl Survey {
    fn new(root: &Path) -> Self {
        let mut sources = Sources::new(root.to_owned());
        let mut blind_spots = Vec::new();
        Self {
            found: Vec::new(),
            by_folder: HashMap::new(),
            redirects: redirect::read(&mut sources, root),
            lock: Lock::read(&mut sources, root, &mut blind_spots),
            sources,
            blind_spots,
            shared: HashMap::new(),
            described: BTreeMap::new(),
            outside: 0,
            weary: false,
        }
    }

    fn manifest(&mut self, folder: &Path) -> Option<Manifest> {
        let path = folder.join("Cargo.toml");
        match Manifest::read(&mut self.sources, &path) {
            Ok(manifest) => Some(manifest),
            Err(reason) => {
                let place = Place::top(self.sources.add(&path));
                self.blind(place, format!("the manifest cannot be read: {reason}"));
                None
            }
        }
    }

    fn blind(&mut self, place: Place, reason: String) {
        self.blind_spots.push(BlindSpot { place, reason });
    }

    /// The places in `[workspace.dependencies]` of the workspace at `root`.
    fn shared(&mut self, root: &Path) -> &HashMap<String, Declared> {
        if !self.shared.contains_key(root) {
            let path = root.join("Cargo.toml");
            let shared = Manifest::read(&mut self.sources, &path).map(|manifest| manifest.shared);
            self.shared
                .insert(root.to_owned(), shared.unwrap_or_default());
        }
        &self.shared[root]
    }

    /// Takes a package in as cargo describes it.
    fn admit(&mut self, described: &cargo_metadata::Package, root: &Path, member: bool) {
        let path = described.manifest_path.as_std_path();
        let folder = path.parent().unwrap_or(path).to_owned();
        let manifest = self.manifest(&folder);
        let file = self.sources.add(path);
        let shared = self.shared(root);
        let mut wants: Vec<_> = described
            .dependencies
            .iter()
            .map(|dependency| wanted::of(dependency, manifest.as_ref(), shared, Place::top(file)))
            .collect();
        wants.sort_by_key(|wanted| wanted.place.span);
        let package = Package {
            name: described.name.to_string(),
            version: described.version.to_string(),
            member,
            folder,
            manifest: file,
            place: Place::top(file),
            claim: None,
            features: Vec::new(),
            enables: described.features.clone(),
            targets: targets(&described.targets),
        };
        self.enter(package, manifest, wants);
    }

    /// Takes a package in as its manifest alone describes it.
    fn admit_outline(&mut self, folder: &Path, outline: Outline) {
        let file = self.sources.add(&folder.join("Cargo.toml"));
        let manifest = self.manifest(folder);
        let shared = outline.root.as_deref().map(|root| self.shared(root));
        let declared = manifest.iter().flat_map(|manifest| &manifest.dependencies);
        let wants = declared
            .map(|declared| {
                let above = shared.and_then(|shared| shared.get(&declared.key));
                wanted::declared(
                    declared,
                    above.filter(|_| declared.specification.inherited),
                    folder,
                    outline.root.as_deref(),
                )
            })
            .collect();
        let package = Package {
            name: outline.name,
            version: outline.version,
            member: false,
            folder: folder.to_owned(),
            manifest: file,
            place: Place::top(file),
            claim: None,
            features: Vec::new(),
            enables: BTreeMap::new(),
            targets: outline.targets,
        };
        self.enter(package, manifest, wants);
    }

    fn enter(&mut self, mut package: Package, manifest: Option<Manifest>, wants: Vec<Wanted>) {
        if let Some(manifest) = manifest {
            package.place = manifest.name.unwrap_or(package.place);
            package.claim = manifest.claim;
            package.features = manifest.features;
        }
        let at = self.found.len();
        for folder in [real(&package.folder), package.folder.clone()] {
            self.by_folder.entry(folder).or_insert(at);
        }
        self.found.push(Found { package, wants });
    }

    /// Which of [`Self::found`] lies in `folder`. Asks the file system only for an unusual way there.
    pub(crate) fn at(&self, folder: &Path) -> Option<usize> {
        let known = self.by_folder.get(folder).copied();
        known.or_else(|| self.by_folder.get(&real(folder)).copied())
    }

    /// Reads, one after the other, every folder that a dependency leads to.
    fn follow(&mut self) {
        let mut at = 0;
        while at < self.found.len() {
            let Found { package, wants } = &self.found[at];
            let member = package.member;
            let paths = wants.iter().filter_map(|wanted| {
                // Cargo needs no dev-dependencies of a package that it does not test.
                let needed = member || wanted.kind != EdgeKind::Dev;
                let path = wanted.path.clone().filter(|_| needed)?;
                Some((path, wanted.place, wanted.key.clone()))
            });
            for (folder, place, key) in paths.collect::<Vec<_>>() {
                self.visit(&folder, place, &key);
            }
            for at in self.redirects_of(at) {
                let redirect = &self.redirects[at];
                let (folder, place) = (redirect.folder.clone(), redirect.place);
                let package = redirect.package.clone();
                self.visit(&folder, place, &package);
            }
            at += 1;
        }
    }

    /// Redirects whose folder has to be read: those of what a package wants, and at the first package
    /// those of what the lock file takes from a folder.
    fn redirects_of(&self, at: usize) -> Vec<usize> {
        let wants = &self.found[at].wants;
        let names: std::collections::HashSet<&str> = wants
            .iter()
            .filter(|wanted| wanted.path.is_none())
            .map(|wanted| wanted.name.as_str())
            .collect();
        let locked = |name: &str| {
            let mut entries = self.lock.named(name);
            at == 0 && entries.any(|entry| self.lock.packages[entry].source.is_none())
        };
        (0..self.redirects.len())
            .filter(|&at| {
                let name = &self.redirects[at].package;
                names.contains(name.as_str()) || locked(name)
            })
            .collect()
    }

    /// Reads the package in `folder`, unless that is done; `place` is what leads there.
    fn visit(&mut self, folder: &Path, place: Place, key: &str) {
        if self.at(folder).is_some() {
            return;
        }
        let folder = real(folder);
        if self.outside == MOST_OUTSIDE {
            let reason = format!(
                "`{key}` is not read: more than {MOST_OUTSIDE} packages outside of the workspace"
            );
            return self.blind(place, reason);
        }
        self.outside += 1;
        if !self.described.contains_key(&folder) && !self.weary {
            self.ask_cargo(&folder);
        }
        if let Some((package, root)) = self.described.remove(&folder) {
            return self.admit(&package, &root, false);
        }
        match outline::read(&folder) {
            Ok(Some(outline)) => self.admit_outline(&folder, outline),
            Ok(None) => self.blind(
                place,
                format!("`{key}` is not read: the manifest that it leads to names no package"),
            ),
            Err(reason) => self.blind(
                place,
                format!("`{key}` is not read: its manifest cannot be: {reason}"),
            ),
        }
    }

    /// Keeps what cargo says of the workspace around a folder outside; what it refuses is read without it.
    fn ask_cargo(&mut self, folder: &Path) {
        match cargo::metadata(&folder.join("Cargo.toml")) {
            Ok(metadata) => {
                let root = metadata.workspace_root.into_std_path_buf();
                for package in metadata.packages {
                    let path = package.manifest_path.as_std_path();
                    let folder = real(path.parent().unwrap_or(path));
                    self.described.insert(folder, (package, root.clone()));
                }
            }
            Err(WorkspaceError::Hangs { .. }) => self.weary = true,
            Err(_) => {}
        }
    }

    fn finish(mut self, target_directory: PathBuf) -> Workspace {
        let graph = link::graph(&mut self);
        self.blind_spots.sort();
        self.blind_spots.dedup();
        Workspace {
            graph,
            sources: self.sources,
            target_directory,
            blind_spots: self.blind_spots,
        }
    }
}

fn targets(described: &[cargo_metadata::Target]) -> Vec<Target> {
    let mut targets: Vec<_> = described
        .iter()
        .map(|target| Target {
            kind: kind(target),
            crate_name: target.name.replace('-', "_"),
            root: target.src_path.as_std_path().to_owned(),
            edition: target.edition.as_str().parse().unwrap_or(2024),
        })
        .collect();
    targets.sort_by(|a, b| (a.kind, &a.crate_name, &a.root).cmp(&(b.kind, &b.crate_name, &b.root)));
    targets
}

fn kind(target: &cargo_metadata::Target) -> TargetKind {
    match target.kind.first() {
        Some(cargo_metadata::TargetKind::ProcMacro) => TargetKind::ProcMacro,
        Some(cargo_metadata::TargetKind::Bin) => TargetKind::Bin,
        Some(cargo_metadata::TargetKind::Example) => TargetKind::Example,
        Some(cargo_metadata::TargetKind::Test) => TargetKind::Test,
        Some(cargo_metadata::TargetKind::Bench) => TargetKind::Bench,
        Some(cargo_metadata::TargetKind::CustomBuild) => TargetKind::BuildScript,
        _ => TargetKind::Lib,
    }
}

#[cfg(test)]
mod tests;
