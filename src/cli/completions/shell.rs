//! The shells: their scripts, the files that they read, and the form in which they expect
//! completions. Pure.

use std::path::{Path, PathBuf};

use super::typed::{Typed, escaped};
use super::wanted::Candidate;

/// A shell with completions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum Shell {
    /// Bash 4 or newer
    Bash,
    /// Zsh
    Zsh,
    /// Fish 3.4 or newer
    Fish,
}

/// The directories in which scripts are searched.
#[derive(Debug)]
pub(in crate::cli) struct Places<'a> {
    /// The directory of the user's configuration.
    pub(in crate::cli) config: &'a Path,
    /// The directory of the user's data.
    pub(in crate::cli) data: &'a Path,
    /// The directories of data for all users.
    pub(in crate::cli) shared: &'a [PathBuf],
}

impl Shell {
    /// The shell with this program, such as `/bin/bash`.
    pub(in crate::cli) fn of(program: &Path) -> Option<Self> {
        match program.file_name()?.to_str()? {
            "bash" => Some(Self::Bash),
            "zsh" => Some(Self::Zsh),
            "fish" => Some(Self::Fish),
            _ => None,
        }
    }

    /// The name of its program.
    pub(in crate::cli) const fn as_str(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
        }
    }

    /// The script that makes it complete this program's command lines.
    pub(in crate::cli) const fn script(self) -> &'static str {
        match self {
            Self::Bash => include_str!("i3pm-layout.bash"),
            Self::Zsh => include_str!("i3pm-layout.zsh"),
            Self::Fish => include_str!("i3pm-layout.fish"),
        }
    }

    /// The files that it reads, those of the user first.
    pub(in crate::cli) fn files(self, places: &Places<'_>) -> Vec<PathBuf> {
        let below: &[&str] = match self {
            Self::Bash => &["bash-completion/completions/i3pm-layout"],
            Self::Zsh => &[
                "zsh/site-functions/_i3pm-layout",
                // Debian
                "zsh/vendor-completions/_i3pm-layout",
            ],
            Self::Fish => &["fish/vendor_completions.d/i3pm-layout.fish"],
        };
        let own = places.config.join("fish/completions/i3pm-layout.fish");
        let mut files: Vec<PathBuf> = (self == Self::Fish).then_some(own).into_iter().collect();
        let data = std::iter::once(places.data);
        for directory in data.chain(places.shared.iter().map(PathBuf::as_path)) {
            files.extend(below.iter().map(|name| directory.join(name)));
        }
        files
    }

    /// The files of the user that it runs when it starts.
    pub(in crate::cli) fn start_files(self, home: &Path, config: &Path) -> Vec<PathBuf> {
        let below_home: &[&str] = match self {
            Self::Bash => &[".bashrc", ".bash_profile", ".profile"],
            Self::Zsh => &[".zshrc", ".zshenv", ".zprofile"],
            Self::Fish => &[],
        };
        let of_fish = (self == Self::Fish).then(|| config.join("fish/config.fish"));
        let files = below_home.iter().map(|name| home.join(name));
        files.chain(of_fish).collect()
    }

    /// A line of the answer. `None` if the shell cannot read it. `raw` is the word as it is typed,
    /// and `typed` the same without quotes.
    pub(super) fn line(
        self,
        candidate: &Candidate,
        raw: &str,
        typed: &Typed,
        breaks: &str,
    ) -> Option<String> {
        let value = &candidate.value;
        if value.contains(char::is_control) {
            return None;
        }
        let help = candidate.help.lines().next().unwrap_or_default();
        let help = help.replace('\t', " ");
        Some(match self {
            Self::Bash => for_bash(value, raw, typed, breaks)? + "\n",
            Self::Zsh | Self::Fish if help.is_empty() => format!("{value}\n"),
            Self::Zsh | Self::Fish => format!("{value}\t{help}\n"),
        })
    }
}

/// bash replaces the part of the word after the last character at which it splits words. Inside of
/// quotes, it splits none, adds the last quote, and needs no backslash.
fn for_bash(value: &str, raw: &str, typed: &Typed, breaks: &str) -> Option<String> {
    if let Some(quote) = typed.quote {
        // A quote that begins within the word would need the parts before it.
        let is_readable = raw.starts_with(quote) && !value.contains(quote);
        return is_readable.then(|| value.to_owned());
    }
    let end = if value.ends_with(['/', '=']) { "" } else { " " };
    let whole = escaped(value) + end;
    let breaks_word = |letter: char| matches!(letter, ':' | '=') && breaks.contains(letter);
    let kept = raw.rfind(breaks_word).map_or(0, |at| at + 1);
    // What is typed may be escaped in another way, or have quotes.
    match raw.get(..kept) {
        None | Some("") => Some(whole),
        Some(kept) => whole.strip_prefix(kept).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::super::typed::unquoted;
    use super::*;

    #[test]
    fn bash_gets_the_part_of_the_word_that_it_replaces() {
        const BREAKS: &str = " \t\n\"'@><=;|&(:";
        for (value, raw, breaks, expected) in [
            ("1:code", "", BREAKS, Some("1:code ")),
            ("1:code", "1:", BREAKS, Some("code ")),
            ("1:code", "1:c", " ", Some("1:code ")),
            ("--picture=a.svg", "--picture=", BREAKS, Some("a.svg ")),
            (
                "--workspace=1:code",
                "--workspace=1:c",
                BREAKS,
                Some("code "),
            ),
            ("my layout", "my", BREAKS, Some("my\\ layout ")),
            ("my layout", "\"my l", BREAKS, Some("my layout")),
            ("1:code", "'1:", BREAKS, Some("1:code")),
            ("it's", "'it", BREAKS, None),
            ("work/", "wo", BREAKS, Some("work/")),
        ] {
            let found = for_bash(value, raw, &unquoted(raw), breaks);
            assert_eq!(found.as_deref(), expected, "{value} {raw}");
        }
    }
}
