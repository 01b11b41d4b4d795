//! The protocol: what may be borne, by whose leave, and how a freeze begins and ends. Records, not code.

pub(crate) mod baseline;
pub(crate) mod case;
pub(crate) mod certificate;
pub(crate) mod exception;
pub(crate) mod ledger;
mod proof;
pub(crate) mod record;
pub(crate) mod records;
pub(crate) mod signature;
pub(crate) mod signers;
pub(crate) mod store;
#[cfg(test)]
mod testing;
