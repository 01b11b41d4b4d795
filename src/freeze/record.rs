//! One record: TOML whose every key is known, read only after its bytes were signed.

use std::ops::Range;

use serde::Serialize;
use serde::de::DeserializeOwned;
use ssh_key::HashAlg;
use toml::Spanned;

use crate::provenance::Moment;

/// Why a text is no record, and at which of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) range: Range<usize>,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
        }
    }
}

/// Reads a record. Unknown keys, keys written twice and missing ones are faults.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Fault::new(at..at, "it is not UTF-8 from here on")
    })?;
    toml::from_str(text).map_err(|error| {
        Fault::new(
            error.span().unwrap_or(0..0),
            error.message().trim().to_owned(),
        )
    })
}

/// Writes a record, the keys in the order of its fields.
pub(crate) fn write(record: &impl Serialize) -> String {
    toml::to_string(record).expect("a record is tables, strings and numbers")
}

/// SHA-256 in hexadecimal, as `sha256sum` prints it: anybody can compare.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let digest = HashAlg::Sha256.digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The moment that a word of a record names.
pub(crate) fn moment(word: &Spanned<String>) -> Result<Moment, Fault> {
    Moment::parse(word.as_ref()).ok_or_else(|| {
        let message = format!(
            "`{}` is no time: it is written 2026-11-23T08:00:00Z",
            word.as_ref()
        );
        Fault::new(word.span(), message)
    })
}

/// A word that a record is to say.
pub(crate) fn word(text: impl Into<String>) -> Spanned<String> {
    Spanned::new(0..0, text.into())
}
