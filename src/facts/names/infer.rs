//! Types of expressions, as far as declared signatures tell them: what a call returns, what a field holds.

use foldhash::{HashMap, HashMapExt, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use crate::facts::names::resolve::{Found, ItemId, Resolver};
use crate::facts::reference::ModuleId;
use crate::facts::source::file::{
    FileFacts, ItemKind, MemberKind, Owner, Step, Subject, Type, TypeIndex,
};
use crate::facts::source::symbols::{Symbol, Symbols};
use crate::text::{Place, Span};

/// Types within types that are followed; aliases can be circular.
const DEEPEST: usize = 24;

/// Parts of one type that are looked at.
const LARGEST: usize = 1_000;

/// Types that are looked at to tell one expression's; what names itself twice doubles with each step.
const FUEL: usize = 10_000;

/// What a value is, by name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// A named type with its arguments.
    Named(Found, Vec<Rc<Shape>>),
    /// A tuple, an array, a function pointer: its parts.
    Parts(Vec<Rc<Shape>>),
    /// What is known of it are these traits.
    Bounds(Vec<Rc<Shape>>),
    Unknown,
}

impl Shape {
    /// The named types in it, outermost first; aliases can multiply, so there is an end to it.
    pub(crate) fn names(&self) -> Vec<Found> {
        let mut names = Vec::new();
        let mut waiting = vec![self];
        let mut fuel = LARGEST;
        while let Some(shape) = waiting.pop() {
            fuel -= 1;
            if fuel == 0 {
                break;
            }
            match shape {
                Self::Named(found, parts) => {
                    names.push(*found);
                    waiting.extend(parts.iter().rev().map(|part| &**part));
                }
                Self::Parts(parts) | Self::Bounds(parts) => {
                    waiting.extend(parts.iter().rev().map(|part| &**part))
                }
                Self::Unknown => {}
            }
        }
        names
    }
}

/// A declaration that gives a value its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) module: ModuleId,
    pub(crate) place: Place,
    /// `true`: what the declaration names; `false`: what the value is that a method or field is of.
    pub(crate) declared: bool,
}

/// One expression whose value is, or holds, what `shape` says.
pub(crate) struct Inferred {
    /// Index into the instance's `values`.
    pub(crate) value: u32,
    pub(crate) shape: Rc<Shape>,
    pub(crate) source: Option<Source>,
    /// Whether only the outermost type counts: what a method is called on.
    pub(crate) outermost: bool,
}

/// Members by the item that has them.
#[derive(Default)]
pub(crate) struct Members {
    declared: HashMap<(ItemId, MemberKind, Symbol), Vec<(u32, u32)>>,
    /// The traits that an item's `impl`s name.
    traits: HashMap<ItemId, Vec<ItemId>>,
    /// Types that can be awaited themselves.
    futures: HashSet<ItemId>,
}

/// Tells types. Results of one instance at a time.
pub(crate) struct Inference<'r> {
    resolver: &'r mut Resolver,
    members: &'r Members,
    types: HashMap<(u32, TypeIndex), Rc<Shape>>,
    /// Those that are being told, each within the one before it.
    within: Vec<(u32, TypeIndex)>,
    fuel: usize,
    /// Whether something was left untold because it is circular, too deep or too large.
    cut: bool,
    unknown: Rc<Shape>,
    words: &'r Words,
}

/// Names of the standard library that hand on what they hold.
pub(crate) struct Words {
    /// Types that a method call sees through.
    pointers: Vec<Symbol>,
    /// Methods that take the value out of its wrapper.
    unwrapping: Vec<Symbol>,
    /// Methods that return what they are called on.
    keeping: Vec<Symbol>,
    /// Traits whose types can be awaited.
    awaiting: Vec<Symbol>,
}

