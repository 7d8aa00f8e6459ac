//! The sentences about the findings of `doctor`.

use std::path::Path;

use super::super::diagnostic::{hint, to_line};
use super::super::words::Count;
use crate::discover::daemons::{Daemon, Effect};
use crate::doctor::Check;
use crate::doctor::Finding;
use crate::doctor::calls::NAME;
use crate::doctor::finding::Without;
use crate::doctor::folder::{Fault, Role};

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
        Finding::BadArguments { line, message } => {
            format!("{message}; the i3 config has `{line}`")
        }
        Finding::NoSuchLayout { line, name } => {
            format!("the layout `{name}` does not exist; the i3 config has `{line}`")
        }
        Finding::Configuration(0) => "no configuration file, which is fine".to_owned(),
        Finding::Configuration(count) => format!("{} is valid", Count(*count, "file")),
        Finding::Layouts(0) => "no layouts yet".to_owned(),
        Finding::Layouts(count) => format!("{} can be read", Count(*count, "layout")),
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
        Finding::RunInProgress => {
            "a command is running, so its placeholders are no leftovers".to_owned()
        }
        Finding::Records { path, reason } => format!("cannot read {}: {reason}", path.display()),
        Finding::Directory { path, role, fault } => {
            let purpose = purpose(*role);
            format!("{} ({purpose}) {}", path.display(), wrong(fault))
        }
        Finding::LittleSpace { path, free } => format!(
            "only {:.1} MiB are free for {}",
            mebibytes(*free),
            path.display()
        ),
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
    }
}

/// The commands or lines that fix it, one per line; `None` if nothing must be done.
pub(super) fn fix(finding: &Finding) -> Option<String> {
    Some(match finding {
        Finding::Problem {
            problem, lists_all, ..
        } => {
            let hints = [hint_of_first(problem.as_ref()), lists_all.clone()];
            let hints: Vec<String> = hints.into_iter().flatten().collect();
            if hints.is_empty() {
                return None;
            }
            hints.join("\n")
        }
        Finding::StaleSocket { .. } => {
            "run `unset I3SOCK` in this terminal, or open a new terminal in the \
                                        current session"
                .to_owned()
        }
        Finding::NoExtension(name) => {
            format!("use an X server with {name}, such as Xorg 1.18 or newer")
        }
        Finding::OtherOnPath { found, own } => format!(
            "remove one of them, or write the full path {} in the i3 config: {} comes first in the PATH of i3",
            own.display(),
            found.display()
        ),
        Finding::NotOnPath {
            own,
            needed,
            has_local,
        } => {
            let own = own.display().to_string();
            let example = match needed.first() {
                Some(line) => line.replacen(NAME, &own, 1),
                None => format!("bindsym $mod+F9 exec --no-startup-id {own} apply NAME"),
            };
            let line = format!(
                "write the full path in the i3 config, then run `i3-msg reload`: \
                 `{example}`"
            );
            if *has_local {
                format!(
                    "{line}\nor run `sudo ln -s {own} /usr/local/bin/`, which is in the PATH of i3"
                )
            } else {
                format!(
                    "{line}\nor add the directory to PATH in ~/.profile or ~/.xsessionrc, and log in again"
                )
            }
        }
        Finding::NoSuchProgram { path, own, .. } => format!(
            "write {} instead of {} in the i3 config, then run `i3-msg reload`",
            own.display(),
            path.display()
        ),
        Finding::BadArguments { .. } => {
            "correct the line, then run `i3-msg reload`; `i3pm-layout help` lists the commands"
                .to_owned()
        }
        Finding::NoSuchLayout { name, .. } => format!(
            "run `i3pm-layout capture {}` to create it, or name another layout \
             (`i3pm-layout list`) and run `i3-msg reload`",
            shell_words::quote(name)
        ),
        Finding::Layouts(0) => "run `i3pm-layout capture NAME` to save the open windows".to_owned(),
        Finding::OldSchema(path) => {
            let path = path.to_string_lossy();
            format!("run `i3pm-layout schema > {}`", shell_words::quote(&path))
        }
        Finding::WindowRule { .. } => {
            "`apply` moves the windows back, which you may see: remove the rule, or save the \
             windows where the rule puts them"
                .to_owned()
        }
        Finding::Daemon {
            daemon,
            harms: true,
        } => remedy(daemon),
        Finding::Leftovers { .. } => "run `i3pm-layout recover`".to_owned(),
        Finding::Records { path, .. } => {
            let path = path.to_string_lossy();
            format!(
                "run `rm {}`; `apply` then finds the windows by other evidence",
                shell_words::quote(&path)
            )
        }
        Finding::Directory { path, role, fault } => repair(path, *role, fault),
        Finding::LittleSpace { path, .. } => {
            let path = path.to_string_lossy();
            format!("free some space: `df -h {}`", shell_words::quote(&path))
        }
        Finding::FewFiles(_) => {
            "run `ulimit -n 1024`, and raise the limit where the session begins".to_owned()
        }
        Finding::Future { latest, .. } => {
            let path = latest.to_string_lossy();
            format!(
                "check the clock with `timedatectl`; if it is right, run `rm {}`, because \
                 `undo` takes it for the last run",
                shell_words::quote(&path)
            )
        }
        _ => return None,
    })
}

