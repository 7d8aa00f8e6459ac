//! The values of options that name things of the desktop or of a layout.

use clap::CommandFactory as _;

use super::Cli;

/// A name as it was typed. It may begin with `-`, as a workspace's can; but an option
/// in its place means that the name was forgotten.
pub(super) fn value(text: &str) -> Result<String, String> {
    if is_option(text) {
        return Err("that is an option, the value is missing".to_owned());
    }
    Ok(text.to_owned())
}

fn is_option(text: &str) -> bool {
    if !text.starts_with('-') {
        return false;
    }
    let name = text.split_once('=').map_or(text, |(name, _)| name);
    let mut command = Cli::command();
    // Without it, there is no `--help`.
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
    fn a_name_may_begin_with_a_hyphen_but_be_no_option() {
        for name in ["1", "-1", "-", "--", "-mail", "--mine", "2=3"] {
            assert_eq!(value(name).as_deref(), Ok(name));
        }
        for option in ["--dry-run", "--json", "-h", "--help", "-o", "--timeout=3"] {
            assert!(value(option).is_err(), "{option}");
        }
    }
}
