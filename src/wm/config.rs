//! Default borders, gaps and window rules from the i3 config. Pure.
//!
//! i3 reports its config files with variables replaced (`GET_CONFIG`). The directives are
//! `default_border`, `default_floating_border`, their old names `new_window` and `new_float`, and
//! `gaps` (i3's `parser-specs/config.spec`). The last one takes precedence.

use std::str::{Chars, Lines};

use serde::{Deserialize, Serialize};

use super::reply::Config;
use super::size_limits::SizeLimits;
use super::window_rules::WindowRule;
use crate::layout::Swallow;
use crate::live::{ConfigGaps, Defaults};
use crate::tree::{Border, Gaps};

/// The width of `normal` and `pixel` without a number.
const DEFAULT_WIDTH: u32 = 2;

/// The default borders of the config, else those of i3.
pub(super) fn defaults(config: &Config) -> Defaults {
    let mut defaults = Defaults::default();
    read_all(config, &mut |line| read_directive(line, &mut defaults));
    defaults
}

/// The gaps of the config; `None` if one of its lines cannot be read.
///
/// The lines are `gaps WHICH SIZE` and `workspace NAME gaps WHICH SIZE` (i3 user guide,
/// "Gaps"). Later lines take precedence.
pub(super) fn gaps(config: &Config) -> Option<ConfigGaps> {
    let mut gaps = ConfigGaps::default();
    let mut is_clear = true;
    read_all(config, &mut |line| {
        let lower = line.to_ascii_lowercase();
        if let Some(rest) = after_word(&lower, "gaps") {
            match gap(rest) {
                Some(gap) => gaps.all = gaps.all.with(gap),
                None => is_clear = false,
            }
        } else if after_word(&lower, "workspace").is_some()
            && let Some((name, rest)) = workspace_and_rest(line)
            && let Some(rest) = after_word(&rest.to_ascii_lowercase(), "gaps")
        {
            let own = gaps.workspaces.iter().position(|(known, _)| *known == name);
            match (gap(rest), own) {
                (Some(gap), Some(own)) => gaps.workspaces[own].1 = gaps.workspaces[own].1.or(gap),
                (Some(gap), None) => gaps.workspaces.push((name, gap)),
                (None, _) => is_clear = false,
            }
        }
    });
    is_clear.then_some(gaps)
}

/// The rest of a line after its first word.
pub(super) fn after_word<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.strip_prefix(word)
        .filter(|rest| rest.starts_with(char::is_whitespace))
        .map(str::trim_start)
}

/// The name in `workspace NAME …`, quoted or not, and the rest of the line.
pub(super) fn workspace_and_rest(line: &str) -> Option<(String, &str)> {
    let line = line.get("workspace".len()..)?.trim_start();
    let (name, rest) = match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => line.split_once(char::is_whitespace)?,
    };
    Some((name.to_owned(), rest.trim_start()))
}

/// `inner 10`, `outer 5 px`, `horizontal 3px` and the like.
fn gap(text: &str) -> Option<Gaps> {
    let (which, size) = text.split_once(char::is_whitespace)?;
    let size: i32 = size.trim().trim_end_matches("px").trim_end().parse().ok()?;
    let outer = match which {
        "inner" => "",
        "outer" => "top right bottom left",
        "horizontal" => "right left",
        "vertical" => "top bottom",
        "top" | "right" | "bottom" | "left" => which,
        _ => return None,
    };
    let edge = |edge: &str| outer.split(' ').any(|word| word == edge).then_some(size);
    Some(Gaps {
        inner: (which == "inner").then_some(size),
        top: edge("top"),
        right: edge("right"),
        bottom: edge("bottom"),
        left: edge("left"),
    })
}

/// The lines of the config that change windows by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowConfig {
    /// The rules for new windows.
    pub rules: Vec<WindowRule>,
    /// The limits for the sizes of floating windows.
    pub limits: SizeLimits,
}

