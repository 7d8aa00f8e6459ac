//! The outputs of workspaces, and the places of floating windows on them.

use super::tests::{LAPTOP, monitor, output};
use super::*;

/// Checks the output for the wishes of a workspace in a file with a laptop and `DP-1`.
#[track_caller]
fn check_wishes(wishes: &[&str], present: &[&str], expected: (&str, Fit)) {
    let saved = [LAPTOP, "DP-1 2560x1440+1920+0"].map(monitor);
    let wishes: Vec<String> = wishes.iter().map(ToString::to_string).collect();
    let present: Vec<Output> = present.iter().copied().map(output).collect();
    let desk = Desk::new(&saved, wishes.iter(), &present);
    let (output, fit) = desk.output_for(&wishes);
    let name = output.map_or("", |output| &output.name);
    assert_eq!((name, fit), expected, "{wishes:?}");
}

#[test]
fn connected_monitors_take_precedence_over_others_in_their_place() {
    let docked = [LAPTOP, "HDMI-2 2560x1440+1920+0"];
    check_wishes(&["DP-1"], &docked, ("HDMI-2", Fit::StandIn));
    check_wishes(&["DP-9", "eDP-1"], &docked, ("eDP-1", Fit::Own));
    check_wishes(&["DP-1", "eDP-1"], &docked, ("eDP-1", Fit::Own));
    check_wishes(&["unheard-of"], &docked, ("eDP-1", Fit::Fallback));
    check_wishes(&["unheard-of", "DP-1"], &docked, ("HDMI-2", Fit::StandIn));
    check_wishes(&[], &docked, ("", Fit::Anywhere));
    check_wishes(&["DP-1"], &[LAPTOP], ("eDP-1", Fit::Fallback));
    check_wishes(&["DP-1"], &[], ("", Fit::Fallback));
    // A workspace names the only output that could take the place of `DP-1`.
    check_wishes(&["HDMI-2", "DP-1"], &docked, ("HDMI-2", Fit::Own));
}

#[test]
fn missing_monitors_of_workspaces() {
    let saved = [LAPTOP, "DP-1 2560x1440+1920+0"].map(monitor);
    let check = |wishes: &[&str], present: &[&str], expected: Option<&str>| {
        let wishes: Vec<String> = wishes.iter().map(ToString::to_string).collect();
        let present: Vec<Output> = present.iter().copied().map(output).collect();
        let desk = Desk::new(&saved, wishes.iter(), &present);
        assert_eq!(desk.missing(&wishes), expected, "{wishes:?}");
    };
    let docked = [LAPTOP, "DP-1 2560x1440+1920+0"];
    check(&["DP-1"], &docked, None);
    check(&["DP-1"], &[LAPTOP], Some("DP-1"));
    check(&["DP-1", "eDP-1"], &[LAPTOP], Some("DP-1"));
    check(&["HDMI-1", "eDP-1", "DP-1"], &[LAPTOP], None);
    check(&["HDMI-1", "primary"], &[LAPTOP], None);
    check(&["HDMI-1", "HDMI-2"], &[LAPTOP], Some("HDMI-1"));
    check(&["primary"], &[LAPTOP], None);
    check(&["nonprimary"], &[LAPTOP], None);
    check(&[], &[LAPTOP], None);
}

#[test]
fn primary_and_nonprimary_are_roles() {
    let docked = [LAPTOP, "HDMI-2 2560x1440+1920+0", "DP-3 800x600+4480+0"];
    check_wishes(&["primary"], &docked, ("eDP-1", Fit::Own));
    check_wishes(&["nonprimary"], &docked, ("HDMI-2", Fit::Own));
    check_wishes(&["nonprimary"], &[LAPTOP], ("eDP-1", Fit::Fallback));
    check_wishes(&["nonprimary", "eDP-1"], &[LAPTOP], ("eDP-1", Fit::Own));
    // Without a primary output, the first one counts as primary.
    let none = ["DP-5 800x600+0+0", "DP-6 800x600+800+0"];
    check_wishes(&["nonprimary"], &none, ("DP-6", Fit::Own));
}

/// The place of a floating window of `DP-1`, or of `wish`.
fn place(rect: &str, wish: &str, present: &[&str]) -> String {
    let saved = [LAPTOP, "DP-1 1920x1080+1920+0"].map(monitor);
    let present: Vec<Output> = present.iter().copied().map(output).collect();
    let wishes = [wish.to_owned()];
    let desk = Desk::new(&saved, wishes.iter(), &present);
    let output = desk.output_for(&wishes).0.unwrap();
    desk.place(rect.parse().unwrap(), &wishes, output)
        .to_string()
}

#[test]
fn floating_windows_are_on_the_screen() {
    let docked = [LAPTOP, "DP-1 1920x1080+1920+0"];
    let inside = "500x200+700+300";
    assert_eq!(place(inside, "DP-1", &docked), "500x200+2620+300");
    assert_eq!(place(inside, "DP-1", &[LAPTOP]), inside);
    assert_eq!(place(inside, "nonprimary", &docked), "500x200+2620+300");
    // Over the edge between two monitors: as long as both are there.
    let between = "500x200+1600+300";
    assert_eq!(place(between, "eDP-1", &docked), between);
    assert_eq!(place(between, "eDP-1", &[LAPTOP]), "500x200+1420+300");
    // Over the edge of the screen: at the same monitor.
    let hanging = "500x200+1800+300";
    assert_eq!(place(hanging, "DP-1", &docked), "500x200+3720+300");
    assert_eq!(place(hanging, "DP-1", &["DP-1 1920x1080+0+0"]), hanging);
    assert_eq!(place(hanging, "DP-1", &[LAPTOP]), "500x200+1420+300");
    assert_eq!(place("500x200+9000+0", "DP-1", &docked), "500x200+3340+0");
    // With the center on another monitor.
    assert_eq!(place("500x200+1800+0", "eDP-1", &docked), "500x200+1420+0");
    // Larger than the screen.
    let small = ["eDP-1 800x600+0+0 primary"];
    assert_eq!(place("1900x1000+10+10", "DP-1", &small), "800x600+0+0");
}
