//! Everything that can end a command.

mod hook;

use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use crate::apply::ApplyError;
use crate::capture::Warning;
use crate::config::store::ConfigError;
use crate::document::fault::{nearest, ticked};
use crate::files::remedy;
use crate::layout::Problems;
use crate::nested::NestedError;
use crate::preview::png::PngError;
use crate::session::SessionError;
use crate::store::StoreError;
use crate::store::trust::TrustError;
use crate::text::path::quoted;

pub use hook::{HookFailure, HookOutput, HookReason};

/// The reason why a command failed.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum Error {
    /// A layout file is invalid.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Problems(#[from] Problems),
    /// A layout could not be found, read or written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
    /// The layout to update does not exist.
    #[error("{error}")]
    #[diagnostic(code("no-such-layout"), help("{}", save_first(.error, .command)))]
    NothingToUpdate {
        /// The layout that does not exist.
        error: StoreError,
        /// The command that creates it.
        command: String,
    },
    /// A layout's commands must not be run.
    #[error("refusing to run the commands of {}", path.display())]
    #[diagnostic(code("untrusted"), help("{}", or_trust(.source, .forbidden_by.as_deref())))]
    Untrusted {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: TrustError,
        /// The place in the configuration that forbids `--trust`.
        forbidden_by: Option<String>,
    },
    /// A layout of a project whose content the user has not allowed.
    #[error("the commands of {} are not trusted yet", path.display())]
    #[diagnostic(code("not-trusted"), help("read the file, then run `i3pm-layout trust {}`", quoted(.path)))]
    NotTrusted {
        /// The file.
        path: PathBuf,
    },
    /// A hook that must succeed has failed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Hook(Box<HookFailure>),
    /// The configuration cannot be used.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Config(#[from] ConfigError),
    /// A picture could not be drawn.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Picture(#[from] PngError),
    /// i3 or the X server did not answer.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Session(#[from] SessionError),
    /// `apply` failed before it had a result.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Apply(#[from] ApplyError),
    /// An option names a workspace that is not in the layout.
    #[error("layout `{layout}` has no workspace `{name}`")]
    #[diagnostic(code("no-such-workspace"), help("{}", near_or_all(.name, .known, "the layout has no workspaces")))]
    NoWorkspace {
        /// The name or number.
        name: String,
        /// The layout's name.
        layout: String,
        /// The workspaces of the layout.
        known: Vec<String>,
    },
    /// The command line sets a variable that is not in the layout.
    #[error("{} variable `{name}`", without(.layouts))]
    #[diagnostic(code("no-such-variable"), help("{}", near_or_all(.name, .known, no_variables(.layouts))))]
    NoVariable {
        /// The name.
        name: String,
        /// The name of the layout, or of both that are compared.
        layouts: Vec<String>,
        /// The variables of the layouts.
        known: Vec<String>,
    },
    /// Variables of a layout that the command line must set.
    #[error("layout `{layout}` needs {} for {}", values(.missing), ticked(.missing))]
    #[diagnostic(code("no-value"), help("add {} to the command", assignments(.missing)))]
    NoValue {
        /// The name on the command line.
        layout: String,
        /// The variables.
        missing: Vec<String>,
    },
    /// A layout whose workspaces or commands depend on the command line cannot be updated from the
    /// desktop.
    #[error("{} cannot be updated from the desktop, because it has variables without a value, or in the names of workspaces", path.display())]
    #[diagnostic(
        code("template"),
        help(
            "it has variables without a value, or in names of workspaces; change it with `i3pm-layout edit`"
        )
    )]
    Template {
        /// The file.
        path: PathBuf,
    },
    /// An option names a slot that is not in the layout.
    #[error("layout `{layout}` has no slot `{id}`")]
    #[diagnostic(code("no-such-slot"), help("{}", near_or_all(.id, .known, "the layout has no slots")))]
    NoSlot {
        /// The id.
        id: String,
        /// The layout's name.
        layout: String,
        /// The slots of the layout.
        known: Vec<String>,
    },
    /// An option names a workspace that is not on the desktop.
    #[error("{warning}")]
    #[diagnostic(code("no-such-workspace"), help("{}", all(.known, "the desktop has no workspaces")))]
    NotOnDesktop {
        /// The missing workspace.
        warning: Warning,
        /// The workspaces of the desktop.
        known: Vec<String>,
    },
    /// An option names an output that does not exist.
    #[error("{warning}")]
    #[diagnostic(code("no-such-output"), help("{}", all(.known, "i3 has no outputs")))]
    NoOutput {
        /// The missing output.
        warning: Warning,
        /// The outputs.
        known: Vec<String>,
    },
    /// No open window belongs to a project that has a directory.
    #[error("no open window belongs to project `{project}`")]
    #[diagnostic(
        code("no-window-of-project"),
        help(
            "mark a window with `i3-msg mark --add project:{project}:1`, or write a rule with `scope: project`"
        )
    )]
    NoMember {
        /// The project.
        project: String,
    },
    /// No open window belongs to a project without a directory.
    #[error("no open window belongs to project `{project}`, which has no directory")]
    #[diagnostic(code("no-window-of-project"), help("{}", right_project(.project, .known)))]
    NoDirectory {
        /// The project.
        project: String,
        /// The projects that have a directory.
        known: Vec<String>,
    },
    /// There is no window to capture.
    #[error("there is no window to capture{}{}", on(.workspaces), unchanged(.path.as_deref()))]
    #[diagnostic(
        code("nothing-to-capture"),
        help("open a window first, or pass `--force` to save an empty layout")
    )]
    Empty {
        /// The selected workspaces; empty for all.
        workspaces: Vec<String>,
        /// The file that would be overwritten.
        path: Option<PathBuf>,
    },
    /// A layout with the same name exists in the other format.
    #[error("the layout already exists as {}", path.display())]
    #[diagnostic(code("exists"), help("run `i3pm-layout delete {}` first, or capture to another name", quoted(.path)))]
    OtherFormat {
        /// The file.
        path: PathBuf,
    },
    /// A layout that an import would overwrite.
    #[error("{} exists and was not overwritten", path.display())]
    #[diagnostic(
        code("exists"),
        help("pass `--force` to replace it, or name the layout: `i3pm-layout import {} NAME`", quoted(.from))
    )]
    WouldOverwrite {
        /// The file of the layout.
        path: PathBuf,
        /// The imported file or folder.
        from: PathBuf,
    },
    /// A folder without any file that can be imported.
    #[error("{} has no file that can be imported", path.display())]
    #[diagnostic(
        code("nothing-to-import"),
        help(
            "name the folder of i3-resurrect (~/.i3/i3-resurrect), i3-layout-manager (~/.config/i3-layout-manager/layouts) or i3-restore (~/.config/i3), or a single file"
        )
    )]
    NothingToImport {
        /// The folder.
        path: PathBuf,
    },
    /// The file or folder to import does not exist.
    #[error("{} does not exist", path.display())]
    #[diagnostic(
        code("no-such-file"),
        help("check the path: `import` reads a file of another tool, or the folder of its files")
    )]
    NoSuchFile {
        /// The path.
        path: PathBuf,
    },
    /// The file has no earlier version with this number.
    #[error("`{name}` has no earlier version{}", .version.map(|number| format!(" {number}")).unwrap_or_default())]
    #[diagnostic(code("no-such-version"), help("{}", all(.known, "run `i3pm-layout revert` to list all files with earlier versions")))]
    NoVersion {
        /// The layout.
        name: String,
        /// The number; `None` for the last one.
        version: Option<u64>,
        /// The numbers of the versions.
        known: Vec<String>,
    },
    /// No recorded run has this id.
    #[error("no recorded run is called `{name}`")]
    #[diagnostic(
        code("no-such-run"),
        help("{}", right_run(.name))
    )]
    NoRun {
        /// The id, or the beginning of one.
        name: String,
    },
    /// The record of a run cannot be read.
    #[error("cannot read {}", path.display())]
    #[diagnostic(code("unreadable-run"))]
    Run {
        /// The file.
        path: PathBuf,
        /// The reason.
        #[source]
        source: io::Error,
    },
    /// No run of this X session has changed anything.
    #[error("there is no run to undo in this X session")]
    #[diagnostic(
        code("nothing-to-undo"),
        help("run `i3pm-layout history` to list the recorded runs")
    )]
    NothingToUndo,
    /// The run belongs to another X session, or to an i3 that has ended.
    #[error("run `{run}` belongs to another X session, or i3 was restarted since")]
    #[diagnostic(
        code("other-session"),
        help("to restore the layout of that time, run `i3pm-layout apply NAME`")
    )]
    OtherSession {
        /// The id of the run.
        run: String,
    },
    /// The record of a run has no desktop.
    #[error("the record of run `{run}` has no arrangement of windows")]
    #[diagnostic(
        code("no-arrangement"),
        help("choose a run of `apply`, `adapt` or `undo` from `i3pm-layout history`")
    )]
    NoSnapshot {
        /// The id of the run.
        run: String,
    },
    /// Arguments that cannot be combined, or make no sense.
    #[error("{what}")]
    #[diagnostic(code("usage"))]
    Usage {
        /// The mistake.
        what: String,
        /// The right arguments.
        #[help]
        hint: Option<String>,
    },
    /// An option names a profile that does not exist.
    #[error("no profile `{name}` in the configuration")]
    #[diagnostic(code("no-such-profile"), help("{}", right_profile(.name, .known, .layout.as_ref())))]
    NoProfile {
        /// The name.
        name: String,
        /// The profiles of the configuration.
        known: Vec<String>,
        /// The layout that was probably meant.
        layout: Option<OfLayout>,
    },
    /// A profile is named where a layout is expected.
    #[error("{error}")]
    #[diagnostic(
        code("no-such-layout"),
        help("`{name}` is a profile: run `i3pm-layout adapt --profile {name}`")
    )]
    IsProfile {
        /// The layout that does not exist.
        error: StoreError,
        /// The profile.
        name: String,
    },
    /// The name of a saved session is used as that of a layout.
    #[error("{error}")]
    #[diagnostic(
        code("no-such-layout"),
        help("`{name}` is a saved session: run `i3pm-layout session restore {name}`, or use its file {}", quoted(.path))
    )]
    IsSession {
        /// The layout that does not exist.
        error: Box<StoreError>,
        /// The session.
        name: String,
        /// Its file.
        path: PathBuf,
    },
    /// The file has only variables and templates.
    #[error("layout `{layout}` has no windows to restore")]
    #[diagnostic(
        code("no-windows"),
        help(
            "it has only variables and templates, for layouts that name its file in `include`: apply one of these"
        )
    )]
    OnlyShared {
        /// The name on the command line.
        layout: String,
    },
    /// Neither a profile nor a record fits the present monitors.
    #[error(
        "{} the connected monitors ({monitors}), and no arrangement on them was recorded",
        no_profile_for(*.profiles)
    )]
    #[diagnostic(
        code("nothing-fits"),
        help(
            "arrange the workspaces and run `i3pm-layout adapt --remember`, or `--save NAME` for a profile, or name a layout: `i3pm-layout adapt LAYOUT`; `i3pm-layout profiles` shows what each profile needs"
        )
    )]
    NothingFits {
        /// The present outputs.
        monitors: String,
        /// The number of profiles.
        profiles: usize,
    },
    /// Two pictures for standard output.
    #[error("only one picture can go to standard output")]
    #[diagnostic(code("usage"), help("name a file for `--svg` or `--png`"))]
    TwoPictures,
    /// The places of workspaces cannot be recorded.
    #[error("cannot write the record of places to {}", path.display())]
    #[diagnostic(code("io"), help("{}", to_write(.path, .source)))]
    NotRecorded {
        /// The file.
        path: PathBuf,
        /// The reason.
        #[source]
        source: std::io::Error,
    },
    /// A name that no profile can have.
    #[error("invalid profile name `{}`: {why}", name.escape_debug())]
    #[diagnostic(code("bad-name"), help("choose another name, for example `office`"))]
    ProfileName {
        /// The name.
        name: String,
        /// The reason.
        why: &'static str,
    },
    /// Another profile fits the present monitors already.
    #[error("profile `{name}` ({place}) is for the connected monitors already")]
    #[diagnostic(
        code("other-profile"),
        help(
            "run `i3pm-layout adapt --save {name}` to save the places in it; with a second profile for these monitors, both would fit"
        )
    )]
    OtherProfile {
        /// The profile.
        name: String,
        /// Its file and line.
        place: String,
    },
    /// The file is read-only.
    #[error("{} is read-only, and was not replaced", path.display())]
    #[diagnostic(
        code("read-only"),
        help("run `chmod u+w {}`, then run the command again", quoted(.path))
    )]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// An existing profile would lose what a person has written.
    #[error("profile `{name}` in {path} {why}, and was not replaced")]
    #[diagnostic(
        code("would-replace"),
        help(
            "save under another name, edit the file, or run `i3pm-layout adapt --save {name}` in a terminal, where it asks"
        )
    )]
    WouldReplace {
        /// The profile.
        name: String,
        /// The file.
        path: String,
        /// The reason, such as `is for other monitors`.
        why: &'static str,
    },
    /// The configuration file has a form into which no profile can be inserted.
    #[error(
        "cannot {} the profile {} {path}: the file is in flow style (`{{...}}`, `[...]`, JSON) or another form that is not edited",
        if *.is_there { "replace" } else { "add" },
        if *.is_there { "in" } else { "to" }
    )]
    #[diagnostic(
        code("cannot-edit"),
        help(
            "{} by hand: `{entry}`",
            if *.is_there { "replace the entry of this name in `profiles`" } else { "add this entry to `profiles`" }
        )
    )]
    CannotEdit {
        /// The file.
        path: String,
        /// The right entry.
        entry: String,
        /// True if the file has the profile already.
        is_there: bool,
    },
    /// No layout, or more than one, is for the present monitors.
    #[error("{what} ({monitors})")]
    #[diagnostic(code("no-best-layout"), help("{hint}"))]
    NoBest {
        /// The problem.
        what: String,
        /// The present outputs.
        monitors: String,
        /// The hint.
        hint: String,
    },
    /// There is no second i3 for `try` or the tutorial.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Nested(#[from] NestedError),
    /// Neither a layout nor an example has this name.
    #[error("{error}, and no example has this name")]
    #[diagnostic(code("no-such-layout"), help("{}", near_example(.near.as_deref())))]
    NoExample {
        /// The layout that does not exist.
        error: StoreError,
        /// The example that was probably meant.
        near: Option<String>,
    },
    /// The tutorial has no screen for its window.
    #[error("the tutorial opens a window, and there is no display for it")]
    #[diagnostic(
        code("no-display"),
        help("run this in a desktop, or read the tutorial: `i3pm-layout help tutorial-guide`")
    )]
    NoDisplayForTutorial,
    /// A menu could not be shown.
    #[error("cannot run `{program}`: {reason}")]
    #[diagnostic(code("menu"), help("install it, or choose another one with `--with`"))]
    Menu {
        /// The program.
        program: &'static str,
        /// The reason.
        reason: String,
    },
    /// No program for menus is installed.
    #[error("no program for menus found")]
    #[diagnostic(code("no-menu"), help("install rofi, dmenu or, for terminals, fzf"))]
    NoMenu,
    /// A command of the menu could not be started.
    #[error("cannot start `{program}`: {reason}")]
    #[diagnostic(code("not-started"), help("check that the program is installed"))]
    NotStarted {
        /// The program.
        program: String,
        /// The reason.
        reason: String,
    },
    /// No layout is named, and none is on the desktop or was used before.
    #[error("no layout is named, none is on the desktop, and none was used before")]
    #[diagnostic(
        code("no-current-layout"),
        help(
            "{}",
            if *.has_layouts {
                "name a layout; `i3pm-layout list` shows all"
            } else {
                "save the open windows first: `i3pm-layout capture NAME`"
            }
        )
    )]
    NoCurrent {
        /// True if there are saved layouts.
        has_layouts: bool,
    },
    /// There is no layout that a menu could show.
    #[error("there is no saved layout to choose from")]
    #[diagnostic(
        code("no-layouts"),
        help("save the open windows first: `i3pm-layout capture NAME`")
    )]
    NoLayouts,
    /// The editor could not be run, or failed.
    #[error("the editor `{editor}` {what}")]
    #[diagnostic(
        code("editor"),
        help("set VISUAL or EDITOR, for example `export EDITOR=nano`")
    )]
    Editor {
        /// The command.
        editor: String,
        /// The problem.
        what: String,
    },
    /// The editor needs a terminal, or failed without one, as in a key binding.
    #[error("{}", without_terminal(.editor, .status.as_deref()))]
    #[diagnostic(
        code("no-terminal"),
        help(
            "run `i3-sensible-terminal -e i3pm-layout edit {}`, or set VISUAL to a graphical editor, for example `export VISUAL='gvim -f'`",
            shell_words::quote(.name)
        )
    )]
    NoTerminal {
        /// The command of the editor.
        editor: String,
        /// Its exit status; `None` if it was not started.
        status: Option<String>,
        /// The layout.
        name: String,
    },
    /// Another program wrote the file while it was being edited.
    #[error("{} was changed by another program in the meantime", path.display())]
    #[diagnostic(code("changed-meanwhile"))]
    ChangedMeanwhile {
        /// The layout's file.
        path: PathBuf,
    },
    /// The edited text cannot be saved; the layout is unchanged.
    #[error("{} was not changed; the edited text is in {}", path.display(), kept.display())]
    #[diagnostic(code("not-saved"), help("{}", save_edited(.path, .kept, .because)))]
    NotSaved {
        /// The layout's file.
        path: PathBuf,
        /// The file with the edited text.
        kept: PathBuf,
        /// The reason; empty if it was printed before.
        #[related]
        because: Vec<Error>,
    },
    /// The directory of the file to write does not exist.
    #[error("the directory {} does not exist", path.display())]
    #[diagnostic(code("no-directory"), help("run `mkdir -p {}` first", quoted(.path)))]
    NoFolder {
        /// The directory.
        path: PathBuf,
    },
    /// Standard output or standard error cannot be written.
    #[error("cannot write the output")]
    #[diagnostic(code("io"))]
    Output(#[source] io::Error),
    /// The home directory is unknown.
    #[error("cannot determine the home directory (`HOME` is not set)")]
    #[diagnostic(
        code("no-home"),
        help("set HOME, for example `export HOME=/home/$USER`")
    )]
    NoHome,
}

