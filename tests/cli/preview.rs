//! `preview` without a desktop.

use std::fs;

use insta::assert_snapshot;

use super::Home;

const LAYOUT: &str = "version: 1
monitors:
  - { output: eDP-1, rect: 1600x500+0+0, primary: true }
workspaces:
  - name: '1:code'
    output: eDP-1
    visible: true
    nodes:
      - { id: editor, swallow: { class: ^Gvim$ }, command: gvim, cwd: ~/src, percent: 60 }
      - { id: shell, swallow: { class: ^XTerm$ }, command: xterm, percent: 40 }
focus: '1:code'
";

#[test]
fn a_layout_is_drawn_without_i3() {
    let home = Home::new();
    home.write("a.yaml", LAYOUT);
    assert_snapshot!(home.run(&["preview", "a.yaml"]), @r"
    eDP-1  1600x500+0+0, primary
    1:code  visible, focused
    ┌──────────────────────────────────────────────┬───────────────────────────────┐
    │editor                                        │shell                          │
    │gvim                                          │xterm                          │
    │60 % wide                                     │40 % wide                      │
    │                                              │                               │
    │                                              │                               │
    │                                              │                               │
    │                                              │                               │
    │                                              │                               │
    │                                              │                               │
    │                                              │                               │
    └──────────────────────────────────────────────┴───────────────────────────────┘
    [exit 0]
    ");
    let other = [
        "preview",
        "a.yaml",
        "--monitors",
        "DP-1:3000x400+0+0",
        "--workspace",
        "1",
    ];
    assert_snapshot!(home.run(&other), @r"
    DP-1  3000x400+0+0
    1:code  visible, focused
    ┌──────────────────────────────────────────────┬───────────────────────────────┐
    │editor                                        │shell                          │
    │gvim                                          │xterm                          │
    │60 % wide                                     │40 % wide                      │
    │                                              │                               │
    └──────────────────────────────────────────────┴───────────────────────────────┘
    [exit 0]
    ");
}

#[test]
fn pictures_are_written_to_files() {
    let home = Home::new();
    home.write("a.yaml", LAYOUT);
    home.write("b.yaml", "version: 1\n");
    assert_snapshot!(home.run(&["preview", "a.yaml", "--svg", "a.svg", "--png", "a.png"]), @r"
    wrote a.svg
    wrote a.png
    [exit 0]
    ");
    let svg = fs::read_to_string(home.path("a.svg")).expect("the file exists");
    assert!(svg.starts_with("<svg "), "{svg}");
    assert!(
        svg.contains("<title>editor\nin ~/src\ngvim\n60 % wide</title>"),
        "{svg}"
    );
    let png = fs::read(home.path("a.png")).expect("the file exists");
    assert!(png.starts_with(b"\x89PNG"));
    let printed = home.run(&["preview", "a.yaml", "--svg", "-"]);
    assert_eq!(printed, format!("{svg}[exit 0]"));
    // An empty layout has an empty picture.
    assert_snapshot!(home.run(&["preview", "b.yaml"]), @r"
    no workspaces
    [exit 0]
    ");
    home.run(&["preview", "b.yaml", "--svg", "a.svg"]);
    let empty = fs::read_to_string(home.path("a.svg")).expect("the file exists");
    assert!(empty.contains("no workspaces"), "{empty}");
}

#[test]
fn mistakes_are_reported() {
    let home = Home::new();
    home.write("a.yaml", LAYOUT);
    fs::create_dir(home.path("folder")).expect("the directory is writable");
    assert_snapshot!(home.run(&["preview", "a.yaml", "--svg", "folder"]), @r"
    error: cannot write folder
    note: is a directory
    hint: this is a directory: add the name of a file
    [exit 2]
    ");
    assert_snapshot!(home.run(&["preview", "a.yaml", "--workspace", "7"]), @r"
    error: layout `a.yaml` has no workspace `7`
    hint: available: `1:code`
    [exit 2]
    ");
    assert_snapshot!(home.run(&["preview", "a.yaml", "--png", "a.yaml/x.png"]), @r"
    error: cannot create ~/a.yaml
    note: File exists
    hint: a file has this name: choose another directory
    [exit 2]
    ");
    assert_snapshot!(home.run(&["diff", "a.yaml", "--picture=a.txt"]), @r"
    error: invalid value 'a.txt' for '--picture[=<FILE>]': expected a file name that ends with `.svg` or `.png`

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn the_pictures_in_the_documentation_are_up_to_date() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).expect("the file exists");
    let readme = read("README.md");
    let (_, rest) = readme
        .split_once("```yaml\n")
        .expect("README.md has a layout");
    let (layout, _) = rest.split_once("```\n").expect("the block ends");
    let home = Home::new();
    home.write("daily-dev.yaml", layout);
    home.write(
        "two-monitors.yaml",
        &read("layouts/examples/two-monitors.yaml"),
    );
    for (name, monitors) in [
        ("daily-dev", "eDP-1:1280x720+0+0:primary"),
        (
            "two-monitors",
            "eDP-1:1280x720+0+180:primary,DP-1:1600x900+1280+0",
        ),
    ] {
        let file = format!("{name}.yaml");
        let drawn = home.run(&["preview", &file, "--monitors", monitors, "--svg", "-"]);
        let picture = read(&format!("docs/pictures/{name}.svg"));
        assert_eq!(
            drawn,
            format!("{picture}[exit 0]"),
            "run scripts/docs-pictures"
        );
    }
}
