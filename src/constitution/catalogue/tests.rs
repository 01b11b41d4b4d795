//! How the catalogue answers, and what a constitution can add to it.

use super::{Catalogue, wildcard};

fn classified(catalogue: &Catalogue, package: Option<&str>, path: &str) -> Option<String> {
    let path: Vec<&str> = path.split("::").collect();
    let engine = catalogue.classify(package, &path)?;
    Some(engine.category.to_owned())
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|&word| word.to_owned()).collect()
}

fn house() -> Catalogue {
    let mut catalogue = Catalogue::built_in();
    catalogue.extend(
        "database",
        &words(&["house-db", "house-store-*"]),
        &words(&[
            "house-io::disk",
            "::core::hint::black_box",
            "std::env::consts",
        ]),
        &words(&["housedb://"]),
    );
    catalogue.extend("mainframe", &words(&["cics", "config"]), &[], &[]);
    catalogue
}

#[test]
fn runtimes_count_item_by_item_and_engines_whole() {
    let catalogue = Catalogue::built_in();
    let of = |package: &str, path: &str| classified(&catalogue, Some(package), path);
    assert_eq!(
        of("tokio", "tokio::net::TcpStream::connect").as_deref(),
        Some("io")
    );
    assert_eq!(of("tokio", "tokio::fs::read").as_deref(), Some("storage"));
    assert_eq!(of("tokio", "tokio::network"), None);
    assert_eq!(of("tokio", "tokio::sync::Mutex"), None);
    assert_eq!(of("tokio", "tokio::select!"), None);
    assert_eq!(
        of("async-std", "async_std::net::TcpStream").as_deref(),
        Some("io")
    );
    assert_eq!(of("async-std", "async_std::net::IpAddr::V4"), None);
    assert_eq!(of("sqlx", "sqlx::query!").as_deref(), Some("database"));
    assert_eq!(of("rust-s3", "s3::Bucket").as_deref(), Some("storage"));
    assert_eq!(of("serde", "serde::Serialize"), None);
}

#[test]
fn an_engine_says_which_entry_matched_and_which_port_to_declare() {
    let catalogue = Catalogue::built_in();
    let engine = catalogue
        .engine_package("aws-sdk-dynamodb")
        .expect("a cloud SDK");
    assert_eq!(engine.matched, "aws-sdk-*");
    let path = ["std", "fs", "File"];
    let engine = catalogue.classify(None, &path).expect("storage");
    assert_eq!(engine.matched, "std::fs");
    assert_eq!(
        (engine.what, engine.port),
        ("file or object storage", "a storage port")
    );
}

#[test]
fn facades_are_engines_all_the_same() {
    let catalogue = Catalogue::built_in();
    for facade in ["log", "tracing", "mio", "io-uring", "tempfile"] {
        assert!(catalogue.is_facade(facade), "{facade}");
        assert!(catalogue.engine_package(facade).is_some(), "{facade}");
    }
    assert!(!catalogue.is_facade("sqlx"));
    assert!(!catalogue.is_facade("tracing-subscriber"));
    assert!(!catalogue.is_facade("serde"));
}

#[test]
fn a_constitution_extends_the_catalogue() {
    let house = house();
    let category = |package| house.engine_package(package).map(|engine| engine.category);
    assert_eq!(category("house-db"), Some("database"));
    assert_eq!(category("house-store-blob"), Some("database"));
    assert_eq!(category("sqlx"), Some("database"));
    assert_eq!(category("cics"), Some("mainframe"));
    assert_eq!(category("config"), Some("mainframe"));
    let io = classified(&house, Some("house-io"), "house_io::disk::Disk::open");
    assert_eq!(io.as_deref(), Some("database"));
    assert_eq!(
        classified(&house, Some("house-io"), "house_io::Error"),
        None
    );
    let normalised = classified(&house, None, "std::hint::black_box");
    assert_eq!(normalised.as_deref(), Some("database"));
    let overruled = classified(&house, None, "std::env::consts::OS");
    assert_eq!(overruled.as_deref(), Some("database"));
    let names: Vec<_> = house
        .categories()
        .map(|known| known.name.as_ref())
        .collect();
    assert_eq!(names.first(), Some(&"database"));
    assert_eq!(names.last(), Some(&"mainframe"));
}

#[test]
fn members_are_judged_by_the_constitutions_own_entries_alone() {
    let house = house();
    let disk = house.classify_member(&["house_io", "disk", "open"]);
    assert_eq!(disk.map(|engine| engine.matched), Some("house_io::disk"));
    assert_eq!(house.classify_member(&["tokio", "net"]), None);
    assert!(house.engine_member("house-db").is_some());
    assert!(house.engine_member("house-store-blob").is_some());
    assert_eq!(house.engine_member("sqlx"), None);
    assert_eq!(Catalogue::built_in().engine_member("config"), None);
}

