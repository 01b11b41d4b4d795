//! From files of facts to contributions that can be relied on, or why not. The files may be hostile.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::semver::{Version, VersionReq};
use miette::Diagnostic;
use thiserror::Error;

use super::model::{Contributed, Contribution, Export, KIND, SCHEMA, digest};
use crate::facts::graph::DependencySource;

/// Larger than the facts of a thousand workspaces.
const LARGEST: u64 = 1 << 30;
/// Longer than any name of a package or workspace.
const LONGEST: usize = 200;
/// The planes that a layer can be of.
const PLANES: [&str; 5] = [
    "capability",
    "runtime",
    "federation",
    "composition",
    "neutral",
];

/// Facts of other workspaces that cannot be judged with.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum ForeignError {
    #[error("cannot read the facts in `{}`: {why}", path.display())]
    #[diagnostic(help(
        "`cargo constitution facts export` writes such a file; `facts merge` joins several"
    ))]
    Unreadable { path: PathBuf, why: String },
    #[error("the facts in `{}` are wrong: {why}", path.display())]
    #[diagnostic(help(
        "write the file anew with `cargo constitution facts export` in that workspace; it is not meant to be \
         changed by hand"
    ))]
    Wrong { path: PathBuf, why: String },
    #[error("`{}` and `{}` hold different facts of the workspace `{name}`", first.display(), second.display())]
    #[diagnostic(help(
        "keep the newer one; or give each workspace a name of its own with `facts export --name`"
    ))]
    Differ {
        name: String,
        first: PathBuf,
        second: PathBuf,
    },
    #[error(
        "the workspaces `{first}` and `{second}` both have a package `{package}` that `{user}` may mean"
    )]
    #[diagnostic(help(
        "a package has one home: leave one of the two workspaces out, or rename one of the packages"
    ))]
    Ambiguous {
        package: String,
        user: String,
        first: String,
        second: String,
    },
}

/// The contributions of all files, in the order of their names, each once.
///
/// # Errors
/// If a file cannot be read or is no such file, or two of them disagree.
pub(crate) fn read_all(files: &[PathBuf]) -> Result<Vec<Contribution>, ForeignError> {
    let mut all: BTreeMap<String, (&Path, Contribution)> = BTreeMap::new();
    for path in files {
        for one in read(path)?.workspaces {
            match all.get(&one.name) {
                Some((_, known)) if *known == one => {}
                Some((first, _)) => {
                    return Err(ForeignError::Differ {
                        name: one.name,
                        first: (*first).to_owned(),
                        second: path.clone(),
                    });
                }
                None => {
                    all.insert(one.name.clone(), (path, one));
                }
            }
        }
    }
    Ok(all.into_values().map(|(_, one)| one).collect())
}

/// All files as one.
///
/// # Errors
/// As [`read_all`].
pub(crate) fn merge(files: &[PathBuf], tool: &str) -> Result<Export, ForeignError> {
    Ok(Export::new(tool, read_all(files)?))
}