/// A layout that is called like a profile, or has one of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfLayout {
    /// The layout has this name.
    Itself,
    /// This layout has a profile of this name.
    Profile(String),
}

impl Error {
    /// True if the command did nothing: an argument names something that does not exist, or another run
    /// was active.
    pub const fn is_refusal(&self) -> bool {
        match self {
            Self::Store(error) => matches!(
                error,
                StoreError::Name(_)
                    | StoreError::Missing { .. }
                    | StoreError::Dangling { .. }
                    | StoreError::Ambiguous { .. }
                    | StoreError::NotNamed(_)
            ),
            Self::Apply(ApplyError::Busy { .. })
            | Self::NothingToUpdate { .. }
            | Self::NoWorkspace { .. }
            | Self::NoSlot { .. }
            | Self::NoVariable { .. }
            | Self::NoValue { .. }
            | Self::NotOnDesktop { .. }
            | Self::NoOutput { .. }
            | Self::NoProfile { .. }
            | Self::IsProfile { .. }
            | Self::IsSession { .. }
            | Self::OnlyShared { .. }
            | Self::NoExample { .. }
            | Self::NoRun { .. }
            | Self::NoSuchFile { .. }
            | Self::Usage { .. } => true,
            _ => false,
        }
    }

    /// True if the reader of the output has closed it, as `| head` does.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// The setting that gives a project its directory.
pub fn directory_hint(project: &str) -> String {
    format!(
        "add `projects: {{ {project}: {{ directory: ~/src/{project} }} }}` to \
         ~/.config/i3pm-layout/config.yaml"
    )
}

fn near_example(near: Option<&str>) -> String {
    match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            "run `i3pm-layout try` for the examples, `i3pm-layout list` for your layouts".to_owned()
        }
    }
}

