//! Shortest chains over the package graph, from one package to everything that ends a chain.

use std::collections::HashSet;

use crate::facts::graph::{Edge, Node, PackageId};
use crate::rules::links::{self, Link, Links};

/// What following a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The chain goes on.
    Pass,
    /// The chain ends at something worth saying.
    End,
    /// The chain ends, and there is nothing to say.
    Stop,
}

/// A shortest way from a package to an end: never empty.
#[derive(Debug, Clone)]
pub(crate) struct Chain<'a> {
    pub(crate) links: Vec<Link<'a>>,
}

impl<'a> Chain<'a> {
    pub(crate) fn end(&self) -> Node {
        self.links.last().expect("a chain has a link").target()
    }

    /// The dependency in the package's own manifest.
    pub(crate) fn first(&self) -> &'a Edge {
        match self.links.first() {
            Some(Link::Declared(edge)) => edge,
            _ => unreachable!("a chain starts at a package, whose links are declared"),
        }
    }

    /// The nodes between the package and the end.
    pub(crate) fn between(&self) -> impl Iterator<Item = Node> {
        self.links[..self.links.len() - 1]
            .iter()
            .map(|link| link.target())
    }

    /// The first guard on the way.
    pub(crate) fn cfg(&self) -> Option<&'a str> {
        self.links.iter().find_map(|link| link.cfg())
    }

    /// Whether only the package's tests go this way.
    pub(crate) fn is_test(&self) -> bool {
        self.links[0].is_dev()
    }
}

/// A search by one rule's steps, which depend on the link alone.
pub(crate) struct Reach<'a> {
    packages: usize,
    /// By node, the links that lead to an end at last, and whether they are the end themselves: each
    /// step is asked for once, and in a lawful workspace there is nothing to walk.
    ways: Vec<Vec<(Link<'a>, bool)>>,
}

impl<'a> Reach<'a> {
    pub(crate) fn new(links: &Links<'a>, step: impl Fn(Link<'a>) -> Step) -> Self {
        let steps = |links: &Vec<Link<'a>>| links.iter().map(|link| (*link, step(*link))).collect();
        let steps: Vec<Vec<(Link<'a>, Step)>> = links.by_node().iter().map(steps).collect();
        let leads = leading(links, &steps);
        let ways = steps.into_iter().map(|steps| {
            let ways = steps.into_iter().filter_map(|(link, step)| match step {
                Step::End => Some((link, true)),
                Step::Pass => leads[links.index(link.target())].then_some((link, false)),
                Step::Stop => None,
            });
            ways.collect()
        });
        Self {
            packages: links.packages(),
            ways: ways.collect(),
        }
    }

    /// One chain to each end that `start` reaches. A chain of production code comes before one that
    /// begins in tests, a shorter one before a longer, an unconditional one before a guarded, and
    /// among equals the first in the manifest. A dev-dependency counts at the first hop only.
    pub(crate) fn from(&self, start: PackageId) -> Vec<Chain<'a>> {
        let mut chains = Vec::new();
        let mut found = HashSet::from([Node::Package(start)]);
        for dev in [false, true] {
            let mut ways = self.ways[start.0].iter();
            if ways.any(|(link, _)| link.is_dev() == dev) {
                self.walk(start, dev, &mut found, &mut chains);
            }
        }
        chains
    }

    fn walk(
        &self,
        start: PackageId,
        dev: bool,
        found: &mut HashSet<Node>,
        chains: &mut Vec<Chain<'a>>,
    ) {
        let mut trail = Trail::default();
        let mut seen = vec![false; self.ways.len()];
        seen[start.0] = true;
        let mut frontier = vec![None];
        while !frontier.is_empty() {
            let mut next = Vec::new();
            for guarded in [false, true] {
                for &at in &frontier {
                    let node = trail.node(at).map_or(start.0, |node| self.index(node));
                    for &(link, end) in &self.ways[node] {
                        let hop_is_dev = dev && at.is_none();
                        let guards = trail.guarded(at) || link.cfg().is_some();
                        if link.is_dev() != hop_is_dev || guards != guarded {
                            continue;
                        }
                        let to = self.index(link.target());
                        if end {
                            if found.insert(link.target()) {
                                chains.push(trail.chain(at, link));
                            }
                        } else if !seen[to] {
                            seen[to] = true;
                            next.push(Some(trail.push(at, link, guards)));
                        }
                    }
                }
            }
            frontier = next;
        }
    }

    fn index(&self, node: Node) -> usize {
        links::index(self.packages, node)
    }
}

/// The links that a walk went, each with the one before it.
#[derive(Default)]
struct Trail<'a> {
    steps: Vec<(Option<usize>, Link<'a>, bool)>,
}

