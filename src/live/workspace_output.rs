//! The outputs that the i3 config assigns to workspaces.

use super::{Output, workspace_number};

/// A line `workspace NAME output OUTPUT…` of the i3 config (i3 user guide, "Automatically putting
/// workspaces on specific screens").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceOutput {
    /// The workspace: its name, or only its number.
    pub workspace: String,
    /// The outputs in order of preference, or `primary` or `nonprimary`.
    pub outputs: Vec<String>,
    /// The line.
    pub line: String,
}

/// The output on which i3 creates a workspace with this name, and the line that says so. Lines with
/// the name take precedence over lines with its number (`get_assigned_output` in i3's
/// `src/workspace.c`).
pub fn assigned_output<'a>(
    name: &str,
    lines: &'a [WorkspaceOutput],
    outputs: &'a [Output],
) -> Option<(&'a Output, &'a WorkspaceOutput)> {
    let is_number = |line: &WorkspaceOutput| {
        line.workspace.bytes().all(|byte| byte.is_ascii_digit())
            && workspace_number(&line.workspace).is_some()
            && workspace_number(&line.workspace) == workspace_number(name)
    };
    let present = |line: &'a WorkspaceOutput| {
        let mut wishes = line.outputs.iter();
        wishes.find_map(|wish| Some((output_named(wish, outputs)?, line)))
    };
    let mut by_name = lines.iter().filter(|line| line.workspace == name);
    let mut by_number = lines.iter().filter(|line| is_number(line));
    by_name
        .find_map(present)
        .or_else(|| by_number.find_map(present))
}

/// True if both are the name of one output. i3 ignores the ASCII case (`get_output_by_name` in i3's
/// `src/randr.c`).
pub fn same_output(name: &str, other: &str) -> bool {
    name.eq_ignore_ascii_case(other)
}

/// The name for RandR's primary output.
pub const PRIMARY: &str = "primary";

/// The name for the first output that is not the primary one (i3 user guide, "Automatically putting
/// workspaces on specific screens").
const NONPRIMARY: &str = "nonprimary";

/// True for a name that i3 reads as a direction in its commands, whatever the case
/// (`get_output_from_string` in i3's `src/output.c`).
pub fn is_direction(name: &str) -> bool {
    let words = ["left", "right", "up", "down", "current", "next", "prev"];
    words.into_iter().any(|word| same_output(name, word))
}

/// A role of outputs that a word in the place of an output's name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputRole {
    /// RandR's primary output.
    Primary,
    /// The first output that is not the primary one.
    NonPrimary,
}

impl OutputRole {
    /// The role that this word means, if it means one.
    pub fn of(word: &str) -> Option<Self> {
        if same_output(word, PRIMARY) {
            Some(Self::Primary)
        } else {
            same_output(word, NONPRIMARY).then_some(Self::NonPrimary)
        }
    }
}

/// The output with this name.
fn output_named<'a>(name: &str, outputs: &'a [Output]) -> Option<&'a Output> {
    let mut outputs = outputs.iter();
    match OutputRole::of(name) {
        Some(OutputRole::Primary) => outputs.find(|output| output.primary),
        Some(OutputRole::NonPrimary) => outputs.find(|output| !output.primary),
        None => outputs.find(|output| same_output(&output.name, name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_precedence_over_numbers_and_absent_outputs_are_skipped() {
        let output = |name: &str, primary| Output {
            name: name.to_owned(),
            primary,
            ..Output::default()
        };
        let outputs = [output("eDP-1", true), output("DP-1", false)];
        let lines = [
            ("1", "DP-9 DP-1"),
            ("1:web", "eDP-1"),
            ("2", "nonprimary"),
            ("x", "DP-9"),
        ];
        let lines = lines.map(|(workspace, outputs)| WorkspaceOutput {
            workspace: workspace.to_owned(),
            outputs: outputs.split(' ').map(str::to_owned).collect(),
            line: String::new(),
        });
        for (name, expected) in [
            ("1", Some("DP-1")),
            ("1:web", Some("eDP-1")),
            ("1:mail", Some("DP-1")),
            ("2: b", Some("DP-1")),
            ("12", None),
            ("x", None),
            ("web", None),
        ] {
            let found = assigned_output(name, &lines, &outputs);
            assert_eq!(
                found.map(|(output, _)| output.name.as_str()),
                expected,
                "{name}"
            );
        }
    }
}
