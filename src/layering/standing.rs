//! How far each runtime structure is allowed to be: what law, manifests and tracker say, and the strictest of it.

use super::Assigned;
use crate::constitution::{Claim, Constitution, State, Tracked};
use crate::facts::graph::PackageId;
use crate::text::Place;

/// Section III numbers its phases 0 to 6; this is Implementation.
const IMPLEMENTATION: u8 = 3;

/// Everything that anyone says, the law first, then the manifests, then the tracker.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    said: Vec<Said>,
}

/// What one of them says of one structure.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    /// The code of the structure.
    pub(crate) structure: String,
    pub(crate) by: By,
    pub(crate) state: Option<State>,
    pub(crate) phase: Option<u8>,
    /// Of the state, else of the phase; `None` in the built-in law.
    pub(crate) place: Option<Place>,
    /// Of the phase, where it stands apart.
    pub(crate) phase_at: Option<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The built-in registry: how the programme begins, which is no record of a workspace's own.
    BuiltIn,
    Constitution,
    Manifest(PackageId),
    Tracker,
}

/// Why nothing of a structure may be implemented or bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is frozen or dormant.
    State(State),
    /// Its phase comes before Implementation.
    Phase(u8),
    /// A manifest alone says that work may begin.
    Unauthorised,
}

impl Standing {
    pub(super) fn new(
        law: &Constitution,
        claims: &[Option<Claim>],
        packages: &[Option<Assigned>],
        tracker: &[Tracked],
    ) -> Self {
        let mut standing = Self::default();
        for entry in &law.structures {
            let by = match entry.standing_at {
                Some(_) => By::Constitution,
                None => By::BuiltIn,
            };
            standing.add(Said {
                structure: entry.code().to_owned(),
                by,
                state: entry.state,
                phase: entry.phase,
                place: entry.standing_at,
                phase_at: entry.standing_at,
            });
        }
        for (id, (claim, assigned)) in (0..).map(PackageId).zip(claims.iter().zip(packages)) {
            let structure = assigned.as_ref().and_then(|a| a.structure.as_deref());
            if let (Some(claim), Some(structure)) = (claim, structure) {
                let own = &claim.structure;
                standing.add(Said {
                    structure: structure.to_owned(),
                    by: By::Manifest(id),
                    state: own.state,
                    phase: own.phase,
                    place: own.standing_at,
                    phase_at: own.standing_at,
                });
            }
        }
        for row in tracker {
            let Some(known) = law.structure_named(&row.name) else {
                continue;
            };
            let phase_at = row.phase.map(|(_, place)| place);
            standing.add(Said {
                structure: known.code().to_owned(),
                by: By::Tracker,
                state: row.state.map(|(state, _)| state),
                phase: row.phase.map(|(phase, _)| phase),
                place: row.state.map(|(_, place)| place).or(phase_at),
                phase_at,
            });
        }
        standing
    }

    fn add(&mut self, said: Said) {
        if said.state.is_some() || said.phase.is_some() {
            self.said.push(said);
        }
    }

    /// Everything that is said of a structure, the law's word first.
    pub(crate) fn of(&self, structure: &str) -> impl Iterator<Item = &Said> {
        let said = self.said.iter();
        said.filter(move |said| said.structure == structure)
    }

    /// All that is said.
    pub(crate) fn all(&self) -> &[Said] {
        &self.said
    }

    /// The strictest state that anyone gives it: no manifest and no tracker lifts what the law says.
    /// `None` where nobody gives any.
    pub(crate) fn state(&self, structure: &str) -> Option<State> {
        self.of(structure).filter_map(|said| said.state).min()
    }

    /// Whether the workspace itself has put anything on record.
    pub(crate) fn is_recorded(&self, structure: &str) -> bool {
        self.of(structure).any(|said| said.by != By::BuiltIn)
    }

    /// Who stops the work on a structure, and why; `None` where it may be implemented, or where the
    /// workspace has put nothing on record.
    pub(crate) fn stop(&self, structure: &str) -> Option<(&Said, Why)> {
        if !self.is_recorded(structure) {
            return None;
        }
        let states = self
            .of(structure)
            .filter_map(|said| Some((said.state?, said)));
        if let Some((state, said)) = states.min_by_key(|(state, _)| *state)
            && !state.lets_work()
        {
            return Some((said, Why::State(state)));
        }
        // What the registry was built with is where every structure began.
        let recorded = self.of(structure).filter(|said| said.by != By::BuiltIn);
        let phases = recorded.filter_map(|said| Some((said.phase?, said)));
        if let Some((phase, said)) = phases.min_by_key(|(phase, _)| *phase)
            && phase < IMPLEMENTATION
        {
            return Some((said, Why::Phase(phase)));
        }
        let authorises = |said: &Said| {
            let record = matches!(said.by, By::Constitution | By::Tracker);
            record && said.state.is_some_and(State::lets_work)
        };
        if self.of(structure).any(authorises) {
            return None;
        }
        let mut all = self.of(structure);
        all.next().map(|said| (said, Why::Unauthorised))
    }
}
