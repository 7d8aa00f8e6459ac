//! The outputs of workspaces in the i3 config. Pure.

use super::config::{after_word, read_all, workspace_and_rest};
use super::reply::Config;
use crate::live::WorkspaceOutput;

/// The lines `workspace NAME output OUTPUT…`, in the order of the config.
pub(super) fn workspace_outputs(config: &Config) -> Vec<WorkspaceOutput> {
    let mut found = Vec::new();
    read_all(config, &mut |line| found.extend(parse(line)));
    found
}

fn parse(line: &str) -> Option<WorkspaceOutput> {
    after_word(&line.to_ascii_lowercase(), "workspace")?;
    let (workspace, rest) = workspace_and_rest(line)?;
    let (word, outputs) = rest.split_once(char::is_whitespace)?;
    word.eq_ignore_ascii_case("output")
        .then(|| WorkspaceOutput {
            workspace,
            outputs: words(outputs),
            line: line.to_owned(),
        })
}

/// Words, quoted or not.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_outputs_are_read() {
        let config = Config {
            config: "workspace 1 output DP-1 HDMI-1\n  Workspace \"2: a b\" output \"DP-2\" primary\n\
                     workspace 3 gaps inner 5\nworkspace 4 outputs DP-1\n# workspace 5 output DP-1\n\
                     bindsym x workspace 6 output DP-1\nworkspace 7 output"
                .to_owned(),
            included_configs: Vec::new(),
        };
        let found = workspace_outputs(&config);
        let texts: Vec<String> = found
            .iter()
            .map(|one| format!("{} -> {}", one.workspace, one.outputs.join(",")))
            .collect();
        assert_eq!(texts, ["1 -> DP-1,HDMI-1", "2: a b -> DP-2,primary"]);
        assert_eq!(found[0].line, "workspace 1 output DP-1 HDMI-1");
    }
}
