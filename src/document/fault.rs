//! The faults that a file can have, with the wording of messages and hints.
//!
//! [`super::problem`] adds the places.

use miette::Diagnostic;

use crate::geometry::{RectError, SizeError};

/// A problem in a file.
///
/// The code is the second part of the code of a [`super::Problem`].
#[derive(Clone, Debug, PartialEq, thiserror::Error, Diagnostic)]
pub enum Fault {
    /// Invalid YAML or JSON.
    #[error("{message}")]
    #[diagnostic(code("syntax"))]
    Syntax {
        /// The message.
        message: String,
        /// The hint.
        #[help]
        hint: Option<String>,
    },
    /// A file of another tool.
    #[error("this is {found}, not {expected}")]
    #[diagnostic(code("foreign-file"), help("{hint}"))]
    Foreign {
        /// The kind of file.
        found: &'static str,
        /// The expected kind of file.
        expected: &'static str,
        /// The hint.
        hint: &'static str,
    },
    /// A key that is not part of the file format at this place.
    #[error("unknown key `{key}`")]
    #[diagnostic(code("unknown-key"), help("{}", right_key(.key, .allowed, .present)))]
    UnknownKey {
        /// The key.
        key: String,
        /// The keys that may still be added.
        allowed: Vec<String>,
        /// The keys that are in the map already.
        present: Vec<String>,
    },
    /// A key that is not part of the file format at this place, but has a known meaning.
    #[error("unknown key `{key}`")]
    #[diagnostic(code("unknown-key"), help("{hint}"))]
    MisplacedKey {
        /// The key.
        key: String,
        /// The right place or form.
        hint: String,
    },
    /// A missing required key.
    #[error("missing key `{0}`")]
    #[diagnostic(code("missing-key"), help("{}", missing_key(.0)))]
    MissingKey(String),
    /// A duplicate key in a map.
    #[error("duplicate key `{0}`")]
    #[diagnostic(code("duplicate-key"), help("remove one of them"))]
    DuplicateKey(String),
    /// A value of another type.
    #[error("{subject} must be {expected}, found {found}")]
    #[diagnostic(code("wrong-type"))]
    WrongType {
        /// The value's name, such as `` `name` ``.
        subject: String,
        /// The type that is allowed.
        expected: String,
        /// The value in the file.
        found: String,
        /// The right form.
        #[help]
        hint: Option<String>,
    },
    /// A value that is not in the list of possible values.
    #[error("invalid value {found} for {subject}")]
    #[diagnostic(code("invalid-value"), help("{}", nearest_or_all(.found.trim_matches('`'), .allowed)))]
    UnknownValue {
        /// The value's name.
        subject: String,
        /// The value in the file.
        found: String,
        /// The possible values.
        allowed: Vec<String>,
    },
    /// A number out of its range.
    #[error("{subject} must be {range}, found {found}")]
    #[diagnostic(code("out-of-range"))]
    OutOfRange {
        /// The value's name.
        subject: String,
        /// The range.
        range: String,
        /// The number in the file.
        found: String,
        /// The right form.
        #[help]
        hint: Option<String>,
    },
    /// Another version of the file format.
    #[error("unsupported file format version {0}")]
    #[diagnostic(
        code("unsupported-version"),
        help("write `version: 1`, or install a newer i3pm-layout")
    )]
    UnknownVersion(u64),
    /// A name of a layout, project or profile that cannot be a file name.
    #[error("invalid {what} name `{name}`: {why}")]
    #[diagnostic(
        code("invalid-name"),
        help("choose another name, for example `{}`", example_name(.what))
    )]
    Name {
        /// `layout`, `project` or `profile`.
        what: &'static str,
        /// The name.
        name: String,
        /// The reason.
        why: &'static str,
    },
    /// A name of a variable that `${...}` cannot refer to.
    #[error("invalid variable name `{0}`")]
    #[diagnostic(
        code("invalid-variable"),
        help("use letters, digits and `_`, beginning with a letter")
    )]
    VariableName(String),
    /// A list of strings whose first one is a command line instead of a program.
    #[error("the program `{0}` looks like a command line, but a list of strings is one command")]
    #[diagnostic(
        code("list-of-commands"),
        help("for several commands, write each as `- command: ...`, or as a list of arguments")
    )]
    ListOfCommands(String),
    /// `${name}` that is not in `vars`.
    #[error("unknown variable `{name}`")]
    #[diagnostic(code("unknown-variable"), help("{}", right_variable(.name, .known)))]
    UnknownVariable {
        /// The name.
        name: String,
        /// The names in `vars`.
        known: Vec<String>,
    },
    /// `${` without a valid reference after it.
    #[error("invalid variable reference `{0}`: expected `${{name}}` or `${{env:NAME}}`")]
    #[diagnostic(code("invalid-variable"), help("for a literal `${{`, write `$${{`"))]
    VariableReference(String),
    /// A variable whose value refers to a variable.
    #[error("the value of a variable cannot refer to the variable `{0}`")]
    #[diagnostic(
        code("nested-variable"),
        help("in `vars`, only `${{env:NAME}}` is allowed")
    )]
    NestedVariable(String),
    /// A name of an environment variable that the system does not accept.
    #[error("invalid environment variable name `{0}`")]
    #[diagnostic(
        code("invalid-environment"),
        help("the name must not be empty or contain `=` or spaces")
    )]
    EnvironmentName(String),
    /// An invalid rect.
    #[error("{0}")]
    #[diagnostic(
        code("invalid-rect"),
        help("write `WIDTHxHEIGHT+X+Y` in pixels, for example `rect: 800x600+560+240`")
    )]
    Rect(#[from] RectError),
    /// An invalid size of a monitor.
    #[error("{error}")]
    #[diagnostic(code("invalid-size"), help("{}", right_size(.key)))]
    Size {
        /// The mistake.
        error: SizeError,
        /// The key of the size: `size_mm` in millimetres, `size` in pixels.
        key: String,
    },
    /// Two monitors with the same name, or two primary monitors.
    #[error("{0}")]
    #[diagnostic(code("duplicate-monitor"), help("change or remove one of them"))]
    Monitors(String),
    /// A profile without monitors.
    #[error("the profile needs no monitor, so it never fits")]
    #[diagnostic(
        code("no-monitors"),
        help("add for example `monitors: [{{ output: eDP-1 }}]`")
    )]
    NoMonitors,
    /// A monitor of a profile without any property.
    #[error("the monitor has no property by which it can be recognised")]
    #[diagnostic(
        code("empty-monitor"),
        help(
            "add `output`, `model`, `serial` or `size`; `i3pm-layout profiles` prints those of the present monitors"
        )
    )]
    EmptyMonitor,
    /// A monitor of a profile of which only the manufacturer is known.
    #[error("`make` alone does not identify a monitor")]
    #[diagnostic(code("make-alone"), help("add `model` or `serial`"))]
    MakeAlone,
    /// A monitor of a profile that is called like a role.
    #[error("a monitor cannot be called `{0}`: the word means a monitor in that role")]
    #[diagnostic(code("invalid-monitor-name"), help("choose another `name`"))]
    RoleAsName(String),
    /// Two monitors of a profile with the same name.
    #[error("{0}")]
    #[diagnostic(
        code("duplicate-monitor"),
        help("give each a `name`, for example `name: left`")
    )]
    TwoMonitors(String),
    /// Two profiles with the same name.
    #[error("duplicate profile `{0}`")]
    #[diagnostic(code("duplicate-profile"), help("rename or remove one of them"))]
    DuplicateProfile(String),
    /// Two profiles that need the same monitors.
    #[error("profiles `{name}` and `{first}` need the same monitors, so both fit at once")]
    #[diagnostic(
        code("same-monitors"),
        help("remove one of them, or tell the monitors apart by `model` and `serial`")
    )]
    SameMonitors {
        /// The profile.
        name: String,
        /// The earlier profile.
        first: String,
    },
    /// Two profiles that fit the present monitors.
    #[error("profiles `{first}` and `{name}` both fit the monitors {monitors}")]
    #[diagnostic(code("two-profiles"), help("{hint}"))]
    TwoProfiles {
        /// The profile.
        name: String,
        /// The earlier profile.
        first: String,
        /// The present outputs.
        monitors: String,
        /// The hint.
        hint: String,
    },
    /// A workspace with two places in one profile.
    #[error("workspace `{0}` is assigned twice")]
    #[diagnostic(code("assigned-twice"), help("remove one of the entries"))]
    AssignedTwice(String),
    /// A workspace on a monitor that the profile does not have.
    #[error("profile `{profile}` has no monitor `{name}`")]
    #[diagnostic(code("unknown-monitor"), help("{}", right_monitor(.name, .known)))]
    UnknownMonitor {
        /// The name.
        name: String,
        /// The profile.
        profile: String,
        /// The monitors of the profile; one without a name is empty.
        known: Vec<String>,
    },
    /// A workspace of a profile that is not in its layout.
    #[error("the layout has no workspace `{name}`")]
    #[diagnostic(code("unknown-workspace"), help("{}", right_workspace(.name, .workspaces)))]
    UnknownWorkspace {
        /// The name.
        name: String,
        /// The workspaces of the layout.
        workspaces: Vec<String>,
    },
    /// A workspace without a name.
    #[error("the workspace has no name")]
    #[diagnostic(
        code("invalid-workspace-name"),
        help("write for example `name: \"1: code\"`")
    )]
    EmptyWorkspaceName,
    /// A workspace name that i3 reserves.
    #[error("invalid workspace name `{0}`: i3 reserves names that begin with `__`")]
    #[diagnostic(code("invalid-workspace-name"), help("choose another name"))]
    ReservedWorkspaceName(String),
    /// A workspace name that this program reserves.
    #[error(
        "invalid workspace name `{0}`: names that begin with `_i3pm` are reserved for i3pm-layout"
    )]
    #[diagnostic(code("invalid-workspace-name"), help("choose another name"))]
    OwnWorkspaceName(String),
    /// Two workspaces with the same name.
    #[error("duplicate workspace `{0}`")]
    #[diagnostic(
        code("duplicate-workspace"),
        help("rename one, or move its windows to the other")
    )]
    DuplicateWorkspace(String),
    /// Two workspace names that differ only in case.
    #[error("workspace names `{0}` and `{1}` are the same to i3, which ignores case")]
    #[diagnostic(code("duplicate-workspace"), help("rename one of them"))]
    ClashingWorkspace(String, String),
    /// Two workspaces that should be visible on one output.
    #[error("output `{output}` can show only one workspace, but `{first}` is `visible` on it too")]
    #[diagnostic(code("two-visible"), help("remove `visible` from one of them"))]
    TwoVisible {
        /// The output.
        output: String,
        /// The earlier workspace.
        first: String,
    },
    /// An output without a name.
    #[error("the output name is empty")]
    #[diagnostic(
        code("invalid-output"),
        help("use a name that `xrandr` lists, `primary` or `nonprimary`, or remove the key")
    )]
    EmptyOutput,
    /// A monitor with the name of a role, such as `primary`.
    #[error("invalid monitor `{0}`: the word means a monitor in a certain role")]
    #[diagnostic(
        code("invalid-output"),
        help(
            "use the name that `xrandr` lists, and write `primary: true` for the primary monitor"
        )
    )]
    MonitorRole(String),
    /// A property of a monitor without a value.
    #[error("`{0}` is empty")]
    #[diagnostic(
        code("invalid-value"),
        help("remove the key if the value is not known")
    )]
    EmptyProperty(&'static str),
    /// A `focus` that is not a workspace of the layout.
    #[error("`focus` names the unknown workspace `{name}`")]
    #[diagnostic(code("unknown-workspace"), help("{}", right_workspace(.name, .workspaces)))]
    UnknownFocus {
        /// The name.
        name: String,
        /// The workspaces of the layout.
        workspaces: Vec<String>,
    },
    /// A key of a window in a container.
    #[error("`{0}` is for windows, but this is a container (it has `nodes`)")]
    #[diagnostic(
        code("misplaced-key"),
        help("move it to one of the windows in `nodes`, or remove `nodes`")
    )]
    WindowKeyInContainer(&'static str),
    /// A key of a container in a window.
    #[error("`{0}` is for containers, but this is a window (it has no `nodes`)")]
    #[diagnostic(
        code("misplaced-key"),
        help("remove it, or put the window into `nodes`")
    )]
    ContainerKeyInWindow(&'static str),
    /// A key of a floating window in a tiled one.
    #[error("`{0}` is for floating windows, but this window is tiled")]
    #[diagnostic(code("misplaced-key"), help("{}", for_tiled(.0)))]
    FloatingKey(String),
    /// A container without children.
    #[error("a container needs at least one window in `nodes`")]
    #[diagnostic(code("empty-container"), help("add a window, or remove the container"))]
    EmptyContainer,
    /// A window without a command and without criteria.
    #[error("this window has neither `command` nor `swallow`")]
    #[diagnostic(
        code("empty-window"),
        help("add the `command` that starts it, or `swallow: {{ class: ^XTerm$ }}`")
    )]
    EmptyWindow,
    /// A name of a template with other characters.
    #[error("invalid template name `{0}`")]
    #[diagnostic(code("invalid-name"), help("use letters, digits, `.`, `_` and `-`"))]
    TemplateName(String),
    /// A template that neither the layout nor an included file has.
    #[error("unknown template `{name}`")]
    #[diagnostic(code("unknown-template"), help("{}", right_template(.name, .known)))]
    UnknownTemplate {
        /// The name.
        name: String,
        /// The templates of the layout and of the files that it includes.
        known: Vec<String>,
    },
    /// A key that is `null` or `false` in a slot whose template gives a value.
    #[error("`{key}` cannot take away what the template `{template}` gives")]
    #[diagnostic(
        code("taken-away"),
        help("give it another value, or write the slot without the template")
    )]
    TakenAway {
        /// The key.
        key: String,
        /// The name of the template.
        template: String,
    },
    /// A file that cannot be included.
    #[error("cannot include {file}: {why}")]
    #[diagnostic(code("include"), help("{hint}"))]
    Include {
        /// The file.
        file: String,
        /// The reason.
        why: String,
        /// The hint.
        hint: &'static str,
    },
    /// A swallow without a criterion.
    #[error("`swallow` is empty and would match no window")]
    #[diagnostic(code("empty-criteria"), help("{ADD_CLASS}"))]
    EmptySwallow,
    /// An invalid regular expression.
    #[error("invalid regular expression in `{criterion}`: {message}")]
    #[diagnostic(
        code("invalid-regex"),
        help("to match special characters literally, put `\\` before them")
    )]
    Pattern {
        /// The criterion, such as `class`.
        criterion: &'static str,
        /// PCRE's message.
        message: String,
    },
    /// A swallow that matches all windows.
    #[error("this `swallow` matches every window, even one without a {0}")]
    #[diagnostic(
        code("matches-everything"),
        help("anchor the pattern, for example `class: ^XTerm$`")
    )]
    MatchesAnything(String),
    /// A slot id with other characters.
    #[error("invalid `id` `{0}`")]
    #[diagnostic(code("invalid-name"), help("use letters, digits, `.`, `_` and `-`"))]
    Id(String),
    /// Two slots with the same id.
    #[error("duplicate window id `{0}`")]
    #[diagnostic(
        code("duplicate-id"),
        help("change one of them, or remove both to get generated ids")
    )]
    DuplicateId(String),
    /// A command that cannot be split into words.
    #[error("missing closing quote in the command")]
    #[diagnostic(
        code("invalid-command"),
        help("close the quote, or write `\\` before it if it is part of a word")
    )]
    Quotes,
    /// A command without a program.
    #[error("the command is empty")]
    #[diagnostic(
        code("invalid-command"),
        help(
            "write the command that starts the program, or remove `command` if another program opens this window"
        )
    )]
    EmptyCommand,
    /// A rule without criteria.
    #[error("`criteria` is empty and would match no window")]
    #[diagnostic(code("empty-criteria"), help("{ADD_CLASS}"))]
    EmptyCriteria,
    /// A rule without an effect.
    #[error("this rule has no effect on its windows")]
    #[diagnostic(
        code("empty-rule"),
        help("add `command`, `swallow`, `ignore: true` or another key")
    )]
    EmptyRule,
    /// A list of criteria without entries.
    #[error("`swallow` names no criterion and would match no window")]
    #[diagnostic(
        code("empty-criteria"),
        help("write for example `swallow: [class, instance, title]`")
    )]
    NoCriterion,
    /// A word of a rule, or a pattern of secrets, that cannot be used.
    #[error("{message}")]
    #[diagnostic(code("invalid-template"))]
    Template {
        /// The mistake.
        message: String,
        /// The hint.
        #[help]
        hint: Option<String>,
    },
    /// A directory that depends on the working directory.
    #[error("invalid directory `{0}`: expected an absolute path or one below `~/`")]
    #[diagnostic(
        code("relative-directory"),
        help("write for example `directory: ~/src/project`")
    )]
    RelativeDirectory(String),
    /// A string that no program or window manager accepts.
    #[error("{0} cannot contain the character NUL")]
    #[diagnostic(code("nul"), help("remove `\\0`"))]
    Nul(String),
    /// Percents whose sum is too large or too small.
    #[error("the percentages of {count} child{} add up to {sum}", if *.count == 1 { "" } else { "ren" })]
    #[diagnostic(code("percent-sum"), help("{}", right_sum(.sum, *.silent, *.first)))]
    PercentSum {
        /// The number of children.
        count: usize,
        /// The sum of their percents.
        sum: String,
        /// The number of children without `percent`.
        silent: usize,
        /// The first of the percents.
        first: f64,
    },
    /// A mark that i3pm-layout reserves.
    #[error("invalid mark `{0}`: marks that begin with `_i3pm:` are reserved for i3pm-layout")]
    #[diagnostic(code("invalid-mark"), help("choose another name, or remove it"))]
    ReservedMark(String),
    /// An empty mark.
    #[error("a mark cannot be empty")]
    #[diagnostic(code("invalid-mark"), help("write a name, or remove it"))]
    EmptyMark,
    /// Two containers with the same mark.
    #[error("duplicate mark `{0}`: i3 allows each mark only once")]
    #[diagnostic(code("duplicate-mark"), help("remove one of them"))]
    DuplicateMark(String),
    /// An invalid border.
    #[error("invalid border `{0}`")]
    #[diagnostic(code("invalid-border"), help("write `none`, `pixel 2` or `normal 2`"))]
    Border(String),
    /// Two siblings that are both focused.
    #[error("only one of these siblings can be `focused`")]
    #[diagnostic(code("two-focused"), help("remove `focused` from one of them"))]
    TwoFocused,
    /// A focus order that does not list each child once.
    #[error("`focus_order` must list each child exactly once")]
    #[diagnostic(
        code("invalid-focus-order"),
        help("write `{expected}`; the most recently focused child comes first")
    )]
    FocusOrder {
        /// A possible value.
        expected: String,
    },
}

