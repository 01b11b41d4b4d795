//! `freeze`: declares one, and goes through Section VIII step by step until it is lifted.

use clap::{Args, Subcommand};
use miette::{Context, IntoDiagnostic};

use super::check::levels;
use super::clock::Clock;
use super::desk::Desk;
use super::plane::{harmless, put};
use super::registry::Shape;
use super::subject::Subject;
use super::{Exit, Invocation};
use crate::finding::Level;
use crate::freeze::case::{self, Case, Declaration, Found, Lift, Plan, Remedy, Review};
use crate::freeze::ledger::Deed;
use crate::freeze::record::{self, digest, word};
use crate::freeze::records::shown;
use crate::freeze::signature::Act;
use crate::freeze::store::FOLDER;
use crate::provenance::Provenance;
use crate::report::look::Look;
use crate::report::{Format, Report, Verdict};
use crate::tool::TOOL;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Common {
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    clock: Clock,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Declare a freeze over all that freezes now: every check fails until it is lifted
    Declare {
        /// What happened, in one line
        #[arg(long, value_name = "TEXT")]
        what: Option<String>,
        /// The least level that freezes
        #[arg(long, value_name = "LEVEL", default_value = "breach", value_parser = levels())]
        fail_on: Level,
        #[command(flatten)]
        common: Common,
    },
    /// Write the remediation plan: how each finding is to be remedied
    Plan {
        /// The freeze; needed if several are in force
        freeze: Option<String>,
        /// Who writes and signs it
        #[arg(long, value_name = "WHO")]
        author: String,
        /// How one finding is remedied, by the beginning of its fingerprint, or `all=HOW`
        #[arg(long, value_name = "FINGERPRINT=HOW", required = true)]
        remedy: Vec<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Review the plan; by somebody else than its author
    Review {
        /// The freeze; needed if several are in force
        freeze: Option<String>,
        /// Who reviews and signs it
        #[arg(long, value_name = "WHO")]
        reviewer: String,
        /// What the review found
        #[arg(long, value_name = "TEXT")]
        opinion: String,
        #[command(flatten)]
        common: Common,
    },
    /// Write what the Founder signs to end the freeze; the check must be clean
    Lift {
        /// The freeze; needed if several are in force
        freeze: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Where every freeze stands, and what comes next
    Status {
        /// What is written
        #[arg(long, value_name = "FORMAT", value_enum, default_value = "human")]
        format: Shape,
        #[command(flatten)]
        common: Common,
    },
}

pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    let open = |common: &Common| Desk::open(&common.subject, &common.clock, invocation);
    match &arguments.command {
        Command::Declare {
            what,
            fail_on,
            common,
        } => {
            let desk = open(common)?;
            declare(&desk, what.as_deref(), *fail_on)?;
            desk.tell_attributes(invocation);
        }
        Command::Plan {
            freeze,
            author,
            remedy,
            common,
        } => plan(&open(common)?, freeze.as_deref(), author, remedy)?,
        Command::Review {
            freeze,
            reviewer,
            opinion,
            common,
        } => review(&open(common)?, freeze.as_deref(), reviewer, opinion)?,
        Command::Lift { freeze, common } => lift(&open(common)?, freeze.as_deref())?,
        Command::Status { format, common } => return status(&open(common)?, *format),
    }
    Ok(Exit::Lawful)
}

fn declare(desk: &Desk, what: Option<&str>, fail_on: Level) -> miette::Result<()> {
    let report = desk.report(fail_on);
    let frozen: Vec<_> = report
        .entries
        .iter()
        .filter(|it| report.freezes(it))
        .collect();
    if frozen.is_empty() {
        miette::bail!(
            help = "`--fail-on LEVEL` sets the least level that freezes",
            "nothing was found that freezes, so there is nothing to declare"
        );
    }
    let told = |case: &Case| {
        let findings = case.declaration.iter().flat_map(|it| &it.findings);
        let told: Vec<&str> = findings.map(|it| it.fingerprint.as_str()).collect();
        frozen
            .iter()
            .all(|it| told.contains(&it.fingerprint.as_str()))
    };
    let cases = desk.records.cases(desk.now);
    if let Some(case) = cases.iter().find(|case| case.is_in_force() && told(case)) {
        miette::bail!(
            help = case.next(),
            "the freeze `{}` is in force over all of this already",
            case.id
        );
    }
    let mut bytes = Vec::new();
    Format::Json
        .write(&report, &Look::PLAIN, &mut bytes)
        .into_diagnostic()
        .wrap_err("cannot write the report")?;
    let text = String::from_utf8(bytes).into_diagnostic()?;
    let freeze = format!("{}-{}", desk.now.day(), &digest(text.as_bytes())[..8]);
    let mut clauses: Vec<String> = frozen
        .iter()
        .map(|it| it.finding.rule.clause.to_owned())
        .collect();
    clauses.sort();
    clauses.dedup();
    let from = Provenance::read(report.sources, &desk.law.name);
    let found = frozen.iter().map(|entry| Found {
        fingerprint: entry.fingerprint.clone(),
        rule: entry.finding.rule.id.to_owned(),
        clause: entry.finding.rule.clause.to_owned(),
        at: report.at(entry.finding.place),
        message: harmless(&entry.finding.message),
    });
    let declaration = Declaration {
        freeze: freeze.clone(),
        declared: word(desk.now.to_string()),
        what: what.unwrap_or(&frozen[0].finding.message).to_owned(),
        clauses,
        tool: TOOL.to_owned(),
        commit: from.repository.as_ref().ok().map(|it| it.commit.clone()),
        tree: from.tree_digest,
        constitution: from.law_digest,
        report: digest(text.as_bytes()),
        ledger: desk.head().map(word),
        findings: found.collect(),
    };
    let name = |step: &str| format!("{}{freeze}/{step}", case::FOLDER);
    desk.keep(&name(case::REPORT), &text)?;
    let declared = name(case::DECLARATION);
    desk.put(
        Deed::Declare,
        &declared,
        &record::write(&declaration),
        false,
    )?;
    let text = format!(
        "declared: {freeze}, over {} findings, in {FOLDER}/{declared}\nnext: cargo constitution freeze plan {freeze} \
         --author WHO --remedy FINGERPRINT=HOW\n",
        frozen.len()
    );
    put(&harmless(&text), None)
}

/// The freeze that is meant, which must be in force.
fn meant(desk: &Desk, asked: Option<&str>) -> miette::Result<Case> {
    let mut cases = desk.records.cases(desk.now);
    cases.retain(|case| case.is_in_force() && asked.is_none_or(|asked| case.id == asked));
    let ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    match (&ids[..], asked) {
        ([_], _) => Ok(cases.remove(0)),
        ([], Some(asked)) => miette::bail!(
            help = "`cargo constitution freeze status` lists those that are",
            "no freeze `{asked}` is in force"
        ),
        ([], None) => miette::bail!("no freeze is in force"),
        (ids, _) => miette::bail!("which freeze? In force are {}", ids.join(", ")),
    }
}

/// Refuses a step whose turn it is not.
fn in_turn(
    case: &Case,
    before: &case::State,
    after: &case::State,
    step: &str,
) -> miette::Result<()> {
    if !before.is_done() {
        miette::bail!(
            help = case.next(),
            "the {step} is not next in the freeze `{}`: what comes before it is {}",
            case.id,
            before.words()
        );
    }
    if after.is_done() {
        miette::bail!(
            help = case.next(),
            "the {step} of the freeze `{}` stays as it is: the step after it is {}",
            case.id,
            after.words()
        );
    }
    Ok(())
}

/// SHA-256 of a file of the freeze.
fn of(desk: &Desk, case: &Case, step: &str) -> String {
    digest(
        desk.records
            .store()
            .get(&case.file(step))
            .unwrap_or_default(),
    )
}

fn plan(desk: &Desk, asked: Option<&str>, author: &str, remedies: &[String]) -> miette::Result<()> {
    let case = meant(desk, asked)?;
    in_turn(&case, &case.declared, &case.review, "plan")?;
    let findings = case.declaration.iter().flat_map(|it| &it.findings);
    let mut planned = Vec::new();
    let mut open = Vec::new();
    for finding in findings {
        let own = remedies.iter().filter_map(|remedy| remedy.split_once('='));
        let how = own
            .clone()
            .find(|(name, _)| name.len() >= 4 && finding.fingerprint.starts_with(name));
        let how = how.or_else(|| own.clone().find(|(name, _)| *name == "all"));
        match how.filter(|(_, how)| !how.trim().is_empty()) {
            Some((_, how)) => planned.push(Remedy {
                fingerprint: finding.fingerprint.clone(),
                how: how.to_owned(),
            }),
            None => open.push(format!(
                "{} {} {}",
                finding.fingerprint, finding.rule, finding.at
            )),
        }
    }
    if !open.is_empty() {
        miette::bail!(
            help = "give each a --remedy FINGERPRINT=HOW, or --remedy all=HOW",
            "a plan has a remedy for every finding; there is none for\n{}",
            harmless(&open.join("\n"))
        );
    }
    let plan = Plan {
        freeze: case.id.clone(),
        declaration: of(desk, &case, case::DECLARATION),
        author: word(author),
        written: word(desk.now.to_string()),
        ledger: desk.head().map(word),
        remedies: planned,
    };
    let name = case.file(case::PLAN);
    desk.put(Deed::Plan, &name, &record::write(&plan), true)?;
    written(&name, author, Act::Plan)
}

fn review(desk: &Desk, asked: Option<&str>, reviewer: &str, opinion: &str) -> miette::Result<()> {
    let case = meant(desk, asked)?;
    in_turn(&case, &case.plan, &case.lift, "review")?;
    if case.author.as_deref() == Some(reviewer) {
        miette::bail!(
            help = "somebody else reviews it, who may sign `review@cargo-constitution`",
            "`{reviewer}` wrote the plan, and cannot review it"
        );
    }
    let review = Review {
        freeze: case.id.clone(),
        declaration: of(desk, &case, case::DECLARATION),
        plan: of(desk, &case, case::PLAN),
        reviewer: word(reviewer),
        written: word(desk.now.to_string()),
        opinion: opinion.to_owned(),
        ledger: desk.head().map(word),
    };
    let name = case.file(case::REVIEW);
    desk.put(Deed::Review, &name, &record::write(&review), true)?;
    written(&name, reviewer, Act::Review)
}

fn lift(desk: &Desk, asked: Option<&str>) -> miette::Result<()> {
    let case = meant(desk, asked)?;
    in_turn(&case, &case.review, &case.lift, "lift")?;
    let report = desk.report(Level::Breach);
    clean(&report)?;
    let from = Provenance::read(report.sources, &desk.law.name);
    let lift = Lift {
        freeze: case.id.clone(),
        declaration: of(desk, &case, case::DECLARATION),
        plan: of(desk, &case, case::PLAN),
        review: of(desk, &case, case::REVIEW),
        written: word(desk.now.to_string()),
        tool: TOOL.to_owned(),
        commit: from.repository.as_ref().ok().map(|it| it.commit.clone()),
        tree: from.tree_digest,
        constitution: from.law_digest,
        ledger: desk.head().map(word),
    };
    let name = case.file(case::LIFT);
    desk.put(Deed::Lift, &name, &record::write(&lift), true)?;
    written(&name, "the Founder", Act::Lift)
}

/// Refuses where anything but the freezes themselves stands in the way.
fn clean(report: &Report<'_>) -> miette::Result<()> {
    let frozen: Vec<String> = report
        .entries
        .iter()
        .filter(|entry| report.freezes(entry))
        .map(|entry| {
            format!(
                "{} {}",
                report.at(entry.finding.place),
                entry.finding.rule.id
            )
        })
        .collect();
    if !frozen.is_empty() {
        miette::bail!(
            help = "mend it, then lift",
            "the check is not clean: {} still freeze, among them {}",
            frozen.len(),
            frozen[0]
        );
    }
    if report.verdict == Verdict::Blind || !report.blind_spots.is_empty() {
        miette::bail!(
            help = "`cargo constitution check` names what cannot be read",
            "the check is not clean: part of the workspace cannot be read"
        );
    }
    Ok(())
}

fn written(name: &str, who: &str, act: Act) -> miette::Result<()> {
    let text = format!(
        "written: {FOLDER}/{name}\nto be signed by {who}: {}\n",
        act.command(name)
    );
    put(&harmless(&text), None)
}

/// What a program is told of a freeze.
#[derive(serde::Serialize)]
struct Row {
    in_force: bool,
    #[serde(flatten)]
    freeze: crate::report::standing::Freeze,
}

fn status(desk: &Desk, shape: Shape) -> miette::Result<Exit> {
    let cases = desk.records.cases(desk.now);
    let exit = match cases.iter().any(Case::is_in_force) {
        true => Exit::Freeze,
        false => Exit::Lawful,
    };
    let rows = cases.iter().map(|case| Row {
        in_force: case.is_in_force(),
        freeze: shown(case),
    });
    let rows: Vec<Row> = rows.collect();
    let text = match shape {
        Shape::Json => serde_json::to_string_pretty(&rows).into_diagnostic()? + "\n",
        Shape::Human if rows.is_empty() => "no freeze was ever declared\n".to_owned(),
        Shape::Human => harmless(&rows.iter().map(told).collect::<String>()),
    };
    put(&text, None)?;
    Ok(exit)
}

fn told(row: &Row) -> String {
    let freeze = &row.freeze;
    let force = if row.in_force { "in force" } else { "lifted" };
    let mut text = format!("{} {force}: {}\n", freeze.id, freeze.what);
    for (number, step) in (1..).zip(&freeze.steps) {
        text.push_str(&format!("  {number}. {:22} {}\n", step.name, step.state));
    }
    text.push_str(&format!(
        "     {:22} {}\n  next: {}\n",
        "Lift", freeze.lift, freeze.next
    ));
    text
}
