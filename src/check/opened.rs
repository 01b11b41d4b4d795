//! A workspace and its law, before any of its sources is read.

use std::path::Path;
use std::sync::Arc;

use super::tracker::Tracker;
use super::{Law, Matter, Outcome, Request, threads};
use crate::constitution::{Claim, Constitution, Draft, LawError};
use crate::facts::graph::Workspace;
use crate::facts::source::ahead::Ahead;
use crate::facts::source::overlay::Overlay;
use crate::facts::source::trail::Trail;
use crate::facts::{self, foreign};
use crate::recall::{self, Inputs, Slot};
use crate::rules;

/// What is known of a workspace without its sources.
pub(super) struct Opened {
    pub(super) workspace: Workspace,
    /// What is worth a word beside the findings.
    words: Vec<String>,
    law: Constitution,
    /// Of the manifests, by package.
    claims: Vec<Option<Claim>>,
    tracker: Option<Tracker>,
    /// What is parsed meanwhile, as it lies on disk.
    ahead: Option<Ahead>,
}

impl Opened {
    /// Reads the law of a workspace.
    ///
    /// # Errors
    /// If the law is wrong, or what it or `request` names cannot be read.
    pub(super) fn new(
        mut workspace: Workspace,
        request: &Request,
        ahead: Option<Ahead>,
    ) -> miette::Result<Self> {
        let words = foreign::join(&mut workspace, &request.with)?;
        let (law, claims) = law(&mut workspace, request.constitution.as_deref())?;
        let tracker = Tracker::read(&law, &mut workspace.sources)?;
        Ok(Self {
            workspace,
            words,
            law,
            claims,
            tracker,
            ahead,
        })
    }

    /// Reads the sources.
    pub(super) fn gather(self, request: &Request) -> (Matter, Trail) {
        let within = facts::within(&self.workspace);
        let vault = request.vault(&self.workspace);
        let law = Law::new(self.law, self.claims, self.tracker.as_ref());
        let threads = threads(request.threads);
        let (matter, trail) =
            Matter::gather(self.workspace, law, &within, vault, threads, self.ahead);
        let words = self.words;
        (Matter { words, ..matter }, trail)
    }

    /// Judges, unless the outcome is known from an earlier run; also the law, by which records are to be
    /// judged. `overlay` is read in the place of what is on disk.
    ///
    /// # Errors
    /// If the law claims nothing here.
    pub(super) fn judge(
        self,
        request: &Request,
        overlay: Option<Arc<Overlay>>,
    ) -> miette::Result<(Outcome, Constitution)> {
        let mut workspace = self.workspace;
        let instead = overlay.as_ref().map(|overlay| overlay.others().clone());
        let instead = instead.unwrap_or_default();
        workspace.sources.read_instead(Arc::clone(&instead));
        let slots = match (&overlay, instead.is_empty()) {
            (None, _) => &[Slot::Folder][..],
            (Some(_), true) => &[Slot::Folder, Slot::Staged],
            (Some(_), false) => &[Slot::Staged, Slot::Folder],
        };
        let threads = threads(request.threads);
        let within = facts::within(&workspace).under(overlay);
        let vault = request.vault(&workspace);
        let tracked = self.tracker.as_ref().map(|tracker| &tracker.text);
        // Facts of others are no files of this workspace: an outcome with them is not kept.
        let alone = request.with.is_empty();
        let inputs = alone
            .then(|| Inputs::new(&workspace, &self.law, tracked))
            .flatten();
        if let (Some(vault), Some(inputs)) = (&vault, inputs) {
            let mut kept = slots.iter().filter_map(|slot| {
                recall::load(vault, *slot, inputs, &workspace, &within, threads)
            });
            if let Some(mut outcome) = kept.next() {
                outcome.sources.read_instead(instead);
                return Ok((outcome, self.law));
            }
        }
        let law = Law::new(self.law, self.claims, self.tracker.as_ref());
        let (matter, trail) =
            Matter::gather(workspace, law, &within, vault.clone(), threads, self.ahead);
        let judged = matter.judge()?;
        let words = self.words;
        let (outcome, law) = Matter { words, ..matter }.into_outcome(judged);
        if let (Some(vault), Some(inputs)) = (&vault, inputs) {
            recall::store(vault, slots[0], inputs, trail, &outcome);
        }
        Ok((outcome, law))
    }
}

/// The constitution, and what each package's manifest claims; all mistakes of all files at once.
pub(crate) fn law(
    workspace: &mut Workspace,
    file: Option<&Path>,
) -> Result<(Constitution, Vec<Option<Claim>>), LawError> {
    let root = workspace.sources.root().to_owned();
    let draft = Draft::read(&root, file, &mut workspace.sources, rules::all());
    let mut mistakes = Vec::new();
    let mut claims = Vec::new();
    for package in &workspace.graph.packages {
        let claim = match package.claim {
            Some(_) if !draft.torn => {
                let text = workspace.sources.read(package.manifest);
                Claim::read(&draft.law, &text, package.manifest)
            }
            _ => Ok(None),
        };
        claims.push(claim.unwrap_or_else(|wrong| {
            mistakes.extend(wrong);
            None
        }));
    }
    Ok((draft.enact(mistakes, &workspace.sources)?, claims))
}
