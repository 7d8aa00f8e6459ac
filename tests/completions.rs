//! `completions`: in the real shells, with keys typed on a terminal, and by the calls that their
//! scripts make.

use std::fs;
use std::os::unix::fs::symlink;

use crate::harness::{Desktop, TestWindow};

/// The key (Ctrl-T) by which the shells write their command line to a file.
const WRITE_LINE: &str = "\x14";

/// A desktop with the program in `PATH`, the workspace `1:code`, and some layouts.
fn desktop() -> Desktop {
    let desktop = Desktop::new();
    let program = desktop.path().join("bin/i3pm-layout");
    fs::create_dir_all(desktop.path().join("bin")).expect("the directory is writable");
    symlink(env!("CARGO_BIN_EXE_i3pm-layout"), program).expect("the directory is writable");
    desktop.run_i3("rename workspace to \"1:code\"");
    desktop.save(
        "daily",
        [
            TestWindow::new("editor").slot(),
            TestWindow::new("mail").slot(),
        ],
    );
    desktop.run(["rename", "daily", "daily-dev"]).success();
    desktop.write("home/my layout.yaml", "");
    desktop.save("nixos/web", [TestWindow::new("browser").slot()]);
    desktop
}

/// The values that a shell is offered for the last word.
#[track_caller]
fn offered(desktop: &Desktop, words: &[&str]) -> Vec<String> {
    let arguments = ["completions", "fish", "--", "i3pm-layout"];
    let output = desktop.run(arguments.iter().chain(words)).success();
    assert_eq!(output.stderr, "", "{words:?}");
    let lines = output.stdout.lines();
    lines
        .map(|line| line.split('\t').next().unwrap_or_default().to_owned())
        .collect()
}

/// The command lines after typing each of these texts in an interactive shell, which is started by
/// this command. Its prompt is `READY>`.
fn typed(desktop: &Desktop, shell: &str, texts: &[(&str, &str)]) {
    let line = desktop.path().join("line");
    for (text, expected) in texts {
        let _ = fs::remove_file(&line);
        let call = desktop.command(["-"]).env("LINE", &line);
        let call = call.under(["setsid", "-c", "sh", "-c", shell, "sh"]);
        let mut running = call.on_unattended_terminal().start();
        desktop.wait_until("the shell has its prompt", || {
            running.stdout_so_far().contains("READY>")
        });
        running.type_text(text);
        running.type_text(WRITE_LINE);
        desktop.wait_until("the command line is written", || {
            fs::read_to_string(&line).is_ok_and(|line| line.ends_with('\n'))
        });
        let found = fs::read_to_string(&line).expect("the file exists");
        assert_eq!(found.trim_end_matches('\n'), *expected, "{shell}: {text:?}");
        running.kill();
    }
}

/// Installs the script of a shell in this file.
fn install(desktop: &Desktop, shell: &str, path: &str) {
    let script = desktop.run(["completions", shell]).success().stdout;
    desktop.write(path, &script);
}

/// Typed texts with the command lines that all shells make of them.
const COMMON: [(&str, &str); 9] = [
    ("i3pm-layout app\t", "i3pm-layout apply "),
    ("i3pm-layout apply da\t", "i3pm-layout apply daily-dev "),
    ("i3pm-layout apply nix\t", "i3pm-layout apply nixos/web "),
    (
        "i3pm-layout apply daily-dev --keep-f\t",
        "i3pm-layout apply daily-dev --keep-focus ",
    ),
    (
        "i3pm-layout apply daily-dev --only ed\t",
        "i3pm-layout apply daily-dev --only editor ",
    ),
    (
        "i3pm-layout apply daily-dev --only=ed\t",
        "i3pm-layout apply daily-dev --only=editor ",
    ),
    ("i3pm-layout sh\t", "i3pm-layout show "),
    ("i3pm-layout inf\t", "i3pm-layout info "),
    ("i3pm-layout apply no-such-\t", "i3pm-layout apply no-such-"),
];

