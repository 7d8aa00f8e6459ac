//! The sentences about the findings of `doctor`.

use std::path::Path;

use super::super::diagnostic::{to_line, without_number};
use super::super::words::Count;
use crate::discover::daemons::{Daemon, Effect};
use crate::doctor::Check;
use crate::doctor::Finding;
use crate::doctor::calls::Misspelt;
use crate::doctor::finding::Without;
use crate::doctor::folder::{Fault, Role, TOO_LITTLE};

/// The bytes of a kibibyte.
const KIBIBYTE: u64 = 1024;

/// The bytes of a mebibyte.
const MEBIBYTE: u64 = 1024 * 1024;

/// The finding in one sentence.
pub(super) fn message(finding: &Finding) -> String {
    match finding {
        Finding::Fine(check) => fine(*check).to_owned(),
        Finding::Skipped(_, without) => skipped(*without).to_owned(),
        Finding::Problem {
            subject, problem, ..
        } => {
            let line = to_line(problem.as_ref());
            match subject {
                Some(subject) => format!("{subject}: {line}"),
                None => line,
            }
        }
        Finding::I3 { version, socket } => format!("i3 {version} at {}", socket.display()),
        Finding::Display(name) => format!("`{name}` can be reached"),
        Finding::StaleSocket { path, used } => format!(
            "I3SOCK is {}, where no process listens; using {}",
            path.display(),
            used.display()
        ),
        Finding::NoExtension(name) => format!(
            "the X server has no {name}, so {} cannot be recognised reliably",
            if *name == "RandR" {
                "monitors"
            } else {
                "the programs of windows"
            }
        ),
        Finding::OnPath(path) => format!("i3 finds {}", path.display()),
        Finding::Configuration(0) => "no configuration file, which is fine".to_owned(),
        Finding::Configuration(count) => format!("{} is valid", Count(*count, "file")),
        Finding::Layouts(0) => "no layouts yet".to_owned(),
        Finding::Layouts(count) => format!("{} can be read", Count(*count, "layout")),
        Finding::Completions {
            shell,
            path,
            is_current: true,
        } => format!("completions for {shell} are in {}", path.display()),
        Finding::Completions { shell, path, .. } => format!(
            "the completions for {shell} in {} are those of another version",
            path.display()
        ),
        Finding::CompletionsAtStart { shell, path } => {
            format!("{} asks for the completions for {shell}", path.display())
        }
        Finding::NoCompletions { shell, .. } => {
            format!("{shell} does not complete command lines of i3pm-layout")
        }
        Finding::OldSchema(path) => format!(
            "the schema for editors is that of another version: {}",
            path.display()
        ),
        Finding::WindowRule { line, slots } => {
            let slots = slots
                .iter()
                .map(|(layout, slot)| format!("`{slot}` ({layout})"));
            let slots: Vec<String> = slots.collect();
            format!(
                "a rule of the i3 config moves windows out of their slots: `{line}` affects {}",
                slots.join(", ")
            )
        }
        Finding::Daemon { daemon, harms } => effect(daemon, *harms),
        Finding::Leftovers {
            placeholders,
            windows,
            marks,
        } => format!(
            "an interrupted run has left {}, {} and {}",
            Count(*placeholders, "placeholder"),
            Count(*windows, "hidden window"),
            Count(*marks, "mark")
        ),
        Finding::Clients(names) => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("connected to i3: {}", names.join(", "))
        }
        Finding::RunInProgress => {
            "a command is running, so its placeholders are no leftovers".to_owned()
        }
        Finding::Records { path, reason, .. } => {
            format!("cannot read {}: {}", path.display(), without_number(reason))
        }
        Finding::Directory { path, role, fault } => {
            let purpose = purpose(*role);
            format!("{} ({purpose}) {}", path.display(), wrong(fault))
        }
        Finding::FewFiles(limit) => format!(
            "a program can open only {limit} files, and programs of layouts inherit this limit"
        ),
        Finding::Future { runs, latest } => format!(
            "{} in the future, such as {}: the clock was wrong then, or is wrong now",
            if *runs == 1 {
                "1 recorded run lies".to_owned()
            } else {
                format!("{runs} recorded runs lie")
            },
            latest.display()
        ),
        _ => message_of_place(finding),
    }
}

/// The finding about a place for files.
fn message_of_place(finding: &Finding) -> String {
    match finding {
        Finding::LittleSpace { path, free } if *free < TOO_LITTLE => format!(
            "only {} KiB are free for {}, so layouts and records cannot be saved",
            free / KIBIBYTE,
            path.display()
        ),
        Finding::NoFiles(path) => format!(
            "the file system of {} has no room for another file, so layouts and records cannot be saved",
            path.display()
        ),
        Finding::NoSessionDirectory { used, missing } => format!(
            "XDG_RUNTIME_DIR is not set, and {} does not exist: the files of a run are in {}, which \
             the system may clean up",
            missing.display(),
            used.display()
        ),
        Finding::LittleSpace { path, free } => format!(
            "only {:.1} MiB are free for {}",
            mebibytes(*free),
            path.display()
        ),
        _ => message_of_name(finding),
    }
}

