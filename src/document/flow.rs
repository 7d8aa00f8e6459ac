//! Values as YAML on one line, quoted so that every YAML reader reads the same, including
//! those of YAML 1.1.

use std::fmt::Write as _;

use serde_json::Value;

use crate::text::byte_of;

/// Writes a value on one line.
pub fn flow(value: &Value) -> String {
    match value {
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let entries: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{}: {}", scalar(key, true), flow(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Array(list) => {
            let entries: Vec<String> = list.iter().map(flow).collect();
            format!("[{}]", entries.join(", "))
        }
        _ => plain(value, true),
    }
}

/// A scalar; `in_flow` is true inside brackets and braces.
pub fn plain(value: &Value, in_flow: bool) -> String {
    match value {
        Value::String(text) => scalar(text, in_flow),
        // YAML 1.1 reads some numbers with exponents as strings.
        Value::Number(number) if number.is_f64() => number
            .as_f64()
            .map_or_else(|| number.to_string(), |float| float.to_string()),
        other => other.to_string(),
    }
}

/// A string, in quotes where a reader would read something else without them.
pub fn scalar(text: &str, in_flow: bool) -> String {
    if text.chars().any(needs_escape) {
        return double_quoted(text);
    }
    if is_plain(text, in_flow) {
        text.to_owned()
    } else if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}

fn is_plain(text: &str, in_flow: bool) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let rest = &text[first.len_utf8()..];
    let begins_badly = match first {
        '-' => rest.is_empty() || rest.starts_with([' ', '-']),
        '?' | ':' => true,
        other => ",[]{}#&*!|>'\"%@`".contains(other),
    };
    !(begins_badly
        || text.starts_with(char::is_whitespace)
        || text.ends_with(char::is_whitespace)
        || text.ends_with(':')
        || text.contains(": ")
        || text.contains(" #")
        || text == "..."
        || text.starts_with("... ")
        || (in_flow && text.contains([',', '[', ']', '{', '}']))
        || is_other_type(text))
}

/// True if a reader of YAML 1.1 or 1.2 could read the string as a number, a boolean, a date,
/// null or a merge key.
fn is_other_type(text: &str) -> bool {
    let word = text.to_ascii_lowercase();
    if [
        "", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "=",
    ]
    .contains(&word.as_str())
    {
        return true;
    }
    let digits = word.strip_prefix(['+', '-']).unwrap_or(&word);
    if [".inf", ".nan", "inf", "nan", "infinity"].contains(&digits) {
        return true;
    }
    let Some(first) = digits.strip_prefix('.').unwrap_or(digits).chars().next() else {
        return false;
    };
    if !(first.is_ascii_digit() || first == '_') {
        return false;
    }
    // Numbers in all notations, times in base 60 and dates. Names such as `1:code` are
    // quoted too, so that all names of workspaces look the same.
    digits.contains(':')
        || digits.starts_with("0x")
            && digits[2..]
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'_')
        || digits
            .bytes()
            .all(|byte| b"0123456789._eobtz+- ".contains(&byte))
}

fn needs_escape(character: char) -> bool {
    character.is_control()
        || byte_of(character).is_some()
        || matches!(
            character,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{a0}'
            // Characters that change the text direction, and zero-width characters.
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        )
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '\u{1b}' => quoted.push_str("\\e"),
            other if needs_escape(other) => {
                let code = u32::from(other);
                // Writing to a String cannot fail.
                let _ = match code {
                    0..=0xff => write!(quoted, "\\x{code:02x}"),
                    0x100..=0xffff => write!(quoted, "\\u{code:04x}"),
                    _ => write!(quoted, "\\U{code:08x}"),
                };
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn strings_are_quoted_only_where_necessary() {
        for (text, block, in_flow) in [
            ("code ${root}", "code ${root}", "\"code ${root}\""),
            ("^XTerm$", "^XTerm$", "^XTerm$"),
            ("^a\\.b$", "^a\\.b$", "^a\\.b$"),
            ("^(a|b)$", "^(a|b)$", "^(a|b)$"),
            ("^[ab], \"c\"$", "^[ab], \"c\"$", "'^[ab], \"c\"$'"),
            ("800x600+560+240", "800x600+560+240", "800x600+560+240"),
            ("1:code", "\"1:code\"", "\"1:code\""),
            ("2:web", "\"2:web\"", "\"2:web\""),
            ("yes", "\"yes\"", "\"yes\""),
            ("1:30", "\"1:30\"", "\"1:30\""),
            ("0x1", "\"0x1\"", "\"0x1\""),
            ("1e3", "\"1e3\"", "\"1e3\""),
            ("2001-12-14", "\"2001-12-14\"", "\"2001-12-14\""),
            ("pixel 2", "pixel 2", "pixel 2"),
            ("~/src", "~/src", "~/src"),
            ("~", "\"~\"", "\"~\""),
            ("-e", "-e", "-e"),
            ("a: b", "\"a: b\"", "\"a: b\""),
            ("it's # not", "\"it's # not\"", "\"it's # not\""),
            ("say \"#\" #1", "'say \"#\" #1'", "'say \"#\" #1'"),
            ("a\nb", "\"a\\nb\"", "\"a\\nb\""),
            ("größe", "größe", "größe"),
            ("", "\"\"", "\"\""),
        ] {
            assert_eq!(scalar(text, false), block, "{text}");
            assert_eq!(scalar(text, true), in_flow, "{text}");
        }
    }

    #[test]
    fn numbers_have_their_shortest_form() {
        for (number, text) in [
            (json!(60), "60"),
            (json!(33.34), "33.34"),
            (json!(1e-7), "0.0000001"),
        ] {
            assert_eq!(plain(&number, true), text);
        }
    }
}
