//! What the rounds come to.

use std::io;
use std::path::PathBuf;

use crate::measure::Cost;
use crate::rounds::{Bench, Round};

/// The bounds: times are multiples of the floor's, memory is in bytes.
const COLD: f64 = 1.5;
const WARM: f64 = 0.3;
const MEMORY: u64 = 1_000_000_000;

/// How much source there is.
pub(crate) struct Size {
    files: usize,
    lines: usize,
    bytes: usize,
}

impl Size {
    /// Reads all `files`.
    pub(crate) fn of(files: &[PathBuf]) -> io::Result<Self> {
        let mut size = Self {
            files: files.len(),
            lines: 0,
            bytes: 0,
        };
        for file in files {
            let bytes = std::fs::read(file)?;
            size.lines += bytes.iter().filter(|&&byte| byte == b'\n').count();
            size.bytes += bytes.len();
        }
        Ok(size)
    }
}

/// Prints the table, and for each bound whether it was kept.
pub(crate) fn print(bench: &Bench, size: &Size, rounds: &[Round]) {
    let floor = |round: &Round| round.floor;
    heading(bench, size, rounds);
    if rounds.iter().any(|round| round.report["verdict"].is_null()) {
        // What failed early would look fast.
        println!("MISSED: the check itself failed, so that no time means anything");
        return;
    }
    println!("| run | wall | of the floor | bound | processor time | of the floor | peak memory |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    row("floor: read and parse", rounds, floor, "");
    row("cold check", rounds, |round| round.cold, &format!("{COLD}"));
    row("warm check", rounds, |round| round.warm, &format!("{WARM}"));
    some("warm check, one line changed", rounds, |round| {
        round.touched
    });
    some("staged, nothing changed", rounds, |round| round.staged);
    some("staged, one line changed", rounds, |round| {
        round.staged_touched
    });
    println!();
    bound("cold check", ratio(rounds, |round| round.cold), COLD);
    bound("warm check", ratio(rounds, |round| round.warm), WARM);
    let checks = rounds.iter().flat_map(|round| [round.cold, round.warm]);
    match checks.filter_map(|cost| cost.memory).max() {
        Some(peak) => println!(
            "memory: {} MB, at most {} MB: {}",
            peak / 1_000_000,
            MEMORY / 1_000_000,
            word(peak <= MEMORY)
        ),
        None => println!("memory: this system does not tell"),
    }
}

fn heading(bench: &Bench, size: &Size, rounds: &[Round]) {
    let first = &rounds[0];
    let (thousands, megabytes) = (size.lines / 1_000, size.bytes as f64 / 1e6);
    let name = if bench.touch.is_some() {
        "generated workspace".to_owned()
    } else {
        bench.root.display().to_string()
    };
    println!(
        "{name}: {} files, {thousands} k lines, {megabytes:.1} MB",
        size.files
    );
    let checked = &first.report["checked"];
    let count = |of: &serde_json::Value| of.as_u64().unwrap_or(0);
    println!(
        "checked: {} packages, {} files, {} modules, {} edges; {} findings, {} blind spots, verdict {}",
        count(&checked["packages"]),
        count(&checked["files"]),
        count(&checked["modules"]),
        count(&checked["edges"]),
        first.report["findings"].as_array().map_or(0, Vec::len),
        first.report["blind_spots"].as_array().map_or(0, Vec::len),
        first.report["verdict"].as_str().unwrap_or("none"),
    );
    let wall = median(rounds.iter().map(|round| round.floor.wall));
    println!(
        "floor: {:.0} k lines/s, {:.1} MB/s; {} files do not parse; cache {:.1} MB; {} threads, {} rounds (medians)",
        size.lines as f64 / 1e3 / wall,
        megabytes / wall,
        first.unparsed,
        first.cached as f64 / 1e6,
        bench.threads,
        rounds.len(),
    );
    println!();
}

/// A row, if every round has it.
fn some(name: &str, rounds: &[Round], of: impl Fn(&Round) -> Option<Cost>) {
    if rounds.iter().all(|round| of(round).is_some()) {
        row(name, rounds, |round| of(round).unwrap_or_default(), "");
    }
}

fn row(name: &str, rounds: &[Round], of: impl Fn(&Round) -> Cost, bound: &str) {
    let wall = median(rounds.iter().map(|round| of(round).wall));
    let memory = rounds.iter().filter_map(|round| of(round).memory).max();
    let memory = memory.map_or("?".to_owned(), |peak| format!("{} MB", peak / 1_000_000));
    let both = rounds
        .iter()
        .map(|round| Some((of(round).cpu?, round.floor.cpu?)));
    let cpu = both
        .collect::<Option<Vec<(f64, f64)>>>()
        .map_or("? | ?".to_owned(), |both| {
            let seconds = median(both.iter().map(|&(own, _)| own));
            let ratio = median(both.iter().map(|&(own, floor)| own / floor));
            format!("{seconds:.2} s | {ratio:.2}")
        });
    println!(
        "| {name} | {wall:.2} s | {:.2} | {bound} | {cpu} | {memory} |",
        ratio(rounds, of)
    );
}

/// The median of what a run took of the same round's floor.
fn ratio(rounds: &[Round], of: impl Fn(&Round) -> Cost) -> f64 {
    median(rounds.iter().map(|round| of(round).wall / round.floor.wall))
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        values[middle]
    } else {
        f64::midpoint(values[middle - 1], values[middle])
    }
}

fn bound(name: &str, ratio: f64, bound: f64) {
    println!(
        "{name}: {ratio:.2} of the floor, at most {bound}: {}",
        word(ratio <= bound)
    );
}

fn word(kept: bool) -> &'static str {
    if kept { "kept" } else { "MISSED" }
}
