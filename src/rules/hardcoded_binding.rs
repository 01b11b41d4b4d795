//! `hardcoded-binding`: capability code that writes down what binds it to infrastructure.

use crate::finding::{Level, RuleMeta};
use crate::rules::literals::Kind;
use crate::rules::literals::judge::{self, Hit, Side};
use crate::rules::topology_in_capability::is_place;
use crate::rules::{Case, Draft, Rule, Sink, TESTS};

pub(crate) struct HardcodedBinding;

impl Rule for HardcodedBinding {
    const META: &'static RuleMeta = &RuleMeta {
        id: "hardcoded-binding",
        trigger: Some(2),
        clause: "VIII.2",
        summary: "capability source holds a literal that binds it to infrastructure",
        level: Level::Breach,
        page: include_str!("../../rules/hardcoded-binding.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        judge::judge(
            case,
            Side::Capability,
            |hit| !is_place(hit) && !allowed(case, hit),
            |hit| draft(case, hit),
            sink,
        );
    }
}

/// Whether the layer may use the engine after all.
fn allowed(case: &Case<'_>, hit: &Hit<'_, '_>) -> bool {
    let category = match hit.binding.kind {
        Kind::Engine { engine, .. } => return case.allows(hit.layer, engine, None),
        Kind::Driver { category, .. } => category,
        Kind::Sql { .. } => "database",
        Kind::Place | Kind::Resource => return false,
    };
    hit.layer.allows.iter().any(|word| word == category)
}

fn draft(case: &Case<'_>, hit: &Hit<'_, '_>) -> Draft {
    let message = format!(
        "capability code (layer `{}`) {}",
        hit.layer.name,
        hit.says(case)
    );
    let port = match hit.binding.kind {
        Kind::Engine { engine, .. } => engine.port,
        Kind::Sql { .. } => "a repository port",
        _ => "a port",
    };
    let name = &case
        .facts
        .graph
        .package(case.module(hit.module).package)
        .name;
    let help = format!(
        "declare {port} in `{name}` that says what is needed, and write this down in the runtime package that \
         implements it, or in its configuration"
    );
    let draft = hit.draft(case, message, help);
    let category = match hit.binding.kind {
        Kind::Engine { engine, .. } => Some(engine.category),
        Kind::Driver { category, .. } => Some(category),
        Kind::Sql { .. } => Some("database"),
        Kind::Place | Kind::Resource => None,
    };
    Draft {
        category: category.map(str::to_owned),
        ..draft
    }
}