const ADD_CLASS: &str = "add a `class`; `xprop WM_CLASS` prints it as the second word";

impl Fault {
    /// A key that is not part of the file format at this place, without a suggestion.
    pub fn unknown_key(key: &str) -> Self {
        Self::UnknownKey {
            key: key.to_owned(),
            allowed: Vec::new(),
            present: Vec::new(),
        }
    }
}

fn right_key(key: &str, allowed: &[String], present: &[String]) -> String {
    match nearest(key, &[present, allowed].concat()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if allowed.is_empty() => "remove it: no other key is possible here".to_owned(),
        None => nearest_or_all(key, allowed),
    }
}

fn example_name(what: &str) -> &'static str {
    match what {
        "project" => "nixos",
        "profile" => "office",
        _ => "daily-dev",
    }
}

fn right_size(key: &str) -> String {
    let (unit, example) = match key {
        "size_mm" => ("millimetres", "597x336"),
        _ => ("pixels", "2560x1440"),
    };
    format!("write `WIDTHxHEIGHT` in {unit}, for example `{key}: {example}`")
}

/// Proposes the nearest of the monitors that have a name.
fn right_monitor(name: &str, known: &[String]) -> String {
    let named = known.iter().filter(|one| !one.is_empty()).cloned();
    let named: Vec<String> = named.collect();
    if named.is_empty() {
        return "give a monitor of the profile this `name`".to_owned();
    }
    nearest_or_all(name, &named)
}

