//! `unknown-structure`: a runtime structure that the registry does not know.

use crate::constitution::Constitution;
use crate::finding::{Because, Level, RuleMeta};
use crate::rules::{Case, Draft, Rule, Sink};

pub(crate) struct UnknownStructure;

impl Rule for UnknownStructure {
    const META: &'static RuleMeta = &RuleMeta {
        id: "unknown-structure",
        trigger: None,
        clause: "II",
        summary: "a runtime structure that the registry does not know",
        level: Level::Risk,
        page: include_str!("../../rules/unknown-structure.md"),
        options: &[],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let law = case.law;
        // A law without a registry leaves the names to their authors.
        if law.structures.is_empty() {
            return;
        }
        for named in case.layering.named_structures() {
            if law.structure_named(&named.name).is_some() {
                continue;
            }
            let name = &named.name;
            let draft = Draft::at(
                named.place,
                format!("`{name}` is no structure of the registry"),
                help(law, name),
            );
            let draft = Draft {
                target: Some(name.clone()),
                because: vec![Because {
                    text: format!("{}: its registry has {}", law.name, law.structures.len()),
                    place: None,
                }],
                ..draft
            };
            sink.push(match named.package {
                Some(package) => draft.of_package(case, package),
                None => draft,
            });
        }
    }
}

/// The registered structure of that code, or of the likest name, or how to register a new one.
fn help(law: &Constitution, name: &str) -> String {
    let code = name.rsplit_once("-v").map_or(name, |(code, _)| code);
    if let Some(known) = law.structure_named(code) {
        return format!("the registry has it as `{}`: name that version", known.id);
    }
    let likeness = |code: &str| strsim::jaro_winkler(code, name);
    let near = law.structures.iter().map(|it| (likeness(it.code()), it));
    let near = near.filter(|(likeness, _)| *likeness > 0.9);
    match near.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((_, known)) => format!("did you mean `{}`?", known.code()),
        None => format!(
            "name one of the registry (`cargo constitution registry list`), or register `{name}` with a \
             `[[structure]]` of its role"
        ),
    }
}
