//! Reads every source file that some target reaches, in parallel, each once.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::facts::source::ahead::Guesses;
use crate::facts::source::brought;
use crate::facts::source::cache::{Cache, Digest, Packed};
use crate::facts::source::file::FileFacts;
use crate::facts::source::leads::{Children, Role, children, module_files_or_not};
use crate::facts::source::reduce::{Desk, Unreadable, reduce};
use crate::facts::source::strays::strays;
use crate::facts::source::symbols::{Interner, Symbol, Symbols};
use crate::facts::source::trail::Trail;
use crate::facts::source::within::{Within, digest_of};
use crate::text::{Span, Text};

/// Virtual memory, of which only what deep code touches becomes real; [`super::nesting`] bounds the depth.
pub(crate) const STACK: usize = 512 << 20;

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
    by_path: foldhash::HashMap<PathBuf, usize>,
    trail: Trail,
}

impl Files {
    /// Files that are given as texts. No file of another is looked for.
    pub(crate) fn of_texts(texts: Vec<(PathBuf, String)>, symbols: &Mutex<Symbols>) -> Self {
        let read = || {
            let mut desk = Desk::new(Interner::new(symbols));
            let loaded = texts.into_iter().map(|(path, text)| Loaded {
                facts: parsed(text.as_bytes(), &mut desk).map(Arc::new),
                path,
            });
            loaded.collect()
        };
        let files: Vec<Loaded> = std::thread::scope(|scope| {
            let reader = std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, read)
                .expect("a thread can be started");
            reader.join().expect("the parser's panics are caught")
        });
        let by_path = (files.iter().enumerate())
            .map(|(at, file)| (file.path.clone(), at))
            .collect();
        Self {
            files,
            by_path,
            trail: Trail::default(),
        }
    }

    /// The files among the sources of `packages` that nothing leads to.
    pub(crate) fn strays(&self, packages: &[PathBuf], within: &Within) -> Vec<PathBuf> {
        let is_known = |path: &Path| self.by_path.contains_key(path) || !within.exists(path);
        strays(packages.iter().map(PathBuf::as_path), &is_known)
    }

    /// What was read, and which files of `packages` nothing led to.
    pub(crate) fn into_trail(self, packages: Vec<PathBuf>, strays: Vec<PathBuf>) -> Trail {
        Trail {
            packages,
            strays,
            ..self.trail
        }
    }

    pub(crate) fn find(&self, path: &Path) -> Option<usize> {
        self.by_path.get(path).copied()
    }
}

/// What a load needs to know.
pub(crate) struct Load<'l> {
    pub(crate) within: &'l Within,
    pub(crate) threads: usize,
    pub(crate) symbols: &'l Mutex<Symbols>,
    pub(crate) cache: &'l Cache,
    /// Counts the files that are done.
    pub(crate) progress: &'l AtomicUsize,
    /// What was parsed before anybody asked.
    pub(crate) ahead: &'l Mutex<Guesses>,
}

/// Files whose facts are unpacked at a time.
const BATCH: usize = 32;

/// One file's outcome on its way to [`Files`].
pub(super) type Done = (Result<Learnt, Unreadable>, Option<Digest>);

/// The facts of one file. While there are syntax trees, those of a file that was parsed stay packed: they
/// would lie scattered among the trees that go, whose memory the next tree is to be put in.
#[derive(Debug)]
pub(super) enum Learnt {
    Open(Arc<FileFacts>),
    Packed { facts: Packed, brings_files: bool },
}

impl Learnt {
    fn open(&self) -> Arc<FileFacts> {
        match self {
            Self::Open(facts) => Arc::clone(facts),
            Self::Packed { facts, .. } => Arc::new(facts.unpack()),
        }
    }

    fn brings_files(&self) -> bool {
        match self {
            Self::Open(facts) => facts.brings_files(),
            Self::Packed { brings_files, .. } => *brings_files,
        }
    }
}

