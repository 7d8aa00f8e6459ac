//! `adapt --interactive`: a person moves workspaces at a prompt.

use super::super::context::Context;
use super::super::exit::Exit;
use super::super::places;
use super::goal::Goal;
use super::save;
use crate::apply::adapt;
use crate::document::fault::nearest;
use crate::error::Error;
use crate::layout::{Profile, ProfileWorkspace};
use crate::live::{Desktop, Output, workspace_number};
use crate::records::Arrangement;
use crate::ui;

/// Asks until the person quits.
pub(super) fn run(context: &Context) -> Result<Exit, Error> {
    if !context.ui.can_ask() {
        return Err(Error::Usage {
            what: "`adapt --interactive` needs a terminal".to_owned(),
            hint: Some(
                "run it in a terminal, for example `i3-sensible-terminal -e i3pm-layout adapt \
                 --interactive`; without one, use `i3pm-layout adapt --profile PROFILE`"
                    .to_owned(),
            ),
        });
    }
    let mut session = places::session_with_monitors(context)?;
    let mut desktop = places::observe_places(&mut session)?;
    show(&desktop, context);
    context.ui.say(ui::arrangement::HELP);
    while let Some(line) = context.ui.prompt("> ") {
        // Monitors and workspaces may have changed since the list was shown.
        places::wait_for_monitors(&mut session, context)?;
        let before = std::mem::replace(&mut desktop, places::observe_places(&mut session)?);
        let request = parse(&line, &Arrangement::of(&desktop));
        if request == Ok(Request::Quit) {
            break;
        }
        if before.outputs != desktop.outputs {
            context
                .ui
                .note("the monitors have changed, so nothing was done; this is the new list");
            show(&desktop, context);
            continue;
        }
        match request {
            Ok(Request::Quit) => break,
            Ok(Request::Show) => {}
            Ok(Request::Help) => {
                context.ui.say(ui::arrangement::HELP);
                continue;
            }
            Ok(Request::Save(name)) => {
                match save::save(&name, &desktop, false, context) {
                    Ok(saved) => saved.say(false, context),
                    Err(error) => context.ui.error(&error),
                }
                continue;
            }
            Ok(Request::Move { output, workspaces }) => {
                let profile = moved(&Arrangement::of(&desktop), &output, &workspaces);
                let goal = Goal::profile(&profile, context, &mut session, &desktop)?;
                let adapted = goal.run(context, &mut session, &|world, to| adapt(world, to))?;
                context
                    .ui
                    .say(&ui::adapt::answer(&adapted, context.ui.paint_err()));
            }
            Err(sentence) => {
                context
                    .ui
                    .say(&ui::arrangement::refused(&sentence, context.ui.paint_err()));
                continue;
            }
        }
        desktop = places::observe_places(&mut session)?;
        show(&desktop, context);
    }
    places::remember(context, &mut session, None)?;
    Ok(Exit::Done)
}

fn show(desktop: &Desktop, context: &Context) {
    let shown = Arrangement::of(desktop);
    context
        .ui
        .say(&ui::arrangement::show(&shown, context.ui.paint_err()));
}

/// A line of the person.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Request {
    /// Move these workspaces to this output.
    Move {
        output: String,
        workspaces: Vec<String>,
    },
    /// Save the present places as a profile with this name.
    Save(String),
    /// Show monitors and workspaces again.
    Show,
    /// Show the instructions.
    Help,
    /// End.
    Quit,
}

/// Parses a line: `MONITOR WORKSPACE...`, `s NAME`, `?`, `q` or nothing. A monitor is the number in the
/// list or the name of its output, a workspace its name or number.
fn parse(line: &str, shown: &Arrangement) -> Result<Request, String> {
    let words = shell_words::split(line).map_err(|_| "a quote is not closed".to_owned())?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => Ok(Request::Show),
        ["q" | "quit"] => Ok(Request::Quit),
        ["?" | "h" | "help"] => Ok(Request::Help),
        ["s" | "save", name] => Ok(Request::Save((*name).to_owned())),
        ["s" | "save", ..] => Err("write `s NAME`, for example `s office`".to_owned()),
        [monitor] => Err(match output(monitor, &shown.monitors) {
            Some(output) => format!(
                "name the workspaces, too, for example `{monitor} {}`",
                example(shown, &output.name)
            ),
            None => unknown_monitor(monitor, shown),
        }),
        [monitor, names @ ..] => {
            let output =
                output(monitor, &shown.monitors).ok_or_else(|| unknown_monitor(monitor, shown))?;
            let workspaces: Result<Vec<String>, String> =
                names.iter().map(|name| workspace(name, shown)).collect();
            Ok(Request::Move {
                output: output.name.clone(),
                workspaces: workspaces?,
            })
        }
    }
}

/// A workspace that is not on this output.
fn example(shown: &Arrangement, output: &str) -> String {
    let mut all = shown.workspaces.iter();
    let found = all.find(|one| one.output != output);
    let name = found.or(shown.workspaces.first()).map(|one| &one.name);
    name.map_or_else(
        || "1".to_owned(),
        |name| shell_words::quote(name).into_owned(),
    )
}

fn output<'a>(word: &str, outputs: &'a [Output]) -> Option<&'a Output> {
    let by_number = word.parse().ok().and_then(|number: usize| {
        let position = number.checked_sub(1)?;
        outputs.get(position)
    });
    by_number.or_else(|| {
        let mut all = outputs.iter();
        all.find(|output| output.name.eq_ignore_ascii_case(word))
    })
}

