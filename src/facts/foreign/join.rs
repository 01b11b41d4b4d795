//! How foreign packages join the graph: by name and version, each as a node with its layer and its own dependencies.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cargo_metadata::semver::{Version, VersionReq};

use super::model::{Contributed, Contribution, Dependency};
use super::read::{ForeignError, read_all};
use crate::facts::graph::{
    DependencySource, External, ExternalId, Foreign, ForeignEdge, Graph, Node, PackageId, Workspace,
};
use crate::finding::BlindSpot;
use crate::text::{FileId, Place, Sources, Span};

/// Takes the facts in `files` into the graph. What comes back is worth a word to whoever asked: what was left
/// out, and what has the name of a package of theirs and is another one.
///
/// # Errors
/// If a file is none of facts, or it cannot be told which package is meant.
pub(crate) fn join(
    workspace: &mut Workspace,
    files: &[PathBuf],
) -> Result<Vec<String>, ForeignError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let mut words = Vec::new();
    let mut others = read_all(files)?;
    others.retain(|one| {
        let own = is_own(&workspace.graph, &workspace.sources, one);
        if own {
            words.push(format!(
                "the facts of `{}` are this workspace's own: left out",
                one.name
            ));
        }
        !own
    });
    for one in others.iter().filter(|one| one.blind_spots > 0) {
        let file = workspace.sources.add(&files[0]);
        let reason = format!(
            "{} places of the workspace `{}` could not be read when its facts were written",
            one.blind_spots, one.name
        );
        workspace
            .blind_spots
            .push(BlindSpot::new(file, Span::START, reason));
    }
    let mut joint = Joint::new(&others, &mut workspace.graph);
    joint.identify(&mut words)?;
    joint.connect(&mut workspace.sources)?;
    Ok(words)
}

/// Whether these are facts of the workspace that is judged: at least half of the packages are members, by name and
/// manifest. Its own facts are fresher.
fn is_own(graph: &Graph, sources: &Sources, one: &Contribution) -> bool {
    let members: BTreeMap<&str, &str> = graph
        .packages
        .iter()
        .filter(|package| package.member)
        .map(|package| (package.name.as_str(), sources.shown(package.manifest)))
        .collect();
    let known = one
        .packages
        .iter()
        .filter(|package| members.get(package.name.as_str()) == Some(&package.manifest.as_str()));
    2 * known.count() > one.packages.len()
}

/// A foreign package: which workspace, and which of its packages.
type At = (usize, usize);

struct Joint<'o, 'g> {
    others: &'o [Contribution],
    graph: &'g mut Graph,
    /// By name.
    packages: BTreeMap<&'o str, Vec<At>>,
    nodes: BTreeMap<At, ExternalId>,
    /// By name, those of the graph.
    known: BTreeMap<String, Vec<ExternalId>>,
}

impl<'o, 'g> Joint<'o, 'g> {
    fn new(others: &'o [Contribution], graph: &'g mut Graph) -> Self {
        let mut packages: BTreeMap<&str, Vec<At>> = BTreeMap::new();
        for (at, one) in others.iter().enumerate() {
            for (within, package) in one.packages.iter().enumerate() {
                let named = packages.entry(&package.name).or_default();
                named.push((at, within));
            }
        }
        let mut known: BTreeMap<String, Vec<ExternalId>> = BTreeMap::new();
        for (at, external) in graph.externals.iter().enumerate() {
            let named = known.entry(external.name.clone()).or_default();
            named.push(ExternalId(at));
        }
        Self {
            others,
            graph,
            packages,
            nodes: BTreeMap::new(),
            known,
        }
    }