const POINTERS: &[&str] = &[
    "Box",
    "Rc",
    "Arc",
    "Pin",
    "Ref",
    "RefMut",
    "MutexGuard",
    "RwLockReadGuard",
    "RwLockWriteGuard",
    "Cow",
    "LazyLock",
    "LazyCell",
    "ManuallyDrop",
];

const UNWRAPPING: &[&str] = &[
    "unwrap",
    "expect",
    "unwrap_or",
    "unwrap_or_else",
    "unwrap_or_default",
    "lock",
    "read",
    "write",
    "borrow",
    "borrow_mut",
    "get",
    "get_mut",
    "get_or_init",
    "next",
    "first",
    "last",
    "pop",
    "take",
    "into_inner",
    "deref",
    "unwrap_unchecked",
    "load",
    "load_full",
    "upgrade",
    "remove",
];

const KEEPING: &[&str] = &[
    "clone",
    "as_ref",
    "as_mut",
    "as_deref",
    "as_deref_mut",
    "iter",
    "iter_mut",
    "into_iter",
    "ok",
    "ok_or",
    "ok_or_else",
    "map_err",
    "to_owned",
    "cloned",
    "copied",
    "or_else",
    "borrow",
    "by_ref",
    "filter",
    "await",
];

impl Members {
    /// The members of every type and trait that is read.
    pub(crate) fn new(resolver: &mut Resolver, words: &Words) -> Self {
        let mut members = Self::default();
        for number in 0..resolver.tree.instances.len() {
            let facts = Arc::clone(&resolver.instance(number).facts);
            let base = resolver.instance(number).item_base;
            let mut selfs: Vec<Vec<ItemId>> = Vec::with_capacity(facts.impls.len());
            for one in &facts.impls {
                let items = match facts.types[one.self_type as usize] {
                    Type::Path { path, .. } => items_of(&resolver.path(number, path)),
                    _ => Vec::new(),
                };
                if let Some(path) = one.trait_ {
                    let written = &facts.paths[path as usize];
                    let last = facts.segments[(written.start + written.len - 1) as usize];
                    if words.awaiting.contains(&last) {
                        members.futures.extend(&items);
                    }
                    let traits = items_of(&resolver.path(number, path));
                    for &item in &items {
                        members.traits.entry(item).or_default().extend(&traits);
                    }
                }
                selfs.push(items);
            }
            for (index, member) in facts.members.iter().enumerate() {
                let owners = match member.owner {
                    Owner::Item(item) => vec![base + item],
                    Owner::Impl(one) => selfs[one as usize].clone(),
                };
                for owner in owners {
                    let key = (owner, member.kind, member.name);
                    members
                        .declared
                        .entry(key)
                        .or_default()
                        .push((number as u32, index as u32));
                }
            }
        }
        members
    }
}

/// Those of the alternatives that are items.
fn items_of(found: &[Found]) -> Vec<ItemId> {
    let items = found.iter().filter_map(|found| match found {
        Found::Item(item) => Some(*item),
        _ => None,
    });
    items.collect()
}

impl Words {
    pub(crate) fn new(symbols: &mut Symbols) -> Self {
        let mut set = |words: &[&str]| words.iter().map(|word| symbols.intern(word)).collect();
        Self {
            pointers: set(POINTERS),
            unwrapping: set(UNWRAPPING),
            keeping: set(KEEPING),
            awaiting: set(&["Future", "IntoFuture"]),
        }
    }
}

impl<'r> Inference<'r> {
    pub(crate) fn new(resolver: &'r mut Resolver, members: &'r Members, words: &'r Words) -> Self {
        Self {
            resolver,
            members,
            types: HashMap::new(),
            within: Vec::new(),
            fuel: FUEL,
            cut: false,
            unknown: Rc::new(Shape::Unknown),
            words,
        }
    }

    pub(crate) fn resolver(&mut self) -> &mut Resolver {
        self.resolver
    }

    /// What a type and its arguments name, aliases replaced by what they stand for.
    pub(crate) fn named_in(&mut self, number: usize, type_: TypeIndex) -> Vec<Found> {
        self.shape(number, type_, None, 0).names()
    }

