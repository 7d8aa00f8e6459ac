//! A desktop entry: what of it matters here.
//!
//! See the Desktop Entry Specification 1.5, above all "The Exec key".

use std::collections::BTreeMap;

use super::wrappers;

/// The group that describes the application itself.
const GROUP: &str = "Desktop Entry";

/// The keys that are read; the rest of a file may be as odd as it likes.
const KEYS: [&str; 11] = [
    "Type",
    "Name",
    "Exec",
    "TryExec",
    "Icon",
    "Path",
    "Hidden",
    "NoDisplay",
    "Terminal",
    "StartupWMClass",
    "Actions",
];

/// The files and URLs that the `Exec` of an entry takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    #[default]
    Nothing,
    /// One file or URL: `%f`, `%u`.
    One,
    /// Any number of them: `%F`, `%U`.
    Many,
}

/// A command of an entry, without what it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exec {
    /// The arguments, the program first; never empty.
    pub argv: Vec<String>,
    /// The files and URLs that it takes.
    pub takes: Takes,
    /// Where in `argv` what it takes goes.
    pub place: usize,
}

impl Exec {
    /// The arguments after the program.
    pub fn arguments(&self) -> &[String] {
        self.argv.get(1..).unwrap_or_default()
    }

    /// The command that opens `what`.
    pub fn opening(&self, what: &[String]) -> Vec<String> {
        let mut argv = self.argv.clone();
        let place = self.place.min(argv.len());
        argv.splice(place..place, what.iter().cloned());
        argv
    }
}

/// A desktop entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DesktopFile {
    /// The file id without `.desktop`, such as `org.gnome.gedit`.
    pub id: String,
    /// The command of `Exec`.
    pub exec: Exec,
    /// The name of the program that it runs in the end, past `env`, `sh -c` and the like.
    pub program: String,
    /// The commands of its `Actions`, such as "new private window".
    pub actions: Vec<Exec>,
    /// `Path`: the directory to start in.
    pub path: Option<String>,
    /// `StartupWMClass`: the class or instance of its windows.
    pub startup_wm_class: Option<String>,
    /// True if it runs in a terminal, and so opens no window of its own.
    pub terminal: bool,
    /// True if menus leave it out.
    pub no_display: bool,
}

impl DesktopFile {
    /// Reads a file; gives the entry and its `TryExec`. `None` when it is no application,
    /// is deleted (`Hidden`), or cannot be understood.
    pub fn parse(id: &str, bytes: &[u8]) -> Option<(Self, Option<String>)> {
        let Groups { own, actions } = groups(bytes);
        let value = |key| unescaped(own.get(key)?).filter(|value| !value.is_empty());
        let is = |key| value(key).as_deref() == Some("true");
        if is("Hidden") || value("Type").is_some_and(|kind| kind != "Application") {
            return None;
        }
        let words = Words {
            name: value("Name"),
            icon: value("Icon"),
        };
        let listed = value("Actions").unwrap_or_default();
        let is_listed = |name: &[u8]| listed.split(';').any(|listed| listed.as_bytes() == name);
        let actions = actions
            .into_iter()
            .filter(|(name, _)| is_listed(name))
            .filter_map(|(_, value)| exec(&unescaped(value)?, &words));
        let exec = exec(&value("Exec")?, &words)?;
        let inner = wrappers::inner(&exec.argv);
        let program = inner.first().map(|program| wrappers::plain_name(program));
        let entry = Self {
            id: id.to_owned(),
            program: program.unwrap_or_default().to_owned(),
            exec,
            actions: actions.collect(),
            path: value("Path"),
            startup_wm_class: value("StartupWMClass"),
            terminal: is("Terminal"),
            no_display: is("NoDisplay"),
        };
        Some((entry, value("TryExec")))
    }
}

/// The values for codes of an `Exec` value.
struct Words {
    name: Option<String>,
    icon: Option<String>,
}

/// The parts of a file that are read.
#[derive(Default)]
struct Groups<'a> {
    /// The values of the application's own group, with the keys that are read.
    own: BTreeMap<&'static str, &'a [u8]>,
    /// The names of its actions, and the value of each one's `Exec`.
    actions: Vec<(&'a [u8], &'a [u8])>,
}

/// Where a line stands.
#[derive(Clone, Copy)]
enum Group<'a> {
    Own,
    Action(&'a [u8]),
    Other,
}

