//! What each thread finds: references along paths, and what values are inferred to be.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use foldhash::{HashMap, HashMapExt};

use super::bodies::{Bodies, brought};
use super::infer::{Inference, Inferred, Members, Words};
use super::merge::Numbering;
use super::resolve::{Found, Outside, Resolver};
use super::surface::{Reach, Reader};
use super::tree::Tree;
use super::{Interest, Key, trace};
use crate::facts::reference::{ModuleId, Origin, Reference, ReferenceKind};
use crate::facts::source::file::{FileFacts, ItemKind, Lead, Namespaces, UseKind};
use crate::facts::source::load::STACK;
use crate::facts::source::symbols::Symbols;
use crate::facts::surface::Surface;
use crate::finding::Confidence;
use crate::text::{Place, Span};

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
pub(super) struct Collected {
    pub(super) outside: Outside,
    pub(super) keys: Vec<Key>,
    pub(super) references: Vec<Reference>,
    pub(super) signatures: Vec<((u32, u32), Place)>,
    pub(super) surface: Surface<Found>,
}

/// A value that is, or holds, what is worth a reference.
struct Told {
    instance: u32,
    value: u32,
    found: Found,
    via: Option<ModuleId>,
}

/// What all threads look up.
pub(super) struct Common<'c> {
    pub(super) symbols: &'c Symbols,
    pub(super) interest: Interest<'c>,
    pub(super) bodies: &'c Bodies,
    pub(super) words: &'c Words,
    /// Filled while paths are followed already, which need neither.
    pub(super) tables: OnceLock<(Members, Reach)>,
}

impl Common<'_> {
    /// What each of so many threads finds, in the order of the instances.
    pub(super) fn collect(&self, resolver: &mut Resolver, threads: usize) -> Vec<Collected> {
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
