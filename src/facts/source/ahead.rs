//! Source files that are parsed while cargo is still asked which there are: guesses, of which only those count
//! that are asked for.

use std::collections::{HashMap, HashSet, VecDeque};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

use walkdir::WalkDir;

use crate::facts::source::cache::Cache;
use crate::facts::source::file::FileFacts;
use crate::facts::source::leads::{self, Children, Role};
use crate::facts::source::load::{self, Done, Learnt, Load, STACK, lock};
use crate::facts::source::reduce::Desk;
use crate::facts::source::symbols::{Interner, Symbols};
use crate::facts::source::within::Within;

/// Larger files wait until they are asked for: nobody is to wait for one that is not.
const LARGEST_GUESS: u64 = 1 << 18;

/// How far below the root packages are looked for, and in how much: cargo answers in less time than more takes.
const DEEPEST: usize = 6;
const MOST_ENTRIES: usize = 20_000;

/// Threads that parse what the workspace in a folder will probably want, until they are told to stop.
pub(crate) struct Ahead {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

/// Files by path, each to be taken once it is asked for.
pub(crate) type Guesses = HashMap<PathBuf, Guess>;

/// A file that was parsed, and what its facts lead to.
pub(crate) struct Guess {
    pub(super) role: Role,
    done: Done,
    children: Children,
    absent: Vec<PathBuf>,
}

struct Shared {
    root: PathBuf,
    within: Within,
    symbols: Mutex<Symbols>,
    state: Mutex<State>,
    more: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<(PathBuf, Role)>,
    seen: HashSet<PathBuf>,
    guesses: Guesses,
    /// How many threads may still add to what waits.
    busy: usize,
    over: bool,
}

impl Ahead {
    /// Begins to parse the sources of the packages under `root`, on so many threads. Nothing is read through
    /// links that lead out of it.
    pub(crate) fn start(root: PathBuf, threads: usize) -> Self {
        let shared = Arc::new(Shared {
            within: Within::new(std::iter::once(root.as_path())),
            root,
            symbols: Mutex::default(),
            state: Mutex::new(State {
                busy: 1,
                ..State::default()
            }),
            more: Condvar::new(),
        });
        let threads = (0..threads.max(1)).filter_map(|number| {
            let shared = Arc::clone(&shared);
            let thread = std::thread::Builder::new().stack_size(STACK);
            let work = move || {
                if number == 0 {
                    shared.look_around();
                }
                shared.work();
            };
            // Without a thread nothing is guessed, and nothing is lost.
            thread.spawn(work).ok()
        });
        Self {
            threads: threads.collect(),
            shared,
        }
    }

    /// What was parsed of the workspace at `root`, and the names that its facts speak of.
    pub(crate) fn stop(mut self, root: &Path) -> (Symbols, Guesses) {
        self.shared.stop();
        for thread in self.threads.drain(..) {
            thread.join().expect("the parser's panics are caught");
        }
        if self.shared.root != root {
            return Default::default();
        }
        let symbols = std::mem::take(&mut *lock(&self.shared.symbols));
        let guesses = std::mem::take(&mut lock(&self.shared.state).guesses);
        (symbols, guesses)
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.shared.stop();
    }
}

impl Guess {
    /// As if the file had been read only now: `cache` keeps it, and what it looked for in vain is `absent`.
    pub(super) fn taken(
        self,
        cache: &Cache,
        absent: &mut Vec<PathBuf>,
    ) -> (Done, Option<Children>) {
        if let (Ok(Learnt::Packed { facts, .. }), Some(digest)) = &self.done {
            cache.put(*digest, facts);
        }
        absent.extend(self.absent);
        (self.done, Some(self.children))
    }
}

impl Shared {
    fn stop(&self) {
        let mut state = lock(&self.state);
        state.over = true;
        state.waiting.clear();
        self.more.notify_all();
    }

    /// Finds packages with the roots that cargo gives them by itself.
    fn look_around(&self) {
        let entries = WalkDir::new(&self.root)
            .max_depth(DEEPEST)
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || !is_bulk(entry.file_name()));
        for entry in entries.take(MOST_ENTRIES).filter_map(Result::ok) {
            if entry.file_name() == "Cargo.toml"
                && let Some(folder) = entry.path().parent()
            {
                let roots = ["src/lib.rs", "src/main.rs"].map(|root| folder.join(root));
                let found = roots.into_iter().filter(|root| root.is_file());
                let found: Vec<_> = found.map(|root| (root, Role::Directory)).collect();
                self.push(found);
            }
            if lock(&self.state).over {
                break;
            }
        }
        lock(&self.state).busy -= 1;
        self.more.notify_all();
    }

