//! The certificate of a check: an in-toto statement that a summary was verified, as SLSA defines it.

use serde::Serialize;
use serde_json::{Value, json};
use ssh_key::{Algorithm, HashAlg, PrivateKey, SigningKey};

use crate::finding::Level;
use crate::provenance::{Moment, Provenance};
use crate::report::{Report, Verdict};
use crate::tool::VERSION;

const TYPE: &str = "application/vnd.in-toto+json";

/// The statement about a report, as indented JSON. It is made of any verdict: one that is not lawful says FAILED.
pub(crate) fn statement(report: &Report<'_>, from: &Provenance, now: Moment) -> String {
    let mut subject =
        vec![json!({ "name": "workspace", "digest": { "blake3": from.tree_digest } })];
    let mut resource = format!("urn:blake3:{}", from.tree_digest);
    if let Ok(repository) = &from.repository {
        resource = format!("gitoid:commit:sha1:{}", repository.commit);
        subject.push(json!({
            "name": "commit",
            "digest": { "gitCommit": repository.commit, "gitTree": repository.tree },
        }));
    }
    let lawful = report.verdict == Verdict::Lawful;
    let counts: serde_json::Map<String, Value> = Level::ALL
        .into_iter()
        .map(|level| (level.name().to_owned(), report.counts.at(level).into()))
        .collect();
    let borne = report.exceptions.iter();
    pretty(&json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subject,
        "predicateType": "https://slsa.dev/verification_summary/v1",
        "predicate": {
            "verifier": {
                "id": format!("pkg:cargo/cargo-constitution@{VERSION}"),
                "version": { "cargo-constitution": VERSION },
            },
            "timeVerified": now.to_string(),
            "resourceUri": resource,
            "policy": { "uri": from.law, "digest": { "blake3": from.law_digest } },
            "verificationResult": if lawful { "PASSED" } else { "FAILED" },
            "verifiedLevels": [if lawful { "CONSTITUTION_LAWFUL" } else { "FAILED" }],
            "constitution": {
                "verdict": report.verdict,
                "failOn": report.fail_on,
                "counts": counts,
                "checked": report.checked,
                "exceptions": borne.map(|it| it.record.as_str()).collect::<Vec<_>>(),
                "freezes": report.freezes.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(),
            },
        },
    }))
}

/// `statement` in a DSSE envelope, signed with the OpenSSH private key `key`.
///
/// # Errors
/// If the key cannot be read, has a passphrase, or is not Ed25519, in plain words.
pub(crate) fn envelope(statement: &str, key: &[u8]) -> Result<String, String> {
    let key = PrivateKey::from_openssh(key).map_err(|error| error.to_string())?;
    if key.is_encrypted() {
        return Err("it has a passphrase, which nobody is there to type".to_owned());
    }
    if key.algorithm() != Algorithm::Ed25519 {
        return Err("it is not an Ed25519 key".to_owned());
    }
    let signature = sign(&key, &authenticated(statement))?;
    Ok(pretty(&json!({
        "payloadType": TYPE,
        "payload": base64(statement.as_bytes()),
        "signatures": [{
            "keyid": key.fingerprint(HashAlg::Sha256).to_string(),
            "sig": base64(&signature),
        }],
    })))
}

/// The signature proper, without what SSH wraps it in.
fn sign(key: &impl SigningKey, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let signature = key.try_sign(bytes).map_err(|error| error.to_string())?;
    Ok(signature.as_bytes().to_vec())
}

/// What DSSE signs: the payload with its type, each with its length.
fn authenticated(payload: &str) -> Vec<u8> {
    let (type_length, length) = (TYPE.len(), payload.len());
    format!("DSSEv1 {type_length} {TYPE} {length} {payload}").into_bytes()
}

fn pretty(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).expect("texts can be written as JSON");
    text + "\n"
}

/// Base64 of RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            if place <= chunk.len() {
                let six = (bits >> (18 - 6 * place)) & 63;
                text.push(char::from(ALPHABET[six as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(base64(&[0xfb, 0xff]), "+/8=");
    }
}
