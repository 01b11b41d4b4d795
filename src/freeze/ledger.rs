//! The ledger: what was declared, planned, reviewed, lifted and asked for, each entry chained to those before.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::record::digest;
use crate::provenance::Moment;

/// The name of the file below `.constitution/`.
pub(crate) const FILE: &str = "ledger.jsonl";

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Deed {
    Declare,
    Plan,
    Review,
    Lift,
    Exception,
    Baseline,
    Certificate,
    /// Two histories became one.
    Merge,
}

impl Deed {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Declare => "declare",
            Self::Plan => "plan",
            Self::Review => "review",
            Self::Lift => "lift",
            Self::Exception => "exception",
            Self::Baseline => "baseline",
            Self::Certificate => "certificate",
            Self::Merge => "merge",
        }
    }

    /// Whether its record must stay as long as the ledger does.
    pub(crate) fn is_for_ever(self) -> bool {
        matches!(
            self,
            Self::Declare | Self::Plan | Self::Review | Self::Lift | Self::Certificate
        )
    }
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// The hashes of the entries before it: one, two where histories merged, none at the beginning.
    pub(crate) parents: Vec<String>,
    /// In UTC.
    pub(crate) time: String,
    pub(crate) deed: Deed,
    /// The file below `.constitution/`; a merge has none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) record: Option<String>,
    /// SHA-256 of that file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) digest: Option<String>,
}

/// An entry with its hash and its one-based line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) hash: String,
    pub(crate) entry: Entry,
    pub(crate) number: usize,
}

/// A line as it is written: the hash is of the bytes of the entry.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'a> {
    hash: String,
    #[serde(borrow)]
    entry: &'a RawValue,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flaw {
    /// One-based.
    pub(crate) line: usize,
    pub(crate) message: String,
}

/// Every entry, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ledger {
    pub(crate) lines: Vec<Line>,
}

impl Ledger {
    /// Reads and proves the whole file: every hash, every parent, one beginning and one end.
    pub(crate) fn read(bytes: &[u8]) -> (Self, Vec<Flaw>) {
        let (ledger, mut flaws) = Self::read_lines(bytes);
        let heads = ledger.heads();
        if let [_, second, ..] = heads[..] {
            flaws.push(Flaw {
                line: second.number,
                message: format!(
                    "the ledger has {} ends: two histories that are not merged",
                    heads.len()
                ),
            });
        }
        (ledger, flaws)
    }

    /// As [`Ledger::read`], but there may be several ends.
    fn read_lines(bytes: &[u8]) -> (Self, Vec<Flaw>) {
        let (mut ledger, mut flaws) = (Self::default(), Vec::new());
        let mut known: BTreeSet<String> = BTreeSet::new();
        let text = String::from_utf8_lossy(bytes);
        for (number, text) in (1..).zip(text.split_terminator('\n')) {
            match line(text, number).and_then(|line| fits(line, &known)) {
                Ok(line) => {
                    known.insert(line.hash.clone());
                    ledger.lines.push(line);
                }
                Err(message) => flaws.push(Flaw {
                    line: number,
                    message,
                }),
            }
        }
        (ledger, flaws)
    }

    /// The entries that no other one follows, in the order of the file.
    pub(crate) fn heads(&self) -> Vec<&Line> {
        let parents: BTreeSet<&String> = self
            .lines
            .iter()
            .flat_map(|line| &line.entry.parents)
            .collect();
        let heads = self.lines.iter();
        heads.filter(|line| !parents.contains(&line.hash)).collect()
    }

    /// The hash of the last entry.
    pub(crate) fn head(&self) -> Option<String> {
        self.heads().last().map(|line| line.hash.clone())
    }

    pub(crate) fn holds(&self, hash: &str) -> bool {
        self.lines.iter().any(|line| line.hash == hash)
    }

    /// The last entry of each record.
    pub(crate) fn latest(&self) -> BTreeMap<&str, &Line> {
        let of = |line| Some((Self::record(line)?, line));
        self.lines.iter().filter_map(of).collect()
    }

    fn record(line: &Line) -> Option<&str> {
        line.entry.record.as_deref()
    }

