//! What each record makes of the findings of a report.

use std::ops::Range;

use super::{Records, Terms, shown};
use crate::finding::{Confidence, Finding};
use crate::freeze::baseline::{self, Baseline};
use crate::freeze::exception::{self, Exception};
use crate::freeze::proof;
use crate::freeze::record::{self, Fault};
use crate::freeze::signature::{self, Act};
use crate::freeze::signers;
use crate::freeze::store::FOLDER;
use crate::report::Report;
use crate::report::standing::{self, Standing, Status};
use crate::text::Place;

/// What is being judged, and what was said so far.
pub(super) struct Judgement<'j, 'r> {
    records: &'j Records,
    report: &'j Report<'r>,
    terms: &'j Terms<'j>,
    standing: Standing,
}

/// What is wrong with a record, at which of its bytes, and the way out.
struct Objection {
    rule: &'static str,
    range: Range<usize>,
    message: String,
    help: String,
}

impl<'j, 'r> Judgement<'j, 'r> {
    pub(super) fn new(records: &'j Records, report: &'j Report<'r>, terms: &'j Terms<'j>) -> Self {
        let standing = Standing {
            blind_spots: records.unreadable.clone(),
            ..Standing::default()
        };
        Self {
            records,
            report,
            terms,
            standing,
        }
    }

    /// Hears every record.
    pub(super) fn all(mut self) -> Standing {
        self.tables();
        self.ledger();
        let store = &self.records.store;
        if let Some(bytes) = store.get(baseline::FILE) {
            self.baseline(bytes);
        }
        for (name, bytes) in store.below(exception::FOLDER) {
            if name.ends_with(".toml") {
                self.exception(name, bytes);
            }
        }
        let cases = self.records.cases(self.terms.now);
        let in_force = cases.iter().filter(|case| case.is_in_force());
        self.standing.freezes = in_force.map(shown).collect();
        self.standing
    }

    /// `[[exception]]` in the constitution: asked for, and signed by nobody.
    fn tables(&mut self) {
        for place in &self.terms.law.exceptions {
            self.find(
                "unapproved-exception",
                *place,
                "an exception written into the constitution has nobody's leave".to_owned(),
                "delete it; `cargo constitution exception request FINGERPRINT` writes a record of its own, which \
                 can be signed"
                    .to_owned(),
                None,
            );
        }
    }

    fn ledger(&mut self) {
        for broken in &self.records.broken {
            let line = broken.line.saturating_sub(1);
            let bytes = self.records.store.get(&broken.file).unwrap_or_default();
            let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
            let start = lines.by_ref().take(line).map(<[u8]>::len).sum();
            let length = lines.next().map_or(0, |line| line.trim_ascii_end().len());
            let place = self
                .records
                .place(&broken.file, bytes, start..start + length);
            let (message, help) = (broken.message.clone(), broken.help.clone());
            self.find(broken.rule, place, message, help, None);
        }
    }

    fn exception(&mut self, name: &str, bytes: &[u8]) {
        match self.heard(name, bytes) {
            Ok(exception) => self.grant(name, &exception),
            Err(objection) => self.object(name, bytes, objection),
        }
    }

    fn object(&mut self, name: &str, bytes: &[u8], objection: Objection) {
        let place = self.records.place(name, bytes, objection.range);
        let target = Some(format!("{FOLDER}/{name}"));
        let (message, help) = (objection.message, objection.help);
        self.find(objection.rule, place, message, help, target);
    }

    /// Marks what was there when the tool was adopted, if the baseline has leave.
    fn baseline(&mut self, bytes: &[u8]) {
        let baseline = match self.heard_baseline(bytes) {
            Ok(baseline) => baseline,
            Err(objection) => return self.object(baseline::FILE, bytes, objection),
        };
        let there = baseline.fingerprints();
        for entry in &self.report.entries {
            let known = there.contains(entry.fingerprint.as_str());
            if known && entry.finding.rule.is_of_code() {
                let fingerprint = entry.fingerprint.clone();
                self.standing.status.insert(fingerprint, Status::Baseline);
            }
        }
        let gone: Vec<_> = baseline
            .findings
            .iter()
            .filter(|it| !self.standing.status.contains_key(it.fingerprint.as_ref()))
            .collect();
        if let [first, ..] = gone[..] {
            let objection = Objection {
                rule: "stale-exception",
                range: first.fingerprint.span(),
                message: format!(
                    "{} of the {} findings in the baseline are gone",
                    gone.len(),
                    baseline.findings.len()
                ),
                help: "`cargo constitution baseline` writes the smaller one, to be signed again"
                    .to_owned(),
            };
            self.object(baseline::FILE, bytes, objection);
        }
    }

