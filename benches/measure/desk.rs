//! The measured desktops: one with 15 windows of real programs, and larger ones.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::harness::{Desktop, tree, windows};

/// The number of desktop entries on a typical machine.
const DESKTOP_ENTRIES: usize = 150;

/// The number of windows per workspace on the larger desktops.
const PER_WORKSPACE: usize = 25;

/// The three workspaces.
pub(crate) const WORKSPACES: [&str; 3] = ["1", "2:web", "3: überblick ♥"];

/// A started program with its working directory.
pub(crate) struct Program {
    pub(crate) argv: Vec<String>,
    pub(crate) directory: PathBuf,
}

/// The programs of a desktop: 15 windows of real programs, and test windows beside them.
pub(crate) struct Desk {
    pub(crate) programs: Vec<Program>,
    pub(crate) windows: usize,
}

/// Writes files for the programs, and desktop entries.
pub(crate) fn write_program_files(desktop: &Desktop) {
    desktop.write(
        "home/.vimrc",
        "set nocompatible noswapfile viminfo= guioptions=\n",
    );
    for name in [
        "home/src/plan.txt",
        "home/notes/today.txt",
        "home/src/log.txt",
    ] {
        desktop.write(name, &"a line to look at\n".repeat(60));
    }
    // Large programs are often installed outside of PATH. Their windows make capture search the
    // desktop entries.
    let web = desktop.path().join("home/opt/web/web");
    std::fs::create_dir_all(web.parent().unwrap_or(&web)).expect("the directory is writable");
    std::os::unix::fs::symlink(windows::PROGRAM, web).expect("the directory is writable");
    for number in 0..DESKTOP_ENTRIES {
        let mut text = format!(
            "[Desktop Entry]\nType=Application\nVersion=1.0\nName=Program {number}\n\
             Exec=program-{number} %U\nIcon=program-{number}\nTerminal=false\n\
             StartupWMClass=Program-{number}\nCategories=Utility;Development;\n"
        );
        for language in 0..40 {
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "Name[l{language}]=Program {number} in language {language}"
            );
            let _ = writeln!(
                text,
                "Comment[l{language}]=What the program {number} is for"
            );
        }
        desktop.write(
            &format!("share/applications/program-{number}.desktop"),
            &text,
        );
    }
}

impl Desk {
    /// Opens all windows one by one.
    pub(crate) fn open(desktop: &Desktop) -> Self {
        let mut desk = Self {
            programs: Vec::new(),
            windows: 0,
        };
        let home = desktop.path().join("home");
        let [src, notes] = ["src", "notes"].map(|name| home.join(name));
        let i3 = |commands: &str| desktop.run_i3(commands);
        let switch = |name: &str| desktop.run_i3(&format!("workspace \"{name}\""));

        switch(WORKSPACES[0]);
        desk.start(desktop, &["gvim", "-f", "plan.txt"], &src);
        desk.start(desktop, &["xterm"], &src);
        i3("split v, layout tabbed");
        desk.start(desktop, &["xterm"], &notes);
        desk.start(desktop, &["xterm", "-e", "less", "log.txt"], &src);
        i3("split h");
        desk.start(desktop, &["urxvt", "-e", "less", "today.txt"], &notes);
        i3("resize grow left 123 px, [instance=\"^gvim$\"] resize set 62 ppt, mark log");
        desk.start(
            desktop,
            &["xterm", "-T", "today", "-e", "less", "today.txt"],
            &notes,
        );
        i3("floating enable, border pixel 3, move position 501 px 603 px");

        switch(WORKSPACES[1]);
        let web = home.join("opt/web/web").display().to_string();
        let web = [
            &web,
            "--class",
            "Web",
            "--instance",
            "web",
            "--title",
            "page {n}",
        ];
        desk.windows += 1;
        desk.start(desktop, &[&web[..], &["--count", "2"]].concat(), &home);
        i3("split v");
        desk.start(desktop, &["urxvt"], &src);
        i3("layout stacking");
        desk.start(desktop, &program("editres", &[]), &home);
        i3("focus parent");
        desk.start(desktop, &program("xfontsel", &[]), &home);
        i3("resize set 27 ppt");

        switch(WORKSPACES[2]);
        desk.start(desktop, &["urxvt"], &notes);
        desk.start(desktop, &["gvim", "-f", "today.txt"], &notes);
        i3("split v, layout tabbed");
        desk.start(
            desktop,
            &["xterm", "-e", "sh", "-c", "echo \"$HOME\"; exec cat"],
            &src,
        );
        i3("[instance=\"^gvim$\" title=\"today\"] focus");
        desk.start(desktop, &["urxvt", "-name", "dropdown"], &home);
        i3(
            "floating enable, resize set 1200 px 500 px, move position 360 px 0 px, move scratchpad",
        );

        switch(WORKSPACES[0]);
        i3("[instance=\"^gvim$\" workspace=\"^1$\"] focus");
        desktop.sync();
        desk
    }

    fn start(&mut self, desktop: &Desktop, argv: &[&str], directory: &Path) {
        self.spawn(desktop, argv, directory);
        wait_for_windows(desktop, self.windows);
    }

    fn spawn(&mut self, desktop: &Desktop, argv: &[&str], directory: &Path) {
        self.windows += 1;
        desktop.spawn_with(argv, directory, &[]);
        self.programs.push(Program {
            argv: argv.iter().map(|&argument| argument.to_owned()).collect(),
            directory: directory.to_owned(),
        });
    }

    /// The number of workspaces.
    pub(crate) fn workspaces(&self) -> usize {
        let test_windows = self.windows.saturating_sub(15);
        WORKSPACES.len() + test_windows.div_ceil(PER_WORKSPACE)
    }

    /// Opens test windows of separate processes until this many windows are open.
    pub(crate) fn fill(&mut self, desktop: &Desktop, size: usize) {
        let src = desktop.path().join("home/src");
        while self.windows < size {
            let batch = PER_WORKSPACE.min(size - self.windows);
            desktop.run_i3(&format!("workspace \"more {}\"", self.windows));
            for part in 0..batch {
                self.start_test_window(desktop, &src);
                // Adds a level of nesting while the windows open.
                if part == batch / 2 {
                    wait_for_windows(desktop, self.windows);
                    desktop.run_i3("split v, layout tabbed");
                }
            }
            wait_for_windows(desktop, self.windows);
        }
        desktop.sync();
    }

    fn start_test_window(&mut self, desktop: &Desktop, directory: &Path) {
        let number = self.windows;
        let class = format!("App{}", number % 10);
        let instance = format!("app{}", number % 50);
        let title = format!("document {number}");
        let argv = [
            "test-window",
            "--class",
            &class,
            "--instance",
            &instance,
            "--title",
            &title,
        ];
        self.spawn(desktop, &argv, directory);
    }
}

/// The command line of a program, or of a test window if it is not installed.
fn program<'a>(name: &'a str, arguments: &[&'a str]) -> Vec<&'a str> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    if std::env::split_paths(&paths).any(|directory| directory.join(name).is_file()) {
        [&[name], arguments].concat()
    } else {
        vec!["test-window", "--instance", name, "--class", name]
    }
}

pub(crate) fn wait_for_windows(desktop: &Desktop, count: usize) {
    desktop.wait_until(&format!("{count} windows are open"), || {
        tree::windows(&desktop.tree()).len() >= count
    });
}
