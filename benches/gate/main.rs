//! Checks of a large workspace beside the floor: what reading and parsing alone take.
//!
//! `cargo bench --bench gate`                    on a workspace that is generated
//! `cargo bench --bench gate -- --quick`         one round
//! `cargo bench --bench gate -- --generate`      only writes that workspace, and says where
//! `cargo bench --bench gate -- PATH`            on a workspace that is there; nothing in it is touched
//! `cargo bench --bench gate -- … --rounds N`    instead of five
//! `cargo bench --bench gate -- … --constitution FILE`    by this law; without one, and where PATH has none,
//! every package is a cell

mod breaches;
mod fill;
mod floor;
mod items;
mod manifests;
mod measure;
mod plan;
mod random;
mod repository;
mod rounds;
mod source;
mod table;
mod words;
mod workspace;

use std::path::{Path, PathBuf};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As many as the bounds speak of.
const CORES: usize = 2;

/// The law for a workspace that has none: all rules for capability code apply to all of it.
const LAW: &str = "[[assign]]\nlayer = \"cell\"\npaths = [\"**\"]\n";

/// What the command line asks for.
struct Options {
    path: Option<PathBuf>,
    constitution: Option<PathBuf>,
    rounds: usize,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [role, list, threads] = arguments.as_slice()
        && role == rounds::FLOOR
    {
        floor::run(
            Path::new(list),
            threads.parse().expect("a number of threads"),
        );
        return;
    }
    // `cargo test --all-targets` runs benchmarks too, and does not say this.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let options = match options(&arguments) {
        Ok(options) => options,
        Err(wrong) => return eprintln!("{wrong}"),
    };
    if let Err(error) = run(&options) {
        eprintln!("the benchmark failed: {error}");
    }
}

fn options(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options {
        path: None,
        constitution: None,
        rounds: 5,
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || {
            arguments
                .next()
                .ok_or_else(|| format!("`{argument}` needs a value"))
        };
        match argument.as_str() {
            "--bench" => {}
            "--generate" => options.rounds = 0,
            "--quick" => options.rounds = 1,
            "--rounds" => {
                let number = value()?.parse().ok().filter(|&number| number > 0);
                options.rounds = number.ok_or("`--rounds` takes a number over zero")?;
            }
            "--constitution" => options.constitution = Some(absolute(value()?)?),
            path if !path.starts_with('-') => options.path = Some(absolute(path)?),
            other => {
                return Err(format!(
                    "`{other}` is not known: --generate, --quick, --rounds N, --constitution FILE, PATH"
                ));
            }
        }
    }
    Ok(options)
}

fn absolute(path: &str) -> Result<PathBuf, String> {
    Path::new(path)
        .canonicalize()
        .map_err(|error| format!("`{path}`: {error}"))
}

fn run(options: &Options) -> std::io::Result<()> {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gate");
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get().min(CORES));
    let root = match &options.path {
        Some(path) => path.clone(),
        None => workspace::generated(&scratch)?,
    };
    if options.rounds == 0 {
        println!("{}", root.display());
        return Ok(());
    }
    std::fs::create_dir_all(&scratch)?;
    let files = workspace::sources(&root);
    // This also brings the files into the system's cache, for all runs alike.
    let size = table::Size::of(&files)?;
    let bench = rounds::Bench {
        touch: touchable(&files).filter(|_| options.path.is_none()),
        staged: options.path.is_none() && repository::holds(&root),
        constitution: law(options, &root, &scratch)?,
        list: scratch.join("files"),
        cache: scratch.join("cache"),
        root,
        threads,
    };
    let list: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    std::fs::write(&bench.list, list.join("\n"))?;
    let mut all = Vec::new();
    for round in 0..options.rounds {
        all.push(bench.round(round)?);
    }
    table::print(&bench, &size, &all);
    Ok(())
}

/// The constitution to check by, where it is not the workspace's own or the built-in one.
fn law(options: &Options, root: &Path, scratch: &Path) -> std::io::Result<Option<PathBuf>> {
    let given = options.constitution.clone();
    if given.is_some() || options.path.is_none() || root.join("constitution.toml").exists() {
        return Ok(given);
    }
    let file = scratch.join("constitution.toml");
    std::fs::write(&file, LAW)?;
    Ok(Some(file))
}

/// A file in the midst of all with a line that can be changed.
fn touchable(files: &[PathBuf]) -> Option<PathBuf> {
    let half = files.iter().skip(files.len() / 2);
    let mut found = half.filter(|file| {
        std::fs::read_to_string(file).is_ok_and(|text| text.contains(rounds::TOUCHABLE))
    });
    found.next().cloned()
}
