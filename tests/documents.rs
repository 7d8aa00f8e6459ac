//! Checks the documentation: layouts are valid, paths exist, commands can be parsed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, Command as Clap};
use i3pm_layout::config::{self, Layer};
use i3pm_layout::layout::{Format, Included, read, read_including};
use regex::Regex;

const REFERENCE: &str = "docs/cli-reference.md";

/// The first lines of blocks with a configuration file.
const CONFIGURATIONS: [&str; 2] = [
    "# ~/.config/i3pm-layout/config.yaml\n",
    "# /etc/i3pm-layout/config.yaml\n",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// README.md, CHANGELOG.md, the README of the examples, and all pages below docs/.
fn documents() -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("docs/ can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                paths.push(path);
            }
        }
    }
    paths.extend(
        ["README.md", "CHANGELOG.md", "layouts/examples/README.md"].map(|path| root().join(path)),
    );
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("the page can be read");
            (path, text)
        })
        .collect()
}

/// The fenced blocks of a language with their first line number, without the indentation of the
/// fence.
fn blocks(text: &str, language: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, bool, usize, String)> = None;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some((number + 1, info == language, indent, String::new()));
            }
            (Some(_), Some(_)) => {
                if let Some((start, true, _, block)) = open.take() {
                    found.push((start, block));
                }
            }
            (Some((_, _, outer, block)), None) => {
                block.push_str(line.get(indent.min(*outer)..).unwrap_or_default());
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

/// The anchors that GitHub gives to the headings of a page.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut is_code = false;
    let mut anchors = BTreeSet::new();
    for line in text.lines() {
        is_code ^= line.trim_start().starts_with("```");
        if !is_code && line.starts_with('#') {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
            anchors.insert(
                heading
                    .chars()
                    .filter(kept)
                    .collect::<String>()
                    .replace(' ', "-"),
            );
        }
    }
    anchors
}

#[test]
fn every_layout_and_configuration_in_the_documentation_is_valid() {
    let mut seen = 0;
    for (path, text) in documents() {
        // A block that includes a file is after the block with that file.
        let mut included = Included::default();
        for (line, block) in blocks(&text, "yaml") {
            let origin = format!("{}, block at line {line}", path.display());
            if CONFIGURATIONS.iter().any(|first| block.starts_with(first)) {
                if let Err(problems) = config::read::read(block.as_bytes(), &origin, Layer::User) {
                    panic!("{problems}");
                }
                continue;
            }
            match read_including(block.as_bytes(), &origin, Format::Yaml, &included) {
                Ok(layout) if layout.workspaces.is_empty() => included.add(layout),
                Ok(_) => {}
                Err(problems) => panic!("{problems}"),
            }
            seen += 1;
        }
    }
    assert!(seen > 3, "only {seen} blocks were found");
}

#[test]
fn every_example_is_valid() {
    let folder = fs::read_dir(root().join("layouts/examples")).expect("the folder exists");
    for entry in folder.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            let text = fs::read_to_string(&path).expect("the file is UTF-8");
            if let Err(problems) = read(&text, &path.display().to_string(), Format::Yaml) {
                panic!("{problems}");
            }
        }
    }
}

#[test]
fn packages_have_a_valid_configuration_and_the_version_of_the_program() {
    let text = fs::read(root().join("packaging/config.yaml")).expect("the file exists");
    if let Err(problems) = config::read::read(&text, "packaging/config.yaml", Layer::User) {
        panic!("{problems}");
    }
    let version = env!("CARGO_PKG_VERSION");
    for (path, line) in [
        (
            "packaging/debian/changelog",
            format!("i3pm-layout ({version}-1) "),
        ),
        ("packaging/arch/PKGBUILD", format!("\npkgver={version}\n")),
    ] {
        let text = fs::read_to_string(root().join(path)).expect("the file exists");
        assert!(text.contains(&line), "{path}: {line:?}");
    }
}

#[test]
fn paths_named_in_the_documentation_exist() {
    let ticked = Regex::new(
        r"`((?:src|tests|docs|scripts|schemas|layouts|rules|\.ci)/[A-Za-z0-9_./-]*[A-Za-z0-9_/])`",
    )
    .expect("the pattern is valid");
    for (path, text) in documents() {
        for found in ticked.captures_iter(&text) {
            assert!(
                root().join(&found[1]).exists(),
                "{}: {}",
                path.display(),
                &found[1]
            );
        }
    }
}

#[test]
fn links_in_the_documentation_lead_to_pages_and_headings() {
    let link = Regex::new(r"\]\(([^)#:]*)(?:#([^)]*))?\)").expect("the pattern is valid");
    for (path, text) in documents() {
        let folder = path.parent().expect("a page has a parent directory");
        for found in link.captures_iter(&text) {
            let at = format!("{}: {}", path.display(), &found[0]);
            let target = match &found[1] {
                "" => path.clone(),
                relative => folder.join(relative),
            };
            assert!(target.exists(), "{at}");
            if let Some(anchor) = found.get(2) {
                let page = fs::read_to_string(&target).expect(&at);
                assert!(anchors(&page).contains(anchor.as_str()), "{at}");
            }
        }
    }
}

