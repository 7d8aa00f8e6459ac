//! Checks of the session: i3, the X server, other programs, leftovers.

use std::collections::BTreeSet;

use super::files::Read;
use crate::cli::context::Context;
use crate::cli::history::last;
use crate::cli::places::start_times;
use crate::cli::status::leftovers_on;
use crate::discover::daemons::{Daemon, names};
use crate::discover::proc_table::ProcTable;
use crate::doctor::finding::{Without, harms};
use crate::doctor::peers::connected_to;
use crate::doctor::{Check, Finding, Verdict, machine};
use crate::error::Error;
use crate::live::{Pid, Process, workspace_number};
use crate::session::{Session, SessionError, probe};
use crate::ui::history::Result as Ending;

/// Connects to i3 and the X server.
pub(super) fn connect(context: &Context, findings: &mut Vec<Finding>) -> Option<Session> {
    let env = context.session_env();
    let server = probe::x_server(env.display.as_deref());
    match &server {
        Ok(server) => {
            let before = findings.len();
            if !server.has_client_ids {
                findings.push(Finding::NoExtension("XRes"));
            }
            if !server.has_randr {
                findings.push(Finding::NoExtension("RandR"));
            }
            if findings.len() == before {
                findings.push(Finding::Fine(Check::XServer));
            }
        }
        Err(_) => findings.push(Finding::Skipped(Check::XServer, Without::XServer)),
    }
    let session = open(context);
    match (&server, &session) {
        (_, Err(Error::Session(SessionError::TwoDesktops { .. }))) => {
            findings.push(Finding::Skipped(Check::I3, Without::OneDesktop));
        }
        (Err(_), Err(Error::Session(SessionError::X(_)))) => {
            findings.push(Finding::Skipped(Check::I3, Without::XServer));
        }
        (Ok(_), _) => findings.push(Finding::Display(env.display.clone().unwrap_or_default())),
        _ => {}
    }
    if let Err(error) = server {
        findings.push(problem(Check::Display, Error::from(error)));
    }
    match session {
        Ok((session, version)) => {
            let socket = session.socket().to_owned();
            if let Some(path) = env.i3sock.filter(|path| *path != socket)
                && probe::is_left_over(&path, env.limit)
            {
                findings.retain(|one| !matches!(one, Finding::Display(_)));
                findings.push(Finding::StaleSocket {
                    path,
                    used: socket.clone(),
                });
            }
            findings.push(Finding::I3 { version, socket });
            Some(session)
        }
        Err(Error::Session(SessionError::X(_))) => None,
        Err(error @ Error::Session(SessionError::TwoDesktops { .. })) => {
            findings.push(problem(Check::Display, error));
            None
        }
        Err(error) => {
            findings.push(problem(Check::I3, error));
            None
        }
    }
}

/// The session, with i3's version.
fn open(context: &Context) -> Result<(Session, String), Error> {
    let mut session = context.session()?;
    let version = session.about()?.version.to_string();
    Ok((session, version))
}

fn problem(check: Check, error: Error) -> Finding {
    Finding::Problem {
        check,
        verdict: Verdict::Error,
        subject: None,
        problem: Box::new(error),
        lists_all: None,
    }
}

/// Looks for programs that change workspaces or containers by themselves.
pub(super) fn processes(
    context: &Context,
    has_session: bool,
    layouts: &[Read],
    findings: &mut Vec<Finding>,
) {
    if !has_session {
        findings.push(Finding::Skipped(Check::Daemons, Without::I3));
        return;
    }
    let display = context.display();
    let processes = ProcTable::new().of_user(display.as_deref());
    let mut daemons: Vec<Daemon> = processes.iter().filter_map(Daemon::of).collect();
    daemons.sort();
    daemons.dedup();
    let mut names = layouts.iter().flat_map(|read| &read.plan.workspaces);
    let all_numbered = names.all(|workspace| workspace_number(&workspace.written).is_some());
    if daemons.is_empty() {
        findings.push(Finding::Fine(Check::Daemons));
    }
    findings.extend(daemons.into_iter().map(|daemon| Finding::Daemon {
        harms: harms(daemon.effect, all_numbered),
        daemon,
    }));
}

/// Looks for programs that are connected to i3.
pub(super) fn clients(session: Option<&Session>, findings: &mut Vec<Finding>) {
    /// Parts of i3.
    const OWN: [&str; 2] = ["i3bar", "i3-msg"];
    let Some(session) = session else {
        findings.push(Finding::Skipped(Check::Clients, Without::I3));
        return;
    };
    let sockets = connected_to(session.socket()).unwrap_or_default();
    let processes = ProcTable::new().holders(&sockets);
    let is_own = |one: &Process| one.pid == Some(Pid(machine::process()));
    // This program is connected. If it is not found, the others are not, either: the kernel does not
    // tell, or i3 knows its socket by another path.
    if !processes.iter().any(is_own) {
        findings.push(Finding::Skipped(Check::Clients, Without::Kernel));
        return;
    }
    let others = processes.into_iter().filter(|one| !is_own(one));
    // The script says more than its interpreter.
    let names = others.filter_map(|process| names(&process).pop());
    let names: BTreeSet<String> = names.filter(|name| !OWN.contains(&name.as_str())).collect();
    findings.push(if names.is_empty() {
        Finding::Fine(Check::Clients)
    } else {
        Finding::Clients(names.into_iter().collect())
    });
}

/// Looks for leftovers of interrupted runs.
pub(super) fn desktop(
    context: &Context,
    session: Option<&mut Session>,
    findings: &mut Vec<Finding>,
) {
    let Some(session) = session else {
        findings.push(Finding::Skipped(Check::Leftovers, Without::I3));
        return;
    };
    if matches!(last(context), Some((_, Ending::Running))) {
        findings.push(Finding::RunInProgress);
        return;
    }
    findings.push(match session.observe(&start_times()) {
        Ok(desktop) => {
            let left = leftovers_on(&desktop);
            if (left.placeholders, left.windows, left.marks) == (0, 0, 0) {
                Finding::Fine(Check::Leftovers)
            } else {
                Finding::Leftovers {
                    placeholders: left.placeholders,
                    windows: left.windows,
                    marks: left.marks,
                }
            }
        }
        Err(error) => problem(Check::Leftovers, error.into()),
    });
}