#[test]
fn bash_completes_what_is_typed() {
    let desktop = desktop();
    install(&desktop, "bash", "completions.bash");
    let rc = desktop.write(
        "bashrc",
        "PS1='READY>'\nbind 'set bell-style none'\nsource ../completions.bash\n\
         bind -x '\"\\C-t\": printf \"%s\\n\" \"$READLINE_LINE\" >\"$LINE\"'\n",
    );
    let shell = format!("exec bash --noprofile --rcfile '{}' -i", rc.display());
    typed(&desktop, &shell, &COMMON);
    // bash splits words at `:`.
    let own = [
        (
            "i3pm-layout capture x --workspace 1\t",
            "i3pm-layout capture x --workspace 1:code ",
        ),
        (
            "i3pm-layout capture x --workspace 1:\t",
            "i3pm-layout capture x --workspace 1:code ",
        ),
        (
            "i3pm-layout capture x --workspace=1:co\t",
            "i3pm-layout capture x --workspace=1:code ",
        ),
        (
            "i3pm-layout capture x --workspace '1:\t",
            "i3pm-layout capture x --workspace '1:code'",
        ),
        (
            "i3pm-layout diff ./my\t",
            "i3pm-layout diff ./my\\ layout.yaml ",
        ),
        (
            "i3pm-layout -v diff './my\t",
            "i3pm-layout -v diff './my layout.yaml'",
        ),
        (
            "i3pm-layout diff ./my\\ l\t",
            "i3pm-layout diff ./my\\ layout.yaml ",
        ),
        (
            "i3pm-layout show ../data/i3pm\t",
            "i3pm-layout show ../data/i3pm",
        ),
        (
            "i3pm-layout validate ../conf\t",
            "i3pm-layout validate ../config/",
        ),
    ];
    typed(&desktop, &shell, &own);
}

#[test]
fn zsh_completes_what_is_typed() {
    let desktop = desktop();
    // In a directory of `fpath`, as a package installs it.
    install(&desktop, "zsh", "zsh/functions/_i3pm-layout");
    desktop.write(
        "zsh/.zshrc",
        "PROMPT='READY>'\nunsetopt beep\nfpath=($ZDOTDIR/functions $fpath)\n\
         autoload -Uz compinit\ncompinit -u -D\n\
         write-line() { print -r -- \"$BUFFER\" >\"$LINE\" }\n\
         zle -N write-line\nbindkey '^T' write-line\n",
    );
    let directory = desktop.path().join("zsh");
    let shell = format!(
        "ZDOTDIR='{}' exec zsh --no-global-rcs -i",
        directory.display()
    );
    typed(&desktop, &shell, &COMMON);
    let own = [
        (
            "i3pm-layout capture x --workspace 1\t",
            "i3pm-layout capture x --workspace 1:code ",
        ),
        (
            "i3pm-layout capture x --workspace=1:c\t",
            "i3pm-layout capture x --workspace=1:code ",
        ),
        (
            "i3pm-layout diff ./my\t",
            "i3pm-layout diff ./my\\ layout.yaml ",
        ),
        (
            "i3pm-layout -v diff './my\t",
            "i3pm-layout -v diff './my layout.yaml' ",
        ),
    ];
    typed(&desktop, &shell, &own);
}

#[test]
fn fish_completes_what_is_typed() {
    let desktop = desktop();
    install(&desktop, "fish", "config/fish/completions/i3pm-layout.fish");
    // Without it, fish reads all man pages in the background, and keeps the terminal open.
    desktop.create_directory("data/fish/generated_completions");
    desktop.write(
        "config/fish/config.fish",
        "set -g fish_greeting\nfunction fish_prompt; echo 'READY>'; end\n\
         bind \\ct 'commandline >$LINE'\n",
    );
    let shell = "exec fish --interactive";
    typed(&desktop, shell, &COMMON);
    let own = [
        (
            "i3pm-layout capture x --workspace 1\t",
            "i3pm-layout capture x --workspace 1:code ",
        ),
        (
            "i3pm-layout capture x --workspace 1:c\t",
            "i3pm-layout capture x --workspace 1:code ",
        ),
        (
            "i3pm-layout diff ./my\t",
            "i3pm-layout diff ./my\\ layout.yaml ",
        ),
        (
            "i3pm-layout -v diff './my\t",
            "i3pm-layout -v diff './my layout.yaml' ",
        ),
    ];
    typed(&desktop, shell, &own);
}

