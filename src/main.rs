//! The program: arguments in, exit code out.
#![expect(clippy::disallowed_methods, reason = "hands over the arguments")]

use std::process::ExitCode;

fn main() -> ExitCode {
    i3pm_layout::cli::run(std::env::args_os()).into()
}