fn right_project(project: &str, known: &[String]) -> String {
    match nearest(project, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => directory_hint(project),
    }
}

fn right_run(name: &str) -> String {
    match nearest(name, &["last".to_owned()]) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "run `i3pm-layout history` to list the recorded runs".to_owned(),
    }
}

fn right_profile(name: &str, known: &[String], layout: Option<&OfLayout>) -> String {
    let word = shell_words::quote(name);
    match (layout, nearest(name, known)) {
        (Some(OfLayout::Profile(layout)), _) => format!(
            "layout `{layout}` has a profile of this name: run `i3pm-layout adapt {layout}`, which \
             uses the profile that fits"
        ),
        (Some(OfLayout::Itself), _) => {
            format!("`{name}` is a layout: run `i3pm-layout adapt {word}`")
        }
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) if known.is_empty() => {
            format!("arrange the workspaces and run `i3pm-layout adapt --save {word}` to create it")
        }
        (None, None) => all(known, ""),
    }
}

fn without_terminal(editor: &str, status: Option<&str>) -> String {
    match status {
        Some(status) => {
            format!("there is no terminal, and the editor `{editor}` failed ({status})")
        }
        None => format!("there is no terminal for the editor `{editor}`"),
    }
}

fn no_profile_for(profiles: usize) -> &'static str {
    match profiles {
        0 => "no profile exists for",
        1 => "the profile of the configuration does not fit",
        _ => "no profile of the configuration fits",
    }
}

