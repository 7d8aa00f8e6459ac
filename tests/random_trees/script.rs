//! The script of a case: windows and i3 commands generated from a seed.

use std::fmt::Write as _;

use crate::harness::desktop::quoted;
use crate::harness::random::Random;

/// Names that i3, a shell, YAML or the parsers of the program could misread.
const WORKSPACES: [&str; 10] = [
    "1",
    "2",
    "3: ünï ♥ code",
    "next",
    "10:a, b; c",
    "say \"so\" \\ twice",
    "#hash: [x]",
    "-1",
    "no",
    "back_and_forth",
];

/// A step in building a desktop.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Opens the window with this number and instance.
    Open(usize, String),
    /// Runs i3 commands, which may fail.
    Run(String),
}

/// A test case.
#[derive(Clone, Debug)]
pub(super) struct Script {
    /// Builds the tree that is captured.
    pub(super) build: Vec<Step>,
    /// Commands that change the captured tree; `kill` is always a separate command.
    pub(super) change: Vec<String>,
}

impl Script {
    pub(super) fn of(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let count = random.between(2, 8);
        let mut build = Vec::new();
        for number in 0..count {
            let instance = if random.one_in(3) {
                "twin".to_owned()
            } else {
                format!("i{number}")
            };
            build.push(Step::Open(number, instance));
            for _ in 0..random.below(4) {
                build.push(Step::Run(arrange(&mut random, number + 1)));
            }
        }
        for _ in 0..random.below(8) {
            build.push(Step::Run(decorate(&mut random, count)));
        }
        for _ in 0..random.below(4) {
            build.push(Step::Run(arrange(&mut random, count)));
        }
        if random.one_in(12) {
            // The last step, because i3 can move a window that covers all outputs to the wrong
            // output. Not on a hidden window, because that can crash i3.
            let one = window(random.below(count)).replace(']', " workspace=\"^(?!__)\"]");
            build.push(Step::Run(format!("{one} fullscreen enable global")));
        }
        let change = match random.below(4) {
            0 => (0..count).map(kill).collect(),
            1 => {
                let mut change: Vec<String> =
                    (0..count).filter(|_| random.one_in(2)).map(kill).collect();
                for _ in 0..random.below(4) {
                    change.push(shuffle(&mut random, count));
                }
                change
            }
            _ => (0..random.between(1, 8))
                .map(|_| shuffle(&mut random, count))
                .collect(),
        };
        Self { build, change }
    }

    pub(super) fn count_opened(&self) -> usize {
        let opens = |step: &&Step| matches!(step, Step::Open(..));
        self.build.iter().filter(opens).count()
    }

    /// The number of open windows that `change` closes.
    pub(super) fn count_killed(&self) -> usize {
        let opens = |step: &Step, kill_one: &str| matches!(step, Step::Open(number, _) if kill(*number) == kill_one);
        self.change
            .iter()
            .filter(|command| self.build.iter().any(|step| opens(step, command)))
            .count()
    }

    /// All scripts with one step removed, later steps first.
    pub(super) fn without_one_step(&self) -> Vec<Self> {
        let changes = (0..self.change.len()).rev().map(|index| {
            let mut script = self.clone();
            script.change.remove(index);
            script
        });
        let builds = (0..self.build.len()).rev().map(|index| {
            let mut script = self.clone();
            script.build.remove(index);
            script
        });
        changes.chain(builds).collect()
    }

    /// The script as text, with quoted i3 commands.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for step in &self.build {
            let _ = match step {
                Step::Open(number, instance) => writeln!(text, "open w{number} (of {instance})"),
                Step::Run(command) => writeln!(text, "    {command:?},"),
            };
        }
        text.push_str("captured, then\n");
        for command in &self.change {
            let _ = writeln!(text, "    {command:?},");
        }
        text
    }
}

fn kill(number: usize) -> String {
    format!("{} kill", window(number))
}

fn window(number: usize) -> String {
    format!("[title=\"^w{number}$\"]")
}

