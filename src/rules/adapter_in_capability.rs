//! `adapter-in-capability`: a port's implementation on an engine, or a type that hands an engine out, in capability code.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::constitution::{Engine, Layer};
use crate::facts::reference::{ModuleId, Reference, ReferentId};
use crate::facts::source::file::ItemKind;
use crate::facts::surface::{Implementation, Member};
use crate::finding::{Hop, Level, RuleMeta};
use crate::rules::ports::short;
use crate::rules::signatures::{self, HandedOut};
use crate::rules::{Case, Draft, Rule, Sink, TESTS, remedy, source};
use crate::text::Place;

/// To write a line of log makes no adapter of a service; that it names the engine is told where it does.
const OBSERVABILITY: &str = "observability";

pub(crate) struct AdapterInCapability;

impl Rule for AdapterInCapability {
    const META: &'static RuleMeta = &RuleMeta {
        id: "adapter-in-capability",
        trigger: Some(1),
        clause: "VIII.1",
        summary: "an adapter lives in a capability layer: a port's implementation on an engine, or a type that hands one out",
        level: Level::Breach,
        page: include_str!("../../rules/adapter-in-capability.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let judge = Judge::new(case);
        let mut told = BTreeSet::new();
        for one in &case.facts.surface.implementations {
            if let Some((of, draft)) = judge.implementation(one)
                && told.insert((of, one.guard.test))
            {
                sink.push(draft);
            }
        }
        let capability = |module| judge.case.ports().is_capability(module);
        for one in signatures::handed_out(case, capability) {
            if let Some(owner) = one.owner
                && !told.contains(&(owner, false))
                && let Some(draft) = judge.signature(owner, &one)
                && told.insert((owner, one.guard.test))
            {
                sink.push(draft);
            }
        }
    }
}

/// How a type comes to an engine.
struct Way<'a> {
    engine: Engine<'a>,
    target: ReferentId,
    says: &'static str,
    hops: Vec<Hop>,
}

/// One field on the way from a type to what it holds.
struct Step<'a> {
    before: Option<usize>,
    holder: ReferentId,
    member: &'a Member,
    held: ReferentId,
}

struct Judge<'c, 'a> {
    case: &'c Case<'a>,
    /// Places where capability source names an engine that it may not.
    uses: BTreeMap<Place, &'a Reference>,
}

impl<'c, 'a> Judge<'c, 'a> {
    fn new(case: &'c Case<'a>) -> Self {
        let layers = source::capability_layers(case);
        let engines = case.engines();
        let mut uses = BTreeMap::new();
        for reference in &case.facts.references {
            let (layer, engine) = (
                layers[reference.from.0 as usize],
                engines[reference.to.0 as usize],
            );
            if let (Some(layer), Some(engine)) = (layer, engine)
                && !case.allows(layer, engine, source::package(case, reference.to))
                && engine.category != OBSERVABILITY
            {
                uses.entry(reference.place).or_insert(reference);
            }
        }
        Self { case, uses }
    }

