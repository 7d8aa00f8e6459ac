//! The process as a source: its command line as a person would have typed it.

use std::path::{Path, PathBuf};

use super::candidate::{Candidate, Doubt, NoCommand};
use super::entry::base_name;
use super::evidence::{Evidence, Proposal};
use super::machine::Machine;
use super::question::Asked;
use super::ranking::Source;
use super::standing::Standing;
use super::wrappers;
use crate::layout::CommandSource;
use crate::live::{Process, WindowFacts};

/// Its command line, where a person would type it so.
pub(super) const TYPED: Source = Source {
    propose: |evidence| propose(evidence, true),
    outdoes: "the process says the same in its own words",
};

/// Its command line as it is.
pub(super) const COMMAND_LINE: Source = Source {
    propose: |evidence| propose(evidence, false),
    ..TYPED
};

/// How a process was started, and the reason.
pub(super) struct Own {
    pub(super) typed: Typed,
    /// Where it was started, unless the process itself tells.
    place: Place,
    doubts: Vec<Doubt>,
    why: &'static str,
}

/// A command line that can be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The arguments, the program first.
    pub(super) argv: Vec<String>,
    /// Whether it is what a person would type: the program by the name that `PATH` has
    /// it by.
    pub(super) plain: bool,
}

/// Where a program is started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) cwd: Option<PathBuf>,
    /// The directory that it would be, if it were still there.
    pub(super) lost: Option<PathBuf>,
}

impl Place {
    pub(super) fn at(cwd: PathBuf) -> Self {
        Self {
            cwd: Some(cwd),
            lost: None,
        }
    }

    /// Where the process stands.
    pub(super) fn of(process: &Process, machine: &dyn Machine) -> Self {
        match &process.cwd {
            Some(cwd) => Self::at(cwd.clone()),
            None => Self {
                cwd: None,
                lost: machine.lost_directory(process),
            },
        }
    }

    /// This one, or where nothing is known of it, the other.
    pub(super) fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        if self == Self::default() {
            other()
        } else {
            self
        }
    }
}

fn propose(evidence: &Evidence, plain: bool) -> Vec<Candidate> {
    let again = evidence.asked.again;
    let is_plain = !again && evidence.own.as_ref().is_ok_and(|own| own.typed.plain);
    if is_plain != plain {
        return Vec::new();
    }
    let source = CommandSource::Process;
    let nothing =
        |reason: &NoCommand| vec![Candidate::without_command(source, None, reason.to_string())];
    let own = match &evidence.own {
        Err(reason) => return nothing(reason),
        Ok(_) if again => return nothing(&NoCommand::Again),
        Ok(own) => own,
    };
    let mut doubts = own.doubts.clone();
    let missing = missing_file(&own.typed.argv, evidence.title());
    doubts.extend(missing.map(|file| Doubt::WhichFile(file.to_owned())));
    vec![evidence.candidate(Proposal {
        source,
        name: None,
        argv: own.typed.argv.clone(),
        place: own.place.clone().or_else(|| evidence.place()),
        process: None,
        doubts,
        why: own.why.to_owned(),
    })]
}

