//! `weakened-law`: a change of the law after which it forbids less than at the base.

mod layers;
mod levels;
mod moved;
mod others;
mod selectors;

use crate::constitution::Constitution;
use crate::finding::{Hop, Level, RuleMeta};
use crate::layering::Layering;
use crate::rules::{Case, Draft, Rule, Sink};
use crate::text::{FileId, Place, Sources};

pub(crate) struct WeakenedLaw;

/// A change of the law. The case that has one is judged by the law at the base: [`Case::layering`] is what
/// that gives to the packages of now.
pub(crate) struct Amendment<'a> {
    /// What people call the base: `origin/main (0123abc)`.
    pub(crate) base: &'a str,
    /// The law at the base; `Err`: why it cannot be read.
    pub(crate) before: Result<&'a Constitution, &'a str>,
    /// The law that the change brings, and what it gives.
    pub(crate) after: &'a Constitution,
    pub(crate) layering: &'a Layering,
    /// The file of the law, whether or not the change has left it there.
    pub(crate) file: FileId,
    pub(crate) left_out: &'a [LeftOut],
}

/// A package that is still there but that the check no longer sees.
#[derive(Debug)]
pub(crate) struct LeftOut {
    pub(crate) name: String,
    /// The layer that the law at the base gives it.
    pub(crate) layer: String,
    /// What it is now, from the workspace's root: `its manifest `x/Cargo.toml` is no longer …`.
    pub(crate) how: String,
    pub(crate) place: Place,
}

/// One way in which the law forbids less.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Weakening {
    /// `None`: the later law says nothing that could be pointed at.
    place: Option<Place>,
    /// What has become weaker, as a key of the law: `rules.engine-reference.level`.
    subject: String,
    /// What has happened, in one line.
    message: String,
    /// What the law at the base says, in its own words.
    before: String,
    before_at: Option<Place>,
    /// What the later law says there; `None`: nothing.
    after: Option<String>,
    package: Option<String>,
}

impl Weakening {
    fn new(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            place: None,
            subject: subject.into(),
            message: message.into(),
            before: String::new(),
            before_at: None,
            after: None,
            package: None,
        }
    }

    /// What the law at the base says, and where; nowhere in the built-in law.
    fn before(mut self, words: impl Into<String>, place: Option<Place>) -> Self {
        self.before = words.into();
        self.before_at = place;
        self
    }

    /// What the later law says.
    fn after(mut self, words: impl Into<String>, place: Option<Place>) -> Self {
        self.after = Some(words.into());
        self.place = place;
        self
    }

    fn draft(self, amendment: &Amendment<'_>, sources: &Sources) -> Draft {
        let place = self.place.unwrap_or(Place::top(amendment.file));
        let at = self.before_at.map(|at| {
            let line = at.span.start.line();
            format!("{}, line {line}", sources.shown(at.file))
        });
        let at = at.unwrap_or_else(|| amendment.base.to_owned());
        let hop = |label: String| Hop { place, label };
        let mut chain = vec![hop(format!("at the base: `{}` ({at})", self.before))];
        chain.push(hop(match &self.after {
            Some(after) => format!("in this change: `{after}`"),
            None => "in this change: nothing".to_owned(),
        }));
        let help = "take this change of the law back; or let the Founder sign for it, who could sign exceptions at \
                    the base: `cargo constitution exception request FILE:LINE --base REF`";
        // With both texts: leave for one change is none for another of the same key.
        let after = self.after.as_deref().unwrap_or("nothing");
        let target = format!("{}: {} → {after}", self.subject, self.before);
        Draft {
            target: Some(target),
            package: self.package,
            chain,
            ..Draft::at(place, self.message, help.to_owned())
        }
    }
}

impl Rule for WeakenedLaw {
    const META: &'static RuleMeta = &RuleMeta {
        id: "weakened-law",
        trigger: None,
        clause: "XI",
        summary: "a change of the law after which it forbids less than at the base",
        level: Level::Breach,
        page: include_str!("../../rules/weakened-law.md"),
        options: &[],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let Some(amendment) = case.amendment else {
            return;
        };
        let mut all = match amendment.before {
            Ok(before) => weakenings(case, amendment, before),
            Err(reason) => vec![unreadable(reason)],
        };
        all.extend(amendment.left_out.iter().map(left_out));
        all.sort();
        all.dedup();
        for weakening in all {
            sink.push(weakening.draft(amendment, &case.facts.sources));
        }
    }
}

fn weakenings(case: &Case<'_>, amendment: &Amendment<'_>, before: &Constitution) -> Vec<Weakening> {
    let after = amendment.after;
    let mut all = layers::weakenings(before, after);
    all.extend(levels::weakenings(before, after));
    all.extend(selectors::weakenings(case, before, after));
    all.extend(others::weakenings(before, after));
    all.extend(moved::weakenings(case, amendment));
    all
}

fn unreadable(reason: &str) -> Weakening {
    let message = format!("whether the law forbids less cannot be told: {reason}");
    Weakening::new("constitution", message).before("unreadable", None)
}

fn left_out(left: &LeftOut) -> Weakening {
    let LeftOut {
        name, layer, how, ..
    } = left;
    let message = format!("`{name}` of layer `{layer}` is left out of the check: {how}");
    Weakening {
        package: Some(name.clone()),
        ..Weakening::new(name, message)
            .before(format!("{name}: {layer}"), None)
            .after(how, Some(left.place))
    }
}
