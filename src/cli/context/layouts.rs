//! Reading layouts, and compiling them for the desktop.
#![expect(clippy::disallowed_methods, reason = "asks whether files exist")]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::Context;
use crate::apply::seats_of_started;
use crate::capture::needed;
use crate::compile::{Plan, Surroundings, compile};
use crate::discover::search_path::SearchPath;
use crate::discover::secrets::MASK;
use crate::error::Error;
use crate::layout::{Argument, Format, Layout, check};
use crate::live::{Output, PresentWorkspace, WorkspaceOutput};
use crate::records::{OtherLayouts, Records, file};
use crate::session::Session;
use crate::store::{LOCAL, Opened, StoreError, Target};
use crate::ui::diagnostic::without_number;
use crate::ui::words::{hide_value, hide_values, know_layout};

/// Refuses to write a file that the user has named if its folder does not exist: as for `cp` and
/// `tar`, the path is probably misspelt.
pub(in crate::cli) fn need_folder(file: &Path) -> Result<(), Error> {
    match file.parent() {
        Some(folder) if folder != Path::new("") && !folder.exists() => Err(Error::NoFolder {
            path: folder.to_owned(),
        }),
        _ => Ok(()),
    }
}

/// The absolute path; the same path if the working directory is not known.
pub(in crate::cli) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// True if a text has this word. A value that is also written elsewhere in a file, for example as
/// the id of a slot, is no secret.
fn has_word(text: &str, word: &str) -> bool {
    let is_end = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        is_end(before.chars().next_back()) && is_end(after.chars().next())
    })
}

/// A layout with the file that it was read from.
pub(in crate::cli) struct Loaded {
    pub(in crate::cli) opened: Opened,
    pub(in crate::cli) layout: Layout,
    /// The values of variables that the file does not have; see [`Filled::given`].
    pub(in crate::cli) given: Vec<String>,
    /// True if the file has names of workspaces with variables.
    pub(in crate::cli) has_named: bool,
}

impl Loaded {
    /// A layout that is in no file.
    pub(in crate::cli) fn without_file(layout: Layout) -> Self {
        Self {
            opened: Opened {
                origin: layout.name.clone().unwrap_or_default(),
                format: Format::default(),
                bytes: Vec::new(),
                path: None,
                included: Vec::new(),
                trust: Ok(()),
                is_of_root: false,
            },
            layout,
            given: Vec::new(),
            has_named: false,
        }
    }

    /// The same file with another layout.
    pub(in crate::cli) fn with_layout(&self, layout: Layout) -> Self {
        Self {
            opened: self.opened.clone(),
            layout,
            given: self.given.clone(),
            has_named: self.has_named,
        }
    }
}

impl Context {
    /// Finds and reads a layout, and sets its variables. Asks a person for values that are missing.
    pub(in crate::cli) fn load_with(
        &self,
        name: &str,
        arguments: &[Argument],
    ) -> Result<Loaded, Error> {
        let (opened, layout) = self.read_target(&self.store.target(name)?)?;
        self.complete(name, opened, &layout, arguments)
    }

    /// As [`Self::load_with`], for two layouts. Each gets the values of the variables that it has.
    pub(in crate::cli) fn load_two(
        &self,
        names: [&str; 2],
        arguments: &[Argument],
    ) -> Result<[Loaded; 2], Error> {
        let [one, other] = names;
        let read = |name: &str| self.read_target(&self.store.target(name)?);
        let (one, other) = (read(one)?, read(other)?);
        let mut known = [one.1.variables(), other.1.variables()].concat();
        if let Some(unknown) = arguments.iter().find(|given| !known.contains(&given.name)) {
            known.sort();
            known.dedup();
            return Err(Error::NoVariable {
                name: unknown.name.clone(),
                layouts: names.map(str::to_owned).to_vec(),
                known,
            });
        }
        let load = |name: &str, (opened, layout): (Opened, Layout)| {
            let known = layout.variables();
            let own = arguments.iter().filter(|given| known.contains(&given.name));
            self.complete(name, opened, &layout, &own.cloned().collect::<Vec<_>>())
        };
        Ok([load(names[0], one)?, load(names[1], other)?])
    }

    /// Reads a layout, in which variables have no values yet.
    pub(in crate::cli) fn read_target(&self, target: &Target) -> Result<(Opened, Layout), Error> {
        let mut opened = self.store.read(target)?;
        let layout = self.parse_file(&mut opened)?;
        Ok((opened, layout))
    }

