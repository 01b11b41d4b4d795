//! What one instance declares, implements and decides, with its types resolved.

use std::collections::HashSet;
use std::sync::Arc;

use crate::facts::names::guard_text;
use crate::facts::names::infer::Inference;
use crate::facts::names::resolve::{Definition, Found, ItemId, Resolver};
use crate::facts::names::trace::mentioned;
use crate::facts::names::tree::Instance;
use crate::facts::reference::ModuleId;
use crate::facts::source::file::{
    FileFacts, GuardIndex, ImportName, ItemKind, Owner, Subject, Type, TypeIndex, Visibility,
};
use crate::facts::source::symbols::Symbols;
use crate::facts::surface::{
    Decision, Declaration, Guarded, Implementation, Member, Reexport, Run, Surface,
};
use crate::text::{Place, Span};

/// What other crates can name.
#[derive(Default)]
pub(crate) struct Reach {
    modules: Vec<bool>,
    /// Named by a public `use`, wherever they are declared.
    items: HashSet<ItemId>,
}

impl Reach {
    pub(crate) fn new(resolver: &mut Resolver) -> Self {
        let count = resolver.tree.modules.len();
        let mut reach = Self {
            modules: vec![false; count],
            items: HashSet::new(),
        };
        let ids = (0..count as u32).map(ModuleId);
        let mut waiting: Vec<ModuleId> = ids
            .filter(|id| resolver.tree.modules[id.0 as usize].parent.is_none())
            .collect();
        while let Some(module) = waiting.pop() {
            if std::mem::replace(&mut reach.modules[module.0 as usize], true) {
                continue;
            }
            let scope = resolver.tree.module_scopes[module.0 as usize];
            let globs = resolver.globs_of(scope).into_iter();
            let public: Vec<_> = globs
                .filter(|&glob| resolver.import(glob).1.visibility == Visibility::Public)
                .map(Definition::Import)
                .chain(resolver.public_in(scope))
                .collect();
            for definition in public {
                match definition {
                    Definition::Module(inner) => waiting.push(inner),
                    Definition::Item(_) => {}
                    Definition::Import(import) => {
                        for &found in resolver.import_targets(import).iter() {
                            match found {
                                Found::Module(inner) => waiting.push(inner),
                                Found::Item(item) => {
                                    reach.items.insert(item);
                                }
                                Found::Outside(_) => {}
                            }
                        }
                    }
                }
            }
        }
        reach
    }

    fn module(&self, id: ModuleId) -> bool {
        self.modules[id.0 as usize]
    }
}

/// Reads instances one by one into one surface.
pub(crate) struct Reader<'a, 'r, W> {
    pub(crate) inference: &'a mut Inference<'r>,
    pub(crate) symbols: &'a Symbols,
    pub(crate) reach: &'a Reach,
    /// Whether what a type names is worth keeping.
    pub(crate) wanted: W,
    pub(crate) surface: &'a mut Surface<Found>,
    /// The guards of the instance at hand, as far as they were asked for.
    pub(crate) guards: Vec<(GuardIndex, Guarded)>,
    /// What its types name, likewise.
    pub(crate) types: Vec<Option<Run>>,
}

impl<W: FnMut(&Resolver, Found) -> bool> Reader<'_, '_, W> {
    /// `fields`: of whose type the field is that a decision is about, by the decision's index.
    pub(crate) fn instance(&mut self, number: usize, fields: &[(usize, Found)]) {
        let facts = Arc::clone(&self.resolver().instance(number).facts);
        self.guards.clear();
        self.types.clear();
        self.types.resize(facts.types.len(), None);
        let mut order: Vec<usize> = (0..facts.members.len()).collect();
        order.sort_by_key(|&at| match facts.members[at].owner {
            Owner::Item(item) => (0, item),
            Owner::Impl(one) => (1, one),
        });
        let mut runs = Runs {
            order: &order,
            at: 0,
        };
        for at in 0..facts.items.len() {
            let members = runs.next(&facts, Owner::Item(at as u32));
            self.item(number, &facts, at, members);
        }
        for at in 0..facts.impls.len() {
            let members = runs.next(&facts, Owner::Impl(at as u32));
            if !facts.impls[at].declares {
                self.implementation(number, &facts, at, members);
            }
        }
        self.imports(number, &facts);
        self.decisions(number, &facts, fields);
    }

    fn resolver(&mut self) -> &mut Resolver {
        self.inference.resolver()
    }

    fn instance_of(&mut self, number: usize) -> &Instance {
        self.resolver().instance(number)
    }

