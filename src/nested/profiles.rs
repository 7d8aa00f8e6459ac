//! Commands for programs that run once for each profile. Pure.
//!
//! Such a program gives its window to the process that has locked the profile, which may be on the
//! desktop outside, or it refuses to start. No environment variable names another profile, so each
//! gets a command that does.

use std::path::Path;

/// The way in which a program is told its profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// As Chromium and Electron.
    UserDataDir,
    /// As Firefox and Thunderbird.
    Profile,
}

/// The programs.
const PROGRAMS: [(&str, Style); 20] = [
    ("brave", Style::UserDataDir),
    ("brave-browser", Style::UserDataDir),
    ("chromium", Style::UserDataDir),
    ("chromium-browser", Style::UserDataDir),
    ("code", Style::UserDataDir),
    ("code-oss", Style::UserDataDir),
    ("codium", Style::UserDataDir),
    ("discord", Style::UserDataDir),
    ("firefox", Style::Profile),
    ("firefox-esr", Style::Profile),
    ("google-chrome", Style::UserDataDir),
    ("google-chrome-stable", Style::UserDataDir),
    ("librewolf", Style::Profile),
    ("microsoft-edge", Style::UserDataDir),
    ("opera", Style::UserDataDir),
    ("signal-desktop", Style::UserDataDir),
    ("slack", Style::UserDataDir),
    ("thunderbird", Style::Profile),
    ("vivaldi", Style::UserDataDir),
    ("vivaldi-stable", Style::UserDataDir),
];

/// The names of the programs.
pub fn programs() -> impl Iterator<Item = &'static str> {
    PROGRAMS.iter().map(|(name, _)| *name)
}

/// A script that runs the program in `file` with the profile in this folder. `None` for a program
/// that needs none.
pub fn script(name: &str, file: &Path, profile: &Path) -> Option<String> {
    let (_, style) = PROGRAMS.iter().find(|(known, _)| *known == name)?;
    let quoted = |path: &Path| shell_words::quote(&path.to_string_lossy()).into_owned();
    let (file, profile) = (quoted(file), quoted(profile));
    let options = match style {
        Style::UserDataDir => {
            format!("--user-data-dir={profile} --no-first-run --no-default-browser-check")
        }
        Style::Profile => format!("--no-remote --profile {profile}"),
    };
    Some(format!(
        "#!/bin/sh\nmkdir -p {profile}\nexec {file} {options} \"$@\"\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_get_a_profile_of_their_own() {
        let of = |name: &str| {
            let file = format!("/usr/bin/{name}");
            script(name, Path::new(&file), Path::new("/r/a profile"))
        };
        assert_eq!(
            of("firefox").unwrap(),
            "#!/bin/sh\nmkdir -p '/r/a profile'\n\
             exec /usr/bin/firefox --no-remote --profile '/r/a profile' \"$@\"\n"
        );
        assert!(
            of("chromium")
                .unwrap()
                .contains("--user-data-dir='/r/a profile'")
        );
        assert_eq!(of("xterm"), None);
        assert!(programs().is_sorted());
    }
}