    /// Everything that one instance's expressions are known to be, and of whose types the fields are that
    /// its decisions are about, by the decisions' indices.
    pub(crate) fn instance(&mut self, number: usize) -> (Vec<Inferred>, Vec<(usize, Found)>) {
        let facts = Arc::clone(&self.resolver.instance(number).facts);
        let mut shapes: Vec<Rc<Shape>> = Vec::with_capacity(facts.values.len());
        let mut found = Vec::new();
        for (index, value) in facts.values.iter().enumerate() {
            self.fuel = FUEL;
            let (shape, source) = self.step(
                number,
                value.owner,
                value.step,
                &shapes,
                index as u32,
                &mut found,
            );
            if *shape != Shape::Unknown
                && value.span != Span::START
                && (source.is_some() || self.is_associated(number, value.step))
            {
                found.push(Inferred {
                    value: index as u32,
                    shape: Rc::clone(&shape),
                    source,
                    outermost: false,
                });
            }
            shapes.push(shape);
        }
        let fields = self.fields(&facts, &shapes);
        (found, fields)
    }

    fn fields(&self, facts: &FileFacts, shapes: &[Rc<Shape>]) -> Vec<(usize, Found)> {
        let mut fields = Vec::new();
        for (index, decision) in facts.decisions.iter().enumerate() {
            let Subject::Field(value) = decision.subject else {
                continue;
            };
            let Step::Field(on, _) = facts.values[value as usize].step else {
                continue;
            };
            if let Shape::Named(found, _) = &*self.seen_through(&shapes[on as usize]) {
                fields.push((index, *found));
            }
        }
        fields
    }

    /// `<A as B>::C` is written down, yet names no engine.
    fn is_associated(&self, number: usize, step: Step) -> bool {
        let Step::Typed(type_) = step else {
            return false;
        };
        matches!(
            self.resolver.instance(number).facts.types[type_ as usize],
            Type::Associated { .. }
        )
    }

    fn step(
        &mut self,
        number: usize,
        owner: Option<u32>,
        step: Step,
        before: &[Rc<Shape>],
        index: u32,
        found: &mut Vec<Inferred>,
    ) -> (Rc<Shape>, Option<Source>) {
        match step {
            Step::Typed(type_) => {
                let this = self.self_shape(number, owner);
                (self.shape(number, type_, this.as_ref(), 0), None)
            }
            Step::Call(path) => self.call(number, path),
            Step::Constant(path) => self.constant(number, path),
            Step::CallOn(type_, name) => {
                let this = self.self_shape(number, owner);
                let on = self.shape(number, type_, this.as_ref(), 0);
                self.member(&on, MemberKind::Method, name, 0)
            }
            Step::Peel(on) => (self.peel(&before[on as usize]), None),
            Step::Awaited(on) => (self.awaited(&before[on as usize]), None),
            Step::Method(on, name) | Step::Field(on, name) => {
                let on = self.seen_through(&before[on as usize]);
                if matches!(&*on, Shape::Named(..)) {
                    found.push(Inferred {
                        value: index,
                        shape: Rc::clone(&on),
                        source: None,
                        outermost: true,
                    });
                }
                let kind = match step {
                    Step::Field(..) => MemberKind::Field,
                    _ => MemberKind::Method,
                };
                let (shape, source) = self.member(&on, kind, name, 0);
                if source.is_none() && kind == MemberKind::Method {
                    return (self.standard_method(&on, name), None);
                }
                (shape, source)
            }
        }
    }

    fn self_shape(&mut self, number: usize, owner: Option<u32>) -> Option<Rc<Shape>> {
        let owner = owner?;
        let type_ = self.resolver.instance(number).facts.impls[owner as usize].self_type;
        Some(self.shape(number, type_, None, 0))
    }

