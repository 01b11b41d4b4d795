//! References: every place that names, or comes to hold, something outside its own module.

mod infer;
mod resolve;
mod surface;
mod trace;
pub(crate) mod tree;
pub(crate) mod written;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::facts::flow::Routine;
use crate::facts::graph::{ExternalId, Graph};
use crate::facts::literal::{Branch, Literal, Written};
use crate::facts::names::infer::{Inference, Inferred, Members, Words};
use crate::facts::names::resolve::{Found, ItemId, Outside, Resolver};
use crate::facts::names::surface::{Reach, Reader};
use crate::facts::names::tree::{Instance, Tree, predicates};
use crate::facts::reference::{
    Module, ModuleId, Names, Origin, Reference, ReferenceKind, Referent, ReferentId,
};
use crate::facts::source::file::{FileFacts, GuardIndex, ItemKind, Lead, Namespaces, UseKind};
use crate::facts::source::load::STACK;
use crate::facts::source::symbols::Symbols;
use crate::facts::surface::Surface;
use crate::finding::{Confidence, Hop};
use crate::text::{Place, Span};

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

/// Where the bodies of macros name something: an instance and an index of its uses.
type Bodies = HashMap<ItemId, Vec<(u32, u32)>>;

/// What is worth a reference where only a type tells of it.
struct Taste<'c> {
    interest: Interest<'c>,
    symbols: &'c Symbols,
    known: HashMap<Found, bool>,
}

struct Collector<'c> {
    resolver: Resolver,
    symbols: &'c Symbols,
    taste: Taste<'c>,
    numbering: Numbering,
    references: Vec<Reference>,
    bodies: &'c Bodies,
    signatures: Vec<((u32, u32), Place)>,
    surface: Surface<Found>,
}

/// What one thread found, without what it found it by.
struct Collected {
    outside: Outside,
    keys: Vec<Key>,
    references: Vec<Reference>,
    signatures: Vec<((u32, u32), Place)>,
    surface: Surface<Found>,
}

/// A value that is, or holds, what is worth a reference.
struct Told {
    instance: u32,
    value: u32,
    found: Found,
    via: Option<ModuleId>,
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

/// What all threads look up.
struct Common<'c> {
    symbols: &'c Symbols,
    interest: Interest<'c>,
    bodies: &'c Bodies,
    words: &'c Words,
    /// Filled while paths are followed already, which need neither.
    tables: OnceLock<(Members, Reach)>,
}

impl Common<'_> {
    /// What each of so many threads finds, in the order of the instances.
    fn collect(&self, resolver: &mut Resolver, threads: usize) -> Vec<Collected> {
        std::thread::scope(|scope| {
            let workers = shares(&resolver.tree, threads).into_iter().map(|range| {
                let fork = resolver.fork();
                let thread = std::thread::Builder::new().stack_size(STACK);
                let thread = thread.spawn_scoped(scope, move || self.collect_in(fork, range));
                thread.expect("a thread can be started")
            });
            let workers: Vec<_> = workers.collect();
            self.tables(resolver);
            let joined = workers
                .into_iter()
                .map(|worker| worker.join().expect("resolution does not panic"));
            joined.collect()
        })
    }

    /// Told by whoever asks first, which is nearly always the thread that has nothing else to do.
    fn tables(&self, resolver: &mut Resolver) -> &(Members, Reach) {
        let tables = || (Members::new(resolver, self.words), Reach::new(resolver));
        self.tables.get_or_init(tables)
    }

    fn collect_in(&self, resolver: Resolver, range: Range<usize>) -> Collected {
        let tree = Arc::clone(&resolver.tree);
        let mut collector = Collector::new(resolver, self.symbols, self.interest, self.bodies);
        // Untouched memory costs nothing, and memory that moves costs twice: the first thread's is to hold what
        // all find.
        let whole = if range.start == 0 {
            &tree.instances[..]
        } else {
            &tree.instances[range.clone()]
        };
        let uses = whole.iter().map(|instance| instance.facts.uses.len());
        collector.references.reserve(uses.sum());
        range.clone().for_each(|number| collector.paths(number));
        let (members, reach) = self.tables(&mut collector.resolver);
        collector.values(range, members, self.words, reach);
        collector.collected()
    }
}