    fn heard_baseline(&self, bytes: &[u8]) -> Result<Baseline, Objection> {
        let unapproved = |range, why: &str, help: String| Objection {
            rule: "unapproved-exception",
            range,
            message: format!("`{FOLDER}/{}` bears nothing: {why}", baseline::FILE),
            help,
        };
        let anew = || "take it anew with `cargo constitution baseline`".to_owned();
        let fault = |fault: Fault| unapproved(fault.range, &fault.message, anew());
        let baseline = Baseline::read(bytes).map_err(fault)?;
        let (act, name) = (Act::Baseline, baseline::FILE);
        let at = record::moment(&baseline.taken).map_err(fault)?;
        if at > self.terms.now {
            let why = "it is of a day that is still to come";
            return Err(unapproved(baseline.taken.span(), why, anew()));
        }
        let signature = self.records.store.get(&format!("{name}.sig"));
        signature::verify(act, bytes, signature, &self.records.signers, at).map_err(|refusal| {
            let help = format!("the Founder signs it: {}", again(act, name, signature));
            unapproved(baseline.taken.span(), &refusal.to_string(), help)
        })?;
        self.entered(name, bytes, baseline.taken.span())?;
        Ok(baseline)
    }

    /// Whether the ledger has the record as it is.
    fn entered(&self, name: &str, bytes: &[u8], range: Range<usize>) -> Result<(), Objection> {
        match proof::unentered(&self.records.ledger, name, bytes) {
            None => Ok(()),
            Some(why) => Err(Objection {
                rule: "broken-ledger",
                range,
                message: format!("`{FOLDER}/{name}` counts for nothing: {why}"),
                help: format!("`cargo constitution ledger enter {FOLDER}/{name}`"),
            }),
        }
    }

    /// The exception, if it has leave and is about something.
    fn heard(&self, name: &str, bytes: &[u8]) -> Result<Exception, Objection> {
        let unapproved = |range, message: String, help: String| Objection {
            rule: "unapproved-exception",
            range,
            message: format!("`{FOLDER}/{name}` excepts nothing: {message}"),
            help,
        };
        let exception = Exception::read(bytes).map_err(|fault| {
            let help = "`cargo constitution exception request FINGERPRINT` writes a right one";
            unapproved(fault.range, fault.message, help.to_owned())
        })?;
        let (now, rule) = (self.terms.now, exception.rule.as_ref());
        let Some(meta) = self.terms.rule(rule) else {
            let help = "name a rule as `cargo constitution explain` lists it".to_owned();
            let message = format!("there is no rule `{rule}`");
            return Err(unapproved(exception.rule.span(), message, help));
        };
        if !self.terms.is_exceptable(meta) {
            let message = format!("this law grants no exception to `{rule}`");
            let help = "mend what was found, and delete the record".to_owned();
            return Err(unapproved(exception.rule.span(), message, help));
        }
        if exception.clause.as_ref() != meta.clause {
            let message = format!("`{rule}` is of clause {}", meta.clause);
            let help = format!("write `clause = \"{}\"`, and sign it again", meta.clause);
            return Err(unapproved(exception.clause.span(), message, help));
        }
        if exception.is_of_the_future(now) {
            let message = "it is of a day that is still to come".to_owned();
            let help = "write the day on which it is signed".to_owned();
            return Err(unapproved(exception.opened.span(), message, help));
        }
        self.signed(name, bytes, &exception)
            .map_err(|(message, help)| unapproved(exception.approver.span(), message, help))?;
        self.entered(name, bytes, exception.rule.span())?;
        let mut entries = self.report.entries.iter();
        if !entries.any(|entry| exception.is_about(entry, self.report)) {
            return Err(Objection {
                rule: "stale-exception",
                range: exception.rule.span(),
                message: format!(
                    "`{FOLDER}/{name}` matches no finding: no `{rule}` at {}",
                    exception.subject()
                ),
                help: "delete the record and its signature: what it bore is gone, or was moved"
                    .to_owned(),
            });
        }
        if exception.is_expired(now) {
            return Err(Objection {
                rule: "expired-exception",
                range: exception.expires.span(),
                message: format!(
                    "`{FOLDER}/{name}` ended on {}: what it bore stands unexcepted",
                    exception.expires.as_ref()
                ),
                help: "mend what was found, and delete the record; its term ends as it was signed"
                    .to_owned(),
            });
        }
        Ok(exception)
    }

