//! One round: the floor, and checks in the states that a cache can be in.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::measure::{Cost, measure};

/// The first argument of the process that is the floor.
pub(crate) const FLOOR: &str = "--floor";

/// The end of a function's head, which a statement may follow.
pub(crate) const TOUCHABLE: &str = ") -> Result<Self> {";

pub(crate) struct Bench {
    pub(crate) root: PathBuf,
    pub(crate) constitution: Option<PathBuf>,
    /// Names every source file.
    pub(crate) list: PathBuf,
    pub(crate) cache: PathBuf,
    pub(crate) threads: usize,
    /// The file that may be changed.
    pub(crate) touch: Option<PathBuf>,
}

/// What one round cost.
pub(crate) struct Round {
    pub(crate) floor: Cost,
    /// Files that the floor could not parse.
    pub(crate) unparsed: usize,
    /// With an empty cache.
    pub(crate) cold: Cost,
    /// Nothing changed since.
    pub(crate) warm: Cost,
    /// One line of one file changed since.
    pub(crate) touched: Option<Cost>,
    /// The cold check's report.
    pub(crate) report: serde_json::Value,
    /// Bytes that the cache holds.
    pub(crate) cached: u64,
}

impl Bench {
    pub(crate) fn round(&self, number: usize) -> io::Result<Round> {
        let mut floor = Command::new(std::env::current_exe()?);
        floor
            .arg(FLOOR)
            .arg(&self.list)
            .arg(self.threads.to_string());
        let (floor, unparsed) = measure(&mut floor)?;
        if self.cache.exists() {
            fs::remove_dir_all(&self.cache)?;
        }
        let (cold, report) = self.check()?;
        let cached = size(&self.cache);
        let (warm, again) = self.check()?;
        if again != report {
            eprintln!("WRONG: the warm check reports something else than the cold one");
        }
        Ok(Round {
            floor,
            unparsed: String::from_utf8_lossy(&unparsed)
                .trim()
                .parse()
                .unwrap_or(usize::MAX),
            cold,
            warm,
            touched: self.touched(number)?,
            report: serde_json::from_slice(&report).unwrap_or_default(),
            cached,
        })
    }

    fn check(&self) -> io::Result<(Cost, Vec<u8>)> {
        let mut check = Command::new(env!("CARGO_BIN_EXE_cargo-constitution"));
        check.arg("check").args([
            "--quiet",
            "--format",
            "json",
            "--threads",
            &self.threads.to_string(),
        ]);
        check
            .arg("--manifest-path")
            .arg(self.root.join("Cargo.toml"));
        check.arg("--cache-dir").arg(&self.cache);
        if let Some(constitution) = &self.constitution {
            check.arg("--constitution").arg(constitution);
        }
        measure(check.stderr(Stdio::null()))
    }

    /// Changes a line, checks, and takes the change back.
    fn touched(&self, number: usize) -> io::Result<Option<Cost>> {
        let Some(file) = &self.touch else {
            return Ok(None);
        };
        let before = fs::read_to_string(file)?;
        let line = format!("{TOUCHABLE} let touched = {number};");
        let changed = before.replacen(TOUCHABLE, &line, 1);
        fs::write(file, changed)?;
        let cost = self.check();
        fs::write(file, before)?;
        Ok(Some(cost?.0))
    }
}

fn size(folder: &std::path::Path) -> u64 {
    let entries = walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok);
    entries
        .filter_map(|entry| entry.metadata().ok())
        .filter(fs::Metadata::is_file)
        .map(|file| file.len())
        .sum()
}
