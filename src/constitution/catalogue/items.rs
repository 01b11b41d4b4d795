//! Item paths of the catalogue, found by their longest prefix.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Name;

/// A tree of path segments. Its nodes lie in one list, so that no path, however long, is recursion.
#[derive(Debug, Clone)]
pub(super) struct Items {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    children: HashMap<Name, usize>,
    mark: Option<Mark>,
}

/// What the catalogue says of a path and all below it.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub(super) path: Name,
    /// `None`: harmless, though something above it is not.
    pub(super) category: Option<usize>,
    /// Whether the constitution wrote it.
    own: bool,
}

impl Default for Items {
    fn default() -> Self {
        Self {
            nodes: vec![Node::default()],
        }
    }
}

impl Items {
    /// Marks a path; a later mark of the same path replaces the earlier one.
    pub(super) fn insert(&mut self, path: Name, category: Option<usize>, own: bool) {
        if path.is_empty() {
            return;
        }
        let mut at = 0;
        for segment in segments(&path) {
            at = match self.nodes[at].children.get(segment.as_ref()) {
                Some(&child) => child,
                None => {
                    let child = self.nodes.len();
                    self.nodes.push(Node::default());
                    self.nodes[at].children.insert(segment, child);
                    child
                }
            };
        }
        self.nodes[at].mark = Some(Mark {
            path,
            category,
            own,
        });
    }

    /// The mark of the longest marked beginning of `path`; with `own`, only what the constitution wrote.
    pub(super) fn longest(&self, path: &[impl AsRef<str>], own: bool) -> Option<&Mark> {
        let mut found = None;
        let mut node = &self.nodes[0];
        for segment in path {
            let Some(&child) = node.children.get(segment.as_ref()) else {
                break;
            };
            node = &self.nodes[child];
            found = node.mark.as_ref().filter(|mark| mark.own || !own).or(found);
        }
        found
    }

    /// Everything that is marked, in no order.
    pub(super) fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.nodes.iter().filter_map(|node| node.mark.as_ref())
    }

    /// The mark of exactly this path.
    pub(super) fn mark(&self, path: &str) -> Option<&Mark> {
        let mut node = &self.nodes[0];
        for segment in path.split("::") {
            node = &self.nodes[*node.children.get(segment)?];
        }
        node.mark.as_ref()
    }

    /// Whether an engine's path is, or begins with, `path`.
    pub(super) fn leads_to_engine(&self, path: &str) -> bool {
        let mut at = 0;
        for segment in path.split("::") {
            match self.nodes[at].children.get(segment) {
                Some(&child) => at = child,
                None => return false,
            }
        }
        // A harmless path is only ever written below a harmful one.
        !matches!(&self.nodes[at].mark, Some(mark) if mark.category.is_none())
    }
}

/// A path as the constitution's author may have written it, in the form in which referents are named.
pub(super) fn normal(path: &str) -> String {
    let mut segments: Vec<&str> = path.split("::").map(str::trim).collect();
    // All below a path is meant anyway.
    while matches!(segments.last(), Some(&("*" | "**"))) {
        segments.pop();
    }
    segments.retain(|segment| !segment.is_empty());
    let Some((root, below)) = segments.split_first() else {
        return String::new();
    };
    let root = match *root {
        "core" | "alloc" => "std".to_owned(),
        other => other.replace('-', "_"),
    };
    let mut path = root;
    for segment in below {
        path.push_str("::");
        path.push_str(segment);
    }
    path
}

/// The segments, borrowed from the program's own text where the path is.
fn segments(path: &Name) -> Vec<Name> {
    match path {
        Cow::Borrowed(text) => text.split("::").map(Cow::Borrowed).collect(),
        Cow::Owned(text) => text
            .split("::")
            .map(|segment| Cow::Owned(segment.to_owned()))
            .collect(),
    }
}
