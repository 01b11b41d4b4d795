//! The dependency matrix: who needs (rows) whom (columns); what is lawful lies above the diagonal.

use std::collections::BTreeSet;

use super::Picture;

/// Boxes in the order of the matrix.
pub(crate) struct Matrix {
    /// Rows, and the columns of the square: those above first.
    pub(crate) rows: Vec<usize>,
    /// Further columns, of engines.
    pub(crate) outside: Vec<usize>,
}

impl Matrix {
    /// Bands from the topmost down; within one, users before what they use.
    pub(crate) fn new(picture: &Picture) -> Self {
        let mut rows = Vec::new();
        for band in 0..picture.bands.len() {
            let nodes: BTreeSet<usize> = (0..picture.nodes.len())
                .filter(|node| picture.nodes[*node].band == band && !picture.is_outside(*node))
                .collect();
            users_first(picture, nodes, &mut rows);
        }
        Self {
            rows,
            outside: (0..picture.nodes.len())
                .filter(|node| picture.is_outside(*node))
                .collect(),
        }
    }
}

/// Appends `open` so that as many arrows as can be lead forwards. In a cycle the arrow that breaks leads
/// back; where that does not part it, the first by name goes first.
fn users_first(picture: &Picture, mut open: BTreeSet<usize>, rows: &mut Vec<usize>) {
    let mut users = vec![0_usize; picture.nodes.len()];
    let counts = |arrow: &&super::Arrow| !arrow.breaks && !arrow.test;
    let mut needs = vec![Vec::new(); picture.nodes.len()];
    for arrow in picture.arrows.iter().filter(counts) {
        if open.contains(&arrow.from) && open.contains(&arrow.to) {
            users[arrow.to] += 1;
            needs[arrow.from].push(arrow.to);
        }
    }
    let mut free: BTreeSet<usize> = open
        .iter()
        .copied()
        .filter(|node| users[*node] == 0)
        .collect();
    while let Some(&next) = free.first().or(open.first()) {
        free.remove(&next);
        open.remove(&next);
        rows.push(next);
        for &to in needs[next].iter().filter(|to| open.contains(to)) {
            users[to] -= 1;
            if users[to] == 0 {
                free.insert(to);
            }
        }
    }
}
