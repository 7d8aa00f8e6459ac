//! The desktop as it is, written down as a layout.
//!
//! Nothing in it depends on the run: no ids, no times, and of a window only what will be
//! true of its successor. So a layout that was captured, applied and captured again is the
//! same.

mod applied_rules;
mod belong;
mod criteria;
pub(crate) mod nodes;
mod percent;
mod shown;
mod slots;
pub mod suggest;
mod warning;

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use crate::config::{Config, Rule};
use crate::discover::secrets::Secrets;
use crate::discover::{Asked, NoCommand, Outcome, Questions};
use crate::layout::{self, Command, Layout, Monitor, Seen, SlotComments, Window, Workspace};
use crate::live::{
    Con, ConId, Desktop, OWN_MARK_PREFIX, Properties, ScratchpadState, WindowFacts, WindowType,
    WorkspaceRef, workspace_number,
};
use crate::tree::Gaps;
use applied_rules::AppliedRules;
pub use belong::belong;
use nodes::Nodes;
pub use warning::Warning;

/// What to capture.
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    /// The layout's name.
    pub name: Option<String>,
    /// The project to which it belongs.
    pub project: Option<String>,
    /// Only these workspaces; all when empty. The scratchpad is on none of them, and
    /// neither are sticky windows, which are on every workspace of their output.
    pub workspaces: Vec<WorkspaceFilter>,
    /// The name by which the windows of the layout are marked. A sticky window that an
    /// apply of the layout has placed belongs to it all the same.
    pub marked_as: Option<String>,
    /// Only workspaces on outputs of these names; all when empty.
    pub outputs: Vec<String>,
    /// What must not be written down; without it, what everybody knows to be secret.
    pub secrets: Option<&'a Secrets>,
    /// What the user says about windows and projects.
    pub config: Option<&'a Config>,
    /// The home directory.
    pub home: Option<&'a Path>,
    /// Only the windows that belong to this project.
    pub of_project: Option<&'a str>,
}

/// A workspace as people name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkspaceFilter {
    /// By its whole name.
    Name(String),
    /// By its number, as i3 takes it from the start of the name; also by its whole name.
    Number(u64),
    /// The one that has the focus.
    Focused,
}

impl FromStr for WorkspaceFilter {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(if text == "focused" {
            Self::Focused
        } else if let Ok(number) = text.parse() {
            Self::Number(number)
        } else {
            Self::Name(text.to_owned())
        })
    }
}

impl WorkspaceFilter {
    fn matches(&self, workspace: &str, focused: Option<&str>) -> bool {
        match self {
            Self::Name(name) => name == workspace,
            Self::Number(number) => workspace_number(workspace) == Some(*number),
            Self::Focused => Some(workspace) == focused,
        }
    }
}

/// A captured layout, and what people should know about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Captured {
    /// The layout.
    pub layout: Layout<CapturedWindow>,
    /// What is not in it, or not as one would expect.
    pub warnings: Vec<Warning>,
}

/// A window of the desktop as a slot.
#[derive(Clone, Debug, PartialEq)]
pub struct CapturedWindow {
    /// Its container.
    pub con: ConId,
    /// The slot.
    pub slot: Window,
}

impl Captured {
    /// The ids of the slots with the containers of their windows.
    pub fn slots(&self) -> Vec<(String, ConId)> {
        let windows = self.layout.windows();
        windows
            .filter_map(|window| Some((window.slot.id.clone()?, window.con)))
            .collect()
    }

    /// The layout as it is written.
    pub fn file(&self) -> Layout {
        let layout = self.layout.clone();
        layout.map(&mut |window, _, _| window.slot)
    }
}

/// How a window can be had again; see [`crate::discover::discover`].
pub type Discover<'a> = dyn Fn(&Asked) -> Outcome + 'a;

/// What is said in the file beside the slots.
pub fn comments(warnings: &[Warning], secrets: &Secrets) -> SlotComments {
    let mut comments = SlotComments::new();
    for (slots, text) in warnings.iter().filter_map(Warning::comment) {
        let text = secrets.masked_text(&text);
        for slot in slots {
            let said: &mut Vec<String> = comments.entry(slot.clone()).or_default();
            said.push(text.clone());
        }
    }
    comments
}