/// Runs of instances with about as many paths and values each.
fn shares(tree: &Tree, count: usize) -> Vec<Range<usize>> {
    let weight = |number: usize| {
        let facts = &tree.instances[number].facts;
        facts.uses.len() + facts.values.len() + 1
    };
    let all: usize = (0..tree.instances.len()).map(weight).sum();
    let mut ranges = Vec::new();
    let (mut start, mut sum) = (0, 0);
    for number in 0..tree.instances.len() {
        sum += weight(number);
        if sum * count >= all * (ranges.len() + 1) {
            ranges.push(start..number + 1);
            start = number + 1;
        }
    }
    ranges
}

/// Referents in the order in which they were met.
#[derive(Default)]
struct Numbering {
    keys: Vec<Key>,
    numbers: HashMap<Key, ReferentId>,
}

impl Numbering {
    fn number(&mut self, key: Key) -> ReferentId {
        let next = ReferentId(self.keys.len() as u32);
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.keys.push(key);
        }
        number
    }
}

/// What all threads found.
#[derive(Default)]
struct Merged {
    numbering: Numbering,
    references: Vec<Reference>,
    signatures: Vec<((u32, u32), Place)>,
    surface: Surface,
}

impl Merged {
    fn new(collected: Vec<Collected>, resolver: &mut Resolver) -> Self {
        let mut merged = Self::default();
        for one in collected {
            merged.take(one, resolver);
        }
        merged
    }

    /// Takes over what a thread collected.
    fn take(&mut self, mut one: Collected, resolver: &mut Resolver) {
        let numbering = &mut self.numbering;
        let numbers: Vec<ReferentId> = one
            .keys
            .iter()
            .map(|&(found, bang)| numbering.number((resolver.adopt(&one.outside, found), bang)))
            .collect();
        for reference in &mut one.references {
            reference.to = numbers[reference.to.0 as usize];
        }
        if self.references.is_empty() {
            // What need not move costs nothing.
            self.references = one.references;
        } else {
            self.references.append(&mut one.references);
        }
        self.signatures.extend(one.signatures);
        self.surface.take(one.surface, |found| {
            numbering.number((resolver.adopt(&one.outside, found), false))
        });
    }
}

impl<'c> Collector<'c> {
    fn new(
        resolver: Resolver,
        symbols: &'c Symbols,
        interest: Interest<'c>,
        bodies: &'c Bodies,
    ) -> Self {
        Self {
            resolver,
            symbols,
            taste: Taste {
                interest,
                symbols,
                known: HashMap::new(),
            },
            numbering: Numbering::default(),
            references: Vec::new(),
            bodies,
            signatures: Vec::new(),
            surface: Surface::default(),
        }
    }

    fn collected(self) -> Collected {
        Collected {
            outside: self.resolver.outside,
            keys: self.numbering.keys,
            references: self.references,
            signatures: self.signatures,
            surface: self.surface,
        }
    }

    fn paths(&mut self, number: usize) {
        let facts = Arc::clone(&self.resolver.instance(number).facts);
        for (at, used) in facts.uses.iter().enumerate() {
            let mut found = self.resolver.path(number, used.path);
            if found.is_empty() {
                found = self.nearest(number, used.path);
            }
            let path = &facts.paths[used.path as usize];
            let from = self.resolver.module_of(number, path.scope);
            let bang =
                path.namespaces == Namespaces::MACRO && !matches!(used.kind, UseKind::Attribute);
            let kind = match used.kind {
                UseKind::Import => ReferenceKind::Import,
                UseKind::Path => ReferenceKind::Path,
                UseKind::Tokens | UseKind::Body(_) => ReferenceKind::Tokens,
                UseKind::Attribute => ReferenceKind::Attribute,
            };
            let origin = Origin {
                instance: number as u32,
                at: at as u32,
            };
            let place = self.place(number, used.span);
            let test = self.test(number, &facts, used.guard);
            for &one in found.iter() {
                self.refer(from, place, (one, bang), kind, test, None, origin);
                self.through_alias(from, place, one, kind, test, origin);
                if path.namespaces.meets(Namespaces::MACRO) && kind != ReferenceKind::Import {
                    self.expansion(from, place, one, test, origin);
                }
            }
        }
    }

