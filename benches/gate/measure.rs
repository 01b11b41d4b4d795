//! One child process, measured.

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What a process took. Where the system does not tell, the numbers are missing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    /// Seconds, from before it was started until its output ended.
    pub(crate) wall: f64,
    /// Seconds of all its threads and of the processes that it started.
    pub(crate) cpu: Option<f64>,
    /// Bytes that it held at the most.
    pub(crate) memory: Option<u64>,
}

/// How often a process is asked for its peak of memory.
const TICK: Duration = Duration::from_millis(2);

/// Runs `command` to its end; returns its standard output too.
pub(crate) fn measure(command: &mut Command) -> io::Result<(Cost, Vec<u8>)> {
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut output = child.stdout.take().expect("standard output is piped");
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        output
            .read_to_end(&mut bytes)
            .map(|_| (bytes, Instant::now()))
    });
    let mut cost = Cost::default();
    while !reader.is_finished() {
        cost.memory = peak(&child).or(cost.memory);
        std::thread::sleep(TICK);
    }
    let (bytes, end) = reader.join().expect("reading does not panic")?;
    cost.cpu = times(&child);
    cost.wall = end.duration_since(start).as_secs_f64();
    child.wait()?;
    Ok((cost, bytes))
}

/// The highest mark of resident memory so far; the system keeps it, so that no peak is missed.
fn peak(child: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes << 10)
}

/// Seconds of processor time of a process that has ended or is about to, but was not waited for.
fn times(child: &Child) -> Option<f64> {
    /// What the kernel counts in, on every architecture that Rust code is checked on.
    const TICKS_PER_SECOND: f64 = 100.0;
    loop {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).ok()?;
        // The name before it may hold anything, parentheses too.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        if fields.first() != Some(&"Z") {
            std::thread::sleep(TICK);
            continue;
        }
        let ticks: u64 = fields
            .get(11..15)?
            .iter()
            .filter_map(|field| field.parse::<u64>().ok())
            .sum();
        return Some(ticks as f64 / TICKS_PER_SECOND);
    }
}