    fn place(&mut self, number: usize, span: Span) -> Place {
        Place {
            file: self.instance_of(number).file,
            span,
        }
    }

    fn guard(&mut self, number: usize, facts: &FileFacts, guard: GuardIndex) -> Guarded {
        let instance = self.instance_of(number);
        if guard == 0 && instance.guards.is_empty() {
            return Guarded {
                cfg: None,
                test: instance.test || facts.guards[0].test,
            };
        }
        if let Some((_, known)) = self.guards.iter().find(|(at, _)| *at == guard) {
            return known.clone();
        }
        let instance = self.instance_of(number);
        let guarded = Guarded {
            cfg: guard_text(instance, guard).map(Arc::from),
            test: instance.test || facts.guards[guard as usize].test,
        };
        self.guards.push((guard, guarded.clone()));
        guarded
    }

    fn mentions(&mut self, number: usize, type_: Option<TypeIndex>) -> Run {
        let Some(type_) = type_ else {
            return Run::default();
        };
        if let Some(known) = self.types[type_ as usize] {
            return known;
        }
        let start = self.surface.mentions.len();
        let mut names = self.inference.named_in(number, type_);
        names.extend(self.alternatives(number, type_));
        for found in names {
            if (self.wanted)(self.inference.resolver(), found)
                && !self.surface.mentions[start..].contains(&found)
            {
                self.surface.mentions.push(found);
            }
        }
        let run = Run::new(start, self.surface.mentions.len());
        self.types[type_ as usize] = Some(run);
        run
    }

    /// The workspace's own items among the alternatives under different `cfg`s, of which a type keeps but one.
    fn alternatives(&mut self, number: usize, type_: TypeIndex) -> Vec<Found> {
        let facts = Arc::clone(&self.instance_of(number).facts);
        let mut items = Vec::new();
        for path in mentioned(&facts, type_) {
            let resolver = self.inference.resolver();
            let found = resolver.path(number, path);
            if found.len() < 2 {
                continue;
            }
            let own = found.iter().filter(|one| match one {
                Found::Item(item) => resolver.item(*item).1.kind != ItemKind::Alias,
                _ => false,
            });
            items.extend(own);
        }
        items
    }

    fn item(&mut self, number: usize, facts: &FileFacts, at: usize, members: &[usize]) {
        let item = &facts.items[at];
        let scope = &facts.scopes[item.scope as usize];
        let in_body = scope.outer.is_some() && scope.module.is_none();
        // Most items are private functions, and of those no law asks.
        let skipped = match item.kind {
            ItemKind::Macro | ItemKind::Other => true,
            ItemKind::Function | ItemKind::Constant | ItemKind::Static => {
                item.visibility == Visibility::Private
            }
            _ => false,
        };
        if in_body || skipped {
            return;
        }
        let id = self.instance_of(number).item_base + at as u32;
        let module = self.resolver().module_of(number, item.scope);
        let public = item.visibility == Visibility::Public;
        let declaration = Declaration {
            referent: Found::Item(id),
            module,
            kind: item.kind,
            visibility: item.visibility,
            reachable: public && (self.reach.module(module) || self.reach.items.contains(&id)),
            place: self.place(number, item.span),
            guard: self.guard(number, facts, item.guard),
            takes: self.mentions(number, item.takes),
            names: self.mentions(number, item.type_),
            members: self.members(number, facts, members),
        };
        self.surface.declarations.push(declaration);
    }

    fn members(&mut self, number: usize, facts: &FileFacts, members: &[usize]) -> Run {
        let start = self.surface.members.len();
        for &at in members {
            let member = &facts.members[at];
            let arity = member.takes.map_or(0, |takes| facts.parts(takes).len());
            let one = Member {
                kind: member.kind,
                name: self.symbols.name(member.name).to_owned(),
                place: self.place(number, member.span),
                visibility: member.visibility,
                body: member.body,
                arity,
                takes: self.mentions(number, member.takes),
                names: self.mentions(number, Some(member.type_)),
                guard: self.guard(number, facts, member.guard),
            };
            self.surface.members.push(one);
        }
        Run::new(start, self.surface.members.len())
    }

