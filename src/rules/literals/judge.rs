//! What the laws on literals share: which literal stands or is brought where, told once a place.

use std::collections::HashMap;

use crate::constitution::{Layer, Plane};
use crate::facts::literal::Literal;
use crate::facts::reference::{ModuleId, Reference, ReferenceKind, Referent};
use crate::finding::{Confidence, Hop};
use crate::rules::case::is_runtime;
use crate::rules::literals::{Binding, Meaning};
use crate::rules::{Case, Draft, Sink};
use crate::text::Place;

/// On which side of the ports code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Capability,
    Runtime,
}

impl Side {
    pub(crate) fn of(layer: &Layer) -> Option<Self> {
        match layer.plane {
            Plane::Capability => Some(Self::Capability),
            plane if is_runtime(plane) => Some(Self::Runtime),
            _ => None,
        }
    }
}

/// A literal where it is written, or where a constant brings it in.
pub(crate) struct Hit<'h, 'a> {
    pub(crate) literal: &'h Literal,
    pub(crate) binding: &'h Binding<'a>,
    pub(crate) layer: &'h Layer,
    pub(crate) module: ModuleId,
    /// The use of the constant.
    pub(crate) brought: Option<&'h Reference>,
}

impl Hit<'_, '_> {
    pub(crate) fn place(&self) -> Place {
        self.brought
            .map_or(self.literal.at.place, |reference| reference.place)
    }

    /// "holds …", or "brings in …" where a constant of another package holds it.
    pub(crate) fn says(&self, case: &Case<'_>) -> String {
        match self.brought {
            None => format!("holds {}", self.binding.says),
            Some(reference) => {
                format!(
                    "uses `{}`, which is {}",
                    case.names.written(reference),
                    self.binding.says
                )
            }
        }
    }

    /// With place, guard, chain and certainty filled in.
    pub(crate) fn draft(&self, case: &Case<'_>, message: String, help: String) -> Draft {
        let draft = Draft::at(self.place(), message, help);
        let draft = match self.brought {
            Some(reference) => {
                let mut draft = draft.of_reference(case, reference);
                draft.chain.push(Hop {
                    place: self.literal.at.place,
                    label: "the literal is written here".to_owned(),
                });
                draft
            }
            None => Draft {
                cfg: self.literal.at.cfg.clone(),
                test: self.literal.at.test,
                ..draft.of_module(case, self.module)
            },
        };
        Draft {
            confidence: self.binding.confidence.max(draft.confidence),
            doubtful: self.binding.doubtful,
            target: Some(self.binding.target.clone().into_owned()),
            because: vec![case.why_module(self.module), case.why_plane(self.layer)],
            ..draft
        }
    }
}

/// Says every literal that binds code on `side` and that `wants` takes.
pub(crate) fn judge(
    case: &Case<'_>,
    side: Side,
    wants: impl Fn(&Hit<'_, '_>) -> bool,
    draft: impl Fn(&Hit<'_, '_>) -> Draft,
    sink: &mut Sink<'_>,
) {
    let mut hits: Vec<Hit<'_, '_>> = written(case, side)
        .chain(brought(case, side))
        .filter(wants)
        .collect();
    // Of a file that hangs in several trees, the production one speaks.
    hits.sort_by_key(|hit| {
        let test = hit
            .brought
            .map_or(hit.literal.at.test, |reference| reference.test);
        (hit.place(), test, hit.module)
    });
    hits.dedup_by_key(|hit| hit.place());
    for hit in &hits {
        sink.push(draft(hit));
    }
}

fn layer<'a>(case: &Case<'a>, module: ModuleId, side: Side) -> Option<&'a Layer> {
    case.module_layer(module)
        .filter(|layer| Side::of(layer) == Some(side))
}

fn written<'h, 'a>(case: &'h Case<'a>, side: Side) -> impl Iterator<Item = Hit<'h, 'a>> {
    let literals = case.facts.literals.iter().zip(case.meanings());
    literals.filter_map(move |(literal, meaning)| {
        Some(Hit {
            literal,
            binding: meaning.binding.as_ref()?,
            layer: layer(case, literal.at.module, side)?,
            module: literal.at.module,
            brought: None,
        })
    })
}

/// Uses of constants of other packages, where the law does not judge the literal itself.
fn brought<'h, 'a>(case: &'h Case<'a>, side: Side) -> impl Iterator<Item = Hit<'h, 'a>> {
    let mut constants: HashMap<(ModuleId, &str), (&Literal, &Meaning<'_>)> = HashMap::new();
    for (literal, meaning) in case.facts.literals.iter().zip(case.meanings()) {
        let judged = case
            .module_layer(literal.at.module)
            .and_then(Side::of)
            .is_some();
        if let (Some(item), Some(_), false) = (&literal.item, &meaning.binding, judged) {
            constants
                .entry((literal.at.module, item))
                .or_insert((literal, meaning));
        }
    }
    let all = if constants.is_empty() {
        &[][..]
    } else {
        &case.facts.references[..]
    };
    all.iter().filter_map(move |reference| {
        use ReferenceKind::{Attribute, Expansion, Path, Tokens};
        if !matches!(reference.kind, Path | Tokens | Attribute | Expansion) {
            return None;
        }
        let Referent::Item {
            module,
            item: Some(item),
        } = case.referent(reference.to)
        else {
            return None;
        };
        let (literal, meaning) = *constants.get(&(*module, item.as_str()))?;
        let package = |module: ModuleId| case.module(module).package;
        if package(*module) == package(reference.from) {
            return None;
        }
        Some(Hit {
            literal,
            binding: meaning.binding.as_ref()?,
            layer: layer(case, reference.from, side)?,
            module: reference.from,
            brought: Some(reference),
        })
    })
}

/// Where credentials are written, whatever the law says of them: no report may repeat them.
pub(crate) fn secrets(case: &Case<'_>) -> Vec<Place> {
    let all = case.facts.literals.iter().zip(case.meanings());
    let secret = all.filter(|(_, meaning)| meaning.secret.is_some());
    secret.map(|(literal, _)| literal.at.place).collect()
}

/// Says every credential, wherever it is written.
pub(crate) fn judge_secrets(
    case: &Case<'_>,
    draft: impl Fn(&Literal, &'static str, Confidence) -> Draft,
    sink: &mut Sink<'_>,
) {
    let all = case.facts.literals.iter().zip(case.meanings());
    let mut hits: Vec<_> = all
        .filter_map(|(literal, meaning)| Some((literal, meaning.secret?)))
        .collect();
    hits.sort_by_key(|(literal, _)| (literal.at.place, literal.at.test, literal.at.module));
    hits.dedup_by_key(|(literal, _)| literal.at.place);
    for (literal, secret) in hits {
        sink.push(draft(literal, secret.what, secret.confidence));
    }
}
