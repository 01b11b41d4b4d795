//! `allowed_signers`: who may sign what and when, as OpenSSH writes it, read strictly.

use std::ops::Range;

use ssh_key::public::KeyData;
use ssh_key::{Algorithm, EcdsaCurve, PublicKey};

use super::record::Fault;
use crate::provenance::Moment;

/// The name of the file below `.constitution/`.
pub(crate) const FILE: &str = "allowed_signers";

/// Nobody has more keys than this, and every one is compared with every other.
const MOST_LINES: usize = 2_000;

/// One line: what one key of one person may sign, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signer {
    /// Who it is, such as `ada@example.org`: literally, no pattern.
    pub(crate) principal: String,
    key: KeyData,
    /// Namespaces, with `*` and `?` as OpenSSH has them.
    namespaces: Vec<String>,
    after: Option<Moment>,
    before: Option<Moment>,
}

impl Signer {
    pub(crate) fn may_sign(&self, namespace: &str) -> bool {
        let mut patterns = self.namespaces.iter();
        patterns.any(|pattern| matches(pattern.as_bytes(), namespace.as_bytes()))
    }

    /// Whether the key was good then; both ends count.
    pub(crate) fn is_valid(&self, at: Moment) -> bool {
        self.after.is_none_or(|after| after <= at) && self.before.is_none_or(|before| at <= before)
    }
}

/// Everybody who may sign something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Signers {
    list: Vec<Signer>,
}

