//! Recognises layout files of other tools, for a helpful error.

use crate::document::Fault;

/// The fault of a file of another tool; `None` for any other file.
pub(super) fn recognise(text: &str) -> Option<Fault> {
    let has = |key: &str| text.contains(&format!("\"{key}\""));
    let (found, hint) = if has("swallows") && (has("layout") || has("type") || has("nodes")) {
        (
            "a layout for i3's `append_layout`, as i3-save-tree and i3-resurrect write it",
            "open its windows (`i3-msg append_layout FILE`, or `i3-resurrect restore`), then run \
             `i3pm-layout capture NAME`",
        )
    } else if has("window_properties") && has("command") {
        (
            "a list of programs of i3-resurrect",
            "run `i3-resurrect restore`, then `i3pm-layout capture NAME`",
        )
    } else {
        return None;
    };
    Some(Fault::Foreign { found, hint })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_only_files_of_other_tools() {
        for (text, is_foreign) in [
            (
                r#"{"layout": "splith", "nodes": [{"swallows": [{"class": "^X$"}]}]}"#,
                true,
            ),
            (
                "// vim:ts=4:sw=4:et\n{\n    \"type\": \"con\",\n    \"swallows\": []\n}\n",
                true,
            ),
            (
                r#"[{"command": "x", "window_properties": {"class": "X"}}]"#,
                true,
            ),
            ("version: 1\nworkspaces: []\n", false),
            (
                r#"{"version": 1, "workspaces": [{"name": "a", "layout": "tabbed"}]}"#,
                false,
            ),
            ("", false),
        ] {
            assert_eq!(recognise(text).is_some(), is_foreign, "{text}");
        }
    }
}