fn save_first(error: &StoreError, command: &str) -> String {
    match error {
        StoreError::Missing {
            near: Some(near), ..
        } => format!("did you mean `{near}`? To create a new layout, run `{command}`"),
        _ => format!("run `{command}` first"),
    }
}

/// The beginning of a sentence about what these layouts do not have.
fn without(layouts: &[String]) -> String {
    match layouts {
        [one] => format!("layout `{one}` has no"),
        all => {
            let all: Vec<String> = all.iter().map(|one| format!("layout `{one}`")).collect();
            format!("neither {} has a", all.join(" nor "))
        }
    }
}

const fn no_variables(layouts: &[String]) -> &'static str {
    match layouts {
        [_] => "the layout has no variables",
        _ => "the layouts have no variables",
    }
}

/// `a value` or `values`.
const fn values(variables: &[String]) -> &'static str {
    match variables {
        [_] => "a value",
        _ => "values",
    }
}

/// The arguments that set variables.
fn assignments(variables: &[String]) -> String {
    let words = variables.iter().map(|name| format!("{name}=VALUE"));
    format!("`{}`", words.collect::<Vec<_>>().join(" "))
}

fn or_trust(distrust: &TrustError, forbidden_by: Option<&str>) -> String {
    let help = distrust.help().into_iter();
    let help: String = help.map(|help| help.to_string()).collect();
    match forbidden_by {
        Some(place) => format!("{help}; `--trust` is forbidden by {place}"),
        None => format!("{help}; or pass `--trust` for this run"),
    }
}

