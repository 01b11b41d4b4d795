//! A platform of two hundred workspaces: how long their facts take to merge, and one of them to be judged with all.
//!
//! `cargo bench --bench platform`                fails where either takes over five seconds
//! `cargo bench --bench platform -- --count N`   instead of two hundred

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// What merging, and judging one with all, may take.
const BOUND: Duration = Duration::from_secs(5);
/// Packages of one workspace; the constitution speaks of repositories of about this size.
const PACKAGES: usize = 16;
/// Libraries that each package depends on beside its fellows.
const LIBRARIES: [&str; 10] = [
    "serde",
    "thiserror",
    "smallvec",
    "uuid",
    "bytes",
    "futures",
    "rand",
    "regex",
    "itertools",
    "url",
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` runs benchmarks too, and does not say this.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return ExitCode::SUCCESS;
    }
    let mut given = arguments.iter().skip_while(|it| *it != "--count").skip(1);
    let count = given.next().and_then(|it| it.parse().ok()).unwrap_or(200);
    match run(count) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the benchmark failed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(count: usize) -> std::io::Result<bool> {
    let place = tempfile::tempdir()?;
    let mut files = Vec::new();
    let mut bytes = 0;
    for at in 0..count {
        let folder = place.path().join(format!("w{at}"));
        write(&folder, at, count)?;
        let file = place.path().join(format!("w{at}.json"));
        let name = format!("house/w{at}");
        let wanted = [
            "facts",
            "export",
            "--no-cache",
            "--quiet",
            "--name",
            &name,
            "--out",
        ];
        tool(
            &folder,
            wanted.map(PathBuf::from).into_iter().chain([file.clone()]),
            &[0],
        )?;
        bytes += std::fs::metadata(&file)?.len();
        files.push(file);
    }
    println!(
        "{count} workspaces of {PACKAGES} packages: {} KiB of facts",
        bytes >> 10
    );
    let first = place.path().join("w0");
    let all = place.path().join("all.json");
    let words = ["facts", "merge", "--out"].map(PathBuf::from);
    let merge = words.into_iter().chain([all.clone()]).chain(files.clone());
    let check = |with: Vec<PathBuf>| {
        let words = [
            "check",
            "--no-cache",
            "--quiet",
            "--format",
            "short",
            "--with",
        ];
        words.map(PathBuf::from).into_iter().chain(with)
    };
    let rows = [
        ("merge", tool(&first, merge, &[0])?),
        ("check with all files", tool(&first, check(files), &[1])?),
        (
            "check with the merged file",
            tool(&first, check(vec![all]), &[1])?,
        ),
    ];
    for (what, took) in rows {
        println!("{what:28} {:6.2} s", took.as_secs_f64());
    }
    Ok(rows.iter().all(|(_, took)| *took < BOUND))
}

/// Runs the program to an expected end.
fn tool(
    folder: &Path,
    arguments: impl Iterator<Item = PathBuf>,
    ends: &[i32],
) -> std::io::Result<Duration> {
    let start = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-constitution"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()?;
    let took = start.elapsed();
    if !ends.contains(&output.status.code().unwrap_or(-1)) {
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(std::io::Error::other(format!("{}: {told}", output.status)));
    }
    Ok(took)
}

/// A workspace whose packages depend on one another, on libraries, and on packages of the next three workspaces. In
/// the first, a capability reaches a runtime package of another workspace, so that there is something to find.
fn write(folder: &Path, at: usize, count: usize) -> std::io::Result<()> {
    let mut members = String::new();
    for package in 0..PACKAGES {
        let name = name(at, package);
        let crate_folder = folder.join("crates").join(&name);
        std::fs::create_dir_all(crate_folder.join("src"))?;
        let mut manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"1.{at}.0\"\nedition = \"2021\"\n\n[dependencies]\n"
        );
        for library in LIBRARIES {
            writeln!(manifest, "{library} = \"1\"").expect("a string takes all");
        }
        for lower in package.saturating_sub(3)..package {
            if lower < runtime() || package >= runtime() {
                let lower = self::name(at, lower);
                writeln!(manifest, "{lower} = {{ path = \"../{lower}\" }}").expect("it does");
            }
        }
        for next in (1..=3).filter(|next| at + next < count) {
            let other = self::name(at + next, package.min(runtime() - 1) / 2);
            writeln!(manifest, "{other} = \"1\"").expect("a string takes all");
        }
        if at == 0 && package == 0 {
            let other = self::name(1 % count, PACKAGES - 1);
            writeln!(manifest, "{other} = \"1\"").expect("a string takes all");
        }
        std::fs::write(crate_folder.join("Cargo.toml"), manifest)?;
        let ports: String = (0..4)
            .map(|port| format!("pub trait Port{port} {{ fn of(&self) -> u64; }}\n"))
            .collect();
        std::fs::write(crate_folder.join("src/lib.rs"), ports)?;
        writeln!(members, "    \"crates/{name}\",").expect("a string takes all");
    }
    let root = format!("[workspace]\nresolver = \"2\"\nmembers = [\n{members}]\n");
    std::fs::write(folder.join("Cargo.toml"), root)
}

/// From this package on, a workspace's packages are of the runtime plane.
fn runtime() -> usize {
    PACKAGES * 3 / 4
}

fn name(at: usize, package: usize) -> String {
    if package < runtime() {
        format!("cell-w{at}-p{package}")
    } else {
        format!("runtime-w{at}-p{package}")
    }
}
