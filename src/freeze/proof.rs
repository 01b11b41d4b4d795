//! Whether ledger and records agree: nothing rewritten, nothing taken away, nothing beside it.

use serde::Deserialize;
use toml::Spanned;

use super::ledger::{self, Deed, Ledger, Line};
use super::record::digest;
use super::store::{FOLDER, Store};
use super::{case, exception};

/// One disagreement, at a line of the ledger or of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Breakage {
    /// Below `.constitution/`.
    pub(crate) file: String,
    /// One-based.
    pub(crate) line: usize,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// What of a record says where the ledger ended when it was written.
#[derive(Deserialize)]
struct Anchored {
    ledger: Option<Spanned<String>>,
}

const RESTORE: &str =
    "restore the ledger and its records as they were committed; a ledger only grows";

/// Reads the ledger of `store`, and tells every way in which it and the records disagree.
pub(crate) fn prove(store: &Store) -> (Ledger, Vec<Breakage>) {
    let bytes = store.get(ledger::FILE).unwrap_or_default();
    let (ledger, flaws) = Ledger::read(bytes);
    let mut broken = Vec::new();
    for flaw in flaws {
        let several = flaw.message.contains("not merged");
        let help = match several {
            true => "`cargo constitution ledger merge` makes one of them, and keeps both",
            false => RESTORE,
        };
        broken.push(Breakage {
            file: ledger::FILE.to_owned(),
            line: flaw.line,
            message: flaw.message,
            help: help.to_owned(),
        });
    }
    for (name, line) in ledger.latest() {
        if let Some(message) = disagreement(store, name, line) {
            broken.push(Breakage {
                file: ledger::FILE.to_owned(),
                line: line.number,
                message,
                help: format!("restore `{FOLDER}/{name}` as it was committed"),
            });
        }
    }
    broken.extend(declared_anew(&ledger));
    for (name, bytes) in store.below("") {
        broken.extend(beside(&ledger, name, bytes));
        broken.extend(cut(&ledger, name, bytes));
    }
    (ledger, broken)
}

/// Why `bytes` are not what the ledger has of the record `name`; `None` if they are.
pub(crate) fn unentered(ledger: &Ledger, name: &str, bytes: &[u8]) -> Option<String> {
    match ledger.latest().get(name) {
        None => Some("the ledger does not have it".to_owned()),
        Some(line) if line.entry.digest.as_deref() != Some(&digest(bytes)) => {
            Some("it is not as the ledger has it".to_owned())
        }
        Some(_) => None,
    }
}

/// Whether the record of an entry is gone or is another one, where it may be neither.
fn disagreement(store: &Store, name: &str, line: &Line) -> Option<String> {
    let deed = line.entry.deed;
    if !deed.is_for_ever() {
        return None;
    }
    let what = format!("`{FOLDER}/{name}`, of the {} of this entry,", deed.name());
    match store.get(name) {
        None => Some(format!("{what} is gone")),
        Some(bytes) if line.entry.digest.as_deref() != Some(&digest(bytes)) => {
            Some(format!("{what} was changed"))
        }
        Some(_) => None,
    }
}

/// A freeze is declared once: its declaration cannot be exchanged for a milder one.
fn declared_anew(ledger: &Ledger) -> Vec<Breakage> {
    let mut seen = std::collections::BTreeSet::new();
    let declared = ledger.lines.iter();
    let declared = declared.filter(|line| line.entry.deed == Deed::Declare);
    let again = declared.filter(|line| !seen.insert(&line.entry.record));
    again
        .map(|line| Breakage {
            file: ledger::FILE.to_owned(),
            line: line.number,
            message: "the entry declares again what was declared: a declaration stays as it is"
                .to_owned(),
            help: RESTORE.to_owned(),
        })
        .collect()
}

/// A step of a freeze that the ledger does not have.
fn beside(ledger: &Ledger, name: &str, bytes: &[u8]) -> Option<Breakage> {
    let (_, file) = name.strip_prefix(case::FOLDER)?.split_once('/')?;
    if !case::STEPS.contains(&file) {
        return None;
    }
    let known = ledger.latest().contains_key(name);
    // One that was changed is told at its entry.
    let why = unentered(ledger, name, bytes).filter(|_| !known)?;
    Some(Breakage {
        file: name.to_owned(),
        line: 1,
        message: format!("`{FOLDER}/{name}` is no step of a freeze: {why}"),
        help: format!(
            "if it was written by the tool and not entered, `cargo constitution ledger enter {FOLDER}/{name}`; \
             otherwise delete it"
        ),
    })
}

/// A record, signed when the ledger had an entry that it has no more.
fn cut(ledger: &Ledger, name: &str, bytes: &[u8]) -> Option<Breakage> {
    let is_record = name.starts_with(case::FOLDER)
        || name.starts_with(exception::FOLDER)
        || name == super::baseline::FILE;
    if !is_record || !name.ends_with(".toml") {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let anchored: Anchored = toml::from_str(text).ok()?;
    let anchor = anchored.ledger?;
    if ledger.holds(anchor.as_ref()) {
        return None;
    }
    let before = text.get(..anchor.span().start).unwrap_or_default();
    let short: String = anchor.as_ref().chars().take(12).collect();
    Some(Breakage {
        file: name.to_owned(),
        line: before.matches('\n').count() + 1,
        message: format!(
            "the ledger was cut short: when `{FOLDER}/{name}` was written, it had the entry `{short}`"
        ),
        help: RESTORE.to_owned(),
    })
}
