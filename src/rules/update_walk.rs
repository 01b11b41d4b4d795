//! Walks every path through a function that ingests an update, with what is known at each point of it.

mod steps;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::facts::flow::{Act, Adapted, Call, Gives, Takes};
use crate::rules::federation::{Names, Step};
use crate::rules::unsigned_update::Routines;
use crate::text::Place;

pub(crate) use steps::{At, Wrong};
use steps::{Ends, State, Value, Wrongs};

/// States at one point that are followed; no function that people can read has as many.
const MOST_STATES: usize = 600;

/// The ways out of a body but for its end.
#[derive(Default)]
struct Exits<'a> {
    returned: Ends<'a>,
    broke: BTreeSet<State<'a>>,
    continued: BTreeSet<State<'a>>,
}

/// Follows all paths through routine `root`.
pub(crate) fn walk(routines: &Routines<'_>, names: &Names, root: usize) -> Wrongs {
    let mut walker = Walker {
        routines,
        names,
        stack: vec![root],
        known: HashMap::new(),
        wrong: BTreeSet::new(),
    };
    let ends = walker.body(root, State::default());
    for (state, value) in &ends {
        state.leave(*value, &mut walker.wrong);
    }
    let Walker { mut wrong, .. } = walker;
    // What was taken at the wrong time is not missing as well.
    let there: BTreeSet<Step> = wrong
        .iter()
        .filter_map(|(_, wrong)| match wrong {
            Wrong::After(step, _) | Wrong::Before(step, _) | Wrong::Ignored(step) => Some(*step),
            _ => None,
        })
        .collect();
    wrong.retain(|(_, wrong)| !matches!(wrong, Wrong::Missing(step) if there.contains(step)));
    wrong
}