/// Writes the desktop down.
pub fn capture(desktop: &Desktop, discovered: &Discover, options: &Options) -> Captured {
    let mut warnings = Vec::new();
    let ruled = AppliedRules::new(desktop, discovered, options);
    let mut nodes = Nodes::new(desktop.defaults, ruled.left_out.clone());
    let focused = desktop.focused_workspace();
    let chosen = choose(desktop, focused.as_ref(), options, &mut warnings);

    let is_guest = |frame: &Con| {
        !options.workspaces.is_empty()
            && frame.is_sticky_frame()
            && !is_marked_as(frame, options.marked_as.as_deref())
    };
    let mut workspaces: Vec<Workspace<&Con>> = Vec::new();
    for workspace in chosen {
        let Some(output) = desktop.output(workspace.output) else {
            continue;
        };
        let before = nodes.placeholders;
        let content = nodes.content(workspace.con, output.rect, &is_guest);
        let name = workspace.con.name().to_owned();
        let frames = workspace.con.floating_nodes.iter();
        let guests = frames.filter(|frame| is_guest(frame));
        warnings.extend(guests.map(|frame| Warning::Sticky {
            window: frame.focused_leaf().name().to_owned(),
        }));
        if nodes.placeholders > before {
            warnings.push(Warning::Placeholders {
                workspace: name.clone(),
                count: nodes.placeholders - before,
            });
        }
        // An empty workspace is something to see only where it is the visible one; where
        // the windows are chosen, it is not what was meant.
        let shown = workspace.visible && options.of_project.is_none();
        if shown || !content.is_empty() {
            workspaces.push(Workspace {
                name,
                output: vec![output.name.clone()],
                gaps: gaps(desktop, workspace.con),
                visible: workspace.visible,
                content,
            });
        }
    }
    let scratchpad = if options.workspaces.is_empty() && options.outputs.is_empty() {
        scratchpad(desktop, &mut nodes)
    } else {
        Vec::new()
    };
    warnings.extend(
        nodes
            .nameless
            .iter()
            .map(|con| Warning::Nameless { window: con.window }),
    );

    let focus = focused
        .map(|workspace| workspace.con.name().to_owned())
        .filter(|name| workspaces.iter().any(|workspace| workspace.name == *name));
    let layout = Layout {
        name: options.name.clone(),
        project: options.project.clone(),
        vars: BTreeMap::new(),
        monitors: monitors(desktop),
        workspaces,
        scratchpad,
        focus,
    };
    let mut slots = fill(
        desktop,
        (discovered, &ruled),
        options,
        &layout,
        &mut warnings,
    );
    Captured {
        layout: layout.map(&mut |con, _, _| CapturedWindow {
            con: con.id,
            slot: slots.remove(&con.id).unwrap_or_default(),
        }),
        warnings,
    }
}

/// Whether an apply of the layout has placed a window of the frame.
fn is_marked_as(frame: &Con, layout: Option<&str>) -> bool {
    let Some(layout) = layout else {
        return false;
    };
    let prefix = format!("{OWN_MARK_PREFIX}{layout}:");
    let mut marks = frame.descendants().flat_map(|con| &con.attributes.marks);
    marks.any(|mark| mark.starts_with(&prefix))
}

fn choose<'a>(
    desktop: &'a Desktop,
    focused: Option<&WorkspaceRef>,
    options: &Options,
    warnings: &mut Vec<Warning>,
) -> Vec<WorkspaceRef<'a>> {
    let focused = focused.map(|workspace| workspace.con.name());
    for filter in &options.workspaces {
        if !desktop
            .workspaces()
            .any(|workspace| filter.matches(workspace.con.name(), focused))
        {
            warnings.push(Warning::NoSuchWorkspace(filter.clone()));
        }
    }
    for output in &options.outputs {
        if desktop.output(output).is_none() {
            warnings.push(Warning::NoSuchOutput(output.clone()));
        }
    }
    desktop
        .workspaces()
        .filter(|workspace| {
            let name = workspace.con.name();
            (options.outputs.is_empty()
                || options
                    .outputs
                    .iter()
                    .any(|output| output == workspace.output))
                && (options.workspaces.is_empty()
                    || options
                        .workspaces
                        .iter()
                        .any(|filter| filter.matches(name, focused)))
        })
        .collect()
}

