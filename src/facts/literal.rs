//! Literals and branches as data: what source writes down, and what it decides on.

use crate::facts::reference::ModuleId;
use crate::text::Place;

/// A literal that may name something outside of the program.
#[derive(Debug, Clone)]
pub(crate) struct Literal {
    pub(crate) at: Written,
    /// Escapes decoded; placeholders as they are written (`{name}`).
    pub(crate) text: String,
    pub(crate) number: bool,
    /// Whether it is said to people: a panic's, a log's or an error's text.
    pub(crate) message: bool,
    /// The name that is given it or compared with it, if it may say what the literal is.
    pub(crate) name: Option<String>,
    /// Whether something is compared with it; else it is given.
    pub(crate) compared: bool,
    /// The constant or static of [`Written::module`] whose value it is part of.
    pub(crate) item: Option<String>,
}

/// A place where the program goes one way or the other, by what speaks of a deployment.
#[derive(Debug, Clone)]
pub(crate) struct Branch {
    pub(crate) at: Written,
    pub(crate) choice: Choice,
    /// Of a `match` on one value.
    pub(crate) arms: Vec<Arm>,
}

/// One arm of a `match`.
#[derive(Debug, Clone)]
pub(crate) struct Arm {
    /// The paths and the strings of its pattern.
    pub(crate) paths: Vec<Vec<String>>,
    pub(crate) texts: Vec<String>,
    /// Whether it takes whatever the others leave.
    pub(crate) rest: bool,
    /// Whether it does nothing but panic or fail.
    pub(crate) refuses: bool,
    pub(crate) place: Place,
}

/// What decides on a branch.
#[derive(Debug, Clone)]
pub(crate) enum Choice {
    /// The predicate of a `cfg`, `cfg_attr` or `cfg!`.
    Cfg(String),
    Value {
        /// The names that lead to what is branched on: `self`, `tenant`, `tier`.
        on: Vec<String>,
        /// The paths that it is compared with.
        against: Vec<Vec<String>>,
        /// The strings that it is compared with.
        texts: Vec<String>,
        /// Whether it is compared with something else, such as a number.
        other: bool,
    },
}

/// Where source says something.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) module: ModuleId,
    pub(crate) place: Place,
    /// The guard of the place, such as `cfg(windows)`, with those of the modules around it.
    pub(crate) cfg: Option<String>,
    /// Whether only tests compile the place.
    pub(crate) test: bool,
}
