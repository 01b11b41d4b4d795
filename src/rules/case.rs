//! What the laws judge: the law, the facts, who belongs where, and the tables that several laws share.

use std::sync::OnceLock;

use crate::constitution::{Constitution, Engine, Layer, LayerId, OptionValue, Plane};
use crate::facts::Facts;
use crate::facts::graph::{ExternalId, Foreign, Node, PackageId};
use crate::facts::reference::{Module, ModuleId, Names, Referent, ReferentId};
use crate::finding::{Because, RuleMeta};
use crate::layering::{Assigned, Layering};
use crate::rules::links::Links;
use crate::rules::literals::{self, Meaning};
use crate::rules::ports::Ports;
use crate::rules::weakened_law::Amendment;

/// Where a package stands, in this workspace or in another one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Station<'a> {
    pub(crate) layer: &'a str,
    pub(crate) plane: Plane,
    /// The layer in our own law; a foreign one is known by its name and plane, if at all.
    pub(crate) id: Option<LayerId>,
    pub(crate) structure: Option<&'a str>,
}

/// One workspace before the law.
pub(crate) struct Case<'a> {
    pub(crate) law: &'a Constitution,
    pub(crate) facts: &'a Facts,
    pub(crate) layering: &'a Layering,
    pub(crate) names: &'a dyn Names,
    /// What the law was before the change, where this is judged by that.
    pub(crate) amendment: Option<&'a Amendment<'a>>,
    links: OnceLock<Links<'a>>,
    engines: OnceLock<Vec<Option<Engine<'a>>>>,
    ports: OnceLock<Ports<'a>>,
    meanings: OnceLock<Vec<Meaning<'a>>>,
}

impl<'a> Case<'a> {
    pub(crate) fn new(
        law: &'a Constitution,
        facts: &'a Facts,
        layering: &'a Layering,
        names: &'a dyn Names,
    ) -> Self {
        Self {
            law,
            facts,
            layering,
            names,
            amendment: None,
            links: OnceLock::new(),
            engines: OnceLock::new(),
            ports: OnceLock::new(),
            meanings: OnceLock::new(),
        }
    }

    /// The same case, of a change that also touches the law.
    pub(crate) fn amended(self, amendment: &'a Amendment<'a>) -> Self {
        Self {
            amendment: Some(amendment),
            ..self
        }
    }

