//! Desktop entries (Desktop Entry Specification 1.5).

use std::collections::BTreeMap;

use super::wrappers;

/// The group that describes the application itself.
const GROUP: &[u8] = b"Desktop Entry";

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

/// A command of an entry, without files and URLs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exec {
    /// The arguments, the program first; never empty.
    pub argv: Vec<String>,
    /// The files and URLs that it takes.
    pub takes: Takes,
    /// The position of the files and URLs in `argv`.
    pub place: usize,
}

impl Exec {
    /// Returns the command that opens these files and URLs.
    pub fn opening(&self, files: &[String]) -> Vec<String> {
        let (before, after) = self.argv.split_at(self.place.min(self.argv.len()));
        [before, files, after].concat()
    }
}

/// A desktop entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DesktopFile {
    /// The file id without `.desktop`, such as `org.gnome.gedit`.
    pub id: String,
    /// The command of `Exec`.
    pub exec: Exec,
    /// The name of the program that it runs in the end, without `env`, `sh -c` and other
    /// wrappers.
    pub program: String,
    /// The commands of its `Actions`, such as "new private window".
    pub actions: Vec<Exec>,
    /// The command of its action `new-window`.
    pub new_window: Option<Exec>,
    /// `Path`: the directory to start in.
    pub path: Option<String>,
    /// `StartupWMClass`: the class or instance of its windows.
    pub startup_wm_class: Option<String>,
    /// True if it runs in a terminal instead of opening a window.
    pub terminal: bool,
    /// True if menus do not show it.
    pub no_display: bool,
}

impl DesktopFile {
    /// Reads a file. Returns the entry and its `TryExec`; `None` if the file is not an
    /// application, is deleted (`Hidden`), or is invalid.
    pub fn parse(id: &str, bytes: &[u8]) -> Option<(Self, Option<String>)> {
        let values = values(bytes);
        let value = |key: &str| {
            let value = unescaped(values.get(&(GROUP, key.as_bytes()))?)?;
            Some(value).filter(|value| !value.is_empty())
        };
        let is = |key| value(key).as_deref() == Some("true");
        if is("Hidden") || value("Type").is_some_and(|kind| kind != "Application") {
            return None;
        }
        let (name, icon) = (value("Name"), value("Icon"));
        let exec = |value: &str| exec(value, name.as_deref(), icon.as_deref());
        let actions = value("Actions").unwrap_or_default();
        let actions = actions.split(';').filter_map(|name| {
            let group = format!("Desktop Action {name}");
            let value = values.get(&(group.as_bytes(), &b"Exec"[..]))?;
            Some((name, exec(&unescaped(value)?)?))
        });
        let actions: Vec<(&str, Exec)> = actions.collect();
        let new_window = actions.iter().find(|(name, _)| is_new_window(name));
        let new_window = new_window.map(|(_, exec)| exec.clone());
        let actions = actions.into_iter().map(|(_, exec)| exec).collect();
        let exec = exec(&value("Exec")?)?;
        let inner = wrappers::inner(&exec.argv);
        let program = inner.first().map(|program| wrappers::plain_name(program));
        let entry = Self {
            id: id.to_owned(),
            program: program.unwrap_or_default().to_owned(),
            exec,
            actions,
            new_window,
            path: value("Path"),
            startup_wm_class: value("StartupWMClass"),
            terminal: is("Terminal"),
            no_display: is("NoDisplay"),
        };
        Some((entry, value("TryExec")))
    }
}

/// True for the usual names of the action: `new-window`, `NewWindow`, `new_window`.
fn is_new_window(action: &str) -> bool {
    let letters = action.chars().filter(char::is_ascii_alphabetic);
    letters
        .collect::<String>()
        .eq_ignore_ascii_case("newwindow")
}

