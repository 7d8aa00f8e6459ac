//! What the unit tests of several folders share.

use std::collections::BTreeMap;
use std::path::Path;

use crate::compile::{Plan, Surroundings, compile};
use crate::layout::{Format, read};
use crate::live::Desktop;

/// The plan of a layout file's text, for the outputs of a desktop.
#[track_caller]
pub(crate) fn plan(yaml: &str, desktop: &Desktop) -> Plan {
    let layout = read(yaml, "test.yaml", Format::Yaml).unwrap();
    compile(
        &layout,
        Surroundings {
            name: "test",
            outputs: &desktop.outputs,
            env: &BTreeMap::from([("SHELL".to_owned(), "/bin/sh".to_owned())]),
            home: Path::new("/home/user"),
        },
    )
}
