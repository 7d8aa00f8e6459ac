//! Import of files of a real desktop.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::harness::{Desktop, TestWindow, tree};

/// The keys that i3-save-tree keeps, without those of children.
const KEYS: [&str; 11] = [
    "type",
    "fullscreen_mode",
    "layout",
    "border",
    "current_border_width",
    "floating",
    "percent",
    "name",
    "geometry",
    "marks",
    "rect",
];

/// Prints containers as i3-save-tree does: with criteria in comments.
fn print(con: &Value, indent: &str, is_last: bool, text: &mut String) {
    let children = |key: &str| con[key].as_array().cloned().unwrap_or_default();
    let (nodes, floating) = (children("nodes"), children("floating_nodes"));
    let is_leaf = con["type"] == "con" && nodes.is_empty() && floating.is_empty();
    let inner = format!("{indent}    ");
    let _ = writeln!(text, "{indent}{{");
    if !is_leaf {
        let kind = &con["type"].as_str().unwrap_or_default();
        let _ = writeln!(text, "{inner}// {kind} with {} children", nodes.len());
    }
    let mut own: Map<String, Value> = Map::new();
    for key in KEYS {
        let is_left_out = match key {
            "layout" => is_leaf,
            "name" => !is_leaf,
            "rect" => con["type"] != "floating_con",
            "fullscreen_mode" => con[key] == 0,
            "current_border_width" => con[key] == -1,
            _ => false,
        };
        if !is_left_out {
            own.insert(key.to_owned(), con[key].clone());
        }
    }
    let mut entries: Vec<String> = own
        .iter()
        .map(|(key, value)| format!("{inner}\"{key}\": {value}"))
        .collect();
    if is_leaf {
        let properties = con["window_properties"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        let criteria = properties.iter().filter_map(|(key, value)| {
            let letters = value.as_str()?.chars().flat_map(|letter| {
                let backslash = (!letter.is_alphanumeric()).then_some('\\');
                backslash.into_iter().chain([letter])
            });
            let escaped: String = letters.collect();
            let pattern = Value::from(format!("^{escaped}$"));
            Some(format!("{inner}   // \"{key}\": {pattern}"))
        });
        let criteria: Vec<String> = criteria.collect();
        entries.push(format!(
            "{inner}\"swallows\": [\n{inner}   {{\n{}\n{inner}   }}\n{inner}]",
            criteria.join(",\n")
        ));
    }
    text.push_str(&entries.join(",\n"));
    for (key, children) in [("nodes", nodes), ("floating_nodes", floating)] {
        if children.is_empty() {
            continue;
        }
        let _ = write!(text, ",\n{inner}\"{key}\": [\n");
        for (position, child) in children.iter().enumerate() {
            print(
                child,
                &format!("{inner}    "),
                position + 1 == children.len(),
                text,
            );
        }
        let _ = write!(text, "{inner}]");
    }
    let _ = writeln!(text, "\n{indent}}}{}", if is_last { "" } else { "," });
}

/// The workspace as `i3-save-tree --workspace` prints it.
fn save_tree(desktop: &Desktop, workspace: &str) -> String {
    let tree = desktop.tree();
    let found = tree::workspaces(&tree)
        .into_iter()
        .find(|one| one.con["name"] == workspace);
    let con = found.expect("the workspace exists").con;
    let mut text = "// vim:ts=4:sw=4:et\n".to_owned();
    for key in ["nodes", "floating_nodes"] {
        for child in con[key].as_array().into_iter().flatten() {
            print(child, "", true, &mut text);
            text.push('\n');
        }
    }
    text
}

/// A desktop with a tabbed container, other sizes, a mark, borders and a floating window.
fn desktop() -> Desktop {
    let desktop = Desktop::new();
    desktop.run_i3("workspace 1:code");
    desktop.open_window("a");
    desktop.open_window("b");
    desktop.run_i3("[instance=a] resize set width 1200 px; [instance=a] border pixel 3; [instance=b] focus; mark right; split v");
    desktop.open_window("c");
    desktop.run_i3("layout tabbed");
    desktop.open_window(TestWindow::new("d-e").title("d/e \"f\""));
    desktop.run_i3(
        "[instance=d-e] floating enable, resize set 500 px 400 px, move absolute position 222 px 333 px; [instance=b] focus",
    );
    desktop
}

/// Adds the commands of the test windows to slots without one.
fn fill_in(desktop: &Desktop, layout: &str) {
    let mut text = String::new();
    for line in desktop.layout(layout).lines() {
        let mut names = ["a", "b", "c", "d-e"].into_iter();
        let found = names.find(|name| line.contains(&format!("instance: ^{name}$ }}")));
        let Some(name) = found else {
            let _ = writeln!(text, "{line}");
            continue;
        };
        let command = format!("command: {:?}", TestWindow::new(name).command());
        // A slot is on one line, or has a line for each key.
        match line.split_once("swallow:") {
            Some((indent, _)) if indent.trim().is_empty() => {
                let _ = writeln!(text, "{line}\n{indent}{command}");
            }
            _ => {
                let criterion = format!("instance: ^{name}$ }}");
                let line = line.replace(&criterion, &format!("{criterion}, {command}"));
                let _ = writeln!(text, "{line}");
            }
        }
    }
    desktop.save_text(layout, &text);
}

#[test]
fn a_file_of_i3_save_tree_is_restored() {
    let desktop = desktop();
    let before = desktop.tree_text();
    let file = desktop.write("home/saved.json", &save_tree(&desktop, "1:code"));
    let file = file.to_str().expect("it is ASCII");
    desktop
        .run(["import", file, "t", "--workspace", "1:code"])
        .success();
    fill_in(&desktop, "t");
    desktop.close_all_windows();
    desktop.run_i3("workspace 9");
    desktop.run(["apply", "t"]).success();
    desktop.run_i3("[instance=b] focus");
    assert_eq!(desktop.tree_text(), before, "{}", desktop.layout("t"));
}

#[test]
fn a_reply_to_get_tree_is_restored() {
    let desktop = desktop();
    let before = desktop.tree_text();
    let file = desktop.write("home/tree.json", &desktop.tree().to_string());
    let file = file.to_str().expect("it is ASCII");
    desktop.run(["import", file, "t"]).success();
    fill_in(&desktop, "t");
    desktop.close_all_windows();
    desktop.run_i3("workspace 9");
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.tree_text(), before, "{}", desktop.layout("t"));
}