/// The finding about the name of a file.
fn message_of_name(finding: &Finding) -> String {
    match finding {
        Finding::Hooks(0) => "no hooks".to_owned(),
        Finding::Hooks(count) => format!("{} can run", Count(*count, "hook")),
        Finding::UnknownHook { path, .. } => {
            format!("{} is never run: no event has this name", path.display())
        }
        Finding::IdleHook(path) => {
            format!(
                "{} is not run, because it is not executable",
                path.display()
            )
        }
        Finding::NotAFile(path) => format!(
            "{} has the name of a layout file, but is not a regular file",
            path.display()
        ),
        Finding::DanglingLink(path) => format!(
            "{} is a symbolic link to a file that does not exist",
            path.display()
        ),
        Finding::Hidden {
            name,
            used,
            ignored,
        } => format!(
            "two files are named `{name}`: {} is used, and {} only by its path",
            used.display(),
            ignored.display()
        ),
        _ => message_of_call(finding),
    }
}

/// The finding about i3's calls of this program.
fn message_of_call(finding: &Finding) -> String {
    match finding {
        Finding::OtherOnPath { found, own } => format!(
            "key bindings run {}, but this is {}",
            found.display(),
            own.display()
        ),
        Finding::NotOnPath { own, needed, .. } => {
            let folder = own.parent().unwrap_or(Path::new("/"));
            let text = format!(
                "key bindings cannot find `i3pm-layout`: {} is not in the PATH of i3",
                folder.display()
            );
            match needed.as_slice() {
                [] => text,
                [line] => format!("{text}, so this line of the i3 config does nothing: `{line}`"),
                [first, others @ ..] => format!(
                    "{text}, so these lines of the i3 config do nothing: `{first}` and {}",
                    Count(others.len(), "other")
                ),
            }
        }
        Finding::Calls(0) => "no line of the i3 config runs i3pm-layout".to_owned(),
        Finding::Calls(count) => {
            let lines = Count(*count, "line");
            format!("{lines} of the i3 config can run i3pm-layout")
        }
        Finding::NoSuchProgram { line, path, .. } => format!(
            "{} does not exist or is not executable; the i3 config has `{line}`",
            path.display()
        ),
        Finding::BadArguments { line, message, .. } => {
            format!("{message}; the i3 config has `{line}`")
        }
        Finding::NoSuchLayout { line, name, .. } => {
            format!("the layout `{name}` does not exist; the i3 config has `{line}`")
        }
        Finding::NoSuchProfile { line, name, .. } => {
            format!("the profile `{name}` does not exist; the i3 config has `{line}`")
        }
        Finding::Misspelt(Misspelt { line, program }) => {
            format!("`{program}` does not exist; the i3 config has `{line}`")
        }
        _ => String::new(),
    }
}

const fn fine(check: Check) -> &'static str {
    match check {
        Check::Program => "all lines of the i3 config that run this program have its full path",
        Check::Completions => "SHELL is not bash, zsh or fish, for which there are completions",
        Check::XServer => "the X server has XRes and RandR",
        Check::Trust => "no other user can write layouts",
        Check::Programs => "all programs and directories of layouts exist",
        Check::WindowRules => "no rule of the i3 config moves windows of layouts",
        Check::Daemons => "no program that changes workspaces or containers is running",
        Check::Clients => "no other program is connected to i3",
        Check::Leftovers => "no interrupted run has left anything",
        Check::Records => "all records can be read",
        Check::Directories => "all directories belong to you and can be written",
        Check::DiskSpace => "there is enough free space",
        Check::OpenFiles => "programs can open enough files",
        Check::Clock => "no recorded run lies in the future",
        _ => "no problem",
    }
}

const fn skipped(without: Without) -> &'static str {
    match without {
        Without::I3 => "not checked, because i3 cannot be reached",
        Without::XServer => "not checked, because the X server cannot be reached",
        Without::Kernel => {
            "not checked, because the kernel does not list the connections of i3's socket (unix_diag)"
        }
        Without::OneDesktop => {
            "not checked, because DISPLAY and I3SOCK belong to different desktops"
        }
    }
}

fn effect(daemon: &Daemon, harms: bool) -> String {
    let name = &daemon.name;
    match daemon.effect {
        Effect::Renames if harms => format!(
            "`{name}` renames workspaces, and a layout has a workspace without a number, which is \
             recognised only by its name"
        ),
        Effect::Renames => {
            format!("`{name}` renames workspaces; the layouts recognise them by their numbers")
        }
        Effect::Splits => {
            format!("`{name}` splits containers when the focus changes, also while `apply` works")
        }
        Effect::Arranges => format!("`{name}` moves windows into an arrangement of its own"),
        Effect::Commands => format!("`{name}` runs commands for windows when they open"),
    }
}

const fn purpose(role: Role) -> &'static str {
    match role {
        Role::Layouts => "layouts",
        Role::State => "journal and backups",
        Role::Runtime => "files of a run",
    }
}

fn wrong(fault: &Fault) -> String {
    match fault {
        Fault::NotADirectory(path) => {
            format!("cannot be used: {} is not a directory", path.display())
        }
        Fault::Owner(uid) => format!("belongs to another user (uid {uid})"),
        Fault::Open(mode, false) => format!("is writable by other users (mode {mode:04o})"),
        Fault::Open(mode, true) => {
            format!("is writable by other users (mode {mode:04o}, with an access control list)")
        }
        Fault::Unreachable(reason) => format!("cannot be looked at: {}", without_number(reason)),
        Fault::NotWritable => "is not writable".to_owned(),
        Fault::ReadOnly(_) => "is in a file system that is mounted read-only".to_owned(),
        Fault::CannotCreate(parent) => {
            format!(
                "does not exist and cannot be created in {}",
                parent.display()
            )
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "only for people")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / MEBIBYTE as f64
}
