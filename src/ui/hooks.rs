//! The hooks of a dry run.

use super::Paint;
use super::lines;
use super::words::{clean, tilde};

/// A section with a line for each hook, and the reason why it cannot be run.
pub fn section(hooks: &[(String, Option<String>)], paint: Paint) -> String {
    let lines = hooks.iter().map(|(line, problem)| {
        let line = tilde(&clean(line));
        match problem {
            Some(problem) => {
                let label = paint.error("error");
                format!("{line}\n    {label}: it {}", tilde(&clean(problem)))
            }
            None => line,
        }
    });
    lines::section("run hooks", lines, paint)
}
