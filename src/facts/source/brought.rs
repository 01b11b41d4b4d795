//! Files that macros bring: `mod name;` and `include!` in a `macro_rules!` body, declared where the macro is called.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::facts::source::file::{
    Brought, BroughtInclude, FileFacts, Guard, GuardIndex, Include, ItemCall, ModuleDeclaration,
    Scope, ScopeIndex,
};
use crate::facts::source::symbols::Symbol;
use crate::text::Span;

/// What the macros of one name bring.
#[derive(Default)]
struct Bodies {
    modules: Vec<(Arc<FileFacts>, usize)>,
    includes: Vec<(Arc<FileFacts>, usize)>,
}

/// Whether the module of that number, just declared in the facts, has a file.
pub(crate) type HasFile<'h> = dyn Fn(&FileFacts, usize, &Path) -> bool + 'h;

/// Declares what the macros of `files` bring where they are called; returns the files that changed.
///
/// A macro is known by its name alone, since nothing is resolved yet: so a module counts only where it has a
/// file. One that has a file at no call of its macro is declared at the first call, where it will be missed;
/// an `include!` of a macro that is nowhere called among items is followed from the macro itself.
pub(crate) fn declare(
    files: &HashMap<PathBuf, Arc<FileFacts>>,
    has_file: &HasFile<'_>,
) -> BTreeMap<PathBuf, FileFacts> {
    let bodies = bodies(files);
    if bodies.is_empty() {
        return BTreeMap::new();
    }
    let mut paths: Vec<&PathBuf> = files.keys().collect();
    // So that the outcome does not depend on the map's order.
    paths.sort_unstable();
    let mut hanging = Hanging {
        files,
        paths: &paths,
        bodies: &bodies,
        hung: BTreeSet::new(),
        changed: BTreeMap::new(),
    };
    hanging.modules(has_file);
    hanging.missing();
    hanging.includes();
    hanging.uncalled();
    hanging.changed
}

/// The bodies on their way to the calls.
struct Hanging<'f> {
    files: &'f HashMap<PathBuf, Arc<FileFacts>>,
    paths: &'f [&'f PathBuf],
    bodies: &'f BTreeMap<Symbol, Bodies>,
    /// The modules, by macro and number, that have a file at some call.
    hung: BTreeSet<(Symbol, usize)>,
    changed: BTreeMap<PathBuf, FileFacts>,
}

impl<'f> Hanging<'f> {
    /// The facts of a file, as far as they have come.
    fn take(&mut self, path: &Path) -> FileFacts {
        let known = self.changed.remove(path);
        known.unwrap_or_else(|| (*self.files[path]).clone())
    }

    /// The calls in a file of macros that bring something.
    fn calls_in(&self, path: &Path) -> impl Iterator<Item = (&'f ItemCall, &'f Bodies)> + use<'f> {
        let bodies = self.bodies;
        let calls = self.files[path].calls.iter();
        calls.filter_map(|call| Some((call, bodies.get(&call.name)?)))
    }

    /// Every such call, with its file.
    fn calls(&self) -> Vec<(&'f PathBuf, &'f ItemCall, &'f Bodies)> {
        let mut all = Vec::new();
        for &path in self.paths {
            let calls = self.calls_in(path);
            all.extend(calls.map(|(call, bodies)| (path, call, bodies)));
        }
        all
    }

    /// Every module that has a file at a call.
    fn modules(&mut self, has_file: &HasFile<'_>) {
        for &path in self.paths {
            let mut calls = self.calls_in(path).peekable();
            if calls.peek().is_none() {
                continue;
            }
            let mut facts = self.take(path);
            let before = facts.modules.len();
            for (call, bodies) in calls {
                for (at, (holder, index)) in bodies.modules.iter().enumerate() {
                    let body = &holder.brought[*index];
                    for name in names(body, call) {
                        if declared(&facts, call, body, name)
                            || add_if(&mut facts, call, holder, body, name, path, has_file)
                        {
                            self.hung.insert((call.name, at));
                        }
                    }
                }
            }
            if facts.modules.len() > before {
                self.changed.insert(path.clone(), facts);
            }
        }
    }

    /// What has a file at no call is declared at the first.
    fn missing(&mut self) {
        for (path, call, bodies) in self.calls() {
            for (at, (holder, index)) in bodies.modules.iter().enumerate() {
                let body = &holder.brought[*index];
                if let Some(name) = body.name
                    && self.hung.insert((call.name, at))
                {
                    let mut facts = self.take(path);
                    add(&mut facts, call, holder, body, name);
                    self.changed.insert(path.clone(), facts);
                }
            }
        }
    }

    /// Every `include!`, at every call.
    fn includes(&mut self) {
        for (path, call, bodies) in self.calls() {
            for (holder, index) in &bodies.includes {
                let body = &holder.brought_includes[*index];
                let around = (call.scope, call.guard, call.span);
                self.include(path, around, holder, body);
            }
        }
    }

    /// The `include!`s of macros that are called among statements or in expressions only, or not here.
    fn uncalled(&mut self) {
        let called: BTreeSet<Symbol> = self.calls().iter().map(|(_, call, _)| call.name).collect();
        for &path in self.paths {
            let facts = &self.files[path];
            for body in &facts.brought_includes {
                let item = &facts.items[body.by as usize];
                if !called.contains(&item.name) {
                    self.include(path, (item.scope, 0, item.span), facts, body);
                }
            }
        }
    }

    fn include(
        &mut self,
        path: &Path,
        (scope, outer, span): (ScopeIndex, GuardIndex, Span),
        holder: &FileFacts,
        body: &BroughtInclude,
    ) {
        let facts = self.changed.get(path).unwrap_or(&*self.files[path]);
        let mut includes = facts.includes.iter();
        if includes.any(|include| include.span == span && include.file == body.file) {
            return;
        }
        let mut facts = self.take(path);
        let guard = guard(&mut facts, outer, holder, body.guard);
        facts.includes.push(Include {
            scope,
            guard,
            span,
            file: body.file.clone(),
        });
        self.changed.insert(path.to_owned(), facts);
    }
}