/// Proposes the nearest of the workspaces, or says where to add one.
fn right_workspace(name: &str, workspaces: &[String]) -> String {
    if workspaces.is_empty() {
        return "remove it, or add the workspace to `workspaces`".to_owned();
    }
    nearest_or_all(name, workspaces)
}

fn missing_key(key: &str) -> String {
    match key {
        "version" => "begin the file with `version: 1`".to_owned(),
        _ => format!("add `{key}`"),
    }
}

fn right_variable(name: &str, known: &[String]) -> String {
    match nearest(name, known) {
        Some(near) => format!("did you mean `${{{near}}}`?"),
        None => format!(
            "add `{name}` to `vars`, write `${{env:{name}}}` for an environment variable, or \
             `$${{` for a literal `${{`"
        ),
    }
}

fn right_template(name: &str, known: &[String]) -> String {
    match (nearest(name, known), known) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => "add it to `templates`, or `include` a file that has it".to_owned(),
        (None, known) => format!(
            "known templates: {}; add it to `templates`, or `include` a file that has it",
            ticked(known)
        ),
    }
}

fn for_tiled(key: &str) -> &'static str {
    match key {
        "rect" => "use `percent`, or move the window to the `floating` list of the workspace",
        _ => "move the window to the `floating` list of the workspace",
    }
}

