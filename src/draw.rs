//! Draws the picture: from the case and what was found to boxes and arrows.

use std::collections::{BTreeMap, HashMap};

use crate::constitution::{LayerId, Plane, State};
use crate::facts::graph::{EdgeKind, ExternalId, Node as End, PackageId};
use crate::facts::reference::{ModuleId, Reference, Referent};
use crate::finding::{Finding, Level};
use crate::layering::Assigned;
use crate::picture::{Arrow, Band, Node, OUTSIDE, Picture, UNASSIGNED};
use crate::rules::links::Link;
use crate::rules::{Case, manifest, source};
use crate::text::Place;

/// The planes, the topmost first: what depends on something lawfully stands above it.
const PLANES: [Option<Plane>; 6] = [
    Some(Plane::Composition),
    Some(Plane::Federation),
    Some(Plane::Runtime),
    Some(Plane::Capability),
    None,
    Some(Plane::Neutral),
];

/// What a box is made of. The order is that of the finished picture, but for bands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Key<'a> {
    Package(PackageId),
    /// The modules of one layer and structure in a package.
    Part(PackageId, Option<LayerId>, Option<&'a str>),
    External(ExternalId),
    Standard,
}

/// The picture of a case with the findings marked where they are: by their numbers in `findings`. One of
/// the level `fail_on` or over breaks the law.
pub(crate) fn picture(case: &Case<'_>, findings: &[&Finding], fail_on: Level) -> Picture {
    let mut builder = Builder {
        case,
        findings,
        found: found(findings),
        nodes: Vec::new(),
        keys: HashMap::new(),
        arrows: BTreeMap::new(),
    };
    builder.boxes();
    builder.manifests();
    builder.source();
    builder.manifests_of_parts();
    builder.mark();
    let mut picture = builder.finish();
    weigh(&mut picture, findings, fail_on);
    picture.settle();
    picture
}

/// The findings by every place where one is an arrow: a cycle is one at each of its hops.
fn found(findings: &[&Finding]) -> HashMap<Place, Vec<usize>> {
    let mut found: HashMap<Place, Vec<usize>> = HashMap::new();
    for (at, finding) in findings.iter().enumerate() {
        found.entry(finding.place).or_default().push(at);
        if is_cycle(finding.rule.id) {
            for hop in finding
                .chain
                .iter()
                .filter(|hop| hop.place != finding.place)
            {
                found.entry(hop.place).or_default().push(at);
            }
        }
    }
    found
}

fn is_cycle(rule: &str) -> bool {
    rule.ends_with("-cycle")
}

struct Builder<'c, 'a> {
    case: &'c Case<'a>,
    findings: &'c [&'c Finding],
    found: HashMap<Place, Vec<usize>>,
    nodes: Vec<(Key<'a>, Node)>,
    keys: HashMap<Key<'a>, usize>,
    arrows: BTreeMap<(usize, usize), Arrow>,
}

