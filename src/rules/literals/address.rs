//! Addresses in literals: URLs, and a host with its port.

/// A URL in its parts; a placeholder of a template (`{host}`) stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Url<'t> {
    pub(super) scheme: &'t str,
    pub(super) password: Option<&'t str>,
    /// Empty in `postgres:///orders`. Several hosts of one authority are told by the first.
    pub(super) host: &'t str,
    pub(super) port: Option<&'t str>,
    /// What stands behind the authority.
    pub(super) rest: &'t str,
}

/// The URL that begins where `text` does.
pub(super) fn url(text: &str) -> Option<Url<'_>> {
    let (scheme, rest) = text.split_once("://")?;
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+.-".contains(&b));
    if !named {
        return None;
    }
    let end = bare(rest, "/?# \"'`").unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let (user, hosts) = match authority.rsplit_once('@') {
        Some((user, hosts)) => (Some(user), hosts),
        None => (None, authority),
    };
    let first = hosts.split(',').next().unwrap_or(hosts);
    let (host, port) = host_and_port(first);
    Some(Url {
        scheme,
        password: user
            .and_then(|user| user.split_once(':'))
            .map(|(_, password)| password),
        host,
        port,
        rest,
    })
}

fn host_and_port(text: &str) -> (&str, Option<&str>) {
    match bare(text, ":") {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

/// Where the first of these signs stands outside of brackets and placeholders.
fn bare(text: &str, signs: &str) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 && signs.contains(c) => return Some(at),
            _ => {}
        }
    }
    None
}

/// Whether the text is one token: no blank outside of placeholders.
pub(super) fn is_token(text: &str) -> bool {
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            c if c.is_whitespace() && depth == 0 => return false,
            _ => {}
        }
    }
    !text.is_empty()
}

/// Whether the text stands for another that is put in later.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.is_empty() || text.contains(['{', '<', '$', '%', '*', '…']) || text.contains("...")
}

/// Whether the text is an object identifier, `1.3.6.1.5.5.7`, which may look like an address.
pub(super) fn is_oid(text: &str) -> bool {
    const ARCS: &[&str] = &["1.3.6.1", "1.2.840", "2.5.4", "2.5.29", "2.16.840"];
    let text = text.trim_start_matches('.');
    let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !text.ends_with('.');
    let below = |arc: &&str| {
        let rest = text.strip_prefix(*arc);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    digits && (text.matches('.').count() >= 4 || ARCS.iter().any(below))
}

/// Whether all that a text says is put in later: placeholders, and signs between them.
pub(super) fn is_open(text: &str) -> bool {
    let mut depth = 0_u32;
    let mut any = false;
    for c in text.chars() {
        match c {
            '{' => {
                depth += 1;
                any = true;
            }
            '}' => depth = depth.saturating_sub(1),
            c if depth == 0 && c.is_alphanumeric() => return false,
            _ => {}
        }
    }
    any
}

/// What a host's name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    /// `localhost`, an address.
    Address,
    /// `db.internal`: known inside of a network only.
    Inner,
    /// A name with dots.
    Public,
    /// `db`
    Label,
}

/// Which kind of host the text names; `None` for what is no host, or one where nobody lives.
pub(super) fn host(text: &str, inner: &[&str], reserved: &[&str]) -> Option<Host> {
    if is_placeholder(text) || is_oid(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let name = lower.trim_end_matches('.');
    if name == "localhost" || is_ipv4(name) || is_ipv6(name) {
        return Some(Host::Address);
    }
    let labels = name.split('.');
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if !labels.clone().all(is_label) || !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    if reserved.iter().any(|known| is_under(name, known)) {
        return None;
    }
    if inner
        .iter()
        .any(|known| name.len() > known.len() && is_under(name, known))
    {
        return Some(Host::Inner);
    }
    let last = name.rsplit('.').next()?;
    if last.len() == name.len() {
        return last
            .starts_with(|c: char| c.is_ascii_alphabetic())
            .then_some(Host::Label);
    }
    let top = last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic());
    (top && !FILES.contains(&last)).then_some(Host::Public)
}

