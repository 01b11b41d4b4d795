//! Which files a file leads to: by `mod name;`, `#[path]` and `include!`.

use std::path::{Path, PathBuf};

use crate::facts::source::file::{FileFacts, Included, ScopeIndex};
use crate::facts::source::load::{Load, lock};
use crate::facts::source::symbols::Symbol;

/// How a file's own name takes part in where its modules are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    /// A target's root, a `mod.rs`, a file named by `#[path]`: modules are siblings.
    Directory,
    /// `name.rs`: modules are in `name/`.
    Named,
}

/// The files that a file leads to.
pub(super) type Children = Vec<(PathBuf, Role)>;

/// Every file that `facts` leads to and that exists.
pub(super) fn children(
    load: &Load<'_>,
    facts: &FileFacts,
    path: &Path,
    role: Role,
    absent: &mut Vec<PathBuf>,
) -> Vec<(PathBuf, Role)> {
    let mut found = Vec::new();
    for index in 0..facts.modules.len() {
        if facts.modules[index].inline.is_none() {
            let name = |symbol: Symbol| lock(load.symbols).name(symbol).to_owned();
            let there = |path: &Path| load.within.exists(path);
            found.extend(module_files_or_not(
                facts, index, path, role, &name, &there, absent,
            ));
        }
    }
    for include in &facts.includes {
        if let Included::File {
            from_manifest: true,
            ..
        } = include.file
        {
            // Which manifest is nearest can change without any file that was read: such a trail never holds.
            absent.push(path.to_owned());
        }
        if let Included::File { path: file, .. } = &include.file
            && let Some(include) = include_file(&include.file, path, file)
        {
            found.push((include, Role::Directory));
        }
    }
    found
}

/// The file of an `include!`, whether or not it exists.
pub(crate) fn include_file(included: &Included, from: &Path, file: &str) -> Option<PathBuf> {
    match included {
        Included::File {
            from_manifest: false,
            ..
        } => Some(normalised(&from.parent()?.join(file))),
        Included::File {
            from_manifest: true,
            ..
        } => {
            let package = from
                .ancestors()
                .skip(1)
                .find(|folder| folder.join("Cargo.toml").is_file())?;
            Some(normalised(&package.join(file)))
        }
        _ => None,
    }
}

/// The files that `mod name;` may mean: all that its `#[path]`s name, else the first of `name.rs` and
/// `name/mod.rs` that is `there`. Empty: none is.
pub(crate) fn module_files(
    facts: &FileFacts,
    index: usize,
    path: &Path,
    role: Role,
    name: &dyn Fn(Symbol) -> String,
    there: &dyn Fn(&Path) -> bool,
) -> Vec<(PathBuf, Role)> {
    module_files_or_not(facts, index, path, role, name, there, &mut Vec::new())
}

/// The same, and what was looked for and is not there.
pub(super) fn module_files_or_not(
    facts: &FileFacts,
    index: usize,
    path: &Path,
    role: Role,
    name: &dyn Fn(Symbol) -> String,
    there: &dyn Fn(&Path) -> bool,
    absent: &mut Vec<PathBuf>,
) -> Vec<(PathBuf, Role)> {
    let module = &facts.modules[index];
    let inline = inline_folders(facts, module.scope, name);
    let own = path.parent().unwrap_or(Path::new(""));
    let nested = match role {
        Role::Directory => own.to_owned(),
        Role::Named => own.join(path.file_stem().unwrap_or_default()),
    };
    let mut found = Vec::new();
    for (given, conditional) in &module.paths {
        let base = if inline.is_empty() { own } else { &nested };
        let file = normalised(&base.join(inline.iter().collect::<PathBuf>()).join(given));
        // Under another `cfg` there may be no such file; if there is none at all, that is told.
        if *conditional && !there(&file) {
            absent.push(file);
        } else {
            found.push((file, Role::Directory));
        }
    }
    if module.paths.iter().all(|&(_, conditional)| conditional) {
        let folder = nested.join(inline.iter().collect::<PathBuf>());
        let name = name(module.name);
        let plain = normalised(&folder.join(format!("{name}.rs")));
        let directory = normalised(&folder.join(name).join("mod.rs"));
        if there(&plain) {
            found.push((plain, Role::Named));
        } else if there(&directory) {
            absent.push(plain);
            found.push((directory, Role::Directory));
        } else {
            absent.extend([plain, directory]);
        }
    }
    found
}

/// The folders that the inline modules around a scope stand for, outermost first.
fn inline_folders(
    facts: &FileFacts,
    scope: ScopeIndex,
    name: &dyn Fn(Symbol) -> String,
) -> Vec<String> {
    let mut folders = Vec::new();
    let mut at = Some(scope);
    while let Some(scope) = at {
        let scope = &facts.scopes[scope as usize];
        if let Some(module) = scope.module {
            let module = &facts.modules[module as usize];
            folders.push(match module.paths.first() {
                Some((path, _)) => path.clone(),
                None => name(module.name),
            });
        }
        at = scope.outer;
    }
    folders.reverse();
    folders
}

/// Takes `.` and `..` out of a path without asking the file system.
fn normalised(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            part => result.push(part),
        }
    }
    result
}
