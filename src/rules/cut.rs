//! The fewest arrows to cut until no two structures depend on each other: exact up to a dozen nodes.

use std::collections::{BTreeSet, HashMap};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use crate::rules::cycle::Web;

/// Up to here every order of the nodes is weighed: 2^12 sets take a millisecond.
const EXACT: usize = 12;

/// To give up a dependency of tests is cheaper than any of production code.
const PRODUCTION: u64 = 1 << 20;

/// How much work it is worth to make a found cut leaner.
const PATIENCE: usize = 10_000_000;

/// Arrows of a web, as indices.
pub(crate) struct Cut {
    pub(crate) arrows: Vec<usize>,
    pub(crate) smallest: bool,
}

/// A light set of arrows of one component without which it has no cycle of two structures. The lightest
/// one for components of up to twelve nodes. Above, the order of Eades, Lin and Smyth: sinks last,
/// sources first, and in between the node that gives most and takes least.
pub(crate) fn smallest(web: &Web, nodes: &[usize], arrows: &[usize], test: bool) -> Cut {
    let table = Weights::new(web, nodes, arrows, test);
    let exact = nodes.len() <= EXACT;
    let order = if exact {
        table.best_order()
    } else {
        table.good_order()
    };
    let mut rank = vec![0; order.len()];
    for (at, node) in order.into_iter().enumerate() {
        rank[node] = at;
    }
    let found: Vec<usize> = (0..arrows.len())
        .filter(|at| {
            let (from, to, _) = table.arrows[*at];
            rank[from] > rank[to]
        })
        .collect();
    let lean = leaner(web, nodes, &table, &found);
    Cut {
        smallest: exact && lean.len() == found.len(),
        arrows: lean.into_iter().map(|at| arrows[at]).collect(),
    }
}

/// One component with its nodes numbered from zero.
struct Weights {
    count: usize,
    /// From, to, weight, in the order of the component's arrows.
    arrows: Vec<(usize, usize, u64)>,
}

impl Weights {
    fn new(web: &Web, nodes: &[usize], arrows: &[usize], test: bool) -> Self {
        let local: HashMap<usize, usize> = nodes.iter().copied().zip(0..).collect();
        let arrows = arrows
            .iter()
            .map(|&at| {
                let arrow = &web.arrows[at];
                // Capped, so that no sum of them can overflow.
                let weight = u64::try_from(arrow.weight).map_or(PRODUCTION, |w| w.min(PRODUCTION));
                let dear = if test && !arrow.test { PRODUCTION } else { 1 };
                (local[&arrow.from], local[&arrow.to], weight * dear)
            })
            .collect();
        Self {
            count: nodes.len(),
            arrows,
        }
    }

    /// The order with the lightest arrows backwards: the best order of every set of nodes is the best of
    /// a set with one less, and that one last.
    fn best_order(&self) -> Vec<usize> {
        let mut weight = vec![vec![0_u64; self.count]; self.count];
        for &(from, to, w) in &self.arrows {
            weight[from][to] += w;
        }
        let sets = 1_usize << self.count;
        let mut best = vec![(u64::MAX, 0); sets];
        best[0] = (0, 0);
        for set in 1..sets {
            for last in (0..self.count).filter(|node| set >> node & 1 == 1) {
                let earlier = set & !(1 << last);
                let back: u64 = (0..self.count)
                    .filter(|node| earlier >> node & 1 == 1)
                    .map(|to| weight[last][to])
                    .sum();
                if best[earlier].0 + back < best[set].0 {
                    best[set] = (best[earlier].0 + back, last);
                }
            }
        }
        let mut order = Vec::new();
        let mut set = sets - 1;
        while set != 0 {
            let last = best[set].1;
            order.push(last);
            set &= !(1 << last);
        }
        order.reverse();
        order
    }

    fn good_order(&self) -> Vec<usize> {
        let mut balance = vec![Balance::default(); self.count];
        let mut touching = vec![Vec::new(); self.count];
        for (at, &(from, to, weight)) in self.arrows.iter().enumerate() {
            balance[from].gives += weight;
            balance[to].takes += weight;
            touching[from].push(at);
            touching[to].push(at);
        }
        let mut open: BTreeSet<_> = (0..self.count)
            .map(|node| balance[node].turn(node))
            .collect();
        let (mut head, mut tail) = (Vec::new(), Vec::new());
        while let Some(turn @ (.., node)) = open.pop_first() {
            if turn.0 == Turn::Sink {
                tail.push(node);
            } else {
                head.push(node);
            }
            for &arrow in &touching[node] {
                let (from, to, weight) = self.arrows[arrow];
                let other = if from == node { to } else { from };
                if open.remove(&balance[other].turn(other)) {
                    if from == node {
                        balance[other].takes -= weight;
                    } else {
                        balance[other].gives -= weight;
                    }
                    open.insert(balance[other].turn(other));
                }
            }
        }
        tail.reverse();
        head.extend(tail);
        head
    }
}

/// When a node is placed: a sink before all, then a source, then who has the most to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Sink,
    Source,
    Other,
}

