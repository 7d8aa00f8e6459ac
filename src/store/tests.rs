use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use miette::Diagnostic as _;

use super::backup::{BACKUPS, fingerprint};
use super::*;

type Outcome = Result<(), Box<dyn std::error::Error>>;

struct House {
    dir: tempfile::TempDir,
    store: Store,
}

impl House {
    fn new() -> io::Result<Self> {
        let dir = tempfile::tempdir()?;
        let store = Store::new(&Dirs {
            config: dir.path().join("config"),
            state: dir.path().join("state"),
            home: dir.path().to_owned(),
        });
        Ok(Self { dir, store })
    }

    fn exists(&self, target: &Target) -> bool {
        self.store.path(target).is_some_and(|path| path.exists())
    }

    fn target(&self, text: &str) -> Result<Target, StoreError> {
        self.store.target(text)
    }

    fn write(&self, target: &Target, text: &str) -> Result<Written, StoreError> {
        self.store.write(&self.store.path(target).unwrap(), text)
    }

    fn write_captured(
        &self,
        target: &Target,
        text: &str,
        force: bool,
    ) -> Result<Written, StoreError> {
        let path = self.store.path(target).unwrap();
        Ok(self.store.write_captured(&path, text, force)?.written)
    }

    fn text(&self, text: &str) -> Result<String, Box<dyn std::error::Error>> {
        let opened = self.store.read(&self.target(text)?)?;
        Ok(String::from_utf8(opened.bytes)?)
    }
}

#[test]
fn only_layouts_are_listed_sorted_by_project() -> Outcome {
    let house = House::new()?;
    assert_eq!(house.store.list()?, []);
    for name in ["zoo", "nixos/daily-dev", "a.b", "nixos/a"] {
        house.write(&house.target(name)?, "version: 1\n")?;
    }
    let layouts = house.store.layouts();
    fs::write(layouts.join(".hidden.yaml"), "")?;
    fs::write(layouts.join("README.md"), "")?;
    fs::write(layouts.join("j.json"), "{}")?;
    fs::create_dir_all(layouts.join("x/y"))?;
    fs::write(layouts.join("x/y/deep.yaml"), "")?;
    symlink("nowhere", layouts.join("broken.yaml"))?;
    let names: Vec<String> = house.store.list()?.iter().map(Listed::full_name).collect();
    assert_eq!(names, ["a.b", "j", "zoo", "nixos/a", "nixos/daily-dev"]);
    assert_eq!(house.store.dangling_links(), [layouts.join("broken.yaml")]);
    let error = house.text("broken").unwrap_err();
    let link = "layout `broken` is a symbolic link to a file that does not exist";
    assert_eq!(error.to_string(), link);
    Ok(())
}

#[test]
fn two_files_of_a_layout_are_listed_once() -> Outcome {
    let house = House::new()?;
    house.write(&house.target("nixos/a")?, "yaml")?;
    let layouts = house.store.layouts();
    for extension in ["json", "yml"] {
        fs::write(layouts.join("nixos/a").with_extension(extension), extension)?;
    }
    let paths: Vec<_> = house
        .store
        .list()?
        .into_iter()
        .map(|one| one.path)
        .collect();
    assert_eq!(paths, [layouts.join("nixos/a.yaml")]);
    assert_eq!(house.store.files()?.len(), 3);
    assert_eq!(house.text("a")?, "yaml");
    Ok(())
}

#[test]
fn unknown_names_get_a_suggestion() -> Outcome {
    let house = House::new()?;
    for name in ["nixos/daily-dev", "nixos/two", "other/two"] {
        house.write(&house.target(name)?, name)?;
    }
    assert_eq!(house.text("daily-dev")?, "nixos/daily-dev");
    let error = house.store.read(&house.target("nixos/daily-dv")?).err();
    assert_eq!(
        error
            .and_then(|error| Some(error.help()?.to_string()))
            .as_deref(),
        Some("did you mean `nixos/daily-dev`?")
    );
    let error = house.store.read(&house.target("two")?).err();
    assert!(matches!(error, Some(StoreError::Ambiguous { .. })));
    Ok(())
}

