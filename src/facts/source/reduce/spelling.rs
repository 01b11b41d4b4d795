//! What a token says, read without a copy of it.

use std::fmt::{Display, Write};

/// What `read` makes of a token's text; `None` where the text comes in pieces, as a raw name's.
pub(super) fn spelled<R>(token: &impl Display, read: impl FnOnce(&str) -> R) -> Option<R> {
    struct Reader<F, R> {
        read: Option<F>,
        result: Option<R>,
    }
    impl<F: FnOnce(&str) -> R, R> Write for Reader<F, R> {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            self.result = self.read.take().map(|read| read(text));
            Ok(())
        }
    }
    let mut reader = Reader {
        read: Some(read),
        result: None,
    };
    write!(reader, "{token}").ok()?;
    reader.result
}
