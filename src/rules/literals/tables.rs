//! The compiled-in tables: where things run, who makes engines, what credentials look like.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::rules::words;

/// `rules/topology.toml`, where each key is explained.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub(super) struct Topology {
    regions: HashSet<String>,
    pub(super) clusters: Vec<&'static str>,
    pub(super) reserved: Vec<&'static str>,
    resources: Vec<&'static str>,
    registries: Vec<&'static str>,
    images: HashSet<String>,
}

/// One vendor of `rules/vendors.toml`, where each key is explained.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vendor {
    pub(crate) name: &'static str,
    pub(crate) category: &'static str,
    words: Vec<&'static str>,
    #[serde(default)]
    packages: Vec<&'static str>,
    #[serde(default)]
    features: Vec<&'static str>,
    #[serde(default)]
    sql: Vec<&'static str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shared {
    name: &'static str,
    sql: Vec<&'static str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
struct VendorFile {
    neutral: Vec<&'static str>,
    many: Vec<&'static str>,
    bridges: Vec<&'static str>,
    shared: Vec<Shared>,
    vendor: Vec<Vendor>,
}

/// All vendors.
pub(crate) struct Vendors {
    neutral: HashSet<&'static str>,
    many: HashSet<&'static str>,
    bridges: Vec<&'static str>,
    pub(crate) all: Vec<Vendor>,
    /// A name for the dialect, and the tokens that tell it.
    dialects: Vec<(&'static str, Vec<&'static str>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Token {
    prefix: &'static str,
    length: usize,
    pub(super) what: &'static str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
struct Credentials {
    token: Vec<Token>,
}

const READ: &str = "the compiled-in table is read by a test too";

pub(super) static TOPOLOGY: LazyLock<Topology> =
    LazyLock::new(|| toml::from_str(include_str!("../../../rules/topology.toml")).expect(READ));

static CREDENTIALS: LazyLock<Credentials> =
    LazyLock::new(|| toml::from_str(include_str!("../../../rules/credentials.toml")).expect(READ));

pub(crate) static VENDORS: LazyLock<Vendors> = LazyLock::new(|| {
    let file: VendorFile = toml::from_str(include_str!("../../../rules/vendors.toml")).expect(READ);
    let shared = file.shared.iter().map(|one| (one.name, &one.sql));
    let own = file.vendor.iter().map(|one| (one.name, &one.sql));
    let mut dialects = Vec::new();
    // The vendor's own words say more than those that it shares.
    for (name, patterns) in own.chain(shared) {
        for pattern in patterns {
            dialects.push((name, pattern.split(' ').collect()));
        }
    }
    Vendors {
        neutral: file.neutral.into_iter().collect(),
        many: file.many.into_iter().collect(),
        bridges: file.bridges,
        all: file.vendor,
        dialects,
    }
});

impl Topology {
    /// Whether the text is a region's name, or a zone's: "a region" or "a zone".
    pub(super) fn region(&self, text: &str) -> Option<&'static str> {
        if !(4..=32).contains(&text.len()) {
            return None;
        }
        let lower = text.to_ascii_lowercase();
        if self.regions.contains(&lower) {
            return Some("a region");
        }
        let region = lower.strip_suffix(|c: char| ('a'..='f').contains(&c))?;
        let region = region.strip_suffix('-').unwrap_or(region);
        let zoned = region.ends_with(|c: char| c.is_ascii_digit()) && self.regions.contains(region);
        zoned.then_some("a zone")
    }

    pub(super) fn is_resource(&self, text: &str) -> bool {
        let begins = |prefix: &&str| {
            let start = text.get(..prefix.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
                && text.len() > prefix.len()
        };
        self.resources.iter().any(begins)
    }

    /// Whether the text names a container image: by its registry, or by a known name with a tag.
    pub(super) fn is_image(&self, text: &str) -> bool {
        let registry = |prefix: &&&str| {
            let rest = text.strip_prefix(**prefix);
            rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '{'))
        };
        let cloud = text.split_once('/').is_some_and(|(host, path)| {
            let private = [".azurecr.io", "-docker.pkg.dev"]
                .iter()
                .any(|end| host.ends_with(end))
                || host.contains(".dkr.ecr.");
            private && !path.is_empty()
        });
        if cloud || self.registries.iter().any(|prefix| registry(&prefix)) {
            return true;
        }
        let Some((name, tag)) = text.rsplit_once(':') else {
            return false;
        };
        let name = name.rsplit('/').next().unwrap_or(name);
        let version = tag.starts_with(|c: char| c.is_ascii_digit())
            || ["latest", "stable", "alpine", "slim"]
                .iter()
                .any(|word| tag.starts_with(word));
        version && self.images.contains(name)
    }
}

impl Vendors {
    /// The vendor that a setting calls so.
    pub(super) fn called(&self, word: &str) -> Option<&Vendor> {
        let word = word.to_ascii_lowercase();
        self.all
            .iter()
            .find(|vendor| vendor.words.contains(&word.as_str()))
    }

