//! What day it is, for records that run out.

use clap::Args;

use crate::provenance::Moment;

#[derive(Debug, Args)]
pub(crate) struct Clock {
    /// Judge records as of this day or moment, such as 2026-11-23, instead of now: to see what will run out
    #[arg(long, value_name = "TIME", hide_short_help = true, global = true)]
    now: Option<Moment>,
}

impl Clock {
    pub(crate) fn now(&self) -> Moment {
        self.now.unwrap_or_else(Moment::now)
    }
}
