//! Commands of windows and processes on a test machine.

use std::collections::BTreeMap;

use super::*;

use std::path::{Path, PathBuf};

use crate::discover::desktop_file::DesktopFile;
use crate::discover::foreground::Foreground;
use crate::discover::isolation::Isolation;
use crate::discover::job::Job;
use crate::discover::question::Questions;
use crate::layout::Command;
use crate::live::build::{one_output, win, workspace};
use crate::live::{Con, Pid, Process, WindowFacts, XId};

mod isolated;
mod processes;
mod terminals;

/// The machine of a test.
#[derive(Default)]
struct Fake {
    entries: Vec<DesktopFile>,
    /// Scripts in `PATH` with their contents.
    scripts: BTreeMap<&'static str, &'static str>,
    /// Links in `PATH` with their targets.
    links: BTreeMap<&'static str, &'static str>,
    isolation: Isolation,
    /// Programs that are not isolated.
    outside: Vec<&'static str>,
    parents: Vec<Process>,
    jobs: Vec<Job>,
    childless: bool,
    clients: Vec<Process>,
    session: Option<&'static str>,
    missing: Vec<&'static str>,
    host: Option<&'static str>,
    restored: Option<Foreground>,
}

impl Machine for Fake {
    fn home(&self) -> Option<&Path> {
        Some(Path::new("/home/me"))
    }

    fn host(&self) -> Option<&str> {
        self.host
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        (!name.starts_with("unknown") && !self.missing.contains(&name))
            .then(|| Path::new("/usr/bin").join(name))
    }

    fn is_named(&self, name: &str, file: &Path) -> bool {
        file == Path::new("/usr/bin").join(name)
            || self
                .links
                .get(name)
                .is_some_and(|meant| file == Path::new(meant))
    }

    fn is_program(&self, file: &Path) -> bool {
        !self
            .missing
            .iter()
            .any(|missing| file == Path::new(missing))
    }

    fn is_file(&self, file: &Path) -> bool {
        self.is_program(file)
    }

    fn is_directory(&self, directory: &Path) -> bool {
        self.is_program(directory)
    }

    fn script(&self, file: &Path) -> Option<String> {
        let name = file.file_name()?.to_str()?;
        self.scripts.get(name).map(|&text| text.to_owned())
    }

    fn desktop_files(&self) -> &[DesktopFile] {
        &self.entries
    }

    fn isolation(&self, process: &Process) -> Isolation {
        let program = process.argv.first().map_or("", String::as_str);
        if program.starts_with("/tmp/.mount_") {
            return Isolation::AppImage("/home/me/X.AppImage".into());
        }
        let is_outside = |program: &String| self.outside.contains(&program.as_str());
        if process.argv.first().is_some_and(is_outside) {
            return Isolation::None;
        }
        self.isolation.clone()
    }

    fn parents(&self, _: &Process) -> Vec<Process> {
        self.parents.clone()
    }

    fn clients(&self, _: &str) -> Vec<Process> {
        self.clients.clone()
    }

    fn jobs(&self, _: Pid, _: Option<XId>) -> Vec<Job> {
        self.jobs.clone()
    }

    fn is_childless(&self, _: Pid) -> bool {
        self.childless
    }

    fn restored(&self) -> &Foreground {
        let built_in = Foreground::built_in();
        self.restored.as_ref().unwrap_or(built_in)
    }

    fn attached(&self, _: &Process) -> Option<String> {
        self.session.map(str::to_owned)
    }
}

fn words(text: &str) -> Vec<String> {
    shell_words::split(text).unwrap()
}

fn process(command: &str) -> Process {
    Process {
        pid: Some(Pid(7)),
        argv: words(command),
        ..Process::default()
    }
}

fn in_directory(command: &str, cwd: &str) -> Process {
    Process {
        cwd: Some(cwd.into()),
        ..process(command)
    }
}

fn entry(id: &str, text: &str) -> DesktopFile {
    let text = format!("[Desktop Entry]\nName=X\n{text}\n");
    DesktopFile::parse(id, text.as_bytes()).unwrap().0
}

fn window(class: &str, title: &str) -> Con {
    let tree = win("app").class(class).title(title);
    let desktop = one_output([workspace("1", [tree])]);
    desktop.tree.windows().next().unwrap().clone()
}

