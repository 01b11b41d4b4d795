//! Credentials in literals: what a text is, never the text itself.

use super::address::{self, is_oid, is_placeholder, is_token};
use super::tables;
use crate::facts::literal::Literal;
use crate::finding::Confidence;
use crate::rules::words;

/// What kind of credential, and how sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Secret {
    pub(crate) what: &'static str,
    pub(crate) confidence: Confidence,
}

/// The credential that the literal holds, if it holds one.
pub(super) fn of(literal: &Literal) -> Option<Secret> {
    if literal.number {
        return None;
    }
    let text = literal.text.trim();
    let certain = |what| Secret {
        what,
        confidence: Confidence::Certain,
    };
    if let Some(token) = tables::token(text) {
        return Some(certain(token.what));
    }
    if is_private_key(text) {
        return Some(certain("a private key"));
    }
    if holds_url_password(text, is_example(literal, text)) {
        return Some(certain("a password in a connection URL"));
    }
    if text.contains('=') && has_pair(text) {
        return Some(Secret {
            what: "a password in a connection string",
            confidence: Confidence::Likely,
        });
    }
    let name = literal.name.as_ref()?;
    let what = named(name)?;
    let real = is_real(text, name) && !literal.message;
    // A comparison with a fixed password is one that is let in.
    let fixed = !literal.compared || what == "a password";
    (real && fixed).then_some(Secret {
        what,
        confidence: Confidence::Likely,
    })
}

/// The block itself, not the line that opens one, which readers of keys look for.
fn is_private_key(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("-----BEGIN ") else {
        return false;
    };
    let Some((kind, body)) = rest.split_once("-----") else {
        return false;
    };
    kind.ends_with("PRIVATE KEY") && body.trim().len() >= 16 && !is_placeholder(body.trim())
}

/// Whether the text shows people how to write something, or tests what reads it.
fn is_example(literal: &Literal, text: &str) -> bool {
    literal.message || literal.at.test || !is_token(text)
}

/// The words that stand for a password where one is to be filled in.
const STAND_INS: &[&str] = &[
    "password",
    "passwd",
    "passw",
    "pass",
    "pwd",
    "pw",
    "secret",
    "mypassword",
    "your_password",
];

fn holds_url_password(text: &str, example: bool) -> bool {
    let stands_in = |password: &str| {
        let word = password.to_ascii_lowercase();
        example && STAND_INS.contains(&word.as_str())
    };
    text.match_indices("://").any(|(at, _)| {
        let scheme = text[..at]
            .rfind(|c: char| !(c.is_ascii_alphanumeric() || "+.-".contains(c)))
            .map_or(0, |before| {
                before + text[before..].chars().next().map_or(1, char::len_utf8)
            });
        let url = address::url(&text[scheme..]).filter(|url| !super::is_nobodys(url.host));
        url.and_then(|url| url.password)
            .is_some_and(|password| !is_placeholder(password) && !stands_in(password))
    })
}

/// `host=… password=…`, as libpq and ODBC write it.
fn has_pair(text: &str) -> bool {
    let parts = || text.split(|c: char| c == ';' || c.is_whitespace());
    let value = |key: &str| {
        parts().find_map(|part| {
            let (found, value) = part.split_once('=')?;
            found
                .trim()
                .eq_ignore_ascii_case(key)
                .then(|| value.trim().trim_matches(['\'', '"']))
        })
    };
    let known = ["host", "user", "dbname", "server", "uid", "data source"];
    let password = value("password").or_else(|| value("pwd"));
    password.is_some_and(|it| !is_placeholder(it)) && known.iter().any(|key| value(key).is_some())
}

/// What a name says that it is given, where that is a credential.
fn named(name: &str) -> Option<&'static str> {
    let words = words::split(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [.., "password" | "passwd" | "passphrase" | "pwd"] => Some("a password"),
        ["secret"]
        | [
            ..,
            "client" | "shared" | "jwt" | "signing" | "webhook" | "session" | "app",
            "secret",
        ] => Some("a secret"),
        [
            ..,
            "auth" | "api" | "access" | "bearer" | "refresh" | "admin" | "bot" | "secret",
            "token",
        ] => Some("a token"),
        [
            ..,
            "api" | "access" | "secret" | "private" | "signing" | "encryption" | "account"
            | "master" | "jwt",
            "key",
        ]
        | [.., "apikey"] => Some("a key"),
        _ => None,
    }
}

