//! Where each dependency leads: by folder, by redirect, by lock file, by name and version, in this order.

use std::collections::BTreeMap;

use cargo_metadata::semver::Version;

use crate::facts::graph::{
    DependencySource, Edge, External, ExternalId, Graph, Node, Package, PackageId, TargetKind,
};
use crate::facts::workspace::lock::{Lock, Locked};
use crate::facts::workspace::wanted::Wanted;
use crate::facts::workspace::{Found, Survey};

/// Name, version and source of a package that is not read.
type Identity = (String, Option<Version>, String);

/// The graph of all that was found; empties `survey.found`.
pub(crate) fn graph(survey: &mut Survey) -> Graph {
    let mut found = std::mem::take(&mut survey.found);
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&at| {
        let package = &found[at].package;
        (package.name.clone(), package.folder.clone())
    });
    let mut ids = vec![PackageId(0); found.len()];
    for (id, &at) in order.iter().enumerate() {
        ids[at] = PackageId(id);
    }
    found.sort_by(|a, b| {
        let key = |found: &Found| (found.package.name.clone(), found.package.folder.clone());
        key(a).cmp(&key(b))
    });
    let (packages, wants): (Vec<_>, Vec<_>) = found
        .into_iter()
        .map(|found| (found.package, found.wants))
        .unzip();
    let resolver = Resolver::new(survey, &packages, &ids);
    let leads: Vec<Vec<Lead>> = wants
        .iter()
        .enumerate()
        .map(|(at, wants)| {
            let from = PackageId(at);
            wants.iter().map(|one| resolver.lead(from, one)).collect()
        })
        .collect();
    let index = resolver.externals(leads.iter().flatten());
    let edges = wants.into_iter().zip(leads).enumerate();
    let edges = edges.flat_map(|(at, (wants, leads))| {
        let ends = wants.into_iter().zip(leads);
        ends.map(move |(wanted, lead)| (PackageId(at), wanted, lead))
    });
    let edges = edges
        .map(|(from, wanted, lead)| edge(from, wanted, resolver.node(&lead, &index), &packages))
        .collect();
    let externals = resolver.listed(&index);
    Graph {
        packages,
        externals,
        edges,
    }
}

fn edge(from: PackageId, wanted: Wanted, to: Node, packages: &[Package]) -> Edge {
    let library = match to {
        Node::Package(id) if !wanted.renamed => packages[id.0]
            .targets
            .iter()
            .find(|target| matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro)),
        _ => None,
    };
    Edge {
        from,
        to,
        requirement: wanted.requirement.to_string(),
        source: source(&wanted, to, packages),
        crate_name: library.map_or_else(
            || wanted.key.replace('-', "_"),
            |library| library.crate_name.clone(),
        ),
        key: wanted.key,
        kind: wanted.kind,
        optional: wanted.optional,
        features: wanted.features,
        cfg: wanted.cfg,
        place: wanted.place,
        inherited: wanted.inherited,
    }
}

fn source(wanted: &Wanted, to: Node, packages: &[Package]) -> DependencySource {
    match to {
        Node::Package(id) if packages[id.0].member => DependencySource::Workspace,
        _ if wanted.path.is_some() => DependencySource::Folder,
        _ if wanted.source.starts_with("git+") => DependencySource::Git,
        _ => DependencySource::Registry,
    }
}

/// Where a dependency leads, before externals have an order.
enum Lead {
    Package(PackageId),
    /// An entry of the lock file that is not read.
    Locked(usize),
    /// Not in the lock file, or there is none.
    Unlocked(String),
}

struct Resolver<'a> {
    survey: &'a Survey,
    packages: &'a [Package],
    /// From the order of reading to the graph's.
    ids: &'a [PackageId],
    by_name: BTreeMap<&'a str, Vec<PackageId>>,
    /// Which package a lock entry without a source is.
    read: Vec<Option<PackageId>>,
    /// The lock entry of each package.
    entries: Vec<Option<usize>>,
}

impl<'a> Resolver<'a> {
    fn new(survey: &'a Survey, packages: &'a [Package], ids: &'a [PackageId]) -> Self {
        let mut by_name: BTreeMap<&str, Vec<PackageId>> = BTreeMap::new();
        for (at, package) in packages.iter().enumerate() {
            let named = by_name.entry(&package.name).or_default();
            named.push(PackageId(at));
        }
        // Members first: outside packages may share their names.
        for named in by_name.values_mut() {
            named.sort_by_key(|id| !packages[id.0].member);
        }
        let mut resolver = Self {
            survey,
            packages,
            ids,
            by_name,
            read: Vec::new(),
            entries: vec![None; packages.len()],
        };
        for (at, locked) in survey.lock.packages.iter().enumerate() {
            let id = resolver.unlocked(locked);
            resolver.read.push(id);
            if let Some(id) = id {
                resolver.entries[id.0].get_or_insert(at);
            }
        }
        resolver
    }

