//! Every dependency of the package graph, by the package that has it.

use crate::facts::graph::{Edge, EdgeKind, ExternalId, ForeignEdge, Graph, Node};
use crate::text::Place;

/// One dependency: declared in a manifest, in one of another workspace, or known from `Cargo.lock`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Link<'a> {
    Declared(&'a Edge),
    Foreign {
        from: ExternalId,
        edge: &'a ForeignEdge,
    },
    Locked {
        from: ExternalId,
        to: Node,
        place: Option<Place>,
    },
}

impl<'a> Link<'a> {
    pub(crate) fn source(self) -> Node {
        match self {
            Self::Declared(edge) => Node::Package(edge.from),
            Self::Foreign { from, .. } | Self::Locked { from, .. } => Node::External(from),
        }
    }

    pub(crate) fn target(self) -> Node {
        match self {
            Self::Declared(edge) => edge.to,
            Self::Foreign { edge, .. } => edge.to,
            Self::Locked { to, .. } => to,
        }
    }

    pub(crate) fn is_dev(self) -> bool {
        match self {
            Self::Declared(edge) => edge.kind == EdgeKind::Dev,
            Self::Foreign { edge, .. } => edge.kind == EdgeKind::Dev,
            Self::Locked { .. } => false,
        }
    }

    pub(crate) fn cfg(self) -> Option<&'a str> {
        match self {
            Self::Declared(edge) => edge.cfg.as_deref(),
            Self::Foreign { edge, .. } => edge.cfg.as_deref(),
            Self::Locked { .. } => None,
        }
    }
}

/// Every dependency by the node that has it, in the order of manifest and lock.
pub(crate) struct Links<'a> {
    packages: usize,
    by_node: Vec<Vec<Link<'a>>>,
}

impl<'a> Links<'a> {
    pub(crate) fn new(graph: &'a Graph) -> Self {
        let packages = graph.packages.len();
        let mut by_node = vec![Vec::new(); packages + graph.externals.len()];
        for edge in &graph.edges {
            by_node[edge.from.0].push(Link::Declared(edge));
        }
        for (at, external) in graph.externals.iter().enumerate() {
            let from = ExternalId(at);
            // What a manifest declares comes first: a lock file says the same without its place.
            let declared = external.foreign.iter().flat_map(|foreign| &foreign.edges);
            by_node[packages + at].extend(declared.map(|edge| Link::Foreign { from, edge }));
            let locked = external.dependencies.iter();
            by_node[packages + at].extend(locked.map(|&(to, place)| Link::Locked {
                from,
                to,
                place,
            }));
        }
        Self { packages, by_node }
    }

    pub(crate) fn of(&self, node: Node) -> &[Link<'a>] {
        &self.by_node[self.index(node)]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Link<'a>> {
        self.by_node.iter().flatten().copied()
    }

    /// How many nodes are packages that are read: they come first.
    pub(crate) fn packages(&self) -> usize {
        self.packages
    }

    /// By [`index`].
    pub(crate) fn by_node(&self) -> &[Vec<Link<'a>>] {
        &self.by_node
    }

    pub(crate) fn index(&self, node: Node) -> usize {
        index(self.packages, node)
    }
}

/// Packages first, then those outside.
pub(crate) fn index(packages: usize, node: Node) -> usize {
    match node {
        Node::Package(id) => id.0,
        Node::External(id) => packages + id.0,
    }
}
