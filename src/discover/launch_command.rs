//! One command out of what is known about a window.
//!
//! The process's own command line is what was really run, so arguments that no desktop
//! entry has (files, options, `-e htop`) are kept. A desktop entry wins where it says the
//! same with a better name, and where the process says nothing. Of a terminal, what runs
//! in the window counts, too.

use std::path::Path;

use super::candidate::{Asked, Candidate, Discovered, Discovery, Doubt, NoCommand};
use super::checks::checked;
use super::command_line::{self, escape};
use super::emacs;
use super::entries::{self, Related};
use super::entry::base_name;
use super::file_url::local_file;
use super::machine::Machine;
use super::process::{self, Place, Typed};
use super::standing::Standing;
use super::terminal;
use super::terminals::Terminal;
use super::wrappers;
use crate::layout::CommandSource;
use crate::live::{Process, WindowFacts};

/// The command that opens the window again. Nothing is looked at that decides nothing.
pub fn discover(asked: &Asked, machine: &dyn Machine) -> Result<Discovered, NoCommand> {
    Search::new(asked, machine).run(false).outcome()
}

/// All that could open the window again, and why one of it does: terminals, desktop
/// entries, and the process. A rule of the user comes before them; see
/// [`Config::before`](crate::config::Config::before).
pub fn explain(asked: &Asked, machine: &dyn Machine) -> Discovery {
    Search::new(asked, machine).run(true)
}

/// Of the process, a command and its reason.
struct Own {
    typed: Typed,
    /// Where it was started, unless the process itself tells.
    place: Place,
    doubts: Vec<Doubt>,
    why: &'static str,
}

struct Search<'a> {
    asked: &'a Asked<'a>,
    machine: &'a dyn Machine,
    /// The process that counts: not a helper of the one that does.
    process: Option<Process>,
}

impl<'a> Search<'a> {
    fn new(asked: &'a Asked<'a>, machine: &'a dyn Machine) -> Self {
        let process = asked
            .facts
            .and_then(|facts| facts.process.as_ref())
            .map(|process| main_process(process, machine));
        Self {
            asked,
            machine,
            process,
        }
    }

    fn run(&self, thorough: bool) -> Discovery {
        let own = self.own();
        let mut candidates = Vec::new();
        candidates.extend(self.terminal(own.as_ref().ok()));
        let frame = self.frame(own.as_ref().ok());
        let is_server = frame.is_some();
        candidates.extend(frame);
        let decided = !candidates.is_empty();
        let plain = !self.asked.again && own.as_ref().is_ok_and(|own| own.typed.plain);
        // What starts a server opens no window.
        if !is_server && (thorough || !(decided || plain)) {
            candidates.extend(self.entries(own.as_ref().ok(), plain));
        }
        if !is_server {
            candidates.push(self.of_process(own.as_ref()));
        }
        let mut nothing = own.err();
        if self.asked.again {
            nothing = Some(NoCommand::Again);
        }
        settle(&mut candidates, plain);
        Discovery {
            candidates,
            nothing: nothing.unwrap_or(NoCommand::NoProcess),
        }
    }

