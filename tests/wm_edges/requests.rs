//! Requests.

use i3pm_layout::live::ConId;
use i3pm_layout::wm::command::Command;
use i3pm_layout::wm::{CommandReply, WmError};

use super::{VERSION, open};
use crate::harness::fake_i3::{
    FakeI3, GET_CONFIG, GET_OUTPUTS, GET_TREE, GET_VERSION, RUN_COMMAND, Step, frame, reply,
};

#[test]
fn observation_sends_all_requests_before_reading() {
    let fake = FakeI3::serve(vec![
        // Replies only after all four requests have arrived.
        Step::Await(4),
        Step::Send(frame(GET_VERSION, VERSION)),
        Step::Send(frame(GET_CONFIG, r#"{"config":"default_border none"}"#)),
        Step::Send(frame(GET_TREE, r#"{"type":"root","id":1}"#)),
        Step::Send(frame(
            GET_OUTPUTS,
            r#"[{"name":"B","active":true,"rect":{"x":5}},{"name":"A","active":true},{"name":"off"}]"#,
        )),
    ]);
    let (about, tree, outputs) = open(&fake).observe(None).expect("all is answered");
    assert_eq!(about.version.minor, 22);
    assert_eq!(about.defaults.border, i3pm_layout::layout::Border::None);
    assert_eq!(tree.id, ConId(1));
    let names: Vec<_> = outputs.iter().map(|output| &output.name).collect();
    assert_eq!(names, ["A", "B"]);
}

#[test]
fn commands_are_sent_in_one_message() {
    let fake = FakeI3::serve(reply(
        RUN_COMMAND,
        r#"[{"success":true},{"success":false,"error":"no"}]"#,
    ));
    let replies = open(&fake)
        .run(&[
            Command::Focus(ConId(7)),
            Command::ShowWorkspace("a; \"b\"\\".to_owned()),
        ])
        .expect("i3 replies to both commands");
    assert_eq!(
        replies,
        [CommandReply::Done, CommandReply::Refused("no".to_owned())]
    );
    let sent = r#"[con_id=7] focus; workspace --no-auto-back-and-forth "a; \"b\"\\""#;
    assert_eq!(fake.requests(), [(RUN_COMMAND, sent.to_owned())]);
}

#[test]
fn empty_command_list_sends_nothing() {
    let fake = FakeI3::serve(vec![]);
    assert_eq!(open(&fake).run(&[]).expect("nothing to do"), []);
    assert_eq!(fake.requests(), []);
}

#[test]
fn commands_after_a_parse_error_are_reported_as_not_run() {
    let fake = FakeI3::serve(reply(
        RUN_COMMAND,
        r#"[{"success":true},{"success":false,"parse_error":true,"error":"Expected"}]"#,
    ));
    let commands = [ConId(1), ConId(2), ConId(3)].map(Command::Focus);
    assert_eq!(
        open(&fake).run(&commands).expect("i3 replies"),
        [
            CommandReply::Done,
            CommandReply::Refused("Expected".to_owned()),
            CommandReply::NotRun
        ]
    );
}

#[test]
fn wrong_number_of_replies_is_an_error() {
    for answers in ["[]", r#"[{"success":true},{"success":true}]"#] {
        let fake = FakeI3::serve(reply(RUN_COMMAND, answers));
        let error = open(&fake)
            .run(&[Command::Focus(ConId(1))])
            .expect_err("the number of replies is wrong");
        assert!(matches!(error, WmError::Count { .. }), "{error}");
    }
}

#[test]
fn command_with_a_nul_byte_is_not_sent() {
    let fake = FakeI3::serve(vec![]);
    let mark = "a\0b".to_owned();
    let error = open(&fake)
        .run(&[Command::Mark {
            con: ConId(1),
            mark,
        }])
        .expect_err("NUL");
    assert!(matches!(error, WmError::UnsendableCommand(_)), "{error}");
    assert_eq!(fake.requests(), []);
}