impl WindowConfig {
    /// The criteria of the rules that i3 also runs when a window gets another title or class.
    pub fn lasting_criteria(&self) -> Vec<Swallow> {
        let lasting = self.rules.iter().filter(|rule| rule.is_lasting);
        lasting.map(|rule| rule.criteria().clone()).collect()
    }
}

/// The same, for a config without includes and variables.
#[cfg(test)]
pub(crate) fn window_config_of(text: &str) -> WindowConfig {
    window_config(&Config {
        config: text.to_owned(),
        included_configs: Vec::new(),
    })
}

pub(super) fn window_config(config: &Config) -> WindowConfig {
    let mut found = WindowConfig::default();
    read_all(config, &mut |line| {
        found.rules.extend(WindowRule::parse(line));
        found.limits.read(line);
    });
    found
}

/// Passes each line of all files to `read`, in the order in which i3 reads them, without blanks
/// around it.
pub(super) fn read_all(config: &Config, read: &mut dyn FnMut(&str)) {
    let files = config.included_configs.iter();
    let files: Vec<(&str, String)> = files
        .map(|file| (&*file.path, joined(&file.variable_replaced_contents)))
        .collect();
    let Some(((_, main), included)) = files.split_first() else {
        return joined(&config.config)
            .lines()
            .for_each(|line| read(line.trim()));
    };
    let mut included = included.iter();
    read_with_included(main, &mut included, read);
    for (_, text) in included {
        text.lines().for_each(|line| read(line.trim()));
    }
}

/// A file of which some lines have been read.
struct Begun<'t> {
    lines: Lines<'t>,
    /// The pattern of the last `include`, if further files may match it.
    include: Option<&'t str>,
}

impl<'t> Begun<'t> {
    fn new(text: &'t str) -> Self {
        let lines = text.lines();
        Self {
            lines,
            include: None,
        }
    }
}

/// Reads a file, with the included files at the places of their `include`. Not recursive, because
/// any number of files may include each other.
fn read_with_included<'t>(
    main: &'t str,
    included: &mut std::slice::Iter<'t, (&'t str, String)>,
    read: &mut dyn FnMut(&str),
) {
    let mut begun = vec![Begun::new(main)];
    while let Some(file) = begun.last_mut() {
        if let Some(pattern) = file.include {
            match included.as_slice().first() {
                Some((path, text)) if may_include(pattern, path) => {
                    included.next();
                    begun.push(Begun::new(text));
                }
                _ => file.include = None,
            }
        } else if let Some(line) = file.lines.next().map(str::trim) {
            match line.strip_prefix("include").map(str::trim) {
                Some(pattern) => file.include = Some(pattern),
                None => read(line),
            }
        } else {
            begun.pop();
        }
    }
}

/// The text of a file. A backslash at the end of a line joins it with the next one.
fn joined(text: &str) -> String {
    text.replace("\\\n", " ")
}

/// True if an `include` with this pattern may refer to this file.
///
/// i3 expands the pattern like a shell (wordexp(3)). Comparing the file name is enough, because
/// i3 lists the files in the order of reading.
fn may_include(pattern: &str, path: &str) -> bool {
    let file_name = path.rsplit('/').next().unwrap_or(path);
    pattern.split_whitespace().any(|word| {
        let glob = word.trim_matches(['"', '\'']).rsplit('/').next();
        glob.is_some_and(|glob| {
            glob.contains(['$', '`', '[', '{', '\\']) || glob_matches(glob, file_name)
        })
    })
}

