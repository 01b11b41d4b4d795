//! What ends a freeze, and what does not.

use std::collections::BTreeMap;

use super::super::record::word;
use super::super::testing::{public, sign};
use super::*;

const FREEZE: &str = "2026-11-23-0123abcd";

/// A freeze in the making; ada (key 1) plans, bob (2) reviews, the Founder (3) lifts.
struct Making(BTreeMap<String, Vec<u8>>);

impl Making {
    fn new() -> Self {
        let mut making = Self(BTreeMap::new());
        making.put(REPORT, "{}");
        let declaration = Declaration {
            freeze: FREEZE.to_owned(),
            declared: word("2026-11-23"),
            what: "a cell names a database".to_owned(),
            clauses: vec!["VIII.1".to_owned()],
            tool: "test".to_owned(),
            commit: None,
            tree: String::new(),
            constitution: String::new(),
            report: digest(b"{}"),
            ledger: None,
            findings: vec![Found {
                fingerprint: "ab".to_owned(),
                rule: "engine-reference".to_owned(),
                clause: "VIII.1".to_owned(),
                at: "a.rs:1:1".to_owned(),
                message: "m".to_owned(),
            }],
        };
        making.put(DECLARATION, &record::write(&declaration));
        making
    }

    fn name(step: &str) -> String {
        format!("{FOLDER}{FREEZE}/{step}")
    }

    fn put(&mut self, step: &str, text: &str) {
        self.0.insert(Self::name(step), text.as_bytes().to_vec());
    }

    fn of(&self, step: &str) -> String {
        digest(self.0.get(&Self::name(step)).map_or(&[][..], Vec::as_slice))
    }

    fn sign(&mut self, step: &str, act: Act, key: u8) {
        let signature = sign(key, act.namespace(), &self.0[&Self::name(step)]);
        self.0.insert(Self::name(&format!("{step}.sig")), signature);
    }

    fn plan(&mut self, author: &str, fingerprint: &str) {
        let plan = Plan {
            freeze: FREEZE.to_owned(),
            declaration: self.of(DECLARATION),
            author: word(author),
            written: word("2026-11-24"),
            ledger: None,
            remedies: vec![Remedy {
                fingerprint: fingerprint.to_owned(),
                how: "a port".to_owned(),
            }],
        };
        self.put(PLAN, &record::write(&plan));
    }

    fn review(&mut self, reviewer: &str) {
        let review = Review {
            freeze: FREEZE.to_owned(),
            declaration: self.of(DECLARATION),
            plan: self.of(PLAN),
            reviewer: word(reviewer),
            written: word("2026-11-25"),
            opinion: "good".to_owned(),
            ledger: None,
        };
        self.put(REVIEW, &record::write(&review));
    }

    fn lift(&mut self) {
        let lift = Lift {
            freeze: FREEZE.to_owned(),
            declaration: self.of(DECLARATION),
            plan: self.of(PLAN),
            review: self.of(REVIEW),
            written: word("2026-11-26"),
            tool: "test".to_owned(),
            commit: None,
            tree: String::new(),
            constitution: String::new(),
            ledger: None,
        };
        self.put(LIFT, &record::write(&lift));
    }

    /// All steps, each signed by whom it is for.
    fn whole() -> Self {
        let mut making = Self::new();
        making.plan("ada", "ab");
        making.sign(PLAN, Act::Plan, 1);
        making.review("bob");
        making.sign(REVIEW, Act::Review, 2);
        making.lift();
        making.sign(LIFT, Act::Lift, 3);
        making
    }

