//! The reference lists every error code of the program, and no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;
use walkdir::WalkDir;

fn codes_in_source() -> BTreeSet<String> {
    let code = Regex::new(r#"code\("([a-z0-9-]+)"\)"#).expect("the pattern is valid");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = WalkDir::new(source).into_iter().flatten();
    let files = files.filter(|entry| entry.file_type().is_file());
    let mut codes = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file.path()).expect("source files can be read");
        codes.extend(code.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    codes
}

fn codes_in_reference() -> BTreeSet<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/exit-codes.md");
    let page = fs::read_to_string(page).expect("the page can be read");
    let (_, codes) = page
        .split_once("## Error codes")
        .expect("the page has the section");
    let rows = codes.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let words = cells.flat_map(|cell| cell.split(','));
    words
        .map(|word| word.trim().trim_matches('`').to_owned())
        .filter(|word| word != "code")
        .collect()
}

#[test]
fn reference_lists_all_error_codes() {
    let (source, reference) = (codes_in_source(), codes_in_reference());
    assert!(source.len() > 50, "{source:?}");
    assert_eq!(reference, source);
}