/// The gaps that are not those of the i3 config.
fn gaps(desktop: &Desktop, workspace: &Con) -> Gaps {
    let (Some(config), Some(told)) = (&desktop.gaps, workspace.gaps) else {
        return Gaps::default();
    };
    let (present, default) = (config.absolute(told), config.of(workspace.name()));
    let unlike = |present: i32, default: i32| (present != default).then_some(present);
    let gaps = Gaps {
        inner: unlike(present.inner, default.inner),
        top: unlike(present.top, default.top),
        right: unlike(present.right, default.right),
        bottom: unlike(present.bottom, default.bottom),
        left: unlike(present.left, default.left),
    };
    let edges = [present.top, present.right, present.bottom, present.left];
    let is_even = edges.iter().all(|edge| *edge == present.top);
    let has_edges = Gaps {
        inner: None,
        ..gaps
    } != Gaps::default();
    if is_even && has_edges {
        let edge = Some(present.top);
        return Gaps {
            inner: gaps.inner,
            top: edge,
            right: edge,
            bottom: edge,
            left: edge,
        };
    }
    gaps
}

fn monitors(desktop: &Desktop) -> Vec<Monitor> {
    desktop
        .outputs
        .iter()
        .map(|output| Monitor {
            output: output.name.clone(),
            rect: output.rect,
            primary: output.primary,
        })
        .collect()
}

/// The hidden windows, most recently hidden first: i3 appends each to the end.
fn scratchpad<'a>(desktop: &'a Desktop, nodes: &mut Nodes<'a>) -> Vec<layout::Floating<&'a Con>> {
    let origin = desktop
        .primary_output()
        .map(|output| output.rect)
        .unwrap_or_default();
    let hidden = desktop
        .scratchpad()
        .map(|con| con.floating_nodes.as_slice());
    hidden
        .unwrap_or_default()
        .iter()
        .rev()
        .filter_map(|frame| {
            let mut floating = nodes.floating(frame, origin)?;
            floating.rect = floating
                .rect
                .map(|_| desktop.scratchpad_rect(frame.rect).relative_to(origin));
            // It goes without saying for what stands under `scratchpad`.
            floating.scratchpad = false;
            if frame.scratchpad == ScratchpadState::Fresh {
                // i3 will center it when it is shown for the first time.
                floating.rect = None;
            }
            Some(floating)
        })
        .collect()
}

/// The slots of the windows.
fn fill(
    desktop: &Desktop,
    (discovered, ruled): (&Discover, &AppliedRules),
    options: &Options,
    layout: &Layout<&Con>,
    warnings: &mut Vec<Warning>,
) -> BTreeMap<ConId, Window> {
    let homes: Vec<Option<&str>> = layout.slots().map(|slot| slot.workspace).collect();
    let windows: Vec<&Con> = layout.windows().copied().collect();
    let known = Secrets::default();
    let secrets = options.secrets.unwrap_or(&known);
    let silent = Properties::default();
    let facts: Vec<Option<&WindowFacts>> = windows
        .iter()
        .map(|con| con.window.and_then(|id| desktop.windows.get(&id)))
        .collect();
    let properties: Vec<&Properties> = windows
        .iter()
        .map(|con| con.properties.as_ref().unwrap_or(&silent))
        .collect();
    let shown: Vec<Properties> = properties
        .iter()
        .zip(&facts)
        .map(|(properties, facts)| shown::without_secrets(properties, *facts, secrets))
        .collect();
    let ids = names(&shown, &facts);
    let rules: Vec<Option<&Rule>> = windows.iter().map(|con| ruled.rule(con)).collect();
    let swallows = criteria::criteria(&shown, &rules);

    let mut questions = Questions::new(desktop);
    let mut filled = Vec::with_capacity(windows.len());
    let mut others = Vec::new();
    for (index, (id, swallow)) in ids.into_iter().zip(swallows).enumerate() {
        let rule = rules[index];
        let Outcome {
            found,
            source,
            refused,
        } = discovered(&questions.ask(windows[index], rule));
        let mut window = Window {
            id: Some(id.clone()),
            swallow,
            command: found.command,
            cwd: found.cwd,
            env: found.env,
            timeout: rule.and_then(|rule| rule.timeout),
            seen: Seen {
                title: shown[index].title.clone(),
                process: found.process,
                source: source.as_ref().ok().copied(),
            },
            ..Window::default()
        };
        warnings.extend(refused.map(|refused| Warning::Refused {
            slot: id.clone(),
            refused: Box::new(refused),
        }));
        warnings.extend(found.doubts.into_iter().map(|doubt| Warning::Doubtful {
            slot: id.clone(),
            doubt,
        }));
        warnings.extend(of_secrets(&window, &id, found.secrets));
        match source {
            Ok(_) => {}
            // The program that opened the first one opens this one, too; a dialog only
            // when somebody asks for it, and a splash screen does not stay.
            Err(NoCommand::OpenedByAnother) => {
                let properties = properties[index];
                window.optional = properties.transient_for.is_some()
                    || properties.window_type == WindowType::Dialog
                    || properties.is_splash();
                let said = rule.is_some_and(|rule| rule.once_per_process == Some(true));
                if !window.optional && !said {
                    others.push(index);
                }
            }
            Err(reason) => warnings.push(Warning::NoCommand {
                slot: id,
                workspace: homes[index].map(str::to_owned),
                reason,
            }),
        }
        filled.push(window);
    }
    warnings.extend(of_others(&filled, &facts, &others));
    windows.iter().map(|con| con.id).zip(filled).collect()
}