/// The hint for a wrong sum of percents, where `silent` children have no `percent`.
fn right_sum(sum: &str, silent: usize, first: f64) -> String {
    if sum.parse().is_ok_and(|sum: f64| sum <= 1.01) {
        let percent = (first * 100.0).round();
        return format!("percents are out of 100: write `percent: {percent}` for {first}");
    }
    match silent {
        0 => "they must add up to 100".to_owned(),
        1 => "leave space for the child without `percent`: the sum must be below 100".to_owned(),
        _ => format!(
            "leave space for the {silent} children without `percent`: the sum must be below 100"
        ),
    }
}

/// Proposes the nearest of the allowed names, or lists them all.
fn nearest_or_all(found: &str, allowed: &[String]) -> String {
    match (nearest(found, allowed), allowed) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => "remove it: nothing is possible here".to_owned(),
        (None, [only]) => format!("expected `{only}`"),
        (None, all) => format!("expected one of {}", ticked(all)),
    }
}

/// The names in backticks, with commas between them.
pub fn ticked(names: &[String]) -> String {
    let ticked: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    ticked.join(", ")
}

/// The known name that is most similar to `found`, if any is similar enough.
pub fn nearest<'a>(found: &str, known: &'a [String]) -> Option<&'a str> {
    /// Below this, words share letters by chance: `tabs` and `tabbed` are at 0.82,
    /// `rows` and `marks` at 0.63.
    const ALIKE: f64 = 0.75;
    /// Jaro-Winkler finds no common letters in short words with two letters exchanged.
    const EXCHANGED: f64 = 0.9;
    /// The longest compared names, in bytes: the time grows with the square of the length.
    const LONGEST: usize = 200;
    if found.len() > LONGEST {
        return None;
    }
    let lower = found.to_lowercase();
    let likeness = |name: &String| {
        let name = name.to_lowercase();
        let is_exchanged =
            strsim::osa_distance(&lower, &name) == 1 && strsim::levenshtein(&lower, &name) == 2;
        let exchanged = if is_exchanged { EXCHANGED } else { 0.0 };
        strsim::jaro_winkler(&lower, &name).max(exchanged)
    };
    // The beginning of a long word is no misspelling of it.
    let is_as_long = |name: &String| name.len() <= 2 * found.len() + 2;
    let known = known
        .iter()
        .filter(|name| name.len() <= LONGEST && is_as_long(name));
    known
        .map(|name| (likeness(name), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelled_words_find_the_right_one() {
        let keys: Vec<String> = ["command", "class", "layout", "percent", "nodes", "marks"]
            .map(str::to_owned)
            .to_vec();
        for (found, near) in [
            ("comand", Some("command")),
            (&"command".repeat(100_000), None),
            ("Class", Some("class")),
            ("layuot", Some("layout")),
            ("precent", Some("percent")),
            ("node", Some("nodes")),
            ("mark", Some("marks")),
            ("xyzzy", None),
            ("", None),
            ("pe", None),
        ] {
            assert_eq!(nearest(found, &keys), near, "{found}");
        }
    }

    #[test]
    fn exchanged_letters_are_found_in_short_words() {
        let names = ["bad", "work", "p/mail"].map(str::to_owned);
        for (found, near) in [
            ("bda", Some("bad")),
            ("abd", Some("bad")),
            ("owrk", Some("work")),
            ("p/mial", Some("p/mail")),
            ("dab", None),
            ("xyz", None),
        ] {
            assert_eq!(nearest(found, &names), near, "{found}");
        }
    }

    #[test]
    fn without_a_similar_word_all_are_listed() {
        let allowed = ["splith", "splitv"].map(str::to_owned).to_vec();
        assert_eq!(
            nearest_or_all("diagonal", &allowed),
            "expected one of `splith`, `splitv`"
        );
    }
}
