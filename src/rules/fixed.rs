//! What a runtime structure fixes although deployments differ in it: an engine of one kind.

use std::collections::{BTreeMap, BTreeSet};

use crate::constitution::Plane;
use crate::facts::graph::{Edge, EdgeKind, Node, PackageId};
use crate::rules::literals::judge::{self, Hit, Side};
use crate::rules::literals::{Kind, VENDORS};
use crate::rules::{Case, Draft, Sink};

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

/// Judges literals and dependencies. What a structure hands out in its public signatures is a fact about
/// types, and judged where those are.
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
}

fn fixes(case: &Case<'_>, subject: &Subject, offers: &Offers<'_>, hit: &Hit<'_, '_>) -> bool {
    let package = case.module(hit.module).package;
    let offer = offers.of(case, package);
    let several = offer.is_some_and(|offer| offer.several());
    let cfg = hit.brought.map_or(hit.literal.at.cfg.as_deref(), |_| None);
    // One way of several, for those who choose it.
    let chosen = several
        && (cfg.is_some_and(|cfg| cfg.contains("feature = "))
            || offer.is_some_and(|offer| offer.is_variant(package)));
    match hit.binding.kind {
        Kind::Engine { engine, whole, .. } => {
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
    let structure = case
        .assigned(hit.module)
        .and_then(|own| own.structure.as_ref());
    match structure {
        Some(structure) => format!("runtime code (structure `{structure}`)"),
        None => format!("runtime code (layer `{}`)", hit.layer.name),
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

/// One dependency on one vendor's engine.
struct Tie<'a> {
    vendor: String,
    edge: &'a Edge,
    /// Whether it takes a feature to have it.
    optional: bool,
}

/// The engines that one structure offers.
#[derive(Default)]
struct Offer<'a> {
    ties: Vec<Tie<'a>>,
    /// Whether something in it speaks to engines that only its users choose.
    open: bool,
}

impl<'a> Offer<'a> {
    fn vendors(&self) -> Vec<(&str, Vec<&Tie<'a>>)> {
        let mut vendors: BTreeMap<&str, Vec<&Tie<'a>>> = BTreeMap::new();
        for tie in &self.ties {
            vendors.entry(&tie.vendor).or_default().push(tie);
        }
        vendors.into_iter().collect()
    }

    fn several(&self) -> bool {
        self.open || self.vendors().len() > 1
    }

    /// Whether the package is the structure's way to one engine, and others are to others.
    fn is_variant(&self, package: PackageId) -> bool {
        let own = self.ties.iter().filter(|tie| tie.edge.from == package);
        let own: BTreeSet<&str> = own.map(|tie| tie.vendor.as_str()).collect();
        own.len() == 1 && self.vendors().len() > 1
    }
}

/// The offers of all runtime structures, by name.
struct Offers<'a> {
    by_structure: BTreeMap<String, Offer<'a>>,
}

impl<'a> Offers<'a> {
    fn new(case: &Case<'a>, category: &str) -> Self {
        let mut by_structure: BTreeMap<String, Offer<'a>> = BTreeMap::new();
        for edge in &case.facts.graph.edges {
            let runtime = case
                .package_layer(edge.from)
                .is_some_and(|layer| layer.plane == Plane::Runtime);
            if runtime && edge.kind != EdgeKind::Dev {
                let offer = by_structure.entry(structure(case, edge.from)).or_default();
                take(case, category, edge, offer);
            }
        }
        Self { by_structure }
    }

    fn of(&self, case: &Case<'_>, package: PackageId) -> Option<&Offer<'a>> {
        self.by_structure.get(&structure(case, package))
    }
}

fn structure(case: &Case<'_>, package: PackageId) -> String {
    let own = case
        .layering
        .package(package)
        .and_then(|own| own.structure.clone());
    own.unwrap_or_else(|| case.facts.graph.package(package).name.clone())
}

/// Adds what one dependency brings.
fn take<'a>(case: &Case<'a>, category: &str, edge: &'a Edge, offer: &mut Offer<'a>) {
    let name = case.facts.graph.name(edge.to);
    let engine = match edge.to {
        Node::External(_) => case.law.catalogue.engine_package(name),
        Node::Package(id) => case.engine_member(id),
    };
    let mut tie = |vendor: &str, optional| {
        offer.ties.push(Tie {
            vendor: vendor.to_owned(),
            edge,
            optional,
        })
    };
    if VENDORS.is_many(name) {
        let mut any = false;
        let asked = edge
            .features
            .iter()
            .map(|feature| (feature.as_str(), edge.optional));
        for (feature, optional) in asked.chain(enabled(case, edge)) {
            let vendor = VENDORS
                .of_feature(feature)
                .filter(|vendor| vendor.category == category);
            if let Some(vendor) = vendor {
                tie(vendor.name, optional);
                any = true;
            }
        }
        let ours = engine.is_some_and(|engine| engine.category == category);
        offer.open |= ours && (!any || edge.features.iter().any(|feature| feature == "any"));
    } else if let Some(vendor) = VENDORS.of_package(name) {
        if vendor.category == category {
            tie(vendor.name, edge.optional);
        }
    } else if engine.is_some_and(|engine| engine.category == category) && !VENDORS.is_neutral(name)
    {
        tie(name, edge.optional);
    }
}

/// The features of a dependency that features of the package enable.
fn enabled<'a>(case: &Case<'a>, edge: &'a Edge) -> impl Iterator<Item = (&'a str, bool)> {
    let package = case.facts.graph.package(edge.from);
    package.enables.values().flatten().filter_map(|one| {
        let (key, feature) = one.split_once('/')?;
        (key.trim_end_matches('?') == edge.key).then_some((feature, true))
    })
}
