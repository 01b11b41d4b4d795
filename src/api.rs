//! The library: a check for the test suite of a workspace.

use std::fmt;
use std::path::PathBuf;

use crate::check::{self, Cache, Request};
use crate::cli::{self, standing};
use crate::finding::Level;
use crate::freeze::records::Records;
use crate::provenance::Moment;
use crate::report::look::Look;
use crate::report::{self, Format};
use crate::rules;

/// The check of the workspace around a package; the same as [`Check::new`].
///
/// ```
/// constitution::check(env!("CARGO_MANIFEST_DIR")).assert_lawful();
/// ```
pub fn check(manifest_dir: impl Into<PathBuf>) -> Check {
    Check::new(manifest_dir)
}

/// A check in the making.
///
/// In a test of your own, `env!("CARGO_MANIFEST_DIR")` names the workspace; here it is one that breaks the law:
///
/// ```
/// # use std::error::Error;
/// # fn main() -> Result<(), Box<dyn Error>> {
/// # if !std::path::Path::new("fixtures").exists() {
/// #     eprintln!("skipped: the package of a release holds no fixtures");
/// #     return Ok(());
/// # }
/// use constitution::{Check, Level, Verdict};
///
/// let report = Check::new("fixtures/frozen").fail_on(Level::Risk).run()?;
/// assert_eq!(report.verdict(), Verdict::Freeze);
/// let first = &report.findings()[0];
/// assert_eq!(first.rule, "engine-dependency");
/// assert_eq!((&*first.file, first.line), ("crates/cell-orders/Cargo.toml", 8));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a check judges nothing before it is run"]
pub struct Check {
    manifest_dir: PathBuf,
    constitution: Option<PathBuf>,
    fail_on: Level,
    cached: bool,
}

impl Check {
    /// Of the workspace that the package in this folder belongs to, by the law at the workspace's root.
    pub fn new(manifest_dir: impl Into<PathBuf>) -> Self {
        Self {
            manifest_dir: manifest_dir.into(),
            constitution: None,
            fail_on: Level::Breach,
            cached: true,
        }
    }

    /// By the law in this file.
    pub fn constitution(self, file: impl Into<PathBuf>) -> Self {
        Self {
            constitution: Some(file.into()),
            ..self
        }
    }

    /// What freezes: findings of this level or a graver one. [`Level::Breach`] unless told.
    pub fn fail_on(self, level: Level) -> Self {
        Self {
            fail_on: level,
            ..self
        }
    }

    /// Neither uses nor writes the cache in cargo's target directory.
    pub fn without_cache(self) -> Self {
        Self {
            cached: false,
            ..self
        }
    }

    /// Judges the workspace.
    ///
    /// # Errors
    /// If nothing could be judged: there is no workspace, or its constitution is wrong or claims nothing.
    ///
    /// ```
    /// let error = constitution::check("src").run().unwrap_err();
    /// assert!(error.to_string().contains("Cargo.toml"));
    /// ```
    pub fn run(&self) -> Result<Report, Error> {
        let manifest = self.manifest_dir.join("Cargo.toml");
        let request = Request {
            manifest_path: Some(manifest),
            constitution: self.constitution.clone(),
            cache: if self.cached {
                Cache::Target
            } else {
                Cache::Off
            },
            threads: None,
            stand_in: None,
            with: Vec::new(),
        };
        let wrong = |error: &miette::Report| Error {
            text: cli::render_error(error, &Look::PLAIN),
        };
        let (mut outcome, law) = check::check(&request).map_err(|error| wrong(&error))?;
        let records = Records::read(&mut outcome.sources).map_err(|error| wrong(&error.into()))?;
        let report = outcome.judged.report(self.fail_on, &outcome.sources);
        let report = standing::under(report, &records, &law, Moment::now(), None);
        Ok(Report::new(&report.with_rules(rules::all())))
    }

    /// Judges the workspace, for a test that fails where it is not lawful.
    ///
    /// # Panics
    /// With the whole report, or with what is wrong with the constitution.
    ///
    /// ```should_panic
    /// use constitution::Level;
    /// // Where even warnings count, so do the literals in our own tests.
    /// constitution::check(env!("CARGO_MANIFEST_DIR")).fail_on(Level::Warning).assert_lawful();
    /// ```
    #[track_caller]
    pub fn assert_lawful(&self) {
        match self.run() {
            Ok(report) if report.verdict() == Verdict::Lawful => {}
            Ok(report) => panic!("the workspace breaks its constitution\n\n{report}"),
            Err(error) => panic!("the workspace could not be judged\n\n{error}"),
        }
    }
}

/// What a check says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// No finding at or over the failing level, and all was read.
    Lawful,
    /// At least one finding at or over the failing level.
    Freeze,
    /// Something that had to be read could not be.
    Blind,
}

/// The outcome of a check. It displays as the report that people see in a terminal.
#[derive(Debug, Clone)]
pub struct Report {
    verdict: Verdict,
    findings: Vec<Finding>,
    text: String,
}

impl Report {
    fn new(report: &report::Report<'_>) -> Self {
        let mut text = Vec::new();
        Format::Human
            .write(report, &Look::PLAIN, &mut text)
            .expect("a Vec takes all");
        let findings = report.findings().into_iter().map(|finding| Finding {
            rule: finding.rule.id,
            level: finding.level,
            message: finding.message.clone(),
            help: finding.help.clone(),
            file: report.file(finding.place).to_owned(),
            line: finding.place.span.start.line(),
            column: finding.place.span.start.column(),
            package: finding.package.clone(),
            module: finding.module.clone(),
            layer: finding.layer.clone(),
            target: finding.target.clone(),
            test: finding.test,
        });
        Self {
            verdict: match report.verdict {
                report::Verdict::Lawful => Verdict::Lawful,
                report::Verdict::Freeze => Verdict::Freeze,
                report::Verdict::Blind => Verdict::Blind,
            },
            findings: findings.collect(),
            text: String::from_utf8_lossy(&text).into_owned(),
        }
    }

    /// What the findings and blind spots come to.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// In the order of files and places, whatever their levels.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// One place where a law is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The law's id, such as `engine-reference`.
    pub rule: &'static str,
    pub level: Level,
    pub message: String,
    /// One way out.
    pub help: String,
    /// From the workspace's root, with `/`.
    pub file: String,
    /// From one.
    pub line: u32,
    /// In characters, from one.
    pub column: u32,
    pub package: Option<String>,
    pub module: Option<String>,
    pub layer: Option<String>,
    /// What is reached, such as `sqlx::PgPool` or a package's name.
    pub target: Option<String>,
    /// Whether only tests use the place.
    pub test: bool,
}

/// Why nothing could be judged, with the place and the way out.
#[derive(Debug, Clone)]
pub struct Error {
    text: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}
