//! Comparison of i3's outputs with the monitors of `RandR`.

use crate::live::Output;

/// The prefixes of outputs that i3 does not take from `RandR` monitors (i3's `src/fake_outputs.c`,
/// `src/xinerama.c`, `src/randr.c`).
const OTHER_SOURCES: [&str; 3] = ["fake-", "xinerama-", "xroot-"];

/// True if i3's outputs are these monitors, or do not come from `RandR`.
///
/// i3 shows monitors at the same position as one output, which is the smallest of them.
pub(super) fn are_known(monitors: &[Output], outputs: &[Output]) -> bool {
    let is_other = |output: &Output| {
        let mut prefixes = OTHER_SOURCES.iter();
        prefixes.any(|prefix| output.name.starts_with(prefix))
    };
    let place = |one: &Output| (one.rect.x, one.rect.y);
    let is_known = |monitor: &Output| {
        let mut others = monitors.iter();
        let is_mirror =
            others.any(|other| other.name != monitor.name && place(other) == place(monitor));
        let mut outputs = outputs.iter();
        outputs.any(|output| {
            let same = output.name == monitor.name && output.rect == monitor.rect;
            same || is_mirror && place(output) == place(monitor)
        })
    };
    let is_present = |output: &Output| monitors.iter().any(|one| one.name == output.name);
    monitors.is_empty()
        || outputs.iter().all(is_other)
        || monitors.iter().all(is_known) && outputs.iter().all(is_present)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_compared_with_the_monitors() {
        let all = |texts: &[&str]| -> Vec<Output> {
            let outputs = texts.iter().map(|text| {
                let (name, rect) = text.split_once(' ').unwrap();
                Output {
                    name: name.to_owned(),
                    rect: rect.parse().unwrap(),
                    ..Output::default()
                }
            });
            outputs.collect()
        };
        let (laptop, right) = ("eDP-1 1920x1080+0+0", "DP-1 2560x1440+1920+0");
        for (monitors, outputs, expected) in [
            (vec![laptop], vec![laptop], true),
            (vec![laptop, right], vec![right, laptop], true),
            (vec![laptop, right], vec![laptop], false),
            (vec![laptop], vec![laptop, right], false),
            (vec![right], vec![laptop], false),
            (vec!["eDP-1 1080x1920+0+0"], vec![laptop], false),
            // Mirrored monitors.
            (
                vec![laptop, "HDMI-1 1280x720+0+0"],
                vec!["eDP-1 1280x720+0+0"],
                true,
            ),
            // Other sources of outputs.
            (vec![], vec!["xroot-0 1920x1080+0+0"], true),
            (
                vec![laptop],
                vec!["fake-0 800x600+0+0", "fake-1 800x600+800+0"],
                true,
            ),
        ] {
            let found = are_known(&all(&monitors), &all(&outputs));
            assert_eq!(found, expected, "{monitors:?} {outputs:?}");
        }
    }
}