/// What the process of a window shows by itself.
pub(super) fn own(
    asked: &Asked,
    process: Option<&Process>,
    machine: &dyn Machine,
) -> Result<Own, NoCommand> {
    let facts = asked.facts;
    let elsewhere = other_machine(asked, machine);
    let Some(process) = process else {
        return Err(match (elsewhere, facts.and_then(WindowFacts::pid)) {
            (Some(elsewhere), _) => NoCommand::OtherMachine(elsewhere),
            (None, Some(pid)) => NoCommand::Unreadable(pid),
            (None, None) => NoCommand::NoProcess,
        });
    };
    // The X server knows the process at this end of the connection, such as sshd;
    // a program of this machine has the same id for itself.
    let same = facts
        .is_some_and(|facts| facts.server_pid.is_some() && facts.claimed_pid == facts.server_pid);
    if let Some(elsewhere) = elsewhere.filter(|_| !same) {
        return Err(NoCommand::OtherMachine(elsewhere));
    }
    let arguments = process.argv.get(1..).unwrap_or_default();
    let started_by = |words: &[&str], why| Own {
        typed: Typed {
            argv: words
                .iter()
                .map(|&word| word.to_owned())
                .chain(arguments.iter().cloned())
                .collect(),
            plain: true,
        },
        place: Place::default(),
        doubts: Vec::new(),
        why,
    };
    Ok(match machine.standing(process) {
        Standing::Plain => {
            let typed = typed(process, machine)?;
            let why = if typed.plain {
                "it is the command line of the process, with a program of PATH"
            } else {
                "it is the command line of the process"
            };
            Own {
                typed,
                place: Place::default(),
                doubts: Vec::new(),
                why,
            }
        }
        Standing::Flatpak(app) => started_by(
            &["flatpak", "run", &app],
            "it runs in the sandbox of a flatpak application",
        ),
        Standing::Snap(name) => {
            let why = "it is a program of a snap";
            if machine.find(&name).is_some() {
                started_by(&[&name], why)
            } else {
                started_by(&["snap", "run", &name], why)
            }
        }
        Standing::AppImage(file) => {
            let file = file.to_str().ok_or(NoCommand::NotText)?;
            started_by(&[file], "it runs from an AppImage")
        }
        Standing::OtherUser(user) => entering(process, &["sudo", "pkexec", "doas"], machine)
            .ok_or(NoCommand::OtherUser(user))?,
        Standing::Container => {
            entering(process, &["firejail"], machine).ok_or(NoCommand::Container)?
        }
    })
}

/// The parent that brought the process to where we cannot start it ourselves.
fn entering(process: &Process, programs: &[&str], machine: &dyn Machine) -> Option<Own> {
    let enters = |parent: &Process| {
        let program = parent.argv.first().map(|program| base_name(program));
        program.is_some_and(|program| programs.contains(&program))
    };
    let parents = machine.parents(process).into_iter();
    let entering = parents.skip_while(|parent| !enters(parent));
    // Those that go inside keep a copy of themselves there, which stands elsewhere.
    let parent = entering.take_while(enters).last()?;
    let name = base_name(parent.argv.first()?).to_owned();
    let doubts = (name != "firejail").then_some(Doubt::Password(name));
    Some(Own {
        typed: typed(&parent, machine).ok()?,
        place: Place::of(&parent, machine),
        doubts: doubts.into_iter().collect(),
        why: "it is the command line of the parent that started the process",
    })
}

/// The machine that the window says it is of, where that is not this one.
fn other_machine(asked: &Asked, machine: &dyn Machine) -> Option<String> {
    let name = asked.con.properties.as_ref()?.machine.as_deref()?;
    // Some write the whole name, some only its first part.
    let first = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let host = machine.host()?;
    (first(name) != first(host) && name != "localhost").then(|| name.to_owned())
}

/// Directories in which a program needs no explanation.
const PROGRAM_DIRECTORIES: [&str; 7] = [
    "/",
    "/bin",
    "/sbin",
    "/usr/bin",
    "/usr/sbin",
    "/usr/local/bin",
    "/usr/games",
];

/// Options that name an open file, which only the child of the program that adds them has:
/// that of the splash screen of `soffice`.
const INHERITED: [&str; 1] = ["--splash-pipe="];

/// Programs that start themselves once more without the file that they are to show, and
/// the option by which that is seen.
const WITHOUT_FILE: [(&str, &str); 1] = [("geeqie", "--blank")];

/// The file that is shown according to the title, where the command line is known to be
/// without it.
fn missing_file<'a>(argv: &[String], title: &'a str) -> Option<&'a str> {
    let [program, option] = argv else {
        return None;
    };
    let (file, _) = title.rsplit_once(" - ")?;
    let is_without = WITHOUT_FILE.contains(&(base_name(program), option));
    (is_without && !file.is_empty()).then_some(file)
}

