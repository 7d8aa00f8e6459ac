//! A table of desks: the monitors of a file, the present ones, and which is which.

use super::*;
use crate::live::Edid;

/// A monitor as one line: `eDP-1 1920x1080+0+0 primary DEL/U2719D/7Q3 597x336mm`.
pub(super) fn output(line: &str) -> Output {
    let mut words = line.split(' ');
    let mut output = Output {
        name: words.next().unwrap().to_owned(),
        rect: words.next().unwrap().parse().unwrap(),
        ..Output::default()
    };
    for word in words {
        if word == "primary" {
            output.primary = true;
        } else if let Some(size) = word.strip_suffix("mm") {
            output.edid.size_mm = Some(size.parse().unwrap());
        } else {
            let mut parts = word
                .split('/')
                .map(|part| (!part.is_empty()).then(|| part.to_owned()));
            let mut part = || parts.next().flatten();
            output.edid = Edid {
                make: part(),
                model: part(),
                serial: part(),
                size_mm: output.edid.size_mm,
            };
        }
    }
    output
}

pub(super) fn monitor(line: &str) -> Monitor {
    let Output {
        name,
        rect,
        primary,
        edid,
    } = output(line);
    Monitor {
        output: name,
        rect,
        primary,
        edid,
    }
}

/// The monitors of a file on a desk: `DP-1=DP-2` for the same monitor, `DP-1~DP-2` for another one in
/// its place, `DP-1=` for none.
fn assigned(saved: &[&str], present: &[&str]) -> Vec<String> {
    let saved: Vec<Monitor> = saved.iter().copied().map(monitor).collect();
    let present: Vec<Output> = present.iter().copied().map(output).collect();
    let desk = Desk::new(&saved, [].iter(), &present);
    let monitors = desk.into_monitors().into_iter();
    monitors
        .map(|monitor| {
            let sign = match (&monitor.output, monitor.is_connected()) {
                (Some(_), false) => '~',
                _ => '=',
            };
            format!(
                "{}{sign}{}",
                monitor.name,
                monitor.output.unwrap_or_default()
            )
        })
        .collect()
}

#[track_caller]
fn check(desks: &[(&str, &[&str], &str)], saved: &[&str]) {
    for (name, present, expected) in desks {
        assert_eq!(assigned(saved, present).join(" "), *expected, "{name}");
        let mut turned = present.to_vec();
        turned.reverse();
        assert_eq!(
            assigned(saved, &turned).join(" "),
            *expected,
            "{name}, in another order"
        );
    }
}

pub(super) const LAPTOP: &str = "eDP-1 1920x1080+0+0 primary";

#[test]
fn desks_for_a_laptop_with_one_external_monitor() {
    let desks: &[(&str, &[&str], &str)] = &[
        (
            "the same",
            &[LAPTOP, "DP-1 2560x1440+1920+0"],
            "eDP-1=eDP-1 DP-1=DP-1",
        ),
        // As in i3, the case does not count.
        (
            "names in another case",
            &["edp-1 1920x1080+0+0 primary", "dp-1 800x600+1920+0"],
            "eDP-1=edp-1 DP-1=dp-1",
        ),
        ("laptop alone", &[LAPTOP], "eDP-1=eDP-1 DP-1="),
        (
            "external on the left",
            &["eDP-1 1920x1080+2560+0 primary", "DP-1 2560x1440+0+0"],
            "eDP-1=eDP-1 DP-1=DP-1",
        ),
        (
            "another external above",
            &["eDP-1 1920x1080+0+1440 primary", "HDMI-1 2560x1440+0+0"],
            "eDP-1=eDP-1 DP-1~HDMI-1",
        ),
        (
            "the external is primary and has another name",
            &["eDP-1 1920x1080+0+0", "HDMI-1 2560x1440+1920+0 primary"],
            "eDP-1=eDP-1 DP-1~HDMI-1",
        ),
        (
            "lid closed",
            &["DP-1 2560x1440+0+0 primary"],
            "eDP-1= DP-1=DP-1",
        ),
        (
            "lid closed at another desk",
            &["HDMI-1 2560x1440+0+0 primary"],
            "eDP-1= DP-1~HDMI-1",
        ),
        (
            "television that mirrors",
            &["eDP-1 1920x1080+0+0 primary"],
            "eDP-1=eDP-1 DP-1=",
        ),
        (
            "portrait",
            &[LAPTOP, "DP-1 1440x2560+1920+0"],
            "eDP-1=eDP-1 DP-1=DP-1",
        ),
        (
            "laptop panel with another name",
            &["eDP-1-1 1920x1080+0+0 primary", "DP-1-1 2560x1440+1920+0"],
            "eDP-1~eDP-1-1 DP-1~DP-1-1",
        ),
        (
            "two others",
            &[LAPTOP, "HDMI-1 1920x1080+1920+0", "DP-2 2560x1440+3840+0"],
            "eDP-1=eDP-1 DP-1~DP-2",
        ),
        ("no monitor", &[], "eDP-1= DP-1="),
    ];
    check(desks, &[LAPTOP, "DP-1 2560x1440+1920+0"]);
}