struct Walker<'w, 'a> {
    routines: &'w Routines<'a>,
    names: &'w Names,
    /// The routines that are being followed, the root first.
    stack: Vec<usize>,
    /// How routines end that were followed before, by how they began.
    known: HashMap<(usize, State<'a>), Ends<'a>>,
    wrong: Wrongs,
}

impl<'a> Walker<'_, 'a> {
    /// A routine from its beginning; `state` has none of its variables.
    fn body(&mut self, routine: usize, state: State<'a>) -> Ends<'a> {
        if let Some(ends) = self.known.get(&(routine, state.clone())) {
            return ends.clone();
        }
        let mut exits = Exits::default();
        let does = self.routines.does(routine);
        let mut ends = self.act(does, [state.clone()].into(), &mut exits);
        ends.append(&mut exits.returned);
        let ends: Ends<'a> = ends
            .into_iter()
            .map(|(state, value)| (without_locals(state), value))
            .collect();
        self.known.insert((routine, state), ends.clone());
        ends
    }

    fn here(&self) -> usize {
        *self.stack.last().expect("the root is there")
    }

    fn lost(&mut self) {
        let root = self.stack[0];
        self.wrong
            .insert(((self.routines.place(root), root), Wrong::Lost));
    }

    /// Does `act` in each of `from`.
    fn act(
        &mut self,
        act: &'a Act<String>,
        from: BTreeSet<State<'a>>,
        exits: &mut Exits<'a>,
    ) -> Ends<'a> {
        if from.len() > MOST_STATES {
            self.lost();
            return Ends::new();
        }
        match act {
            Act::Unknown => valued(from, Value::Unknown),
            Act::Plain(good) => valued(from, if *good { Value::Good } else { Value::Bad }),
            Act::Call(call) => self.call(call, from),
            Act::All(acts) => {
                let (last, before) = acts.split_last().expect("`All` has acts");
                let mut states = from;
                for act in before {
                    states = bare(self.act(act, states, exits));
                }
                self.act(last, states, exits)
            }
            Act::Not(inner) => {
                let ends = self.act(inner, from, exits).into_iter();
                ends.map(|(state, value)| (state, value.not())).collect()
            }
            Act::Both(acts) => {
                let (bad, good) = self.parted(&acts[0], from, exits);
                let mut ends = self.act(&acts[1], good, exits);
                ends.extend(valued(bad, Value::Bad));
                ends
            }
            Act::Either(acts) => {
                let (bad, good) = self.parted(&acts[0], from, exits);
                let mut ends = self.act(&acts[1], bad, exits);
                ends.extend(valued(good, Value::Good));
                ends
            }
            Act::If(acts) => {
                let (bad, good) = self.parted(&acts[0], from, exits);
                let mut ends = self.act(&acts[1], good, exits);
                ends.append(&mut self.act(&acts[2], bad, exits));
                ends
            }
            Act::Match(on, arms) => self.match_(on, arms, from, exits),
            Act::Bind(name, value) => {
                let ends = self.unasked(value, from, exits).into_iter();
                let bound = ends.map(|(mut state, value)| {
                    match value {
                        Value::Unknown => state.locals.remove(name.as_str()),
                        value => state.locals.insert(name, value),
                    };
                    (state, Value::Unknown)
                });
                bound.collect()
            }
            Act::Local(name) => {
                let ends = from.into_iter().map(|state| {
                    let value = state.locals.get(name.as_str()).copied();
                    (state, value.unwrap_or(Value::Unknown))
                });
                ends.collect()
            }
            Act::Try(inner) => {
                let mut ends = Ends::new();
                for (state, value) in self.act(inner, from, exits) {
                    match value {
                        Value::Bad | Value::Aside => {
                            exits.returned.insert((state, value));
                        }
                        Value::Good => {
                            ends.insert((state, Value::Good));
                        }
                        Value::Unknown => {
                            exits.returned.insert((state.clone(), Value::Aside));
                            ends.insert((state, Value::Unknown));
                        }
                    }
                }
                ends
            }
            Act::Demand(inner) => {
                let mut ends = self.act(inner, from, exits);
                ends.retain(|(_, value)| !value.failed());
                ends
            }
            Act::Lost(inner) => valued(bare(self.act(inner, from, exits)), Value::Unknown),
            Act::Stated(inner) => valued(bare(self.unasked(inner, from, exits)), Value::Unknown),
            Act::Adapted(adapted) => self.adapted(adapted, from, exits),
            Act::Perhaps(inner) => {
                let mut ends = valued(from.clone(), Value::Unknown);
                let called = self.act(inner, from, exits);
                ends.extend(valued(bare(called), Value::Unknown));
                ends
            }
            Act::Frame(inner) => {
                let mut own = Exits::default();
                let mut ends = self.act(inner, from, &mut own);
                ends.append(&mut own.returned);
                ends
            }
            Act::Repeat(inner) => self.repeat(inner, from, exits),
            Act::Return(inner) => {
                let mut ends = self.act(inner, from, exits);
                exits.returned.append(&mut ends);
                Ends::new()
            }
            Act::Break => {
                exits.broke.extend(from);
                Ends::new()
            }
            Act::Continue => {
                exits.continued.extend(from);
                Ends::new()
            }
            Act::Never => Ends::new(),
            Act::TooDeep => {
                self.lost();
                Ends::new()
            }
        }
    }

    /// The states in which `act` may have failed, and those in which it may have succeeded.
    fn parted(
        &mut self,
        act: &'a Act<String>,
        from: BTreeSet<State<'a>>,
        exits: &mut Exits<'a>,
    ) -> (BTreeSet<State<'a>>, BTreeSet<State<'a>>) {
        let (mut bad, mut good) = (BTreeSet::new(), BTreeSet::new());
        for (state, value) in self.act(act, from, exits) {
            if !value.failed() {
                good.insert(state.clone());
            }
            if value != Value::Good {
                bad.insert(state);
            }
        }
        (bad, good)
    }