    /// Sets the variables of a layout. Asks a person for values that are missing.
    fn complete(
        &self,
        name: &str,
        opened: Opened,
        layout: &Layout,
        arguments: &[Argument],
    ) -> Result<Loaded, Error> {
        let mut arguments = with_directory(&opened, layout, arguments);
        let set: Vec<&String> = arguments.iter().map(|one| &one.name).collect();
        let required = layout.required_vars.iter().cloned();
        // Templates get their values in the layouts that include them.
        let required = required.filter(|_| !layout.is_only_shared());
        let missing: Vec<String> = required.filter(|name| !set.contains(&name)).collect();
        let known = layout.variables();
        let unknown = arguments.iter().find(|one| !known.contains(&one.name));
        if let Some(unknown) = unknown.filter(|_| !missing.is_empty()) {
            // Probably a misspelt name of the missing one.
            return Err(Error::NoVariable {
                name: unknown.name.clone(),
                layouts: vec![name.to_owned()],
                known,
            });
        }
        for variable in &missing {
            let value = if self.ui.can_ask() {
                self.ui.prompt(&format!("{variable} of {name}: "))
            } else {
                None
            };
            let Some(value) = value.filter(|value| !value.is_empty()) else {
                let layout = name.to_owned();
                return Err(Error::NoValue { layout, missing });
            };
            let name = variable.clone();
            arguments.push(Argument { name, value });
        }
        self.filled(name, opened, layout, &arguments)
    }

    /// A layout with values for its variables. `name` is for messages.
    pub(in crate::cli) fn filled(
        &self,
        name: &str,
        opened: Opened,
        layout: &Layout,
        arguments: &[Argument],
    ) -> Result<Loaded, Error> {
        let env = |name: &str| Some(self.variable(name)?.to_str()?.to_owned());
        let arguments = with_directory(&opened, layout, arguments);
        let filled = layout.with_arguments(&arguments, &env, &self.home.to_string_lossy());
        let filled = filled.map_err(|unknown| Error::NoVariable {
            name: unknown,
            layouts: vec![name.to_owned()],
            known: layout.variables(),
        })?;
        if filled.has_named {
            check(&filled.layout, &opened.origin)?;
        }
        Ok(Loaded {
            opened,
            layout: filled.layout,
            given: filled.given,
            has_named: filled.has_named,
        })
    }

    /// Finds and reads a layout. Says so if the name is that of a profile.
    pub(in crate::cli) fn load_no_profile(
        &self,
        name: &str,
        arguments: &[Argument],
    ) -> Result<Loaded, Error> {
        let is_profile = || {
            let config = self.config();
            config.is_ok_and(|config| config.profiles.iter().any(|one| one.value.name == name))
        };
        self.load_with(name, arguments)
            .map_err(|error| match error {
                Error::Store(error @ StoreError::Missing { .. }) if is_profile() => {
                    Error::IsProfile {
                        error,
                        name: name.to_owned(),
                    }
                }
                other => other,
            })
    }

    /// Reads a layout. Variables that the command line must set have no value.
    pub(in crate::cli) fn load_target(&self, target: &Target) -> Result<Loaded, Error> {
        let (opened, layout) = self.read_target(target)?;
        self.filled(&target.to_string(), opened, &layout, &[])
    }

    /// Compiles the layout for these outputs and workspaces, and these lines of the i3 config.
    pub(in crate::cli) fn plan(
        &self,
        loaded: &Loaded,
        outputs: &[Output],
        workspaces: &[PresentWorkspace],
        workspace_outputs: &[WorkspaceOutput],
    ) -> Plan {
        let env: BTreeMap<String, String> = self
            .environment
            .iter()
            .filter_map(|(name, value)| {
                Some((name.to_str()?.to_owned(), value.to_str()?.to_owned()))
            })
            .collect();
        // The names of programs, and what is written elsewhere in the layout, are no secrets.
        let text = String::from_utf8_lossy(&loaded.opened.content()).to_lowercase();
        let path = SearchPath::new(self.variable("PATH").unwrap_or_default());
        for window in loaded.layout.windows() {
            for name in needed(window).into_keys() {
                let Some(value) = env.get(&name) else {
                    continue;
                };
                let is_public =
                    has_word(&text, &value.to_lowercase()) || path.find(value).is_some();
                if !is_public || hide_value(&name, value) == MASK {
                    hide_values([value.clone()]);
                }
            }
        }
        let path = loaded.opened.path.as_deref();
        let identity = self.identity_of(loaded);
        let mut plan = compile(
            &loaded.layout,
            Surroundings {
                name: &self.default_name(path),
                identity: identity.as_deref(),
                outputs,
                workspaces,
                workspace_outputs,
                env: &env,
                home: &self.home,
            },
        );
        know_layout(&plan.layout);
        // `apply` has reported a policy that cannot be read.
        if let Ok(policy) = self.policy() {
            plan.forbid(&|program| policy.refuse(&program.argv));
        }
        plan
    }

    /// The identity of a layout with this file: `NAME` or `PROJECT/NAME` in the store, else the
    /// canonical path. `None` for a pipe and the like.
    pub(in crate::cli) fn identity(&self, path: &Path) -> Option<String> {
        if path.starts_with(self.store.layouts()) {
            return self.name_in_store(path);
        }
        let path = path.canonicalize().ok().filter(|path| path.is_file())?;
        path.to_str().map(str::to_owned)
    }

    /// The identity of a layout with its variables. Layouts of one file with different values are different
    /// layouts.
    pub(in crate::cli) fn identity_of(&self, loaded: &Loaded) -> Option<String> {
        let path = loaded.opened.path.as_deref();
        let file = path.and_then(|path| self.identity(path))?;
        let words = std::iter::once(file).chain(loaded.given.iter().cloned());
        Some(words.collect::<Vec<_>>().join(" "))
    }

