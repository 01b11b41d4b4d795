//! Reads every source file that some target reaches, in parallel, each once.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::facts::source::cache::Cache;
use crate::facts::source::file::{FileFacts, Included, ScopeIndex};
use crate::facts::source::reduce::{Unreadable, reduce};
use crate::facts::source::symbols::{Interner, Symbol, Symbols};
use crate::text::{Span, Text};

/// What a syntax tree of this many bytes needs is still far below a gigabyte.
const LARGEST_FILE: u64 = 16 << 20;

/// Virtual memory, of which only what deep code touches becomes real; [`super::nesting`] bounds the depth.
pub(crate) const STACK: usize = 512 << 20;

/// How a file's own name takes part in where its modules are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    /// A target's root, a `mod.rs`, a file named by `#[path]`: modules are siblings.
    Directory,
    /// `name.rs`: modules are in `name/`.
    Named,
}

/// One file that was asked for.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) path: PathBuf,
    pub(crate) facts: Result<Arc<FileFacts>, Unreadable>,
}

/// All files, by path.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) files: Vec<Loaded>,
    by_path: HashMap<PathBuf, usize>,
}

impl Files {
    pub(crate) fn find(&self, path: &Path) -> Option<usize> {
        self.by_path.get(path).copied()
    }
}

/// What a load needs to know.
pub(crate) struct Load<'l> {
    /// Folders that sources may lie in, canonical.
    pub(crate) within: Vec<PathBuf>,
    pub(crate) threads: usize,
    pub(crate) symbols: &'l Mutex<Symbols>,
    pub(crate) cache: &'l Cache,
    /// Counts the files that are done.
    pub(crate) progress: &'l AtomicUsize,
    /// Where folders really are.
    pub(crate) folders: Mutex<HashMap<PathBuf, PathBuf>>,
}

impl Load<'_> {
    /// Where a file really is, links followed; folders are asked for once.
    fn real(&self, path: &Path) -> std::io::Result<PathBuf> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return fs::canonicalize(path);
        };
        if fs::symlink_metadata(path)?.is_symlink() {
            return fs::canonicalize(path);
        }
        if let Some(real) = lock(&self.folders).get(folder) {
            return Ok(real.join(name));
        }
        let real = fs::canonicalize(folder)?;
        let file = real.join(name);
        lock(&self.folders).insert(folder.to_owned(), real);
        Ok(file)
    }
}

struct Queue {
    waiting: VecDeque<(PathBuf, Role)>,
    seen: HashSet<(PathBuf, Role)>,
    busy: usize,
    done: HashMap<PathBuf, Arc<Result<Arc<FileFacts>, Unreadable>>>,
}

