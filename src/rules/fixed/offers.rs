//! What engines a runtime structure offers, and whether it takes a feature to have one.

use std::collections::{BTreeMap, BTreeSet};

use crate::constitution::Plane;
use crate::facts::graph::{Edge, EdgeKind, Node, PackageId};
use crate::facts::reference::ModuleId;
use crate::rules::Case;
use crate::rules::case::is_runtime;
use crate::rules::literals::VENDORS;

/// One dependency on one vendor's engine.
pub(super) struct Tie<'a> {
    vendor: String,
    pub(super) edge: &'a Edge,
    /// Whether it takes a feature to have it.
    pub(super) optional: bool,
}

/// The engines that one structure offers.
#[derive(Default)]
pub(super) struct Offer<'a> {
    ties: Vec<Tie<'a>>,
    /// Whether something in it speaks to engines that only its users choose.
    pub(super) open: bool,
}

impl<'a> Offer<'a> {
    pub(super) fn vendors(&self) -> Vec<(&str, Vec<&Tie<'a>>)> {
        let mut vendors: BTreeMap<&str, Vec<&Tie<'a>>> = BTreeMap::new();
        for tie in &self.ties {
            vendors.entry(&tie.vendor).or_default().push(tie);
        }
        vendors.into_iter().collect()
    }

    pub(super) fn several(&self) -> bool {
        self.open || self.vendors().len() > 1
    }

    /// Whether the package is the structure's way to one engine, and others are to others.
    pub(super) fn is_variant(&self, package: PackageId) -> bool {
        let own = self.ties.iter().filter(|tie| tie.edge.from == package);
        let own: BTreeSet<&str> = own.map(|tie| tie.vendor.as_str()).collect();
        own.len() == 1 && self.vendors().len() > 1
    }
}

/// The offers of all runtime structures.
pub(super) struct Offers<'a> {
    /// By name, of whole packages.
    pub(super) by_structure: BTreeMap<String, Offer<'a>>,
    /// Of packages whose runtime structures are modules: their manifests are not the structures'.
    within: BTreeMap<PackageId, Offer<'a>>,
}

impl<'a> Offers<'a> {
    pub(super) fn new(case: &Case<'a>, category: &str) -> Self {
        let modules = case.facts.modules.iter().enumerate();
        let holding: BTreeSet<PackageId> = modules
            .filter(|(at, module)| {
                let layer = case.module_layer(ModuleId(*at as u32));
                case.layering.has_module_layers(module.package)
                    && layer.is_some_and(|layer| is_runtime(layer.plane))
            })
            .map(|(_, module)| module.package)
            .collect();
        let mut offers = Self {
            by_structure: BTreeMap::new(),
            within: BTreeMap::new(),
        };
        for edge in &case.facts.graph.edges {
            if edge.kind == EdgeKind::Dev {
                continue;
            }
            let layer = case.package_layer(edge.from);
            let offer = if layer.is_some_and(|layer| layer.plane == Plane::Runtime) {
                let name = structure(case, edge.from);
                offers.by_structure.entry(name).or_default()
            } else if holding.contains(&edge.from) {
                offers.within.entry(edge.from).or_default()
            } else {
                continue;
            };
            take(case, category, edge, offer);
        }
        offers
    }

    /// What the structure of a package's runtime code offers.
    pub(super) fn of(&self, case: &Case<'_>, package: PackageId) -> Option<&Offer<'a>> {
        let within = self.within.get(&package);
        within.or_else(|| self.by_structure.get(&structure(case, package)))
    }

    /// Whether a place is one way of several, for those who choose it: under a feature, or in the package for
    /// one engine.
    pub(super) fn is_chosen(&self, case: &Case<'_>, package: PackageId, cfg: Option<&str>) -> bool {
        self.of(case, package).is_some_and(|offer| {
            let feature = cfg.is_some_and(|cfg| cfg.contains("feature = "));
            offer.several() && (feature || offer.is_variant(package))
        })
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