#[test]
fn values_come_from_the_desktop_and_the_files() {
    let desktop = desktop();
    desktop.write(
        "config/i3pm-layout/config.yaml",
        "version: 1\nprojects:\n  garden: { directory: ~/garden }\n",
    );
    desktop.open_window("editor");
    assert_eq!(
        offered(&desktop, &["apply", ""]),
        ["daily-dev", "nixos/web"]
    );
    desktop
        .run(["apply", "nixos/web", "--no-launch", "--timeout", "1"])
        .code(1);
    // The last one comes first.
    assert_eq!(
        offered(&desktop, &["apply", ""]),
        ["nixos/web", "daily-dev"]
    );
    assert_eq!(
        offered(&desktop, &["apply", "daily-dev", "--only", ""]),
        ["editor", "mail"]
    );
    assert_eq!(offered(&desktop, &["apply", "-", "--only", ""]), [""; 0]);
    assert_eq!(
        offered(&desktop, &["capture", "x", "--project", ""]),
        ["garden", "nixos"]
    );
    assert_eq!(
        offered(&desktop, &["capture", "x", "--workspace", ""]),
        ["1:code", "focused"]
    );
    let outputs = offered(&desktop, &["capture", "x", "--output", ""]);
    assert!(outputs.iter().any(|name| name == "screen"), "{outputs:?}");

    desktop.run(["adapt", "--save", "office"]).success();
    assert_eq!(offered(&desktop, &["adapt", "--profile", ""]), ["office"]);

    let runs = offered(&desktop, &["undo", ""]);
    assert_eq!(runs[0], "last");
    let listed = desktop.run(["history", "--json"]).success().json();
    let newest = listed[0]["run"].as_str().expect("a run has an id");
    assert_eq!(runs[1], newest);
    assert_eq!(
        offered(&desktop, &["history", "show", &newest[..9]]),
        runs[1..]
    );

    // There is no version yet, so only options can follow.
    let options = offered(&desktop, &["revert", "daily-dev", ""]);
    assert!(
        options.iter().all(|one| one.starts_with("--")),
        "{options:?}"
    );
    desktop.run(["capture", "daily-dev", "--force"]).success();
    assert_eq!(
        offered(&desktop, &["revert", "daily-dev", ""]),
        ["last", "1"]
    );
    desktop.run(["delete", "daily-dev"]).success();
    assert_eq!(offered(&desktop, &["revert", "da"]), ["daily-dev"]);
    assert_eq!(offered(&desktop, &["apply", "da"]), [""; 0]);
}

#[test]
fn options_are_offered_once_they_are_typed() {
    let desktop = desktop();
    assert_eq!(offered(&desktop, &["apply", "--no-l"]), ["--no-launch"]);
    let all = offered(&desktop, &["undo", "-"]);
    assert!(all.iter().any(|one| one == "--close-launched"), "{all:?}");
    assert_eq!(
        offered(&desktop, &["apply", "x", "--reuse", "w"]),
        ["workspace"]
    );
    // Options for scripts only.
    assert_eq!(offered(&desktop, &["completions", "bash", "--br"]), [""; 0]);
}

#[test]
fn files_are_offered_for_a_path() {
    let desktop = desktop();
    desktop.write("home/work/web.yaml", "");
    desktop.write("home/work/notes.txt", "");
    assert_eq!(offered(&desktop, &["apply", "./w"]), ["./work/"]);
    assert_eq!(offered(&desktop, &["apply", "work/"]), ["work/web.yaml"]);
    assert_eq!(
        offered(&desktop, &["apply", "~/work/w"]),
        ["~/work/web.yaml"]
    );
    assert_eq!(offered(&desktop, &["compile", "x", "-o", "wo"]), ["work/"]);
    assert_eq!(offered(&desktop, &["compile", "x", "-o", "work/"]), [""; 0]);
}

#[test]
fn errors_and_secrets_are_not_printed() {
    let desktop = desktop();
    desktop.write(
        "config/i3pm-layout/config.yaml",
        "version: 1\nsecret_patterns: ['hunter\\d+']\n",
    );
    desktop.save("hunter22", [TestWindow::new("editor").slot()]);
    assert_eq!(offered(&desktop, &["apply", "hu"]), [""; 0]);

    desktop.write("config/i3pm-layout/config.yaml", "projects: [\n");
    desktop.write("config/i3pm-layout/layouts/bad.yaml", "workspace: [\n");
    assert_eq!(offered(&desktop, &["apply", "bad", "--only", ""]), [""; 0]);
    assert_eq!(offered(&desktop, &["adapt", "--profile", ""]), [""; 0]);
    let socket = desktop.path().join("no-i3");
    for words in [
        ["capture", "x", "--workspace", ""],
        ["capture", "x", "--output", ""],
    ] {
        let arguments = ["completions", "zsh", "--", "i3pm-layout"];
        let call = desktop.command(arguments.iter().chain(&words));
        let output = call
            .env("I3SOCK", &socket)
            .env("DISPLAY", ":none")
            .run()
            .success();
        assert_eq!(output.stderr, "");
    }
}

