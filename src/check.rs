//! The way through: from a request to findings, with all that a report needs beside them.

mod amended;
mod base;
mod heirs;
mod left_out;
mod opened;
mod staged;
mod tracker;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;

use crate::constitution::{Claim, Constitution, FILE_NAME, LawError, Tracked};
use crate::facts::graph::{self, ExternalId, Workspace};
use crate::facts::names::NameTable;
use crate::facts::source::ahead::Ahead;
use crate::facts::source::cache;
use crate::facts::source::trail::Trail;
use crate::facts::source::vault::Vault;
use crate::facts::source::within::Within;
use crate::facts::{self, Facts, Gathered, Reading};
use crate::finding::{BlindSpot, Finding, Level};
use crate::init::{self, Proposal};
use crate::layering::Layering;
use crate::report::{Checked, Report};
use crate::rules::{self, Case};
use crate::text::{Place, Sources};
pub(crate) use base::Base;
use opened::Opened;
pub(crate) use opened::law;
pub(crate) use staged::{Staged, StandIn, check_in_place};
use tracker::Tracker;

/// The folder in cargo's target directory that is ours.
const KEPT: &str = "constitution";

/// What to judge, by which law, and with what means.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// `None`: the workspace around the current folder.
    pub(crate) manifest_path: Option<PathBuf>,
    /// `None`: `constitution.toml` at the workspace's root, else the built-in law.
    pub(crate) constitution: Option<PathBuf>,
    pub(crate) cache: Cache,
    /// `None`: as many as the machine has.
    pub(crate) threads: Option<NonZeroUsize>,
    /// Set where the workspace is not the one that people work in.
    pub(crate) stand_in: Option<StandIn>,
    /// Files with the facts of other workspaces, to judge this one together with.
    pub(crate) with: Vec<PathBuf>,
}

impl Request {
    /// Begins to parse while cargo is asked what there is, where nothing is kept that would spare it.
    fn ahead(&self) -> Option<Ahead> {
        if self.stand_in.is_some() {
            return None;
        }
        let root = graph::root_around(self.manifest_path.as_deref())?;
        let kept = match &self.cache {
            Cache::Target => cache::is_kept_in(&graph::target_of(&root).join(KEPT)),
            Cache::At(folder) => cache::is_kept_in(folder),
            Cache::Off => false,
        };
        (!kept).then(|| Ahead::start(root, threads(self.threads)))
    }

    /// What is kept of this workspace; `None` where nothing can be kept safely.
    fn vault(&self, workspace: &Workspace) -> Option<Vault> {
        let original = |path: &Path| match &self.stand_in {
            Some(stand_in) => stand_in.original(path),
            None => path.to_owned(),
        };
        let root = original(workspace.sources.root());
        match &self.cache {
            Cache::Target => {
                let target = original(&workspace.target_directory);
                Vault::open(target.join(KEPT), &root, false)
            }
            Cache::At(folder) => Vault::open(folder.clone(), &root, true),
            Cache::Off => None,
        }
    }
}

/// Where facts of unchanged files are kept from one check to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cache {
    /// In cargo's target directory.
    Target,
    At(PathBuf),
    Off,
}

/// What a check saw and found.
pub(crate) struct Outcome {
    pub(crate) sources: Sources,
    /// What is worth a word beside the findings.
    pub(crate) words: Vec<String>,
    pub(crate) judged: Judged,
    /// What was judged, if it was not taken from an earlier run. To give it back takes time, which a program
    /// that ends soon need not spend.
    pub(crate) remains: Option<Box<(Facts, NameTable)>>,
}

/// Why nothing could be judged although the workspace and the law are in order.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub(crate) enum Lawless {
    #[error("no package of this workspace belongs to a layer: there is no law to apply")]
    #[diagnostic(help(
        "`cargo constitution init` writes a first constitution.toml from what the workspace looks like; \
         or name packages as the built-in law does (`organ-*`, `runtime-*`, …), or give each a \
         `[package.metadata.constitution]` with its `layer`"
    ))]
    NothingClaimed,
}

/// Judges one workspace; also its law, by which its records are to be judged. Those are read every time: no
/// outcome that is kept knows of them.
///
/// # Errors
/// If there is no workspace there, or its constitution is wrong or claims nothing: nothing was judged then.
pub(crate) fn check(request: &Request) -> miette::Result<(Outcome, Constitution)> {
    let ahead = request.ahead();
    let workspace = graph::read(request.manifest_path.as_deref())?;
    Opened::new(workspace, request, ahead)?.judge(request, None)
}

/// A workspace that was read, with the law to judge it by.
pub(crate) struct Matter {
    law: Constitution,
    claims: Vec<Option<Claim>>,
    /// What the tracker says.
    tracked: Vec<Tracked>,
    vault: Option<Vault>,
    threads: usize,
    facts: Facts,
    names: NameTable,
    layering: Layering,
    /// What is worth a word beside the findings.
    pub(crate) words: Vec<String>,
}

/// The law with everything that a workspace says of itself.
struct Law {
    law: Constitution,
    /// Of the manifests, by package.
    claims: Vec<Option<Claim>>,
    /// Of the tracker.
    tracked: Vec<Tracked>,
}

impl Law {
    fn new(law: Constitution, claims: Vec<Option<Claim>>, tracker: Option<&Tracker>) -> Self {
        Self {
            law,
            claims,
            tracked: tracker.map(Tracker::rows).unwrap_or_default(),
        }
    }
}

/// What the laws say of a matter.
#[derive(Clone)]
pub(crate) struct Judged {
    /// In any order.
    pub(crate) findings: Vec<Finding>,
    pub(crate) blind_spots: Vec<BlindSpot>,
    /// Where credentials are written: no report may repeat them.
    pub(crate) secrets: Vec<Place>,
    pub(crate) checked: Checked,
}

