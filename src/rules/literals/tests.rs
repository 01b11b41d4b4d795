//! Tests of what literals mean.

use super::*;
use crate::facts::literal::Written;
use crate::facts::reference::ModuleId;
use crate::text::{FileId, Place, Sources};

fn file() -> FileId {
    Sources::new("/w".into()).add("/w/x.rs".as_ref())
}

/// A text that `name` is given.
pub(crate) fn literal(name: &str, text: &str) -> Literal {
    Literal {
        at: Written {
            module: ModuleId(0),
            place: Place::top(file()),
            cfg: None,
            test: false,
        },
        text: text.to_owned(),
        number: false,
        message: false,
        name: Some(name.to_owned()),
        compared: false,
        item: None,
    }
}

fn says(literal: &Literal) -> Option<String> {
    let catalogue = Catalogue::built_in();
    meaning(&catalogue, literal)
        .binding
        .map(|binding| binding.says)
}

fn text(name: &str, value: &str) -> Option<String> {
    says(&literal(name, value))
}

fn number(name: &str, value: &str) -> Option<String> {
    says(&Literal {
        number: true,
        ..literal(name, value)
    })
}

#[test]
fn places_are_told_by_their_shape_or_by_the_name_beside_them() {
    for (name, value, expected) in [
        ("x", "eu-west-1", "a region, `eu-west-1`"),
        (
            "x",
            "db.orders.svc.cluster.local",
            "the host `db.orders.svc.cluster.local`",
        ),
        ("x", "127.0.0.1:8080", "the address `127.0.0.1:8080`"),
        ("x", "api.shop.io:443", "the address `api.shop.io:443`"),
        (
            "brokers",
            "kafka-1:9092,kafka-2:9092",
            "the address `kafka-1:9092,kafka-2:9092`",
        ),
        ("x", "{host}:5432", "the address `{host}:5432`"),
        ("x", "http://localhost/health", "the host `localhost`"),
        (
            "x",
            "https://api.shop.io:8443/v1",
            "the host `api.shop.io:8443`",
        ),
        ("x", "http://ollama", "the host `ollama`"),
        ("db_host", "localhost", "the host `localhost`"),
        ("PORT", "8080", "the port `8080`"),
        ("cluster_name", "prod-eu", "the cluster `prod-eu`"),
        ("aws_region", "mars", "the region `mars`"),
        (
            "x",
            "arn:aws:sqs:eu-west-1:1:orders",
            "a literal that begins with `arn:aws:`, a cloud SDK",
        ),
        (
            "x",
            "ghcr.io/shop/api:1.2",
            "the image `ghcr.io/shop/api:1.2`",
        ),
        ("x", "postgres:16-alpine", "the image `postgres:16-alpine`"),
    ] {
        assert_eq!(
            text(name, value).as_deref(),
            Some(expected),
            "{name} = {value}"
        );
    }
}

#[test]
fn what_only_looks_like_a_place_is_none() {
    for (name, value) in [
        ("x", "1.2.3:4"),
        ("x", "12:30"),
        ("x", "a::b"),
        ("x", "main.rs:10"),
        ("x", "issue:123"),
        ("x", "text/plain"),
        ("x", "http://www.w3.org/2000/svg"),
        ("x", "https://json-schema.org/draft/2020-12/schema"),
        ("x", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("x", "https://docs.rs/serde"),
        ("base_url", "https://example.com"),
        ("x", "grpc://example.com:50050"),
        ("x", "127.0.0.1"),
        ("x", "localhost"),
        ("x", "127.0.0.1:0"),
        ("x", "{:02}:{:02}"),
        ("x", "550e8400-e29b-41d4-a716-446655440000"),
        ("last_active_ip", "127.0.0.1"),
        ("host", "1.3.6.1"),
        ("server_addr", "1.3.6.1.4.1.311"),
        ("host", "host"),
        ("host", "Host"),
        ("region", "Bavaria"),
        ("x", "could not reach http://localhost:8080 in time"),
        ("x", "postgres: connection refused"),
        ("driver", "Jane"),
        ("x", "postgres"),
        ("time_zone", "Europe/Berlin"),
    ] {
        assert_eq!(text(name, value), None, "{name} = {value}");
    }
}

#[test]
fn a_namespace_in_a_test_is_no_host() {
    let mut namespace = literal("x", "http://outer");
    assert!(says(&namespace).is_some());
    namespace.at.test = true;
    assert_eq!(says(&namespace), None);
}

#[test]
fn numbers_need_a_name_that_speaks() {
    assert!(number("PORT", "8080").is_some());
    assert!(number("db_port", "5432").is_some());
    assert!(number("REPLICA_COUNT", "3").is_some());
    assert!(number("replicas", "3").is_some());
    for (name, value) in [
        ("port", "0"),
        ("port", "70000"),
        ("MAX_PORT", "65535"),
        ("viewport", "8080"),
        ("port_count", "4"),
        ("support", "80"),
        ("port", "1"),
        ("completion_port", "64"),
        ("IP_BIND_ADDRESS_NO_PORT", "24"),
        ("TCA_FLOWER_KEY_PORT", "93"),
        ("important", "80"),
    ] {
        assert_eq!(number(name, value), None, "{name} = {value}");
    }
}

#[test]
fn engines_are_told_by_url_driver_and_dialect() {
    assert!(text("x", "postgres:///orders").is_some());
    assert!(text("x", "POSTGRES:///{name}").is_some());
    assert_eq!(
        text("db_driver", "postgres").as_deref(),
        Some("the driver's name `postgres`")
    );
    assert_eq!(
        text("x", "SELECT a FROM b WHERE c ILIKE $1").as_deref(),
        Some("SQL of PostgreSQL alone (`ILIKE`)")
    );
    assert_eq!(text("x", "SELECT a FROM b").as_deref(), Some("SQL"));
    assert!(text("x", "host=db user=app dbname=orders").is_some());
}

#[test]
fn what_is_put_in_later_is_told_from_what_is_written() {
    let catalogue = Catalogue::built_in();
    let kind = |text| match meaning(&catalogue, &literal("x", text)).binding?.kind {
        Kind::Engine { whole, open, .. } => Some((whole, open)),
        _ => None,
    };
    assert_eq!(kind("mongodb://{host}:{port}"), Some((true, true)));
    assert_eq!(kind("mongodb://{host}/orders"), Some((true, false)));
    assert_eq!(kind("mongodb://"), Some((false, false)));
    assert_eq!(kind("jdbc:{url}"), Some((false, true)));
    assert_eq!(kind("jdbc:postgresql://{host}"), Some((true, false)));
}

#[test]
fn an_inner_host_of_words_is_doubted_where_nothing_speaks_of_hosts() {
    let doubtful = |name, text| {
        let catalogue = Catalogue::built_in();
        let binding = meaning(&catalogue, &literal(name, text)).binding;
        binding.map(|binding| binding.doubtful)
    };
    assert_eq!(doubtful("x", "storage.errors.internal"), Some(true));
    assert_eq!(doubtful("host", "storage.errors.internal"), Some(false));
    assert_eq!(doubtful("x", "db.shop.svc.cluster.local"), Some(false));
}

#[test]
fn what_is_said_to_people_binds_nothing() {
    let message = Literal {
        message: true,
        ..literal("x", "postgres:///orders")
    };
    assert_eq!(says(&message), None);
}