#[test]
fn the_oldest_backups_are_deleted() -> Outcome {
    let house = House::new()?;
    let target = house.target("a")?;
    house.write(&target, "0")?;
    // A name with the same beginning has its own backups.
    let other = Target::File(house.store.layouts().join("a.yaml.b"));
    house.write(&other, "other")?;
    house.write(&other, "another")?;
    let mut backups = Vec::new();
    for number in 1..=BACKUPS + 2 {
        let Written::Replaced { backup, .. } = house.write(&target, &number.to_string())? else {
            return Err("the file was not replaced".into());
        };
        assert_eq!(fs::read_to_string(&backup)?, (number - 1).to_string());
        backups.push(backup);
    }
    let there: Vec<bool> = backups.iter().map(|backup| backup.exists()).collect();
    let mut expected = vec![true; BACKUPS + 2];
    expected[..2].fill(false);
    assert_eq!(there, expected);
    let folder = house.store.state.join("backups");
    assert_eq!(fs::read_dir(&folder)?.count(), BACKUPS + 1);

    // The same content is not backed up twice.
    let first = house.store.delete(&target)?;
    house.write(&target, &(BACKUPS + 2).to_string())?;
    assert_eq!(house.store.delete(&target)?, first);
    assert_eq!(fs::read_dir(&folder)?.count(), BACKUPS + 1);
    Ok(())
}

#[test]
fn replaced_and_deleted_layouts_have_a_backup() -> Outcome {
    let house = House::new()?;
    let target = house.target("a")?;
    assert!(matches!(house.write(&target, "1")?, Written::Created(_)));
    assert!(matches!(house.write(&target, "1")?, Written::Unchanged(_)));
    let Written::Replaced { backup, .. } = house.write(&target, "2")? else {
        return Err("not replaced".into());
    };
    assert_eq!(fs::read_to_string(&backup)?, "1");
    let backup = house.store.delete(&target)?;
    assert_eq!(fs::read_to_string(&backup)?, "2");
    assert!(!house.exists(&target));
    assert_eq!(house.store.list()?, []);
    Ok(())
}

#[test]
fn writing_keeps_permissions_and_links_and_leaves_no_temporary_file() -> Outcome {
    let house = House::new()?;
    let dotfiles = house.dir.path().join("dotfiles");
    fs::create_dir_all(&dotfiles)?;
    let real = dotfiles.join("real.yaml");
    fs::write(&real, "old")?;
    fs::set_permissions(&real, fs::Permissions::from_mode(0o600))?;
    fs::create_dir_all(house.store.layouts())?;
    let link = house.store.layouts().join("a.yaml");
    symlink("../../../dotfiles/real.yaml", &link)?;
    house.write(&house.target("a")?, "new")?;
    assert!(fs::symlink_metadata(&link)?.is_symlink());
    assert_eq!(fs::read_to_string(&real)?, "new");
    assert_eq!(fs::metadata(&real)?.mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(&dotfiles)?.count(), 1);
    Ok(())
}

#[test]
fn edited_files_are_not_overwritten_by_capture() -> Outcome {
    let house = House::new()?;
    let target = house.target("a")?;
    let capture = |text: &str, force| house.write_captured(&target, text, force);
    assert!(matches!(capture("1", false)?, Written::Created(_)));
    assert!(matches!(capture("2", false)?, Written::Replaced { .. }));
    house.write(&target, "edited")?;
    assert!(matches!(
        capture("3", false),
        Err(StoreError::Edited { .. })
    ));
    assert_eq!(house.text("a")?, "edited");
    assert!(matches!(capture("3", true)?, Written::Replaced { .. }));
    assert!(matches!(capture("4", false)?, Written::Replaced { .. }));
    // Files that capture never wrote count as edited.
    let other = house.target("b")?;
    house.write(&other, "mine")?;
    assert!(house.write_captured(&other, "x", false).is_err());
    Ok(())
}

