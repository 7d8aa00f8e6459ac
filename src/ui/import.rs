//! The report of an import.

use std::path::Path;

use serde_json::{Value, json};

use super::Paint;
use super::lines::section;
use super::outline::contents;
use super::words::{Count, clean, tilde};
use crate::document::lenient::{Place, Repair};
use crate::import::{About, Commands, Imported, Missing, NameOrigin, Note, Verdict};

/// The number of slots and of places in a line of the report.
const SHOWN: usize = 4;

/// The first lines: the windows, the tool, and the commands.
pub fn summary(imported: &Imported, to: &str) -> String {
    let Commands {
        taken,
        guessed,
        missing,
    } = imported.commands();
    let from = match imported.files.as_slice() {
        [only] => tilde(&clean(only)),
        files => Count(files.len(), "file").to_string(),
    };
    format!(
        "imported {} from {from} (format of {}){to}\n\
         commands: {taken} from the files, {guessed} guessed, {missing} missing",
        contents(&imported.layout),
        imported.tool,
    )
}

/// The notes, grouped by their kind.
pub fn notes(imported: &Imported, paint: Paint) -> String {
    let mut files = imported
        .notes
        .iter()
        .filter_map(|note| Some(&note.place.as_ref()?.file));
    let first = files.next();
    let is_one_file = files.all(|file| Some(file) == first);
    let sections = Verdict::ALL.into_iter().map(|verdict| {
        let own = imported
            .notes
            .iter()
            .filter(|note| note.about.verdict() == verdict);
        let mut lines: Vec<Line<'_>> = Vec::new();
        for note in own {
            let text = sentence(&note.about);
            let known = lines.iter().position(|line| line.text == text);
            let at = known.unwrap_or_else(|| {
                lines.push(Line {
                    text,
                    slots: Vec::new(),
                    places: Vec::new(),
                });
                lines.len() - 1
            });
            lines[at].slots.extend(note.slot.as_deref());
            lines[at].places.extend(&note.place);
        }
        let lines = lines.iter().map(|line| line.print(is_one_file));
        section(title(verdict), lines, paint)
    });
    sections.collect()
}

/// The notes with the same sentence.
struct Line<'n> {
    text: String,
    slots: Vec<&'n str>,
    places: Vec<&'n Place>,
}

impl Line<'_> {
    fn print(&self, is_one_file: bool) -> String {
        let mut slots = self.slots.clone();
        slots.dedup();
        let slots = match slots.as_slice() {
            [] => String::new(),
            slots => format!("{}: ", first_of(slots)),
        };
        format!(
            "{}{}",
            clean(&format!("{slots}{}", self.text)),
            at(&self.places, is_one_file)
        )
    }
}

/// The first words of a list: `a, b, c and 2 more`.
fn first_of<S: AsRef<str>>(words: &[S]) -> String {
    let shown: Vec<&str> = words.iter().take(SHOWN).map(AsRef::as_ref).collect();
    match words.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

const fn title(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Repaired => "Repaired",
        Verdict::Guessed => "Guessed",
        Verdict::LeftOut => "Left out",
        Verdict::ToFillIn => "To fill in or check",
    }
}

/// The places of a line: ` (lines 3, 9 and 2 more)`.
fn at(places: &[&Place], is_one_file: bool) -> String {
    let mut last = None;
    let mut named: Vec<String> = Vec::new();
    for place in places {
        if is_one_file || last == Some(&place.file) {
            named.push(place.line.to_string());
        } else {
            let name = Path::new(&place.file).file_name().unwrap_or_default();
            named.push(format!("{}:{}", clean(&name.to_string_lossy()), place.line));
        }
        last = Some(&place.file);
    }
    named.dedup();
    match (named.len(), is_one_file) {
        (0, _) => String::new(),
        (1, true) => format!(" (line {})", first_of(&named)),
        (_, true) => format!(" (lines {})", first_of(&named)),
        (_, false) => format!(" ({})", first_of(&named)),
    }
}

/// A note for people.
fn sentence(about: &About) -> String {
    match about.verdict() {
        Verdict::Repaired => repaired(about),
        Verdict::Guessed => guessed(about),
        Verdict::LeftOut => left_out(about),
        Verdict::ToFillIn => to_fill_in(about),
    }
}

/// A mistake that was read as it was meant.
fn repaired(about: &About) -> String {
    match about {
        About::Syntax(repair) => match repair {
            Repair::CommaAtEnd => "ignored a comma after the last entry, which i3 refuses",
            Repair::MissingComma => "added the missing comma between two entries",
            Repair::ExtraComma => "ignored a comma without an entry before it",
            Repair::CommaBetweenValues => {
                "ignored a comma between containers that are not in a list, which i3 refuses"
            }
            Repair::Backslash => "read `\\` as a backslash of the pattern; JSON needs `\\\\`",
            Repair::HashComment => "ignored a comment with `#`, which i3 refuses",
        }
        .to_owned(),
        About::Percent(number) => format!(
            "read `percent` {number} as a share, although i3 ignores it without a decimal point \
             or above 1"
        ),
        About::LayoutName(word, layout) => {
            format!("read the layout `{word}`, which i3 does not know, as `{layout}`")
        }
        About::EmptySwallow => "ignored an empty entry in `swallows`, which i3 refuses".to_owned(),
        About::CriteriaOfContainer => {
            "ignored `swallows` of a container, as i3 does: only windows have criteria".to_owned()
        }
        About::InvalidPattern(criterion, message) => {
            format!("left out the invalid pattern of `{criterion}`: {message}")
        }
        About::MatchesNothing(criterion) => format!(
            "replaced or left out the pattern of `{criterion}`, which matches windows without a \
             {criterion}"
        ),
        About::FloatingWithoutFrame => {
            "added the frame of a floating window, as i3 does".to_owned()
        }
        About::Renamed(old, new) => format!("renamed workspace `{old}` to `{new}`"),
        _ => String::new(),
    }
}

