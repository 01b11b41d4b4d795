//! What literals mean: bindings to engines, places in a topology, credentials.

mod address;
pub(crate) mod judge;
mod secret;
mod sql;
mod tables;

use std::borrow::Cow;

use crate::constitution::{Catalogue, Engine};
use crate::facts::literal::Literal;
use crate::finding::Confidence;
use crate::rules::words;
use address::{Host, host_port, is_placeholder, is_port, is_token};
pub(crate) use secret::Secret;
use tables::TOPOLOGY;
pub(crate) use tables::{VENDORS, Vendor};

/// What one literal means.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meaning<'a> {
    pub(crate) secret: Option<Secret>,
    pub(crate) binding: Option<Binding<'a>>,
}

/// What a literal binds its program to.
#[derive(Debug, Clone)]
pub(crate) struct Binding<'a> {
    pub(crate) kind: Kind<'a>,
    /// In words, with nothing that may be secret.
    pub(crate) says: String,
    /// What is reached, likewise.
    pub(crate) target: Cow<'a, str>,
    pub(crate) confidence: Confidence,
    /// Whether it may well be something else.
    pub(crate) doubtful: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind<'a> {
    /// How the catalogue says that a string begins which names an engine.
    Engine {
        engine: Engine<'a>,
        /// Whether a host is written too.
        host: bool,
        /// Whether it is more than the beginning alone, and more than a comparison.
        whole: bool,
        /// Whether all behind the beginning is put in later: `s3://{bucket}/{key}`.
        open: bool,
    },
    /// A vendor's name as a setting.
    Driver { category: &'static str, given: bool },
    /// A statement; of one vendor's dialect, or of any.
    Sql { vendor: bool },
    /// A region, a zone, a host, a port, a cluster, a number of replicas.
    Place,
    /// A resource's name, or an image's.
    Resource,
}

/// What the literal means by the catalogue and the tables.
pub(crate) fn meaning<'a>(catalogue: &'a Catalogue, literal: &Literal) -> Meaning<'a> {
    Meaning {
        secret: secret::of(literal),
        binding: if literal.message {
            None
        } else {
            binding(catalogue, literal)
        },
    }
}

fn binding<'a>(catalogue: &'a Catalogue, literal: &Literal) -> Option<Binding<'a>> {
    let text = literal.text.trim();
    let name = literal.name.as_deref();
    let compared = literal.compared;
    if literal.number {
        return number(text, name?, compared);
    }
    if !is_token(text) {
        return statement(text).or_else(|| pairs(text));
    }
    engine(catalogue, literal, text)
        .or_else(|| web(text, name.filter(|_| !compared), literal.at.test))
        .or_else(|| resource(text, name))
        .or_else(|| place(text, name))
        .or_else(|| driver(text, name?, compared))
}

fn found<'a>(kind: Kind<'a>, says: String, target: impl Into<Cow<'a, str>>) -> Binding<'a> {
    Binding {
        kind,
        says,
        target: target.into(),
        confidence: Confidence::Likely,
        doubtful: false,
    }
}

/// A connection URL, or another beginning that the catalogue knows.
fn engine<'a>(catalogue: &'a Catalogue, literal: &Literal, text: &str) -> Option<Binding<'a>> {
    let engine = catalogue.literal(text)?;
    let rest = text.get(engine.matched.len()..).unwrap_or_default();
    // What stands there in the URL of a store of objects is a bucket's name.
    let bucket = |kind| engine.category == "storage" && kind == Host::Label;
    let url = address::url(text);
    // As of the web's addresses, an example's is nobody's.
    if engine.category == "transport" && url.is_some_and(|url| is_nobodys(url.host)) {
        return None;
    }
    let host = url.and_then(|url| host_kind(url.host));
    let host = host.is_some_and(|kind| !bucket(kind));
    let next = rest.split(':').next().unwrap_or_default();
    let named = !VENDORS.is_bridge(engine.matched) || VENDORS.called(next).is_some();
    let kind = Kind::Engine {
        engine,
        host,
        whole: !rest.is_empty() && named && !literal.compared,
        open: address::is_open(rest),
    };
    let says = format!(
        "a literal that begins with `{}`, {}",
        engine.matched, engine.what
    );
    let found = found(kind, says, engine.matched);
    Some(Binding {
        confidence: Confidence::Certain,
        ..found
    })
}