/// The hint of the first problem of a file, or of the problem itself.
fn hint_of_first(problem: &dyn miette::Diagnostic) -> Option<String> {
    let first = problem.related().and_then(|mut all| all.next());
    first.and_then(hint).or_else(|| hint(problem))
}

const fn fine(check: Check) -> &'static str {
    match check {
        Check::XServer => "the X server has XRes and RandR",
        Check::Trust => "no other user can write layouts",
        Check::Programs => "all programs and directories of layouts exist",
        Check::WindowRules => "no rule of the i3 config moves windows of layouts",
        Check::Daemons => "no program that changes workspaces or containers is running",
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

fn remedy(daemon: &Daemon) -> String {
    let name = &daemon.name;
    match daemon.effect {
        Effect::Renames => {
            "begin the name of each workspace with a number, such as `1: web`, in the i3 config \
             and in the layouts"
                .to_owned()
        }
        Effect::Commands => {
            format!("if `apply` reports misplaced windows, end `{name}` and try again")
        }
        Effect::Splits | Effect::Arranges => format!(
            "if `diff` shows differences after `apply`, exclude the workspaces of layouts from \
             `{name}`, or end it"
        ),
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
        Fault::Open(mode) => format!("is writable by other users (mode {mode:04o})"),
        Fault::NotWritable => "is not writable".to_owned(),
        Fault::CannotCreate(parent) => {
            format!(
                "does not exist and cannot be created in {}",
                parent.display()
            )
        }
    }
}

fn repair(path: &Path, role: Role, fault: &Fault) -> String {
    let word = |path: &Path| shell_words::quote(&path.to_string_lossy()).into_owned();
    let path = word(path);
    match (fault, role) {
        (Fault::NotADirectory(file), _) => {
            let file = word(file);
            format!("run `mv {file} {file}.old`")
        }
        (Fault::Owner(_), _) => format!("run `sudo chown -R $USER {path}`"),
        (Fault::Open(_), _) => format!("run `chmod go-w {path}`"),
        (Fault::NotWritable, Role::Layouts) => {
            format!("`capture` cannot save here; if this is not intended, run `chmod u+rwx {path}`")
        }
        (Fault::NotWritable, _) => format!("run `chmod u+rwx {path}`"),
        (Fault::CannotCreate(_), Role::Runtime) => {
            "log in again, or run `unset XDG_RUNTIME_DIR` to use the directory for temporary files"
                .to_owned()
        }
        (Fault::CannotCreate(_), _) => {
            format!("run `sudo mkdir -p {path}` and `sudo chown $USER {path}`")
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "only for people")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / MEBIBYTE as f64
}