    /// Whether the approver signed it; else why not, and the way out.
    fn signed(
        &self,
        name: &str,
        bytes: &[u8],
        exception: &Exception,
    ) -> Result<(), (String, String)> {
        let beside = format!("{name}.sig");
        let signature = self.records.store.get(&beside);
        let (signers, now) = (&self.records.signers, self.terms.now);
        let act = Act::Exception;
        let again = again(act, name, signature);
        let approver = exception.approver.as_ref();
        let help = match &signers.who_may(act.namespace(), now)[..] {
            [] => format!(
                "no line of {FOLDER}/{} lets anybody sign `{}`: the Founder is to add one",
                signers::FILE,
                act.namespace()
            ),
            able if able.contains(&approver.as_str()) => format!("`{approver}` signs it: {again}"),
            able => format!(
                "one of {} signs it as its `approver`: {again}",
                able.join(", ")
            ),
        };
        match signature::verify(act, bytes, signature, signers, now) {
            Ok(signer) if signer.principal == *approver => Ok(()),
            Ok(signer) => {
                let who = &signer.principal;
                let message = format!("`{who}` signed it, but its approver is `{approver}`");
                Err((message, help))
            }
            Err(refusal) => Err((refusal.to_string(), help)),
        }
    }

    /// Marks what the exception is about.
    fn grant(&mut self, name: &str, exception: &Exception) {
        let index = self.standing.exceptions.len();
        let mut findings = Vec::new();
        for entry in &self.report.entries {
            if exception.is_about(entry, self.report) {
                findings.push(entry.fingerprint.clone());
                let status = Status::Excepted(index);
                self.standing
                    .status
                    .insert(entry.fingerprint.clone(), status);
            }
        }
        let text = |word: &toml::Spanned<String>| word.as_ref().clone();
        self.standing.exceptions.push(standing::Exception {
            record: format!("{FOLDER}/{name}"),
            rule: text(&exception.rule),
            clause: text(&exception.clause),
            reason: text(&exception.reason),
            owner: text(&exception.owner),
            approver: text(&exception.approver),
            opened: text(&exception.opened),
            expires: text(&exception.expires),
            findings,
        });
    }

    /// Says a finding about a record, at the level that the law gives its rule.
    fn find(
        &mut self,
        rule: &str,
        place: Place,
        message: String,
        help: String,
        target: Option<String>,
    ) {
        let rule = self
            .terms
            .rule(rule)
            .expect("the book has the rules about records");
        let laws = [Some(self.terms.law), self.terms.base];
        let levels = laws.into_iter().flatten().map(|law| {
            let set = law.rules.get(rule.id).and_then(|set| set.level);
            set.unwrap_or(Some(rule.level))
        });
        let Some(level) = levels.max().flatten() else {
            return;
        };
        self.standing.findings.push(Finding {
            rule,
            level,
            confidence: Confidence::Certain,
            message,
            help,
            place,
            package: None,
            module: None,
            layer: None,
            structure: None,
            target,
            category: None,
            cfg: None,
            test: false,
            chain: Vec::new(),
            because: Vec::new(),
        });
    }
}

/// How to sign a record, again where somebody did.
fn again(act: Act, name: &str, signature: Option<&[u8]>) -> String {
    let command = act.command(name);
    match signature {
        Some(_) => format!("remove `{FOLDER}/{name}.sig`, then `{command}`"),
        None => format!("`{command}`"),
    }
}
