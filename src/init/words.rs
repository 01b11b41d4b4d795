//! What names mean: the words by which teams tell their layers apart.

/// What a package or module is, from the lowest layer to the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Role {
    /// Code of no layer, which all may use.
    Shared,
    Domain,
    Application,
    Infrastructure,
    Composition,
}

impl Role {
    pub(crate) const ALL: [Self; 5] = [
        Self::Shared,
        Self::Domain,
        Self::Application,
        Self::Infrastructure,
        Self::Composition,
    ];

    pub(crate) fn is_capability(self) -> bool {
        matches!(self, Self::Domain | Self::Application)
    }

    /// Whether it is one of the layers that an architecture is told by, rather than what serves them.
    pub(super) fn is_layer(self) -> bool {
        !matches!(self, Self::Shared | Self::Composition)
    }
}

/// How far a word can be relied upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Wherever it stands in a name. What breaks the law for such a name is a breach, and stays one.
    Anywhere,
    /// Where it is the whole name and stands beside names of other layers; otherwise it is a guess.
    Whole,
    /// A guess: only where the code holds to it.
    Guess,
}

/// What a name was found to mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) role: Role,
    pub(super) trust: Trust,
    pub(super) word: &'static str,
}

impl Meaning {
    /// Whether the name says something of a module deep within a crate: most that can mean a capability do
    /// only beside the other layers, at the top.
    pub(super) fn holds_within(&self) -> bool {
        self.trust == Trust::Anywhere || !self.role.is_capability()
    }

    /// Whether the name is relied upon even where the code breaks the law for it; `beside` are the roles that
    /// other names mean.
    pub(super) fn is_sure(&self, beside: impl IntoIterator<Item = Role>) -> bool {
        let layered = |role: Role| role.is_layer() && role != self.role;
        match self.trust {
            Trust::Anywhere => true,
            Trust::Whole => !self.role.is_capability() || beside.into_iter().any(layered),
            Trust::Guess => false,
        }
    }
}

use Role::{Application, Composition, Domain, Infrastructure, Shared};
use Trust::{Anywhere, Guess, Whole};

/// Names in lower case, with `_` for `-`; one group a line of the table.
const WORDS: &[(Role, Trust, &[&str])] = &[
    (
        Domain,
        Anywhere,
        &[
            "domain",
            "domains",
            "entities",
            "entity",
            "aggregates",
            "value_objects",
            "business",
            "business_logic",
            "ports",
        ],
    ),
    (Domain, Whole, &["core", "port"]),
    (
        Domain,
        Guess,
        &[
            "model",
            "models",
            "data_model",
            "kernel",
            "repository",
            "storage",
        ],
    ),
    (
        Application,
        Anywhere,
        &[
            "application",
            "use_cases",
            "use_case",
            "usecases",
            "usecase",
            "interactors",
        ],
    ),
    (Application, Whole, &["services", "service"]),
    (
        Application,
        Guess,
        &["commands", "queries", "workflows", "logic"],
    ),
    (
        Infrastructure,
        Anywhere,
        &[
            "infrastructure",
            "infra",
            "adapters",
            "adapter",
            "persistence",
            "repositories",
            "database",
            "db",
            "postgres",
            "postgresql",
            "pg",
            "mysql",
            "sqlite",
            "redis",
            "mongo",
            "mongodb",
            "kafka",
            "nats",
            "rabbitmq",
            "s3",
            "webserver",
            "web_server",
            "rest",
            "rest_api",
            "restapi",
            "grpc",
            "graphql",
            "handlers",
            "controllers",
            "controller",
            "presentation",
            "presenters",
            "delivery",
            "gateways",
            "migration",
            "migrations",
            "smtp",
            "mailer",
            "middleware",
            "middlewares",
            "inbound",
            "outbound",
            "driven",
            "driving",
            "frontend",
            "telemetry",
        ],
    ),
    (
        Infrastructure,
        Whole,
        &[
            "http",
            "web",
            "routes",
            "router",
            "routers",
            "endpoints",
            "transport",
            "gateway",
            "messaging",
            "email",
            "secondary",
            "primary",
            "drivers",
            "integrations",
            "external",
            "interface",
            "interfaces",
            "cache",
            "extractors",
            "observability",
            "ui",
            "tui",
            "gui",
            "clients",
            "api",
            "data_access",
            "dao",
        ],
    ),
    (
        Composition,
        Anywhere,
        &[
            "xtask",
            "bootstrap",
            "composition_root",
            "examples",
            "example",
            "benches",
            "fuzz",
            "e2e",
            "codegen",
        ],
    ),
    (
        Composition,
        Whole,
        &[
            "composition",
            "startup",
            "wiring",
            "launcher",
            "cmd",
            "cli",
            "benchmarks",
            "bench",
            "tests",
            "integration_tests",
        ],
    ),
    (
        Shared,
        Anywhere,
        &[
            "shared",
            "common",
            "util",
            "utils",
            "utilities",
            "helpers",
            "macros",
            "derive",
            "shared_kernel",
        ],
    ),
    (
        Shared,
        Whole,
        &[
            "commons",
            "error",
            "errors",
            "macro",
            "prelude",
            "constants",
            "consts",
        ],
    ),
    (
        Shared,
        Guess,
        &[
            "test_utils",
            "test_support",
            "testing",
            "types",
            "ids",
            "dto",
            "dtos",
            "boundary",
            "proto",
            "config",
            "settings",
            "i18n",
        ],
    ),
];

