//! `menu`: choose a layout with rofi, dmenu or fzf.

mod icons;
mod programs;
mod screen;

use std::fmt::Write as _;
use std::path::Path;

use super::context::Context;
use super::current;
use super::exit::Exit;
use crate::discover::search_path::SearchPath;
use crate::error::Error;
use crate::store::Target;
use programs::Menu;
use screen::{Choice, Next, Row, Run, lists_layouts, next};

/// Choose a layout from a menu
///
/// Shows the layouts, and restores the chosen one. `Other actions…` leads to diff, update, edit,
/// delete and undo. Uses rofi, which also shows a picture of each layout, else dmenu; in a terminal,
/// fzf if it is installed.
///
/// rofi can also show the layouts beside other modes: `rofi -modi "drun,layouts:i3pm-layout menu"`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout menu\n  \
        i3pm-layout menu --with dmenu\n  \
        bindsym $mod+F10 exec --no-startup-id i3pm-layout menu")]
pub(super) struct Args {
    /// Use this program
    #[arg(long, value_enum, value_name = "PROGRAM")]
    with: Option<Menu>,
    /// The row that rofi has chosen
    #[arg(hide = true, allow_hyphen_values = true)]
    chosen: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let own = Context::own_program().unwrap_or_else(|| "i3pm-layout".into());
    if context.variable("ROFI_RETV").is_some() {
        let answer = context.variable("ROFI_INFO").unwrap_or_default();
        let answer = answer.to_string_lossy();
        // Most answers need no look at the desktop.
        let layouts = if lists_layouts(&answer) {
            layouts(context)?
        } else {
            Vec::new()
        };
        match next(&answer, &layouts) {
            Next::Run(command) => command.start(&own, context)?,
            Next::Ask { prompt, rows } => {
                context.ui.out(&for_rofi(context, &prompt, &rows))?;
            }
        }
        return Ok(Exit::Done);
    }
    if context.store.list()?.is_empty() {
        return Err(Error::NoLayouts);
    }
    let menu = match args.with {
        Some(menu) => menu,
        None => installed(context)?,
    };
    if menu == Menu::Rofi {
        programs::rofi(&own)?;
        return Ok(Exit::Done);
    }
    let layouts = layouts(context)?;
    let mut answer = String::new();
    loop {
        let (prompt, rows) = match next(&answer, &layouts) {
            Next::Ask { prompt, rows } => (prompt, rows),
            Next::Run(command) => {
                command.start(&own, context)?;
                return Ok(Exit::Done);
            }
        };
        match programs::ask(menu, &prompt, &rows)?.and_then(|index| rows.get(index)) {
            Some(row) => answer.clone_from(&row.answer),
            None => return Ok(Exit::Done),
        }
    }
}

impl Run {
    fn start(&self, own: &Path, context: &Context) -> Result<(), Error> {
        if self.in_terminal {
            programs::start_in_terminal(own, &self.arguments, context.runtime())
        } else {
            programs::start(own, &self.arguments)
        }
    }
}

/// The layouts, those on the desktop first.
fn layouts(context: &Context) -> Result<Vec<Choice>, Error> {
    let open = current::on_desktop(context);
    let all = context.store.list()?.into_iter();
    let choices = all.map(|listed| Choice {
        name: listed.full_name(),
        is_current: open.iter().any(|used| used.path == listed.path),
        is_invalid: context.load_target(&Target::File(listed.path)).is_err(),
    });
    let mut choices: Vec<Choice> = choices.collect();
    choices.sort_by_key(|choice| !choice.is_current);
    Ok(choices)
}

/// The best menu that is installed.
fn installed(context: &Context) -> Result<Menu, Error> {
    let path = SearchPath::new(context.variable("PATH").unwrap_or_default());
    let all = if context.ui.can_ask() {
        [Menu::Fzf, Menu::Rofi, Menu::Dmenu]
    } else {
        [Menu::Rofi, Menu::Dmenu, Menu::Fzf]
    };
    let usable = all
        .into_iter()
        .filter(|menu| *menu != Menu::Fzf || context.ui.can_ask());
    let mut found = usable.filter(|menu| path.find(menu.program()).is_some());
    found.next().ok_or(Error::NoMenu)
}

/// The rows in rofi's format (rofi-script(5)): options begin with a null character, and follow the
/// text of a row after one.
fn for_rofi(context: &Context, prompt: &str, rows: &[Row]) -> String {
    let names = rows.iter().filter_map(|row| row.layout.as_deref());
    let names: Vec<&str> = names.collect();
    let mut icons = icons::icons(context, &names).into_iter();
    let mut text = format!("\0prompt\x1f{prompt}\n\0no-custom\x1ftrue\n");
    for row in rows {
        let icon = row.layout.as_ref().and_then(|_| icons.next().flatten());
        let icon = icon.map_or_else(String::new, |icon| {
            format!("icon\x1f{}\x1f", icon.display())
        });
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}\0{icon}info\x1f{}", row.label, row.answer);
    }
    text
}