impl<'a> Builder<'_, 'a> {
    fn boxes(&mut self) {
        let case = self.case;
        for id in case.facts.graph.package_ids() {
            if !case.layering.has_module_layers(id) {
                self.node(Key::Package(id));
            }
        }
        for (id, module) in (0..).map(ModuleId).zip(&case.facts.modules) {
            if module.has_code && case.layering.has_module_layers(module.package) {
                let key = self.of_module(id);
                self.node(key);
            }
        }
    }

    /// Declared dependencies of packages that are one box.
    fn manifests(&mut self) {
        let case = self.case;
        let split = |id| case.layering.has_module_layers(id);
        for edge in &case.facts.graph.edges {
            let to = match edge.to {
                End::Package(id) if split(id) => continue,
                End::Package(id) => Key::Package(id),
                End::External(id) => {
                    let name = &case.facts.graph.externals[id.0].name;
                    let engine = case.law.catalogue.engine_package(name).is_some();
                    if !engine && !self.found.contains_key(&edge.place) {
                        continue;
                    }
                    Key::External(id)
                }
            };
            if !split(edge.from) {
                let from = Key::Package(edge.from);
                let label = || manifest::label(case, Link::Declared(edge));
                let test = edge.kind == EdgeKind::Dev;
                let found = self.found.get(&edge.place).cloned().unwrap_or_default();
                self.arrow(from, to, test, Some(edge.place), label, &found);
            }
        }
    }

    /// Names in source: all where a package is several boxes, elsewhere those that break the law.
    fn source(&mut self) {
        let case = self.case;
        for reference in &case.facts.references {
            let target = match case.referent(reference.to) {
                Referent::Item { module, .. } => Some(case.module(*module).package),
                Referent::External { .. } => None,
            };
            let from = case.module(reference.from).package;
            let split = |id| case.layering.has_module_layers(id);
            let parts = split(from) || target.is_some_and(split);
            let found = self.about(reference);
            if found.is_empty() && !(parts && target.is_some()) {
                continue;
            }
            let to = self.of_referent(case.referent(reference.to));
            let from = self.of_module(reference.from);
            let label = || {
                let module = &case.module(reference.from).path;
                format!("`{module}` {}", source::names(case, reference))
            };
            self.arrow(
                from,
                to,
                reference.test,
                Some(reference.place),
                label,
                &found,
            );
        }
    }

    /// The entries that are about what this reference leads to.
    fn about(&self, reference: &Reference) -> Vec<usize> {
        let Some(found) = self.found.get(&reference.place) else {
            return Vec::new();
        };
        let path = source::path(self.case, reference.to);
        let about = |at: &&usize| {
            let finding = self.findings[**at];
            is_cycle(finding.rule.id) || finding.target.as_deref() == Some(&path)
        };
        found.iter().filter(about).copied().collect()
    }

    /// Declared dependencies from or to packages that are several boxes, where no name in source shows
    /// which of them it is.
    fn manifests_of_parts(&mut self) {
        let case = self.case;
        for edge in &case.facts.graph.edges {
            let End::Package(target) = edge.to else {
                continue;
            };
            let (from, to) = (self.parts(edge.from), self.parts(target));
            if from.len() < 2 && to.len() < 2 {
                continue;
            }
            let shown = from
                .iter()
                .any(|from| to.iter().any(|to| self.arrows.contains_key(&(*from, *to))));
            if let (false, Some(&from), Some(&to)) = (shown, from.first(), to.first()) {
                let (from, to) = (self.nodes[from].0.clone(), self.nodes[to].0.clone());
                let label = || manifest::label(case, Link::Declared(edge));
                let test = edge.kind == EdgeKind::Dev;
                let found = self.found.get(&edge.place).cloned().unwrap_or_default();
                self.arrow(from, to, test, Some(edge.place), label, &found);
            }
        }
    }

    fn parts(&self, package: PackageId) -> Vec<usize> {
        let of =
            |key: &Key<'_>| matches!(key, Key::Package(id) | Key::Part(id, ..) if *id == package);
        let nodes = self.nodes.iter().enumerate();
        nodes
            .filter(|(_, (key, _))| of(key))
            .map(|(at, _)| at)
            .collect()
    }

    /// Marks the boxes of all entries.
    fn mark(&mut self) {
        let modules: HashMap<&str, ModuleId> = (0..)
            .map(ModuleId)
            .zip(&self.case.facts.modules)
            .map(|(id, module)| (module.path.as_str(), id))
            .collect();
        for at in 0..self.findings.len() {
            let finding = self.findings[at];
            let module = finding.module.as_deref().and_then(|path| modules.get(path));
            let key = match (module, &finding.package) {
                (Some(&module), _) => Some(self.of_module(module)),
                (None, Some(name)) => {
                    let graph = &self.case.facts.graph;
                    let mut ids = graph.package_ids();
                    let id = ids.find(|id| graph.package(*id).name == *name);
                    id.and_then(|id| Some(self.nodes[*self.parts(id).first()?].0.clone()))
                }
                (None, None) => None,
            };
            if let Some(key) = key {
                let node = self.node(key);
                self.nodes[node].1.entries.push(at);
            }
        }
    }

    fn arrow(
        &mut self,
        from: Key<'a>,
        to: Key<'a>,
        test: bool,
        place: Option<Place>,
        label: impl FnOnce() -> String,
        found: &[usize],
    ) {
        let (from, to) = (self.node(from), self.node(to));
        if from == to {
            return;
        }
        let arrow = self.arrows.entry((from, to)).or_insert_with(|| Arrow {
            from,
            to,
            count: 0,
            test: true,
            label: label(),
            place,
            entries: Vec::new(),
            level: None,
            breaks: false,
            change: None,
        });
        arrow.count += 1;
        arrow.test &= test;
        arrow.entries.extend(found);
    }

    fn of_module(&self, id: ModuleId) -> Key<'a> {
        let package = self.case.module(id).package;
        if !self.case.layering.has_module_layers(package) {
            return Key::Package(package);
        }
        let own = self.case.assigned(id);
        let structure = own.and_then(|own| own.structure.as_deref());
        Key::Part(package, own.map(|own| own.layer), structure)
    }

    fn of_referent(&self, referent: &Referent) -> Key<'a> {
        match referent {
            Referent::Item { module, .. } => self.of_module(*module),
            Referent::External {
                package: Some(id), ..
            } => Key::External(*id),
            Referent::External { package: None, .. } => Key::Standard,
        }
    }

    /// The box of `key`, made if it is not there; its band is set when all are known.
    fn node(&mut self, key: Key<'a>) -> usize {
        if let Some(&at) = self.keys.get(&key) {
            return at;
        }
        let graph = &self.case.facts.graph;
        let (name, own) = match &key {
            Key::Package(id) => (
                graph.package(*id).name.clone(),
                self.case.layering.package(*id),
            ),
            Key::Part(id, layer, _) => {
                let layer = layer.map(|layer| self.case.law.layer(layer).name.as_str());
                let part = layer.unwrap_or(UNASSIGNED);
                (format!("{} / {part}", graph.package(*id).name), None)
            }
            Key::External(id) => (graph.externals[id.0].name.clone(), None),
            Key::Standard => ("std".to_owned(), None),
        };
        let structure = match &key {
            Key::Part(_, _, structure) => structure.map(str::to_owned),
            _ => own.and_then(|own: &Assigned| own.structure.clone()),
        };
        let state = structure
            .as_deref()
            .and_then(|code| self.case.layering.state(code))
            .map(State::name);
        let node = Node {
            name,
            structure,
            state,
            folded: 1,
            ..Node::default()
        };
        self.nodes.push((key.clone(), node));
        self.keys.insert(key, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    /// The band of a box, in an order from the topmost down: plane, layer from the highest down.
    fn rank(&self, key: &Key<'_>) -> (usize, usize) {
        let layer = match key {
            Key::External(_) | Key::Standard => return (0, 0),
            Key::Package(id) => self.case.layering.package(*id).map(|own| own.layer),
            Key::Part(_, layer, _) => *layer,
        };
        let plane = layer.map(|layer| self.case.law.layer(layer).plane);
        let plane = PLANES.iter().position(|known| *known == plane);
        (
            1 + plane.unwrap_or(PLANES.len()),
            layer.map_or(0, |layer| usize::MAX - layer.0),
        )
    }

    fn band(&self, key: &Key<'_>) -> Band {
        let layer = match key {
            Key::External(_) | Key::Standard => {
                return Band {
                    plane: OUTSIDE,
                    layer: "engines".to_owned(),
                };
            }
            Key::Package(id) => self.case.layering.package(*id).map(|own| own.layer),
            Key::Part(_, layer, _) => *layer,
        };
        match layer.map(|layer| self.case.law.layer(layer)) {
            Some(layer) => Band {
                plane: layer.plane.name(),
                layer: layer.name.clone(),
            },
            None => Band {
                plane: UNASSIGNED,
                layer: "no layer".to_owned(),
            },
        }
    }

    fn finish(self) -> Picture {
        let ranks: Vec<_> = self.nodes.iter().map(|(key, _)| self.rank(key)).collect();
        let mut order: Vec<usize> = (0..self.nodes.len()).collect();
        order.sort_by(|&a, &b| {
            let key = |at: usize| (ranks[at], &self.nodes[at].1.name, &self.nodes[at].0);
            key(a).cmp(&key(b))
        });
        let mut picture = Picture::default();
        let mut place = vec![0; order.len()];
        let mut last = None;
        for (new, &old) in order.iter().enumerate() {
            place[old] = new;
            if last != Some(ranks[old]) {
                picture.bands.push(self.band(&self.nodes[old].0));
                last = Some(ranks[old]);
            }
            let mut node = self.nodes[old].1.clone();
            node.band = picture.bands.len() - 1;
            picture.nodes.push(node);
        }
        picture.arrows = self
            .arrows
            .into_values()
            .map(|arrow| Arrow {
                from: place[arrow.from],
                to: place[arrow.to],
                ..arrow
            })
            .collect();
        picture
    }
}

/// Says how grave what was found makes boxes and arrows.
fn weigh(picture: &mut Picture, findings: &[&Finding], fail_on: Level) {
    let level = |found: &[usize]| found.iter().map(|at| findings[*at].level).max();
    for node in &mut picture.nodes {
        node.level = level(&node.entries);
    }
    for arrow in &mut picture.arrows {
        arrow.level = level(&arrow.entries);
        arrow.breaks = arrow.level.is_some_and(|level| level >= fail_on);
    }
}