fn facts(process: Option<Process>) -> WindowFacts {
    WindowFacts {
        claimed_pid: Some(Pid(7)),
        process,
        ..WindowFacts::default()
    }
}

/// Asks about the only window of a process.
fn about<'a>(con: &'a Con, facts: &'a WindowFacts) -> Asked<'a> {
    Asked::alone(con, Some(facts), None)
}

fn text(outcome: Outcome) -> String {
    let found = outcome.found;
    let source = match outcome.source {
        Ok(source) => source,
        Err(reason) => {
            assert_eq!(found.command, None);
            return reason.to_string();
        }
    };
    let command = match found.command.unwrap() {
        Command::Line(line) => line,
        Command::Args(list) => format!("{list:?}"),
    };
    let cwd = found.cwd.map(|cwd| format!(" in {cwd}"));
    let doubts: Vec<String> = found
        .doubts
        .iter()
        .map(|doubt| format!(" ({doubt})"))
        .collect();
    let source = match source {
        CommandSource::Process => "",
        CommandSource::DesktopEntry => " by entry",
        CommandSource::Terminal => " by terminal",
        CommandSource::Rule => " by other",
    };
    format!(
        "{command}{}{source}{}",
        cwd.unwrap_or_default(),
        doubts.concat()
    )
}

/// Returns the command that is discovered for a window with this class and process.
fn command(machine: &Fake, class: &str, process: Option<Process>) -> String {
    let (con, facts) = (window(class, "title"), facts(process));
    let asked = about(&con, &facts);
    let found = discover(&asked, machine);
    let explained = explain(&asked, machine).outcome();
    assert_eq!(explained, found, "`explain` gives another command");
    text(found)
}

#[test]
fn windows_of_other_machines_have_no_command() {
    let machine = Fake {
        host: Some("here.lan"),
        ..Fake::default()
    };
    let check = |of: &str, server: Option<u32>, running: &str| {
        let mut con = window("App", "title");
        let properties = con.properties.as_mut().unwrap();
        properties.machine = Some(of.to_owned());
        let facts = WindowFacts {
            server_pid: server.map(Pid),
            claimed_pid: Some(Pid(7)),
            process: (!running.is_empty()).then(|| process(running)),
            ..WindowFacts::default()
        };
        let asked = about(&con, &facts);
        text(discover(&asked, &machine))
    };
    assert_eq!(check("here", Some(7), "app"), "app");
    assert_eq!(
        check("there", Some(3), "sshd"),
        "the window belongs to the machine `there`"
    );
    assert_eq!(
        check("there", None, ""),
        "the window belongs to the machine `there`"
    );
    // The machine had this name when the program started.
    assert_eq!(check("there", Some(7), "app"), "app");
}

#[test]
fn a_missing_command_has_a_reason() {
    let machine = Fake::default();
    let con = window("App", "title");
    let reason = |facts: Option<WindowFacts>| {
        let asked = Asked::alone(&con, facts.as_ref(), None);
        discover(&asked, &machine).source.unwrap_err()
    };
    assert_eq!(reason(None), NoCommand::NoProcess);
    assert_eq!(reason(Some(facts(None))), NoCommand::Unreadable(Pid(7)));
    let silent = facts(Some(process("")));
    assert_eq!(reason(Some(silent)), NoCommand::NoCommandLine);
}

#[test]
fn further_windows_of_a_process_have_no_command() {
    let machine = Fake {
        entries: vec![
            entry("browser", "Exec=browser %U\nStartupWMClass=Browser"),
            entry("mail", "Exec=browser --app-id=abc\nStartupWMClass=crx_abc"),
        ],
        ..Fake::default()
    };
    let facts = facts(Some(process("browser https://a")));
    let browser = |class: &str| {
        let tree = win("browser").class(class);
        tree.facts(|given| given.clone_from(&facts))
    };
    let windows = ["Browser", "Browser", "crx_abc"].map(browser);
    let desktop = one_output([workspace("1", windows)]);
    let mut questions = Questions::new(&desktop);
    let mut windows = desktop.tree.windows();
    let mut check = |class: &str| {
        let con = windows.next().unwrap();
        assert_eq!(
            con.properties.as_ref().unwrap().class.as_deref(),
            Some(class)
        );
        text(discover(&questions.ask(con, None), &machine))
    };
    assert_eq!(check("Browser"), "browser https://a");
    let again = "the process has another window, whose command opens this one too";
    assert_eq!(check("Browser"), again);
    assert_eq!(check("crx_abc"), "browser --app-id=abc by entry");
}

