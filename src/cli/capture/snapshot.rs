//! The captured desktop.

use super::super::context::{Context, observe, observe_programs};
use super::Args;
use super::target::marked_as;
use crate::capture::{Captured, Options, Warning, WorkspaceFilter, belong, capture};
use crate::config::Config;
use crate::discover::ThisMachine;
use crate::error::{Error, directory_hint};
use crate::live::{ConId, Desktop};
use crate::session::Session;
use crate::store::Target;

/// The captured desktop, with everything that it was captured from.
pub(super) struct Snapshot {
    session: Session,
    config: Config,
    pub(super) desktop: Desktop,
    pub(super) machine: ThisMachine,
    pub(super) captured: Captured,
}

impl Snapshot {
    /// Captures the selected part of the desktop.
    pub(super) fn new(args: &Args, context: &Context, target: &Target) -> Result<Self, Error> {
        let mut session = context.session()?;
        let config = context.config()?;
        let desktop = if args.update {
            session.ignore_by(config.rules.clone());
            observe(&mut session)?
        } else {
            observe_programs(&mut session)?
        };
        let machine = context.machine(&session, &config);
        let options = Options {
            name: None,
            project: None,
            workspaces: args
                .workspaces
                .iter()
                .map(|text| WorkspaceFilter::parse(text))
                .collect(),
            marked_as: marked_as(args, context, target),
            outputs: args.outputs.clone(),
            secrets: Some(machine.secrets()),
            config: Some(&config),
            home: Some(&context.home),
            of_project: args.project.as_deref(),
        };
        let captured = capture(&desktop, &|asked| machine.discover(asked), &options);
        refuse_unknown_names(&captured.warnings, &desktop)?;
        let snapshot = Self {
            session,
            config,
            desktop,
            machine,
            captured,
        };
        snapshot.note_other_projects(args, context, target);
        Ok(snapshot)
    }

    /// Notes that a layout in the folder of a known project gets all windows, not only
    /// those of the project.
    fn note_other_projects(&self, args: &Args, context: &Context, target: &Target) {
        if let Target::Named {
            project: Some(project),
            name,
        } = target
            && args.project.is_none()
            && self.config.projects.contains_key(project)
        {
            context.ui.note(&format!(
                "windows of all projects are captured; run `i3pm-layout capture {name} --project \
                 {project}{}` to capture only those of `{project}`",
                if args.update { " --update" } else { "" }
            ));
        }
    }

    /// Refuses a project without windows, and notes that a project has no directory.
    pub(super) fn check_project(
        &self,
        args: &Args,
        context: &Context,
        windows: usize,
    ) -> Result<(), Error> {
        let Some(project) = args.project.as_deref() else {
            return Ok(());
        };
        let has_directory = self.config.projects.contains_key(project);
        if windows == 0 && !args.force {
            let project = project.to_owned();
            return Err(if has_directory {
                Error::NoMember { project }
            } else {
                Error::NoDirectory { project }
            });
        }
        if !has_directory {
            context.ui.note(&format!(
                "no directory is set for the project `{project}`, so only marks and rules \
                 determine its windows; {}",
                directory_hint(project)
            ));
        }
        Ok(())
    }

    /// Marks windows that an earlier `apply` placed as windows of the written layout.
    pub(super) fn mark(&mut self, context: &Context, slots: &[(String, ConId)], layout: &str) {
        let commands = belong(&self.desktop, slots, layout);
        if !commands.is_empty()
            && let Err(error) = self.session.run(&commands)
        {
            // The layout is still valid; `apply` can identify the windows in other ways.
            context
                .ui
                .warn(&format!("the windows keep their old marks: {error}"));
        }
    }
}

/// Refuses names of workspaces and outputs that do not exist.
fn refuse_unknown_names(warnings: &[Warning], desktop: &Desktop) -> Result<(), Error> {
    for warning in warnings {
        let warning = warning.clone();
        let workspaces = desktop.workspaces();
        let outputs = desktop.outputs.iter();
        return Err(match &warning {
            Warning::NoSuchWorkspace(_) => Error::NotOnDesktop {
                warning,
                known: workspaces.map(|one| one.con.name().to_owned()).collect(),
            },
            Warning::NoSuchOutput(_) => Error::NoOutput {
                warning,
                known: outputs.map(|output| output.name.clone()).collect(),
            },
            _ => continue,
        });
    }
    Ok(())
}
