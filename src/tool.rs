//! What this program calls itself.

/// Name and version, as reports and certificates state them.
pub(crate) const TOOL: &str = concat!("cargo-constitution ", env!("CARGO_PKG_VERSION"));

/// The version alone.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