#[test]
fn desks_for_two_equal_external_monitors() {
    let left = "DP-1 2560x1440+0+0";
    let right = "DP-2 2560x1440+2560+0";
    let laptop = "eDP-1 1920x1080+0+1440 primary";
    let desks: &[(&str, &[&str], &str)] = &[
        (
            "MST names",
            &[laptop, "DP-1-1 2560x1440+0+0", "DP-1-2 2560x1440+2560+0"],
            "eDP-1=eDP-1 DP-1~DP-1-1 DP-2~DP-1-2",
        ),
        (
            "MST names in the other order",
            &[laptop, "DP-1-2 2560x1440+0+0", "DP-1-1 2560x1440+2560+0"],
            "eDP-1=eDP-1 DP-1~DP-1-2 DP-2~DP-1-1",
        ),
        (
            "both to the right of the laptop",
            &[
                "eDP-1 1920x1080+0+0 primary",
                "DP-8 2560x1440+1920+0",
                "DP-7 2560x1440+4480+0",
            ],
            "eDP-1=eDP-1 DP-1~DP-8 DP-2~DP-7",
        ),
        (
            "one of them with the other's name",
            &[laptop, "DP-2 2560x1440+0+0", "DP-3 2560x1440+2560+0"],
            "eDP-1=eDP-1 DP-1~DP-3 DP-2=DP-2",
        ),
        (
            "full HD beside 4K",
            &[laptop, "HDMI-1 3840x2160+0+0", "HDMI-2 1920x1080+3840+0"],
            "eDP-1=eDP-1 DP-1~HDMI-1 DP-2~HDMI-2",
        ),
        (
            "one has the size",
            &[laptop, "HDMI-1 1920x1080+0+0", "HDMI-2 2560x1440+1920+0"],
            "eDP-1=eDP-1 DP-1~HDMI-1 DP-2~HDMI-2",
        ),
        ("laptop alone", &[laptop], "eDP-1=eDP-1 DP-1= DP-2="),
    ];
    check(desks, &[laptop, left, right]);
}

#[test]
fn edid_takes_precedence_over_names() {
    let saved = [
        LAPTOP,
        "DP-1 2560x1440+1920+0 DEL/U2719D/1",
        "DP-2 2560x1440+4480+0 DEL/U2719D/2",
    ];
    let desks: &[(&str, &[&str], &str)] = &[
        (
            "names exchanged",
            &[
                LAPTOP,
                "DP-1 2560x1440+4480+0 DEL/U2719D/2",
                "DP-2 2560x1440+1920+0 DEL/U2719D/1",
            ],
            "eDP-1=eDP-1 DP-1=DP-2 DP-2=DP-1",
        ),
        (
            "only the second one, with the name of the first",
            &[LAPTOP, "DP-1 2560x1440+1920+0 DEL/U2719D/2"],
            "eDP-1=eDP-1 DP-1= DP-2=DP-1",
        ),
        (
            "the same models at another desk",
            &[
                LAPTOP,
                "HDMI-1 2560x1440+1920+0 DEL/U2719D/8",
                "HDMI-2 2560x1440+4480+0 DEL/U2719D/9",
            ],
            "eDP-1=eDP-1 DP-1=HDMI-1 DP-2=HDMI-2",
        ),
        (
            "one of them beside another model with its name",
            &[
                LAPTOP,
                "DP-1 1920x1080+1920+0 GSM/TV/",
                "DP-3 2560x1440+3840+0 DEL/U2719D/1",
            ],
            "eDP-1=eDP-1 DP-1=DP-3 DP-2~DP-1",
        ),
        (
            "another model at the same output",
            &[LAPTOP, "DP-1 1920x1080+1920+0 GSM/TV/"],
            "eDP-1=eDP-1 DP-1=DP-1 DP-2=",
        ),
        (
            "a server that does not report EDID",
            &[LAPTOP, "DP-2 2560x1440+1920+0", "DP-1 2560x1440+4480+0"],
            "eDP-1=eDP-1 DP-1=DP-1 DP-2=DP-2",
        ),
    ];
    check(desks, &saved);
}

#[test]
fn desks_for_three_monitors_and_for_virtual_ones() {
    let saved = [
        "HDMI-1 1920x1200+0+0 510x287mm",
        "DP-1 1920x1200+1920+0 primary 600x340mm",
        "DP-2 1200x1920+3840+0 510x287mm",
    ];
    let desks: &[(&str, &[&str], &str)] = &[
        (
            "all have other names",
            &[
                "A 1920x1200+0+0",
                "B 1920x1200+1920+0 primary",
                "C 1200x1920+3840+0",
            ],
            "HDMI-1~A DP-1~B DP-2~C",
        ),
        (
            "another one is primary",
            &[
                "A 1920x1200+0+0 primary",
                "B 1920x1200+1920+0",
                "C 1200x1920+3840+0",
            ],
            "HDMI-1~A DP-1~B DP-2~C",
        ),
        (
            "the physical size decides between equal sizes",
            &["A 1920x1200+0+0 598x336mm", "B 1920x1200+1920+0 509x286mm"],
            "HDMI-1~B DP-1~A DP-2=",
        ),
        (
            "one wide monitor in three parts",
            &[
                "W-left 1280x1440+0+0",
                "W-mid 1280x1440+1280+0",
                "W-right 1280x1440+2560+0",
            ],
            "HDMI-1~W-left DP-1~W-mid DP-2~W-right",
        ),
        (
            "one more monitor that the file does not name",
            &[
                "eDP-1 1920x1200+0+0",
                "HDMI-1 1920x1200+1920+0",
                "DP-1 1920x1200+3840+0 primary",
                "DP-2 1200x1920+5760+0",
            ],
            "HDMI-1=HDMI-1 DP-1=DP-1 DP-2=DP-2",
        ),
    ];
    check(desks, &saved);
}

#[test]
fn many_monitors_do_not_overflow() {
    let lines: Vec<String> = (0..40)
        .map(|number| {
            format!(
                "DP-{number} 100x100+{}+0 X/Y/{number} 10x10mm",
                number * 100
            )
        })
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let expected: Vec<String> = (0..40)
        .map(|number| format!("DP-{number}=DP-{number}"))
        .collect();
    assert_eq!(assigned(&lines, &lines), expected);
    assert_eq!(assigned(&lines, &lines[..1])[..2], ["DP-0=DP-0", "DP-1="]);
}