    /// Where a path that ends in an unknown name gets to: the module that a macro may have put it in.
    fn nearest(&mut self, number: usize, path: u32) -> Arc<[Found]> {
        let facts = &self.resolver.instance(number).facts;
        let written = &facts.paths[path as usize];
        if written.len < 2 && written.lead == Lead::Scope {
            return Arc::new([]);
        }
        let mut stages = self.resolver.stages(number, path);
        stages.retain(|stage| !stage.is_empty());
        stages.pop().unwrap_or_default().into()
    }

    fn place(&self, number: usize, span: Span) -> Place {
        Place {
            file: self.resolver.instance(number).file,
            span,
        }
    }

    fn test(&self, number: usize, facts: &FileFacts, guard: u32) -> bool {
        self.resolver.instance(number).test || facts.guards[guard as usize].test
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "each is a field of the reference"
    )]
    fn refer(
        &mut self,
        from: ModuleId,
        place: Place,
        key: Key,
        kind: ReferenceKind,
        test: bool,
        via: Option<ModuleId>,
        origin: Origin,
    ) {
        let own = match key.0 {
            Found::Module(module) => module == from,
            Found::Item(item) => self.resolver.module_of_item(item) == from,
            Found::Outside(_) => false,
        };
        if own {
            return;
        }
        let to = self.numbering.number(key);
        self.references.push(Reference {
            from,
            place,
            to,
            kind,
            test,
            confidence: Confidence::Certain,
            via,
            origin,
        });
    }

    /// An alias names whatever its target mentions.
    fn through_alias(
        &mut self,
        from: ModuleId,
        place: Place,
        found: Found,
        kind: ReferenceKind,
        test: bool,
        origin: Origin,
    ) {
        let Found::Item(item) = found else { return };
        if self.resolver.item(item).1.kind != ItemKind::Alias {
            return;
        }
        for one in trace::alias_names(&mut self.resolver, item) {
            if one != found {
                self.refer(from, place, (one, false), kind, test, None, origin);
            }
        }
    }

    /// A call of another package's macro brings what the macro's body names.
    fn expansion(
        &mut self,
        from: ModuleId,
        place: Place,
        found: Found,
        test: bool,
        origin: Origin,
    ) {
        let Found::Item(item) = found else { return };
        if self.resolver.item(item).1.kind != ItemKind::Macro {
            return;
        }
        let via = self.resolver.module_of_item(item);
        if via == from {
            return;
        }
        for key in brought(&mut self.resolver, self.bodies, item) {
            self.refer(
                from,
                place,
                key,
                ReferenceKind::Expansion,
                test,
                Some(via),
                origin,
            );
        }
    }

    fn values(&mut self, range: Range<usize>, members: &Members, words: &Words, reach: &Reach) {
        let mut all: Vec<Told> = Vec::new();
        let mut inference = Inference::new(&mut self.resolver, members, words);
        let taste = &mut self.taste;
        let mut reader = Reader {
            inference: &mut inference,
            symbols: self.symbols,
            reach,
            wanted: |resolver: &Resolver, found| taste.wants(resolver, found),
            surface: &mut self.surface,
            guards: Vec::new(),
            types: Vec::new(),
        };
        for number in range {
            let (inferred, fields) = reader.inference.instance(number);
            for one in inferred {
                let told = told(number, &one, |found| {
                    (reader.wanted)(reader.inference.resolver(), found)
                });
                if let (false, Some(source)) = (told.is_empty(), one.source) {
                    let key = (number as u32, one.value);
                    self.signatures.push((key, source.place));
                }
                all.extend(told);
            }
            reader.instance(number, &fields);
        }
        for one in all {
            self.told(&one);
        }
    }

    fn told(&mut self, one: &Told) {
        let number = one.instance as usize;
        let facts = Arc::clone(&self.resolver.instance(number).facts);
        let value = &facts.values[one.value as usize];
        let from = self.resolver.module_of(number, value.scope);
        let place = self.place(number, value.span);
        let test = self.test(number, &facts, value.guard);
        let origin = Origin {
            instance: one.instance,
            at: one.value,
        };
        let key = (one.found, false);
        self.refer(
            from,
            place,
            key,
            ReferenceKind::Inferred,
            test,
            one.via,
            origin,
        );
    }
}

