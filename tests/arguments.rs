//! Variables of a layout on the command line.

use crate::harness::{Desktop, TestWindow};

/// A template with an editor in a directory and a shell without one, on a workspace of its own.
fn save(desktop: &Desktop) {
    for name in ["one", "two"] {
        desktop.create_directory(&format!("home/{name}"));
    }
    let [editor, shell] = ["editor", "shell"].map(|name| TestWindow::new(name).slot());
    desktop.save_text(
        "dev",
        &format!(
            "version: 1\nvars: {{ root: null, name: main }}\nworkspaces:\n  - name: \"dev ${{name}}\"\n    \
             visible: true\n    nodes:\n      - {}\n      - {shell}\n",
            editor.with("cwd: \"${root}\"")
        ),
    );
}

#[test]
fn one_template_is_open_twice_at_the_same_time() {
    let desktop = Desktop::new();
    save(&desktop);
    let first = desktop.report("apply dev root=~/one name=one");
    assert_eq!(first["complete"], true, "{first:#}");
    let second = desktop.report("apply dev --set root=~/two --set name=two");
    assert_eq!(second["complete"], true, "{second:#}");
    assert_eq!(desktop.starts(), 4);
    let text = desktop.arrangement();
    for name in ["one", "two"] {
        let line = format!("dev {name}: splith[editor 960, shell 960]\n");
        assert!(text.contains(&line), "{text}");
        let same = desktop.run([
            "diff",
            "dev",
            &format!("root=~/{name}"),
            &format!("name={name}"),
        ]);
        same.success().stderr_has("dev: no differences");
    }
    let again = desktop
        .run(["apply", "dev", "root=~/one", "name=one"])
        .success();
    again.stderr_has("dev: 2 slots already in place");
    assert_eq!(desktop.starts(), 4);
    let mut directories = desktop.directories_of("test-window");
    directories.sort();
    assert_eq!(directories, ["home", "home", "one", "two"]);

    let status = desktop.report("status");
    let layouts = status["layouts"].as_array().expect("a list");
    assert_eq!(layouts.len(), 2, "{status:#}");
    for layout in layouts {
        assert_eq!(layout["differences"], 0, "{status:#}");
    }
}

#[test]
fn missing_and_unknown_variables_are_named() {
    let desktop = Desktop::new();
    save(&desktop);
    let missing =
        "error: layout `dev` needs a value for `root`\nhint: add `root=VALUE` to the command\n";
    for command in ["apply", "diff", "show", "compile", "preview"] {
        let output = desktop.run([command, "dev"]).code(2);
        assert_eq!(output.stderr, missing, "{command}");
        let output = desktop.run([command, "dev", "rot=x"]).code(2);
        output.stderr_has("layout `dev` has no variable `rot`");
        output.stderr_has("did you mean `root`?");
    }
    let output = desktop.run(["apply", "dev", "root=~/one", "nam=x"]).code(2);
    output
        .stderr_has("layout `dev` has no variable `nam`")
        .stderr_has("did you mean `name`?");
    let output = desktop.run(["apply", "dev", "root"]).code(2);
    output.stderr_has("expected NAME=VALUE");
    assert_eq!(desktop.starts(), 0);

    desktop
        .run(["validate", "dev"])
        .success()
        .stderr_lacks("root");
    let output = desktop
        .run(["validate", "dev", "--set", "root=/none"])
        .success();
    output.stderr_has("the working directory /none of `editor` does not exist");
    let shown = desktop.report("show dev root=~/one");
    assert_eq!(shown["workspaces"][0]["workspace"], "dev main", "{shown:#}");
    let output = desktop.run(["capture", "dev", "--update"]).code(2);
    output.stderr_has("because it has variables without a value");
}

#[test]
fn person_is_asked_for_a_value() {
    let desktop = Desktop::new();
    save(&desktop);
    let mut running = desktop.command(["show", "dev"]).on_terminal().start();
    desktop.wait_until("the question is asked", || {
        let printed = running.stdout_so_far() + &running.stderr_so_far();
        printed.contains("root of dev: ")
    });
    running.type_text("~/two\n");
    running.wait().success().has("/two");
}

#[test]
fn values_that_change_a_command_start_another_program_on_the_same_workspace() {
    let desktop = Desktop::new();
    save(&desktop);
    desktop.run(["apply", "dev", "root=~/one"]).success();
    // What a shell makes of it.
    let home = desktop.path().join("home/one");
    let same = desktop.run(["apply", "dev", &format!("root={}", home.display())]);
    same.success().stderr_has("nothing to do");
    assert_eq!(desktop.starts(), 2);
    // The shell has no variable, so it stays.
    let other = desktop.run(["apply", "dev", "root=~/two"]).success();
    other.stderr_has("1 launched");
    let mut directories = desktop.directories_of("test-window");
    directories.sort();
    assert_eq!(directories, ["home", "one", "two"]);
    let again = desktop.run(["apply", "dev", "root=~/two"]).success();
    again.stderr_has("nothing to do");
    assert_eq!(desktop.starts(), 3);
}
