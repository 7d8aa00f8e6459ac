//! Templates of slots, and files that layouts include.

use std::fs;

use crate::harness::{Desktop, TestWindow};

const SHARED: &str = "config/i3pm-layout/shared.yaml";

/// A file with the templates `mail` and `shell`, whose command is that of a test window.
fn share(desktop: &Desktop) {
    let [mail, shell] = ["mail", "shell"].map(|name| TestWindow::new(name).command());
    desktop.create_directory("home/src");
    desktop.write(
        SHARED,
        &format!(
            "version: 1\nvars: {{ root: ~/src }}\ntemplates:\n  mail: {{ swallow: {{ instance: ^mail$ }}, \
             command: {mail}, timeout: 60, env: {{ MODE: shared, SIZE: big }} }}\n  shell: {{ swallow: \
             {{ instance: ^shell$ }}, command: {shell}, cwd: \"${{root}}\" }}\n"
        ),
    );
}

fn text(desktop: &Desktop, name: &str) -> String {
    let path = desktop
        .path()
        .join(format!("config/i3pm-layout/layouts/{name}.yaml"));
    fs::read_to_string(path).expect("the layout was written")
}

#[test]
fn layouts_share_the_templates_of_an_included_file() {
    let desktop = Desktop::new();
    share(&desktop);
    let own = TestWindow::new("own").slot();
    desktop.save_text(
        "daily",
        &format!(
            "version: 1\ninclude: ../shared.yaml\nworkspaces:\n  - name: \"1\"\n    visible: true\n    nodes:\n      \
             - {{ template: mail, env: {{ MODE: daily }}, percent: 60 }}\n      - template: shell\n  - name: \"2\"\n    \
             nodes:\n      - {own}\n"
        ),
    );
    desktop
        .run(["apply", "daily"])
        .success()
        .stderr_has("restored 3 of 3 slots");
    assert_eq!(
        desktop.directories_of("test-window"),
        ["home", "home", "src"]
    );
    let shown = desktop.report("show daily");
    let mail = &shown["workspaces"][0]["slots"][0];
    assert_eq!(mail["slot"], "mail", "{shown:#}");
    desktop
        .run(["diff", "daily"])
        .success()
        .stderr_has("no differences");

    // An update does not write what the template gives.
    desktop.run_i3("[instance=^mail$] resize set width 40 ppt");
    desktop.run(["capture", "daily", "--update"]).success();
    let updated = text(&desktop, "daily");
    assert!(updated.contains("include: ../shared.yaml\n"), "{updated}");
    assert!(
        updated.contains("- { template: mail, env: { MODE: daily }, percent: 40")
            && updated.contains("- template: shell\n"),
        "{updated}"
    );
    assert!(
        !updated.contains("root") && !updated.contains("templates"),
        "{updated}"
    );
    desktop
        .run(["diff", "daily"])
        .success()
        .stderr_has("no differences");

    // The command line sets variables of included files.
    desktop.create_directory("home/other");
    desktop
        .run([
            "apply",
            "daily",
            "root=~/other",
            "--reuse",
            "none",
            "--only",
            "shell",
        ])
        .success();
    assert!(
        desktop
            .directories_of("test-window")
            .contains(&"other".to_owned())
    );
}

/// Saves the layout `t` with this beginning and one slot.
fn save_slot(desktop: &Desktop, head: &str, slot: &str) {
    desktop.save_text(
        "t",
        &format!("version: 1\n{head}workspaces:\n  - name: \"1\"\n    nodes: [{{ {slot} }}]\n"),
    );
}

/// Checks that commands refuse the layout `t`.
#[track_caller]
fn refused(desktop: &Desktop, place: &str, what: &str, hint: &str) {
    for command in ["validate", "apply", "show"] {
        let code = if command == "validate" { 1 } else { 2 };
        let output = desktop.run([command, "t"]).code(code);
        output.stderr_has(place).stderr_has(what).stderr_has(hint);
    }
}