    fn call(&mut self, number: usize, path: u32) -> (Rc<Shape>, Option<Source>) {
        let unknown = (Rc::clone(&self.unknown), None);
        let facts = Arc::clone(&self.resolver.instance(number).facts);
        let written = &facts.paths[path as usize];
        let last = facts.segments[(written.start + written.len - 1) as usize];
        for &found in self.resolver.path(number, path).iter() {
            let Found::Item(item) = found else {
                continue;
            };
            let (owner, declared) = self.resolver.item(item);
            let (kind, type_, name, span) =
                (declared.kind, declared.type_, declared.name, declared.span);
            match kind {
                ItemKind::Function => {
                    let Some(type_) = type_ else { continue };
                    let shape = self.shape(owner, type_, None, 0);
                    return (shape, Some(self.source(item, span)));
                }
                // `Store::open(…)` ends in the type's own item: look among its methods.
                _ if name != last => {
                    let on = Rc::new(Shape::Named(found, Vec::new()));
                    return self.member(&on, MemberKind::Method, last, 0);
                }
                ItemKind::Struct => return (Rc::new(Shape::Named(found, Vec::new())), None),
                _ => {}
            }
        }
        unknown
    }

    fn constant(&mut self, number: usize, path: u32) -> (Rc<Shape>, Option<Source>) {
        for &found in self.resolver.path(number, path).iter() {
            let Found::Item(item) = found else {
                continue;
            };
            let (owner, declared) = self.resolver.item(item);
            let (kind, type_, span) = (declared.kind, declared.type_, declared.span);
            match (kind, type_) {
                (ItemKind::Constant | ItemKind::Static, Some(type_)) => {
                    return (
                        self.shape(owner, type_, None, 0),
                        Some(self.source(item, span)),
                    );
                }
                (ItemKind::Struct, _) => return (Rc::new(Shape::Named(found, Vec::new())), None),
                _ => {}
            }
        }
        (Rc::clone(&self.unknown), None)
    }

    fn source(&self, item: ItemId, span: Span) -> Source {
        let (owner, _) = self.resolver.item(item);
        Source {
            module: self.resolver.module_of_item(item),
            place: Place {
                file: self.resolver.instance(owner).file,
                span,
            },
            declared: true,
        }
    }

    /// The type of a member, by the items that a shape is and the traits that those implement.
    fn member(
        &mut self,
        on: &Rc<Shape>,
        kind: MemberKind,
        name: Symbol,
        depth: usize,
    ) -> (Rc<Shape>, Option<Source>) {
        let mut items: Vec<ItemId> = Vec::new();
        let mut add = |shape: &Shape| {
            if let Shape::Named(Found::Item(item), _) = shape {
                items.push(*item);
            }
        };
        match &**on {
            Shape::Bounds(bounds) => bounds.iter().for_each(|bound| add(bound)),
            shape => add(shape),
        }
        let traits: Vec<ItemId> = items
            .iter()
            .filter_map(|item| self.members.traits.get(item))
            .flatten()
            .copied()
            .collect();
        items.extend(traits);
        for item in items {
            let Some(&(owner, index)) = self
                .members
                .declared
                .get(&(item, kind, name))
                .and_then(|known| known.first())
            else {
                continue;
            };
            let instance = self.resolver.instance(owner as usize);
            let member = &instance.facts.members[index as usize];
            let (type_, span, file) = (member.type_, member.span, instance.file);
            let scope = match member.owner {
                Owner::Impl(one) => instance.facts.impls[one as usize].scope,
                Owner::Item(item) => instance.facts.items[item as usize].scope,
            };
            let source = Source {
                module: self.resolver.module_of(owner as usize, scope),
                place: Place { file, span },
                declared: true,
            };
            let shape = self.shape(owner as usize, type_, Some(on), depth);
            return (shape, Some(source));
        }
        (Rc::clone(&self.unknown), None)
    }

