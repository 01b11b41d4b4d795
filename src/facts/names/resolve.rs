//! What a path leads to: through imports, globs, re-exports and aliases, over all packages that are read.

use foldhash::{HashMap, HashMapExt};
use std::sync::Arc;

use crate::facts::graph::{EdgeKind, ExternalId, Graph, Node, PackageId, TargetKind};
use crate::facts::names::tree::{Instance, ScopeId, Tree};
use crate::facts::reference::ModuleId;
use crate::facts::source::file::{
    Guard, GuardIndex, Import, ImportName, Item, ItemKind, Lead, Namespaces, Path, PathIndex,
    Standing, Type, Visibility,
};
use crate::facts::source::symbols::{Symbol, Symbols};

/// Hops from alias to alias, and from glob to glob, that are followed.
const LONGEST: usize = 256;

/// An item, numbered across all instances.
pub(crate) type ItemId = u32;
/// An import, likewise.
pub(crate) type ImportId = u32;
/// A path of a package that is not read: a node of [`Outside`].
pub(crate) type OutsideId = u32;

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Found {
    Module(ModuleId),
    Item(ItemId),
    Outside(OutsideId),
}

/// What crate names mean, by package and target.
type Crates = HashMap<(PackageId, usize), Vec<(Symbol, Found)>>;

/// Alternatives: several where `cfg`s differ.
pub(crate) type Alternatives = Arc<[Found]>;

/// The paths of packages that are not read, as a tree.
#[derive(Debug, Default, Clone)]
pub(crate) struct Outside {
    nodes: Vec<(Option<OutsideId>, Symbol, Option<ExternalId>)>,
    roots: HashMap<Option<ExternalId>, OutsideId>,
    children: HashMap<(OutsideId, Symbol), OutsideId>,
}

impl Outside {
    fn root(&mut self, package: Option<ExternalId>, name: Symbol) -> OutsideId {
        let next = self.nodes.len() as OutsideId;
        let id = *self.roots.entry(package).or_insert(next);
        if id == next {
            self.nodes.push((None, name, package));
        }
        id
    }

    fn child(&mut self, parent: OutsideId, name: Symbol) -> OutsideId {
        let next = self.nodes.len() as OutsideId;
        let id = *self.children.entry((parent, name)).or_insert(next);
        if id == next {
            let package = self.nodes[parent as usize].2;
            self.nodes.push((Some(parent), name, package));
        }
        id
    }

    /// Whether `id` is `outer` or lies inside of it.
    pub(crate) fn is_within(&self, id: OutsideId, outer: OutsideId) -> bool {
        let mut at = Some(id);
        while let Some(node) = at {
            if node == outer {
                return true;
            }
            at = self.nodes[node as usize].0;
        }
        false
    }

