//! The floor: no linter that parses its input can be faster than reading and parsing it.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// As deep as the linter's own; virtual memory, of which little is touched.
const STACK: usize = 512 << 20;

/// Reads and parses every file that `list` names, one a line, on `threads` threads.
///
/// Prints how many did not parse.
pub(crate) fn run(list: &Path, threads: usize) {
    let list = fs::read_to_string(list).expect("the list was written before");
    let files: Vec<&str> = list.lines().collect();
    let next = AtomicUsize::new(0);
    let failed = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let work = || {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if !parses(file) {
                        failed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            };
            let thread = std::thread::Builder::new().stack_size(STACK);
            thread
                .spawn_scoped(scope, work)
                .expect("a thread can be started");
        }
    });
    println!("{}", failed.into_inner());
}

fn parses(file: &str) -> bool {
    let Ok(text) = fs::read_to_string(file) else {
        return false;
    };
    let parsed = syn::parse_file(&text).is_ok();
    // Else the texts of all files stay in memory, and every span is looked for among them.
    proc_macro2::extra::invalidate_current_thread_spans();
    parsed
}
