//! The X servers, and their arguments. Pure.

use std::path::Path;

use crate::geometry::Size;
use crate::x11::COOKIE_NAME;

/// A program that is needed, with its packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needed {
    /// The program.
    pub program: &'static str,
    /// Its package in Debian and Ubuntu.
    pub debian: &'static str,
    /// Its package in Arch Linux.
    pub arch: &'static str,
}

/// i3 itself.
pub const I3: Needed = Needed {
    program: "i3",
    debian: "i3-wm",
    arch: "i3-wm",
};

/// The terminal of the tutorial.
pub const XTERM: Needed = Needed {
    program: "xterm",
    debian: "xterm",
    arch: "xterm",
};

/// The program that starts a session bus.
pub const BUS: &str = "dbus-daemon";

/// The instance of the window of Xephyr.
pub const INSTANCE: &str = "i3pm-layout";

/// An X server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// In a window.
    Xephyr,
    /// Without a screen.
    Xvfb,
}

impl Server {
    /// Its program.
    pub const fn needed(self) -> Needed {
        match self {
            Self::Xephyr => Needed {
                program: "Xephyr",
                debian: "xserver-xephyr",
                arch: "xorg-server-xephyr",
            },
            Self::Xvfb => Needed {
                program: "Xvfb",
                debian: "xvfb",
                arch: "xorg-server-xvfb",
            },
        }
    }

    /// Its arguments. It writes the number of its display to standard output as soon as it accepts
    /// connections.
    pub fn arguments(self, number: u32, size: Size, cookie: &Path, title: &str) -> Vec<String> {
        let common = [
            &format!(":{number}"),
            "-displayfd",
            "1",
            "-auth",
            &cookie.to_string_lossy(),
            "-nolisten",
            "tcp",
            "-noreset",
        ];
        let own = match self {
            Self::Xephyr => vec![
                "-screen".to_owned(),
                size.to_string(),
                "-name".to_owned(),
                INSTANCE.to_owned(),
                "-title".to_owned(),
                title.to_owned(),
            ],
            Self::Xvfb => vec![
                "-dpi".to_owned(),
                "96".to_owned(),
                "-screen".to_owned(),
                "0".to_owned(),
                format!("{size}x24"),
            ],
        };
        common.into_iter().map(str::to_owned).chain(own).collect()
    }
}

/// The numbers of displays to try. Two servers that choose the same number at the same time would
/// take each other's socket, so each process has numbers of its own.
pub fn numbers(pid: u32) -> impl Iterator<Item = u32> {
    /// Below this, desktops have their numbers.
    const FIRST: u32 = 1000;
    /// Ports of displays begin at 6000, so this many are possible.
    const COUNT: u32 = 50_000;
    /// The numbers of a process.
    const OWN: u32 = 8;
    let first = pid.wrapping_mul(OWN);
    (0..OWN)
        .rev()
        .map(move |number| FIRST + first.wrapping_add(number) % COUNT)
}

/// A file with the cookie of a display, as libXau reads it (Xau(3), "FORMAT").
pub fn authority(number: u32, cookie: &[u8]) -> Vec<u8> {
    /// Any host.
    const WILD: u16 = 65_535;
    let mut file = WILD.to_be_bytes().to_vec();
    let number = number.to_string();
    for part in [&[], number.as_bytes(), COOKIE_NAME.as_bytes(), cookie] {
        // All parts are short.
        file.extend(u16::try_from(part.len()).unwrap_or_default().to_be_bytes());
        file.extend(part);
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_get_their_screen() {
        let size = Size {
            width: 800,
            height: 600,
        };
        let line = |server: Server| {
            let arguments = server.arguments(7, size, Path::new("/r/auth"), "a title");
            arguments.join(" ")
        };
        let common = ":7 -displayfd 1 -auth /r/auth -nolisten tcp -noreset";
        assert_eq!(
            line(Server::Xephyr),
            format!("{common} -screen 800x600 -name i3pm-layout -title a title")
        );
        assert_eq!(
            line(Server::Xvfb),
            format!("{common} -dpi 96 -screen 0 800x600x24")
        );
    }

    #[test]
    fn numbers_are_possible_displays_and_differ_between_processes() {
        for pid in [1, 4242, 4_194_304] {
            let mine: Vec<u32> = numbers(pid).collect();
            assert!(mine.iter().all(|number| (1000..51_000).contains(number)));
            assert!(numbers(pid + 1).all(|number| !mine.contains(&number)));
        }
    }

    #[test]
    fn authority_has_the_form_of_xau() {
        let file = authority(12, &[1, 2]);
        let expected = b"\xff\xff\0\0\0\x0212\0\x12MIT-MAGIC-COOKIE-1\0\x02\x01\x02";
        assert_eq!(file, expected);
    }
}
