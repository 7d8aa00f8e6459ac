//! `help`: the help of a command, or a page of the documentation.

use clap::Command;

use super::command;
use super::context::Context;
use super::exit::Exit;
use crate::error::Error;
use crate::ui::page::plain;

/// The pages of the documentation, each with its topic.
const PAGES: &[(&str, &str)] = &[
    ("tutorial-guide", include_str!("../../docs/tutorial.md")),
    (
        "browser-windows",
        include_str!("../../docs/how-to/browser-windows.md"),
    ),
    (
        "change-a-layout",
        include_str!("../../docs/how-to/change-a-layout.md"),
    ),
    ("docking", include_str!("../../docs/how-to/docking.md")),
    (
        "fix-commands",
        include_str!("../../docs/how-to/fix-commands.md"),
    ),
    ("importing", include_str!("../../docs/how-to/import.md")),
    (
        "key-bindings",
        include_str!("../../docs/how-to/key-bindings.md"),
    ),
    ("pictures", include_str!("../../docs/how-to/pictures.md")),
    ("projects", include_str!("../../docs/how-to/projects.md")),
    (
        "restore-at-login",
        include_str!("../../docs/how-to/restore-at-login.md"),
    ),
    ("scripts", include_str!("../../docs/how-to/scripts.md")),
    (
        "share-layouts",
        include_str!("../../docs/how-to/share-layouts.md"),
    ),
    (
        "troubleshooting",
        include_str!("../../docs/how-to/troubleshooting.md"),
    ),
    (
        "try-a-layout",
        include_str!("../../docs/how-to/try-a-layout.md"),
    ),
    ("undo-guide", include_str!("../../docs/how-to/undo.md")),
    (
        "how-commands-are-found",
        include_str!("../../docs/explanation/how-commands-are-found.md"),
    ),
    (
        "how-restoring-works",
        include_str!("../../docs/explanation/how-restoring-works.md"),
    ),
    ("limits", include_str!("../../docs/explanation/limits.md")),
    (
        "security",
        include_str!("../../docs/explanation/security.md"),
    ),
    (
        "configuration",
        include_str!("../../docs/reference/configuration.md"),
    ),
    (
        "doctor-checks",
        include_str!("../../docs/reference/doctor.md"),
    ),
    (
        "exit-codes",
        include_str!("../../docs/reference/exit-codes.md"),
    ),
    ("files", include_str!("../../docs/reference/files.md")),
    ("journal", include_str!("../../docs/reference/journal.md")),
    (
        "layout-file",
        include_str!("../../docs/reference/layout-file.md"),
    ),
    ("hooks", include_str!("../../docs/how-to/hooks.md")),
    ("install", include_str!("../../docs/how-to/install.md")),
];

/// Other words for topics.
const WORDS: [(&str, &str); 9] = [
    ("browsers", "browser-windows"),
    ("hints", "troubleshooting"),
    ("include", "layout-file"),
    ("keys", "key-bindings"),
    ("login", "restore-at-login"),
    ("monitors", "docking"),
    ("notify", "key-bindings"),
    ("templates", "layout-file"),
    ("variables", "layout-file"),
];

/// Explain a command or a topic
///
/// Without a topic, lists the commands and the topics.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout help apply\n  \
        i3pm-layout help restore-at-login | less")]
pub(super) struct Args {
    /// A command, or a topic such as `limits`
    #[arg(value_name = "TOPIC")]
    topic: Vec<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let text = match args.topic.as_slice() {
        [] => {
            let topics = PAGES.iter().map(|(topic, _)| format!("  {topic}\n"));
            let topics: String = topics.collect();
            format!("{}\nTopics:\n{topics}", long_help(command()))
        }
        [topic, ..] => {
            let word = WORDS.iter().find(|(word, _)| word == topic);
            let topic = word.map_or(topic.as_str(), |(_, topic)| topic);
            let page = PAGES.iter().find(|(name, _)| *name == topic);
            match (of_command(&args.topic), page) {
                (Some(command), _) => long_help(command),
                (None, Some((_, page))) => plain(page),
                (None, None) => return Err(unknown(topic)),
            }
        }
    };
    context.ui.out(&text)?;
    Ok(Exit::Done)
}

/// The topics with the titles of their pages, and the commands with their descriptions.
pub(super) fn topics() -> impl Iterator<Item = (String, String)> {
    let title = |page: &str| {
        let first = page.lines().next().unwrap_or_default();
        first.trim_start_matches("# ").to_owned()
    };
    let topics = PAGES
        .iter()
        .map(move |(topic, page)| ((*topic).to_owned(), title(page)));
    let commands = command();
    let commands: Vec<(String, String)> = commands
        .get_subcommands()
        .filter(|one| !one.is_hide_set())
        .map(|one| {
            let about = one.get_about().map(ToString::to_string);
            (one.get_name().to_owned(), about.unwrap_or_default())
        })
        .collect();
    commands.into_iter().chain(topics)
}

/// The command with this name or alias, or the command of a command.
fn of_command(words: &[String]) -> Option<Command> {
    let mut found = command();
    found.build();
    for word in words {
        found = found.find_subcommand(word)?.clone();
    }
    Some(found)
}

fn long_help(mut command: Command) -> String {
    command.render_long_help().to_string()
}

fn unknown(topic: &str) -> Error {
    let commands = command();
    let commands = commands.get_subcommands().map(Command::get_name);
    let topics = PAGES.iter().map(|(topic, _)| *topic);
    let all = commands.chain(topics);
    let likely = all
        .map(|name| (strsim::jaro_winkler(name, topic), name.to_owned()))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    Error::Usage {
        what: format!("`{topic}` is no command and no topic"),
        hint: Some(likely.map_or_else(
            || "`i3pm-layout help` lists the commands and topics".to_owned(),
            |(_, name)| format!("did you mean `{name}`?"),
        )),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "reads the pages")]

    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_guide_is_a_topic() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/how-to");
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let is_page = PAGES.iter().any(|(_, page)| *page == text);
            assert!(is_page, "{}", path.display());
        }
    }

    #[test]
    fn topics_are_no_commands() {
        for (topic, page) in PAGES {
            assert!(of_command(&[(*topic).to_owned()]).is_none(), "{topic}");
            assert!(page.starts_with("# "), "{topic}");
        }
    }
}
