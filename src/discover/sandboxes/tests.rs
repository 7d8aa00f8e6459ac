//! The lists of sandboxes, and command lines of sandboxes.

use super::*;

fn words(text: &str) -> Vec<String> {
    shell_words::split(text).unwrap()
}

#[test]
fn the_file_is_valid_and_sorted() {
    let data = data_file::read::<Data>(TEXT).unwrap();
    for list in [&data.users, &data.sandboxes, &data.clients] {
        assert!(!list.is_empty() && list.is_sorted(), "{list:?}");
    }
}

#[test]
fn programs_of_containers_are_called_by_name() {
    for (argv, expected) in [
        ("gedit a", "gedit a"),
        ("/usr/bin/gedit a", "gedit a"),
        ("/opt/x/gedit a", "/opt/x/gedit a"),
        ("/usr/bin/python3 -s /usr/bin/meld a b", "meld a b"),
        ("python3 /opt/x/x.py a", "python3 /opt/x/x.py a"),
        ("", ""),
    ] {
        assert_eq!(as_called(&words(argv)), words(expected), "{argv}");
    }
}

#[test]
fn a_script_starts_a_sandbox_with_its_options() {
    let text = "#!/bin/sh\nexec bwrap --dev-bind / / --unshare-net xclock \"$@\"\n";
    for (sandbox, expected) in [
        ("bwrap --dev-bind / / --unshare-net xclock", true),
        ("/usr/bin/bwrap --dev-bind / / xclock -digital", true),
        ("bwrap --dev-bind / / --unshare-pid xclock", false),
        ("firejail xclock", false),
        ("", false),
    ] {
        assert_eq!(
            is_from(text, &words(sandbox), "xclock"),
            expected,
            "{sandbox}"
        );
    }
}

#[test]
fn files_of_the_parent_are_recognized() {
    for (argv, expected) in [
        ("/usr/bin/bwrap --args 12 app", true),
        ("bwrap --dev-bind / / app --args", true),
        ("bwrap --dev-bind / / app", false),
        ("firejail --args app", false),
    ] {
        assert_eq!(has_open_file(&words(argv)), expected, "{argv}");
    }
}
