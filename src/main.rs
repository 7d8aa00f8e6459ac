//! The program: passes the arguments to the library and returns the exit code.
#![expect(clippy::disallowed_methods, reason = "passes on the arguments")]

use std::process::ExitCode;

fn main() -> ExitCode {
    i3pm_layout::cli::run(std::env::args_os()).into()
}
