//! Help and version.

use clap::Command as Clap;

use super::Home;

#[test]
fn every_command_has_help_with_examples() {
    let command = i3pm_layout::cli::command();
    let mut seen = 0;
    for subcommand in command.get_subcommands() {
        let name = subcommand.get_name();
        let examples = subcommand.get_after_help().expect(name).to_string();
        assert!(examples.starts_with("Examples:\n"), "{name}");
        assert!(examples.contains(&format!("i3pm-layout {name}")), "{name}");
        let about = subcommand.get_about().expect(name).to_string();
        assert!(!about.ends_with('.'), "{name}: {about}");
        assert!(about.starts_with(char::is_uppercase), "{name}: {about}");
        check_arguments(subcommand);
        seen += 1;
    }
    assert!(seen >= 11);
}

fn check_arguments(command: &Clap) {
    for argument in command.get_arguments() {
        let id = format!("{} {}", command.get_name(), argument.get_id());
        let help = argument.get_help().expect(&id).to_string();
        assert!(!help.ends_with('.'), "{id}: {help}");
        assert!(help.starts_with(char::is_uppercase), "{id}: {help}");
    }
}

#[test]
fn examples_in_the_help_can_be_parsed() {
    for subcommand in i3pm_layout::cli::command().get_subcommands() {
        let help = subcommand
            .get_after_help()
            .expect("the command has examples")
            .to_string();
        for line in help.lines().skip(1) {
            let Some(at) = line.find("i3pm-layout ") else {
                panic!("no example: {line}");
            };
            let example = line[at..].split("  ").next().unwrap_or_default();
            let example = example.split(['|', '<', '>']).next().unwrap_or_default();
            let words = shell_words::split(example).expect(example);
            i3pm_layout::cli::command()
                .try_get_matches_from(&words)
                .unwrap_or_else(|error| panic!("{example}: {error}"));
        }
    }
}

#[test]
fn help_and_version_exit_with_0() {
    let home = Home::new();
    for arguments in [
        &["--help"][..],
        &["-V"],
        &["apply", "--help"],
        &["help"],
        &["help", "apply"],
        &["restore", "-h"],
    ] {
        let output = home.output(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}");
    }
    assert_eq!(
        home.run(&["--version"]),
        format!("i3pm-layout {}\n[exit 0]", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn program_without_arguments_shows_the_first_steps() {
    let home = Home::new();
    let printed = home.run(&[]);
    for part in [
        "doctor",
        "capture daily",
        "bindsym",
        "i3pm-layout tutorial",
        "[exit 0]",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
}

#[test]
fn help_explains_commands_and_topics() {
    let home = Home::new();
    assert!(
        home.run(&["help", "apply"])
            .contains("Usage: i3pm-layout apply")
    );
    assert!(
        home.run(&["help", "rules", "suggest"])
            .contains("Usage: i3pm-layout rules suggest")
    );
    let page = home.run(&["help", "key-bindings"]);
    assert!(page.contains("bindsym") && !page.contains("]("), "{page}");
    assert!(home.run(&["help"]).contains("  restore-at-login\n"));
    insta::assert_snapshot!(home.run(&["help", "aply"]), @"
    error: `aply` is no command and no topic
    hint: did you mean `apply`?
    [exit 2]
    ");
}