/// The command line of a process, with a program that can be started.
fn typed(process: &Process, machine: &dyn Machine) -> Result<Typed, NoCommand> {
    let argv = startable(process, machine)?;
    Ok(match without_added(&argv, machine) {
        // The name is that of the script, and an entry may know a better one.
        Some(argv) => Typed { argv, plain: false },
        None => shortest(argv, process.cwd.as_deref(), machine),
    })
}

/// The same by the script of `PATH` that started it, without the options which that added
/// to what it was told.
fn without_added(argv: &[String], machine: &dyn Machine) -> Option<Vec<String>> {
    let (program, arguments) = argv.split_first()?;
    let name = base_name(program);
    let found = machine.find(name)?;
    if Path::new(program) == found {
        return None;
    }
    let added = wrappers::added_by(name, &machine.script(&found)?, arguments);
    let told = arguments.get(added..).filter(|_| added > 0)?;
    let words = std::iter::once(name.to_owned());
    Some(words.chain(told.iter().cloned()).collect())
}

/// The script of `PATH` that runs this class of `java` from this archive.
fn of_java_class(argv: &[String], machine: &dyn Machine) -> Option<Typed> {
    let java = wrappers::java_class(argv)?;
    let name = java.class_path.iter().find_map(|archive| {
        let names = wrappers::likely_names(Path::new(archive)).into_iter();
        names.into_iter().find(|name| {
            let text = machine.find(name).and_then(|found| machine.script(&found));
            text.is_some_and(|text| text.contains(archive) && text.contains(java.class))
        })
    })?;
    let words = std::iter::once(name);
    Some(Typed {
        argv: words.chain(java.arguments.iter().cloned()).collect(),
        plain: true,
    })
}

/// The same command by the shortest name that means it.
pub(super) fn shortest(argv: Vec<String>, cwd: Option<&Path>, machine: &dyn Machine) -> Typed {
    if let Some(script) = wrappers::script(&argv)
        && let Some(file) = argv.get(script)
    {
        return of_script(&argv, script, absolute(file, cwd).as_deref(), machine);
    }
    if let Some(typed) = of_java_class(&argv, machine) {
        return typed;
    }
    let Some(program) = argv.first() else {
        return Typed { argv, plain: false };
    };
    let name = if program.contains('/') {
        known_name(Path::new(program), machine)
    } else {
        machine.find(program).map(|_| program.clone())
    };
    let Some(name) = name else {
        return Typed { argv, plain: false };
    };
    let name = started_by(&name, machine).unwrap_or(name);
    let plain = !wrappers::is_interpreter(&name);
    let rest = argv.get(1..).unwrap_or_default();
    let argv = std::iter::once(name).chain(rest.iter().cloned()).collect();
    Typed { argv, plain }
}

/// The command of a script, at this position after its interpreter and in this file.
fn of_script(argv: &[String], script: usize, path: Option<&Path>, machine: &dyn Machine) -> Typed {
    let (interpreter, rest) = argv.split_at(script);
    let mut rest = rest.get(1..).unwrap_or_default();
    let text = || machine.script(path?);
    if let [first, after @ ..] = rest
        && first == "--"
        && text().is_some_and(|text| text.contains("\"$0\" --"))
    {
        // A script of Tcl is one for the shell, too, and begins with
        // `exec wish "$0" -- "$@"`.
        rest = after;
    }
    let started_by = |program: String| {
        let words = std::iter::once(program);
        words.chain(rest.iter().cloned()).collect()
    };
    if let Some(name) = path.and_then(|path| known_name(path, machine)) {
        let argv = started_by(name);
        return Typed { argv, plain: true };
    }
    let names_interpreter = text().is_some_and(|text| wrappers::runs_itself(&text, interpreter));
    let argv = path
        .filter(|path| names_interpreter && machine.is_program(path))
        // Without the `.` of `./notes`.
        .map(|path| path.components().collect::<PathBuf>())
        .and_then(|path| path.to_str().map(str::to_owned))
        .map_or_else(|| argv.to_vec(), started_by);
    Typed { argv, plain: false }
}

