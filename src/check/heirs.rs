//! Packages and modules under a new name: a rename is no way out of a layer.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use crate::facts::Facts;
use crate::facts::graph::PackageId;
use crate::facts::reference::ModuleId;
use crate::text::{FileId, Sources};

/// How often each telling line of a text stands in it.
#[derive(Debug, Default)]
pub(super) struct Lines {
    counts: HashMap<blake3::Hash, usize>,
    total: usize,
}

impl Lines {
    fn add(&mut self, text: &str) {
        // A closing bracket tells nothing.
        for line in text.lines().map(str::trim).filter(|line| line.len() > 2) {
            let count = self.counts.entry(blake3::hash(line.as_bytes()));
            *count.or_default() += 1;
            self.total += 1;
        }
    }

    /// Of the sources in these files.
    pub(super) fn of(sources: &Sources, files: &[FileId]) -> Self {
        let mut lines = Self::default();
        for file in files {
            lines.add(sources.read(*file).as_str());
        }
        lines
    }

    /// Of files that are not among any [`Sources`]; one that cannot be read has none.
    pub(super) fn of_paths(paths: &[PathBuf]) -> Self {
        let mut lines = Self::default();
        for path in paths {
            let bytes = std::fs::read(path).unwrap_or_default();
            lines.add(&String::from_utf8_lossy(&bytes));
        }
        lines
    }

    /// Whether at least half of `self` is found again in `other`.
    pub(super) fn mostly_in(&self, other: &Self) -> bool {
        let found = |(line, count): (&blake3::Hash, &usize)| {
            let there = other.counts.get(line);
            there.map_or(0, |there| *there.min(count))
        };
        let shared: usize = self.counts.iter().map(found).sum();
        self.total > 0 && shared * 2 >= self.total
    }
}

/// The Rust sources in each package's folder, without those of packages below it.
pub(super) fn sources_of(facts: &Facts) -> HashMap<PackageId, Vec<FileId>> {
    let folders: HashMap<&Path, PackageId> = (facts.graph.package_ids())
        .map(|id| (facts.graph.package(id).folder.as_path(), id))
        .collect();
    let mut files: HashMap<PackageId, Vec<FileId>> = HashMap::new();
    for file in facts.sources.all() {
        let path = facts.sources.path(file);
        let home = path.ancestors().find_map(|above| folders.get(above));
        if let Some(home) = home.filter(|_| path.extension().is_some_and(|it| it == "rs")) {
            files.entry(*home).or_default().push(file);
        }
    }
    files
}

/// One state of the workspace, with its packages by name and their code.
struct State<'f> {
    facts: &'f Facts,
    by_name: BTreeMap<&'f str, PackageId>,
    files: HashMap<PackageId, Vec<FileId>>,
}

impl<'f> State<'f> {
    fn new(facts: &'f Facts) -> Self {
        let ids = facts.graph.package_ids();
        Self {
            by_name: ids.map(|id| (&*facts.graph.package(id).name, id)).collect(),
            files: sources_of(facts),
            facts,
        }
    }

    fn lines(&self, id: PackageId) -> Lines {
        let files = self.files.get(&id).map_or(&[][..], Vec::as_slice);
        Lines::of(&self.facts.sources, files)
    }

    /// The package's folder from the workspace's root; `None` outside of it.
    fn folder(&self, id: PackageId) -> Option<&'f Path> {
        let folder = &self.facts.graph.package(id).folder;
        folder.strip_prefix(self.facts.sources.root()).ok()
    }
}

/// For each package of `now`, the one that it was in `then`: of the same name; or one that is gone or has
/// been emptied, whose folder or whose code a package with a new name has taken over.
pub(super) fn packages(then: &Facts, now: &Facts) -> BTreeMap<PackageId, PackageId> {
    let (then, now) = (State::new(then), State::new(now));
    let mut heirs: BTreeMap<PackageId, PackageId> = (now.by_name.iter())
        .filter_map(|(name, id)| Some((*id, *then.by_name.get(name)?)))
        .collect();
    let come = now.by_name.values().filter(|id| !heirs.contains_key(id));
    let come: Vec<(PackageId, Lines)> = come.map(|id| (*id, now.lines(*id))).collect();
    if come.is_empty() {
        return heirs;
    }
    for (name, was) in &then.by_name {
        let lines = then.lines(*was);
        let left = now.by_name.get(name);
        if left.is_some_and(|left| lines.total == 0 || lines.mostly_in(&now.lines(*left))) {
            continue;
        }
        let folder = then.folder(*was).filter(|_| left.is_none());
        for (id, others) in &come {
            let same_folder = folder.is_some() && now.folder(*id) == folder;
            if same_folder || lines.mostly_in(others) {
                heirs.entry(*id).or_insert(*was);
            }
        }
    }
    heirs
}

/// For each module of `now`, the one that it was in `then`: of the same path; or, in packages of which
/// `with_layers` holds, one that is gone and most of whose code it has.
pub(super) fn modules(
    then: &Facts,
    now: &Facts,
    packages: &BTreeMap<PackageId, PackageId>,
    with_layers: &dyn Fn(PackageId) -> bool,
) -> BTreeMap<ModuleId, ModuleId> {
    let mut old: BTreeMap<(PackageId, &str), ModuleId> = BTreeMap::new();
    for (id, module) in (0..).map(ModuleId).zip(&then.modules) {
        let path = below_crate(&module.path);
        old.entry((module.package, path)).or_insert(id);
    }
    let mut heirs = BTreeMap::new();
    let mut come = Vec::new();
    for (id, module) in (0..).map(ModuleId).zip(&now.modules) {
        let Some(was) = packages.get(&module.package) else {
            continue;
        };
        match old.get(&(*was, below_crate(&module.path))) {
            Some(was) => drop(heirs.insert(id, *was)),
            None if with_layers(*was) => come.push((id, *was)),
            None => {}
        }
    }
    if come.is_empty() {
        return heirs;
    }
    let stayed: BTreeSet<ModuleId> = heirs.values().copied().collect();
    let gone: Vec<(ModuleId, Lines)> = (files_of_modules(then).into_iter())
        .filter(|(id, _)| !stayed.contains(id))
        .map(|(id, file)| (id, Lines::of(&then.sources, &[file])))
        .collect();
    let files = files_of_modules(now);
    for (id, package) in come {
        let Some(file) = files.get(&id) else {
            continue;
        };
        let lines = Lines::of(&now.sources, &[*file]);
        let taken_over = gone.iter().find(|(was, all)| {
            then.modules[was.0 as usize].package == package && all.mostly_in(&lines)
        });
        heirs.extend(taken_over.map(|(was, _)| (id, *was)));
    }
    heirs
}

/// A module's path without its crate's name, which a rename of the package changes.
fn below_crate(path: &str) -> &str {
    path.split_once("::").map_or("", |(_, below)| below)
}

/// The file that a module has for itself: the outermost one of those that name something in a file.
fn files_of_modules(facts: &Facts) -> BTreeMap<ModuleId, FileId> {
    let length = |id: ModuleId| facts.modules[id.0 as usize].path.len();
    let mut outermost: BTreeMap<FileId, ModuleId> = BTreeMap::new();
    for reference in &facts.references {
        let known = outermost.entry(reference.place.file);
        let known = known.or_insert(reference.from);
        if length(reference.from) < length(*known) {
            *known = reference.from;
        }
    }
    outermost.into_iter().map(|(file, id)| (id, file)).collect()
}