#[test]
fn what_a_constitution_adds_leaves_the_built_in_catalogue_alone() {
    drop(house());
    assert_eq!(Catalogue::built_in().engine_package("house-db"), None);
}

#[test]
fn empty_entries_match_nothing() {
    let mut catalogue = Catalogue::built_in();
    let empty = words(&["", "::", "::*"]);
    catalogue.extend("database", &empty, &empty, &words(&[""]));
    assert_eq!(
        classified(&catalogue, Some("serde"), "serde::Serialize"),
        None
    );
    assert_eq!(catalogue.literal("anything"), None);
    assert_eq!(catalogue.literal(""), None);
}

#[test]
fn a_very_long_path_is_no_harm() {
    let mut catalogue = Catalogue::built_in();
    let long = vec!["deep"; 200_000].join("::");
    catalogue.extend("database", &[], std::slice::from_ref(&long), &[]);
    assert!(classified(&catalogue, Some("deep"), &long).is_some());
    assert!(classified(&catalogue, Some("deep"), "deep::deep").is_none());
}

#[test]
fn literals_match_by_their_beginning_in_any_case() {
    let house = house();
    let category = |text| house.literal(text).map(|engine| engine.category);
    assert_eq!(category("postgres://localhost/shop"), Some("database"));
    assert_eq!(category("POSTGRES://{host}"), Some("database"));
    assert_eq!(category("mongodb+srv://x"), Some("database"));
    assert_eq!(category("redis://"), Some("cache"));
    assert_eq!(category("housedb://x"), Some("database"));
    assert_eq!(category("Redis is fast; see postgres://"), None);
    assert_eq!(category("http://www.w3.org/2000/svg"), None);
    assert_eq!(category("é"), None);
}

#[test]
fn allows_names_categories_packages_and_items() {
    let catalogue = Catalogue::built_in();
    let covers = |word: &str, package: &str| {
        let engine = catalogue.engine_package(package).expect("an engine");
        catalogue.names(word, &engine, Some(package))
    };
    assert!(covers("database", "sqlx"));
    assert!(covers("sqlx", "sqlx"));
    assert!(!covers("sqlx", "sqlx-postgres"));
    assert!(covers("sqlx*", "sqlx-postgres"));
    assert!(!covers("cache", "sqlx"));
    assert!(covers("aws-sdk-s3", "aws-sdk-s3"));
    assert!(!covers("aws-sdk-s3", "aws-sdk-sqs"));
    assert!(covers("aws-sdk-*", "aws-sdk-sqs"));

    let file = catalogue
        .classify(None, &["std", "fs", "File"])
        .expect("storage");
    assert!(catalogue.names("std::fs", &file, None));
    assert!(catalogue.names("std", &file, None));
    assert!(!catalogue.names("std::f", &file, None));
    assert!(!catalogue.names("std::net", &file, None));
    let net = catalogue
        .classify(Some("async-std"), &["async_std", "net", "TcpStream"])
        .expect("sockets");
    assert!(catalogue.names("async-std", &net, None));
}

#[test]
fn words_of_allows_that_cover_nothing_are_unknown() {
    let house = house();
    for word in [
        "database",
        "mainframe",
        "sqlx",
        "aws-sdk-s3",
        "aws-sdk-*",
        "sqlx-*",
        "tokio",
        "async-std",
        "std",
        "std::fs",
        "house-db",
        "house_io::disk",
    ] {
        assert!(house.is_known_word(word), "{word}");
    }
    for word in [
        "databse",
        "serde",
        "",
        "std::net::IpAddr",
        "std::env::VarError",
        "tokio::sync",
        "zzz-*",
    ] {
        assert!(!house.is_known_word(word), "{word}");
    }
}

#[test]
fn patterns_stand_for_any_text() {
    assert!(wildcard("aws-*-s3", "aws-sdk-s3"));
    assert!(wildcard("*", ""));
    assert!(wildcard("a*a", "aa"));
    assert!(!wildcard("a*a", "a"));
    assert!(wildcard("a*b*c", "a-b-b-c"));
    assert!(!wildcard("a*b*c", "a-c-b"));
    assert!(!wildcard("sqlx", "sqlx-core"));
}

#[test]
fn the_catalogue_can_be_shared() {
    fn shared<T: std::fmt::Debug + Send + Sync>() {}
    shared::<Catalogue>();
}
