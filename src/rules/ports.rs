//! Ports, what their signatures reach, and who declares what: the tables that the laws on ports share.

use std::collections::{BTreeSet, VecDeque};

use crate::constitution::Plane;
use crate::facts::reference::{ModuleId, Reference, ReferenceKind, Referent, ReferentId};
use crate::facts::source::file::{ItemKind, MemberKind, Visibility};
use crate::facts::surface::{Declaration, Implementation, Member, Run, Surface};
use crate::rules::{Case, source};

/// The workspace's surface, by who is judged how.
pub(crate) struct Ports<'a> {
    surface: &'a Surface,
    /// By module.
    planes: Vec<Option<Plane>>,
    /// By module: whether its package has layers within.
    layered: Vec<bool>,
    /// By referent: its declaration.
    declared: Vec<Option<usize>>,
    /// By declaration: the `impl`s for it.
    implementations: Vec<Vec<usize>>,
    /// By referent: whether it is a type or trait in the signatures of ports, or what those need in turn.
    reached: Vec<bool>,
}

impl<'a> Ports<'a> {
    pub(crate) fn new(case: &Case<'a>) -> Self {
        let surface = &case.facts.surface;
        let mut declared = vec![None; case.facts.referents.len()];
        for (at, declaration) in surface.declarations.iter().enumerate() {
            declared[declaration.referent.0 as usize] = Some(at);
        }
        let mut implementations = vec![Vec::new(); surface.declarations.len()];
        for (at, one) in surface.implementations.iter().enumerate() {
            if let Some(of) = one.of.and_then(|of| declared[of.0 as usize]) {
                implementations[of].push(at);
            }
        }
        let mut ports = Self {
            surface,
            planes: source::per_module(case, |id| Some(case.module_layer(id)?.plane)),
            layered: source::per_module(case, |id| {
                case.layering.has_module_layers(case.module(id).package)
            }),
            declared,
            implementations,
            reached: Vec::new(),
        };
        ports.reached = ports.reach(ports.made(case));
        ports
    }

    pub(crate) fn plane(&self, module: ModuleId) -> Option<Plane> {
        self.planes[module.0 as usize]
    }

    pub(crate) fn is_capability(&self, module: ModuleId) -> bool {
        self.plane(module) == Some(Plane::Capability)
    }