fn bodies(files: &HashMap<PathBuf, Arc<FileFacts>>) -> BTreeMap<Symbol, Bodies> {
    let mut holders: Vec<_> = files
        .iter()
        .filter(|(_, facts)| facts.brings_files())
        .collect();
    holders.sort_by_key(|(path, _)| *path);
    let mut bodies: BTreeMap<Symbol, Bodies> = BTreeMap::new();
    for (_, facts) in holders {
        for (index, body) in facts.brought.iter().enumerate() {
            let entry = bodies.entry(body.by).or_default();
            entry.modules.push((Arc::clone(facts), index));
        }
        for (index, body) in facts.brought_includes.iter().enumerate() {
            let name = facts.items[body.by as usize].name;
            let entry = bodies.entry(name).or_default();
            entry.includes.push((Arc::clone(facts), index));
        }
    }
    bodies
}

/// The names that a body's module has at a call.
fn names(body: &Brought, call: &ItemCall) -> Vec<Symbol> {
    match body.name {
        Some(name) => vec![name],
        None => call.words.clone(),
    }
}

fn declared(facts: &FileFacts, call: &ItemCall, body: &Brought, name: Symbol) -> bool {
    let mut scope = Some(call.scope);
    for &within in &body.within {
        scope = scope.and_then(|scope| inner(facts, scope, within));
    }
    scope.is_some_and(|scope| {
        let mut modules = facts.modules.iter();
        modules.any(|module| module.scope == scope && module.name == name)
    })
}

/// The scope of the inline module of that name in a scope.
fn inner(facts: &FileFacts, scope: ScopeIndex, name: Symbol) -> Option<ScopeIndex> {
    let mut modules = facts.modules.iter();
    modules
        .find(|module| module.scope == scope && module.name == name && module.inline.is_some())?
        .inline
}

/// Declares a module if it has a file.
fn add_if(
    facts: &mut FileFacts,
    call: &ItemCall,
    holder: &FileFacts,
    body: &Brought,
    name: Symbol,
    path: &Path,
    has_file: &HasFile<'_>,
) -> bool {
    let before = (facts.modules.len(), facts.scopes.len(), facts.guards.len());
    let module = add(facts, call, holder, body, name);
    let there = has_file(facts, module, path);
    if !there {
        facts.modules.truncate(before.0);
        facts.scopes.truncate(before.1);
        facts.guards.truncate(before.2);
    }
    there
}

/// Declares a module, and the inline ones around it; returns its number.
fn add(
    facts: &mut FileFacts,
    call: &ItemCall,
    holder: &FileFacts,
    body: &Brought,
    name: Symbol,
) -> usize {
    let guard = guard(facts, call.guard, holder, body.guard);
    let declaration = |scope, name| ModuleDeclaration {
        scope,
        name,
        visibility: body.visibility,
        guard,
        span: call.span,
        inline: None,
        paths: Vec::new(),
        has_code: false,
    };
    let mut scope = call.scope;
    for &within in &body.within {
        scope = inner(facts, scope, within).unwrap_or_else(|| {
            let inline = facts.scopes.len() as ScopeIndex;
            facts.scopes.push(Scope {
                outer: Some(scope),
                module: Some(facts.modules.len() as u32),
            });
            facts.modules.push(ModuleDeclaration {
                inline: Some(inline),
                ..declaration(scope, within)
            });
            inline
        });
    }
    facts.modules.push(ModuleDeclaration {
        paths: body.paths.clone(),
        ..declaration(scope, name)
    });
    facts.modules.len() - 1
}

/// The guards of a body, under the call's.
fn guard(
    facts: &mut FileFacts,
    outer: GuardIndex,
    holder: &FileFacts,
    index: GuardIndex,
) -> GuardIndex {
    let mut chain = Vec::new();
    let mut at = index;
    while at != 0 {
        let one = &holder.guards[at as usize];
        chain.push(one);
        at = one.outer;
    }
    chain.iter().rev().fold(outer, |outer, one| {
        let test = one.test || facts.guards[outer as usize].test;
        facts.guards.push(Guard {
            outer,
            predicate: one.predicate.clone(),
            test,
        });
        facts.guards.len() as GuardIndex - 1
    })
}
