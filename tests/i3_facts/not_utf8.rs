//! Bytes that are not UTF-8.

use serde_json::json;
use swayipc_types::CommandType;

use super::{append, marked, open, workspace};
use crate::harness::{Desktop, TestWindow};

/// Runs a command of arbitrary bytes; true if i3 reports success.
fn is_done(desktop: &Desktop, command: &[u8]) -> bool {
    let reply = desktop.ipc().request(CommandType::RunCommand, command);
    reply[0]["success"] == true
}

#[test]
fn i3_keeps_invalid_utf8_except_in_titles() {
    let desktop = Desktop::new();
    desktop.open_window(TestWindow::not_utf8());
    assert!(is_done(&desktop, b"mark --add m\xed\xa0\x80"));
    assert!(is_done(&desktop, br"mark --add \\ud800"));
    assert!(is_done(&desktop, b"title_format \xfe"));
    desktop.sync();
    let tree = desktop.ipc().request_bytes(CommandType::GetTree);
    let tree = tree.escape_ascii().to_string().replace(r#"\""#, "\"");
    for part in [
        r#""class":"Odd\xff""#,
        r#""instance":"odd\xff""#,
        r#""window_role":"role\xff""#,
        // U+FFFD, the replacement character.
        r#""title":"title\xef\xbf\xbd""#,
        r#""title_format":"\xfe""#,
        // i3 keeps the bytes of a surrogate and never writes it as an escape.
        r#""marks":["m\xed\xa0\x80","\\\\ud800"]"#,
    ] {
        assert!(tree.contains(part), "{part} is not in {tree}");
    }
}

#[test]
fn non_utf8_string_matches_no_pattern() {
    let desktop = Desktop::new();
    desktop.open_window(TestWindow::not_utf8());
    open(&desktop, "plain");
    for pattern in ["Odd", ".*", "^.+$", "", r"Odd.", r"\\xff", r"\\C"] {
        let command = format!("[class=\"{pattern}\" instance=\"dd\"] mark m");
        assert!(!is_done(&desktop, command.as_bytes()), "{pattern}");
    }
    assert!(is_done(&desktop, r#"[title="^title.$"] mark m"#.as_bytes()));
    // A placeholder matches it by title but not by class.
    desktop.close_all_windows();
    for (name, swallow) in [
        ("class", json!({ "class": ".*" })),
        ("title", json!({ "title": "^title\u{fffd}$" })),
    ] {
        let node = json!({ "type": "con", "swallows": [swallow], "marks": [name] });
        append(&desktop, &workspace(name, &[node], &[]));
    }
    let taken = marked(&desktop.tree(), "title")["id"].as_u64();
    assert_eq!(
        Some(desktop.open_window(TestWindow::not_utf8()).con()),
        taken
    );
}

#[test]
fn criterion_with_a_non_utf8_pattern_is_ignored() {
    let desktop = Desktop::new();
    let con = open(&desktop, "a");
    open(&desktop, "b");
    let id = con.to_string();
    let command = [b"[con_id=", id.as_bytes(), b" class=\"^x\xff$\"] mark m"];
    assert!(is_done(&desktop, &command.concat()));
    assert_eq!(marked(&desktop.tree(), "m")["id"], con);
}

#[test]
fn append_layout_rejects_non_utf8() {
    let desktop = Desktop::new();
    let path = desktop.path().join("tmp/odd.json");
    let json = b"{ \"type\": \"con\", \"nodes\": [], \"marks\": [\"m\xff\"] }";
    std::fs::write(&path, json).expect("the directory is writable");
    let command = format!("append_layout {}", path.display());
    assert!(!is_done(&desktop, command.as_bytes()));
}
