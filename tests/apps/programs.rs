//! The tested programs, and how a user opens their windows.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::harness::Desktop;
use crate::harness::desktop::Builder;

/// A program and its windows.
pub(crate) struct Program {
    /// The name in the table.
    pub(crate) name: &'static str,
    /// True if the program needs a session bus.
    pub(crate) bus: bool,
    /// Creates files and starts daemons.
    pub(crate) prepare: fn(&Desktop),
    /// The windows, in the order in which they are opened.
    pub(crate) windows: Vec<Opening>,
    /// Commands and directories that replace those of the captured file; empty to keep them.
    pub(crate) written: &'static [(&'static str, &'static str)],
    /// The way to close its windows.
    pub(crate) end: End,
    /// The number of windows that are restored exactly today.
    pub(crate) exact: usize,
    /// The reason if not all windows are restored.
    pub(crate) note: &'static str,
}

/// The way to open a window.
pub(crate) struct Opening {
    pub(crate) argv: Vec<String>,
    /// The working directory, below the home directory.
    pub(crate) directory: String,
    /// A part of its title that identifies the window.
    pub(crate) title: String,
}

/// A way to close windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Closes each window; the program may continue without a window.
    Close,
    /// Closes each window, and kills programs that continue.
    CloseAndKill,
    /// Sends SIGTERM to the program, as at the end of a session.
    Terminate,
    /// Presses these keys, which quit the program, in its window.
    Keys(&'static str),
}

fn opening(argv: &str, directory: &str, title: &str) -> Opening {
    Opening {
        argv: shell_words::split(argv).expect("the quoting is valid"),
        directory: directory.to_owned(),
        title: title.to_owned(),
    }
}

fn program(name: &'static str, windows: Vec<Opening>) -> Program {
    Program {
        name,
        bus: false,
        prepare: |_| (),
        written: &[],
        exact: windows.len(),
        windows,
        end: End::CloseAndKill,
        note: "",
    }
}

pub(crate) fn all() -> Vec<Program> {
    let mut all = terminals();
    all.extend(editors_and_viewers());
    all.extend(file_managers());
    all.extend(browsers());
    all
}

fn shells(argv: &str) -> Vec<Opening> {
    ["one", "two", "three"]
        .map(|name| opening(argv, name, &format!("~/{name}")))
        .into()
}

fn terminals() -> Vec<Program> {
    let daemon = |name| Program {
        prepare: |desktop| {
            desktop.spawn(&["urxvtd", "-q", "-f"]).wait();
        },
        // The daemon continues without a window.
        end: End::Close,
        ..program(name, shells("urxvtc").into_iter().take(2).collect())
    };
    vec![
        program(
            "xterm",
            vec![
                opening("xterm", "one", "~/one"),
                opening("xterm", "two", "~/two"),
                opening("xterm", "three", "~/three"),
                opening("xterm -T log -e tail -f a.txt", "one", "log"),
                opening("xterm -T log -e tail -f a.txt", "two", "log"),
            ],
        ),
        program("urxvt", shells("urxvt")),
        daemon("urxvtc"),
        Program {
            written: &[
                ("sh -c 'sleep 0.4; exec urxvtc'", "~/one"),
                ("urxvtc", "~/two"),
            ],
            ..daemon("urxvtc, the first one late")
        },
        Program {
            bus: true,
            ..program("gnome-terminal", shells("gnome-terminal"))
        },
        Program {
            bus: true,
            written: &[
                ("sh -c 'sleep 0.4; exec gnome-terminal'", "~/one"),
                ("gnome-terminal", "~/two"),
                ("gnome-terminal", "~/three"),
            ],
            ..program(
                "gnome-terminal, the first one late",
                shells("gnome-terminal"),
            )
        },
    ]
}

fn editors_and_viewers() -> Vec<Program> {
    let two = |argv: &str, extension: &str| {
        vec![
            opening(&format!("{argv} a.{extension}"), "one", "a."),
            opening(&format!("{argv} b.{extension}"), "two", "b."),
        ]
    };
    vec![
        program("gvim", two("gvim", "txt")),
        Program {
            prepare: |desktop| {
                desktop.spawn(&["emacs", "--daemon"]).wait();
            },
            // The daemon continues without a window.
            end: End::Close,
            ..program("emacsclient", two("emacsclient -c", "txt"))
        },
        Program {
            bus: true,
            exact: 0,
            note: "the document of the second is not captured",
            ..program("mousepad, one process", two("mousepad -o window", "txt"))
        },
        Program {
            bus: true,
            written: &[
                ("sh -c 'sleep 0.4; exec mousepad -o window a.txt'", "~/one"),
                ("mousepad -o window b.txt", "~/two"),
            ],
            ..program(
                "mousepad, the first one late",
                two("mousepad -o window", "txt"),
            )
        },
        program("mupdf", two("mupdf", "pdf")),
        program("zathura", two("zathura", "pdf")),
        program("feh", two("feh", "png")),
    ]
}

