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
    let lower = name.to_ascii_lowercase();
    let singular = lower.trim_end_matches('s');
    Voice {
        text: holds(&lower, TEXT),
        number: holds(&lower, NUMBER),
        people: PEOPLE.iter().any(|part| singular.ends_with(part)),
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

/// How far two letters, in any case, allow to look ahead where they end five: to where they may be the end of
/// a part of [`UPDATES`], as Wu and Manber search.
const AHEAD: [u8; 1 << 10] = {
    let mut ahead = [4; 1 << 10];
    let mut word = 0;
    while word < UPDATES.len() {
        let mut end = 1;
        while end < 5 {
            let pair = pair(UPDATES[word][end - 1], UPDATES[word][end]);
            if ahead[pair] > 4 - end as u8 {
                ahead[pair] = 4 - end as u8;
            }
            end += 1;
        }
        word += 1;
    }
    ahead
};

/// What two letters are in any case; other bytes may be the same.
const fn pair(first: u8, second: u8) -> usize {
    (first as usize & 31) << 5 | second as usize & 31
}

/// Whether a name may bear on updates.
pub(crate) fn of_updates(name: &str) -> bool {
    next_of_updates(name.as_bytes(), 0).is_some()
}

/// The lines of a text, counted from one, in which a name or a literal may bear on updates.
pub(crate) fn lines_of_updates(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let breaks = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count() as u32;
    let mut lines = Vec::new();
    let (mut line, mut counted, mut from) = (1, 0, 0);
    while let Some(at) = next_of_updates(bytes, from) {
        line += breaks(&bytes[counted..at]);
        lines.push(line);
        counted = at;
        let rest = bytes[at..].iter().position(|byte| *byte == b'\n');
        from = rest.map_or(bytes.len(), |rest| at + rest);
    }
    lines
}

/// Where the next part of [`UPDATES`] begins.
fn next_of_updates(text: &[u8], from: usize) -> Option<usize> {
    let mut end = from + 4;
    while let Some(&last) = text.get(end) {
        match AHEAD[pair(text[end - 1], last)] {
            0 => {
                let window = &text[end - 4..=end];
                if UPDATES.iter().any(|word| word.eq_ignore_ascii_case(window)) {
                    return Some(end - 4);
                }
                end += 1;
            }
            ahead => end += usize::from(ahead),
        }
    }
    None
}

/// Whether any of the parts is in the text. There are many, and a search for each would take far longer.
fn holds(text: &str, parts: &[&str]) -> bool {
    let text = text.as_bytes();
    (0..text.len()).any(|at| {
        let rest = &text[at..];
        let begins = |part: &[u8]| part.first() == rest.first() && rest.starts_with(part);
        parts.iter().any(|part| begins(part.as_bytes()))
    })
}

/// Kinds of bytes that tell an address from a word.
const BLANK: u8 = 1;
const DIGIT: u8 = 1 << 1;
const DASH: u8 = 1 << 2;
const DOT: u8 = 1 << 3;
const COLON: u8 = 1 << 4;
const EQUALS: u8 = 1 << 5;
const OTHER_SIGN: u8 = 1 << 6;

/// Of each byte.
const KIND: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < kinds.len() {
        kinds[byte] = match byte as u8 {
            byte if byte.is_ascii_whitespace() => BLANK,
            b'0'..=b'9' => DIGIT,
            b'-' => DASH,
            b'.' => DOT,
            b':' => COLON,
            b'=' => EQUALS,
            b'/' | b'@' => OTHER_SIGN,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};

/// Whether a text may be an address, a resource's name, a key or a query, by its characters alone.
pub(crate) fn may_address(text: &str) -> bool {
    if text.len() < 3 {
        return false;
    }
    let bytes = text.as_bytes();
    let kinds = (bytes.iter()).fold(0, |kinds, byte| kinds | KIND[usize::from(*byte)]);
    let has = |kind: u8| kinds & kind != 0;
    if !has(BLANK) {
        return has(COLON | EQUALS | OTHER_SIGN)
            || has(DOT) && bytes.iter().filter(|byte| **byte == b'.').count() > 1
            || has(DIGIT) && (bytes.len() >= 16 || has(DASH));
    }
    has(EQUALS)
        || has(COLON) && text.contains("://")
        || has(DASH) && text.contains("-----BEGIN")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_that_speaks_of_updates_is_told() {
        for part in UPDATES {
            let part = std::str::from_utf8(part).expect("it is ASCII");
            for name in [part.to_owned(), format!("x{part}y"), part.to_uppercase()] {
                assert!(of_updates(&name), "{name}");
            }
        }
        for name in ["", "upda", "pdate", "upd_ate", "u\u{10}dat", "dispute"] {
            assert!(!of_updates(name), "{name}");
        }
        let text = "fn f() {}\r\nlet update = rollback;\n\n// é PATCH\ningest";
        assert_eq!(lines_of_updates(text), [2, 4, 5]);
    }
}