struct Queue {
    waiting: VecDeque<(PathBuf, Role)>,
    seen: HashSet<(PathBuf, Role)>,
    busy: usize,
    done: HashMap<PathBuf, Arc<Done>>,
    absent: Vec<PathBuf>,
}

/// Reads `roots` and all that they lead to.
pub(crate) fn load(load: &Load<'_>, roots: Vec<PathBuf>) -> Files {
    let mut queue = Queue {
        waiting: VecDeque::new(),
        seen: HashSet::new(),
        busy: 0,
        done: HashMap::new(),
        absent: Vec::new(),
    };
    for root in roots {
        queue.push(root, Role::Directory);
    }
    loop {
        queue = drain(load, queue);
        if !bring(load, &mut queue) {
            break;
        }
    }
    let mut done: Vec<(PathBuf, Arc<Done>)> = queue.done.into_iter().collect();
    // As bytes: paths compare their parts one by one.
    done.sort_by(|a, b| a.0.as_os_str().cmp(b.0.as_os_str()));
    let mut trail = Trail {
        absent: queue.absent,
        ..Trail::default()
    };
    for (path, done) in &done {
        match done.1 {
            Some(digest) => trail.read.push((path.clone(), digest)),
            None => trail.torn = true,
        }
    }
    let files = opened(done, load.threads);
    let by_path = files
        .iter()
        .enumerate()
        .map(|(at, file)| (file.path.clone(), at))
        .collect();
    Files {
        files,
        by_path,
        trail,
    }
}