#[test]
fn doctor_finds_the_installed_completions() {
    let desktop = desktop();
    let doctor = |shell: &str| {
        let call = desktop.command(["doctor", "--json"]).env("SHELL", shell);
        let report = call.run().json();
        let checks = report["checks"].as_array().expect("a list").clone();
        let check = checks.into_iter().find(|one| one["check"] == "completions");
        let check = check.expect("completions are checked");
        let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
        (text("result"), text("message"), text("fix"))
    };
    let (result, message, _) = doctor("/bin/sh");
    assert_eq!(result, "ok");
    assert!(
        message.contains("SHELL is not bash, zsh or fish"),
        "{message}"
    );
    for (shell, path) in [
        ("bash", "data/bash-completion/completions/i3pm-layout"),
        ("zsh", "share/zsh/vendor-completions/_i3pm-layout"),
        ("fish", "config/fish/completions/i3pm-layout.fish"),
    ] {
        let program = format!("/usr/bin/{shell}");
        install(&desktop, shell, path);
        let (result, message, _) = doctor(&program);
        assert_eq!(result, "ok");
        assert!(message.contains(path), "{message}");
        desktop.write(path, "old\n");
        let (result, message, fix) = doctor(&program);
        assert_eq!(result, "warning", "{message}");
        assert!(
            fix.starts_with(&format!("run `i3pm-layout completions {shell} > ")),
            "{fix}"
        );
        let command = fix.trim_start_matches("run `").trim_end_matches('`');
        let mut run = std::process::Command::new("sh");
        run.args(["-c", command]).envs(desktop.environment());
        assert!(run.status().expect("sh is installed").success());
        assert_eq!(doctor(&program).0, "ok");
        fs::remove_file(desktop.path().join(path)).expect("it exists");
    }
}

#[test]
fn names_of_variables_sessions_topics_and_windows_are_offered() {
    let desktop = desktop();
    let slot = TestWindow::new("editor").slot();
    desktop.save("t", [slot]);
    let text = desktop.layout("t");
    desktop.save_text("t", &format!("{text}vars: {{ root: ~/src, kind: }}\n"));
    assert_eq!(offered(&desktop, &["apply", "t", "ro"]), ["root="]);
    assert_eq!(
        offered(&desktop, &["show", "t", "--set", ""]),
        ["root=", "kind="]
    );
    assert_eq!(offered(&desktop, &["apply", "t", "root=a", ""]), ["kind="]);
    assert_eq!(offered(&desktop, &["diff", "t", "ro"]), ["root="]);
    assert_eq!(offered(&desktop, &["diff", "t", "daily"]), ["daily-dev"]);
    desktop.save_text("u", &format!("{text}vars: {{ root: ~/src, other: x }}\n"));
    let of_both = offered(&desktop, &["diff", "t", "u", "--set", ""]);
    assert_eq!(of_both, ["root=", "kind=", "other="]);
    assert_eq!(
        offered(&desktop, &["help", "restore-"]),
        ["restore-at-login"]
    );
    assert_eq!(offered(&desktop, &["help", "appl"]), ["apply"]);
    let sessions = || {
        let mut found = offered(&desktop, &["session", "restore", ""]);
        found.retain(|one| !one.starts_with('-'));
        found
    };
    assert!(sessions().is_empty(), "{:?}", sessions());
    let window = desktop.open_window("editor").windows[0];
    assert_eq!(
        offered(&desktop, &["discover", "--window", ""]),
        [window.to_string()]
    );
    desktop.run(["session", "save"]).success();
    assert_eq!(sessions().len(), 2, "{:?}", sessions());
    desktop
        .run(["apply", "daily-dev", "--only", "editor"])
        .success();
    let of_run = |option: &str| {
        offered(
            &desktop,
            &["history", "show", "last", "--events", option, ""],
        )
    };
    assert!(
        of_run("--type").contains(&"plan".to_owned()),
        "{:?}",
        of_run("--type")
    );
    assert_eq!(of_run("--slot"), ["editor"]);
    desktop.write("home/.i3pm-layout.yaml", "version: 1\n");
    let files = offered(&desktop, &["trust", ""]);
    assert!(files.contains(&".i3pm-layout.yaml".to_owned()), "{files:?}");
}