    fn layer(&self, module: ModuleId) -> Option<&'a Layer> {
        self.case.module_layer(module)
    }

    /// The engine that an item is, unless the layer may use it.
    fn engine(&self, layer: &Layer, of: ReferentId) -> Option<Engine<'a>> {
        let engine = self.case.engines()[of.0 as usize]?;
        let package = source::package(self.case, of);
        (!self.case.allows(layer, engine, package)).then_some(engine)
    }

    fn implementation(&self, one: &'a Implementation<ReferentId>) -> Option<(ReferentId, Draft)> {
        let ports = self.case.ports();
        let port = ports.port(one.port?)?;
        let layer = self.layer(one.module)?;
        if !ports.is_capability(one.module) {
            return None;
        }
        let of = one.of?;
        let way = self.holds(layer, of).or_else(|| self.uses(of, one))?;
        let case = self.case;
        let (path, port) = (source::path(case, of), source::path(case, port.referent));
        let target = source::path(case, way.target);
        let message = format!(
            "`{}`, an adapter of port `{}`, lives in capability layer `{}`: it {} `{target}`, {}",
            short(&path),
            short(&port),
            layer.name,
            way.says,
            way.engine.what,
        );
        let (home, package) = self.move_to(one.module, way.engine, way.target);
        let help = format!(
            "move `{}` into {home} and leave the port `{}` in `{package}`",
            short(&path),
            short(&port),
        );
        let draft = Draft {
            chain: way.hops,
            ..self.draft(
                one.place, message, help, one.module, layer, way.target, way.engine,
            )
        };
        Some((of, draft.guarded(&one.guard)))
    }

    /// Where what knows the engine is to go, and the package that it is to leave.
    fn move_to(
        &self,
        module: ModuleId,
        engine: Engine<'_>,
        target: ReferentId,
    ) -> (String, &'a str) {
        let case = self.case;
        let home = remedy::home(case, engine, source::package(case, target));
        let package = case.module(module).package;
        (home, &case.facts.graph.package(package).name)
    }

    fn signature(&self, owner: ReferentId, one: &HandedOut<'a>) -> Option<Draft> {
        let case = self.case;
        let kind = case.ports().declaration(owner)?.kind;
        let type_ = matches!(
            kind,
            ItemKind::Struct | ItemKind::Enum | ItemKind::Union | ItemKind::Alias
        );
        let layer = self.layer(one.module)?;
        if !type_ || self.engine(layer, one.target).is_none() {
            return None;
        }
        let path = source::path(case, owner);
        let target = source::path(case, one.target);
        let message = format!(
            "`{}` hands an engine out of capability layer `{}`: its public signature has `{target}`, {}, and {} `{}`",
            short(&path),
            layer.name,
            one.engine.what,
            one.how.says(),
            one.name,
        );
        let (home, package) = self.move_to(one.module, one.engine, one.target);
        let help = format!(
            "declare {} in `{package}` with types of its own, and move what holds `{}` into {home}",
            one.engine.port,
            short(&target),
        );
        let draft = self.draft(
            one.place, message, help, one.module, layer, one.target, one.engine,
        );
        Some(draft.guarded(&one.guard))
    }

    #[expect(clippy::too_many_arguments, reason = "each is a part of the finding")]
    fn draft(
        &self,
        place: Place,
        message: String,
        help: String,
        module: ModuleId,
        layer: &Layer,
        target: ReferentId,
        engine: Engine<'_>,
    ) -> Draft {
        let case = self.case;
        let target = source::path(case, target);
        Draft {
            category: Some(engine.category.to_owned()),
            because: vec![
                case.why_module(module),
                case.why_engine(&target, engine),
                case.why_plane(layer),
            ],
            target: Some(target),
            ..Draft::at(place, message, help).of_module(case, module)
        }
    }

    /// The nearest engine among a type's fields, through the workspace's own types.
    fn holds(&self, layer: &Layer, of: ReferentId) -> Option<Way<'a>> {
        if let Some(engine) = self.engine(layer, of) {
            return Some(Way {
                engine,
                target: of,
                says: "is",
                hops: Vec::new(),
            });
        }
        let ports = self.case.ports();
        let mut seen = BTreeSet::from([of]);
        let mut steps: Vec<Step<'a>> = Vec::new();
        let mut waiting = VecDeque::from([(of, None)]);
        while let Some((at, before)) = waiting.pop_front() {
            let Some(declaration) = ports.declaration(at) else {
                continue;
            };
            // What a trait object does is not what its holder is made of.
            if declaration.kind == ItemKind::Trait {
                continue;
            }
            for member in ports.members(declaration.members) {
                for &held in ports.mentions(member.names) {
                    if !seen.insert(held) {
                        continue;
                    }
                    steps.push(Step {
                        before,
                        holder: at,
                        member,
                        held,
                    });
                    let step = steps.len() - 1;
                    if let Some(engine) = self.engine(layer, held) {
                        return Some(Way {
                            engine,
                            target: held,
                            says: "holds",
                            hops: self.hops(&steps, step),
                        });
                    }
                    waiting.push_back((held, Some(step)));
                }
            }
        }
        None
    }

    fn hops(&self, steps: &[Step<'_>], last: usize) -> Vec<Hop> {
        let mut hops = Vec::new();
        let mut at = Some(last);
        while let Some(step) = at {
            let step = &steps[step];
            let holder = source::path(self.case, step.holder);
            hops.push(Hop {
                place: step.member.place,
                label: format!(
                    "`{}` holds `{}` as `{}`",
                    short(&holder),
                    source::path(self.case, step.held),
                    step.member.name
                ),
            });
            at = step.before;
        }
        hops.reverse();
        hops
    }

    /// The first engine that a type's methods name: those of the port first.
    fn uses(&self, of: ReferentId, port: &Implementation<ReferentId>) -> Option<Way<'a>> {
        let others = self.case.ports().implementations(of);
        let others = others.filter(|one| self.case.ports().is_capability(one.module));
        let bodies = std::iter::once(port.body).chain(others.map(|one| one.body));
        for body in bodies {
            let mut within = self.uses.range(body..).map(|(_, used)| *used);
            let first = within.next().filter(|used| {
                used.place.file == body.file && used.place.span.end <= body.span.end
            });
            if let Some(used) = first {
                let engine = self.case.engines()[used.to.0 as usize]?;
                let label = format!("here it {}", source::names(self.case, used));
                return Some(Way {
                    engine,
                    target: used.to,
                    says: "uses",
                    hops: vec![Hop {
                        place: used.place,
                        label,
                    }],
                });
            }
        }
        None
    }
}