/// A capture can be killed before or after it replaces the layout.
#[test]
fn interrupted_capture_leaves_a_file_that_capture_knows() -> Outcome {
    for is_replaced in [false, true] {
        let house = House::new()?;
        let target = house.target("a")?;
        let path = house.store.path(&target).unwrap();
        house.write_captured(&target, "1", false)?;
        house
            .store
            .record_captured(&path, "2", vec![fingerprint(b"1")])?;
        if is_replaced {
            house.write(&target, "2")?;
        }
        house.write_captured(&target, "3", false)?;
        assert_eq!(house.text("a")?, "3");
        house.write(&target, "edited")?;
        assert!(house.write_captured(&target, "4", false).is_err());
    }
    Ok(())
}

#[test]
fn capture_saves_the_layout_if_it_cannot_record_it() -> Outcome {
    let house = House::new()?;
    let target = house.target("a")?;
    let path = house.store.path(&target).unwrap();
    let record = house.store.state_file("captured", &path);
    fs::create_dir_all(&record)?;
    let saved = house.store.write_captured(&path, "1", false)?;
    assert!(saved.not_recorded.is_some());
    assert_eq!(house.text("a")?, "1");
    assert!(house.write_captured(&target, "2", false).is_err());
    Ok(())
}

#[test]
fn backups_have_the_permissions_of_their_file() -> Outcome {
    for mode in [0o600, 0o644] {
        let house = House::new()?;
        let target = house.target("a")?;
        house.write(&target, "1")?;
        let path = house.store.path(&target).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        let Written::Replaced { backup, .. } = house.write(&target, "2")? else {
            panic!("not replaced");
        };
        for file in [&path, &backup, &house.store.delete(&target)?] {
            if let Ok(metadata) = fs::metadata(file) {
                assert_eq!(metadata.permissions().mode() & 0o777, mode, "{file:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn renaming_never_overwrites_and_keeps_the_record() -> Outcome {
    let house = House::new()?;
    let (a, b, c) = (
        house.target("p/a")?,
        house.target("q/b")?,
        house.target("c")?,
    );
    house.write_captured(&a, "1", false)?;
    house.write(&c, "c")?;
    assert!(matches!(
        house.store.rename(&a, &c),
        Err(StoreError::Exists { .. })
    ));
    house.store.rename(&a, &b)?;
    assert!(!house.exists(&a));
    assert!(!house.store.layouts().join("p").exists());
    house.write_captured(&b, "2", false)?;
    Ok(())
}

#[test]
fn a_renamed_link_still_points_to_its_file() -> Outcome {
    let house = House::new()?;
    let real = house.dir.path().join("real.yaml");
    fs::write(&real, "1")?;
    fs::create_dir_all(house.store.layouts())?;
    symlink("../../../real.yaml", house.store.layouts().join("a.yaml"))?;
    house
        .store
        .rename(&house.target("a")?, &house.target("p/b")?)?;
    assert_eq!(house.text("p/b")?, "1");
    assert!(real.exists() && !house.exists(&house.target("a")?));
    Ok(())
}

#[test]
fn a_file_that_others_can_write_is_not_trusted() -> Outcome {
    let house = House::new()?;
    let target = house.target("a")?;
    house.write(&target, "version: 1\n")?;
    assert_eq!(house.store.read(&target)?.trust, Ok(()));
    let path = house.store.find(&target)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666))?;
    assert!(house.store.read(&target)?.trust.is_err());
    Ok(())
}

#[test]
fn files_that_are_too_large_are_refused_and_devices_are_written() -> Outcome {
    let house = House::new()?;
    let large = house.dir.path().join("large.yaml");
    let size = usize::try_from(MAX_BYTES)? + 1;
    fs::write(&large, vec![b'#'; size])?;
    let read = house.store.read(&Target::File(large));
    assert!(matches!(read, Err(StoreError::TooLarge { .. })));
    let written = house.write(&Target::File("/dev/null".into()), "x")?;
    assert_eq!(written, Written::Streamed);
    Ok(())
}
