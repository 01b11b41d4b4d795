//! A first constitution, proposed from names, folders and what the code reaches.

mod globs;
mod modules;
mod packages;
mod words;
mod write;

use crate::constitution::{Claim, Constitution, Draft, FILE_NAME, Mistake};
use crate::facts::Facts;
use crate::facts::graph::PackageId;
use crate::facts::reference::Names;
use crate::finding::{Finding, Level};
use crate::layering::Layering;
use crate::rules::{self, Case};
use crate::text::{FileId, Text};
pub(crate) use words::Role;

/// Rounds of moving guesses that the law would stop; each moves one at least, and few are ever needed.
const ROUNDS: usize = 8;

/// The laws by which a guess that a package holds pure logic is given up.
const IMPURE: [&str; 4] = [
    "engine-dependency",
    "engine-reference",
    "environment-in-capability",
    "reverse-dependency",
];

/// Which law the proposal starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    /// Layers of its own.
    Own,
    /// The built-in law, whose names most packages carry already.
    WebWaka,
}

/// How far a placement can be relied upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// A manifest or the built-in law says so already: nothing is written.
    Claimed,
    /// By its meaning: it stays where the code breaks the law for it.
    Meant,
    /// By what the code reaches today.
    Guessed,
}

/// Where one package was put.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    /// `None`: it could not be told, or is not ours to tell.
    pub(crate) role: Option<Role>,
    pub(crate) standing: Standing,
    /// Whether a word in its name or folder was heeded at all.
    pub(crate) spoken: bool,
    /// In a few words: "its name".
    pub(crate) because: String,
}

/// The modules of one role in a package whose own role is another.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) package: PackageId,
    /// The module that they are, or lie below.
    pub(crate) path: String,
    /// Whether it is that module alone.
    pub(crate) alone: bool,
    pub(crate) role: Role,
    pub(crate) standing: Standing,
    pub(crate) because: String,
}

/// Who belongs where.
#[derive(Debug, Clone)]
pub(crate) struct Proposal {
    pub(crate) base: Base,
    /// By [`PackageId`].
    pub(crate) packages: Vec<Placed>,
    /// By package, then by path.
    pub(crate) parts: Vec<Part>,
    /// Whether a name tells a capability layer apart. Where none does, there is one for all pure code.
    pub(crate) named: bool,
}

impl Proposal {
    /// The layer that a role is called, in a law of layers of its own.
    pub(crate) fn layer(&self, role: Role) -> &'static str {
        match (self.base, role) {
            (Base::WebWaka, Role::Shared) => "neutral",
            (_, Role::Shared) => "shared",
            (_, Role::Domain) if self.named => "domain",
            (_, Role::Application) if self.named => "application",
            (_, Role::Domain | Role::Application) => "capability",
            (_, Role::Infrastructure) => "infrastructure",
            (_, Role::Composition) => "composition",
        }
    }

    /// Packages that nothing could place.
    pub(crate) fn undecided(&self) -> impl Iterator<Item = PackageId> {
        let placed = self.packages.iter().enumerate();
        placed
            .filter(|(_, placed)| placed.role.is_none() && placed.standing != Standing::Claimed)
            .map(|(at, _)| PackageId(at))
    }

    /// Whether any code is held to the duties of a capability.
    pub(crate) fn protects(&self) -> bool {
        let capability = |role: Role| role.is_capability();
        self.base == Base::WebWaka
            || self
                .packages
                .iter()
                .any(|it| it.role.is_some_and(capability))
            || self.parts.iter().any(|it| capability(it.role))
    }

    /// The law that it is, and who belongs where by it.
    pub(crate) fn applied(&self, facts: &Facts, file: FileId) -> (Constitution, Layering) {
        let text = Text::new(self.text(facts));
        let draft = Draft::parse(&text, file, FILE_NAME, rules::all());
        debug_assert!(draft.mistakes.is_empty(), "{:?}", draft.mistakes);
        let claims = claims(facts, &draft.law).unwrap_or_default();
        let layering = Layering::new(&draft.law, &claims, &[], facts);
        (draft.law, layering)
    }

    /// The constitution file.
    pub(crate) fn text(&self, facts: &Facts) -> String {
        write::text(self, facts)
    }
}

