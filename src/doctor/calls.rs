//! The lines of the i3 config that run this program, or a program with a similar name. Pure.

use std::path::{Path, PathBuf};

/// The name of the program.
pub const NAME: &str = "i3pm-layout";

/// The words after which a command begins.
const BEFORE: [&str; 8] = [
    "exec",
    "exec_always",
    "--no-startup-id",
    "env",
    "nohup",
    "setsid",
    "then",
    "do",
];

/// A call of the program in a line of the i3 config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The line.
    pub line: String,
    /// The program, as written.
    pub program: String,
    /// The arguments; `None` if only a shell can know them.
    pub arguments: Option<Vec<String>>,
}

/// The way in which a call names the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By its name, which i3 looks up in `PATH`.
    ByName,
    /// By its path.
    ByPath(PathBuf),
    /// In a way that only a shell can resolve.
    Unknown,
}

impl Call {
    /// The program's file. i3 runs the line in a shell, which replaces `~` and `$HOME`.
    pub fn named(&self, home: &Path) -> Named {
        named(&self.program, home)
    }
}

/// The file of a program. i3 runs the line in a shell, which replaces `~` and `$HOME`.
pub fn named(program: &str, home: &Path) -> Named {
    let below = ["~/", "$HOME/", "${HOME}/"];
    if let Some(inside) = below.iter().find_map(|home| program.strip_prefix(home)) {
        return Named::ByPath(home.join(inside));
    }
    match program {
        name if !name.contains(['/', '$']) => Named::ByName,
        path if path.starts_with('/') && !path.contains('$') => Named::ByPath(path.into()),
        _ => Named::Unknown,
    }
}

/// The calls in the lines of an i3 config.
pub fn calls<'l>(lines: impl IntoIterator<Item = &'l str>) -> Vec<Call> {
    lines.into_iter().flat_map(of_line).collect()
}

/// A line of the i3 config that runs a program with almost the name of this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misspelt {
    /// The line.
    pub line: String,
    /// The program, as written.
    pub program: String,
}

impl Misspelt {
    /// The line with the right name.
    pub fn corrected(&self) -> String {
        let folder = self.program.rfind('/').map_or(0, |slash| slash + 1);
        let right = format!("{}{NAME}", &self.program[..folder]);
        self.line.replacen(&self.program, &right, 1)
    }
}

/// The lines that run a program with almost the name of this one, which may be another program.
pub fn misspelt<'l>(lines: impl IntoIterator<Item = &'l str>) -> Vec<Misspelt> {
    let of_line = |line: &'l str| {
        let programs = programs(line).into_iter();
        let programs = programs.filter(|(start, end)| is_almost(base_name(&line[*start..*end])));
        programs.map(|(start, end)| Misspelt {
            line: line.to_owned(),
            program: line[start..end].to_owned(),
        })
    };
    lines.into_iter().flat_map(of_line).collect()
}

/// True if a person who writes this name probably means this program.
fn is_almost(name: &str) -> bool {
    /// The letters that differ.
    const DIFFERENT: usize = 2;
    name != NAME && strsim::osa_distance(&name.to_lowercase(), NAME) <= DIFFERENT
}

fn base_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

fn of_line(line: &str) -> Vec<Call> {
    let programs = programs(line).into_iter();
    let own = programs.filter(|(start, end)| base_name(&line[*start..*end]) == NAME);
    own.map(|(start, end)| Call {
        line: line.to_owned(),
        program: line[start..end].to_owned(),
        arguments: arguments(&line[end..], is_open(&line[..start])),
    })
    .collect()
}

/// The places of the programs in a line that runs some.
fn programs(line: &str) -> Vec<(usize, usize)> {
    let directive = line.split_whitespace().next().unwrap_or_default();
    let is_run = ["bindsym", "bindcode", "exec", "exec_always"]
        .iter()
        .any(|known| directive.eq_ignore_ascii_case(known));
    if !is_run {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut start = 0;
    for word in line.split_inclusive(is_border) {
        let end = start + word.trim_end_matches(is_border).len();
        if end > start && begins_command(&line[..start]) {
            found.push((start, end));
        }
        start += word.len();
    }
    found
}

/// True for a letter that is not part of a plain word.
fn is_border(letter: char) -> bool {
    letter.is_whitespace() || "\"';|&()".contains(letter)
}

/// True if a command begins after this part of a line.
fn begins_command(before: &str) -> bool {
    let last = before.split_whitespace().next_back().unwrap_or_default();
    let is_assignment = last
        .split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && !name.starts_with('-'));
    BEFORE.contains(&last)
        || is_assignment
        || before.trim_end().ends_with([';', '|', '&', '(', '"', '\''])
}