    /// Adds an entry about a record after all that there are.
    pub(crate) fn enter(&mut self, deed: Deed, record: &str, bytes: &[u8], now: Moment) {
        let parents = self.heads().iter().map(|line| line.hash.clone()).collect();
        self.push(Entry {
            parents,
            time: now.to_string(),
            deed,
            record: Some(record.to_owned()),
            digest: Some(digest(bytes)),
        });
    }

    fn push(&mut self, entry: Entry) {
        let hash = digest(text(&entry).as_bytes());
        let number = self.lines.len() + 1;
        self.lines.push(Line {
            hash,
            entry,
            number,
        });
    }

    /// One ledger of two histories, `ours` first, both whole. Where one holds the other, it is the longer one.
    ///
    /// # Errors
    /// The first flaw of either, which of them and where.
    pub(crate) fn merged(ours: &[u8], theirs: &[u8], now: Moment) -> Result<Self, Flaw> {
        let sound = |bytes| match Self::read_lines(bytes) {
            (ledger, flaws) if flaws.is_empty() => Ok(ledger),
            (_, flaws) => Err(flaws[0].clone()),
        };
        let (mut ours, theirs) = (sound(ours)?, sound(theirs)?);
        for line in theirs.lines {
            if !ours.holds(&line.hash) {
                let number = ours.lines.len() + 1;
                ours.lines.push(Line { number, ..line });
            }
        }
        let heads: Vec<String> = ours.heads().iter().map(|line| line.hash.clone()).collect();
        if heads.len() > 1 {
            ours.push(Entry {
                parents: heads,
                time: now.to_string(),
                deed: Deed::Merge,
                record: None,
                digest: None,
            });
        }
        Ok(ours)
    }

    /// Entries of `base` that this ledger lacks: it was cut short, or its history was exchanged.
    pub(crate) fn lost_of<'b>(&self, base: &'b Self) -> Vec<&'b Line> {
        let here: BTreeSet<&str> = self.lines.iter().map(|line| line.hash.as_str()).collect();
        let lost = base.lines.iter();
        lost.filter(|line| !here.contains(line.hash.as_str()))
            .collect()
    }

    /// The file's text.
    pub(crate) fn text(&self) -> String {
        let mut all = String::new();
        for line in &self.lines {
            let entry = text(&line.entry);
            all.push_str(&format!(
                "{{\"hash\":\"{}\",\"entry\":{entry}}}\n",
                line.hash
            ));
        }
        all
    }
}

/// Takes the marks that git leaves at a conflict out of a ledger.
pub(crate) fn without_conflict_marks(text: &str) -> String {
    let is_mark = |line: &&str| {
        let mut marks = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].into_iter();
        marks.any(|mark| line.starts_with(mark))
    };
    let lines = text.lines().filter(|line| !is_mark(line));
    let mut seen = BTreeSet::new();
    let lines = lines.filter(|line| seen.insert(line.to_owned()));
    lines.map(|line| format!("{line}\n")).collect()
}

fn text(entry: &Entry) -> String {
    serde_json::to_string(entry).expect("an entry is strings")
}

fn line(written: &str, number: usize) -> Result<Line, String> {
    let no_entry = |error: serde_json::Error| format!("this is no entry: {error}");
    let Written { hash, entry: raw } = serde_json::from_str(written).map_err(no_entry)?;
    let entry: Entry = serde_json::from_str(raw.get()).map_err(no_entry)?;
    if hash != digest(raw.get().as_bytes()) {
        return Err(
            "the entry was changed after it was made: its hash is of other words".to_owned(),
        );
    }
    // One way to write an entry, so that what is read is what was hashed.
    if raw.get() != text(&entry)
        || written != format!("{{\"hash\":\"{hash}\",\"entry\":{}}}", raw.get())
    {
        return Err("the entry is not written as the tool writes it".to_owned());
    }
    Ok(Line {
        hash,
        entry,
        number,
    })
}

