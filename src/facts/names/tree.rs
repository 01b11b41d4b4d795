//! Module trees: every file hung where its targets include it, with the scopes that names are looked up in.

use std::path::Path;
use std::sync::Arc;

use crate::facts::graph::{Graph, PackageId, TargetKind};
use crate::facts::reference::{Generated, Module, ModuleId};
use crate::facts::source::file::{FileFacts, GuardIndex, Included};
use crate::facts::source::leads::{Role, include_file, module_files};
use crate::facts::source::load::Files;
use crate::facts::source::symbols::{Symbol, Symbols};
use crate::finding::BlindSpot;
use crate::text::{FileId, Place, Sources, Span};

/// Modules within modules; no crate that people write comes near it.
const DEEPEST: usize = 128;

/// Files hung into trees; `#[path]` can hang one file any number of times.
const MOST_INSTANCES: usize = 50_000;

/// A scope, as an index into [`Tree::scopes`].
pub(crate) type ScopeId = u32;

/// One file at one place of one target's module tree.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) facts: Arc<FileFacts>,
    pub(crate) file: FileId,
    pub(crate) package: PackageId,
    pub(crate) target: usize,
    pub(crate) edition: u16,
    /// By the file's own scope numbers.
    pub(crate) scopes: Vec<ScopeId>,
    /// What the file's first item, import is called across all instances.
    pub(crate) item_base: u32,
    pub(crate) import_base: u32,
    /// The predicates of the modules around it, outermost first.
    pub(crate) guards: Vec<String>,
    /// Whether only tests reach it.
    pub(crate) test: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct ScopeNode {
    pub(crate) outer: Option<ScopeId>,
    pub(crate) module: ModuleId,
}

/// A submodule by the name that it has in its parent's scope.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Child {
    pub(crate) scope: ScopeId,
    pub(crate) name: Symbol,
    pub(crate) module: ModuleId,
    pub(crate) instance: u32,
    /// Index into the instance's `modules`.
    pub(crate) declaration: u32,
}

/// The trees of all targets.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) modules: Vec<Module>,
    /// Each module's own scope.
    pub(crate) module_scopes: Vec<ScopeId>,
    /// Each module's crate root.
    pub(crate) roots: Vec<ModuleId>,
    pub(crate) instances: Vec<Instance>,
    pub(crate) scopes: Vec<ScopeNode>,
    pub(crate) children: Vec<Child>,
    pub(crate) items: u32,
    pub(crate) imports: u32,
    pub(crate) blind_spots: Vec<BlindSpot>,
    pub(crate) generated: Vec<Generated>,
}

/// A file to be hung.
struct Task {
    file: usize,
    role: Role,
    package: PackageId,
    target: usize,
    edition: u16,
    module: ModuleId,
    /// For `include!`: the scope whose names the file adds to.
    into: Option<ScopeId>,
    guards: Vec<String>,
    test: bool,
    /// The files that lead here, to see loops by.
    above: Vec<usize>,
}

struct Builder<'b> {
    tree: Tree,
    graph: &'b Graph,
    files: &'b Files,
    symbols: &'b Symbols,
    sources: &'b mut Sources,
    tasks: Vec<Task>,
    full: bool,
}

/// Hangs every target's files.
pub(crate) fn build(
    graph: &Graph,
    files: &Files,
    symbols: &Symbols,
    sources: &mut Sources,
) -> Tree {
    let mut builder = Builder {
        tree: Tree::default(),
        graph,
        files,
        symbols,
        sources,
        tasks: Vec::new(),
        full: false,
    };
    for package in graph.package_ids() {
        for target in 0..graph.package(package).targets.len() {
            builder.root(package, target);
        }
    }
    builder.tree.blind_spots.sort();
    builder.tree.blind_spots.dedup();
    builder
        .tree
        .generated
        .sort_by_key(|generated| generated.place);
    builder.tree
}

