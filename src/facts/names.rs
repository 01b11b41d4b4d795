//! References: every place that names, or comes to hold, something outside its own module.

mod bodies;
mod collect;
mod infer;
mod merge;
mod resolve;
mod surface;
mod trace;
pub(crate) mod tree;
pub(crate) mod written;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::facts::flow::Routine;
use crate::facts::graph::{ExternalId, Graph};
use crate::facts::literal::{Branch, Literal, Written};
use crate::facts::names::bodies::bodies_of;
use crate::facts::names::collect::Common;
use crate::facts::names::infer::Words;
use crate::facts::names::merge::Merged;
use crate::facts::names::resolve::{Found, Resolver};
use crate::facts::names::tree::{Instance, Tree, predicates};
use crate::facts::reference::{Module, Names, Reference, ReferenceKind, Referent};
use crate::facts::source::file::GuardIndex;
use crate::facts::source::symbols::Symbols;
use crate::facts::surface::Surface;
use crate::finding::Hop;
use crate::text::Place;

/// Whether an item of a package that is not read is worth a reference where only a type tells of it.
pub(crate) type Interest<'i> = &'i (dyn Fn(Option<ExternalId>, &[&str]) -> bool + Sync);

/// A referent before it is spelled out; `true` for a macro call.
type Key = (Found, bool);

/// All names of a workspace, resolved.
pub(crate) struct NameTable {
    resolver: Mutex<Resolver>,
    symbols: Symbols,
    /// By referent.
    keys: Vec<Key>,
    /// Where the types of inferred values are declared, by instance and value; sorted.
    signatures: Vec<((u32, u32), Place)>,
}

/// What the name table is made of, and what it found.
pub(crate) struct Resolved {
    pub(crate) table: NameTable,
    pub(crate) modules: Vec<Module>,
    pub(crate) referents: Vec<Referent>,
    pub(crate) literals: Vec<Literal>,
    pub(crate) branches: Vec<Branch>,
    pub(crate) routines: Vec<Routine<String, Written>>,
    pub(crate) references: Vec<Reference>,
    pub(crate) surface: Surface,
}

/// Resolves every path of every instance, on so many threads.
pub(crate) fn resolve_all(
    tree: Tree,
    graph: &Graph,
    mut symbols: Symbols,
    interest: Interest<'_>,
    threads: usize,
) -> Resolved {
    let mut resolver = Resolver::new(tree, graph, &mut symbols);
    let words = Words::new(&mut symbols);
    let tree = Arc::clone(&resolver.tree);
    let (collected, (literals, branches), routines) = std::thread::scope(|scope| {
        // What takes nothing but the tree, while imports are settled one after the other.
        let bodies = scope.spawn(|| bodies_of(&tree));
        let aside = scope.spawn(|| {
            let literals = written::collect(&tree, &symbols);
            (literals, written::routines(&tree, &symbols))
        });
        resolver.settle();
        let bodies = bodies.join().expect("collecting does not panic");
        let common = Common {
            symbols: &symbols,
            interest,
            bodies: &bodies,
            words: &words,
            tables: OnceLock::new(),
        };
        let collected = common.collect(&mut resolver, threads.max(1));
        let (literals, routines) = aside.join().expect("collecting does not panic");
        (collected, literals, routines)
    });
    let merged = Merged::new(collected, &mut resolver);
    let keys = merged.numbering.keys;
    let referents = keys.iter().map(|&key| referent(&resolver, &symbols, key));
    Resolved {
        modules: tree.modules.clone(),
        referents: referents.collect(),
        literals,
        branches,
        routines,
        references: merged.references,
        surface: merged.surface,
        table: NameTable {
            resolver: Mutex::new(resolver),
            symbols,
            keys,
            signatures: merged.signatures,
        },
    }
}

/// The guard of a place with those of the modules around it: `cfg(windows)`.
pub(crate) fn guard_text(instance: &Instance, guard: GuardIndex) -> Option<String> {
    let mut distinct: Vec<String> = Vec::new();
    let own = predicates(&instance.facts, guard);
    for predicate in instance.guards.iter().cloned().chain(own) {
        if !distinct.contains(&predicate) {
            distinct.push(predicate);
        }
    }
    match distinct.as_slice() {
        [] => None,
        [only] => Some(format!("cfg({only})")),
        several => Some(format!("cfg(all({}))", several.join(", "))),
    }
}

/// Several predicates as one guard.
fn under(predicates: impl Iterator<Item = String>) -> Option<String> {
    let mut distinct: Vec<String> = Vec::new();
    for predicate in predicates {
        if !distinct.contains(&predicate) {
            distinct.push(predicate);
        }
    }
    match distinct.as_slice() {
        [] => None,
        [only] => Some(format!("cfg({only})")),
        several => Some(format!("cfg(all({}))", several.join(", "))),
    }
}

fn referent(resolver: &Resolver, symbols: &Symbols, (found, bang): Key) -> Referent {
    match found {
        Found::Module(module) => Referent::Item { module, item: None },
        Found::Item(item) => Referent::Item {
            module: resolver.module_of_item(item),
            item: Some(symbols.name(resolver.item(item).1.name).to_owned()),
        },
        Found::Outside(outside) => {
            let (package, path) = resolver.outside.path(outside);
            let mut path: Vec<String> = path
                .into_iter()
                .map(|name| symbols.name(name).to_owned())
                .collect();
            if bang && let Some(last) = path.last_mut() {
                last.push('!');
            }
            Referent::External { package, path }
        }
    }
}

impl NameTable {
    fn resolver(&self) -> MutexGuard<'_, Resolver> {
        self.resolver.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Names for NameTable {
    fn written(&self, reference: &Reference) -> String {
        let resolver = self.resolver();
        let facts = &resolver.instance(reference.origin.instance as usize).facts;
        match reference.kind {
            ReferenceKind::Inferred => {
                trace::spelled_value(facts, reference.origin.at, &self.symbols)
            }
            kind => {
                let path = facts.uses[reference.origin.at as usize].path;
                let spelled = trace::spelled(facts, path, &self.symbols);
                match kind {
                    // `#[tracing::instrument]` is a macro that nobody writes with a `!`.
                    ReferenceKind::Attribute => spelled.trim_end_matches('!').to_owned(),
                    _ => spelled,
                }
            }
        }
    }

    fn guard(&self, reference: &Reference) -> Option<String> {
        let resolver = self.resolver();
        let instance = resolver.instance(reference.origin.instance as usize);
        let guard = match reference.kind {
            ReferenceKind::Inferred => instance.facts.values[reference.origin.at as usize].guard,
            _ => instance.facts.uses[reference.origin.at as usize].guard,
        };
        guard_text(instance, guard)
    }

    fn hops(&self, reference: &Reference) -> Vec<Hop> {
        let mut resolver = self.resolver();
        let goal = self.keys[reference.to.0 as usize].0;
        let origin = (reference.origin.instance, reference.origin.at);
        let signature = self
            .signatures
            .binary_search_by_key(&origin, |(key, _)| *key);
        let signature = signature.ok().map(|at| self.signatures[at].1);
        trace::hops(&mut resolver, &self.symbols, reference, goal, signature)
    }
}
