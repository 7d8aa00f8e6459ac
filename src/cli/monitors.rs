//! `--monitors`: outputs given on the command line.

use std::collections::BTreeSet;

use crate::geometry::{Rect, RectError};
use crate::layout::Layout;
use crate::live::Output;

/// Outputs, written as `eDP-1:1920x1080+0+0:primary,DP-1:2560x1440+1920+0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Monitors(pub(super) Vec<Output>);

impl std::str::FromStr for Monitors {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let outputs = text
            .split(',')
            .map(|part| output(part.trim()))
            .collect::<Result<Vec<Output>, String>>()?;
        let mut names = BTreeSet::new();
        if let Some(twice) = outputs.iter().find(|output| !names.insert(&output.name)) {
            return Err(format!("duplicate monitor `{}`", twice.name));
        }
        if outputs.iter().filter(|output| output.primary).count() > 1 {
            return Err("only one monitor can be primary".to_owned());
        }
        Ok(Self(outputs))
    }
}

fn output(text: &str) -> Result<Output, String> {
    let form = || format!("invalid monitor `{text}`, expected NAME:WIDTHxHEIGHT+X+Y[:primary]");
    let (name, about) = text.split_once(':').ok_or_else(form)?;
    let (place, primary) = match about.split_once(':') {
        Some((place, "primary")) => (place, true),
        Some(_) => return Err(form()),
        None => (about, false),
    };
    if name.is_empty() {
        return Err(form());
    }
    let rect: Rect = place.parse().map_err(|error| match error {
        RectError::Form(_) => form(),
        other => other.to_string(),
    })?;
    Ok(Output {
        name: name.to_owned(),
        rect,
        primary,
        ..Output::default()
    })
}

/// The monitors of a layout as outputs.
pub(super) fn of_layout(layout: &Layout) -> Vec<Output> {
    let outputs = layout.monitors.iter().map(|monitor| Output {
        name: monitor.output.clone(),
        rect: monitor.rect,
        primary: monitor.primary,
        edid: monitor.edid.clone(),
    });
    outputs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monitors_are_read_in_order() {
        let monitors: Monitors = "eDP-1:1920x1080+0+0:primary, DP-1:2560x1440+1920+0"
            .parse()
            .unwrap_or_else(|error| panic!("{error}"));
        let names: Vec<(&str, bool)> = monitors
            .0
            .iter()
            .map(|output| (output.name.as_str(), output.primary))
            .collect();
        assert_eq!(names, [("eDP-1", true), ("DP-1", false)]);
        assert_eq!(monitors.0[1].rect, Rect::new(1920, 0, 2560, 1440));
    }

    #[test]
    fn invalid_monitors_are_refused() {
        for text in [
            "",
            "eDP-1",
            "eDP-1:1920x1080",
            ":1920x1080+0+0",
            "eDP-1:1920x1080+0+0:second",
            "a:1x1+0+0,a:1x1+0+0",
            "a:1x1+0+0:primary,b:1x1+0+0:primary",
        ] {
            assert!(text.parse::<Monitors>().is_err(), "{text}");
        }
    }
}
