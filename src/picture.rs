//! The workspace as a picture: layers as bands, packages and structures as boxes, and what breaks the law.

mod change;
mod fold;
mod matrix;
mod order;
mod place;
mod route;
#[cfg(test)]
mod tests;

pub(crate) use change::Change;
pub(crate) use fold::By;
pub(crate) use matrix::Matrix;
pub(crate) use place::{Drawing, Frame};
pub(crate) use route::{Line, Route};

use crate::finding::Level;
use crate::text::Place;

/// Boxes and arrows, without a place on paper.
#[derive(Debug, Clone, Default)]
pub(crate) struct Picture {
    /// The topmost first; each holds a box at least.
    pub(crate) bands: Vec<Band>,
    /// By band, then by name.
    pub(crate) nodes: Vec<Node>,
    /// By their ends; no two have the same, and none leads from a box to itself.
    pub(crate) arrows: Vec<Arrow>,
}

/// The boxes of one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Band {
    /// The plane's name, or [`OUTSIDE`], or [`UNASSIGNED`].
    pub(crate) plane: &'static str,
    pub(crate) layer: String,
}

/// Where engines stand: above all, so that what reaches up to them shows.
pub(crate) const OUTSIDE: &str = "outside";
/// What no layer claims.
pub(crate) const UNASSIGNED: &str = "unassigned";

/// A package, the modules of one layer in a package, an engine; or several, after folding.
#[derive(Debug, Clone, Default)]
pub(crate) struct Node {
    pub(crate) name: String,
    /// An index into [`Picture::bands`].
    pub(crate) band: usize,
    pub(crate) structure: Option<String>,
    pub(crate) state: Option<&'static str>,
    /// How many boxes this one stands for.
    pub(crate) folded: usize,
    /// What was found in it, by its number among all that was found.
    pub(crate) entries: Vec<usize>,
    /// The gravest level of those.
    pub(crate) level: Option<Level>,
    /// What the change has done to it, where there is a base to compare with.
    pub(crate) change: Option<Change>,
}

/// All dependencies from one box to another.
#[derive(Debug, Clone)]
pub(crate) struct Arrow {
    /// An index into [`Picture::nodes`].
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// How many dependencies and names make it.
    pub(crate) count: usize,
    /// Whether only tests need it.
    pub(crate) test: bool,
    /// The first of them, in words.
    pub(crate) label: String,
    pub(crate) place: Option<Place>,
    /// What was found about it, likewise.
    pub(crate) entries: Vec<usize>,
    pub(crate) level: Option<Level>,
    /// Whether it is grave enough to freeze.
    pub(crate) breaks: bool,
    /// Likewise.
    pub(crate) change: Option<Change>,
}

impl Picture {
    pub(crate) fn is_outside(&self, node: usize) -> bool {
        self.bands[self.nodes[node].band].plane == OUTSIDE
    }

    /// Puts arrows and what was found into their order.
    pub(crate) fn settle(&mut self) {
        self.arrows.sort_by_key(|arrow| (arrow.from, arrow.to));
        let nodes = self.nodes.iter_mut().map(|node| &mut node.entries);
        let arrows = self.arrows.iter_mut().map(|arrow| &mut arrow.entries);
        for entries in nodes.chain(arrows) {
            entries.sort_unstable();
            entries.dedup();
        }
    }

    /// How many boxes are code that was read.
    pub(crate) fn size(&self) -> usize {
        (0..self.nodes.len())
            .filter(|node| !self.is_outside(*node))
            .count()
    }
}