/// Proposes a law for `facts`, to be written into `file`.
///
/// # Errors
/// If manifests claim layers that neither the built-in law nor a proposal has.
pub(crate) fn propose(
    facts: &Facts,
    names: &dyn Names,
    file: FileId,
) -> Result<Proposal, Vec<Mistake>> {
    let built_in = Constitution::built_in(rules::all());
    let (base, claims) = base(facts, &built_in)?;
    let claimed: Vec<bool> = match base {
        Base::Own => claims.iter().map(is_layer).collect(),
        Base::WebWaka => claimed(&built_in, &claims, facts),
    };
    let mut proposal = packages::by_name(facts, base, &claimed);
    modules::split(&mut proposal, facts, names, &built_in);
    settle(&mut proposal, facts, names, file);
    Ok(proposal)
}

/// Which law to start from, and what the manifests claim of its layers.
fn base(
    facts: &Facts,
    built_in: &Constitution,
) -> Result<(Base, Vec<Option<Claim>>), Vec<Mistake>> {
    let under_built_in = claims(facts, built_in);
    if let Ok(claims) = &under_built_in
        && is_webwaka(facts, &claimed(built_in, claims, facts))
    {
        return Ok((Base::WebWaka, claims.clone()));
    }
    let own = Draft::parse(
        &Text::new(write::LAYERS.to_owned()),
        file_of(facts),
        "",
        rules::all(),
    );
    match (claims(facts, &own.law), under_built_in) {
        (Ok(claims), _) => Ok((Base::Own, claims)),
        (Err(_), Ok(claims)) => Ok((Base::WebWaka, claims)),
        (Err(mistakes), Err(_)) => Err(mistakes),
    }
}

/// Any file: nothing is wrong in the text that it stands for.
fn file_of(facts: &Facts) -> FileId {
    facts.graph.packages[0].manifest
}

/// What the manifests claim, or every mistake in that.
fn claims(facts: &Facts, law: &Constitution) -> Result<Vec<Option<Claim>>, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let mut claims = Vec::new();
    for package in &facts.graph.packages {
        let claim = match package.claim {
            Some(_) => {
                let text = facts.sources.read(package.manifest);
                Claim::read(law, &text, package.manifest)
            }
            None => Ok(None),
        };
        claims.push(claim.unwrap_or_else(|wrong| {
            mistakes.extend(wrong);
            None
        }));
    }
    if mistakes.is_empty() {
        Ok(claims)
    } else {
        Err(mistakes)
    }
}

fn is_layer(claim: &Option<Claim>) -> bool {
    claim.as_ref().is_some_and(|claim| claim.layer.is_some())
}

/// Which packages `law` knows the layers of.
fn claimed(law: &Constitution, claims: &[Option<Claim>], facts: &Facts) -> Vec<bool> {
    let layering = Layering::new(law, claims, &[], facts);
    let ids = facts.graph.package_ids();
    ids.map(|id| layering.package(id).is_some()).collect()
}

/// Whether the workspace speaks the built-in law's language: by its folder's name, by a package's, or because
/// most packages have layers there.
fn is_webwaka(facts: &Facts, claimed: &[bool]) -> bool {
    let root = facts.sources.root().file_name();
    let mut names = facts
        .graph
        .packages
        .iter()
        .map(|package| package.name.as_str());
    let known = claimed.iter().filter(|claimed| **claimed).count();
    root.is_some_and(|name| name.to_string_lossy().starts_with("webwaka-"))
        || names.any(|name| name.starts_with("webwaka-"))
        || known * 2 > claimed.len()
}

/// Tries the law, and moves guesses until it stops none of them.
fn settle(proposal: &mut Proposal, facts: &Facts, names: &dyn Names, file: FileId) {
    for _ in 0..ROUNDS {
        packages::raise(proposal, facts);
        let findings = try_out(proposal, facts, names, file);
        if !packages::give_up(proposal, facts, &findings) {
            break;
        }
    }
    packages::share(proposal, facts);
    packages::raise(proposal, facts);
}

/// What the laws on purity say of the proposal; nothing of tests.
fn try_out(proposal: &Proposal, facts: &Facts, names: &dyn Names, file: FileId) -> Vec<Finding> {
    let (law, layering) = proposal.applied(facts, file);
    let mut findings = rules::check_all(&Case::new(&law, facts, &layering, names), 1);
    findings.retain(|finding| {
        finding.level == Level::Breach && !finding.test && IMPURE.contains(&finding.rule.id)
    });
    findings
}
