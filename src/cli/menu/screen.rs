//! The screens of the menu. Pure: an answer leads to the next screen, or to a command.

/// What can be done with a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Action {
    /// Its name in answers.
    name: &'static str,
    /// Its row.
    label: &'static str,
    /// The command before and after the name of the layout.
    command: (&'static str, &'static [&'static str]),
    /// True if the user must see or type something.
    in_terminal: bool,
}

/// The actions, the usual one first.
const ACTIONS: [Action; 5] = [
    Action {
        name: "apply",
        label: "Restore",
        command: ("apply", &[]),
        in_terminal: false,
    },
    Action {
        name: "diff",
        label: "Show the differences",
        command: ("diff", &[]),
        in_terminal: true,
    },
    Action {
        name: "update",
        label: "Update from the desktop",
        command: ("capture", &["--update"]),
        in_terminal: false,
    },
    Action {
        name: "edit",
        label: "Edit",
        command: ("edit", &[]),
        in_terminal: true,
    },
    Action {
        name: "delete",
        label: "Delete",
        command: ("delete", &[]),
        in_terminal: false,
    },
];

/// A layout that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// Its name.
    pub(super) name: String,
    /// True if some of its windows are open.
    pub(super) is_current: bool,
    /// True if its file is invalid.
    pub(super) is_invalid: bool,
}

impl Choice {
    /// The name, with what distinguishes the layout from others.
    fn label(&self) -> String {
        let name = &self.name;
        match (self.is_current, self.is_invalid) {
            (false, false) => name.clone(),
            (true, false) => format!("{name} (on the desktop)"),
            (false, true) => format!("{name} (invalid)"),
            (true, true) => format!("{name} (on the desktop, invalid)"),
        }
    }
}

/// A row of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The text.
    pub(super) label: String,
    /// The answer that it gives.
    pub(super) answer: String,
    /// The layout to show a picture of.
    pub(super) layout: Option<String>,
}

/// What follows an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// More rows.
    Ask {
        /// The question.
        prompt: String,
        /// The rows.
        rows: Vec<Row>,
    },
    /// A command.
    Run(Run),
}

/// A command of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Its arguments, without the program's name.
    pub(super) arguments: Vec<String>,
    /// True if it needs a terminal.
    pub(super) in_terminal: bool,
}

impl Row {
    fn new(label: &str, answer: String) -> Self {
        Self {
            label: label.to_owned(),
            answer,
            layout: None,
        }
    }
}

/// The verb, the action and the layout of an answer.
fn parts(answer: &str) -> (&str, Option<&'static Action>, Option<&str>) {
    let mut words = answer.splitn(3, ' ');
    let verb = words.next().unwrap_or_default();
    let action = words.next();
    let action = ACTIONS.iter().find(|one| Some(one.name) == action);
    (verb, action, words.next())
}

/// True if the layouts are shown after this answer.
pub(super) fn lists_layouts(answer: &str) -> bool {
    let (verb, action, layout) = parts(answer);
    match verb {
        "actions" | "undo" => false,
        "do" | "sure" => action.is_none() || layout.is_none(),
        _ => true,
    }
}

/// The next screen, or the command to run. An empty or unknown answer leads to the first screen.
pub(super) fn next(answer: &str, layouts: &[Choice]) -> Next {
    match parts(answer) {
        ("actions", ..) => actions(),
        ("undo", ..) => Next::Run(Run {
            arguments: vec!["undo".to_owned()],
            in_terminal: false,
        }),
        ("for", Some(action), _) => Next::Ask {
            prompt: action.label.to_lowercase(),
            rows: rows_of(action, layouts),
        },
        ("do", Some(action), Some(layout)) if action.name == "delete" => Next::Ask {
            prompt: format!("delete {layout}?"),
            rows: vec![
                Row::new("Keep it", String::new()),
                Row::new("Delete it", format!("sure delete {layout}")),
            ],
        },
        ("do" | "sure", Some(action), Some(layout)) => {
            let (command, options) = action.command;
            let words = [command, layout].into_iter().chain(options.iter().copied());
            Next::Run(Run {
                arguments: words.map(str::to_owned).collect(),
                in_terminal: action.in_terminal,
            })
        }
        _ => {
            let mut rows = rows_of(&ACTIONS[0], layouts);
            rows.push(Row::new("Other actions…", "actions".to_owned()));
            Next::Ask {
                prompt: "restore".to_owned(),
                rows,
            }
        }
    }
}

fn actions() -> Next {
    let of_layouts = ACTIONS.iter().skip(1);
    let rows = of_layouts.map(|one| Row::new(one.label, format!("for {}", one.name)));
    let undo = Row::new("Undo the last run", "undo".to_owned());
    Next::Ask {
        prompt: "action".to_owned(),
        rows: std::iter::once(undo).chain(rows).collect(),
    }
}

fn rows_of(action: &Action, layouts: &[Choice]) -> Vec<Row> {
    let rows = layouts.iter().map(|choice| Row {
        label: choice.label(),
        answer: format!("do {} {}", action.name, choice.name),
        layout: Some(choice.name.clone()),
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answers of the rows, or the command.
    fn after(answer: &str) -> String {
        let choice = |name: &str| Choice {
            name: name.to_owned(),
            is_current: name == "dev",
            is_invalid: false,
        };
        let all = [choice("dev"), choice("nixos/mail")];
        let layouts = if lists_layouts(answer) { &all[..] } else { &[] };
        match next(answer, layouts) {
            Next::Ask { prompt, rows } => {
                let rows = rows
                    .iter()
                    .map(|row| format!("{}={}", row.label, row.answer));
                format!("{prompt}? {}", rows.collect::<Vec<_>>().join("; "))
            }
            Next::Run(run) => {
                format!(
                    "{} (terminal: {})",
                    run.arguments.join(" "),
                    run.in_terminal
                )
            }
        }
    }

    #[test]
    fn answers_lead_to_screens_and_commands() {
        let first = "restore? dev (on the desktop)=do apply dev; nixos/mail=do apply nixos/mail; \
                     Other actions…=actions";
        for (answer, expected) in [
            ("", first),
            ("nonsense", first),
            ("do jump dev", first),
            ("do apply dev", "apply dev (terminal: false)"),
            (
                "actions",
                "action? Undo the last run=undo; Show the differences=for diff; \
                 Update from the desktop=for update; Edit=for edit; Delete=for delete",
            ),
            (
                "for edit",
                "edit? dev (on the desktop)=do edit dev; nixos/mail=do edit nixos/mail",
            ),
            ("do edit dev", "edit dev (terminal: true)"),
            ("do update dev", "capture dev --update (terminal: false)"),
            (
                "do delete dev",
                "delete dev?? Keep it=; Delete it=sure delete dev",
            ),
            ("sure delete dev", "delete dev (terminal: false)"),
            ("undo", "undo (terminal: false)"),
        ] {
            assert_eq!(after(answer), expected, "{answer}");
        }
    }

    #[test]
    fn rows_say_which_layouts_are_invalid() {
        let label = |is_current, is_invalid| {
            let name = "dev".to_owned();
            let choice = Choice {
                name,
                is_current,
                is_invalid,
            };
            choice.label()
        };
        assert_eq!(label(false, true), "dev (invalid)");
        assert_eq!(label(true, true), "dev (on the desktop, invalid)");
    }
}
