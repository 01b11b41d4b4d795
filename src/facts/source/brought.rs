//! Modules that macros bring: `mod name;` in a `macro_rules!` body becomes a declaration where the macro is called.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::facts::source::file::{
    Brought, FileFacts, Guard, GuardIndex, ItemCall, ModuleDeclaration, Scope, ScopeIndex,
};
use crate::facts::source::symbols::Symbol;

/// What macro bodies bring, by the macro's name, with the facts that hold their guards.
type Bodies = BTreeMap<Symbol, Vec<(Arc<FileFacts>, usize)>>;

/// Whether the module of that number, just declared in the facts, has a file.
pub(crate) type HasFile<'h> = dyn Fn(&FileFacts, usize, &Path) -> bool + 'h;

/// Declares what the macros of `files` bring where they are called; returns the files that changed.
///
/// A macro is known by its name alone, since nothing is resolved yet: so a module counts only where it has a
/// file. One that has a file at no call of its macro is declared at the first call, where it will be missed.
pub(crate) fn declare(
    files: &HashMap<PathBuf, Arc<FileFacts>>,
    has_file: &HasFile<'_>,
) -> BTreeMap<PathBuf, FileFacts> {
    let mut changed = BTreeMap::new();
    let bodies = bodies(files);
    if bodies.is_empty() {
        return changed;
    }
    let paths: BTreeSet<&PathBuf> = files.keys().collect();
    let mut found: BTreeSet<(Symbol, usize)> = BTreeSet::new();
    for &path in &paths {
        for call in &files[path].calls {
            for (at, (holder, index)) in bodies.get(&call.name).into_iter().flatten().enumerate() {
                let body = &holder.brought[*index];
                for name in names(body, call) {
                    let facts = changed.get(path).unwrap_or(&*files[path]);
                    if declared(facts, call, body, name) {
                        found.insert((call.name, at));
                        continue;
                    }
                    let mut with = facts.clone();
                    let module = add(&mut with, call, holder, body, name);
                    if has_file(&with, module, path) {
                        found.insert((call.name, at));
                        changed.insert(path.clone(), with);
                    }
                }
            }
        }
    }
    for path in paths {
        for call in &files[path].calls {
            for (at, (holder, index)) in bodies.get(&call.name).into_iter().flatten().enumerate() {
                let body = &holder.brought[*index];
                if let Some(name) = body.name
                    && found.insert((call.name, at))
                {
                    let facts = changed.entry(path.clone());
                    let facts = facts.or_insert_with(|| (*files[path]).clone());
                    add(facts, call, holder, body, name);
                }
            }
        }
    }
    changed
}

fn bodies(files: &HashMap<PathBuf, Arc<FileFacts>>) -> Bodies {
    let mut holders: Vec<_> = files
        .iter()
        .filter(|(_, facts)| !facts.brought.is_empty())
        .collect();
    holders.sort_by_key(|(path, _)| *path);
    let mut bodies = Bodies::new();
    for (_, facts) in holders {
        for (index, body) in facts.brought.iter().enumerate() {
            let entry = bodies.entry(body.by).or_default();
            entry.push((Arc::clone(facts), index));
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
