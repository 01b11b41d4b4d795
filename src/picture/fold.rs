//! Smaller pictures: one box a layer or structure, the neighbours of one box, what is lawful left out.

use std::collections::BTreeMap;

use super::{Arrow, Node, Picture};

/// What boxes are folded into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Layer,
    Structure,
}

impl By {
    pub(crate) const ALL: [Self; 2] = [Self::Layer, Self::Structure];

    /// The word for it on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Layer => "layer",
            Self::Structure => "structure",
        }
    }
}

impl Picture {
    /// One box for each layer, or for each structure; what has no structure stays as it is. Engines stay.
    pub(crate) fn collapsed(&self, by: By) -> Self {
        self.folded(|at, node| match by {
            _ if self.is_outside(at) => None,
            By::Layer => Some(self.bands[node.band].layer.clone()),
            By::Structure => node.structure.clone(),
        })
    }

    /// Without the boxes that neither break the law, nor are new or gone, nor stand at an arrow of which
    /// that is true: one box a layer says how many they are.
    pub(crate) fn of_breaches(&self) -> Self {
        let touched = |node: &Node| node.level.is_some() || node.change.is_some();
        let mut touched: Vec<bool> = self.nodes.iter().map(touched).collect();
        let matters = |arrow: &&Arrow| arrow.level.is_some() || arrow.change.is_some();
        for arrow in self.arrows.iter().filter(matters) {
            touched[arrow.from] = true;
            touched[arrow.to] = true;
        }
        let mut picture = self.folded(|at, _| (!touched[at]).then(String::new));
        for node in &mut picture.nodes {
            if node.name.is_empty() {
                node.name = format!("{} more", node.folded);
                node.structure = None;
                node.state = None;
            }
        }
        picture
    }

    /// The boxes of this name, what they need and what needs them. `None` if there is no such box.
    pub(crate) fn around(&self, name: &str) -> Option<Self> {
        let is = |node: &Node| {
            let package = node.name.split(" / ").next();
            node.name == name || node.structure.as_deref() == Some(name) || package == Some(name)
        };
        let centre: Vec<bool> = self.nodes.iter().map(is).collect();
        if !centre.contains(&true) {
            return None;
        }
        let mut kept = centre.clone();
        let arrows = self.arrows.iter();
        let arrows: Vec<&Arrow> = arrows
            .filter(|arrow| centre[arrow.from] || centre[arrow.to])
            .collect();
        for arrow in &arrows {
            kept[arrow.from] = true;
            kept[arrow.to] = true;
        }
        let mut picture = Self {
            bands: self.bands.clone(),
            ..Self::default()
        };
        let mut place = vec![0; self.nodes.len()];
        for at in (0..self.nodes.len()).filter(|at| kept[*at]) {
            place[at] = picture.nodes.len();
            picture.nodes.push(self.nodes[at].clone());
        }
        picture.arrows = arrows
            .into_iter()
            .map(|arrow| Arrow {
                from: place[arrow.from],
                to: place[arrow.to],
                ..arrow.clone()
            })
            .collect();
        picture.drop_empty_bands();
        Some(picture)
    }

    /// Folds the boxes of one band that `into` names alike into one of that name.
    fn folded(&self, into: impl Fn(usize, &Node) -> Option<String>) -> Self {
        let mut groups: BTreeMap<(usize, Option<String>, usize), Vec<usize>> = BTreeMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            let name = into(at, node);
            let alone = if name.is_some() { 0 } else { at };
            groups.entry((node.band, name, alone)).or_default().push(at);
        }
        let mut folded: Vec<(Node, Vec<usize>)> = groups
            .into_iter()
            .map(|((_, name, _), members)| (self.merged(name, &members), members))
            .collect();
        folded.sort_by(|(a, _), (b, _)| (a.band, &a.name).cmp(&(b.band, &b.name)));
        let mut place = vec![0; self.nodes.len()];
        let mut picture = Self {
            bands: self.bands.clone(),
            ..Self::default()
        };
        for (node, members) in folded {
            for at in members {
                place[at] = picture.nodes.len();
            }
            picture.nodes.push(node);
        }
        picture.arrows = self.merged_arrows(&place);
        picture.settle();
        picture
    }

    fn merged(&self, name: Option<String>, members: &[usize]) -> Node {
        let first = &self.nodes[members[0]];
        let mut node = first.clone();
        if let Some(name) = name {
            node.name = name;
        }
        for &at in &members[1..] {
            let other = &self.nodes[at];
            node.folded += other.folded;
            node.entries.extend(&other.entries);
            node.level = node.level.max(other.level);
            if node.change != other.change {
                node.change = None;
            }
            if node.structure != other.structure {
                node.structure = None;
                node.state = None;
            }
        }
        node
    }

    /// What leads from a box to itself now is gone: the box is marked with it already.
    fn merged_arrows(&self, place: &[usize]) -> Vec<Arrow> {
        let mut merged: BTreeMap<(usize, usize), Arrow> = BTreeMap::new();
        for arrow in &self.arrows {
            let (from, to) = (place[arrow.from], place[arrow.to]);
            if from == to {
                continue;
            }
            let Some(known) = merged.get_mut(&(from, to)) else {
                let arrow = arrow.clone();
                merged.insert((from, to), Arrow { from, to, ..arrow });
                continue;
            };
            known.count += arrow.count;
            known.test &= arrow.test;
            if arrow.level > known.level {
                known.label.clone_from(&arrow.label);
                known.place = arrow.place;
            }
            known.level = known.level.max(arrow.level);
            known.breaks |= arrow.breaks;
            if known.change != arrow.change {
                known.change = None;
            }
            known.entries.extend(&arrow.entries);
        }
        merged.into_values().collect()
    }

    pub(super) fn drop_empty_bands(&mut self) {
        let mut used = vec![false; self.bands.len()];
        for node in &self.nodes {
            used[node.band] = true;
        }
        let mut place = Vec::new();
        let mut bands = Vec::new();
        for (band, used) in std::mem::take(&mut self.bands).into_iter().zip(used) {
            place.push(bands.len());
            if used {
                bands.push(band);
            }
        }
        self.bands = bands;
        for node in &mut self.nodes {
            node.band = place[node.band];
        }
    }
}