    fn package(&self, at: At) -> &'o Contributed {
        &self.others[at.0].packages[at.1]
    }

    /// Which packages outside of the workspace are foreign ones; all other foreign ones get nodes of their own.
    fn identify(&mut self, words: &mut Vec<String>) -> Result<(), ForeignError> {
        for at in 0..self.graph.externals.len() {
            let id = ExternalId(at);
            let name = self.graph.externals[at].name.clone();
            let Some(candidates) = self.packages.get(name.as_str()) else {
                continue;
            };
            let user = self.user(id);
            let fits = |at: &&At| self.is(id, self.package(**at));
            let fitting: Vec<At> = candidates.iter().filter(fits).copied().collect();
            let Some(&first) = fitting.first() else {
                let (theirs, own) = (self.package(candidates[0]), self.wanted(id));
                words.push(format!(
                    "`{name}` {own}, which `{user}` uses, is taken for another package than `{name}` {} of the \
                     workspace `{}`",
                    theirs.version, self.others[candidates[0].0].name
                ));
                continue;
            };
            self.alone(&fitting, &user)?;
            // Two versions of one package lead to the same node only if both are compatible with it.
            if self.nodes.contains_key(&first) {
                continue;
            }
            self.nodes.insert(first, id);
        }
        for (at, one) in self.others.iter().enumerate() {
            for within in 0..one.packages.len() {
                if !self.nodes.contains_key(&(at, within)) {
                    let package = &one.packages[within];
                    let id = self.add(&package.name, Some(package.version.clone()));
                    self.nodes.insert((at, within), id);
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, name: &str, version: Option<String>) -> ExternalId {
        let id = ExternalId(self.graph.externals.len());
        self.graph.externals.push(External {
            name: name.to_owned(),
            version,
            dependencies: Vec::new(),
            foreign: None,
        });
        id
    }

    /// Who uses a package outside, for a message.
    fn user(&self, id: ExternalId) -> String {
        let mut edges = self.graph.edges.iter();
        match edges.find(|edge| edge.to == Node::External(id)) {
            Some(edge) => self.graph.package(edge.from).name.clone(),
            None => "Cargo.lock".to_owned(),
        }
    }

    /// What of it is used: the version of the lock file, or what the manifests ask for.
    fn wanted(&self, id: ExternalId) -> String {
        let mut edges = self.graph.edges.iter();
        let asked = edges.find(|edge| edge.to == Node::External(id));
        let version = self.graph.externals[id.0].version.clone();
        version
            .or_else(|| asked.map(|edge| edge.requirement.clone()))
            .unwrap_or_default()
    }

    /// Whether a package outside is this foreign one, whose name it has: by the version of the lock file up to
    /// what is compatible, without one by what the manifests ask for. From git or a folder it is.
    fn is(&self, id: ExternalId, package: &Contributed) -> bool {
        let theirs = version(&package.version);
        let edges = self.graph.edges.iter();
        let mut edges = edges
            .filter(|edge| edge.to == Node::External(id))
            .peekable();
        if edges.peek().is_some()
            && edges.any(|edge| takes(edge.source, &edge.requirement, &theirs))
        {
            return true;
        }
        let own = self.graph.externals[id.0].version.as_deref();
        own.is_some_and(|own| compatible(&version(own), &theirs))
    }

    /// # Errors
    /// If several workspaces have the package.
    fn alone(&self, fitting: &[At], user: &str) -> Result<(), ForeignError> {
        match fitting {
            [first, second, ..] => Err(ForeignError::Ambiguous {
                package: self.package(*first).name.clone(),
                user: user.to_owned(),
                first: self.others[first.0].name.clone(),
                second: self.others[second.0].name.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// Gives every foreign package its places, its layer and its dependencies.
    fn connect(&mut self, sources: &mut Sources) -> Result<(), ForeignError> {
        let nodes: Vec<(At, ExternalId)> = self.nodes.iter().map(|(at, id)| (*at, *id)).collect();
        for (at, id) in nodes {
            let package = self.package(at);
            let workspace = &self.others[at.0].name;
            let file = sources.add_foreign(workspace, &package.manifest);
            let mut edges = Vec::new();
            for dependency in &package.dependencies {
                edges.push(ForeignEdge {
                    to: self.target(at, dependency)?,
                    key: dependency.key.clone(),
                    kind: dependency.kind,
                    optional: dependency.optional,
                    cfg: dependency.cfg.clone(),
                    place: place(file, dependency.line, dependency.column, &dependency.key),
                });
            }
            let layer = package.layer.as_ref();
            self.graph.externals[id.0].foreign = Some(Foreign {
                workspace: workspace.clone(),
                layer: layer.map(|layer| layer.name.clone()),
                plane: layer.map(|layer| layer.plane.clone()),
                carries: layer.is_none_or(|layer| layer.carries) && !package.layers_within,
                layers_within: package.layers_within,
                structure: package.structure.clone(),
                place: place(file, package.line, package.column, "name"),
                edges,
            });
        }
        Ok(())
    }

    /// Where a foreign package's dependency leads: within its workspace, to a member of ours, to another foreign
    /// package, or out of sight.
    fn target(&mut self, from: At, dependency: &Dependency) -> Result<Node, ForeignError> {
        let name = dependency.package.as_str();
        let candidates = self.packages.get(name).cloned().unwrap_or_default();
        if dependency.source == DependencySource::Workspace
            && let Some(at) = candidates.iter().find(|at| at.0 == from.0)
        {
            return Ok(Node::External(self.nodes[at]));
        }
        let takes = |version_: &str| {
            takes(
                dependency.source,
                &dependency.requirement,
                &version(version_),
            )
        };
        let mut members = self.graph.packages.iter();
        let member = members
            .position(|package| package.member && package.name == name && takes(&package.version));
        if let Some(member) = member {
            return Ok(Node::Package(PackageId(member)));
        }
        let fitting = candidates
            .iter()
            .filter(|at| takes(&self.package(**at).version));
        let fitting: Vec<At> = fitting.copied().collect();
        self.alone(&fitting, &self.package(from).name)?;
        if let Some(at) = fitting.first() {
            return Ok(Node::External(self.nodes[at]));
        }
        let known = self
            .known
            .get(name)
            .and_then(|known| known.first())
            .copied();
        // One that has the name but is of another version leads nowhere that is known.
        let known = known.filter(|_| candidates.is_empty());
        let id = known.unwrap_or_else(|| {
            let id = self.add(name, None);
            if candidates.is_empty() {
                self.known.insert(name.to_owned(), vec![id]);
            }
            id
        });
        Ok(Node::External(id))
    }
}

fn version(text: &str) -> Version {
    Version::parse(text).unwrap_or(Version::new(0, 0, 0))
}

fn takes(source: DependencySource, requirement: &str, version: &Version) -> bool {
    let requirement = requirement.parse().unwrap_or(VersionReq::STAR);
    let any = source != DependencySource::Registry && requirement == VersionReq::STAR;
    any || requirement.matches(version)
}

/// Whether cargo takes one version for the other: the first part that is not zero is the same.
fn compatible(own: &Version, theirs: &Version) -> bool {
    match (own.major, own.minor) {
        (0, 0) => (theirs.major, theirs.minor, theirs.patch) == (0, 0, own.patch),
        (0, minor) => (theirs.major, theirs.minor) == (0, minor),
        (major, _) => theirs.major == major,
    }
}

fn place(file: FileId, line: u32, column: u32, word: &str) -> Place {
    Place {
        file,
        span: Span::of_word(line, column, word),
    }
}
