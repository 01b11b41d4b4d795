//! How a name leads where it does: the imports, aliases, macros and signatures on the way, in order.

use std::sync::Arc;

use crate::facts::names::bodies::brought_by;
use crate::facts::names::resolve::{Found, ImportId, ItemId, Resolver};
use crate::facts::names::tree::ScopeId;
use crate::facts::reference::{Reference, ReferenceKind};
use crate::facts::source::file::{
    FileFacts, ImportName, ItemKind, Lead, Namespaces, PathIndex, Step, Type, UseKind, Visibility,
};
use crate::facts::source::symbols::{Symbol, Symbols};
use crate::finding::Hop;
use crate::text::{Place, Span};

/// Hops that one chain may have.
const LONGEST: usize = 32;

/// Names that one alias may lead to.
const MOST: usize = 64;

/// Everything that an alias's target mentions, through further aliases.
pub(crate) fn alias_names(resolver: &mut Resolver, item: ItemId) -> Vec<Found> {
    let mut names: Vec<Found> = Vec::new();
    let mut waiting = vec![item];
    let mut seen = Vec::new();
    while let Some(item) = waiting.pop() {
        if seen.contains(&item) || names.len() > MOST {
            continue;
        }
        seen.push(item);
        for found in target_names(resolver, item) {
            match found {
                Found::Item(inner) if resolver.item(inner).1.kind == ItemKind::Alias => {
                    waiting.push(inner)
                }
                found if !names.contains(&found) => names.push(found),
                _ => {}
            }
        }
    }
    names
}

/// What an alias's own declaration mentions.
fn target_names(resolver: &mut Resolver, item: ItemId) -> Vec<Found> {
    let (owner, declared) = resolver.item(item);
    let Some(type_) = declared.type_ else {
        return Vec::new();
    };
    let facts = Arc::clone(&resolver.instance(owner).facts);
    let paths = mentioned(&facts, type_);
    paths
        .into_iter()
        .flat_map(|path| resolver.path(owner, path).to_vec())
        .collect()
}

/// The paths of a type and its arguments.
pub(crate) fn mentioned(facts: &FileFacts, type_: u32) -> Vec<PathIndex> {
    let mut paths = Vec::new();
    let mut waiting = vec![type_];
    while let Some(type_) = waiting.pop() {
        match &facts.types[type_ as usize] {
            Type::Path { path, arguments } => {
                paths.push(*path);
                waiting.extend(arguments);
            }
            Type::Associated { of, .. } => waiting.push(*of),
            Type::Bounds(parts) | Type::Parts(parts) => waiting.extend(parts),
            Type::This | Type::Unknown => {}
        }
    }
    paths
}

/// A path as source spells it.
pub(crate) fn spelled(facts: &FileFacts, path: PathIndex, symbols: &Symbols) -> String {
    let path = &facts.paths[path as usize];
    let mut parts: Vec<&str> = match path.lead {
        Lead::Scope => Vec::new(),
        Lead::Global => vec![""],
        Lead::Crate => vec!["crate"],
        Lead::SelfModule => vec!["self"],
        Lead::Super(times) => vec!["super"; usize::from(times)],
    };
    let names = &facts.segments[path.start as usize..(path.start + path.len) as usize];
    parts.extend(names.iter().map(|&name| symbols.name(name)));
    let bang = path.namespaces == Namespaces::MACRO;
    parts.join("::") + if bang { "!" } else { "" }
}

/// An inferred expression, as short as it can be told.
pub(crate) fn spelled_value(facts: &FileFacts, value: u32, symbols: &Symbols) -> String {
    match facts.values[value as usize].step {
        Step::Call(path) => format!("{}()", spelled(facts, path, symbols)),
        Step::Constant(path) => spelled(facts, path, symbols),
        Step::CallOn(_, name) => format!("{}()", symbols.name(name)),
        Step::Method(_, name) => format!(".{}()", symbols.name(name)),
        Step::Field(_, name) => format!(".{}", symbols.name(name)),
        Step::Typed(type_) => match &facts.types[type_ as usize] {
            Type::Associated { name, .. } => symbols.name(*name).to_owned(),
            _ => "this type".to_owned(),
        },
        Step::Peel(_) | Step::Awaited(_) => "this value".to_owned(),
    }
}

/// A referent for people: `sqlx::PgPool`, `common::db::Pool`.
pub(crate) fn shown(resolver: &Resolver, symbols: &Symbols, found: Found) -> String {
    match found {
        Found::Module(module) => resolver.tree.modules[module.0 as usize].path.clone(),
        Found::Item(item) => {
            let module = resolver.module_of_item(item);
            let name = symbols.name(resolver.item(item).1.name);
            format!("{}::{name}", resolver.tree.modules[module.0 as usize].path)
        }
        Found::Outside(outside) => {
            let (_, path) = resolver.outside.path(outside);
            let path: Vec<&str> = path.into_iter().map(|name| symbols.name(name)).collect();
            path.join("::")
        }
    }
}