fn save_edited(path: &Path, kept: &Path, because: &[Error]) -> String {
    let (path, kept) = (quoted(path), quoted(kept));
    if matches!(because, [Error::Store(_)]) {
        return format!("when the file can be written, run `cp {kept} {path}`");
    }
    // Not mv: it would replace a symbolic link.
    format!("fix the mistakes, then run `i3pm-layout validate {kept} && cp {kept} {path}`")
}

fn on(workspaces: &[String]) -> String {
    if workspaces.is_empty() {
        return String::new();
    }
    format!(" on {}", ticked(workspaces))
}

fn unchanged(path: Option<&Path>) -> String {
    path.map_or_else(String::new, |path| {
        format!("; {} was not changed", path.display())
    })
}

/// The next step after a file of records could not be written.
fn to_write(path: &Path, error: &io::Error) -> String {
    remedy(path, error).unwrap_or_else(|| {
        let folder = quoted(path.parent().unwrap_or(path));
        format!("run `ls -ld {folder}` to check the permissions")
    })
}

fn near_or_all(name: &str, known: &[String], none: &str) -> String {
    match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => all(known, none),
    }
}

/// Lists the known names; without any, says `none`.
fn all(known: &[String], none: &str) -> String {
    if known.is_empty() {
        return none.to_owned();
    }
    format!("available: {}", ticked(known))
}