    /// The values of variables in the identity of a layout with this file.
    pub(in crate::cli) fn arguments_of(&self, identity: &str, path: &Path) -> Vec<Argument> {
        let file = self.identity(path).unwrap_or_default();
        let given = identity.strip_prefix(&file).unwrap_or_default();
        let words = shell_words::split(given).unwrap_or_default();
        // Values in identities are escaped.
        let plain = words.iter().map(|word| word.replace("$${", "${"));
        plain.filter_map(|word| word.parse().ok()).collect()
    }

    /// The file of the records of this X session.
    pub(in crate::cli) fn records_file(&self) -> PathBuf {
        file::path(self.runtime(), &self.display().unwrap_or_default())
    }

    /// The records of this X session.
    pub(in crate::cli) fn records(&self) -> Records {
        file::read(&self.records_file())
    }

    /// Replaces the records of this X session.
    pub(in crate::cli) fn write_records(&self, records: &Records) {
        let path = self.records_file();
        if let Err(error) = file::write(&path, records) {
            let (path, reason) = (self.short(&path), error.to_string());
            self.ui.warn(&format!(
                "cannot record the windows of the layout in {path}: {}; `apply` identifies them by \
                 other evidence",
                without_number(&reason)
            ));
        }
    }

    /// Tells the session which windows were placed in slots of the plan or of other layouts.
    pub(in crate::cli) fn remember(&self, session: &mut Session, plan: &Plan) {
        let mut others = OnDisk {
            context: self,
            known: BTreeMap::new(),
        };
        session.remember(self.records().for_plan(plan, &mut others));
        let display = self.display().unwrap_or_default();
        session.remember_started(seats_of_started(self.runtime(), &display, plan));
    }

    /// The layout with this file as a word on the command line: its name, or the path.
    pub(in crate::cli) fn reference(&self, path: &Path) -> String {
        let name = self.name_in_store(path);
        name.unwrap_or_else(|| shell_words::quote(&self.short(path)).into_owned())
    }

    /// The argument that names the layout with this file; `None` for a path that is not text.
    pub(in crate::cli) fn argument(&self, path: &Path) -> Option<String> {
        self.name_in_store(path)
            .or_else(|| path.to_str().map(str::to_owned))
    }

    /// `NAME` or `PROJECT/NAME` for a file in the store.
    fn name_in_store(&self, path: &Path) -> Option<String> {
        let inside = path.strip_prefix(self.store.layouts()).ok()?;
        inside.with_extension("").to_str().map(str::to_owned)
    }

    /// The name of a layout whose file has no `name`: `NAME` or `PROJECT/NAME` in the
    /// store, else the file name.
    pub(in crate::cli) fn default_name(&self, path: Option<&Path>) -> String {
        let Some(path) = path else {
            return "stdin".to_owned();
        };
        let name = if path.starts_with(self.store.layouts()) {
            self.name_in_store(path)
        } else {
            path.file_stem().and_then(OsStr::to_str).map(str::to_owned)
        };
        name.unwrap_or_else(|| "layout".to_owned())
    }
}

/// The other layouts, each read at most once.
struct OnDisk<'a> {
    context: &'a Context,
    known: BTreeMap<PathBuf, Option<BTreeSet<String>>>,
}

impl OtherLayouts for OnDisk<'_> {
    fn exists(&self, file: &Path) -> bool {
        file.is_file()
    }

    fn slots(&mut self, file: &Path) -> Option<BTreeSet<String>> {
        let context = self.context;
        let known = self.known.entry(file.to_owned());
        let slots = known.or_insert_with(|| {
            let loaded = context.load_target(&Target::File(file.to_owned())).ok()?;
            let plan = context.plan(&loaded, &[], &[], &[]);
            Some(plan.slots().map(|(_, slot)| slot.id.clone()).collect())
        });
        slots.clone()
    }

    fn is_file_of(&self, file: &Path, identity: &str) -> bool {
        let of_file = self.context.identity(file);
        let values = of_file.and_then(|of_file| identity.strip_prefix(&of_file).map(str::to_owned));
        values.is_some_and(|values| values.is_empty() || values.starts_with(' '))
    }
}

/// The values, with that of a variable `directory` which has none: for the layout of a project, it is
/// the directory of the file.
fn with_directory(opened: &Opened, layout: &Layout, arguments: &[Argument]) -> Vec<Argument> {
    const NAME: &str = "directory";
    let is_given = arguments.iter().any(|one| one.name == NAME);
    let is_wanted = layout.required_vars.contains(NAME) && !is_given;
    let path = opened.path.as_deref().filter(|_| is_wanted);
    let path = path.filter(|path| path.file_name() == Some(OsStr::new(LOCAL)));
    let path = path.and_then(|path| path.canonicalize().ok());
    let directory = path.as_deref().and_then(Path::parent);
    let directory = directory.and_then(Path::to_str).map(|directory| Argument {
        name: NAME.to_owned(),
        value: directory.to_owned(),
    });
    directory.into_iter().chain(arguments.to_vec()).collect()
}
