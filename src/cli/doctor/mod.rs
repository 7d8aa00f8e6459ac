//! `doctor`: check the installation, the session and the files.

mod bindings;
mod completions;
mod files;
mod hooks;
mod i3_config;
mod session;

use super::alarm::Buttons;
use super::context::Context;
use super::exit::Exit;
use crate::doctor::{Finding, Verdict, worst};
use crate::error::Error;
use crate::ui::Paint;
use crate::ui::doctor as text;

/// Check the installation, the session and all files, with the fix for each problem
///
/// Changes nothing, and also works without i3. Checks the connection to i3, the X server, the key
/// bindings that run i3pm-layout, the shell's completions, the configuration, hooks and all layouts
/// with their programs, rules of the i3 config and other programs that use i3, leftovers of interrupted runs, records,
/// directories, free space, limits and the clock.
///
/// Exits with 0 if everything works, also with warnings, and with 1 if something must be fixed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout doctor\n  \
        i3pm-layout doctor --json | jq -r '.checks[] | select(.result == \"error\").fix'")]
pub(super) struct Args {
    /// Print the checks as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let findings = findings(context);
    context.print(
        args.json,
        || text::to_json(&findings),
        |paint| text::text(&findings, paint),
    )?;
    context.ui.say(&text::summary(&findings));
    // A key binding has no terminal.
    if let Some(alert) = text::alert(&findings)
        && let Ok(session) = context.session()
    {
        let details = || text::text(&findings, Paint(false));
        context.alarm(&session, "", (&alert, &details), Buttons::Again);
    }
    Ok(match worst(&findings) {
        Verdict::Error => Exit::Incomplete,
        Verdict::Ok | Verdict::Skipped | Verdict::Warning => Exit::Done,
    })
}

/// The findings of all checks, in their order.
pub(super) fn findings(context: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    // First, so that its secrets are masked in everything that follows.
    files::configuration(context, &mut findings);
    hooks::check(context, &mut findings);
    let mut session = session::connect(context, &mut findings);
    let layouts = files::layouts(context, &mut findings);
    session::processes(context, session.is_some(), &layouts, &mut findings);
    session::clients(session.as_ref(), &mut findings);
    session::desktop(context, session.as_mut(), &mut findings);
    i3_config::check(context, session.as_mut(), &layouts, &mut findings);
    findings.push(completions::check(context));
    files::records(context, &mut findings);
    files::directories(context, &mut findings);
    files::clock(context, &mut findings);
    findings.sort_by_key(Finding::check);
    findings
}