    /// What the process says by itself.
    fn own(&self) -> Result<Own, NoCommand> {
        let facts = self.asked.facts;
        let Some(process) = &self.process else {
            if let Some(machine) = self.other_machine() {
                return Err(NoCommand::OtherMachine(machine));
            }
            return Err(match facts.and_then(WindowFacts::pid) {
                Some(pid) => NoCommand::Unreadable(pid),
                None => NoCommand::NoProcess,
            });
        };
        // The X server knows the process at this end of the connection, such as sshd;
        // a program of this machine has the same id for itself.
        let same = facts.is_some_and(|facts| {
            facts.server_pid.is_some() && facts.claimed_pid == facts.server_pid
        });
        if let Some(machine) = self.other_machine().filter(|_| !same) {
            return Err(NoCommand::OtherMachine(machine));
        }
        let standing = self.machine.standing(process);
        let arguments = process.argv.get(1..).unwrap_or_default();
        let command = |words: &[&str]| {
            let words = words.iter().map(|&word| word.to_owned());
            words.chain(arguments.iter().cloned()).collect::<Vec<_>>()
        };
        let plain = |argv: Vec<String>, why| Own {
            typed: Typed { argv, plain: true },
            place: Place::default(),
            doubts: Vec::new(),
            why,
        };
        Ok(match standing {
            Standing::Plain => {
                let typed = process::typed(process, self.machine)?;
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
            Standing::Flatpak(app) => plain(
                command(&["flatpak", "run", &app]),
                "it runs in the sandbox of a flatpak application",
            ),
            Standing::Snap(name) => {
                let argv = if self.machine.find(&name).is_some() {
                    command(&[&name])
                } else {
                    command(&["snap", "run", &name])
                };
                plain(argv, "it is a program of a snap")
            }
            Standing::AppImage(file) => {
                let file = file.to_str().ok_or(NoCommand::NotText)?;
                plain(command(&[file]), "it runs from an AppImage")
            }
            Standing::OtherUser(user) => self
                .entering(process, &["sudo", "pkexec", "doas"])
                .ok_or(NoCommand::OtherUser(user))?,
            Standing::Container => self
                .entering(process, &["firejail"])
                .ok_or(NoCommand::Container)?,
        })
    }

    /// The parent that brought the process to where we cannot start it ourselves.
    fn entering(&self, process: &Process, programs: &[&str]) -> Option<Own> {
        let enters = |parent: &Process| {
            let program = parent.argv.first().map(|program| base_name(program));
            program.is_some_and(|program| programs.contains(&program))
        };
        let parents = self.machine.parents(process).into_iter();
        let entering = parents.skip_while(|parent| !enters(parent));
        // Those that go inside keep a copy of themselves there, which stands elsewhere.
        let parent = entering.take_while(enters).last()?;
        let name = base_name(parent.argv.first()?).to_owned();
        let doubts = (name != "firejail").then_some(Doubt::Password(name));
        Some(Own {
            typed: process::typed(&parent, self.machine).ok()?,
            place: Place::of(&parent, self.machine),
            doubts: doubts.into_iter().collect(),
            why: "it is the command line of the parent that started the process",
        })
    }

    /// The machine that the window says it is of, where that is not this one.
    fn other_machine(&self) -> Option<String> {
        let machine = self.asked.con.properties.as_ref()?.machine.as_deref()?;
        // Some write the whole name, some only its first part.
        let first = |name: &'_ str| name.split('.').next().unwrap_or_default().to_owned();
        let host = self.machine.host()?;
        (first(machine) != first(host) && machine != "localhost").then(|| machine.to_owned())
    }

    fn terminal(&self, own: Option<&Own>) -> Option<Candidate> {
        let own = own?;
        let process = self.process.as_ref()?;
        let argv = &own.typed.argv;
        let linked = self.linked_terminal(argv);
        let (terminal, argv) =
            linked.or_else(|| Some((self.known_terminal(argv)?, argv.clone())))?;
        let window = self.asked.con.window;
        let jobs = process
            .pid
            .map(|pid| self.machine.jobs(pid, window))
            .unwrap_or_default();
        let found = terminal::found(
            terminal,
            &argv,
            process,
            (&jobs, self.asked.rank),
            self.title(),
            self.machine,
        );
        // What runs in the terminal becomes an argument once it is applied, so only of a
        // server is the command line the same then.
        let server = process
            .argv
            .first()
            .is_some_and(|program| terminal.is_server(program));
        let line = server.then(|| self.said_by_process(&found.argv)).flatten();
        Some(Candidate {
            source: CommandSource::Terminal,
            name: Some(terminal.name.to_owned()),
            found: Some(self.finish(
                &found.argv,
                found.place,
                CommandSource::Terminal,
                line,
                found.doubts,
            )),
            won: false,
            why: found.why,
        })
    }

    /// What the client of an Emacs server was told, where the window is a frame of one.
    fn frame(&self, own: Option<&Own>) -> Option<Candidate> {
        let argv = &own?.typed.argv;
        let server = emacs::server(argv)?;
        let clients = self.machine.clients(emacs::CLIENT);
        let first = self.asked.rank.0 == 0;
        let client = emacs::client(server, &clients, self.title(), self.asked.rank);
        let (argv, place, doubt, why) = match client {
            Ok(client) => {
                let cwd = client.cwd.as_deref();
                let typed = process::shortest(client.argv.clone(), cwd, self.machine);
                let why = "a client of the server asked for the window";
                (
                    emacs::command(&typed.argv, first),
                    Place::of(client, self.machine),
                    None,
                    why,
                )
            }
            Err(doubt) => {
                let why = "it is a window of a server, and its client is gone";
                (
                    emacs::empty_frame(server, first),
                    Place::default(),
                    doubt,
                    why,
                )
            }
        };
        let line = self.said_by_process(&argv);
        let doubts = doubt.into_iter().collect();
        Some(Candidate {
            source: CommandSource::Process,
            name: Some(emacs::CLIENT.to_owned()),
            found: Some(self.finish(&argv, place, CommandSource::Process, line, doubts)),
            won: false,
            why: why.to_owned(),
        })
    }

    fn title(&self) -> &str {
        let properties = self.asked.con.properties.as_ref();
        let title = properties.and_then(|properties| properties.title.as_deref());
        title.unwrap_or_default()
    }

    /// The terminal that was started by a link to it, such as `x-terminal-emulator`, and
    /// its command line: with that name where `PATH` has it, else with its own.
    fn linked_terminal(&self, argv: &[String]) -> Option<(&'static Terminal, Vec<String>)> {
        let process = self.process.as_ref()?;
        let (called, arguments) = argv.split_first()?;
        let name = base_name(called);
        // What is entered by another program, such as a flatpak, has other arguments.
        let is_own = process.argv.first().map(|called| base_name(called)) == Some(name);
        let exe = process.exe.as_deref().filter(|_| is_own)?;
        let own_name = exe.file_name()?.to_str()?;
        let terminal = Terminal::of_program(own_name)?;
        if Terminal::of_program(name).is_some() {
            return None;
        }
        let program = if called.contains('/') || self.machine.is_named(called, exe) {
            called.clone()
        } else {
            own_name.to_owned()
        };
        let words = std::iter::once(program);
        Some((terminal, words.chain(arguments.iter().cloned()).collect()))
    }

    /// The terminal that the window is one of.
    fn known_terminal(&self, argv: &[String]) -> Option<&'static Terminal> {
        let program = argv.first()?;
        if let Some(terminal) = Terminal::of_program(wrappers::plain_name(program)) {
            return Some(terminal);
        }
        let properties = self.asked.con.properties.as_ref()?;
        let of_class = properties.class.as_deref().and_then(Terminal::of_class)?;
        // Other programs open windows of this class with programs of their own in them.
        let runs = wrappers::inner(argv);
        let runs = runs.first().map(|program| wrappers::plain_name(program))?;
        Terminal::of_program(runs).or_else(|| runs.contains(of_class.name).then_some(of_class))
    }

