//! The program: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    i3pm_layout::cli::run(std::env::args_os()).into()
}