impl<'a> Trail<'a> {
    fn push(&mut self, before: Option<usize>, link: Link<'a>, guarded: bool) -> usize {
        self.steps.push((before, link, guarded));
        self.steps.len() - 1
    }

    fn node(&self, at: Option<usize>) -> Option<Node> {
        Some(self.steps[at?].1.target())
    }

    fn guarded(&self, at: Option<usize>) -> bool {
        at.is_some_and(|at| self.steps[at].2)
    }

    fn chain(&self, mut at: Option<usize>, last: Link<'a>) -> Chain<'a> {
        let mut links = vec![last];
        while let Some(step) = at {
            links.push(self.steps[step].1);
            at = self.steps[step].0;
        }
        links.reverse();
        Chain { links }
    }
}

/// From which nodes an end can be reached at all.
fn leading(links: &Links<'_>, steps: &[Vec<(Link<'_>, Step)>]) -> Vec<bool> {
    let mut leads = vec![false; steps.len()];
    let mut users = vec![Vec::new(); steps.len()];
    let mut open = Vec::new();
    for (from, steps) in steps.iter().enumerate() {
        for (link, step) in steps {
            match step {
                Step::End => open.push(from),
                Step::Pass => users[links.index(link.target())].push(from),
                Step::Stop => {}
            }
        }
    }
    while let Some(node) = open.pop() {
        if !std::mem::replace(&mut leads[node], true) {
            open.extend(&users[node]);
        }
    }
    leads
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::World;

    #[test]
    fn one_finding_for_each_engine_at_its_shortest_chain() {
        let world = World::new(
            "package cell-a
             package shared
             package more
             cell-a > more
             cell-a > shared
             more > shared
             shared > sqlx
             shared > redis
             cell-a > redis",
        );
        assert_eq!(
            world.said("engine-dependency"),
            [
                "5 breach: capability package `cell-a` (layer `cell`) reaches `sqlx`, a database engine \
                 through `shared`",
                "9 breach: capability package `cell-a` (layer `cell`) depends on `redis`, a cache",
            ]
        );
    }

    #[test]
    fn a_chain_of_production_is_not_masked_by_a_shorter_one_of_tests() {
        let world = World::new(
            "package cell-a
             package shared
             cell-a ~ sqlx
             cell-a > shared
             shared > sqlx
             cell-a ~ rdkafka
             shared ~ mongodb",
        );
        assert_eq!(
            world.said("engine-dependency"),
            [
                "4 breach: capability package `cell-a` (layer `cell`) reaches `sqlx`, a database engine \
                 through `shared`",
                "6 warning: capability package `cell-a` (layer `cell`) depends on `rdkafka` for its tests, \
                 a message broker",
            ]
        );
    }

    #[test]
    fn of_equally_short_chains_the_unconditional_one_is_shown() {
        let world = World::new(
            "package cell-a
             package one
             package two
             package three
             cell-a > one
             cell-a >(windows) two
             cell-a > three
             one >(unix) sqlx
             two > sqlx
             three > sqlx",
        );
        let findings = world.findings();
        let found = findings
            .iter()
            .find(|finding| finding.rule.id == "engine-dependency");
        let found = found.expect("sqlx is reached");
        assert_eq!(found.place.span.start.line(), 7);
        assert_eq!(found.cfg, None);
        let lines: Vec<u32> = found
            .chain
            .iter()
            .map(|hop| hop.place.span.start.line())
            .collect();
        assert_eq!(lines, [10]);
    }

    #[test]
    fn chains_end_at_capability_runtime_and_engine() {
        let world = World::new(
            "package cell-a
             package cell-b
             package runtime-db
             package shared
             cell-b > cell-a
             cell-a > shared
             shared > runtime-db
             runtime-db > sqlx
             cell-b > outside
             @outside > middle
             @middle > tracing
             @middle > redis
             @redis > mongodb",
        );
        let reached = |rule| world.said(rule);
        assert_eq!(
            reached("reverse-dependency"),
            [
                "6 breach: capability package `cell-a` (layer `cell`) reaches `runtime-db` (layer `runtime`, \
                 runtime plane) through `shared`"
            ]
        );
        assert_eq!(
            reached("engine-dependency"),
            [
                "9 breach: capability package `cell-b` (layer `cell`) reaches `redis`, a cache through \
                 `outside` and `middle`"
            ]
        );
    }

    #[test]
    fn an_engine_is_found_among_five_thousand_outside_packages() {
        let mut text = String::new();
        for member in 0..500 {
            text += &format!("package cell-m{member}\n");
        }
        for member in 0..500 {
            for at in 0..10 {
                text += &format!("cell-m{member} > e{}\n", (member * 7 + at * 131) % 5000);
            }
        }
        let mut world = World::new(&text);
        world.lock_at_random(5000, 5);
        let found = world.said("engine-dependency");
        assert!(found.len() > 400, "{}", found.len());
    }
}
