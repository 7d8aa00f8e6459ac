//! The properties of a window without secrets.

use crate::discover::secrets::{Known, Secrets};
use crate::live::{Properties, WindowFacts};

/// The properties with `***` for secrets: those that can be recognized in a property, and
/// those on the command line of the process.
pub(super) fn without_secrets(
    mut properties: Properties,
    facts: Option<&WindowFacts>,
    secrets: &Secrets,
) -> Properties {
    let process = facts.and_then(|facts| facts.process.as_ref());
    let given = process.map_or_else(Vec::new, |process| secrets.values(&process.argv));
    let given: Known = given.iter().collect();
    let texts = [
        &mut properties.class,
        &mut properties.instance,
        &mut properties.window_role,
        &mut properties.title,
        &mut properties.machine,
    ];
    for text in texts.into_iter().flatten() {
        // In this order: part of a secret may be another one.
        *text = given.hide(&secrets.masked_text(text));
    }
    properties
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::live::Process;

    #[test]
    fn secrets_of_the_command_line_are_hidden_everywhere() {
        let properties = Properties {
            class: Some("App-opensesame".to_owned()),
            instance: Some("token=x1y2z3".to_owned()),
            title: Some("opensesame - app, x".to_owned()),
            window_role: Some("corp-0opensesame".to_owned()),
            ..Properties::default()
        };
        let own = crate::layout::criteria::compile("corp-[0-9a-f]o.*").unwrap();
        let secrets = Secrets::new(vec![own]);
        let argv = ["app", "--password", "opensesame", "--token", "x"];
        let facts = WindowFacts {
            process: Some(Process {
                argv: argv.map(str::to_owned).to_vec(),
                ..Process::default()
            }),
            ..WindowFacts::default()
        };
        let shown = without_secrets(properties, Some(&facts), &secrets);
        assert_eq!(shown.class.as_deref(), Some("App-***"));
        assert_eq!(shown.instance.as_deref(), Some("token=***"));
        assert_eq!(shown.title.as_deref(), Some("*** - app, x"));
        assert_eq!(shown.window_role.as_deref(), Some("***"));
    }
}