/// The hops from a reference's place to `goal`; `signature` is where an inferred type is declared.
pub(crate) fn hops(
    resolver: &mut Resolver,
    symbols: &Symbols,
    reference: &Reference,
    goal: Found,
    signature: Option<Place>,
) -> Vec<Hop> {
    let mut trace = Trace {
        resolver,
        symbols,
        hops: Vec::new(),
    };
    let number = reference.origin.instance as usize;
    let facts = Arc::clone(&trace.resolver.instance(number).facts);
    match reference.kind {
        ReferenceKind::Inferred => {
            if let Some(place) = signature {
                let goal = shown(trace.resolver, symbols, goal);
                trace.hop(
                    place,
                    format!("declared here with a type that holds `{goal}`"),
                );
            }
        }
        ReferenceKind::Expansion => {
            trace.expansion(number, facts.uses[reference.origin.at as usize].path, goal)
        }
        _ => trace.path(number, facts.uses[reference.origin.at as usize].path, goal),
    }
    let place = reference.place;
    trace.hops.retain(|hop| hop.place != place);
    trace.hops
}

struct Trace<'t> {
    resolver: &'t mut Resolver,
    symbols: &'t Symbols,
    hops: Vec<Hop>,
}

impl Trace<'_> {
    fn hop(&mut self, place: Place, label: String) {
        if self.hops.iter().all(|hop| hop.place != place) {
            self.hops.push(Hop { place, label });
        }
    }

    fn place(&self, number: usize, span: Span) -> Place {
        Place {
            file: self.resolver.instance(number).file,
            span,
        }
    }

    /// The hops of a path that leads to `goal`, itself or through aliases.
    fn path(&mut self, number: usize, path: PathIndex, goal: Found) {
        if self.hops.len() >= LONGEST {
            return;
        }
        let facts = Arc::clone(&self.resolver.instance(number).facts);
        let written = &facts.paths[path as usize];
        let names = &facts.segments[written.start as usize..(written.start + written.len) as usize];
        let stages = self.resolver.stages(number, path);
        let Some(ends) = stages.last() else { return };
        let Some(&end) = ends.iter().find(|&&end| self.leads(end, goal)) else {
            return;
        };
        let chosen = self.backwards(&stages, names, written.namespaces, end);
        let first = names.len() - chosen.len();
        for (at, &found) in chosen.iter().enumerate() {
            let name = names[first + at];
            let scopes = if at == 0 && first == 0 {
                self.scopes_of(number, written.scope)
            } else {
                let before = if at == 0 {
                    stages[0].first().copied()
                } else {
                    Some(chosen[at - 1])
                };
                self.scope_of(before)
            };
            for import in self.imports(&scopes, name, found) {
                self.import(import, found);
            }
        }
        if end != goal {
            self.alias(end, goal);
        }
    }

    /// One choice of alternatives, from the last stage to the first, that leads to `end`.
    fn backwards(
        &mut self,
        stages: &[Vec<Found>],
        names: &[Symbol],
        namespaces: Namespaces,
        end: Found,
    ) -> Vec<Found> {
        let mut chosen = vec![end];
        let skip = stages.len() - names.len().min(stages.len());
        for at in (skip + 1..stages.len()).rev() {
            let wanted = *chosen.last().expect("it begins with one");
            let name = names[names.len() - (stages.len() - at)];
            let last = at + 1 == stages.len();
            let space = if last { namespaces } else { Namespaces::TYPE };
            let before = stages[at - 1]
                .iter()
                .copied()
                .find(|&one| self.resolver.has_member(one, name, space, wanted));
            let Some(before) = before else { break };
            chosen.push(before);
        }
        chosen.reverse();
        chosen
    }

    fn leads(&mut self, from: Found, goal: Found) -> bool {
        from == goal
            || matches!(from, Found::Item(item)
                if self.resolver.item(item).1.kind == ItemKind::Alias
                    && alias_names(self.resolver, item).contains(&goal))
    }

    fn scopes_of(&self, number: usize, scope: u32) -> Vec<ScopeId> {
        let mut at = Some(self.resolver.instance(number).scopes[scope as usize]);
        let mut scopes = Vec::new();
        while let Some(scope) = at {
            scopes.push(scope);
            at = self.resolver.tree.scopes[scope as usize].outer;
        }
        scopes
    }

    fn scope_of(&self, found: Option<Found>) -> Vec<ScopeId> {
        match found {
            Some(Found::Module(module)) => {
                vec![self.resolver.tree.module_scopes[module.0 as usize]]
            }
            _ => Vec::new(),
        }
    }

    /// The imports by which `name` means `wanted` in one of `scopes`.
    fn imports(&mut self, scopes: &[ScopeId], name: Symbol, wanted: Found) -> Vec<ImportId> {
        let mut visited = Vec::new();
        scopes
            .iter()
            .find_map(|&scope| self.imports_in(scope, name, wanted, &mut visited))
            .unwrap_or_default()
    }

    fn imports_in(
        &mut self,
        scope: ScopeId,
        name: Symbol,
        wanted: Found,
        visited: &mut Vec<ScopeId>,
    ) -> Option<Vec<ImportId>> {
        if visited.contains(&scope) || visited.len() > LONGEST {
            return None;
        }
        visited.push(scope);
        if let Some(import) = self.resolver.named_import(scope, name, wanted) {
            return Some(vec![import]);
        }
        if self.resolver.declares(scope, name, wanted) {
            return Some(Vec::new());
        }
        for glob in self.resolver.globs_of(scope) {
            for target in self.resolver.import_targets(glob).iter().copied() {
                match target {
                    Found::Module(module) => {
                        let inner = self.resolver.tree.module_scopes[module.0 as usize];
                        if let Some(mut rest) = self.imports_in(inner, name, wanted, visited) {
                            rest.insert(0, glob);
                            return Some(rest);
                        }
                    }
                    Found::Outside(outside) => {
                        if matches!(wanted, Found::Outside(one) if self.resolver.outside.is_within(one, outside))
                        {
                            return Some(vec![glob]);
                        }
                    }
                    Found::Item(_) => {}
                }
            }
        }
        None
    }

    fn import(&mut self, id: ImportId, found: Found) {
        let (owner, import) = self.resolver.import(id);
        let (path, span, name, visibility) =
            (import.path, import.span, import.name, import.visibility);
        let extern_crate = import.extern_crate;
        let facts = Arc::clone(&self.resolver.instance(owner).facts);
        let place = self.place(owner, span);
        if self.hops.iter().any(|hop| hop.place == place) || self.hops.len() >= LONGEST {
            return;
        }
        let written = spelled(&facts, path, self.symbols);
        let keyword = if extern_crate { "extern crate" } else { "use" };
        let public = if visibility == Visibility::Public {
            "pub "
        } else {
            ""
        };
        let last = written.rsplit("::").next().unwrap_or_default();
        let alias = match name {
            ImportName::Named(alias) if self.symbols.name(alias) != last => {
                format!(" as {}", self.symbols.name(alias))
            }
            ImportName::Glob => "::*".to_owned(),
            _ => String::new(),
        };
        let goal = shown(self.resolver, self.symbols, found);
        let verb = if name == ImportName::Glob {
            "brings"
        } else {
            "names"
        };
        let written = written.trim_start_matches(if extern_crate { "::" } else { "\0" });
        self.hop(
            place,
            format!("`{public}{keyword} {written}{alias}` {verb} `{goal}`"),
        );
        if name != ImportName::Glob {
            self.path(owner, path, found);
        }
    }

    fn alias(&mut self, from: Found, goal: Found) {
        let Found::Item(item) = from else { return };
        if self.hops.len() >= LONGEST {
            return;
        }
        let (owner, declared) = self.resolver.item(item);
        let (name, span, type_) = (declared.name, declared.span, declared.type_);
        let place = self.place(owner, span);
        let label = format!(
            "`type {}` stands for a type that names `{}`",
            self.symbols.name(name),
            shown(self.resolver, self.symbols, goal)
        );
        self.hop(place, label);
        let facts = Arc::clone(&self.resolver.instance(owner).facts);
        for path in type_
            .map(|type_| mentioned(&facts, type_))
            .unwrap_or_default()
        {
            let found = self.resolver.path(owner, path);
            if found
                .iter()
                .any(|&found| found != from && self.leads(found, goal))
            {
                self.path(owner, path, goal);
                return;
            }
        }
    }

    /// From a macro call to the place in a body that names `goal`.
    fn expansion(&mut self, number: usize, path: PathIndex, goal: Found) {
        let found = self.resolver.path(number, path);
        for &one in found.iter() {
            let Found::Item(item) = one else { continue };
            self.path(number, path, one);
            for (macro_, instance, at) in brought_by(self.resolver, item, goal) {
                let facts = Arc::clone(&self.resolver.instance(instance).facts);
                let used = &facts.uses[at];
                let name = self
                    .symbols
                    .name(self.resolver.item(macro_).1.name)
                    .to_owned();
                let place = self.place(instance, used.span);
                self.hop(
                    place,
                    format!(
                        "the body of `{name}!` names `{}`",
                        spelled(&facts, used.path, self.symbols)
                    ),
                );
                debug_assert!(matches!(used.kind, UseKind::Body(_)));
                if !self.resolver.path(instance, used.path).contains(&goal) {
                    continue;
                }
                self.path(instance, used.path, goal);
            }
        }
    }
}
