//! Routines as data: what a function that may bear on updates does, step after step.

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// A function with a body. `N` is what stands for a name, `W` for a place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Routine<N, W> {
    pub(crate) name: N,
    /// The type of the `impl` or the trait around it, by its last name.
    pub(crate) of: Option<N>,
    /// The trait that the `impl` is for, by its last name.
    pub(crate) implements: Option<N>,
    /// The last names of its parameters' types.
    pub(crate) takes: Vec<N>,
    pub(crate) does: Act<N>,
    /// Of its name.
    pub(crate) at: W,
}

/// What is done, and what comes of it: success (`Ok`, `Some`, `true`), failure, or who knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Act<N> {
    /// Nothing that could be told.
    Unknown,
    /// `Ok(…)`, `Some(…)`, `true`; or `Err(…)`, `None`, `false`.
    Plain(bool),
    Call(Box<Call<N>>),
    /// One after another; what comes of the last comes of all.
    All(Vec<Act<N>>),
    Not(Box<Act<N>>),
    /// The second only after the first has succeeded: `&&`.
    Both(Box<[Act<N>; 2]>),
    /// The second only after the first has failed: `||`.
    Either(Box<[Act<N>; 2]>),
    /// Condition, then, else.
    If(Box<[Act<N>; 3]>),
    Match(Box<Act<N>>, Vec<(Takes, Act<N>)>),
    /// `let name = …`
    Bind(N, Box<Act<N>>),
    Local(N),
    /// `?`
    Try(Box<Act<N>>),
    /// `.unwrap()`, `assert!`: failure ends it all.
    Demand(Box<Act<N>>),
    /// What comes of it is forgotten: `let _ =`, `.unwrap_or_default()`.
    Lost(Box<Act<N>>),
    /// A statement of its own, of which nothing may come at all.
    Stated(Box<Act<N>>),
    Adapted(Box<Adapted<N>>),
    /// A closure, which may or may not be called.
    Perhaps(Box<Act<N>>),
    /// A body of its own: `return` and `?` leave no more than it.
    Frame(Box<Act<N>>),
    /// Round and round until a `Break`.
    Repeat(Box<Act<N>>),
    Return(Box<Act<N>>),
    Break,
    Continue,
    /// Panics.
    Never,
    /// Nests too deep to be followed.
    TooDeep,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Call<N> {
    pub(crate) name: N,
    /// What a method is called on: a variable, field or call by its name.
    pub(crate) on: Option<N>,
    /// The type or module of `of::name(…)`.
    pub(crate) of: Option<N>,
    /// `self.name(…)` or `Self::name(…)`
    pub(crate) own: bool,
    pub(crate) span: Span,
}

/// A combinator with its closure: `value.and_then(|it| body)`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Adapted<N> {
    pub(crate) value: Act<N>,
    /// Whether the body runs after success; else after failure.
    pub(crate) after_success: bool,
    pub(crate) body: Act<N>,
    pub(crate) gives: Gives,
}

/// What comes of a combinator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Gives {
    /// What came of the value: `map`, `map_err`.
    Same,
    /// What comes of the body, where it runs: `and_then`, `or_else`.
    Body,
    /// Who knows: `unwrap_or_else`.
    Unknown,
}

/// What an arm of a `match` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Takes {
    Success,
    Failure,
    /// Something of its own, whatever that means.
    Some,
    /// All that is left.
    Rest,
}

impl<N> Act<N> {
    /// With every name put through `to`.
    pub(crate) fn named<M>(&self, to: &impl Fn(&N) -> M) -> Act<M> {
        let boxed = |act: &Self| Box::new(act.named(to));
        let two = |acts: &[Self; 2]| Box::new(acts.each_ref().map(|act| act.named(to)));
        match self {
            Self::Unknown => Act::Unknown,
            Self::Plain(good) => Act::Plain(*good),
            Self::Call(call) => Act::Call(Box::new(Call {
                name: to(&call.name),
                on: call.on.as_ref().map(to),
                of: call.of.as_ref().map(to),
                own: call.own,
                span: call.span,
            })),
            Self::All(acts) => Act::All(acts.iter().map(|act| act.named(to)).collect()),
            Self::Not(act) => Act::Not(boxed(act)),
            Self::Both(acts) => Act::Both(two(acts)),
            Self::Either(acts) => Act::Either(two(acts)),
            Self::If(acts) => Act::If(Box::new(acts.each_ref().map(|act| act.named(to)))),
            Self::Match(on, arms) => {
                let arms = arms.iter().map(|(takes, act)| (*takes, act.named(to)));
                Act::Match(boxed(on), arms.collect())
            }
            Self::Bind(name, act) => Act::Bind(to(name), boxed(act)),
            Self::Local(name) => Act::Local(to(name)),
            Self::Try(act) => Act::Try(boxed(act)),
            Self::Demand(act) => Act::Demand(boxed(act)),
            Self::Lost(act) => Act::Lost(boxed(act)),
            Self::Stated(act) => Act::Stated(boxed(act)),
            Self::Adapted(adapted) => Act::Adapted(Box::new(Adapted {
                value: adapted.value.named(to),
                after_success: adapted.after_success,
                body: adapted.body.named(to),
                gives: adapted.gives,
            })),
            Self::Perhaps(act) => Act::Perhaps(boxed(act)),
            Self::Frame(act) => Act::Frame(boxed(act)),
            Self::Repeat(act) => Act::Repeat(boxed(act)),
            Self::Return(act) => Act::Return(boxed(act)),
            Self::Break => Act::Break,
            Self::Continue => Act::Continue,
            Self::Never => Act::Never,
            Self::TooDeep => Act::TooDeep,
        }
    }

    /// The call that it comes to at last.
    pub(crate) fn last_call(&self) -> Option<&Call<N>> {
        match self {
            Self::Call(call) => Some(call),
            Self::All(acts) => acts.last()?.last_call(),
            _ => None,
        }
    }

    /// Every call within, in the order of the source.
    pub(crate) fn calls<'a>(&'a self, to: &mut impl FnMut(&'a Call<N>)) {
        match self {
            Self::Call(call) => to(call),
            Self::All(acts) => acts.iter().for_each(|act| act.calls(to)),
            Self::Both(acts) | Self::Either(acts) => acts.iter().for_each(|act| act.calls(to)),
            Self::If(acts) => acts.iter().for_each(|act| act.calls(to)),
            Self::Match(on, arms) => {
                on.calls(to);
                arms.iter().for_each(|(_, act)| act.calls(to));
            }
            Self::Adapted(adapted) => {
                adapted.value.calls(to);
                adapted.body.calls(to);
            }
            Self::Not(act)
            | Self::Bind(_, act)
            | Self::Try(act)
            | Self::Demand(act)
            | Self::Lost(act)
            | Self::Stated(act)
            | Self::Perhaps(act)
            | Self::Frame(act)
            | Self::Repeat(act)
            | Self::Return(act) => act.calls(to),
            Self::Unknown
            | Self::Plain(_)
            | Self::Local(_)
            | Self::Break
            | Self::Continue
            | Self::Never
            | Self::TooDeep => {}
        }
    }
}
