//! What the generated workspace consists of, before any of it is written.

use std::collections::BTreeSet;

use crate::random::Random;
use crate::words::{NOUNS, action, camel, snake};

/// How many packages a layer gets, and which layers those may use; a layer's packages come after what they use.
const LAYERS: &[(&str, usize, &[&str])] = &[
    ("neutral", 10, &[]),
    ("organelle", 18, &["neutral"]),
    ("cell", 34, &["neutral", "organelle"]),
    ("tissue", 14, &["neutral", "organelle", "cell"]),
    ("organ", 12, &["neutral", "organelle", "cell", "tissue"]),
    ("system", 8, &["neutral", "cell", "tissue", "organ"]),
    ("runtime", 14, &["neutral", "organelle", "cell", "organ"]),
    ("federation", 5, &["neutral", "runtime"]),
    ("organism", 5, &["neutral", "organ", "system", "runtime"]),
];

/// The names of the canonical runtime structures.
const STRUCTURES: [&str; 14] = [
    "adapter-database",
    "adapter-message-broker",
    "adapter-http-transport",
    "adapter-external-service",
    "adapter-observability",
    "adapter-storage",
    "tenant-manager",
    "provisioning-engine",
    "deployment-orchestrator",
    "scaling-controller",
    "configuration-injector",
    "secrets-manager",
    "security-binder",
    "environment-registry",
];

pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) layer: &'static str,
    /// Indices of members.
    pub(crate) uses: Vec<usize>,
    /// The first is the crate's root; a module comes after the one that declares it.
    pub(crate) modules: Vec<Module>,
}

pub(crate) struct Module {
    /// Below the crate's root; empty for the root itself.
    pub(crate) path: Vec<String>,
    pub(crate) children: Vec<usize>,
    /// `a/mod.rs` instead of `a.rs`.
    pub(crate) folder: bool,
    pub(crate) types: Vec<Type>,
    pub(crate) functions: Vec<String>,
    pub(crate) port: Option<Port>,
    /// Lines that the file should have, about.
    pub(crate) lines: usize,
}

#[derive(Clone)]
pub(crate) struct Type {
    pub(crate) name: String,
    pub(crate) body: Body,
    pub(crate) makers: Vec<String>,
    pub(crate) methods: Vec<String>,
}

#[derive(Clone)]
pub(crate) enum Body {
    Fields(Vec<String>),
    Variants(Vec<String>),
}

#[derive(Clone)]
pub(crate) struct Port {
    pub(crate) name: String,
    pub(crate) methods: Vec<String>,
}

impl Member {
    /// Whether its sources may name another layer's items freely, or no more than the ports.
    pub(crate) fn sees_only_ports_of(&self, other: &Self) -> bool {
        other.layer != "neutral" && matches!(self.layer, "runtime" | "federation" | "organism")
    }

    /// The name that sources use.
    pub(crate) fn crate_name(&self) -> String {
        self.name.replace('-', "_")
    }

    /// Relative to the workspace root.
    pub(crate) fn folder(&self) -> String {
        format!("crates/{}/{}", self.layer, self.name)
    }
}

impl Module {
    /// The file, relative to the member's folder.
    pub(crate) fn file(&self) -> String {
        match self.path.join("/") {
            path if path.is_empty() => "src/lib.rs".to_owned(),
            path if self.folder => format!("src/{path}/mod.rs"),
            path => format!("src/{path}.rs"),
        }
    }

    /// Has no items of its own.
    pub(crate) fn is_root(&self) -> bool {
        self.path.is_empty()
    }
}

/// Members in the order in which they may use each other.
pub(crate) fn members(random: &mut Random) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    for &(layer, count, below) in LAYERS {
        for number in 0..count {
            let uses = used(random, &members, below);
            members.push(Member {
                name: member_name(layer, number),
                layer,
                uses,
                modules: modules(random),
            });
        }
    }
    members
}

