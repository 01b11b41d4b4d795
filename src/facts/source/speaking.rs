//! Names and texts that may speak of the world around a program: a coarse sieve, so that facts stay few.

/// Parts of names beside which a text may say where something runs, and with which key.
const TEXT: &[&str] = &[
    "addr",
    "bind",
    "broker",
    "cluster",
    "cred",
    "data",
    "db",
    "dialect",
    "domain",
    "driver",
    "endpoint",
    "engine",
    "backend",
    "host",
    "image",
    "key",
    "listen",
    "node",
    "passw",
    "passphrase",
    "pwd",
    "port",
    "region",
    "secret",
    "server",
    "storage",
    "store",
    "token",
    "uri",
    "url",
    "vendor",
    "zone",
    "replica",
    "center",
    "centre",
    "dsn",
    "queue",
    "origin",
    "auth",
    "pass",
];

/// Parts of names beside which a number may say where something runs, or how often.
const NUMBER: &[&str] = &["port", "replica", "node", "cluster", "shard", "instance"];

/// What names and texts hold that a branch on mode or tenant has: four letters each, for speed.
const DEPLOYMENT: &[[u8; 4]] = &[
    *b"mode", *b"tena", *b"depl", *b"saas", *b"dedi", *b"prem", *b"host", *b"mult", *b"clou",
];

/// Parts of names for what is said to people.
const PEOPLE: &[&str] = &[
    "example",
    "description",
    "usage",
    "help",
    "hint",
    "label",
    "title",
    "message",
    "placeholder",
    "comment",
];

/// What a name says of the literal beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Voice {
    /// A text may say where something runs, or be a key to it.
    pub(crate) text: bool,
    /// A number may.
    pub(crate) number: bool,
    /// It is said to people.
    pub(crate) people: bool,
}

pub(crate) fn voice(name: &str) -> Voice {
    Voice {
        text: holds(name, TEXT),
        number: holds(name, NUMBER),
        people: PEOPLE.iter().any(|part| {
            name.to_ascii_lowercase()
                .trim_end_matches('s')
                .ends_with(part)
        }),
    }
}

/// Whether a name or text is worth a look where something branches on it.
pub(crate) fn of_deployment(text: &str) -> bool {
    text.as_bytes().windows(4).any(|window| {
        let letters = [
            window[0] | 32,
            window[1] | 32,
            window[2] | 32,
            window[3] | 32,
        ];
        DEPLOYMENT.contains(&letters)
    })
}

/// What names hold that bear on updates: five letters each, for speed.
const UPDATES: &[[u8; 5]] = &[
    *b"updat", *b"patch", *b"upgra", *b"inges", *b"rollb", *b"ckpoi", *b"ignat", *b"tegri",
];

/// Whether a name, or anything in a text, may bear on updates.
pub(crate) fn of_updates(text: &str) -> bool {
    text.as_bytes().windows(5).any(|window| {
        // Most letters are none that such a word begins with.
        matches!(window[0] | 32, b'u' | b'p' | b'i' | b'r' | b'c' | b't')
            && UPDATES.iter().any(|word| word.eq_ignore_ascii_case(window))
    })
}

fn holds(text: &str, parts: &[&str]) -> bool {
    let lower = text.to_ascii_lowercase();
    parts.iter().any(|part| lower.contains(part))
}

/// Whether a text may be an address, a resource's name, a key or a query, by its characters alone.
pub(crate) fn may_address(text: &str) -> bool {
    if text.len() < 3 {
        return false;
    }
    let bytes = text.as_bytes();
    let blank = bytes.iter().any(u8::is_ascii_whitespace);
    if !blank {
        let digit = bytes.iter().any(u8::is_ascii_digit);
        let count = |sign: u8| bytes.iter().filter(|byte| **byte == sign).count();
        return bytes.iter().any(|byte| b":/@=".contains(byte))
            || count(b'.') > 1
            || digit && (bytes.len() >= 16 || bytes.contains(&b'-'));
    }
    text.contains("://")
        || text.contains("-----BEGIN")
        || bytes.contains(&b'=')
        || is_sql_verb(text)
}

/// Whether the text opens with a verb of SQL: a first look only.
fn is_sql_verb(text: &str) -> bool {
    const VERBS: &[&str] = &[
        "select", "insert", "update", "delete", "create", "alter", "drop", "truncate", "with",
        "merge", "replace", "pragma", "explain", "begin", "grant", "/*", "--", "(",
    ];
    let text = text.trim_start();
    VERBS.iter().any(|verb| {
        text.get(..verb.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(verb))
    })
}