/// The script of `PATH` that starts this program of `PATH`: `tool` for `tool.real`.
fn started_by(program: &str, machine: &dyn Machine) -> Option<String> {
    let names = wrappers::likely_names(Path::new(program)).into_iter();
    names.filter(|name| name != program).find(|name| {
        let text = machine.find(name).and_then(|found| machine.script(&found));
        text.is_some_and(|text| text.contains(program))
    })
}

/// The name in `PATH` that starts this file: itself, or a script that runs it.
fn known_name(file: &Path, machine: &dyn Machine) -> Option<String> {
    let own = file.file_name()?.to_str()?;
    if machine.is_named(own, file) {
        return Some(own.to_owned());
    }
    let path = file.to_str()?;
    let folder = file.parent()?.to_str()?;
    wrappers::likely_names(file).into_iter().find(|name| {
        // The wrapper beside `.name-wrapped` is what `PATH` has.
        let beside = file.with_file_name(name);
        if wrappers::plain_name(own) != own && machine.is_named(name, &beside) {
            return true;
        }
        let Some(text) = machine.find(name).and_then(|found| machine.script(&found)) else {
            return false;
        };
        let said = !PROGRAM_DIRECTORIES.contains(&folder)
            && own.starts_with(name.as_str())
            && text.contains(folder);
        said || text.contains(path)
    })
}

fn absolute(file: &str, cwd: Option<&Path>) -> Option<PathBuf> {
    if file.starts_with('/') {
        Some(PathBuf::from(file))
    } else {
        Some(cwd?.join(file))
    }
}

/// The command line of a process, with a program that can be started.
fn startable(process: &Process, machine: &dyn Machine) -> Result<Vec<String>, NoCommand> {
    let mut argv = process.argv.clone();
    let exe = process.exe.as_deref();
    if let [title] = argv.as_slice()
        && let Some(exe) = exe
        && title.contains(' ')
        && exe.file_name().and_then(|name| name.to_str()) != Some(base_name(title))
    {
        argv = rewritten(title, exe);
    }
    if argv.iter().any(|argument| argument.contains('\u{fffd}')) {
        return Err(NoCommand::NotText);
    }
    argv.retain(|argument| !INHERITED.iter().any(|option| argument.starts_with(option)));
    let program = argv
        .first_mut()
        .filter(|program| !program.is_empty())
        .ok_or(NoCommand::NoCommandLine)?;
    let same_name = |exe: &&Path| {
        exe.file_name()
            .is_some_and(|name| name == base_name(program))
    };
    let better = if program.starts_with('/') {
        None
    } else if program.starts_with('-') {
        // A login shell's name is no program.
        exe.map(Path::to_path_buf)
    } else if program.contains('/') {
        // Relative to a directory that the process may have left since.
        exe.filter(same_name)
            .map(Path::to_path_buf)
            .or_else(|| Some(process.cwd.as_ref()?.join(&*program)))
    } else if machine.find(program).is_some() {
        None
    } else {
        exe.filter(same_name).map(Path::to_path_buf)
    };
    if let Some(file) = better.as_deref().and_then(Path::to_str) {
        file.clone_into(program);
    }
    Ok(argv)
}

/// The arguments of a program that wrote one string over them: its words, where the first
/// is the program's own name, else only the program.
fn rewritten(title: &str, exe: &Path) -> Vec<String> {
    let whole = exe.to_str().map(str::to_owned);
    // Its path may have blanks, too.
    if let Some(exe) = &whole
        && let Some(rest) = title.strip_prefix(exe.as_str())
        && rest.starts_with(' ')
    {
        let words = rest.split_whitespace().map(str::to_owned);
        return std::iter::once(exe.clone()).chain(words).collect();
    }
    let words: Vec<String> = title.split_whitespace().map(str::to_owned).collect();
    let exe_name = exe.file_name().and_then(|name| name.to_str());
    match words.first() {
        Some(first) if Some(base_name(first)) == exe_name => words,
        _ => whole.into_iter().collect(),
    }
}
