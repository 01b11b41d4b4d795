//! A freeze and where it stands: five steps in their order, each a file, and the lift that ends it.

mod steps;

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use toml::Spanned;

pub(crate) use steps::{Declaration, Found, Lift, Plan, Remedy, Review};

use super::record::{self, digest};
use super::signature::{self, Act};
use super::signers::{Signer, Signers};
use super::store::Store;
use crate::provenance::Moment;

/// The folder of the freezes below `.constitution/`.
pub(crate) const FOLDER: &str = "freezes/";

/// The files of a freeze, in their order.
pub(crate) const STEPS: [&str; 4] = [DECLARATION, PLAN, REVIEW, LIFT];
pub(crate) const DECLARATION: &str = "declaration.toml";
pub(crate) const PLAN: &str = "plan.toml";
pub(crate) const REVIEW: &str = "review.toml";
pub(crate) const LIFT: &str = "lift.toml";
/// What was found, as `check --format json` tells it.
pub(crate) const REPORT: &str = "report.json";

/// Where a step stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing was done yet.
    Open,
    /// There, and what it lacks: mostly a signature.
    Wanting(String),
    /// By whom and when.
    Done(String),
}

impl State {
    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    /// In a few words.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Open => "open".to_owned(),
            Self::Wanting(what) => format!("open: {what}"),
            Self::Done(how) => format!("done: {how}"),
        }
    }
}

/// One freeze.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) id: String,
    /// `None` where it is gone or cannot be read: the freeze is in force all the same.
    pub(crate) declaration: Option<Declaration>,
    pub(crate) declared: State,
    pub(crate) plan: State,
    pub(crate) review: State,
    pub(crate) lift: State,
    /// Who wrote the plan.
    pub(crate) author: Option<String>,
}

impl Case {
    /// Every freeze that was ever declared, by its id.
    pub(crate) fn all(store: &Store, signers: &Signers, now: Moment) -> Vec<Self> {
        let ids: BTreeSet<&str> = store
            .below(FOLDER)
            .filter_map(|(name, _)| Some(name.strip_prefix(FOLDER)?.split_once('/')?.0))
            .collect();
        let reader = |id| Reader {
            id,
            store,
            signers,
            now,
        };
        ids.into_iter().map(|id| reader(id).case()).collect()
    }

    /// The name of one of its files below `.constitution/`.
    pub(crate) fn file(&self, step: &str) -> String {
        format!("{FOLDER}{}/{step}", self.id)
    }

    pub(crate) fn is_in_force(&self) -> bool {
        !self.lift.is_done()
    }

    /// What comes next, as a command where there is one.
    pub(crate) fn next(&self) -> String {
        let id = &self.id;
        let sign = |act: Act, step: &str| act.command(&self.file(step));
        match (&self.declared, &self.plan, &self.review, &self.lift) {
            (State::Done(_), State::Open, ..) => {
                format!("cargo constitution freeze plan {id} --author WHO --remedy FINGERPRINT=HOW")
            }
            (State::Done(_), State::Wanting(_), ..) => sign(Act::Plan, PLAN),
            (State::Done(_), State::Done(_), State::Open, _) => {
                format!("cargo constitution freeze review {id} --reviewer WHO --opinion TEXT")
            }
            (State::Done(_), State::Done(_), State::Wanting(_), _) => sign(Act::Review, REVIEW),
            (State::Done(_), State::Done(_), State::Done(_), State::Open) => {
                format!("mend what was found, then cargo constitution freeze lift {id}")
            }
            (State::Done(_), State::Done(_), State::Done(_), State::Wanting(_)) => {
                sign(Act::Lift, LIFT)
            }
            (_, _, _, State::Done(_)) => "nothing: it is lifted".to_owned(),
            _ => format!("restore {} as it was committed", self.file(DECLARATION)),
        }
    }
}

/// Reads one freeze.
struct Reader<'r> {
    id: &'r str,
    store: &'r Store,
    signers: &'r Signers,
    now: Moment,
}

/// Why a step is not done; `None` if nothing is there.
type Lack = Option<String>;

impl<'r> Reader<'r> {
    fn case(&self) -> Case {
        let mut case = Case {
            id: self.id.to_owned(),
            declaration: None,
            declared: State::Open,
            plan: State::Open,
            review: State::Open,
            lift: State::Open,
            author: None,
        };
        match self.declaration() {
            Ok(declaration) => {
                case.declared =
                    State::Done(format!("in force since {}", declaration.declared.as_ref()));
                case.declaration = Some(declaration);
            }
            Err(lack) => {
                case.declared = state(lack);
                return case;
            }
        }
        let findings = case.declaration.iter().flat_map(|it| &it.findings);
        let findings: Vec<&str> = findings.map(|it| it.fingerprint.as_str()).collect();
        let author = match self.plan(&findings) {
            Ok((plan, signer)) => {
                let said = format!("by {} on {}", signer.principal, plan.written.as_ref());
                case.plan = State::Done(said);
                signer.principal.clone()
            }
            Err(lack) => {
                case.plan = state(lack);
                return case;
            }
        };
        let reviewed = self.review(&author);
        case.author = Some(author);
        match reviewed {
            Ok((review, signer)) => {
                let said = format!("by {} on {}", signer.principal, review.written.as_ref());
                case.review = State::Done(said);
            }
            Err(lack) => {
                case.review = state(lack);
                return case;
            }
        }
        case.lift = match self.lift() {
            Ok((lift, signer)) => State::Done(format!(
                "by {} on {}",
                signer.principal,
                lift.written.as_ref()
            )),
            Err(lack) => state(lack),
        };
        case
    }