impl Builder<'_> {
    fn root(&mut self, package: PackageId, index: usize) {
        let target = &self.graph.package(package).targets[index];
        let source = self.sources.add(&target.root);
        let module = self.add_module(Module {
            package,
            target: index,
            path: root_path(self.graph, package, index),
            parent: None,
            place: Place::top(source),
            test: target.kind.is_test(),
            has_code: false,
        });
        let place = self.graph.package(package).place;
        if let Some(file) = self.file_at(&target.root, place, "the target's root") {
            self.tasks.push(Task {
                file,
                role: Role::Directory,
                package,
                target: index,
                edition: target.edition,
                module,
                into: None,
                guards: Vec::new(),
                test: target.kind.is_test(),
                above: Vec::new(),
            });
        }
        while let Some(task) = self.tasks.pop() {
            self.hang(task);
        }
    }

    fn add_module(&mut self, module: Module) -> ModuleId {
        let id = ModuleId(self.tree.modules.len() as u32);
        let root = module
            .parent
            .map_or(id, |parent| self.tree.roots[parent.0 as usize]);
        let scope = self.add_scope(None, id);
        self.tree.modules.push(module);
        self.tree.roots.push(root);
        self.tree.module_scopes.push(scope);
        id
    }

    fn add_scope(&mut self, outer: Option<ScopeId>, module: ModuleId) -> ScopeId {
        let id = self.tree.scopes.len() as ScopeId;
        self.tree.scopes.push(ScopeNode { outer, module });
        id
    }

    fn blind(&mut self, place: Place, reason: impl Into<String>) {
        self.tree.blind_spots.push(BlindSpot {
            place,
            reason: reason.into(),
        });
    }

    /// The file at `path`, or a blind spot that says why it is not there.
    fn file_at(&mut self, path: &Path, from: Place, what: &str) -> Option<usize> {
        let Some(index) = self.files.find(path) else {
            let shown = crate::text::relative(self.sources.root(), path);
            self.blind(from, format!("{what}, `{shown}`, was not found"));
            return None;
        };
        let Err(why) = &self.files.files[index].facts else {
            return Some(index);
        };
        if why.span == Span::START {
            let shown = crate::text::relative(self.sources.root(), path);
            self.blind(from, format!("{what}, `{shown}`, {}", why.reason));
        } else {
            let file = self.sources.add(path);
            let place = Place {
                file,
                span: why.span,
            };
            self.blind(place, why.reason.clone());
        }
        None
    }

    fn hang(&mut self, task: Task) {
        if self.tree.instances.len() >= MOST_INSTANCES {
            if !std::mem::replace(&mut self.full, true) {
                let place = self.tree.modules[task.module.0 as usize].place;
                self.blind(
                    place,
                    format!("more than {MOST_INSTANCES} modules; what lies beyond was not read"),
                );
            }
            return;
        }
        let loaded = &self.files.files[task.file];
        let Ok(facts) = &loaded.facts else {
            return;
        };
        let facts = Arc::clone(facts);
        let path = loaded.path.clone();
        let file = self.sources.add(&path);
        let instance = self.tree.instances.len() as u32;
        let (scopes, inline) = self.scopes(&task, &facts, file, instance);
        if let Some((span, reason)) = &facts.fragment
            && task.into.is_none()
        {
            self.blind(Place { file, span: *span }, reason.clone());
        }
        let has_code = facts.items.iter().any(|item| item.scope == 0)
            || facts.impls.iter().any(|one| one.scope == 0);
        self.tree.modules[task.module.0 as usize].has_code |= has_code;
        self.tree.instances.push(Instance {
            facts: Arc::clone(&facts),
            file,
            package: task.package,
            target: task.target,
            edition: task.edition,
            scopes,
            item_base: self.tree.items,
            import_base: self.tree.imports,
            guards: task.guards.clone(),
            test: task.test,
        });
        self.tree.items += facts.items.len() as u32;
        self.tree.imports += facts.imports.len() as u32;
        self.submodules(&task, &facts, &path, instance, &inline);
        self.includes(&task, &facts, &path, instance);
    }

    /// Gives every scope of the file its number, and every inline module its own.
    fn scopes(
        &mut self,
        task: &Task,
        facts: &FileFacts,
        file: FileId,
        instance: u32,
    ) -> (Vec<ScopeId>, Vec<Option<ModuleId>>) {
        let mut inline = vec![None; facts.modules.len()];
        let mut scopes: Vec<ScopeId> = Vec::with_capacity(facts.scopes.len());
        for scope in &facts.scopes {
            let Some(outer) = scope.outer.map(|outer| scopes[outer as usize]) else {
                scopes.push(
                    task.into
                        .unwrap_or(self.tree.module_scopes[task.module.0 as usize]),
                );
                continue;
            };
            let around = self.tree.scopes[outer as usize].module;
            let Some(declaration) = scope.module else {
                scopes.push(self.add_scope(Some(outer), around));
                continue;
            };
            let index = declaration as usize;
            let module = &facts.modules[index];
            let id = self.add_module(Module {
                package: task.package,
                target: task.target,
                path: self.child_path(around, module.name),
                parent: Some(around),
                place: Place {
                    file,
                    span: module.span,
                },
                test: task.test || facts.guards[module.guard as usize].test,
                has_code: module.has_code,
            });
            inline[index] = Some(id);
            self.tree.children.push(Child {
                scope: outer,
                name: module.name,
                module: id,
                instance,
                declaration,
            });
            scopes.push(self.tree.module_scopes[id.0 as usize]);
        }
        (scopes, inline)
    }

    fn child_path(&self, parent: ModuleId, name: Symbol) -> String {
        let parent = &self.tree.modules[parent.0 as usize].path;
        format!("{parent}::{}", self.symbols.name(name))
    }

    fn submodules(
        &mut self,
        task: &Task,
        facts: &FileFacts,
        path: &Path,
        instance: u32,
        inline: &[Option<ModuleId>],
    ) {
        let symbols = self.symbols;
        let name_of = |symbol: Symbol| symbols.name(symbol).to_owned();
        let mut above = task.above.clone();
        above.push(task.file);
        for (index, module) in facts.modules.iter().enumerate() {
            if inline[index].is_some() || module.inline.is_some() {
                continue;
            }
            let here = &self.tree.instances[instance as usize];
            let (file, scope) = (here.file, here.scopes[module.scope as usize]);
            let place = Place {
                file,
                span: module.span,
            };
            let name = symbols.name(module.name);
            let files = self.files;
            let there = |path: &Path| files.find(path).is_some();
            let candidates = module_files(facts, index, path, task.role, &name_of, &there);
            if candidates.is_empty() {
                self.blind(place, format!("`mod {name};` has no file: neither `{name}.rs` nor `{name}/mod.rs` is there"));
            }
            for (child, role) in candidates {
                let Some(child) =
                    self.file_at(&child, place, &format!("the file of `mod {name};`"))
                else {
                    continue;
                };
                if above.contains(&child) || above.len() >= DEEPEST {
                    self.blind(
                        place,
                        format!("`mod {name};` leads back to a file that leads here, or too deep"),
                    );
                    continue;
                }
                let parent = self.tree.scopes[scope as usize].module;
                let (guards, test) = self.guards(task, facts, module.guard);
                let id = self.add_module(Module {
                    package: task.package,
                    target: task.target,
                    path: self.child_path(parent, module.name),
                    parent: Some(parent),
                    place,
                    test,
                    has_code: false,
                });
                self.tree.children.push(Child {
                    scope,
                    name: module.name,
                    module: id,
                    instance,
                    declaration: index as u32,
                });
                self.tasks.push(Task {
                    file: child,
                    role,
                    module: id,
                    into: None,
                    guards,
                    test,
                    above: above.clone(),
                    ..*task
                });
            }
        }
    }

    fn includes(&mut self, task: &Task, facts: &FileFacts, path: &Path, instance: u32) {
        for include in &facts.includes {
            let here = &self.tree.instances[instance as usize];
            let (file, scope) = (here.file, here.scopes[include.scope as usize]);
            let place = Place {
                file,
                span: include.span,
            };
            let target = match &include.file {
                Included::File { path: given, .. } => include_file(&include.file, path, given),
                Included::Generated => {
                    let module = self.tree.scopes[scope as usize].module;
                    self.tree.generated.push(Generated { module, place });
                    continue;
                }
                Included::Unknown => {
                    self.blind(
                        place,
                        "`include!` of something that is no literal cannot be followed",
                    );
                    continue;
                }
            };
            let Some(child) =
                target.and_then(|target| self.file_at(&target, place, "the included file"))
            else {
                continue;
            };
            let mut above = task.above.clone();
            above.push(task.file);
            if above.contains(&child) || above.len() >= DEEPEST {
                self.blind(
                    place,
                    "`include!` leads back to a file that leads here, or too deep",
                );
                continue;
            }
            let (guards, test) = self.guards(task, facts, include.guard);
            self.tasks.push(Task {
                file: child,
                role: Role::Directory,
                module: self.tree.scopes[scope as usize].module,
                into: Some(scope),
                guards,
                test,
                above,
                ..*task
            });
        }
    }

    fn guards(&self, task: &Task, facts: &FileFacts, guard: GuardIndex) -> (Vec<String>, bool) {
        let mut guards = task.guards.clone();
        guards.extend(predicates(facts, guard));
        (guards, task.test || facts.guards[guard as usize].test)
    }
}

/// The predicates of a guard, outermost first.
pub(crate) fn predicates(facts: &FileFacts, guard: GuardIndex) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = guard;
    while at != 0 {
        let guard = &facts.guards[at as usize];
        if !guard.predicate.is_empty() {
            found.push(guard.predicate.clone());
        }
        at = guard.outer;
    }
    found.reverse();
    found
}

fn root_path(graph: &Graph, package: PackageId, index: usize) -> String {
    let package = graph.package(package);
    let target = &package.targets[index];
    let library = package
        .targets
        .iter()
        .find(|target| matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro));
    let base = library.map_or_else(
        || package.name.replace('-', "_"),
        |library| library.crate_name.clone(),
    );
    match target.kind {
        TargetKind::BuildScript => format!("{base}::build"),
        TargetKind::Lib | TargetKind::ProcMacro => target.crate_name.clone(),
        _ if library.is_some_and(|library| library.crate_name == target.crate_name) => {
            format!("{base}::main")
        }
        _ => target.crate_name.clone(),
    }
}
