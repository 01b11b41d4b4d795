//! What a runtime structure fixes although deployments differ in it: an engine of one kind.

mod offers;
mod shown;

use crate::facts::reference::ModuleId;
use crate::rules::literals::Kind;
use crate::rules::literals::judge::{self, Hit, Side};
use crate::rules::{Case, Draft, Sink};
use offers::{Offers, Tie};

/// What one of the two laws is about.
pub(crate) struct Subject {
    /// The catalogue's categories whose literals count.
    categories: &'static [&'static str],
    /// The category whose dependencies count.
    engines: &'static str,
    what: &'static str,
    sql: bool,
}

pub(crate) static ENGINE: Subject = Subject {
    categories: &["database", "cache"],
    engines: "database",
    what: "a database engine",
    sql: true,
};

pub(crate) static BROKER: Subject = Subject {
    categories: &["message-broker"],
    engines: "message-broker",
    what: "a message broker",
    sql: false,
};

/// Judges literals, dependencies, and what structures hand out in their public signatures.
pub(crate) fn judge(case: &Case<'_>, subject: &Subject, sink: &mut Sink<'_>) {
    let offers = Offers::new(case, subject.engines);
    judge::judge(
        case,
        Side::Runtime,
        |hit| fixes(case, subject, &offers, hit),
        |hit| literal(case, subject, hit),
        sink,
    );
    for (structure, offer) in &offers.by_structure {
        if let [(vendor, ties)] = offer.vendors().as_slice()
            && !offer.open
        {
            for tie in ties.iter().filter(|tie| !tie.optional) {
                sink.push(dependency(case, subject, structure, vendor, tie));
            }
        }
    }
    shown::judge(case, subject, &offers, sink);
}

fn fixes(case: &Case<'_>, subject: &Subject, offers: &Offers<'_>, hit: &Hit<'_, '_>) -> bool {
    let package = case.module(hit.module).package;
    let several = offers
        .of(case, package)
        .is_some_and(|offer| offer.several());
    let cfg = hit.brought.map_or(hit.literal.at.cfg.as_deref(), |_| None);
    let chosen = offers.is_chosen(case, package, cfg);
    match hit.binding.kind {
        // `mongodb://{host}` in a structure that can speak to others as well chooses nothing.
        Kind::Engine {
            engine,
            whole,
            open,
            ..
        } => {
            let chosen = chosen || (several && open);
            whole && subject.categories.contains(&engine.category) && !chosen
        }
        Kind::Driver { category, given } => {
            given && subject.categories.contains(&category) && !chosen
        }
        Kind::Sql { vendor } => subject.sql && vendor && !several,
        Kind::Place | Kind::Resource => false,
    }
}

fn literal(case: &Case<'_>, subject: &Subject, hit: &Hit<'_, '_>) -> Draft {
    let message = format!(
        "{} fixes {}: it {}",
        who(case, hit),
        subject.what,
        hit.says(case)
    );
    let help = match hit.binding.kind {
        Kind::Sql { .. } => format!(
            "write the statement so that every engine understands it, or offer a second engine and keep each one's \
             dialect behind a feature of `{}`",
            case.facts
                .graph
                .package(case.module(hit.module).package)
                .name
        ),
        _ => "take it from the configuration that the structure is given when it is composed"
            .to_owned(),
    };
    let category = match hit.binding.kind {
        Kind::Engine { engine, .. } => engine.category,
        _ => subject.engines,
    };
    Draft {
        category: Some(category.to_owned()),
        ..hit.draft(case, message, help)
    }
}

/// "runtime code (structure `X`)"
pub(crate) fn who(case: &Case<'_>, hit: &Hit<'_, '_>) -> String {
    runtime_code(case, hit.module)
}

fn runtime_code(case: &Case<'_>, module: ModuleId) -> String {
    let assigned = case.assigned(module);
    let structure = assigned.and_then(|own| own.structure.as_ref());
    match (structure, assigned) {
        (Some(structure), _) => format!("runtime code (structure `{structure}`)"),
        (None, Some(own)) => format!("runtime code (layer `{}`)", case.law.layer(own.layer).name),
        (None, None) => "runtime code".to_owned(),
    }
}

fn dependency(
    case: &Case<'_>,
    subject: &Subject,
    structure: &str,
    vendor: &str,
    tie: &Tie<'_>,
) -> Draft {
    let graph = &case.facts.graph;
    let (package, target) = (&graph.package(tie.edge.from).name, graph.name(tie.edge.to));
    let message = format!(
        "structure `{structure}` fixes {}: `{package}` depends on `{target}` ({vendor}), behind no feature, and the \
         structure offers no other",
        subject.what
    );
    let help = format!(
        "make `{target}` optional and put it behind a feature of `{package}`, and offer a second engine behind another"
    );
    let draft = Draft::at(tie.edge.place, message, help).of_package(case, tie.edge.from);
    let layer = case.package_layer(tie.edge.from);
    let mut because = vec![case.why_package(tie.edge.from)];
    because.extend(layer.map(|layer| case.why_plane(layer)));
    Draft {
        target: Some(target.to_owned()),
        category: Some(subject.engines.to_owned()),
        cfg: tie.edge.cfg.clone(),
        because,
        ..draft
    }
}
