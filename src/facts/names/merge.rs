//! What all threads found, as one.

use foldhash::HashMap;

use super::Key;
use super::collect::Collected;
use super::resolve::Resolver;
use crate::facts::reference::{Reference, ReferentId};
use crate::facts::surface::Surface;
use crate::text::Place;

/// Referents in the order in which they were met.
#[derive(Default)]
pub(super) struct Numbering {
    pub(super) keys: Vec<Key>,
    numbers: HashMap<Key, ReferentId>,
}

impl Numbering {
    pub(super) fn number(&mut self, key: Key) -> ReferentId {
        let next = ReferentId(self.keys.len() as u32);
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.keys.push(key);
        }
        number
    }
}

/// What all threads found.
#[derive(Default)]
pub(super) struct Merged {
    pub(super) numbering: Numbering,
    pub(super) references: Vec<Reference>,
    pub(super) signatures: Vec<((u32, u32), Place)>,
    pub(super) surface: Surface,
}

impl Merged {
    pub(super) fn new(collected: Vec<Collected>, resolver: &mut Resolver) -> Self {
        let mut merged = Self::default();
        for one in collected {
            merged.take(one, resolver);
        }
        merged
    }

    /// Takes over what a thread collected.
    fn take(&mut self, mut one: Collected, resolver: &mut Resolver) {
        let numbering = &mut self.numbering;
        let numbers: Vec<ReferentId> = one
            .keys
            .iter()
            .map(|&(found, bang)| numbering.number((resolver.adopt(&one.outside, found), bang)))
            .collect();
        for reference in &mut one.references {
            reference.to = numbers[reference.to.0 as usize];
        }
        if self.references.is_empty() {
            // What need not move costs nothing.
            self.references = one.references;
        } else {
            self.references.append(&mut one.references);
        }
        self.signatures.extend(one.signatures);
        self.surface.take(one.surface, |found| {
            numbering.number((resolver.adopt(&one.outside, found), false))
        });
    }
}
