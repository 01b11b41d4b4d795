//! The steps of one path: what each does to what is known, and what it makes wrong.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::federation::Step;
use crate::text::Place;

/// What came of a step on the way here, and where it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
enum Mark {
    #[default]
    No,
    Done(At),
    Failed(At),
}

/// A step's place, and the routine that it stands in.
pub(crate) type At = (Place, usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Value {
    Good,
    Bad,
    Unknown,
    /// Failed, but at none of the steps that matter.
    Aside,
}

impl Value {
    pub(super) fn failed(self) -> bool {
        matches!(self, Self::Bad | Self::Aside)
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::Good => Self::Bad,
            Self::Bad | Self::Aside => Self::Good,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// What is known at one point of one path.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct State<'a> {
    steps: [Mark; 7],
    /// Where integrity was verified before anything was bound.
    early: Option<At>,
    pub(super) locals: BTreeMap<&'a str, Value>,
}

impl State<'_> {
    fn mark(&self, step: Step) -> Mark {
        self.steps[step as usize]
    }

    fn set(&mut self, step: Step, mark: Mark) {
        self.steps[step as usize] = mark;
    }

    fn has(&self, step: Step) -> bool {
        self.mark(step) != Mark::No
    }
}

pub(super) type Ends<'a> = BTreeSet<(State<'a>, Value)>;

/// What is wrong with the steps of one function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wrong {
    /// Bound without it, on some path; at the binding.
    Missing(Step),
    /// Taken, but after the one that should follow it.
    After(Step, Step),
    /// Taken, but before the one that it should follow.
    Before(Step, Step),
    /// Taken, and its failure does not keep the update from being bound.
    Ignored(Step),
    /// Integrity fails, and nothing is rolled back.
    NotRolledBack,
    /// Nests or branches too far to be followed.
    Lost,
}

/// What is wrong, and where.
pub(super) type Wrongs = BTreeSet<(At, Wrong)>;

impl<'a> State<'a> {
    /// With other variables.
    pub(super) fn with(self, locals: BTreeMap<&'a str, Value>) -> Self {
        Self { locals, ..self }
    }

    /// Takes `step`: what is known where it succeeds, and where it fails.
    pub(super) fn after(mut self, step: Step, at: At, wrong: &mut Wrongs) -> Ends<'a> {
        let (done, failed) = (Mark::Done(at), Mark::Failed(at));
        let bound = self.has(Step::Bind);
        match step {
            Step::Verify | Step::Compatibility | Step::Checkpoint => {
                if !self.has(step) {
                    let order = [Step::Compatibility, Step::Checkpoint, Step::Bind];
                    let mut later = order.into_iter().filter(|other| *other > step);
                    if let Some(other) = later.rfind(|other| self.has(*other)) {
                        wrong.insert((at, Wrong::After(step, other)));
                    }
                }
            }
            Step::Bind => self.bind(at, wrong),
            Step::Integrity if !bound => {
                self.early = Some(at);
                let aside = (self.clone(), Value::Aside);
                return [(self, Value::Good), aside].into();
            }
            Step::Integrity => {
                if let Mark::Failed(reported) = self.mark(Step::Report) {
                    wrong.insert((reported, Wrong::Before(Step::Report, Step::Integrity)));
                    self.set(Step::Report, Mark::Done(reported));
                }
            }
            Step::Report | Step::Rollback => {
                // A report that comes too early is kept as one that failed.
                let early = step == Step::Report && !self.has(Step::Integrity);
                let rolled = self.has(Step::Rollback);
                if bound && !self.has(step) {
                    self.set(step, if early && !rolled { failed } else { done });
                }
                let aside = (self.clone(), Value::Aside);
                return [(self, Value::Good), aside].into();
            }
        }
        let mut otherwise = self.clone();
        otherwise.set(step, failed);
        self.set(step, done);
        [(self, Value::Good), (otherwise, Value::Bad)].into()
    }

    /// What has to be behind one before anything is bound.
    fn bind(&self, at: At, wrong: &mut Wrongs) {
        if self.has(Step::Bind) {
            return;
        }
        for step in [Step::Verify, Step::Compatibility, Step::Checkpoint] {
            match self.mark(step) {
                Mark::Done(_) => {}
                Mark::No => {
                    wrong.insert((at, Wrong::Missing(step)));
                }
                Mark::Failed(place) => {
                    wrong.insert((place, Wrong::Ignored(step)));
                }
            }
        }
    }

    /// What has to be behind one before one leaves.
    pub(super) fn leave(&self, value: Value, wrong: &mut Wrongs) {
        let Mark::Done(bound) = self.mark(Step::Bind) else {
            return;
        };
        let rolled = self.has(Step::Rollback);
        match self.mark(Step::Integrity) {
            Mark::No if rolled => {}
            Mark::No => {
                wrong.insert(match self.early {
                    Some(early) => (early, Wrong::Before(Step::Integrity, Step::Bind)),
                    None => (bound, Wrong::Missing(Step::Integrity)),
                });
            }
            Mark::Failed(place) if !rolled => {
                wrong.insert((place, Wrong::NotRolledBack));
            }
            Mark::Failed(_) | Mark::Done(_) => {}
        }
        // What fails by itself on the way out has said so.
        if value != Value::Aside && !self.has(Step::Report) {
            wrong.insert((bound, Wrong::Missing(Step::Report)));
        }
    }
}
