//! A desktop entry: what of it matters here, and which one belongs to a window.
//!
//! See the Desktop Entry Specification 1.5, above all "The Exec key".

use freedesktop_desktop_entry::DesktopEntry;

/// The group that describes the application itself.
const GROUP: &str = "Desktop Entry";

/// The keys that are read; the rest of a file may be as odd as it likes.
const KEYS: [&str; 8] = [
    "Type",
    "Name",
    "Exec",
    "TryExec",
    "Icon",
    "Hidden",
    "Terminal",
    "StartupWMClass",
];

/// A desktop entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The file id without `.desktop`, such as `org.gnome.gedit`.
    pub id: String,
    /// The command of `Exec` without files and URLs, the program first; never empty.
    pub argv: Vec<String>,
    /// `StartupWMClass`: the class or instance of its windows.
    pub startup_wm_class: Option<String>,
    /// Whether it runs in a terminal, and so opens no window of its own.
    pub terminal: bool,
}

impl Entry {
    /// Reads a file; gives the entry and its `TryExec`. `None` when it is no application,
    /// is deleted (`Hidden`), or cannot be understood.
    pub fn parse(id: &str, bytes: &[u8]) -> Option<(Self, Option<String>)> {
        let wanted = own_group(bytes);
        let wanted = String::from_utf8_lossy(&wanted);
        let file = DesktopEntry::from_str::<&str>(format!("{id}.desktop"), &wanted, None).ok()?;
        let value = |key| file.desktop_entry(key).filter(|value| !value.is_empty());
        if file.hidden() || value("Type").is_some_and(|kind| kind != "Application") {
            return None;
        }
        let argv = arguments(value("Exec")?, value("Name"), value("Icon"))?;
        let entry = Self {
            id: id.to_owned(),
            argv,
            startup_wm_class: value("StartupWMClass").map(str::to_owned),
            terminal: file.terminal(),
        };
        Some((entry, value("TryExec").map(str::to_owned)))
    }

    /// The program's name without its directory.
    pub fn program(&self) -> &str {
        self.argv.first().map_or("", |program| base_name(program))
    }

    /// The arguments after the program.
    pub fn arguments(&self) -> &[String] {
        self.argv.get(1..).unwrap_or_default()
    }
}

/// The lines of the application's own group that have keys which are read.
///
/// The crate gives up on a file with any line that it cannot read, also in groups that
/// nobody asked for. And most lines are translations: nobody looks at them longer than it
/// takes to tell them, nor asks whether they are UTF-8.
fn own_group(bytes: &[u8]) -> Vec<u8> {
    let mut wanted = format!("[{GROUP}]\n").into_bytes();
    let mut inside = false;
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        rest = after.get(1..).unwrap_or_default();
        if line.first() == Some(&b'[') {
            if inside {
                break;
            }
            inside = line
                .strip_prefix(b"[")
                .and_then(|line| line.strip_prefix(GROUP.as_bytes()))
                .is_some_and(|line| line.first() == Some(&b']'));
        } else if inside && is_read(line) {
            wanted.extend_from_slice(line);
            wanted.push(b'\n');
        }
    }
    wanted
}

/// Whether the line gives one of [`KEYS`] its value, not a translation of it.
fn is_read(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    KEYS.iter().any(|key| {
        line.strip_prefix(key.as_bytes())
            .is_some_and(|line| line.trim_ascii_start().first() == Some(&b'='))
    })
}

/// The part of a path after the last slash.
pub fn base_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The arguments of an `Exec` value, without those that stand for files and URLs.
///
/// `None` when a quote is not closed or nothing is left.
fn arguments(exec: &str, name: Option<&str>, icon: Option<&str>) -> Option<Vec<String>> {
    let mut arguments = Vec::new();
    for Argument { text, quoted } in split(exec)? {
        match text.as_str() {
            // Files, URLs, deprecated codes, and the place of the entry's own file.
            "%f" | "%F" | "%u" | "%U" | "%d" | "%D" | "%n" | "%N" | "%v" | "%m" | "%k"
                if !quoted => {}
            "%i" if !quoted => {
                if let Some(icon) = icon {
                    arguments.extend(["--icon".to_owned(), icon.to_owned()]);
                }
            }
            _ => arguments.push(without_codes(&text, name)),
        }
    }
    (!arguments.first()?.is_empty()).then_some(arguments)
}