#[test]
fn commands_in_the_documentation_can_be_parsed() {
    // A call at the start of a line, after a prompt, in a pipeline, in an i3 key binding, or
    // after variables.
    let call = Regex::new(
        r#"(?:^|[|;&"]|exec |--no-startup-id |\$ |[A-Z]+=\S+ )\s*(xargs -r )?(i3pm-layout [^|;<>#&]*)"#,
    )
    .expect("the pattern is valid");
    let mut seen = 0;
    for (path, text) in documents() {
        for language in ["sh", "bash", "console", "text"] {
            for (_, block) in blocks(&text, language) {
                for line in block.lines() {
                    for found in call.captures_iter(line) {
                        // Examples of `--help` have a description in a second column.
                        let call = found[2].split("   ").next().unwrap_or_default();
                        let is_redirected = line.contains(&format!("{call}>"));
                        let call = call
                            .strip_suffix(" 2")
                            .filter(|_| is_redirected)
                            .unwrap_or(call);
                        let mut words = shell_words::split(call).expect(line);
                        words.extend(found.get(1).map(|_| "NAME".to_owned()));
                        if let Err(error) = i3pm_layout::cli::command().try_get_matches_from(&words)
                        {
                            assert!(!error.use_stderr(), "{}: {line}: {error}", path.display());
                        }
                        seen += 1;
                    }
                }
            }
        }
    }
    assert!(seen > 50, "only {seen} commands were found");
}

#[test]
fn first_sentence_of_every_page_names_its_audience() {
    // Pages with a fixed form.
    let others = ["README.md", "CHANGELOG.md"];
    let contributors = [
        "ARCHITECTURE.md",
        "TESTING.md",
        "i3-facts.md",
        "dependencies.md",
    ];
    for (path, text) in documents() {
        let is_other = others.iter().any(|other| path == root().join(other))
            || contributors.iter().any(|page| path.ends_with(page));
        let first = text
            .lines()
            .find(|line| !line.is_empty() && !line.starts_with('#'));
        assert!(
            is_other || first.is_some_and(|line| line.contains(" for ")),
            "{}: {first:?}",
            path.display()
        );
    }
}

#[test]
fn command_line_reference_is_up_to_date() {
    let path = root().join(REFERENCE);
    let text = reference();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &text).expect("the file is writable");
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == text,
        "{REFERENCE} is stale: run the tests with UPDATE_DOCS=1"
    );
}

fn reference() -> String {
    let mut text =
        "# Command line reference\n\nThis page is for users who look up a command or an \
                    option. `i3pm-layout help COMMAND` prints the same text. [Exit \
                    codes](reference/exit-codes.md#exit-codes) are on a separate page.\n\n\
                    Every command accepts `-h` (a short help text) and `--help`. \
                    `i3pm-layout --version` prints the version, and with `--verbose` the build and the \
                    paths that the program uses.\n\n\
                    Every command accepts `-v` or `--verbose`: commands that change something \
                    (`capture`, `apply`, `adapt`, `undo`, `recover`) then print each action to \
                    standard error as it happens, with the milliseconds since the start.\n\n\
                    <!-- Generated from the help texts in src/cli/. To update this page, run \
                    `UPDATE_DOCS=1 cargo test --features test-bins documents`. -->\n"
            .to_owned();
    let mut command = i3pm_layout::cli::command();
    command.build();
    for subcommand in documented(&command) {
        describe(&mut text, subcommand, "##", "");
    }
    text
}

/// The subcommands except `help`.
fn documented(command: &Clap) -> impl Iterator<Item = &Clap> {
    let subcommands = command.get_subcommands();
    subcommands.filter(|subcommand| subcommand.get_name() != "help")
}

fn describe(text: &mut String, command: &Clap, level: &str, parent: &str) {
    let name = format!("{parent}{}", command.get_name());
    let about = command.get_long_about().or_else(|| command.get_about());
    let usage = command.clone().render_usage().to_string();
    let _ = writeln!(
        text,
        "\n{level} {name}\n\n{}\n\nUsage: `{}`",
        about.expect(&name),
        usage.trim_start_matches("Usage: ")
    );
    let aliases: Vec<String> = command
        .get_visible_aliases()
        .map(|alias| format!("`{alias}`"))
        .collect();
    if !aliases.is_empty() {
        let _ = writeln!(text, "\nAlias: {}", aliases.join(", "));
    }
    let rows: String = command
        .get_arguments()
        .filter(|argument| !matches!(argument.get_id().as_str(), "help" | "verbose"))
        .filter(|argument| !argument.is_hide_set())
        .map(row)
        .collect();
    if !rows.is_empty() {
        let _ = write!(text, "\n| argument | meaning |\n|---|---|\n{rows}");
    }
    if let Some(examples) = command.get_after_help() {
        let examples = examples.to_string();
        let examples: Vec<&str> = examples.lines().skip(1).map(str::trim).collect();
        let _ = writeln!(text, "\n```text\n{}\n```", examples.join("\n"));
    }
    for subcommand in documented(command) {
        describe(text, subcommand, "###", &format!("{name} "));
    }
}

fn row(argument: &Arg) -> String {
    let value = argument
        .get_value_names()
        .unwrap_or_default()
        .first()
        .map(ToString::to_string)
        .unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    names.extend(argument.get_short().map(|short| format!("-{short}")));
    names.extend(argument.get_long().map(|long| format!("--{long}")));
    let mut name = names.join(", ");
    if argument.is_positional() {
        name = argument.to_string();
    } else if argument.get_action().takes_values() {
        name = format!("{name} {value}");
    }
    let mut help = argument
        .get_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|_| argument.get_action().takes_values())
        .map(|value| match value.get_help() {
            Some(about) if !about.to_string().eq_ignore_ascii_case(value.get_name()) => {
                format!("`{}` ({about})", value.get_name())
            }
            _ => format!("`{}`", value.get_name()),
        })
        .collect();
    if !values.is_empty() {
        let _ = write!(help, ": {}", values.join(", "));
    }
    let default = argument.get_default_values();
    if argument.get_action().takes_values()
        && let Some(default) = default.first()
    {
        let _ = write!(help, "; default: `{}`", default.to_string_lossy());
    }
    format!("| `{name}` | {help} |\n")
}