    pub(crate) fn declaration(&self, referent: ReferentId) -> Option<&'a Declaration<ReferentId>> {
        let at = self.declared.get(referent.0 as usize).copied().flatten()?;
        Some(&self.surface.declarations[at])
    }

    /// The `impl`s for a type of the workspace, in the order of the source.
    pub(crate) fn implementations(
        &self,
        referent: ReferentId,
    ) -> impl Iterator<Item = &'a Implementation<ReferentId>> {
        let at = self.declared.get(referent.0 as usize).copied().flatten();
        let all = at.map_or(&[][..], |at| &self.implementations[at]);
        let surface = self.surface;
        all.iter().map(|at| &surface.implementations[*at])
    }

    pub(crate) fn members(&self, run: Run) -> &'a [Member] {
        run.of(&self.surface.members)
    }

    pub(crate) fn mentions(&self, run: Run) -> &'a [ReferentId] {
        run.of(&self.surface.mentions)
    }

    /// Whether others can name what `module` declares with that visibility: where a package has layers
    /// within, other modules are others.
    pub(crate) fn shows(&self, module: ModuleId, visibility: Visibility) -> bool {
        match visibility {
            Visibility::Public => true,
            Visibility::Restricted => self.layered[module.0 as usize],
            Visibility::Private => false,
        }
    }

    /// Whether a declaration is part of what its structure hands out.
    pub(crate) fn handed_out(&self, one: &Declaration<ReferentId>) -> bool {
        one.reachable
            || (self.layered[one.module.0 as usize] && self.shows(one.module, one.visibility))
    }

    /// The trait of capability code that others can implement.
    pub(crate) fn port(&self, referent: ReferentId) -> Option<&'a Declaration<ReferentId>> {
        self.declaration(referent).filter(|one| self.is_port(one))
    }

    fn is_port(&self, one: &Declaration<ReferentId>) -> bool {
        one.kind == ItemKind::Trait
            && self.is_capability(one.module)
            && self.shows(one.module, one.visibility)
    }

    /// Whether a port's signature leads to the item.
    pub(crate) fn is_reached(&self, referent: ReferentId) -> bool {
        self.reached.get(referent.0 as usize) == Some(&true)
    }

    /// From the signatures of all ports, through what is public of each type, to all that they need.
    fn reach(&self, made: Vec<ReferentId>) -> Vec<bool> {
        let ports = self.surface.declarations.iter();
        let ports = ports.filter(|one| self.is_port(one));
        let mut waiting: VecDeque<ReferentId> = ports.map(|one| one.referent).collect();
        waiting.extend(self.driving());
        waiting.extend(made);
        // A generic port is about what it is given, and what its methods have in its place.
        for one in &self.surface.implementations {
            if one.port.is_some_and(|port| self.port(port).is_some()) {
                waiting.extend(self.mentions(one.given));
                let own = self.mentions(one.names).iter();
                waiting.extend(own.filter(|own| Some(**own) != one.of));
                for member in self.members(one.members) {
                    waiting.extend(self.mentions(member.takes));
                    waiting.extend(self.mentions(member.names));
                }
            }
        }
        let mut reached = vec![false; self.declared.len()];
        let mut bounds = BTreeSet::new();
        while let Some(referent) = waiting.pop_front() {
            let Some(one) = self.declaration(referent) else {
                continue;
            };
            if std::mem::replace(&mut reached[referent.0 as usize], true) {
                continue;
            }
            waiting.extend(self.mentions(one.takes));
            waiting.extend(self.mentions(one.names));
            for member in self.members(one.members) {
                if self.shows(one.module, member.visibility) {
                    waiting.extend(self.mentions(member.takes));
                    waiting.extend(self.mentions(member.names));
                    bounds.extend(self.mentions(member.takes));
                }
            }
            for implementation in self.implementations(referent) {
                self.reach_implementation(one, implementation, &mut waiting);
            }
            self.reach_payloads(referent, &bounds, &mut waiting);
            bounds.clear();
        }
        reached
    }

    /// Where the module of a port names what a macro makes in another module, nobody can look into it: what is
    /// declared there, and what macros are given there, may well be part of it.
    fn made(&self, case: &Case<'a>) -> Vec<ReferentId> {
        let declarations = &self.surface.declarations;
        let ports = declarations.iter().filter(|one| self.is_port(one));
        let ports: BTreeSet<ModuleId> = ports.map(|one| one.module).collect();
        let references = &case.facts.references;
        let written =
            |one: &&Reference| one.kind == ReferenceKind::Path && ports.contains(&one.from);
        let unknown =
            references
                .iter()
                .filter(written)
                .filter_map(|one| match case.referent(one.to) {
                    Referent::Item { module, item: None } if self.is_capability(*module) => {
                        Some(*module)
                    }
                    _ => None,
                });
        let unknown: BTreeSet<ModuleId> = unknown.collect();
        if unknown.is_empty() {
            return Vec::new();
        }
        let within = declarations
            .iter()
            .filter(|one| unknown.contains(&one.module));
        let given = references
            .iter()
            .filter(|one| one.kind == ReferenceKind::Tokens && unknown.contains(&one.from));
        let within = within.map(|one| one.referent);
        within.chain(given.map(|one| one.to)).collect()
    }

    /// The capability's own way in: functions that are given ports, and types that hold them, themselves or
    /// through one another. Who calls a use case with its ports drives the domain and does not reach past it.
    fn driving(&self) -> BTreeSet<ReferentId> {
        // By referent.
        let mut users: Vec<Vec<ReferentId>> = vec![Vec::new(); self.declared.len()];
        for one in &self.surface.declarations {
            let type_ = matches!(
                one.kind,
                ItemKind::Struct | ItemKind::Enum | ItemKind::Union
            );
            if !self.is_capability(one.module) || !(type_ || one.kind == ItemKind::Function) {
                continue;
            }
            let members = self.members(one.members).iter();
            let held = members.flat_map(|member| self.mentions(member.names));
            let mut needs: Vec<ReferentId> = self
                .mentions(one.takes)
                .iter()
                .chain(held)
                .copied()
                .collect();
            for implementation in self.implementations(one.referent) {
                // `impl<R: Orders> Place<R>`
                needs.extend(self.mentions(implementation.names));
            }
            for need in needs {
                users[need.0 as usize].push(one.referent);
            }
        }
        let ports = self.surface.declarations.iter();
        let ports = ports.filter(|one| self.is_port(one));
        let mut waiting: Vec<ReferentId> = ports.map(|one| one.referent).collect();
        let mut driving = BTreeSet::new();
        while let Some(at) = waiting.pop() {
            for user in &users[at.0 as usize] {
                if driving.insert(*user) {
                    waiting.push(*user);
                }
            }
        }
        driving
    }

    /// What the public methods of a reached type take and return: one needs it to make one and to read it.
    fn reach_implementation(
        &self,
        of: &Declaration<ReferentId>,
        one: &Implementation<ReferentId>,
        waiting: &mut VecDeque<ReferentId>,
    ) {
        if of.kind == ItemKind::Trait {
            return;
        }
        // `From<LoadError>` for what a port returns: an adapter fails with the one to return the other.
        if one.foreign && self.is_capability(one.module) {
            waiting.extend(self.mentions(one.given));
        }
        for member in self.members(one.members) {
            let inherent = one.port.is_none() && !one.foreign;
            if member.kind == MemberKind::AssociatedType || !inherent {
                waiting.extend(self.mentions(member.names));
            }
            if inherent && self.shows(one.module, member.visibility) {
                waiting.extend(self.mentions(member.takes));
                waiting.extend(self.mentions(member.names));
            }
        }
    }

    /// What a port takes by a trait, such as `publish(&dyn Event)`, are the types that implement the trait.
    fn reach_payloads(
        &self,
        referent: ReferentId,
        bounds: &BTreeSet<ReferentId>,
        waiting: &mut VecDeque<ReferentId>,
    ) {
        let taken = bounds
            .iter()
            .filter(|bound| **bound != referent)
            .filter(|bound| self.port(**bound).is_some());
        let taken: BTreeSet<ReferentId> = taken.copied().collect();
        if taken.is_empty() {
            return;
        }
        for one in &self.surface.implementations {
            if one.port.is_some_and(|port| taken.contains(&port)) && self.is_capability(one.module)
            {
                waiting.extend(one.of);
            }
        }
    }
}

/// The last segment of a path.
pub(crate) fn short(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// Whether a type goes by the name of an error.
pub(crate) fn is_error(name: &str) -> bool {
    ["Error", "Err", "Failure", "Exception"]
        .iter()
        .any(|end| name.ends_with(end))
}