#[test]
fn a_file_of_compile_is_imported_with_its_workspaces() {
    let desktop = desktop();
    desktop.run_i3("workspace 2; layout tabbed");
    desktop.open_window("x");
    desktop.open_window("y");
    desktop.run_i3("layout stacking");
    desktop.run(["capture", "t"]).success();
    let exported = desktop.run(["compile", "t"]).success().stdout;
    let file = desktop.write("home/exported.json", &exported);
    let file = file.to_str().expect("it is ASCII");
    desktop.run(["import", file, "again"]).success();
    let again = desktop.run(["compile", "again"]).success().stdout;
    assert_eq!(again, exported, "{}", desktop.layout("again"));
}

/// i3's own `append_layout` is the judge of what a file means.
#[test]
fn a_file_means_the_same_as_for_append_layout() {
    let desktop = desktop();
    let saved = save_tree(&desktop, "1:code");
    // As i3-restore and people do: all criteria in force, no other comments.
    let lines = saved.lines().filter_map(|line| match line.trim_start() {
        text if text.starts_with("// \"") => Some(text.trim_start_matches("// ")),
        text if text.starts_with("//") => None,
        _ => Some(line),
    });
    let saved: Vec<&str> = lines.collect();
    let file = desktop.write("home/saved.json", &saved.join("\n"));
    let file = file.to_str().expect("it is ASCII");

    desktop.close_all_windows();
    desktop.run_i3(&format!("workspace 1:code; append_layout {file}"));
    for name in ["a", "b", "c"] {
        desktop.open_window(name);
    }
    desktop.open_window(TestWindow::new("d-e").title("d/e \"f\""));
    desktop.sync();
    desktop.run_i3("[instance=b] focus");
    let by_i3 = desktop.tree_text();

    desktop
        .run([
            "import",
            file,
            "t",
            "--from",
            "i3-restore",
            "--workspace",
            "1:code",
        ])
        .success();
    fill_in(&desktop, "t");
    desktop.close_all_windows();
    desktop.run_i3("workspace 9");
    desktop.run(["apply", "t"]).success();
    desktop.run_i3("[instance=b] focus");
    assert_eq!(desktop.tree_text(), by_i3, "{}", desktop.layout("t"));
}

#[test]
fn the_open_windows_are_those_of_the_file() {
    let desktop = desktop();
    let file = desktop.write("home/saved.json", &save_tree(&desktop, "1:code"));
    desktop
        .run([
            "import",
            file.to_str().expect("it is ASCII"),
            "t",
            "--workspace",
            "1:code",
        ])
        .success();
    // All windows are open, so nothing but the layout of the workspace could differ.
    let output = desktop.run(["diff", "t"]);
    output.success();
}
