//! Declarations, implementations and signatures as data: what ports and adapters are told by.

use std::sync::Arc;

use crate::facts::reference::{ModuleId, ReferentId};
use crate::facts::source::file::{Body, DecisionKind, ItemKind, MemberKind, Visibility};
use crate::text::Place;

/// What the workspace declares and hands out. `R` is what stands for an item; names of packages that are
/// not read are only kept where they are of interest to the law.
#[derive(Debug, Clone)]
pub(crate) struct Surface<R = ReferentId> {
    /// Items of modules; those within function bodies are left out, and private functions and constants.
    pub(crate) declarations: Vec<Declaration<R>>,
    pub(crate) implementations: Vec<Implementation<R>>,
    pub(crate) reexports: Vec<Reexport<R>>,
    /// Of declarations and implementations, each owner's in one run.
    pub(crate) members: Vec<Member>,
    pub(crate) decisions: Vec<Decision<R>>,
    /// What types name, each type's in one run, which those that are written alike share.
    pub(crate) mentions: Vec<R>,
}

impl<R> Default for Surface<R> {
    fn default() -> Self {
        Self {
            declarations: Vec::new(),
            implementations: Vec::new(),
            reexports: Vec::new(),
            members: Vec::new(),
            decisions: Vec::new(),
            mentions: Vec::new(),
        }
    }
}

/// A stretch of a sibling vector.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Run {
    start: u32,
    end: u32,
}

impl Run {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self {
            start: start as u32,
            end: end as u32,
        }
    }

    pub(crate) fn of<T>(self, all: &[T]) -> &[T] {
        &all[self.start as usize..self.end as usize]
    }

    fn shifted(self, by: usize) -> Self {
        Self::new(self.start as usize + by, self.end as usize + by)
    }
}

/// Under what condition a place is compiled.
#[derive(Debug, Clone, Default)]
pub(crate) struct Guarded {
    /// Such as `cfg(windows)`.
    pub(crate) cfg: Option<Arc<str>>,
    /// Whether only tests compile it.
    pub(crate) test: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Declaration<R> {
    pub(crate) referent: R,
    pub(crate) module: ModuleId,
    pub(crate) kind: ItemKind,
    pub(crate) visibility: Visibility,
    /// Whether another crate can name it, by its own path or through a re-export.
    pub(crate) reachable: bool,
    pub(crate) place: Place,
    pub(crate) guard: Guarded,
    /// What a function takes.
    pub(crate) takes: Run,
    /// What an alias, a constant or a function's return type names; a trait's supertraits.
    pub(crate) names: Run,
    pub(crate) members: Run,
}

/// An `impl`.
#[derive(Debug, Clone)]
pub(crate) struct Implementation<R> {
    pub(crate) module: ModuleId,
    /// The self type's.
    pub(crate) place: Place,
    /// From one brace to the other.
    pub(crate) body: Place,
    /// `None` where the type is a generic parameter, or of a package that is not read and of no interest.
    pub(crate) of: Option<R>,
    /// `None` for an inherent one, and where the trait is not of the workspace.
    pub(crate) port: Option<R>,
    pub(crate) foreign: bool,
    /// The trait's last name, as it is written.
    pub(crate) named: Option<Box<str>>,
    /// What the self type names.
    pub(crate) names: Run,
    /// What the trait's arguments name.
    pub(crate) given: Run,
    pub(crate) members: Run,
    pub(crate) guard: Guarded,
}

/// A field, variant, method or associated type.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) kind: MemberKind,
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) visibility: Visibility,
    pub(crate) body: Body,
    /// How many a method takes, its receiver included.
    pub(crate) arity: usize,
    pub(crate) takes: Run,
    /// What a field holds, a variant carries, a method returns.
    pub(crate) names: Run,
    pub(crate) guard: Guarded,
}

/// `pub use` of something of another package.
#[derive(Debug, Clone)]
pub(crate) struct Reexport<R> {
    pub(crate) module: ModuleId,
    pub(crate) to: R,
    pub(crate) reachable: bool,
    pub(crate) place: Place,
    pub(crate) guard: Guarded,
}

/// A branch or calculation about a type of another module.
#[derive(Debug, Clone)]
pub(crate) struct Decision<R> {
    pub(crate) module: ModuleId,
    pub(crate) kind: DecisionKind,
    /// The type whose variant or field it is about.
    pub(crate) subject: R,
    pub(crate) field: Option<String>,
    /// Whether some outcomes wait, fail, return or assign to a field, and others do not.
    pub(crate) acts: bool,
    /// Structs and enums that the outcomes name.
    pub(crate) outcomes: Run,
    /// Whether it stands in an `impl` of a trait that is not the workspace's.
    pub(crate) converts: bool,
    pub(crate) place: Place,
    pub(crate) guard: Guarded,
}

impl Surface {
    /// Takes over another one's, whose items are called by `name` here.
    pub(crate) fn take<S>(&mut self, other: Surface<S>, mut name: impl FnMut(S) -> ReferentId) {
        let (members, mentions) = (self.members.len(), self.mentions.len());
        self.mentions
            .extend(other.mentions.into_iter().map(&mut name));
        self.members
            .extend(other.members.into_iter().map(|one| Member {
                takes: one.takes.shifted(mentions),
                names: one.names.shifted(mentions),
                ..one
            }));
        for one in other.declarations {
            self.declarations.push(Declaration {
                referent: name(one.referent),
                module: one.module,
                kind: one.kind,
                visibility: one.visibility,
                reachable: one.reachable,
                place: one.place,
                guard: one.guard,
                takes: one.takes.shifted(mentions),
                names: one.names.shifted(mentions),
                members: one.members.shifted(members),
            });
        }
        for one in other.implementations {
            self.implementations.push(Implementation {
                module: one.module,
                place: one.place,
                body: one.body,
                of: one.of.map(&mut name),
                port: one.port.map(&mut name),
                foreign: one.foreign,
                named: one.named,
                names: one.names.shifted(mentions),
                given: one.given.shifted(mentions),
                members: one.members.shifted(members),
                guard: one.guard,
            });
        }
        for one in other.reexports {
            self.reexports.push(Reexport {
                module: one.module,
                to: name(one.to),
                reachable: one.reachable,
                place: one.place,
                guard: one.guard,
            });
        }
        for one in other.decisions {
            self.decisions.push(Decision {
                module: one.module,
                kind: one.kind,
                subject: name(one.subject),
                field: one.field,
                acts: one.acts,
                outcomes: one.outcomes.shifted(mentions),
                converts: one.converts,
                place: one.place,
                guard: one.guard,
            });
        }
    }
}
