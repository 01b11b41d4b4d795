//! `business-logic-in-runtime`: a runtime structure that decides or calculates what the domain should.

use std::collections::BTreeSet;

use crate::facts::reference::ReferentId;
use crate::facts::source::file::{DecisionKind, ItemKind, MemberKind};
use crate::facts::surface::{Decision, Implementation};
use crate::finding::{Confidence, Hop, Level, RuleMeta};
use crate::rules::case::is_runtime;
use crate::rules::ports::{self, short};
use crate::rules::{Case, Draft, Rule, Sink, TESTS, source};

/// Fields that paging, optimistic locking and delivery read, which are the runtime's own business.
const TECHNICAL: &[&str] = &[
    "attempt",
    "attempts",
    "batch_size",
    "cursor",
    "generation",
    "len",
    "limit",
    "offset",
    "page",
    "page_number",
    "page_size",
    "per_page",
    "retries",
    "revision",
    "sequence",
    "size",
    "skip",
    "take",
    "timeout",
    "ttl",
    "version",
];

/// How methods begin that turn one form into another.
const CONVERSIONS: &[&str] = &[
    "as",
    "bind",
    "decode",
    "deserialize",
    "encode",
    "fmt",
    "from",
    "into",
    "parse",
    "serialize",
    "to",
    "try",
];

pub(crate) struct BusinessLogicInRuntime;

impl Rule for BusinessLogicInRuntime {
    const META: &'static RuleMeta = &RuleMeta {
        id: "business-logic-in-runtime",
        trigger: Some(3),
        clause: "VIII.3",
        summary: "a runtime structure decides or calculates what the domain should",
        level: Level::Risk,
        page: include_str!("../../rules/business-logic-in-runtime.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let surface = &case.facts.surface;
        let mut told = BTreeSet::new();
        for decision in &surface.decisions {
            let at = (decision.place.file, decision.place.span.start.line());
            if decides(case, decision) && told.insert((at, decision.subject)) {
                sink.push(decided(case, decision));
            }
        }
        let mut told = BTreeSet::new();
        for one in &surface.implementations {
            if let Some(draft) = extended(case, one)
                && told.insert(one.place)
            {
                sink.push(draft);
            }
        }
    }
}

fn decides(case: &Case<'_>, decision: &Decision<ReferentId>) -> bool {
    let ports = case.ports();
    if decision.converts || !ports.plane(decision.module).is_some_and(is_runtime) {
        return false;
    }
    let Some(subject) = ports.declaration(decision.subject) else {
        return false;
    };
    if !ports.is_capability(subject.module) || is_error(case, decision.subject) {
        return false;
    }
    // A field that the type does not have is of what it dereferences to.
    let declared = |field: &str| {
        let mut members = ports.members(subject.members).iter();
        members.any(|member| member.kind == MemberKind::Field && member.name == field)
    };
    if !decision.field.as_deref().is_none_or(declared) {
        return false;
    }
    let technical = decision
        .field
        .as_deref()
        .is_some_and(|field| TECHNICAL.contains(&field));
    // Which domain value comes out depends on the domain value that went in.
    let yields = || {
        let outcomes = ports.mentions(decision.outcomes).iter();
        outcomes.copied().any(|outcome| is_domain(case, outcome))
    };
    match decision.kind {
        DecisionKind::Match | DecisionKind::Variant => {
            subject.kind == ItemKind::Enum && (decision.acts || yields())
        }
        DecisionKind::Flag => !technical && (decision.acts || yields()),
        DecisionKind::Threshold | DecisionKind::Arithmetic => !technical,
    }
}

/// A struct or enum of capability code that is no error.
fn is_domain(case: &Case<'_>, referent: ReferentId) -> bool {
    let declaration = case.ports().declaration(referent);
    declaration.is_some_and(|one| {
        matches!(one.kind, ItemKind::Struct | ItemKind::Enum)
            && case.ports().is_capability(one.module)
            && !is_error(case, referent)
    })
}

/// To translate errors is an adapter's duty.
fn is_error(case: &Case<'_>, referent: ReferentId) -> bool {
    ports::is_error(short(&source::path(case, referent)))
}

fn decided(case: &Case<'_>, decision: &Decision<ReferentId>) -> Draft {
    let path = source::path(case, decision.subject);
    let name = short(&path);
    let field = decision.field.as_deref().unwrap_or_default();
    let what = match decision.kind {
        DecisionKind::Match | DecisionKind::Variant => format!("branches on the domain's `{name}`"),
        DecisionKind::Flag | DecisionKind::Threshold => {
            format!("branches on `{field}` of the domain's `{name}`")
        }
        DecisionKind::Arithmetic => format!("calculates with `{field}` of the domain's `{name}`"),
    };
    let message = format!("runtime code {what}: that may be a decision of the domain");
    draft(
        case,
        &message,
        decision.subject,
        decision.module,
        decision.place,
    )
    .guarded(&decision.guard)
}

/// A trait of the runtime's that gives a capability type a behaviour.
fn extended(case: &Case<'_>, one: &Implementation<ReferentId>) -> Option<Draft> {
    let ports = case.ports();
    let (trait_, of) = (ports.declaration(one.port?)?, ports.declaration(one.of?)?);
    let applies = ports.plane(one.module).is_some_and(is_runtime)
        && ports.plane(trait_.module).is_some_and(is_runtime)
        && matches!(of.kind, ItemKind::Struct | ItemKind::Enum)
        && ports.is_capability(of.module)
        && !is_error(case, of.referent);
    let members = ports.members(trait_.members).iter();
    let mut methods =
        members.filter(|member| member.kind == MemberKind::Method && member.arity > 0);
    let method = methods.find(|method| !converts(&method.name))?;
    let trait_path = source::path(case, trait_.referent);
    let path = source::path(case, of.referent);
    let message = format!(
        "runtime trait `{}` gives the domain's `{}` a behaviour of its own, `{}`",
        short(&trait_path),
        short(&path),
        method.name,
    );
    applies.then(|| draft(case, &message, of.referent, one.module, one.place).guarded(&one.guard))
}

fn converts(name: &str) -> bool {
    let first = name.split('_').next().unwrap_or(name);
    CONVERSIONS.contains(&first)
}

fn draft(
    case: &Case<'_>,
    message: &str,
    subject: ReferentId,
    module: crate::facts::reference::ModuleId,
    place: crate::text::Place,
) -> Draft {
    let path = source::path(case, subject);
    let name = short(&path);
    let declaration = case.ports().declaration(subject);
    let package = declaration.map_or("the capability", |one| {
        &case
            .facts
            .graph
            .package(case.module(one.module).package)
            .name
    });
    let help = format!(
        "make it a method of `{name}` in `{package}`, or pass its result through a port; an adapter only \
         translates"
    );
    let chain = declaration.map(|one| Hop {
        place: one.place,
        label: format!("`{path}` is declared here"),
    });
    Draft {
        confidence: Confidence::Likely,
        target: Some(path.clone()),
        chain: chain.into_iter().collect(),
        because: vec![case.why_module(module)],
        ..Draft::at(place, message.to_owned(), help).of_module(case, module)
    }
}
