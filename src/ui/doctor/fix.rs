//! The fixes for the findings of `doctor`.

use std::ffi::OsStr;
use std::path::Path;

use super::super::diagnostic::hint;
use crate::discover::daemons::{Daemon, Effect};
use crate::doctor::Finding;
use crate::doctor::calls::NAME;
use crate::doctor::folder::{Fault, Role};
use crate::document::fault::ticked;
use crate::text::path::quoted;

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
        Finding::Layouts(0) => "run `i3pm-layout capture NAME` to save the open windows".to_owned(),
        Finding::NotAFile(path) => {
            let path = path.to_string_lossy();
            let old = format!("{path}.old");
            format!(
                "run `mv -n {} {}`",
                shell_words::quote(&path),
                shell_words::quote(&old)
            )
        }
        Finding::DanglingLink(path) => {
            let path = path.to_string_lossy();
            let path = shell_words::quote(&path);
            format!("restore the file that `readlink {path}` prints, or run `rm {path}`")
        }
        Finding::Hidden { ignored, .. } => own_name(ignored),
        Finding::Completions {
            shell,
            path,
            is_current: false,
        } => {
            let path = path.to_string_lossy();
            let path = shell_words::quote(&path);
            format!("run `i3pm-layout completions {shell} > {path}`")
        }
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
        Finding::Records {
            remedy: Some(remedy),
            ..
        } => remedy.clone(),
        Finding::Records {
            path, is_damaged, ..
        } => {
            let path = path.to_string_lossy();
            let path = shell_words::quote(&path);
            if *is_damaged {
                format!("run `rm {path}`; the next command writes it again")
            } else {
                format!("run `sudo chown $USER {path}` and `chmod u+rw {path}`")
            }
        }
        Finding::Directory { path, role, fault } => repair(path, *role, fault),
        Finding::LittleSpace { path, .. } => {
            let path = path.to_string_lossy();
            format!("free some space: `df -h {}`", shell_words::quote(&path))
        }
        Finding::NoFiles(path) => {
            let path = path.to_string_lossy();
            format!("delete some files: `df -i {}`", shell_words::quote(&path))
        }
        Finding::NoSessionDirectory { .. } => {
            "log in through systemd-logind, elogind or another program that sets XDG_RUNTIME_DIR, or set \
             it before i3 starts to a directory that only you can access"
                .to_owned()
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
        _ => return fix_of_name(finding),
    })
}

/// The fix of a finding about a file that is missing or has another name.
fn fix_of_name(finding: &Finding) -> Option<String> {
    Some(match finding {
        Finding::NoCompletions { shell, file } => {
            let folder = quoted(file.parent().unwrap_or(Path::new(".")));
            let file = quoted(file);
            format!(
                "run `mkdir -p {folder} && i3pm-layout completions {shell} > {file}`\nor see \
                 `i3pm-layout completions --help` for other ways"
            )
        }
        Finding::UnknownHook {
            path,
            near: Some(near),
            ..
        } => {
            let right = path.with_file_name(near);
            format!("run `mv -n {} {}`", quoted(path), quoted(&right))
        }
        Finding::UnknownHook { path, known, .. } => format!(
            "run `mv -n {} {}` with one of these events: {}",
            quoted(path),
            quoted(&path.with_file_name("EVENT")),
            ticked(known)
        ),
        Finding::IdleHook(path) => format!(
            "run `chmod +x {}`, or remove it if it should not run",
            quoted(path)
        ),
        _ => return fix_of_call(finding),
    })
}

/// The fix of a finding about i3's calls of this program.
fn fix_of_call(finding: &Finding) -> Option<String> {
    Some(match finding {
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
        Finding::BadArguments {
            near: Some(near), ..
        }
        | Finding::NoSuchProfile {
            near: Some(near), ..
        } => meant(near),
        Finding::BadArguments { .. } => {
            "correct the line, then run `i3-msg reload`; `i3pm-layout help` lists the commands"
                .to_owned()
        }
        Finding::NoSuchLayout { name, near, .. } => {
            let name = shell_words::quote(name);
            match near {
                Some(near) => format!(
                    "{}\nor run `i3pm-layout capture {name}` to create it",
                    meant(near)
                ),
                None => format!(
                    "run `i3pm-layout capture {name}` to create it, or name another layout \
                     (`i3pm-layout list`) and run `i3-msg reload`"
                ),
            }
        }
        Finding::NoSuchProfile { name, .. } => format!(
            "run `i3pm-layout adapt --save {}` to create it, or name another profile \
             (`i3pm-layout profiles`) and run `i3-msg reload`",
            shell_words::quote(name)
        ),
        Finding::Misspelt(misspelt) => format!(
            "did you mean `{NAME}`? Change the line to `{}`, then run `i3-msg reload`",
            misspelt.corrected()
        ),
        _ => return None,
    })
}

/// The fix of a line with a misspelt name.
fn meant(near: &str) -> String {
    format!("did you mean `{near}`? Correct the line, then run `i3-msg reload`")
}

/// The command that gives a file a name of its own: `dev.json` becomes `dev-json.json`.
fn own_name(file: &Path) -> String {
    let text = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, extension) = (text(file.file_stem()), text(file.extension()));
    let own = file.with_file_name(format!("{stem}-{extension}.{extension}"));
    let [file, own] = [file, &own].map(Path::to_string_lossy);
    let (file, own) = (shell_words::quote(&file), shell_words::quote(&own));
    format!("run `mv -n {file} {own}` to give it a name of its own, or `rm {file}`")
}

/// The hint of the first problem of a file, or of the problem itself.
fn hint_of_first(problem: &dyn miette::Diagnostic) -> Option<String> {
    let first = problem.related().and_then(|mut all| all.next());
    first.and_then(hint).or_else(|| hint(problem))
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

fn repair(path: &Path, role: Role, fault: &Fault) -> String {
    let path = quoted(path);
    match (fault, role) {
        // The program's own name is taken.
        (Fault::NotADirectory(file), _) if file.ends_with("i3pm-layout") => {
            let file = quoted(file);
            format!("run `mv {file} {file}.old`")
        }
        (Fault::NotADirectory(_), role) => {
            let variable = match role {
                Role::Layouts => "XDG_CONFIG_HOME",
                Role::State => "XDG_STATE_HOME",
                Role::Runtime => "XDG_RUNTIME_DIR",
            };
            format!("set {variable} to a directory of your own, or unset it")
        }
        (Fault::Owner(_), _) => format!("run `sudo chown -R $USER {path}`"),
        (Fault::Open(_, false), _) => format!("run `chmod go-w {path}`"),
        // The group bits of the mode are the mask of the list.
        (Fault::Open(_, true), _) => {
            format!("run `setfacl -b {path}` and `chmod go-w {path}`")
        }
        (Fault::Unreachable(_), _) => format!(
            "run `ls -ld {path}`, and give yourself access to the directory and its parents"
        ),
        (Fault::ReadOnly(nearest), role) => {
            let nearest = quoted(nearest);
            let found = format!(
                "run `findmnt -T {nearest}` to find it, then `sudo mount -o remount,rw` with its TARGET"
            );
            match role {
                Role::Layouts => {
                    format!("`capture` cannot save here; if this is not intended, {found}")
                }
                Role::State | Role::Runtime => found,
            }
        }
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
