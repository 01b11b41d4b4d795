//! What a change adds to a picture and removes from it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Arrow, Band, Node, Picture};

/// What a change has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Change {
    Added,
    Removed,
}

impl Change {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
        }
    }

    /// What stands before a name: nobody needs colours to tell.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Added => "+ ",
            Self::Removed => "− ",
        }
    }
}

/// A box that is the same in two pictures: plane, layer, name. One that moved is two boxes.
type Key = (&'static str, String, String);

impl Picture {
    /// This picture with what was not in `then`, and what is only there, marked as such.
    #[must_use]
    pub(crate) fn since(&self, then: &Self) -> Self {
        let (keys, keys_then) = (self.keys(), then.keys());
        let mut all = Self {
            bands: self.bands.clone(),
            nodes: self.nodes.clone(),
            arrows: self.arrows.clone(),
        };
        let mut at: BTreeMap<&Key, usize> = keys.iter().zip(0..).collect();
        let known: BTreeSet<&Key> = keys_then.iter().collect();
        for (node, key) in all.nodes.iter_mut().zip(&keys) {
            node.change = (!known.contains(key)).then_some(Change::Added);
        }
        all.add_bands(&then.bands);
        for (node, key) in then.nodes.iter().zip(&keys_then) {
            if !at.contains_key(key) {
                at.insert(key, all.nodes.len());
                all.nodes.push(Node {
                    band: all.band(&then.bands[node.band]),
                    entries: Vec::new(),
                    level: None,
                    change: Some(Change::Removed),
                    ..node.clone()
                });
            }
        }
        let ends = |arrow: &Arrow| (at[&keys_then[arrow.from]], at[&keys_then[arrow.to]]);
        let then_ends: BTreeSet<(usize, usize)> = then.arrows.iter().map(ends).collect();
        let now_ends: BTreeSet<(usize, usize)> = (self.arrows.iter())
            .map(|arrow| (arrow.from, arrow.to))
            .collect();
        for arrow in &mut all.arrows {
            let known = then_ends.contains(&(arrow.from, arrow.to));
            arrow.change = (!known).then_some(Change::Added);
        }
        for arrow in &then.arrows {
            let (from, to) = ends(arrow);
            if !now_ends.contains(&(from, to)) {
                all.arrows.push(Arrow {
                    from,
                    to,
                    // Its place is in a tree that is gone.
                    place: None,
                    entries: Vec::new(),
                    level: None,
                    breaks: false,
                    change: Some(Change::Removed),
                    ..arrow.clone()
                });
            }
        }
        all.sorted()
    }

    /// Without what a change has removed.
    #[must_use]
    pub(crate) fn now(&self) -> Self {
        let gone = |change: Option<Change>| change == Some(Change::Removed);
        let mut place = vec![0; self.nodes.len()];
        let mut now = Self {
            bands: self.bands.clone(),
            ..Self::default()
        };
        for (at, node) in self.nodes.iter().enumerate() {
            if !gone(node.change) {
                place[at] = now.nodes.len();
                now.nodes.push(node.clone());
            }
        }
        let arrows = self.arrows.iter().filter(|arrow| !gone(arrow.change));
        now.arrows = arrows
            .map(|arrow| Arrow {
                from: place[arrow.from],
                to: place[arrow.to],
                ..arrow.clone()
            })
            .collect();
        now.drop_empty_bands();
        now
    }

    /// Whether a change has added or removed anything.
    pub(crate) fn is_changed(&self) -> bool {
        let nodes = self.nodes.iter().map(|node| node.change);
        let mut all = nodes.chain(self.arrows.iter().map(|arrow| arrow.change));
        all.any(|change| change.is_some())
    }

    fn keys(&self) -> Vec<Key> {
        let key = |node: &Node| {
            let band = &self.bands[node.band];
            (band.plane, band.layer.clone(), node.name.clone())
        };
        self.nodes.iter().map(key).collect()
    }

    /// Where a band is that is known to be here.
    fn band(&self, band: &Band) -> usize {
        let at = self.bands.iter().position(|known| known == band);
        at.expect("all bands were added")
    }

    /// Takes in those of `then` that are missing, each below the one that it stood below.
    fn add_bands(&mut self, then: &[Band]) {
        let mut below = 0;
        for band in then {
            match self.bands.iter().position(|known| known == band) {
                Some(at) => below = at + 1,
                None => {
                    self.bands.insert(below, band.clone());
                    for node in self.nodes.iter_mut().filter(|node| node.band >= below) {
                        node.band += 1;
                    }
                    below += 1;
                }
            }
        }
    }

    /// With the boxes by band and name again.
    fn sorted(mut self) -> Self {
        let mut order: Vec<usize> = (0..self.nodes.len()).collect();
        order.sort_by_key(|at| (self.nodes[*at].band, &self.nodes[*at].name));
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new;
        }
        self.nodes = order.iter().map(|at| self.nodes[*at].clone()).collect();
        for arrow in &mut self.arrows {
            (arrow.from, arrow.to) = (place[arrow.from], place[arrow.to]);
        }
        self.settle();
        self
    }
}