/// The weights from and to the nodes not yet placed.
#[derive(Debug, Clone, Copy, Default)]
struct Balance {
    gives: u64,
    takes: u64,
}

impl Balance {
    fn turn(self, node: usize) -> (Turn, i128, usize) {
        let turn = match self {
            Self { gives: 0, .. } => Turn::Sink,
            Self { takes: 0, .. } => Turn::Source,
            _ => Turn::Other,
        };
        (turn, i128::from(self.takes) - i128::from(self.gives), node)
    }
}

/// `found` without what need not go, the heaviest tried first: an order of the nodes also breaks the
/// cycles that lead from one structure back to itself, which are lawful.
fn leaner(web: &Web, nodes: &[usize], table: &Weights, found: &[usize]) -> Vec<usize> {
    if found.len().saturating_mul(table.arrows.len()) > PATIENCE {
        return found.to_vec();
    }
    let mut cut = vec![false; table.arrows.len()];
    for &at in found {
        cut[at] = true;
    }
    let mut tried = found.to_vec();
    tried.sort_by_key(|at| std::cmp::Reverse(table.arrows[*at].2));
    for at in tried {
        cut[at] = false;
        cut[at] = is_circular(web, nodes, table, &cut);
    }
    (0..cut.len()).filter(|at| cut[*at]).collect()
}

/// Whether two structures still depend on each other without the arrows that are cut.
fn is_circular(web: &Web, nodes: &[usize], table: &Weights, cut: &[bool]) -> bool {
    let mut graph = DiGraph::<(), ()>::new();
    let local: Vec<_> = nodes.iter().map(|_| graph.add_node(())).collect();
    for (at, &(from, to, _)) in table.arrows.iter().enumerate() {
        if !cut[at] {
            graph.add_edge(local[from], local[to], ());
        }
    }
    kosaraju_scc(&graph).iter().any(|component| {
        let members = component.iter();
        members
            .filter(|node| web.structure[nodes[node.index()]])
            .count()
            > 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::cycle::Arrow;

    /// A small generator of repeatable noise.
    struct Noise(u64);

    impl Noise {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (self.0 >> 33) % limit
        }
    }

    fn random(noise: &mut Noise, nodes: usize, density: u64, passing: u64) -> Web {
        let mut web = Web::default();
        for node in 0..nodes {
            web.names.push(format!("n{node:03}"));
            web.structure.push(noise.below(10) >= passing);
        }
        for from in 0..nodes {
            for to in (0..nodes).filter(|to| *to != from) {
                if noise.below(10) < density {
                    let weight = 1 + usize::try_from(noise.below(3)).expect("small");
                    web.arrows.push(Arrow {
                        from,
                        to,
                        weight,
                        test: false,
                    });
                }
            }
        }
        web
    }

    fn without(web: &Web, cut: &[usize]) -> Web {
        let arrows = web.arrows.iter().enumerate();
        Web {
            names: web.names.clone(),
            structure: web.structure.clone(),
            arrows: arrows
                .filter(|(at, _)| !cut.contains(at))
                .map(|(_, arrow)| arrow.clone())
                .collect(),
        }
    }

    fn weight(web: &Web, cut: &[usize]) -> usize {
        cut.iter().map(|at| web.arrows[*at].weight).sum()
    }

    /// The lightest of all sets of arrows that leave no cycle.
    fn brute(web: &Web) -> usize {
        let sets = 0..1_u32 << web.arrows.len();
        sets.map(|set| {
            (0..web.arrows.len())
                .filter(|at| set >> at & 1 == 1)
                .collect()
        })
        .filter(|cut: &Vec<usize>| without(web, cut).cycles().is_empty())
        .map(|cut| weight(web, &cut))
        .min()
        .expect("to cut all leaves no cycle")
    }

    #[test]
    fn a_small_cut_is_as_light_as_the_lightest_of_all() {
        let mut noise = Noise(7);
        let mut compared = 0;
        while compared < 60 {
            let nodes = 2 + usize::try_from(noise.below(5)).expect("small");
            let web = random(&mut noise, nodes, 4, 0);
            let cycles = web.cycles();
            if web.arrows.len() > 11 || cycles.is_empty() {
                continue;
            }
            compared += 1;
            let ours: usize = cycles.iter().map(|cycle| weight(&web, &cycle.cut)).sum();
            assert!(cycles.iter().all(|cycle| cycle.smallest));
            assert_eq!(ours, brute(&web), "{web:?}");
        }
    }

    #[test]
    fn a_cut_leaves_no_cycle_and_has_nothing_to_spare() {
        let mut noise = Noise(11);
        for round in 0..40 {
            let nodes = if round % 8 == 0 { 60 } else { 3 + round % 9 };
            let web = random(&mut noise, nodes, 2, 3);
            let cut: Vec<usize> = web
                .cycles()
                .into_iter()
                .flat_map(|cycle| cycle.cut)
                .collect();
            assert!(without(&web, &cut).cycles().is_empty(), "{web:?}");
            for spared in &cut {
                let mut less = cut.clone();
                less.retain(|at| at != spared);
                assert!(!without(&web, &less).cycles().is_empty(), "{web:?}");
            }
        }
    }
}