    fn name(&self, step: &str) -> String {
        format!("{FOLDER}{}/{step}", self.id)
    }

    fn bytes(&self, step: &str) -> Option<&'r [u8]> {
        self.store.get(&self.name(step))
    }

    fn read<T: DeserializeOwned>(&self, step: &str) -> Result<T, Lack> {
        let bytes = self.bytes(step).ok_or(None)?;
        record::read(bytes)
            .map_err(|fault| Some(format!("{step} cannot be read: {}", fault.message)))
    }

    /// Whether `said` is the digest of `step` as it is now.
    fn is_of(&self, step: &str, said: &str) -> bool {
        self.bytes(step).is_some_and(|bytes| digest(bytes) == said)
    }

    /// Who signed `step`, as of the moment it says it was written, which must not be to come.
    fn signer(&self, act: Act, step: &str, written: &Spanned<String>) -> Result<&'r Signer, Lack> {
        let at = record::moment(written).map_err(|fault| Some(fault.message))?;
        if at > self.now {
            return Err(Some(format!("{step} is of a day that is still to come")));
        }
        let bytes = self.bytes(step).ok_or(None)?;
        let beside = self.name(&format!("{step}.sig"));
        signature::verify(act, bytes, self.store.get(&beside), self.signers, at)
            .map_err(|refusal| Some(format!("{step}: {refusal}")))
    }

    fn declaration(&self) -> Result<Declaration, Lack> {
        let lost = |lack: Lack| Some(lack.unwrap_or_else(|| format!("{DECLARATION} is gone")));
        let declaration: Declaration = self.read(DECLARATION).map_err(lost)?;
        if declaration.freeze != self.id {
            return Err(Some(format!("{DECLARATION} is of another freeze")));
        }
        if !self.is_of(REPORT, &declaration.report) {
            return Err(Some(format!(
                "{REPORT} is gone, or is not the one that was declared"
            )));
        }
        Ok(declaration)
    }

    fn plan(&self, findings: &[&str]) -> Result<(Plan, &'r Signer), Lack> {
        let plan: Plan = self.read(PLAN)?;
        if plan.freeze != self.id || !self.is_of(DECLARATION, &plan.declaration) {
            return Err(Some(format!("{PLAN} is of another declaration")));
        }
        let remedied = |finding: &&&str| {
            let mut remedies = plan.remedies.iter();
            remedies.any(|it| it.fingerprint == **finding && !it.how.trim().is_empty())
        };
        let open = findings.iter().filter(|it| !remedied(it)).count();
        if open > 0 {
            return Err(Some(format!(
                "{PLAN} has no remedy for {open} of {} findings",
                findings.len()
            )));
        }
        let signer = self.signer(Act::Plan, PLAN, &plan.written)?;
        if signer.principal != *plan.author.as_ref() {
            let (who, author) = (&signer.principal, plan.author.as_ref());
            return Err(Some(format!("{PLAN} is by {author}, but {who} signed it")));
        }
        Ok((plan, signer))
    }

    fn review(&self, author: &str) -> Result<(Review, &'r Signer), Lack> {
        let review: Review = self.read(REVIEW)?;
        let same = review.freeze == self.id
            && self.is_of(DECLARATION, &review.declaration)
            && self.is_of(PLAN, &review.plan);
        if !same {
            return Err(Some(format!("{REVIEW} is of another plan")));
        }
        let signer = self.signer(Act::Review, REVIEW, &review.written)?;
        let who = &signer.principal;
        if who != review.reviewer.as_ref() {
            let reviewer = review.reviewer.as_ref();
            return Err(Some(format!(
                "{REVIEW} is by {reviewer}, but {who} signed it"
            )));
        }
        if who == author {
            return Err(Some(format!("{who} wrote the plan, and cannot review it")));
        }
        Ok((review, signer))
    }

    fn lift(&self) -> Result<(Lift, &'r Signer), Lack> {
        let lift: Lift = self.read(LIFT)?;
        let same = lift.freeze == self.id
            && self.is_of(DECLARATION, &lift.declaration)
            && self.is_of(PLAN, &lift.plan)
            && self.is_of(REVIEW, &lift.review);
        if !same {
            return Err(Some(format!("{LIFT} is of other steps than these")));
        }
        let signer = self.signer(Act::Lift, LIFT, &lift.written)?;
        Ok((lift, signer))
    }
}

fn state(lack: Lack) -> State {
    lack.map_or(State::Open, State::Wanting)
}

#[cfg(test)]
mod tests;
