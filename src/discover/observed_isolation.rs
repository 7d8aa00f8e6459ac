//! Edge: the isolation of running processes (proc(5), namespaces(7)).
#![expect(clippy::disallowed_methods, reason = "reads /proc")]

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::isolation::Isolation;
use super::namespaces::Namespaces;
use super::proc_table::ProcTable;
use super::running_processes::our_user;
use crate::live::{Pid, Process};

/// The prefix of the directories where `AppImage`s are mounted while they run.
const APP_IMAGE_MOUNT: &str = "/tmp/.mount_";

/// The directory where snaps are mounted.
const SNAP_MOUNT: &str = "/snap/";

impl ProcTable {
    /// Returns the reason why the command line of the process does not start it.
    pub fn isolation(&self, process: &Process) -> Isolation {
        let isolation = process.pid.and_then(|pid| self.isolation_of(pid, process));
        isolation.unwrap_or_default()
    }

    fn isolation_of(&self, pid: Pid, process: &Process) -> Option<Isolation> {
        let user = self.open(pid)?.uid();
        if let Some(user) = user.ok().filter(|user| *user != our_user()) {
            let name = user_name(user).unwrap_or_else(|| user.to_string());
            return Some(Isolation::OtherUser(name));
        }
        let exe = process.exe.as_deref().and_then(Path::to_str);
        let exe = exe.unwrap_or_default();
        let program = process.argv.first().map_or("", String::as_str);
        let below = |mount: &str| exe.starts_with(mount) || program.starts_with(mount);
        if below(APP_IMAGE_MOUNT)
            && let Some(file) = self.variable(pid, "APPIMAGE")
        {
            return Some(Isolation::AppImage(PathBuf::from(file)));
        }
        if below(SNAP_MOUNT)
            && let Some(name) = self.variable(pid, "SNAP_INSTANCE_NAME").or_else(|| {
                let below = exe.strip_prefix(SNAP_MOUNT)?;
                Some(below.split('/').next()?.to_owned())
            })
        {
            return Some(Isolation::Snap(self.snap_command(pid).unwrap_or(name)));
        }
        self.namespaces(pid)
    }

    /// Returns the isolation of a process in other namespaces than this program (namespaces(7)).
    fn namespaces(&self, pid: Pid) -> Option<Isolation> {
        let its = Namespaces::of(&self.path(pid));
        let ours = self
            .outside
            .ours
            .get_or_init(|| Namespaces::of(&self.root.join("self")));
        if its.apart(ours) == [false; 4] {
            return None;
        }
        // This program may itself run in a container, but i3 starts the commands.
        let (outside, folder) = self.outside.of_i3.get_or_init(|| {
            let i3 = self.called("i3", None).into_iter().next();
            let i3 = i3.and_then(|i3| i3.pid).map(|pid| self.path(pid));
            let folder = i3.unwrap_or_else(|| self.root.join("self"));
            (Namespaces::of(&folder), folder)
        });
        let apart = its.apart(outside);
        let [files, processes, network, _] = apart;
        if apart == [false; 4] {
            return None;
        }
        if let Some(app) = self.flatpak(pid).filter(|_| files) {
            return Some(Isolation::Flatpak(app));
        }
        let has_other_files = files && self.has_other_root(pid, folder);
        let entered = has_other_files.then(|| self.entered(pid)).flatten();
        Some(match entered {
            Some(words) => Isolation::Entered(words),
            None if has_other_files || processes || network => Isolation::Container,
            None => Isolation::Namespaces,
        })
    }

    /// Returns the command that enters the container of a process: that of distrobox or toolbox.
    fn entered(&self, pid: Pid) -> Option<Vec<String>> {
        let inside = |file: &str| self.path(pid).join("root").join(file);
        let about = fs::read_to_string(inside("run/.containerenv")).unwrap_or_default();
        let value = |name: &str| {
            let value = about.lines().find_map(|line| line.strip_prefix(name))?;
            Some(value.trim_matches('"').to_owned()).filter(|value| !value.is_empty())
        };
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        if let Some(name) = self.variable(pid, "CONTAINER_ID")
            && self.variable(pid, "DISTROBOX_ENTER_PATH").is_some()
        {
            // Only podman says whether the user or the administrator runs the container.
            let is_root = !about.is_empty() && value("rootless=").as_deref() != Some("1");
            let root: &[&str] = if is_root { &["--root"] } else { &[] };
            return Some(words(
                &[&["distrobox-enter"], root, &["-n", &name, "--"]].concat(),
            ));
        }
        let is_toolbox = inside("run/.toolboxenv").exists();
        let name = value("name=").filter(|_| is_toolbox)?;
        Some(words(&["toolbox", "run", "-c", &name]))
    }

    /// Returns the command of a snap's program: `app` for its main program, otherwise `snap.app`.
    /// Each runs in a control group of its own: `snap.SNAP.APP-ID.scope`.
    fn snap_command(&self, pid: Pid) -> Option<String> {
        let text = fs::read_to_string(self.path(pid).join("cgroup")).ok()?;
        let scope = text.lines().find_map(|line| {
            let unit = line.rsplit('/').next()?.strip_suffix(".scope")?;
            unit.strip_prefix("snap.")
        })?;
        let (snap, rest) = scope.split_once('.')?;
        // The id of snapd before 2.59 followed a point; a UUID has 36 characters.
        let end = rest.len().checked_sub(37)?;
        let app = rest.get(..end)?;
        Some(if app == snap {
            snap.to_owned()
        } else {
            format!("{snap}.{app}")
        })
    }