/// Finds the lines that matter.
///
/// Most lines are translations: nobody looks at them longer than it takes to tell them, nor
/// asks whether they are UTF-8.
fn groups(bytes: &[u8]) -> Groups<'_> {
    let mut groups = Groups::default();
    let mut inside = Group::Other;
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        rest = after.get(1..).unwrap_or_default();
        let line = line.trim_ascii();
        if let Some(name) = line.strip_prefix(b"[") {
            let end = memchr::memchr(b']', name).unwrap_or(name.len());
            let name = name.get(..end).unwrap_or_default();
            inside = match name.strip_prefix(b"Desktop Action ") {
                Some(action) => Group::Action(action),
                // Of a group that comes twice, the first counts.
                None if name == GROUP.as_bytes() && groups.own.is_empty() => Group::Own,
                None => Group::Other,
            };
            continue;
        }
        match inside {
            Group::Own => {
                let value = KEYS
                    .iter()
                    .find_map(|key| Some((*key, value_of(line, key)?)));
                groups.own.extend(value);
            }
            Group::Action(name) => {
                let exec = value_of(line, "Exec");
                groups.actions.extend(exec.map(|exec| (name, exec)));
            }
            Group::Other => {}
        }
    }
    groups
}

/// The value of the key, where the line gives it one; a translation is another key.
fn value_of<'a>(line: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let value = line.strip_prefix(key.as_bytes())?.trim_ascii_start();
    Some(value.strip_prefix(b"=")?.trim_ascii_start())
}

/// A value as it is meant ("Possible value types"); `None` for what is none.
fn unescaped(value: &[u8]) -> Option<String> {
    let value = str::from_utf8(value).ok()?;
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next()? {
                's' => ' ',
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '\\' => '\\',
                _ => return None,
            },
            other => other,
        });
    }
    Some(text)
}

/// The command of an `Exec` value, without what stands for files and URLs.
///
/// `None` when a quote is not closed or nothing is left.
fn exec(value: &str, words: &Words) -> Option<Exec> {
    let mut exec = Exec::default();
    let mut place = None;
    for Argument { text, quoted } in split(value)? {
        match text.as_str() {
            "%f" | "%u" if !quoted => {
                exec.takes = Takes::One;
                place.get_or_insert(exec.argv.len());
            }
            "%F" | "%U" if !quoted => {
                exec.takes = Takes::Many;
                place.get_or_insert(exec.argv.len());
            }
            // Deprecated codes, the place of the entry's own file, and what flatpak puts
            // around files.
            "%d" | "%D" | "%n" | "%N" | "%v" | "%m" | "%k" | "@@" | "@@u" if !quoted => {}
            "%i" if !quoted => {
                if let Some(icon) = &words.icon {
                    exec.argv.extend(["--icon".to_owned(), icon.clone()]);
                }
            }
            _ => exec.argv.push(without_codes(&text, words.name.as_deref())),
        }
    }
    exec.place = place.unwrap_or(exec.argv.len());
    (!exec.argv.first()?.is_empty()).then_some(exec)
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
                let rest = characters.as_str();
                let (inside, after) = rest.split_once('\'')?;
                argument.text.push_str(inside);
                characters = after.chars();
            }
            '\\' => argument.text.push(characters.next()?),
            other => argument.text.push(other),
        }
    }
    arguments.extend(current);
    Some(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let words = Words {
            name: Some("Name".to_owned()),
            icon: Some("icon".to_owned()),
        };
        for (value, expected) in table {
            let found = exec(value, &words).map(|exec| exec.argv);
            let expected = expected.map(|list| list.iter().map(|&text| text.to_owned()).collect());
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn files_go_where_the_entry_takes_them() {
        let words = Words {
            name: None,
            icon: None,
        };
        for (value, takes, expected) in [
            ("gimp %U", Takes::Many, "gimp a"),
            ("app %f --new", Takes::One, "app a --new"),
            ("app --new", Takes::Nothing, "app --new a"),
            (
                "flatpak run --file-forwarding org.x.App @@u %u @@",
                Takes::One,
                "flatpak run --file-forwarding org.x.App a",
            ),
        ] {
            let exec = exec(value, &words).unwrap();
            assert_eq!(exec.takes, takes, "{value}");
            assert_eq!(exec.opening(&["a".to_owned()]).join(" "), expected);
        }
    }

    #[test]
    fn the_keys_that_matter_are_read() {
        let text = "[Desktop Entry]\nName=A\nExec=a %F\nPath=/srv\nNoDisplay=true\n\
                    StartupWMClass=A\nActions=new;gone;\n\n\
                    [Desktop Action new]\nName=New\nName[de]=Neu\nExec=a --new\n";
        let (entry, try_exec) = DesktopFile::parse("a", text.as_bytes()).unwrap();
        assert_eq!(try_exec, None);
        assert_eq!(entry.path.as_deref(), Some("/srv"));
        assert!(entry.no_display);
        assert_eq!(entry.startup_wm_class.as_deref(), Some("A"));
        assert_eq!(entry.actions.len(), 1);
        assert_eq!(entry.actions[0].argv, ["a", "--new"]);
    }

    #[test]
    fn only_applications_that_are_there_are_entries() {
        let parse = |text: &str| {
            DesktopFile::parse("x", text.as_bytes()).map(|(entry, _)| entry.exec.argv.join(" "))
        };
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
}