/// Unpacks what was learnt, on so many threads.
fn opened(done: Vec<(PathBuf, Arc<Done>)>, threads: usize) -> Vec<Loaded> {
    let left = Mutex::new(done.into_iter().enumerate());
    let open = || {
        let mut opened = Vec::new();
        loop {
            let batch: Vec<_> = lock(&left).by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return opened;
            }
            // What was packed goes here too, lest all of it go at once on one thread.
            opened.extend(batch.into_iter().map(|(at, (path, done))| {
                let facts = match &done.0 {
                    Ok(learnt) => Ok(learnt.open()),
                    Err(why) => Err(why.clone()),
                };
                (at, Loaded { path, facts })
            }));
        }
    };
    let mut files: Vec<(usize, Loaded)> = std::thread::scope(|scope| {
        let workers = (0..threads.max(1)).map(|_| scope.spawn(open));
        let workers: Vec<_> = workers.collect();
        let opened = workers.into_iter().flat_map(|worker| {
            let opened = worker.join();
            opened.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        opened.collect()
    });
    files.sort_by_key(|(at, _)| *at);
    files.into_iter().map(|(_, file)| file).collect()
}

/// Reads all that waits and all that it leads to.
fn drain(load: &Load<'_>, queue: Queue) -> Queue {
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
    queue.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Declares what macros bring to the files that were read; says whether that leads further.
fn bring(load: &Load<'_>, queue: &mut Queue) -> bool {
    let has_bodies = |done: &Arc<Done>| matches!(&done.0, Ok(learnt) if learnt.brings_files());
    if !queue.done.values().any(has_bodies) {
        return false;
    }
    let files: HashMap<PathBuf, Arc<FileFacts>> = queue
        .done
        .iter()
        .filter_map(|(path, done)| Some((path.clone(), done.0.as_ref().ok()?.open())))
        .collect();
    let absent = RefCell::new(Vec::new());
    let there = |path: &Path| load.within.exists(path);
    let name = |symbol: Symbol| lock(load.symbols).name(symbol).to_owned();
    let has_file = |facts: &FileFacts, module: usize, path: &Path| {
        [Role::Directory, Role::Named].into_iter().any(|role| {
            let asked = queue.seen.contains(&(path.to_owned(), role));
            let absent = &mut absent.borrow_mut();
            let mut files =
                || module_files_or_not(facts, module, path, role, &name, &there, absent);
            asked && files().iter().any(|(file, _)| there(file))
        })
    };
    let changed = brought::declare(&files, &has_file);
    queue.absent.extend(absent.into_inner());
    let further = !changed.is_empty();
    for (path, facts) in changed {
        let digest = queue.done.get(&path).and_then(|done| done.1);
        for role in [Role::Directory, Role::Named] {
            if queue.seen.contains(&(path.clone(), role)) {
                queue.waiting.push_back((path.clone(), role));
            }
        }
        queue
            .done
            .insert(path, Arc::new((Ok(Learnt::Open(Arc::new(facts))), digest)));
    }
    further
}

impl Queue {
    fn push(&mut self, path: PathBuf, role: Role) {
        if self.seen.insert((path.clone(), role)) {
            self.waiting.push_back((path, role));
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn work(load: &Load<'_>, queue: &Mutex<Queue>, more: &Condvar) {
    let mut desk = Desk::new(Interner::new(load.symbols));
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
        let mut absent = Vec::new();
        let mut children = |facts: &FileFacts| children(load, facts, &path, role, &mut absent);
        let (done, children) = match known {
            Some(done) => {
                let facts = done.0.as_ref().ok().map(Learnt::open);
                (done, facts.map(|facts| children(&facts)))
            }
            None => {
                let guess = lock(load.ahead).remove(&path);
                let (done, children) = match guess.filter(|guess| guess.role == role) {
                    Some(guess) => guess.taken(load.cache, &mut absent),
                    None => read(load, &path, &mut desk, &mut children),
                };
                load.progress.fetch_add(1, Ordering::Relaxed);
                (Arc::new(done), children)
            }
        };
        state = lock(queue);
        state.absent.append(&mut absent);
        state.done.entry(path).or_insert(done);
        state.busy -= 1;
        for (path, role) in children.into_iter().flatten() {
            state.push(path, role);
        }
        more.notify_all();
    }
}

/// Reads one file; `children` is asked of its facts before they are packed.
pub(super) fn read(
    load: &Load<'_>,
    path: &Path,
    desk: &mut Desk<'_>,
    children: &mut dyn FnMut(&FileFacts) -> Children,
) -> (Done, Option<Children>) {
    let mut kept = |digest: Digest| {
        let facts = load.cache.get(&digest)?;
        let children = children(&facts);
        let learnt = Learnt::Open(Arc::new(facts));
        Some(((Ok(learnt), Some(digest)), Some(children)))
    };
    let known = load.within.known(path);
    if let Some(done) = known.and_then(&mut kept) {
        return done;
    }
    let bytes = match load.within.bytes(path) {
        Ok(bytes) => bytes,
        Err(why) => return ((Err(why), None), None),
    };
    let digest = digest_of(&bytes);
    if let Some(done) = kept(digest) {
        return done;
    }
    match parsed(&bytes, desk) {
        Ok(facts) => {
            let children = children(&facts);
            let packed = Packed::new(&facts, &mut desk.tape);
            load.cache.put(digest, &packed);
            let learnt = Learnt::Packed {
                facts: packed,
                brings_files: facts.brings_files(),
            };
            desk.clear(facts);
            ((Ok(learnt), Some(digest)), Some(children))
        }
        Err(why) => ((Err(why), Some(digest)), None),
    }
}

/// The facts of a file with this content.
fn parsed(bytes: &[u8], desk: &mut Desk<'_>) -> Result<FileFacts, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
        let at = Text::new(valid).position(usize::MAX);
        Unreadable {
            span: Span { start: at, end: at },
            reason: "is not UTF-8 from here on".to_owned(),
        }
    })?;
    // A panic of the parser on hostile input is one more way of not being readable.
    let reduced = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| reduce(text, desk)));
    reduced.unwrap_or_else(|_| Err(Unreadable::whole("the parser gave up on it")))
}

impl Unreadable {
    pub(crate) fn whole(reason: &str) -> Self {
        Self {
            span: Span::START,
            reason: reason.to_owned(),
        }
    }
}