#[test]
fn mistakes_name_the_file_and_the_place() {
    let desktop = Desktop::new();
    share(&desktop);
    let save = |head: &str, slot: &str| save_slot(&desktop, head, slot);
    let refused = |place: &str, what: &str, hint: &str| refused(&desktop, place, what, hint);
    save("include: [../shared.yaml]\n", "template: mial");
    refused(
        "t.yaml:5:25",
        "unknown template `mial`",
        "did you mean `mail`?",
    );
    save("", "template: mail");
    refused(
        "t.yaml:4:25",
        "unknown template `mail`",
        "`include` a file that has it",
    );
    save(
        "include: [../shared.yaml, ../none.yaml]\n",
        "template: mail",
    );
    refused(
        "t.yaml:2:27",
        "cannot include ../none.yaml: the file does not exist",
        "relative to the directory of this file",
    );
    save("include: t.yaml\n", "template: mail");
    refused(
        "t.yaml:2:10",
        "cannot include t.yaml: it is this file",
        "remove it",
    );
    save("include: ../shared.yaml\n", "template: mail, timeout: -1");
    refused("t.yaml:5:40", "`timeout` must be", "");
    save(
        "templates: { mail: { id: x, command: xterm } }\n",
        "template: mail",
    );
    refused(
        "t.yaml:2:22",
        "unknown key `id`",
        "move `id` to the slots, beside `template`",
    );
    save(
        "templates: { mail: { swallow: { class: \"(\" } } }\n",
        "template: mail",
    );
    refused(
        "t.yaml:2:40",
        "invalid regular expression in `class`",
        "literally",
    );

    // The mistake is in the other file.
    save("include: ../shared.yaml\n", "template: mail");
    desktop.write(
        SHARED,
        "version: 1\ntemplates: { mail: { comand: xterm } }\n",
    );
    refused(
        "shared.yaml:2:22",
        "unknown key `comand`",
        "did you mean `command`?",
    );
    desktop.write(SHARED, "version: 1\ninclude: layouts/t.yaml\n");
    refused(
        "shared.yaml:2:10",
        "cannot include layouts/t.yaml: it includes this file",
        "remove it",
    );
    desktop.write(
        SHARED,
        "version: 1\nworkspaces: [{ name: \"1\", nodes: [{ command: xterm }] }]\n",
    );
    refused(
        "t.yaml:2:10",
        "cannot include ../shared.yaml: it has windows",
        "only `vars` and `templates`",
    );
    assert_eq!(desktop.starts(), 0);
}

#[test]
fn slot_cannot_take_away_what_its_template_gives() {
    let desktop = Desktop::new();
    let save = |head: &str, slot: &str| save_slot(&desktop, head, slot);
    let refused = |place: &str, what: &str, hint: &str| refused(&desktop, place, what, hint);
    save(
        "templates: { mail: { command: x, optional: true } }\n",
        "template: mail, command: null, cwd: null, optional: false",
    );
    refused(
        "t.yaml:5:40",
        "`command` cannot take away what the template `mail` gives",
        "write the slot without the template",
    );
    refused("t.yaml:5:67", "`optional` cannot take away", "");
    save("templates: { mail: { timeout: 5 } }\n", "template: mail");
    refused("t.yaml:5:13", "`swallow`", "`command`");
    // Nothing else is reported for a wrong `include`.
    save("include: [5]\n", "template: mail");
    let output = desktop.run(["validate", "t"]).code(1);
    output.stderr_lacks("unknown template");
}

#[test]
fn chain_of_files_has_an_end() {
    let desktop = Desktop::new();
    for number in 0..1000 {
        let text = format!("version: 1\ninclude: c{}.yaml\n", number + 1);
        desktop.write(&format!("home/c{number}.yaml"), &text);
    }
    desktop.write("home/c1000.yaml", "version: 1\n");
    let refused = desktop.run(["validate", "./c0.yaml"]).code(1);
    refused.stderr_has("more than 100 files are included");
}

#[test]
fn layouts_that_include_a_renamed_file_are_named() {
    let desktop = Desktop::new();
    let shared = "version: 1\ntemplates: { a: { command: xterm } }\n";
    desktop.save_text("shared", shared);
    let text = "version: 1\ninclude: shared.yaml\nworkspaces: [{ name: \"1\", nodes: [{ template: a }] }]\n";
    desktop.save_text("daily", text);
    let warning = "`daily` cannot be used until `include` there is changed";
    desktop
        .run(["rename", "shared", "common"])
        .success()
        .stderr_has(warning);
    desktop
        .run(["rename", "common", "shared"])
        .success()
        .stderr_lacks(warning);
    desktop
        .run(["delete", "shared"])
        .success()
        .stderr_has(warning);
}

