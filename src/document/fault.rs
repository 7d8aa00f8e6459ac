//! What can be wrong in a file, and how we say it.
//!
//! Every wording about files is here, so that they sound alike: what is wrong in
//! [`Display`](std::fmt::Display), what to do in [`Fault::hint`].
//! Where it is wrong, [`super::problem`] adds.

use crate::geometry::RectError;

/// One thing that is wrong in a file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// The text is no YAML or JSON.
    #[error("{0}")]
    Syntax(String),
    /// A key that the file format does not have there.
    #[error("unknown key `{key}`")]
    UnknownKey {
        /// The key.
        key: String,
        /// The keys that may still be added.
        allowed: Vec<String>,
        /// The keys that stand there already.
        present: Vec<String>,
    },
    /// A key that must be there is not.
    #[error("the key `{0}` is missing")]
    MissingKey(String),
    /// The same key twice in one map.
    #[error("the key `{0}` stands here twice")]
    DuplicateKey(String),
    /// A value of another kind.
    #[error("{subject} must be {expected}, but this is {found}")]
    WrongKind {
        /// What the value is of, such as `` `name` ``.
        subject: String,
        /// What is allowed.
        expected: String,
        /// What is there.
        found: String,
        /// How the value would be right.
        hint: Option<String>,
    },
    /// A value that is none of the possible ones.
    #[error("{subject} cannot be {found}")]
    UnknownValue {
        /// What the value is of.
        subject: String,
        /// What is there.
        found: String,
        /// What is allowed.
        allowed: Vec<String>,
    },
    /// A number out of its range.
    #[error("{subject} must be {range}, but this is {found}")]
    OutOfRange {
        /// What the value is of.
        subject: String,
        /// What is allowed.
        range: String,
        /// What is there.
        found: String,
    },
    /// A later version of the format, or none.
    #[error("version {0} of the file format is not known to this i3pm-layout")]
    UnknownVersion(u64),
    /// A name of a layout or project that cannot be a file name.
    #[error("`{name}` cannot be the name of a {what}: {why}")]
    Name {
        /// `layout` or `project`.
        what: &'static str,
        /// The name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A variable's name that `${...}` could not name.
    #[error("`{0}` cannot be the name of a variable")]
    VariableName(String),
    /// `${name}` that `vars` does not have.
    #[error("there is no variable `{name}`")]
    UnknownVariable {
        /// The name.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// Something after `${` that is no reference.
    #[error("`{0}` is neither `${{name}}` nor `${{env:NAME}}`")]
    VariableReference(String),
    /// A variable in a variable.
    #[error("the value of a variable cannot use the variable `{0}`")]
    NestedVariable(String),
    /// An environment variable's name that the system does not take.
    #[error("`{0}` cannot be the name of an environment variable")]
    EnvironmentName(String),
    /// A rect that is none.
    #[error("{0}")]
    Rect(#[from] RectError),
    /// Two monitors of one name, or two primary ones.
    #[error("{0}")]
    Monitors(String),
    /// A workspace without a name.
    #[error("a workspace needs a name")]
    EmptyWorkspaceName,
    /// A workspace name that i3 keeps for itself.
    #[error("i3 keeps workspace names that begin with `__` for itself: `{0}`")]
    ReservedWorkspaceName(String),
    /// Two workspaces of one name.
    #[error("two workspaces share the name `{0}`")]
    DuplicateWorkspace(String),
    /// Two workspaces whose names i3 takes for one.
    #[error("i3 takes the workspace names `{0}` and `{1}` for one: it ignores case")]
    ClashingWorkspace(String, String),
    /// Two workspaces to be shown on one output.
    #[error("output `{output}` can show one workspace only, but `{first}` is `visible` there too")]
    TwoVisible {
        /// The output.
        output: String,
        /// The earlier workspace.
        first: String,
    },
    /// An output without a name.
    #[error("an output needs a name")]
    EmptyOutput,
    /// A `focus` that is no workspace.
    #[error("there is no workspace `{name}` to focus")]
    UnknownFocus {
        /// The name.
        name: String,
        /// The workspaces there are.
        workspaces: Vec<String>,
    },
    /// A key of a window in a container.
    #[error("`{0}` is for windows, but this is a container: it has `nodes`")]
    WindowKeyInContainer(&'static str),
    /// A key of a container in a window.
    #[error("`{0}` is for containers, but this is a window: it has no `nodes`")]
    ContainerKeyInWindow(&'static str),
    /// A key of a floating window in a tiled one.
    #[error("`{0}` is for floating windows, but this one is tiled")]
    FloatingKey(String),
    /// A container without children.
    #[error("a container needs at least one window in `nodes`")]
    EmptyContainer,
    /// A window that nothing opens and nothing tells.
    #[error("this window has neither `command` nor `swallow`")]
    EmptyWindow,
    /// A swallow without a criterion.
    #[error("`swallow` is empty, so it would match no window")]
    EmptySwallow,
    /// A pattern that PCRE refuses.
    #[error("`{criterion}` is no regular expression: {message}")]
    Pattern {
        /// The criterion, such as `class`.
        criterion: &'static str,
        /// What PCRE says.
        message: String,
    },
    /// A swallow that takes every window.
    #[error(
        "this `swallow` matches even a window without a {0}: any window, or a placeholder \
         of i3, could end up here"
    )]
    MatchesAnything(String),
    /// A slot's name with other characters.
    #[error("`{0}` cannot be the `id` of a window")]
    Id(String),
    /// Two slots of one name.
    #[error("two windows share the id `{0}`")]
    DuplicateId(String),
    /// A command that cannot be split into words.
    #[error("the quotes in this command are not closed")]
    Quotes,
    /// A command without a program.
    #[error("this command is empty")]
    EmptyCommand,
    /// A rule for no window.
    #[error("`criteria` is empty, so it would match no window")]
    EmptyCriteria,
    /// A rule without a word about its windows.
    #[error("this rule says nothing about its windows")]
    EmptyRule,
    /// A list of criteria without one.
    #[error("`swallow` names no criterion, so it would match no window")]
    NoCriterion,
    /// A word of a rule with a brace that is wrong, or a pattern of secrets.
    #[error("{0}")]
    Template(String),
    /// A directory that depends on where one is.
    #[error("`{0}` is neither absolute nor below `~/`")]
    RelativeDirectory(String),
    /// A text that no program or window manager takes.
    #[error("{0} cannot hold the character NUL")]
    Nul(String),
    /// Percents that are too much, or too little.
    #[error("the percents of {count} children sum to {sum}")]
    PercentSum {
        /// How many there are.
        count: usize,
        /// Their sum.
        sum: String,
        /// How many children say nothing.
        silent: usize,
    },
    /// A mark that i3pm-layout keeps for itself.
    #[error("marks that begin with `_i3pm:` are i3pm-layout's own: `{0}`")]
    ReservedMark(String),
    /// A mark without a character.
    #[error("a mark cannot be empty")]
    EmptyMark,
    /// Two containers with one mark.
    #[error("the mark `{0}` is given twice, but i3 has each mark only once")]
    DuplicateMark(String),
    /// A border that i3 does not have.
    #[error("`{0}` is no border")]
    Border(String),
    /// Two siblings that both have the focus.
    #[error("only one of these siblings can be `focused`")]
    TwoFocused,
    /// A focus order that does not name each child once.
    #[error("`focus_order` must name each of the {children} children once, as {expected}")]
    FocusOrder {
        /// How many there are.
        children: usize,
        /// What it could be.
        expected: String,
    },
}

impl Fault {
    /// A key that the file format does not have there, and no other key to propose.
    pub fn unknown_key(key: &str) -> Self {
        Self::UnknownKey {
            key: key.to_owned(),
            allowed: Vec::new(),
            present: Vec::new(),
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let owned = |text: &str| Some(text.to_owned());
        match self {
            Self::UnknownKey {
                key,
                allowed,
                present,
            } => Some(match nearest(key, &[&**present, allowed].concat()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => nearest_or_all(key, allowed),
            }),
            Self::UnknownValue { found, allowed, .. } => {
                Some(nearest_or_all(found.trim_matches('`'), allowed))
            }
            Self::WrongKind { hint, .. } => hint.clone(),
            Self::UnknownVersion(_) => owned("write `version: 1`, or use a newer i3pm-layout"),
            Self::MissingKey(key) if key == "version" => owned("begin the file with `version: 1`"),
            Self::VariableName(_) => owned("use letters, digits and `_`, and a letter first"),
            Self::UnknownVariable { name, known } => Some(match nearest(name, known) {
                Some(near) => format!("did you mean `${{{near}}}`?"),
                None => format!(
                    "add `{name}` to `vars`, or write `${{env:{name}}}` for the environment, \
                     or `$${{` for a plain `${{`"
                ),
            }),
            Self::VariableReference(_) => owned("write `$${` where a plain `${` is meant"),
            Self::NestedVariable(_) => owned("only `${env:NAME}` can be used in `vars`"),
            Self::EnvironmentName(_) => {
                owned("it must not be empty, and not contain `=` or blanks")
            }
            Self::Rect(_) => owned("for example `800x600+560+240`: width, height, x, y"),
            Self::TwoVisible { .. } => owned("leave `visible` out in one of them"),
            Self::UnknownFocus { name, workspaces } => Some(nearest_or_all(name, workspaces)),
            Self::WindowKeyInContainer(_) => {
                owned("move it to one of the windows in `nodes`, or remove `nodes`")
            }
            Self::ContainerKeyInWindow(_) => owned("remove it, or put the window into `nodes`"),
            Self::FloatingKey(key) if key == "rect" => {
                owned("use `percent`, or move the window to the workspace's `floating`")
            }
            Self::FloatingKey(_) => owned("move the window to the workspace's `floating`"),
            Self::EmptyContainer => owned("add a window, or remove the container"),
            Self::EmptyWindow => {
                owned("add what starts it, or a `swallow` such as `{ class: ^XTerm$ }`")
            }
            Self::EmptySwallow | Self::EmptyCriteria => {
                owned("add a `class`; `xprop WM_CLASS` shows it as second word")
            }
            Self::MatchesAnything(_) => owned("anchor the pattern, for example `class: ^XTerm$`"),
            Self::Name { .. } | Self::Id(_) => owned("use letters, digits, `.`, `_` and `-`"),
            Self::Quotes => owned("close the quote, or put `\\` before it if it is part of a word"),
            Self::EmptyCommand => {
                owned("write what starts the program, or leave `command` out if another one does")
            }
            Self::PercentSum { silent: 0, .. } => owned("they must sum to 100"),
            Self::PercentSum { silent, .. } => {
                let others = match silent {
                    1 => "child".to_owned(),
                    several => format!("{several} children"),
                };
                Some(format!(
                    "leave something for the {others} without `percent`: the sum must be below 100"
                ))
            }
            Self::Syntax(message) if message.contains("tabs") => owned("indent with blanks"),
            Self::Syntax(message) if message.contains("block") => {
                owned("is this line indented as far as its neighbours?")
            }
            Self::EmptyRule => owned("add `command`, `swallow`, `ignore: true` or another key"),
            Self::NoCriterion => owned("write for example `[class, instance, title]`"),
            Self::Template(message) if message.ends_with("is not closed") => {
                owned("put the word in quotes if it has blanks: `'{title:^(.*) - Emacs$}'`")
            }
            Self::Template(message) if message.contains("has no variable") => {
                owned("write `${env:NAME}` for the environment, or `$${` for a plain `${`")
            }
            Self::Border(_) => owned("write `none`, `pixel 2` or `normal 2`"),
            _ => None,
        }
    }
}

/// "did you mean" for something near, else all there is.
fn nearest_or_all(found: &str, allowed: &[String]) -> String {
    if let Some(near) = nearest(found, allowed) {
        return format!("did you mean `{near}`?");
    }
    let ticked: Vec<String> = allowed.iter().map(|one| format!("`{one}`")).collect();
    match ticked.split_last() {
        None => "nothing else is allowed here".to_owned(),
        Some((only, [])) => format!("only {only} is allowed here"),
        Some((last, others)) => format!("allowed here: {} and {last}", others.join(", ")),
    }
}

/// The one that was probably meant.
pub fn nearest<'a>(found: &str, known: &'a [String]) -> Option<&'a str> {
    /// Below this, words share letters by chance: `tabs` and `tabbed` are at 0.82,
    /// `rows` and `marks` at 0.63.
    const ALIKE: f64 = 0.75;
    let lower = found.to_lowercase();
    known
        .iter()
        .map(|name| (strsim::jaro_winkler(&lower, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_words_find_their_neighbour() {
        let keys: Vec<String> = ["command", "class", "layout", "percent", "nodes", "marks"]
            .map(str::to_owned)
            .to_vec();
        for (found, near) in [
            ("comand", Some("command")),
            ("Class", Some("class")),
            ("layuot", Some("layout")),
            ("precent", Some("percent")),
            ("node", Some("nodes")),
            ("mark", Some("marks")),
            ("xyzzy", None),
            ("", None),
        ] {
            assert_eq!(nearest(found, &keys), near, "{found}");
        }
    }

    #[test]
    fn without_a_neighbour_all_are_named() {
        let allowed = ["splith", "splitv"].map(str::to_owned).to_vec();
        assert_eq!(
            nearest_or_all("diagonal", &allowed),
            "allowed here: `splith` and `splitv`"
        );
    }
}