/// Whether the host is one of those that stand in examples alone.
fn is_nobodys(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    TOPOLOGY
        .reserved
        .iter()
        .any(|known| address::is_under(&host, known))
}

fn is_host(host: &str) -> bool {
    host_kind(host).is_some()
}

fn host_kind(host: &str) -> Option<Host> {
    address::host(host, &TOPOLOGY.clusters, &TOPOLOGY.reserved)
}

/// A web address that is one deployment's: with a port, or of a host that only a network's inside knows.
///
/// `http://outer` in a test may as well be a namespace of XML.
fn web(text: &str, name: Option<&str>, test: bool) -> Option<Binding<'static>> {
    const SCHEMES: &[&str] = &["http", "https", "tcp", "udp", "tls", "h2c"];
    let url = address::url(text)?;
    if !SCHEMES
        .iter()
        .any(|scheme| url.scheme.eq_ignore_ascii_case(scheme))
    {
        return None;
    }
    let kind = host_kind(url.host)?;
    let port = url.port.is_some_and(is_port);
    let spoken = name.is_some_and(|name| {
        has_any(
            name,
            &[
                "endpoint", "base", "api", "server", "host", "service", "gateway",
            ],
        )
    });
    let bare = url.rest.is_empty() || url.rest == "/";
    let local = matches!(kind, Host::Address | Host::Inner)
        || (kind == Host::Label && (spoken || bare && !test));
    if !(port || local || spoken && kind == Host::Public) {
        return None;
    }
    let port = url.port.filter(|port| is_port(port));
    let shown = port.map_or_else(
        || url.host.to_owned(),
        |port| format!("{}:{port}", url.host),
    );
    // A public host without a port may be another's service: that binds, but is no topology of ours.
    let own = port.is_some() || local;
    let kind = if own { Kind::Place } else { Kind::Resource };
    Some(found(kind, format!("the host `{shown}`"), shown))
}

/// A cloud's name for a resource, or a container image.
fn resource(text: &str, name: Option<&str>) -> Option<Binding<'static>> {
    if TOPOLOGY.is_resource(text) {
        let end = text.char_indices().nth(24).map_or(text.len(), |(at, _)| at);
        return Some(found(
            Kind::Resource,
            "a cloud resource's name".to_owned(),
            text[..end].to_owned(),
        ));
    }
    let spoken = name.is_some_and(|name| has_last(name, &["image"]))
        && text.contains([':', '/'])
        && !text.contains("://")
        && !text.starts_with(['/', '.', '{'])
        && text
            .rsplit(['/', ':'])
            .next()
            .is_some_and(|last| !last.contains('.') || text.contains(':'))
        && text
            .rsplit_once(':')
            .is_some_and(|(_, tag)| !tag.is_empty() && !tag.contains('/'));
    (TOPOLOGY.is_image(text) || spoken).then(|| {
        found(
            Kind::Resource,
            format!("the image `{text}`"),
            text.to_owned(),
        )
    })
}

/// A region, a zone, a host, a port.
fn place(text: &str, name: Option<&str>) -> Option<Binding<'static>> {
    if let Some(what) = TOPOLOGY.region(text) {
        let binding = found(Kind::Place, format!("{what}, `{text}`"), text.to_owned());
        return Some(Binding {
            confidence: Confidence::Certain,
            ..binding
        });
    }
    if let Some(says) = socket(text, name) {
        return Some(found(Kind::Place, says, text.to_owned()));
    }
    if matches!(host_kind(text), Some(Host::Inner)) && text.matches('.').count() >= 2 {
        let spoken = name.is_some_and(|name| has_any(name, HOSTS));
        let binding = found(Kind::Place, format!("the host `{text}`"), text.to_owned());
        return Some(Binding {
            // `storage.errors.internal` may name anything that has dots.
            doubtful: !spoken && WORDS.iter().any(|end| text.ends_with(end)),
            ..binding
        });
    }
    let says = spoken(text, name?)?;
    Some(found(Kind::Place, says, text.to_owned()))
}

