//! One round: the floor, and checks in the states that a cache can be in.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::measure::{Cost, measure};
use crate::repository;

/// The first argument of the process that is the floor.
pub(crate) const FLOOR: &str = "--floor";

/// The end of a function's head, which a statement may follow.
pub(crate) const TOUCHABLE: &str = ") -> Result<Self> {";

/// Of two states of a workspace, the one that a check is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judged {
    Folder,
    Index,
}

impl Judged {
    /// A name that no other state has.
    fn word(self) -> &'static str {
        match self {
            Self::Folder => "touched",
            Self::Index => "staged",
        }
    }
}

pub(crate) struct Bench {
    pub(crate) root: PathBuf,
    pub(crate) constitution: Option<PathBuf>,
    /// Names every source file.
    pub(crate) list: PathBuf,
    pub(crate) cache: PathBuf,
    pub(crate) threads: usize,
    /// The file that may be changed.
    pub(crate) touch: Option<PathBuf>,
    /// Whether all of it is staged in a repository.
    pub(crate) staged: bool,
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
    /// What is staged, where the folder holds the same: nothing changed since.
    pub(crate) staged: Option<Cost>,
    /// One line of one file staged since.
    pub(crate) staged_touched: Option<Cost>,
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
        let (cold, report) = self.check(Judged::Folder)?;
        let cached = size(&self.cache);
        let again = |judged: Judged| -> io::Result<Cost> {
            let (cost, again) = self.check(judged)?;
            if again != report {
                eprintln!("WRONG: the warm check reports something else than the cold one");
            }
            Ok(cost)
        };
        let warm = again(Judged::Folder)?;
        let staged = self.staged.then(|| again(Judged::Index)).transpose()?;
        Ok(Round {
            floor,
            unparsed: String::from_utf8_lossy(&unparsed)
                .trim()
                .parse()
                .unwrap_or(usize::MAX),
            cold,
            warm,
            staged,
            touched: self.touched(number, Judged::Folder)?,
            staged_touched: match self.staged {
                true => self.touched(number, Judged::Index)?,
                false => None,
            },
            report: serde_json::from_slice(&report).unwrap_or_default(),
            cached,
        })
    }

    fn check(&self, judged: Judged) -> io::Result<(Cost, Vec<u8>)> {
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
        if judged == Judged::Index {
            check.arg("--staged");
        }
        if let Some(constitution) = &self.constitution {
            check.arg("--constitution").arg(constitution);
        }
        measure(check.stderr(Stdio::null()))
    }

    /// Changes a line, stages it if that is judged, checks, and takes the change back.
    fn touched(&self, number: usize, judged: Judged) -> io::Result<Option<Cost>> {
        let Some(file) = &self.touch else {
            return Ok(None);
        };
        let before = fs::read_to_string(file)?;
        let line = format!("{TOUCHABLE} let {} = {number};", judged.word());
        let changed = before.replacen(TOUCHABLE, &line, 1);
        let put = |text: &str| {
            fs::write(file, text)?;
            match judged {
                Judged::Folder => Ok(()),
                Judged::Index => repository::stage(&self.root),
            }
        };
        let cost = put(&changed).and_then(|()| self.check(judged));
        put(&before)?;
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