/// Codes inside an argument: `%%` is a percent sign, `%c` the name, all others vanish.
fn without_codes(argument: &str, name: Option<&str>) -> String {
    let mut text = String::with_capacity(argument.len());
    let mut characters = argument.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('%') => text.push('%'),
            Some('c') => text.push_str(name.unwrap_or_default()),
            _ => {}
        }
    }
    text
}

struct Argument {
    text: String,
    quoted: bool,
}

/// Splits by the specification's quoting: double quotes, and in them a backslash before
/// `"`, `` ` ``, `$` and `\`.
///
/// Single quotes and backslashes outside of quotes are reserved there; files that have
/// them mean what a shell would do, as other readers take it.
fn split(exec: &str) -> Option<Vec<Argument>> {
    let mut arguments = Vec::new();
    let mut current: Option<Argument> = None;
    let mut characters = exec.chars();
    while let Some(character) = characters.next() {
        if matches!(character, ' ' | '\t' | '\n') {
            arguments.extend(current.take());
            continue;
        }
        let argument = current.get_or_insert(Argument {
            text: String::new(),
            quoted: false,
        });
        match character {
            '"' => {
                argument.quoted = true;
                loop {
                    match characters.next()? {
                        '"' => break,
                        '\\' => match characters.next()? {
                            escaped @ ('"' | '`' | '$' | '\\') => argument.text.push(escaped),
                            other => argument.text.extend(['\\', other]),
                        },
                        other => argument.text.push(other),
                    }
                }
            }
            '\'' => {
                argument.quoted = true;
                loop {
                    match characters.next()? {
                        '\'' => break,
                        other => argument.text.push(other),
                    }
                }
            }
            '\\' => argument.text.push(characters.next()?),
            other => argument.text.push(other),
        }
    }
    arguments.extend(current);
    Some(arguments)
}

/// How an entry and a window belong together, the surest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// `Exec` runs the program of the window's process.
    Program,
    /// The class or instance is the file id, or its last part (`org.gnome.gedit`).
    FileId,
    /// The class or instance is the entry's `StartupWMClass`.
    StartupWmClass,
}

/// The entry that a window of this class and instance, of a process with this command
/// line (empty where it is not known), belongs to.
///
/// One with the same arguments as the process is preferred, then the surest relation, then
/// the first.
pub fn matching<'a>(
    entries: &'a [Entry],
    class: Option<&str>,
    instance: Option<&str>,
    argv: &[String],
) -> Option<(&'a Entry, Relation)> {
    let program = argv.first().map(|program| base_name(program));
    let arguments = argv.get(1..).unwrap_or_default();
    let names = || [class, instance].into_iter().flatten();
    let mut best: Option<((bool, Relation), &Entry)> = None;
    for entry in entries.iter().filter(|entry| !entry.terminal) {
        let relation = if entry
            .startup_wm_class
            .as_deref()
            .is_some_and(|wanted| names().any(|name| name.eq_ignore_ascii_case(wanted)))
        {
            Relation::StartupWmClass
        } else if names().any(|name| is_id(&entry.id, name)) {
            Relation::FileId
        } else if program.is_some_and(|program| program == entry.program()) {
            Relation::Program
        } else {
            continue;
        };
        let rank = (!argv.is_empty() && entry.arguments() == arguments, relation);
        if best.is_none_or(|(other, _)| rank > other) {
            best = Some((rank, entry));
        }
    }
    best.map(|((_, relation), entry)| (entry, relation))
}

