//! Parse, run, print, exit.

use std::process::ExitCode;

use constitution::cli;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let invocation = match cli::parse(std::env::args_os()) {
        Ok(invocation) => invocation,
        Err(answer) => return answer.print().into(),
    };
    match invocation.run() {
        Ok(exit) => exit.into(),
        Err(error) => invocation.complain(&error).into(),
    }
}