    fn entries(&self, own: Option<&Own>, plain: bool) -> Vec<Candidate> {
        let properties = self.asked.con.properties.as_ref();
        let argv = own.map(|own| own.typed.argv.as_slice()).or_else(|| {
            // Nobody says how it was started, but what it is may still be read.
            let argv = self.process.as_ref()?.argv.as_slice();
            (!argv.is_empty() && !argv.iter().any(|word| word.contains('\u{fffd}'))).then_some(argv)
        });
        let related = entries::related(
            self.machine.entries(),
            properties.and_then(|properties| properties.class.as_deref()),
            properties.and_then(|properties| properties.instance.as_deref()),
            argv,
        );
        let again = self.asked.again;
        related
            .into_iter()
            .filter(|related| !again || related.is_web_app())
            .map(|related| self.of_entry(&related, plain))
            .collect()
    }

    fn of_entry(&self, related: &Related, plain: bool) -> Candidate {
        let entry = related.entry;
        let found = related.fit.as_ref().ok().map(|fit| {
            let mut place = self.place();
            if place.cwd.is_none()
                && let Some(path) = &entry.path
            {
                place = Place::at(path.into());
            }
            let line = self.said_by_process(&fit.argv);
            let source = CommandSource::DesktopEntry;
            // What takes URLs takes paths of files, too ("The Exec key"); those people write.
            let as_path = |argument: &String| {
                let path = Some(argument)
                    .filter(|_| fit.opens_something())
                    .and_then(|argument| local_file(argument))
                    .filter(|path| self.machine.is_file(path) || self.machine.is_directory(path));
                let path = path.as_deref().and_then(Path::to_str);
                path.unwrap_or(argument).to_owned()
            };
            let argv: Vec<String> = fit.argv.iter().map(as_path).collect();
            self.finish(&argv, place, source, line, Vec::new())
        });
        let why = match &related.fit {
            Ok(_) if plain => "the process says the same in its own words".to_owned(),
            Ok(_) => related.relation.to_string(),
            Err(misfit) => misfit.to_string(),
        };
        Candidate {
            source: CommandSource::DesktopEntry,
            name: Some(entry.id.clone()),
            found,
            won: false,
            why,
        }
    }

    fn of_process(&self, own: Result<&Own, &NoCommand>) -> Candidate {
        let candidate = |found, why: String| Candidate {
            source: CommandSource::Process,
            name: None,
            found,
            won: false,
            why,
        };
        match own {
            Err(reason) => candidate(None, reason.to_string()),
            Ok(_) if self.asked.again => candidate(None, NoCommand::Again.to_string()),
            Ok(own) => {
                let mut doubts = own.doubts.clone();
                let argv = &own.typed.argv;
                let missing = process::missing_file(argv, self.title());
                doubts.extend(missing.map(|file| Doubt::WhichFile(file.to_owned())));
                let place = own.place.clone().or_else(|| self.place());
                let found = self.finish(argv, place, CommandSource::Process, None, doubts);
                candidate(Some(found), own.why.to_owned())
            }
        }
    }