    /// The vendor that a package speaks to, and to no other.
    pub(crate) fn of_package(&self, package: &str) -> Option<&Vendor> {
        self.all.iter().find(|vendor| {
            vendor
                .packages
                .iter()
                .any(|known| match known.strip_suffix('*') {
                    Some(start) => package.starts_with(start),
                    None => *known == package,
                })
        })
    }

    /// The vendor that a path of a package for several speaks of: `sqlx::PgPool`, `diesel::mysql::Mysql`.
    pub(crate) fn of_path(&self, path: &str) -> Option<&Vendor> {
        path.split("::").skip(1).find_map(|segment| {
            let words = words::split(segment);
            let pairs = words.windows(2).map(<[String]>::concat);
            let all: Vec<String> = words.iter().cloned().chain(pairs).collect();
            all.iter().find_map(|word| self.called(word))
        })
    }

    /// Whether the package binds to no vendor.
    pub(crate) fn is_neutral(&self, package: &str) -> bool {
        self.neutral.contains(package)
    }

    /// Whether the beginning of a URL leaves it to the next word whose it is.
    pub(super) fn is_bridge(&self, literal: &str) -> bool {
        self.bridges.contains(&literal)
    }

    /// Whether the package speaks to several vendors.
    pub(crate) fn is_many(&self, package: &str) -> bool {
        self.many.contains(package)
    }

    /// The vendor that a feature of such a package brings.
    pub(crate) fn of_feature(&self, feature: &str) -> Option<&Vendor> {
        self.all
            .iter()
            .find(|vendor| vendor.features.contains(&feature))
    }

    /// Whose dialect the statement is in, if it is in one, and the words that tell.
    pub(super) fn dialect(
        &self,
        statement: &super::sql::Statement,
    ) -> Option<(&'static str, String)> {
        let found = self
            .dialects
            .iter()
            .find(|(_, pattern)| statement.has(pattern));
        found.map(|(name, pattern)| (*name, spelled(pattern)))
    }
}

/// A pattern as people write it: signs without blanks between.
fn spelled(pattern: &[&str]) -> String {
    let signs = |token: &str| token.bytes().all(|b| b.is_ascii_punctuation());
    let mut text = String::new();
    for (at, token) in pattern.iter().enumerate() {
        if at > 0 && !(signs(token) && signs(pattern[at - 1])) {
            text.push(' ');
        }
        text.push_str(token);
    }
    text
}

/// What kind of token begins the text, if one does.
pub(super) fn token(text: &str) -> Option<&'static Token> {
    CREDENTIALS.token.iter().find(|token| {
        text.len() >= token.length && text.starts_with(token.prefix) && {
            let value = text
                .bytes()
                .take_while(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b));
            value.count() >= token.length
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_read_and_hold_what_people_write() {
        assert_eq!(TOPOLOGY.region("eu-west-1"), Some("a region"));
        assert_eq!(TOPOLOGY.region("EU-WEST-1B"), Some("a zone"));
        assert_eq!(TOPOLOGY.region("europe-west1-b"), Some("a zone"));
        assert_eq!(TOPOLOGY.region("western"), None);
        assert!(TOPOLOGY.is_image("postgres:16-alpine") && TOPOLOGY.is_image("ghcr.io/shop/api"));
        assert!(!TOPOLOGY.is_image("redis:lock") && !TOPOLOGY.is_image("docker.io/"));
        assert!(TOPOLOGY.is_resource("arn:aws:s3:::orders") && !TOPOLOGY.is_resource("arn:aws:"));
        assert_eq!(
            VENDORS.called("Postgres").map(|it| it.name),
            Some("PostgreSQL")
        );
        for (path, vendor) in [
            ("sqlx::PgPool", Some("PostgreSQL")),
            ("sqlx::MySqlPool", Some("MySQL")),
            ("diesel::sqlite::SqliteConnection", Some("SQLite")),
            ("diesel_async::AsyncPgConnection", Some("PostgreSQL")),
            ("sqlx::Pool", None),
            ("sea_orm::DatabaseConnection", None),
        ] {
            assert_eq!(VENDORS.of_path(path).map(|it| it.name), vendor, "{path}");
        }
        assert_eq!(
            VENDORS.of_package("rdkafka").map(|it| it.category),
            Some("message-broker")
        );
        assert!(
            token("AKIAIOSFODNN7EXAMPLE").is_some() && token("AKIA words follow here").is_none()
        );
    }
}