/// `host:port`, either of which may be a placeholder.
fn socket(text: &str, name: Option<&str>) -> Option<String> {
    let (host, port) = host_port(text)?;
    let spoken = name.is_some_and(|name| has_any(name, HOSTS));
    let fits = match host_kind(host) {
        Some(Host::Address | Host::Inner) => true,
        Some(Host::Public) => port.len() >= 2,
        Some(Host::Label) => spoken && port.len() >= 2,
        None => {
            // `{host}:5432`: the port alone is fixed.
            let open =
                host.starts_with('{') && host.ends_with('}') && host.matches('{').count() == 1;
            let inner = host.trim_matches(['{', '}']);
            open && port.len() >= 4 && (inner.is_empty() && spoken || has_any(inner, HOSTS))
        }
    };
    fits.then(|| format!("the address `{text}`"))
}

/// Ends of inner hosts that are words of everyday, too.
const WORDS: &[&str] = &[".internal", ".corp", ".mesh", ".lan"];

/// Words of names that speak of an address.
const HOSTS: &[&str] = &[
    "connect",
    "dial",
    "resolve",
    "lookup",
    "dns",
    "domain",
    "host",
    "hostname",
    "addr",
    "address",
    "addrs",
    "endpoint",
    "server",
    "servers",
    "broker",
    "brokers",
    "bind",
    "listen",
    "url",
    "uri",
    "ip",
    "bootstrap",
    "node",
    "nodes",
    "seed",
];

/// What a name makes of a text that says nothing by itself.
fn spoken(text: &str, name: &str) -> Option<String> {
    let words = words::split(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b));
    if !plain || is_placeholder(text) || words::split(text) == words {
        return None;
    }
    match words.as_slice() {
        [before @ .., "port"] if is_port(text) && !is_other_port(before) => {
            Some(format!("the port `{text}`"))
        }
        [.., "host" | "hostname"] | [.., "host", "name"] if is_host(text) => {
            Some(format!("the host `{text}`"))
        }
        [.., "addr" | "address" | "bind" | "listen" | "server"] => {
            matches!(host_kind(text), Some(Host::Address)).then(|| format!("the host `{text}`"))
        }
        [
            ..,
            "aws" | "cloud" | "deployment" | "gcp" | "azure" | "s3",
            "region",
        ] => Some(format!("the region `{text}`")),
        [.., "availability", "zone"] => Some(format!("the zone `{text}`")),
        [.., "data", "center" | "centre"] | [.., "datacenter" | "datacentre"] => {
            Some(format!("the data centre `{text}`"))
        }
        [.., "cluster"] | [.., "cluster", "name" | "id"] => Some(format!("the cluster `{text}`")),
        _ => None,
    }
}

/// A number by its name: a port, or how many of something run.
fn number(text: &str, name: &str, compared: bool) -> Option<Binding<'static>> {
    let words = words::split(name);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    if has(&[
        "min", "max", "minimum", "maximum", "first", "last", "lowest", "highest", "limit", "len",
        "ms", "secs",
    ]) {
        return None;
    }
    let refs: Vec<&str> = words.iter().map(String::as_str).collect();
    let port = matches!(
        refs.as_slice(),
        [.., "port"] | [.., "port", "number"] | [.., "ports"] | ["port", _]
    ) && !matches!(
        refs.as_slice(),
        ["port", "id" | "count" | "index" | "type" | "kind" | "range"]
    ) && !is_other_port(&refs);
    let says = if port && is_port(text) {
        format!("the port {text}")
    } else if is_count(&refs) && text != "0" && (!compared || text != "1") {
        format!(
            "a fixed number of {}, {text}",
            if has(&["replica", "replicas", "replication"]) {
                "replicas"
            } else {
                "nodes"
            }
        )
    } else {
        return None;
    };
    let target = format!("{name} = {text}");
    Some(found(Kind::Place, says, target))
}

