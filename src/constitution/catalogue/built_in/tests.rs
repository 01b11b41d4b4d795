//! What the built-in catalogue must and must not hold.

use std::collections::BTreeMap;

use super::super::items;
use super::{Catalogue, parse};

/// The category of an item by its path alone, as for the standard library.
fn std(path: &str) -> Option<String> {
    let catalogue = Catalogue::built_in();
    let path: Vec<&str> = path.split("::").collect();
    let engine = catalogue.classify(None, &path)?;
    Some(engine.category.to_owned())
}

#[test]
fn no_entry_is_listed_twice() {
    let mut seen = BTreeMap::new();
    let mut packages = 0;
    for table in parse().category {
        packages += table.packages.len() + table.facades.len();
        let lists = [
            ("package", table.packages),
            ("package", table.facades),
            ("path", table.paths),
            ("path", table.values),
            ("literal", table.literals),
        ];
        for (kind, list) in lists {
            for entry in list {
                let before = seen.insert((kind, entry), table.name);
                assert_eq!(before, None, "{kind} `{entry}` again under {}", table.name);
            }
        }
    }
    assert!(packages >= 350, "only {packages} packages");
}

#[test]
fn entries_are_written_as_they_are_looked_up() {
    for table in parse().category {
        for package in table.packages.iter().chain(&table.facades) {
            let stem = package.strip_suffix('*').unwrap_or(package);
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
            assert!(!stem.is_empty() && stem.chars().all(plain), "{package}");
        }
        for path in table.paths.iter().chain(&table.values) {
            assert_eq!(items::normal(path), *path);
        }
        for literal in table.literals {
            assert_eq!(literal.to_ascii_lowercase(), literal);
        }
    }
}

#[test]
fn a_harmless_path_lies_below_a_harmful_one() {
    for value in parse().category.iter().flat_map(|table| &table.values) {
        assert_eq!(std(value), None, "{value}");
        let (above, _) = value.rsplit_once("::").expect("an item has a parent");
        let package = Catalogue::built_in().engine_package(above).is_some();
        assert!(package || std(above).is_some(), "{value}");
    }
}

#[test]
fn every_library_with_a_name_of_its_own_belongs_to_an_engine() {
    let catalogue = Catalogue::built_in();
    for package in catalogue.crate_names.keys() {
        assert!(catalogue.engine_package(package).is_some(), "{package}");
    }
    assert_eq!(catalogue.crate_name_of("rust-s3"), "s3");
    assert_eq!(catalogue.crate_name_of("tokio-postgres"), "tokio_postgres");
}

#[test]
fn what_the_law_names_is_there() {
    let catalogue = Catalogue::built_in();
    let known = [
        ("sqlx", "database"),
        ("diesel", "database"),
        ("lapin", "message-broker"),
        ("rdkafka", "message-broker"),
        ("axum", "transport"),
        ("reqwest", "transport"),
        ("tonic", "transport"),
        ("lettre", "transport"),
        ("aws-sdk-s3", "cloud"),
        ("azure_storage_blobs", "cloud"),
        ("kube", "orchestration"),
        ("bollard", "orchestration"),
        ("object_store", "storage"),
        ("redis", "cache"),
        ("moka", "cache"),
        ("tracing-subscriber", "observability"),
        ("opentelemetry-otlp", "observability"),
        ("config", "configuration"),
        ("dotenvy", "configuration"),
        ("vaultrs", "secrets"),
        ("socket2", "io"),
    ];
    for (package, category) in known {
        let engine = catalogue.engine_package(package);
        assert_eq!(
            engine.map(|engine| engine.category),
            Some(category),
            "{package}"
        );
    }
}

#[test]
fn data_and_pure_computation_are_no_engines() {
    let catalogue = Catalogue::built_in();
    let harmless = [
        "http",
        "url",
        "mime",
        "bytes",
        "http-body",
        "tower-service",
        "tower",
        "serde",
        "serde_json",
        "prost",
        "bson",
        "clap",
        "secrecy",
        "lru",
        "dashmap",
        "toml",
        "sqlparser",
        "libc",
        "uuid",
        "chrono",
        "rand",
        "tokio",
        "async-std",
        "smol",
        "nix",
        "rustix",
        "openssl",
        "futures",
        "rayon",
        "anyhow",
        "thiserror",
        "async-trait",
        "regex",
        "camino",
        "glob",
        "aws-smithy-types",
        "rustls-pki-types",
        "async-graphql",
    ];
    for package in harmless {
        assert_eq!(catalogue.engine_package(package), None, "{package}");
    }
}

#[test]
fn value_types_of_the_standard_library_are_harmless() {
    let harmless = [
        "std::net::IpAddr",
        "std::net::Ipv4Addr::LOCALHOST",
        "std::net::SocketAddr",
        "std::net",
        "std::path::Path",
        "std::path::PathBuf::join",
        "std::io::Error",
        "std::io::ErrorKind::NotFound",
        "std::io::Read",
        "std::io::Cursor::new",
        "std::io",
        "std::time::Duration",
        "std::process::ExitCode",
        "std::process::exit",
        "std::process",
        "std::env::consts::OS",
        "std::println!",
        "std::eprintln!",
        "std::dbg!",
        "std::collections::HashMap",
        "std",
    ];
    for path in harmless {
        assert_eq!(std(path), None, "{path}");
    }
}

#[test]
fn input_and_output_of_the_standard_library_count() {
    let harmful = [
        ("std::fs", "storage"),
        ("std::fs::File::open", "storage"),
        ("std::path::Path::exists", "storage"),
        ("std::net::TcpStream::connect", "io"),
        ("std::net::UdpSocket", "io"),
        ("std::os::unix::net::UnixStream", "io"),
        ("std::process::Command::new", "io"),
        ("std::io::stdin", "io"),
        ("std::io::StdoutLock", "io"),
        ("std::env::var", "configuration"),
        ("std::env", "configuration"),
        ("std::env!", "configuration"),
        ("std::option_env!", "configuration"),
        ("std::env::args", "io"),
    ];
    for (path, category) in harmful {
        assert_eq!(std(path).as_deref(), Some(category), "{path}");
    }
}
