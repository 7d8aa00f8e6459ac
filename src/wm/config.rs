//! The few lines of the i3 config that decide how windows look by default.
//!
//! Pure. i3 gives its config files with variables replaced (`GET_CONFIG`), so
//! only `default_border`, `default_floating_border` and their old names
//! `new_window`, `new_float` are looked for (i3's `parser-specs/config.spec`). The last one wins.

use super::reply::{Config, ConfigFile};
use crate::layout::Border;
use crate::live::Defaults;

/// What i3 takes where `normal` or `pixel` stands without a number.
const DEFAULT_WIDTH: u32 = 2;

/// The defaults that the config sets, i3's own where it is silent.
pub(super) fn defaults(config: &Config) -> Defaults {
    let mut defaults = Defaults::default();
    match config.included_configs.split_first() {
        Some((main, included)) => {
            let mut included = included.iter();
            read_file(main, &mut included, &mut defaults);
            for file in included {
                read_lines(&file.variable_replaced_contents, |line| {
                    read_directive(line, &mut defaults);
                });
            }
        }
        None => read_lines(&config.config, |line| read_directive(line, &mut defaults)),
    }
    defaults
}

/// Reads a file, and what it includes at the place where it does.
fn read_file(
    file: &ConfigFile,
    included: &mut std::slice::Iter<'_, ConfigFile>,
    defaults: &mut Defaults,
) {
    read_lines(&file.variable_replaced_contents, |line| {
        match line.strip_prefix("include").map(str::trim) {
            Some(pattern) => {
                while let Some(next) = included.as_slice().first() {
                    if !may_include(pattern, &next.path) {
                        break;
                    }
                    included.next();
                    read_file(next, included, defaults);
                }
            }
            None => read_directive(line, defaults),
        }
    });
}

/// Hands over each line without the blanks before it; a backslash at its end
/// joins the next one.
fn read_lines(text: &str, mut read: impl FnMut(&str)) {
    let joined = text.replace("\\\n", " ");
    for line in joined.lines() {
        read(line.trim());
    }
}

/// Whether an `include` with this pattern may mean this file.
///
/// i3 expands the pattern as a shell does (wordexp(3)); here only the file name
/// is compared, because i3 lists the files in the order of reading anyway.
fn may_include(pattern: &str, path: &str) -> bool {
    let file_name = path.rsplit('/').next().unwrap_or(path);
    pattern.split_whitespace().any(|word| {
        let glob = word.trim_matches(['"', '\'']).rsplit('/').next();
        glob.is_some_and(|glob| {
            glob.contains(['$', '`', '[', '{', '\\']) || glob_matches(glob, file_name)
        })
    })
}

/// A shell pattern with `*` and `?` against a whole name.
fn glob_matches(glob: &str, name: &str) -> bool {
    match glob.chars().next() {
        None => name.is_empty(),
        Some('*') => {
            let rest = &glob[1..];
            name.char_indices()
                .map(|(at, _)| at)
                .chain([name.len()])
                .any(|at| glob_matches(rest, &name[at..]))
        }
        Some(wanted) => name.chars().next().is_some_and(|found| {
            (wanted == '?' || wanted == found)
                && glob_matches(&glob[wanted.len_utf8()..], &name[found.len_utf8()..])
        }),
    }
}

fn read_directive(line: &str, defaults: &mut Defaults) {
    let mut words = line.split_whitespace();
    let Some(directive) = words.next() else {
        return;
    };
    let target = match directive.to_ascii_lowercase().as_str() {
        "default_border" | "new_window" => &mut defaults.border,
        "default_floating_border" | "new_float" => &mut defaults.floating_border,
        _ => return,
    };
    let style = words.next().map(str::to_ascii_lowercase);
    let width = match words.next() {
        None => DEFAULT_WIDTH,
        Some(width) => match width.parse() {
            Ok(width) => width,
            // i3 refuses the line, and so the setting before it stays.
            Err(_) => return,
        },
    };
    *target = match style.as_deref() {
        Some("none") => Border::None,
        Some("1pixel") => Border::Pixel(1),
        Some("pixel") => Border::Pixel(width),
        Some("normal") => Border::Normal(width),
        _ => return,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(files: &[(&str, &str)]) -> Defaults {
        defaults(&Config {
            config: String::new(),
            included_configs: files
                .iter()
                .map(|&(path, contents)| ConfigFile {
                    path: path.to_owned(),
                    variable_replaced_contents: contents.to_owned(),
                })
                .collect(),
        })
    }

    #[test]
    fn each_form_of_the_directive() {
        for (line, border) in [
            ("", Border::Normal(2)),
            ("# default_border pixel 7", Border::Normal(2)),
            ("default_border none", Border::None),
            ("default_border 1pixel", Border::Pixel(1)),
            ("default_border pixel", Border::Pixel(2)),
            ("  default_border\tpixel 5", Border::Pixel(5)),
            ("default_border pixel 5 px", Border::Pixel(5)),
            ("default_border normal 0", Border::Normal(0)),
            ("new_window 1pixel", Border::Pixel(1)),
            ("default_border pixel $width", Border::Normal(2)),
            ("default_border \\\n pixel 4", Border::Pixel(4)),
            ("default_border pixel 4\nnew_window none", Border::None),
        ] {
            assert_eq!(
                read(&[("/config", line)]),
                Defaults {
                    border,
                    ..Defaults::default()
                },
                "{line}"
            );
        }
    }

    #[test]
    fn floating_windows_have_their_own() {
        let floating = |line| read(&[("/config", line)]).floating_border;
        assert_eq!(
            floating("default_floating_border pixel 3"),
            Border::Pixel(3)
        );
        assert_eq!(floating("new_float none"), Border::None);
        assert_eq!(floating("default_border none"), Border::Normal(2));
    }

    #[test]
    fn the_last_one_wins_across_included_files() {
        let main = "default_border pixel 1\ninclude ~/conf.d/*.conf\n";
        assert_eq!(
            read(&[("/c/config", main), ("/c/conf.d/a.conf", "new_window none")]).border,
            Border::None
        );
        let main = "include conf.d/a.conf\ndefault_border pixel 1\n";
        assert_eq!(
            read(&[("/c/config", main), ("/c/conf.d/a.conf", "new_window none")]).border,
            Border::Pixel(1)
        );
        assert_eq!(
            read(&[
                ("/c/config", "include a\ninclude z\n"),
                ("/c/a", "include b\ndefault_border pixel 2"),
                ("/c/b", "default_border pixel 3"),
                ("/c/z", "default_floating_border none"),
            ]),
            Defaults {
                border: Border::Pixel(2),
                floating_border: Border::None
            }
        );
    }

    #[test]
    fn without_included_files_the_main_text_is_read() {
        let config = Config {
            config: "default_border none".to_owned(),
            included_configs: Vec::new(),
        };
        assert_eq!(defaults(&config).border, Border::None);
    }
}
