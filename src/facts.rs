//! What is true of a workspace: its graph, its modules, its names. Facts know no rules.

pub(crate) mod graph;
pub(crate) mod literal;
pub(crate) mod names;
pub(crate) mod reference;
pub(crate) mod source;
mod workspace;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;

use crate::facts::names::{Interest, NameTable};
use crate::finding::BlindSpot;
use crate::text::Sources;

/// Everything that the laws judge.
pub(crate) struct Facts {
    pub(crate) sources: Sources,
    /// Cargo's target directory, for the cache.
    pub(crate) target_directory: PathBuf,
    pub(crate) graph: graph::Graph,
    pub(crate) modules: Vec<reference::Module>,
    pub(crate) referents: Vec<reference::Referent>,
    /// In the order of file, place.
    pub(crate) references: Vec<reference::Reference>,
    pub(crate) literals: Vec<literal::Literal>,
    pub(crate) branches: Vec<literal::Branch>,
    /// Sorted; what could not be read.
    pub(crate) blind_spots: Vec<BlindSpot>,
    /// Code that is not there to read before a build script has run.
    pub(crate) generated: Vec<reference::Generated>,
    /// Source files read.
    pub(crate) files: usize,
}

/// How the source files are to be read.
pub(crate) struct Reading<'r> {
    pub(crate) threads: usize,
    pub(crate) keeping: source::cache::Keeping,
    /// Counts the files that are done.
    pub(crate) progress: &'r AtomicUsize,
}

/// Reads every source file of a workspace and resolves its names.
pub(crate) fn gather(
    workspace: graph::Workspace,
    reading: &Reading<'_>,
    interest: Interest<'_>,
) -> (Facts, NameTable) {
    let graph::Workspace {
        graph,
        mut sources,
        target_directory,
        mut blind_spots,
    } = workspace;
    let (cache, symbols) = source::cache::Cache::open(reading.keeping.vault(sources.root()));
    let shared = Mutex::new(symbols);
    let files = {
        let mut within: Vec<PathBuf> = vec![sources.root().to_owned()];
        within.extend(graph.packages.iter().map(|package| package.folder.clone()));
        let within = within
            .iter()
            .filter_map(|folder| folder.canonicalize().ok())
            .collect();
        let load = source::load::Load {
            within,
            threads: reading.threads,
            symbols: &shared,
            cache: &cache,
            progress: reading.progress,
        };
        let roots = graph.packages.iter().flat_map(|package| &package.targets);
        source::load::load(&load, roots.map(|target| target.root.clone()).collect())
    };
    let symbols = shared
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    cache.save(&symbols);
    let tree = names::tree::build(&graph, &files, &symbols, &mut sources);
    blind_spots.extend(tree.blind_spots.iter().cloned());
    let generated = tree.generated.clone();
    let read = files.files.iter().filter(|file| file.facts.is_ok()).count();
    let (literals, branches) = names::written::collect(&tree, &symbols);
    let names::Resolved { table, references } =
        names::resolve_all(tree, &graph, symbols, interest, reading.threads);
    let facts = Facts {
        sources,
        target_directory,
        graph,
        modules: table.modules().to_vec(),
        referents: table.referents().to_vec(),
        references,
        literals,
        branches,
        blind_spots,
        generated,
        files: read,
    };
    (facts, table)
}