/// Whether a host is the domain, or below it.
pub(super) fn is_under(host: &str, domain: &str) -> bool {
    let domain = domain.trim_start_matches('.');
    let rest = host.strip_suffix(domain);
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Endings of files, which look like domains.
const FILES: &[&str] = &[
    "rs", "py", "js", "ts", "jsx", "tsx", "toml", "json", "yaml", "yml", "md", "txt", "html",
    "css", "go", "java", "kt", "cpp", "cc", "hpp", "sh", "lock", "xml", "csv", "sql", "log", "rb",
    "php", "proto", "nu", "vue", "png",
];

fn is_ipv4(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 4
        && parts.iter().all(|part| {
            part.len() <= 3
                && part.bytes().all(|b| b.is_ascii_digit())
                && part.parse::<u8>().is_ok()
        })
}

fn is_ipv6(text: &str) -> bool {
    let inner = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    inner.is_some_and(|inner| inner.parse::<std::net::Ipv6Addr>().is_ok())
}

/// A port that is fixed: neither zero, which is any, nor so low that nothing listens there, nor out of range.
pub(super) fn is_port(text: &str) -> bool {
    text.len() <= 5
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.parse::<u16>().is_ok_and(|port| port >= LOWEST)
}

/// File transfer's; below are numbers of other things: of ports of a device, of constants of a kernel.
const LOWEST: u16 = 20;

/// `host:port` alone, or several with commas between; each half as it stands.
pub(super) fn host_port(text: &str) -> Option<(&str, &str)> {
    let first = text.split(',').next()?;
    let (host, port) = host_and_port(first);
    let port = port?.split('/').next()?;
    (!host.is_empty() && is_port(port)).then_some((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<Host> {
        host(text, &[".internal", ".svc"], &["example.com"])
    }

    #[test]
    fn a_url_falls_into_its_parts() {
        let parsed = url("postgres://app:s3:cret@db.internal:5432/orders?x=1").expect("a URL");
        assert_eq!(parsed.scheme, "postgres");
        assert_eq!(parsed.password, Some("s3:cret"));
        assert_eq!((parsed.host, parsed.port), ("db.internal", Some("5432")));
        assert_eq!(parsed.rest, "/orders?x=1");
        assert_eq!(
            url("redis://{host:?}:{port}").map(|url| url.port),
            Some(Some("{port}"))
        );
        assert_eq!(url("http://[::1]:80").map(|url| url.host), Some("[::1]"));
        assert_eq!(url("see http://x"), None);
    }

    #[test]
    fn hosts_are_told_from_files_versions_and_paths() {
        assert_eq!(kind("10.0.0.1"), Some(Host::Address));
        assert_eq!(kind("[::1]"), Some(Host::Address));
        assert_eq!(kind("db.internal"), Some(Host::Inner));
        assert_eq!(kind("api.shop.io"), Some(Host::Public));
        assert_eq!(kind("db"), Some(Host::Label));
        for not in [
            "main.rs",
            "1.2.3",
            "12",
            "a::b",
            "{host}",
            "a b",
            "",
            "x.example.com",
            "-x",
            "300.1.1.1",
            "1.3.6.1",
            "1.2.840.113549.1.9.7",
        ] {
            assert_eq!(kind(not), None, "{not}");
        }
    }

    #[test]
    fn a_port_is_a_number_that_something_listens_on() {
        assert_eq!(host_port("localhost:8080"), Some(("localhost", "8080")));
        assert_eq!(host_port("a:81,b:82"), Some(("a", "81")));
        for not in [
            "localhost:0",
            "localhost:7",
            "localhost:99999",
            "localhost",
            ":80",
            "a::b",
            "x:y",
        ] {
            assert_eq!(host_port(not), None, "{not}");
        }
    }
}
