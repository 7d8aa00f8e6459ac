//! `apply --best`: the layout for the connected monitors.

use super::context::{Context, Loaded};
use super::{fitting, places};
use crate::compile::monitors::profile::is_for;
use crate::error::Error;
use crate::live::Output;
use crate::store::Target;
use crate::ui::words::quoted;

/// The name of the layout that is for the connected monitors, of these layouts, else of all. Of
/// several, the one that was applied or captured last on these monitors.
pub(super) fn choose(names: &[String], context: &Context) -> Result<String, Error> {
    let mut session = places::session_with_monitors(context)?;
    let outputs = session.outputs()?;
    let candidates = match names {
        [] => all(context)?,
        names => named(names, context)?,
    };
    let refused = |what: String, hint: String| Error::NoBest {
        what,
        monitors: fitting::names(&outputs),
        hint,
    };
    let fitting: Vec<&Candidate> = candidates
        .iter()
        .filter(|one| is_for(&one.loaded.layout, &outputs))
        .collect();
    match fitting.as_slice() {
        [] => Err(refused(
            "no layout is for exactly the connected monitors".to_owned(),
            "`i3pm-layout list --long` shows for which monitors each layout is; save one for these \
             with `i3pm-layout capture NAME`"
                .to_owned(),
        )),
        [only] => Ok(only.name.clone()),
        several => {
            if let Some(latest) = latest(several, &outputs, context) {
                return Ok(latest.name.clone());
            }
            let names = quoted(several.iter().map(|one| one.name.as_str()));
            let first = several.first().map_or("NAME", |one| &one.name);
            Err(refused(
                format!("several layouts are for the connected monitors: {names}"),
                format!(
                    "run `i3pm-layout apply {first}`; `apply --best` then prefers the layout that \
                     was applied last"
                ),
            ))
        }
    }
}

/// A layout with its name on the command line.
struct Candidate {
    name: String,
    loaded: Loaded,
}

fn named(names: &[String], context: &Context) -> Result<Vec<Candidate>, Error> {
    let load = |name: &String| {
        Ok(Candidate {
            name: name.clone(),
            loaded: context.load_target(&context.store.target(name)?)?,
        })
    };
    names.iter().map(load).collect()
}

/// The layouts of the store. Those with mistakes are left out with a warning.
fn all(context: &Context) -> Result<Vec<Candidate>, Error> {
    let mut found = Vec::new();
    for listed in context.store.list()? {
        let name = listed.full_name();
        match context.load_target(&Target::File(listed.path)) {
            Ok(loaded) => found.push(Candidate { name, loaded }),
            Err(_) => context.ui.warn(&format!(
                "skipped the layout `{name}`, which cannot be read; run `i3pm-layout validate \
                 {name}`"
            )),
        }
    }
    Ok(found)
}

fn latest<'c>(
    several: &[&'c Candidate],
    outputs: &[Output],
    context: &Context,
) -> Option<&'c Candidate> {
    let layout = places::arrangements(context).on(outputs)?.layout?;
    let mut several = several.iter().copied();
    several.find(|one| {
        let path = one.loaded.opened.path.as_deref();
        path.and_then(|path| context.identity(path)).as_ref() == Some(&layout)
    })
}