    pub(crate) fn module(&self, id: ModuleId) -> &'a Module {
        &self.facts.modules[id.0 as usize]
    }

    pub(crate) fn referent(&self, id: ReferentId) -> &'a Referent {
        &self.facts.referents[id.0 as usize]
    }

    /// What the constitution sets for an option of `rule`, if it sets it.
    pub(crate) fn option(&self, rule: &RuleMeta, key: &str) -> Option<&'a OptionValue> {
        self.law.rules.get(rule.id)?.options.get(key)
    }

    /// The package's own layer: by it its manifest is judged.
    pub(crate) fn package_layer(&self, package: PackageId) -> Option<&'a Layer> {
        Some(self.law.layer(self.layering.package(package)?.layer))
    }

    /// What another workspace's facts say of a package outside.
    pub(crate) fn foreign(&self, id: ExternalId) -> Option<&'a Foreign> {
        self.facts.graph.externals[id.0].foreign.as_ref()
    }

    /// The layer that a node's manifest is judged by, wherever it is.
    pub(crate) fn station(&self, node: Node) -> Option<Station<'a>> {
        match node {
            Node::Package(id) => {
                let own = self.layering.package(id)?;
                let layer = self.law.layer(own.layer);
                Some(Station {
                    layer: &layer.name,
                    plane: layer.plane,
                    id: Some(own.layer),
                    structure: own.structure.as_deref(),
                })
            }
            Node::External(id) => {
                let foreign = self.foreign(id)?;
                let (layer, plane) = (foreign.layer.as_deref()?, foreign.plane.as_deref()?);
                let plane = Plane::ALL.into_iter().find(|known| known.name() == plane)?;
                let mut known = self.law.layers.iter();
                let id = known.position(|known| known.name == layer && known.plane == plane);
                Some(Station {
                    layer,
                    plane,
                    id: id.map(LayerId),
                    structure: foreign.structure.as_deref(),
                })
            }
        }
    }

    /// Whether a node is of the runtime plane, or of the federation's above it.
    pub(crate) fn node_is_above(&self, node: Node) -> bool {
        self.station(node)
            .is_some_and(|station| is_runtime(station.plane))
    }

    /// As [`Case::carries`], of any node; a package of which only the name is known carries all.
    pub(crate) fn node_carries(&self, node: Node) -> bool {
        match node {
            Node::Package(id) => self.carries(id),
            Node::External(id) => self.foreign(id).is_none_or(|foreign| {
                let plane = self.station(node).map(|station| station.plane);
                match plane {
                    Some(Plane::Capability | Plane::Runtime | Plane::Federation) => false,
                    Some(Plane::Neutral | Plane::Composition) | None => foreign.carries,
                }
            }),
        }
    }

    /// Whether nothing claims the package, nor any of its modules.
    pub(crate) fn unassigned(&self, package: PackageId) -> bool {
        self.layering.package(package).is_none() && !self.layering.has_module_layers(package)
    }

    /// Whether the package's manifest is judged as a capability's.
    pub(crate) fn is_capability(&self, package: PackageId) -> bool {
        let layer = self.package_layer(package);
        layer.is_some_and(|layer| layer.plane == Plane::Capability)
    }

    /// Whether the package is of the runtime plane, or of the federation's above it.
    pub(crate) fn is_above(&self, package: PackageId) -> bool {
        let layer = self.package_layer(package);
        layer.is_some_and(|layer| is_runtime(layer.plane))
    }

    /// The engine that a package of the workspace is by the constitution's own word.
    pub(crate) fn engine_member(&self, package: PackageId) -> Option<Engine<'a>> {
        let name = &self.facts.graph.package(package).name;
        self.law.catalogue.engine_member(name)
    }

    /// Whether a package carries what it depends on to its users, who answer for it.
    pub(crate) fn carries(&self, package: PackageId) -> bool {
        match self.package_layer(package) {
            Some(layer) => match layer.plane {
                Plane::Neutral => layer.carries,
                Plane::Composition => true,
                // What a capability holds is its own finding; to reach the runtime plane is one already.
                Plane::Capability | Plane::Runtime | Plane::Federation => false,
            },
            // Source with layers of its own is judged where its modules are named.
            None => self.unassigned(package),
        }
    }

    /// Whether a layer may use an engine after all.
    pub(crate) fn allows(&self, layer: &Layer, engine: Engine<'_>, package: Option<&str>) -> bool {
        let mut words = layer.allows.iter();
        words.any(|word| self.law.catalogue.names(word, &engine, package))
    }

    /// How the module got its layer: by itself, or as its package did.
    pub(crate) fn assigned(&self, module: ModuleId) -> Option<&'a Assigned> {
        let package = self.module(module).package;
        self.layering
            .module(module)
            .or_else(|| self.layering.package(package))
    }

    /// The layer by which the module's source is judged.
    pub(crate) fn module_layer(&self, module: ModuleId) -> Option<&'a Layer> {
        Some(self.law.layer(self.assigned(module)?.layer))
    }

    /// Where one would say that a module lives: in its package, or where packages have layers within, in itself.
    pub(crate) fn home(&self, id: ModuleId) -> &'a str {
        let module = self.module(id);
        if self.layering.has_module_layers(module.package) {
            &module.path
        } else {
            &self.facts.graph.package(module.package).name
        }
    }

    /// Whether the module's layer is not simply its package's.
    pub(crate) fn own_module_layer(&self, module: ModuleId) -> bool {
        let package = self.module(module).package;
        self.layering.has_module_layers(package)
            && self.assigned(module).map(|own| own.layer)
                != self.layering.package(package).map(|own| own.layer)
    }

    /// Every dependency by the node that declares it.
    pub(crate) fn links(&self) -> &Links<'a> {
        self.links.get_or_init(|| Links::new(&self.facts.graph))
    }

    /// For each referent of the facts, in their order, the engine it belongs to.
    pub(crate) fn engines(&self) -> &[Option<Engine<'a>>] {
        self.engines.get_or_init(|| {
            let referents = self.facts.referents.iter();
            referents.map(|referent| self.engine(referent)).collect()
        })
    }

    /// Who declares and implements what.
    pub(crate) fn ports(&self) -> &Ports<'a> {
        self.ports.get_or_init(|| Ports::new(self))
    }

    /// For each literal of the facts, in their order, what it means.
    pub(crate) fn meanings(&self) -> &[Meaning<'a>] {
        self.meanings.get_or_init(|| {
            let catalogue = &self.law.catalogue;
            let literals = self.facts.literals.iter();
            literals
                .map(|literal| literals::meaning(catalogue, literal))
                .collect()
        })
    }

    fn engine(&self, referent: &Referent) -> Option<Engine<'a>> {
        match referent {
            Referent::External { package, path } => {
                let externals = &self.facts.graph.externals;
                let package = package.map(|id| externals[id.0].name.as_str());
                self.law.catalogue.classify(package, path)
            }
            Referent::Item { module, item } => {
                let module = self.module(*module);
                let path = module.path.split("::").chain(item.as_deref());
                let path: Vec<&str> = path.collect();
                let catalogue = &self.law.catalogue;
                let whole = || self.engine_member(module.package);
                catalogue.classify_member(&path).or_else(whole)
            }
        }
    }

    /// How a package got its layer, for the reader of a finding.
    pub(crate) fn why_package(&self, package: PackageId) -> Because {
        let name = &self.facts.graph.package(package).name;
        match self.layering.package(package) {
            Some(assigned) => self.why(name, assigned),
            None => Because {
                text: format!("`{name}` is claimed by no layer"),
                place: Some(self.facts.graph.package(package).place),
            },
        }
    }

    /// How a node got its layer.
    pub(crate) fn why_node(&self, node: Node) -> Because {
        let id = match node {
            Node::Package(id) => return self.why_package(id),
            Node::External(id) => id,
        };
        let name = &self.facts.graph.externals[id.0].name;
        match (self.foreign(id), self.station(node)) {
            (Some(foreign), Some(station)) => Because {
                text: format!(
                    "`{name}` is in layer `{}`: the facts of workspace `{}` say so",
                    station.layer, foreign.workspace
                ),
                place: Some(foreign.place),
            },
            (Some(foreign), None) => Because {
                text: format!(
                    "no layer of workspace `{}` claims `{name}`",
                    foreign.workspace
                ),
                place: Some(foreign.place),
            },
            (None, _) => Because {
                text: format!("`{name}` is outside the workspace"),
                place: None,
            },
        }
    }

    /// How a module got its layer.
    pub(crate) fn why_module(&self, module: ModuleId) -> Because {
        let path = &self.module(module).path;
        match self.assigned(module) {
            Some(assigned) => self.why(path, assigned),
            None => Because {
                text: format!("`{path}` is claimed by no layer"),
                place: None,
            },
        }
    }

    fn why(&self, name: &str, assigned: &Assigned) -> Because {
        let layer = self.law.layer(assigned.layer);
        Because {
            text: format!(
                "`{name}` is in layer `{}`: {}",
                layer.name, assigned.because
            ),
            place: assigned.place,
        }
    }

    /// Which entry of the catalogue makes `name` an engine.
    pub(crate) fn why_engine(&self, name: &str, engine: Engine<'_>) -> Because {
        Because {
            text: format!(
                "`{name}` is an engine: the catalogue lists `{}` under `{}`",
                engine.matched, engine.category
            ),
            place: None,
        }
    }

    /// The line of the law that gives `layer` its plane.
    pub(crate) fn why_plane(&self, layer: &Layer) -> Because {
        Because {
            text: format!(
                "{} puts layer `{}` on the {} plane, which {}",
                self.law.name,
                layer.name,
                layer.plane.name(),
                plane_duty(layer.plane)
            ),
            place: layer.place,
        }
    }
}

fn plane_duty(plane: Plane) -> &'static str {
    match plane {
        Plane::Capability => "may reach no runtime or federation package and no engine",
        Plane::Runtime => "binds ports to engines",
        Plane::Federation => "governs the runtime plane from above",
        Plane::Composition => "wires adapters and may depend on all",
        Plane::Neutral => "all may use",
    }
}

/// Whether `plane` stands above the capability layers, out of their sight.
pub(crate) fn is_runtime(plane: Plane) -> bool {
    matches!(plane, Plane::Runtime | Plane::Federation)
}