    fn push(&self, files: Vec<(PathBuf, Role)>) {
        let mut state = lock(&self.state);
        for (path, role) in files {
            if !state.over && state.seen.insert(path.clone()) {
                state.waiting.push_back((path, role));
            }
        }
        self.more.notify_all();
    }

    fn work(&self) {
        let (cache, progress, guesses) = (
            Cache::default(),
            AtomicUsize::new(0),
            Mutex::new(Guesses::new()),
        );
        let load = Load {
            within: &self.within,
            threads: 1,
            symbols: &self.symbols,
            cache: &cache,
            progress: &progress,
            ahead: &guesses,
        };
        let mut desk = Desk::new(Interner::new(&self.symbols));
        while let Some((path, role)) = self.next() {
            let guess = guess(&load, &path, role, &mut desk);
            if let Some(guess) = &guess {
                self.push(guess.children.clone());
            }
            let mut state = lock(&self.state);
            state.busy -= 1;
            state.guesses.extend(guess.map(|guess| (path, guess)));
        }
        self.more.notify_all();
    }

    /// The next file, once there is one; the thread that has it is busy.
    fn next(&self) -> Option<(PathBuf, Role)> {
        let mut state = lock(&self.state);
        loop {
            if let Some(next) = state.waiting.pop_front() {
                state.busy += 1;
                return Some(next);
            }
            if state.over || state.busy == 0 {
                return None;
            }
            state = (self.more.wait(state)).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// What a file holds; `None` where it is too large for a guess, or cannot be read, of which only the load itself
/// is to speak.
fn guess(load: &Load<'_>, path: &Path, role: Role, desk: &mut Desk<'_>) -> Option<Guess> {
    if fs::metadata(path).ok()?.len() > LARGEST_GUESS {
        return None;
    }
    let mut absent = Vec::new();
    let mut children = |facts: &FileFacts| leads::children(load, facts, path, role, &mut absent);
    let (done, children) = load::read(load, path, desk, &mut children);
    matches!(done, (Ok(Learnt::Packed { .. }), _)).then_some(Guess {
        role,
        done,
        children: children.unwrap_or_default(),
        absent,
    })
}

/// Folders in which no package of a workspace lies, or only what was copied.
fn is_bulk(name: &OsStr) -> bool {
    let hidden = name.as_encoded_bytes().starts_with(b".");
    hidden
        || ["target", "node_modules", "src"]
            .iter()
            .any(|it| name == *it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    /// A package whose module `out` is a link that leads out, and a package beside it.
    fn workspace() -> (Folder, PathBuf) {
        let folder = Folder::new("ahead");
        let root = folder.path().canonicalize().expect("it is there");
        folder.file("out.rs", "pub fn out() {}");
        for package in ["ws", "ws/beside"] {
            folder.file(&format!("{package}/Cargo.toml"), "[workspace]");
            folder.file(&format!("{package}/src/lib.rs"), "mod a; mod out;");
            folder.file(&format!("{package}/src/a.rs"), "pub struct A;");
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(root.join("out.rs"), root.join("ws/src/out.rs"))
            .expect("it can be linked");
        (folder, root.join("ws"))
    }

    fn guessed(root: &Path, asked: &Path) -> (Symbols, Guesses) {
        let mut ahead = Ahead::start(root.to_owned(), 2);
        for thread in ahead.threads.drain(..) {
            thread.join().expect("it ends by itself");
        }
        ahead.stop(asked)
    }

    #[test]
    fn what_is_guessed_lies_in_the_workspace_and_counts_only_if_it_is_asked_for() {
        let (_folder, root) = workspace();
        assert!(
            guessed(&root, root.parent().expect("it has one"))
                .1
                .is_empty()
        );
        let (symbols, guesses) = guessed(&root, &root);
        let shown = |path: &Path| crate::text::relative(&root, path);
        let mut paths: Vec<String> = guesses.keys().map(|path| shown(path)).collect();
        paths.sort();
        let beside = ["beside/src/a.rs", "beside/src/lib.rs"];
        assert_eq!(paths, [&beside[..], &["src/a.rs", "src/lib.rs"]].concat());
        let progress = AtomicUsize::new(0);
        let load = Load {
            within: &Within::new(std::iter::once(root.as_path())),
            threads: 1,
            symbols: &Mutex::new(symbols),
            cache: &Cache::default(),
            progress: &progress,
            ahead: &Mutex::new(guesses),
        };
        let files = load::load(&load, vec![root.join("src/lib.rs")]).files;
        let read = files.iter().filter(|file| file.facts.is_ok());
        let read: Vec<String> = read.map(|file| shown(&file.path)).collect();
        assert_eq!(read, ["src/a.rs", "src/lib.rs"]);
        assert_eq!(progress.into_inner(), files.len());
    }
}