/// The line, if it may follow those that are known.
fn fits(line: Line, known: &BTreeSet<String>) -> Result<Line, String> {
    let Entry {
        parents,
        time,
        deed,
        record,
        digest,
    } = &line.entry;
    if known.contains(&line.hash) {
        return Err("the entry is there twice".to_owned());
    }
    if let Some(missing) = parents.iter().find(|parent| !known.contains(*parent)) {
        let short: String = missing.chars().take(12).collect();
        return Err(format!(
            "the entry follows `{short}`, which is not above it: one was taken out or moved"
        ));
    }
    let right = match (deed, parents.len()) {
        (Deed::Merge, 2..) => record.is_none() && digest.is_none(),
        (Deed::Merge, _) => false,
        (_, 0) => known.is_empty() && record.is_some() && digest.is_some(),
        (_, 1) => record.is_some() && digest.is_some(),
        (_, _) => false,
    };
    if !right {
        return Err(match parents.len() {
            0 => "the entry begins a second ledger".to_owned(),
            _ => "the entry is not of the shape of its deed".to_owned(),
        });
    }
    if Moment::parse(time).is_none() {
        return Err(format!("`{time}` is no time"));
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Moment {
        Moment::parse("2026-11-23T08:00:00Z").expect("a time")
    }

    fn of(names: &[&str]) -> Ledger {
        let mut ledger = Ledger::default();
        for name in names {
            ledger.enter(Deed::Exception, name, name.as_bytes(), now());
        }
        ledger
    }

    fn flaws(text: &str) -> Vec<(usize, String)> {
        let (_, flaws) = Ledger::read(text.as_bytes());
        let said = flaws.into_iter();
        said.map(|flaw| (flaw.line, flaw.message)).collect()
    }

    #[test]
    fn what_was_entered_is_read_back_without_a_flaw() {
        let ledger = of(&["a", "b", "c"]);
        assert_eq!(Ledger::read(ledger.text().as_bytes()), (ledger, Vec::new()));
    }

    #[test]
    fn a_changed_missing_moved_or_doubled_entry_is_told_with_its_line() {
        let text = of(&["a", "b", "c"]).text();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let [a, b, c] = lines[..] else {
            panic!("three lines")
        };
        let changed = b.replace("08:00", "09:00");
        let spaced = b.replace("\"entry\":", "\"entry\": ");
        for (text, line, said) in [
            (format!("{a}{changed}{c}"), 2, "changed after it was made"),
            (format!("{a}{spaced}{c}"), 2, "as the tool writes it"),
            (format!("{a}{c}"), 2, "was taken out or moved"),
            (format!("{b}{c}"), 1, "was taken out or moved"),
            (format!("{a}{c}{b}"), 2, "was taken out or moved"),
            (format!("{a}{b}{b}{c}"), 3, "there twice"),
            (
                format!("{a}{b}{c}{}", of(&["x"]).text()),
                4,
                "second ledger",
            ),
            (format!("{a}{b}{{}}\n"), 3, "no entry"),
        ] {
            let told = flaws(&text);
            assert_eq!(told[0].0, line, "{told:?}");
            assert!(told[0].1.contains(said), "{told:?}");
        }
        // Nothing in the file itself shows a cut end; what was signed later and the base do.
        assert_eq!(flaws(&format!("{a}{b}")), []);
        let cut = Ledger::read(a.as_bytes()).0;
        let lost = cut.lost_of(&Ledger::read(text.as_bytes()).0).len();
        assert_eq!(lost, 2);
    }

    #[test]
    fn two_branches_merge_and_keep_both_histories() {
        let base = of(&["a"]);
        let (mut ours, mut theirs) = (base.clone(), base.clone());
        ours.enter(Deed::Plan, "ours", b"o", now());
        theirs.enter(Deed::Review, "theirs", b"t", now());
        let text = |ledger: &Ledger| ledger.text().into_bytes();
        let union = without_conflict_marks(&format!(
            "{}<<<<<<< HEAD\n{}=======\n{}>>>>>>> theirs\n",
            base.text(),
            &ours.text()[base.text().len()..],
            &theirs.text()[base.text().len()..]
        ));
        assert!(flaws(&union)[0].1.contains("2 ends"));
        let both = Ledger::merged(&text(&ours), &text(&theirs), now()).expect("they are sound");
        let of_union = Ledger::merged(union.as_bytes(), b"", now()).expect("it is sound");
        assert_eq!(both, of_union);
        assert_eq!(flaws(&both.text()), []);
        assert_eq!(both.heads().len(), 1);
        assert!(both.lost_of(&ours).is_empty() && both.lost_of(&theirs).is_empty());
        let again = Ledger::merged(&text(&both), &text(&ours), now()).expect("they are sound");
        assert_eq!(again, both, "what holds the other already stays as it is");
        assert!(Ledger::merged(b"{}\n", b"", now()).is_err());
    }
}