/// A command that changes where the next window opens, or where a window is.
fn arrange(random: &mut Random, count: usize) -> String {
    let number = random.below(count);
    match random.below(14) {
        0..=2 => random.one(&["split h", "split v"]).to_owned(),
        3 | 4 => format!(
            "layout {}",
            random.one(&["tabbed", "stacking", "splith", "splitv", "toggle split"])
        ),
        5 | 6 => format!(
            "focus {}",
            random.one(&["left", "right", "up", "down", "parent", "child"])
        ),
        7 | 8 => format!("move {}", random.one(&["left", "right", "up", "down"])),
        9 => format!("{} focus", window(number)),
        10 => format!("workspace {}", quoted(random.one(&WORKSPACES))),
        11 => format!("focus output {}", random.one(&["eDP-1", "DP-1"])),
        12 => format!(
            "{} move container to workspace {}",
            window(number),
            quoted(random.one(&WORKSPACES))
        ),
        _ => resize(random, number),
    }
}

fn resize(random: &mut Random, number: usize) -> String {
    let window = window(number);
    match random.below(3) {
        0 => format!("{window} resize set {} ppt", random.between(10, 80)),
        1 => format!("{window} resize set 0 ppt {} ppt", random.between(10, 80)),
        _ => format!(
            "{window} resize {} {} {} px",
            random.one(&["grow", "shrink"]),
            random.one(&["left", "right", "up", "down"]),
            random.between(1, 333)
        ),
    }
}

/// A command that sets a property of a window or container.
fn decorate(random: &mut Random, count: usize) -> String {
    let number = random.below(count);
    let one = window(number);
    match random.below(12) {
        0 | 1 => format!("{one} floating enable, {}", floating_place(random)),
        2 => format!("{one} floating enable, sticky enable"),
        3 => format!("{one} move scratchpad"),
        4 => format!(
            "{one} floating enable, {}, move scratchpad",
            floating_place(random)
        ),
        5 => format!("{one} move scratchpad; {one} scratchpad show"),
        6 => format!("{one} mark --add {}", quoted(&format!("m {number} \"♥\""))),
        7 => format!(
            "{one} border {}",
            random.one(&["none", "pixel 1", "pixel 5", "normal 4", "normal 0"])
        ),
        8 => format!("{one} fullscreen enable"),
        9 => format!("{one} title_format \"<b>%title</b>\""),
        10 => format!("{one} focus; focus parent; mark --add c{number}"),
        _ => format!("{one} focus; focus parent; floating enable"),
    }
}

fn floating_place(random: &mut Random) -> String {
    format!(
        "resize set {} px {} px, move absolute position {} px {} px",
        random.between(120, 1200),
        random.between(90, 900),
        random.between(0, 4000),
        random.between(0, 1000)
    )
}

/// A command of a user who rearranges the desktop.
fn shuffle(random: &mut Random, count: usize) -> String {
    let (number, other) = (random.below(count), random.below(count));
    let one = window(number);
    match random.below(10) {
        0 | 1 => arrange(random, count),
        2 => format!("{one} floating toggle"),
        3 => format!(
            "{one} mark --add swap; {} swap container with mark swap; unmark swap",
            window(other)
        ),
        4 => format!("{one} focus; {}", arrange(random, count)),
        5 => format!("{one} move scratchpad"),
        6 => format!("{one} fullscreen toggle"),
        7 => format!(
            "{one} move container to workspace {}",
            quoted(random.one(&WORKSPACES))
        ),
        8 => format!(
            "{} move {} 70 px",
            // Moving a hidden window can crash i3.
            one.replace(']', " workspace=\"^(?!__)\"]"),
            random.one(&["left", "right", "up", "down"])
        ),
        // Commands that set marks are excluded, because `apply` keeps the user's marks.
        _ => Some(decorate(random, count))
            .filter(|command| !command.contains("mark"))
            .unwrap_or_else(|| format!("{one} border pixel 3")),
    }
}