    fn implementation(&mut self, number: usize, facts: &FileFacts, at: usize, members: &[usize]) {
        let one = &facts.impls[at];
        let port = one.trait_.and_then(|path| self.item_at(number, path));
        let own = self.mentions(number, Some(one.self_type));
        // What bounds a generic parameter is not what implements.
        let of = match facts.types[one.self_type as usize] {
            Type::Bounds(_) => None,
            _ => own.of(&self.surface.mentions).first().copied(),
        };
        let implementation = Implementation {
            module: self.resolver().module_of(number, one.scope),
            place: self.place(number, one.span),
            body: self.place(number, one.body),
            of,
            port,
            foreign: one.trait_.is_some() && port.is_none(),
            named: one.trait_.and_then(|path| self.last_name(facts, path)),
            names: own,
            given: self.mentions(number, one.arguments),
            members: self.members(number, facts, members),
            guard: self.guard(number, facts, one.guard),
        };
        self.surface.implementations.push(implementation);
    }

    fn last_name(&self, facts: &FileFacts, path: u32) -> Option<Box<str>> {
        let path = &facts.paths[path as usize];
        let last = path.len.checked_sub(1)?;
        Some(
            self.symbols
                .name(facts.segments[(path.start + last) as usize])
                .into(),
        )
    }

    /// The item that a path leads to.
    fn item_at(&mut self, number: usize, path: u32) -> Option<Found> {
        let found = self.resolver().path(number, path);
        let mut found = found.iter().copied();
        found.find(|one| matches!(one, Found::Item(_)))
    }

    fn imports(&mut self, number: usize, facts: &FileFacts) {
        for (at, import) in facts.imports.iter().enumerate() {
            if import.visibility != Visibility::Public || import.name == ImportName::Unnamed {
                continue;
            }
            let module = self.resolver().module_of(number, import.scope);
            let id = self.instance_of(number).import_base + at as u32;
            let package = self.instance_of(number).package;
            for &to in self.resolver().import_targets(id).iter() {
                let resolver = self.inference.resolver();
                let own = match to {
                    Found::Module(inner) => Some(inner),
                    Found::Item(item) => Some(resolver.module_of_item(item)),
                    Found::Outside(_) => None,
                };
                let own = own.map(|inner| resolver.tree.modules[inner.0 as usize].package);
                if own == Some(package) || !(self.wanted)(resolver, to) {
                    continue;
                }
                let reexport = Reexport {
                    module,
                    to,
                    reachable: self.reach.module(module),
                    place: self.place(number, import.span),
                    guard: self.guard(number, facts, import.guard),
                };
                self.surface.reexports.push(reexport);
            }
        }
    }

    fn decisions(&mut self, number: usize, facts: &FileFacts, fields: &[(usize, Found)]) {
        for (at, decision) in facts.decisions.iter().enumerate() {
            let module = self.resolver().module_of(number, decision.scope);
            let (subject, field) = match decision.subject {
                Subject::Named(path) => (self.item_at(number, path), None),
                Subject::Field(value) => {
                    let known = fields.binary_search_by_key(&at, |field| field.0);
                    let name = facts.field_name(value);
                    let name = name.map(|name| self.symbols.name(name).to_owned());
                    (known.ok().map(|known| fields[known].1), name)
                }
            };
            let Some(subject @ Found::Item(item)) = subject else {
                continue;
            };
            if self.resolver().module_of_item(item) == module {
                continue;
            }
            let start = self.surface.mentions.len();
            for &path in &decision.outcomes {
                if let Some(outcome @ Found::Item(item)) = self.item_at(number, path) {
                    let kind = self.resolver().item(item).1.kind;
                    if matches!(kind, ItemKind::Struct | ItemKind::Enum) {
                        self.surface.mentions.push(outcome);
                    }
                }
            }
            let owner = decision.owner.map(|owner| &facts.impls[owner as usize]);
            let converts = owner
                .and_then(|owner| owner.trait_)
                .is_some_and(|path| self.item_at(number, path).is_none());
            let decision = Decision {
                module,
                kind: decision.kind,
                subject,
                field,
                acts: decision.acts,
                outcomes: Run::new(start, self.surface.mentions.len()),
                converts,
                place: self.place(number, decision.span),
                guard: self.guard(number, facts, decision.guard),
            };
            self.surface.decisions.push(decision);
        }
    }
}

/// Members sorted by owner, taken owner by owner.
struct Runs<'o> {
    order: &'o [usize],
    at: usize,
}

impl<'o> Runs<'o> {
    fn next(&mut self, facts: &FileFacts, owner: Owner) -> &'o [usize] {
        let rest = &self.order[self.at..];
        let owned = rest.iter();
        let count = owned
            .take_while(|&&at| facts.members[at].owner == owner)
            .count();
        self.at += count;
        &rest[..count]
    }
}
