//! The timeline of a restore: its events and the actions that follow, with times.

use i3pm_layout::apply::{Action, Event, Happening, Listener, What};

use crate::harness::Desktop;
use crate::harness::in_process::InProcess;

/// Prints each step of a restore of this layout in this process. The first column has the
/// milliseconds since the start of the run, the second those since the line above.
pub(crate) fn print(desktop: &Desktop, layout: &str) {
    let mut run = InProcess::new(desktop, "desk", layout);
    println!("\nTimeline of a restore (milliseconds)");
    let mut lines = Lines::default();
    run.apply(&mut lines);
    let mut last = 0.0;
    for (at, event, actions) in &lines.steps {
        println!("  {at:>7.1} {:>6.1}  {event} -> {actions}", at - last);
        last = *at;
    }
}

/// The steps of a run, as text.
#[derive(Default)]
struct Lines {
    steps: Vec<(f64, String, String)>,
}

impl Listener for Lines {
    fn happened(&mut self, event: &Event) {
        let at = event.at.as_secs_f64() * 1e3;
        self.steps.push((at, of_event(&event.what), String::new()));
    }

    fn follows(&mut self, actions: &[Action]) {
        if let Some(step) = self.steps.last_mut() {
            let names: Vec<String> = actions.iter().map(of_action).collect();
            step.2 = names.join(", ");
        }
    }
}

fn of_event(what: &What) -> String {
    match what {
        What::Woken(happenings) => {
            let names: Vec<String> = happenings.iter().map(of_happening).collect();
            format!("woken by {}", names.join(", "))
        }
        other => first_word(&format!("{other:?}")),
    }
}

fn of_happening(happening: &Happening) -> String {
    match happening {
        Happening::Change(change) => first_word(&format!("{change:?}")),
        other => first_word(&format!("{other:?}")),
    }
}

fn of_action(action: &Action) -> String {
    match action {
        Action::Send(commands) | Action::Remove { commands, .. } => {
            let mut names: Vec<String> = commands
                .iter()
                .map(|command| first_word(&format!("{command:?}")))
                .collect();
            names.dedup();
            let names = names.join(" ");
            format!("{} ({names})", first_word(&format!("{action:?}")))
        }
        Action::Append(pieces) => format!("Append ({})", pieces.len()),
        other => first_word(&format!("{other:?}")),
    }
}

/// The name of a variant.
fn first_word(text: &str) -> String {
    let end = text.find(|sign: char| !sign.is_alphanumeric());
    text[..end.unwrap_or(text.len())].to_owned()
}
