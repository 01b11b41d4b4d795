//! Cycles among named nodes: the components, a shortest witness of each, and the fewest arrows to cut.

use std::collections::{BTreeSet, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use crate::rules::cut;

/// What one node needs of another.
#[derive(Debug, Clone)]
pub(crate) struct Arrow {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// How many dependencies would have to go for the arrow to go.
    pub(crate) weight: usize,
    /// Whether only tests need it.
    pub(crate) test: bool,
}

/// Nodes and arrows. A node that is no structure is merely on the way from one to another.
#[derive(Debug, Default)]
pub(crate) struct Web {
    pub(crate) names: Vec<String>,
    pub(crate) structure: Vec<bool>,
    pub(crate) arrows: Vec<Arrow>,
}

/// One strongly connected component with at least two structures; arrows are indices into the web's.
#[derive(Debug)]
pub(crate) struct Cycle {
    /// In the order of their names.
    pub(crate) structures: Vec<usize>,
    /// A shortest way round from the smallest name and back.
    pub(crate) witness: Vec<usize>,
    /// Arrows without which nothing is circular any more, in their order.
    pub(crate) cut: Vec<usize>,
    /// Whether no lighter cut exists, or it is only thought to be light.
    pub(crate) smallest: bool,
    /// Whether it is none without what only tests need.
    pub(crate) test: bool,
}

/// The nodes and arrows of one component.
struct Component {
    nodes: Vec<usize>,
    arrows: Vec<usize>,
}

impl Web {
    /// Every cycle of production code, then every one that tests add, each in the order of the nodes.
    pub(crate) fn cycles(&self) -> Vec<Cycle> {
        let production = self.components(|arrow| !arrow.test);
        let known: BTreeSet<Vec<usize>> = production
            .iter()
            .map(|component| self.structures(component))
            .collect();
        let mut with_tests = self.components(|_| true);
        with_tests.retain(|component| !known.contains(&self.structures(component)));
        let production = production.iter().map(|component| (component, false));
        let with_tests = with_tests.iter().map(|component| (component, true));
        production
            .chain(with_tests)
            .map(|(component, test)| self.cycle(component, test))
            .collect()
    }

    fn cycle(&self, component: &Component, test: bool) -> Cycle {
        let structures = self.structures(component);
        let cut = cut::smallest(self, &component.nodes, &component.arrows, test);
        Cycle {
            witness: self.witness(component, structures[0], test),
            structures,
            cut: cut.arrows,
            smallest: cut.smallest,
            test,
        }
    }

    /// The component's structures in the order of their names.
    fn structures(&self, component: &Component) -> Vec<usize> {
        let nodes = component.nodes.iter().copied();
        let mut structures: Vec<usize> = nodes.filter(|node| self.structure[*node]).collect();
        structures.sort_by_key(|node| &self.names[*node]);
        structures
    }

    fn components(&self, counts: impl Fn(&Arrow) -> bool) -> Vec<Component> {
        let mut graph = DiGraph::<(), ()>::new();
        let nodes: Vec<_> = self.names.iter().map(|_| graph.add_node(())).collect();
        let counted = || {
            let arrows = self.arrows.iter().enumerate();
            arrows.filter(|(_, arrow)| counts(arrow))
        };
        for (_, arrow) in counted() {
            graph.add_edge(nodes[arrow.from], nodes[arrow.to], ());
        }
        let mut component_of = vec![0; nodes.len()];
        let mut components = Vec::new();
        // Unlike Tarjan's, this one does not recurse: a long chain cannot overflow the stack.
        for (number, members) in kosaraju_scc(&graph).into_iter().enumerate() {
            let mut nodes: Vec<usize> = members.into_iter().map(|node| node.index()).collect();
            nodes.sort_unstable();
            for &node in &nodes {
                component_of[node] = number;
            }
            components.push(Component {
                nodes,
                arrows: Vec::new(),
            });
        }
        for (at, arrow) in counted() {
            if component_of[arrow.from] == component_of[arrow.to] {
                components[component_of[arrow.from]].arrows.push(at);
            }
        }
        components.retain(|component| {
            let nodes = component.nodes.iter();
            nodes.filter(|node| self.structure[**node]).count() > 1
        });
        components.sort_by_key(|component| component.nodes[0]);
        components
    }

    /// A shortest way from `start` back to it that meets another structure, and if `test`, that needs
    /// what only tests need. Breadth-first over nodes with what was met so far.
    fn witness(&self, component: &Component, start: usize, test: bool) -> Vec<usize> {
        const OTHER: usize = 1;
        const TEST: usize = 2;
        let goal = if test { OTHER | TEST } else { OTHER };
        let local = |node: usize| {
            let found = component.nodes.binary_search(&node);
            found.expect("a component's arrows stay within it")
        };
        let mut leaving = vec![Vec::new(); component.nodes.len()];
        for &at in &component.arrows {
            leaving[local(self.arrows[at].from)].push(at);
        }
        for arrows in &mut leaving {
            arrows.sort_by_key(|at| &self.names[self.arrows[*at].to]);
        }
        let start_state = local(start) * 4;
        let mut before: Vec<Option<(usize, usize)>> = vec![None; component.nodes.len() * 4];
        let mut open = VecDeque::from([start_state]);
        while let Some(state) = open.pop_front() {
            for &at in &leaving[state / 4] {
                let arrow = &self.arrows[at];
                let mut met = state % 4;
                if arrow.to != start && self.structure[arrow.to] {
                    met |= OTHER;
                }
                if arrow.test {
                    met |= TEST & goal;
                }
                let next = local(arrow.to) * 4 + met;
                if next == start_state || before[next].is_some() {
                    continue;
                }
                before[next] = Some((state, at));
                if arrow.to == start && met == goal {
                    return walked(&before, next, start_state);
                }
                open.push_back(next);
            }
        }
        Vec::new()
    }
}

/// The arrows from `start` to `state`.
fn walked(before: &[Option<(usize, usize)>], mut state: usize, start: usize) -> Vec<usize> {
    let mut arrows = Vec::new();
    while let (false, Some((earlier, arrow))) = (state == start, before[state]) {
        arrows.push(arrow);
        state = earlier;
    }
    arrows.reverse();
    arrows
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `A-B` needs, `A~B` needs for its tests; a name in lower case is no structure.
    fn web(arrows: &str) -> Web {
        let mut web = Web::default();
        for arrow in arrows.split(' ') {
            let (from, to) = arrow.split_once(['-', '~']).expect("two names");
            let mut node = |name: &str| {
                let found = web.names.iter().position(|known| known == name);
                found.unwrap_or_else(|| {
                    web.names.push(name.to_owned());
                    web.structure.push(name.starts_with(char::is_uppercase));
                    web.names.len() - 1
                })
            };
            let (from, to) = (node(from), node(to));
            web.arrows.push(Arrow {
                from,
                to,
                weight: 1,
                test: arrow.contains('~'),
            });
        }
        web
    }

    fn shown(web: &Web, arrows: &[usize]) -> String {
        let arrows = arrows.iter().map(|at| &web.arrows[*at]);
        let names = arrows.map(|arrow| format!("{}{}", web.names[arrow.from], web.names[arrow.to]));
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_witness_starts_at_the_smallest_name_and_is_as_short_as_can_be() {
        let web = web("C-A A-B B-D D-C B-C D-A C-B");
        let cycles = web.cycles();
        assert_eq!(cycles.len(), 1);
        assert_eq!(shown(&web, &cycles[0].witness), "AB BC CA");
        assert_eq!(shown(&web, &cycles[0].cut), "AB CB");
    }

    #[test]
    fn one_arrow_shared_by_two_cycles_is_the_fewest_to_cut() {
        let web = web("B-A A-C A-D C-B D-B");
        let cycles = web.cycles();
        assert_eq!(shown(&web, &cycles[0].cut), "BA");
        assert!(cycles[0].smallest && !cycles[0].test);
    }

    #[test]
    fn a_structure_that_reaches_itself_alone_is_no_cycle() {
        assert!(web("A-n n-A A-B").cycles().is_empty());
        let web = web("A-n n-A A-B B-n");
        let cycles = web.cycles();
        assert_eq!(shown(&web, &cycles[0].witness), "AB Bn nA");
    }

    #[test]
    fn what_only_tests_close_is_apart_from_what_production_closes() {
        let web = web("A-B B-A C-D D~C E-F F-E E~A A~E");
        let found: Vec<(bool, String)> = web
            .cycles()
            .iter()
            .map(|cycle| (cycle.test, shown(&web, &cycle.witness)))
            .collect();
        let expected = [
            (false, "AB BA"),
            (false, "EF FE"),
            (true, "AE EA"),
            (true, "CD DC"),
        ];
        assert_eq!(found, expected.map(|(test, way)| (test, way.to_owned())));
        let cut: Vec<String> = web.cycles().iter().map(|c| shown(&web, &c.cut)).collect();
        assert_eq!(
            cut[3], "DC",
            "the tests' arrow goes, not the production code's"
        );
    }

    #[test]
    fn a_ring_of_a_hundred_thousand_is_no_burden() {
        let mut web = Web::default();
        for at in 0..100_000 {
            web.names.push(format!("{at:06}"));
            web.structure.push(at % 50_000 == 0);
            web.arrows.push(Arrow {
                from: at,
                to: (at + 1) % 100_000,
                weight: 1,
                test: false,
            });
        }
        let cycles = web.cycles();
        assert_eq!(cycles[0].witness.len(), 100_000);
        assert_eq!(cycles[0].cut.len(), 1);
    }
}