fn unknown_monitor(word: &str, shown: &Arrangement) -> String {
    let number = shown.monitors.len();
    let names = shown.monitors.iter().map(|output| output.name.clone());
    let names: Vec<String> = names.collect();
    match nearest(word, &names) {
        Some(near) => format!("no monitor `{word}`; did you mean `{near}`?"),
        None => format!(
            "no monitor `{word}`; write a number from 1 to {number}, or the name of an output"
        ),
    }
}

/// The workspace with this name, else the only one with this number.
fn workspace(word: &str, shown: &Arrangement) -> Result<String, String> {
    let names = || shown.workspaces.iter().map(|one| &one.name);
    let by_name = names().find(|name| name.eq_ignore_ascii_case(word));
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    let number = workspace_number(word).filter(|_| is_number);
    let mut by_number = names().filter(|name| number.is_some() && workspace_number(name) == number);
    match (by_name, by_number.next(), by_number.next()) {
        (Some(name), ..) | (None, Some(name), None) => Ok(name.clone()),
        (None, Some(one), Some(two)) => Err(format!("`{word}` could be `{one}` or `{two}`")),
        (None, None, _) => {
            let names: Vec<String> = names().cloned().collect();
            Err(match nearest(word, &names) {
                Some(near) => format!("no workspace `{word}`; did you mean `{near}`?"),
                None => format!("no workspace `{word}`"),
            })
        }
    }
}

/// The arrangement with these workspaces on this output, which shows the first of them.
fn moved(shown: &Arrangement, output: &str, workspaces: &[String]) -> Profile {
    let mut profile = shown.profile("interactive");
    let is_moved = |one: &ProfileWorkspace| workspaces.contains(&one.name);
    for place in &mut profile.workspaces {
        if is_moved(place) {
            output.clone_into(&mut place.output);
            place.visible = workspaces.first() == Some(&place.name);
        } else if place.output == output {
            place.visible = false;
        }
    }
    profile
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::records::arrangement::PlacedWorkspace;

    fn shown() -> Arrangement {
        let output = |name: &str| Output {
            name: name.to_owned(),
            ..Output::default()
        };
        let place = |name: &str, output: &str, visible| PlacedWorkspace {
            name: name.to_owned(),
            output: output.to_owned(),
            visible,
        };
        Arrangement {
            monitors: vec![output("eDP-1"), output("DP-1")],
            workspaces: vec![
                place("1:mail", "eDP-1", true),
                place("2:my web", "eDP-1", false),
                place("3", "DP-1", true),
                place("3:code", "DP-1", false),
                place("4:a", "DP-1", false),
                place("4:b", "DP-1", false),
            ],
            ..Arrangement::default()
        }
    }

    #[test]
    fn lines_are_requests_or_are_refused_with_a_sentence() {
        let to = |output: &str, workspaces: &[&str]| {
            Ok(Request::Move {
                output: output.to_owned(),
                workspaces: workspaces.iter().map(ToString::to_string).collect(),
            })
        };
        for (line, expected) in [
            ("", Ok(Request::Show)),
            ("  ", Ok(Request::Show)),
            ("q", Ok(Request::Quit)),
            ("s office", Ok(Request::Save("office".to_owned()))),
            ("2 1", to("DP-1", &["1:mail"])),
            (
                "dp-1 1:MAIL \"2:my web\"",
                to("DP-1", &["1:mail", "2:my web"]),
            ),
            ("1 3", to("eDP-1", &["3"])),
            ("1 3:code 3", to("eDP-1", &["3:code", "3"])),
            ("1 4", Err("`4` could be `4:a` or `4:b`")),
            ("1 9", Err("no workspace `9`")),
            (
                "1 1:mial",
                Err("no workspace `1:mial`; did you mean `1:mail`?"),
            ),
            ("dp1 3", Err("no monitor `dp1`; did you mean `DP-1`?")),
            ("?", Ok(Request::Help)),
            ("help", Ok(Request::Help)),
            (
                "3 1",
                Err("no monitor `3`; write a number from 1 to 2, or the name of an output"),
            ),
            ("2", Err("name the workspaces, too, for example `2 1:mail`")),
            (
                "0",
                Err("no monitor `0`; write a number from 1 to 2, or the name of an output"),
            ),
            ("s", Err("write `s NAME`, for example `s office`")),
            ("1 'x", Err("a quote is not closed")),
        ] {
            let found = parse(line, &shown());
            assert_eq!(found, expected.map_err(str::to_owned), "{line}");
        }
    }

    #[test]
    fn monitor_shows_the_first_workspace_that_was_moved_to_it() {
        let profile = moved(
            &shown(),
            "DP-1",
            &["2:my web".to_owned(), "1:mail".to_owned()],
        );
        let places = profile.workspaces.iter().map(|one| {
            let star = if one.visible { "*" } else { "" };
            format!("{}{star}@{}", one.name, one.output)
        });
        assert_eq!(
            places.collect::<Vec<_>>(),
            [
                "1:mail@DP-1",
                "2:my web*@DP-1",
                "3@DP-1",
                "3:code@DP-1",
                "4:a@DP-1",
                "4:b@DP-1"
            ]
        );
    }
}