#[test]
fn all_candidates_are_explained() {
    let machine = Fake {
        entries: vec![
            entry("app", "Exec=app %F\nStartupWMClass=App"),
            entry("app-x", "Exec=app --x"),
        ],
        ..Fake::default()
    };
    let (con, facts) = (
        window("App", "title"),
        facts(Some(process("/usr/lib/app/app.bin f"))),
    );
    let asked = about(&con, &facts);
    let explained = explain(&asked, &machine);
    let lines: Vec<String> = explained
        .candidates
        .iter()
        .map(|candidate| {
            let name = candidate.name.as_deref().unwrap_or("-");
            format!("{name} {} {}", candidate.won, candidate.why)
        })
        .collect();
    assert_eq!(
        lines,
        [
            "app true its StartupWMClass is that of the window",
            "- false a desktop entry has the same command with a better-known name",
        ]
    );
}

#[test]
fn options_that_a_script_added_are_removed() {
    let machine = Fake {
        scripts: BTreeMap::from([
            ("chromium", "#!/bin/sh\nfor file in /etc/chromium.d/*; do\n"),
            (
                "edit",
                "#!/bin/sh\nfind_jars /usr/share/edit/edit.jar\nrun_java org.x.Edit \"$@\"\n",
            ),
        ]),
        entries: vec![entry(
            "mail",
            "Exec=chromium --app-id=m\nStartupWMClass=crx_m",
        )],
        ..Fake::default()
    };
    let browser = "/usr/lib/chromium/chromium --disable-pings --load-extension=";
    for (class, argv, expected) in [
        ("Any", format!("{browser} a"), "chromium a"),
        ("Any", format!("'{browser} a'"), "chromium a"),
        ("crx_m", browser.to_owned(), "chromium --app-id=m by entry"),
        (
            "Any",
            "java -cp /usr/share/edit/edit.jar org.x.Edit a".to_owned(),
            "edit a",
        ),
        (
            "Any",
            "java -cp /usr/share/edit/edit.jar org.x.Other a".to_owned(),
            "java -cp /usr/share/edit/edit.jar org.x.Other a",
        ),
    ] {
        let process = Process {
            exe: Some("/usr/lib/chromium/chromium".into()),
            ..process(&argv)
        };
        assert_eq!(command(&machine, class, Some(process)), expected, "{argv}");
    }
}

#[test]
fn options_of_a_script_of_the_same_name_are_not_saved() {
    let machine = Fake {
        scripts: BTreeMap::from([
            ("clock", "#!/bin/sh\nexec /opt/clock -update 5 \"$@\"\n"),
            ("odd", "#!/bin/sh\neval /opt/odd --fast $1\n"),
            ("paint", "#!/bin/sh\nexec python3 /opt/paint.py -x \"$@\"\n"),
        ]),
        ..Fake::default()
    };
    for (argv, exe, expected) in [
        (
            "/opt/clock -update 5 -digital",
            "/opt/clock",
            "clock -digital",
        ),
        // The script found the program in another PATH, or passes its own name on.
        ("clock -update 5 -digital", "/opt/clock", "clock -digital"),
        ("/usr/bin/clock -update 5 a", "/opt/clock", "clock a"),
        // Started without the script.
        ("/opt/clock -digital", "/opt/clock", "/opt/clock -digital"),
        // The script cannot be read.
        ("/opt/odd --fast a", "/opt/odd", "/opt/odd --fast a"),
        ("/opt/odd a", "/opt/odd", "odd a"),
        ("python3 /opt/paint.py -x a", "/usr/bin/python3", "paint a"),
    ] {
        let process = Process {
            exe: Some(exe.into()),
            ..process(argv)
        };
        assert_eq!(command(&machine, "Any", Some(process)), expected, "{argv}");
    }
}

