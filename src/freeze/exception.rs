//! Exceptions: what is borne for a time although it breaks the law, one signed record each.

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::record::{self, Fault};
use crate::clause;
use crate::provenance::Moment;
use crate::report::{Entry, Report};

/// The folder of the records below `.constitution/`.
pub(crate) const FOLDER: &str = "exceptions/";

/// One record, read and sound in itself; whose leave it has is for its signature to say.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exception {
    pub(crate) rule: Spanned<String>,
    /// Of the one finding that is borne; or else `file` and `line`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fingerprint: Option<Spanned<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u32>,
    /// The section of the model document that is broken by leave.
    pub(crate) clause: Spanned<String>,
    pub(crate) reason: Spanned<String>,
    /// Who answers for it and sees to its end.
    pub(crate) owner: Spanned<String>,
    /// Who signs it, as `allowed_signers` names them.
    pub(crate) approver: Spanned<String>,
    /// The day it was asked for.
    pub(crate) opened: Spanned<String>,
    /// The last day it holds.
    pub(crate) expires: Spanned<String>,
    /// The end of the ledger when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) ledger: Option<Spanned<String>>,
}

impl Exception {
    /// Reads a record that says everything it must.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let exception: Self = record::read(bytes)?;
        let said = [
            (&exception.reason, "reason"),
            (&exception.owner, "owner"),
            (&exception.approver, "approver"),
        ];
        for (word, key) in said {
            if word.as_ref().trim().is_empty() {
                return Err(Fault::new(word.span(), format!("`{key}` says nothing")));
            }
        }
        let clause = &exception.clause;
        if clause::sentence(clause.as_ref()).is_empty() {
            let message = format!("the model document has no section `{}`", clause.as_ref());
            return Err(Fault::new(clause.span(), message));
        }
        match (&exception.fingerprint, &exception.file, exception.line) {
            (Some(_), None, None) | (None, Some(_), Some(_)) => {}
            _ => {
                let message = "it names its finding by `fingerprint`, or by `file` and `line`";
                return Err(Fault::new(exception.rule.span(), message));
            }
        }
        let opened = moment(&exception.opened)?;
        if moment(&exception.expires)? < opened {
            let message = "it expires before it was opened";
            return Err(Fault::new(exception.expires.span(), message));
        }
        Ok(exception)
    }

    /// Whether its last day is over on the day of `now`.
    pub(crate) fn is_expired(&self, now: Moment) -> bool {
        self.expires.as_ref() < &now.day()
    }

    /// Whether it was opened on a day that is still to come.
    pub(crate) fn is_of_the_future(&self, now: Moment) -> bool {
        *self.opened.as_ref() > now.day()
    }

    /// Whether it is about this finding.
    pub(crate) fn is_about(&self, entry: &Entry, report: &Report<'_>) -> bool {
        if entry.finding.rule.id != self.rule.as_ref() {
            return false;
        }
        let place = entry.finding.place;
        match &self.fingerprint {
            Some(fingerprint) => *fingerprint.as_ref() == entry.fingerprint,
            None => {
                self.file.as_deref() == Some(report.file(place))
                    && self.line == Some(place.span.start.line())
            }
        }
    }

    /// What it is about, in a few words.
    pub(crate) fn subject(&self) -> String {
        match (&self.fingerprint, &self.file, self.line) {
            (None, Some(file), Some(line)) => format!("{file}:{line}"),
            (fingerprint, ..) => fingerprint
                .as_ref()
                .map_or(String::new(), |it| it.as_ref().clone()),
        }
    }
}

fn moment(day: &Spanned<String>) -> Result<Moment, Fault> {
    let read = Moment::parse(day.as_ref()).filter(|moment| moment.day() == *day.as_ref());
    read.ok_or_else(|| {
        let message = format!("`{}` is no day: it is written 2026-11-23", day.as_ref());
        Fault::new(day.span(), message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "rule = \"x\"\nfingerprint = \"ab\"\nclause = \"V\"\nreason = \"r\"\nowner = \"o\"\n\
        approver = \"a\"\nopened = \"2026-11-23\"\nexpires = \"2026-11-30\"\n";

    fn fault(from: &str, to: &str) -> String {
        let text = SOUND.replace(from, to);
        let fault = Exception::read(text.as_bytes()).expect_err("a fault");
        fault.message
    }

    #[test]
    fn a_record_says_all_of_it_once_and_nothing_else() {
        let sound = Exception::read(SOUND.as_bytes()).expect("it is sound");
        let again = record::write(&sound);
        assert_eq!(again, SOUND);
        for (from, to, said) in [
            ("reason = \"r\"\n", "", "missing field `reason`"),
            ("reason = \"r\"", "reason = \" \"", "says nothing"),
            (
                "rule = \"x\"\n",
                "rule = \"x\"\nrule = \"y\"\n",
                "duplicate key",
            ),
            ("clause", "clauses", "unknown field `clauses`"),
            ("\"V\"", "\"XX\"", "no section `XX`"),
            (
                "fingerprint = \"ab\"",
                "file = \"a.rs\"",
                "by `file` and `line`",
            ),
            (
                "fingerprint = \"ab\"",
                "fingerprint = \"ab\"\nline = 1",
                "by `file` and `line`",
            ),
            ("2026-11-30", "2026-11-22", "expires before"),
            ("2026-11-30", "2026-11-31", "no day"),
            ("2026-11-30", "2026-11-30T00:00:00Z", "no day"),
        ] {
            let told = fault(from, to);
            assert!(told.contains(said), "{to}: {told}");
        }
    }

    #[test]
    fn its_last_day_is_a_day_of_it() {
        let exception = Exception::read(SOUND.as_bytes()).expect("it is sound");
        let on = |day: &str| exception.is_expired(Moment::parse(day).expect("a time"));
        assert!(!on("2026-11-30T23:59:59Z"));
        assert!(on("2026-12-01"));
    }
}