/// Whether a name's words speak of ports that are no network's: a device's, a kernel's.
fn is_other_port(words: &[&str]) -> bool {
    const OTHERS: &[&str] = &[
        "vt",
        "serial",
        "com",
        "usb",
        "midi",
        "parallel",
        "completion",
        "display",
        "hdmi",
        "gpio",
        "io",
        "mach",
        "bpf",
        "nda",
        "ifla",
        "tca",
        "nft",
        "devlink",
        "ethtool",
        "ioctl",
        "no",
    ];
    words.iter().any(|word| OTHERS.contains(word))
}

/// Whether the name counts what runs.
fn is_count(words: &[&str]) -> bool {
    matches!(
        words,
        [.., "replicas"]
            | [.., "replica", "count" | "number" | "num"]
            | [.., "replication", "factor"]
            | [.., "cluster", "size" | "nodes"]
            | [.., "cluster", "node", "count"]
    )
}

/// A vendor's name where a setting chooses one.
fn driver(text: &str, name: &str, compared: bool) -> Option<Binding<'static>> {
    let words = words::split(name);
    let last = words.last()?.as_str();
    let kinds = ["type", "kind", "vendor", "name", "backend", "engine"];
    let chooses = matches!(last, "driver" | "dialect" | "dbms")
        || matches!(last, "backend" | "engine")
        || (kinds.contains(&last)
            && words.iter().any(|word| {
                matches!(
                    word.as_str(),
                    "db" | "database" | "driver" | "broker" | "queue" | "cache" | "storage"
                )
            }));
    let vendor = chooses.then(|| VENDORS.called(text))??;
    let kind = Kind::Driver {
        category: vendor.category,
        given: !compared,
    };
    Some(found(
        kind,
        format!("the driver's name `{text}`"),
        vendor.name,
    ))
}

fn statement(text: &str) -> Option<Binding<'static>> {
    let statement = sql::Statement::read(text)?;
    Some(match VENDORS.dialect(&statement) {
        Some((vendor, by)) => found(
            Kind::Sql { vendor: true },
            format!("SQL of {vendor} alone (`{by}`)"),
            vendor,
        ),
        None => found(Kind::Sql { vendor: false }, "SQL".to_owned(), "SQL"),
    })
}

/// `host=db user=app dbname=orders`: a connection string of PostgreSQL.
fn pairs(text: &str) -> Option<Binding<'static>> {
    let keys: Vec<&str> = text
        .split_whitespace()
        .map(|part| part.split_once('=').map_or("", |(key, _)| key))
        .collect();
    let known = |key: &&&str| {
        [
            "host", "hostaddr", "user", "dbname", "password", "port", "sslmode",
        ]
        .contains(*key)
    };
    let fits = keys.len() >= 2
        && keys.iter().filter(known).count() == keys.len()
        && keys.contains(&"host");
    fits.then(|| {
        let kind = Kind::Driver {
            category: "database",
            given: true,
        };
        found(
            kind,
            "a connection string of PostgreSQL".to_owned(),
            "PostgreSQL",
        )
    })
}

fn has_any(name: &str, wanted: &[&str]) -> bool {
    words::split(name)
        .iter()
        .any(|word| wanted.contains(&word.as_str()))
}

fn has_last(name: &str, wanted: &[&str]) -> bool {
    words::split(name)
        .last()
        .is_some_and(|word| wanted.contains(&word.as_str()))
}

#[cfg(test)]
pub(crate) mod tests;