    /// What a type is; `this` is what `Self` stands for.
    fn shape(
        &mut self,
        number: usize,
        type_: TypeIndex,
        this: Option<&Rc<Shape>>,
        depth: usize,
    ) -> Rc<Shape> {
        let key = (number as u32, type_);
        if let Some(known) = self.types.get(&key).filter(|_| this.is_none()) {
            return Rc::clone(known);
        }
        self.fuel = self.fuel.saturating_sub(1);
        if depth > DEEPEST || self.fuel == 0 || self.within.contains(&key) {
            self.cut = true;
            return Rc::clone(&self.unknown);
        }
        let cut = std::mem::take(&mut self.cut);
        self.within.push(key);
        let shape = self.told(number, type_, this, depth);
        self.within.pop();
        // What was cut short depends on where the telling began: it is no answer to keep.
        if this.is_none() && !self.cut {
            self.types.insert(key, Rc::clone(&shape));
        }
        self.cut |= cut;
        shape
    }

    fn told(
        &mut self,
        number: usize,
        type_: TypeIndex,
        this: Option<&Rc<Shape>>,
        depth: usize,
    ) -> Rc<Shape> {
        let type_of = self.resolver.instance(number).facts.types[type_ as usize].clone();
        let each = |types: &[TypeIndex], me: &mut Self| -> Vec<Rc<Shape>> {
            types
                .iter()
                .map(|&part| me.shape(number, part, this, depth + 1))
                .collect()
        };
        match type_of {
            Type::Unknown => Rc::clone(&self.unknown),
            Type::This => this.map_or_else(|| Rc::clone(&self.unknown), Rc::clone),
            Type::Parts(parts) => Rc::new(Shape::Parts(each(&parts, self))),
            Type::Bounds(bounds) => Rc::new(Shape::Bounds(each(&bounds, self))),
            Type::Associated { of, name } => {
                let on = self.shape(number, of, this, depth + 1);
                self.member(&on, MemberKind::AssociatedType, name, depth + 1)
                    .0
            }
            Type::Path { path, arguments } => {
                let arguments = each(&arguments, self);
                self.named(number, path, arguments, depth)
            }
        }
    }

    /// A named type, with aliases replaced by what they stand for.
    fn named(
        &mut self,
        number: usize,
        path: u32,
        arguments: Vec<Rc<Shape>>,
        depth: usize,
    ) -> Rc<Shape> {
        let found = self.resolver.path(number, path);
        // Of alternatives under different `cfg`s, one that leaves the workspace says the most.
        let outside = || {
            let mut all = found.iter();
            all.find(|found| matches!(found, Found::Outside(_)))
        };
        let here = if found.len() > 1 {
            found.iter().find(|one| self.is_the_type(**one, &found))
        } else {
            None
        };
        let found = match here.or_else(outside).or_else(|| found.first()) {
            Some(&found) => found,
            None if arguments.is_empty() => return Rc::clone(&self.unknown),
            // `Option`, `Box`, `Result` as the prelude has them: what they hold is what counts.
            None => {
                let facts = &self.resolver.instance(number).facts;
                let path = &facts.paths[path as usize];
                let last = facts.segments[(path.start + path.len - 1) as usize];
                self.resolver.prelude_type(last)
            }
        };
        let Found::Item(item) = found else {
            return Rc::new(Shape::Named(found, arguments));
        };
        let (owner, declared) = self.resolver.item(item);
        match (declared.kind, declared.type_) {
            (ItemKind::Alias, Some(type_)) => {
                let target = self.shape(owner, type_, None, depth + 1);
                substituted(&target, &mut arguments.into_iter(), &mut LARGEST.clone())
            }
            _ => Rc::new(Shape::Named(found, arguments)),
        }
    }

