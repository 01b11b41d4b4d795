//! What the laws on branches share: which branch of capability code is told, once a place.

use crate::constitution::{Layer, Plane};
use crate::facts::literal::Branch;
use crate::rules::{Case, Draft, Sink};

/// What a law says of one branch.
pub(crate) struct Said {
    /// The message's middle.
    pub(crate) what: String,
    pub(crate) target: String,
    /// Whether the words may well mean something else.
    pub(crate) doubtful: bool,
}

/// Says every branch in layers that `judged` takes and for which `says` has words.
pub(crate) fn judge(
    case: &Case<'_>,
    judged: impl Fn(&Layer) -> bool,
    says: impl Fn(&Branch) -> Option<Said>,
    help: &str,
    sink: &mut Sink<'_>,
) {
    let mut hits: Vec<_> = case
        .facts
        .branches
        .iter()
        .filter_map(|branch| {
            let layer = case.module_layer(branch.at.module)?;
            let capability = layer.plane == Plane::Capability && judged(layer);
            Some((branch, layer, capability.then(|| says(branch)).flatten()?))
        })
        .collect();
    hits.sort_by_key(|(branch, ..)| (branch.at.place, branch.at.test, branch.at.module));
    hits.dedup_by_key(|(branch, ..)| branch.at.place);
    for (branch, layer, said) in hits {
        let message = format!("capability code (layer `{}`) {}", layer.name, said.what);
        let module = branch.at.module;
        let draft = Draft::at(branch.at.place, message, help.to_owned()).of_module(case, module);
        sink.push(Draft {
            confidence: crate::finding::Confidence::Likely,
            doubtful: said.doubtful,
            target: Some(said.target),
            cfg: branch.at.cfg.clone(),
            test: branch.at.test,
            because: vec![case.why_module(module), case.why_plane(layer)],
            ..draft
        });
    }
}
