//! What code hands out: the engines in its public signatures.

use crate::constitution::Engine;
use crate::facts::reference::{ModuleId, ReferentId};
use crate::facts::source::file::{ItemKind, MemberKind};
use crate::facts::surface::{Guarded, Run};
use crate::rules::Case;
use crate::text::Place;

/// How a signature names what it hands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum How {
    Field,
    /// What a variant of an enum carries.
    Variant,
    /// What a function takes: its caller has to have one.
    Parameter,
    Return,
    Alias,
    /// The type of a constant or a static.
    Constant,
    /// An associated type.
    Associated,
    /// `pub use`
    Reexport,
    /// A trait's supertrait.
    Supertrait,
}

impl How {
    /// "has the field", to be followed by a name.
    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Field => "holds it in the public field",
            Self::Variant => "carries it in the variant",
            Self::Parameter => "takes it in",
            Self::Return => "returns it from",
            Self::Alias => "stands for it as",
            Self::Constant => "is one as",
            Self::Associated => "names it as the associated type",
            Self::Reexport => "re-exports it as",
            Self::Supertrait => "extends it as",
        }
    }
}

/// One engine in one public signature.
#[derive(Debug, Clone)]
pub(crate) struct HandedOut<'a> {
    pub(crate) module: ModuleId,
    /// The field, method, alias, `use`.
    pub(crate) place: Place,
    /// The type or trait whose signature it is, or the function itself; `None` for a re-export.
    pub(crate) owner: Option<ReferentId>,
    /// The field's, method's or item's name.
    pub(crate) name: String,
    pub(crate) how: How,
    /// The engine's item.
    pub(crate) target: ReferentId,
    pub(crate) engine: Engine<'a>,
    pub(crate) guard: Guarded,
}

/// Every engine in the public signatures of the modules that `of` takes, in the order of the places.
pub(crate) fn handed_out<'a>(case: &Case<'a>, of: impl Fn(ModuleId) -> bool) -> Vec<HandedOut<'a>> {
    let mut gathering = Gathering {
        case,
        found: Vec::new(),
    };
    gathering.declarations(&of);
    gathering.implementations(&of);
    gathering.reexports(&of);
    let mut found = gathering.found;
    found.sort_by_key(|one| (one.place, one.how, one.engine.matched, one.guard.test));
    found.dedup_by_key(|one| (one.place, one.target));
    found
}

struct Gathering<'c, 'a> {
    case: &'c Case<'a>,
    found: Vec<HandedOut<'a>>,
}

impl<'a> Gathering<'_, 'a> {
    fn declarations(&mut self, of: impl Fn(ModuleId) -> bool) {
        let ports = self.case.ports();
        for one in &self.case.facts.surface.declarations {
            if !of(one.module) || !ports.handed_out(one) {
                continue;
            }
            let path = crate::rules::source::path(self.case, one.referent);
            let at = At {
                module: one.module,
                place: one.place,
                owner: Some(one.referent),
                name: crate::rules::ports::short(&path),
                guard: &one.guard,
            };
            self.add(&at, How::Parameter, one.takes);
            let how = match one.kind {
                ItemKind::Alias => How::Alias,
                ItemKind::Constant | ItemKind::Static => How::Constant,
                ItemKind::Trait => How::Supertrait,
                _ => How::Return,
            };
            self.add(&at, how, one.names);
            for member in ports.members(one.members) {
                if ports.shows(one.module, member.visibility) {
                    self.member(one.module, one.referent, member);
                }
            }
        }
    }

    fn implementations(&mut self, of: impl Fn(ModuleId) -> bool) {
        let ports = self.case.ports();
        for one in &self.case.facts.surface.implementations {
            let owner = one.of.and_then(|of| ports.declaration(of));
            let Some(owner) = owner.filter(|owner| of(one.module) && ports.handed_out(owner))
            else {
                continue;
            };
            let inherent = one.port.is_none() && !one.foreign;
            for member in ports.members(one.members) {
                let shown = if inherent {
                    ports.shows(one.module, member.visibility)
                } else {
                    member.kind == MemberKind::AssociatedType
                };
                if shown {
                    self.member(one.module, owner.referent, member);
                }
            }
        }
    }

    fn reexports(&mut self, of: impl Fn(ModuleId) -> bool) {
        for one in &self.case.facts.surface.reexports {
            let layered = self.case.own_module_layer(one.module);
            if !of(one.module) || !(one.reachable || layered) {
                continue;
            }
            let path = crate::rules::source::path(self.case, one.to);
            let at = At {
                module: one.module,
                place: one.place,
                owner: None,
                name: crate::rules::ports::short(&path),
                guard: &one.guard,
            };
            self.push(&at, How::Reexport, one.to);
        }
    }

    fn member(
        &mut self,
        module: ModuleId,
        owner: ReferentId,
        member: &crate::facts::surface::Member,
    ) {
        let at = At {
            module,
            place: member.place,
            owner: Some(owner),
            name: &member.name,
            guard: &member.guard,
        };
        self.add(&at, How::Parameter, member.takes);
        let how = match member.kind {
            MemberKind::Field => How::Field,
            MemberKind::Variant => How::Variant,
            MemberKind::Method => How::Return,
            MemberKind::AssociatedType => How::Associated,
        };
        self.add(&at, how, member.names);
    }

    fn add(&mut self, at: &At<'_>, how: How, run: Run) {
        for &target in self.case.ports().mentions(run) {
            self.push(at, how, target);
        }
    }

    fn push(&mut self, at: &At<'_>, how: How, target: ReferentId) {
        if let Some(engine) = self.case.engines()[target.0 as usize] {
            self.found.push(HandedOut {
                module: at.module,
                place: at.place,
                owner: at.owner,
                name: at.name.to_owned(),
                how,
                target,
                engine,
                guard: at.guard.clone(),
            });
        }
    }
}

/// The signature at hand.
struct At<'s> {
    module: ModuleId,
    place: Place,
    owner: Option<ReferentId>,
    name: &'s str,
    guard: &'s Guarded,
}