fn is_id(id: &str, name: &str) -> bool {
    id.eq_ignore_ascii_case(name)
        || id
            .rsplit_once('.')
            .is_some_and(|(_, last)| last.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::Relation::{FileId, Program, StartupWmClass};
    use super::*;

    fn entry(id: &str, class: Option<&str>, exec: &str) -> Entry {
        Entry {
            id: id.to_owned(),
            argv: exec.split(' ').map(str::to_owned).collect(),
            startup_wm_class: class.map(str::to_owned),
            terminal: id.starts_with("term-"),
        }
    }

    #[test]
    fn exec_is_split_and_freed_of_codes() {
        let table: [(&str, Option<&[&str]>); 14] = [
            ("gimp %U", Some(&["gimp"])),
            ("gimp-2.10 %f --new", Some(&["gimp-2.10", "--new"])),
            (
                r#""/opt/My App/run" "a b" """#,
                Some(&["/opt/My App/run", "a b", ""]),
            ),
            (
                r#"sh -c "echo \"\$HOME\" \\ \n""#,
                Some(&["sh", "-c", "echo \"$HOME\" \\ \\n"]),
            ),
            (
                "app --icon=%i%% -caption %c",
                Some(&["app", "--icon=%", "-caption", "Name"]),
            ),
            ("app %i", Some(&["app", "--icon", "icon"])),
            (r#"app "%f""#, Some(&["app", ""])),
            ("app '%u x'", Some(&["app", " x"])),
            ("app 100%%", Some(&["app", "100%"])),
            (r"app a\ b", Some(&["app", "a b"])),
            ("  app   -x ", Some(&["app", "-x"])),
            ("\"open", None),
            ("%u", None),
            ("", None),
        ];
        for (exec, expected) in table {
            assert_eq!(
                arguments(exec, Some("Name"), Some("icon")),
                expected.map(|list| list.iter().map(|&text| text.to_owned()).collect()),
                "{exec}"
            );
        }
    }

    #[test]
    fn only_applications_that_are_there_are_entries() {
        let parse =
            |text: &str| Entry::parse("x", text.as_bytes()).map(|(entry, _)| entry.argv.join(" "));
        assert_eq!(
            parse("[Desktop Entry]\nExec=a\nHidden=false\n"),
            Some("a".into())
        );
        assert_eq!(parse("[Desktop Entry]\nExec=a\nHidden=true\n"), None);
        assert_eq!(parse("[Desktop Entry]\nType=Link\nExec=a\n"), None);
        assert_eq!(parse("[Desktop Entry]\nName=a\n"), None);
        assert_eq!(parse("Exec=a\n"), None);
        assert_eq!(
            parse("#\n[Desktop Entry]\r\nExec[de]=b\r\nodd\nExec=a\r\n\n[X]\nExec=c"),
            Some("a".into())
        );
        assert_eq!(
            parse("[X]\nExec=c\n[Desktop Entry]\nExec=a"),
            Some("a".into())
        );
        assert_eq!(parse("\u{fffd}\u{fffd}"), None);
    }

    #[test]
    fn an_entry_is_found_by_class_file_id_and_program() {
        let entries = [
            entry("debian-xterm", Some("XTerm"), "xterm"),
            entry("htop-in-xterm", Some("XTerm"), "xterm -e htop"),
            entry("org.gnome.gedit", None, "gedit"),
            entry("office-writer", None, "office --writer"),
            entry("office-calc", None, "office --calc"),
            entry("term-vim", None, "vim"),
            entry("firefox", None, "firefox"),
        ];
        let check = |class: &str, instance: &str, command: &str| {
            let argv: Vec<String> = command.split(' ').map(str::to_owned).collect();
            let argv = if command.is_empty() { vec![] } else { argv };
            matching(&entries, Some(class), Some(instance), &argv)
                .map(|(entry, relation)| (entry.id.as_str(), relation))
        };
        assert_eq!(
            check("XTerm", "xterm", "xterm"),
            Some(("debian-xterm", StartupWmClass))
        );
        assert_eq!(
            check("XTerm", "xterm", "xterm -e htop"),
            Some(("htop-in-xterm", StartupWmClass))
        );
        assert_eq!(
            check("XTerm", "xterm", ""),
            Some(("debian-xterm", StartupWmClass))
        );
        assert_eq!(
            check("Gedit", "gedit", "/usr/bin/gedit"),
            Some(("org.gnome.gedit", FileId))
        );
        assert_eq!(
            check("Navigator", "Firefox", "/usr/lib/firefox/firefox"),
            Some(("firefox", FileId))
        );
        assert_eq!(
            check("x", "y", "/opt/office --calc"),
            Some(("office-calc", Program))
        );
        assert_eq!(check("Vim", "vim", "vim"), None);
        assert_eq!(check("x", "y", "z"), None);
    }
}