fn file_managers() -> Vec<Program> {
    let pcmanfm = || {
        vec![
            opening("pcmanfm one", "", "one"),
            opening("pcmanfm --new-win two", "", "two"),
        ]
    };
    let three = || {
        let mut windows = pcmanfm();
        windows.push(opening("pcmanfm --new-win three", "", "three"));
        windows
    };
    let thunar = || {
        vec![
            opening("thunar one", "", "one"),
            opening("thunar two", "", "two"),
        ]
    };
    vec![
        Program {
            exact: 0,
            note: "the directory of the second is not captured",
            ..program("pcmanfm, one process", pcmanfm())
        },
        Program {
            written: &[
                ("sh -c 'sleep 0.4; exec pcmanfm --new-win one'", "~"),
                ("pcmanfm --new-win two", "~"),
            ],
            ..program("pcmanfm, the first one late", pcmanfm())
        },
        Program {
            written: &[
                ("sh -c 'sleep 0.6; exec pcmanfm --new-win one'", "~"),
                ("sh -c 'sleep 0.3; exec pcmanfm --new-win two'", "~"),
                ("pcmanfm --new-win three", "~"),
            ],
            ..program("pcmanfm, three backwards", three())
        },
        Program {
            bus: true,
            exact: 0,
            note: "the directory of the second is not captured",
            ..program("thunar, one process", thunar())
        },
        Program {
            bus: true,
            written: &[
                ("sh -c 'sleep 0.4; exec thunar one'", "~"),
                ("thunar two", "~"),
            ],
            ..program("thunar, the first one late", thunar())
        },
    ]
}

const FIREFOX: &str = "firefox-esr --profile firefox";

macro_rules! chromium {
    () => {
        "chromium --no-sandbox --disable-gpu --user-data-dir=chromium --no-first-run \
         --disable-background-networking --disable-sync --disable-component-update \
         --password-store=basic"
    };
}

fn browsers() -> Vec<Program> {
    let pages = |argv: &str| {
        vec![
            opening(
                &format!("{argv} --new-window one/page.html"),
                "",
                "Page one",
            ),
            opening(
                &format!("{argv} --new-window two/page.html"),
                "",
                "Page two",
            ),
        ]
    };
    let browser = |name, argv, written: &'static [(&str, &str)]| Program {
        bus: true,
        end: End::Terminate,
        written,
        ..program(name, pages(argv))
    };
    vec![
        Program {
            exact: 0,
            note: "started with a page, it does not restore the session",
            ..browser("firefox-esr", FIREFOX, &[])
        },
        browser(
            "firefox-esr, commands written",
            FIREFOX,
            &[
                (
                    "firefox-esr --profile firefox --new-window one/page.html",
                    "~",
                ),
                (
                    "firefox-esr --profile firefox --new-window two/page.html",
                    "~",
                ),
            ],
        ),
        Program {
            end: End::Keys("ctrl+q"),
            exact: 1,
            note: "both windows are restored, but one never gets its title again",
            ..browser(
                "firefox-esr, session restored",
                FIREFOX,
                &[(FIREFOX, "~"), ("null", "")],
            )
        },
        Program {
            exact: 0,
            note: "started without its wrapper, it has another class",
            ..browser("chromium", chromium!(), &[])
        },
        browser(
            "chromium, commands written",
            chromium!(),
            &[
                (concat!(chromium!(), " --new-window one/page.html"), "~"),
                (concat!(chromium!(), " --new-window two/page.html"), "~"),
            ],
        ),
    ]
}

/// A desktop in which programs find their installed files.
pub(crate) fn as_installed() -> Builder {
    Desktop::builder()
        .env("XDG_DATA_DIRS", "/usr/local/share:/usr/share")
        .env("XDG_CONFIG_DIRS", "/etc/xdg")
        .env("SHELL", "/bin/bash")
        .env("GTK_A11Y", "none")
        .env("GIO_USE_VFS", "local")
}

/// Writes files for all programs, and settings that suppress dialogs.
pub(crate) fn write_program_files(desktop: &Desktop) {
    for name in ["one", "two", "three"] {
        for file in ["a", "b"] {
            desktop.write(&format!("home/{name}/{file}.txt"), "some text\n");
            pdf(&desktop.write(&format!("home/{name}/{file}.pdf"), ""));
            picture(&desktop.write(&format!("home/{name}/{file}.png"), ""));
        }
        desktop.write(
            &format!("home/{name}/page.html"),
            &format!("<!doctype html><title>Page {name}</title><p>{name}"),
        );
    }
    desktop.write(
        "home/.bashrc",
        "PS1='$ '\nPROMPT_COMMAND='printf \"\\033]0;%s\\007\" \"${PWD/#$HOME/\\~}\"'\n",
    );
    desktop.write(
        "home/firefox/user.js",
        "user_pref('browser.startup.page', 3);\n\
         user_pref('browser.aboutwelcome.enabled', false);\n\
         user_pref('browser.shell.checkDefaultBrowser', false);\n\
         user_pref('datareporting.policy.dataSubmissionEnabled', false);\n\
         user_pref('termsofuse.bypassNotification', true);\n\
         user_pref('browser.preonboarding.enabled', false);\n\
         user_pref('browser.sessionstore.interval', 500);\n\
         user_pref('toolkit.startup.max_resumed_crashes', -1);\n\
         user_pref('browser.warnOnQuit', false);\n\
         user_pref('browser.tabs.warnOnClose', false);\n\
         user_pref('app.update.enabled', false);\n",
    );
}

/// Writes the smallest PDF that viewers accept.
fn pdf(path: &Path) {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] >>",
    ];
    let mut text = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(text.len());
        let _ = write!(text, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let start = text.len();
    text.push_str("xref\n0 4\n0000000000 65535 f \n");
    for offset in offsets {
        let _ = writeln!(text, "{offset:010} 00000 n ");
    }
    let _ = write!(
        text,
        "trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    fs::write(path, text).expect("the directory is writable");
}

fn picture(path: &Path) {
    let status = std::process::Command::new("convert")
        .args(["-size", "200x100", "xc:steelblue"])
        .arg(path)
        .status()
        .expect("imagemagick is installed");
    assert!(status.success(), "convert ended with {status}");
}
