//! Commands that open another window of a running program: the `new-window` action of its desktop
//! entry, or the options in `rules/new-windows.yaml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::command_line::base_name;
use super::data_file::{self, Words};
use super::desktop_file::DesktopFile;

/// The file as JSON.
const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/new-windows.json"));

static DATA: LazyLock<Data> = LazyLock::new(|| data_file::read(TEXT).unwrap_or_default());

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    #[serde(rename = "version")]
    _version: u64,
    options: BTreeMap<String, Words>,
    own_process: Words,
    instance_options: Words,
    instance_values: Words,
}

/// True if each command of the program is known to have a process of its own.
pub fn has_own_process(program: &str) -> bool {
    DATA.own_process.contains(program)
}

/// The command that opens another window of the program in a command line; `None` if it is not
/// known.
pub(super) fn new_window(argv: &[String], entries: &[DesktopFile]) -> Option<Vec<String>> {
    let (program, arguments) = argv.split_first()?;
    let name = base_name(program);
    let action = entries.iter().find_map(|entry| {
        let action = entry.new_window.as_ref()?;
        (entry.program == name).then(|| action.argv.clone())
    });
    let mut command = action.or_else(|| {
        let mut options = DATA.options.iter();
        let (option, _) = options.find(|(_, programs)| programs.contains(name))?;
        Some(vec![program.clone(), option.clone()])
    })?;
    let kept = of_instance(name, arguments);
    command.splice(1..1, kept.into_iter().cloned());
    Some(command)
}

/// The options that say which instance of the program the window belongs to, such as its profile.
/// Programs without a known option may have options of the same names.
fn of_instance<'a>(name: &str, arguments: &'a [String]) -> Vec<&'a String> {
    let mut kept = Vec::new();
    if !DATA
        .options
        .values()
        .any(|programs| programs.contains(name))
    {
        return kept;
    }
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if DATA.instance_values.contains(argument) {
            kept.push(argument);
            kept.extend(rest.next());
        } else if DATA
            .instance_options
            .contains(argument.split('=').next().unwrap_or_default())
        {
            kept.push(argument);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(line: &str, entry: &str) -> Option<String> {
        let argv = shell_words::split(line).unwrap();
        let entries: Vec<DesktopFile> = DesktopFile::parse("app", entry.as_bytes())
            .map(|(entry, _)| entry)
            .into_iter()
            .collect();
        Some(shell_words::join(new_window(&argv, &entries)?))
    }

    const ENTRY: &str = "[Desktop Entry]\nName=App\nExec=app %F\nActions=private;new-window;\n\
                         [Desktop Action private]\nExec=app --private\n\
                         [Desktop Action new-window]\nExec=app --another\n";

    #[test]
    fn only_known_programs_have_own_processes() {
        let known = ["gvim", "emacs", "firefox", "unknown"].map(has_own_process);
        assert_eq!(known, [true, true, false, false]);
    }

    #[test]
    fn action_takes_precedence_over_the_known_option() {
        let firefox = ENTRY.replace("app", "firefox");
        for (line, entry, expected) in [
            ("/usr/bin/app one", ENTRY, Some("app --another")),
            (
                "app",
                &ENTRY.replace("new-window", "NewWindow"),
                Some("app --another"),
            ),
            ("app", "", None),
            ("firefox one", "", Some("firefox --new-window")),
            (
                "firefox -P work --profile ~/p one",
                "",
                Some("firefox -P work --profile '~/p' --new-window"),
            ),
            (
                "chromium --no-sandbox '--profile-directory=Profile 1' --incognito one",
                "",
                Some("chromium --no-sandbox '--profile-directory=Profile 1' --new-window"),
            ),
            ("app --no-sandbox -P x", ENTRY, Some("app --another")),
            ("/opt/firefox", "", Some("/opt/firefox --new-window")),
            ("firefox", &firefox, Some("firefox --another")),
            ("other", ENTRY, None),
        ] {
            assert_eq!(command(line, entry).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn the_file_is_valid_and_sorted() {
        let data = data_file::read::<Data>(TEXT).unwrap();
        let mut options = data.options.values();
        assert!(options.all(|programs| programs.is_sorted()));
    }
}
