//! The desktop entries that belong to a window, and their commands.

use std::cmp::Reverse;
use std::fmt;

use super::desktop_file::{DesktopFile, Exec, Takes};
use super::wrappers::{inner, plain_name};

/// The relation between an entry and a window, the most reliable last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// `Exec` runs the program of the window's process.
    Program,
    /// The class or instance is the file id, or its last part (`org.gnome.gedit`).
    FileId,
    /// The class or instance is the entry's `StartupWMClass`.
    StartupWmClass,
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Program => "its Exec runs the same program",
            Self::FileId => "its file has the name of the window",
            Self::StartupWmClass => "its StartupWMClass is that of the window",
        })
    }
}

/// An entry that belongs to a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related<'a> {
    /// The entry.
    pub entry: &'a DesktopFile,
    /// The relation between the entry and the window.
    pub relation: Relation,
    /// The command that opens the window again, with the arguments of the process.
    pub fit: Result<Fit, Misfit>,
}

impl Related<'_> {
    /// True if the window is a web application in a browser's process.
    pub fn is_web_app(&self) -> bool {
        self.relation == Relation::StartupWmClass && is_web_app(self.entry)
    }
}

/// A command of an entry that does the same as the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The arguments, the program first.
    pub argv: Vec<String>,
    /// The number of arguments from the process, which the entry takes.
    pub kept: usize,
}

impl Fit {
    /// The command of an entry without arguments from the process.
    fn whole(exec: &Exec) -> Self {
        let argv = exec.argv.clone();
        Self { argv, kept: 0 }
    }
}

/// The reason why an entry does not do the same as the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// It runs in a terminal and opens no window.
    #[error("it runs in a terminal")]
    InTerminal,
    /// The process was started with other arguments.
    #[error("the process has other arguments")]
    OtherArguments,
    /// The process has more arguments, and the entry takes none.
    #[error("it accepts no files, but the process has more arguments")]
    TakesNothing,
    /// The process has several files, and the entry takes one.
    #[error("it accepts one file, but the process has several")]
    TakesOne,
    /// Only the program matches, and many windows share a program.
    #[error("only its program matches, and the arguments are unknown")]
    NotSure,
}

/// Returns the entries that belong to a window of this class and instance, the best first. `argv`
/// is the command line of its process, if that is known.
pub fn related<'a>(
    entries: &'a [DesktopFile],
    class: Option<&str>,
    instance: Option<&str>,
    argv: Option<&[String]>,
) -> Vec<Related<'a>> {
    let process = argv.map(inner).filter(|words| !words.is_empty());
    let process = process.as_deref();
    let names: Vec<&str> = [class, instance].into_iter().flatten().collect();
    let related = entries.iter().filter_map(|entry| {
        let relation = relation(entry, &names, process)?;
        Some(Related {
            entry,
            relation,
            fit: fit(entry, relation, process),
        })
    });
    let mut found: Vec<Related> = related.collect();
    // A stable sort: of equal entries, the one from the first directory stays first.
    found.sort_by_key(|related| {
        let kept = related.fit.as_ref().map_or(usize::MAX, |fit| fit.kept);
        (
            related.fit.is_err(),
            !related.is_web_app(),
            kept,
            Reverse(related.relation),
            related.entry.no_display,
        )
    });
    found
}

fn relation(entry: &DesktopFile, names: &[&str], process: Option<&[String]>) -> Option<Relation> {
    let is_class = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    let last = entry.id.rsplit('.').next().unwrap_or_default();
    // The class that Chromium and its relatives give to a web application.
    let mut arguments = entry.exec.argv.iter().skip(1);
    let app = arguments.find_map(|argument| argument.strip_prefix("--app-id="));
    if entry.startup_wm_class.as_deref().is_some_and(is_class)
        || app.is_some_and(|app| is_class(&format!("crx_{app}")))
    {
        Some(Relation::StartupWmClass)
    } else if is_class(&entry.id) || is_class(last) {
        Some(Relation::FileId)
    } else {
        let program = plain_name(process?.first()?);
        (entry.program == program).then_some(Relation::Program)
    }
}

