//! Monitors with their workspaces, for a person who moves them.

use super::Paint;
use super::lines::{Label, line};
use super::words::clean;
use crate::live::Output;
use crate::records::Arrangement;

/// The commands at the prompt.
pub const HELP: &str = "A `*` marks the workspace that a monitor shows. Write `MONITOR WORKSPACE...` \
                        to move workspaces, for example `2 1 \"3: mail\"`; the monitor then shows the \
                        first of them. `s NAME` saves the places as a profile, an empty line shows \
                        the list again, `?` these instructions, and `q` quits.";

/// The monitors with numbers, and the workspaces on each; `*` marks the visible ones.
pub fn show(arrangement: &Arrangement, paint: Paint) -> String {
    let monitors = arrangement.monitors.iter().enumerate();
    let lines = monitors.map(|(position, output)| {
        let number = paint.bold(&(position + 1).to_string());
        let places = arrangement.workspaces.iter();
        let places = places.filter(|place| place.output == output.name);
        let places: Vec<String> = places
            .map(|place| {
                let name = clean(&place.name);
                if place.visible {
                    paint.good(&format!("{name}*"))
                } else {
                    name
                }
            })
            .collect();
        let about = paint.faint(&about(output));
        format!(
            "{number}  {}  {about}\n     {}\n",
            clean(&output.name),
            places.join("  ")
        )
    });
    lines.collect()
}

/// A line that was not understood.
pub fn refused(sentence: &str, paint: Paint) -> String {
    line(Label::Error, sentence, paint)
}

/// The size, make and model of a monitor.
pub fn about(output: &Output) -> String {
    let edid = [&output.edid.make, &output.edid.model];
    let edid = edid.into_iter().flatten().map(|word| clean(word));
    let primary = output.primary.then(|| "primary".to_owned());
    let words = std::iter::once(output.rect.to_string()).chain(edid);
    words.chain(primary).collect::<Vec<_>>().join(" ")
}