fn member_name(layer: &str, number: usize) -> String {
    let noun = NOUNS[(number * 2 + layer.len() * 5) % NOUNS.len()].replace('_', "-");
    match layer {
        "runtime" => format!("runtime-{}", STRUCTURES[number]),
        "neutral" => format!("shared-{noun}"),
        layer => format!("{layer}-{noun}"),
    }
}

fn used(random: &mut Random, members: &[Member], below: &[&str]) -> Vec<usize> {
    let allowed: Vec<usize> = (0..members.len())
        .filter(|&at| below.contains(&members[at].layer))
        .collect();
    let mut uses = BTreeSet::new();
    if !allowed.is_empty() {
        for _ in 0..random.between(3, 7) {
            uses.insert(*random.pick(&allowed));
        }
    }
    uses.into_iter().collect()
}

fn modules(random: &mut Random) -> Vec<Module> {
    let mut modules = vec![Module {
        path: Vec::new(),
        children: Vec::new(),
        folder: false,
        types: Vec::new(),
        functions: Vec::new(),
        port: None,
        lines: 0,
    }];
    let wanted = random.between(15, 27);
    let mut at = 0;
    while modules.len() < wanted {
        let depth = modules[at % modules.len()].path.len();
        let parent = at % modules.len();
        at += 1;
        let children = match depth {
            0 => random.between(4, 7),
            1 => random.below(5),
            2 => random.below(2),
            _ => 0,
        };
        for _ in 0..children {
            add_child(random, &mut modules, parent);
        }
    }
    modules
}

fn add_child(random: &mut Random, modules: &mut Vec<Module>, parent: usize) {
    let name = snake(random);
    let taken = modules[parent].children.iter();
    if taken
        .map(|&child| &modules[child].path)
        .any(|path| path.last() == Some(&name))
    {
        return;
    }
    let mut path = modules[parent].path.clone();
    path.push(name);
    let child = modules.len();
    modules.push(module(random, path));
    modules[parent].children.push(child);
}

fn module(random: &mut Random, path: Vec<String>) -> Module {
    // Most files are short, a few are very long.
    let lines = match random.below(20) {
        0..=5 => random.between(30, 90),
        6..=13 => random.between(90, 260),
        14..=18 => random.between(240, 440),
        _ => random.between(440, 1300),
    };
    let mut types = Vec::new();
    let mut names = BTreeSet::new();
    for _ in 0..(lines / 270).max(1) {
        let of = type_of(random);
        if names.insert(of.name.clone()) {
            types.push(of);
        }
    }
    let functions = (0..random.between(1, 4))
        .map(|_| action(random))
        .collect::<BTreeSet<_>>();
    Module {
        folder: random.chance(30),
        port: random.chance(25).then(|| port(random)),
        path,
        children: Vec::new(),
        types,
        functions: functions.into_iter().collect(),
        lines,
    }
}

fn type_of(random: &mut Random) -> Type {
    let base = snake(random);
    let several =
        |random: &mut Random, least: usize, most: usize, word: fn(&mut Random) -> String| {
            let count = random.between(least, most);
            let words: BTreeSet<String> = (0..count).map(|_| word(random)).collect();
            words.into_iter().collect::<Vec<_>>()
        };
    let body = if random.chance(25) {
        Body::Variants(several(random, 3, 8, |random| camel(&snake(random))))
    } else {
        Body::Fields(several(random, 2, 8, snake))
    };
    let ending = *random.pick(&["", "", "", "", "State", "Draft", "Book"]);
    Type {
        name: format!("{}{ending}", camel(&base)),
        body,
        makers: several(random, 1, 2, |random| format!("from_{}", snake(random))),
        methods: several(random, 2, 4, action),
    }
}

fn port(random: &mut Random) -> Port {
    let methods: BTreeSet<String> = (0..random.between(2, 4)).map(|_| action(random)).collect();
    Port {
        name: format!("{}Repository", camel(&snake(random))),
        methods: methods.into_iter().collect(),
    }
}