/// Whether a text can be a credential's value rather than a name for one, or a stand-in.
fn is_real(text: &str, name: &str) -> bool {
    let blank = text.contains(char::is_whitespace);
    if text.chars().count() < 4
        || blank
        || is_oid(text)
        || is_placeholder(text)
        || text.contains(['/', '[', ']', '(', ')'])
    {
        return false;
    }
    let first = text.chars().next();
    if text.chars().all(|c| Some(c) == first) || text.contains("://") {
        return false;
    }
    let digit = text.contains(|c: char| c.is_ascii_digit());
    let words = words::split(text);
    let absent = ["redacted", "hidden", "masked", "removed", "none", "null"];
    if words.iter().any(|word| absent.contains(&word.as_str())) {
        return false;
    }
    let speaks = |word: &String| {
        [
            "password",
            "passwd",
            "pwd",
            "token",
            "secret",
            "key",
            "credential",
            "credentials",
            "auth",
            "apikey",
        ]
        .contains(&word.as_str())
    };
    // The name of a field, a header or a variable that holds one.
    if !digit && words.iter().any(speaks) {
        return false;
    }
    // `ATTR_JWS_ES256_PRIVATE_KEY = "jws_es256_private_key"`
    let names = words::split(name);
    if names.windows(words.len().max(1)).any(|run| run == words) {
        return false;
    }
    // A key is random; a word is the name of one.
    let random = |text: &str| digit && text.len() >= 12;
    match named(name) {
        Some("a password" | "a secret") => true,
        _ => random(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::literals::tests::literal;

    fn what(name: &str, text: &str) -> Option<&'static str> {
        of(&literal(name, text)).map(|secret| secret.what)
    }

    #[test]
    fn credentials_are_known_by_shape_or_by_name() {
        assert_eq!(
            what("x", "postgres://app:hunter2@db/orders"),
            Some("a password in a connection URL")
        );
        assert_eq!(
            what("x", "postgres://user:password@db/orders"),
            Some("a password in a connection URL")
        );
        assert_eq!(
            what("x", "see amqp://guest:guest@mq/ for more"),
            Some("a password in a connection URL")
        );
        assert_eq!(
            what("x", "host=db user=app password=hunter2"),
            Some("a password in a connection string")
        );
        assert_eq!(
            what("x", "ghp_0123456789012345678901234567890123456"),
            Some("a GitHub token")
        );
        assert_eq!(what("ADMIN_PASSWORD", "changeme"), Some("a password"));
        assert_eq!(what("api_key", "9f86d081884c7d65"), Some("a key"));
        let key =
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\n-----END PRIVATE KEY-----";
        assert_eq!(what("x", key), Some("a private key"));
    }

    #[test]
    fn names_of_credentials_and_stand_ins_are_none() {
        for (name, text) in [
            ("x", "postgres://{user}:{password}@{host}/orders"),
            ("x", "postgres://app:***@db/orders"),
            ("x", "postgres://app@db/orders"),
            ("x", "http://user:pass@www.example.com/"),
            ("x", "write it as postgres://user:password@db/orders"),
            ("CHALLENGE_PASSWORD", "1.2.840.113549.1.9.7"),
            ("x", "-----BEGIN PRIVATE KEY-----"),
            ("password", ""),
            ("password", "<password>"),
            ("password", "********"),
            ("password", "xxxx"),
            ("set_password", "_redacted_"),
            ("password", "the password is too short"),
            ("PASSWORD_HEADER", "X-Password-1"),
            ("password", "user_password"),
            ("ATTR_JWS_ES256_PRIVATE_KEY", "jws_es256_private_key"),
            ("ATTR_OAUTH2_CLIENT_SECRET", "oauth2_client_secret"),
            ("api_key", "x-api-key"),
            ("api_key", "header"),
            ("token", "identifier"),
            ("token_url", "oauth2-token1"),
            ("x", "a@b.c:d"),
        ] {
            assert_eq!(what(name, text), None, "{name} = {text}");
        }
    }
}