    /// Where the process stands.
    fn place(&self) -> Place {
        let process = self.process.as_ref();
        process.map_or_else(Place::default, |process| Place::of(process, self.machine))
    }

    /// The command line of the process, where the command is another; secrets are `***`.
    fn said_by_process(&self, argv: &[String]) -> Option<String> {
        let said = &self.process.as_ref()?.argv;
        let same = |(index, (said, word)): (usize, (&String, &String))| {
            said == word || (index == 0 && base_name(said) == base_name(word))
        };
        let same = said.len() == argv.len() && said.iter().zip(argv).enumerate().all(same);
        (!same && !said.is_empty())
            .then(|| command_line::quote(&self.machine.secrets().masked(said)))
    }

    fn finish(
        &self,
        argv: &[String],
        Place { cwd, lost }: Place,
        source: CommandSource,
        process: Option<String>,
        mut doubts: Vec<Doubt>,
    ) -> Discovered {
        let home = self.machine.home();
        doubts.extend(checked(argv, cwd.as_deref(), lost, self.machine));
        let (mut arguments, mut secrets) = self.machine.secrets().replaced(argv);
        let program = argv.first().map_or("", String::as_str);
        let (cwd, of_cwd) = cwd
            .and_then(|cwd| directory(&cwd, program, self.machine))
            .unzip();
        secrets.extend(of_cwd.into_iter().flatten());
        if let (Some(program), Some(file)) = (arguments.first_mut(), argv.first())
            && file.starts_with('/')
            && let Some(name) = self.machine.bare_name(file)
        {
            *program = escape(name);
        }
        for argument in &mut arguments {
            if let Some(short) = below_home(argument, home) {
                *argument = short;
            }
        }
        Discovered {
            command: command_line::command(arguments),
            cwd,
            source,
            process: process.map(|line| escape(&line)),
            secrets,
            doubts,
        }
    }
}

/// Makes the first that counts the winner, and says of the others why not.
fn settle(candidates: &mut [Candidate], plain: bool) {
    let counts = |candidate: &Candidate| {
        candidate.found.is_some() && !(plain && candidate.source == CommandSource::DesktopEntry)
    };
    let Some(winner) = candidates.iter().position(counts) else {
        return;
    };
    let source = candidates.get(winner).map(|winner| winner.source);
    for (index, candidate) in candidates.iter_mut().enumerate() {
        candidate.won = index == winner;
        if index == winner || candidate.found.is_none() {
            continue;
        }
        candidate.why = match (source, candidate.source) {
            (Some(CommandSource::Terminal), _) => "the terminal says more".to_owned(),
            (Some(CommandSource::DesktopEntry), CommandSource::DesktopEntry) => {
                format!("another entry is nearer; {}", candidate.why)
            }
            (Some(CommandSource::DesktopEntry), _) => {
                "a desktop entry says the same with a name that people know".to_owned()
            }
            _ => std::mem::take(&mut candidate.why),
        };
    }
}

/// Browsers and their kin have helpers, which are known by `--type` and are none that one
/// starts.
fn main_process(process: &Process, machine: &dyn Machine) -> Process {
    let is_helper = |process: &Process| {
        process
            .argv
            .iter()
            .any(|argument| argument.starts_with("--type="))
    };
    if !is_helper(process) {
        return process.clone();
    }
    let mut parents = machine.parents(process).into_iter();
    let same = |parent: &Process| parent.exe == process.exe && !is_helper(parent);
    parents.find(same).unwrap_or_else(|| process.clone())
}

/// A directory as a layout file has it, and the variables that it wants instead of
/// secrets; `None` for the home directory.
fn directory(cwd: &Path, program: &str, machine: &dyn Machine) -> Option<(String, Vec<String>)> {
    let home = machine.home();
    if Some(cwd) == home {
        return None;
    }
    let (cwd, secrets) = machine.secrets().replaced_text(program, cwd.to_str()?);
    Some((below_home(&cwd, home).unwrap_or(cwd), secrets))
}

/// `~/…` for a path below the home directory.
pub(crate) fn below_home(path: &str, home: Option<&Path>) -> Option<String> {
    let home = home?.to_str().filter(|home| home.len() > 1)?;
    let rest = path.strip_prefix(home.trim_end_matches('/'))?;
    rest.starts_with('/').then(|| format!("~{rest}"))
}

#[cfg(test)]
#[path = "launch_command_tests.rs"]
mod tests;
