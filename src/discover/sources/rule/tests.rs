//! Commands of windows with rules.

use super::*;

use std::path::{Path, PathBuf};

use crate::config::read::read;
use crate::config::{Config, Layer, Rules};
use crate::discover::secrets::Secrets;
use crate::discover::{Asked, Machine, Outcome, Questions, discover, explain};
use crate::live::build::{one_output, win, workspace};
use crate::testing::properties as window;

fn rules(text: &str) -> Rules {
    let text = format!("version: 1\nrules:\n{text}");
    let layered = read(text.as_bytes(), "config.yaml", Layer::User).unwrap();
    Rules::new(layered.rules)
}

/// A machine with a home directory and secrets.
struct Home<'a> {
    home: Option<&'a Path>,
    secrets: &'a Secrets,
}

impl Machine for Home<'_> {
    fn home(&self) -> Option<&Path> {
        self.home
    }

    fn secrets(&self) -> &Secrets {
        self.secrets
    }
}

/// The values of the rule for a window whose process was started with `argv`.
fn applied(
    rule: &Rule,
    argv: &[String],
    properties: &Properties,
    secrets: &Secrets,
    home: Option<&Path>,
) -> Result<Discovered, UnusableRule> {
    let desktop = one_output([workspace(
        "1",
        [win("app").argv(argv.iter().map(String::as_str))],
    )]);
    let mut con = desktop.tree.windows().next().unwrap().clone();
    let facts = con.window.and_then(|id| desktop.windows.get(&id));
    con.properties = Some(properties.clone());
    let asked = Asked::alone(&con, facts, Some(rule));
    let machine = Home { home, secrets };
    apply(rule, &Evidence::new(&asked, &machine))
}

