//! What a change takes away from the records at its base: history, a smaller baseline, who may sign.

use super::baseline::{self, Baseline};
use super::ledger::{self, Ledger};
use super::proof::Breakage;
use super::signature::{self, Act};
use super::signers::{self, Signers};
use super::store::{FOLDER, Store};
use crate::provenance::Moment;

/// Every such loss, `then` being the records at the base.
pub(crate) fn losses(then: &Store, now: &Store, today: Moment) -> Vec<Breakage> {
    let mut losses = Vec::new();
    losses.extend(history(then, now));
    losses.extend(debt(then, now));
    losses.extend(people(then, now, today));
    losses
}

fn loss(rule: &'static str, file: &str, line: usize, message: String, help: &str) -> Breakage {
    Breakage {
        rule,
        file: file.to_owned(),
        line,
        message,
        help: help.to_owned(),
    }
}

/// Entries of the ledger that are gone: a chain that was cut looks whole by itself.
fn history(then: &Store, now: &Store) -> Option<Breakage> {
    let of = |store: &Store| Ledger::read(store.get(ledger::FILE).unwrap_or_default()).0;
    let before = of(then);
    let lost = of(now).lost_of(&before).len();
    let first = of(now)
        .lost_of(&before)
        .first()
        .map(|line| line.entry.clone())?;
    let what = first.record.unwrap_or_else(|| "two histories".to_owned());
    Some(loss(
        "broken-ledger",
        ledger::FILE,
        1,
        format!(
            "the ledger lost {lost} of its {} entries at the base, the first the {} of {what}",
            before.lines.len(),
            first.deed.name()
        ),
        "bring the base's ledger in with `cargo constitution ledger merge FILE`: a ledger only grows",
    ))
}

/// A baseline that bears more than it did.
fn debt(then: &Store, now: &Store) -> Option<Breakage> {
    let before = Baseline::read(then.get(baseline::FILE)?).ok()?;
    let bytes = now.get(baseline::FILE)?;
    let after = Baseline::read(bytes).ok()?;
    let more = after.beyond(&before);
    let first = more.first()?;
    let above = bytes
        .get(..first.fingerprint.span().start)
        .unwrap_or_default();
    Some(loss(
        "weakened-law",
        baseline::FILE,
        line_of(above),
        format!(
            "the baseline bears {} findings that it did not bear at the base",
            more.len()
        ),
        "mend them, or ask for exceptions: a baseline only shrinks",
    ))
}

/// Somebody who could not sign something then. Who may is changed by whom it was entrusted to.
fn people(then: &Store, now: &Store, today: Moment) -> Option<Breakage> {
    let name = signers::FILE;
    let bytes = now.get(name)?;
    let entrusted = then.get(name).map(Signers::parse);
    let entrusted = entrusted.and_then(Result::ok).unwrap_or_default();
    let line = Signers::parse(bytes).ok()?.first_beyond(&entrusted)?;
    let beside = format!("{name}.sig");
    let act = Act::Signers;
    let refusal = signature::verify(act, bytes, now.get(&beside), &entrusted, today).err()?;
    let able = entrusted.who_may(act.namespace(), today);
    let help = match able[..] {
        [] => "nobody could sign this at the base, so it is where trust begins: the Founder brings it in, past this \
               gate, and by hand"
            .to_owned(),
        _ => format!("one of {} signs it: `{}`", able.join(", "), act.command(name)),
    };
    Some(loss(
        "weakened-law",
        name,
        line,
        format!("`{FOLDER}/{name}` lets a key sign what it could not at the base, and {refusal}"),
        &help,
    ))
}

fn line_of(above: &[u8]) -> usize {
    above.iter().filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::super::ledger::Deed;
    use super::super::testing::{public, sign};
    use super::*;

    fn today() -> Moment {
        Moment::parse("2026-11-23").expect("a day")
    }

    fn store(files: &[(&str, &str)]) -> Store {
        let files = files.iter();
        Store::of(files.map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())))
    }

    fn of_one<'t>(name: &'t str, text: &'t str) -> [(&'t str, &'t str); 1] {
        [(name, text)]
    }

    fn told(then: &[(&str, &str)], now: &[(&str, &str)]) -> Vec<(&'static str, usize)> {
        let losses = losses(&store(then), &store(now), today());
        losses.iter().map(|loss| (loss.rule, loss.line)).collect()
    }

    #[test]
    fn a_ledger_that_was_cut_or_exchanged_is_told() {
        let mut ledger = Ledger::default();
        ledger.enter(Deed::Declare, "a", b"a", today());
        let short = ledger.text();
        ledger.enter(Deed::Plan, "b", b"b", today());
        let long = ledger.text();
        let file = |text| of_one(ledger::FILE, text);
        assert_eq!(told(&file(&short), &file(&long)), []);
        assert_eq!(told(&file(&long), &file(&short)), [("broken-ledger", 1)]);
        assert_eq!(told(&file(&long), &[]), [("broken-ledger", 1)]);
    }

    #[test]
    fn a_baseline_shrinks_and_does_not_grow() {
        let of = |names: &[&str]| {
            let known = names.iter().map(|name| {
                format!("[[finding]]\nfingerprint = \"{name}\"\nrule = \"r\"\nfile = \"f\"\n")
            });
            format!("taken = \"2026-11-23\"\n{}", known.collect::<String>())
        };
        let (one, two, other) = (of(&["a"]), of(&["a", "b"]), of(&["c"]));
        let file = |text| of_one(baseline::FILE, text);
        assert_eq!(told(&file(&two), &file(&one)), []);
        assert_eq!(told(&file(&one), &file(&two)), [("weakened-law", 7)]);
        assert_eq!(told(&file(&one), &file(&other)), [("weakened-law", 3)]);
        assert_eq!(told(&[], &file(&one)), [], "the first one is not compared");
    }

    #[test]
    fn who_may_sign_is_changed_by_whom_it_was_entrusted_to() {
        let line =
            |who: &str, what: &str, key| format!("{who} namespaces=\"{what}\" {}\n", public(key));
        let founder = line("ada", "*@cargo-constitution", 1);
        let more = format!("{founder}{}", line("eve", "lift@cargo-constitution", 2));
        let file = |text| of_one(signers::FILE, text)[0];
        assert_eq!(told(&[file(&more)], &[file(&founder)]), [], "one less");
        assert_eq!(
            told(&[file(&founder)], &[file(&more)]),
            [("weakened-law", 2)]
        );
        let signed = |key| {
            let signature = sign(key, "signers@cargo-constitution", more.as_bytes());
            String::from_utf8(signature).expect("it is text")
        };
        let with = |signature: &str| {
            told(
                &[file(&founder)],
                &[file(&more), ("allowed_signers.sig", signature)],
            )
        };
        assert_eq!(with(&signed(1)), []);
        assert_eq!(
            with(&signed(2)),
            [("weakened-law", 2)],
            "not by the new one"
        );
        assert_eq!(told(&[], &[file(&founder)]), [("weakened-law", 1)]);
    }
}