fn read(path: &Path) -> Result<Export, ForeignError> {
    let unreadable = |why: String| ForeignError::Unreadable {
        path: path.to_owned(),
        why,
    };
    // Asked first, for opening a pipe would wait for ever.
    let found = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?;
    if !found.is_file() {
        return Err(unreadable("it is not a file".to_owned()));
    }
    if found.len() > LARGEST {
        return Err(unreadable(format!(
            "it is larger than {} MiB",
            LARGEST >> 20
        )));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    let wrong = |why: String| ForeignError::Wrong {
        path: path.to_owned(),
        why,
    };
    let export: Export =
        serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
    sound(&export).map_err(wrong)?;
    Ok(export)
}

/// Whether everything in the file can be what it says.
fn sound(export: &Export) -> Result<(), String> {
    if export.kind != KIND {
        return Err(format!(
            "it says that it is `{}`, not `{KIND}`",
            export.kind
        ));
    }
    if export.schema != SCHEMA {
        return Err(format!(
            "it is of schema {}, and this program reads {SCHEMA}",
            export.schema
        ));
    }
    let mut names = BTreeSet::new();
    for one in &export.workspaces {
        if !is_workspace(&one.name) {
            return Err(format!("`{}` is no name of a workspace", one.name));
        }
        if !names.insert(&one.name) {
            return Err(format!("it has the workspace `{}` twice", one.name));
        }
        whole(one).map_err(|why| format!("workspace `{}`: {why}", one.name))?;
    }
    Ok(())
}

fn whole(one: &Contribution) -> Result<(), String> {
    let mut members = BTreeSet::new();
    for package in &one.packages {
        if !members.insert(package.name.as_str()) {
            return Err(format!("it has the package `{}` twice", package.name));
        }
        credible(package).map_err(|why| format!("package `{}`: {why}", package.name))?;
    }
    for package in &one.packages {
        let here = package.dependencies.iter();
        let mut lost = here.filter(|to| {
            to.source == DependencySource::Workspace && !members.contains(to.package.as_str())
        });
        if let Some(lost) = lost.next() {
            return Err(format!(
                "`{}` depends on its member `{}`, which it does not have",
                package.name, lost.package
            ));
        }
    }
    if digest(one.blind_spots, &one.packages) != one.digest {
        return Err("its digest is of something else: it was cut or changed".to_owned());
    }
    Ok(())
}

fn credible(package: &Contributed) -> Result<(), String> {
    if !is_name(&package.name) {
        return Err("this is no name of a package".to_owned());
    }
    if Version::parse(&package.version).is_err() {
        return Err(format!("`{}` is no version", package.version));
    }
    if let Some(layer) = package.layer.as_ref()
        && !PLANES.contains(&layer.plane.as_str())
    {
        return Err(format!("there is no plane `{}`", layer.plane));
    }
    let files = package.ports.iter().map(|port| &port.file);
    let files = files.chain(package.adapters.iter().map(|adapter| &adapter.file));
    let files = files.chain(package.references.iter().map(|across| &across.file));
    for path in files.chain([&package.manifest]) {
        if !is_relative(path) {
            return Err(format!("`{path}` is no path within a workspace"));
        }
    }
    for dependency in &package.dependencies {
        if !is_name(&dependency.package) {
            return Err(format!("`{}` is no name of a package", dependency.package));
        }
        if dependency.requirement.parse::<VersionReq>().is_err() {
            return Err(format!("`{}` asks for no version", dependency.requirement));
        }
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    let sound = |it: char| it.is_alphanumeric() || it == '-' || it == '_';
    !name.is_empty() && name.len() <= LONGEST && name.chars().all(sound)
}

/// A name, or several with `/` between: `house/shop`.
pub(crate) fn is_workspace(name: &str) -> bool {
    let sound = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.');
    name.len() <= LONGEST
        && name
            .split('/')
            .all(|part| part.chars().all(sound) && part.chars().any(char::is_alphanumeric))
}

/// Relative, with `/`, and nothing in it that a terminal obeys. It may lead out, as to a member beside the root.
fn is_relative(path: &str) -> bool {
    !path.is_empty()
        && !path.starts_with('/')
        && !path.contains(['\\', ':'])
        && !path.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    fn contribution(name: &str) -> Contribution {
        let packages = vec![Contributed {
            name: "cell-a".to_owned(),
            version: "0.1.0".to_owned(),
            manifest: "crates/cell-a/Cargo.toml".to_owned(),
            line: 2,
            column: 1,
            layer: None,
            layers_within: false,
            structure: None,
            digest: String::new(),
            dependencies: Vec::new(),
            ports: Vec::new(),
            adapters: Vec::new(),
            references: Vec::new(),
        }];
        Contribution {
            name: name.to_owned(),
            digest: digest(0, &packages),
            blind_spots: 0,
            packages,
        }
    }

    fn said(change: impl FnOnce(&mut Export)) -> String {
        let folder = Folder::new("facts");
        let mut export = Export::new("test", vec![contribution("shop")]);
        change(&mut export);
        let text = serde_json::to_string(&export).expect("plain data");
        let path = folder.file("facts.json", &text);
        match read_all(&[path]) {
            Ok(_) => "taken".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    type Change = fn(&mut Export);

    #[test]
    fn what_cannot_be_is_refused_with_its_place() {
        assert_eq!(said(|_| {}), "taken");
        let refused: [(&str, Change); 7] = [
            ("schema 2", |it| it.schema = 2),
            ("not `facts`", |it| it.kind = "report".to_owned()),
            ("no name of a workspace", |it| {
                it.workspaces[0].name = "../shop".to_owned();
            }),
            ("no path within a workspace", |it| {
                it.workspaces[0].packages[0].manifest = "/etc/passwd".to_owned();
            }),
            ("no version", |it| {
                it.workspaces[0].packages[0].version = "new".to_owned();
            }),
            ("cut or changed", |it| it.workspaces[0].blind_spots = 3),
            ("twice", |it| {
                let again = it.workspaces[0].packages[0].clone();
                it.workspaces[0].packages.push(again);
            }),
        ];
        for (wanted, change) in refused {
            let said = said(change);
            assert!(said.contains(wanted), "{wanted}: {said}");
        }
    }

    #[test]
    fn two_files_of_one_workspace_must_agree() {
        let folder = Folder::new("facts-twice");
        let write = |name: &str, one: Contribution| {
            let text = serde_json::to_string(&Export::new("test", vec![one])).expect("plain data");
            folder.file(name, &text)
        };
        let a = write("a.json", contribution("shop"));
        let same = write("same.json", contribution("shop"));
        let merged = read_all(&[a.clone(), same]).expect("they agree");
        assert_eq!(merged.len(), 1);
        let mut other = contribution("shop");
        other.packages.clear();
        other.digest = digest(0, &[]);
        let other = write("other.json", other);
        let error = read_all(&[a, other]).expect_err("they do not");
        assert!(error.to_string().contains("different facts"), "{error}");
    }
}
