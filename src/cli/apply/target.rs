//! The layout that `apply` restores, and the values of its variables.

use std::ffi::OsStr;
use std::path::PathBuf;

use super::{Args, check_windows};
use crate::cli::best;
use crate::cli::context::{Context, Loaded};
use crate::cli::current;
use crate::cli::trust;
use crate::error::Error;
use crate::layout::Argument;
use crate::store::LOCAL;

/// A layout on the command line.
pub(super) struct Chosen {
    /// Its name or path.
    pub(super) name: String,
    /// The values of its variables.
    pub(super) arguments: Vec<Argument>,
    /// The file, if it is the layout of the project in whose directory the command runs.
    local: Option<PathBuf>,
}

impl Chosen {
    /// The name and the values as words of a command line.
    pub(super) fn words(&self) -> Vec<String> {
        let values = self.arguments.iter().map(ToString::to_string);
        std::iter::once(self.name.clone()).chain(values).collect()
    }
}

/// Chooses the layout. Without a name, it is the one of the
/// project in whose directory the command runs, else the current one.
pub(super) fn choose(args: &Args, context: &Context) -> Result<Chosen, Error> {
    let mut arguments = args.arguments.all();
    let chosen = |name, arguments| Chosen {
        name,
        arguments,
        local: None,
    };
    if let Some(names) = &args.best {
        return Ok(chosen(best::choose(names, context)?, arguments));
    }
    match args.name.as_deref().map(|name| (name, name.parse())) {
        Some((name, Err(_))) => return Ok(chosen(name.to_owned(), arguments)),
        // Values of variables without a name before them.
        Some((_, Ok(argument))) => arguments.insert(0, argument),
        None => {}
    }
    let Some(path) = context.local_layout() else {
        let (name, arguments) = current::named(None, arguments, context)?;
        // Its content may have changed since it was allowed.
        let path = PathBuf::from(&name);
        let is_local = path.file_name() == Some(OsStr::new(LOCAL));
        return Ok(Chosen {
            local: is_local.then_some(path),
            ..chosen(name, arguments)
        });
    };
    Ok(Chosen {
        name: path.to_string_lossy().into_owned(),
        arguments,
        local: Some(path),
    })
}

impl Chosen {
    /// Reads the layout, and records its name. Refuses one without anything to restore.
    pub(super) fn load(&self, context: &Context) -> Result<Loaded, Error> {
        let loaded = context.load_no_profile(&self.name, &self.arguments)?;
        context.record_layout(&loaded, &self.name);
        check_windows(&self.name, &loaded)?;
        Ok(loaded)
    }

    /// Checks that the user trusts the content of a layout of a project.
    pub(super) fn check(
        &self,
        args: &Args,
        loaded: &Loaded,
        context: &Context,
    ) -> Result<(), Error> {
        let is_allowed = args.trust && context.policy()?.forbid_trust.is_none();
        match &self.local {
            Some(path) if !args.dry_run && !is_allowed => trust::check(loaded, path, context),
            _ => Ok(()),
        }
    }
}
