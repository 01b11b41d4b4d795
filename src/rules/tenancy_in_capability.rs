//! `tenancy-in-capability`: capability code that treats one tenant unlike another.

use crate::constitution::Layer;
use crate::facts::literal::{Branch, Choice};
use crate::finding::{Level, RuleMeta};
use crate::rules::branches::{self, Said};
use crate::rules::{Case, Rule, Sink, TESTS, words};

pub(crate) struct TenancyInCapability;

impl Rule for TenancyInCapability {
    const META: &'static RuleMeta = &RuleMeta {
        id: "tenancy-in-capability",
        trigger: Some(5),
        clause: "VIII.5",
        summary: "capability source branches on the tenant",
        level: Level::Breach,
        page: include_str!("../../rules/tenancy-in-capability.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        branches::judge(
            case,
            is_judged,
            says,
            "let what differs between tenants come in as a value that has a name of its own (a limit, a price list), \
             resolved by the runtime structure that manages tenants",
            sink,
        );
    }
}

/// The built-in law binds organs and what is below them; a system may know its tenants.
fn is_judged(layer: &Layer) -> bool {
    layer.place.is_some() || layer.name != "system"
}

fn says(branch: &Branch) -> Option<Said> {
    let Choice::Value {
        on,
        against,
        texts,
        other,
    } = &branch.choice
    else {
        return None;
    };
    let named: Vec<Vec<String>> = on.iter().map(|name| words::split(name)).collect();
    let at = named.iter().position(|words| is_tenant(words))?;
    // `crate::tenant::check(x)`, `Tenant::new()`: a module or type of the name, not a tenant.
    let later = &on[at..];
    let method = (later.len() > 1).then(|| later.last()).flatten();
    let asks = |names: &[&str]| method.is_some_and(|last| names.contains(&last.as_str()));
    let mut last = against.iter().filter_map(|path| path.last());
    let result = last.any(|name| name == "Ok" || name == "Err");
    if asks(PRESENCE) || result || is_mode(&named) {
        return None;
    }
    let about: Vec<&Vec<String>> = against.iter().filter(|path| !is_wrapper(path)).collect();
    // Two tenants compared with each other are told apart, not known.
    let isolation = about
        .iter()
        .any(|path| path.iter().any(|name| is_tenant(&words::split(name))) && !is_constant(path));
    let known =
        !texts.iter().all(String::is_empty) || about.iter().any(|path| is_constant(path)) || *other;
    let question =
        about.is_empty() && texts.is_empty() && !other && against.is_empty() && is_question(later);
    if isolation && texts.is_empty() || !(known || question) {
        return None;
    }
    let shown = on.join(".");
    Some(Said {
        what: format!("branches on the tenant: `{shown}`"),
        target: shown,
        doubtful: false,
    })
}

/// Questions whether there is a tenant at all, or whether its id is well formed.
const PRESENCE: &[&str] = &[
    "is_some",
    "is_none",
    "is_ok",
    "is_err",
    "is_empty",
    "is_nil",
    "is_null",
    "len",
    "count",
    "is_valid",
    "contains",
    "contains_key",
    "is_some_and",
    "exists",
    "next",
    "get",
    "find",
    "is_present",
    "is_ascii",
    "chars",
];

/// `tenant`, `tenant_id`, `current_tenant`; not `tenants`, `tenant_repository`, `create_tenant`.
fn is_tenant(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let of = |rest: &[&str]| {
        rest.iter().all(|word| {
            matches!(
                *word,
                "id" | "name"
                    | "slug"
                    | "key"
                    | "code"
                    | "kind"
                    | "type"
                    | "tier"
                    | "plan"
                    | "ref"
                    | "current"
                    | "the"
                    | "this"
                    | "own"
                    | "user"
                    | "my"
                    | "active"
                    | "is"
                    | "context"
                    | "ctx"
            )
        })
    };
    match words.iter().position(|word| *word == "tenant") {
        Some(at) => of(&words[..at]) && of(&words[at + 1..]),
        None => false,
    }
}

/// A mode of tenancy is another law's.
fn is_mode(named: &[Vec<String>]) -> bool {
    named
        .iter()
        .flatten()
        .any(|word| word == "mode" || word == "tenancy")
}

/// The wrappers of a value that may be missing, or may have failed.
fn is_wrapper(path: &[String]) -> bool {
    matches!(
        path.last().map(String::as_str),
        Some("Some" | "None" | "Ok" | "Err")
    )
}

/// `ACME`, `Tier::Gold`: a value that is known when this is written.
fn is_constant(path: &[String]) -> bool {
    path.last()
        .is_some_and(|last| last.starts_with(|c: char| c.is_uppercase()))
}

/// `tenant.is_vip`, `tenant.tier.is_gold`: a question about the tenant, or about a property of it, that
/// yields yes or no; not one about something that only belongs to it.
fn is_question(names: &[String]) -> bool {
    const PROPERTIES: &[&str] = &[
        "tier", "plan", "kind", "name", "id", "slug", "settings", "features", "flags", "policy",
    ];
    match names {
        [_, _] => true,
        [_, property, _] => PROPERTIES.contains(&property.as_str()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::literal::Written;
    use crate::facts::reference::ModuleId;
    use crate::text::{Place, Sources};

    fn told(on: &str, against: &[&str], texts: &[&str], other: bool) -> bool {
        let path = |text: &str, by: &str| text.split(by).map(str::to_owned).collect::<Vec<_>>();
        let file = Sources::new("/w".into()).add("/w/x.rs".as_ref());
        let branch = Branch {
            at: Written {
                module: ModuleId(0),
                place: Place::top(file),
                cfg: None,
                test: false,
            },
            choice: Choice::Value {
                on: path(on, "."),
                against: against.iter().map(|it| path(it, "::")).collect(),
                texts: texts.iter().map(|it| (*it).to_owned()).collect(),
                other,
            },
            arms: Vec::new(),
        };
        says(&branch).is_some()
    }

    #[test]
    fn a_tenant_that_is_known_is_told() {
        assert!(told("tenant", &[], &["acme"], false));
        assert!(told("order.tenant_id", &["ACME"], &[], false));
        assert!(told("tenant.tier", &["Tier::Gold"], &[], false));
        assert!(told("tenant_id", &[], &[], true));
        assert!(told("tenant.is_vip", &[], &[], false));
        assert!(told("tenant.starts_with", &[], &["acme"], false));
    }

    #[test]
    fn a_tenant_that_is_carried_missing_or_compared_with_another_is_not() {
        assert!(!told("tenant", &["Some", "None"], &[], false));
        assert!(!told("tenant_id.is_none", &[], &[], false));
        assert!(!told(
            "order.tenant_id",
            &["request::tenant_id"],
            &[],
            false
        ));
        assert!(!told("tenants.find", &["Some"], &[], false));
        assert!(!told("repository.find_tenant", &["Ok", "Err"], &[], false));
        assert!(!told("tenant_id", &[], &[""], false));
        assert!(!told("tenant.cancel.is_cancelled", &[], &[], false));
        assert!(!told("tenant.create", &["Ok", "Error::Busy"], &[], false));
        assert!(!told("tenancy_mode", &["Mode::Shared"], &[], false));
    }
}