/// Names that tell the layers within a slice, wherever it lies.
const OF_SLICES: [&str; 6] = [
    "domain",
    "application",
    "infrastructure",
    "infra",
    "adapters",
    "presentation",
];

/// Whether a name tells a layer even within another's, as in `domains::orders::infrastructure`.
pub(super) fn divides_slices(name: &str) -> bool {
    OF_SLICES.contains(&name)
}

/// What a program is, by the folder that it lies in.
pub(super) const PROGRAM: Meaning = Meaning {
    role: Composition,
    trust: Anywhere,
    word: "apps",
};

/// Folders whose packages are programs: each wires what it needs.
const PROGRAMS: [&str; 9] = [
    "apps",
    "bin",
    "bins",
    "cmd",
    "services",
    "tools",
    "binaries",
    "microservices",
    "servers",
];

/// What a name means as a whole, such as a module's or a folder's.
pub(super) fn whole(name: &str) -> Option<Meaning> {
    let name = normal(name);
    find(&name)
}

/// What a package's name means, without the words that all packages of a workspace begin with: the whole of
/// it, else its last word that means something. A guess only where no word is sure.
pub(super) fn package(name: &str, prefix: &str) -> Option<Meaning> {
    let name = normal(name);
    let own = match name.strip_prefix(prefix) {
        Some(own) if !own.is_empty() => own,
        _ => &name,
    };
    if let Some(meaning) = whole(own) {
        return Some(meaning);
    }
    let words: Vec<&str> = own.split('_').collect();
    let parts = (1..words.len()).rev().flat_map(|length| {
        let starts = (0..=words.len() - length).rev();
        let words = &words;
        starts.map(move |start| words[start..start + length].join("_"))
    });
    let mut meanings = parts.filter_map(|part| {
        let meaning = find(&part)?;
        let trust = if meaning.trust == Whole {
            Guess
        } else {
            meaning.trust
        };
        Some(Meaning { trust, ..meaning })
    });
    let first = meanings.next()?;
    let sure = |meaning: &Meaning| meaning.trust == Anywhere;
    if sure(&first) {
        return Some(first);
    }
    Some(meanings.find(sure).unwrap_or(first))
}

/// Whether a name is an adapter's, as far as that is sure.
pub(super) fn is_adapter(name: &str) -> bool {
    whole(name).is_some_and(|it| it.role == Infrastructure && it.trust != Guess)
}

/// Whether packages below a folder of this name are programs.
pub(super) fn holds_programs(folder: &str) -> bool {
    PROGRAMS.contains(&normal(folder).as_str())
}

/// The words, each with a `_` after it, that more than half of the names begin with.
pub(super) fn prefix(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| normal(name)).collect();
    let mut prefix = String::new();
    while names.len() > 1 {
        let under: Vec<&str> = (names.iter())
            .filter_map(|name| name.strip_prefix(&prefix))
            .collect();
        let firsts = under
            .iter()
            .filter_map(|name| Some(name.split_once('_')?.0));
        let mut counts = std::collections::BTreeMap::new();
        for first in firsts.filter(|first| find(first).is_none()) {
            *counts.entry(first).or_insert(0_usize) += 1;
        }
        match counts.into_iter().max_by_key(|(_, count)| *count) {
            Some((first, count)) if count * 2 > names.len() => {
                prefix.push_str(first);
                prefix.push('_');
            }
            _ => break,
        }
    }
    prefix
}

fn normal(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}

fn find(name: &str) -> Option<Meaning> {
    WORDS.iter().find_map(|&(role, trust, words)| {
        let word = words.iter().find(|word| **word == name)?;
        Some(Meaning { role, trust, word })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn means(name: &str, role: Role, trust: Trust) {
        let meaning = package(name, "shop_").map(|it| (it.role, it.trust));
        assert_eq!(meaning, Some((role, trust)), "{name}");
    }

    #[test]
    fn the_last_word_counts_and_a_sure_one_beats_a_guess() {
        means("shop-domain", Domain, Anywhere);
        means("domain-orders", Domain, Anywhere);
        means("shop-core", Domain, Whole);
        means("orders-core", Domain, Guess);
        means("shop-storage", Domain, Guess);
        means("shop-storage-pg", Infrastructure, Anywhere);
        means("orders-use-cases", Application, Anywhere);
        means("shop-domain-utils", Shared, Anywhere);
        assert_eq!(package("shop-parser", "shop_"), None);
        assert_eq!(package("shop", "shop_"), None);
    }

    #[test]
    fn what_most_names_begin_with_means_nothing() {
        assert_eq!(
            prefix(&["crates_io_api", "crates-io-db", "crates_io_cdn", "xtask"]),
            "crates_io_"
        );
        assert_eq!(prefix(&["domain-orders", "domain-stock"]), "");
        assert_eq!(prefix(&["one"]), "");
    }
}
