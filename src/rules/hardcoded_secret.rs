//! `hardcoded-secret`: a credential in a literal, on any plane; what it is, never the literal itself.

use crate::facts::literal::Literal;
use crate::finding::{Confidence, Level, RuleMeta};
use crate::rules::literals::judge;
use crate::rules::{Case, Draft, Rule, Sink, TESTS};

pub(crate) struct HardcodedSecret;

impl Rule for HardcodedSecret {
    const META: &'static RuleMeta = &RuleMeta {
        id: "hardcoded-secret",
        trigger: Some(2),
        clause: "VIII.2",
        summary: "a literal holds a credential",
        level: Level::Breach,
        page: include_str!("../../rules/hardcoded-secret.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        judge::judge_secrets(
            case,
            |literal, what, confidence| draft(case, literal, what, confidence),
            sink,
        );
    }
}

fn draft(case: &Case<'_>, literal: &Literal, what: &str, confidence: Confidence) -> Draft {
    let message = match confidence {
        Confidence::Certain => format!("a literal holds {what}"),
        Confidence::Likely => format!("a literal holds what looks like {what}"),
    };
    let help = "revoke it, for whoever has read the source has it; take it from a secrets port, or as an argument \
                from where the program is composed"
        .to_owned();
    let module = literal.at.module;
    let draft = Draft::at(literal.at.place, message, help).of_module(case, module);
    Draft {
        confidence,
        target: Some(what.to_owned()),
        category: Some("secrets".to_owned()),
        cfg: literal.at.cfg.clone(),
        test: literal.at.test,
        because: vec![case.why_module(module)],
        ..draft
    }
}