fn fit(entry: &DesktopFile, relation: Relation, process: Option<&[String]>) -> Result<Fit, Misfit> {
    if entry.terminal {
        return Err(Misfit::InTerminal);
    }
    // A web application is a window of the browser's only process, whose arguments belong to
    // another window.
    let process = process.filter(|_| relation < Relation::StartupWmClass || !is_web_app(entry));
    let Some(process) = process else {
        return if relation > Relation::Program {
            Ok(Fit::whole(&entry.exec))
        } else {
            Err(Misfit::NotSure)
        };
    };
    let mut misfit = Misfit::OtherArguments;
    let mut best: Option<Fit> = None;
    for exec in std::iter::once(&entry.exec).chain(&entry.actions) {
        match compare(exec, process) {
            Ok(fit) if best.as_ref().is_none_or(|best| fit.kept < best.kept) => best = Some(fit),
            Err(other) if misfit == Misfit::OtherArguments => misfit = other,
            Ok(_) | Err(_) => {}
        }
    }
    best.ok_or(misfit)
}

/// Compares a command with the command line of the process, which may have more arguments.
fn compare(exec: &Exec, process: &[String]) -> Result<Fit, Misfit> {
    let own = inner(&exec.argv);
    let (program, fixed) = own.split_first().ok_or(Misfit::OtherArguments)?;
    let (running, arguments) = process.split_first().ok_or(Misfit::OtherArguments)?;
    // A wrapper passes options of its own to another program, which has none of the entry's
    // arguments. If the program is the same, fewer arguments mean another window.
    let is_wrapper = plain_name(program) != plain_name(running);
    if arguments.is_empty() && is_wrapper {
        return Ok(Fit::whole(exec));
    }
    let mut kept = arguments.to_vec();
    for argument in fixed {
        let at = kept.iter().position(|word| word == argument);
        kept.remove(at.ok_or(Misfit::OtherArguments)?);
    }
    if kept.is_empty() {
        return Ok(Fit::whole(exec));
    }
    let files = kept.iter().filter(|word| !word.starts_with('-')).count();
    match exec.takes {
        // Nothing can be inserted into the script of `sh -c`.
        _ if !exec.argv.ends_with(&own) => Err(Misfit::TakesNothing),
        Takes::Nothing => Err(Misfit::TakesNothing),
        Takes::One if files > 1 => Err(Misfit::TakesOne),
        Takes::One | Takes::Many => Ok(Fit {
            argv: exec.opening(&kept),
            kept: kept.len(),
        }),
    }
}

/// Returns the command that runs this program, which another one starts, with the arguments of a
/// process. `None` if it runs the program itself, another one, or does not accept the arguments.
pub(super) fn running(exec: &Exec, program: &str, arguments: &[String]) -> Option<Vec<String>> {
    let is_it = |word: &String| plain_name(word) == program;
    let at = exec.argv.iter().rposition(is_it).filter(|&at| at > 0)?;
    let kept = arguments.strip_prefix(exec.argv.get(at + 1..)?)?;
    let files = kept.iter().filter(|word| !word.starts_with('-')).count();
    let accepts = match exec.takes {
        Takes::Nothing => kept.is_empty(),
        Takes::One => files <= 1,
        Takes::Many => true,
    };
    accepts.then(|| exec.opening(kept))
}

