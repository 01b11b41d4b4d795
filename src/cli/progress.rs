//! A line of progress on standard error, for checks that take long enough to wonder.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::report::look::Look;

/// Shorter than this nobody wonders.
const PATIENCE: Duration = Duration::from_millis(500);
const TICK: Duration = Duration::from_millis(100);

/// Progress from now until it is dropped.
pub(crate) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Shows `doing` after a while if `look`, that of standard error, is a person's terminal.
    pub(crate) fn start(doing: &'static str, look: &Look) -> Self {
        let wanted = look.terminal && !look.quiet && !look.actions && !in_ci();
        let running = wanted.then(|| {
            let (end, ended) = channel();
            (end, std::thread::spawn(move || show(doing, &ended)))
        });
        Self { running }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.running.take() {
            drop(end);
            // A line of progress that failed is no reason to fail.
            let _ = thread.join();
        }
    }
}

fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

fn show(doing: &'static str, ended: &Receiver<()>) {
    if ended.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})")
        .expect("the template is well-formed");
    let bar = ProgressBar::new_spinner()
        .with_style(style)
        .with_message(doing);
    while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        bar.tick();
    }
    bar.finish_and_clear();
}
