//! The shortest way from one package, module or structure to another, over manifests, lock and names.

mod names;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

pub(crate) use names::{End, UnknownName, find};

use crate::facts::graph::{ExternalId, Node, PackageId};
use crate::facts::reference::{ModuleId, Referent};
use crate::finding::Hop;
use crate::rules::links::Link;
use crate::rules::{Case, manifest, source};
use crate::text::Place;

/// One step of a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leg {
    /// `None`: a lock file that does not say where.
    pub(crate) place: Option<Place>,
    pub(crate) label: String,
    /// Imports, re-exports and inherited lines that this step goes through.
    pub(crate) through: Vec<Hop>,
}

/// A shortest way: never empty.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) legs: Vec<Leg>,
    /// Whether only tests go it.
    pub(crate) test: bool,
}

/// Something that a step leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Stop {
    /// With all its modules.
    Package(PackageId),
    Module(ModuleId),
    External(ExternalId),
    Standard,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Link(Link<'a>),
    /// An index into the facts' references.
    Reference(usize),
}

/// The shortest way between two ends: of production code if there is one, else one that begins in tests.
/// `None` if there is none, or if the two ends share code.
pub(crate) fn way(case: &Case<'_>, from: &End, to: &End) -> Option<Way> {
    let search = Search::new(case, to);
    let found = |test| {
        let steps = search.walk(from, test)?;
        let legs = steps.into_iter().map(|step| search.leg(step)).collect();
        Some(Way { legs, test })
    };
    found(false).or_else(|| found(true))
}

struct Search<'c, 'a> {
    case: &'c Case<'a>,
    goal: &'c End,
    /// By module, indices of the references that stand in it.
    references: Vec<Vec<usize>>,
    /// By package.
    modules: Vec<Vec<ModuleId>>,
}

/// A step that was taken, after the one before it.
struct Taken<'a> {
    before: Option<usize>,
    step: Step<'a>,
}

impl<'c, 'a> Search<'c, 'a> {
    fn new(case: &'c Case<'a>, goal: &'c End) -> Self {
        let mut references = vec![Vec::new(); case.facts.modules.len()];
        for (at, reference) in case.facts.references.iter().enumerate() {
            references[reference.from.0 as usize].push(at);
        }
        let mut modules = vec![Vec::new(); case.facts.graph.packages.len()];
        for (id, module) in (0..).map(ModuleId).zip(&case.facts.modules) {
            modules[module.package.0].push(id);
        }
        Self {
            case,
            goal,
            references,
            modules,
        }
    }

    /// Breadth first; where `test`, the first step may be one of tests.
    fn walk(&self, from: &End, test: bool) -> Option<Vec<Step<'a>>> {
        let mut seen: HashSet<Stop> = from.stops().collect();
        let mut frontier: Vec<(Option<usize>, Stop)> =
            from.stops().map(|stop| (None, stop)).collect();
        let mut taken: Vec<Taken<'a>> = Vec::new();
        while !frontier.is_empty() {
            let mut next = Vec::new();
            for (before, stop) in frontier {
                for (step, to) in self.steps(stop, test && before.is_none()) {
                    if self.arrived(step, to) {
                        return Some(walked(&taken, before, step));
                    }
                    let known = self.whole(to).is_some_and(|whole| seen.contains(&whole));
                    if !known && seen.insert(to) {
                        taken.push(Taken { before, step });
                        next.push((Some(taken.len() - 1), to));
                    }
                }
            }
            frontier = next;
        }
        None
    }

    /// The package that a module is a part of.
    fn whole(&self, stop: Stop) -> Option<Stop> {
        match stop {
            Stop::Module(id) => Some(Stop::Package(self.case.module(id).package)),
            _ => None,
        }
    }

    fn arrived(&self, step: Step<'_>, to: Stop) -> bool {
        let item = match step {
            Step::Reference(at) => {
                let to = self.case.facts.references[at].to;
                self.goal.items.contains(&to)
            }
            Step::Link(_) => false,
        };
        let stops = |stop| match stop {
            Stop::Package(id) => self.goal.packages.contains(&id),
            Stop::Module(id) => self.goal.modules.contains(&id),
            Stop::External(id) => self.goal.externals.contains(&id),
            Stop::Standard => false,
        };
        item || stops(to) || self.whole(to).is_some_and(stops)
    }

    /// Every dependency of a stop: the manifest's first, then what its source names.
    fn steps(&self, stop: Stop, test: bool) -> Vec<(Step<'a>, Stop)> {
        let node = match stop {
            Stop::Package(id) => Some(Node::Package(id)),
            Stop::External(id) => Some(Node::External(id)),
            Stop::Module(_) | Stop::Standard => None,
        };
        let links = node.map_or(&[][..], |node| self.case.links().of(node));
        let links = links.iter().filter(|link| test || !link.is_dev());
        let mut steps: Vec<(Step<'a>, Stop)> = links
            .map(|link| (Step::Link(*link), of_node(link.target())))
            .collect();
        let own;
        let modules: &[ModuleId] = match stop {
            Stop::Package(id) => &self.modules[id.0],
            Stop::Module(id) => {
                own = [id];
                &own
            }
            Stop::External(_) | Stop::Standard => &[],
        };
        let references = modules
            .iter()
            .flat_map(|id| &self.references[id.0 as usize]);
        for &at in references {
            let reference = &self.case.facts.references[at];
            if test || !reference.test {
                steps.push((
                    Step::Reference(at),
                    of_referent(self.case.referent(reference.to)),
                ));
            }
        }
        steps
    }

    fn leg(&self, step: Step<'_>) -> Leg {
        let case = self.case;
        match step {
            Step::Link(link) => {
                let (place, inherited) = match link {
                    Link::Declared(edge) => (Some(edge.place), manifest::inherited(case, edge)),
                    Link::Foreign { edge, .. } => (Some(edge.place), None),
                    Link::Locked { place, .. } => (place, None),
                };
                Leg {
                    place,
                    label: manifest::label(case, link),
                    through: inherited.into_iter().collect(),
                }
            }
            Step::Reference(at) => {
                let reference = &case.facts.references[at];
                let from = &case.module(reference.from).path;
                Leg {
                    place: Some(reference.place),
                    label: format!("`{from}` {}", source::names(case, reference)),
                    through: case.names.hops(reference),
                }
            }
        }
    }
}

fn of_node(node: Node) -> Stop {
    match node {
        Node::Package(id) => Stop::Package(id),
        Node::External(id) => Stop::External(id),
    }
}

fn of_referent(referent: &Referent) -> Stop {
    match referent {
        Referent::External {
            package: Some(id), ..
        } => Stop::External(*id),
        Referent::External { package: None, .. } => Stop::Standard,
        Referent::Item { module, .. } => Stop::Module(*module),
    }
}

fn walked<'a>(taken: &[Taken<'a>], mut at: Option<usize>, last: Step<'a>) -> Vec<Step<'a>> {
    let mut steps = vec![last];
    while let Some(here) = at {
        steps.push(taken[here].step);
        at = taken[here].before;
    }
    steps.reverse();
    steps
}
