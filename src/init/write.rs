//! The proposal as a constitution file: commented, so that it can be read without a manual.

use std::fmt::Write;

use super::globs::{self, Written};
use super::words::Role;
use super::{Base, Proposal};
use crate::facts::Facts;

/// The layers of a proposal, for what manifests claim of them.
pub(super) const LAYERS: &str = "extends = \"none\"\n\
    [[layer]]\nname = \"shared\"\nplane = \"neutral\"\n\
    [[layer]]\nname = \"domain\"\nplane = \"capability\"\n\
    [[layer]]\nname = \"application\"\nplane = \"capability\"\n\
    [[layer]]\nname = \"infrastructure\"\nplane = \"runtime\"\n\
    [[layer]]\nname = \"composition\"\nplane = \"composition\"\n";

const HEAD: &str = "\
# The constitution of this workspace: which layer each package belongs to, and which layer may know which.
# Proposed by `cargo constitution init` from names, folders and what the code reaches; from now on it is yours.
#
#   cargo constitution check          judges the workspace
#   cargo constitution explain        lists the laws; `explain engine-reference` shows one
#   cargo constitution why A B        every hop from one package or module to another
";

const WEBWAKA: &str = "
# The built-in law: layers `organelle` to `organism`, `runtime`, `federation`, and packages that are named so
# (`organ-sales`, `runtime-adapter-database`) belong to them.
extends = \"webwaka\"
";

/// The whole file.
pub(super) fn text(proposal: &Proposal, facts: &Facts) -> String {
    let mut text = HEAD.to_owned();
    match proposal.base {
        Base::WebWaka => text.push_str(WEBWAKA),
        Base::Own => {
            text.push_str("\n# No layers but these.\nextends = \"none\"\n");
            layers(&mut text, proposal);
        }
    }
    assigns(&mut text, proposal, facts);
    undecided(&mut text, proposal, facts);
    text
}

fn layers(text: &mut String, proposal: &Proposal) {
    text.push_str("\n# ── Layers, lowest first ──\n");
    for role in Role::ALL {
        if role == Role::Application && !proposal.named {
            continue;
        }
        let (plane, below) = match role {
            Role::Shared => ("neutral", &[][..]),
            Role::Domain => ("capability", &[][..]),
            Role::Application => ("capability", &[Role::Domain][..]),
            Role::Infrastructure => ("runtime", &[Role::Domain, Role::Application][..]),
            Role::Composition => ("composition", &[][..]),
        };
        let below = below
            .iter()
            .filter(|role| proposal.named || **role != Role::Application);
        let below: Vec<String> = below.map(|role| quoted(proposal.layer(*role))).collect();
        put(
            text,
            format_args!("\n# {}\n[[layer]]\n", duty(role, proposal.named)),
        );
        put(
            text,
            format_args!(
                "name = {}\nplane = {}\n",
                quoted(proposal.layer(role)),
                quoted(plane)
            ),
        );
        if !below.is_empty() {
            put(
                text,
                format_args!("may-depend-on = [{}]\n", below.join(", ")),
            );
        }
    }
}

fn duty(role: Role, named: bool) -> &'static str {
    match role {
        Role::Shared => {
            "Code of no layer: all may use it without listing it, and whoever does answers for what it carries."
        }
        Role::Domain if named => {
            "Pure logic and the ports that it needs: no database, no broker, no network, no environment, and no\n\
             # package or module of a layer that is not listed."
        }
        Role::Domain => {
            "Pure code: no database, no broker, no network, no environment. No name tells a domain apart here, so\n\
             # this layer holds what reaches no engine today, and the law keeps it so."
        }
        Role::Application => "Use cases, on the domain and its ports. As pure as the domain.",
        Role::Infrastructure => {
            "Adapters: they bind ports to engines. The layers before this one never know them."
        }
        Role::Composition => "Programs: they wire adapters to ports, and may depend on all.",
    }
}

fn assigns(text: &mut String, proposal: &Proposal, facts: &Facts) {
    let mut any = false;
    let mut head = |text: &mut String| {
        if !std::mem::replace(&mut any, true) {
            text.push_str("\n# ── Who belongs where; the first that matches counts ──\n");
        }
    };
    for (role, modules) in globs::of_modules(&proposal.parts, facts) {
        head(text);
        put(
            text,
            format_args!("\n[[assign]]\nlayer = {}\n", quoted(proposal.layer(role))),
        );
        list(text, "modules", &modules);
    }
    for role in Role::ALL {
        let selectors = globs::of_packages(proposal, facts, role);
        if selectors.packages.is_empty() && selectors.paths.is_empty() {
            continue;
        }
        head(text);
        put(
            text,
            format_args!("\n[[assign]]\nlayer = {}\n", quoted(proposal.layer(role))),
        );
        list(text, "paths", &selectors.paths);
        list(text, "packages", &selectors.packages);
    }
    if proposal.base == Base::Own && !proposal.protects() {
        let layer = quoted(proposal.layer(Role::Domain));
        put(
            text,
            format_args!("{NOTHING_PROTECTED}# layer = {layer}\n# modules = [\"*::domain::**\"]\n"),
        );
    }
}

/// The law of a workspace in which nothing is pure yet.
const NOTHING_PROTECTED: &str = "
# Nothing here is held to a capability's duties yet, so the law forbids nothing. When the first pure code has a
# place of its own, such as a module `domain` or a package of that name, claim it:
#
# [[assign]]
";

/// A list of globs, a line each where a reason is told.
fn list(text: &mut String, key: &str, globs: &[Written]) {
    if globs.is_empty() {
        return;
    }
    if globs.iter().all(|it| !it.guessed) {
        let globs: Vec<String> = globs.iter().map(|it| quoted(&it.glob)).collect();
        let line = format!("{key} = [{}]\n", globs.join(", "));
        if line.len() <= 110 {
            return text.push_str(&line);
        }
    }
    put(text, format_args!("{key} = [\n"));
    let width = globs
        .iter()
        .map(|it| it.glob.chars().count())
        .max()
        .unwrap_or(0);
    for it in globs {
        let because = if it.guessed {
            format!("# a guess: {}", it.because)
        } else {
            String::new()
        };
        let glob = format!("{},", quoted(&it.glob));
        let line = format!("    {glob:0$} {because}", width + 3);
        put(text, format_args!("{}\n", line.trim_end()));
    }
    text.push_str("]\n");
}

fn undecided(text: &mut String, proposal: &Proposal, facts: &Facts) {
    let undecided: Vec<&str> = (proposal.undecided())
        .map(|id| facts.graph.package(id).name.as_str())
        .collect();
    if undecided.is_empty() {
        return;
    }
    text.push_str(
        "\n# ── Not decided ──\n# No layer claims these packages; `check` says so of each. Name them as the \
         built-in law does, or choose:\n#\n# [[assign]]\n# layer = \"organ\"      # or `neutral`, `composition`, …\n\
         # packages = [\n",
    );
    for name in undecided {
        put(text, format_args!("#     {},\n", quoted(name)));
    }
    text.push_str("# ]\n");
}

fn put(text: &mut String, line: std::fmt::Arguments<'_>) {
    text.write_fmt(line).expect("a String takes all");
}

/// A word in quotes; no name of a package or module needs an escape, and nothing else gets here.
fn quoted(word: &str) -> String {
    format!("\"{word}\"")
}