#[test]
fn a_program_that_was_started_without_its_file_has_a_doubt() {
    for (title, doubt) in [
        (
            "a.png - Geeqie",
            " (the directory of `a.png`, which the window shows, is unknown)",
        ),
        ("Geeqie", ""),
    ] {
        let (con, facts) = (
            window("Geeqie", title),
            facts(Some(process("geeqie --blank"))),
        );
        let asked = about(&con, &facts);
        let found = text(discover(&asked, &Fake::default()));
        assert_eq!(found, format!("geeqie --blank{doubt}"));
    }
}

#[test]
fn input_that_is_gone_is_a_doubt() {
    let machine = Fake {
        missing: vec!["/tmp/gone", "/home/me/gone"],
        ..Fake::default()
    };
    let gone = |input: &str| {
        format!(
            " (`{input}` is input of this run alone, which is gone when the command runs again)"
        )
    };
    for (argv, doubt) in [
        ("feh -", gone("-")),
        ("meld /dev/fd/63 a", gone("/dev/fd/63")),
        ("mpv /proc/self/fd/3", gone("/proc/self/fd/3")),
        ("zathura /dev/stdin", gone("/dev/stdin")),
        ("app --file=/proc/7/fd/0", gone("/proc/7/fd/0")),
        ("feh /tmp/gone", " (file `/tmp/gone` not found)".to_owned()),
        (
            "app --file=/tmp/gone",
            " (file `/tmp/gone` not found)".to_owned(),
        ),
        (
            "app file:///tmp/gone",
            " (file `/tmp/gone` not found)".to_owned(),
        ),
        ("feh /tmp/there", String::new()),
        // Editors create files.
        ("gedit /home/me/gone", String::new()),
        ("app -x --", String::new()),
    ] {
        let found = command(&machine, "Any", Some(process(argv)));
        let line = argv.replace("/home/me", "~");
        assert_eq!(found, format!("{line}{doubt}"));
    }
    let found = command(
        &machine,
        "Any",
        Some(process("keepassxc --pw-stdin a.kdbx")),
    );
    assert_eq!(
        found,
        "keepassxc a.kdbx (it was started with `--pw-stdin`, whose input is gone, so the option \
         is left out)"
    );
}

#[test]
fn an_argument_with_a_space_that_was_overwritten_is_kept() {
    for (class, line, expected) in [
        (
            "Any",
            "/opt/x/browser --profile=Profile 1 https://a.org",
            "/opt/x/browser '--profile=Profile 1' https://a.org",
        ),
        (
            "Any",
            "/opt/x/browser --title my work",
            "/opt/x/browser --title my work (it is unknown whether `my` is an argument or a part \
             of one, as the program has overwritten its arguments)",
        ),
        (
            "Browser",
            "/opt/x/browser --title my work",
            "run-browser --title my work by entry (it is unknown whether `my` is an argument or \
             a part of one, as the program has overwritten its arguments)",
        ),
    ] {
        let machine = Fake {
            entries: vec![entry("browser", "Exec=run-browser %U")],
            missing: vec!["my", "my work", "work", "Profile 1", "1"],
            ..Fake::default()
        };
        let process = Process {
            argv: vec![line.to_owned()],
            exe: Some("/opt/x/browser".into()),
            ..Process::default()
        };
        assert_eq!(command(&machine, class, Some(process)), expected);
    }
}

#[test]
fn options_that_hide_the_window_are_left_out() {
    let found = command(&Fake::default(), "Thunar", Some(process("thunar --daemon")));
    let doubt = "it was started with `--daemon`, which opens no window; a file that the window shows is not in the command";
    assert_eq!(found, format!("thunar ({doubt})"));
}

#[test]
fn files_that_an_entry_takes_are_written_as_paths() {
    let machine = Fake {
        entries: vec![entry("office", "Exec=office --writer %U")],
        missing: vec!["/home/me/gone"],
        ..Fake::default()
    };
    for (url, expected) in [
        ("file:///home/me/a%20b", "'~/a b'"),
        ("file:///home/me/gone", "file://${env:HOME}/gone"),
        ("https://example.org/", "https://example.org/"),
    ] {
        let argv = format!("/usr/lib/office --writer {url}");
        let found = command(&machine, "Any", Some(process(&argv)));
        assert_eq!(found, format!("office --writer {expected} by entry"));
    }
}
