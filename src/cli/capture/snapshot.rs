//! The captured desktop.

use std::path::Path;

use super::super::context::{Context, lasting, observe, observe_programs};
use super::super::places;
use super::Args;
use crate::apply::Recorder as _;
use crate::capture::{Captured, Options, Warning, WorkspaceFilter, capture};
use crate::compile::SlotIdx;
use crate::config::Config;
use crate::discover::ThisMachine;
use crate::error::{Error, directory_hint};
use crate::live::{ConId, Desktop};
use crate::store::Target;

/// The captured desktop, with everything that it was captured from.
pub(in crate::cli) struct Snapshot {
    config: Config,
    pub(super) desktop: Desktop,
    pub(in crate::cli) machine: ThisMachine,
    pub(in crate::cli) captured: Captured,
}

impl Snapshot {
    /// Captures all windows, for no certain layout.
    pub(in crate::cli) fn whole(context: &Context) -> Result<Self, Error> {
        Self::new(&Args::whole(), context, &Target::Stdio)
    }

    /// Captures the selected part of the desktop.
    pub(super) fn new(args: &Args, context: &Context, target: &Target) -> Result<Self, Error> {
        let mut session = context.session()?;
        let config = context.config()?;
        let identity = context
            .store
            .path(target)
            .and_then(|path| context.identity(&path));
        if let Some(identity) = &identity {
            session.remember(context.records().of_layout(identity));
        }
        let desktop = if args.update {
            session.ignore_by(config.rules.clone());
            observe(&mut session)?
        } else {
            observe_programs(&mut session)?
        };
        context.journal.saw(&desktop);
        let desktop = desktop.without_reserved_names().unwrap_or(desktop);
        // Without them, a title is missing that `apply` would wait for.
        let window_config = session.wm().window_config().unwrap_or_default();
        let window_rules = window_config.lasting_criteria();
        let machine = context.machine(&session, &config);
        let options = Options {
            name: None,
            project: None,
            workspaces: args
                .workspaces
                .iter()
                .map(|text| WorkspaceFilter::parse(text))
                .collect(),
            placed_by: identity.clone(),
            outputs: args.outputs.clone(),
            secrets: Some(machine.secrets()),
            config: Some(&config),
            window_rules: &window_rules,
            home: Some(&context.home),
            of_project: args.project.as_deref(),
        };
        let captured = capture(&desktop, &|asked| machine.discover(asked), &options);
        refuse_unknown_names(&captured.warnings, &desktop)?;
        let snapshot = Self {
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
                let known = self.config.projects.keys().cloned().collect();
                Error::NoDirectory { project, known }
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

    /// Records the captured windows in the slots of the written layout, so that `apply` knows
    /// them without a change on the desktop.
    pub(super) fn record(&self, context: &Context, slots: &[(String, ConId)], path: &Path) {
        let Ok(loaded) = context.load_target(&Target::File(path.to_owned())) else {
            return;
        };
        let plan = context.plan(&loaded, &self.desktop.outputs, &[], &[]);
        let idx = |id: &str| plan.slots().find(|(_, slot)| slot.id == id);
        let placed: Vec<(SlotIdx, ConId)> = slots
            .iter()
            .filter_map(|(id, con)| Some((idx(id)?.0, *con)))
            .collect();
        let mut records = context.records();
        records.place(&plan, &lasting(path), &placed, &self.desktop);
        records.retain_open(&self.desktop);
        context.write_records(&records);
        places::remember_desktop(context, &self.desktop, plan.identity.as_deref());
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
