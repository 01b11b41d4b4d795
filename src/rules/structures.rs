//! The web of structures: who needs whom, by manifests and by source, with every place that says so.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::constitution::{LayerId, Plane};
use crate::facts::graph::{ExternalId, Node, PackageId};
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

impl Reason<'_> {
    /// Whether it is written in this workspace.
    fn is_own(self) -> bool {
        matches!(self, Self::Reference(_) | Self::Link(Link::Declared(_)))
    }

    /// Whether it is written in another one.
    fn is_foreign(self) -> bool {
        matches!(self, Self::Link(Link::Foreign { .. }))
    }
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
        // It is told at a place of ours: of a cycle that only goes round elsewhere, they are told there.
        let reasons: Vec<Reason<'_>> = (cycle.witness.iter())
            .map(|at| self.reason(*at))
            .collect::<Option<_>>()?;
        let told = match reasons.iter().position(|reason| reason.is_own()) {
            Some(told) => told,
            None if reasons.iter().any(|reason| reason.is_foreign()) => return None,
            None => 0,
        };
        let first = reasons[told];
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
            target: self.after(cycle, told),
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
                Member::Package(id) => Some(case.layering.package(id)?.layer),
                Member::Module(id) => Some(case.assigned(id)?.layer),
                Member::External(at) => case.station(Node::External(ExternalId(at)))?.id,
            })
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

    /// The next structure that the witness comes to from its arrow number `told`.
    fn after(&self, cycle: &Cycle, told: usize) -> Option<String> {
        let start = self.web.arrows[cycle.witness[told]].from;
        let on = cycle.witness[told..].iter().chain(&cycle.witness[..told]);
        let mut met = on.map(|at| self.web.arrows[*at].to);
        let next = met.find(|node| self.web.structure[*node] && *node != start)?;
        Some(self.web.names[next].clone())
    }

    fn reason(&self, arrow: usize) -> Option<Reason<'a>> {
        self.reasons[arrow].first().copied()
    }

    fn place(&self, case: &Case<'_>, reason: Reason<'_>) -> Option<Place> {
        match reason {
            Reason::Link(Link::Declared(edge)) => Some(edge.place),
            Reason::Link(Link::Foreign { edge, .. }) => Some(edge.place),
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
            Reason::Link(Link::Foreign { .. } | Link::Locked { .. }) => {}
            Reason::Reference(at) => hops.extend(case.names.hops(&case.facts.references[at])),
        }
        hops
    }

    fn why(&self, case: &Case<'_>, node: usize) -> Because {
        match self.members[node] {
            Member::Package(id) => case.why_package(id),
            Member::Module(id) => case.why_module(id),
            Member::External(at) => case.why_node(Node::External(ExternalId(at))),
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
        let id = match node {
            Node::Package(id) => id,
            Node::External(id) => return self.of_external(id),
        };
        let case = self.case;
        let (name, member) = (case.facts.graph.name(node), Member::Package(id));
        match case.layering.package(id) {
            Some(own) => self.of_assigned(own, id, name, member),
            None => case
                .unassigned(id)
                .then(|| self.node(Key::Passing(member), name, member)),
        }
    }

    /// A package of another workspace is of a structure there; any other is merely on the way.
    fn of_external(&mut self, id: ExternalId) -> Option<usize> {
        let case = self.case;
        let member = Member::External(id.0);
        let name = &case.facts.graph.externals[id.0].name;
        match case.station(Node::External(id)) {
            Some(station) if (self.counts)(station.plane) => {
                let name = match self.grain {
                    Grain::Structures => station.structure.unwrap_or(name),
                    Grain::Layers => station.layer,
                };
                Some(self.node(Key::Named(name), name, member))
            }
            Some(station) if station.plane != Plane::Neutral => None,
            _ => Some(self.node(Key::Passing(member), name, member)),
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