    /// A call whose result is taken as it comes. A checkpoint that nobody asks whether it was made is one
    /// that cannot fail; to verify is always to ask.
    fn unasked(
        &mut self,
        act: &'a Act<String>,
        from: BTreeSet<State<'a>>,
        exits: &mut Exits<'a>,
    ) -> Ends<'a> {
        let mut ends = self.act(act, from, exits);
        let step = act.last_call().and_then(|call| self.names.step(call));
        if step == Some(Step::Checkpoint) {
            ends.retain(|(_, value)| !value.failed());
        }
        ends
    }

    fn match_(
        &mut self,
        on: &'a Act<String>,
        arms: &'a [(Takes, Act<String>)],
        from: BTreeSet<State<'a>>,
        exits: &mut Exits<'a>,
    ) -> Ends<'a> {
        let values = self.act(on, from, exits);
        let (mut success, mut failure) = (false, false);
        let mut ends = Ends::new();
        for (takes, act) in arms {
            let taken = values.iter().filter(|(_, value)| match takes {
                Takes::Success => !value.failed(),
                Takes::Failure => *value != Value::Good,
                Takes::Some => true,
                Takes::Rest => match value {
                    Value::Good => !success,
                    Value::Bad | Value::Aside => !failure,
                    Value::Unknown => true,
                },
            });
            let taken = taken.map(|(state, _)| state.clone()).collect();
            ends.append(&mut self.act(act, taken, exits));
            success |= matches!(takes, Takes::Success | Takes::Rest);
            failure |= matches!(takes, Takes::Failure | Takes::Rest);
        }
        ends
    }

    fn adapted(
        &mut self,
        adapted: &'a Adapted<String>,
        from: BTreeSet<State<'a>>,
        exits: &mut Exits<'a>,
    ) -> Ends<'a> {
        let mut ends = Ends::new();
        for (state, value) in self.act(&adapted.value, from, exits) {
            let runs = value == Value::Unknown || value.failed() != adapted.after_success;
            let passes = value == Value::Unknown || !runs;
            if runs {
                for (after, result) in self.act(&adapted.body, [state.clone()].into(), exits) {
                    let result = match adapted.gives {
                        Gives::Same => value,
                        Gives::Body => result,
                        Gives::Unknown => Value::Unknown,
                    };
                    ends.insert((after, result));
                }
            }
            if passes {
                ends.insert((state, value));
            }
        }
        ends
    }

    fn repeat(
        &mut self,
        body: &'a Act<String>,
        from: BTreeSet<State<'a>>,
        exits: &mut Exits<'a>,
    ) -> Ends<'a> {
        let (mut seen, mut open) = (BTreeSet::new(), from);
        let mut after = BTreeSet::new();
        while !open.is_empty() && seen.len() <= MOST_STATES {
            seen.extend(open.iter().cloned());
            let mut own = Exits::default();
            let mut next = bare(self.act(body, open, &mut own));
            next.append(&mut own.continued);
            after.append(&mut own.broke);
            exits.returned.append(&mut own.returned);
            open = next.difference(&seen).cloned().collect();
        }
        valued(after, Value::Unknown)
    }

    fn call(&mut self, call: &'a Call<String>, from: BTreeSet<State<'a>>) -> Ends<'a> {
        let here = self.here();
        let step = self.names.step(call);
        let (helpers, others) = self.routines.helpers(here, call, step);
        let mut ends = Ends::new();
        for state in from {
            if others {
                ends.append(&mut self.plain_call(call, step, state.clone()));
            }
            for &helper in &helpers {
                if self.stack.contains(&helper) {
                    ends.insert((state.clone(), Value::Unknown));
                    continue;
                }
                if self.stack.len() >= Routines::DEEPEST {
                    self.lost();
                    continue;
                }
                self.stack.push(helper);
                let begun = self.body(helper, without_locals(state.clone()));
                self.stack.pop();
                ends.extend(begun.into_iter().map(|(after, value)| {
                    let locals = state.locals.clone();
                    (after.with(locals), value)
                }));
            }
        }
        ends
    }

    /// A call that is not followed: a step, or something else.
    fn plain_call(
        &mut self,
        call: &Call<String>,
        step: Option<Step>,
        state: State<'a>,
    ) -> Ends<'a> {
        let Some(step) = step else {
            return [(state, Value::Unknown)].into();
        };
        let here = self.here();
        let place = Place {
            span: call.span,
            ..self.routines.place(here)
        };
        state.after(step, (place, here), &mut self.wrong)
    }
}

fn valued<'a>(states: BTreeSet<State<'a>>, value: Value) -> Ends<'a> {
    states.into_iter().map(|state| (state, value)).collect()
}

fn bare<'a>(ends: Ends<'a>) -> BTreeSet<State<'a>> {
    ends.into_iter().map(|(state, _)| state).collect()
}

fn without_locals(state: State<'_>) -> State<'_> {
    state.with(BTreeMap::new())
}
