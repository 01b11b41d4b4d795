//! Where records are written: each into its file, and into the ledger.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use miette::{IntoDiagnostic, WrapErr};

use super::{output, standing};
use crate::check::{Matter, Outcome, check};
use crate::constitution::Constitution;
use crate::finding::Level;
use crate::freeze::ledger::{self, Deed, Ledger};
use crate::freeze::proof::Breakage;
use crate::freeze::records::{Records, Terms};
use crate::freeze::store::FOLDER;
use crate::provenance::Moment;
use crate::report::Report;
use crate::rules;

use super::Invocation;
use super::clock::Clock;
use super::color::Stream;
use super::progress::Progress;
use super::subject::Subject;

/// What git must be told of records: not to change what was signed, and that ledgers grow on both sides.
const ATTRIBUTES: &str = ".constitution/** -text\n.constitution/ledger.jsonl -text merge=union\n";

/// A workspace that was judged, with its records.
pub(crate) struct Desk {
    pub(crate) law: Constitution,
    pub(crate) records: Records,
    pub(crate) now: Moment,
    outcome: Outcome,
}

impl Desk {
    /// # Errors
    /// If the workspace, its law or its records are wrong.
    pub(crate) fn open(
        subject: &Subject,
        clock: &Clock,
        invocation: &Invocation,
    ) -> miette::Result<Self> {
        Self::open_since(subject, None, clock, invocation)
    }

    /// The same for a change since `base`.
    ///
    /// # Errors
    /// If the workspace, its law or its records are wrong, or there is no such commit.
    pub(crate) fn open_since(
        subject: &Subject,
        base: Option<&str>,
        clock: &Clock,
        invocation: &Invocation,
    ) -> miette::Result<Self> {
        let progress = Progress::start("reading the workspace", &invocation.look(Stream::Error));
        let request = subject.request();
        let (mut outcome, law) = match base {
            Some(_) => {
                let mut matter = Matter::read(&request)?;
                let (judged, _) = matter.judge_change(&request, base)?;
                matter.into_outcome(judged)
            }
            None => check(&request)?,
        };
        let records = Records::read(&mut outcome.sources)?;
        drop(progress);
        Ok(Self {
            law,
            records,
            now: clock.now(),
            outcome,
        })
    }

    pub(crate) fn root(&self) -> &Path {
        self.outcome.sources.root()
    }

    pub(crate) fn terms(&self) -> Terms<'_> {
        standing::terms(&self.law, self.now)
    }

    /// The findings as they stand.
    pub(crate) fn report(&self, fail_on: Level) -> Report<'_> {
        let outcome = &self.outcome;
        let report = outcome.judged.clone().report(fail_on, &outcome.sources);
        standing::under(report, &self.records, &self.law, self.now, None).with_rules(rules::all())
    }

    /// The end of the ledger, for a record to name.
    pub(crate) fn head(&self) -> Option<String> {
        self.records.ledger().head()
    }

    /// Writes a record, which must not be there yet unless it is to be `replaced`, and enters it.
    ///
    /// # Errors
    /// If it cannot be written, or the ledger is not in order.
    pub(crate) fn put(
        &self,
        deed: Deed,
        name: &str,
        text: &str,
        replaced: bool,
    ) -> miette::Result<()> {
        in_order(&self.records)?;
        let path = self.root().join(FOLDER).join(name);
        write(&path, name, text.as_bytes(), replaced)?;
        // Of what was there before.
        let beside = path.with_file_name(format!("{}.sig", file_name(name)));
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error)
                    .into_diagnostic()
                    .wrap_err_with(|| format!("cannot remove `{FOLDER}/{name}.sig`"));
            }
            _ => {}
        }
        enter(
            self.root(),
            &self.records,
            deed,
            name,
            text.as_bytes(),
            self.now,
        )
    }

    /// Writes a file that goes along with a record and is not entered by itself.
    pub(crate) fn keep(&self, name: &str, text: &str) -> miette::Result<()> {
        in_order(&self.records)?;
        write(
            &self.root().join(FOLDER).join(name),
            name,
            text.as_bytes(),
            true,
        )
    }

    /// On standard error, what git is to be told of the records, where nobody has yet.
    pub(crate) fn tell_attributes(&self, invocation: &Invocation) {
        let look = invocation.look(Stream::Error);
        let told = self.root().ancestors().any(|folder| {
            fs::read_to_string(folder.join(".gitattributes"))
                .is_ok_and(|text| text.contains(".constitution/"))
        });
        if !told && !look.quiet {
            let text = format!(
                "put this into .gitattributes, so that git changes no record:\n{ATTRIBUTES}"
            );
            // Where nobody listens there is nothing left to say.
            let _ = std::io::stderr().write_all(look.disarmed(&text).as_bytes());
        }
    }
}

/// Adds an entry to the ledger of the workspace at `root`.
pub(crate) fn enter(
    root: &Path,
    records: &Records,
    deed: Deed,
    name: &str,
    bytes: &[u8],
    now: Moment,
) -> miette::Result<()> {
    // A ledger with a line that is not understood would lose it by being written.
    let of_ledger = |broken: &&Breakage| broken.file == ledger::FILE;
    refuse(records.broken().iter().find(of_ledger))?;
    let mut ledger = records.ledger().clone();
    ledger.enter(deed, name, bytes, now);
    put_ledger(root, &ledger)
}

pub(crate) fn put_ledger(root: &Path, ledger: &Ledger) -> miette::Result<()> {
    let path = root.join(FOLDER).join(ledger::FILE);
    write(&path, ledger::FILE, ledger.text().as_bytes(), true)
}

/// Whether anything can be added: not to a ledger that is broken, and not where files cannot be read.
fn in_order(records: &Records) -> miette::Result<()> {
    refuse(records.broken().first())?;
    match records.unreadable().first() {
        Some(spot) => Err(miette::miette!(
            help = "a record is an ordinary file in an ordinary folder",
            "a file under {FOLDER}/ cannot be read: {}",
            spot.reason
        )),
        None => Ok(()),
    }
}

fn refuse(broken: Option<&Breakage>) -> miette::Result<()> {
    match broken {
        Some(broken) => Err(miette::miette!(
            help = broken.help.clone(),
            "the ledger is broken at {FOLDER}/{}:{}: {}",
            broken.file,
            broken.line,
            broken.message
        )),
        None => Ok(()),
    }
}

fn write(path: &Path, name: &str, bytes: &[u8], replaced: bool) -> miette::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot make the folder `{}`", folder.display()))?;
    }
    if !replaced && fs::symlink_metadata(path).is_ok() {
        miette::bail!(
            help = "remove it and its signature first, if it is to be written anew",
            "`{FOLDER}/{name}` is there already"
        );
    }
    Ok(output::write(&[(path, bytes.to_vec())])?)
}

fn file_name(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, file)| file)
}