#[test]
fn values_of_a_rule_have_the_form_of_a_layout_file() {
    let rules = rules(
        r#"  - criteria: { class: ^A$ }
    command: "client --file {1} '{title:^(.*) -}' ${env:X}"
    cwd: "{title:in (.*)$}"
    env: { PLACE: "{2}", API_TOKEN: "{3}" }
"#,
    );
    let argv = ["/opt/a", "/home/me/a b", "${x}", "hunter2"].map(str::to_owned);
    let title = window("A", "token=abc - in /home/me/src");
    let rule = rules.winner(&title).unwrap();
    let secrets = Secrets::default();
    let apply = |argv: &[String], window| {
        applied(rule, argv, window, &secrets, Some(Path::new("/home/me")))
    };
    let values = apply(&argv, &title).unwrap();
    assert_eq!(
        values,
        Discovered {
            command: Some(Command::Line(
                "client --file '~/a b' token=${env:CLIENT_TOKEN} ${env:X}".to_owned()
            )),
            cwd: Some("~/src".to_owned()),
            env: [("PLACE", "$${x}"), ("API_TOKEN", "${env:API_TOKEN}")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            secrets: vec!["API_TOKEN".to_owned(), "CLIENT_TOKEN".to_owned()],
            ..Discovered::default()
        }
    );
    let reason = apply(&argv[..1], &title).unwrap_err().to_string();
    assert_eq!(
        reason,
        "cannot build `command`: the process has no argument {1}"
    );
    let reason = apply(&argv, &window("A", "a -")).unwrap_err().to_string();
    assert_eq!(
        reason,
        "cannot build `cwd`: the window's title does not match `in (.*)$`"
    );
}

#[test]
fn copies_of_secrets_are_secrets() {
    let own = crate::layout::criteria::compile("Kunde ([A-Z][a-z]+)").unwrap();
    let argv = [
        "xterm",
        "-e",
        "x",
        "--token",
        "hunter2hunter2",
        "--pin-password",
        "a1",
    ];
    let argv = argv.map(str::to_owned);
    for (title, command, expected) in [
        ("", "tool {4}", "tool ${env:TOOL_TOKEN}"),
        ("", "tool {6}", "tool ${env:TOOL_PIN_PASSWORD}"),
        ("", "tool x{4}y", "tool x${env:TOOL_TOKEN}y"),
        (
            "",
            "tool {2..}",
            "tool x --token ${env:TOOL_TOKEN} --pin-password ${env:TOOL_PIN_PASSWORD}",
        ),
        (
            "at hunter2hunter2",
            "tool '{title:at (.*)}'",
            "tool ${env:TOOL_TOKEN}",
        ),
        (
            "at hunter2hunter2",
            "tool '{title:at hunter(.*)}'",
            "tool ${env:TOOL_TOKEN}",
        ),
        (
            "password: swordfish99",
            "tool '{title:password: (.*)}'",
            "tool ${env:TOOL_PASSWORD}",
        ),
        (
            "password: sword${x}99",
            "tool '{title:password: (.*)}'",
            "tool ${env:TOOL_PASSWORD}",
        ),
        (
            "Kunde Meier",
            "tool '{title:Kunde (.*)}'",
            "tool ${env:TOOL_SECRET}",
        ),
        (
            "Kunde Meier - x",
            "tool '{title:Kunde (.*)}'",
            "tool '${env:TOOL_SECRET} - x'",
        ),
        ("Kunde Meier", "tool '{title:^(.)}'", "tool K"),
    ] {
        let rule = format!("  - {{ criteria: {{ class: ^A$ }}, command: \"{command}\" }}\n");
        let rules = rules(&rule);
        let window = window("A", title);
        let secrets = Secrets::new(vec![own.clone()]);
        let rule = rules.winner(&window).unwrap();
        let values = applied(rule, &argv, &window, &secrets, None).unwrap();
        assert_eq!(
            values.command,
            Some(Command::Line(expected.to_owned())),
            "{command}"
        );
        assert_eq!(values.secrets.is_empty(), !expected.contains("${env"));
    }
    let rules = rules(
        "  - { criteria: { class: ^A$ }, cwd: \"/x/{title:Kunde (.*)}\", env: { A: \"{4}\", B: \"b {title}\" } }\n",
    );
    let window = window("A", "Kunde Meier");
    let secrets = Secrets::new(vec![own]);
    let rule = rules.winner(&window).unwrap();
    let values = applied(rule, &argv, &window, &secrets, None).unwrap();
    assert_eq!(values.cwd.as_deref(), Some("/x/${env:XTERM_SECRET}"));
    assert_eq!(values.env["A"], "${env:XTERM_TOKEN}");
    assert_eq!(values.env["B"], "b Kunde ${env:XTERM_SECRET}");
    assert_eq!(values.secrets, ["XTERM_SECRET", "XTERM_TOKEN"]);
}

/// A machine without a home directory, where every program exists.
struct Anywhere;

impl Machine for Anywhere {
    fn find(&self, name: &str) -> Option<PathBuf> {
        Some(Path::new("/usr/bin").join(name))
    }
}

#[test]
fn once_per_process_decides_which_windows_have_commands() {
    let again = "the process has another window, whose command opens this one too";
    for (rule, expected) in [
        ("timeout: 1", ["app", again, again]),
        ("ignore: true", ["app", "app", again]),
        ("once_per_process: false", ["app", again, again]),
        (
            "once_per_process: false, cwd: /x",
            ["app in /x", again, again],
        ),
        ("command: x", ["x", again, again]),
        ("cwd: /x", ["app in /x", again, again]),
        ("command: \"{7}\"", ["app", again, again]),
    ] {
        let rule = format!("  - {{ criteria: {{ title: first }}, {rule} }}\n");
        let rules = rules(&rule);
        let windows = ["first", "second", "third"];
        let windows = windows.map(|title| win("app").argv(["app"]).pid(7).title(title));
        let desktop = one_output([workspace("1", windows)]);
        let mut questions = Questions::new(&desktop);
        let found: Vec<String> = desktop
            .tree
            .windows()
            .map(|con| {
                let rule = rules.winner(con.properties.as_ref().unwrap());
                let asked = questions.ask(con, rule);
                let outcome = discover(&asked, &Anywhere);
                assert_eq!(explain(&asked, &Anywhere).outcome(), outcome);
                match (outcome.source, outcome.found.command, outcome.found.cwd) {
                    (Err(reason), None, None) => reason.to_string(),
                    (Ok(_), Some(Command::Line(line)), None) => line,
                    (Ok(_), Some(Command::Line(line)), Some(cwd)) => format!("{line} in {cwd}"),
                    other => panic!("{other:?}"),
                }
            })
            .collect();
        assert_eq!(found, expected, "{rule}");
    }
}

#[test]
fn with_once_per_process_only_one_terminal_window_has_a_command() {
    let rules = rules("  - { criteria: { class: . }, once_per_process: true, cwd: /x }\n");
    let windows = [1, 2].map(|_| win("xterm").argv(["xterm"]).pid(7));
    let desktop = one_output([workspace("1", windows)]);
    let mut questions = Questions::new(&desktop);
    let found = desktop.tree.windows().map(|con| {
        let rule = rules.winner(con.properties.as_ref().unwrap());
        discover(&questions.ask(con, rule), &Anywhere)
    });
    let found: Vec<Outcome> = found.collect();
    assert_eq!(found[0].source, Ok(CommandSource::Terminal));
    assert_eq!(found[0].found.cwd.as_deref(), Some("/x"));
    assert_eq!(found[1].source, Err(NoCommand::OpenedByAnother));
    assert_eq!(found[1].found, Discovered::default());
}

#[test]
fn changes_by_a_rule_without_a_command_are_explained() {
    let rules = rules("  - { criteria: { class: . }, cwd: /x, env: { A: b } }\n");
    for (window, expected) in [
        (win("app").argv(["app"]), Ok(CommandSource::Process)),
        (win("app").without_process(), Err(NoCommand::NoProcess)),
    ] {
        let desktop = one_output([workspace("1", [window])]);
        let con = desktop.tree.windows().next().unwrap();
        let rule = rules.winner(con.properties.as_ref().unwrap());
        let asked = Questions::new(&desktop).ask(con, rule);
        let discovery = explain(&asked, &Anywhere);
        let first = &discovery.candidates[0];
        assert_eq!(first.source, CommandSource::Rule);
        assert_eq!(first.name.as_deref(), Some("config.yaml:3"));
        assert!(!first.won);
        let outcome = discovery.outcome();
        assert_eq!(outcome.source, expected);
        assert_eq!(outcome.found.cwd.as_deref(), Some("/x"));
        assert_eq!(outcome.found.env["A"], "b");
    }
}

#[test]
fn a_built_in_rule_finds_the_file_of_nedit_in_its_title() {
    let config = Config::new(Vec::new(), Vec::new()).unwrap();
    let command = |title: &str| {
        let properties = Properties {
            class: Some("NEdit".to_owned()),
            title: Some(title.to_owned()),
            ..Properties::default()
        };
        let rule = config.rules.winner(&properties)?;
        let secrets = Secrets::default();
        let home = Some(std::path::Path::new("/home/me"));
        let values = applied(rule, &[], &properties, &secrets, home).unwrap();
        values.command
    };
    for (title, expected) in [
        ("a.txt - /home/me/one/", Some("nedit ~/one/a.txt")),
        ("it's - x - /srv/", Some("nedit '/srv/it'\\''s - x'")),
        ("a.txt (modified) - /srv/", Some("nedit /srv/a.txt")),
        (
            "a.txt (read only, modified) - /srv/",
            Some("nedit /srv/a.txt"),
        ),
        ("a (copy) - /srv/", Some("nedit '/srv/a (copy)'")),
        ("Untitled", None),
        ("Untitled_1 (modified)", None),
    ] {
        let expected = expected.map(|line| Command::Line(line.to_owned()));
        assert_eq!(command(title), expected, "{title}");
    }
}
