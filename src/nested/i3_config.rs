//! The config of the nested i3. Pure.

use std::fmt::{self, Write as _};
use std::path::Path;

use crate::wm::command::quote;

/// The modifier of the keys of the nested i3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// `Mod1`.
    Alt,
    /// `Mod4`.
    Super,
}

impl Modifier {
    /// The modifier that fewer key bindings of the i3 outside use, which gets its keys first.
    /// Without such an i3, most desktops use the Super key.
    pub fn beside(lines: &[String]) -> Self {
        let uses = |name: &str| {
            let bindings = lines.iter().filter(|line| {
                let mut words = line.split_whitespace();
                let is_binding = words
                    .next()
                    .is_some_and(|word| matches!(word, "bindsym" | "bindcode" | "bind"));
                is_binding
                    && words
                        .filter(|word| !word.starts_with("--"))
                        .take(1)
                        .flat_map(|keys| keys.split('+'))
                        .any(|key| key.eq_ignore_ascii_case(name))
            });
            bindings.count()
        };
        if uses("Mod1") > uses("Mod4") {
            Self::Super
        } else {
            Self::Alt
        }
    }

    /// Its name in the i3 config.
    const fn name(self) -> &'static str {
        match self {
            Self::Alt => "Mod1",
            Self::Super => "Mod4",
        }
    }
}

impl fmt::Display for Modifier {
    /// The name of its key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Alt => "Alt",
            Self::Super => "Super",
        })
    }
}

/// Everything that the config depends on.
#[derive(Clone, Copy, Debug)]
pub struct Wishes<'a> {
    /// The socket at which i3 listens.
    pub socket: &'a Path,
    /// The names of the workspaces of the layout.
    pub workspaces: &'a [String],
    /// The modifier of all keys.
    pub modifier: Modifier,
    /// The command that opens a terminal.
    pub terminal: &'a str,
    /// Lines to add.
    pub more: &'a str,
}

/// The resources of X programs (xrdb(1)) for a desktop on which the user has set none.
pub const RESOURCES: &str = "\
*faceName: DejaVu Sans Mono
*faceSize: 10
XTerm*background: #1b2026
XTerm*foreground: #dfe5ea
XTerm*cursorColor: #7fb4dc
XTerm*color2: #8fc46b
XTerm*color3: #e5c07b
XTerm*color6: #7fb4dc
";

/// Bindings, colours and the bar. They are i3's defaults where it has some.
const FIXED: &str = "\
font pango:DejaVu Sans Mono 9
floating_modifier $mod
bindsym $mod+Shift+q kill
bindsym $mod+Left focus left
bindsym $mod+Down focus down
bindsym $mod+Up focus up
bindsym $mod+Right focus right
bindsym $mod+Shift+Left move left
bindsym $mod+Shift+Down move down
bindsym $mod+Shift+Up move up
bindsym $mod+Shift+Right move right
bindsym $mod+h split h
bindsym $mod+v split v
bindsym $mod+f fullscreen toggle
bindsym $mod+s layout stacking
bindsym $mod+w layout tabbed
bindsym $mod+e layout toggle split
bindsym $mod+Shift+space floating toggle
bindsym $mod+space focus mode_toggle
bindsym $mod+a focus parent
bindsym $mod+Shift+minus move scratchpad
bindsym $mod+minus scratchpad show
bindsym $mod+Shift+r restart
bindsym $mod+Shift+e exit
client.focused          #5294c7 #2f5d82 #ffffff #7fb4dc #5294c7
client.focused_inactive #3b4652 #3b4652 #dfe5ea #3b4652 #3b4652
client.unfocused        #2b333b #2b333b #9aa5b0 #2b333b #2b333b
client.placeholder      #2b333b #1f262d #dfe5ea #2b333b #2b333b
bar {
    position bottom
    tray_output none
    font pango:DejaVu Sans Mono 9
    colors {
        background #1b2026
        statusline #dfe5ea
        focused_workspace  #5294c7 #2f5d82 #ffffff
        active_workspace   #3b4652 #3b4652 #dfe5ea
        inactive_workspace #1b2026 #1b2026 #9aa5b0
    }
}
";

/// The number at the start of a workspace's name, as i3 reads it.
fn number_of(name: &str) -> Option<u32> {
    let end = name.find(|letter: char| !letter.is_ascii_digit());
    name[..end.unwrap_or(name.len())].parse().ok()
}

/// The text of the config.
pub fn text(wishes: &Wishes<'_>) -> String {
    let mut text = format!(
        "# i3 config file (v4)\nset $mod {}\nipc-socket {}\nbindsym $mod+Return exec --no-startup-id {}\n",
        wishes.modifier.name(),
        wishes.socket.display(),
        wishes.terminal,
    );
    for number in 1..=10 {
        let key = number % 10;
        // The first workspaces have the names of the first bindings (i3's `src/workspace.c`,
        // `extract_workspace_names_from_bindings`), so a workspace of the layout keeps its name.
        let named = wishes.workspaces.iter();
        let mut named = named.filter(|name| number_of(name) == Some(number));
        let name = named.next().and_then(|name| quote(name).ok());
        let name = name.unwrap_or_else(|| format!("number {number}"));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "bindsym $mod+{key} workspace {name}");
        let _ = writeln!(
            text,
            "bindsym $mod+Shift+{key} move container to workspace {name}"
        );
    }
    text + FIXED + wishes.more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_outer_i3_are_not_used() {
        for (config, expected) in [
            ("", Modifier::Alt),
            ("bindsym Mod4+Return exec xterm", Modifier::Alt),
            (
                "bindsym Mod1+Return exec xterm\nbindsym mod1+Shift+q kill\nbindsym Mod4+l exec lock",
                Modifier::Super,
            ),
            (
                "bindsym --release Mod1+x exec import\n# bindsym Mod4+x nop",
                Modifier::Super,
            ),
            (
                "bindsym Mod4+x exec echo Mod1+x\nset $alt Mod1",
                Modifier::Alt,
            ),
        ] {
            let lines: Vec<String> = config.lines().map(str::to_owned).collect();
            assert_eq!(Modifier::beside(&lines), expected, "{config}");
        }
    }

    #[test]
    fn config_has_the_workspaces_and_starts_nothing() {
        let workspaces = ["mail", "2:a \"b\"", "10", "20"].map(str::to_owned);
        let text = text(&Wishes {
            socket: Path::new("/run/i3.sock"),
            workspaces: &workspaces,
            modifier: Modifier::Super,
            terminal: "xterm",
            more: "bindsym $mod+F9 nop\n",
        });
        for line in [
            "set $mod Mod4",
            "ipc-socket /run/i3.sock",
            "bindsym $mod+1 workspace number 1",
            r#"bindsym $mod+2 workspace "2:a \"b\"""#,
            r#"bindsym $mod+Shift+0 move container to workspace "10""#,
            "bindsym $mod+F9 nop",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}:\n{text}");
        }
        // Only key bindings start programs.
        let mut lines = text.lines();
        assert!(!lines.any(|line| line.trim_start().starts_with("exec")));
    }
}
