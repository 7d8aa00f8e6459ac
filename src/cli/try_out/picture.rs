//! The picture of a nested desktop without a screen.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{LONG, exit};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::picture::write;
use crate::error::Error;
use crate::files::private;
use crate::nested::{Happened, Nested};
use crate::preview::png;
use crate::store::Target;

/// The time between two pictures of which the second must be like the first.
const PAUSE: Duration = Duration::from_millis(200);

/// The most pictures: a program may draw all the time.
const MOST: usize = 15;

/// A name for the files of a layout with this name or path.
pub(super) fn stem(name: &str) -> &str {
    let name = Path::new(name).file_stem().and_then(OsStr::to_str);
    let name = name.unwrap_or_default().trim_start_matches(['.', '-']);
    if name.is_empty() { "layout" } else { name }
}

/// The file without `--output`, for a layout with this name or path. Creates its folder. A layout of a
/// project has a folder for the project, so no picture of another layout is replaced.
pub(super) fn default_file(context: &Context, name: &str) -> Result<PathBuf, Error> {
    let mut folder = context.cache.join("try");
    if let Target::Named {
        project: Some(project),
        ..
    } = context.store.target(name)?
    {
        folder.push(project);
    }
    // An error is reported when the file is written.
    let _ = private::create_folder(&folder);
    Ok(folder.join(format!("{}.png", stem(name))))
}

/// Waits for the end of the command inside, and writes a picture.
pub(super) fn take(nested: &mut Nested, file: &Path, context: &Context) -> Result<Exit, Error> {
    let result = loop {
        match nested.next(LONG) {
            Happened::Interrupted => return Ok(Exit::Incomplete),
            Happened::Ended => return ended(nested),
            Happened::Finished(code) => match exit(code) {
                Exit::Failed => return Ok(Exit::Failed),
                result => break result,
            },
            Happened::Changed | Happened::Nothing => {}
        }
    };
    // Programs draw after their windows have opened.
    let mut picture = nested.picture()?;
    for _ in 1..MOST {
        match nested.next(PAUSE) {
            Happened::Interrupted => return Ok(Exit::Incomplete),
            Happened::Ended => return ended(nested),
            Happened::Finished(_) | Happened::Changed | Happened::Nothing => {}
        }
        let next = nested.picture()?;
        if next == picture {
            break;
        }
        picture = next;
    }
    write(context, file, &png::encode(picture.size, &picture.rgb)?)?;
    Ok(result)
}

/// The result if the nested desktop has ended before there was a picture.
fn ended(nested: &mut Nested) -> Result<Exit, Error> {
    nested
        .crash()
        .map_or(Ok(Exit::Incomplete), |error| Err(error.into()))
}
