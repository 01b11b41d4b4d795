//! The paths of packages that are not read, as a tree.

use foldhash::HashMap;

use crate::facts::graph::ExternalId;
use crate::facts::source::symbols::Symbol;

/// A path of a package that is not read: a node of [`Outside`].
pub(crate) type OutsideId = u32;

/// The paths of packages that are not read, as a tree.
#[derive(Debug, Default, Clone)]
pub(crate) struct Outside {
    nodes: Vec<(Option<OutsideId>, Symbol, Option<ExternalId>)>,
    roots: HashMap<Option<ExternalId>, OutsideId>,
    children: HashMap<(OutsideId, Symbol), OutsideId>,
}

impl Outside {
    pub(super) fn root(&mut self, package: Option<ExternalId>, name: Symbol) -> OutsideId {
        let next = self.nodes.len() as OutsideId;
        let id = *self.roots.entry(package).or_insert(next);
        if id == next {
            self.nodes.push((None, name, package));
        }
        id
    }

    pub(super) fn child(&mut self, parent: OutsideId, name: Symbol) -> OutsideId {
        let next = self.nodes.len() as OutsideId;
        let id = *self.children.entry((parent, name)).or_insert(next);
        if id == next {
            let package = self.nodes[parent as usize].2;
            self.nodes.push((Some(parent), name, package));
        }
        id
    }

    /// Whether `id` is `outer` or lies inside of it.
    pub(crate) fn is_within(&self, id: OutsideId, outer: OutsideId) -> bool {
        let mut at = Some(id);
        while let Some(node) = at {
            if node == outer {
                return true;
            }
            at = self.nodes[node as usize].0;
        }
        false
    }

    /// The package, and the segments from its root on; the root's own name first.
    pub(crate) fn path(&self, id: OutsideId) -> (Option<ExternalId>, Vec<Symbol>) {
        let mut segments = Vec::new();
        let mut at = Some(id);
        while let Some(node) = at {
            let (parent, name, _) = self.nodes[node as usize];
            segments.push(name);
            at = parent;
        }
        segments.reverse();
        (self.nodes[id as usize].2, segments)
    }
}