impl Judged {
    /// The report of it, by which a finding of `fail_on` or graver freezes.
    pub(crate) fn report(self, fail_on: Level, sources: &Sources) -> Report<'_> {
        let report = Report::new(
            self.findings,
            self.blind_spots,
            self.checked,
            fail_on,
            sources,
        );
        report.masking(self.secrets)
    }
}

impl Matter {
    /// Reads the workspace and its law, and judges nothing.
    ///
    /// # Errors
    /// If there is no workspace there, or its constitution is wrong.
    pub(crate) fn read(request: &Request) -> miette::Result<Self> {
        let ahead = request.ahead();
        let workspace = graph::read(request.manifest_path.as_deref())?;
        Ok(Opened::new(workspace, request, ahead)?.gather(request).0)
    }

    /// Reads the workspace under a law that is proposed for it.
    ///
    /// # Errors
    /// If what its manifests claim is wrong under any law.
    pub(crate) fn propose(
        workspace: Workspace,
        request: &Request,
    ) -> Result<(Self, Proposal), LawError> {
        let threads = threads(request.threads);
        let within = facts::within(&workspace);
        let vault = request.vault(&workspace);
        let law = Law::new(Constitution::built_in(rules::all()), Vec::new(), None);
        let mut matter = Self::gather(workspace, law, &within, vault, threads, None).0;
        let facts = &mut matter.facts;
        let file = facts.sources.root().join(FILE_NAME);
        let file = facts.sources.add(&file);
        let proposal = init::propose(&matter.facts, &matter.names, file)
            .map_err(|mistakes| LawError::new(mistakes, &matter.facts.sources))?;
        let (law, layering) = proposal.applied(&matter.facts, file);
        matter.law = law;
        matter.layering = layering;
        Ok((matter, proposal))
    }

    /// The facts that the law asks for, and which files they were read from.
    fn gather(
        workspace: Workspace,
        Law {
            law,
            claims,
            tracked,
        }: Law,
        within: &Within,
        vault: Option<Vault>,
        threads: usize,
        ahead: Option<Ahead>,
    ) -> (Self, Trail) {
        let externals = workspace.graph.externals.iter();
        let names: Vec<String> = externals.map(|external| external.name.clone()).collect();
        let interest = |package: Option<ExternalId>, path: &[&str]| {
            let package = package.map(|package| names[package.0].as_str());
            law.catalogue.classify(package, path).is_some()
        };
        let reading = Reading {
            threads,
            within,
            vault: vault.clone(),
            ahead,
            progress: &AtomicUsize::new(0),
        };
        let Gathered {
            facts,
            names,
            trail,
        } = facts::gather(workspace, reading, &interest);
        let matter = Self {
            layering: Layering::new(&law, &claims, &tracked, &facts),
            law,
            claims,
            tracked,
            vault,
            threads,
            facts,
            names,
            words: Vec::new(),
        };
        (matter, trail)
    }

    /// Applies the law to the facts.
    ///
    /// # Errors
    /// If the law claims nothing here.
    pub(crate) fn judge(&self) -> Result<Judged, Lawless> {
        if !self.layering.anything_claimed() {
            return Err(Lawless::NothingClaimed);
        }
        Ok(self.judge_by(&self.case()))
    }

    fn judge_by(&self, case: &Case<'_>) -> Judged {
        let facts = &self.facts;
        let mut blind_spots = facts.blind_spots.clone();
        blind_spots.extend(rules::unread(case));
        Judged {
            findings: rules::check_all(case, self.threads),
            blind_spots,
            secrets: rules::secrets(case),
            checked: Checked {
                packages: facts.graph.packages.len(),
                files: facts.files,
                modules: facts.modules.len(),
                edges: facts.graph.edges.len() + facts.references.len(),
            },
        }
    }

    /// Judges; where a `reference` is named, by the law at that commit too.
    ///
    /// # Errors
    /// If nothing claims anything here, or that commit cannot be read.
    pub(crate) fn judge_change(
        &mut self,
        request: &Request,
        reference: Option<&str>,
    ) -> miette::Result<(Judged, Option<Base>)> {
        let Some(reference) = reference else {
            return Ok((self.judge()?, None));
        };
        let base = Base::read(reference, request, self)?;
        Ok((self.judge_since(&base)?, Some(base)))
    }

    /// What was seen and found, and the law.
    pub(crate) fn into_outcome(self, judged: Judged) -> (Outcome, Constitution) {
        let Self {
            law,
            mut facts,
            names,
            words,
            ..
        } = self;
        let outcome = Outcome {
            judged,
            sources: std::mem::take(&mut facts.sources),
            words,
            remains: Some(Box::new((facts, names))),
        };
        (outcome, law)
    }

    /// What the laws judge.
    pub(crate) fn case(&self) -> Case<'_> {
        Case::new(&self.law, &self.facts, &self.layering, &self.names)
    }

    pub(crate) fn law(&self) -> &Constitution {
        &self.law
    }

    /// To add what is read beside the code.
    pub(crate) fn sources_mut(&mut self) -> &mut Sources {
        &mut self.facts.sources
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.facts.sources
    }

    /// What people call the law: its file's shown path, or the built-in one's name.
    pub(crate) fn law_name(&self) -> &str {
        &self.law.name
    }

    /// The code of a registered structure, by its code or id.
    pub(crate) fn structure_code(&self, name: &str) -> Option<&str> {
        Some(self.law.structure_named(name)?.code())
    }
}

fn threads(wanted: Option<NonZeroUsize>) -> usize {
    let machine = std::thread::available_parallelism();
    wanted.or(machine.ok()).map_or(1, NonZeroUsize::get)
}
