//! What is true of a workspace: its graph, its modules, its names. Facts know no rules.

pub(crate) mod flow;
pub(crate) mod foreign;
pub(crate) mod graph;
pub(crate) mod invented;
pub(crate) mod literal;
pub(crate) mod names;
pub(crate) mod reference;
pub(crate) mod source;
pub(crate) mod surface;
mod workspace;

use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;
use std::sync::{Mutex, PoisonError};

use crate::facts::graph::Workspace;
use crate::facts::names::{Interest, NameTable};
use crate::facts::source::ahead::{Ahead, Guesses};
use crate::facts::source::cache::Cache;
use crate::facts::source::load::{self, Load};
use crate::facts::source::symbols::Symbols;
use crate::facts::source::trail::Trail;
use crate::facts::source::vault::Vault;
use crate::facts::source::within::Within;
use crate::finding::BlindSpot;
use crate::text::{FileId, Sources};

/// Everything that the laws judge.
pub(crate) struct Facts {
    pub(crate) sources: Sources,
    pub(crate) graph: graph::Graph,
    pub(crate) modules: Vec<reference::Module>,
    pub(crate) referents: Vec<reference::Referent>,
    /// In the order of file, place.
    pub(crate) references: Vec<reference::Reference>,
    pub(crate) surface: surface::Surface,
    pub(crate) literals: Vec<literal::Literal>,
    pub(crate) branches: Vec<literal::Branch>,
    /// Functions in whose code a name speaks of updates.
    pub(crate) routines: Vec<flow::Routine<String, literal::Written>>,
    /// Sorted; what could not be read.
    pub(crate) blind_spots: Vec<BlindSpot>,
    /// Code that is not there to read before a build script has run.
    pub(crate) generated: Vec<reference::Generated>,
    /// Files among the sources that no target reaches.
    pub(crate) strays: Vec<FileId>,
    /// Source files read.
    pub(crate) files: usize,
}

/// How the source files are to be read.
pub(crate) struct Reading<'r> {
    pub(crate) threads: usize,
    pub(crate) within: &'r Within,
    /// Keeps the facts of files; `None`: nothing is kept.
    pub(crate) vault: Option<Vault>,
    /// What has been parsed since the program started.
    pub(crate) ahead: Option<Ahead>,
    /// Counts the files that are done.
    pub(crate) progress: &'r AtomicUsize,
}

/// What was gathered.
pub(crate) struct Gathered {
    pub(crate) facts: Facts,
    pub(crate) names: NameTable,
    pub(crate) trail: Trail,
}

/// The folders that a workspace's sources may lie in.
pub(crate) fn within(workspace: &Workspace) -> Within {
    let packages = workspace.graph.packages.iter();
    let folders = packages.map(|package| package.folder.as_path());
    Within::new(std::iter::once(workspace.sources.root()).chain(folders))
}

/// Reads every source file of a workspace and resolves its names.
pub(crate) fn gather(
    workspace: Workspace,
    reading: Reading<'_>,
    interest: Interest<'_>,
) -> Gathered {
    let Workspace {
        graph,
        sources,
        mut blind_spots,
        ..
    } = workspace;
    let (cache, known) = Cache::open(reading.vault);
    // Facts that are kept speak of names by numbers of their own.
    let ahead = reading.ahead.filter(|_| known.names().is_empty());
    let ahead = ahead.map(|ahead| ahead.stop(sources.root()));
    let (symbols, guesses) = ahead.unwrap_or((known, Guesses::default()));
    let symbols = Mutex::new(symbols);
    let load = Load {
        within: reading.within,
        threads: reading.threads,
        symbols: &symbols,
        cache: &cache,
        progress: reading.progress,
        ahead: &Mutex::new(guesses),
    };
    let targets = graph.packages.iter().flat_map(|package| &package.targets);
    let files = load::load(&load, targets.map(|target| target.root.clone()).collect());
    let members = graph.packages.iter().filter(|package| package.member);
    let members: Vec<PathBuf> = members.map(|package| package.folder.clone()).collect();
    let symbols = symbols.into_inner().unwrap_or_else(PoisonError::into_inner);
    let pending = cache.pending(&symbols);
    let (strays, (mut facts, names)) = std::thread::scope(|scope| {
        // Both wait for the disk, and nothing of the names waits for them.
        let strays = scope.spawn(|| files.strays(&members, reading.within));
        pending.map(|pending| scope.spawn(|| pending.write()));
        let hung = hang(graph, &files, symbols, sources, interest, reading.threads);
        (strays.join().expect("looking does not panic"), hung)
    });
    let ids = strays.iter().map(|path| facts.sources.add(path));
    facts.strays = ids.collect();
    blind_spots.append(&mut facts.blind_spots);
    facts.blind_spots = blind_spots;
    Gathered {
        facts,
        names,
        trail: files.into_trail(members, strays),
    }
}

/// Hangs files into the module trees of a graph and resolves their names.
fn hang(
    graph: graph::Graph,
    files: &load::Files,
    symbols: Symbols,
    mut sources: Sources,
    interest: Interest<'_>,
    threads: usize,
) -> (Facts, NameTable) {
    let mut tree = names::tree::build(&graph, files, &symbols, &mut sources);
    let blind_spots = std::mem::take(&mut tree.blind_spots);
    let generated = std::mem::take(&mut tree.generated);
    let resolved = names::resolve_all(tree, &graph, symbols, interest, threads);
    let facts = Facts {
        sources,
        graph,
        modules: resolved.modules,
        referents: resolved.referents,
        references: resolved.references,
        surface: resolved.surface,
        literals: resolved.literals,
        branches: resolved.branches,
        routines: resolved.routines,
        blind_spots,
        generated,
        strays: Vec::new(),
        files: files.files.iter().filter(|file| file.facts.is_ok()).count(),
    };
    (facts, resolved.table)
}
