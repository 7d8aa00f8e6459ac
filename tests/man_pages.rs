//! The man pages in `man/`, which are generated from the help texts in `src/cli/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Command as Clap;
use clap_mangen::Man;

/// The folder of the pages.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("man")
}

/// The names and contents of all pages.
fn pages() -> BTreeMap<String, String> {
    let mut command = i3pm_layout::cli::command().disable_help_subcommand(true);
    command.build();
    let mut pages = BTreeMap::new();
    add(&command, None, &mut pages);
    pages
}

fn add(command: &Clap, parent: Option<&str>, pages: &mut BTreeMap<String, String>) {
    let name = command.get_display_name().unwrap_or(command.get_name());
    let shown: Vec<&Clap> = command
        .get_subcommands()
        .filter(|one| !one.is_hide_set() && one.get_name() != "help")
        .collect();
    pages.insert(format!("{name}.1"), page(command, name, parent, &shown));
    for one in shown {
        add(one, Some(name), pages);
    }
}

fn page(command: &Clap, name: &str, parent: Option<&str>, subcommands: &[&Clap]) -> String {
    let version = concat!("i3pm-layout ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone())
        .source(version)
        .manual("User Commands");
    let mut bytes = Vec::new();
    let written = man
        .render_title(&mut bytes)
        .and_then(|()| man.render_name_section(&mut bytes))
        .and_then(|()| man.render_synopsis_section(&mut bytes))
        .and_then(|()| man.render_description_section(&mut bytes))
        .and_then(|()| man.render_options_section(&mut bytes));
    written.expect("a vector can be written");
    if !subcommands.is_empty() {
        man.render_subcommands_section(&mut bytes)
            .expect("a vector can be written");
    }
    let mut text = String::from_utf8(bytes).expect("the help is UTF-8");
    let after = command.get_after_help();
    let after = after.map(ToString::to_string).unwrap_or_default();
    for part in after.split("\n\n") {
        if let Some(examples) = part.strip_prefix("Examples:\n") {
            text += ".SH EXAMPLES\n.nf\n";
            for line in examples.lines() {
                text += &escaped(line.trim());
                text.push('\n');
            }
            text += ".fi\n";
        } else if let Some(codes) = part.strip_prefix("Exit codes: ") {
            text += ".SH \"EXIT STATUS\"\n";
            text += &escaped(codes);
            text.push('\n');
        } else {
            assert!(part.is_empty(), "{name}: what section is this? {part}");
        }
    }
    let mut related: Vec<String> = parent.into_iter().map(str::to_owned).collect();
    related.extend(
        subcommands
            .iter()
            .map(|one| format!("{name}-{}", one.get_name())),
    );
    related.push("i3".to_owned());
    let related = related
        .iter()
        .map(|one| format!("\\fB{}\\fR(1)", escaped(one)));
    let related: Vec<String> = related.collect();
    text += ".SH \"SEE ALSO\"\n";
    text += &related.join(",\n");
    text.push('\n');
    text
}

/// The text with escapes for characters that mean something else in a man page (`groff_char(7)`).
fn escaped(line: &str) -> String {
    let mut escaped = String::new();
    for letter in line.chars() {
        match letter {
            '\\' => escaped.push_str("\\e"),
            '-' => escaped.push_str("\\-"),
            '\'' => escaped.push_str("\\(aq"),
            '`' => escaped.push_str("\\(ga"),
            '~' => escaped.push_str("\\(ti"),
            '^' => escaped.push_str("\\(ha"),
            _ => escaped.push(letter),
        }
    }
    if escaped.starts_with('.') {
        escaped.insert_str(0, "\\&");
    }
    escaped
}

#[test]
fn man_pages_are_up_to_date() {
    let folder = folder();
    let pages = pages();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("the folder is writable");
        for (name, text) in &pages {
            fs::write(folder.join(name), text).expect("the folder is writable");
        }
    }
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
    let present = entries.map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let text = fs::read_to_string(entry.path()).expect("it is a text");
        (name, text)
    });
    let present: BTreeMap<String, String> = present.collect();
    assert!(
        present == pages,
        "man/ is stale: run the tests with UPDATE_DOCS=1"
    );
}

#[test]
fn man_pages_are_shown_without_warnings() {
    for (name, text) in pages() {
        let output = Command::new("man")
            .args(["--warnings=w", "--encoding=UTF-8", "--local-file"])
            .arg(folder().join(&name))
            .env("LC_ALL", "C.UTF-8")
            .env("MANWIDTH", "80")
            .env("MAN_KEEP_FORMATTING", "")
            .output()
            .expect("man is installed");
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        let warnings = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            (output.status.code(), warnings.as_str()),
            (Some(0), ""),
            "{name}"
        );
        for section in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "EXAMPLES",
            "SEE ALSO",
        ] {
            let is_expected = text.contains(&format!(".SH {section}\n"))
                || text.contains(&format!(".SH \"{section}\"\n"));
            let is_shown = shown.lines().any(|line| line == section);
            assert!(is_shown || !is_expected, "{name}: {section}\n{shown}");
        }
        // The examples can be copied.
        let examples = text.split_once(".nf\n").map_or("", |(_, rest)| rest);
        let examples = examples.split_once(".fi").map_or("", |(lines, _)| lines);
        for line in examples.lines() {
            let plain = line
                .replace("\\-", "-")
                .replace("\\(aq", "'")
                .replace("\\(ti", "~");
            let plain = plain
                .replace("\\e", "\\")
                .replace("\\(ha", "^")
                .replace("\\(ga", "`");
            assert!(shown.contains(&plain), "{name}: {plain}\n{shown}");
        }
    }
}