/// What is said of the variables that stand for secrets. A rule may have replaced what
/// discovery wanted some of them for.
fn of_secrets<'a>(
    window: &'a Window,
    slot: &'a str,
    variables: Vec<String>,
) -> impl Iterator<Item = Warning> + 'a {
    variables.into_iter().filter_map(|variable| {
        let places = wanting(window, &variable);
        (!places.is_empty()).then(|| Warning::Secret {
            places,
            slot: slot.to_owned(),
            variable,
        })
    })
}

/// What is said of the windows that others' programs open, once for each process.
fn of_others(filled: &[Window], facts: &[Option<&WindowFacts>], others: &[usize]) -> Vec<Warning> {
    let process = |index: usize| facts[index].map(|facts| (facts.server_pid, facts.claimed_pid));
    let mut said: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for &other in others {
        let is_opener =
            |&index: &usize| process(index) == process(other) && filled[index].command.is_some();
        // Where the first one has no command either, that has been said.
        if let Some(opener) = (0..other).find(is_opener)
            && let Some(id) = &filled[other].id
        {
            said.entry(opener).or_default().push(id.clone());
        }
    }
    let warning = |(opener, slots): (usize, Vec<String>)| {
        let command = match filled[opener].command.as_ref()? {
            Command::Line(line) => line.clone(),
            Command::Args(words) => shell_words::join(words),
        };
        Some(Warning::Again { slots, command })
    };
    said.into_iter().filter_map(warning).collect()
}

/// The ids of the slots of windows that show this.
fn names(shown: &[Properties], facts: &[Option<&WindowFacts>]) -> Vec<String> {
    let named: Vec<slots::Named> = shown
        .iter()
        .zip(facts)
        .map(|(properties, facts)| slots::Named {
            properties,
            argv: facts
                .and_then(|facts| facts.process.as_ref())
                .map(|process| process.argv.as_slice())
                .unwrap_or_default(),
        })
        .collect();
    slots::names(&named)
}

/// Whether the window's program is started with this variable.
pub(crate) fn wants(window: &Window, variable: &str) -> bool {
    !wanting(window, variable).is_empty()
}

/// What of the window's program wants this variable.
fn wanting(window: &Window, variable: &str) -> Vec<&'static str> {
    let reference = format!("${{env:{variable}}}");
    let in_command = match &window.command {
        Some(Command::Line(line)) => line.contains(&reference),
        Some(Command::Args(arguments)) => arguments.iter().any(|word| word.contains(&reference)),
        None => false,
    };
    let in_cwd = window.cwd.iter().any(|cwd| cwd.contains(&reference));
    let in_env = window.env.values().any(|value| value.contains(&reference));
    let places = [
        (in_command, "command"),
        (in_cwd, "directory"),
        (in_env, "env"),
    ];
    let places = places.into_iter().filter(|(wants, _)| *wants);
    places.map(|(_, place)| place).collect()
}

#[cfg(test)]
pub(crate) mod tests;
