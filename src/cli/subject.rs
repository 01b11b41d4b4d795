//! What every command that reads a workspace is told: which one, by which law, with what means.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use crate::check::{Cache, Request};

#[derive(Debug, Args)]
pub(crate) struct Subject {
    /// The Cargo.toml of the workspace, instead of the one around the current folder
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
    /// The law, instead of constitution.toml at the workspace's root
    #[arg(long, value_name = "FILE")]
    constitution: Option<PathBuf>,
    /// Keep the cache here instead of in cargo's target directory
    #[arg(long, value_name = "FOLDER", conflicts_with = "no_cache")]
    cache_dir: Option<PathBuf>,
    /// Neither use nor write a cache
    #[arg(long)]
    no_cache: bool,
    /// How many threads read, at most; as many as the machine has otherwise
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

/// What a change is compared with.
#[derive(Debug, Args)]
pub(crate) struct Against {
    /// Judge by the law at this commit too, and tell what is new since
    #[arg(long, value_name = "REF")]
    pub(crate) base: Option<String>,
}

impl Subject {
    pub(crate) fn request(&self) -> Request {
        Request {
            manifest_path: self.manifest_path.clone(),
            constitution: self.constitution.clone(),
            cache: match &self.cache_dir {
                _ if self.no_cache => Cache::Off,
                Some(folder) => Cache::At(folder.clone()),
                None => Cache::Target,
            },
            threads: self.threads,
            with: Vec::new(),
            stand_in: None,
        }
    }
}