/// True if a string in double quotes is not closed.
fn is_open(before: &str) -> bool {
    let quotes = before.match_indices('"');
    let quotes = quotes.filter(|(at, _)| !before[..*at].ends_with('\\'));
    quotes.count() % 2 == 1
}

/// The words up to the end of the command.
fn arguments(rest: &str, in_quotes: bool) -> Option<Vec<String>> {
    let ends = if in_quotes { ";|&<>)\"" } else { ";|&<>)," };
    let part = rest.split(|letter: char| ends.contains(letter)).next()?;
    // `2>file`.
    let is_redirected = rest[part.len()..].starts_with(['<', '>']);
    let part = part
        .strip_suffix(" 2")
        .filter(|_| is_redirected)
        .unwrap_or(part);
    let is_plain = !part.contains(['$', '`', '*', '\\']);
    shell_words::split(part).ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_where_commands_begin() {
        for (line, expected) in [
            (
                "bindsym Mod4+F9 exec --no-startup-id i3pm-layout apply daily",
                "i3pm-layout [apply daily]",
            ),
            (
                "bindsym --release Mod4+F9 exec ~/.cargo/bin/i3pm-layout apply 'my layout', mode default",
                "~/.cargo/bin/i3pm-layout [apply my layout]",
            ),
            (
                "exec_always --no-startup-id \"sleep 1; A=b i3pm-layout apply x && date\"",
                "i3pm-layout [apply x]",
            ),
            (
                "exec i3pm-layout list | dmenu | xargs -r i3pm-layout apply",
                "i3pm-layout [list]",
            ),
            ("exec i3pm-layout apply $x", "i3pm-layout ?"),
            (
                "exec i3pm-layout apply x 2>/tmp/log",
                "i3pm-layout [apply x]",
            ),
            (
                "bindcode 75 exec \"/opt/i3pm-layout recover\"",
                "/opt/i3pm-layout [recover]",
            ),
            ("bindsym F1 exec xterm -e vim ~/src/i3pm-layout", ""),
            ("bindsym F1 exec i3pm-layout-menu", ""),
            ("bindsym F1 exec my-i3pm-layout", ""),
            ("set $x i3pm-layout apply", ""),
            ("# exec i3pm-layout apply", ""),
        ] {
            let found = calls([line]).into_iter().map(|call| match call.arguments {
                Some(arguments) => format!("{} [{}]", call.program, arguments.join(" ")),
                None => format!("{} ?", call.program),
            });
            assert_eq!(found.collect::<Vec<_>>().join(", "), expected, "{line}");
        }
    }

    #[test]
    fn similar_names_are_found_where_commands_begin() {
        for (line, expected) in [
            (
                "bindsym F1 exec --no-startup-id i3pm-layuot apply daily",
                "bindsym F1 exec --no-startup-id i3pm-layout apply daily",
            ),
            (
                "exec \"~/bin/i3pm_layout apply x\"",
                "exec \"~/bin/i3pm-layout apply x\"",
            ),
            (
                "exec date; i3-pm-layouts list",
                "exec date; i3pm-layout list",
            ),
            ("exec i3pm-layout apply x", ""),
            ("exec i3-layouts", ""),
            ("exec i3pm-layout-menu", ""),
            ("exec vim i3pm-layuot", ""),
            ("# exec i3pm-layuot", ""),
        ] {
            let found = misspelt([line]);
            let found = found.iter().map(Misspelt::corrected);
            assert_eq!(found.collect::<Vec<_>>().join(" / "), expected, "{line}");
        }
    }

    #[test]
    fn programs_are_named_by_name_or_path() {
        let named = |program: &str| {
            let call = Call {
                line: String::new(),
                program: program.to_owned(),
                arguments: None,
            };
            call.named(Path::new("/home/ada"))
        };
        let by_path = |path: &str| Named::ByPath(path.into());
        for (program, expected) in [
            (NAME, Named::ByName),
            ("~/bin/i3pm-layout", by_path("/home/ada/bin/i3pm-layout")),
            ("$HOME/i3pm-layout", by_path("/home/ada/i3pm-layout")),
            ("/opt/i3pm-layout", by_path("/opt/i3pm-layout")),
            ("$dir/i3pm-layout", Named::Unknown),
            ("bin/i3pm-layout", Named::Unknown),
        ] {
            assert_eq!(named(program), expected, "{program}");
        }
    }
}