    fn lock(&self) -> &'a Lock {
        &self.survey.lock
    }

    fn named(&self, name: &str) -> &[PackageId] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The package that a lock entry stands for, if it is one that is read. A version that does not fit is a
    /// lock file from before the last release, as long as only one package has the name.
    fn unlocked(&self, locked: &Locked) -> Option<PackageId> {
        let named = self.named(&locked.name);
        if let Some(source) = &locked.source {
            // `[replace]` keeps the entry of what it replaces.
            return self.redirected(&locked.name, source, |version| *version == locked.version);
        }
        let version = locked.version.to_string();
        let exact = named
            .iter()
            .find(|id| self.packages[id.0].version == version);
        match (exact, named) {
            (Some(&id), _) => Some(id),
            (None, [only]) => Some(*only),
            _ => None,
        }
    }

    /// Where `[patch]` or `[replace]` sends the package `name` from `source`.
    fn redirected(
        &self,
        name: &str,
        source: &str,
        satisfies: impl Fn(&Version) -> bool,
    ) -> Option<PackageId> {
        let candidates = self.survey.redirects.iter();
        candidates
            .filter(|redirect| redirect.package == name)
            .find_map(|redirect| {
                let at = self.survey.at(&redirect.folder)?;
                let id = self.ids[at];
                let package = &self.packages[id.0];
                let version = Version::parse(&package.version).ok()?;
                (package.name == name && redirect.applies(source, &version) && satisfies(&version))
                    .then_some(id)
            })
    }

    fn lead(&self, from: PackageId, wanted: &Wanted) -> Lead {
        if let Some(path) = &wanted.path {
            if let Some(at) = self.survey.at(path) {
                return Lead::Package(self.ids[at]);
            }
            // A folder that could not be read: the lock file still knows what it reaches.
            return match self.locked(from, wanted) {
                Some(entry) if self.read[entry].is_none() => Lead::Locked(entry),
                _ => Lead::Unlocked(wanted.name.clone()),
            };
        }
        let satisfies = |version: &Version| wanted.takes(version);
        if let Some(id) = self.redirected(&wanted.name, &wanted.source, satisfies) {
            return Lead::Package(id);
        }
        if let Some(entry) = self.locked(from, wanted) {
            return match self.read[entry] {
                Some(id) => Lead::Package(id),
                None => Lead::Locked(entry),
            };
        }
        let member = self.named(&wanted.name).iter().find(|id| {
            let package = &self.packages[id.0];
            let version = Version::parse(&package.version);
            package.member && version.is_ok_and(|version| satisfies(&version))
        });
        match member {
            Some(&id) => Lead::Package(id),
            None => Lead::Unlocked(wanted.name.clone()),
        }
    }

    /// The lock entry that satisfies what `from` wants: of those on its own list, or else of all that
    /// have a source; the newest.
    fn locked(&self, from: PackageId, wanted: &Wanted) -> Option<usize> {
        let lock = self.lock();
        let fitting = |&at: &usize| {
            let locked = &lock.packages[at];
            locked.name == wanted.name && wanted.takes(&locked.version)
        };
        let newest = |&at: &usize| &lock.packages[at].version;
        let own = self.entries[from.0].map(|entry| &lock.packages[entry].dependencies);
        let own = own.into_iter().flatten().map(|line| line.to);
        own.filter(fitting).max_by_key(newest).or_else(|| {
            lock.named(&wanted.name)
                .filter(|&at| lock.packages[at].source.is_some())
                .filter(fitting)
                .max_by_key(newest)
        })
    }

    fn identity(&self, lead: &Lead) -> Option<Identity> {
        match lead {
            Lead::Package(_) => None,
            Lead::Locked(entry) => Some(identity(&self.lock().packages[*entry])),
            Lead::Unlocked(name) => Some((name.clone(), None, String::new())),
        }
    }

    /// Every package that is not read, in the order of name, version and source, with its lock entry.
    fn externals<'l>(
        &self,
        leads: impl Iterator<Item = &'l Lead>,
    ) -> BTreeMap<Identity, (ExternalId, Option<usize>)> {
        let lock = self.lock();
        let mut index = BTreeMap::new();
        for (entry, locked) in lock.packages.iter().enumerate() {
            if self.read[entry].is_none() {
                index
                    .entry(identity(locked))
                    .or_insert((ExternalId(0), Some(entry)));
            }
        }
        for identity in leads.filter_map(|lead| self.identity(lead)) {
            index.entry(identity).or_insert((ExternalId(0), None));
        }
        for (at, (id, _)) in index.values_mut().enumerate() {
            *id = ExternalId(at);
        }
        index
    }

    fn node(&self, lead: &Lead, index: &BTreeMap<Identity, (ExternalId, Option<usize>)>) -> Node {
        match (lead, self.identity(lead)) {
            (Lead::Package(id), _) => Node::Package(*id),
            (_, Some(identity)) => Node::External(index[&identity].0),
            (_, None) => unreachable!("only packages have no identity"),
        }
    }

    fn listed(&self, index: &BTreeMap<Identity, (ExternalId, Option<usize>)>) -> Vec<External> {
        let lock = self.lock();
        let to = |entry: usize| match self.read[entry] {
            Some(id) => Node::Package(id),
            None => Node::External(index[&identity(&lock.packages[entry])].0),
        };
        index
            .iter()
            .map(|((name, version, _), (_, entry))| External {
                name: name.clone(),
                version: version.as_ref().map(ToString::to_string),
                foreign: None,
                dependencies: entry.map_or_else(Vec::new, |entry| {
                    let lines = &lock.packages[entry].dependencies;
                    lines
                        .iter()
                        .map(|line| (to(line.to), Some(line.place)))
                        .collect()
                }),
            })
            .collect()
    }
}

fn identity(locked: &Locked) -> Identity {
    let source = locked.source.clone().unwrap_or_default();
    (locked.name.clone(), Some(locked.version.clone()), source)
}
