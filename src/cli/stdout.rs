//! Standard output that may be closed early, as by `| head`.

use std::io::{self, BufWriter, ErrorKind, Write};

/// Runs `write` on buffered standard output. Whoever closed the pipe has read enough: no error.
///
/// # Errors
/// If standard output takes nothing for another reason, such as a full disk.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            // What is still buffered would fail again when dropped.
            let _ = out.into_parts();
            Ok(())
        }
        result => result,
    }
}