    /// The package, and the segments from its root on; the root's own name first.
    pub(crate) fn path(&self, id: OutsideId) -> (Option<ExternalId>, Vec<Symbol>) {
        let mut segments = Vec::new();
        let mut at = Some(id);
        while let Some(node) = at {
            let (parent, name, _) = self.nodes[node as usize];
            segments.push(name);
            at = parent;
        }
        segments.reverse();
        (self.nodes[id as usize].2, segments)
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Definition {
    Item(ItemId),
    Module(ModuleId),
    Import(ImportId),
}

/// A name that a scope declares.
#[derive(Debug, Clone, Copy)]
struct Binding {
    name: Symbol,
    namespaces: Namespaces,
    definition: Definition,
    visibility: Visibility,
    /// Whether a `cfg` may take it away.
    guarded: bool,
}

#[derive(Debug, Clone)]
enum State {
    Unknown,
    InProgress,
    Known(Alternatives),
}

/// How a name was looked up so far.
#[derive(Default)]
struct Search {
    found: Vec<Found>,
    /// Whether nothing further out can be meant.
    definite: bool,
    /// Globs of packages that are not read: a name that is nowhere else may come from there.
    globs: Vec<OutsideId>,
    visited: Vec<ModuleId>,
}

impl Search {
    fn add(&mut self, found: Found) {
        if !self.found.contains(&found) {
            self.found.push(found);
        }
    }
}

/// Looks names up. Results are remembered. What is shared between threads does not change once imports
/// are settled.
pub(crate) struct Resolver {
    pub(crate) tree: Arc<Tree>,
    pub(crate) outside: Outside,
    /// Each scope's declarations, sorted by name.
    bindings: Arc<Vec<Vec<Binding>>>,
    /// Each scope's glob imports.
    globs: Arc<Vec<Vec<ImportId>>>,
    imports: Arc<Vec<State>>,
    /// Whether the search at hand met an import that is being resolved.
    cyclic: bool,
    depth: usize,
    /// Each instance's resolved paths, once imports are settled; empty before any was.
    paths: Vec<Vec<Option<Alternatives>>>,
    settled: bool,
    /// By package and kind of target: what crate names mean.
    crates: Arc<Crates>,
    standard: OutsideId,
    prelude: Arc<[Symbol]>,
    standard_macros: Arc<[Symbol]>,
    item_owner: Arc<Vec<u32>>,
    import_owner: Arc<Vec<u32>>,
}

impl Resolver {
    pub(crate) fn new(tree: Tree, graph: &Graph, symbols: &mut Symbols) -> Self {
        let mut outside = Outside::default();
        let standard = outside.root(None, symbols.intern("std"));
        let declared = Declared::new(&tree);
        let crates = Arc::new(name_crates(&tree, graph, symbols, &mut outside, standard));
        let mut resolver = Self {
            bindings: Arc::new(declared.bindings),
            globs: Arc::new(declared.globs),
            imports: Arc::new(vec![State::Unknown; tree.imports as usize]),
            cyclic: false,
            depth: 0,
            paths: unknown_paths(&tree),
            settled: false,
            crates,
            standard,
            prelude: crate::facts::source::reduce::PRELUDE
                .iter()
                .map(|name| symbols.intern(name))
                .collect(),
            standard_macros: crate::facts::source::reduce::STANDARD_MACROS
                .iter()
                .map(|name| symbols.intern(name))
                .collect(),
            item_owner: Arc::new(declared.item_owner),
            import_owner: Arc::new(declared.import_owner),
            tree: Arc::new(tree),
            outside,
        };
        resolver.settle();
        resolver
    }

    /// Another one, for another thread, that has found no path yet.
    pub(crate) fn fork(&self) -> Self {
        Self {
            tree: Arc::clone(&self.tree),
            outside: self.outside.clone(),
            bindings: Arc::clone(&self.bindings),
            globs: Arc::clone(&self.globs),
            imports: Arc::clone(&self.imports),
            cyclic: false,
            depth: 0,
            paths: unknown_paths(&self.tree),
            settled: self.settled,
            crates: Arc::clone(&self.crates),
            standard: self.standard,
            prelude: Arc::clone(&self.prelude),
            standard_macros: Arc::clone(&self.standard_macros),
            item_owner: Arc::clone(&self.item_owner),
            import_owner: Arc::clone(&self.import_owner),
        }
    }

    /// What `found` of a fork is here, by what the fork knows of what is outside.
    pub(crate) fn adopt(&mut self, fork: &Outside, found: Found) -> Found {
        let Found::Outside(id) = found else {
            return found;
        };
        let (package, path) = fork.path(id);
        let mut at = self.outside.root(package, path[0]);
        for &name in &path[1..] {
            at = self.outside.child(at, name);
        }
        Found::Outside(at)
    }

    fn set_import(&mut self, id: ImportId, state: State) {
        let imports = Arc::get_mut(&mut self.imports).expect("no fork before imports are settled");
        imports[id as usize] = state;
    }

    /// The item and the instance that declares it.
    pub(crate) fn item(&self, id: ItemId) -> (usize, &Item) {
        let owner = self.item_owner[id as usize] as usize;
        let instance = &self.tree.instances[owner];
        (
            owner,
            &instance.facts.items[(id - instance.item_base) as usize],
        )
    }

    pub(crate) fn import(&self, id: ImportId) -> (usize, &Import) {
        let owner = self.import_owner[id as usize] as usize;
        let instance = &self.tree.instances[owner];
        (
            owner,
            &instance.facts.imports[(id - instance.import_base) as usize],
        )
    }

    /// The module that an item is declared in.
    pub(crate) fn module_of_item(&self, id: ItemId) -> ModuleId {
        let (owner, item) = self.item(id);
        self.module_of(owner, item.scope)
    }

    pub(crate) fn module_of(&self, instance: usize, scope: u32) -> ModuleId {
        let scope = self.tree.instances[instance].scopes[scope as usize];
        self.tree.scopes[scope as usize].module
    }

    /// Resolves every import; those that took part in a cycle again, until nothing changes.
    fn settle(&mut self) {
        let mut suspects = Vec::new();
        for id in 0..self.imports.len() as ImportId {
            self.cyclic = false;
            self.resolve_import(id);
            if self.cyclic {
                suspects.push(id);
            }
        }
        // Each round can only add, and what is added was declared somewhere: this ends.
        let mut changed = true;
        while changed {
            changed = false;
            for &id in &suspects {
                let before = self.imports[id as usize].clone();
                self.set_import(id, State::Unknown);
                let after = self.resolve_import(id);
                if let State::Known(before) = before {
                    if before.iter().any(|found| !after.contains(found)) {
                        let mut union = before.to_vec();
                        union.extend(after.iter().filter(|found| !before.contains(found)));
                        changed |= union.len() > before.len();
                        self.set_import(id, State::Known(union.into()));
                    } else {
                        changed |= after.len() > before.len();
                    }
                }
            }
        }
        self.settled = true;
    }

    fn resolve_import(&mut self, id: ImportId) -> Alternatives {
        match &self.imports[id as usize] {
            State::Known(known) => return Arc::clone(known),
            State::InProgress => {
                self.cyclic = true;
                return Arc::new([]);
            }
            State::Unknown => {}
        }
        if self.depth > LONGEST {
            self.cyclic = true;
            return Arc::new([]);
        }
        self.depth += 1;
        self.set_import(id, State::InProgress);
        let (owner, import) = self.import(id);
        let path = import.path;
        let found: Alternatives = self.walk(owner, path).into();
        self.set_import(id, State::Known(Arc::clone(&found)));
        self.depth -= 1;
        found
    }

    /// What a path of an instance leads to.
    pub(crate) fn path(&mut self, instance: usize, path: PathIndex) -> Alternatives {
        if let Some(Some(known)) = self.paths[instance].get(path as usize) {
            return Arc::clone(known);
        }
        let found: Alternatives = self.walk(instance, path).into();
        if self.settled {
            let paths = &mut self.paths[instance];
            if paths.is_empty() {
                // Only now: a fork meets the paths of few instances.
                paths.resize(self.tree.instances[instance].facts.paths.len(), None);
            }
            paths[path as usize] = Some(Arc::clone(&found));
        }
        found
    }

    fn walk(&mut self, number: usize, index: PathIndex) -> Vec<Found> {
        self.walk_by(number, index, &mut |_| {})
    }

    /// What each beginning of a path leads to: the lead or the first segment, then a segment more each.
    pub(crate) fn stages(&mut self, number: usize, index: PathIndex) -> Vec<Vec<Found>> {
        let mut stages = Vec::new();
        self.walk_by(number, index, &mut |found| stages.push(found.to_vec()));
        stages
    }

    fn walk_by(
        &mut self,
        number: usize,
        index: PathIndex,
        stage: &mut dyn FnMut(&[Found]),
    ) -> Vec<Found> {
        let facts = Arc::clone(&self.tree.instances[number].facts);
        let path = &facts.paths[index as usize];
        let names = &facts.segments[path.start as usize..(path.start + path.len) as usize];
        let (mut found, mut rest) = self.begin(number, path, names);
        stage(&found);
        while let Some((&name, tail)) = rest.split_first() {
            let namespaces = if tail.is_empty() {
                path.namespaces
            } else {
                Namespaces::TYPE
            };
            let mut next = Vec::new();
            for one in found {
                for found in self.member(one, name, namespaces) {
                    if !next.contains(&found) {
                        next.push(found);
                    }
                }
            }
            found = next;
            rest = tail;
            stage(&found);
        }
        found
    }

    /// What the beginning of a path means, and the segments that are left.
    fn begin<'n>(
        &mut self,
        number: usize,
        path: &Path,
        names: &'n [Symbol],
    ) -> (Vec<Found>, &'n [Symbol]) {
        let instance = &self.tree.instances[number];
        let scope = instance.scopes[path.scope as usize];
        let module = self.tree.scopes[scope as usize].module;
        let root = self.tree.roots[module.0 as usize];
        let old = instance.edition < 2018;
        let key = (instance.package, instance.target);
        match path.lead {
            Lead::Crate => return (vec![Found::Module(root)], names),
            Lead::SelfModule => return (vec![Found::Module(module)], names),
            Lead::Super(times) => {
                let mut at = Some(module);
                for _ in 0..times {
                    at = at.and_then(|module| self.tree.modules[module.0 as usize].parent);
                }
                return (at.map(Found::Module).into_iter().collect(), names);
            }
            Lead::Global | Lead::Scope => {}
        }
        let Some((&first, rest)) = names.split_first() else {
            return (Vec::new(), names);
        };
        let namespaces = if rest.is_empty() {
            path.namespaces
        } else {
            Namespaces::TYPE
        };
        let from_root = old && (path.lead == Lead::Global || path.standing == Standing::Import);
        let mut search = Search::default();
        if from_root {
            self.in_module(root, first, namespaces, true, &mut search);
        }
        if path.lead == Lead::Global || from_root {
            if search.found.is_empty() {
                self.in_crates(key, root, first, &mut search);
            }
        } else {
            self.in_scopes(scope, key, first, namespaces, &mut search);
        }
        if path.standing == Standing::Import
            && search.found.len() > 1
            && search
                .found
                .iter()
                .any(|found| self.is_guarded_alike(number, path, *found))
        {
            search
                .found
                .retain(|found| !matches!(found, Found::Outside(_)));
        }
        if path.standing != Standing::Word {
            self.by_outside_glob(first, &mut search);
        }
        (search.found, rest)
    }

    /// `#[cfg(x)] mod sqlx;` beside `#[cfg(x)] use sqlx::*;`: where the import is, the module is too, and no
    /// crate of that name is meant.
    fn is_guarded_alike(&self, number: usize, path: &Path, found: Found) -> bool {
        let Found::Module(module) = found else {
            return false;
        };
        let facts = &self.instance(number).facts;
        let mut children = self.tree.children.iter();
        let child = children.find(|one| one.module == module && one.instance == number as u32);
        let Some(child) = child else {
            return false;
        };
        let declared = facts.modules[child.declaration as usize].guard;
        let mut imports = facts
            .imports
            .iter()
            .filter(|import| facts.paths[import.path as usize] == *path);
        imports.all(|import| implies(&facts.guards, import.guard, declared))
    }

    /// A name in scope: blocks, the module, crates, macros of modules around, the prelude's macros.
    fn in_scopes(
        &mut self,
        scope: ScopeId,
        key: (PackageId, usize),
        name: Symbol,
        namespaces: Namespaces,
        search: &mut Search,
    ) {
        let mut at = Some(scope);
        let mut module = self.tree.scopes[scope as usize].module;
        while let Some(scope) = at {
            self.in_scope(scope, name, namespaces, None, search);
            if !search.definite {
                self.in_globs(scope, name, namespaces, true, search);
            }
            if search.definite {
                return;
            }
            at = self.tree.scopes[scope as usize].outer;
        }
        if namespaces == Namespaces::MACRO {
            // `macro_rules!` names are in scope in the modules below, too.
            while let Some(parent) = self.tree.modules[module.0 as usize].parent {
                let scope = self.tree.module_scopes[parent.0 as usize];
                self.in_scope(scope, name, namespaces, None, search);
                if search.definite {
                    return;
                }
                module = parent;
            }
            // No crate that is globbed hides these, as far as anyone has seen.
            let standard = search.globs.is_empty() || self.standard_macros.contains(&name);
            if search.found.is_empty() && standard {
                let found = self.outside.child(self.standard, name);
                search.add(Found::Outside(found));
            }
        } else if namespaces.meets(Namespaces::TYPE) {
            let root = self.tree.roots[module.0 as usize];
            self.in_crates(key, root, name, search);
        }
    }

    /// A crate's name: a dependency's, or one that `extern crate` in the root adds.
    fn in_crates(
        &mut self,
        key: (PackageId, usize),
        root: ModuleId,
        name: Symbol,
        search: &mut Search,
    ) {
        let scope = self.tree.module_scopes[root.0 as usize];
        for import in self.imports_named(scope, name) {
            if self.import(import).1.extern_crate
                && !matches!(self.imports[import as usize], State::InProgress)
            {
                self.resolve_import(import)
                    .iter()
                    .for_each(|&found| search.add(found));
                search.definite = true;
            }
        }
        for &(known, found) in self.crates.get(&key).into_iter().flatten() {
            if known == name {
                search.add(found);
                search.definite = true;
            }
        }
    }

    /// The type that the standard prelude means by a name.
    pub(crate) fn prelude_type(&mut self, name: Symbol) -> Found {
        Found::Outside(self.outside.child(self.standard, name))
    }

    /// The declarations of one scope. `outsider`: only what is visible from another crate, or another module.
    fn in_scope(
        &mut self,
        scope: ScopeId,
        name: Symbol,
        namespaces: Namespaces,
        least: Option<Visibility>,
        search: &mut Search,
    ) {
        let bindings = &self.bindings[scope as usize];
        let start = bindings.partition_point(|binding| binding.name < name);
        let count = bindings[start..]
            .iter()
            .take_while(|binding| binding.name == name)
            .count();
        // `mod info;` beside `use tracing::info;`: one scope has a name once in each namespace, so what is not
        // read is then of another one.
        let one = namespaces.0.is_power_of_two();
        let own = one
            && self.bindings[scope as usize][start..start + count]
                .iter()
                .any(|binding| {
                    !binding.guarded
                        && binding.namespaces.meets(namespaces)
                        && !matches!(binding.definition, Definition::Import(_))
                });
        for at in start..start + count {
            let binding = self.bindings[scope as usize][at];
            let visible = match least {
                None => true,
                Some(Visibility::Public) => binding.visibility == Visibility::Public,
                Some(_) => binding.visibility != Visibility::Private,
            };
            if !visible || !binding.namespaces.meets(namespaces) {
                continue;
            }
            match binding.definition {
                Definition::Item(item) => search.add(Found::Item(item)),
                Definition::Module(module) => search.add(Found::Module(module)),
                Definition::Import(import) => {
                    if matches!(self.imports[import as usize], State::InProgress) {
                        self.cyclic = true;
                        continue;
                    }
                    let found = self.resolve_import(import);
                    let fitting: Vec<Found> = found
                        .iter()
                        .copied()
                        .filter(|&one| self.fits(one, namespaces))
                        .filter(|one| !own || !matches!(one, Found::Outside(_)))
                        .collect();
                    if fitting.is_empty() && !found.is_empty() {
                        continue;
                    }
                    fitting.into_iter().for_each(|one| search.add(one));
                }
            }
            search.definite |= !binding.guarded;
        }
    }

    fn fits(&self, found: Found, namespaces: Namespaces) -> bool {
        match found {
            Found::Module(_) => namespaces.meets(Namespaces::TYPE),
            Found::Item(item) => self.item(item).1.kind.namespaces().meets(namespaces),
            Found::Outside(_) => true,
        }
    }

    /// The glob imports of one scope.
    fn in_globs(
        &mut self,
        scope: ScopeId,
        name: Symbol,
        namespaces: Namespaces,
        inside: bool,
        search: &mut Search,
    ) {
        for at in 0..self.globs[scope as usize].len() {
            let id = self.globs[scope as usize][at];
            if matches!(self.imports[id as usize], State::InProgress) {
                self.cyclic = true;
                continue;
            }
            let (_, import) = self.import(id);
            let guarded = import.guard != 0;
            if !inside && import.visibility == Visibility::Private {
                continue;
            }
            let here = self.tree.scopes[scope as usize].module;
            for &found in self.resolve_import(id).iter() {
                match found {
                    Found::Module(module) => {
                        let near = self.is_within(here, module);
                        let mut inner = Search {
                            visited: std::mem::take(&mut search.visited),
                            ..Search::default()
                        };
                        self.in_module_from(module, name, namespaces, near, here, &mut inner);
                        search.visited = inner.visited;
                        search.globs.extend(inner.globs);
                        search.definite |= inner.definite && !guarded && !inner.found.is_empty();
                        inner.found.into_iter().for_each(|one| search.add(one));
                    }
                    Found::Outside(outside) => search.globs.push(outside),
                    Found::Item(_) => {}
                }
            }
        }
    }

    fn is_within(&self, module: ModuleId, outer: ModuleId) -> bool {
        let mut at = Some(module);
        while let Some(one) = at {
            if one == outer {
                return true;
            }
            at = self.tree.modules[one.0 as usize].parent;
        }
        false
    }

    fn in_module_from(
        &mut self,
        module: ModuleId,
        name: Symbol,
        namespaces: Namespaces,
        near: bool,
        from: ModuleId,
        search: &mut Search,
    ) {
        if search.visited.contains(&module) || search.visited.len() > LONGEST {
            return;
        }
        search.visited.push(module);
        let same_crate = self.tree.roots[module.0 as usize] == self.tree.roots[from.0 as usize];
        let least = match (near, same_crate) {
            (true, _) => None,
            (false, true) => Some(Visibility::Restricted),
            (false, false) => Some(Visibility::Public),
        };
        let scope = self.tree.module_scopes[module.0 as usize];
        self.in_scope(scope, name, namespaces, least, search);
        if !search.definite {
            self.in_globs(scope, name, namespaces, near, search);
        }
        search.visited.pop();
    }

    /// A name by way of its module; visibility is the compiler's business.
    fn in_module(
        &mut self,
        module: ModuleId,
        name: Symbol,
        namespaces: Namespaces,
        inside: bool,
        search: &mut Search,
    ) {
        let scope = self.tree.module_scopes[module.0 as usize];
        self.in_scope(scope, name, namespaces, None, search);
        if !search.definite {
            search.visited.push(module);
            self.in_globs(scope, name, namespaces, inside, search);
            search.visited.pop();
        }
    }

    /// A name that is nowhere else, where one package that is not read is globbed, comes from there.
    fn by_outside_glob(&mut self, name: Symbol, search: &mut Search) {
        if !search.found.is_empty() || search.globs.is_empty() || self.prelude.contains(&name) {
            return;
        }
        search.globs.sort_unstable();
        search.globs.dedup();
        for glob in std::mem::take(&mut search.globs) {
            let found = self.outside.child(glob, name);
            search.add(Found::Outside(found));
        }
    }

    /// A name inside of what was found.
    fn member(&mut self, of: Found, name: Symbol, namespaces: Namespaces) -> Vec<Found> {
        match of {
            Found::Outside(outside) => vec![Found::Outside(self.outside.child(outside, name))],
            Found::Module(module) => {
                let mut search = Search::default();
                self.in_module(module, name, namespaces, true, &mut search);
                self.by_outside_glob(name, &mut search);
                search.found
            }
            Found::Item(item) => match self.alias(item) {
                Some(found) => {
                    let mut members = Vec::new();
                    for &one in found.iter() {
                        if one != of {
                            self.depth += 1;
                            members.extend(if self.depth > LONGEST {
                                vec![one]
                            } else {
                                self.member(one, name, namespaces)
                            });
                            self.depth -= 1;
                        }
                    }
                    members
                }
                None => vec![of],
            },
        }
    }

    /// What a type alias stands for, as far as its outermost path goes.
    pub(crate) fn alias(&mut self, item: ItemId) -> Option<Alternatives> {
        let (owner, declared) = self.item(item);
        if declared.kind != ItemKind::Alias {
            return None;
        }
        let type_ = declared.type_?;
        let Type::Path { path, .. } = self.tree.instances[owner].facts.types[type_ as usize] else {
            return None;
        };
        if self.depth > LONGEST {
            return None;
        }
        self.depth += 1;
        let found = self.path(owner, path);
        self.depth -= 1;
        Some(found)
    }

    /// Whether `name` inside of `of` can mean `wanted`.
    pub(crate) fn has_member(
        &mut self,
        of: Found,
        name: Symbol,
        namespaces: Namespaces,
        wanted: Found,
    ) -> bool {
        self.member(of, name, namespaces).contains(&wanted)
    }

    /// The import by which `name` means `wanted` in a scope.
    pub(crate) fn named_import(
        &mut self,
        scope: ScopeId,
        name: Symbol,
        wanted: Found,
    ) -> Option<ImportId> {
        let mut imports = self.imports_named(scope, name).into_iter();
        imports.find(|&import| self.resolve_import(import).contains(&wanted))
    }

    fn imports_named(&self, scope: ScopeId, name: Symbol) -> Vec<ImportId> {
        let bindings = &self.bindings[scope as usize];
        let start = bindings.partition_point(|binding| binding.name < name);
        let named = bindings[start..]
            .iter()
            .take_while(|binding| binding.name == name);
        let imports = named.filter_map(|binding| match binding.definition {
            Definition::Import(import) => Some(import),
            _ => None,
        });
        imports.collect()
    }

    /// Whether a scope declares `wanted` itself, under `name`.
    pub(crate) fn declares(&self, scope: ScopeId, name: Symbol, wanted: Found) -> bool {
        self.bindings[scope as usize].iter().any(|binding| {
            binding.name == name
                && match binding.definition {
                    Definition::Item(item) => wanted == Found::Item(item),
                    Definition::Module(module) => wanted == Found::Module(module),
                    Definition::Import(_) => false,
                }
        })
    }

    /// What a scope declares or imports by name for everyone.
    pub(crate) fn public_in(&self, scope: ScopeId) -> Vec<Definition> {
        let bindings = self.bindings[scope as usize].iter();
        bindings
            .filter(|binding| binding.visibility == Visibility::Public)
            .map(|binding| binding.definition)
            .collect()
    }

    pub(crate) fn globs_of(&self, scope: ScopeId) -> Vec<ImportId> {
        self.globs[scope as usize].clone()
    }

    /// What an import leads to.
    pub(crate) fn import_targets(&mut self, import: ImportId) -> Alternatives {
        self.resolve_import(import)
    }

    pub(crate) fn instance(&self, number: usize) -> &Instance {
        &self.tree.instances[number]
    }
}

fn unknown_paths(tree: &Tree) -> Vec<Vec<Option<Alternatives>>> {
    vec![Vec::new(); tree.instances.len()]
}

/// What scopes declare, and who declares what.
struct Declared {
    bindings: Vec<Vec<Binding>>,
    globs: Vec<Vec<ImportId>>,
    item_owner: Vec<u32>,
    import_owner: Vec<u32>,
}

impl Declared {
    fn new(tree: &Tree) -> Self {
        let mut declared = Self {
            bindings: vec![Vec::new(); tree.scopes.len()],
            globs: vec![Vec::new(); tree.scopes.len()],
            item_owner: vec![0; tree.items as usize],
            import_owner: vec![0; tree.imports as usize],
        };
        let Self {
            bindings,
            globs,
            item_owner,
            import_owner,
        } = &mut declared;
        for (number, instance) in tree.instances.iter().enumerate() {
            let facts = &instance.facts;
            for (index, item) in facts.items.iter().enumerate() {
                let id = instance.item_base + index as u32;
                item_owner[id as usize] = number as u32;
                let scope = instance.scopes[item.scope as usize];
                let binding = Binding {
                    name: item.name,
                    namespaces: item.kind.namespaces(),
                    definition: Definition::Item(id),
                    visibility: item.visibility,
                    guarded: item.guard != 0,
                };
                bindings[scope as usize].push(binding);
                if item.exported {
                    let module = tree.scopes[scope as usize].module;
                    let root = tree.module_scopes[tree.roots[module.0 as usize].0 as usize];
                    if root != scope {
                        bindings[root as usize].push(binding);
                    }
                }
            }
            for (index, import) in facts.imports.iter().enumerate() {
                let id = instance.import_base + index as u32;
                import_owner[id as usize] = number as u32;
                let scope = instance.scopes[import.scope as usize];
                match import.name {
                    ImportName::Glob => globs[scope as usize].push(id),
                    ImportName::Unnamed => {}
                    ImportName::Named(name) => bindings[scope as usize].push(Binding {
                        name,
                        namespaces: Namespaces::ANY,
                        definition: Definition::Import(id),
                        visibility: import.visibility,
                        guarded: import.guard != 0,
                    }),
                }
            }
        }
        for child in &tree.children {
            let instance = &tree.instances[child.instance as usize];
            let declaration = &instance.facts.modules[child.declaration as usize];
            bindings[child.scope as usize].push(Binding {
                name: child.name,
                namespaces: Namespaces::TYPE,
                definition: Definition::Module(child.module),
                visibility: declaration.visibility,
                guarded: declaration.guard != 0,
            });
        }
        for scope in bindings {
            scope.sort_by_key(|binding| binding.name);
        }
        declared
    }
}

/// What crate names mean in each target.
fn name_crates(
    tree: &Tree,
    graph: &Graph,
    symbols: &mut Symbols,
    outside: &mut Outside,
    standard: OutsideId,
) -> Crates {
    let mut crates = HashMap::new();
    let mut libraries: HashMap<PackageId, ModuleId> = HashMap::new();
    for (id, module) in tree.modules.iter().enumerate() {
        let target = &graph.package(module.package).targets[module.target];
        if module.parent.is_none() && matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro)
        {
            libraries.insert(module.package, ModuleId(id as u32));
        }
    }
    let sysroot = ["std", "core", "alloc", "proc_macro", "test"].map(|name| symbols.intern(name));
    for package in graph.package_ids() {
        for (index, target) in graph.package(package).targets.iter().enumerate() {
            let mut names: Vec<(Symbol, Found)> = Vec::new();
            for edge in graph.edges_from(package) {
                let seen = match target.kind {
                    TargetKind::BuildScript => edge.kind == EdgeKind::Build,
                    _ => edge.kind != EdgeKind::Build,
                };
                if !seen {
                    continue;
                }
                let name = symbols.intern(&edge.crate_name);
                let found = match edge.to {
                    Node::Package(id) => libraries.get(&id).copied().map(Found::Module),
                    Node::External(id) => {
                        let own = symbols.intern(&graph.externals[id.0].name.replace('-', "_"));
                        Some(Found::Outside(outside.root(Some(id), own)))
                    }
                };
                names.extend(found.map(|found| (name, found)));
            }
            let is_library = matches!(
                target.kind,
                TargetKind::Lib | TargetKind::ProcMacro | TargetKind::BuildScript
            );
            if let Some(&library) = libraries.get(&package).filter(|_| !is_library) {
                let target = tree.modules[library.0 as usize].target;
                let name = symbols.intern(&graph.package(package).targets[target].crate_name);
                names.push((name, Found::Module(library)));
            }
            names.extend(sysroot.map(|name| (name, Found::Outside(standard))));
            crates.insert((package, index), names);
        }
    }
    crates
}

/// Whether a guard holds only where another one does.
fn implies(guards: &[Guard], inner: GuardIndex, outer: GuardIndex) -> bool {
    let wanted = &guards[outer as usize];
    let mut at = inner;
    loop {
        let guard = &guards[at as usize];
        if at == outer || (guard.outer == wanted.outer && guard.predicate == wanted.predicate) {
            return true;
        }
        if at == 0 {
            return false;
        }
        at = guard.outer;
    }
}
