//! The values of options that name a workspace, an output or a slot.

use clap::CommandFactory as _;

use super::Cli;

/// Parses a name. A name may begin with `-`, as a workspace's can, but it must not be an
/// option: then the value is missing.
pub(super) fn value(text: &str) -> Result<String, String> {
    if is_option(text) {
        return Err("the value is missing before this option".to_owned());
    }
    Ok(text.to_owned())
}

fn is_option(text: &str) -> bool {
    if !text.starts_with('-') {
        return false;
    }
    let name = text.split_once('=').map_or(text, |(name, _)| name);
    let mut command = Cli::command();
    // This adds `--help`.
    command.build();
    command.get_subcommands().any(|subcommand| {
        subcommand.get_arguments().any(|argument| {
            let long = argument.get_long().map(|long| format!("--{long}"));
            let short = argument.get_short().map(|short| format!("-{short}"));
            [long, short].into_iter().flatten().any(|one| one == name)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn names_may_begin_with_a_hyphen_but_not_be_options() {
        for name in ["1", "-1", "-", "--", "-mail", "--mine", "2=3"] {
            assert_eq!(value(name).as_deref(), Ok(name));
        }
        for option in ["--dry-run", "--json", "-h", "--help", "-o", "--timeout=3"] {
            assert!(value(option).is_err(), "{option}");
        }
    }
}
