//! The JSON Schema of the constitution: it is current, takes every law that we have, and refuses slips.

use std::path::PathBuf;

use serde_json::Value;

use crate::fixture::Workspace;
use crate::support::{self, root, tool};

fn printed() -> String {
    let run = tool(root()).args(["schema"]).run();
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&printed()).expect("it is JSON");
    jsonschema::validator_for(&schema).expect("it is a schema")
}

fn value(law: &str) -> Value {
    let table: toml::Table = law.parse().unwrap_or_else(|error| panic!("{error}\n{law}"));
    serde_json::to_value(table).expect("no law has dates")
}

/// Every constitution of the book and of the fixtures, with where it stands.
fn laws() -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> = support::files(&root().join("rules"), "md");
    files.extend(support::files(
        &root().join("fixtures/constructs"),
        "workspace",
    ));
    let mut laws = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a page can be read");
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let blocks = match path.extension().is_some_and(|it| it == "md") {
            true => text.split("```workspace\n").skip(1).collect(),
            false => vec![text.as_str()],
        };
        for block in blocks {
            let block = block.split("\n```").next().unwrap_or_default();
            let workspace =
                Workspace::parse(block).unwrap_or_else(|error| panic!("{name}: {error}"));
            let law = workspace.files.get("constitution.toml");
            laws.extend(law.map(|law| (name.clone(), law.clone())));
        }
    }
    for file in ["rules/webwaka.toml", "constitution.toml"] {
        let law = std::fs::read_to_string(root().join(file)).expect("a law can be read");
        laws.push((file.to_owned(), law));
    }
    laws
}

#[test]
fn the_file_is_what_the_program_prints() {
    let path = root().join("rules/constitution.schema.json");
    let file = std::fs::read_to_string(path).expect("the schema is there");
    assert!(
        file == printed(),
        "write it anew: cargo run -- schema > rules/constitution.schema.json"
    );
}

#[test]
fn every_law_that_we_have_is_valid() {
    let (validator, laws) = (validator(), laws());
    assert!(laws.len() > 20, "{}", laws.len());
    let problems: Vec<String> = laws
        .iter()
        .flat_map(|(name, law)| {
            let law = value(law);
            let errors = validator.iter_errors(&law).map(|error| error.to_string());
            errors
                .map(|error| format!("{name}: {error}"))
                .collect::<Vec<_>>()
        })
        .collect();
    support::none(&problems);
}

#[test]
fn slips_are_refused() {
    let validator = validator();
    for law in [
        "extend = \"webwaka\"",
        "extends = \"webwacka\"",
        "strict-layering = \"yes\"",
        "[layer]\nname = \"x\"",
        "[[layer]]\nplane = \"runtime\"",
        "[[layer]]\nname = \"x\"\nplane = \"capabilities\"",
        "[[layer]]\nname = \"x\"\nmay_depend_on = []",
        "[[assign]]\npackages = [\"x\"]",
        "[[assign]]\nlayer = \"x\"\npackages = \"y\"",
        "[[structure]]\nid = \"x\"\nphase = 7",
        "[[structure]]\nid = \"x\"\nmodes = [\"saas\"]",
        "[rules.engine-references]\nlevel = \"off\"",
        "[rules.engine-reference]\nlevel = \"fatal\"",
        "[engines.database]\npackage = [\"x\"]",
        "[[expect]]\nlayer = \"x\"",
    ] {
        assert!(!validator.is_valid(&value(law)), "{law}");
    }
}
