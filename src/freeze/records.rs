//! All records of a workspace, and what they make of its findings.

mod judgement;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use judgement::Judgement;

use super::baseline::{self, Baseline};
use super::case::{self, Case};
use super::ledger::Ledger;
use super::proof::{self, Breakage};
use super::record::Fault;
use super::signers::{self, Signers};
use super::since;
use super::store::{FOLDER, Store};
use crate::constitution::{Constitution, LawError, Mistake};
use crate::finding::{BlindSpot, RuleMeta};
use crate::provenance::Moment;
use crate::report::Report;
use crate::report::standing::{self, Standing};
use crate::text::{FileId, Place, Sources, Span, Text};

/// By what records are judged.
pub(crate) struct Terms<'a> {
    pub(crate) law: &'a Constitution,
    /// The law at the base, where there is one: no change can free itself of that.
    pub(crate) base: Option<&'a Constitution>,
    /// The book.
    pub(crate) rules: &'a [&'static RuleMeta],
    pub(crate) now: Moment,
}

impl Terms<'_> {
    pub(crate) fn rule(&self, id: &str) -> Option<&'static RuleMeta> {
        self.rules.iter().find(|rule| rule.id == id).copied()
    }

    /// Whether the law lets a finding of this rule be borne at all.
    pub(crate) fn is_exceptable(&self, rule: &RuleMeta) -> bool {
        let base = self.base.is_none_or(|law| law.is_exceptable(rule));
        !rule.is_above_records() && self.law.is_exceptable(rule) && base
    }
}

/// What lies under `.constitution/`.
pub(crate) struct Records {
    store: Store,
    files: BTreeMap<String, FileId>,
    /// Why a file cannot be read.
    unreadable: Vec<BlindSpot>,
    signers: Signers,
    ledger: Ledger,
    broken: Vec<Breakage>,
}

impl Records {
    /// Reads every record of the workspace of `sources`, and adds their files to it.
    ///
    /// # Errors
    /// If `allowed_signers` is wrong: with it, nothing that was signed can be told from what was not.
    pub(crate) fn read(sources: &mut Sources) -> Result<Self, LawError> {
        let store = Store::read(sources.root());
        let folder = sources.root().join(FOLDER);
        let mut files = BTreeMap::new();
        for name in store.names() {
            files.insert(name.to_owned(), sources.add(&folder.join(name)));
        }
        let mut unreadable = Vec::new();
        for (name, why) in &store.unreadable {
            let path = match name.as_str() {
                "" => folder.clone(),
                name => folder.join(name),
            };
            unreadable.push(BlindSpot::new(sources.add(&path), Span::START, why));
        }
        let signers = match store.get(signers::FILE) {
            Some(bytes) => Signers::parse(bytes).map_err(|faults| {
                let text = Text::new(String::from_utf8_lossy(bytes).into_owned());
                let file = files[signers::FILE];
                let mistakes = faults.into_iter().map(|fault| mistake(file, &text, fault));
                LawError::new(mistakes.collect(), sources)
            })?,
            None => Signers::default(),
        };
        let (ledger, broken) = proof::prove(&store);
        // Where it is gone, that is what there is to say of it.
        let name = super::ledger::FILE;
        files.insert(name.to_owned(), sources.add(&folder.join(name)));
        Ok(Self {
            store,
            files,
            unreadable,
            signers,
            ledger,
            broken,
        })
    }

    /// The same records, judged by who could sign at the base, whose workspace lies at `root`: a change cannot
    /// bring the key to its own exception. If nobody can be told there, nobody could. What the change takes away
    /// from the records of then is found too.
    #[must_use]
    pub(crate) fn signed_at(mut self, root: &Path, now: Moment) -> Self {
        let store = Store::read(root);
        let signers = store.get(signers::FILE).map(Signers::parse);
        self.signers = signers.and_then(Result::ok).unwrap_or_default();
        self.broken.extend(since::losses(&store, &self.store, now));
        self
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn signers(&self) -> &Signers {
        &self.signers
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Where ledger and records disagree, or have lost what there was at the base.
    pub(crate) fn broken(&self) -> &[Breakage] {
        &self.broken
    }

    /// What cannot be read, and why.
    pub(crate) fn unreadable(&self) -> &[BlindSpot] {
        &self.unreadable
    }

    /// Every freeze that was ever declared.
    pub(crate) fn cases(&self, now: Moment) -> Vec<Case> {
        Case::all(&self.store, &self.signers, now)
    }

    /// The baseline as it is written, whoever signed it.
    pub(crate) fn baseline(&self) -> Option<Result<Baseline, Fault>> {
        self.store.get(baseline::FILE).map(Baseline::read)
    }

    /// What the records make of the findings of `report`.
    pub(crate) fn judge(&self, report: &Report<'_>, terms: &Terms<'_>) -> Standing {
        Judgement::new(self, report, terms).all()
    }

    fn place(&self, name: &str, bytes: &[u8], range: Range<usize>) -> Place {
        let text = Text::new(String::from_utf8_lossy(bytes).into_owned());
        Place {
            file: self.files[name],
            span: text.span(range),
        }
    }
}

/// A freeze in force, as reports show it.
pub(crate) fn shown(case: &Case) -> standing::Freeze {
    let declaration = case.declaration.as_ref();
    let step = |name, state: String, done| standing::Step { name, state, done };
    let declared = case.declared.is_done();
    let record = case.file(case::DECLARATION);
    let of = |name, state: &case::State| step(name, state.words(), state.is_done());
    standing::Freeze {
        id: case.id.clone(),
        record: format!("{FOLDER}/{record}"),
        declared: declaration.map_or(String::new(), |it| it.declared.as_ref().clone()),
        what: declaration.map_or("its declaration is gone".to_owned(), |it| it.what.clone()),
        clauses: declaration.map_or(Vec::new(), |it| it.clauses.clone()),
        findings: declaration.map_or(0, |it| it.findings.len()),
        steps: vec![
            step("Immediate Freeze", case.declared.words(), declared),
            step(
                "Violation Report",
                match declared {
                    true => format!("done: {}", case.file(case::REPORT)),
                    false => "open".to_owned(),
                },
                declared,
            ),
            step(
                "Founder Escalation",
                match declared {
                    true => "done: with the declaration; the Founder signs the lift".to_owned(),
                    false => "open".to_owned(),
                },
                declared,
            ),
            of("Remediation Plan", &case.plan),
            of("Constitutional Review", &case.review),
        ],
        lift: case.lift.words(),
        next: case.next(),
    }
}

fn mistake(file: FileId, text: &Text, fault: Fault) -> Mistake {
    Mistake {
        place: Some(Place {
            file,
            span: text.span(fault.range),
        }),
        message: fault.message,
        label: String::new(),
        help: None,
    }
}