/// True if the entry opens a page of a browser as if it were a program.
fn is_web_app(entry: &DesktopFile) -> bool {
    let mut arguments = entry.exec.argv.iter().skip(1);
    arguments.any(|argument| argument.starts_with("--app-id=") || argument.starts_with("--app="))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, class: &str, exec: &str) -> DesktopFile {
        let text = format!(
            "[Desktop Entry]\nName=x\nExec={exec}\nStartupWMClass={class}\nTerminal={}\n",
            id.starts_with("term-")
        );
        DesktopFile::parse(id, text.as_bytes()).unwrap().0
    }

    fn entries() -> Vec<DesktopFile> {
        [
            ("debian-xterm", "XTerm", "xterm"),
            ("htop-in-xterm", "XTerm", "xterm -e htop"),
            ("org.gnome.gedit", "", "gedit %U"),
            ("office-start", "", "office %U"),
            ("office-writer", "", "office --writer %U"),
            ("office-calc", "", "office --calc %U"),
            ("term-vim", "", "vim %F"),
            ("browser", "browser", "/opt/browser/run %U"),
            (
                "mail-app",
                "crx_abc",
                "/opt/browser/run --profile=Default --app-id=abc",
            ),
            ("song-app", "", "/opt/browser/run --app-id=def"),
            ("viewer", "", "viewer --one %f"),
            ("wrapped", "", "env A=b sh -c \"exec inner-tool --x\""),
            ("py", "", "/usr/bin/python3 /usr/share/py/main.py %F"),
            (
                "box",
                "",
                "/usr/bin/flatpak run --command=run org.x.Box @@u %U @@",
            ),
        ]
        .map(|(id, class, exec)| entry(id, class, exec))
        .into()
    }

    #[track_caller]
    fn check(class: &str, instance: &str, command: &str, expected: &str) {
        let entries = entries();
        let argv: Vec<String> = shell_words::split(command).unwrap();
        let argv = (!argv.is_empty()).then_some(argv);
        let found = related(&entries, Some(class), Some(instance), argv.as_deref());
        let text = found.first().map_or(String::new(), |related| {
            let fit = match &related.fit {
                Ok(fit) => fit.argv.join(" "),
                Err(misfit) => misfit.to_string(),
            };
            format!("{} {:?}: {fit}", related.entry.id, related.relation)
        });
        assert_eq!(text, expected);
    }

    #[test]
    fn an_entry_is_found_by_class_file_id_and_program() {
        check(
            "XTerm",
            "xterm",
            "xterm",
            "debian-xterm StartupWmClass: xterm",
        );
        check(
            "XTerm",
            "xterm",
            "xterm -e htop",
            "htop-in-xterm StartupWmClass: xterm -e htop",
        );
        check("XTerm", "xterm", "", "debian-xterm StartupWmClass: xterm");
        check(
            "Gedit",
            "gedit",
            "/usr/bin/gedit a",
            "org.gnome.gedit FileId: gedit a",
        );
        check(
            "x",
            "y",
            "/opt/office --calc",
            "office-calc Program: office --calc",
        );
        check(
            "Vim",
            "vim",
            "vim",
            "term-vim Program: it runs in a terminal",
        );
        check("x", "y", "z", "");
    }

    #[test]
    fn arguments_of_the_process_are_kept_if_the_entry_takes_them() {
        let calc = "office-calc Program: office --calc a.ods -x";
        check("x", "y", "/opt/office --calc a.ods -x", calc);
        check(
            "x",
            "y",
            "office b.odt",
            "office-start Program: office b.odt",
        );
        check("x", "y", "viewer --one a", "viewer Program: viewer --one a");
        let one = "viewer Program: it accepts one file, but the process has several";
        check("x", "y", "viewer --one a b", one);
        let other = "viewer Program: the process has other arguments";
        check("x", "y", "viewer a", other);
        let shell = "wrapped Program: it accepts no files, but the process has more arguments";
        check("x", "y", "inner-tool --x f", shell);
    }

    #[test]
    fn wrappers_are_ignored() {
        let whole = "wrapped Program: env A=b sh -c exec inner-tool --x";
        check("x", "y", "/usr/bin/inner-tool --x", whole);
        let script = "py Program: /usr/bin/python3 /usr/share/py/main.py f";
        check("x", "y", "python3 /usr/share/py/main.py f", script);
        let flatpak = "box Program: /usr/bin/flatpak run --command=run org.x.Box f";
        check("x", "y", "flatpak run org.x.Box f", flatpak);
    }

    #[test]
    fn a_web_application_is_recognized_by_its_class_alone() {
        let mail = "mail-app StartupWmClass: /opt/browser/run --profile=Default --app-id=abc";
        check("Browser", "crx_abc", "/opt/browser/run https://a", mail);
        let song = "song-app StartupWmClass: /opt/browser/run --app-id=def";
        check("Browser", "crx_def", "/opt/browser/run", song);
    }
}