/// What of an inferred value is wanted.
fn told(number: usize, one: &Inferred, mut wanted: impl FnMut(Found) -> bool) -> Vec<Told> {
    let mut names = one.shape.names();
    if one.outermost {
        names.truncate(1);
    }
    names.retain(|&found| wanted(found));
    let told = names.into_iter().map(|found| Told {
        instance: number as u32,
        value: one.value,
        found,
        via: one.source.map(|source| source.module),
    });
    told.collect()
}

impl Taste<'_> {
    fn wants(&mut self, resolver: &Resolver, found: Found) -> bool {
        let Found::Outside(outside) = found else {
            return true;
        };
        if let Some(&known) = self.known.get(&found) {
            return known;
        }
        let (package, path) = resolver.outside.path(outside);
        let path: Vec<&str> = path.iter().map(|&name| self.symbols.name(name)).collect();
        let wanted = (self.interest)(package, &path);
        self.known.insert(found, wanted);
        wanted
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

fn bodies_of(tree: &Tree) -> Bodies {
    let mut bodies = Bodies::new();
    for (number, instance) in tree.instances.iter().enumerate() {
        for (at, used) in instance.facts.uses.iter().enumerate() {
            if let UseKind::Body(item) = used.kind {
                let id = instance.item_base + item;
                bodies
                    .entry(id)
                    .or_default()
                    .push((number as u32, at as u32));
            }
        }
    }
    bodies
}

/// What a macro's body names, through the macros that it calls.
fn brought(resolver: &mut Resolver, bodies: &Bodies, item: ItemId) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    walk_bodies(resolver, bodies, item, &mut |resolver, _, instance, at| {
        let facts = Arc::clone(&resolver.instance(instance).facts);
        let path = facts.uses[at].path;
        let bang = facts.paths[path as usize].namespaces == Namespaces::MACRO;
        for found in reached(resolver, instance, path) {
            if !keys.contains(&(found, bang)) {
                keys.push((found, bang));
            }
        }
    });
    keys
}

/// The places in the bodies of a macro, and of those that it calls, that name `goal`.
pub(crate) fn brought_by(
    resolver: &mut Resolver,
    item: ItemId,
    goal: Found,
) -> Vec<(ItemId, usize, usize)> {
    let bodies = bodies_of(&resolver.tree);
    let mut places = Vec::new();
    walk_bodies(
        resolver,
        &bodies,
        item,
        &mut |resolver, macro_, instance, at| {
            let path = resolver.instance(instance).facts.uses[at].path;
            if reached(resolver, instance, path).contains(&goal) {
                places.push((macro_, instance, at));
            }
        },
    );
    places.truncate(1);
    places
}

/// What a path leads to, aliases followed.
fn reached(resolver: &mut Resolver, instance: usize, path: u32) -> Vec<Found> {
    let mut all = Vec::new();
    for &found in resolver.path(instance, path).iter() {
        all.push(found);
        if let Found::Item(item) = found
            && resolver.item(item).1.kind == ItemKind::Alias
        {
            all.extend(trace::alias_names(resolver, item));
        }
    }
    all
}

fn walk_bodies(
    resolver: &mut Resolver,
    bodies: &Bodies,
    item: ItemId,
    visit: &mut dyn FnMut(&mut Resolver, ItemId, usize, usize),
) {
    let mut waiting = vec![item];
    let mut seen = HashSet::new();
    while let Some(item) = waiting.pop() {
        if !seen.insert(item) {
            continue;
        }
        for &(instance, at) in bodies.get(&item).into_iter().flatten() {
            let (instance, at) = (instance as usize, at as usize);
            visit(resolver, item, instance, at);
            let path = resolver.instance(instance).facts.uses[at].path;
            for &found in resolver.path(instance, path).iter() {
                if let Found::Item(inner) = found
                    && resolver.item(inner).1.kind == ItemKind::Macro
                {
                    waiting.push(inner);
                }
            }
        }
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
