//! The outcome of an earlier check, taken up again where nothing that it read has changed.

use serde::{Deserialize, Serialize};

use crate::check::{Judged, Outcome};
use crate::constitution::Constitution;
use crate::facts::graph::Workspace;
use crate::facts::source::trail::Trail;
use crate::facts::source::vault::Vault;
use crate::facts::source::within::Within;
use crate::finding::{Because, BlindSpot, Confidence, Finding, Hop, Level};
use crate::report::Checked;
use crate::rules;
use crate::text::{Place, Sources, Text};

/// Whose outcome is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// That of what lies in the folder.
    Folder,
    /// That of what is staged where the folder has something else.
    Staged,
}

impl Slot {
    /// The name of the file.
    fn file(self) -> &'static str {
        match self {
            Self::Folder => "outcome",
            Self::Staged => "staged",
        }
    }
}

/// What a check's outcome follows from, but for the source files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Inputs([u8; 32]);

impl Inputs {
    /// Of a workspace's manifests and lock file, its graph, the text of its law, and its tracker.
    pub(crate) fn new(
        workspace: &Workspace,
        law: &Constitution,
        tracker: Option<&Text>,
    ) -> Option<Self> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&postcard::to_stdvec(&workspace.graph).ok()?);
        hasher.update(&postcard::to_stdvec(&workspace.blind_spots).ok()?);
        for package in &workspace.graph.packages {
            let text = workspace.sources.read(package.manifest);
            hasher.update(blake3::hash(text.as_str().as_bytes()).as_bytes());
        }
        hasher.update(workspace.sources.root().as_os_str().as_encoded_bytes());
        hasher.update(&postcard::to_stdvec(&(&law.name, &law.text)).ok()?);
        hasher.update(&postcard::to_stdvec(&tracker.map(Text::as_str)).ok()?);
        Some(Self(*hasher.finalize().as_bytes()))
    }
}

/// An outcome as it is kept; places number the files as `files` does.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    inputs: Inputs,
    trail: Trail,
    files: Vec<std::path::PathBuf>,
    findings: Vec<KeptFinding>,
    blind_spots: Vec<BlindSpot>,
    secrets: Vec<Place>,
    checked: Checked,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptFinding {
    rule: String,
    level: Level,
    confidence: Confidence,
    texts: [String; 2],
    place: Place,
    names: [Option<String>; 7],
    test: bool,
    chain: Vec<Hop>,
    because: Vec<Because>,
}

impl From<&Finding> for KeptFinding {
    fn from(finding: &Finding) -> Self {
        let finding = finding.clone();
        Self {
            rule: finding.rule.id.to_owned(),
            level: finding.level,
            confidence: finding.confidence,
            texts: [finding.message, finding.help],
            place: finding.place,
            names: [
                finding.package,
                finding.module,
                finding.layer,
                finding.structure,
                finding.target,
                finding.category,
                finding.cfg,
            ],
            test: finding.test,
            chain: finding.chain,
            because: finding.because,
        }
    }
}

impl KeptFinding {
    fn restored(self) -> Option<Finding> {
        let [message, help] = self.texts;
        let [package, module, layer, structure, target, category, cfg] = self.names;
        Some(Finding {
            rule: rules::find(&self.rule)?,
            level: self.level,
            confidence: self.confidence,
            message,
            help,
            place: self.place,
            package,
            module,
            layer,
            structure,
            target,
            category,
            cfg,
            test: self.test,
            chain: self.chain,
            because: self.because,
        })
    }
}

/// The outcome of the last check, if it read what there is to read now. Every source file is read again
/// and compared by its digest; so is what was looked for and not there.
pub(crate) fn load(
    vault: &Vault,
    slot: Slot,
    inputs: Inputs,
    workspace: &Workspace,
    within: &Within,
    threads: usize,
) -> Option<Outcome> {
    let bytes = vault.load(slot.file())?;
    let kept: Kept = postcard::from_bytes(&bytes).ok()?;
    if kept.inputs != inputs || !kept.trail.is_fresh(within, threads) {
        return None;
    }
    let mut sources = Sources::new(workspace.sources.root().to_owned());
    for file in &kept.files {
        sources.add(file);
    }
    let findings: Option<Vec<Finding>> = kept
        .findings
        .into_iter()
        .map(KeptFinding::restored)
        .collect();
    Some(Outcome {
        sources,
        words: Vec::new(),
        judged: Judged {
            findings: findings?,
            blind_spots: kept.blind_spots,
            secrets: kept.secrets,
            checked: kept.checked,
        },
        remains: None,
    })
}

/// Keeps an outcome for the next check.
pub(crate) fn store(vault: &Vault, slot: Slot, inputs: Inputs, trail: Trail, outcome: &Outcome) {
    let judged = &outcome.judged;
    let kept = Kept {
        inputs,
        trail,
        files: outcome
            .sources
            .paths()
            .map(std::path::Path::to_owned)
            .collect(),
        findings: judged.findings.iter().map(KeptFinding::from).collect(),
        blind_spots: judged.blind_spots.clone(),
        secrets: judged.secrets.clone(),
        checked: judged.checked,
    };
    if let Ok(bytes) = postcard::to_stdvec(&kept) {
        vault.store(slot.file(), &[&bytes]);
    }
}
