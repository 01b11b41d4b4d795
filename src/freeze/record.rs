//! One record: TOML whose every key is known, read only after its bytes were signed.

use std::ops::Range;

use serde::Serialize;
use serde::de::DeserializeOwned;

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