    /// `use thiserror::Error` beside `enum Error` brings a derive: the type is the one declared there.
    fn is_the_type(&mut self, found: Found, all: &[Found]) -> bool {
        let Found::Item(item) = found else {
            return false;
        };
        let (owner, declared) = self.resolver.item(item);
        let (name, guard) = (declared.name, declared.guard);
        let scope = self.resolver.instance(owner).scopes[declared.scope as usize];
        let mut others = all.iter().filter(|one| matches!(one, Found::Outside(_)));
        guard == 0 && others.all(|other| self.resolver.named_import(scope, name, *other).is_some())
    }

    /// What a method call sees: the inside of smart pointers.
    fn seen_through(&self, shape: &Rc<Shape>) -> Rc<Shape> {
        let mut shape = Rc::clone(shape);
        for _ in 0..DEEPEST {
            let Shape::Named(Found::Outside(outside), arguments) = &*shape else {
                break;
            };
            let (package, path) = self.resolver.outside.path(*outside);
            let pointer = package.is_none()
                && path
                    .last()
                    .is_some_and(|last| self.words.pointers.contains(last));
            match arguments.first() {
                Some(inner) if pointer => shape = Rc::clone(inner),
                _ => break,
            }
        }
        shape
    }

    /// What an `async` function returns is the thing itself, or a wrapper around it; a type that is a future of
    /// its own making may become anything.
    fn awaited(&self, shape: &Rc<Shape>) -> Rc<Shape> {
        match &**shape {
            Shape::Named(Found::Item(item), _) if self.members.futures.contains(item) => {
                Rc::clone(&self.unknown)
            }
            _ => self.peel(shape),
        }
    }

    /// `?`, an element: the first argument of a wrapper, else the thing itself.
    fn peel(&self, shape: &Rc<Shape>) -> Rc<Shape> {
        match &**shape {
            Shape::Named(Found::Outside(_), arguments) if !arguments.is_empty() => {
                Rc::clone(&arguments[0])
            }
            Shape::Parts(parts) if parts.len() == 1 => Rc::clone(&parts[0]),
            Shape::Bounds(bounds) => match bounds.first().map(|bound| &**bound) {
                Some(Shape::Named(_, arguments)) if !arguments.is_empty() => {
                    Rc::clone(&arguments[0])
                }
                _ => Rc::clone(shape),
            },
            _ => Rc::clone(shape),
        }
    }

    /// Methods of the standard library's wrappers.
    fn standard_method(&self, on: &Rc<Shape>, name: Symbol) -> Rc<Shape> {
        let wraps = match &**on {
            Shape::Named(Found::Outside(outside), arguments) => {
                !arguments.is_empty() && self.resolver.outside.path(*outside).0.is_none()
            }
            Shape::Parts(parts) => !parts.is_empty(),
            _ => false,
        };
        if self.words.keeping.contains(&name) {
            return Rc::clone(on);
        }
        if wraps && self.words.unwrapping.contains(&name) {
            return self.peel(on);
        }
        Rc::clone(&self.unknown)
    }
}

/// An alias's target with its parameters, which have no bounds of their own, replaced in their order.
fn substituted(
    shape: &Rc<Shape>,
    arguments: &mut dyn Iterator<Item = Rc<Shape>>,
    fuel: &mut usize,
) -> Rc<Shape> {
    *fuel = fuel.saturating_sub(1);
    if *fuel == 0 {
        return Rc::clone(shape);
    }
    let mut all = |parts: &[Rc<Shape>]| {
        parts
            .iter()
            .map(|part| substituted(part, arguments, fuel))
            .collect()
    };
    match &**shape {
        Shape::Named(found, parts) if !parts.is_empty() => {
            Rc::new(Shape::Named(*found, all(parts)))
        }
        Shape::Parts(parts) => Rc::new(Shape::Parts(all(parts))),
        Shape::Bounds(bounds) if bounds.is_empty() => {
            arguments.next().unwrap_or_else(|| Rc::clone(shape))
        }
        Shape::Bounds(bounds) => Rc::new(Shape::Bounds(all(bounds))),
        _ => Rc::clone(shape),
    }
}