/// True if a shell pattern with `*` and `?` matches the name. Only the last `*` is tried at
/// several places, so the time does not grow with their number.
fn glob_matches(glob: &str, name: &str) -> bool {
    let (mut glob, mut name) = (glob.chars(), name.chars());
    // What follows the last `*`, and the name from the place where that was tried.
    let mut star: Option<(Chars<'_>, Chars<'_>)> = None;
    loop {
        let rest = name.clone();
        match (glob.next(), name.next()) {
            (Some('*'), _) => {
                name = rest;
                star = Some((glob.clone(), name.clone()));
            }
            (None, None) => return true,
            (Some(wanted), Some(found)) if wanted == '?' || wanted == found => {}
            _ => {
                let Some((after, tried)) = &mut star else {
                    return false;
                };
                if tried.next().is_none() {
                    return false;
                }
                (glob, name) = (after.clone(), tried.clone());
            }
        }
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
            // i3 refuses the line, and keeps the previous setting.
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
    use super::super::reply::ConfigFile;
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
    fn gaps_are_read_for_all_and_for_single_workspaces() {
        let gaps = |text: &str| {
            super::gaps(&Config {
                config: text.to_owned(),
                included_configs: Vec::new(),
            })
        };
        let config = gaps(
            "# gaps inner 99\ngaps inner 10\ngaps outer 5px\n gaps top 7 px\nsmart_gaps on\n\
             workspace 2 gaps inner 30\nworkspace \"3: a b\" gaps horizontal -2\n\
             workspace 2 gaps left 1\nworkspace 2 output eDP-1\n",
        );
        let config = config.expect("the gaps are valid");
        let sizes = |name: &str| {
            let all = config.of(name);
            [all.inner, all.top, all.right, all.bottom, all.left]
        };
        assert_eq!(sizes("1"), [10, 7, 5, 5, 5]);
        assert_eq!(sizes("2"), [30, 7, 5, 5, 1]);
        assert_eq!(sizes("3: a b"), [10, 7, -2, 5, -2]);
        assert_eq!(gaps("gaps inner $size"), None);
        assert_eq!(gaps(""), Some(ConfigGaps::default()));
    }

    #[test]
    fn floating_windows_have_their_own_border() {
        let floating = |line| read(&[("/config", line)]).floating_border;
        assert_eq!(
            floating("default_floating_border pixel 3"),
            Border::Pixel(3)
        );
        assert_eq!(floating("new_float none"), Border::None);
        assert_eq!(floating("default_border none"), Border::Normal(2));
    }

    #[test]
    fn the_last_directive_of_all_files_takes_precedence() {
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
    fn globs_match_as_in_a_shell() {
        for (glob, name, expected) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("*", "", true),
            ("*.conf", "a.conf", true),
            ("*.conf", "a.conf.bak", false),
            ("?*b", "ab", true),
            ("?*b", "b", false),
            ("*a?c*", "xabacabc", true),
            ("a+(b)", "a+(b)", true),
            ("*ü?", "süß", true),
        ] {
            assert_eq!(glob_matches(glob, name), expected, "{glob} {name}");
        }
        assert!(!glob_matches(&"*a".repeat(500), &"a".repeat(499)));
    }

    #[test]
    fn any_number_of_files_may_include_each_other() {
        let files = vec![("/a", "include a\ndefault_border none"); 50_000];
        assert_eq!(read(&files).border, Border::None);
    }

    #[test]
    fn rules_and_limits_of_included_files_are_read() {
        let file = |path: &str, contents: &str| ConfigFile {
            path: path.to_owned(),
            variable_replaced_contents: contents.to_owned(),
        };
        let found = window_config(&Config {
            config: "set $x X\nfor_window [class=$x] kill".to_owned(),
            included_configs: vec![
                file(
                    "/c/config",
                    "set $x X\nfor_window [class=X] kill\ninclude a",
                ),
                file(
                    "/c/a",
                    "floating_maximum_size 9 x 9\nassign [class=X] \\\n 3",
                ),
            ],
        });
        let lines: Vec<&str> = found.rules.iter().map(|rule| rule.line.as_str()).collect();
        assert_eq!(lines, ["for_window [class=X] kill", "assign [class=X] 3"]);
        assert_eq!(found.limits.maximum.width, Some(9));
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