/// Reads `roots` and all that they lead to.
pub(crate) fn load(load: &Load<'_>, roots: Vec<PathBuf>) -> Files {
    let mut queue = Queue {
        waiting: VecDeque::new(),
        seen: HashSet::new(),
        busy: 0,
        done: HashMap::new(),
    };
    for root in roots {
        queue.push(root, Role::Directory);
    }
    let queue = Mutex::new(queue);
    let more = Condvar::new();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..load.threads.max(1))
            .map(|_| {
                std::thread::Builder::new()
                    .stack_size(STACK)
                    .spawn_scoped(scope, || work(load, &queue, &more))
                    .expect("a thread can be started")
            })
            .collect();
        for worker in workers {
            worker
                .join()
                .expect("a worker returns its panics as blind spots");
        }
    });
    let queue = queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut files: Vec<Loaded> = queue
        .done
        .into_iter()
        .map(|(path, facts)| Loaded {
            path,
            facts: Arc::try_unwrap(facts).unwrap_or_else(|shared| match &*shared {
                Ok(facts) => Ok(Arc::clone(facts)),
                Err(why) => Err(why.clone()),
            }),
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let by_path = files
        .iter()
        .enumerate()
        .map(|(at, file)| (file.path.clone(), at))
        .collect();
    Files { files, by_path }
}

impl Queue {
    fn push(&mut self, path: PathBuf, role: Role) {
        if self.seen.insert((path.clone(), role)) {
            self.waiting.push_back((path, role));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn work(load: &Load<'_>, queue: &Mutex<Queue>, more: &Condvar) {
    let mut interner = Interner::new(load.symbols);
    let mut state = lock(queue);
    loop {
        let Some((path, role)) = state.waiting.pop_front() else {
            if state.busy == 0 {
                more.notify_all();
                return;
            }
            state = more.wait(state).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        state.busy += 1;
        let known = state.done.get(&path).cloned();
        drop(state);
        let facts = known.unwrap_or_else(|| {
            let facts = read(load, &path, &mut interner).map(Arc::new);
            load.progress.fetch_add(1, Ordering::Relaxed);
            Arc::new(facts)
        });
        let children = match &*facts {
            Ok(facts) => children(load.symbols, facts, &path, role),
            Err(_) => Vec::new(),
        };
        state = lock(queue);
        state.done.entry(path).or_insert(facts);
        state.busy -= 1;
        for (path, role) in children {
            state.push(path, role);
        }
        more.notify_all();
    }
}

/// Every file that `facts` leads to and that exists.
fn children(
    symbols: &Mutex<Symbols>,
    facts: &FileFacts,
    path: &Path,
    role: Role,
) -> Vec<(PathBuf, Role)> {
    let mut found = Vec::new();
    for index in 0..facts.modules.len() {
        if facts.modules[index].inline.is_none() {
            let name = |symbol: Symbol| lock(symbols).name(symbol).to_owned();
            found.extend(module_files(facts, index, path, role, &name));
        }
    }
    for include in &facts.includes {
        if let Included::File { path: file, .. } = &include.file
            && let Some(include) = include_file(&include.file, path, file)
        {
            found.push((include, Role::Directory));
        }
    }
    found
}

/// The file of an `include!`, whether or not it exists.
pub(crate) fn include_file(included: &Included, from: &Path, file: &str) -> Option<PathBuf> {
    match included {
        Included::File {
            from_manifest: false,
            ..
        } => Some(normalised(&from.parent()?.join(file))),
        Included::File {
            from_manifest: true,
            ..
        } => {
            let package = from
                .ancestors()
                .skip(1)
                .find(|folder| folder.join("Cargo.toml").is_file())?;
            Some(normalised(&package.join(file)))
        }
        _ => None,
    }
}

/// The files that `mod name;` may mean: all that its `#[path]`s name, else the first of `name.rs` and
/// `name/mod.rs` that exists. Empty: none exists.
pub(crate) fn module_files(
    facts: &FileFacts,
    index: usize,
    path: &Path,
    role: Role,
    name: &dyn Fn(Symbol) -> String,
) -> Vec<(PathBuf, Role)> {
    let module = &facts.modules[index];
    let inline = inline_folders(facts, module.scope, name);
    let own = path.parent().unwrap_or(Path::new(""));
    let nested = match role {
        Role::Directory => own.to_owned(),
        Role::Named => own.join(path.file_stem().unwrap_or_default()),
    };
    let mut found = Vec::new();
    for (given, _) in &module.paths {
        let base = if inline.is_empty() { own } else { &nested };
        let file = normalised(&base.join(inline.iter().collect::<PathBuf>()).join(given));
        found.push((file, Role::Directory));
    }
    if module.paths.iter().all(|&(_, conditional)| conditional) {
        let folder = nested.join(inline.iter().collect::<PathBuf>());
        let name = name(module.name);
        let plain = normalised(&folder.join(format!("{name}.rs")));
        let directory = normalised(&folder.join(name).join("mod.rs"));
        if exists(&plain) {
            found.push((plain, Role::Named));
        } else if exists(&directory) {
            found.push((directory, Role::Directory));
        }
    }
    found
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// The folders that the inline modules around a scope stand for, outermost first.
fn inline_folders(
    facts: &FileFacts,
    scope: ScopeIndex,
    name: &dyn Fn(Symbol) -> String,
) -> Vec<String> {
    let mut folders = Vec::new();
    let mut at = Some(scope);
    while let Some(scope) = at {
        let scope = &facts.scopes[scope as usize];
        if let Some(module) = scope.module {
            let module = &facts.modules[module as usize];
            folders.push(match module.paths.first() {
                Some((path, _)) => path.clone(),
                None => name(module.name),
            });
        }
        at = scope.outer;
    }
    folders.reverse();
    folders
}

/// Takes `.` and `..` out of a path without asking the file system.
fn normalised(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            part => result.push(part),
        }
    }
    result
}

fn read(
    load: &Load<'_>,
    path: &Path,
    interner: &mut Interner<'_>,
) -> Result<FileFacts, Unreadable> {
    let bytes = bytes(load, path)?;
    let digest = *blake3::hash(&bytes).as_bytes();
    if let Some(facts) = load.cache.get(&digest) {
        return Ok(facts);
    }
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            let at = Text::new(valid).position(usize::MAX);
            return Err(Unreadable {
                span: Span { start: at, end: at },
                reason: "is not UTF-8 from here on".to_owned(),
            });
        }
    };
    // A panic of the parser on hostile input is one more way of not being readable.
    let reduced = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| reduce(text, interner)));
    let facts = reduced.unwrap_or_else(|_| Err(Unreadable::whole("the parser gave up on it")))?;
    load.cache.put(digest, &facts);
    Ok(facts)
}

fn bytes(load: &Load<'_>, path: &Path) -> Result<Vec<u8>, Unreadable> {
    let failed = |error: std::io::Error| {
        Unreadable::whole(&match error.kind() {
            std::io::ErrorKind::NotFound => "does not exist".to_owned(),
            _ => format!("cannot be read: {error}"),
        })
    };
    let real = load.real(path).map_err(failed)?;
    if !load.within.iter().any(|folder| real.starts_with(folder)) {
        return Err(Unreadable::whole("leads out of the workspace"));
    }
    let metadata = fs::metadata(&real).map_err(failed)?;
    if !metadata.is_file() {
        return Err(Unreadable::whole("is no regular file"));
    }
    if metadata.len() > LARGEST_FILE {
        return Err(Unreadable::whole("is larger than 16 MiB"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    let file = fs::File::open(&real).map_err(failed)?;
    file.take(LARGEST_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    Ok(bytes)
}

impl Unreadable {
    pub(crate) fn whole(reason: &str) -> Self {
        Self {
            span: Span::START,
            reason: reason.to_owned(),
        }
    }
}