/// Returns the values in a file by group and key, without translations. The first value of a key
/// takes precedence.
fn values(bytes: &[u8]) -> BTreeMap<(&[u8], &[u8]), &[u8]> {
    let mut values = BTreeMap::new();
    let mut group = &b""[..];
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        rest = after.get(1..).unwrap_or_default();
        if let Some(name) = line.trim_ascii().strip_prefix(b"[") {
            group = name.split(|&byte| byte == b']').next().unwrap_or_default();
        } else if let Some(equals) = memchr::memchr(b'=', line) {
            let (key, value) = line.split_at(equals);
            let key = key.trim_ascii();
            // Most lines are translations.
            if !key.ends_with(b"]") {
                let value = value.get(1..).unwrap_or_default().trim_ascii();
                values.entry((group, key)).or_insert(value);
            }
        }
    }
    values
}

/// Returns a value without its escapes ("Possible value types"); `None` if it is invalid.
fn unescaped(value: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(value.len());
    let mut characters = str::from_utf8(value).ok()?.chars();
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

/// Returns the command of an `Exec` value ("The Exec key"); `None` if a quote is not closed or
/// nothing is left.
///
/// The specification reserves single quotes and backslashes outside of quotes. Entries that use
/// them expect what a shell does with them, so the value is split as a shell does.
fn exec(value: &str, name: Option<&str>, icon: Option<&str>) -> Option<Exec> {
    let mut exec = Exec::default();
    let mut place = None;
    for argument in shell_words::split(value).ok()? {
        let takes = match argument.as_str() {
            "%f" | "%u" => Takes::One,
            "%F" | "%U" => Takes::Many,
            "%i" => {
                let icon = icon.map(|icon| ["--icon".to_owned(), icon.to_owned()]);
                exec.argv.extend(icon.into_iter().flatten());
                continue;
            }
            // Deprecated codes, the path of the entry's own file, and the words that flatpak
            // expects around files.
            "%d" | "%D" | "%n" | "%N" | "%v" | "%m" | "%k" | "@@" | "@@u" => continue,
            _ => {
                exec.argv.push(without_codes(&argument, name));
                continue;
            }
        };
        exec.takes = takes;
        place.get_or_insert(exec.argv.len());
    }
    exec.place = place.unwrap_or(exec.argv.len());
    (!exec.argv.first()?.is_empty()).then_some(exec)
}

/// Replaces codes inside an argument: `%%` is a percent sign, `%c` the name; other codes are
/// removed.
fn without_codes(argument: &str, name: Option<&str>) -> String {
    let mut parts = argument.split('%');
    let mut text = parts.next().unwrap_or_default().to_owned();
    while let Some(part) = parts.next() {
        let mut rest = part.chars();
        match rest.next() {
            // `%%` leaves an empty part, and the part after it has no code.
            None => {
                if let Some(after) = parts.next() {
                    text.push('%');
                    text.push_str(after);
                }
            }
            Some('c') => text.extend([name.unwrap_or_default(), rest.as_str()]),
            Some(_) => text.push_str(rest.as_str()),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exec_is_split_and_codes_are_replaced() {
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
            (r#"app "%f" "%i""#, Some(&["app", "--icon", "icon"])),
            ("app '%u x'", Some(&["app", " x"])),
            ("app 100%%", Some(&["app", "100%"])),
            (r"app a\ b", Some(&["app", "a b"])),
            ("  app   -x ", Some(&["app", "-x"])),
            ("\"open", None),
            ("%u", None),
            ("", None),
        ];
        for (value, expected) in table {
            let found = exec(value, Some("Name"), Some("icon")).map(|exec| exec.argv);
            let expected = expected.map(|list| list.iter().map(|&text| text.to_owned()).collect());
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn files_are_inserted_at_the_place_of_their_code() {
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
            let exec = exec(value, None, None).unwrap();
            assert_eq!(exec.takes, takes, "{value}");
            assert_eq!(exec.opening(&["a".to_owned()]).join(" "), expected);
        }
    }

    #[test]
    fn the_used_keys_are_read() {
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
    fn only_valid_visible_applications_are_entries() {
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