#[test]
fn values_are_needed_only_for_templates_that_are_used() {
    let desktop = Desktop::new();
    let command = TestWindow::new("mail").command();
    desktop.write(
        SHARED,
        &format!(
            "version: 1\nvars: {{ project: null }}\ntemplates:\n  mail: {{ command: {command} }}\n  code: {{ \
             command: {command}, cwd: \"${{project}}\" }}\n"
        ),
    );
    let text = |template: &str| {
        format!(
            "version: 1\ninclude: ../shared.yaml\nworkspaces: [{{ name: \"1\", visible: true, nodes: \
             [{{ template: {template} }}] }}]\n"
        )
    };
    desktop.save_text("mail", &text("mail"));
    desktop.save_text("code", &text("code"));
    desktop.run(["apply", "mail"]).success();
    desktop.run(["capture", "mail", "--update"]).success();
    let refused = desktop.run(["apply", "code"]).code(2);
    refused.stderr_has("needs a value for `project`");
}

#[test]
fn text_of_a_failed_edit_is_validated_beside_its_layout() {
    let desktop = Desktop::new();
    share(&desktop);
    desktop.save_text(
        "a",
        "version: 1\ninclude: ../shared.yaml\nworkspaces: [{ name: \"1\", nodes: [{ template: mail }] }]\n",
    );
    let editor = "sed -i s/mail/mial/";
    let edit = desktop
        .command(["edit", "a"])
        .env("EDITOR", editor)
        .run()
        .code(2);
    edit.stderr_has("unknown template `mial`");
    let folder = fs::read_dir(desktop.path().join("state/i3pm-layout")).expect("it exists");
    let mut names = folder.flatten().map(|entry| entry.path());
    let kept = names
        .find(|path| path.join("a.yaml").exists())
        .expect("the text is kept")
        .join("a.yaml");
    let text = fs::read_to_string(&kept).expect("it is text");
    fs::write(&kept, text.replace("mial", "shell")).expect("the file is writable");
    desktop
        .run(["validate", &kept.display().to_string()])
        .success();
}

#[test]
fn layout_stays_with_the_files_that_it_includes() {
    let desktop = Desktop::new();
    share(&desktop);
    let slot = "version: 1\ninclude: ../shared.yaml\nworkspaces: [{ name: \"1\", nodes: [{ template: mail }] }]\n";
    desktop.save_text("a", slot);
    for command in ["copy", "rename"] {
        let output = desktop.run([command, "a", "site/a"]).code(2);
        output.stderr_has("includes `../shared.yaml`, which is relative to its directory");
    }
    desktop.run(["copy", "a", "b"]).success();
    desktop.run(["validate", "b"]).success();
    desktop.save_text("c", &slot.replace("..", "~/.."));
    let home = desktop.path().join("shared.yaml");
    fs::copy(desktop.path().join(SHARED), home).expect("the files are the test's own");
    desktop.run(["rename", "c", "site/c"]).success();
    desktop.run(["validate", "site/c"]).success();
}

#[test]
fn files_are_as_trusted_as_those_that_they_include() {
    let desktop = Desktop::new();
    let command = TestWindow::new("a").command();
    let templates = format!("version: 1\ntemplates: {{ a: {{ command: {command} }} }}\n");
    desktop.write("home/site/t.yaml", &templates);
    desktop.write(
        "home/site/.i3pm-layout.yaml",
        "version: 1\ninclude: t.yaml\nworkspaces: [{ name: \"1\", nodes: [{ template: a }] }]\n",
    );
    let site = desktop.path().join("home/site");
    let run = |command: &str| desktop.command([command]).directory(&site).run();
    run("trust")
        .success()
        .stdout_has("a  test-window --instance a");
    run("apply").success().stderr_has("restored 1 of 1 slot");
    // Other commands, which the user has not seen.
    desktop.write(
        "home/site/t.yaml",
        &templates.replace("--instance a", "--instance b"),
    );
    run("apply").code(2).stderr_has("are not trusted yet");
    assert_eq!(desktop.starts(), 1);
}
