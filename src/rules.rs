//! The laws, one file each; this is their table of contents.

use crate::finding::RuleMeta;

/// Every rule, in the order of the book.
pub(crate) fn all() -> &'static [&'static RuleMeta] {
    &[]
}
