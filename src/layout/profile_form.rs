//! The written form of profiles; see [`crate::document::form`].

use serde_json::{Value, json};

use super::profile::{Profile, ProfileMonitor, ProfileWorkspace};
use crate::document::form::{at, object};

object! {
    /// A set of monitors, and the places of workspaces on it. It applies if exactly these monitors
    /// are connected.
    Profile {
        /// The name of the profile.
        name.required().examples(|| json!(["office"])),
        /// The monitors, all of which must be connected.
        monitors.required(),
        /// The places of workspaces. Others stay where they are.
        workspaces,
        /// The name of the workspace that gets the focus. Default: the focus stays.
        focus.examples(|| json!(["1:code"])),
    }

    fn examples() -> Value {
        json!([{
            "name": "office",
            "monitors": [{ "output": "eDP-1" }, { "model": "DELL U2719D" }],
            "workspaces": [{ "name": "1:code", "output": "DELL U2719D", "visible": true }],
        }])
    }
}

object! {
    /// The properties by which a monitor is recognised. All must match, except that a monitor with
    /// a make, model or serial number is recognised at any output.
    ProfileMonitor {
        /// The name of the monitor in this profile. Default: `output`, else `model`, `serial` or
        /// `size`.
        name.examples(|| json!(["left"])),
        /// The name of the output, as shown by `xrandr`.
        output.examples(|| json!(["eDP-1"])),
        /// The three letters of the manufacturer, in addition to `model` or `serial`.
        make.examples(|| json!(["DEL"])) => at!(edid.make),
        /// The name of the model.
        model.examples(|| json!(["DELL U2719D"])) => at!(edid.model),
        /// The serial number.
        serial.examples(|| json!(["7Q3RV2C3"])) => at!(edid.serial),
        /// The size in pixels: `WIDTHxHEIGHT`.
        size.examples(|| json!(["2560x1440"])),
    }

    fn examples() -> Value {
        json!([{ "output": "eDP-1" }])
    }
}

object! {
    /// The place of a workspace.
    ProfileWorkspace {
        /// The name of the workspace. A workspace with the same number is meant, too, if no other
        /// one has this name.
        name.required().examples(|| json!(["1:code", "2"])),
        /// The name of a monitor of the profile, `primary` or `nonprimary`.
        output.required().examples(|| json!(["eDP-1"])),
        /// True if the monitor shows the workspace.
        visible,
    }

    fn examples() -> Value {
        json!([{ "name": "1:code", "output": "eDP-1" }])
    }
}