impl Signers {
    /// Reads the whole file; every line that is not understood is a fault, for what is not understood might
    /// be a restriction.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Vec<Fault>> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let at = error.valid_up_to();
            vec![Fault::new(at..at, "it is not UTF-8 from here on")]
        })?;
        let mut signers = Self::default();
        let mut faults = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let range = start..start + line.trim_end().len();
            start += line.len();
            let content = line.trim();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            if signers.list.len() >= MOST_LINES {
                faults.push(Fault::new(range, format!("more than {MOST_LINES} lines")));
                break;
            }
            match signer(content).and_then(|signer| signers.admit(signer)) {
                Ok(()) => {}
                Err(message) => faults.push(Fault::new(range, message)),
            }
        }
        if faults.is_empty() {
            Ok(signers)
        } else {
            Err(faults)
        }
    }

    /// One key is one person, or somebody could review a plan of their own.
    fn admit(&mut self, signer: Signer) -> Result<(), String> {
        let mut known = self.list.iter();
        match known.find(|it| it.key == signer.key && it.principal != signer.principal) {
            Some(other) => Err(format!(
                "this key is that of `{}` already: one key is one person",
                other.principal
            )),
            None => {
                self.list.push(signer);
                Ok(())
            }
        }
    }

    /// The lines of a key.
    pub(crate) fn of<'s, 'k>(
        &'s self,
        key: &'k KeyData,
    ) -> impl Iterator<Item = &'s Signer> + use<'s, 'k> {
        self.list.iter().filter(move |signer| signer.key == *key)
    }

    /// Who may sign in `namespace` at that moment, each once, by name.
    pub(crate) fn who_may(&self, namespace: &str, at: Moment) -> Vec<&str> {
        let able = self.list.iter();
        let able = able.filter(|it| it.may_sign(namespace) && it.is_valid(at));
        let mut names: Vec<&str> = able.map(|it| it.principal.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// The fields of a line: blanks divide, except between quotes.
fn fields(line: &str) -> Vec<Range<usize>> {
    let mut fields = Vec::new();
    let (mut start, mut quoted) = (None, false);
    for (at, c) in line.char_indices() {
        match (c, start) {
            (' ' | '\t', Some(from)) if !quoted => {
                fields.push(from..at);
                start = None;
            }
            (' ' | '\t', None) => {}
            (_, from) => {
                quoted ^= c == '"';
                start = from.or(Some(at));
            }
        }
    }
    fields.extend(start.map(|from| from..line.len()));
    fields
}

fn signer(line: &str) -> Result<Signer, String> {
    let fields: Vec<&str> = fields(line).into_iter().map(|it| &line[it]).collect();
    let (principal, rest) = match &fields[..] {
        [principal, rest @ ..] => (*principal, rest),
        [] => return Err("the line is empty".to_owned()),
    };
    if principal.contains(['*', '?', '!', ',', '"']) {
        return Err(format!(
            "`{principal}` is a pattern: a line is about one person, by name"
        ));
    }
    let (options, kind, key) = match rest {
        [kind, key, ..] if kind_of(kind).is_some() => ("", *kind, *key),
        [options, kind, key, ..] if kind_of(kind).is_some() => (*options, *kind, *key),
        _ => {
            return Err(
                "a line is PRINCIPAL namespaces=\"…\" KEY-TYPE KEY, the key ssh-ed25519, sk-ssh-ed25519@openssh.com \
                 or ecdsa-sha2-nistp256 (`ssh-keygen -t ed25519` makes one)"
                    .to_owned(),
            );
        }
    };
    let read = PublicKey::from_openssh(&format!("{kind} {key}"));
    let key = read.map_err(|error| format!("the key cannot be read: {error}"))?;
    let mut signer = Signer {
        principal: principal.to_owned(),
        key: key.key_data().clone(),
        namespaces: Vec::new(),
        after: None,
        before: None,
    };
    for option in divided(options) {
        take(&mut signer, option)?;
    }
    if signer.namespaces.is_empty() {
        return Err(format!(
            "the line does not say what `{principal}` may sign: write namespaces=\"…\" before the key"
        ));
    }
    Ok(signer)
}

/// The algorithms that are verified. RSA is none of them.
fn kind_of(word: &str) -> Option<Algorithm> {
    let algorithm = Algorithm::new(word).ok()?;
    let verified = matches!(
        algorithm,
        Algorithm::Ed25519
            | Algorithm::SkEd25519
            | Algorithm::Ecdsa {
                curve: EcdsaCurve::NistP256
            }
    );
    verified.then_some(algorithm)
}

/// What stands between commas outside of quotes.
fn divided(options: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in options.char_indices() {
        quoted ^= c == '"';
        if c == ',' && !quoted {
            parts.push(&options[start..at]);
            start = at + 1;
        }
    }
    if !options.is_empty() {
        parts.push(&options[start..]);
    }
    parts
}

fn take(signer: &mut Signer, option: &str) -> Result<(), String> {
    let (name, value) = option.split_once('=').unwrap_or((option, ""));
    let value = value.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    let Some(value) = value.filter(|it| !it.is_empty() && !it.contains('"')) else {
        return Err(format!(
            "`{name}` is no option that is understood here: there are namespaces=\"…\", valid-after=\"…\" and \
             valid-before=\"…\""
        ));
    };
    let twice = Err(format!("`{name}` is given twice"));
    let moment = || {
        Moment::compact(value).ok_or_else(|| {
            format!("`{value}` is no time: it is written 20261123 or 20261123080000, in UTC")
        })
    };
    match name {
        "namespaces" if signer.namespaces.is_empty() => {
            let patterns: Vec<String> = value.split(',').map(str::to_owned).collect();
            if patterns
                .iter()
                .any(|it| it.is_empty() || it.starts_with('!'))
            {
                return Err(
                    "a namespace is named, not left out: no `!` and no empty one".to_owned(),
                );
            }
            signer.namespaces = patterns;
        }
        "valid-after" if signer.after.is_none() => signer.after = Some(moment()?),
        "valid-before" if signer.before.is_none() => signer.before = Some(moment()?),
        "namespaces" | "valid-after" | "valid-before" => return twice,
        _ => return Err(format!("the option `{name}` is not understood here")),
    }
    Ok(())
}

/// Whether `text` is of the shape `pattern`: `*` is any run of characters, `?` any one.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == b'?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::super::testing::public;
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let faults = Signers::parse(text.as_bytes()).expect_err("a fault");
        faults.into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn a_line_says_who_may_sign_what_and_when() {
        let text = format!(
            "# the Founder\nada@example.org namespaces=\"lift@x,ex*@x\",valid-after=\"20260101\",\
             valid-before=\"20261231235959Z\" {} a comment\n\n",
            public(1)
        );
        let signers = Signers::parse(text.as_bytes()).expect("it is right");
        let signer = &signers.list[0];
        assert!(signer.may_sign("lift@x") && signer.may_sign("exception@x"));
        assert!(!signer.may_sign("review@x") && !signer.may_sign("lift@x.y"));
        let at = |text| signer.is_valid(Moment::parse(text).expect("a time"));
        assert!(at("2026-01-01") && at("2026-12-31T23:59:59Z"));
        assert!(!at("2025-12-31T23:59:59Z") && !at("2027-01-01"));
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_line() {
        let key = public(1);
        for (line, said) in [
            (format!("ada {key}"), "what `ada` may sign"),
            (format!("* namespaces=\"a\" {key}"), "is a pattern"),
            (format!("a,b namespaces=\"a\" {key}"), "is a pattern"),
            (format!("ada cert-authority {key}"), "no option"),
            (
                format!("ada namespaces=\"a\",x=\"b\" {key}"),
                "not understood",
            ),
            (
                format!("ada namespaces=\"a\",namespaces=\"b\" {key}"),
                "given twice",
            ),
            (format!("ada namespaces=\"!a\" {key}"), "left out"),
            (
                format!("ada namespaces=\"a\",valid-after=\"soon\" {key}"),
                "no time",
            ),
            ("ada namespaces=\"a\" ssh-rsa AAAA".to_owned(), "a line is"),
            (
                "ada namespaces=\"a\" ssh-ed25519 AAAA".to_owned(),
                "cannot be read",
            ),
        ] {
            let told = faults(&line);
            assert!(told[0].contains(said), "{line}: {told:?}");
        }
        let twice = format!("ada namespaces=\"a\" {key}\nbob namespaces=\"b\" {key}\n?");
        assert_eq!(faults(&twice).len(), 2);
        assert!(faults(&twice)[0].contains("one key is one person"));
    }

    #[test]
    fn patterns_are_those_of_openssh() {
        let yes = |pattern: &str, text: &str| matches(pattern.as_bytes(), text.as_bytes());
        assert!(yes("*@c", "lift@c") && yes("l?ft@c", "lift@c") && yes("a*b*c", "aXbYbZc"));
        assert!(!yes("*@c", "lift@cc") && !yes("lift", "lift@c") && !yes("?", ""));
    }
}