    fn case_on(&self, day: &str) -> Case {
        let signers = [
            (
                "ada",
                "plan@cargo-constitution,review@cargo-constitution",
                1,
            ),
            (
                "bob",
                "plan@cargo-constitution,review@cargo-constitution",
                2,
            ),
            ("founder", "lift@cargo-constitution", 3),
        ];
        let lines = signers
            .map(|(who, what, key)| format!("{who} namespaces=\"{what}\" {}\n", public(key)));
        let signers = Signers::parse(lines.concat().as_bytes()).expect("they are right");
        let store = Store::of(self.0.clone());
        let mut cases = Case::all(&store, &signers, Moment::parse(day).expect("a day"));
        assert_eq!(cases.len(), 1);
        cases.remove(0)
    }

    fn case(&self) -> Case {
        self.case_on("2026-12-01")
    }
}

#[test]
fn all_steps_by_the_right_people_end_it() {
    let case = Making::whole().case();
    assert!(!case.is_in_force(), "{:?}", case.lift);
    assert_eq!(case.plan.words(), "done: by ada on 2026-11-24");
}

#[test]
fn every_missing_or_forged_step_keeps_it_in_force() {
    type Change = fn(&mut Making);
    let ways: [(&str, Change); 14] = [
        ("no plan", |it| drop(it.0.remove(&Making::name(PLAN)))),
        ("no review", |it| drop(it.0.remove(&Making::name(REVIEW)))),
        ("no signature", |it| {
            drop(it.0.remove(&Making::name("lift.toml.sig")))
        }),
        ("no report", |it| drop(it.0.remove(&Making::name(REPORT)))),
        ("another report", |it| it.put(REPORT, "{ }")),
        ("no declaration", |it| {
            drop(it.0.remove(&Making::name(DECLARATION)))
        }),
        ("lifted by the planner", |it| it.sign(LIFT, Act::Lift, 1)),
        ("signed as a review", |it| it.sign(LIFT, Act::Review, 3)),
        ("reviewed by its author", |it| {
            it.review("ada");
            it.sign(REVIEW, Act::Review, 1);
            it.lift();
            it.sign(LIFT, Act::Lift, 3);
        }),
        ("reviewed in another's name", |it| {
            it.review("bob");
            it.sign(REVIEW, Act::Review, 1);
        }),
        ("a plan exchanged after its review", |it| {
            it.plan("bob", "ab");
            it.sign(PLAN, Act::Plan, 2);
        }),
        ("a plan for something else", |it| {
            it.plan("ada", "cd");
            it.sign(PLAN, Act::Plan, 1);
        }),
        ("keys written twice", |it| {
            let name = Making::name(LIFT);
            let mut text = it.0[&name].clone();
            text.extend(b"tool = \"test\"\n");
            it.0.insert(name, text);
            it.sign(LIFT, Act::Lift, 3);
        }),
        ("a declaration made milder", |it| {
            let name = Making::name(DECLARATION);
            let text = String::from_utf8(it.0[&name].clone()).expect("it is text");
            it.put(DECLARATION, &text.replace("VIII.1", "V"));
        }),
    ];
    for (what, change) in ways {
        let mut making = Making::whole();
        change(&mut making);
        assert!(making.case().is_in_force(), "{what}");
    }
}

#[test]
fn a_step_of_a_day_to_come_is_none_yet() {
    let case = Making::whole().case_on("2026-11-25");
    assert!(
        case.review.is_done() && case.is_in_force(),
        "{:?}",
        case.lift
    );
}

#[test]
fn what_comes_next_is_told_at_every_step() {
    let mut making = Making::new();
    assert!(making.case().next().contains("freeze plan"));
    making.plan("ada", "ab");
    assert!(
        making
            .case()
            .next()
            .ends_with(&format!("{FREEZE}/plan.toml"))
    );
    making.sign(PLAN, Act::Plan, 1);
    assert!(making.case().next().contains("freeze review"));
    making.review("bob");
    assert!(
        making
            .case()
            .next()
            .contains("-n review@cargo-constitution")
    );
    making.sign(REVIEW, Act::Review, 2);
    assert!(making.case().next().contains("freeze lift"));
    making.lift();
    assert!(making.case().next().contains("-n lift@cargo-constitution"));
}