    /// Returns the application in whose sandbox the process runs (flatpak-metadata(5)).
    fn flatpak(&self, pid: Pid) -> Option<String> {
        let file = self.path(pid).join("root/.flatpak-info");
        let text = fs::read_to_string(file).ok()?;
        let mut lines = text.lines();
        lines.find(|line| *line == "[Application]")?;
        lines
            .take_while(|line| !line.starts_with('['))
            .find_map(|line| line.strip_prefix("name="))
            .map(|name| name.trim().to_owned())
    }

    /// True if the root directory of the process is another one than that of the process in this
    /// directory.
    fn has_other_root(&self, pid: Pid, other: &Path) -> bool {
        let root = |of: &Path| {
            let data = fs::metadata(of.join("root")).ok()?;
            Some((data.dev(), data.ino()))
        };
        let its = root(&self.path(pid));
        its.zip(root(other))
            .is_some_and(|(its, other)| its != other)
    }
}

/// Returns the name of a user (passwd(5)).
fn user_name(user: u32) -> Option<String> {
    let text = fs::read_to_string("/etc/passwd").ok()?;
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(user)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::os::unix::fs::symlink;

    /// A process below `root`, in these namespaces, with files and their contents.
    fn process(root: &Path, pid: &str, namespaces: (&str, &str), files: &[(&str, &str)]) {
        let dir = root.join(pid);
        fs::create_dir_all(dir.join("ns")).unwrap();
        symlink(format!("mnt:[{}]", namespaces.0), dir.join("ns/mnt")).unwrap();
        symlink(format!("pid:[{}]", namespaces.1), dir.join("ns/pid")).unwrap();
        for (name, text) in files {
            let file = dir.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
    }

    #[test]
    fn isolated_processes_are_recognized() {
        let root = tempfile::tempdir().unwrap();
        process(root.path(), "self", ("1", "1"), &[]);
        process(root.path(), "10", ("1", "1"), &[]);
        process(root.path(), "11", ("2", "2"), &[]);
        process(root.path(), "12", ("2", "1"), &[]);
        let info = "[Application]\nname=org.x.App\nruntime=y\n\n[Context]\nname=z\n";
        process(
            root.path(),
            "13",
            ("2", "2"),
            &[("root/.flatpak-info", info)],
        );
        let environ = [(
            "environ",
            "A=b\0APPIMAGE=/home/me/X.AppImage\0SNAP_INSTANCE_NAME=thing\0",
        )];
        process(root.path(), "14", ("1", "1"), &environ);
        let processes = ProcTable::with_root(root.path());
        let check = |pid: u32, program: &str| {
            processes.isolation(&Process {
                pid: Some(Pid(pid)),
                argv: vec![program.to_owned()],
                ..Process::default()
            })
        };
        assert_eq!(check(10, "app"), Isolation::None);
        assert_eq!(check(11, "app"), Isolation::Container);
        // A mount namespace alone, as systemd gives to services.
        assert_eq!(check(12, "app"), Isolation::Namespaces);
        assert_eq!(
            check(13, "/app/bin/app"),
            Isolation::Flatpak("org.x.App".to_owned())
        );
        let image = Isolation::AppImage("/home/me/X.AppImage".into());
        assert_eq!(check(14, "/tmp/.mount_Xa1/AppRun"), image);
        assert_eq!(
            check(14, "/snap/thing/1/x"),
            Isolation::Snap("thing".to_owned())
        );
        assert_eq!(check(14, "app"), Isolation::None);
        // It has ended.
        assert_eq!(check(15, "app"), Isolation::None);
    }

    #[test]
    fn containers_are_told_apart_by_their_files() {
        let root = tempfile::tempdir().unwrap();
        let rootless = "engine=\"podman\"\nname=\"box\"\nrootless=1\n";
        let environ = "CONTAINER_ID=box\0DISTROBOX_ENTER_PATH=/usr/bin/distrobox-enter\0";
        let (about, toolbox) = ("root/run/.containerenv", "root/run/.toolboxenv");
        process(root.path(), "self", ("1", "1"), &[("root/etc/x", "")]);
        let of = [
            ("20", vec![("environ", environ), (about, rootless)]),
            ("21", vec![("environ", environ), (about, "name=\"box\"\n")]),
            ("22", vec![("environ", environ), ("root/.dockerenv", "")]),
            ("23", vec![(about, rootless), (toolbox, "")]),
            ("24", vec![(about, rootless)]),
        ];
        for (pid, files) in &of {
            process(root.path(), pid, ("2", "1"), files);
        }
        let processes = ProcTable::with_root(root.path());
        let check = |pid: u32| match processes.namespaces(Pid(pid)) {
            Some(Isolation::Entered(words)) => words.join(" "),
            other => format!("{other:?}"),
        };
        assert_eq!(check(20), "distrobox-enter -n box --");
        assert_eq!(check(21), "distrobox-enter --root -n box --");
        assert_eq!(check(22), "distrobox-enter -n box --");
        assert_eq!(check(23), "toolbox run -c box");
        assert_eq!(check(24), "Some(Container)");
    }

    #[test]
    fn the_command_of_a_snap_is_in_its_control_group() {
        let root = tempfile::tempdir().unwrap();
        let id = "0a1b2c3d-0000-1111-2222-333344445555";
        for (pid, scope, expected) in [
            ("30", format!("snap.thing.thing-{id}.scope"), Some("thing")),
            (
                "31",
                format!("snap.thing.tool.{id}.scope"),
                Some("thing.tool"),
            ),
            ("32", "app.slice".to_owned(), None),
        ] {
            let text = format!("0::/user.slice/app.slice/{scope}\n");
            process(root.path(), pid, ("1", "1"), &[("cgroup", &text)]);
            let processes = ProcTable::with_root(root.path());
            let found = processes.snap_command(Pid(pid.parse().unwrap()));
            assert_eq!(found.as_deref(), expected, "{scope}");
        }
    }
}