/// A value that is not in the file.
fn guessed(about: &About) -> String {
    match about {
        About::WorkspaceName(name, NameOrigin::File) => format!(
            "called the workspace `{name}` after the file; `--workspace NAME` gives another name"
        ),
        About::WorkspaceName(name, NameOrigin::I3) => format!(
            "called a workspace without a name `{name}`, as i3 does; `--workspace NAME` gives \
             another name"
        ),
        About::WorkspaceLayout(name) => {
            format!("gave workspace `{name}` the layout `splith`: the file has only its containers")
        }
        About::CommentedCriteria => {
            "used the criteria in the comments, because no other is in force".to_owned()
        }
        About::Title => "left the title out of `swallow`, because titles change".to_owned(),
        About::Role => {
            "left `window_role` out of `swallow`: the program changes it with each start".to_owned()
        }
        About::OnlyTitle => "used the title as criterion, because the file has no other".to_owned(),
        About::Positions => "took the position of a floating window, which counts from the corner \
            of all monitors, as the position on its monitor"
            .to_owned(),
        About::DesktopEntry(command, entry) => {
            format!(
                "command `{}` from the desktop entry `{entry}`",
                command.line()
            )
        }
        About::Rule(command, rule) => {
            format!("command `{}` from the rule at {rule}", command.line())
        }
        About::ByOrder(command) => {
            format!("command `{}` by the order of the programs", command.line())
        }
        About::Joined(program) => {
            format!("the terminal runs `{program}` itself; the tool ran it in the terminal's shell")
        }
        About::OnlyPrograms => {
            "put the windows side by side: there is no file with their arrangement".to_owned()
        }
        About::NoCommand(Missing::OpenedBy(slot)) => {
            format!("no command: the program of `{slot}` opens it too")
        }
        _ => String::new(),
    }
}

/// A part of the file that is not in the layout.
fn left_out(about: &About) -> String {
    match about {
        About::EmptyContainer => "a container without windows".to_owned(),
        About::Dock => "a dock, which starts by itself".to_owned(),
        About::Key(key) => format!("`{key}`, which has no counterpart"),
        About::Alternative => {
            "further entries of `swallows`: a slot has one set of criteria".to_owned()
        }
        About::Mark(mark) => format!("the mark `{mark}`, which another window or `apply` has"),
        About::Program(line) => format!("the program `{line}`: no window is left for it"),
        About::NoContainer => "a value that is no container".to_owned(),
        About::File(name) => {
            format!("the file {name}, which is not of this tool; import it on its own")
        }
        _ => String::new(),
    }
}

/// A gap in the layout.
fn to_fill_in(about: &About) -> String {
    match about {
        About::NoCommand(Missing::Unknown) => {
            "no command: no desktop entry and no rule is for its class".to_owned()
        }
        About::NoCommand(Missing::NamedTerminal(instance)) => format!(
            "no command: the terminal has the instance `{instance}`, and the option that sets it \
             is not in the file"
        ),
        About::NoCommand(Missing::Several(entries)) => format!(
            "no command: several desktop entries are for its class: {}",
            entries.join(", ")
        ),
        About::NoCommand(Missing::Ambiguous(commands)) => {
            format!("no command: perhaps one of {}", commands.join(" | "))
        }
        About::NoCriteria => {
            "no class, instance or title in the file; replace `change-me`".to_owned()
        }
        About::InTerminal(program) => {
            format!("`{program}` ran in the terminal; add it to the command")
        }
        About::Doubtful(doubt) => format!("the command may not work: {doubt}"),
        About::Secrets(variables) => {
            format!(
                "the command contained a secret; set {}",
                variables.join(", ")
            )
        }
        _ => String::new(),
    }
}

/// The next step after layouts were written.
pub fn next_step(name: &str, imported: &Imported) -> String {
    let is_open = |note: &Note| note.about.verdict() == Verdict::ToFillIn;
    if imported.notes.iter().any(is_open) {
        format!(
            "run `i3pm-layout edit {name}` to fill in the rest, then `i3pm-layout apply {name}`"
        )
    } else {
        format!("run `i3pm-layout apply {name} --dry-run` to see what it does")
    }
}

/// The report as JSON: `written` is what happened to the file, the file, and the backup of an
/// older one.
pub fn to_json(imported: &Imported, written: (&str, Option<&Path>, Option<&Path>)) -> Value {
    let Commands {
        taken,
        guessed,
        missing,
    } = imported.commands();
    let notes = imported.notes.iter().map(|note| {
        json!({
            "kind": note.about.verdict().as_str(),
            "slot": note.slot,
            "message": sentence(&note.about),
            "file": note.place.as_ref().map(|place| &place.file),
            "line": note.place.as_ref().map(|place| place.line),
            "column": note.place.as_ref().map(|place| place.column),
        })
    });
    let (what, path, backup) = written;
    json!({
        "name": imported.name,
        "format": imported.tool.as_str(),
        "files": imported.files,
        "written": what,
        "path": path.map(Path::to_string_lossy),
        "backup": backup.map(Path::to_string_lossy),
        "windows": imported.layout.window_count(),
        "workspaces": imported.layout.workspaces.iter().map(|one| &one.name).collect::<Vec<_>>(),
        "commands": { "taken": taken, "guessed": guessed, "missing": missing },
        "notes": notes.collect::<Vec<_>>(),
    })
}
