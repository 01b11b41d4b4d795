//! The web of structures: who needs whom, by manifests and by source, with every place that says so.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::constitution::{LayerId, Plane};
use crate::facts::graph::{Node, PackageId};
use crate::facts::reference::{ModuleId, Referent};
use crate::finding::{Because, Hop};
use crate::layering::Assigned;
use crate::rules::cycle::{Arrow, Cycle, Web};
use crate::rules::links::Link;
use crate::rules::{Case, Draft, manifest, source};
use crate::text::Place;

/// What the nodes of a web are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grain {
    /// Structures by their names, and packages without one by theirs.
    Structures,
    /// Layers; source is left out, since what a module may name has a law of its own.
    Layers,
}

/// A web with the reasons for its arrows.
pub(crate) struct Structures<'a> {
    pub(crate) web: Web,
    /// For each arrow, the distinct dependencies that make it, in their order.
    reasons: Vec<Vec<Reason<'a>>>,
    /// For each node, a package or module that is of it.
    members: Vec<Member>,
}

#[derive(Debug, Clone, Copy)]
enum Reason<'a> {
    Link(Link<'a>),
    /// An index into the facts' references.
    Reference(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Member {
    Package(PackageId),
    Module(ModuleId),
    /// A package of which only the name is known, by its number.
    External(usize),
}

#[derive(Debug, PartialEq, Eq, Hash)]
enum Key<'a> {
    Named(&'a str),
    /// Of no structure, and so merely on the way.
    Passing(Member),
}

/// Builds a web node by node and arrow by arrow.
struct Builder<'c, 'a, P> {
    case: &'c Case<'a>,
    grain: Grain,
    /// The planes whose structures count.
    counts: P,
    nodes: HashMap<Key<'a>, usize>,
    arrows: HashMap<(usize, usize), usize>,
    built: Structures<'a>,
}

impl<'a> Structures<'a> {
    /// The web of the planes that `counts`. Neutral and unassigned code is passed through.
    pub(crate) fn new(case: &Case<'a>, grain: Grain, counts: impl Fn(Plane) -> bool) -> Self {
        let mut builder = Builder {
            case,
            grain,
            counts,
            nodes: HashMap::new(),
            arrows: HashMap::new(),
            built: Self {
                web: Web::default(),
                reasons: Vec::new(),
                members: Vec::new(),
            },
        };
        // Production first: where both need the same, the tests add nothing.
        for test in [false, true] {
            builder.manifests(test);
            if grain == Grain::Structures {
                builder.source(test);
            }
        }
        builder.built
    }

    /// A finding at the first dependency of the cycle's witness; `what` says what goes round.
    pub(crate) fn draft(&self, case: &Case<'_>, cycle: &Cycle, what: &str) -> Option<Draft> {
        let first = self.reason(*cycle.witness.first()?)?;
        let names = |node: usize| format!("`{}`", self.web.names[node]);
        let start = self.web.arrows[cycle.witness[0]].from;
        let way = cycle.witness.iter().map(|at| self.web.arrows[*at].to);
        let way: Vec<String> = std::iter::once(start).chain(way).map(names).collect();
        let message = format!("{what}: {}", way.join(" → "));
        let draft = Draft::at(self.place(case, first)?, message, self.way_out(case, cycle));
        let draft = match first {
            Reason::Reference(at) => draft.of_module(case, case.facts.references[at].from),
            Reason::Link(link) => match link.source() {
                Node::Package(id) => draft.of_package(case, id),
                Node::External(_) => draft,
            },
        };
        let structures = self.on_the_way(cycle);
        Some(Draft {
            target: structures.get(1).map(|node| self.web.names[*node].clone()),
            cfg: cycle.witness.iter().find_map(|at| self.guard(case, *at)),
            test: cycle.test,
            chain: cycle
                .witness
                .iter()
                .flat_map(|at| self.hops(case, *at))
                .collect(),
            because: structures
                .iter()
                .map(|node| self.why(case, *node))
                .collect(),
            ..draft
        })
    }

    /// The layers of a cycle's structures.
    pub(crate) fn layers(&self, case: &Case<'_>, cycle: &Cycle) -> BTreeSet<LayerId> {
        let members = cycle.structures.iter().map(|node| self.members[*node]);
        members
            .filter_map(|member| match member {
                Member::Package(id) => case.layering.package(id),
                Member::Module(id) => case.assigned(id),
                Member::External(_) => None,
            })
            .map(|own| own.layer)
            .collect()
    }

    /// The structures of the witness, in its order, each once.
    fn on_the_way(&self, cycle: &Cycle) -> Vec<usize> {
        let mut met = HashSet::new();
        let nodes = cycle.witness.iter().map(|at| self.web.arrows[*at].from);
        nodes
            .filter(|node| self.web.structure[*node] && met.insert(*node))
            .collect()
    }

    fn reason(&self, arrow: usize) -> Option<Reason<'a>> {
        self.reasons[arrow].first().copied()
    }

    fn place(&self, case: &Case<'_>, reason: Reason<'_>) -> Option<Place> {
        match reason {
            Reason::Link(Link::Declared(edge)) => Some(edge.place),
            Reason::Link(Link::Locked { place, .. }) => place,
            Reason::Reference(at) => Some(case.facts.references[at].place),
        }
    }

    fn guard(&self, case: &Case<'_>, arrow: usize) -> Option<String> {
        match self.reason(arrow)? {
            Reason::Link(link) => link.cfg().map(str::to_owned),
            Reason::Reference(at) => case.names.guard(&case.facts.references[at]),
        }
    }

    fn label(case: &Case<'_>, reason: Reason<'_>) -> String {
        match reason {
            Reason::Link(link) => manifest::label(case, link),
            Reason::Reference(at) => {
                let reference = &case.facts.references[at];
                let from = &case.module(reference.from).path;
                format!("`{from}` {}", source::names(case, reference))
            }
        }
    }

    fn hops(&self, case: &Case<'_>, arrow: usize) -> Vec<Hop> {
        let Some(reason) = self.reason(arrow) else {
            return Vec::new();
        };
        let label = Self::label(case, reason);
        let place = self.place(case, reason);
        let mut hops: Vec<Hop> = place
            .map(|place| Hop { place, label })
            .into_iter()
            .collect();
        match reason {
            Reason::Link(Link::Declared(edge)) => hops.extend(manifest::inherited(case, edge)),
            Reason::Link(Link::Locked { .. }) => {}
            Reason::Reference(at) => hops.extend(case.names.hops(&case.facts.references[at])),
        }
        hops
    }

    fn why(&self, case: &Case<'_>, node: usize) -> Because {
        match self.members[node] {
            Member::Package(id) => case.why_package(id),
            Member::Module(id) => case.why_module(id),
            Member::External(_) => Because {
                text: format!("`{}` is outside the workspace", self.web.names[node]),
                place: None,
            },
        }
    }

    /// Names the dependencies to cut, with their lines.
    fn way_out(&self, case: &Case<'_>, cycle: &Cycle) -> String {
        const SHOWN: usize = 6;
        let reasons: Vec<Reason<'_>> = cycle
            .cut
            .iter()
            .flat_map(|at| &self.reasons[*at])
            .copied()
            .collect();
        let mut named: Vec<String> = reasons
            .iter()
            .take(SHOWN)
            .map(|reason| self.pointed(case, *reason))
            .collect();
        if reasons.len() > SHOWN {
            named.push(format!("{} more", reasons.len() - SHOWN));
        }
        let few = match (reasons.len(), cycle.smallest) {
            (1, _) => "cut one dependency",
            (_, true) => "cut the fewest dependencies that part them",
            (_, false) => "cut these dependencies, which part them",
        };
        format!(
            "{few}: {}; what is needed there belongs behind a port below both",
            named.join("; ")
        )
    }

    fn pointed(&self, case: &Case<'_>, reason: Reason<'_>) -> String {
        let label = Self::label(case, reason);
        match self.place(case, reason) {
            Some(place) => format!(
                "{label} ({}:{})",
                case.facts.sources.shown(place.file),
                place.span.start.line()
            ),
            None => label,
        }
    }
}

impl<'a, P: Fn(Plane) -> bool> Builder<'_, 'a, P> {
    fn manifests(&mut self, test: bool) {
        for link in self
            .case
            .links()
            .iter()
            .filter(|link| link.is_dev() == test)
        {
            if let (Some(from), Some(to)) =
                (self.of_node(link.source()), self.of_node(link.target()))
            {
                self.arrow(from, to, test, Reason::Link(link));
            }
        }
    }

    /// References count where a package has layers in it; else its manifest has said it all.
    fn source(&mut self, test: bool) {
        let case = self.case;
        let split = source::per_module(case, |id| {
            case.layering.has_module_layers(case.module(id).package)
        });
        if !split.contains(&true) {
            return;
        }
        let nodes = source::per_module(case, |id| self.of_module(id));
        let mut pairs = HashSet::new();
        for (at, reference) in case.facts.references.iter().enumerate() {
            let Referent::Item { module, .. } = case.referent(reference.to) else {
                continue;
            };
            let (from, to) = (reference.from, *module);
            if reference.test != test || !(split[from.0 as usize] || split[to.0 as usize]) {
                continue;
            }
            if let (Some(source), Some(target)) = (nodes[from.0 as usize], nodes[to.0 as usize])
                && pairs.insert((from, to))
            {
                self.arrow(source, target, test, Reason::Reference(at));
            }
        }
    }

    fn of_node(&mut self, node: Node) -> Option<usize> {
        let graph = &self.case.facts.graph;
        let (member, own, passing) = match node {
            Node::Package(id) => {
                let own = self.case.layering.package(id);
                (
                    Member::Package(id),
                    own.map(|own| (own, id)),
                    self.case.unassigned(id),
                )
            }
            Node::External(id) => (Member::External(id.0), None, true),
        };
        match own {
            Some((own, id)) => self.of_assigned(own, id, graph.name(node), member),
            None => passing.then(|| self.node(Key::Passing(member), graph.name(node), member)),
        }
    }

    fn of_module(&mut self, id: ModuleId) -> Option<usize> {
        let module = self.case.module(id);
        if !self.case.layering.has_module_layers(module.package) {
            return self.of_node(Node::Package(module.package));
        }
        let member = Member::Module(id);
        match self.case.assigned(id) {
            Some(own) => self.of_assigned(own, module.package, &module.path, member),
            None => Some(self.node(Key::Passing(member), &module.path, member)),
        }
    }

    fn of_assigned(
        &mut self,
        own: &'a Assigned,
        package: PackageId,
        path: &str,
        member: Member,
    ) -> Option<usize> {
        let layer = self.case.law.layer(own.layer);
        if (self.counts)(layer.plane) {
            let package = &self.case.facts.graph.package(package).name;
            let name = match self.grain {
                Grain::Structures => own.structure.as_ref().unwrap_or(package),
                Grain::Layers => &layer.name,
            };
            return Some(self.node(Key::Named(name), name, member));
        }
        (layer.plane == Plane::Neutral).then(|| self.node(Key::Passing(member), path, member))
    }

    fn node(&mut self, key: Key<'a>, name: &str, member: Member) -> usize {
        let built = &mut self.built;
        let structure = matches!(key, Key::Named(_));
        *self.nodes.entry(key).or_insert_with(|| {
            built.web.names.push(name.to_owned());
            built.web.structure.push(structure);
            built.members.push(member);
            built.members.len() - 1
        })
    }

    fn arrow(&mut self, from: usize, to: usize, test: bool, reason: Reason<'a>) {
        if from == to {
            return;
        }
        let Structures { web, reasons, .. } = &mut self.built;
        let at = *self.arrows.entry((from, to)).or_insert_with(|| {
            web.arrows.push(Arrow {
                from,
                to,
                weight: 0,
                test,
            });
            reasons.push(Vec::new());
            web.arrows.len() - 1
        });
        if web.arrows[at].test == test {
            web.arrows[at].weight += 1;
            reasons[at].push(reason);
        }
    }
}
