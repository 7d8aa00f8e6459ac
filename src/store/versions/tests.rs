use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::*;
use crate::store::{Dirs, Written};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn store(home: &Path) -> Store {
    Store::new(&Dirs {
        config: home.join("config"),
        state: home.join("state"),
        home: home.to_owned(),
    })
}

fn contents(store: &Store, name: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let path = store.find_versioned(&store.target(name)?)?;
    let versions = store.versions(&path)?.into_iter();
    let text = versions.map(|version| String::from_utf8_lossy(&version.bytes).into_owned());
    Ok(text.collect())
}

fn write(store: &Store, name: &str, text: &str) -> Result<PathBuf, StoreError> {
    let path = store.path(&store.target(name)?).unwrap();
    store.write(&path, text)?;
    Ok(path)
}

#[test]
fn names_of_backups_are_paths() {
    for (base, path) in [
        ("%home%ada%x.yaml", Some("/home/ada/x.yaml")),
        ("%home%a%%b%x.yaml", Some("/home/a%b/x.yaml")),
        ("00ff-12", None),
    ] {
        assert_eq!(decoded(base), path.map(PathBuf::from), "{base}");
    }
}

#[test]
fn versions_are_those_of_the_file_and_follow_its_new_name() -> Outcome {
    let home = tempfile::tempdir()?;
    let store = store(home.path());
    for text in ["1", "2", "3"] {
        write(&store, "a", text)?;
    }
    write(&store, "p/b", "other")?;
    write(&store, "p/b", "another")?;
    assert_eq!(contents(&store, "a")?, ["2", "1"]);
    store.delete(&store.target("p/b")?)?;
    store.rename(&store.target("a")?, &store.target("p/b")?)?;
    // Those of the layout that had the name before are older.
    assert_eq!(contents(&store, "p/b")?, ["2", "1", "another", "other"]);
    assert!(store.find_versioned(&store.target("a")?).is_err());
    Ok(())
}

#[test]
fn deleted_layout_is_found_by_its_name_and_comes_back_as_it_was() -> Outcome {
    let home = tempfile::tempdir()?;
    // A folder of dotfiles.
    fs::create_dir(home.path().join("dotfiles"))?;
    symlink("dotfiles", home.path().join("config"))?;
    let store = store(home.path());
    let json = store.layouts().join("p/day.v2.json");
    store.write_captured(&json, "{}", false)?;
    fs::set_permissions(&json, fs::Permissions::from_mode(0o600))?;
    store.delete(&store.target("p/day.v2")?)?;
    assert!(!store.layouts().join("p").exists());
    let listed = store.versioned();
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0].path, listed[0].exists), (&json, false));
    for name in ["p/day.v2", "day.v2"] {
        assert_eq!(store.find_versioned(&store.target(name)?)?, json, "{name}");
    }
    let version = store.versions(&json)?.remove(0);
    assert!(matches!(
        store.revert(&json, &version)?,
        Written::Created(_)
    ));
    assert_eq!(fs::read_to_string(&json)?, "{}");
    assert_eq!(fs::metadata(&json)?.permissions().mode() & 0o777, 0o600);
    // `capture` knows the file.
    store.write_captured(&json, "[]", false)?;
    Ok(())
}

#[test]
fn deleted_link_comes_back_as_a_file() -> Outcome {
    let home = tempfile::tempdir()?;
    let store = store(home.path());
    let real = home.path().join("real.yaml");
    fs::write(&real, "1")?;
    fs::create_dir_all(store.layouts())?;
    let link = store.layouts().join("a.yaml");
    symlink("../../../real.yaml", &link)?;
    write(&store, "a", "2")?;
    store.delete(&store.target("a")?)?;
    assert_eq!(fs::read_to_string(&real)?, "2");
    assert_eq!(contents(&store, "a")?, ["2"]);
    let version = store.versions(&link)?.remove(0);
    store.revert(&link, &version)?;
    assert_eq!(fs::read_to_string(&link)?, "2");
    // Those of the file that the link led to.
    assert_eq!(store.versions(&real)?.len(), 1);
    Ok(())
}

#[test]
fn deleted_name_in_several_projects_is_ambiguous() -> Outcome {
    let home = tempfile::tempdir()?;
    let store = store(home.path());
    for name in ["p/a", "q/a"] {
        write(&store, name, "1")?;
        store.delete(&store.target(name)?)?;
    }
    let found = store.find_versioned(&store.target("a")?);
    assert!(matches!(found, Err(StoreError::Ambiguous { .. })));
    assert!(store.find_versioned(&store.target("p/a")?).is_ok());
    let found = store.find_versioned(&store.target("none")?);
    assert!(matches!(found, Err(StoreError::Missing { .. })));
    Ok(())
}

#[test]
fn revert_keeps_the_present_content_and_edits_stay_protected() -> Outcome {
    let home = tempfile::tempdir()?;
    let store = store(home.path());
    let path = store.layouts().join("a.yaml");
    store.write_captured(&path, "1", false)?;
    store.write(&path, "edited")?;
    store.write_captured(&path, "2", true)?;
    let versions = store.versions(&path)?;
    store.revert(&path, &versions[0])?;
    assert_eq!(contents(&store, "a")?, ["2", "edited", "1"]);
    assert!(store.write_captured(&path, "3", false).is_err());
    store.revert(&path, &versions[1])?;
    assert_eq!(fs::read_to_string(&path)?, "1");
    store.write_captured(&path, "3", false)?;
    Ok(())
}
